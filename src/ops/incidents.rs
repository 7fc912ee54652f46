//! Something went wrong with a supplier: noted with how bad it was, weighing less as it grows old.

use super::perform;
use crate::domain::ids::SupplierId;
use crate::domain::scorecard::Severity;
use crate::store::{Act, Done, Failure, Result, Store, chasing, suppliers};
use chrono::NaiveDate;

/// Notes an incident. Its words are what the buyer will say in front of the supplier, so they are required.
pub fn note(
    store: &mut Store,
    act: Act,
    supplier: SupplierId,
    on: NaiveDate,
    severity: Severity,
    what: &str,
) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let (name, _) = chasing::supplier_note(tx, supplier)?
            .ok_or_else(|| Failure::refused("That supplier is not there any more. Read the list again (F5)."))?;
        let what = what.trim();
        if what.is_empty() {
            return Err(Failure::refused("Say what happened: it is what you will tell the supplier."));
        }
        if on > tx.act().today {
            return Err(Failure::refused(format!("{on} has not come yet. Give the day on which it happened.")));
        }
        suppliers::add_incident(tx, supplier, on, severity, what)?;
        tx.summarise(format!("{name}, {} incident: {what}", severity.word()));
        Ok(())
    })
}
