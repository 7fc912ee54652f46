//! How far a supplier can be trusted, from PO lines and receipts.
//!
//! A line is judged once by the date FIRST promised for it (first confirmed, else the date expected on the line, else on
//! its PO): re-dating moves the likely date, never the score. On time: the receipt that completes it, rejected units
//! included, comes on or before that date. In full: what was accepted so far is all that was ordered and not cancelled.
//! A line past that date with goods still to come counts as late now; a line not yet due is not counted. Lines of
//! which nobody knows when they came are left out.
//!
//! The rates are plain shares of the lines in the window. Shrinkage towards what all suppliers do, recency weights
//! (half-life a year) and the lower 10 % bound enter only timeliness, reliability, professionalism and the score.

use super::calendar::plus_working_days;
use super::ids::{PoId, SupplierId};
use super::lateness::{Delivery, median, quantile};
use super::odds::{Beta, Tally};
use super::quantity::Qty;
use chrono::{Days, NaiveDate};
use std::collections::{HashMap, HashSet};

/// What scorecards are measured with.
#[derive(Clone, PartialEq, Debug)]
pub struct Measure {
    /// Days back from the business date within which the first promised date lies.
    pub window_days: i64,
    /// Of timeliness, reliability, professionalism; parts without data are weighed out.
    pub weights: [f64; 3],
    pub holidays: Vec<NaiveDate>,
    /// Days after which a case counts half in the scores.
    pub half_life_days: f64,
}

impl Default for Measure {
    fn default() -> Measure {
        Measure { window_days: 365, weights: [0.4, 0.4, 0.2], holidays: Vec::new(), half_life_days: 365.0 }
    }
}

/// A band of scores. The bands cover 0 to 100 without a hole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Grade {
    /// 90 and more.
    A,
    /// 80 to below 90.
    B,
    /// 70 to below 80.
    C,
    /// Below 70.
    D,
}

impl Grade {
    /// The band of a score from 0 to 100.
    pub fn of(score: f64) -> Grade {
        match score {
            s if s >= 90.0 => Grade::A,
            s if s >= 80.0 => Grade::B,
            s if s >= 70.0 => Grade::C,
            _ => Grade::D,
        }
    }
    pub fn letter(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
            Grade::D => "D",
        }
    }
}

/// Fewer lines than this are too few to judge: the grade stands in brackets.
pub const ENOUGH_LINES: usize = 5;
/// Working days within which an order is answered.
const ANSWER_DAYS: u32 = 2;
/// Days after which a case counts half.
const HALF_LIFE: f64 = 365.0;
/// The score is what the supplier exceeds 9 times of 10.
const LOWER: f64 = 0.1;

/// So many of so many.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Share {
    pub good: usize,
    pub all: usize,
}

impl Share {
    fn count(&mut self, good: bool) {
        self.all += 1;
        self.good += usize::from(good);
    }
    /// 0 to 1; none of nothing.
    pub fn rate(self) -> Option<f64> {
        (self.all > 0).then(|| self.good as f64 / self.all as f64)
    }
}

/// A supplier's figures on one day. Days are whole, rates 0 to 1, scores 0 to 100; none: no data.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scorecard {
    /// Lines judged in the window.
    pub lines: usize,
    pub on_time: Share,
    pub in_full: Share,
    /// Both.
    pub otif: Share,
    /// Share of the ordered quantity that came by the date first promised.
    pub on_time_qty: Option<f64>,
    /// Share of the received quantity that was rejected.
    pub reject_rate: Option<f64>,
    /// From confirmation (else order) to the completing receipt; POs without an order date teach none.
    pub lead_days_median: Option<i64>,
    pub lead_days_p90: Option<i64>,
    /// Days late of the completed lines, early ones as 0.
    pub late_days_median: Option<i64>,
    /// Lines past the date first promised with goods still to come, whatever the window.
    pub overdue_lines: usize,
    /// Orders confirmed within two working days.
    pub answered: Share,
    /// Lines whose confirmed date was not put off; told, never scored.
    pub kept_dates: Share,
    pub timeliness: Option<f64>,
    pub reliability: Option<f64>,
    pub professionalism: Option<f64>,
    pub score: Option<f64>,
    /// What the on-time share probably is: the mean, few cases drawn towards what all suppliers do.
    pub expected_on_time: Option<f64>,
    /// How late the completed lines came: early, on the day, 1-3, 4-7, more days.
    pub how_late: [usize; 5],
}

