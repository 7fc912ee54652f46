//! A round on paper: a table, and a page to print.

use super::Spot;
use crate::exchange::sheet::{Sheet, Value};

/// The columns of the list as a file.
pub const COLUMNS: [&str; 8] = ["bin", "sku", "name", "quantity", "picked", "order", "line", "customer"];

/// A round as a table.
pub fn sheet(spots: &[Spot]) -> Sheet {
    let rows = spots.iter().map(|s| {
        vec![
            Value::text(s.place.bin_code.clone()),
            Value::text(s.place.sku.clone()),
            Value::text(s.place.name.clone()),
            Value::Quantity(s.place.quantity),
            Value::Quantity(s.picked.quantity),
            Value::text(s.place.order.clone()),
            Value::text(s.place.line_code.clone()),
            Value::text(s.place.customer_name.clone()),
        ]
    });
    Sheet { name: "pick list", columns: COLUMNS.to_vec(), rows: rows.collect() }
}

/// At most so many letters; that there are more is seen.
fn within(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        return words.to_string();
    }
    words.chars().take(most - 1).chain(['…']).collect()
}

/// A round as a page of 80 columns.
pub fn page(spots: &[Spot]) -> Vec<String> {
    let mut out = vec!["Pick list".to_string(), String::new()];
    let mut last = None;
    for s in spots {
        if last.replace(&s.place.bin_code) != Some(&s.place.bin_code) {
            out.push(s.place.bin_code.clone());
        }
        let (name, customer) = (within(&s.place.name, 30), within(&s.place.customer_name, 16));
        let n = s.place.quantity.to_string();
        out.push(format!("  [ ]{n:>6}  {:<12} {name:<30} {:<8} {customer}", s.place.sku, s.place.order));
    }
    out
}
