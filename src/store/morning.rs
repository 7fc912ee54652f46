//! What the day begins and ends with: since when, what came in meanwhile, what is not done yet; which windows are open.

use super::{Db, Result, Store, cells};
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::{OptionalExtension, params};

/// So many of the newest operations are looked through for somebody's last one.
const LOOKED_THROUGH: i64 = 20_000;

/// An operation as the morning speaks of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Last {
    pub operation: i64,
    pub at: NaiveDateTime,
    pub summary: String,
    pub operator: String,
}

fn last(r: &rusqlite::Row) -> rusqlite::Result<Last> {
    Ok(Last { operation: r.get(0)?, at: cells::moment(r, 1)?, summary: r.get(2)?, operator: r.get(3)? })
}

/// The newest operation of that person before that day; of anybody where the person has none.
pub fn last_before(db: &Db, operator: &str, day: NaiveDate) -> Result<Option<Last>> {
    let sql = "SELECT id, at, summary, operator FROM (SELECT * FROM operation ORDER BY id DESC LIMIT ?1)
               WHERE at < ?2 AND (?3 = '' OR operator = ?3) ORDER BY id DESC LIMIT 1";
    let mut statement = db.prepare_cached(sql)?;
    let before = day.to_string();
    let mut find = |who: &str| statement.query_row(params![LOOKED_THROUGH, before, who], last).optional();
    Ok(match find(operator)? {
        Some(found) => Some(found),
        None => find("")?,
    })
}

/// The newest operation of all.
pub fn newest(db: &Db) -> Result<Option<Last>> {
    let sql = "SELECT id, at, summary, operator FROM operation ORDER BY id DESC LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([], last).optional()?)
}

/// How many operations were saved after a moment; of more than are looked through, so many.
pub fn operations_since(db: &Db, at: NaiveDateTime) -> Result<i64> {
    let sql = "SELECT count(*) FROM (SELECT at FROM operation ORDER BY id DESC LIMIT ?1) WHERE at > ?2";
    let at = at.format(cells::MOMENT).to_string();
    Ok(db.prepare_cached(sql)?.query_row(params![LOOKED_THROUGH, at], |r| r.get(0))?)
}

/// Whether a file was brought in after a moment and not after another.
pub fn imported_between(db: &Db, after: NaiveDateTime, upto: NaiveDateTime) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM (SELECT at, kind FROM operation ORDER BY id DESC LIMIT ?1)
                              WHERE kind = 'import' AND at > ?2 AND at <= ?3)";
    let [after, upto] = [after, upto].map(|at| at.format(cells::MOMENT).to_string());
    Ok(db.prepare_cached(sql)?.query_row(params![LOOKED_THROUGH, after, upto], |r| r.get(0))?)
}

/// When the first item came into the file; none: it holds none yet.
pub fn first_item_at(db: &Db) -> Result<Option<NaiveDateTime>> {
    let sql = "SELECT o.at FROM journal j JOIN operation o ON o.id = j.operation_id
               WHERE j.tbl = 'item' AND j.action = 'insert' ORDER BY j.id LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([], |r| cells::moment(r, 0)).optional()?)
}

/// What happened after an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Meanwhile {
    pub orders: i64,
    pub files: i64,
    /// Customers who said yes or no.
    pub answered: i64,
    /// Orders of which goods left.
    pub shipped: i64,
    /// PO lines on which goods came.
    pub received: i64,
}

/// Counts it.
pub fn meanwhile(db: &Db, after: i64) -> Result<Meanwhile> {
    let sql = "SELECT
      (SELECT coalesce(sum(row_to - row_id + 1), 0) FROM journal
         WHERE operation_id > ?1 AND tbl = 'customer_order' AND action = 'insert'),
      (SELECT count(*) FROM operation WHERE id > ?1 AND kind = 'import' AND reverses IS NULL),
      (SELECT count(DISTINCT o.customer_id) FROM journal j
         JOIN contact c ON c.id BETWEEN j.row_id AND j.row_to JOIN customer_order o ON o.id = c.order_id
         WHERE j.operation_id > ?1 AND j.tbl = 'contact' AND j.action = 'insert'
           AND c.answer IN ('consent', 'cancel') AND c.withdrawn_by IS NULL),
      (SELECT count(DISTINCT l.order_id) FROM journal j
         JOIN shipment s ON s.id BETWEEN j.row_id AND j.row_to JOIN order_line l ON l.id = s.line_id
         WHERE j.operation_id > ?1 AND j.tbl = 'shipment' AND j.action = 'insert' AND s.withdrawn_by IS NULL),
      (SELECT count(DISTINCT r.po_line_id) FROM journal j
         JOIN receipt r ON r.id BETWEEN j.row_id AND j.row_to
         WHERE j.operation_id > ?1 AND j.tbl = 'receipt' AND j.action = 'insert' AND r.withdrawn_by IS NULL)";
    Ok(db.prepare_cached(sql)?.query_row([after], |r| {
        Ok(Meanwhile {
            orders: r.get(0)?,
            files: r.get(1)?,
            answered: r.get(2)?,
            shipped: r.get(3)?,
            received: r.get(4)?,
        })
    })?)
}

