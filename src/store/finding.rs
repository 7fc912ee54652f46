//! Find anything: orders, POs, suppliers and bins by what people type of them, always by an index or over few rows; and
//! what is known of one order, open or long closed.

use super::browse::{Found, FoundKind};
use super::{Db, Result, cells};
use crate::domain::ids::{CustomerId, ItemId, OrderId};
use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row, ToSql, params};

/// What stands before the number in a code; as in the indexes of 0012.
const NUMBER: &str = "ltrim(code, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_#/. ')";
/// Rows up to which every one is looked through for a part of its code: a matter of milliseconds.
const LOOKED_THROUGH: i64 = 20_000;
/// Codes with the same number that are compared.
const ALIKE: i64 = 200;

/// The letters and figures alone, as capitals: `SO-1042` and `so 1042` are one.
fn squeezed(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Rows of a table whose code has what was typed: those that begin so, those whose number begins so, and in a small table
/// those that have it anywhere. Newest first.
fn by_code(db: &Db, table: &str, text: &str, limit: i64) -> Result<Vec<i64>> {
    let typed = text.trim();
    let wanted = squeezed(typed);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<(bool, i64)> = Vec::new();
    let mut take = |sql: &str, values: &[&dyn ToSql]| -> Result<()> {
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            let (id, code): (i64, String) = (row.get(0)?, row.get(1)?);
            let code = squeezed(&code);
            if code.contains(&wanted) && !found.iter().any(|f| f.1 == id) {
                found.push((code != wanted, id));
            }
        }
        Ok(())
    };
    let range = |from: &str| (from.to_string(), format!("{from}\u{10ffff}"));
    let begins = format!("SELECT id, code FROM {table} WHERE code >= ?1 AND code < ?2 ORDER BY code LIMIT ?3");
    for form in [typed.to_string(), typed.to_uppercase()] {
        let (from, to) = range(&form);
        take(&begins, &[&from, &to, &ALIKE])?;
    }
    let number = typed.trim_start_matches(|c: char| c.is_ascii_alphabetic() || "-_#/. ".contains(c));
    if !number.is_empty() {
        let (from, to) = range(number);
        let sql =
            format!("SELECT id, code FROM {table} WHERE {NUMBER} >= ?1 AND {NUMBER} < ?2 ORDER BY {NUMBER} LIMIT ?3");
        take(&sql, &[&from, &to, &ALIKE])?;
    }
    if biggest(db, table)? <= LOOKED_THROUGH {
        let sql = format!("SELECT id, code FROM {table} WHERE code LIKE ?1 ESCAPE '\\' ORDER BY id DESC LIMIT ?2");
        take(&sql, &[&like(typed), &ALIKE])?;
    }
    found.sort_by_key(|(other, id)| (*other, std::cmp::Reverse(*id)));
    Ok(found.into_iter().take(usize::try_from(limit).unwrap_or(0)).map(|f| f.1).collect())
}

fn biggest(db: &Db, table: &str) -> Result<i64> {
    Ok(db.prepare_cached(&format!("SELECT coalesce(max(id), 0) FROM {table}"))?.query_row([], |r| r.get(0))?)
}

