//! Mails and their attempts. A person's deeds go through [`Tx`]; what the sender finds out through [`Store::report`].
//!
//! [`Store::report`]: super::Store::report

use super::cells::{MOMENT, maybe_date, moment};
use super::{Db, Result, Tx};
use crate::domain::ids::{ContactId, MailId, OperationId};
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params};

mod sending;

pub use sending::*;

/// Where a mail stands; the schema says what each means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Waiting,
    Claimed,
    Started,
    Sent,
    Retry,
    Failed,
    Unknown,
    Confirmed,
    Bounced,
}

const STATES: [(State, &str); 9] = [
    (State::Waiting, "waiting"),
    (State::Claimed, "claimed"),
    (State::Started, "started"),
    (State::Sent, "sent"),
    (State::Retry, "retry"),
    (State::Failed, "failed"),
    (State::Unknown, "unknown"),
    (State::Confirmed, "confirmed"),
    (State::Bounced, "bounced"),
];

impl State {
    pub fn name(self) -> &'static str {
        STATES.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }
    pub(super) fn named(name: &str) -> State {
        STATES.iter().find(|(_, n)| *n == name).map_or(State::Unknown, |(state, _)| *state)
    }
    /// No content has left, and none will without another look at the mail.
    pub fn is_here(self) -> bool {
        matches!(self, State::Waiting | State::Claimed | State::Retry | State::Failed)
    }
}

/// What is fixed when a mail is queued.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewMail<'a> {
    pub uid: &'a str,
    pub message_id: &'a str,
    pub sender: &'a str,
    pub recipient: &'a str,
    pub to_name: Option<&'a str>,
    pub subject: &'a str,
    pub content: &'a str,
    pub due_at: NaiveDateTime,
}

/// Queues a mail and ties the contacts to it that it carries. They must be of this operation.
pub fn queue(tx: &mut Tx, mail: &NewMail, contacts: &[ContactId]) -> Result<MailId> {
    let (now, operation) = (tx.act().now.format(MOMENT).to_string(), tx.operation().0);
    let id = tx.insert(
        "mail",
        &[
            "uid",
            "message_id",
            "sender",
            "recipient",
            "to_name",
            "subject",
            "content",
            "queued_at",
            "state",
            "due_at",
            "operation_id",
        ],
        &[
            &mail.uid,
            &mail.message_id,
            &mail.sender,
            &mail.recipient,
            &mail.to_name,
            &mail.subject,
            &mail.content,
            &now,
            &"waiting",
            &mail.due_at.format(MOMENT).to_string(),
            &operation,
        ],
    )?;
    for contact in contacts {
        // Part of making the row, which the journal has: nothing of its own to take back.
        tx.prepare_cached("UPDATE contact SET mail_id = ?1 WHERE id = ?2 AND operation_id = ?3")?
            .execute(params![id, contact.0, operation])?;
    }
    Ok(MailId(id))
}

/// A mail as lists show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MailRow {
    pub id: MailId,
    pub state: State,
    /// Its operation was taken back: it never leaves.
    pub taken_back: bool,
    pub to_name: Option<String>,
    pub recipient: String,
    pub subject: String,
    pub queued_at: NaiveDateTime,
    /// The next attempt, where one is to come.
    pub due_at: NaiveDateTime,
    pub tries: i64,
    /// What the server, or the network, said last.
    pub said: Option<String>,
    /// A person must act: nobody has told the customer otherwise since, and he still waits.
    pub needs_you: bool,
    /// The operation that queued it.
    pub operation: OperationId,
    /// It goes to a supplier, not to a customer.
    pub to_supplier: bool,
}

