//! What the Backorders tab asks, is answered and writes.

use super::{Desk, Lane, presence};
use crate::domain::ids::{CustomerId, ItemId, LineId};
use crate::domain::people::Matter;
use crate::messages::Shelf;
use crate::ops::backorders as desk_work;
use crate::ops::not_told;
use crate::ops::outbox::{self, Unsent};
use crate::ops::settings::Settings;
use crate::ops::talking::terms as talking;
use crate::ops::views::{backorders, offers, refunds, surplus, what_if};
use crate::ops::{acting, shipping};
use crate::store::{Done, Failure, acting as kept, browse, customers};
use chrono::{Days, NaiveDate};
use std::sync::Arc;

pub use crate::domain::allocation::Turn;
pub use crate::messages::written::BAR;
pub use crate::messages::{Form, Law};
pub use crate::ops::backorders::{
    CancelLine, NewDate, Parcel, Payment, Said, Sending, Split, Swap, Talk, TalkLine, Yes, no_later,
};
pub use crate::ops::not_told::Before;
pub use crate::ops::talking::terms::is_late;
pub use crate::ops::talking::terms::{Asked, TalkTerms};
pub use crate::ops::talking::{Way, listed_days, stays};
pub use crate::ops::views::backorders::{
    Board, Cause, CauseRow, ChannelRow, CustomerRow, Due, Summary, Terms, WaitingLine, silence,
};
pub use crate::ops::views::offers::{Achieved, By};
pub use crate::ops::views::refunds::Refund;
pub use crate::ops::views::surplus::Surplus;
pub use crate::ops::views::what_if::{Deed, Shift};
pub use crate::store::acting::{Alternative, OnTheWay, Reasons, Story};
pub use crate::store::backlog::Customer;
pub use crate::store::customers::{Bought, CustomerDetail, Instead, OpenOrder, TalkRow};

/// What may be read.
#[derive(Clone, Debug)]
pub enum Load {
    /// Everything that waits.
    Board,
    /// One customer in full.
    Detail(CustomerId),
    /// What a deed would change.
    WhatIf(Deed),
    /// What could be sent instead of an item.
    Alternatives(ItemId),
    /// Shipped lines of which nobody said that they arrived.
    OnTheWay,
    /// This window has the customer open, or none any more: who else has?
    Open(Option<Matter>),
    /// Who else has the record open that this window has: only read.
    Others(Matter),
    /// What each offer and each kind of message achieved.
    Offers,
    /// What a talk needs to know beside its lines.
    Talk(Asked),
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
    /// A likely date that moves by no more than this needs no new word under the house rule.
    pub tolerance_days: i64,
    /// The reasons that were given before.
    pub reasons: Reasons,
}

/// What a deed would change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WhatIf {
    pub deed: Deed,
    pub shifts: Vec<Shift>,
    /// Of a cancellation: goods on order that nobody needs then.
    pub surplus: Vec<Surplus>,
}

/// Days back that shipped goods may be on their way.
const ON_THE_WAY_DAYS: u64 = 60;

/// What was read.
#[derive(Debug)]
pub enum Answer {
    Board(Arc<Shown>),
    Detail(Box<CustomerDetail>),
    WhatIf(WhatIf),
    Alternatives(ItemId, Vec<Alternative>),
    OnTheWay(Vec<OnTheWay>),
    /// A sentence for each colleague who has the record open too.
    Open {
        matter: Option<Matter>,
        others: Vec<String>,
    },
    Offers(Vec<Achieved>),
    Talk(Box<TalkTerms>),
}

/// What may be written.
#[derive(Clone, Debug)]
pub enum Write {
    Talk(Box<Talk>),
    NewDate {
        lines: Vec<NewDate>,
        reason: String,
    },
    Ship(Sending),
    Split(Split),
    Swap(Swap),
    Hold {
        lines: Vec<LineId>,
        reason: String,
    },
    Release(Vec<LineId>),
    Pack(Vec<LineId>),
    Delivered {
        lines: Vec<LineId>,
        on: NaiveDate,
    },
    Cancel {
        lines: Vec<CancelLine>,
        reason: String,
        refunded: bool,
    },
    /// Money went back.
    PayBack(Vec<Payment>),
    Later {
        customers: Vec<CustomerId>,
        until: NaiveDate,
        reason: String,
    },
    Turn {
        lines: Vec<LineId>,
        turn: Turn,
    },
    /// What these customers had been told before this program.
    Before {
        customers: Vec<CustomerId>,
        said: Before,
    },
}

