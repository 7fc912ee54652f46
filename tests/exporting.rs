//! The export views that are records.

use super::support::warehouse::Warehouse;
use backshelf::exchange::sheet::Value;
use backshelf::ops::views::records;

#[test]
fn stock_has_one_row_per_item_also_without_stock() {
    let mut w = Warehouse::new();
    let (a, b, bad) = (w.bin("A1", "storage"), w.bin("B2", "storage"), w.bin("Q1", "quarantine"));
    let chang = w.item("BEV-002", "Chang");
    w.item("BEV-001", "Chai");
    for (bin, units) in [(a, 5), (b, 6), (bad, 2)] {
        w.moved(chang, bin, units);
    }
    w.order("SO-1", "Horn", "2026-11-01", &[(chang, 20)]);
    w.po("PO-1", "Exotic", "2026-12-01", &[(chang, 40)]);
    let sheet = records::sheet(w.store.db(), "stock").unwrap();
    let text = |row: usize| {
        sheet.rows[row]
            .iter()
            .map(|v| match v {
                Value::Text(t) => t.clone(),
                Value::Quantity(q) => q.to_string(),
                other => format!("{other:?}"),
            })
            .collect::<Vec<_>>()
            .join("|")
    };
    assert_eq!(sheet.columns.join(" "), "sku name bin on_hand allocated available on_order open_demand position");
    assert_eq!(text(0), "BEV-001|Chai|None|0|0|0|0|0|0");
    assert_eq!(text(1), "BEV-002|Chang|A1, B2, Q1|13|11|0|40|20|33");
}

#[test]
fn every_view_has_as_many_cells_as_columns() {
    let mut w = Warehouse::new();
    let shelf = w.bin("A1", "storage");
    let chang = w.item("BEV-002", "Chang");
    w.moved(chang, shelf, 5);
    w.order("SO-1", "Horn", "2026-11-01", &[(chang, 20)]);
    w.po("PO-1", "Exotic", "2026-12-01", &[(chang, 40)]);
    for view in records::VIEWS {
        let sheet = records::sheet(w.store.db(), view).unwrap();
        for row in &sheet.rows {
            assert_eq!(row.len(), sheet.columns.len(), "{view}");
        }
        let mut names = sheet.columns.clone();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), sheet.columns.len(), "{view}: a column twice");
        let empty =
            ["contacts", "counts", "po-terms", "po-line-terms", "po-invoices", "supplier-items", "price-breaks"]
                .contains(view);
        assert_eq!(sheet.rows.is_empty(), empty, "{view}");
    }
}

#[test]
fn an_orders_status_follows_from_its_lines() {
    let mut w = Warehouse::new();
    let chang = w.item("BEV-002", "Chang");
    for (code, change) in [("SO-1", "shipped = 20000"), ("SO-2", "cancelled = 20000"), ("SO-3", "shipped = 1000")] {
        let line = w.order(code, "Horn", "2026-11-01", &[(chang, 20)])[0];
        w.store.db().execute(&format!("UPDATE order_line SET {change} WHERE id = {}", line.0), []).unwrap();
    }
    let sheet = records::sheet(w.store.db(), "orders").unwrap();
    let at = sheet.columns.iter().position(|c| *c == "status").unwrap();
    let states: Vec<_> = sheet.rows.iter().map(|r| r[at].clone()).collect();
    assert_eq!(states, ["shipped", "cancelled", "open"].map(Value::text));
}
