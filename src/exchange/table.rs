//! The tables that files hold: names, columns, types. One name per column, in CSV, XLSX and JSON alike.
//! The same specification drives reading, checking, importing and exporting.

use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::BTreeMap;

/// What a column holds, and so how its text is read and checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A code: kept as it is, leading zeros too.
    Code,
    Text,
    Quantity,
    /// A quantity that may not be below zero.
    Positive,
    Money,
    /// Whole number, not below zero.
    Count,
    /// 0 to 1.
    Rate,
    Date,
    /// A date, or a date and a time.
    Moment,
    /// yes/no, true/false, 1/0.
    YesNo,
    Choice(&'static [&'static str]),
    /// ISO alpha-2 after reading; alpha-3, English names, UK and USA are taken too.
    Country,
}

/// A column of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

const fn must(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: true }
}
const fn may(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: false }
}

macro_rules! tables {
    ($($name:ident $text:literal [$($column:expr),+ $(,)?]),+ $(,)?) => {
        /// A table that a file can hold, in the order in which an import takes them.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Table { $($name),+ }
        impl Table {
            pub const ALL: &'static [Table] = &[$(Table::$name),+];
            /// The table's name in files: `order_lines`.
            pub fn name(self) -> &'static str {
                match self { $(Table::$name => $text),+ }
            }
            pub fn columns(self) -> &'static [Column] {
                match self { $(Table::$name => { const C: &[Column] = &[$($column),+]; C })+ }
            }
        }
    };
}

use Kind::*;
tables! {
    Suppliers "suppliers" [must("supplier", Code), must("name", Text), may("contact_person", Text), may("email", Text), may("phone", Text),
        may("country", Country), may("lead_days", Count), may("min_order_value", Money), may("currency", Text), may("order_days", Text),
        may("cutoff", Text), may("note", Text), may("language", Text)],
    Items "items" [must("sku", Code), must("name", Text), may("note", Text), may("barcode", Code), may("category", Text), may("unit", Text),
        may("cost", Money), may("price", Money), may("backorders", Choice(&["deny", "allow", "preorder"])), may("backorder_limit", Positive),
        may("available_on", Date), may("supplier", Code), may("bin", Code), may("min", Positive), may("max", Positive), may("pack", Positive),
        may("service_level", Rate), may("status", Choice(&["active", "discontinued"]))],
    Barcodes "barcodes" [must("barcode", Code), must("sku", Code), may("quantity", Positive)],
    Substitutes "substitutes" [must("sku", Code), must("substitute", Code), may("rank", Count), may("note", Text)],
    Aliases "aliases" [must("channel", Text), must("code", Code), must("sku", Code), may("quantity", Positive)],
    SupplierItems "supplier_items" [must("supplier", Code), must("sku", Code), may("supplier_sku", Code), may("cost", Money),
        may("min_quantity", Positive), may("pack", Positive), may("lead_days", Count), may("preferred", YesNo)],
    PriceBreaks "price_breaks" [must("supplier", Code), must("sku", Code), must("from_quantity", Positive), must("cost", Money), may("valid_until", Date)],
    Customers "customers" [must("customer", Code), must("name", Text), may("contact_person", Text), may("email", Text), may("phone", Text),
        may("city", Text), may("country", Country), may("language", Text), may("kind", Choice(&["business", "consumer"])), may("priority", Count),
        may("channel_preference", Text), may("note", Text)],
    Movements "movements" [must("at", Moment), must("sku", Code), may("bin", Code), must("quantity", Quantity), may("reason", Text), may("reference", Text)],
    Stock "stock" [must("sku", Code), may("bin", Code), must("quantity", Quantity)],
    Orders "orders" [must("order", Code), must("customer", Code), must("ordered_on", Date), may("channel", Text),
        may("kind", Choice(&["backorder", "preorder", "regular"])), may("paid", YesNo), may("paid_amount", Money), may("refunded_on", Date),
        may("promised_on", Date), may("deliver_by", Date), may("continues", Code), may("status", Choice(&["open", "shipped", "cancelled"])), may("note", Text)],
    OrderLines "order_lines" [must("order", Code), may("line", Code), must("sku", Code), must("quantity", Positive), may("price", Money),
        may("promised_on", Date), may("shipped", Positive), may("shipped_on", Date), may("cancelled", Positive)],
    PurchaseOrders "purchase_orders" [must("po", Code), must("supplier", Code), may("ordered_on", Date), may("confirmed_on", Date),
        may("expected_on", Date), may("status", Choice(&["draft", "sent", "confirmed", "closed", "cancelled"]))],
    PoLines "po_lines" [must("po", Code), may("line", Code), must("sku", Code), must("quantity", Positive), may("cost", Money),
        may("confirmed_for", Date), may("expected_on", Date), may("received", Positive), may("received_on", Date), may("rejected", Positive)],
    Receipts "receipts" [must("po", Code), may("line", Code), must("received_on", Date), must("quantity", Positive), may("rejected", Positive), may("reason", Text)],
    PoTerms "po_terms" [must("po", Code), may("freight", Money), may("note", Text)],
    PoLineTerms "po_line_terms" [must("po", Code), may("line", Code), may("asked_cost", Money), may("cancelled", Positive),
        may("ended_by", Choice(&["us", "supplier"])), may("ended_on", Date), may("reason", Text)],
    PoInvoices "po_invoices" [must("po", Code), may("line", Code), must("invoiced_on", Date), may("number", Text), may("quantity", Positive),
        must("cost", Money), may("agreed", Money), may("papers", Choice(&["right", "wrong"])), may("note", Text)],
    Contacts "contacts" [must("order", Code), may("line", Code), must("contacted_on", Date), may("channel", Text),
        may("message", Choice(&["first_short", "first_long", "first_unknown", "renewed", "reminder", "cancelled", "new_date", "essential", "delay", "progress"])),
        may("quoted_for", Date), may("offered_cancel", YesNo),
        may("outcome", Choice(&["sent", "reached", "bounced", "refused", "unknown", "no_answer"])),
        may("answer", Choice(&["consent", "cancel", "none"])), may("answered_on", Date), may("offer", Text), may("offer_cost", Money), may("note", Text)],
}

