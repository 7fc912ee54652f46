//! The outbox: a mail is queued with the talk that it carries, waits two minutes in which that talk can be taken back,
//! and is then delivered by `post`, which may be running in several programs at once. Where it stands decides whether
//! the talk came through (`contact_now` in the schema).

use super::settings::Settings;
use crate::domain::ids::{ContactId, MailId};
use crate::exchange::mail::{self, Draft, Party};
use crate::store::outbox::{self as store, NewMail};
use crate::store::undo::{Deed, Entry};
use crate::store::{Db, Failure, Result, Tx};
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta};

pub mod carrying;
pub mod deciding;

pub use carrying::{Phase, Report, Verdict};
pub use store::{MailRow, State, Tried, Unsent};

/// How long a mail waits before it may leave.
pub const WAIT: TimeDelta = TimeDelta::minutes(2);

/// A mail to one person, in words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Letter {
    /// The customer's name as it stands beside the address; may be empty.
    pub to_name: String,
    pub to_address: String,
    pub subject: String,
    /// Lines end in LF.
    pub body: String,
}

/// Why no mail can be sent from this warehouse, as a sentence; `None` where one can.
pub fn not_ready(settings: &Settings) -> Option<String> {
    let missing = |key: &str| settings.text(key).is_none();
    if missing("mail.host") {
        return Some("No mail server is set up: fill in mail.host and mail.from (: settings), then send.".into());
    }
    if missing("mail.from") {
        return Some("Nobody is named as the sender: fill in mail.from (: settings), then send.".into());
    }
    None
}

/// Queues a mail in the transaction of the contacts that it carries: its bytes, Message-ID and key are fixed here, and
/// it leaves two minutes later unless the operation is taken back.
///
/// Refused where no server is set up, where the address is none, and where there is nothing to say.
pub fn queue(tx: &mut Tx, letter: &Letter, contacts: &[ContactId]) -> Result<MailId> {
    let settings = Settings::load(tx)?;
    if let Some(why) = not_ready(&settings) {
        return Err(Failure::refused(why));
    }
    let party = |key: &str| settings.text(key).and_then(Party::parse);
    let from = party("mail.from")
        .ok_or_else(|| Failure::refused("mail.from is no mail address: correct it (: settings), then send."))?;
    let address = mail::address(&letter.to_address).ok_or_else(|| {
        Failure::refused(format!(
            "{:?} is no address that a mail can be sent to: correct the customer's address, or call.",
            mail::one_line(&letter.to_address)
        ))
    })?;
    let (to_name, subject) = (mail::one_line(&letter.to_name), mail::one_line(&letter.subject));
    if subject.is_empty() || letter.body.trim().is_empty() {
        return Err(Failure::refused("The mail needs a subject and some words."));
    }
    let uid = format!("{:032x}", fastrand::u128(..));
    let host = from.address.rsplit('@').next().unwrap_or("localhost");
    let message_id = format!("<{uid}@{host}>");
    let draft = Draft {
        reply_to: party("mail.reply_to"),
        to: Party { name: Some(to_name.clone()).filter(|n| !n.is_empty()), address: address.clone() },
        subject: subject.clone(),
        body: letter.body.clone(),
        message_id: message_id.clone(),
        written_at: in_zone(tx.act().now),
        from: from.clone(),
    };
    let content = mail::bytes(&draft)
        .ok_or_else(|| Failure::refused("This mail cannot be written: look at the addresses of both sides."))?;
    let new = NewMail {
        uid: &uid,
        message_id: &message_id,
        sender: &from.address,
        recipient: &address,
        to_name: Some(to_name.as_str()).filter(|n| !n.is_empty()),
        subject: &subject,
        content: &content,
        due_at: tx.act().now + WAIT,
    };
    store::queue(tx, &new, contacts)
}

/// The moment with the zone of this machine; the hour that a clock change leaves out counts as the one after it.
pub fn in_zone(moment: NaiveDateTime) -> DateTime<FixedOffset> {
    let zoned = moment.and_local_timezone(chrono::Local).latest();
    zoned
        .or_else(|| (moment + TimeDelta::hours(1)).and_local_timezone(chrono::Local).latest())
        .map_or_else(|| moment.and_utc().fixed_offset(), |zoned| zoned.fixed_offset())
}

/// The newest mails, those first that ask for a person.
pub fn list(db: &Db, limit: usize) -> Result<Vec<MailRow>> {
    store::list(db, i64::try_from(limit).unwrap_or(i64::MAX))
}

/// What each attempt at a mail came to, the last first.
pub fn attempts(db: &Db, mail: MailId) -> Result<Vec<Tried>> {
    store::attempts(db, mail)
}

/// The text of a mail, as the talk keeps it.
pub fn letter(db: &Db, mail: MailId) -> Result<Option<String>> {
    store::words(db, mail)
}

/// How many mails are still to leave, and how many ask for a person.
pub fn unsent(db: &Db) -> Result<Unsent> {
    store::unsent(db)
}

/// Why an operation with these entries cannot be taken back: it queued a mail, or had one sent again, whose content may
/// have left since.
pub fn gone(db: &Db, entries: &[Entry]) -> Result<Option<String>> {
    let sends = |deed: &Deed| match deed {
        Deed::Insert => true,
        Deed::Update(cells) => cells.get("state").is_some_and(|pair| pair.get(1).is_some_and(|s| s == "waiting")),
        Deed::Delete(_) => false,
    };
    for entry in entries.iter().filter(|e| e.table.name == "mail" && sends(&e.deed)) {
        if let Some(mail) = store::left(db, entry.from, entry.to)? {
            let whom = mail.to_name.as_deref().unwrap_or(&mail.recipient);
            let way = if mail.state == State::Unknown { "may have left" } else { "has left" };
            return Ok(Some(format!("Not possible: this mail {way}, to {whom}. Call, or write once more (c).")));
        }
    }
    Ok(None)
}
