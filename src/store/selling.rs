//! Who sells an item, on what terms and at which prices from which quantity on: read for one item, and written by hand.

use super::plans::{self, PriceBreak, Span, Terms};
use super::{Db, Result, Tx};
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};
use std::collections::HashMap;

/// Somebody who sells an item.
#[derive(Clone, PartialEq, Debug)]
pub struct SoldBy {
    pub code: String,
    pub name: String,
    pub terms: Terms,
    /// Prices from larger quantities on, rising; those that ran out too.
    pub breaks: Vec<PriceBreak>,
}

/// All who sell an item, in the order in which they were entered.
pub fn sold_by(db: &Db, item: ItemId) -> Result<Vec<SoldBy>> {
    let mut breaks = HashMap::new();
    plans::take_price_breaks(db, Span::of(item), &mut breaks)?;
    let mut out = Vec::new();
    for terms in plans::terms_of(db, item)? {
        let mut named = db.prepare_cached("SELECT code, name FROM supplier WHERE id = ?1")?;
        let (code, name) = named.query_row(params![terms.supplier.0], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let breaks = breaks.remove(&(terms.supplier, item)).unwrap_or_default();
        out.push(SoldBy { code, name, terms, breaks });
    }
    Ok(out)
}

/// The price breaks of one supplier for an item, rising; those that ran out too.
pub fn breaks_of(db: &Db, supplier: SupplierId, item: ItemId) -> Result<Vec<PriceBreak>> {
    let mut breaks = HashMap::new();
    plans::take_price_breaks(db, Span::of(item), &mut breaks)?;
    Ok(breaks.remove(&(supplier, item)).unwrap_or_default())
}

/// Writes the terms on which a supplier sells an item, and the prices from larger quantities on in place of all that
/// were known. Where one is preferred now, the others are not any more. Answers whether anything changed.
pub fn put(tx: &mut Tx, item: ItemId, terms: &Terms, breaks: &[PriceBreak]) -> Result<bool> {
    let quantity = |q: Option<Qty>| q.map_or(Value::Null, |q| Value::Integer(q.thousandths()));
    let mut changed = false;
    let mut rows = Vec::new();
    {
        let mut statement =
            tx.prepare_cached("SELECT id, supplier_id, preferred FROM supplier_item WHERE item_id = ?1")?;
        let mut found = statement.query(params![item.0])?;
        while let Some(r) = found.next()? {
            rows.push((r.get::<_, i64>(0)?, SupplierId(r.get(1)?), r.get::<_, Option<bool>>(2)?));
        }
    }
    for (id, supplier, was) in rows {
        if supplier == terms.supplier {
            let preferred = match (terms.preferred, was) {
                (true, _) => Value::Integer(1),
                (false, None) => Value::Null, // nobody ever said so: it stays unsaid
                (false, Some(_)) => Value::Integer(0),
            };
            changed |= tx.update(
                "supplier_item",
                id,
                &[
                    ("supplier_sku", terms.supplier_sku.clone().map_or(Value::Null, Value::Text)),
                    ("cost", terms.cost.map_or(Value::Null, |m: Money| Value::Integer(m.ten_thousandths()))),
                    ("min_quantity", quantity(terms.min_quantity)),
                    ("pack", quantity(terms.pack)),
                    ("lead_days", terms.lead_days.map_or(Value::Null, Value::Integer)),
                    ("preferred", preferred),
                ],
            )?;
        } else if terms.preferred && was == Some(true) {
            changed |= tx.update("supplier_item", id, &[("preferred", Value::Integer(0))])?;
        }
    }
    let known = breaks_of(tx, terms.supplier, item)?;
    for gone in known.iter().filter(|k| breaks.iter().all(|b| b.from != k.from)) {
        if let Some(id) = break_id(tx, terms.supplier, item, gone.from)? {
            tx.delete("price_break", id)?;
            changed = true;
        }
    }
    for b in breaks {
        let until = b.valid_until.map(|day| day.to_string());
        match break_id(tx, terms.supplier, item, b.from)? {
            Some(id) => {
                let cells = [
                    ("cost", Value::Integer(b.cost.ten_thousandths())),
                    ("valid_until", until.map_or(Value::Null, Value::Text)),
                ];
                changed |= tx.update("price_break", id, &cells)?;
            }
            None => {
                tx.insert(
                    "price_break",
                    &["supplier_id", "item_id", "from_quantity", "cost", "valid_until"],
                    &[&terms.supplier.0, &item.0, &b.from.thousandths(), &b.cost.ten_thousandths(), &until],
                )?;
                changed = true;
            }
        }
    }
    Ok(changed)
}

fn break_id(db: &Db, supplier: SupplierId, item: ItemId, from: Qty) -> Result<Option<i64>> {
    let sql = "SELECT id FROM price_break WHERE supplier_id = ?1 AND item_id = ?2 AND from_quantity = ?3";
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_row(params![supplier.0, item.0, from.thousandths()], |r| r.get(0)).optional()?)
}
