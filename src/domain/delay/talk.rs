//! What a talk is by its rule: which message it gives, what silence then means, and why an order is lost. The words
//! are made of it in `messages`.

use super::super::calendar::{days_between, plus_days};
use super::super::dates;
use super::{Action, ContactFact, Decision, Message, Row, Rule, Silence};
use chrono::NaiveDate;

/// What a contact that quotes this date is, and what silence then means: the date decides, not the label
/// (us: up to 30 days after the last day on which the order stands it is short, later long, none unknown).
pub fn notice(decision: &Decision, date: Option<NaiveDate>) -> (Option<Message>, Option<Silence>, Option<NaiveDate>) {
    let asked = decision.message.or(match decision.action {
        Action::CancelAndRefund => Some(Message::Cancelled),
        _ => None,
    });
    // Of an order that is not known yet, the talk is the word of its delay, unless the date said keeps the promise.
    if decision.row == Row::NotKnown && date.is_none_or(|date| date > decision.due_on) {
        match decision.rule {
            Rule::House => return (Some(Message::Delay), Some(Silence::Nothing), None),
            Rule::Eu | Rule::Uk => return (Some(Message::NewDate), Some(Silence::Nothing), None),
            Rule::Us => {}
        }
    }
    let first = matches!(decision.row, Row::Us(5..=7))
        || decision.rule == Rule::Us
            && matches!(asked, Some(Message::FirstShort | Message::FirstLong | Message::FirstUnknown));
    if !first {
        let progress = asked.or(Some(Message::Progress)).filter(|_| decision.action != Action::CancelAndRefund);
        return (asked.or(progress), decision.silence_means, decision.silence_until);
    }
    let ship_by = decision.commitment_on.unwrap_or(decision.due_on);
    let last = plus_days(ship_by, 30);
    match date {
        Some(date) if date <= last => (Some(Message::FirstShort), Some(Silence::Consent), Some(date)),
        Some(_) => (Some(Message::FirstLong), Some(Silence::Cancelled), Some(last)),
        None => (Some(Message::FirstUnknown), Some(Silence::Cancelled), Some(last)),
    }
}

/// What a talk that came through leaves to be told: by when, and why; none where it tells what the rule asks for. `likely`
/// is when the goods are there: at the door under eu and uk, shipped under the others.
pub fn left(
    decision: &Decision,
    talk: &ContactFact,
    likely: Option<NaiveDate>,
    tolerance_days: i64,
) -> Option<(NaiveDate, &'static str)> {
    let unknown = decision.row == Row::NotKnown;
    if decision.action != Action::Notify && !unknown || !talk.given() || talk.cancels() {
        return None;
    }
    // With a talk on file an old order is known, and its rule asks as of any other.
    if unknown && likely.is_some_and(|likely| likely <= decision.due_on) {
        return None;
    }
    let by = decision.act_by.unwrap_or(match decision.rule {
        Rule::House => talk.on,
        _ => decision.due_on,
    });
    match decision.rule {
        Rule::Us if unknown => Some((by, "the US rule knows of no notice of the delay")),
        Rule::House => {
            if talk.quoted_for.is_some_and(|said| said <= decision.due_on) {
                return Some((by, "the date said is not after the one promised"));
            }
            match (talk.quoted_for, likely) {
                // A yes makes the date said the promise.
                (Some(said), Some(likely)) if talk.consents() && likely <= said => None,
                (Some(said), Some(likely)) if days_between(said, likely).abs() > tolerance_days => {
                    Some((by, "the likely date is far from the one said, so only a yes settles it"))
                }
                (Some(_), None) => Some((by, "no goods are sure for the date said")),
                (None, Some(_)) => Some((by, "no date was said, though one is known")),
                _ => None,
            }
        }
        _ if !talk.offered_cancel => Some((by, "the right to cancel was not told")),
        Rule::Us => None,
        Rule::Eu | Rule::Uk => match talk.quoted_for {
            None => Some((by, "the rule asks for a new date, and none was said")),
            Some(_) if !talk.consents() => Some((by, "the new date is not agreed yet")),
            Some(agreed) => match likely {
                Some(likely) if likely <= agreed => None,
                Some(_) => Some((agreed, "the goods are likely to come later")),
                None => Some((agreed, "no goods are sure for it yet")),
            },
        },
    }
}

