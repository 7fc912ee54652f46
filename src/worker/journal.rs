//! The list of what was done, and taking a line of it back.

use super::Desk;
use crate::domain::ids::OperationId;
use crate::store::{Done, Failure, browse};

pub use crate::store::browse::Operation;

#[derive(Clone, Debug)]
pub enum Load {
    /// The newest operations, last on top.
    Recent,
}

#[derive(Debug)]
pub enum Answer {
    Recent(Vec<Operation>),
}

#[derive(Clone, Debug)]
pub enum Write {
    TakeBack(OperationId),
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    let Load::Recent = load;
    Ok(Answer::Recent(browse::operations(desk.store.db(), 200)?))
}

pub fn write(_desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let Write::TakeBack(operation) = write;
    Err(Failure::refused(format!("Operation {} cannot be taken back here yet.", operation.0)))
}
