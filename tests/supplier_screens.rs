//! The Suppliers tab: what it says, and what its dialogs write.

use crate::support::rig::Rig;
use crate::support::warehouse::{Warehouse, day};
use backshelf::domain::ids::{ItemId, PoId, PoLineId};
use backshelf::ops::chasing::{self, Answer, Seen};
use backshelf::ops::settings::Settings;
use backshelf::ops::views::backorders::{Terms, load, shift};
use rusqlite::types::Value;

fn set(w: &mut Warehouse, table: &'static str, code: &str, cells: &[(&str, Value)]) {
    let act = w.act("prepare");
    let id = w.number(&format!("SELECT id FROM {table} WHERE code = '{code}'"));
    backshelf::ops::perform(&mut w.store, act, |tx| tx.update(table, id, cells)).unwrap();
}

fn text(words: &str) -> Value {
    Value::Text(words.into())
}

/// Past deliveries of a supplier: the due day and the day each came.
fn past(w: &mut Warehouse, supplier: &str, item: ItemId, came: &[(&str, &str)]) {
    for (n, (due, on)) in came.iter().enumerate() {
        let code = format!("OLD-{supplier}-{n}");
        let lines = w.po(&code, supplier, due, &[(item, 10)]);
        let ordered = day(due) - chrono::Days::new(9);
        set(
            w,
            "purchase_order",
            &code,
            &[("ordered_on", text(&ordered.to_string())), ("confirmed_on", text(&ordered.to_string()))],
        );
        let act = w.act("prepare");
        backshelf::ops::perform(&mut w.store, act, |tx| {
            for line in lines {
                let cells = [
                    ("received", Value::Integer(10_000)),
                    ("received_on", text(on)),
                    ("closed", Value::Integer(1)),
                    ("expected_on", text(due)),
                ];
                tx.update("po_line", line.0, &cells)?;
                tx.touch(item);
            }
            Ok(())
        })
        .unwrap();
    }
}

/// Exotic Liquids is late and hurts one customer, Tokyo Traders has three orders, Pavlova is always on time.
fn shop() -> Warehouse {
    let mut w = Warehouse::new();
    w.bin("A1-04", "storage");
    let chang = w.item("BEV-002", "Chang 24 x 12 oz");
    let syrup = w.item("CON-003", "Aniseed Syrup 550 ml");
    let late = [
        ("2026-06-01", "2026-06-05"),
        ("2026-07-01", "2026-07-05"),
        ("2026-08-03", "2026-08-07"),
        ("2026-09-01", "2026-09-01"),
        ("2026-10-01", "2026-10-05"),
    ];
    past(&mut w, "Exotic Liquids", chang, &late);
    past(&mut w, "Tokyo Traders", syrup, &late[..3]);
    let good = late.map(|(due, _)| (due, due));
    past(&mut w, "Pavlova", syrup, &good);
    w.po("PO-73", "Exotic Liquids", "2026-11-19", &[(chang, 40), (syrup, 24)]);
    w.po("PO-77", "Pavlova", "2026-11-27", &[(syrup, 5)]);
    w.order("SO-1042", "Around the Horn", "2026-11-09", &[(chang, 6)]);
    w.order("SO-1055", "Old World Deli", "2026-11-10", &[(chang, 8)]);
    for (order, promised) in [("SO-1042", "2026-11-20"), ("SO-1055", "2026-12-18")] {
        set(&mut w, "customer_order", order, &[("promised_on", text(promised))]);
    }
    let contact = [
        ("contact_person", text("Charlotte Cooper")),
        ("phone", text("+44 1632 960118")),
        ("lead_days", Value::Integer(7)),
    ];
    set(&mut w, "supplier", "Exotic Liquids", &contact);
    w
}

fn rig(w: Warehouse, width: u16, height: u16) -> Rig {
    let mut rig = Rig::sized(w.store, width, height);
    rig.keys("3").wait();
    rig
}

fn count(rig: &Rig, sql: &str) -> i64 {
    rig.desk.store.db().query_row(sql, [], |r| r.get(0)).unwrap()
}

#[test]
fn who_hurts_us_stands_on_top() {
    let rig = rig(shop(), 80, 24);
    insta::assert_snapshot!(rig.screen());
}