/// Why an order must be cancelled, in one sentence; empty where it must not.
pub fn because(decision: &Decision, today: NaiveDate) -> String {
    let by = decision.commitment_on.or(Some(decision.due_on)).map_or(String::new(), |d| dates::full(d, today));
    if decision.action != Action::CancelAndRefund {
        return String::new();
    }
    match decision.row {
        Row::Us(1) | Row::EuEnded | Row::HouseCancelled => "The customer cancelled.".into(),
        Row::Us(2) => "It can never ship: nothing more comes of this item.".into(),
        Row::Us(3) => format!("Not shipped and not told by {by}: the law ends this order."),
        Row::Us(10) => "No yes to the long delay came in time: the order is lost.".into(),
        Row::Us(_) => format!("Not shipped by {by} and no yes to a later date: it is lost."),
        _ => "The order must be cancelled.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, d, line};
    use super::super::{Answer, LineFacts, Outcome};
    use super::*;

    #[test]
    fn the_date_said_decides_what_the_notice_is() {
        let decision = at(&line(Rule::Us, "12-22"), "11-20");
        assert_eq!(
            notice(&decision, Some(d("12-22"))),
            (Some(Message::FirstShort), Some(Silence::Consent), Some(d("12-22")))
        );
        let last = Some("2027-01-01".parse().unwrap());
        let late: NaiveDate = "2027-01-02".parse().unwrap();
        assert_eq!(notice(&decision, last).0, Some(Message::FirstShort));
        assert_eq!(notice(&decision, Some(late)), (Some(Message::FirstLong), Some(Silence::Cancelled), last));
        assert_eq!(notice(&decision, None), (Some(Message::FirstUnknown), Some(Silence::Cancelled), last));
    }

    /// Who agrees to wait without a date was told: he is not due again at once.
    #[test]
    fn a_talk_about_an_order_that_is_not_known_tells_of_its_delay() {
        let mut facts = LineFacts { not_known: true, ..line(Rule::House, "unknown") };
        let before = at(&facts, "12-20");
        assert_eq!(before.row, Row::NotKnown);
        let said = notice(&before, None).0;
        let agrees = ContactFact {
            outcome: Outcome::Reached,
            answer: Some(Answer::Consent),
            ..ContactFact::sent(d("12-20"), said, None)
        };
        facts.contacts = vec![agrees];
        assert_eq!((at(&facts, "12-20").row, at(&facts, "12-20").action), (Row::HouseTold, Action::None));
        assert_eq!(notice(&before, Some(before.due_on)).0, Some(Message::Progress));
        assert_eq!(
            notice(&at(&LineFacts { not_known: true, ..line(Rule::Eu, "unknown") }, "12-20"), None).0,
            Some(Message::NewDate)
        );
    }

    /// What is foretold of a talk is what the rule then decides.
    #[test]
    fn what_a_talk_leaves_to_be_told_is_what_the_rule_then_asks() {
        for rule in [Rule::Eu, Rule::House] {
            for likely in ["12-22", "unknown"] {
                for (quoted, not_known) in
                    [None, Some(d("12-22")), Some(d("12-30"))].map(|q| [(q, false), (q, true)]).concat()
                {
                    for (offered_cancel, answer) in
                        [(true, None), (true, Some(Answer::Consent)), (false, Some(Answer::Consent))]
                    {
                        let mut facts = LineFacts { not_known, ..line(rule, likely) };
                        let before = at(&facts, "11-30");
                        let message = notice(&before, quoted).0;
                        let talk =
                            ContactFact { offered_cancel, answer, ..ContactFact::sent(d("11-30"), message, quoted) };
                        let left = left(&before, &talk, facts.likely_from(d("11-30")), 3);
                        facts.contacts = vec![talk];
                        let after = at(&facts, "11-30");
                        let asks = (after.action == Action::Notify).then_some(after.act_by).flatten();
                        let case = format!(
                            "{rule:?} {likely} {quoted:?} {not_known} {offered_cancel} {answer:?}: {left:?} {after:?}"
                        );
                        assert_eq!(left.is_some(), asks.is_some(), "{case}");
                        if rule == Rule::Eu {
                            assert_eq!(left.map(|(by, _)| by), asks, "{case}");
                        }
                    }
                }
            }
        }
        let asked = at(&line(Rule::Us, "12-22"), "11-20");
        let untold = ContactFact {
            offered_cancel: false,
            ..ContactFact::sent(d("11-20"), Some(Message::FirstShort), Some(d("12-22")))
        };
        assert_eq!(left(&asked, &untold, None, 3).map(|l| l.1), Some("the right to cancel was not told"));
    }

    #[test]
    fn a_lost_order_says_why() {
        let lost = at(&line(Rule::Us, "12-22"), "12-03");
        assert!(because(&lost, d("12-03")).contains("not told by Wed 2 Dec"), "{}", because(&lost, d("12-03")));
        assert_eq!(notice(&lost, None).0, Some(Message::Cancelled));
    }
}
