//! How one item is planned, from any tab: what was ordered of it, and everything that a person may say about it, each
//! behind Enter.

use super::deciding::{Inherit, Large, Rule};
use super::level::Level;
use super::seller::{AddSeller, Goods};
use super::terms::Terms;
use crate::domain::ids::ItemId;
use crate::domain::locale::{self, Locale};
use crate::domain::people::Matter;
use crate::tui::action::Action;
use crate::tui::entry::CardDialog;
use crate::tui::keymap::{self, Scope};
use crate::tui::listed::Listed;
use crate::tui::overlay::{Overlay, dialog};
use crate::tui::screens::Cmd;
use crate::tui::table::Look;
use crate::tui::theme::Theme;
use crate::tui::views::demand;
use crate::tui::views::reorder::planned::{self as view, What};
use crate::tui::views::two_parts::walked;
use crate::worker::entering::Kind;
use crate::worker::reorder::{self, Planned};
use crate::worker::{Answer, Load};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The page.
pub struct Page {
    item: ItemId,
    pub(in crate::tui) planned: Option<Box<Planned>>,
    pub(in crate::tui) cursor: usize,
    /// Rows behind the entry that are scrolled away.
    pub(in crate::tui) scrolled: usize,
    /// Of which channel the demand is drawn; none: all together.
    pub(in crate::tui) channel: Option<usize>,
}

impl Page {
    pub fn of(item: ItemId) -> Page {
        Page { item, planned: None, cursor: 0, scrolled: 0, channel: None }
    }

    /// What Enter does on an entry.
    fn change(&self, what: What, look: &Look) -> Vec<Cmd> {
        let Some(p) = &self.planned else { return Vec::new() };
        let opened = match what {
            What::Demand => None,
            What::Level => p.target.clone().map(|target| dialog(Level::of(target))),
            What::Known => Some(dialog(Rule::of(p))),
            What::Large => (!p.demand.large.is_empty())
                .then(|| dialog(Large::of(format!("{}  {}", p.sku, p.name), p.demand.large.clone(), look.today))),
            What::Follows => Some(dialog(Inherit::of(&p.sku))),
            What::Seller(at) => p.sold_by.get(at).map(|s| dialog(Terms::of(Goods::from(&**p), s.clone()))),
            What::Somebody => {
                let sold_by: Vec<i64> = p.sold_by.iter().map(|s| s.terms.supplier.0).collect();
                Some(dialog(AddSeller::of(Goods::from(&**p), p.sellers.iter(), &sold_by)))
            }
            What::Ends => Some(dialog(CardDialog::edit(Kind::Item, p.item.0).at("Status"))),
        };
        vec![opened.unwrap_or(Cmd::Beep)]
    }
}

impl Overlay for Page {
    fn listed(&self, look: &Look) -> Option<Listed> {
        let p = self.planned.as_ref()?;
        let rows = locale::within(Locale::File, || view::figures(p));
        let listed = Listed::of(format!("demand of {}", p.sku), &view::COLUMNS, rows, &["quantity"]);
        Some(listed.on_paper(view::read(self, look)))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("planned", Load::Reorder(reorder::Load::OfItem(self.item)))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn matter(&self) -> Option<Matter> {
        Some(Matter::Item(self.item))
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Reorder(reorder::Answer::OfItem(planned)) = answer {
            self.channel = self.channel.filter(|at| *at < planned.demand.channels.len());
            self.planned = Some(planned);
            self.cursor = self.cursor.min(view::entries(self).len().saturating_sub(1));
        }
        Vec::new()
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        let entries = view::entries(self);
        let chosen = entries.get(self.cursor).map(|e| e.what);
        match keymap::resolve(&[Scope::List, Scope::Everywhere], key) {
            Some(Action::Back | Action::Quit) => return vec![Cmd::Close],
            Some(Action::Export) => return vec![Cmd::Do(Action::File)],
            Some(Action::Open) => return chosen.map(|what| self.change(what, look)).unwrap_or_default(),
            _ => {}
        }
        match key.code {
            KeyCode::Left | KeyCode::Right => {
                if let Some(p) = &self.planned {
                    self.channel = demand::stepped(&p.demand, self.channel, key.code == KeyCode::Right);
                }
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
