//! The receiving screens, as a person with a scanner drives them: bursts for scans, keys for the rest.

use super::support::rig::Rig;
use super::support::warehouse::Warehouse;
use backshelf::domain::quantity::Qty;
use backshelf::ops::perform;
use backshelf::store::{Store, scanning};

const CHANG: &str = "4006381333931";

fn store() -> Store {
    let mut w = Warehouse::new();
    let (a4, a7) = (w.bin("A1-04", "storage"), w.bin("A1-07", "storage"));
    w.bin("Q-1", "quarantine");
    let (chang, syrup) = (w.item("BEV-002", "Chang 24 x 12 oz"), w.item("CON-003", "Aniseed Syrup 550 ml"));
    w.moved(chang, a4, 14);
    w.order("SO-1042", "Around the Horn", "2026-11-09", &[(chang, 20), (syrup, 12)]);
    w.order("SO-1055", "Old World Deli", "2026-11-12", &[(syrup, 8)]);
    w.po("PO-77", "Exotic Liquids", "2026-11-20", &[(chang, 40), (syrup, 24)]);
    w.po("PO-79", "Pavlova", "2026-12-04", &[(syrup, 6)]);
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        for (item, bin) in [(chang, a4), (syrup, a7)] {
            let cells =
                [("bin_id", rusqlite::types::Value::Integer(bin.0)), ("cost", rusqlite::types::Value::Integer(50_000))];
            tx.update("item", item.0, &cells)?;
        }
        scanning::add_barcode(tx, CHANG, chang, Qty::ONE)?;
        scanning::add_barcode(tx, "036000291452", syrup, Qty::ONE)
    })
    .unwrap();
    w.store
}

#[test]
fn a_delivery_of_which_half_goes_to_waiting_orders() {
    let mut rig = Rig::new(store());
    let before = rig.operations();
    rig.keys("r").wait();
    insta::assert_snapshot!("receive_menu", rig.screen());
    rig.text("liquid").keys("<enter>").wait();
    rig.scan(CHANG).text("36\n").wait();
    rig.keys("<down>").text("=\n").wait();
    // Bad goods by their dialog, the delivery note by its own.
    rig.keys("<f7>").wait().text("2").keys("<f8>").wait();
    rig.keys("<f5>").wait().text("DN-20931").keys("<f8>").wait();
    rig.scan("8712345000017");
    insta::assert_snapshot!("receive", rig.screen());
    assert_eq!(rig.operations(), before, "nothing is booked yet");
    rig.text("-\n").wait();
    rig.keys("<f8>").wait();
    insta::assert_snapshot!("put_aside", rig.screen());
    assert_eq!(rig.operations(), before + 2, "the bin for what is put aside, and the receipt");
    rig.keys("<esc>").wait();
    assert!(rig.screen().contains("received 36 Chang"), "{}", rig.screen());
    rig.keys("u <f8>").wait().keys("r").wait();
    assert!(rig.screen().contains("go on"), "half done again: {}", rig.screen());
}

#[test]
fn a_scan_in_the_menu_finds_the_po_that_has_it() {
    let mut rig = Rig::new(store());
    rig.keys("r").wait().scan(CHANG);
    assert!(rig.screen().contains("Receive PO-77"), "{}", rig.screen());
    rig.keys("<esc> <esc>").wait().keys("r").wait();
    assert!(!rig.screen().contains("half done"), "nothing of it was scanned: {}", rig.screen());
    rig.scan("POPO-79");
    assert!(rig.screen().contains("Receive PO-79"), "{}", rig.screen());
    rig.keys("<f3> r").wait().scan("036000291452");
    assert!(rig.screen().contains("2 POs wait for Aniseed Syrup"), "{}", rig.screen());
}

#[test]
fn too_many_ask_once_and_are_booked_the_second_time() {
    let mut rig = Rig::new(store());
    let before = rig.operations();
    rig.keys("r").wait().scan("POPO-77").scan(CHANG);
    rig.text("44\n").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("F8 again books it"), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 2, "{}", rig.screen());
}

/// What is asked of one line is not shown where the person goes on to another.
#[test]
fn a_doubted_figure_is_asked_on_its_own_line() {
    let mut rig = Rig::new(store());
    rig.keys("r").wait().scan("POPO-77").scan(CHANG).text("4000\n").wait();
    let asked = "4000 is far more than usual";
    assert!(rig.screen().contains(asked), "{}", rig.screen());
    rig.keys("<down>");
    assert!(!rig.screen().contains(asked), "{}", rig.screen());
    rig.keys("<up>");
    assert!(rig.screen().contains(asked), "{}", rig.screen());
    rig.keys("<down>").text("4000\n").wait();
    assert!(rig.screen().contains(asked), "it is asked of this one too: {}", rig.screen());
}

/// A scanner that bounces: the same code twice within a third of a second is asked about before it is booked.
#[test]
fn what_was_scanned_twice_at_once_is_asked_about_once() {
    let mut rig = Rig::new(store());
    rig.keys("r").wait().scan("POPO-77").at(&format!("{CHANG}\n{CHANG}\n"), 2).wait();
    assert!(rig.screen().contains("x2, 0.0 s apart: counted twice"), "{}", rig.screen());
    let before = rig.operations();
    rig.text("..\n").wait();
    assert!(
        rig.screen().contains("Chang 24 x 12 oz: scanned twice at once. Right? F8 again books it"),
        "{}",
        rig.screen()
    );
    assert_eq!(rig.operations(), before);
    rig.keys("<f8>").wait();
    assert!(rig.operations() > before, "{}", rig.screen());
    // Whoever says how many came has looked.
    rig.keys("<esc> r").wait().scan("POPO-79").at("036000291452\n036000291452\n", 2).wait().text("6\n").wait();
    let before = rig.operations();
    rig.keys("<f8>").wait();
    assert!(rig.operations() > before, "{}", rig.screen());
}

