//! The only clock. Everything about lateness follows the business date, which `--as-of` replaces.

use chrono::{Local, NaiveDate, NaiveDateTime, Timelike};

/// Where "now" and "today" come from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    as_of: Option<NaiveDate>,
}

impl Clock {
    /// The machine's clock, with the business date replaced where `as_of` is given.
    pub fn new(as_of: Option<NaiveDate>) -> Clock {
        Clock { as_of }
    }
    /// The business date.
    pub fn today(self) -> NaiveDate {
        self.as_of.unwrap_or_else(|| self.now().date())
    }
    /// The moment by the workstation's clock, whole seconds: for the record of who did what when, never for lateness.
    pub fn now(self) -> NaiveDateTime {
        let now = Local::now().naive_local();
        now.with_nanosecond(0).unwrap_or(now)
    }
    /// The date set by `--as-of`, if any: the screen says so loudly.
    pub fn as_of(self) -> Option<NaiveDate> {
        self.as_of
    }
}
