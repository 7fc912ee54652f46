//! The sample warehouse, Backshelf Demo Ltd: generated from a seed relative to today, so that every tab has something
//! real to do on any day. Pure: the same seed, scale and day give the same rows.
//!
//! | file | what |
//! |---|---|
//! | `catalogue` | what is sold and who delivers it, each supplier with its character |
//! | `people` | who buys |
//! | `trade` | two years of orders, and the purchases that fed them |
//! | `stories` | what is the matter today |
//! | `bulk` | as many more items as asked, for measuring |
//! | `make` | the rows into a file, through the same import as a person's own |

mod bulk;
mod catalogue;
mod make;
mod people;
mod rows;
mod stories;
mod trade;

pub use make::{Made, Marks, make, marks, origin, remove, train};

use crate::exchange::table::{Batch, Table};
use catalogue::{CATEGORIES, GOODS, SECOND_SOURCES, SUBSTITUTES, SUPPLIERS};
use chrono::{NaiveDate, NaiveTime};
use fastrand::Rng;
use people::Customer;
use rows::{Rows, cents, choice, count, date, moment, pieces, text, yes_no};
use std::collections::HashMap;
use trade::{MOVEMENT_DAYS, Order, Purchase, plus};

/// The seed of the warehouse that `backshelf demo` shows.
pub const SEED: u64 = 20_261_123;
/// How many items the sample has without `--scale`.
pub const ITEMS: u64 = GOODS.len() as u64;
/// What marks a file as a sample: nothing else is ever overwritten.
pub const MARK: &str = "demo";
/// Marks a sample that is a copy of somebody's own file.
pub const TRAINING: &str = "demo.training";
/// Marks for how many items the sample was made, and for which day.
pub const MARK_SCALE: &str = "demo.scale";
pub const MARK_DAY: &str = "demo.day";

/// The settings of the sample: a shop in Rotterdam.
pub const SETTINGS: &[(&str, &str)] = &[
    ("warehouse.name", "Backshelf Demo Ltd"),
    ("warehouse.country", "NL"),
    ("warehouse.currency", "EUR"),
    ("customers.mostly", "business"),
    ("old_orders", "not_told"),
    ("mail.phone", "+31 10 555 0199"),
    ("offers.parcel_cost", "8.40"),
    ("offers.delivery_cost", "6.95"),
    ("offers.sample_cost", "2.50"),
    ("offers.discount_percent", "5"),
    ("planning.ordering_cost", "35.00"),
    ("planning.holding_rate", "0.2"),
];

/// The sample's rows in pieces, each small enough to hold: the story first, then as many more items as `scale` asks for.
/// Each piece refers only to itself and to pieces before it.
pub fn batches(seed: u64, scale: u64, today: NaiveDate) -> impl Iterator<Item = Batch> {
    let more = scale.saturating_sub(ITEMS);
    let story = (scale >= ITEMS).then(|| batch(seed, today));
    let more = if scale < ITEMS { scale } else { more };
    story.into_iter().chain(bulk::batches(seed, more, scale, today))
}

/// About how many rows [`batches`] gives, for a progress bar.
pub fn expected_rows(scale: u64) -> u64 {
    let more = if scale < ITEMS { scale } else { scale - ITEMS };
    let story = if scale < ITEMS { 0 } else { STORY_ROWS };
    story + more * 31 / 10 + bulk::expected_trade(scale)
}

/// About how many rows the story has.
const STORY_ROWS: u64 = 26_700;

/// The sample proper: about 150 items with their story.
pub fn batch(seed: u64, today: NaiveDate) -> Batch {
    let mut rng = Rng::with_seed(seed);
    let customers = people::customers(&mut rng);
    let mut orders = trade::orders(&mut rng, &customers, &stories::scarce(), today);
    let levels = stories::levels(&mut rng, &trade::pace(&orders, today));
    let mut purchases = trade::purchases(&mut rng, &orders, &levels, today);
    let (more_orders, more_purchases) = stories::tell(&customers, today);
    orders.extend(more_orders);
    purchases.extend(more_purchases);
    orders.sort_by_key(|o| o.on);
    purchases.sort_by_key(|p| p.on);
    let mut rows = Rows::new();
    write_suppliers(&mut rows);
    let bins = bins();
    write_items(&mut rows, &bins, today);
    write_customers(&mut rows, &customers);
    write_orders(&mut rows, &orders, &customers);
    write_purchases(&mut rows, &purchases);
    write_movements(&mut rows, &orders, &purchases, &bins, today);
    for (good, (level, bin)) in GOODS.iter().zip(levels.iter().zip(&bins)) {
        // A part of the largest stocks lies upstairs.
        let upstairs = if *level > 150 { level / 3 } else { 0 };
        rows.add(Table::Stock, &[("sku", text(good.0)), ("bin", text(bin)), ("quantity", pieces(level - upstairs))]);
        if upstairs > 0 {
            let above = format!("Z{}", bin.get(1..).unwrap_or("1-01"));
            rows.add(Table::Stock, &[("sku", text(good.0)), ("bin", text(above)), ("quantity", pieces(upstairs))]);
        }
    }
    rows.batch()
}

