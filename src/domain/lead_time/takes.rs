//! When a line comes that nobody gave a day: by how long such goods take from the day of the order.

use super::{LeadTime, Source, whole_days};
use crate::domain::calendar::plus_days;
use crate::domain::lateness::{Arrives, Spread};
use chrono::NaiveDate;

/// How long a supplier's goods take from the day of the order, as it is told of a line without a date: the same
/// distribution that reorder points go by, in whole days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Takes {
    /// Equally likely days.
    days: Spread,
    /// Receipts that it rests on; none: a person fixed it.
    receipts: Option<usize>,
}

impl Takes {
    /// Fewer receipts of a supplier do not say how long its goods take: as with a scorecard, too few to judge.
    pub const ENOUGH: usize = 5;

    /// As learned; `of_supplier` receipts are those of everything that the supplier sent, on which the distribution rests
    /// where those of the item alone are too few. None: both are too few.
    pub fn learned(lead: &LeadTime, of_supplier: usize) -> Option<Takes> {
        let of_item = lead.learned_from;
        let item_alone = lead.source == Source::Item && of_item >= Takes::ENOUGH;
        let receipts = if item_alone { of_item } else { of_supplier };
        let days = Spread::of(lead.points().iter().map(|days| (whole_days(*days), 1)));
        (receipts >= Takes::ENOUGH).then_some(Takes { days, receipts: Some(receipts) })
    }
    /// As a person fixed it for the item.
    pub fn fixed(days: i64) -> Takes {
        Takes { days: Spread::of([(days, 1)]), receipts: None }
    }
    /// Half of the goods take no longer, in days.
    pub fn usual(&self) -> i64 {
        self.days.quantile(0.5).unwrap_or(0)
    }
    /// When something comes that was ordered on that day and is not here on `today`: the usual days after the order, safe
    /// the 90 %. As with a date that is missed, from the day after the usual one on it is never assumed for today: of the
    /// longer waits that were learned the middle one is likely, the 90 % one safe, and beyond the learned 95 % nobody
    /// knows: none. (Before, the usual day stands as it is told: a screen that says 11 days and means 13, because none
    /// came in the first 3, would have to explain itself.)
    pub fn arrives(&self, ordered_on: NaiveDate, today: NaiveDate) -> Option<Arrives> {
        let open = (today - ordered_on).num_days().max(0);
        if open > self.days.quantile(0.95)? {
            return None;
        }
        let usual = self.usual();
        if open <= usual {
            let safe = self.days.quantile(0.9)?.max(usual);
            return Some(Arrives { likely: plus_days(ordered_on, usual), safe: plus_days(ordered_on, safe) });
        }
        let longer = Spread::of(self.days.by_days().iter().copied().filter(|(days, _)| *days > open));
        let on = |share: f64| plus_days(ordered_on, longer.quantile(share).unwrap_or(open + 1));
        Some(Arrives { likely: on(0.5), safe: on(0.9) })
    }
    /// `usually 2 days after the order (61 receipts)`.
    pub fn words(&self) -> String {
        let days = match self.usual() {
            1 => "1 day".to_string(),
            n => format!("{n} days"),
        };
        match self.receipts {
            Some(receipts) => format!("usually {days} after the order ({receipts} receipts)"),
            None => format!("{days} after the order, as fixed for the item"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Waits;
    use super::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::default() + chrono::TimeDelta::days(n)
    }
    /// As whoever delivered so often that nobody else counts.
    fn takes(days: &[i64]) -> Takes {
        let mut waits = Waits::default();
        days.iter().for_each(|days| waits.came(*days, 1000.0));
        let lead = LeadTime { source: Source::Supplier, ..LeadTime::of_everybody(&waits) };
        Takes::learned(&lead, days.len()).unwrap()
    }
    fn arrives(takes: &Takes, today: i64) -> Option<(i64, i64)> {
        let days = |on: NaiveDate| (on - day(0)).num_days();
        takes.arrives(day(0), day(today)).map(|a| (days(a.likely), days(a.safe)))
    }

    #[test]
    fn it_comes_the_usual_days_after_the_order() {
        let ten = takes(&[2, 3, 3, 4, 5, 6, 6, 7, 9, 20]);
        assert_eq!(ten.usual(), 5);
        assert_eq!(arrives(&ten, 0), Some((5, 9)));
        // An order written up ahead of its day counts from that day.
        assert_eq!(arrives(&ten, -3), Some((5, 9)));
        assert_eq!(ten.words(), "usually 5 days after the order (10 receipts)");
    }

    #[test]
    fn past_the_usual_day_it_comes_after_the_waits_that_are_longer() {
        let ten = takes(&[2, 3, 3, 4, 5, 6, 6, 7, 9, 20]);
        // On the usual day it may come; on the next 7, 9 and 20 days are left.
        assert_eq!(arrives(&ten, 5), Some((5, 9)));
        assert_eq!(arrives(&ten, 6), Some((9, 20)));
        assert_eq!(arrives(&ten, 9), Some((20, 20)));
        // On the last day that anybody knows: a day more; then nobody knows.
        assert_eq!(arrives(&ten, 20), Some((21, 21)));
        assert_eq!(arrives(&ten, 21), None);
        let mut last = 0;
        for today in 0..=20 {
            let (likely, safe) = arrives(&ten, today).unwrap();
            assert!(likely >= today && safe >= likely && likely >= last, "{today}: {likely} {safe}");
            assert!(today <= ten.usual() || likely > today, "{today}");
            last = likely;
        }
    }

    #[test]
    fn few_receipts_teach_nothing_and_a_person_may_fix_it() {
        let mut waits = Waits::default();
        [3, 3, 3].iter().for_each(|days| waits.came(*days, 1.0));
        let lead = LeadTime::of_everybody(&waits);
        assert_eq!(Takes::learned(&lead, 4), None);
        // Few of the item lean on what the supplier showed.
        let item = lead.narrowed(Source::Item, &waits);
        assert_eq!((item.learned_from, Takes::learned(&item, 4)), (3, None));
        assert!(Takes::learned(&item, 61).unwrap().words().ends_with("(61 receipts)"));
        let fixed = Takes::fixed(14);
        assert_eq!((arrives(&fixed, 14), arrives(&fixed, 15)), (Some((14, 14)), None));
        assert_eq!(fixed.words(), "14 days after the order, as fixed for the item");
    }
}
