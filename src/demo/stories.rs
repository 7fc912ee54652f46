//! What is the matter today: the orders that wait, the purchases on their way, and how much lies on the shelf.
//! Days are counted from today; the rest of the sample is the quiet business around these.

use super::catalogue::*;
use super::people::Customer;
use super::trade::{Contact, Line, Order, Purchase, PurchaseLine, plus, working, working_before};
use chrono::NaiveDate;
use fastrand::Rng;

/// Items whose stock today is part of a story, with that stock.
const LEVELS: &[(&str, i64)] = &[
    // the book says less than nothing
    ("SPR-118", -3),
    // nothing left, customers wait
    ("BEV-001", 14),
    ("BEV-002", 17),
    ("BEV-005", 0),
    ("BEV-008", 2),
    ("BEV-020", 0),
    ("BEV-027", 0),
    ("CON-003", 0),
    ("CON-016", 0),
    ("DAI-004", 0),
    ("GRN-010", 0),
    ("HOM-205", 0),
    ("HOM-220", 0),
    ("HOM-313", 0),
    ("SEA-007", 0),
    ("SEA-009", 0),
    // no past, or none any more
    ("HOM-317", 24),
    ("CLN-010", 31),
    ("SWE-009", 58),
    ("SWE-015", 38),
    ("SPR-104", 10),
    ("SPR-107", 7),
    ("SPR-119", 5),
];

/// Items that run low: days that the stock lasts, as a share of the supplier's lead in hundredths.
const SHORT_OF: &[(&str, i64)] =
    &[("CON-015", 80), ("SEA-013", 120), ("SWE-003", 135), ("HOM-206", 120), ("COF-003", 130), ("DAI-002", 125)];

/// Items that lie in piles.
const PILES: &[(&str, i64)] = &[("CON-024", 9), ("GRN-006", 8), ("HOM-315", 10)];

/// Stock of every item today, from what it sells in a hundred days.
pub fn levels(rng: &mut Rng, pace: &[i64]) -> Vec<i64> {
    let find = |list: &[(&str, i64)], sku: &str| list.iter().find(|s| s.0 == sku).map(|s| s.1);
    GOODS
        .iter()
        .zip(pace)
        .map(|(good, &pace)| {
            let lead = SUPPLIERS.get(good.4).map_or(7, |s| s.lead);
            let usual = pace * (lead * 2 + rng.i64(22..52)) / 100 + 3 * good.6;
            if let Some(level) = find(LEVELS, good.0) {
                level
            } else if let Some(share) = find(SHORT_OF, good.0) {
                (pace * lead * share / 10_000).max(2)
            } else if let Some(times) = find(PILES, good.0) {
                usual * times
            } else {
                usual
            }
        })
        .collect()
}

/// Items whose newest orders are told here and not left to chance.
pub fn scarce() -> Vec<usize> {
    LEVELS.iter().chain(SHORT_OF).filter(|s| s.0 != "SWE-015" && s.0 != "BEV-001").filter_map(|s| place(s.0)).collect()
}

/// Makes orders and purchases by day numbers.
struct Teller<'a> {
    today: NaiveDate,
    customers: &'a [Customer],
    orders: Vec<Order>,
    purchases: Vec<Purchase>,
}

