//! What other programs rely on: files in, decisions out, by the names of the export columns. Every case goes through
//! the program itself, as a script would.

use crate::support::cli::Bench;
use serde_json::{Value, json};

/// One line of one customer, ordered on 2026-11-02, with a PO that brings it on `likely` and what was said since.
struct Case {
    name: &'static str,
    country: &'static str,
    kind: &'static str,
    promised: &'static str,
    paid: &'static str,
    likely: &'static str,
    /// Rows of contacts.csv after `order`.
    contacts: &'static [&'static str],
    today: &'static str,
    /// Columns of the backorders export and what they must hold.
    expect: &'static [(&'static str, &'static str)],
}

const US: Case = Case {
    name: "",
    country: "US",
    kind: "consumer",
    promised: "",
    paid: "yes",
    likely: "",
    contacts: &[],
    today: "2026-11-10",
    expect: &[],
};
const SHORT: &str = "2026-11-20,first_short,2026-12-22,yes,sent,,";
const LONG: &str = "2026-11-20,first_long,2027-01-20,yes,sent,,";
const RENEWED: &str = "2026-12-15,renewed,2027-01-05,yes,sent,,";

const CASES: &[Case] = &[
    Case {
        name: "E within T is on track",
        likely: "2026-11-30",
        expect: &[
            ("action", "none"),
            ("message", "null"),
            ("state", "on_track"),
            ("rule", "us"),
            ("commitment_on", "2026-12-02"),
            ("silence_means", "null"),
            ("likely_on", "2026-11-30"),
        ],
        ..US
    },
    Case {
        name: "E up to T+30 is a short notice",
        likely: "2026-12-22",
        expect: &[
            ("action", "notify"),
            ("message", "first_short"),
            ("act_by", "2026-12-02"),
            ("commitment_on", "2026-12-02"),
            ("silence_means", "consent"),
            ("state", "will_be_late"),
            ("days_late", "20"),
        ],
        ..US
    },
    Case {
        name: "E on T+30 is still short",
        likely: "2027-01-01",
        expect: &[("message", "first_short"), ("silence_means", "consent")],
        ..US
    },
    Case {
        name: "E after T+30 is long",
        likely: "2027-01-02",
        expect: &[("message", "first_long"), ("act_by", "2026-12-02"), ("silence_means", "cancelled")],
        ..US
    },
    Case {
        name: "no E is unknown",
        likely: "",
        expect: &[
            ("action", "notify"),
            ("message", "first_unknown"),
            ("silence_means", "cancelled"),
            ("likely_on", "null"),
            ("state", "will_be_late"),
            ("days_late", "null"),
        ],
        ..US
    },
    Case {
        name: "nothing sent by T: cancel and refund",
        likely: "2026-12-22",
        today: "2026-12-03",
        expect: &[
            ("action", "cancel_and_refund"),
            ("message", "cancelled"),
            ("act_by", "2026-12-03"),
            ("refund_by", "2026-12-14"),
            ("silence_means", "null"),
            ("state", "late"),
            ("days_late", "1"),
        ],
        ..US
    },
    Case {
        name: "a late notice cures nothing",
        likely: "2026-12-22",
        contacts: &["2026-12-04,first_short,2026-12-22,yes,sent,,"],
        today: "2026-12-05",
        expect: &[("action", "cancel_and_refund"), ("act_by", "2026-12-03"), ("refund_by", "2026-12-14")],
        ..US
    },
    Case {
        name: "silence after a short notice is a yes",
        likely: "2026-12-22",
        contacts: &[SHORT],
        today: "2026-11-25",
        expect: &[
            ("action", "none"),
            ("commitment_on", "2026-12-22"),
            ("silence_means", "null"),
            ("last_told_on", "2026-11-20"),
            ("last_quoted", "2026-12-22"),
        ],
        ..US
    },
    Case {
        name: "a second slip needs a renewed notice",
        likely: "2027-01-05",
        contacts: &[SHORT],
        today: "2026-12-12",
        expect: &[
            ("action", "notify"),
            ("message", "renewed"),
            ("act_by", "2026-12-22"),
            ("commitment_on", "2026-12-22"),
            ("silence_means", "cancelled"),
        ],
        ..US
    },
    Case {
        name: "silence after a renewed notice cancels",
        likely: "2027-01-05",
        contacts: &[SHORT, RENEWED],
        today: "2026-12-23",
        expect: &[
            ("action", "cancel_and_refund"),
            ("message", "cancelled"),
            ("act_by", "2026-12-23"),
            ("refund_by", "2027-01-01"),
        ],
        ..US
    },
    Case {
        name: "a yes to a renewed notice moves the commitment",
        likely: "2027-01-05",
        contacts: &[SHORT, RENEWED, "2026-12-20,,,,reached,consent,2026-12-20"],
        today: "2026-12-23",
        expect: &[
            ("action", "none"),
            ("commitment_on", "2027-01-05"),
            ("promise", "2027-01-05"),
            ("state", "on_track"),
        ],
        ..US
    },
    Case {
        name: "a long notice unanswered is chased",
        likely: "2027-01-20",
        contacts: &[LONG],
        today: "2026-12-20",
        expect: &[
            ("action", "chase"),
            ("message", "reminder"),
            ("act_by", "2027-01-01"),
            ("commitment_on", "2027-01-01"),
            ("silence_means", "cancelled"),
        ],
        ..US
    },
    Case {
        name: "a long notice unanswered by T+30 cancels",
        likely: "2027-01-20",
        contacts: &[LONG],
        today: "2027-01-02",
        expect: &[("action", "cancel_and_refund"), ("act_by", "2027-01-02"), ("refund_by", "2027-01-12")],
        ..US
    },
    Case {
        name: "a bounced notice counts as not given",
        likely: "2026-12-22",
        contacts: &["2026-11-20,first_short,2026-12-22,yes,bounced,,"],
        today: "2026-11-25",
        expect: &[("action", "notify"), ("message", "first_short"), ("commitment_on", "2026-12-02")],
        ..US
    },
    Case {
        name: "a notice without the offer to cancel counts as not given",
        likely: "2026-12-22",
        contacts: &["2026-11-20,first_short,2026-12-22,no,sent,,"],
        today: "2026-12-03",
        expect: &[("action", "cancel_and_refund")],
        ..US
    },
    Case {
        name: "a recorded cancel asks for the refund",
        likely: "2026-11-30",
        contacts: &["2026-11-09,,,,reached,cancel,2026-11-09"],
        expect: &[
            ("action", "cancel_and_refund"),
            ("message", "cancelled"),
            ("act_by", "2026-11-09"),
            ("refund_by", "2026-11-18"),
        ],
        ..US
    },
    Case {
        name: "yes to an open delay holds",
        likely: "",
        contacts: &["2026-11-20,first_unknown,,yes,sent,,", "2026-11-22,,,,reached,consent,2026-11-22"],
        today: "2026-11-25",
        expect: &[("action", "hold"), ("commitment_on", "null"), ("silence_means", "nothing")],
        ..US
    },
    Case {
        name: "EU consumer: propose a date, silence changes nothing",
        country: "DE",
        promised: "2026-11-20",
        likely: "2026-11-30",
        expect: &[
            ("rule", "eu"),
            ("action", "notify"),
            ("message", "new_date"),
            ("act_by", "2026-11-20"),
            ("commitment_on", "2026-11-20"),
            ("silence_means", "nothing"),
            ("state", "will_be_late"),
            ("days_late", "10"),
        ],
        ..US
    },
    Case {
        name: "UK consumer",
        country: "GB",
        promised: "2026-11-20",
        likely: "2026-11-30",
        expect: &[("rule", "uk"), ("message", "new_date")],
        ..US
    },
    Case {
        name: "EU consumer agreed",
        country: "DE",
        promised: "2026-11-20",
        likely: "2026-11-30",
        contacts: &["2026-11-12,new_date,2026-11-30,yes,sent,,", "2026-11-13,,,,reached,consent,2026-11-13"],
        today: "2026-11-15",
        expect: &[
            ("action", "none"),
            ("promise", "2026-11-30"),
            ("first_promise", "2026-11-20"),
            ("state", "on_track"),
        ],
        ..US
    },
    Case {
        name: "EU consumer: after D still only a notice",
        country: "DE",
        promised: "2026-11-20",
        likely: "2026-11-30",
        today: "2026-11-25",
        expect: &[
            ("action", "notify"),
            ("act_by", "2026-11-20"),
            ("silence_means", "nothing"),
            ("state", "late"),
            ("days_late", "5"),
        ],
        ..US
    },
    Case {
        name: "a business is under the house rule",
        kind: "business",
        promised: "2026-11-20",
        likely: "2026-11-30",
        expect: &[("rule", "house"), ("action", "notify"), ("message", "delay"), ("silence_means", "nothing")],
        ..US
    },
    Case {
        name: "an unpaid order is under the house rule",
        paid: "no",
        promised: "2026-11-20",
        likely: "2026-11-30",
        expect: &[("rule", "house"), ("message", "delay")],
        ..US
    },
    Case {
        name: "house: told and within the tolerance",
        kind: "business",
        promised: "2026-11-20",
        likely: "2026-11-30",
        contacts: &["2026-11-09,delay,2026-11-28,yes,reached,,"],
        expect: &[("rule", "house"), ("action", "none"), ("message", "null")],
        ..US
    },
];

