//! Suppliers judged from PO lines and receipts, from files to the export's row.

use crate::backorders::{BASE, board};
use crate::importing::take;
use crate::support::warehouse::{Warehouse, day};
use backshelf::exchange::sheet::Value;
use backshelf::exchange::table::Table;
use backshelf::ops::settings::Settings;
use backshelf::ops::views::suppliers::{SupplierRow, load, measure, sheet};

fn rows(w: &Warehouse) -> Vec<SupplierRow> {
    let measure = measure(&Settings::load(w.store.db()).unwrap());
    load(w.store.db(), &board(w), &measure, w.today).unwrap()
}
fn row(w: &Warehouse, code: &str) -> SupplierRow {
    rows(w).into_iter().find(|r| r.supplier.code == code).unwrap()
}
fn shop(more: &[(Table, &str)]) -> Warehouse {
    let mut w = Warehouse::new();
    take(&mut w, BASE);
    take(&mut w, more);
    w
}

/// Six lines, one of them split, one rejected in part, one overdue.
const SIX: &[(Table, &str)] = &[
    (Table::PurchaseOrders, "po,supplier,ordered_on,confirmed_on\nPO-1,EX,2026-09-01,2026-09-02"),
    (
        Table::PoLines,
        "po,line,sku,quantity,confirmed_for\nPO-1,1,A,10,2026-09-20\nPO-1,2,A,10,2026-09-20\nPO-1,3,A,10,2026-09-20\nPO-1,4,A,10,2026-09-20\nPO-1,5,A,10,2026-09-20\nPO-1,6,A,10,2026-11-16",
    ),
    (
        Table::Receipts,
        "po,line,received_on,quantity,rejected\nPO-1,1,2026-09-18,6,0\nPO-1,1,2026-09-20,4,0\nPO-1,2,2026-09-18,6,0\nPO-1,2,2026-09-25,4,0\nPO-1,3,2026-09-20,10,2\nPO-1,4,2026-09-19,10,0\nPO-1,5,2026-09-22,10,0",
    ),
];

#[test]
fn the_export_row_is_plain_shares_of_the_lines() {
    let w = shop(SIX);
    let sheet = sheet(&rows(&w));
    assert_eq!(
        sheet.columns.join(" "),
        "supplier name lines grade score timeliness reliability professionalism on_time on_time_qty in_full otif \
         reject_rate lead_days_quoted lead_days_median lead_days_p90 late_days_median overdue_lines too_few"
    );
    let of = |code: &str| sheet.rows.iter().find(|r| r[0] == Value::text(code)).unwrap().clone();
    let cell = |row: &[Value], name: &str| row[sheet.columns.iter().position(|c| *c == name).unwrap()].clone();
    let ex = of("EX");
    let rate = |name: &str| match cell(&ex, name) {
        Value::Rate(rate) => (rate * 1e9).round() / 1e9,
        other => panic!("{name} is {other:?}"),
    };
    // Lines 1, 3 and 4 came in time; all but 3 (rejected) and 6 (overdue) are whole.
    assert_eq!(cell(&ex, "lines"), Value::Count(6));
    assert_eq!((rate("on_time"), rate("in_full")), (0.5, 0.666666667));
    assert_eq!((rate("otif"), rate("reject_rate")), (0.333333333, 0.04));
    assert_eq!(rate("on_time_qty"), 0.6, "36 of 60 units");
    assert_eq!(cell(&ex, "lead_days_quoted"), Value::Count(7));
    assert_eq!((cell(&ex, "lead_days_median"), cell(&ex, "lead_days_p90")), (Value::Count(18), Value::Count(23)));
    assert_eq!((cell(&ex, "late_days_median"), cell(&ex, "overdue_lines")), (Value::Count(0), Value::Count(1)));
    assert_eq!(cell(&ex, "too_few"), Value::YesNo(false));
    assert!(matches!(cell(&ex, "grade"), Value::Text(grade) if grade == "D"), "{:?}", cell(&ex, "grade"));
    // A supplier without lines: no data, never 0 or 100.
    let tt = of("TT");
    assert_eq!((cell(&tt, "lines"), cell(&tt, "grade")), (Value::Count(0), Value::text("no data")));
    for name in [
        "score",
        "timeliness",
        "reliability",
        "professionalism",
        "on_time",
        "on_time_qty",
        "in_full",
        "otif",
        "reject_rate",
    ] {
        assert_eq!(cell(&tt, name), Value::None, "{name}");
    }
}

