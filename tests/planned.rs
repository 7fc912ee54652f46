//! How an item is planned, seen and changed by hand from any tab: terms and prices of its suppliers, levels, projects.

use crate::reordering::refusal;
use crate::support::rig::Rig;
use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::ids::{ItemId, SupplierId};
use backshelf::domain::money::Money;
use backshelf::domain::quantity::Qty;
use backshelf::ops::planning::{self, Due};
use backshelf::ops::views::reorder;
use backshelf::ops::{buying, settings, undo};
use backshelf::store::plans::{ItemRule, PriceBreak};
use backshelf::store::selling::{self, SoldBy};
use chrono::TimeDelta;

/// An item that sells 2 a day and has run low, at 2.00 from one supplier; one that nobody ever ordered.
fn shop() -> (Warehouse, SupplierId, ItemId, ItemId) {
    let mut w = Warehouse::new();
    let exo = w.supplier("EXO", 10, None);
    let chai = w.sold_by(exo, "CHAI", 5);
    w.supplied(exo, chai, &[("cost", 20_000), ("pack", 12_000)]);
    let new = w.item("NEW", "A new one");
    w.sells(chai, 14, 7);
    for (key, value) in [("planning.ordering_cost", "8"), ("planning.holding_rate", "0.2")] {
        let act = w.act("set");
        settings::set(&mut w.store, act, key, value).unwrap();
    }
    w.plan();
    (w, exo, chai, new)
}

fn sold(w: &Warehouse, item: ItemId) -> SoldBy {
    selling::sold_by(w.store.db(), item).unwrap().remove(0)
}

fn price(from: i64, cost: &str, until: Option<&str>) -> PriceBreak {
    PriceBreak { from: q(from), cost: Money::parse(cost).unwrap(), valid_until: until.map(day) }
}

fn put(
    w: &mut Warehouse,
    item: ItemId,
    seen: &SoldBy,
    breaks: &[PriceBreak],
) -> Result<i64, backshelf::store::Failure> {
    let act = w.act("terms");
    let wanted = SoldBy { breaks: breaks.to_vec(), ..seen.clone() };
    buying::set_terms(&mut w.store, act, item, seen, &wanted).map(|done| done.operation.0)
}

#[test]
fn prices_by_quantity_are_typed_planned_with_explained_and_taken_back() {
    let (mut w, _, chai, _) = shop();
    let before = sold(&w, chai);
    let plain = reorder::load(w.store.db(), w.today).unwrap().lines[0].quantity().unwrap();
    let good = [price(48, "1.90", None), price(200, "1.50", Some("2026-12-31")), price(5000, "1.45", None)];
    put(&mut w, chai, &before, &good).unwrap();
    assert_eq!(planning::due(w.store.db(), w.today).unwrap(), Due::Items([chai].into()));
    let board = w.plan();
    let line = &board.lines[0];
    assert_eq!(line.cost_each, Money::parse("1.5"), "as much at once as has the better price");
    assert!(line.quantity().unwrap() > plain);
    let why = reorder::explain(w.store.db(), &board, line).unwrap();
    let costs = why.costs.join("\n");
    assert!(
        costs.contains("From 200 on one costs 1.50, until Thu 31 Dec: that is taken, in place of 2.00."),
        "{costs}"
    );
    let next = why.costs.iter().find(|c| c.starts_with("From 5,000 on one costs 1.45: 5,004 at a time costs "));
    let next = next.unwrap_or_else(|| panic!("{costs}"));
    assert!(next.contains("is more than sells in the longest cover"), "{next}");
    // What was said of the year adds up: goods less what more there is to order and hold.
    let figure = |after: &str| -> i64 {
        let rest = next.split(after).nth(1).unwrap();
        rest.split(|c: char| c != ',' && !c.is_ascii_digit()).next().unwrap().replace(',', "").parse().unwrap()
    };
    assert_eq!(figure("at a time costs "), figure("holding ") - figure("goods "), "{next}");
    // Somebody who began before that is told what was changed, and nothing is written over it.
    let said = refusal(put(&mut w, chai, &before, &[]));
    assert!(said.contains("from 200 on 1.50 until 2026-12-31; from 5000 on 1.45. Nothing was saved"), "{said}");
    // One that ran out is kept, not counted on, and warned of.
    let seen = sold(&w, chai);
    let operation =
        put(&mut w, chai, &seen, &[price(48, "1.90", None), price(200, "1.50", Some("2026-11-20"))]).unwrap();
    let board = w.plan();
    assert_ne!(board.lines[0].cost_each, Money::parse("1.5"));
    let why = reorder::explain(w.store.db(), &board, &board.lines[0]).unwrap();
    assert!(
        why.notes.iter().any(|n| n.contains("from 200 on was good until Fri 20 Nov: ask again")),
        "{:?}",
        why.notes
    );
    let act = w.act("undo");
    undo::undo(&mut w.store, act, backshelf::domain::ids::OperationId(operation)).unwrap();
    assert_eq!(sold(&w, chai).breaks, good);
    let seen = sold(&w, chai);
    let said = refusal(put(&mut w, chai, &seen, &[price(48, "1.90", None), price(48, "1.80", None)]));
    assert!(said.contains("Two prices begin from 48"), "{said}");
}

