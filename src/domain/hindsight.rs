//! How well would the past have been foretold? For every PO, what this program would have said on the day it was sent,
//! from nothing but what was known on that day: POs that had come before count as history, POs still open then as open.
//! Textbook rules are scored beside it.

use super::ids::{PoId, SupplierId};
use super::lateness::{Delivery, Lateness, quantile};
use super::lead_time::{HALF_LIFE, LeadTime, Source, Waits};
use super::odds::{Beta, Tally, faded};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::{BTreeMap, HashMap};

/// The share of the lead-time quantile that is scored.
pub const LEAD_SHARE: f64 = 0.95;
/// The share of the date that is scored.
pub const DATE_SHARE: f64 = 0.9;

/// Mean losses of several ways to foretell the same things.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Losses {
    /// How many were foretold.
    pub cases: usize,
    /// As this program does it.
    pub ours: f64,
    /// From everybody's past alone.
    pub everybody: f64,
    /// From the supplier's own past alone: its quantile, its plain share.
    pub own: f64,
    /// Mean + z * standard deviation of the supplier's own past; nothing for odds.
    pub mean_and_deviations: f64,
}

impl Losses {
    fn add(&mut self, ours: f64, everybody: f64, own: f64, mean_and_deviations: f64) {
        self.cases += 1;
        self.ours += ours;
        self.everybody += everybody;
        self.own += own;
        self.mean_and_deviations += mean_and_deviations;
    }
    fn averaged(self) -> Losses {
        let n = self.cases.max(1) as f64;
        Losses {
            cases: self.cases,
            ours: self.ours / n,
            everybody: self.everybody / n,
            own: self.own / n,
            mean_and_deviations: self.mean_and_deviations / n,
        }
    }
}

/// What a replay found.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Report {
    pub suppliers: usize,
    /// POs with a known day of sending that came in full.
    pub pos: usize,
    /// Pinball loss in days of the 95 % lead-time quantile, by the number of the supplier's earlier POs: none, 1-4,
    /// 5-14, more. POs written up on or after the day they came have no lead time and are left out.
    pub leads: [Losses; 4],
    /// Brier score of "this PO comes complete by the last date promised for it".
    pub odds: Losses,
    /// Share of the POs that came by the 90 % date: the promised one + learned delay.
    pub covered: f64,
    /// Days from the promised date to the 90 % date, the median.
    pub margin_days: i64,
    /// POs whose date was foretold.
    pub dates: usize,
}

/// A PO that came in full.
struct Po {
    supplier: SupplierId,
    sent: NaiveDate,
    came: NaiveDate,
    promised: Option<NaiveDate>,
    /// The day each line came, and the one promised for it.
    lines: Vec<(NaiveDate, Option<NaiveDate>)>,
}

impl Po {
    fn on_time(&self) -> Option<bool> {
        self.promised.map(|day| self.came <= day)
    }
    fn days(&self) -> i64 {
        (self.came - self.sent).num_days()
    }
}

/// Replays all POs that came in full up to `today`. `half_life`: days after which a case of the on-time share counts half.
pub fn replay(deliveries: &[Delivery], half_life: f64, today: NaiveDate) -> Report {
    let pos = pos(deliveries, today);
    let mut of: BTreeMap<SupplierId, Vec<usize>> = BTreeMap::new();
    for (at, po) in pos.iter().enumerate() {
        of.entry(po.supplier).or_default().push(at);
    }
    let mut report = Report { suppliers: of.len(), pos: pos.len(), ..Report::default() };
    leads(&pos, &of, &mut report);
    odds(&pos, &of, half_life, &mut report);
    dates(&pos, &of, &mut report);
    report
}

/// By the day of sending.
fn pos(deliveries: &[Delivery], today: NaiveDate) -> Vec<Po> {
    let mut found: BTreeMap<PoId, Option<Po>> = BTreeMap::new();
    for line in deliveries.iter().filter(|line| line.ordered().is_positive()) {
        let known = line.ordered_on.zip(line.completed_on(today));
        let Some((sent, came)) = known else {
            found.insert(line.po, None); // a PO with a line that has not come is not over
            continue;
        };
        let new = || Some(Po { supplier: line.supplier, sent, came, promised: None, lines: Vec::new() });
        if let Some(po) = found.entry(line.po).or_insert_with(new) {
            po.came = po.came.max(came);
            po.promised = po.promised.max(line.first_promised);
            po.lines.push((came, line.first_promised));
        }
    }
    let mut pos: Vec<(PoId, Po)> = found.into_iter().filter_map(|(id, po)| Some((id, po?))).collect();
    pos.sort_by_key(|(id, po)| (po.sent, *id));
    pos.into_iter().map(|(_, po)| po).collect()
}

fn pinball(foretold: f64, days: i64) -> f64 {
    let beyond = days as f64 - foretold;
    (LEAD_SHARE * beyond).max((LEAD_SHARE - 1.0) * beyond)
}

