//! Suggestions, drafts, dates: what is ordered, and never twice for the same need.

use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::ids::{ItemId, PoLineId, SupplierId};
use backshelf::domain::money::Money;
use backshelf::domain::purchase::EndedBy;
use backshelf::domain::quantity::Qty;
use backshelf::ops::purchasing::life::{self, Confirmation, ConfirmedLine, Ending};
use backshelf::ops::purchasing::telling::Told;
use backshelf::ops::purchasing::{self, ToOrder};
use backshelf::ops::views::month_end;
use backshelf::ops::views::reorder::{self, Need, ReorderBoard, ReorderLine};
use backshelf::ops::{buying, perform, planning, undo};
use backshelf::store::Failure;
use backshelf::store::past_demand;
use backshelf::store::plans;
use chrono::TimeDelta;
use rusqlite::types::Value;

impl Warehouse {
    pub fn supplier(&mut self, code: &str, lead_days: i64, minimum: Option<&str>) -> SupplierId {
        let act = self.act("prepare");
        let minimum = minimum.and_then(Money::parse).map(Money::ten_thousandths);
        let made = perform(&mut self.store, act, |tx| {
            tx.insert(
                "supplier",
                &["code", "name", "lead_days", "min_order_value"],
                &[&code, &format!("{code} Ltd"), &lead_days, &minimum],
            )
        });
        SupplierId(made.unwrap().value)
    }
    pub fn set(&mut self, table: &'static str, id: i64, cells: &[(&str, Value)]) {
        let act = self.act("prepare");
        perform(&mut self.store, act, |tx| {
            if table == "item" {
                tx.touch(ItemId(id));
            }
            tx.update(table, id, cells)
        })
        .unwrap();
    }
    /// An item of that supplier that costs 2.00, with `stock` in its bin.
    pub fn sold_by(&mut self, supplier: SupplierId, sku: &str, stock: i64) -> ItemId {
        let item = self.item(sku, &format!("{sku} name"));
        self.set("item", item.0, &[("supplier_id", Value::Integer(supplier.0)), ("cost", Value::Integer(20_000))]);
        if stock != 0 {
            let bins = self.number("SELECT count(*) FROM bin");
            let bin = if bins == 0 { self.bin("A1", "storage") } else { backshelf::domain::ids::BinId(1) };
            self.moved(item, bin, stock);
        }
        item
    }
    pub fn supplied(&mut self, supplier: SupplierId, item: ItemId, cells: &[(&str, i64)]) {
        let act = self.act("prepare");
        perform(&mut self.store, act, |tx| {
            let columns: Vec<&str> = ["supplier_id", "item_id"].into_iter().chain(cells.iter().map(|c| c.0)).collect();
            let mut values: Vec<&dyn rusqlite::ToSql> = vec![&supplier.0, &item.0];
            values.extend(cells.iter().map(|c| &c.1 as &dyn rusqlite::ToSql));
            tx.insert("supplier_item", &columns, &values)
        })
        .unwrap();
    }
    /// Two years in which a customer took `units` every `every` days, all of it shipped.
    pub fn sells(&mut self, item: ItemId, units: i64, every: i64) {
        for n in 1..(720 / every) {
            let on = (self.today - TimeDelta::days(n * every)).to_string();
            let lines = self.order(&format!("S{}-{n}", item.0), "REGULAR", &on, &[(item, units)]);
            let shipped = q(units).thousandths();
            self.set(
                "order_line",
                lines[0].0,
                &[("shipped", Value::Integer(shipped)), ("allocated", Value::Integer(0))],
            );
        }
        self.set("item", item.0, &[("note", Value::Text("sold".into()))]);
    }
    pub fn plan(&mut self) -> ReorderBoard {
        planning::plan(&mut self.store, self.today, &|_, _| true).unwrap();
        self.board()
    }
    pub fn board(&self) -> ReorderBoard {
        reorder::load(self.store.db(), self.today).unwrap()
    }
    pub fn accept(&mut self, board: &ReorderBoard) {
        let lines: Vec<ToOrder> = board
            .lines
            .iter()
            .filter_map(|l| {
                let quantity = l.quantity().or(l.asked())?; // a person who says yes to everything
                Some(ToOrder {
                    item: l.item,
                    supplier: l.supplier?,
                    quantity,
                    cost: l.cost_each,
                    seen: Some(l.position),
                })
            })
            .collect();
        let act = self.act("reorder");
        purchasing::accept(&mut self.store, act, &lines).unwrap();
    }
}

