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
    assert_eq!(first.now, "PO-1 was due Mon 16 Nov: 7 days late, not asked yet.");
    assert_eq!(first.next, "Ask Charlotte Cooper, +44 1632 960118: new date for PO-1? 2 customers wait.");
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
