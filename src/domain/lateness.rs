//! What a supplier is usually late by, learned from receipts: days between the receipt that completed a PO line and
//! the date first promised for it. Never below 0: early deliveries are luck, not a promise.

use super::ids::{ItemId, PoId, PoLineId, SupplierId};
use super::money::Money;
use super::quantity::Qty;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

/// One arrival on a PO line, rejected units included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arrival {
    pub on: NaiveDate,
    pub quantity: Qty,
    pub rejected: Qty,
    /// It was rejected because something else had been ordered.
    pub wrong_item: bool,
}

/// A PO line that was sent, and what came on it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    pub po_line: PoLineId,
    pub po: PoId,
    pub supplier: SupplierId,
    pub item: ItemId,
    pub po_code: String,
    pub line_code: String,
    pub ordered_on: Option<NaiveDate>,
    pub confirmed_on: Option<NaiveDate>,
    pub confirmed_for: Option<NaiveDate>,
    /// The date first promised for it: first confirmed, else the line's expected date, else the PO's.
    pub first_promised: Option<NaiveDate>,
    /// The date expected now: the line's, else the PO's, else the one first confirmed.
    pub expected_on: Option<NaiveDate>,
    pub quantity: Qty,
    pub cancelled: Qty,
    pub received: Qty,
    pub rejected: Qty,
    /// Nothing more is expected on it, whatever is missing.
    pub closed: bool,
    /// The day on which somebody ended it before all had come, where that is known.
    pub ended_on: Option<NaiveDate>,
    /// What was cancelled of it was cancelled by us.
    pub by_us: bool,
    /// Of a unit.
    pub cost: Option<Money>,
    /// The first day on which a later date than the one first promised was said; none: never.
    pub announced_on: Option<NaiveDate>,
    /// By date. What exceeds the receipts on record is one arrival on the line's own date, if it has one.
    pub arrivals: Vec<Arrival>,
}

impl Delivery {
    /// Nothing ordered of nobody: for the cells that a maker does not name.
    pub fn blank() -> Delivery {
        Delivery {
            po_line: PoLineId(0),
            po: PoId(0),
            supplier: SupplierId(0),
            item: ItemId(0),
            po_code: String::new(),
            line_code: String::new(),
            ordered_on: None,
            confirmed_on: None,
            confirmed_for: None,
            first_promised: None,
            expected_on: None,
            quantity: Qty::ZERO,
            cancelled: Qty::ZERO,
            received: Qty::ZERO,
            rejected: Qty::ZERO,
            closed: false,
            ended_on: None,
            by_us: false,
            cost: None,
            announced_on: None,
            arrivals: Vec::new(),
        }
    }
    /// What was to come: ordered less cancelled.
    pub fn ordered(&self) -> Qty {
        self.quantity - self.cancelled
    }
    /// What is still to come.
    pub fn open(&self) -> Qty {
        if self.closed { Qty::ZERO } else { (self.ordered() - self.received).or_zero() }
    }
    /// The day of the receipt that completed it, up to `today`.
    pub fn completed_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        completed_on(&self.arrivals, self.ordered()).filter(|day| *day <= today && self.ordered().is_positive())
    }
    /// Whether something came of which nobody knows when, so that its date cannot be judged.
    pub fn is_undated(&self) -> bool {
        self.received > self.arrivals.iter().map(|a| a.quantity).sum()
    }
    /// What had come up to that day, rejected units included.
    pub fn came_by(&self, day: NaiveDate) -> Qty {
        self.arrivals.iter().filter(|a| a.on <= day).map(|a| a.quantity).sum()
    }
    /// Whether goods are still to come after the date first promised.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.open().is_positive() && self.first_promised.is_some_and(|day| day < today)
    }
}

/// The day of the receipt that brought the total to `ordered`, rejected units included (they were delivered; quality
/// is judged apart); none while it is not reached. `arrivals` by date.
pub fn completed_on(arrivals: &[Arrival], ordered: Qty) -> Option<NaiveDate> {
    let mut total = Qty::ZERO;
    arrivals
        .iter()
        .find(|a| {
            total += a.quantity;
            total >= ordered
        })
        .map(|a| a.on)
}

/// Whole days and how many cases had each.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spread {
    /// By days, each once.
    by_days: Vec<(i64, usize)>,
    all: usize,
}

