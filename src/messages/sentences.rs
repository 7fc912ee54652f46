//! The sentences of one language. Those under `[law]` carry legal effect: they are made here from the facts, and a
//! template can only place them.

use super::facts::{Facts, Form, Group, Law};
use crate::domain::delay::{Message, Rule, Silence, WhyCancelled};
use crate::domain::offer::Offer;
use chrono::{Datelike, NaiveDate};
use minijinja::{Environment, UndefinedBehavior, Value};
use std::collections::BTreeMap;

/// The shipped English file.
pub const ENGLISH: &str = include_str!("../../assets/templates/en/sentences.toml");

/// A sentence's key, what it must show, and what it may use besides.
type Key = (&'static str, &'static [&'static str], &'static [&'static str]);

const LAW: &[Key] = &[
    ("change_ship", &["goods", "old_date"], &["ordered_on", "several"]),
    ("change_deliver", &["goods", "old_date"], &["ordered_on", "several"]),
    ("change_missed", &["goods", "old_date"], &["ordered_on", "several"]),
    ("change_again", &["goods", "old_date"], &["ordered_on", "several"]),
    ("change_reminder", &["goods"], &["told_on", "ordered_on", "several"]),
    ("change_longer", &["goods"], &["ordered_on", "several"]),
    ("change_progress", &["goods"], &["ordered_on", "several"]),
    ("date_ship", &["new_date"], &["several"]),
    ("date_deliver", &["new_date"], &["several"]),
    ("date_expected", &["new_date"], &["several"]),
    ("date_none", &[], &["several"]),
    ("cancel_paid", &["refund"], &[]),
    ("cancel_unpaid", &[], &[]),
    ("silence_consent", &[], &["new_date"]),
    ("silence_cancelled", &["until", "refund"], &[]),
    ("silence_nothing", &[], &[]),
    ("silence_essential", &[], &[]),
    ("answer_written", &["phone"], &[]),
    ("answer_spoken", &["phone"], &[]),
    ("money_all", &[], &[]),
    ("money_about", &["refund"], &[]),
    ("cancelled_late", &["goods"], &["several"]),
    ("cancelled_never", &["goods"], &["several"]),
    ("cancelled_asked", &["goods"], &["several"]),
    ("refund_due", &["refund", "refund_by"], &[]),
    ("refund_none", &[], &[]),
];

const OWN: &[Key] = &[
    ("reason_supplier", &[], &[]),
    ("reason_stock", &[], &[]),
    ("next", &["next_on"], &[]),
    ("offer_ready", &["about"], &[]),
    ("offer_delivery", &[], &[]),
    ("offer_alternative", &["about"], &[]),
    ("offer_sample", &[], &[]),
    ("offer_discount", &["about"], &[]),
];

/// One language.
#[derive(Clone, PartialEq, Debug)]
pub struct Sentences {
    months: Vec<String>,
    weekdays: Vec<String>,
    date: String,
    and: String,
    law: BTreeMap<String, String>,
    own: BTreeMap<String, String>,
    /// Words that no notice under the us rule may carry, lower case.
    pub advertising: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    months: Vec<String>,
    weekdays: Vec<String>,
    date: String,
    and: String,
    advertising: Vec<String>,
    law: BTreeMap<String, String>,
    own: BTreeMap<String, String>,
}

/// Where every template is rendered: no filters, tests or functions, undefined is an error, and an end to loops.
pub(super) fn environment<'a>() -> Environment<'a> {
    let mut env = Environment::empty();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(50_000));
    env
}

impl Sentences {
    /// Reads and checks a language's file; what is wrong is a sentence with the place.
    pub fn read(text: &str, name: &str) -> Result<Sentences, Vec<String>> {
        let file: File = toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(1, |s| text.get(..s.start).unwrap_or("").lines().count().max(1));
            vec![format!("{name}, line {line}: {}", e.message())]
        })?;
        let mut faults = Vec::new();
        if file.months.len() != 12 || file.weekdays.len() != 7 {
            faults.push(format!("{name}: months holds twelve names and weekdays seven, Monday first."));
        }
        let day: Vec<_> =
            ["weekday", "day", "month", "year"].into_iter().map(|v| (v, Value::from(format!("‹{v}›")))).collect();
        check_one(name, "date", &file.date, &day, &["day", "month", "year"], &mut faults);
        for (table, given, keys) in [("law", &file.law, LAW), ("own", &file.own, OWN)] {
            for (key, shows, may) in keys {
                let Some(source) = given.get(*key) else {
                    faults.push(format!("{name}: [{table}] lacks {key}."));
                    continue;
                };
                let known: Vec<_> = shows.iter().chain(*may).map(|v| (*v, Value::from(format!("‹{v}›")))).collect();
                check_one(name, key, source, &known, shows, &mut faults);
            }
            for key in given.keys().filter(|k| !keys.iter().any(|known| known.0 == k.as_str())) {
                faults.push(format!("{name}: [{table}] {key} is not a sentence that the program makes. Take it out."));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let advertising = file.advertising.iter().map(|w| w.to_lowercase()).collect();
        let File { months, weekdays, date, and, law, own, .. } = file;
        Ok(Sentences { months, weekdays, date, and, law, own, advertising })
    }

    /// The shipped English ones, which a test proves sound.
    pub fn english() -> Sentences {
        Sentences::read(ENGLISH, "sentences.toml").unwrap_or_else(|_| Sentences {
            months: Vec::new(),
            weekdays: Vec::new(),
            date: String::new(),
            and: String::new(),
            law: BTreeMap::new(),
            own: BTreeMap::new(),
            advertising: Vec::new(),
        })
    }

    /// `Tuesday 8 December 2026`.
    pub fn day(&self, date: NaiveDate) -> String {
        let of = |names: &[String], at: u32| names.get(at as usize).cloned().unwrap_or_default();
        let values = BTreeMap::from([
            ("weekday", of(&self.weekdays, date.weekday().num_days_from_monday())),
            ("day", date.day().to_string()),
            ("month", of(&self.months, date.month0())),
            ("year", date.year().to_string()),
        ]);
        environment().render_str(&self.date, values).unwrap_or_else(|_| date.to_string())
    }

    fn maybe_day(&self, date: Option<NaiveDate>) -> String {
        date.map(|d| self.day(d)).unwrap_or_default()
    }

    /// `6 Chang, 2 Konbu and 12 Aniseed Syrup`.
    pub fn list(&self, words: &[String]) -> String {
        match words {
            [] => String::new(),
            [one] => one.clone(),
            [head @ .., last] => format!("{} {} {last}", head.join(", "), self.and),
        }
    }

    fn make(&self, key: &str, values: &BTreeMap<&'static str, Value>) -> String {
        let source = self.law.get(key).or_else(|| self.own.get(key)).map_or("", String::as_str);
        let made = environment().render_str(source, values.clone()).unwrap_or_default();
        made.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What goes back: the amount, an estimate that is called one, or all of it.
    pub fn money(&self, group: &Group) -> String {
        match (&group.refund, group.refund_exact) {
            (Some(amount), true) => amount.clone(),
            (Some(amount), false) => {
                self.make("money_about", &BTreeMap::from([("refund", Value::from(amount.clone()))]))
            }
            (None, _) => self.make("money_all", &BTreeMap::new()),
        }
    }

    fn values(&self, group: &Group, facts: &Facts) -> BTreeMap<&'static str, Value> {
        BTreeMap::from([
            ("goods", Value::from(self.list(&group.goods))),
            ("several", Value::from(group.several)),
            ("ordered_on", Value::from(self.maybe_day(group.ordered_on))),
            ("old_date", Value::from(self.maybe_day(group.was))),
            ("new_date", Value::from(self.maybe_day(group.date))),
            ("told_on", Value::from(self.maybe_day(group.told_on))),
            ("until", Value::from(self.maybe_day(group.until))),
            ("refund", Value::from(self.money(group))),
            ("refund_by", Value::from(self.maybe_day(group.refund_by))),
            ("phone", Value::from(facts.phone.clone().unwrap_or_default())),
        ])
    }

    /// The sentence of legal effect about a group; empty where there is nothing to say.
    pub fn law(&self, law: Law, group: &Group, facts: &Facts) -> String {
        let values = self.values(group, facts);
        match law {
            Law::Date => match group.message {
                Message::Cancelled => String::new(),
                _ => {
                    let change = self.make(change(group, facts.today), &values);
                    let mut said = format!("{change} {}", self.make(new_date(group), &values));
                    if group.message == Message::FirstUnknown {
                        // The rule asks for the reason where no date can be named.
                        said = format!("{said} {}", self.reason(group));
                    }
                    said
                }
            },
            Law::Cancel => match (group.message, group.paid) {
                (Message::Cancelled | Message::Progress, _) => String::new(),
                (_, true) => self.make("cancel_paid", &values),
                (_, false) => self.make("cancel_unpaid", &values),
            },
            Law::Silence => match (group.silence, group.message) {
                (None, _) | (_, Message::Cancelled | Message::Progress) => String::new(),
                (Some(Silence::Consent), _) => self.make("silence_consent", &values),
                (Some(Silence::Cancelled), _) => self.make("silence_cancelled", &values),
                (Some(Silence::Nothing), Message::Essential) => self.make("silence_essential", &values),
                (Some(Silence::Nothing), _) => self.make("silence_nothing", &values),
            },
            Law::Answer => match (group.message, facts.form) {
                (Message::Cancelled | Message::Progress, _) => String::new(),
                (_, Form::Phone) => self.make("answer_spoken", &values),
                (_, Form::Written) => self.make("answer_written", &values),
            },
            Law::Refund if group.message == Message::Cancelled => {
                let why = match group.why_cancelled {
                    WhyCancelled::Late => "cancelled_late",
                    WhyCancelled::Never => "cancelled_never",
                    WhyCancelled::Asked => "cancelled_asked",
                };
                let money = if group.refund_by.is_some() { "refund_due" } else { "refund_none" };
                format!("{} {}", self.make(why, &values), self.make(money, &values))
            }
            Law::Refund => String::new(),
        }
    }

    /// Why it is late.
    pub fn reason(&self, group: &Group) -> String {
        if group.message == Message::Cancelled && group.why_cancelled != WhyCancelled::Late {
            return String::new();
        }
        self.make(if group.supplier_late { "reason_supplier" } else { "reason_stock" }, &BTreeMap::new())
    }

    /// When the customer hears again.
    pub fn next(&self, facts: &Facts) -> String {
        let Some(next) = facts.next_on else { return String::new() };
        self.make("next", &BTreeMap::from([("next_on", Value::from(self.day(next)))]))
    }

    /// What is offered; empty under the us rule.
    pub fn offer(&self, facts: &Facts) -> String {
        let Some(offer) = facts.offer.as_ref().filter(|_| !facts.bars_offers()) else { return String::new() };
        let (key, about) = match offer.offer {
            Offer::ShipReady => ("offer_ready", offer.about.clone()),
            Offer::FreeDelivery => ("offer_delivery", String::new()),
            Offer::Alternative(_) => ("offer_alternative", offer.about.clone()),
            Offer::Sample => ("offer_sample", String::new()),
            Offer::Discount(percent) => ("offer_discount", percent.to_string()),
        };
        self.make(key, &BTreeMap::from([("about", Value::from(about))]))
    }
}

fn change(group: &Group, today: NaiveDate) -> &'static str {
    let delivery = matches!(group.rule, Rule::Eu | Rule::Uk);
    match (group.message, group.was) {
        (Message::Progress, _) => "change_progress",
        (Message::Reminder, _) => "change_reminder",
        (_, None) => "change_longer",
        (Message::Renewed, _) => "change_again",
        (_, Some(was)) if was < today => "change_missed",
        _ if delivery => "change_deliver",
        _ => "change_ship",
    }
}

fn new_date(group: &Group) -> &'static str {
    match (group.date, group.rule, group.message) {
        (None, ..) => "date_none",
        (Some(_), Rule::Eu | Rule::Uk, Message::NewDate | Message::Essential) => "date_deliver",
        (Some(_), Rule::Us, _) => "date_ship",
        _ => "date_expected",
    }
}

