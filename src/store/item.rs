//! The facts about one item that its detail shows: where it lies, who waits, what comes, how it went.

use super::cells::{date, maybe_date};
use super::{Db, Result};
use crate::domain::ids::{BinId, ItemId, LineId, PoLineId};
use crate::domain::money::Money;
use crate::domain::oversell::{Oversell, Policy};
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use std::collections::{BTreeSet, HashMap};

/// The item's own record.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    pub id: ItemId,
    pub sku: String,
    pub name: String,
    pub note: Option<String>,
    pub category: Option<String>,
    pub unit: Option<String>,
    pub cost: Option<Money>,
    pub price: Option<Money>,
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    pub pack: Option<Qty>,
    pub active: bool,
    /// The barcode that the items table names.
    pub barcode: Option<String>,
    /// The home bin's code.
    pub bin: Option<String>,
    pub supplier: Option<String>,
    pub oversell: Oversell,
    /// The first day on which it is there; a pre-order's set date where its order states none.
    pub available_on: Option<NaiveDate>,
}

/// The record, if the item is there.
pub fn record(db: &Db, item: ItemId) -> Result<Option<Record>> {
    let sql = "SELECT i.id, i.sku, i.name, i.note, i.category, i.unit, i.cost, i.price, i.min, i.max, i.pack, i.status = 'active',
                 (SELECT code FROM barcode WHERE item_id = i.id ORDER BY main DESC, id LIMIT 1),
                 (SELECT code FROM bin WHERE id = i.bin_id), (SELECT name FROM supplier WHERE id = i.supplier_id),
                 i.backorders, i.backorder_limit, i.available_on
               FROM item i WHERE i.id = ?1";
    let quantity =
        |r: &Row, at: usize| Ok::<_, rusqlite::Error>(r.get::<_, Option<i64>>(at)?.map(Qty::from_thousandths));
    let money =
        |r: &Row, at: usize| Ok::<_, rusqlite::Error>(r.get::<_, Option<i64>>(at)?.map(Money::from_ten_thousandths));
    Ok(db
        .prepare_cached(sql)?
        .query_row([item.0], |r| {
            Ok(Record {
                id: ItemId(r.get(0)?),
                sku: r.get(1)?,
                name: r.get(2)?,
                note: r.get(3)?,
                category: r.get(4)?,
                unit: r.get(5)?,
                cost: money(r, 6)?,
                price: money(r, 7)?,
                min: quantity(r, 8)?,
                max: quantity(r, 9)?,
                pack: quantity(r, 10)?,
                active: r.get(11)?,
                barcode: r.get(12)?,
                bin: r.get(13)?,
                supplier: r.get(14)?,
                oversell: oversell(r, 15)?,
                available_on: maybe_date(r, 17)?,
            })
        })
        .optional()?)
}

/// Policy and limit, from two columns side by side.
pub(super) fn oversell(r: &Row, at: usize) -> rusqlite::Result<Oversell> {
    Ok(Oversell {
        policy: r.get::<_, Option<String>>(at)?.map_or(Policy::Allow, |p| Policy::named(&p)),
        limit: r.get::<_, Option<i64>>(at + 1)?.map(Qty::from_thousandths),
    })
}

/// An item of which more wait than may.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Oversold {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub wait: Qty,
    pub oversell: Oversell,
}

/// With fewer items than this, each is looked up; with more, all are read once.
const FEW: usize = 1_000;

/// Those of the items of which more wait than may.
pub fn oversold(db: &Db, of: &BTreeSet<ItemId>) -> Result<Vec<Oversold>> {
    if of.len() >= FEW {
        let mut all = oversold_where(db, "1", &[])?;
        all.retain(|o| of.contains(&o.item));
        return Ok(all);
    }
    let mut found = Vec::new();
    for item in of {
        found.extend(oversold_where(db, "i.id = ?1", &[item.0])?);
    }
    found.sort_by(|a, b| a.sku.cmp(&b.sku));
    Ok(found)
}

