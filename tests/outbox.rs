//! The outbox: what is queued with a talk, what undo may still take back, and what a talk counts as when its mail fails.

use crate::support::cli::Bench;
use crate::support::rig::Rig;
use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::ids::{LineId, MailId, OperationId};
use backshelf::ops::outbox::deciding::{self, Step};
use backshelf::ops::outbox::{self, Letter};
use backshelf::ops::views::backorders::{self, Terms};
use backshelf::ops::{acting, perform, settings, undo};
use backshelf::store::fulfilment::{self, Contact};
use backshelf::store::{Done, Failure, Mode, Store, backlog};

/// A warehouse with a mail server and one order that waits.
pub fn with_server(mut w: Warehouse) -> (Warehouse, LineId) {
    for (key, value) in [("mail.host", "localhost"), ("mail.tls", "none"), ("mail.from", "Demo <orders@example.com>")] {
        let act = w.act("set");
        settings::set(&mut w.store, act, key, value).unwrap();
    }
    let item = w.item("HOM-205", "Espresso grinder 58 mm");
    w.po("PO-77", "Exotic Liquids", "2026-12-08", &[(item, 2)]);
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

fn step_by(w: &mut Warehouse, mail: MailId, step: Step) -> Result<Done<()>, Failure> {
    let act = w.act("mail");
    deciding::step(&mut w.store, act, mail, step)
}

fn state(w: &Warehouse) -> &'static str {
    outbox::list(w.store.db(), 1).unwrap()[0].state.name()
}

#[test]
fn each_decision_fits_some_states_and_can_be_taken_back() {
    let all = ["waiting", "claimed", "started", "sent", "retry", "failed", "unknown", "confirmed", "bounced"];
    let cases: [(Step, &[&str], &str); 3] = [
        (Step::Again, &["failed", "unknown"], "waiting"),
        (Step::Confirm, &["unknown"], "confirmed"),
        (Step::Bounced, &["sent", "unknown", "confirmed"], "bounced"),
    ];
    for (step, fits, after) in cases {
        for before in all {
            let (mut w, line) = with_server(Warehouse::new());
            let mail = tell(&mut w, line, &letter()).unwrap().value;
            becomes(&w, mail, before);
            let done = step_by(&mut w, mail, step);
            assert_eq!(done.is_ok(), fits.contains(&before), "{step:?} {before}: {done:?}");
            let Ok(done) = done else { continue };
            assert_eq!(state(&w), after, "{step:?} {before}");
            let act = w.act("undo");
            undo::undo(&mut w.store, act, done.operation).unwrap();
            assert_eq!(state(&w), before, "{step:?} {before}, taken back");
        }
    }
}

#[test]
fn a_mail_sent_again_is_the_same_and_counts_from_that_day() {
    let (mut w, line) = with_server(Warehouse::new());
    let mail = tell(&mut w, line, &letter()).unwrap().value;
    let before = w.text("SELECT message_id || content FROM mail");
    becomes(&w, mail, "failed");
    w.today = day("2026-11-25");
    let again = step_by(&mut w, mail, Step::Again).unwrap();
    assert_eq!(w.text("SELECT message_id || content FROM mail"), before);
    assert_eq!(w.text("SELECT due_at FROM mail"), "2026-11-25T09:02:00", "two minutes, as at first");
    assert_eq!(w.text("SELECT on_now || ' ' || outcome_now FROM contact_now"), "2026-11-25 sent");
    // While it waits it can be taken back; then it is as it was.
    step_by(&mut w, mail, Step::TakeBack).unwrap();
    assert_eq!((state(&w), outcome(&w).as_str()), ("failed", "refused"));
    // Left once more, its sending again is no more to be taken back.
    let sent = step_by(&mut w, mail, Step::Again).unwrap();
    assert_ne!(sent.operation, again.operation);
    becomes(&w, mail, "started");
    let act = w.act("undo");
    let Err(Failure::Refused(why)) = undo::undo(&mut w.store, act, sent.operation) else { panic!() };
    assert!(why.sentence().contains("this mail has left"), "{}", why.sentence());
    // A date that has passed is not said once more.
    becomes(&w, mail, "failed");
    w.today = day("2026-12-09");
    let Err(Failure::Refused(why)) = step_by(&mut w, mail, Step::Again) else { panic!() };
    assert!(why.sentence().contains("has passed"), "{}", why.sentence());
}