pub fn line(board: &ReorderBoard, item: ItemId) -> Option<&ReorderLine> {
    board.lines.iter().find(|l| l.item == item)
}

pub fn refusal<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result {
        Err(Failure::Refused(r)) => r.sentence().to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn what_sells_is_ordered_before_it_runs_out_and_the_sum_closes() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, Some("500"));
    let low = w.sold_by(s, "LOW", 12);
    let plenty = w.sold_by(s, "PLENTY", 500);
    w.sells(low, 14, 7);
    w.sells(plenty, 14, 7);
    let board = w.plan();
    assert_eq!(board.lines.len(), 1, "{:?}", board.lines);
    let l = line(&board, low).unwrap();
    assert!((1.5..2.5).contains(&l.daily), "{}", l.daily);
    assert_eq!(l.position, q(12));
    assert!(l.reorder_point > q(20) && l.reorder_point < q(80), "{}", l.reorder_point);
    let quantity = l.quantity().unwrap();
    assert!(l.position + quantity > l.reorder_point);
    assert_eq!((l.sign, l.order_by), ('!', w.today));
    assert!(l.out_on.unwrap() < w.today + TimeDelta::days(9));
    assert_eq!(l.cost, Some(Money::parse("2").unwrap().times(quantity)));
    assert!(l.reason.starts_with("12 on hand + 0 coming - 0 ordered by customers = 12, low at "), "{}", l.reason);
    let group = &board.groups[0];
    assert_eq!(group.total, board.total());
    assert_eq!(group.short_of_minimum, Some(Money::parse("500").unwrap() - group.total));
    let e = reorder::explain(w.store.db(), &board, l).unwrap();
    for sum in [&e.have, &e.level] {
        let mut total = Qty::ZERO;
        for t in sum {
            let Some(quantity) = t.quantity else { continue };
            match t.sign {
                '=' => assert_eq!(total, quantity, "{sum:?}"),
                '-' => total -= quantity,
                _ => total += quantity,
            }
        }
    }
    // The export's column is said on the screen too, the same figure, in whole units.
    assert_eq!(l.safety_stock.thousandths() % 1_000, 0, "{}", l.safety_stock);
    let said = |t: &reorder::Term| {
        t.words.contains(&format!("about {} are left", l.safety_stock)) || t.quantity == Some(l.safety_stock)
    };
    assert!(e.level.iter().any(said), "{}: {:?}", l.safety_stock, e.level);
    // Said where nothing is to be ordered: which one will need it next.
    w.moved(low, backshelf::domain::ids::BinId(1), 600);
    let (name, on) = w.plan().next.unwrap();
    assert_eq!(name, "PLENTY name");
    assert!(on > w.today);
}

/// A tea that sells fourteen a week lies at its level, which is the last figure.
fn at_its_level() -> (Warehouse, SupplierId, ItemId, Qty) {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "TEA", 1);
    w.sells(item, 14, 7);
    let level = line(&w.plan(), item).unwrap().reorder_point;
    w.moved(item, backshelf::domain::ids::BinId(1), level.thousandths() / 1000 - 1);
    (w, s, item, level)
}

