//! What builds on an operation, and so stands in the way of taking it back.

use super::{Deed, Entry, Way, table};
use crate::domain::ids::{BinId, ItemId, OperationId};
use crate::domain::quantity::Qty;
use crate::store::{Db, Result};
use rusqlite::{OptionalExtension, params};
use serde_json::{Map, Value as Json};

/// Cells that follow from others by `settle`: changing them is nothing that anything builds on.
pub(super) const DERIVED: [&str; 1] = ["allocated"];
/// Cells of a line that bound each other: who changes one builds on all.
const BOUND: [&str; 4] = ["quantity", "shipped", "received", "cancelled"];

/// The newest standing operation after this one that changed the same cells, or rows that this one made.
pub fn changed_since(db: &Db, operation: OperationId) -> Result<Option<OperationId>> {
    // CROSS JOIN: from this operation's few entries to those of others by row, never the other way round.
    let mut statement = db.prepare_cached(
        "SELECT l.operation_id, m.action, m.cells, l.action, l.cells
         FROM journal m CROSS JOIN journal l
         WHERE m.operation_id = ?1 AND l.tbl = m.tbl AND l.row_id BETWEEN m.row_id AND m.row_to
           AND l.operation_id > ?1 AND l.action <> 'insert'
           AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.id = l.operation_id AND o.reverses IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.reverses = l.operation_id)",
    )?;
    let mut rows = statement.query([operation.0])?;
    let mut newest: Option<i64> = None;
    while let Some(r) = rows.next()? {
        let later: i64 = r.get(0)?;
        if newest.is_some_and(|n| n >= later) {
            continue;
        }
        let columns = |at: usize| -> Result<Vec<String>> {
            let text: Option<String> = r.get(at)?;
            let cells: Map<String, Json> = serde_json::from_str(text.as_deref().unwrap_or("{}"))?;
            Ok(cells.into_iter().map(|(name, _)| name).filter(|n| !DERIVED.contains(&n.as_str())).collect())
        };
        let (mine, theirs) = (columns(2)?, columns(4)?);
        let (my_deed, their_deed): (String, String) = (r.get(1)?, r.get(3)?);
        let builds = match (my_deed.as_str(), their_deed.as_str()) {
            ("insert", "update") => !theirs.is_empty(),
            ("update", "update") => {
                let bound = |columns: &[String]| columns.iter().any(|c| BOUND.contains(&c.as_str()));
                mine.iter().any(|c| theirs.contains(c)) || bound(&mine) && bound(&theirs)
            }
            ("update", "delete") => !mine.is_empty(),
            _ => true,
        };
        if builds {
            newest = Some(later);
        }
    }
    Ok(newest.map(OperationId))
}

/// The newest standing operation whose rows point at rows that this one made. `own` are this operation's entries.
pub fn pointed_at_since(db: &Db, operation: OperationId, own: &[Entry]) -> Result<Option<OperationId>> {
    let mut newest: Option<i64> = None;
    for entry in own.iter().filter(|e| matches!(e.deed, Deed::Insert) && e.table.way == Way::Remove) {
        for (child, pointer) in entry.table.pointers {
            let counts = match table(child)?.way {
                Way::Remove => "",
                Way::Withdraw => "AND withdrawn_by IS NULL",
                Way::Reverse => {
                    "AND +reverses IS NULL AND NOT EXISTS (SELECT 1 FROM movement r WHERE r.reverses = c.id)"
                }
            };
            let mut ranges: Vec<(i64, i64)> = Vec::new();
            for e in own.iter().filter(|e| e.table.name == *child) {
                match &e.deed {
                    Deed::Insert => ranges.push((e.from, e.to)),
                    Deed::Update(cells) if cells.contains_key(*pointer) => ranges.push((e.from, e.to)),
                    _ => {}
                }
            }
            ranges.sort_unstable();
            let widest = ranges.iter().copied().max_by_key(|(from, to)| to - from).unwrap_or((0, -1));
            let mut statement = db.prepare_cached(&format!(
                "SELECT c.id FROM {child} c WHERE {pointer} BETWEEN ?1 AND ?2 AND NOT c.id BETWEEN ?3 AND ?4 {counts}"
            ))?;
            let mut rows = statement.query([entry.from, entry.to, widest.0, widest.1])?;
            while let Some(r) = rows.next()? {
                let id: i64 = r.get(0)?;
                let at = ranges.partition_point(|range| range.1 < id);
                if ranges.get(at).is_some_and(|range| range.0 <= id) {
                    continue;
                }
                newest = newest.max(Some(maker(db, child, id, operation)?));
            }
        }
    }
    Ok(newest.map(OperationId))
}

