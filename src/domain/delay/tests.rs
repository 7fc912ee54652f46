//! The vectors of the rules' page, the rows of the us table, and what holds under every rule. Orders are of
//! 2026-11-02 with no ship-by date stated, so that T = 2026-12-02 and T + 30 = 2027-01-01.

use chrono::NaiveDate;

use super::*;

pub(super) fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// `12-22`, `01-05`: the winter of 2026.
pub(super) fn d(month_day: &str) -> NaiveDate {
    let year = if month_day < "06" { 2027 } else { 2026 };
    on(&format!("{year}-{month_day}"))
}

pub(super) fn line(rule: Rule, likely: &str) -> LineFacts {
    let mut facts = LineFacts::new(rule, d("11-02"));
    facts.likely = (likely != "unknown").then(|| d(likely));
    facts
}

pub(super) fn told(on: &str, message: Message, quoted: &str) -> ContactFact {
    ContactFact::sent(d(on), Some(message), (quoted != "open").then(|| d(quoted)))
}

/// A call without a message that brought an answer.
pub(super) fn call(on: &str, answer: Answer) -> ContactFact {
    ContactFact { answer: Some(answer), outcome: Outcome::Reached, ..ContactFact::sent(d(on), None, None) }
}

pub(super) fn at(facts: &LineFacts, today: &str) -> Decision {
    decide(facts, &DelaySettings::default(), d(today))
}

fn us(likely: &str, contacts: &[ContactFact], today: &str) -> Decision {
    at(&LineFacts { contacts: contacts.to_vec(), ..line(Rule::Us, likely) }, today)
}

fn short(on: &str, quoted: &str) -> ContactFact {
    told(on, Message::FirstShort, quoted)
}

fn long(on: &str, quoted: &str) -> ContactFact {
    told(on, Message::FirstLong, quoted)
}

fn renewed(on: &str, quoted: &str) -> ContactFact {
    told(on, Message::Renewed, quoted)
}

fn row(decision: &Decision) -> u8 {
    match decision.row {
        Row::Us(row) => row,
        other => panic!("not a us row: {other:?}"),
    }
}

/// action, message, act by, commitment, silence, as the export spells them.
fn line_of(decision: &Decision) -> String {
    let day = |date: Option<NaiveDate>| date.map_or("-".to_owned(), |date| date.format("%m-%d").to_string());
    format!(
        "{} {} {} {} {}",
        decision.action.name(),
        decision.message.map_or("-", Message::name),
        day(decision.act_by),
        day(decision.commitment_on),
        decision.silence_means.map_or("-", Silence::name),
    )
}

#[test]
fn every_vector_of_the_page() {
    assert_eq!(line_of(&us("11-30", &[], "11-05")), "none - - 12-02 -");
    assert_eq!(line_of(&us("12-22", &[], "11-20")), "notify first_short 12-02 12-02 consent");
    assert_eq!(line_of(&us("01-01", &[], "11-20")), "notify first_short 12-02 12-02 consent");
    assert_eq!(line_of(&us("01-02", &[], "11-20")), "notify first_long 12-02 12-02 cancelled");
    assert_eq!(line_of(&us("unknown", &[], "11-20")), "notify first_unknown 12-02 12-02 cancelled");

    let nothing_sent = us("12-22", &[], "12-03");
    assert_eq!(line_of(&nothing_sent), "cancel_and_refund cancelled 12-03 12-02 -");
    assert_eq!(nothing_sent.refund_by, Some(d("12-14")));

    let sent = [short("11-25", "12-22")];
    assert_eq!(us("12-22", &sent, "12-05").commitment_on, Some(d("12-22")));
    assert_eq!(line_of(&us("01-05", &sent, "12-15")), "notify renewed 12-22 12-22 cancelled");
    let renewed = [short("11-25", "12-22"), renewed("12-15", "01-05")];
    assert_eq!(line_of(&us("01-05", &renewed, "12-16")), "chase reminder 12-22 12-22 cancelled");
    assert_eq!(us("01-05", &renewed, "12-23").action, Action::CancelAndRefund);
    let agreed = [renewed.as_slice(), &[call("12-20", Answer::Consent)]].concat();
    assert_eq!(us("01-05", &agreed, "12-23").commitment_on, Some(d("01-05")));
    assert_eq!(us("01-05", &agreed, "12-23").action, Action::None);

    let long = [long("11-25", "01-20")];
    assert_eq!(line_of(&us("01-20", &long, "12-20")), "chase reminder 01-01 01-01 cancelled");
    let lapsed = us("01-20", &long, "01-02");
    assert_eq!(line_of(&lapsed), "cancel_and_refund cancelled 01-02 01-01 -");
    assert_eq!(lapsed.refund_by, Some(d("01-12")));
}

