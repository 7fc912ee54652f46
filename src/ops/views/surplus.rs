//! Goods on order that nobody needs any more once lines are cancelled, and until when they can be cut.

use super::backorders::{Board, Terms};
use super::what_if::{Deed, boards};
use crate::domain::calendar::plus_days;
use crate::domain::ids::{ItemId, LineId, PoLineId};
use crate::domain::inbound::Inbound;
use crate::domain::quantity::Qty;
use crate::store::{Db, Result, acting, item_state};
use chrono::NaiveDate;
use std::collections::HashMap;

/// A PO line with more to come than is needed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Surplus {
    pub po_code: String,
    pub supplier_name: String,
    pub item_name: String,
    /// How many could be cut.
    pub quantity: Qty,
    /// The supplier said yes to a date.
    pub confirmed: bool,
    /// The last day on which he need not have begun: due less his lead time; none: one of the two is not known.
    pub cut_by: Option<NaiveDate>,
}

/// What would become too much by cancelling these lines. Goods that planning would order anyway are none of it.
pub fn of_cancelling(db: &Db, terms: &Terms, lines: &[(LineId, Qty)], today: NaiveDate) -> Result<Vec<Surplus>> {
    let (before, after) = boards(db, terms, &Deed::Cancel(lines.to_vec()), today)?;
    let mut cancelled: HashMap<ItemId, (Qty, String)> = HashMap::new();
    for (line, quantity) in lines {
        if let Some(known) = before.line(*line) {
            let of = cancelled.entry(known.item).or_insert_with(|| (Qty::ZERO, known.item_name.clone()));
            of.0 += (*quantity).min(known.open);
        }
    }
    let mut out = Vec::new();
    let mut items: Vec<(ItemId, (Qty, String))> = cancelled.into_iter().collect();
    items.sort_by_key(|i| i.0);
    for (item, (quantity, name)) in items {
        let Some(state) = item_state::stored(db, item)? else { continue };
        let position = state.figures.position() + quantity;
        let mut excess = (position - acting::wanted_stock(db, item)?).or_zero();
        for (inbound, free) in set_free(&before, &after, item) {
            let cut = free.min(excess);
            if cut.is_positive() {
                excess -= cut;
                out.push(surplus(inbound, cut, &name));
            }
        }
    }
    Ok(out)
}

fn surplus(inbound: &Inbound, quantity: Qty, item_name: &str) -> Surplus {
    Surplus {
        po_code: inbound.po_code.clone(),
        supplier_name: inbound.supplier_name.clone(),
        item_name: item_name.to_string(),
        quantity,
        confirmed: inbound.confirmed_for.is_some(),
        // Without a day of its own it was begun when it was ordered.
        cut_by: match inbound.named_on() {
            Some(due) => inbound.quoted_lead_days.map(|days| plus_days(due, -days)),
            None => inbound.ordered_on.filter(|_| inbound.due_on().is_some()),
        },
    }
}

/// The PO lines of an item that would serve fewer, and by how many; what comes last first, as that is cut first.
fn set_free<'a>(before: &'a Board, after: &Board, item: ItemId) -> Vec<(&'a Inbound, Qty)> {
    let (was, now) = (served(before, item), served(after, item));
    let less = |inbound: &'a Inbound| {
        let (was, now) = (was.get(&inbound.po_line)?, now.get(&inbound.po_line));
        let free = *was - now.copied().unwrap_or_default();
        free.is_positive().then_some((inbound, free))
    };
    let mut free: Vec<(&Inbound, Qty)> = before.inbound.iter().filter_map(less).collect();
    free.sort_by_key(|(inbound, _)| std::cmp::Reverse((inbound.due_on().unwrap_or(NaiveDate::MAX), inbound.po_line)));
    free
}

/// How many of each PO line go to somebody who waits for the item.
fn served(board: &Board, item: ItemId) -> HashMap<PoLineId, Qty> {
    let mut served: HashMap<PoLineId, Qty> = HashMap::new();
    for part in board.lines.iter().filter(|l| l.item == item).flat_map(|l| &l.pegged.parts) {
        *served.entry(part.po_line).or_default() += part.quantity;
    }
    served
}
