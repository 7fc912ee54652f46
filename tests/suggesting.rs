//! What suggestions are made from beside plain sales: projects, successors, stock-outs, suppliers compared by what a year
//! costs, typed levels, goods on their way that nobody needs.

use crate::reordering::{line, refusal};
use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::ids::{BinId, ItemId};
use backshelf::domain::money::Money;
use backshelf::ops::buying::KeptBy;
use backshelf::ops::planning::Details;
use backshelf::ops::views::reorder::{self, Need, Reason, ReorderBoard, targets};
use backshelf::ops::{buying, planning, undo};
use backshelf::store::levels;
use backshelf::store::plans::{self, ItemRule, PlanRow};
use chrono::TimeDelta;
use rusqlite::types::Value;

fn plan_of(w: &mut Warehouse, item: ItemId) -> (PlanRow, Details) {
    planning::plan(&mut w.store, w.today, &|_, _| true).unwrap();
    let plan = plans::plan_of(w.store.db(), item).unwrap().unwrap();
    let details = Details::read(&plan.details).unwrap();
    (plan, details)
}

fn notes(w: &Warehouse, board: &ReorderBoard, item: ItemId) -> String {
    let line = line(board, item).unwrap();
    reorder::explain(w.store.db(), board, line).unwrap().notes.join("\n")
}

#[test]
fn a_project_leaves_the_forecast_with_the_persons_consent_and_comes_back_by_undo() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CHANG", 3);
    w.sells(item, 4, 14);
    let large = w.order("BIG", "BUILDER", "2026-10-20", &[(item, 400)])[0];
    w.set("order_line", large.0, &[("shipped", Value::Integer(400_000)), ("allocated", Value::Integer(0))]);
    let (with, details) = plan_of(&mut w, item);
    let spike = details.spike.expect("400 stands out of 4");
    assert_eq!((spike.line, spike.quantity, spike.usual), (large.0, 400_000, 4_000));
    let board = w.board();
    assert!(notes(&w, &board, item).contains("BIG for BUILDER"), "{}", notes(&w, &board, item));

    let act = w.act("project");
    assert!(refusal(buying::call_a_project(&mut w.store, act, large, " ")).contains("Say what it was"));
    let act = w.act("project");
    let done = buying::call_a_project(&mut w.store, act, large, "a new hotel").unwrap();
    assert!(planning::is_stale(w.store.db(), w.today).unwrap());
    let (without, details) = plan_of(&mut w, item);
    assert!(without.daily < with.daily / 2.0, "{} {}", without.daily, with.daily);
    assert_eq!(details.spike, None);
    let act = w.act("project");
    assert!(refusal(buying::call_a_project(&mut w.store, act, large, "again")).contains("already"));
    let act = w.act("undo");
    undo::undo(&mut w.store, act, done.operation).unwrap();
    assert_eq!(plan_of(&mut w, item).0.daily, with.daily);
}

#[test]
fn a_successor_inherits_and_never_in_a_circle() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let (old, new) = (w.sold_by(s, "OLD", 0), w.sold_by(s, "NEW", 0));
    w.sells(old, 14, 7);
    assert_eq!(plan_of(&mut w, new).1.selling, "no_history");
    let act = w.act("inherit");
    buying::inherit(&mut w.store, act, new, " OLD ").unwrap();
    let (plan, details) = plan_of(&mut w, new);
    assert_eq!(details.selling, "active");
    assert!((1.5..2.5).contains(&plan.daily), "{}", plan.daily);
    let act = w.act("inherit");
    assert!(refusal(buying::inherit(&mut w.store, act, old, "NEW")).contains("circle"));
    let act = w.act("inherit");
    assert!(refusal(buying::inherit(&mut w.store, act, new, "NEW")).contains("itself"));
    let act = w.act("inherit");
    assert!(refusal(buying::inherit(&mut w.store, act, new, "NOPE")).contains("There is no item NOPE"));
    let act = w.act("inherit");
    buying::inherit(&mut w.store, act, new, "").unwrap();
    assert_eq!(plan_of(&mut w, new).1.selling, "no_history");
}

#[test]
fn weeks_without_stock_and_orders_say_nothing_about_sales() {
    let of = |out: bool| {
        let mut w = Warehouse::new();
        let s = w.supplier("EXO", 10, None);
        let item = w.sold_by(s, "CHANG", 0);
        let bin = w.bin("A1", "storage");
        let today = w.today;
        w.today = today - TimeDelta::days(500);
        w.moved(item, bin, 90);
        // 14 a week until half a year ago, and nothing since.
        w.today = today - TimeDelta::days(182);
        w.sells(item, 14, 7);
        if out {
            w.moved(item, bin, -90);
        }
        w.today = today;
        plan_of(&mut w, item).0.daily
    };
    let (out, there) = (of(true), of(false));
    assert!(out > 1.8 * there, "{out} where nothing could be bought, {there} where nobody wanted it");
}

