//! The us rule: 16 CFR Part 435, by shipping. The rows of its table, by number: 1 customer cancelled, 2 can never ship, 3 no notice in time, 4 on track, 5-7 first notices, 8-10 waiting for a
//! yes, 11 agreed, 12 open delay agreed, 13-15 renewed, 16 a notice that did not come through.

use chrono::NaiveDate;

use super::super::calendar::{plus_days, plus_working_days};
use super::facts::{ContactFact, Quoted};
use super::{Action, Decision, DelaySettings, LineFacts, Message, Row, Silence};

/// Days after the ship-by date up to which a first notice is short, and at whose end an order without the
/// yes that a long or open delay needs is cancelled: 16 CFR 435.2(b)(1).
const FIRST_DELAY_DAYS: i64 = 30;

/// `T`: the ship-by date stated to the customer, else 30 days after the order, or 50 where the customer
/// applied to the seller for credit (50 in all, as the regulation has it, not 30 + 50).
pub fn ship_by(facts: &LineFacts, settings: &DelaySettings) -> NaiveDate {
    let days = if facts.own_credit { settings.credit_extra_days } else { settings.stated_shipping_days };
    facts.promised_on.unwrap_or_else(|| plus_days(facts.ordered_on, days))
}

/// How far the talk with the customer has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// No valid notice yet: stands until T.
    Unnoticed,
    /// A long or open first notice waits for a yes: stands until T + 30.
    Asked,
    /// A definite date holds, by a yes or by silence after a short notice.
    Agreed,
    /// A yes to an open delay: stands until shipped or cancelled.
    Open,
}

/// Why the order is to be cancelled and refunded, and since when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    Cancelled(NaiveDate),
    /// The commitment passed: the right arises the day after it.
    Lapsed(NaiveDate),
}

/// The history of the line up to one day.
#[derive(Clone, Copy, Debug)]
struct Standing {
    stage: Stage,
    /// `C`: the last day on which the order still stands; none while open-ended.
    commitment: Option<NaiveDate>,
    /// The notice that waits for an answer.
    offer: Option<Quoted>,
    /// The date accepted last.
    accepted: Option<NaiveDate>,
    end: Option<End>,
}

impl Standing {
    /// Follows the contacts day by day. Once an order has lapsed or was cancelled nothing brings it back:
    /// a late notice cures nothing, and a late yes is a new order.
    fn follow(facts: &LineFacts, ship_by: NaiveDate, today: NaiveDate) -> Standing {
        let mut standing =
            Standing { stage: Stage::Unnoticed, commitment: Some(ship_by), offer: None, accepted: None, end: None };
        for (day, contacts) in facts.days(today, |c: &ContactFact| c.is_notice() && c.offered_cancel) {
            if standing.lapses_before(day) {
                break;
            }
            if contacts.cancelled {
                standing.end = Some(End::Cancelled(day));
                break;
            }
            if let Some(quoted) = contacts.offered {
                standing.notice(quoted, ship_by, day);
            }
            if contacts.consented {
                standing.yes(contacts.consented_for, day);
            }
        }
        if standing.end.is_none() {
            standing.lapses_before(today);
        }
        standing
    }

    /// Whether the commitment is over on `day`; then the order has ended.
    fn lapses_before(&mut self, day: NaiveDate) -> bool {
        match self.commitment {
            Some(commitment) if commitment < day => {
                self.end = Some(End::Lapsed(plus_days(commitment, 1)));
                true
            }
            _ => false,
        }
    }

    /// A valid notice given on `day`, which is in time or the order had lapsed.
    ///
    /// The first one is short or long by the date it quotes. One that quotes no date after T announces no
    /// delay and is no first notice. Every later one, whatever its label, needs an express yes: silence
    /// accepts a date once. A date already past offers nothing.
    fn notice(&mut self, quoted: Quoted, ship_by: NaiveDate, day: NaiveDate) {
        let long_from = plus_days(ship_by, FIRST_DELAY_DAYS);
        match (self.stage, quoted) {
            (Stage::Unnoticed, Quoted::For(date)) if date <= ship_by => {}
            (Stage::Unnoticed, Quoted::For(date)) if date <= long_from => {
                self.agree(date);
                self.offer = Some(quoted);
            }
            (Stage::Unnoticed, _) => {
                self.stage = Stage::Asked;
                self.commitment = Some(long_from);
                self.offer = Some(quoted);
            }
            (_, Quoted::For(date)) if date < day => {}
            _ => self.offer = Some(quoted),
        }
    }

    /// A yes on `day` to the notice that is open. A yes to an open delay in a talk that quoted a date is a
    /// yes to that date. A yes to a date already past accepts nothing.
    fn yes(&mut self, quoted: Option<NaiveDate>, day: NaiveDate) {
        let Some(offer) = self.offer else { return };
        match offer.date().or(quoted) {
            Some(date) if date < day => return,
            Some(date) => self.agree(date),
            None => {
                self.stage = Stage::Open;
                self.commitment = None;
            }
        }
        self.offer = None;
    }

    fn agree(&mut self, date: NaiveDate) {
        self.stage = Stage::Agreed;
        self.commitment = Some(date);
        self.accepted = Some(date);
    }

    /// Whether a renewed notice waits for a yes: an offer of an open delay or of a date after `C`.
    fn renewal_open(&self) -> bool {
        match self.offer {
            Some(Quoted::For(date)) => self.commitment.is_some_and(|commitment| date > commitment),
            Some(Quoted::Open) => true,
            None => false,
        }
    }
}

