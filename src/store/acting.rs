//! What is done to an order line that waits, beside shipping and cancelling it: split, swapped, put on hold, packed,
//! delivered.

use super::fulfilment::OrderLine;
use super::{Db, Result, Tx, cells};
use crate::domain::ids::{CustomerId, ItemId, LineId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, ToSql, params};

/// Columns that a part split off has in common with the line.
const KEPT: [&str; 12] = [
    "order_id",
    "item_id",
    "price",
    "promised_on",
    "turn",
    "protection",
    "essential",
    "wanted_item_id",
    "held_on",
    "held_reason",
    "set_date",
    "place",
];

/// Moves `quantity` of what is open to a new line, with `allocated` of what is reserved. The part has the line's place
/// in the queue, its dates, its promises and what was said about it so far.
pub fn split(tx: &mut Tx, line: &OrderLine, quantity: Qty, allocated: Qty) -> Result<LineId> {
    let name = part_name(tx, line)?;
    let sql = format!("SELECT {} FROM order_line WHERE id = ?1", KEPT.join(","));
    let mut kept: Vec<Value> =
        tx.prepare_cached(&sql)?.query_row([line.id.0], |r| (0..KEPT.len()).map(|i| r.get(i)).collect())?;
    if let Some(place) = kept.last_mut().filter(|place| **place == Value::Null) {
        *place = Value::Text(line.line.clone());
    }
    let said: i64 = tx.query_row("SELECT coalesce(max(id), 0) FROM contact", [], |r| r.get(0))?;
    tx.update(
        "order_line",
        line.id.0,
        &[
            ("quantity", Value::Integer((line.quantity - quantity).thousandths())),
            ("allocated", Value::Integer((line.allocated - allocated).thousandths())),
        ],
    )?;
    let own: [(&str, Value); 5] = [
        ("line", Value::Text(name)),
        ("quantity", Value::Integer(quantity.thousandths())),
        ("allocated", Value::Integer(allocated.thousandths())),
        ("split_from", Value::Integer(line.id.0)),
        ("split_after", Value::Integer(said)),
    ];
    let columns: Vec<&str> = KEPT.into_iter().chain(own.iter().map(|c| c.0)).collect();
    let values: Vec<&dyn ToSql> =
        kept.iter().map(|v| v as &dyn ToSql).chain(own.iter().map(|c| &c.1 as &dyn ToSql)).collect();
    let part = LineId(tx.insert("order_line", &columns, &values)?);
    copy_promises(tx, line, part)?;
    tx.touch(line.item);
    Ok(part)
}

/// `2.2` for the second part of line 2; the next number that is free.
fn part_name(db: &Db, line: &OrderLine) -> Result<String> {
    let root: String = db
        .prepare_cached("SELECT coalesce(place, line) FROM order_line WHERE id = ?1")?
        .query_row([line.id.0], |r| r.get(0))?;
    let mut taken = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM order_line WHERE order_id = ?1 AND line = ?2)")?;
    let mut number = 2u32;
    loop {
        let name = format!("{root}.{number}");
        if !taken.query_row(params![line.order_id, name], |r| r.get::<_, bool>(0))? {
            return Ok(name);
        }
        number += 1;
    }
}

/// The promises made for the line hold for the part too, as they were made.
fn copy_promises(tx: &mut Tx, line: &OrderLine, part: LineId) -> Result<()> {
    let made: Vec<[String; 4]> = tx
        .prepare_cached(
            "SELECT promised_on, made_on, operator, reason FROM promise WHERE line_id = ?1 AND withdrawn_by IS NULL ORDER BY id",
        )?
        .query_map([line.id.0], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))?
        .collect::<rusqlite::Result<_>>()?;
    let operation = tx.operation().0;
    for [promised_on, made_on, operator, reason] in &made {
        tx.insert(
            "promise",
            &["order_id", "line_id", "promised_on", "made_on", "operator", "reason", "operation_id"],
            &[&line.order_id, &part.0, promised_on, made_on, operator, reason, &operation],
        )?;
    }
    Ok(())
}

/// Sends another item for what was ordered; what was ordered stays on record, at its price. Nothing is reserved to it
/// by this alone.
pub fn swap(tx: &mut Tx, line: &OrderLine, substitute: ItemId) -> Result<()> {
    let price: Option<i64> = tx
        .prepare_cached(
            "SELECT coalesce(l.price, i.price) FROM order_line l JOIN item i ON i.id = l.item_id WHERE l.id = ?1",
        )?
        .query_row([line.id.0], |r| r.get(0))?;
    let wanted = line.wanted.unwrap_or(line.item);
    let wanted = if wanted == substitute { Value::Null } else { Value::Integer(wanted.0) };
    tx.update(
        "order_line",
        line.id.0,
        &[
            ("item_id", Value::Integer(substitute.0)),
            ("wanted_item_id", wanted),
            ("price", price.map_or(Value::Null, Value::Integer)),
            ("allocated", Value::Integer(0)),
        ],
    )?;
    tx.touch(line.item);
    tx.touch(substitute);
    Ok(())
}

