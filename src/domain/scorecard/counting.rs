//! One supplier's figures, and the weighed cases that its scores are made of.

use super::super::calendar::plus_working_days;
use super::super::ids::PoId;
use super::super::lateness::{Delivery, median, quantile};
use super::super::odds::{Tally, faded};
use super::super::quantity::Qty;
use super::judging::{given_up_late, is_overdue, judge};
use super::{ANSWER_DAYS, Conduct, Judged, MONTHS, Measure, Scorecard};
use chrono::{Datelike, NaiveDate};
use std::collections::HashSet;

/// From when on the warehouse notes what suppliers say: what nobody ever noted of anybody is not held against one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Noted {
    /// Some PO has a day of confirmation.
    pub answers: bool,
    /// The first announcement of a delay on record.
    pub announcements_since: Option<NaiveDate>,
}

impl Noted {
    /// Of all suppliers' lines.
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a Delivery>) -> Noted {
        let mut noted = Noted::default();
        for line in lines {
            noted.add(line);
        }
        noted
    }
    /// Of two groups of lines together.
    pub fn and(self, other: Noted) -> Noted {
        Noted {
            answers: self.answers || other.answers,
            announcements_since: self.announcements_since.into_iter().chain(other.announcements_since).min(),
        }
    }
    fn add(&mut self, line: &Delivery) {
        self.answers |= line.confirmed_on.is_some();
        self.announcements_since = self.announcements_since.into_iter().chain(line.announced_on).min();
    }
}

/// Weighed cases of everything that enters a score.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tallies {
    pub on_time: Tally,
    pub in_full: Tally,
    /// Confirming, questions, announcements, prices, papers: each a share with a prior of its own.
    pub conduct: [Tally; 5],
}

/// Counts a supplier's lines and conduct.
pub fn count(
    lines: &[&Delivery],
    conduct: &Conduct,
    noted: Noted,
    measure: &Measure,
    today: NaiveDate,
) -> (Scorecard, Tallies) {
    let from = measure.from(today);
    let weight = |day: NaiveDate| faded((today - day).num_days(), measure.half_life_days);
    let mut card = Scorecard {
        overdue_lines: lines.iter().filter(|l| is_overdue(l, measure, today)).count(),
        ..Scorecard::default()
    };
    let mut tallies = Tallies::default();
    let mut sums = Sums::default();
    for verdict in lines.iter().filter_map(|line| judge(line, from, measure, today)) {
        card.lines += 1;
        card.on_time.count(verdict.on_time);
        card.in_full.count(verdict.in_full);
        card.otif.count(verdict.on_time && verdict.in_full);
        tallies.on_time.count(verdict.on_time, weight(verdict.promised));
        tallies.in_full.count(verdict.in_full, weight(verdict.promised));
        sums.add(&verdict, measure, today);
        count_goods(&mut card, &verdict, measure, today);
        if let Some(good) = announced(&verdict, noted) {
            card.announced.count(good);
            tallies.conduct[2].count(good, weight(verdict.promised));
            let early = verdict.line.announced_on.filter(|_| good).map(|on| (verdict.promised - on).num_days());
            sums.announced.extend(early);
        }
    }
    for line in lines {
        trend(&mut card, line, measure, today);
        // Cancelled altogether: not delivered. It counts against reliability, not in the plain rates.
        if line.quantity.is_positive()
            && !line.ordered().is_positive()
            && let Some(promised) = line.first_promised.filter(|day| (from..=today).contains(day))
        {
            card.not_cut.count(false);
            if given_up_late(line, promised, measure) {
                tallies.on_time.count(false, weight(promised));
            }
            tallies.in_full.count(false, weight(promised));
        }
    }
    if noted.answers {
        confirmations(lines, from, measure, today, &mut card, &mut tallies.conduct[0], &mut sums.answers);
    }
    count_conduct(conduct, from, measure, today, &mut card, &mut tallies);
    sums.into_card(&mut card);
    (card, tallies)
}

/// Rejects, what they ended short, wrong goods, too many.
fn count_goods(card: &mut Scorecard, verdict: &Judged, measure: &Measure, today: NaiveDate) {
    let line = verdict.line;
    let came: Vec<_> = line.arrivals.iter().filter(|a| a.on <= today).collect();
    card.not_cut.count(!(line.closed && line.received < line.ordered()));
    if came.is_empty() {
        return;
    }
    let rejected: Qty = came.iter().map(|a| a.rejected).sum();
    card.sound.count(rejected.is_zero());
    card.right_item.count(!came.iter().any(|a| a.wrong_item));
    let over = line.ordered().thousandths().saturating_mul(100 + measure.over_percent.max(0)) / 100;
    card.not_over.count(line.came_by(today).thousandths() <= over);
    if let Some(cost) = line.cost {
        card.rejected_worth += cost.times(rejected);
    }
}

/// Of a line that came late or is late now: was that said before the date? None where it was in time, or where nobody
/// noted such things yet.
pub(super) fn announced(verdict: &Judged, noted: Noted) -> Option<bool> {
    let late = verdict.completed.is_none_or(|day| day > verdict.promised) && !verdict.on_time;
    let since = noted.announcements_since?;
    (late && verdict.promised >= since).then(|| verdict.line.announced_on.is_some_and(|on| on < verdict.promised))
}

fn trend(card: &mut Scorecard, line: &Delivery, measure: &Measure, today: NaiveDate) {
    let Some(promised) = line.first_promised else { return };
    let month = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
    let back = month(today) - month(promised);
    let Some(place) = usize::try_from(back).ok().and_then(|back| (MONTHS - 1).checked_sub(back)) else { return };
    if let Some(verdict) = judge(line, NaiveDate::MIN, measure, today)
        && let Some(share) = card.trend.get_mut(place)
    {
        share.count(verdict.on_time);
    }
}

