//! Counting in sessions: beginning one, scanning into it, judging and posting what was counted.
//!
//! - `scope`    what a session is to look at, and what is due
//! - `counter`  one person at one workstation: every scan is a committed row before it is answered
//! - `standing` what that person's screen shows
//! - `sheet`    blind count sheets, and their figures read back
//! - `accuracy` how exact the books were found to be
//! - `totals`   the running totals of scans, proved by `backshelf check`
//! - `review`   what was counted against the book of that moment, and the one operation that posts it
//!
//! A session's rows are a record of their own ([`Store::record`]); nothing of the warehouse changes until it is posted.

pub mod accuracy;
pub mod counter;
pub mod review;
pub mod scope;
pub mod sheet;
pub mod standing;
pub mod totals;

use super::people::role_of;
use super::scanning::{self, Meaning};
use super::settings::Settings;
use crate::domain::counting::{Class, Policy, Scope, Tolerance};
use crate::domain::ids::SessionId;
use crate::domain::money::Money;
use crate::domain::people::Role;
use crate::domain::quantity::Qty;
use crate::domain::scan::Label;
use crate::store::{Act, Db, Failure, Result, Store, counting as store, goods};
use std::collections::BTreeMap;

pub use crate::store::counting::{Session, Thing};

/// A session to begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub scope: Scope,
    /// Blank: named after its scope.
    pub name: String,
    /// The caller's own id of this wish, if it may be sent twice: it begins one session.
    pub uid: Option<String>,
}

/// Begins a session. Refused where nothing is there to look at.
pub fn begin(store: &mut Store, act: &Act, wanted: &Wanted) -> Result<SessionId> {
    let places = scope::places(store.db(), &wanted.scope, act.today)?;
    if places.is_empty() && wanted.scope != Scope::Anything {
        return Err(Failure::refused(scope::nothing(&wanted.scope)));
    }
    let name: String = wanted.name.trim().chars().filter(|c| !c.is_control()).take(60).collect();
    let session = Session {
        id: SessionId(0),
        name: if name.is_empty() { wanted.scope.name() } else { name },
        whole_bins: wanted.scope.whole_bins(),
        started_at: act.today.and_time(act.now.time()),
        operator: act.operator.clone(),
    };
    store.record("begin a count", |db| store::begin(db, wanted.uid.as_deref(), &session, &places))
}

/// The same by a person at the screen: a bin's code where a name is asked for is where the count begins, and an item's
/// code is none.
pub fn begin_by_hand(store: &mut Store, act: &Act, wanted: &Wanted) -> Result<SessionId> {
    let typed = wanted.name.trim();
    let bin = match scanning::meaning(store.db(), typed, act.today)? {
        Meaning::Bin(bin) if !typed.is_empty() => bin,
        Meaning::Item { item, .. } if !typed.is_empty() => {
            return Err(Failure::refused(format!(
                "{typed} is {}, not a name: empty the name, then F8 begins the count; scan the bin, then it.",
                goods::item(store.db(), item)?.name
            )));
        }
        _ => return begin(store, act, wanted),
    };
    let session = begin(store, act, &Wanted { name: String::new(), ..wanted.clone() })?;
    let mut person = counter::Counter::resume(store.db(), session, &act.operator)?;
    let sent = counter::Sent { text: &Label::Bin.of(&bin.code), scanned: true, uid: None, twice: false };
    person.enter(store, act, &sent).map(|_| session)
}

/// Throws a session away: what was counted stays on record and counts for nothing.
pub fn drop_session(store: &mut Store, act: &Act, session: SessionId) -> Result<()> {
    store.record("throw a count away", |db| {
        let found = still_open(db, session)?;
        let own = found.operator.eq_ignore_ascii_case(&act.operator);
        if !own && role_of(db, &act.operator)? == Role::Counter {
            return Err(Failure::refused(format!(
                "{} was begun by {}: a keeper or a lead throws it away.",
                found.name, found.operator
            )));
        }
        store::append(db, &counter::decision(act, session, crate::domain::counting::folding::Kind::Drop)).map(|_| ())
    })
}

fn still_open(db: &Db, session: SessionId) -> Result<Session> {
    let found = store::session(db, session)?;
    if store::is_closed(db, session)? {
        return Err(Failure::refused(format!(
            "{} is posted or thrown away already: begin another count (c).",
            found.name
        )));
    }
    Ok(found)
}

/// By which rules counts are judged here.
pub fn policy(settings: &Settings) -> Policy {
    Policy {
        two_people: settings.yes("counting.two_people"),
        tolerance: tolerances(settings.value("counting.tolerance")).unwrap_or_default(),
        second_look: Money::parse(settings.value("counting.second_look")).unwrap_or_default(),
        approval_over: Money::parse(settings.value("counting.approval_over")),
    }
}

/// Whether this person may post differences over the limit: those whom the setting names, else who leads. Where roles
/// do not count, that is everybody.
pub fn may_approve(db: &Db, settings: &Settings, operator: &str) -> Result<bool> {
    if settings.value("counting.approvers").is_empty() {
        return Ok(role_of(db, operator)? == Role::Lead);
    }
    Ok(approvers(db, settings)?.iter().any(|name| name.eq_ignore_ascii_case(operator)))
}

/// Who may approve them, by name; nobody where that is everybody.
pub fn approvers(db: &Db, settings: &Settings) -> Result<Vec<String>> {
    let named = settings.value("counting.approvers");
    if !named.is_empty() {
        return Ok(named.split([',', ';']).map(|name| name.trim().to_string()).filter(|n| !n.is_empty()).collect());
    }
    let everybody = super::people::list(db)?;
    if !super::people::in_force(&everybody) {
        return Ok(Vec::new());
    }
    Ok(everybody.into_iter().filter(|p| p.role == Role::Lead).map(|p| p.name).collect())
}

/// `A=0 B=2% C=25.00`: units, hundredths of the book, or (with two decimals) an amount of money.
pub fn tolerances(text: &str) -> Option<BTreeMap<Class, Tolerance>> {
    per_class(text, |value| {
        if let Some(percent) = value.strip_suffix('%') {
            return percent.parse().ok().filter(|p| (0..=100).contains(p)).map(Tolerance::Percent);
        }
        if value.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 2) {
            return Money::parse(value).filter(|m| *m >= Money::ZERO).map(Tolerance::Worth);
        }
        Qty::parse(value).filter(|q| !q.is_negative()).map(Tolerance::Units)
    })
}

/// `A=30 B=90 C=180`: days between two counts of an item.
pub fn class_days(text: &str) -> Option<BTreeMap<Class, i64>> {
    per_class(text, |value| value.parse().ok().filter(|d| (0..=3650).contains(d)))
}

fn per_class<T>(text: &str, value: impl Fn(&str) -> Option<T>) -> Option<BTreeMap<Class, T>> {
    let pair = |part: &str| {
        let (class, rest) = part.split_once('=')?;
        Some((Class::from_letter(class)?, value(rest.trim())?))
    };
    text.split([' ', ',', ';']).filter(|p| !p.is_empty()).map(pair).collect()
}
