//! The journal read backwards: what an operation did, what builds on it, and the statements that take it back.

use super::cells::MOMENT;
use super::{Db, Failure, Result, Tx};
use crate::domain::ids::{BinId, ItemId, OperationId};
use crate::domain::quantity::Qty;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use serde_json::{Map, Value as Json};

/// An operation of the record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    pub operation: OperationId,
    pub kind: String,
    pub summary: String,
    /// Moment by the clock, ISO.
    pub at: String,
    pub operator: String,
    /// The operation that this one took back.
    pub takes_back: Option<OperationId>,
    /// The operation that took this one back.
    pub taken_back_by: Option<OperationId>,
}

const RECORDED: &str = "SELECT o.id, o.kind, o.summary, o.at, o.operator, o.reverses, r.id
  FROM operation o LEFT JOIN operation r ON r.reverses = o.id";

fn recorded(r: &Row) -> rusqlite::Result<Recorded> {
    Ok(Recorded {
        operation: OperationId(r.get(0)?),
        kind: r.get(1)?,
        summary: r.get(2)?,
        at: r.get(3)?,
        operator: r.get(4)?,
        takes_back: r.get::<_, Option<i64>>(5)?.map(OperationId),
        taken_back_by: r.get::<_, Option<i64>>(6)?.map(OperationId),
    })
}

/// One operation, if there is one of that number.
pub fn operation(db: &Db, id: OperationId) -> Result<Option<Recorded>> {
    let mut statement = db.prepare_cached(&format!("{RECORDED} WHERE o.id = ?1"))?;
    Ok(statement.query_row([id.0], recorded).optional()?)
}

/// The last operations, newest first.
pub fn operations(db: &Db, limit: i64) -> Result<Vec<Recorded>> {
    let mut statement = db.prepare_cached(&format!("{RECORDED} ORDER BY o.id DESC LIMIT ?1"))?;
    let rows = statement.query_map([limit], recorded)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The newest operation (of that operator, where given) that stands and is not itself an undo.
pub fn last_standing(db: &Db, operator: Option<&str>) -> Result<Option<OperationId>> {
    let mut statement = db.prepare_cached(
        "SELECT o.id FROM operation o WHERE o.reverses IS NULL AND (?1 IS NULL OR o.operator = ?1)
         AND NOT EXISTS (SELECT 1 FROM operation r WHERE r.reverses = o.id) ORDER BY o.id DESC LIMIT 1",
    )?;
    Ok(statement.query_row([operator], |r| r.get(0)).optional()?.map(OperationId))
}

/// What an operation did to a row, or to a run of new rows.
#[derive(Clone, Debug)]
pub struct Entry {
    pub table: &'static Undoable,
    pub deed: Deed,
    pub from: i64,
    pub to: i64,
}

/// The deed and, but for new rows, the cells.
#[derive(Clone, Debug)]
pub enum Deed {
    Insert,
    /// Column to [before, after].
    Update(Map<String, Json>),
    /// Column to before.
    Delete(Map<String, Json>),
}

/// How rows of a table are taken back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// New rows are removed.
    Remove,
    /// New rows stay and are marked as withdrawn.
    Withdraw,
    /// New rows stay and get a reversing row.
    Reverse,
}

