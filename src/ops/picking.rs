//! Picking reserved goods in rounds: a list in the order of the bins, scanned or typed off; a place that has less than the
//! book says; then shipping, out of the bins that they were picked from. A round's rows are a record of their own; only
//! the shipment moves stock. Until then the book has the goods in their bin, and whoever counts it there does not
//! ([`crate::store::picking::in_hand`]).
//!
//! - `taking` one person walking a round: scans, figures, places that have less
//! - `paper`  the list as a table and as a page

mod paper;
mod taking;

pub use paper::{COLUMNS, page, sheet};
pub use taking::{Sent, enter, short};

use super::deliveries::standing::aside_bin;
use super::shipping::{self, Parcel, Sending};
use super::{allocating, perform};
use crate::domain::ids::{BinId, ItemId, LineId, PickId};
use crate::domain::picking::{self as rules, Kind, Picked, Place, Wanted};
use crate::domain::quantity::Qty;
use crate::store::picking::{self as store, Head, Named, NewRow};
use crate::store::{Act, Db, Done, Failure, Result, Store, Tx};
use crate::store::{fulfilment, goods, waiting};
use std::collections::{BTreeMap, BTreeSet};

/// Which lines a round is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Orders of which all that is open lies here.
    Whole,
    /// Whatever lies here, reserved.
    All,
}

/// What a round would be: from where each line's goods are taken.
fn wanted(db: &Db, which: Which) -> Result<(Vec<Place>, usize)> {
    let ready = store::ready(db)?;
    let lines: Vec<_> = ready.iter().filter(|r| which == Which::All || r.whole).collect();
    let items = lines.iter().map(|r| r.item).collect();
    let orders: BTreeSet<&str> = lines.iter().map(|r| r.order.as_str()).collect();
    let wanted: Vec<Wanted> =
        lines.iter().map(|r| Wanted { line: r.line, item: r.item, quantity: r.reserved }).collect();
    let mut lies = lies(db, &items)?;
    // Two people are never sent to the same pieces.
    for (item, bin, claimed) in store::claimed(db, &items)? {
        lies.iter_mut().filter(|l| l.item == item && l.bin == bin).for_each(|l| l.quantity -= claimed);
    }
    Ok((rules::places(&wanted, &lies), orders.len()))
}

/// What lies in storage of these items, in the order of the bins, and what of it was put aside.
fn lies(db: &Db, items: &BTreeSet<ItemId>) -> Result<Vec<rules::Lies>> {
    let mut lies = store::lies(db, items)?;
    if let Some(aside) = aside_bin(db)? {
        lies.iter_mut().for_each(|l| l.aside = l.bin == aside.id);
    }
    Ok(lies)
}

/// From where the goods of a line would be picked: asked where they leave without a round. Nothing is said where nothing
/// is put aside here.
pub(super) fn would_take(db: &Db, item: ItemId, line: LineId) -> Result<Vec<(BinId, Qty)>> {
    if aside_bin(db)?.is_none() {
        return Ok(Vec::new());
    }
    let places = rules::places(&reserved(db, item)?, &lies(db, &BTreeSet::from([item]))?);
    Ok(places.into_iter().filter(|p| p.line == line).map(|p| (p.bin, p.quantity)).collect())
}

/// What lies in the bin put aside for each line, if `change` of the item were booked there. Nothing where nothing is put
/// aside in that bin.
pub(super) fn laid_aside(db: &Db, item: ItemId, bin: BinId, change: Qty) -> Result<Vec<(LineId, Qty)>> {
    if aside_bin(db)?.is_none_or(|aside| aside.id != bin) {
        return Ok(Vec::new());
    }
    let mut lies = lies(db, &BTreeSet::from([item]))?;
    lies.iter_mut().filter(|l| l.bin == bin).for_each(|l| l.quantity += change);
    let places = rules::places(&reserved(db, item)?, &lies);
    Ok(places.into_iter().filter(|p| p.bin == bin).map(|p| (p.line, p.quantity)).collect())
}

/// What each line has reserved of an item.
fn reserved(db: &Db, item: ItemId) -> Result<Vec<Wanted>> {
    let lines = waiting::of_item(db, item)?.into_iter().filter(|l| l.allocated.is_positive());
    Ok(lines.map(|l| Wanted { line: l.line, item, quantity: l.allocated }).collect())
}

/// How many orders and places a round would have.
pub fn preview(db: &Db, which: Which) -> Result<(usize, usize)> {
    let (places, orders) = wanted(db, which)?;
    Ok((orders, places.len()))
}

