//! Choosing an item by a part of its name, inside another screen: what was found, and the chosen row.

use super::overlay::moved;
use super::screens::Cmd;
use super::text;
use super::theme::{Role, Theme};
use crate::domain::ids::ItemId;
use crate::worker::search::{self, Found, FoundKind};
use crate::worker::{Answer, Load};
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What was found: items, or another kind of thing.
pub struct Finder {
    kind: FoundKind,
    found: Vec<Found>,
    cursor: usize,
    asked: String,
    answered: String,
}

impl Default for Finder {
    fn default() -> Finder {
        Finder::of(FoundKind::Item)
    }
}

impl Finder {
    /// For things of that kind.
    pub fn of(kind: FoundKind) -> Finder {
        Finder { kind, found: Vec::new(), cursor: 0, asked: String::new(), answered: String::new() }
    }

    /// The chosen thing, once what is shown answers what was asked.
    pub fn chosen_found(&self) -> Option<&Found> {
        self.found.get(self.cursor).filter(|_| self.asked == self.answered)
    }

    /// Whether what is shown answers what was asked.
    pub fn is_answered(&self) -> bool {
        self.asked == self.answered
    }

    /// What was found, the chosen one marked, at most so many.
    pub fn lines(&self, rows: usize) -> Vec<(bool, String)> {
        let top = (self.cursor + 1).saturating_sub(rows);
        let all = self.found.iter().enumerate().skip(top).take(rows);
        all.map(|(n, f)| (n == self.cursor, format!("{}   {}", f.title, f.detail))).collect()
    }

    /// Looks for items that have this text; the answer comes to `loaded` of whoever asks.
    pub fn ask(&mut self, wanted: &str) -> Vec<Cmd> {
        self.asked = wanted.trim().to_string();
        if self.asked.is_empty() {
            (self.found, self.answered) = (Vec::new(), String::new());
            return Vec::new();
        }
        vec![Cmd::Load("find item", Load::Search(search::Load::Find(self.asked.clone())))]
    }

    /// Takes an answer in; true where it was one to this.
    pub fn loaded(&mut self, answer: &Answer) -> bool {
        let Answer::Search(search::Answer::Found { text, found }) = answer else { return false };
        if *text == self.asked {
            self.found = found.iter().filter(|f| f.kind == self.kind).cloned().collect();
            (self.cursor, self.answered) = (0, text.clone());
        }
        true
    }

    /// Moves among what was found.
    pub fn key(&mut self, key: &KeyEvent) {
        self.cursor = moved(self.cursor, self.found.len(), key, 5);
    }

    /// The chosen item, once what is shown answers what was asked.
    pub fn chosen(&self) -> Option<ItemId> {
        let found = self.found.get(self.cursor).filter(|_| self.asked == self.answered)?;
        Some(ItemId(found.id))
    }

    /// The chosen item with its line, once what is shown answers what was asked.
    pub fn chosen_with_words(&self) -> Option<(ItemId, String)> {
        let item = self.chosen()?;
        Some((item, self.found.get(self.cursor)?.title.clone()))
    }

    /// Draws the list.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let width = area.width as usize;
        let say = |buf: &mut Buffer, words: &str| {
            buf.set_string(area.x + 3, area.y, text::clip(words, width.saturating_sub(4)), theme.style(Role::Normal));
        };
        if self.asked.is_empty() {
            return say(buf, "Type a part of its name, SKU or supplier's code.");
        }
        if self.found.is_empty() && self.answered == self.asked {
            return say(buf, &format!("No item has \"{}\". Fewer letters find more.", self.asked));
        }
        let rows = area.height as usize;
        let top = (self.cursor + 1).saturating_sub(rows);
        // Names alone: who counts must not see where the book says that it lies, and how much.
        for (n, (i, f)) in self.found.iter().enumerate().skip(top).take(rows).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let line = format!("  {sign} {}", f.title);
            let role = if i == self.cursor { Role::Selected } else { Role::Normal };
            buf.set_string(area.x, area.y + n as u16, text::left(&text::clip(&line, width), width), theme.style(role));
        }
    }
}
