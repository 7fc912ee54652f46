//! Lead times, learned: what a supplier's deliveries say, mixed with what all suppliers' say.

use crate::domain::forecast::Wait;
use crate::domain::ids::{ItemId, SupplierId};
use crate::store::plans::Delivery;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A supplier's deliveries weigh against this many of everybody's.
const POOL_WEIGHT: f64 = 4.0;
/// From this many deliveries on an item's own lead times stand for it.
const OWN_FROM: usize = 5;
/// Where nobody knows anything.
pub const ASSUMED_DAYS: f64 = 14.0;
/// Longer is a mistake in the records.
const LONGEST_DAYS: i64 = 730;

/// Where a lead time comes from, for the explanation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// This supplier's deliveries of this item.
    Item,
    /// This supplier's deliveries.
    Supplier,
    /// The supplier's word, corrected by how late all suppliers are.
    Quoted,
    /// All suppliers' deliveries.
    Everybody,
    /// Nothing is known.
    Assumed,
}

impl Source {
    pub fn word(self) -> &'static str {
        match self {
            Source::Item => "item",
            Source::Supplier => "supplier",
            Source::Quoted => "quoted",
            Source::Everybody => "everybody",
            Source::Assumed => "assumed",
        }
    }
}

/// The lead times to expect of a supplier for an item.
#[derive(Clone, PartialEq, Debug)]
pub struct Lead {
    pub source: Source,
    /// Deliveries that it was learned from.
    pub learned_from: usize,
    pub mean_days: f64,
    /// In buckets, with the review.
    pub wait: Wait,
}

/// What all deliveries say; answers are made once per supplier, or per item where it has enough of its own.
pub struct Leads {
    bucket_days: f64,
    review_days: f64,
    by_supplier: HashMap<SupplierId, Vec<i64>>,
    by_item: HashMap<(SupplierId, ItemId), Vec<i64>>,
    pool: Vec<i64>,
    /// Days beyond the promise, early ones negative.
    slips: Vec<i64>,
    made: HashMap<(Option<SupplierId>, Option<i64>), Arc<Lead>>,
}

impl Leads {
    /// Learns from deliveries. A supplier's lines of one PO that came on one day are one observation.
    pub fn learn(deliveries: &[Delivery], bucket_days: f64, review_days: f64) -> Leads {
        let mut by_item: HashMap<_, Vec<i64>> = HashMap::new();
        let mut pos: BTreeSet<(SupplierId, i64, i64)> = BTreeSet::new();
        let mut slips: BTreeSet<(i64, i64)> = BTreeSet::new();
        for d in deliveries {
            let days = (d.received_on - d.started_on).num_days();
            if !(0..=LONGEST_DAYS).contains(&days) {
                continue;
            }
            by_item.entry((d.supplier, d.item)).or_default().push(days);
            pos.insert((d.supplier, d.po, days));
            if let Some(promised) = d.promised_on {
                slips.insert((d.po, (d.received_on - promised).num_days().clamp(-LONGEST_DAYS, LONGEST_DAYS)));
            }
        }
        let mut by_supplier: HashMap<_, Vec<i64>> = HashMap::new();
        for &(supplier, _, days) in &pos {
            by_supplier.entry(supplier).or_default().push(days);
        }
        by_item.retain(|_, days| days.len() >= OWN_FROM);
        let pool = pos.iter().map(|p| p.2).collect();
        let slips = slips.iter().map(|s| s.1).collect();
        Leads { bucket_days, review_days, by_supplier, by_item, pool, slips, made: HashMap::new() }
    }

    /// What to expect of `supplier` for `item`, whose quoted lead time is `quoted` days.
    pub fn of(&mut self, supplier: Option<SupplierId>, item: ItemId, quoted: Option<i64>) -> Arc<Lead> {
        let own = supplier.and_then(|s| self.by_item.get(&(s, item)));
        if let Some(own) = own {
            return Arc::new(self.mixed(Source::Item, own));
        }
        if let Some(made) = self.made.get(&(supplier, quoted)) {
            return made.clone();
        }
        let lead = Arc::new(match supplier.and_then(|s| self.by_supplier.get(&s)) {
            Some(days) => self.mixed(Source::Supplier, days),
            None => self.without_history(quoted),
        });
        self.made.insert((supplier, quoted), lead.clone());
        lead
    }

