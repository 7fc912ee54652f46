//! Booking a delivery: one operation that puts every piece where it goes; and goods that find their PO afterwards.

use super::standing::{Aside, aside, sorted};
use super::{Facts, store};
use crate::domain::delivery::Came;
use crate::domain::ids::{DeliveryId, ItemId, PoLineId};
use crate::domain::quantity::Qty;
use crate::ops::receiving::{self, Placed, Received, Share};
use crate::ops::shipping::few;
use crate::ops::stock::{ask, plausible};
use crate::ops::{allocating, perform};
use crate::store::deliveries::NewBlind;
use crate::store::goods;
use crate::store::{Act, Done, Failure, Result, Store, Tx, fulfilment};
use std::collections::{BTreeMap, VecDeque};

/// A delivery to be booked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Booking {
    pub delivery: DeliveryId,
    /// Its last row as the person saw it; `None`: whatever is there.
    pub seen: Option<i64>,
    /// The person was asked about more than was ordered.
    pub sure: bool,
}

/// Books what came: good units to their bins, or to the bin in which goods are put aside; bad ones and what nobody ordered
/// to quarantine; a receipt for each PO line, and one without a PO for the rest. Whoever waits is served at once.
pub fn book(store: &mut Store, act: Act, booking: &Booking) -> Result<Done<Received>> {
    let mut needs = None;
    let tried = perform(store, act.clone(), |tx| {
        let received = book_in(tx, booking, &mut needs)?;
        match &needs {
            Some(code) => Err(Failure::refused(format!("The bin {code} is not there yet."))),
            None => Ok(received),
        }
    });
    let Some(code) = needs else { return tried };
    // The bin is an operation of its own, so that this receipt can be taken back while others lie there; and it is made
    // only once nothing else stands against the receipt.
    perform(store, Act { uid: None, ..act.clone() }, |tx| {
        tx.summarise(format!("made the bin {code}, for goods that are put aside"));
        goods::add_bin(tx, &code, "storage").map(|_| ())
    })?;
    perform(store, act, |tx| book_in(tx, booking, &mut None))
}

/// Books it; `needs` is told of the bin for goods put aside where that is to be made first.
fn book_in(tx: &mut Tx, booking: &Booking, needs: &mut Option<String>) -> Result<Received> {
    super::still_open(tx, booking.delivery)?;
    let facts = Facts::load(tx, booking.delivery)?;
    if booking.seen.is_some_and(|seen| seen != facts.contents.last) {
        return Err(Failure::refused(
            "Somebody scanned something into this delivery meanwhile. Look at it again, then F8.",
        ));
    }
    let came: Vec<Came> = facts.contents.came.iter().filter(|c| c.quantity.is_positive()).cloned().collect();
    if came.is_empty() {
        return Err(Failure::refused(match facts.contents.aside.first() {
            Some(one) => {
                format!("Only the code {} is left: letters find its item, 0 takes it out of the delivery.", one.code)
            }
            None => "Nothing was received: scan or type what came.".to_string(),
        }));
    }
    let mut before: BTreeMap<ItemId, _> = BTreeMap::new();
    let mut said = Vec::new();
    for one in came.iter().rev() {
        before.insert(one.item, allocating::held(tx, one.item)?);
        said.push(take_in(tx, &facts, one, booking.sure, needs)?);
    }
    let closes = facts.contents.aside.is_empty();
    store::keep_booking(tx, booking.delivery, facts.contents.last, closes)?;
    allocating::settle(tx)?;
    let mut received = Received::default();
    for (item, held) in &before {
        received.put_aside.extend(allocating::gained(tx, *item, held)?);
    }
    for (line, _) in facts.lines.iter().filter(|(l, _)| before.contains_key(&l.item)) {
        let left = fulfilment::po_line(tx, line.id)?.open();
        if left.is_positive() && !line.closed {
            received.to_come.push((line.po_code.clone(), line.line.clone(), left));
        }
    }
    let on = if facts.pos.is_empty() { "without a PO".to_string() } else { format!("on {}", facts.po_codes()) };
    let units: Qty = received.put_aside.iter().map(|g| g.quantity).sum();
    let aside = match received.put_aside.as_slice() {
        [] => String::new(),
        [one] => format!(", {units} put aside for {}", one.customer),
        several => format!(", {units} put aside for {} lines", several.len()),
    };
    let open = match facts.contents.aside.as_slice() {
        [] => String::new(),
        [one] => format!("; code {} unknown", one.code),
        several => format!("; {} codes unknown", several.len()),
    };
    tx.summarise(format!("received {} {on}{aside}{open}", few(&said)));
    Ok(received)
}

/// Good units that are still to be given to lines, with the bin and the batch of each part.
struct Goods(VecDeque<(goods::Bin, Option<String>, Qty)>);

impl Goods {
    /// Places and batches laid side by side.
    fn new(places: Vec<(goods::Bin, Qty)>, lots: &[(String, Qty)]) -> Goods {
        let mut lots: VecDeque<(Option<String>, Qty)> = lots.iter().map(|(lot, n)| (Some(lot.clone()), *n)).collect();
        let mut out = VecDeque::new();
        for (bin, mut left) in places {
            while left.is_positive() {
                let Some((lot, n)) = lots.pop_front() else {
                    out.push_back((bin.clone(), None, left));
                    break;
                };
                let taken = n.min(left);
                left -= taken;
                if n > taken {
                    lots.push_front((lot.clone(), n - taken));
                }
                out.push_back((bin.clone(), lot, taken));
            }
        }
        Goods(out)
    }

