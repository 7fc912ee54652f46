//! Planning: how much of every item to keep, from what customers ordered and how long suppliers take.
//!
//! Reads whole sets on any connection, computes on all cores, keeps the results in one transaction. A plan is derived:
//! it is stamped with the day and the last operation it knows, never journalled, and computed anew at any time.

mod details;
mod leads;
mod sources;
mod subject;

pub use details::{Details, Spike};
pub use leads::ASSUMED_DAYS;
pub use sources::{Other, bought_how, chosen};

use super::allocating;
use super::learning;
use super::settings::Settings;
use crate::domain::counting::{self, Class};
use crate::domain::demand::{Demand, Grid};
use crate::domain::forecast::{Catalogue, Evidence, Forecaster, Habits, Model, Posterior};
use crate::domain::ids::{ItemId, LineId};
use crate::domain::money::Money;
use crate::domain::reorder::Selling;
use crate::store::past_demand;
use crate::store::plans::{self, PlanItem, PlanRow};
use crate::store::{Db, Failure, Result, Store};
use chrono::{Days, NaiveDate};
use leads::Leads;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use subject::{MoneyRules, Rules, Subject, plan_one};

/// The catalogue's one chance is found from at most this many items, spread evenly.
const SAMPLE: usize = 4_000;

/// Told how far planning is: (done, of all). Answers whether to go on.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) -> bool + Sync);

/// Results, not yet kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Plans {
    pub today: NaiveDate,
    pub rows: Vec<PlanRow>,
    pub grid: Grid,
}

/// Plans every item and keeps the results; returns how many items were planned.
pub fn plan(store: &mut Store, today: NaiveDate, progress: Progress) -> Result<usize> {
    let plans = compute(store.db(), today, progress)?;
    keep(store, &plans)
}

/// Keeps plans that were computed on another connection, and brings the items' states up to date.
pub fn keep(store: &mut Store, plans: &Plans) -> Result<usize> {
    store.keep("keeping the plans", |db| {
        plans::replace_all(db, &plans.rows)?;
        allocating::refresh_states(db)
    })?;
    Ok(plans.rows.len())
}

/// How many plans are kept in one go by [`keep_part`]: a few milliseconds, so that no key waits for it.
const PART: usize = 256;

/// Keeps the next plans from place `from` on, with their items' states, in a short transaction; answers where to go on,
/// `None` when all are kept. Until then the stamp is that of the oldest, so that work broken off is done again.
pub fn keep_part(store: &mut Store, plans: &Plans, from: usize) -> Result<Option<usize>> {
    let rest = plans.rows.get(from..).unwrap_or(&[]);
    let part = rest.get(..PART.min(rest.len())).unwrap_or(rest);
    let next = (from + part.len() < plans.rows.len()).then_some(from + part.len());
    let after = from.checked_sub(1).and_then(|at| plans.rows.get(at)).map(|p| p.item);
    let upto = next.and(part.last()).map(|p| p.item);
    store.keep("keeping the plans", |db| {
        plans::forget_gone(db, after, upto)?;
        plans::keep_rows(db, part)?;
        allocating::refresh_states_of(db, &part.iter().map(|p| p.item).collect())
    })?;
    Ok(next)
}

/// Whether something that the plans are made from has changed since they were made, whatever their day.
pub fn facts_changed(db: &Db) -> Result<bool> {
    match plans::stamp(db)? {
        Some((_, after)) => plans::facts_changed_since(db, after),
        None => Ok(true),
    }
}

