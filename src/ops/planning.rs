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
mod past;
mod sources;
mod subject;
mod whole;

pub use details::{Details, Spike};
pub use due::{Beside, Due, day_of_plans, due, faults, is_stale, kept, note};
pub use leads::ASSUMED_DAYS;
pub use past::{demand_of_item, demands};
pub use sources::{Other, bought_how, chosen};
pub use whole::{Sizes, begin, begin_in, compute, go_on, plan, plan_in};

use super::allocating;
use super::learning;
use super::settings::Settings;
use crate::domain::counting::Class;
use crate::domain::demand::{Demand, Grid};
use crate::domain::forecast::{Evidence, Forecaster, Habits, Model, Posterior};
use crate::domain::ids::ItemId;
use crate::domain::lateness::Delivery;
use crate::store::plans::{self, PlanItem, PlanRow, Span};
use crate::store::{Act, Db, Done, Failure, Result, Store, plan_basis, suppliers};
use basis::Basis;
use chrono::NaiveDate;
use past::Largest;
use rayon::prelude::*;
use sources::{Market, Sources};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use subject::{DAYS_A_MONTH, Hope, Rules, Subject, WAKES_DAYS, plan_one};

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
    place: Place,
}

/// Where in a great catalogue plans stand: see [`go_on`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Place {
    /// The last item before them; none: they begin with the first.
    after: Option<ItemId>,
    /// The last of them.
    upto: Option<ItemId>,
    /// Items planned, these with them.
    done: usize,
    /// About so many items are still to be planned; 0: none.
    left: usize,
    /// How many are planned at once.
    part: usize,
}

impl Plans {
    /// Without rows, as of that basis.
    fn of(basis: Arc<Basis>, whole: bool, place: Place) -> Plans {
        let row = &basis.row;
        let (today, grid, known) = (row.planned_on, row.grid, row.after_operation);
        Plans { today, rows: Vec::new(), grid, basis, whole, known, place }
    }

    /// The whole catalogue was planned, not only what changed.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Keeping them takes long: not on the thread that keys wait for.
    pub fn are_many(&self) -> bool {
        self.rows.len() > MANY
    }

    /// No items are left to plan after these.
    pub fn is_last(&self) -> bool {
        self.place.left == 0
    }
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

/// More than a few pieces of [`keep_part`].
const MANY: usize = 8 * PART;

/// How many plans are kept in one go by [`keep_part`]: a few milliseconds, so that no key waits for it.
const PART: usize = 256;

/// What became of a piece of plans.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// It is kept; the next piece begins at this place.
    UpTo(usize),
    /// All of these plans are.
    All,
    /// Another window has kept the same meanwhile: these are put away.
    Elsewhere,
}

/// Keeps the next plans from place `from` on, with their items' states, in a short transaction. Only when all are kept,
/// and no items are left to plan ([`Plans::is_last`]), is what they were made from kept too, so that work broken off is
/// done again.
pub fn keep_part(store: &mut Store, plans: &Plans, from: usize) -> Result<Kept> {
    if !plans.whole {
        keep(store, plans)?;
        return Ok(Kept::All);
    }
    if from == 0 && plans.place.after.is_none() && is_kept(store.db(), plans)? {
        return Ok(Kept::Elsewhere);
    }
    Ok(keep_some(store, plans, from, PART)?.map_or(Kept::All, Kept::UpTo))
}

/// Whether plans of the whole stand that know as much as these, of their day.
fn is_kept(db: &Db, plans: &Plans) -> Result<bool> {
    let knows = plan_basis::stamp(db)?.is_some_and(|(_, whole, _)| whole >= plans.known);
    Ok(knows && due(db, plans.today)? != Due::Whole)
}

fn keep_some(store: &mut Store, plans: &Plans, from: usize, most: usize) -> Result<Option<usize>> {
    let rest = plans.rows.get(from..).unwrap_or(&[]);
    let part = rest.get(..most.min(rest.len())).unwrap_or(rest);
    let next = (from + part.len() < plans.rows.len()).then_some(from + part.len());
    let is_last = next.is_none() && plans.is_last();
    let after = from.checked_sub(1).and_then(|at| plans.rows.get(at)).map(|p| p.item).or(plans.place.after);
    let upto = part.last().map(|p| p.item).filter(|_| !is_last);
    store.keep("keeping the plans", |db| {
        if after.is_none() && !is_last {
            plan_basis::doubt(db)?;
        }
        plans::forget_gone(db, after, upto)?;
        plans::keep_rows(db, part)?;
        if is_last {
            plans.basis.keep(db)?;
        }
        allocating::refresh_states_of(db, &part.iter().map(|p| p.item).collect())
    })?;
    Ok(next)
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
    let spans: Vec<Span> = if many { vec![Span::ALL] } else { items.iter().map(|i| Span::of(i.id)).collect() };
    let market = Market::of(db, &spans)?;
    let categories = items.iter().filter_map(|i| i.category.as_deref());
    let Some(basis) = Basis::load_for(db, categories, market.suppliers(&items))? else {
        return Err(Failure::refused("Nothing was planned yet, so nothing can be planned anew by itself."));
    };
    let facts = Facts { items: &items, spans: &spans, market, settings: &settings };
    let rows = plan_with(db, &basis, facts, operation, &|_, _| true)?;
    Ok(Plans { rows, known: operation, ..Plans::of(Arc::new(basis), false, Place::default()) })
}

