//! The demand over a wait as a whole distribution, by one Fourier transform, and the levels that it asks for.

use super::posterior::{Counts, Posterior};
use super::wait::Wait;
use super::{Model, SLACK};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};
use std::sync::Arc;

/// Computes outlooks; keeps its transforms and buffers. One per thread.
pub struct Forecaster {
    model: Model,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    buffer: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    counts: Counts,
}

impl Forecaster {
    /// A forecaster for the model.
    pub fn new(model: Model) -> Forecaster {
        let model = Model { cells: model.cells.max(8), ..model };
        let length = 2 * model.cells;
        let mut planner = FftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
        let scratch = forward.get_inplace_scratch_len().max(inverse.get_inplace_scratch_len());
        Forecaster {
            model,
            forward,
            inverse,
            buffer: vec![Complex::default(); length],
            scratch: vec![Complex::default(); scratch],
            counts: Counts::default(),
        }
    }

    /// The model it computes with.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The demand of an item over the wait.
    pub fn outlook(&mut self, item: &Posterior, wait: &Wait) -> Outlook {
        let model = self.model;
        let horizon = (wait.cover.len().max(1) - 1) as f64;
        let reach = item.reach(horizon, &model).min(1e15);
        let cell = (reach / (model.cells - 2) as f64).ceil().max(1.0);
        let sizes = item.sizes(cell, &model);
        self.counts.fill(item.sold, item.unsold, &wait.cover, &wait.lead);
        self.buffer.fill(Complex::default());
        for (b, p) in self.buffer.iter_mut().zip(&sizes) {
            b.re = *p;
        }
        self.forward.process_with_scratch(&mut self.buffer, &mut self.scratch);
        let length = self.buffer.len();
        // Sizes are real: the second half of the transform mirrors the first. Both sums come back from one inverse, the
        // longer in the real part, the shorter in the imaginary one.
        let (cover, lead) = self.counts.mixed();
        for first in (0..=length / 2).step_by(LANES) {
            let lanes = LANES.min(length / 2 + 1 - first);
            let mut at = [Complex::default(); LANES];
            at[..lanes].copy_from_slice(&self.buffer[first..first + lanes]);
            let (long, short) = (horner(cover, &at), horner(lead, &at));
            for (k, (long, short)) in (first..).zip(long.into_iter().zip(short)).take(lanes) {
                let i = Complex::new(0.0, 1.0);
                self.buffer[k] = long + i * short;
                if k > 0 && k < length - k {
                    self.buffer[length - k] = long.conj() + i * short.conj();
                }
            }
        }
        self.inverse.process_with_scratch(&mut self.buffer, &mut self.scratch);
        Outlook::from_transform(cell, &self.buffer)
    }
}

/// So many values of a polynomial are worked out side by side: one after the other each step would wait for the last.
const LANES: usize = 8;

/// The polynomial at each of these points, by Horner's rule.
fn horner(coefficients: &[f64], at: &[Complex<f64>; LANES]) -> [Complex<f64>; LANES] {
    let (re, im) = (at.map(|z| z.re), at.map(|z| z.im));
    let (mut sum_re, mut sum_im) = ([0.0; LANES], [0.0; LANES]);
    for c in coefficients.iter().rev() {
        for n in 0..LANES {
            let (a, b) = (sum_re[n], sum_im[n]); // n numbers the lanes
            sum_re[n] = a * re[n] - b * im[n] + c;
            sum_im[n] = a * im[n] + b * re[n];
        }
    }
    std::array::from_fn(|n| Complex::new(sum_re[n], sum_im[n]))
}

/// The distribution of an item's demand until goods ordered now, and ordered at the next review, have arrived.
#[derive(Clone, PartialEq, Debug)]
pub struct Outlook {
    /// Units in a cell.
    cell: f64,
    /// Chance that the demand over lead time and review is at most `i` cells.
    within: Vec<f64>,
    /// Mean demand above `i` cells over lead time and review, in cells.
    above_cover: Vec<f64>,
    /// The same over the lead time alone.
    above_lead: Vec<f64>,
}

impl Outlook {
    fn from_transform(cell: f64, values: &[Complex<f64>]) -> Outlook {
        let scale = 1.0 / values.len() as f64;
        let (mut within, mut above_cover, mut above_lead) =
            (Vec::with_capacity(values.len()), Vec::with_capacity(values.len()), Vec::with_capacity(values.len()));
        let mut cover: f64 = values.iter().enumerate().map(|(i, v)| i as f64 * v.re * scale).sum();
        let mut lead: f64 = values.iter().enumerate().map(|(i, v)| i as f64 * v.im * scale).sum();
        let (mut at_most_cover, mut at_most_lead) = (0.0, 0.0);
        for v in values {
            at_most_cover += v.re * scale;
            at_most_lead += v.im * scale;
            within.push(at_most_cover);
            above_cover.push(cover);
            above_lead.push(lead);
            cover -= 1.0 - at_most_cover;
            lead -= 1.0 - at_most_lead;
            if 1.0 - at_most_cover < 1e-13 {
                break; // nothing to speak of beyond
            }
        }
        Outlook { cell, within, above_cover, above_lead }
    }

