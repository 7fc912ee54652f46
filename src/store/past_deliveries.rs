//! The last deliveries of one item: when it was ordered and when it came.

use super::cells::date;
use super::{Db, Result};
use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::params;

/// A PO line that came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Took {
    pub po: String,
    pub supplier: String,
    pub ordered_on: NaiveDate,
    /// The first of it.
    pub came_on: NaiveDate,
    pub quantity: Qty,
}

impl Took {
    pub fn days(&self) -> i64 {
        (self.came_on - self.ordered_on).num_days()
    }
}

/// The last deliveries of an item, the newest first.
pub fn of(db: &Db, item: ItemId, limit: i64) -> Result<Vec<Took>> {
    let sql = "SELECT o.code, s.name, o.ordered_on, min(r.received_on), sum(r.quantity)
               FROM po_line l JOIN purchase_order o ON o.id = l.po_id JOIN supplier s ON s.id = o.supplier_id
                 JOIN receipt r ON r.po_line_id = l.id
               WHERE l.item_id = ?1 AND o.ordered_on IS NOT NULL
               GROUP BY l.id ORDER BY 4 DESC, l.id DESC LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![item.0, limit], |r| {
        Ok(Took {
            po: r.get(0)?,
            supplier: r.get(1)?,
            ordered_on: date(r, 2)?,
            came_on: date(r, 3)?,
            quantity: Qty::from_thousandths(r.get(4)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
