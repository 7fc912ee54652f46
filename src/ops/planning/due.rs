//! Which plans are of now: what is to be planned anew, of which day plans are to be beside other windows, and whether
//! the kept ones are what follows from the facts.

use super::details::{self, Details};
use super::{ONE_BY_ONE, taken_up};
use crate::domain::ids::ItemId;
use crate::store::plan_changes::{self, Changed};
use crate::store::plans::{self, PlanRow};
use crate::store::{Db, Result, plan_basis};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What must be planned so that every kept plan knows everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Due {
    Nothing,
    /// Something of these items changed; the rest stands.
    Items(BTreeSet<ItemId>),
    /// The plans are of another day, a planning setting changed, or more did than is planned one by one.
    Whole,
}

impl Due {
    /// The kept plans are not of now.
    pub fn is_stale(&self) -> bool {
        *self != Due::Nothing
    }
    /// The kept plan of that item is not of now.
    pub fn concerns(&self, item: ItemId) -> bool {
        match self {
            Due::Nothing => false,
            Due::Items(items) => items.contains(&item),
            Due::Whole => true,
        }
    }
}

/// What is due on that day.
pub fn due(db: &Db, today: NaiveDate) -> Result<Due> {
    match plan_basis::stamp(db)? {
        // Below zero: plans of another basis are being put in place.
        Some((planned_on, whole, known)) if known >= 0 && planned_on == today && !of_earlier_version(db)? => {
            Ok(match plan_changes::since(db, known, ONE_BY_ONE)? {
                Changed::Items(items) if items.is_empty() => Due::Nothing,
                Changed::Items(items) if teaches_anew(db, whole, items.len())? => Due::Whole,
                Changed::Items(items) => Due::Items(items),
                Changed::Whole => Due::Whole,
            })
        }
        _ => Ok(Due::Whole),
    }
}

/// Whether the kept plans were made by another version's reckoning: those of the last item say it, which is kept last.
fn of_earlier_version(db: &Db) -> Result<bool> {
    let last = plans::last(db)?.map(|plan| Details::read(&plan.details)).transpose();
    Ok(last.map_or(true, |details| details.is_some_and(|d| d.reckoning != details::RECKONING)))
}

/// What a window looks at before it plans for its own day. One file keeps one set of plans: a window of another day than
/// the clock's (`--as-of`) lets those stand that others go by, and says so, else two would plan against each other for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Beside {
    /// Another window has the file open.
    pub others: bool,
    /// The day by this computer's clock.
    pub clock: NaiveDate,
}

impl Beside {
    /// Whether a window of `today` lets plans of that day stand. One of the clock's day takes only its own, and beside
    /// others tomorrow's, as another computer's clock may be ahead; one of another day takes whatever others use: plans of
    /// the clock's day, and beside others any.
    fn lets_stand(self, planned_on: NaiveDate, today: NaiveDate) -> bool {
        let taken = match today == self.clock {
            true => self.others && Some(planned_on) == today.succ_opt(),
            false => self.others || planned_on == self.clock,
        };
        planned_on == today || taken
    }
}

/// The day of which the plans are to be for a window of `today`: that of the kept ones where it lets them stand, else its
/// own. What is planned anew beside other windows, be it the whole catalogue, is planned for this day.
pub fn day_of_plans(db: &Db, today: NaiveDate, beside: Beside) -> Result<NaiveDate> {
    Ok(planned_on(db)?.filter(|day| beside.lets_stand(*day, today)).unwrap_or(today))
}

/// The day of the kept plans, and whether something changed since that they do not know; none: nothing was planned yet.
pub fn kept(db: &Db) -> Result<Option<(NaiveDate, bool)>> {
    let Some(day) = planned_on(db)? else { return Ok(None) };
    Ok(Some((day, is_stale(db, day)?)))
}

/// The day of the kept plans; none: nothing was planned yet.
fn planned_on(db: &Db) -> Result<Option<NaiveDate>> {
    Ok(plan_basis::stamp(db)?.map(|stamp| stamp.0))
}

/// Whether what changed is so much of the catalogue that what it taught no longer holds: the first orders of all, or a fifth
/// of the items at once (a file with orders). Else a new warehouse kept levels made from no demand until the next day.
fn teaches_anew(db: &Db, whole: i64, changed: usize) -> Result<bool> {
    Ok(plan_basis::is_from_before_all_orders(db, whole)?
        || changed >= FEW && changed * 5 > plan_basis::items_up_to(db, 5 * ONE_BY_ONE)?)
}

/// So few items never count as a part of the catalogue, however small it is.
const FEW: usize = 8;

/// Whether the kept plans are of another day, or something they are made from has changed since.
pub fn is_stale(db: &Db, today: NaiveDate) -> Result<bool> {
    Ok(due(db, today)?.is_stale())
}

/// What is to be known of plans that an earlier version made: no fault, as they are made anew by themselves.
pub fn note(db: &Db) -> Result<Option<String>> {
    let words =
        "The plans were made by an earlier version of the program. They are made anew when the workbench opens.";
    let earlier = plan_basis::stamp(db)?.is_some() && of_earlier_version(db)?;
    Ok(earlier.then(|| words.to_string()))
}

/// What is wrong with the kept plans, a sentence each: only where they claim to know the last operation and are of this
/// version's reckoning, and of at most `most` items, as everything is computed anew with what the catalogue taught when it
/// was planned as a whole.
pub fn faults(db: &Db, most: usize) -> Result<Vec<String>> {
    let Some((_, _, known)) = plan_basis::stamp(db)? else { return Ok(Vec::new()) };
    if known != plans::last_operation(db)? || plans::count(db)? > most || of_earlier_version(db)? {
        return Ok(Vec::new());
    }
    let items = plans::items(db)?;
    let mut wrong = Vec::new();
    for anew in taken_up(db, items, true)?.rows {
        let sku = || plans::sku(db, anew.item);
        match plans::plan_of(db, anew.item)? {
            None => wrong.push(format!("{} was not planned.", sku()?)),
            Some(kept) if figures(&kept) == figures(&anew) && kept.details != anew.details => {
                wrong.push(format!("What explains the plan of {} does not follow from its orders any more.", sku()?));
            }
            Some(kept) if figures(&kept) != figures(&anew) => {
                wrong.push(format!(
                    "The plan of {} says {:.2} a day, low at {}, up to {}, but it is {:.2} a day, low at {}, up to {}.",
                    sku()?,
                    kept.daily,
                    kept.reorder_point,
                    kept.order_up_to,
                    anew.daily,
                    anew.reorder_point,
                    anew.order_up_to
                ));
            }
            Some(_) => {}
        }
    }
    if wrong.len() > FAULTS_LISTED {
        let more = wrong.len() - FAULTS_LISTED;
        wrong.truncate(FAULTS_LISTED);
        wrong.push(format!("... and {more} more of these."));
    }
    Ok(wrong)
}

/// What a plan says, beside its explanation and the operation up to which it knows.
fn figures(plan: &PlanRow) -> PlanRow {
    PlanRow { after_operation: 0, details: String::new(), ..plan.clone() }
}

/// Wrong plans that are named one by one.
const FAULTS_LISTED: usize = 20;
