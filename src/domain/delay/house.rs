//! The house rule: businesses, and everyone whom no other rule covers. They are told; nothing lapses.

use chrono::NaiveDate;

use super::super::calendar::{days_between, plus_days, plus_working_days};
use super::{Action, Decision, DelaySettings, LineFacts, Message, Row, Silence, agreed_date};

/// The decision under the house rule.
///
/// The promise is what lateness is measured from. A contact has told the customer of the delay if it came
/// through and quoted a date after the promise, or announced a delay without one; the newest counts, and
/// it needs no offer to cancel. What was told without a date is told again once there is one.
pub(super) fn decide(facts: &LineFacts, settings: &DelaySettings, today: NaiveDate) -> Decision {
    let mut decision = Decision::nothing(facts, settings, today, Row::HouseInTime);
    decision.accept(agreed_date(facts, today, |c| c.tells()));
    if let Some(day) = facts.cancelled_on(today) {
        decision.row = Row::HouseCancelled;
        decision.action = Action::CancelAndRefund;
        decision.act_by = Some(day);
        decision.refund_by = facts.paid.then(|| plus_days(day, settings.refund_days_eu));
        return decision;
    }
    let likely = if facts.can_never_ship { None } else { facts.likely_from(today) };
    if likely.is_some_and(|likely| likely <= decision.due_on) {
        return decision;
    }
    let told = facts
        .last_told(today)
        .map(|(_, quoted)| quoted)
        .filter(|quoted| quoted.is_none_or(|quoted| quoted > decision.due_on));
    decision.row = match told {
        None => Row::HouseTell,
        Some(quoted) if still_true(quoted, likely, settings) => {
            decision.row = Row::HouseTold;
            return decision;
        }
        Some(_) => Row::HouseTellAgain,
    };
    // With no other fact on record, the order itself is the fact: there was nothing to promise from.
    let fact = facts.moved_on.unwrap_or(facts.ordered_on);
    decision.action = Action::Notify;
    decision.message = Some(Message::Delay);
    decision.act_by = Some(decision.due_on.min(plus_working_days(fact, 1, &settings.holidays)));
    decision.silence_means = Some(Silence::Nothing);
    decision
}

/// Whether what the customer was told still holds: the likely date is within the tolerance of it, or is
/// still unknown.
fn still_true(told: Option<NaiveDate>, likely: Option<NaiveDate>, settings: &DelaySettings) -> bool {
    match (told, likely) {
        (Some(told), Some(likely)) => days_between(told, likely).abs() <= settings.tolerance_days,
        (None, None) => true,
        _ => false,
    }
}