#[test]
fn row_1_the_customer_cancels() {
    let decision = us("11-30", &[call("11-20", Answer::Cancel)], "11-25");
    assert_eq!(row(&decision), 1);
    assert_eq!(line_of(&decision), "cancel_and_refund cancelled 11-20 12-02 -");
    assert_eq!(decision.refund_by, Some(d("12-01")));
    // The day of the answer counts, not that of the contact; it changes nothing before it.
    let later = ContactFact { answered_on: Some(d("11-23")), ..call("11-20", Answer::Cancel) };
    assert_eq!(us("11-30", std::slice::from_ref(&later), "11-25").act_by, Some(d("11-23")));
    assert_eq!(us("11-30", &[later], "11-22").action, Action::None);
    // It stays whatever is said afterwards, and also where the order was open-ended.
    let open = [told("11-20", Message::FirstUnknown, "open"), call("11-21", Answer::Consent)];
    let ended = [open.as_slice(), &[call("12-10", Answer::Cancel), call("12-11", Answer::Consent)]].concat();
    assert_eq!(line_of(&us("unknown", &ended, "02-10")), "cancel_and_refund cancelled 12-10 - -");
}

#[test]
fn row_2_can_never_ship() {
    let mut facts = line(Rule::Us, "unknown");
    facts.can_never_ship = true;
    facts.moved_on = Some(d("11-10"));
    let decision = at(&facts, "11-12");
    assert_eq!((row(&decision), decision.act_by, decision.refund_by), (2, Some(d("11-10")), Some(d("11-19"))));
    assert_eq!(decision.message, Some(Message::Cancelled));
    // Neither T passing nor a later cancel puts off the refund that is due.
    assert_eq!(at(&facts, "12-20").act_by, Some(d("11-10")));
    facts.contacts = vec![call("11-18", Answer::Cancel)];
    assert_eq!(at(&facts, "11-20").act_by, Some(d("11-10")));
    // With no fact on record: since the order, never "since today".
    facts.contacts.clear();
    facts.moved_on = None;
    assert_eq!(at(&facts, "11-12").act_by, Some(d("11-02")));
    assert_eq!(at(&facts, "12-20").act_by, Some(d("11-02")));
}

#[test]
fn row_3_no_valid_notice_by_t_and_a_late_one_cures_nothing() {
    assert_eq!(row(&us("12-22", &[], "12-02")), 5);
    assert_eq!(row(&us("12-22", &[], "12-03")), 3);
    let late = [short("12-03", "12-22"), call("12-04", Answer::Consent)];
    let decision = us("12-22", &late, "12-05");
    assert_eq!((row(&decision), decision.act_by), (3, Some(d("12-03"))));
    // Also where it was on track until T and could ship today.
    assert_eq!(row(&us("12-02", &[], "12-03")), 3);
}

#[test]
fn row_4_on_track() {
    let decision = us("12-02", &[], "11-10");
    assert_eq!((row(&decision), line_of(&decision).as_str()), (4, "none - - 12-02 -"));
    assert_eq!(decision.promise, None);
    assert_eq!(decision.due_on, d("12-02"));
}

