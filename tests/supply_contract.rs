//! What purchase orders and receipts mean for customers and for the supplier's score, from files to exports.

use crate::support::cli::Bench;
use serde_json::{Value, json};

const TODAY: &str = "2026-11-23";

fn base() -> Bench {
    let bench = Bench::new();
    bench.file("in/suppliers.csv", "supplier,name,lead_days\nEXO,Exotic Liquids,10\nNEW,Never Used,3\n");
    bench.file("in/items.csv", "sku,name,price\nA,Chang,10\n");
    bench.file("in/customers.csv", "customer,name,kind,priority\nC1,x,business,\nC2,y,business,1\n");
    bench
}

/// One customer line of 10, promised for 1 December, and these flat purchase orders.
fn waiting(pos: &str) -> Value {
    let bench = base();
    bench.file(
        "in/orders.csv",
        "order,customer,ordered_on,promised_on,sku,quantity\nSO-1,C1,2026-11-02,2026-12-01,A,10\n",
    );
    let columns =
        "po,supplier,ordered_on,confirmed_on,status,sku,quantity,confirmed_for,expected_on,received,received_on";
    bench.file("in/purchase-orders.csv", &format!("{columns}\n{pos}"));
    bench.import(&bench.path("in"), TODAY);
    bench.export("backorders", TODAY)[0].clone()
}

/// Eight completed lines, these days late.
fn history(late: [u32; 8]) -> String {
    let line = |(n, late): (usize, u32)| {
        format!("PO-{n},EXO,2026-0{n}-01,2026-0{n}-02,closed,A,10,2026-0{n}-10,,10,2026-0{n}-{}\n", 10 + late)
    };
    (1..).zip(late).map(line).collect()
}

#[test]
fn likely_dates_follow_from_the_po_and_from_what_the_supplier_is_usually_late_by() {
    let at = |day: &str| format!("PO-77,EXO,2026-10-01,2026-10-02,confirmed,A,40,{day},,,\n");
    let learned = history([0, 2, 4, 6, 8, 10, 10, 10]);
    for (pos, likely, safe, state, reason) in [
        (at("2026-11-28"), Some("2026-11-28"), Some("2026-11-28"), "on_track", "confirmed 28 Nov"),
        (
            history([4; 8]) + &at("2026-11-28"),
            Some("2026-12-02"),
            Some("2026-12-02"),
            "will_be_late",
            "usually 4 days late",
        ),
        // Early deliveries are luck, not a promise.
        (
            history([0; 8]).replace("-10\n", "-05\n") + &at("2026-11-28"),
            Some("2026-11-28"),
            Some("2026-11-28"),
            "on_track",
            "",
        ),
        // Three days overdue: of those later than that, the middle one is six days more.
        (learned.clone() + &at("2026-11-20"), Some("2026-11-29"), Some("2026-11-30"), "on_track", "3 days overdue"),
        (learned + &at("2026-11-01"), None, None, "will_be_late", "PO-77 is 22 days overdue, no new date"),
        (at("2026-11-11"), None, None, "will_be_late", "PO-77 is 12 days overdue, no new date"),
        ("PO-77,EXO,2026-11-20,,draft,A,40,,2026-11-28,,\n".into(), None, None, "will_be_late", "nothing on order"),
        ("PO-77,EXO,2026-11-20,,cancelled,A,40,,2026-11-28,,\n".into(), None, None, "will_be_late", "nothing on order"),
        (
            "PO-77,EXO,2026-11-20,,sent,A,40,,,,\n".into(),
            Some("2026-11-30"),
            Some("2026-11-30"),
            "on_track",
            "quoted lead time",
        ),
        ("PO-77,EXO,,,sent,A,40,,,,\n".into(), None, None, "will_be_late", "PO-77 has no date"),
    ] {
        let row = waiting(&pos);
        let found = (row["likely_on"].as_str(), row["safe_on"].as_str(), row["state"].as_str());
        assert_eq!(found, (likely, safe, Some(state)), "{pos}\n{row}");
        assert!(row["reason"].as_str().unwrap().contains(reason), "{reason}: {row}");
        let days = if state == "on_track" { json!(0) } else { likely.map_or(Value::Null, |_| json!(1)) };
        assert_eq!(row["days_late"], days, "{row}");
    }
}

