//! The lines of an order that is being typed, as they are shown: what is there, what comes when, and what can be done
//! about the rest.

use super::order::Taken;
use crate::domain::dates;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::entering::Outlook;

const INDENT: usize = 9;

/// What all of it comes to.
pub(super) fn total(outlook: &[Outlook], lines: &[Taken], width: usize) -> Option<Line> {
    let known = outlook.iter().zip(lines);
    let worth: Vec<Option<Money>> = known.map(|(o, t)| o.price.map(|p| p.times(t.line.quantity))).collect();
    let total: Money = worth.iter().flatten().copied().sum();
    let without = worth.iter().filter(|w| w.is_none()).count();
    if worth.is_empty() || without == worth.len() {
        return None;
    }
    let beside =
        if without > 0 { format!("  {} without a price", text::plural(without, "line")) } else { String::new() };
    let room = width.saturating_sub(18).min(46);
    let words = format!("{:>7}  {} {:>9}{beside}", "", text::left("Total", room), text::money(total));
    Some(vec![Cell::with(words, Role::Title)])
}

/// A line of which nothing more is known yet.
pub(super) fn not_looked_at(taken: &Taken, width: usize) -> Line {
    let words = format!("{:>7}  {}", text::quantity(taken.line.quantity), taken.words);
    vec![Cell::plain(text::clip(&words, width))]
}

/// A line with what becomes of it; `asks`: what is short of it is to be decided now.
pub(super) fn line(taken: &Taken, outlook: &Outlook, asks: bool, width: usize, look: &Look) -> Vec<Line> {
    let quantity = taken.line.quantity;
    let price = outlook.price.map_or("no price".to_string(), |p| text::money(p.times(quantity)));
    let (words, role) = match (&outlook.over, outlook.later.is_positive()) {
        (Some(over), _) => (format!("{over}; {} can be ordered", text::quantity(outlook.at_most)), Role::Urgent),
        (None, false) => ("all of it is here".to_string(), Role::Quiet),
        (None, true) => (when(outlook, look), Role::Soon),
    };
    let room = width.saturating_sub(18).min(46);
    let name = format!("{}  {}", outlook.sku, outlook.name);
    let name = text::left(&text::fit(&name, room), room);
    let mut out = vec![vec![Cell::plain(format!("{:>7}  {name} {price:>9}", text::quantity(quantity)))]];
    let below = |words: &str, role: Role| {
        let lines = text::wrap(words, width.saturating_sub(INDENT + 1));
        lines.into_iter().map(move |l| vec![Cell::plain(" ".repeat(INDENT)), Cell::with(l, role)]).collect::<Vec<_>>()
    };
    out.extend(below(&words, role));
    if asks {
        if let Some(other) = outlook.instead.first() {
            let takes = match outlook.later <= other.free {
                true => "F9 takes it".to_string(),
                false => format!("F9 takes {}", text::quantity(other.free)),
            };
            let words = format!("instead: {}, {} free   {takes}", other.name, text::quantity(other.free));
            out.extend(below(&words, Role::Quiet));
        }
        let rest = text::quantity(outlook.later);
        let waits = match (&outlook.over, outlook.later == Qty::ONE) {
            (Some(_), _) => String::new(),
            (None, true) => "It waits, or: ".into(),
            (None, false) => "They wait, or: ".into(),
        };
        out.extend(below(&format!("{waits}F6 leaves {rest} out   F5 something else for {rest}"), Role::Quiet));
    }
    out
}

/// What is here and what comes when: `5 now, 15 likely today (IK-71), 3 nobody knows when (nothing on order)`.
fn when(outlook: &Outlook, look: &Look) -> String {
    let mut parts: Vec<String> = Vec::new();
    if outlook.now.is_positive() {
        parts.push(format!("{} now", text::quantity(outlook.now)));
    }
    let mut left = outlook.later;
    for part in &outlook.comes {
        left -= part.quantity;
        let when =
            part.ships_on.map_or("nobody knows when".into(), |d| format!("likely {}", dates::short(d, look.today)));
        parts.push(format!("{} {when} ({})", text::quantity(part.quantity), part.po));
    }
    if left.is_positive() {
        parts.push(format!("{} nobody knows when (not on order)", text::quantity(left)));
    }
    parts.join(", ")
}
