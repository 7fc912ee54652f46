//! Two years of trade: customers' orders forwards in time, then the purchases that fed them, backwards from the stock
//! of today, so that the books add up on every day in between.

use super::catalogue::{GOODS, SUPPLIERS, Supplier, place};
use super::people::{BUSINESSES, Customer};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use fastrand::Rng;

/// How far back orders go, in days.
pub const DAYS: i64 = 730;
/// How far back movements go: what the charts show.
pub const MOVEMENT_DAYS: i64 = 92;

/// A customer's order.
#[derive(Clone, Debug)]
pub struct Order {
    pub customer: usize,
    pub on: NaiveDate,
    pub channel: &'static str,
    pub kind: &'static str,
    pub paid: bool,
    pub promised: Option<NaiveDate>,
    pub deliver_by: Option<NaiveDate>,
    pub lines: Vec<Line>,
    pub contacts: Vec<Contact>,
    pub note: &'static str,
}

/// A line of it; the shipped part with its day.
#[derive(Clone, Debug)]
pub struct Line {
    pub item: usize,
    pub quantity: i64,
    /// Cents.
    pub price: i64,
    pub shipped: i64,
    pub shipped_on: Option<NaiveDate>,
    pub cancelled: i64,
}

/// A talk about the whole order.
#[derive(Clone, Debug)]
pub struct Contact {
    pub on: NaiveDate,
    pub channel: &'static str,
    pub message: &'static str,
    pub quoted_for: Option<NaiveDate>,
    pub outcome: &'static str,
    pub answer: Option<&'static str>,
    pub answered_on: Option<NaiveDate>,
    /// What was offered, and what it costs in cents.
    pub offer: Option<(&'static str, i64)>,
    pub note: &'static str,
}

/// A purchase order.
#[derive(Clone, Debug)]
pub struct Purchase {
    pub supplier: usize,
    pub on: NaiveDate,
    pub confirmed_on: Option<NaiveDate>,
    pub status: &'static str,
    pub lines: Vec<PurchaseLine>,
}

#[derive(Clone, Debug)]
pub struct PurchaseLine {
    pub item: usize,
    pub quantity: i64,
    pub confirmed_for: Option<NaiveDate>,
    pub expected_on: Option<NaiveDate>,
    pub receipts: Vec<Receipt>,
}

/// What came on a day; `quantity` includes `rejected`.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub on: NaiveDate,
    pub quantity: i64,
    pub rejected: i64,
    pub reason: &'static str,
}

/// The day that lies `n` days after (before, if negative).
pub fn plus(day: NaiveDate, n: i64) -> NaiveDate {
    let step = Days::new(n.unsigned_abs());
    if n < 0 { day.checked_sub_days(step) } else { day.checked_add_days(step) }.unwrap_or(day)
}
/// This day, or the Monday after a weekend.
pub fn working(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => plus(day, 2),
        Weekday::Sun => plus(day, 1),
        _ => day,
    }
}
/// This day, or the Friday before a weekend.
pub fn working_before(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => plus(day, -1),
        Weekday::Sun => plus(day, -2),
        _ => day,
    }
}

/// How much an item is asked for on a day: the story of its life, in hundredths of its usual weight.
fn life(item: usize, ago: i64, day: NaiveDate) -> u32 {
    match GOODS[item].0 {
        // born three weeks ago
        "SWE-015" => u32::from(ago <= 21) * 160,
        // dying: a little less each month, nothing in the last ten weeks
        "SWE-009" => u32::try_from((ago - 70).clamp(0, 500)).unwrap_or(0) / 3,
        // Sinterklaas
        "SWE-008" => match day.month() {
            11 => 500,
            10 => 250,
            12 if day.day() <= 5 => 500,
            _ => 4,
        },
        _ => 100,
    }
}

/// The orders of two years. `scarce` items are left alone in the last days: their open lines are told by the stories.
pub fn orders(rng: &mut Rng, customers: &[Customer], scarce: &[usize], today: NaiveDate) -> Vec<Order> {
    let mut orders = Vec::new();
    for ago in (0..DAYS).rev() {
        let day = plus(today, -ago);
        let weekend = day.weekday().number_from_monday() > 5;
        let growth = 70 + (DAYS - ago) * 30 / DAYS; // 70 % two years ago, 100 % now
        let base = if weekend { 3 } else { 9 };
        let count = (base * growth + rng.i64(0..300)) / 100 - i64::from(weekend);
        for _ in 0..count.max(1) {
            orders.push(order(rng, customers, scarce, day, ago, weekend, today));
        }
        pumps(rng, &mut orders, day, ago, today);
    }
    orders
}

