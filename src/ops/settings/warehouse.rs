//! The warehouse itself, its stock, and its counts.

use super::values::Takes;
use super::{Setting, setting};

pub(super) const WAREHOUSE: &[Setting] = &[
    setting("warehouse.name", "Name", "", Takes::Text, "The warehouse's name, on screens and in messages."),
    setting(
        "warehouse.country",
        "Country",
        "",
        Takes::Country,
        "The warehouse's country; customers without one count as living here.",
    ),
    setting(
        "warehouse.currency",
        "Currency",
        "",
        Takes::Currency,
        "The one currency of all prices; files in another come in with a warning.",
    ),
    setting(
        "customers.mostly",
        "Customers are mostly",
        "business",
        Takes::Choice(&["business", "consumer"]),
        "What a customer is where no file says so.",
    ),
    setting(
        "old_orders",
        "Old orders: were customers told",
        "not_told",
        Takes::Choice(&["not_told", "unknown"]),
        "Whether customers were told about delays of orders that were there before this program.",
    ),
    setting(
        "import.inbox",
        "Inbox folder",
        "",
        Takes::File,
        "The folder whose new files are announced; blank: beside the warehouse file, named after it and -inbox.",
    ),
    setting(
        "copies.second_place",
        "Second place for copies",
        "",
        Takes::File,
        "A folder (a USB stick, a NAS) to which each day's copy of the warehouse goes as well.",
    ),
    setting(
        "closed_up_to",
        "Closed up to",
        "",
        Takes::Date,
        "The last closed day: no movement, delivery, shipment, count, refund or supplier's invoice is dated on or before it any more.",
    ),
];

pub(super) const STOCK: &[Setting] = &[
    Setting {
        moves_allocations: true,
        ..setting(
            "allocation.automatic",
            "Free stock goes to waiting orders",
            "yes",
            Takes::YesNo,
            "Free stock goes to waiting orders at once.",
        )
    },
    setting("stock.negative", "Stock below zero", "no", Takes::YesNo, "Stock may be booked below zero."),
    setting(
        "stock.usual_times",
        "Times the usual that asks again",
        "10",
        Takes::Count(2, 1000),
        "A quantity over this many times the usual asks again.",
    ),
    setting(
        "receiving.aside_bin",
        "Bin for goods put aside",
        "ASIDE",
        Takes::Text,
        "The storage bin in which goods are put aside for orders when they come, made when it is needed first; blank: the bin of the item. A warehouse with one bin has none.",
    ),
];

pub(super) const COUNTING: &[Setting] = &[
    setting(
        "counting.two_people",
        "Two people count",
        "no",
        Takes::YesNo,
        "A count that is off by more than the tolerance is counted again by somebody else; a third decides.",
    ),
    setting(
        "counting.tolerance",
        "What a count may be off",
        "",
        Takes::Tolerances,
        "What a count may be off where two people count, per class: units, percent of the book, or money (25.00).",
    ),
    setting(
        "counting.second_look",
        "Worth a second look over",
        "25.00",
        Takes::Amount,
        "Differences worth more than this are marked x2: worth a second look.",
    ),
    setting(
        "counting.approval_over",
        "Needs approval over",
        "",
        Takes::Amount,
        "Differences worth more than this are posted only by somebody who may approve them.",
    ),
    setting(
        "counting.approvers",
        "Who may approve",
        "",
        Takes::Text,
        "Who may approve such differences: names, separated by commas. Blank: leads, or everybody where there are no roles.",
    ),
    setting(
        "counting.days",
        "Days between two counts",
        "",
        Takes::DaysPerClass,
        "Days between two counts of an item, per class of value used in a year.",
    ),
];
