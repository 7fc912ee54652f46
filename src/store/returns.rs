//! What customers sent back.

use super::{Db, Result, Tx, cells};
use crate::domain::ids::{ItemId, LineId};
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::params;

/// A line of which something was shipped and is not back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shipped {
    pub line: LineId,
    pub order: String,
    pub line_code: String,
    pub customer: String,
    pub shipped: Qty,
    pub returned: Qty,
    pub shipped_on: Option<NaiveDate>,
}

/// The lines of an item of which something may come back, those shipped last at the top.
pub fn shipped_lines(db: &Db, item: ItemId, limit: i64) -> Result<Vec<Shipped>> {
    let sql = "SELECT l.id, o.code, l.line, c.name, l.shipped, l.shipped_on,
                 coalesce((SELECT sum(x.quantity) FROM customer_return x WHERE x.line_id = l.id AND x.withdrawn_by IS NULL), 0) AS back
               FROM order_line l JOIN customer_order o ON o.id = l.order_id JOIN customer c ON c.id = o.customer_id
               WHERE l.item_id = ?1 AND l.shipped > 0 AND back < l.shipped
               ORDER BY l.shipped_on DESC, l.id DESC LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![item.0, limit], |r| {
        Ok(Shipped {
            line: LineId(r.get(0)?),
            order: r.get(1)?,
            line_code: r.get(2)?,
            customer: r.get(3)?,
            shipped: cells::quantity(r, 4)?,
            shipped_on: cells::maybe_date(r, 5)?,
            returned: cells::quantity(r, 6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What came back of a line so far.
pub fn returned(db: &Db, line: LineId) -> Result<Qty> {
    let sql = "SELECT coalesce(sum(quantity), 0) FROM customer_return WHERE line_id = ?1 AND withdrawn_by IS NULL";
    Ok(db.prepare_cached(sql)?.query_row([line.0], |r| cells::quantity(r, 0))?)
}

/// Keeps what came back of a line.
pub fn keep(tx: &mut Tx, line: LineId, quantity: Qty, good: bool, note: Option<&str>) -> Result<()> {
    let (today, operator, operation) = (tx.act().today.to_string(), tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "customer_return",
        &["line_id", "returned_on", "quantity", "good", "note", "operator", "operation_id"],
        &[&line.0, &today, &quantity.thousandths(), &good, &note, &operator, &operation],
    )?;
    Ok(())
}
