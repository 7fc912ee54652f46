//! What becomes of a PO: sent, confirmed line by line with date and price, given another date, ended before all came.

use super::super::chasing::Seen;
use super::super::perform;
use super::super::stock::same;
use super::telling::{self, Told};
use super::{gone, may_order, whole, with_warnings};
use crate::domain::dates;
use crate::domain::ids::{PoId, PoLineId};
use crate::domain::money::Money;
use crate::domain::purchase::{EndedBy, PoState, SaidBy};
use crate::domain::quantity::Qty;
use crate::store::chasing::{self, Said};
use crate::store::po::{self, Po, PoItem};
use crate::store::{Act, Done, Failure, Result, Store, Tx, purchases};
use chrono::NaiveDate;

/// A PO goes to the supplier: a draft becomes sent, ordered today. From now on it is supply with a date. By mail it is
/// queued in the same transaction; otherwise a person says or sends it, and this is the record.
pub fn send(store: &mut Store, act: Act, po: PoId, told: &Told) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let order = whole(tx, po)?;
        if order.state != PoState::Draft {
            return Err(Failure::refused(format!("{} was sent already. New lines go on a new PO.", order.code)));
        }
        if order.lines.is_empty() {
            return Err(Failure::refused(format!("{} has no lines. Put something on it first.", order.code)));
        }
        let warnings: Vec<String> = may_order(tx, order.supplier)?.into_iter().collect();
        let today = tx.act().today;
        purchases::set_status(tx, po, "sent", Some(today), None)?;
        po::set_sent_how(tx, po, told.how.name())?;
        let mailed = telling::tell(tx, &[&order], "order", told, None)?;
        for line in &order.lines {
            tx.touch(line.item);
        }
        let lines = if order.lines.len() == 1 { "1 line".into() } else { format!("{} lines", order.lines.len()) };
        let summary = format!("sent {} to {}: {lines}{mailed}", order.code, order.supplier_name);
        tx.summarise(with_warnings(summary, &warnings));
        Ok(())
    })
}

/// What the supplier confirmed of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConfirmedLine {
    pub line: PoLineId,
    /// The date expected, as the person saw it.
    pub seen: Option<NaiveDate>,
    pub day: NaiveDate,
    /// His price of a unit; none: as ordered.
    pub cost: Option<Money>,
}

/// What the supplier confirmed of a PO, in one answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Confirmation {
    pub lines: Vec<ConfirmedLine>,
    /// Who said so, or what else was said.
    pub words: String,
    pub channel: String,
}

/// Keeps a confirmation. The first confirmed day of a line stays for the score; a later one only moves the date expected
/// now. Another price is agreed from now on, and the one that we ordered at stays beside it.
pub fn confirm(store: &mut Store, act: Act, confirmation: &Confirmation) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let mut lines = Vec::new();
        for said in &confirmation.lines {
            lines.push((*said, dated_line(tx, said.line, said.seen, said.day)?));
        }
        let Some((first, (order, item))) = lines.first() else {
            return Err(Failure::refused("Name a day for at least one line."));
        };
        if lines.iter().any(|(_, (other, _))| other.id != order.id) {
            return Err(Failure::refused("These lines are on several orders: one answer, one order."));
        }
        let words = text(&confirmation.words);
        let mut dearer = Vec::new();
        for (said, (_, line)) in &lines {
            name_day(tx, line, said.day, words)?;
            if let Some(cost) = said.cost.filter(|cost| Some(*cost) != line.cost) {
                po::agree_price(tx, line, cost)?;
                let was = line.cost.map_or("no price".to_string(), |c| c.to_string());
                dearer.push(format!("{} at {cost}, not {was}", line.item_name));
            }
        }
        let today = tx.act().today;
        let answered = order.confirmed_on.is_none().then_some(today);
        purchases::set_status(tx, order.id, "confirmed", None, answered)?;
        let day = lines.iter().map(|(said, _)| said.day).max();
        let said = Said {
            channel: text(&confirmation.channel),
            answer: words.or(Some("confirmed")),
            new_date: day,
            ..Said::default()
        };
        chasing::add(tx, order.id, &said)?;
        let what = match lines.len() {
            1 => format!("{} {}", item.open(), item.item_name),
            n => format!("{n} lines"),
        };
        let day = dates::full(first.day, today);
        let mut summary = format!("{} confirmed {what} on {} for {day}", order.supplier_name, order.code);
        for price in dearer.iter().take(2) {
            summary = format!("{summary}; {price}");
        }
        tx.summarise(summary);
        Ok(())
    })
}

