//! What can be done in the tab now, and why not.

use super::Reorder;
use crate::tui::action::Action;
use crate::tui::keymap::Binding;
use crate::tui::table::Listing;
use crate::tui::views::reorder::{ASLEEP, BY_SUPPLIER, BY_URGENCY, LAST_YEAR, LEVELS, NOT_NEEDED, TOO_LATE, TOO_MUCH};
use crate::worker::reorder::Need;

/// What can be done about goods that are on their way already, or to be counted.
const NO_ORDER: [Action; 8] = [
    Action::LineLater,
    Action::Ask,
    Action::Serves,
    Action::DropLine,
    Action::LastYear,
    Action::ProgramLevel,
    Action::PlanRule,
    Action::Inherit,
];

impl Reorder {
    /// What a key is called where it is; none: it does nothing there.
    pub(super) fn label(&self, key: &Binding) -> Option<&'static str> {
        let action = key.action;
        let only = |keys: &[Action]| keys.contains(&action);
        let here = match (self.view, self.list.selected()) {
            (LAST_YEAR, _) => only(&[Action::ProgramLevel]),
            (_, None) => only(&[Action::LastYear, Action::Inherit]),
            (_, Some(row)) if row.later.is_some() => only(&[Action::LastYear, Action::LineLater, Action::PlanRule]),
            (LEVELS, _) => only(&[Action::LastYear, Action::ProgramLevel, Action::PlanRule]),
            (NOT_NEEDED, _) => only(&[Action::Ask, Action::LastYear]),
            (ASLEEP, _) => only(&[Action::Ask, Action::LastYear, Action::PlanRule]),
            (TOO_MUCH, _) => only(&[Action::Ask, Action::LastYear, Action::ProgramLevel, Action::PlanRule]),
            (TOO_LATE, Some(_)) => only(&NO_ORDER),
            (_, Some(row)) if self.draft_of(row).is_some() => only(&[Action::Ask, Action::LastYear]),
            (_, Some(row)) => match self.line_of(row).map(|(_, line)| &line.need) {
                Some(Need::Expedite(_) | Need::Send(_) | Need::Count) => only(&NO_ORDER),
                _ => true,
            },
        };
        if action == Action::PlanAnew {
            let old = self.shown.as_ref().is_some_and(|shown| shown.board.of_day.is_some());
            return (old && self.blocked(action).is_none()).then_some(key.label);
        }
        let here = here && (action != Action::Ask || self.to_count().is_some() || self.any_po().is_some());
        let ordered_here = matches!(self.view, BY_SUPPLIER | BY_URGENCY);
        let marked = ordered_here && action == Action::MakeOrders && !self.list.marked().is_empty();
        (here || marked).then_some(match action {
            Action::ProgramLevel if self.view == LAST_YEAR => "way of planning",
            Action::Ask if self.to_count().is_some() => "count",
            Action::LineLater if self.put_off().is_some() => "suggest again",
            _ => key.label,
        })
    }

    /// Why an action cannot be done now; none: it can.
    pub(super) fn blocked(&self, action: Action) -> Option<String> {
        let Some(shown) = &self.shown else {
            return Some("Still reading what to order. Try again in a moment.".into());
        };
        if matches!(action, Action::New | Action::Inherit) {
            return None;
        }
        if action == Action::PlanAnew {
            return match shown.board.of_day {
                None if !shown.board.stale => Some("The levels are of this day already.".into()),
                _ if self.read_only => Some(
                    "READ ONLY: levels of this day cannot be kept here. Whoever may write to the file can (F9).".into(),
                ),
                _ if self.planning.words().is_some() => self.planning.words(),
                None => None,
                Some(_) if shown.others => Some("Another window goes by these levels. Close it first.".into()),
                Some(_) => None,
            };
        }
        if action == Action::LineLater && self.put_off().is_some() {
            return None;
        }
        let line = |at: &usize| shown.board.lines.get(*at);
        if action == Action::LastYear {
            return (!shown.board.has_history).then(|| "No past orders: there is nothing to live again.".into());
        }
        if action == Action::ProgramLevel && self.view == LAST_YEAR {
            let why = "The last year is not lived again yet. Choose by which way the plans are made when it is.";
            return self.replay.done().is_none().then(|| why.into());
        }
        if action == Action::PlanRule && self.list.selected().is_some() {
            let why = "This row is a PO. How an item is planned: d on a row of an item, here or on 1 Stock.";
            return self.item().is_none().then(|| why.into());
        }
        let about_po = self.po().is_some();
        if action == Action::Ask && self.to_count().is_none() {
            let why = "No PO is asked about here: choose a row of goods on their way, or a draft.";
            return self.any_po().is_none().then(|| why.into());
        }
        if action == Action::MakeOrders && about_po && self.list.marked().is_empty() {
            return None;
        }
        if action == Action::ProgramLevel && self.list.selected().is_some() {
            let why = match self.detail.is_none() && self.view != LEVELS {
                true => "Still reading what is known of it. Try again in a moment.",
                false => "Nothing is known of its sales: a min of your own is typed on 1 Stock (e).",
            };
            return self.target().is_none().then(|| why.into());
        }
        let targets = self.targets();
        if targets.is_empty() {
            return Some(match self.view {
                NOT_NEEDED if self.list.selected().is_some() => {
                    "This is on its way already: c opens the PO, to ask for a later day (d) or to cancel (x).".into()
                }
                NOT_NEEDED | TOO_MUCH | ASLEEP | LAST_YEAR | LEVELS => {
                    "Nothing is to be ordered here. Another view (v) shows what is.".into()
                }
                _ => "No line is chosen. Choose one with the arrow keys first.".into(),
            });
        }
        let only_hurry = targets.iter().filter_map(line).all(|l| l.quantity().or(l.asked()).is_none());
        let undecided = targets.iter().filter_map(line).all(|l| l.decided().is_none());
        match action {
            Action::MakeOrders | Action::Edit | Action::OtherSupplier if only_hurry => {
                Some(match targets.first().and_then(line).map(|l| &l.need) {
                    Some(Need::Send(_)) => "A draft covers it: send that (c) instead of ordering again.".into(),
                    Some(Need::Count) => "Count it first: what lies there says whether any is to be ordered.".into(),
                    _ => "Enough is on its way: hurry the supplier (c) instead of ordering again.".into(),
                })
            }
            Action::MakeOrders if undecided => {
                Some("The least to be had lasts too long. Say how much to order first (e).".into())
            }
            Action::Edit | Action::OtherSupplier if targets.len() > 1 => {
                Some("This is done line by line. Take the marks away first (*).".into())
            }
            Action::Project if targets.len() > 1 => {
                Some("This is done line by line. Take the marks away first (*).".into())
            }
            Action::Project => {
                let line = targets.first().and_then(line)?;
                match self.detail_of(line) {
                    None => Some("Still reading its orders. Try again in a moment.".into()),
                    Some(d) if d.why.spike.is_none() => {
                        Some("No order of it stands out: none is over ten times the usual.".into())
                    }
                    Some(_) => None,
                }
            }
            Action::OtherSupplier => {
                let line = targets.first().and_then(line)?;
                match self.detail_of(line) {
                    None => Some("Still reading who sells it. Try again in a moment.".into()),
                    Some(_) => None,
                }
            }
            Action::MakeOrders => {
                let orders = self.to_order();
                let nobody = orders
                    .iter()
                    .filter_map(line)
                    .find(|l| l.quantity().is_some() && l.decided().is_some_and(|d| d.supplier.is_none()));
                nobody.map(|l| format!("Nobody is known to sell {}: w says who does.", l.name))
            }
            _ => None,
        }
    }
}
