//! What suppliers promised and what came: every PO line with its arrivals, for learned lateness and scorecards.

use super::cells::{date, maybe_date, maybe_money};
use super::plans::Span;
use super::{Db, Result, Tx};
use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::lateness::{Arrival, Delivery};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::scorecard::{Asked, Conduct, Incident, Invoiced, Severity};
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row, ToSql};
use std::collections::HashMap;

/// A supplier's master data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Supplier {
    pub id: SupplierId,
    pub code: String,
    pub name: String,
    pub contact_person: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub country: Option<String>,
    /// Quoted.
    pub lead_days: Option<i64>,
    /// The least value of an order.
    pub min_order_value: Option<Money>,
    pub order_days: Option<String>,
    pub cutoff: Option<String>,
    pub note: Option<String>,
    /// Put off until that day (a snooze).
    pub later_until: Option<NaiveDate>,
}

/// Whose PO lines: of all suppliers, or of those with goods to come for an open order line. Drafts are left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    All,
    WaitedFor,
    /// Suppliers with anything still to come.
    Coming,
    /// This one.
    Of(SupplierId),
}

impl Whose {
    /// On the supplier of `h`.
    pub(super) fn condition(self) -> String {
        let words = match self {
            Whose::Of(supplier) => return format!("h.supplier_id = {}", supplier.0),
            Whose::All => "1 = 1",
            Whose::WaitedFor => {
                "h.supplier_id IN (SELECT w.supplier_id FROM po_line p JOIN purchase_order w ON w.id = p.po_id
                   WHERE p.closed = 0 AND p.quantity > p.received + p.cancelled AND p.item_id IN
                     (SELECT l.item_id FROM order_line l WHERE l.quantity > l.shipped + l.cancelled))"
            }
            Whose::Coming => {
                "h.supplier_id IN (SELECT w.supplier_id FROM po_line p JOIN purchase_order w ON w.id = p.po_id
                   WHERE p.closed = 0 AND p.quantity > p.received + p.cancelled)"
            }
        };
        words.into()
    }
}

/// One supplier's PO lines with their arrivals, by number.
pub fn deliveries_of(db: &Db, supplier: SupplierId) -> Result<Vec<Delivery>> {
    deliveries(db, "h.supplier_id = ?1", &[&supplier.0])
}

/// An item's PO lines at all suppliers, by number.
pub fn deliveries_of_item(db: &Db, item: ItemId) -> Result<Vec<Delivery>> {
    deliveries(db, "p.item_id = ?1", &[&item.0])
}

/// The PO lines of a span's items at all suppliers, by number.
pub fn deliveries_in(db: &Db, span: Span) -> Result<Vec<Delivery>> {
    let [first, last] = span.ends();
    deliveries(db, "p.item_id BETWEEN ?1 AND ?2", &[&first, &last])
}

/// One supplier's PO lines that are judged by that day or a later one, by number.
pub fn deliveries_promised_since(db: &Db, supplier: SupplierId, since: NaiveDate) -> Result<Vec<Delivery>> {
    let which = format!("h.supplier_id = ?1 AND {} >= ?2", promised(db)?);
    deliveries(db, &which, &[&supplier.0, &since.to_string()])
}

/// The codes of POs with goods still to come.
pub fn open_po_codes(db: &Db) -> Result<HashMap<PoId, String>> {
    let sql = "SELECT h.id, h.code FROM purchase_order h WHERE h.id IN
                 (SELECT o.po_id FROM po_line o WHERE o.closed = 0 AND o.quantity > o.received + o.cancelled)";
    Ok(all(db, sql, &[], |r| Ok((PoId(r.get(0)?), r.get(1)?)))?.into_iter().collect())
}

