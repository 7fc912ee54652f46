//! One item planned: its level, its batch, its supplier.

use super::Largest;
use super::basis::Basis;
use super::details::{Details, Estimate, RECKONING, Spike};
use super::sources::{Other, Source, Sources};
use crate::domain::counting::Class;
use crate::domain::demand::{Demand, Grid};
use crate::domain::forecast::{Aim, Expected, Forecaster, Model, Outlook, Posterior, Spread, Wait};
use crate::domain::intermittent::Method;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::{Buying, Levels, Selling, cheapest_batch};
use crate::domain::replay::rivals;
use crate::ops::settings::Settings;
use crate::store::Result;
use crate::store::plans::{Expects, PlanItem, PlanRow};
use chrono::NaiveDate;

/// An order of more than so many times the usual may have been a project.
const SPIKE_TIMES: i64 = 10;
/// With fewer buckets of sales nobody can say how it sells.
const FEW_SALES: usize = 4;
/// What holding costs a year, as a share of the value, where nobody said: only suppliers are compared with it.
const HOLDING_ASSUMED: f64 = 0.2;

/// Everything that is known of one item.
pub(super) struct Subject<'a> {
    pub item: &'a PlanItem,
    pub demand: &'a Demand,
    pub posterior: Posterior,
    pub sources: Sources,
    pub largest: Largest,
    pub class: Class,
    /// What a person expects of it.
    pub hope: Option<Hope>,
}

/// What a person expects to sell, as it counts today.
pub(super) struct Hope {
    pub said: Expects,
    /// For as much as so many buckets of sales: it fades.
    pub buckets: f64,
    /// It was said not long ago: what it is said of is kept though nobody ordered it.
    pub holds: bool,
}

impl Hope {
    /// In an item's units and buckets.
    pub fn expected(&self, unit: i64, grid: Grid) -> Expected {
        let a_day = self.said.month.thousandths() as f64 / unit.max(1) as f64 / DAYS_A_MONTH;
        Expected { a_bucket: a_day * grid.days() as f64, buckets: self.buckets }
    }
    fn told(&self, grid: Grid) -> Estimate {
        let months = self.buckets * grid.days() as f64 / DAYS_A_MONTH;
        Estimate { month: self.said.month.thousandths(), said: self.said.months, counts: months }
    }
}

/// What a person said they expect keeps an item from sleeping for so long.
pub(super) const WAKES_DAYS: i64 = 365;
/// Of a month, on average.
pub(super) const DAYS_A_MONTH: f64 = 365.0 / 12.0;
/// An estimate that counts for fewer buckets leaves the other forecast, which knows none, beside ours.
const LEAST_BUCKETS: f64 = 1.0;

impl Subject<'_> {
    pub fn selling(&self) -> Selling {
        if !self.item.active {
            Selling::Discontinued
        } else if self.hope.as_ref().is_some_and(|hope| hope.holds) {
            Selling::Active
        } else if self.demand.asleep() {
            Selling::Asleep
        } else if self.demand.days_since_last().is_none() {
            Selling::NoHistory
        } else {
            Selling::Active
        }
    }
    /// The value of what sells in a year; none where it does not sell or nobody knows its cost.
    pub fn yearly_value(&self, model: &Model, grid: Grid) -> Option<Money> {
        let yearly = self.posterior.mean(model) * self.demand.unit as f64 / 1000.0 / grid.days() as f64 * 365.0;
        let cost = self.item.cost.filter(|_| self.selling() == Selling::Active)?;
        Some(Money::from_f64(cost.as_f64() * yearly))
    }
    /// The supplier that a person or the item's record names.
    pub fn source(&self) -> &Source {
        &self.sources.all[self.sources.named] // never empty, see Sources
    }
    /// How much more than usual sells in so many days from today on.
    fn season_over(&self, days: f64) -> f64 {
        self.demand.season.map_or(1.0, |(season, today)| season.over(today, days))
    }
    /// How long the stock must last with this source, in buckets of usual sales.
    pub fn wait(&self, source: &Source, review_days: f64) -> Wait {
        let wait = &source.lead.wait;
        if self.demand.season.is_none() {
            return wait.clone();
        }
        let days = source.lead.mean_days;
        wait.stretched(self.season_over(days), self.season_over(days + review_days))
    }
    pub fn buying(&self, source: &Source) -> Buying {
        Buying::new(Qty::from_thousandths(self.demand.unit), source.pack, source.min_quantity)
    }
}

/// What ordering and holding cost.
pub(super) struct MoneyRules {
    ordering_cost: Option<f64>,
    holding_rate: Option<f64>,
    /// What a piece costs that is missing when it is wanted, as a share of its cost.
    shortage_rate: Option<f64>,
    cover_days: f64,
}

