//! The first morning: what a new warehouse is asked before anything of it can be red, and what the answers set.

use super::perform;
use super::settings::{self, Settings};
use super::views::backorders::{self, Terms};
use crate::domain::delay::{CustomerKind, Row};
use crate::store::{Act, Db, Done, Result, Store, settings as store};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The setting that says on which day the first questions were answered.
const BEGUN: &str = "begun";
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

/// The answers to the first questions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answers {
    /// What customers are where no file says so.
    pub mostly: CustomerKind,
    /// ISO alpha-2; blank: not said, and then no law is applied.
    pub country: String,
    /// None: not asked, as no order is old.
    pub old: Option<OldOrders>,
    /// The folder of a second copy; blank: none.
    pub second_place: String,
}

/// Whether the first questions were answered, here or by `backshelf set`.
pub fn is_begun(db: &Db) -> Result<bool> {
    let settings = Settings::load(db)?;
    Ok(ANSWERED.iter().any(|key| settings.is_given(key)))
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
    let mut values = vec![
        ("customers.mostly", answers.mostly.name().to_string()),
        ("warehouse.country", answers.country.clone()),
        ("copies.second_place", answers.second_place.clone()),
    ];
    match answers.old {
        Some(OldOrders::Unknown) => values.push(("old_orders", "unknown".into())),
        Some(OldOrders::NotTold) => values.push(("old_orders", "not_told".into())),
        None => {}
    }
    let kept: Vec<(&str, Option<String>)> =
        values.iter().map(|(key, value)| Ok((*key, settings::normal_of(key, value)?))).collect::<Result<_>>()?;
    let today = act.today;
    perform(store, act, |tx| {
        for (key, value) in &kept {
            store::put(tx, key, value.as_deref())?;
        }
        store::put(tx, BEGUN, Some(&today.to_string()))?;
        tx.summarise("answered the first questions");
        Ok(())
    })
}
