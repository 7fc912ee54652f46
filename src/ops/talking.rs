//! Talks with customers: what is recorded of one, and the mail or letter that goes out with it.

pub mod terms;

use super::backorders::promise_one;
use super::outbox::{self, Letter};
use super::perform;
use super::settings::Settings;
use super::views::backorders::Terms as Rules;
use crate::domain::dates;
use crate::domain::delay::{Answer, Message, Outcome, Rule, rule_for};
use crate::domain::ids::{ContactId, CustomerId, ItemId, LineId, OrderId};
use crate::domain::money::Money;
use crate::exchange::mail::{self, Draft, Party};
use crate::messages::sentences::Sentences;
use crate::messages::{Law, Written};
use crate::store::fulfilment::{self, Contact, OrderLine};
use crate::store::{Act, Done, Failure, Result, Store, Tx, customers, talks};
use chrono::{NaiveDate, NaiveDateTime};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A line that a talk was about, with what was said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TalkLine {
    pub line: LineId,
    /// What kind of word it was; none: a talk that is no notice.
    pub message: Option<Message>,
    /// The date that was said.
    pub quoted_for: Option<NaiveDate>,
    /// How many talks about it were on file when the person began.
    pub seen_contacts: usize,
}

/// What one customer was told, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    pub customer: CustomerId,
    /// The person, else the customer.
    pub to_name: String,
    /// The number or address used.
    pub address: Option<String>,
    pub written: Written,
}

/// How the words leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Way {
    /// They were said, or a person sends them: this is the record.
    #[default]
    Recorded,
    /// By the outbox.
    Mail,
    /// As a file, for a person's own mail program or printer.
    File,
}

/// One talk, or the same message to several customers.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Talk {
    pub lines: Vec<TalkLine>,
    /// The words, one for each customer; empty where there were none of ours.
    pub said: Vec<Said>,
    pub way: Way,
    /// The folder that letters are put into; none: this warehouse lies in none.
    pub letters: Option<PathBuf>,
    pub channel: Option<String>,
    /// The customer came to us: an answer, not a message.
    pub incoming: bool,
    pub offered_cancel: Option<bool>,
    pub outcome: Option<Outcome>,
    pub answer: Option<Answer>,
    /// The day of the answer; none: today.
    pub answered_on: Option<NaiveDate>,
    pub offer: Option<String>,
    pub offer_cost: Option<Money>,
    /// The customer took it.
    pub offer_taken: Option<bool>,
    /// The item offered instead, with its name; where it is taken, the swap itself is another step.
    pub alternative: Option<(ItemId, String)>,
    /// A remark, or the customer's own words.
    pub note: Option<String>,
    /// Who was spoken to.
    pub party: Option<String>,
    pub seconds: Option<i64>,
    pub follow_up_at: Option<NaiveDateTime>,
    /// A date that the customer set: it becomes the promise of the lines, with this reason.
    pub promise: Option<(NaiveDate, String)>,
    /// The day on which the customer is to hear again, for the notice.
    pub comes_back: Option<NaiveDate>,
    /// What it leaves to be told: by when, and why.
    pub left: Option<(NaiveDate, &'static str)>,
}

/// Keeps a talk: one row for each line, never changed afterwards; a mail is queued and a letter written with it, or
/// nothing of it is done.
///
/// Refused where nothing is marked, where the date said has passed, where somebody else talked about one of the lines
/// since the person began, and where a notice under the us rule carries an offer or advertises.
pub fn talk(store: &mut Store, act: Act, talk: &Talk) -> Result<Done<()>> {
    if let Some(day) = talk.answered_on.filter(|day| *day > act.today) {
        let day = dates::full(day, act.today);
        return Err(Failure::refused(format!("{day} is yet to come: an answer was given today or before.")));
    }
    perform(store, act, |tx| {
        let mut lines = Vec::new();
        let mut kept: Vec<(CustomerId, ContactId)> = Vec::new();
        for about in &talk.lines {
            let line = fulfilment::order_line(tx, about.line)?;
            no_favours(tx, talk, about, &line)?;
            kept.push((CustomerId(line.customer_id), keep(tx, talk, about, &line)?));
            lines.push(line);
        }
        let Some(first) = lines.first() else {
            return Err(Failure::refused("Mark at least one line that the talk is about."));
        };
        let sent = send(tx, talk, &kept)?;
        let mut summary = told(talk, first, &lines, tx.act().today);
        if let Some(sent) = sent {
            summary = format!("{summary}; {sent}");
        }
        tx.summarise(summary);
        Ok(())
    })
}

