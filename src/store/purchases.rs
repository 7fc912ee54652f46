//! Purchase orders and their lines: what is read and written of them.

use super::cells::{maybe_date, maybe_money, maybe_quantity};
use super::item_state::{QUARANTINED, STATED};
use super::{Db, Result, Tx};
use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};

/// A purchase order's head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoHead {
    pub id: PoId,
    pub code: String,
    pub supplier: SupplierId,
    pub supplier_name: String,
    /// `draft`, `sent`, `confirmed`, `closed`, `cancelled`; `None` follows from the quantities.
    pub status: Option<String>,
    pub ordered_on: Option<NaiveDate>,
    pub confirmed_on: Option<NaiveDate>,
    pub lines: i64,
}

impl PoHead {
    pub fn is_draft(&self) -> bool {
        self.status.as_deref() == Some("draft")
    }
    /// Nothing more is expected of it as a whole.
    pub fn is_over(&self) -> bool {
        matches!(self.status.as_deref(), Some("closed" | "cancelled"))
    }
}

/// The head of a PO.
pub fn head(db: &Db, po: PoId) -> Result<Option<PoHead>> {
    let sql = "SELECT o.code, o.supplier_id, s.name, o.status, o.ordered_on, o.confirmed_on,
                 (SELECT count(*) FROM po_line l WHERE l.po_id = o.id)
               FROM purchase_order o JOIN supplier s ON s.id = o.supplier_id WHERE o.id = ?1";
    let row = db.prepare_cached(sql)?.query_row(params![po.0], |r| {
        Ok(PoHead {
            id: po,
            code: r.get(0)?,
            supplier: SupplierId(r.get(1)?),
            supplier_name: r.get(2)?,
            status: r.get(3)?,
            ordered_on: maybe_date(r, 4)?,
            confirmed_on: maybe_date(r, 5)?,
            lines: r.get(6)?,
        })
    });
    Ok(row.optional()?)
}

/// A line of a PO.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoLine {
    pub id: PoLineId,
    pub po: PoId,
    pub line: String,
    pub item: ItemId,
    pub item_name: String,
    pub quantity: Qty,
    pub received: Qty,
    pub cancelled: Qty,
    pub closed: bool,
    pub cost: Option<Money>,
    pub confirmed_for: Option<NaiveDate>,
    pub expected_on: Option<NaiveDate>,
}

impl PoLine {
    /// Still to come.
    pub fn open(&self) -> Qty {
        if self.closed { Qty::ZERO } else { (self.quantity - self.received - self.cancelled).or_zero() }
    }
}

const LINE: &str =
    "SELECT l.id, l.po_id, l.line, l.item_id, i.name, l.quantity, l.received, l.cancelled, l.closed, l.cost,
  l.confirmed_for, l.expected_on FROM po_line l JOIN item i ON i.id = l.item_id";

fn po_line(r: &rusqlite::Row) -> rusqlite::Result<PoLine> {
    Ok(PoLine {
        id: PoLineId(r.get(0)?),
        po: PoId(r.get(1)?),
        line: r.get(2)?,
        item: ItemId(r.get(3)?),
        item_name: r.get(4)?,
        quantity: Qty::from_thousandths(r.get(5)?),
        received: Qty::from_thousandths(r.get(6)?),
        cancelled: Qty::from_thousandths(r.get(7)?),
        closed: r.get(8)?,
        cost: maybe_money(r, 9)?,
        confirmed_for: maybe_date(r, 10)?,
        expected_on: maybe_date(r, 11)?,
    })
}

/// One line.
pub fn line(db: &Db, line: PoLineId) -> Result<Option<PoLine>> {
    Ok(db.prepare_cached(&format!("{LINE} WHERE l.id = ?1"))?.query_row(params![line.0], po_line).optional()?)
}

