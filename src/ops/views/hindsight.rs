//! What the program would have foretold of this warehouse's own purchase orders.

use crate::domain::hindsight::{Report, replay};
use crate::ops::settings::Settings;
use crate::ops::views::suppliers::measure;
use crate::store::suppliers::{Whose, deliveries};
use crate::store::{Db, Result};
use chrono::NaiveDate;

/// Replays every PO on record.
pub fn load(db: &Db, today: NaiveDate) -> Result<Report> {
    let measure = measure(&Settings::load(db)?);
    Ok(replay(&deliveries(db, Whose::All)?, measure.half_life_days, today))
}