#[test]
fn rows_5_to_7_first_notices_are_in_time_on_t() {
    for (likely, first, message) in
        [("12-03", 5, "first_short"), ("01-02", 6, "first_long"), ("unknown", 7, "first_unknown")]
    {
        let decision = us(likely, &[], "12-02");
        assert_eq!((row(&decision), decision.message.map(Message::name)), (first, Some(message)));
        assert_eq!((decision.action, decision.act_by), (Action::Notify, Some(d("12-02"))));
    }
    assert_eq!(us("12-22", &[], "11-20").silence_until, Some(d("12-22")));
    assert_eq!(us("01-02", &[], "11-20").silence_until, Some(d("01-01")));
    // Given on T it is in time; the date quoted decides what it is, not the label.
    assert_eq!(row(&us("12-22", &[short("12-02", "12-22")], "12-03")), 11);
    assert_eq!(row(&us("12-22", &[long("12-02", "01-01")], "12-03")), 11);
    assert_eq!(row(&us("01-02", &[short("12-02", "01-02")], "12-03")), 8);
    assert_eq!(row(&us("unknown", &[short("12-02", "open")], "12-03")), 8);
    assert_eq!(row(&us("12-22", &[renewed("12-02", "12-22")], "12-03")), 11);
    // Other messages are no notices, whatever they quote.
    assert_eq!(row(&us("12-22", &[told("12-01", Message::Delay, "12-22")], "12-02")), 5);
}

#[test]
fn a_notice_that_quotes_no_date_after_t_announces_no_delay() {
    let decision = us("12-22", &[short("11-10", "12-02")], "11-20");
    assert_eq!((row(&decision), decision.commitment_on), (5, Some(d("12-02"))));
}

#[test]
fn rows_8_to_10_without_a_yes() {
    for asked in [long("11-20", "01-20"), told("11-20", Message::FirstUnknown, "open")] {
        let asked = [asked];
        assert_eq!(row(&us("01-20", &asked, "11-21")), 8);
        assert_eq!(row(&us("unknown", &asked, "01-01")), 8);
        let ship = us("01-01", &asked, "12-20");
        assert_eq!((row(&ship), line_of(&ship).as_str()), (9, "ship - 01-01 01-01 cancelled"));
        let over = us("01-01", &asked, "01-02");
        assert_eq!((row(&over), over.act_by), (10, Some(d("01-02"))));
        // A later yes is a new order.
        let late = [asked.as_slice(), &[call("01-02", Answer::Consent)]].concat();
        assert_eq!(row(&us("01-20", &late, "01-05")), 10);
        // On the last day it is in time.
        let in_time = [asked.as_slice(), &[call("01-01", Answer::Consent)]].concat();
        assert_ne!(us("01-20", &in_time, "01-05").action, Action::CancelAndRefund);
    }
    // A short notice after a long one does not make silence a yes.
    let both = [long("11-20", "01-20"), short("11-25", "12-22")];
    let decision = us("12-22", &both, "12-10");
    assert_eq!((row(&decision), decision.commitment_on), (9, Some(d("01-01"))));
}

#[test]
fn row_11_agreed_by_a_yes_or_by_silence() {
    let silent = us("12-20", &[short("11-25", "12-22")], "11-26");
    assert_eq!((row(&silent), line_of(&silent).as_str()), (11, "none - 12-22 12-22 -"));
    assert_eq!((silent.promise, silent.due_on), (Some(d("12-22")), d("12-22")));
    let yes = us("01-20", &[long("11-25", "01-20"), call("12-20", Answer::Consent)], "12-21");
    assert_eq!((row(&yes), line_of(&yes).as_str()), (11, "none - 01-20 01-20 -"));
    assert_eq!(yes.promise, Some(d("01-20")));
    // An answer on the notice itself, later than the notice.
    let own = ContactFact { answer: Some(Answer::Consent), answered_on: Some(d("12-28")), ..long("11-25", "01-20") };
    assert_eq!(row(&us("01-20", std::slice::from_ref(&own), "12-27")), 8);
    assert_eq!(row(&us("01-20", &[own], "12-28")), 11);
    // A reminder brings the yes; only quoted is not agreed.
    let reminder = ContactFact { answer: Some(Answer::Consent), ..told("12-20", Message::Reminder, "open") };
    assert_eq!(row(&us("01-20", &[long("11-25", "01-20"), reminder], "12-21")), 11);
    let quoted = us("01-20", &[long("11-25", "01-20")], "12-21");
    assert_eq!((quoted.promise, quoted.last_quoted), (None, Some(d("01-20"))));
}