/// The day by which a line `p` of the PO `h` is judged: first confirmed, else expected.
const PROMISED: &str = "coalesce(p.confirmed_for, p.expected_on, h.expected_on)";
/// The same where we named dates ourselves: what we only expect leaves the day before, what we asked for puts it off.
const PROMISED_OR_OURS: &str = "max(
  coalesce(p.confirmed_for,
    (SELECT d.was FROM po_date d WHERE d.po_line_id = p.id AND d.said_by = 'expected' AND d.withdrawn_by IS NULL
       ORDER BY d.id LIMIT 1), p.expected_on, h.expected_on),
  coalesce((SELECT max(d.date) FROM po_date d WHERE d.po_line_id = p.id AND d.said_by = 'asked'
              AND d.withdrawn_by IS NULL), ''))";

/// The day by which a line `p` of the PO `h` is judged, as SQL.
pub(super) fn promised(db: &Db) -> Result<&'static str> {
    let sql = "SELECT EXISTS (SELECT 1 FROM po_date WHERE said_by <> 'supplier')";
    let ours: bool = db.prepare_cached(sql)?.query_row([], |r| r.get(0))?;
    Ok(if ours { PROMISED_OR_OURS } else { PROMISED })
}

// What was rejected because something else had been ordered says so in its reason.
fn deliveries(db: &Db, which: &str, values: &[&dyn ToSql]) -> Result<Vec<Delivery>> {
    let promised = promised(db)?;
    let sql = format!(
        "SELECT p.id, p.po_id, h.supplier_id, p.item_id, h.code, p.line, h.ordered_on, h.confirmed_on, p.confirmed_for,
           {promised} AS promised,
           coalesce(p.expected_on, h.expected_on, p.confirmed_for), p.quantity, p.cancelled, p.received, p.rejected,
           p.closed OR coalesce(h.status, '') IN ('closed', 'cancelled'), p.received_on,
           CASE WHEN h.status = 'cancelled' THEN p.quantity - min(p.received, p.quantity) END, p.cost,
           (SELECT min(d.said_on) FROM po_date d WHERE d.po_line_id = p.id AND d.withdrawn_by IS NULL AND d.confirms = 0
              AND d.said_by = 'supplier' AND d.date > {promised}), p.ended_on,
           coalesce(p.ended_by, '') = 'us'
         FROM purchase_order h JOIN po_line p ON p.po_id = h.id
         WHERE coalesce(h.status, '') <> 'draft' AND {which} ORDER BY p.id"
    );
    let mut undated: Vec<Option<NaiveDate>> = Vec::new();
    let mut lines = all(db, &sql, values, |r| {
        undated.push(maybe_date(r, 16)?);
        Ok(Delivery {
            po_line: PoLineId(r.get(0)?),
            po: PoId(r.get(1)?),
            supplier: SupplierId(r.get(2)?),
            item: ItemId(r.get(3)?),
            po_code: r.get(4)?,
            line_code: r.get(5)?,
            ordered_on: maybe_date(r, 6)?,
            confirmed_on: maybe_date(r, 7)?,
            confirmed_for: maybe_date(r, 8)?,
            first_promised: maybe_date(r, 9)?,
            expected_on: maybe_date(r, 10)?,
            quantity: Qty::from_thousandths(r.get(11)?),
            // A cancelled PO cancels what had not come.
            cancelled: Qty::from_thousandths(r.get::<_, Option<i64>>(17)?.map_or_else(|| r.get(12), Ok)?),
            received: Qty::from_thousandths(r.get(13)?),
            rejected: Qty::from_thousandths(r.get(14)?),
            closed: r.get(15)?,
            cost: maybe_money(r, 18)?,
            announced_on: maybe_date(r, 19)?,
            ended_on: maybe_date(r, 20)?,
            by_us: r.get(21)?,
            arrivals: Vec::new(),
        })
    })?;
    let sql = format!(
        "SELECT r.po_line_id, r.received_on, r.quantity, r.rejected,
           r.rejected > 0 AND coalesce(r.reason, '') LIKE '%wrong%' AND r.reason NOT LIKE '%paper%'
         FROM purchase_order h JOIN po_line p ON p.po_id = h.id JOIN receipt r ON r.po_line_id = p.id
         WHERE r.withdrawn_by IS NULL AND coalesce(h.status, '') <> 'draft' AND {which}
         ORDER BY r.po_line_id, r.received_on, r.id"
    );
    let receipts: Vec<(i64, Arrival)> = all(db, &sql, values, |r| {
        let (on, quantity) = (date(r, 1)?, Qty::from_thousandths(r.get(2)?));
        let rejected = Qty::from_thousandths(r.get(3)?);
        Ok((r.get(0)?, Arrival { on, quantity, rejected, wrong_item: r.get(4)? }))
    })?;
    let mut receipts = receipts.into_iter().peekable();
    for (line, last) in lines.iter_mut().zip(undated) {
        while let Some((_, arrival)) = receipts.next_if(|(id, _)| *id == line.po_line.0) {
            line.arrivals.push(arrival);
        }
        let quantity = line.received - line.arrivals.iter().map(|a| a.quantity).sum();
        if let (Some(on), true) = (last, quantity.is_positive()) {
            let rejected = (line.rejected - line.arrivals.iter().map(|a| a.rejected).sum()).or_zero().min(quantity);
            line.arrivals.push(Arrival { on, quantity, rejected, wrong_item: false });
        }
        line.arrivals.sort_by_key(|a| a.on);
    }
    Ok(lines)
}