#[test]
fn moving_a_po_date_changes_the_likely_date_and_not_the_score() {
    let mut w = shop(SIX);
    take(
        &mut w,
        &[
            (Table::Orders, "order,customer,ordered_on\nSO-1,C1,2026-11-01"),
            (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
        ],
    );
    let before = row(&w, "EX");
    let likely = |w: &Warehouse| board(w).lines[0].likely_on;
    let was = likely(&w);
    take(&mut w, &[(Table::PoLines, "po,line,sku,quantity,expected_on\nPO-1,6,A,10,2026-12-20")]);
    let after = row(&w, "EX");
    assert_ne!(likely(&w), was);
    assert!(likely(&w) >= Some(day("2026-12-20")));
    assert_eq!((before.card.timeliness, before.card.reliability), (after.card.timeliness, after.card.reliability));
    assert_eq!((before.card.on_time, before.card.overdue_lines), (after.card.on_time, after.card.overdue_lines));
}

#[test]
fn who_hurts_us_comes_first_with_the_one_thing_to_do() {
    let mut w = shop(SIX);
    take(
        &mut w,
        &[
            (
                Table::Suppliers,
                "supplier,name,contact_person,phone\nEX,Exotic Liquids,Charlotte Cooper,+44 1632 960118",
            ),
            (
                Table::Orders,
                "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-01,2026-11-20\nSO-2,C3,2026-11-01,2026-11-20\nSO-3,C3,2026-11-01,2026-11-20",
            ),
            (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,2\nSO-2,1,A,2\nSO-3,1,A,2\nSO-3,2,B,1"),
        ],
    );
    let rows = rows(&w);
    let first = &rows[0];
    assert_eq!(first.supplier.code, "EX");
    // SO-3 line 2 waits for nobody's goods: nothing is on order.
    assert_eq!((first.hurts.customers, first.hurts.lines, first.hurts.worth.to_string()), (2, 3, "60.00".into()));
    assert_eq!((first.late_pos, first.open_pos[0].days_late), (1, 7));
    assert_eq!(first.now, "PO-1 was due Mon 16 Nov: 7 days late, not asked yet, nobody knows when.");
    assert_eq!(
        first.next,
        "Ask Charlotte Cooper, +44 1632 960118: new date for the rest of PO-1? 2 customers wait for it."
    );
    assert!(first.is_to_ask());
    assert_eq!(rows[1].hurts.customers, 0);
}

#[test]
fn a_total_beyond_the_receipts_on_record_is_one_receipt_on_its_date() {
    let w = shop(&[
        (Table::PurchaseOrders, "po,supplier,ordered_on\nPO-1,EX,2026-09-01"),
        (
            Table::PoLines,
            "po,line,sku,quantity,confirmed_for,received,received_on\nPO-1,1,A,10,2026-09-20,10,2026-09-24\nPO-1,2,A,10,2026-09-20,10,2026-09-19",
        ),
        (Table::Receipts, "po,line,received_on,quantity\nPO-1,1,2026-09-15,6"),
    ]);
    let card = row(&w, "EX").card;
    assert_eq!((card.lines, card.on_time.good, card.in_full.good), (2, 1, 2));
    assert_eq!(card.on_time_qty, Some(0.8));
    assert_eq!(card.grade_text().chars().next(), Some('('), "two lines are too few to judge");
}

#[test]
fn a_withdrawn_receipt_counts_for_nothing() {
    let mut w = shop(SIX);
    let act = w.act("undo");
    let receipt = w.number("SELECT r.id FROM receipt r JOIN po_line p ON p.id = r.po_line_id WHERE p.line = '4'");
    let po_line = w.number("SELECT id FROM po_line WHERE line = '4'");
    backshelf::ops::perform(&mut w.store, act, |tx| {
        let operation = tx.operation().0;
        tx.update("receipt", receipt, &[("withdrawn_by", rusqlite::types::Value::Integer(operation))])?;
        tx.update("po_line", po_line, &[("received", rusqlite::types::Value::Integer(0))])
    })
    .unwrap();
    let card = row(&w, "EX").card;
    assert_eq!((card.on_time.good, card.overdue_lines), (2, 2));
}

/// What is kept of deliveries, after each kind of thing that changes them, is what they say.
#[test]
fn what_is_kept_of_deliveries_is_what_they_say() {
    use backshelf::domain::ids::PoLineId;
    use backshelf::ops::receiving::{Arrived, Delivery, receive};
    use backshelf::ops::{chasing, checking, purchasing, undo};

    let mut w = shop(SIX);
    let sound = |w: &Warehouse| assert_eq!(checking::check(w.store.db()).unwrap().faults, Vec::<String>::new());
    sound(&w);
    let line = PoLineId(w.number("SELECT id FROM po_line WHERE line = '6'"));
    let before = row(&w, "EX").card;
    let part = |units: i64, rejected: i64, seen: i64| Delivery {
        lines: vec![Arrived {
            po_line: line,
            quantity: backshelf::domain::quantity::Qty::units(units),
            rejected: backshelf::domain::quantity::Qty::units(rejected),
            reason: Some("wrong item".into()),
            bin: None,
            seen: backshelf::domain::quantity::Qty::units(seen),
        }],
        delivery_note: None,
        sure: true,
    };
    let act = w.act("receive");
    receive(&mut w.store, act, &part(4, 1, 0)).unwrap();
    sound(&w);
    let partly = row(&w, "EX").card;
    assert_eq!((partly.overdue_lines, partly.right_item.all - partly.right_item.good), (1, 1));
    let act = w.act("receive");
    let second = receive(&mut w.store, act, &part(6, 0, 4)).unwrap().operation;
    sound(&w);
    let whole = row(&w, "EX").card;
    assert_eq!((whole.overdue_lines, whole.on_time), (0, before.on_time), "the last part was late: so is the line");
    let act = w.act("undo");
    undo::undo(&mut w.store, act, second).unwrap();
    sound(&w);
    assert_eq!(row(&w, "EX").card, partly, "an undo brings the card back");
    let act = w.act("answer");
    let answer = chasing::Answer {
        lines: vec![chasing::Seen { line, expected_on: Some(day("2026-11-16")) }],
        day: Some(day("2026-12-10")),
        words: String::new(),
        channel: "phone".into(),
    };
    chasing::answer(&mut w.store, act, &answer).unwrap();
    sound(&w);
    let act = w.act("cancel");
    let open = backshelf::domain::quantity::Qty::units(6);
    let ending = purchasing::life::Ending {
        po: backshelf::domain::ids::PoId(w.number("SELECT po_id FROM po_line WHERE line = '6'")),
        lines: vec![(line, open)],
        by: backshelf::domain::purchase::EndedBy::Us,
        reason: "bought elsewhere".into(),
        told: None,
    };
    purchasing::life::end(&mut w.store, act, &ending).unwrap();
    sound(&w);
    let ended = row(&w, "EX").card;
    assert_eq!(ended.on_time, partly.on_time, "given up after its date, the line stays late");
    // Sums that somebody spoilt are found, and so is a record.
    w.store.keep("spoil", |db| Ok(db.execute("UPDATE supplier_sums SET sums = x'00', answers = 0", [])?)).unwrap();
    let faults = checking::check(w.store.db()).unwrap().faults;
    assert!(faults.iter().any(|f| f.contains("Exotic") && f.contains("scorecard")), "{faults:?}");
    w.store.keep("spoil", |db| Ok(db.execute("UPDATE supplier_record SET lines = x'00'", [])?)).unwrap();
    let faults = checking::check(w.store.db()).unwrap().faults;
    assert!(faults.iter().any(|f| f.contains("Exotic") && f.contains("deliveries")), "{faults:?}");
}

#[test]
fn tolerances_and_windows_are_settings() {
    let mut w = shop(SIX);
    let on_time = |w: &Warehouse| row(w, "EX").card.on_time;
    let set = |w: &mut Warehouse, key: &str, value: &str| {
        let act = w.act("set");
        backshelf::ops::settings::set(&mut w.store, act, key, value).unwrap();
    };
    assert_eq!((on_time(&w).good, on_time(&w).all), (3, 6));
    set(&mut w, "scorecard.late_days", "5"); // 22 and 25 September are in time now, 16 November is still late
    assert_eq!((on_time(&w).good, on_time(&w).all), (5, 6));
    set(&mut w, "scorecard.late_days", "");
    set(&mut w, "scorecard.early_days", "0"); // line 4 came a day early; line 1 was whole on the day
    assert_eq!(on_time(&w).good, 2);
    set(&mut w, "scorecard.early_days", "");
    set(&mut w, "scorecard.short_percent", "20"); // 8 good of 10 are enough
    assert_eq!(row(&w, "EX").card.in_full.good, 5);
    set(&mut w, "scorecard.window_days", "30");
    assert_eq!(on_time(&w).all, 1);
    set(&mut w, "scorecard.window_days", "0");
    assert_eq!(on_time(&w).all, 6);
    let act = w.act("set");
    let sentence = backshelf::ops::settings::set(&mut w.store, act, "scorecard.weights", "50 40 20").unwrap_err();
    assert!(sentence.to_string().contains("100"), "{sentence}");
}

/// The rows of the tab are the same whether they are counted from what is kept or from the lines themselves, on any day,
/// under any tolerance, and after the tolerances have changed.
#[test]
fn kept_sums_and_the_lines_themselves_give_the_same_rows() {
    let mut w = shop(SIX);
    let more: Vec<String> = (0..60)
        .map(|n| {
            let month = 1 + n % 11;
            let (promised, came) =
                (format!("2026-{month:02}-{:02}", 3 + n % 9), format!("2026-{month:02}-{:02}", 1 + n % 17));
            let came = if n % 9 == 0 { String::new() } else { came };
            let received = if came.is_empty() { 0 } else { 10 };
            format!("PO-{},1,A,10,{promised},{received},{came}", 100 + n)
        })
        .collect();
    let pos: Vec<String> = (0..60)
        .map(|n| format!("PO-{},{},2026-01-02,2026-01-{:02}", 100 + n, ["EX", "TT"][n % 2], 3 + n % 5))
        .collect();
    let pos = format!("po,supplier,ordered_on,confirmed_on\n{}", pos.join("\n"));
    let lines = format!("po,line,sku,quantity,confirmed_for,received,received_on\n{}", more.join("\n"));
    take(&mut w, &[(Table::PurchaseOrders, &pos), (Table::PoLines, &lines)]);
    let on = |w: &Warehouse, today: &str| {
        let measure = measure(&Settings::load(w.store.db()).unwrap());
        let mut rows = load(w.store.db(), &board(w), &measure, day(today)).unwrap();
        rows.sort_by_key(|row| row.supplier.id);
        rows
    };
    let near = |a: Option<f64>, b: Option<f64>| a.zip(b).map_or(a == b, |(a, b)| (a - b).abs() < 1e-9);
    let compare = |w: &mut Warehouse| {
        let days = ["2026-05-01", "2026-11-22", "2026-11-23", "2026-11-24", "2027-03-09", "2029-01-01"];
        let kept: Vec<_> = days.iter().map(|today| on(w, today)).collect();
        // Without sums of its tolerance each supplier's lines are read.
        w.store.keep("forget", |db| Ok(db.execute("UPDATE supplier_sums SET tolerance = 'other'", [])?)).unwrap();
        for (today, kept) in days.iter().zip(kept) {
            for (a, b) in kept.iter().zip(on(w, today)) {
                let (x, y) = (&a.card, &b.card);
                assert_eq!(
                    (x.lines, x.on_time, x.in_full, x.overdue_lines),
                    (y.lines, y.on_time, y.in_full, y.overdue_lines),
                    "{today}"
                );
                assert_eq!(
                    (x.how_late, x.trend, x.late_days_p90, x.lead_days_median),
                    (y.how_late, y.trend, y.late_days_p90, y.lead_days_median)
                );
                assert!(
                    near(x.score, y.score) && near(x.timeliness, y.timeliness) && near(x.on_time_qty, y.on_time_qty),
                    "{today}"
                );
                assert_eq!(
                    a.lead.as_ref().map(|l| (l.usual, l.most, l.learned_from)),
                    b.lead.as_ref().map(|l| (l.usual, l.most, l.learned_from))
                );
                assert_eq!((&a.now, &a.next), (&b.now, &b.next));
            }
        }
    };
    compare(&mut w);
    for (key, value) in [("scorecard.late_days", "3"), ("scorecard.early_days", "2"), ("scorecard.short_percent", "40")]
    {
        let act = w.act("set");
        backshelf::ops::settings::set(&mut w.store, act, key, value).unwrap();
        let others = w.number("SELECT count(*) FROM supplier_sums WHERE tolerance = 'other'");
        assert_eq!(others, 0, "all sums follow the tolerances");
        assert_eq!(backshelf::ops::checking::check(w.store.db()).unwrap().faults, Vec::<String>::new());
        compare(&mut w);
    }
}

/// One supplier's card, read alone, is that of the list.
#[test]
fn a_card_read_alone_is_that_of_the_list() {
    use backshelf::ops::views::suppliers::card_of;
    let w = shop(SIX);
    let measure = measure(&Settings::load(w.store.db()).unwrap());
    for row in rows(&w) {
        assert_eq!(card_of(w.store.db(), row.supplier.id, &measure, w.today).unwrap(), row.card);
    }
}

/// Export, list, pane and card are read in ways of their own: what is said of a supplier is the same in all of them.
#[test]
fn export_list_pane_and_card_agree_on_every_supplier_of_the_sample() {
    use backshelf::demo;
    use backshelf::domain::scorecard::Share;
    use backshelf::ops::views::{figures, supplier};
    use backshelf::store::{Mode, Store};
    let (dir, act) = (tempfile::tempdir().unwrap(), Warehouse::new().act("demo"));
    let path = dir.path().join("sample.db");
    demo::make(&path, demo::SEED, demo::ITEMS, &act, &mut |_| {}).unwrap();
    let w = Warehouse::of(Store::open(&path, Mode::Existing).unwrap());
    let measure = measure(&Settings::load(w.store.db()).unwrap());
    let rows = rows(&w);
    let sheet = sheet(&rows);
    let at = |name: &str| sheet.columns.iter().position(|c| *c == name).unwrap();
    assert!(rows.len() > 10);
    for (row, cells) in rows.iter().zip(&sheet.rows) {
        let (id, name) = (row.supplier.id, &row.supplier.name);
        let (list, card) = (&row.card, figures::load(w.store.db(), id, None, w.today).unwrap().card);
        assert_eq!(
            (card.grade_text(), card.on_time, card.in_full),
            (list.grade_text(), list.on_time, list.in_full),
            "{name}"
        );
        assert_eq!(
            (card.score, card.lines, card.overdue_lines),
            (list.score, list.lines, list.overdue_lines),
            "{name}"
        );
        let pane = supplier::load(w.store.db(), id, &measure, w.today).unwrap().judged;
        let share = |good: fn(&supplier::JudgedLine) -> bool| Share {
            good: pane.iter().filter(|line| good(line)).count(),
            all: pane.len(),
        };
        assert_eq!((share(|l| l.on_time), share(|l| l.in_full)), (list.on_time, list.in_full), "{name}");
        assert_eq!(cells[at("grade")], Value::Text(list.grade_text()), "{name}");
        assert_eq!(cells[at("lines")], Value::Count(list.on_time.all as i64), "{name}");
        assert_eq!(cells[at("on_time")], list.on_time.rate().map_or(Value::None, Value::Rate), "{name}");
        assert_eq!(cells[at("in_full")], list.in_full.rate().map_or(Value::None, Value::Rate), "{name}");
    }
}
