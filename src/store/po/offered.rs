//! Who sells something, and what a supplier sells on which terms: for orders by hand.

use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::store::cells::{maybe_money, maybe_quantity};
use crate::store::{Db, Result};
use rusqlite::{OptionalExtension, Row, params};

/// The supplier with that code, else the only one whose name holds the words.
pub fn supplier_named(db: &Db, words: &str) -> Result<Vec<(SupplierId, String)>> {
    let by_code = "SELECT id, name FROM supplier WHERE code = ?1 COLLATE NOCASE";
    let exact: Option<(i64, String)> =
        db.prepare_cached(by_code)?.query_row([words.trim()], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
    if let Some((id, name)) = exact {
        return Ok(vec![(SupplierId(id), name)]);
    }
    let by_name = "SELECT id, name FROM supplier WHERE instr(lower(name), lower(?1)) > 0 ORDER BY name LIMIT 20";
    let mut statement = db.prepare_cached(by_name)?;
    let rows = statement.query_map([words.trim()], |r| Ok((SupplierId(r.get(0)?), r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Something that a supplier sells: for orders by hand.
#[derive(Clone, PartialEq, Debug)]
pub struct Offered {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub unit: Option<String>,
    pub cost: Option<Money>,
    pub min_quantity: Option<Qty>,
    pub pack: Option<Qty>,
    pub lead_days: Option<i64>,
    /// The supplier is known to sell it.
    pub listed: bool,
    /// How much of it goes a day, where it is planned.
    pub daily: Option<f64>,
}

const OFFERED: &str =
    "SELECT i.id, i.sku, i.name, coalesce(si.cost, i.cost), si.min_quantity, coalesce(si.pack, i.pack),
  coalesce(si.lead_days, s.lead_days), coalesce(i.supplier_id = s.id, 0) OR si.id IS NOT NULL,
  (SELECT p.daily FROM item_plan p WHERE p.item_id = i.id), i.unit
  FROM item i JOIN supplier s ON s.id = ?1 LEFT JOIN supplier_item si ON si.item_id = i.id AND si.supplier_id = s.id";

fn offered(r: &Row) -> rusqlite::Result<Offered> {
    Ok(Offered {
        item: ItemId(r.get(0)?),
        sku: r.get(1)?,
        name: r.get(2)?,
        cost: maybe_money(r, 3)?,
        min_quantity: maybe_quantity(r, 4)?,
        pack: maybe_quantity(r, 5)?,
        lead_days: r.get(6)?,
        listed: r.get(7)?,
        daily: r.get(8)?,
        unit: r.get(9)?,
    })
}

/// What a supplier is known to sell, by SKU.
pub fn offered_by(db: &Db, supplier: SupplierId, limit: i64) -> Result<Vec<Offered>> {
    let sql = format!(
        "{OFFERED} WHERE i.status = 'active' AND (i.supplier_id = ?1 OR si.id IS NOT NULL) ORDER BY i.sku LIMIT ?2"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![supplier.0, limit], offered)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An item by SKU or barcode, on a supplier's terms where there are any.
pub fn offered_item(db: &Db, supplier: SupplierId, code: &str) -> Result<Option<Offered>> {
    let sql = format!(
        "{OFFERED} WHERE i.sku = ?2 COLLATE NOCASE OR i.id IN (SELECT b.item_id FROM barcode b WHERE b.code = ?2) LIMIT 1"
    );
    Ok(db.prepare_cached(&sql)?.query_row(params![supplier.0, code.trim()], offered).optional()?)
}
