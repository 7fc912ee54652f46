//! The past as a story: of an item, a bin, an order; by command and on screen; and the list of what was done.

use super::support::cli::Bench;
use super::support::rig::Rig;
use super::support::warehouse::{Warehouse, q};
use backshelf::domain::ids::BinId;
use backshelf::domain::quantity::Qty;
use backshelf::ops::returning::{self, Return};
use backshelf::ops::stock::{self, Adjust, Change, Count, Move};
use backshelf::ops::undo;
use backshelf::ops::views::history::{self, Subject};
use backshelf::store::Act;

/// 17 Chang in A1; 2 found, 5 moved to B2, the rest counted, 1 lost and found again.
fn lived() -> (Warehouse, Subject, Subject) {
    let mut w = Warehouse::new();
    let (a1, b2) = (w.bin("A1", "storage"), w.bin("B2", "storage"));
    let item = w.item("BEV-002", "Chang");
    w.moved(item, a1, 17);
    let by = |w: &Warehouse, kind, who: &str, minute| {
        let now = w.today.and_hms_opt(9, minute, 0).unwrap();
        Act { operator: who.into(), now, ..w.act(kind) }
    };
    let adjust = |bin: BinId, by: i64, seen: i64, reason: &str| Adjust {
        item,
        bin,
        change: Change::By(q(by)),
        seen: q(seen),
        reason: reason.into(),
        note: Some("behind the rack".into()),
        sure: true,
    };
    let act = by(&w, "adjust", "K.Smit", 10);
    stock::adjust(&mut w.store, act, &adjust(a1, 2, 17, "found")).unwrap();
    let act = by(&w, "move", "M.Baker", 20);
    let five = Move { item, from: a1, to: b2, quantity: q(5), seen: q(19), sure: true };
    stock::move_goods(&mut w.store, act, &five).unwrap();
    let act = by(&w, "count", "L.Vos", 30);
    let count = Count { item, bin: a1, counted: q(14), earlier: None, note: None, sure: true };
    stock::count(&mut w.store, act, &count).unwrap();
    let act = by(&w, "adjust", "M.Baker", 40);
    let lost = stock::adjust(&mut w.store, act, &adjust(b2, -1, 5, "lost")).unwrap();
    let act = by(&w, "undo", "M.Baker", 50);
    undo::undo(&mut w.store, act, lost.operation).unwrap();
    (w, Subject::Item(item), Subject::Bin(b2))
}

#[test]
fn an_item_tells_who_did_what_and_what_it_came_to() {
    let (w, item, bin) = lived();
    let told = history::history(w.store.db(), item, 100).unwrap();
    let lines: Vec<String> = told
        .events
        .iter()
        .filter(|e| e.change.is_some() || e.what.starts_with("counted"))
        .map(|e| {
            let n = |x: Option<Qty>| x.map(|x| x.to_string()).unwrap_or_default();
            format!("{} {} {} {} {}", e.operator, n(e.change), n(e.level), e.bin.as_ref().unwrap().1, e.what)
        })
        .collect();
    assert!(lines[0].starts_with("M.Baker 1 19 B2 took back: "), "{lines:#?}");
    assert_eq!(lines[1], "M.Baker -1 18 B2 lost: behind the rack");
    assert!(lines.contains(&"L.Vos   A1 counted 14: right".to_string()), "{lines:#?}");
    assert!(lines.contains(&"M.Baker -5 14 A1 moved to B2".to_string()), "{lines:#?}");
    assert!(lines.contains(&"K.Smit 2 19 A1 found: behind the rack".to_string()), "{lines:#?}");
    assert_eq!(lines.last().unwrap(), "M.Baker 17 17 A1 there when the book began");
    assert!(told.events.iter().any(|e| e.gone && e.change == Some(q(-1))));
    let told = history::history(w.store.db(), bin, 100).unwrap();
    let levels: Vec<Qty> = told.events.iter().filter_map(|e| e.level).collect();
    assert_eq!(levels, [q(5), q(4), q(5)]);
    assert!(told.events.iter().all(|e| e.item.as_deref() == Some("Chang")));
    // Fewer events are the newest ones, with the same figures.
    let told = history::history(w.store.db(), bin, 1).unwrap();
    assert_eq!((told.events.len(), told.more, told.events[0].level), (1, true, Some(q(5))));
}

#[test]
fn an_order_tells_what_was_done_with_it() {
    let (mut w, item, _) = lived();
    let Subject::Item(item) = item else { panic!() };
    w.order("SO-9", "Horn", "2026-11-20", &[(item, 4)]);
    let subject = history::find(w.store.db(), "so-9", w.today).unwrap();
    let told = history::history(w.store.db(), subject, 100).unwrap();
    assert_eq!(told.title, "SO-9  Horn");
    assert!(told.events.iter().any(|e| e.what.contains("line 1 (Chang): put aside 4, was 0")), "{:#?}", told.events);
    // What the customer sent back is of the order too.
    let line = backshelf::domain::ids::LineId(w.number("SELECT max(id) FROM order_line"));
    let parcel = backshelf::ops::shipping::Parcel { line, quantity: q(4), seen: q(4) };
    let act = w.act("ship");
    backshelf::ops::shipping::ship(&mut w.store, act, &[parcel]).unwrap();
    let act = w.act("return");
    let back = Return { line, quantity: q(1), good: false, bin: BinId(1), seen: q(0), note: Some("dented".into()) };
    returning::take_back(&mut w.store, act, &back).unwrap();
    let told = history::history(w.store.db(), subject, 100).unwrap();
    let words: Vec<&str> = told.events.iter().map(|e| e.what.as_str()).collect();
    assert!(words.contains(&"1 Chang came back, not fit for sale: dented"), "{words:#?}");
    assert!(history::find(w.store.db(), "nothing such", w.today).is_err());
    assert_eq!(history::find(w.store.db(), "b2", w.today).unwrap(), Subject::Bin(BinId(2)));
    assert_eq!(history::find(w.store.db(), "BINB2", w.today).unwrap(), Subject::Bin(BinId(2)));
}

#[test]
fn the_story_stands_on_the_screen_and_the_bins_one_key_further() {
    let (w, ..) = lived();
    let mut rig = Rig::new(w.store);
    rig.keys("h").wait();
    insta::assert_snapshot!("history", rig.screen());
    rig.keys("b").wait();
    assert!(rig.screen().contains("Bin B2") || rig.screen().contains("Bin A1"), "{}", rig.screen());
    rig.keys("<esc> <esc> u").wait();
    // It opens on the last that this person did and that stands.
    insta::assert_snapshot!("undo_list", rig.screen());
}

#[test]
fn by_command_the_story_is_lines_or_a_table() {
    let bench = Bench::new();
    bench.file("items.csv", "sku,name,price\nBEV-002,Chang,19.00\n");
    bench.file("stock.csv", "sku,bin,quantity\nBEV-002,A1-04,17\n");
    bench.run(&["import", "items.csv", "stock.csv"]).well();
    bench.file("items.csv", "sku,name,price\nBEV-002,Chang,19.50\n");
    bench.run(&["import", "items.csv"]).well();
    let told = bench.run(&["history", "BEV-002"]).well();
    assert!(told.out.contains("price 19.50, was 19.00") && told.out.contains("+17 = 17"), "{told:?}");
    let rows = bench.run(&["history", "A1-04", "--format", "json"]).well().json();
    assert_eq!(rows[0]["level"], "17");
    assert_eq!(bench.run(&["history", "nothing"]).code, 1);
}