/// What is wrong with the kept plans, a sentence each: only where they claim to know the last operation, and of at most
/// `most` items, as everything is computed anew.
pub fn faults(db: &Db, most: usize) -> Result<Vec<String>> {
    let Some((on, after)) = plans::stamp(db)? else { return Ok(Vec::new()) };
    if after != plans::last_operation(db)? || plans::items(db)?.len() > most {
        return Ok(Vec::new());
    }
    let mut wrong = Vec::new();
    for anew in compute(db, on, &|_, _| true)?.rows {
        let sku = || plans::sku(db, anew.item);
        match plans::plan_of(db, anew.item)? {
            None => wrong.push(format!("{} was not planned.", sku()?)),
            Some(kept) if kept.planned_on == on && kept != anew => wrong.push(format!(
                "The plan of {} says {:.2} a day, low at {}, up to {}, but it is {:.2} a day, low at {}, up to {}.",
                sku()?,
                kept.daily,
                kept.reorder_point,
                kept.order_up_to,
                anew.daily,
                anew.reorder_point,
                anew.order_up_to
            )),
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

/// Wrong plans that are named one by one.
const FAULTS_LISTED: usize = 20;

/// Whether the kept plans are of another day, or something they are made from has changed since.
pub fn is_stale(db: &Db, today: NaiveDate) -> Result<bool> {
    match plans::stamp(db)? {
        Some((on, after)) => Ok(on != today || plans::facts_changed_since(db, after)?),
        None => Ok(true),
    }
}

/// Plans every item from what the database holds today.
pub fn compute(db: &Db, today: NaiveDate, progress: Progress) -> Result<Plans> {
    let after_operation = plans::last_operation(db)?;
    let settings = Settings::load(db)?;
    let items = plans::items(db)?;
    let past = past(db, today, &items)?;
    let demands: Vec<&Demand> = past.iter().map(|p| &p.0).collect();
    let grid = Grid::for_catalogue(&demands);
    let model = Model::with_recency(grid.recency());
    let review_days = settings.count("planning.review_days").max(1) as f64;
    let mut leads = Leads::learn(&learning::lines(db)?, today, grid.days() as f64, review_days);
    let sources = sources::all(db, today, &items, &mut leads, &settings)?;
    let evidence: Vec<Evidence> = demands.par_iter().map(|d| Evidence::of(&d.history(grid), model.recency)).collect();
    let units = demands.iter().map(|d| d.unit as f64 / 1000.0);
    let habits = Habits::learn(items.iter().zip(units).zip(&evidence).map(|((i, u), e)| (i.category.as_deref(), u, e)));
    let mut subjects: Vec<Subject> = items
        .iter()
        .zip(&past)
        .zip(evidence.into_iter().zip(sources))
        .map(|((item, (demand, largest)), (evidence, sources))| {
            let prior = habits.of(item.category.as_deref()).in_units_of(demand.unit as f64 / 1000.0);
            let posterior = Posterior::new(evidence, &prior, &model);
            Subject { item, demand, posterior, sources, largest: *largest, class: Class::C }
        })
        .collect();
    classify(&mut subjects, &model, grid);
    let chances = chances(&subjects, &model, &settings);
    let since = today.checked_sub_days(Days::new(365)).unwrap_or(today);
    let (cancelled, waited) = past_demand::cancelled_of_waiting(db, since)?;
    let rules = Rules {
        today,
        grid,
        model,
        chances,
        review_days,
        after_operation,
        cancel_rate: cancelled as f64 / (waited as f64).max(1.0),
        money: MoneyRules::of(&settings),
    };
    let rows = plan_all(&subjects, &rules, progress)?;
    Ok(Plans { today, rows, grid })
}

/// Every item's demand, in their order.
pub fn demands(db: &Db, today: NaiveDate, items: &[PlanItem]) -> Result<Vec<Demand>> {
    Ok(past(db, today, items)?.into_iter().map(|p| p.0).collect())
}

/// The largest line of an item: (line, thousandths, days before today).
type Largest = Option<(LineId, i64, u16)>;

fn past(db: &Db, today: NaiveDate, items: &[PlanItem]) -> Result<Vec<(Demand, Largest)>> {
    let mut ordered = past_demand::ordered(db, today)?;
    let mut all: Vec<(Demand, Largest)> = Vec::with_capacity(items.len());
    for item in items {
        let o = ordered.remove(&item.id).unwrap_or_default();
        let demand = Demand::from_days(today, o.listed_on, o.days);
        all.push((Demand { out: o.out, refused_when_out: item.refused_when_out, ..demand }, o.largest));
    }
    let place = |item: ItemId| items.binary_search_by_key(&item, |i| i.id).ok(); // items are by number
    // In the order in which they were entered: a chain of three hands everything on.
    for (item, from) in past_demand::successions(db)? {
        if let (Some(item), Some(from)) = (place(item), place(from)) {
            let inherited = all.get(from).map(|p| p.0.clone()).unwrap_or_default();
            if let Some((demand, _)) = all.get_mut(item) {
                demand.inherit(&inherited);
            }
        }
    }
    Ok(all)
}

/// Classes by the value of what sells in a year: see [`counting::classes`].
fn classify(subjects: &mut [Subject], model: &Model, grid: Grid) {
    let value = |s: &Subject| {
        let yearly = s.posterior.mean(model) * s.demand.unit as f64 / 1000.0 / grid.days() as f64 * 365.0;
        let sells = s.selling() == Selling::Active;
        s.item.cost.filter(|_| sells).map(|cost| Money::from_f64(cost.as_f64() * yearly))
    };
    let used: Vec<(ItemId, Money)> = subjects.iter().filter_map(|s| Some((s.item.id, value(s)?))).collect();
    let classes = counting::classes(&used);
    for s in subjects {
        s.class = classes.get(&s.item.id).copied().unwrap_or(Class::C);
    }
}

/// The chance for each class: of those with a target of their own by itself, of the rest together.
fn chances(subjects: &[Subject], model: &Model, settings: &Settings) -> [f64; 3] {
    let whole = settings.number("planning.target").unwrap_or(0.95);
    let own = ["planning.target_a", "planning.target_b", "planning.target_c"].map(|key| settings.number(key));
    let with_own = |class: Class| Class::ALL.iter().zip(own).any(|(c, target)| *c == class && target.is_some());
    let rest = catalogue_chance(subjects, model, whole, |c| !with_own(c));
    let mut chances = [rest; 3];
    for (chance, (class, target)) in chances.iter_mut().zip(Class::ALL.into_iter().zip(own)) {
        if let Some(target) = target {
            *chance = catalogue_chance(subjects, model, target, |c| c == class);
        }
    }
    chances
}

/// The one chance for the items of some classes, from those whose level it will decide.
fn catalogue_chance(subjects: &[Subject], model: &Model, target: f64, among: impl Fn(Class) -> bool) -> f64 {
    let decided: Vec<&Subject> = subjects
        .iter()
        .filter(|s| s.item.service_level.is_none() && s.selling() == Selling::Active && among(s.class))
        .collect();
    let step = decided.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<&Subject> = decided.into_iter().step_by(step).collect();
    let catalogue = sample
        .par_chunks(64)
        .map_init(
            || Forecaster::new(*model),
            |forecaster, part| {
                let mut catalogue = Catalogue::default();
                for s in part {
                    let source = s.source();
                    let outlook = forecaster.outlook(&s.posterior, &source.lead.wait);
                    let unit = s.demand.unit as f64 / 1000.0;
                    catalogue.add(&outlook, s.buying(source).quantum(), unit);
                }
                catalogue
            },
        )
        .collect::<Vec<_>>(); // joined in order: the same sum on any number of cores
    catalogue.iter().fold(Catalogue::default(), Catalogue::join).chance_for(target)
}

fn plan_all(subjects: &[Subject], rules: &Rules, progress: Progress) -> Result<Vec<PlanRow>> {
    let (done, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let parts: Vec<Result<Vec<PlanRow>>> = subjects
        .par_chunks(256)
        .map_init(
            || Forecaster::new(rules.model),
            |forecaster, part| {
                if stopped.load(Ordering::Relaxed) {
                    return Ok(Vec::new());
                }
                let rows = part.iter().map(|s| plan_one(s, rules, forecaster)).collect();
                let so_far = done.fetch_add(part.len(), Ordering::Relaxed) + part.len();
                if !progress(so_far, subjects.len()) {
                    stopped.store(true, Ordering::Relaxed);
                }
                rows
            },
        )
        .collect();
    if stopped.load(Ordering::Relaxed) {
        return Err(Failure::refused("Planning was stopped. The plans from before are still there."));
    }
    let mut rows = Vec::with_capacity(subjects.len());
    for part in parts {
        rows.extend(part?);
    }
    Ok(rows)
}