/// `lost(mail_id, line_id, contact_id)`: mails that did not arrive, or may not have, by each open line that they were to
/// tell of and of which nobody got through since. A part split off a line was to be told of as well.
pub(super) const LOST: &str = "touched(line_id, contact_id) AS (
    SELECT l.id, c.id FROM mail m JOIN contact c ON c.mail_id = m.id
      JOIN order_line l ON l.order_id = c.order_id AND (c.line_id IS NULL OR l.id = c.line_id)
      WHERE m.state IN ('failed', 'unknown', 'bounced') AND m.withdrawn_by IS NULL AND c.withdrawn_by IS NULL
    UNION
    SELECT h.line_id, c.id FROM inherited_talk h JOIN contact c ON c.id = h.contact_id JOIN mail m ON m.id = c.mail_id
      WHERE m.state IN ('failed', 'unknown', 'bounced') AND m.withdrawn_by IS NULL AND c.withdrawn_by IS NULL
  ), lost(mail_id, line_id, contact_id) AS (
    SELECT c.mail_id, l.id, c.id FROM touched x JOIN contact c ON c.id = x.contact_id JOIN order_line l ON l.id = x.line_id
      WHERE l.shipped + l.cancelled < l.quantity AND NOT EXISTS (
        SELECT 1 FROM contact_now t WHERE t.order_id = l.order_id AND t.id > c.id AND t.withdrawn_by IS NULL
          AND coalesce(t.outcome_now, 'sent') IN ('sent', 'reached') AND (t.line_id IS NULL OR t.line_id = l.id
            OR EXISTS (SELECT 1 FROM inherited_talk h WHERE h.line_id = l.id AND h.contact_id = t.id)))
  )";

/// Whether the mail `m` asks for a person: about a customer's line, or about a PO under way of which nothing was said
/// to or by the supplier since.
const NEEDS_YOU: &str = "(m.state IN ('failed', 'unknown') AND (m.id IN (SELECT mail_id FROM lost)
  OR m.withdrawn_by IS NULL AND EXISTS (SELECT 1 FROM chase c JOIN po_line l ON l.po_id = c.po_id
       WHERE c.mail_id = m.id AND c.withdrawn_by IS NULL AND l.closed = 0 AND l.quantity > l.received + l.cancelled
         AND NOT EXISTS (SELECT 1 FROM chase n WHERE n.po_id = c.po_id AND n.id > c.id AND n.withdrawn_by IS NULL))))";

const TO_SUPPLIER: &str = "EXISTS (SELECT 1 FROM chase s WHERE s.mail_id = m.id)";

const ROW: &str = "m.id, m.state, m.withdrawn_by IS NOT NULL, m.to_name, m.recipient, m.subject, m.queued_at, m.due_at,
  m.tries, m.said";

fn row(r: &Row) -> rusqlite::Result<MailRow> {
    Ok(MailRow {
        id: MailId(r.get(0)?),
        state: State::named(r.get_ref(1)?.as_str().unwrap_or_default()),
        taken_back: r.get(2)?,
        to_name: r.get(3)?,
        recipient: r.get(4)?,
        subject: r.get(5)?,
        queued_at: moment(r, 6)?,
        due_at: moment(r, 7)?,
        tries: r.get(8)?,
        said: r.get(9)?,
        needs_you: r.get(10)?,
        operation: OperationId(r.get(11)?),
        to_supplier: r.get(12)?,
    })
}

