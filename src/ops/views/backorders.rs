//! Backorders: who must hear from us today? Every open line with its likely date, its delay decision and its reason;
//! the same lines by customer, by cause, and as the `backorders` export.

mod causes;
mod channels;
mod customers;
mod lines;
mod preview;
mod sheet;
mod words;

pub use causes::{Cause, CauseRow};
pub use channels::ChannelRow;
pub use customers::{CustomerRow, Due, Summary};
pub use lines::WaitingLine;
pub use preview::{Move, Shift, Shifted, shift};
pub use sheet::sheet;
pub use words::{back_by, money as amount, silence};

use crate::domain::delay::{CustomerKind, DelaySettings};
use crate::domain::ids::{CustomerId, LineId, SupplierId};
use crate::domain::inbound::Inbound;
use crate::domain::lateness::Lateness;
use crate::ops::learning;
use crate::ops::settings::Settings;
use crate::store::backlog::{Backlog, Customer};
use crate::store::suppliers::Whose;
use crate::store::{Db, Result};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::collections::{BTreeMap, HashMap};

/// The settings that dates and delay decisions depend on.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Terms {
    pub delay: DelaySettings,
    pub warehouse_country: Option<String>,
    /// What the customers mostly are.
    pub mostly: Option<CustomerKind>,
    /// Days from the arrival of goods to their shipment.
    pub handling_days: i64,
    /// Days from shipment to the customer's door, by country (ISO alpha-2); others 0.
    pub transit_days: BTreeMap<String, i64>,
    /// Of orders from before this program nobody knows what was told.
    pub old_orders_unknown: bool,
}

impl Terms {
    /// As the warehouse's settings say.
    pub fn of(settings: &Settings) -> Terms {
        let defaults = DelaySettings::default();
        Terms {
            delay: DelaySettings {
                stated_shipping_days: settings.count("rules.stated_shipping_days"),
                cadence_days: settings.count("rules.cadence_days"),
                tolerance_days: settings.count("rules.tolerance_days"),
                holidays: settings.holidays(),
                us_businesses_under_us: settings.yes("rules.us_businesses"),
                ..defaults
            },
            warehouse_country: settings.text("warehouse.country").map(String::from),
            mostly: CustomerKind::named(settings.value("customers.mostly")),
            handling_days: settings.count("handling_days"),
            transit_days: settings.transit_days(),
            old_orders_unknown: settings.value("old_orders") == "unknown",
        }
    }
}

/// Everything that waits, on one day.
#[derive(Clone, PartialEq, Debug)]
pub struct Board {
    pub today: NaiveDate,
    /// The moment that follow-ups are measured by, on the business date.
    pub now: NaiveDateTime,
    /// Every open line, what is lost first on top, then what is worth most.
    pub lines: Vec<WaitingLine>,
    /// One row per customer with an open line, in the same order.
    pub customers: Vec<CustomerRow>,
    /// What the short lines wait for, what holds up most on top.
    pub causes: Vec<CauseRow>,
    /// The lines by the channel that their orders came by.
    pub channels: Vec<ChannelRow>,
    /// The customers' details.
    pub people: HashMap<CustomerId, Customer>,
    /// The PO lines that [`crate::domain::pegging::Part::inbound`] of the lines points at.
    pub inbound: Vec<Inbound>,
    /// What their suppliers are usually late by.
    pub lateness: HashMap<SupplierId, Lateness>,
    pub summary: Summary,
}

/// Reads and decides everything that waits on `today`: a handful of queries, then pure rules. Calls that are to be
/// made at an hour of today count as due: see [`load_at`].
pub fn load(db: &Db, terms: &Terms, today: NaiveDate) -> Result<Board> {
    load_at(db, terms, evening(today))
}

/// The same at a moment of the business date: a call that is to be made later today waits for its hour.
pub fn load_at(db: &Db, terms: &Terms, now: NaiveDateTime) -> Result<Board> {
    let today = now.date();
    let mut backlog = Backlog::load(db, today)?;
    tell(db, &mut backlog, today)?;
    let lateness = learning::lateness(db, Whose::WaitedFor, today)?;
    Ok(board(backlog, lateness, terms, now))
}

/// Tells the lines that nobody gave a day how long such goods take.
pub(super) fn tell(db: &Db, backlog: &mut Backlog, today: NaiveDate) -> Result<()> {
    learning::tell(db, backlog.inbound.iter_mut().map(|line| (line.item, &mut line.inbound)), today)
}

/// The last moment of a day: every call of the day is due.
pub(super) fn evening(today: NaiveDate) -> NaiveDateTime {
    today.and_time(NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default())
}

/// Decides a backlog that was read, or one that somebody thinks of.
pub(super) fn board(
    backlog: Backlog,
    lateness: HashMap<SupplierId, Lateness>,
    terms: &Terms,
    now: NaiveDateTime,
) -> Board {
    let today = now.date();
    let mut lines = lines::decided(&backlog, &lateness, terms, today);
    lines.sort_by(|a, b| a.lost_first().cmp(&b.lost_first()));
    let inbound: Vec<Inbound> = backlog.inbound.into_iter().map(|line| line.inbound).collect();
    let customers = customers::rows(&lines, &backlog.customers, now);
    Board {
        today,
        now,
        causes: causes::rows(&lines, &inbound, today),
        channels: channels::rows(&lines, &customers),
        summary: Summary::of(&customers, &lines, today),
        customers,
        lines,
        people: backlog.customers,
        inbound,
        lateness,
    }
}

impl Board {
    /// The line of that number.
    pub fn line(&self, line: LineId) -> Option<&WaitingLine> {
        self.lines.iter().find(|l| l.line == line)
    }
    /// What rests although a line of it asks for something: the customers of whom nobody has to be told today, with the
    /// moment until when. The list by lines and the answer about an order say the same by it.
    pub fn resting(&self) -> HashMap<CustomerId, &CustomerRow> {
        self.customers.iter().filter(|r| r.rests_until().is_some()).map(|r| (r.customer, r)).collect()
    }
    /// When the next call that lies ahead is to be made: the rows are to be put in order anew then.
    pub fn next_call(&self) -> Option<NaiveDateTime> {
        self.customers.iter().filter_map(|r| r.call_at).filter(|at| *at > self.now).min()
    }
}
