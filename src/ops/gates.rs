//! The gates of planning: its forecasts, functions, levels and policy against published figures, and the figures of
//! others beside ours. Run by `backshelf replay --gates` and by the tests, on data that is not part of the program.

use super::replaying::{self, Policy, Trial, Verdict};
use crate::domain::demand::{Grid, History};
use crate::domain::forecast::{Bound, Evidence, Forecaster, Model, Posterior, Prior, Wait};
use crate::domain::intermittent::Method;
use crate::domain::loss;
use crate::domain::reorder::{Tier, cheapest_batch, economic_quantity};
use crate::domain::replay::{Rule, Series, Shelf, Span};
use crate::store::{Failure, Result};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// One thing that must hold.
#[derive(Clone, PartialEq, Debug)]
pub struct Gate {
    pub what: String,
    pub wanted: String,
    pub found: String,
    pub holds: bool,
}

fn gate(what: impl Into<String>, wanted: &str, found: impl Into<String>, holds: bool) -> Gate {
    Gate { what: what.into(), wanted: wanted.into(), found: found.into(), holds }
}

/// A file of numbers, a row a line.
fn table(path: &Path) -> Result<Vec<Vec<f64>>> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::refused(format!("{} cannot be read: {e}.", path.display())))?;
    let row = |line: &str| line.split(',').map(|cell| cell.trim().parse().ok()).collect::<Option<Vec<f64>>>();
    let rows: Option<Vec<_>> = text.lines().filter(|l| !l.trim().is_empty()).map(row).collect();
    rows.ok_or_else(|| Failure::refused(format!("{} is no table of numbers.", path.display())))
}

/// The point forecasts against statsforecast's, on 1,001 series.
pub fn forecasts(folder: &Path) -> Result<Vec<Gate>> {
    let series = table(&folder.join("series_1000x104.csv"))?;
    let methods = [
        (Method::Croston, "CrostonClassic", 1e-9, 1.0),
        (Method::Sba, "CrostonSBA", 1e-9, 1.0),
        (Method::Tsb, "TSB", 1e-9, 1.0),
        (Method::Ses, "SES_0.1", 1e-9, 1.0),
        (Method::Adida, "ADIDA", 1e-6, 0.998),
        (Method::Imapa, "IMAPA", 1e-6, 0.998),
    ];
    let mut gates = Vec::new();
    for (method, name, within, share) in methods {
        let published = table(&folder.join(format!("statsforecast_{name}.csv")))?;
        let near = |(y, p): (&Vec<f64>, &Vec<f64>)| {
            let (ours, theirs) = (method.forecast(y), p.first().copied().unwrap_or(f64::NAN));
            (ours - theirs).abs() <= within * theirs.abs().max(1.0)
        };
        let equal = series.par_iter().zip(&published).filter(|pair| near(*pair)).count();
        let all = series.len();
        let holds = published.len() == all && equal as f64 >= share * all as f64;
        let wanted = format!("{} % within {within:e}", share * 100.0);
        gates.push(gate(format!("{method:?} as statsforecast"), &wanted, format!("{equal} of {all}"), holds));
    }
    Ok(gates)
}

/// The textbook's answers, for the functions that the program has.
pub fn textbook(folder: &Path) -> Result<Vec<Gate>> {
    let path = folder.join("textbook_answers.json");
    let text = std::fs::read_to_string(&path)
        .map_err(|e| Failure::refused(format!("{} cannot be read: {e}.", path.display())))?;
    let answers: BTreeMap<String, String> = serde_json::from_str(&text)?;
    let (mut equal, mut judged, mut wrong) = (0, 0, Vec::new());
    for (problem, answer) in &answers {
        let Some(ours) = answered(problem) else { continue };
        judged += 1;
        let theirs = numbers(answer);
        let same = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * b.abs().max(1e-3);
        if theirs.len() >= ours.len() && ours.iter().zip(&theirs).all(same) {
            equal += 1;
        } else {
            wrong.push(format!("{problem}: {ours:?}"));
        }
    }
    let found = format!("{equal} of {judged}{}", wrong.first().map_or(String::new(), |w| format!(", not {w}")));
    Ok(vec![gate("Textbook answers", "all that the program has", found, equal == judged && judged >= 15)])
}

