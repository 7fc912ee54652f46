//! What a customer sends back, onto the order line that it was shipped on.

use super::perform;
use super::stock::same;
use crate::domain::ids::{BinId, LineId};
use crate::domain::quantity::Qty;
use crate::store::goods::{self, Moving};
use crate::store::{Act, Done, Failure, Result, Store, fulfilment, returns};

/// Goods that came back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Return {
    pub line: LineId,
    pub quantity: Qty,
    /// Fit for sale: into `bin`; else into quarantine.
    pub good: bool,
    pub bin: BinId,
    /// What had come back of the line before, as the person saw it.
    pub seen: Qty,
    pub note: Option<String>,
}

/// Takes goods back. The line stays shipped; the goods lie here again, and what was sold is less by them.
pub fn take_back(store: &mut Store, act: Act, wanted: &Return) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let line = fulfilment::order_line(tx, wanted.line)?;
        let before = returns::returned(tx, line.id)?;
        same(&format!("Back on {}", line.label()), wanted.seen, before)?;
        let most = line.shipped - before;
        if !wanted.quantity.is_positive() || wanted.quantity > most {
            return Err(Failure::refused(format!(
                "{most} {} of {} may come back: {} cannot.",
                line.item_name,
                line.label(),
                wanted.quantity
            )));
        }
        let item = goods::item(tx, line.item)?;
        let bin = if wanted.good {
            goods::bin(tx, wanted.bin)?.id
        } else {
            goods::bin_of_kind(tx, "quarantine", "QUARANTINE")?
        };
        let note = wanted.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
        let reference = Some(line.order.as_str());
        let moving = Moving { item: item.id, bin, quantity: wanted.quantity, reason: "return", reference, note };
        goods::move_stock(tx, &moving)?;
        returns::keep(tx, line.id, wanted.quantity, wanted.good, note)?;
        let place = goods::bin(tx, bin)?.code;
        tx.summarise(format!("{} {} came back on {}, into {place}", wanted.quantity, item.name, line.label()));
        Ok(())
    })
}
