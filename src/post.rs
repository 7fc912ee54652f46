//! Delivering what the outbox holds. The workbench's sender thread and `backshelf send` both call [`round`]; any number
//! of them may run at once on one file.
//!
//! - `server`  which server, from settings and environment
//! - `wire`    a connection that ends at its deadline
//! - `smtp`    one mail, command by command

pub mod server;
pub mod smtp;
mod wire;

use crate::clock::Clock;
use crate::exchange::mail::{self, Draft, Party};
use crate::ops::outbox::carrying::{self, Parcel};
use crate::ops::outbox::{Report, State, in_zone};
use crate::ops::settings::Settings;
use crate::store::{Failure, Result, Store};
use server::Server;
use smtp::{Envelope, Limits};

/// A mail that was tried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carried {
    pub recipient: String,
    pub to_name: Option<String>,
    pub subject: String,
    /// How it stands now.
    pub state: State,
    /// What the server, or the network, said.
    pub said: String,
}

/// What one round came to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Round {
    pub tried: Vec<Carried>,
    /// Why this program cannot send at all.
    pub trouble: Option<String>,
}

/// Delivers every mail that is due, one after the other. `leaving` tells that the program ends: no content begins then.
/// Where the server cannot be used at all the round ends with the mail that showed it.
pub fn round(store: &mut Store, clock: Clock, limits: Limits, leaving: &dyn Fn() -> bool) -> Result<Round> {
    let mut round = Round::default();
    if !is_due(store, clock)? {
        return Ok(round);
    }
    let server = match ready(store)? {
        Ok(server) => server,
        Err(why) => {
            carrying::give_up(store, clock.now(), &why)?;
            round.trouble = Some(why);
            return Ok(round);
        }
    };
    while !leaving() {
        let Some(parcel) = carrying::claim(store, clock.now())? else { break };
        if let Some(tried) = carry(store, clock, &server, limits, leaving, &parcel)? {
            round.tried.push(tried);
        }
    }
    Ok(round)
}

/// Whether a mail is due, or a dead sender is to be buried.
pub fn is_due(store: &Store, clock: Clock) -> Result<bool> {
    Ok(carrying::next_due(store.db())?.is_some_and(|due| due <= clock.now()))
}

/// The server, or why this program cannot send.
pub fn ready(store: &Store) -> Result<std::result::Result<Server, String>> {
    Ok(Server::of(&Settings::load(store.db())?, |name| std::env::var(name).ok()))
}

fn carry(
    store: &mut Store,
    clock: Clock,
    server: &Server,
    limits: Limits,
    leaving: &dyn Fn() -> bool,
    parcel: &Parcel,
) -> Result<Option<Carried>> {
    let began_at = clock.now();
    let mut broken = None;
    let mut may_start = || {
        !leaving()
            && carrying::start(store, parcel, clock.today()).unwrap_or_else(|failure| {
                broken = Some(failure);
                false
            })
    };
    let envelope = Envelope { sender: &parcel.sender, recipient: &parcel.recipient, content: &parcel.content };
    let report = smtp::deliver(server, envelope, limits, &mut may_start);
    if let Some(failure) = broken {
        return Err(failure);
    }
    let Some(report) = report else {
        carrying::release(store, parcel)?;
        return Ok(None);
    };
    let state = carrying::finish(store, parcel, began_at, clock.now(), &report)?;
    Ok(Some(Carried {
        recipient: parcel.recipient.clone(),
        to_name: parcel.to_name.clone(),
        subject: parcel.subject.clone(),
        state,
        said: report.said,
    }))
}

/// Tries the server that these settings name, beside the outbox: connects and logs in, and with an address sends a mail
/// of a few words there.
pub fn test(settings: &Settings, clock: Clock, limits: Limits, address: Option<&str>) -> Result<Report> {
    let server = Server::of(settings, |name| std::env::var(name).ok()).map_err(Failure::refused)?;
    let Some(address) = address else { return Ok(smtp::knock(&server, limits)) };
    let from = settings.text("mail.from").and_then(Party::parse);
    let to = mail::address(address);
    let (Some(from), Some(to)) = (from, to) else {
        return Err(Failure::usage(format!("{address:?} is no address that a mail can be sent to.")));
    };
    let draft = Draft {
        from: from.clone(),
        reply_to: None,
        to: Party { name: None, address: to.clone() },
        subject: "A test from backshelf".into(),
        body: "This warehouse can send mail.\n".into(),
        message_id: format!("<{:032x}@{}>", fastrand::u128(..), from.address.rsplit('@').next().unwrap_or("localhost")),
        written_at: in_zone(clock.now()),
    };
    let content = mail::bytes(&draft).ok_or_else(|| Failure::refused("mail.from is no mail address: correct it."))?;
    let envelope = Envelope { sender: &from.address, recipient: &to, content: &content };
    smtp::deliver(&server, envelope, limits, &mut || true).ok_or_else(|| Failure::refused("Nothing was sent."))
}
