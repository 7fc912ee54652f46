//! Find anything, and "where is my order?".

use super::support::rig::Rig;
use super::support::warehouse::{Warehouse, q};
use crate::importing::take;
use backshelf::domain::delay::{Answer, Message, Outcome};
use backshelf::exchange::table::Table;
use backshelf::ops::backorders::{Talk, TalkLine, talk};
use backshelf::ops::perform;
use backshelf::worker::search::FoundKind;
use backshelf::worker::{Desk, finding};
use rusqlite::types::Value;

/// One order waits for a late PO, one was shipped, one was cancelled.
fn shop() -> Warehouse {
    let mut w = Warehouse::new();
    let a = w.bin("A1-04", "storage");
    let (chang, syrup) = (w.item("BEV-002", "Chang"), w.item("CON-003", "Aniseed Syrup"));
    w.moved(chang, a, 14);
    w.order("SO-1042", "Around the Horn", "2026-11-09", &[(chang, 20), (syrup, 12)]);
    let shipped = w.order("SO-0991", "Around the Horn", "2026-10-12", &[(syrup, 5)]);
    let cancelled = w.order("SO-0992", "Hungry Owl", "2026-10-13", &[(syrup, 1)]);
    w.po("PO-77", "Exotic Liquids", "2026-11-20", &[(chang, 40), (syrup, 24)]);
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        let customer: i64 = tx.query_row("SELECT id FROM customer WHERE name = 'Around the Horn'", [], |r| r.get(0))?;
        tx.update("customer", customer, &[("phone", Value::Text("+44 20 7946 0142".into()))])?;
        let text = |s: &str| Value::Text(s.into());
        let five = Value::Integer(q(5).thousandths());
        tx.update("order_line", shipped[0].0, &[("shipped", five), ("shipped_on", text("2026-10-14"))])?;
        let one = Value::Integer(q(1).thousandths());
        tx.update("order_line", cancelled[0].0, &[("cancelled", one), ("cancelled_on", text("2026-10-20"))])?;
        let (line, quantity, operation) = (shipped[0].0, q(5).thousandths(), tx.operation().0);
        tx.insert(
            "shipment",
            &["line_id", "shipped_on", "quantity", "reference", "operator", "operation_id"],
            &[&line, &"2026-10-14", &quantity, &"3SABC0012", &"Kim", &operation],
        )
    })
    .unwrap();
    w
}

fn desk(w: Warehouse) -> Desk {
    let clock = backshelf::clock::Clock::stopped(w.today.and_hms_opt(9, 0, 0).unwrap());
    Desk::new(w.store, clock, "M.Baker".into())
}

fn titles(desk: &mut Desk, text: &str, kind: FoundKind) -> Vec<String> {
    let found = finding::find(desk, text).unwrap();
    let code = |t: &str| t.split("  ").next().unwrap_or("").to_string();
    found.iter().filter(|f| f.kind == kind).map(|f| code(&f.title)).collect()
}

#[test]
fn an_order_is_found_by_code_number_parcel_and_customer() {
    let mut d = desk(shop());
    for typed in ["SO-0991", "so-0991", "so 0991", "0991", "991", "3sabc0012"] {
        assert_eq!(titles(&mut d, typed, FoundKind::Order), ["SO-0991"], "{typed}");
    }
    assert_eq!(titles(&mut d, "horn", FoundKind::Order), ["SO-1042", "SO-0991"]);
    assert_eq!(titles(&mut d, "+44 20 7946 0142", FoundKind::Customer), ["Around the Horn"]);
    assert_eq!(titles(&mut d, "79460142", FoundKind::Customer), ["Around the Horn"]);
    assert_eq!(titles(&mut d, "po77", FoundKind::Po), ["PO-77"]);
    assert_eq!(titles(&mut d, "77", FoundKind::Po), ["PO-77"]);
    assert_eq!(titles(&mut d, "BINA1-04", FoundKind::Bin), ["A1-04"]);
    assert!(titles(&mut d, "'; DROP", FoundKind::Order).is_empty());
    assert!(titles(&mut d, "%", FoundKind::Order).is_empty());
}

