//! What an import asks of the tables and writes into them: rows by key, sums, the identity of rows without a key.

use super::records::{order_status, po_status, promise_now, received_on};
use super::{Db, Result, Tx};
use rusqlite::{OptionalExtension, ToSql, params, params_from_iter};
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// What a statement can be given.
pub use rusqlite::ToSql as Bind;
/// A value as a column holds it.
pub use rusqlite::types::Value as Datum;

/// A table whose rows are known by a key: the statements that an import runs on it.
pub struct Keyed {
    table: &'static str,
    columns: &'static [&'static str],
    select: String,
    insert: String,
}

impl Keyed {
    /// `keys` identify a row, `columns` are the cells that a file may change.
    pub fn new(table: &'static str, keys: &[&str], columns: &'static [&'static str]) -> Keyed {
        let is: Vec<String> = keys.iter().map(|k| format!("{k} = ?")).collect();
        let all: Vec<&str> = keys.iter().chain(columns).copied().collect();
        let marks = vec!["?"; all.len()].join(",");
        Keyed {
            table,
            columns,
            select: format!("SELECT id, {} FROM {table} WHERE {}", columns.join(","), is.join(" AND ")),
            insert: format!("INSERT INTO {table} ({}) VALUES ({marks})", all.join(",")),
        }
    }

    /// The stored row of that key: its number and its cells in the order of `columns`.
    pub fn find(&self, db: &Db, key: &[&dyn ToSql]) -> Result<Option<(i64, Vec<Datum>)>> {
        let width = self.columns.len();
        let mut statement = db.prepare_cached(&self.select)?;
        let row = statement.query_row(key, |row| {
            let cells = (1..=width).map(|i| row.get::<_, Datum>(i)).collect::<rusqlite::Result<Vec<_>>>()?;
            Ok((row.get(0)?, cells))
        });
        Ok(row.optional()?)
    }

    /// Adds a row, journalled.
    pub fn add(&self, tx: &mut Tx, key: &[&dyn ToSql], cells: &[Datum]) -> Result<i64> {
        let id = {
            let values = key.iter().copied().chain(cells.iter().map(|c| c as &dyn ToSql));
            tx.prepare_cached(&self.insert)?.execute(params_from_iter(values))?;
            tx.last_insert_rowid()
        };
        tx.note_insert(self.table, id);
        Ok(id)
    }

    /// Writes the cells that are given and differ from `stored`; blank ones stay. Answers the columns that changed.
    pub fn change(&self, tx: &mut Tx, id: i64, stored: &[Datum], cells: &[Option<Datum>]) -> Result<Vec<&'static str>> {
        let mut changes: Vec<(&str, Datum)> = Vec::new();
        let mut changed = Vec::new();
        for ((column, before), after) in self.columns.iter().zip(stored).zip(cells) {
            if let Some(after) = after
                && after != before
            {
                changes.push((column, after.clone()));
                changed.push(*column);
            }
        }
        if !changes.is_empty() {
            tx.update(self.table, id, &changes)?;
        }
        Ok(changed)
    }
}

/// The highest row number of a table: at least how many rows it ever had.
pub fn highest(db: &Db, table: &'static str) -> Result<i64> {
    let mut statement = db.prepare_cached(&format!("SELECT coalesce(max(id), 0) FROM {table}"))?;
    Ok(statement.query_row([], |r| r.get(0))?)
}

/// The row number of a code.
pub fn code(db: &Db, table: &'static str, code: &str) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached(&format!("SELECT id FROM {table} WHERE code = ?1"))?;
    Ok(statement.query_row([code], |r| r.get(0)).optional()?)
}

