//! The open lines of an item as allocation needs them, and what is free for them.

use super::records::promise_now;
use super::{Db, Result, Tx, cells, picking};
use crate::domain::allocation::{OrderKind, Protection, Waiting};
use crate::domain::ids::{ItemId, LineId};
use crate::domain::quantity::Qty;
use rusqlite::types::Value;
use rusqlite::{Row, params};
use std::collections::BTreeSet;

const WAITING: &str = concat!(
    "
SELECT l.id, o.code, coalesce(l.place, l.line), l.quantity - l.shipped - l.cancelled, l.allocated, l.turn, o.kind,
  coalesce(l.promised_on, o.promised_on, l.set_date, i.available_on), c.priority,
  coalesce(",
    promise_now!(),
    ", CASE WHEN o.kind = 'preorder' THEN coalesce(l.set_date, i.available_on) END, o.deliver_by),
  o.ordered_on, l.protection, l.held_on IS NOT NULL
FROM order_line l
JOIN customer_order o ON o.id = l.order_id
JOIN customer c ON c.id = o.customer_id
JOIN item i ON i.id = l.item_id
WHERE l.item_id = ?1 AND l.shipped + l.cancelled < l.quantity"
);

/// The item's open lines, in no particular order.
pub fn of_item(db: &Db, item: ItemId) -> Result<Vec<Waiting>> {
    let mut statement = db.prepare_cached(WAITING)?;
    let rows = statement.query_map(params![item.0], waiting)?;
    let mut lines: Vec<Waiting> = rows.collect::<std::result::Result<_, _>>()?;
    if lines.is_empty() {
        return Ok(lines);
    }
    let picked = picking::picked_of(db, Some(item))?;
    for line in &mut lines {
        line.picked = picked.get(&line.line).copied().unwrap_or_default();
    }
    Ok(lines)
}

fn waiting(r: &Row) -> rusqlite::Result<Waiting> {
    Ok(Waiting {
        line: LineId(r.get(0)?),
        order_code: r.get(1)?,
        line_code: r.get(2)?,
        open: Qty::from_thousandths(r.get(3)?),
        allocated: Qty::from_thousandths(r.get(4)?),
        picked: Qty::ZERO, // the rounds say it
        turn: r.get(5)?,
        kind: r.get::<_, Option<String>>(6)?.map_or(OrderKind::Regular, |k| OrderKind::named(&k)),
        set_date: cells::maybe_date(r, 7)?,
        priority: r.get(8)?,
        promise: cells::maybe_date(r, 9)?,
        ordered_on: cells::date(r, 10)?,
        protection: r.get::<_, Option<String>>(11)?.map_or(Protection::Normal, |p| Protection::named(&p)),
        held: r.get(12)?,
    })
}

/// What lies in storage bins, of an item.
pub fn sellable(db: &Db, item: ItemId) -> Result<Qty> {
    let sql = "SELECT coalesce(sum(v.quantity), 0) FROM level v JOIN bin b ON b.id = v.bin_id
               WHERE v.item_id = ?1 AND b.kind = 'storage'";
    let n = db.prepare_cached(sql)?.query_row(params![item.0], |r| r.get(0))?;
    Ok(Qty::from_thousandths(n))
}

/// Every item that has an open line.
pub fn items_with_open_lines(db: &Db) -> Result<BTreeSet<ItemId>> {
    let sql = "SELECT DISTINCT item_id FROM order_line WHERE shipped + cancelled < quantity";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |r| r.get(0).map(ItemId))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// Writes what is reserved to a line.
pub fn allocate(tx: &mut Tx, line: LineId, allocated: Qty) -> Result<()> {
    tx.update("order_line", line.0, &[("allocated", Value::Integer(allocated.thousandths()))])?;
    Ok(())
}
