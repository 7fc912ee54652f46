//! Before a date is changed: who becomes late or early by it, and who must be told.

use super::{Board, Terms, WaitingLine, board, evening, tell};
use crate::domain::delay::{Action, State};
use crate::domain::ids::{CustomerId, ItemId, LineId, PoLineId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::ops::learning;
use crate::store::backlog::Backlog;
use crate::store::suppliers::Whose;
use crate::store::{Db, Result};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A customer whose goods would come on another day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shifted {
    pub customer: CustomerId,
    pub name: String,
    /// The orders, each once.
    pub orders: Vec<String>,
    /// Quantity and item of each line.
    pub waits_for: Vec<(Qty, String)>,
    /// The earliest promise of the lines; lateness is measured from it.
    pub promised: Option<NaiveDate>,
    /// The likely date of the last of the lines as things stand; none: not known.
    pub now: Option<NaiveDate>,
    /// The same with the new date.
    pub will_be: Option<NaiveDate>,
    pub worth: Money,
    /// The last day on which the customer is told in time, as the list of customers has it; none: need not be told.
    pub tell_by: Option<NaiveDate>,
    /// A line that is in time now would not be.
    pub becomes_late: bool,
    /// A line that is not in time now would be.
    pub becomes_early: bool,
    /// Something of it would be covered by no stock and no order any more.
    pub left_without: bool,
    /// Days by which the latest of the lines would miss its date; 0: in time; none: no date is known.
    pub days_late: Option<i64>,
}

impl Shifted {
    /// Later than now, no longer known, or of nothing any more.
    pub fn is_later(&self) -> bool {
        self.left_without || later(self.now, self.will_be)
    }
}

fn later(now: Option<NaiveDate>, then: Option<NaiveDate>) -> bool {
    now.unwrap_or(NaiveDate::MAX) < then.unwrap_or(NaiveDate::MAX)
}

/// What a new date for PO lines would do to customers. Nothing is written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shift {
    /// Those who must be told first, then the later ones, by worth.
    pub customers: Vec<Shifted>,
    pub later: usize,
    pub earlier: usize,
    pub to_tell: usize,
    /// The first day by which one of them is to be told.
    pub tell_by: Option<NaiveDate>,
    /// Customers for whom nothing would be on order any more.
    pub left_without: usize,
    /// Customers with a line that is in time now and would not be.
    pub become_late: usize,
    /// Customers with a line that is not in time now and would be, and with none that becomes late.
    pub become_early: usize,
    /// When the goods would likely come, with what this supplier is usually late by.
    pub likely: Option<NaiveDate>,
    /// Days that the supplier is usually late.
    pub usual_late: Option<i64>,
}

/// A PO line and the day on which it would come; none: nothing more comes of it.
pub type Move = (PoLineId, Option<NaiveDate>);

/// Pegs the open lines of these PO lines' items with the goods as they would come, and compares with how it stands.
pub fn shift(db: &Db, terms: &Terms, today: NaiveDate, supplier: SupplierId, moves: &[Move]) -> Result<Shift> {
    let mut backlog = Backlog::load(db, today)?;
    let lateness = learning::lateness(db, Whose::Coming, today)?;
    let of = |line: &crate::store::backlog::InboundLine| moves.iter().find(|m| m.0 == line.inbound.po_line);
    let moved = |line: &crate::store::backlog::InboundLine| of(line).is_some();
    let items: HashSet<ItemId> = backlog.inbound.iter().filter(|l| moved(l)).map(|l| l.item).collect();
    backlog.lines.retain(|line| items.contains(&line.item));
    backlog.inbound.retain(|line| items.contains(&line.item));
    tell(db, &mut backlog, today)?;
    let mut changed = backlog.clone();
    changed.inbound.retain(|line| of(line).is_none_or(|(_, day)| day.is_some()));
    for line in &mut changed.inbound {
        if let Some((_, day)) = moves.iter().find(|m| m.0 == line.inbound.po_line) {
            line.inbound.expected_on = *day;
            line.dated_on = Some(today);
        }
    }
    let learned = lateness.get(&supplier).cloned().unwrap_or_default();
    let before = board(backlog, lateness.clone(), terms, evening(today));
    let after = board(changed, lateness, terms, evening(today));
    let mut shift = compare(&before, &after);
    let last = moves.iter().filter_map(|m| m.1).max();
    shift.likely = last.and_then(|day| learned.arrives(day, today)).map(|a| a.likely);
    shift.usual_late = learned.usual();
    Ok(shift)
}

/// It would come on another day, or be covered by less.
fn moves(before: &WaitingLine, after: &WaitingLine) -> bool {
    before.likely_on != after.likely_on || after.pegged.uncovered > before.pegged.uncovered
}

fn compare(before: &Board, after: &Board) -> Shift {
    let was: HashMap<LineId, &WaitingLine> = before.lines.iter().map(|l| (l.line, l)).collect();
    let mut of: BTreeMap<CustomerId, Shifted> = BTreeMap::new();
    for line in &after.lines {
        let Some(before) = was.get(&line.line).filter(|b| moves(b, line)) else { continue };
        let latest = |a: Option<NaiveDate>, b: Option<NaiveDate>| a.zip(b).map(|(a, b)| a.max(b));
        let row = of.entry(line.customer).or_insert_with(|| Shifted {
            customer: line.customer,
            name: line.customer_name.clone(),
            orders: Vec::new(),
            waits_for: Vec::new(),
            promised: None,
            now: before.likely_on,
            will_be: line.likely_on,
            worth: Money::ZERO,
            tell_by: None,
            becomes_late: false,
            becomes_early: false,
            left_without: false,
            days_late: Some(0),
        });
        let late = line.likely_on.map(|day| (day - line.due_on).num_days().max(0));
        row.days_late = row.days_late.zip(late).map(|(a, b)| a.max(b));
        row.left_without |= line.pegged.uncovered > before.pegged.uncovered;
        row.becomes_late |= before.state == State::OnTrack && line.state != State::OnTrack;
        row.becomes_early |= before.state != State::OnTrack && line.state == State::OnTrack;
        if !row.orders.contains(&line.order_code) {
            row.orders.push(line.order_code.clone());
        }
        row.waits_for.push((line.short, line.item_name.clone()));
        row.promised = row.promised.into_iter().chain(line.promise).min();
        row.now = latest(row.now, before.likely_on);
        row.will_be = latest(row.will_be, line.likely_on);
        row.worth += line.value.unwrap_or_default();
        if line.is_due() && matches!(line.decision.action, Action::Notify | Action::CancelAndRefund) {
            let by = line.by().unwrap_or(after.today);
            row.tell_by = Some(row.tell_by.map_or(by, |first| first.min(by)));
        }
    }
    let mut customers: Vec<Shifted> = of.into_values().collect();
    customers.sort_by_key(|c| (c.tell_by.is_none(), c.tell_by, !c.is_later(), std::cmp::Reverse(c.worth), c.customer));
    Shift {
        later: customers.iter().filter(|c| c.is_later()).count(),
        earlier: customers.iter().filter(|c| !c.is_later()).count(),
        left_without: customers.iter().filter(|c| c.left_without).count(),
        become_late: customers.iter().filter(|c| c.becomes_late).count(),
        become_early: customers.iter().filter(|c| c.becomes_early && !c.becomes_late).count(),
        to_tell: customers.iter().filter(|c| c.tell_by.is_some()).count(),
        tell_by: customers.iter().filter_map(|c| c.tell_by).min(),
        customers,
        ..Shift::default()
    }
}
