//! What to order: the position against the level, the quantity in packs, the last day on which an order still arrives in
//! time, and the customers' goods that must be hurried instead of ordered twice.

use super::money::Money;
use super::quantity::Qty;
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};

/// How far ahead a stock-out is looked for, in days.
const LOOK_AHEAD: f64 = 730.0;

/// The inventory position: what is of use (in all bins but quarantine) + on order - open customer demand. Where the book is
/// below zero and customers wait too, the two tell of the same missing goods: the larger counts, not their sum. (The column
/// of that name in `export stock` is plain on_hand + on_order - open_demand, as domain.md fixes it: its row adds up.)
pub fn position(usable: Qty, open_demand: Qty, on_order: Qty) -> Qty {
    if usable.is_negative() { on_order - open_demand.max(usable.abs()) } else { usable + on_order - open_demand }
}

/// How an item sells, which decides whether its level may ask for stock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Selling {
    /// Customers ordered it within the year.
    Active,
    /// Nobody ordered it for a year or four of its intervals, or for the two years that are looked at: only what customers
    /// wait for is ordered.
    Asleep,
    /// No orders tell how it sells, as there are none, projects aside: only what customers wait for is ordered.
    NoHistory,
    /// It ends: only what customers wait for is ordered.
    Discontinued,
}

impl Selling {
    pub const ALL: [Selling; 4] = [Selling::Active, Selling::Asleep, Selling::NoHistory, Selling::Discontinued];

    /// The word in the stored plan.
    pub fn word(self) -> &'static str {
        match self {
            Selling::Active => "active",
            Selling::Asleep => "asleep",
            Selling::NoHistory => "no_history",
            Selling::Discontinued => "discontinued",
        }
    }
    /// The way back; an unknown word is the careful answer, no history.
    pub fn from_word(word: &str) -> Selling {
        Selling::ALL.into_iter().find(|s| s.word() == word).unwrap_or(Selling::NoHistory)
    }
}

/// How an item is bought.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Buying {
    /// Sold in steps of this.
    pub unit: Qty,
    /// Bought in multiples of this.
    pub pack: Qty,
    /// The supplier takes no smaller order.
    pub min_quantity: Qty,
}

impl Buying {
    /// Nonsense (a pack or unit at or below zero) becomes the unit, at least a thousandth.
    pub fn new(unit: Qty, pack: Option<Qty>, min_quantity: Option<Qty>) -> Buying {
        let unit = if unit.is_positive() { unit } else { Qty::ONE };
        let pack = pack.filter(|p| p.is_positive()).unwrap_or(unit);
        Buying { unit, pack, min_quantity: min_quantity.unwrap_or_default().or_zero() }
    }

    /// The smallest order that is at least `wanted`: first the minimum, then whole packs.
    pub fn order_of(&self, wanted: Qty) -> Qty {
        let (least, pack) = (wanted.max(self.min_quantity).thousandths(), self.pack.thousandths().max(1));
        let packs = (least.max(1) as i128 + pack as i128 - 1) / pack as i128;
        Qty::from_thousandths(i64::try_from(packs * pack as i128).unwrap_or(i64::MAX / pack * pack))
    }

    /// The step in which the position rises, in units of issue.
    pub fn quantum(&self) -> i64 {
        let smallest = self.order_of(self.unit).thousandths();
        (smallest / self.unit.thousandths().max(1)).max(1)
    }
}

/// An order that is proposed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Suggested {
    pub quantity: Qty,
    /// The least that can be had is more than sells in the longest cover: only with the person's yes.
    pub beyond_cover: bool,
}

/// The levels of one item: the policy's, or the person's own where typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Levels {
    /// Ordered when the position is at or below this.
    pub reorder_point: Qty,
    /// Ordered at least up to this, where set by the person.
    pub typed_max: Option<Qty>,
    /// The reorder point is the person's own.
    pub typed_min: bool,
    /// Ordered at least this much at a time (economic, or a review's sales and a pack).
    pub batch: Qty,
}

