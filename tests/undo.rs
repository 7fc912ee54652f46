//! Taking back: one operation, an import, and what stands in the way.

use crate::importing::{SMALL, facts, take};
use crate::support::warehouse::Warehouse;
use backshelf::domain::ids::{BinId, ItemId, OperationId};
use backshelf::exchange::table::Table;
use backshelf::ops::{perform, undo};
use backshelf::store::import::{Datum, NewMovement, add_movement, add_record};
use backshelf::store::{Failure, Tx};
use proptest::prelude::*;

fn back(w: &mut Warehouse, operation: OperationId) -> Result<(), String> {
    let act = w.act("undo");
    let preview = undo::preview(w.store.db(), operation).unwrap();
    match undo::undo(&mut w.store, act, operation) {
        Ok(_) => {
            assert_eq!(preview.blocked, None);
            Ok(())
        }
        Err(Failure::Refused(why)) => {
            assert_eq!(preview.blocked.as_deref(), Some(why.sentence()));
            Err(why.to_string())
        }
        Err(broken) => panic!("{broken}"),
    }
}

fn last(w: &Warehouse) -> OperationId {
    undo::last_undoable(w.store.db(), None).unwrap().unwrap()
}

fn act(w: &mut Warehouse, summary: &str, work: impl FnOnce(&mut Tx) -> backshelf::store::Result<()>) -> OperationId {
    let act = w.act("test");
    perform(&mut w.store, act, |tx| {
        tx.summarise(summary);
        work(tx)
    })
    .unwrap()
    .operation
}

/// What the warehouse shows: the facts without movements that cancel each other out, and without withdrawn rows.
fn shown(w: &Warehouse) -> String {
    let hidden = ["movement ", "level ", "contact ", "promise ", "receipt ", "item_zone "];
    let mut out: String =
        facts(w).lines().filter(|l| !hidden.iter().any(|h| l.starts_with(h))).map(|l| format!("{l}\n")).collect();
    let db = w.store.db();
    for sql in [
        "SELECT item_id || ' ' || bin_id || ' ' || quantity FROM level WHERE quantity <> 0 ORDER BY 1",
        "SELECT 'contact ' || order_id || ' ' || contacted_on FROM contact WHERE withdrawn_by IS NULL ORDER BY id",
        "SELECT 'promise ' || order_id || ' ' || promised_on FROM promise WHERE withdrawn_by IS NULL ORDER BY id",
        "SELECT 'receipt ' || po_line_id || ' ' || quantity FROM receipt WHERE withdrawn_by IS NULL ORDER BY id",
    ] {
        let mut statement = db.prepare(sql).unwrap();
        for row in statement.query_map([], |r| r.get::<_, String>(0)).unwrap() {
            out.push_str(&row.unwrap());
            out.push('\n');
        }
    }
    out
}

