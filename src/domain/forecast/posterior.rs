//! One item after its past was weighed: how often it sells, how much at a time, and what that gives over any time.

use super::evidence::{Evidence, Prior};
use super::{Bound, Model};

/// One item after its past was weighed against its category's habit.
#[derive(Clone, PartialEq, Debug)]
pub struct Posterior {
    pub(super) sold: f64,
    pub(super) unsold: f64,
    /// Mean size of the smooth part, in units.
    smooth: f64,
    /// Share of the item's own sizes.
    own: f64,
    evidence: Evidence,
}

impl Posterior {
    /// Weighs evidence against the prior (in the item's own units, see [`Prior::in_units_of`]).
    pub fn new(evidence: Evidence, prior: &Prior, model: &Model) -> Posterior {
        let bought: f64 = evidence.sizes.iter().map(|(size, weight)| size * weight).sum();
        Posterior {
            sold: prior.sold + evidence.sold,
            unsold: prior.unsold + (evidence.listed - evidence.sold).max(0.0),
            smooth: ((model.size_trust * prior.size + bought) / (model.size_trust + evidence.sold)).max(1.0),
            own: evidence.sold / (evidence.sold + model.own_sizes_at),
            evidence,
        }
    }

    /// Chance of a sale in a bucket.
    pub fn chance(&self) -> f64 {
        self.sold / (self.sold + self.unsold)
    }

    /// Mean size of a sale, in units.
    pub fn mean_size(&self, model: &Model) -> f64 {
        let smooth = self.smooth * (1.0 + 2.0 * model.wild);
        self.own * self.evidence.mean_size().unwrap_or(0.0) + (1.0 - self.own) * smooth
    }

    /// Mean demand in a bucket, in units.
    pub fn mean(&self, model: &Model) -> f64 {
        self.chance() * self.mean_size(model)
    }

    /// Mean and variance of the demand over a number of buckets (need not be whole), in units.
    pub fn moments(&self, buckets: f64, model: &Model) -> (f64, f64) {
        Spread::of(self, model).over(buckets)
    }

    /// Mean square size of a sale.
    fn square_size(&self, model: &Model) -> f64 {
        let own: f64 = self.evidence.sizes.iter().map(|(size, weight)| size * size * weight).sum();
        let own = if self.evidence.sold > 0.0 { own / self.evidence.sold } else { 0.0 };
        let geometric = |m: f64| 2.0 * m * m - m;
        let smooth = (1.0 - model.wild) * geometric(self.smooth) + model.wild * geometric(3.0 * self.smooth);
        self.own * own + (1.0 - self.own) * smooth
    }

    /// Upper end of what the grid must hold.
    pub(super) fn reach(&self, horizon: f64, model: &Model) -> f64 {
        let largest = self.evidence.largest();
        let short = largest * horizon.min(3.0) + 10.0 * self.smooth;
        if model.bound == Bound::Short {
            return short;
        }
        let (mean, variance) = self.moments(horizon, model);
        let full = mean + 8.0 * variance.sqrt() + 4.0 * largest;
        short.max(full)
    }

    /// Probabilities of the size of one sale on a grid of `cell` units.
    pub(super) fn sizes(&self, cell: f64, model: &Model) -> Vec<f64> {
        let mut pmf = vec![0.0; model.cells];
        if self.evidence.sold > 0.0 {
            for &(size, weight) in &self.evidence.sizes {
                put(&mut pmf, size / cell, self.own * weight / self.evidence.sold);
            }
        }
        let rest = 1.0 - self.own;
        put_geometric(&mut pmf, self.smooth, cell, rest * (1.0 - model.wild));
        put_geometric(&mut pmf, 3.0 * self.smooth, cell, rest * model.wild);
        pmf
    }
}

/// Four numbers that give the mean and variance of an item's demand over any time: what is kept of a posterior.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Spread {
    /// Chance of a sale in a bucket.
    pub chance: f64,
    /// Buckets' worth of evidence behind that chance.
    pub strength: f64,
    /// Mean size of a sale, in units.
    pub size: f64,
    /// Mean square size.
    pub square: f64,
}

