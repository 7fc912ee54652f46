//! Every open order line with all that its dates and its delay rule depend on, in a handful of queries whatever the
//! number of lines. The history is never read: the partial indexes hold what is open.

use super::cells::{date, maybe_date, maybe_moment};
use super::inbound::{self, InboundRow, Which};
use super::outbox::LOST;
use super::{Db, Result};
use crate::domain::allocation::{OrderKind, Protection};
use crate::domain::delay::{Answer, ContactFact, CustomerKind, Message, Outcome};
use crate::domain::ids::{CustomerId, ItemId, LineId, OrderId, PoId};
use crate::domain::inbound::Inbound;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};
use std::collections::{HashMap, HashSet};

/// An order line that is open.
#[derive(Clone, PartialEq, Debug)]
pub struct OpenLine {
    pub line: LineId,
    pub order: OrderId,
    pub customer: CustomerId,
    pub item: ItemId,
    pub order_code: String,
    pub line_code: String,
    /// The code by which it stands in the queue: of a part split off, that of the line it was split from.
    pub place: String,
    pub quantity: Qty,
    pub open: Qty,
    pub allocated: Qty,
    /// The line's own price.
    pub price: Option<Money>,
    /// First promise: the line's, else the order's, else a pre-order's set date.
    pub first_promise: Option<NaiveDate>,
    /// The first promise is the line's own: one of the whole order does not replace it.
    pub own_promise: bool,
    pub deliver_by: Option<NaiveDate>,
    pub ordered_on: NaiveDate,
    pub channel: Option<String>,
    pub kind: OrderKind,
    /// Blank counts as paid.
    pub paid: bool,
    pub turn: Option<i64>,
    pub protection: Protection,
    pub essential: bool,
    /// Why it is not to be served for now.
    pub held: Option<String>,
    /// What was ordered, where a substitute is sent.
    pub wanted: Option<String>,
}

/// A customer with an open line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Customer {
    pub id: CustomerId,
    pub code: String,
    pub name: String,
    pub contact_person: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub language: Option<String>,
    pub kind: Option<CustomerKind>,
    pub priority: Option<i64>,
    pub channel_preference: Option<String>,
    pub note: Option<String>,
    /// Put off until that day (a snooze), and why.
    pub later_until: Option<NaiveDate>,
    pub later_why: Option<String>,
    /// When to try again, as the newest talk about what is open says; none: it names no moment.
    pub call_at: Option<NaiveDateTime>,
}

/// An item with an open line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WantedItem {
    pub id: ItemId,
    pub sku: String,
    pub name: String,
    pub unit: Option<String>,
    pub price: Option<Money>,
    pub available_on: Option<NaiveDate>,
    pub discontinued: bool,
    /// What lies in storage bins.
    pub sellable: Qty,
}

/// A promise after the first, of an order or of one line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LaterPromise {
    pub line: Option<LineId>,
    pub promised_on: NaiveDate,
}

/// Goods to come for a wanted item, with the day of the newest fact about their date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InboundLine {
    pub item: ItemId,
    pub po: PoId,
    pub inbound: Inbound,
    /// The day on which its present date became known: re-dated, confirmed, else ordered.
    pub dated_on: Option<NaiveDate>,
}

/// Everything about what is open today.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Backlog {
    pub lines: Vec<OpenLine>,
    pub customers: HashMap<CustomerId, Customer>,
    pub items: HashMap<ItemId, WantedItem>,
    /// By order, oldest first.
    pub promises: HashMap<OrderId, Vec<LaterPromise>>,
    /// By order; a line of `None` concerns every line of it.
    pub contacts: HashMap<OrderId, Vec<(Option<LineId>, ContactFact)>>,
    /// The last mail about a line that did not arrive, or may not have, where nobody got through since.
    pub lost_mails: HashMap<LineId, LostMail>,
    /// What was picked for lines in open rounds.
    pub picked: HashMap<LineId, Qty>,
    /// By item, then in no particular order.
    pub inbound: Vec<InboundLine>,
    /// Old orders of which a person said that nobody was told.
    pub not_told: HashSet<OrderId>,
    /// The first business date of this file; none while nothing was ever written.
    pub first_day: Option<NaiveDate>,
}

const OPEN: &str = "l.shipped + l.cancelled < l.quantity";