fn warehouse(case: &Case) -> Bench {
    let bench = Bench::new();
    bench.file("in/suppliers.csv", "supplier,name\nEXO,Exotic Liquids\n");
    bench.file("in/items.csv", "sku,name,price,supplier\nCHANG,Chang 24 x 12 oz,15.20,EXO\n");
    bench.file(
        "in/customers.csv",
        &format!("customer,name,country,kind\nC1,M. Haynes,{},{}\n", case.country, case.kind),
    );
    bench.file(
        "in/orders.csv",
        &format!("order,customer,ordered_on,paid,promised_on\nSO-1,C1,2026-11-02,{},{}\n", case.paid, case.promised),
    );
    bench.file("in/order_lines.csv", "order,line,sku,quantity,price\nSO-1,1,CHANG,6,15.20\n");
    if !case.likely.is_empty() {
        bench.file("in/purchase_orders.csv", "po,supplier,ordered_on,status\nPO-7,EXO,2026-11-01,confirmed\n");
        bench
            .file("in/po_lines.csv", &format!("po,line,sku,quantity,confirmed_for\nPO-7,1,CHANG,40,{}\n", case.likely));
    }
    if !case.contacts.is_empty() {
        let rows: String = case.contacts.iter().map(|c| format!("SO-1,1,{c}\n")).collect();
        bench.file(
            "in/contacts.csv",
            &format!("order,line,contacted_on,message,quoted_for,offered_cancel,outcome,answer,answered_on\n{rows}"),
        );
    }
    bench
}

