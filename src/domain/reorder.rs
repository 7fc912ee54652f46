//! What to order: the position against the level, the quantity in packs, the last day on which an order still arrives in
//! time, and the customers' goods that must be hurried instead of ordered twice.

mod when;

pub use when::{Coming, RunOut, can_wait, cut_off, is_closed, next_chance, order_by, run_out, there_within, weekdays};

use super::money::Money;
use super::quantity::Qty;

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
    fn packs_stay_within_a_typed_maximum_unless_the_least_is_more() {
        let levels = Levels::in_force(q(9), q(4), Some(q(20)), Some(q(40)), Selling::Active, Qty::ONE);
        assert_eq!(levels.suggest(q(2), &buying(6, 0)), Some(q(36)), "42 would make 44");
        assert_eq!(levels.beyond_maximum(q(2), q(36)), None);
        assert_eq!(levels.suggest(q(2), &buying(100, 0)), Some(q(100)), "one pack is the least");
        assert_eq!(levels.suggest(q(2), &buying(1, 60)), Some(q(60)), "they sell no fewer");
        assert_eq!(levels.beyond_maximum(q(2), q(60)), Some(q(40)));
        assert_eq!(levels.suggest(q(-50), &buying(6, 0)), Some(q(90)));
    }
}
