//! The sample holds together: what it names exists, its dates are possible, its books never ran dry.

use super::*;
use crate::domain::quantity::Qty;
use crate::exchange::table::{Cell, Row};
use std::collections::{BTreeMap, HashSet};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}
fn cell<'a>(table: Table, row: &'a Row, column: &str) -> Option<&'a Cell> {
    row.cells[table.column(column).unwrap()].as_ref()
}
fn word(table: Table, row: &Row, column: &str) -> Option<String> {
    match cell(table, row, column)? {
        Cell::Text(t) => Some(t.clone()),
        Cell::Choice(c) => Some((*c).to_string()),
        other => panic!("{column} is no text: {other:?}"),
    }
}
fn on(table: Table, row: &Row, column: &str) -> Option<NaiveDate> {
    match cell(table, row, column)? {
        Cell::Date(d) => Some(*d),
        other => panic!("{column} is no date: {other:?}"),
    }
}
fn amount(table: Table, row: &Row, column: &str) -> i64 {
    match cell(table, row, column) {
        Some(Cell::Quantity(q)) => q.thousandths() / Qty::ONE.thousandths(),
        _ => 0,
    }
}
fn keys(batches: &[Batch], table: Table, columns: &[&str]) -> HashSet<Vec<String>> {
    let mut keys = HashSet::new();
    for row in batches.iter().filter_map(|b| b.tables.get(&table)).flatten() {
        let key: Vec<String> = columns.iter().map(|c| word(table, row, c).unwrap_or_default()).collect();
        assert!(keys.insert(key.clone()), "{} has {key:?} twice", table.name());
    }
    keys
}
fn check_references(batches: &[Batch]) {
    let items = keys(batches, Table::Items, &["sku"]);
    let suppliers = keys(batches, Table::Suppliers, &["supplier"]);
    let customers = keys(batches, Table::Customers, &["customer"]);
    let orders = keys(batches, Table::Orders, &["order"]);
    let purchases = keys(batches, Table::PurchaseOrders, &["po"]);
    let po_lines = keys(batches, Table::PoLines, &["po", "line"]);
    keys(batches, Table::OrderLines, &["order", "line"]);
    keys(batches, Table::Stock, &["sku", "bin"]);
    keys(batches, Table::SupplierItems, &["supplier", "sku"]);
    for (table, rows) in batches.iter().flat_map(|b| &b.tables) {
        for row in rows {
            for (column, known) in [
                ("sku", &items),
                ("supplier", &suppliers),
                ("customer", &customers),
                ("order", &orders),
                ("po", &purchases),
            ] {
                if let Some(text) = table.column(column).and_then(|_| word(*table, row, column)) {
                    assert!(known.contains(&vec![text.clone()]), "{}: no {column} {text}", table.name());
                }
            }
            for column in table.columns().iter().filter(|c| c.required) {
                assert!(cell(*table, row, column.name).is_some(), "{} without {}", table.name(), column.name);
            }
            if *table == Table::Receipts {
                let key = vec![word(*table, row, "po").unwrap(), word(*table, row, "line").unwrap()];
                assert!(po_lines.contains(&key));
            }
        }
    }
}

#[test]
fn the_same_seed_and_day_give_the_same_rows() {
    assert_eq!(batch(SEED, day()), batch(SEED, day()));
    assert_ne!(batch(SEED, day()), batch(SEED + 1, day()));
}

#[test]
fn what_the_sample_names_exists() {
    check_references(&[batch(SEED, day())]);
    check_references(&batches(SEED, 60_000, day()).collect::<Vec<_>>());
    check_references(&batches(SEED, 40, day()).collect::<Vec<_>>());
}

#[test]
fn the_scale_is_the_number_of_items() {
    for scale in [1, 40, ITEMS, 1_000, 60_000] {
        let items: usize = batches(SEED, scale, day()).map(|b| b.tables.get(&Table::Items).map_or(0, Vec::len)).sum();
        assert_eq!(items as u64, scale);
    }
}

