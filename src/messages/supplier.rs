//! The words that a supplier is sent or told: a purchase order, a question about one, a cancellation. A template is a
//! file of three parts (subject, body, phone); a person's own lies in `templates/en/suppliers/NAME.txt`.

use super::facts::clean;
use super::sentences::{Sentences, environment};
use super::shelf::{ENGLISH, SENTENCES, code};
use crate::domain::calendar::plus_days;
use crate::domain::chase::Step;
use crate::domain::text::visible;
use chrono::NaiveDate;
use minijinja::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is said.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Letter {
    Order,
    /// A rung of the ladder; the last one is an order elsewhere and has the words of the one before.
    Ask(Step),
    /// We ask for another day.
    Redate,
    Cancel,
    /// Goods were rejected: a replacement, or a credit note.
    Claim,
}

/// The shipped templates.
pub const SHIPPED: &[(Letter, &str, &str)] = &[
    (Letter::Order, "order", include_str!("../../assets/templates/en/suppliers/order.txt")),
    (Letter::Ask(Step::Confirm), "confirm", include_str!("../../assets/templates/en/suppliers/confirm.txt")),
    (Letter::Ask(Step::Remind), "remind", include_str!("../../assets/templates/en/suppliers/remind.txt")),
    (Letter::Ask(Step::Overdue), "overdue", include_str!("../../assets/templates/en/suppliers/overdue.txt")),
    (Letter::Ask(Step::Again), "again", include_str!("../../assets/templates/en/suppliers/again.txt")),
    (Letter::Ask(Step::Urgent), "urgent", include_str!("../../assets/templates/en/suppliers/urgent.txt")),
    (Letter::Redate, "redate", include_str!("../../assets/templates/en/suppliers/redate.txt")),
    (Letter::Cancel, "cancel", include_str!("../../assets/templates/en/suppliers/cancel.txt")),
    (Letter::Claim, "claim", include_str!("../../assets/templates/en/suppliers/claim.txt")),
];

/// Where a person's own templates of a language lie, below the folder of templates: `de/suppliers`.
pub fn folder(language: &str) -> String {
    format!("{language}/suppliers")
}

const SECTIONS: [&str; 3] = ["subject", "body", "phone"];

/// The closed list of variables, with what each says.
pub const VARIABLES: &[(&str, &str)] = &[
    ("name", "the person to talk to, else the supplier's name"),
    ("supplier", "the supplier's name"),
    ("po", "the purchase order's number, or several"),
    ("orders", "how many purchase orders it is about"),
    ("po_due", "each order with its own day: PO-73 (due Monday 2 March 2026) and PO-80 (due Friday 6 March 2026)"),
    ("lines", "what it is about, a line each"),
    ("goods", "the same in one sentence: 40 Chang and 24 Aniseed Syrup"),
    ("undated", "the goods without a day, where the other lines have one; of a reminder and of what is overdue"),
    ("heard", "true where they answered about a part of it"),
    ("came", "the day on which a part of it came, or several; empty where nothing came yet"),
    ("ordered_on", "the day of the order, or several; empty where it is not known"),
    ("due", "the day on which it was to come, or several; empty where none was named"),
    ("asked_on", "the day of the last question; empty where there was none"),
    ("new_date", "the day that we ask for; empty where we ask for none"),
    ("waiting", "that customers wait for it, an English sentence; empty where none does, and in other languages"),
    ("customers", "how many customers wait for it"),
    ("total", "what the order comes to; empty where no price is known"),
    ("freight", "the agreed freight; empty where there is none"),
    ("note", "the note on the order"),
    ("today", "the date of the message"),
    ("operator", "who writes or calls"),
    ("warehouse", "the warehouse's name"),
];

/// A purchase order that it is about, with its own days.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct About {
    pub code: String,
    pub ordered_on: Option<NaiveDate>,
    /// The day on which it was to come.
    pub due: Option<NaiveDate>,
    /// The last day on which a part of it came.
    pub came: Option<NaiveDate>,
    /// They answered about a part of it.
    pub heard: bool,
}