impl MoneyRules {
    pub fn of(settings: &Settings) -> MoneyRules {
        MoneyRules {
            ordering_cost: settings.ordering_cost().map(Money::as_f64).filter(|k| *k > 0.0),
            holding_rate: settings.number("planning.holding_rate").filter(|i| *i > 0.0),
            shortage_rate: settings.number("planning.shortage_rate"),
            cover_days: settings.cover_days(),
        }
    }

    /// The batch in units, and whether it is economic: balanced costs where they are known, else a review's sales and a
    /// pack. Never more than sells in `most_days`.
    fn batch(&self, source: &Source, buying: &Buying, daily: f64, review_days: f64, most_days: f64) -> (f64, bool) {
        let most = daily * most_days;
        let pack = buying.pack.as_f64();
        let economic = self.ordering_cost.zip(self.holding_rate).and_then(|(k, i)| {
            let least = buying.min_quantity.as_f64();
            cheapest_batch(k, i, daily * 365.0, &source.tiers(), pack, least, most.max(pack))
        });
        match economic {
            Some(batch) => (batch.quantity.min(most), true),
            None => ((daily * review_days + pack).min(most), false),
        }
    }

    /// What buying from this source costs a year: goods, orders, holding the batch and what is kept in case, and what is
    /// missing all the same (`short`, a share of the sales). A slower or less sure supplier needs more in case for the
    /// same service.
    fn yearly(&self, source: &Source, batch: f64, in_case: f64, daily: f64, short: f64) -> Option<f64> {
        let tiers = source.tiers();
        let cost = tiers.iter().filter(|t| t.from <= batch + 1e-9).map(|t| t.cost).next_back()?;
        let sells = daily * 365.0;
        let holding = self.holding_rate.unwrap_or(HOLDING_ASSUMED);
        let orders = self.ordering_cost.unwrap_or(0.0) * sells / batch.max(1e-9);
        let missing = self.shortage_rate.unwrap_or(0.0) * cost * sells * short.max(0.0);
        Some(sells * cost + orders + holding * cost * (batch / 2.0 + in_case.max(0.0)) + missing)
    }
}

/// What holds for all items.
pub(super) struct Rules {
    pub today: NaiveDate,
    pub grid: Grid,
    pub model: Model,
    /// By class.
    pub chances: [f64; 3],
    pub review_days: f64,
    pub after_operation: i64,
    pub cancel_rate: f64,
    pub money: MoneyRules,
    /// Levels are the mean of ours and NB-SBA's.
    pub blend: bool,
    /// Share of the demand to be served.
    pub target: f64,
}

impl Rules {
    /// From the kept basis and the settings; the plans will know operations up to `after_operation`.
    pub fn of(basis: &Basis, settings: &Settings, after_operation: i64, blend: bool) -> Rules {
        let row = &basis.row;
        Rules {
            today: row.planned_on,
            grid: row.grid,
            model: Model::with_recency(row.grid.recency()),
            chances: row.chances,
            review_days: super::review_days(settings),
            after_operation,
            cancel_rate: row.cancel_rate,
            money: MoneyRules::of(settings),
            blend,
            target: settings.number("planning.target").unwrap_or(0.95),
        }
    }
    /// No order goes beyond what sells in so many days unless a person says so: the longest cover, or as long as it keeps.
    fn most_days(&self, s: &Subject) -> f64 {
        s.sources.shelf_days.map_or(self.money.cover_days, |days| self.money.cover_days.min(days as f64))
    }
    fn chance(&self, class: Class) -> f64 {
        let [a, b, c] = self.chances;
        match class {
            Class::A => a,
            Class::B => b,
            Class::C => c,
        }
    }
}

/// An item's level and batch with one of its suppliers.
struct Case<'s> {
    source: &'s Source,
    buying: Buying,
    outlook: Outlook,
    point: i64,
    batch: f64,
    economic: bool,
    /// Kept in case it sells faster or is late, in units of issue.
    in_case: f64,
    yearly: Option<f64>,
}

