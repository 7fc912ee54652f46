//! What somebody carries: the rows of his hands since he emptied them last.

use super::cells::{MOMENT, moment};
use super::{Act, Db, Result};
use crate::domain::ids::{BinId, ItemId};
use crate::domain::quantity::Qty;
use chrono::NaiveDateTime;
use rusqlite::params;

/// What a row says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    From(BinId),
    Name(ItemId),
    /// The next scan takes so many.
    Times(Qty),
    Take(ItemId, Qty),
    /// The hand was emptied into the bin: what stood before counts no more.
    Put(BinId),
    Back(i64),
}

/// A row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    pub id: i64,
    pub kind: Kind,
    pub at: NaiveDateTime,
}

/// The rows of this person since the hand was emptied last, oldest first, without those that were taken back.
pub fn rows(db: &Db, operator: &str) -> Result<Vec<Row>> {
    let mut statement = db.prepare_cached(
        "SELECT s.id, s.kind, s.bin_id, s.item_id, s.quantity, s.at FROM carry_scan s
         WHERE s.operator = ?1 AND s.kind IN ('from', 'name', 'take')
           AND s.id > coalesce((SELECT p.id FROM carry_scan p WHERE p.operator = ?1 AND p.kind = 'put'
                                ORDER BY p.id DESC LIMIT 1), 0)
           AND NOT EXISTS (SELECT 1 FROM carry_scan b WHERE b.takes_back = s.id)
         ORDER BY s.id",
    )?;
    let rows = statement.query_map([operator], |r| {
        let kind: String = r.get(1)?;
        let kind = match kind.as_str() {
            "from" => Kind::From(BinId(r.get(2)?)),
            "name" => match r.get::<_, Option<i64>>(3)? {
                Some(item) => Kind::Name(ItemId(item)),
                None => Kind::Times(Qty::from_thousandths(r.get(4)?)),
            },
            _ => Kind::Take(ItemId(r.get(3)?), Qty::from_thousandths(r.get(4)?)),
        };
        Ok(Row { id: r.get(0)?, kind, at: moment(r, 5)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Writes a row.
pub fn append(db: &Db, act: &Act, kind: Kind) -> Result<()> {
    let (word, bin, item, quantity, back) = match kind {
        Kind::From(bin) => ("from", Some(bin), None, None, None),
        Kind::Name(item) => ("name", None, Some(item), None, None),
        Kind::Times(n) => ("name", None, None, Some(n), None),
        Kind::Take(item, n) => ("take", None, Some(item), Some(n), None),
        Kind::Put(bin) => ("put", Some(bin), None, None, None),
        Kind::Back(row) => ("back", None, None, None, Some(row)),
    };
    let at = act.today.and_time(act.now.time()).format(MOMENT).to_string();
    db.prepare_cached(
        "INSERT INTO carry_scan (kind, bin_id, item_id, quantity, takes_back, at, operator)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        word,
        bin.map(|b| b.0),
        item.map(|i| i.0),
        quantity.map(Qty::thousandths),
        back,
        at,
        act.operator
    ])?;
    Ok(())
}