fn like(text: &str) -> String {
    format!("%{}%", text.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// The orders that have what was typed in their code, or left under it as a parcel's number.
pub fn orders(db: &Db, text: &str, limit: i64) -> Result<Vec<OrderId>> {
    let mut found = by_code(db, "customer_order", text, limit)?;
    let typed = text.trim().to_uppercase();
    if typed.chars().count() >= 4 {
        let sql = "SELECT DISTINCT l.order_id FROM shipment s JOIN order_line l ON l.id = s.line_id
                   WHERE s.reference >= ?1 AND s.reference < ?2 AND s.withdrawn_by IS NULL LIMIT ?3";
        let mut statement = db.prepare_cached(sql)?;
        for row in statement.query_map(params![typed, format!("{typed}\u{10ffff}"), limit], |r| r.get(0))? {
            let id: i64 = row?;
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    Ok(found.into_iter().map(OrderId).collect())
}

/// The newest orders of a customer.
pub fn orders_of(db: &Db, customer: CustomerId, limit: i64) -> Result<Vec<OrderId>> {
    let sql = "SELECT id FROM customer_order WHERE customer_id = ?1 ORDER BY ordered_on DESC, id DESC LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![customer.0, limit], |r| r.get(0).map(OrderId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A line of an order, whatever became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineFact {
    pub line: String,
    pub sku: String,
    pub item_name: String,
    pub quantity: Qty,
    pub shipped: Qty,
    pub cancelled: Qty,
    /// Of what is open: put aside for it.
    pub allocated: Qty,
    pub shipped_on: Option<NaiveDate>,
    pub delivered_on: Option<NaiveDate>,
    pub cancelled_on: Option<NaiveDate>,
    pub cancel_reason: Option<String>,
    /// What the last parcel of it was called.
    pub reference: Option<String>,
    pub price: Option<Money>,
}

impl LineFact {
    pub fn open(&self) -> Qty {
        self.quantity - self.shipped - self.cancelled
    }
}

/// An order, whatever became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderFact {
    pub order: OrderId,
    pub customer: CustomerId,
    pub code: String,
    pub customer_name: String,
    pub phone: Option<String>,
    pub ordered_on: NaiveDate,
    pub channel: Option<String>,
    pub lines: Vec<LineFact>,
}

impl OrderFact {
    pub fn is_open(&self) -> bool {
        self.lines.iter().any(|l| l.open().is_positive())
    }
    /// What its lines come to; none where a price is not on file.
    pub fn worth(&self) -> Option<Money> {
        self.lines.iter().map(|l| l.price.map(|p| p.times(l.quantity))).sum()
    }
}

/// One order; none where it is gone.
pub fn order(db: &Db, order: OrderId) -> Result<Option<OrderFact>> {
    let sql = "SELECT o.id, o.customer_id, o.code, c.name, c.phone, o.ordered_on, o.channel
               FROM customer_order o JOIN customer c ON c.id = o.customer_id WHERE o.id = ?1";
    let head = db.prepare_cached(sql)?.query_row([order.0], |r| {
        Ok(OrderFact {
            order: OrderId(r.get(0)?),
            customer: CustomerId(r.get(1)?),
            code: r.get(2)?,
            customer_name: r.get(3)?,
            phone: r.get(4)?,
            ordered_on: cells::date(r, 5)?,
            channel: r.get(6)?,
            lines: Vec::new(),
        })
    });
    let Some(mut found) = head.optional()? else { return Ok(None) };
    let sql = "SELECT l.line, i.sku, i.name, l.quantity, l.shipped, l.cancelled, l.shipped_on, l.delivered_on, l.cancelled_on,
                 l.cancel_reason, (SELECT s.reference FROM shipment s WHERE s.line_id = l.id AND s.withdrawn_by IS NULL
                   ORDER BY s.id DESC LIMIT 1), l.price, l.allocated
               FROM order_line l JOIN item i ON i.id = l.item_id WHERE l.order_id = ?1 ORDER BY l.id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([order.0], line)?;
    found.lines = rows.collect::<rusqlite::Result<_>>()?;
    Ok(Some(found))
}

fn line(r: &Row) -> rusqlite::Result<LineFact> {
    Ok(LineFact {
        line: r.get(0)?,
        sku: r.get(1)?,
        item_name: r.get(2)?,
        quantity: Qty::from_thousandths(r.get(3)?),
        shipped: Qty::from_thousandths(r.get(4)?),
        cancelled: Qty::from_thousandths(r.get(5)?),
        shipped_on: cells::maybe_date(r, 6)?,
        delivered_on: cells::maybe_date(r, 7)?,
        cancelled_on: cells::maybe_date(r, 8)?,
        cancel_reason: r.get(9)?,
        reference: r.get(10)?,
        price: r.get::<_, Option<i64>>(11)?.map(Money::from_ten_thousandths),
        allocated: Qty::from_thousandths(r.get(12)?),
    })
}

/// POs, suppliers and bins that have the text, at most `limit` of each.
pub fn supply_and_places(db: &Db, text: &str, limit: i64) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let mut take = |kind: FoundKind, sql: &str, values: &[&dyn ToSql]| -> Result<()> {
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map(values, |r| {
            Ok(Found { kind, id: r.get(0)?, place: r.get(1)?, title: r.get(2)?, detail: r.get(3)? })
        })?;
        for row in rows {
            found.push(row?);
        }
        Ok(())
    };
    for po in by_code(db, "purchase_order", text, limit)? {
        let sql = "SELECT p.id, p.supplier_id, p.code, coalesce(p.ordered_on, 'not ordered yet') || '  ' || s.name
                   FROM purchase_order p JOIN supplier s ON s.id = p.supplier_id WHERE p.id = ?1";
        take(FoundKind::Po, sql, &[&po])?;
    }
    let pattern = like(text);
    let suppliers = "SELECT id, id, name, trim(coalesce(contact_person, '') || '  ' || coalesce(phone, '')) FROM supplier
       WHERE name LIKE ?1 ESCAPE '\\' OR code LIKE ?1 ESCAPE '\\' OR contact_person LIKE ?1 ESCAPE '\\' OR phone LIKE ?1 ESCAPE '\\'
       ORDER BY name LIMIT ?2";
    take(FoundKind::Supplier, suppliers, &[&pattern, &limit])?;
    let upper = text.trim().to_uppercase();
    let own = upper.strip_prefix("BIN").unwrap_or(&upper).to_string();
    let which = if biggest(db, "bin")? <= LOOKED_THROUGH {
        "?3 = ?3 AND ?4 = ?4 AND b.code LIKE ?1 ESCAPE '\\'"
    } else {
        "?1 = ?1 AND b.code >= ?3 AND b.code < ?4"
    };
    let bins = format!(
        "SELECT b.id, coalesce((SELECT l.item_id FROM level l WHERE l.bin_id = b.id AND l.quantity <> 0 ORDER BY l.quantity DESC LIMIT 1), 0),
           b.code, coalesce('  note: ' || b.note, '')
         FROM bin b WHERE {which} ORDER BY b.code LIMIT ?2"
    );
    take(FoundKind::Bin, &bins, &[&like(&own), &limit, &own, &format!("{own}\u{10ffff}")])?;
    for po in found.iter_mut().filter(|f| f.kind == FoundKind::Po) {
        let open = some_of(
            db,
            "SELECT l.quantity - l.received - l.cancelled, i.name FROM po_line l JOIN item i ON i.id = l.item_id
             WHERE l.po_id = ?1 AND l.closed = 0 AND l.quantity > l.received + l.cancelled ORDER BY l.id",
            po.id,
        )?;
        po.detail.push_str(&open.map_or("  nothing is open".to_string(), |open| format!("  open: {open}")));
    }
    for bin in found.iter_mut().filter(|f| f.kind == FoundKind::Bin) {
        let lies = some_of(
            db,
            "SELECT l.quantity, i.name FROM level l JOIN item i ON i.id = l.item_id
             WHERE l.bin_id = ?1 AND l.quantity <> 0 ORDER BY l.quantity DESC, i.name",
            bin.id,
        )?;
        bin.detail.insert_str(0, &lies.unwrap_or("empty".into()));
    }
    Ok(found)
}

/// How many rows of a thing are named before the rest is only counted.
const NAMED: usize = 3;

/// The first quantities with their items, and how many more there are; none: there is none. The SQL gives both by an id.
fn some_of(db: &Db, sql: &str, id: i64) -> Result<Option<String>> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([id])?;
    let (mut named, mut more) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        if named.len() == NAMED {
            more += 1;
            continue;
        }
        let (quantity, name): (i64, String) = (row.get(0)?, row.get(1)?);
        named.push(format!("{} {name}", locale::here().quantity(Qty::from_thousandths(quantity))));
    }
    if more > 0 {
        named.push(format!("{more} more"));
    }
    Ok(Some(named.join(", ")).filter(|words| !words.is_empty()))
}