fn books_agree(w: &Warehouse) {
    let apart = "SELECT count(*) FROM (SELECT item_id, bin_id, sum(quantity) n FROM movement GROUP BY 1, 2) m
                 LEFT JOIN level l USING (item_id, bin_id) WHERE n <> coalesce(l.quantity, 0)";
    assert_eq!(w.number(apart), 0);
    let over = "SELECT count(*) FROM item i WHERE
      (SELECT coalesce(sum(allocated), 0) FROM order_line WHERE item_id = i.id) >
      (SELECT max(0, coalesce(sum(quantity), 0)) FROM level WHERE item_id = i.id)";
    assert_eq!(w.number(over), 0);
    assert_eq!(w.number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

#[test]
fn an_import_goes_as_a_whole() {
    let mut w = Warehouse::new();
    let before = shown(&w);
    take(&mut w, SMALL);
    let preview = undo::preview(w.store.db(), last(&w)).unwrap();
    assert_eq!(preview.summary[0], "put Chang in A1 back to 0");
    assert!(preview.summary.iter().any(|l| l.starts_with("take back 2 contacts, 2 receipts")), "{:?}", preview.summary);
    let operation = last(&w);
    assert_eq!(back(&mut w, operation), Ok(()));
    assert_eq!(shown(&w), before);
    books_agree(&w);
    assert_eq!(w.number("SELECT sum(quantity) FROM movement"), 0, "reversing rows, nothing deleted");
    // and it can come in again, as the first time
    take(&mut w, SMALL);
    books_agree(&w);
    assert_eq!(w.number("SELECT sum(quantity) FROM level"), 15000);
    assert_eq!(w.number("SELECT received FROM po_line"), 12000);
}

#[test]
fn a_second_import_goes_and_the_first_stays() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    let before = shown(&w);
    take(
        &mut w,
        &[
            (Table::Items, "sku,name,barcode\n007,Chang renamed,8711\n009,New,1"),
            (Table::Orders, "order,customer,ordered_on,promised_on,status\nSO-1,C1,2026-11-01,2026-12-05,shipped"),
            (Table::Stock, "sku,bin,quantity\n007,A1,2\n009,Z9,4"),
            (Table::Receipts, "po,line,received_on,quantity\nPO-1,1,2026-11-11,7"),
        ],
    );
    assert_ne!(shown(&w), before);
    let operation = last(&w);
    assert_eq!(back(&mut w, operation), Ok(()));
    assert_eq!(shown(&w), before);
    books_agree(&w);
}

#[test]
fn what_was_built_upon_stays_and_the_reason_is_named() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    let first = last(&w);
    let shipped = act(&mut w, "shipped SO-1", |tx| {
        tx.touch(ItemId(1));
        tx.update("order_line", 1, &[("shipped", Datum::Integer(10000)), ("allocated", Datum::Integer(0))])?;
        Ok(())
    });
    assert_eq!(
        back(&mut w, first),
        Err("Not possible: 'shipped SO-1' at 09:00 by M.Baker builds on it. Take that back first (u).".into())
    );
    assert_eq!(back(&mut w, shipped), Ok(()));
    assert_eq!(
        back(&mut w, shipped).unwrap_err(),
        "'shipped SO-1' was taken back already on 2026-11-23 at 09:00 by M.Baker."
    );
    let undone = w.number("SELECT max(id) FROM operation");
    assert!(back(&mut w, OperationId(undone)).unwrap_err().starts_with("Operation 3 took back operation 2"));
    assert!(back(&mut w, OperationId(99)).unwrap_err().starts_with("There is no operation 99."));
    assert_eq!(back(&mut w, first), Ok(()));
    books_agree(&w);
}

#[test]
fn a_newer_row_that_points_at_an_imported_one_holds_it() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    let first = last(&w);
    take(&mut w, &[(Table::Orders, "order,customer,ordered_on\nSO-9,C1,2026-11-20")]);
    let why = back(&mut w, first).unwrap_err();
    assert_eq!(
        why,
        "Not possible: 'imported orders.csv: 1 order' at 09:00 by M.Baker builds on it. Take that back first (u)."
    );
    let second = last(&w);
    assert_eq!(back(&mut w, second), Ok(()));
    assert_eq!(back(&mut w, first), Ok(()));
}

#[test]
fn goods_that_left_hold_the_receipt_that_brought_them() {
    let mut w = Warehouse::new();
    let (item, bin) = (w.item("X", "Thing"), w.bin("A1", "storage"));
    let moved = |w: &mut Warehouse, quantity: i64, what: &str| {
        act(w, what, |tx| {
            tx.touch(item);
            let new = NewMovement {
                at: "2026-11-23T09:00:00",
                item: item.0,
                bin: bin.0,
                quantity,
                reason: "x",
                reference: None,
            };
            add_movement(tx, &new)
        })
    };
    let came = moved(&mut w, 5000, "received 5");
    let left = moved(&mut w, -4000, "shipped 4");
    assert!(back(&mut w, came).unwrap_err().contains("'shipped 4'"));
    assert_eq!(back(&mut w, left), Ok(()));
    assert_eq!(back(&mut w, came), Ok(()));
    assert_eq!(w.level(item, bin), 0);
}