impl Spread {
    /// The numbers of a posterior.
    pub fn of(item: &Posterior, model: &Model) -> Spread {
        Spread {
            chance: item.chance(),
            strength: item.sold + item.unsold,
            size: item.mean_size(model),
            square: item.square_size(model),
        }
    }

    /// Mean and variance over a number of buckets: the urn makes good and bad buckets come in runs, so the variance
    /// grows faster than the time.
    pub fn over(&self, buckets: f64) -> (f64, f64) {
        let h = if buckets.is_finite() { buckets.max(0.0) } else { 0.0 };
        let p = self.chance;
        let sales = h * p;
        let sales_variance = sales * (1.0 - p) * (1.0 + (h - 1.0).max(0.0) / (self.strength + 1.0));
        let size_variance = (self.square - self.size * self.size).max(0.0);
        (sales * self.size, sales * size_variance + sales_variance * self.size * self.size)
    }
}

/// Adds weight at a place of the grid, split between two neighbours so that the mean is kept.
fn put(pmf: &mut [f64], at: f64, weight: f64) {
    let last = pmf.len() - 1; // a grid has cells: Model::cells is at least 2
    let at = at.min(last as f64);
    let low = at.floor() as usize;
    let part = at - at.floor();
    pmf[low] += weight * (1.0 - part);
    if part > 0.0 {
        pmf[low + 1] += weight * part; // at <= last, so a part above the floor means low < last
    }
}

/// Adds a geometric distribution on 1, 2, 3 ... units with this mean. The geometric forgets: within every cell the mean
/// offset is the same, so the split between neighbours is one number.
fn put_geometric(pmf: &mut [f64], mean: f64, cell: f64, weight: f64) {
    let stay = 1.0 - 1.0 / mean.max(1.0);
    let through = stay.powf(cell); // beyond one cell
    let held = 1.0 - through;
    if held <= 0.0 {
        return put(pmf, (pmf.len() - 1) as f64, weight);
    }
    // E[X; X <= cell] = mean - through * (mean + cell)
    let part = ((mean.max(1.0) - through * (mean.max(1.0) + cell)) / held / cell).clamp(0.0, 1.0);
    let mut mass = weight * held;
    let last = pmf.len() - 1;
    for i in 0..last {
        pmf[i] += mass * (1.0 - part);
        pmf[i + 1] += mass * part;
        mass *= through;
        if mass < 1e-18 {
            return;
        }
    }
    pmf[last] += mass / held; // what lies beyond the grid stands at its end
}

/// Probabilities of the number of sales over two random numbers of buckets: the Polya urn, in steps. Kept from item to
/// item for its room.
#[derive(Default)]
pub(super) struct Counts {
    urn: Vec<f64>,
    cover: Vec<f64>,
    lead: Vec<f64>,
}

impl Counts {
    /// Fills both, mixed by `cover[h]` and `lead[h]`: the weights of `h` buckets.
    pub(super) fn fill(&mut self, sold: f64, unsold: f64, cover: &[f64], lead: &[f64]) {
        for (mixed, weights) in [(&mut self.cover, cover), (&mut self.lead, lead)] {
            mixed.clear();
            mixed.resize(weights.len().max(1), 0.0);
        }
        self.urn.clear();
        self.urn.push(1.0);
        let steps = cover.len().max(lead.len());
        for step in 0..steps {
            for (mixed, weights) in [(&mut self.cover, cover), (&mut self.lead, lead)] {
                if let Some(weight) = weights.get(step).filter(|w| **w > 0.0) {
                    for (m, b) in mixed.iter_mut().zip(&self.urn) {
                        *m += weight * b;
                    }
                }
            }
            if step + 1 < steps {
                // One bucket more, from the most sales down: each count comes from itself and from the one below.
                let all = sold + unsold + step as f64;
                self.urn.push(0.0);
                for k in (0..self.urn.len()).rev() {
                    let stays = self.urn[k] * (1.0 - (sold + k as f64) / all); // k numbers the urn
                    let below = k.checked_sub(1).map_or(0.0, |less| self.urn[less] * ((sold + less as f64) / all));
                    self.urn[k] = below + stays;
                }
            }
        }
    }

    /// Over lead time and review, and over the lead time.
    pub(super) fn mixed(&self) -> (&[f64], &[f64]) {
        (&self.cover, &self.lead)
    }
}
