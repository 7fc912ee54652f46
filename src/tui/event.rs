//! Everything that can happen, in one closed list, and the thread that reads the keyboard.

use crate::worker::Reply;
use crossterm::event::{Event as TermEvent, KeyEventKind};
use rustix::event::{PollFd, PollFlags, poll};
use std::io::{IsTerminal, PipeReader, PipeWriter, Read, Write};
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
pub struct Keyboard {
    /// A byte in it wakes the reader.
    wake: (PipeReader, PipeWriter),
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

/// So many times may the terminal have had something to read that was no event: then it has ended.
const FRUITLESS: usize = 16;
/// How long the reader may take to let go.
const LET_GO: Duration = Duration::from_secs(2);

impl Keyboard {
    pub fn new() -> std::io::Result<Keyboard> {
        Ok(Keyboard { wake: std::io::pipe()?, state: Mutex::default(), bell: Condvar::new() })
    }

    /// Holds the reader back; false where it cannot be.
    pub fn pause(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.wanted = true;
        let _ = (&self.wake.1).write_all(b"!"); // a full pipe wakes as well
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

    fn stand_aside(&self) {
        let mut byte = [0_u8];
        let _ = (&self.wake.0).read(&mut byte); // there is one: the pipe was readable
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.idle = state.wanted;
        self.bell.notify_all();
        let mut state = self.bell.wait_while(state, |s| s.wanted).unwrap_or_else(PoisonError::into_inner);
        state.idle = false;
    }

    /// Waits until there is something to read.
    fn wait(&self) -> Woken {
        let stdin = std::io::stdin();
        if !stdin.is_terminal() {
            return Woken::Blind;
        }
        let mut both = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&self.wake.0, PollFlags::IN)];
        if poll(&mut both, None).is_err() {
            return Woken::Idly; // by a signal: look, and wait again
        }
        let [keys, wake] = &both;
        if wake.revents().contains(PollFlags::IN) {
            self.stand_aside();
            return Woken::Idly;
        }
        let gone = keys.revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
        if gone { Woken::Blind } else { Woken::ByKeys }
    }
}

/// What ended a wait for keys.
enum Woken {
    ByKeys,
    /// Something else: nothing to read.
    Idly,
    /// Only crossterm can tell.
    Blind,
}

/// Reads the keyboard until the program ends. Key releases are dropped here and nowhere else.
pub fn read_keyboard(keyboard: &Keyboard, to: Sender<Event>) {
    let mut fruitless = 0;
    loop {
        // What crossterm has read already comes first. A terminal that is gone is read until it says so.
        let ready = if fruitless < FRUITLESS { crossterm::event::poll(Duration::ZERO) } else { Ok(true) };
        let read = ready.and_then(|ready| if ready { crossterm::event::read().map(Some) } else { Ok(None) });
        match read {
            Ok(None) => match keyboard.wait() {
                Woken::ByKeys => fruitless += 1,
                Woken::Idly => {}
                Woken::Blind => fruitless = FRUITLESS,
            },
            Ok(Some(event)) => {
                fruitless = 0;
                if matches!(&event, TermEvent::Key(key) if key.kind == KeyEventKind::Release) {
                    continue;
                }
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
