//! The put-aside list of a booked delivery: for whom, which order is complete with it, and what goes to which bin.

use super::store;
use crate::domain::ids::{DeliveryId, OperationId};
use crate::domain::locale;
use crate::domain::quantity::Qty;
use crate::exchange::sheet::{Sheet, Value};
use crate::store::deliveries::{PutAside, PutAway};
use crate::store::{Db, Result};

/// The list, as it was booked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct List {
    pub aside: Vec<PutAside>,
    /// Orders that lie here complete, as they stand now.
    pub complete: Vec<String>,
    /// Everything that came, by bin; what is put aside is in it.
    pub away: Vec<PutAway>,
}

/// The list of a delivery; of several bookings together.
pub fn of_delivery(db: &Db, delivery: DeliveryId) -> Result<List> {
    let mut list = List::default();
    for operation in store::bookings(db, delivery)? {
        let one = of_operation(db, operation)?;
        list.aside.extend(one.aside);
        list.away.extend(one.away);
        list.complete.extend(one.complete);
    }
    list.complete.sort();
    list.complete.dedup();
    Ok(list)
}

/// What one operation put aside and away.
pub fn of_operation(db: &Db, operation: OperationId) -> Result<List> {
    let aside = store::put_aside(db, operation)?;
    let mut complete = Vec::new();
    for order in aside.iter().map(|a| &a.order) {
        let lines = store::lines_of_order(db, order)?;
        if !complete.contains(order) && lines.iter().all(|(_, open, reserved)| reserved >= open) {
            complete.push(order.clone());
        }
    }
    Ok(List { aside, complete, away: store::put_away(db, operation)? })
}

/// The columns of the list as a file.
pub const COLUMNS: [&str; 7] = ["what", "quantity", "sku", "name", "order", "customer", "bin"];

/// The list as a table: first what is put aside, then what goes to which bin (what is put aside lies there too).
pub fn sheet(list: &List) -> Sheet {
    let mut rows = Vec::new();
    for a in &list.aside {
        let what = if list.complete.contains(&a.order) { "put aside, order complete" } else { "put aside" };
        rows.push(vec![
            Value::text(what),
            Value::Quantity(a.quantity),
            Value::text(a.sku.clone()),
            Value::text(a.name.clone()),
            Value::text(a.order.clone()),
            Value::text(a.customer.clone()),
            Value::None,
        ]);
    }
    for a in &list.away {
        rows.push(vec![
            Value::text(if a.kind == "quarantine" { "quarantine" } else { "to its bin" }),
            Value::Quantity(a.quantity),
            Value::text(a.sku.clone()),
            Value::text(a.name.clone()),
            Value::None,
            Value::None,
            Value::text(a.bin.clone()),
        ]);
    }
    Sheet { name: "put aside", columns: COLUMNS.to_vec(), rows }
}

/// The list as a page of 80 columns.
pub fn page(list: &List, heading: &str) -> Vec<String> {
    let mut out = vec![heading.to_string(), String::new()];
    if list.aside.is_empty() {
        out.push("Nobody waits for any of it.".into());
    } else {
        out.push("Put aside".into());
    }
    let mut last = None;
    for a in &list.aside {
        if last.replace(&a.order) != Some(&a.order) {
            let whole = if list.complete.contains(&a.order) { "   complete: can ship" } else { "" };
            out.push(format!("  [ ] {}  {}{whole}", a.order, a.customer));
        }
        out.push(format!("      {}", amount(a.quantity, &a.sku, &a.name)));
    }
    out.push(String::new());
    out.push("Everything that came, by bin".into());
    let mut last = None;
    for a in &list.away {
        if last.replace(&a.bin) != Some(&a.bin) {
            let kind = if a.kind == "quarantine" { "   quarantine: not to be sold" } else { "" };
            out.push(format!("  {}{kind}", a.bin));
        }
        let note = a.note.as_ref().map(|n| format!("  ({n})")).unwrap_or_default();
        out.push(format!("      {}{note}", amount(a.quantity, &a.sku, &a.name)));
    }
    out
}

fn amount(quantity: Qty, sku: &str, name: &str) -> String {
    format!("{:>8}  {sku:<14} {name}", locale::here().quantity(quantity))
}
