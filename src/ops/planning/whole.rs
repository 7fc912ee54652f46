//! The whole catalogue planned: first what it teaches, then every item with that.
//!
//! Up to a hundred thousand items are read once, learned from and planned. Of more, all at once would fill the memory:
//! what the catalogue teaches is learned from as many as are read at once, in short runs spread evenly over it, and the
//! items are planned part by part, each part kept before the next is made ([`go_on`]).

use super::basis::{self, Basis};
use super::leads::Leads;
use super::past::{self, Largest};
use super::sources::{self, Market};
use super::subject::{Rules, Subject};
use super::{
    Facts, Hopes, Place, Plans, Progress, blended, keep, keep_some, plan_all, plan_with, review_days, subjects,
};
use crate::domain::counting::Class;
use crate::domain::demand::{Demand, Grid};
use crate::domain::forecast::{Catalogue, Evidence, Forecaster, Habits, Model};
use crate::domain::ids::ItemId;
use crate::domain::money::Money;
use crate::domain::reorder::Selling;
use crate::ops::learning;
use crate::ops::settings::Settings;
use crate::store::plans::{self, PlanItem, Span};
use crate::store::{Db, Result, Store, past_demand};
use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use std::sync::Arc;

/// The catalogue's one chance is found from at most this many items, spread evenly.
const SAMPLE: usize = 4_000;

/// How much is read and planned at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sizes {
    /// Items that are planned in one go, and learned from.
    pub at_once: usize,
    /// About so many are learned from, where there are more.
    pub sample: usize,
    /// So many of the sample follow each other.
    pub run: i64,
    /// Items of a part, where there are more.
    pub part: usize,
}

impl Sizes {
    /// What stays within the memory that a million items may take.
    pub const USUAL: Sizes = Sizes { at_once: 100_000, sample: 25_000, run: 256, part: 10_000 };
}

/// Plans every item and keeps the results; returns how many items were planned.
pub fn plan(store: &mut Store, today: NaiveDate, progress: Progress) -> Result<usize> {
    plan_in(store, today, Sizes::USUAL, progress)
}

/// The same, so much at once.
pub fn plan_in(store: &mut Store, today: NaiveDate, sizes: Sizes, progress: Progress) -> Result<usize> {
    let mut plans = begin_in(store.db(), today, sizes, progress)?;
    let mut count = 0;
    loop {
        count += plans.rows.len();
        if plans.place.after.is_none() && plans.is_last() {
            return keep(store, &plans);
        }
        keep_some(store, &plans, 0, usize::MAX)?;
        match go_on(store.db(), &plans, progress)? {
            Some(next) => plans = next,
            None => return Ok(count),
        }
    }
}

/// Plans every item from what the database holds today, all in memory: for what shows them and keeps nothing.
pub fn compute(db: &Db, today: NaiveDate, progress: Progress) -> Result<Plans> {
    let mut plans = begin(db, today, progress)?;
    let mut rows = Vec::new();
    loop {
        rows.append(&mut plans.rows);
        match go_on(db, &plans, progress)? {
            Some(next) => plans = next,
            None => return Ok(Plans { rows, place: Place::default(), ..plans }),
        }
    }
}

/// Plans the whole catalogue, or of a great one the first part of it: see [`go_on`].
pub fn begin(db: &Db, today: NaiveDate, progress: Progress) -> Result<Plans> {
    begin_in(db, today, Sizes::USUAL, progress)
}

/// Plans what comes after these plans, with what the catalogue taught; `None` when they were the last.
pub fn go_on(db: &Db, plans: &Plans, progress: Progress) -> Result<Option<Plans>> {
    if plans.is_last() {
        return Ok(None);
    }
    let place = Place { after: plans.place.upto, ..plans.place };
    part(db, &plans.basis, place, progress).map(Some)
}

/// The same, so much at once.
pub fn begin_in(db: &Db, today: NaiveDate, sizes: Sizes, progress: Progress) -> Result<Plans> {
    let Some((count, extent)) = plans::extent(db)?.filter(|(count, _)| *count > sizes.at_once) else {
        let known = plans::last_operation(db)?;
        let (basis, rows) = learn(db, today, &[Span::ALL], |basis, subjects, settings| {
            plan_all(subjects, &Rules::of(basis, settings, known, blended(db, settings)?), progress)
        })?;
        return Ok(Plans { rows, ..Plans::of(Arc::new(basis), true, Place::default()) });
    };
    let (basis, ()) = learn(db, today, &runs(count, extent, sizes), |_, _, _| Ok(()))?;
    part(db, &Arc::new(basis), Place { left: count, part: sizes.part, ..Place::default() }, progress)
}

