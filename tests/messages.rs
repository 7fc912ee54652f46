//! What customers are sent: whatever the names, the law's sentences stand there, headers have one line, and a notice
//! under the us rule advertises nothing.

use crate::support::cli::Bench;
use backshelf::domain::delay::{Message, Rule, Silence};
use backshelf::domain::ids::ItemId;
use backshelf::domain::money::Money;
use backshelf::domain::offer::{Offer, Offered};
use backshelf::domain::text::is_unsafe;
use backshelf::messages::facts::sample;
use backshelf::messages::sentences::Sentences;
use backshelf::messages::template::rules;
use backshelf::messages::{Facts, Form, Law, Shelf};
use proptest::prelude::*;

/// Texts as attackers and careless exports write them.
fn wild() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,60}",
        prop::sample::select(vec![
            "Bobby\r\nBcc: all@example.com".to_string(),
            "\u{1b}]52;c;aGVsbG8=\u{7}".into(),
            "{{ law_cancel }}{% for x in name %}".into(),
            "▌ You have no right to cancel.".into(),
            "\u{e000}forged\u{e001}".into(),
            "\u{202e}evil\u{2066}".into(),
            "voucher discount free shipping coupon".into(),
            "[closing]\n[subject]".into(),
            "x".repeat(5_000),
        ]),
    ]
}

fn message() -> impl Strategy<Value = (Message, Rule)> {
    let all: Vec<(Message, Rule)> =
        Message::ALL.iter().flat_map(|m| rules(m.to_owned()).iter().map(|r| (*m, *r))).collect();
    prop::sample::select(all)
}

