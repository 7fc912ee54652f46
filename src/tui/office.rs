//! What opens by name or from any tab and is no work on a row: the check, a file of what is shown, a copy of the
//! warehouse.

use super::action::Action;
use super::form::{Field, Form, Outcome};
use super::listed::Listed;
use super::overlay::{Overlay, footer, lines, moved, title};
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::{Role, Theme};
use crate::worker::office::{self, Shown, Whole};
use crate::worker::{Answer, Load};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::path::PathBuf;

/// Asks for a file's name and writes to it.
pub struct FileName {
    heading: &'static str,
    form: Form,
    /// A list to export; none: the warehouse is copied.
    shown: Option<Shown>,
    /// Where all of it is read from, where the screen may hold a part.
    whole: Option<Whole>,
    /// What stands on top of the paper.
    title: String,
    /// What stands on paper, where that is not the list as a table.
    page: Option<Vec<String>>,
    said: Option<String>,
    writing: bool,
}

impl FileName {
    /// A file of what a list shows.
    pub fn of(listed: Listed, look: &Look) -> FileName {
        let form = if listed.page.is_some() { "pdf" } else { "csv" };
        let name = format!("{}-{}.{form}", listed.file_name(), look.today);
        let mut asks = FileName::ask("Print or export what is shown", "Write", &name, Some(listed.shown));
        asks.form.fields.push(Field::choice("To", &["a file", "the printer"], 0));
        asks.title = format!("{} {}", listed.name, look.today);
        FileName { whole: listed.whole, page: listed.page, ..asks }
    }

    /// A copy of the warehouse.
    pub fn backup(look: &Look) -> FileName {
        FileName::ask("Copy the warehouse", "Copy", &format!("warehouse-{}.db", look.today), None)
    }

    fn ask(heading: &'static str, button: &'static str, name: &str, shown: Option<Shown>) -> FileName {
        let form = Form::new(vec![Field::text("File", name)]).saving_as(button);
        FileName { heading, form, shown, whole: None, title: String::new(), page: None, said: None, writing: false }
    }

    fn write(&mut self) -> Vec<Cmd> {
        let name = self.form.field(0).map(|f| f.value().trim().to_string()).unwrap_or_default();
        if name.is_empty() || self.writing {
            return vec![Cmd::Beep];
        }
        self.writing = true;
        let path = PathBuf::from(name);
        let printed = self.form.field(1).is_some_and(|f| f.chosen() == 1);
        let on_paper = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf") || e.eq_ignore_ascii_case("txt"));
        let load = match (&self.shown, &self.page) {
            (Some(_), Some(lines)) if printed => office::Load::PrintPage(self.title.clone(), lines.clone()),
            (Some(_), Some(lines)) if on_paper => office::Load::WritePage(self.title.clone(), lines.clone(), path),
            (Some(shown), _) if printed => office::Load::Print(shown.clone(), self.whole.clone(), self.title.clone()),
            (Some(shown), _) => office::Load::Export(shown.clone(), self.whole.clone(), path),
            (None, _) => office::Load::Backup(path),
        };
        vec![Cmd::Load("file", Load::Office(load))]
    }
}

