//! Changing keys: every command that has one, and another key for it, where nothing else listens to that.

use super::action::Action;
use super::keymap::{self, Scope};
use super::listed::Listed;
use super::overlay::{Overlay, footer, moved, title};
use super::screens::Cmd;
use super::table::Look;
use super::text;
use super::theme::{Role, Theme};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The list.
#[derive(Default)]
pub struct Keys {
    cursor: usize,
    /// The next key is the new one.
    pressing: bool,
    said: Option<String>,
}

struct Row {
    scope: Scope,
    name: String,
    key: &'static str,
    words: &'static str,
    changed: bool,
}

fn rows() -> Vec<Row> {
    let named = Scope::ALL.iter().flat_map(|s| keymap::of(*s)).filter_map(|b| {
        let name = keymap::name_of(b)?;
        let changed = keymap::usual_key(&name).is_some_and(|usual| usual != b.key);
        Some(Row { scope: b.scope, name, key: b.key, words: b.description, changed })
    });
    named.collect()
}

/// A key as the table writes it, where it may be one.
fn written(key: &KeyEvent) -> Option<String> {
    match key.code {
        KeyCode::Char(c) => Some(c.to_string()),
        KeyCode::F(n) => Some(format!("F{n}")),
        _ => None,
    }
}

impl Overlay for Keys {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let row = |r: Row| {
            let usual = keymap::usual_key(&r.name).unwrap_or_default().to_string();
            vec![r.scope.title().to_string(), r.key.to_string(), usual, r.name, r.words.to_string()]
        };
        let columns = ["where", "key", "as_it_came", "name", "does"];
        Some(Listed::of("keys-to-change", &columns, rows().into_iter().map(row).collect(), &[]))
    }

    /// The next key is the new one, whatever it means elsewhere.
    fn takes_every_key(&self) -> bool {
        self.pressing
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        let rows = rows();
        let chosen = rows.get(self.cursor);
        self.said = None;
        if std::mem::take(&mut self.pressing) {
            return match (key.code, written(key), chosen) {
                (KeyCode::Esc, ..) => Vec::new(),
                (_, Some(key), Some(row)) => vec![Cmd::Rebind { name: row.name.clone(), key }],
                _ => {
                    self.said = Some("A key is a letter, a sign, or F2 to F12.".into());
                    vec![Cmd::Beep]
                }
            };
        }
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') => vec![Cmd::Close],
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            KeyCode::Enter => {
                self.pressing = chosen.is_some();
                Vec::new()
            }
            KeyCode::Delete | KeyCode::Backspace => match chosen.filter(|r| r.changed) {
                Some(row) => vec![Cmd::Rebind { name: row.name.clone(), key: String::new() }],
                None => vec![Cmd::Beep],
            },
            _ => {
                self.cursor = moved(self.cursor, rows.len(), key, look.height as usize / 2);
                Vec::new()
            }
        }
    }

    fn edited(&mut self, text: Result<String, String>, _look: &Look) -> Vec<Cmd> {
        match text {
            Ok(sentence) => {
                self.said = Some(sentence);
                Vec::new()
            }
            Err(sentence) => {
                self.said = Some(sentence);
                vec![Cmd::Beep]
            }
        }
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Change keys");
        let width = area.width as usize;
        let rows = rows();
        let room = area.height.saturating_sub(5) as usize;
        let top = (self.cursor + 1).saturating_sub(room);
        for (n, (i, row)) in rows.iter().enumerate().skip(top).take(room).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let mark = if row.changed { "*" } else { " " };
            let line = format!("{sign}{mark}{:<10} {:<14} {}", row.key, row.scope.title(), row.words);
            let role = if i == self.cursor { Role::Selected } else { Role::Normal };
            let line = text::left(&text::clip(&line, width), width);
            buf.set_string(area.x, area.y + 2 + n as u16, line, theme.style(role));
        }
        let y = area.bottom().saturating_sub(2);
        let asks = "Press the new key. Esc leaves it as it is.".to_string();
        if let Some(said) = self.said.clone().or(self.pressing.then_some(asks)) {
            buf.set_string(area.x + 1, y, text::clip(&said, width.saturating_sub(2)), theme.style(Role::Title));
        }
        footer(area, buf, theme, "Enter another key   Del as it came (* changed)   p print", "Esc back");
        None
    }
}
