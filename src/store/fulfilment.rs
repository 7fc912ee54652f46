//! Order lines and purchase order lines, as receiving, shipping and talking change them.

use super::goods::moment;
use super::records::promise_now;
use super::{Db, Failure, Result, Tx, cells};
use crate::domain::ids::{ContactId, ItemId, LineId, PoLineId};
use crate::domain::quantity::Qty;
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};

/// An order line with the names that sentences need.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderLine {
    pub id: LineId,
    pub order_id: i64,
    pub order: String,
    pub line: String,
    pub customer_id: i64,
    pub customer: String,
    pub item: ItemId,
    pub item_name: String,
    pub quantity: Qty,
    pub shipped: Qty,
    pub cancelled: Qty,
    pub allocated: Qty,
    pub ordered_on: NaiveDate,
    /// Why it is not to be served for now.
    pub held: Option<String>,
    /// What was ordered, where a substitute is sent.
    pub wanted: Option<ItemId>,
    /// The promise that counts now, as far as it was written down; `None`: nothing was promised.
    pub promise: Option<NaiveDate>,
}

impl OrderLine {
    pub fn open(&self) -> Qty {
        self.quantity - self.shipped - self.cancelled
    }
    /// `SO-1042 line 2`.
    pub fn label(&self) -> String {
        format!("{} line {}", self.order, self.line)
    }
}

/// The line of that number.
pub fn order_line(db: &Db, id: LineId) -> Result<OrderLine> {
    let mut statement = db.prepare_cached(
        concat!("SELECT o.id, o.code, l.line, c.id, c.name, i.id, i.name, l.quantity, l.shipped, l.cancelled, l.allocated, o.ordered_on,
           ", promise_now!(), ", CASE WHEN l.held_on IS NOT NULL THEN coalesce(l.held_reason, '') END, l.wanted_item_id
         FROM order_line l JOIN customer_order o ON o.id = l.order_id JOIN customer c ON c.id = o.customer_id
         JOIN item i ON i.id = l.item_id WHERE l.id = ?1"),
    )?;
    let found = statement.query_row(params![id.0], |r| {
        Ok(OrderLine {
            id,
            order_id: r.get(0)?,
            order: r.get(1)?,
            line: r.get(2)?,
            customer_id: r.get(3)?,
            customer: r.get(4)?,
            item: ItemId(r.get(5)?),
            item_name: r.get(6)?,
            quantity: cells::quantity(r, 7)?,
            shipped: cells::quantity(r, 8)?,
            cancelled: cells::quantity(r, 9)?,
            allocated: cells::quantity(r, 10)?,
            ordered_on: cells::date(r, 11)?,
            promise: cells::maybe_date(r, 12)?,
            held: r.get(13)?,
            wanted: r.get::<_, Option<i64>>(14)?.map(ItemId),
        })
    });
    found
        .optional()?
        .ok_or_else(|| Failure::refused("This order line is no longer in the file. Read the list again (F5)."))
}

/// Books a shipment from what is reserved to the line. `reference`: its delivery note or tracking number.
pub fn ship(tx: &mut Tx, line: &OrderLine, quantity: Qty, reference: Option<&str>) -> Result<()> {
    let (today, operator, operation) = (tx.act().today.to_string(), tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "shipment",
        &["line_id", "shipped_on", "quantity", "reference", "operator", "operation_id"],
        &[&line.id.0, &today, &quantity.thousandths(), &reference, &operator, &operation],
    )?;
    tx.update(
        "order_line",
        line.id.0,
        &[
            ("allocated", Value::Integer((line.allocated - quantity).thousandths())),
            ("shipped", Value::Integer((line.shipped + quantity).thousandths())),
            ("shipped_on", Value::Text(today)),
        ],
    )?;
    tx.touch(line.item);
    Ok(())
}

/// Cancels a part of the line; what was reserved beyond the rest becomes free.
pub fn cancel(tx: &mut Tx, line: &OrderLine, quantity: Qty, reason: &str) -> Result<()> {
    let today = tx.act().today.to_string();
    let kept = line.allocated.min(line.open() - quantity);
    tx.update(
        "order_line",
        line.id.0,
        &[
            ("allocated", Value::Integer(kept.thousandths())),
            ("cancelled", Value::Integer((line.cancelled + quantity).thousandths())),
            ("cancelled_on", Value::Text(today)),
            ("cancel_reason", Value::Text(reason.into())),
        ],
    )?;
    tx.touch(line.item);
    Ok(())
}

/// Sets the line's place in the queue and whether it may lose what it has.
pub fn set_turn(tx: &mut Tx, line: &OrderLine, turn: Option<i64>, protection: Option<&str>) -> Result<()> {
    tx.update(
        "order_line",
        line.id.0,
        &[
            ("turn", turn.map_or(Value::Null, Value::Integer)),
            ("protection", protection.map_or(Value::Null, |p| Value::Text(p.into()))),
        ],
    )?;
    tx.touch(line.item);
    Ok(())
}

/// Keeps a new promise of a line.
pub fn promise(tx: &mut Tx, line: &OrderLine, promised_on: NaiveDate, reason: &str) -> Result<()> {
    let (today, operator, operation) = (tx.act().today.to_string(), tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "promise",
        &["order_id", "line_id", "promised_on", "made_on", "operator", "reason", "operation_id"],
        &[&line.order_id, &line.id.0, &promised_on.to_string(), &today, &operator, &reason, &operation],
    )?;
    tx.touch(line.item);
    Ok(())
}

/// One talk about one line. Texts are as the database checks them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Contact<'a> {
    pub channel: Option<&'a str>,
    pub message: Option<&'a str>,
    pub quoted_for: Option<NaiveDate>,
    pub offered_cancel: Option<bool>,
    pub outcome: Option<&'a str>,
    pub answer: Option<&'a str>,
    /// The day of the answer; `None`: today.
    pub answered_on: Option<NaiveDate>,
    pub offer: Option<&'a str>,
    /// Ten-thousandths.
    pub offer_cost: Option<i64>,
    pub note: Option<&'a str>,
    pub words: Option<&'a str>,
    pub address: Option<&'a str>,
    pub seconds: Option<i64>,
    pub follow_up_at: Option<NaiveDateTime>,
    /// The customer came to us.
    pub incoming: bool,
    pub purpose: Option<&'a str>,
    pub template: Option<&'a str>,
    pub template_version: Option<&'a str>,
    pub subject: Option<&'a str>,
    /// Who was spoken to.
    pub party: Option<&'a str>,
    pub offer_taken: Option<bool>,
    /// The item that the customer wants instead.
    pub alternative: Option<ItemId>,
    /// The notice that this one takes the place of.
    pub supersedes: Option<ContactId>,
}