/// Begins a round. Refused where nothing lies ready.
pub fn begin(store: &mut Store, act: &Act, which: Which, uid: Option<&str>) -> Result<PickId> {
    store.record("begin a round of picking", |db| {
        let (places, _) = wanted(db, which)?;
        if places.is_empty() {
            return Err(Failure::refused(match which {
                Which::Whole => "No order lies here complete. What lies here of others: the second row, or --all.",
                Which::All => "Nothing is reserved that is not in a round already: nothing is to be picked.",
            }));
        }
        store::begin(db, uid, act.today.and_time(act.now.time()), &act.operator, &places)
    })
}

/// Throws a round away: nothing moved, and its lines may be picked in another.
pub fn throw_away(store: &mut Store, act: &Act, pick: PickId) -> Result<()> {
    store.record("throw a round away", |db| {
        still_open(db, pick)?;
        store::append(db, &row(act, pick, Kind::Drop))
    })
}

fn still_open(db: &Db, pick: PickId) -> Result<()> {
    if store::is_open(db, pick)? {
        return Ok(());
    }
    Err(Failure::refused("This round is shipped or thrown away already: begin another (s)."))
}

fn row(act: &Act, pick: PickId, kind: Kind) -> NewRow<'_> {
    NewRow {
        uid: None,
        pick,
        kind,
        place: None,
        bin: None,
        quantity: None,
        takes_back: None,
        typed: true,
        at: act.today.and_time(act.now.time()),
        operator: &act.operator,
    }
}

/// A place and how far it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    pub place: Named,
    pub picked: Picked,
}

impl Spot {
    /// Still to be taken.
    pub fn left(&self) -> Qty {
        if self.picked.short || self.place.shipped {
            Qty::ZERO
        } else {
            (self.place.quantity - self.picked.quantity).or_zero()
        }
    }
}

/// An open round, for a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    pub head: Head,
    pub places: usize,
    pub done: usize,
}

/// The open rounds, newest first.
pub fn open(db: &Db) -> Result<Vec<Listed>> {
    let mut out = Vec::new();
    for head in store::open(db)? {
        let spots = spots(db, head.id)?;
        let done = spots.iter().filter(|s| s.left().is_zero()).count();
        out.push(Listed { head, places: spots.len(), done });
    }
    Ok(out)
}

/// The places of a round, in the order of the bins.
pub fn spots(db: &Db, pick: PickId) -> Result<Vec<Spot>> {
    let picked = rules::picked(&store::rows(db, pick)?);
    let places = store::places(db, pick)?;
    Ok(places.into_iter().map(|p| Spot { picked: picked.get(&p.id).copied().unwrap_or_default(), place: p }).collect())
}

/// What the screen of somebody who picks shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    pub pick: PickId,
    pub spots: Vec<Spot>,
    /// The place that the next scan or figure is most likely of.
    pub at: Option<i64>,
    /// The bin that this person stands at.
    pub bin: Option<BinId>,
    /// Places that were short and whose bin has more by the book than was picked of it: to be counted.
    pub uncounted: Vec<i64>,
}

/// Reads it.
pub fn standing(db: &Db, pick: PickId, operator: &str) -> Result<Standing> {
    let (spots, rows) = (spots(db, pick)?, store::rows(db, pick)?);
    let mine = || rules::standing(&rows).rev().filter(|r| r.operator == operator);
    let bin = mine().find_map(|r| match r.kind {
        Kind::Bin => r.bin,
        _ => spots.iter().find(|s| Some(s.place.id) == r.place).map(|s| s.place.bin),
    });
    let last = mine().find(|r| r.kind != Kind::Bin).and_then(|r| r.place);
    // What is begun goes on; else the next at this bin; else the next of the walk.
    let begun = spots.iter().find(|s| Some(s.place.id) == last && s.left().is_positive() && Some(s.place.bin) == bin);
    let here = spots.iter().find(|s| Some(s.place.bin) == bin && s.left().is_positive());
    let next = spots.iter().find(|s| s.left().is_positive());
    let at = begun.or(here).or(next).map(|s| s.place.id);
    Ok(Standing { pick, at, bin, uncounted: uncounted(db, &spots)?, spots })
}

/// The short places of which the book says more than what was picked in open rounds and is not shipped.
fn uncounted(db: &Db, spots: &[Spot]) -> Result<Vec<i64>> {
    let short: Vec<&Spot> = spots.iter().filter(|s| s.picked.short).collect();
    if short.is_empty() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for spot in short {
        let (bin, item) = (spot.place.bin, spot.place.item);
        if goods::level(db, item, bin)? > store::in_hand(db, bin, item, None)? {
            out.push(spot.place.id);
        }
    }
    Ok(out)
}

