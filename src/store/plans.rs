//! What planning reads, in whole sets, and what it keeps: `item_plan`. Plans follow from the facts, so they are written
//! without an operation ([`super::Store::keep`]).

use super::cells::{date, maybe_date, maybe_money, maybe_quantity};
use super::{Db, Result, Tx};
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::HashMap;

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
    /// Customers may not order it while it is out.
    pub refused_when_out: bool,
}

const ITEMS: &str = "SELECT id, category, cost, supplier_id, min, max, pack, service_level, status = 'active',
    coalesce(backorders, '') = 'deny' FROM item";

fn item_row(r: &Row) -> rusqlite::Result<PlanItem> {
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
        refused_when_out: r.get(9)?,
    })
}

/// Items between two numbers, both included: what is read in one go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    pub first: ItemId,
    pub last: ItemId,
}

impl Span {
    /// Every item.
    pub const ALL: Span = Span { first: ItemId(i64::MIN), last: ItemId(i64::MAX) };
    /// One item.
    pub fn of(item: ItemId) -> Span {
        Span { first: item, last: item }
    }
    /// What a question with `BETWEEN ?1 AND ?2` is asked with.
    pub(super) fn ends(self) -> [i64; 2] {
        [self.first.0, self.last.0]
    }
}

/// All items, by number.
pub fn items(db: &Db) -> Result<Vec<PlanItem>> {
    items_in(db, Span::ALL)
}