/// What it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    pub name: String,
    pub supplier: String,
    pub pos: Vec<About>,
    /// Quantity, their code (else ours), name, price of a unit in words.
    pub lines: Vec<[String; 4]>,
    /// The same of those without a day, where a letter speaks of them apart.
    pub undated: Vec<[String; 4]>,
    pub asked_on: Option<NaiveDate>,
    /// The day that we ask for.
    pub new_date: Option<NaiveDate>,
    /// Customers of ours who wait for it.
    pub waiting: usize,
    pub total: Option<String>,
    pub freight: Option<String>,
    pub note: Option<String>,
    pub today: NaiveDate,
    pub operator: String,
    pub warehouse: String,
    /// His language; none: English.
    pub language: Option<String>,
}

/// A message as it goes out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Words {
    pub subject: String,
    pub body: String,
    /// What to say on the phone, in one run.
    pub phone: String,
    /// The template it was made by: `en/suppliers/overdue`.
    pub template: String,
}

impl Words {
    /// As it is kept: what was written, or what was said.
    pub fn text(&self, phone: bool) -> &str {
        if phone { &self.phone } else { &self.body }
    }
}

/// The template of a letter: its name and shipped text.
pub fn shipped(letter: Letter) -> (&'static str, &'static str) {
    let wanted = if letter == Letter::Ask(Step::SecondSource) { Letter::Ask(Step::Urgent) } else { letter };
    SHIPPED.iter().find(|s| s.0 == wanted).map_or(("", ""), |s| (s.1, s.2)) // every letter has one: a test
}

/// How days and lists are written in a language: by its own sentences where there are any, else in plain figures.
enum Tongue {
    Words(Box<Sentences>),
    Figures,
}

impl Tongue {
    fn of(language: &str, folder: Option<&Path>) -> Tongue {
        let path = folder.map(|f| f.join(language).join(SENTENCES));
        let own = path.and_then(|p| std::fs::read_to_string(p).ok()).and_then(|t| Sentences::read(&t, SENTENCES).ok());
        match own {
            Some(own) => Tongue::Words(Box::new(own)),
            None if language == ENGLISH => Tongue::Words(Box::new(Sentences::english())),
            None => Tongue::Figures,
        }
    }
    fn day(&self, day: NaiveDate) -> String {
        match self {
            Tongue::Words(sentences) => sentences.day(day),
            Tongue::Figures => day.to_string(),
        }
    }
    fn list(&self, words: &[String]) -> String {
        match self {
            Tongue::Words(sentences) => sentences.list(words),
            Tongue::Figures => words.join(", "),
        }
    }
}

/// The message about these facts, in his language where there is a template in it. A person's own template is used where
/// it is sound; else the note says why not.
pub fn write(letter: Letter, facts: &Facts, folder: Option<&Path>) -> (Words, Option<String>) {
    let (name, source) = shipped(letter);
    let mut notes: Vec<String> = Vec::new();
    let asked = facts.language.as_deref().filter(|l| !l.trim().is_empty());
    let language = asked.and_then(code).unwrap_or_else(|| ENGLISH.to_string());
    if let Some(raw) = asked.filter(|raw| code(raw).is_none()) {
        notes.push(format!("\"{}\" is no language code such as de: written in English.", clean(raw)));
    }
    let mut languages = vec![language.as_str()];
    languages.extend((language != ENGLISH).then_some(ENGLISH));
    for language in languages {
        let path = folder.map(|f| f.join(self::folder(language)).join(format!("{name}.txt"))).filter(|p| p.is_file());
        let Some(path) = path else {
            if language != ENGLISH {
                notes.push(format!("There is no template in \"{language}\" for this: written in English."));
            }
            continue;
        };
        let read = std::fs::read_to_string(&path).map_err(|e| format!("{} cannot be read ({e}).", path.display()));
        let made = read.and_then(|text| match check(&text, name).first() {
            Some(fault) => Err(fault.clone()),
            None => fill(&text, name, facts, language, folder),
        });
        match made {
            Ok(words) => return (words, Some(notes.join(" ")).filter(|n| !n.is_empty())),
            Err(fault) if language == ENGLISH => notes.push(format!("{fault} The shipped template is used.")),
            Err(fault) => notes.push(format!("{fault} Written in English.")),
        }
    }
    let words = fill(source, name, facts, ENGLISH, folder).unwrap_or_default();
    (words, Some(notes.join(" ")).filter(|n| !n.is_empty()))
}

