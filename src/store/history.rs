//! What happened to an item, a bin, an order, a PO: movements, counts and the journal's rows, newest first.

use super::cells;
use super::{Db, Result};
use crate::domain::ids::{BinId, ItemId, OperationId};
use crate::domain::quantity::Qty;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Map, Value as Json};

/// The operation behind something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done {
    pub operation: OperationId,
    /// Moment, ISO.
    pub at: String,
    pub operator: String,
    pub summary: String,
    /// It was taken back.
    pub gone: bool,
}

/// A movement with its operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Movement {
    pub done: Done,
    pub item: ItemId,
    pub item_name: String,
    pub bin: BinId,
    pub bin_code: String,
    pub quantity: Qty,
    pub reason: String,
    pub reference: Option<String>,
    pub note: Option<String>,
}

/// A posted count with its operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Count {
    pub done: Done,
    pub item: ItemId,
    pub item_name: String,
    pub bin: BinId,
    pub bin_code: String,
    pub book: Qty,
    pub counted: Qty,
}

/// What an operation did to one row of the journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deed {
    pub done: Done,
    pub table: String,
    pub row: i64,
    /// `insert`, `update` or `delete`.
    pub action: String,
    /// Of an update: column to [before, after].
    pub cells: Map<String, Json>,
}

/// Which goods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Goods {
    Item(ItemId),
    Bin(BinId),
}

fn done(r: &Row) -> rusqlite::Result<Done> {
    Ok(Done {
        operation: OperationId(r.get(0)?),
        at: r.get(1)?,
        operator: r.get(2)?,
        summary: r.get(3)?,
        gone: r.get(4)?,
    })
}