#[test]
fn the_pane_shows_what_the_grade_is_made_of() {
    let rig = rig(shop(), 160, 45);
    insta::assert_snapshot!(rig.screen());
}

#[test]
fn enter_shows_the_lines_behind_the_figures_and_writes_nothing() {
    let mut rig = rig(shop(), 80, 45);
    let before = rig.operations();
    rig.keys("<enter>").wait();
    let screen = rig.screen();
    assert!(screen.contains("7 lines promised in the last 365 days"), "{screen}");
    assert!(screen.contains("OLD-Exotic Liquid…  Chang 24 x 12 oz"), "{screen}");
    assert!(screen.contains("4 d late"), "{screen}");
    assert_eq!(rig.operations(), before);
}

#[test]
fn the_views_list_open_pos_and_whom_to_ask() {
    let mut rig = rig(shop(), 80, 24);
    rig.keys("v").wait();
    let screen = rig.screen();
    let place = |name: &str| screen.find(name).unwrap_or_else(|| panic!("{name} in {screen}"));
    assert!(place("C Pavlova") < place("D Exotic Liquids") && place("D Exotic") < place("? Tokyo Traders"));
    rig.keys("v").wait();
    let screen = rig.screen();
    assert!(screen.contains("! ask   PO-73  Exotic Liquids"), "{screen}");
    assert!(screen.contains(". due   PO-77  Pavlova"), "{screen}");
    rig.keys("v").wait();
    let screen = rig.screen();
    assert!(screen.contains("Exotic Liquids") && !screen.contains("Pavlova"), "{screen}");
}

#[test]
fn asking_is_kept_and_takes_the_supplier_off_the_list() {
    let mut rig = rig(shop(), 80, 24);
    assert!(rig.screen().contains("[3 Suppliers 1!]"), "{}", rig.screen());
    rig.keys("c <tab> 1 <tab> <tab>").wait().text("called twice").keys("<f8>").wait();
    let screen = rig.screen();
    assert!(screen.contains("asked Exotic Liquids about PO-73"), "{screen}");
    assert!(screen.contains("[3 Suppliers]"), "{screen}");
    let sql = "SELECT count(*) FROM chase WHERE channel = 'phone' AND step = 'overdue' AND note = 'called twice' AND asked_on = '2026-11-23'";
    assert_eq!(count(&rig, sql), 1);
    rig.keys("u <f8>").wait();
    assert!(rig.screen().contains("3 Suppliers 1!"), "{}", rig.screen());
}

#[test]
fn a_new_date_shows_before_saving_who_becomes_late() {
    let mut rig = rig(shop(), 80, 24);
    let before = rig.operations();
    rig.keys("d").wait().text("11.12").wait();
    insta::assert_snapshot!(rig.screen());
    assert_eq!(rig.operations(), before, "looking writes nothing");
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1);
    let moved = "SELECT count(*) FROM po_line l JOIN purchase_order o ON o.id = l.po_id
                 WHERE o.code = 'PO-73' AND l.expected_on = '2026-12-11' AND l.confirmed_for = '2026-11-19'";
    assert_eq!(count(&rig, moved), 2, "both lines move, what was first said stays");
    assert!(!rig.screen().contains("3 Suppliers 1!"), "a date is known: nobody has to ask today");
}

#[test]
fn the_preview_agrees_with_what_comes_true() {
    let mut w = shop();
    let terms = Terms::of(&Settings::load(w.store.db()).unwrap());
    let line = PoLineId(w.number(
        "SELECT l.id FROM po_line l JOIN purchase_order o ON o.id = l.po_id WHERE o.code = 'PO-73' AND l.line = '1'",
    ));
    let supplier = w.number("SELECT id FROM supplier WHERE code = 'Exotic Liquids'");
    let supplier = backshelf::domain::ids::SupplierId(supplier);
    let foretold = shift(w.store.db(), &terms, w.today, supplier, &[(line, Some(day("2026-12-11")))]).unwrap();
    assert_eq!((foretold.customers.len(), foretold.likely), (2, Some(day("2026-12-15"))));
    let act = w.act("answer");
    let seen = vec![Seen { line, expected_on: Some(day("2026-11-19")) }];
    let answer =
        Answer { lines: seen.clone(), day: Some(day("2026-12-11")), words: "by mail".into(), ..Answer::default() };
    chasing::answer(&mut w.store, act, &answer).unwrap();
    let board = load(w.store.db(), &terms, w.today).unwrap();
    for customer in &foretold.customers {
        let line = board.lines.iter().find(|l| l.customer == customer.customer).unwrap();
        assert_eq!(line.likely_on, customer.will_be, "{}", customer.name);
    }
    // Who looked before that cannot overwrite it.
    let act = w.act("answer");
    let refused = chasing::answer(&mut w.store, act, &Answer { lines: seen, day: Some(day("2026-12-20")), ..answer });
    assert!(refused.unwrap_err().to_string().contains("somebody changed it meanwhile"));
}