impl Table {
    /// The table of that name, any case; an export view's name (`purchase-orders`) or words (`PO lines`) will do.
    pub fn named(name: &str) -> Option<Table> {
        let name = name.trim().replace(['-', ' '], "_");
        Table::ALL.iter().copied().find(|t| t.name().eq_ignore_ascii_case(&name))
    }
    /// Where a column stands in [`Table::columns`].
    pub fn column(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|c| c.name == name)
    }
    /// The columns that say which row it is; none for keyless tables, where all cells together are the identity.
    pub fn key(self) -> &'static [&'static str] {
        match self {
            Table::Suppliers => &["supplier"],
            Table::Items => &["sku"],
            Table::Barcodes => &["barcode"],
            Table::Substitutes => &["sku", "substitute"],
            Table::Aliases => &["channel", "code"],
            Table::SupplierItems => &["supplier", "sku"],
            Table::PriceBreaks => &["supplier", "sku", "from_quantity"],
            Table::Customers => &["customer"],
            Table::Stock => &["sku", "bin"],
            Table::Orders => &["order"],
            Table::OrderLines => &["order", "line"],
            Table::PurchaseOrders => &["po"],
            Table::PoLines | Table::PoLineTerms => &["po", "line"],
            Table::PoTerms => &["po"],
            Table::Movements | Table::Receipts | Table::PoInvoices | Table::Contacts => &[],
        }
    }
}

/// A cell that was read and checked.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell {
    Text(String),
    Quantity(Qty),
    Money(Money),
    Count(i64),
    /// Millionths, 0 to 1,000,000.
    Rate(i64),
    Date(NaiveDate),
    Moment(NaiveDateTime),
    YesNo(bool),
    Choice(&'static str),
}

/// Where a row stands in what was read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Origin {
    /// Index into [`Batch::files`].
    pub file: u32,
    /// Line of the file (row of the sheet), from 1.
    pub line: u32,
}

/// A row whose cells are in the order of [`Table::columns`]; blank cells are `None`.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    pub at: Origin,
    pub cells: Vec<Option<Cell>>,
}

/// How the sentence ends of a value that cannot be taken and keeps no row out: it is a warning.
pub const LEFT_OUT: &str = " It is left out; the rest of the row comes in.";

/// Something wrong (or, as a warning, worth knowing) in a file: `file:line: column: sentence`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    pub at: Origin,
    pub column: Option<String>,
    pub sentence: String,
}

/// What was read from files, checked cell by cell, before any look at the database.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Batch {
    /// The files' names as the person gave them, for messages.
    pub files: Vec<String>,
    pub tables: BTreeMap<Table, Vec<Row>>,
    /// Rows that do not come in because of a problem listed here, with as much of them as could be read (at worst nothing).
    pub unread: BTreeMap<Table, Vec<Row>>,
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
    /// What is most likely a slip in a row that comes in: worth saying where the row is new or changes something.
    pub doubts: Vec<Problem>,
    /// Rows that a profile leaves out, as its business: those that the shop ships itself.
    pub passed_over: usize,
    /// Files of a folder that were left alone, and columns that were ignored, as sentences.
    pub notes: Vec<String>,
    /// A channel profile may make missing items and customers; a plain import never does.
    pub creates_missing: bool,
    /// A person's own sheet, row by row as it was typed: one wrong cell that is not needed keeps no row out, and what
    /// looks odd is named.
    pub forgiving: bool,
    /// Suppliers, items and customers as a channel export or a sheet knows them (one row per key): they make what is missing and never
    /// change a cell of what is there.
    pub fallback: BTreeMap<Table, Vec<Row>>,
    /// Currencies that a channel export names, with the number of its rows in each.
    pub currencies: BTreeMap<String, u64>,
}
