//! What customers ordered, in whole sets, as planning reads it; and what a person said about it.

use super::cells::{date, maybe_date, moment};
use super::plans::Span;
use super::{Db, Result, Tx};
use crate::domain::demand::{DAYS_BACK, days_before};
use crate::domain::ids::{ItemId, LineId};
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};
use std::collections::{HashMap, HashSet};

/// What customers ordered of one item, and since when it is listed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ordered {
    /// The oldest movement or order; `None`: neither.
    pub listed_on: Option<NaiveDate>,
    /// (days before today, thousandths), of the last 104 weeks; below zero: it came back.
    pub days: Vec<(u16, i64)>,
    /// Spans of days before today, the newer first, at whose ends nothing was there.
    pub out: Vec<(u16, u16)>,
    /// The largest line of it: (line, thousandths, days before today).
    pub largest: Option<(LineId, i64, u16)>,
    /// Customers ordered it before those weeks.
    pub long_ago: bool,
}

/// Goods come back within so many days of their order are taken off its day.
const RETURN_DAYS: i64 = 30;

/// The demand of every item: lines by the day on which their order was placed, whatever became of them; a substitute is
/// demand of what was wanted; a line that only carries on an older order's undelivered goods is not demand again, and
/// one that a person called a project is none that comes again. Returned goods are netted.
pub fn ordered(db: &Db, today: NaiveDate) -> Result<HashMap<ItemId, Ordered>> {
    let mut all: HashMap<ItemId, Ordered> = HashMap::new();
    moved(db, today, Span::ALL, &mut all)?;
    let left_out = left_out(db)?;
    // Two passes in the order of the file beat a join: dates first, then every line once.
    let mut dates = Dates::read(db, today)?;
    let mut statement =
        db.prepare("SELECT id, order_id, coalesce(wanted_item_id, item_id), quantity FROM order_line")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let Some(on) = dates.of(r.get(1)?) else { continue };
        let item = all.entry(ItemId(r.get(2)?)).or_default();
        item.listed_on = Some(item.listed_on.map_or(on, |listed| listed.min(on)));
        let line: i64 = r.get(0)?;
        if left_out.contains(&line) {
            continue;
        }
        let day = days_before(today, on);
        item.long_ago |= day.is_none();
        if let Some(day) = day {
            let quantity = r.get(3)?;
            item.days.push((day, quantity));
            if item.largest.is_none_or(|l| quantity > l.1) {
                item.largest = Some((LineId(line), quantity, day));
            }
        }
    }
    let mut statement = db.prepare(
        "SELECT coalesce(l.wanted_item_id, l.item_id), l.order_id, x.quantity, x.returned_on, l.id
         FROM customer_return x JOIN order_line l ON l.id = x.line_id
         WHERE x.withdrawn_by IS NULL AND x.returned_on <= ?1",
    )?;
    let mut rows = statement.query(params![today.to_string()])?;
    while let Some(r) = rows.next()? {
        let at = match dates.of(r.get(1)?) {
            Some(ordered) => Some(netted_on(ordered, date(r, 3)?)),
            None => None,
        };
        let line: i64 = r.get(4)?;
        let day = at.and_then(|at| days_before(today, at)).filter(|_| !left_out.contains(&line));
        if let (Some(day), Some(item)) = (day, all.get_mut(&ItemId(r.get(0)?))) {
            item.days.push((day, -r.get::<_, i64>(2)?));
        }
    }
    Ok(all)
}

/// The days on which orders were placed, up to today, by their number.
struct Dates {
    all: Vec<(i64, NaiveDate)>,
    /// Where the last one was found: lines mostly lie in the order of their orders, so the next is near.
    near: usize,
}

impl Dates {
    fn read(db: &Db, today: NaiveDate) -> Result<Dates> {
        let mut all = Vec::new();
        let mut statement =
            db.prepare("SELECT id, ordered_on FROM customer_order WHERE ordered_on <= ?1 ORDER BY id")?;
        let mut rows = statement.query(params![today.to_string()])?;
        while let Some(r) = rows.next()? {
            all.push((r.get(0)?, date(r, 1)?));
        }
        Ok(Dates { all, near: 0 })
    }

