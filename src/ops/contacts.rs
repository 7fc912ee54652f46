//! Recording talks with customers, answers, new dates, and what is put off.

use super::perform;
use super::stock::{said, same};
use crate::domain::delay::{Answer, Message, Outcome};
use crate::domain::ids::{CustomerId, ItemId, LineId, SupplierId};
use crate::domain::money::Money;
use crate::store::fulfilment::{self, Contact, OrderLine};
use crate::store::{Act, Done, Failure, Result, Store, Tx};
use chrono::{NaiveDate, NaiveDateTime};

/// One talk with one customer, about some of his lines.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Talk {
    pub lines: Vec<LineId>,
    /// phone, mail, letter, ...
    pub channel: Option<String>,
    /// What kind of word it was; `None`: a talk that is no notice.
    pub message: Option<Message>,
    /// The date that was said to the customer.
    pub quoted_for: Option<NaiveDate>,
    /// Whether he was told that he may cancel; `None` counts as yes.
    pub offered_cancel: Option<bool>,
    pub outcome: Option<Outcome>,
    pub answer: Option<Answer>,
    pub offer: Option<String>,
    pub offer_cost: Option<Money>,
    pub note: Option<String>,
    /// The exact words.
    pub words: Option<String>,
    /// The number or address used.
    pub address: Option<String>,
    pub seconds: Option<i64>,
    /// When to try again.
    pub follow_up_at: Option<NaiveDateTime>,
}

/// Keeps a talk: one row for each line, never changed afterwards. An answer is a talk too: a row of its own.
/// Quoting a date is not a promise; [`promise`] is.
pub fn log(store: &mut Store, act: Act, talk: &Talk) -> Result<Done<()>> {
    perform(store, act, |tx| keep(tx, talk))
}

/// Keeps a talk and makes the date that was said the promise of its lines, in one operation.
pub fn log_and_promise(store: &mut Store, act: Act, talk: &Talk, date: NaiveDate, reason: &str) -> Result<Done<()>> {
    perform(store, act, |tx| {
        keep(tx, talk)?;
        for line in lines_of(tx, &talk.lines)? {
            promise_one(tx, &line, date, said(reason, "The reason")?)?;
        }
        Ok(())
    })
}

fn lines_of(tx: &Tx, lines: &[LineId]) -> Result<Vec<OrderLine>> {
    lines.iter().map(|line| fulfilment::order_line(tx, *line)).collect()
}

fn keep(tx: &mut Tx, talk: &Talk) -> Result<()> {
    let lines = lines_of(tx, &talk.lines)?;
    let Some(first) = lines.first() else {
        return Err(Failure::refused("Mark at least one line that the talk was about."));
    };
    if lines.iter().any(|l| l.customer_id != first.customer_id) {
        return Err(Failure::refused("These lines belong to several customers: one talk, one customer."));
    }
    let today = tx.act().today;
    if let Some(date) = talk.quoted_for.filter(|d| *d < today) {
        return Err(Failure::refused(format!("{date} has passed: a date that is said to a customer lies ahead.")));
    }
    fn text(field: &Option<String>) -> Option<&str> {
        field.as_deref().map(str::trim).filter(|t| !t.is_empty())
    }
    let contact = Contact {
        channel: text(&talk.channel),
        message: talk.message.map(Message::name),
        quoted_for: talk.quoted_for,
        offered_cancel: talk.offered_cancel,
        outcome: talk.outcome.map(Outcome::name),
        answer: talk.answer.map(Answer::name),
        answered_on: None,
        offer: text(&talk.offer),
        offer_cost: talk.offer_cost.map(Money::ten_thousandths),
        note: text(&talk.note),
        words: text(&talk.words),
        address: text(&talk.address),
        seconds: talk.seconds,
        follow_up_at: talk.follow_up_at,
        ..Contact::default()
    };
    for line in &lines {
        fulfilment::contact(tx, line, &contact)?;
    }
    let about = if lines.len() == 1 { first.label() } else { format!("{} lines", lines.len()) };
    let what = match (talk.answer, talk.outcome) {
        (Some(Answer::Consent), _) => "agrees".to_string(),
        (Some(Answer::Cancel), _) => "cancels".to_string(),
        (_, Some(Outcome::NoAnswer)) => "no answer".to_string(),
        _ => talk.quoted_for.map_or("told".to_string(), |d| format!("told {d}")),
    };
    tx.summarise(format!("{}, {about}: {what}", first.customer));
    Ok(())
}

/// A new date for a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewDate {
    pub line: LineId,
    /// The promise as the person saw it.
    pub seen: Option<NaiveDate>,
    pub date: NaiveDate,
}

/// Promises new dates, with the reason. The former promises stay on record.
pub fn promise(store: &mut Store, act: Act, dates: &[NewDate], reason: &str) -> Result<Done<()>> {
    if dates.is_empty() {
        return Err(Failure::refused("Mark at least one line for the new date."));
    }
    perform(store, act, |tx| {
        let reason = said(reason, "The reason")?;
        for wanted in dates {
            let line = fulfilment::order_line(tx, wanted.line)?;
            let shown = |d: Option<NaiveDate>| d.map_or("blank".to_string(), |d| d.to_string());
            same(&format!("The promise of {}", line.label()), shown(wanted.seen), shown(line.promise))?;
            promise_one(tx, &line, wanted.date, reason)?;
        }
        Ok(())
    })
}

fn promise_one(tx: &mut Tx, line: &OrderLine, date: NaiveDate, reason: &str) -> Result<()> {
    let today = tx.act().today;
    if date < today {
        return Err(Failure::refused(format!("{date} has passed: a promise lies ahead.")));
    }
    if !line.open().is_positive() {
        return Err(Failure::refused(format!("Nothing is open on {}: there is nothing to promise.", line.label())));
    }
    if line.promise == Some(date) {
        return Ok(());
    }
    fulfilment::promise(tx, line, date, reason)?;
    let was = line.promise.map_or(String::new(), |d| format!(" (was {d})"));
    tx.summarise(format!("{}, {}: new date {date}{was}", line.customer, line.label()));
    Ok(())
}

/// What can be put off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    Customer(CustomerId),
    Item(ItemId),
    Supplier(SupplierId),
}

/// Puts something off until a date, with the reason; it comes back by itself.
pub fn later(store: &mut Store, act: Act, subject: Subject, until: NaiveDate, reason: &str) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let reason = said(reason, "The reason")?;
        if until <= tx.act().today {
            return Err(Failure::refused("Name a day after today."));
        }
        let (kind, id) = match subject {
            Subject::Customer(id) => ("customer", id.0),
            Subject::Item(id) => ("item", id.0),
            Subject::Supplier(id) => ("supplier", id.0),
        };
        let name = fulfilment::name_of(tx, kind, id)?
            .ok_or_else(|| Failure::refused("This is no longer in the file. Read the list again (F5)."))?;
        fulfilment::put_off(tx, kind, id, until, reason)?;
        tx.summarise(format!("{name} comes back on {until}: {reason}"));
        Ok(())
    })
}
