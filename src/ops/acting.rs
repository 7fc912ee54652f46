//! What is done to lines that wait, beside shipping and cancelling: split, swap, hold, pack, deliver, pay back.

use super::perform;
use super::shipping::few;
use super::stock::{said, same};
use crate::domain::dates;
use crate::domain::ids::{ItemId, LineId, OrderId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::store::fulfilment::{self, Contact, OrderLine};
use crate::store::{Act, Done, Failure, Result, Store, Tx, acting, goods, refunds, waiting};
use chrono::NaiveDate;

/// A part to split off a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Split {
    pub line: LineId,
    /// How many the new line gets.
    pub quantity: Qty,
    /// What was open as the person saw it.
    pub seen: Qty,
}

/// Splits a line in two. Both have the same place in the queue, the same dates and the same history; what is reserved
/// stays with the first as far as that still needs it. Answers the new line.
pub fn split(store: &mut Store, act: Act, split: Split) -> Result<Done<LineId>> {
    perform(store, act, |tx| {
        let line = open_line(tx, split.line, split.seen)?;
        if !split.quantity.is_positive() || split.quantity >= line.open() {
            return Err(Failure::refused(format!(
                "{} are open on {}: split off at least some and leave at least some.",
                line.open(),
                line.label()
            )));
        }
        let part = split_off(tx, &line, split.quantity)?;
        let name = fulfilment::order_line(tx, part)?.line;
        let left = line.open() - split.quantity;
        tx.summarise(format!(
            "split {} in {left} and {} {}, the second as line {name}",
            line.label(),
            split.quantity,
            line.item_name
        ));
        Ok(part)
    })
}

fn open_line(tx: &Tx, line: LineId, seen: Qty) -> Result<OrderLine> {
    let line = fulfilment::order_line(tx, line)?;
    same(&format!("Open on {}", line.label()), seen, line.open())?;
    Ok(line)
}

fn split_off(tx: &mut Tx, line: &OrderLine, quantity: Qty) -> Result<LineId> {
    let kept = line.allocated.min(line.open() - quantity);
    acting::split(tx, line, quantity, line.allocated - kept)
}

/// The customer's yes to an alternative, as it was given just now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Yes {
    /// phone, mail, ...
    pub channel: String,
    /// In the customer's words, where they were noted.
    pub words: Option<String>,
}

/// Another item to be sent for what was ordered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Swap {
    pub line: LineId,
    /// Of what is open; the rest stays as ordered.
    pub quantity: Qty,
    pub to: ItemId,
    /// None: a yes to an alternative is on record already.
    pub yes: Option<Yes>,
    /// What was open as the person saw it.
    pub seen: Qty,
}

/// Sends a substitute with the customer's consent: what was ordered stays on record beside it, at its price. A part is
/// split off first. Refused without a yes, and where less of the substitute is free.
pub fn swap(store: &mut Store, act: Act, swap: &Swap) -> Result<Done<LineId>> {
    perform(store, act, |tx| {
        let line = open_line(tx, swap.line, swap.seen)?;
        let to = goods::item(tx, swap.to)?;
        let ordered = line.item_name.clone();
        may_swap(tx, &line, swap, &to.name)?;
        if swap.yes.is_none() && !acting::agreed_to_alternative(tx, &line)? {
            return Err(Failure::refused(format!(
                "{} has not agreed to an alternative for {}: ask first, and record the yes.",
                line.customer,
                line.label()
            )));
        }
        // What went out already was the item that was ordered: its line stays as it is.
        let whole = swap.quantity == line.open() && line.shipped.is_zero();
        let target = if whole { line.id } else { split_off(tx, &line, swap.quantity)? };
        let target = fulfilment::order_line(tx, target)?;
        acting::swap(tx, &target, swap.to)?;
        waiting::allocate(tx, target.id, swap.quantity)?; // free, so nobody waits for it
        if let Some(yes) = &swap.yes {
            let note = format!("{} instead of {ordered}", to.name);
            let words = yes.words.as_deref().map(str::trim).filter(|w| !w.is_empty());
            let contact = Contact {
                channel: Some(yes.channel.trim()).filter(|c| !c.is_empty()),
                outcome: Some("reached"),
                answer: Some("consent"),
                offer: Some("alternative"),
                note: Some(&note),
                words,
                ..Contact::default()
            };
            fulfilment::contact(tx, &target, &contact)?;
        }
        tx.summarise(format!(
            "{} {} instead of {ordered} for {}, {}",
            swap.quantity,
            to.name,
            line.customer,
            target.label()
        ));
        Ok(target.id)
    })
}