#[test]
fn taking_a_mail_back_takes_its_talk_back() {
    let (mut w, line) = with_server(Warehouse::new());
    let mail = tell(&mut w, line, &letter()).unwrap().value;
    assert_eq!(outcome(&w), "sent");
    step_by(&mut w, mail, Step::TakeBack).unwrap();
    assert_eq!(outcome(&w), "", "the customer was not told");
    assert!(outbox::list(w.store.db(), 1).unwrap()[0].taken_back);
    assert_eq!(outbox::unsent(w.store.db()).unwrap(), outbox::Unsent::default());
}

#[test]
fn a_mail_needs_a_person_until_somebody_gets_through_or_nothing_waits() {
    let (mut w, line) = with_server(Warehouse::new());
    let mail = tell(&mut w, line, &letter()).unwrap().value;
    let needs = |w: &Warehouse| outbox::unsent(w.store.db()).unwrap().needs_you;
    let why = |w: &Warehouse| {
        let terms = Terms::of(&settings::Settings::load(w.store.db()).unwrap());
        let board = backorders::load(w.store.db(), &terms, w.today).unwrap();
        (board.lines[0].lost_mail.clone(), board.lines[0].decision.action)
    };
    let told = why(&w);
    for state in ["failed", "unknown"] {
        becomes(&w, mail, state);
        w.store.db().execute("UPDATE mail SET said = '550 no such user'", []).unwrap();
        assert_eq!(needs(&w), 1, "{state}");
        let words = why(&w).0.unwrap();
        assert!(words.contains("550 no such user") && words.contains("Today's mail"), "{words}");
        assert_ne!(why(&w).1, told.1, "{state}: the line is due again");
    }
    let call = |w: &mut Warehouse, outcome: &'static str| {
        let act = w.act("talk");
        perform(&mut w.store, act, |tx| {
            let line = fulfilment::order_line(tx, line)?;
            let contact = Contact { channel: Some("phone"), outcome: Some(outcome), ..Contact::default() };
            fulfilment::contact(tx, &line, &contact)
        })
        .unwrap()
        .operation
    };
    call(&mut w, "no_answer");
    assert_eq!(needs(&w), 1, "nobody answered");
    let reached = call(&mut w, "reached");
    assert_eq!((needs(&w), why(&w).0), (0, None));
    let act = w.act("undo");
    undo::undo(&mut w.store, act, reached).unwrap();
    assert_eq!(needs(&w), 1, "the call was taken back");
}

#[test]
fn an_export_says_what_came_of_a_mail_and_comes_back_as_it_was() {
    let bench = Bench::new();
    let (mut w, line) = with_server(Warehouse::of(Store::open(&bench.db(), Mode::Create).unwrap()));
    for (n, state) in ["sent", "failed", "unknown", "bounced"].into_iter().enumerate() {
        w.today = day("2026-11-23") + chrono::Days::new(n as u64);
        let mail = tell(&mut w, line, &letter()).unwrap().value;
        becomes(&w, mail, state);
    }
    let export =
        |bench: &Bench| bench.run(&["export", "contacts", "--format", "csv", "--as-of", "2026-11-27"]).well().out;
    let first = export(&bench);
    let outcomes: Vec<bool> = ["sent", "refused", "unknown", "bounced"].iter().map(|o| first.contains(o)).collect();
    assert_eq!(outcomes, [true; 4], "{first}");
    let other = Bench::new();
    let customers = other.file("customers.csv", "customer,name\nM. Haynes,M. Haynes\n");
    other.run(&["import", customers.to_str().unwrap(), "--as-of", "2026-11-27"]).well();
    for name in ["items", "orders", "contacts"] {
        let csv = bench.run(&["export", name, "--format", "csv", "--as-of", "2026-11-27"]).well().out;
        let file = other.file(&format!("{name}.csv"), &csv);
        other.run(&["import", file.to_str().unwrap(), "--as-of", "2026-11-27"]).well();
    }
    assert_eq!(export(&other), first);
}

