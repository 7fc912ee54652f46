//! One supplier's figures, and the weighed cases that its scores are made of.

use super::super::calendar::plus_working_days;
use super::super::lateness::{Delivery, Spread};
use super::super::odds::{Tally, faded};
use super::super::quantity::Qty;
use super::judging::is_overdue;
use super::sums::{DaySum, Sums, Verdicts, is_late, spread};
use super::{ANSWER_DAYS, Conduct, Judged, MONTHS, Measure, Scorecard, Share};
use chrono::{Datelike, NaiveDate};

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
    pub(super) fn add(&mut self, line: &Delivery) {
        self.answers |= line.confirmed_on.is_some();
        self.announcements_since = self.announcements_since.into_iter().chain(line.announced_on).min();
    }
}

/// Weighed cases of everything that enters a score.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tallies {
    pub on_time: Tally,
    pub in_full: Tally,
    /// Confirming, questions, announcements, prices, papers: what they weigh together is said by the scoring.
    pub conduct: [Tally; 5],
}

/// Counts a supplier's lines and conduct.
pub fn count<'a>(
    lines: impl IntoIterator<Item = &'a Delivery> + Clone,
    conduct: &Conduct,
    noted: Noted,
    measure: &Measure,
    today: NaiveDate,
) -> (Scorecard, Tallies) {
    Sums::of(lines, measure, today).count(conduct, noted, measure, today)
}

impl Sums {
    /// Counts what was added up, with the supplier's conduct, on `settled_on` or any later day.
    pub fn count(&self, conduct: &Conduct, noted: Noted, measure: &Measure, today: NaiveDate) -> (Scorecard, Tallies) {
        let from = measure.from(today);
        let weight = |day: NaiveDate| faded((today - day).num_days(), measure.half_life_days);
        let mut card = Scorecard {
            overdue_lines: self.unsettled.iter().filter(|l| is_overdue(&l.line, measure, today)).count(),
            ..Scorecard::default()
        };
        let mut tallies = Tallies::default();
        let now = self.judged_now(measure, today);
        let mut total = DaySum::default();
        for (promised, sum) in self.verdicts.days.iter().chain(&now.days) {
            trend(&mut card, *promised, sum, today);
            if *promised < from {
                continue;
            }
            let weight = weight(*promised);
            let tally = |tally: &mut Tally, good: usize, all: usize| {
                tally.good += good as f64 * weight;
                tally.all += all as f64 * weight;
            };
            tally(&mut tallies.on_time, sum.on_time, sum.lines + sum.cancelled_late);
            tally(&mut tallies.in_full, sum.in_full, sum.lines + sum.cancelled);
            if noted.announcements_since.is_some_and(|since| *promised >= since) {
                card.announced.all += sum.late;
                tally(&mut tallies.conduct[2], 0, sum.late);
            }
            total.add(sum);
        }
        total.into_card(&mut card);
        if let Some(since) = noted.announcements_since {
            let told = self.verdicts.announced.iter().chain(&now.announced).filter(|told| told.promised >= from);
            for told in told {
                let (lines, weight) = (told.lines, weight(told.promised));
                match told.days > 0 {
                    true => {
                        card.announced.good += lines;
                        tallies.conduct[2].good += lines as f64 * weight;
                    }
                    // Told when it was late already, of a day before anything else was noted: its line is not among
                    // those counted above.
                    false if told.promised < since => {
                        card.announced.all += lines;
                        tallies.conduct[2].all += lines as f64 * weight;
                    }
                    false => {}
                }
            }
            let before = Verdicts::since(&self.verdicts.announced, from).chain(Verdicts::since(&now.announced, from));
            card.announced_days_median = Spread::of(before.filter(|(days, _)| *days > 0)).median();
        }
        days(
            &mut card,
            &spread([&self.verdicts.late, &now.late], from),
            &spread([&self.verdicts.leads, &now.leads], from),
        );
        if noted.answers {
            confirmations(&self.orders, from, measure, today, &mut card, &mut tallies.conduct[0]);
        }
        count_conduct(conduct, from, measure, today, &mut card, &mut tallies);
        (card, tallies)
    }
}

