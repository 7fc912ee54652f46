//! What a talk with a customer needs to know beside the open lines, and what it takes the place of.

use super::cells::{date, maybe_money, quantity};
use super::{Db, Result};
use crate::domain::delay::CustomerKind;
use crate::domain::ids::{ContactId, CustomerId, ItemId, LineId, OrderId};
use crate::domain::money::Money;
use crate::domain::offer::Alternative;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

/// At most so many alternatives of an item are looked at.
const MOST: i64 = 4;

/// What lies here in place of an item, best first: the list of substitutes by rank, else the same category with the
/// nearest price.
pub fn alternatives(db: &Db, of: ItemId) -> Result<Vec<Alternative>> {
    let listed = "SELECT i.id, i.name, t.sellable - t.allocated, i.price, o.price
         FROM substitute s JOIN item i ON i.id = s.substitute_id JOIN item_state t ON t.item_id = i.id
           JOIN item o ON o.id = s.item_id
         WHERE s.item_id = ?1 AND i.status = 'active' AND t.sellable > t.allocated
         ORDER BY s.rank IS NULL, s.rank, i.sku LIMIT ?2";
    let alike = "SELECT i.id, i.name, t.sellable - t.allocated, i.price, o.price
         FROM item o JOIN item i ON i.category = o.category AND i.id <> o.id JOIN item_state t ON t.item_id = i.id
         WHERE o.id = ?1 AND i.status = 'active' AND t.sellable > t.allocated AND i.price IS NOT NULL
           AND o.price IS NOT NULL AND i.price BETWEEN o.price / 2 AND o.price * 2
         ORDER BY abs(i.price - o.price), i.sku LIMIT ?2";
    for (sql, listed) in [(listed, true), (alike, false)] {
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map(params![of.0, MOST], |r| {
            let (theirs, ours) = (maybe_money(r, 3)?, maybe_money(r, 4)?);
            Ok(Alternative {
                instead_of: of,
                item: ItemId(r.get(0)?),
                name: r.get(1)?,
                free: quantity(r, 2)?,
                dearer: theirs.zip(ours).map(|(theirs, ours)| theirs - ours).filter(|more| *more > Money::ZERO),
                listed,
            })
        })?;
        let found: Vec<Alternative> = rows.collect::<rusqlite::Result<_>>()?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// Numbers and addresses of a customer that turned out wrong, with the day, unless somebody came through there since.
pub fn wrong_addresses(db: &Db, customer: CustomerId) -> Result<Vec<(String, NaiveDate)>> {
    let sql = "SELECT c.address, max(c.on_now) FROM contact_now c JOIN customer_order o ON o.id = c.order_id
         WHERE o.customer_id = ?1 AND c.withdrawn_by IS NULL AND c.address IS NOT NULL AND c.outcome_now = 'bounced'
           AND NOT EXISTS (SELECT 1 FROM contact_now n JOIN customer_order p ON p.id = n.order_id
             WHERE p.customer_id = ?1 AND n.withdrawn_by IS NULL AND n.address = c.address AND n.id > c.id
               AND n.outcome_now = 'reached')
         GROUP BY c.address";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![customer.0], |r| Ok((r.get(0)?, date(r, 1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What was paid for an order of which nothing was shipped, and nothing was cancelled or all of it at once: all of it goes
/// back.
pub fn paid_whole(db: &Db, order: OrderId) -> Result<Option<Money>> {
    let sql = "SELECT o.paid_amount FROM customer_order o WHERE o.id = ?1 AND NOT EXISTS
           (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.shipped > 0)
           AND (SELECT coalesce(sum(l.cancelled), 0) = 0
                    OR min(l.cancelled = l.quantity) AND count(DISTINCT l.cancelled_on) = 1
                FROM order_line l WHERE l.order_id = o.id)";
    let found = db.prepare_cached(sql)?.query_row(params![order.0], |r| maybe_money(r, 0)).optional()?;
    Ok(found.flatten())
}

/// Whether it is on file that the order was paid: said so, or with an amount.
pub fn surely_paid(db: &Db, order: OrderId) -> Result<bool> {
    let sql = "SELECT coalesce(paid, paid_amount > 0, 0) FROM customer_order WHERE id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([order.0], |r| r.get(0)).optional()?.unwrap_or(false))
}

/// What decides the rule of an order: the customer's kind and country, and whether it was paid (blank counts as paid).
pub fn ruled_by(db: &Db, order: OrderId) -> Result<(Option<CustomerKind>, Option<String>, bool)> {
    let sql =
        "SELECT c.kind, c.country, coalesce(o.paid, 1) FROM customer_order o JOIN customer c ON c.id = o.customer_id
         WHERE o.id = ?1";
    Ok(db.prepare_cached(sql)?.query_row(params![order.0], |r| {
        let kind: Option<String> = r.get(0)?;
        Ok((kind.and_then(|k| CustomerKind::named(&k)), r.get(1)?, r.get(2)?))
    })?)
}

/// The newest notice about a line that still stands: what a new one takes the place of.
pub fn newest_notice(db: &Db, order: OrderId, line: LineId) -> Result<Option<ContactId>> {
    let sql =
        "SELECT id FROM contact WHERE order_id = ?1 AND (line_id IS NULL OR line_id = ?2) AND withdrawn_by IS NULL
           AND (message IN ('first_short','first_long','first_unknown','renewed','new_date','essential','delay')
             OR quoted_for IS NOT NULL)
         ORDER BY contacted_on DESC, id DESC LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row(params![order.0, line.0], |r| Ok(ContactId(r.get(0)?))).optional()?)
}