impl Scorecard {
    /// Lines, but fewer than it takes to judge.
    pub fn too_few(&self) -> bool {
        self.lines < ENOUGH_LINES
    }
    pub fn grade(&self) -> Option<Grade> {
        self.score.map(Grade::of)
    }
    /// `B`, `(B)` where there are too few lines, `no data`.
    pub fn grade_text(&self) -> String {
        match self.grade() {
            None => "no data".into(),
            Some(grade) if self.too_few() => format!("({})", grade.letter()),
            Some(grade) => grade.letter().into(),
        }
    }
}

/// A line as the scorecard judges it.
struct Verdict<'a> {
    line: &'a Delivery,
    promised: NaiveDate,
    completed: Option<NaiveDate>,
    on_time: bool,
    in_full: bool,
    weight: f64,
}

/// A line that counts in the scorecard, and how.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged<'a> {
    pub line: &'a Delivery,
    /// The date first promised for it.
    pub promised: NaiveDate,
    /// The receipt that completed it; none: not complete.
    pub completed: Option<NaiveDate>,
    pub on_time: bool,
    pub in_full: bool,
}

/// The lines that a supplier's rates are counted from, newest promise first.
pub fn judged<'a>(lines: &'a [Delivery], measure: &Measure, today: NaiveDate) -> Vec<Judged<'a>> {
    let from = window(measure, today);
    let mut all: Vec<Judged> = lines
        .iter()
        .filter_map(|line| judge(line, from, today))
        .map(|v| Judged {
            line: v.line,
            promised: v.promised,
            completed: v.completed,
            on_time: v.on_time,
            in_full: v.in_full,
        })
        .collect();
    all.sort_by_key(|v| (std::cmp::Reverse(v.promised), std::cmp::Reverse(v.line.po_line)));
    all
}

/// The first day of the window.
fn window(measure: &Measure, today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(measure.window_days.max(0).unsigned_abs())).unwrap_or(NaiveDate::MIN)
}

/// What is weighed over all suppliers before any gets a score.
#[derive(Default)]
struct Tallies {
    on_time: Tally,
    in_full: Tally,
    answered: Tally,
}

/// The scorecards of all suppliers that have a PO line; others have [`Scorecard::default`].
pub fn scorecards(deliveries: &[Delivery], measure: &Measure, today: NaiveDate) -> HashMap<SupplierId, Scorecard> {
    let mut of: HashMap<SupplierId, Vec<&Delivery>> = HashMap::new();
    for line in deliveries {
        of.entry(line.supplier).or_default().push(line);
    }
    // Where nobody ever noted an answer, nobody's answers are measured.
    let answers_noted = deliveries.iter().any(|line| line.confirmed_on.is_some());
    let mut counted: Vec<(SupplierId, Scorecard, Tallies)> = of
        .into_iter()
        .map(|(supplier, lines)| {
            let (card, tallies) = count(&lines, measure, answers_noted, today);
            (supplier, card, tallies)
        })
        .collect();
    let prior = |part: fn(&Tallies) -> Tally| {
        Beta::prior(&counted.iter().map(|(_, _, tallies)| part(tallies)).collect::<Vec<_>>())
    };
    let priors =
        Priors { on_time: prior(|t| t.on_time), in_full: prior(|t| t.in_full), answered: prior(|t| t.answered) };
    for (_, card, tallies) in &mut counted {
        priors.score(card, tallies, measure.weights);
    }
    counted.into_iter().map(|(supplier, card, _)| (supplier, card)).collect()
}

struct Priors {
    on_time: Beta,
    in_full: Beta,
    answered: Beta,
}

impl Priors {
    fn score(&self, card: &mut Scorecard, tallies: &Tallies, weights: [f64; 3]) {
        if card.lines == 0 {
            return;
        }
        let part = |prior: Beta, tally: Tally| (tally.all > 0.0).then(|| 100.0 * prior.after(tally).quantile(LOWER));
        card.timeliness = part(self.on_time, tallies.on_time);
        card.reliability = part(self.in_full, tallies.in_full);
        // Dates put off are shown beside it but not scored: re-dating moves the likely date, never the score.
        card.professionalism = part(self.answered, tallies.answered);
        card.expected_on_time = Some(self.on_time.after(tallies.on_time).mean());
        let parts = [card.timeliness, card.reliability, card.professionalism];
        let weighed = || parts.iter().zip(weights).filter_map(|(part, weight)| Some(((*part)?, weight)));
        let total: f64 = weighed().map(|(_, weight)| weight).sum();
        card.score = (total > 0.0).then(|| weighed().map(|(part, weight)| part * weight).sum::<f64>() / total);
    }
}

