//! Replaying: what each policy would have served, and with how much stock, on demand that really was.
//!
//! Ours is run beside the policies of other programs, on a file of the user's or on the warehouse's own last year.
//! Nothing is written.

mod own;
mod words;

pub use own::{Asked, own_history};
pub use words::{Words, cover, in_words};

use crate::domain::demand::{Grid, History};
use crate::domain::forecast::{Catalogue, Evidence, Forecaster, Habits, Model, Posterior, Wait};
use crate::domain::intermittent::Method;
use crate::domain::locale;
use crate::domain::replay::rivals::Rival;
use crate::domain::replay::{Counted, Reached, Rule, Series, Shelf, Span, cover_at};
use crate::store::{Failure, Result};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Told how far the replay is: (done, of all). Answers whether to go on.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) -> bool + Sync);

/// What is replayed.
#[derive(Clone, PartialEq, Debug)]
pub struct Trial {
    pub series: Vec<Series>,
    pub grid: Grid,
    pub span: Span,
    /// Share of the demand that is to be served, of the catalogue as a whole.
    pub target: f64,
}

impl Trial {
    /// Items with a minimum of the person's own; the others are replayed by a usual one.
    pub fn typed(&self) -> usize {
        self.series.iter().filter(|s| s.typed.is_some()).count()
    }
    /// Most items have a minimum of the person's own: what fixed levels did is then his doing.
    pub fn is_typed(&self) -> bool {
        self.typed() * 2 > self.series.len()
    }
}

/// A policy that can be replayed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    /// The one that the suggestions are made by.
    Ours,
    /// The mean of our level and that of NB-SBA.
    Blend,
    Rival(Rival),
}

impl Policy {
    /// Those that are replayed unless others are named, ours first.
    pub const USUAL: [Policy; 6] = [
        Policy::Ours,
        Policy::Blend,
        Policy::Rival(Rival::MinMax),
        Policy::Rival(Rival::Normal),
        Policy::Rival(Rival::NegativeBinomial(Method::Sba)),
        Policy::Rival(Rival::Gamma),
    ];

    /// All there are, ours first.
    pub fn all() -> Vec<Policy> {
        [Policy::Ours, Policy::Blend].into_iter().chain(Rival::ALL.into_iter().map(Policy::Rival)).collect()
    }
    /// Its name in tables and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Policy::Ours => "ours",
            Policy::Blend => "blend",
            Policy::Rival(rival) => rival.name(),
        }
    }
    /// The policy of that name, written in any case and with or without spaces and signs.
    pub fn named(name: &str) -> Option<Policy> {
        let plain = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        Policy::all().into_iter().find(|p| plain(p.name()) == plain(name) && !plain(name).is_empty())
    }
}

/// What a policy reached.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    pub policy: Policy,
    /// When asked for the target.
    pub nominal: Reached,
    /// Mean stock, in buckets of demand, at exactly the target of all units; none: never reached.
    pub cover_at_target_volume: Option<f64>,
    /// The same where the mean of the items' shares is at the target.
    pub cover_at_target_item: Option<f64>,
    /// From sparing to generous.
    pub sweep: Vec<Reached>,
}

/// The targets of a sweep, rising; the one asked for is run before them.
const SWEEP: [f64; 24] = [
    0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.88, 0.9, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98,
    0.985, 0.99, 0.995, 0.999,
];
/// An item that nobody ordered in so many last buckets is asleep.
const QUIET: usize = 12;
/// Where a typed minimum and maximum are as typed.
const AS_TYPED: f64 = 0.95;

/// Replays the policies, in that order.
pub fn replay(trial: &Trial, policies: &[Policy], progress: Progress) -> Result<Vec<Verdict>> {
    let meter = Meter {
        done: AtomicUsize::new(0),
        all: passes(policies) * (trial.span.buckets - trial.span.train + 1),
        stopped: AtomicBool::new(false),
        progress,
    };
    let mut found: Vec<Verdict> = Vec::new();
    let mut ours: Vec<Policy> = policies.iter().copied().filter(|p| !matches!(p, Policy::Rival(_))).collect();
    ours.dedup();
    if !ours.is_empty() {
        found.extend(learned(trial, &ours, &meter)?);
    }
    for policy in policies {
        if let Policy::Rival(rival) = *policy {
            found.push(by_rival(trial, rival, &meter)?);
        }
    }
    Ok(policies.iter().filter_map(|p| found.iter().find(|v| v.policy == *p).cloned()).collect())
}

