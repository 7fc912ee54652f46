//! What a sales channel may sell of each of its codes.

use super::{Db, Result};
use crate::domain::quantity::Qty;

/// A code of a channel: a SKU, or the channel's own code for some of an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sellable {
    pub code: String,
    /// Free stock: what can be sold and is put aside for nobody, less what customers wait for.
    pub free: Qty,
    /// One of the code is so many of the item.
    pub of: Qty,
    /// More may be sold than is there.
    pub backorders: bool,
}

/// Every SKU of the active items, then the channel's own codes. An item that is discontinued is told too where it ever
/// lay here: what is left of it is sold, and no more than that.
pub fn sellable(db: &Db, channel: &str) -> Result<Vec<Sellable>> {
    let mut statement = db.prepare_cached(
        "SELECT i.sku, s.sellable - s.allocated - max(s.open_demand - s.allocated, 0), 1000,
           coalesce(i.backorders, 'allow') <> 'deny' AND i.status = 'active', 0
         FROM item i JOIN item_state s ON s.item_id = i.id
         WHERE i.status = 'active' OR EXISTS (SELECT 1 FROM movement m WHERE m.item_id = i.id)
         UNION ALL
         SELECT a.code, s.sellable - s.allocated - max(s.open_demand - s.allocated, 0), a.quantity,
           coalesce(i.backorders, 'allow') <> 'deny' AND i.status = 'active', 1
         FROM alias a JOIN item i ON i.id = a.item_id JOIN item_state s ON s.item_id = i.id
         WHERE a.channel = ?1 AND (i.status = 'active' OR EXISTS (SELECT 1 FROM movement m WHERE m.item_id = i.id))
         ORDER BY 1, 5",
    )?;
    let rows = statement.query_map([channel], |r| {
        Ok(Sellable {
            code: r.get(0)?,
            free: Qty::from_thousandths(r.get(1)?),
            of: Qty::from_thousandths(r.get(2)?),
            backorders: r.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