/// A table of the journal: its rows in words, how they are taken back, and which columns of others point at it.
#[derive(PartialEq, Eq, Debug)]
pub struct Undoable {
    pub name: &'static str,
    /// One row, many rows.
    pub words: [&'static str; 2],
    pub way: Way,
    pointers: &'static [(&'static str, &'static str)],
}

const fn removed(
    name: &'static str,
    words: [&'static str; 2],
    pointers: &'static [(&'static str, &'static str)],
) -> Undoable {
    Undoable { name, words, way: Way::Remove, pointers }
}
const fn withdrawn(name: &'static str, words: [&'static str; 2]) -> Undoable {
    Undoable { name, words, way: Way::Withdraw, pointers: &[] }
}

static TABLES: &[Undoable] = &[
    removed("setting", ["setting", "settings"], &[]),
    removed("brought_file", ["file", "files"], &[]),
    removed("operator", ["person", "people"], &[]),
    removed(
        "bin",
        ["bin", "bins"],
        &[("item", "bin_id"), ("movement", "bin_id"), ("stated_level", "bin_id"), ("count_entry", "bin_id")],
    ),
    removed(
        "supplier",
        ["supplier", "suppliers"],
        &[
            ("item", "supplier_id"),
            ("supplier_item", "supplier_id"),
            ("price_break", "supplier_id"),
            ("purchase_order", "supplier_id"),
            ("item_rule", "supplier_id"),
        ],
    ),
    removed(
        "item",
        ["item", "items"],
        &[
            ("barcode", "item_id"),
            ("substitute", "item_id"),
            ("substitute", "substitute_id"),
            ("alias", "item_id"),
            ("supplier_item", "item_id"),
            ("price_break", "item_id"),
            ("order_line", "item_id"),
            ("order_line", "wanted_item_id"),
            ("po_line", "item_id"),
            ("movement", "item_id"),
            ("stated_level", "item_id"),
            ("count_entry", "item_id"),
            ("blind_receipt", "item_id"),
            ("succession", "from_item_id"),
            ("item_rule", "item_id"),
        ],
    ),
    removed("barcode", ["barcode", "barcodes"], &[]),
    removed("substitute", ["substitute", "substitutes"], &[]),
    removed("alias", ["alias", "aliases"], &[]),
    removed("project_line", ["project order", "project orders"], &[]),
    removed("item_rule", ["rule for planning", "rules for planning"], &[]),
    removed("succession", ["inherited history", "inherited histories"], &[]),
    removed("supplier_item", ["supplier's item", "suppliers' items"], &[]),
    removed("price_break", ["price break", "price breaks"], &[]),
    removed("customer", ["customer", "customers"], &[("customer_order", "customer_id")]),
    removed(
        "customer_order",
        ["order", "orders"],
        &[
            ("order_line", "order_id"),
            ("customer_order", "continues_id"),
            ("promise", "order_id"),
            ("contact", "order_id"),
            ("not_told", "order_id"),
            ("refund", "order_id"),
        ],
    ),
    removed(
        "order_line",
        ["order line", "order lines"],
        &[
            ("promise", "line_id"),
            ("contact", "line_id"),
            ("shipment", "line_id"),
            ("order_line", "split_from"),
            ("customer_return", "line_id"),
            ("project_line", "order_line_id"),
        ],
    ),
    withdrawn("incident", ["incident", "incidents"]),
    withdrawn("shipment", ["shipment", "shipments"]),
    withdrawn("refund", ["refund", "refunds"]),
    withdrawn("promise", ["promise", "promises"]),
    removed(
        "purchase_order",
        ["purchase order", "purchase orders"],
        &[("po_line", "po_id"), ("chase", "po_id"), ("po_invoice", "po_id")],
    ),
    removed(
        "po_line",
        ["PO line", "PO lines"],
        &[
            ("receipt", "po_line_id"),
            ("po_date", "po_line_id"),
            ("po_invoice", "po_line_id"),
            ("blind_receipt", "po_line_id"),
        ],
    ),
    withdrawn("po_date", ["date that was said", "dates that were said"]),
    withdrawn("po_invoice", ["invoice line", "invoice lines"]),
    withdrawn("receipt", ["receipt", "receipts"]),
    withdrawn("contact", ["contact", "contacts"]),
    withdrawn("mail", ["mail", "mails"]),
    Undoable { name: "movement", words: ["movement", "movements"], way: Way::Reverse, pointers: &[] },
    removed("stated_level", ["stated level", "stated levels"], &[]),
    withdrawn("count_entry", ["count", "counts"]),
    withdrawn("count_posting", ["posted session", "posted sessions"]),
    withdrawn("delivery_booking", ["booked delivery", "booked deliveries"]),
    withdrawn("blind_receipt", ["receipt without a PO", "receipts without a PO"]),
    withdrawn("customer_return", ["customer's return", "customers' returns"]),
    withdrawn("pick_shipment", ["picked line", "picked lines"]),
    withdrawn("later", ["postponement", "postponements"]),
    withdrawn("not_told", ["word that nobody was told", "words that nobody was told"]),
    withdrawn("chase", ["request to a supplier", "requests to suppliers"]),
];

fn table(name: &str) -> Result<&'static Undoable> {
    TABLES.iter().find(|t| t.name == name).ok_or_else(|| {
        Failure::Broken(anyhow::anyhow!("the journal names a table {name:?} that this program does not take back"))
    })
}

