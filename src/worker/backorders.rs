//! What the Backorders tab asks, is answered and writes.

use super::{Desk, Lane};
use crate::domain::ids::{CustomerId, LineId, OrderId};
use crate::ops::backorders as desk_work;
use crate::ops::outbox::{self, Unsent};
use crate::ops::settings::Settings;
use crate::ops::views::{backorders, refunds, turns};
use crate::store::{Done, Failure, customers};
use chrono::NaiveDate;
use std::sync::Arc;

pub use crate::domain::allocation::Turn;
pub use crate::ops::backorders::{CancelLine, NewDate, Parcel, Talk, TalkLine, no_later};
pub use crate::ops::views::backorders::{
    Board, Cause, CauseRow, CustomerRow, Due, Summary, Terms, WaitingLine, silence,
};
pub use crate::ops::views::refunds::Refund;
pub use crate::ops::views::turns::Shift;
pub use crate::store::backlog::Customer;
pub use crate::store::customers::{Bought, CustomerDetail, Instead, OpenOrder, TalkRow};

/// What may be read.
#[derive(Clone, Debug)]
pub enum Load {
    /// Everything that waits.
    Board,
    /// One customer in full.
    Detail(CustomerId),
    /// What giving these lines this turn would change.
    Turn { lines: Vec<LineId>, turn: Turn },
}

/// Everything that waits, as the tab keeps it.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    pub board: Board,
    /// Owed after a cancellation.
    pub refunds: Vec<Refund>,
    /// What is due today.
    pub due: Due,
    /// Mails that have not left, and those that need a person.
    pub unsent: Unsent,
    /// Days after a talk when the customer hears again.
    pub cadence_days: i64,
}

/// What was read.
#[derive(Debug)]
pub enum Answer {
    Board(Arc<Shown>),
    Detail(Box<CustomerDetail>),
    Turn { turn: Turn, shifts: Vec<Shift> },
}

/// What may be written.
#[derive(Clone, Debug)]
pub enum Write {
    Talk(Talk),
    NewDate {
        lines: Vec<NewDate>,
        reason: String,
    },
    Ship(Vec<Parcel>),
    Cancel {
        lines: Vec<CancelLine>,
        reason: String,
        refunded: bool,
    },
    /// The money of these orders went back.
    Refunded(Vec<OrderId>),
    Later {
        customers: Vec<CustomerId>,
        until: NaiveDate,
        reason: String,
    },
    Turn {
        lines: Vec<LineId>,
        turn: Turn,
    },
}

impl Load {
    /// Where it is run.
    pub fn lane(&self) -> Lane {
        match self {
            Load::Board | Load::Turn { .. } => Lane::Slow,
            Load::Detail(_) => Lane::Quick,
        }
    }
}

/// Reads what is asked.
pub fn load(desk: &mut Desk, load: Load, today: NaiveDate) -> Result<Answer, Failure> {
    let db = desk.store.db();
    Ok(match load {
        Load::Board => {
            let terms = Terms::of(&Settings::load(db)?);
            let board = backorders::load_at(db, &terms, desk.clock.moment())?;
            let refunds = refunds::owed(db, &terms)?;
            Answer::Board(Arc::new(Shown {
                due: Due::of(&board.customers, &refunds, today),
                board,
                refunds,
                unsent: outbox::unsent(db)?,
                cadence_days: terms.delay.cadence_days,
            }))
        }
        Load::Detail(customer) => Answer::Detail(Box::new(customers::detail(db, customer)?)),
        Load::Turn { lines, turn } => {
            let terms = Terms::of(&Settings::load(db)?);
            Answer::Turn { turn, shifts: turns::preview(db, &terms, &lines, turn, today)? }
        }
    })
}

/// Does what is asked.
pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let kind = match &write {
        Write::Talk(_) => "contact",
        Write::NewDate { .. } => "new-date",
        Write::Ship(_) => "ship",
        Write::Cancel { .. } => "cancel",
        Write::Refunded(_) => "refund",
        Write::Later { .. } => "later",
        Write::Turn { .. } => "turn",
    };
    let (act, store) = (desk.act(kind), &mut desk.store);
    match write {
        Write::Talk(talk) => desk_work::talk(store, act, &talk),
        Write::NewDate { lines, reason } => desk_work::promise(store, act, &lines, &reason),
        Write::Ship(parcels) => desk_work::ship(store, act, &parcels),
        Write::Cancel { lines, reason, refunded } => desk_work::cancel(store, act, &lines, &reason, refunded),
        Write::Refunded(orders) => desk_work::refunded(store, act, &orders),
        Write::Later { customers, until, reason } => desk_work::put_off(store, act, &customers, until, &reason),
        Write::Turn { lines, turn } => desk_work::set_turn(store, act, &lines, turn),
    }
}
