//! The reorder export: the board as a table.

use super::ReorderBoard;
use crate::domain::quantity::Qty;
use crate::exchange::sheet::{Sheet, Value};

/// The columns of the reorder export.
pub const COLUMNS: [&str; 17] = [
    "sku",
    "name",
    "supplier",
    "on_hand",
    "on_order",
    "open_demand",
    "position",
    "reorder_point",
    "order_up_to",
    "safety_stock",
    "forecast_daily",
    "lead_days",
    "quantity",
    "cost",
    "order_by",
    "stockout_on",
    "reason",
];

/// The board as a sheet: one row per item with a suggestion or a hurry, by urgency. `quantity` and `cost` (of the whole
/// quantity) are absent where goods are only to be hurried.
pub fn sheet(board: &ReorderBoard) -> Sheet {
    let rows = board
        .lines
        .iter()
        .map(|l| {
            vec![
                Value::text(&l.sku),
                Value::text(&l.name),
                Value::maybe_text(l.supplier_code.as_deref()),
                Value::Quantity(l.on_hand),
                Value::Quantity(l.on_order),
                Value::Quantity(l.open_demand),
                Value::Quantity(l.position),
                Value::Quantity(l.reorder_point),
                Value::Quantity(l.order_up_to),
                Value::Quantity(l.safety_stock),
                Value::Quantity(Qty::from_f64(l.daily)),
                Value::Count(l.lead_days.round() as i64),
                Value::maybe_quantity(l.quantity()),
                Value::maybe_money(l.cost),
                Value::Date(l.order_by),
                Value::maybe_date(l.out_on),
                Value::text(&l.reason),
            ]
        })
        .collect();
    Sheet { name: "reorder", columns: COLUMNS.to_vec(), rows }
}