/// A notice under the us rule carries no offer, no advertising, and every sentence that the rule asks for: proved here,
/// from what is stored, whoever made the words.
fn no_favours(tx: &Tx, talk: &Talk, about: &TalkLine, line: &OrderLine) -> Result<()> {
    let said = talk.said.iter().find(|s| s.customer.0 == line.customer_id);
    if let (Some(said), Some(message), Some(Outcome::Sent | Outcome::Reached)) = (said, about.message, talk.outcome) {
        let laws = said.written.laws();
        if laws.len() < Law::of(message).len() || laws.iter().any(|l| l.trim().is_empty()) {
            return Err(Failure::refused(format!(
                "The words about {} lack what the rule asks for. Go back (Esc) and begin anew (c).",
                line.label()
            )));
        }
    }
    let (kind, country, paid) = talks::ruled_by(tx, OrderId(line.order_id))?;
    let rules = Rules::of(&Settings::load(tx)?);
    let house = rules.warehouse_country.as_deref();
    if talk.incoming || rule_for(kind, country.as_deref(), house, rules.mostly, paid, &rules.delay) != Rule::Us {
        return Ok(());
    }
    if talk.offer.is_some() {
        return Err(Failure::refused(format!(
            "{} falls under the US rule: no offer goes with a delay notice. Choose none.",
            line.label()
        )));
    }
    if let Some(said) = said {
        let mut written = said.written.clone();
        written.bars_offers = true;
        written.barred.extend(Sentences::english().advertising);
        if let Some(word) = written.advertising() {
            return Err(Failure::refused(format!(
                "\"{word}\" is advertising, which no notice under the US rule may carry. Take it out of the text."
            )));
        }
    }
    Ok(())
}

fn keep(tx: &mut Tx, talk: &Talk, about: &TalkLine, line: &OrderLine) -> Result<ContactId> {
    let today = tx.act().today;
    if let Some(date) = about.quoted_for.filter(|d| *d < today) {
        return Err(Failure::refused(format!(
            "{} has passed: say a date that lies ahead, or none.",
            dates::full(date, today)
        )));
    }
    let order = OrderId(line.order_id);
    let on_file = customers::contacts_about(tx, order, line.id)?;
    if on_file != about.seen_contacts {
        return Err(Failure::refused(format!(
            "Somebody else talked with {} about {} in the meantime. Go back (Esc), read what was said, and call again.",
            line.customer,
            line.label()
        )));
    }
    fn text(field: &Option<String>) -> Option<&str> {
        field.as_deref().map(str::trim).filter(|t| !t.is_empty())
    }
    let says = |m: Message| !matches!(m, Message::Progress | Message::Reminder);
    let notice = !talk.incoming && (about.quoted_for.is_some() || about.message.is_some_and(says));
    let supersedes = if notice { talks::newest_notice(tx, order, line.id)? } else { None };
    let said = talk.said.iter().find(|s| s.customer.0 == line.customer_id);
    let words = said.map(|s| s.written.text());
    let contact = Contact {
        channel: text(&talk.channel),
        message: about.message.map(Message::name),
        quoted_for: about.quoted_for,
        offered_cancel: talk.offered_cancel,
        outcome: talk.outcome.map(Outcome::name),
        answer: talk.answer.map(Answer::name),
        answered_on: talk.answered_on,
        offer: text(&talk.offer),
        offer_cost: talk.offer_cost.map(Money::ten_thousandths),
        note: text(&talk.note),
        words: words.as_deref().filter(|w| !w.is_empty()),
        address: said.and_then(|s| text(&s.address)),
        seconds: talk.seconds,
        follow_up_at: talk.follow_up_at,
        incoming: talk.incoming,
        purpose: Some(purpose(talk, about.message)),
        template: said.map(|s| s.written.template.as_str()).filter(|t| !t.is_empty()),
        template_version: said.map(|s| s.written.version.as_str()).filter(|v| !v.is_empty()),
        subject: said.map(|s| s.written.subject.as_str()).filter(|s| !s.is_empty()),
        party: text(&talk.party),
        offer_taken: talk.offer_taken,
        alternative: talk.alternative.as_ref().map(|(item, _)| *item),
        supersedes,
    };
    let id = fulfilment::contact(tx, line, &contact)?;
    if let Some((date, reason)) = &talk.promise {
        promise_one(tx, line, *date, reason)?;
    }
    Ok(id)
}

