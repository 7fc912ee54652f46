//! What is done from the list of those who wait, about several lines at once and as one operation each.

use super::settings::Settings;
use super::stock::{said, same};
use super::views::backorders::{self, CustomerRow, Terms};
use super::views::refunds::owed;
use super::{perform, shipping};
use crate::domain::allocation::{Protection, Turn};
use crate::domain::dates;
use crate::domain::delay::{Action, Rule};
use crate::domain::ids::{CustomerId, LineId, OrderId};
use crate::domain::quantity::Qty;
use crate::store::fulfilment::{self, OrderLine};
use crate::store::{Act, Done, Failure, Result, Store, Tx, refunds};
use chrono::NaiveDate;
use std::collections::BTreeSet;

pub use super::acting::{Payment, Split, Swap, Yes};
pub use super::talking::{Said, Talk, TalkLine, talk};
pub use shipping::{Parcel, Sending, ship};

/// A new date for a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewDate {
    pub line: LineId,
    /// The promise as the person saw it.
    pub seen: Option<NaiveDate>,
    pub date: NaiveDate,
}

/// Promises new dates, with the reason. The former promises stay on record. Refused for a date in the past, and where a
/// promise is not the one that the person saw.
pub fn promise(store: &mut Store, act: Act, dates: &[NewDate], reason: &str) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let reason = said(reason, "The reason")?;
        let today = tx.act().today;
        let mut lines = Vec::new();
        for wanted in dates {
            let line = fulfilment::order_line(tx, wanted.line)?;
            let shown = |d: Option<NaiveDate>| d.map_or("blank".to_string(), |d| dates::full(d, today));
            same(&format!("The promise of {}", line.label()), shown(wanted.seen), shown(line.promise))?;
            promise_one(tx, &line, wanted.date, reason)?;
            lines.push((line, wanted.date));
        }
        let Some((first, date)) = lines.first() else {
            return Err(Failure::refused("Mark at least one line for the new date."));
        };
        let about = if lines.len() == 1 { first.label() } else { format!("{} lines", lines.len()) };
        tx.summarise(format!("promised {} {about} for {}: {reason}", first.customer, dates::short(*date, today)));
        Ok(())
    })
}

pub(super) fn promise_one(tx: &mut Tx, line: &OrderLine, date: NaiveDate, reason: &str) -> Result<()> {
    let today = tx.act().today;
    if date < today {
        return Err(Failure::refused(format!(
            "{} has passed: a promise lies ahead. Type a later date.",
            dates::full(date, today)
        )));
    }
    if !line.open().is_positive() {
        return Err(Failure::refused(format!("Nothing is open on {}: there is nothing to promise.", line.label())));
    }
    if line.promise != Some(date) {
        fulfilment::promise(tx, line, date, reason)?;
    }
    Ok(())
}

/// A line to cancel, with what was open as the person saw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CancelLine {
    pub line: LineId,
    /// How many of what is open.
    pub quantity: Qty,
    pub seen: Qty,
}

