//! The outbox: what is queued with a talk, what undo may still take back, and what a talk counts as when its mail fails.

use crate::support::warehouse::{Warehouse, day};
use backshelf::domain::ids::{LineId, MailId, OperationId};
use backshelf::ops::outbox::{self, Letter};
use backshelf::ops::{perform, settings, undo};
use backshelf::store::fulfilment::{self, Contact};
use backshelf::store::{Done, Failure, backlog};

/// A warehouse with a mail server and one order that waits.
pub fn with_server(mut w: Warehouse) -> (Warehouse, LineId) {
    for (key, value) in [("mail.host", "localhost"), ("mail.tls", "none"), ("mail.from", "Demo <orders@example.com>")] {
        let act = w.act("set");
        settings::set(&mut w.store, act, key, value).unwrap();
    }
    let item = w.item("HOM-205", "Espresso grinder 58 mm");
    let lines = w.order("SO-1038", "M. Haynes", "2026-10-24", &[(item, 2)]);
    (w, lines[0])
}

pub fn letter() -> Letter {
    Letter {
        to_name: "M. Haynes".into(),
        to_address: "m.haynes@example.com".into(),
        subject: "Your order SO-1038: new shipping date Tuesday 8 December".into(),
        body: "Dear M. Haynes,\n\nit comes on 8 December.\n".into(),
    }
}

/// Tells the customer by mail, as the talk dialog does: the contact and its mail in one operation.
pub fn tell(w: &mut Warehouse, line: LineId, letter: &Letter) -> Result<Done<MailId>, Failure> {
    let act = w.act("talk");
    perform(&mut w.store, act, |tx| {
        let line = fulfilment::order_line(tx, line)?;
        let contact = Contact {
            channel: Some("mail"),
            message: Some("delay"),
            quoted_for: Some(day("2026-12-08")),
            outcome: Some("sent"),
            ..Contact::default()
        };
        let contact = fulfilment::contact(tx, &line, &contact)?;
        tx.summarise("told M. Haynes about SO-1038 line 1");
        outbox::queue(tx, letter, &[contact])
    })
}

/// Where the sender would have brought the mail.
fn becomes(w: &Warehouse, mail: MailId, state: &str) {
    let sql = "UPDATE mail SET state = ?1, claimed_by = 'x', claimed_at = '2026-11-23T09:02:00', claimed_until = '2026-11-23T09:30:00' WHERE id = ?2";
    w.store.db().execute(sql, rusqlite::params![state, mail.0]).unwrap();
}

fn outcome(w: &Warehouse) -> String {
    let backlog = backlog::Backlog::load(w.store.db(), w.today).unwrap();
    let contacts: Vec<_> = backlog.contacts.values().flatten().map(|(_, fact)| fact.outcome.name()).collect();
    contacts.join(" ")
}

#[test]
fn a_mail_waits_two_minutes_with_its_bytes_fixed() {
    let (mut w, line) = with_server(Warehouse::new());
    let mail = tell(&mut w, line, &letter()).unwrap().value;
    let row = &outbox::list(w.store.db(), 10).unwrap()[0];
    assert_eq!((row.id, row.state, row.needs_you), (mail, outbox::State::Waiting, false));
    assert_eq!(row.due_at - row.queued_at, outbox::WAIT);
    let content = w.text("SELECT content FROM mail");
    assert!(content.starts_with("From: Demo <orders@example.com>\r\n"), "{content}");
    assert!(content.contains(&format!("Message-ID: {}\r\n", w.text("SELECT message_id FROM mail"))), "{content}");
    assert_eq!(w.text("SELECT message_id FROM mail"), format!("<{}@example.com>", w.text("SELECT uid FROM mail")));
    assert_eq!(outbox::unsent(w.store.db()).unwrap().to_leave, 1);
    assert!(w.store.db().execute("UPDATE mail SET content = 'x'", []).is_err(), "its bytes are fixed");
}

#[test]
fn undo_takes_a_waiting_mail_back_with_its_talk_and_refuses_when_it_has_left() {
    for (state, may) in [
        ("waiting", true),
        ("claimed", true),
        ("retry", true),
        ("failed", true),
        ("started", false),
        ("sent", false),
        ("unknown", false),
        ("confirmed", false),
        ("bounced", false),
    ] {
        let (mut w, line) = with_server(Warehouse::new());
        let told = tell(&mut w, line, &letter()).unwrap();
        becomes(&w, told.value, state);
        let act = w.act("undo");
        let undone = undo::undo(&mut w.store, act, told.operation);
        assert_eq!(undone.is_ok(), may, "{state}: {undone:?}");
        let row = &outbox::list(w.store.db(), 1).unwrap()[0];
        assert_eq!(row.taken_back, may, "{state}");
        let Err(Failure::Refused(why)) = undone else { continue };
        assert!(why.sentence().contains("this mail"), "{}", why.sentence());
    }
}

#[test]
fn a_talk_by_mail_came_through_as_its_mail_did() {
    for (state, expected) in [
        ("waiting", "sent"),
        ("started", "sent"),
        ("retry", "sent"),
        ("sent", "sent"),
        ("confirmed", "sent"),
        ("failed", "refused"),
        ("unknown", "unknown"),
        ("bounced", "bounced"),
    ] {
        let (mut w, line) = with_server(Warehouse::new());
        let mail = tell(&mut w, line, &letter()).unwrap().value;
        becomes(&w, mail, state);
        assert_eq!(outcome(&w), expected, "{state}");
    }
}

#[test]
fn nothing_is_kept_of_a_talk_whose_mail_cannot_be_queued() {
    let (mut w, line) = with_server(Warehouse::new());
    let before = w.everything();
    let refused = tell(&mut w, line, &Letter { to_address: "\"Evil\" <x@y>, z@w".into(), ..letter() });
    assert!(matches!(refused, Err(Failure::Refused(_))), "{refused:?}");
    assert_eq!(w.everything(), before);
    let act = w.act("set");
    assert_ne!(settings::set(&mut w.store, act, "mail.host", "").unwrap().operation, OperationId(0));
    let refused = tell(&mut w, line, &letter());
    let Err(Failure::Refused(why)) = refused else { panic!("{refused:?}") };
    assert!(why.sentence().contains("No mail server"), "{}", why.sentence());
}