fn purpose(talk: &Talk, message: Option<Message>) -> &'static str {
    match message {
        _ if talk.incoming => "answer",
        Some(Message::Reminder) => "chase",
        Some(Message::Cancelled) => "refund",
        Some(Message::Progress) | None => "news",
        Some(_) => "notice",
    }
}

/// Queues the mails or writes the letters; answers what became of them, in words.
fn send(tx: &mut Tx, talk: &Talk, kept: &[(CustomerId, ContactId)]) -> Result<Option<String>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for said in &talk.said {
        match talk.way {
            Way::Recorded => {}
            Way::Mail => {
                let letter = Letter {
                    to_name: said.to_name.clone(),
                    to_address: said.address.clone().unwrap_or_default(),
                    subject: said.written.subject.clone(),
                    body: said.written.text(),
                };
                let contacts: Vec<ContactId> =
                    kept.iter().filter(|(customer, _)| *customer == said.customer).map(|(_, id)| *id).collect();
                outbox::queue(tx, &letter, &contacts)?;
            }
            Way::File => {
                let folder = talk.letters.as_deref().ok_or_else(|| {
                    Failure::refused("This warehouse lies in no folder that a letter could be put into. Copy the text.")
                })?;
                files.push(letter_file(tx, said, folder)?);
            }
        }
    }
    Ok(match (talk.way, files.as_slice()) {
        (Way::Mail, _) if talk.said.len() == 1 => Some("the mail leaves in 2 minutes".into()),
        (Way::Mail, _) => Some(format!("{} mails leave in 2 minutes", talk.said.len())),
        (Way::File, [one]) => Some(format!("the letter is {}", one.display())),
        (Way::File, [first, ..]) => {
            let folder = first.parent().unwrap_or(first);
            Some(format!("{} letters are in {}", files.len(), folder.display()))
        }
        _ => None,
    })
}

/// Writes a letter: a mail to open in a mail program where both addresses are known, else a text to print.
fn letter_file(tx: &Tx, said: &Said, folder: &Path) -> Result<PathBuf> {
    let settings = Settings::load(tx)?;
    let from = settings.text("mail.from").and_then(Party::parse);
    let to = said.address.as_deref().and_then(mail::address);
    let now = tx.act().now;
    let as_mail = from.zip(to).and_then(|(from, address)| {
        let host = from.address.rsplit('@').next().unwrap_or("localhost").to_string();
        mail::bytes(&Draft {
            from,
            reply_to: settings.text("mail.reply_to").and_then(Party::parse),
            to: Party { name: Some(said.to_name.clone()), address },
            subject: said.written.subject.clone(),
            body: said.written.text(),
            message_id: format!("<{:032x}@{host}>", fastrand::u128(..)),
            written_at: now.and_utc().fixed_offset(),
        })
    });
    let (ending, bytes) = match as_mail {
        // X-Unsent: mail programs open it as a draft.
        Some(bytes) => ("eml", format!("X-Unsent: 1\r\n{bytes}")),
        None => {
            let head = [said.to_name.as_str(), said.address.as_deref().unwrap_or("")].join("\n");
            ("txt", format!("{}\n\n{}\n\n{}\n", head.trim(), said.written.subject, said.written.text()))
        }
    };
    let whom: String =
        said.to_name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let whom: String =
        whom.split('-').filter(|p| !p.is_empty()).collect::<Vec<_>>().join("-").chars().take(40).collect();
    std::fs::create_dir_all(folder).map_err(|e| unwritable(folder, &e))?;
    for n in 1..1000 {
        let more = if n == 1 { String::new() } else { format!("-{n}") };
        let path = folder.join(format!(
            "{}-{}{more}.{ending}",
            tx.act().today,
            if whom.is_empty() { "letter" } else { &whom }
        ));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|e| unwritable(folder, &e))?;
        file.write_all(bytes.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(|e| unwritable(&path, &e))?;
        match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(e) if e.error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(unwritable(&path, &e.error)),
        }
    }
    Err(Failure::refused(format!("{} is full of letters of today. Clear it out.", folder.display())))
}