/// What is wrong with a template, a sentence each.
pub fn check(text: &str, name: &str) -> Vec<String> {
    let sections = match sections(text, name) {
        Ok(sections) => sections,
        Err(fault) => return vec![fault],
    };
    let env = environment();
    let mut faults = Vec::new();
    for (source, section) in sections.iter().zip(SECTIONS) {
        match env.template_from_str(source) {
            Err(e) => faults.push(format!("{name}: [{section}] {}.", visible(e.to_string().trim_end_matches('.')))),
            Ok(template) => {
                let mut used: Vec<String> = template.undeclared_variables(false).into_iter().collect();
                used.sort();
                for wrong in used.iter().filter(|v| !VARIABLES.iter().any(|known| known.0 == v.as_str())) {
                    faults.push(format!("{name}: [{section}] there is no variable \"{}\".", visible(wrong)));
                }
            }
        }
    }
    if faults.is_empty() {
        for facts in [sample(), bare()] {
            match fill(text, name, &facts, ENGLISH, None) {
                Err(fault) => faults.push(fault),
                Ok(words) if words.subject.is_empty() => faults.push(format!("{name}: [subject] is empty.")),
                Ok(words) if words.body.trim().is_empty() => faults.push(format!("{name}: [body] is empty.")),
                Ok(_) => {}
            }
        }
        faults.dedup();
    }
    faults
}

fn sections(text: &str, name: &str) -> Result<[String; 3], String> {
    let mut found: [Option<String>; 3] = Default::default();
    let mut at: Option<usize> = None;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let heading = line.trim().strip_prefix('[').and_then(|l| l.strip_suffix(']'));
        if let Some(place) = heading.and_then(|h| SECTIONS.iter().position(|s| *s == h)) {
            at = Some(place);
            if let Some(section) = found.get_mut(place) {
                *section = Some(String::new());
            }
        } else if let Some(Some(section)) = at.and_then(|at| found.get_mut(at)) {
            section.push_str(line);
            section.push('\n');
        } else if !line.trim().is_empty() && !line.starts_with('#') {
            return Err(format!("{name}: a file begins with [subject]; notes above it with #."));
        }
    }
    let missing = found.iter().zip(SECTIONS).find(|(f, _)| f.is_none());
    match missing {
        Some((_, section)) => Err(format!("{name}: it lacks [{section}].")),
        None => Ok(found.map(Option::unwrap_or_default)),
    }
}

fn fill(text: &str, name: &str, facts: &Facts, language: &str, own: Option<&Path>) -> Result<Words, String> {
    let [subject, body, phone] = sections(text, name)?;
    let values = values(facts, language, &Tongue::of(language, own));
    let render = |source: &str, section: &str| {
        environment()
            .render_str(source, &values)
            .map_err(|e| format!("{name}: [{section}] {}.", visible(e.to_string().trim_end_matches('.'))))
    };
    let one_line = |text: String| text.split_whitespace().map(visible).collect::<Vec<_>>().join(" ");
    Ok(Words {
        subject: clean(&one_line(render(&subject, "subject")?)),
        body: tidy(&render(&body, "body")?),
        phone: one_line(render(&phone, "phone")?),
        template: format!("{}/{name}", folder(language)),
    })
}

/// No blank line at the ends, no two in a row; the table keeps its columns.
fn tidy(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = visible(line.trim_end()).into_owned();
        if !line.is_empty() || out.last().is_some_and(|l| !l.is_empty()) {
            out.push(line);
        }
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.join("\n")
}

