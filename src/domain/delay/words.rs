//! A decision in plain words, and the order in which decisions are shown.

use std::cmp::Reverse;

use chrono::{Datelike, NaiveDate};

use super::super::calendar::plus_days;
use super::super::money::Money;
use super::{Action, Decision, Message, Row, Silence};

/// How soon an order is lost, the most urgent first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Urgency {
    /// Must be cancelled and refunded; cannot be snoozed.
    MustCancel,
    /// A notice is due.
    NoticeDue,
    /// Waits for the customer's yes, or is to ship before one is needed.
    WaitsForYes,
    /// A progress note is due.
    ProgressDue,
    /// Nothing is due.
    Quiet,
    /// Nobody said yet what the customer was told.
    NotKnown,
}

impl Decision {
    /// How soon the order is lost.
    pub fn urgency(&self) -> Urgency {
        match self.action {
            Action::CancelAndRefund => Urgency::MustCancel,
            Action::Notify => Urgency::NoticeDue,
            Action::Chase | Action::Ship => Urgency::WaitsForYes,
            Action::None | Action::Hold if self.progress_on.is_some() => Urgency::ProgressDue,
            Action::None if self.row == Row::NotKnown => Urgency::NotKnown,
            Action::None | Action::Hold => Urgency::Quiet,
        }
    }

    /// The sort key of the list: what is lost first, then what is worth most.
    pub fn lost_first(&self, value: Money) -> (Urgency, Reverse<Money>) {
        (self.urgency(), Reverse(value))
    }
}

/// The word for what is to be done: `refund`, `tell`, `chase`, `ship`, `hold`, `news`, `not known`, or
/// nothing.
pub fn verb(decision: &Decision) -> &'static str {
    match (decision.action, decision.message) {
        (Action::CancelAndRefund, _) => "refund",
        (Action::Notify, _) => "tell",
        (Action::Chase, _) => "chase",
        (Action::Ship, _) => "ship",
        (Action::Hold, _) => "hold",
        (Action::None, Some(Message::Progress)) => "news",
        (Action::None, _) if decision.row == Row::NotKnown => "not known",
        (Action::None, _) => "",
    }
}

/// What a customer was told by a message, in a few words.
pub fn said(message: Message) -> &'static str {
    match message {
        Message::FirstShort | Message::Delay => "told of the delay",
        Message::FirstLong => "told of a long delay, asked for a yes",
        Message::FirstUnknown => "told of a delay without a date, asked for a yes",
        Message::Renewed => "told another new date",
        Message::Reminder => "asked again for a yes",
        Message::Cancelled => "told that it is cancelled",
        Message::NewDate => "asked whether a new date suits",
        Message::Essential => "told of the delay, the day was agreed",
        Message::Progress => "told how it stands",
    }
}

/// What happens if the customer does not answer, in a few words: `order stands`, `counts as a yes to
/// 8 Dec`, `cancelled and refunded on 2 Jan unless shipped`, `refund by 12 Jan`; empty where no answer is
/// awaited. A year is added where the date is far from `today`.
pub fn consequence(decision: &Decision, today: NaiveDate) -> String {
    if decision.action == Action::CancelAndRefund {
        return match decision.refund_by {
            Some(day) => format!("refund by {}", short(day, today)),
            None => "nothing to refund".to_owned(),
        };
    }
    match (decision.silence_means, decision.silence_until) {
        (Some(Silence::Consent), Some(day)) => format!("counts as a yes to {}", short(day, today)),
        (Some(Silence::Cancelled), Some(day)) => {
            format!("cancelled and refunded on {} unless shipped", short(plus_days(day, 1), today))
        }
        (Some(Silence::Consent), None) => "counts as a yes".to_owned(),
        (Some(Silence::Cancelled), None) => "cancelled and refunded".to_owned(),
        (Some(Silence::Nothing), _) => "order stands".to_owned(),
        (None, _) => String::new(),
    }
}

/// `8 Dec`, or `12 Jan 2027` in another year than that of `today` and more than half a year away.
fn short(date: NaiveDate, today: NaiveDate) -> String {
    let near = date.year() == today.year() || (date - today).num_days().abs() < 183;
    date.format(if near { "%-d %b" } else { "%-d %b %Y" }).to_string()
}