/// Keeps a talk, on the business date. An answer counts from that day too.
pub fn contact(tx: &mut Tx, line: &OrderLine, c: &Contact) -> Result<ContactId> {
    let (today, at) = (tx.act().today.to_string(), moment(tx));
    let (operator, operation) = (tx.act().operator.clone(), tx.operation().0);
    let quoted = c.quoted_for.map(|d| d.to_string());
    let answered = c.answer.filter(|a| *a != "none").map(|_| c.answered_on.map_or(today.clone(), |d| d.to_string()));
    let follow_up = c.follow_up_at.map(|t| t.format(cells::MOMENT).to_string());
    let direction = if c.incoming { "in" } else { "out" };
    let (alternative, supersedes) = (c.alternative.map(|i| i.0), c.supersedes.map(|id| id.0));
    tx.touch(line.item);
    tx.insert(
        "contact",
        &[
            "order_id",
            "line_id",
            "contacted_on",
            "channel",
            "message",
            "quoted_for",
            "offered_cancel",
            "outcome",
            "answer",
            "answered_on",
            "offer",
            "offer_cost",
            "note",
            "at",
            "operator",
            "words",
            "address",
            "seconds",
            "follow_up_at",
            "direction",
            "purpose",
            "template",
            "template_version",
            "subject",
            "party",
            "offer_taken",
            "alternative_id",
            "supersedes",
            "operation_id",
        ],
        &[
            &line.order_id,
            &line.id.0,
            &today,
            &c.channel,
            &c.message,
            &quoted,
            &c.offered_cancel,
            &c.outcome,
            &c.answer,
            &answered,
            &c.offer,
            &c.offer_cost,
            &c.note,
            &at,
            &operator,
            &c.words,
            &c.address,
            &c.seconds,
            &follow_up,
            &direction,
            &c.purpose,
            &c.template,
            &c.template_version,
            &c.subject,
            &c.party,
            &c.offer_taken,
            &alternative,
            &supersedes,
            &operation,
        ],
    )
    .map(ContactId)
}

