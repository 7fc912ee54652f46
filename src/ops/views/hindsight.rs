//! What the program would have foretold of this warehouse's own purchase orders.

use crate::domain::hindsight::{Report, replay};
use crate::ops::settings::Settings;
use crate::ops::views::suppliers::measure;
use crate::store::suppliers::Whose;
use crate::store::{Db, Result, supplier_record};
use chrono::NaiveDate;

/// Replays every PO on record.
pub fn load(db: &Db, today: NaiveDate) -> Result<Report> {
    let measure = measure(&Settings::load(db)?);
    let mut lines = Vec::new();
    supplier_record::each(db, Whose::All, |_, of_supplier| lines.extend_from_slice(of_supplier))?;
    Ok(replay(&lines, measure.half_life_days, today))
}
