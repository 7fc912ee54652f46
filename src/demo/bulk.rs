//! As many more items as asked, for measuring. Made in pieces that refer only to themselves, so that neither this
//! program nor the import ever holds the whole.

use super::catalogue::CATEGORIES;
use super::rows::{Rows, cents, choice, count, date, pieces, text, yes_no};
use super::trade::{plus, working};
use crate::exchange::table::{Batch, Table};
use chrono::NaiveDate;
use fastrand::Rng;

/// Items of a piece.
const PIECE: u64 = 50_000;
/// Items of a supplier.
const PER_SUPPLIER: u64 = 500;
/// Orders in all, at most.
const MOST_ORDERS: u64 = 400_000;
/// Lines that wait, in all, at most.
const MOST_WAITING: u64 = 3_000;

const KINDS: &[&str] = &[
    "Oak",
    "Steel",
    "Enamel",
    "Linen",
    "Copper",
    "Bamboo",
    "Glass",
    "Cork",
    "Walnut",
    "Cast iron",
    "Cotton",
    "Ceramic",
    "Smoked",
    "Roasted",
    "Organic",
    "Wild",
    "Salted",
    "Dried",
    "Pickled",
    "Toasted",
];
const THINGS: &[&str] = &[
    "tray", "bowl", "jug", "kettle", "strainer", "cup", "board", "tin", "jar", "basket", "towel", "apron", "whisk",
    "spoon", "ladle", "tea", "beans", "syrup", "biscuits", "noodles", "peppers", "olives", "lentils", "mustard",
    "vinegar", "oil", "honey", "filter", "gasket", "valve", "burr", "brush",
];
const SIZES: &[&str] = &[
    "12 cm",
    "18 cm",
    "24 cm",
    "30 cm",
    "250 g",
    "500 g",
    "1 kg",
    "2.5 kg",
    "33 cl",
    "75 cl",
    "5 l",
    "set of 4",
    "set of 6",
    "12 x 200 g",
    "24 x 33 cl",
];

/// About how many rows of orders and their lines a warehouse of `scale` items has.
pub fn expected_trade(scale: u64) -> u64 {
    (scale / 5).min(MOST_ORDERS) * 7 / 2
}

/// What a piece needs to know of the whole.
struct Plan {
    seed: u64,
    /// All items of the warehouse: how much trade there is.
    scale: u64,
    /// Items to make here.
    items: u64,
    today: NaiveDate,
}

/// `items` more items with stock, a share of them with orders, some of those waiting.
pub fn batches(seed: u64, items: u64, scale: u64, today: NaiveDate) -> impl Iterator<Item = Batch> {
    let plan = Plan { seed, scale, items, today };
    (0..items.div_ceil(PIECE)).map(move |piece| plan.piece(piece))
}

