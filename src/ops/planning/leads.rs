//! Lead times as planning reads them: learned in [`crate::domain::lead_time`], laid on the grid of planning, made once
//! per supplier, or per item where it has deliveries of its own.

use crate::domain::forecast::Wait;
use crate::domain::ids::{ItemId, PoId, SupplierId};
use crate::domain::lateness::Delivery;
use crate::domain::lead_time::{ASSUMED, LONGEST, LeadTime, Source, Waits, recency, wait};
use crate::domain::odds::{Beta, Tally};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Where nobody knows anything.
pub const ASSUMED_DAYS: f64 = ASSUMED as f64;
/// With fewer lines a supplier is not judged.
const JUDGED_FROM: f64 = 5.0;

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

/// What all deliveries say.
pub struct Leads {
    bucket_days: f64,
    review_days: f64,
    pool: LeadTime,
    /// Days beyond the promise with their weights, early ones below zero.
    slips: Vec<(i64, f64)>,
    by_supplier: HashMap<SupplierId, Waits>,
    by_item: HashMap<(SupplierId, ItemId), Waits>,
    /// Share of lines in full and on time that a supplier exceeds nine times of ten.
    sure: HashMap<SupplierId, f64>,
    bases: HashMap<(Option<SupplierId>, Option<i64>), Arc<LeadTime>>,
    made: HashMap<(Option<SupplierId>, Option<i64>), Arc<Lead>>,
}

impl Leads {
    /// Learns from deliveries; the lines of one PO weigh as one.
    pub fn learn(deliveries: &[Delivery], today: NaiveDate, bucket_days: f64, review_days: f64) -> Leads {
        let mut lines: HashMap<PoId, f64> = HashMap::new();
        for d in deliveries {
            *lines.entry(d.po).or_default() += 1.0;
        }
        let (mut pool, mut slips) = (Waits::default(), BTreeMap::new());
        let mut by_supplier: HashMap<SupplierId, Waits> = HashMap::new();
        let mut by_item: HashMap<(SupplierId, ItemId), Waits> = HashMap::new();
        let mut tallies: BTreeMap<SupplierId, Tally> = BTreeMap::new();
        for d in deliveries {
            let share = 1.0 / lines.get(&d.po).copied().unwrap_or(1.0);
            let Some(taken) = wait(d, today) else { continue };
            let take = |waits: &mut Waits, share: f64| match taken.came {
                Some(on) => waits.came(taken.days, share * recency(on, today)),
                None => waits.open(taken.days, share),
            };
            take(&mut pool, share);
            take(by_supplier.entry(d.supplier).or_default(), share);
            take(by_item.entry((d.supplier, d.item)).or_default(), 1.0);
            if let Some(promised) = d.first_promised {
                if let Some(came) = taken.came {
                    let slip = (came - promised).num_days().clamp(-LONGEST, LONGEST);
                    *slips.entry(slip).or_insert(0.0) += share * recency(came, today);
                }
                if promised <= today {
                    let whole = d.came_by(promised) >= d.ordered() && d.rejected.is_zero();
                    tallies.entry(d.supplier).or_default().count(whole, recency(promised, today));
                }
            }
        }
        let prior = Beta::prior(&tallies.values().copied().collect::<Vec<_>>());
        let judged = tallies.into_iter().filter(|(_, t)| t.all >= JUDGED_FROM);
        Leads {
            bucket_days,
            review_days,
            pool: LeadTime::of_everybody(&pool),
            slips: slips.into_iter().collect(),
            by_supplier,
            by_item,
            sure: judged.map(|(s, t)| (s, prior.after(t).quantile(0.1))).collect(),
            bases: HashMap::new(),
            made: HashMap::new(),
        }
    }

    /// What to expect of `supplier` for `item`, whose quoted lead time is `quoted` days.
    pub fn of(&mut self, supplier: Option<SupplierId>, item: ItemId, quoted: Option<i64>) -> Arc<Lead> {
        let base = self.base(supplier, quoted);
        let own = supplier.and_then(|s| self.by_item.get(&(s, item)));
        if let Some(own) = own.filter(|w| w.cases() > 0) {
            return Arc::new(self.lead(&base.narrowed(Source::Item, own)));
        }
        if let Some(made) = self.made.get(&(supplier, quoted)) {
            return made.clone();
        }
        let lead = Arc::new(self.lead(&base));
        self.made.insert((supplier, quoted), lead.clone());
        lead
    }

    /// The share of lines in full and on time that the supplier is sure to exceed; none: too few to judge.
    pub fn sure(&self, supplier: SupplierId) -> Option<f64> {
        self.sure.get(&supplier).copied()
    }