    /// (own + 4 * everybody's share) / (own + 4), day by day.
    fn mixed(&self, source: Source, own: &[i64]) -> Lead {
        let mut weights: BTreeMap<i64, f64> = BTreeMap::new();
        for days in own {
            *weights.entry(*days).or_default() += 1.0;
        }
        for days in &self.pool {
            *weights.entry(*days).or_default() += POOL_WEIGHT / self.pool.len() as f64;
        }
        self.lead(source, own.len(), weights)
    }

    fn without_history(&self, quoted: Option<i64>) -> Lead {
        let mut weights: BTreeMap<i64, f64> = BTreeMap::new();
        let (source, learned) = match quoted {
            Some(quoted) => {
                for slip in if self.slips.is_empty() { &[0][..] } else { &self.slips } {
                    *weights.entry((quoted + slip).clamp(0, LONGEST_DAYS)).or_default() += 1.0;
                }
                (Source::Quoted, self.slips.len())
            }
            None if self.pool.is_empty() => {
                weights.insert(ASSUMED_DAYS as i64, 1.0);
                (Source::Assumed, 0)
            }
            None => {
                for days in &self.pool {
                    *weights.entry(*days).or_default() += 1.0;
                }
                (Source::Everybody, self.pool.len())
            }
        };
        self.lead(source, learned, weights)
    }

    fn lead(&self, source: Source, learned_from: usize, weights: BTreeMap<i64, f64>) -> Lead {
        let total: f64 = weights.values().sum();
        let mean_days = weights.iter().map(|(days, weight)| *days as f64 * weight).sum::<f64>() / total.max(1e-12);
        let buckets: Vec<(f64, f64)> =
            weights.iter().map(|(days, weight)| (*days as f64 / self.bucket_days, *weight)).collect();
        let wait = Wait::random(&buckets, self.review_days / self.bucket_days);
        Lead { source, learned_from, mean_days, wait }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{NaiveDate, TimeDelta};

    fn delivery(supplier: i64, item: i64, po: i64, promised: i64, took: i64) -> Delivery {
        let start = NaiveDate::default();
        Delivery {
            supplier: SupplierId(supplier),
            item: ItemId(item),
            po,
            started_on: start,
            promised_on: Some(start + TimeDelta::days(promised)),
            received_on: start + TimeDelta::days(took),
        }
    }

    #[test]
    fn few_deliveries_lean_on_everybodys() {
        let mut all: Vec<Delivery> = (0..40).map(|po| delivery(1, po, po, 10, 10)).collect();
        all.push(delivery(2, 1, 100, 10, 30));
        let mut leads = Leads::learn(&all, 7.0, 7.0);
        let one = leads.of(Some(SupplierId(2)), ItemId(9), None);
        assert_eq!((one.source, one.learned_from), (Source::Supplier, 1));
        let pool = (400.0 + 30.0) / 41.0;
        assert!((one.mean_days - (30.0 + 4.0 * pool) / 5.0).abs() < 1e-9, "{}", one.mean_days);
    }

    #[test]
    fn a_quoted_time_without_history_is_corrected_by_how_late_all_are() {
        let all: Vec<Delivery> = (0..10).map(|po| delivery(1, 1, po, 10, 14)).collect();
        let mut leads = Leads::learn(&all, 7.0, 7.0);
        let new = leads.of(Some(SupplierId(3)), ItemId(9), Some(20));
        assert_eq!((new.source, new.mean_days), (Source::Quoted, 24.0));
        assert_eq!(leads.of(None, ItemId(9), None).source, Source::Everybody);
        assert_eq!(leads.of(Some(SupplierId(1)), ItemId(1), None).source, Source::Item);
        let mut none = Leads::learn(&[], 7.0, 7.0);
        assert_eq!(none.of(Some(SupplierId(3)), ItemId(9), None).source, Source::Assumed);
        assert_eq!(none.of(Some(SupplierId(3)), ItemId(9), Some(20)).mean_days, 20.0);
    }

    #[test]
    fn lines_of_one_delivery_are_one_observation() {
        let all: Vec<Delivery> = (0..20).map(|item| delivery(1, item, 7, 10, 12)).collect();
        let mut leads = Leads::learn(&all, 7.0, 7.0);
        assert_eq!(leads.of(Some(SupplierId(1)), ItemId(99), None).learned_from, 1);
    }
}
