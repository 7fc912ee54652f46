//! Levels that a person may want to change: typed ones beside the program's figure, and items that live in red or blue.

use crate::domain::ids::ItemId;
use crate::domain::locale::{decimal, money, quantity};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::{Buying, Levels, Selling};
use crate::domain::stock::Trouble;
use crate::ops::planning::Details;
use crate::ops::settings::Settings;
use crate::store::levels::{self, Kept, StockLevel};
use crate::store::{Db, Result, plans};
use chrono::NaiveDate;
use std::cmp::Ordering;

/// An item that has been low for so long lives there; and one with too much.
const LIVES_RED: i64 = 30;
const LIVES_BLUE: i64 = 60;
/// Items that are looked at.
const MOST: i64 = 3_000;

/// Why a level is looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// It lives in red.
    Red,
    /// The typed level keeps less than the program would, or more.
    TypedLow,
    TypedHigh,
    /// It lives in blue.
    Blue,
    /// Nothing is wrong with it.
    Fine,
}

/// A share of the demand that could be served instead, and about what it would mean.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct OtherShare {
    /// In millionths.
    pub share: i64,
    /// The level would be about this.
    pub about: Qty,
}

/// What is kept of an item, what the program would keep, and what is proposed.
#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub stock: StockLevel,
    /// Days in its zone; none: not known.
    pub days: Option<i64>,
    /// The person's own.
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    /// Its own share to be served, in millionths.
    pub share: Option<i64>,
    /// The program keeps stock of it; else, as nobody orders it, only customers who wait bring an order.
    pub sells: bool,
    /// At or below this the program would order, and up to that.
    pub point: Qty,
    pub up_to: Qty,
    /// Chance that it runs out before goods come when it is ordered at the program's level, and at the typed one.
    pub risk: f64,
    pub typed_risk: Option<f64>,
    pub reason: Reason,
    pub other: Option<OtherShare>,
    /// Worth of what is beyond the program's level, where it is too much.
    pub value: Option<Money>,
    /// What sells a day, where that is known.
    pub daily: Option<f64>,
    /// More than sells in so many days is too much.
    pub cover_days: f64,
}

impl Target {
    /// A person's own level is in force.
    pub fn is_typed(&self) -> bool {
        self.min.is_some() || self.max.is_some()
    }

    /// The gauge judges as the sentence does: not too much by a maximum of which it says that it is too low, nor too
    /// little by a minimum that is too high.
    pub fn tells_of_stock(&self) -> bool {
        match self.reason {
            Reason::TypedLow => self.stock.trouble != Trouble::Much,
            Reason::TypedHigh => !matches!(self.stock.trouble, Trouble::None | Trouble::Low | Trouble::Order),
            Reason::Red | Reason::Blue | Reason::Fine => true,
        }
    }

    /// One or two sentences: why one should look at it, and what is proposed.
    pub fn words(&self) -> String {
        let one = |q: Option<Qty>| q.map_or("none".to_string(), quantity);
        let days = self.days.filter(|d| *d > 0).map_or(String::new(), |d| format!(" for {d} days"));
        let yours = format!("Yours: order at or below {}, up to {}.", one(self.min), one(self.max));
        let program = match self.sells {
            true => format!("The program: at or below {}, up to {}.", quantity(self.point), quantity(self.up_to)),
            false => "Nobody orders it: the program orders only for customers who wait.".into(),
        };
        let in_100 = |risk: f64| match (risk * 100.0).round() {
            1.0 => "once in 100 times".to_string(),
            n => format!("{n:.0} times in 100"),
        };
        let share = self
            .other
            .map(|o| (percent(o.share), quantity(o.about)))
            .map(|(share, about)| format!("Served {share} in 100, it would be ordered at or below about {about}."));
        match self.reason {
            Reason::TypedLow => {
                let typed = self.typed_risk.unwrap_or(1.0);
                format!(
                    "{yours} {program} By yours it is empty before goods come {}, by the program's {}.",
                    in_100(typed),
                    in_100(self.risk)
                )
            }
            Reason::TypedHigh => {
                let worth = self.value.map_or(String::new(), |v| format!(", {} more on the shelf", money(v)));
                format!("{yours} {program} Yours keeps more than it needs{worth}.")
            }
            Reason::Red if self.is_typed() => format!("Low{days}. {yours} {program}"),
            Reason::Red => {
                let point = quantity(self.point);
                format!("Low{days}, although it is ordered at or below {point}. {}", share.unwrap_or_default())
            }
            Reason::Blue => {
                let worth = self.value.map_or(String::new(), |v| format!(", worth {}", money(v)));
                let beyond = quantity((self.stock.on_hand - self.up_to).or_zero());
                let then = if self.is_typed() { format!("{yours} {program}") } else { share.unwrap_or_default() };
                format!("Too much{days}: {beyond} beyond what is kept at most{worth}. {then}")
            }
            Reason::Fine if self.is_typed() && !self.sells => format!("{yours} {program}"),
            Reason::Fine if self.is_typed() => {
                let sooner = self.min.map(|min| against(min, self.point));
                let higher = self.max.map(|max| against(max, self.up_to));
                let beside = match (sooner, higher) {
                    (Some(Ordering::Greater), Some(Ordering::Less)) => "Yours is ordered sooner, and less at a time",
                    (Some(Ordering::Less), Some(Ordering::Greater)) => "Yours is ordered later, and more at a time",
                    (_, Some(Ordering::Less)) => "Yours is ordered less at a time, so more often",
                    _ => "They are much the same",
                };
                format!("{yours} {program} {beside}.")
            }
            Reason::Fine => format!("{program} Nothing is typed: this is in force."),
        }
    }
}