/// An item's place on the shelves: aisle of its category, rack, position.
fn bins() -> Vec<String> {
    let mut last: HashMap<char, usize> = HashMap::new();
    GOODS
        .iter()
        .map(|good| {
            let aisle = CATEGORIES.iter().find(|c| good.0.starts_with(c.0)).map_or('X', |c| c.2);
            let n = last.entry(aisle).and_modify(|n| *n += 1).or_insert(0);
            format!("{aisle}{}-{:02}", *n / 12 + 1, *n % 12 + 1)
        })
        .collect()
}

/// A barcode of the shop's own, EAN-13: prefix 200 to 299 is free for use in a store; the last digit checks the others.
fn barcode(prefix: u64, n: u64) -> String {
    let body = format!("{prefix:03}{n:09}");
    let sum: u32 = body.bytes().enumerate().map(|(at, b)| u32::from(b - b'0') * if at % 2 == 0 { 1 } else { 3 }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn write_suppliers(rows: &mut Rows) {
    for s in SUPPLIERS {
        rows.add(
            Table::Suppliers,
            &[
                ("supplier", text(s.code)),
                ("name", text(s.name)),
                ("contact_person", text(s.person)),
                ("email", text(s.email)),
                ("phone", text(s.phone)),
                ("country", text(s.country)),
                ("lead_days", count(s.lead)),
                ("min_order_value", cents(s.min_order * 100)),
                ("currency", text("EUR")),
                ("order_days", text(s.order_days)),
                ("cutoff", text(s.cutoff)),
                ("note", text(s.note)),
            ],
        );
    }
}

fn write_items(rows: &mut Rows, bins: &[String], today: NaiveDate) {
    for (at, (&(sku, name, cost, price, supplier, pack, _, _), bin)) in GOODS.iter().zip(bins).enumerate() {
        let category = CATEGORIES.iter().find(|c| sku.starts_with(c.0)).map_or("", |c| c.1);
        let s = &SUPPLIERS[supplier]; // places in the catalogue, proved by a test
        let preorder = sku == "BEV-027";
        let (min, max) = match sku {
            "GRN-012" => (Some(20), Some(60)),
            "CLN-002" => (Some(12), Some(48)),
            "SPR-119" => (Some(2), Some(6)),
            _ => (None, None),
        };
        let note = match sku {
            "BEV-002" => "Breaks easily, do not stack.",
            "DAI-007" => "Cold room, top shelf.",
            "SPR-104" => "Few a year, but a machine stands still without it.",
            _ => "",
        };
        rows.add(
            Table::Items,
            &[
                ("sku", text(sku)),
                ("name", text(name)),
                ("note", text(note)),
                ("barcode", text(barcode(200, at as u64 + 1))),
                ("category", text(category)),
                ("unit", text("pc")),
                ("cost", cents(cost)),
                ("price", cents(price)),
                ("backorders", choice(if preorder { "preorder" } else { "allow" })),
                ("available_on", date(preorder.then(|| plus(today, 25)))),
                ("supplier", text(s.code)),
                ("bin", text(bin)),
                ("min", min.and_then(pieces)),
                ("max", max.and_then(pieces)),
                ("pack", pieces(pack)),
                ("status", choice(if sku == "CLN-010" { "discontinued" } else { "active" })),
            ],
        );
        if at % 7 == 0 && pack > 1 {
            rows.add(
                Table::Barcodes,
                &[("barcode", text(barcode(299, at as u64 + 1))), ("sku", text(sku)), ("quantity", pieces(pack))],
            );
        }
        write_source(rows, sku, supplier, (cost, pack, if cost < 1000 { pack * 2 } else { pack }, s.lead), true);
        if at % 11 == 3 {
            for (times, percent) in [(10, 95), (30, 90)] {
                let from = pieces(pack * times);
                let cost = cents(cost * percent / 100);
                rows.add(
                    Table::PriceBreaks,
                    &[("supplier", text(s.code)), ("sku", text(sku)), ("from_quantity", from), ("cost", cost)],
                );
            }
        }
    }
    for &(sku, supplier, cost, lead) in SECOND_SOURCES {
        write_source(rows, sku, supplier, (cost, 12, 12, lead), false);
    }
    for (rank, &(sku, substitute, note)) in SUBSTITUTES.iter().enumerate() {
        let rank = count(rank as i64 % 3 + 1);
        rows.add(
            Table::Substitutes,
            &[("sku", text(sku)), ("substitute", text(substitute)), ("rank", rank), ("note", text(note))],
        );
    }
    for (code, sku, quantity) in [
        ("MP-77120", "HOM-202", 1),
        ("MP-77121", "HOM-314", 6),
        ("MP-77122", "COF-001", 1),
        ("MP-77123", "SWE-001", 12),
    ] {
        rows.add(
            Table::Aliases,
            &[
                ("channel", text("marketplace")),
                ("code", text(code)),
                ("sku", text(sku)),
                ("quantity", pieces(quantity)),
            ],
        );
    }
}

/// Who sells us an item: cost in cents, pack, least quantity, lead days.
fn write_source(
    rows: &mut Rows,
    sku: &str,
    supplier: usize,
    (cost, pack, least, lead): (i64, i64, i64, i64),
    preferred: bool,
) {
    let s = &SUPPLIERS[supplier]; // places in the catalogue, proved by a test
    let theirs = format!("{}-{}", s.code.get(..2).unwrap_or("X"), sku.replace('-', ""));
    rows.add(
        Table::SupplierItems,
        &[
            ("supplier", text(s.code)),
            ("sku", text(sku)),
            ("supplier_sku", text(theirs)),
            ("cost", cents(cost)),
            ("min_quantity", pieces(least)),
            ("pack", pieces(pack)),
            ("lead_days", count(lead)),
            ("preferred", yes_no(preferred)),
        ],
    );
}

fn write_customers(rows: &mut Rows, customers: &[Customer]) {
    for c in customers {
        rows.add(
            Table::Customers,
            &[
                ("customer", text(&c.code)),
                ("name", text(&c.name)),
                ("contact_person", text(if c.business { c.person.as_str() } else { "" })),
                ("email", text(&c.email)),
                ("phone", text(&c.phone)),
                ("city", text(c.city)),
                ("country", text(c.country)),
                ("language", text(c.language)),
                ("kind", choice(if c.business { "business" } else { "consumer" })),
                ("priority", c.priority.and_then(count)),
                ("channel_preference", text(c.prefers.unwrap_or(""))),
                ("note", text(c.note.unwrap_or(""))),
            ],
        );
    }
}

fn order_code(at: usize) -> String {
    format!("SO-{}", 1001 + at)
}
fn purchase_code(at: usize) -> String {
    format!("PO-{}", 101 + at)
}

fn write_orders(rows: &mut Rows, orders: &[Order], customers: &[Customer]) {
    for (at, o) in orders.iter().enumerate() {
        let code = order_code(at);
        let worth: i64 = o.lines.iter().map(|l| l.quantity * l.price).sum();
        rows.add(
            Table::Orders,
            &[
                ("order", text(&code)),
                ("customer", text(customers.get(o.customer).map_or("", |c| c.code.as_str()))),
                ("ordered_on", date(o.on)),
                ("channel", text(o.channel)),
                ("kind", choice(o.kind)),
                ("paid", yes_no(o.paid)),
                ("paid_amount", if o.paid { cents(worth) } else { None }),
                ("promised_on", date(o.promised)),
                ("deliver_by", date(o.deliver_by)),
                ("note", text(o.note)),
            ],
        );
        for (n, l) in o.lines.iter().enumerate() {
            rows.add(
                Table::OrderLines,
                &[
                    ("order", text(&code)),
                    ("line", text((n + 1).to_string())),
                    ("sku", text(GOODS[l.item].0)), // `item` is a place in the catalogue
                    ("quantity", pieces(l.quantity)),
                    ("price", cents(l.price)),
                    ("shipped", pieces(l.shipped)),
                    ("shipped_on", date(l.shipped_on.filter(|_| l.shipped > 0))),
                    ("cancelled", pieces(l.cancelled)),
                ],
            );
        }
        for c in &o.contacts {
            rows.add(
                Table::Contacts,
                &[
                    ("order", text(&code)),
                    ("contacted_on", date(c.on)),
                    ("channel", text(c.channel)),
                    ("message", choice(c.message)),
                    ("quoted_for", date(c.quoted_for)),
                    ("offered_cancel", yes_no(true)),
                    ("outcome", choice(c.outcome)),
                    ("answer", choice(c.answer)),
                    ("answered_on", date(c.answered_on)),
                    ("offer", text(c.offer.map_or("", |o| o.0))),
                    ("offer_cost", c.offer.and_then(|o| cents(o.1))),
                    ("note", text(c.note)),
                ],
            );
        }
    }
}

fn write_purchases(rows: &mut Rows, purchases: &[Purchase]) {
    for (at, p) in purchases.iter().enumerate() {
        let code = purchase_code(at);
        rows.add(
            Table::PurchaseOrders,
            &[
                ("po", text(&code)),
                ("supplier", text(SUPPLIERS[p.supplier].code)), // a place in the catalogue
                ("ordered_on", date(Some(p.on).filter(|_| p.status != "draft"))),
                ("confirmed_on", date(p.confirmed_on)),
                ("status", choice(p.status)),
            ],
        );
        for (n, l) in p.lines.iter().enumerate() {
            let line = (n + 1).to_string();
            rows.add(
                Table::PoLines,
                &[
                    ("po", text(&code)),
                    ("line", text(&line)),
                    ("sku", text(GOODS[l.item].0)), // a place in the catalogue
                    ("quantity", pieces(l.quantity)),
                    ("cost", cents(GOODS[l.item].2)),
                    ("confirmed_for", date(l.confirmed_for)),
                    ("expected_on", date(l.expected_on)),
                    ("received", pieces(l.receipts.iter().map(|r| r.quantity).sum())),
                    ("received_on", date(l.receipts.iter().map(|r| r.on).max())),
                    ("rejected", pieces(l.receipts.iter().map(|r| r.rejected).sum())),
                ],
            );
            for r in &l.receipts {
                rows.add(
                    Table::Receipts,
                    &[
                        ("po", text(&code)),
                        ("line", text(&line)),
                        ("received_on", date(r.on)),
                        ("quantity", pieces(r.quantity)),
                        ("rejected", pieces(r.rejected)),
                        ("reason", text(r.reason)),
                    ],
                );
            }
        }
    }
}

/// What went out and came in within the days that the charts show.
fn write_movements(rows: &mut Rows, orders: &[Order], purchases: &[Purchase], bins: &[String], today: NaiveDate) {
    let from = plus(today, -MOVEMENT_DAYS);
    let mut moves = Vec::new();
    for (at, o) in orders.iter().enumerate() {
        for l in o.lines.iter().filter(|l| l.shipped > 0) {
            if let Some(on) = l.shipped_on.filter(|&d| d >= from) {
                moves.push((on, 14, l.item, -l.shipped, "shipment", order_code(at)));
            }
        }
    }
    for (at, p) in purchases.iter().enumerate() {
        for l in &p.lines {
            for r in l.receipts.iter().filter(|r| r.on >= from) {
                moves.push((r.on, 9, l.item, r.quantity - r.rejected, "receipt", purchase_code(at)));
            }
        }
    }
    moves.sort_by_key(|m| (m.0, m.1));
    for (n, (on, hour, item, quantity, reason, reference)) in moves.into_iter().enumerate() {
        let time = NaiveTime::from_hms_opt(hour, (n % 60) as u32, 0).unwrap_or_default();
        rows.add(
            Table::Movements,
            &[
                ("at", moment(on.and_time(time))),
                ("sku", text(GOODS[item].0)), // a place in the catalogue
                ("bin", text(bins.get(item).map_or("", String::as_str))),
                ("quantity", pieces(quantity)),
                ("reason", text(reason)),
                ("reference", text(reference)),
            ],
        );
    }
}

#[cfg(test)]
mod tests;
