//! Scores: each supplier's cases against what all suppliers of the warehouse do.

use super::super::ids::SupplierId;
use super::super::lateness::Delivery;
use super::super::odds::{Beta, Tally};
use super::counting::{Noted, Tallies, count};
use super::{Conduct, Measure, Scorecard};
use chrono::NaiveDate;
use std::collections::HashMap;

/// The score is what the supplier exceeds 9 times of 10.
const LOWER: f64 = 0.1;

/// What is assumed of any supplier before its own cases are counted, fitted to all of them.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Priors {
    pub on_time: Beta,
    pub in_full: Beta,
    /// Of all acts together: see [`conduct`].
    pub conduct: Beta,
}

/// What an act weighs: one about a whole order (its confirmation, a question) counts once, one about a line of it (a delay
/// announced, a price, papers) a fifth. A judgement, not measured.
const ACTS: [f64; 5] = [1.0, 1.0, 0.2, 0.2, 0.2];

/// What all suppliers do weighs at least so many acts: where all but one of them always answer, the prior that fits them
/// best holds next to nothing, and one answer would lift that one by a band. A judgement, not measured.
const ACTS_OF_ALL: f64 = 8.0;

/// All acts together. They are one share: were each kind a share of its own and their mean the score, the first question that
/// is answered in time would lower it, as of one case little is sure.
fn conduct(tallies: &Tallies) -> Tally {
    let mut all = Tally::default();
    for (tally, weight) in tallies.conduct.iter().zip(ACTS) {
        all.good += tally.good * weight;
        all.all += tally.all * weight;
    }
    all
}

impl Priors {
    /// Those that make all suppliers' cases most likely.
    pub fn of(all: &[Tallies]) -> Priors {
        let fit = |part: &dyn Fn(&Tallies) -> Tally| {
            let tallies: Vec<Tally> = all.iter().map(part).filter(|t| t.all > 0.0).collect();
            Beta::prior(&tallies)
        };
        Priors {
            on_time: fit(&|t| t.on_time),
            in_full: fit(&|t| t.in_full),
            conduct: fit(&conduct).at_least(ACTS_OF_ALL),
        }
    }

    /// Puts the scores on a card.
    pub fn score(&self, card: &mut Scorecard, tallies: &Tallies, weights: [f64; 3]) {
        if card.lines == 0 {
            return;
        }
        let parts = self.parts(tallies, card.incidents, card.incident_points);
        [card.timeliness, card.reliability, card.professionalism] = parts;
        card.expected_on_time = Some(self.on_time.after(tallies.on_time).mean());
        card.usual_on_time = Some(self.on_time.mean());
        card.score = Priors::total(parts, weights);
    }

    /// Timeliness, reliability and professionalism of these cases, with so many incidents that cost so many points.
    pub(super) fn parts(&self, tallies: &Tallies, incidents: usize, incident_points: f64) -> [Option<f64>; 3] {
        let part = |prior: Beta, tally: Tally| (tally.all > 0.0).then(|| 100.0 * prior.after(tally).quantile(LOWER));
        // Dates put off are shown beside it but not scored: re-dating moves the likely date, never the score.
        let acts = part(self.conduct, conduct(tallies));
        // An incident is data too: without any other it is taken off full marks.
        let noted = acts.or((incidents > 0).then_some(100.0));
        let professionalism = noted.map(|score| (score - incident_points).max(0.0));
        [part(self.on_time, tallies.on_time), part(self.in_full, tallies.in_full), professionalism]
    }

    /// The score of these parts: those without data weigh nothing.
    pub(super) fn total(parts: [Option<f64>; 3], weights: [f64; 3]) -> Option<f64> {
        let weighed = || parts.iter().zip(weights).filter_map(|(part, weight)| Some(((*part)?, weight)));
        let total: f64 = weighed().map(|(_, weight)| weight).sum();
        (total > 0.0).then(|| weighed().map(|(part, weight)| part * weight).sum::<f64>() / total)
    }
}

/// The scorecards of all suppliers that have a PO line; others have [`Scorecard::default`].
pub fn scorecards(
    deliveries: &[Delivery],
    conduct: &HashMap<SupplierId, Conduct>,
    measure: &Measure,
    today: NaiveDate,
) -> HashMap<SupplierId, Scorecard> {
    let mut of: HashMap<SupplierId, Vec<&Delivery>> = HashMap::new();
    for line in deliveries {
        of.entry(line.supplier).or_default().push(line);
    }
    let noted = Noted::of(deliveries);
    let none = Conduct::default();
    let mut counted: Vec<(SupplierId, Scorecard, Tallies)> = of
        .into_iter()
        .map(|(supplier, lines)| {
            let conduct = conduct.get(&supplier).unwrap_or(&none);
            let (card, tallies) = count(lines.iter().copied(), conduct, noted, measure, today);
            (supplier, card, tallies)
        })
        .collect();
    counted.sort_by_key(|(supplier, ..)| *supplier); // sums of floats depend on their order
    let priors = Priors::of(&counted.iter().map(|(_, _, tallies)| *tallies).collect::<Vec<_>>());
    for (_, card, tallies) in &mut counted {
        priors.score(card, tallies, measure.weights);
    }
    counted.into_iter().map(|(supplier, card, _)| (supplier, card)).collect()
}

/// One supplier's scorecard where the priors are held.
pub fn card_of(
    lines: &[&Delivery],
    conduct: &Conduct,
    noted: Noted,
    priors: &Priors,
    measure: &Measure,
    today: NaiveDate,
) -> Scorecard {
    let (mut card, tallies) = count(lines.iter().copied(), conduct, noted, measure, today);
    priors.score(&mut card, &tallies, measure.weights);
    card
}
