//! Planning: how much of every item to keep, from what customers ordered and how long suppliers take.
//!
//! Reads whole sets on any connection, computes on all cores, keeps the results in one transaction. Plans are derived:
//! never journalled, and computed anew at any time. With them is kept what the catalogue as a whole taught ([`basis`]),
//! of which day it is and which operations it knows; the journal says which items changed since ([`due`]), and those
//! alone are planned anew, with the same figures, until the whole is due again.

mod basis;
mod details;
mod due;
mod leads;
mod sources;
mod subject;

pub use details::{Details, Spike};
pub use due::{Beside, Due, day_of_plans, due, faults, is_stale, note};
pub use leads::ASSUMED_DAYS;
pub use sources::{Other, bought_how, chosen};

use super::allocating;
use super::learning;
use super::settings::Settings;
use crate::domain::counting::Class;
use crate::domain::demand::{Demand, Grid};
use crate::domain::forecast::{Catalogue, Evidence, Forecaster, Habits, Model, Posterior};
use crate::domain::ids::{ItemId, LineId};
use crate::domain::money::Money;
use crate::domain::reorder::Selling;
use crate::store::plans::{self, PlanItem, PlanRow};
use crate::store::{Act, Db, Done, Failure, Result, Store, past_demand, plan_basis};
use basis::Basis;
use chrono::{Days, NaiveDate};
use leads::Leads;
use rayon::prelude::*;
use sources::{Market, Sources};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use subject::{Rules, Subject, plan_one};

/// The catalogue's one chance is found from at most this many items, spread evenly.
const SAMPLE: usize = 4_000;

/// Told how far planning is: (done, of all). Answers whether to go on.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) -> bool + Sync);

/// Items of which something changed are planned one by one up to so many; beyond that the whole catalogue is.
const ONE_BY_ONE: usize = 200;

/// Results, not yet kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Plans {
    /// The day they are of.
    pub today: NaiveDate,
    pub rows: Vec<PlanRow>,
    pub grid: Grid,
    /// What they were made from: kept with them where the whole catalogue was planned.
    basis: Arc<Basis>,
    /// The whole catalogue; else only items of which something changed.
    whole: bool,
    /// They know what operations up to this one did.
    known: i64,
}

impl Plans {
    /// The whole catalogue was planned, not only what changed.
    pub fn is_whole(&self) -> bool {
        self.whole
    }
}

/// Plans every item and keeps the results; returns how many items were planned.
pub fn plan(store: &mut Store, today: NaiveDate, progress: Progress) -> Result<usize> {
    let plans = compute(store.db(), today, progress)?;
    keep(store, &plans)
}

/// Plans what is due and keeps it: items of which something changed, or the whole catalogue. Returns how many items.
pub fn bring_up_to_date(store: &mut Store, today: NaiveDate, progress: Progress) -> Result<usize> {
    match due(store.db(), today)? {
        Due::Nothing => Ok(0),
        Due::Items(items) => {
            let plans = replan(store.db(), &items)?;
            keep(store, &plans)
        }
        Due::Whole => plan(store, today, progress),
    }
}

/// Keeps plans that were computed on another connection, and brings the items' states up to date.
pub fn keep(store: &mut Store, plans: &Plans) -> Result<usize> {
    store.keep("keeping the plans", |db| {
        let items = plans.rows.iter().map(|p| p.item).collect();
        if plans.whole {
            plans::replace_all(db, &plans.rows)?;
            plans.basis.keep(db)?;
            return allocating::refresh_states(db);
        }
        if fits(db, plans)? {
            plans::keep_rows(db, &plans.rows)?;
            allocating::refresh_states_of(db, &items)?;
        }
        Ok(())
    })?;
    Ok(plans.rows.len())
}

/// Whether the whole that a few items were planned with is still the kept one; then it knows of them from now on.
fn fits(db: &Db, plans: &Plans) -> Result<bool> {
    let row = &plans.basis.row;
    plan_basis::know(db, row.planned_on, row.after_operation, plans.known)
}

