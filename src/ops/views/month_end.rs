//! Month end: what the stock is worth on any day, from the movements; what moved it in a period, by reason; what lies and
//! does not sell; refunds. Worth is quantity x cost as the item says it today.

use super::backorders::Terms;
use super::{refunds, reorder};
use crate::domain::ids::ItemId;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::exchange::sheet::{Sheet, Value as Cell};
use crate::ops::closing::CLOSED;
use crate::ops::planning;
use crate::ops::settings::Settings;
use crate::store::month_end::{self as store, Held};
use crate::store::{Db, Result};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, HashSet};

/// Rows of slow and of dead stock that are named.
const NAMED: usize = 5;

/// What the stock was worth at the end of a day.
#[derive(Clone, PartialEq, Debug)]
pub struct Worth {
    pub on: NaiveDate,
    /// Items of which something lay.
    pub items: usize,
    /// Of everything, quarantine included; stock below zero counts as it stands.
    pub total: Money,
    pub quarantine: Money,
    /// Items without a cost: worth nothing here.
    pub without_cost: usize,
    /// Biggest first; blank: no category.
    pub categories: Vec<(String, Money)>,
    pub rows: Vec<Held>,
}

/// What the stock was worth at the end of that day.
pub fn worth(db: &Db, on: NaiveDate) -> Result<Worth> {
    let rows = store::held(db, on)?;
    let mut categories: BTreeMap<String, Money> = BTreeMap::new();
    let (mut total, mut quarantine, mut without_cost) = (Money::ZERO, Money::ZERO, 0);
    for row in &rows {
        let Some(cost) = row.cost else {
            without_cost += 1;
            continue;
        };
        let worth = cost.times(row.quantity);
        total += worth;
        quarantine += cost.times(row.quarantine);
        *categories.entry(row.category.clone().unwrap_or_default()).or_default() += worth;
    }
    let mut categories: Vec<(String, Money)> = categories.into_iter().collect();
    categories.sort_by_key(|(name, worth)| (std::cmp::Reverse(*worth), name.clone()));
    Ok(Worth { on, items: rows.len(), total, quarantine, without_cost, categories, rows })
}

const COLUMNS: [&str; 7] = ["sku", "name", "category", "quantity", "quarantine", "cost", "value"];

/// The rows of the value, one per item.
pub fn sheet(worth: &Worth) -> Sheet {
    let cells = |row: &Held| {
        vec![
            Cell::text(&row.sku),
            Cell::text(&row.name),
            row.category.as_deref().map_or(Cell::None, Cell::text),
            Cell::Quantity(row.quantity),
            Cell::Quantity(row.quarantine),
            row.cost.map_or(Cell::None, Cell::Money),
            row.cost.map_or(Cell::None, |c| Cell::Money(c.times(row.quantity))),
        ]
    };
    Sheet { name: "value", columns: COLUMNS.to_vec(), rows: worth.rows.iter().map(cells).collect() }
}

/// What moved for one reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    pub reason: String,
    pub movements: i64,
    pub into: Qty,
    pub out: Qty,
    /// What it added to the stock's worth; below zero: took from it.
    pub worth: Money,
}

/// Stock that does not sell.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Idle {
    pub items: usize,
    pub worth: Money,
    /// The most valuable: SKU, name, worth.
    pub named: Vec<(String, String, Option<Money>)>,
}

/// A period and its end.
#[derive(Clone, PartialEq, Debug)]
pub struct MonthEnd {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Before the first day.
    pub before: Money,
    pub worth: Worth,
    /// Items in use of which nobody has said yet how many there are, as of today: nothing of them is in the figures.
    pub never_counted: usize,
    pub reasons: Vec<Reason>,
    /// More than sells in a year, and what nobody orders any more; both as of today.
    pub slow: Idle,
    pub dead: Idle,
    /// What nobody ever ordered, as of today.
    pub never_ordered: Idle,
    /// The day of what does not sell: today. Which stock lay idle on another day no plan tells.
    pub idle_on: NaiveDate,
    /// Plans are being made anew: what is more than sells in a year follows them.
    pub plans_stale: bool,
    /// Refunds made in the period, and those open today: how many, how much.
    pub refunds_made: (i64, Money),
    pub refunds_open: (i64, Money),
    pub closed_up_to: Option<NaiveDate>,
}

