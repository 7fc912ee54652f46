//! One changed item is planned anew by itself, with what the catalogue taught; and every kept plan says of when it is.

use crate::reordering::line;
use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::ids::{BinId, ItemId, SupplierId};
use backshelf::ops::planning::{self, Beside, Due, Kept, Sizes};
use backshelf::ops::purchasing::life;
use backshelf::ops::purchasing::telling::Told;
use backshelf::ops::purchasing::{self, ToOrder};
use backshelf::ops::{buying, perform, receiving, settings, undo};
use backshelf::store::plans::{self, Expects, ItemRule, PlanRow};
use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use rusqlite::types::Value;

impl Warehouse {
    fn due(&self) -> Due {
        planning::due(self.store.db(), self.today).unwrap()
    }
    fn plan_of(&self, item: ItemId) -> PlanRow {
        plans::plan_of(self.store.db(), item).unwrap().unwrap()
    }
    /// What changed is planned; the kept plans are then proved equal to what is computed from whole sets.
    fn caught_up(&mut self) -> usize {
        let count = planning::bring_up_to_date(&mut self.store, self.today, &|_, _| true).unwrap();
        assert_eq!(self.due(), Due::Nothing);
        assert_eq!(planning::faults(self.store.db(), 1000).unwrap(), Vec::<String>::new());
        count
    }
}

fn only(item: ItemId) -> Due {
    Due::Items([item].into())
}

/// Three items of two suppliers that sell, planned.
fn shop() -> (Warehouse, [SupplierId; 2], [ItemId; 3]) {
    let mut w = Warehouse::new();
    let suppliers = [w.supplier("EXO", 10, None), w.supplier("BIG", 20, None)];
    let items = [
        w.sold_by(suppliers[0], "CHAI", 30),
        w.sold_by(suppliers[0], "CHANG", 12),
        w.sold_by(suppliers[1], "KONBU", 5),
    ];
    for (item, units, every) in [(items[0], 14, 7), (items[1], 3, 10), (items[2], 40, 60)] {
        w.sells(item, units, every);
    }
    w.plan();
    assert_eq!(w.due(), Due::Nothing);
    (w, suppliers, items)
}

/// A new warehouse plans its list of goods first: from no orders it learns nothing that its first orders could lean on.
#[test]
fn the_first_orders_of_all_are_planned_with_the_whole_catalogue() {
    let mut w = Warehouse::new();
    let exo = w.supplier("EXO", 10, None);
    let chai = w.sold_by(exo, "CHAI", 30);
    w.sold_by(exo, "CHANG", 12);
    w.plan();
    w.order("SO-1", "C", "2026-08-02", &[(chai, 200)]);
    assert_eq!(w.due(), Due::Whole);
    w.caught_up();
    let first = w.plan_of(chai);
    w.plan();
    let again = w.plan_of(chai);
    assert_eq!((first.reorder_point, first.order_up_to), (again.reorder_point, again.order_up_to));
    w.order("SO-2", "C", "2026-08-20", &[(chai, 20)]);
    assert_eq!(w.due(), only(chai), "from then on one by one");
}

#[test]
fn what_happens_to_an_item_concerns_it_alone_and_the_others_plans_stand() {
    let (mut w, [exo, _], [chai, chang, konbu]) = shop();
    let others = (w.plan_of(chang), w.plan_of(konbu));
    w.moved(chai, BinId(1), -2);
    assert_eq!(w.due(), only(chai));
    assert_eq!(w.caught_up(), 1);
    let before = w.plan_of(chai);
    w.order("NEW", "C", "2026-11-23", &[(chai, 60)]);
    assert_eq!(w.due(), only(chai));
    w.caught_up();
    assert!(w.plan_of(chai).daily > before.daily, "the order is in the plan");
    assert!(w.plan_of(chai).after_operation > before.after_operation);
    assert_eq!((w.plan_of(chang), w.plan_of(konbu)), others, "nothing else was touched");
    w.supplied(exo, chai, &[("cost", 19_000), ("lead_days", 40)]);
    assert_eq!(w.due(), only(chai));
    let before = w.plan_of(chai);
    w.caught_up();
    assert!(w.plan_of(chai).lead_days > before.lead_days);
    w.set("item", chai.0, &[("min", Value::Integer(50_000))]);
    assert_eq!(w.due(), only(chai));
    w.caught_up();
    assert_eq!(w.plan_of(chai).reorder_point, q(50));
    w.set("item", chai.0, &[("note", Value::Text("blue".into()))]);
    assert_eq!(w.due(), Due::Nothing, "a note is no fact of planning");
}

