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

/// Horn's order of 6 lies here, half of Owl's of 4; nobody waits longer than stated.
fn ready() -> Warehouse {
    let mut w = Warehouse::new();
    let bin = w.bin("A1", "storage");
    let (chang, chai) = (w.item("BEV-002", "Chang"), w.item("BEV-001", "Chai"));
    w.moved(chang, bin, 6);
    w.moved(chai, bin, 2);
    w.order("SO-1", "Horn", "2026-11-20", &[(chang, 6)]);
    w.order("SO-2", "Owl", "2026-11-21", &[(chai, 4)]);
    w
}

/// An order is ready when all that is open of it lies here: the card, the tab's sentence and the view say one figure, and
/// what lies here in part only is named beside it.
#[test]
fn ready_orders_are_counted_alike_on_the_card_and_in_the_view() {
    let mut rig = Rig::new(ready().store);
    rig.keys("0").wait();
    let card = rig.screen();
    assert!(card.lines().any(|l| l.contains(". 1 ") && l.contains("order ready to ship")), "{card}");
    rig.keys("<esc> 2").wait();
    for _ in 0..12 {
        if rig.screen().contains("ready to ship, 1 order") {
            break;
        }
        rig.keys("v").wait();
    }
    let view = rig.screen();
    assert!(view.contains("ready to ship, 1 order, 1 in part, 2 lines"), "{view}");
    let rows: Vec<&str> = view.lines().filter(|l| l.contains("Horn") || l.contains("Owl")).collect();
    assert!(rows.iter().any(|l| l.contains(". ship") && l.contains("Horn")), "{view}");
    assert!(rows.iter().any(|l| l.contains("tell") && l.contains("2 of 4 Chai")), "{view}");
}

/// What lies here for a customer is not said to wait, to be late or to come: it could go today.
#[test]
fn what_lies_here_is_offered_to_go_and_not_called_late() {
    let mut rig = Rig::sized(ready().store, 160, 45);
    rig.keys("2").wait();
    for _ in 0..12 {
        if rig.screen().contains("ready to ship, 1 order") {
            break;
        }
        rig.keys("v").wait();
    }
    rig.keys("G").wait();
    let screen = rig.screen();
    assert!(screen.lines().any(|l| l.starts_with('▸') && l.contains(". ship") && l.contains("SO-1")), "{screen}");
    let pane: String =
        screen.lines().filter_map(|l| l.split_once('│')).map(|(_, p)| format!("{}\n", p.trim())).collect();
    assert!(pane.contains("is ready") && pane.contains("6 Chang could go today"), "{pane}");
    assert!(pane.contains("here"), "the stages end with what is here: {pane}");
    for late in ["waits", "LATE", "NOT TOLD", "to be safe"] {
        assert!(!pane.contains(late), "{late}: {pane}");
    }
    // Of what waits only the short order has a worth; what is ready goes.
    assert!(screen.contains(" 40.00 waits") && !screen.contains("100.00 waits"), "{screen}");
    // Of both orders only what is short waits: 2 of Owl's, and its worth with it.
    rig.keys("f").text("SO-1").wait();
    assert!(rig.screen().contains("6 Chang lie here and can go today."), "{}", rig.screen());
    rig.keys("<esc> <esc> f").text("SO-2").wait();
    assert!(rig.screen().contains("2 of 4 Chai wait for goods that are not on order yet."), "{}", rig.screen());
    assert!(rig.screen().contains("2 Chai lie here and could go today."), "{}", rig.screen());
}

/// What a file is and the day that was set by hand are seen together, at each size, and stand over no tab.
#[test]
fn the_marks_of_a_file_and_of_its_day_are_seen_at_each_size() {
    for (width, height, day) in [(80, 24, "23 Nov"), (160, 45, "as of Mon 23 Nov 2026"), (120, 36, "23 Nov")] {
        for mark in ["READ ONLY", "TRAINING"] {
            let mut rig = Rig::sized(shop().store, width, height);
            (rig.app.setting.opening.mark, rig.app.setting.as_of) = (Some(mark), true);
            let screen = rig.screen();
            let top = screen.lines().next().unwrap();
            assert!(top.contains(mark) && top.contains(day) && top.contains("4 Reorder"), "{width}: {top}");
            rig.app.setting.as_of = false;
            assert!(rig.screen().lines().next().unwrap().contains(mark), "{}", rig.screen());
        }
    }
    let mut rig = Rig::sized(shop().store, 60, 20);
    rig.app.setting.opening.mark = Some("READ ONLY");
    let screen = rig.screen();
    let top = screen.lines().next().unwrap();
    assert!(top.contains(" 4 Reor ") && top.contains(" READ ONLY"), "{top}");
}
