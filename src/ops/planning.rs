//! Planning: how much of every item to keep, from what customers ordered and how long suppliers take.
//!
//! Reads whole sets on any connection, computes on all cores, keeps the results in one transaction. A plan is derived:
//! it is stamped with the day and the last operation it knows, never journalled, and computed anew at any time.

mod leads;

use super::allocating;
use super::settings::Settings;
use crate::domain::demand::{Demand, Grid};
use crate::domain::forecast::{Aim, Catalogue, Evidence, Forecaster, Habits, Model, Posterior, Spread};
use crate::domain::ids::SupplierId;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::{Buying, Levels, Selling, Tier, cheapest_batch};
use crate::store::plans::{self, PlanItem, PlanRow, Terms};
use crate::store::{Db, Failure, Result, Store};
use chrono::{Days, NaiveDate};
pub use leads::ASSUMED_DAYS;
use leads::{Lead, Leads};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The catalogue's one chance is found from at most this many items, spread evenly.
const SAMPLE: usize = 4_000;
/// Lead times are learned from the last two years.
const LEARN_DAYS: u64 = 730;

/// Told how far planning is: (done, of all). Answers whether to go on.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) -> bool + Sync);

/// The terms of an explanation, kept with the plan. Quantities in thousandths, times in days.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Details {
    /// `active`, `asleep`, `no_history`, `discontinued`.
    pub selling: String,
    /// The smallest step in which it is sold.
    pub unit: i64,
    /// The policy's own reorder point, whatever the person typed.
    pub point: i64,
    /// The batch in which it is best ordered, before packs.
    pub batch: i64,
    /// The batch balances the cost of ordering with that of holding.
    pub economic: bool,
    /// Mean sales until goods ordered at the next review have arrived.
    pub cover_demand: i64,
    /// Days of that: lead time and review.
    pub cover_days: f64,
    pub review_days: f64,
    pub lead_source: String,
    pub lead_learned: usize,
    /// Share of demand that the level serves from the shelf.
    pub served: f64,
    /// Buckets of history, and in how many of them it sold.
    pub listed: u32,
    pub sold: u32,
    pub bucket_days: i64,
    /// For the risk of running out: see [`Spread`].
    pub spread: [f64; 4],
}

impl Details {
    /// From the kept text.
    pub fn read(text: &str) -> Result<Details> {
        Ok(serde_json::from_str(text)?)
    }
    pub fn selling(&self) -> Selling {
        Selling::from_word(&self.selling)
    }
    pub fn unit(&self) -> Qty {
        Qty::from_thousandths(self.unit)
    }
    /// Chance that the sales of the next `days` exceed `stock`: a gamma distribution with the model's mean and variance.
    pub fn risk(&self, days: f64, stock: Qty) -> f64 {
        use statrs::distribution::{ContinuousCDF, Gamma};
        let [chance, strength, size, square] = self.spread;
        let (mean, variance) =
            Spread { chance, strength, size, square }.over(days.max(0.0) / self.bucket_days.max(1) as f64);
        if stock.is_negative() {
            return 1.0;
        }
        let units = stock.thousandths() as f64 / self.unit.max(1) as f64 + 0.5; // a discrete demand exceeds n from n + 1 on
        match Gamma::new(mean * mean / variance, mean / variance) {
            Ok(gamma) if mean > 0.0 && variance > 0.0 => (1.0 - gamma.cdf(units)).clamp(0.0, 1.0),
            _ => 0.0,
        }
    }
}

/// Results, not yet kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Plans {
    pub today: NaiveDate,
    pub rows: Vec<PlanRow>,
    pub grid: Grid,
    /// The one chance that serves the catalogue.
    pub chance: f64,
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
    let demands = demands(db, today, &items)?;
    let grid = Grid::for_catalogue(&demands);
    let model = Model::with_recency(grid.recency());
    let review_days = settings.count("planning.review_days").max(1) as f64;
    let since = today.checked_sub_days(Days::new(LEARN_DAYS)).unwrap_or(today);
    let mut leads = Leads::learn(&plans::deliveries(db, since, today)?, grid.days() as f64, review_days);
    let sources = sources(db, &items, &mut leads)?;
    let breaks = plans::price_breaks(db, today)?;
    let evidence: Vec<Evidence> = demands.par_iter().map(|d| Evidence::of(&d.history(grid), model.recency)).collect();
    let units = demands.iter().map(|d| d.unit as f64 / 1000.0);
    let habits = Habits::learn(items.iter().zip(units).zip(&evidence).map(|((i, u), e)| (i.category.as_deref(), u, e)));
    let subjects: Vec<Subject> = items
        .iter()
        .zip(demands.iter().zip(evidence).zip(sources))
        .map(|(item, ((demand, evidence), source))| {
            let prior = habits.of(item.category.as_deref()).in_units_of(demand.unit as f64 / 1000.0);
            let tiers = source.supplier.and_then(|s| breaks.get(&(s, item.id)).cloned()).unwrap_or_default();
            Subject { item, demand, posterior: Posterior::new(evidence, &prior, &model), source, tiers }
        })
        .collect();
    let target = settings.number("planning.target").unwrap_or(0.95);
    let chance = catalogue_chance(&subjects, &model, target);
    let rules = Rules { today, grid, model, chance, review_days, after_operation, money: MoneyRules::of(&settings) };
    let rows = plan_all(&subjects, &rules, progress)?;
    Ok(Plans { today, rows, grid, chance })
}

