//! Asking suppliers where the goods are, step by step, recording what they answer, and the note on a supplier.

use super::perform;
use super::purchasing::life::{dated_line, name_day, open_line};
use super::purchasing::telling::{self, Told};
use super::stock::{said, same};
use crate::domain::chase::Step;
use crate::domain::dates;
use crate::domain::ids::{PoId, PoLineId, SupplierId};
use crate::domain::purchase::PoState;
use crate::store::chasing::{self, Said};
use crate::store::{Act, Done, Failure, Result, Store, fulfilment, po, purchases};
use chrono::NaiveDate;

/// Asked about some POs of one supplier, in one talk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Question {
    pub pos: Vec<PoId>,
    /// The rung of the ladder; none: asked out of turn.
    pub step: Option<Step>,
    pub told: Told,
}

/// Keeps that a supplier was asked, and queues the mail: a row for each PO. The next step is due on the day that was
/// named, else after the days within which an answer is expected.
pub fn ask(store: &mut Store, act: Act, question: &Question) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let mut orders = Vec::new();
        for id in &question.pos {
            let order = po::find(tx, *id)?.ok_or_else(gone)?;
            if order.state == PoState::Draft {
                let why = format!("{} was not sent yet: send it first (s), then ask.", order.code);
                return Err(Failure::refused(why));
            }
            if order.state.is_over() {
                return Err(Failure::refused(format!("{} is over: nothing more is to come of it.", order.code)));
            }
            orders.push(order);
        }
        let Some(first) = orders.first() else {
            return Err(Failure::refused("Choose the order that you ask about."));
        };
        if orders.iter().any(|o| o.supplier != first.supplier) {
            return Err(Failure::refused("These orders are with several suppliers: ask one at a time."));
        }
        let step = question.step.unwrap_or(Step::Overdue);
        let mailed = telling::tell(tx, &orders.iter().collect::<Vec<_>>(), step.name(), &question.told, None)?;
        let codes: Vec<&str> = orders.iter().map(|o| o.code.as_str()).collect();
        let verb = if step == Step::Remind { "reminded" } else { "asked" };
        tx.summarise(format!("{verb} {} about {}{mailed}", first.supplier_name, codes.join(", ")));
        Ok(())
    })
}

/// A line as the person saw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    pub line: PoLineId,
    pub expected_on: Option<NaiveDate>,
}

/// What a supplier answered about lines of one PO.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answer {
    pub lines: Vec<Seen>,
    /// The date he named; none: he knows none, or the answer was another.
    pub day: Option<NaiveDate>,
    /// Who said so, how, or what else was said.
    pub words: String,
    pub channel: String,
}

/// Keeps an answer, and with a day the lines are expected then. The first confirmed day stays for the score: a line
/// that was never confirmed takes the day as its first, unless its date was missed already, which then stays the one
/// that is scored.
pub fn answer(store: &mut Store, act: Act, answer: &Answer) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let words = text(&answer.words);
        if answer.day.is_none() && words.is_none() {
            return Err(Failure::refused("Type the date that they named, or what they said."));
        }
        let today = tx.act().today;
        if let Some(day) = answer.day.filter(|day| *day < today) {
            return Err(Failure::refused(format!("{day} is past. Give the day on which the goods are expected now.")));
        }
        let mut lines = Vec::new();
        for seen in &answer.lines {
            lines.push(match answer.day {
                Some(day) => dated_line(tx, seen.line, seen.expected_on, day)?,
                None => open_line(tx, seen.line)?,
            });
        }
        let Some((order, first)) = lines.first() else {
            return Err(Failure::refused("Choose the line that the answer is about."));
        };
        if lines.iter().any(|(other, _)| other.id != order.id) {
            return Err(Failure::refused("These lines are on several orders: one answer, one order."));
        }
        if let Some(day) = answer.day {
            for (_, line) in &lines {
                name_day(tx, line, day, words)?;
            }
            if order.confirmed_on.is_none() {
                purchases::set_status(tx, order.id, "confirmed", None, Some(today))?;
            }
        }
        let said = Said {
            channel: text(&answer.channel),
            answer: words.or(Some("new date")),
            new_date: answer.day,
            ..Said::default()
        };
        chasing::add(tx, order.id, &said)?;
        let what = match lines.len() {
            1 => format!("{} {}", first.open(), first.item_name),
            several => format!("{several} lines"),
        };
        tx.summarise(match answer.day {
            Some(day) => format!("{what} on {} now come {}", order.code, dates::full(day, today)),
            None => format!("{} answered about {}: {}", order.supplier_name, order.code, words.unwrap_or_default()),
        });
        Ok(())
    })
}

/// Puts a supplier off until a day, with the reason; it comes back by itself.
pub fn put_off(store: &mut Store, act: Act, supplier: SupplierId, until: NaiveDate, reason: &str) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let reason = said(reason, "The reason")?;
        let today = tx.act().today;
        if until <= today {
            return Err(Failure::refused("Name a day after today: until then the row is out of the list."));
        }
        let name = fulfilment::name_of(tx, "supplier", supplier.0)?
            .ok_or_else(|| Failure::refused("This is no longer in the file. Read the list again (F5)."))?;
        fulfilment::put_off(tx, "supplier", supplier.0, until, reason)?;
        tx.summarise(format!("put off {name}: {reason}; it comes back on {}", dates::short(until, today)));
        Ok(())
    })
}

/// Puts a note on a supplier, in place of the one that was `seen`; an empty one removes it.
pub fn note(store: &mut Store, act: Act, supplier: SupplierId, seen: &str, words: &str) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let (name, now) = chasing::supplier_note(tx, supplier)?
            .ok_or_else(|| Failure::refused("That supplier is not there any more. Read the list again (F5)."))?;
        let now = now.unwrap_or_default();
        same(&format!("The note on {name}"), seen.trim().to_string(), now.trim().to_string())?;
        let words = words.trim();
        if words == now.trim() {
            return Ok(());
        }
        chasing::set_note(tx, supplier, text(words))?;
        tx.summarise(if words.is_empty() {
            format!("removed the note on {name}")
        } else {
            format!("{name}, note: {words}")
        });
        Ok(())
    })
}

fn text(words: &str) -> Option<&str> {
    Some(words.trim()).filter(|w| !w.is_empty())
}

fn gone() -> Failure {
    Failure::refused("That purchase order is not there any more. Read the list again (F5).")
}
