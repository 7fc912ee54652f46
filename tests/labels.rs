//! Labels: written by the program, understood by its scan field.

use super::support::cli::Bench;
use backshelf::domain::scan;
use backshelf::ops::people;
use backshelf::ops::scanning::{Meaning, meaning};
use backshelf::store::{Mode, Store};

#[test]
fn every_label_that_is_written_is_understood_when_it_is_scanned() {
    let bench = Bench::new();
    bench.file("in/items.csv", "sku,name,bin\nBEV-002,Chang 24 x 12 oz,A1-04\nbin-7,Trap,A1-05\nÄ1,Käse,A1-05\n");
    bench.file("in/stock.csv", "sku,bin,quantity\nBEV-002,A1-04,17\nbin-7,12,3\n");
    bench.file("in/suppliers.csv", "supplier,name\nE,Exotic Liquids\n");
    bench.file(
        "in/purchase_orders.csv",
        "po,supplier,ordered_on,sku,quantity\nPO-77,E,2026-11-01,BEV-002,40\n4500,E,2026-11-01,bin-7,4\n",
    );
    bench.import(&bench.path("in"), "2026-11-23");
    let ran = bench.run(&["label", "--bins", "--items", "--pos"]).well();
    assert!(ran.err.contains("1 are left out"), "{}", ran.err);
    let codes: Vec<&str> = ran
        .out
        .lines()
        .filter(|l| l.contains("^BC"))
        .map(|l| l.split("^FD").nth(1).unwrap().trim_end_matches("^FS"))
        .collect();
    assert_eq!(codes.len(), 3 + 2 + 2, "{}", ran.out);
    let store = Store::open(&bench.db(), Mode::ReadOnly).unwrap();
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    for code in codes {
        let found = meaning(store.db(), code, today).unwrap();
        let fits = match &code[..2] {
            "BI" => matches!(found, Meaning::Bin(_)),
            "IT" => matches!(found, Meaning::Item { .. }),
            _ => matches!(found, Meaning::Po(_)),
        };
        assert!(fits, "{code}: {found:?}");
    }
    let page = bench.path("labels.html");
    bench.run(&["label", "--bins", "A1", "--copies", "2", "-o", page.to_str().unwrap()]).well();
    let text = std::fs::read_to_string(page).unwrap();
    assert_eq!(text.matches("class=\"label\"").count(), 4, "two bins, two of each");
    assert!(text.contains("BINA1-04") && text.contains("<rect "));
    let sheet = bench.run(&["label", "--commands"]).well().out;
    assert!(sheet.contains("^FDDOUNDO^FS") && sheet.contains("take back the last"), "{sheet}");
    assert_eq!(bench.run(&["label"]).code, 2);
    assert_eq!(bench.run(&["label", "--items", "nobody"]).code, 2);
}

/// The badge is the only label that nobody can look up again: it is printed where it is made, and scans as its holder.
#[test]
fn a_badge_is_printed_where_it_is_made_and_opens_for_its_holder() {
    let bench = Bench::new();
    bench.run(&["operator", "add", "M.Baker"]).well();
    bench.run(&["operator", "add", "K.Smit"]).well();
    assert_eq!(bench.run(&["operator", "badge", "K.Smit", "-o", "badge.doc"]).code, 2, "and the old one stays");
    let file = bench.path("badge.zpl");
    let ran = bench.run(&["operator", "badge", "K.Smit", "-o", file.to_str().unwrap()]).well();
    assert!(ran.out.is_empty() && ran.err.contains("1 label in"), "{} {}", ran.out, ran.err);
    let text = std::fs::read_to_string(file).unwrap();
    let code = text.split("^BC").nth(1).unwrap().split("^FD").nth(1).unwrap().split("^FS").next().unwrap().to_string();
    assert!(matches!(scan::label(&code), Some((scan::Label::Person, _))), "{code}");
    assert_eq!(scan::scanned(&code), scan::Entry::Code(code.clone()));
    let store = Store::open(&bench.db(), Mode::ReadOnly).unwrap();
    assert_eq!(people::by_badge(store.db(), &code).unwrap().as_deref(), Some("K.Smit"));
}
