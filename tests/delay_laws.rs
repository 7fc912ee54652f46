//! Laws of the delay rules over random histories.

use crate::importing::take;
use crate::support::warehouse::Warehouse;
use backshelf::exchange::table::Table;
use backshelf::ops::backorders::{Talk, TalkLine, talk};

use backshelf::domain::delay::{
    Action, Answer, ContactFact, Decision, DelaySettings, LineFacts, Message, Outcome, Row, Rule, decide,
};
use chrono::{Days, NaiveDate};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn day(offset: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 2).expect("a date") + Days::new(offset)
}

/// Notices and answers are common, so that many histories reach the later rounds.
fn contact() -> impl Strategy<Value = ContactFact> {
    (
        0..80u64,
        prop_oneof![
            3 => select(vec![Message::FirstShort, Message::FirstLong, Message::FirstUnknown, Message::Renewed]).prop_map(Some),
            1 => option::of(select(Message::ALL)),
        ],
        option::weighted(0.8, 5..120u64),
        prop::bool::weighted(0.9),
        prop_oneof![4 => select(vec![Outcome::Sent, Outcome::Reached]), 1 => select(Outcome::ALL)],
        prop_oneof![
            3 => Just(None),
            2 => Just(Some(Answer::Consent)),
            1 => option::weighted(0.3, select(Answer::ALL)),
        ],
        option::weighted(0.3, 0..20u64),
    )
        .prop_map(|(on, message, quoted, offered_cancel, outcome, answer, after)| ContactFact {
            on: day(on),
            message,
            quoted_for: quoted.map(|quoted| day(on / 2 + quoted)),
            offered_cancel,
            outcome,
            answer,
            answered_on: after.map(|after| day(on + after)),
        })
}

fn history(rules: &'static [Rule]) -> impl Strategy<Value = LineFacts> {
    (
        select(rules),
        option::of(5..60u64),
        option::weighted(0.7, 0..150u64),
        option::of(0..40u64),
        prop::bool::weighted(0.05),
        any::<bool>(),
        0..4i64,
        prop::collection::vec(contact(), 0..7),
    )
        .prop_map(|(rule, promised, likely, moved, never, essential, transit, contacts)| LineFacts {
            promised_on: promised.map(day),
            current_promise: promised.map(day),
            likely: likely.map(day),
            moved_on: moved.map(day),
            can_never_ship: never,
            essential,
            transit_days: transit,
            contacts,
            ..LineFacts::new(rule, day(0))
        })
}

fn on(facts: &LineFacts, offset: u64) -> Decision {
    decide(facts, &DelaySettings::default(), day(offset))
}

/// Everything but the row, which says why and may name a notice that did not come through.
fn without_row(decision: Decision) -> Decision {
    Decision { row: Row::NotKnown, ..decision }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn must_cancel_never_disappears_by_waiting(facts in history(&[Rule::Us]), start in 0..140u64) {
        let first = on(&facts, start);
        if first.action == Action::CancelAndRefund {
            for later in start + 1..start + 40 {
                let decision = on(&facts, later);
                prop_assert_eq!(decision.action, Action::CancelAndRefund);
                prop_assert!(decision.act_by <= first.act_by && decision.refund_by <= first.refund_by);
            }
        }
    }

    #[test]
    fn nothing_that_is_said_afterwards_cures(facts in history(&[Rule::Us]), start in 0..140u64, late in contact()) {
        let lost = on(&facts, start);
        if lost.action == Action::CancelAndRefund {
            let mut facts = facts;
            facts.contacts.push(ContactFact {
                on: day(start + 1),
                answered_on: None,
                answer: late.answer.filter(|answer| *answer != Answer::Cancel),
                ..late
            });
            let decision = on(&facts, start + 1);
            prop_assert_eq!(decision.action, Action::CancelAndRefund);
            prop_assert!(decision.act_by <= lost.act_by);
        }
    }

    #[test]
    fn the_order_of_entry_never_matters(
        (facts, shuffled) in history(Rule::ALL).prop_flat_map(|facts| {
            let contacts = Just(facts.contacts.clone()).prop_shuffle();
            (Just(facts), contacts)
        }),
        today in 0..140u64,
    ) {
        let permuted = LineFacts { contacts: shuffled, ..facts.clone() };
        prop_assert_eq!(on(&facts, today), on(&permuted, today));
    }

    #[test]
    fn a_notice_that_did_not_come_through_never_helps(
        facts in history(Rule::ALL),
        lost in contact(),
        outcome in select(vec![Outcome::Bounced, Outcome::Refused, Outcome::Unknown, Outcome::NoAnswer]),
        today in 0..140u64,
    ) {
        let before = on(&facts, today);
        let mut with = facts;
        let answer = lost.answer.filter(|answer| *answer != Answer::Cancel);
        with.contacts.push(ContactFact { outcome, answer, ..lost });
        prop_assert_eq!(without_row(on(&with, today)), without_row(before));
    }

    /// After the first valid notice only a yes moves the commitment: one more unanswered notice, long, short
    /// or renewed, moves it by no day, and waiting does not either.
    #[test]
    fn a_commitment_never_grows_by_silence(facts in history(&[Rule::Us]), more in contact(), wait in 1..40u64) {
        let last = facts.contacts.iter().map(|c| c.on.max(c.answer_on())).max().unwrap_or(day(0));
        let offset = u64::try_from((last - day(0)).num_days()).expect("not before the order");
        let settled = on(&facts, offset);
        let noticed = !matches!(settled.row, Row::Us(2..=7 | 16));
        if noticed && settled.action != Action::CancelAndRefund {
            let mut with = facts.clone();
            with.contacts.push(ContactFact { on: day(offset + 1), answer: None, answered_on: None, ..more });
            prop_assert_eq!(on(&with, offset + wait).commitment_on, settled.commitment_on);
            prop_assert_eq!(on(&facts, offset + wait).commitment_on, settled.commitment_on);
        }
    }

    /// Silence alone carries an order to T + 30 at most.
    #[test]
    fn without_a_yes_no_order_outlives_thirty_days(facts in history(&[Rule::Us]), today in 0..200u64) {
        let mut silent = facts;
        for contact in &mut silent.contacts {
            contact.answer = None;
        }
        let limit = silent.promised_on.unwrap_or(day(30)) + Days::new(30);
        let decision = on(&silent, today);
        prop_assert!(decision.commitment_on.is_some_and(|commitment| commitment <= limit));
        prop_assert!(day(today) <= limit || decision.action == Action::CancelAndRefund);
    }

    #[test]
    fn a_cancel_always_leads_to_cancel_and_refund(facts in history(Rule::ALL), when in 0..80u64, wait in 0..40u64) {
        let mut facts = facts;
        facts.contacts.push(ContactFact { answer: Some(Answer::Cancel), ..ContactFact::sent(day(when), None, None) });
        let decision = on(&facts, when + wait);
        prop_assert_eq!(decision.action, Action::CancelAndRefund);
        prop_assert!(decision.act_by <= Some(day(when)));
        prop_assert_eq!(decision.silence_means, None);
        prop_assert!(decision.refund_by > decision.act_by);
    }

    #[test]
    fn nobody_is_cancelled_by_silence_under_eu_uk_and_house(
        facts in history(&[Rule::Eu, Rule::Uk, Rule::House]),
        today in 0..300u64,
    ) {
        let mut facts = facts;
        facts.contacts.retain(|contact| contact.answer != Some(Answer::Cancel));
        let decision = on(&facts, today);
        prop_assert!(matches!(decision.action, Action::None | Action::Notify));
    }
}

