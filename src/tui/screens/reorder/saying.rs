//! What the tab says: the sentence on top, the chosen row, an empty list, the Today card.

use super::{Line, Reorder};
use crate::domain::dates;
use crate::domain::money::Money;
use crate::domain::reorder::cut_off;
use crate::tui::screens::{DueLine, Screen, Spoken};
use crate::tui::table::{Listing, Look};
use crate::tui::text;
use crate::tui::views::frame::room_for_sentence;
use crate::tui::views::reorder::{
    self as view, ASLEEP, LAST_YEAR, LEVELS, NOT_NEEDED, ReorderRow, TOO_LATE, TOO_MUCH, last_year, pane,
};
use crate::worker::reorder::Shown;
use std::collections::BTreeSet;

impl Reorder {
    /// The one sentence on top.
    pub(super) fn top(&self, look: &Look) -> String {
        let Some(shown) = &self.shown else { return "Reading what to order ...".into() };
        if !self.list.filter().is_empty() {
            return format!(
                "{} with \"{}\". Esc shows all.",
                text::plural(self.list.len(), "line"),
                self.list.filter()
            );
        }
        if let Some(working) = self.working() {
            return working;
        }
        if let Some(words) = self.not_of_today(look) {
            return words;
        }
        let (lines, suppliers, total) = self.figures();
        match self.view {
            TOO_LATE => match self.list.rows().len() {
                0 => "What is on the way comes in time.".into(),
                1 => "1 item is on the way, but too late.".into(),
                n => format!("{} items are on the way, but too late.", text::count(n)),
            },
            NOT_NEEDED => match shown.board.not_needed.len() {
                0 => "What is on the way is needed.".into(),
                1 => "1 delivery on its way is not needed for long.".into(),
                n => format!("{} deliveries on their way are not needed for long.", text::count(n)),
            },
            LAST_YEAR => match self.replay.done() {
                Some(replayed) => last_year::sentence(replayed),
                None => "What would each way of ordering have served?".into(),
            },
            LEVELS => match self.targets.len() {
                0 => "What is kept of each item fits what sells.".into(),
                n => match self.list.marked().len() {
                    0 if self.targets_of_more.is_some() => {
                        format!("{} to look at, {}.", text::count(n), self.looked_at())
                    }
                    0 => format!("{} to look at: a changes one, or what is marked.", text::plural(n, "level")),
                    marked => format!("{} marked: a, and the program decides.", text::plural(marked, "item")),
                },
            },
            TOO_MUCH if self.idle.is_empty() => "No item has more than it sells in a year.".into(),
            ASLEEP if self.idle.is_empty() => "Nothing lies here that nobody orders any more.".into(),
            TOO_MUCH | ASLEEP => {
                let value: Money = self.idle.iter().filter_map(|l| l.value).sum();
                let what = if self.view == ASLEEP { "asleep" } else { "too much" };
                format!("{} {what}: {} on the shelf.", text::plural(self.idle.len(), "item"), text::money(value))
            }
            _ if !shown.board.has_history => match lines {
                0 => "No past orders: only your min and max are used.".into(),
                n => format!("No past orders, so by your min and max: {}{}.", text::plural(n, "line"), cost(total)),
            },
            _ if lines == 0 => nothing(shown, look),
            _ => {
                let all = format!("{}{}", text::plural(lines, "line"), cost(total));
                let when = match self.due().len() {
                    0 => self.first_day(look),
                    n if n == lines => "all today".into(),
                    n => format!("{} today", text::count(n)),
                };
                let whom = if suppliers == 0 { "nobody yet".into() } else { text::plural(suppliers, "supplier") };
                let words = format!("To order from {whom}: {all}; {when}.");
                // What must be done, and when, goes before of whom.
                match text::width(&words) <= room_for_sentence(&self.view_words(), look) {
                    true => words,
                    false => format!("To order: {all}; {when}."),
                }
            }
        }
    }

    /// `first by Tue 24`: where nothing must, or can, leave today.
    fn first_day(&self, look: &Look) -> String {
        let lines = self.shown.iter().flat_map(|s| &s.board.lines).filter(|l| l.quantity().is_some());
        let first = lines.map(|l| l.order_by).min();
        first.map_or("none today".into(), |on| format!("first by {}", dates::short(on, look.today)))
    }

    /// Of a large catalogue: among which items levels were looked at.
    fn looked_at(&self) -> String {
        let of = |(most, all)| format!("in the {} best sellers of {}", text::count(most), text::count(all));
        self.targets_of_more.map_or(String::new(), of)
    }