impl Levels {
    /// The levels in force. A typed minimum replaces the policy's point, as it stands: order when the position is **at
    /// or below** it. A typed maximum replaces the batch. Where the policy may not ask for stock by itself (asleep, never
    /// sold, ending) the point is just below zero: only waiting customers bring an order. An ending item's own minimum
    /// is out of force too.
    pub fn in_force(
        policy: Qty,
        batch: Qty,
        min: Option<Qty>,
        max: Option<Qty>,
        selling: Selling,
        unit: Qty,
    ) -> Levels {
        let nothing = -unit;
        let ends = selling == Selling::Discontinued;
        let min = min.filter(|_| !ends);
        let batch = if selling == Selling::Active { batch.or_zero() } else { Qty::ZERO };
        let own = if selling == Selling::Active { policy.max(nothing) } else { nothing };
        let reorder_point = min.unwrap_or(own);
        let typed_max = max.filter(|m| !ends && *m > reorder_point && (min.is_some() || selling == Selling::Active));
        Levels { reorder_point, typed_max, typed_min: min.is_some(), batch }
    }

    /// The level to which an order at the reorder point lifts, in the packs and the least in which it is had.
    pub fn order_up_to(&self, buying: &Buying) -> Qty {
        self.typed_max.unwrap_or_else(|| self.reorder_point.or_zero() + buying.order_of(self.batch.max(buying.unit)))
    }

    /// The same as [`Levels::suggest`], but never more than `most` (what sells in the longest cover, or while it keeps)
    /// unless less would not lift the position above the reorder point: fewer packs where fewer do; else the least that
    /// can be had, as a question to the person. A typed maximum is the person's own answer.
    pub fn suggest_within(&self, position: Qty, buying: &Buying, most: Option<Qty>) -> Option<Suggested> {
        let quantity = self.suggest(position, buying)?;
        let above = self.reorder_point + buying.unit - position;
        let Some(most) = most.filter(|_| self.typed_max.is_none()) else {
            return Some(Suggested { quantity, beyond_cover: false });
        };
        let unit = buying.unit.thousandths().max(1);
        let most = most.or_zero() + (Qty::ZERO - position).or_zero();
        let most = Qty::from_thousandths((most.thousandths() + unit - 1) / unit * unit).max(above);
        if quantity <= most {
            return Some(Suggested { quantity, beyond_cover: false });
        }
        let pack = buying.pack.thousandths().max(1);
        let fewer = Qty::from_thousandths(most.thousandths() / pack * pack);
        let quantity = fewer.max(buying.order_of(above));
        Some(Suggested { quantity, beyond_cover: quantity > most })
    }

    /// A typed maximum that is in force and that this order goes beyond, as less cannot be had.
    pub fn beyond_maximum(&self, position: Qty, quantity: Qty) -> Option<Qty> {
        self.typed_max.filter(|max| position + quantity > *max)
    }

    /// The least that can be had and lifts the position above the reorder point, whatever is best.
    pub fn would_do(&self, position: Qty, buying: &Buying) -> Qty {
        buying.order_of(self.reorder_point + buying.unit - position)
    }

    /// What to order now, if anything: the smallest number of packs, not below the supplier's minimum, that lifts the
    /// position above the reorder point (so that the order never lands on the point that triggers it again), by at
    /// least the batch, or up to the typed maximum: as many packs as stay within it, unless the least that can be ordered
    /// is more.
    pub fn suggest(&self, position: Qty, buying: &Buying) -> Option<Qty> {
        if position > self.reorder_point {
            return None;
        }
        let above = self.reorder_point + buying.unit - position;
        let Some(max) = self.typed_max else { return Some(buying.order_of(above.max(self.batch))) };
        let pack = buying.pack.thousandths().max(1);
        let room = (max - position).or_zero().thousandths() / pack * pack;
        Some(buying.order_of(above).max(Qty::from_thousandths(room)))
    }
}

/// The quantity that balances the cost of ordering with that of holding: sqrt(2 K D / h). `order_cost` per order,
/// `holding` per unit and year, `yearly` units a year. `None` where one of them says nothing.
pub fn economic_quantity(order_cost: f64, holding: f64, yearly: f64) -> Option<f64> {
    let q = (2.0 * order_cost * yearly / holding).sqrt();
    (order_cost > 0.0 && holding > 0.0 && yearly > 0.0 && q.is_finite()).then_some(q)
}

/// A cost a unit from a quantity on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Tier {
    pub from: f64,
    pub cost: f64,
}

/// The cheapest batch in the long run, and what it costs a year (goods, orders, holding).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Batch {
    pub quantity: f64,
    pub yearly_cost: f64,
}

