//! One template: a file of five parts (subject, opening, part, closing, phone) in minijinja. It places the sentences
//! of legal effect; it cannot make, change or leave them out.

use super::facts::{Facts, Form, Group, Law, VARIABLES, hostile};
use super::sentences::{Sentences, environment};
use super::written::{Row, advertising};
use crate::domain::delay::{Message, Rule};
use crate::domain::text::visible;
use minijinja::Value;
use std::collections::BTreeMap;

/// The parts of a file, in the order in which they stand there.
const SECTIONS: [&str; 5] = ["subject", "opening", "part", "closing", "phone"];
/// Round a sentence of legal effect while a template is filled in; data never holds them ([`visible`]).
const FROM: char = '\u{e000}';
const TO: char = '\u{e001}';

/// The shipped English templates.
pub const SHIPPED: &[(Message, &str)] = &[
    (Message::FirstShort, include_str!("../../assets/templates/en/first_short.txt")),
    (Message::FirstLong, include_str!("../../assets/templates/en/first_long.txt")),
    (Message::FirstUnknown, include_str!("../../assets/templates/en/first_unknown.txt")),
    (Message::Renewed, include_str!("../../assets/templates/en/renewed.txt")),
    (Message::Reminder, include_str!("../../assets/templates/en/reminder.txt")),
    (Message::Cancelled, include_str!("../../assets/templates/en/cancelled.txt")),
    (Message::NewDate, include_str!("../../assets/templates/en/new_date.txt")),
    (Message::Essential, include_str!("../../assets/templates/en/essential.txt")),
    (Message::Delay, include_str!("../../assets/templates/en/delay.txt")),
    (Message::Progress, include_str!("../../assets/templates/en/progress.txt")),
];

/// A template as it was read; sound once [`Template::check`] found nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template {
    pub message: Message,
    /// As people find it: `en/delay`.
    pub name: String,
    /// Of its text: another text has another.
    pub version: String,
    /// Source and the line of the file on which it begins, by [`SECTIONS`].
    sections: [(String, usize); 5],
}

/// The rules under which a message is sent.
pub fn rules(message: Message) -> &'static [Rule] {
    match message {
        Message::FirstShort | Message::FirstLong | Message::FirstUnknown | Message::Renewed => &[Rule::Us],
        Message::NewDate | Message::Essential => &[Rule::Eu, Rule::Uk],
        Message::Delay => &[Rule::House],
        Message::Reminder => &[Rule::Us, Rule::House],
        Message::Cancelled | Message::Progress => &[Rule::Us, Rule::Eu, Rule::House],
    }
}

/// FNV-1a: to tell two texts apart, not to resist anybody.
fn version(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    format!("{:08x}", hash >> 32)
}

impl Template {
    /// Takes a file apart. What is wrong is a sentence with the place; `name` says which file.
    pub fn read(message: Message, name: &str, text: &str) -> Result<Template, String> {
        let text = text.trim_start_matches('\u{feff}');
        let mut sections: [(String, usize); 5] = Default::default();
        let mut at: Option<usize> = None;
        for (n, line) in text.lines().enumerate() {
            let heading = line.trim().strip_prefix('[').and_then(|l| l.strip_suffix(']'));
            if let Some(found) = heading.and_then(|h| SECTIONS.iter().position(|s| *s == h)) {
                if sections.get(found).is_some_and(|s| s.1 > 0) {
                    return Err(format!("{name}, line {}: [{}] stands there twice.", n + 1, SECTIONS[found]));
                }
                at = Some(found);
                if let Some(section) = sections.get_mut(found) {
                    section.1 = n + 2;
                }
            } else if let Some(section) = at.and_then(|at| sections.get_mut(at)) {
                section.0.push_str(line);
                section.0.push('\n');
            } else if !line.trim().is_empty() && !line.starts_with('#') {
                return Err(format!("{name}, line {}: a file begins with [subject]; notes above it with #.", n + 1));
            }
        }
        for (section, (_, line)) in SECTIONS.iter().zip(&sections) {
            if *line == 0 {
                return Err(format!("{name}: it lacks [{section}]."));
            }
        }
        Ok(Template { message, name: name.to_string(), version: version(text), sections })
    }

