//! Moving between bins by scan, quarantine and release, corrections with their reasons, goods that come back.

use super::support::rig::Rig;
use super::support::warehouse::{Warehouse, q};
use backshelf::domain::quantity::Qty;
use backshelf::ops::{checking, perform, shipping};
use backshelf::store::{Store, scanning};

const CHANG: &str = "4006381333931";

/// 17 Chang in A1-04, of which SO-1042 has 14 and shipped 3 of them; 11 Chai in A1-03.
fn store() -> Store {
    let mut w = Warehouse::new();
    let (a3, a4) = (w.bin("A1-03", "storage"), w.bin("A1-04", "storage"));
    w.bin("Q-1", "quarantine");
    let (chang, chai) = (w.item("BEV-002", "Chang 24 x 12 oz"), w.item("BEV-001", "Chai 10 x 20 bags"));
    w.moved(chang, a4, 20);
    w.moved(chai, a3, 11);
    let line = w.order("SO-1042", "Around the Horn", "2026-11-09", &[(chang, 14)])[0];
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        scanning::add_barcode(tx, CHANG, chang, Qty::ONE)
    })
    .unwrap();
    let act = w.act("ship");
    shipping::ship(&mut w.store, act, &[shipping::Parcel { line, quantity: q(3), seen: q(14) }]).unwrap();
    w.store
}

fn level(rig: &Rig, item: i64, bin: &str) -> i64 {
    let sql = "SELECT coalesce(sum(v.quantity), 0) / 1000 FROM level v JOIN bin b ON b.id = v.bin_id WHERE v.item_id = ?1 AND b.code = ?2";
    rig.desk.store.db().query_row(sql, rusqlite::params![item, bin], |r| r.get(0)).unwrap()
}

fn sound(rig: &Rig) {
    assert_eq!(checking::check(rig.desk.store.db()).unwrap().faults, Vec::<String>::new());
}

#[test]
fn bin_item_quantity_bin_is_a_move_and_one_operation() {
    let mut rig = Rig::new(store());
    let before = rig.operations();
    rig.keys("m").wait();
    rig.scan("BINA1-04").scan(CHANG).text("6\n").wait();
    insta::assert_snapshot!("carry", rig.screen());
    assert_eq!(rig.operations(), before, "what is in the hand is not booked");
    rig.scan("BINA1-03");
    assert!(rig.screen().contains("Moved 6 Chang 24 x 12 oz from A1-04 to A1-03. Saved"), "{}", rig.screen());
    assert_eq!((level(&rig, 1, "A1-04"), level(&rig, 1, "A1-03")), (11, 6));
    // Typed, with two items, everything that lies there, and a slip taken back.
    rig.text("A1-03\n").wait().text("BEV-001\n").wait().text("=\n").wait().scan(CHANG).text("-\n").wait();
    rig.text("A1-04\n").wait();
    assert_eq!((level(&rig, 2, "A1-04"), level(&rig, 1, "A1-03")), (11, 6));
    assert_eq!(rig.operations(), before + 2);
    rig.keys("<esc> <esc>").wait().keys("u <f8>").wait();
    assert_eq!(level(&rig, 2, "A1-03"), 11);
    sound(&rig);
}

/// A kill, a power cut, another window: the hands are in the file.
#[test]
fn what_is_in_the_hand_is_there_again_after_any_end() {
    let mut rig = Rig::new(store());
    rig.keys("m").wait().scan("BINA1-04").scan(CHANG).text("6\n").wait();
    rig.desk.carrier = Default::default(); // what the program had in memory is gone
    rig.keys("<f3> m").wait();
    assert!(rig.screen().contains("You still hold 6 Chang 24 x 12 oz from A1-04"), "{}", rig.screen());
    let before = rig.operations();
    rig.scan("BINA1-03");
    assert_eq!((rig.operations(), level(&rig, 1, "A1-03")), (before + 1, 6), "{}", rig.screen());
    // Into the bin that it came from: nothing moved.
    rig.scan("BINA1-03").scan(CHANG).text("4\n").wait().scan("BINA1-03");
    assert!(rig.screen().contains("4 Chang 24 x 12 oz put back into A1-03"), "{}", rig.screen());
    assert_eq!((rig.operations(), level(&rig, 1, "A1-03")), (before + 1, 6));
    sound(&rig);
}

