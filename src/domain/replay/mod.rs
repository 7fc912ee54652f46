//! Time lived again: what a policy would have served, and with how much stock, had it ordered.
//!
//! In every bucket what is due comes in, customers who wait are served first, then this bucket's demand; what the shelf
//! does not hold waits. At the end of every `review`-th bucket, knowing the demand up to then and nothing of what
//! follows, the policy orders. An order placed at the end of a bucket with a lead time of L buckets comes at the start
//! of the (L+1)-th after it. The first `lead + review` buckets are not counted: what was ordered before is on its way.

pub mod rivals;

use std::collections::VecDeque;

/// One item's demand over the whole time, and how it is bought.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Series {
    pub sku: String,
    pub category: Option<String>,
    /// The bucket in which it was first listed.
    pub listed_from: usize,
    /// (bucket, units of issue), rising, each above zero.
    pub sales: Vec<(usize, i64)>,
    /// Lead time in buckets.
    pub lead: usize,
    /// Bought in multiples of this many units of issue.
    pub pack: i64,
    /// Whole units in a unit of issue.
    pub unit: f64,
    /// The person's own minimum and maximum, in units of issue.
    pub typed: Option<(i64, i64)>,
}

impl Series {
    /// Demand of a bucket.
    pub fn at(&self, bucket: usize) -> i64 {
        self.sales.binary_search_by_key(&bucket, |s| s.0).ok().and_then(|i| self.sales.get(i)).map_or(0, |s| s.1)
    }
    /// Amounts by bucket up to and with `bucket`, from the first listing on.
    pub fn until(&self, bucket: usize) -> Vec<f64> {
        let mut amounts = vec![0.0; (bucket + 1).saturating_sub(self.listed_from)];
        for &(at, units) in self.sales.iter().take_while(|s| s.0 <= bucket) {
            if let Some(cell) = at.checked_sub(self.listed_from).and_then(|i| amounts.get_mut(i)) {
                *cell = units as f64;
            }
        }
        amounts
    }
}

/// When to order and how much: at or below `point`, to above it, or to `up_to` where that is more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    pub point: i64,
    pub up_to: i64,
}

impl Rule {
    /// Order up to this level whenever the position is below it.
    pub fn level(level: i64) -> Rule {
        Rule { point: level.saturating_sub(1), up_to: level }
    }
    /// What to order at this position, in packs.
    pub fn order(self, position: i64, pack: i64) -> i64 {
        if position > self.point {
            return 0;
        }
        let wanted = self.up_to.max(self.point.saturating_add(1)).saturating_sub(position);
        let pack = pack.max(1);
        wanted.saturating_add(pack - 1) / pack * pack
    }
}

/// What one item's shelf holds under one rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Shelf {
    pub rule: Rule,
    on_hand: i64,
    owed: i64,
    on_order: i64,
    /// What comes at the start of the next bucket, of the one after it, and so on.
    coming: VecDeque<i64>,
    tally: Tally,
}

/// What was counted.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tally {
    pub wanted: f64,
    /// From the shelf, at once.
    pub served: f64,
    /// On hand at the end of the buckets, summed.
    pub stock: f64,
    /// Buckets at whose end something was on hand.
    pub ready: u32,
    pub buckets: u32,
}

impl Shelf {
    /// A shelf that holds what the rule orders up to.
    pub fn new(rule: Rule, lead: usize) -> Shelf {
        let on_hand = rule.up_to.max(0);
        Shelf { rule, on_hand, owed: 0, on_order: 0, coming: vec![0; lead + 1].into(), tally: Tally::default() }
    }
    /// A bucket goes by with this demand; `counted`: it is judged.
    pub fn live(&mut self, demand: i64, counted: bool) {
        let came = self.coming.pop_front().unwrap_or(0);
        self.coming.push_back(0);
        self.on_order -= came;
        self.on_hand = self.on_hand.saturating_add(came);
        let filled = self.on_hand.min(self.owed);
        self.on_hand -= filled;
        self.owed -= filled;
        let served = self.on_hand.min(demand);
        self.on_hand -= served;
        self.owed = self.owed.saturating_add(demand - served);
        if counted {
            self.tally.wanted += demand as f64;
            self.tally.served += served as f64;
            self.tally.stock += self.on_hand as f64;
            self.tally.ready += u32::from(self.on_hand > 0);
            self.tally.buckets += 1;
        }
    }
    /// Orders by the rule, at the end of a bucket.
    pub fn review(&mut self, pack: i64) {
        let position = self.on_hand.saturating_sub(self.owed).saturating_add(self.on_order);
        let order = self.rule.order(position, pack);
        if let Some(last) = self.coming.back_mut() {
            *last = last.saturating_add(order);
            self.on_order = self.on_order.saturating_add(order);
        }
    }
    /// What was counted so far.
    pub fn tally(&self) -> Tally {
        self.tally
    }
}

/// How the time is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Buckets in all.
    pub buckets: usize,
    /// Buckets that are known before the first order.
    pub train: usize,
    /// Buckets from one order to the next.
    pub review: usize,
    /// Buckets after the training that are lived but not counted.
    pub warm_up: usize,
}

impl Span {
    /// For items with lead times up to `lead`. `None` where nothing is left to be counted, or nothing known before.
    pub fn new(buckets: usize, train: usize, lead: usize, review: usize) -> Option<Span> {
        let warm_up = lead.checked_add(review)?;
        let fits = train >= 1 && review >= 1 && train.checked_add(warm_up)? < buckets;
        fits.then_some(Span { buckets, train, review, warm_up })
    }
    /// Buckets that are counted.
    pub fn counted(&self) -> usize {
        self.buckets - self.train - self.warm_up
    }
    /// Whether a bucket is counted.
    pub fn counts(&self, bucket: usize) -> bool {
        bucket >= self.train + self.warm_up
    }
    /// Whether an order is placed at the end of that bucket.
    pub fn orders_after(&self, bucket: usize) -> bool {
        bucket + 1 >= self.train && (bucket + 1 - self.train).is_multiple_of(self.review)
    }
}

