//! What is asked while somebody counts, and answered or taken back: scans that came twice at once, whether a bin is done,
//! who is where.

use super::last_rows_of;
use crate::domain::counting::folding::Kind;
use crate::domain::ids::{BinId, ItemId, SessionId};
use crate::domain::quantity::Qty;
use crate::store::{Db, Result};
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;

/// What the visit has of the item without that row, by all other rows that still count; `None`: not counted.
pub fn total_without(db: &Db, visit: i64, item: ItemId, row: i64) -> Result<Option<Qty>> {
    let rows = last_rows_of(db, visit, item, i64::MAX)?;
    let gone: BTreeSet<i64> = rows.iter().filter_map(|r| r.takes_back).chain([row]).collect();
    let mut total = None;
    for one in rows.iter().rev().filter(|r| !gone.contains(&r.id)) {
        let Some(quantity) = one.quantity else { continue };
        match one.kind {
            Kind::Item | Kind::Attach => total = Some(total.unwrap_or(Qty::ZERO) + quantity),
            Kind::Set => total = Some(quantity),
            _ => {}
        }
    }
    Ok(total)
}

/// The number of the last row of a visit and whether it opened the bin: then nothing was said in it since.
pub fn just_opened(db: &Db, visit: i64) -> Result<Option<i64>> {
    let mut statement =
        db.prepare_cached("SELECT id, kind = 'bin' FROM count_scan WHERE visit = ?1 ORDER BY id DESC LIMIT 1")?;
    let found = statement.query_row([visit], |r| Ok((r.get(0)?, r.get::<_, bool>(1)?))).optional()?;
    Ok(found.and_then(|(id, opened)| opened.then_some(id)))
}

/// The last standing question whether the visit is done.
pub fn question(db: &Db, visit: i64) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached(
        "SELECT max(id) FROM count_scan s WHERE visit = ?1 AND kind = 'name' AND item_id IS NULL AND quantity IS NULL
           AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = s.id)",
    )?;
    Ok(statement.query_row([visit], |r| r.get(0))?)
}

/// What the note of a scan says that came a moment after the same code.
const TWICE: &str = "twice at once";

/// The note of such a scan, with what its code says besides.
pub fn twice_with(note: Option<String>) -> String {
    note.map_or(TWICE.to_string(), |note| format!("{TWICE}; {note}"))
}

/// Scans of a visit that came twice at once, the first item's first and of an item its last one: row and item. Only where
/// that stands and no figure was typed of the item since.
pub fn doubled(db: &Db, visit: i64) -> Result<Vec<(i64, ItemId)>> {
    let mut statement = db.prepare_cached(
        "SELECT max(s.id), s.item_id FROM count_scan s WHERE visit = ?1 AND kind = 'item' AND item_id IS NOT NULL
           AND (note = ?2 OR note LIKE ?2 || '; %')
           AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = s.id)
           AND NOT EXISTS (SELECT 1 FROM count_scan t WHERE t.visit = ?1 AND t.item_id = s.item_id AND t.kind = 'set'
                           AND t.id > s.id AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = t.id))
         GROUP BY s.item_id ORDER BY min(s.id)",
    )?;
    let rows = statement.query_map(params![visit, TWICE], |r| Ok((r.get(0)?, ItemId(r.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The bins that somebody else has open in the session, and who.
pub fn occupied(db: &Db, session: SessionId, operator: &str) -> Result<Vec<(BinId, String)>> {
    let mut statement = db.prepare_cached(
        "SELECT o.bin_id, o.operator FROM count_scan o WHERE o.session_id = ?1 AND o.kind = 'bin' AND o.operator <> ?2
           AND o.id = (SELECT max(l.id) FROM count_scan l WHERE l.session_id = ?1 AND l.kind = 'bin' AND l.operator = o.operator
                         AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = l.visit))
           AND NOT EXISTS (SELECT 1 FROM count_scan d WHERE d.visit = o.visit AND d.kind = 'done' AND d.id > o.id
                             AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = d.id))
         ORDER BY o.operator",
    )?;
    let rows = statement.query_map(params![session.0, operator], |r| Ok((BinId(r.get(0)?), r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The names under which something was counted, or written by any operation, since that day.
pub fn who_wrote(db: &Db, since: NaiveDate) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "SELECT operator FROM count_scan WHERE at >= ?1 UNION SELECT operator FROM operation WHERE at >= ?1 ORDER BY 1",
    )?;
    let rows = statement.query_map([since.to_string()], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
