//! Is the file sound, and do the books agree? What is kept for speed is computed anew and compared.

use super::settings::Settings;
use super::{planning, views};
use crate::store::{Db, Result, checking, supplier_record};

/// Plans are computed anew in warehouses of at most so many items: that takes seconds.
const PLANS_CHECKED: usize = 5_000;

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// A sentence for each fault; empty when all is well.
    pub faults: Vec<String>,
    /// What is to be known beside, and is no fault: a sentence each.
    pub notes: Vec<String>,
    pub items: i64,
    pub movements: i64,
    pub operations: i64,
}

/// Checks everything. A damaged file is reported as such and not looked at further: its figures mean nothing.
pub fn check(db: &Db) -> Result<Report> {
    let faults = checking::damage(db)?;
    if !faults.is_empty() {
        return Ok(Report { faults, ..Report::default() });
    }
    let mut faults = checking::loose_ends(db)?;
    faults.extend(checking::disagreements(db)?);
    let settings = Settings::load(db)?;
    let notes: Vec<String> = planning::note(db)?.into_iter().collect();
    if notes.is_empty() {
        // States follow from the plans, and are made anew with them.
        faults.extend(checking::stale_states(db, settings.cover_days())?);
    }
    faults.extend(supplier_record::faults(db, &views::suppliers::measure(&settings))?);
    faults.extend(super::counting::totals::faults(db)?);
    faults.extend(planning::faults(db, PLANS_CHECKED)?);
    let (items, movements, operations) = checking::size(db)?;
    Ok(Report { faults, notes, items, movements, operations })
}