    /// Mean demand over lead time and review, in units.
    pub fn mean_cover(&self) -> f64 {
        self.cell * self.above_cover.first().copied().unwrap_or(0.0)
    }

    /// Mean demand over the lead time, in units.
    pub fn mean_lead(&self) -> f64 {
        self.cell * self.above_lead.first().copied().unwrap_or(0.0)
    }

    /// Mean demand in one review period, in units.
    pub fn mean_review(&self) -> f64 {
        self.mean_cover() - self.mean_lead()
    }

    /// The highest level that can matter, in units.
    fn top(&self) -> i64 {
        (self.cell * self.within.len() as f64).ceil() as i64
    }

    /// Chance that the demand over lead time and review does not exceed the level.
    pub fn chance_within(&self, level: i64) -> f64 {
        if level < 0 {
            return 0.0;
        }
        let cell = (level as f64 / self.cell).floor() as usize;
        self.within.get(cell).copied().unwrap_or(1.0)
    }

    /// Mean demand that a level leaves unserved over lead time and review less that over the lead time: what is lost in
    /// one review period, in units. Between the cells the mean excess of a distribution on the cells is exactly linear.
    pub fn unserved(&self, level: i64) -> f64 {
        self.excess(&self.above_cover, level) - self.excess(&self.above_lead, level)
    }

    fn excess(&self, above: &[f64], level: i64) -> f64 {
        let at = level as f64 / self.cell;
        if at <= 0.0 {
            return self.cell * (above.first().copied().unwrap_or(0.0) - at);
        }
        let low = at.floor();
        let part = at - low;
        let low = low as usize;
        let (a, b) = (above.get(low).copied().unwrap_or(0.0), above.get(low + 1).copied().unwrap_or(0.0));
        self.cell * (a + part * (b - a)).max(0.0)
    }

    /// Share of the demand that is served from the shelf at this level (the fill rate).
    pub fn served(&self, level: i64) -> f64 {
        let review = self.mean_review();
        if review <= 0.0 { 1.0 } else { 1.0 - self.unserved(level) / review }
    }

    /// The least level that serves the target share from the shelf.
    pub fn level_for_served(&self, target: f64) -> i64 {
        self.least(0, |level| self.served(level) >= target - SLACK)
    }

    /// The least level that the demand stays within with this chance.
    pub fn level_for_chance(&self, alpha: f64) -> i64 {
        self.least(0, |level| self.chance_within(level) >= alpha - SLACK)
    }

    /// The reorder point: order when the position is at or below it. After ordering in steps of `quantum` units the
    /// position is about uniform over the quantum above the point, so the aim is met on average over those levels.
    /// Never under -1: a customer who waits always brings an order.
    pub fn reorder_point(&self, aim: Aim, quantum: i64) -> i64 {
        self.reorder_point_from(-1, aim, quantum)
    }

    /// The same where it is known not to be below `bottom`.
    pub(super) fn reorder_point_from(&self, bottom: i64, aim: Aim, quantum: i64) -> i64 {
        let quantum = quantum.max(1);
        self.least(bottom, |point| match aim {
            Aim::Served(target) => average(point, quantum, |level| self.served(level)) >= target - SLACK,
            Aim::Chance(alpha) => average(point, quantum, |level| self.chance_within(level)) >= alpha - SLACK,
        })
    }

    /// Mean unserved demand of a review period, in units, when ordering in steps of `quantum` at this reorder point.
    pub fn unserved_at(&self, point: i64, quantum: i64) -> f64 {
        average(point, quantum.max(1), |level| self.unserved(level))
    }

    /// The least level from `bottom` on that is enough; `enough` must not turn false again higher up.
    fn least(&self, bottom: i64, enough: impl Fn(i64) -> bool) -> i64 {
        let (mut low, mut high) = (bottom, self.top().max(bottom));
        while low < high {
            let middle = low + (high - low) / 2;
            if enough(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

/// What a level is to reach.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Aim {
    /// Share of demand served from the shelf, for this item by itself.
    Served(f64),
    /// Chance that the demand stays within the level: one chance for a whole catalogue serves it with the least stock.
    Chance(f64),
}

/// Mean over the levels `point + 1 ..= point + quantum`; a large quantum is sampled evenly.
fn average(point: i64, quantum: i64, value: impl Fn(i64) -> f64) -> f64 {
    const SAMPLES: i64 = 24;
    if quantum <= SAMPLES {
        (1..=quantum).map(|j| value(point + j)).sum::<f64>() / quantum as f64
    } else {
        let step = quantum as f64 / SAMPLES as f64;
        let at = |j: i64| point + 1 + ((j as f64 + 0.5) * step) as i64;
        (0..SAMPLES).map(|j| value(at(j))).sum::<f64>() / SAMPLES as f64
    }
}