    /// While the levels are not those of today: of when they are, in place of a verdict that follows from them.
    fn not_of_today(&self, look: &Look) -> Option<String> {
        let shown = self.shown.as_ref().filter(|_| self.view != LAST_YEAR)?;
        let board = &shown.board;
        if let Some(day) = board.of_day {
            let of = dates::short(day, look.today);
            return Some(match shown.others {
                true => format!("Levels are of {of}, by another window."),
                false if self.read_only => format!("Levels are of {of}; this window only reads."),
                false => format!("Levels are of {of}: F9 works out this day's."),
            });
        }
        let anew = board.anew && (board.has_history || self.list.rows().is_empty());
        anew.then(|| match self.planning.is_under_way() {
            _ if self.read_only => "What sells is not worked out for today; this window only reads.".into(),
            true => "Working out what sells ...".into(),
            false => "What sells is not worked out for today yet: F5.".into(),
        })
    }

    /// What stands at the right of it.
    pub(super) fn beside(&self) -> String {
        let Some(shown) = &self.shown else { return String::new() };
        let mut words = format!("marked {}", self.list.marked().len());
        if let Some(budget) = shown.board.budget {
            words.push_str(&against_budget(self.figures().2, shown.drafted(), budget));
        }
        let anew = shown.board.lines.iter().filter(|l| l.stale).count();
        if shown.board.stale && self.read_only {
            words.push_str(" · levels are old");
        } else if shown.board.stale && !self.planning.is_under_way() {
            words.push_str(" · levels are old: F5");
        } else if shown.board.stale {
            words.push_str(&match anew == shown.board.lines.len() || anew == 0 {
                true => " · being worked out anew".into(),
                false => format!(" · {} being worked out anew", text::plural(anew, "line")),
            });
        }
        if !shown.board.later.is_empty() {
            words.push_str(&format!(" · {} later", shown.board.later.len()));
        }
        words
    }

    /// What the chosen row says.
    pub(super) fn said(&self, look: &Look) -> Option<Spoken> {
        let row = self.list.selected()?;
        if self.view == LAST_YEAR {
            return Some(last_year::spoken(self.replay.done()?));
        }
        if let Some(draft) = self.draft_of(row) {
            let words = format!("{} to {} was made and not sent yet.", draft.code, row.supplier);
            let next = "c opens it, to be sent. Until it is sent the goods do not come.".into();
            return Some(Spoken { name: row.name.clone(), lines: vec![("Now", words), ("Next", next)] });
        }
        if let Some(later) = self.later_of(row) {
            let words = format!("Put off until {}: {}.", dates::full(later.until, look.today), later.reason);
            let next = "Then it is suggested again, if it is still needed. z brings it back now.".into();
            return Some(Spoken { name: later.name.clone(), lines: vec![("Now", words), ("Next", next)] });
        }
        if self.view == LEVELS {
            let target = self.target()?;
            let lines = vec![("Why", target.words()), ("Next", "a changes what is kept of it.".into())];
            return Some(Spoken { name: format!("{}  {}", target.sku, target.name), lines });
        }
        if let Some(line) = self.not_needed_of(row) {
            let advice = line.advice(|on| dates::full(on, look.today));
            let have = format!("{} are there without it.", text::quantity(line.position));
            return Some(Spoken {
                name: line.name.clone(),
                lines: vec![("Have", have), ("Next", format!("{advice} c opens the PO."))],
            });
        }
        if let Some((_, line)) = self.line_of(row).filter(|(_, line)| self.view == TOO_LATE && line.late.is_some()) {
            let inbound = &line.too_late()?.inbound;
            let when = row.likely.map_or_else(
                || inbound.unknown_words(look.today),
                |on| format!("likely {}", dates::full(on, look.today)),
            );
            let brings = text::quantity(inbound.open);
            let why = format!("{} of {} brings {brings}, {when}.", inbound.po_code, inbound.supplier_name);
            let next = "Hurry the supplier (c). More is to be ordered as well: Esc, and s.".into();
            let name = format!("{}: on the way, but too late", line.name);
            return Some(Spoken { name, lines: vec![("Why", why), ("Next", next)] });
        }
        match self.line_of(row) {
            Some((_, line)) => Some(view::spoken(line, self.decision(line), self.detail_of(line), look)),
            None => {
                let words = pane::idle(row, None, self.view == ASLEEP, look.width as usize);
                let last = words.last().and_then(|l| l.first()).map(|c| c.text.clone()).unwrap_or_default();
                let next = self.advised(row).unwrap_or_default();
                Some(Spoken { name: format!("{}  {}", row.sku, row.name), lines: vec![("Now", last), ("Next", next)] })
            }
        }
    }

