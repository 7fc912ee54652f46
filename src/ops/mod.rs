//! Use cases: one named operation = one transaction: facts, rule, write, journal.
//! Reads for screens and exports are in `views`.

pub mod acting;
pub mod allocating;
pub mod views;

use crate::store::{Act, Done, Result, Store, Tx};

/// Runs an operation and settles what follows from it (allocations, item states, suppliers' records) in the same
/// transaction. Every operation above the store goes through here; it is refused where the person's role does not allow it.
pub fn perform<T>(store: &mut Store, act: Act, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<Done<T>> {
    store.write(act, |tx| {
        people::let_through(tx, tx.act())?;
        let value = work(tx)?;
        allocating::settle(tx)?;
        learning::keep(tx)?;
        closing::refuse(tx)?;
        Ok(value)
    })
}
pub mod backorders;
pub mod beginning;
pub mod buying;
pub mod carrying;
pub mod chasing;
pub mod checking;
pub mod claiming;
pub mod closing;
pub mod counting;
pub mod day_end;
pub mod deliveries;
pub mod entering;
pub mod gates;
pub mod importing;
pub mod inbox;
pub mod incidents;
pub mod learning;
pub mod morning;
pub mod not_told;
pub mod outbox;
pub mod papers;
pub mod people;
pub mod picking;
pub mod planning;
pub mod printing;
pub mod purchasing;
pub mod receiving;
pub mod replaying;
pub mod returning;
pub mod safekeeping;
pub mod scanning;
pub mod settings;
pub mod shipping;
pub mod stock;
pub mod talking;
pub mod undo;
