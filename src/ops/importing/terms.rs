//! What was agreed and invoiced on purchase orders, and who ended a line before all had come. Records: no stock moves.

use super::Progress;
use super::known::Prints;
use super::partners::upsert;
use super::run::{Landed, Run, Sightings, Stop, Taken, cells, datum, need, text, thousandths, touch};
use crate::domain::quantity::Qty;
use crate::exchange::table::{Cell, Row, Table};
use crate::store::import::{self as rows, Datum, Keyed, Print};
use crate::store::{Db, Result, Tx};
use std::sync::LazyLock;

static PO: LazyLock<Keyed> = LazyLock::new(|| Keyed::new("purchase_order", &["code"], &["freight", "note"]));
static LINE: LazyLock<Keyed> = LazyLock::new(|| {
    Keyed::new(
        "po_line",
        &["id"],
        &["asked_cost", "cancelled", "ended_by", "ended_on", "end_reason", "closed", "quantity", "received"],
    )
});
/// Where they stand among the columns of [`LINE`].
const QUANTITY: usize = 6;
const RECEIVED: usize = 7;

/// Freight and note of a PO that is there.
pub(super) fn order(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [code, rest @ ..] = cells::<3>(row)?;
    let code = need(code, "po")?;
    run.po(tx, code)?;
    Ok(upsert(tx, &PO, &[&code], rest.iter().map(datum).collect(), &[])?.1)
}

/// The line that a row names, else the only one of its PO: its number and item.
fn line_of(run: &mut Run, tx: &Tx, code: &str, name: Option<&str>) -> std::result::Result<(i64, i64), Stop> {
    let po = run.po(tx, code)?;
    super::supply::receipt_line(tx, po, code, name)
}

/// What we had ordered a line at, and who ended it.
pub(super) fn line(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [code, name, asked, cancelled, by, on, reason] = cells::<7>(row)?;
    let (id, item) = line_of(run, tx, need(code, "po")?, text(name))?;
    let Some((_, stored)) = LINE.find(tx, &[&id])? else {
        return Err(Stop::Row("line", "That line is not there. Correct it, or add it to po_lines.".into()));
    };
    let number = |at: usize| match stored.get(at) {
        Some(Datum::Integer(n)) => *n,
        _ => 0,
    };
    let most = (number(QUANTITY) - number(RECEIVED)).max(0);
    if thousandths(cancelled).is_some_and(|n| n > most) {
        let most = Qty::from_thousandths(most);
        return Err(Stop::Row("cancelled", format!("At most {most} can be cancelled: the others came.")));
    }
    let ended = (by.is_some() || on.is_some()).then_some(Datum::Integer(1));
    let given = vec![datum(asked), datum(cancelled), datum(by), datum(on), datum(reason), ended, None, None];
    if LINE.change(tx, id, &stored, &given)?.is_empty() {
        return Ok(Landed::Unchanged);
    }
    touch(tx, item);
    Ok(Landed::Changed)
}

const INVOICE: [&str; 8] = ["po_line_id", "invoiced_on", "number", "quantity", "cost", "agreed", "papers", "note"];

/// Invoices: a row for each line that was invoiced, without a line for the freight.
pub(super) fn invoices(
    run: &mut Run,
    tx: &mut Tx,
    rows_read: Vec<Row>,
    progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let on_file = |db: &Db, po| rows::prints(db, "po_invoice", "po_id", &INVOICE, po);
    let mut stored = Prints::new(tx, "po_invoice", rows_read.len(), on_file)?;
    let mut sightings = Sightings::default();
    run.each(tx, Table::PoInvoices, rows_read, progress, |run, tx, row| {
        let [code, name, on, number, quantity, cost, agreed, papers, note] = cells::<9>(row)?;
        let code = need(code, "po")?;
        let po = run.po(tx, code)?;
        stored.know(tx, po.id)?;
        if on.is_none() {
            return Err(Stop::Row("invoiced_on", "invoiced_on is blank. Every invoice has a date.".into()));
        }
        if !matches!(cost, Some(Cell::Money(_))) {
            return Err(Stop::Row("cost", "cost is blank. Every row needs one.".into()));
        }
        let line = text(name).map(|name| line_of(run, tx, code, Some(name))).transpose()?.map(|(id, _)| id);
        match (line, quantity) {
            (None, Some(_)) => {
                return Err(Stop::Row("quantity", "A row without a line is the freight: it has no quantity.".into()));
            }
            (Some(_), None) => {
                return Err(Stop::Row("quantity", "quantity is blank. Say how much of the line was invoiced.".into()));
            }
            _ => {}
        }
        let given: Vec<Datum> = [
            line.map(Datum::Integer),
            datum(on),
            datum(number),
            datum(quantity),
            datum(cost),
            datum(agreed),
            Some(datum(papers).unwrap_or(Datum::Text("right".into()))),
            datum(note),
        ]
        .into_iter()
        .map(|cell| cell.unwrap_or(Datum::Null))
        .collect();
        if sightings.is_stored(row.at, Print::of_cells(po.id, &given), &mut stored) {
            return Ok(Landed::Unchanged);
        }
        let mut values = given;
        values.extend([Datum::Integer(po.id), Datum::Text(tx.act().operator.clone())]);
        let columns: Vec<&str> = INVOICE.iter().copied().chain(["po_id", "operator"]).collect();
        rows::add_record(tx, "po_invoice", &columns, &values)?;
        Ok(Landed::New)
    })
}