/// The verdict on a line whose first promised date lies in the window; none where there is nothing to judge yet.
fn judge(line: &Delivery, from: NaiveDate, today: NaiveDate) -> Option<Verdict<'_>> {
    let promised = line.first_promised.filter(|day| (from..=today).contains(day))?;
    if !line.ordered().is_positive() {
        return None;
    }
    let completed = line.completed_on(today);
    let nothing_to_come = line.open().is_zero() && line.came_by(today) == line.received;
    if completed.is_none() && (line.is_undated() || (promised >= today && !nothing_to_come)) {
        return None;
    }
    let came = line.came_by(today);
    let rejected: Qty = line.arrivals.iter().filter(|a| a.on <= today).map(|a| a.rejected).sum();
    let age = (today - promised).num_days() as f64;
    Some(Verdict {
        line,
        promised,
        completed,
        on_time: completed.is_some_and(|day| day <= promised),
        in_full: came - rejected >= line.ordered(),
        weight: 0.5_f64.powf(age / HALF_LIFE),
    })
}

fn count(lines: &[&Delivery], measure: &Measure, answers_noted: bool, today: NaiveDate) -> (Scorecard, Tallies) {
    let from = window(measure, today);
    let mut card =
        Scorecard { overdue_lines: lines.iter().filter(|l| l.is_overdue(today)).count(), ..Default::default() };
    let mut tallies = Tallies::default();
    let mut amounts = Amounts::default();
    let (mut leads, mut lates) = (Vec::new(), Vec::new());
    for verdict in lines.iter().filter_map(|line| judge(line, from, today)) {
        card.lines += 1;
        card.on_time.count(verdict.on_time);
        card.in_full.count(verdict.in_full);
        card.otif.count(verdict.on_time && verdict.in_full);
        tallies.on_time.count(verdict.on_time, verdict.weight);
        tallies.in_full.count(verdict.in_full, verdict.weight);
        amounts.add(&verdict, today);
        if let Some(came) = verdict.completed {
            let late = (came - verdict.promised).num_days();
            lates.push(late.max(0));
            if let Some(place) = card.how_late.get_mut(bar(late)) {
                *place += 1;
            }
            let began = verdict.line.ordered_on.map(|ordered| verdict.line.confirmed_on.unwrap_or(ordered));
            leads.extend(began.map(|began| (came - began).num_days().max(0)));
        }
        if let (Some(confirmed), Some(expected)) = (verdict.line.confirmed_for, verdict.line.expected_on) {
            card.kept_dates.count(expected <= confirmed);
        }
    }
    // A line that was cancelled altogether was not delivered: it counts against reliability, not in the plain rates.
    for line in lines.iter().filter(|l| l.quantity.is_positive() && !l.ordered().is_positive()) {
        if let Some(promised) = line.first_promised.filter(|day| (from..=today).contains(day)) {
            tallies.in_full.count(false, 0.5_f64.powf((today - promised).num_days() as f64 / HALF_LIFE));
        }
    }
    if answers_noted {
        count_answers(lines, from, &measure.holidays, today, &mut card.answered, &mut tallies.answered);
    }
    leads.sort_unstable();
    lates.sort_unstable();
    card.on_time_qty = amounts.share(amounts.on_time, amounts.ordered);
    card.reject_rate = amounts.share(amounts.rejected, amounts.received);
    card.lead_days_median = median(&leads);
    card.lead_days_p90 = quantile(&leads, 0.9);
    card.late_days_median = median(&lates);
    (card, tallies)
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
struct Amounts {
    ordered: Qty,
    on_time: Qty,
    received: Qty,
    rejected: Qty,
}

impl Amounts {
    fn add(&mut self, verdict: &Verdict, today: NaiveDate) {
        let line = verdict.line;
        self.ordered += line.ordered();
        self.on_time += line.came_by(verdict.promised).min(line.ordered());
        for arrival in line.arrivals.iter().filter(|a| a.on <= today) {
            self.received += arrival.quantity;
            self.rejected += arrival.rejected;
        }
    }
    fn share(&self, part: Qty, whole: Qty) -> Option<f64> {
        whole.is_positive().then(|| part.as_f64() / whole.as_f64())
    }
}

/// Of each PO ordered in the window: was it confirmed within two working days? Those whose time is not up yet and
/// that are not confirmed are not counted.
fn count_answers(
    lines: &[&Delivery],
    from: NaiveDate,
    holidays: &[NaiveDate],
    today: NaiveDate,
    share: &mut Share,
    tally: &mut Tally,
) {
    let mut seen: HashSet<PoId> = HashSet::new();
    for line in lines {
        let Some(ordered) = line.ordered_on.filter(|day| (from..=today).contains(day)) else { continue };
        if !seen.insert(line.po) {
            continue;
        }
        let limit = plus_working_days(ordered, ANSWER_DAYS, holidays);
        let answered = line.confirmed_on.filter(|day| *day <= today);
        if answered.is_none() && limit >= today {
            continue;
        }
        let good = answered.is_some_and(|day| day <= limit);
        share.count(good);
        tally.count(good, 0.5_f64.powf((today - ordered).num_days() as f64 / HALF_LIFE));
    }
}

#[cfg(test)]
mod tests {
    use super::super::ids::{ItemId, PoLineId};
    use super::super::lateness::Arrival;
    use super::*;

    const S: SupplierId = SupplierId(1);

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap() + chrono::Duration::days(n)
    }

    /// A line of 10, promised on `promised`, with arrivals of (day, units, rejected).
    fn line(promised: i64, arrivals: &[(i64, i64, i64)]) -> Delivery {
        let arrivals: Vec<Arrival> = arrivals
            .iter()
            .map(|a| Arrival { on: day(a.0), quantity: Qty::units(a.1), rejected: Qty::units(a.2) })
            .collect();
        Delivery {
            po_line: PoLineId(1),
            po: PoId(promised),
            supplier: S,
            item: ItemId(1),
            po_code: "PO-1".into(),
            line_code: "1".into(),
            ordered_on: Some(day(promised - 10)),
            confirmed_on: Some(day(promised - 9)),
            confirmed_for: Some(day(promised)),
            first_promised: Some(day(promised)),
            expected_on: Some(day(promised)),
            quantity: Qty::units(10),
            cancelled: Qty::ZERO,
            received: arrivals.iter().map(|a| a.quantity).sum(),
            rejected: arrivals.iter().map(|a| a.rejected).sum(),
            closed: false,
            arrivals,
        }
    }
    fn card(lines: &[Delivery]) -> Scorecard {
        scorecards(lines, &Measure::default(), day(0)).remove(&S).unwrap_or_default()
    }
    fn close(a: Option<f64>, b: f64) {
        assert!(a.is_some_and(|a| (a - b).abs() < 1e-12), "{a:?} is not {b}");
    }

    #[test]
    fn six_then_four_both_in_time_is_one_line_on_time_and_in_full() {
        let c = card(&[line(-20, &[(-25, 6, 0), (-20, 4, 0)])]);
        assert_eq!((c.lines, c.on_time, c.in_full, c.otif), (1, s(1, 1), s(1, 1), s(1, 1)));
        close(c.on_time_qty, 1.0);
    }

    #[test]
    fn the_last_part_late_makes_the_line_late_and_sixty_percent_by_quantity() {
        let c = card(&[line(-20, &[(-25, 6, 0), (-16, 4, 0)])]);
        assert_eq!((c.on_time, c.in_full, c.otif), (s(0, 1), s(1, 1), s(0, 1)));
        close(c.on_time_qty, 0.6);
        assert_eq!((c.late_days_median, c.how_late), (Some(4), [0, 0, 0, 1, 0]));
    }

    #[test]
    fn due_last_week_with_nothing_received_counts_as_late_now() {
        let c = card(&[line(-7, &[])]);
        assert_eq!((c.lines, c.overdue_lines, c.on_time, c.in_full), (1, 1, s(0, 1), s(0, 1)));
        close(c.on_time_qty, 0.0);
        assert_eq!((c.lead_days_median, c.reject_rate), (None, None));
    }

    #[test]
    fn not_yet_due_is_not_counted_and_due_today_neither() {
        let c = card(&[line(0, &[]), line(5, &[]), line(0, &[(0, 10, 0)])]);
        assert_eq!((c.lines, c.overdue_lines, c.on_time), (1, 0, s(1, 1)));
    }

    #[test]
    fn a_later_date_leaves_the_score_as_it_was() {
        let before = card(&[line(-20, &[(-16, 10, 0)])]);
        let moved = Delivery { expected_on: Some(day(-10)), ..line(-20, &[(-16, 10, 0)]) };
        let after = card(&[moved]);
        assert_eq!((before.on_time, before.late_days_median), (after.on_time, after.late_days_median));
        assert_eq!((before.timeliness, before.reliability), (after.timeliness, after.reliability));
        assert_eq!(after.kept_dates, s(0, 1), "but the supplier did not keep what was confirmed");
    }

    #[test]
    fn no_lines_in_the_window_is_no_data() {
        for lines in [vec![], vec![line(-400, &[(-400, 10, 0)])], vec![line(9, &[])]] {
            let c = card(&lines);
            assert_eq!((c.lines, c.score, c.grade_text().as_str()), (0, None, "no data"));
            assert_eq!((c.on_time.rate(), c.on_time_qty, c.timeliness), (None, None, None));
        }
    }

    #[test]
    fn fewer_than_five_lines_stand_in_brackets() {
        let lines: Vec<Delivery> = (0..4).map(|n| line(-20 - n, &[(-30, 10, 0)])).collect();
        let c = card(&lines);
        assert!(c.too_few() && c.score.is_some() && c.grade_text().starts_with('('), "{}", c.grade_text());
        let five: Vec<Delivery> = (0..5).map(|n| line(-20 - n, &[(-30, 10, 0)])).collect();
        assert!(!card(&five).too_few());
    }

    #[test]
    fn every_score_has_a_grade() {
        for tenth in 0..=1000 {
            let _ = Grade::of(f64::from(tenth) / 10.0);
        }
        assert_eq!((Grade::of(100.0), Grade::of(90.0), Grade::of(89.999)), (Grade::A, Grade::A, Grade::B));
        assert_eq!((Grade::of(79.9), Grade::of(69.9), Grade::of(0.0)), (Grade::C, Grade::D, Grade::D));
        let perfect: Vec<Delivery> = (0..300).map(|n| line(-n - 1, &[(-n - 1, 10, 0)])).collect();
        assert_eq!(card(&perfect).grade_text(), "A");
    }

    #[test]
    fn rejected_units_were_delivered_but_not_in_full() {
        let c = card(&[line(-20, &[(-20, 10, 2)])]);
        assert_eq!((c.on_time, c.in_full, c.otif), (s(1, 1), s(0, 1), s(0, 1)));
        close(c.reject_rate, 0.2);
    }

    #[test]
    fn what_was_cancelled_is_not_owed_but_a_cancelled_line_costs_reliability() {
        let mut cut = line(-20, &[(-20, 6, 0)]);
        cut.cancelled = Qty::units(4);
        assert_eq!(card(std::slice::from_ref(&cut)).otif, s(1, 1));
        let mut gone = line(-20, &[]);
        gone.cancelled = Qty::units(10);
        let (with, without) = (card(&[cut.clone(), gone]), card(&[cut]));
        assert_eq!((with.lines, with.overdue_lines), (1, 0));
        assert!(with.reliability < without.reliability);
    }

    #[test]
    fn lead_time_runs_from_the_answer_and_needs_an_order_date() {
        let asked = line(-20, &[(-20, 10, 0)]);
        assert_eq!(card(std::slice::from_ref(&asked)).lead_days_median, Some(9));
        let unanswered = Delivery { confirmed_on: None, ..asked.clone() };
        assert_eq!(card(&[unanswered]).lead_days_median, Some(10));
        let unknown = Delivery { ordered_on: None, ..asked };
        assert_eq!(card(&[unknown]).lead_days_median, None);
    }

    #[test]
    fn conduct_without_data_is_not_measured() {
        let mute = Delivery { confirmed_on: None, confirmed_for: None, ..line(-20, &[(-20, 10, 0)]) };
        let c = card(&[mute]);
        assert_eq!((c.professionalism, c.answered.all), (None, 0));
        assert!(c.score.is_some_and(|s| s > 0.0));
    }

    #[test]
    fn a_line_of_which_nobody_knows_when_it_came_is_left_out() {
        let undated = Delivery { received: Qty::units(10), ..line(-20, &[]) };
        assert_eq!(card(&[undated]).lines, 0);
    }

    fn s(good: usize, all: usize) -> Share {
        Share { good, all }
    }
}