#[test]
fn row_12_yes_to_an_open_delay() {
    let open = [told("11-20", Message::FirstUnknown, "open"), call("11-25", Answer::Consent)];
    let decision = us("unknown", &open, "12-01");
    assert_eq!((row(&decision), line_of(&decision).as_str()), (12, "hold - - - nothing"));
    let months = us("unknown", &open, "04-01");
    assert_eq!(months.action, Action::Hold);
    assert_eq!((months.message, months.progress_on), (None, Some(d("12-09"))));
    // A yes in a talk that quoted a date is a yes to that date.
    let dated = [open[0].clone(), ContactFact { quoted_for: Some(d("01-10")), ..call("11-25", Answer::Consent) }];
    assert_eq!(us("01-10", &dated, "12-01").commitment_on, Some(d("01-10")));
    // A yes to a date during the hold binds again; silence does not.
    let found = [open.as_slice(), &[renewed("12-10", "01-15")]].concat();
    assert_eq!(row(&us("01-15", &found, "01-20")), 12);
    let bound = [found.as_slice(), &[call("12-11", Answer::Consent)]].concat();
    assert_eq!(us("01-15", &bound, "12-12").commitment_on, Some(d("01-15")));
}

#[test]
fn rows_13_to_15_round_after_round() {
    let mut contacts = vec![short("11-25", "12-22")];
    for (likely, today, notice, yes, next) in
        [("01-05", "12-10", "12-12", "12-20", "01-05"), ("01-25", "01-02", "01-03", "01-05", "01-25")]
    {
        let due = us(likely, &contacts, today);
        assert_eq!((row(&due), due.message), (13, Some(Message::Renewed)));
        assert_eq!(row(&us("unknown", &contacts, today)), 13);
        contacts.push(renewed(notice, next));
        let waiting = us(likely, &contacts, notice);
        assert_eq!((row(&waiting), waiting.commitment_on), (14, due.commitment_on));
        assert_eq!(waiting.silence_until, due.commitment_on);
        let mut silent = at(&LineFacts { contacts: contacts.clone(), ..line(Rule::Us, likely) }, "03-01");
        assert_eq!((row(&silent), silent.act_by), (15, due.commitment_on.map(|day| plus_days(day, 1))));
        silent = us("12-01", &contacts, "03-01");
        assert_eq!(row(&silent), 15);
        contacts.push(call(yes, Answer::Consent));
        let agreed = us(likely, &contacts, yes);
        assert_eq!((row(&agreed), agreed.commitment_on, agreed.promise), (11, Some(d(next)), Some(d(next))));
    }
    // A yes to an open renewal holds the order; a renewal after the commitment is too late.
    let open = [short("11-25", "12-22"), renewed("12-12", "open"), call("12-22", Answer::Consent)];
    assert_eq!(row(&us("unknown", &open, "02-01")), 12);
    let late = [short("11-25", "12-22"), renewed("12-23", "01-05"), call("12-23", Answer::Consent)];
    assert_eq!(row(&us("01-05", &late, "12-23")), 15);
    // A second short notice is a renewal: silence accepts a date once.
    let twice = [short("11-20", "12-12"), short("11-25", "12-22")];
    assert_eq!((row(&us("12-22", &twice, "12-01")), row(&us("12-22", &twice, "12-13"))), (14, 15));
    // Agreed and not shipped by the date agreed.
    let missed = us("12-22", &[short("11-25", "12-22")], "12-23");
    assert_eq!((row(&missed), missed.act_by), (15, Some(d("12-23"))));
}

