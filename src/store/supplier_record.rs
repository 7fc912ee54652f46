//! `supplier_record`: a supplier's PO lines with their arrivals, packed, kept beside the facts so that lead times and the
//! replay of thousands of suppliers are read at once. `supplier_sums`, made from the same lines, is what a scorecard is
//! counted from ([`super::supplier_sums`]).
//!
//! Triggers note whose lines changed (`supplier_stale`); [`refresh`] packs theirs anew at the end of every operation.
//! Never journalled: it follows from the facts, and `backshelf check` proves it.

use super::packing::{pack, unpack, unpack_of_items};
use super::suppliers::{Whose, deliveries_of};
use super::{Db, Result, supplier_sums};
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::lateness::Delivery;
use crate::domain::scorecard::Measure;
use chrono::{Datelike, NaiveDate};
use rayon::prelude::*;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};

/// Years of suppliers that are unpacked together, on all processors.
const TOGETHER: usize = 512;

/// The year under which a line is kept: of the date first promised, else of the order; 0: it has neither.
fn year(line: &Delivery) -> i32 {
    line.first_promised.or(line.ordered_on).map_or(0, |day| day.year())
}

fn by_year(lines: Vec<Delivery>) -> BTreeMap<i32, Vec<Delivery>> {
    let mut years: BTreeMap<i32, Vec<Delivery>> = BTreeMap::new();
    for line in lines {
        years.entry(year(&line)).or_default().push(line);
    }
    years
}

/// Packs anew what changed, and all sums where the tolerances did. Call it inside the transaction that changed the facts.
pub fn refresh(db: &Db, measure: &Measure, today: NaiveDate) -> Result<()> {
    if supplier_sums::tolerance(db)?.is_some_and(|kept| kept != measure.tolerance()) {
        let fresh = stale(db)?;
        for supplier in kept(db)?.into_iter().filter(|supplier| fresh.binary_search(supplier).is_err()) {
            supplier_sums::put(db, supplier, &lines_of(db, supplier)?, measure, today)?;
        }
    }
    let stale = stale(db)?;
    if stale.is_empty() {
        return Ok(());
    }
    let mut put = db.prepare_cached(
        "INSERT INTO supplier_record (supplier_id, year, lines) SELECT ?1, ?2, ?3
           WHERE EXISTS (SELECT 1 FROM supplier WHERE id = ?1)
         ON CONFLICT (supplier_id, year) DO UPDATE SET lines = excluded.lines WHERE lines IS NOT excluded.lines",
    )?;
    let mut forget = db.prepare_cached("DELETE FROM supplier_record WHERE supplier_id = ?1 AND year = ?2")?;
    for supplier in stale {
        let lines = deliveries_of(db, supplier)?;
        supplier_sums::put(db, supplier, &lines, measure, today)?;
        let years = by_year(lines);
        for gone in years_kept(db, supplier)?.into_iter().filter(|year| !years.contains_key(year)) {
            forget.execute(params![supplier.0, gone])?;
        }
        for (year, lines) in years {
            put.execute(params![supplier.0, year, pack(&lines)])?;
        }
    }
    db.execute("DELETE FROM supplier_stale", [])?;
    Ok(())
}