/// Whether the customer agreed to something else for this line, as far as anybody said: a yes to an alternative, or
/// that the alternative was taken.
pub fn agreed_to_alternative(db: &Db, line: &OrderLine) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM contact c WHERE c.order_id = ?1 AND c.withdrawn_by IS NULL
                 AND (c.answer = 'consent' OR c.offer_taken = 1) AND c.offer LIKE '%alternative%'
                 AND (c.line_id IS NULL OR c.line_id = ?2
                      OR EXISTS (SELECT 1 FROM inherited_talk h WHERE h.line_id = ?2 AND h.contact_id = c.id)))";
    Ok(db.prepare_cached(sql)?.query_row(params![line.order_id, line.id.0], |r| r.get(0))?)
}

/// Puts a line on hold with the reason; none: releases it.
pub fn hold(tx: &mut Tx, line: &OrderLine, reason: Option<&str>) -> Result<()> {
    let today = tx.act().today.to_string();
    let text = |t: Option<&str>| t.map_or(Value::Null, |t| Value::Text(t.into()));
    let on = reason.map(|_| today.as_str());
    let mut cells = vec![("held_on", text(on)), ("held_reason", text(reason))];
    if reason.is_some() {
        cells.push(("allocated", Value::Integer(0)));
    }
    tx.update("order_line", line.id.0, &cells)?;
    tx.touch(line.item);
    Ok(())
}

/// Says that what is reserved to a line is packed; none: it is not any more.
pub fn packed(tx: &mut Tx, line: &OrderLine, on: Option<NaiveDate>) -> Result<()> {
    tx.update("order_line", line.id.0, &[("packed_on", on.map_or(Value::Null, |d| Value::Text(d.to_string())))])?;
    Ok(())
}

/// Says that what was shipped of a line arrived at the customer's.
pub fn delivered(tx: &mut Tx, line: &OrderLine, on: NaiveDate) -> Result<()> {
    tx.update("order_line", line.id.0, &[("delivered_on", Value::Text(on.to_string()))])?;
    Ok(())
}

/// Free of an item: in storage, not reserved.
pub fn free(db: &Db, item: ItemId) -> Result<Qty> {
    let sql = "SELECT coalesce((SELECT sum(v.quantity) FROM level v JOIN bin b ON b.id = v.bin_id
                                WHERE v.item_id = ?1 AND b.kind = 'storage'), 0)
                    - coalesce((SELECT sum(l.allocated) FROM order_line l
                                WHERE l.item_id = ?1 AND l.quantity > l.shipped + l.cancelled), 0)";
    Ok(Qty::from_thousandths(db.prepare_cached(sql)?.query_row([item.0], |r| r.get(0))?))
}

/// Whether an item is still sold.
pub fn is_active(db: &Db, item: ItemId) -> Result<bool> {
    let sql = "SELECT status = 'active' FROM item WHERE id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([item.0], |r| r.get(0)).optional()?.unwrap_or(false))
}

/// Up to how many of an item planning (else the person's own max) would have in stock and on order.
pub fn wanted_stock(db: &Db, item: ItemId) -> Result<Qty> {
    let sql = "SELECT coalesce(p.order_up_to, i.max, 0) FROM item i LEFT JOIN item_plan p ON p.item_id = i.id WHERE i.id = ?1";
    Ok(Qty::from_thousandths(db.prepare_cached(sql)?.query_row([item.0], |r| r.get(0))?))
}

/// What could be sent instead of an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alternative {
    pub item: ItemId,
    pub name: String,
    pub free: Qty,
    pub price: Option<Money>,
    /// On the substitutes list; else only of the same category.
    pub listed: bool,
}

