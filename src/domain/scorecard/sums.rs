//! What a supplier's lines add up to, so that a card of thousands of lines is read at once and is exact on any day.
//!
//! A line is *settled* on a day when no later day can change what is said of it: nothing more is to come, all that came
//! is dated up to that day, and the date promised for it and its tolerance are past. Settled lines are added up by the
//! day first promised: windows, trend and half-lives are counted from those sums, so they hold on every later day. All
//! other lines are kept whole and judged when the card is read. With no line settled a card is counted line by line:
//! the law is that it is the same card, whatever day the lines were settled on.

use super::super::ids::PoId;
use super::super::lateness::{Delivery, Lateness, Spread};
use super::super::lead_time::{Taught, Waits, faded_since_then, lasting_weight, lines_of_pos};
use super::super::money::Money;
use super::super::quantity::Qty;
use super::judging::{after, failed_altogether, given_up_late, judge};
use super::{Judged, Measure, Noted};
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, HashSet};

/// Lines first promised for one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DaySum {
    pub lines: usize,
    pub on_time: usize,
    pub in_full: usize,
    /// Both.
    pub otif: usize,
    pub ordered: Qty,
    /// What of that came in time.
    pub in_time: Qty,
    pub received: Qty,
    pub rejected: Qty,
    pub rejected_worth: Money,
    /// Lines that were not ended before all had come.
    pub whole: usize,
    /// Lines on which anything came, and what of them was as ordered.
    pub came: usize,
    pub sound: usize,
    pub right_item: usize,
    pub not_over: usize,
    /// Lines of which a delay could have been announced.
    pub late: usize,
    /// Lines that were confirmed for a day and have one, and those of them that kept it.
    pub dated: usize,
    pub kept: usize,
    /// Lines cancelled altogether, and those of them that were given up after their date.
    pub cancelled: usize,
    pub cancelled_late: usize,
}

/// So many lines first promised for a day had so many days.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Dated {
    pub promised: NaiveDate,
    pub days: i64,
    pub lines: usize,
}

/// Judged lines, added up.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Verdicts {
    /// By the day first promised.
    pub days: Vec<(NaiveDate, DaySum)>,
    /// Days that complete lines came after the promised one, early ones below zero.
    pub late: Vec<Dated>,
    /// Days from confirmation (else order) to the completing receipt.
    pub leads: Vec<Dated>,
    /// Days before the promised one on which the delay of a late line was announced; 0 and below: on that day or after it.
    pub announced: Vec<Dated>,
}

/// Verdicts while they are added up.
#[derive(Default)]
struct Adding {
    days: BTreeMap<NaiveDate, DaySum>,
    late: BTreeMap<(NaiveDate, i64), usize>,
    leads: BTreeMap<(NaiveDate, i64), usize>,
    announced: BTreeMap<(NaiveDate, i64), usize>,
}

impl Adding {
    fn line(&mut self, line: &Delivery, measure: &Measure, today: NaiveDate) {
        if let Some(verdict) = judge(line, NaiveDate::MIN, measure, today) {
            self.verdict(&verdict, measure, today);
        }
        // Cancelled altogether: not delivered. It counts against reliability, not in the plain rates.
        if let Some(promised) = failed_altogether(line, measure).filter(|day| *day <= today) {
            let sum = self.days.entry(promised).or_default();
            sum.cancelled += 1;
            sum.cancelled_late += usize::from(given_up_late(line, promised, measure));
        }
    }