#[test]
fn an_answer_without_a_date_or_words_is_refused() {
    let mut rig = rig(shop(), 80, 24);
    let before = rig.operations();
    rig.keys("a <f8>").wait();
    assert!(rig.screen().contains("Type the date they named, or what they said."), "{}", rig.screen());
    rig.keys("<tab>").text("no stock until spring").keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    assert_eq!(
        count(&rig, "SELECT count(*) FROM chase WHERE answer = 'no stock until spring' AND new_date IS NULL"),
        1
    );
}

#[test]
fn a_draft_is_sent_and_a_line_cancelled() {
    let mut w = shop();
    set(&mut w, "purchase_order", "PO-77", &[("status", text("draft")), ("ordered_on", Value::Null)]);
    let po = PoId(w.number("SELECT id FROM purchase_order WHERE code = 'PO-77'"));
    let mut rig = rig(w, 80, 24);
    rig.keys("s").wait();
    assert!(rig.screen().contains("Exotic Liquids has no draft to send."), "{}", rig.screen());
    rig.keys("/").text("pavlova").keys("<enter> s").wait();
    assert!(rig.screen().contains("Usually 10 days: Thu 3 Dec."), "{}", rig.screen());
    rig.keys("<f8>").wait();
    let sent = format!(
        "SELECT count(*) FROM purchase_order WHERE id = {} AND status = 'sent' AND ordered_on = '2026-11-23'",
        po.0
    );
    assert_eq!(count(&rig, &sent), 1, "{}", rig.screen());
    rig.keys("x <f8>").wait();
    let cancelled = format!("SELECT count(*) FROM po_line WHERE po_id = {} AND cancelled = 5000 AND closed = 1", po.0);
    assert_eq!(count(&rig, &cancelled), 1, "{}", rig.screen());
}

#[test]
fn a_supplier_is_put_off_and_gets_a_note() {
    let mut rig = rig(shop(), 80, 24);
    rig.keys("z <f8>").wait();
    assert!(!rig.screen().contains("3 Suppliers 1!"), "{}", rig.screen());
    assert_eq!(count(&rig, "SELECT count(*) FROM later WHERE subject = 'supplier' AND until = '2026-11-25'"), 1);
    rig.keys("i").text("closed in August").keys("<f8>").wait();
    assert_eq!(count(&rig, "SELECT count(*) FROM supplier WHERE note = 'closed in August'"), 1);
}

#[test]
fn hostile_names_and_small_screens_stay_in_their_lines() {
    let name = format!("Ev\u{1b}[31mil\t{} \u{202e}שלום", "very long name ".repeat(60));
    for (width, height) in [(40, 10), (80, 24), (120, 36), (160, 45)] {
        let mut again = shop();
        set(&mut again, "supplier", "Exotic Liquids", &[("name", text(&name)), ("note", text(&name))]);
        let mut rig = rig(again, width, height);
        for keys in ["<enter>", "<esc> c", "<esc> d", "<esc> x", "<esc> i", "<esc> v v"] {
            rig.keys(keys).wait();
            for line in rig.screen().lines() {
                assert!(!line.contains('\u{1b}') && unicode_width::UnicodeWidthStr::width(line) <= width as usize);
            }
        }
    }
}

#[test]
fn without_deliveries_it_says_where_grades_come_from() {
    let mut rig = rig(Warehouse::new(), 80, 24);
    let screen = rig.screen();
    assert!(screen.contains("Grades fill themselves as you receive"), "{screen}");
    // A first PO needs somebody to order from: the form for it, not a word about files.
    rig.keys("n").wait();
    assert!(rig.screen().contains("New supplier"), "{}", rig.screen());
}