/// `97.5` of millionths.
pub fn percent(share: i64) -> String {
    let tenths = (share as f64 / 1_000.0).round() as i64;
    decimal(tenths as f64 / 10.0, usize::from(tenths % 10 != 0))
}

/// So many items of most turnover were looked at, and of so many, where there are more.
pub type OfMore = Option<(usize, usize)>;

/// One item's; none where it is not planned, or ends.
pub fn of(db: &Db, item: ItemId, today: NaiveDate) -> Result<Option<Target>> {
    target(db, item, today, &Settings::load(db)?)
}

/// Those that a person may want to change: what lives in red first, then what was typed too low, too high, and what
/// lives in blue; each by what it is worth. Of a large catalogue only the items of most turnover are looked at: with
/// them, how many were, and of how many.
pub fn all(db: &Db, today: NaiveDate) -> Result<(Vec<Target>, OfMore)> {
    let settings = Settings::load(db)?;
    let mut out = Vec::new();
    let looked_at = levels::to_look_at(db, MOST + 1)?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let of_more = if looked_at.len() > most { Some((most, plans::count(db)?)) } else { None };
    for item in looked_at.into_iter().take(most) {
        out.extend(target(db, item, today, &settings)?.filter(|t| t.reason != Reason::Fine));
    }
    out.sort_by(|a, b| (a.reason, b.value, &a.sku).cmp(&(b.reason, a.value, &b.sku)));
    Ok((out, of_more))
}

fn target(db: &Db, item: ItemId, today: NaiveDate, settings: &Settings) -> Result<Option<Target>> {
    let (Some(kept), Some(stock), Some(plan)) =
        (levels::kept(db, item)?, levels::of(db, item)?, plans::plan_of(db, item)?)
    else {
        return Ok(None);
    };
    let details = Details::read(&plan.details)?;
    let sells = match details.selling() {
        Selling::Active => true,
        Selling::Asleep | Selling::NoHistory => false,
        Selling::Discontinued => return Ok(None),
    };
    let point = if sells { Qty::from_thousandths(details.point).or_zero() } else { Qty::ZERO };
    let unit = details.unit();
    let terms = plans::terms_of(db, item)?;
    let chosen = plan.supplier.and_then(|s| terms.iter().find(|t| t.supplier == s));
    let buying = Buying::new(unit, chosen.and_then(|t| t.pack).or(kept.pack), chosen.and_then(|t| t.min_quantity));
    let batch = Qty::from_thousandths(details.batch);
    let program = Levels::in_force(point, batch, None, None, Selling::Active, unit);
    let up_to = if sells { program.order_up_to(&buying) } else { Qty::ZERO };
    let since = levels::since(db, item, &stock, settings.cover_days(), today)?;
    let days = since.map(|since| (today - since).num_days());
    let reason = if sells { reason(&kept, &stock, days, point, up_to) } else { Reason::Fine };
    let factor = match reason {
        Reason::Red => 0.5,
        Reason::Blue => 2.0,
        _ => 1.0,
    };
    let too_much = match reason {
        Reason::TypedHigh => kept.max.or(kept.min).map(|most| most - up_to),
        Reason::Blue => Some(stock.on_hand - up_to),
        _ => None,
    };
    Ok(Some(Target {
        daily: (sells && details.cover_days > 0.0)
            .then(|| Qty::from_thousandths(details.cover_demand).as_f64() / details.cover_days),
        cover_days: settings.cover_days(),
        sells,
        risk: details.risk(details.cover_days, point),
        typed_risk: kept.min.map(|min| details.risk(details.cover_days, min)),
        other: (factor != 1.0 && !typed(&kept)).then(|| other_share(&details, point, factor)).flatten(),
        value: too_much.zip(kept.cost).map(|(q, cost)| cost.times(q.or_zero())).filter(|v| *v > Money::ZERO),
        item,
        sku: kept.sku,
        name: kept.name,
        stock,
        days,
        min: kept.min,
        max: kept.max,
        share: kept.share,
        point,
        up_to,
        reason,
    }))
}