#[test]
fn stock_goes_by_rank_and_comes_back_in_reverse() {
    let bench = base();
    bench.file(
        "in/orders.csv",
        "order,customer,ordered_on,promised_on,kind,line,sku,quantity\nO1,C1,2026-11-01,2026-12-05,,10,A,1\n\
         O1,C1,2026-11-01,2026-12-05,,9,A,1\nO2,C1,2026-11-02,2026-12-01,,1,A,4\nO3,C2,2026-11-10,2026-12-30,,1,A,4\n\
         O4,C1,2026-11-20,2026-11-22,preorder,1,A,4\nO5,C2,2026-11-01,2026-11-25,preorder,1,A,4\n",
    );
    // A due pre-order, then priority, then promise, then the line's number as a number.
    let expected = ["O4 1", "O5 1", "O3 1", "O2 1", "O1 9", "O1 10"];
    let sizes = [4, 4, 4, 4, 1, 1];
    for units in [18, 17, 16, 9, 4, 0, -3, 18] {
        bench.file("in/stock.csv", &format!("sku,quantity\nA,{units}\n"));
        bench.import(&bench.path("in"), TODAY);
        let rows = bench.export("backorders", TODAY);
        let mut left = units.max(0);
        for (line, size) in expected.iter().zip(sizes) {
            let gets = left.min(size);
            left -= gets;
            let row = rows
                .iter()
                .find(|r| format!("{} {}", r["order"].as_str().unwrap(), r["line"].as_str().unwrap()) == *line);
            let short = row.map_or(json!("0"), |r| r["short"].clone());
            assert_eq!(short, json!((size - gets).to_string()), "{line} of {units}: {rows:?}");
        }
        bench.run(&["check"]).well();
    }
}

#[test]
fn scorecards_count_lines_as_people_do() {
    let bench = base();
    for code in ["S1", "S2", "S3", "S4"] {
        let text = std::fs::read_to_string(bench.path("in/suppliers.csv")).unwrap();
        bench.file("in/suppliers.csv", &format!("{text}{code},{code},\n"));
    }
    let pos: String = ["S1", "S2", "S3", "S4"].iter().map(|s| format!("{s}-1,{s},2026-09-01,2026-09-02\n")).collect();
    bench.file("in/purchase_orders.csv", &format!("po,supplier,ordered_on,confirmed_on\n{pos}"));
    bench.file(
        "in/po_lines.csv",
        "po,line,sku,quantity,confirmed_for\nS1-1,1,A,10,2026-10-01\nS2-1,1,A,10,2026-10-01\nS3-1,1,A,10,2026-11-16\nS4-1,1,A,10,2026-12-16\n",
    );
    bench.file(
        "in/receipts.csv",
        "po,line,received_on,quantity\nS1-1,1,2026-09-25,6\nS1-1,1,2026-10-01,4\nS2-1,1,2026-09-25,6\nS2-1,1,2026-10-03,4\n",
    );
    bench.import(&bench.path("in"), TODAY);
    let cards = bench.export("scorecards", TODAY);
    let card = |code: &str| cards.iter().find(|c| c["supplier"] == code).unwrap();
    for (code, lines, on_time, by_quantity, in_full, overdue) in [
        ("S1", 1, json!(1), json!(1), json!(1), 0),
        ("S2", 1, json!(0), json!(0.6), json!(1), 0),
        ("S3", 1, json!(0), json!(0), json!(0), 1),
        ("S4", 0, json!(null), json!(null), json!(null), 0),
        ("NEW", 0, json!(null), json!(null), json!(null), 0),
    ] {
        let c = card(code);
        let found = [&c["lines"], &c["on_time"], &c["on_time_qty"], &c["in_full"], &c["overdue_lines"]];
        assert_eq!(found, [&json!(lines), &on_time, &by_quantity, &in_full, &json!(overdue)], "{c}");
        let no_data = lines == 0;
        assert_eq!(
            (c["grade"] == "no data", c["score"].is_null(), &c["too_few"]),
            (no_data, no_data, &json!(true)),
            "{c}"
        );
        assert!(no_data || c["grade"].as_str().unwrap().starts_with('('), "{c}");
    }
}

