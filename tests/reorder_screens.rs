//! The Reorder tab as the person uses it, with planning in the background.

use crate::support::rig::Rig;
use crate::support::warehouse::{Warehouse, q};
use backshelf::domain::ids::{ItemId, SupplierId};
use backshelf::domain::money::Money;
use backshelf::ops::{checking, perform, planning};
use backshelf::tui::event::Event;
use backshelf::worker::{Job, Progress, Reply, reorder};
use chrono::TimeDelta;
use rusqlite::types::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Two suppliers, one of them with a minimum; three items that sell weekly and have run low, one that is plenty.
fn shop(with_orders: bool) -> Warehouse {
    let mut w = Warehouse::new();
    let bin = w.bin("A1-04", "storage");
    let cajun = supplier(&mut w, "NOC", "New Orleans Cajun", Some("250"));
    let exotic = supplier(&mut w, "EXO", "Exotic Liquids", Some("50000"));
    for (sku, name, of, stock) in [
        ("CON-066", "Louisiana Hot Spiced Okra", cajun, 1),
        ("BEV-001", "Chai 10 x 20 bags", exotic, 9),
        ("BEV-002", "Chang 24 x 12 oz, the long name that no list has room for at all", exotic, 5),
        ("BEV-009", "Plenty of tea", exotic, 800),
    ] {
        let item = w.item(sku, name);
        set_item(&mut w, item, of);
        w.moved(item, bin, stock);
        if with_orders {
            sells(&mut w, item);
        }
    }
    offer(&mut w, exotic, 2, 84_000);
    w
}

fn supplier(w: &mut Warehouse, code: &str, name: &str, minimum: Option<&str>) -> SupplierId {
    let minimum = minimum.and_then(Money::parse).map(Money::ten_thousandths);
    let act = w.act("prepare");
    let made = perform(&mut w.store, act, |tx| {
        tx.insert("supplier", &["code", "name", "lead_days", "min_order_value"], &[&code, &name, &10, &minimum])
    });
    SupplierId(made.unwrap().value)
}

fn set_item(w: &mut Warehouse, item: ItemId, of: SupplierId) {
    let act = w.act("prepare");
    let cells =
        [("supplier_id", Value::Integer(of.0)), ("cost", Value::Integer(84_000)), ("pack", Value::Integer(12_000))];
    perform(&mut w.store, act, |tx| tx.update("item", item.0, &cells)).unwrap();
    offer(w, of, item.0, 84_000);
}

fn offer(w: &mut Warehouse, of: SupplierId, item: i64, cost: i64) {
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        let known: i64 = tx.query_row(
            "SELECT count(*) FROM supplier_item WHERE supplier_id = ?1 AND item_id = ?2",
            [of.0, item],
            |r| r.get(0),
        )?;
        if known == 0 {
            tx.insert("supplier_item", &["supplier_id", "item_id", "cost", "pack"], &[&of.0, &item, &cost, &12_000])?;
        }
        Ok(())
    })
    .unwrap();
}

fn sells(w: &mut Warehouse, item: ItemId) {
    for n in 1..52 {
        let on = (w.today - TimeDelta::days(n * 7)).to_string();
        let line = w.order(&format!("S{}-{n}", item.0), "REGULAR", &on, &[(item, 7)])[0];
        let act = w.act("prepare");
        let cells = [("shipped", Value::Integer(q(7).thousandths())), ("allocated", Value::Integer(0))];
        perform(&mut w.store, act, |tx| {
            tx.touch(item);
            tx.update("order_line", line.0, &cells)
        })
        .unwrap();
    }
}

fn open(w: Warehouse, width: u16, height: u16) -> Rig {
    let mut rig = Rig::planning(w.store, width, height);
    rig.keys("4");
    rig
}

fn number(rig: &Rig, sql: &str) -> i64 {
    rig.desk.store.db().query_row(sql, [], |r| r.get(0)).unwrap()
}

