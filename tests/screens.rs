//! What the person sees, state by state.

use crate::support::rig::Rig;
use crate::support::warehouse::Warehouse;
use backshelf::ops::perform;
use backshelf::store::{Mode, Store};
use backshelf::tui::event::Event;
use backshelf::worker::Reply;

/// A few items with trouble of each kind.
pub fn shop() -> Warehouse {
    let mut w = Warehouse::new();
    let a = w.bin("A1-04", "storage");
    let b = w.bin("C2-11", "storage");
    let chang = w.item("BEV-002", "Chang 24 x 12 oz");
    let ring = w.item("SPR-118", "Gasket ring 48 mm");
    let lager = w.item("BEV-070", "Outback Lager 24 x 355 ml, the long name that no list has room for");
    let anton = w.item("CON-004", "Chef Anton's Cajun Seasoning");
    w.moved(chang, a, 17);
    w.moved(ring, b, -3);
    w.moved(anton, a, 50);
    w.moved(anton, b, 3);
    w.order("SO-1042", "Around the Horn", "2026-11-09", &[(chang, 23)]);
    w.order("SO-1050", "Hungry Owl", "2026-11-10", &[(lager, 50)]);
    w.po("PO-77", "Exotic Liquids", "2026-11-27", &[(chang, 40)]);
    w
}

#[test]
fn stock_shows_trouble_first() {
    let rig = Rig::new(shop().store);
    insta::assert_snapshot!(rig.screen());
}

#[test]
fn the_chosen_item_says_what_is_the_matter_and_what_comes() {
    let mut rig = Rig::sized(shop().store, 120, 30);
    insta::assert_snapshot!(rig.keys("j").screen());
}

#[test]
fn an_adjustment_is_saved_and_taken_back() {
    let mut rig = Rig::new(shop().store);
    let before = rig.operations();
    rig.keys("j a").text("-2");
    insta::assert_snapshot!(rig.screen());
    rig.keys("<f8>");
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    assert!(rig.screen().contains("Saved"), "{}", rig.screen());
    rig.keys("u <f8>");
    assert_eq!(rig.operations(), before + 2, "{}", rig.screen());
}

#[test]
fn a_dialog_that_is_open_sees_what_a_colleague_saves() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let mut w = Warehouse::of(Store::open(&path, Mode::Create).unwrap());
    let (bin, item) = (w.bin("A1", "storage"), w.item("BEV-002", "Chang"));
    w.moved(item, bin, 39);
    let mut rig = Rig::new(Store::open(&path, Mode::Existing).unwrap());
    rig.keys("a").text("-2").wait();
    assert!(rig.screen().contains("A1 from 39 to 37"), "{}", rig.screen());
    w.moved(item, bin, -1);
    rig.send(Event::Reply(Reply::Changed));
    rig.wait();
    assert!(rig.screen().contains("A1 from 38 to 36"), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("Saved"), "{}", rig.screen());
}

#[test]
fn a_refusal_is_read_to_its_end_on_a_narrow_screen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let mut w = Warehouse::of(Store::open(&path, Mode::Create).unwrap());
    let (bin, item) = (w.bin("A1", "storage"), w.item("BEV-002", "Chang"));
    w.moved(item, bin, 39);
    let mut rig = Rig::new(Store::open(&path, Mode::Existing).unwrap());
    rig.keys("a").text("-2").wait();
    std::fs::rename(&path, folder.path().join("elsewhere.db")).unwrap();
    rig.keys("<f8>").wait();
    let screen = rig.screen();
    assert!(screen.contains("The warehouse file was moved or deleted"), "{screen}");
    assert!(screen.contains("open it where it is now."), "the end says what to do: {screen}");
    assert!(screen.contains("[Save]"), "and the dialog stays: {screen}");
}

#[test]
fn a_scanned_sku_is_jumped_to_and_an_unknown_one_does_nothing() {
    let mut rig = Rig::new(shop().store);
    rig.scan("CON-004");
    assert!(rig.screen().contains("▸. ok    CON-004"), "{}", rig.screen());
    rig.scan("CCDAXYZ");
    assert!(rig.screen().contains("no item has the code \"CCDAXYZ\""), "{}", rig.screen());
    assert_eq!(rig.bells, 1);
    rig.keys("a").scan("4006381333931");
    assert!(rig.screen().contains("is a barcode, not a quantity"), "{}", rig.screen());
}