/// How many plans are kept in one go by [`keep_part`]: a few milliseconds, so that no key waits for it.
const PART: usize = 256;

/// Keeps the next plans from place `from` on, with their items' states, in a short transaction; answers where to go on,
/// `None` when all are kept. Only then is what they were made from kept too, so that work broken off is done again.
pub fn keep_part(store: &mut Store, plans: &Plans, from: usize) -> Result<Option<usize>> {
    if !plans.whole {
        keep(store, plans)?;
        return Ok(None);
    }
    let rest = plans.rows.get(from..).unwrap_or(&[]);
    let part = rest.get(..PART.min(rest.len())).unwrap_or(rest);
    let next = (from + part.len() < plans.rows.len()).then_some(from + part.len());
    let after = from.checked_sub(1).and_then(|at| plans.rows.get(at)).map(|p| p.item);
    let upto = next.and(part.last()).map(|p| p.item);
    store.keep("keeping the plans", |db| {
        plans::forget_gone(db, after, upto)?;
        plans::keep_rows(db, part)?;
        if next.is_none() {
            plans.basis.keep(db)?;
        }
        allocating::refresh_states_of(db, &part.iter().map(|p| p.item).collect())
    })?;
    Ok(next)
}

/// Plans every item from what the database holds today.
pub fn compute(db: &Db, today: NaiveDate, progress: Progress) -> Result<Plans> {
    let operation = plans::last_operation(db)?;
    let settings = Settings::load(db)?;
    let items = plans::items(db)?;
    let mut past = past(db, today, &items)?;
    let market = Market::all(db)?;
    seasons(&market, today, &items, &mut past);
    let review_days = review_days(&settings);
    let grid = Grid::for_catalogue(&past.iter().map(|p| &p.0).collect::<Vec<_>>());
    let leads = Leads::learn(today, grid.days() as f64, review_days, |take| learning::each(db, take))?;
    let sources = sources::of_items(&market, today, &items, &leads, &settings);
    let model = Model::with_recency(grid.recency());
    let evidence: Vec<Evidence> =
        past.par_iter().map(|(demand, _)| Evidence::of(&demand.history(grid), model.recency)).collect();
    let units = past.iter().map(|p| p.0.unit as f64 / 1000.0);
    let habits = Habits::learn(items.iter().zip(units).zip(&evidence).map(|((i, u), e)| (i.category.as_deref(), u, e)));
    let mut subjects = subjects(&items, &past, evidence, sources, &habits, &model);
    let mut basis = Basis::of(today, grid, operation, &habits, &leads);
    let values: Vec<Option<Money>> = subjects.par_iter().map(|s| s.yearly_value(&model, grid)).collect();
    let used: Vec<(ItemId, Money)> = items.iter().zip(&values).filter_map(|(i, v)| Some((i.id, (*v)?))).collect();
    basis.row.class_from = basis::class_limits(&used);
    for (subject, value) in subjects.iter_mut().zip(values) {
        subject.class = basis.class_of(value);
    }
    basis.row.chances = chances(&subjects, &model, &settings);
    let since = today.checked_sub_days(Days::new(365)).unwrap_or(today);
    let (cancelled, waited) = past_demand::cancelled_of_waiting(db, since)?;
    basis.row.cancel_rate = cancelled as f64 / (waited as f64).max(1.0);
    let rows = plan_all(&subjects, &Rules::of(&basis, &settings, operation, blended(db, &settings)?), progress)?;
    Ok(Plans { today, rows, grid, basis: Arc::new(basis), whole: true, known: operation })
}

/// Plans these items alone, with what the catalogue taught when it was planned as a whole, on the day of that planning.
/// An item that is gone has no plan.
pub fn replan(db: &Db, items: &BTreeSet<ItemId>) -> Result<Plans> {
    let mut known = Vec::with_capacity(items.len());
    for item in items {
        known.extend(plans::item(db, *item)?);
    }
    let many = known.len() > ONE_BY_ONE;
    taken_up(db, known, many)
}

