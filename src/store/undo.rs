//! The journal read backwards: what an operation did, what builds on it, and the statements that take it back.

pub mod builds_on;
pub mod named;
pub mod reversal;

use super::{Db, Failure, Result};
use crate::domain::ids::OperationId;
use rusqlite::{OptionalExtension, Row};
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
            ("changed_suggestion", "supplier_id"),
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
            ("changed_suggestion", "item_id"),
        ],
    ),
    removed("barcode", ["barcode", "barcodes"], &[]),
    removed("substitute", ["substitute", "substitutes"], &[]),
    removed("alias", ["alias", "aliases"], &[]),
    removed("project_line", ["project order", "project orders"], &[]),
    removed("item_rule", ["rule for planning", "rules for planning"], &[]),
    removed("changed_suggestion", ["changed suggestion", "changed suggestions"], &[]),
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