#[test]
fn plans_are_made_when_the_workbench_opens_and_stock_shows_how_long_it_lasts() {
    let mut rig = open(shop(true), 80, 24);
    assert_eq!(number(&rig, "SELECT count(*) FROM item_plan"), 4);
    let db = rig.desk.store.db();
    assert!(!planning::is_stale(db, rig.app.look.today).unwrap());
    assert_eq!(checking::check(db).unwrap().faults, Vec::<String>::new());
    rig.keys("1");
    assert!(rig.screen().contains("Lasts"), "{}", rig.screen());
    assert!(rig.screen().contains(" 9 d"), "{}", rig.screen());
    // Plans that an earlier version made are no fault: they are made anew by themselves.
    let earlier = "UPDATE item_plan SET details = replace(details, '\"reckoning\":', '\"once\":')";
    rig.desk.store.keep("spoiling", |db| Ok(db.execute(earlier, [])?)).unwrap();
    let report = checking::check(rig.desk.store.db()).unwrap();
    assert_eq!((report.faults, report.notes.len()), (Vec::<String>::new(), 1));
    assert_eq!(planning::due(rig.desk.store.db(), rig.app.look.today).unwrap(), planning::Due::Whole);
    rig.keys("<f5>");
    let report = checking::check(rig.desk.store.db()).unwrap();
    assert_eq!((report.faults, report.notes), (Vec::<String>::new(), Vec::<String>::new()));
    rig.desk.store.keep("spoiling", |db| Ok(db.execute("UPDATE item_plan SET daily = 77", [])?)).unwrap();
    let faults = checking::check(rig.desk.store.db()).unwrap().faults;
    assert!(faults.iter().any(|f| f.contains("The plan of BEV-001 says 77.00 a day")), "{faults:?}");
}

#[test]
fn lines_stand_under_their_suppliers_with_the_minimum() {
    let rig = open(shop(true), 80, 24);
    let screen = rig.screen();
    assert!(screen.contains("To order from 2 suppliers: 3 lines, "), "{screen}");
    assert!(screen.contains("[4 Reorder 3]"), "{screen}");
    assert!(screen.contains("── New Orleans Cajun   "), "{screen}");
    assert!(screen.contains("minimum 250.00 reached") || screen.contains("short of minimum 250.00"), "{screen}");
    assert!(screen.contains("short of minimum 50,000.00"), "{screen}");
    assert!(screen.contains(" on hand + 0 coming - 0 ordered by customers = "), "{screen}");
}