/// The date, the risk and the sentence are of one story: an order waits as long as its level accepts the risk.
#[test]
fn an_order_that_has_time_says_until_when_and_why() {
    let (mut w, s, item, level) = at_its_level();
    let board = w.plan();
    let l = line(&board, item).unwrap();
    assert_eq!((l.position, l.sign), (level, '~'), "at the level, found at once");
    let (risk, accepted) = (l.risk.unwrap(), l.accepted.unwrap());
    assert!(risk <= accepted && l.order_by > w.today, "{risk} {accepted} {}", l.order_by);
    assert!(l.order_by <= w.today + TimeDelta::days(7 + 3), "about a look away: {}", l.order_by);
    let said = reorder::explain(w.store.db(), &board, l).unwrap().closing;
    let over = format!("(later it is empty when it comes in over {} of 100 cases)", reorder::in_100(accepted));
    assert!(said.contains(&over) && said.contains(" by "), "{said}");
    // His days bring it forward, and the sentence says so; nothing on the shelf has no time at all.
    let day = (l.order_by - TimeDelta::days(1)).format("%a").to_string();
    w.set("supplier", s.0, &[("order_days", Value::Text(day))]);
    let board = w.plan();
    let l = line(&board, item).unwrap();
    let said = reorder::explain(w.store.db(), &board, l).unwrap().closing;
    assert_eq!(l.order_by, l.waits_until - TimeDelta::days(1));
    assert!(said.contains("(their last order day: later it is empty when it comes in over"), "{said}");
    w.moved(item, backshelf::domain::ids::BinId(1), 1 - level.thousandths() / 1000);
    let board = w.plan();
    let l = line(&board, item).unwrap();
    assert!(l.risk.unwrap() > l.accepted.unwrap() && l.waits_until == w.today, "{l:?}");
    assert!(l.order_by > w.today && !l.orders_today(), "today is none of their days: {l:?}");
    let said = reorder::explain(w.store.db(), &board, l).unwrap().closing;
    assert!(said.contains(" on ") && said.contains("(their next order day; it is due already)"), "{said}");
}

/// Stock that nobody has ordered for long is found by what its plan says first.
#[test]
fn what_nobody_orders_any_more_is_asleep() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let (old, sold) = (w.sold_by(s, "OLD", 40), w.sold_by(s, "TEA", 40));
    w.sells(sold, 14, 7);
    for (code, on) in [("S-1", "2025-06-02"), ("S-2", "2025-06-16")] {
        let line = w.order(code, "REGULAR", on, &[(old, 3)])[0];
        w.set("order_line", line.0, &[("shipped", Value::Integer(3_000)), ("allocated", Value::Integer(0))]);
    }
    w.plan();
    let asleep = reorder::idle(w.store.db(), w.today, true).unwrap();
    assert_eq!(asleep.iter().map(|l| l.item).collect::<Vec<_>>(), [old]);
}

/// Last ordered before the two years that planning looks at, it sleeps too, and stands in one list only, whatever its own
/// maximum; what nobody ever ordered is no sleeper.
#[test]
fn what_was_ordered_years_ago_is_asleep_and_not_too_much() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let (old, never, sold) = (w.sold_by(s, "OLD", 40), w.sold_by(s, "NEVER", 40), w.sold_by(s, "TEA", 40));
    w.sells(sold, 14, 7);
    let line = w.order("S-1", "REGULAR", "2022-03-01", &[(old, 3)])[0];
    w.set("order_line", line.0, &[("shipped", Value::Integer(3_000)), ("allocated", Value::Integer(0))]);
    for item in [old, never] {
        w.set("item", item.0, &[("max", Value::Integer(10_000))]);
    }
    w.plan();
    let idle = |asleep| -> Vec<(ItemId, String)> {
        let lines = reorder::idle(w.store.db(), w.today, asleep).unwrap();
        lines.iter().map(|l| (l.item, l.advice())).collect()
    };
    let (asleep, much) = (idle(true), idle(false));
    assert_eq!(asleep.iter().map(|l| l.0).collect::<Vec<_>>(), [old]);
    assert!(asleep[0].1.starts_with("Nobody has ordered it for long"), "{asleep:?}");
    assert_eq!(much.iter().map(|l| l.0).collect::<Vec<_>>(), [never]);
    assert!(much[0].1.starts_with("No orders tell how it sells"), "{much:?}");
    let month = month_end::load(w.store.db(), w.today, w.today, w.today).unwrap();
    assert_eq!((month.slow.items, month.dead.items, month.never_ordered.items), (0, 1, 1), "each counts once");
}

/// An order leaves on the supplier's next day, and the risk is that of the goods which come from then on.
#[test]
fn the_risk_is_that_of_the_day_on_which_an_order_can_leave() {
    let (mut w, s, item, _) = at_its_level();
    let board = w.plan();
    let at_once = line(&board, item).unwrap();
    assert_eq!(at_once.leaves_on, w.today);
    w.set("supplier", s.0, &[("order_days", Value::Text((w.today - TimeDelta::days(1)).format("%a").to_string()))]);
    let board = w.plan();
    let later = line(&board, item).unwrap();
    assert_eq!(later.leaves_on, w.today + TimeDelta::days(6));
    assert!(later.risk.unwrap() > at_once.risk.unwrap(), "{:?} {:?}", later.risk, at_once.risk);
    let comes = |line| reorder::outlook(w.store.db(), &board, line).unwrap().comes_on.unwrap();
    assert_eq!(comes(later) - comes(at_once), TimeDelta::days(6));
}