    fn of(&mut self, order: i64) -> Option<NaiveDate> {
        let at = [self.near, self.near + 1].into_iter().find(|at| self.all.get(*at).is_some_and(|d| d.0 == order));
        let at = at.or_else(|| self.all.binary_search_by_key(&order, |d| d.0).ok())?;
        self.near = at;
        self.all.get(at).map(|d| d.1)
    }
}

/// What comes back soon was not needed: it nets out where it was ordered; later, where it came back.
fn netted_on(ordered: NaiveDate, back: NaiveDate) -> NaiveDate {
    if (0..=RETURN_DAYS).contains(&(back - ordered).num_days()) { ordered } else { back }
}

/// Movements; those that bring goods back which no order's line tells of have a reference.
const MOVES: &str = "SELECT item_id, at, quantity, CASE WHEN reason = 'return' AND quantity > 0
    AND NOT EXISTS (SELECT 1 FROM customer_return x WHERE x.operation_id = movement.operation_id)
    THEN coalesce(reference, '') END FROM movement";

/// Since when items are listed, when nothing of them was there, and what came back.
fn moved(db: &Db, today: NaiveDate, span: Span, all: &mut HashMap<ItemId, Ordered>) -> Result<()> {
    let mut by_item: HashMap<i64, Vec<(i64, i64)>> = HashMap::new(); // (days before today, quantity)
    let mut returns: Vec<(ItemId, NaiveDate, i64, String)> = Vec::new();
    let which = if span == Span::ALL { "?1 < ?2" } else { "item_id BETWEEN ?1 AND ?2" }; // all: in the order of the file
    let mut statement = db.prepare_cached(&format!("{MOVES} WHERE {which}"))?;
    let mut rows = statement.query(span.ends())?;
    while let Some(r) = rows.next()? {
        let on = moment(r, 1)?.date();
        let (item, quantity): (i64, i64) = (r.get(0)?, r.get(2)?);
        by_item.entry(item).or_default().push(((today - on).num_days(), quantity));
        if let Some(reference) = r.get::<_, Option<String>>(3)? {
            returns.push((ItemId(item), on, quantity, reference));
        }
    }
    for (item, moves) in by_item {
        take_moves(all.entry(ItemId(item)).or_default(), moves, today);
    }
    for (item, on, quantity, reference) in returns {
        let Some(entry) = all.get_mut(&item) else { continue };
        take_return(db, entry, today, on, quantity, &reference)?;
    }
    Ok(())
}

/// Movements as (days before today, quantity), in any order.
fn take_moves(entry: &mut Ordered, mut moves: Vec<(i64, i64)>, today: NaiveDate) {
    moves.sort_by_key(|m| std::cmp::Reverse(m.0)); // oldest first
    let first = moves.first().map_or(0, |m| m.0);
    entry.listed_on = today.checked_sub_signed(chrono::TimeDelta::days(first));
    entry.out = spans_out(&moves);
}

/// Goods that came back with the number of an order, or none, in the movement's reference.
fn take_return(
    db: &Db,
    entry: &mut Ordered,
    today: NaiveDate,
    on: NaiveDate,
    quantity: i64,
    reference: &str,
) -> Result<()> {
    let ordered: Option<String> = db
        .prepare_cached("SELECT ordered_on FROM customer_order WHERE code = ?1")?
        .query_row(params![reference], |r| r.get(0))
        .optional()?;
    let ordered = ordered.and_then(|text| text.parse::<NaiveDate>().ok());
    let at = ordered.map_or(on, |ordered| netted_on(ordered, on));
    entry.days.extend(days_before(today, at).map(|day| (day, -quantity)));
    Ok(())
}

/// Lines of which a span's items were wanted.
const OF_SPAN: &str = "l.id IN (SELECT id FROM order_line WHERE item_id BETWEEN ?1 AND ?2
                                  AND coalesce(wanted_item_id, item_id) = item_id
                                UNION ALL SELECT id FROM order_line WHERE wanted_item_id BETWEEN ?1 AND ?2
                                  AND item_id <> wanted_item_id)";