#[test]
fn an_accepted_line_is_a_draft_and_undo_brings_the_suggestion_back() {
    let mut rig = open(shop(true), 80, 24);
    let before = rig.operations();
    rig.keys("s");
    assert!(rig.screen().contains("new PO, "), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
    rig.keys("<f8>");
    assert!(rig.screen().contains("Saved") && rig.screen().contains("PO-1 for "), "{}", rig.screen());
    rig.keys("* s <f8>");
    assert!(rig.screen().contains("Nothing new to order once the drafts are sent."), "{}", rig.screen());
    assert!(rig.screen().contains("Covered once a draft is sent: 3 lines"), "{}", rig.screen());
    assert_eq!(number(&rig, "SELECT count(*) FROM purchase_order WHERE status = 'draft'"), 2);
    // Planned and looked at again, nothing is proposed twice.
    rig.keys("<f5> 1 4");
    assert!(rig.screen().contains("Nothing new to order once"), "{}", rig.screen());
    rig.keys("u <f8> u <down> <f8>");
    let _ = rig.screen();
    rig.keys("<esc> <esc>");
    assert!(number(&rig, "SELECT count(*) FROM purchase_order") < 2, "{}", rig.screen());
    assert!(!rig.screen().contains("Nothing new to order"), "{}", rig.screen());
}

#[test]
fn a_changed_quantity_is_what_is_ordered() {
    let mut rig = open(shop(true), 80, 24);
    let before = rig.operations();
    rig.keys("e <bs> <bs> <bs> <bs> <bs>").text("96").keys("<f8>");
    assert_eq!(rig.operations(), before + 1, "it is kept");
    assert_eq!(number(&rig, "SELECT count(*) FROM po_line"), 0, "and nothing is ordered yet");
    assert!(rig.screen().contains("changed it to 96 today."), "{}", rig.screen());
    rig.keys("<space> s <f8>");
    assert_eq!(number(&rig, "SELECT max(quantity) FROM po_line"), 96_000, "{}", rig.screen());
    assert_eq!(number(&rig, "SELECT count(*) FROM po_line"), 1);
}

/// The marks stayed on what was ordered, and `s` at the next supplier said that a draft covers it.
#[test]
fn what_was_ordered_is_marked_no_more() {
    let mut rig = open(shop(true), 80, 24);
    rig.keys("<space> s <f8>").wait();
    assert!(!rig.screen().contains("marked"), "{}", rig.screen());
    rig.keys("<home> s").wait();
    assert!(rig.screen().contains("Make POs, as drafts"), "{}", rig.screen());
}

#[test]
fn fewer_than_they_sell_is_asked_about_once() {
    let mut w = shop(true);
    let big = supplier(&mut w, "BIG", "Bigfoot Breweries", None);
    offer(&mut w, big, 1, 90_000);
    let act = w.act("prepare");
    let least = [("min_quantity", Value::Integer(36_000))];
    perform(&mut w.store, act, |tx| {
        let all: Vec<i64> = (1..=tx.query_row("SELECT max(id) FROM supplier_item", [], |r| r.get(0))?).collect();
        all.into_iter().try_for_each(|id| tx.update("supplier_item", id, &least).map(drop))
    })
    .unwrap();
    let mut rig = open(w, 80, 24);
    let before = rig.operations();
    rig.keys("e <bs> <bs> <bs> <bs> <bs>").text("24");
    assert!(rig.screen().contains("They sell no fewer than 36"), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("F8 again orders fewer"), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    // Another supplier's own quantity takes the place of what was typed, and says so.
    rig.keys("w").wait();
    assert!(
        !rig.screen().contains("in place of the 24") || rig.screen().contains("that was typed"),
        "{}",
        rig.screen()
    );
}

#[test]
fn a_maximum_far_beyond_what_sells_is_asked_about_once_where_it_is_typed_and_where_it_is_ordered() {
    let mut rig = open(shop(true), 120, 36);
    let before = rig.operations();
    rig.keys("a <end> <tab> <bs> <bs> <bs> <bs>").text("30").keys("<tab> <bs> <bs> <bs> <bs> <bs>").text("9999999");
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("F8 again keeps so many"), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    rig.keys("<esc> <space> s <f8>").wait();
    assert!(rig.screen().contains("up to your maximum"), "{}", rig.screen());
    assert_eq!(number(&rig, "SELECT count(*) FROM po_line"), 0);
    rig.keys("<f8>").wait();
    assert_eq!(number(&rig, "SELECT count(*) FROM po_line"), 1, "{}", rig.screen());
}

#[test]
fn later_and_drop_take_the_line_away_until_a_day() {
    let mut rig = open(shop(true), 80, 24);
    rig.keys("z <f8>");
    assert!(rig.screen().contains("2 lines"), "{}", rig.screen());
    rig.keys("x <f8>");
    assert!(rig.screen().contains("1 line,"), "{}", rig.screen());
    assert_eq!(number(&rig, "SELECT count(*) FROM later WHERE reason = 'not needed'"), 1);
    rig.keys("u <f8>");
    assert!(rig.screen().contains("2 lines"), "{}", rig.screen());
}

#[test]
fn another_supplier_can_take_a_line() {
    let mut w = shop(true);
    let big = supplier(&mut w, "BIG", "Bigfoot Breweries", None);
    for item in 1..=3 {
        offer(&mut w, big, item, 90_000);
    }
    let mut rig = open(w, 80, 24);
    rig.keys("w");
    assert!(rig.screen().contains("Bigfoot Breweries") && rig.screen().contains(" more"), "{}", rig.screen());
    assert!(rig.screen().contains("takes about") && !rig.screen().contains("says "), "{}", rig.screen());
    let now = rig.screen().lines().find(|l| l.contains("now  ")).unwrap_or("").to_string();
    assert!(!now.contains("sooner") && !now.contains("later"), "it is no sooner than itself: {now}");
    rig.keys("<f8>");
    assert!(rig.screen().contains("── Bigfoot Breweries"), "{}", rig.screen());
    rig.keys("/").text("okra\n").wait();
    let screen = rig.screen();
    assert!(screen.contains(" from BIG today") && screen.contains("Bigfoot") && !screen.contains("saves"), "{screen}");
}

#[test]
fn the_pane_and_the_whole_row_explain_each_number() {
    let mut rig = open(shop(true), 120, 36);
    let pane = rig.screen();
    for words in ["on hand", "you have", "will sell in", "order at or below this"] {
        assert!(pane.contains(words), "{words}: {pane}");
    }
    rig.keys("<enter>");
    assert!(rig.screen().contains("the rows behind the numbers"), "{}", rig.screen());
    for _ in 0..5 {
        rig.keys("<esc> v");
        assert!(!rig.screen().is_empty());
    }
    for (width, height) in [(40, 12), (80, 24), (160, 45)] {
        rig.resize(width, height).keys("j v <enter> <esc>");
    }
}

#[test]
fn without_past_orders_the_tab_says_so_and_uses_the_minimum() {
    let mut w = shop(false);
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.touch(ItemId(1));
        tx.update("item", 1, &[("min", Value::Integer(20_000)), ("max", Value::Integer(60_000))])
    })
    .unwrap();
    let rig = open(w, 80, 24);
    assert!(rig.screen().contains("No past orders"), "{}", rig.screen());
    assert!(rig.screen().contains("Louisiana Hot Spiced Okra"), "{}", rig.screen());
}