impl Backlog {
    /// Reads it all. `today` decides which snoozes still hold.
    pub fn load(db: &Db, today: NaiveDate) -> Result<Backlog> {
        Ok(Backlog {
            lines: open_lines(db)?,
            customers: customers(db, today)?,
            items: wanted_items(db)?,
            promises: promises(db)?,
            contacts: contacts(db)?,
            lost_mails: lost_mails(db)?,
            picked: super::picking::picked_of(db, None)?,
            inbound: inbound(db)?,
            not_told: not_told(db)?,
            first_day: first_day(db)?,
        })
    }
}

fn open_lines(db: &Db) -> Result<Vec<OpenLine>> {
    let sql = format!(
        "SELECT l.id, l.order_id, o.customer_id, l.item_id, o.code, l.line, l.quantity,
           l.quantity - l.shipped - l.cancelled, l.allocated, l.price,
           coalesce(l.promised_on, o.promised_on, CASE WHEN o.kind = 'preorder' THEN coalesce(l.set_date,
             (SELECT i.available_on FROM item i WHERE i.id = l.item_id)) END),
           o.deliver_by, o.ordered_on, o.channel, o.kind, o.paid, l.turn, l.protection, l.essential,
           l.promised_on IS NOT NULL, coalesce(l.place, l.line),
           CASE WHEN l.held_on IS NOT NULL THEN coalesce(l.held_reason, '') END,
           (SELECT w.name FROM item w WHERE w.id = l.wanted_item_id)
         FROM order_line l JOIN customer_order o ON o.id = l.order_id WHERE {OPEN} ORDER BY l.item_id, l.order_id"
    );
    all(db, &sql, |r| {
        Ok(OpenLine {
            line: LineId(r.get(0)?),
            order: OrderId(r.get(1)?),
            customer: CustomerId(r.get(2)?),
            item: ItemId(r.get(3)?),
            order_code: r.get(4)?,
            line_code: r.get(5)?,
            quantity: Qty::from_thousandths(r.get(6)?),
            open: Qty::from_thousandths(r.get(7)?),
            allocated: Qty::from_thousandths(r.get(8)?),
            price: r.get::<_, Option<i64>>(9)?.map(Money::from_ten_thousandths),
            first_promise: maybe_date(r, 10)?,
            deliver_by: maybe_date(r, 11)?,
            ordered_on: date(r, 12)?,
            channel: r.get(13)?,
            kind: word(r, 14)?.map_or(OrderKind::Regular, OrderKind::named),
            paid: r.get::<_, Option<bool>>(15)? != Some(false),
            turn: r.get(16)?,
            protection: word(r, 17)?.map_or(Protection::Normal, Protection::named),
            essential: r.get::<_, Option<bool>>(18)? == Some(true),
            own_promise: r.get(19)?,
            place: r.get(20)?,
            held: r.get(21)?,
            wanted: r.get(22)?,
        })
    })
}

fn customers(db: &Db, today: NaiveDate) -> Result<HashMap<CustomerId, Customer>> {
    let sql = format!(
        "SELECT c.id, c.code, c.name, c.contact_person, c.email, c.phone, c.city, c.country, c.language, c.kind,
           c.priority, c.channel_preference, c.note,
           s.until, s.reason
         FROM customer c
         LEFT JOIN later s ON s.until > '{today}' AND s.id = (SELECT max(x.id) FROM later x
              WHERE x.subject = 'customer' AND x.subject_id = c.id AND x.withdrawn_by IS NULL)
         WHERE c.id IN
           (SELECT o.customer_id FROM order_line l JOIN customer_order o ON o.id = l.order_id WHERE {OPEN})"
    );
    let rows = all(db, &sql, |r| {
        Ok(Customer {
            id: CustomerId(r.get(0)?),
            code: r.get(1)?,
            name: r.get(2)?,
            contact_person: r.get(3)?,
            email: r.get(4)?,
            phone: r.get(5)?,
            city: r.get(6)?,
            country: r.get(7)?,
            language: r.get(8)?,
            kind: word(r, 9)?.and_then(CustomerKind::named),
            priority: r.get(10)?,
            channel_preference: r.get(11)?,
            note: r.get(12)?,
            later_until: maybe_date(r, 13)?,
            later_why: r.get(14)?,
            call_at: None,
        })
    })?;
    let mut customers: HashMap<CustomerId, Customer> = rows.into_iter().map(|c| (c.id, c)).collect();
    // The newest talk is the last one here: a later talk without a moment ends the wait for an earlier one's.
    let sql = format!(
        "SELECT o.customer_id, c.follow_up_at FROM contact c JOIN customer_order o ON o.id = c.order_id
         WHERE c.withdrawn_by IS NULL AND c.order_id IN (SELECT l.order_id FROM order_line l WHERE {OPEN})
         ORDER BY c.contacted_on, c.id"
    );
    for (customer, call_at) in all(db, &sql, |r| Ok((CustomerId(r.get(0)?), maybe_moment(r, 1)?)))? {
        if let Some(customer) = customers.get_mut(&customer) {
            customer.call_at = call_at;
        }
    }
    Ok(customers)
}

