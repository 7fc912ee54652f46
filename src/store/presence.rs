//! Who has which customer open just now. No part of the books: no operation, no journal, nothing to take back.

use super::{Db, Result, Store, cells};
use crate::domain::ids::CustomerId;
use chrono::NaiveDateTime;
use rusqlite::params;
use std::time::Duration;

/// A customer open in another window.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Present {
    /// Computer and process.
    pub station: String,
    pub operator: String,
    pub since: NaiveDateTime,
}

/// Says that this window has the customer open since now, or none any more. Where another program writes just then it
/// is left out: nobody waits for it.
pub fn note(
    store: &mut Store,
    station: &str,
    operator: &str,
    customer: Option<CustomerId>,
    now: NaiveDateTime,
) -> Result<()> {
    store.conn.busy_timeout(Duration::ZERO)?;
    let kept = store.keep("who is where", |db| {
        match customer {
            Some(customer) => db
                .prepare_cached(
                    "INSERT INTO presence (station, customer_id, operator, since) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (station) DO UPDATE SET customer_id = ?2, operator = ?3, since = ?4",
                )?
                .execute(params![station, customer.0, operator, now.format(cells::MOMENT).to_string()])?,
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

/// The other windows that have the customer open, the one that was first on top.
pub fn others(db: &Db, station: &str, customer: CustomerId) -> Result<Vec<Present>> {
    let sql = "SELECT station, operator, since FROM presence WHERE customer_id = ?1 AND station <> ?2 ORDER BY since";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![customer.0, station], |r| {
        Ok(Present { station: r.get(0)?, operator: r.get(1)?, since: cells::moment(r, 2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The last operation and attempt to send, and who is where: of a file that another program changed, this tells whether
/// only the latter did.
pub fn mark(db: &Db) -> Result<(String, String)> {
    let sql =
        "SELECT (SELECT coalesce(max(id), 0) FROM operation) || ' ' || (SELECT coalesce(max(id), 0) FROM mail_attempt),
                      (SELECT coalesce(group_concat(station || customer_id || since), '') FROM presence)
                      || (SELECT coalesce(group_concat(station || opened_at), '') FROM open_window)
                      || (SELECT coalesce(group_concat(day || begun_at || coalesce(done_at, '')), '') FROM safe_copy)
                      || (SELECT coalesce(group_concat(operator || day), '') FROM greeted)";
    Ok(db.prepare_cached(sql)?.query_row([], |r| Ok((r.get(0)?, r.get(1)?)))?)
}