#[test]
fn the_last_year_is_lived_again_and_gives_a_verdict() {
    let mut rig = open(shop(true), 120, 36);
    rig.keys("h").wait();
    let screen = rig.screen();
    let words = ["lived again", "Had you ordered by this program", "By a fixed min and max", "What is not better"];
    for words in words.into_iter().chain(["Stock for exactly 95 in 100", "This program"]) {
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
    rig.keys("v").wait();
    assert!(rig.screen().contains("by supplier"), "{}", rig.screen());
}

/// A look at the last year changes neither the plans nor what is kept; the way is chosen by a key and a save.
#[test]
fn looking_at_the_last_year_writes_nothing_and_a_chooses_the_way() {
    let mut rig = open(shop(true), 120, 50);
    let kept = |rig: &Rig| {
        let plans =
            number(rig, "SELECT CAST(coalesce(sum(reorder_point * 31 + item_id), 0) AS INTEGER) FROM item_plan");
        let known = number(rig, "SELECT count(*) FROM plan_basis");
        (rig.operations(), plans, known, number(rig, "SELECT count(*) FROM plan_choice"))
    };
    let before = kept(&rig);
    rig.keys("h").wait();
    let screen = rig.screen();
    assert!(screen.contains("The plans are made by this program."), "{screen}");
    rig.keys("<esc>").wait();
    assert_eq!(kept(&rig), before);
    assert!(!rig.screen().contains("facts have changed"), "{}", rig.screen());
    rig.keys("h").wait().keys("a").wait();
    assert!(rig.screen().contains("By which way are plans made?"), "{}", rig.screen());
    rig.keys("<esc>").wait();
    assert_eq!(kept(&rig), before);
    rig.keys("a").wait().keys("<f8>").wait();
    assert_eq!(number(&rig, "SELECT count(*) FROM setting WHERE key = 'planning.policy'"), 1);
    assert_eq!(rig.operations(), before.0 + 1);
}

#[test]
fn the_programs_level_is_accepted_by_a_key_and_a_save() {
    let mut w = shop(true);
    let act = w.act("prepare");
    let cells = [("min", Value::Integer(12_000)), ("max", Value::Integer(24_000))];
    perform(&mut w.store, act, |tx| tx.update("item", 1, &cells)).unwrap();
    let mut rig = open(w, 120, 36);
    assert!(rig.screen().contains("a changes it"), "{}", rig.screen());
    rig.keys("a").wait();
    assert!(rig.screen().contains("Yours: order at or below 12, up to 24."), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert_eq!(number(&rig, "SELECT count(*) FROM item WHERE min IS NOT NULL"), 0);
    rig.keys("i").wait();
    assert!(rig.screen().contains("No order of it stands out"), "{}", rig.screen());
}

#[test]
fn a_replay_shows_how_far_it_is_and_esc_stops_it() {
    let mut rig = open(shop(true), 80, 24);
    rig.endless = true;
    rig.keys("v h").wait();
    let so_far = |done| Progress { job: Job::Replay, done, all: 100, seconds_left: Some(14) };
    rig.send(Event::Reply(Reply::Progress(so_far(40))));
    assert!(rig.screen().contains("[========............] 40 %, about 14 s left. Esc stops it."), "{}", rig.screen());
    rig.keys("<esc>").wait();
    assert!(rig.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed)));
    let screen = rig.screen();
    assert!(screen.contains("The replay was stopped.") && screen.contains("by urgency"), "{screen}");
    // What was on its way meanwhile finds nobody who waits; asked for again it begins anew.
    rig.send(Event::Reply(Reply::Progress(so_far(60))));
    rig.endless = false;
    rig.keys("h").wait();
    assert!(rig.screen().contains("This program"), "{}", rig.screen());
}

