//! What the person sees, state by state.

use crate::support::rig::Rig;
use crate::support::warehouse::Warehouse;

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