fn case<'s>(s: &Subject, source: &'s Source, daily: f64, rules: &Rules, forecaster: &mut Forecaster) -> Case<'s> {
    let buying = s.buying(source);
    let outlook = forecaster.outlook(&s.posterior, &s.wait(source, rules.review_days));
    let aim = s.item.service_level.map_or(Aim::Chance(rules.chance(s.class)), Aim::Served);
    let own = outlook.reorder_point(aim, buying.quantum());
    let hoped = s.hope.as_ref().is_some_and(|hope| hope.buckets >= LEAST_BUCKETS);
    let point = if rules.blend && !hoped { own + (beside(s, source, rules) - own + 1).div_euclid(2) } else { own };
    let (batch, economic) = rules.money.batch(source, &buying, daily, rules.review_days, rules.most_days(s));
    let in_case = (point as f64 + (buying.quantum() as f64 + 1.0) / 2.0 - outlook.mean_cover()).max(0.0);
    let bought = buying.order_of(Qty::from_f64(batch)).as_f64();
    let short = outlook.unserved_at(point, buying.quantum()) / outlook.mean_review().max(1e-12);
    let yearly = rules.money.yearly(source, bought, in_case * s.demand.unit as f64 / 1000.0, daily, short);
    Case { source, buying, outlook, point, batch, economic, in_case, yearly }
}

/// The reorder point by a negative binomial distribution on Syntetos and Boylan's forecast.
fn beside(s: &Subject, source: &Source, rules: &Rules) -> i64 {
    let history = s.demand.history(rules.grid);
    let mut past = vec![0.0; history.listed as usize];
    for (age, units) in &history.sales {
        if let Some(cell) = (history.listed as usize).checked_sub(*age as usize + 1).and_then(|at| past.get_mut(at)) {
            *cell = *units;
        }
    }
    let days = rules.grid.days() as f64;
    let lead = source.lead.mean_days / days * s.season_over(source.lead.mean_days);
    let cover_days = source.lead.mean_days + rules.review_days;
    let cover = cover_days / days * s.season_over(cover_days);
    let target = s.item.service_level.unwrap_or(rules.target);
    rivals::negative_binomial(Method::Sba, &past, (cover, lead), &[target]).first().map_or(0, |level| level - 1)
}

/// The case that is chosen, and why: the person's own choice; else the least cost a year among those sure enough.
fn choose(sources: &Sources, cases: &[Case]) -> (usize, &'static str) {
    if sources.fixed {
        return (sources.named, "preferred");
    }
    let sure = |case: &Case| case.source.sure.is_none_or(|share| share >= sources.floor);
    let among: Vec<usize> = (0..cases.len()).filter(|n| cases.get(*n).is_some_and(sure)).collect();
    let all: Vec<usize> = if among.is_empty() { (0..cases.len()).collect() } else { among };
    let least = |n: &usize| cases.get(*n).and_then(|c| c.yearly);
    let known = all.iter().all(|n| least(n).is_some());
    match all.iter().min_by(|a, b| least(a).unwrap_or(0.0).total_cmp(&least(b).unwrap_or(0.0))) {
        // The named one stays where the difference is nothing, or nobody knows it.
        Some(best) if known && cases.len() > 1 => match least(&sources.named).zip(least(best)) {
            Some((named, cost)) if all.contains(&sources.named) && named <= cost + 0.005 => (sources.named, "cheapest"),
            _ => (*best, "cheapest"),
        },
        _ => (sources.named, if cases.len() > 1 { "named" } else { "only" }),
    }
}

fn others(sources: &Sources, cases: &[Case], chosen: usize) -> Vec<Other> {
    let base = cases.get(chosen).and_then(|c| c.yearly);
    let mut out: Vec<Other> = cases
        .iter()
        .enumerate()
        .filter(|(n, _)| *n != chosen)
        .filter_map(|(_, c)| {
            let more = c.yearly.zip(base).map(|(a, b)| Money::from_f64(a - b).ten_thousandths());
            Some(Other {
                supplier: c.source.supplier?.0,
                more_a_year: more,
                lead_days: c.source.lead.mean_days,
                sure: c.source.sure,
                unsure: more.is_some_and(|m| m < 0) && c.source.sure.is_some_and(|share| share < sources.floor),
            })
        })
        .collect();
    out.sort_by_key(|o| (o.more_a_year.is_none(), o.more_a_year));
    out
}

/// One order of more than ten times what the others are: was it a project?
fn spike(s: &Subject) -> Option<Spike> {
    let (line, quantity, days_ago) = s.largest?;
    let rest: Vec<i64> = s.demand.days.iter().filter(|d| d.1 > 0).map(|d| d.1).collect();
    let others = rest.len().checked_sub(1).filter(|n| *n >= 3)? as i64;
    let usual = (rest.iter().map(|q| *q as i128).sum::<i128>() - i128::from(quantity)) / i128::from(others);
    let usual = i64::try_from(usual).ok().filter(|u| *u > 0)?;
    (quantity / usual >= SPIKE_TIMES).then_some(Spike { line: line.0, quantity, usual, days_ago })
}

