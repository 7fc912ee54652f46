//! Counting on paper or in a spreadsheet: the blind sheet of a session written to a file, and a filled one read back; and
//! how exact the books were found to be.

use super::{Cmd, Line};
use crate::domain::ids::SessionId;
use crate::domain::locale::{self, Locale};
use crate::tui::action::Action;
use crate::tui::form::{Field, Form};
use crate::tui::listed::Listed;
use crate::tui::overlay::{Complaint, Dialog, Overlay, dialog, footer, moved, title};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::worker::counting::{self, Record};
use crate::worker::{self, Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::path::PathBuf;

/// The name of a file to write or to read.
struct Paper {
    session: SessionId,
    reads: bool,
    form: Form,
}

/// Writes the blind sheet of a session.
pub fn write(session: SessionId, look: &Look) -> Cmd {
    ask(session, false, &format!("count-{}-{}.xlsx", session.0, look.today))
}

/// Reads a filled sheet back as this person's count.
pub fn read(session: SessionId, look: &Look) -> Cmd {
    ask(session, true, &format!("count-{}-{}.xlsx", session.0, look.today))
}

fn ask(session: SessionId, reads: bool, name: &str) -> Cmd {
    let button = if reads { "Read" } else { "Write" };
    dialog(Paper { session, reads, form: Form::new(vec![Field::text("File", name)]).saving_as(button) })
}

impl Dialog for Paper {
    fn title(&self) -> String {
        (if self.reads { "Read a filled count sheet" } else { "Write a blind count sheet" }).into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = if self.reads {
            "Its figures count as yours. A row without a figure is not counted. The same sheet twice counts once."
        } else {
            ".xlsx or .csv to fill in and read back (i); any other name is a page to print. What the book says is not on it."
        };
        text::wrap(words, width).into_iter().map(|l| vec![Cell::plain(l)]).collect()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Counting(counting::Answer::Sheet(Ok(sentence))) => vec![Cmd::Close, Cmd::Told(sentence)],
            Answer::Counting(counting::Answer::Sheet(Err(sentence))) => vec![Cmd::Refuse(sentence)],
            _ => Vec::new(),
        }
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Err(Complaint::at(0, "A file is written or read.")) // `done` does it
    }
    fn done(&mut self, _look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let name = self.form.field(0).map(|f| f.value().trim().to_string()).unwrap_or_default();
        if name.is_empty() {
            return Err(Complaint::at(0, "The name of the file is missing."));
        }
        let path = PathBuf::from(name);
        Ok(vec![if self.reads {
            Cmd::Record("sheet", worker::Record::Counting(Record::ReadSheet(self.session, path)))
        } else {
            Cmd::Load("sheet", Load::Counting(counting::Load::WriteSheet(self.session, path)))
        }])
    }
}

/// How exact the books were found to be, by class, counter and bin.
#[derive(Default)]
pub struct HowExact {
    by: Option<Vec<counting::HowExact>>,
    at: usize,
    top: usize,
}

impl Overlay for HowExact {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let (name, rows) = self.by.as_ref()?.get(self.at)?;
        let row = |(of, a): &(String, counting::Accuracy)| {
            let share = a.share().map_or(String::new(), |s| text::decimal(s * 100.0, 1));
            let figures = [a.counts.to_string(), a.right.to_string(), a.book.to_string(), a.off.to_string(), share];
            std::iter::once(of.clone()).chain(figures).collect()
        };
        let figures = ["counts", "right", "in_book", "off_by", "exact_percent"];
        let columns: Vec<&'static str> = std::iter::once(*name).chain(figures).collect();
        let rows = locale::within(Locale::File, || rows.iter().map(row).collect());
        Some(Listed::of("how-exact", &columns, rows, &figures))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("accuracy", Load::Counting(counting::Load::Accuracy))]
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        let kinds = self.by.as_ref().map_or(1, Vec::len);
        match key.code {
            KeyCode::Esc | KeyCode::F(3 | 12) | KeyCode::Char('q') => return vec![Cmd::Close],
            KeyCode::Char('p') => return vec![Cmd::Do(Action::File)],
            KeyCode::Char('v') | KeyCode::Tab => (self.at, self.top) = ((self.at + 1) % kinds.max(1), 0),
            _ => {
                let rows = self.by.as_ref().and_then(|by| by.get(self.at)).map_or(0, |b| b.1.len());
                let page = look.height.saturating_sub(6) as usize;
                self.top = moved(self.top, rows.saturating_sub(page).max(1), key, page);
            }
        }
        Vec::new()
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Counting(counting::Answer::Accuracy(by)) = answer {
            self.by = Some(by);
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        let Some((name, rows)) = self.by.as_ref().and_then(|by| by.get(self.at)) else {
            title(area, buf, theme, "How exact the books are");
            return None;
        };
        title(area, buf, theme, &format!("How exact the books are, by {name}, one year"));
        let width = area.width as usize;
        let names = rows.iter().map(|r| text::width(&r.0)).max().unwrap_or(0).clamp(8, width / 3);
        let line = |cells: [&str; 6]| {
            let [name, counts, right, book, off, share] = cells;
            format!(
                " {} {} {} {} {} {}",
                text::left(&text::fit(name, names), names),
                text::right(counts, 8),
                text::right(right, 8),
                text::right(book, 10),
                text::right(off, 10),
                text::right(share, 8)
            )
        };
        let head = line([name, "Counts", "Right", "In book", "Off by", "Exact"]);
        buf.set_string(area.x, area.y + 1, text::clip(&head, width), theme.style(Role::Quiet));
        if rows.is_empty() {
            let words = "Nothing was counted and posted in a year: c counts.";
            buf.set_string(area.x + 1, area.y + 3, words, theme.style(Role::Normal));
        }
        for (n, (name, a)) in rows.iter().skip(self.top).take(area.height.saturating_sub(5) as usize).enumerate() {
            let share = a.share().map_or(String::new(), |s| format!("{} %", text::decimal(s * 100.0, 1)));
            let (book, off) = (text::quantity(a.book), text::quantity(a.off));
            let words = line([name, &a.counts.to_string(), &a.right.to_string(), &book, &off, &share]);
            buf.set_string(area.x, area.y + 2 + n as u16, text::clip(&words, width), theme.style(Role::Normal));
        }
        let words = "Exact = 1 less all differences (too much and too little alike) over the book.";
        let y = area.bottom().saturating_sub(2);
        buf.set_string(area.x + 1, y, text::clip(words, width.saturating_sub(2)), theme.style(Role::Quiet));
        footer(area, buf, theme, "v by class, counter, bin   p print, export", "Esc back");
        None
    }
}
