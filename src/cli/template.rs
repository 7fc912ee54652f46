//! `backshelf template`: the messages to customers and suppliers, in every language: lists, shows, checks and adds their files.

use super::{Context, Outcome, note, out, paths, visible};
use crate::domain::delay::Message;
use crate::messages::facts::{VARIABLES, sample};
use crate::messages::sentences::{ENGLISH as SENTENCES_EN, Sentences};
use crate::messages::shelf::{ENGLISH, SENTENCES, code};
use crate::messages::supplier::{self, SHIPPED as SHIPPED_TO};
use crate::messages::template::{SHIPPED, rules};
use crate::messages::{Form, Law, Shelf};
use crate::store::{Failure, Result};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The messages that customers and suppliers are sent or told, and their files.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf template list\n  backshelf template show delay > delay.txt\n  backshelf template check delay.txt --language fr\n  backshelf template add delay.txt --language fr\n  backshelf template show to-overdue > to-overdue.txt\n  backshelf template add to-overdue.txt --language de"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Every message, the languages that it is written in, and what is wrong with files of your own
    List,
    /// Prints a template, or sentences.toml; with --filled as a made-up customer would read it
    Show {
        /// The message, such as delay or, to suppliers, to-overdue; or sentences
        message: String,
        #[arg(long, default_value = ENGLISH)]
        language: String,
        /// Fill it in
        #[arg(long)]
        filled: bool,
    },
    /// The variables that a template may use, and those that each message needs
    Variables,
    /// Says what is wrong with a file, named after its message (delay.txt, to-overdue.txt) or sentences.toml
    Check {
        file: PathBuf,
        #[arg(long, default_value = ENGLISH)]
        language: String,
    },
    /// Checks a file and puts it into your folder, where it is used from then on
    Add {
        file: PathBuf,
        /// The language's code, such as fr; the customer's language chooses it
        #[arg(long)]
        language: String,
        /// Take the place of a file that is there
        #[arg(long)]
        replace: bool,
    },
}

pub fn run(_context: &Context, args: Args) -> Result<Outcome> {
    let folder = paths::templates()?;
    match args.what {
        What::List => list(&folder),
        What::Show { message, language, filled } => show(&folder, &message, &language_code(&language)?, filled),
        What::Variables => variables(),
        What::Check { file, language } => check(&folder, &file, &language_code(&language)?),
        What::Add { file, language, replace } => add(&folder, &file, &language_code(&language)?, replace),
    }
}

fn language_code(language: &str) -> Result<String> {
    code(language).ok_or_else(|| Failure::usage(format!("{language:?} is no language code: two letters, such as fr.")))
}

fn message_named(name: &str) -> Result<Message> {
    Message::named(name).ok_or_else(|| {
        let all: Vec<&str> = Message::ALL.iter().map(|m| m.name()).collect();
        Failure::usage(format!("There is no message {name:?}. The messages: {}.", all.join(", ")))
    })
}

/// When a message is sent.
fn sent_when(message: Message) -> &'static str {
    match message {
        Message::FirstShort => "US rule: a new date within 30 days; no answer is a yes",
        Message::FirstLong => "US rule: a date more than 30 days later; asks for a yes",
        Message::FirstUnknown => "US rule: no date can be named; asks for a yes",
        Message::Renewed => "US rule: the new date cannot be kept either; asks for a yes",
        Message::Reminder => "US rule: no answer came; asks once more for the yes",
        Message::Cancelled => "the order is cancelled; what goes back, and by when",
        Message::NewDate => "EU and UK: a new date; does it suit?",
        Message::Essential => "EU and UK: late, and the day was agreed as essential",
        Message::Delay => "the delay, where no law says more",
        Message::Progress => "how it stands, while the customer waits and knows",
    }
}