/// The lines of a PO, in the order in which they were made.
pub fn lines(db: &Db, po: PoId) -> Result<Vec<PoLine>> {
    let mut statement = db.prepare_cached(&format!("{LINE} WHERE l.po_id = ?1 ORDER BY l.id"))?;
    let rows = statement.query_map(params![po.0], po_line)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The newest draft for a supplier.
pub fn draft_for(db: &Db, supplier: SupplierId) -> Result<Option<PoId>> {
    let sql = "SELECT max(id) FROM purchase_order WHERE supplier_id = ?1 AND status = 'draft'";
    let id: Option<i64> = db.prepare_cached(sql)?.query_row(params![supplier.0], |r| r.get(0))?;
    Ok(id.map(PoId))
}

/// Starts a draft with the next free number.
pub fn new_draft(tx: &mut Tx, supplier: SupplierId) -> Result<PoId> {
    let code = next_code(tx)?;
    let id = tx.insert("purchase_order", &["code", "supplier_id", "status"], &[&code, &supplier.0, &"draft"])?;
    Ok(PoId(id))
}

fn next_code(db: &Db) -> Result<String> {
    let mut statement = db.prepare_cached("SELECT code FROM purchase_order WHERE code LIKE 'PO-%'")?;
    let mut rows = statement.query([])?;
    let mut last = 0u64;
    while let Some(r) = rows.next()? {
        let code: String = r.get(0)?;
        last = last.max(code.get(3..).and_then(|n| n.parse().ok()).unwrap_or(0));
    }
    Ok(format!("PO-{}", last.saturating_add(1)))
}

/// Adds a quantity of an item to a draft: to the line that has the item already, else as a new line.
pub fn add_to_draft(tx: &mut Tx, po: PoId, item: ItemId, quantity: Qty, cost: Option<Money>) -> Result<PoLineId> {
    let there = lines(tx, po)?;
    tx.touch(item);
    if let Some(line) = there.iter().find(|l| l.item == item && l.received.is_zero() && l.cancelled.is_zero()) {
        let sum = line.quantity + quantity;
        tx.update("po_line", line.id.0, &[("quantity", Value::Integer(sum.thousandths()))])?;
        return Ok(line.id);
    }
    let number = there.iter().filter_map(|l| l.line.parse::<i64>().ok()).max().unwrap_or(0) + 1;
    let id = tx.insert(
        "po_line",
        &["po_id", "line", "item_id", "quantity", "cost"],
        &[&po.0, &number.to_string(), &item.0, &quantity.thousandths(), &cost.map(Money::ten_thousandths)],
    )?;
    Ok(PoLineId(id))
}

/// Changes the status of a PO, and the days on which it was ordered or answered where given.
pub fn set_status(
    tx: &mut Tx,
    po: PoId,
    status: &str,
    ordered_on: Option<NaiveDate>,
    confirmed_on: Option<NaiveDate>,
) -> Result<()> {
    let mut cells = vec![("status", Value::Text(status.into()))];
    cells.extend(ordered_on.map(|on| ("ordered_on", Value::Text(on.to_string()))));
    cells.extend(confirmed_on.map(|on| ("confirmed_on", Value::Text(on.to_string()))));
    tx.update("purchase_order", po.0, &cells)?;
    Ok(())
}

/// Sets the date expected now, and the first confirmed one where given.
pub fn set_dates(tx: &mut Tx, line: PoLineId, expected_on: NaiveDate, confirmed_for: Option<NaiveDate>) -> Result<()> {
    let mut cells = vec![("expected_on", Value::Text(expected_on.to_string()))];
    cells.extend(confirmed_for.map(|on| ("confirmed_for", Value::Text(on.to_string()))));
    tx.update("po_line", line.0, &cells)?;
    Ok(())
}

/// Puts an item off until a day, with the reason.
pub fn put_off(tx: &mut Tx, item: ItemId, until: NaiveDate, reason: &str) -> Result<()> {
    let (until, operator, operation) = (until.to_string(), tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "later",
        &["subject", "subject_id", "until", "reason", "operator", "operation_id"],
        &[&"item", &item.0, &until, &reason, &operator, &operation],
    )?;
    Ok(())
}

/// An item whose position may call for an order or a hurry.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub unit: Option<String>,
    pub cost: Option<Money>,
    pub supplier: Option<SupplierId>,
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    pub pack: Option<Qty>,
    pub active: bool,
    /// Somebody once said how many there are, or some moved: else what is on hand is a blank and no 0. So too where
    /// customers wait, whose pieces are to be had whatever lies there, and where nobody ever stated any stock.
    pub known: bool,
    /// In all bins but quarantine.
    pub usable: Qty,
    pub allocated: Qty,
    pub open_demand: Qty,
    /// Put off until that day.
    pub later_until: Option<NaiveDate>,
}