/// What is on its way and too late says the risk of its own wait, and what comes in time takes risk away.
#[test]
fn the_risk_is_of_the_goods_that_are_waited_for() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 5, None);
    let (late, soon) = (w.sold_by(s, "LATE", 40), w.sold_by(s, "SOON", 4));
    w.sells(late, 14, 7);
    w.sells(soon, 14, 7);
    w.plan();
    for (item, days, code) in [(late, 60, "PO-8"), (soon, 1, "PO-9")] {
        let (on, quantity) = ((w.today + TimeDelta::days(days)).to_string(), q(200).thousandths());
        let (act, ordered) = (w.act("prepare"), w.today.to_string());
        perform(&mut w.store, act, |tx| {
            let head = ["code", "supplier_id", "status", "ordered_on", "expected_on"];
            let po = tx.insert("purchase_order", &head, &[&code, &s.0, &"confirmed", &ordered, &on])?;
            tx.touch(item);
            tx.insert("po_line", &["po_id", "line", "item_id", "quantity"], &[&po, &"1", &item.0, &quantity])
        })
        .unwrap();
    }
    let board = w.plan();
    let l = line(&board, late).unwrap();
    assert!(matches!(l.need, Need::Expedite(_)), "{:?}", l.need);
    assert!(l.risk.unwrap() > 0.5, "the shelf is empty weeks before it comes: {:?}", l.risk);
    assert_eq!(l.out_on, l.runs_out(w.today, None).0.gap_from, "one date for list and pane");
    assert!(line(&board, soon).is_none_or(|l| l.risk.unwrap() < 0.5), "it comes tomorrow");
    w.order("W-0", "REGULAR", &w.today.to_string(), &[(soon, 150)]);
    let risk = line(&w.board(), soon).unwrap().risk;
    assert_eq!(risk, Some(1.0), "customers wait until tomorrow: it is empty before goods come, whatever comes then");
    // More is to be ordered by now, and what comes too late is to be hurried all the same.
    w.order("W-1", "REGULAR", &w.today.to_string(), &[(late, 260)]);
    let board = w.board();
    let l = line(&board, late).unwrap();
    assert!(l.quantity().is_some() && l.hurried().is_none(), "{:?}", l.need);
    assert_eq!(l.too_late().map(|way| way.inbound.po_code.as_str()), Some("PO-8"));
    let notes = reorder::explain(w.store.db(), &board, l).unwrap().notes;
    assert!(notes.iter().any(|n| n.starts_with("PO-8 brings 200, about ") && n.contains("hurry it too")), "{notes:?}");
}

/// More than would do is explained by what makes it so: the least that is sold, a maximum, a price, the next look.
#[test]
fn more_than_would_do_says_why() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let [least, most, price, look] = [("LEAST", 12), ("MOST", 12), ("PRICE", 12), ("LOOK", 12)].map(|(sku, stock)| {
        let item = w.sold_by(s, sku, stock);
        w.sells(item, 14, 7);
        item
    });
    w.supplied(s, least, &[("min_quantity", q(1_600).thousandths()), ("cost", 20_000)]);
    w.set("item", most.0, &[("max", Value::Integer(q(90).thousandths()))]);
    w.supplied(s, price, &[("min_quantity", q(100).thousandths()), ("cost", 20_000)]);
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        let columns = ["supplier_id", "item_id", "from_quantity", "cost"];
        tx.insert("price_break", &columns, &[&s.0, &price.0, &q(100).thousandths(), &15_000])
    })
    .unwrap();
    w.order("W-1", "REGULAR", &w.today.to_string(), &[(least, 20)]); // so much at once needs no level
    let level = line(&w.plan(), look).unwrap().reorder_point;
    w.moved(look, backshelf::domain::ids::BinId(1), level.thousandths() / 1000 - 12);
    let board = w.plan();
    let said = |item| reorder::explain(w.store.db(), &board, line(&board, item).unwrap()).unwrap().closing;
    assert!(said(most).contains("fills to your maximum 90."), "{}", said(most));
    assert!(said(price).contains("; they sell no fewer than 100, that makes 1"), "{}", said(price));
    assert!(said(look).contains(" would do, ") && said(look).contains(" lasts "), "{}", said(look));
    let Need::Ask(quantity) = line(&board, least).unwrap().need else { panic!("beyond the longest cover") };
    assert_eq!(quantity, q(1_600));
    let german = backshelf::domain::locale::within(backshelf::domain::locale::Locale::De, || w.board());
    let reason = &line(&german, least).unwrap().reason;
    assert!(reason.contains("the least to be had is 1.600"), "{reason}");
}

