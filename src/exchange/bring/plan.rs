//! What the person settled on, and the import profile that says it: a file of its own, so that next month's sheet needs
//! no question and `backshelf import --profile NAME` takes it too.

use super::content::{Content, Means};
use super::look::Looked;
use super::writing::{Answers, Decimal, Question};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The customer of sales that name none.
pub const NOBODY: &str = "past sales";
/// The customer of an order that names none; `{}` is its number.
const NOBODY_OF: &str = "order {}";

/// The customer that such an order gets.
pub fn nobody_of(number: &str) -> String {
    NOBODY_OF.replace("{}", number)
}

/// Whose codes they are until somebody says it.
const NO_SHOP: &str = "shop";

/// Which column means what, and how its values are to be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    pub content: Content,
    /// For each column of the sheet; `None`: left out.
    pub columns: Vec<Option<Means>>,
    /// The shop that its orders come from, or whose codes they are, where no column says it. A shop's own codes are kept
    /// under that name, and its order numbers are its own: the same shop is the same name each time.
    pub shop: Option<String>,
    numbers: BTreeMap<usize, Decimal>,
    dates: BTreeMap<usize, &'static str>,
    /// Whether rows come in without a column's value where it cannot be read, as a person said it.
    kept: BTreeMap<usize, bool>,
}

impl Plan {
    pub(super) fn new(content: Content, columns: Vec<Option<Means>>) -> Plan {
        Plan { content, columns, shop: None, numbers: BTreeMap::new(), dates: BTreeMap::new(), kept: BTreeMap::new() }
    }

    /// The columns that mean something.
    pub fn meant(&self) -> impl Iterator<Item = (usize, Means)> {
        self.columns.iter().enumerate().filter_map(|(at, means)| Some((at, (*means)?)))
    }

    /// The column of that meaning.
    pub fn column_of(&self, means: Means) -> Option<usize> {
        self.columns.iter().position(|c| *c == Some(means))
    }

    /// Gives a column a meaning, or none; the column that had it before loses it.
    pub fn set(&mut self, column: usize, means: Option<Means>) {
        if means.is_some() {
            self.columns.iter_mut().filter(|c| **c == means).for_each(|c| *c = None);
        }
        if let Some(cell) = self.columns.get_mut(column) {
            *cell = means;
        }
        self.kept.remove(&column);
    }

    /// Whether rows can come in without that column's value, where it cannot be read: an item without its level or cost, an
    /// order without the day that was promised.
    pub fn may_keep(&self, column: usize) -> bool {
        let Some(means) = self.columns.get(column).copied().flatten() else { return false };
        let is_level = (self.content, means) == (Content::Stock, Means::Quantity);
        means.may_be_unreadable() && (!self.needs(means) || is_level)
    }

    fn needs(&self, means: Means) -> bool {
        self.content.needs().any(|m| m == means)
    }

    /// Says whether rows come in without that column's value where it cannot be read; else they stay out.
    pub fn keep(&mut self, column: usize, yes: bool) {
        self.kept.insert(column, yes);
    }

    /// Whether they do. Unless somebody said otherwise a value that is not needed keeps no row out.
    pub fn keeps(&self, column: usize) -> bool {
        let by_itself = self.columns.get(column).copied().flatten().is_some_and(|m| !self.needs(m));
        self.may_keep(column) && self.kept.get(&column).copied().unwrap_or(by_itself)
    }

    /// The decimal sign of a column of numbers: as it was answered, else as its values tell it, else the sheet's.
    fn decimal(&self, looked: &Looked, column: usize) -> Decimal {
        let told = || looked.columns.get(column).and_then(|c| c.writing.decimal());
        self.numbers.get(&column).copied().or_else(told).unwrap_or_else(|| looked.decimal())
    }

