//! Taking an operation back: an operation of its own that points at the one it reverses. The journal is read
//! backwards; what was moved is moved back, what was said is withdrawn, cells get their former value, new rows go.
//!
//! - `words`  what that comes to, as a keeper says it

mod words;

use super::perform;
use crate::domain::ids::OperationId;
use crate::domain::people::Role;
use crate::store::outbox::{self as mails, State};
use crate::store::picking;
use crate::store::undo::builds_on::PlaceAfter;
use crate::store::undo::{self as record, Deed, Entry, Recorded, Way, builds_on, reversal};
use crate::store::{Act, Db, Done, Failure, Result, Store, Tx};
use chrono::NaiveDateTime;

/// A row of the list of what was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UndoRow {
    pub operation: OperationId,
    pub kind: String,
    /// "received 36 Konbu on PO-75".
    pub summary: String,
    /// Moment by the clock, ISO.
    pub at: String,
    pub operator: String,
    /// The operation that this one took back, where it is an undo.
    pub takes_back: Option<OperationId>,
    /// The operation that took this one back.
    pub taken_back_by: Option<OperationId>,
    /// Where the mail that it queued is.
    pub mail: Option<MailOf>,
}

/// A mail that an operation queued.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MailOf {
    /// It waits until then.
    Leaves(NaiveDateTime),
    /// It has left, or may have.
    Left,
}

/// What taking an operation back would do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preview {
    /// "put Chang in A1-04 back to 17"; "remove 31 orders and 58 order lines".
    pub summary: Vec<String>,
    /// Why it is not possible, as a sentence with what to do.
    pub blocked: Option<String>,
}

/// What was done, newest first.
pub fn list(db: &Db, limit: usize) -> Result<Vec<UndoRow>> {
    let rows = record::operations(db, i64::try_from(limit).unwrap_or(i64::MAX))?;
    let mut rows: Vec<UndoRow> = rows.into_iter().map(UndoRow::from).collect();
    let oldest = rows.last().map_or(OperationId(0), |r| r.operation);
    for (operation, state, due) in mails::of_operations_since(db, oldest)? {
        let leaves = matches!(state, State::Waiting | State::Claimed | State::Retry);
        if let Some(row) = rows.iter_mut().find(|r| r.operation == operation) {
            // Of several mails the one that has left counts.
            row.mail = match (row.mail, leaves) {
                (Some(MailOf::Left), _) | (_, false) => Some(MailOf::Left),
                (Some(MailOf::Leaves(first)), true) => Some(MailOf::Leaves(first.min(due))),
                (None, true) => Some(MailOf::Leaves(due)),
            };
        }
    }
    Ok(rows)
}

/// The newest operation that stands, of one operator where one is given.
pub fn last_undoable(db: &Db, operator: Option<&str>) -> Result<Option<OperationId>> {
    record::last_standing(db, operator)
}

/// What taking an operation back would do, and whether anything is in the way, whoever asks.
pub fn preview(db: &Db, operation: OperationId) -> Result<Preview> {
    preview_for(db, operation, None)
}

/// The same for this person: where roles count, what somebody else did is theirs to take back, or a lead's.
pub fn preview_for(db: &Db, operation: OperationId, operator: Option<&str>) -> Result<Preview> {
    let recorded = match find(db, operation) {
        Ok(recorded) => recorded,
        Err(Failure::Refused(why)) => {
            return Ok(Preview { summary: Vec::new(), blocked: Some(why.sentence().to_string()) });
        }
        Err(failure) => return Err(failure),
    };
    let entries = record::entries_backwards(db, operation)?;
    let mut why = operator.map(|o| anothers(db, &recorded, o)).transpose()?.flatten();
    if why.is_none() {
        why = blocked(db, &recorded, &entries)?;
    }
    Ok(Preview { summary: words::consequences(db, operation, &entries)?, blocked: why })
}

/// Takes an operation back. Refused where it is unknown, an undo itself, already taken back, or built upon.
pub fn undo(store: &mut Store, act: Act, operation: OperationId) -> Result<Done<()>> {
    let work = |tx: &mut Tx| {
        let recorded = find(tx, operation)?;
        let entries = record::entries_backwards(tx, operation)?;
        if let Some(why) = anothers(tx, &recorded, &tx.act().operator)? {
            return Err(Failure::refused(why));
        }
        if let Some(why) = blocked(tx, &recorded, &entries)? {
            return Err(Failure::refused(why));
        }
        tx.set_reverses(operation);
        // When it would have come back is no longer so.
        let what = recorded.summary.split("; it comes back on ").next().unwrap_or_default();
        let what = what.split("; it stays under today").next().unwrap_or_default();
        let what = what.split("; to be told more by ").next().unwrap_or_default();
        tx.summarise(format!("took back: {what}"));
        reversal::defer_pointers(tx)?;
        touch(tx, &entries)?;
        // Movements first: what is kept beside an item or bin goes with it only when nothing lies there any more.
        for entry in entries.iter().filter(|e| e.table.way == Way::Reverse) {
            reversal::reverse_movements(tx, entry.from, entry.to)?;
        }
        for entry in &entries {
            take_back(tx, entry)?;
        }
        if entries.iter().any(|e| e.table.name == "operator") {
            super::people::somebody_leads(tx)?;
        }
        touch(tx, &entries)
    };
    store.in_bulk(|store| perform(store, act, work))
}

/// Why it is not this person's to take back: somebody else did it, and he does not lead.
fn anothers(db: &Db, recorded: &Recorded, operator: &str) -> Result<Option<String>> {
    if recorded.operator.eq_ignore_ascii_case(operator) || super::people::role_of(db, operator)? == Role::Lead {
        return Ok(None);
    }
    let who = &recorded.operator;
    Ok(Some(format!("{who} did this: {who} or a lead takes it back.")))
}