#[test]
fn the_supplier_is_chosen_by_what_a_year_costs_unless_a_person_prefers_another() {
    let mut w = Warehouse::new();
    let (dear, cheap) = (w.supplier("DEAR", 10, None), w.supplier("CHEAP", 10, None));
    let item = w.sold_by(dear, "CHANG", 3);
    w.sells(item, 14, 7);
    w.supplied(dear, item, &[("cost", 21_000), ("lead_days", 10)]);
    w.supplied(cheap, item, &[("cost", 19_000), ("lead_days", 10)]);
    let board = w.plan();
    let l = line(&board, item).unwrap();
    assert_eq!((l.supplier, l.cost_each), (Some(cheap), Money::parse("1.90")));
    let choices = reorder::choices(w.store.db(), &board, l).unwrap();
    let other = choices.iter().find(|c| !c.current).unwrap();
    let more = other.more_a_year.unwrap();
    // 0.20 a piece, about 730 pieces a year, and a little for holding it.
    assert!(more > Money::parse("120").unwrap() && more < Money::parse("190").unwrap(), "{more}");
    let id = w.number(&format!("SELECT id FROM supplier_item WHERE supplier_id = {}", dear.0));
    w.set("supplier_item", id, &[("preferred", Value::Integer(1))]);
    assert_eq!(line(&w.plan(), item).unwrap().supplier, Some(dear));
}

#[test]
fn a_slow_supplier_costs_what_must_be_kept_in_case() {
    let mut w = Warehouse::new();
    let (slow, fast) = (w.supplier("SLOW", 120, None), w.supplier("FAST", 7, None));
    let item = w.sold_by(slow, "CHANG", 3);
    w.sells(item, 14, 7);
    w.supplied(slow, item, &[("cost", 20_000), ("lead_days", 120)]);
    w.supplied(fast, item, &[("cost", 20_000), ("lead_days", 7)]);
    assert_eq!(line(&w.plan(), item).unwrap().supplier, Some(fast), "the same price, less in case");
}

#[test]
fn the_programs_level_stands_once_it_is_accepted() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CHANG", 3);
    w.sells(item, 14, 7);
    let act = w.act("level");
    assert!(refusal(buying::set_level(&mut w.store, act, item, KeptBy::Program)).contains("kept like that already"));
    w.set("item", item.0, &[("min", Value::Integer(5_000)), ("max", Value::Integer(9_000))]);
    let board = w.plan();
    let program = line(&board, item).unwrap().program_point.unwrap();
    assert_eq!(line(&board, item).unwrap().reorder_point, q(5));
    let act = w.act("level");
    let done = buying::set_level(&mut w.store, act, item, KeptBy::Program).unwrap();
    let board = w.plan();
    let l = line(&board, item).unwrap();
    assert_eq!((l.reorder_point, l.program_point), (program, None));
    let act = w.act("undo");
    undo::undo(&mut w.store, act, done.operation).unwrap();
    assert_eq!(w.text("SELECT min || ' ' || max FROM item"), "5000 9000");
    // A share of its own, and nonsense.
    let act = w.act("level");
    buying::set_level(&mut w.store, act, item, KeptBy::Share(990_000)).unwrap();
    let more = line(&w.plan(), item).unwrap().reorder_point;
    assert!(more >= program, "{more} against {program}");
    for by in [KeptBy::Share(1_000_000), KeptBy::Own { min: q(9), max: Some(q(9)) }] {
        let act = w.act("level");
        assert!(!refusal(buying::set_level(&mut w.store, act, item, by)).is_empty());
    }
}

#[test]
fn typed_levels_stand_beside_the_programs_and_the_gauge_says_since_when() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CHANG", 3);
    w.sells(item, 14, 7);
    w.set("item", item.0, &[("min", Value::Integer(1_000)), ("max", Value::Integer(2_000))]);
    w.plan();
    let (all, of_more) = targets::all(w.store.db(), w.today).unwrap();
    assert_eq!(of_more, None, "all were looked at");
    let target = all.iter().find(|t| t.item == item).unwrap();
    assert_eq!(target.reason, Reason::TypedLow);
    assert!(target.point > q(1) && target.typed_risk.unwrap() > target.risk, "{target:?}");
    assert!(target.words().contains("Yours: order at or below 1, up to 2."), "{}", target.words());
    let level = levels::of(w.store.db(), item).unwrap().unwrap();
    assert!(level.gauge().is_some());
    let since = levels::since(w.store.db(), item, &level, 365.0, w.today).unwrap();
    assert!(since.is_some_and(|day| day <= w.today));
}

