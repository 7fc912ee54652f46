//! What a sheet can hold, and what a column of it can mean.

use crate::exchange::table::Kind;
use serde::Deserialize;

/// What a sheet holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Levels: what lies where. Items that are new are made, those that are known stay as they are.
    Stock,
    /// The list of items, with what lies where if it says so: known ones are changed.
    Items,
    OpenOrders,
    /// What was sold before: shipped orders, from which sales are learned.
    PastSales,
    Suppliers,
    Customers,
    /// What is on order at suppliers.
    Purchases,
    /// A shop's own codes for items and sets of them.
    Codes,
}

/// What a column means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    Sku,
    Name,
    Bin,
    Quantity,
    Cost,
    Price,
    Barcode,
    Category,
    Unit,
    Supplier,
    Min,
    Max,
    Pack,
    Note,
    Order,
    Line,
    Customer,
    CustomerName,
    ContactPerson,
    Email,
    Phone,
    City,
    Country,
    OrderedOn,
    PromisedOn,
    Shipped,
    Channel,
    SupplierName,
    LeadDays,
    MinOrder,
    Currency,
    Po,
    ExpectedOn,
    Received,
    Code,
}

impl Content {
    pub const ALL: [Content; 8] = [
        Content::Stock,
        Content::Items,
        Content::OpenOrders,
        Content::PastSales,
        Content::Suppliers,
        Content::Customers,
        Content::Purchases,
        Content::Codes,
    ];

    /// As a person calls it.
    pub fn words(self) -> &'static str {
        match self {
            Content::Stock => "stock on the shelf",
            Content::Items => "items",
            Content::OpenOrders => "open orders",
            Content::PastSales => "past sales",
            Content::Suppliers => "suppliers",
            Content::Customers => "customers",
            Content::Purchases => "goods on order",
            Content::Codes => "shop codes",
        }
    }

    /// What its columns can mean, in the order in which they are offered; those that it cannot do without say so.
    pub fn takes(self) -> &'static [(Means, bool)] {
        use Means::*;
        match self {
            Content::Stock => &[
                (Sku, true),
                (Name, false),
                (Bin, false),
                (Quantity, true),
                (Cost, false),
                (Price, false),
                (Barcode, false),
                (Category, false),
                (Unit, false),
                (Supplier, false),
                (Min, false),
                (Max, false),
                (Pack, false),
                (Note, false),
                (ContactPerson, false),
                (Email, false),
                (Phone, false),
                (LeadDays, false),
                (MinOrder, false),
            ],
            Content::Items => &[
                (Sku, true),
                (Name, false),
                (Bin, false),
                (Quantity, false),
                (Cost, false),
                (Price, false),
                (Barcode, false),
                (Category, false),
                (Unit, false),
                (Supplier, false),
                (Min, false),
                (Max, false),
                (Pack, false),
                (Note, false),
                (ContactPerson, false),
                (Email, false),
                (Phone, false),
                (LeadDays, false),
                (MinOrder, false),
            ],
            Content::OpenOrders => &[
                (Order, true),
                (Line, false),
                (OrderedOn, true),
                (Customer, false),
                (CustomerName, false),
                (Sku, true),
                (Name, false),
                (Quantity, true),
                (Price, false),
                (PromisedOn, false),
                (Shipped, false),
                (Email, false),
                (Phone, false),
                (City, false),
                (Country, false),
                (Channel, false),
                (Note, false),
            ],
            Content::PastSales => &[
                (Sku, true),
                (Quantity, true),
                (OrderedOn, true),
                (Order, false),
                (Customer, false),
                (CustomerName, false),
                (Name, false),
                (Price, false),
                (Channel, false),
            ],
            Content::Suppliers => &[
                (SupplierName, true),
                (Supplier, false),
                (ContactPerson, false),
                (Email, false),
                (Phone, false),
                (Country, false),
                (LeadDays, false),
                (MinOrder, false),
                (Currency, false),
                (Note, false),
            ],
            Content::Customers => &[
                (CustomerName, true),
                (Customer, false),
                (ContactPerson, false),
                (Email, false),
                (Phone, false),
                (City, false),
                (Country, false),
                (Note, false),
            ],
            Content::Purchases => &[
                (Po, true),
                (Supplier, true),
                (Sku, true),
                (Quantity, true),
                (Name, false),
                (Cost, false),
                (OrderedOn, false),
                (ExpectedOn, false),
                (Received, false),
            ],
            Content::Codes => &[(Code, true), (Sku, true), (Quantity, false), (Channel, false)],
        }
    }

    /// Whether it holds what is a shop's: orders, or codes.
    pub fn is_of_a_shop(self) -> bool {
        matches!(self, Content::OpenOrders | Content::PastSales | Content::Codes)
    }

    /// What it cannot do without.
    pub fn needs(self) -> impl Iterator<Item = Means> {
        self.takes().iter().filter(|(_, must)| *must).map(|(means, _)| *means)
    }
}

