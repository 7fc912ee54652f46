//! What follows from every write: allocations and item states.

use super::support::warehouse::{Warehouse, q};
use backshelf::domain::stock::Trouble;
use backshelf::ops::settings;
use backshelf::store::item_state;

fn trouble(w: &Warehouse, item: backshelf::domain::ids::ItemId) -> Trouble {
    item_state::stored(w.store.db(), item).unwrap().unwrap().trouble
}

#[test]
fn what_becomes_free_goes_to_those_who_wait_in_order_and_only_from_storage() {
    let mut w = Warehouse::new();
    let (shelf, bad) = (w.bin("A1", "storage"), w.bin("Q1", "quarantine"));
    let chang = w.item("BEV-002", "Chang");
    let late = w.order("SO-2", "Ernst", "2026-11-10", &[(chang, 10)]);
    let first = w.order("SO-1", "Horn", "2026-11-01", &[(chang, 10)]);
    assert_eq!(trouble(&w, chang), Trouble::None);
    w.moved(chang, bad, 50);
    assert_eq!((w.allocated(first[0]), w.allocated(late[0])), (0, 0), "goods in quarantine serve nobody");
    w.moved(chang, shelf, 14);
    assert_eq!((w.allocated(first[0]), w.allocated(late[0])), (10, 4));
    w.moved(chang, shelf, -9);
    assert_eq!((w.allocated(first[0]), w.allocated(late[0])), (5, 0), "taken back in the reverse order");
    let state = item_state::stored(w.store.db(), chang).unwrap().unwrap();
    assert_eq!(state.figures.on_hand, q(55));
    assert_eq!(state.figures.sellable, q(5));
    assert_eq!(state.figures.allocated, q(5));
    assert_eq!(state.figures.open_demand, q(20));
}

#[test]
fn without_automatic_allocation_nothing_new_is_given_but_what_is_gone_is_taken_back() {
    let mut w = Warehouse::new();
    let shelf = w.bin("A1", "storage");
    let chang = w.item("BEV-002", "Chang");
    let line = w.order("SO-1", "Horn", "2026-11-01", &[(chang, 10)])[0];
    let act = w.act("set");
    settings::set(&mut w.store, act, "allocation.automatic", "no").unwrap();
    w.moved(chang, shelf, 6);
    assert_eq!(w.allocated(line), 0);
    let act = w.act("set");
    settings::set(&mut w.store, act, "allocation.automatic", "yes").unwrap();
    assert_eq!(w.allocated(line), 6, "switching it on serves those who wait");
    let act = w.act("set");
    settings::set(&mut w.store, act, "allocation.automatic", "no").unwrap();
    w.moved(chang, shelf, -2);
    assert_eq!(w.allocated(line), 4);
}

#[test]
fn one_by_one_and_all_at_once_give_the_same_states() {
    let mut w = Warehouse::new();
    let shelf = w.bin("A1", "storage");
    let items: Vec<_> = (0..7).map(|n| w.item(&format!("I{n}"), "thing")).collect();
    for (n, item) in items.iter().enumerate() {
        w.moved(*item, shelf, n as i64 * 3 - 2);
    }
    w.order("SO-1", "Horn", "2026-11-01", &[(items[1], 5), (items[2], 1), (items[6], 3)]);
    w.po("PO-1", "Exotic", "2026-12-01", &[(items[1], 40), (items[3], 2)]);
    let stored = |w: &Warehouse| {
        w.text("SELECT group_concat(item_id || ' ' || on_hand || ' ' || sellable || ' ' || allocated || ' ' || open_demand || ' ' || on_order || ' ' || trouble, ', ') FROM item_state ORDER BY item_id")
    };
    let before = stored(&w);
    item_state::refresh_all(w.store.db(), 365.0).unwrap();
    assert_eq!(stored(&w), before);
    assert!(before.contains("1 -2000"), "{before}");
}

#[test]
fn a_setting_is_an_operation_with_its_own_sentence() {
    let mut w = Warehouse::new();
    let act = w.act("set");
    let done = settings::set(&mut w.store, act, "customers.mostly", "consumer").unwrap();
    assert_eq!(done.summary, "set \"Customers are mostly\" to consumer (was business)");
    let act = w.act("set");
    assert_eq!(
        settings::set(&mut w.store, act, "customers.mostly", "consumer").unwrap().operation.0,
        0,
        "no change, no record"
    );
    let before = w.everything();
    let act = w.act("set");
    assert!(settings::set(&mut w.store, act, "scorecard.weights", "1 2 3").is_err());
    let act = w.act("set");
    assert!(settings::set(&mut w.store, act, "colour", "red").is_err());
    assert_eq!(w.everything(), before);
}