/// The standing operation that made a row or pointed it where it points; at least `after`.
fn maker(db: &Db, table: &str, id: i64, after: OperationId) -> Result<i64> {
    let mut statement = db.prepare_cached(
        "SELECT max(operation_id) FROM journal j WHERE tbl = ?1 AND row_id <= ?2 AND row_to >= ?2 AND operation_id > ?3
           AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.reverses = j.operation_id)",
    )?;
    Ok(statement.query_row(params![table, id, after.0], |r| r.get::<_, Option<i64>>(0))?.unwrap_or(after.0))
}

/// What taking a movement back does to a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceAfter {
    pub item: ItemId,
    pub bin: BinId,
    /// What the operation's movements there add up to.
    pub moved: Qty,
    pub level: Qty,
    pub item_name: String,
    pub bin_code: String,
}

/// Every place where the operation moved stock, with its level now.
pub fn places(db: &Db, operation: OperationId) -> Result<Vec<PlaceAfter>> {
    let mut statement = db.prepare_cached(
        "SELECT g.item_id, g.bin_id, g.moved, coalesce(l.quantity, 0), coalesce(i.name, ''), coalesce(b.code, '') FROM
           (SELECT m.item_id, m.bin_id, sum(m.quantity) moved
              FROM journal j CROSS JOIN movement m ON m.id BETWEEN j.row_id AND j.row_to
             WHERE j.operation_id = ?1 AND j.tbl = 'movement' GROUP BY m.item_id, m.bin_id) g
         LEFT JOIN level l ON l.item_id = g.item_id AND l.bin_id = g.bin_id
         LEFT JOIN item i ON i.id = g.item_id LEFT JOIN bin b ON b.id = g.bin_id
         WHERE g.moved <> 0 ORDER BY g.item_id, g.bin_id",
    )?;
    let rows = statement.query_map([operation.0], |r| {
        Ok(PlaceAfter {
            item: ItemId(r.get(0)?),
            bin: BinId(r.get(1)?),
            moved: Qty::from_thousandths(r.get(2)?),
            level: Qty::from_thousandths(r.get(3)?),
            item_name: r.get(4)?,
            bin_code: r.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The newest return of goods that would never have been shipped if these shipments were taken back.
pub fn returned_since(db: &Db, own: &[Entry]) -> Result<Option<OperationId>> {
    let mut statement = db.prepare_cached(
        "SELECT max(r.operation_id) FROM customer_return r CROSS JOIN order_line l ON l.id = r.line_id
           CROSS JOIN shipment s ON s.line_id = l.id AND s.id BETWEEN ?1 AND ?2 AND s.withdrawn_by IS NULL
         WHERE r.withdrawn_by IS NULL
           AND (SELECT sum(x.quantity) FROM customer_return x WHERE x.line_id = l.id AND x.withdrawn_by IS NULL)
             > l.shipped - (SELECT sum(q.quantity) FROM shipment q WHERE q.line_id = l.id AND q.id BETWEEN ?1 AND ?2)",
    )?;
    let mut newest: Option<i64> = None;
    for entry in own.iter().filter(|e| matches!(e.deed, Deed::Insert) && e.table.name == "shipment") {
        newest = newest.max(statement.query_row([entry.from, entry.to], |r| r.get(0))?);
    }
    Ok(newest.map(OperationId))
}

/// The newest standing operation after this one that took goods from a place.
pub fn taken_since(db: &Db, operation: OperationId, item: ItemId, bin: BinId) -> Result<Option<OperationId>> {
    let mut statement = db.prepare_cached(
        "SELECT max(operation_id) FROM movement m WHERE item_id = ?1 AND bin_id = ?2 AND operation_id > ?3
           AND quantity < 0 AND +reverses IS NULL AND NOT EXISTS (SELECT 1 FROM movement r WHERE r.reverses = m.id)",
    )?;
    let newest: Option<i64> = statement.query_row([item.0, bin.0, operation.0], |r| r.get(0))?;
    Ok(newest.map(OperationId))
}

/// A count of a place that stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    pub operation: OperationId,
    /// Moment, ISO.
    pub at: String,
    pub counted: Qty,
}

/// The newest count of a place that knew what this operation moved there. One that was begun before and posted after it
/// did not: what was moved in between comes on top of it.
pub fn counted_since(db: &Db, operation: OperationId, item: ItemId, bin: BinId) -> Result<Option<Counted>> {
    let mut statement = db.prepare_cached(
        "SELECT c.operation_id, c.counted_at, c.counted FROM count_entry c
         WHERE c.item_id = ?1 AND c.bin_id = ?2 AND c.operation_id > ?3 AND c.withdrawn_by IS NULL
           AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.operation_id = ?3 AND m.item_id = ?1 AND m.bin_id = ?2
                           AND m.at > c.counted_at)
         ORDER BY c.operation_id DESC LIMIT 1",
    )?;
    let found = statement.query_row([item.0, bin.0, operation.0], |r| {
        let counted = Qty::from_thousandths(r.get(2)?);
        Ok(Counted { operation: OperationId(r.get(0)?), at: r.get(1)?, counted })
    });
    Ok(found.optional()?)
}
