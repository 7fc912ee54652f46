//! One item in full: the sum of what lies, waits and comes, and how its stock went and will go.

use crate::domain::allocation::Waiting;
use crate::domain::ids::{ItemId, LineId, PoLineId, SupplierId};
use crate::domain::inbound::Inbound;
use crate::domain::lateness::{Arrives, Lateness};
use crate::domain::pegging::{Pegged, peg};
use crate::domain::quantity::Qty;
use crate::ops::learning;
use crate::ops::settings::Settings;
use crate::store::inbound::{self, Which};
use crate::store::item::{self, Counted, InBin, Record};
use crate::store::levels::{self, StockLevel};
use crate::store::{Db, Failure, Result, plans, waiting};
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Counts that are told.
const COUNTS: i64 = 5;
/// Days back that the chart shows.
const BACK: u64 = 90;

/// A customer's line of the item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemLine {
    pub line: LineId,
    pub order: String,
    pub customer: String,
    pub allocated: Qty,
    /// Open less allocated.
    pub short: Qty,
    pub likely: Option<NaiveDate>,
    /// What is to come for it, what comes first on top.
    pub comes: Vec<Comes>,
    /// What no stock and no PO covers.
    pub uncovered: Qty,
}

/// What of a PO line goes to a customer's line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comes {
    pub quantity: Qty,
    pub po: String,
    /// When it can likely ship; none: nobody knows.
    pub ships_on: Option<NaiveDate>,
}

/// Goods to come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coming {
    pub po_line: PoLineId,
    pub po: String,
    pub supplier: String,
    pub open: Qty,
    pub due: Option<NaiveDate>,
    pub arrives: Option<Arrives>,
    /// Why nobody knows when it comes; said where `arrives` is none.
    pub unknown: String,
    /// Which order it goes to first, and how much.
    pub goes_to: Option<(String, Qty)>,
}

/// The item in full.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemDetail {
    pub record: Record,
    pub bins: Vec<InBin>,
    pub on_hand: Qty,
    pub sellable: Qty,
    pub reserved: Qty,
    /// Those that hold something first, then by likely date.
    pub lines: Vec<ItemLine>,
    pub coming: Vec<Coming>,
    pub daily: Option<f64>,
    pub low_at: Option<Qty>,
    /// How full its shelf is, against what is to be kept; and since when it stands so.
    pub stock: Option<StockLevel>,
    pub since: Option<NaiveDate>,
    /// The last counts, newest first.
    pub counts: Vec<Counted>,
    /// The stock at the end of each of the last days, oldest first, today last.
    pub past: Vec<Qty>,
}

impl ItemDetail {
    pub fn free(&self) -> Qty {
        self.sellable - self.reserved
    }
    /// Days in its zone; none: not known.
    pub fn days_in_zone(&self, today: NaiveDate) -> Option<i64> {
        self.since.map(|since| (today - since).num_days())
    }
    pub fn wait(&self) -> Qty {
        self.lines.iter().map(|l| l.short).sum()
    }
    /// The stock expected so many days from now: what lies here, less the customers' orders and usual sales, plus what is likely to come.
    pub fn expected(&self, days: u64, today: NaiveDate) -> Qty {
        let day = today.checked_add_days(Days::new(days)).unwrap_or(today);
        let came: Qty = self.coming.iter().filter(|c| c.arrives.is_some_and(|a| a.likely <= day)).map(|c| c.open).sum();
        let sold = Qty::from_f64(self.daily.unwrap_or(0.0) * days as f64);
        (self.sellable + came - self.reserved - self.wait() - sold).or_zero()
    }
}

/// What suppliers are usually late by, kept from one item to the next: a supplier of a large warehouse has thousands of
/// deliveries, and a person walks down the list with the arrow held.
#[derive(Debug, Default)]
pub struct Learned {
    after: i64,
    of: HashMap<SupplierId, Lateness>,
}

impl Learned {
    /// Forgets all where something was done since.
    fn refresh(&mut self, db: &Db) -> Result<()> {
        let last = plans::last_operation(db)?;
        if last != self.after {
            self.of.clear();
            self.after = last;
        }
        Ok(())
    }
}