/// Of each PO ordered in the window: was it confirmed within two working days? Those whose time is not up yet and
/// that are not confirmed are not counted.
fn confirmations(
    lines: &[&Delivery],
    from: NaiveDate,
    measure: &Measure,
    today: NaiveDate,
    card: &mut Scorecard,
    tally: &mut Tally,
    days: &mut Vec<i64>,
) {
    let mut seen: HashSet<PoId> = HashSet::new();
    for line in lines {
        let Some(ordered) = line.ordered_on.filter(|day| (from..=today).contains(day)) else { continue };
        if !seen.insert(line.po) {
            continue;
        }
        let Some(good) = confirmed_in_time(ordered, line.confirmed_on, &measure.holidays, today) else { continue };
        card.answered.count(good);
        tally.count(good, faded((today - ordered).num_days(), measure.half_life_days));
        days.extend(line.confirmed_on.filter(|day| *day <= today).map(|day| (day - ordered).num_days().max(0)));
    }
}

/// None while there is still time to answer.
pub(super) fn confirmed_in_time(
    ordered: NaiveDate,
    confirmed: Option<NaiveDate>,
    holidays: &[NaiveDate],
    today: NaiveDate,
) -> Option<bool> {
    let limit = plus_working_days(ordered, ANSWER_DAYS, holidays);
    match confirmed.filter(|day| *day <= today) {
        Some(day) => Some(day <= limit),
        None => (limit < today).then_some(false),
    }
}

fn count_conduct(
    conduct: &Conduct,
    from: NaiveDate,
    measure: &Measure,
    today: NaiveDate,
    card: &mut Scorecard,
    tallies: &mut Tallies,
) {
    let window = from..=today;
    let weight = |day: NaiveDate| faded((today - day).num_days(), measure.half_life_days);
    let [_, chasers, _, prices, papers] = &mut tallies.conduct;
    for asked in conduct.asked.iter().filter(|a| window.contains(&a.asked_on)) {
        if let Some(good) = asked.answered_in_time(&measure.holidays, today) {
            card.chasers.count(good);
            chasers.count(good, weight(asked.asked_on));
        }
    }
    for invoiced in conduct.invoiced.iter().filter(|i| window.contains(&i.on)) {
        if let Some(kept) = invoiced.price_kept {
            card.price_kept.count(kept);
            prices.count(kept, weight(invoiced.on));
        }
        card.papers.count(invoiced.papers_right);
        papers.count(invoiced.papers_right, weight(invoiced.on));
    }
    for incident in conduct.incidents.iter().filter(|i| window.contains(&i.on)) {
        card.incidents += 1;
        card.incident_points += incident.points(measure.half_life_days, today);
    }
}

/// The bar of the picture "how late".
fn bar(late: i64) -> usize {
    match late {
        ..=-1 => 0,
        0 => 1,
        1..=3 => 2,
        4..=7 => 3,
        _ => 4,
    }
}

#[derive(Default)]
struct Sums {
    ordered: Qty,
    on_time: Qty,
    received: Qty,
    rejected: Qty,
    leads: Vec<i64>,
    lates: Vec<i64>,
    how_late: [usize; 5],
    kept: (usize, usize),
    announced: Vec<i64>,
    answers: Vec<i64>,
}

impl Sums {
    fn add(&mut self, verdict: &Judged, measure: &Measure, today: NaiveDate) {
        let line = verdict.line;
        let in_time = chrono::Days::new(measure.late_days.max(0).unsigned_abs());
        let last = verdict.promised.checked_add_days(in_time).unwrap_or(verdict.promised);
        self.ordered += line.ordered();
        self.on_time += line.came_by(last).min(line.ordered());
        for arrival in line.arrivals.iter().filter(|a| a.on <= today) {
            self.received += arrival.quantity;
            self.rejected += arrival.rejected;
        }
        if let (Some(came), Some(late)) = (verdict.completed, verdict.days_late()) {
            self.lates.push(late.max(0));
            if let Some(place) = self.how_late.get_mut(bar(late)) {
                *place += 1;
            }
            let began = line.ordered_on.map(|ordered| line.confirmed_on.unwrap_or(ordered));
            self.leads.extend(began.map(|began| (came - began).num_days().max(0)));
        }
        if let (Some(confirmed), Some(expected)) = (line.confirmed_for, line.expected_on) {
            self.kept.0 += usize::from(expected <= confirmed);
            self.kept.1 += 1;
        }
    }
    fn into_card(mut self, card: &mut Scorecard) {
        let share = |part: Qty, whole: Qty| whole.is_positive().then(|| part.as_f64() / whole.as_f64());
        for days in [&mut self.leads, &mut self.lates, &mut self.announced, &mut self.answers] {
            days.sort_unstable();
        }
        card.on_time_qty = share(self.on_time, self.ordered);
        card.reject_rate = share(self.rejected, self.received);
        card.lead_days_median = median(&self.leads);
        card.lead_days_p90 = quantile(&self.leads, 0.9);
        card.lead_lines = self.leads.len();
        card.late_days_median = median(&self.lates);
        card.late_days_p90 = quantile(&self.lates, 0.9);
        card.how_late = self.how_late;
        card.kept_dates = super::Share { good: self.kept.0, all: self.kept.1 };
        card.announced_days_median = median(&self.announced);
        card.answer_days_median = median(&self.answers);
    }
}
