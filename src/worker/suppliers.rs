//! What the Suppliers tab asks, is answered and writes.

use super::{Desk, Lane};
use crate::store::{Done, Failure};
use chrono::NaiveDate;

/// What may be read.
#[derive(Clone, Debug)]
pub enum Load {}

/// What was read.
#[derive(Debug)]
pub enum Answer {}

/// What may be written.
#[derive(Clone, Debug)]
pub enum Write {}

impl Load {
    /// Where it is run.
    pub fn lane(&self) -> Lane {
        match *self {}
    }
}

/// Reads what is asked.
pub fn load(_desk: &mut Desk, load: Load, _today: NaiveDate) -> Result<Answer, Failure> {
    match load {}
}

/// Does what is asked.
pub fn write(_desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    match write {}
}
