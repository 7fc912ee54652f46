//! Purchase orders, their lines, receipts. Records: no stock moves.

use super::Progress;
use super::known::Prints;
use super::partners::upsert;
use super::run::{
    KnownPo, Landed, Run, Sightings, Stated, Stop, Taken, cells, date, datum, need, need_quantity, or_null, text,
    thousandths, touch,
};
use super::sales::Positions;
use crate::domain::quantity::Qty;
use crate::exchange::table::{Cell, Row, Table};
use crate::store::import::{self as rows, Datum, Keyed, Print};
use crate::store::{Db, Result, Tx};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static PO: LazyLock<Keyed> = LazyLock::new(|| {
    Keyed::new("purchase_order", &["code"], &["supplier_id", "ordered_on", "confirmed_on", "expected_on", "status"])
});
/// Where `status` stands among the columns of [`PO`].
const PO_STATUS: usize = 4;
/// Where `expected_on` stands among them.
const PO_EXPECTED: usize = 3;

static LINE: LazyLock<Keyed> = LazyLock::new(|| {
    Keyed::new(
        "po_line",
        &["po_id", "line"],
        &[
            "item_id",
            "quantity",
            "cost",
            "confirmed_for",
            "expected_on",
            "received",
            "received_on",
            "rejected",
            "cancelled",
            "closed",
        ],
    )
});

/// Where a line's dates stand among the columns of [`LINE`].
const LINE_EXPECTED: usize = 4;
const LINE_RECEIVED_ON: usize = 6;

pub(super) fn order(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [code, supplier, rest @ ..] = cells::<6>(row)?;
    let code = need(code, "po")?;
    let supplier = run.supplier(tx, need(supplier, "supplier")?)?;
    let mut given = vec![Some(Datum::Integer(supplier))];
    given.extend(rest.iter().map(datum));
    let before = match PO.find(tx, &[&code])? {
        Some((id, stored)) => {
            drop_what_lines_say(tx, id, &stored, &mut given)?;
            Some(stored.get(PO_STATUS).cloned())
        }
        None => None,
    };
    let says_status = given.get(PO_STATUS).is_some_and(Option::is_some);
    let (id, landed) = upsert(tx, &PO, &[&code], given, &[])?;
    run.pos.put(code, KnownPo { id });
    if let Some(Cell::Choice(status)) = rest.get(3).and_then(Option::as_ref) {
        let before = before.as_ref().and_then(|cell| match cell {
            Some(Datum::Text(status)) => Some(status.as_str()),
            _ => None,
        });
        let stated = Stated {
            status,
            known: landed != Landed::New,
            changed: says_status && before != Some(status),
            was_closed: before == Some("closed"),
        };
        run.po_statuses.insert(id, stated);
    }
    if landed == Landed::Changed {
        for (_, item, ..) in rows::po_lines(tx, id)? {
            touch(tx, item);
        }
    }
    Ok(landed)
}

/// An export tells a PO by its lines: their date, the status that follows from them. Coming back, that is nothing new
/// about the PO itself.
fn drop_what_lines_say(tx: &Tx, id: i64, stored: &[Datum], given: &mut [Option<Datum>]) -> Result<()> {
    if let Some(Some(Datum::Text(date))) = given.get(PO_EXPECTED)
        && stored.get(PO_EXPECTED) != Some(&Datum::Text(date.clone()))
        && rows::lines_expected_on(tx, id, date)?
    {
        given[PO_EXPECTED] = None; // it is there: just read
    }
    if let Some(Some(Datum::Text(status))) = given.get(PO_STATUS)
        && stored.get(PO_STATUS) == Some(&Datum::Null)
        && rows::po_status(tx, id)? == *status
    {
        given[PO_STATUS] = None; // it is there: just read
    }
    Ok(())
}

/// So with a line's dates, where its PO's date or its receipts tell them.
fn drop_what_others_say(tx: &Tx, id: i64, stored: &[Datum], given: &mut [Option<Datum>]) -> Result<()> {
    let unstated = |at: usize| stored.get(at) == Some(&Datum::Null);
    if !unstated(LINE_EXPECTED) && !unstated(LINE_RECEIVED_ON) {
        return Ok(());
    }
    let (expected, came) = rows::po_line_dates(tx, id)?;
    for (at, told) in [(LINE_EXPECTED, expected), (LINE_RECEIVED_ON, came)] {
        if unstated(at)
            && let Some(cell) = given.get_mut(at)
            && told.is_some()
            && *cell == told.map(Datum::Text)
        {
            *cell = None;
        }
    }
    Ok(())
}