    /// The first value of a column that could be two numbers, and the one that it is taken for.
    pub fn doubtful<'l>(&self, looked: &'l Looked, column: usize) -> Option<(&'l str, String)> {
        self.columns.get(column).copied().flatten().filter(|m| m.is_number())?;
        looked.columns.get(column)?.writing.doubtful(self.decimal(looked, column))
    }

    /// Whether somebody must say which shop it is: it holds orders or a shop's codes, and no column names the shop.
    pub fn asks_shop(&self) -> bool {
        self.content.is_of_a_shop() && self.column_of(Means::Channel).is_none()
    }

    /// What it cannot do without and has no column for.
    pub fn lacks(&self) -> Vec<Means> {
        self.content.needs().filter(|m| self.column_of(*m).is_none()).collect()
    }

    /// Keeps the answer to a question: 0 is its first option.
    pub fn answer(&mut self, question: &Question, option: usize) {
        match &question.answers {
            Answers::Numbers(all) => {
                self.numbers.extend(all.get(option).map(|decimal| (question.column, *decimal)));
            }
            Answers::Dates(all) => self.dates.extend(all.get(option).map(|format| (question.column, *format))),
        }
    }

    /// The option that was chosen, where the question was answered.
    pub fn answered(&self, question: &Question) -> Option<usize> {
        match &question.answers {
            Answers::Numbers(all) => {
                let given = self.numbers.get(&question.column)?;
                all.iter().position(|d| d == given)
            }
            Answers::Dates(all) => {
                let given = self.dates.get(&question.column)?;
                all.iter().position(|f| f == given)
            }
        }
    }

    /// The plan as an import profile's text. `name` is what it is called.
    pub fn profile(&self, looked: &Looked, name: &str) -> String {
        let mut out = String::new();
        let quoted = |text: &str| toml::Value::String(text.to_string()).to_string();
        let sheet_wide = looked.decimal();
        let _ =
            writeln!(out, "# Made from {}: its columns as they were matched on the screen.", one_line(&looked.name));
        let _ = writeln!(out, "# The language is explained in backshelf's own profiles.\n");
        let _ = writeln!(out, "name = {}", quoted(name));
        let _ = writeln!(out, "about = {}", quoted(&format!("Your own layout for {}.", self.content.words())));
        let creates = matches!(self.content, Content::OpenOrders | Content::PastSales);
        if creates {
            let _ = writeln!(out, "creates_missing = true");
        }
        let _ = writeln!(out, "decimal = {}", quoted(&sheet_wide.sign().to_string()));
        let _ = writeln!(out, "thousands = {}", quoted(&sheet_wide.thousands().to_string()));
        let _ = writeln!(out, "\n[[source]]\nfile = [\"*.csv\", \"*.txt\", \"*.tsv\", \"*.xlsx\"]\nwhole = true");
        let used = self.meant().filter_map(|(at, _)| looked.columns.get(at));
        let headings: Vec<String> = used.map(|c| quoted(&c.heading)).collect();
        let _ = writeln!(out, "headings = [{}]", headings.join(", "));
        let meant: Vec<usize> = self.meant().map(|(at, _)| at).collect();
        let rest = looked.columns.iter().enumerate().filter(|(at, c)| !meant.contains(at) && !c.heading.is_empty());
        let unused: Vec<String> = rest.map(|(_, c)| quoted(&c.heading)).collect();
        let _ = writeln!(out, "unused = [{}]", unused.join(", "));
        if let Some(sheet) = looked.sheet.as_deref().filter(|_| looked.sheets.len() > 1) {
            let _ = writeln!(out, "sheet = {}", quoted(sheet));
        }
        if let Some(sign) = looked.delimiter {
            let _ = writeln!(out, "delimiter = {}", quoted(&sign.to_string()));
        }
        if looked.header_row > 1 {
            let _ = writeln!(out, "header_row = {}", looked.header_row);
        }
        if let (true, Some(order)) = (creates, self.heading(looked, Means::Order)) {
            let whole = [
                Means::OrderedOn,
                Means::PromisedOn,
                Means::Customer,
                Means::CustomerName,
                Means::Email,
                Means::Phone,
                Means::City,
            ];
            let carried: Vec<String> =
                whole.iter().filter_map(|m| self.heading(looked, *m)).map(|h| quoted(&h)).collect();
            let _ = writeln!(out, "[source.carry]\nby = {}\ncolumns = [{}]", quoted(&order), carried.join(", "));
        }
        let gives = Gives { plan: self, looked, sheet_wide };
        gives.all(&mut out);
        out
    }

    fn heading(&self, looked: &Looked, means: Means) -> Option<String> {
        Some(looked.columns.get(self.column_of(means)?)?.heading.clone())
    }
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

struct Gives<'a> {
    plan: &'a Plan,
    looked: &'a Looked,
    sheet_wide: Decimal,
}