/// The numbers in a Python literal.
fn numbers(text: &str) -> Vec<f64> {
    let plain = text.replace("np.float64", "").replace("np.int64", "");
    plain.split(|c: char| !(c.is_ascii_digit() || "+-.e".contains(c))).filter_map(|n| n.parse().ok()).collect()
}

/// Our answer to a problem, in the order of the book's; none: not a function that the program has.
fn answered(problem: &str) -> Option<Vec<f64>> {
    let given = |name: &str| -> Option<Vec<f64>> {
        let (_, after) = problem.split_once(&format!("'{name}': "))?;
        let end = if after.starts_with('[') { after.find(']')? } else { after.find([',', '}'])? };
        Some(numbers(after.get(..end)?))
    };
    let one = |name: &str| given(name)?.first().copied();
    let pair = |(a, b): loss::Loss| vec![a, b];
    if problem.starts_with("EOQ ") {
        let (k, h, d) = (one("fixed_cost")?, one("holding_cost")?, one("demand_rate")?);
        let q = economic_quantity(k, h, d)?;
        return Some(vec![q, k * d / q + h * q / 2.0]);
    }
    if problem.starts_with("EOQB ") {
        let (k, h, p) = (one("fixed_cost")?, one("holding_cost")?, one("stockout_cost")?);
        let (q, share, cost) = loss::economic_quantity_with_backorders(k, h, p, one("demand_rate")?)?;
        return Some(vec![q, share, cost]);
    }
    if problem.starts_with("all-units ") {
        let (from, costs) = (given("breakpoints")?, given("unit_costs")?);
        let tiers: Vec<Tier> = from.iter().zip(&costs).map(|(from, cost)| Tier { from: *from, cost: *cost }).collect();
        let (k, i, d) = (one("fixed_cost")?, one("holding_cost_rate")?, one("demand_rate")?);
        let best = cheapest_batch(k, i, d, &tiers, 1.0, 0.0, f64::INFINITY)?;
        let tier = from.iter().rposition(|f| *f <= best.quantity)?;
        return Some(vec![best.quantity, tier as f64, best.yearly_cost]);
    }
    if problem.starts_with("newsvendor poisson ") {
        let (level, cost) = loss::newsvendor_poisson(one("holding_cost")?, one("stockout_cost")?, one("demand_mean")?)?;
        return Some(vec![level as f64, cost]);
    }
    if let Some(z) = problem.strip_prefix("std normal loss z=") {
        let z = z.parse().ok()?;
        return Some([pair(loss::standard_normal(z)), pair(loss::standard_normal_second(z))].concat());
    }
    match problem {
        "poisson loss x=18 mu=15" => loss::poisson(18, 15.0).map(pair),
        "negbin loss x=14 r=4 p=.3? (signature r,p)" => loss::negative_binomial(14, 4.0, 0.3).map(pair),
        "gamma loss x=6 a=2,b=3" => loss::gamma(6.0, 2.0, 3.0).map(pair),
        _ => None,
    }
}

/// The prior that was published with the levels: sold, unsold, size.
fn params(folder: &Path) -> Result<[f64; 3]> {
    let path = folder.join("params.json");
    let text = std::fs::read_to_string(&path)
        .map_err(|e| Failure::refused(format!("{} cannot be read: {e}.", path.display())))?;
    let all: serde_json::Value = serde_json::from_str(&text)?;
    Ok(["a0", "b0", "mu0"].map(|name| all.get(name).and_then(|n| n.as_f64()).unwrap_or(f64::NAN)))
}