/// Suppliers whose lines changed since they were packed.
pub(super) fn stale(db: &Db) -> Result<Vec<SupplierId>> {
    let mut statement = db.prepare_cached("SELECT supplier_id FROM supplier_stale ORDER BY supplier_id")?;
    let rows = statement.query_map([], |r| r.get(0).map(SupplierId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Suppliers of whom lines are packed.
fn kept(db: &Db) -> Result<Vec<SupplierId>> {
    let mut statement = db.prepare_cached("SELECT DISTINCT supplier_id FROM supplier_record ORDER BY supplier_id")?;
    let rows = statement.query_map([], |r| r.get(0).map(SupplierId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn years_kept(db: &Db, supplier: SupplierId) -> Result<Vec<i32>> {
    let mut statement = db.prepare_cached("SELECT year FROM supplier_record WHERE supplier_id = ?1")?;
    let rows = statement.query_map([supplier.0], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One supplier's lines as they are packed, without their codes. [`suppliers`] says of whom they are up to date.
pub(super) fn lines_of(db: &Db, supplier: SupplierId) -> Result<Vec<Delivery>> {
    let sql = "SELECT lines FROM supplier_record WHERE supplier_id = ?1 ORDER BY year";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([supplier.0])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        unpack(row.get_ref(0)?.as_blob().unwrap_or_default(), supplier, &mut lines);
    }
    Ok(lines)
}

/// Hands in the lines of these suppliers, one supplier after another: all of them at once would fill the memory. They
/// are without their codes; what is not packed yet is read from the lines themselves.
pub fn each(db: &Db, whose: Whose, mut take: impl FnMut(SupplierId, &[Delivery])) -> Result<()> {
    let stale = stale(db)?;
    let sql = format!(
        "SELECT h.supplier_id FROM supplier_record h WHERE {0} UNION
         SELECT h.supplier_id FROM supplier_stale h WHERE {0} ORDER BY 1",
        whose.condition()
    );
    let mut statement = db.prepare_cached(&sql)?;
    let suppliers: Vec<i64> = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    for supplier in suppliers.into_iter().map(SupplierId) {
        let lines = match stale.binary_search(&supplier) {
            Ok(_) => deliveries_of(db, supplier)?,
            Err(_) => lines_of(db, supplier)?,
        };
        if !lines.is_empty() {
            take(supplier, &lines);
        }
    }
    Ok(())
}

/// Lines of some suppliers' items alone, in no order that means anything, without their codes. What is packed is unpacked
/// on all processors, a part of the suppliers at a time.
pub fn of_items(db: &Db, wanted: &BTreeMap<SupplierId, BTreeSet<ItemId>>) -> Result<Vec<Delivery>> {
    let stale = stale(db)?;
    let mut statement = db.prepare_cached("SELECT lines FROM supplier_record WHERE supplier_id = ?1 ORDER BY year")?;
    let mut found = Vec::new();
    let mut packed: Vec<(SupplierId, &BTreeSet<ItemId>, Vec<u8>)> = Vec::new();
    let unpacked = |packed: &mut Vec<(SupplierId, &BTreeSet<ItemId>, Vec<u8>)>, found: &mut Vec<Delivery>| {
        let unpack = |mut lines: Vec<Delivery>, (supplier, items, bytes): (SupplierId, &BTreeSet<ItemId>, Vec<u8>)| {
            unpack_of_items(&bytes, supplier, items, &mut lines);
            lines
        };
        found.par_extend(packed.par_drain(..).fold(Vec::new, unpack).flatten_iter());
    };
    for (supplier, items) in wanted {
        if stale.binary_search(supplier).is_ok() {
            found.extend(deliveries_of(db, *supplier)?.into_iter().filter(|line| items.contains(&line.item)));
            continue;
        }
        let mut rows = statement.query([supplier.0])?;
        while let Some(row) = rows.next()? {
            packed.push((*supplier, items, row.get(0)?));
        }
        if packed.len() >= TOGETHER {
            unpacked(&mut packed, &mut found);
        }
    }
    unpacked(&mut packed, &mut found);
    Ok(found)
}

/// Suppliers whose kept lines or sums are not what follows from the facts, a sentence each. Sums that were made under
/// other tolerances than `measure` says are not looked at: nobody reads them.
pub fn faults(db: &Db, measure: &Measure) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let mut statement = db.prepare("SELECT id, name FROM supplier ORDER BY id")?;
    let suppliers: Vec<(i64, String)> =
        statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let mut kept = db.prepare("SELECT year, lines FROM supplier_record WHERE supplier_id = ?1 ORDER BY year")?;
    let stale = stale(db)?;
    for (id, name) in suppliers {
        let supplier = SupplierId(id);
        if stale.binary_search(&supplier).is_ok() {
            continue; // not packed yet, and read from the lines until then
        }
        let stored: Vec<(i32, Vec<u8>)> =
            kept.query_map([id], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        let lines = deliveries_of(db, supplier)?;
        if !supplier_sums::are_of(db, supplier, &lines, measure)? {
            out.push(format!(
                "What {name}'s scorecard is counted from is not what its purchase orders and receipts add up to."
            ));
        }
        let now: Vec<(i32, Vec<u8>)> = by_year(lines).into_iter().map(|(year, lines)| (year, pack(&lines))).collect();
        if stored != now {
            out.push(format!("What is kept of {name}'s deliveries is not what its purchase orders and receipts say."));
        }
    }
    Ok(out)
}