#[test]
fn a_class_may_have_a_target_of_its_own() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CHANG", 3);
    w.sells(item, 14, 7);
    let (before, details) = plan_of(&mut w, item);
    assert_eq!((details.class.as_str(), details.pattern.as_str()), ("A", "smooth"));
    let act = w.act("set");
    backshelf::ops::settings::set(&mut w.store, act, "planning.target_a", "0.999").unwrap();
    assert!(plan_of(&mut w, item).0.reorder_point > before.reorder_point);
}

#[test]
fn a_classs_own_target_leaves_the_levels_of_the_others() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let (much, little) = (w.sold_by(s, "MUCH", 3), w.sold_by(s, "LITTLE", 3));
    for n in 0..6 {
        let other = w.sold_by(s, &format!("OTHER{n}"), 3);
        w.sells(other, 3, 9 + 5 * n);
    }
    w.sells(much, 200, 7);
    w.sells(little, 2, 20);
    let (before, details) = plan_of(&mut w, little);
    assert_eq!(details.class, "C");
    let act = w.act("set");
    backshelf::ops::settings::set(&mut w.store, act, "planning.target_a", "0.999").unwrap();
    assert_eq!(plan_of(&mut w, little).0.reorder_point, before.reorder_point);
}

#[test]
fn under_a_minimum_of_ones_own_what_nobody_orders_is_ordered_today_and_no_chances_are_told() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let (sold, still) = (w.sold_by(s, "SOLD", 3), w.sold_by(s, "STILL", 3));
    w.sells(sold, 4, 14);
    w.set("item", still.0, &[("min", Value::Integer(10_000))]);
    let board = w.plan();
    let l = line(&board, still).unwrap();
    assert_eq!((l.order_by, l.accepted, l.risk), (w.today, None, None));
    let why = reorder::explain(w.store.db(), &board, l).unwrap();
    assert!(why.closing.contains("today: you have 3, your minimum is 10"), "{}", why.closing);
    assert!(!why.closing.contains("cases"), "{}", why.closing);
}

#[test]
fn who_waits_counts_in_full_and_beside_it_stands_what_is_likely_to_stay() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CHANG", 0);
    w.sells(item, 14, 7);
    // Of the last ten that had to wait, three were cancelled.
    for n in 0..10 {
        let id = w.order(&format!("W{n}"), "C", "2026-10-01", &[(item, 10)])[0];
        let gone = if n < 3 { "cancelled" } else { "shipped" };
        let mut cells = vec![(gone, Value::Integer(10_000)), ("allocated", Value::Integer(0))];
        if n >= 3 {
            cells.push(("shipped_on", Value::Text("2026-10-09".into())));
        }
        w.set("order_line", id.0, &cells);
    }
    w.order("NOW", "C", "2026-11-20", &[(item, 20)]);
    let board = w.plan();
    let l = line(&board, item).unwrap();
    assert_eq!((l.wait, l.position), (q(20), q(-20)));
    let notes = notes(&w, &board, item);
    assert!(notes.contains("20 wait and count in full. Of such orders 30 in 100 are cancelled: 14"), "{notes}");
    let surplus = l.quantity().unwrap() - l.order_up_to;
    assert!(surplus.is_positive() && surplus < q(20), "what lies beyond full then, not all that waits: {l:?}");
    assert!(notes.contains(&format!("If all cancel, {surplus} of this are too much.")), "{surplus} {notes}");
    // Forty are on their way: without those who wait there would be more than full.
    let on = (w.today + chrono::TimeDelta::days(5)).to_string();
    let act = w.act("prepare");
    backshelf::ops::perform(&mut w.store, act, |tx| {
        let head = ["code", "supplier_id", "status", "ordered_on", "expected_on"];
        let po = tx.insert("purchase_order", &head, &[&"PO-9", &s.0, &"confirmed", &"2026-11-20", &on])?;
        tx.touch(item);
        tx.insert("po_line", &["po_id", "line", "item_id", "quantity"], &[&po, &"1", &item.0, &40_000])
    })
    .unwrap();
    w.order("MORE", "C", "2026-11-21", &[(item, 60)]);
    let board = w.board();
    let l = line(&board, item).unwrap();
    assert_eq!((l.wait, l.position), (q(80), q(-40)));
    let surplus = q(40) + l.quantity().unwrap() - l.order_up_to;
    assert!(surplus.is_positive(), "{l:?}");
    let notes = self::notes(&w, &board, item);
    assert!(notes.contains(&format!("If all cancel, {surplus} of this are too much.")), "{surplus} {notes}");
    // Enough is on its way for all who wait: what is too much then is of that.
    w.po("PO-10", "EXO", "2026-12-20", &[(item, 400)]);
    let board = w.board();
    let l = line(&board, item).unwrap();
    assert_eq!((l.quantity(), l.position), (None, q(360)), "{l:?}");
    let surplus = (q(440) - l.order_up_to).min(q(440));
    let notes = self::notes(&w, &board, item);
    assert!(
        notes.contains(&format!("If all cancel, {surplus} of what is on its way are too much.")),
        "{surplus} {notes}"
    );
}

