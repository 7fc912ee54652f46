//! Purchase orders: suggestions into drafts, sending, the supplier's answer, new dates, cancelling, putting off.
//!
//! A draft is decided but not asked for: it counts in the position, so that nothing is suggested twice for the same
//! need, and it is no supply for any customer's date until it is sent.

use super::perform;
use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::store::purchases::{self, PoHead, PoLine};
use crate::store::{Act, Db, Done, Failure, Result, Store};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// A line to order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ToOrder {
    pub item: ItemId,
    pub supplier: SupplierId,
    pub quantity: Qty,
    /// Cost of a unit, where known.
    pub cost: Option<Money>,
}

/// Puts lines into draft POs, one per supplier: into the supplier's newest draft, else into a new one with the next free
/// number. One operation. Answers the drafts, in the order of the suppliers' numbers.
pub fn accept(store: &mut Store, act: Act, lines: &[ToOrder]) -> Result<Done<Vec<PoId>>> {
    if lines.is_empty() {
        return Err(Failure::refused("There is nothing to order. Mark a line first."));
    }
    if lines.iter().any(|l| !l.quantity.is_positive()) {
        return Err(Failure::refused("An order needs a quantity above 0. Change the quantity or drop the line."));
    }
    let mut by_supplier: BTreeMap<SupplierId, Vec<&ToOrder>> = BTreeMap::new();
    for line in lines {
        by_supplier.entry(line.supplier).or_default().push(line);
    }
    perform(store, act, |tx| {
        let (mut made, mut codes) = (Vec::new(), Vec::new());
        for (supplier, lines) in &by_supplier {
            let po = match purchases::draft_for(tx, *supplier)? {
                Some(draft) => draft,
                None => purchases::new_draft(tx, *supplier)?,
            };
            for line in lines {
                purchases::add_to_draft(tx, po, line.item, line.quantity, line.cost)?;
            }
            let head = found(tx, po)?;
            codes.push(format!("{} for {}", head.code, head.supplier_name));
            made.push(po);
        }
        let count = if lines.len() == 1 { "1 line".to_string() } else { format!("{} lines", lines.len()) };
        let total: Money = lines.iter().filter_map(|l| Some(l.cost?.times(l.quantity))).sum();
        tx.summarise(format!("put {count}, {total}, on {}", codes.join(", ")));
        Ok(made)
    })
}

/// The PO goes to the supplier: a draft becomes sent, ordered today. From now on it is supply with a date.
pub fn send(store: &mut Store, act: Act, po: PoId) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let head = found(tx, po)?;
        if !head.is_draft() {
            return Err(Failure::refused(format!("{} was sent already. New lines go on a new PO.", head.code)));
        }
        let lines = purchases::lines(tx, po)?;
        if lines.is_empty() {
            return Err(Failure::refused(format!("{} has no lines. Put something on it first.", head.code)));
        }
        let today = tx.act().today;
        purchases::set_status(tx, po, "sent", Some(today), None)?;
        for line in &lines {
            tx.touch(line.item);
        }
        tx.summarise(format!("sent {} to {}: {} lines", head.code, head.supplier_name, lines.len()));
        Ok(())
    })
}

/// The supplier confirms a line for a day. The first confirmed day stays for the score; a later one only moves the date
/// expected now.
pub fn confirm(store: &mut Store, act: Act, line: PoLineId, day: NaiveDate) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let (head, line) = open_line(tx, line, day)?;
        let first = line.confirmed_for.is_none().then_some(day);
        purchases::set_dates(tx, line.id, day, first)?;
        let today = tx.act().today;
        let answered = head.confirmed_on.is_none().then_some(today);
        purchases::set_status(tx, head.id, "confirmed", None, answered)?;
        tx.touch(line.item);
        tx.summarise(format!(
            "{} confirmed {} {} on {} for {day}",
            head.supplier_name,
            line.open(),
            line.item_name,
            head.code
        ));
        Ok(())
    })
}

/// A new date for a line: the date expected now moves, the first confirmed one and with it the score stay.
pub fn redate(store: &mut Store, act: Act, line: PoLineId, day: NaiveDate) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let (head, line) = open_line(tx, line, day)?;
        purchases::set_dates(tx, line.id, day, None)?;
        tx.touch(line.item);
        let was = line.expected_on.or(line.confirmed_for).map_or("no date".to_string(), |d| d.to_string());
        tx.summarise(format!("{} on {} now comes {day} (was {was})", line.item_name, head.code));
        Ok(())
    })
}

/// Cancels what is still to come of a line; a line of a draft disappears, as nobody was asked for it.
pub fn cancel(store: &mut Store, act: Act, line: PoLineId) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let line = purchases::line(tx, line)?.ok_or_else(gone)?;
        let head = found(tx, line.po)?;
        if !line.open().is_positive() || head.is_over() {
            return Err(Failure::refused(format!("Nothing more is to come of {} on {}.", line.item_name, head.code)));
        }
        if head.is_draft() {
            tx.delete("po_line", line.id.0)?;
        } else {
            purchases::cancel_rest(tx, &line)?;
        }
        tx.touch(line.item);
        tx.summarise(format!("cancelled {} {} on {}", line.open(), line.item_name, head.code));
        Ok(())
    })
}

/// Puts an item off until a day: it is not suggested before.
pub fn put_off(store: &mut Store, act: Act, item: ItemId, until: NaiveDate, reason: &str) -> Result<Done<()>> {
    put_off_all(store, act, &[item], until, reason)
}

/// Puts items off until a day, in one operation.
pub fn put_off_all(store: &mut Store, act: Act, items: &[ItemId], until: NaiveDate, reason: &str) -> Result<Done<()>> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Failure::refused("Say why it can wait: the next person will want to know."));
    }
    if until <= act.today {
        return Err(Failure::refused("Put it off to a day after today."));
    }
    perform(store, act, |tx| {
        for item in items {
            purchases::put_off(tx, *item, until, reason)?;
        }
        let what = match items {
            [only] => crate::store::plans::sku(tx, *only)?,
            many => format!("{} items", many.len()),
        };
        tx.summarise(format!("put {what} off until {until}: {reason}; then it is suggested again"));
        Ok(())
    })
}

fn gone() -> Failure {
    Failure::refused("That line is not there any more. Read the list again (F5).")
}

fn found(db: &Db, po: PoId) -> Result<PoHead> {
    purchases::head(db, po)?
        .ok_or_else(|| Failure::refused("That purchase order is not there any more. Read the list again (F5)."))
}

/// The line and its PO, if a date may still be set on it.
fn open_line(tx: &crate::store::Tx, line: PoLineId, day: NaiveDate) -> Result<(PoHead, PoLine)> {
    let line = purchases::line(tx, line)?.ok_or_else(gone)?;
    let head = found(tx, line.po)?;
    if head.is_draft() {
        return Err(Failure::refused(format!(
            "{} is a draft. Send it first, then the supplier can name a day.",
            head.code
        )));
    }
    if head.is_over() || !line.open().is_positive() {
        return Err(Failure::refused(format!("Nothing more is to come of {} on {}.", line.item_name, head.code)));
    }
    if day < tx.act().today {
        return Err(Failure::refused(format!("{day} is past. Give the day on which the goods are expected now.")));
    }
    Ok((head, line))
}