#[test]
fn a_stopped_replay_answers_with_a_sentence() {
    let mut rig = open(shop(true), 80, 24);
    let stop = Arc::new(AtomicBool::new(true));
    let today = rig.app.look.today;
    match reorder::load(&mut rig.desk, reorder::Load::Replay { stop }, today) {
        Ok(reorder::Answer::NotReplayed(why)) => assert!(why.contains("stopped"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_lines_for_today_are_counted_once_for_sentence_rows_and_card() {
    let mut rig = open(shop(true), 160, 45);
    let screen = rig.screen();
    let rows = screen.lines().filter(|l| l.contains("! today")).count();
    assert!(rows > 0, "{screen}");
    let said = if screen.contains("; all today.") { 3 } else { rows };
    assert_eq!(said, rows, "{screen}");
    assert!(screen.contains(&format!("; {rows} today.")) || screen.contains("; all today."), "{screen}");
    rig.keys("0").wait();
    let card = rig.screen();
    let line = card.lines().find(|l| l.contains("to order")).unwrap();
    assert!(line.contains(" today") && line.contains(&format!("{rows} ")), "{card}");
}

#[test]
fn what_nobody_is_known_to_sell_leads_to_a_form() {
    let mut w = shop(true);
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.touch(ItemId(1));
        tx.update("item", 1, &[("supplier_id", Value::Null)])?;
        tx.delete("supplier_item", 1)
    })
    .unwrap();
    let mut rig = open(w, 80, 24);
    assert!(rig.screen().contains("Nobody is known to sell these: w says who does"), "{}", rig.screen());
    rig.keys("/").text("okra\n").keys("s").wait();
    assert!(
        rig.screen().contains("Nobody is known to sell Louisiana Hot Spiced Okra: w says who does."),
        "{}",
        rig.screen()
    );
    rig.keys("w").wait();
    assert!(rig.screen().contains("Nobody is known to sell it yet."), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert_eq!(number(&rig, "SELECT count(*) FROM supplier_item WHERE item_id = 1"), 1, "{}", rig.screen());
    rig.keys("<esc>").wait();
    assert!(!rig.screen().contains("Nobody is known"), "{}", rig.screen());
    // One more, who is on no list yet.
    rig.keys("/")
        .text("okra\n")
        .keys("w <end> <f4> <end> <enter> <tab>")
        .text("ACME")
        .keys("<tab>")
        .text("Acme Foods")
        .keys("<f8>")
        .wait();
    assert_eq!(number(&rig, "SELECT count(*) FROM supplier WHERE name = 'Acme Foods'"), 1, "{}", rig.screen());
    assert_eq!(number(&rig, "SELECT count(*) FROM supplier_item WHERE item_id = 1"), 2);
}

#[test]
fn a_draft_stands_in_the_tab_until_it_is_sent() {
    let mut rig = open(shop(true), 80, 24);
    rig.keys("s <f8>").wait();
    let screen = rig.screen();
    assert!(screen.contains("Drafts that wait to be sent") && screen.contains("~ send"), "{screen}");
    rig.keys("<end> <enter>").wait();
    assert!(rig.screen().contains("PO-1") && rig.screen().contains("draft"), "{}", rig.screen());
    rig.keys("s").wait();
    assert!(rig.screen().contains("Send an order to"), "{}", rig.screen());
}

#[test]
fn every_figure_of_the_sum_opens_its_rows() {
    let mut rig = open(shop(true), 80, 24);
    let screen = rig.screen();
    assert!(screen.contains("Order ") && screen.contains("packs of 12) today: you have 1, it is low at"), "{screen}");
    rig.keys("<enter>").wait();
    assert!(rig.screen().contains("1  in A1-04"), "on hand: {}", rig.screen());
    rig.keys("j").wait();
    assert!(rig.screen().contains("No customer waits for it."), "{}", rig.screen());
    rig.keys("j j").wait();
    assert!(rig.screen().contains("week from      ordered"), "{}", rig.screen());
    rig.keys("j").wait();
    assert!(rig.screen().contains("From the order, goods usually take 10 days"), "{}", rig.screen());
    rig.resize(120, 40).keys("<end> k k").wait();
    let screen = rig.screen();
    for words in ["without the order", "with 24", "even if it sells fast", "Expected 6.9 a week", "With it: "] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    rig.keys("<esc> t").wait();
    assert!(rig.screen().contains("No customer waits for it."), "{}", rig.screen());
}

#[test]
fn what_a_person_knows_of_an_item_is_typed_and_goes_before_what_was_learned() {
    let mut rig = open(shop(true), 80, 24);
    rig.keys("d j j <enter>").wait().text("soon").keys("<f8>").wait();
    assert!(rig.screen().contains("\"soon\" is no number of days"), "{}", rig.screen());
    rig.keys("<bs> <bs> <bs> <bs>").text("30").keys("<f8>").wait();
    assert_eq!(number(&rig, "SELECT lead_days FROM item_rule"), 30, "{}", rig.screen());
    // Of one supplier it is another: one deed, and it goes before the item's.
    rig.keys("<enter> <tab>").text("21").keys("<f8>").wait();
    assert_eq!(number(&rig, "SELECT lead_days FROM item_rule WHERE supplier_id = 1"), 21, "{}", rig.screen());
    rig.keys("<esc> u <f8>").wait();
    rig.keys("<esc>").wait();
    assert_eq!(number(&rig, "SELECT count(*) FROM item_rule"), 1, "{}", rig.screen());
    rig.keys("<enter>").wait();
    assert!(
        rig.screen().contains("will sell in 37 days: 30 days to come, 7 days to the next look"),
        "{}",
        rig.screen()
    );
}

#[test]
fn a_minimum_is_filled_up_and_a_budget_kept_where_the_person_says_so() {
    let mut w = shop(true);
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.update("supplier", 2, &[("min_order_value", Value::Integer(20_000_000))])?;
        tx.insert("setting", &["key", "value"], &[&"planning.budget", &"300"])
    })
    .unwrap();
    let mut rig = open(w, 120, 36);
    rig.keys("* s").wait();
    let screen = rig.screen();
    assert!(screen.contains("would take the most risk away for it.") && screen.contains("over the budget"), "{screen}");
    rig.keys("<tab> 2").wait();
    assert!(rig.screen().contains("is missing at Exotic Liquids: filled up with"), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("F8 again orders it all"), "it is asked once: {}", rig.screen());
    rig.keys("<f8>").wait();
    let worth = "SELECT sum(l.quantity * l.cost / 1000) FROM po_line l JOIN purchase_order o ON o.id = l.po_id
                 WHERE o.supplier_id = 2";
    assert!(number(&rig, worth) >= 20_000_000, "{}", rig.screen());
    assert_eq!(number(&rig, "SELECT count(*) FROM po_line WHERE quantity % 12000 <> 0"), 0);
    rig.keys("u <f8>").wait();
    rig.keys("<esc> * s <tab> <tab> 2").wait();
    assert!(rig.screen().contains("left out"), "{}", rig.screen());
    assert!(rig.screen().contains("[ ] ") && rig.screen().contains("[x] "), "{}", rig.screen());
    rig.keys("1").wait();
    assert!(!rig.screen().contains("[ ] "), "ticked again: {}", rig.screen());
    rig.keys("2 <f8>").wait();
    let left = number(&rig, "SELECT coalesce(sum(quantity * cost / 1000), 0) FROM po_line");
    assert!(left > 0 && left <= 3_000_000, "{left}: {}", rig.screen());
}

#[test]
fn what_is_too_much_says_what_to_do() {
    let mut w = Warehouse::new();
    let bin = w.bin("A1-04", "storage");
    let s = supplier(&mut w, "NOC", "New Orleans Cajun", None);
    let item = w.item("TEA", "Plenty of tea");
    set_item(&mut w, item, s);
    w.moved(item, bin, 5_000);
    sells(&mut w, item);
    let mut rig = open(w, 120, 36);
    rig.keys("v v v v v").wait();
    let screen = rig.screen();
    assert!(screen.contains("Plenty of tea") && screen.contains("Order none: it lasts"), "{screen}");
    assert!(screen.contains(">999 d") && screen.contains("4,642"), "{screen}");
}

/// A footer shows what does something in its view; Esc leads back to the first; what was said goes with the view.
#[test]
fn each_view_has_its_own_keys_and_esc_leads_back() {
    let mut rig = open(shop(true), 160, 45);
    let foot = |rig: &Rig| rig.screen().lines().last().unwrap_or("").trim().to_string();
    assert!(foot(&rig).starts_with("e change  w other supplier") && !foot(&rig).contains("open PO"), "{}", foot(&rig));
    for (views, starts) in [("v v v", "h last year"), ("v v v v", "h last year"), ("v v v v v", "")] {
        rig.keys(views).wait();
        let shown = foot(&rig);
        assert!(!shown.contains("e change") && !shown.contains("w other") && shown.starts_with(starts), "{shown}");
        rig.keys("e").wait();
        assert!(rig.screen().contains("(v)"), "{}", rig.screen());
        rig.keys("v").wait();
        assert!(!rig.screen().contains("Another view (v)"), "{}", rig.screen());
        rig.keys("<esc>").wait();
        assert!(rig.screen().contains("View: by supplier"), "{}", rig.screen());
    }
    rig.keys("h").wait();
    assert!(foot(&rig).starts_with("a way of planning") && !foot(&rig).contains("e change"), "{}", foot(&rig));
    rig.keys("<esc>").wait();
    rig.keys("v <down>").wait();
    rig.keys("/").text("chai\n").keys("<esc>").wait();
    assert!(rig.screen().contains("View: by urgency"), "the filter goes first: {}", rig.screen());
    rig.keys("<esc>").wait();
    assert!(rig.screen().contains("View: by supplier"), "{}", rig.screen());
}

#[test]
fn a_changed_dialog_that_is_cancelled_says_so() {
    let mut rig = open(shop(true), 80, 24);
    rig.keys("e <bs>").text("9").keys("<enter> <tab> <enter>").wait();
    assert!(rig.screen().contains("Cancelled: what was typed is not kept"), "{}", rig.screen());
    rig.keys("e <tab> <tab> <enter>").wait();
    assert!(!rig.screen().contains("You changed it."), "{}", rig.screen());
}

/// n is a new one of this tab, here a PO, with the supplier and the item of the row.
#[test]
fn n_on_reorder_begins_a_po_with_the_rows_item() {
    let mut w = shop(true);
    let first = w.item("AAA-001", "Sea salt flakes");
    offer(&mut w, SupplierId(1), first.0, 84_000);
    let mut rig = open(w, 80, 24);
    rig.keys("/").text("okra\n").keys("n").wait();
    let screen = rig.screen();
    assert!(screen.contains("New PO, as a draft") && screen.contains("New Orleans Cajun"), "{screen}");
    assert!(screen.contains("CON-066  Louisiana Hot Spiced Okra") && screen.contains("Orders Louisiana"), "{screen}");
}

/// On the smallest screen what is advised can be read, and who is short of a minimum is always named.
#[test]
fn with_many_lines_the_minimum_and_the_budget_can_be_read_at_80_by_24() {
    let mut w = shop(true);
    for n in 0..9 {
        let s = supplier(&mut w, &format!("S{n}"), &format!("Supplier {n}"), None);
        let item = w.item(&format!("XX-{n}"), &format!("Thing {n}"));
        set_item(&mut w, item, s);
        sells(&mut w, item);
    }
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| tx.insert("setting", &["key", "value"], &[&"planning.budget", &"300"])).unwrap();
    let mut rig = open(w, 80, 24);
    rig.keys("* s").wait();
    let screen = rig.screen();
    assert!(screen.contains("Exotic Liquids: new PO") && screen.contains("short of minimum"), "{screen}");
    assert!(screen.contains("is missing at Exotic Liquids"), "{screen}");
    let mut read = screen;
    for _ in 0..6 {
        rig.keys("<pgdn>").wait();
        read.push_str(&rig.screen());
    }
    assert!(read.contains("over the budget 300.00: least is") && read.contains("nothing is sent"), "{read}");
    // What fills up is counted in what is over the budget.
    let over = |rig: &Rig| {
        let words = rig.screen().replace('\n', " ");
        let at = words.find(" over the budget").unwrap_or(0);
        words.get(..at).and_then(|w| w.split_whitespace().last()).map(str::to_string)
    };
    let before = over(&rig);
    rig.keys("<pgup> <pgup> <pgup> <pgup> <pgup> <pgup> <tab> 2").wait();
    for _ in 0..6 {
        rig.keys("<pgdn>").wait();
        if over(&rig).is_some() {
            break;
        }
    }
    assert_ne!(over(&rig), before, "{}", rig.screen());
}