/// The newest mails, those first that ask for a person, then those that are still to leave.
pub fn list(db: &Db, limit: i64) -> Result<Vec<MailRow>> {
    let sql = format!(
        "WITH {LOST} SELECT {ROW}, {NEEDS_YOU} needs_you, m.operation_id, {TO_SUPPLIER} FROM mail m
         ORDER BY needs_you DESC, m.withdrawn_by IS NULL AND m.state IN ('waiting', 'claimed', 'started', 'retry') DESC,
           m.id DESC LIMIT ?1"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([limit], row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One mail.
pub fn find(db: &Db, mail: MailId) -> Result<Option<MailRow>> {
    let sql =
        format!("WITH {LOST} SELECT {ROW}, {NEEDS_YOU}, m.operation_id, {TO_SUPPLIER} FROM mail m WHERE m.id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([mail.0], row).optional()?)
}

/// How many mails are still to leave, and how many ask for a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Unsent {
    pub to_leave: i64,
    pub needs_you: i64,
}

pub fn unsent(db: &Db) -> Result<Unsent> {
    let to_leave = db
        .prepare_cached(
            "SELECT count(*) FROM mail WHERE state IN ('waiting', 'claimed', 'started', 'retry') AND withdrawn_by IS NULL",
        )?
        .query_row([], |r| r.get(0))?;
    let sql = format!("WITH {LOST} SELECT count(*) FROM mail m WHERE {NEEDS_YOU}");
    Ok(Unsent { to_leave, needs_you: db.prepare_cached(&sql)?.query_row([], |r| r.get(0))? })
}

/// The first mail of these rows that stands and of which content may have left.
pub fn left(db: &Db, from: i64, to: i64) -> Result<Option<MailRow>> {
    let sql = format!(
        "SELECT {ROW}, 0, m.operation_id, 0 FROM mail m WHERE m.id BETWEEN ?1 AND ?2 AND m.withdrawn_by IS NULL
           AND m.state IN ('started', 'sent', 'unknown', 'confirmed', 'bounced') ORDER BY m.id LIMIT 1"
    );
    Ok(db.prepare_cached(&sql)?.query_row([from, to], row).optional()?)
}

/// The mails that stand of operations from that one on: whose, where each is, when it is due.
pub fn of_operations_since(db: &Db, operation: OperationId) -> Result<Vec<(OperationId, State, NaiveDateTime)>> {
    let mut statement = db.prepare_cached(
        "SELECT operation_id, state, due_at FROM mail WHERE operation_id >= ?1 AND withdrawn_by IS NULL
           AND state NOT IN ('failed')",
    )?;
    let rows = statement.query_map([operation.0], |r| {
        Ok((OperationId(r.get(0)?), State::named(r.get_ref(1)?.as_str().unwrap_or_default()), moment(r, 2)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a person's decision changes; see [`State`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Change {
    state: Option<State>,
    due_at: Option<NaiveDateTime>,
    again_on: Option<NaiveDate>,
}

impl Change {
    pub fn to(state: State) -> Change {
        Change { state: Some(state), ..Change::default() }
    }
    pub fn due(at: NaiveDateTime) -> Change {
        Change { due_at: Some(at), ..Change::default() }
    }
    /// From the beginning, on this business date.
    pub fn again(at: NaiveDateTime, today: NaiveDate) -> Change {
        Change { state: Some(State::Waiting), due_at: Some(at), again_on: Some(today) }
    }
}

pub fn change(tx: &mut Tx, mail: MailId, change: &Change) -> Result<()> {
    let mut cells: Vec<(&str, Value)> = Vec::new();
    if let Some(state) = change.state {
        cells.push(("state", Value::Text(state.name().into())));
    }
    if let Some(at) = change.due_at {
        cells.push(("due_at", Value::Text(at.format(MOMENT).to_string())));
    }
    if let Some(today) = change.again_on {
        cells.push(("tries", Value::Integer(0)));
        cells.push(("given_on", Value::Text(today.to_string())));
        cells.push(("claimed_by", Value::Null)); // whoever had it last has nothing more to say
    }
    tx.update("mail", mail.0, &cells)?;
    Ok(())
}

/// The earliest date that the mail's contacts name.
pub fn quoted_for(db: &Db, mail: MailId) -> Result<Option<NaiveDate>> {
    let sql = "SELECT min(quoted_for) FROM contact WHERE mail_id = ?1 AND withdrawn_by IS NULL";
    Ok(db.prepare_cached(sql)?.query_row([mail.0], |r| maybe_date(r, 0))?)
}

/// The last standing operation that had the mail sent again or at once.
pub fn sent_again_by(db: &Db, mail: MailId) -> Result<Option<OperationId>> {
    let sql = "SELECT max(j.operation_id) FROM journal j JOIN operation o ON o.id = j.operation_id
       WHERE j.tbl = 'mail' AND j.action = 'update' AND j.row_id = ?1 AND j.cells LIKE '%\"state\"%' AND o.reverses IS NULL
         AND NOT EXISTS (SELECT 1 FROM operation r WHERE r.reverses = o.id)";
    Ok(db.prepare_cached(sql)?.query_row([mail.0], |r| r.get::<_, Option<i64>>(0))?.map(OperationId))
}

/// What one attempt came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tried {
    pub at: NaiveDateTime,
    /// How far it came.
    pub phase: String,
    pub said: String,
}

/// The attempts at a mail, the last first.
pub fn attempts(db: &Db, mail: MailId) -> Result<Vec<Tried>> {
    let mut statement = db.prepare_cached(
        "SELECT ended_at, phase, said FROM mail_attempt WHERE mail_id = ?1 ORDER BY id DESC LIMIT 50",
    )?;
    let rows = statement.query_map([mail.0], |r| Ok(Tried { at: moment(r, 0)?, phase: r.get(1)?, said: r.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The words that the talk of a mail keeps.
pub fn words(db: &Db, mail: MailId) -> Result<Option<String>> {
    Ok(db.prepare_cached("SELECT coalesce((SELECT max(words) FROM contact WHERE mail_id = ?1), (SELECT max(words) FROM chase WHERE mail_id = ?1))")?.query_row([mail.0], |r| r.get(0))?)
}
