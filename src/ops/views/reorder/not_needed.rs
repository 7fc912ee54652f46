//! Goods on their way that are not needed for long: to be cancelled, or asked for later.

use super::desk::Desk;
use crate::domain::calendar::plus_days;
use crate::domain::ids::{ItemId, PoId, PoLineId};
use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder;
use crate::ops::planning;
use crate::store::Result;
use crate::store::purchases::Candidate;
use chrono::NaiveDate;

/// A PO line without which there is enough.
#[derive(Clone, PartialEq, Debug)]
pub struct NotNeeded {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub po: PoId,
    pub po_line: PoLineId,
    pub po_code: String,
    pub supplier_name: String,
    pub open: Qty,
    pub likely: Option<NaiveDate>,
    /// What there is without it.
    pub position: Qty,
    /// The day on which it would be needed at the usual sales; none: not within the longest cover.
    pub needed_on: Option<NaiveDate>,
    pub value: Option<Money>,
}

impl NotNeeded {
    /// One sentence: what to ask the supplier.
    pub fn advice(&self, date: impl Fn(NaiveDate) -> String) -> String {
        match self.needed_on {
            Some(on) => format!(
                "Ask {} to bring {} of {} by {}, not before.",
                self.supplier_name,
                locale::quantity(self.open),
                self.po_code,
                date(on)
            ),
            None => format!(
                "Ask {} to cancel {} of {}: it is not needed within the longest cover.",
                self.supplier_name,
                locale::quantity(self.open),
                self.po_code
            ),
        }
    }
}

/// The lines of an item that are not needed when they come: the latest first, as long as there is enough without them.
/// Only by the program's own levels, and only by more than a lead time and a review: small differences even out.
pub(super) fn of(desk: &Desk, c: &Candidate) -> Result<Vec<NotNeeded>> {
    let case = desk.case(c)?;
    let (Some(plan), Some(details)) = (&case.plan, &case.details) else { return Ok(Vec::new()) };
    let coming = desk.on_the_way(c.item, case.usual_days());
    let on_order: Qty = coming.iter().map(|w| w.inbound.open).sum();
    let mut position = reorder::position(c.usable, c.open_demand, on_order);
    let enough = case.levels.order_up_to(&case.buying);
    let mut latest: Vec<_> = coming.iter().filter(|w| !w.draft).collect();
    latest.sort_by_key(|w| std::cmp::Reverse((w.likely, w.inbound.po_line)));
    let mut out = Vec::new();
    for way in latest {
        let without = position - way.inbound.open;
        if without < enough {
            break;
        }
        position = without;
        let above = (without - case.levels.reorder_point).or_zero().as_f64();
        let days = if plan.daily > 0.0 { above / plan.daily } else { f64::INFINITY };
        let comes = way.likely.unwrap_or(desk.today);
        let needed_on = (days <= desk.settings.cover_days())
            .then(|| plus_days(desk.today, (days + case.usual_days()).floor() as i64));
        let slack = needed_on.map_or(i64::MAX, |on| (on - comes).num_days());
        if (slack as f64) <= details.cover_days.max(planning::ASSUMED_DAYS) {
            break;
        }
        out.push(NotNeeded {
            item: c.item,
            sku: c.sku.clone(),
            name: c.name.clone(),
            po: way.po,
            po_line: way.inbound.po_line,
            po_code: way.inbound.po_code.clone(),
            supplier_name: way.inbound.supplier_name.clone(),
            open: way.inbound.open,
            likely: way.likely,
            position,
            needed_on,
            value: case.cost.map(|cost| cost.times(way.inbound.open)),
        });
    }
    Ok(out)
}
