//! `item_state`: what one item's figures add up to, kept beside the facts so that a list of a million items is read
//! by key. Written here alone, never journalled: it follows from the facts, and `backshelf check` proves it.

use super::{Db, Result};
use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use crate::domain::stock::{Figures, Plan, Standing, Trouble, classify};
use rusqlite::{Row, params};
use std::collections::BTreeSet;

/// An item's state as it follows from the facts, or as it is stored.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemState {
    pub item: ItemId,
    pub sku: String,
    pub figures: Figures,
    pub trouble: Trouble,
}

// Drafts are not on order yet: nobody has asked for the goods.
// in_use: a level row means that stock once moved; else any line means that it was sold; where nobody said how many
// there are, a bin of its own that it is kept. known: it moved, or somebody said how many there are, were it none.
const FACTS: &str = "
SELECT i.id, i.sku, i.status = 'active', i.min, i.max,
  coalesce(v.on_hand, 0), coalesce(v.sellable, 0), coalesce(v.lowest, 0),
  coalesce(d.allocated, 0), coalesce(d.open, 0), coalesce(s.on_order, 0),
  v.item_id IS NOT NULL OR d.item_id IS NOT NULL
    OR EXISTS (SELECT 1 FROM order_line x WHERE x.item_id = i.id),
  p.daily, p.reorder_point, p.lead_days,
  v.item_id IS NOT NULL OR {known}, i.bin_id IS NOT NULL, coalesce(v.quarantined, 0)
FROM item i
LEFT JOIN (SELECT l.item_id, sum(l.quantity) on_hand, sum(CASE WHEN b.kind = 'storage' THEN l.quantity ELSE 0 END) sellable,
             sum(CASE WHEN b.kind = 'quarantine' THEN l.quantity ELSE 0 END) quarantined,
             min(l.quantity) lowest FROM level l JOIN bin b ON b.id = l.bin_id {level} GROUP BY l.item_id) v ON v.item_id = i.id
LEFT JOIN (SELECT l.item_id, sum(l.allocated) allocated, sum(l.quantity - l.shipped - l.cancelled) open
             FROM order_line l WHERE l.shipped + l.cancelled < l.quantity {and} GROUP BY l.item_id) d ON d.item_id = i.id
LEFT JOIN (SELECT l.item_id, sum(l.quantity - l.received - l.cancelled) on_order
             FROM po_line l JOIN purchase_order o ON o.id = l.po_id
             WHERE l.closed = 0 AND l.received + l.cancelled < l.quantity
               AND coalesce(o.status, 'sent') IN ('sent', 'confirmed') {and} GROUP BY l.item_id) s ON s.item_id = i.id
LEFT JOIN item_plan p ON p.item_id = i.id
{item} ORDER BY i.id";

/// What of the item `i` lies in quarantine: on hand, and of no use.
pub const QUARANTINED: &str = "coalesce((SELECT sum(q.quantity) FROM level q JOIN bin k ON k.id = q.bin_id
    WHERE q.item_id = i.id AND k.kind = 'quarantine'), 0)";

/// Somebody said how many there are of the item `i`, where nothing of it ever moved.
pub const STATED: &str = "(EXISTS (SELECT 1 FROM stated_level x WHERE x.item_id = i.id)
    OR EXISTS (SELECT 1 FROM count_entry x WHERE x.item_id = i.id AND x.withdrawn_by IS NULL))";

fn facts_of_one() -> String {
    FACTS
        .replace("{known}", STATED)
        .replace("{level}", "WHERE l.item_id = ?1")
        .replace("{and}", "AND l.item_id = ?1")
        .replace("{item}", "WHERE i.id = ?1")
}
fn facts_of_all() -> String {
    FACTS.replace("{known}", STATED).replace("{level}", "").replace("{and}", "").replace("{item}", "")
}

