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

#[cfg(test)]
mod tests {
    use super::super::tests::{at, call, d, line, told};
    use super::super::{Answer, ContactFact, Outcome, Rule};
    use super::*;

    /// Promised for 1 December; the newest fact is of Friday 13 November.
    fn promised(likely: &str, contacts: &[ContactFact]) -> LineFacts {
        LineFacts {
            promised_on: Some(d("12-01")),
            current_promise: Some(d("12-01")),
            moved_on: Some(d("11-13")),
            contacts: contacts.to_vec(),
            ..line(Rule::House, likely)
        }
    }

    #[test]
    fn told_when_the_likely_date_passes_the_promise() {
        for likely in ["12-02", "unknown"] {
            let decision = at(&promised(likely, &[]), "11-14");
            assert_eq!((decision.action, decision.message), (Action::Notify, Some(Message::Delay)));
            assert_eq!((decision.act_by, decision.commitment_on), (Some(d("11-16")), None));
            assert_eq!((decision.silence_means, decision.refund_by), (Some(Silence::Nothing), None));
        }
        let kept = at(&promised("12-01", &[]), "11-14");
        assert_eq!((kept.action, kept.message, kept.silence_means), (Action::None, None, None));
    }

    #[test]
    fn act_by_is_the_earlier_of_promise_and_one_working_day() {
        let mut facts = promised("12-10", &[]);
        facts.moved_on = Some(d("12-01"));
        assert_eq!(at(&facts, "12-01").act_by, Some(d("12-01")));
        facts.moved_on = None;
        assert_eq!(at(&facts, "11-05").act_by, Some(d("11-03")));
        // Past the promise, not shipped: late whatever the likely date once was.
        assert_eq!(at(&promised("11-20", &[]), "12-02").action, Action::Notify);
    }

    #[test]
    fn told_again_only_beyond_the_tolerance() {
        let told_12 = [told("11-16", Message::Delay, "12-12")];
        for (likely, action) in [
            ("12-12", Action::None),
            ("12-15", Action::None),
            ("12-16", Action::Notify),
            ("12-09", Action::None),
            ("12-08", Action::Notify),
            ("unknown", Action::Notify),
        ] {
            assert_eq!(at(&promised(likely, &told_12), "11-20").action, action, "{likely}");
        }
        // Any contact that came through and quoted the date has told, also without a message.
        assert_eq!(
            at(&promised("12-12", &[ContactFact::sent(d("11-16"), None, Some(d("12-12")))]), "11-20").row,
            Row::HouseTold
        );
        let bounced = ContactFact { outcome: Outcome::Bounced, ..told_12[0].clone() };
        assert_eq!(at(&promised("12-12", &[bounced]), "11-20").row, Row::HouseTell);
        // The newest telling counts, and a date that only repeats the promise tells of no delay.
        let newer = [told("11-18", Message::Delay, "12-20"), told_12[0].clone()];
        assert_eq!(at(&promised("12-20", &newer), "11-20").row, Row::HouseTold);
        assert_eq!(at(&promised("12-03", &[told("11-05", Message::Progress, "12-01")]), "11-20").row, Row::HouseTell);
    }

    #[test]
    fn told_without_a_date_holds_while_there_is_none() {
        let open = [told("11-16", Message::Delay, "open")];
        assert_eq!(at(&promised("unknown", &open), "11-20").row, Row::HouseTold);
        assert_eq!(at(&promised("12-12", &open), "11-20").row, Row::HouseTellAgain);
        // A progress note says nothing of a delay.
        assert_eq!(at(&promised("unknown", &[told("11-16", Message::Progress, "open")]), "11-20").row, Row::HouseTell);
    }

    #[test]
    fn told_and_quiet_for_14_days_asks_for_progress() {
        let told_12 = [told("11-16", Message::Delay, "12-12")];
        let decision = at(&promised("12-12", &told_12), "11-30");
        assert_eq!((decision.action, decision.message), (Action::None, Some(Message::Progress)));
        assert_eq!(decision.act_by, Some(d("11-30")));
    }

    #[test]
    fn a_yes_moves_the_promise_and_silence_changes_nothing() {
        let contacts = [told("11-16", Message::Delay, "12-12"), call("11-17", Answer::Consent)];
        let agreed = at(&promised("12-12", &contacts), "11-20");
        assert_eq!((agreed.promise, agreed.row), (Some(d("12-12")), Row::HouseInTime));
        assert_eq!(at(&promised("12-12", &contacts[..1]), "11-20").promise, Some(d("12-01")));
        assert_eq!(at(&promised("12-13", &contacts), "11-20").row, Row::HouseTell);
        assert_eq!(at(&promised("unknown", &[]), "05-01").action, Action::Notify);
    }

    #[test]
    fn a_cancel_is_refunded_in_14_days_where_it_was_paid() {
        let mut facts = promised("12-12", &[call("11-17", Answer::Cancel)]);
        let decision = at(&facts, "11-20");
        assert_eq!((decision.action, decision.message), (Action::CancelAndRefund, None));
        assert_eq!((decision.act_by, decision.refund_by), (Some(d("11-17")), Some(d("12-01"))));
        facts.paid = false;
        assert_eq!(at(&facts, "11-20").refund_by, None);
    }

    #[test]
    fn what_can_never_ship_is_told_whatever_the_likely_date() {
        let facts = LineFacts { can_never_ship: true, ..promised("11-20", &[]) };
        assert_eq!(at(&facts, "11-14").action, Action::Notify);
    }
}
