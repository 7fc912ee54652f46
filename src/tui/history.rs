//! The past of an item or a bin as a story: who, what, why, with numbers and what it came to; the chosen line in full.

use super::action::Action;
use super::listed::Listed;
use super::overlay::{Overlay, footer, moved, title};
use super::screens::Cmd;
use super::table::Look;
use super::text;
use super::theme::{Role, Theme};
use crate::domain::dates;
use crate::domain::ids::ItemId;
use crate::domain::locale::{self, Locale};
use crate::worker::journal::{self, Event, Subject};
use crate::worker::office::Shown;
use crate::worker::{Answer, Load};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// A story.
pub struct History {
    subject: Subject,
    story: Option<Box<journal::History>>,
    cursor: usize,
}

impl History {
    pub fn of_item(item: ItemId) -> History {
        History::of(Subject::Item(item))
    }

    fn of(subject: Subject) -> History {
        History { subject, story: None, cursor: 0 }
    }

    fn chosen(&self) -> Option<&Event> {
        self.story.as_ref()?.events.get(self.cursor)
    }
}

impl Overlay for History {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let story = self.story.as_ref()?;
        let row = |e: &Event| {
            let bin = e.bin.as_ref().map_or(String::new(), |b| b.1.clone());
            let quantity = |q: Option<_>| q.map(text::quantity).unwrap_or_default();
            let gone = if e.gone { "yes" } else { "" };
            vec![
                e.operation.0.to_string(),
                e.at.replace('T', " "),
                e.operator.clone(),
                bin,
                e.item.clone().unwrap_or_default(),
                quantity(e.change),
                quantity(e.level),
                e.what.clone(),
                gone.into(),
            ]
        };
        let columns = vec!["operation", "at", "operator", "bin", "item", "change", "level", "what", "taken_back"];
        let rows = locale::within(Locale::File, || story.events.iter().map(row).collect());
        let shown = Shown::of(columns, rows, &["operation", "change", "level"]);
        Some(Listed::new("history", Shown { more: story.more, ..shown }))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("history", Load::Journal(journal::Load::History(self.subject)))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') | KeyCode::Left => vec![Cmd::Close],
            KeyCode::Char('b') => match self.chosen().and_then(|e| e.bin.as_ref()) {
                Some((bin, _)) if self.subject != Subject::Bin(*bin) => {
                    vec![Cmd::Open(Box::new(History::of(Subject::Bin(*bin))))]
                }
                _ => vec![Cmd::Beep],
            },
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            _ => {
                let len = self.story.as_ref().map_or(0, |s| s.events.len());
                self.cursor = moved(self.cursor, len, key, look.height.saturating_sub(9) as usize);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Journal(journal::Answer::History(story)) = answer {
            self.cursor = self.cursor.min(story.events.len().saturating_sub(1));
            self.story = Some(story);
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        let name = self.story.as_ref().map_or("", |s| s.title.as_str());
        title(area, buf, theme, format!("History of {name}").trim_end());
        let Some(story) = &self.story else { return None };
        let width = area.width as usize;
        if story.events.is_empty() {
            buf.set_string(area.x + 1, area.y + 2, "Nothing has happened to it yet.", theme.style(Role::Normal));
        }
        let in_bin = matches!(self.subject, Subject::Bin(_));
        let head = line(["When", "Who", "Change", "Left", if in_bin { "" } else { "Bin" }, "What"], " ", in_bin);
        buf.set_string(area.x, area.y + 1, text::clip(&head, width), theme.style(Role::Quiet));
        let rows = area.height.saturating_sub(8) as usize;
        let top = (self.cursor + 1).saturating_sub(rows);
        for (n, (i, e)) in story.events.iter().enumerate().skip(top).take(rows).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let what = match &e.item {
                Some(item) => format!("{item}: {}", e.what),
                None => e.what.clone(),
            };
            let what = if e.gone { format!("(taken back) {what}") } else { what };
            let change = e
                .change
                .map_or(String::new(), |q| format!("{}{}", if q.is_positive() { "+" } else { "" }, text::quantity(q)));
            let level = e.level.map(text::quantity).unwrap_or_default();
            let bin = e.bin.as_ref().map_or("", |b| b.1.as_str());
            let words = line([&when(&e.at, look), &e.operator, &change, &level, bin, &what], sign, in_bin);
            let role = match (i == self.cursor, e.gone) {
                (true, _) => Role::Selected,
                (false, true) => Role::Quiet,
                (false, false) => Role::Normal,
            };
            let words = text::left(&text::clip(&words, width), width);
            buf.set_string(area.x, area.y + 2 + n as u16, words, theme.style(role));
        }
        let y = area.bottom().saturating_sub(6);
        if let Some(e) = self.chosen() {
            title(Rect { y, ..area }, buf, theme, &format!("number {}", e.operation.0));
            let gone = if e.gone { " It was taken back." } else { "" };
            let whole = if e.what == e.summary || e.summary.is_empty() {
                String::new()
            } else {
                format!(" Part of: {}.", e.summary)
            };
            let item = e.item.as_ref().map_or(String::new(), |i| format!("{i}: "));
            let words = format!("{}, {}: {item}{}.{whole}{gone}", at_full(&e.at), e.operator, e.what);
            for (n, part) in text::wrap(&words, width.saturating_sub(2)).iter().take(3).enumerate() {
                buf.set_string(area.x + 1, y + 1 + n as u16, part, theme.style(Role::Normal));
            }
        }
        let keys = if in_bin { "p export" } else { "b the bin's history   p export" };
        footer(area, buf, theme, keys, "Esc back");
        None
    }
}

fn line(cells: [&str; 6], sign: &str, in_bin: bool) -> String {
    let [when, who, change, level, bin, what] = cells;
    let bin = if in_bin { String::new() } else { format!("{} ", text::left(&text::fit(bin, 7), 7)) };
    format!(
        "{sign}{} {} {} {}  {bin}{what}",
        text::left(when, 12),
        text::left(&text::fit(who, 9), 9),
        text::right(change, 7),
        text::right(level, 7),
    )
}

/// `09:12` today, `8 Dec 09:12` in this year, the whole date beyond.
fn when(at: &str, look: &Look) -> String {
    let (date, time) = at.split_once('T').unwrap_or((at, ""));
    let time = time.get(..5).unwrap_or(time);
    match date.parse::<chrono::NaiveDate>() {
        Ok(day) if day == look.today => time.to_string(),
        Ok(day) if (look.today - day).num_days().abs() < 300 => format!("{} {time}", dates::short(day, look.today)),
        _ => date.to_string(),
    }
}

fn at_full(at: &str) -> String {
    let (date, time) = at.split_once('T').unwrap_or((at, ""));
    let day = date.parse().map_or_else(|_| date.to_string(), dates::long);
    format!("{day} {}", time.get(..5).unwrap_or(time))
}
