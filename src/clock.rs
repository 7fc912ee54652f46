//! The only clock. Everything about lateness follows the business date, which `--as-of` replaces.

use chrono::{Local, NaiveDate, NaiveDateTime, Timelike};

/// Where "now" and "today" come from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    as_of: Option<NaiveDate>,
    /// It stands still then.
    stopped: Option<NaiveDateTime>,
}

/// A file's moment as the clock on the wall showed it.
pub fn on_the_wall(moment: std::time::SystemTime) -> NaiveDateTime {
    chrono::DateTime::<Local>::from(moment).naive_local()
}

impl Clock {
    /// The machine's clock, with the business date replaced where `as_of` is given.
    pub fn new(as_of: Option<NaiveDate>) -> Clock {
        Clock { as_of, stopped: None }
    }
    /// A clock that stands still, for tests: its day is the business date.
    pub fn stopped(at: NaiveDateTime) -> Clock {
        Clock { as_of: Some(at.date()), stopped: Some(at) }
    }
    /// The business date.
    pub fn today(self) -> NaiveDate {
        self.as_of.unwrap_or_else(|| self.now().date())
    }
    /// The moment by the workstation's clock, whole seconds: for the record of who did what when, never for lateness.
    pub fn now(self) -> NaiveDateTime {
        let now = self.stopped.unwrap_or_else(|| Local::now().naive_local());
        now.with_nanosecond(0).unwrap_or(now)
    }
    /// The hour of now on the business date: what appointments with an hour are measured by.
    pub fn moment(self) -> NaiveDateTime {
        self.today().and_time(self.now().time())
    }
    /// The date set by `--as-of`, if any: the screen says so loudly.
    pub fn as_of(self) -> Option<NaiveDate> {
        self.as_of
    }
}
