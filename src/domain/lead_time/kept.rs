//! Learned lead times as they are kept beside the plans, and taken up again for a few items: the same figures to the last
//! digit, because a plan made anew from them must not differ by rounding.

use super::waits::Step;
use super::{LeadTimes, Waits};
use crate::domain::ids::SupplierId;
use crate::domain::lateness::Delivery;
use chrono::NaiveDate;
use std::collections::BTreeMap;

impl Waits {
    /// `cases days:came:open ...`, by days.
    pub fn to_text(&self) -> String {
        let steps = self.steps.iter().map(|s| format!(" {}:{}:{}", s.days, s.came, s.open));
        std::iter::once(self.cases.to_string()).chain(steps).collect()
    }
    /// The way back; what is not written so is no waits at all.
    pub fn from_text(text: &str) -> Waits {
        let mut words = text.split(' ');
        let cases = words.next().and_then(|n| n.parse().ok());
        let steps: Option<Vec<Step>> = words.map(step).collect();
        cases.zip(steps).map_or_else(Waits::default, |(cases, steps)| Waits { steps, cases })
    }
}

fn step(word: &str) -> Option<Step> {
    let mut parts = word.split(':');
    let step = Step {
        days: parts.next()?.parse().ok()?,
        came: parts.next()?.parse().ok()?,
        open: parts.next()?.parse().ok()?,
    };
    Some(step)
}

impl LeadTimes {
    /// All suppliers' waits, as text.
    pub fn pool_text(&self) -> String {
        self.pool.to_text()
    }
    /// How far from what was promised, `days:weight ...`.
    pub fn slips_text(&self) -> String {
        self.slips.iter().map(|(days, weight)| format!("{days}:{weight}")).collect::<Vec<_>>().join(" ")
    }
    /// Every supplier's waits.
    pub fn suppliers(&self) -> impl Iterator<Item = (SupplierId, &Waits)> {
        self.of.iter().map(|(supplier, waits)| (*supplier, waits))
    }
    /// From what was kept, for items whose own lines are read now: they are taken as known on `today`.
    pub fn taken_up(
        pool: &str,
        slips: &str,
        suppliers: impl Iterator<Item = (SupplierId, Waits)>,
        of_items: &[Delivery],
        today: NaiveDate,
    ) -> LeadTimes {
        let pair = |word: &str| {
            let (days, weight) = word.split_once(':')?;
            Some((days.parse().ok()?, weight.parse().ok()?))
        };
        let slips: BTreeMap<i64, f64> = slips.split(' ').filter_map(pair).collect();
        let mut taken =
            LeadTimes { pool: Waits::from_text(pool), of: suppliers.collect(), slips, ..LeadTimes::default() };
        taken.learn_items(of_items, today);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{ItemId, PoId};
    use crate::domain::lateness::Arrival;
    use crate::domain::quantity::Qty;
    use chrono::TimeDelta;

    #[test]
    fn what_was_kept_says_the_same_to_the_last_digit() {
        let today = NaiveDate::default() + TimeDelta::days(400);
        let line = |supplier: i64, item: i64, po: i64, took: i64| {
            let start = NaiveDate::default() + TimeDelta::days(po % 97);
            Delivery {
                po: PoId(po),
                supplier: SupplierId(supplier),
                item: ItemId(item),
                ordered_on: Some(start),
                first_promised: Some(start + TimeDelta::days(9)),
                quantity: Qty::ONE,
                received: Qty::ONE,
                arrivals: vec![Arrival {
                    on: start + TimeDelta::days(took),
                    quantity: Qty::ONE,
                    rejected: Qty::ZERO,
                    wrong_item: false,
                }],
                ..Delivery::blank()
            }
        };
        let lines: Vec<Delivery> = (0..200).map(|n| line(n % 3, n % 7, n / 2, 3 + n * n % 40)).collect();
        let mut by_supplier: BTreeMap<SupplierId, Vec<Delivery>> = BTreeMap::new();
        lines.iter().for_each(|l| by_supplier.entry(l.supplier).or_default().push(l.clone()));
        let mut learned = LeadTimes::default();
        by_supplier.iter().for_each(|(supplier, lines)| learned.learn(*supplier, lines, today));
        let kept: Vec<(SupplierId, String)> = learned.suppliers().map(|(s, w)| (s, w.to_text())).collect();
        let of = kept.iter().map(|(s, text)| (*s, Waits::from_text(text)));
        let own: Vec<Delivery> = lines.iter().filter(|l| l.item == ItemId(4)).cloned().collect();
        let taken = LeadTimes::taken_up(&learned.pool_text(), &learned.slips_text(), of, &own, today);
        for (supplier, quoted) in [(0, None), (1, Some(12)), (2, None), (9, Some(5))] {
            let (a, b) = (Some(SupplierId(supplier)), quoted);
            assert_eq!(taken.of_supplier(a, b), learned.of_supplier(a, b));
            let base = learned.of_supplier(a, b);
            let id = SupplierId(supplier);
            assert_eq!(taken.of_item(&base, id, ItemId(4)), learned.of_item(&base, id, ItemId(4)));
        }
        assert_eq!(Waits::from_text("nonsense"), Waits::default());
    }
}
