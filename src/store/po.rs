//! One purchase order in full, lists of them in every state, and what its life writes: dates that were said, invoices,
//! who ended a line short.

mod invoices;
mod offered;
mod standings;

pub use invoices::{Invoiced, add_invoice, invoices};
pub use offered::{Offered, offered_by, offered_item, supplier_named};
pub use standings::{OwnStanding, set_standing, standing, standings};

use super::cells::{date, maybe_date, maybe_money};
use super::{Db, Result, Tx};
use crate::domain::calendar::plus_days;
use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::money::Money;
use crate::domain::purchase::{EndedBy, LineFacts, PoState, SaidBy, state};
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params};

/// A PO as lists show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoSummary {
    pub po: PoId,
    pub code: String,
    pub supplier: SupplierId,
    pub supplier_name: String,
    pub state: PoState,
    pub ordered_on: Option<NaiveDate>,
    /// The day the supplier answered.
    pub confirmed_on: Option<NaiveDate>,
    /// The earliest date expected now of what is open.
    pub due_on: Option<NaiveDate>,
    /// The last receipt.
    pub received_on: Option<NaiveDate>,
    pub lines: usize,
    /// Agreed price x quantity of all lines, freight left out; none: no price is known.
    pub value: Option<Money>,
}

/// A line of a PO with everything that is known of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoItem {
    pub id: PoLineId,
    pub line: String,
    pub item: ItemId,
    pub sku: String,
    pub item_name: String,
    pub unit: Option<String>,
    /// Their code for it.
    pub supplier_sku: Option<String>,
    pub quantity: Qty,
    /// Rejected included.
    pub received: Qty,
    pub rejected: Qty,
    pub cancelled: Qty,
    pub closed: bool,
    /// Agreed, of a unit.
    pub cost: Option<Money>,
    /// What it was ordered at, where they confirmed another price.
    pub asked_cost: Option<Money>,
    pub confirmed_for: Option<NaiveDate>,
    /// The date expected now: the line's, else its PO's, else the one first confirmed.
    pub expected_on: Option<NaiveDate>,
    pub received_on: Option<NaiveDate>,
    /// Lead days that the supplier quotes for the item, else in general.
    pub quoted_days: Option<i64>,
    pub ended_by: Option<EndedBy>,
    pub end_reason: Option<String>,
}

impl PoItem {
    pub fn facts(&self) -> LineFacts {
        LineFacts {
            quantity: self.quantity,
            received: self.received,
            cancelled: self.cancelled,
            closed: self.closed,
            confirmed: self.confirmed_for.is_some(),
        }
    }
    /// Still to come.
    pub fn open(&self) -> Qty {
        self.facts().open()
    }
    /// Agreed price x quantity.
    pub fn value(&self) -> Option<Money> {
        self.cost.map(|cost| cost.times(self.quantity))
    }
}

/// A PO in full.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Po {
    pub id: PoId,
    pub code: String,
    pub supplier: SupplierId,
    pub supplier_code: String,
    pub supplier_name: String,
    pub contact_person: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// In which he is written to; none: English.
    pub language: Option<String>,
    pub min_order_value: Option<Money>,
    pub quoted_lead_days: Option<i64>,
    pub state: PoState,
    pub ordered_on: Option<NaiveDate>,
    pub confirmed_on: Option<NaiveDate>,
    /// Agreed.
    pub freight: Option<Money>,
    pub sent_how: Option<String>,
    pub note: Option<String>,
    pub lines: Vec<PoItem>,
}

impl Po {
    /// The day on which a line was to come by the days that he quotes.
    pub fn quoted_for(&self, line: &PoItem) -> Option<NaiveDate> {
        Some(plus_days(self.ordered_on?, line.quoted_days?))
    }
    /// Agreed price x quantity of all lines with a price.
    pub fn value(&self) -> Money {
        self.lines.iter().filter_map(PoItem::value).sum()
    }
    /// Value and freight.
    pub fn total(&self) -> Money {
        self.value() + self.freight.unwrap_or(Money::ZERO)
    }
}

/// The PO of that number.
pub fn by_code(db: &Db, code: &str) -> Result<Option<PoId>> {
    let sql = "SELECT id FROM purchase_order WHERE code = ?1 COLLATE NOCASE";
    Ok(db.prepare_cached(sql)?.query_row([code.trim()], |r| r.get(0).map(PoId)).optional()?)
}