#[test]
fn a_price_that_ran_out_is_not_counted_on_and_is_said() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CHANG", 3);
    w.sells(item, 14, 7);
    w.supplied(s, item, &[("cost", 20_000)]);
    let act = w.act("prepare");
    backshelf::ops::perform(&mut w.store, act, |tx| {
        let columns = ["supplier_id", "item_id", "from_quantity", "cost", "valid_until"];
        tx.insert("price_break", &columns, &[&s.0, &item.0, &10_000, &15_000, &"2026-11-01"])
    })
    .unwrap();
    let board = w.plan();
    assert_eq!(line(&board, item).unwrap().cost_each, Money::parse("2"));
    let notes = notes(&w, &board, item);
    assert!(notes.contains("The price 1.50 from 10 on was good until Sun 1 Nov"), "{notes}");
}

#[test]
fn goods_on_their_way_that_nobody_needs_are_to_be_cancelled_or_asked_for_later() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let (sells, rests) = (w.sold_by(s, "SELLS", 300), w.sold_by(s, "RESTS", 900));
    w.sells(sells, 14, 7);
    w.sells(rests, 1, 90);
    w.po("PO-1", "EXO", "2026-12-01", &[(sells, 100)]);
    w.po("PO-2", "EXO", "2026-12-01", &[(rests, 40)]);
    let board = w.plan();
    let of = |item| board.not_needed.iter().find(|n| n.item == item);
    let later = of(sells).unwrap();
    assert!(later.needed_on.unwrap() > day("2027-03-01"), "{later:?}");
    assert!(later.advice(|d| d.to_string()).starts_with("Ask EXO Ltd to bring 100 of PO-1 by 2027-"));
    assert_eq!(of(rests).unwrap().needed_on, None);
    // Needed, and coming in time: nothing to say.
    let needed = w.sold_by(s, "NEEDED", 40);
    w.sells(needed, 14, 7);
    w.po("PO-3", "EXO", "2026-12-01", &[(needed, 60)]);
    assert!(w.plan().not_needed.iter().all(|n| n.item != needed));
}

#[test]
fn an_item_knows_since_when_it_is_in_its_zone() {
    let mut w = Warehouse::new();
    w.today = day("2026-11-02");
    let bin = w.bin("A1", "storage");
    let item = w.item("CHANG", "Chang");
    w.moved(item, bin, 5);
    w.today = day("2026-11-09");
    w.moved(item, bin, -2); // still the same zone
    assert_eq!(levels::zone_began(w.store.db(), item).unwrap(), Some(day("2026-11-02")));
    w.today = day("2026-11-16");
    w.moved(item, bin, -3);
    assert_eq!(levels::zone_began(w.store.db(), item).unwrap(), Some(day("2026-11-16")));
    assert_eq!(w.level(item, BinId(1)), 0);
}

#[test]
fn a_book_below_zero_that_nobody_waits_for_is_counted_first() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let (wrong, waits, sells) = (w.sold_by(s, "WRONG", -3), w.sold_by(s, "WAITS", -3), w.sold_by(s, "SELLS", -3));
    w.order("O1", "C", "2026-11-20", &[(waits, 4)]);
    w.sells(sells, 14, 7);
    let board = w.plan();
    let l = line(&board, wrong).unwrap();
    assert_eq!((&l.need, l.quantity(), board.to_count.len()), (&Need::Count, None, 1));
    assert!(l.reason.starts_with("Count first: the book is 3 below zero"), "{}", l.reason);
    let l = line(&board, waits).unwrap();
    assert!(l.quantity().is_some());
    assert_eq!(l.position, q(-4), "the same missing goods, once");
    let l = line(&board, sells).unwrap();
    assert!(l.quantity().is_some());
    assert!(notes(&w, &board, sells).contains("The book is 3 below zero, more than customers wait for"));
}

