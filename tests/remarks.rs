//! What comes in and wants a look: an import names it with its rows and counts, on the screen and by command.

use crate::bringing::{batch, import, look, put};
use crate::support::cli::Bench;
use crate::support::warehouse::Warehouse;
use backshelf::exchange::bring::{self, Content};
use backshelf::ops::importing::Outcome;

/// What was remarked, by kind, with the rows.
fn remarks(outcome: &Outcome) -> Vec<String> {
    let rows = outcome.warnings.iter().filter(|w| w.line > 0);
    let kin = bring::kin(rows.map(|w| (w.line, w.column.as_deref(), w.message.as_str())));
    let mut all: Vec<String> = kin.iter().map(|k| format!("{} {} {:?}", k.count, k.words, k.rows)).collect();
    all.sort();
    all
}

#[test]
fn a_stock_list_is_taken_in_and_what_is_odd_in_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = Warehouse::new();
    w.item("9", "Moersleutel");
    w.item("10", "Hamer");
    let text = "Art.nr.;Omschrijving;Locatie;Aantal;Inkoop;Verkoop;EAN\n\
        1;Ring;A1;-3;1,00;2,00;4006381333931\n\
        2;;A1;4;1,00;2,00;\n\
        3;Bout M8;A1;4;1,00;0;\n\
        4;Pen;A1;4;3,00;2,50;\n\
        3;Bout M6;B1;4;;;\n\
        9;Nijptang;A1;4;;;\n\
        10;HAMER;A1;4;;;\n\
        5;As;A1;4;1,00;2,00;4006381333931\n";
    let looked = look(&put(folder.path(), "lijst.csv", text));
    assert_eq!(looked.content, Content::Stock);
    let outcome = import(&mut w, batch(&looked, &looked.guess(Content::Stock)));
    let bad: Vec<u32> = outcome.problems.iter().map(|p| p.line).collect();
    assert_eq!(bad, [6], "but for another item under one number none of it keeps a row out: {:?}", outcome.problems);
    assert_eq!(
        remarks(&outcome),
        [
            "1 Aantal is below zero: comes in, count it (\"-3\") [2]",
            "1 Inkoop is above the price (\"3.00\") [5]",
            "1 Omschrijving is blank or the SKU again (\"2\") [3]",
            "1 Verkoop is 0 [4]",
            "1 barcode belongs to another item already (1): left out [9]",
            "1 name is not the name here, which stays (\"Nijptang\") [7]",
        ]
    );
    assert_eq!(w.number("SELECT on_hand FROM item_state WHERE sku = '1'"), -3_000);
    assert_eq!(
        w.text("SELECT group_concat(name) FROM (SELECT name FROM item ORDER BY id)"),
        "Moersleutel,Hamer,Ring,2,Bout M8,Pen,As"
    );
}

/// A list of items changes known ones: that a name becomes another is named, and a blank one changes none.
#[test]
fn a_list_of_items_says_whose_name_it_changes_and_a_blank_name_erases_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = Warehouse::new();
    w.item("7", "Ring");
    w.item("8", "Bout");
    let text = "Art.nr.;Omschrijving;Locatie;Verkoop\n7;;A1;2,50\n8;Moer;A1;1,00\n9;;A1;1,00\n9;As;A1;1,00\n";
    let looked = look(&put(folder.path(), "artikelen.csv", text));
    let outcome = import(&mut w, batch(&looked, &looked.guess(Content::Items)));
    assert_eq!(outcome.problems, []);
    assert_eq!(
        remarks(&outcome),
        [
            "1 name is not the name here, and changes it (\"Moer\") [3]",
            "2 Omschrijving is blank or the SKU again (\"7\", \"9\") [2, 4]",
        ]
    );
    assert_eq!(w.text("SELECT group_concat(name) FROM (SELECT name FROM item ORDER BY sku)"), "Ring,Moer,As");
}

/// What a shop calls an item is the shop's: it says nothing each day anew.
#[test]
fn a_shops_own_names_and_gifts_are_no_remarks() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = Warehouse::new();
    w.item("X1", "Ring");
    let text =
        "Ordernr;Besteldatum;Klant;Art.nr.;Omschrijving;Aantal;Prijs\n1;25-11-2026;Bakker;X1;Gouden ring;2;0,00\n";
    let looked = look(&put(folder.path(), "o.csv", text));
    let outcome = import(&mut w, batch(&looked, &looked.guess(Content::OpenOrders)));
    assert_eq!(remarks(&outcome), Vec::<String>::new());
}

#[test]
fn files_of_the_own_tables_are_remarked_on_too_and_many_are_counted() {
    let bench = Bench::new();
    let mut items = String::from("sku,name,cost,price\nA,Ring,2.00,1.00\n");
    for n in 0..30 {
        items.push_str(&format!("F-{n},Gift {n},,0\n"));
    }
    let (items, stock) = (bench.file("items.csv", &items), bench.file("stock.csv", "sku,bin,quantity\nA,A1,-2\n"));
    let one = bench.file("other/items.csv", "sku,name\nA,Ring\n");
    let ran = bench.run(&["import", one.to_str().unwrap(), stock.to_str().unwrap(), "--dry-run"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains(
            "stock.csv:2: quantity: `-2` is below zero. It comes in as it stands, and its bin is to be counted."
        ),
        "{}",
        ran.err
    );
    let ran = bench.run(&["import", items.to_str().unwrap(), stock.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for line in [
        "items.csv: 30 rows (3, 4, 5, ...): price is 0",
        "items.csv: 1 row (2): cost is above the price (\"2.00\")",
        "stock.csv: 1 row (2): quantity is below zero: comes in, count it (\"-2\")",
    ] {
        assert!(ran.err.contains(line), "{line}\n{}", ran.err);
    }
    let json = ["import", items.to_str().unwrap(), stock.to_str().unwrap(), "--format", "json"];
    let again = bench.run(&json).json();
    assert_eq!(again["warnings"], serde_json::json!([]), "what is here already was remarked on when it came");
    let other = Bench::new();
    let (items, stock) = (std::fs::read_to_string(items).unwrap(), std::fs::read_to_string(stock).unwrap());
    let (items, stock) = (other.file("items.csv", &items), other.file("stock.csv", &stock));
    let all = other.run(&["import", items.to_str().unwrap(), stock.to_str().unwrap(), "--format", "json"]).json();
    assert_eq!(all["warnings"].as_array().unwrap().len(), 32, "a program reads each of them");
}
