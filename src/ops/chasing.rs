//! Asking suppliers where the goods are, recording what they answer, and the note on a supplier.

use super::perform;
use super::stock::{said, same};
use crate::domain::dates;
use crate::domain::ids::{PoId, PoLineId, SupplierId};
use crate::store::chasing::{self, OpenPoLine, Said};
use crate::store::{Act, Done, Failure, Result, Store, Tx, fulfilment, purchases};
use chrono::NaiveDate;

/// Asked about some POs of one supplier, in one talk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Question {
    pub pos: Vec<PoId>,
    /// phone, mail, ...
    pub channel: String,
    pub note: String,
}

/// Keeps that a supplier was asked: a row for each PO.
pub fn ask(store: &mut Store, act: Act, question: &Question) -> Result<Done<()>> {
    perform(store, act, |tx| {
        if question.pos.is_empty() {
            return Err(Failure::refused("Choose the order that you ask about."));
        }
        let said = Said { channel: text(&question.channel), note: text(&question.note), ..Said::default() };
        let (mut codes, mut supplier) = (Vec::new(), String::new());
        for po in &question.pos {
            let head = purchases::head(tx, *po)?.ok_or_else(gone)?;
            if head.is_draft() {
                let why = format!("{} was not sent yet: send it first (s), then ask.", head.code);
                return Err(Failure::refused(why));
            }
            if head.is_over() {
                return Err(Failure::refused(format!("{} is over: nothing more is to come of it.", head.code)));
            }
            chasing::add(tx, *po, &said)?;
            codes.push(head.code);
            supplier = head.supplier_name;
        }
        tx.summarise(format!("asked {supplier} about {}", codes.join(", ")));
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
        let lines = seen(tx, &answer.lines)?;
        let Some(first) = lines.first() else {
            return Err(Failure::refused("Choose the line that the answer is about."));
        };
        if lines.iter().any(|l| l.po != first.po) {
            return Err(Failure::refused("These lines are on several orders: one answer, one order."));
        }
        if let Some(day) = answer.day {
            for line in &lines {
                redate(tx, line, day)?;
            }
            if !first.answered {
                purchases::set_status(tx, first.po, "confirmed", None, Some(today))?;
            }
        }
        let said = Said {
            channel: text(&answer.channel),
            answer: words.or(Some("new date")),
            new_date: answer.day,
            note: None,
        };
        chasing::add(tx, first.po, &said)?;
        let what = match lines.as_slice() {
            [one] => format!("{} {}", one.open, one.item_name),
            several => format!("{} lines", several.len()),
        };
        tx.summarise(match answer.day {
            Some(day) => format!("{what} on {} now come {day}", first.po_code),
            None => format!("{} answered about {}: {}", first.supplier_name, first.po_code, words.unwrap_or_default()),
        });
        Ok(())
    })
}

fn seen(tx: &Tx, lines: &[Seen]) -> Result<Vec<OpenPoLine>> {
    let shown = |d: Option<NaiveDate>| d.map_or("blank".to_string(), |d| d.to_string());
    let mut found = Vec::with_capacity(lines.len());
    for seen in lines {
        let line = chasing::open_po_line_of(tx, seen.line)?
            .ok_or_else(|| Failure::refused("Nothing more is to come of that line. Read the list again (F5)."))?;
        if line.draft {
            let why = format!("{} is a draft. Send it first (s), then the supplier can name a day.", line.po_code);
            return Err(Failure::refused(why));
        }
        same(
            &format!("The date of {} on {}", line.item_name, line.po_code),
            shown(seen.expected_on),
            shown(line.expected_on),
        )?;
        found.push(line);
    }
    Ok(found)
}

fn redate(tx: &mut Tx, line: &OpenPoLine, day: NaiveDate) -> Result<()> {
    let today = tx.act().today;
    let missed = line.expected_on.filter(|was| *was < today);
    let first = line.confirmed_for.is_none().then(|| missed.unwrap_or(day));
    purchases::set_dates(tx, line.po_line, day, first)?;
    tx.touch(line.item);
    Ok(())
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