#[test]
fn row_16_a_notice_that_did_not_come_through_is_not_given() {
    for outcome in [Outcome::Bounced, Outcome::Refused, Outcome::Unknown, Outcome::NoAnswer] {
        let lost = [ContactFact { outcome, ..short("11-20", "12-22") }];
        let decision = us("12-22", &lost, "11-25");
        assert_eq!((row(&decision), line_of(&decision).as_str()), (16, "notify first_short 12-02 12-02 consent"));
        assert_eq!((decision.last_told_on, decision.last_quoted), (None, None));
        assert_eq!(row(&us("12-22", &lost, "12-03")), 3);
        let second = ContactFact { outcome, ..renewed("12-10", "01-05") };
        let contacts = [short("11-20", "12-22"), second.clone()];
        assert_eq!(line_of(&us("01-05", &contacts, "12-12")), "notify renewed 12-22 12-22 cancelled");
        // A yes on a contact that did not come through is none.
        let yes = [short("11-20", "12-22"), ContactFact { answer: Some(Answer::Consent), ..second }];
        assert_eq!(row(&us("01-05", &yes, "12-23")), 15);
    }
    // Given again in time it counts.
    let again = [ContactFact { outcome: Outcome::Bounced, ..short("11-20", "12-22") }, short("11-22", "12-22")];
    assert_eq!(row(&us("12-22", &again, "11-25")), 11);
}

#[test]
fn a_notice_without_the_offer_to_cancel_is_none() {
    let kept_quiet = ContactFact { offered_cancel: false, ..short("11-20", "12-22") };
    assert_eq!(row(&us("12-22", std::slice::from_ref(&kept_quiet), "11-25")), 5);
    assert_eq!(row(&us("12-22", &[kept_quiet, call("11-25", Answer::Consent)], "12-03")), 3);
}

#[test]
fn on_one_day_cancel_beats_consent_and_the_later_date_holds() {
    let day = [
        short("11-20", "12-15"),
        short("11-20", "12-22"),
        call("11-20", Answer::Consent),
        call("11-20", Answer::Cancel),
    ];
    assert_eq!(row(&us("12-22", &day, "11-21")), 1);
    assert_eq!(us("12-22", &day[..3], "11-21").commitment_on, Some(d("12-22")));
    let mut reversed = day[..3].to_vec();
    reversed.reverse();
    assert_eq!(us("12-22", &reversed, "11-21"), us("12-22", &day[..3], "11-21"));
    // No date at all is the latest: it needs the express yes.
    let open = [short("11-20", "12-15"), told("11-20", Message::FirstUnknown, "open")];
    assert_eq!(row(&us("unknown", &open, "11-21")), 8);
}

#[test]
fn a_yes_with_no_notice_open_or_to_a_date_gone_by_moves_nothing() {
    assert_eq!(row(&us("12-22", &[call("11-20", Answer::Consent)], "11-21")), 5);
    let gone = [long("11-20", "01-20"), short("11-25", "12-10"), call("12-15", Answer::Consent)];
    assert_eq!(us("01-20", &gone, "12-16").commitment_on, Some(d("01-01")));
    assert_eq!(row(&us("01-05", &[short("11-20", "12-22"), call("11-22", Answer::None)], "11-25")), 13);
}

#[test]
fn what_is_dated_after_today_has_not_happened() {
    let ahead = [short("11-25", "12-22"), call("11-27", Answer::Cancel)];
    assert_eq!(row(&us("12-22", &ahead, "11-24")), 5);
    assert_eq!(us("12-22", &ahead, "11-24").last_told_on, None);
    assert_eq!(row(&us("12-22", &ahead, "11-26")), 11);
    assert_eq!(row(&us("12-22", &ahead, "11-27")), 1);
}