#[test]
fn one_order_is_too_few_to_say_how_it_sells() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CHANG", 0);
    w.order("O1", "C", "2026-11-20", &[(item, 4)]);
    let board = w.plan();
    let said = notes(&w, &board, item);
    assert!(said.contains("Too few orders to say how it sells.") && !said.contains("steadily"), "{said}");
}

#[test]
fn more_than_the_longest_cover_is_asked_and_never_proposed() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CHANG", 0);
    w.sells(item, 1, 30);
    w.supplied(s, item, &[("cost", 20_000), ("min_quantity", 100_000)]);
    w.order("WAITS", "C", "2026-11-20", &[(item, 4)]);
    let board = w.plan();
    let l = line(&board, item).unwrap();
    assert_eq!((&l.need, l.quantity(), l.asked(), board.to_ask.len()), (&Need::Ask(q(100)), None, Some(q(100)), 1));
    assert!(board.groups.is_empty(), "no group, no total: nobody said yes");
    assert!(l.reason.contains("the least to be had is 100, as much as sells in"), "{}", l.reason);
    // What keeps for three weeks is not bought for a quarter.
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "MILK", 0);
    w.sells(item, 14, 7);
    w.supplied(s, item, &[("cost", 20_000), ("pack", 180_000)]);
    assert_eq!(line(&w.plan(), item).unwrap().quantity(), Some(q(360)), "a pack and a week of sales at a time");
    let act = w.act("rule");
    buying::set_rule(&mut w.store, act, item, &ItemRule { shelf_days: Some(21), ..ItemRule::default() }).unwrap();
    assert_eq!(line(&w.plan(), item).unwrap().asked(), Some(q(180)));
}

#[test]
fn a_season_that_a_person_knows_moves_the_level() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CANDLE", 0);
    w.sells(item, 14, 7);
    let usual = plan_of(&mut w, item).0;
    let act = w.act("rule");
    let season = "0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 1 2 3 3";
    buying::set_rule(&mut w.store, act, item, &ItemRule { season: Some(season.into()), ..ItemRule::default() })
        .unwrap();
    let december = plan_of(&mut w, item).0;
    assert!(december.reorder_point > usual.reorder_point, "{} {}", december.reorder_point, usual.reorder_point);
    assert!(december.daily > 1.5 * usual.daily, "{} {}", december.daily, usual.daily);
    w.today = day("2027-01-20");
    let spring = plan_of(&mut w, item).0;
    assert!(
        spring.reorder_point + spring.reorder_point < december.reorder_point,
        "{} {}",
        spring.reorder_point,
        december.reorder_point
    );
    assert!(spring.daily < december.daily / 3.0, "{} {}", spring.daily, december.daily);
}

#[test]
fn a_person_chooses_between_ours_and_the_blend_and_can_take_it_back() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 30, None);
    let item = w.sold_by(s, "CHANG", 3);
    w.sells(item, 9, 21);
    let ours = plan_of(&mut w, item).0.reorder_point;
    let act = w.act("way of planning");
    planning::plan_by(&mut w.store, act, true).unwrap();
    assert!(planning::is_stale(w.store.db(), w.today).unwrap(), "the plans are to be made anew");
    assert_ne!(plan_of(&mut w, item).0.reorder_point, ours);
    let last = backshelf::ops::undo::last_undoable(w.store.db(), None).unwrap().unwrap();
    let act = w.act("undo");
    backshelf::ops::undo::undo(&mut w.store, act, last).unwrap();
    assert_eq!(plan_of(&mut w, item).0.reorder_point, ours);
    // What an older version chose stands until a person says otherwise.
    let choice = "INSERT INTO plan_choice (id, chosen, chosen_on) VALUES (1, 'blend', '2026-11-23')";
    w.store.keep("an older choice", |db| Ok(db.execute(choice, [])?)).unwrap();
    assert_ne!(plan_of(&mut w, item).0.reorder_point, ours);
    let act = w.act("way of planning");
    planning::plan_by(&mut w.store, act, false).unwrap();
    assert_eq!(plan_of(&mut w, item).0.reorder_point, ours);
}

#[test]
fn what_was_ordered_through_several_channels_is_said_apart() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CHANG", 0);
    for (code, channel, units) in [("A", "amazon", 30), ("B", "shop", 40), ("C", "shop", 5)] {
        w.order(code, "C", "2026-10-20", &[(item, units)]);
        let id = w.number("SELECT max(id) FROM customer_order");
        w.set("customer_order", id, &[("channel", Value::Text(channel.into()))]);
    }
    let board = w.plan();
    let said = notes(&w, &board, item);
    assert!(said.contains("In the last 12 months 75 were ordered: 45 shop, 30 amazon."), "{said}");
}
