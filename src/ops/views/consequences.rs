//! What a supplier's lateness costs us: shelves that stood empty between the day that he first promised and the day on
//! which the goods came, and the stock that we keep so that they do not.

use crate::domain::calendar::days_between;
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::lateness::{Delivery, learn};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::ops::settings::Settings;
use crate::store::suppliers::deliveries_of;
use crate::store::{Db, Result, consequences as kept};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// Late lines that are looked into, the newest ones: a page is to open at once.
const MOST: usize = 400;

/// What his lateness costs.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Consequences {
    pub stock_outs: StockOuts,
    /// None: nothing learned, never late, or nothing of his sells.
    pub safety: Option<Safety>,
}

/// Shelves that were empty while goods of his were late.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StockOuts {
    /// Late lines in whose delay the item ran out.
    pub count: usize,
    /// Days on which such an item stood at nothing, each item's day once.
    pub days: usize,
    /// The newest: item and the first empty day of it.
    pub last: Option<(String, NaiveDate)>,
}

/// Stock that is kept because he is late, beyond what his own promises would ask for.
#[derive(Clone, PartialEq, Debug)]
pub struct Safety {
    /// Days that he is late at most, so often as `share` says.
    pub late_days: i64,
    /// Of his lines: the share of demand that is to be served from stock (a setting).
    pub share: f64,
    /// What his items sell in those days.
    pub pieces: Qty,
    /// At cost, of the items whose cost is known.
    pub worth: Money,
    /// What holding that costs a year; none: the setting is blank.
    pub yearly: Option<Money>,
}

/// Reads and works it out, over lines first promised in the last `window_days`.
pub fn load(db: &Db, supplier: SupplierId, window_days: i64, today: NaiveDate) -> Result<Consequences> {
    let deliveries = deliveries_of(db, supplier)?;
    Ok(Consequences {
        stock_outs: stock_outs(db, &deliveries, window_days, today)?,
        safety: safety(db, supplier, &deliveries, today)?,
    })
}

/// The days of a delay: from the day first promised up to the day before the line was complete, or up to today.
fn delay(line: &Delivery, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let promised = line.first_promised?;
    let until = match line.completed_on(today) {
        Some(came) => came.pred_opt()?,
        None if line.is_overdue(today) => today,
        None => return None,
    };
    (promised <= until && promised < today).then_some((promised, until))
}

fn stock_outs(db: &Db, deliveries: &[Delivery], window_days: i64, today: NaiveDate) -> Result<StockOuts> {
    let mut late: Vec<(ItemId, NaiveDate, NaiveDate)> = deliveries
        .iter()
        .filter_map(|line| delay(line, today).map(|(from, until)| (line.item, from, until)))
        .filter(|(_, from, _)| days_between(*from, today) <= window_days)
        .collect();
    late.sort_by_key(|l| std::cmp::Reverse((l.1, l.0)));
    late.truncate(MOST);
    let mut levels: HashMap<ItemId, Vec<(NaiveDate, Qty)>> = HashMap::new();
    let mut found = StockOuts::default();
    let mut empty: BTreeMap<(ItemId, NaiveDate), ()> = BTreeMap::new();
    for (item, from, until) in late {
        let changes = match levels.entry(item) {
            std::collections::hash_map::Entry::Occupied(e) => e.into_mut(),
            std::collections::hash_map::Entry::Vacant(e) => e.insert(kept::daily_changes(db, item)?),
        };
        let days = empty_days(changes, from, until);
        let Some(first) = days.first().copied() else { continue };
        found.count += 1;
        empty.extend(days.into_iter().map(|day| ((item, day), ())));
        if found.last.as_ref().is_none_or(|(_, day)| *day < first) {
            found.last = Some((kept::item_name(db, item)?, first));
        }
    }
    found.days = empty.len();
    Ok(found)
}

/// The days from `from` to `until` at whose end nothing was left. What was before the first movement is not known.
fn empty_days(changes: &[(NaiveDate, Qty)], from: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
    let mut upcoming = changes.iter().peekable();
    let (mut level, mut known) = (Qty::ZERO, false);
    let mut out = Vec::new();
    for day in from.iter_days().take_while(|day| *day <= until) {
        while let Some((_, change)) = upcoming.next_if(|(on, _)| *on <= day) {
            level += *change;
            known = true;
        }
        if known && !level.is_positive() {
            out.push(day);
        }
    }
    out
}

fn safety(db: &Db, supplier: SupplierId, deliveries: &[Delivery], today: NaiveDate) -> Result<Option<Safety>> {
    let settings = Settings::load(db)?;
    let share = settings.number("planning.target").unwrap_or(0.95);
    let learned = learn(deliveries, today).remove(&supplier).unwrap_or_default();
    let Some(late_days) = learned.within(share).filter(|days| *days > 0) else { return Ok(None) };
    let (mut pieces, mut worth) = (Qty::ZERO, Money::ZERO);
    for sold in kept::sold_from(db, supplier)? {
        let more = Qty::from_f64(sold.daily * late_days as f64);
        pieces += more;
        worth += sold.cost.map_or(Money::ZERO, |cost| cost.times(more));
    }
    if !pieces.is_positive() {
        return Ok(None);
    }
    let rate = settings.number("planning.holding_rate").filter(|rate| *rate > 0.0);
    let yearly = rate.map(|rate| Money::from_f64(worth.as_f64() * rate));
    Ok(Some(Safety { late_days, share, pieces, worth, yearly }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, n).unwrap()
    }

    #[test]
    fn a_day_is_empty_when_nothing_is_left_at_its_end() {
        let changes = [(day(2), Qty::units(10)), (day(4), Qty::units(-10)), (day(7), Qty::units(5))];
        assert_eq!(empty_days(&changes, day(1), day(8)), [day(4), day(5), day(6)]);
        assert_eq!(empty_days(&changes, day(5), day(5)), [day(5)]);
        assert!(empty_days(&changes, day(1), day(1)).is_empty(), "before the first movement nothing is known");
        assert!(empty_days(&[], day(1), day(8)).is_empty());
        assert!(empty_days(&changes, day(8), day(5)).is_empty());
    }
}