#[test]
fn the_sample_has_the_size_that_was_asked_for() {
    let batch = batch(SEED, day());
    let count = |t: Table| batch.tables[&t].len();
    assert!((140..170).contains(&count(Table::Items)));
    assert_eq!(count(Table::Suppliers), 14);
    assert!((4_000..9_000).contains(&count(Table::Orders)), "{} orders", count(Table::Orders));
    assert!(count(Table::PoLines) > 800, "{} purchase lines", count(Table::PoLines));
    assert!(count(Table::Contacts) > 30);
    let oldest = batch.tables[&Table::Orders].iter().filter_map(|r| on(Table::Orders, r, "ordered_on")).min().unwrap();
    assert_eq!(oldest, plus(day(), 1 - trade::DAYS));
}

#[test]
fn dates_are_possible_on_any_weekday() {
    for shift in 0..7 {
        let today = plus(day(), shift);
        let batch = batch(SEED, today);
        for row in &batch.tables[&Table::Orders] {
            let ordered = on(Table::Orders, row, "ordered_on").unwrap();
            assert!(ordered <= today);
            assert!(on(Table::Orders, row, "promised_on").is_none_or(|p| p >= ordered));
        }
        for row in &batch.tables[&Table::OrderLines] {
            assert!(on(Table::OrderLines, row, "shipped_on").is_none_or(|d| d < today));
            let done = amount(Table::OrderLines, row, "shipped") + amount(Table::OrderLines, row, "cancelled");
            assert!(done <= amount(Table::OrderLines, row, "quantity"));
        }
        for row in &batch.tables[&Table::Receipts] {
            assert!(on(Table::Receipts, row, "received_on").unwrap() < today);
            assert!(amount(Table::Receipts, row, "rejected") < amount(Table::Receipts, row, "quantity"));
        }
        for row in &batch.tables[&Table::Contacts] {
            assert!(on(Table::Contacts, row, "contacted_on").unwrap() <= today);
            assert!(on(Table::Contacts, row, "answered_on").is_none_or(|d| d <= today));
        }
    }
}

/// Read backwards from the stock of today, no book was below zero before its newest receipt.
#[test]
fn movements_lead_to_the_stock_of_today() {
    let batch = batch(SEED, day());
    let mut level: BTreeMap<String, i64> = BTreeMap::new();
    for row in &batch.tables[&Table::Stock] {
        *level.entry(word(Table::Stock, row, "sku").unwrap()).or_default() += amount(Table::Stock, row, "quantity");
    }
    assert_eq!(level.values().filter(|l| **l < 0).count(), 1, "one book below zero");
    for row in batch.tables[&Table::Movements].iter().rev() {
        let sku = word(Table::Movements, row, "sku").unwrap();
        let quantity = amount(Table::Movements, row, "quantity");
        let entry = level.get_mut(&sku).unwrap();
        *entry -= quantity;
        assert!(*entry >= -3, "{sku} was at {entry}");
    }
}

#[test]
fn barcodes_check_and_stay_within_the_shops_own_range() {
    let batch = batch(SEED, day());
    for row in &batch.tables[&Table::Items] {
        let code = word(Table::Items, row, "barcode").unwrap();
        let digits: Vec<u32> = code.chars().map(|c| c.to_digit(10).unwrap()).collect();
        assert_eq!(digits.len(), 13);
        assert!(code.starts_with('2'));
        let sum: u32 = digits.iter().enumerate().map(|(at, d)| d * if at % 2 == 0 { 1 } else { 3 }).sum();
        assert_eq!(sum % 10, 0, "{code}");
    }
    assert_eq!(barcode(200, 1), "2000000000015");
}

#[test]
fn the_catalogue_points_at_itself() {
    for good in GOODS {
        assert!(good.4 < SUPPLIERS.len() && good.2 < good.3, "{}", good.0);
        assert!(CATEGORIES.iter().any(|c| good.0.starts_with(c.0)), "{}", good.0);
    }
    for (sku, other, _) in SUBSTITUTES {
        assert!(catalogue::place(sku).is_some() && catalogue::place(other).is_some() && sku != other);
    }
    assert!(SECOND_SOURCES.iter().all(|s| catalogue::place(s.0).is_some()));
    let (orders, purchases) = stories::tell(&people::customers(&mut Rng::with_seed(SEED)), day());
    assert!(orders.iter().all(|o| !o.lines.is_empty()) && purchases.iter().all(|p| !p.lines.is_empty()));
}
