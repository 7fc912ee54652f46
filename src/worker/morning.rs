//! What the Today card and leaving ask.

use super::{Desk, Lane};
use crate::domain::delay::CustomerKind;
use crate::ops::settings::Settings;
use crate::ops::views::month_end;
use crate::ops::{beginning, morning};
use crate::store::{Done, Failure};
use chrono::{NaiveDate, NaiveDateTime};

pub use crate::ops::beginning::{Answers, OldOrders};
pub use crate::ops::counting::scope::Preview;
pub use crate::ops::morning::{Leaving, Meanwhile, Second, Today};
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
    /// The same from the first of its month up to that day.
    AsOf(NaiveDate),
    /// What the first questions begin with.
    Beginning,
}

/// What the first questions begin with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beginning {
    /// Old orders of which nobody was asked yet.
    pub old: usize,
    pub mostly: CustomerKind,
    pub country: String,
    pub second_place: String,
}

/// What may be written.
#[derive(Clone, Debug)]
pub enum Write {
    Begin(Answers),
    OldOrders(OldOrders),
}

/// What was read.
#[derive(Debug)]
pub enum Answer {
    /// With the moment by the clock.
    Today(Box<Today>, NaiveDateTime),
    Leaving(Box<Leaving>),
    Sound(bool),
    Month(Box<MonthEnd>),
    Beginning(Box<Beginning>),
}

impl Load {
    /// Where it is run.
    pub fn lane(&self) -> Lane {
        match self {
            Load::Today | Load::Sound | Load::Month(_) | Load::AsOf(_) | Load::Beginning => Lane::Slow,
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
        Load::AsOf(day) => Answer::Month(Box::new(month_end::load(db, month_end::month_of(day).0, day, today)?)),
        Load::Beginning => {
            let settings = Settings::load(db)?;
            let value = |key: &str| settings.value(key).to_string();
            Answer::Beginning(Box::new(Beginning {
                old: beginning::unasked(db, today)?,
                mostly: CustomerKind::named(settings.value("customers.mostly")).unwrap_or(CustomerKind::Business),
                country: value("warehouse.country"),
                second_place: value("copies.second_place"),
            }))
        }
        Load::Sound => Answer::Sound(morning::is_sound(db)),
        Load::Leaving => Answer::Leaving(Box::new(morning::leaving(db, &desk.operator, today)?)),
    })
}

/// Writes what was answered.
pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let act = desk.act("begin");
    match write {
        Write::Begin(answers) => beginning::answer(&mut desk.store, act, &answers),
        Write::OldOrders(old) => beginning::answer_old(&mut desk.store, act, old),
    }
}
