//! Free stock as a shop may sell it.

use crate::domain::quantity::Qty;
use crate::exchange::shop::{Level, Shop};
use crate::store::{Db, Result, shop};

/// What the shop may sell of each code: whole ones, never below zero. The shop's own code goes before an equal SKU.
pub fn levels(db: &Db, shop: Shop) -> Result<Vec<Level>> {
    let mut out: Vec<Level> = Vec::new();
    for row in shop::sellable(db, shop.channel())? {
        let whole = row.free.or_zero().thousandths() / row.of.max(Qty::from_thousandths(1)).thousandths();
        let level = Level { free: whole, backorders: row.backorders, code: row.code };
        match out.last_mut().filter(|last| last.code == level.code) {
            Some(last) => *last = level,
            None => out.push(level),
        }
    }
    Ok(out)
}
