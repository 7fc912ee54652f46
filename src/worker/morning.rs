//! What the Today card and leaving ask.

use super::{Desk, Lane};
use crate::ops::morning;
use crate::ops::views::month_end;
use crate::store::Failure;
use chrono::{NaiveDate, NaiveDateTime};

pub use crate::ops::counting::scope::Preview;
pub use crate::ops::morning::{Leaving, Meanwhile, Today};
pub use crate::ops::views::month_end::{Idle, MonthEnd};

/// What may be read.
#[derive(Clone, Copy, Debug)]
pub enum Load {
    Today,
    Leaving,
    /// Whether the file can be read whole: asked after an unclean end.
    Sound,
    /// The month of that day.
    Month(NaiveDate),
}

/// What was read.
#[derive(Debug)]
pub enum Answer {
    /// With the moment by the clock.
    Today(Box<Today>, NaiveDateTime),
    Leaving(Box<Leaving>),
    Sound(bool),
    Month(Box<MonthEnd>),
}

impl Load {
    /// Where it is run.
    pub fn lane(&self) -> Lane {
        match self {
            Load::Today | Load::Sound | Load::Month(_) => Lane::Slow,
            Load::Leaving => Lane::Quick,
        }
    }
}

/// Reads what is asked.
pub fn load(desk: &Desk, load: Load) -> Result<Answer, Failure> {
    let (db, now, today) = (desk.store.db(), desk.clock.now(), desk.today());
    Ok(match load {
        Load::Today => Answer::Today(Box::new(morning::today(db, &desk.operator, now, today)?), now),
        Load::Month(day) => {
            let (from, to) = month_end::month_of(day);
            Answer::Month(Box::new(month_end::load(db, from, to, today)?))
        }
        Load::Sound => Answer::Sound(morning::is_sound(db)),
        Load::Leaving => Answer::Leaving(Box::new(morning::leaving(db, today)?)),
    })
}