/// The cheapest batch with price breaks on all units: the economic quantity of each tier, held to its range, and each
/// break, each rounded to the pack both ways, at least `least` and at most `most`. `holding_rate` is a share of the cost
/// a year. `None` where the costs say nothing.
pub fn cheapest_batch(
    order_cost: f64,
    holding_rate: f64,
    yearly: f64,
    tiers: &[Tier],
    pack: f64,
    least: f64,
    most: f64,
) -> Option<Batch> {
    let pack = if pack > 0.0 { pack } else { 1.0 };
    let mut best: Option<Batch> = None;
    for tier in tiers {
        let Some(economic) = economic_quantity(order_cost, holding_rate * tier.cost, yearly) else { continue };
        // Where the best is more than may be had, as much as may be had is the next best.
        for wanted in [economic.max(tier.from).min(most.max(tier.from)), tier.from.max(pack)] {
            for packs in [(wanted / pack).floor(), (wanted / pack).ceil()] {
                let quantity = (packs.max(1.0) * pack).max((least / pack).ceil() * pack);
                if quantity > most {
                    continue;
                }
                let cost = tiers.iter().filter(|t| t.from <= quantity + 1e-9).fold(None, |c, t| match c {
                    Some((from, _)) if from > t.from => c,
                    _ => Some((t.from, t.cost)),
                });
                let Some((_, cost)) = cost else { continue };
                let yearly_cost = yearly * cost + order_cost * yearly / quantity + holding_rate * cost * quantity / 2.0;
                if best.is_none_or(|b| yearly_cost < b.yearly_cost) {
                    best = Some(Batch { quantity, yearly_cost });
                }
            }
        }
    }
    best
}

/// What a batch costs a year beside the goods themselves.
pub fn batch_upkeep(order_cost: Money, holding_rate: f64, cost: Money, daily: f64, quantity: Qty) -> Money {
    let q = quantity.as_f64();
    if q <= 0.0 {
        return Money::ZERO;
    }
    Money::from_f64(order_cost.as_f64() * daily * 365.0 / q + holding_rate * cost.as_f64() * q / 2.0)
}

/// Goods on their way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Coming {
    /// The likely day; `None`: nobody can say.
    pub on: Option<NaiveDate>,
    pub quantity: Qty,
}

/// When stock runs out at the usual sales.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RunOut {
    /// The day from which nothing is left once everything on its way has come; today if nothing is left now and nothing
    /// comes. `None`: not within two years.
    pub on: Option<NaiveDate>,
    /// The shelf is empty before goods that are on their way arrive: from this day.
    pub gap_from: Option<NaiveDate>,
    /// Which arrival ends that gap (index into what was given); `None` with a gap: one without a date, or none at all, as
    /// more wait than comes.
    pub gap_until: Option<usize>,
}

impl RunOut {
    /// The first day on which nothing is left, whatever comes after it: what every list calls the day it is out. Where
    /// nothing is free now that is today.
    pub fn first(&self) -> Option<NaiveDate> {
        self.gap_from.or(self.on)
    }
}

/// The stock free of customers' orders, with what comes within so many days: against that the sales until then are to be
/// held. What has no date does not come in time.
pub fn there_within(today: NaiveDate, days: f64, free: Qty, coming: &[Coming]) -> Qty {
    let in_time = |c: &&Coming| c.on.is_some_and(|on| (on - today).num_days().max(0) as f64 <= days);
    free + coming.iter().filter(in_time).map(|c| c.quantity).sum()
}

/// Follows the stock that is free of customers' orders day by day at `daily` units. Who orders while the shelf is empty
/// waits, as the levels assume: then what is there and what comes last as long as they do at these sales, gap or not.
pub fn run_out(today: NaiveDate, free: Qty, daily: f64, coming: &[Coming]) -> RunOut {
    let daily = if daily.is_finite() { daily.max(0.0) } else { 0.0 };
    let mut order: Vec<(usize, NaiveDate)> =
        coming.iter().enumerate().filter_map(|(i, c)| Some((i, c.on?.max(today)))).collect();
    order.sort_by_key(|&(i, on)| (on, i));
    let (mut level, mut day) = (free.as_f64(), today);
    let mut out = RunOut::default();
    let end = |level: f64, from: NaiveDate| -> Option<NaiveDate> {
        // What is free lasts the day: it is out only where nothing is left.
        let days = if level <= 0.0 { 0.0 } else { (level / daily).floor().max(1.0) };
        (days <= LOOK_AHEAD).then(|| from + TimeDelta::days(days as i64))
    };
    for (i, on) in order {
        if out.gap_from.is_none() {
            out.gap_from = end(level, day).filter(|empty| *empty < on);
        }
        level += coming[i].quantity.as_f64() - daily * (on - day).num_days() as f64; // i numbers `coming`
        if out.gap_from.is_some() && out.gap_until.is_none() && level > 0.0 {
            out.gap_until = Some(i);
        }
        day = on;
    }
    out.on = end(level, day);
    let undated = coming.iter().any(|c| c.on.is_none() && c.quantity.is_positive());
    if undated && out.gap_from.is_none() {
        out.gap_from = out.on;
    }
    out
}

