//! Which places a count is to look at: bins, and items in bins, by what the books and the record say.

use super::Place;
use crate::domain::ids::{BinId, ItemId};
use crate::domain::money::Money;
use crate::store::cells::maybe_date;
use crate::store::{Db, Result};
use chrono::NaiveDate;
use rusqlite::{Row, params};

/// A place of an item: where the book says that some lies, else its home bin.
const PLACES: &str = "SELECT v.bin_id, v.item_id FROM level v WHERE v.quantity <> 0";

fn place(r: &Row) -> rusqlite::Result<Place> {
    Ok((BinId(r.get(0)?), Some(ItemId(r.get(1)?))))
}

/// Every storage, receiving and quarantine bin, by code.
pub fn bins(db: &Db) -> Result<Vec<(BinId, String)>> {
    let mut statement = db.prepare_cached("SELECT id, code FROM bin ORDER BY code")?;
    let rows = statement.query_map([], |r| Ok((BinId(r.get(0)?), r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Where the items of a category lie.
pub fn of_category(db: &Db, category: &str) -> Result<Vec<Place>> {
    let mut statement = db.prepare_cached(&format!(
        "{PLACES} AND v.item_id IN (SELECT id FROM item WHERE category = ?1 COLLATE NOCASE)"
    ))?;
    let rows = statement.query_map([category.trim()], place)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every item in every bin where some lies, with the day it was last counted there.
pub fn last_counted(db: &Db) -> Result<Vec<(BinId, ItemId, Option<NaiveDate>)>> {
    let mut statement = db.prepare_cached(
        "SELECT v.bin_id, v.item_id, (SELECT substr(max(counted_at), 1, 10) FROM count_entry e
           WHERE e.item_id = v.item_id AND e.bin_id = v.bin_id AND e.withdrawn_by IS NULL)
         FROM level v WHERE v.quantity <> 0",
    )?;
    let rows = statement.query_map([], |r| Ok((BinId(r.get(0)?), ItemId(r.get(1)?), maybe_date(r, 2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Where the book says less than nothing.
pub fn below_zero(db: &Db) -> Result<Vec<Place>> {
    let mut statement = db.prepare_cached("SELECT bin_id, item_id FROM level WHERE quantity < 0")?;
    let rows = statement.query_map([], place)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Places that the last movement emptied by a pick, and that nobody counted since: the moment to see that nothing is left.
pub fn emptied(db: &Db, since: NaiveDate) -> Result<Vec<Place>> {
    let mut statement = db.prepare_cached(
        "SELECT m.bin_id, m.item_id FROM movement m JOIN level v ON v.item_id = m.item_id AND v.bin_id = m.bin_id AND v.quantity = 0
         WHERE m.reason = 'shipment' AND m.at >= ?1
           AND m.id = (SELECT max(n.id) FROM movement n WHERE n.item_id = m.item_id AND n.bin_id = m.bin_id)
           AND NOT EXISTS (SELECT 1 FROM count_entry e WHERE e.item_id = m.item_id AND e.bin_id = m.bin_id
                           AND e.withdrawn_by IS NULL AND e.counted_at >= m.at)",
    )?;
    let rows = statement.query_map([since.to_string()], place)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Where the book says that some lies of an item that a customer waits for: `short` are those items.
pub fn short(db: &Db) -> Result<Vec<Place>> {
    let mut statement = db.prepare_cached(&format!(
        "{PLACES} AND v.item_id IN (SELECT item_id FROM order_line WHERE quantity > shipped + cancelled
           GROUP BY item_id HAVING sum(quantity - shipped - cancelled - allocated) > 0)"
    ))?;
    let rows = statement.query_map([], place)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What each item was worth of what was shipped since that day.
pub fn used_since(db: &Db, since: NaiveDate) -> Result<Vec<(ItemId, Money)>> {
    let mut statement = db.prepare_cached(
        "SELECT l.item_id, sum(l.shipped), i.cost FROM order_line l JOIN item i ON i.id = l.item_id
         WHERE l.shipped > 0 AND l.shipped_on >= ?1 AND i.cost > 0 GROUP BY l.item_id",
    )?;
    let rows = statement.query_map(params![since.to_string()], |r| {
        let used = crate::domain::quantity::Qty::from_thousandths(r.get(1)?);
        Ok((ItemId(r.get(0)?), Money::from_ten_thousandths(r.get(2)?).times(used)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The categories that items have, by name.
pub fn categories(db: &Db) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT category FROM item WHERE category IS NOT NULL AND category <> '' ORDER BY 1 LIMIT 500",
    )?;
    let rows = statement.query_map([], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How long it takes to count a line, in seconds: the median of the last thousand pauses between two lines of one person
/// in one bin, each at most five minutes. `None` where nobody counted yet.
pub fn seconds_a_line(db: &Db) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached(
        "SELECT gap FROM (SELECT CAST(strftime('%s', at) AS INTEGER) - lag(CAST(strftime('%s', at) AS INTEGER))
           OVER (PARTITION BY visit ORDER BY id) gap
         FROM (SELECT id, visit, at FROM count_scan WHERE visit IS NOT NULL ORDER BY id DESC LIMIT 1000))
         WHERE gap BETWEEN 1 AND 300 ORDER BY gap",
    )?;
    let gaps: Vec<i64> = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(gaps.get(gaps.len() / 2).copied())
}