/// The levels of 2,509 spare parts at five shares served and six chances, for three horizons, cell by cell.
pub fn levels(folder: &Path) -> Result<Vec<Gate>> {
    let demand = table(&folder.join("carparts_y.csv"))?;
    let model = Model { bound: Bound::Short, ..Model::with_recency(0.94) };
    let evidence: Vec<Evidence> =
        demand.iter().map(|y| Evidence::of(&History::from_buckets(y), model.recency)).collect();
    let Some(prior) = Prior::learn(evidence.iter()) else { return Err(Failure::refused("The parts hold no demand.")) };
    let published = params(folder)?;
    let learned = [prior.sold, prior.unsold, prior.size];
    let near = learned.iter().zip(&published).all(|(a, b)| (a - b).abs() < 1e-9);
    let found = format!("{:.6} {:.6} {:.6}", prior.sold, prior.unsold, prior.size);
    let mut gates = vec![gate("Prior of the spare parts", "as published within 1e-9", found, near)];
    let (mut cells, mut differ) = (0usize, 0usize);
    for horizon in [1, 2, 4] {
        let fill = table(&folder.join(format!("fill_H{horizon}.csv")))?;
        let chance = table(&folder.join(format!("csl_H{horizon}.csv")))?;
        if fill.len() != evidence.len() || chance.len() != evidence.len() {
            return Err(Failure::refused("The published levels are of other parts."));
        }
        let wait = Wait::fixed(f64::from(horizon - 1), 1.0);
        let counts: Vec<(usize, usize)> = evidence
            .par_iter()
            .zip(fill.par_iter().zip(&chance))
            .map_init(
                || Forecaster::new(model),
                |forecaster, (e, (fill, chance))| {
                    let outlook = forecaster.outlook(&Posterior::new(e.clone(), &prior, &model), &wait);
                    let fills = [0.8, 0.9, 0.95, 0.98, 0.99].map(|target| outlook.level_for_served(target));
                    let chances = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99].map(|alpha| outlook.level_for_chance(alpha));
                    let pairs = fills.iter().zip(fill).chain(chances.iter().zip(chance));
                    pairs.fold((0, 0), |(n, bad), (a, b)| (n + 1, bad + usize::from(*a != *b as i64)))
                },
            )
            .collect();
        cells += counts.iter().map(|c| c.0).sum::<usize>();
        differ += counts.iter().map(|c| c.1).sum::<usize>();
    }
    let holds = differ == 0 && cells == evidence.len() * 33;
    gates.push(gate("Golden levels", "0 cells differ", format!("{differ} of {cells}"), holds));
    Ok(gates)
}

/// The spare parts, month by month: 24 to learn from, a month of lead time.
pub fn carparts(folder: &Path) -> Result<Trial> {
    let demand = table(&folder.join("carparts_y.csv"))?;
    let buckets = demand.first().map_or(0, Vec::len);
    let span = Span::new(buckets, 24, 1, 1).ok_or_else(|| Failure::refused("The parts' history is too short."))?;
    let series = demand.iter().enumerate().map(|(n, amounts)| Series {
        sku: format!("part {}", n + 1),
        sales: amounts.iter().enumerate().filter(|s| *s.1 > 0.0).map(|(at, y)| (at, *y as i64)).collect(),
        lead: 1,
        pack: 1,
        unit: 1.0,
        ..Series::default()
    });
    Ok(Trial { series: series.collect(), grid: Grid::Months, span, target: 0.95 })
}

/// What our policy must reach on the spare parts.
pub fn service(ours: &Verdict) -> Vec<Gate> {
    let fill = ours.nominal.fill_volume;
    let cover = ours.cover_at_target_volume;
    vec![
        gate(
            "Spare parts, asked for 95 %",
            "93 to 97 % served",
            format!("{:.1} %", fill * 100.0),
            (0.93..=0.97).contains(&fill),
        ),
        gate(
            "Spare parts, exactly 95 %",
            "at most 13.5 months",
            cover.map_or("never".into(), |c| format!("{c:.2} months")),
            cover.is_some_and(|c| c <= 13.5),
        ),
    ]
}

/// What was published for a policy on the spare parts: months of stock for exactly 95 %, or the share that it served.
pub fn reference(policy: Policy) -> &'static str {
    use crate::domain::replay::rivals::Rival;
    match policy {
        Policy::Ours => "12.9",
        Policy::Rival(Rival::NegativeBinomial(Method::Sba)) => "16.7",
        Policy::Rival(Rival::Gamma) => "22.9",
        Policy::Rival(Rival::Normal) => "never, served 85 %",
        Policy::Rival(Rival::MinMax) => "served 65 %",
        _ => "",
    }
}

