//! What entry by hand reads and writes.

use super::Desk;
use crate::ops::entering;
use crate::store::{Done, Failure};

pub use crate::ops::entering::{About, Card, Kind, NewLine, NewOrder, Noted, Outlook, Whom};

/// What may be read.
#[derive(Clone, Debug)]
pub enum Load {
    /// A record, to be edited.
    Card(Kind, i64),
    /// The number of the next order.
    NextOrder,
    /// What would become of each line of an order. Nothing is written.
    Outlook(Box<NewOrder>),
    Notes(Vec<About>),
}

/// What was read.
#[derive(Debug)]
pub enum Answer {
    Card(Box<Card>),
    NextOrder(String),
    /// Or why it cannot be taken so.
    Outlook(Result<Vec<Outlook>, String>),
    Notes(Vec<Noted>),
}

/// What may be written.
#[derive(Clone, Debug)]
pub enum Write {
    /// A record, new or changed: what was seen, what is wanted, and of a new item what lies in which bin.
    Card {
        seen: Box<Card>,
        wanted: Box<Card>,
        level: Option<(String, String)>,
    },
    Order(Box<NewOrder>),
    /// Notes, each with the words that it is to have.
    Notes(Vec<(Noted, String)>),
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    Ok(match load {
        Load::Card(kind, id) => Answer::Card(Box::new(Card::load(desk.store.db(), kind, id)?)),
        Load::NextOrder => Answer::NextOrder(entering::next_code(desk.store.db())?),
        Load::Outlook(order) => {
            let act = desk.act("order");
            Answer::Outlook(match entering::outlook(&mut desk.store, act, &order) {
                Ok(found) => Ok(found),
                Err(Failure::Refused(r)) => Err(r.sentence().to_string()),
                Err(failure) => return Err(failure),
            })
        }
        Load::Notes(of) => Answer::Notes(entering::notes(desk.store.db(), &of)?),
    })
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    match write {
        Write::Card { seen, wanted, level } => {
            let act = desk.act(if wanted.id.is_some() { "edit" } else { "new" });
            entering::save(&mut desk.store, act, &seen, &wanted, level)
        }
        Write::Order(order) => {
            let act = desk.act("order");
            entering::order(&mut desk.store, act, &order)
        }
        Write::Notes(notes) => {
            let act = desk.act("note");
            entering::write_notes(&mut desk.store, act, &notes)
        }
    }
}
