//! Delay rules: who must be told what, by when, and what silence means.
//!
//! One decision for each open order line, computed from its facts and never stored. Not legal advice.
//! Calendar days, the last day counts as in time. The order in which contacts were entered never matters;
//! what is dated after `today` has not happened yet. Where the written rule leaves a choice, the reading
//! that protects the customer is taken, and the doc comment there says so.
//!
//! - [`facts`]: what goes in. [`us`], [`eu`], [`house`]: the three tables. [`rule`]: which of them applies.
//! - [`words`]: the decision in plain words for screens.

use chrono::NaiveDate;

use super::calendar::{days_between, plus_days};

pub mod eu;
pub mod facts;
pub mod house;
pub mod rule;
pub mod talk;
pub mod us;
pub mod words;

pub use facts::{ContactFact, LineFacts};
pub use rule::{CustomerKind, rule_for};
pub use words::{Urgency, consequence, said, verb};

/// The delay rule that a customer's order falls under.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Rule {
    /// 16 CFR Part 435, by shipping.
    Us,
    /// Directive 2011/83/EU article 18, by delivery.
    Eu,
    /// Consumer Rights Act 2015, by delivery; the same table as `Eu`.
    Uk,
    /// Everyone else: tell them, no automatic consequence.
    House,
}
named!(Rule { Us = "us", Eu = "eu", Uk = "uk", House = "house" });

/// What the rule asks for now.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    None,
    Notify,
    Chase,
    Ship,
    Hold,
    CancelAndRefund,
}
named!(Action {
    None = "none",
    Notify = "notify",
    Chase = "chase",
    Ship = "ship",
    Hold = "hold",
    CancelAndRefund = "cancel_and_refund",
});

/// What a contact says, or what the next one has to say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    FirstShort,
    FirstLong,
    FirstUnknown,
    Renewed,
    Reminder,
    Cancelled,
    NewDate,
    Essential,
    Delay,
    Progress,
}
named!(Message {
    FirstShort = "first_short",
    FirstLong = "first_long",
    FirstUnknown = "first_unknown",
    Renewed = "renewed",
    Reminder = "reminder",
    Cancelled = "cancelled",
    NewDate = "new_date",
    Essential = "essential",
    Delay = "delay",
    Progress = "progress",
});

/// What it means when the customer does not answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Silence {
    Consent,
    Cancelled,
    Nothing,
}
named!(Silence { Consent = "consent", Cancelled = "cancelled", Nothing = "nothing" });

/// What became of a contact; blank in a file counts as sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    Sent,
    Reached,
    Bounced,
    Refused,
    Unknown,
    NoAnswer,
}
named!(Outcome {
    Sent = "sent",
    Reached = "reached",
    Bounced = "bounced",
    Refused = "refused",
    Unknown = "unknown",
    NoAnswer = "no_answer",
});

/// What the customer answered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Answer {
    Consent,
    Cancel,
    None,
}
named!(Answer { Consent = "consent", Cancel = "cancel", None = "none" });

/// How a line stands against its current promise.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    OnTrack,
    WillBeLate,
    Late,
}
named!(State { OnTrack = "on_track", WillBeLate = "will_be_late", Late = "late" });

/// The row of the rules' tables that decided, for the screen's explanation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Row {
    /// A numbered row of the us table. 16 stands for 5, 6, 7 or 13 where the notice did not come through.
    Us(u8),
    /// Delivery is likely by the date agreed.
    EuInTime,
    /// Delivery is likely after the date agreed; the customer was not asked yet.
    EuAsk,
    /// The customer was asked and agreed to nothing that delivery can keep.
    EuAsked,
    /// The customer ended it.
    EuEnded,
    /// The likely date keeps the promise.
    HouseInTime,
    /// The likely date passes the promise and the customer does not know.
    HouseTell,
    /// The customer knows a date, and it moved by more than the tolerance.
    HouseTellAgain,
    /// The customer knows.
    HouseTold,
    /// The customer cancelled.
    HouseCancelled,
    /// An order from before this warehouse's first day here: nobody said yet what was told.
    NotKnown,
}

/// Why an order ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum WhyCancelled {
    /// It did not ship in time.
    #[default]
    Late,
    /// It can never ship.
    Never,
    /// The customer wants it so.
    Asked,
}

impl Row {
    /// Why the order ends, where this row ends it.
    pub fn why_cancelled(self) -> WhyCancelled {
        match self {
            Row::Us(1) | Row::EuEnded | Row::HouseCancelled => WhyCancelled::Asked,
            Row::Us(2) => WhyCancelled::Never,
            _ => WhyCancelled::Late,
        }
    }
}

/// What the rule of one order line asks for on one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decision {
    pub rule: Rule,
    pub action: Action,
    pub message: Option<Message>,
    /// The last day in time; for `cancel_and_refund` the day the right arose; for a progress note the day
    /// it fell due.
    pub act_by: Option<NaiveDate>,
    /// The last day on which the order still stands (us), the delivery date agreed (eu, uk); none while
    /// open-ended and under `house`, where an order never lapses.
    pub commitment_on: Option<NaiveDate>,
    pub silence_means: Option<Silence>,
    /// With `silence_means` consent: the date that silence accepts. With cancelled: the last day on which
    /// the order stands if the customer stays silent.
    pub silence_until: Option<NaiveDate>,
    /// With `cancel_and_refund`: the last day for the money to go back; none where nothing was paid.
    pub refund_by: Option<NaiveDate>,
    /// The current promise: the date accepted by a yes or by silence after a short notice, else the newest
    /// promise on record, else none. An accepted date holds against a later re-dating nobody agreed to.
    pub promise: Option<NaiveDate>,
    /// What lateness is measured from: `promise`, else deliver-by, else ordered on + 30 days.
    pub due_on: NaiveDate,
    /// The newest contact that came through.
    pub last_told_on: Option<NaiveDate>,
    /// The newest date quoted in a contact that came through.
    pub last_quoted: Option<NaiveDate>,
    /// The day a progress note fell due under the cadence, where it has: also while the action is `hold`,
    /// whose message stays empty.
    pub progress_on: Option<NaiveDate>,
    pub row: Row,
}

