//! What a deed would change for those who wait, before it is done: whose date moves, who becomes late or early by how
//! many days, and for whom the delay rule would ask for something else.

use super::backorders::{Board, Terms, WaitingLine, board, evening, tell};
use crate::domain::allocation::Turn;
use crate::domain::dates;
use crate::domain::delay::{Action, State, Urgency};
use crate::domain::ids::{ItemId, LineId};
use crate::domain::quantity::Qty;
use crate::ops::learning;
use crate::store::backlog::{Backlog, OpenLine, wanted_item};
use crate::store::suppliers::Whose;
use crate::store::{Db, Result};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// A deed that a person thinks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Deed {
    Turn { lines: Vec<LineId>, turn: Turn },
    Hold(Vec<LineId>),
    Release(Vec<LineId>),
    Ship(Vec<(LineId, Qty)>),
    Cancel(Vec<(LineId, Qty)>),
    Split { line: LineId, quantity: Qty },
    Swap { line: LineId, quantity: Qty, to: ItemId },
}

/// A line that would stand otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shift {
    pub line: LineId,
    pub order_code: String,
    pub line_code: String,
    pub customer_name: String,
    pub item_name: String,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// How many days later (above 0) or earlier its likely date would be; none: one of the two is not known.
    pub days: Option<i64>,
    /// In time now, and not by then.
    pub becomes_late: bool,
    /// Not in time now, and in time by then.
    pub becomes_early: bool,
    /// What its delay rule would ask for, where that is something else than now: `must be told by 27 Nov`.
    pub rule: Option<String>,
    /// The rule would ask for more than now.
    pub worse: bool,
}

impl Shift {
    /// Later than now, or no longer known.
    pub fn is_later(&self) -> bool {
        self.from.unwrap_or(NaiveDate::MAX) < self.to.unwrap_or(NaiveDate::MAX)
    }
}

/// Everybody for whom the deed would change something; those who lose first. Nothing is written.
pub fn preview(db: &Db, terms: &Terms, deed: &Deed, today: NaiveDate) -> Result<Vec<Shift>> {
    let (before, after) = boards(db, terms, deed, today)?;
    Ok(compare(&before, &after, today))
}

/// What waits of the items that the deed concerns, as it stands and as it would stand.
pub(super) fn boards(db: &Db, terms: &Terms, deed: &Deed, today: NaiveDate) -> Result<(Board, Board)> {
    let mut backlog = Backlog::load(db, today)?;
    let items = items_of(&backlog, deed);
    backlog.lines.retain(|line| items.contains(&line.item));
    backlog.inbound.retain(|line| items.contains(&line.item));
    tell(db, &mut backlog, today)?;
    let mut changed = backlog.clone();
    apply(db, &mut changed, deed)?;
    let lateness = learning::lateness(db, Whose::WaitedFor, today)?;
    let now = evening(today);
    Ok((board(backlog, lateness.clone(), terms, now), board(changed, lateness, terms, now)))
}

fn lines_of(deed: &Deed) -> Vec<LineId> {
    match deed {
        Deed::Turn { lines, .. } | Deed::Hold(lines) | Deed::Release(lines) => lines.clone(),
        Deed::Ship(parcels) | Deed::Cancel(parcels) => parcels.iter().map(|p| p.0).collect(),
        Deed::Split { line, .. } | Deed::Swap { line, .. } => vec![*line],
    }
}

/// Whom a deed can concern: the lines of these items.
fn items_of(backlog: &Backlog, deed: &Deed) -> HashSet<ItemId> {
    let lines = lines_of(deed);
    let mut items: HashSet<ItemId> = backlog.lines.iter().filter(|l| lines.contains(&l.line)).map(|l| l.item).collect();
    if let Deed::Swap { to, .. } = deed {
        items.insert(*to);
    }
    items
}