/// What was changed is kept until it is ordered: through leaving, another window and a kill, and shown as changed.
#[test]
fn a_changed_suggestion_is_kept_until_it_is_ordered_or_dropped() {
    let mut rig = open(shop(true), 80, 24);
    let changed = "SELECT count(*) FROM changed_suggestion";
    rig.keys("e <f8>").wait();
    assert!(rig.screen().contains("Nothing was changed."), "{}", rig.screen());
    assert_eq!(number(&rig, changed), 0);
    rig.keys("e <bs> <bs> <bs> <bs> <bs>").text("96").keys("<f8>").wait();
    assert_eq!(number(&rig, changed), 1);
    let screen = rig.screen();
    assert!(screen.contains(" *96 ") && screen.contains("changed it to 96 today. The program would order"), "{screen}");
    rig.keys("q").wait();
    let screen = rig.screen();
    assert!(
        screen.contains("All is saved.") && screen.contains("1 changed suggestion kept and not ordered"),
        "{screen}"
    );
    rig.keys("<esc>").wait();
    rig.keys("0").wait();
    assert!(rig.screen().contains("1 changed suggestion not ordered"), "{}", rig.screen());
    rig.keys("<esc>").wait();
    // Nothing typed takes the program's figure again; undo brings the change back; the PO takes it.
    rig.keys("4 e <bs> <bs> <bs> <bs> <bs> <f8>").wait();
    assert_eq!(number(&rig, changed), 0, "{}", rig.screen());
    rig.keys("u <f8>").wait();
    assert_eq!(number(&rig, changed), 1, "{}", rig.screen());
    rig.keys("<esc>").wait();
    rig.keys("4 <space> s <f8>").wait();
    assert_eq!(number(&rig, changed), 0, "{}", rig.screen());
    assert_eq!(number(&rig, "SELECT quantity FROM po_line WHERE quantity = 96000"), 96_000);
}

