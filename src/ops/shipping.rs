//! Shipping and cancelling order lines; whose turn it is.

use super::stock::{said, same};
use super::{allocating, perform, picking};
use crate::domain::allocation::Protection;
use crate::domain::ids::{BinId, LineId, OperationId};
use crate::domain::quantity::Qty;
use crate::store::fulfilment::{self, Contact, OrderLine};
use crate::store::goods::{self, Moving};
use crate::store::{Act, Done, Failure, Result, Store, Tx, acting};

/// A line to ship.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parcel {
    pub line: LineId,
    pub quantity: Qty,
    /// What was reserved to the line as the person saw it.
    pub seen: Qty,
}

/// Parcels that go together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sending {
    pub parcels: Vec<Parcel>,
    /// Delivery note or tracking number.
    pub reference: Option<String>,
    /// How the customers were told that it is on its way; none: not told.
    pub told: Option<String>,
    /// The customers took it along: it is delivered.
    pub handed_over: bool,
}

/// Ships what is reserved to the lines, out of the bins that hold it, in bin order.
pub fn ship(store: &mut Store, act: Act, parcels: &[Parcel]) -> Result<Done<()>> {
    send(store, act, &Sending { parcels: parcels.to_vec(), ..Sending::default() })
}

/// Ships parcels with their reference, and keeps that the customers were told.
pub fn send(store: &mut Store, act: Act, sending: &Sending) -> Result<Done<()>> {
    if sending.parcels.is_empty() {
        return Err(Failure::refused("Nothing is marked to be shipped."));
    }
    perform(store, act, |tx| leave(tx, sending))
}

/// The parcels leave, within the operation.
pub(super) fn leave(tx: &mut Tx, sending: &Sending) -> Result<()> {
    let reference = said_at_all(&sending.reference);
    let mut shipped = Vec::new();
    for parcel in &sending.parcels {
        let line = fulfilment::order_line(tx, parcel.line)?;
        same(&format!("Reserved for {}", line.label()), parcel.seen, line.allocated)?;
        ship_one(tx, &line, parcel.quantity, reference)?;
        if sending.handed_over {
            acting::delivered(tx, &line, tx.act().today)?;
        }
        if let Some(channel) = said_at_all(&sending.told) {
            let note = match reference {
                Some(number) => format!("shipped {} {}, {number}", parcel.quantity, line.item_name),
                None => format!("shipped {} {}", parcel.quantity, line.item_name),
            };
            let word = Contact {
                channel: Some(channel),
                offered_cancel: Some(false),
                outcome: Some("sent"),
                note: Some(&note),
                ..Contact::default()
            };
            fulfilment::contact(tx, &line, &word)?;
        }
        shipped.push(format!("{} {} on {}", parcel.quantity, line.item_name, line.label()));
    }
    let number = reference.map_or(String::new(), |r| format!(", {r}"));
    tx.summarise(format!("shipped {}{number}", few(&shipped)));
    Ok(())
}

fn said_at_all(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|t| !t.is_empty())
}

/// The first two of a list and how many more.
pub(super) fn few(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one}, {two}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}

fn ship_one(tx: &mut Tx, line: &OrderLine, quantity: Qty, reference: Option<&str>) -> Result<()> {
    if !quantity.is_positive() || quantity > line.allocated {
        return Err(Failure::refused(format!(
            "{} {} are reserved for {}: {quantity} cannot be shipped.",
            line.allocated,
            line.item_name,
            line.label()
        )));
    }
    let mut left = quantity;
    // First out of the bins that it was picked from, then out of where it would be, then out of the others, in bin order.
    let levels = goods::levels(tx, line.item)?;
    let mut there: Vec<(BinId, Qty, Qty)> = levels
        .iter()
        .filter(|l| l.bin.kind == "storage")
        .map(|l| (l.bin.id, l.quantity.or_zero(), Qty::ZERO))
        .collect();
    let mut wishes = picking::picked_from(tx, line.id)?;
    wishes.extend(picking::would_take(tx, line.item, line.id)?);
    wishes.extend(there.iter().map(|(bin, n, _)| (*bin, *n)).collect::<Vec<_>>());
    for (bin, wish) in wishes {
        let Some((_, lies, out)) = there.iter_mut().find(|t| t.0 == bin) else { continue };
        let taken = wish.min(*lies).min(left);
        *lies -= taken;
        *out += taken;
        left -= taken;
    }
    for (bin, _, taken) in there.into_iter().filter(|t| t.2.is_positive()) {
        let moving = Moving {
            item: line.item,
            bin,
            quantity: -taken,
            reason: "shipment",
            reference: Some(line.order.as_str()),
            note: reference,
        };
        goods::move_stock(tx, &moving)?;
    }
    if left.is_positive() {
        return Err(Failure::refused(format!(
            "The bins hold {left} {} too few for {}. Count them first.",
            line.item_name,
            line.label()
        )));
    }
    if quantity < line.open() {
        acting::packed(tx, line, None)?; // what is left has to be packed anew
    }
    picking::shipped(tx, line.id)?;
    fulfilment::ship(tx, line, quantity, reference)
}

/// What a cancellation did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cancelled {
    pub operation: OperationId,
    /// Units that were reserved to the line and became free.
    pub freed: Qty,
    /// Who got them: line, order, customer, how many.
    pub given: Vec<Given>,
}

/// Units that went to a waiting line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    pub line: LineId,
    pub order: String,
    pub customer: String,
    pub item: String,
    pub quantity: Qty,
}

/// Cancels what is open of a line, or a part of it, with the reason. Its units become free once and go to those who wait.
/// `seen`: the open quantity as the person saw it.
pub fn cancel(
    store: &mut Store,
    act: Act,
    line: LineId,
    quantity: Option<Qty>,
    seen: Qty,
    reason: &str,
) -> Result<Done<Cancelled>> {
    perform(store, act, |tx| {
        let reason = said(reason, "The reason")?;
        let line = fulfilment::order_line(tx, line)?;
        same(&format!("Open on {}", line.label()), seen, line.open())?;
        let quantity = quantity.unwrap_or(line.open());
        if !quantity.is_positive() || quantity > line.open() {
            return Err(Failure::refused(format!(
                "{} are open on {}: {quantity} cannot be cancelled.",
                line.open(),
                line.label()
            )));
        }
        let before = allocating::held(tx, line.item)?;
        fulfilment::cancel(tx, &line, quantity, reason)?;
        let freed = line.allocated - line.allocated.min(line.open() - quantity);
        allocating::settle(tx)?;
        let given = allocating::gained(tx, line.item, &before)?;
        tx.summarise(format!("cancelled {quantity} {} on {}: {reason}", line.item_name, line.label()));
        Ok(Cancelled { operation: tx.operation(), freed, given })
    })
}

/// Sets a line's hand-set rank (1 first) and whether it may lose what it has; both may be taken away again.
pub fn set_turn(
    store: &mut Store,
    act: Act,
    line: LineId,
    turn: Option<i64>,
    protection: Protection,
) -> Result<Done<()>> {
    if turn.is_some_and(|t| t < 1) {
        return Err(Failure::refused("The first turn is 1."));
    }
    perform(store, act, |tx| {
        let line = fulfilment::order_line(tx, line)?;
        let stored = Some(protection.name()).filter(|_| protection != Protection::Normal);
        fulfilment::set_turn(tx, &line, turn, stored)?;
        let turn = turn.map_or("no turn of its own".to_string(), |t| format!("turn {t}"));
        tx.summarise(format!("{}: {turn}, {}", line.label(), protection.name()));
        Ok(())
    })
}