    fn verdict(&mut self, verdict: &Judged, measure: &Measure, today: NaiveDate) {
        let (line, promised) = (verdict.line, verdict.promised);
        let sum = self.days.entry(promised).or_default();
        sum.lines += 1;
        sum.on_time += usize::from(verdict.on_time);
        sum.in_full += usize::from(verdict.in_full);
        sum.otif += usize::from(verdict.on_time && verdict.in_full);
        let in_time = Days::new(measure.late_days.max(0).unsigned_abs());
        let last = promised.checked_add_days(in_time).unwrap_or(promised);
        sum.ordered += line.ordered();
        sum.in_time += line.came_by(last).min(line.ordered());
        goods(sum, line, measure, today);
        if let (Some(confirmed), Some(expected)) = (line.confirmed_for, line.expected_on) {
            sum.dated += 1;
            sum.kept += usize::from(expected <= confirmed);
        }
        if is_late(verdict) {
            sum.late += 1;
            if let Some(on) = line.announced_on {
                *self.announced.entry((promised, (promised - on).num_days())).or_default() += 1;
            }
        }
        if let (Some(came), Some(late)) = (verdict.completed, verdict.days_late()) {
            *self.late.entry((promised, late)).or_default() += 1;
            if let Some(ordered) = line.ordered_on {
                let took = (came - line.confirmed_on.unwrap_or(ordered)).num_days().max(0);
                *self.leads.entry((promised, took)).or_default() += 1;
            }
        }
    }

    fn done(self) -> Verdicts {
        let dated = |found: BTreeMap<(NaiveDate, i64), usize>| {
            found.into_iter().map(|((promised, days), lines)| Dated { promised, days, lines }).collect()
        };
        Verdicts {
            days: self.days.into_iter().collect(),
            late: dated(self.late),
            leads: dated(self.leads),
            announced: dated(self.announced),
        }
    }
}

/// Rejects, what they ended short, wrong goods, too many.
fn goods(sum: &mut DaySum, line: &Delivery, measure: &Measure, today: NaiveDate) {
    sum.whole += usize::from(!(line.closed && line.received < line.ordered()));
    let came: Vec<_> = line.arrivals.iter().filter(|a| a.on <= today).collect();
    if came.is_empty() {
        return;
    }
    let rejected: Qty = came.iter().map(|a| a.rejected).sum();
    sum.came += 1;
    sum.received += came.iter().map(|a| a.quantity).sum();
    sum.rejected += rejected;
    sum.sound += usize::from(rejected.is_zero());
    sum.right_item += usize::from(!came.iter().any(|a| a.wrong_item));
    let over = line.ordered().thousandths().saturating_mul(100 + measure.over_percent.max(0)) / 100;
    sum.not_over += usize::from(line.came_by(today).thousandths() <= over);
    if let Some(cost) = line.cost {
        sum.rejected_worth += cost.times(rejected);
    }
}

/// Whether it came late, or is late now.
pub(super) fn is_late(verdict: &Judged) -> bool {
    verdict.completed.is_none_or(|day| day > verdict.promised) && !verdict.on_time
}

/// A line that may still change what is said of it, and how many lines its PO has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsettled {
    pub line: Delivery,
    pub of_lines: usize,
}

/// A supplier's lines, added up as far as they are settled.
#[derive(Clone, PartialEq, Debug)]
pub struct Sums {
    /// They hold on this day and every later one.
    pub settled_on: NaiveDate,
    pub verdicts: Verdicts,
    /// Days late of the complete ones, for likely dates.
    pub lateness: Vec<(i64, usize)>,
    /// How long the goods took: days, with [`lasting_weight`]; and how many they are.
    pub waits: Vec<(i64, f64)>,
    pub waited: usize,
    /// Days beyond the date first promised, with [`lasting_weight`].
    pub slips: Vec<(i64, f64)>,
    /// Of all POs: the day of the order and that of its confirmation.
    pub orders: Vec<(NaiveDate, Option<NaiveDate>)>,
    /// Of all lines.
    pub noted: Noted,
    pub unsettled: Vec<Unsettled>,
}

impl Measure {
    /// What sums of settled lines depend on, as a text to compare: windows, half-lives and weights are not in it. Sums of
    /// a file from before waits were counted from the order, or delays told too late were added up, lack the last words,
    /// so they are made anew.
    pub fn tolerance(&self) -> String {
        let early = self.early_days.map_or("any".into(), |days| days.to_string());
        format!(
            "{} late, {early} early, {} % short, {} % over, waits from the order, told late too",
            self.late_days, self.short_percent, self.over_percent
        )
    }
}

