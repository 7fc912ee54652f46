//! Laws of scanning and counting: whatever comes from a scanner, whatever moves between a count and its posting.

use super::support::warehouse::{Warehouse, q};
use backshelf::domain::counting::Scope;
use backshelf::domain::gs1::{self, Elements};
use backshelf::domain::ids::{BinId, ItemId, LineId, PoLineId};
use backshelf::domain::quantity::Qty;
use backshelf::domain::scan::{self, Check, Entry};
use backshelf::ops::backorders::{self, CancelLine};
use backshelf::ops::counting::counter::{Counter, Sent};
use backshelf::ops::counting::{self, Wanted, review};
use backshelf::ops::receiving::{self, Arrived, Delivery};
use backshelf::ops::shipping::{self, Parcel};
use backshelf::ops::stock::{self, Adjust, Change, Count, Move};
use backshelf::ops::{checking, undo};
use backshelf::store::Failure;
use chrono::NaiveDate;
use proptest::prelude::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn gtin() -> impl Strategy<Value = String> {
    proptest::collection::vec(0u8..10, 13).prop_map(|body| {
        let mut text: String = body.iter().map(|d| char::from(b'0' + d)).collect();
        text.push(char::from(b'0' + scan::check_digit(&body)));
        text
    })
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (-18_000i64..18_000).prop_map(|days| today() + chrono::Duration::days(days))
}