fn not_told(db: &Db) -> Result<HashSet<OrderId>> {
    let rows = all(db, "SELECT order_id FROM not_told WHERE withdrawn_by IS NULL", |r| Ok(OrderId(r.get(0)?)))?;
    Ok(rows.into_iter().collect())
}

fn wanted_items(db: &Db) -> Result<HashMap<ItemId, WantedItem>> {
    let rows = items(db, &format!("i.id IN (SELECT l.item_id FROM order_line l WHERE {OPEN})"))?;
    Ok(rows.into_iter().map(|i| (i.id, i)).collect())
}

/// One item as the backlog knows it, whoever waits for it.
pub fn wanted_item(db: &Db, item: ItemId) -> Result<Option<WantedItem>> {
    Ok(items(db, &format!("i.id = {}", item.0))?.pop())
}

fn items(db: &Db, which: &str) -> Result<Vec<WantedItem>> {
    let sql = format!(
        "SELECT i.id, i.sku, i.name, i.unit, i.price, i.available_on, i.status = 'discontinued',
           (SELECT coalesce(sum(v.quantity), 0) FROM level v JOIN bin b ON b.id = v.bin_id
              WHERE v.item_id = i.id AND b.kind = 'storage')
         FROM item i WHERE {which}"
    );
    all(db, &sql, |r| {
        Ok(WantedItem {
            id: ItemId(r.get(0)?),
            sku: r.get(1)?,
            name: r.get(2)?,
            unit: r.get(3)?,
            price: r.get::<_, Option<i64>>(4)?.map(Money::from_ten_thousandths),
            available_on: maybe_date(r, 5)?,
            discontinued: r.get(6)?,
            sellable: Qty::from_thousandths(r.get(7)?),
        })
    })
}

fn promises(db: &Db) -> Result<HashMap<OrderId, Vec<LaterPromise>>> {
    let sql = format!(
        "SELECT p.order_id, p.line_id, p.promised_on FROM promise p WHERE p.withdrawn_by IS NULL
           AND p.order_id IN (SELECT l.order_id FROM order_line l WHERE {OPEN}) ORDER BY p.id"
    );
    let rows = all(db, &sql, |r| {
        let line = r.get::<_, Option<i64>>(1)?.map(LineId);
        Ok((OrderId(r.get(0)?), LaterPromise { line, promised_on: date(r, 2)? }))
    })?;
    Ok(grouped(rows))
}

/// A mail that did not tell the customer what it was to tell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LostMail {
    pub on: NaiveDate,
    /// It failed or came back; else nobody knows whether it arrived.
    pub surely: bool,
    /// What the server said.
    pub said: Option<String>,
}

fn lost_mails(db: &Db) -> Result<HashMap<LineId, LostMail>> {
    let sql = format!(
        "WITH {LOST} SELECT x.line_id, c.on_now, c.mail_state <> 'unknown', c.mail_said
         FROM lost x JOIN contact_now c ON c.id = x.contact_id ORDER BY c.id"
    );
    let rows =
        all(db, &sql, |r| Ok((LineId(r.get(0)?), LostMail { on: date(r, 1)?, surely: r.get(2)?, said: r.get(3)? })))?;
    Ok(rows.into_iter().collect()) // the last one of a line stays
}

/// What was said about an order, or about one line of it.
type Said = (Option<LineId>, ContactFact);

