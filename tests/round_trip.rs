//! import(export(x)) = x: what goes out comes back, into an empty warehouse as it was, into the same one as nothing new.

use crate::support::cli::Bench;
use serde_json::{Value, json};
use std::path::Path;

const TODAY: &str = "2026-11-23";
const VIEWS: [&str; 11] = [
    "items",
    "suppliers",
    "supplier-items",
    "price-breaks",
    "movements",
    "contacts",
    "orders",
    "purchase-orders",
    "po-terms",
    "po-line-terms",
    "po-invoices",
];

/// Every column used, with text that spreadsheets, parsers and terminals trip over.
const FILES: &[(&str, &str)] = &[
    (
        "suppliers.csv",
        "supplier,name,contact_person,email,phone,country,lead_days,min_order_value,currency,order_days,cutoff,note,language\n\
         EXO,\"Exotic \"\"Liquids\"\", Ltd\",Ann,a@b.c,+49 30 1,GBR,14,100.5,EUR,mon thu,14:00,\"two\nlines\",de\n\
         =cmd,@Name,-x,\"'=1\",'-5,,,,,,,\"  spaced  \",\n007,七 漢字 é,,,,Germany,,,,,,,\n",
    ),
    (
        "items.csv",
        "sku,name,note,barcode,category,unit,cost,price,backorders,backorder_limit,available_on,supplier,bin,min,max,pack,\
         service_level,status\n\
         00417,Chang,\"a \"\"q\"\", n\r\nx\",0400638133393,Bev,bottle,12.3456,19.00,allow,10.5,2026-12-01,EXO,A1,5,50,6,0.95,active\n\
         =1+1,\"=HYPERLINK(\"\"x\"\")\",'=a,,@c,,0,0,deny,0,,=cmd,B2,0,0,1,1,discontinued\n\
         '=q,''=dd,,,,,,,preorder,,2027-01-05,007,,,,,0.999999,\n\
         -5,+plus,'quoted,123456789012345678,,,,,,,,,,,,,,\n\
         é1,Ünï 😀,\"tab\there\",,,,1000000000.0001,,,,,,,,,,,\n",
    ),
    (
        "supplier_items.csv",
        "supplier,sku,supplier_sku,cost,min_quantity,pack,lead_days,preferred\n\
         EXO,00417,'-7,12.3456,24,6,9,yes\n007,00417,,11,0,,,no\n007,é1,0417,,,2.5,0,\n=cmd,=1+1,=a,0,,,,\n",
    ),
    (
        "price_breaks.csv",
        "supplier,sku,from_quantity,cost,valid_until\nEXO,00417,48,11.5,2026-12-31\nEXO,00417,96.5,0.0001,\n\
         007,-5,10,3,2025-01-01\n",
    ),
    ("customers.csv", "customer,name,country,kind,priority\nC1,Haynes,USA,consumer,1\nC2,Berg,DE,business,\n"),
    ("aliases.csv", "channel,code,sku,quantity\nshop,SET6,00417,6\nshop,-5,é1,1\n"),
    (
        "movements.csv",
        "at,sku,bin,quantity,reason,reference\n2026-01-05,00417,A1,10,receipt,PO-1\n\
         2026-02-05T09:30:15,00417,A1,-3.5,sale,=x\n2026-02-05T09:30:15,00417,A1,-3.5,sale,=x\n2026-03-01 08:00,é1,,7,,\n",
    ),
    ("stock.csv", "sku,bin,quantity\n00417,A1,20\n00417,Z9,2.125\n-5,,9\n"),
    (
        "orders.csv",
        "order,customer,ordered_on,channel,kind,paid,paid_amount,refunded_on,promised_on,deliver_by,continues,status,note\n\
         SO-1,C1,2026-11-02,shop,backorder,yes,10.50,,2026-11-20,2026-11-25,,,\"=n, \"\"q\"\"\"\n\
         SO-2,C2,2026-11-03,,preorder,no,,,,,SO-1,open,\n\
         SO-3,C1,2026-11-04,,,,,2026-11-10,2026-12-01,,SO-2,cancelled,\n\
         SO-4,C1,2026-11-04,,regular,,,,2026-12-02,,,shipped,\n\
         SO-5,C2,2026-11-05,,,,,,2026-12-05,,,,without lines\n\
         SO-6,C2,2026-11-05,,,,,,2026-12-05,,,,all lines have another date\n\
         SO-7,C2,2026-11-05,,,,,,2026-12-05,,,,one line has\n0008,C2,2026-11-05,shop,,,,,,,,,a set\n",
    ),
    (
        "order_lines.csv",
        "order,line,sku,quantity,price,promised_on,shipped,shipped_on,cancelled\n\
         SO-1,1,00417,10,19.00,,2,2026-11-10,1\nSO-1,2,é1,5,3.3333,2026-12-24,,,\nSO-1,10,-5,1,,,,,\n\
         SO-2,,00417,30,15,,,,\nSO-2,,00417,3,15,,,,\nSO-3,1,é1,2,1,,,,\nSO-4,1,é1,2,1,,1,2026-11-09,\nSO-4,2,é1,2,1,,,,\n\
         SO-6,1,é1,2,1,2026-12-09,,,\nSO-6,2,é1,2,1,2026-12-09,,,\nSO-7,1,é1,2,1,2026-12-09,,,\nSO-7,2,é1,2,1,,,,\n\
         0008,1,SET6,2,60,,,,\n0008,2,-5,2,60,,,,\n",
    ),
    (
        "purchase_orders.csv",
        "po,supplier,ordered_on,confirmed_on,expected_on,status\nPO-1,EXO,2026-10-01,2026-10-03,2026-11-30,confirmed\n\
         PO-2,EXO,,,,draft\nPO-3,007,2026-10-01,,,cancelled\nPO-4,007,2026-10-01,2026-10-02,,\n\
         PO-5,007,2026-10-01,,2026-12-01,\nPO-6,007,2026-10-01,,2026-12-01,sent\nPO-7,007,2026-10-01,,2026-12-01,closed\n\
         PO-8,EXO,2026-11-01,,2026-12-11,\n",
    ),
    (
        "po_lines.csv",
        "po,line,sku,quantity,cost,confirmed_for,expected_on,received,received_on,rejected\n\
         PO-1,1,00417,40,12,2026-11-20,2026-12-05,10,2026-11-15,1\nPO-1,2,é1,10,1,2026-11-20,,,,\nPO-2,1,é1,5,,,,,,\n\
         PO-3,1,é1,5,,,,2,2026-10-20,\nPO-4,1,é1,5,1.5,2026-10-20,,,,\nPO-5,1,é1,5,1.5,2026-10-20,2026-12-11,,,\n\
         PO-6,1,é1,5,1.5,,2026-12-11,,,\nPO-6,2,é1,5,1.5,,2026-12-11,,,\nPO-7,1,é1,5,1.5,,,1,,\n",
    ),
    (
        "receipts.csv",
        "po,line,received_on,quantity,rejected,reason\nPO-4,1,2026-10-20,2,1,broken\nPO-4,1,2026-10-25,3,,\nPO-1,1,2026-11-10,4,,\n",
    ),
    ("po_terms.csv", "po,freight,note\nPO-1,20.5,\"=back \"\"door\"\"\"\nPO-4,,note alone\n"),
    (
        "po_line_terms.csv",
        "po,line,asked_cost,cancelled,ended_by,ended_on,reason\nPO-1,2,0.9,10,us,2026-11-12,not wanted\n\
         PO-6,2,,,supplier,2026-11-13,=discontinued\nPO-4,1,1.25,,,,\n",
    ),
    (
        "po_invoices.csv",
        "po,line,invoiced_on,number,quantity,cost,agreed,papers,note\nPO-4,1,2026-10-26,R-1,5,1.6,1.5,wrong,=n\n\
         PO-4,,2026-10-26,R-1,,12,,right,\nPO-1,1,2026-11-15,,4,12,12,,\nPO-1,1,2026-11-15,,4,12,12,,\n",
    ),
    (
        "contacts.csv",
        "order,line,contacted_on,channel,message,quoted_for,offered_cancel,outcome,answer,answered_on,offer,offer_cost,note\n\
         SO-1,1,2026-11-05,mail,first_short,2026-12-22,yes,sent,consent,2026-11-06,free delivery,4.90,=note\n\
         SO-1,,2026-11-06,,,,,,,,,,\nSO-1,,2026-11-06,,,,,,,,,,\nSO-2,2,2026-11-06,phone,delay,,no,no_answer,none,,,,x\n",
    ),
];

