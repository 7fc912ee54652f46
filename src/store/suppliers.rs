//! What suppliers promised and what came: every PO line with its arrivals, for learned lateness and scorecards.

use super::cells::{date, maybe_date};
use super::{Db, Result};
use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::lateness::{Arrival, Delivery};
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::Row;
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
    pub order_days: Option<String>,
    pub cutoff: Option<String>,
    pub note: Option<String>,
    /// Put off until that day (a snooze).
    pub later_until: Option<NaiveDate>,
}

/// The PO lines of all suppliers, or of those with goods to come for an open order line. Drafts are left out.
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
    fn condition(self) -> String {
        let words = match self {
            Whose::Of(supplier) => return format!("h.supplier_id = {}", supplier.0),
            Whose::All => "1 = 1",
            Whose::WaitedFor => {
                "h.supplier_id IN (SELECT w.supplier_id FROM po_line p JOIN purchase_order w ON w.id = p.po_id
                   WHERE p.closed = 0 AND p.received + p.cancelled < p.quantity AND p.item_id IN
                     (SELECT l.item_id FROM order_line l WHERE l.shipped + l.cancelled < l.quantity))"
            }
            Whose::Coming => {
                "h.supplier_id IN (SELECT w.supplier_id FROM po_line p JOIN purchase_order w ON w.id = p.po_id
                   WHERE p.closed = 0 AND p.received + p.cancelled < p.quantity)"
            }
        };
        words.into()
    }
}

/// The PO lines, by number.
pub fn deliveries(db: &Db, whose: Whose) -> Result<Vec<Delivery>> {
    let sql = format!(
        "SELECT p.id, p.po_id, h.supplier_id, p.item_id, h.code, p.line, h.ordered_on, h.confirmed_on, p.confirmed_for,
           coalesce(p.confirmed_for, p.expected_on, h.expected_on),
           coalesce(p.expected_on, h.expected_on, p.confirmed_for), p.quantity, p.cancelled, p.received, p.rejected,
           p.closed OR coalesce(h.status, '') IN ('closed', 'cancelled'), p.received_on,
           CASE WHEN h.status = 'cancelled' THEN p.quantity - min(p.received, p.quantity) END
         FROM po_line p JOIN purchase_order h ON h.id = p.po_id
         WHERE coalesce(h.status, '') <> 'draft' AND {} ORDER BY p.id",
        whose.condition()
    );
    let mut undated: Vec<Option<NaiveDate>> = Vec::new();
    let mut lines = all(db, &sql, |r| {
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
            arrivals: Vec::new(),
        })
    })?;
    let sql = format!(
        "SELECT r.po_line_id, r.received_on, r.quantity, r.rejected FROM receipt r
         JOIN po_line p ON p.id = r.po_line_id JOIN purchase_order h ON h.id = p.po_id
         WHERE r.withdrawn_by IS NULL AND coalesce(h.status, '') <> 'draft' AND {} ORDER BY r.po_line_id",
        whose.condition()
    );
    let receipts: Vec<(i64, Arrival)> = all(db, &sql, |r| {
        let on = date(r, 1)?;
        let quantity = Qty::from_thousandths(r.get(2)?);
        Ok((r.get(0)?, Arrival { on, quantity, rejected: Qty::from_thousandths(r.get(3)?) }))
    })?;
    let mut receipts = receipts.into_iter().peekable();
    for (line, last) in lines.iter_mut().zip(undated) {
        while let Some((_, arrival)) = receipts.next_if(|(id, _)| *id == line.po_line.0) {
            line.arrivals.push(arrival);
        }
        let quantity = line.received - line.arrivals.iter().map(|a| a.quantity).sum();
        if let (Some(on), true) = (last, quantity.is_positive()) {
            let rejected = (line.rejected - line.arrivals.iter().map(|a| a.rejected).sum()).or_zero().min(quantity);
            line.arrivals.push(Arrival { on, quantity, rejected });
        }
        line.arrivals.sort_by_key(|a| a.on);
    }
    Ok(lines)
}

/// Every supplier.
pub fn suppliers(db: &Db, today: NaiveDate) -> Result<Vec<Supplier>> {
    let sql = format!(
        "SELECT s.id, s.code, s.name, s.contact_person, s.email, s.phone, s.country, s.lead_days, s.order_days, s.cutoff,
           s.note,
           (SELECT max(t.until) FROM later t WHERE t.subject = 'supplier' AND t.subject_id = s.id
              AND t.withdrawn_by IS NULL AND t.until > '{today}')
         FROM supplier s ORDER BY s.name, s.id"
    );
    all(db, &sql, |r| {
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
            later_until: maybe_date(r, 11)?,
        })
    })
}

/// The newest day up to `today` on which a supplier was asked about a PO.
pub fn asked(db: &Db, today: NaiveDate) -> Result<HashMap<PoId, NaiveDate>> {
    let sql = format!(
        "SELECT po_id, max(asked_on) FROM chase WHERE withdrawn_by IS NULL AND asked_on <= '{today}'
           AND coalesce(step, '') NOT IN ('order', 'cancel') GROUP BY po_id"
    );
    Ok(all(db, &sql, |r| Ok((PoId(r.get(0)?), date(r, 1)?)))?.into_iter().collect())
}

fn all<T>(db: &Db, sql: &str, row: impl FnMut(&Row) -> rusqlite::Result<T>) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
