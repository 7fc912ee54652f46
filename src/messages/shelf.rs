//! Which languages and templates there are: English, which is shipped, and what a person put into a folder of his own:
//! `templates/<language>/<message>.txt` and `templates/<language>/sentences.toml`.

use super::facts::{Facts, Form, Law};
use super::sentences::Sentences;
use super::template::{SHIPPED, Template, missing, tidy};
use super::written::{Row, Written};
use crate::domain::delay::Message;
use std::collections::BTreeMap;
use std::path::Path;

/// The language that is always there.
pub const ENGLISH: &str = "en";
/// The name of a language's file of sentences.
pub const SENTENCES: &str = "sentences.toml";
/// A template is a page, not a book.
const LARGEST: u64 = 64 * 1024;

/// The templates and sentences of every language.
#[derive(Clone, PartialEq, Debug)]
pub struct Shelf {
    english: Sentences,
    sentences: BTreeMap<String, Sentences>,
    /// The person's own, sound ones.
    own: BTreeMap<(String, Message), Template>,
    shipped: BTreeMap<Message, Template>,
    /// What is wrong with files that are there and not used.
    pub faults: Vec<String>,
}

impl Default for Shelf {
    fn default() -> Shelf {
        Shelf::shipped()
    }
}

impl Shelf {
    /// What is shipped, alone.
    pub fn shipped() -> Shelf {
        let read = |(message, text): &(Message, &str)| {
            Some((*message, Template::read(*message, &format!("{ENGLISH}/{}", message.name()), text).ok()?))
        };
        Shelf {
            english: Sentences::english(),
            sentences: BTreeMap::new(),
            own: BTreeMap::new(),
            shipped: SHIPPED.iter().filter_map(read).collect(),
            faults: Vec::new(),
        }
    }

    /// What is shipped, and what lies in this folder (which may be missing). A file that is not sound is not used and
    /// stands in `faults`.
    pub fn load(folder: &Path) -> Shelf {
        let mut shelf = Shelf::shipped();
        let mut languages: Vec<String> = std::fs::read_dir(folder)
            .map(|found| found.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect())
            .unwrap_or_default();
        languages.sort();
        for language in languages {
            if code(&language).as_deref() != Some(language.as_str()) {
                continue;
            }
            let dir = folder.join(&language);
            if let Some(text) = shelf.text_of(&dir.join(SENTENCES)) {
                match Sentences::read(&text, &format!("{language}/{SENTENCES}")) {
                    Ok(sentences) => drop(shelf.sentences.insert(language.clone(), sentences)),
                    Err(faults) => shelf.faults.extend(faults),
                }
            }
            for message in Message::ALL {
                let name = format!("{language}/{}", message.name());
                let Some(text) = shelf.text_of(&dir.join(format!("{}.txt", message.name()))) else { continue };
                match shelf.sound(*message, &name, &language, &text) {
                    Ok(template) => drop(shelf.own.insert((language.clone(), *message), template)),
                    Err(faults) => shelf.faults.extend(faults),
                }
            }
        }
        shelf
    }

    fn text_of(&mut self, path: &Path) -> Option<String> {
        let size = std::fs::metadata(path).ok()?.len();
        let read = if size > LARGEST { Err("it is longer than 64 KiB".to_string()) } else { read_text(path) };
        read.map_err(|why| self.faults.push(format!("{}: {why}.", path.display()))).ok()
    }

    /// The template, if nothing is wrong with it in that language.
    pub fn sound(&self, message: Message, name: &str, language: &str, text: &str) -> Result<Template, Vec<String>> {
        let template = Template::read(message, name, text).map_err(|fault| vec![fault])?;
        let faults = template.check(self.sentences.get(language).unwrap_or(&self.english));
        if faults.is_empty() { Ok(template) } else { Err(faults) }
    }

    /// Languages with a file of their own, English first.
    pub fn languages(&self) -> Vec<String> {
        let mut all = vec![ENGLISH.to_string()];
        let found = self.own.keys().map(|k| &k.0).chain(self.sentences.keys());
        for language in found {
            if !all.contains(language) {
                all.push(language.clone());
            }
        }
        all
    }

    /// Whether the language's own template of that message is used; none: the shipped English one.
    pub fn own(&self, language: &str, message: Message) -> Option<&Template> {
        self.own.get(&(language.to_string(), message))
    }

    /// Whether the language has its own sentences.
    pub fn has_sentences(&self, language: &str) -> bool {
        language == ENGLISH || self.sentences.contains_key(language)
    }

