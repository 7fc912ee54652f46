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
    /// Something broke.
    Broken(anyhow::Error),
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
            Failure::Refused(r) | Failure::Usage(r) => r.fmt(f),
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
        let sentence = match e.sqlite_error_code() {
            Some(Code::DiskFull) => {
                "The disk is full, so this was not saved. Make room and do it again; nothing else is lost."
            }
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => {
                "Another program is writing to the warehouse file for a long time, so this was not saved. Try again in a moment."
            }
            Some(Code::ReadOnly) => {
                "The warehouse file may only be read here, so this was not saved. Ask whoever owns the file for the right to write."
            }
            Some(Code::DatabaseCorrupt) => {
                "A part of the warehouse file cannot be read. Do not go on working in it: run `backshelf check`, then restore the last copy (`backshelf restore`)."
            }
            Some(Code::NotADatabase) => {
                "This file is not a backshelf warehouse. Give the right file with --db, or a new name to start one."
            }
            _ => return Failure::Broken(e.into()),
        };
        Failure::refused(sentence)
    }
}