/// The letters are no number yet, and the row that they found is marked: F8 takes it, and the next one saves.
#[test]
fn f8_takes_the_marked_row_before_it_saves() {
    let mut rig = open(shop(true), 80, 24);
    rig.keys("b").wait();
    rig.text("plenty").wait();
    assert!(rig.screen().contains("▸ BEV-009"), "{}", rig.screen());
    let before = rig.operations();
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("BEV-009 is taken from the list. F8 again saves."), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
    rig.keys("<f8>").wait();
    assert_eq!(number(&rig, "SELECT count(*) FROM succession"), 1, "{}", rig.screen());
}

/// A new item that nobody asked for yet is on no list, and takes over its forerunner's history all the same.
#[test]
fn an_item_that_is_on_no_list_follows_another() {
    let mut w = shop(true);
    w.item("BEV-120", "Chai, new recipe");
    let mut rig = open(w, 80, 24);
    rig.keys("v v v b").wait();
    rig.text("bev-120").keys("<tab>").wait();
    rig.text("BEV-001").keys("<f8>").wait();
    let follows = "SELECT count(*) FROM succession WHERE item_id = 5 AND from_item_id = 2";
    assert_eq!(number(&rig, follows), 1, "{}", rig.screen());
}

/// What was put off stands below what is to be ordered, with its day and reason.
#[test]
fn what_was_put_off_is_seen_with_its_reason() {
    let mut rig = open(shop(true), 80, 24);
    rig.keys("z <f8>").wait();
    let screen = rig.screen();
    assert!(screen.contains("Put off, and why: 1 line"), "{screen}");
    assert!(screen.contains("30 Nov") && screen.contains(": enough for now"), "{screen}");
    rig.keys("<end>").wait();
    let screen = rig.screen();
    assert!(screen.contains("Put off until Mon 30 Nov: enough for now."), "{screen}");
    rig.keys("e s x <enter>").wait();
    assert!(rig.screen().contains("[4 Reorder 2]"), "{}", rig.screen());
    // z on it ends that early, and u undoes it.
    rig.keys("z").wait();
    assert!(rig.screen().contains("Suggest again  "), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("[4 Reorder 3]") && !rig.screen().contains("Put off, and why"), "{}", rig.screen());
    rig.keys("u <f8>").wait();
    rig.keys("<esc>").wait();
    assert!(rig.screen().contains("[4 Reorder 2]"), "{}", rig.screen());
}

