//! Money that is owed for what was cancelled, and money that went back.

use super::cells::{date, maybe_date, maybe_money, quantity};
use super::{Db, Result, Tx};
use crate::domain::delay::CustomerKind;
use crate::domain::ids::{CustomerId, OrderId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::types::Value;

/// A line that was cancelled here and whose money is not settled, as far as anybody said.
#[derive(Clone, PartialEq, Debug)]
pub struct CancelledLine {
    pub order: OrderId,
    pub customer: CustomerId,
    pub order_code: String,
    pub channel: Option<String>,
    pub customer_code: String,
    pub customer_name: String,
    pub contact_person: Option<String>,
    pub phone: Option<String>,
    pub country: Option<String>,
    pub kind: Option<CustomerKind>,
    pub item_name: String,
    /// Cancelled and not settled.
    pub quantity: Qty,
    pub price: Option<Money>,
    pub ordered_on: NaiveDate,
    pub promised_on: Option<NaiveDate>,
    pub cancelled_on: NaiveDate,
    pub reason: String,
    /// The first day on which the customer cancelled by a talk.
    pub asked_on: Option<NaiveDate>,
    /// A notice under the us rule came through in time to count.
    pub told_on: Option<NaiveDate>,
    /// What the order's customer paid, where a file said so.
    pub paid_amount: Option<Money>,
    /// All of the order is cancelled: nothing was shipped, nothing is open, nothing was settled before.
    pub whole: bool,
    /// Parts of what is owed for the order that went back already.
    pub paid_back: Money,
}

/// What was said about the line `l` by the contact `t`.
const ABOUT: &str = "t.order_id = o.id AND t.withdrawn_by IS NULL AND (t.line_id IS NULL OR t.line_id = l.id
  OR EXISTS (SELECT 1 FROM inherited_talk h WHERE h.line_id = l.id AND h.contact_id = t.id))";

/// The lines cancelled by a person here (they carry a reason) in orders that were paid, whose money did not go back:
/// neither was it settled here, nor does a file name a later day on which it was.
pub fn unsettled(db: &Db) -> Result<Vec<CancelledLine>> {
    let sql = format!(
        "SELECT o.id, c.id, o.code, c.code, c.name, c.contact_person, c.phone, c.country, c.kind,
           coalesce(w.name, i.name), l.cancelled - l.refunded, coalesce(l.price, w.price, i.price), o.ordered_on,
           coalesce(l.promised_on, o.promised_on), l.cancelled_on, l.cancel_reason,
           (SELECT min(coalesce(t.answered_on, t.on_now)) FROM contact_now t WHERE {ABOUT} AND t.answer = 'cancel'),
           (SELECT min(t.on_now) FROM contact_now t WHERE {ABOUT} AND t.message LIKE 'first%'
              AND coalesce(t.outcome_now, 'sent') IN ('sent', 'reached') AND coalesce(t.offered_cancel, 1) = 1),
           o.paid_amount,
           NOT EXISTS (SELECT 1 FROM order_line x WHERE x.order_id = o.id
                         AND (x.shipped > 0 OR x.refunded > 0 OR x.cancelled < x.quantity)),
           (SELECT coalesce(sum(r.amount), 0) FROM refund r WHERE r.order_id = o.id AND r.withdrawn_by IS NULL
              AND r.settles = 0 AND r.id > coalesce((SELECT max(s.id) FROM refund s WHERE s.order_id = o.id
                AND s.settles = 1 AND s.withdrawn_by IS NULL), 0)),
           o.channel
         FROM order_line l JOIN customer_order o ON o.id = l.order_id JOIN customer c ON c.id = o.customer_id
           JOIN item i ON i.id = l.item_id LEFT JOIN item w ON w.id = l.wanted_item_id
         WHERE l.cancel_reason IS NOT NULL AND l.cancelled_on IS NOT NULL AND l.cancelled > l.refunded
           AND coalesce(o.paid, 1) = 1
           AND (o.refunded_on IS NULL OR o.refunded_on < l.cancelled_on
                OR EXISTS (SELECT 1 FROM refund r WHERE r.order_id = o.id AND r.withdrawn_by IS NULL
                             AND r.paid_on >= o.refunded_on))
         ORDER BY o.id, l.id"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], |r| {
        Ok(CancelledLine {
            order: OrderId(r.get(0)?),
            customer: CustomerId(r.get(1)?),
            order_code: r.get(2)?,
            customer_code: r.get(3)?,
            customer_name: r.get(4)?,
            contact_person: r.get(5)?,
            phone: r.get(6)?,
            country: r.get(7)?,
            kind: r.get::<_, Option<String>>(8)?.and_then(|k| CustomerKind::named(&k)),
            item_name: r.get(9)?,
            quantity: quantity(r, 10)?,
            price: maybe_money(r, 11)?,
            ordered_on: date(r, 12)?,
            promised_on: maybe_date(r, 13)?,
            cancelled_on: date(r, 14)?,
            reason: r.get(15)?,
            asked_on: maybe_date(r, 16)?,
            told_on: maybe_date(r, 17)?,
            paid_amount: maybe_money(r, 18)?,
            whole: r.get(19)?,
            paid_back: Money::from_ten_thousandths(r.get(20)?),
            channel: r.get(21)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Keeps that money of an order went back on that day. `settles`: all that is owed for it now. Answers the order's code.
pub fn pay_back(
    tx: &mut Tx,
    order: OrderId,
    on: NaiveDate,
    amount: Option<Money>,
    settles: bool,
    note: Option<&str>,
) -> Result<String> {
    let (operator, operation) = (tx.act().operator.clone(), tx.operation().0);
    let (day, amount) = (on.to_string(), amount.map(Money::ten_thousandths));
    tx.insert(
        "refund",
        &["order_id", "paid_on", "amount", "settles", "note", "operator", "operation_id"],
        &[&order.0, &day, &amount, &settles, &note, &operator, &operation],
    )?;
    if settles {
        let lines: Vec<(i64, i64)> = tx
            .prepare_cached("SELECT id, cancelled FROM order_line WHERE order_id = ?1 AND cancelled > refunded")?
            .query_map([order.0], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (line, cancelled) in lines {
            tx.update("order_line", line, &[("refunded", Value::Integer(cancelled))])?;
        }
        tx.update("customer_order", order.0, &[("refunded_on", Value::Text(day))])?;
    }
    Ok(tx.prepare_cached("SELECT code FROM customer_order WHERE id = ?1")?.query_row([order.0], |r| r.get(0))?)
}

/// The first day on which money of an order can have gone back: that of the order. Refused where it is gone.
pub fn ordered_on(db: &Db, order: OrderId) -> Result<NaiveDate> {
    let sql = "SELECT ordered_on FROM customer_order WHERE id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([order.0], |r| date(r, 0))?)
}
