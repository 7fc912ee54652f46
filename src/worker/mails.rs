//! The list of mails, what a person decides about one, and the thread that sends them.

use super::Desk;
use crate::clock::Clock;
use crate::domain::ids::MailId;
use crate::ops::outbox;
use crate::ops::outbox::{carrying, deciding};
use crate::post;
use crate::post::smtp::Limits;
use crate::store::{Done, Failure, Mode, Store};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use crate::ops::outbox::deciding::{Step, may};
pub use crate::ops::outbox::{MailRow, State, Tried, Unsent};

/// How many mails the list shows.
const SHOWN: usize = 500;

#[derive(Clone, Debug)]
pub enum Load {
    /// Those first that need a person, then those still to leave, then what is done, newest first.
    List,
    /// What each attempt at one came to, and its text.
    Detail(MailId),
}

#[derive(Debug)]
pub enum Answer {
    List {
        mails: Vec<MailRow>,
        /// Why nothing can be sent from here.
        trouble: Option<String>,
    },
    Detail {
        attempts: Vec<Tried>,
        letter: Option<String>,
    },
}

#[derive(Clone, Debug)]
pub enum Write {
    Step(MailId, Step),
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    let db = desk.store.db();
    Ok(match load {
        Load::List => Answer::List { mails: outbox::list(db, SHOWN)?, trouble: post::ready(&desk.store)?.err() },
        Load::Detail(mail) => {
            Answer::Detail { attempts: outbox::attempts(db, mail)?, letter: outbox::letter(db, mail)? }
        }
    })
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let Write::Step(mail, step) = write;
    let act = desk.act("mail");
    deciding::step(&mut desk.store, act, mail, step)
}

/// While something waits, the clock is looked at this often: a machine that slept does not count that time.
const LOOK: Duration = Duration::from_secs(60);
/// Nothing is asked of the file while the program starts.
const START: Duration = Duration::from_millis(1_500);
/// How long leaving the program waits for a mail that is on its way: most take a second.
const FAREWELL: Duration = Duration::from_secs(3);

#[derive(Default)]
struct Rung {
    rung: bool,
    closed: bool,
    busy: bool,
}

/// Wakes the sender: something was saved, or the program ends.
#[derive(Default)]
pub(super) struct Bell {
    state: Mutex<Rung>,
    bell: Condvar,
}

impl Bell {
    fn with<T>(&self, change: impl FnOnce(&mut Rung) -> T) -> T {
        let done = change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.bell.notify_all();
        done
    }

    /// Something was saved, here or elsewhere: a mail may be due.
    pub fn ring(&self) {
        self.with(|s| s.rung = true);
    }

    fn is_closed(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed
    }

    /// Ends the sender; a mail whose content is leaving gets a moment to arrive.
    pub fn close(&self) {
        self.with(|s| s.closed = true);
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(state, FAREWELL, |s| s.busy);
        drop(waited);
    }

    /// Waits for a ring, or so long; without a length for a ring alone. False when the program ends.
    fn wait(&self, length: Option<Duration>) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let until = length.map(|l| Instant::now() + l);
        while !state.rung && !state.closed {
            state = match until {
                None => self.bell.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    self.bell.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        state.rung = false;
        !state.closed
    }
}

/// The sender's thread: asleep until a mail is due. It has a connection of its own while something waits; the screen
/// hears of what it did as of any other program's work.
pub(super) fn sender_lane(bell: &Arc<Bell>, path: &Path, clock: Clock) {
    let mut pause = Some(START);
    let mut connection: Option<Store> = None;
    while bell.wait(pause) {
        super::lanes::break_here("sender");
        bell.with(|s| s.busy = true);
        pause = match look(&mut connection, path, clock, &|| bell.is_closed()) {
            Ok(pause) => pause,
            Err(_) => {
                connection = None; // the file is ill, which the store's thread tells; it is tried again
                Some(LOOK)
            }
        };
        if pause.is_none() {
            connection = None;
        }
        bell.with(|s| s.busy = false);
    }
}

/// Sends what is due; answers how long to sleep, none: until something is saved.
fn look(
    connection: &mut Option<Store>,
    path: &Path,
    clock: Clock,
    leaving: &dyn Fn() -> bool,
) -> Result<Option<Duration>, Failure> {
    let store = match connection {
        Some(store) => store,
        None => connection.insert(Store::open(path, Mode::Existing)?),
    };
    post::round(store, clock, Limits::USUAL, leaving)?;
    let Some(due) = carrying::next_due(store.db())? else { return Ok(None) };
    // What is due still cannot be sent from here (no password, say): looked at again, not at once.
    let wait = (due - clock.now()).to_std().unwrap_or(LOOK);
    Ok(Some(wait.clamp(Duration::from_secs(1), LOOK)))
}