#[derive(Clone, Debug)]
enum Deed {
    Move(i64, i64, i64),
    Ship(i64, i64),
    Cancel(i64, i64),
    Reorder(i64, i64),
    Turn(i64, Option<i64>),
    Promise(i64),
    Note(i64),
    Delete(i64),
    Import(i64),
    Stock(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (1..3i64, 1..3i64, -9..20i64).prop_map(|(i, b, q)| Deed::Move(i, b, q)),
        (1..6i64, 1..4i64).prop_map(|(l, q)| Deed::Ship(l, q)),
        (1..6i64, 1..4i64).prop_map(|(l, q)| Deed::Cancel(l, q)),
        (1..6i64, 1..30i64).prop_map(|(l, q)| Deed::Reorder(l, q)),
        (1..6i64, prop::option::of(1..4i64)).prop_map(|(l, t)| Deed::Turn(l, t)),
        (1..20i64).prop_map(Deed::Promise),
        (1..9i64).prop_map(Deed::Note),
        (1..9i64).prop_map(Deed::Delete),
        (1..9i64).prop_map(Deed::Import),
        (0..20i64).prop_map(Deed::Stock),
    ]
}

fn perform_deed(w: &mut Warehouse, deed: &Deed) {
    let line =
        |w: &Warehouse, id: i64, column: &str| w.number(&format!("SELECT {column} FROM order_line WHERE id = {id}"));
    match *deed {
        Deed::Move(_, _, 0) => {}
        Deed::Move(item, bin, quantity) => {
            act(w, "moved", |tx| {
                tx.touch(ItemId(item));
                let new = NewMovement {
                    at: "2026-11-23T09:00:00",
                    item,
                    bin: BinId(bin).0,
                    quantity: quantity * 1000,
                    reason: "x",
                    reference: None,
                };
                add_movement(tx, &new)
            });
        }
        Deed::Ship(id, quantity) | Deed::Cancel(id, quantity) => {
            let open = line(w, id, "quantity - shipped - cancelled").min(quantity * 1000);
            let column = if matches!(deed, Deed::Ship(..)) { "shipped" } else { "cancelled" };
            let (now, allocated, item) = (line(w, id, column), line(w, id, "allocated"), line(w, id, "item_id"));
            act(w, column, |tx| {
                tx.touch(ItemId(item));
                tx.update(
                    "order_line",
                    id,
                    &[(column, Datum::Integer(now + open)), ("allocated", Datum::Integer((allocated - open).max(0)))],
                )?;
                Ok(())
            });
        }
        Deed::Reorder(id, quantity) => {
            let done = line(w, id, "shipped + cancelled + allocated").max(quantity * 1000);
            let item = line(w, id, "item_id");
            act(w, "quantity", |tx| {
                tx.touch(ItemId(item));
                tx.update("order_line", id, &[("quantity", Datum::Integer(done))])?;
                Ok(())
            });
        }
        Deed::Turn(id, turn) => {
            let item = line(w, id, "item_id");
            act(w, "turn", |tx| {
                tx.touch(ItemId(item));
                tx.update("order_line", id, &[("turn", turn.map_or(Datum::Null, Datum::Integer))])?;
                Ok(())
            });
        }
        Deed::Promise(day) => {
            act(w, "promised", |tx| {
                tx.touch(ItemId(1));
                backshelf::store::import::add_promise(tx, 1, None, &format!("2026-12-{day:02}"), "x")
            });
        }
        Deed::Note(n) => {
            act(w, "told", |tx| {
                let cells = [Datum::Integer(1), Datum::Text(format!("2026-11-{n:02}"))];
                add_record(tx, "contact", &["order_id", "contacted_on"], &cells).map(|_| ())
            });
        }
        Deed::Delete(n) => {
            act(w, "setting", |tx| {
                let id = tx.insert("setting", &["key", "value"], &[&"x.y", &n])?;
                tx.delete("setting", id)
            });
        }
        Deed::Import(n) => {
            let text = format!("sku,name,bin\n007,Chang {n},B{n}\nNEW-{n},New,B{n}");
            let lines = format!("order,line,sku,quantity\nSO-1,{},NEW-{n},{n}", n + 10);
            take(w, &[(Table::Items, &text), (Table::OrderLines, &lines)]);
        }
        Deed::Stock(n) => {
            take(w, &[(Table::Stock, &format!("sku,bin,quantity\n007,A1,{n}\n008,MAIN,{}", n / 2))]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_was_done_can_be_taken_back_to_the_start(deeds in prop::collection::vec(deed(), 1..12)) {
        let mut w = Warehouse::new();
        take(&mut w, SMALL);
        let first = last(&w);
        let mut states = vec![(first, shown(&w))];
        for deed in &deeds {
            perform_deed(&mut w, deed);
            books_agree(&w);
            if last(&w) != states.last().unwrap().0 {
                states.push((last(&w), shown(&w)));
            }
        }
        while let Some((operation, state)) = states.pop() {
            prop_assert_eq!(&shown(&w), &state);
            if operation == first { break; }
            prop_assert_eq!(back(&mut w, operation), Ok(()));
            books_agree(&w);
        }
    }

    #[test]
    fn in_any_order_taking_back_is_refused_or_keeps_the_books(deeds in prop::collection::vec(deed(), 1..10), order in prop::collection::vec(any::<prop::sample::Index>(), 10)) {
        let mut w = Warehouse::new();
        take(&mut w, SMALL);
        for deed in &deeds {
            perform_deed(&mut w, deed);
        }
        for pick in order {
            let standing: Vec<_> = undo::list(w.store.db(), 99).unwrap().into_iter().filter(|r| r.takes_back.is_none() && r.taken_back_by.is_none()).collect();
            if standing.is_empty() { break; }
            let operation = standing[pick.index(standing.len())].operation;
            if let Err(why) = back(&mut w, operation) {
                prop_assert!(why.starts_with("Not possible: '"), "{}", why);
            }
            books_agree(&w);
        }
    }
}

/// Who counted knew the move: taking it back would make the book say what nobody found.
#[test]
fn a_move_under_a_later_count_stays() {
    use crate::support::warehouse::q;
    use backshelf::ops::stock::{self, Count, Move};
    let mut w = Warehouse::new();
    let (from, to, pan) = (w.bin("E2-02", "storage"), w.bin("E2-10", "storage"), w.item("PAN", "Pan"));
    w.moved(pan, from, 22);
    let act = w.act("move");
    let two = Move { item: pan, from, to, quantity: q(2), seen: q(22), sure: false };
    let moved = stock::move_goods(&mut w.store, act, &two).unwrap().operation;
    let act = w.act("count");
    let count = Count { item: pan, bin: from, counted: q(20), earlier: None, note: None, sure: false };
    let counted = stock::count(&mut w.store, act, &count).unwrap().operation;
    let why = back(&mut w, moved).unwrap_err();
    assert_eq!(
        why,
        format!(
            "Not possible: Pan in E2-02 was counted on 2026-11-23 at 09:00: 20 (number {}). Take that back first (u), or \
             leave both: the count is right.",
            counted.0
        )
    );
    assert_eq!(back(&mut w, counted), Ok(()));
    assert_eq!(back(&mut w, moved), Ok(()));
    assert_eq!((w.level(pan, from), w.level(pan, to)), (22, 0));
}

#[test]
fn a_preview_speaks_as_a_keeper_does() {
    let mut w = Warehouse::new();
    let bin = w.bin("A1", "storage");
    let chang = w.item("BEV-002", "Chang");
    let set = |w: &mut Warehouse, value: &str| {
        let act = w.act("set");
        backshelf::ops::settings::set(&mut w.store, act, "counting.two_people", value).unwrap().operation
    };
    let first = set(&mut w, "yes");
    let said = |w: &Warehouse, operation| undo::preview(w.store.db(), operation).unwrap().summary.join(", ");
    assert_eq!(said(&w, first), "set Two people count back to no");
    let code = act(&mut w, "barcode", |tx| {
        backshelf::store::scanning::add_barcode(tx, "4006381333931", chang, crate::support::warehouse::q(1))
    });
    assert_eq!(said(&w, code), "take the barcode 4006381333931 off Chang");
    w.moved(chang, bin, 9);
    let line = w.order("SO-1", "Horn", "2026-11-09", &[(chang, 4)])[0];
    let act = w.act("ship");
    let parcel = backshelf::ops::shipping::Parcel {
        line,
        quantity: crate::support::warehouse::q(4),
        seen: crate::support::warehouse::q(4),
    };
    let shipped = backshelf::ops::shipping::ship(&mut w.store, act, &[parcel]).unwrap().operation;
    assert_eq!(said(&w, shipped), "put Chang in A1 back to 9, take back 1 shipment");
}