/// The price was typed again under another number of its own: what had removed it could not be taken back, and the
/// program broke over it.
#[test]
fn a_price_that_was_typed_again_is_not_brought_back_beside_itself() {
    let (mut w, exo, chai, new) = shop();
    w.supplied(exo, new, &[("cost", 10_000)]);
    let seen = sold(&w, chai);
    put(&mut w, chai, &seen, &[price(48, "1.90", None)]).unwrap();
    let seen = sold(&w, new);
    put(&mut w, new, &seen, &[price(10, "0.90", None)]).unwrap();
    let seen = sold(&w, chai);
    let removed = put(&mut w, chai, &seen, &[]).unwrap();
    let seen = sold(&w, chai);
    put(&mut w, chai, &seen, &[price(48, "1.80", None)]).unwrap();
    let act = w.act("undo");
    let said = refusal(undo::undo(&mut w.store, act, backshelf::domain::ids::OperationId(removed)));
    assert!(said.contains("was made anew since"), "{said}");
    assert_eq!(sold(&w, chai).breaks, [price(48, "1.80", None)]);
}

#[test]
fn one_supplier_is_preferred_at_a_time() {
    let (mut w, exo, chai, _) = shop();
    let big = w.supplier("BIG", 5, None);
    w.supplied(big, chai, &[("cost", 30_000), ("preferred", 1)]);
    let seen = sold(&w, chai);
    let mut wanted = seen.clone();
    wanted.terms.preferred = true;
    let act = w.act("terms");
    buying::set_terms(&mut w.store, act, chai, &seen, &wanted).unwrap();
    let preferred: Vec<_> =
        selling::sold_by(w.store.db(), chai).unwrap().into_iter().map(|s| s.terms.preferred).collect();
    assert_eq!(preferred, [true, false]);
    assert_eq!(w.plan().lines[0].supplier, Some(exo));
}

fn walk(rig: &mut Rig, label: &str) {
    rig.keys("<home>");
    for _ in 0..24 {
        if rig.screen().lines().any(|l| l.starts_with('▸') && l.contains(label)) {
            return;
        }
        rig.keys("<down>");
    }
    panic!("{label} is not there: {}", rig.screen());
}

#[test]
fn everything_about_planning_is_at_hand_on_the_stock_tab() {
    let (w, ..) = shop();
    let mut rig = Rig::planning(w.store, 80, 24);
    let before = rig.operations();
    rig.keys("1 / ").text("chai").keys("<enter> d");
    let screen = rig.screen();
    assert!(screen.contains("CHAI  CHAI name: how it is planned") && screen.contains("Sells 1.97 a day"), "{screen}");
    assert!(screen.contains("week from      ordered"), "{screen}");
    assert_eq!(rig.operations(), before);
    walk(&mut rig, "Bought from");
    rig.keys("<enter>").wait();
    // Down to the first price: their code, cost, pack, least, days, preferred.
    rig.keys("<tab> <tab> <tab> <tab> <tab> <tab>").text("120").keys("<tab>").text("1.75").keys("<tab>").text("31 dec");
    rig.keys("<f8>").wait();
    let screen = rig.screen();
    assert!(screen.contains("1 price by quantity"), "{screen}");
    assert!(screen.contains("from 120 on  one costs 1.75 until Thu 31 Dec"), "{screen}");
    walk(&mut rig, "Large orders");
    rig.keys("<enter>").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("1 left out as a project"), "{}", rig.screen());
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains("Saving lets it count again"), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("none is left out as a project"), "{}", rig.screen());
    walk(&mut rig, "Known of it");
    rig.keys("<enter>").wait().text("21").keys("<f8>").wait();
    assert!(rig.screen().contains("21 days to come"), "{}", rig.screen());
    walk(&mut rig, "To keep");
    rig.keys("<enter>").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("your own min"), "{}", rig.screen());
    walk(&mut rig, "Status");
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains("Edit item"), "{}", rig.screen());
    rig.keys("<right> <f8>").wait();
    let ended = "SELECT status = 'discontinued' FROM item WHERE sku = 'CHAI'";
    assert!(rig.desk.store.db().query_row(ended, [], |r| r.get::<_, bool>(0)).unwrap(), "{}", rig.screen());
    assert!(rig.screen().contains("It ends: only customers who wait"), "{}", rig.screen());
}

