//! The threads that own connections to the warehouse: requests in, replies out. The screen never holds a connection
//! and never waits for one.
//!
//! - **quick** lane: the thread that owns the [`Store`]; writes (in order, never dropped) and the pages of lists.
//!   About once a second it asks SQLite whether another program changed the file, and the clock whether the hour of
//!   the next call has come.
//! - **slow** lane: a second, reading connection for what takes longer (pegging a whole warehouse, planning).
//! - **planning** lane: a reading connection for planning, which may take long; what it finds is kept by the quick lane.
//! - **sender**: a connection of its own while a mail waits to leave; asleep until one is due. It answers nobody.
//! - **search** lane: a third, which builds and searches the haystack of [`search`].
//!
//! Of loads for the same [`Slot`] only the newest is run. One file per tab holds what that tab may ask
//! (`Load`), what it is answered (`Answer`) and what it may write (`Write`).

pub mod backorders;
pub mod bringing;
pub mod carrying;
pub mod counting;
pub mod deliveries;
pub mod entering;
pub mod finding;
pub mod journal;
pub mod lanes;
pub mod mails;
pub mod morning;
pub mod office;
pub mod papers;
pub mod people;
pub mod picking;
pub mod presence;
pub mod reorder;
pub mod search;
pub mod stock;
pub mod suppliers;

pub use crate::clock::Clock;
use crate::ops::safekeeping::daily;
use crate::store::{Act, Failure};
use chrono::{NaiveDate, NaiveDateTime};
use std::time::Duration;

pub use crate::store::{Done, Ill, Mode, Store};
pub use lanes::{Workers, start};

/// Who works here.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub operator: String,
    /// The folder of his own message templates.
    pub templates: Option<std::path::PathBuf>,
    /// The folder of his own import profiles.
    pub profiles: Option<std::path::PathBuf>,
    /// How paper leaves this machine; none: as files.
    pub printer: Option<crate::ops::printing::Kept>,
}

impl From<&str> for Person {
    /// Without templates of his own.
    fn from(operator: &str) -> Person {
        Person { operator: operator.to_string(), templates: None, profiles: None, printer: None }
    }
}

/// Who asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Owner {
    Frame,
    /// The tab with this number.
    Tab(usize),
    /// The overlay with this number (numbers are never used twice).
    Overlay(u64),
}

/// What an answer is for: of loads for one slot only the newest counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Slot {
    pub owner: Owner,
    pub part: &'static str,
}

/// A wish to read.
#[derive(Clone, Debug)]
pub enum Load {
    Stock(stock::Load),
    Backorders(backorders::Load),
    Suppliers(suppliers::Load),
    Reorder(reorder::Load),
    Journal(journal::Load),
    Mails(mails::Load),
    Search(search::Load),
    Office(office::Load),
    Papers(papers::Load),
    Bringing(bringing::Load),
    Entering(entering::Load),
    People(people::Load),
    Counting(counting::Load),
    Morning(morning::Load),
    Deliveries(deliveries::Load),
    Picking(picking::Load),
}

/// What was read.
#[derive(Debug)]
pub enum Answer {
    Stock(stock::Answer),
    Backorders(backorders::Answer),
    Suppliers(suppliers::Answer),
    Reorder(reorder::Answer),
    Journal(journal::Answer),
    Mails(mails::Answer),
    Search(search::Answer),
    Office(office::Answer),
    Papers(papers::Answer),
    Bringing(bringing::Answer),
    Entering(entering::Answer),
    People(people::Answer),
    Counting(counting::Answer),
    Morning(morning::Answer),
    Deliveries(deliveries::Answer),
    Picking(picking::Answer),
    Carrying(carrying::Answer),
}

/// A wish to write.
#[derive(Clone, Debug)]
pub enum Write {
    Stock(stock::Write),
    Backorders(backorders::Write),
    Suppliers(suppliers::Write),
    Reorder(reorder::Write),
    Journal(journal::Write),
    Mails(mails::Write),
    Office(office::Write),
    Entering(entering::Write),
    Morning(morning::Write),
    People(people::Write),
    Counting(counting::Write),
    Deliveries(deliveries::Write),
    Picking(picking::Write),
}