impl Spread {
    /// Of days with their numbers of cases, in any order.
    pub fn of(cases: impl IntoIterator<Item = (i64, usize)>) -> Spread {
        let mut by_days: Vec<(i64, usize)> = cases.into_iter().filter(|(_, n)| *n > 0).collect();
        by_days.sort_unstable();
        by_days.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            kept.1 += if same { later.1 } else { 0 };
            same
        });
        Spread { all: by_days.iter().map(|(_, n)| n).sum(), by_days }
    }
    /// The days and their numbers of cases, by days.
    pub fn by_days(&self) -> &[(i64, usize)] {
        &self.by_days
    }
    pub fn cases(&self) -> usize {
        self.all
    }
    /// The days of the case at that place, counted from 0 in the order of days.
    fn at(&self, place: usize) -> Option<i64> {
        let mut before = 0;
        self.by_days.iter().find_map(|(days, n)| {
            before += n;
            (place < before).then_some(*days)
        })
    }
    /// As [`median`].
    pub fn median(&self) -> Option<i64> {
        let upper = self.at(self.all / 2)?;
        if self.all % 2 == 1 {
            return Some(upper);
        }
        Some((self.at(self.all / 2 - 1)? + upper + 1).div_euclid(2))
    }
    /// As [`quantile`].
    pub fn quantile(&self, share: f64) -> Option<i64> {
        self.at(rank(self.all, share))
    }
}

/// The days a supplier's completed lines were late; empty: nothing learned.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lateness {
    days: Spread,
}

/// When something that is under way comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arrives {
    /// With the usual lateness.
    pub likely: NaiveDate,
    /// With the 90 % lateness.
    pub safe: NaiveDate,
}

impl Lateness {
    /// From pairs of (first promised, completing receipt).
    pub fn learn(completed: impl IntoIterator<Item = (NaiveDate, NaiveDate)>) -> Lateness {
        Lateness::counted(completed.into_iter().map(|(promised, came)| ((came - promised).num_days(), 1)))
    }
    /// From days late (early ones below zero) and how many lines were so late.
    pub fn counted(days: impl IntoIterator<Item = (i64, usize)>) -> Lateness {
        Lateness { days: Spread::of(days.into_iter().map(|(days, n)| (days.max(0), n))) }
    }
    /// From a supplier's lines completed up to `today`.
    pub fn of(lines: &[Delivery], today: NaiveDate) -> Lateness {
        Lateness::learn(lines.iter().filter_map(|line| Some((line.first_promised?, line.completed_on(today)?))))
    }
    /// How many completed lines it was learned from.
    pub fn learned_from(&self) -> usize {
        self.days.cases()
    }
    /// Days late and how many lines were so late, by days.
    pub fn by_days(&self) -> &[(i64, usize)] {
        self.days.by_days()
    }
    fn late_ones(&self) -> impl Iterator<Item = (i64, usize)> {
        self.days.by_days().iter().copied().filter(|(days, _)| *days > 0)
    }
    /// How many of them came after their date.
    pub fn late_of_them(&self) -> usize {
        self.late_ones().map(|(_, n)| n).sum()
    }
    /// The usual lateness: the median, a half day counts as a whole one. None: nothing learned.
    pub fn usual(&self) -> Option<i64> {
        self.days.median()
    }
    /// The median of the late ones alone; none where none was late.
    pub fn usual_when_late(&self) -> Option<i64> {
        Spread::of(self.late_ones()).median()
    }
    /// The lateness within which this share (0 to 1) of the lines came.
    pub fn within(&self, share: f64) -> Option<i64> {
        self.days.quantile(share)
    }
    /// When goods expected on `expected` come. Overdue goods are never assumed for today: they come after the
    /// remaining lateness, at least a day; without a learned lateness, or beyond the learned 95 %, nobody knows: none.
    pub fn arrives(&self, expected: NaiveDate, today: NaiveDate) -> Option<Arrives> {
        let overdue = (today - expected).num_days();
        if overdue <= 0 {
            let likely = later(expected, self.usual().unwrap_or(0));
            let safe = later(expected, self.within(0.9).unwrap_or(0));
            return Some(Arrives { likely, safe: safe.max(likely) });
        }
        if overdue > self.within(0.95)? {
            return None;
        }
        let beyond = self.late_ones().map(|(days, n)| (days - overdue, n)).filter(|(days, _)| *days > 0);
        let beyond = Spread::of(beyond);
        let likely = later(today, beyond.median().unwrap_or(1).max(1));
        let safe = later(today, beyond.quantile(0.9).unwrap_or(1).max(1));
        Some(Arrives { likely, safe: safe.max(likely) })
    }
}

/// What each supplier is usually late by, from the lines completed up to `today`.
pub fn learn<'a>(
    deliveries: impl IntoIterator<Item = &'a Delivery>,
    today: NaiveDate,
) -> HashMap<SupplierId, Lateness> {
    let mut completed: HashMap<SupplierId, Vec<(NaiveDate, NaiveDate)>> = HashMap::new();
    for line in deliveries {
        if let (Some(promised), Some(came)) = (line.first_promised, line.completed_on(today)) {
            completed.entry(line.supplier).or_default().push((promised, came));
        }
    }
    completed.into_iter().map(|(supplier, pairs)| (supplier, Lateness::learn(pairs))).collect()
}

