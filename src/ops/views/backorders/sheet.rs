//! The `backorders` export: one row per open line that is short, late, will be late, or asks for an action.

use super::{Board, WaitingLine};
use crate::exchange::sheet::{Sheet, Value};

const COLUMNS: [&str; 31] = [
    "order",
    "line",
    "customer",
    "customer_name",
    "channel",
    "kind",
    "sku",
    "item",
    "ordered_on",
    "quantity",
    "open",
    "allocated",
    "short",
    "first_promise",
    "promise",
    "likely_on",
    "safe_on",
    "state",
    "days_late",
    "rule",
    "action",
    "message",
    "act_by",
    "commitment_on",
    "silence_means",
    "refund_by",
    "last_told_on",
    "last_quoted",
    "value",
    "waits_for",
    "reason",
];

/// The rows as the screen sorts them.
pub fn sheet(board: &Board) -> Sheet {
    let rows = board.lines.iter().filter(|line| line.is_listed()).map(cells).collect();
    Sheet { name: "backorders", columns: COLUMNS.to_vec(), rows }
}

fn cells(line: &WaitingLine) -> Vec<Value> {
    let decision = &line.decision;
    vec![
        Value::text(&line.order_code),
        Value::text(&line.line_code),
        Value::text(&line.customer_code),
        Value::text(&line.customer_name),
        Value::maybe_text(line.channel.as_deref()),
        Value::text(line.kind.name()),
        Value::text(&line.sku),
        Value::text(&line.item_name),
        Value::Date(line.ordered_on),
        Value::Quantity(line.quantity),
        Value::Quantity(line.open),
        Value::Quantity(line.allocated),
        Value::Quantity(line.short),
        Value::maybe_date(line.first_promise),
        Value::maybe_date(line.promise),
        Value::maybe_date(line.likely_on),
        Value::maybe_date(line.safe_on),
        Value::text(line.state.name()),
        Value::maybe_count(line.days_late),
        Value::text(decision.rule.name()),
        Value::text(decision.action.name()),
        Value::maybe_text(decision.message.map(|m| m.name())),
        Value::maybe_date(decision.act_by),
        Value::maybe_date(decision.commitment_on),
        Value::maybe_text(decision.silence_means.map(|s| s.name())),
        Value::maybe_date(decision.refund_by),
        Value::maybe_date(decision.last_told_on),
        Value::maybe_date(decision.last_quoted),
        Value::maybe_money(line.value),
        Value::maybe_text(line.waits_for.as_deref()),
        Value::text(&line.reason),
    ]
}
