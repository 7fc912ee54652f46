//! What planning reads, in whole sets, and what it keeps: `item_plan`. Plans follow from the facts, so they are written
//! without an operation ([`super::Store::keep`]).

use super::cells::{date, maybe_date, maybe_money, maybe_quantity};
use super::{Db, Result};
use crate::domain::demand::days_before;
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::{Row, params};
use std::collections::{HashMap, HashSet};

/// An item as planning sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanItem {
    pub id: ItemId,
    pub category: Option<String>,
    pub cost: Option<Money>,
    pub supplier: Option<SupplierId>,
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    pub pack: Option<Qty>,
    /// Share of demand to be served, 0 to 1, where this item has its own.
    pub service_level: Option<f64>,
    pub active: bool,
}

/// All items, by number.
pub fn items(db: &Db) -> Result<Vec<PlanItem>> {
    let sql = "SELECT id, category, cost, supplier_id, min, max, pack, service_level, status = 'active' FROM item ORDER BY id";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |r| {
        Ok(PlanItem {
            id: ItemId(r.get(0)?),
            category: r.get(1)?,
            cost: maybe_money(r, 2)?,
            supplier: r.get::<_, Option<i64>>(3)?.map(SupplierId),
            min: maybe_quantity(r, 4)?,
            max: maybe_quantity(r, 5)?,
            pack: maybe_quantity(r, 6)?,
            service_level: r.get::<_, Option<i64>>(7)?.map(|millionths| millionths as f64 / 1e6),
            active: r.get(8)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// On what terms a supplier sells an item.
#[derive(Clone, PartialEq, Debug)]
pub struct Terms {
    pub supplier: SupplierId,
    pub supplier_sku: Option<String>,
    pub cost: Option<Money>,
    pub min_quantity: Option<Qty>,
    pub pack: Option<Qty>,
    pub lead_days: Option<i64>,
    pub preferred: bool,
}

const TERMS: &str =
    "SELECT item_id, supplier_id, supplier_sku, cost, min_quantity, pack, lead_days, coalesce(preferred, 0)
  FROM supplier_item";

fn terms_row(r: &Row) -> rusqlite::Result<(ItemId, Terms)> {
    let terms = Terms {
        supplier: SupplierId(r.get(1)?),
        supplier_sku: r.get(2)?,
        cost: maybe_money(r, 3)?,
        min_quantity: maybe_quantity(r, 4)?,
        pack: maybe_quantity(r, 5)?,
        lead_days: r.get(6)?,
        preferred: r.get(7)?,
    };
    Ok((ItemId(r.get(0)?), terms))
}

/// Every item's terms, each item's in the order in which they were entered.
pub fn all_terms(db: &Db) -> Result<HashMap<ItemId, Vec<Terms>>> {
    let mut statement = db.prepare(&format!("{TERMS} ORDER BY item_id, id"))?;
    let mut all: HashMap<ItemId, Vec<Terms>> = HashMap::new();
    for row in statement.query_map([], terms_row)? {
        let (item, terms) = row?;
        all.entry(item).or_default().push(terms);
    }
    Ok(all)
}

/// One item's terms.
pub fn terms_of(db: &Db, item: ItemId) -> Result<Vec<Terms>> {
    let mut statement = db.prepare_cached(&format!("{TERMS} WHERE item_id = ?1 ORDER BY id"))?;
    let rows = statement.query_map(params![item.0], |r| Ok(terms_row(r)?.1))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a supplier asks for an item from a quantity on: (from quantity, cost of a unit).
pub type Breaks = HashMap<(SupplierId, ItemId), Vec<(Qty, Money)>>;

/// The price breaks that hold on `today`, rising.
pub fn price_breaks(db: &Db, today: NaiveDate) -> Result<Breaks> {
    let sql = "SELECT supplier_id, item_id, from_quantity, cost FROM price_break
               WHERE valid_until IS NULL OR valid_until >= ?1 ORDER BY supplier_id, item_id, from_quantity";
    let mut all = Breaks::new();
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query(params![today.to_string()])?;
    while let Some(r) = rows.next()? {
        let tier = (Qty::from_thousandths(r.get(2)?), Money::from_ten_thousandths(r.get(3)?));
        all.entry((SupplierId(r.get(0)?), ItemId(r.get(1)?))).or_default().push(tier);
    }
    Ok(all)
}

/// The cost of a unit by the price break that holds on `today` for this quantity, if there is one.
pub fn price_break(
    db: &Db,
    supplier: SupplierId,
    item: ItemId,
    quantity: Qty,
    today: NaiveDate,
) -> Result<Option<Money>> {
    let sql = "SELECT cost FROM price_break WHERE supplier_id = ?1 AND item_id = ?2 AND from_quantity <= ?3
                 AND (valid_until IS NULL OR valid_until >= ?4) ORDER BY from_quantity DESC LIMIT 1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![supplier.0, item.0, quantity.thousandths(), today.to_string()])?;
    Ok(rows.next()?.map(|r| r.get(0).map(Money::from_ten_thousandths)).transpose()?)
}

/// What customers ordered of one item, and since when it is listed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ordered {
    /// The oldest movement or order; `None`: neither.
    pub listed_on: Option<NaiveDate>,
    /// (days before today, thousandths), of the last 104 weeks.
    pub days: Vec<(u16, i64)>,
}

/// The demand of every item: lines by the day on which their order was placed, whatever became of them; a substitute is
/// demand of what was wanted; a line that only carries on an older order's undelivered goods is not demand again.
pub fn ordered(db: &Db, today: NaiveDate) -> Result<HashMap<ItemId, Ordered>> {
    let mut all: HashMap<ItemId, Ordered> = HashMap::new();
    let mut statement = db.prepare("SELECT item_id, min(at) FROM movement GROUP BY item_id")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let at = super::cells::moment(r, 1)?;
        all.entry(ItemId(r.get(0)?)).or_default().listed_on = Some(at.date());
    }
    let carried = carried_on(db)?;
    // Two passes in the order of the file beat a join: dates first, then every line once.
    let mut dates: HashMap<i64, NaiveDate> = HashMap::new();
    let mut statement = db.prepare("SELECT id, ordered_on FROM customer_order WHERE ordered_on <= ?1")?;
    let mut rows = statement.query(params![today.to_string()])?;
    while let Some(r) = rows.next()? {
        dates.insert(r.get(0)?, date(r, 1)?);
    }
    let mut statement =
        db.prepare("SELECT id, order_id, coalesce(wanted_item_id, item_id), quantity FROM order_line")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let Some(&on) = dates.get(&r.get(1)?) else { continue };
        let item = all.entry(ItemId(r.get(2)?)).or_default();
        item.listed_on = Some(item.listed_on.map_or(on, |listed| listed.min(on)));
        if let Some(day) = days_before(today, on)
            .filter(|_| carried.is_empty() || !r.get(0).is_ok_and(|id: i64| carried.contains(&id)))
        {
            item.days.push((day, r.get(3)?));
        }
    }
    // What came back was not needed: it nets out where it was ordered.
    let mut statement = db.prepare(
        "SELECT coalesce(l.wanted_item_id, l.item_id), l.order_id, x.quantity FROM customer_return x
         JOIN order_line l ON l.id = x.line_id WHERE x.withdrawn_by IS NULL AND x.returned_on <= ?1",
    )?;
    let mut rows = statement.query(params![today.to_string()])?;
    while let Some(r) = rows.next()? {
        let day = dates.get(&r.get(1)?).and_then(|on| days_before(today, *on));
        if let (Some(day), Some(item)) = (day, all.get_mut(&ItemId(r.get(0)?))) {
            item.days.push((day, -r.get::<_, i64>(2)?));
        }
    }
    Ok(all)
}

fn carried_on(db: &Db) -> Result<HashSet<i64>> {
    let sql = "SELECT l.id FROM customer_order o JOIN order_line l ON l.order_id = o.id
               WHERE o.continues_id IS NOT NULL
                 AND EXISTS (SELECT 1 FROM order_line p WHERE p.order_id = o.continues_id AND p.item_id = l.item_id)";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A delivery that lead times are learned from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Delivery {
    pub supplier: SupplierId,
    pub item: ItemId,
    pub po: i64,
    /// Confirmed, else ordered.
    pub started_on: NaiveDate,
    /// First confirmed for.
    pub promised_on: Option<NaiveDate>,
    /// The line's last receipt.
    pub received_on: NaiveDate,
}

/// Deliveries received from `since` to `today`, of POs that say when they were ordered.
pub fn deliveries(db: &Db, since: NaiveDate, today: NaiveDate) -> Result<Vec<Delivery>> {
    let sql = "SELECT o.supplier_id, l.item_id, o.id, coalesce(o.confirmed_on, o.ordered_on), l.confirmed_for,
                 coalesce(l.received_on, (SELECT max(r.received_on) FROM receipt r WHERE r.po_line_id = l.id AND r.withdrawn_by IS NULL)) came
               FROM po_line l JOIN purchase_order o ON o.id = l.po_id
               WHERE o.ordered_on IS NOT NULL AND l.received > 0 AND came BETWEEN ?1 AND ?2";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map(params![since.to_string(), today.to_string()], |r| {
        Ok(Delivery {
            supplier: SupplierId(r.get(0)?),
            item: ItemId(r.get(1)?),
            po: r.get(2)?,
            started_on: date(r, 3)?,
            promised_on: maybe_date(r, 4)?,
            received_on: date(r, 5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Quoted lead days by supplier.
pub fn quoted_lead_days(db: &Db) -> Result<HashMap<SupplierId, i64>> {
    let mut statement = db.prepare("SELECT id, lead_days FROM supplier WHERE lead_days IS NOT NULL")?;
    let rows = statement.query_map([], |r| Ok((SupplierId(r.get(0)?), r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A plan as it is kept. `details` is the explanation's terms as JSON, written and read by the planning operation.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanRow {
    pub item: ItemId,
    pub planned_on: NaiveDate,
    pub daily: f64,
    pub reorder_point: Qty,
    pub order_up_to: Qty,
    pub safety_stock: Qty,
    pub lead_days: f64,
    pub supplier: Option<SupplierId>,
    pub after_operation: i64,
    pub details: String,
}

/// Replaces all plans. Call it inside [`super::Store::keep`].
pub fn replace_all(db: &Db, plans: &[PlanRow]) -> Result<()> {
    forget_gone(db, None, None)?;
    keep_rows(db, plans)
}

/// Forgets the plans of items that are gone, after one item up to another. Call it inside [`super::Store::keep`].
pub fn forget_gone(db: &Db, after: Option<ItemId>, upto: Option<ItemId>) -> Result<()> {
    let sql = "DELETE FROM item_plan WHERE item_id > ?1 AND item_id <= ?2
                 AND NOT EXISTS (SELECT 1 FROM item WHERE item.id = item_plan.item_id)";
    db.prepare_cached(sql)?.execute(params![after.map_or(i64::MIN, |i| i.0), upto.map_or(i64::MAX, |i| i.0)])?;
    Ok(())
}

/// An item's SKU, for a sentence about it.
pub fn sku(db: &Db, item: ItemId) -> Result<String> {
    Ok(db.prepare_cached("SELECT sku FROM item WHERE id = ?1")?.query_row(params![item.0], |r| r.get(0))?)
}

/// Keeps these plans in place of the items' earlier ones. Call it inside [`super::Store::keep`].
pub fn keep_rows(db: &Db, plans: &[PlanRow]) -> Result<()> {
    let sql = "INSERT INTO item_plan (item_id, planned_on, daily, reorder_point, order_up_to, safety_stock, lead_days, supplier_id, after_operation, details)
               SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9,?10 WHERE EXISTS (SELECT 1 FROM item WHERE id = ?1)
               ON CONFLICT (item_id) DO UPDATE SET planned_on = excluded.planned_on, daily = excluded.daily,
                 reorder_point = excluded.reorder_point, order_up_to = excluded.order_up_to, safety_stock = excluded.safety_stock,
                 lead_days = excluded.lead_days, supplier_id = excluded.supplier_id, after_operation = excluded.after_operation,
                 details = excluded.details";
    let mut statement = db.prepare_cached(sql)?;
    for p in plans {
        statement.execute(params![
            p.item.0,
            p.planned_on.to_string(),
            p.daily,
            p.reorder_point.thousandths(),
            p.order_up_to.thousandths(),
            p.safety_stock.thousandths(),
            p.lead_days,
            p.supplier.map(|s| s.0),
            p.after_operation,
            p.details,
        ])?;
    }
    Ok(())
}

/// The plan of an item, if there is one.
pub fn plan_of(db: &Db, item: ItemId) -> Result<Option<PlanRow>> {
    let sql = "SELECT item_id, planned_on, daily, reorder_point, order_up_to, safety_stock, lead_days, supplier_id, after_operation, details
               FROM item_plan WHERE item_id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![item.0])?;
    Ok(rows.next()?.map(plan_row).transpose()?)
}

fn plan_row(r: &Row) -> rusqlite::Result<PlanRow> {
    Ok(PlanRow {
        item: ItemId(r.get(0)?),
        planned_on: date(r, 1)?,
        daily: r.get(2)?,
        reorder_point: Qty::from_thousandths(r.get(3)?),
        order_up_to: Qty::from_thousandths(r.get(4)?),
        safety_stock: Qty::from_thousandths(r.get(5)?),
        lead_days: r.get(6)?,
        supplier: r.get::<_, Option<i64>>(7)?.map(SupplierId),
        after_operation: r.get(8)?,
        details: r.get(9)?,
    })
}

/// The number of the last operation.
pub fn last_operation(db: &Db) -> Result<i64> {
    Ok(db.prepare_cached("SELECT coalesce(max(id), 0) FROM operation")?.query_row([], |r| r.get(0))?)
}

/// The day of the plans and the last operation that all of them know; `None` while nothing was planned.
pub fn stamp(db: &Db) -> Result<Option<(NaiveDate, i64)>> {
    let sql = "SELECT planned_on, after_operation FROM item_plan ORDER BY after_operation, planned_on LIMIT 1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    Ok(rows.next()?.map(|r| Ok::<_, rusqlite::Error>((date(r, 0)?, r.get(1)?))).transpose()?)
}

/// Whether an operation after that one brought something that plans are made from: items, suppliers and their terms,
/// new or removed order lines, receipts, settings. Shipping, allocating and counting move the position, not the plan.
pub fn facts_changed_since(db: &Db, operation: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM journal WHERE operation_id > ?1 AND (
                 tbl IN ('item','supplier','supplier_item','price_break','receipt','setting','purchase_order')
                 OR tbl IN ('customer_order','order_line') AND action <> 'update'))";
    Ok(db.prepare_cached(sql)?.query_row(params![operation], |r| r.get(0))?)
}
