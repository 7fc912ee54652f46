//! Why so much? Every term of the sum, and under it the rows that it is made of.

use crate::tui::action::Action;
use crate::tui::keymap::{self, Scope};
use crate::tui::listed::Listed;
use crate::tui::overlay::Overlay;
use crate::tui::screens::Cmd;
use crate::tui::screens::suppliers::book::Page;
use crate::tui::table::Look;
use crate::tui::theme::Theme;
use crate::tui::views::demand;
use crate::tui::views::reorder::why as view;
use crate::tui::views::two_parts::walked;
use crate::worker::reorder::{Decision, LineDetail, ReorderLine};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The page.
pub struct Why {
    pub(in crate::tui) line: ReorderLine,
    pub(in crate::tui) decision: Option<Decision>,
    pub(in crate::tui) detail: LineDetail,
    pub(in crate::tui) cursor: usize,
    /// Rows behind the term that are scrolled away.
    pub(in crate::tui) scrolled: usize,
    /// Of which channel the demand is drawn; none: all together.
    pub(in crate::tui) channel: Option<usize>,
    /// Something was saved since it was opened.
    pub(in crate::tui) old: bool,
}

impl Why {
    pub fn of(line: ReorderLine, decision: Option<Decision>, detail: LineDetail) -> Why {
        Why { line, decision, detail, cursor: 0, scrolled: 0, channel: None, old: false }
    }

    /// On the customers whom it serves.
    pub fn at_orders(mut self) -> Why {
        self.cursor = view::entries(&self).iter().position(view::Entry::is_orders).unwrap_or(0);
        self
    }
}

impl Overlay for Why {
    fn listed(&self, look: &Look) -> Option<Listed> {
        Some(Listed::read(format!("why {}", self.line.sku), view::read(self, look)))
    }

    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        self.old = true;
        Vec::new()
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        let entries = view::entries(self);
        match keymap::resolve(&[Scope::List, Scope::Everywhere], key) {
            Some(Action::Back | Action::Quit) => return vec![Cmd::Close],
            Some(Action::Export) => return vec![Cmd::Do(Action::File)],
            Some(Action::Open) if entries.get(self.cursor).is_some_and(view::Entry::is_planned) => {
                return vec![Cmd::Open(Box::new(super::planned::Page::of(self.line.item)))];
            }
            Some(Action::Open) => {
                let po = entries.get(self.cursor).and_then(|e| e.po.clone());
                return po.map(|(po, code)| Cmd::Open(Box::new(Page::new(po, &code)))).into_iter().collect();
            }
            _ => {}
        }
        match key.code {
            KeyCode::Left | KeyCode::Right => {
                self.channel = demand::stepped(&self.detail.outlook.demand, self.channel, key.code == KeyCode::Right);
            }
            _ => {
                let most = view::most_scrolled(self, look);
                (self.cursor, self.scrolled) = walked((self.cursor, self.scrolled), key, entries.len(), most);
            }
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        view::draw(self, area, buf, theme, look);
        None
    }
}