impl Write {
    /// It names, or may name, the second place for copies: one is put there at once.
    fn sets_second_place(&self) -> bool {
        match self {
            Write::Office(office::Write::Set(values)) => values.iter().any(|(key, _)| *key == daily::SECOND_PLACE),
            Write::Morning(morning::Write::Begin(answers)) => !answers.second_place.is_empty(),
            _ => false,
        }
    }
}

/// What is written down of work that still goes on: append-only records, not operations.
#[derive(Clone, Debug)]
pub enum Record {
    Counting(counting::Record),
    Deliveries(deliveries::Record),
    Picking(picking::Record),
    Carrying(carrying::Record),
}

/// What the screen asks for.
#[derive(Clone, Debug)]
pub enum Request {
    Do {
        ticket: u64,
        write: Write,
    },
    /// In order with the writes, never dropped; answered to its slot when it is durable.
    Record {
        slot: Slot,
        record: Record,
    },
    Load {
        slot: Slot,
        generation: u64,
        load: Load,
    },
    /// Somebody else works here from now on; in order with the writes, told to every lane.
    Person(String),
}

/// Something was not done; the sentence is for the person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    pub sentence: String,
    /// The file is ill, not the wish wrong.
    pub ill: Option<Ill>,
}

/// What comes back.
#[derive(Debug)]
pub enum Reply {
    Done {
        ticket: u64,
        at: NaiveDateTime,
        result: Result<Done<()>, Trouble>,
    },
    Loaded {
        slot: Slot,
        generation: u64,
        result: Result<Answer, Trouble>,
    },
    /// What was recorded is durable.
    Recorded {
        slot: Slot,
        result: Result<Answer, Trouble>,
    },
    /// Another program changed the file, or an hour has come that something waited for.
    Changed,
    /// Who has which record open is another than before.
    Others,
    /// The business date is another than before: midnight has passed.
    Day(NaiveDate),
    /// After so long without a key every window locks itself: the setting is another than before.
    LocksAfter(Option<Duration>),
    /// The file fell ill, or is well again.
    Health(Option<Ill>),
    /// How far the import under way is, in rows.
    Brought {
        done: usize,
        all: usize,
        /// As long as the rest takes if it goes on like this.
        seconds_left: Option<u64>,
    },
    /// How far a long job in the background is.
    Progress(Progress),
}

/// The long jobs of the planning thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Job {
    Planning,
    Replay,
}

/// How far a long job is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    pub job: Job,
    pub done: usize,
    pub all: usize,
    /// At the pace so far; none: nothing is done yet.
    pub seconds_left: Option<u64>,
}

/// The threads that loads are run on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lane {
    Quick,
    Slow,
    Search,
    Planning,
    Bringing,
}

impl Load {
    /// Where it is run.
    pub fn lane(&self) -> Lane {
        match self {
            Load::Stock(load) => load.lane(),
            Load::Backorders(load) => load.lane(),
            Load::Suppliers(load) => load.lane(),
            Load::Reorder(load) => load.lane(),
            Load::Journal(load) => load.lane(),
            Load::Mails(_) => Lane::Quick,
            Load::Office(load) => load.lane(),
            Load::Papers(load) => load.lane(),
            Load::Bringing(load) => load.lane(),
            Load::Entering(_) => Lane::Quick,
            Load::People(load) => load.lane(),
            Load::Counting(load) => load.lane(),
            Load::Morning(load) => load.lane(),
            Load::Search(load) => load.lane(),
            Load::Deliveries(load) => load.lane(),
            Load::Picking(load) => load.lane(),
        }
    }
}