fn passes(policies: &[Policy]) -> usize {
    let rivals = policies.iter().filter(|p| matches!(p, Policy::Rival(_))).count();
    rivals + usize::from(rivals < policies.len())
}

struct Meter<'a> {
    done: AtomicUsize,
    all: usize,
    stopped: AtomicBool,
    progress: Progress<'a>,
}

impl Meter<'_> {
    /// A bucket is done.
    fn step(&self) -> Result<()> {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.going(done)
    }
    /// Asked now and then within a bucket, so that a stop takes effect at once.
    fn going_on(&self) -> bool {
        if !self.stopped.load(Ordering::Relaxed) && !(self.progress)(self.done.load(Ordering::Relaxed), self.all) {
            self.stopped.store(true, Ordering::Relaxed);
        }
        !self.stopped.load(Ordering::Relaxed)
    }
    fn going(&self, done: usize) -> Result<()> {
        if self.stopped.load(Ordering::Relaxed) || !(self.progress)(done.min(self.all), self.all) {
            return Err(Failure::refused("The replay was stopped. Nothing was changed."));
        }
        Ok(())
    }
}

/// The shelves of one item, one per setting; the first is the nominal one.
struct Item<'a> {
    series: &'a Series,
    shelves: Vec<Shelf>,
}

fn live(items: &mut [Item], bucket: usize, counted: bool) {
    items.par_iter_mut().with_min_len(64).for_each(|item| {
        let demand = item.series.at(bucket);
        item.shelves.iter_mut().for_each(|shelf| shelf.live(demand, counted));
    });
}

/// Gives every shelf its rule: the first time it is filled by it, later it orders by it.
fn order(item: &mut Item, rules: impl Iterator<Item = Rule>, first: bool) {
    if first {
        let lead = item.series.lead;
        item.shelves = rules.map(|rule| Shelf::new(rule, lead)).collect();
        return;
    }
    for (shelf, rule) in item.shelves.iter_mut().zip(rules) {
        shelf.rule = rule;
        shelf.review(item.series.pack);
    }
}

fn nothing_wanted() -> Failure {
    Failure::refused(
        "Nothing was ordered in the time that would be judged, so there is nothing to compare. Take fewer buckets for the training (--train), or a history that goes on longer.",
    )
}

/// The verdict from the settings `places` of every item: the nominal one, then the sweep.
fn verdict(trial: &Trial, policy: Policy, items: &[Item], places: std::ops::Range<usize>) -> Result<Verdict> {
    let reached = |place: usize| {
        let counted = items.iter().filter_map(|i| {
            let asleep = i.series.sales.last().is_none_or(|s| s.0 + QUIET < trial.span.buckets);
            Some(Counted { tally: i.shelves.get(place)?.tally(), unit: i.series.unit, asleep })
        });
        Reached::of(counted).ok_or_else(nothing_wanted)
    };
    let nominal = reached(places.start)?;
    let sweep = places.skip(1).map(reached).collect::<Result<Vec<Reached>>>()?;
    Ok(Verdict {
        policy,
        nominal,
        cover_at_target_volume: cover_at(&sweep, trial.target, |r| r.fill_volume),
        cover_at_target_item: cover_at(&sweep, trial.target, |r| r.fill_item),
        sweep,
    })
}