/// Does to what was read what the operation of that name would do to the file.
fn apply(db: &Db, backlog: &mut Backlog, deed: &Deed) -> Result<()> {
    match deed {
        Deed::Turn { lines, turn } => {
            for line in backlog.lines.iter_mut().filter(|l| lines.contains(&l.line)) {
                (line.turn, line.protection) = (turn.rank(), turn.protection());
            }
        }
        Deed::Hold(lines) => {
            for line in backlog.lines.iter_mut().filter(|l| lines.contains(&l.line)) {
                (line.held, line.allocated) = (Some(String::new()), Qty::ZERO);
            }
        }
        Deed::Release(lines) => {
            backlog.lines.iter_mut().filter(|l| lines.contains(&l.line)).for_each(|l| l.held = None);
        }
        Deed::Ship(parcels) => {
            for (line, quantity) in parcels {
                let Some(line) = backlog.lines.iter_mut().find(|l| l.line == *line) else { continue };
                let quantity = (*quantity).min(line.allocated);
                (line.open, line.allocated) = (line.open - quantity, line.allocated - quantity);
                backlog.picked.remove(&line.line); // its part of every round is done with that
                if let Some(item) = backlog.items.get_mut(&line.item) {
                    item.sellable -= quantity;
                }
            }
        }
        Deed::Cancel(parts) => {
            for (line, quantity) in parts {
                let Some(line) = backlog.lines.iter_mut().find(|l| l.line == *line) else { continue };
                line.open -= (*quantity).min(line.open);
                line.allocated = line.allocated.min(line.open);
            }
        }
        Deed::Split { line, quantity } => {
            split_off(backlog, *line, *quantity);
        }
        Deed::Swap { line, quantity, to } => {
            if !backlog.items.contains_key(to)
                && let Some(item) = wanted_item(db, *to)?
            {
                backlog.items.insert(*to, item);
            }
            if let Some(line) = split_off(backlog, *line, *quantity) {
                (line.item, line.allocated) = (*to, *quantity);
                let line = line.line;
                backlog.picked.remove(&line);
            }
        }
    }
    backlog.lines.retain(|l| l.open.is_positive());
    backlog.lines.sort_by_key(|l| (l.item, l.order)); // the board expects them by item
    Ok(())
}

/// The part that a split would make, or the line itself where all of it goes.
fn split_off(backlog: &mut Backlog, line: LineId, quantity: Qty) -> Option<&mut OpenLine> {
    let at = backlog.lines.iter().position(|l| l.line == line)?;
    let whole = backlog.lines.get_mut(at)?;
    if quantity >= whole.open || !quantity.is_positive() {
        return backlog.lines.get_mut(at);
    }
    whole.open -= quantity;
    let kept = whole.allocated.min(whole.open);
    // No line has that number yet: it stands behind every other of the same place.
    let part = OpenLine { line: LineId(i64::MAX), open: quantity, allocated: whole.allocated - kept, ..whole.clone() };
    whole.allocated = kept;
    backlog.lines.push(part);
    backlog.lines.last_mut()
}

fn compare(before: &Board, after: &Board, today: NaiveDate) -> Vec<Shift> {
    let was: HashMap<LineId, &WaitingLine> = before.lines.iter().map(|l| (l.line, l)).collect();
    let mut shifts: Vec<Shift> = after
        .lines
        .iter()
        .filter_map(|new| {
            let old = was.get(&new.line)?;
            let rule = rule_would(old, new, today);
            if old.likely_on == new.likely_on && rule.is_none() {
                return None;
            }
            Some(Shift {
                line: new.line,
                order_code: new.order_code.clone(),
                line_code: new.line_code.clone(),
                customer_name: new.customer_name.clone(),
                item_name: new.item_name.clone(),
                from: old.likely_on,
                to: new.likely_on,
                days: new.likely_on.zip(old.likely_on).map(|(to, from)| (to - from).num_days()),
                becomes_late: old.state == State::OnTrack && new.state != State::OnTrack,
                becomes_early: old.state != State::OnTrack && new.state == State::OnTrack,
                worse: rule.is_some() && new.decision.urgency() < old.decision.urgency(),
                rule,
            })
        })
        .collect();
    shifts.sort_by_key(|s| (!s.worse, !s.is_later(), !s.becomes_late, s.line));
    shifts
}

/// What the rule would ask for, where it is not what it asks for now. News that the cadence asks for are no law.
fn rule_would(old: &WaitingLine, new: &WaitingLine, today: NaiveDate) -> Option<String> {
    let (was, now) = (&old.decision, &new.decision);
    // What is due already is due today, whichever day it fell due.
    let due = |by: Option<NaiveDate>| by.map(|day| day.max(today));
    if (was.action, due(was.act_by), was.refund_by) == (now.action, due(now.act_by), now.refund_by) {
        return None;
    }
    let by = now.act_by.map_or(String::new(), |day| match dates::short(day.max(today), today) {
        by if day <= today => format!(" {by}"),
        by => format!(" by {by}"),
    });
    Some(match now.action {
        Action::CancelAndRefund => "must be cancelled and refunded".into(),
        Action::Notify => format!("must be told{by}"),
        Action::Chase => format!("a yes is needed{by}"),
        Action::Ship => format!("must ship{by}"),
        Action::Hold | Action::None if was.urgency() < Urgency::ProgressDue => match was.action {
            Action::CancelAndRefund => "need not be cancelled any more".into(),
            Action::Notify => "need not be told of this line any more".into(),
            _ => "need not answer about this line any more".into(),
        },
        Action::Hold | Action::None => return None,
    })
}