/// New promises, of orders and of a line, after the first.
const LATER: &[(&str, &str)] = &[
    (
        "orders.csv",
        "order,customer,ordered_on,promised_on\nSO-5,C2,2026-11-05,2026-12-16\nSO-1,C1,2026-11-02,2026-12-17\n",
    ),
    ("order_lines.csv", "order,line,sku,quantity,promised_on\nSO-7,1,é1,2,2026-12-30\n"),
];

fn full() -> Bench {
    let bench = Bench::new();
    for (folder, files) in [("first", FILES), ("later", LATER)] {
        for (name, text) in files {
            bench.file(&format!("{folder}/{name}"), text);
        }
        bench.import(&bench.path(folder), TODAY);
    }
    bench
}

/// Exports every view into the folder, under the view's name.
fn export(bench: &Bench, folder: &Path, format: &str) -> Vec<Vec<u8>> {
    std::fs::create_dir_all(folder).unwrap();
    let write = |view: &&str| {
        let file = folder.join(format!("{view}.{format}"));
        bench.run(&["export", view, "-o", file.to_str().unwrap(), "--as-of", TODAY]).well();
        std::fs::read(file).unwrap()
    };
    VIEWS.iter().map(write).collect()
}

#[test]
fn an_export_comes_back_as_it_was_into_an_empty_warehouse_and_as_nothing_new_into_its_own() {
    let bench = full();
    let texts = export(&bench, &bench.path("csv"), "csv");
    for format in ["csv", "xlsx"] {
        let folder = bench.path(format);
        export(&bench, &folder, format);
        let again = bench.import(&folder, TODAY).json();
        assert_eq!(again["operation"], Value::Null, "{format}: {again}");
        assert_eq!(again["warnings"], json!([]), "{format}");
        let other = Bench::new();
        let customers = other.file("customers.csv", FILES.iter().find(|f| f.0 == "customers.csv").unwrap().1);
        let args = ["import", folder.to_str().unwrap(), customers.to_str().unwrap(), "--as-of", TODAY];
        other.run(&args).well();
        for ((view, before), after) in VIEWS.iter().zip(&texts).zip(export(&other, &other.path("again"), "csv")) {
            let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(&after));
            assert_eq!(before, after, "{view} by way of {format}");
        }
        other.run(&["check"]).well();
    }
    bench.run(&["check"]).well();
}