/// A column name as the journal keeps it goes into a statement: nothing but a plain word may.
fn column(name: &str) -> Result<&str> {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if plain { Ok(name) } else { Err(Failure::Broken(anyhow::anyhow!("the journal names a column {name:?}"))) }
}

/// What an operation did, last deed first.
pub fn entries_backwards(db: &Db, operation: OperationId) -> Result<Vec<Entry>> {
    let mut statement = db.prepare_cached(
        "SELECT tbl, action, row_id, row_to, cells FROM journal WHERE operation_id = ?1 ORDER BY id DESC",
    )?;
    let mut rows = statement.query([operation.0])?;
    let mut entries = Vec::new();
    while let Some(r) = rows.next()? {
        let table = table(r.get_ref(0)?.as_str().unwrap_or_default())?;
        let cells =
            || -> Result<Map<String, Json>> { Ok(serde_json::from_str(r.get_ref(4)?.as_str().unwrap_or("{}"))?) };
        let deed = match r.get_ref(1)?.as_str().unwrap_or_default() {
            "insert" => Deed::Insert,
            "update" => Deed::Update(cells()?),
            _ => Deed::Delete(cells()?),
        };
        entries.push(Entry { table, deed, from: r.get(2)?, to: r.get(3)? });
    }
    Ok(entries)
}

/// Cells that follow from others by `settle`: changing them is nothing that anything builds on.
const DERIVED: [&str; 1] = ["allocated"];
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

