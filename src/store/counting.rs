//! Count sessions: their rows, and the facts that a count is compared with.

mod asking;
pub mod scoping;

pub use asking::*;

use super::cells::{MOMENT, moment};
use super::{Db, Failure, Result, Tx, cells};
use crate::domain::counting::folding::{Kind, Known, Scan};
use crate::domain::ids::{BinId, ItemId, SessionId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDateTime;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::HashMap;

/// A session's own record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    pub id: SessionId,
    pub name: String,
    pub whole_bins: bool,
    pub started_at: NaiveDateTime,
    pub operator: String,
}

fn session_row(r: &Row) -> rusqlite::Result<Session> {
    Ok(Session {
        id: SessionId(r.get(0)?),
        name: r.get(1)?,
        whole_bins: r.get(2)?,
        started_at: moment(r, 3)?,
        operator: r.get(4)?,
    })
}

/// The session of that number.
pub fn session(db: &Db, id: SessionId) -> Result<Session> {
    let mut statement =
        db.prepare_cached("SELECT id, name, whole_bins, started_at, operator FROM count_session WHERE id = ?1")?;
    let found = statement.query_row([id.0], session_row).optional()?;
    found.ok_or_else(|| Failure::usage(format!("There is no count session {}.", id.0)))
}

const CLOSED: &str =
    "(EXISTS (SELECT 1 FROM count_posting p WHERE p.session_id = s.id AND p.closes = 1 AND p.withdrawn_by IS NULL)
   OR EXISTS (SELECT 1 FROM count_scan d WHERE d.session_id = s.id AND d.kind = 'drop'))";

