//! The Stock list in full, as the screen shows it a page at a time.

use crate::exchange::sheet::Value;
use crate::store::browse::{self, Edge, StockOrder, StockRow};
use crate::store::{Db, Result};

/// Rows that are read at once.
const PAGE: i64 = 2_000;

/// The columns, named as on the screen.
pub const COLUMNS: [&str; 11] =
    ["State", "SKU", "Item", "Bin", "On hand", "Free", "Wait", "Lasts", "Coming", "Sells/day", "Value"];

/// A row's cells: figures as figures, a figure that means nothing blank as on the screen.
pub fn cells(row: &StockRow) -> Vec<Value> {
    let more = if row.bins > 1 { format!("+{}", row.bins - 1) } else { String::new() };
    let some = |q: crate::domain::quantity::Qty| if q.is_zero() { Value::None } else { Value::Quantity(q) };
    let sells = row.daily.filter(|d| *d > 0.0);
    vec![
        Value::text(format!("{} {}", row.trouble.sign(), row.trouble.word())),
        Value::text(&row.sku),
        Value::text(&row.name),
        Value::maybe_text(row.bin.as_ref().map(|b| format!("{b}{more}")).as_deref()),
        Value::Quantity(row.on_hand),
        Value::Quantity(row.free),
        some(row.wait),
        sells.map_or(Value::None, |d| Value::Count((row.free.or_zero().as_f64() / d).floor().min(1e6) as i64)),
        some(row.on_order),
        sells.map_or(Value::None, |d| Value::Rate((d * 100.0).round() / 100.0)),
        Value::maybe_money(row.cost.map(|c| c.times(row.on_hand))),
    ]
}

/// Every row in that order, page by page: a million items need no more memory than a page.
pub fn each(db: &Db, order: StockOrder, take: &mut dyn FnMut(&StockRow) -> Result<()>) -> Result<()> {
    let mut edge = Edge::First;
    loop {
        let (rows, more) = browse::stock_page(db, order, &edge, PAGE)?;
        for row in &rows {
            take(row)?;
        }
        match rows.last() {
            Some(last) if more => edge = Edge::After(last.trouble.number(), last.sku.clone()),
            _ => return Ok(()),
        }
    }
}