/// Items of a span, by number.
pub fn items_in(db: &Db, span: Span) -> Result<Vec<PlanItem>> {
    let mut statement = db.prepare_cached(&format!("{ITEMS} WHERE id BETWEEN ?1 AND ?2 ORDER BY id"))?;
    let rows = statement.query_map(span.ends(), item_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The next items after one, by number, at most so many.
pub fn items_after(db: &Db, after: Option<ItemId>, most: usize) -> Result<Vec<PlanItem>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut statement = db.prepare_cached(&format!("{ITEMS} WHERE id > ?1 ORDER BY id LIMIT ?2"))?;
    let rows = statement.query_map([after.map_or(i64::MIN, |i| i.0), most], item_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many items there are, and the span of their numbers; none: there is no item.
pub fn extent(db: &Db) -> Result<Option<(usize, Span)>> {
    let (count, first, last): (i64, Option<i64>, Option<i64>) = db
        .prepare_cached("SELECT (SELECT count(*) FROM item), (SELECT min(id) FROM item), (SELECT max(id) FROM item)")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let span = first.zip(last).map(|(first, last)| Span { first: ItemId(first), last: ItemId(last) });
    Ok(span.map(|span| (usize::try_from(count).unwrap_or(0), span)))
}

/// One item; none: it is gone.
pub fn item(db: &Db, item: ItemId) -> Result<Option<PlanItem>> {
    Ok(db.prepare_cached(&format!("{ITEMS} WHERE id = ?1"))?.query_row(params![item.0], item_row).optional()?)
}

/// How many items there are.
pub fn count(db: &Db) -> Result<usize> {
    let count: i64 = db.prepare_cached("SELECT count(*) FROM item")?.query_row([], |r| r.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The supplier of that code, in any case.
pub fn supplier_of_code(db: &Db, code: &str) -> Result<Option<SupplierId>> {
    let mut statement =
        db.prepare_cached("SELECT id FROM supplier WHERE code = ?1 COLLATE NOCASE ORDER BY code <> ?1")?;
    Ok(statement.query_row(params![code.trim()], |r| r.get(0).map(SupplierId)).optional()?)
}

/// A supplier's code, for a sentence about it.
pub fn supplier_code(db: &Db, supplier: SupplierId) -> Result<String> {
    Ok(db.prepare_cached("SELECT code FROM supplier WHERE id = ?1")?.query_row(params![supplier.0], |r| r.get(0))?)
}

/// What a person says about planning an item.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ItemRule {
    /// Only where it is bought there; none: wherever.
    pub supplier: Option<SupplierId>,
    /// The lead time is fixed.
    pub lead_days: Option<i64>,
    /// It keeps so long: no order beyond what sells by then.
    pub shelf_days: Option<i64>,
    /// Twelve factors on the mean, January first, as typed.
    pub season: Option<String>,
    /// How much of it is expected to sell.
    pub expects: Option<Expects>,
}

/// How much a person expects to sell of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expects {
    /// In a month.
    pub month: Qty,
    /// It counts for as much as so many months of sales.
    pub months: i64,
    /// The day on which it was said: from then on it fades.
    pub said_on: NaiveDate,
}

const RULES: &str =
    "SELECT item_id, supplier_id, lead_days, shelf_days, season, expected_month, expected_months, expected_on
  FROM item_rule";

fn rule_row(r: &Row) -> rusqlite::Result<(ItemId, ItemRule)> {
    let supplier = r.get::<_, Option<i64>>(1)?.map(SupplierId);
    let expected: (Option<i64>, Option<i64>, Option<NaiveDate>) = (r.get(5)?, r.get(6)?, maybe_date(r, 7)?);
    let expects = match expected {
        (Some(month), Some(months), Some(said_on)) => {
            Some(Expects { month: Qty::from_thousandths(month), months, said_on })
        }
        _ => None,
    };
    let (lead_days, shelf_days, season) = (r.get(2)?, r.get(3)?, r.get(4)?);
    Ok((ItemId(r.get(0)?), ItemRule { supplier, lead_days, shelf_days, season, expects }))
}

/// The rules of a span's items, added to `all`.
pub fn take_rules(db: &Db, span: Span, all: &mut HashMap<ItemId, Vec<ItemRule>>) -> Result<()> {
    let mut statement = db.prepare_cached(&format!("{RULES} WHERE item_id BETWEEN ?1 AND ?2 ORDER BY item_id, id"))?;
    for row in statement.query_map(span.ends(), rule_row)? {
        let (item, rule) = row?;
        all.entry(item).or_default().push(rule);
    }
    Ok(())
}

/// The lead days that a person fixed for a span's items: at one supplier, or (none) at all of them.
pub fn fixed_lead_days(db: &Db, span: Span) -> Result<HashMap<(ItemId, Option<SupplierId>), i64>> {
    let sql = "SELECT item_id, supplier_id, lead_days FROM item_rule
               WHERE item_id BETWEEN ?1 AND ?2 AND lead_days IS NOT NULL ORDER BY id DESC";
    let mut statement = db.prepare_cached(sql)?;
    let row = |r: &Row| Ok(((ItemId(r.get(0)?), r.get::<_, Option<i64>>(1)?.map(SupplierId)), r.get(2)?));
    let rows = statement.query_map(span.ends(), row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One item's rules.
pub fn rules_of(db: &Db, item: ItemId) -> Result<Vec<ItemRule>> {
    let mut statement = db.prepare_cached(&format!("{RULES} WHERE item_id = ?1 ORDER BY id"))?;
    let rows = statement.query_map(params![item.0], |r| Ok(rule_row(r)?.1))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Puts a rule in place of the one that the item has for the same supplier; one that says nothing takes it away. Answers
/// whether anything changed.
pub fn put_rule(tx: &mut Tx, item: ItemId, rule: &ItemRule) -> Result<bool> {
    let sql = "SELECT id FROM item_rule WHERE item_id = ?1 AND coalesce(supplier_id, 0) = ?2";
    let supplier = rule.supplier.map(|s| s.0);
    let id: Option<i64> =
        tx.prepare_cached(sql)?.query_row(params![item.0, supplier.unwrap_or(0)], |r| r.get(0)).optional()?;
    let says = *rule != ItemRule { supplier: rule.supplier, ..ItemRule::default() };
    let number = |n: Option<i64>| n.map_or(Value::Null, Value::Integer);
    // What is said again goes on fading from the day on which it was said first.
    let known = rules_of(tx, item)?.into_iter().find(|r| r.supplier == rule.supplier).and_then(|r| r.expects);
    let same = |a: &Expects, b: &Expects| (a.month, a.months) == (b.month, b.months);
    let expects = rule.expects.map(|new| known.filter(|old| same(old, &new)).unwrap_or(new));
    let (month, months) = (expects.map(|e| e.month.thousandths()), expects.map(|e| e.months));
    let on = expects.map(|e| e.said_on.to_string());
    match id {
        Some(id) if says => tx.update(
            "item_rule",
            id,
            &[
                ("lead_days", number(rule.lead_days)),
                ("shelf_days", number(rule.shelf_days)),
                ("season", rule.season.clone().map_or(Value::Null, Value::Text)),
                ("expected_month", number(month)),
                ("expected_months", number(months)),
                ("expected_on", on.map_or(Value::Null, Value::Text)),
            ],
        ),
        Some(id) => tx.delete("item_rule", id).map(|()| true),
        None if says => {
            let columns = ["item_id", "supplier_id", "lead_days", "shelf_days", "season"];
            let columns = columns.into_iter().chain(["expected_month", "expected_months", "expected_on"]);
            let values: [&dyn rusqlite::ToSql; 8] =
                [&item.0, &supplier, &rule.lead_days, &rule.shelf_days, &rule.season, &month, &months, &on];
            let columns: Vec<&str> = columns.collect();
            tx.insert("item_rule", &columns, &values).map(|_| true)
        }
        None => Ok(false),
    }
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

/// The terms of a span's items, each item's in the order in which they were entered, added to `all`.
pub fn take_terms(db: &Db, span: Span, all: &mut HashMap<ItemId, Vec<Terms>>) -> Result<()> {
    let mut statement = db.prepare_cached(&format!("{TERMS} WHERE item_id BETWEEN ?1 AND ?2 ORDER BY item_id, id"))?;
    for row in statement.query_map(span.ends(), terms_row)? {
        let (item, terms) = row?;
        all.entry(item).or_default().push(terms);
    }
    Ok(())
}

/// One item's terms.
pub fn terms_of(db: &Db, item: ItemId) -> Result<Vec<Terms>> {
    let mut statement = db.prepare_cached(&format!("{TERMS} WHERE item_id = ?1 ORDER BY id"))?;
    let rows = statement.query_map(params![item.0], |r| Ok(terms_row(r)?.1))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a supplier asks for an item from a quantity on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PriceBreak {
    pub from: Qty,
    pub cost: Money,
    /// The last day on which it holds; none: until it is changed.
    pub valid_until: Option<NaiveDate>,
}

/// By supplier and item, rising.
pub type Breaks = HashMap<(SupplierId, ItemId), Vec<PriceBreak>>;

const BREAKS: &str = "SELECT supplier_id, item_id, from_quantity, cost, valid_until FROM price_break";

/// All price breaks of a span's items, those that ran out too, added to `all`.
pub fn take_price_breaks(db: &Db, span: Span, all: &mut Breaks) -> Result<()> {
    let sql = format!("{BREAKS} WHERE item_id BETWEEN ?1 AND ?2 ORDER BY supplier_id, item_id, from_quantity");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(span.ends())?;
    while let Some(r) = rows.next()? {
        let found = PriceBreak {
            from: Qty::from_thousandths(r.get(2)?),
            cost: Money::from_ten_thousandths(r.get(3)?),
            valid_until: maybe_date(r, 4)?,
        };
        all.entry((SupplierId(r.get(0)?), ItemId(r.get(1)?))).or_default().push(found);
    }
    Ok(())
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

/// The plan of the last item by number, which is kept last; none: nothing is planned.
pub fn last(db: &Db) -> Result<Option<PlanRow>> {
    let sql = "SELECT item_id, planned_on, daily, reorder_point, order_up_to, safety_stock, lead_days, supplier_id, after_operation, details
               FROM item_plan ORDER BY item_id DESC LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([], plan_row).optional()?)
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