fn order(
    rng: &mut Rng,
    customers: &[Customer],
    scarce: &[usize],
    day: NaiveDate,
    ago: i64,
    weekend: bool,
    today: NaiveDate,
) -> Order {
    let business = !weekend && rng.u32(0..100) < 68;
    let customer = if business {
        let (a, b) = (rng.usize(0..BUSINESSES), rng.usize(0..BUSINESSES));
        a.min(b) // some buy more often than others
    } else {
        rng.usize(BUSINESSES + 12..customers.len())
    };
    let channel = match (business, rng.u32(0..10)) {
        (true, 0..5) => "phone",
        (true, _) => "web shop",
        (false, 0..6) => "web shop",
        (false, _) => "marketplace",
    };
    let wanted = if business { rng.usize(1..6) } else { rng.usize(1..3) };
    let mut lines: Vec<Line> = Vec::new();
    while lines.len() < wanted {
        let item = choose(rng, business, ago, day);
        if lines.iter().any(|l| l.item == item) || (ago < 9 && scarce.contains(&item)) {
            continue;
        }
        let (_, _, _, price, _, _, size, _) = GOODS[item];
        let quantity = if business { size * rng.i64(1..5) / 2 } else { 1 + i64::from(rng.u32(0..4) == 0) }.max(1);
        let price = if business { price * 88 / 100 } else { price };
        lines.push(Line { item, quantity, price, shipped: 0, shipped_on: None, cancelled: 0 });
    }
    let promised = working(plus(day, 3));
    let mut order = Order {
        customer,
        on: day,
        channel,
        kind: "regular",
        paid: !business || rng.bool(),
        promised: Some(promised),
        deliver_by: None,
        lines,
        contacts: Vec::new(),
        note: "",
    };
    let slow = rng.u32(0..1000) < 16 && ago > 40;
    let ship = if slow { working(plus(promised, rng.i64(3..12))) } else { working(plus(day, rng.i64(0..2))) };
    for line in &mut order.lines {
        if rng.u32(0..400) == 0 && ago > 12 {
            line.cancelled = line.quantity;
        } else if ship < today {
            line.shipped = line.quantity;
            line.shipped_on = Some(ship);
        }
    }
    if slow {
        order.contacts.push(late_talk(rng, customers, customer, promised, ship));
    }
    order
}

/// What was said when an order of the past was late.
fn late_talk(rng: &mut Rng, customers: &[Customer], customer: usize, promised: NaiveDate, ship: NaiveDate) -> Contact {
    let who = customers.get(customer);
    let (business, country) = who.map_or((true, "NL"), |c| (c.business, c.country));
    let message = match (business, country) {
        (true, _) => "delay",
        (false, "US") => "first_short",
        (false, _) => "new_date",
    };
    let on = working_before(plus(promised, -1));
    let phone = business && rng.bool();
    let offer = match rng.u32(0..6) {
        0 => Some(("partial shipment", 840)),
        1 => Some(("free delivery", 695)),
        _ => None,
    };
    Contact {
        on,
        channel: if phone { "phone" } else { "mail" },
        message,
        quoted_for: Some(plus(ship, 1)),
        outcome: if phone { "reached" } else { "sent" },
        answer: Some(if phone || rng.u32(0..10) < 7 { "consent" } else { "none" }),
        answered_on: Some(on),
        offer: if message == "first_short" { None } else { offer },
        note: "",
    }
}

fn choose(rng: &mut Rng, business: bool, ago: i64, day: NaiveDate) -> usize {
    loop {
        let item = rng.usize(0..GOODS.len());
        let (sku, weight) = (GOODS[item].0, GOODS[item].7);
        let home = sku.starts_with("HOM") || sku.starts_with("COF") || sku.starts_with("SPR-10");
        let taste = match (business, home) {
            (true, true) => 55,
            (false, false) => 45,
            _ => 100,
        };
        if rng.u32(0..90 * 100 * 100) < weight * taste * life(item, ago, day).min(500) {
            return item;
        }
    }
}

/// The intermittent spare part: a few pumps every five to nine weeks, to the same repair shop.
fn pumps(rng: &mut Rng, orders: &mut Vec<Order>, day: NaiveDate, ago: i64, today: NaiveDate) {
    let Some(item) = place("SPR-104") else { return };
    if ago < 12 || day.weekday().number_from_monday() > 5 || rng.u32(0..36) != 0 {
        return;
    }
    let quantity = rng.i64(1..6);
    let shipped_on = working(plus(day, 1));
    let shipped = if shipped_on < today { quantity } else { 0 };
    let line = Line { item, quantity, price: GOODS[item].3, shipped, shipped_on: Some(shipped_on), cancelled: 0 };
    orders.push(Order {
        customer: 11,
        on: day,
        channel: "phone",
        kind: "regular",
        paid: true,
        promised: Some(plus(day, 4)),
        deliver_by: None,
        lines: vec![line],
        contacts: Vec::new(),
        note: "",
    });
}

/// Pieces of an item sold in the 180 days before today, per hundred days.
pub fn pace(orders: &[Order], today: NaiveDate) -> Vec<i64> {
    let mut sold = vec![0; GOODS.len()];
    let from = plus(today, -180);
    for order in orders.iter().filter(|o| o.on >= from) {
        for line in &order.lines {
            sold[line.item] += line.quantity;
        }
    }
    sold.iter().map(|n| n * 100 / 180).collect()
}

