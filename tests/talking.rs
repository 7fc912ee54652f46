//! Talks as they are recorded, and what goes out with them.

use crate::backorders::{BASE, board, line, set};
use crate::importing::take;
use crate::support::warehouse::{Warehouse, day};
use backshelf::domain::delay::Outcome;
use backshelf::exchange::table::Table;
use backshelf::messages::{Form, Shelf};
use backshelf::ops::talking::terms::{Asked, TalkTerms, terms};
use backshelf::ops::talking::{Said, Talk, TalkLine, Way, talk};
use backshelf::ops::views::backorders::Board;
use backshelf::store::{Done, Failure};

/// M. Haynes under the us rule, Hungry Owl under the house's.
fn shop() -> Warehouse {
    let mut w = Warehouse::new();
    take(&mut w, BASE);
    take(
        &mut w,
        &[
            (Table::Items, "sku,name,category\nA,Chang,Drinks\nB,Aniseed Syrup,Drinks"),
            (
                Table::Orders,
                "order,customer,ordered_on,promised_on,paid_amount\nSO-1,C2,2026-11-09,2026-11-23,33\nSO-2,C3,2026-11-09,2026-11-24,",
            ),
            (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,3\nSO-2,1,A,6"),
            (Table::PurchaseOrders, "po,supplier,ordered_on\nPO-7,EX,2026-11-02"),
            (Table::PoLines, "po,line,sku,quantity,confirmed_for\nPO-7,1,A,40,2026-12-08"),
            (Table::Stock, "sku,bin,quantity\nB,B1,50"),
        ],
    );
    w
}

fn asked(board: &Board, order: &str) -> Asked {
    let l = line(board, order, "1");
    Asked { customers: vec![l.customer], orders: vec![l.order], items: vec![l.item] }
}

fn read(w: &Warehouse, board: &Board, order: &str) -> TalkTerms {
    let now = w.today.and_hms_opt(9, 0, 0).unwrap();
    terms(w.store.db(), &asked(board, order), Shelf::shipped(), "M.Baker", now).unwrap()
}

/// The message that the decision asks for, about the only line of an order.
fn message(w: &Warehouse, order: &str, date: &str, way: Way) -> Talk {
    let board = board(w);
    let terms = read(w, &board, order);
    let l = line(&board, order, "1");
    let customer = board.people.get(&l.customer);
    let facts = terms.facts(customer, &[(l, Some(day(date)))], &board.lines, Form::Written, w.today);
    let message = facts.groups[0].message;
    let written = terms.shelf.write(&facts);
    let address = customer.and_then(|c| c.email.clone());
    Talk {
        lines: vec![TalkLine { line: l.line, message: Some(message), quoted_for: Some(day(date)), seen_contacts: 0 }],
        said: vec![Said { customer: l.customer, to_name: facts.name.clone(), address, written }],
        way,
        channel: Some("mail".into()),
        offered_cancel: Some(true),
        outcome: Some(Outcome::Sent),
        ..Talk::default()
    }
}

fn record(w: &mut Warehouse, talked: &Talk) -> Result<Done<()>, Failure> {
    let act = w.act("contact");
    talk(&mut w.store, act, talked)
}

fn refusal(result: Result<Done<()>, Failure>) -> String {
    match result {
        Err(Failure::Refused(r)) => r.sentence().to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mailed_notice_keeps_its_words_and_queues_them() {
    let mut w = shop();
    set(&mut w, "mail.host", "localhost");
    set(&mut w, "mail.tls", "none");
    set(&mut w, "mail.from", "Demo <orders@example.com>");
    let talked = message(&w, "SO-1", "2026-12-08", Way::Mail);
    let done = record(&mut w, &talked).unwrap();
    assert!(done.summary.contains("told M. Haynes about SO-1 line 1") && done.summary.contains("leaves in 2 minutes"));
    let row = w.text(
        "SELECT c.message || '|' || c.direction || '|' || c.purpose || '|' || c.template || '|' || length(c.template_version)
           || '|' || c.address || '|' || (c.mail_id = m.id) || '|' || m.recipient FROM contact c, mail m",
    );
    assert_eq!(row, "first_short|out|notice|en/first_short|8|m.haynes@example.com|1|m.haynes@example.com");
    let words = w.text("SELECT words FROM contact");
    assert!(words.contains("get 33.00 back in full") && words.contains("8 December 2026"), "{words}");
    assert!(w.text("SELECT subject FROM contact").contains("SO-1: new shipping date"), "the subject");
    assert!(w.store.db().execute("UPDATE contact SET subject = 'x'", []).is_err(), "append-only");
}

/// A business that pays by invoice was told that it gets all its money back.
#[test]
fn money_is_promised_back_where_a_law_asks_or_a_payment_is_on_file() {
    let mut w = shop();
    let spoken = |w: &Warehouse, order: &str| message(w, order, "2026-12-08", Way::Recorded).said[0].written.text();
    assert!(spoken(&w, "SO-2").contains("You can wait, or cancel at no cost to you."), "{}", spoken(&w, "SO-2"));
    assert!(!spoken(&w, "SO-2").contains("money"), "{}", spoken(&w, "SO-2"));
    assert!(spoken(&w, "SO-1").contains("33.00 back in full"), "{}", spoken(&w, "SO-1"));
    take(&mut w, &[(Table::Orders, "order,customer,ordered_on,paid\nSO-2,C3,2026-11-09,yes")]);
    assert!(spoken(&w, "SO-2").contains("get all your money"), "{}", spoken(&w, "SO-2"));
}

#[test]
fn a_newer_notice_names_the_one_that_it_takes_the_place_of() {
    let mut w = shop();
    let first = message(&w, "SO-2", "2026-12-08", Way::Recorded);
    record(&mut w, &first).unwrap();
    let mut second = message(&w, "SO-2", "2026-12-20", Way::Recorded);
    second.lines[0].seen_contacts = 1;
    record(&mut w, &second).unwrap();
    assert_eq!(
        w.number("SELECT supersedes FROM contact ORDER BY id DESC LIMIT 1"),
        w.number("SELECT min(id) FROM contact")
    );
}

#[test]
fn no_offer_and_no_advertising_goes_with_a_notice_under_the_us_rule() {
    let mut w = shop();
    let board_now = board(&w);
    let l = line(&board_now, "SO-1", "1");
    assert!(read(&w, &board_now, "SO-1").offers(&[l]).is_empty());
    let mut talked = message(&w, "SO-1", "2026-12-08", Way::Recorded);
    talked.offer = Some("discount 5 %".into());
    assert!(refusal(record(&mut w, &talked)).contains("US rule: no offer goes with"));
    // A person's own words, typed in the editor.
    let mut talked = message(&w, "SO-1", "2026-12-08", Way::Recorded);
    let text =
        talked.said[0].written.for_editor().replace("Our supplier is late.", "Or take a 20 Voucher, not your money.");
    talked.said[0].written = talked.said[0].written.edited(&text).0;
    // Whoever made the words may not have known the rule.
    talked.said[0].written.bars_offers = false;
    talked.said[0].written.barred.clear();
    assert!(refusal(record(&mut w, &talked)).contains("\"voucher\" is advertising"));
    // Words without the law's sentences.
    let mut talked = message(&w, "SO-1", "2026-12-08", Way::Recorded);
    talked.said[0].written.rows.retain(|r| !r.law);
    assert!(refusal(record(&mut w, &talked)).contains("lack what the rule asks for"));
    assert_eq!(w.number("SELECT count(*) FROM contact"), 0);
    // Under the house's rule both are a person's choice.
    let mut talked = message(&w, "SO-2", "2026-12-08", Way::Recorded);
    talked.offer = Some("discount 5 %".into());
    record(&mut w, &talked).unwrap();
}

#[test]
fn an_alternative_that_is_taken_is_recorded_and_is_no_yes_to_the_delay() {
    let mut w = shop();
    let board_now = board(&w);
    let terms = read(&w, &board_now, "SO-2");
    let l = line(&board_now, "SO-2", "1");
    // No substitute is listed: the same category, with enough that is free.
    assert_eq!(
        terms.alternatives.iter().map(|a| (a.name.as_str(), a.listed)).collect::<Vec<_>>(),
        [("Aniseed Syrup", false)]
    );
    let talked = Talk {
        lines: vec![TalkLine { line: l.line, message: None, quoted_for: None, seen_contacts: 0 }],
        incoming: true,
        outcome: Some(Outcome::Reached),
        offer: Some("alternative".into()),
        offer_taken: Some(true),
        alternative: terms.alternatives.first().map(|a| (a.item, a.name.clone())),
        note: Some("fine, send the syrup".into()),
        ..Talk::default()
    };
    let done = record(&mut w, &talked).unwrap();
    assert_eq!(done.summary, "Hungry Owl takes Aniseed Syrup instead, SO-2 line 1; swap it with w");
    let row =
        w.text("SELECT direction || '|' || purpose || '|' || offer_taken || '|' || (answer IS NULL) FROM contact");
    assert_eq!(row, "in|answer|1|1");
    assert_eq!(w.number("SELECT alternative_id FROM contact"), terms.alternatives[0].item.0);
}

#[test]
fn a_wrong_number_is_known_from_then_on_and_undo_forgets_it() {
    let mut w = shop();
    let mut talked = message(&w, "SO-2", "2026-12-08", Way::Recorded);
    talked.said[0].address = Some("2967 542".into());
    (talked.outcome, talked.channel) = (Some(Outcome::Bounced), Some("phone".into()));
    let done = record(&mut w, &talked).unwrap();
    assert!(done.summary.contains("2967 542 is wrong"), "{}", done.summary);
    assert_eq!(read(&w, &board(&w), "SO-2").wrong_since(" 2967 542 "), Some(w.today));
    let act = w.act("undo");
    backshelf::ops::undo::undo(&mut w.store, act, done.operation).unwrap();
    assert_eq!(read(&w, &board(&w), "SO-2").wrong_since("2967 542"), None);
}

#[test]
fn a_letter_is_a_file_that_is_named_and_never_overwritten() {
    let mut w = shop();
    let folder = tempfile::TempDir::new().unwrap();
    let letters = folder.path().join("letters");
    let mut talked = message(&w, "SO-1", "2026-12-08", Way::File);
    talked.letters = Some(letters.clone());
    let done = record(&mut w, &talked).unwrap();
    let text = std::fs::read_to_string(letters.join("2026-11-23-m-haynes.txt")).unwrap();
    assert!(done.summary.contains("m-haynes.txt") && text.contains("33.00 back in full"), "{} {text}", done.summary);
    set(&mut w, "mail.from", "orders@example.com");
    let mut again = message(&w, "SO-1", "2026-12-08", Way::File);
    again.lines[0].seen_contacts = 1;
    again.said[0].to_name = "M. Haynes\r\nBcc: a@b.c/../../x".into();
    again.letters = Some(letters.clone());
    record(&mut w, &again).unwrap();
    let names: Vec<_> =
        std::fs::read_dir(&letters).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.contains(&"2026-11-23-m-haynes-bcc-a-b-c-x.eml".to_string()), "{names:?}");
    let mail = std::fs::read_to_string(letters.join("2026-11-23-m-haynes-bcc-a-b-c-x.eml")).unwrap();
    assert!(mail.starts_with("X-Unsent: 1\r\n") && !mail.contains("\nBcc:"), "{mail}");
    (again.letters, again.lines[0].seen_contacts) = (None, 2);
    assert!(refusal(record(&mut w, &again)).contains("no folder"));
}
