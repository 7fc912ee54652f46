//! The first morning: what a new warehouse is asked before anything of it can be red, and what the answers set.

use super::perform;
use super::safekeeping::daily;
use super::settings::{self, Settings};
use super::views::backorders::{self, Terms};
use crate::domain::delay::{CustomerKind, Row};
use crate::store::{Act, Db, Done, Result, Store, settings as store};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The setting that says on which day the first questions were answered.
const BEGUN: &str = "begun";
/// The setting that says which of the questions are still open: [`ALL`] of a file that the first run made before they were
/// answered, [`OLD`] where no order was old when they were.
const OPEN: &str = "questions_open";
const ALL: &str = "all";
const OLD: &str = "old";
/// Settings that only somebody who answered already, or a sample, has.
const ANSWERED: [&str; 5] = [BEGUN, "demo", "customers.mostly", "warehouse.country", "old_orders"];

/// What a person said of orders that were there before this program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OldOrders {
    /// Told, or nobody knows: listed apart, and not due.
    Unknown,
    /// Nobody was told: their rules ask for what they always ask for.
    NotTold,
}

impl OldOrders {
    /// As the setting says it.
    pub fn name(self) -> &'static str {
        match self {
            OldOrders::Unknown => "unknown",
            OldOrders::NotTold => "not_told",
        }
    }
}

/// The answers to the first questions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answers {
    /// What customers are where no file says so.
    pub mostly: CustomerKind,
    /// ISO alpha-2; blank: not said, and then no law is applied.
    pub country: String,
    /// None: not asked, as no order is old. Those that come in later are not known until somebody says it.
    pub old: Option<OldOrders>,
    /// The folder of a second copy; blank: none.
    pub second_place: String,
}

/// Whether the first questions were answered, here or by `backshelf set`.
pub fn is_begun(db: &Db) -> Result<bool> {
    let settings = Settings::load(db)?;
    Ok(ANSWERED.iter().any(|key| settings.is_given(key)))
}

/// Marks a file that the first run makes: its questions are open until they are answered, whoever opens it.
pub fn made(store: &mut Store, act: Act) -> Result<Done<()>> {
    perform(store, act, |tx| {
        store::put(tx, OPEN, Some(ALL))?;
        tx.summarise("made the warehouse");
        Ok(())
    })
}

/// Whether the first run made this file and left before its questions were answered.
pub fn was_left_open(db: &Db) -> Result<bool> {
    Ok(Settings::load(db)?.text(OPEN) == Some(ALL))
}

/// How many old orders there are of which nobody was asked yet whether their customers were told.
pub fn unasked(db: &Db, today: NaiveDate) -> Result<usize> {
    let settings = Settings::load(db)?;
    let asked = settings.is_given("old_orders") && settings.text(OPEN).is_none();
    if asked || settings.is_given("demo") { Ok(0) } else { old_orders(db, today) }
}

/// Keeps what was said of the old orders, in one operation.
pub fn answer_old(store: &mut Store, act: Act, old: OldOrders) -> Result<Done<()>> {
    perform(store, act, |tx| {
        store::put(tx, "old_orders", Some(old.name()))?;
        store::put(tx, OPEN, None)?;
        tx.summarise(match old {
            OldOrders::Unknown => "said of the old orders: told, or not known",
            OldOrders::NotTold => "said of the old orders: nobody was told",
        });
        Ok(())
    })
}

impl Answers {
    /// With what is set already where nothing was answered.
    pub fn or_as_set(self, db: &Db) -> Result<Answers> {
        let or = |answer: String, key| if answer.trim().is_empty() { settings::current(db, key) } else { Ok(answer) };
        Ok(Answers {
            country: or(self.country, "warehouse.country")?,
            second_place: or(self.second_place, "copies.second_place")?,
            ..self
        })
    }
}

/// How many open orders were there before this program, with no talk on file: those that the tab lists as *not known*
/// once it is said that nobody knows.
pub fn old_orders(db: &Db, today: NaiveDate) -> Result<usize> {
    let terms = Terms { old_orders_unknown: true, ..Terms::of(&Settings::load(db)?) };
    let board = backorders::load(db, &terms, today)?;
    let old = board.lines.iter().filter(|l| l.decision.row == Row::NotKnown).map(|l| l.order);
    Ok(old.collect::<BTreeSet<_>>().len())
}

/// Keeps the answers, in one operation. Values that no setting takes are refused with a sentence.
pub fn answer(store: &mut Store, act: Act, answers: &Answers) -> Result<Done<()>> {
    let values = [
        ("customers.mostly", answers.mostly.name().to_string()),
        ("warehouse.country", answers.country.clone()),
        ("copies.second_place", answers.second_place.clone()),
        ("old_orders", answers.old.unwrap_or(OldOrders::Unknown).name().to_string()),
    ];
    let kept: Vec<(&str, Option<String>)> =
        values.iter().map(|(key, value)| Ok((*key, settings::normal_of(key, value)?))).collect::<Result<_>>()?;
    let today = act.today;
    perform(store, act, |tx| {
        let before = Settings::load(tx)?;
        for (key, value) in &kept {
            if *key == daily::SECOND_PLACE && value.as_deref() != Some(before.value(key)) {
                value.as_deref().map_or(Ok(()), daily::accept)?;
            }
            store::put(tx, key, value.as_deref())?;
        }
        store::put(tx, BEGUN, Some(&today.to_string()))?;
        store::put(tx, OPEN, if answers.old.is_none() { Some(OLD) } else { None })?;
        tx.summarise("answered the first questions");
        Ok(())
    })
}
