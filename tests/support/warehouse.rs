//! A small warehouse in memory, made through the store like any other.

use backshelf::domain::ids::{BinId, ItemId, LineId, PoLineId};
use backshelf::domain::quantity::Qty;
use backshelf::ops::perform;
use backshelf::store::{Act, Store};
use chrono::NaiveDate;

pub fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

pub fn q(units: i64) -> Qty {
    Qty::units(units)
}

pub struct Warehouse {
    pub store: Store,
    pub today: NaiveDate,
}

impl Warehouse {
    /// Empty, on Monday 23 November 2026.
    pub fn new() -> Warehouse {
        Warehouse::of(Store::in_memory().unwrap())
    }
    pub fn of(store: Store) -> Warehouse {
        Warehouse { store, today: day("2026-11-23") }
    }
    pub fn act(&self, kind: &'static str) -> Act {
        let now = self.today.and_hms_opt(9, 0, 0).unwrap();
        Act { kind, operator: "M.Baker".into(), now, today: self.today, uid: None }
    }
    pub fn number(&self, sql: &str) -> i64 {
        self.store.db().query_row(sql, [], |r| r.get(0)).unwrap()
    }
    pub fn text(&self, sql: &str) -> String {
        self.store.db().query_row(sql, [], |r| r.get(0)).unwrap()
    }
    fn insert(&mut self, table: &'static str, columns: &[&str], values: &[&dyn rusqlite::ToSql]) -> i64 {
        let act = self.act("prepare");
        perform(&mut self.store, act, |tx| {
            tx.summarise("prepared");
            tx.insert(table, columns, values)
        })
        .unwrap()
        .value
    }
    pub fn bin(&mut self, code: &str, kind: &str) -> BinId {
        BinId(self.insert("bin", &["code", "kind"], &[&code, &kind]))
    }
    pub fn item(&mut self, sku: &str, name: &str) -> ItemId {
        let id = self.insert("item", &["sku", "name"], &[&sku, &name]);
        let act = self.act("prepare");
        let touched = perform(&mut self.store, act, |tx| {
            tx.touch(ItemId(id));
            tx.update("item", id, &[("unit", rusqlite::types::Value::Text("piece".into()))])
        });
        assert!(touched.unwrap().value);
        ItemId(id)
    }
    /// Moves `units` into (or out of) a bin, whatever the rules say.
    pub fn moved(&mut self, item: ItemId, bin: BinId, units: i64) {
        let act = self.act("prepare");
        perform(&mut self.store, act, |tx| {
            tx.touch(item);
            let at = tx.act().now.format("%Y-%m-%dT%H:%M:%S").to_string();
            let operation = tx.operation().0;
            tx.insert(
                "movement",
                &["at", "item_id", "bin_id", "quantity", "reason", "operator", "operation_id"],
                &[&at, &item.0, &bin.0, &q(units).thousandths(), &"opening", &"M.Baker", &operation],
            )
        })
        .unwrap();
    }
    /// An order of one customer (made when new) with lines of item and units.
    pub fn order(&mut self, code: &str, customer: &str, ordered_on: &str, lines: &[(ItemId, i64)]) -> Vec<LineId> {
        let act = self.act("prepare");
        perform(&mut self.store, act, |tx| {
            let found: Option<i64> =
                tx.query_row("SELECT max(id) FROM customer WHERE code = ?1", [customer], |r| r.get(0))?;
            let customer = match found {
                Some(id) => id,
                None => tx.insert("customer", &["code", "name"], &[&customer, &customer])?,
            };
            let order =
                tx.insert("customer_order", &["code", "customer_id", "ordered_on"], &[&code, &customer, &ordered_on])?;
            let mut made = Vec::new();
            for (n, (item, units)) in lines.iter().enumerate() {
                let line = (n + 1).to_string();
                let id = tx.insert(
                    "order_line",
                    &["order_id", "line", "item_id", "quantity", "price"],
                    &[&order, &line, &item.0, &q(*units).thousandths(), &100_000],
                )?;
                tx.touch(*item);
                made.push(LineId(id));
            }
            Ok(made)
        })
        .unwrap()
        .value
    }
    /// A confirmed purchase order of one supplier (made when new).
    pub fn po(&mut self, code: &str, supplier: &str, due: &str, lines: &[(ItemId, i64)]) -> Vec<PoLineId> {
        let act = self.act("prepare");
        perform(&mut self.store, act, |tx| {
            let found: Option<i64> =
                tx.query_row("SELECT max(id) FROM supplier WHERE code = ?1", [supplier], |r| r.get(0))?;
            let supplier = match found {
                Some(id) => id,
                None => tx.insert("supplier", &["code", "name"], &[&supplier, &supplier])?,
            };
            let po = tx.insert(
                "purchase_order",
                &["code", "supplier_id", "ordered_on", "confirmed_on", "expected_on", "status"],
                &[&code, &supplier, &"2026-11-02", &"2026-11-03", &due, &"confirmed"],
            )?;
            let mut made = Vec::new();
            for (n, (item, units)) in lines.iter().enumerate() {
                let line = (n + 1).to_string();
                let id = tx.insert(
                    "po_line",
                    &["po_id", "line", "item_id", "quantity", "confirmed_for"],
                    &[&po, &line, &item.0, &q(*units).thousandths(), &due],
                )?;
                tx.touch(*item);
                made.push(PoLineId(id));
            }
            Ok(made)
        })
        .unwrap()
        .value
    }
    /// What is reserved to a line, in units.
    pub fn allocated(&self, line: LineId) -> i64 {
        self.number(&format!("SELECT allocated / 1000 FROM order_line WHERE id = {}", line.0))
    }
    pub fn level(&self, item: ItemId, bin: BinId) -> i64 {
        self.number(&format!(
            "SELECT coalesce(sum(quantity), 0) / 1000 FROM level WHERE item_id = {} AND bin_id = {}",
            item.0, bin.0
        ))
    }
    /// Every table's content as text, the record included: equal before and after means that nothing changed.
    pub fn everything(&self) -> String {
        let db = self.store.db();
        let mut names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
        let names: Vec<String> = names.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
        let mut out = String::new();
        for name in names {
            let columns = db.prepare(&format!("SELECT * FROM {name}")).unwrap().column_count();
            let order = if columns > 1 { "1, 2" } else { "1" };
            let mut statement = db.prepare(&format!("SELECT * FROM {name} ORDER BY {order}")).unwrap();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                out.push_str(&name);
                for i in 0..columns {
                    out.push_str(&format!(" {:?}", row.get_ref(i).unwrap()));
                }
                out.push('\n');
            }
        }
        out
    }
}