/// Items to be planned, and what is read of them in one go.
struct Facts<'a> {
    items: &'a [PlanItem],
    /// They are all that these hold, or some of them.
    spans: &'a [Span],
    market: Market,
    settings: &'a Settings,
}

/// Plans items with what the catalogue taught; the plans will know operations up to `operation`.
fn plan_with(db: &Db, basis: &Basis, of: Facts, operation: i64, progress: Progress) -> Result<Vec<PlanRow>> {
    let Facts { items, spans, market, settings } = of;
    let (today, grid) = (basis.row.planned_on, basis.row.grid);
    let mut past = past::of(db, today, items, spans)?;
    past::seasons(&market, today, items, &mut past);
    let lines = lines_of(db, items, spans)?;
    let leads = basis.leads(&lines, review_days(settings));
    let sources = sources::of_items(&market, today, items, &leads, settings);
    let model = Model::with_recency(grid.recency());
    let evidence = past.par_iter().map(|(demand, _)| Evidence::of(&demand.history(grid), model.recency)).collect();
    let hopes = Hopes { market: &market, today, grid };
    let mut subjects = subjects(items, &past, evidence, sources, (&basis.habits(), &hopes), &model);
    for subject in &mut subjects {
        subject.class = basis.class_of(subject.yearly_value(&model, grid));
    }
    plan_all(&subjects, &Rules::of(basis, settings, operation, blended(db, settings)?), progress)
}

/// The PO lines of items: of all from everybody's packed lines, which is quicker then, of others by their own rows.
fn lines_of(db: &Db, items: &[PlanItem], spans: &[Span]) -> Result<Vec<Delivery>> {
    if let [Span::ALL] = spans {
        return learning::lines_of(db, &items.iter().map(|i| i.id).collect::<Vec<_>>(), true);
    }
    let mut lines = Vec::new();
    for span in spans {
        lines.append(&mut suppliers::deliveries_in(db, *span)?);
    }
    Ok(lines)
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

/// What persons expect of items.
struct Hopes<'a> {
    market: &'a Market,
    today: NaiveDate,
    grid: Grid,
}

impl Hopes<'_> {
    /// Of this one, as much as it counts today.
    fn of(&self, item: ItemId, demand: &Demand) -> Option<Hope> {
        let said = self.market.expects(item)?;
        let days = (self.today - said.said_on).num_days().max(0);
        // Where nothing was listed yet nothing was learned: it does not fade.
        let seen = days.min(demand.listed_days) as f64 / self.grid.days() as f64;
        let buckets = said.months as f64 * DAYS_A_MONTH / self.grid.days() as f64 * self.grid.recency().powf(seen);
        Some(Hope { said, buckets, holds: days < WAKES_DAYS })
    }
}

/// Items with everything that is known of each; the class is still to be found.
fn subjects<'a>(
    items: &'a [PlanItem],
    past: &'a [(Demand, Largest)],
    evidence: Vec<Evidence>,
    sources: Vec<Sources>,
    (habits, hopes): (&Habits, &Hopes),
    model: &Model,
) -> Vec<Subject<'a>> {
    items
        .iter()
        .zip(past)
        .zip(evidence.into_iter().zip(sources))
        .map(|((item, (demand, largest)), (evidence, sources))| {
            let prior = habits.of(item.category.as_deref()).in_units_of(demand.unit as f64 / 1000.0);
            let hope = hopes.of(item.id, demand);
            let evidence = match &hope {
                Some(hope) => evidence.expecting(hope.expected(demand.unit, hopes.grid), &prior),
                None => evidence,
            };
            let posterior = Posterior::new(evidence, &prior, model);
            Subject { item, demand, posterior, sources, largest: *largest, class: Class::C, hope }
        })
        .collect()
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
