//! What a supplier's lateness did to stock: the levels of his items day by day, and what they sell.

use super::cells::{date, maybe_money};
use super::{Db, Result};
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::params;

/// What changed an item's usable stock (quarantine left out), a sum for each day, oldest first.
pub fn daily_changes(db: &Db, item: ItemId) -> Result<Vec<(NaiveDate, Qty)>> {
    let sql = "SELECT substr(m.at, 1, 10) day, sum(m.quantity) FROM movement m JOIN bin b ON b.id = m.bin_id
               WHERE m.item_id = ?1 AND b.kind <> 'quarantine' GROUP BY day ORDER BY day";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![item.0], |r| Ok((date(r, 0)?, Qty::from_thousandths(r.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What an item that is ordered from a supplier sells a day, in units, and costs there.
#[derive(Clone, PartialEq, Debug)]
pub struct Seller {
    pub item: ItemId,
    pub daily: f64,
    pub cost: Option<Money>,
}

/// The items that planning would order from a supplier and that sell.
pub fn sold_from(db: &Db, supplier: SupplierId) -> Result<Vec<Seller>> {
    let sql = "SELECT p.item_id, p.daily, coalesce(si.cost, i.cost) FROM item_plan p JOIN item i ON i.id = p.item_id
                 LEFT JOIN supplier_item si ON si.item_id = p.item_id AND si.supplier_id = p.supplier_id
               WHERE p.supplier_id = ?1 AND p.daily > 0 AND i.status = 'active' ORDER BY p.item_id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![supplier.0], |r| {
        Ok(Seller { item: ItemId(r.get(0)?), daily: r.get(1)?, cost: maybe_money(r, 2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An item's name.
pub fn item_name(db: &Db, item: ItemId) -> Result<String> {
    Ok(db.prepare_cached("SELECT name FROM item WHERE id = ?1")?.query_row(params![item.0], |r| r.get(0))?)
}