/// Plans items, by number, with the kept basis. `many`: the facts are read in whole sets, not item by item.
fn taken_up(db: &Db, items: Vec<PlanItem>, many: bool) -> Result<Plans> {
    let operation = plans::last_operation(db)?;
    let settings = Settings::load(db)?;
    let market = if many { Market::all(db)? } else { Market::of(db, &items)? };
    let categories = items.iter().filter_map(|i| i.category.as_deref());
    let Some(basis) = Basis::load_for(db, categories, market.suppliers(&items))? else {
        return Err(Failure::refused("Nothing was planned yet, so nothing can be planned anew by itself."));
    };
    let (today, grid) = (basis.row.planned_on, basis.row.grid);
    let mut past = if many { past(db, today, &items)? } else { past_of_few(db, today, &items)? };
    seasons(&market, today, &items, &mut past);
    let lines = learning::lines_of(db, &items.iter().map(|i| i.id).collect::<Vec<_>>(), many)?;
    let leads = basis.leads(&lines, review_days(&settings));
    let sources = sources::of_items(&market, today, &items, &leads, &settings);
    let model = Model::with_recency(grid.recency());
    let evidence = past.par_iter().map(|(demand, _)| Evidence::of(&demand.history(grid), model.recency)).collect();
    let mut subjects = subjects(&items, &past, evidence, sources, &basis.habits(), &model);
    for subject in &mut subjects {
        subject.class = basis.class_of(subject.yearly_value(&model, grid));
    }
    let rows = plan_all(&subjects, &Rules::of(&basis, &settings, operation, blended(db, &settings)?), &|_, _| true)?;
    Ok(Plans { today, rows, grid, basis: Arc::new(basis), whole: false, known: operation })
}

/// Gives every demand the season that a person said it has.
fn seasons(market: &Market, today: NaiveDate, items: &[PlanItem], past: &mut [(Demand, Largest)]) {
    for (item, (demand, _)) in items.iter().zip(past) {
        demand.season = market.season(item.id).map(|season| (season, today));
    }
}

fn review_days(settings: &Settings) -> f64 {
    settings.count("planning.review_days").max(1) as f64
}

/// Whether levels are the mean of ours and NB-SBA's: as a person says, else as was kept by an older version, which chose
/// by its replay of the last year.
pub fn blended(db: &Db, settings: &Settings) -> Result<bool> {
    Ok(match settings.value("planning.policy") {
        "ours" => false,
        "blend" => true,
        _ => plan_basis::chose_blend(db)?,
    })
}

/// Makes the plans by the mean of ours and NB-SBA's, else by ours alone, from now on. A look at the replay of the last
/// year decides nothing: this is a person's word.
pub fn plan_by(store: &mut Store, act: Act, blend: bool) -> Result<Done<()>> {
    super::settings::set(store, act, "planning.policy", if blend { "blend" } else { "ours" })
}

/// Items with everything that is known of each; the class is still to be found.
fn subjects<'a>(
    items: &'a [PlanItem],
    past: &'a [(Demand, Largest)],
    evidence: Vec<Evidence>,
    sources: Vec<Sources>,
    habits: &Habits,
    model: &Model,
) -> Vec<Subject<'a>> {
    items
        .iter()
        .zip(past)
        .zip(evidence.into_iter().zip(sources))
        .map(|((item, (demand, largest)), (evidence, sources))| {
            let prior = habits.of(item.category.as_deref()).in_units_of(demand.unit as f64 / 1000.0);
            let posterior = Posterior::new(evidence, &prior, model);
            Subject { item, demand, posterior, sources, largest: *largest, class: Class::C }
        })
        .collect()
}

/// Every item's demand, in their order.
pub fn demands(db: &Db, today: NaiveDate, items: &[PlanItem]) -> Result<Vec<Demand>> {
    Ok(past(db, today, items)?.into_iter().map(|p| p.0).collect())
}

/// The largest line of an item: (line, thousandths, days before today).
type Largest = Option<(LineId, i64, u16)>;