#[test]
fn the_vectors_of_the_delay_rules_hold_from_file_to_export() {
    let mut wrong = Vec::new();
    for case in CASES {
        let bench = warehouse(case);
        bench.import(&bench.path("in"), case.today);
        let rows = bench.export("backorders", case.today);
        let Some(row) = rows.first() else {
            wrong.push(format!("{}: no row", case.name));
            continue;
        };
        for (column, expected) in case.expect {
            let found = match &row[column] {
                Value::Null => "null".to_string(),
                Value::String(s) => s.clone(),
                other => other.to_string(),
            };
            if found != *expected {
                wrong.push(format!("{}: {column} is {found}, not {expected}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_import_says_what_it_did_and_the_same_again_changes_nothing() {
    let bench = warehouse(&Case { likely: "2026-12-22", contacts: &[SHORT], ..US });
    bench.file("in/stock.csv", "sku,bin,quantity\nCHANG,A1-04,4\n");
    bench.file("in/readme.md", "not a table");
    let first = bench.import(&bench.path("in"), "2026-11-25").json();
    assert_eq!(first["written"], json!(true));
    let before: Vec<_> = ["items", "stock", "orders", "contacts", "movements", "purchase-orders", "suppliers"]
        .map(|v| bench.export(v, "2026-11-25"))
        .into();
    bench.import(&bench.path("in"), "2026-11-25");
    let after: Vec<_> = ["items", "stock", "orders", "contacts", "movements", "purchase-orders", "suppliers"]
        .map(|v| bench.export(v, "2026-11-25"))
        .into();
    assert_eq!(before, after);
    bench.run(&["check"]).well();
    let row = &bench.export("backorders", "2026-11-25")[0];
    assert_eq!((&row["allocated"], &row["short"], &row["value"]), (&json!("4"), &json!("2"), &json!("91.20")));
    bench.run(&["undo", "--as-of", "2026-11-25"]).well();
    assert!(bench.export("items", "2026-11-25").is_empty(), "one undo takes the whole import back");
    bench.run(&["check"]).well();
}

#[test]
fn every_problem_is_listed_and_nothing_is_written() {
    let bench = Bench::new();
    let items =
        bench.file("items.csv", "sku,name,cost\n00417,Good,1.50\nA-1,,2\nA-2,Comma,\"1,5\"\nA-3,One,3\nA-3,Two,3\n");
    let ran = bench.run(&["import", items.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let said = format!("{}{}", ran.out, ran.err);
    for part in ["items.csv:3: name", "items.csv:4: cost", "items.csv:6"] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    assert!(!bench.db().exists() || bench.export("items", "2026-11-25").is_empty());
    let ran = bench.run(&["import", items.to_str().unwrap(), "--skip-bad"]).well();
    assert!(format!("{}{}", ran.out, ran.err).contains("items.csv:4: cost"));
    let skus: Vec<_> = bench.export("items", "2026-11-25").iter().map(|r| r["sku"].clone()).collect();
    assert!(skus.contains(&json!("00417")), "leading zeros stay: {skus:?}");
}

#[test]
fn wrong_use_is_told_apart_from_wrong_data() {
    let bench = Bench::new();
    for (args, code) in [
        (vec!["export", "items"], 2),
        (vec!["check"], 2),
        (vec!["import", "missing.csv"], 2),
        (vec!["export", "nonsense"], 2),
        (vec!["frobnicate"], 2),
    ] {
        let ran = bench.run(&args);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        assert!(ran.out.is_empty() && !ran.err.trim().is_empty(), "{args:?}: {ran:?}");
        assert!(!bench.db().exists(), "{args:?} made a file");
    }
    bench.file(
        "warehouse.db",
        "this is no database, whatever its name says; it is long enough to be read as one, though",
    );
    let ran = bench.run(&["check"]);
    assert!(ran.code == 1 || ran.code == 2, "{ran:?}");
    assert!(std::fs::read_to_string(bench.db()).unwrap().starts_with("this is no database"));
}

#[test]
fn a_level_stated_twice_for_one_bin_is_a_problem_unless_it_is_the_same() {
    let bench = Bench::new();
    bench.file("in/items.csv", "sku,name,bin\nA,a,S1\n");
    bench.file("in/stock.csv", "sku,bin,quantity\nA,,10\nA,S1,10\n");
    bench.import(&bench.path("in"), "2026-11-23");
    assert_eq!(bench.export("stock", "2026-11-23")[0]["on_hand"], json!("10"));
    let stock = bench.file("in/stock.csv", "sku,bin,quantity\nA,,10\nA,S1,7\n");
    let ran = bench.run(&["import", stock.to_str().unwrap()]);
    assert!(ran.code == 1 && ran.out.contains("stock.csv:3: quantity"), "{ran:?}");
    assert_eq!(bench.export("movements", "2026-11-23").len(), 1);
}

#[test]
fn damage_is_found_and_never_made_worse() {
    let bench = Bench::new();
    let items: String = (0..3000).map(|n| format!("S{n},name {n}\n")).collect();
    let file = bench.file("items.csv", &format!("sku,name\n{items}"));
    bench.run(&["import", file.to_str().unwrap()]).well();
    bench.run(&["backup", "copy.db"]).well();
    let good = std::fs::read(bench.path("copy.db")).unwrap();
    let page = 4096;
    // The first page behind the file's header; a page in the middle; the end cut off.
    let schema = [&good[..100], &[0xff; 60], &good[160..]].concat();
    let middle = good.len() / page / 2 * page;
    let inside = [&good[..middle], &[0xff; 40], &good[middle + 40..]].concat();
    let cut = good[..page * 3].to_vec();
    for (name, bytes) in [("schema.db", schema), ("inside.db", inside), ("cut.db", cut)] {
        std::fs::write(bench.path(name), &bytes).unwrap();
        let ran = bench.run(&["--db", name, "check"]);
        assert_eq!(ran.code, 1, "{name}: {ran:?}");
        assert!(ran.out.starts_with("The file is damaged"), "{name}: {ran:?}");
        assert_eq!(std::fs::read(bench.path(name)).unwrap(), bytes, "{name} was touched");
    }
    bench.run(&["--db", "copy.db", "check"]).well();
    bench.run(&["--db", "schema.db", "restore", "copy.db"]).well();
    assert_eq!(bench.run(&["--db", "schema.db", "export", "items"]).well().out.lines().count(), 3001);
}