    fn base(&mut self, supplier: Option<SupplierId>, quoted: Option<i64>) -> Arc<LeadTime> {
        if let Some(base) = self.bases.get(&(supplier, quoted)) {
            return base.clone();
        }
        let wide = quoted.map(|days| LeadTime::quoted(days, &self.slips));
        let wide = wide.unwrap_or_else(|| self.pool.clone());
        let base = Arc::new(match supplier.and_then(|s| self.by_supplier.get(&s)).filter(|w| w.cases() > 0) {
            Some(own) => wide.narrowed(Source::Supplier, own),
            None => wide,
        });
        self.bases.insert((supplier, quoted), base.clone());
        base
    }

    fn lead(&self, learned: &LeadTime) -> Lead {
        let mut weights: BTreeMap<i64, f64> = BTreeMap::new();
        for days in learned.points() {
            *weights.entry((days * 100.0).round() as i64).or_default() += 1.0;
        }
        let buckets: Vec<(f64, f64)> =
            weights.iter().map(|(cents, weight)| (*cents as f64 / 100.0 / self.bucket_days, *weight)).collect();
        Lead {
            source: learned.source,
            learned_from: learned.learned_from,
            mean_days: learned.mean_days(),
            wait: Wait::random(&buckets, self.review_days / self.bucket_days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::PoLineId;
    use crate::domain::lateness::Arrival;
    use crate::domain::quantity::Qty;
    use chrono::TimeDelta;

    fn today() -> NaiveDate {
        NaiveDate::default() + TimeDelta::days(20_000)
    }
    fn delivery(supplier: i64, item: i64, po: i64, promised: i64, took: i64) -> Delivery {
        let start = today() - TimeDelta::days(100);
        Delivery {
            po_line: PoLineId(po * 100 + item),
            po: PoId(po),
            supplier: SupplierId(supplier),
            item: ItemId(item),
            po_code: format!("PO-{po}"),
            line_code: "1".into(),
            ordered_on: Some(start),
            confirmed_on: Some(start),
            confirmed_for: Some(start + TimeDelta::days(promised)),
            first_promised: Some(start + TimeDelta::days(promised)),
            expected_on: None,
            quantity: Qty::ONE,
            cancelled: Qty::ZERO,
            received: Qty::ONE,
            rejected: Qty::ZERO,
            closed: true,
            arrivals: vec![Arrival { on: start + TimeDelta::days(took), quantity: Qty::ONE, rejected: Qty::ZERO }],
        }
    }
    fn learn(all: &[Delivery]) -> Leads {
        Leads::learn(all, today(), 7.0, 7.0)
    }

    #[test]
    fn few_deliveries_lean_on_everybodys() {
        let mut all: Vec<Delivery> = (0..40).map(|n| delivery(2, 5, 100 + n, 7, 20)).collect();
        all.push(delivery(1, 1, 1, 7, 10));
        let mut leads = learn(&all);
        let lead = leads.of(Some(SupplierId(1)), ItemId(9), None);
        assert_eq!(lead.source, Source::Supplier);
        assert!(lead.mean_days > 15.0 && lead.mean_days < 20.0, "{}", lead.mean_days);
    }

    #[test]
    fn an_items_own_deliveries_stand_for_it() {
        let mut all: Vec<Delivery> = (0..40).map(|n| delivery(1, 5, n, 7, 10)).collect();
        all.extend((0..6).map(|n| delivery(1, 1, 100 + n, 7, 40)));
        let mut leads = learn(&all);
        let lead = leads.of(Some(SupplierId(1)), ItemId(1), None);
        assert_eq!((lead.source, lead.learned_from), (Source::Item, 6));
        assert!(lead.mean_days > leads.of(Some(SupplierId(1)), ItemId(7), None).mean_days);
    }

    #[test]
    fn a_quoted_time_is_corrected_by_how_late_all_are() {
        let all: Vec<Delivery> = (0..6).map(|n| delivery(1, 1, n, 10, 14)).collect();
        let mut leads = learn(&all);
        let new = leads.of(Some(SupplierId(3)), ItemId(9), Some(20));
        assert_eq!((new.source, new.mean_days), (Source::Quoted, 24.0));
        assert_eq!(leads.of(None, ItemId(9), None).source, Source::Everybody);
        let mut none = learn(&[]);
        assert_eq!(none.of(Some(SupplierId(3)), ItemId(9), None).source, Source::Assumed);
        assert_eq!(none.of(Some(SupplierId(3)), ItemId(9), Some(20)).mean_days, 20.0);
    }

    #[test]
    fn a_supplier_is_judged_from_five_lines_on() {
        let mut all: Vec<Delivery> = (0..30).map(|n| delivery(1, 1, n, 10, 9)).collect();
        all.extend((0..30).map(|n| delivery(2, 1, 100 + n, 10, 14)));
        all.extend((0..3).map(|n| delivery(3, 1, 200 + n, 10, 14)));
        let leads = learn(&all);
        assert!(leads.sure(SupplierId(1)).unwrap() > 0.8 && leads.sure(SupplierId(2)).unwrap() < 0.2);
        assert_eq!(leads.sure(SupplierId(3)), None);
    }
}
