//! How much is to be kept of one item: by the program, by a share of its own to be served, or by a typed level.

use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use crate::ops::perform;
use crate::ops::views::reorder::percent;
use crate::store::levels::{self, Kept};
use crate::store::{Act, Done, Failure, Result, Store, Tx};

/// By what an item is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeptBy {
    /// The program's figure, with the share of its class.
    Program,
    /// The program's figure for this share of the demand, in millionths.
    Share(i64),
    /// The person's own: order at or below the first, up to the second where given.
    Own { min: Qty, max: Option<Qty> },
}

/// Sets by what an item is kept from now on; a typed level is gone where another is chosen, and the other way round.
pub fn set_level(store: &mut Store, act: Act, item: ItemId, by: KeptBy) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let Some(kept) = put(tx, item, by)? else {
            let sku = levels::kept(tx, item)?.map_or(String::new(), |kept| kept.sku);
            return Err(Failure::refused(format!("{sku} is kept like that already.")));
        };
        let word = |q: Option<Qty>| q.map_or("none".to_string(), |q| q.to_string());
        let gone = match (kept.min, kept.max) {
            (None, None) => String::new(),
            (min, max) => format!("; it was min {}, max {}", word(min), word(max)),
        };
        tx.summarise(match by {
            KeptBy::Program => format!("{} goes by the program's level{gone}", kept.sku),
            KeptBy::Share(share) => {
                format!("{} serves {} in 100 by the program's level{gone}", kept.sku, percent(share))
            }
            KeptBy::Own { min, max } => format!("{} goes by min {min}, max {}{gone}", kept.sku, word(max)),
        });
        Ok(())
    })
}

/// The program's levels are in force for all of these items from now on, in one deed; those that go by them already
/// stay as they are.
pub fn go_by_the_program(store: &mut Store, act: Act, items: &[ItemId]) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let mut changed = Vec::new();
        for item in items {
            changed.extend(put(tx, *item, KeptBy::Program)?.map(|kept| kept.sku));
        }
        match changed.as_slice() {
            [] => {}
            [one] => tx.summarise(format!("{one} goes by the program's level")),
            [one, ..] => tx.summarise(format!("{} items go by the program's levels, {one} first", changed.len())),
        }
        Ok(())
    })
}

/// Writes by what an item is kept; answers how it was kept before, none where it was kept so already.
fn put(tx: &mut Tx, item: ItemId, by: KeptBy) -> Result<Option<Kept>> {
    let (min, max, share) = match by {
        KeptBy::Program => (None, None, None),
        KeptBy::Share(share) if !(500_000..1_000_000).contains(&share) => {
            return Err(Failure::refused("Serve at least 50 of 100, and less than all: type 90, 95 or 99.5."));
        }
        KeptBy::Share(share) => (None, None, Some(share)),
        KeptBy::Own { min, max } if min.is_negative() || max.is_some_and(|max| max <= min) => {
            return Err(Failure::refused(
                "The level to order up to is above the one to order at, and none is below 0.",
            ));
        }
        KeptBy::Own { min, max } => (Some(min), max, None),
    };
    let Some(kept) = levels::kept(tx, item)? else {
        return Err(Failure::refused("This item is not there any more, or it ends. F5 reads the list again."));
    };
    let share = if matches!(by, KeptBy::Own { .. }) { kept.share } else { share };
    if (kept.min, kept.max, kept.share) == (min, max, share) {
        return Ok(None);
    }
    levels::keep(tx, item, min, max, share)?;
    tx.touch(item);
    Ok(Some(kept))
}