/// The draft POs: made and not sent.
pub fn drafts(db: &Db) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached("SELECT code FROM purchase_order WHERE status = 'draft' ORDER BY id")?;
    let rows = statement.query_map([], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Talks by letter of that day: a letter is a file until somebody prints and posts it.
pub fn letters_of(db: &Db, day: NaiveDate) -> Result<i64> {
    let sql = "SELECT count(DISTINCT o.customer_id) FROM journal j JOIN operation p ON p.id = j.operation_id
                 JOIN contact c ON c.id BETWEEN j.row_id AND j.row_to JOIN customer_order o ON o.id = c.order_id
               WHERE j.operation_id > (SELECT coalesce(max(id), 0) FROM (SELECT * FROM operation ORDER BY id DESC LIMIT 20000)
                                       WHERE business_date < ?1)
                 AND j.tbl = 'contact' AND c.channel = 'letter' AND c.withdrawn_by IS NULL AND c.direction IS NOT 'in'";
    Ok(db.prepare_cached(sql)?.query_row([day.to_string()], |r| r.get(0))?)
}

/// A window that has the file open, or had when its program ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Window {
    pub station: String,
    pub operator: String,
    pub opened_at: NaiveDateTime,
}

/// All of them.
pub fn windows(db: &Db) -> Result<Vec<Window>> {
    let mut statement = db.prepare_cached("SELECT station, operator, opened_at FROM open_window ORDER BY opened_at")?;
    let rows = statement
        .query_map([], |r| Ok(Window { station: r.get(0)?, operator: r.get(1)?, opened_at: cells::moment(r, 2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// This window is open from now on, and those are forgotten.
pub fn open_window(store: &mut Store, window: &Window, gone: &[String]) -> Result<()> {
    let at = window.opened_at.format(cells::MOMENT).to_string();
    store.keep("opening a window", |db| {
        for station in gone {
            db.execute("DELETE FROM open_window WHERE station = ?1", [station])?;
        }
        db.execute(
            "INSERT INTO open_window (station, operator, opened_at) VALUES (?1, ?2, ?3)
               ON CONFLICT (station) DO UPDATE SET operator = ?2, opened_at = ?3",
            params![window.station, window.operator, at],
        )?;
        Ok(())
    })
}

/// This window was left.
pub fn close_window(store: &mut Store, station: &str) -> Result<()> {
    store.keep("closing a window", |db| {
        db.execute("DELETE FROM open_window WHERE station = ?1", [station])?;
        Ok(())
    })
}

/// A copy that the program made, or tried to make, by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SafeCopy {
    pub begun_at: NaiveDateTime,
    pub done_at: Option<NaiveDateTime>,
    pub second_at: Option<NaiveDateTime>,
    pub trouble: Option<String>,
    /// Where it lies.
    pub file: Option<String>,
}

fn safe_copy(r: &rusqlite::Row) -> rusqlite::Result<SafeCopy> {
    Ok(SafeCopy {
        begun_at: cells::moment(r, 0)?,
        done_at: cells::maybe_moment(r, 1)?,
        second_at: cells::maybe_moment(r, 2)?,
        trouble: r.get(3)?,
        file: r.get(4)?,
    })
}

const COPY: &str = "SELECT begun_at, done_at, second_at, trouble, file FROM safe_copy";

/// The copy of that day.
pub fn copy_of(db: &Db, day: NaiveDate) -> Result<Option<SafeCopy>> {
    let sql = format!("{COPY} WHERE day = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([day.to_string()], safe_copy).optional()?)
}

/// The newest day's copy: when it was made, of an older day where this day's failed, and what stood in its way.
pub fn newest_copy(db: &Db) -> Result<Option<SafeCopy>> {
    let mut statement = db.prepare_cached(&format!("{COPY} ORDER BY day DESC LIMIT 40"))?;
    let rows: Vec<SafeCopy> = statement.query_map([], safe_copy)?.collect::<rusqlite::Result<_>>()?;
    let trouble = rows.first().and_then(|c| c.trouble.clone());
    let made = rows.iter().find(|c| c.done_at.is_some()).or(rows.first()).cloned();
    Ok(made.map(|c| SafeCopy { trouble, ..c }))
}

/// When a copy last went to the second place.
pub fn second_copy(db: &Db) -> Result<Option<NaiveDateTime>> {
    let sql = "SELECT max(second_at) FROM safe_copy";
    Ok(db.prepare_cached(sql)?.query_row([], |r| cells::maybe_moment(r, 0))?)
}

/// A copy of that moment's day is being made.
pub fn begin_copy(db: &Db, now: NaiveDateTime) -> Result<()> {
    db.execute(
        "INSERT INTO safe_copy (day, begun_at) VALUES (?1, ?2)
           ON CONFLICT (day) DO UPDATE SET begun_at = ?2, trouble = NULL",
        params![now.date().to_string(), now.format(cells::MOMENT).to_string()],
    )?;
    Ok(())
}

/// What became of it.
pub fn finish_copy(
    db: &Db,
    now: NaiveDateTime,
    done: bool,
    file: Option<&str>,
    second: bool,
    trouble: Option<&str>,
) -> Result<()> {
    let at = now.format(cells::MOMENT).to_string();
    db.execute(
        "UPDATE safe_copy SET done_at = CASE WHEN ?3 THEN ?2 ELSE done_at END, file = coalesce(?4, file),
           second_at = CASE WHEN ?5 THEN ?2 ELSE second_at END, trouble = ?6 WHERE day = ?1",
        params![now.date().to_string(), at, done, file, second, trouble],
    )?;
    Ok(())
}

/// The day on which somebody was greeted last.
pub fn greeted(db: &Db, operator: &str) -> Result<Option<NaiveDate>> {
    let sql = "SELECT day FROM greeted WHERE operator = ?1";
    Ok(db.prepare_cached(sql)?.query_row([operator], |r| cells::date(r, 0)).optional()?)
}

/// Somebody is greeted today.
pub fn greet(store: &mut Store, operator: &str, day: NaiveDate) -> Result<()> {
    store.keep("greeting", |db| {
        db.execute(
            "INSERT INTO greeted (operator, day) VALUES (?1, ?2) ON CONFLICT (operator) DO UPDATE SET day = ?2",
            params![operator, day.to_string()],
        )?;
        Ok(())
    })
}
