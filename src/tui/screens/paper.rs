//! Something to read that is also printed: lines on the screen, a file of them with p.

use super::Cmd;
use crate::domain::ids::{DeliveryId, PickId};
use crate::tui::action::Action;
use crate::tui::listed::Listed;
use crate::tui::overlay::{Overlay, footer, lines, moved, title};
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::worker::office::Shown;
use crate::worker::{Answer, Load, deliveries, picking};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// A list on paper.
pub struct Paper {
    heading: &'static str,
    /// What its file is called.
    name: &'static str,
    load: Load,
    paper: deliveries::Paper,
    top: usize,
}

impl Paper {
    /// For whom the goods of a delivery are, and where they go.
    pub fn put_aside(delivery: DeliveryId) -> Paper {
        let load = Load::Deliveries(deliveries::Load::PutAside(delivery));
        Paper { heading: "Put aside", name: "put-aside", load, paper: deliveries::Paper::default(), top: 0 }
    }

    /// A round of picking, in the order of the bins.
    pub fn pick_list(pick: PickId) -> Paper {
        let load = Load::Picking(picking::Load::Paper(pick));
        Paper { heading: "Pick list", name: "pick-list", load, paper: deliveries::Paper::default(), top: 0 }
    }
}

impl Overlay for Paper {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let (columns, rows) = (self.paper.columns.clone(), self.paper.rows.clone());
        let shown = Shown { columns, rows, more: false };
        (!self.paper.rows.is_empty()).then(|| Listed::new(self.name, shown).on_paper(self.paper.lines.clone()))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("paper", self.load.clone())]
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') | KeyCode::Left => vec![Cmd::Close],
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            _ => {
                let page = look.height.saturating_sub(4) as usize;
                self.top = moved(self.top, self.paper.lines.len().saturating_sub(page).max(1), key, page);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Deliveries(deliveries::Answer::PutAside(paper))
            | Answer::Picking(picking::Answer::Paper(paper)) => {
                self.paper = paper;
            }
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, self.heading);
        let rows = area.height.saturating_sub(4) as usize;
        let width = area.width.saturating_sub(2) as usize;
        let top = self.top.min(self.paper.lines.len().saturating_sub(rows));
        let shown: Vec<Line> =
            self.paper.lines.iter().skip(top).take(rows).map(|l| vec![Cell::plain(text::clip(l, width))]).collect();
        lines(Rect { y: area.y + 2, height: rows as u16, ..area }, buf, theme, &shown);
        footer(area, buf, theme, "Up Down PgUp PgDn  scroll   p  print, or to a file", "Esc back");
        None
    }
}