/// Cancels what is open of the lines, or a part of it. What was reserved to them becomes free once and goes to those who wait.
/// `refunded`: the money went back today.
pub fn cancel(store: &mut Store, act: Act, lines: &[CancelLine], reason: &str, refunded: bool) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let reason = said(reason, "The reason")?;
        let (mut cancelled, mut quantities): (Vec<OrderLine>, Vec<Qty>) = (Vec::new(), Vec::new());
        let mut orders: BTreeSet<OrderId> = BTreeSet::new();
        for wanted in lines {
            let line = fulfilment::order_line(tx, wanted.line)?;
            same(&format!("Open on {}", line.label()), wanted.seen, line.open())?;
            if !line.open().is_positive() {
                return Err(Failure::refused(format!("Nothing is open on {}: it cannot be cancelled.", line.label())));
            }
            if !wanted.quantity.is_positive() || wanted.quantity > line.open() {
                let (open, label) = (line.open(), line.label());
                return Err(Failure::refused(format!(
                    "{open} are open on {label}: {} cannot be cancelled.",
                    wanted.quantity
                )));
            }
            fulfilment::cancel(tx, &line, wanted.quantity, reason)?;
            quantities.push(wanted.quantity);
            orders.insert(OrderId(line.order_id));
            cancelled.push(line);
        }
        let Some(first) = cancelled.first() else {
            return Err(Failure::refused("Mark at least one line to cancel."));
        };
        if refunded {
            let (terms, today) = (Terms::of(&Settings::load(tx)?), tx.act().today);
            for owed in owed(tx, &terms)?.iter().filter(|r| orders.contains(&r.order)) {
                refunds::pay_back(tx, owed.order, today, owed.amount.filter(|a| !a.is_zero()), true, None)?;
            }
        }
        let about = match cancelled.len() {
            1 => {
                let quantity = quantities.first().copied().unwrap_or_default();
                format!("{quantity} {} of {}", first.item_name, first.order)
            }
            n => format!("{n} lines"),
        };
        let money = if refunded { ", money paid back" } else { "" };
        tx.summarise(format!("cancelled {about} for {}: {reason}{money}", first.customer));
        Ok(())
    })
}

/// Gives the lines a turn, as one operation.
pub fn set_turn(store: &mut Store, act: Act, lines: &[LineId], turn: Turn) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let stored = Some(turn.protection().name()).filter(|_| turn.protection() != Protection::Normal);
        let mut labels = Vec::new();
        for line in lines {
            let line = fulfilment::order_line(tx, *line)?;
            fulfilment::set_turn(tx, &line, turn.rank(), stored)?;
            labels.push(line.label());
        }
        let about = if labels.len() > 2 { format!("{} lines", labels.len()) } else { labels.join(", ") };
        let what = match turn {
            Turn::Computed => "its turn is the usual one again",
            Turn::First => "comes first",
            Turn::Protected => "keeps what it has",
            Turn::Yields => "lets the others go first",
        };
        tx.summarise(format!("{about}: {what}"));
        Ok(())
    })
}

/// Puts customers off until a day, with the reason; they come back by themselves. Refused where a law acts before.
pub fn put_off(store: &mut Store, act: Act, who: &[CustomerId], until: NaiveDate, reason: &str) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let reason = said(reason, "The reason")?;
        let today = tx.act().today;
        if until <= today {
            return Err(Failure::refused("Name a day after today: until then the row is out of the list."));
        }
        let board = backorders::load(tx, &Terms::of(&Settings::load(tx)?), today)?;
        let mut names = Vec::new();
        for id in who {
            let row = board.customers.iter().find(|r| r.customer == *id);
            let Some(row) = row else {
                return Err(Failure::refused("This customer waits for nothing any more. Read the list again (F5)."));
            };
            if let Some(why) = no_later(row, until, today) {
                return Err(Failure::refused(why));
            }
            fulfilment::put_off(tx, "customer", id.0, until, reason)?;
            names.push(row.name.clone());
        }
        let about = if names.len() > 1 { format!("{} customers", names.len()) } else { names.join("") };
        tx.summarise(format!("put off {about}: {reason}; it comes back on {}", dates::short(until, today)));
        Ok(())
    })
}

/// Why a customer cannot be put off until that day; none where nothing is in the way: an order that is lost waits for
/// nobody, and what a law asks for by a day, about any line of the customer, cannot be put off beyond it.
pub fn no_later(row: &CustomerRow, until: NaiveDate, today: NaiveDate) -> Option<String> {
    if row.action == Action::CancelAndRefund {
        return Some(format!("{} is owed a refund: this cannot be put off. Cancel it with x.", row.name));
    }
    let (rule, by) = row.law_by?;
    let law = match rule {
        Rule::Us => "the US rule",
        Rule::Uk => "the law in the UK",
        _ => "the law in the EU",
    };
    if by <= today {
        return Some(format!("{} must hear from us today: {law} does not wait. Contact them with c.", row.name));
    }
    (until > by).then(|| format!("{law} asks for this by {}: it can be put off until then.", dates::full(by, today)))
}
