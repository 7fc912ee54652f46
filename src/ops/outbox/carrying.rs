//! The sender's half of the outbox: it takes a mail, says before the first byte of content that content leaves now,
//! and reports what came of it. Each step is one transaction, so that two senders never send one mail, and one that
//! died is found out: before the content the mail is tried again, after it nobody can know.

use crate::domain::ids::MailId;
use crate::exchange::mail::one_line;
use crate::store::outbox::{self as store, Attempt, Claim, State};
use crate::store::{Db, Result, Store};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

pub use store::Parcel;

/// A sender that has not reported for so long is taken for dead; longer than any mail may take.
const LEASE: TimeDelta = TimeDelta::minutes(6);
/// The waits between attempts. After the last a person must act: still on the day that the customer must be told.
const WAITS: [TimeDelta; 5] =
    [TimeDelta::minutes(1), TimeDelta::minutes(5), TimeDelta::minutes(15), TimeDelta::hours(1), TimeDelta::hours(3)];
/// Where the server cannot be used at all, the other mails wait so long instead of failing one after the other.
const PAUSE: TimeDelta = TimeDelta::minutes(10);
/// A mail that is overdue by this while this program cannot send at all (no password, say) is given to a person.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

/// How far the dialogue with a server came.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    Connect,
    Tls,
    Login,
    Sender,
    Recipient,
    Data,
    /// Content may have left, its end has not: no server takes such a mail.
    Content,
    /// Its end has left.
    Answer,
}

impl Phase {
    pub fn name(self) -> &'static str {
        match self {
            Phase::Connect => "connect",
            Phase::Tls => "tls",
            Phase::Login => "login",
            Phase::Sender => "sender",
            Phase::Recipient => "recipient",
            Phase::Data => "data",
            Phase::Content => "content",
            Phase::Answer => "answer",
        }
    }
    /// What goes wrong here goes wrong with every mail.
    fn is_setup(self) -> bool {
        self <= Phase::Login
    }
}

/// What an attempt came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    Sent,
    /// Nothing was taken; it is worth another attempt.
    Retry,
    /// Nothing was taken, and nothing will be.
    Failed,
    /// It may have been taken.
    Unknown,
}

/// An attempt, as the sender tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    pub phase: Phase,
    pub verdict: Verdict,
    /// What the server, or the network, said: one line.
    pub said: String,
}

/// When a sender has something to do next: a mail is due, or the lease of a sender runs out.
pub fn next_due(db: &Db) -> Result<Option<NaiveDateTime>> {
    store::next_due(db)
}

/// Takes the mail that is due longest; from now on it is this sender's, until it reports or is taken for dead.
pub fn claim(store: &mut Store, now: NaiveDateTime) -> Result<Option<Parcel>> {
    bury(store, now)?;
    let key = format!("{:032x}", fastrand::u128(..));
    store.report(|db| store::claim(db, &Claim { key: &key, now, until: now + LEASE }))
}

/// What senders that died left behind.
fn bury(store: &mut Store, now: NaiveDateTime) -> Result<()> {
    if !store::has_expired(store.db(), now)? {
        return Ok(());
    }
    store.report(|db| {
        for mail in store::expired(db, now)? {
            let (state, phase, result, said) = match mail.state {
                State::Started => {
                    (State::Unknown, Phase::Content, "unknown", "the program stopped while the mail was leaving")
                }
                _ => (State::Retry, Phase::Connect, "retry", "the program stopped before the mail left"),
            };
            store::settle(db, mail.id, &mail.key, state, now, said)?;
            let attempt = Attempt { began_at: mail.claimed_at, ended_at: now, phase: phase.name(), result, said };
            store::keep_attempt(db, mail.id, &attempt)?;
        }
        Ok(())
    })
}

/// Says that content leaves now. False where the mail was taken back or given to another sender meanwhile: then nothing
/// may be sent, and nothing is to be reported.
pub fn start(store: &mut Store, parcel: &Parcel, today: NaiveDate) -> Result<bool> {
    store.report(|db| store::start(db, parcel, today))
}

/// Gives a mail back untried: the program leaves.
pub fn release(store: &mut Store, parcel: &Parcel) -> Result<()> {
    store.report(|db| store::release(db, parcel))
}

/// Keeps what an attempt came to; answers how the mail stands now.
pub fn finish(
    store: &mut Store,
    parcel: &Parcel,
    began_at: NaiveDateTime,
    now: NaiveDateTime,
    report: &Report,
) -> Result<State> {
    let said = one_line(&report.said);
    let wait = usize::try_from(parcel.tries - 1).ok().and_then(|n| WAITS.get(n)).copied();
    let (state, result, due_at) = match (report.verdict, wait) {
        (Verdict::Sent, _) => (State::Sent, "sent", now),
        (Verdict::Unknown, _) => (State::Unknown, "unknown", now),
        (Verdict::Failed, _) => (State::Failed, "failed", now),
        (Verdict::Retry, Some(wait)) => (State::Retry, "retry", now + wait),
        (Verdict::Retry, None) => (State::Failed, "failed", now),
    };
    store.report(|db| {
        store::settle(db, parcel.id, &parcel.key, state, due_at, &said)?;
        let attempt = Attempt { began_at, ended_at: now, phase: report.phase.name(), result, said: &said };
        store::keep_attempt(db, parcel.id, &attempt)?;
        if report.phase.is_setup() && report.verdict != Verdict::Sent {
            store::put_off(db, now, now + PAUSE)?;
        }
        Ok(())
    })?;
    Ok(state)
}

/// This program cannot send at all, for the reason given: mails that are long overdue are given to a person, the others
/// are left to a sender that can. Answers those given up.
pub fn give_up(store: &mut Store, now: NaiveDateTime, why: &str) -> Result<Vec<MailId>> {
    let said = one_line(why);
    store.report(|db| {
        let overdue = store::overdue(db, now - PATIENCE)?;
        for mail in &overdue {
            store::fail(db, *mail, &said)?;
            let attempt =
                Attempt { began_at: now, ended_at: now, phase: Phase::Connect.name(), result: "failed", said: &said };
            store::keep_attempt(db, *mail, &attempt)?;
        }
        Ok(overdue)
    })
}