/// What is on record of suppliers' conduct since that day: questions with their answers, invoices, incidents. Of one
/// or of all.
pub fn conduct(db: &Db, of: Option<SupplierId>, since: NaiveDate) -> Result<HashMap<SupplierId, Conduct>> {
    let (since, of) = (since.to_string(), of.map(|s| s.0));
    let mut found: HashMap<SupplierId, Conduct> = HashMap::new();
    let sql = "SELECT h.supplier_id, c.po_id, h.code, c.asked_on,
                 (SELECT min(a.asked_on) FROM chase a WHERE a.po_id = c.po_id AND a.answer IS NOT NULL
                    AND a.about IS c.about AND coalesce(a.settled, '') <> 'dropped'
                    AND a.withdrawn_by IS NULL AND a.asked_on >= c.asked_on AND a.id > c.id)
               FROM chase c JOIN purchase_order h ON h.id = c.po_id
               WHERE c.answer IS NULL AND coalesce(c.step, '') NOT IN ('order', 'cancel') AND c.withdrawn_by IS NULL
                 AND c.asked_on >= ?1 AND (?2 IS NULL OR h.supplier_id = ?2)
               ORDER BY c.id";
    let asked = all(db, sql, &[&since, &of], |r| {
        let asked =
            Asked { po: PoId(r.get(1)?), po_code: r.get(2)?, asked_on: date(r, 3)?, answered_on: maybe_date(r, 4)? };
        Ok((SupplierId(r.get(0)?), asked))
    })?;
    for (supplier, asked) in asked {
        found.entry(supplier).or_default().asked.push(asked);
    }
    // Within a percent is as agreed.
    let sql = "SELECT h.supplier_id, i.po_id, h.code, i.invoiced_on,
                 CASE WHEN i.agreed IS NOT NULL THEN abs(i.cost - i.agreed) * 100 <= i.agreed END, i.papers = 'right'
               FROM po_invoice i JOIN purchase_order h ON h.id = i.po_id
               WHERE i.withdrawn_by IS NULL AND i.invoiced_on >= ?1 AND (?2 IS NULL OR h.supplier_id = ?2) ORDER BY i.id";
    let invoiced = all(db, sql, &[&since, &of], |r| {
        let (po, po_code, on) = (PoId(r.get(1)?), r.get(2)?, date(r, 3)?);
        Ok((SupplierId(r.get(0)?), Invoiced { po, po_code, on, price_kept: r.get(4)?, papers_right: r.get(5)? }))
    })?;
    for (supplier, invoiced) in invoiced {
        found.entry(supplier).or_default().invoiced.push(invoiced);
    }
    let sql = "SELECT supplier_id, happened_on, severity, what, operator FROM incident
               WHERE withdrawn_by IS NULL AND happened_on >= ?1 AND (?2 IS NULL OR supplier_id = ?2) ORDER BY id";
    let incidents = all(db, sql, &[&since, &of], |r| {
        let severity = Severity::named(&r.get::<_, String>(2)?).unwrap_or(Severity::Minor);
        Ok((SupplierId(r.get(0)?), Incident { on: date(r, 1)?, severity, what: r.get(3)?, operator: r.get(4)? }))
    })?;
    for (supplier, incident) in incidents {
        found.entry(supplier).or_default().incidents.push(incident);
    }
    Ok(found)
}

