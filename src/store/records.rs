//! The records as files hold them: one statement per export view, its columns in the order of the file.

use super::{Db, Result};
use rusqlite::types::ValueRef;

/// A cell as the database keeps it; what it means is known by who asked.
#[derive(Clone, PartialEq, Debug)]
pub enum Field {
    None,
    Text(String),
    Number(i64),
}

const ITEMS: &str = "
SELECT i.sku, i.name, i.note, b.code, i.category, i.unit, i.cost, i.price, i.backorders, i.backorder_limit, i.available_on,
  s.code, h.code, i.min, i.max, i.pack, i.service_level, i.status
FROM item i
LEFT JOIN barcode b ON b.item_id = i.id AND b.main = 1
LEFT JOIN supplier s ON s.id = i.supplier_id
LEFT JOIN bin h ON h.id = i.bin_id
ORDER BY i.sku";

const SUPPLIERS: &str = "
SELECT code, name, contact_person, email, phone, country, lead_days, min_order_value, currency, order_days, cutoff, note, language
FROM supplier ORDER BY code";

const MOVEMENTS: &str = "
SELECT m.at, i.sku, b.code, m.quantity, m.reason, m.reference
FROM movement m JOIN item i ON i.id = m.item_id JOIN bin b ON b.id = m.bin_id
ORDER BY m.id";

const CONTACTS: &str = "
SELECT o.code, l.line, c.on_now, c.channel, c.message, c.quoted_for, c.offered_cancel, c.outcome_now, c.answer, c.answered_on,
  c.offer, c.offer_cost, c.note
FROM contact_now c JOIN customer_order o ON o.id = c.order_id LEFT JOIN order_line l ON l.id = c.line_id
WHERE c.withdrawn_by IS NULL
ORDER BY c.id";

/// The status of the order `o`: without lines as stated, with lines it follows from them.
macro_rules! order_status {
    () => {
        "CASE WHEN NOT EXISTS (SELECT 1 FROM order_line x WHERE x.order_id = o.id) THEN coalesce(o.stated_status, 'open')
    WHEN EXISTS (SELECT 1 FROM order_line x WHERE x.order_id = o.id AND x.shipped + x.cancelled < x.quantity) THEN 'open'
    WHEN EXISTS (SELECT 1 FROM order_line x WHERE x.order_id = o.id AND x.shipped > 0) THEN 'shipped'
    ELSE 'cancelled' END"
    };
}

/// The status of the PO `p`: as stated, else it follows from its lines.
macro_rules! po_status {
    () => {
        "coalesce(p.status, CASE
    WHEN EXISTS (SELECT 1 FROM po_line x WHERE x.po_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM po_line x WHERE x.po_id = p.id AND x.closed = 0 AND x.received + x.cancelled < x.quantity)
      THEN 'closed'
    WHEN p.confirmed_on IS NOT NULL THEN 'confirmed' ELSE 'sent' END)"
    };
}

/// The promise that holds for the line `l` of the order `o`: the line's newest, else its first, else the order's
/// newest, else the order's first. `l` may be absent.
macro_rules! promise_now {
    () => {
        "coalesce((SELECT q.promised_on FROM promise q WHERE q.line_id = l.id AND q.withdrawn_by IS NULL ORDER BY q.id DESC LIMIT 1),
    l.promised_on,
    (SELECT q.promised_on FROM promise q WHERE q.order_id = o.id AND q.line_id IS NULL AND q.withdrawn_by IS NULL
      ORDER BY q.id DESC LIMIT 1), o.promised_on)"
    };
}

/// When the last of the PO line `l` came: as its row says, else by its receipts.
macro_rules! received_on {
    () => {
        "coalesce(l.received_on, (SELECT max(x.received_on) FROM receipt x WHERE x.po_line_id = l.id AND x.withdrawn_by IS NULL))"
    };
}
pub(super) use {order_status, po_status, promise_now, received_on};

const ORDERS: &str = concat!(
    "
SELECT o.code, c.code, o.ordered_on, o.channel, o.kind, o.paid, o.paid_amount, o.refunded_on,
  ",
    promise_now!(),
    ", o.deliver_by, k.code, ",
    order_status!(),
    ", o.note, l.line, i.sku, l.quantity, l.price, l.shipped, l.shipped_on, l.cancelled
FROM customer_order o
JOIN customer c ON c.id = o.customer_id
LEFT JOIN customer_order k ON k.id = o.continues_id
LEFT JOIN order_line l ON l.order_id = o.id
LEFT JOIN item i ON i.id = l.item_id
ORDER BY o.id, l.id"
);

