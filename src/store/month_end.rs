//! Stock as of any day, from the movements alone; what moved in a period; and which rows lie in days that are closed.

use super::{Db, Result, Tx};
use crate::domain::ids::ItemId;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};
use std::collections::HashSet;

/// Items that the Stock tab wants counted because nobody ever said how many there are: no stock of them ever moved.
pub fn never_counted(db: &Db) -> Result<usize> {
    let sql = "SELECT count(*) FROM item_state s
               WHERE s.trouble = 0 AND s.on_hand = 0 AND NOT EXISTS (SELECT 1 FROM level l WHERE l.item_id = s.item_id)";
    let n: i64 = db.prepare_cached(sql)?.query_row([], |r| r.get(0))?;
    Ok(usize::try_from(n).unwrap_or(0))
}

/// The items that stand in any order, open or closed.
pub fn ever_ordered(db: &Db) -> Result<HashSet<ItemId>> {
    let mut statement = db.prepare_cached("SELECT DISTINCT item_id FROM order_line")?;
    let rows = statement.query_map([], |r| Ok(ItemId(r.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What lay of an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub category: Option<String>,
    /// In all bins.
    pub quantity: Qty,
    /// Of it in quarantine.
    pub quarantine: Qty,
    /// What one costs, as the item says today.
    pub cost: Option<Money>,
}

/// What every movement of that day or before lies below, with an hour or without one.
fn end_of(day: NaiveDate) -> String {
    day.succ_opt().unwrap_or(day).to_string()
}

/// What lay of every item at the end of a day, by SKU; items of which nothing lay are left out.
pub fn held(db: &Db, day: NaiveDate) -> Result<Vec<Held>> {
    // One walk along the index; the items are joined to its sums, not to its rows.
    let sql = "SELECT i.id, i.sku, i.name, i.category, s.quantity, s.aside, i.cost FROM
        (SELECT item_id, sum(quantity) AS quantity,
           coalesce(sum(CASE WHEN bin_id IN (SELECT id FROM bin WHERE kind = 'quarantine') THEN quantity END), 0) AS aside
         FROM movement INDEXED BY movement_by_item WHERE at < ?1 GROUP BY item_id) s
      JOIN item i ON i.id = s.item_id WHERE s.quantity <> 0 OR s.aside <> 0 ORDER BY i.sku";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([end_of(day)], |r| {
        Ok(Held {
            item: ItemId(r.get(0)?),
            sku: r.get(1)?,
            name: r.get(2)?,
            category: r.get(3)?,
            quantity: Qty::from_thousandths(r.get(4)?),
            quarantine: Qty::from_thousandths(r.get(5)?),
            cost: r.get::<_, Option<i64>>(6)?.map(Money::from_ten_thousandths),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What moved of an item for a reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moved {
    pub reason: String,
    pub cost: Option<Money>,
    pub movements: i64,
    pub into: Qty,
    pub out: Qty,
}

/// What moved from one day to another, both included, by reason and item.
pub fn moved(db: &Db, from: NaiveDate, to: NaiveDate) -> Result<Vec<Moved>> {
    let sql = "SELECT s.reason, i.cost, s.movements, s.into_, s.out_ FROM
        (SELECT reason, item_id, count(*) AS movements, sum(max(quantity, 0)) AS into_, sum(min(quantity, 0)) AS out_
         FROM movement WHERE at >= ?1 AND at < ?2 GROUP BY reason, item_id) s
      JOIN item i ON i.id = s.item_id ORDER BY s.reason";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map(params![from.to_string(), end_of(to)], |r| {
        Ok(Moved {
            reason: r.get(0)?,
            cost: r.get::<_, Option<i64>>(1)?.map(Money::from_ten_thousandths),
            movements: r.get(2)?,
            into: Qty::from_thousandths(r.get(3)?),
            out: Qty::from_thousandths(r.get(4)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Refunds that were paid in a period: how many, and how much of those whose amount is known.
pub fn refunds_paid(db: &Db, from: NaiveDate, to: NaiveDate) -> Result<(i64, Money)> {
    let sql = "SELECT count(*), coalesce(sum(amount), 0) FROM refund
               WHERE paid_on BETWEEN ?1 AND ?2 AND withdrawn_by IS NULL";
    Ok(db.prepare_cached(sql)?.query_row(params![from.to_string(), to.to_string()], |r| {
        Ok((r.get(0)?, Money::from_ten_thousandths(r.get(1)?)))
    })?)
}

/// What carries a day of the books: its table, the column of that day, and its name for a person.
const DATED: [(&str, &str, &str); 6] = [
    ("movement", "at", "movement"),
    ("receipt", "received_on", "delivery"),
    ("shipment", "shipped_on", "shipment"),
    ("refund", "paid_on", "refund"),
    ("po_invoice", "invoiced_on", "supplier's invoice"),
    ("count_entry", "counted_at", "count"),
];

/// The first row that this operation made, or took back, and that is dated on or before the day: its name and its day.
pub fn first_closed(tx: &Tx, closed: NaiveDate) -> Result<Option<(&'static str, String)>> {
    for (table, from, to, taken_back) in tx.changed() {
        let Some((_, column, name)) = DATED.iter().find(|d| d.0 == table) else { continue };
        let only = if taken_back { "AND withdrawn_by IS NOT NULL" } else { "" };
        let sql = format!(
            "SELECT substr({column}, 1, 10) FROM {table}
             WHERE id BETWEEN ?1 AND ?2 AND substr({column}, 1, 10) <= ?3 {only} ORDER BY {column} LIMIT 1"
        );
        let day: Option<String> =
            tx.prepare_cached(&sql)?.query_row(params![from, to, closed.to_string()], |r| r.get(0)).optional()?;
        if let Some(day) = day {
            return Ok(Some((name, day)));
        }
    }
    Ok(None)
}
