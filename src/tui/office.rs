//! What opens by name or from any tab and is no work on a row: the settings, the check, a file of what is shown, a copy
//! of the warehouse.

use super::form::{Field, Form, Outcome};
use super::overlay::{Complaint, Dialog, Overlay, dialog, footer, lines, moved, title};
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::{Role, Theme};
use crate::worker::office::{self, Listed, Shown, Takes, Whole};
use crate::worker::{Answer, Load, Write};
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
    said: Option<String>,
    writing: bool,
}

impl FileName {
    /// A file of what a list shows.
    pub fn export(tab: &str, shown: Shown, look: &Look) -> FileName {
        let name = format!("{}-{}.csv", tab.to_lowercase(), look.today);
        let mut asks = FileName::ask("Print or export what is shown", "Write", &name, Some(shown));
        let to = Field::choice("To", &["a file", "the printer"], 0);
        asks.form.fields.push(to);
        asks.title = format!("{tab} {}", look.today);
        asks
    }

    /// All of the list, which is read from there.
    pub fn all_of(self, whole: Option<Whole>) -> FileName {
        FileName { whole, ..self }
    }

    /// A copy of the warehouse.
    pub fn backup(look: &Look) -> FileName {
        FileName::ask("Copy the warehouse", "Copy", &format!("warehouse-{}.db", look.today), None)
    }

    fn ask(heading: &'static str, button: &'static str, name: &str, shown: Option<Shown>) -> FileName {
        let form = Form::new(vec![Field::text("File", name)]).saving_as(button);
        FileName { heading, form, shown, whole: None, title: String::new(), said: None, writing: false }
    }

    fn write(&mut self) -> Vec<Cmd> {
        let name = self.form.field(0).map(|f| f.value().trim().to_string()).unwrap_or_default();
        if name.is_empty() || self.writing {
            return vec![Cmd::Beep];
        }
        self.writing = true;
        let path = PathBuf::from(name);
        let load = match &self.shown {
            Some(shown) if self.form.field(1).is_some_and(|f| f.chosen() == 1) => {
                office::Load::Print(shown.clone(), self.whole.clone(), self.title.clone())
            }
            Some(shown) => office::Load::Export(shown.clone(), self.whole.clone(), path),
            None => office::Load::Backup(path),
        };
        vec![Cmd::Load("file", Load::Office(load))]
    }
}

impl Overlay for FileName {
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
        let Answer::Office(office::Answer::Written(result)) = answer else { return Vec::new() };
        self.writing = false;
        match result {
            Ok(sentence) => vec![Cmd::Close, Cmd::Notice(sentence)],
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
            Some(_) => "All rows of the list, also those that are not on the screen. A file ends in .csv .xlsx .json .pdf or .txt.".to_string(),
            None => format!("{} as they stand on the screen. A file ends in .csv .xlsx .json .pdf or .txt.", text::plural(s.rows.len(), "row")),
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

impl Overlay for Report {
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.load.take().map(|load| Cmd::Load("report", Load::Office(load))).into_iter().collect()
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        if matches!(key.code, KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') | KeyCode::Left) {
            return vec![Cmd::Close];
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
        footer(area, buf, theme, "Up Down PgUp PgDn  scroll", "Esc back");
        None
    }
}

/// The settings: what they are, what they mean, and changing one.
#[derive(Default)]
pub struct Settings {
    all: Vec<Listed>,
    cursor: usize,
}

impl Overlay for Settings {
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("settings", Load::Office(office::Load::Settings))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') => vec![Cmd::Close],
            KeyCode::Enter | KeyCode::Char('e') => {
                self.all.get(self.cursor).map(|s| dialog(Change::of(s))).into_iter().collect()
            }
            _ => {
                self.cursor = moved(self.cursor, self.all.len(), key, look.height as usize / 2);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Office(office::Answer::Settings(all)) = answer {
            self.all = all;
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Settings");
        let width = area.width as usize;
        let rows = area.height.saturating_sub(7) as usize;
        let top = (self.cursor + 1).saturating_sub(rows);
        for (n, (i, s)) in self.all.iter().enumerate().skip(top).take(rows).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let value = if s.value.is_empty() { "not set" } else { s.value.as_str() };
            let line = format!("{sign} {:<28} {value}{}", s.setting.key, if s.given { "" } else { "  (as it came)" });
            let role = if i == self.cursor { Role::Selected } else { Role::Normal };
            let line = text::left(&text::clip(&line, width), width);
            buf.set_string(area.x, area.y + 2 + n as u16, line, theme.style(role));
        }
        if let Some(s) = self.all.get(self.cursor) {
            let y = area.bottom().saturating_sub(5);
            title(Rect { y, height: 1, ..area }, buf, theme, s.setting.key);
            let said = format!("{} Takes {}.", s.setting.meaning, office::wanted(s.setting.takes));
            let wrapped = text::wrap(&said, width.saturating_sub(3));
            let told: Vec<Line> = wrapped.into_iter().map(|l| vec![Cell::plain(l)]).collect();
            lines(Rect { y: y + 1, height: 3, ..area }, buf, theme, &told);
        }
        footer(area, buf, theme, "Enter changes it", "Esc back");
        None
    }
}

/// Changing one setting.
struct Change {
    key: &'static str,
    meaning: String,
    choices: Vec<&'static str>,
    form: Form,
}

impl Change {
    fn of(listed: &Listed) -> Change {
        let choices: Vec<&'static str> = match listed.setting.takes {
            Takes::Choice(choices) => choices.to_vec(),
            Takes::YesNo => vec!["yes", "no"],
            _ => Vec::new(),
        };
        let field = if choices.is_empty() {
            Field::text("Value", &listed.value)
        } else {
            let now = choices.iter().position(|c| *c == listed.value).unwrap_or(0);
            Field::choice("Value", &choices, now)
        };
        let later = match listed.setting.key.split('.').next() {
            Some("screen" | "locale" | "scanner" | "people") => " Seen from the next start on.",
            _ => "",
        };
        let meaning = format!("{} Takes {}.{later}", listed.setting.meaning, office::wanted(listed.setting.takes));
        Change { key: listed.setting.key, meaning, choices, form: Form::new(vec![field]) }
    }
}

impl Dialog for Change {
    fn title(&self) -> String {
        format!("Setting {}", self.key)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        text::wrap(&self.meaning, width).into_iter().map(|l| vec![Cell::plain(l)]).collect()
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let field = self.form.field(0);
        let typed = field.map(|f| f.value().trim().to_string()).unwrap_or_default();
        let value = field.and_then(|f| self.choices.get(f.chosen())).map_or(typed, |c| c.to_string());
        Ok(Write::Office(office::Write::Set { key: self.key, value }))
    }
}
