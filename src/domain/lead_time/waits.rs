//! How long deliveries took, each with its weight, and how long the open ones have been waited for.

use super::LONGEST;

/// What waits of so many days weigh.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Step {
    pub(super) days: i64,
    /// Came after so many days.
    pub(super) came: f64,
    /// Still open after so many days.
    pub(super) open: f64,
}

/// Waits by days, each with its weight.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Waits {
    /// By days, each once.
    pub(super) steps: Vec<Step>,
    /// Deliveries that came.
    pub(super) cases: usize,
}

impl Waits {
    fn step(&mut self, days: i64) -> &mut Step {
        let at = match self.steps.binary_search_by_key(&days, |s| s.days) {
            Ok(at) => at,
            Err(at) => {
                self.steps.insert(at, Step { days, came: 0.0, open: 0.0 });
                at
            }
        };
        &mut self.steps[at] // found or just made
    }
    /// A delivery that came after `days`. Less than a day teaches nothing: it was written up when the goods were there.
    pub fn came(&mut self, days: i64, weight: f64) {
        if (1..=LONGEST).contains(&days) {
            self.step(days).came += weight;
            self.cases += 1;
        }
    }
    /// A delivery that has been open for `days`.
    pub fn open(&mut self, days: i64, weight: f64) {
        if (1..=LONGEST).contains(&days) {
            self.step(days).open += weight;
        }
    }
    /// Takes in others, their weights times `scale`.
    pub fn take(&mut self, others: &Waits, scale: f64) {
        let mut merged = Vec::with_capacity(self.steps.len() + others.steps.len());
        let scaled = |s: &Step| Step { days: s.days, came: s.came * scale, open: s.open * scale };
        let (mut own, mut other) = (self.steps.iter().peekable(), others.steps.iter().peekable());
        loop {
            match (own.peek(), other.peek()) {
                (Some(a), Some(b)) if a.days == b.days => {
                    merged.push(Step { days: a.days, came: a.came + b.came * scale, open: a.open + b.open * scale });
                    own.next();
                    other.next();
                }
                (Some(a), Some(b)) if a.days > b.days => merged.extend(other.next().map(scaled)),
                (Some(_), _) => merged.extend(own.next()),
                (None, Some(_)) => merged.extend(other.next().map(scaled)),
                (None, None) => break,
            }
        }
        self.steps = merged;
        self.cases += others.cases;
    }
    /// The waits and what those weigh that came after them, open ones left out; and how many came: what [`Waits::kept`] takes.
    pub fn came_by_days(&self) -> (Vec<(i64, f64)>, usize) {
        (self.steps.iter().filter(|s| s.came > 0.0).map(|s| (s.days, s.came)).collect(), self.cases)
    }
    /// Waits, by days, that were counted before, their weights times `scale`.
    pub fn kept(came: &[(i64, f64)], cases: usize, scale: f64) -> Waits {
        Waits {
            steps: came.iter().map(|(days, came)| Step { days: *days, came: came * scale, open: 0.0 }).collect(),
            cases,
        }
    }
    /// Deliveries that came.
    pub fn cases(&self) -> usize {
        self.cases
    }
    /// What all of them weigh.
    pub fn weight(&self) -> f64 {
        self.steps.iter().map(|s| s.came + s.open).sum()
    }
    /// The days by which each of `shares` (rising) had come. Where the open ones hide it: the longest seen.
    pub(super) fn within(&self, shares: &[f64]) -> Vec<f64> {
        let (mut at_risk, mut waiting, mut last) = (self.weight(), 1.0, 0);
        let mut out = Vec::with_capacity(shares.len());
        for step in &self.steps {
            if step.came > 0.0 && at_risk > 0.0 {
                waiting *= (1.0 - step.came / at_risk).max(0.0);
                while shares.get(out.len()).is_some_and(|share| waiting <= 1.0 - share + 1e-9) {
                    out.push(step.days as f64);
                }
            }
            at_risk -= step.came + step.open;
            last = step.days;
        }
        out.resize(shares.len(), last as f64);
        out
    }
    /// Whole days within which this share (0 to 1) of those that came did; none where none came.
    pub fn took(&self, share: f64) -> Option<i64> {
        let (came, cases) = self.came_by_days();
        let days = Waits::kept(&came, cases, 1.0).within(&[share]).first().copied()?;
        (cases > 0).then_some(days as i64)
    }
    /// What came in each of `bars` spans of `width` days, the last one open to the right.
    pub fn histogram(&self, width: i64, bars: usize) -> Vec<f64> {
        let mut out = vec![0.0; bars];
        for step in &self.steps {
            let bar = ((step.days / width.max(1)) as usize).min(bars.saturating_sub(1));
            if let Some(bar) = out.get_mut(bar) {
                *bar += step.came;
            }
        }
        out
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn waits(came: &[i64], open: &[i64]) -> Waits {
        let mut waits = Waits::default();
        came.iter().for_each(|days| waits.came(*days, 1.0));
        open.iter().for_each(|days| waits.open(*days, 1.0));
        waits
    }

    #[test]
    fn open_lines_took_at_least_as_long_as_they_are_open() {
        // By hand: 10 of 4 at risk, then one of 20 leaves unseen, then 30 of 2, then 40.
        let of = |w: &Waits| w.within(&[0.2, 0.5, 0.6, 0.9]);
        assert_eq!(of(&waits(&[10, 30, 40], &[20])), [10.0, 30.0, 30.0, 40.0]);
        assert_eq!(of(&waits(&[10, 30, 40], &[])), [10.0, 30.0, 30.0, 40.0]);
        // What came is told without them.
        assert_eq!(waits(&[10, 12], &[50, 60]).took(0.9), Some(12));
        assert_eq!(waits(&[], &[50]).took(0.5), None);
        // Half of them open for long: the slow half is not seen yet.
        assert_eq!(of(&waits(&[10, 12], &[50, 60])), [10.0, 12.0, 60.0, 60.0]);
    }

    #[test]
    fn taking_in_others_is_the_same_in_any_order() {
        let (a, b) = (waits(&[3, 9, 9], &[4]), waits(&[1, 9, 20], &[4, 7]));
        let (mut ab, mut ba) = (a.clone(), b.clone());
        ab.take(&b, 1.0);
        ba.take(&a, 1.0);
        assert_eq!(ab, ba);
        assert_eq!((ab.cases(), ab.weight()), (6, 9.0));
    }

    #[test]
    fn what_was_written_up_when_it_was_there_teaches_nothing() {
        assert_eq!(waits(&[0, -3, 800], &[0]), Waits::default());
    }
}
