//! What the kept plans were made from: `plan_basis`, `plan_prior`, `plan_supplier`, `plan_choice`. Derived like the
//! plans themselves, so written without an operation ([`super::Store::keep`]).

use super::cells::date;
use super::{Db, Result};
use crate::domain::demand::Grid;
use crate::domain::forecast::Prior;
use crate::domain::ids::SupplierId;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

/// The head of it: what the catalogue taught as a whole.
#[derive(Clone, PartialEq, Debug)]
pub struct BasisRow {
    pub planned_on: NaiveDate,
    pub grid: Grid,
    /// The last operation that the planning as a whole knew.
    pub after_operation: i64,
    /// The last operation up to which changed items were planned again.
    pub known_operation: i64,
    pub whole: Prior,
    /// By class.
    pub chances: [f64; 3],
    /// Yearly value from which an item is A, and B, in ten-thousandths.
    pub class_from: [i64; 2],
    pub cancel_rate: f64,
    pub pool: String,
    pub slips: String,
}

/// What was learned of a supplier.
#[derive(Clone, PartialEq, Debug)]
pub struct SupplierRow {
    pub supplier: SupplierId,
    pub waits: String,
    pub sure: Option<f64>,
}

/// The kept head; `None` while nothing was planned.
pub fn load(db: &Db) -> Result<Option<BasisRow>> {
    let sql = "SELECT planned_on, bucket, after_operation, known_operation, sold, unsold, size, chance_a, chance_b,
                 chance_c, a_from, b_from, cancel_rate, pool, slips FROM plan_basis";
    let row = |r: &rusqlite::Row| {
        let bucket: String = r.get(1)?;
        Ok(BasisRow {
            planned_on: date(r, 0)?,
            grid: if bucket == Grid::Months.word() { Grid::Months } else { Grid::Weeks },
            after_operation: r.get(2)?,
            known_operation: r.get(3)?,
            whole: Prior { sold: r.get(4)?, unsold: r.get(5)?, size: r.get(6)? },
            chances: [r.get(7)?, r.get(8)?, r.get(9)?],
            class_from: [r.get(10)?, r.get(11)?],
            cancel_rate: r.get(12)?,
            pool: r.get(13)?,
            slips: r.get(14)?,
        })
    };
    Ok(db.prepare_cached(sql)?.query_row([], row).optional()?)
}

/// The day of the plans, the operation known to the planning as a whole, and the one up to which changed items were
/// planned again; `None` while nothing was planned.
pub fn stamp(db: &Db) -> Result<Option<(NaiveDate, i64, i64)>> {
    let sql = "SELECT planned_on, after_operation, known_operation FROM plan_basis";
    Ok(db.prepare_cached(sql)?.query_row([], |r| Ok((date(r, 0)?, r.get(1)?, r.get(2)?))).optional()?)
}

/// Whether the first order came in after that operation: whoever planned then knew of no demand.
pub fn is_from_before_all_orders(db: &Db, operation: i64) -> Result<bool> {
    let sql = "SELECT coalesce((SELECT operation_id FROM journal
        WHERE tbl = 'order_line' AND action = 'insert' AND row_id <= (SELECT min(id) FROM order_line)
        ORDER BY row_id DESC LIMIT 1), 0) > ?1";
    Ok(db.prepare_cached(sql)?.query_row([operation], |r| r.get(0))?)
}