fn past(db: &Db, today: NaiveDate, items: &[PlanItem]) -> Result<Vec<(Demand, Largest)>> {
    let mut ordered = past_demand::ordered(db, today)?;
    let own: Vec<_> = items.iter().map(|item| ordered.remove(&item.id).unwrap_or_default()).collect();
    let mut all: Vec<(Demand, Largest)> =
        items.par_iter().zip(own).map(|(item, own)| demand_of(today, item, own)).collect();
    let place = |item: ItemId| items.binary_search_by_key(&item, |i| i.id).ok(); // items are by number
    let successions: HashMap<ItemId, ItemId> = past_demand::successions(db)?.into_iter().collect();
    let mut done: HashSet<ItemId> = HashSet::new();
    for heir in successions.keys() {
        // The oldest first: a chain of three hands everything on.
        for item in chain(*heir, |i| Ok(successions.get(&i).copied()))?.into_iter().rev().filter(|i| done.insert(*i)) {
            let from = successions.get(&item).and_then(|from| place(*from));
            let inherited = from.and_then(|at| all.get(at)).map(|p| p.0.clone());
            let own = place(item).and_then(|at| all.get_mut(at));
            if let (Some((demand, _)), Some(inherited)) = (own, inherited) {
                demand.inherit(&inherited);
            }
        }
    }
    Ok(all)
}

/// The same, read item by item.
fn past_of_few(db: &Db, today: NaiveDate, items: &[PlanItem]) -> Result<Vec<(Demand, Largest)>> {
    let own = |item: &PlanItem| -> Result<(Demand, Largest)> {
        Ok(demand_of(today, item, past_demand::ordered_of(db, today, item.id)?.unwrap_or_default()))
    };
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        let mut handed_on: Option<Demand> = None;
        for older in chain(item.id, |i| past_demand::inherits_from(db, i))?.into_iter().rev() {
            let Some(older) = plans::item(db, older)? else { continue };
            let (mut demand, largest) = own(&older)?;
            if let Some(inherited) = &handed_on {
                demand.inherit(inherited);
            }
            if older.id == item.id {
                all.push((demand, largest));
                break;
            }
            handed_on = Some(demand);
        }
    }
    Ok(all)
}

/// An item, whose history it inherits, whose that one inherits, and so on; never round in a circle.
fn chain(item: ItemId, from: impl Fn(ItemId) -> Result<Option<ItemId>>) -> Result<Vec<ItemId>> {
    let mut chain = vec![item];
    let mut at = item;
    while let Some(older) = from(at)?.filter(|older| !chain.contains(older)) {
        chain.push(older);
        at = older;
    }
    Ok(chain)
}

fn demand_of(today: NaiveDate, item: &PlanItem, ordered: past_demand::Ordered) -> (Demand, Largest) {
    let demand = Demand::from_days(today, ordered.listed_on, ordered.days);
    (Demand { out: ordered.out, refused_when_out: item.refused_when_out, ..demand }, ordered.largest)
}

/// The chance for each class: of those with a target of their own by itself, of the rest together.
fn chances(subjects: &[Subject], model: &Model, settings: &Settings) -> [f64; 3] {
    let whole = settings.number("planning.target").unwrap_or(0.95);
    let own = ["planning.target_a", "planning.target_b", "planning.target_c"].map(|key| settings.number(key));
    let with_own = |class: Class| Class::ALL.iter().zip(own).any(|(c, target)| *c == class && target.is_some());
    let days = review_days(settings);
    let rest = catalogue_chance(subjects, model, days, whole, |c| !with_own(c));
    let mut chances = [rest; 3];
    for (chance, (class, target)) in chances.iter_mut().zip(Class::ALL.into_iter().zip(own)) {
        if let Some(target) = target {
            *chance = catalogue_chance(subjects, model, days, target, |c| c == class);
        }
    }
    chances
}

/// The one chance for the items of some classes, from those whose level it will decide.
fn catalogue_chance(
    subjects: &[Subject],
    model: &Model,
    review_days: f64,
    target: f64,
    among: impl Fn(Class) -> bool,
) -> f64 {
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
                    let outlook = forecaster.outlook(&s.posterior, &s.wait(source, review_days));
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
