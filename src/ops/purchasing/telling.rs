//! What a supplier is told about a PO: its own mail through the outbox, or the record that a person said or sent it.
//! Every talk is a row of `chase` with its words, so that one list shows what was said between us.

use super::super::outbox::{self, Letter};
use crate::domain::ids::MailId;
use crate::messages::supplier::Words;
use crate::store::chasing::{self, Said};
use crate::store::po::Po;
use crate::store::{Failure, Result, Tx};
use chrono::NaiveDate;

/// How the words leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum How {
    /// A person says it.
    #[default]
    Phone,
    /// By the outbox.
    Mail,
    /// A person sends it by other means: a text to paste, a page to print.
    CopyText,
}

impl How {
    pub const ALL: [How; 3] = [How::Phone, How::Mail, How::CopyText];
    /// As it is recorded.
    pub fn name(self) -> &'static str {
        match self {
            How::Phone => "phone",
            How::Mail => "mail",
            How::CopyText => "copy text",
        }
    }
    pub fn named(name: &str) -> Option<How> {
        How::ALL.into_iter().find(|h| h.name() == name)
    }
}

/// What a supplier is told.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Told {
    pub how: How,
    /// The words; none: they were a person's own and are not kept.
    pub words: Option<Words>,
    /// Where to; for a mail.
    pub address: Option<String>,
    /// A remark of ours.
    pub note: String,
    /// When it comes back, if not by itself.
    pub next_on: Option<NaiveDate>,
}

/// Keeps that the supplier of these POs was told this, and queues the mail; answers what becomes of it, for the summary.
pub(in crate::ops) fn tell(tx: &mut Tx, orders: &[&Po], step: &str, told: &Told, note: Option<&str>) -> Result<String> {
    said(tx, orders, &Said { step: Some(step), note, ..Said::default() }, told)
}

/// The same of rejected goods.
pub(in crate::ops) fn claim(tx: &mut Tx, order: &Po, told: &Told) -> Result<String> {
    said(tx, &[order], &Said { about: Some("claim"), ..Said::default() }, told)
}

fn said(tx: &mut Tx, orders: &[&Po], about: &Said, told: &Told) -> Result<String> {
    let Some(first) = orders.first() else { return Ok(String::new()) };
    if let Some(day) = told.next_on.filter(|day| *day <= tx.act().today) {
        return Err(Failure::refused(format!("{day}: name a day after today on which it comes back.")));
    }
    let mail = if told.how == How::Mail { Some(queue(tx, first, told)?) } else { None };
    let own = Some(told.note.trim()).filter(|n| !n.is_empty());
    for order in orders {
        let said = Said {
            channel: Some(told.how.name()),
            note: own.or(about.note),
            step: about.step,
            about: about.about,
            next_on: told.next_on,
            subject: told.words.as_ref().map(|w| w.subject.as_str()).filter(|s| !s.is_empty()),
            words: told.words.as_ref().map(|w| w.text(told.how == How::Phone)),
            address: told.address.as_deref().map(str::trim).filter(|a| !a.is_empty()),
            template: told.words.as_ref().map(|w| w.template.as_str()),
            mail,
            ..Said::default()
        };
        chasing::add(tx, order.id, &said)?;
    }
    Ok(if mail.is_some() { "; the mail leaves in 2 minutes".into() } else { String::new() })
}

fn queue(tx: &mut Tx, order: &Po, told: &Told) -> Result<MailId> {
    let words = told.words.as_ref().ok_or_else(|| Failure::refused("There are no words to mail."))?;
    let address = told.address.as_deref().or(order.email.as_deref()).unwrap_or_default();
    if address.trim().is_empty() {
        let why = format!("{} has no mail address on file: type one, or choose another way.", order.supplier_name);
        return Err(Failure::refused(why));
    }
    let letter = Letter {
        to_name: order.contact_person.clone().unwrap_or_else(|| order.supplier_name.clone()),
        to_address: address.to_string(),
        subject: words.subject.clone(),
        body: words.body.clone(),
    };
    outbox::queue(tx, &letter, &[])
}
