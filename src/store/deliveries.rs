//! Deliveries that are being taken in: their rows, the PO lines that they may be for, and receipts without a PO.

use super::cells::{MOMENT, moment};
use super::{Db, Failure, Result, Tx, cells};
use crate::domain::delivery::{Kind, Row};
use crate::domain::ids::{DeliveryId, ItemId, LineId, OperationId, PoId, PoLineId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};

/// A delivery's own record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    pub id: DeliveryId,
    pub started_at: NaiveDateTime,
    pub operator: String,
}

fn head_row(r: &rusqlite::Row) -> rusqlite::Result<Head> {
    Ok(Head { id: DeliveryId(r.get(0)?), started_at: moment(r, 1)?, operator: r.get(2)? })
}

/// The delivery of that number.
pub fn head(db: &Db, id: DeliveryId) -> Result<Head> {
    let mut statement = db.prepare_cached("SELECT id, started_at, operator FROM delivery WHERE id = ?1")?;
    let found = statement.query_row([id.0], head_row).optional()?;
    found.ok_or_else(|| Failure::usage(format!("There is no delivery {}.", id.0)))
}

const CLOSED: &str =
    "(EXISTS (SELECT 1 FROM delivery_booking k WHERE k.delivery_id = d.id AND k.closes = 1 AND k.withdrawn_by IS NULL)
   OR EXISTS (SELECT 1 FROM delivery_scan s WHERE s.delivery_id = d.id AND s.kind = 'drop'))";

/// The deliveries that are neither booked nor thrown away, newest first.
pub fn open(db: &Db) -> Result<Vec<Head>> {
    let sql = format!("SELECT id, started_at, operator FROM delivery d WHERE NOT {CLOSED} ORDER BY id DESC LIMIT 100");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], head_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether the delivery was booked as a whole or thrown away.
pub fn is_closed(db: &Db, id: DeliveryId) -> Result<bool> {
    let mut statement = db.prepare_cached(&format!("SELECT {CLOSED} FROM delivery d WHERE d.id = ?1"))?;
    Ok(statement.query_row([id.0], |r| r.get(0))?)
}

/// Begins a delivery; the same `uid` again answers the one that was begun. Call it in a transaction that holds the write
/// lock.
pub fn begin(db: &Db, uid: Option<&str>, at: NaiveDateTime, operator: &str) -> Result<(DeliveryId, bool)> {
    let known = db.query_row("SELECT id FROM delivery WHERE uid = ?1", [uid], |r| r.get(0)).optional()?;
    if let Some(id) = known {
        return Ok((DeliveryId(id), false));
    }
    db.prepare_cached(
        "INSERT INTO delivery (uid, started_at, business_date, operator) VALUES (coalesce(?1, lower(hex(randomblob(12)))), ?2, ?3, ?4)",
    )?
    .execute(params![uid, at.format(MOMENT).to_string(), at.date().to_string(), operator])?;
    Ok((DeliveryId(db.last_insert_rowid()), true))
}

/// A row to be written. What is not given is not said.
#[derive(Clone, Debug)]
pub struct NewRow<'a> {
    pub uid: Option<&'a str>,
    pub delivery: DeliveryId,
    pub kind: Kind,
    pub po: Option<PoId>,
    pub item: Option<ItemId>,
    pub code: Option<&'a str>,
    pub quantity: Option<Qty>,
    pub words: Option<&'a str>,
    pub takes_back: Option<i64>,
    pub typed: bool,
    pub at: NaiveDateTime,
    pub operator: &'a str,
}

/// Writes a row and answers its number. Call it in a transaction that holds the write lock.
pub fn append(db: &Db, row: &NewRow) -> Result<i64> {
    db.prepare_cached(
        "INSERT INTO delivery_scan (uid, delivery_id, kind, po_id, item_id, code, quantity, words, takes_back, typed, at, operator)
         VALUES (coalesce(?1, lower(hex(randomblob(12)))), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        row.uid,
        row.delivery.0,
        row.kind.name(),
        row.po.map(|p| p.0),
        row.item.map(|i| i.0),
        row.code,
        row.quantity.map(Qty::thousandths),
        row.words,
        row.takes_back,
        row.typed,
        row.at.format(MOMENT).to_string(),
        row.operator,
    ])?;
    Ok(db.last_insert_rowid())
}