/// Reads and works out everything about an item. Refused where it is gone.
pub fn load(db: &Db, item: ItemId, today: NaiveDate, learned: &mut Learned) -> Result<ItemDetail> {
    learned.refresh(db)?;
    let record = item::record(db, item)?
        .ok_or_else(|| Failure::refused("This item is not there any more. F5 reads the list again."))?;
    let bins = item::bins(db, item)?;
    let open = waiting::of_item(db, item)?;
    let rows = inbound::read(db, Which::Item(item))?;
    let mut inbound: Vec<Inbound> = rows.into_iter().map(|row| row.inbound).collect();
    learning::tell(db, inbound.iter_mut().map(|line| (item, line)), today)?;
    for line in &inbound {
        if let Entry::Vacant(place) = learned.of.entry(line.supplier) {
            place.insert(learning::lateness_of(db, line.supplier, today)?);
        }
    }
    let lateness = &learned.of;
    let sellable = waiting::sellable(db, item)?;
    let settings = Settings::load(db)?;
    let handling = settings.count("handling_days");
    let stock = levels::of(db, item)?;
    let stands_since = stock.map(|s| levels::since(db, item, &s, settings.cover_days(), today)).transpose()?.flatten();
    let pegged = peg(&open, sellable, &inbound, lateness, today, handling);
    let names = item::customers(db, item)?;
    let mut lines: Vec<ItemLine> = open
        .iter()
        .zip(&pegged)
        .map(|(line, pegged)| ItemLine {
            line: line.line,
            order: line.order_code.clone(),
            customer: names.get(&line.line).cloned().unwrap_or_default(),
            allocated: line.allocated,
            short: line.open - line.allocated,
            likely: pegged.likely,
            comes: comes(pegged, &inbound),
            uncovered: pegged.uncovered,
        })
        .collect();
    lines.sort_by_key(|l| (l.allocated.is_zero(), l.likely.is_none(), l.likely, l.order.clone()));
    let plan = plans::plan_of(db, item)?;
    let on_hand: Qty = bins.iter().map(|b| b.quantity).sum();
    let since = today.checked_sub_days(Days::new(BACK)).unwrap_or(today);
    Ok(ItemDetail {
        past: past(on_hand, &item::daily_movements(db, item, since)?, since, today),
        coming: inbound
            .iter()
            .enumerate()
            .map(|(at, line)| coming(at, line, &open, &pegged, lateness, today))
            .collect(),
        low_at: plan.as_ref().map(|p| p.reorder_point).or(record.min),
        daily: plan.map(|p| p.daily),
        stock,
        since: stands_since,
        counts: item::last_counts(db, item, COUNTS)?,
        reserved: open.iter().map(|l| l.allocated).sum(),
        record,
        bins,
        on_hand,
        sellable,
        lines,
    })
}

fn comes(pegged: &Pegged, inbound: &[Inbound]) -> Vec<Comes> {
    let po = |at: usize| inbound.get(at).map(Inbound::po_name).unwrap_or_default();
    let parts = pegged.parts.iter();
    parts.map(|p| Comes { quantity: p.quantity, po: po(p.inbound), ships_on: p.ships_on }).collect()
}

fn coming(
    at: usize,
    line: &Inbound,
    open: &[Waiting],
    pegged: &[Pegged],
    lateness: &HashMap<SupplierId, Lateness>,
    today: NaiveDate,
) -> Coming {
    let arrives = lateness.get(&line.supplier).and_then(|learned| line.arrives(learned, today));
    let goes_to = open.iter().zip(pegged).find_map(|(waiting, pegged)| {
        let part = pegged.parts.iter().find(|p| p.inbound == at)?;
        Some((waiting.order_code.clone(), part.quantity))
    });
    Coming {
        po_line: line.po_line,
        po: line.po_code.clone(),
        supplier: line.supplier_name.clone(),
        open: line.open,
        due: line.due_on(),
        arrives,
        unknown: line.unknown_words(today),
        goes_to,
    }
}

/// The stock at the end of each day, worked back from today's by the movements.
fn past(on_hand: Qty, movements: &[(NaiveDate, Qty)], since: NaiveDate, today: NaiveDate) -> Vec<Qty> {
    let after: Qty = movements.iter().filter(|(day, _)| *day > today).map(|(_, q)| *q).sum();
    let mut level = on_hand - after;
    let mut levels = Vec::new();
    let mut newest = movements.iter().rev().filter(|(day, _)| *day <= today).peekable();
    for day in since.iter_days().take_while(|d| *d <= today).collect::<Vec<_>>().into_iter().rev() {
        levels.push(level);
        while let Some((_, quantity)) = newest.next_if(|(moved, _)| *moved >= day) {
            level -= *quantity;
        }
    }
    levels.reverse();
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_is_worked_back_from_today() {
        let d = |n| NaiveDate::from_ymd_opt(2026, 11, n).unwrap();
        let q = Qty::units;
        let movements = [(d(20), q(10)), (d(22), q(-3)), (d(24), q(100))];
        let levels = past(q(107), &movements, d(19), d(23));
        assert_eq!(levels, [q(0), q(10), q(10), q(7), q(7)]);
    }
}
