//! The day's edges: what the Today card says beside what the tabs count themselves, and what is not done when somebody
//! leaves. What a tab counts is never counted here: the card asks the tab.

use super::counting::scope::{self, Preview};
use super::outbox::{self, Unsent};
use crate::domain::counting::Scope;
use crate::store::{Db, Result, counting, morning as store};
use chrono::{NaiveDate, NaiveDateTime};

pub use store::Meanwhile;

/// What the card says that is no tab's.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Today {
    /// When this person last did something, before today.
    pub since: Option<NaiveDateTime>,
    /// What happened after that.
    pub meanwhile: Meanwhile,
    /// What the schedule wants counted today.
    pub to_count: Preview,
    /// Counts that go on.
    pub counts: Vec<String>,
    pub unsent: Unsent,
}

/// Reads it. `now` is the clock's, `today` the business date.
pub fn today(db: &Db, operator: &str, now: NaiveDateTime, today: NaiveDate) -> Result<Today> {
    let last = store::last_before(db, operator, now.date())?;
    Ok(Today {
        meanwhile: last.as_ref().map(|l| store::meanwhile(db, l.operation)).transpose()?.unwrap_or_default(),
        since: last.map(|l| l.at),
        to_count: scope::preview(db, &Scope::Due, today)?,
        counts: open_counts(db)?,
        unsent: outbox::unsent(db)?,
    })
}

fn open_counts(db: &Db) -> Result<Vec<String>> {
    Ok(counting::open_sessions(db)?.into_iter().map(|s| s.name).collect())
}

/// What is begun and not done when somebody leaves.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Leaving {
    pub unsent: Unsent,
    pub counts: Vec<String>,
    /// POs that are made and not sent.
    pub drafts: Vec<String>,
    /// Customers to whom a letter of today is to be printed and posted.
    pub letters: i64,
}

/// Reads it.
pub fn leaving(db: &Db, today: NaiveDate) -> Result<Leaving> {
    Ok(Leaving {
        unsent: outbox::unsent(db)?,
        counts: open_counts(db)?,
        drafts: store::drafts(db)?,
        letters: store::letters_of(db, today)?,
    })
}
