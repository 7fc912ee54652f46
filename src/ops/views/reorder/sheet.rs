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
/// quantity) are absent where goods are only to be hurried. What a person changed stands as changed, as on the screen, with
/// the program's figure in the reason.
pub fn sheet(board: &ReorderBoard) -> Sheet {
    let rows = board
        .lines
        .iter()
        .map(|l| {
            let decided = l.decided();
            let changed = l.changed.as_ref().filter(|_| decided.is_some());
            let supplier = changed.map_or(l.supplier_code.as_deref(), |c| c.supplier_code.as_deref());
            let cost = decided.and_then(|d| Some(d.each?.times(d.quantity)));
            let words = changed.and_then(|_| l.changed_words(board.today));
            let reason = words.map_or(l.reason.clone(), |words| format!("{} {words}", l.reason));
            vec![
                Value::text(&l.sku),
                Value::text(&l.name),
                Value::maybe_text(supplier),
                Value::Quantity(l.on_hand),
                Value::Quantity(l.on_order),
                Value::Quantity(l.open_demand),
                Value::Quantity(l.position),
                Value::Quantity(l.reorder_point),
                Value::Quantity(l.order_up_to),
                Value::Quantity(l.safety_stock),
                Value::Quantity(Qty::from_f64(l.daily)),
                Value::Count(l.lead_days.round() as i64),
                Value::maybe_quantity(decided.map(|d| d.quantity)),
                Value::maybe_money(cost),
                Value::Date(l.order_by),
                Value::maybe_date(l.out_on),
                Value::text(&reason),
            ]
        })
        .collect();
    Sheet { name: "reorder", columns: COLUMNS.to_vec(), rows }
}