impl MonthEnd {
    /// Of which day the stock is that does not sell.
    pub fn idle_heading(&self, date: impl Fn(NaiveDate) -> String) -> String {
        let on = date(self.idle_on);
        match self.idle_on == self.to {
            true => format!("What does not sell, of the stock of {on}"),
            false => format!("What does not sell, of the stock of today, {on}, not of {}", date(self.to)),
        }
    }

    /// What does not sell, with its words and what stands behind the count: no item stands in two.
    pub fn idle(&self) -> [(&Idle, &'static str, &'static str); 3] {
        let moves = if self.plans_stale { "; being planned anew" } else { "" };
        [
            (&self.slow, "more than sells in a year", moves),
            (&self.dead, "nobody orders any more", ""),
            (&self.never_ordered, "nobody ever ordered", ""),
        ]
    }
}

/// The first and last day of the month of that day.
pub fn month_of(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = day.with_day(1).unwrap_or(day);
    let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(first);
    (first, next.pred_opt().unwrap_or(first))
}

/// Everything of a period.
pub fn load(db: &Db, from: NaiveDate, to: NaiveDate, today: NaiveDate) -> Result<MonthEnd> {
    let settings = Settings::load(db)?;
    let mut reasons: Vec<Reason> = Vec::new();
    for m in store::moved(db, from, to)? {
        let worth = m.cost.map_or(Money::ZERO, |c| c.times(m.into + m.out));
        match reasons.last_mut().filter(|r| r.reason == m.reason) {
            Some(sum) => {
                sum.movements += m.movements;
                sum.into += m.into;
                sum.out += m.out;
                sum.worth += worth;
            }
            None => reasons.push(Reason { reason: m.reason, movements: m.movements, into: m.into, out: m.out, worth }),
        }
    }
    let ordered = store::ever_ordered(db)?;
    let owed = refunds::owed(db, &Terms::of(&settings))?;
    Ok(MonthEnd {
        from,
        to,
        before: worth(db, from.pred_opt().unwrap_or(from))?.total,
        worth: worth(db, to)?,
        never_counted: store::never_counted(db)?,
        reasons,
        slow: idle(reorder::idle(db, today, false)?, &ordered),
        dead: idle(reorder::idle(db, today, true)?, &ordered),
        never_ordered: never_ordered(db, &ordered, today)?,
        idle_on: today,
        plans_stale: planning::due(db, today)?.is_stale(),
        refunds_made: store::refunds_paid(db, from, to)?,
        refunds_open: (owed.len() as i64, owed.iter().filter_map(|r| r.amount).sum()),
        closed_up_to: settings.text(CLOSED).and_then(|d| d.parse().ok()),
    })
}

/// What nobody ever ordered stands by itself.
fn idle(mut lines: Vec<reorder::IdleLine>, ordered: &HashSet<ItemId>) -> Idle {
    lines.retain(|line| ordered.contains(&line.item));
    let named = lines.iter().take(NAMED).map(|l| (l.sku.clone(), l.name.clone(), l.value)).collect();
    Idle { items: lines.len(), worth: lines.iter().filter_map(|l| l.value).sum(), named }
}

/// What lies there today and stands in no order: nothing tells how it sells, so that it is neither slow nor asleep.
fn never_ordered(db: &Db, ordered: &HashSet<ItemId>, today: NaiveDate) -> Result<Idle> {
    let mut held = store::held(db, today)?;
    held.retain(|row| row.quantity.is_positive() && !ordered.contains(&row.item));
    let worth = |row: &Held| row.cost.map(|cost| cost.times(row.quantity));
    held.sort_by_key(|row| std::cmp::Reverse(worth(row)));
    let named = held.iter().take(NAMED).map(|row| (row.sku.clone(), row.name.clone(), worth(row))).collect();
    Ok(Idle { items: held.len(), worth: held.iter().filter_map(worth).sum(), named })
}