fn values(facts: &Facts, language: &str, tongue: &Tongue) -> BTreeMap<&'static str, Value> {
    let day = |date: Option<NaiveDate>| Value::from(date.map(|d| tongue.day(d)).unwrap_or_default());
    let text = |t: &Option<String>| Value::from(t.as_deref().map(clean).unwrap_or_default());
    let waiting = match facts.waiting {
        _ if language != ENGLISH => String::new(),
        0 => String::new(),
        1 => "A customer of ours waits for it.".into(),
        n => format!("{n} customers of ours wait for it."),
    };
    let goods_of = |lines: &[[String; 4]]| {
        let goods: Vec<String> = lines.iter().map(|[n, _, name, _]| clean(&format!("{n} {name}"))).collect();
        Value::from(tongue.list(&goods))
    };
    let pos: Vec<String> = facts.pos.iter().map(|p| clean(&p.code)).collect();
    // Each of the days once: of several orders no day may stand for another's.
    let days = |of: fn(&About) -> Option<NaiveDate>| {
        let days: BTreeSet<NaiveDate> = facts.pos.iter().filter_map(of).collect();
        Value::from(tongue.list(&days.into_iter().map(|d| tongue.day(d)).collect::<Vec<_>>()))
    };
    // That a part came is only said where one came of each.
    let came = if facts.pos.iter().all(|p| p.came.is_some()) { days(|p| p.came) } else { Value::from("") };
    BTreeMap::from([
        ("name", Value::from(clean(&facts.name))),
        ("supplier", Value::from(clean(&facts.supplier))),
        ("po", Value::from(tongue.list(&pos))),
        ("orders", Value::from(pos.len() as u64)),
        ("po_due", Value::from(with_days(&facts.pos, language, tongue))),
        ("lines", Value::from(table(&facts.lines))),
        ("goods", goods_of(&facts.lines)),
        ("undated", goods_of(&facts.undated)),
        ("heard", Value::from(facts.pos.iter().any(|p| p.heard || p.came.is_some()))),
        ("came", came),
        ("ordered_on", days(|p| p.ordered_on)),
        ("due", days(|p| p.due)),
        ("asked_on", day(facts.asked_on)),
        ("new_date", day(facts.new_date)),
        ("waiting", Value::from(waiting)),
        ("customers", Value::from(facts.waiting as u64)),
        ("total", text(&facts.total)),
        ("freight", text(&facts.freight)),
        ("note", text(&facts.note)),
        ("today", day(Some(facts.today))),
        ("operator", Value::from(clean(&facts.operator))),
        ("warehouse", Value::from(clean(&facts.warehouse))),
    ])
}

/// `PO-1, due Monday 2 March 2026`; each with its own day where they differ. No word is put in where it is not English.
fn with_days(pos: &[About], language: &str, tongue: &Tongue) -> String {
    let due = if language == ENGLISH { "due " } else { "" };
    let codes: Vec<String> = pos.iter().map(|p| clean(&p.code)).collect();
    let first = pos.first().and_then(|p| p.due);
    if pos.iter().all(|p| p.due == first) {
        let day = first.map_or(String::new(), |day| format!(", {due}{}", tongue.day(day)));
        return format!("{}{day}", tongue.list(&codes));
    }
    let each = pos.iter().zip(codes).map(|(p, code)| match p.due {
        Some(day) => format!("{code} ({due}{})", tongue.day(day)),
        None => code,
    });
    tongue.list(&each.collect::<Vec<_>>())
}