fn list(folder: &Path) -> Result<Outcome> {
    let shelf = Shelf::load(folder);
    let mut out = out();
    let languages = shelf.languages();
    for message in Message::ALL {
        let found = languages.iter().filter_map(|l| match shelf.own(l, *message) {
            Some(_) if l == ENGLISH => Some("en (your own)".to_string()),
            Some(_) => Some(l.clone()),
            None if l == ENGLISH => Some("en".to_string()),
            None => None,
        });
        writeln!(out, "{:<14} {:<14} {}", message.name(), found.collect::<Vec<_>>().join(", "), sent_when(*message))?;
    }
    let with: Vec<&String> = languages.iter().filter(|l| shelf.has_sentences(l)).collect();
    let with: Vec<&str> = with.iter().map(|l| l.as_str()).collect();
    writeln!(out, "{:<14} {:<14} the sentences that all of them are made of", "sentences", with.join(", "))?;
    let mut faults = shelf.faults.clone();
    for (_, name, _) in SHIPPED_TO {
        let mut there = Vec::new();
        for language in own_languages(folder) {
            let own = folder.join(supplier::folder(&language)).join(format!("{name}.txt"));
            let Ok(text) = std::fs::read_to_string(&own) else { continue };
            let found = supplier::check(&text, &own.display().to_string());
            if found.is_empty() {
                there.push(language);
            }
            faults.extend(found);
        }
        let english = if there.iter().any(|l| l == ENGLISH) { "en (your own)" } else { ENGLISH };
        let mut all = vec![english];
        all.extend(there.iter().map(String::as_str).filter(|l| *l != ENGLISH));
        writeln!(out, "{:<14} {}", format!("to-{name}"), all.join(", "))?;
    }
    for fault in &faults {
        writeln!(out, "! {}", visible(fault))?;
    }
    out.flush()?;
    note(&format!("Your own files: {}/LANGUAGE/MESSAGE.txt", folder.display()));
    note(&format!("To suppliers (to-...): {}/LANGUAGE/suppliers/NAME.txt", folder.display()));
    Ok(if faults.is_empty() { Outcome::Fine } else { Outcome::Problems })
}

fn show(folder: &Path, message: &str, language: &str, filled: bool) -> Result<Outcome> {
    let mut out = out();
    let stem = message.trim_end_matches(".txt").trim_end_matches(".toml");
    if let Some(name) = stem.strip_prefix("to-") {
        return show_supplier(folder, name, language, filled);
    }
    let is_sentences = stem == "sentences";
    let file = if is_sentences { SENTENCES.to_string() } else { format!("{}.txt", message_named(stem)?.name()) };
    if filled && !is_sentences {
        let message = message_named(stem)?;
        let shelf = Shelf::load(folder);
        for form in [Form::Written, Form::Phone] {
            for rule in rules(message).iter().take(1) {
                let mut facts = sample(message, *rule, form);
                facts.language = Some(language.to_string());
                let written = shelf.write(&facts);
                if form == Form::Written {
                    writeln!(out, "{}", visible(&written.for_editor()))?;
                } else {
                    writeln!(out, "On the phone: {}", visible(&written.spoken()))?;
                }
                written.notes.iter().for_each(|n| note(n));
            }
        }
        out.flush()?;
        return Ok(Outcome::Fine);
    }
    let own = folder.join(language).join(&file);
    let text = match std::fs::read_to_string(&own) {
        Ok(text) => text,
        Err(_) if language == ENGLISH && is_sentences => SENTENCES_EN.to_string(),
        Err(_) if language == ENGLISH => {
            let wanted = message_named(stem)?;
            SHIPPED.iter().find(|(m, _)| *m == wanted).map_or("", |(_, text)| text).to_string()
        }
        Err(_) => {
            return Err(Failure::refused(format!("There is no {}. Begin with the English one.", own.display())));
        }
    };
    write!(out, "{}", visible(&text))?;
    out.flush()?;
    Ok(Outcome::Fine)
}

/// Languages that have a folder of their own.
fn own_languages(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|e| e.file_name().into_string().ok());
    let mut found: Vec<String> = names.filter(|name| code(name).as_deref() == Some(name)).collect();
    found.sort();
    found
}

/// The message to suppliers that a file's name stands for: `overdue` or `to-overdue`.
fn to_suppliers(stem: &str) -> Option<&'static str> {
    let name = stem.strip_prefix("to-").unwrap_or(stem);
    SHIPPED_TO.iter().map(|s| s.1).find(|known| *known == name)
}