fn by_rival(trial: &Trial, rival: Rival, meter: &Meter) -> Result<Verdict> {
    let span = trial.span;
    let nominal = if rival.learns() { trial.target } else { AS_TYPED };
    // The rules are asked for rising targets; the nominal one is found again at its place.
    let mut targets: Vec<f64> = SWEEP.into_iter().chain([nominal]).collect();
    targets.sort_by(f64::total_cmp);
    let at = targets.iter().position(|t| *t == nominal).unwrap_or(0);
    let mut items: Vec<Item> = trial.series.iter().map(|series| Item { series, shelves: Vec::new() }).collect();
    for bucket in span.train - 1..span.buckets {
        if bucket >= span.train {
            live(&mut items, bucket, span.counts(bucket));
        }
        let first = bucket + 1 == span.train;
        if first || span.orders_after(bucket) {
            items.par_iter_mut().with_min_len(16).for_each(|item| {
                if !meter.going_on() {
                    return;
                }
                if first || rival.learns() {
                    let mut rules = rival.rules(item.series, bucket, span.review, &targets);
                    let own = rules.remove(at); // one rule per target, and `at` is one of their places
                    order(item, std::iter::once(own).chain(rules), first);
                } else {
                    let rules: Vec<Rule> = item.shelves.iter().map(|s| s.rule).collect();
                    order(item, rules.into_iter(), false);
                }
            });
        }
        meter.step()?;
    }
    let settings = 0..targets.len();
    verdict(trial, Policy::Rival(rival), &items, settings)
}

/// An item's reorder points at every chance of the catalogue's grid.
type Points = Vec<i64>;

/// Ours, and its mean with NB-SBA, in one pass: the outlooks are what costs.
fn learned(trial: &Trial, policies: &[Policy], meter: &Meter) -> Result<Vec<Verdict>> {
    let span = trial.span;
    let model = Model::with_recency(trial.grid.recency());
    let waits: Vec<Wait> = trial.series.iter().map(|s| Wait::fixed(s.lead as f64, span.review as f64)).collect();
    let targets: Vec<f64> = std::iter::once(trial.target).chain(SWEEP).collect();
    let mut items: Vec<Item> = trial.series.iter().map(|series| Item { series, shelves: Vec::new() }).collect();
    for bucket in span.train - 1..span.buckets {
        if bucket >= span.train {
            live(&mut items, bucket, span.counts(bucket));
        }
        let first = bucket + 1 == span.train;
        if first || span.orders_after(bucket) {
            let (points, catalogue) = points(trial, bucket, &waits, &model, meter)?;
            let settings: Vec<usize> = targets.iter().map(|target| catalogue.place_for(*target)).collect();
            items.par_iter_mut().zip(&points).with_min_len(16).for_each(|(item, points)| {
                let ours: Vec<i64> = settings.iter().filter_map(|n| points.get(*n).copied()).collect();
                let mut rules = Vec::with_capacity(ours.len() * policies.len());
                for policy in policies {
                    let beside = match policy {
                        Policy::Blend => beside(item.series, bucket, span.review, &targets),
                        _ => ours.clone(),
                    };
                    let mean = ours.iter().zip(beside).map(|(a, b)| a + (b - a + 1).div_euclid(2));
                    rules.extend(mean.map(|point| Rule { point, up_to: point.saturating_add(1) }));
                }
                order(item, rules.into_iter(), first);
            });
        }
        meter.step()?;
    }
    let each = targets.len();
    (0..).zip(policies).map(|(n, policy)| verdict(trial, *policy, &items, n * each..(n + 1) * each)).collect()
}

/// NB-SBA's points for targets in any order.
fn beside(series: &Series, bucket: usize, review: usize, targets: &[f64]) -> Vec<i64> {
    let mut order: Vec<usize> = (0..targets.len()).collect();
    order.sort_by(|a, b| targets[*a].total_cmp(&targets[*b])); // places of `targets`
    let rising: Vec<f64> = order.iter().map(|at| targets[*at]).collect();
    let rules = Rival::NegativeBinomial(Method::Sba).rules(series, bucket, review, &rising);
    let mut points = vec![0; targets.len()];
    for (at, rule) in order.into_iter().zip(rules) {
        points[at] = rule.point;
    }
    points
}