#[test]
fn accepting_twice_proposes_nothing_new_and_takes_back_as_one() {
    let mut w = Warehouse::new();
    let (a, b) = (w.supplier("AAA", 10, None), w.supplier("BBB", 20, None));
    for (s, sku) in [(a, "A1"), (a, "A2"), (b, "B1")] {
        let item = w.sold_by(s, sku, 3);
        w.sells(item, 14, 7);
    }
    let board = w.plan();
    assert_eq!((board.lines.len(), board.groups.len()), (3, 2));
    w.accept(&board);
    assert_eq!(w.text("SELECT group_concat(code || ' ' || status) FROM purchase_order"), "PO-1 draft,PO-2 draft");
    assert_eq!(w.number("SELECT count(*) FROM po_line"), 3);
    for board in [w.board(), w.plan()] {
        assert!(board.groups.is_empty(), "nothing is suggested twice for the same need, also not after planning anew");
        assert_eq!((board.lines.len(), board.to_send.len()), (3, 3), "only that the drafts are to be sent");
    }
    let board = w.board();
    let l = &board.lines[board.to_send[0]];
    let covers = format!(
        "PO-1 covers it but is a draft: without its {} you have 3, low at {}; send it today.",
        l.on_order, l.reorder_point
    );
    assert_eq!((l.reason.as_str(), l.quantity(), l.sign), (covers.as_str(), None, '!'));
    assert_eq!(l.draft().unwrap().inbound.po_code, "PO-1");
    for po in [1, 2] {
        let act = w.act("send");
        life::send(&mut w.store, act, backshelf::domain::ids::PoId(po), &Told::default()).unwrap();
    }
    let board = w.board();
    assert!(board.to_send.is_empty() && board.groups.is_empty());
}

#[test]
fn drafts_are_extended_and_a_line_of_the_same_item_grows() {
    let mut w = Warehouse::new();
    let s = w.supplier("AAA", 10, None);
    let (one, two) = (w.sold_by(s, "ONE", 0), w.sold_by(s, "TWO", 0));
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.insert("purchase_order", &["code", "supplier_id", "status"], &[&"PO-77", &s.0, &"closed"])
    })
    .unwrap();
    let order = |item, n| ToOrder { item, supplier: s, quantity: q(n), cost: Money::parse("2.50"), seen: None };
    let act = w.act("reorder");
    let first = purchasing::accept(&mut w.store, act, &[order(one, 5)]).unwrap();
    assert_eq!(first.summary, "put 1 line, 12.50, on PO-78 for AAA Ltd");
    let act = w.act("reorder");
    let second = purchasing::accept(&mut w.store, act, &[order(one, 7), order(two, 1)]).unwrap();
    assert_eq!(first.value, second.value);
    assert_eq!(w.text("SELECT group_concat(line || ':' || quantity) FROM po_line"), "1:12000,2:1000");
    let mut again = |seen| {
        let act = w.act("reorder");
        purchasing::accept(&mut w.store, act, &[ToOrder { seen: Some(q(seen)), ..order(one, 7) }])
    };
    again(12).unwrap();
    let said = refusal(again(12));
    assert!(
        said.starts_with(
            "ONE name: you had 12 when you looked, with what is coming, and have 19 now; drafts of it: PO-78."
        ),
        "{said}"
    );
    again(19).unwrap();
    for wrong in [q(0), q(-1)] {
        let act = w.act("reorder");
        let said = refusal(purchasing::accept(&mut w.store, act, &[ToOrder { quantity: wrong, ..order(one, 1) }]));
        assert!(said.contains("above 0"), "{said}");
    }
}