/// Until when an item was put off last, past days too; none: it never was.
pub fn put_off_until(db: &Db, item: ItemId) -> Result<Option<NaiveDate>> {
    let sql = "SELECT until FROM later WHERE subject = 'item' AND subject_id = ?1 AND withdrawn_by IS NULL
               ORDER BY id DESC LIMIT 1";
    let until = db.prepare_cached(sql)?.query_row([item.0], |r| maybe_date(r, 0)).optional()?;
    Ok(until.flatten())
}

/// Why an item was put off until that day.
pub fn why_later(db: &Db, item: ItemId, until: NaiveDate) -> Result<String> {
    let sql =
        "SELECT reason FROM later WHERE subject = 'item' AND subject_id = ?1 AND withdrawn_by IS NULL AND until = ?2
               ORDER BY id DESC LIMIT 1";
    let reason = db.prepare_cached(sql)?.query_row(params![item.0, until.to_string()], |r| r.get(0)).optional()?;
    Ok(reason.unwrap_or_default())
}

/// Which items to look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Among {
    /// Those that the Stock tab calls count, none, low or order; with goods to come; or with goods in quarantine.
    NeedingALook,
    /// Those of which goods are to come.
    Coming,
    /// Those with more than enough.
    TooMuch,
    /// Those with stock that nobody has ordered for long, by their plans.
    Asleep,
    All,
}

/// One item; none: it is gone.
pub fn candidate(db: &Db, item: ItemId, today: NaiveDate) -> Result<Option<Candidate>> {
    Ok(candidates_where(db, &format!("s.item_id = {}", item.0), today)?.pop())
}

/// The items to look at, by SKU.
pub fn candidates(db: &Db, among: Among, today: NaiveDate) -> Result<Vec<Candidate>> {
    candidates_where(db, among.condition(), today)
}

impl Among {
    fn condition(self) -> &'static str {
        match self {
            Among::NeedingALook => {
                "s.trouble IN (0, 1, 2, 3)
             OR s.item_id IN (SELECT item_id FROM po_line WHERE closed = 0 AND received + cancelled < quantity)
             OR s.item_id IN (SELECT l.item_id FROM level l JOIN bin b ON b.id = l.bin_id WHERE b.kind = 'quarantine')"
            }
            Among::Coming => {
                "s.item_id IN (SELECT item_id FROM po_line WHERE closed = 0 AND received + cancelled < quantity)"
            }
            Among::TooMuch => "s.trouble = 4",
            // The plan's details begin with how the item sells.
            Among::Asleep => {
                r#"s.on_hand + s.on_order > 0
               AND s.item_id IN (SELECT item_id FROM item_plan WHERE details LIKE '{"selling":"asleep"%')"#
            }
            Among::All => "1 = 1",
        }
    }
}