/// For so many days an order can wait: ordered on the last of them, the chance that nothing is left before the goods come
/// (`risk` of an order so many days from now) is not above that which the level accepts. At most `most`; 0: it cannot.
pub fn can_wait(accepted: f64, most: i64, risk: impl Fn(i64) -> f64) -> i64 {
    (1..=most).take_while(|days| risk(*days) <= accepted).last().filter(|_| risk(0) <= accepted).unwrap_or(0)
}

/// The last day to order where that can wait so many days: on which this supplier takes orders, never before today. Past
/// the hour until which he takes today's (`closed`), and on a day on which he takes none, not before the next on which he
/// does; where he names no days those are the working days.
pub fn order_by(today: NaiveDate, can_wait: i64, order_days: &[Weekday], closed: bool) -> NaiveDate {
    let last = today + TimeDelta::days(can_wait.clamp(0, 3650));
    let open = (0..7).map(|n| last - TimeDelta::days(n)).find(|d| order_days.contains(&d.weekday()));
    open.unwrap_or(last).max(next_chance(today, order_days, closed))
}

/// The first day on which the supplier takes an order: today, unless it is none of his days or he is `closed` for today.
pub fn next_chance(today: NaiveDate, order_days: &[Weekday], closed: bool) -> NaiveDate {
    if order_days.is_empty() && !closed {
        return today;
    }
    let takes = |d: &NaiveDate| match order_days {
        [] => !matches!(d.weekday(), Weekday::Sat | Weekday::Sun),
        days => days.contains(&d.weekday()),
    };
    let from = i64::from(closed);
    (from..from + 7).map(|n| today + TimeDelta::days(n)).find(takes).unwrap_or(today)
}