/// Every item's demand, in their order.
pub fn demands(db: &Db, today: NaiveDate, items: &[PlanItem]) -> Result<Vec<Demand>> {
    let mut ordered = plans::ordered(db, today)?;
    Ok(items
        .iter()
        .map(|item| {
            let o = ordered.remove(&item.id).unwrap_or_default();
            Demand::from_days(today, o.listed_on, o.days)
        })
        .collect())
}

/// From whom an item would be ordered, and on what terms.
#[derive(Clone, Debug)]
struct Source {
    supplier: Option<SupplierId>,
    cost: Option<Money>,
    min_quantity: Option<Qty>,
    pack: Option<Qty>,
    lead: Arc<Lead>,
}

/// The terms to order on: the preferred supplier's, else those of the item's own supplier, else the first entered.
pub fn chosen(item_supplier: Option<SupplierId>, terms: &[Terms]) -> (Option<SupplierId>, Option<&Terms>) {
    if let Some(preferred) = terms.iter().find(|t| t.preferred) {
        return (Some(preferred.supplier), Some(preferred));
    }
    match item_supplier {
        Some(own) => (Some(own), terms.iter().find(|t| t.supplier == own)),
        None => (terms.first().map(|t| t.supplier), terms.first()),
    }
}

fn sources(db: &Db, items: &[PlanItem], leads: &mut Leads) -> Result<Vec<Source>> {
    let terms = plans::all_terms(db)?;
    let quoted = plans::quoted_lead_days(db)?;
    Ok(items
        .iter()
        .map(|item| {
            let (supplier, terms) = chosen(item.supplier, terms.get(&item.id).map_or(&[][..], |t| t));
            let days = terms.and_then(|t| t.lead_days).or_else(|| quoted.get(&supplier?).copied());
            Source {
                supplier,
                cost: terms.and_then(|t| t.cost).or(item.cost),
                min_quantity: terms.and_then(|t| t.min_quantity),
                pack: terms.and_then(|t| t.pack).or(item.pack),
                lead: leads.of(supplier, item.id, days),
            }
        })
        .collect())
}

/// How long each item takes to come, in days, and in what packs, in their order: for the replay.
pub fn bought_how(db: &Db, today: NaiveDate, grid: Grid, items: &[PlanItem]) -> Result<Vec<(f64, Option<Qty>)>> {
    let review_days = Settings::load(db)?.count("planning.review_days").max(1) as f64;
    let since = today.checked_sub_days(Days::new(LEARN_DAYS)).unwrap_or(today);
    let mut leads = Leads::learn(&plans::deliveries(db, since, today)?, grid.days() as f64, review_days);
    Ok(sources(db, items, &mut leads)?.into_iter().map(|s| (s.lead.mean_days, s.pack)).collect())
}

/// Everything that is known of one item.
struct Subject<'a> {
    item: &'a PlanItem,
    demand: &'a Demand,
    posterior: Posterior,
    source: Source,
    tiers: Vec<(Qty, Money)>,
}

impl Subject<'_> {
    fn selling(&self) -> Selling {
        if !self.item.active {
            Selling::Discontinued
        } else if self.demand.days.iter().all(|d| d.1 <= 0) {
            Selling::NoHistory
        } else if self.demand.asleep() {
            Selling::Asleep
        } else {
            Selling::Active
        }
    }
    fn buying(&self) -> Buying {
        Buying::new(Qty::from_thousandths(self.demand.unit), self.source.pack, self.source.min_quantity)
    }
}

/// The one chance for the catalogue, from the items whose level it will decide.
fn catalogue_chance(subjects: &[Subject], model: &Model, target: f64) -> f64 {
    let decided: Vec<&Subject> =
        subjects.iter().filter(|s| s.item.service_level.is_none() && s.selling() == Selling::Active).collect();
    let step = decided.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<&Subject> = decided.into_iter().step_by(step).collect();
    let catalogue = sample
        .par_chunks(64)
        .map_init(
            || Forecaster::new(*model),
            |forecaster, part| {
                let mut catalogue = Catalogue::default();
                for s in part {
                    let outlook = forecaster.outlook(&s.posterior, &s.source.lead.wait);
                    let unit = s.demand.unit as f64 / 1000.0;
                    catalogue.add(&outlook, s.buying().quantum(), unit);
                }
                catalogue
            },
        )
        .collect::<Vec<_>>(); // joined in order: the same sum on any number of cores
    catalogue.iter().fold(Catalogue::default(), Catalogue::join).chance_for(target)
}