/// The line and its PO, if a day may be named for it: sent, open, the day ahead, and nothing changed meanwhile.
pub(in crate::ops) fn dated_line(
    tx: &Tx,
    line: PoLineId,
    seen: Option<NaiveDate>,
    day: NaiveDate,
) -> Result<(Po, PoItem)> {
    let (order, item) = open_line(tx, line)?;
    let shown = |d: Option<NaiveDate>| d.map_or("blank".to_string(), dates::long);
    same(&format!("The date of {} on {}", item.item_name, order.code), shown(seen), shown(item.expected_on))?;
    if day < tx.act().today {
        return Err(Failure::refused(format!(
            "{} is past. Give the day on which the goods are expected now.",
            dates::long(day)
        )));
    }
    Ok((order, item))
}

/// A line with goods to come of a PO that was sent.
pub(in crate::ops) fn open_line(tx: &Tx, line: PoLineId) -> Result<(Po, PoItem)> {
    let of = purchases::line(tx, line)?.ok_or_else(gone)?.po;
    let order = whole(tx, of)?;
    let item = order.lines.iter().find(|l| l.id == line).cloned().ok_or_else(gone)?;
    if order.state == PoState::Draft {
        let why = format!("{} is a draft. Send it first (s), then the supplier can name a day.", order.code);
        return Err(Failure::refused(why));
    }
    if order.state.is_over() || !item.open().is_positive() {
        return Err(Failure::refused(format!("Nothing more is to come of {} on {}.", item.item_name, order.code)));
    }
    Ok((order, item))
}

/// The supplier named a day for a line. One that was never confirmed takes it as its first, unless its date was missed
/// already, which then stays the one that is scored.
pub(in crate::ops) fn name_day(tx: &mut Tx, line: &PoItem, day: NaiveDate, reason: Option<&str>) -> Result<()> {
    let today = tx.act().today;
    let missed = line.expected_on.filter(|was| *was < today);
    po::say_date(tx, line, day, Some(missed.unwrap_or(day)), (SaidBy::Supplier, reason))
}

/// Another day for lines of a PO by our own word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Redating {
    pub lines: Vec<Seen>,
    pub day: NaiveDate,
    pub reason: String,
    /// He is asked for it; none: we only expect it.
    pub told: Option<Told>,
}

/// Expects goods on another day without the supplier's word. Where he was asked for it and it is later, he is judged by
/// it from now on; what we only expect changes nothing that he is judged by.
pub fn redate(store: &mut Store, act: Act, redating: &Redating) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let mut lines = Vec::new();
        for seen in &redating.lines {
            lines.push(dated_line(tx, seen.line, seen.expected_on, redating.day)?);
        }
        let Some((order, first)) = lines.first() else {
            return Err(Failure::refused("Choose the line that is to come on another day."));
        };
        if lines.iter().any(|(other, _)| other.id != order.id) {
            return Err(Failure::refused("These lines are on several orders: one order at a time."));
        }
        let reason = text(&redating.reason);
        if redating.told.is_none() && reason.is_none() {
            return Err(Failure::refused("Say why you expect it then: the next person will want to know."));
        }
        let by = if redating.told.is_some() { SaidBy::Asked } else { SaidBy::Expected };
        for (_, line) in &lines {
            po::say_date(tx, line, redating.day, None, (by, reason))?;
        }
        let day = dates::full(redating.day, tx.act().today);
        let what = match lines.len() {
            1 => format!("{} {}", first.open(), first.item_name),
            n => format!("{n} lines"),
        };
        let Some(told) = &redating.told else {
            tx.summarise(format!("{what} on {} are expected {day}, by our own word", order.code));
            return Ok(());
        };
        let mailed = telling::tell(tx, &[order], "confirm", told, Some(&format!("on {day}?")))?;
        tx.summarise(format!("asked {} for {what} on {} {day}{mailed}", order.supplier_name, order.code));
        Ok(())
    })
}