/// One connection with what is needed to answer from it.
pub struct Desk {
    pub store: Store,
    pub clock: Clock,
    pub operator: String,
    /// This window, among those that have the file open.
    pub station: String,
    pub haystack: search::Haystack,
    pub people: finding::People,
    /// What waits, as the tab was last answered, after which operation.
    pub waiting: Option<(i64, std::sync::Arc<backorders::Shown>)>,
    /// What suppliers are usually late by, kept between two items.
    pub learned: crate::ops::views::item::Learned,
    /// The person at this workstation, while counting.
    pub counter: Option<crate::ops::counting::counter::Counter>,
    /// Bins to count today, and what that was worked out from.
    pub due_counts: Option<(stock::DueOf, usize)>,
    /// Wrong PINs since the last right one.
    pub wrong_pins: people::Wrong,
    /// The same person, while taking a delivery in.
    pub receiver: Option<crate::ops::deliveries::receiver::Receiver>,
    /// The same, while carrying goods.
    pub carrier: crate::ops::carrying::Carrier,
    /// The person's own message templates.
    pub templates: Option<std::path::PathBuf>,
    /// The person's own import profiles.
    pub profiles: Option<std::path::PathBuf>,
    /// How paper leaves this machine; none: as files.
    pub printer: Option<crate::ops::printing::Kept>,
    /// Where a long job says how far it is.
    meter: Option<Box<dyn Fn(usize, usize) + Send + Sync>>,
}

impl Desk {
    pub fn new(store: Store, clock: Clock, operator: String) -> Desk {
        Desk {
            store,
            clock,
            operator,
            station: presence::station(),
            haystack: search::Haystack::default(),
            people: finding::People::default(),
            waiting: None,
            learned: Default::default(),
            counter: None,
            due_counts: None,
            wrong_pins: people::Wrong::default(),
            receiver: None,
            carrier: Default::default(),
            templates: None,
            profiles: None,
            printer: None,
            meter: None,
        }
    }

    /// Tells of long jobs there.
    pub fn with_meter(self, meter: impl Fn(usize, usize) + Send + Sync + 'static) -> Desk {
        Desk { meter: Some(Box::new(meter)), ..self }
    }

    /// With the person's own message templates, where there are any.
    pub fn with_templates(self, folder: Option<std::path::PathBuf>) -> Desk {
        Desk { templates: folder, ..self }
    }

    /// With the person's own import profiles, where there are any.
    pub fn with_profiles(self, folder: Option<std::path::PathBuf>) -> Desk {
        Desk { profiles: folder, ..self }
    }

    /// Says how far a long job is.
    pub fn tell(&self, done: usize, all: usize) {
        if let Some(meter) = &self.meter {
            meter(done, all);
        }
    }

    /// Where letters are put: beside the warehouse. None where it is in no folder.
    pub fn letters(&self) -> Option<std::path::PathBuf> {
        self.store.path().parent().filter(|_| self.store.path().is_file()).map(|folder| folder.join("letters"))
    }