impl DaySum {
    fn add(&mut self, other: &DaySum) {
        self.lines += other.lines;
        self.on_time += other.on_time;
        self.in_full += other.in_full;
        self.otif += other.otif;
        self.ordered += other.ordered;
        self.in_time += other.in_time;
        self.received += other.received;
        self.rejected += other.rejected;
        self.rejected_worth += other.rejected_worth;
        self.whole += other.whole;
        self.came += other.came;
        self.sound += other.sound;
        self.right_item += other.right_item;
        self.not_over += other.not_over;
        self.dated += other.dated;
        self.kept += other.kept;
        self.cancelled += other.cancelled;
    }

    fn into_card(self, card: &mut Scorecard) {
        let share = |part: Qty, whole: Qty| whole.is_positive().then(|| part.as_f64() / whole.as_f64());
        let of = |good: usize, all: usize| Share { good, all };
        card.lines = self.lines;
        card.on_time = of(self.on_time, self.lines);
        card.in_full = of(self.in_full, self.lines);
        card.otif = of(self.otif, self.lines);
        card.on_time_qty = share(self.in_time, self.ordered);
        card.reject_rate = share(self.rejected, self.received);
        card.rejected_worth = self.rejected_worth;
        card.not_cut = of(self.whole, self.lines + self.cancelled);
        card.sound = of(self.sound, self.came);
        card.right_item = of(self.right_item, self.came);
        card.not_over = of(self.not_over, self.came);
        card.kept_dates = of(self.kept, self.dated);
    }
}

/// The figures in days: how late (early ones below zero), and how long from the order.
fn days(card: &mut Scorecard, late: &Spread, leads: &Spread) {
    for (days, lines) in late.by_days() {
        if let Some(place) = card.how_late.get_mut(bar(*days)) {
            *place += lines;
        }
    }
    let late = Spread::of(late.by_days().iter().map(|(days, lines)| ((*days).max(0), *lines)));
    card.late_days_median = late.median();
    card.late_days_p90 = late.quantile(0.9);
    card.lead_days_median = leads.median();
    card.lead_days_p90 = leads.quantile(0.9);
    card.lead_lines = leads.cases();
}

/// Of a line that came late or is late now: was that said before the date? None where it was in time, or where nobody
/// noted such things yet and nothing was noted of this line.
pub(super) fn announced(verdict: &Judged, noted: Noted) -> Option<bool> {
    let since = noted.announcements_since?;
    let told = || verdict.line.announced_on.is_some_and(|on| on < verdict.promised);
    (is_late(verdict) && (verdict.promised >= since || verdict.line.announced_on.is_some())).then(told)
}

fn trend(card: &mut Scorecard, promised: NaiveDate, sum: &DaySum, today: NaiveDate) {
    let month = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
    let back = month(today) - month(promised);
    let place = usize::try_from(back).ok().and_then(|back| (MONTHS - 1).checked_sub(back));
    if let Some(share) = place.and_then(|place| card.trend.get_mut(place)) {
        share.good += sum.on_time;
        share.all += sum.lines;
    }
}

/// Of each PO ordered in the window: was it confirmed within two working days? Those whose time is not up yet and
/// that are not confirmed are not counted.
fn confirmations(
    orders: &[(NaiveDate, Option<NaiveDate>)],
    from: NaiveDate,
    measure: &Measure,
    today: NaiveDate,
    card: &mut Scorecard,
    tally: &mut Tally,
) {
    let mut days: Vec<(i64, usize)> = Vec::new();
    for (ordered, confirmed) in orders.iter().filter(|(ordered, _)| (from..=today).contains(ordered)) {
        let Some(good) = confirmed_in_time(*ordered, *confirmed, &measure.holidays, today) else { continue };
        card.answered.count(good);
        tally.count(good, faded((today - *ordered).num_days(), measure.half_life_days));
        days.extend(confirmed.filter(|day| *day <= today).map(|day| ((day - *ordered).num_days().max(0), 1)));
    }
    card.answer_days_median = Spread::of(days).median();
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