#[test]
fn a_date_moved_after_the_confirmation_moves_the_likely_date_and_no_score() {
    let bench = base();
    bench.file(
        "in/orders.csv",
        "order,customer,ordered_on,promised_on,sku,quantity\nSO-1,C1,2026-11-02,2026-12-01,A,10\n",
    );
    bench.file("in/purchase_orders.csv", "po,supplier,ordered_on,confirmed_on\nP1,EXO,2026-10-01,2026-10-02\n");
    bench.file("in/po_lines.csv", "po,line,sku,quantity,confirmed_for\nP1,1,A,10,2026-11-20\n");
    bench.import(&bench.path("in"), TODAY);
    let before = bench.export("scorecards", TODAY);
    for (n, columns, likely) in [
        (1, "expected_on\nP1,1,A,10,2026-12-20", "2026-12-20"),
        (2, "confirmed_for\nP1,1,A,10,2027-01-05", "2027-01-05"),
    ] {
        let file = bench.file(&format!("{n}/po_lines.csv"), &format!("po,line,sku,quantity,{columns}\n"));
        bench.run(&["import", file.to_str().unwrap(), "--as-of", TODAY]).well();
        assert_eq!(bench.export("scorecards", TODAY), before);
        assert_eq!(bench.export("backorders", TODAY)[0]["likely_on"], json!(likely));
        assert_eq!(bench.export("purchase-orders", TODAY)[0]["confirmed_for"], json!("2026-11-20"));
    }
}

#[test]
fn goods_that_come_after_the_shelf_is_empty_are_to_be_hurried_and_those_in_time_are_left_alone() {
    let bench = base();
    bench.file(
        "in/items.csv",
        "sku,name,supplier,min,max,cost\nLATE,x,EXO,5,8,2\nTIMELY,x,EXO,5,8,2\nMIN,x,EXO,5,8,2\nFULL,x,EXO,5,8,2\n",
    );
    bench.file("in/supplier_items.csv", "supplier,sku,min_quantity,preferred\nEXO,MIN,100,yes\n");
    bench.file("in/stock.csv", "sku,quantity\nLATE,0\nTIMELY,4\nMIN,4\nFULL,20\n");
    bench.file(
        "in/purchase_orders.csv",
        "po,supplier,ordered_on,expected_on,status,sku,quantity\nP1,EXO,2026-11-01,2026-12-20,sent,LATE,50\n\
         P2,EXO,2026-11-01,2026-11-24,sent,TIMELY,50\n",
    );
    bench.file(
        "in/orders.csv",
        "order,customer,ordered_on,promised_on,sku,quantity\nO,C1,2026-11-20,2026-12-01,LATE,3\n",
    );
    bench.import(&bench.path("in"), TODAY);
    let rows = bench.export("reorder", TODAY);
    let found: Vec<_> = rows.iter().map(|r| (r["sku"].as_str().unwrap(), &r["quantity"], &r["stockout_on"])).collect();
    let expected = [("LATE", &Value::Null, &json!(TODAY)), ("MIN", &json!("100"), &Value::Null)];
    assert_eq!(found, expected, "{rows:?}");
    assert!(rows[0]["reason"].as_str().unwrap().starts_with("Expedite: P1"), "{rows:?}");
}