#[test]
fn t_is_the_date_stated_else_30_days_else_50_for_credit() {
    let settings = DelaySettings::default();
    let mut facts = line(Rule::Us, "12-22");
    assert_eq!(us::ship_by(&facts, &settings), d("12-02"));
    facts.own_credit = true;
    assert_eq!(us::ship_by(&facts, &settings), d("12-22"));
    facts.promised_on = Some(d("11-15"));
    facts.current_promise = Some(d("12-30"));
    assert_eq!(us::ship_by(&facts, &settings), d("11-15"));
    // A promise moved without telling anyone buys no time.
    assert_eq!(row(&at(&facts, "11-16")), 3);
}

#[test]
fn holidays_put_the_refund_off_and_unpaid_has_none() {
    let mut facts = line(Rule::Us, "12-22");
    let settings = DelaySettings { holidays: vec![d("12-08")], ..DelaySettings::default() };
    assert_eq!(decide(&facts, &settings, d("12-03")).refund_by, Some(d("12-15")));
    facts.paid = false;
    assert_eq!(at(&facts, "12-03").refund_by, None);
}

#[test]
fn progress_is_due_14_days_after_the_last_contact_else_after_the_order() {
    assert_eq!(us("11-30", &[], "11-15").message, None);
    let due = us("11-30", &[], "11-16");
    assert_eq!(line_of(&due), "none progress 11-16 12-02 -");
    assert_eq!(due.silence_means, None);
    // A contact that came through puts it off, a bounced one does not.
    let note = told("11-14", Message::Progress, "open");
    assert_eq!(us("11-30", std::slice::from_ref(&note), "11-27").message, None);
    assert_eq!(us("11-30", std::slice::from_ref(&note), "11-28").act_by, Some(d("11-28")));
    let bounced = ContactFact { outcome: Outcome::Bounced, ..note };
    assert_eq!(us("11-30", &[bounced], "11-20").message, Some(Message::Progress));
    // Never beside something else that is due.
    assert_eq!(us("12-22", &[], "11-25").message, Some(Message::FirstShort));
    assert_eq!(us("12-20", &[short("11-20", "12-22")], "12-04").message, Some(Message::Progress));
}

#[test]
fn not_known_asks_for_nothing_until_somebody_says_what_was_told() {
    for rule in Rule::ALL {
        let mut facts = line(*rule, "unknown");
        facts.not_known = true;
        let decision = at(&facts, "02-20");
        assert_eq!((decision.action, decision.message, decision.row), (Action::None, None, Row::NotKnown));
        assert_eq!((verb(&decision), decision.urgency()), ("not known", Urgency::NotKnown));
        facts.contacts.push(told("11-20", Message::Progress, "open"));
        assert_ne!(at(&facts, "02-20").row, Row::NotKnown);
    }
}

#[test]
fn states_count_from_the_current_promise() {
    assert_eq!(state(d("12-02"), Some(d("12-02")), d("12-02")), (State::OnTrack, Some(0)));
    assert_eq!(state(d("12-02"), Some(d("12-05")), d("12-02")), (State::WillBeLate, Some(3)));
    assert_eq!(state(d("12-02"), None, d("12-02")), (State::WillBeLate, None));
    assert_eq!(state(d("12-02"), None, d("12-06")), (State::Late, Some(4)));
    assert_eq!(state(d("12-02"), Some(d("11-20")), d("12-06")), (State::Late, Some(4)));
    let mut facts = line(Rule::House, "11-10");
    assert_eq!((at(&facts, "11-03").due_on, at(&facts, "11-03").promise), (d("12-02"), None));
    facts.deliver_by = Some(d("11-28"));
    assert_eq!((at(&facts, "11-03").due_on, at(&facts, "11-03").promise), (d("11-28"), None));
    facts.promised_on = Some(d("11-20"));
    assert_eq!(at(&facts, "11-03").due_on, d("11-20"));
    facts.current_promise = Some(d("11-24"));
    assert_eq!((at(&facts, "11-03").due_on, at(&facts, "11-03").promise), (d("11-24"), Some(d("11-24"))));
}