impl Overlay for FileName {
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        let name = self.form.field(0).map(|f| f.value().to_string()).unwrap_or_default();
        vec![Cmd::Load("name", Load::Office(office::Load::FreeName(PathBuf::from(name))))]
    }

    /// It is the asking itself.
    fn listed(&self, _look: &Look) -> Option<Listed> {
        None
    }

    fn key(&mut self, key: &KeyEvent, _look: &Look) -> Vec<Cmd> {
        if matches!(key.code, KeyCode::Esc | KeyCode::F(12 | 3)) {
            return vec![Cmd::Close];
        }
        match self.form.key(key) {
            Outcome::Save => self.write(),
            Outcome::Cancel => vec![Cmd::Close],
            _ => Vec::new(),
        }
    }

    fn in_text(&self) -> bool {
        self.form.in_text()
    }

    fn paste(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        self.form.paste(text);
        Vec::new()
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        let result = match answer {
            Answer::Office(office::Answer::Written(result)) => result,
            Answer::Office(office::Answer::Name(free)) => {
                if let Some(file) = self.form.field_mut(0).filter(|f| !f.was_typed()) {
                    file.set_value(&free.display().to_string());
                }
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        self.writing = false;
        match result {
            Ok(sentence) => vec![Cmd::Close, Cmd::Told(sentence)],
            Err(sentence) => {
                self.said = Some(sentence);
                vec![Cmd::Beep]
            }
        }
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        title(area, buf, theme, self.heading);
        let at = |y: u16, height: u16| Rect { y: area.y + y, height, ..area };
        let high = self.form.height();
        let cursor = self.form.draw(at(2, high), buf, theme, look.today);
        self.form.draw_buttons(at(3 + high, 1), buf, theme);
        let said = if self.writing { Some("Writing ...") } else { self.said.as_deref() };
        let rows = self.shown.as_ref().map(|s| match self.whole {
            Some(Whole::Order(_)) => "Printed, or in a .pdf or .txt: the order as it goes to the supplier. In a .csv, .xlsx or .json: its lines with dates, receipts and invoices.".to_string(),
            Some(_) => "All rows of the list, also those that are not on the screen. A file ends in .csv .xlsx .json .pdf or .txt. Call lists, count sheets, POs, letters and labels: the command papers.".to_string(),
            None => format!("{} as they stand on the screen. A file ends in .csv .xlsx .json .pdf or .txt. Call lists, count sheets, POs, letters and labels: the command papers.", text::plural(s.rows.len(), "row")),
        });
        let told: Vec<Line> = match said {
            Some(said) => {
                let wrapped = text::wrap(said, area.width.saturating_sub(3) as usize);
                wrapped.into_iter().map(|l| vec![Cell::with(l, Role::Title)]).collect()
            }
            None => text::wrap(&rows.unwrap_or_default(), area.width.saturating_sub(3) as usize)
                .into_iter()
                .map(|l| vec![Cell::plain(l)])
                .collect(),
        };
        lines(at(5 + high, area.height.saturating_sub(7 + high)), buf, theme, &told);
        footer(area, buf, theme, &format!("F8 or Enter on [{}] writes it", self.form.save), "Esc back");
        if self.writing { None } else { cursor }
    }
}

/// Lines to read.
pub struct Report {
    heading: String,
    load: Option<office::Load>,
    lines: Vec<String>,
    top: usize,
}

impl Report {
    /// Whether the file is sound and the books agree.
    pub fn check() -> Report {
        Report { heading: "Check".into(), load: Some(office::Load::Check), lines: vec!["Checking ...".into()], top: 0 }
    }
}

impl Report {
    /// What was done, above a page that hides the notice.
    pub fn of_done(words: &str) -> Report {
        let lines = text::wrap(words, 76);
        Report { heading: "Done".into(), load: None, lines, top: 0 }
    }

    /// The exports at the end of the day.
    pub fn day_end() -> Report {
        let lines = vec!["Writing the exports of the day ...".into()];
        Report { heading: "End of day".into(), load: Some(office::Load::DayEnd), lines, top: 0 }
    }
}

impl Overlay for Report {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        Some(Listed::read(&self.heading, self.lines.clone()))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.load.take().map(|load| Cmd::Load("report", Load::Office(load))).into_iter().collect()
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        if matches!(key.code, KeyCode::Esc | KeyCode::Enter | KeyCode::F(12 | 3) | KeyCode::Char('q') | KeyCode::Left) {
            return vec![Cmd::Close];
        }
        if key.code == KeyCode::Char(':') {
            return vec![Cmd::Close, Cmd::Do(Action::Palette)];
        }
        if key.code == KeyCode::Char('p') {
            return vec![Cmd::Do(Action::File)];
        }
        let page = look.height.saturating_sub(4) as usize;
        self.top = moved(self.top, self.lines.len().saturating_sub(page).max(1), key, page);
        Vec::new()
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        let width = look.width.saturating_sub(3) as usize;
        if let Answer::Office(office::Answer::Checked(said)) = answer {
            self.lines = said.iter().flat_map(|s| text::wrap(s, width)).collect();
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, &self.heading);
        let rows = area.height.saturating_sub(4) as usize;
        let top = self.top.min(self.lines.len().saturating_sub(rows));
        let shown: Vec<Line> = self.lines.iter().skip(top).take(rows).map(|l| vec![Cell::plain(l.clone())]).collect();
        lines(Rect { y: area.y + 2, height: rows as u16, ..area }, buf, theme, &shown);
        footer(area, buf, theme, "Up Down PgUp PgDn  scroll   p print, export", "Esc back");
        None
    }
}
