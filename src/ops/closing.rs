//! Days that are closed: once a month is told to the accountant, nothing is dated into it any more, by whatever operation.

use super::settings::Settings;
use crate::domain::dates;
use crate::store::{Failure, Result, Tx, month_end};
use chrono::{Datelike, NaiveDate};

/// The setting that names the last closed day.
pub const CLOSED: &str = "closed_up_to";
/// What closing today means: whoever does it is asked.
pub const CLOSES_TODAY: &str = "Today would be closed: nothing more can be booked before tomorrow.";
/// What may be done while the business date itself is closed: saying otherwise.
const MAY: [&str; 2] = ["set", "close"];

/// A day as it is said here: of another year with its year, as one that is weeks away may be meant.
fn said(day: NaiveDate, today: NaiveDate) -> String {
    if day.year() == today.year() { dates::full(day, today) } else { dates::long(day) }
}

/// Refuses to close a day that is still to come: nothing could be booked until it is over.
pub fn allow(day: NaiveDate, today: NaiveDate) -> Result<()> {
    if day <= today {
        return Ok(());
    }
    let last = today.pred_opt().unwrap_or(today);
    Err(Failure::refused(format!(
        "{} is still to come, and nothing could be booked until it is over. Close days that are over, up to {} at most.",
        dates::long(day),
        dates::long(last)
    )))
}

/// Refuses an operation that is dated, or dates anything of stock or money, on a closed day.
pub fn refuse(tx: &Tx) -> Result<()> {
    // Taking such a setting back, too: it dates nothing.
    let settings_alone = tx.changed().all(|(table, ..)| table == "setting");
    if tx.is_empty() || settings_alone || MAY.contains(&tx.act().kind) {
        return Ok(());
    }
    let Some(closed) = Settings::load(tx)?.text(CLOSED).and_then(|d| d.parse::<NaiveDate>().ok()) else {
        return Ok(());
    };
    let today = tx.act().today;
    let up_to = said(closed, today);
    if today <= closed {
        return Err(Failure::refused(format!(
            "The books are closed up to {up_to}, and this would be dated {}. Work without --as-of, or move the closing date (: settings, {CLOSED}).",
            said(today, today)
        )));
    }
    if let Some((what, day)) = month_end::first_closed(tx, closed)? {
        let day = day.parse().map_or(day, |d| said(d, today));
        return Err(Failure::refused(format!(
            "The books are closed up to {up_to}, and this has a {what} of {day}. Date it later, or correct it with a booking of today."
        )));
    }
    Ok(())
}