fn typed(kept: &Kept) -> bool {
    kept.min.is_some() || kept.max.is_some()
}

/// How a typed level stands to the program's: a fifth, or one, is no difference.
fn against(typed: Qty, program: Qty) -> Ordering {
    let fifth = Qty::from_thousandths(program.thousandths() / 5).max(Qty::ONE);
    match typed {
        _ if typed + fifth < program => Ordering::Less,
        _ if typed > program + fifth => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

fn reason(kept: &Kept, stock: &StockLevel, days: Option<i64>, point: Qty, up_to: Qty) -> Reason {
    let lives = |least: i64| days.is_some_and(|d| d >= least);
    let (min, max) = (kept.min.map(|min| against(min, point)), kept.max.map(|max| against(max, up_to)));
    match stock.trouble {
        Trouble::None | Trouble::Low if lives(LIVES_RED) => Reason::Red,
        _ if min == Some(Ordering::Less) => Reason::TypedLow,
        // Ordered sooner but less at a time keeps no more than it needs.
        _ if min == Some(Ordering::Greater) && max != Some(Ordering::Less) => Reason::TypedHigh,
        _ if max == Some(Ordering::Greater) => Reason::TypedHigh,
        Trouble::Much if lives(LIVES_BLUE) => Reason::Blue,
        _ => Reason::Fine,
    }
}

/// The share at which what is missed is `factor` times as much, and the level at which it is about so.
fn other_share(details: &Details, point: Qty, factor: f64) -> Option<OtherShare> {
    let missed = ((1.0 - details.served) * factor).clamp(0.002, 0.5);
    let share = ((1.0 - missed) * 1000.0).round() as i64 * 1000;
    let now = details.risk(details.cover_days, point);
    let wanted = now * factor;
    let unit = details.unit().thousandths().max(1);
    // The risk falls as the level rises: halve the span until it is one unit.
    let (mut low, mut high) = (-1i64, (point.thousandths() / unit + 1).saturating_mul(16));
    let at = |n: i64| Qty::from_thousandths(n.saturating_mul(unit));
    if now <= 0.0 || details.risk(details.cover_days, at(high)) > wanted {
        return None;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if details.risk(details.cover_days, at(middle)) <= wanted { high = middle } else { low = middle }
    }
    (at(high) != point).then_some(OtherShare { share, about: at(high) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_looked_at_where_something_can_be_won() {
        let q = Qty::units;
        let kept = |min: Option<i64>, max: Option<i64>| Kept {
            item: ItemId(1),
            sku: "A".into(),
            name: "A".into(),
            cost: None,
            pack: None,
            min: min.map(q),
            max: max.map(q),
            share: None,
        };
        let stock = |trouble| StockLevel {
            trouble,
            free: q(3),
            coming: q(0),
            on_hand: q(3),
            up_to: Some(q(60)),
            point: Some(q(40)),
            max: None,
            daily: Some(1.0),
        };
        let of = |kept: Kept, trouble, days| reason(&kept, &stock(trouble), days, q(40), q(60));
        assert_eq!(of(kept(None, None), Trouble::Low, Some(74)), Reason::Red);
        assert_eq!(of(kept(None, None), Trouble::Low, Some(3)), Reason::Fine);
        assert_eq!(of(kept(None, None), Trouble::Low, None), Reason::Fine);
        assert_eq!(of(kept(None, None), Trouble::Much, Some(90)), Reason::Blue);
        assert_eq!(of(kept(Some(20), Some(60)), Trouble::Ok, None), Reason::TypedLow);
        assert_eq!(of(kept(Some(38), Some(62)), Trouble::Ok, None), Reason::Fine);
        assert_eq!(of(kept(Some(60), None), Trouble::Ok, None), Reason::TypedHigh);
        assert_eq!(of(kept(None, Some(200)), Trouble::Ok, None), Reason::TypedHigh);
        assert_eq!(of(kept(Some(50), Some(45)), Trouble::Ok, None), Reason::Fine, "sooner, and less at a time");
    }
}