/// `date` and `days` (not below 0) after it.
fn later(date: NaiveDate, days: i64) -> NaiveDate {
    date.checked_add_days(Days::new(days.max(0).unsigned_abs())).unwrap_or(NaiveDate::MAX)
}

/// The middle of sorted days; of two middles their mean, half a day rounded up. None of nothing.
pub fn median(sorted: &[i64]) -> Option<i64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    Some((lower + upper + 1).div_euclid(2))
}

/// The least of sorted days that at least this share of them do not exceed (nearest rank). None of nothing.
pub fn quantile(sorted: &[i64], share: f64) -> Option<i64> {
    sorted.get(rank(sorted.len(), share)).copied()
}

/// The place, counted from 0, of the least of `all` that at least this share do not exceed.
fn rank(all: usize, share: f64) -> usize {
    let rank = (share * all as f64 - 1e-9).ceil() as usize;
    rank.max(1) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 5, 1).unwrap() + chrono::Duration::days(n)
    }
    fn learned(days: &[i64]) -> Lateness {
        Lateness::learn(days.iter().map(|d| (day(0), day(*d))))
    }

    #[test]
    fn early_is_luck_not_a_promise() {
        let early = learned(&[-5, -5, -1]);
        assert_eq!((early.usual(), early.within(0.9)), (Some(0), Some(0)));
        assert_eq!(early.arrives(day(10), day(0)).map(|a| a.likely), Some(day(10)));
    }

    #[test]
    fn likely_takes_the_median_and_safe_the_ninety_percent() {
        let l = learned(&[0, 1, 3, 4, 4, 4, 5, 6, 9, 20]);
        assert_eq!((l.usual(), l.within(0.9), l.within(0.95)), (Some(4), Some(9), Some(20)));
        assert_eq!(l.arrives(day(10), day(0)), Some(Arrives { likely: day(14), safe: day(19) }));
        // Due today is not overdue.
        assert_eq!(l.arrives(day(10), day(10)), Some(Arrives { likely: day(14), safe: day(19) }));
    }

    #[test]
    fn overdue_goods_come_after_the_remaining_delay() {
        let l = learned(&[0, 1, 3, 4, 4, 4, 5, 6, 9, 20]);
        // 5 days overdue: of the lines late by more (6, 9, 20), the middle one took 4 days more.
        assert_eq!(l.arrives(day(0), day(5)), Some(Arrives { likely: day(9), safe: day(20) }));
        // 20 days overdue is not beyond the 95 %: at least a day.
        assert_eq!(l.arrives(day(0), day(20)), Some(Arrives { likely: day(21), safe: day(21) }));
        assert_eq!(l.arrives(day(0), day(21)), None);
    }

    #[test]
    fn nothing_learned_is_the_date_itself_and_overdue_is_unknown() {
        let none = Lateness::default();
        assert_eq!(none.arrives(day(3), day(0)), Some(Arrives { likely: day(3), safe: day(3) }));
        assert_eq!(none.arrives(day(0), day(1)), None);
        // A supplier who is always on time and now a day overdue: beyond all that is known.
        assert_eq!(learned(&[0, 0, 0]).arrives(day(0), day(1)), None);
    }

    #[test]
    fn the_completing_receipt_counts() {
        let a = |d, q| Arrival { on: day(d), quantity: Qty::units(q), rejected: Qty::ZERO, wrong_item: false };
        assert_eq!(completed_on(&[a(1, 6), a(3, 4), a(9, 1)], Qty::units(10)), Some(day(3)));
        assert_eq!(completed_on(&[a(1, 6)], Qty::units(10)), None);
    }

    #[test]
    fn medians_and_quantiles_of_small_samples() {
        assert_eq!((median(&[]), quantile(&[], 0.9)), (None, None));
        assert_eq!((median(&[3]), median(&[2, 4]), median(&[3, 4])), (Some(3), Some(3), Some(4)));
        assert_eq!(quantile(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9), Some(9));
        assert_eq!(quantile(&[1, 2], 0.95), Some(2));
    }

    #[test]
    fn counted_days_are_the_days_one_by_one() {
        for days in [&[][..], &[3], &[2, 4], &[3, 4], &[7, 1, 7, 7, 2, 9], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] {
            let spread = Spread::of(days.iter().map(|d| (*d, 1)));
            let mut sorted = days.to_vec();
            sorted.sort_unstable();
            assert_eq!((spread.cases(), spread.median()), (days.len(), median(&sorted)));
            for share in [0.05, 0.5, 0.9, 0.95, 1.0] {
                assert_eq!(spread.quantile(share), quantile(&sorted, share), "{days:?} {share}");
            }
        }
        assert_eq!(Spread::of([(4, 2), (1, 0), (4, 1)]).by_days(), [(4, 3)]);
    }
}