fn oversold_where(db: &Db, which: &str, ids: &[i64]) -> Result<Vec<Oversold>> {
    let sql = format!(
        "SELECT i.id, i.sku, i.name, t.open_demand - t.allocated, i.backorders, i.backorder_limit
      FROM item i JOIN item_state t ON t.item_id = i.id
      WHERE {which} AND t.open_demand > t.allocated
        AND (i.backorders = 'deny' OR i.backorder_limit < t.open_demand - t.allocated)
      ORDER BY i.sku"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(ids), |r| {
        Ok(Oversold {
            item: ItemId(r.get(0)?),
            sku: r.get(1)?,
            name: r.get(2)?,
            wait: Qty::from_thousandths(r.get(3)?),
            oversell: oversell(r, 4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What lies in a bin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InBin {
    pub bin: BinId,
    pub code: String,
    /// `storage`, `receiving`, `quarantine` or `shipping`.
    pub kind: String,
    pub quantity: Qty,
}

/// The bins that hold some (or owe some), the fullest first.
pub fn bins(db: &Db, item: ItemId) -> Result<Vec<InBin>> {
    let sql = "SELECT b.id, b.code, b.kind, l.quantity FROM level l JOIN bin b ON b.id = l.bin_id
               WHERE l.item_id = ?1 AND l.quantity <> 0 ORDER BY l.quantity DESC, b.code";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([item.0], |r| {
        Ok(InBin {
            bin: BinId(r.get(0)?),
            code: r.get(1)?,
            kind: r.get(2)?,
            quantity: Qty::from_thousandths(r.get(3)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The customers' names of the item's open lines.
pub fn customers(db: &Db, item: ItemId) -> Result<HashMap<LineId, String>> {
    let sql = "SELECT l.id, c.name FROM order_line l JOIN customer_order o ON o.id = l.order_id JOIN customer c ON c.id = o.customer_id
               WHERE l.item_id = ?1 AND l.shipped + l.cancelled < l.quantity";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([item.0], |r| Ok((LineId(r.get(0)?), r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The net movement of each day after `since`, oldest first.
pub fn daily_movements(db: &Db, item: ItemId, since: NaiveDate) -> Result<Vec<(NaiveDate, Qty)>> {
    let sql =
        "SELECT substr(at, 1, 10), sum(quantity) FROM movement WHERE item_id = ?1 AND at > ?2 GROUP BY 1 ORDER BY 1";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![item.0, format!("{since}T99")], |r| Ok((date(r, 0)?, Qty::from_thousandths(r.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The newest count of the item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    pub on: NaiveDate,
    pub operator: String,
    pub difference: Qty,
}

/// The last counts of the item, newest first.
pub fn last_counts(db: &Db, item: ItemId, limit: i64) -> Result<Vec<Counted>> {
    let sql = "SELECT substr(counted_at, 1, 10), operator, counted - book FROM count_entry
               WHERE item_id = ?1 AND withdrawn_by IS NULL ORDER BY counted_at DESC, id DESC LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([item.0, limit], |r| {
        Ok(Counted { on: date(r, 0)?, operator: r.get(1)?, difference: Qty::from_thousandths(r.get(2)?) })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A PO line on which goods are still to come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenPoLine {
    pub po_line: PoLineId,
    pub po: String,
    pub supplier: String,
    pub item: ItemId,
    pub sku: String,
    pub item_name: String,
    /// Ordered less cancelled.
    pub quantity: Qty,
    pub received: Qty,
    pub due: Option<NaiveDate>,
}

impl OpenPoLine {
    /// Still to come.
    pub fn open(&self) -> Qty {
        self.quantity - self.received
    }
}

/// Every PO line on which goods are still to come, those due first at the top.
pub fn open_po_lines(db: &Db) -> Result<Vec<OpenPoLine>> {
    let sql = "SELECT p.id, h.code, s.name, i.id, i.sku, i.name, p.quantity - p.cancelled, p.received,
                 coalesce(p.expected_on, h.expected_on, p.confirmed_for) AS due
               FROM po_line p JOIN purchase_order h ON h.id = p.po_id JOIN supplier s ON s.id = h.supplier_id JOIN item i ON i.id = p.item_id
               WHERE p.closed = 0 AND p.received + p.cancelled < p.quantity AND (h.status IS NULL OR h.status IN ('sent', 'confirmed'))
               ORDER BY due IS NULL, due, h.id, p.id LIMIT 5000";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |r| {
        Ok(OpenPoLine {
            po_line: PoLineId(r.get(0)?),
            po: r.get(1)?,
            supplier: r.get(2)?,
            item: ItemId(r.get(3)?),
            sku: r.get(4)?,
            item_name: r.get(5)?,
            quantity: Qty::from_thousandths(r.get(6)?),
            received: Qty::from_thousandths(r.get(7)?),
            due: maybe_date(r, 8)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
