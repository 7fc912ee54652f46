//! Another quantity or supplier than the program suggests, kept until it is ordered.

use crate::domain::dates;
use crate::domain::ids::ItemId;
use crate::ops::perform;
use crate::store::changed::{self, Changed, Own};
use crate::store::{Act, Done, Failure, Result, Store, Tx, goods, plans};

/// Keeps what a person wants in place of the suggestion, or (none) drops it: then the program's figure stands again.
/// `seen` is what the person saw as changed: where somebody changed it meanwhile it is refused with both.
pub fn change(store: &mut Store, act: Act, item: ItemId, seen: Option<Own>, wanted: Option<Own>) -> Result<Done<()>> {
    if wanted.is_some_and(|own| !own.quantity.is_positive()) {
        return Err(Failure::refused(
            "An order needs a quantity above 0. Type one, or nothing for the program's figure.",
        ));
    }
    perform(store, act, |tx| {
        still_as_seen(tx, item, seen)?;
        let name = goods::item(tx, item)?.name;
        let words = match wanted {
            Some(own) => format!("changed what is to be ordered of {name}: {}", in_words(tx, own)?),
            None => format!("dropped the change: of {name} the program's figure stands again"),
        };
        changed::put(tx, item, wanted)?;
        tx.summarise(words);
        Ok(())
    })
}

/// Refuses where what is changed of an item is not what the person saw.
pub fn still_as_seen(tx: &Tx, item: ItemId, seen: Option<Own>) -> Result<()> {
    let now = changed::of(tx, item)?;
    if now.as_ref().map(|c| c.own) == seen {
        return Ok(());
    }
    let name = goods::item(tx, item)?.name;
    let was = match seen {
        Some(own) => format!("you saw {}", in_words(tx, own)?),
        None => "you saw the program's figure".to_string(),
    };
    let is = match &now {
        Some(Changed { own, operator, on }) => {
            let (words, on) = (in_words(tx, *own)?, dates::full(*on, tx.act().today));
            format!("{operator} changed it to {words} ({on})")
        }
        None => "it was ordered or dropped, and the program's figure stands again".to_string(),
    };
    Err(Failure::refused(format!("{name}: {was}; meanwhile {is}. Nothing was saved: close this and look again.")))
}

/// `48 from EXO`.
fn in_words(tx: &Tx, own: Own) -> Result<String> {
    Ok(match own.supplier {
        Some(supplier) => format!("{} from {}", own.quantity, plans::supplier_code(tx, supplier)?),
        None => own.quantity.to_string(),
    })
}
