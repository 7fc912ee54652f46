//! How an item's stock stands against what is to be kept of it, and since when: one place for every gauge.

use super::cells::{maybe_date, maybe_money, maybe_quantity};
use super::{Db, Result, Tx, item};
use crate::domain::gauge::Gauge;
use crate::domain::ids::ItemId;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::stock::Trouble;
use chrono::{Days, NaiveDate};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// How far back it is looked since when an item stands so, in days.
const BACK: u64 = 365;

/// The columns of [`row`], of an item with its state `s`, its plan `p` (may be missing) and the item `i`.
pub const COLUMNS: &str = "s.trouble, s.sellable - s.allocated, s.on_order, s.on_hand,
  coalesce(p.order_up_to, i.max, i.min), coalesce(p.reorder_point, i.min), i.max, p.daily";

/// An item's stock and the levels that it is measured by.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct StockLevel {
    pub trouble: Trouble,
    /// Sellable less reserved.
    pub free: Qty,
    /// On POs that were sent.
    pub coming: Qty,
    pub on_hand: Qty,
    /// To which an order lifts it.
    pub up_to: Option<Qty>,
    /// Ordered at or below this.
    pub point: Option<Qty>,
    pub max: Option<Qty>,
    pub daily: Option<f64>,
}

impl StockLevel {
    /// Its gauge; none where nothing says how much is to be kept.
    pub fn gauge(&self) -> Option<Gauge> {
        Gauge::of(self.trouble, self.free, self.coming, self.up_to)
    }

    /// As much as is wanted at most: the person's own, else what sells in so many days.
    fn most(&self, cover_days: f64) -> Option<Qty> {
        self.max.or_else(|| self.daily.filter(|d| *d > 0.0).map(|d| Qty::from_f64(d * cover_days)))
    }

    /// What of the zones can be told from the stock on hand alone; none: it takes more to know.
    fn seen(&self, on_hand: Qty, cover_days: f64) -> Option<Trouble> {
        if on_hand.is_negative() {
            return Some(Trouble::Count);
        }
        Some(match (self.point, self.most(cover_days)) {
            _ if on_hand.is_zero() => Trouble::None,
            (Some(point), _) if point.is_positive() && on_hand <= point => Trouble::Order,
            (_, Some(most)) if on_hand > most => Trouble::Much,
            (None, None) => return None,
            _ => Trouble::Ok,
        })
    }
}

/// Reads [`COLUMNS`] from column `at` on.
pub fn row(r: &Row, at: usize) -> rusqlite::Result<StockLevel> {
    Ok(StockLevel {
        trouble: Trouble::from_number(r.get(at)?),
        free: Qty::from_thousandths(r.get(at + 1)?),
        coming: Qty::from_thousandths(r.get(at + 2)?),
        on_hand: Qty::from_thousandths(r.get(at + 3)?),
        up_to: maybe_quantity(r, at + 4)?,
        point: maybe_quantity(r, at + 5)?,
        max: maybe_quantity(r, at + 6)?,
        daily: r.get(at + 7)?,
    })
}

/// One item's.
pub fn of(db: &Db, item: ItemId) -> Result<Option<StockLevel>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM item_state s JOIN item i ON i.id = s.item_id LEFT JOIN item_plan p ON p.item_id = s.item_id
         WHERE s.item_id = ?1"
    );
    Ok(db.prepare_cached(&sql)?.query_row(params![item.0], |r| row(r, 0)).optional()?)
}

/// Since which day the item stands as it does: since its zone began, or, where its movements tell of more, since the
/// stock on hand came where it is as judged by today's levels. At most a year back; none: nothing is known.
pub fn since(
    db: &Db,
    item: ItemId,
    level: &StockLevel,
    cover_days: f64,
    today: NaiveDate,
) -> Result<Option<NaiveDate>> {
    let kept = zone_began(db, item)?;
    let alike = |a: Trouble, b: Trouble| a == b || a == Trouble::Low && b == Trouble::Order;
    let now = level.seen(level.on_hand, cover_days);
    if !now.is_some_and(|seen| alike(level.trouble, seen)) {
        return Ok(kept); // who waits or what is reserved decides, and of that only the zone's own beginning is known
    }
    let from = today.checked_sub_days(Days::new(BACK)).unwrap_or(today);
    let moves = item::daily_movements(db, item, from)?;
    let mut on_hand = level.on_hand;
    let mut since = None;
    for (day, quantity) in moves.iter().rev() {
        since = Some(*day);
        on_hand -= *quantity;
        if level.seen(on_hand, cover_days) != now {
            break;
        }
    }
    Ok(match (kept, since.filter(|day| *day <= today)) {
        (Some(kept), Some(seen)) => Some(kept.min(seen)),
        (kept, seen) => kept.or(seen),
    })
}

