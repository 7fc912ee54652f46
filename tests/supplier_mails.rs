//! What is mailed to a supplier: it leaves by the outbox, arrives at the server as it was written, and comes back with its
//! operation.

use crate::purchasing::{refusal, shop};
use crate::support::peer::Peer;
use crate::support::warehouse::day;
use backshelf::clock::Clock;
use backshelf::domain::chase::Step;
use backshelf::domain::purchase::PoState;
use backshelf::messages::supplier::Letter;
use backshelf::ops::chasing::{self, Question};
use backshelf::ops::purchasing::telling::Told;
use backshelf::ops::purchasing::{self, life};
use backshelf::ops::{outbox, settings};
use backshelf::post;
use backshelf::post::smtp::Limits;
use std::time::Duration;

const LIMITS: Limits = Limits { talk: Duration::from_secs(30), content: Duration::from_secs(30) };

/// A quoted-printable body as it was before.
fn decoded(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (b'=', [high, low, after @ ..]) => {
                let code = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&code).unwrap(), 16).unwrap());
                after
            }
            _ => {
                bytes.push(*first);
                tail
            }
        };
    }
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

/// Its headers in one line each, and its text.
fn read(mail: &str) -> (String, String) {
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    (head.replace("\r\n ", " "), decoded(body))
}

/// The order and the question as a server gets them: to the one who is asked, whole, with what a person added in letters
/// that mail does not carry plain. Neither has an attachment: the text is the order.
#[test]
fn an_order_and_a_question_arrive_as_they_were_written() {
    let mut s = shop();
    s.server();
    let peer = Peer::start(None);
    let act = s.w.act("set");
    settings::set(&mut s.w.store, act, "mail.port", &peer.port.to_string()).unwrap();
    let send = |s: &mut crate::purchasing::Shop| {
        let due = "UPDATE mail SET due_at = '2000-01-01T00:00:00' WHERE state IN ('waiting', 'retry')";
        s.w.store.db().execute(due, []).unwrap();
        post::round(&mut s.w.store, Clock::default(), LIMITS, &|| false).unwrap()
    };
    let po = s.draft();
    let act = s.w.act("edit a PO");
    purchasing::set_terms(&mut s.w.store, act, po, None, "Tor 3, Tür links: 5 = fünf").unwrap();
    let order = s.written(Letter::Order, po);
    let act = s.w.act("send a PO");
    life::send(&mut s.w.store, act, po, &order).unwrap();
    assert_eq!(send(&mut s).tried.len(), 1);
    s.confirm(po, "2026-11-30", None).unwrap();
    s.w.today = day("2026-12-01");
    let question = s.written(Letter::Ask(Step::Overdue), po);
    let act = s.w.act("ask a supplier");
    let asked = Question { pos: vec![po], step: Some(Step::Overdue), told: question.clone() };
    chasing::ask(&mut s.w.store, act, &asked).unwrap();
    assert_eq!(send(&mut s).tried.len(), 1);
    let taken = peer.taken();
    assert_eq!(taken.len(), 2);
    for (mail, told) in taken.iter().zip([&order, &question]) {
        let (head, text) = read(mail);
        let words = told.words.as_ref().unwrap();
        assert!(head.contains("To: \"Charlotte Cooper\" <c.cooper@example.com>"), "{head}");
        assert!(
            head.contains("From: Demo <buy@example.com>") || head.contains("From: \"Demo\" <buy@example.com>"),
            "{head}"
        );
        assert!(head.contains(&format!("Subject: {}", words.subject)), "{head}");
        assert!(head.contains("Content-Type: text/plain; charset=utf-8"), "{head}");
        assert_eq!(text.trim_end(), words.body.trim_end());
    }
    let (order, question) = (read(&taken[0]).1, read(&taken[1]).1);
    assert!(order.contains("Tor 3, Tür links: 5 = fünf") && order.contains("Chang 24 x 12 oz"), "{order}");
    assert!(question.contains("2 customers of ours wait for it."), "{question}");
    assert_eq!(outbox::unsent(s.w.store.db()).unwrap().to_leave, 0);
}

#[test]
fn an_order_goes_out_by_the_outbox_and_comes_back_with_it() {
    let mut s = shop();
    s.server();
    let po = s.draft();
    let told = s.written(Letter::Order, po);
    let act = s.w.act("send a PO");
    let done = life::send(&mut s.w.store, act, po, &told).unwrap();
    assert!(done.summary.ends_with("the mail leaves in 2 minutes"), "{}", done.summary);
    assert_eq!(outbox::unsent(s.w.store.db()).unwrap().to_leave, 1);
    let mail = &outbox::list(s.w.store.db(), 9).unwrap()[0];
    assert_eq!((mail.recipient.as_str(), mail.needs_you), ("c.cooper@example.com", false));
    assert!(outbox::letter(s.w.store.db(), mail.id).unwrap().unwrap().contains("Chang 24 x 12 oz"));
    assert_eq!(s.w.text("SELECT step || ' ' || channel FROM chase"), "order mail");
    s.take_back();
    assert_eq!((s.po(po).state, outbox::unsent(s.w.store.db()).unwrap().to_leave), (PoState::Draft, 0));
    // It could not be delivered: a person is asked for, until something was said about the PO.
    let act = s.w.act("send a PO");
    life::send(&mut s.w.store, act, po, &told).unwrap();
    s.w.store.db().execute("UPDATE mail SET state = 'failed' WHERE withdrawn_by IS NULL", []).unwrap();
    assert_eq!(outbox::unsent(s.w.store.db()).unwrap().needs_you, 1);
    s.confirm(po, "2026-12-04", None).unwrap();
    assert_eq!(outbox::unsent(s.w.store.db()).unwrap().needs_you, 0, "they answered: it arrived somehow");
    // Without a server, or an address, nothing is sent and nothing kept.
    let other = s.draft();
    let nowhere = Told { address: Some(String::new()), ..s.written(Letter::Order, other) };
    let act = s.w.act("send a PO");
    assert!(refusal(life::send(&mut s.w.store, act, other, &nowhere)).contains("no mail address"));
    assert_eq!(s.po(other).state, PoState::Draft);
}

#[test]
fn a_question_that_did_not_arrive_was_not_asked() {
    let mut s = shop();
    s.server();
    let po = s.sent();
    s.confirm(po, "2026-11-30", None).unwrap();
    s.w.today = day("2026-12-01");
    let told = s.written(Letter::Ask(Step::Overdue), po);
    assert!(told.words.as_ref().unwrap().body.contains("2 customers of ours wait for it."));
    let act = s.w.act("ask a supplier");
    chasing::ask(&mut s.w.store, act, &Question { pos: vec![po], step: Some(Step::Overdue), told }).unwrap();
    assert_eq!(s.step(po, "2026-12-03"), Some((Step::Again, true)));
    s.w.store.db().execute("UPDATE mail SET state = 'bounced'", []).unwrap();
    assert_eq!(s.step(po, "2026-12-03"), Some((Step::Overdue, true)));
}
