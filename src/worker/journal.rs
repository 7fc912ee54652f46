//! The list of what was done, taking a line of it back, and the story of an item, a bin, an order.

use super::{Desk, Lane};
use crate::domain::ids::OperationId;
use crate::ops::undo;
use crate::ops::views::history;
use crate::store::{Done, Failure};
use chrono::NaiveDateTime;

pub use crate::ops::undo::{MailOf, Preview, UndoRow};
pub use crate::ops::views::history::{Event, History, Subject};

/// How much of the past a list shows.
const SHOWN: usize = 500;

#[derive(Clone, Debug)]
pub enum Load {
    /// The newest operations, last on top.
    Recent,
    /// What taking this one back would do.
    Preview(OperationId),
    History(Subject),
}

#[derive(Debug)]
pub enum Answer {
    Recent {
        operations: Vec<UndoRow>,
        /// Who looks at it.
        me: String,
        /// When it was read.
        now: NaiveDateTime,
    },
    Preview(OperationId, Preview),
    History(Box<History>),
}

#[derive(Clone, Debug)]
pub enum Write {
    TakeBack(OperationId),
}

impl Load {
    pub fn lane(&self) -> Lane {
        match self {
            Load::Recent | Load::Preview(_) => Lane::Quick,
            Load::History(_) => Lane::Slow,
        }
    }
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    let db = desk.store.db();
    Ok(match load {
        Load::Recent => {
            Answer::Recent { operations: undo::list(db, SHOWN)?, me: desk.operator.clone(), now: desk.clock.now() }
        }
        Load::Preview(operation) => Answer::Preview(operation, undo::preview_for(db, operation, Some(&desk.operator))?),
        Load::History(subject) => Answer::History(Box::new(history::history(db, subject, SHOWN)?)),
    })
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let Write::TakeBack(operation) = write;
    let act = desk.act("undo");
    undo::undo(&mut desk.store, act, operation)
}
