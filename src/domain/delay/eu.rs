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

#[cfg(test)]
mod tests {
    use super::super::tests::{at, call, d, line, told};
    use super::super::{Answer, ContactFact, Outcome, Rule, decide as decide_any};
    use super::*;

    fn with(likely: &str, contacts: &[ContactFact]) -> LineFacts {
        LineFacts { contacts: contacts.to_vec(), ..line(Rule::Eu, likely) }
    }

    #[test]
    fn in_time_there_is_nothing_to_do() {
        let decision = at(&with("12-02", &[]), "11-10");
        assert_eq!((decision.action, decision.message, decision.act_by), (Action::None, None, None));
        assert_eq!((decision.commitment_on, decision.silence_means), (Some(d("12-02")), None));
    }

    #[test]
    fn a_late_or_unknown_delivery_asks_for_a_new_date_also_after_d() {
        for rule in [Rule::Eu, Rule::Uk] {
            for (likely, today) in [("12-03", "11-20"), ("unknown", "11-20"), ("12-20", "12-10"), ("11-30", "12-10")] {
                let decision = at(&line(rule, likely), today);
                assert_eq!((decision.action, decision.message), (Action::Notify, Some(Message::NewDate)));
                assert_eq!((decision.act_by, decision.commitment_on), (Some(d("12-02")), Some(d("12-02"))));
                assert_eq!((decision.silence_means, decision.refund_by), (Some(Silence::Nothing), None));
            }
        }
    }

    #[test]
    fn an_essential_date_is_called_about() {
        let facts = LineFacts { essential: true, ..with("12-03", &[]) };
        assert_eq!(at(&facts, "11-20").message, Some(Message::Essential));
        assert_eq!(at(&LineFacts { likely: Some(d("12-01")), ..facts }, "11-10").message, None);
    }

    #[test]
    fn transit_days_count_until_delivery() {
        let mut facts = with("12-01", &[]);
        facts.transit_days = 2;
        assert_eq!(at(&facts, "11-10").action, Action::Notify);
        facts.transit_days = 1;
        assert_eq!(at(&facts, "11-10").action, Action::None);
        // Not shipped a day before D with two days on the road: it cannot arrive in time.
        facts.transit_days = 2;
        facts.likely = Some(d("11-20"));
        assert_eq!(at(&facts, "12-01").action, Action::Notify);
    }

    #[test]
    fn d_is_the_delivery_date_else_the_ship_by_date_and_transit_else_30_days() {
        let settings = DelaySettings::default();
        let mut facts = LineFacts { transit_days: 3, ..with("11-10", &[]) };
        assert_eq!(first_delivery(&facts, &settings), d("12-02"));
        facts.promised_on = Some(d("11-20"));
        assert_eq!(first_delivery(&facts, &settings), d("11-23"));
        facts.deliver_by = Some(d("11-22"));
        assert_eq!(first_delivery(&facts, &settings), d("11-22"));
    }

    #[test]
    fn silence_moves_nothing_and_an_agreement_moves_d() {
        let asked = told("11-20", Message::NewDate, "12-22");
        let silent = at(&with("12-22", std::slice::from_ref(&asked)), "11-25");
        assert_eq!((silent.action, silent.commitment_on, silent.row), (Action::Notify, Some(d("12-02")), Row::EuAsked));
        assert_eq!((silent.promise, silent.last_quoted), (None, Some(d("12-22"))));
        for yes in ["11-22", "12-10"] {
            let agreed = at(&with("12-22", &[asked.clone(), call(yes, Answer::Consent)]), "12-11");
            assert_eq!((agreed.action, agreed.commitment_on), (Action::None, Some(d("12-22"))));
            assert_eq!(agreed.promise, Some(d("12-22")));
        }
        let again = at(&with("01-10", &[asked.clone(), call("11-22", Answer::Consent)]), "11-25");
        assert_eq!((again.action, again.act_by, again.row), (Action::Notify, Some(d("12-22")), Row::EuAsk));
        // What did not come through or hid the right to cancel was not offered.
        for lost in [
            ContactFact { outcome: Outcome::Bounced, ..asked.clone() },
            ContactFact { offered_cancel: false, ..asked.clone() },
        ] {
            let decision = at(&with("12-22", &[lost, call("11-22", Answer::Consent)]), "11-25");
            assert_eq!(decision.commitment_on, Some(d("12-02")));
        }
        // A yes to no date moves no date.
        let open = [told("11-20", Message::NewDate, "open"), call("11-22", Answer::Consent)];
        assert_eq!(at(&with("12-22", &open), "11-25").commitment_on, Some(d("12-02")));
    }

    #[test]
    fn never_cancelled_for_them_and_refunded_14_days_after_they_end_it() {
        let mut facts = with("unknown", &[]);
        facts.can_never_ship = true;
        assert_eq!(at(&facts, "05-01").action, Action::Notify);
        facts.contacts = vec![call("12-05", Answer::Cancel), call("12-06", Answer::Consent)];
        let ended = at(&facts, "12-10");
        assert_eq!((ended.action, ended.message), (Action::CancelAndRefund, None));
        assert_eq!((ended.act_by, ended.refund_by), (Some(d("12-05")), Some(d("12-19"))));
        assert_eq!((ended.silence_means, ended.row), (None, Row::EuEnded));
    }

    #[test]
    fn progress_is_due_while_it_is_in_time() {
        let decision = decide_any(&with("11-30", &[]), &DelaySettings::default(), d("11-16"));
        assert_eq!((decision.action, decision.message), (Action::None, Some(Message::Progress)));
        assert_eq!(decision.act_by, Some(d("11-16")));
    }
}