/// Three lines are too few: the page of figures gives no grade where the list gives none, and no floor.
#[test]
fn too_few_lines_have_no_grade_on_any_page() {
    let mut rig = rig(shop(), 160, 45);
    rig.keys("/").text("tokyo\n").wait();
    let screen = rig.screen();
    assert!(screen.contains("3 lines are too few to judge: 5 needed.") && !screen.contains("sure above"), "{screen}");
    rig.keys("m").wait();
    let screen = rig.screen();
    assert!(screen.contains("Tokyo Traders  no grade: 3 lines are too few to judge"), "{screen}");
    assert!(!screen.contains("of 100") && !screen.contains("sure above"), "{screen}");
}

/// How long goods take is one figure in the list and in the pane; what was counted in the window has another name.
#[test]
fn one_fact_has_one_figure_and_two_facts_two_names() {
    let mut rig = rig(shop(), 160, 45);
    let screen = rig.screen();
    let row = screen.lines().find(|l| l.contains("D Exotic Liquids")).unwrap();
    assert!(row.contains("11-13 d") && screen.contains("To expect: u 11 d, 9 of 10 in 13 d"), "{screen}");
    rig.keys("m").wait().keys("<down> <down> <down> <down> <down>").wait();
    let screen = rig.screen();
    assert!(screen.contains("days once confirmed") && screen.contains("half in 13, 9 of 10 in 13"), "{screen}");
    assert!(
        screen.contains("else that of the order, to the receipt") && screen.contains("expect 11 d, 9 of 10 in 13 d"),
        "{screen}"
    );
}

/// An order for which nobody named a day has the same day in the list, in the pane and on its own page.
#[test]
fn an_order_without_a_day_is_told_of_by_one_rule() {
    let mut w = shop();
    set(&mut w, "purchase_order", "PO-73", &[("expected_on", Value::Null), ("ordered_on", text("2026-11-20"))]);
    let po = w.number("SELECT id FROM purchase_order WHERE code = 'PO-73'");
    for which in ["min", "max"] {
        let line = w.number(&format!("SELECT {which}(id) FROM po_line WHERE po_id = {po}"));
        let act = w.act("prepare");
        let none = [("expected_on", Value::Null), ("confirmed_for", Value::Null)];
        backshelf::ops::perform(&mut w.store, act, |tx| tx.update("po_line", line, &none)).unwrap();
    }
    let mut rig = rig(w, 160, 45);
    let screen = rig.screen();
    assert!(
        screen.contains("no day named; the last of them usually") && screen.contains("(5 receipts), likely"),
        "{screen}"
    );
    rig.keys("/").text("exotic\n").keys("v v").wait();
    let screen = rig.screen();
    assert!(screen.contains("(1 Dec)") && screen.contains("order (5 receipts), likely Thu 3"), "{screen}");
    rig.keys("<enter>").wait();
    let screen = rig.screen();
    let words = "No day named, usually 13 days after the order (5 receipts); likely Thu 3 Dec";
    assert!(screen.contains(words), "{screen}");
}

/// Long past the days that such goods take, an order without a day is nowhere called overdue: Stock, Backorders and
/// Reorder say the same.
#[test]
fn an_order_without_a_day_is_overdue_on_no_screen() {
    let mut w = shop();
    set(&mut w, "purchase_order", "PO-73", &[("expected_on", Value::Null), ("ordered_on", text("2026-09-24"))]);
    let line = PoLineId(
        w.number("SELECT min(l.id) FROM po_line l JOIN purchase_order h ON h.id = l.po_id WHERE h.code = 'PO-73'"),
    );
    let act = w.act("prepare");
    let none = [("expected_on", Value::Null), ("confirmed_for", Value::Null)];
    backshelf::ops::perform(&mut w.store, act, |tx| tx.update("po_line", line.0, &none)).unwrap();
    let mut rig = rig(w, 80, 24);
    let words = "no date given, ordered 60 days ago; usually 13 days after the order (5 receipts), nobody knows when";
    for (tab, tail) in
        [("1", "; 6 go to SO-1042"), ("2", ". Next"), ("4", ". Next Hurry the supplier (c): customers wait")]
    {
        rig.keys(tab).wait();
        let screen = rig.screen();
        let running = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(running.contains(&format!("{words}{tail}")), "{screen}");
    }
}