/// Where a person's own minimums decide, the tab says so, and the program's levels are accepted for many in one deed.
#[test]
fn the_programs_levels_are_accepted_for_all_that_is_marked() {
    let mut w = shop(true);
    for item in 1..=3 {
        let act = w.act("prepare");
        perform(&mut w.store, act, |tx| {
            tx.touch(ItemId(item));
            tx.update("item", item, &[("min", Value::Integer(0)), ("max", Value::Integer(1_000))])
        })
        .unwrap();
    }
    let mut rig = open(w, 160, 45);
    assert!(rig.screen().contains("Nothing is low. 3 items go by your own minimums: v"), "{}", rig.screen());
    rig.keys("v v v v").wait();
    let before = rig.operations();
    rig.keys("* a").wait();
    assert!(rig.screen().contains("By the program's levels  3 items"), "{}", rig.screen());
    rig.keys("<space> <f8>").wait();
    assert_eq!(number(&rig, "SELECT count(*) FROM item WHERE min IS NOT NULL"), 1, "{}", rig.screen());
    assert_eq!(rig.operations(), before + 1);
    rig.keys("<esc>").wait();
    assert!(rig.screen().contains("2 lines, "), "{}", rig.screen());
    rig.keys("u <f8>").wait();
    assert_eq!(number(&rig, "SELECT count(*) FROM item WHERE min IS NOT NULL"), 3);
}