/// Whether a sentence is sound: it uses what it may and shows what it must.
fn check_one(
    name: &str,
    key: &str,
    source: &str,
    known: &[(&'static str, Value)],
    shows: &[&str],
    faults: &mut Vec<String>,
) {
    let env = environment();
    let template = match env.template_from_str(source) {
        Ok(template) => template,
        Err(e) => return faults.push(format!("{name}: {key}: {}", e.detail().unwrap_or("it cannot be read"))),
    };
    let mut unknown: Vec<String> =
        template.undeclared_variables(false).into_iter().filter(|v| !known.iter().any(|k| k.0 == v)).collect();
    unknown.sort();
    if let Some(first) = unknown.first() {
        return faults.push(format!("{name}: {key}: there is no variable {first} here."));
    }
    let values: BTreeMap<&str, Value> = known.iter().cloned().collect();
    match template.render(values) {
        Ok(made) => {
            for missing in shows.iter().filter(|v| !made.contains(&format!("‹{v}›"))) {
                faults.push(format!("{name}: {key} does not say {{{{ {missing} }}}}."));
            }
            if made.trim().is_empty() {
                faults.push(format!("{name}: {key} is empty."));
            }
        }
        Err(e) => faults.push(format!("{name}: {key}: {}", e.detail().unwrap_or("it cannot be filled in"))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::sample;
    use super::*;

    #[test]
    fn the_shipped_sentences_are_sound() {
        assert_eq!(Sentences::read(ENGLISH, "en").map(|_| ()), Ok(()));
    }

    #[test]
    fn a_sentence_that_hides_the_amount_is_refused() {
        let hiding = ENGLISH.replace("get {{ refund }} back in full, at no cost to you", "get your money back");
        let faults = Sentences::read(&hiding, "fr/sentences.toml").unwrap_err();
        assert_eq!(faults, ["fr/sentences.toml: cancel_paid does not say {{ refund }}."]);
        let lacking = ENGLISH.replace("silence_consent =", "silence_yes =");
        let faults = Sentences::read(&lacking, "x").unwrap_err().join("\n");
        assert!(faults.contains("lacks silence_consent") && faults.contains("silence_yes is not"), "{faults}");
        let wrong = ENGLISH.replace("{{ until }}", "{{ untill }}");
        assert!(Sentences::read(&wrong, "x").unwrap_err().join("").contains("no variable untill"));
    }

    #[test]
    fn each_rule_has_its_words() {
        let english = Sentences::english();
        let said = |message, rule| {
            let facts = sample(message, rule, Form::Written);
            let group = facts.groups[0].clone();
            Law::ALL.map(|law| english.law(law, &group, &facts)).join(" ").trim().to_string()
        };
        let short = said(Message::FirstShort, Rule::Us);
        assert!(
            short.contains(
                "cannot be shipped by Monday 23 November 2026. The new shipping date is Tuesday 8 December 2026."
            ),
            "{short}"
        );
        assert!(
            short.contains("get EUR 424.00 back in full, at no cost") && short.contains("the new date suits you"),
            "{short}"
        );
        assert!(short.contains("reply to this message or call 1 800 555 0199; it costs you nothing"), "{short}");
        let unknown = said(Message::FirstUnknown, Rule::Us);
        assert!(unknown.contains("cannot say how long it will take. Our supplier is late."), "{unknown}");
        assert!(unknown.contains("without your yes by Wednesday 23 December 2026 we cancel"), "{unknown}");
        let eu = said(Message::NewDate, Rule::Eu);
        assert!(
            eu.contains("cannot be delivered by")
                && eu.contains("Does that date suit you?")
                && eu.contains("your order stands"),
            "{eu}"
        );
        let lost = said(Message::Cancelled, Rule::Us);
        assert!(lost.contains("You get EUR 424.00 back in full by Wednesday 2 December 2026"), "{lost}");
    }
}
