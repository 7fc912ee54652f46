//! What a delay decision is made from: the dates of one order line and the contacts about it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Answer, Message, Outcome, Rule};

/// One contact about the line that was not withdrawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContactFact {
    /// The day of the contact (`contacted_on`).
    pub on: NaiveDate,
    pub message: Option<Message>,
    /// The date that was quoted to the customer; none: an open delay, or no date was spoken of.
    pub quoted_for: Option<NaiveDate>,
    /// Whether cancelling was offered; a blank cell counts as offered.
    pub offered_cancel: bool,
    pub outcome: Outcome,
    pub answer: Option<Answer>,
    /// The day of the answer where it differs from the day of the contact.
    pub answered_on: Option<NaiveDate>,
}

impl ContactFact {
    /// A contact of that day that was sent, offered to cancel, and has no answer.
    pub fn sent(on: NaiveDate, message: Option<Message>, quoted_for: Option<NaiveDate>) -> ContactFact {
        ContactFact {
            on,
            message,
            quoted_for,
            offered_cancel: true,
            outcome: Outcome::Sent,
            answer: None,
            answered_on: None,
        }
    }

    /// Whether it counts as given to the customer: sent or reached.
    pub fn given(&self) -> bool {
        matches!(self.outcome, Outcome::Sent | Outcome::Reached)
    }

    /// The day on which its answer counts.
    pub fn answer_on(&self) -> NaiveDate {
        self.answered_on.unwrap_or(self.on)
    }

    /// Whether it is a notice under the us rule by its message; the date quoted says which one.
    pub fn is_notice(&self) -> bool {
        matches!(
            self.message,
            Some(Message::FirstShort | Message::FirstLong | Message::FirstUnknown | Message::Renewed)
        )
    }

    /// Whether it speaks of a delay: it quotes a date, or its message is one that announces a delay
    /// (then without a date: "we do not know yet").
    pub fn tells(&self) -> bool {
        self.quoted_for.is_some()
            || self.is_notice()
            || matches!(self.message, Some(Message::NewDate | Message::Essential | Message::Delay))
    }

    /// Whether it records a yes. A yes on a contact that did not come through is a contradiction and
    /// counts for nothing, the reading that protects the customer.
    pub fn consents(&self) -> bool {
        self.answer == Some(Answer::Consent) && self.given()
    }

    /// Whether it records that the customer cancels; that counts whatever the outcome says.
    pub fn cancels(&self) -> bool {
        self.answer == Some(Answer::Cancel)
    }
}

/// The facts of one open order line that its delay rule looks at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineFacts {
    pub rule: Rule,
    pub ordered_on: NaiveDate,
    /// The first ship-by date stated to the customer (the line's, else the order's).
    pub promised_on: Option<NaiveDate>,
    /// The newest promise on record, if any.
    pub current_promise: Option<NaiveDate>,
    /// The delivery date agreed with the customer.
    pub deliver_by: Option<NaiveDate>,
    /// Paid or authorised to charge; a blank cell counts as paid.
    pub paid: bool,
    /// The customer applied to this seller for credit.
    pub own_credit: bool,
    /// The date is essential to the customer (eu, uk).
    pub essential: bool,
    /// Days from shipping to delivery (eu, uk).
    pub transit_days: i64,
    /// When the line's last unit can ship; none: unknown.
    pub likely: Option<NaiveDate>,
    /// The day of the newest recorded fact that moved the likely date past the promise (order, PO date,
    /// missed receipt = its date + 1).
    pub moved_on: Option<NaiveDate>,
    /// The line can never ship.
    pub can_never_ship: bool,
    /// The order is older than the warehouse's first day here and `old_orders` is `unknown`.
    pub not_known: bool,
    /// Contacts about the line, in any order, without the withdrawn ones.
    pub contacts: Vec<ContactFact>,
}

impl LineFacts {
    /// A paid line of that day with nothing else on record and no likely date.
    pub fn new(rule: Rule, ordered_on: NaiveDate) -> LineFacts {
        LineFacts {
            rule,
            ordered_on,
            promised_on: None,
            current_promise: None,
            deliver_by: None,
            paid: true,
            own_credit: false,
            essential: false,
            transit_days: 0,
            likely: None,
            moved_on: None,
            can_never_ship: false,
            not_known: false,
            contacts: Vec::new(),
        }
    }

    /// The likely ship date, not before today: what has not shipped yet cannot ship in the past.
    pub fn likely_from(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.likely.map(|likely| likely.max(today))
    }

    /// The first day up to `today` on which the customer cancelled.
    pub fn cancelled_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.contacts.iter().filter(|c| c.cancels()).map(ContactFact::answer_on).filter(|day| *day <= today).min()
    }

    /// The newest contact up to `today` that came through.
    pub fn last_told_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.given(today).map(|c| c.on).max()
    }

    /// The date quoted by the newest contact that came through and quoted one; of one day, the later date.
    pub fn last_quoted(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.given(today).filter_map(|c| Some((c.on, c.quoted_for?))).max().map(|(_, quoted)| quoted)
    }

    /// What the customer was last told of a delay: the day and the date quoted (none: no date).
    pub(super) fn last_told(&self, today: NaiveDate) -> Option<(NaiveDate, Option<NaiveDate>)> {
        self.given(today).filter(|c| c.tells()).map(|c| (c.on, Quoted::of(c))).max().map(|(on, q)| (on, q.date()))
    }

    /// The contacts up to `today` that came through. What is dated later has not happened yet.
    fn given(&self, today: NaiveDate) -> impl Iterator<Item = &ContactFact> {
        self.contacts.iter().filter(move |c| c.given() && c.on <= today)
    }

    /// What happened on each day up to `today`; `offers` says which contacts offer a date to agree to.
    pub(super) fn days(
        &self,
        today: NaiveDate,
        offers: impl Fn(&ContactFact) -> bool,
    ) -> BTreeMap<NaiveDate, DayOfContacts> {
        let mut days: BTreeMap<NaiveDate, DayOfContacts> = BTreeMap::new();
        for contact in &self.contacts {
            if contact.on <= today && contact.given() && offers(contact) {
                let day = days.entry(contact.on).or_default();
                day.offered = day.offered.max(Some(Quoted::of(contact)));
            }
            let answered = contact.answer_on();
            if answered > today {
                continue;
            }
            if contact.cancels() {
                days.entry(answered).or_default().cancelled = true;
            }
            if contact.consents() {
                let day = days.entry(answered).or_default();
                day.consented = true;
                let quoted = contact.quoted_for.filter(|quoted| *quoted >= answered);
                day.consented_for = day.consented_for.max(quoted);
            }
        }
        days
    }
}

/// What happened on one day, whatever the order of entry: a cancel beats a yes, of several dates the
/// later one holds, and an open delay is later than any date because it needs the express yes.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct DayOfContacts {
    pub cancelled: bool,
    pub offered: Option<Quoted>,
    pub consented: bool,
    /// A date, not yet past, that was quoted in the talk that brought the yes.
    pub consented_for: Option<NaiveDate>,
}

/// A date quoted, or none: an open delay, which orders after every date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Quoted {
    For(NaiveDate),
    Open,
}

impl Quoted {
    fn of(contact: &ContactFact) -> Quoted {
        contact.quoted_for.map_or(Quoted::Open, Quoted::For)
    }

    pub fn date(self) -> Option<NaiveDate> {
        match self {
            Quoted::For(date) => Some(date),
            Quoted::Open => None,
        }
    }
}