    /// Everything that is wrong with it, each a sentence with the place: unknown variables, a sentence of legal effect
    /// that its message needs and that does not come out over a set of hostile facts, advertising where none may be.
    pub fn check(&self, sentences: &Sentences) -> Vec<String> {
        let unknown = self.unknown_variables();
        if !unknown.is_empty() {
            return unknown;
        }
        let mut faults = Vec::new();
        for rule in rules(self.message) {
            for form in [Form::Written, Form::Phone] {
                for facts in hostile(self.message, *rule, form) {
                    let facts = facts.cleaned();
                    match self.fill(&facts, sentences) {
                        Err(fault) => faults.push(fault),
                        Ok((subject, rows)) => self.judge(&facts, &subject, &rows, sentences, &mut faults),
                    }
                }
            }
        }
        faults.sort();
        faults.dedup();
        faults
    }

    fn judge(&self, facts: &Facts, subject: &str, rows: &[Row], sentences: &Sentences, faults: &mut Vec<String>) {
        let part = if facts.form == Form::Phone { "[phone]" } else { "what is written" };
        for law in missing(facts, rows, sentences) {
            faults.push(format!(
                "{}: {part} does not always say {{{{ {} }}}} ({}), which {} must. Put it on a line of its own.",
                self.name,
                law.variable(),
                law.meaning(),
                self.message.name()
            ));
        }
        if facts.bars_offers()
            && let Some(word) = advertising(subject, rows, &facts.data(), &sentences.advertising)
        {
            faults.push(format!(
                "{}: \"{word}\" is advertising, which no notice under the US rule may carry. Take it out.",
                self.name
            ));
        }
        if subject.trim().is_empty() && facts.form == Form::Written {
            faults.push(format!("{}: [subject] is empty.", self.name));
        }
    }

    fn unknown_variables(&self) -> Vec<String> {
        let env = environment();
        let mut faults = Vec::new();
        for (section, (source, line)) in SECTIONS.iter().zip(&self.sections) {
            let template = match env.template_from_str(source) {
                Ok(template) => template,
                Err(e) => {
                    faults.push(self.fault(&e, *line));
                    continue;
                }
            };
            let mut used: Vec<String> = template.undeclared_variables(false).into_iter().collect();
            used.sort();
            for name in used.iter().filter(|v| !VARIABLES.iter().any(|known| known.0 == v.as_str())) {
                let at = source.lines().position(|l| l.contains(name.as_str())).unwrap_or(0);
                faults.push(format!(
                    "{}, line {}: [{section}] there is no variable \"{}\". `backshelf template variables` lists them.",
                    self.name,
                    line + at,
                    visible(name)
                ));
            }
        }
        faults
    }

    fn fault(&self, e: &minijinja::Error, first: usize) -> String {
        let line = first + e.line().unwrap_or(1) - 1;
        let what = e.detail().map_or_else(|| e.kind().to_string(), String::from);
        format!("{}, line {line}: {}.", self.name, visible(what.trim_end_matches('.')))
    }

    /// The subject and the lines about all groups, as this template says them. `facts` are cleaned.
    fn fill(&self, facts: &Facts, sentences: &Sentences) -> Result<(String, Vec<Row>), String> {
        let Some(lead) = facts.groups.first() else { return Err(format!("{}: it is about nothing.", self.name)) };
        match facts.form {
            Form::Written => {
                let mut rows = self.section(1, lead, facts, sentences)?;
                rows.push(Row::blank());
                for group in &facts.groups {
                    rows.extend(self.section(2, group, facts, sentences)?);
                }
                rows.extend(self.section(3, lead, facts, sentences)?);
                Ok((self.subject(lead, facts, sentences)?, tidy(rows)))
            }
            Form::Phone => Ok((String::new(), tidy(self.section(4, lead, facts, sentences)?))),
        }
    }

