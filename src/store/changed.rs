//! What a person changed about a suggestion until it is ordered: another quantity, another supplier.

use super::cells::{date, maybe_quantity};
use super::item_state::QUARANTINED;
use super::{Db, Result, Tx};
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::quantity::Qty;
use crate::domain::reorder::position;
use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::HashMap;

/// What is to be ordered in place of what the program suggests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Own {
    /// None: nobody is known to sell it.
    pub supplier: Option<SupplierId>,
    pub quantity: Qty,
}

/// The same, with who said so and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    pub own: Own,
    pub operator: String,
    pub on: NaiveDate,
}

const COLUMNS: &str = "SELECT item_id, supplier_id, quantity, operator, changed_on, id FROM changed_suggestion";

fn changed(r: &Row) -> rusqlite::Result<Changed> {
    let own = Own { supplier: r.get::<_, Option<i64>>(1)?.map(SupplierId), quantity: Qty::from_thousandths(r.get(2)?) };
    Ok(Changed { own, operator: r.get(3)?, on: date(r, 4)? })
}

/// All that is changed and not ordered, by item.
pub fn all(db: &Db) -> Result<HashMap<ItemId, Changed>> {
    let mut statement = db.prepare_cached(COLUMNS)?;
    let rows = statement.query_map([], |r| Ok((ItemId(r.get(0)?), changed(r)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Of one item; none: the program's suggestion stands.
pub fn of(db: &Db, item: ItemId) -> Result<Option<Changed>> {
    Ok(row(db, item)?.map(|found| found.1))
}

fn row(db: &Db, item: ItemId) -> Result<Option<(i64, Changed)>> {
    let sql = format!("{COLUMNS} WHERE item_id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([item.0], |r| Ok((r.get(5)?, changed(r)?))).optional()?)
}

/// Keeps what a person wants in place of the suggestion; none: the program's figure again.
pub fn put(tx: &mut Tx, item: ItemId, own: Option<Own>) -> Result<()> {
    let (operator, on) = (tx.act().operator.clone(), tx.act().today.to_string());
    match (row(tx, item)?, own) {
        (Some((id, _)), None) => tx.delete("changed_suggestion", id)?,
        (Some((id, _)), Some(own)) => {
            let cells = [
                ("supplier_id", own.supplier.map_or(Value::Null, |s| Value::Integer(s.0))),
                ("quantity", Value::Integer(own.quantity.thousandths())),
                ("operator", Value::Text(operator)),
                ("changed_on", Value::Text(on)),
            ];
            tx.update("changed_suggestion", id, &cells)?;
        }
        (None, Some(own)) => {
            tx.insert(
                "changed_suggestion",
                &["item_id", "supplier_id", "quantity", "operator", "changed_on"],
                &[&item.0, &own.supplier.map(|s| s.0), &own.quantity.thousandths(), &operator, &on],
            )?;
        }
        (None, None) => {}
    }
    Ok(())
}

/// Forgets what was changed of an item that is above its level by now, drafts counted: that need is met. Its state must be
/// of now.
pub fn forget_if_met(tx: &mut Tx, item: ItemId) -> Result<()> {
    if row(tx, item)?.is_none() {
        return Ok(());
    }
    let sql = format!(
        "SELECT s.on_hand - {QUARANTINED}, s.open_demand, s.on_order + coalesce((SELECT sum(l.quantity - l.received - l.cancelled)
             FROM po_line l JOIN purchase_order h ON h.id = l.po_id
             WHERE l.item_id = s.item_id AND h.status = 'draft' AND l.closed = 0), 0),
           coalesce(p.reorder_point, i.min)
         FROM item_state s JOIN item i ON i.id = s.item_id LEFT JOIN item_plan p ON p.item_id = s.item_id
         WHERE s.item_id = ?1"
    );
    let there = |r: &Row, at: usize| r.get(at).map(Qty::from_thousandths);
    let met = tx.prepare_cached(&sql)?.query_row(params![item.0], |r| {
        let position = position(there(r, 0)?, there(r, 1)?, there(r, 2)?);
        Ok(maybe_quantity(r, 3)?.is_some_and(|point| position > point))
    });
    if met.optional()?.unwrap_or(false) { put(tx, item, None) } else { Ok(()) }
}
