//! What persons said of whether one should order from a supplier.

use crate::domain::ids::SupplierId;
use crate::store::{Db, Result, Tx};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};
use std::collections::HashMap;

/// A person's word on how a supplier stands, with its reason.
pub type OwnStanding = Option<(String, Option<String>)>;

/// What a person said of how a supplier stands: ok, warn, block, and why; with the supplier's name.
pub fn standing(db: &Db, supplier: SupplierId) -> Result<Option<(String, OwnStanding)>> {
    let sql = "SELECT name, standing, standing_reason FROM supplier WHERE id = ?1";
    let row = db.prepare_cached(sql)?.query_row(params![supplier.0], |r| {
        let standing: Option<String> = r.get(1)?;
        let reason: Option<String> = r.get(2)?;
        Ok((r.get(0)?, standing.map(|s| (s, reason))))
    });
    Ok(row.optional()?)
}

/// What persons said of how suppliers stand.
pub fn standings(db: &Db) -> Result<HashMap<SupplierId, (String, Option<String>)>> {
    let sql = "SELECT id, standing, standing_reason FROM supplier WHERE standing IS NOT NULL";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |r| Ok((SupplierId(r.get(0)?), (r.get(1)?, r.get(2)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Says how a supplier stands; none: as the settings say.
pub fn set_standing(tx: &mut Tx, supplier: SupplierId, standing: Option<&str>, reason: Option<&str>) -> Result<()> {
    let text = |t: Option<&str>| t.map_or(Value::Null, |t| Value::Text(t.into()));
    tx.update("supplier", supplier.0, &[("standing", text(standing)), ("standing_reason", text(reason))])?;
    Ok(())
}