/// What a policy reached at one setting.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Reached {
    /// Share of all units served at once.
    pub fill_volume: f64,
    /// Mean of the items' shares, over those with demand.
    pub fill_item: f64,
    /// Share of items and buckets that end with something on the shelf.
    pub ready_rate: f64,
    /// Mean stock in buckets of mean demand.
    pub cover: f64,
    /// Share of that stock that lay on items nobody ordered in the last buckets.
    pub asleep: f64,
}

/// One item's tally, as it is added to the others'.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Counted {
    pub tally: Tally,
    /// Whole units in a unit of issue.
    pub unit: f64,
    /// Nobody ordered it in the last buckets.
    pub asleep: bool,
}

impl Reached {
    /// From every item's tally. `None` where nothing was wanted.
    pub fn of(items: impl Iterator<Item = Counted>) -> Option<Reached> {
        let (mut wanted, mut served, mut stock, mut sleeping) = (0.0, 0.0, 0.0, 0.0);
        let (mut shares, mut sellers, mut ready, mut buckets) = (0.0, 0.0, 0.0, 0.0);
        for Counted { tally, unit, asleep } in items {
            wanted += tally.wanted * unit;
            served += tally.served * unit;
            stock += tally.stock * unit;
            sleeping += if asleep { tally.stock * unit } else { 0.0 };
            ready += f64::from(tally.ready);
            buckets += f64::from(tally.buckets);
            if tally.wanted > 0.0 {
                shares += tally.served / tally.wanted;
                sellers += 1.0;
            }
        }
        (wanted > 0.0).then(|| Reached {
            fill_volume: served / wanted,
            fill_item: shares / sellers,
            ready_rate: ready / f64::max(buckets, 1.0),
            cover: stock / wanted,
            asleep: if stock > 0.0 { sleeping / stock } else { 0.0 },
        })
    }
}

/// The cover at exactly `target` along a sweep from sparing to generous, between the two nearest settings; the cover of
/// the sparest where that already reaches it. `None`: never reached.
pub fn cover_at(sweep: &[Reached], target: f64, fill: impl Fn(&Reached) -> f64) -> Option<f64> {
    let at = sweep.iter().position(|r| fill(r) >= target)?;
    let above = sweep.get(at)?;
    let Some(below) = at.checked_sub(1).and_then(|i| sweep.get(i)) else { return Some(above.cover) };
    let part = (target - fill(below)) / (fill(above) - fill(below));
    Some(below.cover + part * (above.cover - below.cover))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_comes_a_lead_time_and_a_bucket_later() {
        for lead in 0..4 {
            let mut shelf = Shelf::new(Rule::level(5), lead);
            shelf.live(5, false);
            shelf.review(1);
            for _ in 0..lead {
                shelf.live(1, true);
            }
            assert_eq!(shelf.tally().served, 0.0, "lead {lead}: still on its way");
            shelf.live(0, true);
            assert_eq!((shelf.on_hand, shelf.owed), (5 - lead as i64, 0), "lead {lead}");
        }
    }

    #[test]
    fn those_who_wait_are_served_first_and_count_as_not_served() {
        let mut shelf = Shelf::new(Rule::level(2), 0);
        shelf.live(6, true);
        assert_eq!((shelf.tally().served, shelf.owed), (2.0, 4));
        shelf.review(1);
        shelf.live(1, true);
        assert_eq!((shelf.tally().served, shelf.owed, shelf.on_hand), (3.0, 0, 1));
        assert_eq!(shelf.tally().wanted, 7.0);
    }

    #[test]
    fn orders_are_whole_packs_above_the_point() {
        assert_eq!(Rule::level(5).order(5, 12), 0);
        assert_eq!(Rule::level(5).order(4, 12), 12);
        assert_eq!(Rule::level(5).order(-20, 12), 36);
        assert_eq!(Rule { point: 4, up_to: 20 }.order(5, 1), 0);
        assert_eq!(Rule { point: 4, up_to: 20 }.order(4, 1), 16);
        assert_eq!(Rule::level(i64::MAX).order(i64::MIN, 7) % 7, 0, "no overflow");
    }

    #[test]
    fn the_time_is_cut_as_asked() {
        let span = Span::new(51, 24, 1, 1).unwrap();
        assert_eq!((span.counted(), span.counts(25), span.counts(26)), (25, false, true));
        assert!(span.orders_after(23) && span.orders_after(24) && !span.orders_after(22));
        let span = Span::new(60, 20, 2, 3).unwrap();
        assert!(span.orders_after(19) && !span.orders_after(20) && span.orders_after(22));
        assert_eq!(Span::new(26, 24, 1, 1), None);
        assert_eq!(Span::new(26, 0, 1, 1), None);
        assert_eq!(Span::new(26, usize::MAX, 1, 1), None);
    }

    #[test]
    fn the_cover_at_a_target_lies_between_the_nearest_settings() {
        let at = |fill, cover| Reached { fill_volume: fill, cover, ..Reached::default() };
        let sweep = [at(0.8, 2.0), at(0.9, 4.0), at(0.96, 7.0)];
        let cover = |target| cover_at(&sweep, target, |r| r.fill_volume);
        assert!((cover(0.85).unwrap() - 3.0).abs() < 1e-9);
        assert!((cover(0.95).unwrap() - 6.5).abs() < 1e-9);
        assert_eq!((cover(0.97), cover(0.5)), (None, Some(2.0)));
    }
}
