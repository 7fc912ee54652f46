//! What a person changed about a suggestion is kept: no second person overwrites it silently, and it ends with its need.

use crate::reordering::{line, refusal};
use crate::support::warehouse::{Warehouse, q};
use backshelf::domain::ids::{BinId, ItemId, OperationId, SupplierId};
use backshelf::exchange::sheet::Value;
use backshelf::ops::views::reorder;
use backshelf::ops::{buying, planning, purchasing, undo};
use backshelf::store::changed::{self, Own};

/// 40 of TEA are to be ordered or more; SECOND sells it too.
fn shop() -> (Warehouse, SupplierId, SupplierId, ItemId) {
    let mut w = Warehouse::new();
    let (s, second) = (w.supplier("FIRST", 10, None), w.supplier("SECOND", 5, None));
    let item = w.sold_by(s, "TEA", 3);
    w.supplied(second, item, &[("cost", 90_000)]);
    w.sells(item, 14, 7);
    planning::plan(&mut w.store, w.today, &|_, _| true).unwrap();
    (w, s, second, item)
}

fn own(supplier: SupplierId, units: i64) -> Option<Own> {
    Some(Own { supplier: Some(supplier), quantity: q(units) })
}

#[test]
fn it_stands_on_every_board_and_in_the_export_beside_the_programs_figure() {
    let (mut w, _, second, item) = shop();
    let before = w.board();
    let program = line(&before, item).unwrap().quantity().unwrap();
    let act = w.act("change");
    buying::change(&mut w.store, act, item, None, own(second, 77)).unwrap();
    let board = w.board();
    let l = line(&board, item).unwrap();
    let decided = l.decided().unwrap();
    assert_eq!((decided.supplier, decided.quantity), (Some(second), q(77)));
    assert_eq!(decided.each.unwrap().to_string(), "9.00", "by that supplier's price");
    assert_eq!(l.quantity(), Some(program), "the program says what it said");
    let words = l.changed_words(w.today).unwrap();
    assert!(words.contains("changed it to 77 from SECOND today"), "{words}");
    assert!(words.contains(&format!("The program would order {program} from FIRST")), "{words}");
    let sheet = reorder::sheet(&board);
    let cell = |name: &str| &sheet.rows[0][sheet.columns.iter().position(|c| *c == name).unwrap()];
    assert_eq!((cell("supplier"), cell("quantity")), (&Value::text("SECOND"), &Value::Quantity(q(77))));
    assert!(matches!(cell("reason"), Value::Text(text) if text.contains("The program would order")));
    assert_eq!(planning::due(w.store.db(), w.today).unwrap(), planning::Due::Nothing, "no plan follows from it");
}

#[test]
fn two_people_never_overwrite_each_other() {
    let (mut w, s, second, item) = shop();
    let act = w.act("change");
    buying::change(&mut w.store, act, item, None, own(s, 48)).unwrap();
    let act = w.act("change");
    let why = refusal(buying::change(&mut w.store, act, item, None, own(second, 60)));
    assert!(why.contains("you saw the program's figure") && why.contains("changed it to 48 from FIRST"), "{why}");
    let act = w.act("change");
    let why = refusal(buying::change(&mut w.store, act, item, own(s, 36), None));
    assert!(why.contains("you saw 36 from FIRST"), "{why}");
    assert_eq!(changed::of(w.store.db(), item).unwrap().map(|c| c.own), own(s, 48));
    // An order by somebody who did not see it is refused too.
    let board = w.board();
    let l = line(&board, item).unwrap();
    let order =
        |units| purchasing::ToOrder { item, supplier: s, quantity: q(units), cost: None, seen: Some(l.position) };
    let act = w.act("order");
    let why = refusal(purchasing::accept_as_seen(&mut w.store, act, &[order(24)], &[(item, None)]));
    assert!(why.contains("changed it to 48"), "{why}");
    let act = w.act("order");
    purchasing::accept_as_seen(&mut w.store, act, &[order(48)], &[(item, own(s, 48))]).unwrap();
    assert_eq!(changed::of(w.store.db(), item).unwrap(), None, "ordered");
}

#[test]
fn it_ends_with_its_need_and_comes_back_by_undo() {
    let (mut w, s, _, item) = shop();
    let act = w.act("change");
    buying::change(&mut w.store, act, item, None, own(s, 48)).unwrap();
    w.moved(item, BinId(1), 1);
    assert!(changed::of(w.store.db(), item).unwrap().is_some(), "still needed");
    w.moved(item, BinId(1), 900);
    let came = OperationId(w.number("SELECT max(id) FROM operation"));
    assert_eq!(changed::of(w.store.db(), item).unwrap(), None, "goods came: the need is met");
    let act = w.act("undo");
    undo::undo(&mut w.store, act, came).unwrap();
    assert_eq!(changed::of(w.store.db(), item).unwrap().map(|c| c.own), own(s, 48));
    let act = w.act("change");
    let nothing = Own { supplier: Some(s), quantity: q(0) };
    assert!(refusal(buying::change(&mut w.store, act, item, own(s, 48), Some(nothing))).contains("above 0"));
}
