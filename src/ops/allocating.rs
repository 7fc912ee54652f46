//! What every write ends with: free stock goes to the lines that wait, and the items' states are brought up to date.

use super::settings::Settings;
use super::shipping::Given;
use crate::domain::allocation::{Waiting, fill};
use crate::domain::ids::{ItemId, LineId};
use crate::domain::quantity::Qty;
use crate::store::{Db, Result, Tx, changed, fulfilment, item_state, waiting};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// With fewer touched items than this, each is looked up; with more, the items with open lines are listed first.
const FEW: usize = 64;

/// Fills or releases the allocations of every touched item in the stated order, then refreshes its state row.
pub fn settle(tx: &mut Tx) -> Result<()> {
    let items = tx.take_touched();
    if items.is_empty() {
        return Ok(());
    }
    let settings = Settings::load(tx)?;
    let with_lines = if items.len() > FEW { Some(waiting::items_with_open_lines(tx)?) } else { None };
    for &item in items.iter().filter(|i| with_lines.as_ref().is_none_or(|w| w.contains(i))) {
        allocate(tx, item, settings.allocation_automatic())?;
    }
    item_state::refresh(tx, &items, settings.cover_days())?;
    // With many items at once only the few that were changed are looked at.
    let mut changed: Vec<ItemId> = changed::all(tx)?.into_keys().filter(|item| items.contains(item)).collect();
    changed.sort_unstable();
    changed.into_iter().try_for_each(|item| changed::forget_if_met(tx, item))
}

/// One item's lines. Without automatic allocation nothing new is given, but what is no longer there is taken back.
fn allocate(tx: &mut Tx, item: ItemId, automatic: bool) -> Result<()> {
    let lines = waiting::of_item(tx, item)?;
    if lines.is_empty() {
        return Ok(());
    }
    let sellable = waiting::sellable(tx, item)?;
    if !automatic {
        // Nobody needs more than he has: nothing new is given, and nobody takes from a line that yields.
        let needs_what_it_has = |l: &Waiting| Waiting { open: l.open.min(l.allocated), ..l.clone() };
        let lines: Vec<Waiting> = lines.iter().map(needs_what_it_has).collect();
        return write(tx, &lines, sellable);
    }
    write(tx, &lines, sellable)
}

fn write(tx: &mut Tx, lines: &[Waiting], sellable: Qty) -> Result<()> {
    let today = tx.act().today;
    for (line, allocated) in given_anew(lines, fill(lines, sellable, today)) {
        waiting::allocate(tx, line, allocated)?;
    }
    Ok(())
}

/// What is reserved to each open line of an item: taken before a change, to say afterwards who gained by it.
pub(super) fn held(tx: &Tx, item: ItemId) -> Result<Vec<(LineId, Qty)>> {
    Ok(waiting::of_item(tx, item)?.into_iter().map(|w| (w.line, w.allocated)).collect())
}

/// The lines that have more than `before`. Call it after [`settle`].
pub(super) fn gained(tx: &Tx, item: ItemId, before: &[(LineId, Qty)]) -> Result<Vec<Given>> {
    let mut out = Vec::new();
    for (line, now) in held(tx, item)? {
        let was = before.iter().find(|b| b.0 == line).map_or(Qty::ZERO, |b| b.1);
        if now > was {
            let known = fulfilment::order_line(tx, line)?;
            let (order, customer, item) = (known.order, known.customer, known.item_name);
            out.push(Given { line, order, customer, item, quantity: now - was });
        }
    }
    Ok(out)
}

/// Who would get how much if so many more lay in storage; nobody where nothing is given by itself. Nothing is written.
pub(super) fn foreseen(db: &Db, item: ItemId, more: Qty, today: NaiveDate) -> Result<Vec<(LineId, Qty)>> {
    if !Settings::load(db)?.allocation_automatic() {
        return Ok(Vec::new());
    }
    let lines = waiting::of_item(db, item)?;
    let filled = fill(&lines, waiting::sellable(db, item)? + more, today);
    let had = |line: LineId| lines.iter().find(|l| l.line == line).map_or(Qty::ZERO, |l| l.allocated);
    let gained = filled.into_iter().map(|(line, now)| (line, now - had(line)));
    Ok(gained.filter(|(_, gain)| gain.is_positive()).collect())
}

/// Somebody who would have less set aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loss {
    pub order: String,
    pub customer: String,
    pub quantity: Qty,
}

/// Who would have less set aside if `change` (below zero) were booked in storage. Nothing is written.
pub fn would_lose(db: &Db, item: ItemId, change: Qty, today: NaiveDate) -> Result<Vec<Loss>> {
    if !change.is_negative() {
        return Ok(Vec::new());
    }
    let lines = waiting::of_item(db, item)?;
    let sellable = waiting::sellable(db, item)? + change;
    let mut out = Vec::new();
    for (id, then) in fill(&lines, sellable.or_zero(), today) {
        let now = lines.iter().find(|l| l.line == id).map_or(Qty::ZERO, |l| l.allocated);
        if then < now {
            let line = fulfilment::order_line(db, id)?;
            out.push(Loss { order: line.order, customer: line.customer, quantity: now - then });
        }
    }
    Ok(out)
}

type Filled = (LineId, Qty);

fn given_anew(before: &[Waiting], after: Vec<Filled>) -> Vec<Filled> {
    let mut was: Vec<Filled> = before.iter().map(|l| (l.line, l.allocated)).collect();
    was.sort();
    let mut out: Vec<Filled> = after.into_iter().filter(|now| was.binary_search(now).is_err()).collect();
    // What is taken back is written before what is given: the total never exceeds the stock, not even in between.
    out.sort_by_key(|(line, now)| {
        let old = was.iter().find(|w| w.0 == *line).map_or(Qty::ZERO, |w| w.1);
        *now > old
    });
    out
}

/// Refreshes the states of all items without touching allocations: after planning, whose results the states follow.
/// Call it inside a transaction.
pub fn refresh_states(db: &Db) -> Result<()> {
    let settings = Settings::load(db)?;
    item_state::refresh_all(db, settings.cover_days())
}

/// The same for some items.
pub fn refresh_states_of(db: &Db, items: &BTreeSet<ItemId>) -> Result<()> {
    let settings = Settings::load(db)?;
    item_state::refresh(db, items, settings.cover_days())
}