/// How many items there are, counted no further than `most`.
pub fn items_up_to(db: &Db, most: usize) -> Result<usize> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let sql = "SELECT count(*) FROM (SELECT 1 FROM item LIMIT ?1)";
    let count: i64 = db.prepare_cached(sql)?.query_row([most], |r| r.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The start of a category's items, where it has one of its own.
pub fn prior_of(db: &Db, category: &str) -> Result<Option<Prior>> {
    let mut statement = db.prepare_cached("SELECT sold, unsold, size FROM plan_prior WHERE category = ?1")?;
    let row = |r: &rusqlite::Row| Ok(Prior { sold: r.get(0)?, unsold: r.get(1)?, size: r.get(2)? });
    Ok(statement.query_row([category], row).optional()?)
}

/// All of them.
pub fn priors(db: &Db) -> Result<Vec<(String, Prior)>> {
    let mut statement = db.prepare_cached("SELECT category, sold, unsold, size FROM plan_prior ORDER BY category")?;
    let row = |r: &rusqlite::Row| Ok((r.get(0)?, Prior { sold: r.get(1)?, unsold: r.get(2)?, size: r.get(3)? }));
    let rows = statement.query_map([], row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What was learned of one supplier.
pub fn supplier(db: &Db, supplier: SupplierId) -> Result<Option<SupplierRow>> {
    let mut statement = db.prepare_cached("SELECT waits, sure FROM plan_supplier WHERE supplier_id = ?1")?;
    let row = |r: &rusqlite::Row| Ok(SupplierRow { supplier, waits: r.get(0)?, sure: r.get(1)? });
    Ok(statement.query_row([supplier.0], row).optional()?)
}

/// Keeps all of it in place of what was kept before. Call it inside [`super::Store::keep`].
pub fn keep(db: &Db, basis: &BasisRow, priors: &[(String, Prior)], suppliers: &[SupplierRow]) -> Result<()> {
    db.execute_batch("DELETE FROM plan_basis; DELETE FROM plan_prior; DELETE FROM plan_supplier")?;
    let sql = "INSERT INTO plan_basis (id, planned_on, bucket, after_operation, known_operation, sold, unsold, size,
                 chance_a, chance_b, chance_c, a_from, b_from, cancel_rate, pool, slips)
               VALUES (1,?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)";
    db.prepare_cached(sql)?.execute(params![
        basis.planned_on.to_string(),
        basis.grid.word(),
        basis.after_operation,
        basis.known_operation,
        basis.whole.sold,
        basis.whole.unsold,
        basis.whole.size,
        basis.chances[0],
        basis.chances[1],
        basis.chances[2],
        basis.class_from[0],
        basis.class_from[1],
        basis.cancel_rate,
        basis.pool,
        basis.slips,
    ])?;
    let mut put = db.prepare_cached("INSERT INTO plan_prior (category, sold, unsold, size) VALUES (?1,?2,?3,?4)")?;
    for (category, prior) in priors {
        put.execute(params![category, prior.sold, prior.unsold, prior.size])?;
    }
    let mut put = db.prepare_cached(
        "INSERT INTO plan_supplier (supplier_id, waits, sure) SELECT ?1,?2,?3
           WHERE EXISTS (SELECT 1 FROM supplier WHERE id = ?1)",
    )?;
    for s in suppliers {
        put.execute(params![s.supplier.0, s.waits, s.sure])?;
    }
    Ok(())
}

/// Says that plans made with another basis are being put in place, so that no kept plan claims to know anything until
/// that is done: the last operation known to them is below zero. Call it inside [`super::Store::keep`].
pub fn doubt(db: &Db) -> Result<()> {
    db.prepare_cached("UPDATE plan_basis SET known_operation = -1")?.execute([])?;
    Ok(())
}

/// Notes up to which operation changed items are planned again, if the whole is still that of `after_operation` and of
/// that day; answers whether it is. Call it inside [`super::Store::keep`].
pub fn know(db: &Db, planned_on: NaiveDate, after_operation: i64, known_operation: i64) -> Result<bool> {
    let sql = "UPDATE plan_basis SET known_operation = max(known_operation, ?3) WHERE planned_on = ?1 AND after_operation = ?2
                 AND known_operation >= 0";
    Ok(db.prepare_cached(sql)?.execute(params![planned_on.to_string(), after_operation, known_operation])? > 0)
}

/// Whether an older version, which chose by its replay of the last year, kept that the mean of our level and that of
/// NB-SBA does better than ours.
pub fn chose_blend(db: &Db) -> Result<bool> {
    let mut statement = db.prepare_cached("SELECT chosen = 'blend' FROM plan_choice")?;
    Ok(statement.query_row([], |r| r.get(0)).optional()?.unwrap_or(false))
}
