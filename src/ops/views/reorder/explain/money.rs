//! What a quantity costs: the price that it has and the next one, what each order and holding the goods come to, and what
//! more at a time saves.

use super::super::ReorderLine;
use super::super::desk::Desk;
use crate::domain::dates::full;
use crate::domain::locale::{decimal, each, money, quantity as said};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::{Buying, batch_upkeep};
use crate::ops::planning::Details;
use crate::store::plans::{self, PriceBreak};
use crate::store::{Result, selling};
use chrono::NaiveDate;

/// `one costs 2.10 in place of 2.40`, where the quantity has a better price than the least that would do.
pub(super) fn cheaper(line: &ReorderLine) -> Option<String> {
    let (less, more) = line.cost_each.zip(line.would_do_each)?;
    (less < more).then(|| format!("one costs {} in place of {}", each(less), each(more)))
}

/// Why more is proposed than the least that would do.
pub(super) enum More {
    /// It costs less a year, in whole money.
    Saves(String),
    /// The person's own maximum.
    ToMaximum(Qty),
    /// Nobody said what ordering and holding cost: it lasts to the next look.
    NextLook,
    /// A limit of the supplier or the longest cover decides; the quantity says it.
    Nothing,
}

pub(super) fn why_more(desk: &Desk, line: &ReorderLine, details: Option<&Details>, quantity: Qty) -> More {
    if let Some(max) = line.typed_max.filter(|_| line.beyond_max.is_none()) {
        return More::ToMaximum(max);
    }
    if let Some(saves) = saves(desk, line, quantity) {
        return More::Saves(saves);
    }
    if details.is_some_and(|d| !d.economic) { More::NextLook } else { More::Nothing }
}

pub(super) fn costs(desk: &Desk, line: &ReorderLine) -> Result<Vec<String>> {
    let mut out = vec![format!("It is ordered in multiples of {}.", said(line.pack))];
    if line.least_sold > line.pack {
        out.push(format!("They sell no fewer than {} at once.", said(line.least_sold)));
    }
    let prices = Prices::of(desk, line)?;
    match (line.cost_each, prices.taken()) {
        (Some(_), Some(_)) => out.extend(prices.words(line, desk.today)),
        (Some(cost), None) => out.push(format!("At this quantity one costs {}.", each(cost))),
        (None, _) => {}
    }
    out.extend(prices.next_words(desk, line));
    let settings = desk.settings.ordering_cost().zip(desk.settings.number("planning.holding_rate"));
    let Some((order, rate)) = settings else {
        out.push("What an order costs and what holding costs is not said, so it lasts about to the next look. : settings, Cost of placing an order and Yearly cost of stock.".into());
        return Ok(out);
    };
    let share = decimal(rate * 100.0, 0);
    out.push(format!("An order costs {}, holding goods {share} % of their worth a year.", short_money(order)));
    if let Some(quantity) = line.quantity().filter(|_| line.daily > 0.0) {
        let mut sizes = vec![(line.would_do, line.would_do_each), (quantity, line.cost_each)];
        sizes.dedup();
        for (size, cost) in sizes.into_iter().filter_map(|(size, cost)| Some((size, cost?))) {
            let upkeep = decimal(batch_upkeep(order, rate, cost, line.daily, size).as_f64(), 0);
            out.push(format!("{} at a time: {upkeep} a year for orders and holding.", said(size)));
        }
    }
    out.extend(cheaper(line).map(|words| format!("At {} {words}.", said(line.quantity().unwrap_or(line.pack)))));
    Ok(out)
}

/// Money, without cents where there are none.
pub(super) fn short_money(m: Money) -> String {
    if m.ten_thousandths() % 10_000 == 0 { decimal(m.as_f64(), 0) } else { money(m) }
}

/// What the quantity saves a year against the least that would do: a better price, and less for orders and holding;
/// none where it saves nothing, or nobody knows.
fn saves(desk: &Desk, line: &ReorderLine, quantity: Qty) -> Option<String> {
    let (now, least) = line.cost_each.zip(line.would_do_each)?;
    if quantity <= line.would_do || line.daily <= 0.0 {
        return None;
    }
    let upkeep = |q: Qty, cost: Money| {
        let (order, rate) = desk.settings.ordering_cost().zip(desk.settings.number("planning.holding_rate"))?;
        Some(batch_upkeep(order, rate, cost, line.daily, q))
    };
    // Whole money, as each of these is said: then what is saved is their difference.
    let whole = |m: Money| m.as_f64().round();
    let goods = ((least - now).as_f64() * line.daily * 365.0).round();
    let saves = match (upkeep(line.would_do, least), upkeep(quantity, now)) {
        (Some(small), Some(large)) => goods + whole(small) - whole(large),
        _ => goods,
    };
    (saves >= 1.0).then(|| decimal(saves, 0))
}