    /// The message about these facts, in the customer's language where there is one. Every sentence of legal effect
    /// that the facts ask for is in it, whatever a template says.
    pub fn write(&self, facts: &Facts) -> Written {
        let facts = facts.clone().cleaned();
        let asked = facts.language.as_deref().and_then(code);
        let language = asked.clone().unwrap_or_else(|| ENGLISH.to_string());
        let sentences = self.sentences.get(&language).unwrap_or(&self.english);
        let mut notes = Vec::new();
        if let (None, Some(raw)) = (&asked, facts.language.as_deref().filter(|l| !l.trim().is_empty())) {
            notes.push(format!("\"{}\" is no language code such as fr: written in English.", super::facts::clean(raw)));
        }
        let mut written = self.compose(&facts, &language, sentences, &mut notes);
        if language != ENGLISH && !self.has_sentences(&language) && written.template.starts_with(&language) {
            notes.push(format!("There is no {language}/{SENTENCES}: the sentences of the law stay English."));
        }
        notes.dedup();
        written.notes = notes;
        written.data = facts.data();
        written.bars_offers = facts.bars_offers();
        written.barred = sentences.advertising.clone();
        written.barred.extend(self.english.advertising.iter().cloned());
        written
    }

    fn compose(&self, facts: &Facts, language: &str, sentences: &Sentences, notes: &mut Vec<String>) -> Written {
        // One language in one message: where a template is missing, all of it is English.
        let all_there = facts.groups.iter().all(|g| self.own(language, g.message).is_some());
        if language != ENGLISH && !all_there {
            notes.push(format!("There is no template in \"{language}\" for this: written in English."));
            return self.compose(facts, ENGLISH, self.sentences.get(ENGLISH).unwrap_or(&self.english), notes);
        }
        let made =
            self.fill(facts, sentences, |message| self.own(language, message).or_else(|| self.shipped.get(&message)));
        match made {
            Ok(written) => written,
            Err(fault) => {
                notes.push(format!("{fault} The shipped template is used."));
                self.fill(facts, &self.english, |message| self.shipped.get(&message)).unwrap_or_default()
            }
        }
    }

    fn fill<'a>(
        &'a self,
        facts: &Facts,
        sentences: &Sentences,
        template: impl Fn(Message) -> Option<&'a Template>,
    ) -> Result<Written, String> {
        let Some(lead) = facts.groups.first() else { return Ok(Written::default()) };
        let of = |message: Message| template(message).ok_or_else(|| format!("No template for {}.", message.name()));
        let first = of(lead.message)?;
        let mut rows = Vec::new();
        if facts.form == Form::Written {
            rows.extend(first.opening(lead, facts, sentences)?);
            rows.push(Row::blank());
        }
        for (n, group) in facts.groups.iter().enumerate() {
            if n > 0 && facts.form == Form::Written {
                rows.push(Row::blank());
            }
            for row in of(group.message)?.part(group, facts, sentences)? {
                // Said once is enough: how to answer, when the next word comes.
                if row.text.is_empty() || !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
        if facts.groups.len() > 1 && facts.form == Form::Written {
            rows.push(Row::blank());
        }
        let lacks = |rows: &[Row], laws: &[Law]| -> Vec<Row> {
            let groups = facts.groups.iter();
            let all = groups.flat_map(|g| laws.iter().filter(|l| Law::of(g.message).contains(l)).map(move |l| (g, *l)));
            let mut lost: Vec<Row> = Vec::new();
            for (group, law) in all {
                let row = Row::law(&sentences.law(law, group, facts));
                if !row.text.is_empty() && !rows.contains(&row) && !lost.contains(&row) {
                    lost.push(row);
                }
            }
            lost
        };
        let lost = lacks(&rows, &[Law::Date, Law::Cancel, Law::Silence, Law::Refund]);
        rows.extend(lost);
        if facts.form == Form::Written {
            let closing = first.closing(lead, facts, sentences)?;
            if !closing.iter().any(|r| r.law) {
                rows.extend(lacks(&rows, &[Law::Answer]));
            }
            rows.extend(closing);
        }
        let lost = lacks(&rows, &Law::ALL);
        rows.extend(lost);
        debug_assert!(missing(facts, &rows, sentences).is_empty());
        let subject = match facts.form {
            Form::Written => first.subject(lead, facts, sentences)?,
            Form::Phone => String::new(),
        };
        Ok(Written {
            subject,
            rows: tidy(rows),
            template: first.name.clone(),
            version: first.version.clone(),
            ..Written::default()
        })
    }
}

fn read_text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::InvalidData => "it is not UTF-8".to_string(),
        _ => format!("it cannot be read ({e})"),
    })
}

/// `fr` of `fr`, `FR`, `fr-CA`, `fr_BE`; none for what is no language code.
pub fn code(language: &str) -> Option<String> {
    let first = language.trim().split(['-', '_']).next().unwrap_or("");
    let right = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    right.then(|| first.to_ascii_lowercase())
}