/// The waits of one PO as known on `day`; its lines share its weight.
fn learn(waits: &mut Waits, po: &Po, day: NaiveDate, recency: impl Fn(NaiveDate) -> f64) {
    let part = 1.0 / po.lines.len().max(1) as f64;
    for (came, _) in &po.lines {
        if *came < day {
            waits.came((*came - po.sent).num_days(), part * recency(*came));
        } else {
            waits.open((day - po.sent).num_days(), part);
        }
    }
}

fn leads(pos: &[Po], of: &BTreeMap<SupplierId, Vec<usize>>, report: &mut Report) {
    let pos_with_lead = |at: &&usize| pos.get(**at).is_some_and(|po| po.days() >= 1);
    let own_of: HashMap<SupplierId, Vec<&Po>> = of
        .iter()
        .map(|(s, all)| (*s, all.iter().filter(pos_with_lead).filter_map(|at| pos.get(*at)).collect()))
        .collect();
    // What had come, weighed as of a fixed day: all of it fades alike, so one factor brings it to any other day.
    let Some(start) = pos.first().map(|po| po.sent) else { return };
    let fade = |from: NaiveDate, to: NaiveDate| 0.5_f64.powf((to - from).num_days() as f64 / HALF_LIFE);
    let mut over = Waits::default();
    let mut plain: BTreeMap<i64, usize> = BTreeMap::new();
    let mut under_way: Vec<&Po> = Vec::new();
    for po in pos.iter().filter(|po| po.days() >= 1) {
        let day = po.sent;
        under_way.retain(|earlier| {
            let still = earlier.came >= day;
            if !still {
                learn(&mut over, earlier, day, |came| fade(came, start));
                *plain.entry(earlier.days()).or_default() += 1;
            }
            still
        });
        let own_pos: Vec<&Po> =
            own_of.get(&po.supplier).into_iter().flatten().copied().filter(|o| o.sent < day).collect();
        let mut came: Vec<i64> = own_pos.iter().filter(|o| o.came < day).map(|o| o.days()).collect();
        came.sort_unstable();
        if over.cases() > 0 {
            let mut pool = Waits::default();
            pool.take(&over, fade(start, day));
            under_way.iter().filter(|o| o.sent < day).for_each(|o| learn(&mut pool, o, day, |c| fade(c, day)));
            let mut own = Waits::default();
            own_pos.iter().for_each(|o| learn(&mut own, o, day, |c| fade(c, day)));
            let everybody = LeadTime::of_everybody(&pool);
            let ours = everybody.narrowed(Source::Supplier, &own).days(LEAD_SHARE);
            let all = quantile_of_counts(&plain);
            let band = match came.len() {
                0 => 0,
                1..=4 => 1,
                5..=14 => 2,
                _ => 3,
            };
            let quantile = quantile(&came, LEAD_SHARE).map_or(all, |q| q as f64);
            let losses = [ours, all, quantile, mean_and_deviations(&came).unwrap_or(all)];
            let [ours, all, quantile, mean] = losses.map(|foretold| pinball(foretold, po.days()));
            report.leads[band].add(ours, all, quantile, mean); // band is 0 to 3
        }
        under_way.push(po);
    }
    report.leads = report.leads.map(Losses::averaged);
}

/// The plain quantile of so many POs for each number of days.
fn quantile_of_counts(counts: &BTreeMap<i64, usize>) -> f64 {
    let mut left = counts.values().sum::<usize>() as f64 * LEAD_SHARE;
    for (days, n) in counts {
        left -= *n as f64;
        if left <= 1e-9 {
            return *days as f64;
        }
    }
    0.0
}

/// The 95 % point of the normal distribution with their mean and deviation.
fn mean_and_deviations(days: &[i64]) -> Option<f64> {
    const Z: f64 = 1.645;
    let n = days.len() as f64;
    let mean = days.iter().sum::<i64>() as f64 / n;
    let squares: f64 = days.iter().map(|d| (*d as f64 - mean).powi(2)).sum();
    (!days.is_empty()).then(|| mean + Z * if days.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 })
}

/// What was known on `day` of a supplier's lines, with the weights of a scorecard: overdue ones count as late.
fn tally(pos: &[Po], own: &[usize], half_life: f64, day: NaiveDate) -> Tally {
    let mut tally = Tally::default();
    for po in own.iter().filter_map(|at| pos.get(*at)).take_while(|po| po.sent < day) {
        for (came, promised) in &po.lines {
            let Some(promised) = *promised else { continue };
            let good = match *came < day {
                true => *came <= promised,
                false if promised < day => false,
                false => continue,
            };
            tally.count(good, faded((day - promised).num_days(), half_life));
        }
    }
    tally
}