/// Whether a row was sent under this id before.
pub fn knows(db: &Db, uid: &str) -> Result<bool> {
    let mut statement = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM delivery_scan WHERE uid = ?1)")?;
    Ok(statement.query_row([uid], |r| r.get(0))?)
}

/// The figure that was sent under this id, where it was asked about and not taken.
pub fn doubted(db: &Db, uid: &str) -> Result<Option<Qty>> {
    let mut statement = db.prepare_cached(
        "SELECT quantity FROM delivery_scan WHERE uid = ?1 AND kind = 'name' AND item_id IS NOT NULL AND quantity IS NOT NULL",
    )?;
    Ok(statement.query_row([uid], |r| cells::quantity(r, 0)).optional()?)
}

/// Every row of a delivery, oldest first.
pub fn rows(db: &Db, delivery: DeliveryId) -> Result<Vec<Row>> {
    let mut statement = db.prepare_cached(
        "SELECT id, kind, po_id, item_id, code, quantity, words, takes_back, typed, at, operator
         FROM delivery_scan WHERE delivery_id = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([delivery.0], |r| {
        Ok(Row {
            id: r.get(0)?,
            kind: Kind::named(r.get_ref(1)?.as_str().unwrap_or("")).unwrap_or(Kind::Name), // the table's CHECK knows no other
            po: r.get::<_, Option<i64>>(2)?.map(PoId),
            item: r.get::<_, Option<i64>>(3)?.map(ItemId),
            code: r.get(4)?,
            quantity: cells::maybe_quantity(r, 5)?,
            words: r.get(6)?,
            takes_back: r.get(7)?,
            typed: r.get(8)?,
            at: moment(r, 9)?,
            operator: r.get(10)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The reason that was given last for bad goods.
pub fn last_reason(db: &Db) -> Result<Option<String>> {
    let sql = "SELECT words FROM delivery_scan WHERE kind = 'bad' AND words IS NOT NULL ORDER BY id DESC LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([], |r| r.get(0)).optional()?)
}

/// The last row of the delivery that was booked and stands; 0: none.
pub fn booked(db: &Db, delivery: DeliveryId) -> Result<i64> {
    let sql =
        "SELECT coalesce(max(last_scan), 0) FROM delivery_booking WHERE delivery_id = ?1 AND withdrawn_by IS NULL";
    Ok(db.prepare_cached(sql)?.query_row([delivery.0], |r| r.get(0))?)
}

/// The operations that booked of the delivery and stand, oldest first.
pub fn bookings(db: &Db, delivery: DeliveryId) -> Result<Vec<OperationId>> {
    let sql = "SELECT operation_id FROM delivery_booking WHERE delivery_id = ?1 AND withdrawn_by IS NULL ORDER BY id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([delivery.0], |r| r.get(0).map(OperationId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes that the delivery, or what of it could be, was booked by this operation.
pub fn keep_booking(tx: &mut Tx, delivery: DeliveryId, last: i64, closes: bool) -> Result<()> {
    let operation = tx.operation().0;
    tx.insert(
        "delivery_booking",
        &["delivery_id", "last_scan", "closes", "operation_id"],
        &[&delivery.0, &last, &closes, &operation],
    )?;
    Ok(())
}

/// A PO line as the person at the dock sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub id: PoLineId,
    pub po: PoId,
    pub po_code: String,
    pub line: String,
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    /// The supplier's own code for it.
    pub their_code: Option<String>,
    /// Ordered less cancelled.
    pub ordered: Qty,
    pub received: Qty,
    /// Of one unit, where known.
    pub cost: Option<Money>,
    pub due: Option<NaiveDate>,
    pub closed: bool,
}

impl Line {
    /// Still to come; nothing where it is closed.
    pub fn open(&self) -> Qty {
        if self.closed { Qty::ZERO } else { (self.ordered - self.received).or_zero() }
    }
}

const LINE: &str = "SELECT l.id, p.id, p.code, l.line, l.item_id, i.sku, i.name, si.supplier_sku, l.quantity - l.cancelled, l.received,
    coalesce(l.cost, si.cost, i.cost), coalesce(l.expected_on, p.expected_on, l.confirmed_for), l.closed
  FROM purchase_order p JOIN po_line l ON l.po_id = p.id JOIN item i ON i.id = l.item_id
  LEFT JOIN supplier_item si ON si.supplier_id = p.supplier_id AND si.item_id = l.item_id";

fn line_row(r: &rusqlite::Row) -> rusqlite::Result<Line> {
    Ok(Line {
        id: PoLineId(r.get(0)?),
        po: PoId(r.get(1)?),
        po_code: r.get(2)?,
        line: r.get(3)?,
        item: ItemId(r.get(4)?),
        sku: r.get(5)?,
        name: r.get(6)?,
        their_code: r.get(7)?,
        ordered: cells::quantity(r, 8)?,
        received: cells::quantity(r, 9)?,
        cost: cells::maybe_money(r, 10)?,
        due: cells::maybe_date(r, 11)?,
        closed: r.get(12)?,
    })
}

/// Every line of a PO, in the order in which they were made; cancelled ones are left out.
pub fn lines(db: &Db, po: PoId) -> Result<Vec<Line>> {
    let mut statement =
        db.prepare_cached(&format!("{LINE} WHERE p.id = ?1 AND l.quantity > l.cancelled ORDER BY l.id"))?;
    let rows = statement.query_map([po.0], line_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a supplier was asked for of an item and has still to bring, those due first at the top.
pub fn open_lines(db: &Db, supplier: SupplierId, item: ItemId) -> Result<Vec<Line>> {
    let mut statement = db.prepare_cached(&format!(
        "{LINE} WHERE p.supplier_id = ?1 AND l.item_id = ?2 AND l.closed = 0 AND l.received + l.cancelled < l.quantity
           AND (p.status IS NULL OR p.status IN ('sent', 'confirmed'))
         ORDER BY coalesce(l.expected_on, p.expected_on, l.confirmed_for, '9999'), p.id, l.id"
    ))?;
    let rows = statement.query_map(params![supplier.0, item.0], line_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The POs that wait for an item, with their suppliers, those due first at the top: PO, code, supplier's name.
pub fn pos_with(db: &Db, item: ItemId) -> Result<Vec<(PoId, String, String)>> {
    let mut statement = db.prepare_cached(
        "SELECT p.id, p.code, s.name FROM po_line l JOIN purchase_order p ON p.id = l.po_id JOIN supplier s ON s.id = p.supplier_id
         WHERE l.item_id = ?1 AND l.closed = 0 AND l.received + l.cancelled < l.quantity
           AND (p.status IS NULL OR p.status IN ('sent', 'confirmed'))
         GROUP BY p.id ORDER BY min(coalesce(l.expected_on, p.expected_on, l.confirmed_for, '9999')), p.id",
    )?;
    let rows = statement.query_map([item.0], |r| Ok((PoId(r.get(0)?), r.get(1)?, r.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A PO on which goods are still to come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expected {
    pub po: PoId,
    pub code: String,
    pub supplier: String,
    pub due: Option<NaiveDate>,
    /// Lines on which something is still to come.
    pub lines: i64,
    /// The first of them.
    pub first: String,
    pub first_open: Qty,
    /// SKU, name and the supplier's own code of each line, to look for one.
    pub goods: String,
}

/// Every PO on which goods are still to come, those due first at the top.
pub fn expected(db: &Db) -> Result<Vec<Expected>> {
    // The bare columns beside min() are of the row that it found (SQLite, "Bare columns in an aggregate query").
    let sql = "SELECT p.id, p.code, s.name, min(coalesce(l.expected_on, p.expected_on, l.confirmed_for)) AS due, count(*),
                 i.name, l.quantity - l.received - l.cancelled, group_concat(i.sku || ' ' || i.name || ' ' ||
                 coalesce((SELECT x.supplier_sku FROM supplier_item x WHERE x.supplier_id = p.supplier_id AND x.item_id = i.id), ''), ' ')
               FROM po_line l JOIN purchase_order p ON p.id = l.po_id JOIN supplier s ON s.id = p.supplier_id
               JOIN item i ON i.id = l.item_id
               WHERE l.closed = 0 AND l.received + l.cancelled < l.quantity AND (p.status IS NULL OR p.status IN ('sent', 'confirmed'))
               GROUP BY p.id ORDER BY due IS NULL, due, p.id LIMIT 2000";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |r| {
        Ok(Expected {
            po: PoId(r.get(0)?),
            code: r.get(1)?,
            supplier: r.get(2)?,
            due: cells::maybe_date(r, 3)?,
            lines: r.get(4)?,
            first: r.get(5)?,
            first_open: cells::quantity(r, 6)?,
            goods: r.get(7)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The item that this supplier knows by that code.
pub fn by_code_of(db: &Db, supplier: SupplierId, code: &str) -> Result<Option<ItemId>> {
    let sql = "SELECT min(item_id), count(*) FROM supplier_item WHERE supplier_id = ?1 AND supplier_sku = ?2";
    let (item, items): (Option<i64>, i64) =
        db.prepare_cached(sql)?.query_row(params![supplier.0, code], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(item.filter(|_| items == 1).map(ItemId))
}

/// Goods that came without a PO.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blind {
    pub id: i64,
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub received_on: NaiveDate,
    /// Bad ones included.
    pub quantity: Qty,
    pub rejected: Qty,
    pub reason: Option<String>,
    pub note: Option<String>,
}

/// Every receipt that no PO was found for yet, oldest first.
pub fn unmatched(db: &Db) -> Result<Vec<Blind>> {
    blind_where(db, "b.po_line_id IS NULL AND b.withdrawn_by IS NULL ORDER BY b.id", &[])
}

/// The receipt of that number, where it still waits for its PO.
pub fn blind(db: &Db, id: i64) -> Result<Option<Blind>> {
    Ok(blind_where(db, "b.id = ?1 AND b.po_line_id IS NULL AND b.withdrawn_by IS NULL", &[id])?.pop())
}

fn blind_where(db: &Db, which: &str, ids: &[i64]) -> Result<Vec<Blind>> {
    let sql = format!(
        "SELECT b.id, b.item_id, i.sku, i.name, b.received_on, b.quantity, b.rejected, b.reason, b.delivery_note
         FROM blind_receipt b JOIN item i ON i.id = b.item_id WHERE {which}"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(rusqlite::params_from_iter(ids), |r| {
        Ok(Blind {
            id: r.get(0)?,
            item: ItemId(r.get(1)?),
            sku: r.get(2)?,
            name: r.get(3)?,
            received_on: cells::date(r, 4)?,
            quantity: cells::quantity(r, 5)?,
            rejected: cells::quantity(r, 6)?,
            reason: r.get(7)?,
            note: r.get(8)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Goods without a PO, to be kept.
#[derive(Clone, Debug)]
pub struct NewBlind<'a> {
    pub delivery: DeliveryId,
    pub item: ItemId,
    pub quantity: Qty,
    pub rejected: Qty,
    pub reason: Option<&'a str>,
    pub note: Option<&'a str>,
}

/// Keeps goods that came without a PO.
pub fn keep_blind(tx: &mut Tx, new: &NewBlind) -> Result<()> {
    let (today, operation) = (tx.act().today.to_string(), tx.operation().0);
    tx.insert(
        "blind_receipt",
        &["delivery_id", "item_id", "received_on", "quantity", "rejected", "reason", "delivery_note", "operation_id"],
        &[
            &new.delivery.0,
            &new.item.0,
            &today,
            &new.quantity.thousandths(),
            &new.rejected.thousandths(),
            &new.reason,
            &new.note,
            &operation,
        ],
    )?;
    Ok(())
}

/// The PO line of goods that came without one: they count as received on it, on the day on which they came.
pub fn match_blind(tx: &mut Tx, blind: &Blind, line: PoLineId) -> Result<()> {
    let operation = tx.operation().0;
    tx.update("blind_receipt", blind.id, &[("po_line_id", Value::Integer(line.0))])?;
    tx.insert(
        "receipt",
        &["po_line_id", "received_on", "quantity", "rejected", "reason", "delivery_note", "operation_id"],
        &[
            &line.0,
            &blind.received_on.to_string(),
            &blind.quantity.thousandths(),
            &blind.rejected.thousandths(),
            &blind.reason,
            &blind.note,
            &operation,
        ],
    )?;
    let before: (i64, i64, Option<String>) = tx
        .prepare_cached("SELECT received, rejected, received_on FROM po_line WHERE id = ?1")?
        .query_row([line.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let on = before.2.max(Some(blind.received_on.to_string())).map_or(Value::Null, Value::Text);
    tx.update(
        "po_line",
        line.0,
        &[
            ("received", Value::Integer(before.0 + blind.quantity.thousandths())),
            ("rejected", Value::Integer(before.1 + blind.rejected.thousandths())),
            ("received_on", on),
        ],
    )?;
    tx.touch(blind.item);
    Ok(())
}

/// Goods that an operation reserved for a line: how many more than it had before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PutAside {
    pub order: String,
    pub line: String,
    pub customer: String,
    pub sku: String,
    pub name: String,
    pub quantity: Qty,
}

/// What a booking put aside for whom, from its journal.
pub fn put_aside(db: &Db, operation: OperationId) -> Result<Vec<PutAside>> {
    let sql = "SELECT l.id, o.code, l.line, c.name, i.sku, i.name, j.cells
               FROM journal j JOIN order_line l ON l.id = j.row_id JOIN customer_order o ON o.id = l.order_id
               JOIN customer c ON c.id = o.customer_id JOIN item i ON i.id = l.item_id
               WHERE j.operation_id = ?1 AND j.tbl = 'order_line' AND j.action = 'update' ORDER BY o.code, l.id, j.id";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([operation.0])?;
    let mut out: Vec<(i64, PutAside)> = Vec::new();
    while let Some(r) = rows.next()? {
        let cells: serde_json::Value = serde_json::from_str(r.get_ref(6)?.as_str().unwrap_or("{}"))?;
        let side = |at: usize| cells.get("allocated").and_then(|c| c.get(at)).and_then(serde_json::Value::as_i64);
        let (Some(before), Some(after)) = (side(0), side(1)) else { continue };
        let (id, more) = (r.get(0)?, Qty::from_thousandths(after - before));
        match out.last_mut().filter(|l| l.0 == id) {
            Some((_, known)) => known.quantity += more,
            None => out.push((
                id,
                PutAside {
                    order: r.get(1)?,
                    line: r.get(2)?,
                    customer: r.get(3)?,
                    sku: r.get(4)?,
                    name: r.get(5)?,
                    quantity: more,
                },
            )),
        }
    }
    Ok(out.into_iter().map(|(_, aside)| aside).filter(|a| a.quantity.is_positive()).collect())
}

/// Goods that an operation put into a bin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PutAway {
    pub bin: String,
    pub kind: String,
    pub sku: String,
    pub name: String,
    pub quantity: Qty,
    pub note: Option<String>,
}

/// What an operation put into which bin, in the order of the bins.
pub fn put_away(db: &Db, operation: OperationId) -> Result<Vec<PutAway>> {
    let sql = "SELECT b.code, b.kind, i.sku, i.name, sum(m.quantity), group_concat(DISTINCT m.note)
               FROM journal j JOIN movement m ON m.id BETWEEN j.row_id AND j.row_to
               JOIN bin b ON b.id = m.bin_id JOIN item i ON i.id = m.item_id
               WHERE j.operation_id = ?1 AND j.tbl = 'movement' AND j.action = 'insert' AND m.quantity > 0
               GROUP BY b.id, i.id ORDER BY b.code, i.sku";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([operation.0], |r| {
        Ok(PutAway {
            bin: r.get(0)?,
            kind: r.get(1)?,
            sku: r.get(2)?,
            name: r.get(3)?,
            quantity: cells::quantity(r, 4)?,
            note: r.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What is open of each line of an order, and what is reserved to it: `(line, open, reserved)`.
pub fn lines_of_order(db: &Db, order: &str) -> Result<Vec<(LineId, Qty, Qty)>> {
    let sql = "SELECT l.id, l.quantity - l.shipped - l.cancelled, l.allocated FROM order_line l
               JOIN customer_order o ON o.id = l.order_id WHERE o.code = ?1 AND l.quantity > l.shipped + l.cancelled";
    let mut statement = db.prepare_cached(sql)?;
    let rows =
        statement.query_map([order], |r| Ok((LineId(r.get(0)?), cells::quantity(r, 1)?, cells::quantity(r, 2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