/// The sessions that are neither posted nor thrown away, newest first.
pub fn open_sessions(db: &Db) -> Result<Vec<Session>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT id, name, whole_bins, started_at, operator FROM count_session s WHERE NOT {CLOSED} ORDER BY id DESC LIMIT 100"
    ))?;
    let rows = statement.query_map([], session_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether the session was posted or thrown away.
pub fn is_closed(db: &Db, id: SessionId) -> Result<bool> {
    let mut statement = db.prepare_cached(&format!("SELECT {CLOSED} FROM count_session s WHERE s.id = ?1"))?;
    Ok(statement.query_row([id.0], |r| r.get(0))?)
}

/// A place that a session is to look at; without an item: all that lies in the bin.
pub type Place = (BinId, Option<ItemId>);

/// Begins a session; the same `uid` again answers the one that was begun.
pub fn begin(db: &Db, uid: Option<&str>, session: &Session, places: &[Place]) -> Result<SessionId> {
    let known = db.query_row("SELECT id FROM count_session WHERE uid = ?1", [uid], |r| r.get(0)).optional()?;
    if let Some(id) = known {
        return Ok(SessionId(id));
    }
    let at = session.started_at.format(MOMENT).to_string();
    db.prepare_cached("INSERT INTO count_session (uid, name, whole_bins, started_at, business_date, operator) VALUES (coalesce(?1, lower(hex(randomblob(12)))),?2,?3,?4,?5,?6)")?
        .execute(params![uid, session.name, session.whole_bins, at, session.started_at.date().to_string(), session.operator])?;
    let id = db.last_insert_rowid();
    let mut statement =
        db.prepare_cached("INSERT OR IGNORE INTO count_place (session_id, bin_id, item_id) VALUES (?1, ?2, ?3)")?;
    for (bin, item) in places {
        statement.execute(params![id, bin.0, item.map(|i| i.0)])?;
    }
    Ok(SessionId(id))
}

/// What the session is to look at, in the order of the bins' codes.
pub fn places(db: &Db, id: SessionId) -> Result<Vec<Place>> {
    let mut statement = db.prepare_cached(
        "SELECT p.bin_id, p.item_id FROM count_place p JOIN bin b ON b.id = p.bin_id WHERE p.session_id = ?1 ORDER BY b.code, p.id",
    )?;
    let rows = statement.query_map([id.0], |r| Ok((BinId(r.get(0)?), r.get::<_, Option<i64>>(1)?.map(ItemId))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A row to be written. What is not given is not said.
#[derive(Clone, Debug)]
pub struct NewScan<'a> {
    pub uid: Option<&'a str>,
    pub session: SessionId,
    /// `None` with [`Kind::Bin`]: the row opens a visit of its own.
    pub visit: Option<i64>,
    pub kind: Kind,
    pub bin: Option<BinId>,
    pub item: Option<ItemId>,
    pub code: Option<&'a str>,
    pub quantity: Option<Qty>,
    pub total: Option<Qty>,
    pub takes_back: Option<i64>,
    pub typed: bool,
    pub at: NaiveDateTime,
    pub operator: &'a str,
    pub note: Option<&'a str>,
}

/// Writes a row and answers its number. Call it in a transaction that holds the write lock.
pub fn append(db: &Db, scan: &NewScan) -> Result<i64> {
    let id: i64 = db.prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM count_scan")?.query_row([], |r| r.get(0))?;
    let visit = if scan.kind == Kind::Bin { Some(scan.visit.unwrap_or(id)) } else { scan.visit };
    db.prepare_cached(
        "INSERT INTO count_scan (id, uid, session_id, visit, kind, bin_id, item_id, code, quantity, total, takes_back, typed,
                                 after_movement, after_pick, at, operator, note)
         VALUES (?1, coalesce(?2, lower(hex(randomblob(12)))), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
                 (SELECT coalesce(max(id), 0) FROM movement), (SELECT coalesce(max(id), 0) FROM pick_scan), ?13, ?14, ?15)",
    )?
    .execute(params![
        id,
        scan.uid,
        scan.session.0,
        visit,
        scan.kind.name(),
        scan.bin.map(|b| b.0),
        scan.item.map(|i| i.0),
        scan.code,
        scan.quantity.map(Qty::thousandths),
        scan.total.map(Qty::thousandths),
        scan.takes_back,
        scan.typed,
        scan.at.format(MOMENT).to_string(),
        scan.operator,
        scan.note,
    ])?;
    Ok(id)
}

const SCAN: &str = "SELECT id, visit, kind, bin_id, item_id, code, quantity, total, takes_back, typed, after_movement, after_pick, at, operator FROM count_scan";

fn scan(r: &Row) -> rusqlite::Result<Scan> {
    Ok(Scan {
        id: r.get(0)?,
        visit: r.get(1)?,
        kind: Kind::named(r.get_ref(2)?.as_str().unwrap_or("")).unwrap_or(Kind::Name), // the table's CHECK knows no other
        bin: r.get::<_, Option<i64>>(3)?.map(BinId),
        item: r.get::<_, Option<i64>>(4)?.map(ItemId),
        code: r.get(5)?,
        quantity: cells::maybe_quantity(r, 6)?,
        total: cells::maybe_quantity(r, 7)?,
        takes_back: r.get(8)?,
        typed: r.get(9)?,
        known: Known { movement: r.get(10)?, pick: r.get(11)? },
        at: moment(r, 12)?,
        operator: r.get(13)?,
    })
}

/// The row that was sent under this id.
pub fn by_uid(db: &Db, uid: &str) -> Result<Option<Scan>> {
    Ok(db.prepare_cached(&format!("{SCAN} WHERE uid = ?1"))?.query_row([uid], scan).optional()?)
}

/// The newest posted count and how many were withdrawn: another pair after every posting and every undo of one.
pub fn last_entry(db: &Db) -> Result<(i64, i64)> {
    let sql = "SELECT coalesce(max(id), 0), count(withdrawn_by) FROM count_entry";
    Ok(db.prepare_cached(sql)?.query_row([], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// Every session there ever was.
pub fn every_session(db: &Db) -> Result<Vec<SessionId>> {
    let mut statement = db.prepare_cached("SELECT id FROM count_session ORDER BY id")?;
    let rows = statement.query_map([], |r| r.get(0).map(SessionId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every row of a session, oldest first.
pub fn rows(db: &Db, session: SessionId) -> Result<Vec<Scan>> {
    let mut statement = db.prepare_cached(&format!("{SCAN} WHERE session_id = ?1 ORDER BY id"))?;
    let rows = statement.query_map([session.0], scan)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every row of a visit, oldest first.
pub fn rows_of_visit(db: &Db, visit: i64) -> Result<Vec<Scan>> {
    let mut statement = db.prepare_cached(&format!("{SCAN} WHERE visit = ?1 ORDER BY id"))?;
    let rows = statement.query_map([visit], scan)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What the visit has of an item; `None`: not counted.
pub fn total(db: &Db, visit: i64, item: ItemId) -> Result<Option<Qty>> {
    let mut statement =
        db.prepare_cached("SELECT total FROM count_scan WHERE visit = ?1 AND item_id = ?2 ORDER BY id DESC LIMIT 1")?;
    let found = statement.query_row([visit, item.0], |r| cells::maybe_quantity(r, 0)).optional()?;
    Ok(found.flatten())
}

/// The last row of a visit that still counts.
pub fn last_standing(db: &Db, visit: i64) -> Result<Option<Scan>> {
    let mut statement = db.prepare_cached(&format!(
        "{SCAN} s WHERE visit = ?1 AND kind <> 'back' AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = s.id)
         ORDER BY id DESC LIMIT 1"
    ))?;
    Ok(statement.query_row([visit], scan).optional()?)
}

/// The last row of a visit that still counts and says more than how many the next scan is.
pub fn last_said(db: &Db, visit: i64) -> Result<Option<Scan>> {
    let mut statement = db.prepare_cached(&format!(
        "{SCAN} s WHERE visit = ?1 AND kind <> 'back' AND NOT (kind = 'name' AND item_id IS NULL)
           AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = s.id)
         ORDER BY id DESC LIMIT 1"
    ))?;
    Ok(statement.query_row([visit], scan).optional()?)
}

/// The visits of a person in a session, newest first: visit, bin.
pub fn visits_of(db: &Db, session: SessionId, operator: &str) -> Result<Vec<(i64, BinId)>> {
    let mut statement = db.prepare_cached(
        "SELECT visit, bin_id, max(id) FROM count_scan s WHERE session_id = ?1 AND kind = 'bin' AND operator = ?2
           AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = s.visit)
         GROUP BY visit, bin_id ORDER BY 3 DESC",
    )?;
    let rows = statement.query_map(params![session.0, operator], |r| Ok((r.get(0)?, BinId(r.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether the visit is done: no row after the last one that still says so.
pub fn is_done(db: &Db, visit: i64) -> Result<bool> {
    Ok(last_standing(db, visit)?.is_some_and(|s| s.kind == Kind::Done))
}

/// Whether anything that was counted or kept aside in the visit still counts.
pub fn has_figures(db: &Db, visit: i64) -> Result<bool> {
    let mut statement = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM count_scan s WHERE visit = ?1 AND kind IN ('item','set','attach','unknown','empty')
           AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = s.id))",
    )?;
    Ok(statement.query_row([visit], |r| r.get(0))?)
}

/// Whether the visit was done when the session, or what of it was ready, was posted; also where that was taken back.
pub fn was_posted(db: &Db, session: SessionId, visit: i64) -> Result<bool> {
    let mut statement = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM count_posting p JOIN count_scan d ON d.visit = ?2 AND d.kind = 'done' AND d.id <= p.last_scan
           WHERE p.session_id = ?1 AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = d.id))",
    )?;
    Ok(statement.query_row([session.0, visit], |r| r.get(0))?)
}

/// Whether something in the bin is to be counted again since that row.
pub fn asked_again_since(db: &Db, session: SessionId, bin: BinId, row: i64) -> Result<bool> {
    let mut statement = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM count_scan WHERE session_id = ?1 AND kind = 'again' AND bin_id = ?2 AND id > ?3)",
    )?;
    Ok(statement.query_row([session.0, bin.0, row], |r| r.get(0))?)
}

/// Whether somebody else was done with the bin since that row.
pub fn done_by_another_since(db: &Db, session: SessionId, bin: BinId, operator: &str, row: i64) -> Result<bool> {
    let mut statement = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM count_scan WHERE session_id = ?1 AND kind = 'done' AND bin_id = ?2
           AND operator <> ?3 AND id > ?4)",
    )?;
    Ok(statement.query_row(params![session.0, bin.0, operator, row], |r| r.get(0))?)
}

/// The last rows of an item in a visit, newest first.
pub fn last_rows_of(db: &Db, visit: i64, item: ItemId, limit: i64) -> Result<Vec<Scan>> {
    let mut statement =
        db.prepare_cached(&format!("{SCAN} WHERE visit = ?1 AND item_id = ?2 ORDER BY id DESC LIMIT ?3"))?;
    let rows = statement.query_map(params![visit, item.0, limit], scan)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The last row of each item of a visit, and every code that it kept aside and that nobody named since; newest first.
pub fn last_of_each(db: &Db, visit: i64) -> Result<Vec<Scan>> {
    let mut statement = db.prepare_cached(&format!(
        "{SCAN} WHERE id IN (SELECT max(id) FROM count_scan WHERE visit = ?1 AND item_id IS NOT NULL GROUP BY item_id)
         UNION ALL {SCAN} s WHERE visit = ?1 AND item_id IS NULL AND kind = 'unknown'
           AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = s.id)
           AND NOT EXISTS (SELECT 1 FROM count_scan a WHERE a.session_id = s.session_id AND a.kind = 'attach' AND a.visit = ?1
                           AND a.code = s.code AND a.id > s.id
                           AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = a.id))
         ORDER BY 1 DESC"
    ))?;
    let rows = statement.query_map([visit], scan)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The bins that somebody finished in the session.
pub fn finished_bins(db: &Db, session: SessionId) -> Result<Vec<BinId>> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT bin_id FROM count_scan d WHERE session_id = ?1 AND kind = 'done'
           AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = d.id)
           AND NOT EXISTS (SELECT 1 FROM count_scan r WHERE r.session_id = ?1 AND r.kind = 'bin' AND r.visit = d.visit AND r.id > d.id)",
    )?;
    let rows = statement.query_map([session.0], |r| r.get(0).map(BinId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A bin that somebody finished.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finished {
    pub at: NaiveDateTime,
    pub bin: String,
    pub operator: String,
    /// How many items were counted in it.
    pub items: usize,
}

/// The visits of a session that are finished, the last one first.
pub fn finished(db: &Db, session: SessionId, limit: i64) -> Result<Vec<Finished>> {
    let mut statement = db.prepare_cached(
        "SELECT d.at, b.code, d.operator,
                (SELECT count(*) FROM count_scan i WHERE i.visit = d.visit AND i.total IS NOT NULL
                   AND i.id IN (SELECT max(m.id) FROM count_scan m WHERE m.visit = d.visit AND m.item_id IS NOT NULL GROUP BY m.item_id))
         FROM count_scan d JOIN bin b ON b.id = d.bin_id WHERE d.session_id = ?1 AND d.kind = 'done'
           AND NOT EXISTS (SELECT 1 FROM count_scan t WHERE t.takes_back = d.id)
           AND NOT EXISTS (SELECT 1 FROM count_scan r WHERE r.session_id = ?1 AND r.kind IN ('bin', 'done') AND r.visit = d.visit AND r.id > d.id)
         ORDER BY d.id DESC LIMIT ?2",
    )?;
    let rows = statement.query_map([session.0, limit], |r| {
        Ok(Finished { at: moment(r, 0)?, bin: r.get(1)?, operator: r.get(2)?, items: r.get::<_, i64>(3)? as usize })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Bins and items that the review wants counted again and that nobody counted since, in the order of the bins.
pub fn asked_places(db: &Db, session: SessionId) -> Result<Vec<(BinId, ItemId)>> {
    let mut statement = db.prepare_cached(
        "SELECT a.bin_id, a.item_id FROM count_scan a JOIN bin b ON b.id = a.bin_id
         WHERE a.session_id = ?1 AND a.kind = 'again'
           AND NOT EXISTS (SELECT 1 FROM count_scan d WHERE d.session_id = ?1 AND d.kind = 'done' AND d.bin_id = a.bin_id AND d.id > a.id)
         GROUP BY a.bin_id, a.item_id ORDER BY b.code",
    )?;
    let rows = statement.query_map([session.0], |r| Ok((BinId(r.get(0)?), ItemId(r.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Rows of a code that a visit kept aside and nobody named since; how much they add up to.
pub fn kept_aside(db: &Db, visit: i64, code: &str) -> Result<Qty> {
    let mut statement = db.prepare_cached(
        "SELECT coalesce(sum(quantity), 0) FROM count_scan s WHERE visit = ?1 AND kind = 'unknown' AND code = ?2
           AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = s.id)
           AND NOT EXISTS (SELECT 1 FROM count_scan a WHERE a.visit = ?1 AND a.kind = 'attach' AND a.code = ?2 AND a.id > s.id
                           AND NOT EXISTS (SELECT 1 FROM count_scan b WHERE b.takes_back = a.id))",
    )?;
    Ok(statement.query_row(params![visit, code], |r| cells::quantity(r, 0))?)
}

/// What a line of a count says about its item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thing {
    pub id: ItemId,
    pub sku: String,
    pub name: String,
    pub unit: Option<String>,
    pub category: Option<String>,
    pub cost: Option<Money>,
}

/// The item of that number; `None` where an undone import took it away.
pub fn thing(db: &Db, item: ItemId) -> Result<Option<Thing>> {
    let mut statement = db.prepare_cached("SELECT id, sku, name, unit, category, cost FROM item WHERE id = ?1")?;
    let found = statement.query_row([item.0], |r| {
        Ok(Thing {
            id: ItemId(r.get(0)?),
            sku: r.get(1)?,
            name: r.get(2)?,
            unit: r.get(3)?,
            category: r.get(4)?,
            cost: cells::maybe_money(r, 5)?,
        })
    });
    Ok(found.optional()?)
}

/// What the book says lies in a bin.
pub fn book_of_bin(db: &Db, bin: BinId) -> Result<Vec<(ItemId, Qty)>> {
    let mut statement = db.prepare_cached("SELECT item_id, quantity FROM level WHERE bin_id = ?1")?;
    let rows = statement.query_map([bin.0], |r| Ok((ItemId(r.get(0)?), cells::quantity(r, 1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The last difference that a count found of an item in a bin.
pub fn last_difference(db: &Db, item: ItemId, bin: BinId) -> Result<Option<(chrono::NaiveDate, Qty)>> {
    let mut statement = db.prepare_cached(
        "SELECT substr(counted_at, 1, 10), counted - book FROM count_entry WHERE item_id = ?1 AND bin_id = ?2
           AND withdrawn_by IS NULL AND counted <> book ORDER BY counted_at DESC, id DESC LIMIT 1",
    )?;
    let found = statement.query_row([item.0, bin.0], |r| Ok((cells::date(r, 0)?, cells::quantity(r, 1)?)));
    Ok(found.optional()?)
}

/// A movement that came after a count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Since {
    pub id: i64,
    pub item: ItemId,
    pub bin: BinId,
    pub quantity: Qty,
    pub at: NaiveDateTime,
    pub reason: String,
    pub reference: Option<String>,
    pub operator: String,
}

/// Every movement after that one, oldest first.
pub fn moved_after(db: &Db, movement: i64) -> Result<Vec<Since>> {
    let mut statement = db.prepare_cached(
        "SELECT id, item_id, bin_id, quantity, at, reason, reference, operator FROM movement WHERE id > ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([movement], |r| {
        Ok(Since {
            id: r.get(0)?,
            item: ItemId(r.get(1)?),
            bin: BinId(r.get(2)?),
            quantity: cells::quantity(r, 3)?,
            at: moment(r, 4)?,
            reason: r.get(5)?,
            reference: r.get(6)?,
            operator: r.get(7)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What of the session was posted and stands: the last row that the posting knew, for each bin and item.
pub fn posted(db: &Db, session: SessionId) -> Result<HashMap<(BinId, ItemId), i64>> {
    let mut statement = db.prepare_cached(
        "SELECT e.bin_id, e.item_id, max(p.last_scan) FROM count_entry e
         JOIN count_posting p ON p.operation_id = e.operation_id AND p.session_id = e.session_id
         WHERE e.session_id = ?1 AND e.withdrawn_by IS NULL AND p.withdrawn_by IS NULL GROUP BY e.bin_id, e.item_id",
    )?;
    let rows = statement.query_map([session.0], |r| Ok(((BinId(r.get(0)?), ItemId(r.get(1)?)), r.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Who posted of the session last, and when; what was taken back does not count.
pub fn last_posting(db: &Db, session: SessionId) -> Result<Option<(String, NaiveDateTime)>> {
    let mut statement = db.prepare_cached(
        "SELECT o.operator, o.at FROM count_posting p JOIN operation o ON o.id = p.operation_id
         WHERE p.session_id = ?1 AND p.withdrawn_by IS NULL ORDER BY o.id DESC LIMIT 1",
    )?;
    Ok(statement.query_row([session.0], |r| Ok((r.get(0)?, moment(r, 1)?))).optional()?)
}

/// A posted count that stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posted {
    pub item: ItemId,
    pub bin: String,
    pub operator: String,
    pub book: Qty,
    pub counted: Qty,
}

/// Every posted count that stands, since that day.
pub fn posted_counts(db: &Db, since: chrono::NaiveDate) -> Result<Vec<Posted>> {
    let mut statement = db.prepare_cached(
        "SELECT e.item_id, b.code, e.operator, e.book, e.counted FROM count_entry e JOIN bin b ON b.id = e.bin_id
         WHERE e.withdrawn_by IS NULL AND e.counted_at >= ?1",
    )?;
    let rows = statement.query_map([since.to_string()], |r| {
        Ok(Posted {
            item: ItemId(r.get(0)?),
            bin: r.get(1)?,
            operator: r.get(2)?,
            book: cells::quantity(r, 3)?,
            counted: cells::quantity(r, 4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes that the session, or what of it was ready, was posted by this operation.
pub fn keep_posting(tx: &mut Tx, session: SessionId, last_scan: i64, closes: bool) -> Result<()> {
    let operation = tx.operation().0;
    tx.insert(
        "count_posting",
        &["session_id", "last_scan", "closes", "operation_id"],
        &[&session.0, &last_scan, &closes, &operation],
    )?;
    Ok(())
}

/// A counted line to be posted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry<'a> {
    pub session: SessionId,
    pub item: ItemId,
    pub bin: BinId,
    pub at: NaiveDateTime,
    pub book: Qty,
    pub counted: Qty,
    /// Who counted.
    pub operator: &'a str,
}

/// Keeps a posted line: also one without a difference is the proof that somebody looked.
pub fn keep_entry(tx: &mut Tx, entry: &Entry) -> Result<()> {
    tx.touch(entry.item);
    let operation = tx.operation().0;
    let at = entry.at.format(MOMENT).to_string();
    tx.insert(
        "count_entry",
        &["item_id", "bin_id", "counted_at", "book", "counted", "operator", "operation_id", "session_id"],
        &[
            &entry.item.0,
            &entry.bin.0,
            &at,
            &entry.book.thousandths(),
            &entry.counted.thousandths(),
            &entry.operator,
            &operation,
            &entry.session.0,
        ],
    )?;
    Ok(())
}