/// `cover_days`: more stock than sells in these days is too much.
fn computed(r: &Row, cover_days: f64) -> rusqlite::Result<ItemState> {
    let quantity = |i: usize| r.get(i).map(Qty::from_thousandths);
    let maybe = |i: usize| r.get::<_, Option<i64>>(i).map(|n| n.map(Qty::from_thousandths));
    let (min, max) = (maybe(3)?, maybe(4)?);
    let figures = Figures {
        on_hand: quantity(5)?,
        sellable: quantity(6)?,
        lowest: quantity(7)?,
        quarantined: quantity(17)?,
        allocated: quantity(8)?,
        open_demand: quantity(9)?,
        on_order: quantity(10)?,
    };
    let known: bool = r.get(15)?;
    let has_place = !known && r.get::<_, bool>(16)?;
    let in_use = r.get::<_, bool>(11)? || min.is_some_and(Qty::is_positive) || has_place;
    let standing = Standing { active: r.get(2)?, in_use, known };
    let daily: Option<f64> = r.get(12)?;
    let cover = daily.filter(|d| *d > 0.0).map(|d| Qty::from_f64(d * cover_days));
    let plan = Plan { daily, reorder_point: maybe(13)?.or(min), lead_days: r.get(14)?, most: max.or(cover) };
    Ok(ItemState { item: ItemId(r.get(0)?), sku: r.get(1)?, trouble: classify(&figures, &plan, standing), figures })
}

fn write(db: &Db, state: &ItemState) -> Result<()> {
    let sql = "INSERT INTO item_state (item_id, sku, on_hand, sellable, allocated, open_demand, on_order, trouble)
               VALUES (?1,?2,?3,?4,?5,?6,?7,?8)
               ON CONFLICT (item_id) DO UPDATE SET sku = excluded.sku, on_hand = excluded.on_hand, sellable = excluded.sellable,
                 allocated = excluded.allocated, open_demand = excluded.open_demand, on_order = excluded.on_order, trouble = excluded.trouble
               WHERE (sku, on_hand, sellable, allocated, open_demand, on_order, trouble) IS NOT
                 (excluded.sku, excluded.on_hand, excluded.sellable, excluded.allocated, excluded.open_demand, excluded.on_order, excluded.trouble)";
    let f = &state.figures;
    db.prepare_cached(sql)?.execute(params![
        state.item.0,
        state.sku,
        f.on_hand.thousandths(),
        f.sellable.thousandths(),
        f.allocated.thousandths(),
        f.open_demand.thousandths(),
        f.on_order.thousandths(),
        state.trouble.number(),
    ])?;
    Ok(())
}

/// Brings the states of these items up to date. Call it inside the transaction that changed the facts.
pub fn refresh(db: &Db, items: &BTreeSet<ItemId>, cover_days: f64) -> Result<()> {
    let known: i64 = db.prepare_cached("SELECT coalesce(max(id), 0) FROM item")?.query_row([], |r| r.get(0))?;
    if items.len() > 500 && items.len() as i64 > known / 20 {
        return refresh_all(db, cover_days); // one pass over sorted sums beats a thousand look-ups
    }
    let sql = facts_of_one();
    let mut statement = db.prepare_cached(&sql)?;
    for item in items {
        let mut rows = statement.query(params![item.0])?;
        match rows.next()? {
            Some(row) => write(db, &computed(row, cover_days)?)?,
            None => {
                db.prepare_cached("DELETE FROM item_state WHERE item_id = ?1")?.execute(params![item.0])?;
            }
        }
    }
    Ok(())
}

/// Brings the states of all items up to date.
pub fn refresh_all(db: &Db, cover_days: f64) -> Result<()> {
    db.execute("DELETE FROM item_state WHERE item_id NOT IN (SELECT id FROM item)", [])?;
    each_computed(db, cover_days, |state| write(db, &state))
}

/// Every item's state as it follows from the facts.
pub fn each_computed(db: &Db, cover_days: f64, mut take: impl FnMut(ItemState) -> Result<()>) -> Result<()> {
    let mut statement = db.prepare(&facts_of_all())?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(computed(row, cover_days)?)?;
    }
    Ok(())
}

/// The stored state of an item, if there is one. `lowest` is not stored and comes back as 0.
pub fn stored(db: &Db, item: ItemId) -> Result<Option<ItemState>> {
    let sql = format!(
        "SELECT i.sku, i.on_hand, i.sellable, i.allocated, i.open_demand, i.on_order, i.trouble, {}
         FROM item_state i WHERE i.item_id = ?1",
        QUARANTINED.replace("i.id", "i.item_id")
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![item.0])?;
    let Some(r) = rows.next()? else { return Ok(None) };
    let quantity = |i: usize| r.get(i).map(Qty::from_thousandths);
    Ok(Some(ItemState {
        item,
        sku: r.get(0)?,
        figures: Figures {
            on_hand: quantity(1)?,
            lowest: Qty::ZERO,
            sellable: quantity(2)?,
            quarantined: quantity(7)?,
            allocated: quantity(3)?,
            open_demand: quantity(4)?,
            on_order: quantity(5)?,
        },
        trouble: Trouble::from_number(r.get(6)?),
    }))
}
