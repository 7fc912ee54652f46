//! What the receiving screens ask, are answered, record and write.

use super::{Desk, Lane, without_value};
use crate::domain::ids::{DeliveryId, ItemId, PoId, PoLineId};
use crate::domain::quantity::Qty;
use crate::exchange::sheet::Value;
use crate::ops::deliveries::{self as ops, booking, paper, receiver, standing};
use crate::ops::scanning::{self, Meaning};
use crate::store::{Done, Failure, Store, deliveries as store, goods};
use chrono::NaiveDate;

pub use crate::ops::deliveries::booking::Booking;
pub use crate::ops::deliveries::standing::{Goes, Row, Standing, To};
pub use crate::ops::deliveries::{BAD, Listed};
pub use crate::ops::scanning::Told;
pub use crate::store::deliveries::{Blind, Expected};

#[derive(Clone, Debug)]
pub enum Load {
    /// What is half done, what is expected, what waits for its PO.
    Menu,
    /// Where this person is in a delivery.
    Standing(DeliveryId),
    /// Who the goods of a booked delivery are for, and where they lie.
    PutAside(DeliveryId),
}

#[derive(Debug)]
pub enum Answer {
    Menu(Box<Menu>),
    Begun(DeliveryId),
    /// The POs that a scanned code may mean, and what to say.
    Found(Vec<PoId>, String),
    Standing(Box<Standing>),
    /// What came of a line, and where this person is now.
    Told(Told, Box<Standing>),
    PutAside(Paper),
    /// A decision was kept.
    Marked,
}

/// Something to read, to print and to export.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Paper {
    pub lines: Vec<String>,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<Value>>,
}

/// What is written down while a delivery is taken in. Each is durable when it is answered.
#[derive(Clone, Debug)]
pub enum Record {
    /// Of a PO, else without one. Where one of that PO is half done, it goes on.
    Begin(Option<PoId>),
    /// Which POs does this code mean? Nothing is written; asked here so that no scan is overtaken.
    Look(String),
    /// A line of the scan field; `about`: the item that was chosen in the list.
    Enter {
        delivery: DeliveryId,
        text: String,
        scanned: bool,
        about: Option<ItemId>,
    },
    /// The item was chosen by name.
    Choose {
        delivery: DeliveryId,
        item: ItemId,
        /// Where it names a code that nobody knew: how many one scan of that counts.
        pack: Qty,
    },
    /// The number of the delivery note.
    Note {
        delivery: DeliveryId,
        number: String,
    },
    Drop(DeliveryId),
}

#[derive(Clone, Debug)]
pub enum Write {
    Book(Booking),
    /// Goods that came without a PO were for this line.
    Match {
        blind: i64,
        line: PoLineId,
        sure: bool,
    },
}

/// What the choice of a delivery shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Menu {
    pub open: Vec<Listed>,
    pub expected: Vec<Expected>,
    pub unmatched: Vec<Blind>,
}

impl Load {
    pub fn lane(&self) -> Lane {
        match self {
            Load::Standing(_) | Load::PutAside(_) => Lane::Quick,
            Load::Menu => Lane::Slow,
        }
    }
}

pub fn load(desk: &mut Desk, load: Load, today: NaiveDate) -> Result<Answer, Failure> {
    let db = desk.store.db();
    Ok(match load {
        Load::Menu => Answer::Menu(Box::new(Menu {
            open: ops::to_finish(db)?,
            expected: store::expected(db)?,
            unmatched: store::unmatched(db)?,
        })),
        Load::Standing(delivery) => {
            let receiver = receiver::Receiver::resume(db, delivery, &desk.operator)?;
            let standing = standing::standing(db, &receiver, today)?;
            desk.receiver = Some(receiver);
            Answer::Standing(Box::new(standing))
        }
        Load::PutAside(delivery) => Answer::PutAside(put_aside(db, delivery)?),
    })
}

fn put_aside(db: &crate::store::Db, delivery: DeliveryId) -> Result<Paper, Failure> {
    let list = paper::of_delivery(db, delivery)?;
    let name = ops::Facts::load(db, delivery)?;
    let of = name.supplier().map_or("a delivery".to_string(), |(_, s)| format!("{}, {s}", name.po_codes()));
    Ok(of_sheet(&paper::sheet(&list), paper::page(&list, &format!("Put-aside list of {of}"))))
}

/// A sheet and its page, as the screen shows them.
pub fn of_sheet(sheet: &crate::exchange::sheet::Sheet, lines: Vec<String>) -> Paper {
    Paper { lines, columns: sheet.columns.clone(), rows: sheet.rows.clone() }
}

pub fn record(desk: &mut Desk, record: Record) -> Result<Answer, Failure> {
    let act = desk.act("receive");
    match record {
        Record::Begin(po) => Ok(Answer::Begun(ops::begin(&mut desk.store, &act, po, None)?)),
        Record::Look(code) => look(desk, &code),
        Record::Enter { delivery, text, scanned, about } => {
            let sent = receiver::Sent { text: &text, scanned, uid: None, about };
            with_receiver(desk, delivery, |receiver, store| receiver.enter(store, &act, &sent))
        }
        Record::Choose { delivery, item, pack } => {
            with_receiver(desk, delivery, |receiver, store| receiver.choose(store, &act, item, pack))
        }
        Record::Note { delivery, number } => {
            with_receiver(desk, delivery, |receiver, store| receiver.note(store, &act, &number))
        }
        Record::Drop(delivery) => {
            ops::throw_away(&mut desk.store, &act, delivery)?;
            Ok(Answer::Marked)
        }
    }
}

fn look(desk: &Desk, code: &str) -> Result<Answer, Failure> {
    let db = desk.store.db();
    Ok(match scanning::meaning(db, code, desk.today())? {
        Meaning::Po(po) => Answer::Found(vec![po], String::new()),
        Meaning::Item { item, .. } => {
            let name = goods::item(db, item)?.name;
            let pos = store::pos_with(db, item)?;
            let said = match pos.len() {
                0 => format!("No PO waits for {name}: take it in without a PO, the last row."),
                1 => String::new(),
                n => format!("{n} POs wait for {name}: choose one."),
            };
            Answer::Found(pos.into_iter().map(|p| p.0).collect(), said)
        }
        _ => match receiver::po_of(db, code)? {
            Some(po) => Answer::Found(vec![po], String::new()),
            None => {
                Answer::Found(Vec::new(), format!("Nothing here has the code {code}: choose a row, or the last one."))
            }
        },
    })
}

fn with_receiver(
    desk: &mut Desk,
    delivery: DeliveryId,
    work: impl FnOnce(&mut receiver::Receiver, &mut Store) -> Result<Told, Failure>,
) -> Result<Answer, Failure> {
    let mut receiver = match desk.receiver.take().filter(|r| r.delivery == delivery) {
        Some(receiver) => receiver,
        None => receiver::Receiver::resume(desk.store.db(), delivery, &desk.operator)?,
    };
    let told = work(&mut receiver, &mut desk.store);
    let standing = standing::standing(desk.store.db(), &receiver, desk.today());
    desk.receiver = Some(receiver);
    Ok(Answer::Told(told?, Box::new(standing?)))
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    match write {
        Write::Book(wanted) => {
            let act = desk.act("receive");
            booking::book(&mut desk.store, act, &wanted).map(without_value)
        }
        Write::Match { blind, line, sure } => {
            let act = desk.act("match a receipt");
            booking::match_to(&mut desk.store, act, blind, line, sure)
        }
    }
}
