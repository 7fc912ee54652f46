//! Rounds of picking: what lies ready, the places of a round, its rows, and what of it was shipped.

use super::cells::{MOMENT, moment};
use super::{Db, Failure, Result, Tx, cells};
use crate::domain::ids::{BinId, CustomerId, ItemId, LineId, PickId};
use crate::domain::picking::{self as rules, Kind, Lies, Place, Row};
use crate::domain::quantity::Qty;
use chrono::NaiveDateTime;
use rusqlite::{OptionalExtension, params, params_from_iter};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A round's own record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    pub id: PickId,
    pub started_at: NaiveDateTime,
    pub operator: String,
}

/// A round is open while it was not thrown away and something of it was not shipped.
const OPEN: &str = "NOT EXISTS (SELECT 1 FROM pick_scan d WHERE d.pick_id = p.id AND d.kind = 'drop')
  AND EXISTS (SELECT 1 FROM pick_place o WHERE o.pick_id = p.id AND NOT EXISTS (
    SELECT 1 FROM pick_shipment s WHERE s.pick_id = p.id AND s.line_id = o.line_id AND s.withdrawn_by IS NULL))";

/// The open rounds, newest first.
pub fn open(db: &Db) -> Result<Vec<Head>> {
    let sql = format!("SELECT id, started_at, operator FROM pick p WHERE {OPEN} ORDER BY id DESC LIMIT 100");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement
        .query_map([], |r| Ok(Head { id: PickId(r.get(0)?), started_at: moment(r, 1)?, operator: r.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether the round goes on.
pub fn is_open(db: &Db, pick: PickId) -> Result<bool> {
    let sql = format!("SELECT {OPEN} FROM pick p WHERE p.id = ?1");
    let found = db.prepare_cached(&sql)?.query_row([pick.0], |r| r.get(0)).optional()?;
    found.ok_or_else(|| Failure::usage(format!("There is no round of picking {}.", pick.0)))
}

/// A line whose goods lie here, reserved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ready {
    pub line: LineId,
    pub item: ItemId,
    pub order: String,
    pub reserved: Qty,
    /// All that is open of its order lies here.
    pub whole: bool,
}

/// The lines that may be picked: reserved, not held, in no open round; orders that were placed first at the top.
pub fn ready(db: &Db) -> Result<Vec<Ready>> {
    let sql = format!(
        "SELECT l.id, l.item_id, o.code, l.allocated,
           NOT EXISTS (SELECT 1 FROM order_line x WHERE x.order_id = o.id AND x.quantity > x.shipped + x.cancelled
                       AND x.allocated < x.quantity - x.shipped - x.cancelled)
         FROM order_line l JOIN customer_order o ON o.id = l.order_id
         WHERE l.quantity > l.shipped + l.cancelled AND l.allocated > 0 AND l.held_on IS NULL
           AND NOT EXISTS (SELECT 1 FROM pick_place a JOIN pick p ON p.id = a.pick_id WHERE a.line_id = l.id
             AND NOT EXISTS (SELECT 1 FROM pick_shipment s WHERE s.pick_id = p.id AND s.line_id = l.id AND s.withdrawn_by IS NULL)
             AND {OPEN})
         ORDER BY o.ordered_on, o.id, l.id"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], |r| {
        Ok(Ready {
            line: LineId(r.get(0)?),
            item: ItemId(r.get(1)?),
            order: r.get(2)?,
            reserved: cells::quantity(r, 3)?,
            whole: r.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What lies in storage of these items, in the order of the bins.
pub fn lies(db: &Db, items: &BTreeSet<ItemId>) -> Result<Vec<Lies>> {
    let sql = "SELECT v.bin_id, v.quantity, b.code FROM level v JOIN bin b ON b.id = v.bin_id
               WHERE v.item_id = ?1 AND v.quantity > 0 AND b.kind = 'storage'";
    let mut statement = db.prepare_cached(sql)?;
    let mut found: Vec<(String, Lies)> = Vec::new();
    for item in items {
        let rows = statement.query_map([item.0], |r| {
            Ok((r.get(2)?, Lies { bin: BinId(r.get(0)?), item: *item, quantity: cells::quantity(r, 1)?, aside: false }))
        })?;
        for row in rows {
            found.push(row?);
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found.into_iter().map(|(_, lies)| lies).collect())
}

/// What the rounds that go on will take, or took, of these items out of their bins: at most what each line has reserved,
/// as a line that lost its goods takes none.
pub fn claimed(db: &Db, items: &BTreeSet<ItemId>) -> Result<Vec<(ItemId, BinId, Qty)>> {
    let sql = "SELECT a.bin_id, a.line_id, a.quantity, l.allocated FROM order_line l CROSS JOIN pick_place a ON a.line_id = l.id
               WHERE l.item_id = ?1 AND a.item_id = ?1 AND l.quantity > l.shipped + l.cancelled AND l.allocated > 0
                 AND NOT EXISTS (SELECT 1 FROM pick_shipment s WHERE s.pick_id = a.pick_id AND s.line_id = a.line_id
                                 AND s.withdrawn_by IS NULL)
                 AND NOT EXISTS (SELECT 1 FROM pick_scan d WHERE d.pick_id = a.pick_id AND d.kind = 'drop')
               ORDER BY a.id";
    let mut statement = db.prepare_cached(sql)?;
    let mut out = Vec::new();
    for item in items {
        let mut left: HashMap<i64, Qty> = HashMap::new();
        let mut rows = statement.query([item.0])?;
        while let Some(r) = rows.next()? {
            let reserved = cells::quantity(r, 3)?;
            let left = left.entry(r.get(1)?).or_insert(reserved);
            let takes = cells::quantity(r, 2)?.min(*left);
            *left -= takes;
            out.push((*item, BinId(r.get(0)?), takes));
        }
    }
    Ok(out)
}

/// Begins a round; the same `uid` again answers the one that was begun.
pub fn begin(db: &Db, uid: Option<&str>, at: NaiveDateTime, operator: &str, places: &[Place]) -> Result<PickId> {
    let known = db.query_row("SELECT id FROM pick WHERE uid = ?1", [uid], |r| r.get(0)).optional()?;
    if let Some(id) = known {
        return Ok(PickId(id));
    }
    db.prepare_cached(
        "INSERT INTO pick (uid, started_at, business_date, operator) VALUES (coalesce(?1, lower(hex(randomblob(12)))), ?2, ?3, ?4)",
    )?
    .execute(params![uid, at.format(MOMENT).to_string(), at.date().to_string(), operator])?;
    let pick = PickId(db.last_insert_rowid());
    let mut statement = db.prepare_cached(
        "INSERT INTO pick_place (pick_id, bin_id, item_id, line_id, quantity) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for p in places {
        statement.execute(params![pick.0, p.bin.0, p.item.0, p.line.0, p.quantity.thousandths()])?;
    }
    Ok(pick)
}

/// A place with the names that the list needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    pub id: i64,
    pub bin: BinId,
    pub bin_code: String,
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub line: LineId,
    pub order: String,
    pub line_code: String,
    pub customer: CustomerId,
    pub customer_name: String,
    pub quantity: Qty,
    /// Reserved to the line now.
    pub reserved: Qty,
    /// The line's part of the round was shipped.
    pub shipped: bool,
}

/// The places of a round, in the order of the bins.
pub fn places(db: &Db, pick: PickId) -> Result<Vec<Named>> {
    let sql = "SELECT a.id, b.id, b.code, i.id, i.sku, i.name, l.id, o.code, l.line, c.id, c.name, a.quantity, l.allocated,
                 EXISTS (SELECT 1 FROM pick_shipment s WHERE s.pick_id = a.pick_id AND s.line_id = a.line_id AND s.withdrawn_by IS NULL)
               FROM pick_place a JOIN bin b ON b.id = a.bin_id JOIN item i ON i.id = a.item_id JOIN order_line l ON l.id = a.line_id
               JOIN customer_order o ON o.id = l.order_id JOIN customer c ON c.id = o.customer_id
               WHERE a.pick_id = ?1 ORDER BY b.code, i.sku, a.id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([pick.0], |r| {
        Ok(Named {
            id: r.get(0)?,
            bin: BinId(r.get(1)?),
            bin_code: r.get(2)?,
            item: ItemId(r.get(3)?),
            sku: r.get(4)?,
            name: r.get(5)?,
            line: LineId(r.get(6)?),
            order: r.get(7)?,
            line_code: r.get(8)?,
            customer: CustomerId(r.get(9)?),
            customer_name: r.get(10)?,
            quantity: cells::quantity(r, 11)?,
            reserved: cells::quantity(r, 12)?,
            shipped: r.get(13)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A row to be written.
#[derive(Clone, Debug)]
pub struct NewRow<'a> {
    pub uid: Option<&'a str>,
    pub pick: PickId,
    pub kind: Kind,
    pub place: Option<i64>,
    pub bin: Option<BinId>,
    pub quantity: Option<Qty>,
    pub takes_back: Option<i64>,
    pub typed: bool,
    pub at: NaiveDateTime,
    pub operator: &'a str,
}

/// Writes a row. Call it in a transaction that holds the write lock.
pub fn append(db: &Db, row: &NewRow) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO pick_scan (uid, pick_id, kind, place_id, bin_id, quantity, takes_back, typed, at, operator)
         VALUES (coalesce(?1, lower(hex(randomblob(12)))), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        row.uid,
        row.pick.0,
        row.kind.name(),
        row.place,
        row.bin.map(|b| b.0),
        row.quantity.map(Qty::thousandths),
        row.takes_back,
        row.typed,
        row.at.format(MOMENT).to_string(),
        row.operator,
    ])?;
    Ok(())
}

/// Whether a row was sent under this id before.
pub fn knows(db: &Db, uid: &str) -> Result<bool> {
    let mut statement = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM pick_scan WHERE uid = ?1)")?;
    Ok(statement.query_row([uid], |r| r.get(0))?)
}

/// Every row of a round, oldest first.
pub fn rows(db: &Db, pick: PickId) -> Result<Vec<Row>> {
    let mut statement = db.prepare_cached(
        "SELECT id, kind, place_id, bin_id, quantity, takes_back, operator FROM pick_scan WHERE pick_id = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([pick.0], |r| {
        Ok(Row {
            id: r.get(0)?,
            kind: Kind::named(r.get_ref(1)?.as_str().unwrap_or("")).unwrap_or(Kind::Bin), // the table's CHECK knows no other
            place: r.get(2)?,
            bin: r.get::<_, Option<i64>>(3)?.map(BinId),
            quantity: cells::maybe_quantity(r, 4)?,
            takes_back: r.get(5)?,
            operator: r.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The open rounds that have this line.
pub fn rounds_of(db: &Db, line: LineId) -> Result<Vec<PickId>> {
    let sql = format!(
        "SELECT DISTINCT p.id FROM pick_place a JOIN pick p ON p.id = a.pick_id WHERE a.line_id = ?1 AND {OPEN}
           AND NOT EXISTS (SELECT 1 FROM pick_shipment s WHERE s.pick_id = p.id AND s.line_id = ?1 AND s.withdrawn_by IS NULL)"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([line.0], |r| r.get(0).map(PickId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What was picked for each open line, of an item or of all, in rounds that go on, and was not shipped: who took it has it
/// in hand for that line.
pub fn picked_of(db: &Db, item: Option<ItemId>) -> Result<HashMap<LineId, Qty>> {
    // From the few lines that are open, so that the rounds of past years cost nothing. A line that was given another item
    // since has none of it.
    let sql = format!(
        "SELECT a.line_id, a.id, a.pick_id FROM order_line l CROSS JOIN pick_place a ON a.line_id = l.id
         WHERE {}l.item_id = a.item_id AND l.quantity > l.shipped + l.cancelled
           AND NOT EXISTS (SELECT 1 FROM pick_shipment s WHERE s.pick_id = a.pick_id AND s.line_id = a.line_id
                           AND s.withdrawn_by IS NULL)
           AND NOT EXISTS (SELECT 1 FROM pick_scan d WHERE d.pick_id = a.pick_id AND d.kind = 'drop')",
        if item.is_some() { "l.item_id = ?1 AND " } else { "" }
    );
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement
        .query_map(params_from_iter(item.map(|i| i.0)), |r| Ok((LineId(r.get(0)?), r.get(1)?, PickId(r.get(2)?))))?;
    let mut rounds: HashMap<i64, BTreeMap<i64, rules::Picked>> = HashMap::new();
    let mut out = HashMap::new();
    for place in found {
        let (line, place, pick): (LineId, i64, PickId) = place?;
        let round = match rounds.entry(pick.0) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(rules::picked(&rows(db, pick)?)),
        };
        if let Some(picked) = round.get(&place).filter(|p| p.quantity.is_positive()) {
            *out.entry(line).or_insert(Qty::ZERO) += picked.quantity;
        }
    }
    Ok(out)
}

/// Notes that the line's part of a round was shipped by this operation.
pub fn keep_shipment(tx: &mut Tx, pick: PickId, line: LineId) -> Result<()> {
    let operation = tx.operation().0;
    tx.insert("pick_shipment", &["pick_id", "line_id", "operation_id"], &[&pick.0, &line.0, &operation])?;
    Ok(())
}

/// What was picked of an item out of a bin and not shipped, in rounds that were not thrown away: the book has it in the bin
/// until it is shipped. `then`: the last movement and the last row of picking of the moment that is asked for; else now.
pub fn in_hand(db: &Db, bin: BinId, item: ItemId, then: Option<(i64, i64)>) -> Result<Qty> {
    // Operations are numbered as they move stock, so that the movement says which shipments were known.
    let (shipped, row) = match then {
        Some((movement, row)) => {
            let sql = "SELECT operation_id FROM movement WHERE id = ?1";
            (db.prepare_cached(sql)?.query_row([movement], |r| r.get(0)).optional()?.unwrap_or(0), row)
        }
        None => (i64::MAX, i64::MAX),
    };
    let sql = "SELECT a.id, a.pick_id FROM pick_place a WHERE a.bin_id = ?1 AND a.item_id = ?2
                 AND NOT EXISTS (SELECT 1 FROM pick_shipment s WHERE s.pick_id = a.pick_id AND s.line_id = a.line_id
                                 AND s.operation_id <= ?3 AND (s.withdrawn_by IS NULL OR s.withdrawn_by > ?3))
                 AND NOT EXISTS (SELECT 1 FROM pick_scan d WHERE d.pick_id = a.pick_id AND d.kind = 'drop' AND d.id <= ?4)";
    let mut statement = db.prepare_cached(sql)?;
    let found = statement.query_map([bin.0, item.0, shipped, row], |r| Ok((r.get(0)?, PickId(r.get(1)?))))?;
    let mut sum = Qty::ZERO;
    for place in found {
        let (place, pick): (i64, PickId) = place?;
        let known: Vec<Row> = rows(db, pick)?.into_iter().filter(|r| r.id <= row).collect();
        sum += rules::picked(&known).get(&place).map_or(Qty::ZERO, |p| p.quantity);
    }
    Ok(sum)
}
