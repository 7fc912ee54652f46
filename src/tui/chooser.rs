//! Choosing a supplier, customer, item or bin in the field of a dialog: what has the typed letters stands in a list below
//! the field, F4 opens the list without them.

use super::entry::order_line;
use super::form::Form;
use super::overlay::moved;
use super::screens::Cmd;
use super::text;
use super::theme::{Role, Theme};
use crate::domain::text::visible;
use crate::worker::search::{self, Choice, FoundKind};
use crate::worker::{Answer, Load};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Lines of the list.
const ROWS: u16 = 7;

/// What a field names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Names {
    pub kind: FoundKind,
    /// It must be there already; of a bin a new one is made.
    pub known: bool,
    /// Several may stand there, with blanks between: the last of them is chosen.
    pub several: bool,
    /// How many may stand before it, and a price behind it: as in a line of an order.
    pub counted: bool,
}

impl Names {
    /// What of the typed text is looked for, and what stands before it.
    fn split(self, typed: &str) -> (&str, &str) {
        if self.counted {
            // How many stands in a field of its own by then.
            return ("", order_line::read(typed).map_or(typed, |line| line.what));
        }
        match typed.rfind([' ', ',', ';']).filter(|_| self.several) {
            Some(at) => typed.split_at(at + 1),
            None => ("", typed),
        }
    }
}

/// The list that is open below a field.
#[derive(Default)]
pub struct Chooser {
    /// The field that it belongs to.
    field: Option<usize>,
    asked: String,
    answered: Option<String>,
    rows: Vec<Choice>,
    cursor: Option<usize>,
}

/// What a key came to.
pub enum Chosen {
    /// It is not the list's.
    Not,
    /// The list moved, opened or closed.
    Asked(Vec<Cmd>),
    /// The code was put into the field.
    Taken(usize),
}

impl Chooser {
    pub fn close(&mut self) -> bool {
        self.field.take().is_some()
    }

    /// The rows that are offered, where the list is open.
    pub fn listed(&self, form: &Form) -> Option<Vec<String>> {
        let words = |c: &Choice| format!("{}  {}", c.code, c.words).trim().to_string();
        let open = self.is_open(form.focus()) && !self.rows.is_empty();
        open.then(|| self.rows.iter().map(words).collect())
    }

    fn is_open(&self, at: usize) -> bool {
        self.field == Some(at)
    }

    /// A key, before the form sees it.
    pub fn key(&mut self, key: &KeyEvent, form: &mut Form) -> Chosen {
        let at = form.focus();
        let Some(field) = form.field(at).filter(|f| f.names.is_some()) else { return Chosen::Not };
        match key.code {
            KeyCode::F(4) if self.is_open(at) => {
                self.close();
                Chosen::Asked(Vec::new())
            }
            KeyCode::F(4) => {
                // All of them, whatever stands there: the list is asked for because what stands there is not wanted.
                let typed = if field.was_typed() { field.value().to_string() } else { String::new() };
                Chosen::Asked(self.ask(at, field.names, &typed))
            }
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown
                if self.is_open(at) && !self.rows.is_empty() =>
            {
                self.cursor = match self.cursor {
                    None => Some(0),
                    Some(now) => Some(moved(now, self.rows.len(), key, ROWS as usize)),
                };
                Chosen::Asked(Vec::new())
            }
            KeyCode::Enter | KeyCode::Tab if self.is_open(at) => {
                let current = self.answered.as_deref() == Some(self.asked.as_str());
                let row = self.cursor.filter(|_| current).and_then(|n| self.rows.get(n)).cloned();
                self.close();
                let (Some(row), Some(field)) = (row, form.field_mut(at)) else { return Chosen::Not };
                let before = field.names.map_or("", |n| n.split(field.value()).0).to_string();
                field.take(&format!("{before}{}", row.code));
                Chosen::Taken(at)
            }
            // Letters that are no code yet, and a row is marked: that row is meant. It is put in first, and seen.
            KeyCode::F(8) if self.is_open(at) => {
                let current = self.answered.as_deref() == Some(self.asked.as_str());
                let typed = field.value().trim();
                let row = self.cursor.filter(|_| current && self.asked == typed).and_then(|n| self.rows.get(n));
                let row = row.filter(|row| !typed.is_empty() && !row.code.eq_ignore_ascii_case(typed)).cloned();
                self.close();
                let (Some(row), Some(field)) = (row, form.field_mut(at)) else { return Chosen::Not };
                field.take(&row.code);
                Chosen::Taken(at)
            }
            _ => Chosen::Not,
        }
    }