/// Goods came of which nobody knows by which day they were promised: that is said, and not that nothing came.
#[test]
fn what_came_without_a_day_is_told_of() {
    let mut w = Warehouse::new();
    w.bin("A1-04", "storage");
    let chang = w.item("BEV-002", "Chang 24 x 12 oz");
    w.po("OLD-1", "Exotic Liquids", "2026-06-01", &[(chang, 251)]);
    set(&mut w, "purchase_order", "OLD-1", &[("expected_on", Value::Null), ("ordered_on", Value::Null)]);
    let line = w.number("SELECT id FROM po_line");
    let act = w.act("prepare");
    let came = [
        ("received", Value::Integer(251_000)),
        ("received_on", text("2026-06-04")),
        ("expected_on", Value::Null),
        ("confirmed_for", Value::Null),
    ];
    backshelf::ops::perform(&mut w.store, act, |tx| tx.update("po_line", line, &came)).unwrap();
    let rig = rig(w, 160, 45);
    let screen = rig.screen();
    assert!(screen.contains("Goods came, but on no order with a promised day"), "{screen}");
    assert!(screen.contains("251 came on 1 line, none with a promised day"), "{screen}");
    assert!(!screen.contains("No deliveries yet"), "{screen}");
}

/// Each figure with its count; Enter on one shows the lines and receipts behind it, in any window.
#[test]
fn figures() {
    let mut rig = rig(shop(), 80, 24);
    let before = rig.operations();
    rig.keys("m").wait();
    insta::assert_snapshot!("figures", rig.screen());
    rig.keys("<enter>").wait();
    insta::assert_snapshot!("figures_score", rig.screen());
    rig.keys("<esc> <down> <enter>").wait();
    insta::assert_snapshot!("figures_behind", rig.screen());
    rig.keys("<left> <left>").wait();
    let screen = rig.screen();
    assert!(screen.contains("[30 days]") && screen.contains("PO-73") && !screen.contains("OLD-"), "{screen}");
    rig.keys("<esc> <esc>").wait();
    assert_eq!(rig.operations(), before, "looking writes nothing");
}

#[test]
fn an_incident_takes_points_off_and_an_undo_gives_them_back() {
    let mut rig = rig(shop(), 80, 45);
    rig.keys("m").wait().keys("i").wait().text("wrong labels on a pallet").keys("<tab> 2 <f8>").wait();
    assert_eq!(count(&rig, "SELECT count(*) FROM incident WHERE severity = 'major' AND withdrawn_by IS NULL"), 1);
    let screen = rig.screen();
    assert!(screen.contains("-10 points"), "{screen}");
    rig.keys("<esc>").wait();
    assert!(rig.screen().contains("incident"), "the notice says it: {}", rig.screen());
}

#[test]
fn how_many_may_be_typed_before_what_is_ordered() {
    let mut rig = rig(shop(), 80, 24);
    rig.keys("n <tab> <tab>").text("30 chang").wait();
    rig.keys("<tab>").wait();
    let screen = rig.screen();
    let field =
        |label: &str| screen.lines().find(|l| l.trim_start().starts_with(label)).unwrap_or_default().to_string();
    assert!(field("Other item").contains("BEV-002") && field("Quantity").ends_with(" 30"), "{screen}");
    assert!(screen.contains("Orders 30 Chang"), "{screen}");
    // Nobody wrote down that they sell it: that is asked once, and nothing is kept before the answer.
    let ordered = "SELECT count(*) FROM po_line l JOIN item i ON i.id = l.item_id
                   WHERE i.sku = 'BEV-002' AND l.quantity = 30000";
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("not known to sell Chang 24 x 12 oz: F8 again orders it"), "{}", rig.screen());
    assert_eq!(count(&rig, ordered), 0);
    rig.keys("<f8>").wait();
    assert_eq!(count(&rig, ordered), 1, "{}", rig.screen());
}

#[test]
fn figures_and_a_blank_on_the_list_of_items_are_how_many() {
    let mut rig = rig(shop(), 80, 24);
    rig.keys("n <tab>").wait();
    rig.text("120 ch").wait();
    let screen = rig.screen();
    let quantity = screen.lines().find(|l| l.contains("Quantity")).unwrap_or_default().to_string();
    assert!(quantity.contains("120"), "{screen}");
}