fn contacts(db: &Db) -> Result<HashMap<OrderId, Vec<Said>>> {
    let cells = "c.on_now, c.message, c.quoted_for, c.offered_cancel, c.outcome_now, c.answer, c.answered_on, c.id";
    let sql = format!(
        "SELECT c.order_id, c.line_id, {cells} FROM contact_now c WHERE c.withdrawn_by IS NULL
           AND c.order_id IN (SELECT l.order_id FROM order_line l WHERE {OPEN})
         UNION ALL
         SELECT c.order_id, h.line_id, {cells} FROM inherited_talk h JOIN contact_now c ON c.id = h.contact_id
           WHERE c.withdrawn_by IS NULL
         ORDER BY 10"
    );
    let rows = all(db, &sql, |r| {
        let fact = ContactFact {
            on: date(r, 2)?,
            message: word(r, 3)?.and_then(Message::named),
            quoted_for: maybe_date(r, 4)?,
            offered_cancel: r.get::<_, Option<bool>>(5)? != Some(false),
            outcome: word(r, 6)?.and_then(Outcome::named).unwrap_or(Outcome::Sent),
            answer: word(r, 7)?.and_then(Answer::named),
            answered_on: maybe_date(r, 8)?,
        };
        Ok((OrderId(r.get(0)?), (r.get::<_, Option<i64>>(1)?.map(LineId), fact)))
    })?;
    Ok(grouped(rows))
}

fn inbound(db: &Db) -> Result<Vec<InboundLine>> {
    let rows = inbound::read(db, Which::Wanted)?;
    let line = |row: InboundRow| {
        let dated_on = row.confirmed_on.or(row.inbound.ordered_on);
        InboundLine { item: row.item, po: row.po, inbound: row.inbound, dated_on }
    };
    let mut lines: Vec<InboundLine> = rows.into_iter().map(line).collect();
    let redated_lines = redated(db, "po_line")?;
    let redated_pos = redated(db, "purchase_order")?;
    for line in &mut lines {
        let moved = redated_lines.get(&line.inbound.po_line.0).max(redated_pos.get(&line.po.0)).copied();
        line.dated_on = line.dated_on.max(moved);
    }
    Ok(lines)
}

/// When the expected date of a line (or a whole PO) with goods to come was last changed, by its number.
fn redated(db: &Db, table: &str) -> Result<HashMap<i64, NaiveDate>> {
    let subject = if table == "po_line" { "p.id" } else { "p.po_id" };
    let sql = format!(
        "SELECT j.row_id, max(o.business_date) FROM journal j JOIN operation o ON o.id = j.operation_id
         WHERE j.tbl = '{table}' AND j.action = 'update' AND j.cells LIKE '%\"expected_on\"%'
           AND j.row_id IN (SELECT {subject} FROM po_line p WHERE p.closed = 0 AND p.received + p.cancelled < p.quantity)
         GROUP BY j.row_id"
    );
    Ok(all(db, &sql, |r| Ok((r.get(0)?, date(r, 1)?)))?.into_iter().collect())
}

fn first_day(db: &Db) -> Result<Option<NaiveDate>> {
    Ok(db.prepare_cached("SELECT min(business_date) FROM operation")?.query_row([], |r| maybe_date(r, 0))?)
}

fn grouped<K: std::hash::Hash + Eq, V>(rows: Vec<(K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in rows {
        groups.entry(key).or_default().push(value);
    }
    groups
}

fn all<T>(db: &Db, sql: &str, row: impl FnMut(&Row) -> rusqlite::Result<T>) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The text of a cell without copying it.
fn word<'r>(r: &'r Row, i: usize) -> rusqlite::Result<Option<&'r str>> {
    let failed = |e: FromSqlError| rusqlite::Error::FromSqlConversionFailure(i, Type::Text, Box::new(e));
    r.get_ref(i)?.as_str_or_null().map_err(failed)
}

#[cfg(test)]
mod tests {
    use crate::store::Store;

    /// How SQLite goes about a query.
    fn plan(sql: &str) -> String {
        let store = Store::in_memory().unwrap();
        let mut statement = store.db().prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement.query_map([], |r| r.get::<_, String>(3)).unwrap();
        steps.map(Result::unwrap).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_is_open_is_read_without_the_history() {
        let open = format!("SELECT l.id, l.shipped FROM order_line l WHERE {}", super::OPEN);
        assert!(plan(&open).contains("order_line_open"), "{}", plan(&open));
        let of_item = format!("{open} AND l.item_id = 1");
        assert!(plan(&of_item).contains("order_line_open"), "{}", plan(&of_item));
        let coming = "SELECT p.id, p.cost FROM po_line p WHERE p.closed = 0 AND p.received + p.cancelled < p.quantity";
        assert!(plan(coming).contains("po_line_open"), "{}", plan(coming));
    }
}
