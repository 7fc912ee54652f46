//! What the past says: one item's own, and what a category of items has in common.

use crate::domain::demand::History;
use std::collections::HashMap;

/// What one item's past says, weighted by recency.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Evidence {
    /// Weighted buckets since the item was first listed.
    pub listed: f64,
    /// Weighted buckets in which it sold.
    pub sold: f64,
    /// Sizes in units with their weights.
    pub sizes: Vec<(f64, f64)>,
}

impl Evidence {
    /// Weighs a history. Amounts at or below zero count as no sale.
    pub fn of(history: &History, recency: f64) -> Evidence {
        let weight = |age: u32| recency.powi(age.min(10_000) as i32);
        let missing: f64 = history.missing.iter().filter(|age| **age < history.listed).map(|age| weight(*age)).sum();
        let listed = (geometric_sum(recency, history.listed) - missing).max(0.0);
        let mut evidence = Evidence { listed, ..Evidence::default() };
        for &(age, units) in &history.sales {
            if age < history.listed && units > 0.0 && units.is_finite() {
                let weight = weight(age);
                evidence.sold += weight;
                evidence.sizes.push((units, weight));
            }
        }
        evidence
    }

    /// Weighted mean size of a sale, in units; `None` without a sale.
    pub fn mean_size(&self) -> Option<f64> {
        (self.sold > 0.0).then(|| self.sizes.iter().map(|(size, weight)| size * weight).sum::<f64>() / self.sold)
    }

    /// The same with what a person expects, as if it had been seen in so many buckets before. How often it would sell in
    /// them: as if orders of the usual size, the category's or its own larger ones, came at any time.
    pub fn expecting(mut self, expected: Expected, prior: &Prior) -> Evidence {
        let Expected { a_bucket, buckets } = expected;
        let sound = |x: f64| x.is_finite() && x > 0.0;
        if !sound(a_bucket) || !sound(buckets) {
            return self;
        }
        let usual = prior.size.max(self.mean_size().unwrap_or(0.0)).max(1.0);
        let chance = 1.0 - (-a_bucket / usual).exp();
        self.listed += buckets;
        if sound(chance) {
            self.sold += buckets * chance;
            self.sizes.push((a_bucket / chance, buckets * chance));
        }
        self
    }

    pub(super) fn largest(&self) -> f64 {
        self.sizes.iter().fold(0.0, |most, s| most.max(s.0))
    }
}

/// How much a person expects an item to sell, where its past does not tell it yet.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Expected {
    /// In a bucket, in the item's units.
    pub a_bucket: f64,
    /// It counts for as much as so many buckets of sales.
    pub buckets: f64,
}

fn geometric_sum(ratio: f64, terms: u32) -> f64 {
    if ratio >= 1.0 { f64::from(terms) } else { (1.0 - ratio.powi(terms.min(100_000) as i32)) / (1.0 - ratio) }
}

/// What a category of items has in common: where an item without a past starts.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Prior {
    /// Pseudo-buckets with a sale.
    pub sold: f64,
    /// Pseudo-buckets without one.
    pub unsold: f64,
    /// Typical size of a sale, in units.
    pub size: f64,
}

impl Prior {
    /// Learns the prior from the items of a category by moments. `None` if nothing was listed or nothing sold.
    pub fn learn<'a>(items: impl Iterator<Item = &'a Evidence> + Clone) -> Option<Prior> {
        let listed = items.clone().filter(|e| e.listed > 0.0);
        let (mut count, mut buckets, mut sold) = (0.0, 0.0, 0.0);
        for e in listed.clone() {
            count += 1.0;
            buckets += e.listed;
            sold += e.sold;
        }
        if buckets <= 0.0 || sold <= 0.0 {
            return None;
        }
        let p = (sold / buckets).clamp(1e-6, 1.0 - 1e-6);
        let spread = listed.map(|e| (e.sold / e.listed - p).powi(2)).sum::<f64>() / count;
        let noise = p * (1.0 - p) / (buckets / count);
        let strength = (p * (1.0 - p) / (spread - noise).max(1e-6) - 1.0).clamp(0.2, 200.0);
        let logs: Vec<f64> = items.filter_map(Evidence::mean_size).map(|mean| mean.max(1.0).ln()).collect();
        Some(Prior { sold: p * strength, unsold: (1.0 - p) * strength, size: typical(logs).exp() })
    }

    /// The same prior for an item whose unit of issue is `unit` of the units it was learned in.
    pub fn in_units_of(self, unit: f64) -> Prior {
        Prior { size: (self.size / unit).max(1.0), ..self }
    }
}

