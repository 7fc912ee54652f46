//! The eu and uk rules for consumers, by delivery. Silence never cancels and never accepts.

use chrono::NaiveDate;

use super::super::calendar::plus_days;
use super::{Action, Decision, DelaySettings, LineFacts, Message, Row, Silence, agreed_date};

/// `D` before any agreement: the agreed delivery date, else the ship-by date stated plus transit, else
/// 30 days after the order.
fn first_delivery(facts: &LineFacts, settings: &DelaySettings) -> NaiveDate {
    facts
        .deliver_by
        .or_else(|| facts.promised_on.map(|day| plus_days(day, facts.transit_days)))
        .unwrap_or_else(|| plus_days(facts.ordered_on, settings.stated_shipping_days))
}

/// The decision under the eu and uk table.
///
/// A yes counts to a date that was offered together with cancelling, also after D. A further period that
/// the customer sets is recorded as a yes to its last day. Asked and not agreed stays `notify`: only an
/// agreement moves D, and nobody cancels for the customer, not even where the line can never ship.
pub(super) fn decide(facts: &LineFacts, settings: &DelaySettings, today: NaiveDate) -> Decision {
    let agreed = agreed_date(facts, today, |c| c.tells() && c.offered_cancel);
    let delivery = agreed.unwrap_or_else(|| first_delivery(facts, settings));
    let mut decision = Decision::nothing(facts, settings, today, Row::EuInTime);
    decision.accept(agreed);
    decision.commitment_on = Some(delivery);
    if let Some(day) = facts.cancelled_on(today) {
        decision.row = Row::EuEnded;
        decision.action = Action::CancelAndRefund;
        decision.act_by = Some(day);
        decision.refund_by = facts.paid.then(|| plus_days(day, settings.refund_days_eu));
        return decision;
    }
    let arrives = facts.likely_from(today).map(|likely| plus_days(likely, facts.transit_days));
    if arrives.is_some_and(|arrives| arrives <= delivery) && !facts.can_never_ship {
        return decision;
    }
    let asked = facts.last_told(today).is_some_and(|(_, quoted)| quoted.is_none_or(|quoted| quoted > delivery));
    decision.row = if asked { Row::EuAsked } else { Row::EuAsk };
    decision.action = Action::Notify;
    decision.message = Some(if facts.essential { Message::Essential } else { Message::NewDate });
    decision.act_by = Some(delivery);
    decision.silence_means = Some(Silence::Nothing);
    decision
}