const PURCHASE_ORDERS: &str = concat!(
    "
SELECT p.code, s.code, p.ordered_on, p.confirmed_on, coalesce(l.expected_on, p.expected_on),
  ",
    po_status!(),
    ",
  l.line, i.sku, l.quantity, l.cost, l.confirmed_for, l.received, ",
    received_on!(),
    ", l.rejected
FROM purchase_order p
JOIN supplier s ON s.id = p.supplier_id
LEFT JOIN po_line l ON l.po_id = p.id
LEFT JOIN item i ON i.id = l.item_id
ORDER BY p.id, l.id"
);

const PO_TERMS: &str = "
SELECT code, freight, note FROM purchase_order WHERE freight IS NOT NULL OR note IS NOT NULL ORDER BY id";

const PO_LINE_TERMS: &str = "
SELECT p.code, l.line, l.asked_cost, nullif(l.cancelled, 0), l.ended_by, l.ended_on, l.end_reason
FROM po_line l JOIN purchase_order p ON p.id = l.po_id
WHERE l.asked_cost IS NOT NULL OR l.ended_by IS NOT NULL OR l.ended_on IS NOT NULL
ORDER BY l.id";

const PO_INVOICES: &str = "
SELECT p.code, l.line, v.invoiced_on, v.number, v.quantity, v.cost, v.agreed, v.papers, v.note
FROM po_invoice v JOIN purchase_order p ON p.id = v.po_id LEFT JOIN po_line l ON l.id = v.po_line_id
WHERE v.withdrawn_by IS NULL
ORDER BY v.id";

const SUPPLIER_ITEMS: &str = "
SELECT s.code, i.sku, t.supplier_sku, t.cost, t.min_quantity, t.pack, t.lead_days, t.preferred
FROM supplier_item t JOIN supplier s ON s.id = t.supplier_id JOIN item i ON i.id = t.item_id
ORDER BY s.code, i.sku";

const PRICE_BREAKS: &str = "
SELECT s.code, i.sku, b.from_quantity, b.cost, b.valid_until
FROM price_break b JOIN supplier s ON s.id = b.supplier_id JOIN item i ON i.id = b.item_id
ORDER BY s.code, i.sku, b.from_quantity";

const STOCK: &str = "
SELECT i.sku, i.name,
  coalesce((SELECT group_concat(code, ', ') FROM (SELECT b.code FROM level v JOIN bin b ON b.id = v.bin_id
     WHERE v.item_id = i.id AND v.quantity <> 0 ORDER BY b.code)), (SELECT code FROM bin WHERE id = i.bin_id)),
  coalesce(s.on_hand, 0), coalesce(s.allocated, 0), coalesce(s.sellable - s.allocated, 0), coalesce(s.on_order, 0),
  coalesce(s.open_demand, 0), coalesce(s.on_hand + s.on_order - s.open_demand, 0)
FROM item i LEFT JOIN item_state s ON s.item_id = i.id
ORDER BY i.sku";

const COUNTS: &str = "
SELECT c.counted_at, i.sku, i.name, b.code, c.book, c.counted, c.counted - c.book, c.operator, c.note
FROM count_entry c JOIN item i ON i.id = c.item_id JOIN bin b ON b.id = c.bin_id
WHERE c.withdrawn_by IS NULL
ORDER BY c.counted_at, c.id";

/// The statement of a view, by the view's name.
fn statement_of(view: &str) -> Option<&'static str> {
    Some(match view {
        "items" => ITEMS,
        "suppliers" => SUPPLIERS,
        "supplier-items" => SUPPLIER_ITEMS,
        "price-breaks" => PRICE_BREAKS,
        "movements" => MOVEMENTS,
        "contacts" => CONTACTS,
        "orders" => ORDERS,
        "purchase-orders" => PURCHASE_ORDERS,
        "po-terms" => PO_TERMS,
        "po-line-terms" => PO_LINE_TERMS,
        "po-invoices" => PO_INVOICES,
        "stock" => STOCK,
        "counts" => COUNTS,
        _ => return None,
    })
}

/// Whether any supplier has a language: only then has their file that column.
pub fn suppliers_have_languages(db: &Db) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM supplier WHERE language IS NOT NULL)";
    Ok(db.prepare_cached(sql)?.query_row([], |r| r.get(0))?)
}

/// Hands over every row of the view, one at a time. An unknown view has no rows.
pub fn each(db: &Db, view: &str, take: &mut dyn FnMut(Vec<Field>) -> Result<()>) -> Result<()> {
    let Some(sql) = statement_of(view) else { return Ok(()) };
    let mut statement = db.prepare(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut fields = Vec::with_capacity(columns);
        for i in 0..columns {
            fields.push(match row.get_ref(i)? {
                ValueRef::Integer(n) => Field::Number(n),
                ValueRef::Text(text) => Field::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Field::None, // the tables are STRICT: no such cells
            });
        }
        take(fields)?;
    }
    Ok(())
}