fn is_settled(line: &Delivery, measure: &Measure, on: NaiveDate) -> bool {
    !line.open().is_positive()
        && line.first_promised.is_none_or(|day| after(day, measure.late_days) < on)
        && line.arrivals.iter().all(|arrival| arrival.on <= on)
}

impl Sums {
    /// Adds up what is settled on that day.
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a Delivery> + Clone, measure: &Measure, on: NaiveDate) -> Sums {
        let lines_of = lines_of_pos(lines.clone());
        let (mut adding, mut taught) = (Adding::default(), Taught::default());
        let mut late: Vec<(i64, usize)> = Vec::new();
        let (mut orders, mut unsettled, mut noted) = (Vec::new(), Vec::new(), Noted::default());
        let mut seen: HashSet<PoId> = HashSet::new();
        for line in lines {
            noted.add(line);
            let of_lines = lines_of.get(&line.po).copied().unwrap_or(1);
            if let Some(ordered) = line.ordered_on
                && seen.insert(line.po)
            {
                orders.push((ordered, line.confirmed_on));
            }
            if !is_settled(line, measure, on) {
                let line = Delivery { po_code: String::new(), line_code: String::new(), ..line.clone() };
                unsettled.push(Unsettled { line, of_lines });
                continue;
            }
            adding.line(line, measure, on);
            taught.add(line, 1.0 / of_lines as f64, on, lasting_weight);
            late.extend(days_late(line, on).map(|days| (days, 1)));
        }
        let (waits, waited) = taught.waits.came_by_days();
        Sums {
            settled_on: on,
            verdicts: adding.done(),
            lateness: Lateness::counted(late).by_days().to_vec(),
            waits,
            waited,
            slips: taught.slips.into_iter().collect(),
            orders,
            noted,
            unsettled,
        }
    }

    /// The unsettled lines, judged and added up.
    pub(super) fn judged_now(&self, measure: &Measure, today: NaiveDate) -> Verdicts {
        let mut adding = Adding::default();
        self.unsettled.iter().for_each(|l| adding.line(&l.line, measure, today));
        adding.done()
    }

    /// What the lines teach about lead times, without items.
    pub fn taught(&self, today: NaiveDate) -> Taught {
        let faded = faded_since_then(today);
        let mut taught = Taught {
            waits: Waits::kept(&self.waits, self.waited, faded),
            slips: self.slips.iter().map(|(days, weight)| (*days, weight * faded)).collect(),
        };
        for l in &self.unsettled {
            taught.add(&l.line, 1.0 / l.of_lines as f64, today, |came| lasting_weight(came) * faded);
        }
        taught
    }

    /// What the supplier is usually late by.
    pub fn lateness(&self, today: NaiveDate) -> Lateness {
        let now = self.unsettled.iter().filter_map(|l| days_late(&l.line, today)).map(|days| (days, 1));
        Lateness::counted(self.lateness.iter().copied().chain(now))
    }
}

fn days_late(line: &Delivery, today: NaiveDate) -> Option<i64> {
    Some((line.completed_on(today)? - line.first_promised?).num_days())
}

impl Verdicts {
    /// Days and numbers of lines of those promised from that day on.
    pub(super) fn since(dated: &[Dated], from: NaiveDate) -> impl Iterator<Item = (i64, usize)> {
        dated.iter().filter(move |d| d.promised >= from).map(|d| (d.days, d.lines))
    }
}

/// Of several groups of dated days, those promised from that day on.
pub(super) fn spread(groups: [&[Dated]; 2], from: NaiveDate) -> Spread {
    Spread::of(groups.into_iter().flat_map(|dated| Verdicts::since(dated, from)))
}
