//! Items, bins, levels and movements, as the operations of the floor need them.

use super::cells::MOMENT;
use super::{Db, Failure, Result, Tx, cells};
use crate::domain::ids::{BinId, ItemId};
use crate::domain::oversell::{Oversell, Policy};
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

/// What an operation says about an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    pub id: ItemId,
    pub sku: String,
    pub name: String,
    pub note: Option<String>,
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    pub home: Option<BinId>,
}

/// A bin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bin {
    pub id: BinId,
    pub code: String,
    pub kind: String,
}

/// What lies of an item in a bin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Level {
    pub bin: Bin,
    pub quantity: Qty,
}

/// The item of that number.
pub fn item(db: &Db, id: ItemId) -> Result<Item> {
    let mut statement = db.prepare_cached("SELECT sku, name, note, min, max, bin_id FROM item WHERE id = ?1")?;
    let found = statement.query_row(params![id.0], |r| {
        Ok(Item {
            id,
            sku: r.get(0)?,
            name: r.get(1)?,
            note: r.get(2)?,
            min: cells::maybe_quantity(r, 3)?,
            max: cells::maybe_quantity(r, 4)?,
            home: r.get::<_, Option<i64>>(5)?.map(BinId),
        })
    });
    found.optional()?.ok_or_else(|| Failure::refused("This item is no longer in the file. Read the list again (F5)."))
}

/// The bin of that number.
pub fn bin(db: &Db, id: BinId) -> Result<Bin> {
    let mut statement = db.prepare_cached("SELECT code, kind FROM bin WHERE id = ?1")?;
    let found = statement.query_row(params![id.0], |r| Ok(Bin { id, code: r.get(0)?, kind: r.get(1)? }));
    found.optional()?.ok_or_else(|| Failure::refused("This bin is no longer in the file. Read the list again (F5)."))
}

/// The bin of that code.
pub fn bin_by_code(db: &Db, code: &str) -> Result<Option<Bin>> {
    let mut statement = db.prepare_cached("SELECT id, code, kind FROM bin WHERE code = ?1")?;
    let found =
        statement.query_row(params![code], |r| Ok(Bin { id: BinId(r.get(0)?), code: r.get(1)?, kind: r.get(2)? }));
    Ok(found.optional()?)
}

