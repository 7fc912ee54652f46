//! Receiving goods against a purchase order: where each piece goes, and whom it serves.

use super::settings::Settings;
use super::shipping::Given;
use super::stock::{ask, plausible, same};
use super::{allocating, perform};
use crate::domain::ids::{BinId, ItemId, PoLineId};
use crate::domain::quantity::Qty;
use crate::store::fulfilment::{self, PoLine};
use crate::store::goods::{self, Moving};
use crate::store::{Act, Db, Done, Failure, Result, Store, Tx};
use std::collections::BTreeMap;

/// What came of one PO line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrived {
    pub po_line: PoLineId,
    /// All that came, bad goods included.
    pub quantity: Qty,
    /// Bad goods among it.
    pub rejected: Qty,
    /// Why they are bad.
    pub reason: Option<String>,
    /// Where the good ones go; `None`: the item's home bin, else the first storage bin.
    pub bin: Option<BinId>,
    /// Received before, as the person saw it.
    pub seen: Qty,
}

/// A delivery.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delivery {
    pub lines: Vec<Arrived>,
    pub delivery_note: Option<String>,
    /// The person was asked about quantities far over the usual and about more than was ordered.
    pub sure: bool,
}

/// What a delivery did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Received {
    /// Orders for which goods are put aside at once.
    pub put_aside: Vec<Given>,
    /// What is still to come: PO, line, quantity.
    pub to_come: Vec<(String, String, Qty)>,
}

/// Takes in a delivery: good units to their bins, bad ones to quarantine, a receipt for each line; whoever waits is
/// served at once. More than is open on a line asks again.
pub fn receive(store: &mut Store, act: Act, delivery: &Delivery) -> Result<Done<Received>> {
    if delivery.lines.is_empty() {
        return Err(Failure::refused("Nothing was received: scan or type what came."));
    }
    perform(store, act, |tx| {
        let mut before: BTreeMap<ItemId, _> = BTreeMap::new();
        let mut lines = Vec::new();
        for arrived in &delivery.lines {
            let line = fulfilment::po_line(tx, arrived.po_line)?;
            if let std::collections::btree_map::Entry::Vacant(entry) = before.entry(line.item) {
                entry.insert(allocating::held(tx, line.item)?);
            }
            receive_line(tx, &line, arrived, delivery)?;
            lines.push((line, arrived.quantity));
        }
        allocating::settle(tx)?;
        let mut received = Received::default();
        for (item, before) in &before {
            received.put_aside.extend(allocating::gained(tx, *item, before)?);
        }
        for (line, quantity) in &lines {
            let left = line.open() - *quantity;
            if left.is_positive() {
                received.to_come.push((line.po.clone(), line.line.clone(), left));
            }
        }
        tx.summarise(sentence(&lines, &received));
        Ok(received)
    })
}

fn sentence(lines: &[(PoLine, Qty)], received: &Received) -> String {
    let Some((first, quantity)) = lines.first() else { return String::new() }; // checked by the caller
    let more = if lines.len() > 1 { format!(" and {} more lines", lines.len() - 1) } else { String::new() };
    let aside: Qty = received.put_aside.iter().map(|g| g.quantity).sum();
    let aside = match received.put_aside.as_slice() {
        [] => String::new(),
        [one] => format!(", {aside} put aside for {}", one.customer),
        several => format!(", {aside} put aside for {} orders", several.len()),
    };
    format!("received {quantity} {}{more} on {}{aside}", first.item_name, first.po)
}

fn receive_line(tx: &mut Tx, line: &PoLine, arrived: &Arrived, delivery: &Delivery) -> Result<()> {
    let label = format!("{} line {}", line.po, line.line);
    same(&format!("Received before on {label}"), arrived.seen, line.received)?;
    if matches!(line.status.as_deref(), Some("draft" | "cancelled")) {
        let status = line.status.as_deref().unwrap_or_default();
        return Err(Failure::refused(format!("{} is {status}: nothing can be received on it.", line.po)));
    }
    if !arrived.quantity.is_positive() || arrived.rejected.is_negative() || arrived.rejected > arrived.quantity {
        return Err(Failure::refused(format!("{label}: type how many came, and how many of these are bad.")));
    }
    if arrived.quantity > line.open() && !delivery.sure {
        return Err(ask(format!(
            "{} {} came, but only {} are open on {label}.",
            arrived.quantity,
            line.item_name,
            line.open().or_zero()
        )));
    }
    let item = goods::item(tx, line.item)?;
    if arrived.quantity > line.open() {
        plausible(tx, &item, arrived.quantity, delivery.sure)?; // what was ordered may come
    }
    let reason = arrived.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    let note = delivery.delivery_note.as_deref().map(str::trim).filter(|n| !n.is_empty());
    let good = arrived.quantity - arrived.rejected;
    let mut placed = Vec::new();
    if good.is_positive() {
        let bin = match arrived.bin {
            Some(bin) => goods::bin(tx, bin)?.id,
            None => place(tx, &item)?,
        };
        placed.push(Placed { bin, quantity: good, note: note.map(String::from) });
    }
    take_in(tx, line, &Share { quantity: arrived.quantity, rejected: arrived.rejected, reason, note, placed })
}

/// Where new goods of the item go: never where goods are put aside for orders.
pub(super) fn home(db: &Db, item: &goods::Item) -> Result<Option<goods::Bin>> {
    goods::place_for(db, item, Settings::load(db)?.text("receiving.aside_bin"))
}

/// The same; made where there is no bin at all.
pub(super) fn place(tx: &mut Tx, item: &goods::Item) -> Result<BinId> {
    match home(tx, item)? {
        Some(bin) => Ok(bin.id),
        None => goods::bin_of_kind(tx, "storage", "MAIN"),
    }
}

/// Good units for one bin.
pub(super) struct Placed {
    pub bin: BinId,
    pub quantity: Qty,
    /// Batch and dates, delivery note: kept on the movement.
    pub note: Option<String>,
}

/// What of a delivery is for one PO line. The good units are what is placed.
pub(super) struct Share<'a> {
    pub quantity: Qty,
    pub rejected: Qty,
    pub reason: Option<&'a str>,
    /// The number of the delivery note.
    pub note: Option<&'a str>,
    pub placed: Vec<Placed>,
}

/// Books a share: good units to their bins, bad ones to quarantine, the receipt, the line's totals.
pub(super) fn take_in(tx: &mut Tx, line: &PoLine, share: &Share) -> Result<()> {
    put_away(tx, line.item, Some(line.po.as_str()), &share.placed, share.rejected, share.reason)?;
    fulfilment::receive(tx, line, share.quantity, share.rejected, share.reason, share.note)?;
    fulfilment::close_if_complete(tx, line)
}

/// Moves good units to their bins and bad ones to quarantine.
pub(super) fn put_away(
    tx: &mut Tx,
    item: ItemId,
    reference: Option<&str>,
    placed: &[Placed],
    rejected: Qty,
    reason: Option<&str>,
) -> Result<()> {
    for p in placed.iter().filter(|p| p.quantity.is_positive()) {
        let note = p.note.as_deref();
        let moving = Moving { item, bin: p.bin, quantity: p.quantity, reason: "receipt", reference, note };
        goods::move_stock(tx, &moving)?;
    }
    if rejected.is_positive() {
        let bin = goods::bin_of_kind(tx, "quarantine", "QUARANTINE")?;
        let moving = Moving { item, bin, quantity: rejected, reason: "rejected", reference, note: reason };
        goods::move_stock(tx, &moving)?;
    }
    Ok(())
}
