//! The one chance that serves a whole catalogue with the least stock.

use super::SLACK;
use super::outlook::{Aim, Outlook};

/// The chances among which the catalogue's is chosen, dense near 1 where the stock is.
pub const CHANCES: usize = 120;

/// The n-th chance of the grid, from 0.
pub fn chance_at(n: usize) -> f64 {
    let n = n.min(CHANCES - 1) as f64 / (CHANCES - 1) as f64;
    1.0 - 0.7 * (0.001f64 / 0.7).powf(n) // .3 to .999, geometric in the chance of running out
}

/// What the catalogue would lose at each chance of the grid, summed over its items.
#[derive(Clone, PartialEq, Debug)]
pub struct Catalogue {
    unserved: Vec<f64>,
    wanted: f64,
}

impl Default for Catalogue {
    fn default() -> Catalogue {
        Catalogue { unserved: vec![0.0; CHANCES], wanted: 0.0 }
    }
}

impl Catalogue {
    /// Adds an item that is ordered in steps of `quantum` units, each unit weighing `weight` (1, or its price); answers its
    /// reorder points at every chance of the grid.
    pub fn add(&mut self, outlook: &Outlook, quantum: i64, weight: f64) -> Vec<i64> {
        self.wanted += weight * outlook.mean_review();
        let mut points = Vec::with_capacity(CHANCES);
        let mut point = -1;
        for (n, sum) in self.unserved.iter_mut().enumerate() {
            point = outlook.reorder_point_from(point, Aim::Chance(chance_at(n)), quantum);
            *sum += weight * outlook.unserved_at(point, quantum);
            points.push(point);
        }
        points
    }

    /// Joins two parts of a catalogue.
    pub fn join(mut self, other: &Catalogue) -> Catalogue {
        self.wanted += other.wanted;
        for (a, b) in self.unserved.iter_mut().zip(&other.unserved) {
            *a += b;
        }
        self
    }

    /// The one chance at which the catalogue as a whole serves `target` of its demand: the least stock for it.
    pub fn chance_for(&self, target: f64) -> f64 {
        chance_at(self.place_for(target))
    }

    /// The place of that chance in the grid.
    pub fn place_for(&self, target: f64) -> usize {
        let target = if target.is_nan() { 0.95 } else { target };
        let enough = |lost: f64| self.wanted <= 0.0 || 1.0 - lost / self.wanted >= target - SLACK;
        self.unserved.iter().position(|lost| enough(*lost)).unwrap_or(CHANCES - 1)
    }
}