/// Whether anything of a PO came.
pub fn has_come(db: &Db, po: PoId) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM po_line WHERE po_id = ?1 AND received > 0)";
    Ok(db.prepare_cached(sql)?.query_row(params![po.0], |r| r.get(0))?)
}

/// A PO with its lines.
pub fn find(db: &Db, po: PoId) -> Result<Option<Po>> {
    let lines = lines(db, po)?;
    let sql = "SELECT h.code, h.supplier_id, s.code, s.name, s.contact_person, s.email, s.phone, s.min_order_value,
                 s.lead_days, h.status, h.ordered_on, h.confirmed_on, h.freight, h.sent_how, h.note, s.language
               FROM purchase_order h JOIN supplier s ON s.id = h.supplier_id WHERE h.id = ?1";
    let found = db.prepare_cached(sql)?.query_row(params![po.0], |r| {
        let status: Option<String> = r.get(9)?;
        let confirmed_on = maybe_date(r, 11)?;
        let facts: Vec<LineFacts> = lines.iter().map(PoItem::facts).collect();
        Ok(Po {
            id: po,
            code: r.get(0)?,
            supplier: SupplierId(r.get(1)?),
            supplier_code: r.get(2)?,
            supplier_name: r.get(3)?,
            contact_person: r.get(4)?,
            email: r.get(5)?,
            phone: r.get(6)?,
            language: r.get(15)?,
            min_order_value: maybe_money(r, 7)?,
            quoted_lead_days: r.get(8)?,
            state: state(status.as_deref(), confirmed_on.is_some(), &facts),
            ordered_on: maybe_date(r, 10)?,
            confirmed_on,
            freight: maybe_money(r, 12)?,
            sent_how: r.get(13)?,
            note: r.get(14)?,
            lines,
        })
    });
    Ok(found.optional()?)
}