pub(super) fn lines(run: &mut Run, tx: &mut Tx, rows_read: Vec<Row>, progress: &mut dyn FnMut(Progress)) -> Result<()> {
    let mut positions = Positions::of(&rows_read);
    run.each(tx, Table::PoLines, rows_read, progress, |run, tx, row| {
        let name = positions.name(row);
        line(run, tx, row, &name)
    })
}

fn line(run: &mut Run, tx: &mut Tx, row: &Row, name: &str) -> Taken {
    let [code, _, sku, quantity, cost, confirmed_for, expected_on, received, received_on, rejected] = cells::<10>(row)?;
    let po = run.po(tx, need(code, "po")?)?;
    let ordered = need_quantity(quantity, "quantity")?;
    let (got, bad) = (thousandths(received), thousandths(rejected));
    if let Some(bad) = bad
        && bad > 0
        && got.is_some_and(|got| bad > got)
    {
        let sentence = "More was rejected than received. `received` includes what was rejected.".to_string();
        return Err(Stop::Row("rejected", sentence));
    }
    let item = run.item(tx, "sku", need(sku, "sku")?)?.id;
    let mut given = vec![
        Some(Datum::Integer(item)),
        Some(Datum::Integer(ordered)),
        datum(cost),
        datum(confirmed_for),
        datum(expected_on),
        got.map(Datum::Integer),
        datum(received_on),
        bad.map(Datum::Integer),
        None,
        None,
    ];
    let stated = run.po_statuses.get(&po.id).map(|s| s.status);
    match LINE.find(tx, &[&po.id, &name])? {
        None => {
            let got = got.unwrap_or(0);
            given[5] = Some(Datum::Integer(got)); // the vector above has ten cells
            given[7] = Some(Datum::Integer(bad.unwrap_or(0)));
            let rest = (ordered - got).max(0);
            given[8] = Some(Datum::Integer(if stated == Some("cancelled") { rest } else { 0 }));
            given[9] = Some(Datum::Integer(i64::from(stated == Some("closed"))));
            LINE.add(tx, &[&po.id, &name], &or_null(given))?;
            if rest > 0 {
                touch(tx, item);
            }
            Ok(Landed::New)
        }
        Some((id, stored)) => {
            keep_first_confirmation(run, row, &stored, &mut given, date(confirmed_for), expected_on.is_some());
            drop_what_others_say(tx, id, &stored, &mut given)?;
            if got.is_some() {
                let (sum, sum_bad) = rows::received(tx, id)?;
                given[5] = got.map(|got| Datum::Integer(got.max(sum)));
                given[7] = bad.map(|bad| Datum::Integer(bad.max(sum_bad)));
            }
            let changed = LINE.change(tx, id, &stored, &given)?;
            if changed.is_empty() {
                return Ok(Landed::Unchanged);
            }
            if let Some(Datum::Integer(former)) = stored.first() {
                touch(tx, *former);
            }
            touch(tx, item);
            Ok(Landed::Changed)
        }
    }
}

/// The first confirmed date stays; another one is the date expected now, and a warning.
fn keep_first_confirmation(
    run: &mut Run,
    row: &Row,
    stored: &[Datum],
    given: &mut [Option<Datum>],
    confirmed_for: Option<String>,
    expected_given: bool,
) {
    let (Some(Datum::Text(first)), Some(now)) = (stored.get(3), confirmed_for) else { return };
    if *first == now {
        return;
    }
    if let Some(cell) = given.get_mut(3) {
        *cell = None;
    }
    if !expected_given && let Some(cell) = given.get_mut(4) {
        *cell = Some(Datum::Text(now.clone()));
    }
    let sentence =
        format!("The supplier first confirmed {first}; that stays, and {now} is taken as the date expected now.");
    run.warn(row.at, "confirmed_for", sentence);
}