fn odds(pos: &[Po], of: &BTreeMap<SupplierId, Vec<usize>>, half_life: f64, report: &mut Report) {
    let mut prior = (None, Beta::prior(&[]));
    let mut plain: Vec<(NaiveDate, bool)> = pos.iter().filter_map(|po| Some((po.came, po.on_time()?))).collect();
    plain.sort_unstable();
    let (mut past, mut good) = (0, 0);
    for po in pos {
        let (Some(on_time), Some(own)) = (po.on_time(), of.get(&po.supplier)) else { continue };
        let day = po.sent;
        // The prior moves slowly: it is fitted anew each month.
        if prior.0 != Some((day.year(), day.month())) {
            let tallies: Vec<Tally> = of.values().map(|own| tally(pos, own, half_life, day)).collect();
            prior = (Some((day.year(), day.month())), Beta::prior(&tallies));
        }
        while let Some((_, on_time)) = plain.get(past).filter(|(came, _)| *came < day) {
            (past, good) = (past + 1, good + usize::from(*on_time));
        }
        let came: Vec<bool> =
            own.iter().filter_map(|at| pos.get(*at)).filter(|o| o.came < day).filter_map(Po::on_time).collect();
        let share = |good: usize, all: usize| if all == 0 { 1.0 } else { good as f64 / all as f64 };
        let score = |odds: f64| (odds - f64::from(u8::from(on_time))).powi(2);
        let ours = prior.1.after(tally(pos, own, half_life, day)).mean();
        let raw = share(came.iter().filter(|on_time| **on_time).count(), came.len());
        report.odds.add(score(ours), score(share(good, past)), score(raw), 0.0);
    }
    report.odds = report.odds.averaged();
}

fn dates(pos: &[Po], of: &BTreeMap<SupplierId, Vec<usize>>, report: &mut Report) {
    let (mut covered, mut margins) = (0_usize, Vec::new());
    for po in pos {
        let (Some(promised), Some(own)) = (po.promised, of.get(&po.supplier)) else { continue };
        let earlier = own.iter().filter_map(|at| pos.get(*at)).take_while(|o| o.sent < po.sent);
        let known = earlier.flat_map(|o| &o.lines).filter(|(came, _)| *came < po.sent);
        let learned = Lateness::learn(known.filter_map(|(came, first)| Some(((*first)?, *came))));
        let margin = learned.within(DATE_SHARE).unwrap_or(0);
        let safe = promised.checked_add_days(Days::new(margin.max(0).unsigned_abs())).unwrap_or(promised);
        covered += usize::from(po.came <= safe);
        margins.push(margin);
    }
    margins.sort_unstable();
    report.dates = margins.len();
    report.covered = covered as f64 / margins.len().max(1) as f64;
    report.margin_days = margins.get(margins.len() / 2).copied().unwrap_or(0);
}

#[cfg(test)]
mod tests {
    use super::super::ids::{ItemId, PoLineId};
    use super::super::lateness::Arrival;
    use super::super::quantity::Qty;
    use super::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::default() + chrono::Duration::days(n)
    }
    fn po(id: i64, supplier: i64, sent: i64, promised: i64, came: i64) -> Delivery {
        Delivery {
            po_line: PoLineId(id),
            po: PoId(id),
            supplier: SupplierId(supplier),
            item: ItemId(1),
            ordered_on: Some(day(sent)),
            first_promised: Some(day(promised)),
            quantity: Qty::units(1),
            received: Qty::units(1),
            arrivals: vec![Arrival { on: day(came), quantity: Qty::units(1), rejected: Qty::ZERO, wrong_item: false }],
            ..Delivery::blank()
        }
    }

    /// The second supplier's PO comes after the first's second one was sent: how much later is not known then.
    #[test]
    fn what_came_later_is_not_known() {
        let with = |late: i64| {
            let pos = [po(1, 1, 0, 10, 10), po(2, 2, 5, 20, late), po(3, 1, 40, 55, 60)];
            replay(&pos, 365.0, day(1000))
        };
        let (soon, late) = (with(100), with(400));
        assert_eq!((soon.leads[1].cases, soon.leads[1]), (1, late.leads[1]));
        assert_eq!(soon.margin_days, late.margin_days);
        // That it was open for long already is: it makes the wait longer than without it.
        let alone = replay(&[po(1, 1, 0, 10, 10), po(3, 1, 40, 55, 60)], 365.0, day(1000));
        assert!(soon.leads[1].ours < alone.leads[1].ours, "{soon:?} {alone:?}");
    }

    #[test]
    fn a_po_of_which_a_line_is_still_to_come_is_not_over() {
        let mut open = po(2, 1, 0, 10, 10);
        open.po = PoId(1);
        open.arrivals.clear();
        open.received = Qty::ZERO;
        assert_eq!(replay(&[po(1, 1, 0, 10, 10), open], 365.0, day(1000)).pos, 0);
    }

    #[test]
    fn being_late_is_weighed_nineteen_times_being_early() {
        assert_eq!((pinball(10.0, 11), pinball(10.0, 10)), (0.95, 0.0));
        assert!((pinball(10.0, 9) - 0.05).abs() < 1e-12);
    }
}