#[test]
fn a_draft_its_sending_and_its_receipt_are_known_at_once() {
    let (mut w, [exo, _], [chai, ..]) = shop();
    let act = w.act("reorder");
    let to_order = ToOrder { item: chai, supplier: exo, quantity: q(24), cost: None, seen: None };
    let po = purchasing::accept(&mut w.store, act, &[to_order]).unwrap().value[0];
    assert_eq!(w.due(), only(chai));
    w.caught_up();
    let act = w.act("send");
    life::send(&mut w.store, act, po, &Told::default()).unwrap();
    assert_eq!(w.due(), only(chai));
    w.caught_up();
    w.today += TimeDelta::days(6);
    assert_eq!(w.due(), Due::Whole, "another day");
    w.caught_up();
    let before = w.plan_of(chai).lead_days;
    let po_line = backshelf::domain::ids::PoLineId(w.number("SELECT id FROM po_line"));
    let arrived =
        receiving::Arrived { po_line, quantity: q(24), rejected: q(0), reason: None, bin: Some(BinId(1)), seen: q(0) };
    let act = w.act("receive");
    let delivery = receiving::Delivery { lines: vec![arrived], delivery_note: None, sure: true };
    receiving::receive(&mut w.store, act, &delivery).unwrap();
    assert_eq!(w.due(), only(chai));
    w.caught_up();
    assert!(w.plan_of(chai).lead_days < before, "six days were quicker than the quoted ten");
}

#[test]
fn what_a_buyer_says_is_known_at_once() {
    let (mut w, [exo, big], [chai, chang, konbu]) = shop();
    let large = w.order("HOTEL", "C", "2026-11-02", &[(chang, 400)])[0];
    w.caught_up();
    let act = w.act("project");
    buying::call_a_project(&mut w.store, act, large, "a new hotel").unwrap();
    assert_eq!(w.due(), only(chang));
    w.caught_up();
    let act = w.act("inherit");
    let done = buying::inherit(&mut w.store, act, konbu, "CHANG").unwrap();
    assert_eq!(w.due(), only(konbu));
    w.caught_up();
    w.order("MORE", "C", "2026-11-20", &[(chang, 2)]);
    assert_eq!(w.due(), Due::Items([chang, konbu].into()), "the heir is concerned too");
    w.caught_up();
    let act = w.act("undo");
    undo::undo(&mut w.store, act, done.operation).unwrap();
    w.caught_up();
    // A lead time that a person fixed, here and there; and how long it keeps.
    let rule = |w: &mut Warehouse, rule: ItemRule| {
        let act = w.act("rule");
        buying::set_rule(&mut w.store, act, chai, &rule).unwrap();
        assert_eq!(w.due(), only(chai));
        w.caught_up();
        (w.plan_of(chai).lead_days, w.plan_of(chai).order_up_to - w.plan_of(chai).reorder_point)
    };
    w.supplied(exo, chai, &[("cost", 20_000)]);
    w.supplied(big, chai, &[("cost", 90_000)]);
    w.caught_up();
    let wide = w.plan_of(chai).order_up_to - w.plan_of(chai).reorder_point;
    assert_eq!(rule(&mut w, ItemRule { lead_days: Some(33), ..ItemRule::default() }).0, 33.0);
    assert_eq!(rule(&mut w, ItemRule { supplier: Some(big), lead_days: Some(3), ..ItemRule::default() }).0, 33.0);
    assert_eq!(rule(&mut w, ItemRule { supplier: Some(exo), lead_days: Some(4), ..ItemRule::default() }).0, 4.0);
    let (days, batch) = rule(&mut w, ItemRule { shelf_days: Some(2), ..ItemRule::default() });
    assert_eq!(days, 4.0, "the supplier's own rule stands");
    assert!(batch < wide, "no batch of more than two days' sales: {batch} of {wide}");
    let act = w.act("rule");
    let wrong = ItemRule { season: Some("1 2 3".into()), ..ItemRule::default() };
    let said = crate::reordering::refusal(buying::set_rule(&mut w.store, act, chai, &wrong));
    assert!(said.contains("twelve factors"), "{said}");
}

