//! The `setting` table: keys and values as text. What they mean is `ops::settings`.

use super::{Db, Result, Tx};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;

/// Every setting that was ever given, by key.
pub fn all(db: &Db) -> Result<BTreeMap<String, String>> {
    let mut statement = db.prepare_cached("SELECT key, value FROM setting")?;
    let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// One setting's value, if it was given.
pub fn get(db: &Db, key: &str) -> Result<Option<String>> {
    let mut statement = db.prepare_cached("SELECT value FROM setting WHERE key = ?1")?;
    Ok(statement.query_row(params![key], |r| r.get(0)).optional()?)
}

/// Gives a setting its value; `None` takes it away, so that the default counts again. Returns whether anything changed.
pub fn put(tx: &mut Tx, key: &str, value: Option<&str>) -> Result<bool> {
    let id: Option<i64> =
        tx.prepare_cached("SELECT id FROM setting WHERE key = ?1")?.query_row(params![key], |r| r.get(0)).optional()?;
    match (id, value) {
        (Some(id), Some(value)) => tx.update("setting", id, &[("value", Value::Text(value.into()))]),
        (Some(id), None) => tx.delete("setting", id).map(|()| true),
        (None, Some(value)) => tx.insert("setting", &["key", "value"], &[&key, &value]).map(|_| true),
        (None, None) => Ok(false),
    }
}