/// The decision under the us table.
pub(super) fn decide(facts: &LineFacts, settings: &DelaySettings, today: NaiveDate) -> Decision {
    let ship_by = ship_by(facts, settings);
    let standing = Standing::follow(facts, ship_by, today);
    let mut decision = Decision::nothing(facts, settings, today, Row::Us(4));
    decision.accept(standing.accepted);
    decision.commitment_on = standing.commitment;
    match (standing.end, standing.stage) {
        (Some(end), _) => cancel_since(&mut decision, end, standing.stage, facts, settings),
        (None, _) if facts.can_never_ship => {
            cancel(&mut decision, 2, never_since(facts), facts, settings);
        }
        (None, Stage::Unnoticed) => first_notice(&mut decision, facts, ship_by, today),
        (None, Stage::Asked) => waits_for_yes(&mut decision, &standing, facts, today),
        (None, Stage::Agreed) => agreed(&mut decision, &standing, facts, today),
        (None, Stage::Open) => {
            decision.row = Row::Us(12);
            decision.action = Action::Hold;
            decision.silence_means = Some(Silence::Nothing);
        }
    }
    decision
}

/// Rows 1, 3, 10 and 15; row 2 where the line could never ship before that, so that the refund which was due
/// then is not put off by what happened later.
fn cancel_since(decision: &mut Decision, end: End, stage: Stage, facts: &LineFacts, settings: &DelaySettings) {
    let (row, day) = match (end, stage) {
        (End::Cancelled(day), _) => (1, day),
        (End::Lapsed(day), Stage::Unnoticed) => (3, day),
        (End::Lapsed(day), Stage::Asked) => (10, day),
        (End::Lapsed(day), Stage::Agreed | Stage::Open) => (15, day),
    };
    let never = never_since(facts);
    if facts.can_never_ship && never < day {
        cancel(decision, 2, never, facts, settings);
    } else {
        cancel(decision, row, day, facts, settings);
    }
}

/// The day since when the line can never ship: the newest recorded fact, else the order. Not today, which
/// would put the refund off by a day each day.
fn never_since(facts: &LineFacts) -> NaiveDate {
    facts.moved_on.unwrap_or(facts.ordered_on)
}

/// Rows 1, 2, 3, 10, 15. Seven working days also for the seller's own credit, where the regulation allows
/// one billing cycle: the billing cycle is not on record, and the earlier date is the safe one.
fn cancel(decision: &mut Decision, row: u8, day: NaiveDate, facts: &LineFacts, settings: &DelaySettings) {
    decision.row = Row::Us(row);
    decision.action = Action::CancelAndRefund;
    decision.message = Some(Message::Cancelled);
    decision.act_by = Some(day);
    decision.refund_by =
        facts.paid.then(|| plus_working_days(day, settings.refund_working_days_us, &settings.holidays));
}

/// Rows 4 to 7.
fn first_notice(decision: &mut Decision, facts: &LineFacts, ship_by: NaiveDate, today: NaiveDate) {
    let long_from = plus_days(ship_by, FIRST_DELAY_DAYS);
    let (row, message, silence, until) = match facts.likely_from(today) {
        Some(likely) if likely <= ship_by => return,
        Some(likely) if likely <= long_from => (5, Message::FirstShort, Silence::Consent, likely),
        Some(_) => (6, Message::FirstLong, Silence::Cancelled, long_from),
        None => (7, Message::FirstUnknown, Silence::Cancelled, long_from),
    };
    notify(decision, row, message, facts, today);
    decision.act_by = Some(ship_by);
    decision.silence_means = Some(silence);
    decision.silence_until = Some(until);
}

/// Rows 8 and 9. Row 8 also where the likely date has passed the date that was asked for.
fn waits_for_yes(decision: &mut Decision, standing: &Standing, facts: &LineFacts, today: NaiveDate) {
    let improved =
        facts.likely_from(today).zip(standing.commitment).is_some_and(|(likely, commitment)| likely <= commitment);
    if improved {
        decision.row = Row::Us(9);
        decision.action = Action::Ship;
    } else {
        decision.row = Row::Us(8);
        decision.action = Action::Chase;
        decision.message = Some(Message::Reminder);
    }
    decision.act_by = standing.commitment;
    decision.silence_means = Some(Silence::Cancelled);
    decision.silence_until = standing.commitment;
}

/// Rows 11, 13 and 14. An open renewed notice is chased also where the likely date has improved again:
/// the customer was told that silence cancels, and may be waiting to be asked.
fn agreed(decision: &mut Decision, standing: &Standing, facts: &LineFacts, today: NaiveDate) {
    decision.act_by = standing.commitment;
    let kept =
        facts.likely_from(today).zip(standing.commitment).is_some_and(|(likely, commitment)| likely <= commitment);
    if standing.renewal_open() {
        decision.row = Row::Us(14);
        decision.action = Action::Chase;
        decision.message = Some(Message::Reminder);
    } else if kept {
        decision.row = Row::Us(11);
        return;
    } else {
        notify(decision, 13, Message::Renewed, facts, today);
    }
    decision.silence_means = Some(Silence::Cancelled);
    decision.silence_until = standing.commitment;
}

/// A notice to give; row 16 where the newest one did not come through, so that the screen says to phone.
fn notify(decision: &mut Decision, row: u8, message: Message, facts: &LineFacts, today: NaiveDate) {
    let newest = facts.contacts.iter().filter(|c| c.is_notice() && c.on <= today).map(|c| (c.on, c.given())).max();
    let failed = matches!(newest, Some((_, false)));
    decision.row = Row::Us(if failed { 16 } else { row });
    decision.action = Action::Notify;
    decision.message = Some(message);
}