/// A category needs this many items to have a habit of its own.
const CATEGORY_FROM: usize = 30;

/// Their mean; of a few the middle one: one item that sells by the million would speak for all of them.
fn typical(mut logs: Vec<f64>) -> f64 {
    if logs.len() >= CATEGORY_FROM {
        return logs.iter().sum::<f64>() / logs.len() as f64;
    }
    logs.sort_by(f64::total_cmp);
    let at = |place: usize| logs.get(place).copied().unwrap_or(0.0);
    (at(logs.len() / 2) + at(logs.len().saturating_sub(1) / 2)) / 2.0
}

/// The habits of categories, and of the whole catalogue for the small ones.
#[derive(Clone, PartialEq, Debug)]
pub struct Habits {
    by_category: HashMap<String, Prior>,
    whole: Prior,
}

impl Habits {
    /// From habits that were learned before.
    pub fn taken_up(whole: Prior, by_category: impl Iterator<Item = (String, Prior)>) -> Habits {
        Habits { by_category: by_category.collect(), whole }
    }
    /// Where an item of a small category starts.
    pub fn whole(&self) -> Prior {
        self.whole
    }
    /// The categories that have a habit of their own.
    pub fn by_category(&self) -> impl Iterator<Item = (&str, Prior)> {
        self.by_category.iter().map(|(name, prior)| (name.as_str(), *prior))
    }

    /// Learns from (category, whole units in a unit of issue, evidence in units of issue). Sizes are pooled in whole
    /// units, whatever step an item is sold in.
    pub fn learn<'a, 'e>(items: impl Iterator<Item = (Option<&'a str>, f64, &'e Evidence)>) -> Habits {
        let mut all: Vec<Evidence> = Vec::new();
        let mut categories: HashMap<&str, Vec<usize>> = HashMap::new();
        for (category, unit, evidence) in items {
            let sizes = evidence.sizes.iter().map(|(size, weight)| (size * unit, *weight)).collect();
            if let Some(category) = category.filter(|_| evidence.listed > 0.0) {
                categories.entry(category).or_default().push(all.len());
            }
            all.push(Evidence { sizes, listed: evidence.listed, sold: evidence.sold });
        }
        categories.retain(|_, members| members.len() >= CATEGORY_FROM);
        let members = |places: Vec<usize>| Prior::learn(places.iter().filter_map(|at| all.get(*at)));
        let by_category =
            categories.into_iter().filter_map(|(name, places)| Some((name.to_string(), members(places)?))).collect();
        // Nothing was ever sold: a rare single unit, with little conviction.
        let whole = Prior::learn(all.iter()).unwrap_or(Prior { sold: 0.1, unsold: 9.9, size: 1.0 });
        Habits { by_category, whole }
    }

    /// Where an item of that category starts, in whole units.
    pub fn of(&self, category: Option<&str>) -> Prior {
        category.and_then(|c| self.by_category.get(c)).copied().unwrap_or(self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_giant_among_few_does_not_speak_for_all() {
        let item = |size: f64| Evidence { sizes: vec![(size, 2.0)], listed: 50.0, sold: 2.0 };
        let few = [4.0, 5.0, 4.0, 1_000_000.0, 5.0].map(item);
        assert!((Prior::learn(few.iter()).unwrap().size - 5.0).abs() < 1e-9);
        let two = [4.0, 9.0].map(item);
        assert!((Prior::learn(two.iter()).unwrap().size - 6.0).abs() < 1e-9, "the mean of the two in the middle");
        let many: Vec<Evidence> = (0..30).map(|n| item(if n % 2 == 0 { 4.0 } else { 9.0 })).collect();
        assert!((Prior::learn(many.iter()).unwrap().size - 6.0).abs() < 1e-9);
    }
}