fn candidates_where(db: &Db, condition: &str, today: NaiveDate) -> Result<Vec<Candidate>> {
    let sql = format!(
        "SELECT i.id, i.sku, i.name, i.unit, i.cost, i.supplier_id, i.min, i.max, i.pack, i.status = 'active',
           s.on_hand - {QUARANTINED},
           s.allocated, s.open_demand,
           -- The last word counts: it may be an earlier day than the one before.
           (SELECT t.until FROM later t WHERE t.until > ?1 AND t.id = (SELECT max(x.id) FROM later x
              WHERE x.subject = 'item' AND x.subject_id = i.id AND x.withdrawn_by IS NULL)),
           s.open_demand > 0 OR EXISTS (SELECT 1 FROM level v WHERE v.item_id = i.id) OR {STATED}
             OR NOT EXISTS (SELECT 1 FROM level) AND NOT EXISTS (SELECT 1 FROM stated_level)
         FROM item_state s JOIN item i ON i.id = s.item_id WHERE {condition} ORDER BY i.sku"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![today.to_string()], |r| {
        Ok(Candidate {
            item: ItemId(r.get(0)?),
            sku: r.get(1)?,
            name: r.get(2)?,
            unit: r.get(3)?,
            cost: maybe_money(r, 4)?,
            supplier: r.get::<_, Option<i64>>(5)?.map(SupplierId),
            min: maybe_quantity(r, 6)?,
            max: maybe_quantity(r, 7)?,
            pack: maybe_quantity(r, 8)?,
            active: r.get(9)?,
            usable: Qty::from_thousandths(r.get(10)?),
            allocated: Qty::from_thousandths(r.get(11)?),
            open_demand: Qty::from_thousandths(r.get(12)?),
            later_until: maybe_date(r, 13)?,
            known: r.get(14)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A supplier as the buyer sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct Seller {
    pub id: SupplierId,
    pub code: String,
    pub name: String,
    pub min_order_value: Option<Money>,
    pub order_days: Option<String>,
    pub cutoff: Option<String>,
    pub lead_days: Option<i64>,
    /// In which he is paid, as his record says it.
    pub currency: Option<String>,
}

/// All suppliers, by number.
pub fn sellers(db: &Db) -> Result<Vec<Seller>> {
    let sql =
        "SELECT id, code, name, min_order_value, order_days, cutoff, lead_days, currency FROM supplier ORDER BY id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |r| {
        Ok(Seller {
            id: SupplierId(r.get(0)?),
            code: r.get(1)?,
            name: r.get(2)?,
            min_order_value: maybe_money(r, 3)?,
            order_days: r.get(4)?,
            cutoff: r.get(5)?,
            lead_days: r.get(6)?,
            currency: r.get(7)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A draft that waits to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    pub po: PoId,
    pub code: String,
    pub supplier: SupplierId,
    pub lines: usize,
    /// What its lines cost, where that is known.
    pub value: Money,
}

/// The drafts on which something is to be ordered, the oldest first.
pub fn drafts(db: &Db) -> Result<Vec<Draft>> {
    let sql = "SELECT o.id, o.code, o.supplier_id, l.quantity - l.cancelled, l.cost
               FROM purchase_order o JOIN po_line l ON l.po_id = o.id
               WHERE o.status = 'draft' AND l.closed = 0 AND l.received + l.cancelled < l.quantity ORDER BY o.id";
    let mut out: Vec<Draft> = Vec::new();
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let po = PoId(r.get(0)?);
        if out.last().is_none_or(|d| d.po != po) {
            let (code, supplier) = (r.get(1)?, SupplierId(r.get(2)?));
            out.push(Draft { po, code, supplier, lines: 0, value: Money::ZERO });
        }
        let cost = maybe_money(r, 4)?.map_or(Money::ZERO, |c| c.times(Qty::from_thousandths(r.get(3).unwrap_or(0))));
        if let Some(draft) = out.last_mut() {
            (draft.lines, draft.value) = (draft.lines + 1, draft.value + cost);
        }
    }
    Ok(out)
}

/// Whether any customer order was ever recorded.
pub fn has_orders(db: &Db) -> Result<bool> {
    Ok(db.prepare_cached("SELECT EXISTS (SELECT 1 FROM order_line)")?.query_row([], |r| r.get(0))?)
}

/// The next item whose stock sinks to its reorder point at its usual sales: (name, days until then).
/// Only among the items that planning knows to sell; the least days come first.
pub fn next_due(db: &Db) -> Result<Option<(String, f64)>> {
    let sql = "SELECT i.name, (s.on_hand + s.on_order - s.open_demand - p.reorder_point) / 1000.0 / p.daily days
               FROM item_plan p JOIN item_state s ON s.item_id = p.item_id JOIN item i ON i.id = p.item_id
               WHERE p.daily > 0 AND p.reorder_point >= 0 AND i.status = 'active'
                 AND s.on_hand + s.on_order - s.open_demand > p.reorder_point
               ORDER BY days, i.sku LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
}