#[test]
fn the_whole_is_due_on_another_day_after_a_planning_setting_and_after_much() {
    let (mut w, _, [chai, ..]) = shop();
    let put = |w: &mut Warehouse, key: &str, value: &str| {
        let act = w.act("set");
        settings::set(&mut w.store, act, key, value).unwrap();
    };
    put(&mut w, "warehouse.name", "North");
    assert_eq!(w.due(), Due::Nothing);
    put(&mut w, "planning.target", "0.99");
    assert_eq!(w.due(), Due::Whole);
    assert_eq!(w.caught_up(), 3);
    w.today += TimeDelta::days(1);
    assert_eq!(w.due(), Due::Whole);
    let planned = w.today - TimeDelta::days(1);
    let of = |today: NaiveDate, others: bool, clock: NaiveDate| {
        planning::day_of_plans(w.store.db(), today, Beside { others, clock }).unwrap()
    };
    let (before, past, after) = (planned - TimeDelta::days(1), day("2016-06-01"), w.today);
    assert_eq!(of(before, true, before), planned, "the clock of another computer is a little ahead");
    assert_eq!(of(before, false, before), before, "alone it plans for its own day");
    assert_eq!(of(after, true, after), after, "the day of the clock is planned for");
    assert_eq!(
        of(past, false, planned),
        planned,
        "of another day than the clock's: what a window of today goes by stands"
    );
    assert_eq!(of(past, true, after), planned, "and beside others whatever they go by");
    assert_eq!(of(past, false, after), past, "plans of a day that is gone are nobody's");
    assert_eq!(planning::due(w.store.db(), of(past, false, planned)).unwrap(), Due::Nothing);
    w.caught_up();
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        for n in 0..300 {
            let id = tx.insert("item", &["sku", "name"], &[&format!("N{n}"), &"new"])?;
            tx.touch(ItemId(id));
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(w.due(), Due::Whole);
    w.caught_up();
    w.moved(chai, BinId(1), 3);
    assert_eq!(w.caught_up(), 1);
}

/// Thirteen items of which four are planned at once, with what runs of two taught; one inherits from an item of another
/// part, one gave way to a substitute of another, one is gone.
#[test]
fn a_great_catalogue_is_planned_part_by_part_with_what_a_sample_taught() {
    let mut w = Warehouse::new();
    let suppliers = [w.supplier("EXO", 10, None), w.supplier("BIG", 20, None)];
    let items: Vec<ItemId> =
        (0..13).map(|n| w.sold_by(suppliers[n % 2], &format!("ITEM-{n:02}"), 10 + n as i64)).collect();
    for (n, item) in items.iter().enumerate().skip(1) {
        w.sells(*item, 3 + n as i64, 5 + 3 * n as i64);
    }
    let act = w.act("inherit");
    buying::inherit(&mut w.store, act, items[11], "ITEM-02").unwrap();
    let line = w.order("SUBST", "C", "2026-11-02", &[(items[3], 40)])[0];
    w.set("order_line", line.0, &[("wanted_item_id", Value::Integer(items[9].0))]);
    let sizes = Sizes { at_once: 6, sample: 6, run: 2, part: 4 };
    let count = planning::plan_in(&mut w.store, w.today, sizes, &|_, _| true).unwrap();
    assert_eq!((count, w.due()), (13, Due::Nothing));
    assert_eq!(w.caught_up(), 0, "the same figures as read from whole sets");
    assert!(w.plan_of(items[11]).daily > 0.0 && w.plan_of(items[0]).daily == 0.0);

    // Half-way nothing claims to know anything, and it is done again.
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |done: usize, all: usize| {
        told.lock().unwrap().push((done, all));
        true
    };
    w.today += TimeDelta::days(1);
    let first = planning::begin_in(w.store.db(), w.today, sizes, &tell).unwrap();
    assert_eq!((first.rows.len(), first.is_last()), (4, false));
    assert_eq!(planning::keep_part(&mut w.store, &first, 0).unwrap(), Kept::All);
    assert_eq!(w.due(), Due::Whole);
    assert_eq!(planning::faults(w.store.db(), 1000).unwrap(), Vec::<String>::new());
    let second = planning::go_on(w.store.db(), &first, &tell).unwrap().unwrap();
    assert_eq!(*told.lock().unwrap(), [(4, 13), (8, 13)]);
    planning::keep_part(&mut w.store, &second, 0).unwrap();
    assert_eq!(w.caught_up(), 13);

    // Another window that planned the same takes nothing away from what is whole; what it knows no more is put in place.
    assert_eq!(planning::keep_part(&mut w.store, &first, 0).unwrap(), Kept::Elsewhere);
    assert_eq!(w.due(), Due::Nothing);
    w.today += TimeDelta::days(1);
    let newer = planning::begin_in(w.store.db(), w.today, sizes, &tell).unwrap();
    assert_eq!(planning::keep_part(&mut w.store, &newer, 0).unwrap(), Kept::All);
    assert_eq!(w.due(), Due::Whole);
}

#[test]
fn plans_made_with_another_whole_are_not_kept() {
    let (mut w, _, [chai, ..]) = shop();
    w.moved(chai, BinId(1), 5);
    let old = planning::replan(w.store.db(), &[chai].into()).unwrap();
    w.today += TimeDelta::days(1);
    planning::plan(&mut w.store, w.today, &|_, _| true).unwrap();
    let stands = w.plan_of(chai);
    planning::keep(&mut w.store, &old).unwrap();
    assert_eq!(w.plan_of(chai), stands);
    assert_eq!(w.caught_up(), 0);
}

#[test]
fn a_line_whose_plan_is_not_of_now_says_so_and_an_export_is_of_now() {
    let (mut w, _, [chai, ..]) = shop();
    w.order("NEW", "C", "2026-11-22", &[(chai, 90)]);
    let board = w.board();
    assert!(board.stale && line(&board, chai).unwrap().stale);
    assert!(board.lines.iter().all(|l| l.stale == (l.item == chai)));
    let fresh = backshelf::ops::views::reorder::load_fresh(w.store.db(), w.today).unwrap();
    w.caught_up();
    assert_eq!(fresh, w.board());
    assert!(!fresh.stale);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// Whatever is done, in whatever order: what was planned item by item is what is computed from whole sets, and no
    /// figure on the board is anything but a number.
    #[test]
    fn planned_by_parts_is_planned_as_a_whole(deeds in prop::collection::vec((0u8..9, 0usize..3, 1i64..2_000_000), 1..14)) {
        let (mut w, [exo, big], items) = shop();
        for (n, (deed, which, units)) in deeds.into_iter().enumerate() {
            let item = items[which];
            let ordered = (w.today - TimeDelta::days(units % 300)).to_string();
            match deed {
                0 => w.moved(item, BinId(1), -(units % 90 + 1)),
                1 => w.moved(item, BinId(1), units),
                2 => drop(w.order(&format!("N{n}"), "C", &ordered, &[(item, units)])),
                3 => drop(w.po(&format!("P{n}"), ["EXO", "BIG"][which % 2], "2026-12-02", &[(item, units)])),
                4 => w.set("item", item.0, &[("pack", Value::Integer(units % 5_000 + 1)), ("min", Value::Null)]),
                5 => w.set("item", item.0, &[("min", Value::Integer(units)), ("max", Value::Integer(2 * units))]),
                6 => {
                    let known = format!("SELECT count(*) FROM supplier_item WHERE item_id = {}", item.0);
                    if w.number(&known) == 0 {
                        w.supplied([exo, big][which % 2], item, &[("cost", units), ("min_quantity", units)]);
                    }
                }
                7 => {
                    let act = w.act("inherit");
                    let _ = buying::inherit(&mut w.store, act, item, ["CHAI", "CHANG", "KONBU"][(which + 1) % 3]);
                }
                _ => {
                    let line = w.number("SELECT max(id) FROM order_line");
                    let act = w.act("project");
                    let _ = buying::call_a_project(&mut w.store, act, backshelf::domain::ids::LineId(line), "a hotel");
                }
            }
            if units % 3 != 0 {
                w.caught_up();
            }
        }
        w.caught_up();
        let board = w.board();
        for l in &board.lines {
            let figures = [l.daily, l.lead_days, l.most_days, l.risk.unwrap_or(0.0), l.risk_ordered.unwrap_or(0.0)];
            prop_assert!(figures.iter().all(|f| f.is_finite()), "{l:?}");
            prop_assert!(!l.reason.contains("NaN") && !l.reason.contains("inf"), "{}", l.reason);
            if let Some(quantity) = l.quantity() {
                prop_assert_eq!(quantity.thousandths() % l.pack.thousandths(), 0);
            }
        }
    }
}

#[test]
fn a_rule_is_given_and_shown_on_the_command_line() {
    let bench = crate::support::cli::Bench::new();
    bench.file("items.csv", "sku,name\nDAI-004,Gorgonzola\n");
    bench.file("suppliers.csv", "supplier,name\nROV,Rovelli\n");
    bench.run(&["import", "items.csv", "suppliers.csv"]).well();
    assert!(bench.run(&["rule", "DAI-004"]).well().err.contains("without a rule of its own"));
    let said = bench.run(&["rule", "DAI-004", "--keeps-days", "60", "--lead-days", "9"]).well().err;
    assert!(said.contains("DAI-004 is planned with 9 days of lead time, fixed, keeps 60 days"), "{said}");
    bench.run(&["rule", "DAI-004", "--lead-days", "4", "--supplier", "rov"]).well();
    let shown = bench.run(&["rule", "DAI-004"]).well().out;
    assert!(shown.contains("wherever it is bought: 9 days") && shown.contains("bought of ROV: 4 days"), "{shown}");
    bench.run(&["rule", "DAI-004", "--keeps-days", "none", "--lead-days", "none"]).well();
    assert!(!bench.run(&["rule", "DAI-004"]).well().out.contains("wherever"));
    bench.file("items.csv", "sku,name\nDAI-104,Gorgonzola mild\n");
    bench.run(&["import", "items.csv"]).well();
    assert!(bench.run(&["rule", "DAI-104", "--follows", "DAI-004"]).well().err.contains("DAI-104 takes over from"));
    assert!(bench.run(&["rule", "DAI-104"]).well().out.contains("follows DAI-004, with its history"));
    assert_eq!(bench.run(&["rule", "DAI-004", "--follows", "DAI-104"]).code, 1, "round in a circle");
    bench.run(&["rule", "DAI-104", "--follows", "none"]).well();
    for wrong in [
        &["rule", "NOPE"][..],
        &["rule", "DAI-004", "--lead-days", "soon"],
        &["rule", "DAI-004", "--lead-days", "4", "--supplier", "NOBODY"],
    ] {
        assert_eq!(bench.run(wrong).code, 2, "{wrong:?}");
    }
    assert_eq!(bench.run(&["rule", "DAI-004", "--season", "1 2"]).code, 1);
}

#[test]
fn what_a_person_expects_of_a_new_item_is_kept_for_and_fades_as_orders_come() {
    let (mut w, [exo, _], _) = shop();
    let new = w.sold_by(exo, "NEW", 0);
    w.caught_up();
    let bare = w.plan_of(new);
    assert!(bare.daily == 0.0 && !bare.reorder_point.is_positive(), "no history: {bare:?}");
    let say = |w: &mut Warehouse, month: i64, months: i64| {
        let expects = Some(Expects { month: q(month), months, said_on: w.today });
        let act = w.act("rule");
        let done = buying::set_rule(&mut w.store, act, new, &ItemRule { expects, ..ItemRule::default() }).unwrap();
        assert_eq!(w.due(), only(new), "the one item alone");
        w.caught_up();
        done
    };
    let words = |w: &Warehouse| {
        let details = planning::Details::read(&w.plan_of(new).details).unwrap();
        (details.selling.clone(), details.expected.map(|e| e.words()))
    };
    let done = say(&mut w, 20, 3);
    assert!(done.summary.contains("20 a month expected"), "{}", done.summary);
    let told = "Your own estimate of 20 a month counts as 3 months of sales: it fades as orders come.";
    assert_eq!(words(&w), ("active".into(), Some(told.into())));
    let some = w.plan_of(new);
    assert!(some.daily > 0.1 && some.reorder_point.is_positive(), "{some:?}");
    let more = say(&mut w, 60, 3);
    assert!(w.plan_of(new).reorder_point > some.reorder_point && w.plan_of(new).daily > some.daily);
    let act = w.act("undo");
    undo::undo(&mut w.store, act, more.operation).unwrap();
    w.caught_up();
    assert_eq!(w.plan_of(new).reorder_point, some.reorder_point);
    // A year and a half of orders later it is as if nobody had said anything.
    say(&mut w, 300, 3);
    w.today += TimeDelta::days(540);
    w.sells(new, 2, 7);
    w.plan();
    let faded = w.plan_of(new);
    let told = words(&w).1.unwrap();
    assert!(told.contains("by now (3 months at first)") && told.contains("300 a month counts as 0.3"), "{told}");
    let act = w.act("rule");
    buying::set_rule(&mut w.store, act, new, &ItemRule::default()).unwrap();
    w.caught_up();
    let without = w.plan_of(new);
    assert!(
        faded.daily - without.daily < 0.05 * 300.0 / 30.0,
        "a twentieth of what was expected: {} without: {}",
        faded.daily,
        without.daily
    );
    let act = w.act("rule");
    let wrong = ItemRule { expects: Some(Expects { month: q(0), months: 3, said_on: w.today }), ..ItemRule::default() };
    let said = crate::reordering::refusal(buying::set_rule(&mut w.store, act, new, &wrong));
    assert!(said.contains("above 0"), "{said}");
}