struct MoneyRules {
    ordering_cost: Option<f64>,
    holding_rate: Option<f64>,
    cover_days: f64,
}

impl MoneyRules {
    fn of(settings: &Settings) -> MoneyRules {
        MoneyRules {
            ordering_cost: settings.ordering_cost().map(Money::as_f64).filter(|k| *k > 0.0),
            holding_rate: settings.number("planning.holding_rate").filter(|i| *i > 0.0),
            cover_days: settings.cover_days(),
        }
    }

    /// The batch in units, and whether it is economic: balanced costs where they are known, else a review's sales and a
    /// pack. Never more than the longest cover.
    fn batch(&self, s: &Subject, daily: f64, review_days: f64) -> (f64, bool) {
        let most = daily * self.cover_days;
        let buying = s.buying();
        let pack = buying.pack.as_f64();
        let economic = self.ordering_cost.zip(self.holding_rate).zip(s.source.cost).and_then(|((k, i), cost)| {
            let base = Tier { from: 0.0, cost: cost.as_f64() };
            let tiers = s.tiers.iter().map(|(from, cost)| Tier { from: from.as_f64(), cost: cost.as_f64() });
            let tiers: Vec<Tier> = std::iter::once(base).chain(tiers).collect();
            cheapest_batch(k, i, daily * 365.0, &tiers, pack, buying.min_quantity.as_f64(), most.max(pack))
        });
        match economic {
            Some(batch) => (batch.quantity.min(most), true),
            None => ((daily * review_days + pack).min(most), false),
        }
    }
}

struct Rules {
    today: NaiveDate,
    grid: Grid,
    model: Model,
    chance: f64,
    review_days: f64,
    after_operation: i64,
    money: MoneyRules,
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

fn plan_one(s: &Subject, rules: &Rules, forecaster: &mut Forecaster) -> Result<PlanRow> {
    let selling = s.selling();
    let lead = &s.source.lead;
    let buying = s.buying();
    let unit = s.demand.unit;
    let quantity = |units: f64| Qty::from_f64(units * unit as f64 / 1000.0);
    let outlook = forecaster.outlook(&s.posterior, &lead.wait);
    let aim = s.item.service_level.map_or(Aim::Chance(rules.chance), Aim::Served);
    let point = outlook.reorder_point(aim, buying.quantum());
    let spread = Spread::of(&s.posterior, &rules.model);
    // What nobody ever ordered sells nothing that one could count on, whatever its category does.
    let daily = match selling {
        Selling::NoHistory => 0.0,
        _ => s.posterior.mean(&rules.model) * unit as f64 / 1000.0 / rules.grid.days() as f64,
    };
    let (batch, economic) = rules.money.batch(s, daily, rules.review_days);
    let policy = Qty::from_thousandths(point.saturating_mul(unit));
    let levels =
        Levels::in_force(policy, Qty::from_f64(batch), s.item.min, s.item.max, selling, Qty::from_thousandths(unit));
    let middle = (buying.quantum() as f64 + 1.0) / 2.0;
    let history = s.demand.history(rules.grid);
    let details = Details {
        selling: selling.word().into(),
        unit,
        point: policy.thousandths(),
        batch: Qty::from_f64(batch).thousandths(),
        economic,
        cover_demand: quantity(outlook.mean_cover()).thousandths(),
        cover_days: lead.mean_days + rules.review_days,
        review_days: rules.review_days,
        lead_source: lead.source.word().into(),
        lead_learned: lead.learned_from,
        served: 1.0 - outlook.unserved_at(point, buying.quantum()) / outlook.mean_review().max(1e-12),
        listed: history.listed,
        sold: history.sales.len() as u32,
        bucket_days: rules.grid.days(),
        spread: [spread.chance, spread.strength, spread.size, spread.square],
    };
    Ok(PlanRow {
        item: s.item.id,
        planned_on: rules.today,
        daily,
        reorder_point: levels.reorder_point,
        order_up_to: levels.order_up_to(&buying),
        safety_stock: quantity((point as f64 + middle - outlook.mean_cover()).max(0.0)),
        lead_days: lead.mean_days,
        supplier: s.source.supplier,
        after_operation: rules.after_operation,
        details: serde_json::to_string(&details)?,
    })
}
