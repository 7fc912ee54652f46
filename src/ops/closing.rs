//! Days that are closed: once a month is told to the accountant, nothing is dated into it any more, by whatever operation.

use super::settings::Settings;
use crate::domain::dates;
use crate::store::{Failure, Result, Tx, month_end};
use chrono::NaiveDate;

/// The setting that names the last closed day.
pub const CLOSED: &str = "closed_up_to";
/// What may be done while the business date itself is closed: saying otherwise.
const MAY: [&str; 2] = ["set", "close"];

/// Refuses an operation that is dated, or dates anything of stock or money, on a closed day.
pub fn refuse(tx: &Tx) -> Result<()> {
    if tx.is_empty() || MAY.contains(&tx.act().kind) {
        return Ok(());
    }
    let Some(closed) = Settings::load(tx)?.text(CLOSED).and_then(|d| d.parse::<NaiveDate>().ok()) else {
        return Ok(());
    };
    let today = tx.act().today;
    let up_to = dates::full(closed, today);
    if today <= closed {
        return Err(Failure::refused(format!(
            "The books are closed up to {up_to}, and this would be dated {}. Work without --as-of, or move the closing date (: settings, {CLOSED}).",
            dates::full(today, today)
        )));
    }
    if let Some((what, day)) = month_end::first_closed(tx, closed)? {
        let day = day.parse().map_or(day, |d| dates::full(d, today));
        return Err(Failure::refused(format!(
            "The books are closed up to {up_to}, and this has a {what} of {day}. Date it later, or correct it with a booking of today."
        )));
    }
    Ok(())
}
