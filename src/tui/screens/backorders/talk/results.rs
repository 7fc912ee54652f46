//! What can come of a talk, and how words leave.

use super::moment::{next_morning, try_again};
use super::{COPY, LETTER};
use crate::domain::delay::{Answer, Outcome};
use crate::domain::offer::{Offer, Offered};
use crate::tui::text;
use crate::worker::backorders::Law;
use chrono::{NaiveDate, NaiveDateTime};

/// What came of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Came {
    Agrees,
    Takes,
    Cancels,
    NoAnswer,
    LeftMessage,
    WrongNumber,
    /// Reached and told; no yes yet.
    Told,
}

impl Came {
    /// Those that can be chosen, in the order of their digits.
    /// `lost`: the order is; nothing is left to agree to.
    pub fn all(offers: bool, lost: bool) -> &'static [Came] {
        use Came::*;
        if lost {
            &[Told, NoAnswer, LeftMessage, WrongNumber]
        } else if offers {
            &[Agrees, Takes, Cancels, NoAnswer, LeftMessage, WrongNumber, Told]
        } else {
            &[Agrees, Told, Cancels, NoAnswer, LeftMessage, WrongNumber]
        }
    }

    /// `yes`: what an express yes is called, where the law asks for one.
    pub fn words(self, yes: Option<&str>, lost: bool) -> &str {
        match self {
            Came::Told if lost => "told",
            Came::Agrees => yes.unwrap_or("agrees to wait"),
            Came::Takes => "takes the offer",
            Came::Cancels => "cancels",
            Came::NoAnswer => "no answer",
            Came::LeftMessage => "left message",
            Came::WrongNumber => "wrong number",
            Came::Told => "told, no yes yet",
        }
    }

    /// As it is recorded. Who takes another item agrees to no delay of this one.
    pub fn recorded(self, offer: Option<&Offer>) -> (Outcome, Option<Answer>) {
        match self {
            Came::Takes if matches!(offer, Some(Offer::Alternative(_))) => (Outcome::Reached, None),
            Came::Agrees | Came::Takes => (Outcome::Reached, Some(Answer::Consent)),
            Came::Cancels => (Outcome::Reached, Some(Answer::Cancel)),
            Came::NoAnswer => (Outcome::NoAnswer, None),
            Came::LeftMessage => (Outcome::Unknown, None),
            Came::WrongNumber => (Outcome::Bounced, None),
            Came::Told => (Outcome::Reached, None),
        }
    }
}

/// When a call that did not come through is tried again.
pub fn again(came: Came, now: Option<NaiveDateTime>, today: NaiveDate) -> String {
    match came {
        Came::NoAnswer => try_again(now, today),
        Came::LeftMessage => next_morning(today),
        _ => String::new(),
    }
}

/// What F8 does with written words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Send {
    /// By mail, in two minutes.
    Mail,
    Copy,
    /// A person sent it.
    Sent,
    /// Writes the letter's file.
    File,
    Edit,
}

impl Send {
    pub fn all(how: usize) -> &'static [Send] {
        match how {
            COPY => &[Send::Copy, Send::Sent, Send::Edit],
            LETTER => &[Send::File, Send::Edit],
            _ => &[Send::Mail, Send::Edit],
        }
    }
    pub fn words(self) -> &'static str {
        match self {
            Send::Mail => "send in 2 minutes",
            Send::Copy => "copy the text",
            Send::Sent => "it is sent",
            Send::File => "save the letter as a file",
            Send::Edit => "open in editor",
        }
    }
    /// The word on the button.
    pub fn button(self) -> &'static str {
        match self {
            Send::Mail => "Send",
            Send::Copy => "Copy",
            Send::Sent | Send::File => "Save",
            Send::Edit => "Edit",
        }
    }
}

/// What stands beside the box of a sentence of the law.
pub fn law_words(law: Law) -> &'static str {
    match law {
        Law::Date => "new date",
        Law::Cancel => "may cancel",
        Law::Silence => "what silence means",
        Law::Answer => "how to answer",
        Law::Refund => "cancelled, money back",
    }
}

/// An offer as it is chosen, with its cost: `send the 14 Chang now: 8.40`.
pub fn offer_words(offer: &Offered) -> String {
    let what = match offer.offer {
        Offer::ShipReady => format!("send {} now", text::fit(&offer.about, 24)),
        Offer::FreeDelivery => "free delivery".into(),
        Offer::Alternative(_) => format!("{} instead", text::fit(&offer.about, 24)),
        Offer::Sample => "sample".into(),
        Offer::Discount(percent) => format!("{percent} % off"),
    };
    match offer.cost {
        Some(cost) => format!("{what}: {}", text::money(cost)),
        None => what,
    }
}

/// How long a call took: `4` minutes, `4:30`.
pub fn seconds(typed: &str) -> Result<Option<i64>, String> {
    if typed.is_empty() {
        return Ok(None);
    }
    let (minutes, rest) = typed.split_once(':').unwrap_or((typed, "0"));
    let minutes: Option<i64> = minutes.parse().ok().filter(|m| (0..=600).contains(m));
    let rest: Option<i64> = rest.parse().ok().filter(|s| (0..60).contains(s));
    match (minutes, rest) {
        (Some(minutes), Some(rest)) => Ok(Some(minutes * 60 + rest)),
        _ => Err(format!("\"{typed}\" is no length of a call. Type minutes, as 4 or 4:30.")),
    }
}