/// Something that a field can name: its code, and what it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    pub code: String,
    pub words: String,
}

fn choice(r: &Row) -> rusqlite::Result<Choice> {
    Ok(Choice { code: r.get(0)?, words: r.get(1)? })
}

/// Suppliers, bins, items or customers whose code or name has the text, by code; of other kinds none.
pub fn choices(db: &Db, kind: FoundKind, text: &str, limit: i64) -> Result<Vec<Choice>> {
    let sql = match kind {
        FoundKind::Supplier => {
            "SELECT code, name FROM supplier WHERE code LIKE ?1 ESCAPE '\\' OR name LIKE ?1 ESCAPE '\\' ORDER BY name LIMIT ?2"
        }
        FoundKind::Bin => {
            // Not what lies there: who counts must not see it.
            "SELECT code, trim(CASE kind WHEN 'storage' THEN '' ELSE kind END || '  ' || coalesce(note, '')) FROM bin
             WHERE code LIKE ?1 ESCAPE '\\' ORDER BY code LIMIT ?2"
        }
        FoundKind::Item => {
            "SELECT sku, name FROM item WHERE status = 'active' AND sku LIKE ?1 ESCAPE '\\' ORDER BY sku LIMIT ?2"
        }
        FoundKind::Customer => "SELECT code, name FROM customer WHERE name LIKE ?1 ESCAPE '\\' ORDER BY name LIMIT ?2",
        FoundKind::Order | FoundKind::Po => return Ok(Vec::new()),
    };
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![like(text), limit], choice)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// These items as choices, in this order.
pub fn items_named(db: &Db, items: &[ItemId]) -> Result<Vec<Choice>> {
    let mut statement = db.prepare_cached("SELECT sku, name FROM item WHERE id = ?1")?;
    items.iter().map(|i| Ok(statement.query_row([i.0], choice)?)).collect()
}

