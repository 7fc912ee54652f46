//! Scanners as they are: a key of their own first, FNC1 in a code, the same code twice, and the test of what they send.

use super::support::cli::Bench;
use super::support::rig::Rig;
use super::support::warehouse::{Warehouse, q};
use backshelf::domain::quantity::Qty;
use backshelf::ops::perform;
use backshelf::store::{Store, scanning};
use backshelf::tui::app::App;
use backshelf::tui::scan::Mode;

fn store() -> Store {
    let mut w = Warehouse::new();
    let a1 = w.bin("A1-04", "storage");
    for (sku, name, code) in [("BEV-002", "Chang", "4006381333931"), ("BEV-001", "Chai", "036000291452")] {
        let item = w.item(sku, name);
        w.moved(item, a1, 17);
        let act = w.act("prepare");
        perform(&mut w.store, act, |tx| {
            tx.summarise("prepared");
            scanning::add_barcode(tx, code, item, Qty::ONE)
        })
        .unwrap();
    }
    w.bin("Q1", "quarantine");
    w.store
}

fn counting(store: Store) -> Rig {
    let mut rig = Rig::new(store);
    rig.keys("c").wait();
    // "count as I go" stands before the last row.
    rig.keys("<end> <up> <enter> <f8>").wait();
    rig.scan("BINA1-04");
    rig
}

#[test]
fn the_same_code_at_once_counts_and_says_so() {
    let mut rig = counting(store());
    rig.at("4006381333931\n", 2);
    rig.again("4006381333931\n", 2, 150);
    assert!(rig.screen().contains("x2, 0.2 s apart"), "{}", rig.screen());
    assert!(rig.screen().contains("2 scans"), "{}", rig.screen());
    rig.text("-\n").wait();
    assert!(rig.screen().contains("1 scan") && !rig.screen().contains("x2"), "{}", rig.screen());
}

#[test]
fn one_esc_asks_and_two_pause() {
    let mut rig = counting(store());
    rig.keys("<esc>");
    assert!(rig.screen().contains("Esc again pauses"), "{}", rig.screen());
    rig.keys("7");
    rig.keys("<esc> <esc>");
    assert!(rig.screen().contains("COUNT"), "what was typed goes first: {}", rig.screen());
    rig.keys("<esc>");
    assert!(!rig.screen().contains("COUNT"), "{}", rig.screen());
}

#[test]
fn a_new_code_is_a_pack_of_so_many() {
    let mut rig = counting(store());
    rig.scan("8712345000017").scan("8712345000017");
    rig.text("chai\n").wait().keys("<enter>");
    insta::assert_snapshot!("pack", rig.screen());
    rig.text("12\n").wait();
    assert!(rig.screen().contains("8712345000017 is Chai"), "{}", rig.screen());
    let total: i64 =
        rig.desk.store.db().query_row("SELECT total FROM count_scan WHERE kind = 'attach'", [], |r| r.get(0)).unwrap();
    assert_eq!(Qty::from_thousandths(total), q(24));
    rig.scan("8712345000017");
    assert!(rig.screen().contains("one scan = 12"), "{}", rig.screen());
}

#[test]
fn with_a_prefix_a_slow_scan_is_one_and_a_fast_hand_is_none() {
    let mut rig = Rig::new(store());
    let mut setting = rig.app.setting.clone();
    setting.scanner = Mode::of_setting("~");
    rig.begin_anew(|| App::new(setting, 80, 24));
    rig.at("~4006381333931\n", 400).wait();
    assert!(rig.screen().contains("Scanned 4006381333931"), "{}", rig.screen());
    rig.at("3\n", 1).wait();
    assert!(!rig.screen().contains("too fast"), "{}", rig.screen());
}

#[test]
fn fnc1_reaches_the_item_as_a_terminal_sends_it() {
    let mut rig = counting(store());
    rig.at("]C1010400638133393110L42", 2).also("<ctrl-5>", 2).again("3724\n", 2, 2);
    rig.wait();
    assert!(rig.screen().contains("Chang"), "{}", rig.screen());
    let note: String =
        rig.desk.store.db().query_row("SELECT note FROM count_scan WHERE kind = 'item'", [], |r| r.get(0)).unwrap();
    assert_eq!(note, "batch L42");
}

#[test]
fn the_test_says_what_a_scan_sends() {
    let mut rig = Rig::new(store());
    let before = rig.operations();
    rig.keys(":").text("scanner test\n").wait();
    rig.at("bks-yz.qa:wm/0123456789\n", 2).wait();
    insta::assert_snapshot!("scanner_test", rig.screen());
    // Nothing ends it: a second of silence does.
    rig.at("4006381333931", 2).wait().wait().wait();
    assert!(rig.screen().contains("Nothing ends it"), "{}", rig.screen());
    rig.keys("<esc>");
    assert!(!rig.screen().contains("Scanner test"), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
}

#[test]
fn by_command_too() {
    let bench = Bench::new();
    let told = bench.run_with(&["scanner", "test"], "4006381333931\r\n");
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("13 characters: 4006381333931"), "{told:?}");
    let told = bench.run_with(&["scanner", "test"], "'àà-\"_&\"\"\"ç\"&\r");
    assert!(told.code == 1 && told.out.contains("French (AZERTY)"), "{told:?}");
    assert_eq!(bench.run(&["scanner", "code"]).well().out.trim(), backshelf::domain::scanner_test::TEST_CODE);
}
