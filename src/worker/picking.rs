//! What the screens of picking ask, are answered, record and write.

use super::deliveries::{Paper, of_sheet};
use super::{Desk, Lane};
use crate::domain::ids::PickId;
use crate::ops::picking as ops;
use crate::store::{Done, Failure};

pub use crate::ops::picking::{Listed, Ship, Spot, Standing, Which, nothing_picked};
pub use crate::ops::scanning::Told;

#[derive(Clone, Debug)]
pub enum Load {
    /// The open rounds, and what a new one would be.
    Menu,
    Standing(PickId),
    /// The list to print.
    Paper(PickId),
}

#[derive(Debug)]
pub enum Answer {
    Menu(Menu),
    Begun(PickId),
    Standing(Box<Standing>),
    Told(Told, Box<Standing>),
    Paper(Paper),
    Marked,
}

/// What is written down while a round goes on. Each is durable when it is answered.
#[derive(Clone, Debug)]
pub enum Record {
    Begin(Which),
    /// A line of the scan field; `about`: the place that was chosen in the list; `sure`: it was asked about.
    Enter {
        pick: PickId,
        text: String,
        scanned: bool,
        about: Option<i64>,
        sure: bool,
    },
    /// No more lies at the place than was taken.
    Short {
        pick: PickId,
        place: i64,
    },
    Drop(PickId),
}

#[derive(Clone, Debug)]
pub enum Write {
    Ship { pick: PickId, ship: Ship },
}

/// What the choice of a round shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Menu {
    pub open: Vec<Listed>,
    /// Orders and places of complete orders, and of all that lies here.
    pub whole: (usize, usize),
    pub all: (usize, usize),
}

impl Load {
    pub fn lane(&self) -> Lane {
        match self {
            Load::Menu => Lane::Slow,
            Load::Standing(_) | Load::Paper(_) => Lane::Quick,
        }
    }
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    let db = desk.store.db();
    Ok(match load {
        Load::Menu => Answer::Menu(Menu {
            open: ops::open(db)?,
            whole: ops::preview(db, Which::Whole)?,
            all: ops::preview(db, Which::All)?,
        }),
        Load::Standing(pick) => Answer::Standing(Box::new(ops::standing(db, pick, &desk.operator)?)),
        Load::Paper(pick) => {
            let spots = ops::spots(db, pick)?;
            Answer::Paper(of_sheet(&ops::sheet(&spots), ops::page(&spots)))
        }
    })
}

pub fn record(desk: &mut Desk, record: Record) -> Result<Answer, Failure> {
    let act = desk.act("pick");
    let (pick, told) = match record {
        Record::Begin(which) => return Ok(Answer::Begun(ops::begin(&mut desk.store, &act, which, None)?)),
        Record::Drop(pick) => {
            ops::throw_away(&mut desk.store, &act, pick)?;
            return Ok(Answer::Marked);
        }
        Record::Enter { pick, text, scanned, about, sure } => {
            let sent = ops::Sent { text: &text, scanned, uid: None, about, sure };
            (pick, ops::enter(&mut desk.store, &act, pick, &sent)?)
        }
        Record::Short { pick, place } => (pick, ops::short(&mut desk.store, &act, pick, place)?),
    };
    Ok(Answer::Told(told, Box::new(ops::standing(desk.store.db(), pick, &desk.operator)?)))
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let Write::Ship { pick, ship } = write;
    let act = desk.act("ship");
    ops::ship(&mut desk.store, act, pick, &ship)
}