#[test]
fn an_item_without_a_history_says_so_and_takes_a_level_of_ones_own() {
    let (w, ..) = shop();
    let mut rig = Rig::planning(w.store, 80, 24);
    rig.keys("1 / ").text("new one").keys("<enter> d");
    let screen = rig.screen();
    assert!(screen.contains("No history: no orders tell how it sells"), "{screen}");
    assert!(!screen.contains("at or below 0"), "{screen}");
    walk(&mut rig, "To keep");
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains("only for customers who wait"), "{}", rig.screen());
    rig.keys("<tab>").text("6").keys("<tab>").text("20").keys("<f8>").wait();
    assert!(rig.screen().contains("your own min 6, max 20"), "{}", rig.screen());
    assert!(
        rig.screen().contains("Your own minimum is in force: ordered at or below 6, up to 20."),
        "{}",
        rig.screen()
    );
    walk(&mut rig, "nobody is known to sell it");
    walk(&mut rig, "Follows");
    rig.keys("<enter>").wait().text("CHAI").keys("<f8>").wait();
    assert!(rig.screen().contains("CHAI name: its history counts as its own"), "{}", rig.screen());
    walk(&mut rig, "Ordered");
    assert!(rig.screen().contains("With what was ordered of CHAI."), "{}", rig.screen());
}

#[test]
fn what_customers_ordered_is_seen_by_channel_from_the_page_and_from_the_sum() {
    let (mut w, _, chai, _) = shop();
    let on = (w.today - TimeDelta::days(3)).to_string();
    w.order("WEB-1", "C", &on, &[(chai, 9)]);
    w.set("customer_order", w.number("SELECT max(id) FROM customer_order"), &[("channel", "shop".to_string().into())]);
    let mut rig = Rig::planning(w.store, 80, 24);
    rig.keys("1 / ").text("chai").keys("<enter> d");
    let screen = rig.screen();
    assert!(screen.contains("no channel") && screen.contains("     shop"), "{screen}");
    rig.keys("<right> <right>");
    assert!(rig.screen().contains("what customers ordered, shop only"), "{}", rig.screen());
    assert!(rig.screen().contains("most 9; shop only"), "{}", rig.screen());
    rig.keys("<right>");
    assert!(rig.screen().contains("all channels"), "{}", rig.screen());
    rig.keys("<esc> <esc> 4 <enter>");
    walk(&mut rig, "will sell in");
    assert!(rig.screen().contains("Left Right channel"), "{}", rig.screen());
    rig.keys("<right>");
    assert!(rig.screen().contains("no channel only"), "{}", rig.screen());
    walk(&mut rig, "how it is planned");
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains("CHAI name: how it is planned"), "{}", rig.screen());
}

#[test]
fn the_least_beyond_the_longest_cover_says_what_it_costs_and_who_sells_less() {
    let (mut w, exo, chai, _) = shop();
    let small = w.supplier("SMALL", 10, None);
    w.supplied(small, chai, &[("cost", 40_000), ("pack", 12_000)]);
    let seen = sold(&w, chai);
    let mut wanted = seen.clone();
    (wanted.terms.min_quantity, wanted.terms.preferred) = (Some(q(1_200)), true);
    let act = w.act("terms");
    buying::set_terms(&mut w.store, act, chai, &seen, &wanted).unwrap();
    w.order("WAITS", "C", "2026-11-23", &[(chai, 40)]); // so much at once needs no level
    let board = w.plan();
    let line = &board.lines[0];
    assert_eq!((line.asked(), line.supplier), (Some(q(1_200)), Some(exo)));
    let notes = reorder::explain(w.store.db(), &board, line).unwrap().notes.join("\n");
    // A fifth of half of 1,200 at 2.00.
    assert!(
        notes.contains("Holding 1,200 costs about 240 a year; without an order it is empty before one could"),
        "{notes}"
    );
    assert!(notes.contains("SMALL Ltd would sell 36 at once (w)."), "{notes}");
}

#[test]
fn under_a_minimum_of_ones_own_the_programs_figure_opens_its_terms() {
    let (mut w, _, chai, _) = shop();
    w.set("item", chai.0, &[("min", q(20).thousandths().into())]);
    let board = w.plan();
    let line = &board.lines[0];
    let why = reorder::explain(w.store.db(), &board, line).unwrap();
    let words: Vec<&str> = why.level.iter().map(|t| t.words.as_str()).collect();
    let program = line.program_point.unwrap();
    assert_eq!(words[1], format!("the program would order at or below {program}"));
    let (sells, rest) = words[2].split_once(" will sell in 17 days, + ").unwrap();
    let rest: i64 = rest.strip_suffix(" in case").unwrap().parse().unwrap();
    assert_eq!(q(sells.parse::<i64>().unwrap() + rest), program, "the two add up");
}

#[test]
fn the_forecasts_band_has_the_season_of_its_mean() {
    let (mut w, _, chai, _) = shop();
    let season = "0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 3 4".to_string();
    let rule = ItemRule { season: Some(season), ..ItemRule::default() };
    let act = w.act("rule");
    buying::set_rule(&mut w.store, act, chai, &rule).unwrap();
    let board = w.plan();
    let line = board.lines.iter().find(|l| l.item == chai).unwrap();
    let outlook = reorder::outlook(w.store.db(), &board, line).unwrap();
    for point in &outlook.without {
        assert!(point.low <= point.mean && point.mean <= point.high, "{point:?}");
    }
    let (low, high) = outlook.bucket.unwrap();
    let week = Qty::from_f64(line.daily * 7.0);
    assert!(low <= week && week <= high, "{low} to {high} of {week}");
}
