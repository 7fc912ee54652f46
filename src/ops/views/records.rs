//! The export views that are records: what came in, what was done, in the columns of the import.
//! For `items suppliers supplier-items price-breaks movements contacts orders purchase-orders po-terms po-line-terms
//! po-invoices` the law is import(export(x)) = x.

use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::exchange::sheet::{Sheet, Value};
use crate::exchange::table::{Kind, Table};
use crate::store::records::{self, Field};
use crate::store::{Db, Result};

/// The views of this file.
pub const VIEWS: &[&str] = &[
    "items",
    "stock",
    "movements",
    "orders",
    "contacts",
    "suppliers",
    "supplier-items",
    "price-breaks",
    "purchase-orders",
    "po-terms",
    "po-line-terms",
    "po-invoices",
    "counts",
];

type Columns = Vec<(&'static str, Kind)>;

const STOCK: &[(&str, Kind)] = &[
    ("sku", Kind::Code),
    ("name", Kind::Text),
    ("bin", Kind::Text),
    ("on_hand", Kind::Quantity),
    ("allocated", Kind::Quantity),
    ("available", Kind::Quantity),
    ("on_order", Kind::Quantity),
    ("open_demand", Kind::Quantity),
    ("position", Kind::Quantity),
];

const COUNTS: &[(&str, Kind)] = &[
    ("counted_at", Kind::Moment),
    ("sku", Kind::Code),
    ("name", Kind::Text),
    ("bin", Kind::Code),
    ("book", Kind::Quantity),
    ("counted", Kind::Quantity),
    ("difference", Kind::Quantity),
    ("operator", Kind::Text),
    ("note", Kind::Text),
];

fn of_table(table: Table) -> Columns {
    table.columns().iter().map(|c| (c.name, c.kind)).collect()
}

/// A flat file: the head's columns, then the line's that the head does not have.
fn flat(head: Table, line: Table) -> Columns {
    let mut columns = of_table(head);
    let more = of_table(line).into_iter().filter(|c| head.column(c.0).is_none());
    columns.extend(more);
    columns
}

fn columns_of(db: &Db, view: &str) -> Result<Columns> {
    Ok(match view {
        "items" => of_table(Table::Items),
        "suppliers" => {
            let mut columns = of_table(Table::Suppliers);
            let languages = records::suppliers_have_languages(db)?;
            columns.retain(|c| languages || c.0 != "language"); // the last one
            columns
        }
        "supplier-items" => of_table(Table::SupplierItems),
        "price-breaks" => of_table(Table::PriceBreaks),
        "movements" => of_table(Table::Movements),
        "contacts" => of_table(Table::Contacts),
        "orders" => flat(Table::Orders, Table::OrderLines),
        "purchase-orders" => flat(Table::PurchaseOrders, Table::PoLines),
        "po-terms" => of_table(Table::PoTerms),
        "po-line-terms" => of_table(Table::PoLineTerms),
        "po-invoices" => of_table(Table::PoInvoices),
        "stock" => STOCK.to_vec(),
        "counts" => COUNTS.to_vec(),
        _ => Vec::new(),
    })
}

/// The names of the view's columns.
pub fn columns(db: &Db, view: &str) -> Result<Vec<&'static str>> {
    Ok(columns_of(db, view)?.into_iter().map(|c| c.0).collect())
}

/// Hands over the view's rows one at a time: a million need no more memory than one.
pub fn each(db: &Db, view: &str, take: &mut dyn FnMut(&[Value]) -> Result<()>) -> Result<()> {
    let columns = columns_of(db, view)?;
    records::each(db, view, &mut |fields| {
        let row: Vec<Value> = fields.into_iter().zip(&columns).map(|(f, c)| value(f, c.1)).collect();
        take(&row)
    })
}

/// The whole view in memory, for a screen's print.
pub fn sheet(db: &Db, view: &'static str) -> Result<Sheet> {
    let mut sheet = Sheet { name: view, columns: columns(db, view)?, rows: Vec::new() };
    each(db, view, &mut |row| {
        sheet.rows.push(row.to_vec());
        Ok(())
    })?;
    Ok(sheet)
}

fn value(field: Field, kind: Kind) -> Value {
    match (field, kind) {
        (Field::None, _) => Value::None,
        (Field::Text(text), Kind::Moment) => Value::Moment(text),
        (Field::Text(text), Kind::Date) => {
            text.parse().map(Value::Date).unwrap_or(Value::Text(text)) // the file is shown as it is
        }
        (Field::Text(text), _) => Value::Text(text),
        (Field::Number(n), Kind::Quantity | Kind::Positive) => Value::Quantity(Qty::from_thousandths(n)),
        (Field::Number(n), Kind::Money) => Value::Money(Money::from_ten_thousandths(n)),
        (Field::Number(n), Kind::Rate) => Value::Rate(n as f64 / 1e6), // kept in millionths
        (Field::Number(n), Kind::YesNo) => Value::YesNo(n != 0),
        (Field::Number(n), _) => Value::Count(n),
    }
}
