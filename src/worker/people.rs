//! Who works here: the list, changing it, and somebody saying who he is.

use super::office::{free, paper_folder, said, the_printer};
use super::{Desk, Lane};
use crate::domain::people::Role;
use crate::ops::{papers, people as ops};
use crate::store::{Done, Failure};
use chrono::{NaiveDateTime, TimeDelta};
use std::path::PathBuf;

pub use crate::ops::people::{Entered, Person};

/// So many wrong PINs in a row, then a rest.
const TRIES: u32 = 5;
const REST: TimeDelta = TimeDelta::seconds(30);

/// Words that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// Wrong PINs since the last right one.
#[derive(Clone, Default, Debug)]
pub struct Wrong {
    times: u32,
    until: Option<NaiveDateTime>,
}

#[derive(Clone, Debug)]
pub enum Load {
    /// Everybody, and whether roles count.
    List,
    /// Somebody says who he is.
    Enter { text: Secret, pin: Option<Secret> },
    /// A code for a new badge.
    NewBadge,
    /// Prints a badge, or writes it to that file.
    PrintBadge { name: String, code: Secret, to: Option<PathBuf> },
}

#[derive(Debug)]
pub enum Answer {
    List {
        people: Vec<Person>,
        in_force: bool,
    },
    Entered(Entered),
    /// Too many wrong PINs: not before this moment.
    Rest(NaiveDateTime),
    NewBadge(Secret),
    /// It was printed or written, or why not.
    Printed(Result<String, String>),
}

#[derive(Clone, Debug)]
pub enum Write {
    Add {
        name: String,
        role: Role,
    },
    Role {
        name: String,
        role: Role,
    },
    /// Blank: none any more.
    Pin {
        name: String,
        pin: Secret,
    },
    Badge {
        name: String,
        code: Secret,
    },
    Remove {
        name: String,
    },
}

impl Load {
    pub fn lane(&self) -> Lane {
        Lane::Quick
    }
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    let now = desk.clock.now();
    Ok(match load {
        Load::List => {
            let people = ops::list(desk.store.db())?;
            Answer::List { in_force: ops::in_force(&people), people }
        }
        Load::NewBadge => Answer::NewBadge(Secret(ops::new_badge()?)),
        Load::PrintBadge { name, code, to } => {
            let put = || {
                to.as_deref().map_or(Ok(()), free)?;
                let paper = papers::badge(&name, &code.0)?;
                papers::put(&paper, &the_printer(desk)?, &paper_folder(desk), to.as_deref())
            };
            Answer::Printed(said(put()))
        }
        Load::Enter { text, pin } => {
            if let Some(until) = desk.wrong_pins.until.filter(|until| pin.is_some() && now < *until) {
                return Ok(Answer::Rest(until));
            }
            let entered = ops::enter(desk.store.db(), &text.0, pin.as_ref().map(|p| p.0.as_str()))?;
            match &entered {
                Entered::In(_) => desk.wrong_pins = Wrong::default(),
                Entered::WrongPin(_) => {
                    desk.wrong_pins.times += 1;
                    if desk.wrong_pins.times >= TRIES {
                        desk.wrong_pins = Wrong { times: 0, until: Some(now + REST) };
                    }
                }
                Entered::Pin(_) | Entered::Nobody | Entered::Free(_) => {}
            }
            Answer::Entered(entered)
        }
    })
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let act = desk.act("people");
    let store = &mut desk.store;
    let given = |secret: &Secret| Some(secret.0.trim().to_string()).filter(|s| !s.is_empty());
    match write {
        Write::Add { name, role } => ops::add(store, act, &name, role),
        Write::Role { name, role } => ops::set_role(store, act, &name, role),
        Write::Pin { name, pin } => ops::set_pin(store, act, &name, given(&pin).as_deref()),
        Write::Badge { name, code } => ops::set_badge(store, act, &name, given(&code).as_deref()),
        Write::Remove { name } => ops::remove(store, act, &name),
    }
}