/// The settings that delay decisions depend on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DelaySettings {
    /// Days from the order to the ship-by (us) or delivery (eu, uk) date where none was stated.
    pub stated_shipping_days: i64,
    /// The same where the customer applied to the seller for credit (us): in place of, not on top of it.
    pub credit_extra_days: i64,
    /// A progress note so many days after the last contact; 0: none.
    pub cadence_days: i64,
    /// A likely date that moves by no more than this needs no new word under `house`.
    pub tolerance_days: i64,
    /// Days for a refund under eu, uk and house.
    pub refund_days_eu: i64,
    /// Working days for a refund under us.
    pub refund_working_days_us: u32,
    /// Days that are no working days beside Saturdays and Sundays.
    pub holidays: Vec<NaiveDate>,
    /// Businesses in the US fall under `us` as well.
    pub us_businesses_under_us: bool,
}

impl Default for DelaySettings {
    fn default() -> DelaySettings {
        DelaySettings {
            stated_shipping_days: 30,
            credit_extra_days: 50,
            cadence_days: 14,
            tolerance_days: 3,
            refund_days_eu: 14,
            refund_working_days_us: 7,
            holidays: Vec::new(),
            us_businesses_under_us: false,
        }
    }
}

impl Decision {
    /// A decision for nothing to do, which the tables then fill in.
    fn nothing(facts: &LineFacts, settings: &DelaySettings, today: NaiveDate, row: Row) -> Decision {
        let promise = facts.current_promise.or(facts.promised_on);
        let due_on =
            promise.or(facts.deliver_by).unwrap_or_else(|| plus_days(facts.ordered_on, settings.stated_shipping_days));
        Decision {
            rule: facts.rule,
            action: Action::None,
            message: None,
            act_by: None,
            commitment_on: None,
            silence_means: None,
            silence_until: None,
            refund_by: None,
            promise,
            due_on,
            last_told_on: facts.last_told_on(today),
            last_quoted: facts.last_quoted(today),
            progress_on: None,
            row,
        }
    }

    /// Takes over a date that the customer accepted as the current promise.
    fn accept(&mut self, date: Option<NaiveDate>) {
        if let Some(date) = date {
            self.promise = Some(date);
            self.due_on = date;
        }
    }
}

/// What the line's delay rule asks for on `today`.
///
/// A line that is *not known* asks for nothing until somebody records a contact. A progress note is added
/// where the table asks for nothing else: due `cadence_days` after the newest contact that came through,
/// else after the order.
pub fn decide(facts: &LineFacts, settings: &DelaySettings, today: NaiveDate) -> Decision {
    if facts.not_known && facts.contacts.is_empty() {
        return Decision::nothing(facts, settings, today, Row::NotKnown);
    }
    let mut decision = match facts.rule {
        Rule::Us => us::decide(facts, settings, today),
        Rule::Eu | Rule::Uk => eu::decide(facts, settings, today),
        Rule::House => house::decide(facts, settings, today),
    };
    if settings.cadence_days > 0 {
        let due = plus_days(decision.last_told_on.unwrap_or(facts.ordered_on), settings.cadence_days);
        if due <= today && matches!(decision.action, Action::None | Action::Hold) {
            decision.progress_on = Some(due);
            if decision.action == Action::None {
                decision.message = Some(Message::Progress);
                decision.act_by = Some(due);
            }
        }
    }
    decision
}

/// How a line stands on `today` against `due_on` (see [`Decision::due_on`]), and by how many days it is or
/// will be late: 0 on track, none where the likely date is unknown.
pub fn state(due_on: NaiveDate, likely: Option<NaiveDate>, today: NaiveDate) -> (State, Option<i64>) {
    if today > due_on {
        return (State::Late, Some(days_between(due_on, today)));
    }
    match likely {
        Some(likely) if likely <= due_on => (State::OnTrack, Some(0)),
        Some(likely) => (State::WillBeLate, Some(days_between(due_on, likely))),
        None => (State::WillBeLate, None),
    }
}

/// The date the customer accepted last by a yes, under the rules where silence accepts nothing (eu, uk,
/// house). A yes answers what was offered last before it or on its day; a yes to an open delay moves no
/// date. A yes after the old date counts too: the order still stood.
fn agreed_date(facts: &LineFacts, today: NaiveDate, offers: impl Fn(&ContactFact) -> bool) -> Option<NaiveDate> {
    let mut open = None;
    let mut agreed = None;
    for day in facts.days(today, offers).into_values() {
        open = day.offered.or(open);
        if day.consented
            && let Some(offer) = open.take()
        {
            agreed = offer.date().or(day.consented_for).or(agreed);
        }
    }
    agreed
}

#[cfg(test)]
mod tests;
