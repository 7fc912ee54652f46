//! The day's edges: the Today card, `!`, leaving, midnight.

use super::support::rig::Rig;
use super::support::warehouse::{Warehouse, day};
use backshelf::tui::event::Event;
use backshelf::worker::Reply;

/// Two customers to tell, a supplier to ask, a delivery today.
fn shop() -> Warehouse {
    let mut w = Warehouse::new();
    let a = w.bin("A1-04", "storage");
    let (chang, chai) = (w.item("BEV-002", "Chang 24 x 12 oz"), w.item("BEV-001", "Chai 10 x 20 bags"));
    w.moved(chang, a, 5);
    w.order("SO-1042", "Around the Horn", "2026-10-09", &[(chang, 23)]);
    w.order("SO-1043", "Hungry Owl", "2026-10-10", &[(chai, 4)]);
    w.po("PO-73", "Exotic Liquids", "2026-11-19", &[(chang, 40)]);
    w.po("PO-75", "Tokyo Traders", "2026-11-23", &[(chai, 36)]);
    w
}

#[test]
fn the_card_says_what_the_tabs_say_and_goes_there() {
    let mut rig = Rig::new(shop().store);
    rig.keys("0").wait();
    insta::assert_snapshot!("today", rig.screen());
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains("[2 Backorders 2!]"), "{}", rig.screen());
    rig.keys("0 j <enter>").wait();
    assert!(rig.screen().contains("[3 Suppliers 1!]"), "{}", rig.screen());
}

#[test]
fn the_next_thing_due_goes_round_all_tabs_and_comes_back() {
    let mut rig = Rig::new(shop().store);
    let mut seen = Vec::new();
    for _ in 0..4 {
        rig.keys("!").wait();
        let screen = rig.screen();
        let row = screen.lines().find(|l| l.starts_with('▸')).unwrap_or("").to_string();
        seen.push(row.chars().take(40).collect::<String>());
    }
    assert!(seen[0].contains("tell"), "{seen:?}");
    assert_ne!(seen[0], seen[1], "{seen:?}");
    assert!(seen[2].contains("Exotic Liquids"), "{seen:?}");
    assert_eq!(seen[3], seen[0], "{seen:?}");
}

#[test]
fn where_nothing_is_due_the_next_thing_says_so() {
    let mut rig = Rig::new(Warehouse::new().store);
    rig.keys("!").wait();
    assert!(rig.screen().contains("Nobody has to hear from us today. No order waits."), "{}", rig.screen());
    rig.keys("0").wait();
    assert!(rig.screen().contains("Nobody has to hear from us today."), "{}", rig.screen());
}

#[test]
fn leaving_says_what_is_not_done_yet() {
    let mut w = shop();
    let act = w.act("prepare");
    backshelf::ops::perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        let supplier: i64 = tx.query_row("SELECT min(id) FROM supplier", [], |r| r.get(0))?;
        tx.insert("purchase_order", &["code", "supplier_id", "status"], &[&"PO-80", &supplier, &"draft"])
    })
    .unwrap();
    let mut rig = Rig::new(w.store);
    rig.keys("q").wait();
    assert!(rig.screen().contains("1 PO not sent: PO-80."), "{}", rig.screen());
    rig.keys("<enter>");
    assert!(!rig.quit, "[Stay] has the focus");
}

#[test]
fn at_midnight_the_screen_goes_on_to_the_new_day() {
    let mut rig = Rig::new(shop().store);
    assert!(rig.screen().contains("Mon 23 Nov"), "{}", rig.screen());
    rig.send(Event::Reply(Reply::Day(day("2026-11-24"))));
    assert!(rig.screen().contains("Tue 24 Nov"), "{}", rig.screen());
    assert!(rig.screen().contains("It is Tue 24 Nov 2026 now."), "{}", rig.screen());
}

#[test]
fn a_file_that_is_open_for_reading_says_so_and_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    {
        let mut w = Warehouse::of(backshelf::store::Store::open(&path, backshelf::store::Mode::Create).unwrap());
        let bin = w.bin("A1", "storage");
        let item = w.item("BEV-002", "Chang");
        w.moved(item, bin, 5);
    }
    let mut rig = Rig::new(backshelf::store::Store::open(&path, backshelf::store::Mode::ReadOnly).unwrap());
    rig.app.setting.opening.mark = Some("READ ONLY");
    let before = rig.operations();
    assert!(rig.screen().lines().next().unwrap().contains("READ ONLY"), "{}", rig.screen());
    rig.keys("a").text("-2").keys("<f8>").wait();
    assert!(rig.screen().contains("READ ONLY: this warehouse is open for reading"), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
}

/// Orders of which all lies here stand on the card, and Enter goes to the list of them.
#[test]
fn orders_that_can_go_stand_on_the_card() {
    let mut w = Warehouse::new();
    let bin = w.bin("A1", "storage");
    let item = w.item("BEV-002", "Chang");
    w.moved(item, bin, 10);
    w.order("SO-1", "Horn", "2026-11-20", &[(item, 6)]);
    let mut rig = Rig::new(w.store);
    rig.keys("2");
    assert!(rig.screen().contains("1 order is ready to ship"), "{}", rig.screen());
    rig.keys("0").wait();
    assert!(rig.screen().contains("order ready to ship"), "{}", rig.screen());
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains(". ship          SO-1/1"), "{}", rig.screen());
}