/// A PO that was sent goes out once more: nothing changes but that it was said again.
pub fn send_again(store: &mut Store, act: Act, po: PoId, told: &Told) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let order = whole(tx, po)?;
        if order.state == PoState::Draft || order.state.is_over() {
            return Err(Failure::refused(format!(
                "{} is {}: there is nothing to send again.",
                order.code,
                order.state.word()
            )));
        }
        let mailed = telling::tell(tx, &[&order], "order", told, Some("once more"))?;
        tx.summarise(format!("sent {} to {} once more{mailed}", order.code, order.supplier_name));
        Ok(())
    })
}

/// What is ended of a PO before all came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ending {
    pub po: PoId,
    /// The lines, with what was open on them as the person saw it.
    pub lines: Vec<(PoLineId, Qty)>,
    pub by: EndedBy,
    pub reason: String,
    /// What the supplier is told; none: nothing, or by other means.
    pub told: Option<Told>,
}

/// Ends lines. Cancelled by us, what had not come is not owed any more; closed short by them, it stays owed and the line
/// was not in full. A line of a draft disappears, as nobody was asked for it, and an empty draft with it.
pub fn end(store: &mut Store, act: Act, ending: &Ending) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let order = whole(tx, ending.po)?;
        let mut lines = Vec::new();
        for (line, seen) in &ending.lines {
            let item = order.lines.iter().find(|l| l.id == *line).ok_or_else(gone)?;
            same(&format!("Open of {} on {}", item.item_name, order.code), *seen, item.open())?;
            if !item.open().is_positive() || order.state.is_over() {
                let why = format!("Nothing more is to come of {} on {}.", item.item_name, order.code);
                return Err(Failure::refused(why));
            }
            lines.push(item);
        }
        let Some(first) = lines.first() else {
            return Err(Failure::refused("Choose the line that ends."));
        };
        let what = match lines.len() {
            1 => format!("{} {}", first.open(), first.item_name),
            n => format!("{n} lines"),
        };
        if order.state == PoState::Draft {
            return drop_lines(tx, &order, &lines, &what);
        }
        let reason = text(&ending.reason);
        if ending.by == EndedBy::Supplier && reason.is_none() {
            return Err(Failure::refused("Say what they said: why nothing more comes."));
        }
        for line in &lines {
            po::end_line(tx, line, ending.by, reason)?;
        }
        let after = whole(tx, ending.po)?;
        if after.lines.iter().all(|l| l.open().is_zero()) {
            let came = after.lines.iter().any(|l| l.received.is_positive() || l.quantity > l.cancelled);
            purchases::set_status(tx, order.id, if came { "closed" } else { "cancelled" }, None, None)?;
        }
        let mut mailed = String::new();
        if let Some(told) = &ending.told {
            mailed = telling::tell(tx, &[&order], "cancel", told, None)?;
        }
        tx.summarise(match ending.by {
            EndedBy::Us => format!("cancelled {what} on {}{mailed}", order.code),
            EndedBy::Supplier => {
                let why = reason.unwrap_or_default();
                format!("{} closed {what} on {} short: {why}{mailed}", order.supplier_name, order.code)
            }
        });
        Ok(())
    })
}

fn drop_lines(tx: &mut Tx, order: &Po, lines: &[&PoItem], what: &str) -> Result<()> {
    for line in lines {
        tx.delete("po_line", line.id.0)?;
        tx.touch(line.item);
    }
    if lines.len() < order.lines.len() {
        tx.summarise(format!("took {what} off {}", order.code));
        return Ok(());
    }
    if chasing::was_spoken_of(tx, order.id)? {
        purchases::set_status(tx, order.id, "cancelled", None, None)?; // its history points at it
    } else {
        tx.delete("purchase_order", order.id.0)?;
    }
    tx.summarise(format!("threw away the draft {} for {}", order.code, order.supplier_name));
    Ok(())
}

fn text(words: &str) -> Option<&str> {
    Some(words.trim()).filter(|w| !w.is_empty())
}
