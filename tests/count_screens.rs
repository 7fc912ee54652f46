//! The screens of counting, as a person with a scanner drives them: bursts for scans, keys for the rest.

use super::support::rig::Rig;
use super::support::warehouse::{Warehouse, q};
use backshelf::domain::quantity::Qty;
use backshelf::ops::perform;
use backshelf::store::{Store, scanning};

fn store() -> Store {
    let mut w = Warehouse::new();
    let (a1, a2) = (w.bin("A1-04", "storage"), w.bin("A1-05", "storage"));
    let items = [("BEV-002", "Chang 24 x 12 oz", "4006381333931"), ("BEV-001", "Chai 10 x 20 bags", "036000291452")];
    for (n, (sku, name, code)) in items.into_iter().enumerate() {
        let item = w.item(sku, name);
        w.moved(item, [a1, a2][n], [17, 11][n]);
        let act = w.act("prepare");
        perform(&mut w.store, act, |tx| {
            tx.summarise("prepared");
            tx.update("item", item.0, &[("cost", rusqlite::types::Value::Integer(152_000))])?;
            scanning::add_barcode(tx, code, item, Qty::ONE)
        })
        .unwrap();
    }
    let bad = w.bin("Q1", "quarantine");
    let chang = backshelf::domain::ids::ItemId(1);
    w.moved(chang, bad, 2);
    w.order("SO-1042", "Around the Horn", "2026-11-01", &[(chang, 20)]);
    assert_eq!(w.level(chang, bad), q(2).thousandths() / 1000);
    w.store
}

#[test]
fn a_zone_is_counted_blind_reviewed_posted_and_taken_back() {
    let mut rig = Rig::new(store());
    let before = rig.operations();
    rig.keys("c").wait();
    insta::assert_snapshot!("count_menu", rig.screen());
    // Bins: the last row; then which, then F8.
    rig.keys("<end> <enter> <tab>").text("A1").keys("<f8>").wait();
    rig.scan("BINA1-04").scan("4006381333931").scan("4006381333931");
    rig.text("14\n").wait();
    insta::assert_snapshot!("count", rig.screen());
    assert!(!rig.screen().contains("17"), "blind: the book is not shown");
    rig.scan("8712345000017");
    assert!(rig.screen().contains("kept aside"), "{}", rig.screen());
    // Its item, by a part of the name.
    rig.text("chai\n").wait();
    assert!(rig.screen().contains("which item?"), "{}", rig.screen());
    // How many one scan of it is: Enter alone is one.
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains("counts how many pieces?"), "{}", rig.screen());
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains("8712345000017 is Chai"), "{}", rig.screen());
    rig.text("-\n").wait().text("-\n").wait();
    rig.scan("BINA1-05").scan("036000291452").text("11\n").text("..\n").wait();
    assert!(rig.screen().contains("Every bin of this round is counted"), "{}", rig.screen());
    rig.keys("<f8>").wait();
    insta::assert_snapshot!("count_review", rig.screen());
    assert_eq!(rig.operations(), before + 2, "only the barcode and its taking back are operations yet");
    // What is worth a second look is asked about once.
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("x2: Chang 24 x 12 oz in A1-04. r counts again"), "{}", rig.screen());
    assert_eq!(rig.operations(), before + 2);
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("Bins A1 posted: 2 counted, 1 change, -45.60"), "{}", rig.screen());
    assert_eq!(rig.operations(), before + 3);
    rig.keys("u <f8>").wait();
    assert_eq!(rig.operations(), before + 4, "{}", rig.screen());
    rig.keys("c").wait();
    assert!(rig.screen().contains("go on: Bins A1"), "open again: {}", rig.screen());
}

#[test]
fn a_line_is_asked_again_and_counted_again() {
    let mut rig = Rig::new(store());
    rig.keys("c <end> <enter> <tab>").text("A1-04").keys("<f8>").wait();
    rig.scan("BINA1-04").scan("4006381333931").text("41\n").keys("<f8> <f8>").wait();
    assert!(rig.screen().contains("+24"), "{}", rig.screen());
    rig.keys("r c").wait();
    assert!(rig.screen().contains("Count A1-04 again: scan it."), "{}", rig.screen());
    rig.scan("BINA1-04");
    assert!(rig.screen().contains("Still to count here: Chang"), "{}", rig.screen());
    rig.scan("4006381333931").text("17\n").keys("<f8> <f8>").wait();
    assert!(rig.screen().contains("1 right, 0 differ"), "{}", rig.screen());
}

