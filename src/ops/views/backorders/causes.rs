//! The short lines by what they wait for: a PO, or an item of which nothing is on order.

use super::WaitingLine;
use crate::domain::dates;
use crate::domain::delay::State;
use crate::domain::ids::{CustomerId, ItemId};
use crate::domain::inbound::Inbound;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// What holds lines up.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Cause {
    /// Goods of a PO, by its number.
    Po(String),
    /// An item of which too little is on order.
    Item(ItemId),
}

/// A cause and what it holds up.
#[derive(Clone, PartialEq, Debug)]
pub struct CauseRow {
    pub cause: Cause,
    /// `PO-77, Exotic Liquids` or `Chang`.
    pub name: String,
    /// `due 27 Nov`, `4 days overdue`, `nothing on order`.
    pub state: String,
    pub lines: usize,
    pub customers: usize,
    /// How many of the lines are late today or will be.
    pub late: usize,
    pub quantity: Qty,
    pub worth: Money,
    pub likely_on: Option<NaiveDate>,
    /// The lines, as they stand in `Board::lines`.
    pub at: Vec<usize>,
}

impl CauseRow {
    /// A PO whose day is gone or was never named: only the supplier knows when it comes.
    pub fn is_overdue(&self) -> bool {
        matches!(self.cause, Cause::Po(_)) && !self.state.starts_with("due ")
    }
}

/// One row per cause, what holds up most on top. A line counts once: for what its last unit waits for.
pub(super) fn rows(lines: &[WaitingLine], inbound: &[Inbound], today: NaiveDate) -> Vec<CauseRow> {
    let mut rows: Vec<CauseRow> = Vec::new();
    let mut places: HashMap<Cause, usize> = HashMap::new();
    let mut customers: Vec<HashSet<CustomerId>> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((cause, name, state)) = cause_of(line, inbound, today) else { continue };
        let place = *places.entry(cause.clone()).or_insert_with(|| {
            customers.push(HashSet::new());
            rows.push(CauseRow {
                cause,
                name,
                state,
                lines: 0,
                customers: 0,
                late: 0,
                quantity: Qty::ZERO,
                worth: Money::ZERO,
                likely_on: line.likely_on,
                at: Vec::new(),
            });
            rows.len() - 1
        });
        if let (Some(row), Some(who)) = (rows.get_mut(place), customers.get_mut(place)) {
            who.insert(line.customer);
            row.lines += 1;
            row.customers = who.len();
            row.late += usize::from(line.state != State::OnTrack);
            row.quantity += line.open - line.pegged.from_stock;
            row.worth += line.value.unwrap_or_default();
            row.at.push(at);
        }
    }
    rows.sort_by(|a, b| b.worth.cmp(&a.worth).then_with(|| b.lines.cmp(&a.lines)).then_with(|| a.name.cmp(&b.name)));
    rows
}

fn cause_of(line: &WaitingLine, inbound: &[Inbound], today: NaiveDate) -> Option<(Cause, String, String)> {
    if line.pegged.uncovered.is_positive() {
        return Some((Cause::Item(line.item), line.item_name.clone(), "nothing on order".into()));
    }
    let po = inbound.get(line.pegged.parts.last()?.inbound)?;
    let state = match (po.due_on(), po.days_overdue(today)) {
        (Some(_), _) if po.by_lead_time().is_some() => "no date given".into(),
        (None, _) => "no date".into(),
        (_, 1) => "1 day overdue".into(),
        (_, overdue) if overdue > 1 => format!("{overdue} days overdue"),
        (Some(due), _) => format!("due {}", dates::short(due, today)),
    };
    Some((Cause::Po(po.po_code.clone()), format!("{}, {}", po.po_name(), po.supplier_name), state))
}
