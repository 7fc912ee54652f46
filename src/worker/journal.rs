//! The list of what was done, and taking a line of it back.

use super::Desk;
use crate::domain::ids::OperationId;
use crate::ops::undo;
use crate::store::{Done, Failure};

pub use crate::ops::undo::{Preview, UndoRow};

/// How much of the past the list shows.
const SHOWN: usize = 500;

#[derive(Clone, Debug)]
pub enum Load {
    /// The newest operations, last on top.
    Recent,
    /// What taking this one back would do.
    Preview(OperationId),
}

#[derive(Debug)]
pub enum Answer {
    Recent(Vec<UndoRow>),
    Preview(OperationId, Preview),
}

#[derive(Clone, Debug)]
pub enum Write {
    TakeBack(OperationId),
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    Ok(match load {
        Load::Recent => Answer::Recent(undo::list(desk.store.db(), SHOWN)?),
        Load::Preview(operation) => {
            Answer::Preview(operation, undo::preview_for(desk.store.db(), operation, Some(&desk.operator))?)
        }
    })
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let Write::TakeBack(operation) = write;
    let act = desk.act("undo");
    undo::undo(&mut desk.store, act, operation)
}
