//! The words of a talk, made from the decision: what changed, the new date, the choices, what silence means, when the
//! customer hears next. The sentences that the law asks for come from the decision and from nowhere else.

use super::super::calendar::plus_days;
use super::super::dates;
use super::{Action, Decision, Message, Row, Rule, Silence};
use chrono::{Datelike, NaiveDate};

/// What a talk is about.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Subject {
    /// `6 Chang and 12 Aniseed Syrup`.
    pub goods: String,
    /// More than one piece or kind: "they".
    pub several: bool,
    /// What was promised.
    pub was: Option<NaiveDate>,
    /// The date that is said; none: there is none yet.
    pub date: Option<NaiveDate>,
    /// What could go today: `14 Chang`.
    pub ready: Option<String>,
    /// The supplier is late (else: too little is on order).
    pub supplier_late: bool,
    /// The money that goes back, with cents, where it is known.
    pub refund: Option<String>,
    /// The day of the next word.
    pub next_on: Option<NaiveDate>,
}

/// What a contact that quotes this date is, and what silence then means: the date decides, not the label
/// (us: up to 30 days after the last day on which the order stands it is short, later long, none unknown).
pub fn notice(decision: &Decision, date: Option<NaiveDate>) -> (Option<Message>, Option<Silence>, Option<NaiveDate>) {
    let asked = decision.message.or(match decision.action {
        Action::CancelAndRefund => Some(Message::Cancelled),
        _ => None,
    });
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

/// The words to say or to send.
pub fn words(decision: &Decision, subject: &Subject, today: NaiveDate) -> String {
    // A letter is read again later: another year is always named.
    let day = |date: NaiveDate| if date.year() == today.year() { dates::full(date, today) } else { dates::long(date) };
    let (message, silence, until) = notice(decision, subject.date);
    let they = if subject.several { "they" } else { "it" };
    let mut said: Vec<String> = Vec::new();
    if decision.action == Action::CancelAndRefund {
        said.push(format!("We could not send your {} in time, so we cancel the order.", subject.goods));
        said.push(match (decision.refund_by, &subject.refund) {
            (Some(by), Some(amount)) => format!("Your money, {amount}, goes back to you in full by {}.", day(by)),
            (Some(by), None) => format!("Your money goes back to you in full by {}.", day(by)),
            (None, _) => "Nothing was paid, so there is nothing to refund.".into(),
        });
        return said.join(" ");
    }
    said.push(what_changed(message, subject, they, today));
    if !matches!(message, Some(Message::Progress | Message::Reminder)) {
        said.push(if subject.supplier_late {
            "Our supplier is late.".into()
        } else {
            "We have too few and more is not yet confirmed to us.".into()
        });
    }
    said.push(match subject.date {
        Some(date) => {
            format!("We now expect to send {} by {}.", if subject.several { "them" } else { "it" }, day(date))
        }
        None => "We do not have a date yet.".into(),
    });
    said.extend(choices(decision, silence, until, subject, &day));
    if let Some(next) = subject.next_on {
        said.push(format!("You hear from us again by {}.", day(next)));
    }
    said.join(" ")
}

fn what_changed(message: Option<Message>, subject: &Subject, they: &str, today: NaiveDate) -> String {
    let goods = &subject.goods;
    match (message, subject.was) {
        (Some(Message::Progress), _) => {
            format!("This is how your {goods} stands: {they} will come to you, but not yet.")
        }
        (Some(Message::Reminder), _) => format!("We asked you about your {goods} and still need your yes or no."),
        (_, Some(was)) if was < today => {
            format!("Your {goods} should have left on {} and did not.", dates::full(was, today))
        }
        (_, Some(was)) => format!("Your {goods} will not leave on {} as promised.", dates::full(was, today)),
        (_, None) => format!("Your {goods} will take longer than we thought."),
    }
}

/// The choices and what no answer means.
fn choices(
    decision: &Decision,
    silence: Option<Silence>,
    until: Option<NaiveDate>,
    subject: &Subject,
    day: &impl Fn(NaiveDate) -> String,
) -> Vec<String> {
    let ready = subject.ready.as_ref().map(|r| format!(", take what is ready now ({r}),")).unwrap_or_default();
    match (decision.rule, silence) {
        (_, Some(Silence::Consent)) => vec![
            "You can cancel now and get your money back in full, at no cost to you.".into(),
            "If we do not hear from you, we take it that the new date suits you; you can still cancel until we ship."
                .into(),
        ],
        (_, Some(Silence::Cancelled)) => {
            let when = until.map_or(String::new(), |last| format!(" on {}", day(plus_days(last, 1))));
            vec![
                "You can cancel now and get your money back in full, at no cost to you.".into(),
                format!(
                    "Please tell us if you will wait: without your yes we cancel and refund{when}, unless we ship first."
                ),
            ]
        }
        (Rule::Eu | Rule::Uk, _) => {
            vec!["Does that date suit you? If not, you can cancel and get all your money back.".into()]
        }
        (Rule::House, Some(_)) => vec![format!("You can wait{ready} or cancel.")],
        _ => Vec::new(),
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
        Row::Us(3) => format!("Not shipped and not told by {by}: a late notice cures nothing."),
        Row::Us(10) => "No yes to the long delay came in time: the order is lost.".into(),
        Row::Us(_) => format!("Not shipped by {by} and no yes to a later date: it is lost."),
        _ => "The order must be cancelled.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, d, line};
    use super::*;

    fn about(date: Option<&str>) -> Subject {
        Subject { goods: "6 Chang".into(), several: true, date: date.map(d), ..Subject::default() }
    }

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

    #[test]
    fn the_words_say_what_silence_means() {
        let short = words(&at(&line(Rule::Us, "12-22"), "11-20"), &about(Some("12-22")), d("11-20"));
        assert!(
            short.contains("cancel now and get your money back in full") && short.contains("new date suits you"),
            "{short}"
        );
        let unknown = words(&at(&line(Rule::Us, "unknown"), "11-20"), &about(None), d("11-20"));
        assert!(unknown.contains("without your yes we cancel and refund on Sat 2 Jan 2027"), "{unknown}");
        let eu = words(&at(&line(Rule::Eu, "12-22"), "11-20"), &about(Some("12-22")), d("11-20"));
        assert!(eu.contains("Does that date suit you?") && !eu.contains("If we do not hear"), "{eu}");
        let lost = at(&line(Rule::Us, "12-22"), "12-03");
        assert!(words(&lost, &about(None), d("12-03")).contains("in full by Mon 14 Dec"));
        assert!(because(&lost, d("12-03")).contains("not told by Wed 2 Dec"), "{}", because(&lost, d("12-03")));
    }
}