    /// The chosen row in full.
    pub(super) fn in_full(&self, width: usize, look: &Look) -> Vec<Line> {
        let Some(row) = self.list.selected() else { return Vec::new() };
        if self.view == LAST_YEAR {
            return self.replay.done().map_or(Vec::new(), |r| last_year::pane(r, self.blended(), width));
        }
        if let Some(draft) = self.draft_of(row) {
            return pane::draft(draft, &row.supplier, width);
        }
        if let Some(later) = self.later_of(row) {
            return pane::later(later, width, look);
        }
        if self.view == LEVELS {
            return self.target().map_or(Vec::new(), |t| pane::target(t, width));
        }
        if let Some(line) = self.not_needed_of(row) {
            return pane::not_needed(line, width, look);
        }
        match self.line_of(row) {
            Some((_, line)) => pane::line(line, self.decision(line), self.detail_of(line), width, look),
            None => pane::idle(row, self.advised(row).as_deref(), self.view == ASLEEP, width),
        }
    }

    /// What to do about stock that asks for nothing. Where what sells is not of this day it is no ground for a claim.
    fn advised(&self, row: &ReorderRow) -> Option<String> {
        let idle = self.idle_of(row)?;
        let board = &self.shown.as_ref()?.board;
        Some(match board.of_day.is_some() || board.anew {
            true => "What sells of it is not worked out for this day yet: decide when it is.".into(),
            false => idle.advice(),
        })
    }

    fn blended(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.blended)
    }

    /// What an empty list says.
    pub(super) fn nothing_there(&self, look: &Look) -> String {
        let Some(shown) = &self.shown else { return String::new() };
        if !self.list.filter().is_empty() {
            let (filter, all) = (self.list.filter(), self.list.rows().len());
            return match self.targets_of_more.filter(|_| self.view == LEVELS) {
                Some(_) => {
                    let of = self.looked_at();
                    format!(
                        "Nothing {of} matches \"{filter}\". Esc shows all {all}; 1 Stock shows every item (e: its level)."
                    )
                }
                None => format!("Nothing matches \"{filter}\". Esc shows all {all}."),
            };
        }
        if self.not_of_today(look).is_some() {
            return "What is to be shown here follows from that.".into();
        }
        // The sentence on top says that there is nothing: here, of what.
        match self.view {
            TOO_LATE => "Goods that come after the shelf is empty stand here, to be hurried.".into(),
            NOT_NEEDED => "Goods on their way that nobody needs for long stand here, to be put off.".into(),
            LAST_YEAR => self.replay.words(),
            LEVELS => "A level that keeps too little or too much stands here, with the program's beside it.".into(),
            TOO_MUCH => "Stock beyond a year's sales stands here, the most valuable first.".into(),
            ASLEEP => "Stock that nobody has ordered for long stands here, the most valuable first.".into(),
            _ if !shown.board.has_history => "Without past orders I can only use your min and max. \
                 12 months of orders make it better: import a file (: import)."
                .into(),
            _ => "What is low stands here, by supplier. v shows what is on the way, too much or asleep.".into(),
        }
    }

    /// `, from 12:00 on too late for some`: the first hour at which a supplier of today's lines takes no more orders.
    fn first_hour(&self) -> String {
        let Some(shown) = &self.shown else { return String::new() };
        let lines = shown.board.lines.iter().filter(|l| l.orders_today());
        let hours = lines.filter_map(|l| shown.sellers.get(&l.supplier?)?.cutoff.as_deref());
        let first = hours.map(str::trim).filter_map(|h| Some((cut_off(h)?, h))).min().map(|first| first.1);
        first.map_or(String::new(), |hour| format!(", first before {}", text::fit(hour, 8)))
    }

    /// What the Today card says of it.
    pub(super) fn on_the_card(&self, look: &Look) -> Vec<DueLine> {
        self.orders_on_the_card(look).into_iter().chain(self.drafts_on_the_card(look)).collect()
    }

    /// Drafts that cover what must be ordered: they do so once they are sent.
    fn drafts_on_the_card(&self, look: &Look) -> Option<DueLine> {
        let shown = self.shown.as_ref()?;
        let board = &shown.board;
        let lines: Vec<_> = board.to_send.iter().filter_map(|at| board.lines.get(*at)).collect();
        let first = lines.iter().min_by_key(|l| l.order_by)?;
        let codes: BTreeSet<&str> = lines.iter().filter_map(|l| Some(l.draft()?.inbound.po_code.as_str())).collect();
        let today = first.order_by <= look.today;
        let when = if today { "today".to_string() } else { format!("by {}", dates::full(first.order_by, look.today)) };
        // All that they hold goes when they are sent, not only what must be ordered.
        let held: usize = shown.drafts.iter().filter(|d| codes.contains(d.code.as_str())).map(|d| d.lines).sum();
        let words = if codes.len() == 1 { "draft to send" } else { "drafts to send" };
        Some(DueLine {
            sign: if today { '!' } else { '~' },
            count: codes.len(),
            what: format!("{words}, {}", text::plural(held.max(lines.len()), "line")),
            detail: format!("{} {when}", codes.into_iter().next().unwrap_or_default()),
            place: "4 Reorder",
            tab: 0,
            row: Some(first.item.0),
            action: None,
        })
    }

    fn orders_on_the_card(&self, look: &Look) -> Vec<DueLine> {
        let (lines, _, total) = self.figures();
        if lines == 0 {
            return Vec::new();
        }
        let due = self.due().len();
        let first = self.shown.iter().flat_map(|s| &s.board.lines).filter(|l| l.quantity().is_some());
        let first = first.min_by_key(|l| l.order_by);
        let by = first.map_or(String::new(), |l| format!("first by {}", dates::full(l.order_by, look.today)));
        let words = if lines == 1 { "line to order" } else { "lines to order" };
        vec![DueLine {
            sign: if due > 0 { '!' } else { '~' },
            count: lines,
            what: format!("{words}{}", cost(total)),
            detail: if due == lines && self.first_hour().is_empty() {
                "today".to_string()
            } else if due > 0 {
                format!("{} today{}", text::count(due), self.first_hour())
            } else {
                by
            },
            place: "4 Reorder",
            tab: 0,
            row: self.due().first().copied().or(first.map(|l| l.item.0)),
            action: None,
        }]
    }
}

