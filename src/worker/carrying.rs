//! What the screen of moving asks and is answered. It asks in the order of the scans, so that none overtakes another.

use super::Desk;
use crate::domain::ids::ItemId;
use crate::store::Failure;

pub use crate::ops::carrying::{Held, Standing};
pub use crate::ops::scanning::Told;

/// A line. Each is durable when it is answered; only the bin that goods are put into books anything.
#[derive(Clone, Debug)]
pub enum Record {
    /// With what is in the hands; with empty ones at the bin of an item, where one is chosen.
    Begin(Option<ItemId>),
    /// A line of the scan field.
    Enter { text: String, scanned: bool },
    /// The item was chosen by name.
    Choose(ItemId),
}

/// What came of a line, and what is in the hands now.
#[derive(Debug)]
pub struct Answer {
    pub told: Told,
    pub standing: Standing,
}

pub fn record(desk: &mut Desk, record: Record) -> Result<Answer, Failure> {
    let act = desk.act("move");
    let told = match record {
        Record::Begin(item) => desk.carrier.begin(&mut desk.store, &act, item)?,
        Record::Enter { text, scanned } => desk.carrier.enter(&mut desk.store, &act, &text, scanned)?,
        Record::Choose(item) => desk.carrier.choose(&mut desk.store, &act, item)?,
    };
    let standing = desk.carrier.standing(desk.store.db(), &act)?;
    Ok(Answer { told, standing })
}
