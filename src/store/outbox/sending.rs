//! What the sender writes. All of it within [`Store::report`](crate::store::Store::report).

use super::State;
use crate::domain::ids::MailId;
use crate::store::cells::{MOMENT, moment};
use crate::store::{Db, Result};
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::{OptionalExtension, params};

fn text(at: NaiveDateTime) -> String {
    at.format(MOMENT).to_string()
}

/// A sender takes a mail.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Made for this attempt.
    pub key: &'a str,
    pub now: NaiveDateTime,
    /// Afterwards this sender is taken for dead.
    pub until: NaiveDateTime,
}

/// A mail in a sender's hands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parcel {
    pub id: MailId,
    /// Of this attempt.
    pub key: String,
    pub sender: String,
    pub recipient: String,
    pub to_name: Option<String>,
    pub subject: String,
    pub content: String,
    /// Attempts, this one included.
    pub tries: i64,
    was: State,
}

/// When a mail is due next, or a lease runs out.
pub fn next_due(db: &Db) -> Result<Option<NaiveDateTime>> {
    let sql = "SELECT min(at) FROM (
        SELECT min(due_at) at FROM mail WHERE state IN ('waiting', 'retry') AND withdrawn_by IS NULL
        UNION ALL SELECT min(claimed_until) FROM mail WHERE state IN ('claimed', 'started')) WHERE at IS NOT NULL";
    Ok(db.prepare_cached(sql)?.query_row([], |r| {
        let none = r.get_ref(0)? == rusqlite::types::ValueRef::Null;
        if none { Ok(None) } else { moment(r, 0).map(Some) }
    })?)
}

/// Gives the mail that is due longest to this sender.
pub fn claim(db: &Db, claim: &Claim) -> Result<Option<Parcel>> {
    let now = text(claim.now);
    let parcel = db
        .prepare_cached(
            "SELECT id, sender, recipient, to_name, subject, content, tries + 1, state FROM mail
             WHERE state IN ('waiting', 'retry') AND due_at <= ?1 AND withdrawn_by IS NULL ORDER BY due_at, id LIMIT 1",
        )?
        .query_row([&now], |r| {
            Ok(Parcel {
                id: MailId(r.get(0)?),
                key: claim.key.to_string(),
                sender: r.get(1)?,
                recipient: r.get(2)?,
                to_name: r.get(3)?,
                subject: r.get(4)?,
                content: r.get(5)?,
                tries: r.get(6)?,
                was: State::named(r.get_ref(7)?.as_str().unwrap_or_default()),
            })
        })
        .optional()?;
    if let Some(parcel) = &parcel {
        db.prepare_cached(
            "UPDATE mail SET state = 'claimed', tries = ?2, claimed_by = ?3, claimed_at = ?4, claimed_until = ?5
             WHERE id = ?1",
        )?
        .execute(params![parcel.id.0, parcel.tries, parcel.key, now, text(claim.until)])?;
    }
    Ok(parcel)
}

/// Content leaves now; false where the mail is no longer this sender's, or was taken back.
pub fn start(db: &Db, parcel: &Parcel, today: NaiveDate) -> Result<bool> {
    let started = db
        .prepare_cached(
            "UPDATE mail SET state = 'started', given_on = ?3
             WHERE id = ?1 AND claimed_by = ?2 AND state = 'claimed' AND withdrawn_by IS NULL",
        )?
        .execute(params![parcel.id.0, parcel.key, today.to_string()])?;
    Ok(started == 1)
}

/// As if this attempt had never been.
pub fn release(db: &Db, parcel: &Parcel) -> Result<()> {
    db.prepare_cached(
        "UPDATE mail SET state = ?3, tries = tries - 1, claimed_by = NULL WHERE id = ?1 AND claimed_by = ?2 AND state = 'claimed'",
    )?
    .execute(params![parcel.id.0, parcel.key, parcel.was.name()])?;
    Ok(())
}

/// How the attempt with this key left the mail. One that was taken for dead may still say that it knows better, as long
/// as no person and no other attempt has touched the mail since.
pub fn settle(db: &Db, mail: MailId, key: &str, state: State, due_at: NaiveDateTime, said: &str) -> Result<()> {
    db.prepare_cached(
        "UPDATE mail SET state = ?3, due_at = ?4, said = ?5
         WHERE id = ?1 AND claimed_by = ?2 AND state IN ('claimed', 'started', 'unknown')",
    )?
    .execute(params![mail.0, key, state.name(), text(due_at), said])?;
    Ok(())
}

/// What an attempt came to.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    pub began_at: NaiveDateTime,
    pub ended_at: NaiveDateTime,
    pub phase: &'a str,
    /// `sent`, `retry`, `failed` or `unknown`.
    pub result: &'a str,
    pub said: &'a str,
}

pub fn keep_attempt(db: &Db, mail: MailId, a: &Attempt) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO mail_attempt (mail_id, began_at, ended_at, phase, result, said) VALUES (?1,?2,?3,?4,?5,?6)",
    )?
    .execute(params![mail.0, text(a.began_at), text(a.ended_at), a.phase, a.result, a.said])?;
    Ok(())
}

/// A mail whose sender has not reported in time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Orphan {
    pub id: MailId,
    pub state: State,
    pub key: String,
    pub claimed_at: NaiveDateTime,
}

const EXPIRED: &str = "state IN ('claimed', 'started') AND claimed_until <= ?1";

pub fn has_expired(db: &Db, now: NaiveDateTime) -> Result<bool> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM mail WHERE {EXPIRED})");
    Ok(db.prepare_cached(&sql)?.query_row([text(now)], |r| r.get(0))?)
}

pub fn expired(db: &Db, now: NaiveDateTime) -> Result<Vec<Orphan>> {
    let sql = format!("SELECT id, state, claimed_by, claimed_at FROM mail WHERE {EXPIRED} ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([text(now)], |r| {
        Ok(Orphan {
            id: MailId(r.get(0)?),
            state: State::named(r.get_ref(1)?.as_str().unwrap_or_default()),
            key: r.get(2)?,
            claimed_at: moment(r, 3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The mails that are due wait until then.
pub fn put_off(db: &Db, now: NaiveDateTime, until: NaiveDateTime) -> Result<()> {
    db.prepare_cached("UPDATE mail SET due_at = ?2 WHERE state IN ('waiting', 'retry') AND due_at <= ?1")?
        .execute([text(now), text(until)])?;
    Ok(())
}

/// The mails that were queued, or put to be tried again, before this moment and should have left.
pub fn overdue(db: &Db, since: NaiveDateTime) -> Result<Vec<MailId>> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM mail WHERE state IN ('waiting', 'retry') AND due_at <= ?1 AND withdrawn_by IS NULL ORDER BY id",
    )?;
    let rows = statement.query_map([text(since)], |r| r.get(0).map(MailId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// It is given to a person.
pub fn fail(db: &Db, mail: MailId, said: &str) -> Result<()> {
    db.prepare_cached("UPDATE mail SET state = 'failed', said = ?2 WHERE id = ?1 AND state IN ('waiting', 'retry')")?
        .execute(params![mail.0, said])?;
    Ok(())
}