    /// The business date.
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }

    /// Does or reads what is asked.
    pub fn handle(&mut self, request: Request) -> Reply {
        match request {
            Request::Do { ticket, write } => {
                let at = self.clock.now();
                Reply::Done { ticket, at, result: self.write(write).map_err(Trouble::from) }
            }
            Request::Record { slot, record } => {
                Reply::Recorded { slot, result: self.record(record).map_err(Trouble::from) }
            }
            Request::Person(name) => {
                if self.operator != name {
                    (self.counter, self.receiver) = (None, None); // read again from what is saved
                    self.carrier = Default::default();
                    self.operator = name;
                }
                Reply::Changed
            }
            Request::Load { slot, generation, load } => {
                Reply::Loaded { slot, generation, result: self.load(load).map_err(Trouble::from) }
            }
        }
    }

    fn load(&mut self, load: Load) -> Result<Answer, Failure> {
        let today = self.today();
        Ok(match load {
            Load::Stock(load) => Answer::Stock(stock::load(self, load, today)?),
            Load::Backorders(load) => Answer::Backorders(backorders::load(self, load, today)?),
            Load::Suppliers(load) => Answer::Suppliers(suppliers::load(self, load, today)?),
            Load::Reorder(load) => Answer::Reorder(reorder::load(self, load, today)?),
            Load::Journal(load) => Answer::Journal(journal::load(self, load)?),
            Load::Mails(load) => Answer::Mails(mails::load(self, load)?),
            Load::Search(load) => Answer::Search(search::load(self, load)?),
            Load::Office(load) => Answer::Office(office::load(self, load)?),
            Load::Papers(load) => Answer::Papers(papers::load(self, load)?),
            Load::Bringing(load) => Answer::Bringing(bringing::load(self, load)?),
            Load::Entering(load) => Answer::Entering(entering::load(self, load)?),
            Load::People(load) => Answer::People(people::load(self, load)?),
            Load::Counting(load) => Answer::Counting(counting::load(self, load, today)?),
            Load::Morning(load) => Answer::Morning(morning::load(self, load)?),
            Load::Deliveries(load) => Answer::Deliveries(deliveries::load(self, load, today)?),
            Load::Picking(load) => Answer::Picking(picking::load(self, load)?),
        })
    }

    fn write(&mut self, write: Write) -> Result<Done<()>, Failure> {
        self.refuse_if_read_only()?;
        match write {
            Write::Stock(write) => stock::write(self, write),
            Write::Backorders(write) => backorders::write(self, write),
            Write::Suppliers(write) => suppliers::write(self, write),
            Write::Reorder(write) => reorder::write(self, write),
            Write::Journal(write) => journal::write(self, write),
            Write::Mails(write) => mails::write(self, write),
            Write::Office(write) => office::write(self, write),
            Write::Morning(write) => morning::write(self, write),
            Write::Entering(write) => entering::write(self, write),
            Write::People(write) => people::write(self, write),
            Write::Counting(write) => counting::write(self, write),
            Write::Deliveries(write) => deliveries::write(self, write),
            Write::Picking(write) => picking::write(self, write),
        }
    }

    /// A file that is open for reading takes nothing, and says so before anything is worked out.
    fn refuse_if_read_only(&self) -> Result<(), Failure> {
        if self.store.is_read_only() {
            return Err(Failure::refused(
                "READ ONLY: this warehouse is open for reading, so nothing is saved. Whoever may write to the file can.",
            ));
        }
        Ok(())
    }

    fn record(&mut self, record: Record) -> Result<Answer, Failure> {
        self.refuse_if_read_only()?;
        Ok(match record {
            Record::Counting(record) => Answer::Counting(counting::record(self, record)?),
            Record::Deliveries(record) => Answer::Deliveries(deliveries::record(self, record)?),
            Record::Picking(record) => Answer::Picking(picking::record(self, record)?),
            Record::Carrying(record) => Answer::Carrying(carrying::record(self, record)?),
        })
    }

    /// The head of an operation of this kind, now, by this operator.
    pub fn act(&self, kind: &'static str) -> Act {
        Act { kind, operator: self.operator.clone(), now: self.clock.now(), today: self.clock.today(), uid: None }
    }
}

/// A finished operation whose value the screen does not need.
pub fn without_value<T>(done: Done<T>) -> Done<()> {
    Done { operation: done.operation, summary: done.summary, value: () }
}

/// What changes with the hour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ByTheHour {
    /// The calls that are planned.
    Calls,
    /// Which suppliers still take orders of today.
    OrdersOfToday,
}

impl Reply {
    /// Where something was read that changes with the hour: what, and the moment at which it is to be read again, if
    /// there is one.
    pub fn read_again_at(&self) -> Option<(ByTheHour, Option<NaiveDateTime>)> {
        match self {
            Reply::Loaded { result: Ok(Answer::Backorders(backorders::Answer::Board(shown))), .. } => {
                Some((ByTheHour::Calls, shown.board.next_call()))
            }
            Reply::Loaded { result: Ok(Answer::Reorder(reorder::Answer::Board(shown))), .. } => {
                let board = &shown.board;
                Some((ByTheHour::OrdersOfToday, board.closes_at.map(|hour| board.today.and_time(hour))))
            }
            _ => None,
        }
    }

    /// What is the matter with the file, where that is why it failed.
    pub fn ill(&self) -> Option<Ill> {
        match self {
            Reply::Done { result: Err(trouble), .. }
            | Reply::Loaded { result: Err(trouble), .. }
            | Reply::Recorded { result: Err(trouble), .. } => trouble.ill,
            _ => None,
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        let sentence = match &failure {
            Failure::Refused(r) | Failure::Usage(r) | Failure::File(_, r) => r.sentence().to_string(),
            Failure::Broken(e) => format!("Something broke, nothing was saved: {e:#}"),
        };
        let ill = if let Failure::File(ill, _) = &failure { Some(*ill) } else { None };
        Trouble { sentence, ill }
    }
}
