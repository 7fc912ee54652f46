//! Everything that can happen, in one closed list, and the thread that reads the keyboard.

use crate::worker::Reply;
use crossterm::event::{Event as TermEvent, KeyEventKind};
use std::sync::mpsc::Sender;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Something happened.
#[derive(Debug)]
pub enum Event {
    /// A key, paste, mouse event or another size, and when it came.
    Term(TermEvent, Instant),
    /// An answer of the worker.
    Reply(Reply),
    /// Held keys may be due.
    Tick(Instant),
    Signal(Signal),
    /// The person is done with a text in his own editor; else a sentence why not.
    Edited {
        overlay: u64,
        text: Result<String, String>,
    },
}

/// What the system told us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signal {
    /// Leave now, cleanly.
    End,
    /// Suspend.
    Stop,
    /// We were suspended and go on: the screen is unknown.
    Continue,
}

/// The keyboard's reader as others may hold it back: while an editor has the terminal, its keys are not ours.
#[derive(Default)]
pub struct Keyboard {
    state: Mutex<Held>,
    bell: Condvar,
}

#[derive(Default)]
struct Held {
    /// The reader shall not read.
    wanted: bool,
    /// It does not.
    idle: bool,
}

/// How long the reader may take to let go.
const LET_GO: Duration = Duration::from_secs(2);

impl Keyboard {
    /// Holds the reader back; false where it cannot be.
    pub fn pause(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.wanted = true;
        // It sits in crossterm's read, which a change of size ends. (crossterm's poll with no time to wait reads
        // nothing, and with a little time may miss keys that it holds: it is not asked.)
        if signal_hook::low_level::raise(signal_hook::consts::SIGWINCH).is_err() {
            state.wanted = false;
            return false;
        }
        let waited = self.bell.wait_timeout_while(state, LET_GO, |s| !s.idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        state.wanted = state.idle;
        state.idle
    }

    /// Lets it read on.
    pub fn go_on(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).wanted = false;
        self.bell.notify_all();
    }

    /// Waits here while the reader is held back.
    fn stand_aside(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.wanted {
            return;
        }
        state.idle = true;
        self.bell.notify_all();
        let mut state = self.bell.wait_while(state, |s| s.wanted).unwrap_or_else(PoisonError::into_inner);
        state.idle = false;
    }
}

/// Reads the keyboard until the program ends. Key releases are dropped here and nowhere else.
pub fn read_keyboard(keyboard: &Keyboard, to: Sender<Event>) {
    loop {
        keyboard.stand_aside();
        match crossterm::event::read() {
            Ok(TermEvent::Key(key)) if key.kind == KeyEventKind::Release => {}
            Ok(event) => {
                crate::worker::lanes::break_here("keyboard");
                if to.send(Event::Term(event, Instant::now())).is_err() {
                    return;
                }
            }
            Err(_) => {
                // The terminal is gone.
                let _ = to.send(Event::Signal(Signal::End));
                return;
            }
        }
    }
}