/// These customers as choices, in this order.
pub fn customers_named(db: &Db, customers: &[CustomerId]) -> Result<Vec<Choice>> {
    let mut statement = db.prepare_cached("SELECT code, name FROM customer WHERE id = ?1")?;
    customers.iter().map(|c| Ok(statement.query_row([c.0], choice)?)).collect()
}

/// Calls `take` for every customer, by name, with the words they are found by.
pub fn each_customers_words(db: &Db, mut take: impl FnMut(CustomerId, &[String])) -> Result<()> {
    let mut statement = db.prepare(
        "SELECT id, name, code, coalesce(contact_person, ''), coalesce(email, ''), coalesce(phone, ''), coalesce(city, '')
         FROM customer ORDER BY name",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let words: [String; 6] = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?];
        take(CustomerId(row.get(0)?), &words);
    }
    Ok(())
}

/// Whether an operation after that one touched a customer.
pub fn customers_changed_since(db: &Db, operation: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM journal WHERE operation_id > ?1 AND tbl = 'customer')";
    Ok(db.prepare_cached(sql)?.query_row([operation], |r| r.get(0))?)
}

/// A customer as a found thing: who speaks for them, by which number, and how many of their orders wait.
pub fn customer(db: &Db, customer: CustomerId) -> Result<Option<Found>> {
    let sql = "SELECT name || coalesce(', ' || city, ''),
                 trim(coalesce(contact_person, '') || '  ' || coalesce(phone, '')),
                 (SELECT count(DISTINCT o.id) FROM customer_order o JOIN order_line l ON l.order_id = o.id
                    WHERE o.customer_id = c.id AND l.quantity > l.shipped + l.cancelled)
               FROM customer c WHERE id = ?1";
    let found = db.prepare_cached(sql)?.query_row([customer.0], |r| {
        let (person, waiting): (String, i64) = (r.get(1)?, r.get(2)?);
        let waits = if waiting > 0 { format!("{waiting} waiting") } else { String::new() };
        let detail = [person, waits].into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join("  ");
        Ok(Found { kind: FoundKind::Customer, id: customer.0, place: customer.0, title: r.get(0)?, detail })
    });
    Ok(found.optional()?)
}

#[cfg(test)]
mod tests {
    use crate::store::Store;

    #[test]
    fn an_order_is_found_by_an_index_however_it_is_typed() {
        let store = Store::in_memory().unwrap();
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT id, code FROM customer_order WHERE {0} >= '1' AND {0} < '2' ORDER BY {0} LIMIT 5",
            super::NUMBER
        );
        let plan: String = store.db().query_row(&sql, [], |r| r.get(3)).unwrap();
        assert!(plan.contains("order_by_number"), "{plan}");
    }

    #[test]
    fn codes_are_compared_by_letters_and_figures_alone() {
        assert_eq!(super::squeezed("so 1042"), super::squeezed("SO-1042"));
    }
}