/// What a person can type on the day of the talk: the date said lies ahead, the answer is of that day.
fn typed() -> impl Strategy<Value = ContactFact> {
    contact().prop_map(|c| ContactFact { quoted_for: c.quoted_for.filter(|q| *q >= c.on), answered_on: None, ..c })
}

const RULED: [&str; 4] = ["us", "de", "gb", "house"];

/// One order for each history, of customers under each rule in turn; no contact yet.
fn orders(count: usize) -> Warehouse {
    let mut w = Warehouse::new();
    let (mut heads, mut lines) = ("order,customer,ordered_on".to_string(), "order,line,sku,quantity".to_string());
    for n in 0..count {
        heads.push_str(&format!("\nSO-{n},{},{}", RULED[n % RULED.len()], day(0)));
        lines.push_str(&format!("\nSO-{n},1,A,1"));
    }
    take(
        &mut w,
        &[
            (Table::Items, "sku,name\nA,Chang"),
            (
                Table::Customers,
                "customer,name,country,kind\nus,U,US,consumer\nde,D,DE,consumer\ngb,G,GB,consumer\nhouse,H,DE,business",
            ),
            (Table::Orders, &heads),
            (Table::OrderLines, &lines),
        ],
    );
    w
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// 240 histories: one warehouse where each talk was typed on its day, one that got them as a file, newest first.
    #[test]
    fn a_history_from_a_file_decides_like_one_typed_in(
        histories in prop::collection::vec(prop::collection::vec(typed(), 0..5), 240),
    ) {
        let (mut by_hand, mut by_file) = (orders(histories.len()), orders(histories.len()));
        let ids: Vec<_> = (0..histories.len())
            .map(|n| {
                let sql = format!("SELECT l.id FROM order_line l JOIN customer_order o ON o.id = l.order_id WHERE o.code = 'SO-{n}'");
                backshelf::domain::ids::LineId(by_hand.number(&sql))
            })
            .collect();
        let mut rows: Vec<String> = Vec::new();
        for (n, history) in histories.iter().enumerate() {
            for (seen, c) in history.iter().enumerate() {
                let said = Talk {
                    lines: vec![TalkLine { line: ids[n], message: c.message, quoted_for: c.quoted_for, seen_contacts: seen }],
                    offered_cancel: Some(c.offered_cancel),
                    outcome: Some(c.outcome),
                    answer: c.answer,
                    ..Talk::default()
                };
                by_hand.today = c.on;
                let act = by_hand.act("contact");
                talk(&mut by_hand.store, act, &said).unwrap();
                rows.push(format!(
                    "\nSO-{n},,{},{},{},{},{},{}",
                    c.on,
                    c.message.map_or("", Message::name),
                    c.quoted_for.map_or(String::new(), |d| d.to_string()),
                    if c.offered_cancel { "yes" } else { "no" },
                    c.outcome.name(),
                    c.answer.map_or("", Answer::name),
                ));
            }
        }
        rows.reverse();
        let head = "order,line,contacted_on,message,quoted_for,offered_cancel,outcome,answer";
        take(&mut by_file, &[(Table::Contacts, &format!("{head}{}", rows.concat()))]);
        for offset in [0, 20, 31, 45, 62, 75, 100, 140] {
            (by_hand.today, by_file.today) = (day(offset), day(offset));
            let decisions = |w: &Warehouse| -> Vec<(String, Decision)> {
                let mut all: Vec<_> = crate::backorders::board(w).lines.into_iter().map(|l| (l.order_code, l.decision)).collect();
                all.sort_by(|a, b| a.0.cmp(&b.0));
                all
            };
            for (typed, filed) in decisions(&by_hand).into_iter().zip(decisions(&by_file)) {
                prop_assert_eq!(typed, filed);
            }
        }
    }
}