#[test]
fn minimum_then_packs_and_the_preferred_supplier() {
    let mut w = Warehouse::new();
    let (own, better) = (w.supplier("OWN", 10, None), w.supplier("BETTER", 12, None));
    let item = w.sold_by(own, "ITEM", 0);
    w.set("item", item.0, &[("min", Value::Integer(4000)), ("max", Value::Integer(8000))]);
    let l = line(&w.plan(), item).cloned().unwrap();
    assert_eq!((l.supplier, l.quantity()), (Some(own), Some(q(8))));
    w.supplied(own, item, &[("min_quantity", 100_000)]);
    assert_eq!(line(&w.plan(), item).unwrap().quantity(), Some(q(100)), "one line of 100");
    w.supplied(better, item, &[("min_quantity", 100_000), ("pack", 30_000), ("preferred", 1), ("cost", 15_000)]);
    let l = line(&w.plan(), item).cloned().unwrap();
    assert_eq!((l.supplier, l.quantity(), l.cost), (Some(better), Some(q(120)), Money::parse("180")));
}

#[test]
fn a_typed_minimum_stays_in_force_and_the_programs_figure_is_shown() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "CHANG", 21);
    w.sells(item, 14, 7);
    w.set("item", item.0, &[("min", Value::Integer(20_000)), ("max", Value::Integer(60_000))]);
    assert_eq!(line(&w.plan(), item), None, "21 is above the minimum of 20");
    let bin = backshelf::domain::ids::BinId(1);
    w.moved(item, bin, -1);
    let board = w.board();
    let l = line(&board, item).unwrap();
    assert_eq!((l.reorder_point, l.quantity(), l.order_up_to), (q(20), Some(q(40)), q(60)));
    assert!(l.program_point.unwrap() > q(20));
    assert!(l.reason.contains("at or below your minimum 20"), "{}", l.reason);
}

#[test]
fn waiting_customers_bring_an_order_whatever_the_history() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let (never, ends) = (w.sold_by(s, "NEVER", 0), w.sold_by(s, "ENDS", 0));
    let quiet = w.sold_by(s, "QUIET", 0);
    w.set("item", ends.0, &[("status", Value::Text("discontinued".into()))]);
    w.order("O1", "C", "2026-11-20", &[(ends, 4)]);
    let board = w.plan();
    assert_eq!(line(&board, never), None);
    assert_eq!(line(&board, quiet), None);
    let l = line(&board, ends).unwrap();
    assert_eq!((l.quantity(), l.wait, l.out_on), (Some(q(4)), q(4), Some(w.today)));
    assert!(l.reason.contains("discontinued"), "{}", l.reason);
}

/// Two items that sell alike: PO-7 brings the first too late, PO-8 the other in time.
pub fn late_and_in_time() -> (Warehouse, ItemId, ItemId) {
    let mut w = Warehouse::new();
    let s = w.supplier("LATE", 10, None);
    let (late, fine) = (w.sold_by(s, "LATE1", 6), w.sold_by(s, "FINE1", 60));
    w.sells(late, 14, 7);
    w.sells(fine, 14, 7);
    w.po("PO-7", "LATE", "2026-12-18", &[(late, 200)]);
    w.po("PO-8", "LATE", "2026-11-27", &[(fine, 200)]);
    (w, late, fine)
}

#[test]
fn goods_that_come_too_late_are_hurried_and_those_in_time_are_left_alone() {
    let (mut w, late, fine) = late_and_in_time();
    let board = w.plan();
    assert_eq!(line(&board, fine), None, "it comes in time");
    let l = line(&board, late).unwrap();
    assert!(matches!(l.need, Need::Expedite(_)), "{:?}", l.need);
    assert_eq!((l.quantity(), l.cost, board.expedite.len()), (None, None, 1));
    assert!(
        l.reason.starts_with("Expedite: PO-7 of LATE Ltd brings 200, likely Fri 18 Dec; the shelf is empty from"),
        "{}",
        l.reason
    );
    let sheet = reorder::sheet(&board);
    assert_eq!(sheet.columns.len(), sheet.rows[0].len());
}

