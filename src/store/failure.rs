//! Why something was not done: the rules said no, or something broke.

use crate::domain::refusal::Refusal;
use std::fmt;

/// A refusal is a sentence for the person; an error is for us, with its context chain.
#[derive(Debug)]
pub enum Failure {
    /// The rules say no (or the file cannot be used): the sentence is for the person.
    Refused(Refusal),
    /// The command was used wrongly (a missing file, an unknown key): exit code 2.
    Usage(Refusal),
    /// The file itself is ill: what is the matter, and the sentence for the person.
    File(Ill, Refusal),
    /// Something broke.
    Broken(anyhow::Error),
}

/// A state of the warehouse file in which work cannot go on until someone has solved it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ill {
    Full,
    Locked,
    ReadOnly,
    Corrupt,
    /// The disk or the network below it fails.
    Unreachable,
    /// Another file, or none, stands where the open one was.
    Gone,
}

impl Ill {
    /// One sentence of at most 78 characters for the top of the screen, until it is solved.
    pub fn sentence(self) -> &'static str {
        match self {
            Ill::Full => "The disk is full: nothing can be saved until there is room again.",
            Ill::Locked => "Another program holds the file: nothing can be saved until it is done.",
            Ill::ReadOnly => "The file may only be read: nothing can be saved. Ask whoever owns it.",
            Ill::Corrupt => "A part of the file cannot be read. Leave, then: backshelf check, restore.",
            Ill::Unreachable => "The file cannot be read or written: its disk fails. Nothing is saved.",
            Ill::Gone => "The file was moved or deleted: nothing is saved. Leave; open it where it is.",
        }
    }
}

impl Failure {
    /// A refusal with this sentence.
    pub fn refused(sentence: impl Into<String>) -> Failure {
        Failure::Refused(Refusal::new(sentence))
    }
    /// Wrong use with this sentence.
    pub fn usage(sentence: impl Into<String>) -> Failure {
        Failure::Usage(Refusal::new(sentence))
    }
    /// Says what was being done when something broke; sentences stay as they are.
    pub fn while_doing(self, what: &str) -> Failure {
        match self {
            Failure::Broken(e) => Failure::Broken(e.context(what.to_string())),
            sentence => sentence,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Refused(r) | Failure::Usage(r) | Failure::File(_, r) => r.fmt(f),
            Failure::Broken(e) => write!(f, "{e:#}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Refusal> for Failure {
    fn from(r: Refusal) -> Failure {
        Failure::Refused(r)
    }
}
impl From<anyhow::Error> for Failure {
    fn from(e: anyhow::Error) -> Failure {
        Failure::Broken(e)
    }
}
impl From<std::io::Error> for Failure {
    fn from(e: std::io::Error) -> Failure {
        Failure::Broken(e.into())
    }
}
impl From<serde_json::Error> for Failure {
    fn from(e: serde_json::Error) -> Failure {
        Failure::Broken(e.into())
    }
}

/// The states of the file that a person can do something about get their sentence here; the rest is broken.
impl From<rusqlite::Error> for Failure {
    fn from(e: rusqlite::Error) -> Failure {
        use rusqlite::ErrorCode as Code;
        let (ill, sentence) = match e.sqlite_error_code() {
            Some(Code::DiskFull) => {
                (Ill::Full, "The disk is full, so this was not saved. Make room and do it again; nothing else is lost.")
            }
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => (
                Ill::Locked,
                "Another program is writing to the warehouse file for a long time, so this was not saved. Try again in a moment.",
            ),
            Some(Code::ReadOnly) => (
                Ill::ReadOnly,
                "The warehouse file may only be read here, so this was not saved. Ask whoever owns the file for the right to write.",
            ),
            Some(Code::DatabaseCorrupt) => (
                Ill::Corrupt,
                "A part of the warehouse file cannot be read. Do not go on working in it: run `backshelf check`, then restore the last copy (`backshelf restore`).",
            ),
            Some(Code::SystemIoFailure | Code::CannotOpen) => (
                Ill::Unreachable,
                "The warehouse file cannot be read or written just now: its disk or network fails. Nothing of this was saved; try again.",
            ),
            Some(Code::NotADatabase) => {
                return Failure::refused(
                    "This file is not a backshelf warehouse. Give the right file with --db, or a new name to start one.",
                );
            }
            _ => return Failure::Broken(e.into()),
        };
        Failure::File(ill, Refusal::new(sentence))
    }
}