impl Teller<'_> {
    fn day(&self, n: i64) -> NaiveDate {
        plus(self.today, n)
    }

    /// An order of `who`, made `on`, promised for a day or not at all.
    fn order(&mut self, who: &str, on: i64, promised: Option<i64>, lines: &[(&str, i64)]) -> &mut Order {
        let customer = self.customers.iter().position(|c| c.name == who);
        debug_assert!(customer.is_some(), "no customer {who}");
        let business = customer.and_then(|c| self.customers.get(c)).is_none_or(|c| c.business);
        let lines = lines
            .iter()
            .filter_map(|&(sku, quantity)| {
                let item = place(sku)?;
                let price = GOODS.get(item)?.3;
                let price = if business { price * 88 / 100 } else { price };
                Some(Line { item, quantity, price, shipped: 0, shipped_on: None, cancelled: 0 })
            })
            .collect();
        let at = self.orders.len();
        self.orders.push(Order {
            customer: customer.unwrap_or(0),
            on: self.day(on),
            channel: if business { "phone" } else { "web shop" },
            kind: "backorder",
            paid: !business,
            promised: promised.map(|n| self.day(n)),
            deliver_by: None,
            lines,
            contacts: Vec::new(),
            note: "",
        });
        &mut self.orders[at] // pushed just above
    }

    /// A purchase on its way: `due` = the day confirmed first, `now` = the day expected now if that changed.
    fn purchase(
        &mut self,
        supplier: usize,
        on: i64,
        due: i64,
        now: Option<i64>,
        lines: &[(&str, i64)],
    ) -> &mut Purchase {
        let on = working_before(self.day(on));
        let (due, now) = (working(self.day(due)), now.map(|n| working(self.day(n))));
        self.put(supplier, on, Some(plus(on, 1)).filter(|&d| d <= self.today), "confirmed", Some(due), now, lines)
    }

    #[allow(clippy::too_many_arguments)] // a row's cells, in the file's order
    fn put(
        &mut self,
        supplier: usize,
        on: NaiveDate,
        confirmed_on: Option<NaiveDate>,
        status: &'static str,
        due: Option<NaiveDate>,
        now: Option<NaiveDate>,
        lines: &[(&str, i64)],
    ) -> &mut Purchase {
        let lines = lines
            .iter()
            .filter_map(|&(sku, quantity)| {
                Some(PurchaseLine {
                    item: place(sku)?,
                    quantity,
                    confirmed_for: due,
                    expected_on: now,
                    receipts: Vec::new(),
                })
            })
            .collect();
        let at = self.purchases.len();
        self.purchases.push(Purchase { supplier, on, confirmed_on, status, lines });
        &mut self.purchases[at] // pushed just above
    }
}

fn talk(on: NaiveDate, channel: &'static str, message: &'static str, quoted_for: Option<NaiveDate>) -> Contact {
    let outcome = if channel == "phone" { "reached" } else { "sent" };
    Contact { on, channel, message, quoted_for, outcome, answer: None, answered_on: None, offer: None, note: "" }
}

/// The orders and purchases of the stories.
pub fn tell(customers: &[Customer], today: NaiveDate) -> (Vec<Order>, Vec<Purchase>) {
    let mut t = Teller { today, customers, orders: Vec::new(), purchases: Vec::new() };
    purchases(&mut t);
    americans(&mut t);
    europeans(&mut t);
    businesses(&mut t);
    preorders(&mut t);
    (t.orders, t.purchases)
}

fn purchases(t: &mut Teller) {
    // Meridian: one is late and was not asked about, the next is due in days.
    t.purchase(MERIDIAN, -14, -4, None, &[("BEV-005", 144), ("BEV-008", 48)]);
    t.purchase(MERIDIAN, -4, 4, None, &[("BEV-002", 48), ("CON-003", 72)]);
    // Kitano: the third order ever, late.
    t.purchase(KITANO, -26, -3, None, &[("SEA-007", 20), ("SEA-009", 40)]);
    t.purchase(TALL_PINE, -2, 6, None, &[("BEV-020", 180), ("BEV-021", 20)]);
    t.purchase(TALL_PINE, -12, 20, None, &[("BEV-027", 48)]);
    t.purchase(5, -14, 14, None, &[("GRN-010", 110)]);
    // Officina: the container left the port a week late, and said so.
    t.purchase(OFFICINA, -17, 2, Some(14), &[("HOM-205", 12)]);
    t.purchase(OFFICINA, -3, 24, None, &[("HOM-220", 12)]);
    t.purchase(NORDLYS, -6, 48, None, &[("HOM-313", 24), ("HOM-314", 48)]);
    t.purchase(SAKURA, -8, 5, None, &[("SEA-010", 20), ("CON-030", 24)]);
    t.purchase(6, -7, 1, None, &[("SWE-001", 60), ("SWE-002", 36)]);
    // Expected today.
    t.purchase(13, -4, 0, None, &[("CLN-001", 36), ("CLN-006", 30), ("COF-007", 24)]);
    let today = t.today;
    t.put(BRANDT, today, None, "draft", None, None, &[("SPR-102", 10), ("SPR-106", 20)]);
    t.put(ROVELLI, working_before(plus(today, -1)), None, "sent", None, None, &[("DAI-001", 24), ("GRN-001", 30)]);
    let _ = BAYOU; // nothing is on its way from Bayou: what waits for it has no date
}