#[test]
fn the_first_confirmed_date_stays_and_the_expected_one_moves() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "ITEM", 0);
    let act = w.act("reorder");
    let to_order = ToOrder { item, supplier: s, quantity: q(5), cost: None, seen: None };
    let po = purchasing::accept(&mut w.store, act, &[to_order]).unwrap().value[0];
    let line = PoLineId(w.number("SELECT id FROM po_line"));
    let confirmed = |seen: Option<&str>, on: &str| Confirmation {
        lines: vec![ConfirmedLine { line, seen: seen.map(day), day: day(on), cost: None }],
        ..Confirmation::default()
    };
    let act = w.act("confirm");
    assert!(refusal(life::confirm(&mut w.store, act, &confirmed(None, "2026-12-01"))).contains("Send it first"));
    assert_eq!(w.number("SELECT on_order FROM item_state"), 0, "a draft is not supply");
    let act = w.act("send");
    life::send(&mut w.store, act, po, &Told::default()).unwrap();
    assert_eq!(w.number("SELECT on_order FROM item_state"), 5000);
    let act = w.act("send");
    assert!(refusal(life::send(&mut w.store, act, po, &Told::default())).contains("sent already"));
    for (seen, on) in [(None, "2026-12-01"), (Some("2026-12-01"), "2026-12-09"), (Some("2026-12-09"), "2026-12-11")] {
        let act = w.act("confirm");
        life::confirm(&mut w.store, act, &confirmed(seen, on)).unwrap();
    }
    assert_eq!(w.text("SELECT confirmed_for || ' ' || expected_on FROM po_line"), "2026-12-01 2026-12-11");
    assert_eq!(
        w.text("SELECT status || ' ' || ordered_on || ' ' || confirmed_on FROM purchase_order"),
        "confirmed 2026-11-23 2026-11-23"
    );
    let act = w.act("redate");
    let past = refusal(life::confirm(&mut w.store, act, &confirmed(Some("2026-12-11"), "2026-11-20")));
    assert!(past.contains("past"), "{past}");
    let act = w.act("cancel");
    let ending = Ending { po, lines: vec![(line, q(5))], by: EndedBy::Us, reason: String::new(), told: None };
    life::end(&mut w.store, act, &ending).unwrap();
    assert_eq!(w.text("SELECT status FROM purchase_order"), "cancelled");
    assert_eq!(w.number("SELECT on_order FROM item_state"), 0);
}

#[test]
fn what_is_put_off_is_not_suggested_until_then() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "ITEM", 1);
    w.sells(item, 14, 7);
    assert!(line(&w.plan(), item).is_some());
    let act = w.act("later");
    assert!(refusal(purchasing::put_off(&mut w.store, act, item, day("2026-11-30"), " ")).contains("why"));
    let act = w.act("later");
    purchasing::put_off(&mut w.store, act, item, day("2026-11-30"), "new catalogue").unwrap();
    let board = w.board();
    assert_eq!((board.lines.len(), board.later.len()), (0, 1));
    // It is ended early, once, and that is undone as everything is.
    let act = w.act("later");
    let done = buying::suggest_again(&mut w.store, act, item).unwrap();
    assert_eq!((w.board().lines.len(), w.board().later.len()), (1, 0));
    let act = w.act("later");
    assert!(buying::suggest_again(&mut w.store, act, item).is_err());
    let act = w.act("undo");
    undo::undo(&mut w.store, act, done.operation).unwrap();
    assert_eq!((w.board().lines.len(), w.board().later.len()), (0, 1));
    w.today = day("2026-11-30");
    assert_eq!(w.board().lines.len(), 1);
}