/// What the line's supplier asks from each quantity on that holds today, rising; and the quantity that is looked at.
struct Prices {
    plain: Option<Money>,
    breaks: Vec<PriceBreak>,
    quantity: Qty,
}

impl Prices {
    fn of(desk: &Desk, line: &ReorderLine) -> Result<Prices> {
        let Some(supplier) = line.supplier else {
            return Ok(Prices { plain: None, breaks: Vec::new(), quantity: Qty::ZERO });
        };
        let terms = plans::terms_of(desk.db, line.item)?.into_iter().find(|t| t.supplier == supplier);
        let mut breaks = selling::breaks_of(desk.db, supplier, line.item)?;
        breaks.retain(|b| b.valid_until.is_none_or(|until| until >= desk.today));
        let quantity = line.quantity().or(line.asked()).unwrap_or(line.pack);
        Ok(Prices { plain: terms.and_then(|t| t.cost), breaks, quantity })
    }

    /// The one from a quantity on that the line's quantity has.
    fn taken(&self) -> Option<&PriceBreak> {
        self.breaks.iter().rfind(|b| b.from <= self.quantity)
    }

    /// `From 48 on one costs 14.50, until Thu 31 Dec: that is taken, in place of 15.20.`
    fn words(&self, line: &ReorderLine, today: NaiveDate) -> Option<String> {
        let b = self.taken()?;
        let until = b.valid_until.map_or(String::new(), |day| format!(", until {}", full(day, today)));
        let plain = self.plain.filter(|p| *p != b.cost).map_or(String::new(), |p| format!(", in place of {}", each(p)));
        let taken = if line.cost_each == Some(b.cost) { ": that is taken" } else { "" };
        Some(format!("From {} on one costs {}{until}{taken}{plain}.", said(b.from), each(b.cost)))
    }

    /// What the next price would save or cost a year, with what it takes more to order and hold.
    fn next_words(&self, desk: &Desk, line: &ReorderLine) -> Option<String> {
        let next = self.breaks.iter().find(|b| b.from > self.quantity)?;
        let head = format!("From {} on one costs {}", said(next.from), each(next.cost));
        let now = line.cost_each?;
        let buying = Buying { pack: line.pack, min_quantity: line.least_sold, ..Buying::new(Qty::ONE, None, None) };
        let quantity = buying.order_of(next.from);
        if line.daily <= 0.0 {
            return Some(format!("{head}; it sells too little to say what that would save."));
        }
        let whole = |m: Money| m.as_f64().round();
        let goods = ((now - next.cost).as_f64() * line.daily * 365.0).round();
        let rules = desk.settings.ordering_cost().zip(desk.settings.number("planning.holding_rate"));
        let beyond = match quantity.as_f64() > line.daily * line.most_days {
            true => {
                format!("; {} is more than sells in the longest cover of {:.0} days", said(quantity), line.most_days)
            }
            false => String::new(),
        };
        let Some((order, rate)) = rules else {
            let ties = next.cost.times(quantity) - now.times(self.quantity);
            let more = money(Money::from_ten_thousandths(ties.ten_thousandths().abs()));
            return Some(format!(
                "{head}: that saves {} a year on goods, and an order costs {more} more{beyond}.",
                decimal(goods, 0)
            ));
        };
        let upkeep = |q: Qty, cost: Money| whole(batch_upkeep(order, rate, cost, line.daily, q));
        let saves = goods + upkeep(self.quantity, now) - upkeep(quantity, next.cost);
        let all = match saves {
            s if s >= 1.0 => format!("saves {} a year in all", decimal(s, 0)),
            s if s <= -1.0 => format!("costs {} a year more in all", decimal(-s, 0)),
            _ => "comes to the same in a year".into(),
        };
        let parts = format!("goods {} less, orders and holding {}", decimal(goods, 0), {
            let more = upkeep(quantity, next.cost) - upkeep(self.quantity, now);
            format!("{} {}", decimal(more.abs(), 0), if more < 0.0 { "less" } else { "more" })
        });
        Some(format!("{head}: {} at a time {all} ({parts}){beyond}.", said(quantity)))
    }
}