/// In what ours is not the best, a sentence each.
pub fn not_better(verdicts: &[Verdict]) -> Vec<String> {
    let Some(ours) = verdicts.iter().find(|v| v.policy == Policy::Ours) else { return Vec::new() };
    let mut told = Vec::new();
    for rival in verdicts.iter().filter(|v| v.policy != Policy::Ours) {
        let name = rival.policy.name();
        let less = |a: Option<f64>, b: Option<f64>| a.zip(b).filter(|(a, b)| a < b);
        if let Some((theirs, own)) = less(rival.cover_at_target_volume, ours.cover_at_target_volume) {
            told.push(format!("{name} needs less stock for the target by units: {theirs:.1} against {own:.1}."));
        }
        if let Some((theirs, own)) = less(rival.cover_at_target_item, ours.cover_at_target_item) {
            told.push(format!("{name} needs less stock for the target by items: {theirs:.1} against {own:.1}."));
        }
        if rival.nominal.asleep + 0.005 < ours.nominal.asleep && rival.cover_at_target_volume.is_some() {
            told.push(format!(
                "{name} holds less of its stock on items that nobody orders any more: {:.0} % against {:.0} %.",
                rival.nominal.asleep * 100.0,
                ours.nominal.asleep * 100.0
            ));
        }
    }
    told
}

/// What is served at a level, lived for long, against theory: one minus the mean shortage of lead time and review less
/// that of the lead time, for Poisson demand and for a negative binomial one of twice the variance.
pub fn simulator() -> Vec<Gate> {
    const BUCKETS: usize = 150_000;
    let mut random = fastrand::Rng::with_seed(11);
    let mut worst = 0.0f64;
    for (lead, mean, level) in [(0u32, 4.0, 6), (1, 4.0, 9), (3, 4.0, 19), (2, 0.4, 2)] {
        let poisson = |buckets: f64| loss::poisson(level as u64, mean * buckets).map_or(0.0, |l| l.0);
        let binomial = |buckets: f64| loss::negative_binomial(level as u64, mean * buckets, 0.5).map_or(0.0, |l| l.0);
        for wild in [false, true] {
            let short = |buckets: f64| match (buckets > 0.0, wild) {
                (false, _) => 0.0,
                (true, false) => poisson(buckets),
                (true, true) => binomial(buckets),
            };
            let expected = 1.0 - (short(f64::from(lead + 1)) - short(f64::from(lead))) / mean;
            let mut shelf = Shelf::new(Rule::level(level), lead as usize);
            for n in 0..BUCKETS {
                let demand = if wild {
                    draw(&mut random, |n| (mean + n) / (n + 1.0) / 2.0, 0.5f64.powf(mean))
                } else {
                    draw(&mut random, |n| mean / (n + 1.0), (-mean).exp())
                };
                shelf.live(demand, n > 100);
                shelf.review(1);
            }
            worst = worst.max((shelf.tally().served / shelf.tally().wanted - expected).abs());
        }
    }
    vec![gate("Simulator against theory", "within .003 served", format!("at most {worst:.4} off"), worst < 0.003)]
}

/// A number of a distribution given by its chances of 0, 1, 2 ...: the first, and each by the one before.
fn draw(random: &mut fastrand::Rng, next: impl Fn(f64) -> f64, first: f64) -> i64 {
    let mut left = random.f64();
    let (mut n, mut chance) = (0.0, first);
    while left > chance && n < 1e4 {
        left -= chance;
        chance *= next(n);
        n += 1.0;
    }
    n as i64
}

/// 10,000 items over 104 weeks, made up: what the speed of planning is measured on.
pub fn made_up(items: usize) -> Vec<History> {
    let mut state = 1u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    (0..items)
        .map(|n| {
            let often = 0.02 + 0.9 * (n % 17) as f64 / 17.0;
            let amounts: Vec<f64> =
                (0..104).map(|_| if random() < often { (1.0 + random() * 20.0).floor() } else { 0.0 }).collect();
            History::from_buckets(&amounts)
        })
        .collect()
}

/// The levels of those items at a horizon of five weeks; returns their sum.
pub fn level_all(histories: &[History]) -> i64 {
    let model = Model::with_recency(Grid::Weeks.recency());
    let evidence: Vec<Evidence> = histories.par_iter().map(|h| Evidence::of(h, model.recency)).collect();
    let Some(prior) = Prior::learn(evidence.iter()) else { return 0 };
    let wait = Wait::fixed(4.0, 1.0);
    let level = |forecaster: &mut Forecaster, e: &Evidence| {
        forecaster.outlook(&Posterior::new(e.clone(), &prior, &model), &wait).level_for_served(0.95)
    };
    evidence.par_iter().map_init(|| Forecaster::new(model), level).sum()
}

/// Replays the spare parts with those policies.
pub fn replay_carparts(folder: &Path, policies: &[Policy], progress: replaying::Progress) -> Result<Vec<Verdict>> {
    replaying::replay(&carparts(folder)?, policies, progress)
}