    /// The subject: one line, whatever the names.
    pub(super) fn subject(&self, lead: &Group, facts: &Facts, sentences: &Sentences) -> Result<String, String> {
        let rows = self.section(0, lead, facts, sentences)?;
        let words: Vec<&str> = rows.iter().flat_map(|r| r.text.split_whitespace()).collect();
        Ok(super::facts::clean(&words.join(" ")))
    }

    /// The lines before the first group's, those of a group, and those after the last.
    pub(super) fn opening(&self, lead: &Group, facts: &Facts, sentences: &Sentences) -> Result<Vec<Row>, String> {
        self.section(1, lead, facts, sentences)
    }
    pub(super) fn part(&self, group: &Group, facts: &Facts, sentences: &Sentences) -> Result<Vec<Row>, String> {
        self.section(if facts.form == Form::Phone { 4 } else { 2 }, group, facts, sentences)
    }
    pub(super) fn closing(&self, lead: &Group, facts: &Facts, sentences: &Sentences) -> Result<Vec<Row>, String> {
        self.section(3, lead, facts, sentences)
    }

    fn section(&self, at: usize, group: &Group, facts: &Facts, sentences: &Sentences) -> Result<Vec<Row>, String> {
        let Some((source, first)) = self.sections.get(at) else { return Ok(Vec::new()) };
        let values = values(group, facts, sentences);
        let made = environment().render_str(source, values).map_err(|e| self.fault(&e, *first))?;
        let mut rows = Vec::new();
        for line in made.lines() {
            let line = line.trim();
            let marked = line.strip_prefix(FROM).and_then(|l| l.strip_suffix(TO));
            match marked {
                Some(law) if !law.contains([FROM, TO]) => rows.push(Row::law(law)),
                None if !line.contains([FROM, TO]) => rows.push(Row::own(&visible(line))),
                _ => {
                    let alone = "a sentence of legal effect stands alone on its line, with nothing before or after it";
                    return Err(format!("{}: [{}] {alone}.", self.name, SECTIONS[at]));
                }
            }
        }
        Ok(rows)
    }
}

/// The sentences that the groups need and that the lines do not have.
pub(super) fn missing(facts: &Facts, rows: &[Row], sentences: &Sentences) -> Vec<Law> {
    let mut missing = Vec::new();
    for group in &facts.groups {
        for law in Law::of(group.message) {
            let sentence = sentences.law(*law, group, facts);
            if !sentence.is_empty() && !rows.iter().any(|r| r.law && r.text == sentence) && !missing.contains(law) {
                missing.push(*law);
            }
        }
    }
    missing
}

fn values(group: &Group, facts: &Facts, sentences: &Sentences) -> BTreeMap<&'static str, Value> {
    let day = |date: Option<chrono::NaiveDate>| Value::from(date.map(|d| sentences.day(d)).unwrap_or_default());
    let lead = facts.groups.first() == Some(group);
    let mut all: BTreeMap<&'static str, Value> = BTreeMap::from([
        ("name", Value::from(facts.name.clone())),
        ("customer", Value::from(facts.customer.clone())),
        ("order", Value::from(sentences.list(&group.orders))),
        ("goods", Value::from(sentences.list(&group.goods))),
        ("several", Value::from(group.several)),
        ("ordered_on", day(group.ordered_on)),
        ("old_date", day(group.was)),
        ("new_date", day(group.date)),
        (
            "reason",
            Value::from(if group.message == Message::FirstUnknown { String::new() } else { sentences.reason(group) }),
        ),
        ("paid", Value::from(group.paid)),
        ("refund", Value::from(sentences.money(group))),
        ("offer", Value::from(if lead { sentences.offer(facts) } else { String::new() })),
        ("next", Value::from(sentences.next(facts))),
        ("today", day(Some(facts.today))),
        ("phone", Value::from(facts.phone.clone().unwrap_or_default())),
        ("operator", Value::from(facts.operator.clone())),
        ("warehouse", Value::from(facts.warehouse.clone())),
    ]);
    for law in Law::ALL {
        let sentence = sentences.law(law, group, facts);
        let marked = if sentence.is_empty() { String::new() } else { format!("{FROM}{sentence}{TO}") };
        all.insert(law.variable(), Value::from(marked));
    }
    all
}

