//! The last step of the ladder: the goods from somebody else.

use super::super::perform;
use super::{draft_of, may_order, with_warnings};
use crate::domain::chase::Step;
use crate::domain::ids::{PoId, PoLineId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::ops::purchasing::life::open_line;
use crate::store::chasing::{self, Said};
use crate::store::{Act, Done, Failure, Result, Store, purchases};

/// Goods that a late PO was to bring, ordered from another supplier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SecondSource {
    /// The line that does not come.
    pub line: PoLineId,
    pub supplier: SupplierId,
    pub quantity: Qty,
    /// Cost of a unit there.
    pub cost: Option<Money>,
}

/// Puts the goods on a draft for the other supplier and keeps on the late PO that it was done; answers the draft. The
/// late line stays as it is: cancelling it is another step, and the supplier wants to be told.
pub fn order(store: &mut Store, act: Act, second: &SecondSource) -> Result<Done<PoId>> {
    if !second.quantity.is_positive() {
        return Err(Failure::refused("An order needs a quantity above 0."));
    }
    perform(store, act, |tx| {
        let (late, line) = open_line(tx, second.line)?;
        if late.supplier == second.supplier {
            return Err(Failure::refused(format!("{} is the one who is late. Choose another.", late.supplier_name)));
        }
        let warnings: Vec<String> = may_order(tx, second.supplier)?.into_iter().collect();
        let po = draft_of(tx, second.supplier)?;
        purchases::add_to_draft(tx, po, line.item, second.quantity, second.cost)?;
        let head = super::found(tx, po)?;
        let note = format!("{} {} from {}, {}", second.quantity, line.item_name, head.supplier_name, head.code);
        chasing::add(
            tx,
            late.id,
            &Said { note: Some(&note), step: Some(Step::SecondSource.name()), ..Said::default() },
        )?;
        let summary = format!(
            "put {} {} on {} for {}, in place of {}",
            second.quantity, line.item_name, head.code, head.supplier_name, late.code
        );
        tx.summarise(with_warnings(summary, &warnings));
        Ok(po)
    })
}
