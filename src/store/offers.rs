//! Talks that came through, each with the order lines that it was about, for what offers and messages achieved.

use super::cells::{date, maybe_date, maybe_money, quantity};
use super::{Db, Result};
use crate::domain::ids::{CustomerId, LineId, OrderId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;

/// One talk about one line.
#[derive(Clone, PartialEq, Debug)]
pub struct TalkOfLine {
    pub order: OrderId,
    pub customer: CustomerId,
    pub line: LineId,
    pub on: NaiveDate,
    pub message: Option<String>,
    pub offer: Option<String>,
    pub cost: Option<Money>,
    /// The operation that it was typed in; none: it came from a file, where every row stands for itself.
    pub typed_in: Option<i64>,
    pub contact: i64,
    pub quantity: Qty,
    pub shipped: Qty,
    pub shipped_on: Option<NaiveDate>,
    pub cancelled: Qty,
    pub cancelled_on: Option<NaiveDate>,
}

/// Those that said something of a delay or offered something, the oldest first.
pub fn talks(db: &Db) -> Result<Vec<TalkOfLine>> {
    let sql = "SELECT c.order_id, o.customer_id, l.id, c.on_now, c.message, c.offer, c.offer_cost,
                 CASE WHEN c.at IS NOT NULL THEN c.operation_id END, c.id,
                 l.quantity, l.shipped, l.shipped_on, l.cancelled, l.cancelled_on
               FROM contact_now c JOIN customer_order o ON o.id = c.order_id
                 JOIN order_line l ON l.order_id = c.order_id AND (c.line_id IS NULL OR l.id = c.line_id)
               WHERE c.withdrawn_by IS NULL AND coalesce(c.outcome_now, 'sent') IN ('sent', 'reached')
                 AND (c.message IS NOT NULL OR c.offer IS NOT NULL)
               ORDER BY c.on_now, c.id, l.id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |r| {
        Ok(TalkOfLine {
            order: OrderId(r.get(0)?),
            customer: CustomerId(r.get(1)?),
            line: LineId(r.get(2)?),
            on: date(r, 3)?,
            message: r.get(4)?,
            offer: r.get(5)?,
            cost: maybe_money(r, 6)?,
            typed_in: r.get(7)?,
            contact: r.get(8)?,
            quantity: quantity(r, 9)?,
            shipped: quantity(r, 10)?,
            shipped_on: maybe_date(r, 11)?,
            cancelled: quantity(r, 12)?,
            cancelled_on: maybe_date(r, 13)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
