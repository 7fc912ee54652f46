//! Movements, then stock: the only tables that move stock.

use super::Progress;
use super::known::Prints;
use super::run::{Landed, Run, Sightings, Stop, Taken, cells, date, need, text, thousandths, touch};
use crate::domain::quantity::Qty;
use crate::exchange::table::{Row, Table};
use crate::store::import::{self as rows, NewMovement, Print};
use crate::store::{Result, Tx};
use chrono::{Duration, NaiveDateTime};

/// The reason of a movement whose file gives none.
const NO_REASON: &str = "imported";

pub(super) fn movements(
    run: &mut Run,
    tx: &mut Tx,
    rows_read: Vec<Row>,
    progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let mut stored = Prints::new(tx, "movement", rows_read.len(), rows::movement_prints)?;
    let mut sightings = Sightings::default();
    run.each(tx, Table::Movements, rows_read, progress, |run, tx, row| {
        let [at, sku, bin, quantity, reason, reference] = cells::<6>(row)?;
        let Some(at) = date(at) else {
            return Err(Stop::Row("at", "at is blank. Every movement has a date.".into()));
        };
        let at = if at.len() == 10 { format!("{at}T00:00:00") } else { at };
        let quantity = match thousandths(quantity) {
            Some(0) | None => {
                return Err(Stop::Row(
                    "quantity",
                    "A movement of nothing. Give its quantity, or leave the row out.".into(),
                ));
            }
            Some(quantity) => quantity,
        };
        let item = run.item(tx, "sku", need(sku, "sku")?)?;
        let bin = run.bin_for(tx, item, text(bin))?;
        let (reason, reference) = (text(reason).unwrap_or(NO_REASON), text(reference));
        stored.know(tx, item.id)?;
        let print = Print::of_movement(&at, item.id, bin, quantity, reason, reference);
        if sightings.is_stored(row.at, print, &mut stored) {
            return Ok(Landed::Unchanged);
        }
        rows::add_movement(tx, &NewMovement { at: &at, item: item.id, bin, quantity, reason, reference })?;
        touch(tx, item.id);
        Ok(Landed::New)
    })
}

/// A stated level: what the movements do not explain is the opening stock, or an adjustment today where a level was
/// stated before.
pub(super) fn stock(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [sku, bin, quantity] = cells::<3>(row)?;
    let Some(quantity) = thousandths(quantity) else {
        return Err(Stop::Row("quantity", "quantity is blank. Write 0 for none.".into()));
    };
    let item = run.item(tx, "sku", need(sku, "sku")?)?;
    let bin = run.bin_for(tx, item, text(bin))?;
    // A row without a bin may mean the bin that another row names.
    match run.levels.insert((item.id, bin), quantity) {
        Some(before) if before == quantity => return Ok(Landed::Unchanged),
        Some(before) => {
            let before = Qty::from_thousandths(before);
            let sentence =
                format!("This bin was stated to hold {before} already: no bin means the item's own. Keep one.");
            return Err(Stop::Row("quantity", sentence));
        }
        None => {}
    }
    let difference = quantity - rows::level(tx, item.id, bin)?;
    let stated = rows::was_stated(tx, item.id, bin)?;
    let today = run.today.clone();
    rows::add_stated(tx, item.id, bin, quantity, &today)?;
    touch(tx, item.id); // also where it is 0: from now on that is known
    if difference == 0 {
        return Ok(if stated { Landed::Unchanged } else { Landed::New });
    }
    let (at, reason) = if stated {
        (run.now.clone(), "adjustment")
    } else {
        let oldest = rows::oldest_movement(tx, item.id, bin)?;
        (oldest.and_then(|at| just_before(&at)).unwrap_or_else(|| format!("{today}T00:00:00")), "opening")
    };
    let new = NewMovement { at: &at, item: item.id, bin, quantity: difference, reason, reference: None };
    rows::add_movement(tx, &new)?;
    Ok(if stated { Landed::Changed } else { Landed::New })
}

/// One second before a moment.
fn just_before(at: &str) -> Option<String> {
    let at = NaiveDateTime::parse_from_str(at, "%Y-%m-%dT%H:%M:%S").ok()?;
    Some((at - Duration::seconds(1)).format("%Y-%m-%dT%H:%M:%S").to_string())
}