/// Row numbers by code.
pub fn codes(db: &Db, table: &'static str) -> Result<HashMap<String, i64>> {
    let mut statement = db.prepare(&format!("SELECT code, id FROM {table}"))?;
    let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An item as an import knows it.
#[derive(Clone, Copy, Debug)]
pub struct KnownItem {
    pub id: i64,
    /// Its home bin.
    pub bin: Option<i64>,
}

/// All items by SKU.
pub fn items(db: &Db) -> Result<HashMap<String, KnownItem>> {
    let mut statement = db.prepare("SELECT sku, id, bin_id FROM item")?;
    let rows = statement.query_map([], |r| Ok((r.get(0)?, KnownItem { id: r.get(1)?, bin: r.get(2)? })))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The item of a SKU.
pub fn item(db: &Db, sku: &str) -> Result<Option<KnownItem>> {
    let mut statement = db.prepare_cached("SELECT id, bin_id FROM item WHERE sku = ?1")?;
    Ok(statement.query_row([sku], |r| Ok(KnownItem { id: r.get(0)?, bin: r.get(1)? })).optional()?)
}

/// The SKU of an item.
pub fn sku(db: &Db, item: i64) -> Result<Option<String>> {
    let mut statement = db.prepare_cached("SELECT sku FROM item WHERE id = ?1")?;
    Ok(statement.query_row([item], |r| r.get(0)).optional()?)
}

/// An order as an import knows it.
#[derive(Clone, Debug, Default)]
pub struct KnownOrder {
    pub id: i64,
    pub channel: Option<String>,
    /// As a file said it.
    pub status: Option<String>,
    /// Made by this import: it has no lines yet but those of the files, which are one per key.
    pub fresh: bool,
}

/// All orders by number.
pub fn orders(db: &Db) -> Result<HashMap<String, KnownOrder>> {
    let mut statement = db.prepare("SELECT code, id, channel, stated_status FROM customer_order")?;
    let rows = statement.query_map([], |r| {
        Ok((r.get(0)?, KnownOrder { id: r.get(1)?, channel: r.get(2)?, status: r.get(3)?, fresh: false }))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The order of a number.
pub fn order(db: &Db, code: &str) -> Result<Option<KnownOrder>> {
    let mut statement = db.prepare_cached("SELECT id, channel, stated_status FROM customer_order WHERE code = ?1")?;
    let known =
        |r: &rusqlite::Row| Ok(KnownOrder { id: r.get(0)?, channel: r.get(1)?, status: r.get(2)?, fresh: false });
    Ok(statement.query_row([code], known).optional()?)
}

/// Whether an order is that customer's, of that day.
pub fn order_is_of(db: &Db, order: i64, customer: &str, ordered_on: &str) -> Result<bool> {
    let mut statement = db.prepare_cached(
        "SELECT 1 FROM customer_order o JOIN customer c ON c.id = o.customer_id
         WHERE o.id = ?1 AND c.code = ?2 AND o.ordered_on = ?3",
    )?;
    Ok(statement.exists((order, customer, ordered_on))?)
}

/// The channels that the last 20,000 orders came from or codes belong to, the commonest first.
pub fn channels(db: &Db, most: i64) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "SELECT channel FROM (
             SELECT channel, COUNT(*) AS orders FROM (SELECT channel FROM customer_order ORDER BY id DESC LIMIT 20000)
             WHERE channel IS NOT NULL GROUP BY channel
             UNION ALL SELECT DISTINCT channel, 0 FROM alias)
         GROUP BY channel ORDER BY SUM(orders) DESC, channel LIMIT ?1",
    )?;
    let rows = statement.query_map([most], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Channels' own codes: (channel, code) to the item's number and the thousandths of it that one of the code is.
pub fn aliases(db: &Db) -> Result<HashMap<(String, String), (i64, i64)>> {
    let mut statement = db.prepare("SELECT channel, code, item_id, quantity FROM alias")?;
    let rows = statement.query_map([], |r| Ok(((r.get(0)?, r.get(1)?), (r.get(2)?, r.get(3)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A barcode: its number, its item, and whether it is the one that the items table names.
pub fn barcode(db: &Db, code: &str) -> Result<Option<(i64, i64)>> {
    let mut statement = db.prepare_cached("SELECT id, item_id FROM barcode WHERE code = ?1")?;
    Ok(statement.query_row([code], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
}

/// The barcode that the items table names for this item.
pub fn main_barcode(db: &Db, item: i64) -> Result<Option<(i64, String)>> {
    let mut statement =
        db.prepare_cached("SELECT id, code FROM barcode WHERE item_id = ?1 AND main = 1 ORDER BY id LIMIT 1")?;
    Ok(statement.query_row([item], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
}

/// The identity of a row of a table without a key: what it belongs to, and all its cells.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Print(i64, i64, i64, u64);

impl Print {
    /// Of a movement.
    pub fn of_movement(at: &str, item: i64, bin: i64, quantity: i64, reason: &str, reference: Option<&str>) -> Print {
        Print(item, bin, quantity, digest(&(at, reason, reference)))
    }
    /// Of any other row: its parent, a figure of it, and the other cells.
    pub fn of_cells(parent: i64, cells: &[Datum]) -> Print {
        let words: Vec<String> = cells.iter().map(word).collect();
        Print(parent, words.len() as i64, 0, digest(&words))
    }
}

fn digest(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

fn word(cell: &Datum) -> String {
    match cell {
        Datum::Null | Datum::Blob(_) => "-".into(),
        Datum::Integer(n) => format!("i{n}"),
        Datum::Real(x) => format!("r{x}"),
        Datum::Text(t) => format!("t{t}"),
    }
}

/// How often each movement is stored, of an item or of all; reversed ones and reversals do not count.
pub fn movement_prints(db: &Db, item: Option<i64>) -> Result<HashMap<Print, u32>> {
    let of = if item.is_some() { "m.item_id = ?1 AND " } else { "" };
    // `+`: by the item's index, as in `oldest_movement`.
    let mut statement = db.prepare_cached(&format!(
        "SELECT at, item_id, bin_id, quantity, reason, reference FROM movement m
         WHERE {of}+reverses IS NULL AND NOT EXISTS (SELECT 1 FROM movement r WHERE r.reverses = m.id)"
    ))?;
    let mut rows = statement.query(params_from_iter(item))?;
    let mut prints = HashMap::new();
    while let Some(r) = rows.next()? {
        let at = r.get_ref(0)?.as_str().unwrap_or_default();
        let reason = r.get_ref(4)?.as_str().unwrap_or_default();
        let reference = r.get_ref(5)?.as_str_or_null().unwrap_or_default();
        let print = Print::of_movement(at, r.get(1)?, r.get(2)?, r.get(3)?, reason, reference);
        *prints.entry(print).or_insert(0) += 1;
    }
    Ok(prints)
}

/// How often each row of a withdrawable table is stored, of one parent or of all; withdrawn ones do not count.
pub fn prints(
    db: &Db,
    table: &'static str,
    parent: &str,
    columns: &[&str],
    of: Option<i64>,
) -> Result<HashMap<Print, u32>> {
    let only = if of.is_some() { format!("{parent} = ?1 AND ") } else { String::new() };
    let sql = format!("SELECT {parent}, {} FROM {table} WHERE {only}withdrawn_by IS NULL", columns.join(","));
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(of))?;
    let mut prints = HashMap::new();
    while let Some(r) = rows.next()? {
        let cells = (1..=columns.len()).map(|i| r.get::<_, Datum>(i)).collect::<rusqlite::Result<Vec<_>>>()?;
        *prints.entry(Print::of_cells(r.get(0)?, &cells)).or_insert(0) += 1;
    }
    Ok(prints)
}

/// A movement to be written.
pub struct NewMovement<'a> {
    pub at: &'a str,
    pub item: i64,
    pub bin: i64,
    /// Thousandths, not zero.
    pub quantity: i64,
    pub reason: &'a str,
    pub reference: Option<&'a str>,
}

/// Adds a movement; the level follows by itself.
pub fn add_movement(tx: &mut Tx, new: &NewMovement) -> Result<()> {
    let operation = tx.operation().0;
    let id = {
        let mut statement = tx.prepare_cached(
            "INSERT INTO movement (at, item_id, bin_id, quantity, reason, reference, operator, operation_id)
             VALUES (?1,?2,?3,?4,?5,?6,?7,?8)",
        )?;
        let operator = tx.act().operator.as_str();
        statement.execute(params![
            new.at,
            new.item,
            new.bin,
            new.quantity,
            new.reason,
            new.reference,
            operator,
            operation
        ])?;
        tx.last_insert_rowid()
    };
    tx.note_insert("movement", id);
    Ok(())
}

/// What the book says lies there, in thousandths.
pub fn level(db: &Db, item: i64, bin: i64) -> Result<i64> {
    let mut statement = db.prepare_cached("SELECT quantity FROM level WHERE item_id = ?1 AND bin_id = ?2")?;
    Ok(statement.query_row([item, bin], |r| r.get(0)).optional()?.unwrap_or(0))
}

/// The moment of the oldest movement of an item in a bin that was not reversed.
pub fn oldest_movement(db: &Db, item: i64, bin: i64) -> Result<Option<String>> {
    // `+`: by the item's index. The one on reverses looks better to SQLite and holds every movement under NULL.
    let mut statement = db.prepare_cached(
        "SELECT min(at) FROM movement m WHERE item_id = ?1 AND bin_id = ?2 AND +reverses IS NULL
         AND NOT EXISTS (SELECT 1 FROM movement r WHERE r.reverses = m.id)",
    )?;
    Ok(statement.query_row([item, bin], |r| r.get(0))?)
}

/// Whether what lies there was known before: a stock file or a count said it, or goods were moved here with this program
/// (received, put away, adjusted), not only brought in as the past of another.
pub fn was_stated(db: &Db, item: i64, bin: i64) -> Result<bool> {
    // `+`: by the item's index, as above.
    let mut statement = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM stated_level WHERE item_id = ?1 AND bin_id = ?2)
             OR EXISTS (SELECT 1 FROM count_entry WHERE item_id = ?1 AND bin_id = ?2 AND withdrawn_by IS NULL)
             OR EXISTS (SELECT 1 FROM movement m JOIN operation o ON o.id = m.operation_id
                WHERE m.item_id = ?1 AND m.bin_id = ?2 AND +m.reverses IS NULL AND o.kind <> 'import'
                  AND NOT EXISTS (SELECT 1 FROM movement r WHERE r.reverses = m.id))",
    )?;
    Ok(statement.query_row([item, bin], |r| r.get(0))?)
}

/// Remembers that a stock file stated a level.
pub fn add_stated(tx: &mut Tx, item: i64, bin: i64, quantity: i64, on: &str) -> Result<()> {
    let known: bool = {
        let mut statement =
            tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM stated_level WHERE item_id = ?1 AND bin_id = ?2)")?;
        statement.query_row([item, bin], |r| r.get(0))?
    };
    if !known {
        let columns = ["item_id", "bin_id", "quantity", "stated_on"];
        tx.insert("stated_level", &columns, &[&item, &bin, &quantity, &on])?;
    }
    Ok(())
}

/// The last promise that followed the first one: of the order as a whole, or of a line (its own or its order's).
pub fn later_promise(db: &Db, order: i64, line: Option<i64>) -> Result<Option<String>> {
    let sql = "SELECT promised_on FROM promise WHERE order_id = ?1 AND line_id IS ?2 AND withdrawn_by IS NULL
         ORDER BY id DESC LIMIT 1";
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_row(params![order, line], |r| r.get(0)).optional()?)
}

/// The older order that this one continues.
pub fn continues(db: &Db, order: i64) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT continues_id FROM customer_order WHERE id = ?1")?;
    Ok(statement.query_row([order], |r| r.get(0)).optional()?.flatten())
}

/// The order's own first promise.
pub fn first_promise(db: &Db, order: i64) -> Result<Option<String>> {
    let mut statement = db.prepare_cached("SELECT promised_on FROM customer_order WHERE id = ?1")?;
    Ok(statement.query_row([order], |r| r.get(0)).optional()?.flatten())
}

/// Whether the order has lines and each of them is promised for this date already, of its own or by its order.
pub fn lines_promised_for(db: &Db, order: i64, date: &str) -> Result<bool> {
    let sql = concat!(
        "SELECT coalesce(min(coalesce(",
        promise_now!(),
        ", '') = ?2), 0) FROM order_line l JOIN customer_order o ON o.id = l.order_id WHERE o.id = ?1"
    );
    Ok(db.prepare_cached(sql)?.query_row(params![order, date], |r| r.get(0))?)
}

/// An order's status as an export tells it.
pub fn order_status(db: &Db, order: i64) -> Result<String> {
    let sql = concat!("SELECT ", order_status!(), " FROM customer_order o WHERE o.id = ?1");
    Ok(db.prepare_cached(sql)?.query_row([order], |r| r.get(0))?)
}

/// A purchase order's status as an export tells it.
pub fn po_status(db: &Db, po: i64) -> Result<String> {
    let sql = concat!("SELECT ", po_status!(), " FROM purchase_order p WHERE p.id = ?1");
    Ok(db.prepare_cached(sql)?.query_row([po], |r| r.get(0))?)
}

/// Whether the PO has lines and each of them is expected on this date already, of its own or by its PO.
pub fn lines_expected_on(db: &Db, po: i64, date: &str) -> Result<bool> {
    let sql = "SELECT coalesce(min(coalesce(l.expected_on, p.expected_on, '') = ?2), 0)
         FROM po_line l JOIN purchase_order p ON p.id = l.po_id WHERE p.id = ?1";
    Ok(db.prepare_cached(sql)?.query_row(params![po, date], |r| r.get(0))?)
}

/// A PO line's dates as an export tells them: expected, of its own or by its PO; when its last goods came.
pub fn po_line_dates(db: &Db, line: i64) -> Result<(Option<String>, Option<String>)> {
    let sql = concat!(
        "SELECT coalesce(l.expected_on, p.expected_on), ",
        received_on!(),
        " FROM po_line l JOIN purchase_order p ON p.id = l.po_id WHERE l.id = ?1"
    );
    Ok(db.prepare_cached(sql)?.query_row([line], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// Adds a promise after the first.
pub fn add_promise(tx: &mut Tx, order: i64, line: Option<i64>, promised_on: &str, reason: &str) -> Result<()> {
    let (made_on, operator) = (tx.act().today.to_string(), tx.act().operator.clone());
    let operation = tx.operation().0;
    tx.insert(
        "promise",
        &["order_id", "line_id", "promised_on", "made_on", "operator", "reason", "operation_id"],
        &[&order, &line, &promised_on, &made_on, &operator, &reason, &operation],
    )?;
    Ok(())
}

/// Number, item, quantity, shipped, cancelled.
type OpenLine = (i64, i64, i64, i64, i64);

/// Lines of an order with something open.
pub fn open_lines(db: &Db, order: i64) -> Result<Vec<OpenLine>> {
    let mut statement = db.prepare_cached(
        "SELECT id, item_id, quantity, shipped, cancelled FROM order_line
         WHERE order_id = ?1 AND shipped + cancelled < quantity",
    )?;
    let rows = statement.query_map([order], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A line by its order's (PO's) number and its name: number and item.
pub fn line(db: &Db, purchase: bool, parent: i64, name: &str) -> Result<Option<(i64, i64)>> {
    let sql = if purchase {
        "SELECT id, item_id FROM po_line WHERE po_id = ?1 AND line = ?2"
    } else {
        "SELECT id, item_id FROM order_line WHERE order_id = ?1 AND line = ?2"
    };
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_row(params![parent, name], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
}

/// Number, item, quantity, received, cancelled, closed.
type PoLine = (i64, i64, i64, i64, i64, bool);

/// The lines of a PO.
pub fn po_lines(db: &Db, po: i64) -> Result<Vec<PoLine>> {
    let mut statement = db.prepare_cached(
        "SELECT id, item_id, quantity, received, cancelled, closed FROM po_line WHERE po_id = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([po], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What the receipts of a PO line add up to: quantity, rejected.
pub fn received(db: &Db, line: i64) -> Result<(i64, i64)> {
    let mut statement = db.prepare_cached(
        "SELECT coalesce(sum(quantity), 0), coalesce(sum(rejected), 0) FROM receipt
         WHERE po_line_id = ?1 AND withdrawn_by IS NULL",
    )?;
    Ok(statement.query_row([line], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// What a PO line says it received: quantity, rejected.
pub fn stated_received(db: &Db, line: i64) -> Result<(i64, i64)> {
    let mut statement = db.prepare_cached("SELECT received, rejected FROM po_line WHERE id = ?1")?;
    Ok(statement.query_row([line], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// Adds a row to a table without a key (receipt, contact), journalled, pointing at this operation.
pub fn add_record(tx: &mut Tx, table: &'static str, columns: &[&str], cells: &[Datum]) -> Result<i64> {
    let operation = tx.operation().0;
    let mut columns = columns.to_vec();
    columns.push("operation_id");
    let mut values: Vec<&dyn ToSql> = cells.iter().map(|c| c as &dyn ToSql).collect();
    values.push(&operation);
    tx.insert(table, &columns, &values)
}

/// A part that was split off a line here. Quantities in thousandths.
pub struct Part {
    pub id: i64,
    pub line: String,
    pub item: i64,
    pub quantity: i64,
    pub shipped: i64,
    pub cancelled: i64,
    pub allocated: i64,
}

impl Part {
    pub fn open(&self) -> i64 {
        self.quantity - self.shipped - self.cancelled
    }
}

/// Whether any line was ever split.
pub fn any_part(db: &Db) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM order_line WHERE split_from IS NOT NULL)";
    Ok(db.prepare_cached(sql)?.query_row([], |r| r.get(0))?)
}

/// The parts split off a line of an order, the oldest first.
pub fn parts(db: &Db, order: i64, line: &str) -> Result<Vec<Part>> {
    let sql = "SELECT id, line, item_id, quantity, shipped, cancelled, allocated FROM order_line
               WHERE order_id = ?1 AND place = ?2 AND split_from IS NOT NULL ORDER BY id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![order, line], |r| {
        Ok(Part {
            id: r.get(0)?,
            line: r.get(1)?,
            item: r.get(2)?,
            quantity: r.get(3)?,
            shipped: r.get(4)?,
            cancelled: r.get(5)?,
            allocated: r.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