/// The items whose demand, supply or stock hangs on these rows.
pub fn items_of(db: &Db, table: &Undoable, from: i64, to: i64) -> Result<Vec<ItemId>> {
    let sql = match table.name {
        "item" => "SELECT id FROM item WHERE id BETWEEN ?1 AND ?2",
        "movement" => "SELECT DISTINCT item_id FROM movement WHERE id BETWEEN ?1 AND ?2",
        "stated_level" => "SELECT DISTINCT item_id FROM stated_level WHERE id BETWEEN ?1 AND ?2",
        "count_entry" => "SELECT DISTINCT item_id FROM count_entry WHERE id BETWEEN ?1 AND ?2",
        "order_line" => "SELECT DISTINCT item_id FROM order_line WHERE id BETWEEN ?1 AND ?2",
        "po_line" => "SELECT DISTINCT item_id FROM po_line WHERE id BETWEEN ?1 AND ?2",
        "purchase_order" => "SELECT DISTINCT item_id FROM po_line WHERE po_id BETWEEN ?1 AND ?2",
        "bin" => "SELECT DISTINCT item_id FROM level WHERE bin_id BETWEEN ?1 AND ?2",
        "customer_order" => {
            "SELECT DISTINCT item_id FROM order_line WHERE order_id BETWEEN ?1 AND ?2 AND shipped + cancelled < quantity"
        }
        "promise" => {
            "SELECT DISTINCT l.item_id FROM promise p JOIN order_line l ON l.order_id = p.order_id
             WHERE p.id BETWEEN ?1 AND ?2 AND l.shipped + l.cancelled < l.quantity"
        }
        "customer" => {
            "SELECT DISTINCT l.item_id FROM customer_order o JOIN order_line l ON l.order_id = o.id
             WHERE o.customer_id BETWEEN ?1 AND ?2 AND l.shipped + l.cancelled < l.quantity"
        }
        _ => return Ok(Vec::new()),
    };
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([from, to], |r| r.get(0).map(ItemId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Within this transaction a row may point at one that comes back (or goes) a moment later; the commit checks.
pub fn defer_pointers(tx: &Tx) -> Result<()> {
    Ok(tx.pragma_update(None, "defer_foreign_keys", true)?)
}

/// Reversing rows for the movements `from..=to`.
pub fn reverse_movements(tx: &mut Tx, from: i64, to: i64) -> Result<()> {
    let act = tx.act();
    let at = act.today.and_time(act.now.time()).format(MOMENT).to_string();
    let (operator, operation) = (act.operator.clone(), tx.operation().0);
    let first: i64 = tx.query_row("SELECT coalesce(max(id), 0) + 1 FROM movement", [], |r| r.get(0))?;
    let n = tx
        .prepare_cached(
            "INSERT INTO movement (at, item_id, bin_id, quantity, reason, reference, note, operator, operation_id, reverses)
             SELECT ?1, item_id, bin_id, -quantity, 'undo', reference, note, ?2, ?3, id
             FROM movement m WHERE id BETWEEN ?4 AND ?5
               AND NOT EXISTS (SELECT 1 FROM movement r WHERE r.reverses = m.id) ORDER BY id",
        )?
        .execute(params![at, operator, operation, from, to])?;
    for id in first..first + n as i64 {
        tx.note_insert("movement", id);
    }
    Ok(())
}

/// Marks the rows as withdrawn: they count for nothing from now on.
pub fn withdraw(tx: &mut Tx, table: &'static Undoable, from: i64, to: i64) -> Result<()> {
    let operation = tx.operation().0;
    let sql =
        format!("UPDATE {} SET withdrawn_by = ?1 WHERE id BETWEEN ?2 AND ?3 AND withdrawn_by IS NULL", table.name);
    tx.prepare_cached(&sql)?.execute([operation, from, to])?;
    tx.note_change(table.name, from, to, format!("{{\"withdrawn_by\":[null,{operation}]}}"));
    Ok(())
}

/// Removes the rows, with what is kept beside them for speed and what points at them without counting any more.
pub fn remove(tx: &mut Tx, table: &'static Undoable, from: i64, to: i64) -> Result<()> {
    let beside: &[&str] = match table.name {
        "item" => &[
            "DELETE FROM level WHERE quantity = 0 AND item_id BETWEEN ?1 AND ?2",
            "DELETE FROM item_state WHERE item_id BETWEEN ?1 AND ?2",
            "DELETE FROM item_plan WHERE item_id BETWEEN ?1 AND ?2",
        ],
        "bin" => &["DELETE FROM level WHERE quantity = 0 AND bin_id BETWEEN ?1 AND ?2"],
        "customer_order" => &[
            "DELETE FROM promise WHERE order_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL",
            "DELETE FROM not_told WHERE order_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL",
            "DELETE FROM refund WHERE order_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL",
        ],
        "order_line" => &[
            "DELETE FROM promise WHERE line_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL",
            "DELETE FROM shipment WHERE line_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL",
        ],
        "po_line" => &["DELETE FROM receipt WHERE po_line_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL"],
        "purchase_order" => &["DELETE FROM chase WHERE po_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL"],
        _ => &[],
    };
    for sql in beside {
        tx.execute(sql, [from, to])?;
    }
    tx.execute(&format!("DELETE FROM {} WHERE id BETWEEN ?1 AND ?2", table.name), [from, to])?;
    tx.note_removal(table.name, from, to);
    Ok(())
}

/// Gives a row the cells that it had before. A cell that holds something else than the operation left is refused,
/// but for derived ones: they are restored where they still stand and limited to what is open.
pub fn restore_cells(tx: &mut Tx, table: &'static Undoable, id: i64, cells: &Map<String, Json>) -> Result<()> {
    let names = cells.keys().map(|name| column(name)).collect::<Result<Vec<&str>>>()?;
    let sql = format!("SELECT {} FROM {} WHERE id = ?1", names.join(","), table.name);
    let now: Option<Vec<Value>> =
        tx.prepare_cached(&sql)?.query_row([id], |r| (0..names.len()).map(|i| r.get(i)).collect()).optional()?;
    let Some(now) = now else {
        return Ok(()); // the row went with the operation that made it
    };
    let (mut sets, mut values, mut journal) = (Vec::new(), Vec::new(), Map::new());
    for ((name, pair), now) in names.iter().zip(cells.values()).zip(now) {
        let (before, after) = (value(pair.get(0)), value(pair.get(1)));
        if now != after {
            if DERIVED.contains(name) {
                continue;
            }
            return Err(Failure::refused(format!(
                "Not possible: {} {id} has another {} by now. Look at it and correct it by hand.",
                table.words[0],
                name.replace('_', " ")
            )));
        }
        journal.insert((*name).to_string(), Json::Array(vec![json(&now), json(&before)]));
        sets.push(format!("{name} = ?"));
        values.push(before);
    }
    if sets.is_empty() {
        return Ok(());
    }
    if table.name == "order_line" {
        let allocated = allocated_within(tx, id, &journal)?;
        let at = sets.iter().position(|s| s.starts_with("allocated "));
        match at.and_then(|at| values.get_mut(at)) {
            Some(value) => *value = Value::Integer(allocated),
            None => {
                sets.push("allocated = ?".into());
                values.push(Value::Integer(allocated));
            }
        }
    }
    values.push(Value::Integer(id));
    let sql = format!("UPDATE {} SET {} WHERE id = ?", table.name, sets.join(", "));
    tx.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    tx.note_change(table.name, id, id, Json::Object(journal).to_string());
    Ok(())
}

/// What stays reserved to a line once it has these cells: as before, but no more than is then open.
fn allocated_within(db: &Db, id: i64, cells: &Map<String, Json>) -> Result<i64> {
    let now: [i64; 4] = db
        .prepare_cached("SELECT quantity, shipped, cancelled, allocated FROM order_line WHERE id = ?1")?
        .query_row([id], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))?;
    let then = |name: &str, now: i64| cells.get(name).and_then(|pair| pair.get(1)?.as_i64()).unwrap_or(now);
    let [quantity, shipped, cancelled, allocated] = now;
    let open = then("quantity", quantity) - then("shipped", shipped) - then("cancelled", cancelled);
    Ok(then("allocated", allocated).min(open).max(0))
}

/// Brings a removed row back.
pub fn bring_back(tx: &mut Tx, table: &'static Undoable, id: i64, cells: &Map<String, Json>) -> Result<()> {
    let names = cells.keys().map(|name| column(name)).collect::<Result<Vec<&str>>>()?;
    let taken: bool = tx
        .prepare_cached(&format!("SELECT EXISTS (SELECT 1 FROM {} WHERE id = ?1)", table.name))?
        .query_row([id], |r| r.get(0))?;
    if taken || names.is_empty() {
        return Err(Failure::refused(format!(
            "Not possible: {} {id} was made anew since. Look at it and correct it by hand.",
            table.words[0]
        )));
    }
    let marks = vec!["?"; names.len()].join(",");
    let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", table.name, names.join(","));
    tx.prepare_cached(&sql)?.execute(params_from_iter(cells.values().map(|v| value(Some(v)))))?;
    tx.note_insert(table.name, id);
    Ok(())
}

fn value(json: Option<&Json>) -> Value {
    match json {
        Some(Json::String(text)) => Value::Text(text.clone()),
        Some(Json::Number(n)) => match n.as_i64() {
            Some(n) => Value::Integer(n),
            None => n.as_f64().map_or(Value::Null, Value::Real),
        },
        Some(Json::Bool(yes)) => Value::Integer(i64::from(*yes)),
        _ => Value::Null,
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Blob(_) => Json::Null,
        Value::Integer(n) => (*n).into(),
        Value::Real(x) => serde_json::Number::from_f64(*x).map_or(Json::Null, Json::Number),
        Value::Text(text) => text.clone().into(),
    }
}
