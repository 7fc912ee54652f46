//! What a supplier's lateness costs, in the pane.

use crate::domain::dates;
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::suppliers::{Consequences, Hurt};

/// Sentences: late now, shelves that were empty, stock that is kept because of it. Empty where there is nothing to say.
pub fn sentences(hurts: Hurt, costs: Option<&Consequences>, window_days: i64, look: &Look) -> Vec<String> {
    let mut out = Vec::new();
    if hurts.customers > 0 {
        let verb = if hurts.customers == 1 { "is" } else { "are" };
        let told = match hurts.talks {
            0 => "nobody was told".to_string(),
            n => format!("told {}", if n == 1 { "once".into() } else { format!("{} times", text::count(n)) }),
        };
        out.push(format!(
            "{} {verb} late by it: {}, {}; {told}.",
            text::plural(hurts.customers, "customer"),
            text::plural(hurts.orders, "order"),
            text::money(hurts.worth)
        ));
    }
    let Some(costs) = costs else { return out };
    let outs = &costs.stock_outs;
    if outs.count > 0 {
        let last = outs.last.as_ref().map(|(item, on)| format!(", last {item} {}", dates::short(*on, look.today)));
        out.push(format!(
            "Empty shelves by it in {window_days} d: {}, {}{}.",
            text::plural(outs.count, "time"),
            text::plural(outs.days, "day"),
            last.unwrap_or_default()
        ));
    }
    if let Some(safety) = &costs.safety {
        let yearly = safety.yearly.map(|y| format!(", {} a year", text::money(y))).unwrap_or_default();
        out.push(format!(
            "Being late (up to {}, {:.0} of 100 times) it costs us {} more in stock: {}{yearly}.",
            text::plural(safety.late_days.max(0) as usize, "day"),
            safety.share * 100.0,
            text::quantity(rounded(safety.pieces)),
            text::money(safety.worth)
        ));
    }
    out
}

/// Whole pieces: it is an estimate.
fn rounded(pieces: crate::domain::quantity::Qty) -> crate::domain::quantity::Qty {
    crate::domain::quantity::Qty::units(pieces.as_f64().round() as i64)
}