/// Substitutes with free stock in their rank, then other items of the same category, the fullest first; at most 20.
pub fn alternatives(db: &Db, item: ItemId) -> Result<Vec<Alternative>> {
    let sql = "SELECT i.id, i.name, t.sellable - t.allocated, i.price, s.id IS NOT NULL
      FROM item w JOIN item i ON i.id <> w.id AND i.status = 'active'
        AND (i.id IN (SELECT substitute_id FROM substitute WHERE item_id = w.id) OR i.category = w.category)
      JOIN item_state t ON t.item_id = i.id AND t.sellable > t.allocated
      LEFT JOIN substitute s ON s.item_id = w.id AND s.substitute_id = i.id
      WHERE w.id = ?1
      ORDER BY s.id IS NULL, s.rank IS NULL, s.rank, t.sellable - t.allocated DESC, i.sku LIMIT 20";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([item.0], |r| {
        Ok(Alternative {
            item: ItemId(r.get(0)?),
            name: r.get(1)?,
            free: Qty::from_thousandths(r.get(2)?),
            price: r.get::<_, Option<i64>>(3)?.map(Money::from_ten_thousandths),
            listed: r.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A parcel's worth of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parcel {
    pub shipped_on: NaiveDate,
    pub quantity: Qty,
    pub reference: Option<String>,
}

/// How far a line has come, beside what the board knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    pub line: LineId,
    pub shipped: Qty,
    pub shipped_on: Option<NaiveDate>,
    pub packed_on: Option<NaiveDate>,
    pub delivered_on: Option<NaiveDate>,
    /// The last goods of the item that came since the order.
    pub received_on: Option<NaiveDate>,
    /// The days on which a word about the line came through.
    pub told: Vec<NaiveDate>,
    pub parcels: Vec<Parcel>,
}

/// The stories of a customer's open lines.
pub fn stories(db: &Db, customer: CustomerId) -> Result<Vec<Story>> {
    let mut stories: Vec<Story> = db
        .prepare_cached(
            "SELECT l.id, l.shipped, l.shipped_on, l.packed_on, l.delivered_on,
               (SELECT max(r.received_on) FROM po_line p JOIN receipt r ON r.po_line_id = p.id
                  WHERE p.item_id = l.item_id AND r.withdrawn_by IS NULL AND r.received_on >= o.ordered_on)
             FROM customer_order o JOIN order_line l ON l.order_id = o.id
             WHERE o.customer_id = ?1 AND l.quantity > l.shipped + l.cancelled ORDER BY l.id",
        )?
        .query_map([customer.0], |r| {
            Ok(Story {
                line: LineId(r.get(0)?),
                shipped: cells::quantity(r, 1)?,
                shipped_on: cells::maybe_date(r, 2)?,
                packed_on: cells::maybe_date(r, 3)?,
                delivered_on: cells::maybe_date(r, 4)?,
                received_on: cells::maybe_date(r, 5)?,
                told: Vec::new(),
                parcels: Vec::new(),
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut told = db.prepare_cached(
        "SELECT c.on_now FROM order_line l JOIN contact_now c ON c.order_id = l.order_id
         WHERE l.id = ?1 AND c.withdrawn_by IS NULL AND coalesce(c.outcome_now, 'sent') IN ('sent', 'reached')
           AND (c.line_id IS NULL OR c.line_id = l.id
                OR EXISTS (SELECT 1 FROM inherited_talk h WHERE h.line_id = l.id AND h.contact_id = c.id))",
    )?;
    let mut parcels = db.prepare_cached(
        "SELECT shipped_on, quantity, reference FROM shipment WHERE line_id = ?1 AND withdrawn_by IS NULL ORDER BY id",
    )?;
    for story in &mut stories {
        let days = told.query_map([story.line.0], |r| cells::date(r, 0))?;
        story.told = days.collect::<rusqlite::Result<_>>()?;
        let rows = parcels.query_map([story.line.0], |r| {
            Ok(Parcel { shipped_on: cells::date(r, 0)?, quantity: cells::quantity(r, 1)?, reference: r.get(2)? })
        })?;
        story.parcels = rows.collect::<rusqlite::Result<_>>()?;
    }
    Ok(stories)
}

/// A line that was shipped and of which nobody said that it arrived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnTheWay {
    pub line: LineId,
    pub order_code: String,
    pub customer: CustomerId,
    pub customer_name: String,
    pub item_name: String,
    pub shipped: Qty,
    pub shipped_on: NaiveDate,
}

/// The shipped lines since a day of which nobody said that they arrived, the newest first; at most 200.
pub fn on_the_way(db: &Db, since: NaiveDate) -> Result<Vec<OnTheWay>> {
    let sql = "SELECT l.id, o.code, c.id, c.name, i.name, l.shipped, l.shipped_on
      FROM order_line l JOIN customer_order o ON o.id = l.order_id JOIN customer c ON c.id = o.customer_id
        JOIN item i ON i.id = l.item_id
      WHERE l.id IN (SELECT line_id FROM shipment WHERE withdrawn_by IS NULL AND shipped_on >= ?1)
        AND l.shipped > 0 AND l.delivered_on IS NULL AND l.shipped_on >= ?1
      ORDER BY l.shipped_on DESC, l.id DESC LIMIT 200";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([since.to_string()], |r| {
        Ok(OnTheWay {
            line: LineId(r.get(0)?),
            order_code: r.get(1)?,
            customer: CustomerId(r.get(2)?),
            customer_name: r.get(3)?,
            item_name: r.get(4)?,
            shipped: cells::quantity(r, 5)?,
            shipped_on: cells::date(r, 6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Reasons that were given before, the last used first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reasons {
    pub cancels: Vec<String>,
    pub holds: Vec<String>,
    pub dates: Vec<String>,
}

/// The last reasons given, each once.
pub fn reasons(db: &Db) -> Result<Reasons> {
    let read = |sql: &str| -> Result<Vec<String>> {
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map([], |r| r.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    Ok(Reasons {
        cancels: read(
            "SELECT cancel_reason FROM order_line WHERE cancel_reason IS NOT NULL
             GROUP BY cancel_reason ORDER BY max(cancelled_on) DESC, max(id) DESC LIMIT 20",
        )?,
        holds: read(
            "SELECT held_reason FROM order_line WHERE quantity > shipped + cancelled AND held_reason IS NOT NULL
             GROUP BY held_reason ORDER BY max(held_on) DESC LIMIT 20",
        )?,
        dates: read(
            "SELECT reason FROM (SELECT id, reason FROM promise ORDER BY id DESC LIMIT 100) GROUP BY reason ORDER BY max(id) DESC",
        )?,
    })
}
