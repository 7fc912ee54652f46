//! What to do about a line, each in one sentence whose numbers close.

use super::super::desk::Desk;
use super::super::{Need, ReorderLine};
use super::lasts;
use super::money::{More, why_more};
use crate::domain::dates::full;
use crate::domain::locale::{decimal, quantity as said};
use crate::domain::quantity::Qty;
use crate::domain::reorder::Selling;
use crate::ops::planning::Details;
use chrono::NaiveDate;

/// `Order 24 (2 packs of 12) by Tue 1 Dec (later it is empty when it comes in over 3 of 100 cases): you have 34, it is low at 44;
/// 12 would do, 24 saves 61 a year.`
pub(super) fn closing(desk: &Desk, line: &ReorderLine, details: Option<&Details>) -> String {
    let Some(quantity) = line.quantity() else { return String::new() };
    let pack = line.pack.thousandths().max(1);
    let packs = match quantity.thousandths() / pack {
        _ if line.pack <= Qty::ONE || quantity.thousandths() % pack != 0 => String::new(),
        1 => format!(" (1 pack of {})", said(line.pack)),
        n => format!(" ({} packs of {})", decimal(n as f64, 0), said(line.pack)),
    };
    let today = line.order_by <= desk.today;
    // Their next day, where it should have been before: no day by which, but the day.
    let on = if line.order_by > line.waits_until { "on" } else { "by" };
    let by = if today { "today".to_string() } else { format!("{on} {}", full(line.order_by, desk.today)) };
    let low = match line.selling {
        _ if line.min == Some(line.reorder_point) => format!("your minimum is {}", said(line.reorder_point)),
        Selling::Active => format!("it is low at {}", said(line.reorder_point)),
        _ => "customers wait for it".to_string(),
    };
    let until = until(desk, line);
    let (least, all) = (said(line.would_do), said(quantity));
    let why = match why_more(desk, line, details, quantity) {
        _ if line.would_do >= quantity => {
            let fewer = quantity - line.pack;
            let forced = fewer.is_positive() && line.least_sold > fewer && line.position + fewer > line.reorder_point;
            let least =
                if forced { format!("they sell no fewer than {}, ", said(line.least_sold)) } else { String::new() };
            format!("{least}that makes {}", said(line.position + quantity))
        }
        More::Saves(saves) => format!("{least} would do, {all} saves {saves} a year"),
        More::ToMaximum(max) if line.position + quantity == max => {
            format!("{least} would do, {all} fills to your maximum {}", said(max))
        }
        More::ToMaximum(max) => format!("{least} would do, {all} is the most that your maximum {} allows", said(max)),
        More::NextLook | More::Nothing => {
            let lasts = lasts(line, quantity).map_or("is the least they sell".to_string(), |lasts| lasts);
            format!("{least} would do, {all} {lasts}")
        }
    };
    let beyond = line.beyond_max.map_or(String::new(), |max| {
        format!(": more than your maximum {}, as less than {all} cannot be had", said(max))
    });
    format!("Order {all}{packs} {by}{until}: you have {}, {low}; {why}{beyond}.", said(line.position))
}

/// ` (later it is empty when it comes in over 3 of 100 cases)`: why the order has time, and until when; with the supplier's days
/// where these bring it forward.
fn until(desk: &Desk, line: &ReorderLine) -> String {
    if line.order_by > line.waits_until {
        return match line.waits_until <= desk.today {
            true => " (their next order day; it is due already)".to_string(),
            false => format!(" (their next order day; due by {})", full(line.waits_until, desk.today)),
        };
    }
    let Some(accepted) = line.accepted.filter(|_| line.order_by > desk.today) else { return String::new() };
    let over = format!("empty when it comes in over {} of 100 cases", in_100(accepted));
    match line.waits_until == line.order_by {
        true => format!(" (later it is {over})"),
        false => format!(" (their last order day: later it is {over})"),
    }
}

/// A chance in 100, with a decimal where it is small.
pub fn in_100(chance: f64) -> String {
    decimal(chance * 100.0, usize::from(chance < 0.0995))
}

