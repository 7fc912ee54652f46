//! Contacts: what was said to customers. A record; no line is cancelled by it.

use super::Progress;
use super::known::Prints;
use super::run::{Landed, Run, Sightings, Stop, cells, datum, need, text};
use crate::exchange::table::{Row, Table};
use crate::store::import::{self as rows, Datum, Print};
use crate::store::{Db, Result, Tx};

const COLUMNS: [&str; 12] = [
    "line_id",
    "contacted_on",
    "channel",
    "message",
    "quoted_for",
    "offered_cancel",
    "outcome",
    "answer",
    "answered_on",
    "offer",
    "offer_cost",
    "note",
];

pub(super) fn contacts(
    run: &mut Run,
    tx: &mut Tx,
    rows_read: Vec<Row>,
    progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let on_file = |db: &Db, order| rows::prints(db, "contact", "order_id", &COLUMNS, order);
    let mut stored = Prints::new(tx, "contact", rows_read.len(), on_file)?;
    let mut sightings = Sightings::default();
    run.each(tx, Table::Contacts, rows_read, progress, |run, tx, row| {
        let [code, line, rest @ ..] = cells::<13>(row)?;
        let code = need(code, "order")?;
        let order = run.order(tx, code)?;
        stored.know(tx, order.id)?;
        let mut line_id = Datum::Null;
        if let Some(name) = text(line) {
            let Some((id, _)) = rows::line(tx, false, order.id, name)? else {
                let sentence =
                    format!("Order {code} has no line {name}. Correct it, or leave it blank for the whole order.");
                return Err(Stop::Row("line", sentence));
            };
            line_id = Datum::Integer(id);
        }
        if rest[0].is_none() {
            return Err(Stop::Row("contacted_on", "contacted_on is blank. Every contact has a date.".into()));
        }
        let mut given = vec![line_id];
        given.extend(rest.iter().map(|c| datum(c).unwrap_or(Datum::Null)));
        if sightings.is_stored(row.at, Print::of_cells(order.id, &given), &mut stored) {
            return Ok(Landed::Unchanged);
        }
        let operator = Datum::Text(tx.act().operator.clone());
        given.extend([Datum::Integer(order.id), operator]);
        let columns: Vec<&str> = COLUMNS.iter().copied().chain(["order_id", "operator"]).collect();
        rows::add_record(tx, "contact", &columns, &given)?;
        Ok(Landed::New)
    })
}