/// A code that nobody knows keeps the delivery open, and it is said why; its item is named when it goes on.
#[test]
fn a_code_that_nobody_knows_is_what_keeps_a_delivery_open() {
    let mut rig = Rig::new(store());
    rig.keys("r")
        .wait()
        .scan("POPO-79")
        .scan("036000291452")
        .scan("8712345000017")
        .keys("<f8>")
        .wait()
        .keys("<esc>")
        .wait();
    assert!(rig.screen().contains("; code 8712345000017 unknown"), "{}", rig.screen());
    rig.keys("r").wait();
    assert!(rig.screen().contains("1 unknown code"), "{}", rig.screen());
    rig.keys("<enter>").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("Only the code 8712345000017 is left"), "{}", rig.screen());
    rig.text("aniseed\n").wait().keys("<enter>").wait();
    assert!(rig.screen().contains("counts how many pieces?"), "{}", rig.screen());
    rig.text("5\n").wait();
    assert!(rig.screen().contains("is Aniseed Syrup 550 ml from now on"), "{}", rig.screen());
    let before = rig.operations();
    rig.keys("<f8>").wait();
    assert!(rig.operations() > before, "{}", rig.screen());
    let came: i64 =
        rig.desk.store.db().query_row("SELECT sum(received) / 1000 FROM po_line", [], |r| r.get(0)).unwrap();
    assert_eq!(came, 6, "one, and a pack of five");
}

#[test]
fn goods_without_a_po_wait_for_it_in_the_menu() {
    let mut rig = Rig::new(store());
    rig.keys("r <end> <down> <down> <enter>").wait();
    assert!(rig.screen().contains("Receive without a PO"), "{}", rig.screen());
    rig.scan(CHANG).keys("<f8>").wait().keys("<esc> r").wait();
    assert!(rig.screen().contains("1 receipt without a PO"), "{}", rig.screen());
    rig.keys("<down> <down> <down> <enter>").wait();
    assert!(rig.screen().contains("came without a PO") && rig.screen().contains("PO-77"), "{}", rig.screen());
    let before = rig.operations();
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
}

#[test]
fn a_wide_screen_shows_the_same_with_room() {
    let mut rig = Rig::sized(store(), 160, 45);
    rig.keys("r").wait().scan("POPO-77").scan(CHANG).text("36\n").wait();
    insta::assert_snapshot!("receive_wide", rig.screen());
}

/// The line that carries the mark takes a figure at once; a code that is typed is still a code.
#[test]
fn the_marked_line_takes_a_figure_without_being_gone_to() {
    let mut rig = Rig::new(store());
    rig.keys("r").wait().scan("POPO-77").text("36\n").wait();
    assert!(rig.screen().contains("4 to come"), "{}", rig.screen());
    rig.keys("<f3> r").wait().scan("POPO-79").text("036000291452\n").wait();
    assert!(rig.screen().contains("5 to come"), "one of six: {}", rig.screen());
}

/// The head says what the list shows of all that is under way; a PO's own page receives that PO.
#[test]
fn the_menu_counts_what_it_shows_and_a_po_is_received_from_its_page() {
    let mut rig = Rig::new(store());
    rig.keys("r").wait();
    assert!(rig.screen().contains("2 POs under way."), "{}", rig.screen());
    rig.text("liquid").wait();
    assert!(rig.screen().contains("1 of 2 POs under way."), "{}", rig.screen());
    rig.keys("<esc>").wait().keys("<esc>").wait().keys("3").wait().keys("r").wait();
    assert!(rig.screen().contains("of Exotic Liquids") && rig.screen().contains("1 PO under way."), "{}", rig.screen());
    assert!(rig.screen().contains("1 of others"), "{}", rig.screen());
    // Whoever types looks for any PO: also for one of another supplier.
    rig.text("79").wait();
    assert!(rig.screen().contains("PO-79   Pavlova") && !rig.screen().contains("of Exotic"), "{}", rig.screen());
    rig.keys("<esc>").wait();
    rig.keys("<esc>").wait().keys("h").wait().keys("<enter>").wait().keys("r").wait();
    assert!(rig.screen().contains("Receive PO-77, Exotic Liquids"), "{}", rig.screen());
    rig.scan(CHANG).keys("<f3>").wait().keys("<esc>").wait().keys("<esc>").wait().keys("r").wait();
    assert!(rig.screen().contains("1 delivery half done."), "{}", rig.screen());
}

/// All of the PO came, and a code that nobody knows keeps its delivery open: it is there under its supplier too.
#[test]
fn a_delivery_that_a_code_keeps_open_is_found_under_its_supplier() {
    let mut rig = Rig::new(store());
    rig.keys("r")
        .wait()
        .scan("POPO-79")
        .text("=\n")
        .wait()
        .scan("8712345000017")
        .keys("<f8>")
        .wait()
        .keys("<esc>")
        .wait();
    rig.keys("3").wait().keys("/").text("pavlova").keys("<enter>").wait().keys("r").wait();
    assert!(rig.screen().contains("go on") && rig.screen().contains("1 unknown code"), "{}", rig.screen());
}