    /// The text of a field changed: the list follows it, or goes.
    pub fn typed(&mut self, at: usize, form: &Form) -> Vec<Cmd> {
        match form.field(at) {
            Some(field) if field.names.is_some() && !field.value().trim().is_empty() => {
                self.ask(at, field.names, field.value())
            }
            _ => {
                self.close();
                Vec::new()
            }
        }
    }

    fn ask(&mut self, at: usize, names: Option<Names>, typed: &str) -> Vec<Cmd> {
        let Some(names) = names else { return Vec::new() };
        self.asked = names.split(typed).1.trim().to_string();
        (self.field, self.cursor) = (Some(at), None);
        vec![Cmd::Load("choose", Load::Search(search::Load::Choose(names.kind, self.asked.clone())))]
    }

    /// Takes an answer in; gives it back where it was not for this.
    pub fn loaded(&mut self, answer: Answer, form: &Form) -> Option<Answer> {
        let Answer::Search(search::Answer::Choices(text, rows)) = answer else { return Some(answer) };
        if text == self.asked {
            let exact = rows.iter().position(|r| r.code.eq_ignore_ascii_case(&text));
            let known = self.field.and_then(|at| form.field(at)?.names).is_some_and(|n| n.known);
            self.cursor = exact.or_else(|| (known && !rows.is_empty()).then_some(0));
            (self.rows, self.answered) = (rows, Some(text));
        }
        None
    }

    /// Draws the list under the cursor of its field; above it where there is no room below.
    pub fn draw(&self, area: Rect, at: Position, form: &Form, buf: &mut Buffer, theme: &Theme) {
        let Some(field) = self.field.filter(|f| *f == form.focus()).and_then(|f| form.field(f)) else { return };
        if self.answered.as_deref() != Some(self.asked.as_str()) {
            return;
        }
        // What stands there already, and nothing else, needs no list.
        if let [only] = self.rows.as_slice()
            && only.code == field.value().trim()
        {
            return;
        }
        // Beginnings and ranges are no codes: nothing is wrong with them.
        if self.rows.is_empty() && field.names.is_some_and(|n| n.several) {
            return;
        }
        let known = field.names.is_some_and(|n| n.known);
        let none = || match (known, self.asked.is_empty()) {
            (_, true) => "There is none yet.".to_string(),
            (true, _) => format!("None has \"{}\". Fewer letters find more.", self.asked),
            (false, _) => format!("None has \"{}\" yet: a new one is made.", self.asked),
        };
        let lines: Vec<(bool, String)> = if self.rows.is_empty() {
            vec![(false, none())]
        } else {
            let top = (self.cursor.unwrap_or(0) + 1).saturating_sub(ROWS as usize);
            let shown = self.rows.iter().enumerate().skip(top).take(ROWS as usize);
            let words = |c: &Choice| {
                if c.words.is_empty() || c.words == c.code {
                    c.code.clone()
                } else {
                    format!("{}  {}", c.code, c.words)
                }
            };
            shown.map(|(n, c)| (self.cursor == Some(n), visible(&words(c)).into_owned())).collect()
        };
        let height = lines.len() as u16;
        let below = at.y + 1;
        let y = if below + height <= area.bottom() { below } else { at.y.saturating_sub(height) };
        let x = area.x + 6;
        let width = area.right().saturating_sub(x + 2) as usize;
        for (y, (chosen, words)) in (y..).zip(lines) {
            let line = format!(" {} {words}", if chosen { "▸" } else { " " });
            let role = if chosen { Role::Selected } else { Role::Field };
            buf.set_string(x, y, text::left(&text::clip(&line, width), width), theme.style(role));
        }
    }
}