#[test]
fn an_order_is_exported_with_the_promise_that_holds() {
    let bench = full();
    let promised: Vec<(String, Value)> = bench
        .export("orders", TODAY)
        .iter()
        .map(|r| {
            (
                format!("{} {}", r["order"].as_str().unwrap(), r["line"].as_str().unwrap_or("-")),
                r["promised_on"].clone(),
            )
        })
        .collect();
    for (line, date) in
        [("SO-1 1", "2026-12-17"), ("SO-5 -", "2026-12-16"), ("SO-6 2", "2026-12-09"), ("SO-7 1", "2026-12-30")]
    {
        assert!(promised.contains(&(line.into(), json!(date))), "{line}: {promised:?}");
    }
}

#[test]
fn orders_that_continue_each_other_in_a_circle_are_refused_whenever_they_come() {
    let bench = full();
    let file = bench.file("more/orders.csv", "order,customer,ordered_on,continues\nSO-1,C1,2026-11-02,SO-3\n");
    let ran = bench.run(&["import", file.to_str().unwrap()]);
    assert!(ran.code == 1 && ran.out.contains("orders.csv:2: continues"), "{ran:?}");
}

#[test]
fn programs_that_begin_one_file_at_once_lose_nothing() {
    let bench = Bench::new();
    let files: Vec<_> = ["a", "b", "c", "d"]
        .iter()
        .map(|k| bench.file(&format!("{k}/items.csv"), &format!("sku,name\n{k}1,one\n{k}2,two\n")))
        .collect();
    let bench = &bench;
    std::thread::scope(|scope| {
        for file in &files {
            scope.spawn(move || bench.run(&["import", file.to_str().unwrap()]).well());
        }
    });
    assert_eq!(bench.export("items", TODAY).len(), 8);
    bench.run(&["check"]).well();
}

#[test]
fn a_lines_own_date_goes_before_what_its_order_is_promised_later() {
    let bench = full();
    let promised = |bench: &Bench| {
        let rows = bench.export("backorders", TODAY);
        let of = |line: &str| {
            let found = rows.iter().find(|r| r["order"] == "SO-7" && r["line"] == line);
            found.map_or(Value::Null, |r| r["promise"].clone())
        };
        [of("1"), of("2")]
    };
    assert_eq!(promised(&bench), [json!("2026-12-30"), json!("2026-12-05")]);
    let file = bench.file("more/orders.csv", "order,customer,ordered_on,promised_on\nSO-7,C2,2026-11-05,2027-01-11\n");
    bench.import(&file, TODAY);
    assert_eq!(promised(&bench), [json!("2026-12-30"), json!("2027-01-11")]);
    assert_eq!(bench.import(&file, TODAY).json()["operation"], Value::Null, "the same again is nothing new");
    bench.run(&["undo"]).well();
    assert_eq!(promised(&bench), [json!("2026-12-30"), json!("2026-12-05")]);
}