/// No blank line at the ends, no two in a row.
pub(super) fn tidy(rows: Vec<Row>) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        if !row.text.is_empty() || out.last().is_some_and(|r| !r.text.is_empty()) {
            out.push(row);
        }
    }
    while out.last().is_some_and(|r| r.text.is_empty()) {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(message: Message, change: impl Fn(&str) -> String) -> String {
        let source = SHIPPED.iter().find(|s| s.0 == message).unwrap().1;
        match Template::read(message, "fr/x", &change(source)) {
            Ok(template) => template.check(&Sentences::english()).join("\n"),
            Err(fault) => fault,
        }
    }

    #[test]
    fn every_shipped_template_is_sound() {
        assert_eq!(SHIPPED.len(), Message::ALL.len());
        for (message, _) in SHIPPED {
            assert_eq!(faults(*message, |t| t.to_string()), "", "{}", message.name());
        }
    }

    #[test]
    fn a_template_without_its_legal_sentences_is_refused_with_the_place() {
        for law in ["law_date", "law_cancel", "law_silence", "law_answer"] {
            let said = faults(Message::FirstShort, |t| t.replace(&format!("{{{{ {law} }}}}"), ""));
            assert!(said.contains(&format!("what is written does not always say {{{{ {law} }}}}")), "{said}");
            assert!(said.contains("[phone] does not always say"), "{said}");
        }
        let hidden = faults(Message::FirstShort, |t| {
            t.replace("{{ law_cancel }}", "{% if name == 'M. Haynes' %}\n{{ law_cancel }}\n{% endif %}")
        });
        assert!(hidden.contains("does not always say {{ law_cancel }}"), "{hidden}");
        let cut = faults(Message::FirstShort, |t| t.replace("{{ law_cancel }}", "{{ law_cancel[:9] }}"));
        assert!(cut.contains("stands alone") || cut.contains("does not always say"), "{cut}");
        let among = faults(Message::FirstShort, |t| t.replace("{{ law_cancel }}", "Not: {{ law_cancel }}"));
        assert!(among.contains("stands alone on its line"), "{among}");
        assert!(faults(Message::Cancelled, |t| t.replace("{{ law_refund }}", "")).contains("law_refund"));
    }

    #[test]
    fn unknown_variables_and_broken_marks_are_named_with_their_line() {
        let said = faults(Message::Delay, |t| t.replace("{{ name }}", "{{ nmae }}"));
        assert!(said.contains("fr/x, line 5: [opening] there is no variable \"nmae\""), "{said}");
        let said = faults(Message::Delay, |t| t.replace("{{ reason }}", "{{ reason"));
        assert!(said.contains("fr/x, line"), "{said}");
        assert!(faults(Message::Delay, |t| t.replace("[phone]", "")).contains("lacks [phone]"));
        assert!(faults(Message::Delay, |_| "Hello".into()).contains("begins with [subject]"));
        let said = faults(Message::Delay, |t| t.replace("{{ reason }}", "{{ reason|upper }}"));
        assert!(said.contains("line"), "{said}");
        let endless = "{% for a in warehouse %}{% for b in warehouse %}{% for c in warehouse %}x{% endfor %}{% endfor %}{% endfor %}";
        assert!(!faults(Message::Delay, |t| t.replace("{{ reason }}", endless)).is_empty());
    }

    #[test]
    fn advertising_is_refused_where_a_us_notice_would_carry_it() {
        let selling = |t: &str| t.replace("{{ reason }}", "{{ reason }}\nTake a voucher of 20 instead of your money.");
        let said = faults(Message::FirstShort, selling);
        assert!(said.contains("\"voucher\" is advertising"), "{said}");
        assert_eq!(faults(Message::Delay, selling), "", "the house's own notice may");
        // A cancelled order is also one under the us rule.
        assert!(faults(Message::Cancelled, selling).contains("voucher"));
    }
}
