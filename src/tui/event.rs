//! Everything that can happen, in one closed list, and the thread that reads the keyboard.

use crate::worker::Reply;
use crossterm::event::{Event as TermEvent, KeyEventKind};
use std::sync::mpsc::Sender;
use std::time::Instant;

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

/// Reads the keyboard until the program ends. Key releases are dropped here and nowhere else.
pub fn read_keyboard(to: Sender<Event>) {
    loop {
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