/// One sentence for the export and the line's foot: the numbers in it close.
pub(in crate::ops::views::reorder) fn reason(
    line: &ReorderLine,
    gap_from: Option<NaiveDate>,
    today: NaiveDate,
) -> String {
    match &line.need {
        Need::Expedite(po_line) => expedite(line, *po_line, gap_from, today),
        Need::Send(_) => send(line, today),
        Need::Count if !line.known => {
            "Count first: nobody has said yet how many there are; what lies there decides.".into()
        }
        Need::Count => format!(
            "Count first: the book is {} below zero and no customer waits for that; what lies there decides.",
            said(line.on_hand.abs())
        ),
        Need::Order(quantity) | Need::Ask(quantity) => {
            let have = format!(
                "{} on hand + {} coming - {} ordered by customers = {}",
                said(line.on_hand),
                said(line.on_order),
                said(line.open_demand),
                said(line.position)
            );
            let have = if line.on_hand + line.on_order - line.open_demand == line.position {
                have
            } else {
                format!(
                    "{} below zero on the book, {} ordered by customers, {} coming: {}",
                    said(line.on_hand.abs()),
                    said(line.open_demand),
                    said(line.on_order),
                    said(line.position)
                )
            };
            let low = match line.selling {
                _ if line.program_point.is_some() || line.min == Some(line.reorder_point) => {
                    format!("at or below your minimum {}", said(line.reorder_point))
                }
                Selling::Active => format!("low at {}", said(line.reorder_point)),
                Selling::NoHistory => "customers wait, no history".into(),
                Selling::Asleep => "customers wait, else it is asleep".into(),
                Selling::Discontinued => "customers wait, discontinued".into(),
            };
            match line.need {
                Need::Ask(_) => format!("{have}, {low}; {}.", least_is(line, *quantity)),
                _ => format!("{have}, {low}; {} lifts it to {}.", said(*quantity), said(line.position + *quantity)),
            }
        }
    }
}

/// `the least to be had is 100, as much as sells in 3 years`.
fn least_is(line: &ReorderLine, quantity: Qty) -> String {
    let days = quantity.as_f64() / line.daily.max(1e-9);
    let long = match days {
        d if d >= 700.0 => format!("{:.0} years", d / 365.0),
        d if d >= 60.0 => format!("{:.0} months", d / 30.4),
        d => format!("{d:.0} days"),
    };
    let least = said(quantity);
    format!("the least to be had is {least}, as much as sells in {long}: order it only if you want that")
}

fn send(line: &ReorderLine, today: NaiveDate) -> String {
    let Some(draft) = line.draft() else { return String::new() };
    let drafts: Qty = line.coming.iter().filter(|w| w.draft).map(|w| w.inbound.open).sum();
    let (brings, have, low) = (said(drafts), said(line.position - drafts), said(line.reorder_point));
    let when = if line.order_by <= today { "today".into() } else { format!("by {}", full(line.order_by, today)) };
    format!(
        "{} covers it but is a draft: without its {brings} you have {have}, low at {low}; send it {when}.",
        draft.inbound.po_code
    )
}

fn expedite(
    line: &ReorderLine,
    po_line: crate::domain::ids::PoLineId,
    gap_from: Option<NaiveDate>,
    today: NaiveDate,
) -> String {
    let Some(way) = line.coming.iter().find(|w| w.inbound.po_line == po_line) else { return String::new() };
    let i = &way.inbound;
    let when = match way.likely {
        Some(on) => format!("likely {}", full(on, today)),
        None => i.unknown_words(today),
    };
    let empty = match gap_from {
        Some(on) if on > today => format!("the shelf is empty from {}", full(on, today)),
        _ if line.wait.is_positive() => format!("customers wait for {} now", said(line.wait)),
        _ => "the shelf is empty now".into(),
    };
    let brings = said(i.open);
    format!("Expedite: {} of {} brings {brings}, {when}; {empty}. Nothing more to order.", i.po_code, i.supplier_name)
}