impl Gives<'_> {
    /// A column's value as the profile writes it; `None` where no column means it.
    fn say(&self, means: Means) -> Option<String> {
        let at = self.plan.column_of(means)?;
        let column = self.looked.columns.get(at)?;
        let heading = toml::Value::String(column.heading.clone()).to_string();
        let mut more = String::new();
        if means.is_number() {
            let other = self.plan.decimal(self.looked, at);
            if other != self.sheet_wide {
                let _ = write!(more, ", decimal = \"{}\", thousands = \"{}\"", other.sign(), other.thousands());
            }
        }
        if means.is_date() {
            let day_first = !self.looked.writes_month_first();
            let format = self.plan.dates.get(&at).copied().or(column.writing.format(day_first)).unwrap_or("iso");
            let _ = write!(more, ", dates = [\"{format}\"]");
        }
        if self.plan.keeps(at) {
            more.push_str(", or_blank = true");
        }
        Some(if more.is_empty() { heading } else { format!("{{ column = {heading}{more} }}") })
    }

    /// The first of these that has something in a row.
    fn any(&self, all: &[Means], last: Option<String>) -> Option<String> {
        let mut parts: Vec<String> = all.iter().filter_map(|m| self.say(*m)).collect();
        parts.extend(last);
        match parts.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            more => Some(format!("{{ any = [{}] }}", more.join(", "))),
        }
    }

    fn constant(&self, text: &str) -> Option<String> {
        Some(format!("{{ value = {} }}", toml::Value::String(text.to_string())))
    }

    fn shop(&self) -> Option<String> {
        self.constant(self.plan.shop.as_deref()?)
    }

    /// A value made of a column's: `sale 2026-03-04`.
    fn made(&self, means: Means, text: &str) -> Option<String> {
        let heading = self.plan.heading(self.looked, means)?;
        Some(format!("{{ column = {}, text = \"{text}\" }}", toml::Value::String(heading)))
    }

    fn all(&self, out: &mut String) {
        use Means::*;
        match self.plan.content {
            Content::Stock => {
                give(
                    out,
                    "stock",
                    false,
                    &[("sku", self.say(Sku)), ("bin", self.say(Bin)), ("quantity", self.say(Quantity))],
                );
                self.items(out, true);
            }
            Content::Items => {
                if self.plan.column_of(Quantity).is_some() {
                    let cells = [("sku", self.say(Sku)), ("bin", self.say(Bin)), ("quantity", self.say(Quantity))];
                    give(out, "stock", false, &cells);
                }
                self.items(out, false);
            }
            Content::OpenOrders | Content::PastSales => self.sales(out),
            Content::Suppliers => give(
                out,
                "suppliers",
                false,
                &[
                    ("supplier", self.any(&[Supplier, SupplierName], None)),
                    ("name", self.say(SupplierName)),
                    ("contact_person", self.say(ContactPerson)),
                    ("email", self.say(Email)),
                    ("phone", self.say(Phone)),
                    ("country", self.say(Country)),
                    ("lead_days", self.say(LeadDays)),
                    ("min_order_value", self.say(MinOrder)),
                    ("currency", self.say(Currency)),
                    ("note", self.say(Note)),
                ],
            ),
            Content::Customers => give(
                out,
                "customers",
                false,
                &[
                    ("customer", self.any(&[Customer, Email, CustomerName], None)),
                    ("name", self.say(CustomerName)),
                    ("contact_person", self.say(ContactPerson)),
                    ("email", self.say(Email)),
                    ("phone", self.say(Phone)),
                    ("city", self.say(City)),
                    ("country", self.say(Country)),
                    ("note", self.say(Note)),
                ],
            ),
            Content::Purchases => {
                give(
                    out,
                    "purchase_orders",
                    false,
                    &[("po", self.say(Po)), ("supplier", self.say(Supplier)), ("ordered_on", self.say(OrderedOn))],
                );
                give(
                    out,
                    "po_lines",
                    false,
                    &[
                        ("po", self.say(Po)),
                        ("sku", self.say(Sku)),
                        ("quantity", self.say(Quantity)),
                        ("cost", self.say(Cost)),
                        ("expected_on", self.say(ExpectedOn)),
                        ("received", self.say(Received)),
                    ],
                );
                give(out, "items", true, &[("sku", self.say(Sku)), ("name", self.any(&[Name, Sku], None))]);
                give(out, "suppliers", true, &[("supplier", self.say(Supplier)), ("name", self.say(Supplier))]);
            }
            Content::Codes => give(
                out,
                "aliases",
                false,
                &[
                    ("channel", self.any(&[Channel], self.shop().or(self.constant(NO_SHOP)))),
                    ("code", self.say(Code)),
                    ("sku", self.say(Sku)),
                    ("quantity", self.say(Quantity)),
                ],
            ),
        }
    }

    fn items(&self, out: &mut String, only_missing: bool) {
        use Means::*;
        give(
            out,
            "items",
            only_missing,
            &[
                ("sku", self.say(Sku)),
                ("name", self.any(&[Name, Sku], None)),
                ("note", self.say(Note)),
                ("barcode", self.say(Barcode)),
                ("category", self.say(Category)),
                ("unit", self.say(Unit)),
                ("cost", self.say(Cost)),
                ("price", self.say(Price)),
                ("supplier", self.say(Supplier)),
                ("bin", self.say(Bin)),
                ("min", self.say(Min)),
                ("max", self.say(Max)),
                ("pack", self.say(Pack)),
            ],
        );
        if let (Some(supplier), Some(heading)) = (self.say(Supplier), self.plan.heading(self.looked, Supplier)) {
            let named = format!("where = [{{ column = {}, blank = false }}]\n", toml::Value::String(heading));
            give_where(
                out,
                "suppliers",
                true,
                &named,
                &[
                    ("supplier", Some(supplier.clone())),
                    ("name", Some(supplier.clone())),
                    ("contact_person", self.say(ContactPerson)),
                    ("email", self.say(Email)),
                    ("phone", self.say(Phone)),
                    ("lead_days", self.say(LeadDays)),
                    ("min_order_value", self.say(MinOrder)),
                ],
            );
            // Each item has its own days, whatever the first row of its supplier says.
            if self.plan.column_of(LeadDays).is_some() {
                let cells = [("supplier", Some(supplier)), ("sku", self.say(Sku)), ("lead_days", self.say(LeadDays))];
                give_where(out, "supplier_items", false, &named, &cells);
            }
        }
    }

    fn sales(&self, out: &mut String) {
        use Means::*;
        let past = self.plan.content == Content::PastSales;
        let order = if past { self.any(&[Order], None).or(self.made(OrderedOn, "sales {}")) } else { self.say(Order) };
        let nobody = match (past, self.plan.column_of(Order)) {
            (false, Some(_)) => self.made(Order, NOBODY_OF),
            _ => self.constant(NOBODY),
        };
        let customer = self.any(&[Customer, Email, CustomerName], nobody.clone());
        give(
            out,
            "orders",
            false,
            &[
                ("order", order.clone()),
                ("customer", customer.clone()),
                ("ordered_on", self.say(OrderedOn)),
                ("channel", self.any(&[Channel], self.shop())),
                ("status", if past { self.constant("shipped") } else { None }),
            ],
        );
        give(
            out,
            "order_lines",
            false,
            &[
                ("order", order),
                ("line", self.say(Line)),
                ("sku", self.say(Sku)),
                ("quantity", self.say(Quantity)),
                ("price", self.say(Price)),
                // The lines of one order may be promised for different days.
                ("promised_on", self.say(PromisedOn)),
                ("shipped", self.say(Shipped)),
            ],
        );
        give(
            out,
            "customers",
            true,
            &[
                ("customer", customer),
                ("name", self.any(&[CustomerName, Email, Customer], nobody)),
                ("email", self.say(Email)),
                ("phone", self.say(Phone)),
                ("city", self.say(City)),
                ("country", self.say(Country)),
            ],
        );
        give(
            out,
            "items",
            true,
            &[("sku", self.say(Sku)), ("name", self.any(&[Name, Sku], None)), ("price", self.say(Price))],
        );
    }
}

fn give(out: &mut String, table: &str, only_missing: bool, columns: &[(&str, Option<String>)]) {
    give_where(out, table, only_missing, "", columns);
}

fn give_where(out: &mut String, table: &str, only_missing: bool, condition: &str, columns: &[(&str, Option<String>)]) {
    let _ = writeln!(out, "\n[[source.gives]]\ntable = \"{table}\"");
    if only_missing {
        let _ = writeln!(out, "only_missing = true");
    }
    let _ = writeln!(out, "{condition}[source.gives.columns]");
    for (column, say) in columns {
        if let Some(say) = say {
            let _ = writeln!(out, "{column} = {say}");
        }
    }
}