/// The hour in a supplier's text until which he takes orders of the day: `12:00`, `9.30`, `14h`, `2 pm`; none where the
/// text names no hour.
pub fn cut_off(text: &str) -> Option<NaiveTime> {
    let text = text.trim().to_lowercase();
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::parse::<u32>);
    let hour = numbers.next()?.ok()?;
    let minute = numbers.next().map_or(Some(0), Result::ok)?;
    let hour = match (text.ends_with("pm"), text.ends_with("am")) {
        (true, _) if hour < 12 => hour + 12,
        (_, true) if hour == 12 => 0,
        _ => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// Whether it is too late for today's orders: past the hour in the supplier's text.
pub fn is_closed(cutoff: Option<&str>, now: NaiveTime) -> bool {
    cutoff.and_then(cut_off).is_some_and(|until| now >= until)
}

/// Weekdays named in a supplier's text: `Mon Thu`, `monday, thursday`, `Mon-Fri`. Words that are no weekday are skipped.
pub fn weekdays(text: &str) -> Vec<Weekday> {
    let mut days: Vec<Weekday> = Vec::new();
    for word in text.split(|c: char| !(c.is_alphabetic() || c == '-')).filter(|w| !w.is_empty()) {
        let mut ends = word.split('-').map(|d| d.parse::<Weekday>());
        match (ends.next(), ends.next()) {
            (Some(Ok(first)), Some(Ok(last))) => {
                let mut day = first;
                days.push(day);
                while day != last {
                    day = day.succ();
                    days.push(day);
                }
            }
            (Some(Ok(day)), _) => days.push(day),
            _ => {}
        }
    }
    days.sort_by_key(|d| d.num_days_from_monday());
    days.dedup();
    days
}

/// What is beyond the level and a year's sales: stock that may be cut.
pub fn excess(position: Qty, order_up_to: Qty, daily: f64) -> Qty {
    (position - order_up_to.max(Qty::from_f64(daily.max(0.0) * 365.0))).or_zero()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(n: i64) -> Qty {
        Qty::units(n)
    }
    fn day(n: i64) -> NaiveDate {
        NaiveDate::default() + TimeDelta::days(20_000 + n) // day 0 is a Friday
    }
    fn buying(pack: i64, min: i64) -> Buying {
        Buying::new(Qty::ONE, Some(q(pack)), Some(q(min)))
    }
    fn active(point: i64, batch: i64) -> Levels {
        Levels::in_force(q(point), q(batch), None, None, Selling::Active, Qty::ONE)
    }

    #[test]
    fn missing_goods_are_not_counted_twice() {
        assert_eq!(position(q(17), q(23), q(40)), q(34));
        assert_eq!(position(q(-3), q(5), q(0)), q(-5));
        assert_eq!(position(q(-7), q(5), q(2)), q(-5));
    }

    #[test]
    fn minimum_first_then_packs() {
        assert_eq!(active(10, 1).suggest(q(7), &buying(1, 100)), Some(q(100)));
        assert_eq!(active(10, 1).suggest(q(7), &buying(30, 100)), Some(q(120)));
        assert_eq!(active(44, 0).suggest(q(34), &buying(12, 0)), Some(q(12)));
        assert_eq!(active(44, 24).suggest(q(34), &buying(12, 0)), Some(q(24)));
    }

    #[test]
    fn an_order_never_lands_on_the_point_that_triggers_it() {
        let levels = active(10, 0);
        let order = levels.suggest(q(0), &buying(10, 0)).unwrap();
        assert_eq!(order, q(20));
        assert_eq!(levels.suggest(q(0) + order, &buying(10, 0)), None);
    }

    #[test]
    fn nothing_goes_beyond_the_longest_cover_unasked() {
        let within = |point, batch, position, pack, min, most| {
            active(point, batch).suggest_within(q(position), &buying(pack, min), Some(q(most)))
        };
        let of = |quantity, beyond_cover| Some(Suggested { quantity: q(quantity), beyond_cover });
        assert_eq!(within(10, 40, 8, 12, 0, 40), of(36, false), "three packs, not four");
        assert_eq!(within(10, 4, 8, 12, 0, 5), of(12, true), "the smallest pack is too much");
        assert_eq!(within(10, 4, 8, 1, 100, 50), of(100, true), "the supplier's minimum is too much");
        assert_eq!(within(10, 4, 8, 1, 100, 100), of(100, false));
        assert_eq!(within(10, 0, -90, 10, 0, 20), of(110, false), "what lifts it above the point is no cover");
        assert_eq!(within(10, 4, 11, 1, 0, 5), None);
        let typed = Levels::in_force(q(10), q(4), None, Some(q(80)), Selling::Active, Qty::ONE);
        let own = typed.suggest_within(q(8), &buying(1, 0), Some(q(5)));
        assert_eq!(own, of(72, false), "a typed maximum is an answer");
    }

    #[test]
    fn a_typed_minimum_stays_in_force() {
        let levels = |min, max| Levels::in_force(q(44), q(24), min, max, Selling::Active, Qty::ONE);
        assert_eq!(levels(Some(q(20)), Some(q(60))).suggest(q(21), &buying(1, 0)), None);
        assert_eq!(levels(Some(q(20)), Some(q(60))).suggest(q(20), &buying(1, 0)), Some(q(40)));
        assert_eq!(levels(Some(q(20)), Some(q(60))).suggest(q(20), &buying(12, 0)), Some(q(36)));
        assert_eq!(levels(Some(q(20)), None).suggest(q(18), &buying(1, 0)), Some(q(24)));
        assert_eq!(levels(None, Some(q(60))).suggest(q(44), &buying(1, 0)), Some(q(16)));
        assert_eq!(
            levels(Some(q(20)), Some(q(5))).suggest(q(20), &buying(1, 0)),
            Some(q(24)),
            "a maximum below the minimum is none"
        );
    }

    #[test]
    fn what_does_not_sell_is_ordered_for_those_who_wait_only() {
        for selling in [Selling::Asleep, Selling::NoHistory, Selling::Discontinued] {
            let levels = Levels::in_force(q(9), q(50), None, None, selling, Qty::ONE);
            assert_eq!(levels.suggest(q(0), &buying(1, 0)), None, "{selling:?}");
            assert_eq!(levels.suggest(q(-4), &buying(1, 0)), Some(q(4)), "{selling:?}");
            assert_eq!(levels.suggest(q(-4), &buying(10, 0)), Some(q(10)), "{selling:?}");
        }
        let own = Levels::in_force(q(9), q(50), Some(q(2)), Some(q(5)), Selling::NoHistory, Qty::ONE);
        assert_eq!(own.suggest(q(1), &buying(1, 0)), Some(q(4)));
    }

    #[test]
    fn batches_of_the_textbook() {
        assert!((economic_quantity(8.0, 0.225, 1300.0).unwrap() - 304.0467800264368).abs() < 1e-9);
        assert!((economic_quantity(2250.0, 275.0, 182500.0).unwrap() - 1728.1098449935514).abs() < 1e-9);
        assert_eq!(economic_quantity(0.0, 1.0, 1.0), None);
        assert_eq!(economic_quantity(f64::NAN, 1.0, 1.0), None);
        let tiers = |t: [(f64, f64); 3]| t.map(|(from, cost)| Tier { from, cost });
        let small = tiers([(0.0, 0.75), (400.0, 0.72), (800.0, 0.68)]);
        let best = cheapest_batch(8.0, 0.3, 1300.0, &small, 1.0, 0.0, 1e9).unwrap();
        assert_eq!(best.quantity, 800.0);
        assert!((best.yearly_cost - 978.6).abs() < 1e-9);
        let large = tiers([(0.0, 1490.0), (1200.0, 1220.0), (2400.0, 1100.0)]);
        let best = cheapest_batch(2250.0, 0.25, 182500.0, &large, 1.0, 0.0, 1e9).unwrap();
        assert_eq!(best.quantity, 2400.0);
        assert!((best.yearly_cost - 201251093.75).abs() < 1e-6);
        let held = cheapest_batch(8.0, 0.3, 1300.0, &small, 12.0, 0.0, 500.0).unwrap();
        assert_eq!(held.quantity % 12.0, 0.0);
        assert!(held.quantity <= 500.0);
        // 800 would be best: as much as may be had is better than the least.
        let most = |least| cheapest_batch(8.0, 0.3, 1300.0, &small, 12.0, least, 200.0).unwrap().quantity;
        assert_eq!((most(0.0), most(40.0)), (192.0, 192.0));
    }

    #[test]
    fn stock_runs_out_after_what_comes() {
        let coming = [Coming { on: Some(day(8)), quantity: q(40) }];
        let out = run_out(day(0), q(-6), 2.2, &coming);
        assert_eq!((out.on, out.gap_from, out.gap_until), (Some(day(15)), Some(day(0)), Some(0)), "34 last 15 days");
        let in_time = run_out(day(0), q(20), 2.0, &coming);
        assert_eq!((in_time.on, in_time.gap_from), (Some(day(30)), None));
        assert_eq!(run_out(day(0), q(0), 0.0, &[]).on, Some(day(0)));
        assert_eq!(run_out(day(0), q(5), 0.0, &[]).on, None);
        assert_eq!(run_out(day(0), q(5), f64::NAN, &[]).on, None);
        let nobody_knows = run_out(day(0), q(5), 1.0, &[Coming { on: None, quantity: q(9) }]);
        assert_eq!(
            (nobody_knows.on, nobody_knows.gap_from, nobody_knows.gap_until),
            (Some(day(5)), Some(day(5)), None)
        );
    }

    /// 41,762 waited, 1,950 came first: the small one was hurried and called the end of it.
    #[test]
    fn what_ends_the_gap_is_what_lifts_it_above_those_who_wait() {
        let comes = |on: i64, n: i64| Coming { on: Some(day(on)), quantity: q(n) };
        let out = run_out(day(0), q(-100), 1.0, &[comes(2, 20), comes(9, 200), comes(12, 50)]);
        assert_eq!((out.gap_from, out.gap_until, out.on), (Some(day(0)), Some(1), Some(day(170))));
        let never = run_out(day(0), q(-100), 1.0, &[comes(2, 20)]);
        assert_eq!((never.gap_from, never.gap_until, never.on), (Some(day(0)), None, Some(day(2))));
    }

    #[test]
    fn what_comes_with_the_goods_counts_for_the_sales_until_then() {
        let comes = |on: Option<NaiveDate>, n: i64| Coming { on, quantity: q(n) };
        let coming = [comes(Some(day(-2)), 1), comes(Some(day(5)), 10), comes(Some(day(8)), 100), comes(None, 1000)];
        let there = |days: f64| there_within(day(0), days, q(-3), &coming);
        assert_eq!((there(0.0), there(4.9), there(5.0), there(20.0)), (q(-2), q(-2), q(8), q(108)));
    }

    #[test]
    fn an_order_waits_as_long_as_the_risk_is_accepted_and_the_supplier_takes_it() {
        let rises = |days: i64| days as f64 / 100.0;
        let waits = |accepted: f64| can_wait(accepted, 60, rises);
        assert_eq!((waits(0.035), waits(0.0), waits(2.0)), (3, 0, 60));
        assert_eq!(can_wait(0.05, 60, |days| rises(days) + 0.06), 0);
        assert_eq!(
            can_wait(0.05, 60, |days| if days == 0 { 0.9 } else { 0.0 }),
            0,
            "first it falls short, then goods come"
        );
        assert_eq!(can_wait(f64::NAN, 60, rises), 0);
        let by = |days: i64, text: &str| order_by(day(0), days, &weekdays(text), false);
        assert_eq!((by(0, ""), by(2, ""), by(7, "Mon"), by(2, "Mon")), (day(0), day(2), day(3), day(3)));
    }

    #[test]
    fn past_the_hour_the_next_order_day_is_meant() {
        let hour = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        let read = ["12:00", " 9.30 ", "14h", "2 pm", "12 am", "noon", "25:00"].map(cut_off);
        let known = ["12:00", "09:30", "14:00", "14:00", "00:00"].map(|text| Some(hour(text)));
        assert_eq!((&read[..5], &read[5..]), (&known[..], &[None, None][..]));
        assert!(!is_closed(Some("12:00"), hour("11:59")) && is_closed(Some("12:00"), hour("12:00")));
        assert!(!is_closed(None, hour("23:00")));
        let fridays = weekdays("Mon Fri");
        assert_eq!(order_by(day(0), 0, &fridays, false), day(0));
        assert_eq!(order_by(day(0), 0, &fridays, true), day(3), "on Monday");
        assert_eq!(order_by(day(0), 5, &fridays, true), day(3));
        assert_eq!(order_by(day(0), 0, &[], true), day(3), "on the next working day");
        assert_eq!(order_by(day(4), 0, &fridays, false), day(7), "on Tuesday he takes none");
    }

    #[test]
    fn packs_stay_within_a_typed_maximum_unless_the_least_is_more() {
        let levels = Levels::in_force(q(9), q(4), Some(q(20)), Some(q(40)), Selling::Active, Qty::ONE);
        assert_eq!(levels.suggest(q(2), &buying(6, 0)), Some(q(36)), "42 would make 44");
        assert_eq!(levels.beyond_maximum(q(2), q(36)), None);
        assert_eq!(levels.suggest(q(2), &buying(100, 0)), Some(q(100)), "one pack is the least");
        assert_eq!(levels.suggest(q(2), &buying(1, 60)), Some(q(60)), "they sell no fewer");
        assert_eq!(levels.beyond_maximum(q(2), q(60)), Some(q(40)));
        assert_eq!(levels.suggest(q(-50), &buying(6, 0)), Some(q(90)));
    }

    #[test]
    fn it_is_out_on_the_first_day_on_which_nothing_is_left() {
        let coming = [Coming { on: Some(day(10)), quantity: q(40) }];
        assert_eq!(run_out(day(0), q(-6), 1.0, &coming).first(), Some(day(0)), "customers wait");
        assert_eq!(run_out(day(0), q(0), 1.0, &coming).first(), Some(day(0)));
        assert_eq!(run_out(day(0), q(4), 1.0, &coming).first(), Some(day(4)), "though goods come later");
        assert_eq!(run_out(day(0), q(12), 1.0, &coming).first(), Some(day(52)));
        assert_eq!(run_out(day(0), q(2), 3.3, &[]).first(), Some(day(1)), "two are free still: it is not out today");
    }

    #[test]
    fn reads_order_days() {
        assert_eq!(weekdays("Mon, thursday"), vec![Weekday::Mon, Weekday::Thu]);
        assert_eq!(weekdays("Mon-Wed"), vec![Weekday::Mon, Weekday::Tue, Weekday::Wed]);
        assert_eq!(weekdays("by mail"), vec![]);
    }
}