/// Consumers under the US rule: lost, due, waiting for a yes, and agreed by silence.
fn americans(t: &mut Teller) {
    t.order("Kofi Abebe", -34, Some(-4), &[("HOM-205", 1)]);
    t.order("Julia Ortiz", -21, Some(-4), &[("DAI-004", 12)]);
    t.order("Megan Haynes", -30, None, &[("HOM-205", 2)]);
    let (sent, told) = (t.day(-21), t.day(-14));
    t.order("Stan Wojcik", -47, Some(-19), &[("HOM-220", 1)]).contacts.push(talk(sent, "mail", "first_unknown", None));
    let long = t.day(52);
    t.order("Tyler Grant", -40, Some(-12), &[("HOM-313", 3)]).contacts.push(talk(
        told,
        "mail",
        "first_long",
        Some(long),
    ));
    let (sent, short) = (t.day(-8), t.day(20));
    t.order("Linh Nguyen", -33, Some(-6), &[("HOM-205", 1)]).contacts.push(talk(
        sent,
        "mail",
        "first_short",
        Some(short),
    ));
}

/// Consumers in the EU and the UK: a date to agree, one agreed, one that was ended.
fn europeans(t: &mut Teller) {
    let by = t.day(5);
    t.order("Béatrice Caron", -12, Some(3), &[("HOM-220", 1)]).deliver_by = Some(by);
    let by = t.day(2);
    t.order("Peter Ashworth", -13, Some(0), &[("HOM-313", 1)]).deliver_by = Some(by);
    let (by, on, new) = (t.day(-3), t.day(-8), t.day(55));
    let order = t.order("Anna Lindqvist", -20, Some(-5), &[("HOM-313", 2)]);
    order.deliver_by = Some(by);
    let agreed = Contact {
        answer: Some("consent"),
        answered_on: Some(plus(on, 1)),
        offer: Some(("free delivery", 1290)),
        ..talk(on, "mail", "new_date", Some(new))
    };
    order.contacts.push(agreed);
    let (by, on) = (t.day(-6), t.day(-9));
    let order = t.order("Jonas Weber", -28, Some(-8), &[("HOM-313", 2)]);
    order.deliver_by = Some(by);
    let ended = Contact {
        answer: Some("cancel"),
        answered_on: Some(plus(on, 6)),
        note: "Bought one in town.",
        ..talk(on, "mail", "new_date", Some(plus(on, 34)))
    };
    order.contacts.push(ended);
}

/// Businesses: told, not told, and those to whom news is due.
fn businesses(t: &mut Teller) {
    let on = t.day(-14);
    t.order("The Copper Kettle", -14, Some(4), &[("BEV-002", 20), ("CON-003", 12)])
        .contacts
        .push(Contact { note: "Order confirmed.", ..talk(on, "phone", "progress", None) });
    t.order("Theehuis Wilgenhof", -5, Some(1), &[("BEV-002", 3)]);
    let (on, new) = (working_before(t.day(-1)), t.day(9));
    let written = talk(on, "mail", "delay", Some(new));
    t.order("Old Harbour Deli", -6, Some(5), &[("CON-003", 8)]).contacts.push(written);
    t.order("Café Bonaparte", -9, Some(2), &[("BEV-020", 30)]);
    t.order("Königsberg Küche", -15, Some(11), &[("BEV-020", 20)]);
    t.order("Tapas Bolívar", -1, Some(2), &[("CON-016", 24)]);
    t.order("La Maison du Coin", -1, Some(1), &[("DAI-004", 12)]);
    t.order("Save-a-Basket Markets", -15, Some(16), &[("GRN-010", 24)]);
    t.order("Hotel De Veerman", -8, Some(1), &[("BEV-005", 18)]);
    t.order("Brasserie Het Anker", -7, Some(1), &[("BEV-008", 8), ("BEV-010", 6)]);
    t.order("Ramen Ichiban", -10, Some(1), &[("SEA-009", 10)]);
    let (on, new) = (working_before(t.day(-2)), t.day(7));
    let told = Contact { answer: Some("consent"), answered_on: Some(on), ..talk(on, "phone", "delay", Some(new)) };
    t.order("Bar Zilver", -9, Some(-1), &[("BEV-005", 12)]).contacts.push(told.clone());
    let rang = Contact { outcome: "no_answer", note: "Voice mail full.", ..talk(on, "phone", "delay", Some(new)) };
    t.order("Sushi Kado", -11, Some(-2), &[("SEA-007", 2)]).contacts.push(rang);
}

/// Paid now, sent when the winter ale is brewed.
fn preorders(t: &mut Teller) {
    for (who, on, quantity) in [("Fiona Reid", -9, 2), ("Wouter Dekker", -7, 1), ("Café Solsken", -6, 12)] {
        let order = t.order(who, on, Some(26), &[("BEV-027", quantity)]);
        order.kind = "preorder";
        order.paid = true;
    }
}