/// Puts a customer, item or supplier off until a date.
pub fn put_off(tx: &mut Tx, subject: &str, id: i64, until: NaiveDate, reason: &str) -> Result<()> {
    let (operator, operation) = (tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "later",
        &["subject", "subject_id", "until", "reason", "operator", "operation_id"],
        &[&subject, &id, &until.to_string(), &reason, &operator, &operation],
    )?;
    Ok(())
}

/// What a customer, item or supplier is called; `None` where there is none of that number.
pub fn name_of(db: &Db, subject: &str, id: i64) -> Result<Option<String>> {
    let sql = match subject {
        "customer" => "SELECT name FROM customer WHERE id = ?1",
        "item" => "SELECT name FROM item WHERE id = ?1",
        _ => "SELECT name FROM supplier WHERE id = ?1",
    };
    Ok(db.prepare_cached(sql)?.query_row(params![id], |r| r.get(0)).optional()?)
}

/// A purchase order line with the names that sentences need.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoLine {
    pub id: PoLineId,
    pub po_id: i64,
    pub po: String,
    pub line: String,
    pub status: Option<String>,
    pub supplier: String,
    pub item: ItemId,
    pub item_name: String,
    pub quantity: Qty,
    /// Rejected included.
    pub received: Qty,
    pub rejected: Qty,
    pub cancelled: Qty,
}

impl PoLine {
    /// Still to come; below zero after an over-delivery.
    pub fn open(&self) -> Qty {
        self.quantity - self.received - self.cancelled
    }
}

/// The line of that number.
pub fn po_line(db: &Db, id: PoLineId) -> Result<PoLine> {
    let mut statement = db.prepare_cached(
        "SELECT p.id, p.code, l.line, p.status, s.name, i.id, i.name, l.quantity, l.received, l.rejected, l.cancelled
         FROM po_line l JOIN purchase_order p ON p.id = l.po_id JOIN supplier s ON s.id = p.supplier_id
         JOIN item i ON i.id = l.item_id WHERE l.id = ?1",
    )?;
    let found = statement.query_row(params![id.0], |r| {
        Ok(PoLine {
            id,
            po_id: r.get(0)?,
            po: r.get(1)?,
            line: r.get(2)?,
            status: r.get(3)?,
            supplier: r.get(4)?,
            item: ItemId(r.get(5)?),
            item_name: r.get(6)?,
            quantity: cells::quantity(r, 7)?,
            received: cells::quantity(r, 8)?,
            rejected: cells::quantity(r, 9)?,
            cancelled: cells::quantity(r, 10)?,
        })
    });
    found
        .optional()?
        .ok_or_else(|| Failure::refused("This PO line is no longer in the file. Read the list again (F5)."))
}

/// Keeps what came of a PO line: the receipt, and the line's totals.
pub fn receive(
    tx: &mut Tx,
    line: &PoLine,
    quantity: Qty,
    rejected: Qty,
    reason: Option<&str>,
    delivery_note: Option<&str>,
) -> Result<()> {
    let (today, operation) = (tx.act().today.to_string(), tx.operation().0);
    tx.insert(
        "receipt",
        &["po_line_id", "received_on", "quantity", "rejected", "reason", "delivery_note", "operation_id"],
        &[&line.id.0, &today, &quantity.thousandths(), &rejected.thousandths(), &reason, &delivery_note, &operation],
    )?;
    tx.update(
        "po_line",
        line.id.0,
        &[
            ("received", Value::Integer((line.received + quantity).thousandths())),
            ("rejected", Value::Integer((line.rejected + rejected).thousandths())),
            ("received_on", Value::Text(today)),
        ],
    )?;
    tx.touch(line.item);
    Ok(())
}

/// Marks a stated PO as closed once nothing more is to come; one without a stated status follows its quantities anyway.
pub fn close_if_complete(tx: &mut Tx, line: &PoLine) -> Result<()> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM po_line WHERE po_id = ?1 AND closed = 0 AND received + cancelled < quantity)";
    let waits: bool = tx.prepare_cached(sql)?.query_row(params![line.po_id], |r| r.get(0))?;
    if !waits && matches!(line.status.as_deref(), Some("sent" | "confirmed")) {
        tx.update("purchase_order", line.po_id, &[("status", Value::Text("closed".into()))])?;
    }
    Ok(())
}