fn may_swap(tx: &Tx, line: &OrderLine, swap: &Swap, to: &str) -> Result<()> {
    if !swap.quantity.is_positive() || swap.quantity > line.open() {
        return Err(Failure::refused(format!(
            "{} are open on {}: {} cannot be swapped.",
            line.open(),
            line.label(),
            swap.quantity
        )));
    }
    if swap.to == line.item {
        return Err(Failure::refused(format!(
            "{to} is what {} waits for already. Choose another item.",
            line.customer
        )));
    }
    if line.held.is_some() {
        return Err(Failure::refused(format!("{} is on hold: release it first (b).", line.label())));
    }
    if !acting::is_active(tx, swap.to)? {
        return Err(Failure::refused(format!("{to} is not sold any more. Choose another item.")));
    }
    let free = acting::free(tx, swap.to)?.or_zero();
    if free < swap.quantity {
        return Err(Failure::refused(format!(
            "{free} {to} are free: {} cannot be sent. Swap fewer; the rest stays as ordered.",
            swap.quantity
        )));
    }
    Ok(())
}

/// Puts lines on hold with the reason: they are not served until they are released, and what was reserved to them goes
/// to those who wait. The delay rule goes on.
pub fn hold(store: &mut Store, act: Act, lines: &[LineId], reason: &str) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let reason = said(reason, "The reason")?;
        let mut labels = Vec::new();
        for line in some(lines)? {
            let line = fulfilment::order_line(tx, *line)?;
            if !line.open().is_positive() {
                return Err(Failure::refused(format!(
                    "Nothing is open on {}: there is nothing to hold.",
                    line.label()
                )));
            }
            acting::hold(tx, &line, Some(reason))?;
            labels.push(line.label());
        }
        tx.summarise(format!("put {} on hold: {reason}", few(&labels)));
        Ok(())
    })
}

/// Releases lines: they are served again, in their old place.
pub fn release(store: &mut Store, act: Act, lines: &[LineId]) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let mut labels = Vec::new();
        for line in some(lines)? {
            let line = fulfilment::order_line(tx, *line)?;
            if line.held.is_none() {
                return Err(Failure::refused(format!("{} is not on hold.", line.label())));
            }
            acting::hold(tx, &line, None)?;
            labels.push(line.label());
        }
        tx.summarise(format!("released {}", few(&labels)));
        Ok(())
    })
}

fn some(lines: &[LineId]) -> Result<&[LineId]> {
    if lines.is_empty() { Err(Failure::refused("Mark at least one line.")) } else { Ok(lines) }
}

/// Says that what is reserved to the lines is packed and waits for the carrier.
pub fn pack(store: &mut Store, act: Act, lines: &[LineId]) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let today = tx.act().today;
        let mut packed = Vec::new();
        for line in some(lines)? {
            let line = fulfilment::order_line(tx, *line)?;
            if !line.allocated.is_positive() {
                return Err(Failure::refused(format!(
                    "Nothing is reserved for {}: it cannot be packed.",
                    line.label()
                )));
            }
            acting::packed(tx, &line, Some(today))?;
            packed.push(format!("{} {} of {}", line.allocated, line.item_name, line.label()));
        }
        tx.summarise(format!("packed {}", few(&packed)));
        Ok(())
    })
}

/// Says that what was shipped of the lines arrived at the customers' on that day.
pub fn deliver(store: &mut Store, act: Act, lines: &[LineId], on: NaiveDate) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let today = tx.act().today;
        let mut labels = Vec::new();
        for line in some(lines)? {
            let line = fulfilment::order_line(tx, *line)?;
            if !line.shipped.is_positive() {
                return Err(Failure::refused(format!("Nothing of {} was shipped yet.", line.label())));
            }
            if on > today || on < line.ordered_on {
                return Err(Failure::refused(format!(
                    "{} was ordered on {}: it arrived between then and today.",
                    line.label(),
                    dates::full(line.ordered_on, today)
                )));
            }
            acting::delivered(tx, &line, on)?;
            labels.push(line.label());
        }
        let day = if on == today { "today".to_string() } else { format!("on {}", dates::short(on, today)) };
        tx.summarise(format!("{} arrived {day}", few(&labels)));
        Ok(())
    })
}

/// Money that went back for what was cancelled of an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payment {
    pub order: OrderId,
    pub on: NaiveDate,
    /// None: in full, where the price is not on file.
    pub amount: Option<Money>,
    /// With it, nothing more is owed.
    pub settles: bool,
    pub note: Option<String>,
}

/// Keeps that money went back. Refused for a day to come, and for nothing.
pub fn pay_back(store: &mut Store, act: Act, payments: &[Payment]) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let today = tx.act().today;
        let mut paid = Vec::new();
        for payment in payments {
            if payment.on > today || payment.on < refunds::ordered_on(tx, payment.order)? {
                let day = dates::full(payment.on, today);
                return Err(Failure::refused(format!("{day}: money went back between the order and today.")));
            }
            if payment.amount.is_some_and(|a| a.ten_thousandths() <= 0) {
                return Err(Failure::refused("Type the amount that went back, as 150.00."));
            }
            let note = payment.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
            let order = refunds::pay_back(tx, payment.order, payment.on, payment.amount, payment.settles, note)?;
            let part = if payment.settles { "" } else { ", a part" };
            paid.push(match payment.amount {
                Some(amount) => format!("{amount} for {order}{part}"),
                None => format!("{order} in full"),
            });
        }
        if paid.is_empty() {
            return Err(Failure::refused("Choose the order whose money went back."));
        }
        tx.summarise(format!("paid back {}", few(&paid)));
        Ok(())
    })
}