fn take_back(tx: &mut Tx, entry: &Entry) -> Result<()> {
    match (&entry.deed, entry.table.way) {
        (Deed::Insert, Way::Reverse) => Ok(()), // done before
        (Deed::Insert, Way::Withdraw) => reversal::withdraw(tx, entry.table, entry.from, entry.to),
        (Deed::Insert, Way::Remove) => reversal::remove(tx, entry.table, entry.from, entry.to),
        (Deed::Update(cells), _) => reversal::restore_cells(tx, entry.table, entry.from, cells),
        (Deed::Delete(cells), _) => reversal::bring_back(tx, entry.table, entry.from, cells),
    }
}

/// Before and after: a row may have belonged to another item.
fn touch(tx: &mut Tx, entries: &[Entry]) -> Result<()> {
    for entry in entries {
        for item in reversal::items_of(tx, entry.table, entry.from, entry.to)? {
            tx.touch(item);
        }
    }
    Ok(())
}

/// The operation, where it may be taken back as far as its own record goes.
fn find(db: &Db, operation: OperationId) -> Result<Recorded> {
    let Some(recorded) = record::operation(db, operation)? else {
        return Err(Failure::refused(format!(
            "There is no operation {}. `backshelf undo --list` shows what was done.",
            operation.0
        )));
    };
    if let Some(former) = recorded.takes_back {
        return Err(Failure::refused(format!(
            "Operation {} took back operation {}; that stays as it is. Do the work again instead.",
            operation.0, former.0
        )));
    }
    if let Some(by) = recorded.taken_back_by {
        let by = record::operation(db, by)?;
        let when = by.map_or(String::new(), |o| format!(" {} by {}", moment(&o.at), o.operator));
        return Err(Failure::refused(format!("'{}' was taken back already{when}.", recorded.summary)));
    }
    Ok(recorded)
}

/// Why an operation cannot be taken back now: a later one, that still stands, builds on it.
fn blocked(db: &Db, recorded: &Recorded, entries: &[Entry]) -> Result<Option<String>> {
    let operation = recorded.operation;
    if let Some(why) = super::outbox::gone(db, entries)? {
        return Ok(Some(why));
    }
    let mut newest = builds_on::changed_since(db, operation)?.max(builds_on::pointed_at_since(db, operation, entries)?);
    newest = newest.max(builds_on::returned_since(db, entries)?);
    if newest.is_none() {
        let places = builds_on::places(db, operation)?;
        if let Some(why) = counted_since(db, operation, &places)? {
            return Ok(Some(why));
        }
        if let Some(why) = in_hand(db, &places)? {
            return Ok(Some(why));
        }
        for place in places {
            let after = place.level - place.moved;
            if after.is_negative() && !place.level.is_negative() {
                newest = newest.max(builds_on::taken_since(db, operation, place.item, place.bin)?);
            }
        }
    }
    let Some(newest) = newest.filter(|n| *n > operation) else { return Ok(None) };
    let later = record::operation(db, newest)?;
    Ok(later.map(|o| {
        let (summary, when) = (o.summary, moment_beside(&o.at, &recorded.at));
        format!("Not possible: '{summary}' {when} by {} builds on it. Take that back first (u).", o.operator)
    }))
}

/// A count that knew what the operation moved says what lies in its place: taking the move back would make the book say
/// otherwise, though nobody carried anything.
fn counted_since(db: &Db, operation: OperationId, places: &[PlaceAfter]) -> Result<Option<String>> {
    for place in places {
        if let Some(count) = builds_on::counted_since(db, operation, place.item, place.bin)? {
            let (bin, name, n) = (&place.bin_code, &place.item_name, count.counted);
            let when = moment(&count.at);
            return Ok(Some(format!(
                "Not possible: {name} in {bin} was counted {when}: {n} (number {}). Take that back first (u), or leave \
                 both: the count is right.",
                count.operation.0
            )));
        }
    }
    Ok(None)
}

/// Goods that were picked are still in their bin by the book: what brought them there stays until they are shipped or
/// put back.
fn in_hand(db: &Db, places: &[PlaceAfter]) -> Result<Option<String>> {
    for place in places.iter().filter(|p| p.moved.is_positive()) {
        let picked = picking::in_hand(db, place.bin, place.item, None)?;
        if picked.is_positive() && place.level - place.moved < picked {
            return Ok(Some(format!(
                "Not possible: {picked} {} of {} are picked and not shipped. Ship them, or put them back and throw the \
                 round away (s, x).",
                place.item_name, place.bin_code
            )));
        }
    }
    Ok(None)
}

/// "on 2026-11-23 at 08:55".
fn moment(at: &str) -> String {
    match (at.get(..10), at.get(11..16)) {
        (Some(day), Some(time)) => format!("on {day} at {time}"),
        _ => format!("at {at}"),
    }
}

/// "at 08:55" where it was the same day.
fn moment_beside(at: &str, other: &str) -> String {
    match (at.get(..10) == other.get(..10), at.get(11..16)) {
        (true, Some(time)) => format!("at {time}"),
        _ => moment(at),
    }
}

impl From<Recorded> for UndoRow {
    fn from(r: Recorded) -> UndoRow {
        UndoRow {
            operation: r.operation,
            kind: r.kind,
            summary: r.summary,
            at: r.at,
            operator: r.operator,
            takes_back: r.takes_back,
            taken_back_by: r.taken_back_by,
            mail: None,
        }
    }
}