impl Load {
    /// Where it is run.
    pub fn lane(&self) -> Lane {
        match self {
            Load::Board | Load::Talk(_) | Load::WhatIf(_) | Load::Offers => Lane::Slow,
            Load::Detail(_) | Load::Open(_) | Load::Others(_) | Load::Alternatives(_) | Load::OnTheWay => Lane::Quick,
        }
    }
}

/// Reads what is asked.
pub fn load(desk: &mut Desk, load: Load, today: NaiveDate) -> Result<Answer, Failure> {
    match load {
        Load::Open(matter) => return Ok(Answer::Open { matter, others: presence::open(desk, matter) }),
        Load::Others(matter) => {
            return Ok(Answer::Open { matter: Some(matter), others: presence::others(desk, matter) });
        }
        _ => {}
    }
    let db = desk.store.db();
    Ok(match load {
        // Answered above: they write.
        Load::Open(_) | Load::Others(_) => Answer::Open { matter: None, others: Vec::new() },
        Load::Offers => Answer::Offers(offers::achieved(db)?),
        Load::Board => {
            let terms = Terms::of(&Settings::load(db)?);
            let mut board = backorders::load_at(db, &terms, desk.clock.moment())?;
            let refunds = refunds::owed(db, &terms)?;
            board.count_refunds(&refunds);
            let shown = Arc::new(Shown {
                due: Due::of(&board.customers, &refunds, today),
                board,
                refunds,
                unsent: outbox::unsent(db)?,
                cadence_days: terms.delay.cadence_days,
                tolerance_days: terms.delay.tolerance_days,
                reasons: kept::reasons(db)?,
            });
            desk.waiting = Some((browse::newest_operation(desk.store.db())?, shown.clone()));
            Answer::Board(shown)
        }
        Load::Detail(customer) => {
            let cover_days = Settings::load(db)?.cover_days();
            Answer::Detail(Box::new(customers::detail(db, customer, cover_days, today)?))
        }
        Load::Alternatives(item) => Answer::Alternatives(item, kept::alternatives(db, item)?),
        Load::OnTheWay => {
            let since = today.checked_sub_days(Days::new(ON_THE_WAY_DAYS)).unwrap_or(today);
            Answer::OnTheWay(kept::on_the_way(db, since)?)
        }
        Load::Talk(asked) => {
            let shelf = desk.templates.as_deref().map_or_else(Shelf::shipped, Shelf::load);
            let now = desk.clock.now();
            Answer::Talk(Box::new(talking::terms(db, &asked, shelf, &desk.operator, now)?))
        }
        Load::WhatIf(deed) => {
            let terms = Terms::of(&Settings::load(db)?);
            let shifts = what_if::preview(db, &terms, &deed, today)?;
            let surplus = match &deed {
                Deed::Cancel(lines) => surplus::of_cancelling(db, &terms, lines, today)?,
                _ => Vec::new(),
            };
            Answer::WhatIf(WhatIf { deed, shifts, surplus })
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
        Write::PayBack(_) => "refund",
        Write::Split(_) => "split",
        Write::Swap(_) => "swap",
        Write::Hold { .. } => "hold",
        Write::Release(_) => "release",
        Write::Pack(_) => "pack",
        Write::Delivered { .. } => "delivered",
        Write::Later { .. } => "later",
        Write::Turn { .. } => "turn",
        Write::Before { .. } => "told-before",
    };
    let letters = desk.letters();
    let (act, store) = (desk.act(kind), &mut desk.store);
    match write {
        Write::Talk(talk) => desk_work::talk(store, act, &Talk { letters, ..*talk }),
        Write::NewDate { lines, reason } => desk_work::promise(store, act, &lines, &reason),
        Write::Ship(sending) => shipping::send(store, act, &sending),
        Write::Split(wanted) => acting::split(store, act, wanted).map(without_value),
        Write::Swap(wanted) => acting::swap(store, act, &wanted).map(without_value),
        Write::Hold { lines, reason } => acting::hold(store, act, &lines, &reason),
        Write::Release(lines) => acting::release(store, act, &lines),
        Write::Pack(lines) => acting::pack(store, act, &lines),
        Write::Delivered { lines, on } => acting::deliver(store, act, &lines, on),
        Write::Cancel { lines, reason, refunded } => desk_work::cancel(store, act, &lines, &reason, refunded),
        Write::PayBack(payments) => acting::pay_back(store, act, &payments),
        Write::Later { customers, until, reason } => desk_work::put_off(store, act, &customers, until, &reason),
        Write::Turn { lines, turn } => desk_work::set_turn(store, act, &lines, turn),
        Write::Before { customers, said } => not_told::say(store, act, &customers, &said),
    }
}

fn without_value<T>(done: Done<T>) -> Done<()> {
    Done { operation: done.operation, summary: done.summary, value: () }
}
