//! The day's edges: what the Today card says beside what the tabs count themselves, and what is not done when somebody
//! leaves. What a tab counts is never counted here: the card asks the tab.

use super::beginning;
use super::carrying;
use super::counting::scope::{self, Preview};
use super::deliveries;
use super::outbox::{self, Unsent};
use super::safekeeping::daily;
use crate::domain::counting::Scope;
use crate::domain::dates;
use crate::store::{Db, Result, Store, copying, counting, morning as store, picking};
use chrono::{NaiveDate, NaiveDateTime};

pub use super::safekeeping::daily::{Second, State as Copies};
pub use store::{Meanwhile, Window};

/// What the card says that is no tab's.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Today {
    /// When this person last did something, before today.
    pub since: Option<NaiveDateTime>,
    /// What happened after that.
    pub meanwhile: Meanwhile,
    /// What wants counting today.
    pub to_count: Preview,
    /// Counts that go on.
    pub counts: Vec<String>,
    pub unsent: Unsent,
    pub copies: Copies,
    /// The first questions were never answered.
    pub unasked: bool,
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
        copies: daily::state(db)?,
        unasked: !beginning::is_begun(db)?,
    })
}

fn open_counts(db: &Db) -> Result<Vec<String>> {
    Ok(counting::open_sessions(db)?.into_iter().map(|s| s.name).collect())
}

fn half_received(db: &Db) -> Result<Vec<String>> {
    Ok(deliveries::to_finish(db)?.into_iter().map(|d| d.name).collect())
}

/// What is begun and not done when somebody leaves.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Leaving {
    pub unsent: Unsent,
    pub counts: Vec<String>,
    /// Deliveries that are scanned and not booked.
    pub deliveries: Vec<String>,
    /// What this person took out of a bin and did not put down yet: `6 Chang from A1-04`.
    pub hands: Option<String>,
    /// Picking rounds that go on.
    pub picks: usize,
    /// POs that are made and not sent.
    pub drafts: Vec<String>,
    /// Customers to whom a letter of today is to be printed and posted.
    pub letters: i64,
}

/// Reads it.
pub fn leaving(db: &Db, operator: &str, today: NaiveDate) -> Result<Leaving> {
    Ok(Leaving {
        unsent: outbox::unsent(db)?,
        counts: open_counts(db)?,
        deliveries: half_received(db)?,
        hands: carrying::in_hand(db, operator)?,
        picks: picking::open(db)?.len(),
        drafts: store::drafts(db)?,
        letters: store::letters_of(db, today)?,
    })
}

/// How the workbench opens for somebody.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Greeting {
    /// Nobody of this name was greeted today, and there is a day before this one to speak of.
    pub first_today: bool,
    /// What survived a program that ended without leaving.
    pub survived: Option<String>,
}

/// Says that this window is open, and what it is to open with. `has_ended` tells of a window whether its program is gone.
pub fn open(store: &mut Store, window: &Window, has_ended: impl Fn(&str) -> bool) -> Result<Greeting> {
    // A window of this very process is none that is open: it only begins. In a container every start has one number.
    let ended = |w: &Window| w.station == window.station || has_ended(&w.station);
    let gone: Vec<Window> = store::windows(store.db())?.into_iter().filter(ended).collect();
    let survived = if gone.is_empty() { None } else { Some(survived(store.db(), &gone, window)?) };
    let stations: Vec<String> = gone.into_iter().map(|w| w.station).collect();
    store::open_window(store, window, &stations)?;
    let today = window.opened_at.date();
    let sample = super::settings::Settings::load(store.db())?.is_given("demo");
    let first_today = !sample
        && store::greeted(store.db(), &window.operator)?.is_none_or(|day| day < today)
        && store::last_before(store.db(), &window.operator, today)?.is_some();
    if first_today {
        store::greet(store, &window.operator, today)?;
    }
    Ok(Greeting { first_today, survived })
}

fn survived(db: &Db, gone: &[Window], window: &Window) -> Result<String> {
    let when = |at: NaiveDateTime| {
        let (day, time) = (at.date(), at.format("%H:%M"));
        match day == window.opened_at.date() {
            true => time.to_string(),
            false => format!("{} {} {time}", dates::weekday(day), dates::of_month(day)),
        }
    };
    let since = gone.iter().map(|w| w.opened_at).min();
    let here = match store::newest(db)? {
        Some(last) => {
            let all = match since.is_some_and(|since| last.at < since) {
                true => "Nothing was saved in it. All from before is here",
                false => "All that was saved is here",
            };
            let who = if last.operator == window.operator { "you".to_string() } else { last.operator };
            format!("{all}: the last was saved {}, {} ({who})", when(last.at), last.summary)
        }
        None => "Nothing was saved in it, nor before".into(),
    };
    let whose = gone.iter().map(|w| when(w.opened_at)).collect::<Vec<_>>().join(", ");
    Ok(format!("The program opened {whose} ended without leaving. {here}."))
}

/// Whether every page of the file can be read.
pub fn is_sound(db: &Db) -> bool {
    copying::sound(db).is_ok()
}
