//! What rows of the journal are called by people.

use crate::store::{Db, Result};
use rusqlite::OptionalExtension;

/// A setting's key.
pub fn setting(db: &Db, id: i64) -> Result<Option<String>> {
    let mut statement = db.prepare_cached("SELECT key FROM setting WHERE id = ?1")?;
    Ok(statement.query_row([id], |r| r.get(0)).optional()?)
}

/// A barcode and the name of its item.
pub fn barcode(db: &Db, id: i64) -> Result<Option<(String, String)>> {
    let sql = "SELECT b.code, i.name FROM barcode b JOIN item i ON i.id = b.item_id WHERE b.id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([id], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
}

/// An item's name.
pub fn item(db: &Db, id: i64) -> Result<Option<String>> {
    Ok(db.prepare_cached("SELECT name FROM item WHERE id = ?1")?.query_row([id], |r| r.get(0)).optional()?)
}
