//! Find anything: customer, order, item, PO, supplier, barcode; as one types.

use super::overlay::{Overlay, footer, moved, title};
use super::screens::Cmd;
use super::table::Look;
use super::text;
use super::theme::{Role, Theme};
use crate::worker::search::{self, Found, FoundKind};
use crate::worker::{Answer, Load};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// The search and what it found.
#[derive(Default)]
pub struct Find {
    input: Input,
    found: Vec<Found>,
    cursor: usize,
    /// The text that `found` answers.
    answered: String,
}

impl Find {
    fn ask(&self) -> Vec<Cmd> {
        vec![Cmd::Load("find", Load::Search(search::Load::Find(self.input.value().to_string())))]
    }
}

/// The tab on which a thing is looked at, and its row there.
fn place(found: &Found) -> Cmd {
    let tab = match found.kind {
        FoundKind::Item | FoundKind::Bin => 0,
        FoundKind::Customer | FoundKind::Order => 1,
        FoundKind::Po | FoundKind::Supplier => 2,
    };
    Cmd::GoTo { tab, id: found.place }
}

fn heading(kind: FoundKind) -> &'static str {
    match kind {
        FoundKind::Customer => "Customers",
        FoundKind::Order => "Orders",
        FoundKind::Item => "Items",
        FoundKind::Po => "POs",
        FoundKind::Supplier => "Suppliers",
        FoundKind::Bin => "Bins",
    }
}

impl Overlay for Find {
    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) => vec![Cmd::Close],
            KeyCode::Enter => match self.found.get(self.cursor) {
                Some(found) if self.answered == self.input.value() => vec![Cmd::Close, place(found)],
                _ => vec![Cmd::Beep],
            },
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                self.cursor = moved(self.cursor, self.found.len(), key, look.height as usize / 2);
                Vec::new()
            }
            _ => {
                let before = self.input.value().to_string();
                self.input.handle_event(&TermEvent::Key(*key));
                if self.input.value() == before { Vec::new() } else { self.ask() }
            }
        }
    }

    fn in_text(&self) -> bool {
        true
    }

    fn scanned(&mut self, code: &str, _look: &Look) -> Vec<Cmd> {
        self.input = Input::new(code.to_string());
        self.ask()
    }

    fn paste(&mut self, pasted: &str, _look: &Look) -> Vec<Cmd> {
        let line: String = pasted.lines().next().unwrap_or("").chars().filter(|c| !c.is_control()).take(200).collect();
        self.input = Input::new(format!("{}{line}", self.input.value()));
        self.ask()
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Search(search::Answer::Found { text, mut found }) = answer {
            found.sort_by_key(|f| f.kind);
            self.cursor = 0;
            (self.found, self.answered) = (found, text);
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Find");
        let width = area.width as usize;
        buf.set_string(
            area.x + 1,
            area.y + 1,
            text::clip(self.input.value(), width.saturating_sub(4)),
            theme.style(Role::Title),
        );
        let nothing = if self.input.value().trim().is_empty() {
            Some("Type a part of a name, an order, a PO, a SKU or a phone number, or scan.".to_string())
        } else if self.found.is_empty() && self.answered == self.input.value() {
            Some(format!("Nothing has \"{}\". Fewer letters find more.", self.answered))
        } else {
            None
        };
        if let Some(words) = nothing {
            buf.set_string(
                area.x + 1,
                area.y + 3,
                text::clip(&words, width.saturating_sub(2)),
                theme.style(Role::Normal),
            );
        }
        // A line for each heading and each row; the window follows the cursor.
        let mut all: Vec<(Option<usize>, String)> = Vec::new();
        let mut last = None;
        let titles = self.found.iter().map(|f| text::width(&f.title)).max().unwrap_or(0).min(width / 2).min(46);
        for (i, f) in self.found.iter().enumerate() {
            if last != Some(f.kind) {
                all.push((None, heading(f.kind).into()));
                last = Some(f.kind);
            }
            let title = text::left(&f.title, titles);
            all.push((Some(i), format!("{} {title} {}", if i == self.cursor { "▸" } else { " " }, f.detail)));
        }
        let rows = area.height.saturating_sub(5) as usize;
        let at = all.iter().position(|(i, _)| *i == Some(self.cursor)).unwrap_or(0);
        let top = (at + 2).saturating_sub(rows);
        for (n, (i, words)) in all.iter().skip(top).take(rows).enumerate() {
            let role = match i {
                None => Role::Quiet,
                Some(i) if *i == self.cursor => Role::Selected,
                Some(_) => Role::Normal,
            };
            let line = text::left(&text::clip(words, width.saturating_sub(1)), width.saturating_sub(1));
            buf.set_string(area.x + 1, area.y + 3 + n as u16, line, theme.style(role));
        }
        footer(area, buf, theme, "Enter open", "Esc back");
        Some(Position::new(
            (area.x + 1 + self.input.visual_cursor() as u16).min(area.right().saturating_sub(1)),
            area.y + 1,
        ))
    }
}