/// Notes that something went wrong with a supplier.
pub fn add_incident(tx: &mut Tx, supplier: SupplierId, on: NaiveDate, severity: Severity, what: &str) -> Result<()> {
    let (operator, operation) = (tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "incident",
        &["supplier_id", "happened_on", "severity", "what", "operator", "operation_id"],
        &[&supplier.0, &on.to_string(), &severity.word(), &what, &operator, &operation],
    )?;
    Ok(())
}

/// Every supplier.
pub fn suppliers(db: &Db, today: NaiveDate) -> Result<Vec<Supplier>> {
    let sql = format!(
        "SELECT s.id, s.code, s.name, s.contact_person, s.email, s.phone, s.country, s.lead_days, s.order_days, s.cutoff,
           s.note, s.min_order_value,
           (SELECT max(t.until) FROM later t WHERE t.subject = 'supplier' AND t.subject_id = s.id
              AND t.withdrawn_by IS NULL AND t.until > '{today}')
         FROM supplier s ORDER BY s.name, s.id"
    );
    all(db, &sql, &[], |r| {
        Ok(Supplier {
            id: SupplierId(r.get(0)?),
            code: r.get(1)?,
            name: r.get(2)?,
            contact_person: r.get(3)?,
            email: r.get(4)?,
            phone: r.get(5)?,
            country: r.get(6)?,
            lead_days: r.get(7)?,
            order_days: r.get(8)?,
            cutoff: r.get(9)?,
            note: r.get(10)?,
            min_order_value: maybe_money(r, 11)?,
            later_until: maybe_date(r, 12)?,
        })
    })
}

/// The lead time that a supplier says.
pub fn quoted_days(db: &Db, supplier: SupplierId) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT lead_days FROM supplier WHERE id = ?1")?;
    Ok(statement.query_row([supplier.0], |r| r.get(0)).optional()?.flatten())
}

/// The lead times that he says for items of his, where they are other than in general.
pub fn quoted_days_by_item(db: &Db, supplier: SupplierId) -> Result<HashMap<ItemId, i64>> {
    let sql = "SELECT item_id, lead_days FROM supplier_item WHERE supplier_id = ?1 AND lead_days IS NOT NULL";
    Ok(all(db, sql, &[&supplier.0], |r| Ok((ItemId(r.get(0)?), r.get(1)?)))?.into_iter().collect())
}

/// The newest day up to `today` on which a supplier was asked about a PO.
pub fn asked(db: &Db, today: NaiveDate) -> Result<HashMap<PoId, NaiveDate>> {
    let sql = format!(
        "SELECT po_id, max(asked_on) FROM chase WHERE withdrawn_by IS NULL AND asked_on <= '{today}'
           AND answer IS NULL AND about IS NULL AND coalesce(step, '') NOT IN ('order', 'cancel') GROUP BY po_id"
    );
    Ok(all(db, &sql, &[], |r| Ok((PoId(r.get(0)?), date(r, 1)?)))?.into_iter().collect())
}

fn all<T>(db: &Db, sql: &str, values: &[&dyn ToSql], row: impl FnMut(&Row) -> rusqlite::Result<T>) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(values, row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
