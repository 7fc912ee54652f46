//! What is done from the list of those who wait, about several lines at once and as one operation each.

use super::settings::Settings;
use super::stock::{said, same};
use super::views::backorders::{self, CustomerRow, Terms};
use super::views::refunds::owed;
use super::{perform, shipping};
use crate::domain::allocation::{Protection, Turn};
use crate::domain::dates;
use crate::domain::delay::{Action, Answer, Message, Outcome, Rule};
use crate::domain::ids::{CustomerId, LineId, OrderId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::store::fulfilment::{self, Contact, OrderLine};
use crate::store::{Act, Done, Failure, Result, Store, Tx, customers, refunds};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::BTreeSet;

pub use super::acting::{Payment, Split, Swap, Yes};
pub use shipping::{Parcel, Sending, ship};

/// A line that a talk was about, with what was said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TalkLine {
    pub line: LineId,
    /// What kind of word it was; none: a talk that is no notice.
    pub message: Option<Message>,
    /// The date that was said.
    pub quoted_for: Option<NaiveDate>,
    /// How many talks about it were on file when the person began.
    pub seen_contacts: usize,
}

/// One talk, or the same message to several customers.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Talk {
    pub lines: Vec<TalkLine>,
    pub channel: Option<String>,
    pub offered_cancel: Option<bool>,
    pub outcome: Option<Outcome>,
    pub answer: Option<Answer>,
    /// The day of the answer; none: today.
    pub answered_on: Option<NaiveDate>,
    pub offer: Option<String>,
    pub offer_cost: Option<Money>,
    pub note: Option<String>,
    pub words: Option<String>,
    pub address: Option<String>,
    pub follow_up_at: Option<NaiveDateTime>,
    /// A date that the customer set: it becomes the promise of the lines, with this reason.
    pub promise: Option<(NaiveDate, String)>,
    /// The day on which the customer is to hear again, for the notice.
    pub comes_back: Option<NaiveDate>,
}

/// Keeps a talk: one row for each line, never changed afterwards.
///
/// Refused where nothing is marked, where the date said has passed, or where somebody else talked about one of the
/// lines since the person began.
pub fn talk(store: &mut Store, act: Act, talk: &Talk) -> Result<Done<()>> {
    if let Some(day) = talk.answered_on.filter(|day| *day > act.today) {
        let day = dates::full(day, act.today);
        return Err(Failure::refused(format!("{day} is yet to come: an answer was given today or before.")));
    }
    perform(store, act, |tx| {
        let mut lines = Vec::new();
        for about in &talk.lines {
            let line = fulfilment::order_line(tx, about.line)?;
            keep(tx, talk, about, &line)?;
            lines.push(line);
        }
        let Some(first) = lines.first() else {
            return Err(Failure::refused("Mark at least one line that the talk is about."));
        };
        let summary = told(talk, first, &lines, tx.act().today);
        tx.summarise(summary);
        Ok(())
    })
}

fn keep(tx: &mut Tx, talk: &Talk, about: &TalkLine, line: &OrderLine) -> Result<()> {
    let today = tx.act().today;
    if let Some(date) = about.quoted_for.filter(|d| *d < today) {
        return Err(Failure::refused(format!(
            "{} has passed: say a date that lies ahead, or none.",
            dates::full(date, today)
        )));
    }
    let on_file = customers::contacts_about(tx, OrderId(line.order_id), line.id)?;
    if on_file != about.seen_contacts {
        return Err(Failure::refused(format!(
            "Somebody else talked with {} about {} in the meantime. Go back (Esc), read what was said, and call again.",
            line.customer,
            line.label()
        )));
    }
    fn text(field: &Option<String>) -> Option<&str> {
        field.as_deref().map(str::trim).filter(|t| !t.is_empty())
    }
    let contact = Contact {
        channel: text(&talk.channel),
        message: about.message.map(Message::name),
        quoted_for: about.quoted_for,
        offered_cancel: talk.offered_cancel,
        outcome: talk.outcome.map(Outcome::name),
        answer: talk.answer.map(Answer::name),
        answered_on: talk.answered_on,
        offer: text(&talk.offer),
        offer_cost: talk.offer_cost.map(Money::ten_thousandths),
        note: text(&talk.note),
        words: text(&talk.words),
        address: text(&talk.address),
        seconds: None,
        follow_up_at: talk.follow_up_at,
    };
    fulfilment::contact(tx, line, &contact)?;
    if let Some((date, reason)) = &talk.promise {
        promise_one(tx, line, *date, reason)?;
    }
    Ok(())
}

fn told(talk: &Talk, first: &OrderLine, lines: &[OrderLine], today: NaiveDate) -> String {
    let customers = {
        let mut ids: Vec<i64> = lines.iter().map(|l| l.customer_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    };
    let who = if customers == 1 { first.customer.clone() } else { format!("{customers} customers") };
    let about = if lines.len() == 1 { first.label() } else { format!("{} lines", lines.len()) };
    let quoted = talk.lines.iter().find_map(|l| l.quoted_for).map(|d| dates::short(d, today));
    let what = match (talk.answer, talk.outcome, &talk.promise) {
        (Some(Answer::Cancel), ..) => return format!("{who} cancels {about}; cancel the goods with x"),
        (.., Some((date, _))) => format!("{who} wants {about} by {}", dates::short(*date, today)),
        (Some(Answer::Consent), ..) => match quoted {
            Some(date) => format!("{who} agrees to {date}, {about}"),
            None => format!("{who} agrees to wait, {about}"),
        },
        (_, Some(Outcome::NoAnswer | Outcome::Unknown | Outcome::Bounced | Outcome::Refused), _) => {
            let next = talk.follow_up_at.map_or(String::new(), |at| {
                format!("; try again {} {}", dates::short(at.date(), today), at.format("%H:%M"))
            });
            let word = talk.outcome.map_or("", Outcome::name).replace('_', " ");
            return format!("tried {who} about {about}: {word}{next}");
        }
        _ => format!("told {who} about {about}"),
    };
    match talk.comes_back {
        Some(day) => format!("{what}; it comes back on {}", dates::short(day, today)),
        None => what,
    }
}

/// A new date for a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewDate {
    pub line: LineId,
    pub date: NaiveDate,
}

/// Promises new dates, with the reason. The former promises stay on record. A date in the past is refused.
pub fn promise(store: &mut Store, act: Act, dates: &[NewDate], reason: &str) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let reason = said(reason, "The reason")?;
        let today = tx.act().today;
        let mut lines = Vec::new();
        for wanted in dates {
            let line = fulfilment::order_line(tx, wanted.line)?;
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

fn promise_one(tx: &mut Tx, line: &OrderLine, date: NaiveDate, reason: &str) -> Result<()> {
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
            Turn::Computed => "its turn is as computed",
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
