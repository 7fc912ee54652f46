//! Who has which record open just now. No part of the books: no operation, no journal, nothing to take back.

use super::{Db, Result, Store, cells};
use crate::domain::people::Matter;
use chrono::NaiveDateTime;
use rusqlite::params;
use std::time::Duration;

/// A record open in another window.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Present {
    /// Computer and process.
    pub station: String,
    pub operator: String,
    pub since: NaiveDateTime,
}

/// Says that this window has the record open since now, or none any more. Where another program writes just then it
/// is left out: nobody waits for it.
pub fn note(
    store: &mut Store,
    station: &str,
    operator: &str,
    matter: Option<Matter>,
    now: NaiveDateTime,
) -> Result<()> {
    store.conn.busy_timeout(Duration::ZERO)?;
    let kept = store.keep("who is where", |db| {
        match matter.map(Matter::key) {
            Some((kind, record)) => db
                .prepare_cached(
                    "INSERT INTO presence (station, kind, record_id, operator, since) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (station) DO UPDATE SET kind = ?2, record_id = ?3, operator = ?4, since = ?5",
                )?
                .execute(params![station, kind, record, operator, now.format(cells::MOMENT).to_string()])?,
            None => db.prepare_cached("DELETE FROM presence WHERE station = ?1")?.execute([station])?,
        };
        Ok(())
    });
    store.conn.busy_timeout(super::open::PATIENCE)?;
    kept
}

/// Forgets windows that are gone.
pub fn forget(store: &mut Store, stations: &[String]) -> Result<()> {
    stations.iter().try_for_each(|station| note(store, station, "", None, NaiveDateTime::default()))
}

/// The other windows that have the record open, the one that was first on top.
pub fn others(db: &Db, station: &str, matter: Matter) -> Result<Vec<Present>> {
    let sql = "SELECT station, operator, since FROM presence
               WHERE kind = ?1 AND record_id = ?2 AND station <> ?3 ORDER BY since";
    let (kind, record) = matter.key();
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![kind, record, station], |r| {
        Ok(Present { station: r.get(0)?, operator: r.get(1)?, since: cells::moment(r, 2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The last operation, the last attempt to send and the state of the plans; and who is where. Of a file that another
/// program changed this tells whether only the latter did.
pub fn mark(db: &Db) -> Result<(String, String)> {
    let sql =
        "SELECT (SELECT coalesce(max(id), 0) FROM operation) || ' ' || (SELECT coalesce(max(id), 0) FROM mail_attempt)
                      || ' ' || (SELECT coalesce(max(planned_on || ' ' || known_operation), '') FROM plan_basis),
                      (SELECT coalesce(group_concat(station || kind || record_id || since), '') FROM presence)
                      || (SELECT coalesce(group_concat(station || opened_at), '') FROM open_window)
                      || (SELECT coalesce(group_concat(day || begun_at || coalesce(done_at, '')), '') FROM safe_copy)
                      || (SELECT coalesce(group_concat(operator || day), '') FROM greeted)";
    Ok(db.prepare_cached(sql)?.query_row([], |r| Ok((r.get(0)?, r.get(1)?)))?)
}
