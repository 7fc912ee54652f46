//! What a scanned code is looked up in: barcodes, SKUs, suppliers' codes, bins, POs.

use super::{Db, Result, Tx};
use crate::domain::ids::{ItemId, OperationId, PoId};
use crate::domain::quantity::Qty;
use rusqlite::{OptionalExtension, params};

/// The item of the first of these barcodes that is there, and how many of it one scan is.
pub fn by_barcode(db: &Db, forms: &[String]) -> Result<Option<(ItemId, Qty)>> {
    let mut statement = db.prepare_cached("SELECT item_id, quantity FROM barcode WHERE code = ?1")?;
    for form in forms {
        let found = statement.query_row([form], |r| Ok((ItemId(r.get(0)?), Qty::from_thousandths(r.get(1)?))));
        if let Some(found) = found.optional()? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The item of that SKU, in its own case or in capitals.
pub fn by_sku(db: &Db, sku: &str) -> Result<Option<ItemId>> {
    let mut statement = db.prepare_cached("SELECT id FROM item WHERE sku = ?1")?;
    for form in [sku.to_string(), sku.to_uppercase()] {
        if let Some(id) = statement.query_row([form], |r| r.get(0)).optional()? {
            return Ok(Some(ItemId(id)));
        }
    }
    Ok(None)
}

/// The item that suppliers know by that code, if it is only one.
pub fn by_supplier_code(db: &Db, code: &str) -> Result<Option<ItemId>> {
    let mut statement =
        db.prepare_cached("SELECT min(item_id), count(DISTINCT item_id) FROM supplier_item WHERE supplier_sku = ?1")?;
    let (item, items): (Option<i64>, i64) = statement.query_row([code], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(item.filter(|_| items == 1).map(ItemId))
}

/// The PO of that code.
pub fn po(db: &Db, code: &str) -> Result<Option<PoId>> {
    let mut statement = db.prepare_cached("SELECT id FROM purchase_order WHERE code = ?1")?;
    Ok(statement.query_row([code], |r| r.get(0)).optional()?.map(PoId))
}

/// The item's unit, as it is called.
pub fn unit(db: &Db, item: ItemId) -> Result<Option<String>> {
    Ok(db
        .prepare_cached("SELECT unit FROM item WHERE id = ?1")?
        .query_row([item.0], |r| r.get(0))
        .optional()?
        .flatten())
}

/// Makes a code a barcode of the item. The code must be new.
pub fn add_barcode(tx: &mut Tx, code: &str, item: ItemId, quantity: Qty) -> Result<()> {
    let main: bool = !tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM barcode WHERE item_id = ?1 AND main = 1)")?
        .query_row(params![item.0], |r| r.get::<_, bool>(0))?;
    let main = main && quantity == Qty::ONE;
    tx.insert("barcode", &["code", "item_id", "quantity", "main"], &[&code, &item.0, &quantity.thousandths(), &main])?;
    Ok(())
}

/// The operation of this person that made the code a barcode while he counted or received, if it stands.
pub fn named_by(db: &Db, code: &str, operator: &str) -> Result<Option<OperationId>> {
    let mut statement = db.prepare_cached(
        "SELECT o.id FROM barcode b
         JOIN journal j ON j.tbl = 'barcode' AND j.action = 'insert' AND j.row_id <= b.id AND j.row_to >= b.id
         JOIN operation o ON o.id = j.operation_id
         WHERE b.code = ?1 AND o.kind = 'attach barcode' AND o.operator = ?2
           AND NOT EXISTS (SELECT 1 FROM operation r WHERE r.reverses = o.id) ORDER BY o.id DESC LIMIT 1",
    )?;
    Ok(statement.query_row([code, operator], |r| r.get(0)).optional()?.map(OperationId))
}

/// An item as its label names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Labelled {
    pub sku: String,
    pub name: String,
    /// Its home bin.
    pub home: Option<String>,
}

/// Every item that is still sold, by SKU.
pub fn items_to_label(db: &Db) -> Result<Vec<Labelled>> {
    let sql = "SELECT i.sku, i.name, b.code FROM item i LEFT JOIN bin b ON b.id = i.bin_id WHERE i.status = 'active' ORDER BY i.sku";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |r| Ok(Labelled { sku: r.get(0)?, name: r.get(1)?, home: r.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