/// The lines under each other: quantity at the right, code, name, price.
fn table(lines: &[[String; 4]]) -> String {
    let cells: Vec<[String; 4]> = lines.iter().map(|row| row.clone().map(|cell| clean(&cell))).collect();
    let wide = |at: usize| cells.iter().filter_map(|row| row.get(at)).map(|c| c.chars().count()).max().unwrap_or(0);
    let (quantity, code, name) = (wide(0), wide(1).min(24), wide(2).min(48));
    let rows = cells.iter().map(|[q, c, n, price]| {
        let price = if price.is_empty() { String::new() } else { format!("  {price}") };
        format!("  {q:>quantity$}  {c:<code$}  {n:<name$}{price}").trim_end().to_string()
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// A made-up case.
pub fn sample() -> Facts {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default(); // any day will do
    let row = |cells: [&str; 4]| cells.map(String::from);
    Facts {
        name: "Charlotte Cooper".into(),
        supplier: "Exotic Liquids".into(),
        pos: vec![About {
            code: "PO-73".into(),
            ordered_on: Some(plus_days(today, -11)),
            due: Some(plus_days(today, -4)),
            came: Some(plus_days(today, -4)),
            heard: true,
        }],
        lines: vec![
            row(["40", "XL-CH24", "Chang 24 x 12 oz", "at 15.20"]),
            row(["24", "XL-AN55", "Aniseed Syrup 550 ml", "at 5.00"]),
        ],
        undated: vec![row(["6", "XL-OK1", "Okra 1 kg", ""])],
        asked_on: Some(plus_days(today, -2)),
        new_date: Some(plus_days(today, 7)),
        waiting: 5,
        total: Some("EUR 728.00".into()),
        freight: Some("EUR 20.00".into()),
        note: Some("Deliver at the back door.".into()),
        today,
        operator: "M. Baker".into(),
        warehouse: "Backshelf Demo Ltd".into(),
        language: None,
    }
}

fn bare() -> Facts {
    Facts {
        name: String::new(),
        pos: vec![About { code: "PO-73".into(), ..About::default() }],
        lines: Vec::new(),
        undated: Vec::new(),
        asked_on: None,
        new_date: None,
        waiting: 0,
        total: None,
        freight: None,
        note: None,
        operator: String::new(),
        warehouse: String::new(),
        ..sample()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_a_sound_template() {
        for (letter, name, text) in SHIPPED {
            assert_eq!(check(text, name), Vec::<String>::new(), "{name}");
            assert_eq!(shipped(*letter).0, *name);
        }
        for step in Step::ALL {
            assert!(!shipped(Letter::Ask(step)).1.is_empty(), "{step:?}");
        }
    }

    #[test]
    fn an_order_says_what_how_many_and_at_what_price() {
        let (words, note) = write(Letter::Order, &sample(), None);
        assert_eq!((words.subject.as_str(), note), ("Purchase order PO-73 from Backshelf Demo Ltd", None));
        assert!(words.body.contains("  40  XL-CH24  Chang 24 x 12 oz      at 15.20\n  24  XL-AN55"), "{}", words.body);
        assert!(words.body.contains("Total EUR 728.00, freight EUR 20.00 included."), "{}", words.body);
        let phone = "I would like to order 40 Chang 24 x 12 oz and 24 Aniseed Syrup 550 ml.";
        assert!(words.phone.starts_with(phone), "{}", words.phone);
    }

    #[test]
    fn goods_without_a_day_are_asked_about_with_the_others() {
        for step in [Step::Overdue, Step::Remind] {
            let (words, _) = write(Letter::Ask(step), &sample(), None);
            assert!(words.phone.contains("Okra 1 kg") && words.body.contains("Okra 1 kg"), "{step:?}: {words:?}");
        }
    }

    /// Two orders of two days: no letter gives one the other's day, in words of several.
    #[test]
    fn each_order_stands_with_its_own_day() {
        let order = |code: &str, days: i64| {
            let today = sample().today;
            let (ordered_on, due) = (Some(plus_days(today, days - 20)), Some(plus_days(today, days)));
            About { code: code.into(), ordered_on, due, ..About::default() }
        };
        let two =
            Facts { pos: vec![order("PO-498", -4), order("PO-504", 4)], undated: Vec::new(), waiting: 0, ..sample() };
        let both = "PO-498 (due Thursday 19 November 2026) and PO-504 (due Friday 27 November 2026)";
        let (words, _) = write(Letter::Ask(Step::Overdue), &two, None);
        assert_eq!(words.subject, "Purchase orders PO-498 and PO-504 are overdue");
        assert!(words.phone.starts_with(&format!("Where are {both}? We still wait for 40 Chang")), "{}", words.phone);
        assert!(words.phone.ends_with("On which day will they be here?"), "{}", words.phone);
        assert!(words.body.contains(&format!("This is about {both}. On which day will it all be here?")), "{words:?}");
        let (words, _) = write(Letter::Ask(Step::Remind), &two, None);
        assert!(words.phone.starts_with(&format!("We expect {both}: 40 Chang")), "{}", words.phone);
        for (letter, ..) in SHIPPED {
            let (words, _) = write(*letter, &two, None);
            for text in [&words.subject, &words.body, &words.phone] {
                assert!(text.contains("19 November") == text.contains("27 November"), "{text}");
                assert!(text.contains("Friday 30 October") == text.contains("Saturday 7 November"), "{text}");
            }
        }
        let same = Facts { pos: vec![order("PO-1", -4), order("PO-2", -4)], ..two };
        let (words, _) = write(Letter::Ask(Step::Overdue), &same, None);
        assert!(words.phone.starts_with("Where are PO-1 and PO-2, due Thursday 19 November 2026?"), "{}", words.phone);
    }

    /// His language where there is a template in it, with its own words for days; English else, and it is said.
    #[test]
    fn he_is_written_to_in_his_language() {
        let dir = tempfile::tempdir().unwrap();
        let facts = Facts { language: Some("de-AT".into()), ..sample() };
        let (words, note) = write(Letter::Ask(Step::Overdue), &facts, Some(dir.path()));
        assert!(words.body.starts_with("Dear ") && note.unwrap().contains("no template in \"de\""), "{words:?}");
        let own = dir.path().join(folder("de"));
        std::fs::create_dir_all(&own).unwrap();
        let text = "[subject]\n{{ po }} ist überfällig\n[body]\nSeit {{ due }} fehlen {{ goods }}.\n\
                    {% if customers %}{{ customers }} Kunden warten.{% endif %}\n[phone]\nWo bleibt {{ po }}?\n";
        std::fs::write(own.join("overdue.txt"), text).unwrap();
        let (words, note) = write(Letter::Ask(Step::Overdue), &facts, Some(dir.path()));
        assert_eq!(
            words.body,
            "Seit 2026-11-19 fehlen 40 Chang 24 x 12 oz, 24 Aniseed Syrup 550 ml.\n5 Kunden warten."
        );
        assert_eq!((words.template.as_str(), note), ("de/suppliers/overdue", None));
        let english = Facts { language: None, ..facts };
        assert!(write(Letter::Ask(Step::Overdue), &english, Some(dir.path())).0.body.starts_with("Dear "));
    }

    #[test]
    fn hostile_names_stay_words() {
        let evil = "Ev\u{1b}[2Jil\r\nBcc: all@example.com\u{202e}{{ total }}";
        let mut facts = sample();
        (facts.name, facts.supplier, facts.pos) =
            (evil.into(), evil.into(), vec![About { code: evil.into(), ..About::default() }]);
        facts.lines = vec![[evil, evil, evil, evil].map(String::from)];
        for (letter, ..) in SHIPPED {
            let (words, _) = write(*letter, &facts, None);
            let all = format!("{}\n{}\n{}", words.subject, words.body, words.phone);
            assert!(!all.contains(['\u{1b}', '\u{202e}', '\r']) && !words.subject.contains('\n'), "{all}");
            assert!(!words.body.lines().any(|l| l.starts_with("Bcc:")), "{all}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_template_is_said() {
        let order = shipped(Letter::Order).1;
        assert!(check(&order.replace("{{ po }}", "{{ pro }}"), "order")[0].contains("there is no variable \"pro\""));
        assert!(check(&order.replace("[phone]", ""), "order")[0].contains("lacks [phone]"));
        assert!(check("hello", "order")[0].contains("begins with [subject]"));
        assert!(!check(&order.replace("{{ po }}", "{{ po"), "order").is_empty());
    }
}