/// Lines that are not demand: called a project, or carried on from an older order.
const LEFT_OUT: &str = "EXISTS (SELECT 1 FROM project_line p WHERE p.order_line_id = l.id)
  OR o.continues_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM order_line p WHERE p.order_id = o.continues_id AND p.item_id = l.item_id)";
/// The sales channel of an order `o`; none: it names none.
const CHANNEL: &str = "nullif(trim(o.channel), '')";

/// The same as [`ordered`] gives, of the items of a span, read by their own rows alone and added to `all`; an item of
/// which there is neither movement nor order is not in it.
pub fn take_ordered(db: &Db, today: NaiveDate, span: Span, all: &mut HashMap<ItemId, Ordered>) -> Result<()> {
    moved(db, today, span, all)?;
    // Of an older order's goods carried on, and of a project, only the day counts: it was listed then.
    let [first, last] = span.ends();
    let sql = format!(
        "SELECT l.id, o.ordered_on, l.quantity, {LEFT_OUT}, coalesce(l.wanted_item_id, l.item_id)
         FROM order_line l JOIN customer_order o ON o.id = l.order_id
         WHERE {OF_SPAN} AND o.ordered_on <= ?3 ORDER BY l.id"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![first, last, today.to_string()])?;
    while let Some(r) = rows.next()? {
        let (on, quantity, left_out): (NaiveDate, i64, bool) = (date(r, 1)?, r.get(2)?, r.get(3)?);
        let entry = all.entry(ItemId(r.get(4)?)).or_default();
        entry.listed_on = Some(entry.listed_on.map_or(on, |listed| listed.min(on)));
        if left_out {
            continue;
        }
        let day = days_before(today, on);
        entry.long_ago |= day.is_none();
        if let Some(day) = day {
            entry.days.push((day, quantity));
            if entry.largest.is_none_or(|l| quantity > l.1) {
                entry.largest = Some((LineId(r.get(0)?), quantity, day));
            }
        }
    }
    let sql = format!(
        "SELECT o.ordered_on, x.returned_on, x.quantity, coalesce(l.wanted_item_id, l.item_id)
         FROM order_line l JOIN customer_order o ON o.id = l.order_id JOIN customer_return x ON x.line_id = l.id
         WHERE {OF_SPAN} AND o.ordered_on <= ?3 AND x.withdrawn_by IS NULL AND x.returned_on <= ?3 AND NOT ({LEFT_OUT})"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![first, last, today.to_string()])?;
    while let Some(r) = rows.next()? {
        let at = netted_on(date(r, 0)?, date(r, 1)?);
        let quantity: i64 = r.get(2)?;
        if let Some(entry) = all.get_mut(&ItemId(r.get(3)?)) {
            entry.days.extend(days_before(today, at).map(|day| (day, -quantity)));
        }
    }
    Ok(())
}

/// The same of one item; none: there is neither movement nor order.
pub fn ordered_of(db: &Db, today: NaiveDate, item: ItemId) -> Result<Option<Ordered>> {
    let mut all = HashMap::new();
    take_ordered(db, today, Span::of(item), &mut all)?;
    Ok(all.remove(&item))
}

/// The spans at whose days' ends nothing was there, from movements by day, oldest first. Before the first movement
/// nothing is known; what lies before the window does not count. A book below zero is wrong, so it says nothing either.
fn spans_out(moves: &[(i64, i64)]) -> Vec<(u16, u16)> {
    let mut spans = Vec::new();
    let mut level = 0i64;
    for (n, (day, quantity)) in moves.iter().enumerate() {
        level = level.saturating_add(*quantity);
        let next = moves.get(n + 1).map_or(-1, |m| m.0);
        if level == 0 && next < *day {
            let (newer, older) = ((next + 1).max(0), (*day).min(DAYS_BACK - 1));
            if newer <= older {
                spans.push((newer as u16, older as u16)); // both within the window
            }
        }
    }
    spans
}

/// Lines that are not demand: carried on from an older order, or called a project.
fn left_out(db: &Db) -> Result<HashSet<i64>> {
    let sql = "SELECT l.id FROM customer_order o JOIN order_line l ON l.order_id = o.id
               WHERE o.continues_id IS NOT NULL
                 AND EXISTS (SELECT 1 FROM order_line p WHERE p.order_id = o.continues_id AND p.item_id = l.item_id)
               UNION SELECT order_line_id FROM project_line";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// (item, whose history it inherits).
pub fn successions(db: &Db) -> Result<Vec<(ItemId, ItemId)>> {
    let mut statement = db.prepare("SELECT item_id, from_item_id FROM succession ORDER BY id")?;
    let rows = statement.query_map([], |r| Ok((ItemId(r.get(0)?), ItemId(r.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What customers ordered of an item by one channel on one day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByChannel {
    /// None: the order names no channel.
    pub channel: Option<String>,
    /// Days before today.
    pub day: u16,
    /// Thousandths; below zero: it came back.
    pub quantity: i64,
}

/// The demand of an item, of the last 104 weeks, with the channel that it came by, in no order. Together they are what
/// [`ordered_of`] says of each day: what comes back is taken off the channel by which it was ordered.
pub fn channels_of(db: &Db, today: NaiveDate, item: ItemId) -> Result<Vec<ByChannel>> {
    let mut out = Vec::new();
    let mut add = |channel: Option<String>, on: NaiveDate, quantity: i64| {
        out.extend(days_before(today, on).map(|day| ByChannel { channel, day, quantity }));
    };
    let sql = format!(
        "SELECT {CHANNEL}, o.ordered_on, NULL, l.quantity
         FROM order_line l JOIN customer_order o ON o.id = l.order_id
         WHERE {OF_SPAN} AND o.ordered_on <= ?3 AND NOT ({LEFT_OUT})
         UNION ALL
         SELECT {CHANNEL}, o.ordered_on, x.returned_on, -x.quantity
         FROM order_line l JOIN customer_order o ON o.id = l.order_id JOIN customer_return x ON x.line_id = l.id
         WHERE {OF_SPAN} AND o.ordered_on <= ?3 AND x.withdrawn_by IS NULL AND x.returned_on <= ?3 AND NOT ({LEFT_OUT})"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![item.0, item.0, today.to_string()])?;
    while let Some(r) = rows.next()? {
        let (ordered, back) = (date(r, 1)?, maybe_date(r, 2)?);
        add(r.get(0)?, back.map_or(ordered, |back| netted_on(ordered, back)), r.get(3)?);
    }
    // Goods that came back and that no order's line tells of: with the number of an order, or none.
    let sql = format!(
        "SELECT {CHANNEL}, o.ordered_on, m.at, -m.quantity
         FROM movement m LEFT JOIN customer_order o ON o.code = m.reference
         WHERE m.item_id = ?1 AND m.reason = 'return' AND m.quantity > 0
           AND NOT EXISTS (SELECT 1 FROM customer_return x WHERE x.operation_id = m.operation_id)"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![item.0])?;
    while let Some(r) = rows.next()? {
        let (ordered, back) = (maybe_date(r, 1)?, moment(r, 2)?.date());
        add(r.get(0)?, ordered.map_or(back, |ordered| netted_on(ordered, back)), r.get(3)?);
    }
    Ok(out)
}

/// Whose history an item inherits; none: nobody's.
pub fn inherits_from(db: &Db, item: ItemId) -> Result<Option<ItemId>> {
    let mut statement = db.prepare_cached("SELECT from_item_id FROM succession WHERE item_id = ?1")?;
    Ok(statement.query_row(params![item.0], |r| r.get(0).map(ItemId)).optional()?)
}

/// Of what customers had to wait for and that is over, the share that they cancelled: (cancelled, all), in thousandths,
/// of orders since that day.
pub fn cancelled_of_waiting(db: &Db, since: NaiveDate) -> Result<(i64, i64)> {
    let sql = "SELECT coalesce(sum(l.cancelled), 0), coalesce(sum(l.quantity), 0)
               FROM customer_order o JOIN order_line l ON l.order_id = o.id
               WHERE o.ordered_on >= ?1 AND l.shipped + l.cancelled = l.quantity
                 AND (l.cancelled > 0 OR l.shipped_on > o.ordered_on)";
    Ok(db.prepare_cached(sql)?.query_row(params![since.to_string()], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// A line as the question about it shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LargeLine {
    pub line: LineId,
    pub order: String,
    pub customer: String,
    pub item: ItemId,
    pub item_name: String,
    pub quantity: Qty,
    pub ordered_on: NaiveDate,
    pub project: bool,
}

const LARGE: &str = "SELECT l.id, o.code, c.name, i.id, i.name, l.quantity, o.ordered_on,
                 EXISTS (SELECT 1 FROM project_line p WHERE p.order_line_id = l.id)
               FROM order_line l JOIN customer_order o ON o.id = l.order_id JOIN customer c ON c.id = o.customer_id
                 JOIN item i ON i.id = coalesce(l.wanted_item_id, l.item_id)";

fn large_row(r: &rusqlite::Row) -> rusqlite::Result<LargeLine> {
    Ok(LargeLine {
        line: LineId(r.get(0)?),
        order: r.get(1)?,
        customer: r.get(2)?,
        item: ItemId(r.get(3)?),
        item_name: r.get(4)?,
        quantity: Qty::from_thousandths(r.get(5)?),
        ordered_on: date(r, 6)?,
        project: r.get(7)?,
    })
}

/// One line.
pub fn large_line(db: &Db, line: LineId) -> Result<Option<LargeLine>> {
    let sql = format!("{LARGE} WHERE l.id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row(params![line.0], large_row).optional()?)
}

/// The lines of an item since a day that are called a project, then the largest others, at most so many.
pub fn large_lines(db: &Db, item: ItemId, since: NaiveDate, most: i64) -> Result<Vec<LargeLine>> {
    let sql = format!(
        "{LARGE} WHERE {OF_SPAN} AND o.ordered_on >= ?3 ORDER BY 8 DESC, l.quantity DESC, o.ordered_on DESC, l.id LIMIT ?4"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![item.0, item.0, since.to_string(), most], large_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Says that a line was a project.
pub fn call_a_project(tx: &mut Tx, line: LineId, reason: &str) -> Result<()> {
    tx.insert("project_line", &["order_line_id", "reason"], &[&line.0, &reason])?;
    Ok(())
}

/// Says that a line was no project after all; answers whether it was called one.
pub fn call_no_project(tx: &mut Tx, line: LineId) -> Result<bool> {
    let sql = "SELECT id FROM project_line WHERE order_line_id = ?1";
    let id: Option<i64> = tx.prepare_cached(sql)?.query_row(params![line.0], |r| r.get(0)).optional()?;
    if let Some(id) = id {
        tx.delete("project_line", id)?;
    }
    Ok(id.is_some())
}

/// Says whose history an item inherits; `None`: nobody's.
pub fn inherit(tx: &mut Tx, item: ItemId, from: Option<ItemId>) -> Result<()> {
    let known: Option<i64> = tx
        .prepare_cached("SELECT id FROM succession WHERE item_id = ?1")?
        .query_row(params![item.0], |r| r.get(0))
        .optional()?;
    if let Some(id) = known {
        tx.delete("succession", id)?;
    }
    if let Some(from) = from {
        tx.insert("succession", &["item_id", "from_item_id"], &[&item.0, &from.0])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_without_stock_are_those_at_whose_end_nothing_is_there() {
        assert_eq!(spans_out(&[(20, 5), (10, -5), (4, 8)]), [(5, 10)]);
        assert_eq!(spans_out(&[(20, 5), (10, -5)]), [(0, 10)]);
        assert_eq!(spans_out(&[(20, 5), (10, -5), (10, 5)]), [], "out for an hour is not out");
        assert_eq!(spans_out(&[(950, 1), (900, -1), (800, 3)]), [], "before the window");
        assert_eq!(spans_out(&[(950, 1), (900, -1), (700, 3)]), [(701, 727)]);
        assert_eq!(spans_out(&[(20, 5), (10, -8)]), [], "below zero the book is wrong");
        assert_eq!(spans_out(&[]), []);
    }
}