#[test]
fn the_rule_follows_country_kind_and_payment() {
    use CustomerKind::{Business, Consumer};
    let settings = DelaySettings::default();
    let of = |kind, country, own, mostly, paid| rule_for(kind, country, own, mostly, paid, &settings);
    assert_eq!(of(Some(Consumer), Some("US"), None, None, true), Rule::Us);
    assert_eq!(of(Some(Consumer), Some("GB"), None, None, true), Rule::Uk);
    assert_eq!(of(Some(Consumer), Some("de"), None, None, true), Rule::Eu);
    assert_eq!(of(Some(Consumer), Some("CH"), None, None, true), Rule::House);
    assert_eq!(of(Some(Consumer), Some("US"), None, None, false), Rule::House);
    assert_eq!(of(Some(Business), Some("DE"), None, Some(Consumer), true), Rule::House);
    assert_eq!(of(None, Some("FR"), None, None, true), Rule::House);
    assert_eq!(of(None, Some("FR"), None, Some(Consumer), true), Rule::Eu);
    assert_eq!(of(Some(Consumer), None, Some("IE"), None, true), Rule::Eu);
    assert_eq!(of(Some(Consumer), Some(" "), None, None, true), Rule::House);
    let under_us = DelaySettings { us_businesses_under_us: true, ..settings.clone() };
    assert_eq!(rule_for(None, Some("US"), None, None, true, &under_us), Rule::Us);
    assert_eq!(rule_for(None, Some("FR"), None, None, true, &under_us), Rule::House);
    assert_eq!(rule_for(None, Some("US"), None, None, true, &settings), Rule::House);
}

#[test]
fn every_name_reads_back() {
    assert!(Rule::ALL.iter().all(|v| Rule::named(v.name()) == Some(*v)));
    assert!(Action::ALL.iter().all(|v| Action::named(v.name()) == Some(*v)));
    assert!(Message::ALL.iter().all(|v| Message::named(v.name()) == Some(*v)));
    assert!(Silence::ALL.iter().all(|v| Silence::named(v.name()) == Some(*v)));
    assert!(Outcome::ALL.iter().all(|v| Outcome::named(v.name()) == Some(*v)));
    assert!(Answer::ALL.iter().all(|v| Answer::named(v.name()) == Some(*v)));
    assert!(State::ALL.iter().all(|v| State::named(v.name()) == Some(*v)));
    assert_eq!(Action::named("CancelAndRefund"), None);
}

#[test]
fn the_order_lost_first_comes_first_then_the_dearer() {
    use super::super::money::Money;
    let money = |text: &str| Money::parse(text).unwrap();
    let decisions = [
        us("12-22", &[], "12-03"),
        us("12-22", &[], "11-20"),
        us("01-20", &[long("11-20", "01-20")], "12-20"),
        us("11-30", &[], "11-20"),
        us("11-30", &[], "11-05"),
    ];
    let keys: Vec<_> = decisions.iter().map(|decision| decision.lost_first(money("1"))).collect();
    assert!(keys.is_sorted() && keys.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(decisions[1].lost_first(money("20")) < decisions[1].lost_first(money("3")));
    assert_eq!(decisions.map(|decision| verb(&decision)), ["refund", "tell", "chase", "news", ""]);
}

#[test]
fn silence_in_plain_words() {
    let today = d("11-20");
    assert_eq!(consequence(&us("12-22", &[], "11-20"), today), "counts as a yes to 22 Dec");
    assert_eq!(consequence(&us("01-20", &[], "11-20"), today), "cancelled and refunded on 2 Jan unless shipped");
    assert_eq!(consequence(&us("12-22", &[], "12-03"), today), "refund by 14 Dec");
    assert_eq!(consequence(&us("11-30", &[], "11-05"), today), "");
    assert_eq!(consequence(&at(&line(Rule::House, "12-22"), "11-20"), today), "order stands");
    assert_eq!(consequence(&us("12-22", &[], "12-03"), on("2025-01-01")), "refund by 14 Dec 2026");
}