fn lines(db: &Db, po: PoId) -> Result<Vec<PoItem>> {
    let sql =
        "SELECT l.id, l.line, l.item_id, i.sku, i.name, i.unit, si.supplier_sku, l.quantity, l.received, l.rejected,
                 l.cancelled, l.closed, l.cost, l.asked_cost, l.confirmed_for,
                 coalesce(l.expected_on, h.expected_on, l.confirmed_for), l.received_on, l.ended_by, l.end_reason,
                 coalesce(si.lead_days, s.lead_days)
               FROM po_line l JOIN purchase_order h ON h.id = l.po_id JOIN item i ON i.id = l.item_id
                 JOIN supplier s ON s.id = h.supplier_id
                 LEFT JOIN supplier_item si ON si.supplier_id = h.supplier_id AND si.item_id = l.item_id
               WHERE l.po_id = ?1 ORDER BY l.id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![po.0], |r| {
        Ok(PoItem {
            id: PoLineId(r.get(0)?),
            line: r.get(1)?,
            item: ItemId(r.get(2)?),
            sku: r.get(3)?,
            item_name: r.get(4)?,
            unit: r.get(5)?,
            supplier_sku: r.get(6)?,
            quantity: quantity(r, 7)?,
            received: quantity(r, 8)?,
            rejected: quantity(r, 9)?,
            cancelled: quantity(r, 10)?,
            closed: r.get(11)?,
            cost: maybe_money(r, 12)?,
            asked_cost: maybe_money(r, 13)?,
            confirmed_for: maybe_date(r, 14)?,
            expected_on: maybe_date(r, 15)?,
            received_on: maybe_date(r, 16)?,
            ended_by: r.get::<_, Option<String>>(17)?.as_deref().and_then(EndedBy::named),
            end_reason: r.get(18)?,
            quoted_days: r.get(19)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn quantity(r: &Row, i: usize) -> rusqlite::Result<Qty> {
    Ok(Qty::from_thousandths(r.get(i)?))
}

/// The newest POs, of one supplier or of all; `open` leaves out those that are over.
pub fn list(db: &Db, supplier: Option<SupplierId>, open: bool, limit: i64) -> Result<Vec<PoSummary>> {
    // The newest of a supplier by its index, of all by number; lines by the index of their PO.
    let of = if supplier.is_some() { "h.supplier_id = ?1" } else { "?1 IS NULL" };
    let under_way = "coalesce(h.status, '') NOT IN ('closed', 'cancelled') AND (h.status = 'draft' OR EXISTS
      (SELECT 1 FROM po_line x WHERE x.po_id = h.id AND x.closed = 0 AND x.quantity > x.received + x.cancelled))";
    let sql = format!(
        "SELECT h.id, h.code, h.supplier_id, s.name, h.status, h.ordered_on, h.confirmed_on, h.expected_on
         FROM purchase_order h JOIN supplier s ON s.id = h.supplier_id
         WHERE {of} AND {} ORDER BY h.id DESC LIMIT ?2",
        if open { under_way } else { "1" }
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![supplier.map(|s| s.0), limit])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let po = PoId(r.get(0)?);
        let status: Option<String> = r.get(4)?;
        let confirmed_on = maybe_date(r, 6)?;
        let of_head = maybe_date(r, 7)?;
        let lines = brief(db, po)?;
        let facts: Vec<LineFacts> = lines.iter().map(|l| l.facts).collect();
        let open = lines.iter().filter(|l| l.facts.open().is_positive());
        found.push(PoSummary {
            po,
            code: r.get(1)?,
            supplier: SupplierId(r.get(2)?),
            supplier_name: r.get(3)?,
            state: state(status.as_deref(), confirmed_on.is_some(), &facts),
            ordered_on: maybe_date(r, 5)?,
            confirmed_on,
            due_on: open.filter_map(|l| l.expected_on.or(of_head).or(l.confirmed_for)).min(),
            received_on: lines.iter().filter_map(|l| l.received_on).max(),
            lines: lines.len(),
            value: lines.iter().filter_map(|l| Some(l.cost?.times(l.facts.quantity))).reduce(|a, b| a + b),
        });
    }
    Ok(found)
}

struct Brief {
    facts: LineFacts,
    cost: Option<Money>,
    expected_on: Option<NaiveDate>,
    confirmed_for: Option<NaiveDate>,
    received_on: Option<NaiveDate>,
}

fn brief(db: &Db, po: PoId) -> Result<Vec<Brief>> {
    let sql =
        "SELECT quantity, received, cancelled, closed, confirmed_for IS NOT NULL, cost, expected_on, confirmed_for,
                 received_on FROM po_line WHERE po_id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![po.0], |r| {
        let facts = LineFacts {
            quantity: quantity(r, 0)?,
            received: quantity(r, 1)?,
            cancelled: quantity(r, 2)?,
            closed: r.get(3)?,
            confirmed: r.get(4)?,
        };
        Ok(Brief {
            facts,
            cost: maybe_money(r, 5)?,
            expected_on: maybe_date(r, 6)?,
            confirmed_for: maybe_date(r, 7)?,
            received_on: maybe_date(r, 8)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A date that was said for a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SaidDate {
    pub line: PoLineId,
    pub said_on: NaiveDate,
    pub was: Option<NaiveDate>,
    pub date: NaiveDate,
    pub confirms: bool,
    pub reason: Option<String>,
    pub operator: String,
    pub by: SaidBy,
    /// The operation that kept it: what was done earlier that day has a lower one.
    pub operation: i64,
}

/// The dates that were said for a PO's lines, newest first.
pub fn dates(db: &Db, po: PoId) -> Result<Vec<SaidDate>> {
    let sql =
        "SELECT d.po_line_id, d.said_on, d.was, d.date, d.confirms, d.reason, d.operator, d.said_by, d.operation_id
               FROM po_date d JOIN po_line l ON l.id = d.po_line_id
               WHERE l.po_id = ?1 AND d.withdrawn_by IS NULL ORDER BY d.id DESC";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![po.0], |r| {
        Ok(SaidDate {
            line: PoLineId(r.get(0)?),
            said_on: date(r, 1)?,
            was: maybe_date(r, 2)?,
            date: date(r, 3)?,
            confirms: r.get(4)?,
            reason: r.get(5)?,
            operator: r.get(6)?,
            by: SaidBy::named(&r.get::<_, String>(7)?).unwrap_or(SaidBy::Supplier), // the column has no other
            operation: r.get(8)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Goods that came on a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Came {
    pub line: PoLineId,
    pub on: NaiveDate,
    /// Rejected included.
    pub quantity: Qty,
    pub rejected: Qty,
    /// Why some were rejected.
    pub reason: Option<String>,
    /// The operation that kept it.
    pub operation: i64,
}

/// What came on a PO's lines, newest first.
pub fn receipts(db: &Db, po: PoId) -> Result<Vec<Came>> {
    let sql = "SELECT r.po_line_id, r.received_on, r.quantity, r.rejected, r.reason, r.operation_id
               FROM receipt r JOIN po_line l ON l.id = r.po_line_id
               WHERE l.po_id = ?1 AND r.withdrawn_by IS NULL ORDER BY r.id DESC";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![po.0], |r| {
        Ok(Came {
            line: PoLineId(r.get(0)?),
            on: date(r, 1)?,
            quantity: quantity(r, 2)?,
            rejected: quantity(r, 3)?,
            reason: r.get(4)?,
            operation: r.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Moves the date expected now of a line, and keeps who said it; the first confirmed date is set where there is none yet
/// and never again.
pub fn say_date(
    tx: &mut Tx,
    line: &PoItem,
    day: NaiveDate,
    first: Option<NaiveDate>,
    (by, reason): (SaidBy, Option<&str>),
) -> Result<()> {
    let first = first.filter(|_| line.confirmed_for.is_none());
    super::purchases::set_dates(tx, line.id, day, first)?;
    let (today, operator, operation) = (tx.act().today.to_string(), tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "po_date",
        &["po_line_id", "said_on", "was", "date", "confirms", "reason", "operator", "operation_id", "said_by"],
        &[
            &line.id.0,
            &today,
            &line.expected_on.map(|d| d.to_string()),
            &day.to_string(),
            &first.is_some(),
            &reason,
            &operator,
            &operation,
            &by.name(),
        ],
    )?;
    tx.touch(line.item);
    Ok(())
}

/// The supplier confirmed another price: it is agreed from now on, and what we had ordered at is kept.
pub fn agree_price(tx: &mut Tx, line: &PoItem, cost: Money) -> Result<()> {
    let asked = line.asked_cost.or(line.cost);
    let mut cells = vec![("cost", Value::Integer(cost.ten_thousandths()))];
    cells.extend(asked.map(|asked| ("asked_cost", Value::Integer(asked.ten_thousandths()))));
    tx.update("po_line", line.id.0, &cells)?;
    Ok(())
}

/// Changes quantity and price of a line of a draft.
pub fn change_line(tx: &mut Tx, line: &PoItem, quantity: Qty, cost: Option<Money>) -> Result<()> {
    let cost = cost.map_or(Value::Null, |c| Value::Integer(c.ten_thousandths()));
    tx.update("po_line", line.id.0, &[("quantity", Value::Integer(quantity.thousandths())), ("cost", cost)])?;
    tx.touch(line.item);
    Ok(())
}

/// Ends a line: nothing more comes on it. What we end is cancelled; what they do not deliver stays owed.
pub fn end_line(tx: &mut Tx, line: &PoItem, by: EndedBy, reason: Option<&str>) -> Result<()> {
    let cancelled = if by == EndedBy::Us { line.cancelled + line.open() } else { line.cancelled };
    let today = tx.act().today.to_string();
    let reason = reason.map_or(Value::Null, |r| Value::Text(r.into()));
    tx.update(
        "po_line",
        line.id.0,
        &[
            ("cancelled", Value::Integer(cancelled.thousandths())),
            ("closed", Value::Integer(1)),
            ("ended_by", Value::Text(by.name().into())),
            ("ended_on", Value::Text(today)),
            ("end_reason", reason),
        ],
    )?;
    tx.touch(line.item);
    Ok(())
}

/// Freight and note of a PO.
pub fn set_terms(tx: &mut Tx, po: PoId, freight: Option<Money>, note: Option<&str>) -> Result<()> {
    let freight = freight.map_or(Value::Null, |f| Value::Integer(f.ten_thousandths()));
    let note = note.map_or(Value::Null, |n| Value::Text(n.into()));
    tx.update("purchase_order", po.0, &[("freight", freight), ("note", note)])?;
    Ok(())
}

/// How a PO was sent.
pub fn set_sent_how(tx: &mut Tx, po: PoId, how: &str) -> Result<()> {
    tx.update("purchase_order", po.0, &[("sent_how", Value::Text(how.into()))])?;
    Ok(())
}
