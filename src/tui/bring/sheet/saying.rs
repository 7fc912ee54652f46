//! What is said of a file beside its questions: a column's meaning from the list, what a code is, which shop it is.

use super::Sheet;
use crate::domain::quantity::Qty;
use crate::domain::text::{same_words, visible};
use crate::tui::overlay::moved;
use crate::tui::screens::Cmd;
use crate::worker::bringing::{Means, Resolved};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent};
use tui_input::backend::crossterm::EventHandler;

impl Sheet {
    /// The shop is said; on to what else is open.
    pub(super) fn sold_by(&mut self, shop: String) -> Vec<Cmd> {
        if !self.shops.contains(&shop) {
            self.shops.insert(0, shop.clone());
        }
        let same = self.plan.shop.as_ref() == Some(&shop);
        self.plan.shop = Some(shop);
        self.cursor = self.first_open().unwrap_or(self.cursor);
        // Its codes are known by its name.
        if same { Vec::new() } else { self.weigh() }
    }

    pub(super) fn new_shop_key(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        let Some(input) = self.new_shop.as_mut() else { return Vec::new() };
        match key.code {
            KeyCode::Esc | KeyCode::F(12) => self.new_shop = None,
            KeyCode::Enter => {
                let typed = visible(input.value().trim()).into_owned();
                if typed.is_empty() {
                    return vec![Cmd::Beep];
                }
                self.new_shop = None;
                let known = self.shops.iter().find(|shop| same_words(shop, &typed)).cloned();
                return self.sold_by(known.unwrap_or(typed));
            }
            _ => {
                input.handle_event(&TermEvent::Key(*key));
            }
        }
        Vec::new()
    }

    pub(super) fn meanings_key(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        let Some(open) = self.meanings.as_mut() else { return Vec::new() };
        let takes = self.plan.content.takes();
        match key.code {
            KeyCode::Esc | KeyCode::F(12) => self.meanings = None,
            KeyCode::Enter => {
                let means = open.cursor.checked_sub(1).and_then(|n| takes.get(n)).map(|(m, _)| *m);
                let column = open.column;
                self.meanings = None;
                if self.plan.columns.get(column).copied().flatten() != means {
                    self.plan.set(column, means);
                    return self.weigh();
                }
            }
            KeyCode::Char(c) => {
                // To the next meaning that begins with the letter.
                let content = self.plan.content;
                let begins = |m: Means| m.words(content).to_lowercase().starts_with(c.to_ascii_lowercase());
                let from = open.cursor;
                let next = (from..takes.len()).chain(0..from).find(|n| takes.get(*n).is_some_and(|(m, _)| begins(*m)));
                open.cursor = next.map_or(from, |n| n + 1);
            }
            _ => open.cursor = moved(open.cursor, takes.len() + 1, key, 8),
        }
        Vec::new()
    }

    pub(super) fn naming_key(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        let Some(naming) = self.naming.as_mut() else { return Vec::new() };
        match key.code {
            KeyCode::Esc | KeyCode::F(12) => {
                self.naming = None;
                Vec::new()
            }
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                naming.finder.key(key);
                Vec::new()
            }
            KeyCode::Enter => {
                let code = naming.code.clone();
                if naming.input.value().trim().is_empty() {
                    // Nothing typed: it is an item of its own after all.
                    self.naming = None;
                    let before = self.resolved.len();
                    self.resolved.retain(|r| r.code != code);
                    return if self.resolved.len() == before { Vec::new() } else { self.weigh() };
                }
                let (quantity, _) = set_of(naming.input.value());
                let Some((item, words)) = naming.finder.chosen_with_words() else { return vec![Cmd::Beep] };
                self.naming = None;
                self.resolved.retain(|r| r.code != code);
                self.resolved.push(Resolved { code, item, words, quantity });
                self.weigh()
            }
            _ => {
                naming.input.handle_event(&TermEvent::Key(*key));
                let wanted = set_of(naming.input.value()).1.to_string();
                naming.finder.ask(&wanted)
            }
        }
    }
}

/// `6x chang` is six of what `chang` finds; without a figure it is one.
pub fn set_of(typed: &str) -> (Qty, &str) {
    let typed = typed.trim_start();
    let digits = typed.find(|c: char| !c.is_ascii_digit()).unwrap_or(typed.len());
    let (figure, rest) = typed.split_at(digits);
    let rest = rest.trim_start();
    let times = rest.strip_prefix(['x', '*']).filter(|rest| rest.is_empty() || rest.starts_with(' '));
    match (figure.parse::<i64>().ok().filter(|n| (1..=10_000).contains(n)), times) {
        (Some(n), Some(rest)) => (Qty::units(n), rest.trim()),
        _ => (Qty::ONE, typed.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_typed_before_what_is_looked_for() {
        for (typed, n, rest) in [
            ("6x chang", 6, "chang"),
            ("6 x chang", 6, "chang"),
            ("chang", 1, "chang"),
            ("12oz", 1, "12oz"),
            ("3 xylophones", 1, "3 xylophones"),
        ] {
            assert_eq!(set_of(typed), (Qty::units(n), rest), "{typed}");
        }
    }
}