/// The movements, by their moments, newest first.
pub fn movements(db: &Db, of: Goods, limit: i64) -> Result<Vec<Movement>> {
    let (column, id) = match of {
        Goods::Item(item) => ("item_id", item.0),
        Goods::Bin(bin) => ("bin_id", bin.0),
    };
    let sql = format!(
        "SELECT m.operation_id, m.at, m.operator, coalesce(o.summary, ''),
           EXISTS (SELECT 1 FROM movement r WHERE r.reverses = m.id), m.item_id, coalesce(i.name, 'an item that is gone'),
           m.bin_id, coalesce(b.code, ''), m.quantity, m.reason, m.reference, m.note
         FROM movement m LEFT JOIN operation o ON o.id = m.operation_id
         LEFT JOIN item i ON i.id = m.item_id LEFT JOIN bin b ON b.id = m.bin_id
         WHERE m.{column} = ?1 ORDER BY m.at DESC, m.id DESC LIMIT ?2"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([id, limit], |r| {
        Ok(Movement {
            done: done(r)?,
            item: ItemId(r.get(5)?),
            item_name: r.get(6)?,
            bin: BinId(r.get(7)?),
            bin_code: r.get(8)?,
            quantity: cells::quantity(r, 9)?,
            reason: r.get(10)?,
            reference: r.get(11)?,
            note: r.get(12)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The posted counts, newest first.
pub fn counts(db: &Db, of: Goods, limit: i64) -> Result<Vec<Count>> {
    let (column, id) = match of {
        Goods::Item(item) => ("item_id", item.0),
        Goods::Bin(bin) => ("bin_id", bin.0),
    };
    let sql = format!(
        "SELECT e.operation_id, e.counted_at, e.operator, coalesce(o.summary, ''), e.withdrawn_by IS NOT NULL,
           e.item_id, coalesce(i.name, 'an item that is gone'), e.bin_id, coalesce(b.code, ''), e.book, e.counted
         FROM count_entry e LEFT JOIN operation o ON o.id = e.operation_id
         LEFT JOIN item i ON i.id = e.item_id LEFT JOIN bin b ON b.id = e.bin_id
         WHERE e.{column} = ?1 ORDER BY e.counted_at DESC, e.id DESC LIMIT ?2"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([id, limit], |r| {
        Ok(Count {
            done: done(r)?,
            item: ItemId(r.get(5)?),
            item_name: r.get(6)?,
            bin: BinId(r.get(7)?),
            bin_code: r.get(8)?,
            book: cells::quantity(r, 9)?,
            counted: cells::quantity(r, 10)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The levels now: of an item in all its bins together, of a bin per item.
pub fn levels(db: &Db, of: Goods) -> Result<Vec<(ItemId, Qty)>> {
    let (sql, id) = match of {
        Goods::Item(item) => ("SELECT item_id, sum(quantity) FROM level WHERE item_id = ?1 GROUP BY item_id", item.0),
        Goods::Bin(bin) => ("SELECT item_id, quantity FROM level WHERE bin_id = ?1", bin.0),
    };
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([id], |r| Ok((ItemId(r.get(0)?), cells::quantity(r, 1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What was done to these rows of a table, newest first: who made them (without the cells), and every change since.
pub fn deeds(db: &Db, table: &str, rows: &[i64]) -> Result<Vec<Deed>> {
    // The run of new rows that holds this one is the last that begins at or before it.
    let mut made = db.prepare_cached(
        "SELECT o.id, o.at, o.operator, o.summary, EXISTS (SELECT 1 FROM operation r WHERE r.reverses = o.id)
         FROM journal j JOIN operation o ON o.id = j.operation_id
         WHERE j.tbl = ?1 AND j.row_id <= ?2 AND j.row_to >= ?2 AND j.action = 'insert' ORDER BY j.row_id DESC LIMIT 1",
    )?;
    let mut changed = db.prepare_cached(
        "SELECT o.id, o.at, o.operator, o.summary, EXISTS (SELECT 1 FROM operation r WHERE r.reverses = o.id), j.action, j.cells
         FROM journal j JOIN operation o ON o.id = j.operation_id
         WHERE j.tbl = ?1 AND j.row_id = ?2 AND j.action <> 'insert' ORDER BY j.id DESC LIMIT 500",
    )?;
    let mut out = Vec::new();
    for row in rows {
        let deed = |done, action: String, cells| Deed { done, table: table.to_string(), row: *row, action, cells };
        let first = made.query_row(params![table, row], done).optional()?;
        out.extend(first.map(|done| deed(done, "insert".into(), Map::new())));
        let mut found = changed.query(params![table, row])?;
        while let Some(r) = found.next()? {
            let text: Option<String> = r.get(6)?;
            let cells = serde_json::from_str(text.as_deref().unwrap_or("{}"))?;
            out.push(deed(done(r)?, r.get(5)?, cells));
        }
    }
    out.sort_by_key(|d| std::cmp::Reverse(d.done.operation.0));
    Ok(out)
}

/// The rows of an item's barcodes.
pub fn barcodes(db: &Db, item: ItemId) -> Result<Vec<i64>> {
    numbers(db, "SELECT id FROM barcode WHERE item_id = ?1", item.0)
}

/// The order of that code.
pub fn order(db: &Db, code: &str) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT id FROM customer_order WHERE code = ?1")?;
    Ok(statement.query_row([code], |r| r.get(0)).optional()?)
}

/// The tables in which an order's story stands, with their rows.
pub fn rows_of_order(db: &Db, order: i64) -> Result<Vec<(&'static str, Vec<i64>)>> {
    gathered(
        db,
        order,
        &[
            ("customer_order", "SELECT id FROM customer_order WHERE id = ?1"),
            ("order_line", "SELECT id FROM order_line WHERE order_id = ?1"),
            ("refund", "SELECT id FROM refund WHERE order_id = ?1"),
        ],
    )
}

/// The tables in which a PO's story stands, with their rows.
pub fn rows_of_po(db: &Db, po: i64) -> Result<Vec<(&'static str, Vec<i64>)>> {
    gathered(
        db,
        po,
        &[
            ("purchase_order", "SELECT id FROM purchase_order WHERE id = ?1"),
            ("po_line", "SELECT id FROM po_line WHERE po_id = ?1"),
        ],
    )
}

/// The number of an order's or a PO's line as people see it.
pub fn line_name(db: &Db, table: &str, row: i64) -> Result<Option<String>> {
    let sql = match table {
        "order_line" => {
            "SELECT l.line || ' (' || i.name || ')' FROM order_line l JOIN item i ON i.id = l.item_id WHERE l.id = ?1"
        }
        "po_line" => {
            "SELECT l.line || ' (' || i.name || ')' FROM po_line l JOIN item i ON i.id = l.item_id WHERE l.id = ?1"
        }
        _ => return Ok(None),
    };
    Ok(db.prepare_cached(sql)?.query_row([row], |r| r.get(0)).optional()?)
}

fn gathered(db: &Db, id: i64, tables: &[(&'static str, &str)]) -> Result<Vec<(&'static str, Vec<i64>)>> {
    tables.iter().map(|(table, sql)| Ok((*table, numbers(db, sql, id)?))).collect()
}

fn numbers(db: &Db, sql: &str, id: i64) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([id], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What bears a date of its own in an order's story: that it was ordered, promises, talks, shipments.
pub fn dated_of_order(db: &Db, order: i64) -> Result<Vec<(Done, String)>> {
    dated(
        db,
        order,
        "SELECT 0 operation_id, ordered_on at, '' operator, 0 gone, 'ordered' || coalesce(' by ' || channel, '') words
           FROM customer_order WHERE id = ?1
         UNION ALL SELECT operation_id, made_on, operator, withdrawn_by IS NOT NULL,
           'promised for ' || promised_on || coalesce(' (line ' || (SELECT line FROM order_line WHERE id = line_id) || ')', '')
             || ': ' || reason FROM promise WHERE order_id = ?1
         UNION ALL SELECT operation_id, coalesce(at, contacted_on), coalesce(operator, ''), withdrawn_by IS NOT NULL,
           'talk' || coalesce(' by ' || channel, '') || ': ' || replace(coalesce(outcome, 'sent'), '_', ' ')
             || CASE WHEN coalesce(outcome, 'sent') IN ('sent', 'reached') THEN coalesce(', said ' || quoted_for, '') ELSE '' END || coalesce(', answer ' || answer, '') || coalesce(': ' || note, '')
             || coalesce(' (line ' || (SELECT line FROM order_line WHERE id = line_id) || ')', '') FROM contact WHERE order_id = ?1
         UNION ALL SELECT s.operation_id, s.shipped_on, s.operator, s.withdrawn_by IS NOT NULL,
           'shipped ' || rtrim(rtrim(printf('%.3f', s.quantity / 1000.0), '0'), '.') || ' ' || i.name || coalesce(', ' || s.reference, '')
           FROM order_line l JOIN shipment s ON s.line_id = l.id JOIN item i ON i.id = l.item_id WHERE l.order_id = ?1
         UNION ALL SELECT c.operation_id, c.returned_on, c.operator, c.withdrawn_by IS NOT NULL,
           rtrim(rtrim(printf('%.3f', c.quantity / 1000.0), '0'), '.') || ' ' || i.name || ' came back'
             || CASE WHEN c.good THEN '' ELSE ', not fit for sale' END || coalesce(': ' || c.note, '')
           FROM order_line l JOIN customer_return c ON c.line_id = l.id JOIN item i ON i.id = l.item_id WHERE l.order_id = ?1",
    )
}

/// What bears a date of its own in a PO's story: that it was ordered, what was asked, what came.
pub fn dated_of_po(db: &Db, po: i64) -> Result<Vec<(Done, String)>> {
    dated(
        db,
        po,
        "SELECT 0 operation_id, ordered_on at, '' operator, 0 gone, 'ordered' words
           FROM purchase_order WHERE id = ?1 AND ordered_on IS NOT NULL
         UNION ALL SELECT operation_id, asked_on, operator, withdrawn_by IS NOT NULL,
           CASE WHEN about = 'claim' THEN CASE WHEN answer IS NULL THEN 'claimed what was rejected'
                  ELSE 'claim ' || coalesce(settled, 'answered') END
                WHEN answer IS NOT NULL THEN 'answered'
                WHEN step = 'order' THEN 'sent' WHEN step = 'cancel' THEN 'cancelled' WHEN step = 'remind' THEN 'reminded'
                WHEN step = 'second_source' THEN 'ordered elsewhere' ELSE 'asked' END
             || coalesce(' by ' || channel, '') || coalesce(': ' || answer, '') || coalesce(', new date ' || new_date, '')
             || coalesce(': ' || note, '') FROM chase WHERE po_id = ?1
         UNION ALL SELECT r.operation_id, r.received_on, '', r.withdrawn_by IS NOT NULL,
           'received ' || rtrim(rtrim(printf('%.3f', r.quantity / 1000.0), '0'), '.') || ' ' || i.name
             || CASE WHEN r.rejected > 0 THEN ', ' || rtrim(rtrim(printf('%.3f', r.rejected / 1000.0), '0'), '.') || ' bad' ELSE '' END
             || coalesce(': ' || r.reason, '')
           FROM po_line l JOIN receipt r ON r.po_line_id = l.id JOIN item i ON i.id = l.item_id WHERE l.po_id = ?1",
    )
}

fn dated(db: &Db, id: i64, sql: &str) -> Result<Vec<(Done, String)>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT d.operation_id, d.at, CASE WHEN d.operator = '' THEN coalesce(o.operator, '') ELSE d.operator END,
           coalesce(o.summary, ''), d.gone, d.words FROM ({sql}) d LEFT JOIN operation o ON o.id = d.operation_id"
    ))?;
    let rows = statement.query_map([id], |r| Ok((done(r)?, r.get(5)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a paper is called: its code and whose it is.
pub fn paper_name(db: &Db, table: &str, id: i64) -> Result<String> {
    let sql = if table == "customer_order" {
        "SELECT o.code || '  ' || c.name FROM customer_order o JOIN customer c ON c.id = o.customer_id WHERE o.id = ?1"
    } else {
        "SELECT p.code || '  ' || s.name FROM purchase_order p JOIN supplier s ON s.id = p.supplier_id WHERE p.id = ?1"
    };
    Ok(db.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?.unwrap_or_default())
}