/// Every item's reorder points at every chance, and what the catalogue would lose at each.
fn points(
    trial: &Trial,
    bucket: usize,
    waits: &[Wait],
    model: &Model,
    meter: &Meter,
) -> Result<(Vec<Points>, Catalogue)> {
    let evidence: Vec<Evidence> = trial.series.par_iter().map(|s| known(s, bucket, model)).collect();
    let rows = trial.series.iter().zip(&evidence).map(|(s, e)| (s.category.as_deref(), s.unit, e));
    let habits = Habits::learn(rows);
    let subjects: Vec<(&Series, Evidence, &Wait)> =
        trial.series.iter().zip(evidence).zip(waits).map(|((s, e), w)| (s, e, w)).collect();
    let parts: Vec<(Vec<Points>, Catalogue)> = subjects
        .par_chunks(64)
        .map_init(
            || Forecaster::new(*model),
            |forecaster, part| {
                let mut catalogue = Catalogue::default();
                let mut points = Vec::with_capacity(part.len());
                if meter.going_on() {
                    for (series, evidence, wait) in part {
                        let prior = habits.of(series.category.as_deref()).in_units_of(series.unit);
                        let item = Posterior::new(evidence.clone(), &prior, model);
                        let outlook = forecaster.outlook(&item, wait);
                        points.push(catalogue.add(&outlook, series.pack, series.unit));
                    }
                }
                (points, catalogue)
            },
        )
        .collect(); // in order: the same sums on any number of cores
    meter.going(meter.done.load(Ordering::Relaxed))?;
    let mut all = Vec::with_capacity(subjects.len());
    let mut catalogue = Catalogue::default();
    for (points, part) in parts {
        all.extend(points);
        catalogue = catalogue.join(&part);
    }
    Ok((all, catalogue))
}

/// What is known of an item at the end of a bucket.
fn known(series: &Series, bucket: usize, model: &Model) -> Evidence {
    let listed = (bucket + 1).saturating_sub(series.listed_from);
    let sales = series.sales.iter().take_while(|s| s.0 <= bucket);
    let sales = sales.map(|&(at, units)| ((bucket - at) as u32, units as f64)).collect();
    Evidence::of(&History { listed: listed as u32, sales, missing: Vec::new() }, model.recency)
}

/// The one sentence that sums a replay up, from ours and what is in force now.
pub fn sentence(trial: &Trial, verdicts: &[Verdict]) -> Option<String> {
    let of = |policy: Policy| verdicts.iter().find(|v| v.policy == policy);
    let ours = of(Policy::Ours)?;
    let word = trial.grid.word();
    let mut text = format!(
        "Asked for {}, this policy would have served {} of every 100 units at once, with {} {word}s of stock.",
        percent(trial.target),
        hundredths(ours.nominal.fill_volume),
        words::cover(ours.nominal.cover)
    );
    if let Some(own) = of(Policy::Rival(Rival::MinMax)) {
        let whose = if trial.is_typed() { "Your own min and max" } else { "A fixed min and max" };
        text.push_str(&format!(
            " {whose} would have served {} with {}.",
            hundredths(own.nominal.fill_volume),
            words::cover(own.nominal.cover)
        ));
        text.extend(words::partly_typed(trial).map(|words| format!(" {words}")));
    }
    let rivals = verdicts.iter().filter(|v| v.policy != Policy::Ours);
    let best = rivals.filter_map(|v| Some((v.policy, v.cover_at_target_volume?)));
    if let (Some(cover), Some((policy, other))) = (ours.cover_at_target_volume, best.min_by(|a, b| a.1.total_cmp(&b.1)))
        && other > 0.0
    {
        let less = (1.0 - cover / other) * 100.0;
        let compared = if less >= 0.0 {
            format!("{less:.0} % less stock than the next best")
        } else {
            format!("{:.0} % MORE stock than the best", -less)
        };
        text.push_str(&format!(" At exactly {} it needs {compared} ({}).", percent(trial.target), policy.name()));
    }
    Some(text)
}

/// `95 %`, `97.5 %`.
pub fn percent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    format!("{} %", locale::here().figure(text.strip_suffix(".0").unwrap_or(&text)))
}

fn hundredths(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    text.strip_suffix(".0").unwrap_or(&text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_found_by_its_name_however_it_is_written() {
        for policy in Policy::all() {
            assert_eq!(Policy::named(policy.name()), Some(policy));
        }
        assert_eq!(Policy::named("minmax"), Some(Policy::Rival(Rival::MinMax)));
        assert_eq!(Policy::named("nb sba"), Some(Policy::Rival(Rival::NegativeBinomial(Method::Sba))));
        assert_eq!((Policy::named(""), Policy::named("best")), (None, None));
    }
}