/// What drafts that wait have left of a round's budget, and by how much the suggestions go beyond it.
fn against_budget(total: Money, drafted: Money, budget: Money) -> String {
    let of = text::money(budget);
    let over = Some(total + drafted - budget).filter(|over| *over > Money::ZERO).map(text::money);
    match (drafted > Money::ZERO, over) {
        (false, None) => format!(" · budget {of}"),
        (false, Some(over)) => format!(" · {over} over the budget {of}"),
        (true, None) => format!(" · {} left of the budget {of}", text::money(budget - drafted)),
        (true, Some(over)) if drafted < budget => {
            format!(" · {} left of the budget {of}, {over} over", text::money(budget - drafted))
        }
        (true, Some(over)) => format!(" · {over} over the budget {of}, with the drafts"),
    }
}

/// What it costs together, where any cost is known.
fn cost(total: Money) -> String {
    if total.is_zero() { String::new() } else { format!(", {}", text::money(total)) }
}

fn nothing(shown: &Shown, look: &Look) -> String {
    match &shown.board.next {
        _ if !shown.board.to_send.is_empty() => "Nothing new to order once the drafts are sent.".into(),
        _ if shown.board.expedite.len() == 1 => "Nothing new to order. 1 item is on its way but too late: v.".into(),
        _ if !shown.board.expedite.is_empty() => {
            format!("Nothing new to order. {} are on the way but too late: v.", text::count(shown.board.expedite.len()))
        }
        Some((name, on)) => {
            format!("Nothing to order. Next: {} on {}.", text::fit(name, 24), dates::full(*on, look.today))
        }
        None => "Nothing to order.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drafts_of_the_round_are_paid_from_its_budget() {
        let money = |m: &str| Money::parse(m).unwrap();
        let said = |total, drafted| against_budget(money(total), money(drafted), money("5000"));
        assert_eq!(said("10584.60", "0"), " · 5,584.60 over the budget 5,000.00");
        assert_eq!(said("4000", "0"), " · budget 5,000.00");
        assert_eq!(said("500", "4487.40"), " · 512.60 left of the budget 5,000.00");
        assert_eq!(said("6097.20", "4487.40"), " · 512.60 left of the budget 5,000.00, 5,584.60 over");
        assert_eq!(said("10", "6000"), " · 1,010.00 over the budget 5,000.00, with the drafts");
    }
}