#[test]
fn short_lines_whose_book_says_stock_exists_are_one_key_from_the_backorders() {
    let mut rig = Rig::new(store());
    rig.keys("2").wait().keys("b").wait();
    assert!(rig.screen().contains("2 bins, 2 lines"), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("Short, but in the book"), "{}", rig.screen());
    // Again from Stock: c, c.
    rig.keys("<esc> <esc> 1 c c").wait();
    assert!(rig.screen().contains("Begin a count: Short, but in the book"), "{}", rig.screen());
}

#[test]
fn one_item_only_is_still_two_keys_away() {
    let mut rig = Rig::new(store());
    let before = rig.operations();
    rig.keys("c").wait().keys("2 <enter>").wait();
    assert!(rig.screen().contains("Counted"), "{}", rig.screen());
    rig.text("16").keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
}

#[test]
fn a_tall_screen_has_taller_figures() {
    let mut rig = Rig::sized(store(), 160, 45);
    rig.keys("c <end> <enter> <tab>").text("A1").keys("<f8>").wait();
    rig.scan("BINA1-04").scan("4006381333931");
    let blocks = rig.screen().matches("████").count();
    assert!(blocks >= 10, "{}", rig.screen());
}

/// Where the book is below zero the menu says so, whatever the schedule; a bin that the review wants again is named.
#[test]
fn a_book_below_zero_is_due_and_a_recount_names_its_bin() {
    let mut w = Warehouse::of(store());
    let (bin, gasket) = (w.bin("C2-11", "storage"), w.item("SPR-118", "Gasket ring 48 mm"));
    w.moved(gasket, bin, -3);
    let mut rig = Rig::new(w.store);
    rig.keys("c").wait();
    assert!(rig.screen().contains("C2-11 is below zero: Gasket ring 48 mm."), "{}", rig.screen());
    assert!(rig.screen().contains("due today, C2-11 (below zero)"), "{}", rig.screen());
    rig.keys("<enter>").wait().keys("<f8>").wait().scan("BINC2-11").scan("SPR-118").text("4\n..\n..\n").wait();
    assert!(rig.screen().contains("Review"), "no F-key: {}", rig.screen());
    rig.keys("r c").wait();
    assert!(rig.screen().contains("Count C2-11 again: scan it."), "{}", rig.screen());
    rig.keys("<f3>").wait().keys("c").wait();
    assert!(rig.screen().contains("count C2-11 again"), "{}", rig.screen());
}

/// Before a count is begun nothing can be counted: a bin's label says which bins, anything else is told to wait.
#[test]
fn a_scan_before_the_count_is_begun_never_lands_in_its_name() {
    let mut rig = Rig::new(store());
    rig.keys("c <end> <enter>").wait().scan("BINA1-04").wait().scan("4006381333931").wait();
    let screen = rig.screen();
    assert!(
        screen.contains("nothing was counted. F8 begins the count") && screen.contains("1 bin, 1 line"),
        "{screen}"
    );
    rig.scan("BINA1-05").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("COUNT  Bins A1-04 A1-05"), "{}", rig.screen());
    rig.keys("<f3>").wait().keys("c").wait().keys("2 <enter>").wait().scan("4006381333931").wait();
    assert!(rig.screen().contains("nothing was counted") && !rig.screen().contains("Name    4006"), "{}", rig.screen());
}

/// Who takes the question for the count itself begins nothing and names nothing with his scans.
#[test]
fn no_burst_begins_a_count_or_becomes_its_name() {
    let mut rig = Rig::new(store());
    rig.keys("c <end> <up> <enter>").wait();
    rig.scan("A1-01").text("12*\n").scan("4006381333931").text("12\n").scan("4006381333931").wait();
    let sessions = |rig: &Rig| -> i64 {
        rig.desk.store.db().query_row("SELECT count(*) FROM count_session", [], |r| r.get(0)).unwrap()
    };
    assert!(rig.screen().contains("Begin a count") && rig.screen().contains("F8 is [Start]"), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("12* is for the count itself"), "{}", rig.screen());
    assert_eq!(sessions(&rig), 0);
    rig.keys("<f1>").wait();
    assert!(rig.screen().contains("choose from a list"), "{}", rig.screen());
    rig.keys("<esc> <bs> <bs> <bs> <f8>").wait();
    assert_eq!(sessions(&rig), 1, "{}", rig.screen());
}