#[test]
fn small_and_colourless_terminals_are_served() {
    let mut rig = Rig::new(shop().store);
    insta::assert_snapshot!("forty_by_twelve", rig.resize(40, 12).screen());
    assert!(rig.resize(30, 8).screen().contains("Make this window larger"));
    for (width, height) in [(40, 10), (79, 24), (119, 29), (160, 45), (300, 80), (1, 1)] {
        rig.resize(width, height).keys("j ? <esc> a <esc> <enter> <esc>");
        rig.screen();
    }
}

/// No printable keys with one Enter or Tab, at any speed, write or leave, on any tab.
#[test]
fn typed_or_scanned_by_accident_nothing_is_ever_written() {
    let mut rig = Rig::new(shop().store);
    let before = rig.operations();
    let mut random = fastrand::Rng::with_seed(7);
    let tabs = rig.app.screens.len();
    for round in 0..400 {
        let gap = [5, 60, 300][round % 3];
        rig.keys("<esc> <esc> <esc> <esc> <esc>");
        rig.at(&(round % tabs + 1).to_string(), 500).wait();
        let length = random.usize(1..24);
        let mut keys: String = (0..length).map(|_| char::from(random.u8(0x20..0x7f))).collect();
        let end = random.usize(0..=keys.len());
        keys.insert(end, if random.bool() { '\n' } else { '\t' });
        rig.at(&keys, gap).wait();
        assert_eq!(rig.operations(), before, "{keys:?} at {gap} ms wrote");
        assert!(!rig.quit, "{keys:?} at {gap} ms left");
    }
}

#[test]
fn a_filter_that_finds_nothing_offers_what_is_spelled_nearly_so() {
    let mut rig = Rig::new(shop().store);
    rig.keys("/").text("chnag");
    assert!(
        rig.screen().contains("Nothing matches \"chnag\". Close: Chang 24 x 12 oz. Esc shows all 4."),
        "{}",
        rig.screen()
    );
    rig.keys("<esc>");
    assert!(rig.screen().contains("CON-004"), "{}", rig.screen());
}

#[test]
fn a_filter_that_was_kept_is_given_up_by_esc() {
    let mut rig = Rig::new(shop().store);
    rig.keys("/").text("chang").keys("<enter>");
    assert!(rig.screen().contains("Esc shows all 4") && !rig.screen().contains("CON-004"), "{}", rig.screen());
    rig.keys("<esc>");
    assert!(rig.screen().contains("CON-004"), "{}", rig.screen());
}

#[test]
fn find_answers_in_a_line_about_items_orders_and_bins() {
    let mut rig = Rig::new(shop().store);
    rig.keys("f").text("a1-04");
    assert!(rig.screen().contains("Bins"), "{}", rig.screen());
    assert!(rig.screen().contains("50 Chef Anton's Cajun Seasoning"), "{}", rig.screen());
    rig.keys("<enter>");
    assert!(rig.screen().contains("\u{25b8}. ok    CON-004"), "{}", rig.screen());
    rig.keys("f").text("SO-1050");
    assert!(rig.screen().contains("Hungry Owl  waits for 50 Outback Lager"), "{}", rig.screen());
}

#[test]
fn history_note_and_copy_of_the_row() {
    let mut rig = Rig::new(shop().store);
    rig.keys("j h");
    assert!(rig.screen().contains("History of BEV-002") && rig.screen().contains("+17"), "{}", rig.screen());
    rig.keys("<esc> i").text("breaks easily").keys("<f8>");
    assert!(rig.screen().contains("Saved"), "{}", rig.screen());
    rig.keys("y");
    assert_eq!(rig.copied, ["BEV-002"]);
}

#[test]
fn what_is_shown_goes_to_a_file_and_never_over_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shown.csv");
    let mut rig = Rig::sized(shop().store, 160, 45);
    let before = rig.operations();
    let name = file.display().to_string();
    let rub_out = "<bs> ".repeat(40);
    rig.keys("p").keys(&rub_out).text(&name).keys("<f8>");
    assert!(rig.screen().contains("4 rows in"), "{}", rig.screen());
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.starts_with("State,SKU,Item"), "{written}");
    assert!(written.contains("? count,SPR-118,Gasket ring 48 mm,C2-11,-3,-3"), "{written}");
    rig.keys("p").keys(&rub_out).text(&name).keys("<f8>");
    assert!(rig.screen().contains("is there already"), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
}