impl Means {
    /// As a person calls it, in a sheet of that content.
    pub fn words(self, content: Content) -> &'static str {
        match (self, content) {
            (Means::Quantity, Content::Stock | Content::Items) => "On hand",
            (Means::ContactPerson, Content::Stock | Content::Items) => "Supplier's contact",
            (Means::Email, Content::Stock | Content::Items) => "Supplier's e-mail",
            (Means::Phone, Content::Stock | Content::Items) => "Supplier's phone",
            (Means::Quantity, Content::Codes) => "How many of it",
            (Means::Sku, _) => "SKU",
            (Means::Name, _) => "Item",
            (Means::Bin, _) => "Bin",
            (Means::Quantity, _) => "Quantity",
            (Means::Cost, _) => "Cost",
            (Means::Price, _) => "Price",
            (Means::Barcode, _) => "Barcode",
            (Means::Category, _) => "Category",
            (Means::Unit, _) => "Unit",
            (Means::Supplier, Content::Suppliers) => "Supplier's number",
            (Means::Supplier, _) => "Supplier",
            (Means::Min, _) => "Min",
            (Means::Max, _) => "Max",
            (Means::Pack, _) => "Pack",
            (Means::Note, _) => "Note",
            (Means::Order, _) => "Order",
            (Means::Line, _) => "Line",
            (Means::Customer, _) => "Customer's number",
            (Means::CustomerName, _) => "Customer",
            (Means::ContactPerson, _) => "Contact person",
            (Means::Email, _) => "E-mail",
            (Means::Phone, _) => "Phone",
            (Means::City, _) => "City",
            (Means::Country, _) => "Country",
            (Means::OrderedOn, Content::PastSales) => "Sold on",
            (Means::OrderedOn, _) => "Ordered on",
            (Means::PromisedOn, _) => "Promised for",
            (Means::Shipped, _) => "Shipped already",
            (Means::Channel, _) => "Shop",
            (Means::SupplierName, _) => "Supplier",
            (Means::LeadDays, _) => "Days to deliver",
            (Means::MinOrder, _) => "Least order value",
            (Means::Currency, _) => "Currency",
            (Means::Po, _) => "PO",
            (Means::ExpectedOn, _) => "Expected on",
            (Means::Received, _) => "Received already",
            (Means::Code, _) => "Shop's code",
        }
    }

    /// What its cells hold.
    pub fn kind(self) -> Kind {
        match self {
            Means::Quantity => Kind::Quantity,
            Means::Min | Means::Max | Means::Pack | Means::Shipped | Means::Received => Kind::Positive,
            Means::Cost | Means::Price | Means::MinOrder => Kind::Money,
            Means::LeadDays => Kind::Count,
            Means::OrderedOn | Means::PromisedOn | Means::ExpectedOn => Kind::Date,
            Means::Country => Kind::Country,
            Means::Sku
            | Means::Bin
            | Means::Barcode
            | Means::Supplier
            | Means::Order
            | Means::Line
            | Means::Customer
            | Means::Po
            | Means::Code => Kind::Code,
            _ => Kind::Text,
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self.kind(), Kind::Quantity | Kind::Positive | Kind::Money | Kind::Count)
    }
    /// Whether a cell of it can be filled and yet not be read.
    pub(super) fn may_be_unreadable(self) -> bool {
        self.is_number() || self.is_date() || self.kind() == Kind::Country
    }
    pub(super) fn is_date(self) -> bool {
        self.kind() == Kind::Date
    }
}