/// Every bin, by code.
pub fn bins(db: &Db) -> Result<Vec<Bin>> {
    let mut statement = db.prepare_cached("SELECT id, code, kind FROM bin ORDER BY code")?;
    let rows = statement.query_map([], |r| Ok(Bin { id: BinId(r.get(0)?), code: r.get(1)?, kind: r.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The first bin of a kind, made under `code` where there is none.
pub fn bin_of_kind(tx: &mut Tx, kind: &str, code: &str) -> Result<BinId> {
    let found: Option<i64> = tx
        .prepare_cached("SELECT id FROM bin WHERE kind = ?1 ORDER BY code LIMIT 1")?
        .query_row(params![kind], |r| r.get(0))
        .optional()?;
    match found {
        Some(id) => Ok(BinId(id)),
        None => Ok(BinId(tx.insert("bin", &["code", "kind"], &[&code, &kind])?)),
    }
}

/// The first bin of a kind, by code.
pub fn first_of_kind(db: &Db, kind: &str) -> Result<Option<Bin>> {
    let mut statement = db.prepare_cached("SELECT id, code, kind FROM bin WHERE kind = ?1 ORDER BY code LIMIT 1")?;
    let found = statement.query_row([kind], |r| Ok(Bin { id: BinId(r.get(0)?), code: r.get(1)?, kind: r.get(2)? }));
    Ok(found.optional()?)
}

/// Where new goods of the item go: its home, else the storage bin that has most of it, else the first one. `not_in`: the
/// code of a bin in which goods only wait.
pub fn place_for(db: &Db, item: &Item, not_in: Option<&str>) -> Result<Option<Bin>> {
    if let Some(home) = item.home {
        return bin(db, home).map(Some);
    }
    let keeps = |bin: &Bin| bin.kind == "storage" && not_in.is_none_or(|code| !bin.code.eq_ignore_ascii_case(code));
    let here = levels(db, item.id)?.into_iter().filter(|l| keeps(&l.bin) && l.quantity.is_positive());
    match here.max_by_key(|l| l.quantity) {
        Some(level) => Ok(Some(level.bin)),
        None => Ok(bins(db)?.into_iter().find(keeps)),
    }
}

/// Makes a storage bin. The code must be new.
pub fn add_bin(tx: &mut Tx, code: &str, kind: &str) -> Result<BinId> {
    Ok(BinId(tx.insert("bin", &["code", "kind"], &[&code, &kind])?))
}

/// What lies of the item in the bin.
pub fn level(db: &Db, item: ItemId, bin: BinId) -> Result<Qty> {
    let mut statement = db.prepare_cached("SELECT quantity FROM level WHERE item_id = ?1 AND bin_id = ?2")?;
    let found = statement.query_row(params![item.0, bin.0], |r| cells::quantity(r, 0)).optional()?;
    Ok(found.unwrap_or(Qty::ZERO))
}

/// Where the item lies, in bin order; empty bins are left out.
pub fn levels(db: &Db, item: ItemId) -> Result<Vec<Level>> {
    let mut statement = db.prepare_cached(
        "SELECT b.id, b.code, b.kind, v.quantity FROM level v JOIN bin b ON b.id = v.bin_id
         WHERE v.item_id = ?1 AND v.quantity <> 0 ORDER BY b.code",
    )?;
    let rows = statement.query_map(params![item.0], |r| {
        Ok(Level {
            bin: Bin { id: BinId(r.get(0)?), code: r.get(1)?, kind: r.get(2)? },
            quantity: cells::quantity(r, 3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A movement to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moving<'a> {
    pub item: ItemId,
    pub bin: BinId,
    /// Not zero.
    pub quantity: Qty,
    pub reason: &'a str,
    pub reference: Option<&'a str>,
    pub note: Option<&'a str>,
}

/// Moves stock: on the business date, at the time of the clock.
pub fn move_stock(tx: &mut Tx, moving: &Moving) -> Result<()> {
    let at = moment(tx);
    let (operator, operation) = (tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "movement",
        &["at", "item_id", "bin_id", "quantity", "reason", "reference", "note", "operator", "operation_id"],
        &[
            &at,
            &moving.item.0,
            &moving.bin.0,
            &moving.quantity.thousandths(),
            &moving.reason,
            &moving.reference,
            &moving.note,
            &operator,
            &operation,
        ],
    )?;
    tx.touch(moving.item);
    Ok(())
}

/// The moment that rows of this operation bear: the business date, at the time of the clock.
pub fn moment(tx: &Tx) -> String {
    let act = tx.act();
    act.today.and_time(act.now.time()).format(MOMENT).to_string()
}

/// What usually moves of the item at once: the median size of its last fifty movements; `None` without any.
pub fn usual(db: &Db, item: ItemId) -> Result<Option<Qty>> {
    let mut statement = db.prepare_cached(
        "SELECT abs(quantity) FROM movement WHERE item_id = ?1 AND reason NOT IN ('opening', 'count') ORDER BY at DESC LIMIT 50",
    )?;
    let rows = statement.query_map(params![item.0], |r| cells::quantity(r, 0))?;
    let mut sizes: Vec<Qty> = rows.collect::<rusqlite::Result<_>>()?;
    sizes.sort();
    Ok(sizes.get(sizes.len() / 2).copied())
}

/// Keeps a count of a bin, also one without a difference: it is the proof that somebody looked.
pub fn keep_count(
    tx: &mut Tx,
    item: ItemId,
    bin: BinId,
    at: &str,
    book: Qty,
    counted: Qty,
    note: Option<&str>,
) -> Result<()> {
    tx.touch(item);
    let (operator, operation) = (tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "count_entry",
        &["item_id", "bin_id", "counted_at", "book", "counted", "operator", "note", "operation_id"],
        &[&item.0, &bin.0, &at, &book.thousandths(), &counted.thousandths(), &operator, &note, &operation],
    )?;
    Ok(())
}

/// Writes what may be edited of an item (not its SKU).
pub fn write_item(tx: &mut Tx, item: &Item) -> Result<()> {
    use rusqlite::types::Value;
    let number = |n: Option<i64>| n.map_or(Value::Null, Value::Integer);
    tx.update(
        "item",
        item.id.0,
        &[
            ("name", Value::Text(item.name.clone())),
            ("note", item.note.clone().map_or(Value::Null, Value::Text)),
            ("min", number(item.min.map(Qty::thousandths))),
            ("max", number(item.max.map(Qty::thousandths))),
            ("bin_id", number(item.home.map(|b| b.0))),
        ],
    )?;
    Ok(())
}

/// Writes who may wait for an item, up to how many, and from when it is there.
pub fn write_oversell(tx: &mut Tx, item: ItemId, oversell: Oversell, available_on: Option<NaiveDate>) -> Result<()> {
    use rusqlite::types::Value;
    let now: Option<String> = tx.query_row("SELECT backorders FROM item WHERE id = ?1", [item.0], |r| r.get(0))?;
    // What a file left blank means the same as `allow` and stays blank.
    let policy = if now.is_none() && oversell.policy == Policy::Allow {
        Value::Null
    } else {
        Value::Text(oversell.policy.name().into())
    };
    tx.update(
        "item",
        item.0,
        &[
            ("backorders", policy),
            ("backorder_limit", oversell.limit.map_or(Value::Null, |q| Value::Integer(q.thousandths()))),
            ("available_on", available_on.map_or(Value::Null, |d| Value::Text(d.to_string()))),
        ],
    )?;
    Ok(())
}