/// Where the goods of a line were picked, in open rounds.
pub(super) fn picked_from(db: &Db, line: LineId) -> Result<Vec<(BinId, Qty)>> {
    let mut out: BTreeMap<i64, (BinId, Qty)> = BTreeMap::new();
    for pick in store::rounds_of(db, line)? {
        for spot in spots(db, pick)?.into_iter().filter(|s| s.place.line == line && s.picked.quantity.is_positive()) {
            out.entry(spot.place.bin.0).or_insert((spot.place.bin, Qty::ZERO)).1 += spot.picked.quantity;
        }
    }
    Ok(out.into_values().collect())
}

/// What was picked out of a bin in open rounds and is not shipped: `6 Chang`. The book has it there still.
pub(super) fn picked_of_bin(db: &Db, bin: BinId) -> Result<Vec<String>> {
    let mut out: BTreeMap<String, Qty> = BTreeMap::new();
    for round in store::open(db)? {
        for spot in spots(db, round.id)?.into_iter().filter(|s| s.place.bin == bin && !s.place.shipped) {
            if spot.picked.quantity.is_positive() {
                *out.entry(spot.place.name).or_insert(Qty::ZERO) += spot.picked.quantity;
            }
        }
    }
    Ok(out.into_iter().map(|(name, n)| format!("{n} {name}")).collect())
}

/// The line was shipped: its part of every open round is done.
pub(super) fn shipped(tx: &mut Tx, line: LineId) -> Result<()> {
    for pick in store::rounds_of(tx, line)? {
        store::keep_shipment(tx, pick, line)?;
    }
    Ok(())
}

/// An order of a round, to be shipped with what was picked of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ship {
    pub order: String,
    /// Parcel or tracking number.
    pub number: Option<String>,
    /// How the customer was told that it is on its way; none: not told.
    pub told: Option<String>,
    /// The customer took it along: it is delivered.
    pub handed_over: bool,
}

/// Ships what was picked of an order, out of the bins that it was picked from.
pub fn ship(store: &mut Store, act: Act, pick: PickId, wanted: &Ship) -> Result<Done<()>> {
    let spots = spots(store.db(), pick)?;
    let mine = || spots.iter().filter(|s| s.place.order == wanted.order && !s.place.shipped);
    if mine().any(|s| s.left().is_positive()) {
        return Err(Failure::refused(format!(
            "{} is not picked to the end: take the rest, or say with F9 where no more lies.",
            wanted.order
        )));
    }
    let mut lines: Vec<(LineId, ItemId, Qty)> = Vec::new();
    for spot in mine().filter(|s| s.picked.quantity.is_positive()) {
        match lines.iter_mut().find(|l| l.0 == spot.place.line) {
            Some(line) => line.2 += spot.picked.quantity,
            None => lines.push((spot.place.line, spot.place.item, spot.picked.quantity)),
        }
    }
    if lines.is_empty() {
        return Err(Failure::refused(nothing_picked(&wanted.order)));
    }
    perform(store, act, |tx| {
        // What was picked since the last deed about the item is the line's own from now on.
        lines.iter().for_each(|l| tx.touch(l.1));
        allocating::settle(tx)?;
        let parcels = lines.iter().map(|(line, _, picked)| parcel(tx, *line, *picked)).collect::<Result<_>>()?;
        let sending = Sending {
            parcels,
            reference: wanted.number.clone(),
            told: wanted.told.clone(),
            handed_over: wanted.handed_over,
        };
        shipping::leave(tx, &sending)
    })
}

/// Nothing of the order was picked: what to do, for the person at the packing place.
pub fn nothing_picked(order: &str) -> String {
    format!(
        "Nothing of {order} was picked: nothing to ship. F6 counts the bin; F3, then x on the round, throws it away."
    )
}

/// What was picked of a line, to be shipped. Refused, with the way out, where the book has less for the line.
fn parcel(tx: &Tx, line: LineId, picked: Qty) -> Result<Parcel> {
    let known = fulfilment::order_line(tx, line)?;
    if known.allocated >= picked {
        return Ok(Parcel { line, quantity: picked, seen: known.allocated });
    }
    let (label, name, reserved) = (known.label(), &known.item_name, known.allocated);
    let back = format!("put back what is too much: type {reserved} at its place, then F9 and F8.");
    Err(Failure::refused(match known.held {
        Some(_) => format!("{label} is on hold. Release it (b in 2 Backorders), or {back}"),
        None => format!(
            "{picked} {name} were picked for {label}, but only {reserved} are reserved for it. Count its bin if the book \
             is wrong, or {back}"
        ),
    }))
}