#[test]
fn check_and_backup_are_commands() {
    let mut rig = Rig::new(shop().store);
    rig.keys(":").text("check").keys("<enter>");
    assert!(rig.screen().contains("the books agree"), "{}", rig.screen());
    rig.keys("<esc> :").text("backup").keys("<enter>");
    assert!(rig.screen().contains("warehouse-2026-11-23.db"), "{}", rig.screen());
}

#[test]
fn days_and_months_are_typed_in_the_order_of_the_locale() {
    use backshelf::domain::locale::{Locale, within};
    let typed = |locale, text: &str| {
        within(locale, || {
            let mut rig = Rig::sized(shop().store, 120, 30);
            rig.keys("2 d").keys("<home>").keys(&"<del> ".repeat(12)).text(text);
            rig.screen()
        })
    };
    let (us, de) = (typed(Locale::Us, "12/2"), typed(Locale::De, "12.2"));
    assert!(us.contains("Dec 2, 2026") || us.contains("Wed Dec 2"), "{us}");
    assert!(de.contains("12 Feb"), "{de}");
    for locale in [Locale::Us, Locale::De] {
        assert!(typed(locale, "2026-12-02").contains("Wed"));
    }
}

#[test]
fn what_is_ill_with_the_file_stands_where_the_sentence_was() {
    use backshelf::tui::event::Event;
    use backshelf::worker::{Ill, Reply};
    for ill in [Ill::Full, Ill::Locked, Ill::ReadOnly, Ill::Corrupt, Ill::Unreachable, Ill::Gone] {
        let mut rig = Rig::new(shop().store);
        assert!(ill.sentence().len() <= 78, "{}", ill.sentence());
        rig.send(Event::Reply(Reply::Health(Some(ill))));
        assert!(rig.screen().contains(ill.sentence()), "{}", rig.screen());
        rig.send(Event::Reply(Reply::Health(None)));
        assert!(rig.screen().contains("need a look"), "{}", rig.screen());
    }
}

#[test]
fn an_item_is_found_by_any_part_of_what_it_is_called_and_where_it_lies() {
    let mut w = Warehouse::new();
    let (home, far) = (w.bin("A1-04", "storage"), w.bin("ZX-77", "storage"));
    let item = w.item("BEV-002", "Chang 24 x 12 oz");
    let other = w.item("CON-003", "Aniseed Syrup");
    w.moved(item, far, 5);
    w.moved(other, home, 5);
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        backshelf::store::scanning::add_barcode(tx, "4006381333931", item, backshelf::domain::quantity::Qty::ONE)?;
        tx.update("item", item.0, &[("bin_id", rusqlite::types::Value::Integer(home.0))])?;
        let supplier = tx.insert("supplier", &["code", "name"], &[&"EL", &"Exotic Liquids"])?;
        tx.insert("supplier_item", &["supplier_id", "item_id", "supplier_sku"], &[&supplier, &item.0, &"XL-CH24"])
    })
    .unwrap();
    let mut rig = Rig::new(w.store);
    rig.keys("1");
    for part in ["b", "v-", "han", "81333", "a1-0", "zx", "77", "ch24", "xl", "chang oz"] {
        rig.keys("/").text(part);
        assert!(rig.screen().contains("BEV-002"), "{part}: {}", rig.screen());
        rig.keys("<esc>");
    }
    // What was moved is found where it lies now.
    rig.keys("/").text("zx");
    assert!(!rig.screen().contains("CON-003"), "{}", rig.screen());
    let move_there = backshelf::ops::stock::Move {
        item: other,
        from: home,
        to: far,
        quantity: super::support::warehouse::q(5),
        seen: super::support::warehouse::q(5),
        sure: true,
    };
    let act = rig.desk.act("move");
    backshelf::ops::stock::move_goods(&mut rig.desk.store, act, &move_there).unwrap();
    rig.keys("<esc> /").text("zx");
    assert!(rig.screen().contains("CON-003"), "{}", rig.screen());
}

#[test]
fn what_was_taken_back_is_told_also_where_the_shown_row_went_with_it() {
    let mut w = Warehouse::new();
    w.item("BEV-002", "Chang");
    let mut rig = Rig::new(w.store);
    rig.wait().keys("u").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("Saved"), "{}", rig.screen());
    assert!(!rig.screen().contains("not there any more"), "{}", rig.screen());
}