#[test]
fn hostile_names_break_no_screen() {
    let (mut w, line) = with_server(Warehouse::new());
    let evil = "Evil\u{1b}[2J\r\nBcc: z@w.example\u{202e}\u{200b} ";
    let hostile = Letter { to_name: evil.repeat(300), subject: evil.repeat(300), ..letter() };
    let mail = tell(&mut w, line, &hostile).unwrap().value;
    becomes(&w, mail, "failed");
    w.store.db().execute("UPDATE mail SET said = ?1", [evil]).unwrap();
    for (width, height) in [(80, 24), (160, 45), (40, 10)] {
        let mut rig = Rig::sized(w.store, width, height);
        for keys in [": m a i l s <enter>", "<enter>"] {
            let screen = rig.keys(keys).screen();
            assert!(
                !screen.chars().any(|c| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{200b}')),
                "{screen}"
            );
        }
        w = Warehouse { store: rig.desk.store, today: w.today };
    }
}

/// The list on the morning of 23 November: one of every kind.
fn list_of_all() -> Warehouse {
    let (mut w, line) = with_server(Warehouse::new());
    let said = [
        ("waiting", "", "Around the Horn"),
        ("retry", "450 4.2.0 greylisted, come back later", "La maison d'Asie"),
        ("sent", "250 2.0.0 ok, queued as 4ZKq1", "Hungry Owl"),
        ("failed", "550 5.1.1 no such user here", "T. Grant"),
        ("unknown", "smtp.example.com gave no answer: it took too long", "M. Haynes"),
        ("bounced", "250 ok", "Königlich Essen"),
    ];
    for (state, said, name) in said {
        let mail = tell(&mut w, line, &Letter { to_name: name.into(), ..letter() }).unwrap().value;
        becomes(&w, mail, state);
        let sql = "UPDATE mail SET said = nullif(?1, ''), tries = 1 WHERE id = ?2";
        w.store.db().execute(sql, rusqlite::params![said, mail.0]).unwrap();
    }
    w
}

#[test]
fn the_list_says_what_needs_a_person_what_is_to_leave_and_what_is_done() {
    let mut rig = Rig::new(list_of_all().store);
    rig.keys(": m a i l s <enter>");
    insta::assert_snapshot!("mails", format!("{}\n{}", rig.screen(), rig.styles()));
    rig.keys("<down> <enter>");
    insta::assert_snapshot!("one_mail", rig.screen());
    let mut wide = Rig::sized(list_of_all().store, 160, 45);
    let screen = wide.keys("2").screen();
    assert!(screen.contains("2 mails unsent · "), "{screen}");
}

#[test]
fn a_mail_is_opened_by_enter_and_acted_on_by_f8_alone() {
    let mut rig = Rig::new(list_of_all().store);
    let before = rig.operations();
    rig.keys(": m a i l s <enter> <enter> <enter> s d a x <space> <esc> <esc> <esc> <esc>");
    assert_eq!(rig.operations(), before);
    rig.keys("<esc> : m a i l s <enter> <enter> <f8>");
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    assert!(rig.screen().contains("Mails"), "the list stays: {}", rig.screen());
}

#[test]
fn a_part_split_off_keeps_the_mail_that_it_was_to_be_told_by() {
    let (mut w, line) = with_server(Warehouse::new());
    let mail = tell(&mut w, line, &letter()).unwrap().value;
    let act = w.act("split");
    let part = acting::split(&mut w.store, act, acting::Split { line, seen: q(2), quantity: q(1) }).unwrap().value;
    becomes(&w, mail, "failed");
    w.store.db().execute("UPDATE order_line SET shipped = quantity WHERE id = ?1", [line.0]).unwrap();
    let lost = backlog::Backlog::load(w.store.db(), w.today).unwrap().lost_mails;
    assert_eq!(lost.keys().collect::<Vec<_>>(), [&part]);
    assert!(outbox::list(w.store.db(), 1).unwrap()[0].needs_you);
}
