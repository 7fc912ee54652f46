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