impl Plan {
    fn piece(&self, piece: u64) -> Batch {
        let mut rng = Rng::with_seed(self.seed ^ (piece + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let first = piece * PIECE;
        let last = (first + PIECE).min(self.items);
        let mut rows = Rows::new();
        for supplier in first / PER_SUPPLIER..last.div_ceil(PER_SUPPLIER) {
            add_supplier(&mut rows, &mut rng, supplier);
        }
        let mut out = Vec::new(); // items with nothing left
        for item in first..last {
            if add_item(&mut rows, &mut rng, item) {
                out.push(item);
            }
        }
        let share = |all: u64| (all * (last - first) / self.items.max(1)).max(1);
        let customers = share(self.items / 20);
        for n in 0..customers {
            add_customer(&mut rows, &mut rng, first / 20 + n);
        }
        let mut trade = Trade { rows, rng, first, last, customers, next: 0, today: self.today };
        for _ in 0..share((self.scale / 5).min(MOST_ORDERS)) {
            trade.order();
        }
        for _ in 0..share((self.scale / 50).clamp(1, MOST_WAITING)) {
            if let Some(&item) = trade.rng.choice(&out) {
                trade.waiting(item);
            }
        }
        trade.purchases(&out);
        trade.rows.batch()
    }
}

fn sku(item: u64) -> String {
    let category = CATEGORIES.get(item as usize % CATEGORIES.len()).map_or("XXX", |c| c.0);
    format!("{category}-{:07}", item + 1)
}
fn supplier_code(supplier: u64) -> String {
    format!("S-{:05}", supplier + 1)
}
fn customer_code(customer: u64) -> String {
    format!("K-{:06}", customer + 1)
}
fn pick(rng: &mut Rng, words: &[&'static str]) -> &'static str {
    words.get(rng.usize(0..words.len())).copied().unwrap_or("")
}

fn add_supplier(rows: &mut Rows, rng: &mut Rng, supplier: u64) {
    let name = format!("{} {} Works {}", pick(rng, KINDS), pick(rng, THINGS), supplier + 1);
    rows.add(
        Table::Suppliers,
        &[
            ("supplier", text(supplier_code(supplier))),
            ("name", text(name)),
            ("country", text(pick(rng, &["NL", "DE", "GB", "IT", "US", "JP"]))),
            ("lead_days", count(rng.i64(3..30))),
            ("min_order_value", cents(rng.i64(1..6) * 10_000)),
        ],
    );
}

/// Adds an item with its stock; true if nothing of it is left.
fn add_item(rows: &mut Rows, rng: &mut Rng, item: u64) -> bool {
    let sku = sku(item);
    let supplier = supplier_code(item / PER_SUPPLIER);
    let name = format!("{} {} {}", pick(rng, KINDS), pick(rng, THINGS), pick(rng, SIZES));
    let cost = rng.i64(80..9_000);
    let pack = [1, 6, 10, 12, 24].get(rng.usize(0..5)).copied().unwrap_or(1);
    let bin = format!("{}{}-{:02}", char::from(b'A' + (item / 20_000 % 26) as u8), item / 400 % 50 + 1, item / 4 % 100);
    let category = CATEGORIES.get(item as usize % CATEGORIES.len()).map_or("", |c| c.1);
    rows.add(
        Table::Items,
        &[
            ("sku", text(&sku)),
            ("name", text(name)),
            ("barcode", text(super::barcode(210, item + 1))),
            ("category", text(category)),
            ("cost", cents(cost)),
            ("price", cents(cost * 17 / 10)),
            ("supplier", text(&supplier)),
            ("bin", text(&bin)),
            ("pack", pieces(pack)),
            ("status", choice("active")),
        ],
    );
    let none = rng.u32(0..200) == 0;
    let stock = if none { 0 } else { rng.i64(20..600) };
    rows.add(Table::Stock, &[("sku", text(&sku)), ("bin", text(bin)), ("quantity", pieces(stock))]);
    rows.add(
        Table::SupplierItems,
        &[
            ("supplier", text(supplier)),
            ("sku", text(sku)),
            ("cost", cents(cost)),
            ("min_quantity", pieces(pack)),
            ("pack", pieces(pack)),
            ("preferred", yes_no(true)),
        ],
    );
    none
}

fn add_customer(rows: &mut Rows, rng: &mut Rng, customer: u64) {
    let name = format!("{} {} House {}", pick(rng, KINDS), pick(rng, THINGS), customer + 1);
    rows.add(
        Table::Customers,
        &[
            ("customer", text(customer_code(customer))),
            ("name", text(name)),
            ("phone", text(format!("+31 10 555 {:04}", customer % 10_000))),
            ("country", text(pick(rng, &["NL", "NL", "NL", "DE", "BE", "FR", "GB", "US"]))),
            ("kind", choice(if rng.u32(0..10) < 8 { "business" } else { "consumer" })),
        ],
    );
}

/// The trade of a piece's items with its customers.
struct Trade {
    rows: Rows,
    rng: Rng,
    first: u64,
    last: u64,
    customers: u64,
    next: u64,
    today: NaiveDate,
}

impl Trade {
    fn head(&mut self, on: NaiveDate, promised: NaiveDate) -> String {
        // Every piece numbers on from its own first item: no number twice.
        let code = format!("B-{:08}", self.first + self.next + 1);
        self.next += 1;
        let customer = customer_code(self.first / 20 + self.rng.u64(0..self.customers));
        self.rows.add(
            Table::Orders,
            &[
                ("order", text(&code)),
                ("customer", text(customer)),
                ("ordered_on", date(on)),
                ("channel", text(pick(&mut self.rng, &["web shop", "phone", "marketplace"]))),
                ("kind", choice("regular")),
                ("paid", yes_no(self.rng.bool())),
                ("promised_on", date(promised)),
            ],
        );
        code
    }

    fn line(&mut self, order: &str, line: u64, item: u64, quantity: i64, shipped_on: Option<NaiveDate>) {
        let price = cents(self.rng.i64(200..9_000));
        let shipped = if shipped_on.is_some() { quantity } else { 0 };
        self.rows.add(
            Table::OrderLines,
            &[
                ("order", text(order)),
                ("line", text(line.to_string())),
                ("sku", text(sku(item))),
                ("quantity", pieces(quantity)),
                ("price", price),
                ("shipped", pieces(shipped)),
                ("shipped_on", date(shipped_on)),
            ],
        );
    }

    /// A finished order of the last 400 days; few items are asked for often, most never.
    fn order(&mut self) {
        let on = plus(self.today, -self.rng.i64(3..400));
        let ship = plus(on, 1);
        let code = self.head(on, plus(on, 3));
        for line in 1..=self.rng.u64(1..5) {
            let u = self.rng.f64();
            let item = self.first + (u * u * u * (self.last - self.first) as f64) as u64;
            let quantity = self.rng.i64(1..13);
            self.line(&code, line, item.min(self.last - 1), quantity, Some(ship));
        }
    }

    /// An order that waits for an item of which nothing is left.
    fn waiting(&mut self, item: u64) {
        let on = plus(self.today, -self.rng.i64(1..40));
        let promised = plus(self.today, self.rng.i64(-6..40));
        let code = self.head(on, promised.max(on));
        let quantity = self.rng.i64(1..25);
        self.line(&code, 1, item, quantity, None);
    }

    /// Finished purchases for the scorecards, and one on its way for two of three items with nothing left.
    fn purchases(&mut self, out: &[u64]) {
        let mut number = self.first;
        for supplier in self.first / PER_SUPPLIER..self.last.div_ceil(PER_SUPPLIER) {
            let late = self.rng.u32(2..40);
            for round in 1..=4 {
                let on = working(plus(self.today, -round * 75 - self.rng.i64(0..20)));
                let code = self.purchase(&mut number, supplier, on);
                for line in 1..=3 {
                    let item = (supplier * PER_SUPPLIER + self.rng.u64(0..PER_SUPPLIER)).min(self.last - 1);
                    let due = working(plus(on, 12));
                    let came = if self.rng.u32(0..100) < late { working(plus(due, self.rng.i64(1..8))) } else { due };
                    self.purchase_line(&code, line, item, due, Some(came));
                }
            }
        }
        for (n, &item) in out.iter().enumerate().filter(|(n, _)| n % 3 > 0) {
            let on = plus(self.today, -self.rng.i64(1..9));
            let code = self.purchase(&mut number, item / PER_SUPPLIER, on);
            let due = working(plus(self.today, 2 + n as i64 % 20));
            self.purchase_line(&code, 1, item, due, None);
        }
    }

    fn purchase(&mut self, number: &mut u64, supplier: u64, on: NaiveDate) -> String {
        let code = format!("BP-{:07}", *number + 1);
        *number += 1;
        let (confirmed, supplier) = (plus(on, 1).min(self.today), supplier_code(supplier));
        let cells = [
            ("po", text(&code)),
            ("supplier", text(supplier)),
            ("ordered_on", date(on)),
            ("confirmed_on", date(confirmed)),
        ];
        self.rows.add(Table::PurchaseOrders, &cells);
        code
    }

    fn purchase_line(&mut self, po: &str, line: u64, item: u64, due: NaiveDate, came: Option<NaiveDate>) {
        let quantity = self.rng.i64(1..20) * 12;
        self.rows.add(
            Table::PoLines,
            &[
                ("po", text(po)),
                ("line", text(line.to_string())),
                ("sku", text(sku(item))),
                ("quantity", pieces(quantity)),
                ("confirmed_for", date(due)),
                ("received", pieces(if came.is_some() { quantity } else { 0 })),
                ("received_on", date(came)),
            ],
        );
    }
}
