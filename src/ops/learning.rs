//! What suppliers' deliveries teach, read from one place: how late they usually are, and how long goods take. Promises,
//! likely dates, reorder points and the Suppliers tab all ask here; how long goods take follows from the same lines by
//! [`crate::domain::lead_time`]. What the lines add up to is kept at the end of every operation.

use super::settings::Settings;
use super::views::suppliers::measure;
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::lateness::{Delivery, Lateness};
use crate::store::suppliers::{self, Whose};
use crate::store::{Db, Result, Tx, supplier_record, supplier_sums};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// Keeps what changed, inside the operation that changed it.
pub fn keep(tx: &Tx) -> Result<()> {
    supplier_record::refresh(tx, &measure(&Settings::load(tx)?), tx.act().today)
}

/// Hands in every supplier's lines, one supplier after another, without their codes.
pub fn each(db: &Db, take: &mut dyn FnMut(SupplierId, &[Delivery])) -> Result<()> {
    supplier_record::each(db, Whose::All, take)
}

/// The lines of these items alone; `many`: picked from everybody's, which is quicker then.
pub fn lines_of(db: &Db, items: &[ItemId], many: bool) -> Result<Vec<Delivery>> {
    let mut all = Vec::new();
    if many {
        let wanted: HashSet<ItemId> = items.iter().copied().collect();
        each(db, &mut |_, lines| all.extend(lines.iter().filter(|line| wanted.contains(&line.item)).cloned()))?;
        return Ok(all);
    }
    for item in items {
        all.extend(suppliers::deliveries_of_item(db, *item)?);
    }
    Ok(all)
}

/// What each of these suppliers is usually late by, from all its receipts up to `today`; one without any is not in it.
pub fn lateness(db: &Db, whose: Whose, today: NaiveDate) -> Result<HashMap<SupplierId, Lateness>> {
    let learned = supplier_sums::each(db, whose, None, today, |_, sums| sums.lateness(today))?;
    Ok(learned.into_iter().filter(|(_, lateness)| lateness.learned_from() > 0).collect())
}

/// What this supplier is usually late by.
pub fn lateness_of(db: &Db, supplier: SupplierId, today: NaiveDate) -> Result<Lateness> {
    Ok(lateness(db, Whose::Of(supplier), today)?.remove(&supplier).unwrap_or_default())
}
