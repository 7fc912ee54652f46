//! Lead times as planning reads them: learned in [`crate::domain::lead_time`], laid on the grid of planning, made once
//! per supplier, or per item where it has deliveries of its own.

use crate::domain::forecast::Wait;
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::lateness::Delivery;
use crate::domain::lead_time::{ASSUMED, LeadTime, LeadTimes, Source, recency, wait};
use crate::domain::odds::{Beta, Tally};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

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
    /// Half of them take no longer: what an order of today is likely to take.
    pub usual_days: i64,
    /// In buckets, with the review.
    pub wait: Wait,
}

/// What all deliveries say.
pub struct Leads {
    bucket_days: f64,
    review_days: f64,
    learned: LeadTimes,
    /// Share of lines in full and on time that a supplier exceeds nine times of ten.
    sure: HashMap<SupplierId, f64>,
    /// Made once for all items of a supplier, by whichever thread comes first.
    bases: Made<LeadTime>,
    made: Made<Lead>,
}

/// By supplier and quoted days.
type Made<T> = RwLock<HashMap<(Option<SupplierId>, Option<i64>), Arc<T>>>;

/// The one that was made, or a new one.
fn once<T>(made: &Made<T>, of: (Option<SupplierId>, Option<i64>), make: impl FnOnce() -> T) -> Arc<T> {
    if let Some(known) = made.read().unwrap_or_else(PoisonError::into_inner).get(&of) {
        return known.clone();
    }
    let new = Arc::new(make());
    made.write().unwrap_or_else(PoisonError::into_inner).entry(of).or_insert(new).clone()
}

impl Leads {
    /// Learns from suppliers' lines, which `each` hands in supplier by supplier: all at once they would fill the memory.
    /// What single items teach is learned of those `among` whom the lead times will be asked for.
    pub fn learn<E>(
        today: NaiveDate,
        bucket_days: f64,
        review_days: f64,
        among: impl Fn(ItemId) -> bool,
        each: impl FnOnce(&mut dyn FnMut(SupplierId, &[Delivery])) -> Result<(), E>,
    ) -> Result<Leads, E> {
        let mut learned = LeadTimes::default();
        let mut tallies: Vec<(SupplierId, Tally)> = Vec::new();
        each(&mut |supplier, lines| {
            tallies.push((supplier, whole_and_in_time(lines, today)));
            learned.learn_among(supplier, lines, today, &among);
        })?;
        let prior = Beta::prior(&tallies.iter().map(|(_, tally)| *tally).collect::<Vec<_>>());
        let judged = tallies.into_iter().filter(|(_, t)| t.all >= JUDGED_FROM);
        let sure = judged.map(|(s, t)| (s, prior.after(t).quantile(0.1))).collect();
        Ok(Leads::new(learned, sure, bucket_days, review_days))
    }

    /// From what was learned already.
    pub fn new(learned: LeadTimes, sure: HashMap<SupplierId, f64>, bucket_days: f64, review_days: f64) -> Leads {
        Leads { bucket_days, review_days, learned, sure, bases: Made::default(), made: Made::default() }
    }

    /// What it goes by.
    pub fn learned(&self) -> &LeadTimes {
        &self.learned
    }

    /// A lead time that a person fixed: nothing that was learned changes it.
    pub fn fixed(&self, days: i64) -> Arc<Lead> {
        let mean_days = days as f64;
        let wait = Wait::fixed(mean_days / self.bucket_days, self.review_days / self.bucket_days);
        Arc::new(Lead { source: Source::Fixed, learned_from: 0, mean_days, usual_days: days, wait })
    }

    /// What to expect of `supplier` for `item`, whose quoted lead time is `quoted` days.
    pub fn of(&self, supplier: Option<SupplierId>, item: ItemId, quoted: Option<i64>) -> Arc<Lead> {
        let base = once(&self.bases, (supplier, quoted), || self.learned.of_supplier(supplier, quoted));
        match supplier.and_then(|s| self.learned.of_item(&base, s, item)) {
            Some(own) => Arc::new(self.lead(&own)),
            None => once(&self.made, (supplier, quoted), || self.lead(&base)),
        }
    }

    /// The share of lines in full and on time that the supplier is sure to exceed; none: too few to judge.
    pub fn sure(&self, supplier: SupplierId) -> Option<f64> {
        self.sure.get(&supplier).copied()
    }

