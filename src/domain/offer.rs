//! What can be offered to a customer who waits, in the order that keeps orders, each with what it costs us.

use super::delay::Rule;
use super::ids::ItemId;
use super::money::Money;
use super::quantity::Qty;

/// An offer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Offer {
    /// What lies here goes now, at our cost; the rest follows.
    ShipReady,
    /// The customer pays no delivery.
    FreeDelivery,
    /// Another item at the price of the one ordered; taken only if the customer says so.
    Alternative(ItemId),
    Sample,
    /// So many percent off.
    Discount(i64),
}

impl Offer {
    /// As it is recorded with the contact, so that what each kind achieved can be counted.
    pub const fn name(&self) -> &'static str {
        match self {
            Offer::ShipReady => "send what is ready",
            Offer::FreeDelivery => "free delivery",
            Offer::Alternative(_) => "alternative",
            Offer::Sample => "sample",
            Offer::Discount(_) => "discount",
        }
    }
}

/// An offer with its cost and what it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offered {
    pub offer: Offer,
    /// What it costs us; none: not known.
    pub cost: Option<Money>,
    /// The goods that are ready, or the alternative's name; empty for the others.
    pub about: String,
}

/// Another item that lies here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alternative {
    /// The item that is waited for.
    pub instead_of: ItemId,
    pub item: ItemId,
    pub name: String,
    /// What nobody waits for.
    pub free: Qty,
    /// How much dearer one is than the item ordered, at list prices; none where it is not, or not known.
    pub dearer: Option<Money>,
    /// Named in the list of substitutes, not only of the same category.
    pub listed: bool,
}

/// What there is to offer with.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Means {
    /// What could go today, in words; none: nothing, or everything.
    pub ready: Option<String>,
    /// What waits: the item and how much of it.
    pub waiting: Vec<(ItemId, Qty)>,
    /// In the order of preference.
    pub alternatives: Vec<Alternative>,
    /// Price of what waits.
    pub value: Option<Money>,
    pub parcel_cost: Option<Money>,
    pub delivery_cost: Option<Money>,
    pub sample_cost: Option<Money>,
    /// The most that may be taken off, in percent; 0: no discounts.
    pub discount_percent: i64,
}

/// At most so many alternatives are named.
const ALTERNATIVES: usize = 2;

/// What may be offered, best first. Nothing where any line falls under the us rule: a delay notice carries no
/// advertising, and a refund that is due is never replaced by a favour.
pub fn offers(rules: impl IntoIterator<Item = Rule>, means: &Means) -> Vec<Offered> {
    if rules.into_iter().any(|rule| rule == Rule::Us) {
        return Vec::new();
    }
    let plain = |offer, cost| Offered { offer, cost, about: String::new() };
    let mut found = Vec::new();
    if let Some(ready) = &means.ready {
        found.push(Offered { offer: Offer::ShipReady, cost: means.parcel_cost, about: ready.clone() });
    }
    found.push(plain(Offer::FreeDelivery, means.delivery_cost));
    let enough = means.alternatives.iter().filter_map(|a| {
        let (_, wanted) = means.waiting.iter().find(|(item, wanted)| *item == a.instead_of && a.free >= *wanted)?;
        let cost = a.dearer.map_or(Money::ZERO, |more| more.times(*wanted));
        Some(Offered { offer: Offer::Alternative(a.item), cost: Some(cost), about: a.name.clone() })
    });
    found.extend(enough.take(ALTERNATIVES));
    found.push(plain(Offer::Sample, means.sample_cost));
    if means.discount_percent > 0 {
        let cost = means.value.map(|v| v.times(Qty::from_thousandths(means.discount_percent * 10)));
        found.push(plain(Offer::Discount(means.discount_percent), cost));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means() -> Means {
        let other = |n, free, listed| Alternative {
            instead_of: ItemId(1),
            item: ItemId(n),
            name: format!("Item {n}"),
            free: Qty::units(free),
            dearer: Money::parse("0.50"),
            listed,
        };
        Means {
            ready: Some("14 Chang".into()),
            waiting: vec![(ItemId(1), Qty::units(6))],
            alternatives: vec![other(2, 5, true), other(3, 30, true), other(4, 6, false), other(5, 9, false)],
            value: Money::parse("100"),
            parcel_cost: Money::parse("8.40"),
            discount_percent: 5,
            ..Means::default()
        }
    }

    #[test]
    fn the_best_comes_first_with_its_cost() {
        let found = offers([Rule::House, Rule::Eu], &means());
        let said: Vec<String> = found
            .iter()
            .map(|o| {
                format!(
                    "{} {}",
                    [o.offer.name(), &o.about].join(" ").trim(),
                    o.cost.map_or("?".into(), |c| c.to_string())
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                "send what is ready 14 Chang 8.40",
                "free delivery ?",
                "alternative Item 3 3.00",
                "alternative Item 4 3.00",
                "sample ?",
                "discount 5.00"
            ],
            "an alternative of which too little lies here is not offered"
        );
    }

    #[test]
    fn a_us_notice_carries_no_offer() {
        assert!(offers([Rule::House, Rule::Us], &means()).is_empty());
    }
}
