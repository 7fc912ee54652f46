//! One customer who waits, beyond what every list shows: history, orders, talks, what could be sent instead.

use super::acting::{Story, stories};
use super::cells::{date, maybe_date, maybe_money, quantity};
use super::levels::{self, Standing};
use super::{Db, Result};
use crate::domain::ids::{CustomerId, ItemId, LineId, OrderId, PoLineId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::params;
use std::collections::HashMap;

/// What is known of a customer besides the open lines.
#[derive(Clone, PartialEq, Debug)]
pub struct CustomerDetail {
    pub customer: CustomerId,
    /// Orders ever, and of them those of which something was shipped after its promise or was cancelled.
    pub orders: i64,
    pub shipped_late: i64,
    pub cancelled: i64,
    /// The orders with open lines.
    pub open: Vec<OpenOrder>,
    /// The newest talks, newest first.
    pub talks: Vec<TalkRow>,
    /// What could be sent instead of a waiting item.
    pub instead: Vec<Instead>,
    /// The PO lines that may serve the waiting items.
    pub bought: Vec<Bought>,
    /// How far the open lines have come.
    pub stories: Vec<Story>,
    /// How the shelves of the items stand that wait, of the first of them.
    pub levels: HashMap<ItemId, Standing>,
}

/// Items of which the shelf is looked at.
const SHELVES: usize = 40;

/// An order with an open line.
#[derive(Clone, PartialEq, Debug)]
pub struct OpenOrder {
    pub order: OrderId,
    pub paid_amount: Option<Money>,
    pub deliver_by: Option<NaiveDate>,
    /// The older order whose undelivered lines it carries.
    pub continues: Option<String>,
    pub note: Option<String>,
}

/// One talk.
#[derive(Clone, PartialEq, Debug)]
pub struct TalkRow {
    pub order_code: String,
    /// None: about every line of the order.
    pub line_code: Option<String>,
    pub on: NaiveDate,
    pub operator: Option<String>,
    pub channel: Option<String>,
    pub message: Option<String>,
    pub quoted_for: Option<NaiveDate>,
    pub outcome: Option<String>,
    pub answer: Option<String>,
    pub note: Option<String>,
    /// Moment of the next try, ISO.
    pub follow_up_at: Option<String>,
}

/// An alternative that lies here.
#[derive(Clone, PartialEq, Debug)]
pub struct Instead {
    pub item: ItemId,
    pub substitute: String,
    pub free: Qty,
}

/// How far a PO line has come.
#[derive(Clone, PartialEq, Debug)]
pub struct Bought {
    pub po_line: PoLineId,
    pub ordered_on: Option<NaiveDate>,
    pub confirmed_on: Option<NaiveDate>,
}

const TALKS: i64 = 20;
const OPEN: &str = "l.quantity > l.shipped + l.cancelled";

/// All of it, of one customer: a few queries by index.
pub fn detail(db: &Db, customer: CustomerId, cover_days: f64, today: NaiveDate) -> Result<CustomerDetail> {
    let (orders, shipped_late, cancelled) = db
        .prepare_cached(
            "SELECT count(DISTINCT o.id),
               count(DISTINCT CASE WHEN l.shipped_on > coalesce(l.promised_on, o.promised_on) THEN o.id END),
               count(DISTINCT CASE WHEN l.cancelled > 0 THEN o.id END)
             FROM customer_order o LEFT JOIN order_line l ON l.order_id = o.id WHERE o.customer_id = ?1",
        )?
        .query_row(params![customer.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    Ok(CustomerDetail {
        customer,
        orders,
        shipped_late,
        cancelled,
        open: open_orders(db, customer)?,
        talks: talks(db, customer)?,
        instead: instead(db, customer)?,
        bought: bought(db, customer)?,
        stories: stories(db, customer)?,
        levels: levels::standings(db, waiting_items(db, customer)?, cover_days, today)?,
    })
}

/// The items of the customer's open lines, the oldest lines first.
fn waiting_items(db: &Db, customer: CustomerId) -> Result<Vec<ItemId>> {
    let sql = format!(
        "SELECT l.item_id FROM customer_order o JOIN order_line l ON l.order_id = o.id
         WHERE o.customer_id = ?1 AND {OPEN} GROUP BY l.item_id ORDER BY min(l.id) LIMIT ?2"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![customer.0, SHELVES as i64], |r| r.get(0).map(ItemId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn open_orders(db: &Db, customer: CustomerId) -> Result<Vec<OpenOrder>> {
    let sql = format!(
        "SELECT o.id, o.paid_amount, o.deliver_by, (SELECT c.code FROM customer_order c WHERE c.id = o.continues_id), o.note
         FROM customer_order o WHERE o.customer_id = ?1
           AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND {OPEN})"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![customer.0], |r| {
        Ok(OpenOrder {
            order: OrderId(r.get(0)?),
            paid_amount: maybe_money(r, 1)?,
            deliver_by: maybe_date(r, 2)?,
            continues: r.get(3)?,
            note: r.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn talks(db: &Db, customer: CustomerId) -> Result<Vec<TalkRow>> {
    let sql =
        "SELECT o.code, l.line, c.on_now, c.operator, c.channel, c.message, c.quoted_for, c.outcome_now, c.answer,
                 c.note, c.follow_up_at
               FROM customer_order o JOIN contact_now c ON c.order_id = o.id LEFT JOIN order_line l ON l.id = c.line_id
               WHERE o.customer_id = ?1 AND c.withdrawn_by IS NULL ORDER BY c.on_now DESC, c.id DESC LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![customer.0, TALKS], |r| {
        Ok(TalkRow {
            order_code: r.get(0)?,
            line_code: r.get(1)?,
            on: date(r, 2)?,
            operator: r.get(3)?,
            channel: r.get(4)?,
            message: r.get(5)?,
            quoted_for: maybe_date(r, 6)?,
            outcome: r.get(7)?,
            answer: r.get(8)?,
            note: r.get(9)?,
            follow_up_at: r.get(10)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn instead(db: &Db, customer: CustomerId) -> Result<Vec<Instead>> {
    let sql = format!(
        "SELECT DISTINCT s.item_id, i.name, t.sellable - t.allocated, s.rank
         FROM order_line l JOIN customer_order o ON o.id = l.order_id JOIN substitute s ON s.item_id = l.item_id
           JOIN item i ON i.id = s.substitute_id JOIN item_state t ON t.item_id = s.substitute_id
         WHERE o.customer_id = ?1 AND {OPEN} AND l.allocated < l.quantity - l.shipped - l.cancelled
           AND t.sellable > t.allocated AND i.status = 'active'
         ORDER BY s.item_id, s.rank IS NULL, s.rank, i.sku"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![customer.0], |r| {
        Ok(Instead { item: ItemId(r.get(0)?), substitute: r.get(1)?, free: quantity(r, 2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn bought(db: &Db, customer: CustomerId) -> Result<Vec<Bought>> {
    let sql = format!(
        "SELECT p.id, h.ordered_on, h.confirmed_on FROM po_line p JOIN purchase_order h ON h.id = p.po_id
         WHERE p.closed = 0 AND p.received + p.cancelled < p.quantity AND p.item_id IN
           (SELECT l.item_id FROM customer_order o JOIN order_line l ON l.order_id = o.id
            WHERE o.customer_id = ?1 AND {OPEN})"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![customer.0], |r| {
        Ok(Bought { po_line: PoLineId(r.get(0)?), ordered_on: maybe_date(r, 1)?, confirmed_on: maybe_date(r, 2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many talks about a line are on file, those about its whole order included.
pub fn contacts_about(db: &Db, order: OrderId, line: LineId) -> Result<usize> {
    let sql = "SELECT (SELECT count(*) FROM contact WHERE order_id = ?1 AND (line_id IS NULL OR line_id = ?2) AND withdrawn_by IS NULL)
        + (SELECT count(*) FROM inherited_talk h JOIN contact c ON c.id = h.contact_id WHERE h.line_id = ?2 AND c.withdrawn_by IS NULL)";
    let n: i64 = db.prepare_cached(sql)?.query_row(params![order.0, line.0], |r| r.get(0))?;
    Ok(usize::try_from(n).unwrap_or(0))
}
