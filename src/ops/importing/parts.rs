//! Lines that were split here, and files that know nothing of it: a row of such a line speaks of all its parts.

use super::run::{Stop, text, touch};
use super::sales::Given;
use crate::domain::quantity::Qty;
use crate::exchange::table::Row;
use crate::store::import::{self as rows, Datum, Part};
use crate::store::{Result, Tx};
use std::collections::HashSet;

/// Which lines a file names, to tell whether it knows of the parts.
pub(super) struct Parts {
    /// Order and line; none: no line was ever split here.
    named: Option<HashSet<(String, String)>>,
}

impl Parts {
    /// For rows whose first cell is the order and whose second is the line.
    pub fn of(tx: &Tx, read: &[Row]) -> Result<Parts> {
        if !rows::any_part(tx)? {
            return Ok(Parts { named: None });
        }
        let cell = |row: &Row, at: usize| row.cells.get(at).and_then(text).map(String::from);
        Ok(Parts { named: Some(read.iter().filter_map(|row| cell(row, 0).zip(cell(row, 1))).collect()) })
    }

    /// The parts split off a line, where the file speaks of them with the line.
    pub fn spoken_of(&self, tx: &Tx, order: i64, code: &str, line: &str) -> Result<Vec<Part>> {
        let Some(named) = &self.named else { return Ok(Vec::new()) };
        let parts = rows::parts(tx, order, line)?;
        let known = parts.iter().any(|p| named.contains(&(code.to_string(), p.line.clone())));
        Ok(if known { Vec::new() } else { parts })
    }
}

/// Leaves to the line itself what the row says less what its parts hold, and brings more shipped or cancelled to the
/// parts where the line has no room for it. `was`: shipped and cancelled of the line before.
pub(super) fn share(
    tx: &mut Tx,
    parts: &mut [Part],
    name: &str,
    given: &mut Given,
    was: (i64, i64),
) -> std::result::Result<bool, Stop> {
    let held: i64 = parts.iter().map(|p| p.quantity).sum();
    let own = given.ordered - held;
    if own < (was.0 + was.1).max(1) {
        let show = |n: i64| Qty::from_thousandths(n);
        return Err(Stop::Row(
            "quantity",
            format!(
                "Line {name} was split here and its other parts hold {}: {} in all is too few. Cancel some of a part first.",
                show(held),
                show(given.ordered)
            ),
        ));
    }
    given.ordered = own;
    let before: Vec<(i64, i64)> = parts.iter().map(|p| (p.shipped, p.cancelled)).collect();
    if let Some(shipped) = given.shipped {
        let elsewhere: i64 = parts.iter().map(|p| p.shipped).sum();
        let (mine, mut rest) = room(shipped - elsewhere, own - was.1);
        for part in parts.iter_mut() {
            let more = rest.min(part.open());
            (part.shipped, rest) = (part.shipped + more, rest - more);
        }
        given.shipped = Some(mine + rest); // too much in all: the line's own check says so
    }
    if let Some(cancelled) = given.cancelled {
        let elsewhere: i64 = parts.iter().map(|p| p.cancelled).sum();
        let (mine, mut rest) = room(cancelled - elsewhere, own - given.shipped.unwrap_or(was.0));
        for part in parts.iter_mut() {
            let more = rest.min(part.open());
            (part.cancelled, rest) = (part.cancelled + more, rest - more);
        }
        given.cancelled = Some(mine + rest);
    }
    let mut changed = false;
    for (part, before) in parts.iter().zip(before) {
        if (part.shipped, part.cancelled) == before {
            continue;
        }
        let mut cells = vec![
            ("shipped", Datum::Integer(part.shipped)),
            ("cancelled", Datum::Integer(part.cancelled)),
            ("allocated", Datum::Integer(part.allocated.min(part.open()))),
        ];
        if let Some(on) = given.shipped_on.as_ref().filter(|_| part.shipped > before.0) {
            cells.push(("shipped_on", Datum::Text(on.clone())));
        }
        changed |= tx.update("order_line", part.id, &cells)?;
        touch(tx, part.item);
    }
    Ok(changed)
}

/// What of `wanted` fits where there is room for `most`, and what is left over; neither below zero.
fn room(wanted: i64, most: i64) -> (i64, i64) {
    let fits = wanted.min(most).max(0);
    (fits, (wanted - fits).max(0))
}