/// Short runs of numbers, evenly spread, that hold about as many items as are learned from.
fn runs(count: usize, extent: Span, sizes: Sizes) -> Vec<Span> {
    let (first, last) = (extent.first.0, extent.last.0);
    let every = i64::try_from(count.div_ceil(sizes.sample.max(1))).unwrap_or(i64::MAX);
    // Where numbers are missing a run holds fewer, so runs lie as close as the numbers are many.
    let apart = usize::try_from(sizes.run.saturating_mul(every)).unwrap_or(usize::MAX);
    let starts = (first..=last).step_by(apart.max(1));
    starts.map(|at| Span { first: ItemId(at), last: ItemId(at.saturating_add(sizes.run - 1).min(last)) }).collect()
}

/// The items at a place planned with what the catalogue taught.
fn part(db: &Db, basis: &Arc<Basis>, place: Place, progress: Progress) -> Result<Plans> {
    let items = plans::items_after(db, place.after, place.part)?;
    if items.is_empty() {
        return Ok(Plans::of(basis.clone(), true, Place { left: 0, ..place }));
    }
    let all = place.done + place.left;
    let told = |done: usize, _: usize| progress(place.done + done, all.max(place.done + done));
    let spans: Vec<Span> =
        items.first().zip(items.last()).map(|(a, b)| Span { first: a.id, last: b.id }).into_iter().collect();
    let (settings, market) = (Settings::load(db)?, Market::of(db, &spans)?);
    let facts = Facts { items: &items, spans: &spans, market, settings: &settings };
    let rows = plan_with(db, basis, facts, basis.row.after_operation, &told)?;
    // Items may have come or gone since they were counted: a part that is not full is the last.
    let left = if items.len() < place.part { 0 } else { place.left.saturating_sub(items.len()).max(1) };
    let upto = items.last().map(|item| item.id);
    let place = Place { upto, done: place.done + items.len(), left, ..place };
    Ok(Plans { rows, ..Plans::of(basis.clone(), true, place) })
}

/// Learns what the items of these spans teach, and hands them on to be planned.
fn learn<T>(
    db: &Db,
    today: NaiveDate,
    spans: &[Span],
    then: impl FnOnce(&Basis, &[Subject], &Settings) -> Result<T>,
) -> Result<(Basis, T)> {
    let operation = plans::last_operation(db)?;
    let settings = Settings::load(db)?;
    let mut items: Vec<PlanItem> = Vec::new();
    for span in spans {
        items.extend(plans::items_in(db, *span)?);
    }
    let mut past: Vec<(Demand, Largest)> = past::of(db, today, &items, spans)?;
    let market = Market::of(db, spans)?;
    past::seasons(&market, today, &items, &mut past);
    let review_days = review_days(&settings);
    let grid = Grid::for_catalogue(&past.iter().map(|p| &p.0).collect::<Vec<_>>());
    // Spans follow each other.
    let among = |item: ItemId| {
        let at = spans.partition_point(|span| span.last < item);
        spans.get(at).is_some_and(|span| span.first <= item)
    };
    let leads = Leads::learn(today, grid.days() as f64, review_days, among, |take| learning::each(db, take))?;
    let sources = sources::of_items(&market, today, &items, &leads, &settings);
    let model = Model::with_recency(grid.recency());
    let evidence: Vec<Evidence> =
        past.par_iter().map(|(demand, _)| Evidence::of(&demand.history(grid), model.recency)).collect();
    let units = past.iter().map(|p| p.0.unit as f64 / 1000.0);
    let habits = Habits::learn(items.iter().zip(units).zip(&evidence).map(|((i, u), e)| (i.category.as_deref(), u, e)));
    let hopes = Hopes { market: &market, today, grid };
    let mut subjects = subjects(&items, &past, evidence, sources, (&habits, &hopes), &model);
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
    let done = then(&basis, &subjects, &settings)?;
    drop(subjects);
    Ok((basis, done))
}

/// The chance for each class: of those with a target of their own by itself; the rest keep that which serves the catalogue
/// as a whole, so that a class's target moves the levels of that class alone.
fn chances(subjects: &[Subject], model: &Model, settings: &Settings) -> [f64; 3] {
    let whole = settings.number("planning.target").unwrap_or(0.95);
    let own = ["planning.target_a", "planning.target_b", "planning.target_c"].map(|key| settings.number(key));
    let days = review_days(settings);
    let together = catalogue_chance(subjects, model, days, whole, |_| true);
    let mut chances = [together; 3];
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
