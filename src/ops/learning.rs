//! What suppliers' deliveries teach, read from one place: how late they usually are, and how long goods take. Promises,
//! likely dates, reorder points and the Suppliers tab all ask here; how long goods take follows from the same lines by
//! [`crate::domain::lead_time`].

use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::lateness::{Delivery, Lateness};
use crate::store::suppliers::{self, Whose};
use crate::store::{Db, Result, supplier_record};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Every supplier's lines as they are kept, without their codes.
pub fn lines(db: &Db) -> Result<Vec<(SupplierId, Vec<Delivery>)>> {
    supplier_record::lines(db, Whose::All)
}

/// The lines of these items alone; `many`: read with everybody's, which is quicker then.
pub fn lines_of(db: &Db, items: &[ItemId], many: bool) -> Result<Vec<Delivery>> {
    if many {
        return Ok(lines(db)?.into_iter().flat_map(|(_, lines)| lines).collect());
    }
    let mut all = Vec::new();
    for item in items {
        all.extend(suppliers::deliveries_of_item(db, *item)?);
    }
    Ok(all)
}

/// What each of these suppliers is usually late by, from all its receipts up to `today`; one without any is not in it.
pub fn lateness(db: &Db, whose: Whose, today: NaiveDate) -> Result<HashMap<SupplierId, Lateness>> {
    let learned = supplier_record::lines(db, whose)?.into_iter().map(|(id, lines)| (id, Lateness::of(&lines, today)));
    Ok(learned.filter(|(_, lateness)| lateness.learned_from() > 0).collect())
}

/// What this supplier is usually late by.
pub fn lateness_of(db: &Db, supplier: SupplierId, today: NaiveDate) -> Result<Lateness> {
    Ok(lateness(db, Whose::Of(supplier), today)?.remove(&supplier).unwrap_or_default())
}
