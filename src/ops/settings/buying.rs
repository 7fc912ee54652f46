//! Judging suppliers, asking them, and what to order.

use super::values::Takes;
use super::{Setting, setting};

pub(super) const SUPPLIERS: &[Setting] = &[
    setting(
        "chase.confirm_days",
        "Days to confirm an order",
        "2",
        Takes::Count(0, 60),
        "Working days within which a supplier is to confirm an order; then he is asked.",
    ),
    setting(
        "chase.remind_days",
        "Days before the date to remind",
        "3",
        Takes::Count(0, 60),
        "Days before the date on which a supplier is reminded, where somebody waits or he is usually late; 0: never.",
    ),
    setting(
        "chase.answer_days",
        "Days to answer a question",
        "2",
        Takes::Count(1, 60),
        "Working days after which a question to a supplier counts as unanswered and the next step is due.",
    ),
    setting(
        "suppliers.warn_at",
        "Warn before a PO from grade",
        "D",
        Takes::Choice(&["never", "B", "C", "D"]),
        "A new PO to a supplier with this grade or a worse one carries a warning.",
    ),
    setting(
        "suppliers.block_at",
        "No PO from grade",
        "never",
        Takes::Choice(&["never", "B", "C", "D"]),
        "No new PO goes to a supplier with this grade or a worse one.",
    ),
    setting(
        "scorecard.window_days",
        "Days suppliers are judged over",
        "365",
        Takes::Count(0, 3650),
        "Days back over which suppliers are judged; 0: all that is on record.",
    ),
    setting(
        "scorecard.late_days",
        "Days late that are on time",
        "0",
        Takes::Count(0, 60),
        "Days after the date first promised that still count as on time.",
    ),
    setting(
        "scorecard.early_days",
        "Days early that are on time",
        "",
        Takes::Count(0, 365),
        "Days before that date that do; blank: early is on time however early.",
    ),
    setting(
        "scorecard.short_percent",
        "Percent that may be missing",
        "0",
        Takes::Count(0, 50),
        "Percent of the ordered quantity that may be missing of a line in full.",
    ),
    setting(
        "scorecard.over_percent",
        "Percent that may come too much",
        "5",
        Takes::Count(0, 100),
        "Percent of the ordered quantity by which more may come.",
    ),
    setting(
        "scorecard.weights",
        "Weights of the three scores",
        "40 40 20",
        Takes::Weights,
        "Weights of timeliness, reliability and professionalism; they total 100.",
    ),
    setting(
        "scorecard.half_life_days",
        "Days until a line counts half",
        "365",
        Takes::Count(30, 3650),
        "Days after which a line counts half in a supplier's scores.",
    ),
];

pub(super) const ORDERING: &[Setting] = &[
    setting(
        "planning.target",
        "Served from stock",
        "0.95",
        Takes::Number(0.5, 0.999),
        "Share of the demand to be served from stock.",
    ),
    setting(
        "planning.target_a",
        "Served from stock, class A",
        "",
        Takes::Number(0.5, 0.999),
        "The same for the items of class A, by value sold; blank: with all. The levels of the others stay.",
    ),
    setting("planning.target_b", "Served from stock, class B", "", Takes::Number(0.5, 0.999), "The same for class B."),
    setting("planning.target_c", "Served from stock, class C", "", Takes::Number(0.5, 0.999), "The same for class C."),
    setting("planning.budget", "Budget of a round", "", Takes::Amount, "What one round of orders may cost in all."),
    setting(
        "planning.review_days",
        "Days between two rounds",
        "7",
        Takes::Count(1, 90),
        "Days between two looks at what to order.",
    ),
    Setting {
        moves_states: true,
        ..setting(
            "planning.cover_days",
            "Days of stock that are too much",
            "365",
            Takes::Count(7, 3650),
            "More stock than sells in these days is too much.",
        )
    },
    setting(
        "planning.ordering_cost",
        "Cost of placing an order",
        "",
        Takes::Amount,
        "What it costs to place an order, whatever its size.",
    ),
    setting(
        "planning.holding_rate",
        "Yearly cost of stock",
        "",
        Takes::Number(0.0, 5.0),
        "Yearly cost of holding stock, as a share of its value: 0.2.",
    ),
    setting(
        "planning.shortage_rate",
        "Cost of a piece that is missing",
        "",
        Takes::Number(0.0, 100.0),
        "What a piece costs that is missing when wanted, as a share of its cost; it makes slow suppliers dearer.",
    ),
    setting(
        "planning.policy",
        "How levels are worked out",
        "auto",
        Takes::Choice(&["auto", "ours", "blend"]),
        "ours; or blend, its mean with another forecast's; auto: ours, unless an older version chose blend.",
    ),
    setting(
        "planning.supplier_floor",
        "Least sure supplier",
        "0.7",
        Takes::Number(0.0, 1.0),
        "A supplier who is less sure than this is not chosen when there is another.",
    ),
];
