//! How far an order line has come, in nine stages, and of which the customer was told.
//!
//! A stage is never set: it follows from what happened (order, PO, receipt, allocation, shipment), so it cannot
//! disagree with the books. Only `packed` and `delivered` are said by a person.

use super::quantity::Qty;
use chrono::NaiveDate;

/// The stages, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stage {
    Ordered,
    Bought,
    Confirmed,
    OnItsWay,
    Arrived,
    PutAside,
    Packed,
    Shipped,
    Delivered,
}

impl Stage {
    pub const ALL: [Stage; 9] = [
        Stage::Ordered,
        Stage::Bought,
        Stage::Confirmed,
        Stage::OnItsWay,
        Stage::Arrived,
        Stage::PutAside,
        Stage::Packed,
        Stage::Shipped,
        Stage::Delivered,
    ];
    /// The word on screen.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Ordered => "ordered",
            Stage::Bought => "bought",
            Stage::Confirmed => "confirmed",
            Stage::OnItsWay => "on its way",
            Stage::Arrived => "arrived",
            Stage::PutAside => "put aside",
            Stage::Packed => "packed",
            Stage::Shipped => "shipped",
            Stage::Delivered => "delivered",
        }
    }
}

/// What is known of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    pub ordered_on: NaiveDate,
    /// Ordered less cancelled.
    pub quantity: Qty,
    pub shipped: Qty,
    /// Reserved to it.
    pub put_aside: Qty,
    /// What no stock and no PO covers.
    pub uncovered: Qty,
    /// What it waits for of POs: how many, ordered on, confirmed on, due.
    pub coming: Vec<Coming>,
    /// The last goods of the item that came since the order.
    pub arrived_on: Option<NaiveDate>,
    pub packed_on: Option<NaiveDate>,
    pub shipped_on: Option<NaiveDate>,
    pub delivered_on: Option<NaiveDate>,
    /// The days on which a word about it came through to the customer.
    pub told: Vec<NaiveDate>,
}

/// A part of a line that waits for a PO.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Coming {
    pub quantity: Qty,
    pub bought_on: Option<NaiveDate>,
    /// The day the supplier answered.
    pub confirmed_on: Option<NaiveDate>,
    pub confirmed: bool,
}

/// A stage of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    pub stage: Stage,
    /// How many of the line have come so far.
    pub reached: Qty,
    /// All of them.
    pub whole: bool,
    /// Since when, where it is known.
    pub on: Option<NaiveDate>,
    /// The customer was told on that day or later: knows of it.
    pub told: bool,
}

/// The nine stages. No fact says that goods left the supplier: `on its way` is reached with their arrival.
pub fn stages(facts: &Facts) -> [Mark; 9] {
    let here = facts.shipped + facts.put_aside;
    let waits: Qty = facts.coming.iter().map(|c| c.quantity).sum();
    let unconfirmed: Qty = facts.coming.iter().filter(|c| !c.confirmed).map(|c| c.quantity).sum();
    let bought_on = facts.coming.iter().filter_map(|c| c.bought_on).max();
    let confirmed_on = facts.coming.iter().filter(|c| c.confirmed).filter_map(|c| c.confirmed_on).max();
    let arrived = (facts.quantity - waits - facts.uncovered).max(here);
    Stage::ALL.map(|stage| {
        let (reached, on) = match stage {
            Stage::Ordered => (facts.quantity, Some(facts.ordered_on)),
            Stage::Bought => (facts.quantity - facts.uncovered, bought_on),
            Stage::Confirmed => (facts.quantity - facts.uncovered - unconfirmed, confirmed_on),
            Stage::OnItsWay => (arrived, None),
            Stage::Arrived => (arrived, facts.arrived_on),
            Stage::PutAside => (here, facts.arrived_on.filter(|_| facts.put_aside.is_positive())),
            Stage::Packed => (if facts.packed_on.is_some() { here } else { facts.shipped }, facts.packed_on),
            Stage::Shipped => (facts.shipped, facts.shipped_on),
            Stage::Delivered => {
                (if facts.delivered_on.is_some() { facts.shipped } else { Qty::ZERO }, facts.delivered_on)
            }
        };
        let reached = reached.or_zero().min(facts.quantity);
        let told = reached.is_positive() && on.is_some_and(|on| facts.told.iter().any(|day| *day >= on));
        Mark { stage, reached, whole: reached >= facts.quantity, on: on.filter(|_| reached.is_positive()), told }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 1).unwrap() + chrono::Duration::days(n)
    }

    fn facts() -> Facts {
        Facts {
            ordered_on: day(0),
            quantity: Qty::units(20),
            shipped: Qty::units(6),
            put_aside: Qty::units(4),
            uncovered: Qty::units(3),
            coming: vec![Coming {
                quantity: Qty::units(7),
                bought_on: Some(day(1)),
                confirmed_on: Some(day(2)),
                confirmed: true,
            }],
            arrived_on: Some(day(5)),
            packed_on: None,
            shipped_on: Some(day(6)),
            delivered_on: None,
            told: vec![day(2)],
        }
    }

    fn row(facts: &Facts) -> Vec<(&'static str, i64, bool)> {
        stages(facts).iter().map(|m| (m.stage.word(), m.reached.thousandths() / 1000, m.told)).collect()
    }

    #[test]
    fn each_stage_says_how_many_have_come_so_far_and_what_was_told() {
        assert_eq!(
            row(&facts()),
            [
                ("ordered", 20, true),
                ("bought", 17, true),
                ("confirmed", 17, true),
                ("on its way", 10, false),
                ("arrived", 10, false),
                ("put aside", 10, false),
                ("packed", 6, false),
                ("shipped", 6, false),
                ("delivered", 0, false),
            ]
        );
    }

    #[test]
    fn packed_and_delivered_are_said_and_a_later_word_tells_all_before() {
        let facts = Facts { packed_on: Some(day(7)), delivered_on: Some(day(8)), told: vec![day(8)], ..facts() };
        let marks = stages(&facts);
        assert_eq!((marks[6].reached, marks[8].reached), (Qty::units(10), Qty::units(6)));
        assert!(marks.iter().filter(|m| m.on.is_some()).all(|m| m.told));
    }

    #[test]
    fn a_stage_never_counts_more_than_the_one_before() {
        let mut facts = facts();
        for (shipped, aside, uncovered) in [(0, 0, 20), (20, 0, 0), (0, 13, 0), (5, 5, 3)] {
            (facts.shipped, facts.put_aside) = (Qty::units(shipped), Qty::units(aside));
            facts.uncovered = Qty::units(uncovered);
            facts.coming[0].quantity = Qty::units(20 - shipped - aside - uncovered);
            let marks = stages(&facts);
            assert!(marks.windows(2).all(|w| w[0].reached >= w[1].reached), "{marks:?}");
        }
    }
}