#[test]
fn plans_know_when_they_are_stale_and_leave_no_trace_in_the_journal() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let item = w.sold_by(s, "ITEM", 30);
    w.sells(item, 14, 7);
    assert!(planning::is_stale(w.store.db(), w.today).unwrap());
    let operations = w.number("SELECT count(*) FROM operation");
    w.plan();
    assert_eq!(w.number("SELECT count(*) FROM operation"), operations);
    assert!(!planning::is_stale(w.store.db(), w.today).unwrap());
    let kept = plans::plan_of(w.store.db(), item).unwrap();
    w.plan();
    assert_eq!(plans::plan_of(w.store.db(), item).unwrap(), kept, "the same facts, the same plan");
    w.moved(item, backshelf::domain::ids::BinId(1), 5);
    assert_eq!(planning::due(w.store.db(), w.today).unwrap(), planning::Due::Items([item].into()));
    assert!(line(&w.board(), item).is_none_or(|l| l.stale), "a line that is not of now says so");
    planning::bring_up_to_date(&mut w.store, w.today, &|_, _| true).unwrap();
    assert!(!planning::is_stale(w.store.db(), w.today).unwrap());
    w.order("NEW", "C", "2026-11-23", &[(item, 3)]);
    assert!(planning::is_stale(w.store.db(), w.today).unwrap());
    let fresh = reorder::load_fresh(w.store.db(), w.today).unwrap().lines;
    planning::bring_up_to_date(&mut w.store, w.today, &|_, _| true).unwrap();
    assert_eq!(fresh, w.board().lines);
    assert!(planning::is_stale(w.store.db(), w.today + TimeDelta::days(1)).unwrap());
    let stopped = planning::plan(&mut w.store, w.today, &|_, _| false);
    assert!(refusal(stopped).contains("stopped"));
}

#[test]
fn an_order_carried_on_and_a_substitute_are_demand_once_and_of_what_was_wanted() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let (wanted, sent) = (w.sold_by(s, "WANTED", 0), w.sold_by(s, "SENT", 0));
    let old = w.order("OLD", "C", "2026-11-02", &[(wanted, 10)]);
    let new = w.order("NEWER", "C", "2026-11-09", &[(wanted, 4), (sent, 3)]);
    let (old_order, new_order) = (1, 2);
    assert_eq!(w.number("SELECT order_id FROM order_line WHERE id = 1"), old_order);
    w.set("customer_order", new_order, &[("continues_id", Value::Integer(old_order))]);
    w.set("order_line", new[1].0, &[("wanted_item_id", Value::Integer(wanted.0))]);
    assert_eq!(old.len(), 1);
    let ordered = past_demand::ordered(w.store.db(), w.today).unwrap();
    assert_eq!(ordered[&wanted].days.iter().map(|d| d.1).sum::<i64>(), 13_000);
    assert!(ordered.get(&sent).is_none_or(|o| o.days.is_empty()));
}

/// A real warehouse of 73,595 orders: every figure is plain, packs and minimum hold, and what was accepted is not
/// suggested again.
#[test]
fn a_real_warehouse_is_planned_and_ordered_once() {
    use backshelf::exchange::{profile::Profile, read::read};
    let Some(data) = crate::support::shared_data() else { return };
    let profile = Profile::load("wide-world-importers", None).unwrap();
    let batch = read(&[data.join("wideworldimporters")], Some(&profile), &mut |_, _| {}).unwrap();
    let mut w = Warehouse::new();
    w.today = day("2016-05-31");
    assert!(crate::importing::run(&mut w, batch, Default::default()).written);
    // Its own minimum levels are in force: the positions are above them all, so goods on their way are hurried at most.
    let own = w.plan();
    assert!(own.lines.iter().all(|l| matches!(l.need, Need::Expedite(_))), "{:?}", own.total());
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        for item in plans::items(tx)? {
            tx.update("item", item.id.0, &[("min", Value::Null), ("max", Value::Null)])?;
        }
        Ok(())
    })
    .unwrap();
    let plans = planning::compute(w.store.db(), w.today, &|_, _| true).unwrap();
    assert_eq!(plans.rows.len(), 227);
    planning::keep(&mut w.store, &plans).unwrap();
    let board = w.board();
    assert!(!board.groups.is_empty());
    for l in &board.lines {
        assert!(l.daily.is_finite() && l.lead_days.is_finite() && !l.reason.is_empty(), "{l:?}");
        if let Some(quantity) = l.quantity() {
            assert_eq!(quantity.thousandths() % l.pack.thousandths(), 0);
            assert!(l.position + quantity > l.reorder_point && l.position <= l.reorder_point);
        }
    }
    w.accept(&board);
    let again: Vec<ReorderLine> =
        w.plan().lines.into_iter().filter(|l| l.quantity().or(l.asked()).is_some() && l.supplier.is_some()).collect();
    assert!(again.is_empty(), "{:?}", again.first());
}