/// In the review a code is named, or dropped, and the review goes on.
#[test]
fn a_code_is_named_or_dropped_in_the_review() {
    let mut rig = Rig::new(store());
    rig.keys("c <end> <up> <enter>").wait().keys("<f8>").wait();
    rig.scan("BINA1-04").scan("4006381333931").scan("8712345000017").scan("99887766").text("..\n..\n").wait();
    assert!(rig.screen().contains("2 unknown barcodes"), "{}", rig.screen());
    rig.keys("<end> <up> x").wait();
    let words = rig.screen();
    assert!(words.contains("F8 drops"), "{words}");
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("1 unknown barcode."), "{}", rig.screen());
    rig.keys("b").text("chang").wait().keys("<f8>").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("Review  Count as I go"), "{}", rig.screen());
    assert!(!rig.screen().contains("unknown"), "{}", rig.screen());
}

/// Which bins may be chosen from a list as one types, also the second and third; a category is a list.
#[test]
fn what_to_count_is_chosen_from_lists() {
    let mut rig = Rig::new(store());
    rig.keys("c <end> <enter> <tab>").text("A1-04 ").wait();
    assert!(rig.screen().contains("A1-05"), "{}", rig.screen());
    rig.keys("<down> <down>").wait();
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains("A1-04 A1-0"), "{}", rig.screen());
    rig.keys("<esc> <esc>").wait().keys("c <end> <enter> <right>").wait();
    assert!(rig.screen().contains("Category") && !rig.screen().contains(" Bins "), "{}", rig.screen());
}

/// Between two bins the screen says which are done, by whom, and no figure; the menu tells its keys.
#[test]
fn the_bins_that_are_done_are_listed_and_the_menu_explains_its_keys() {
    let mut rig = Rig::new(store());
    rig.keys("c").wait().keys("?").wait();
    assert!(rig.screen().contains("read a filled sheet back"), "{}", rig.screen());
    rig.keys("<esc>").wait().keys("p").wait();
    assert!(rig.screen().contains("for a count that is begun already"), "{}", rig.screen());
    rig.keys("<end> <enter> <tab>").text("A1").keys("<f8>").wait();
    assert!(rig.screen().contains("No bin yet."), "{}", rig.screen());
    rig.scan("BINA1-04").scan("4006381333931").text("14\n..\n").wait();
    let screen = rig.screen();
    assert!(screen.contains("A1-04      1 item") && !screen.contains("14"), "{screen}");
}

/// Two rounds of one name are told apart by when they were begun.
#[test]
fn two_counts_of_one_name_say_when_they_were_begun() {
    let mut rig = Rig::new(store());
    for _ in 0..2 {
        rig.keys("c <end> <up> <enter>").wait().keys("<f8>").wait().keys("<f3>").wait();
    }
    rig.keys("c").wait();
    assert_eq!(rig.screen().matches("go on: Count as I go, 23 Nov").count(), 2, "{}", rig.screen());
}

/// A marked line keeps its place and the cursor goes on: Space Space marks two neighbours.
#[test]
fn two_neighbours_are_marked_with_two_keys() {
    let mut rig = Rig::new(store());
    rig.keys("c <end> <enter> <tab>").text("A1").keys("<f8>").wait();
    rig.scan("BINA1-04").scan("4006381333931").text("30\n").scan("BINA1-05").scan("036000291452").text("30\n");
    rig.text("..\n..\n").wait();
    assert!(rig.screen().contains("0 right, 2 differ"), "{}", rig.screen());
    rig.keys("r").wait();
    assert!(rig.screen().contains("1 differs") && rig.screen().contains("1 waits: 1 to recount."), "{}", rig.screen());
    let screen = rig.screen();
    let at = |word: &str| screen.lines().position(|l| l.contains(word) && l.contains("30")).unwrap();
    assert!(at("A1-05") < at("A1-04"), "the greater worth was first and stays there: {screen}");
    rig.keys("<space>").wait();
    assert!(rig.screen().lines().any(|l| l.contains("A1-04") && l.ends_with("ok")), "{}", rig.screen());
}

/// A yes or no is answered with y or n; the answer that stands there anyhow makes nothing to undo.
#[test]
fn yes_and_no_are_keys_and_no_over_no_is_nothing() {
    let mut rig = Rig::new(store());
    let before = rig.operations();
    let open = |rig: &mut Rig| {
        rig.keys(":").text("settings").keys("<enter>").wait();
        rig.keys("/").text("two people").keys("<enter> <enter>").wait();
        assert!(rig.screen().contains("y is yes, n is no"), "{}", rig.screen());
    };
    open(&mut rig);
    rig.keys("y n <f8>").wait();
    assert_eq!(rig.operations(), before, "{}", rig.screen());
    rig.keys("<esc> <esc>").wait();
    open(&mut rig);
    rig.keys("y <f8>").wait();
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
}