#[test]
fn quarantine_takes_goods_from_those_who_wait_and_release_gives_them_back() {
    let mut rig = Rig::new(store());
    let reserved = |rig: &Rig| -> i64 {
        rig.desk.store.db().query_row("SELECT allocated / 1000 FROM order_line", [], |r| r.get(0)).unwrap()
    };
    rig.keys("m").wait().scan("BINA1-04").scan(CHANG).text("10\n").wait().scan("BINQ-1");
    assert!(rig.screen().contains("Put into quarantine 10 Chang"), "{}", rig.screen());
    assert!(rig.screen().contains("SO-1042 loses 4,"), "{}", rig.screen());
    assert!(rig.screen().contains("tell Around the Horn."), "{}", rig.screen());
    assert_eq!(reserved(&rig), 7, "7 are left in storage");
    rig.scan("BINQ-1").scan(CHANG).text("10\n").wait().scan("BINA1-03");
    assert!(rig.screen().contains("Released 10 Chang"), "{}", rig.screen());
    assert_eq!(reserved(&rig), 11);
    sound(&rig);
}

#[test]
fn more_than_lies_there_is_refused_and_a_wrong_line_changes_nothing() {
    let mut rig = Rig::new(store());
    let before = rig.operations();
    rig.keys("m").wait().scan("BINA1-04").scan(CHANG).text("30\n").wait();
    assert!(rig.screen().contains("The book has only 17"), "{}", rig.screen());
    rig.scan("BINA1-03");
    assert!(rig.screen().contains("cannot be taken out"), "{}", rig.screen());
    rig.scan("BINA1-04").scan("8712345000017").text("4 b\n").wait();
    assert_eq!(rig.operations(), before);
}

#[test]
fn a_correction_begins_with_the_same_reason_each_time_and_a_return_goes_onto_its_order_line() {
    let mut rig = Rig::new(store());
    rig.keys("<end>").wait();
    assert!(rig.screen().contains("▸"), "{}", rig.screen());
    let id = rig.app.screen().list().selected_id().unwrap();
    let down = if id == 1 { "<end>" } else { "<home>" };
    rig.keys(down).wait().keys("a").wait().text("-1").keys("<tab> l <f8>").wait();
    assert_eq!(level(&rig, 1, "A1-04"), 16, "{}", rig.screen());
    rig.keys("a").wait();
    assert!(rig.screen().contains("[damaged]"), "what was used last is not chosen: {}", rig.screen());
    rig.text("2").keys("<tab> c").wait();
    insta::assert_snapshot!("customer_return", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("2 Chang 24 x 12 oz came back on SO-1042 line 1"), "{}", rig.screen());
    assert_eq!(level(&rig, 1, "A1-04"), 18);
    sound(&rig);
}

/// A figure that goes the other way than its reason: the figure is what is typed again, wherever the keys go.
#[test]
fn a_refused_correction_is_corrected_at_the_figure_and_no_key_turns_its_sign() {
    let mut rig = Rig::new(store());
    rig.keys("<end>").wait();
    let id = rig.app.screen().list().selected_id().unwrap();
    rig.keys(if id == 1 { "<end>" } else { "<home>" }).wait();
    let before = rig.operations();
    // The focus is on the figure after the refusal: Backspace and a new one go there.
    rig.keys("a").wait().text("20").keys("<f8>").wait();
    assert!(rig.screen().contains("type -20"), "{}", rig.screen());
    rig.keys("<bs> <bs>").text("-2").keys("<f8>").wait();
    assert_eq!(level(&rig, 1, "A1-04"), 15, "{}", rig.screen());
    // The same where the person stands on the reasons.
    rig.keys("a").wait().text("20").keys("<f8> <tab>").text("-3").keys("<f8>").wait();
    assert_eq!(level(&rig, 1, "A1-04"), 12, "{}", rig.screen());
    rig.keys("a").wait().text("20").keys("<tab> <bs> <bs>").text("2").keys("<f8>").wait();
    assert!(rig.screen().contains("type -2"), "a digit chooses no reason: {}", rig.screen());
    rig.keys("<esc> <esc>").wait();
    // What a reason of the last time would have turned into plus 20.
    rig.keys("a").wait().text("4").keys("<tab> f <f8>").wait();
    rig.keys("a").wait().text("20").keys("<f8>").wait();
    assert!(rig.screen().contains("type -20"), "{}", rig.screen());
    assert_eq!((rig.operations(), level(&rig, 1, "A1-04")), (before + 3, 16));
}

#[test]
fn goods_of_one_bin_need_no_first_scan() {
    let mut w = Warehouse::of(store());
    w.bin("B1", "storage");
    let mut rig = Rig::new(w.store);
    rig.keys("m").wait();
    rig.keys("<esc>")
        .wait()
        .keys("m")
        .wait()
        .scan("BINA1-03")
        .scan("BINA1-04")
        .scan(CHANG)
        .text("2\n")
        .wait()
        .scan("BINB1");
    assert_eq!(level(&rig, 1, "B1"), 2, "{}", rig.screen());
}