    fn lead(&self, learned: &LeadTime) -> Lead {
        // Hundredths of days with how many points fall on them; the points rise.
        let mut weights: Vec<(i64, f64)> = Vec::new();
        for days in learned.points() {
            let cents = (days * 100.0).round() as i64;
            match weights.last_mut().filter(|last| last.0 == cents) {
                Some(last) => last.1 += 1.0,
                None => weights.push((cents, 1.0)),
            }
        }
        let buckets: Vec<(f64, f64)> =
            weights.into_iter().map(|(cents, weight)| (cents as f64 / 100.0 / self.bucket_days, weight)).collect();
        Lead {
            source: learned.source,
            learned_from: learned.learned_from,
            mean_days: learned.mean_days(),
            usual_days: learned.within(0.5),
            wait: Wait::random(&buckets, self.review_days / self.bucket_days),
        }
    }
}

/// Lines that came whole and in time, of those that were due.
fn whole_and_in_time(lines: &[Delivery], today: NaiveDate) -> Tally {
    let mut tally = Tally::default();
    for d in lines.iter().filter(|d| wait(d, today).is_some()) {
        if let Some(promised) = d.first_promised.filter(|promised| *promised <= today) {
            let whole = d.came_by(promised) >= d.ordered() && d.rejected.is_zero();
            tally.count(whole, recency(promised, today));
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{PoId, PoLineId};
    use crate::domain::lateness::Arrival;
    use crate::domain::quantity::Qty;
    use chrono::TimeDelta;
    use std::collections::BTreeMap;

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
            ordered_on: Some(start),
            confirmed_on: Some(start),
            confirmed_for: Some(start + TimeDelta::days(promised)),
            first_promised: Some(start + TimeDelta::days(promised)),
            quantity: Qty::ONE,
            received: Qty::ONE,
            closed: true,
            arrivals: vec![Arrival {
                on: start + TimeDelta::days(took),
                quantity: Qty::ONE,
                rejected: Qty::ZERO,
                wrong_item: false,
            }],
            ..Delivery::blank()
        }
    }
    fn learn(all: &[Delivery]) -> Leads {
        let mut of: BTreeMap<SupplierId, Vec<Delivery>> = BTreeMap::new();
        all.iter().for_each(|line| of.entry(line.supplier).or_default().push(line.clone()));
        let learned = Leads::learn(
            today(),
            7.0,
            7.0,
            |_| true,
            |take| {
                of.iter().for_each(|(supplier, lines)| take(*supplier, lines));
                Ok::<(), std::convert::Infallible>(())
            },
        );
        learned.unwrap()
    }

    #[test]
    fn few_deliveries_lean_on_everybodys() {
        let mut all: Vec<Delivery> = (0..40).map(|n| delivery(2, 5, 100 + n, 7, 20)).collect();
        all.push(delivery(1, 1, 1, 7, 10));
        let leads = learn(&all);
        let lead = leads.of(Some(SupplierId(1)), ItemId(9), None);
        assert_eq!(lead.source, Source::Supplier);
        assert!(lead.mean_days > 15.0 && lead.mean_days < 20.0, "{}", lead.mean_days);
    }

    #[test]
    fn an_items_own_deliveries_stand_for_it() {
        let mut all: Vec<Delivery> = (0..40).map(|n| delivery(1, 5, n, 7, 10)).collect();
        all.extend((0..6).map(|n| delivery(1, 1, 100 + n, 7, 40)));
        let leads = learn(&all);
        let lead = leads.of(Some(SupplierId(1)), ItemId(1), None);
        assert_eq!((lead.source, lead.learned_from), (Source::Item, 6));
        assert!(lead.mean_days > leads.of(Some(SupplierId(1)), ItemId(7), None).mean_days);
    }

    #[test]
    fn a_quoted_time_is_corrected_by_how_late_all_are() {
        let all: Vec<Delivery> = (0..6).map(|n| delivery(1, 1, n, 10, 14)).collect();
        let leads = learn(&all);
        let new = leads.of(Some(SupplierId(3)), ItemId(9), Some(20));
        assert_eq!((new.source, new.mean_days), (Source::Quoted, 24.0));
        assert_eq!(leads.of(None, ItemId(9), None).source, Source::Everybody);
        let none = learn(&[]);
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
