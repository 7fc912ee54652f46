//! Single records as files hold them, and what an order typed by hand writes.

use super::records::Field;
use super::{Db, Failure, Result, Tx};
use crate::domain::ids::{CustomerId, ItemId, LineId, OrderId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{OptionalExtension, params};

/// A record that a person edits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    Item,
    Customer,
    Supplier,
}

impl Kind {
    fn sql(self) -> &'static str {
        match self {
            Kind::Item => {
                "SELECT i.sku, i.name, i.note, b.code, i.category, i.unit, i.cost, i.price, i.backorders, i.backorder_limit,
                   i.available_on, s.code, h.code, i.min, i.max, i.pack, i.service_level, i.status
                 FROM item i LEFT JOIN barcode b ON b.item_id = i.id AND b.main = 1
                 LEFT JOIN supplier s ON s.id = i.supplier_id LEFT JOIN bin h ON h.id = i.bin_id WHERE i.id = ?1"
            }
            Kind::Customer => {
                "SELECT code, name, contact_person, email, phone, city, country, language, kind, priority, channel_preference,
                   note FROM customer WHERE id = ?1"
            }
            Kind::Supplier => {
                "SELECT code, name, contact_person, email, phone, country, lead_days, min_order_value, currency, order_days,
                   cutoff, note, language FROM supplier WHERE id = ?1"
            }
        }
    }
    fn table(self) -> &'static str {
        match self {
            Kind::Item => "item",
            Kind::Customer => "customer",
            Kind::Supplier => "supplier",
        }
    }
}

/// A record's fields in the order of its file's columns.
pub fn fields(db: &Db, kind: Kind, id: i64) -> Result<Vec<Field>> {
    let mut statement = db.prepare_cached(kind.sql())?;
    let width = statement.column_count();
    let row = statement.query_row([id], |r| {
        (0..width)
            .map(|n| {
                Ok(match r.get_ref(n)? {
                    ValueRef::Integer(n) => Field::Number(n),
                    ValueRef::Text(t) => Field::Text(String::from_utf8_lossy(t).into_owned()),
                    _ => Field::None,
                })
            })
            .collect::<rusqlite::Result<Vec<_>>>()
    });
    row.optional()?
        .ok_or_else(|| Failure::refused("This is not there any more: somebody took it back. Nothing was saved."))
}

/// The record with that code, if there is one.
pub fn by_code(db: &Db, kind: Kind, code: &str) -> Result<Option<i64>> {
    let sql = match kind {
        Kind::Item => "SELECT id FROM item WHERE sku = ?1",
        Kind::Customer => "SELECT id FROM customer WHERE code = ?1",
        Kind::Supplier => "SELECT id FROM supplier WHERE code = ?1",
    };
    Ok(db.prepare_cached(sql)?.query_row([code], |r| r.get(0)).optional()?)
}

/// Empties a column of a record; a barcode goes with its row.
pub fn erase(tx: &mut Tx, kind: Kind, id: i64, column: &str) -> Result<()> {
    let column = match (kind, column) {
        (Kind::Item, "barcode") => {
            let main: Option<i64> = tx
                .prepare_cached("SELECT id FROM barcode WHERE item_id = ?1 AND main = 1")?
                .query_row([id], |r| r.get(0))
                .optional()?;
            return main.map_or(Ok(()), |row| tx.delete("barcode", row));
        }
        (Kind::Item, "supplier") => "supplier_id",
        (Kind::Item, "bin") => "bin_id",
        (_, column) => column,
    };
    tx.update(kind.table(), id, &[(column, Value::Null)])?;
    if kind == Kind::Item {
        tx.touch(ItemId(id));
    }
    Ok(())
}

/// Sets a note.
pub fn write_note(tx: &mut Tx, table: &'static str, id: i64, note: Option<&str>) -> Result<bool> {
    tx.update(table, id, &[("note", note.map_or(Value::Null, |n| Value::Text(n.to_string())))])
}