/// A template to suppliers, or how it reads.
fn show_supplier(folder: &Path, name: &str, language: &str, filled: bool) -> Result<Outcome> {
    let (letter, name, shipped) = SHIPPED_TO.iter().find(|s| s.1 == name).ok_or_else(|| {
        let all: Vec<String> = SHIPPED_TO.iter().map(|s| format!("to-{}", s.1)).collect();
        Failure::usage(format!("There is no message to-{name}. To suppliers: {}.", all.join(", ")))
    })?;
    let mut out = out();
    if filled {
        let facts = supplier::Facts { language: Some(language.to_string()), ..supplier::sample() };
        let (words, fault) = supplier::write(*letter, &facts, Some(folder));
        fault.iter().for_each(|f| note(f));
        writeln!(out, "{}", visible(&format!("{}\n\n{}\n", words.subject, words.body)))?;
        writeln!(out, "{}", visible(&format!("On the phone: {}", words.phone)))?;
    } else {
        let path = folder.join(supplier::folder(language)).join(format!("{name}.txt"));
        let text = match std::fs::read_to_string(&path) {
            Ok(own) => own,
            Err(_) if language == ENGLISH => shipped.to_string(),
            Err(_) => {
                return Err(Failure::refused(format!("There is no {}. Begin with the English one.", path.display())));
            }
        };
        write!(out, "{}", visible(&text))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

fn variables() -> Result<Outcome> {
    let mut out = out();
    for (name, meaning) in VARIABLES {
        writeln!(out, "{{{{ {name} }}}}{}{meaning}", " ".repeat(12_usize.saturating_sub(name.len())))?;
    }
    writeln!(out, "\nEach on a line of its own, written and on the phone:")?;
    for message in Message::ALL {
        let needs: Vec<&str> = Law::of(*message).iter().map(|law| law.variable()).collect();
        let needs = if needs.is_empty() { "nothing".to_string() } else { needs.join(" ") };
        writeln!(out, "{:<14} {needs}", message.name())?;
    }
    writeln!(out, "\nTo suppliers:")?;
    for (name, meaning) in supplier::VARIABLES {
        writeln!(out, "{{{{ {name} }}}}{}{meaning}", " ".repeat(12_usize.saturating_sub(name.len())))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

/// What a file is for (its place below the language's folder), and what is wrong with it.
fn judged(folder: &Path, file: &Path, language: &str) -> Result<(String, String, Vec<String>)> {
    let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_string();
    let shown = file.display().to_string();
    let text =
        std::fs::read_to_string(file).map_err(|e| Failure::usage(format!("{shown} cannot be read as text ({e}).")))?;
    if name == SENTENCES {
        return Ok((name, text.clone(), Sentences::read(&text, &shown).err().unwrap_or_default()));
    }
    let stem = name.strip_suffix(".txt").ok_or_else(|| {
        Failure::usage(format!("{shown}: a template is named after its message, such as delay.txt; or {SENTENCES}."))
    })?;
    if let Some(name) = to_suppliers(stem) {
        let place = format!("suppliers/{name}.txt");
        return Ok((place, text.clone(), supplier::check(&text, &shown)));
    }
    let message = message_named(stem)?;
    let faults = Shelf::load(folder).sound(message, &shown, language, &text).err().unwrap_or_default();
    Ok((name, text, faults))
}

fn check(folder: &Path, file: &Path, language: &str) -> Result<Outcome> {
    let (name, _, faults) = judged(folder, file, language)?;
    let mut out = out();
    for fault in &faults {
        writeln!(out, "{}", visible(fault))?;
    }
    out.flush()?;
    if faults.is_empty() {
        note(&format!("{name} is sound."));
        return Ok(Outcome::Fine);
    }
    Ok(Outcome::Problems)
}

fn add(folder: &Path, file: &Path, language: &str, replace: bool) -> Result<Outcome> {
    let (name, text, faults) = judged(folder, file, language)?;
    if !faults.is_empty() {
        return Err(Failure::refused(format!("Not added.\n{}", faults.join("\n"))));
    }
    let path = folder.join(language).join(&name);
    let dir = path.parent().unwrap_or(folder).to_path_buf();
    std::fs::create_dir_all(&dir)?;
    if path.exists() && !replace {
        return Err(Failure::refused(format!("{} is there already. Take its place with --replace.", path.display())));
    }
    let mut new = tempfile::NamedTempFile::new_in(&dir)?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(&path).map_err(|e| e.error)?;
    let whom = if name.starts_with("suppliers/") { "suppliers" } else { "customers" };
    note(&format!("{} is used for {whom} whose language is {language}.", path.display()));
    if whom == "customers" && name != SENTENCES && !Shelf::load(folder).has_sentences(language) {
        note(&format!(
            "The sentences of the law stay English until there is a {language}/{SENTENCES}: backshelf template show sentences"
        ));
    }
    Ok(Outcome::Fine)
}