prop_compose! {
    fn elements()(
        item in gtin(),
        carton in any::<bool>(),
        count in proptest::option::of(0u32..99_999_999),
        batch in proptest::option::of("[A-Z0-9/+.-]{1,20}"),
        serial in proptest::option::of("[A-Za-z0-9*-]{1,20}"),
        made_on in proptest::option::of(date()),
        best_before in proptest::option::of(date()),
        expires_on in proptest::option::of(date()),
        weight in proptest::option::of(0i64..999_999),
    ) -> Elements {
        Elements {
            gtin: (!carton).then(|| item.clone()),
            content: carton.then_some(item),
            count: count.filter(|_| carton),
            batch, made_on, best_before, expires_on, serial,
            weight: weight.map(Qty::from_thousandths),
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_grammar_stumble(bytes in proptest::collection::vec(any::<u8>(), 0..80), above in any::<bool>()) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = scan::typed(&text, above);
        let entry = scan::scanned(&text);
        let never = matches!(entry, Entry::Add(_) | Entry::Bad(..)) || matches!(entry, Entry::Quantity(n) if !n.is_zero());
        prop_assert!(!never, "a scan is no quantity: {:?}", entry);
        let _ = gs1::read(&text, today());
        let _ = (scan::label(&text), scan::check(&text), scan::forms(&text));
    }

    #[test]
    fn nothing_that_looks_like_gs1_makes_it_stumble(text in "(\\]C1|\\]d2|\\(|)[0-9\\x1d()Aü]{0,60}") {
        let _ = gs1::read(&text, today());
    }

    #[test]
    fn element_strings_say_what_was_written(elements in elements()) {
        prop_assert_eq!(gs1::read(&elements.bracketed(), today()), Ok(elements.clone()));
        prop_assert_eq!(gs1::read(&elements.with_separators(), today()), Ok(elements));
    }

    #[test]
    fn one_wrong_digit_never_fits(code in gtin(), at in 0usize..14, by in 1u8..10) {
        let mut wrong = code.into_bytes();
        wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
        let wrong = String::from_utf8(wrong).unwrap();
        prop_assert!(matches!(scan::check(&wrong), Check::Wrong(_)));
    }

    #[test]
    fn figures_up_to_five_digits_are_quantities_and_longer_ones_codes(n in 0u64..10_000_000) {
        let read = scan::typed(&n.to_string(), true).unwrap();
        if n < 100_000 {
            prop_assert_eq!(read, Entry::Quantity(Qty::units(n as i64)));
        } else {
            prop_assert_eq!(read, Entry::Code(n.to_string()));
        }
    }
}

#[derive(Clone, Debug)]
enum Deed {
    Adjust(usize, usize, i64),
    Move(usize, usize, i64),
    /// A delivery into that bin: good ones and bad ones.
    Receive(usize, usize, i64, i64),
    /// What a customer waits for leaves.
    Ship(usize, i64),
    /// One item counted and booked at once.
    CountOne(usize, usize, i64),
    /// A customer wants less.
    Cancel(usize, i64),
    /// The physical count is off by so much.
    Count(usize, i64),
    Post,
    Undo(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => (0usize..2, 0usize..2, -4i64..9).prop_map(|(i, b, n)| Deed::Adjust(i, b, n)),
        2 => (0usize..2, 0usize..2, 1i64..5).prop_map(|(i, b, n)| Deed::Move(i, b, n)),
        2 => (0usize..2, 0usize..2, 1i64..6, 0i64..3).prop_map(|(i, b, n, bad)| Deed::Receive(i, b, n, bad)),
        2 => (0usize..2, 1i64..4).prop_map(|(i, n)| Deed::Ship(i, n)),
        1 => (0usize..2, 0usize..2, -3i64..4).prop_map(|(i, b, off)| Deed::CountOne(i, b, off)),
        1 => (0usize..2, 1i64..4).prop_map(|(i, n)| Deed::Cancel(i, n)),
        3 => (0usize..2, -3i64..4).prop_map(|(b, off)| Deed::Count(b, off)),
        2 => Just(Deed::Post),
        1 => (0usize..4).prop_map(Deed::Undo),
    ]
}

struct Hall {
    w: Warehouse,
    items: [ItemId; 2],
    bins: [BinId; 2],
    orders: [LineId; 2],
    pos: [PoLineId; 2],
}

impl Hall {
    fn of_line(&self, column: &str, i: usize) -> Qty {
        let sql = format!("SELECT {column} FROM order_line WHERE id = {}", self.orders[i].0);
        Qty::from_thousandths(self.w.number(&sql))
    }
    fn level(&self, item: usize, bin: usize) -> i64 {
        self.w.level(self.items[item], self.bins[bin])
    }
    fn levels(&self) -> Vec<i64> {
        (0..4).map(|n| self.level(n / 2, n % 2)).collect()
    }
}

/// A refusal changes nothing and is fine; anything else is not.
fn refused<T>(result: Result<T, Failure>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(Failure::Refused(_)) => None,
        Err(other) => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is done: the books are the sum of the movements, posting books exactly what was found to differ at the
    /// moment of the count, and taking everything back gives the start.
    #[test]
    fn counts_and_moves_in_any_order_keep_the_books(deeds in proptest::collection::vec(deed(), 1..24)) {
        let mut w = Warehouse::new();
        let bins = [w.bin("A1", "storage"), w.bin("A2", "storage")];
        let items = [w.item("I1", "Chang"), w.item("I2", "Chai")];
        for (item, bin, n) in [(0, 0, 20), (0, 1, 10), (1, 0, 15)] {
            w.moved(items[item], bins[bin], n);
        }
        w.bin("Q1", "quarantine");
        let orders = [0, 1].map(|i| w.order(&format!("SO-{i}"), "Horn", "2026-11-01", &[(items[i], 12)])[0]);
        let pos = [0, 1].map(|i| w.po(&format!("PO-{i}"), "Exotic", "2026-11-27", &[(items[i], 200)])[0]);
        let mut hall = Hall { w, items, bins, orders, pos };
        let start = (hall.levels(), hall.w.number("SELECT max(id) FROM operation"));
        let act = hall.w.act("count");
        let mut session = None;
        // What was found to differ, by item and bin, as long as it is not posted.
        let mut found: [[Option<i64>; 2]; 2] = Default::default();
        for deed in deeds {
            match deed {
                Deed::Adjust(i, b, n) => {
                    let adjust = Adjust {
                        item: hall.items[i], bin: hall.bins[b], change: Change::By(q(n)), seen: q(hall.level(i, b)),
                        reason: "wrong booking".into(), note: None, sure: true,
                    };
                    refused(stock::adjust(&mut hall.w.store, act.clone(), &adjust));
                }
                Deed::Move(i, b, n) => {
                    let wanted = Move {
                        item: hall.items[i], from: hall.bins[b], to: hall.bins[1 - b], quantity: q(n),
                        seen: q(hall.level(i, b)), sure: true,
                    };
                    refused(stock::move_goods(&mut hall.w.store, act.clone(), &wanted));
                }
                Deed::Receive(i, b, n, bad) => {
                    let seen = hall.w.number(&format!("SELECT received FROM po_line WHERE id = {}", hall.pos[i].0));
                    let arrived = Arrived {
                        po_line: hall.pos[i], quantity: q(n + bad), rejected: q(bad), reason: Some("broken".into()),
                        bin: Some(hall.bins[b]), seen: Qty::from_thousandths(seen),
                    };
                    let delivery = Delivery { lines: vec![arrived], delivery_note: None, sure: true };
                    refused(receiving::receive(&mut hall.w.store, act.clone(), &delivery));
                }
                Deed::Ship(i, n) => {
                    let parcel = Parcel { line: hall.orders[i], quantity: q(n), seen: hall.of_line("allocated", i) };
                    refused(shipping::ship(&mut hall.w.store, act.clone(), &[parcel]));
                }
                Deed::CountOne(i, b, off) => {
                    let counted = q((hall.level(i, b) + off).max(0));
                    let count = Count { item: hall.items[i], bin: hall.bins[b], counted, earlier: None, note: None, sure: true };
                    refused(stock::count(&mut hall.w.store, act.clone(), &count));
                }
                Deed::Cancel(i, n) => {
                    let open = hall.of_line("quantity - shipped - cancelled", i);
                    let line = CancelLine { line: hall.orders[i], quantity: q(n), seen: open };
                    refused(backorders::cancel(&mut hall.w.store, act.clone(), &[line], "changed his mind", false));
                }
                Deed::Count(b, off) => {
                    let open = match session {
                        Some(open) => open,
                        None => {
                            let wanted = Wanted { scope: Scope::Anything, name: String::new(), uid: None };
                            *session.insert(counting::begin(&mut hall.w.store, &act, &wanted).unwrap())
                        }
                    };
                    let mut counter = Counter::resume(hall.w.store.db(), open, "M.Baker").unwrap();
                    let mut lines = vec![format!("BIN{}", ["A1", "A2"][b])];
                    for (i, differs) in found.iter_mut().enumerate() {
                        let counted = (hall.level(i, b) + off).max(0);
                        lines.extend([["I1", "I2"][i].to_string(), format!("={counted}"), format!("={counted}")]);
                        differs[b] = Some(counted - hall.level(i, b));
                    }
                    lines.push("=..".into());
                    for line in lines {
                        let (scanned, text) = line.strip_prefix('=').map_or((true, line.as_str()), |t| (false, t));
                        counter.enter(&mut hall.w.store, &act, &Sent { text, scanned, uid: None, twice: false }).unwrap();
                    }
                }
                Deed::Post => {
                    let Some(open) = session else { continue };
                    let before = hall.levels();
                    if refused(review::post(&mut hall.w.store, act.clone(), open)).is_some() {
                        for (n, level) in hall.levels().into_iter().enumerate() {
                            let differs = found[n / 2][n % 2].take().unwrap_or(0);
                            prop_assert_eq!(level, before[n] + differs);
                        }
                        session = None;
                    }
                }
                Deed::Undo(back) => {
                    let list = undo::list(hall.w.store.db(), 50).unwrap();
                    let standing = list.iter().filter(|o| o.operation.0 > start.1 && o.takes_back.is_none() && o.taken_back_by.is_none());
                    // A posting that is taken back opens its session again; the model forgets it.
                    if let Some(o) = standing.filter(|o| !o.summary.contains("posted")).nth(back) {
                        refused(undo::undo(&mut hall.w.store, act.clone(), o.operation));
                    }
                }
            }
            let faults = checking::check(hall.w.store.db()).unwrap().faults;
            prop_assert!(faults.is_empty(), "{:?}", faults);
        }
        for o in undo::list(hall.w.store.db(), 200).unwrap() {
            if o.operation.0 > start.1 && o.takes_back.is_none() && o.taken_back_by.is_none() {
                undo::undo(&mut hall.w.store, act.clone(), o.operation).unwrap();
            }
        }
        prop_assert_eq!(hall.levels(), start.0);
        let open = "SELECT sum(shipped + cancelled) + (SELECT sum(received + rejected) FROM po_line) FROM order_line";
        prop_assert_eq!(hall.w.number(open), 0, "nothing is shipped, cancelled or received any more");
        prop_assert_eq!(hall.w.number("SELECT count(*) FROM count_entry WHERE withdrawn_by IS NULL"), 0);
    }
}