/// How it sells, in the words of Syntetos, Boylan and Croston: by the mean interval and how much the amounts vary.
fn pattern(sales: &[(u32, f64)], listed: u32) -> &'static str {
    if sales.is_empty() {
        return "none";
    }
    if sales.len() < FEW_SALES {
        return "few";
    }
    let n = sales.len() as f64;
    let mean = sales.iter().map(|s| s.1).sum::<f64>() / n;
    let varies = sales.iter().map(|s| (s.1 - mean).powi(2)).sum::<f64>() / n / (mean * mean);
    match (f64::from(listed) / n >= 1.32, varies >= 0.49) {
        (false, false) => "smooth",
        (false, true) => "erratic",
        (true, false) => "intermittent",
        (true, true) => "lumpy",
    }
}

pub(super) fn plan_one(s: &Subject, rules: &Rules, forecaster: &mut Forecaster) -> Result<PlanRow> {
    let selling = s.selling();
    let unit = s.demand.unit;
    let quantity = |units: f64| Qty::from_f64(units * unit as f64 / 1000.0);
    let spread = Spread::of(&s.posterior, &rules.model);
    // What nobody ordered in the two years sells nothing that one could count on, whatever its category does.
    let daily = match s.demand.days_since_last() {
        None if selling != Selling::Active => 0.0,
        _ => s.posterior.mean(&rules.model) * unit as f64 / 1000.0 / rules.grid.days() as f64,
    };
    let soon = s.season_over(s.source().lead.mean_days + rules.review_days);
    let daily = daily * soon;
    let cases: Vec<Case> = s.sources.all.iter().map(|source| case(s, source, daily, rules, forecaster)).collect();
    let (at, why) = choose(&s.sources, &cases);
    let others = others(&s.sources, &cases, at);
    let chosen = &cases[at]; // a place of one of the sources
    let lead = &chosen.source.lead;
    let quantum = chosen.buying.quantum();
    let policy = Qty::from_thousandths(chosen.point.saturating_mul(unit));
    let batch = Qty::from_f64(chosen.batch);
    let levels = Levels::in_force(policy, batch, s.item.min, s.item.max, selling, Qty::from_thousandths(unit));
    let history = s.demand.history(rules.grid);
    let details = Details {
        reckoning: RECKONING,
        selling: selling.word().into(),
        unit,
        point: policy.thousandths(),
        batch: batch.thousandths(),
        economic: chosen.economic,
        cover_demand: quantity(chosen.outlook.mean_cover()).thousandths(),
        cover_days: lead.mean_days + rules.review_days,
        review_days: rules.review_days,
        lead_source: lead.source.word().into(),
        lead_usual: Some(lead.usual_days),
        lead_learned: lead.learned_from,
        served: 1.0 - chosen.outlook.unserved_at(chosen.point, quantum) / chosen.outlook.mean_review().max(1e-12),
        listed: history.listed,
        sold: history.sales.len() as u32,
        bucket_days: rules.grid.days(),
        spread: [spread.chance, spread.strength, spread.size, spread.square],
        class: s.class.letter().into(),
        expected: s.hope.as_ref().map(|hope| hope.told(rules.grid)),
        pattern: pattern(&history.sales, history.listed).into(),
        cancel_rate: rules.cancel_rate,
        chosen: why.into(),
        others,
        spike: spike(s),
        most_days: rules.most_days(s),
        season: soon,
        expired: chosen
            .source
            .expired
            .map(|(from, cost, until)| (from.thousandths(), cost.ten_thousandths(), until.to_string())),
    };
    Ok(PlanRow {
        item: s.item.id,
        planned_on: rules.today,
        daily,
        reorder_point: levels.reorder_point,
        order_up_to: levels.order_up_to(&chosen.buying),
        safety_stock: quantity(chosen.in_case),
        lead_days: lead.mean_days,
        supplier: chosen.source.supplier,
        after_operation: rules.after_operation,
        details: serde_json::to_string(&details)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_as_the_literature_names_them() {
        let every = |n: u32, amount: fn(u32) -> f64| (0..20).filter(|t| t % n == 0).map(|t| (t, amount(t))).collect();
        let same: fn(u32) -> f64 = |_| 5.0;
        let wild: fn(u32) -> f64 = |t| if t % 8 == 0 { 60.0 } else { 2.0 };
        let of = |sales: Vec<(u32, f64)>| pattern(&sales, 20);
        assert_eq!(of(every(1, same)), "smooth");
        assert_eq!(of(every(1, wild)), "erratic");
        assert_eq!(of(every(4, same)), "intermittent");
        assert_eq!(of(every(4, wild)), "lumpy");
        assert_eq!(of(Vec::new()), "none");
        assert_eq!(pattern(&[(0, 5.0)], 1), "few", "one order is no habit");
    }
}