/// The preview of a correction says what saving it would say.
#[test]
fn a_correction_that_would_be_refused_says_so_before_it_is_saved() {
    let mut rig = Rig::new(store());
    rig.keys("<end>").wait();
    let down = if rig.app.screen().list().selected_id() == Some(1) { "<end>" } else { "<home>" };
    rig.keys(down).wait().keys("a").wait().text("-18").wait();
    assert!(rig.screen().contains("Not saved: Only 17 Chang 24 x 12 oz are in A1-04"), "{}", rig.screen());
    // Refused, it stands there once.
    rig.keys("<f8>").wait();
    assert_eq!(rig.screen().matches("Only 17 Chang").count(), 1, "{}", rig.screen());
    rig.keys("<bs> <bs>").text("2").wait();
    assert!(rig.screen().contains("Saves: A1-04 from 17 to 15."), "{}", rig.screen());
    // So does what does not fit the reason.
    rig.keys("<bs> <bs>").text("2").keys("<f8>").wait();
    assert_eq!(rig.screen().matches("damaged takes out").count(), 1, "{}", rig.screen());
}

/// Whose goods a correction takes is said before it is saved.
#[test]
fn a_correction_names_the_order_and_the_customer_whose_goods_it_takes() {
    let mut rig = Rig::new(store());
    rig.keys("<end>").wait();
    let down = if rig.app.screen().list().selected_id() == Some(1) { "<end>" } else { "<home>" };
    rig.keys(down).wait().keys("a").wait().text("-6").wait();
    assert!(!rig.screen().contains("Around the Horn"), "17 lie there, 11 are theirs: {}", rig.screen());
    rig.keys("<bs>").text("9").wait();
    assert!(
        rig.screen().contains("SO-1042 loses 3 that are reserved to it: tell Around the Horn."),
        "{}",
        rig.screen()
    );
}

/// Six of the eleven that are reserved were put aside when they came. Taken from there, they come from the shelf.
#[test]
fn a_correction_where_goods_are_put_aside_names_whose_they_are() {
    let mut w = Warehouse::of(store());
    let chang = backshelf::domain::ids::ItemId(1);
    let aside = w.bin("S-2", "storage");
    w.moved(chang, aside, 6);
    let act = w.act("set");
    backshelf::ops::settings::set(&mut w.store, act, "receiving.aside_bin", "S-2").unwrap();
    let takes = backshelf::ops::stock::would_take(w.store.db(), chang, aside, q(-2), w.today).unwrap();
    let named = |l: &backshelf::ops::allocating::Loss| (l.order.clone(), l.customer.clone(), l.quantity);
    assert_eq!(
        takes.elsewhere.iter().map(named).collect::<Vec<_>>(),
        [("SO-1042".into(), "Around the Horn".into(), q(2))]
    );
    assert!(takes.loses.is_empty(), "{takes:?}");
}

/// The next scan takes 12: what the screen shows outlives the program.
#[test]
fn how_many_the_next_scan_takes_is_kept_like_a_scan() {
    use backshelf::ops::carrying::Carrier;
    let mut w = Warehouse::of(store());
    let act = w.act("move");
    let times = |w: &Warehouse| Carrier::default().standing(w.store.db(), &act).unwrap().times;
    let mut hands = Carrier::default();
    for (text, scanned) in [("BINA1-04", true), (CHANG, true), ("12*", false)] {
        hands.enter(&mut w.store, &act, text, scanned).unwrap();
    }
    assert_eq!(times(&w), Some(q(12)));
    let hands = |w: &Warehouse, who: &str| backshelf::ops::carrying::in_hand(w.store.db(), who).unwrap();
    assert!(hands(&w, &act.operator).is_some_and(|h| h.starts_with("1 Chang") && h.ends_with("from A1-04")));
    assert_eq!(hands(&w, "nobody"), None);
    let mut hands = Carrier::default();
    hands.enter(&mut w.store, &act, CHANG, true).unwrap();
    let held = hands.standing(w.store.db(), &act).unwrap();
    assert_eq!((held.times, held.hand[0].taken), (None, q(13)));
    assert_eq!(
        hands.enter(&mut w.store, &act, "-", false).unwrap().sentence,
        "Taken back: 12 Chang 24 x 12 oz, 1 in your hands now."
    );
    let held = hands.standing(w.store.db(), &act).unwrap();
    assert_eq!((held.times, held.hand[0].taken), (None, q(1)), "with the scan goes what was said of it");
    hands.enter(&mut w.store, &act, "6*", false).unwrap();
    let told = hands.enter(&mut w.store, &act, "-", false).unwrap();
    assert_eq!(told.sentence, "The next scan takes 1 again, not 6.");
    assert_eq!(times(&w), None);
}
