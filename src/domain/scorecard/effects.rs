//! What single cases do to a score: the score as it is, less the score without the case, with what all suppliers do held
//! fixed. By it a screen says why a card changed. Each is told alone; together they are not the score.

use super::super::dates;
use super::super::lateness::Delivery;
use super::super::odds::{Tally, faded};
use super::super::quantity::Qty;
use super::counting::{Noted, Tallies, announced, count};
use super::evidence::{Behind, Figure, behind, cancelled, line, when};
use super::judging::{after, given_up_late};
use super::{Conduct, Judged, Measure, Priors, judged};
use chrono::NaiveDate;
use std::cmp::Reverse;

/// The newest cases that are told of: each is a score of its own to work out.
const MOST: usize = 200;

/// A case and what it does to the score.
#[derive(Clone, PartialEq, Debug)]
pub struct Effect {
    /// Its day is the one on which it became what it is: goods came, or their day passed.
    pub case: Behind,
    /// Points that the score has by it, below zero where it costs some; none: without it there is no score.
    pub points: Option<f64>,
}

/// A case with what it weighs.
struct Weighed {
    case: Behind,
    tallies: Tallies,
    /// Of an incident.
    points: f64,
}

/// What each of the newest cases in the window does to the score, the newest first; empty where there is no score.
pub fn effects(
    lines: &[Delivery],
    conduct: &Conduct,
    noted: Noted,
    priors: &Priors,
    measure: &Measure,
    today: NaiveDate,
) -> Vec<Effect> {
    let (card, tallies) = count(lines.iter(), conduct, noted, measure, today);
    let score = |tallies: &Tallies, incidents: usize, points: f64| {
        Priors::total(priors.parts(tallies, incidents, points), measure.weights)
    };
    let Some(whole) = score(&tallies, card.incidents, card.incident_points).filter(|_| card.lines > 0) else {
        return Vec::new();
    };
    let mut cases = of_lines(lines, noted, measure, today);
    cases.extend(of_conduct(lines, conduct, noted, measure, today));
    cases.sort_by(|a, b| b.case.on.cmp(&a.case.on).then_with(|| a.case.po_code.cmp(&b.case.po_code)));
    cases.truncate(MOST);
    let told = |weighed: Weighed| {
        let incidents = card.incidents - usize::from(weighed.points > 0.0);
        let without = score(&tallies.less(&weighed.tallies), incidents, card.incident_points - weighed.points);
        Effect { case: weighed.case, points: without.map(|without| whole - without) }
    };
    cases.into_iter().map(told).collect()
}

fn of_lines(lines: &[Delivery], noted: Noted, measure: &Measure, today: NaiveDate) -> Vec<Weighed> {
    let weight = |day: NaiveDate| faded((today - day).num_days(), measure.half_life_days);
    let case = |good: bool, weight: f64| Tally { good: if good { weight } else { 0.0 }, all: weight };
    let mut out: Vec<Weighed> = Vec::new();
    for verdict in &judged(lines, measure, today) {
        let weight = weight(verdict.promised);
        let mut tallies = Tallies {
            on_time: case(verdict.on_time, weight),
            in_full: case(verdict.in_full, weight),
            ..Tallies::default()
        };
        if let Some(told) = announced(verdict, noted) {
            tallies.conduct[2] = case(told, weight);
        }
        out.push(Weighed { case: of_line(verdict, measure, today), tallies, points: 0.0 });
    }
    // Cancelled altogether: not in full, and given up after its day not in time either.
    for (line, case_of) in cancelled(lines, measure, today) {
        let weight = weight(case_of.on);
        let on_time = if given_up_late(line, case_of.on, measure) { case(false, weight) } else { Tally::default() };
        let tallies = Tallies { on_time, in_full: case(false, weight), ..Tallies::default() };
        out.push(Weighed { case: case_of, tallies, points: 0.0 });
    }
    out
}

/// `came 3 Dec, 7 days late; 3 of 20 rejected`, on the day on which it became so.
fn of_line(verdict: &Judged, measure: &Measure, today: NaiveDate) -> Behind {
    let l = verdict.line;
    let came = l.came_by(today);
    let rejected: Qty = l.arrivals.iter().filter(|a| a.on <= today).map(|a| a.rejected).sum();
    let goods = match (verdict.in_full, rejected.is_positive()) {
        (_, true) => format!("; {rejected} of {came} rejected"),
        (false, false) if verdict.completed.is_none() => format!("; {came} of {} came", l.ordered()),
        (false, false) => format!("; {came} good of {}", l.ordered()),
        (true, false) => String::new(),
    };
    let passed = after(verdict.promised, measure.late_days).succ_opt().unwrap_or(verdict.promised);
    let on = verdict.completed.unwrap_or(if l.open().is_positive() { passed } else { verdict.promised });
    let good = verdict.on_time && verdict.in_full;
    // What came late counted as late before it came: the score had that already.
    let how = match verdict.completed.filter(|day| *day > passed) {
        Some(came) => format!("came {}, late since {}", dates::short(came, today), dates::short(passed, today)),
        None => when(verdict, today),
    };
    line(l, on, Some(good), format!("{how}{goods}"))
}

fn of_conduct(
    lines: &[Delivery],
    conduct: &Conduct,
    noted: Noted,
    measure: &Measure,
    today: NaiveDate,
) -> Vec<Weighed> {
    let mut out = Vec::new();
    // The place of each among the tallies of conduct.
    for (figure, place) in [(Figure::Confirmed, 0), (Figure::Questions, 1), (Figure::Price, 3), (Figure::Papers, 4)] {
        for case in behind(figure, lines, conduct, noted, measure, today) {
            let mut tallies = Tallies::default();
            if let Some(tally) = tallies.conduct.get_mut(place) {
                let weight = faded((today - case.on).num_days(), measure.half_life_days);
                tally.count(case.good == Some(true), weight);
            }
            out.push(Weighed { case, tallies, points: 0.0 });
        }
    }
    let window = measure.from(today)..=today;
    let mut incidents: Vec<&super::Incident> = conduct.incidents.iter().filter(|i| window.contains(&i.on)).collect();
    incidents.sort_by_key(|i| Reverse(i.on));
    out.extend(incidents.into_iter().map(|i| Weighed {
        case: Behind {
            po_code: String::new(),
            line_code: String::new(),
            item: None,
            on: i.on,
            good: Some(false),
            says: format!("{} incident: {}", i.severity.word(), i.what),
            arrivals: Vec::new(),
        },
        tallies: Tallies::default(),
        points: i.points(measure.half_life_days, today),
    }));
    out
}

impl Tallies {
    /// Without these cases, which are among them.
    fn less(&self, others: &Tallies) -> Tallies {
        let less = |a: Tally, b: Tally| {
            let all = a.all - b.all;
            // What is left of nothing is a rounding error, not a case.
            if all < 1e-9 { Tally::default() } else { Tally { good: (a.good - b.good).max(0.0), all } }
        };
        let mut conduct = self.conduct;
        conduct.iter_mut().zip(others.conduct).for_each(|(tally, other)| *tally = less(*tally, other));
        Tallies { on_time: less(self.on_time, others.on_time), in_full: less(self.in_full, others.in_full), conduct }
    }
}