/// Carries a status that a file states to the PO's lines: closed expects nothing more, cancelled cancels the rest.
pub(super) fn follow_statuses(run: &mut Run, tx: &mut Tx) -> Result<()> {
    let mut stated: Vec<(i64, Stated)> =
        run.po_statuses.iter().filter(|(_, s)| s.known && s.changed).map(|(&id, &s)| (id, s)).collect();
    stated.sort_by_key(|s| s.0);
    for (po, stated) in stated {
        for (id, item, quantity, received, cancelled, closed) in rows::po_lines(tx, po)? {
            let change = match stated.status {
                "closed" if !closed => ("closed", 1),
                "cancelled" if received + cancelled < quantity => ("cancelled", quantity - received),
                _ if stated.was_closed && closed => ("closed", 0),
                _ => continue,
            };
            tx.update("po_line", id, &[(change.0, Datum::Integer(change.1))])?;
            touch(tx, item);
        }
    }
    Ok(())
}

const RECEIPT: [&str; 4] = ["received_on", "quantity", "rejected", "reason"];

pub(super) fn receipts(
    run: &mut Run,
    tx: &mut Tx,
    rows_read: Vec<Row>,
    progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let on_file = |db: &Db, line| rows::prints(db, "receipt", "po_line_id", &RECEIPT, line);
    let mut stored = Prints::new(tx, "receipt", rows_read.len(), on_file)?;
    let mut sightings = Sightings::default();
    let mut grown: BTreeMap<i64, i64> = BTreeMap::new();
    run.each(tx, Table::Receipts, rows_read, progress, |run, tx, row| {
        let [code, line, received_on, quantity, rejected, reason] = cells::<6>(row)?;
        let code = need(code, "po")?;
        let po = run.po(tx, code)?;
        let (line, item) = receipt_line(tx, po, code, text(line))?;
        stored.know(tx, line)?;
        let Some(on) = datum(received_on) else {
            return Err(Stop::Row("received_on", "received_on is blank. Every receipt has a date.".into()));
        };
        let quantity = need_quantity(quantity, "quantity")?;
        let rejected = thousandths(rejected).unwrap_or(0);
        if rejected > quantity {
            let (bad, all) = (Qty::from_thousandths(rejected), Qty::from_thousandths(quantity));
            let sentence = format!("Rejected {bad} of {all}: `quantity` includes what was rejected.");
            return Err(Stop::Row("rejected", sentence));
        }
        let mut given =
            vec![on, Datum::Integer(quantity), Datum::Integer(rejected), datum(reason).unwrap_or(Datum::Null)];
        if sightings.is_stored(row.at, Print::of_cells(line, &given), &mut stored) {
            return Ok(Landed::Unchanged);
        }
        given.push(Datum::Integer(line));
        let columns: Vec<&str> = RECEIPT.iter().copied().chain(["po_line_id"]).collect();
        rows::add_record(tx, "receipt", &columns, &given)?;
        grown.insert(line, item);
        Ok(Landed::New)
    })?;
    for (line, item) in grown {
        let (sum, sum_bad) = rows::received(tx, line)?;
        let (total, bad) = rows::stated_received(tx, line)?;
        let changes = [("received", Datum::Integer(sum.max(total))), ("rejected", Datum::Integer(sum_bad.max(bad)))];
        tx.update("po_line", line, &changes)?;
        touch(tx, item);
    }
    Ok(())
}

/// The line that a receipt names, else the only one of its PO.
pub(super) fn receipt_line(
    tx: &Tx,
    po: KnownPo,
    code: &str,
    name: Option<&str>,
) -> std::result::Result<(i64, i64), Stop> {
    if let Some(name) = name {
        return rows::line(tx, true, po.id, name)?.ok_or_else(|| {
            Stop::Row("line", format!("Purchase order {code} has no line {name}. Correct it, or add it to po_lines."))
        });
    }
    match rows::po_lines(tx, po.id)?.as_slice() {
        [(id, item, ..)] => Ok((*id, *item)),
        lines => {
            Err(Stop::Row("line", format!("Purchase order {code} has {} lines. Say which one this was.", lines.len())))
        }
    }
}