/// The note of a row, and what it is called.
pub fn note(db: &Db, table: &'static str, id: i64) -> Result<(Option<String>, String)> {
    let name = if matches!(table, "customer_order" | "purchase_order" | "bin") { "code" } else { "name" };
    let mut statement = db.prepare_cached(&format!("SELECT note, {name} FROM {table} WHERE id = ?1"))?;
    let row = statement.query_row([id], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
    row.ok_or_else(|| Failure::refused("This is not there any more: somebody took it back. Nothing was saved."))
}

/// The numbers of the newest orders that end in a figure, each with its channel.
pub fn newest_orders(db: &Db) -> Result<Vec<(String, Option<String>)>> {
    let mut statement = db.prepare_cached("SELECT code, channel FROM customer_order ORDER BY id DESC LIMIT 200")?;
    let codes = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let codes = codes.collect::<rusqlite::Result<Vec<(String, _)>>>()?;
    Ok(codes.into_iter().filter(|(code, _)| code.ends_with(|c: char| c.is_ascii_digit())).collect())
}

/// The numbers of the newest orders that were typed here, newest first: among the last so many of all, as ten years of a
/// shop's are not read through for one.
pub fn newest_typed_orders(db: &Db) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "SELECT code FROM (SELECT id, code, channel FROM customer_order ORDER BY id DESC LIMIT 20000)
         WHERE channel = ?1 ORDER BY id DESC LIMIT 50",
    )?;
    let codes = statement.query_map([TYPED], |r| r.get(0))?;
    Ok(codes.collect::<rusqlite::Result<_>>()?)
}

/// The channel of orders that are typed by hand.
pub const TYPED: &str = "phone";

/// Whether there is an order of that code.
pub fn order_exists(db: &Db, code: &str) -> Result<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM customer_order WHERE code = ?1")?.exists([code])?)
}

/// An order's head.
#[derive(Clone, Debug)]
pub struct Head<'a> {
    pub code: &'a str,
    pub customer: CustomerId,
    pub ordered_on: NaiveDate,
    pub kind: Option<&'a str>,
    pub paid: bool,
    pub promised_on: Option<NaiveDate>,
    pub note: Option<&'a str>,
}

/// Adds an order that came by telephone or over the counter.
pub fn add_order(tx: &mut Tx, head: &Head) -> Result<OrderId> {
    let id = tx.insert(
        "customer_order",
        &["code", "customer_id", "ordered_on", "channel", "kind", "paid", "promised_on", "note"],
        &[
            &head.code,
            &head.customer.0,
            &head.ordered_on.to_string(),
            &TYPED,
            &head.kind,
            &i64::from(head.paid),
            &head.promised_on.map(|d| d.to_string()),
            &head.note,
        ],
    )?;
    Ok(OrderId(id))
}

/// Adds a line of it.
pub fn add_line(
    tx: &mut Tx,
    order: OrderId,
    line: usize,
    item: ItemId,
    quantity: Qty,
    price: Option<Money>,
) -> Result<LineId> {
    let id = tx.insert(
        "order_line",
        &["order_id", "line", "item_id", "quantity", "price"],
        &[&order.0, &line.to_string(), &item.0, &quantity.thousandths(), &price.map(Money::ten_thousandths)],
    )?;
    tx.touch(item);
    Ok(LineId(id))
}

/// Adds a customer of whom only the name and how to reach him are known.
pub fn add_customer(tx: &mut Tx, code: &str, name: &str, phone: Option<&str>) -> Result<CustomerId> {
    Ok(CustomerId(tx.insert("customer", &["code", "name", "phone"], &[&code, &name, &phone])?))
}

/// What is reserved to a line, and what is short of it.
pub fn reserved(db: &Db, line: LineId) -> Result<(Qty, Qty)> {
    let mut statement = db
        .prepare_cached("SELECT allocated, quantity - shipped - cancelled - allocated FROM order_line WHERE id = ?1")?;
    let read = |n: i64| Qty::from_thousandths(n);
    Ok(statement.query_row(params![line.0], |r| Ok((read(r.get(0)?), read(r.get(1)?))))?)
}