/// How an item stands, and for how long.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Standing {
    pub level: StockLevel,
    /// Days in its zone; none: not known.
    pub days: Option<i64>,
}

/// How items stand; not in it: nothing is known of one.
pub fn standings(
    db: &Db,
    items: impl IntoIterator<Item = ItemId>,
    cover_days: f64,
    today: NaiveDate,
) -> Result<HashMap<ItemId, Standing>> {
    let mut all = HashMap::new();
    for item in items {
        if let Entry::Vacant(place) = all.entry(item)
            && let Some(level) = of(db, item)?
        {
            let days = since(db, item, &level, cover_days, today)?.map(|since| (today - since).num_days());
            place.insert(Standing { level, days });
        }
    }
    Ok(all)
}

/// The day on which the zone in which the item is began, as the program saw it.
pub fn zone_began(db: &Db, item: ItemId) -> Result<Option<NaiveDate>> {
    let sql = "SELECT business_date FROM operation WHERE id =
                 (SELECT min(z.since_operation, (SELECT max(id) FROM operation)) FROM item_zone z WHERE z.item_id = ?1)";
    let found = db.prepare_cached(sql)?.query_row(params![item.0], |r| maybe_date(r, 0)).optional()?;
    Ok(found.flatten())
}

/// The items whose levels a person may want to look at: with a minimum or maximum of their own, or red or blue; those
/// that bind or miss most first, at most so many.
pub fn to_look_at(db: &Db, limit: i64) -> Result<Vec<ItemId>> {
    let sql =
        "SELECT s.item_id FROM item_state s JOIN item i ON i.id = s.item_id JOIN item_plan p ON p.item_id = s.item_id
               WHERE i.status = 'active' AND (s.trouble IN (1, 2, 4) OR i.min IS NOT NULL OR i.max IS NOT NULL)
               ORDER BY p.daily * coalesce(i.cost, 0) DESC, s.item_id LIMIT ?1";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![limit], |r| r.get(0).map(ItemId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many items go by a minimum of a person's own.
pub fn typed(db: &Db) -> Result<usize> {
    let sql = "SELECT count(*) FROM item WHERE min IS NOT NULL AND status = 'active'";
    let count: i64 = db.prepare_cached(sql)?.query_row([], |r| r.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// What an item's record says of how much is to be kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Kept {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub cost: Option<Money>,
    pub pack: Option<Qty>,
    /// The person's own.
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    /// Share of its demand to be served, in millionths, where it has its own.
    pub share: Option<i64>,
}

/// One item's; none: it is gone, or it ends.
pub fn kept(db: &Db, item: ItemId) -> Result<Option<Kept>> {
    let sql = "SELECT sku, name, cost, pack, min, max, service_level FROM item WHERE id = ?1 AND status = 'active'";
    let found = db.prepare_cached(sql)?.query_row(params![item.0], |r| {
        Ok(Kept {
            item,
            sku: r.get(0)?,
            name: r.get(1)?,
            cost: maybe_money(r, 2)?,
            pack: maybe_quantity(r, 3)?,
            min: maybe_quantity(r, 4)?,
            max: maybe_quantity(r, 5)?,
            share: r.get(6)?,
        })
    });
    Ok(found.optional()?)
}

/// Writes how much is to be kept of an item; answers whether anything changed.
pub fn keep(tx: &mut Tx, item: ItemId, min: Option<Qty>, max: Option<Qty>, share: Option<i64>) -> Result<bool> {
    let number = |n: Option<i64>| n.map_or(Value::Null, Value::Integer);
    tx.update(
        "item",
        item.0,
        &[
            ("min", number(min.map(Qty::thousandths))),
            ("max", number(max.map(Qty::thousandths))),
            ("service_level", number(share)),
        ],
    )
}