#[test]
fn where_is_my_order_is_answered_in_sentences() {
    let mut d = desk(shop());
    let mut answer = |text: &str, kind| {
        let found = finding::find(&mut d, text).unwrap();
        let first = found.iter().find(|f| f.kind == kind).unwrap();
        let told = finding::whereabouts(&mut d, kind, first.id).unwrap().unwrap();
        (told.sentence, told.aside, told.open)
    };
    let (sentence, aside, open) = answer("SO-1042", FoundKind::Order);
    assert!(sentence.starts_with("6 of 20 Chang and 12 Aniseed Syrup wait for a late delivery."), "{sentence}");
    assert!(sentence.ends_with("14 Chang lie here and could go today."), "{sentence}");
    assert!(open && aside.starts_with("NOT TOLD yet"), "{aside}");
    let (sentence, _, open) = answer("SO-0991", FoundKind::Order);
    assert_eq!(sentence, "All of it was shipped on Wed 14 Oct, tracking 3SABC0012.");
    assert!(!open);
    assert_eq!(answer("SO-0992", FoundKind::Order).0, "All of it was cancelled on Tue 20 Oct.");
    assert_eq!(answer("hungry", FoundKind::Customer).0, "All of it was cancelled on Tue 20 Oct.");
}

/// Goods that are on no order, and a customer who agreed to a new day: the answer knows the day, and that it was told.
#[test]
fn where_is_my_order_knows_the_date_that_was_agreed() {
    let mut w = Warehouse::new();
    take(
        &mut w,
        &[
            (Table::Items, "sku,name\nA,Chang\nB,Juice"),
            (Table::Customers, "customer,name,country,kind\nC1,Bakery Voss,DE,consumer"),
            (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-09,2026-11-20"),
            (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
        ],
    );
    let id = crate::backorders::line(&crate::backorders::board(&w), "SO-1", "1").line;
    let said = |answer, day: &str, seen| Talk {
        lines: vec![TalkLine {
            line: id,
            message: Some(Message::NewDate),
            quoted_for: Some(day.parse().unwrap()),
            seen_contacts: seen,
        }],
        outcome: Some(Outcome::Reached),
        answer,
        offered_cancel: Some(true),
        ..Talk::default()
    };
    let told = |w: &Warehouse| {
        let board = crate::backorders::board(w);
        let order = crate::backorders::line(&board, "SO-1", "1").order;
        let told = backshelf::ops::views::whereabouts::of_order(w.store.db(), &board, order).unwrap().unwrap();
        (told.sentence, told.aside)
    };
    let act = w.act("contact");
    talk(&mut w.store, act, &said(None, "2026-12-07", 0)).unwrap();
    let (sentence, aside) = told(&w);
    assert!(sentence.ends_with("The new date is Mon 7 Dec, told today."), "{sentence}");
    assert_eq!(aside, "Told, but not agreed yet: they must hear more today.");
    let act = w.act("contact");
    talk(&mut w.store, act, &said(Some(Answer::Consent), "2026-12-07", 1)).unwrap();
    let (sentence, aside) = told(&w);
    assert_eq!(sentence, "6 Chang wait for goods that are not on order yet. The new date is Mon 7 Dec, agreed today.");
    assert_eq!(aside, "Told, but no goods are sure for it yet: they must hear more by Mon 7 Dec.");
    let board = crate::backorders::board(&w);
    let line = crate::backorders::line(&board, "SO-1", "1");
    let (words, _) = backshelf::tui::views::backorders::pane::alarm(line, w.today).unwrap();
    assert_eq!(words, "agreed 7 Dec, no goods for it yet");
    assert!(board.customers[0].next.starts_with("They agreed to 7 Dec."), "{}", board.customers[0].next);
}

/// A call that nobody answered told nobody anything.
#[test]
fn a_try_that_failed_is_no_talk_that_told() {
    let mut w = shop();
    let id = crate::backorders::line(&crate::backorders::board(&w), "SO-1042", "1").line;
    let tried = Talk {
        lines: vec![TalkLine {
            line: id,
            message: Some(Message::Delay),
            quoted_for: Some("2026-12-07".parse().unwrap()),
            seen_contacts: 0,
        }],
        channel: Some("phone".into()),
        outcome: Some(Outcome::Unknown),
        ..Talk::default()
    };
    let act = w.act("contact");
    talk(&mut w.store, act, &tried).unwrap();
    let board = crate::backorders::board(&w);
    let line = crate::backorders::line(&board, "SO-1042", "1");
    assert_eq!((line.contacts, line.talks), (1, 0));
    let mut rig = Rig::sized(w.store, 160, 45);
    rig.keys("2").wait();
    rig.keys("<enter>").wait();
    let screen = rig.screen();
    assert!(screen.contains("left message"), "{screen}");
    assert!(!screen.contains("told of the delay") && !screen.contains("said 7 Dec"), "{screen}");
}

#[test]
fn the_answer_stands_below_is_copied_and_leads_to_the_talk() {
    let mut rig = Rig::new(shop().store);
    rig.keys("f").text("horn").wait();
    insta::assert_snapshot!("find", rig.screen());
    rig.keys("<down> y");
    assert!(rig.copied.last().is_some_and(|c| c.starts_with("6 of 20 Chang")), "{:?}", rig.copied);
    rig.keys("c").wait();
    assert!(rig.screen().contains("Contact  Around the Horn"), "{}", rig.screen());
    // Of a closed order there is nothing to record, and Enter shows it whole.
    rig.keys("<esc> f").text("0991").wait();
    rig.keys("<down> c").wait();
    assert!(rig.screen().contains("Nothing of theirs is open"), "{}", rig.screen());
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains("5 shipped Wed 14 Oct (3SABC0012)"), "{}", rig.screen());
}

#[test]
fn letters_are_text_until_the_list_has_the_keys() {
    let mut rig = Rig::new(shop().store);
    rig.keys("f").text("cy").wait();
    assert!(rig.screen().contains("Nothing has \"cy\""), "{}", rig.screen());
    assert!(rig.copied.is_empty());
}

/// A note on anything that is found: on a bin it is said where the bin is found next.
#[test]
fn a_note_is_written_on_what_was_found() {
    let mut w = Warehouse::new();
    let a = w.bin("A1-04", "storage");
    let chang = w.item("BEV-002", "Chang");
    w.moved(chang, a, 6);
    w.po("PO-77", "Exotic Liquids", "2026-12-01", &[(chang, 40)]);
    let mut rig = Rig::new(w.store);
    rig.keys("f").text("a1-04").keys("<down> i").text("ladder needed").keys("<f8>");
    assert!(rig.screen().contains("note: ladder needed"), "{}", rig.screen());
    rig.keys("<esc> f").text("po-77").keys("<down> i").text("ring before").keys("<f8>");
    let db = rig.desk.store.db();
    let note: String = db.query_row("SELECT note FROM purchase_order", [], |r| r.get(0)).unwrap();
    assert_eq!(note, "ring before");
}

/// What was put aside for an order is not waited for; a bin names some of what lies there and how many more; what an item
/// has free lies in all of its bins; figures are written as everywhere.
#[test]
fn a_found_row_says_what_is_ready_what_else_lies_there_and_where_more_lies() {
    let mut w = Warehouse::new();
    let (a, b) = (w.bin("A1-05", "storage"), w.bin("A1-06", "storage"));
    let items: Vec<_> = (0..5).map(|n| w.item(&format!("X-{n}"), &format!("Part {n}"))).collect();
    for (n, item) in items.iter().enumerate() {
        w.moved(*item, a, 1200 + n as i64);
    }
    w.moved(items[0], b, 20);
    w.order("SO-1", "Horn", "2026-11-20", &[(items[0], 6)]);
    let mut d = desk(w);
    let mut detail = |text: &str, kind| {
        let found = finding::find(&mut d, text).unwrap();
        found.into_iter().find(|f| f.kind == kind).unwrap().detail
    };
    assert_eq!(detail("A1-05", FoundKind::Bin), "1,204 Part 4, 1,203 Part 3, 1,202 Part 2, 2 more");
    assert_eq!(detail("X-0", FoundKind::Item), "A1-05 +1 bin  1,214 free");
    assert!(
        detail("SO-1", FoundKind::Order).contains("ready to ship: 6 Part 0"),
        "{}",
        detail("SO-1", FoundKind::Order)
    );
}

#[test]
fn a_sentence_is_found_by_the_numbers_in_it() {
    let mut d = desk(shop());
    for typed in ["where is my order SO-1042?", "my order is so-1042, thank you", "is \"SO-1042\" there"] {
        assert_eq!(titles(&mut d, typed, FoundKind::Order), ["SO-1042"], "{typed}");
    }
    assert_eq!(titles(&mut d, "when does PO-77 come", FoundKind::Po), ["PO-77"]);
    assert!(finding::find(&mut d, "where is my order").unwrap().is_empty());
}

/// What is read out to a customer is on the screen to its last word, on the smallest one too.
#[test]
fn a_long_answer_stands_there_whole_at_80_columns() {
    let mut w = Warehouse::new();
    let names = [
        "Alternator overhauled, 14 volts, with pulley",
        "Brake disc set, vented, front axle",
        "Clutch kit, three parts",
    ];
    let items: Vec<_> = names.iter().enumerate().map(|(n, name)| (w.item(&format!("L-{n}"), name), 4)).collect();
    w.order("SO-2000", "Garage Het Wiel", "2026-10-09", &items);
    let mut rig = Rig::new(w.store);
    rig.keys("f").wait().text("so-2000").wait().keys("<down> y").wait();
    let bare = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
    let (said, screen) = (bare(rig.copied.last().unwrap()), bare(&rig.screen()));
    assert!(said.len() > 150 && screen.contains(&said), "{said}: {}", rig.screen());
}