/// The finished purchases that fed the sales, so that each item's book ends at `levels` today and was never below zero
/// before its last receipt.
pub fn purchases(rng: &mut Rng, orders: &[Order], levels: &[i64], today: NaiveDate) -> Vec<Purchase> {
    let mut sales: Vec<Vec<(NaiveDate, i64)>> = vec![Vec::new(); GOODS.len()];
    for line in orders.iter().flat_map(|o| &o.lines) {
        if let Some(on) = line.shipped_on.filter(|_| line.shipped > 0) {
            sales[line.item].push((on, line.shipped));
        }
    }
    let pace = pace(orders, today);
    let mut purchases = Vec::new();
    for (at, supplier) in SUPPLIERS.iter().enumerate().filter(|s| s.1.cycle > 0) {
        let mut calendar = calendar(rng, supplier, at, today);
        let items = (0..GOODS.len()).filter(|&i| GOODS[i].4 == at);
        for item in items {
            feed(rng, supplier, &mut calendar, item, &sales[item], levels[item], pace[item]);
        }
        calendar.retain(|p| !p.lines.is_empty());
        purchases.extend(calendar);
    }
    purchases
}

/// The days on which a supplier was ordered from, confirmed and delivered; lines come later.
fn calendar(rng: &mut Rng, supplier: &Supplier, at: usize, today: NaiveDate) -> Vec<Purchase> {
    let mut list = Vec::new();
    let mut day = plus(today, -(DAYS + 20) + rng.i64(0..supplier.cycle));
    if supplier.orders > 0 {
        day = plus(today, -110);
    }
    while day < today {
        let on = working(day);
        let slow_answer = if supplier.late > 50 { rng.i64(1..6) } else { rng.i64(0..3) };
        list.push(Purchase {
            supplier: at,
            on,
            confirmed_on: Some(working(plus(on, slow_answer))),
            status: "closed",
            lines: Vec::new(),
        });
        day = plus(day, supplier.cycle + rng.i64(-2..3));
    }
    // The newest are still on their way: those are told by the stories.
    list.retain(|p| plus(p.on, supplier.lead + supplier.days.1 + 11) < today);
    if supplier.orders > 0 {
        list.truncate(supplier.orders);
    }
    list
}

/// Puts an item's lines on its supplier's orders, the newest first: each receipt brings what was sold until the next.
fn feed(
    rng: &mut Rng,
    supplier: &Supplier,
    calendar: &mut [Purchase],
    item: usize,
    sales: &[(NaiveDate, i64)],
    level: i64,
    pace: i64,
) {
    let pack = GOODS[item].5;
    let buffer = pace * supplier.lead / 100 / 2;
    let mut level = level;
    let mut seen = None; // sales from this day on are in `level`
    let sold = |from: NaiveDate, to: Option<NaiveDate>| -> i64 {
        sales.iter().filter(|s| s.0 >= from && to.is_none_or(|to| s.0 < to)).map(|s| s.1).sum()
    };
    for purchase in calendar.iter_mut().rev() {
        let promised = working(plus(purchase.on, supplier.lead + rng.i64(0..2)));
        let late = rng.u32(0..100) < supplier.late;
        let came = if late {
            working(plus(promised, rng.i64(supplier.days.0..=supplier.days.1)))
        } else {
            working_before(plus(promised, -i64::from(rng.u32(0..9) == 0)))
        };
        let parts = rng.u32(0..100) < supplier.split;
        let rest_on = working(plus(came, rng.i64(2..5)));
        let mut receipts = Vec::new();
        if parts {
            let after = level + sold(rest_on, seen);
            let rest = (after - buffer) / 3 / pack * pack;
            if rest > 0 {
                receipts.push(Receipt { on: rest_on, quantity: rest, rejected: 0, reason: "" });
                level = after - rest;
                seen = Some(rest_on);
            }
        }
        let after = level + sold(came, seen);
        let need = (after - buffer).max(0) / pack * pack;
        if need < pack || (receipts.is_empty() && need * 100 < pace * 9) {
            if !receipts.is_empty() {
                purchase.lines.push(line(item, promised, receipts));
            }
            continue;
        }
        level = after - need;
        seen = Some(came);
        let bad = if rng.u32(0..100) < supplier.bad { rng.i64(1..=(need / 8).max(1)) } else { 0 };
        receipts.insert(
            0,
            Receipt { on: came, quantity: need + bad, rejected: bad, reason: if bad > 0 { "damaged" } else { "" } },
        );
        purchase.lines.push(line(item, promised, receipts));
    }
}

fn line(item: usize, promised: NaiveDate, receipts: Vec<Receipt>) -> PurchaseLine {
    let quantity = receipts.iter().map(|r| r.quantity).sum();
    let last = receipts.iter().map(|r| r.on).max();
    // A supplier that came late had usually said so shortly before.
    let expected_on = last.filter(|&l| l > plus(promised, 2));
    PurchaseLine { item, quantity, confirmed_for: Some(promised), expected_on, receipts }
}