fn unwritable(path: &Path, e: &std::io::Error) -> Failure {
    Failure::refused(format!("{} cannot be written ({e}). Nothing was saved; copy the text instead.", path.display()))
}

/// `24 Nov, 4 Dec, no date`: the first ones, in their order.
pub fn listed_days(days: &[Option<NaiveDate>], none: &str, today: NaiveDate) -> String {
    const MOST: usize = 3;
    let named = |day: &Option<NaiveDate>| day.map_or(none.to_string(), |d| dates::short(d, today));
    let mut all: Vec<String> = days.iter().take(MOST).map(named).collect();
    if days.len() > MOST {
        all.push(format!("{} more", days.len() - MOST));
    }
    all.join(", ")
}

/// `it stays under today`, `to be told more by 9 Dec`.
pub fn stays(by: NaiveDate, today: NaiveDate) -> String {
    if by <= today { "it stays under today".into() } else { format!("to be told more by {}", dates::short(by, today)) }
}

fn told(talk: &Talk, first: &OrderLine, lines: &[OrderLine], today: NaiveDate) -> String {
    let customers = {
        let mut ids: Vec<i64> = lines.iter().map(|l| l.customer_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    };
    let who = if customers == 1 { first.customer.clone() } else { format!("{customers} customers") };
    let about = if lines.len() == 1 { first.label() } else { format!("{} lines", lines.len()) };
    let mut days: Vec<Option<NaiveDate>> = talk.lines.iter().map(|l| l.quoted_for).collect();
    days.sort_by_key(|day| (day.is_none(), *day));
    days.dedup();
    let quoted = talk.lines.iter().find_map(|l| l.quoted_for).map(|_| listed_days(&days, "no date", today));
    if let (Some((_, instead)), Some(true)) = (&talk.alternative, talk.offer_taken) {
        return format!("{who} takes {instead} instead, {about}; swap it with w");
    }
    let what = match (talk.answer, talk.outcome, &talk.promise) {
        (Some(Answer::Cancel), ..) => return format!("{who} cancels {about}; cancel the goods with x"),
        (.., Some((date, _))) => format!("{who} wants {about} by {}", dates::short(*date, today)),
        (Some(Answer::Consent), ..) => match quoted {
            Some(dates) if days.len() > 1 => format!("{who} agrees to wait, {about} ({dates})"),
            Some(date) => format!("{who} agrees to {date}, {about}"),
            None => format!("{who} agrees to wait, {about}"),
        },
        (_, Some(Outcome::NoAnswer | Outcome::Unknown | Outcome::Bounced | Outcome::Refused), _) => {
            let next = talk.follow_up_at.map_or(String::new(), |at| {
                format!("; try again {} {}", dates::short(at.date(), today), at.format("%H:%M"))
            });
            let word = match talk.outcome {
                Some(Outcome::Unknown) => "left a message".to_string(),
                Some(Outcome::Bounced) => match talk.said.iter().find_map(|s| s.address.clone()) {
                    Some(address) => format!("{address} is wrong"),
                    None => "wrong number".to_string(),
                },
                outcome => outcome.map_or("", Outcome::name).replace('_', " "),
            };
            return format!("tried {who} about {about}: {word}{next}");
        }
        _ => format!("told {who} about {about}"),
    };
    match (talk.left, talk.comes_back) {
        (Some((by, why)), _) => format!("{what}; {}: {why}", stays(by, today)),
        (None, Some(day)) => format!("{what}; it comes back on {}", dates::short(day, today)),
        (None, None) => what,
    }
}
