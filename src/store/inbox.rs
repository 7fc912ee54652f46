//! Which files of the inbox were brought in.

use super::{Db, Result, Tx};
use rusqlite::params;

/// A file as it lies there: another size or another moment is another file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    pub name: String,
    pub size: i64,
    /// Moment of its last change, UTC.
    pub modified: String,
}

/// Whether that very file was brought in, and stayed in.
pub fn was_brought(db: &Db, mark: &Mark) -> Result<bool> {
    let mut statement =
        db.prepare_cached("SELECT 1 FROM brought_file WHERE name = ?1 AND size = ?2 AND modified = ?3")?;
    Ok(statement.exists(params![mark.name, mark.size, mark.modified])?)
}

/// Keeps that it was brought in by the operation under way.
pub fn keep(tx: &mut Tx, mark: &Mark) -> Result<()> {
    let operation = tx.operation().0;
    tx.insert(
        "brought_file",
        &["name", "size", "modified", "operation_id"],
        &[&mark.name, &mark.size, &mark.modified, &operation],
    )?;
    Ok(())
}