    fn draw(&mut self, mut wanted: Qty, note: Option<&str>) -> Vec<Placed> {
        let mut out = Vec::new();
        while wanted.is_positive() {
            let Some((bin, lot, n)) = self.0.pop_front() else { break };
            let taken = n.min(wanted);
            wanted -= taken;
            let words: Vec<&str> = lot.as_deref().into_iter().chain(note).collect();
            out.push(Placed { bin: bin.id, quantity: taken, note: Some(words.join("; ")).filter(|w| !w.is_empty()) });
            if n > taken {
                self.0.push_front((bin, lot, n - taken));
            }
        }
        out
    }
}

fn take_in(tx: &mut Tx, facts: &Facts, came: &Came, sure: bool, needs: &mut Option<String>) -> Result<String> {
    let item = goods::item(tx, came.item)?;
    let (shares, beside, beside_bad) = facts.shares(came);
    let over: Qty = shares.iter().map(|s| s.over).sum();
    if over.is_positive() && !sure {
        let open = facts.still_to_come(came.item);
        let unknown = match facts.contents.aside.as_slice() {
            [] => String::new(),
            [one] => format!(" Code {} stays unknown.", one.code),
            several => format!(" {} codes stay unknown.", several.len()),
        };
        return Err(ask(format!(
            "{} {} came, but only {open} are open on {}.{unknown}",
            came.quantity,
            item.name,
            facts.po_codes()
        )));
    }
    if over.is_positive() || beside.is_positive() {
        plausible(tx, &item, over.max(beside), sure)?; // what was ordered may come
    }
    let sorted = sorted(facts, came);
    let today = tx.act().today;
    let home = receiving::place(tx, &item)?;
    let home = goods::bin(tx, home)?;
    let mut places = Vec::new();
    let mut rest = sorted.sellable;
    let gains = allocating::foreseen(tx, came.item, sorted.sellable, today)?;
    let n = gains.into_iter().map(|(_, n)| n).sum::<Qty>().min(rest);
    match aside(tx)? {
        Aside::Bin(aside) => {
            places.push((aside, n));
            rest -= n;
        }
        Aside::New(code) if n.is_positive() => *needs = Some(code),
        Aside::New(_) | Aside::WithTheOthers => {}
    }
    places.push((home, rest));
    if sorted.not_ordered.is_positive() {
        let apart = goods::bin_of_kind(tx, "quarantine", "QUARANTINE")?;
        places.push((goods::bin(tx, apart)?, sorted.not_ordered));
    }
    let note = facts.contents.note.as_deref();
    let mut goods = Goods::new(places.into_iter().filter(|p| p.1.is_positive()).collect(), &came.lots);
    let reason = came.reason();
    for share in &shares {
        let line = fulfilment::po_line(tx, share.line)?;
        if matches!(line.status.as_deref(), Some("draft" | "cancelled")) {
            let status = line.status.as_deref().unwrap_or_default();
            return Err(Failure::refused(format!("{} is {status}: nothing can be received on it.", line.po)));
        }
        let placed = goods.draw(share.quantity - share.rejected, note);
        let reason = reason.as_deref().filter(|_| share.rejected.is_positive());
        receiving::take_in(
            tx,
            &line,
            &Share { quantity: share.quantity, rejected: share.rejected, reason, note, placed },
        )?;
    }
    if beside.is_positive() {
        let placed = goods.draw(beside - beside_bad, note);
        let reason = match (&reason, facts.pos.is_empty()) {
            (Some(why), _) if beside_bad.is_positive() => Some(why.clone()),
            (_, false) => Some("not ordered".to_string()),
            _ => None,
        };
        let reference = format!("delivery {}", facts.head.id.0);
        receiving::put_away(tx, came.item, Some(&reference), &placed, beside_bad, reason.as_deref())?;
        let new = NewBlind {
            delivery: facts.head.id,
            item: came.item,
            quantity: beside,
            rejected: beside_bad,
            reason: reason.as_deref(),
            note,
        };
        store::keep_blind(tx, &new)?;
    }
    Ok(format!("{} {}", came.quantity, item.name))
}

/// The PO line that goods were for which came without one: they count as received on it, on the day on which they came.
pub fn match_to(store: &mut Store, act: Act, blind: i64, line: PoLineId, sure: bool) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let blind = store::blind(tx, blind)?.ok_or_else(|| {
            Failure::refused("That receipt found its PO meanwhile, or was taken back. Read the list again (F5).")
        })?;
        let line = fulfilment::po_line(tx, line)?;
        if line.item != blind.item {
            return Err(Failure::refused(format!(
                "{} line {} is for {}, not for {}.",
                line.po, line.line, line.item_name, blind.name
            )));
        }
        if matches!(line.status.as_deref(), Some("draft" | "cancelled")) {
            let status = line.status.as_deref().unwrap_or_default();
            return Err(Failure::refused(format!("{} is {status}: nothing can be received on it.", line.po)));
        }
        if blind.quantity > line.open() && !sure {
            return Err(ask(format!(
                "{} {} came, but only {} are open on {} line {}.",
                blind.quantity,
                blind.name,
                line.open().or_zero(),
                line.po,
                line.line
            )));
        }
        store::match_blind(tx, &blind, line.id)?;
        fulfilment::close_if_complete(tx, &line)?;
        tx.summarise(format!(
            "{} {} of {} were for {} line {}",
            blind.quantity, blind.name, blind.received_on, line.po, line.line
        ));
        Ok(())
    })
}
