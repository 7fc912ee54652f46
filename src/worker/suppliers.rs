//! What the Suppliers tab asks, is answered and writes.

use super::{Desk, Lane, without_value};
use crate::domain::ids::{PoId, PoLineId, SupplierId};
use crate::ops::settings::Settings;
use crate::ops::views::{backorders, supplier, suppliers};
use crate::ops::{chasing, purchasing, receiving};
use crate::store::chasing::open_po_lines;
use crate::store::{Done, Failure};
use chrono::NaiveDate;
use std::collections::HashSet;

pub use crate::ops::chasing::{Answer as Answered, Question, Seen};
pub use crate::ops::receiving::{Arrived, Delivery};
pub use crate::ops::views::backorders::{Shift, Shifted};
pub use crate::ops::views::supplier::{JudgedLine, PoRow, SupplierDetail};
pub use crate::ops::views::suppliers::{Hurt, OpenPo, SupplierRow};
pub use crate::store::chasing::{Chase, OpenPoLine};

/// What may be read.
#[derive(Clone, Debug)]
pub enum Load {
    /// Every supplier and every open PO.
    Rows,
    /// One supplier in full.
    Detail(SupplierId),
    /// What another day for these lines of one supplier would do to customers.
    Shift { supplier: SupplierId, lines: Vec<PoLineId>, day: NaiveDate },
}

/// Every supplier and every open PO.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Rows {
    pub suppliers: Vec<SupplierRow>,
    pub pos: Vec<PoRow>,
    /// Customers who wait for late goods of suppliers that are to be asked today, each once.
    pub waiting: usize,
    /// Days back that are judged.
    pub window_days: i64,
    /// Of on time, in full, answers: what the score is made of.
    pub weights: [f64; 3],
}

/// What was read.
#[derive(Debug)]
pub enum Answer {
    Rows(Box<Rows>),
    Detail(Box<SupplierDetail>),
    Shift { day: NaiveDate, lines: Vec<PoLineId>, shift: Box<Shift> },
}

/// What may be written.
#[derive(Clone, Debug)]
pub enum Write {
    Ask(Question),
    Answer(Answered),
    Send(PoId),
    CancelLine(PoLineId),
    Receive(Delivery),
    Later { supplier: SupplierId, until: NaiveDate, reason: String },
    Note { supplier: SupplierId, seen: String, words: String },
}

impl Load {
    /// Where it is run.
    pub fn lane(&self) -> Lane {
        match self {
            Load::Detail(_) => Lane::Quick,
            Load::Rows | Load::Shift { .. } => Lane::Slow,
        }
    }
}

/// Reads what is asked.
pub fn load(desk: &mut Desk, load: Load, today: NaiveDate) -> Result<Answer, Failure> {
    let db = desk.store.db();
    let settings = Settings::load(db)?;
    let measure = suppliers::measure(&settings);
    Ok(match load {
        Load::Rows => {
            let board = backorders::load(db, &backorders::Terms::of(&settings), today)?;
            let rows = suppliers::load(db, &board, &measure, today)?;
            let to_ask: HashSet<SupplierId> = rows.iter().filter(|r| r.is_to_ask()).map(|r| r.supplier.id).collect();
            Answer::Rows(Box::new(Rows {
                pos: supplier::open_pos(&open_po_lines(db)?, &rows, &board),
                waiting: suppliers::customers_hurt(&board, &to_ask),
                suppliers: rows,
                window_days: measure.window_days,
                weights: measure.weights,
            }))
        }
        Load::Detail(id) => Answer::Detail(Box::new(supplier::load(db, id, &measure, today)?)),
        Load::Shift { supplier, lines, day } => {
            let shift = backorders::shift(db, &backorders::Terms::of(&settings), today, supplier, &lines, day)?;
            Answer::Shift { day, lines, shift: Box::new(shift) }
        }
    })
}

/// Does what is asked.
pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let act = desk.act(match &write {
        Write::Ask(_) => "ask a supplier",
        Write::Answer(_) => "supplier's answer",
        Write::Send(_) => "send a PO",
        Write::CancelLine(_) => "cancel a PO line",
        Write::Receive(_) => "receive",
        Write::Later { .. } => "later",
        Write::Note { .. } => "note",
    });
    match write {
        Write::Ask(question) => chasing::ask(&mut desk.store, act, &question),
        Write::Answer(answer) => chasing::answer(&mut desk.store, act, &answer),
        Write::Send(po) => purchasing::send(&mut desk.store, act, po),
        Write::CancelLine(line) => purchasing::cancel(&mut desk.store, act, line),
        Write::Receive(delivery) => receiving::receive(&mut desk.store, act, &delivery).map(without_value),
        Write::Later { supplier, until, reason } => chasing::put_off(&mut desk.store, act, supplier, until, &reason),
        Write::Note { supplier, seen, words } => chasing::note(&mut desk.store, act, supplier, &seen, &words),
    }
}