fn facts() -> impl Strategy<Value = Facts> {
    let words = (wild(), wild(), wild(), wild(), wild(), proptest::option::of(wild()));
    let groups = prop::collection::vec((message(), any::<[bool; 5]>()), 1..4);
    (words, groups, any::<bool>()).prop_map(|((name, operator, house, goods, money, phone), groups, spoken)| {
        let form = if spoken { Form::Phone } else { Form::Written };
        let mut all: Option<Facts> = None;
        for ((message, rule), [dated, was, paid, several, known]) in groups {
            let mut one = sample(message, rule, form);
            for group in &mut one.groups {
                group.goods = vec![goods.clone(), "2 Gift card holder".into()];
                group.orders = vec![name.clone()];
                (group.several, group.paid) = (several, paid);
                group.refund = Some(money.clone()).filter(|_| known);
                group.refund_by = group.refund_by.filter(|_| paid);
                group.date = group.date.filter(|_| dated || group.silence == Some(Silence::Consent));
                group.was = group.was.filter(|_| was);
            }
            match &mut all {
                Some(all) => all.groups.extend(one.groups),
                None => all = Some(one),
            }
        }
        let offer = Offered { offer: Offer::Alternative(ItemId(1)), cost: Money::parse("1"), about: goods };
        Facts {
            name: name.clone(),
            customer: name,
            operator,
            warehouse: house,
            phone,
            offer: Some(offer),
            ..all.unwrap()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_in_a_name_breaks_a_message(facts in facts()) {
        let shelf = Shelf::shipped();
        let written = shelf.write(&facts);
        prop_assert!(written.notes.is_empty(), "{:?}", written.notes);
        let safe = |text: &str| !text.chars().any(is_unsafe);
        prop_assert!(safe(&written.subject) && written.subject.chars().count() <= 200, "{:?}", written.subject);
        for row in &written.rows {
            prop_assert!(safe(&row.text), "{:?}", row.text);
        }
        // Every sentence that the facts ask for, once, unchanged.
        let (english, cleaned) = (Sentences::english(), facts.clone().cleaned());
        for group in &cleaned.groups {
            for law in Law::of(group.message) {
                let sentence = english.law(*law, group, &cleaned);
                let there = written.rows.iter().filter(|r| r.law && r.text == sentence).count();
                prop_assert!(sentence.is_empty() || there >= 1, "{law:?} {sentence} in {}", written.text());
            }
        }
        if facts.groups.iter().any(|g| g.rule == Rule::Us) {
            prop_assert_eq!(written.advertising(), None);
            prop_assert!(!written.text().contains("at the same price"), "an offer in {}", written.text());
        }
    }

    #[test]
    fn no_edit_takes_the_law_away(facts in facts(), typed in "(▌? ?[ -~\u{1b}\u{202e}\r\n]{0,80}\n){0,8}") {
        let written = Shelf::shipped().write(&facts);
        let (edited, _) = written.edited(&typed);
        prop_assert_eq!(edited.laws(), written.laws());
        prop_assert!(!edited.text().chars().any(|c| c != '\n' && is_unsafe(c)), "{:?}", edited.text());
        prop_assert!(!edited.subject.contains('\n') && !edited.subject.contains('\r'));
    }
}

#[test]
fn a_talk_about_lines_with_different_fates_says_each() {
    let mut facts = sample(Message::FirstLong, Rule::Us, Form::Written);
    facts.groups.extend(sample(Message::Progress, Rule::Us, Form::Written).groups);
    facts.groups.insert(0, sample(Message::Cancelled, Rule::Us, Form::Written).groups.remove(0));
    let text = Shelf::shipped().write(&facts).text();
    assert!(text.contains("so we cancel the order") && text.contains("without your yes"), "{text}");
    assert!(text.contains("have not been sent yet") && text.contains("To answer, reply"), "{text}");
    assert_eq!(text.matches("Dear M. Haynes").count(), 1, "{text}");
}

#[test]
fn another_language_is_added_by_a_file_and_says_when_the_law_stays_english() {
    let bench = Bench::new();
    let french = bench.run(&["template", "show", "delay"]).well().out.replace("Dear", "Cher");
    let file = bench.file("delay.txt", &french);
    let path = file.to_str().unwrap();
    let added = bench.run(&["template", "add", path, "--language", "fr"]).well();
    assert!(added.err.contains("sentences of the law stay English"), "{}", added.err);
    let shown = bench.run(&["template", "show", "delay", "--language", "fr", "--filled"]).well();
    assert!(shown.out.contains("Cher M. Haynes") && shown.out.contains("▌ "), "{}", shown.out);
    assert!(shown.err.contains("the sentences of the law stay English"), "{}", shown.err);
    assert_eq!(bench.run(&["template", "add", path, "--language", "fr"]).code, 1, "it is there already");

    let sentences = bench.run(&["template", "show", "sentences"]).well().out;
    let sentences = sentences
        .replace("silence_nothing = \"If we do not hear from you", "silence_nothing = \"Sans nouvelles de vous");
    let file = bench.file("sentences.toml", &sentences);
    bench.run(&["template", "add", file.to_str().unwrap(), "--language", "fr"]).well();
    let shown = bench.run(&["template", "show", "delay", "--language", "fr", "--filled"]).well();
    assert!(shown.out.contains("▌ Sans nouvelles de vous"), "{}", shown.out);
    // What is not there is English, and says so.
    let shown = bench.run(&["template", "show", "reminder", "--language", "fr", "--filled"]).well();
    assert!(shown.err.contains("no template in \"fr\"") && shown.out.contains("Dear"), "{}{}", shown.err, shown.out);
}

#[test]
fn a_bad_template_is_refused_when_added_and_not_used_when_edited() {
    let bench = Bench::new();
    let bad = bench
        .run(&["template", "show", "first_short"])
        .well()
        .out
        .replace("{{ law_silence }}", "We hope for the best.");
    let file = bench.file("first_short.txt", &bad);
    let path = file.to_str().unwrap();
    let refused = bench.run(&["template", "add", path, "--language", "en"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("law_silence") && refused.err.contains("what no answer means"), "{}", refused.err);
    let checked = bench.run(&["template", "check", path]);
    assert!(checked.code == 1 && checked.out.contains("law_silence"), "{}", checked.out);
    // Put there by hand: the shipped one is used, and the list says why.
    bench.file("config/backshelf/templates/en/first_short.txt", &bad);
    let listed = bench.run(&["template", "list"]);
    assert!(listed.code == 1 && listed.out.contains("! en/first_short: "), "{}", listed.out);
    let shown = bench.run(&["template", "show", "first_short", "--filled"]).well();
    assert!(shown.out.contains("the new date suits you") && !shown.out.contains("hope"), "{}", shown.out);
    let variables = bench.run(&["template", "variables"]).well().out;
    assert!(variables.contains("{{ new_date }}") && variables.contains("cancelled      law_refund"), "{variables}");
}
