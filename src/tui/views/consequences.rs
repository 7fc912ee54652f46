//! What a supplier's lateness costs, in the pane.

use crate::domain::dates;
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::views::backorders::pane::NOT_KNOWN;
use crate::worker::suppliers::{Consequences, Hurt, LateNow as Counts};

/// `1 customer is late by it now, 2 more will be`; `all` counts those who are late now too.
pub fn who_is_late(now: usize, all: usize) -> String {
    let verb = if now == 1 { "is" } else { "are" };
    match all.saturating_sub(now) {
        later if now == 0 => format!("{} will be late by it", text::plural(later, "customer")),
        0 => format!("{} {verb} late by it now", text::plural(now, "customer")),
        later => {
            format!("{} {verb} late by it now, {} more will be", text::plural(now, "customer"), text::count(later))
        }
    }
}

/// Sentences: late now, shelves that were empty, stock that is kept because of it. Empty where there is nothing to say.
pub fn sentences(hurts: Hurt, costs: Option<&Consequences>, window_days: i64, look: &Look) -> Vec<String> {
    let mut out = Vec::new();
    if hurts.customers > 0 {
        let told = match hurts.talks {
            0 if hurts.not_known > 0 => NOT_KNOWN.to_string(),
            0 => "nobody was told".to_string(),
            n => format!("told {}", if n == 1 { "once".into() } else { format!("{} times", text::count(n)) }),
        };
        let later = Counts {
            customers: hurts.customers - hurts.now.customers.min(hurts.customers),
            orders: hurts.orders - hurts.now.orders.min(hurts.orders),
            worth: hurts.worth - hurts.now.worth,
        };
        let of = |c: Counts| format!("{}, {}", text::plural(c.orders, "order"), text::money(c.worth));
        let who = who_is_late(hurts.now.customers, hurts.customers);
        out.push(match (hurts.now.orders, later.orders) {
            (0, _) => format!("{who}: {}; {told}.", of(later)),
            (_, 0) => format!("{who}: {}; {told}.", of(hurts.now)),
            _ => format!("{who}; late now {}, still to be {}; {told}.", of(hurts.now), of(later)),
        });
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

#[cfg(test)]
mod tests {
    use super::*;

    /// "Told, or nobody knows" was answered of the old orders, and the pane said that nobody was told.
    #[test]
    fn what_nobody_knows_is_not_said_to_be_untold() {
        let look = Look { today: chrono::NaiveDate::default(), width: 80, height: 24 };
        let hurts = Hurt { customers: 1, lines: 2, orders: 1, ..Hurt::default() };
        assert!(sentences(hurts, None, 90, &look)[0].ends_with("nobody was told."));
        let hurts = Hurt { not_known: 2, ..hurts };
        assert!(sentences(hurts, None, 90, &look)[0].ends_with("not known whether told."));
    }

    /// Three customers promised for next week were said to be late today.
    #[test]
    fn who_is_late_today_and_who_will_be_are_told_apart() {
        assert_eq!(who_is_late(0, 3), "3 customers will be late by it");
        assert_eq!(who_is_late(1, 3), "1 customer is late by it now, 2 more will be");
        assert_eq!(who_is_late(2, 2), "2 customers are late by it now");
    }
}
