//! `supplier_record`: a supplier's PO lines with their arrivals, packed, kept beside the facts so that the scorecards of
//! thousands of suppliers are read at once. Not figures but facts: any window, tolerance, half-life and business date is
//! counted from them by the same rules as from the lines themselves, so there is one way to judge a line.
//!
//! Triggers note whose lines changed (`supplier_stale`); [`refresh`] packs theirs anew at the end of every operation.
//! Never journalled: it follows from the facts, and `backshelf check` proves it.

use super::suppliers::{Whose, deliveries_of};
use super::{Db, Result};
use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::lateness::{Arrival, Delivery};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::{Datelike, NaiveDate};
use rayon::prelude::*;
use rusqlite::params;
use std::collections::BTreeMap;

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

/// Packs anew what changed. Call it inside the transaction that changed the facts.
pub fn refresh(db: &Db) -> Result<()> {
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
        let years = by_year(deliveries_of(db, supplier)?);
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

fn stale(db: &Db) -> Result<Vec<SupplierId>> {
    let mut statement = db.prepare_cached("SELECT supplier_id FROM supplier_stale ORDER BY supplier_id")?;
    let rows = statement.query_map([], |r| r.get(0).map(SupplierId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn years_kept(db: &Db, supplier: SupplierId) -> Result<Vec<i32>> {
    let mut statement = db.prepare_cached("SELECT year FROM supplier_record WHERE supplier_id = ?1")?;
    let rows = statement.query_map([supplier.0], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The lines of these suppliers, by supplier; without their codes. What is not packed yet is read from the lines
/// themselves.
pub fn lines(db: &Db, whose: Whose) -> Result<Vec<(SupplierId, Vec<Delivery>)>> {
    let stale = stale(db)?;
    let sql = format!(
        "SELECT h.supplier_id, h.lines FROM supplier_record h WHERE {} ORDER BY h.supplier_id, h.year",
        whose.condition()
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut packed: BTreeMap<SupplierId, Vec<Vec<u8>>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let supplier = SupplierId(row.get(0)?);
        if stale.binary_search(&supplier).is_err() {
            packed.entry(supplier).or_default().push(row.get(1)?);
        }
    }
    let packed: Vec<(SupplierId, Vec<Vec<u8>>)> = packed.into_iter().collect();
    let mut found: Vec<(SupplierId, Vec<Delivery>)> = packed
        .par_iter()
        .map(|(supplier, years)| {
            let mut lines = Vec::new();
            years.iter().for_each(|bytes| unpack(bytes, *supplier, &mut lines));
            (*supplier, lines)
        })
        .collect();
    let sql = format!("SELECT h.supplier_id FROM supplier_stale h WHERE {}", whose.condition());
    let mut statement = db.prepare_cached(&sql)?;
    let fresh: Vec<i64> = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    for supplier in fresh.into_iter().map(SupplierId) {
        let lines: Vec<Delivery> = deliveries_of(db, supplier)?.into_iter().map(without_codes).collect();
        if !lines.is_empty() {
            found.push((supplier, lines));
        }
    }
    found.sort_by_key(|(supplier, _)| *supplier);
    Ok(found)
}

fn without_codes(line: Delivery) -> Delivery {
    Delivery { po_code: String::new(), line_code: String::new(), ..line }
}

/// Suppliers whose kept lines are not what follows from the facts, a sentence each.
pub fn faults(db: &Db) -> Result<Vec<String>> {
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
        let now: Vec<(i32, Vec<u8>)> =
            by_year(deliveries_of(db, supplier)?).into_iter().map(|(year, lines)| (year, pack(&lines))).collect();
        if stored != now {
            out.push(format!("What is kept of {name}'s deliveries is not what its purchase orders and receipts say."));
        }
    }
    Ok(out)
}

/// Writes numbers as 7 bits a byte, small ones short; signs folded in.
#[derive(Default)]
struct Packer {
    bytes: Vec<u8>,
    day: i64,
}

impl Packer {
    fn number(&mut self, n: i64) {
        let mut n = ((n << 1) ^ (n >> 63)) as u64;
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }
    /// As the distance from the day before.
    fn day(&mut self, day: NaiveDate) {
        let day = i64::from(day.num_days_from_ce());
        self.number(day - self.day);
        self.day = day;
    }
}

/// Lines as bytes, in their order.
fn pack(lines: &[Delivery]) -> Vec<u8> {
    let mut out = Packer::default();
    let (mut po, mut po_line) = (0, 0);
    for line in lines {
        out.number(line.po_line.0 - po_line);
        out.number(line.po.0 - po);
        (po_line, po) = (line.po_line.0, line.po.0);
        out.number(line.item.0);
        let days = days_of(line);
        let has = days.iter().enumerate().map(|(i, day)| i64::from(day.is_some()) << i).sum::<i64>();
        out.number(has << 2 | i64::from(line.cost.is_some()) << 1 | i64::from(line.closed));
        days.into_iter().flatten().for_each(|day| out.day(day));
        for quantity in [line.quantity, line.cancelled, line.received, line.rejected] {
            out.number(quantity.thousandths());
        }
        if let Some(cost) = line.cost {
            out.number(cost.ten_thousandths());
        }
        out.number(line.arrivals.len() as i64);
        for arrival in &line.arrivals {
            out.day(arrival.on);
            out.number(arrival.quantity.thousandths());
            out.number(arrival.rejected.thousandths() << 1 | i64::from(arrival.wrong_item));
        }
    }
    out.bytes
}

fn days_of(line: &Delivery) -> [Option<NaiveDate>; 7] {
    [
        line.ordered_on,
        line.confirmed_on,
        line.confirmed_for,
        line.first_promised,
        line.expected_on,
        line.announced_on,
        line.ended_on,
    ]
}

struct Unpacker<'a> {
    bytes: std::slice::Iter<'a, u8>,
    day: i64,
}

impl Unpacker<'_> {
    fn number(&mut self) -> Option<i64> {
        let mut n = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.next()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some((n >> 1) as i64 ^ -((n & 1) as i64));
            }
        }
        None
    }
    fn day(&mut self) -> Option<NaiveDate> {
        self.day += self.number()?;
        NaiveDate::from_num_days_from_ce_opt(i32::try_from(self.day).ok()?)
    }
    fn quantity(&mut self) -> Option<Qty> {
        self.number().map(Qty::from_thousandths)
    }
}

/// Bytes as lines; what cannot be read ends them (`backshelf check` finds it).
fn unpack(bytes: &[u8], supplier: SupplierId, out: &mut Vec<Delivery>) {
    let mut from = Unpacker { bytes: bytes.iter(), day: 0 };
    let (mut po, mut po_line) = (0, 0);
    while let Some(line) = unpack_line(&mut from, supplier, &mut po, &mut po_line) {
        out.push(line);
    }
}

fn unpack_line(from: &mut Unpacker, supplier: SupplierId, po: &mut i64, po_line: &mut i64) -> Option<Delivery> {
    *po_line += from.number()?;
    *po += from.number()?;
    let item = ItemId(from.number()?);
    let flags = from.number()?;
    let mut days = [None; 7];
    for (i, day) in days.iter_mut().enumerate() {
        if flags >> (i + 2) & 1 == 1 {
            *day = Some(from.day()?);
        }
    }
    let [ordered_on, confirmed_on, confirmed_for, first_promised, expected_on, announced_on, ended_on] = days;
    let [quantity, cancelled, received, rejected] =
        [from.quantity()?, from.quantity()?, from.quantity()?, from.quantity()?];
    let cost = if flags & 2 == 2 { Some(Money::from_ten_thousandths(from.number()?)) } else { None };
    let count = from.number()?;
    let mut arrivals = Vec::with_capacity(usize::try_from(count).ok()?.min(1_000));
    for _ in 0..count {
        let (on, quantity, bad) = (from.day()?, from.quantity()?, from.number()?);
        arrivals.push(Arrival { on, quantity, rejected: Qty::from_thousandths(bad >> 1), wrong_item: bad & 1 == 1 });
    }
    Some(Delivery {
        po_line: PoLineId(*po_line),
        po: PoId(*po),
        supplier,
        item,
        po_code: String::new(),
        line_code: String::new(),
        ordered_on,
        confirmed_on,
        confirmed_for,
        first_promised,
        expected_on,
        quantity,
        cancelled,
        received,
        rejected,
        closed: flags & 1 == 1,
        cost,
        announced_on,
        ended_on,
        arrivals,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line() -> impl Strategy<Value = Delivery> {
        let day =
            || prop::option::of(700_000i32..760_000).prop_map(|d| d.and_then(NaiveDate::from_num_days_from_ce_opt));
        let quantity = || (0i64..9_000_000_000).prop_map(Qty::from_thousandths);
        let arrival = (700_000i32..760_000, quantity(), quantity(), any::<bool>()).prop_map(
            |(on, quantity, rejected, wrong_item)| Arrival {
                on: NaiveDate::from_num_days_from_ce_opt(on).unwrap(),
                quantity,
                rejected,
                wrong_item,
            },
        );
        let ids = (1i64..9_000_000, 1i64..9_000_000, 1i64..9_000_000);
        let days = (day(), day(), day(), day(), day(), day(), day());
        let quantities = (quantity(), quantity(), quantity(), quantity());
        let rest = (any::<bool>(), prop::option::of(0i64..1_000_000_000), prop::collection::vec(arrival, 0..4));
        (ids, days, quantities, rest).prop_map(|(ids, days, quantities, rest)| Delivery {
            po_line: PoLineId(ids.0),
            po: PoId(ids.1),
            supplier: SupplierId(7),
            item: ItemId(ids.2),
            ordered_on: days.0,
            confirmed_on: days.1,
            confirmed_for: days.2,
            first_promised: days.3,
            expected_on: days.4,
            announced_on: days.5,
            ended_on: days.6,
            quantity: quantities.0,
            cancelled: quantities.1,
            received: quantities.2,
            rejected: quantities.3,
            closed: rest.0,
            cost: rest.1.map(Money::from_ten_thousandths),
            arrivals: rest.2,
            ..Delivery::blank()
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out_again(lines in prop::collection::vec(line(), 0..8)) {
            let mut out = Vec::new();
            unpack(&pack(&lines), SupplierId(7), &mut out);
            prop_assert_eq!(out, lines);
        }

        #[test]
        fn damaged_bytes_end_the_lines_and_nothing_else(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            unpack(&bytes, SupplierId(7), &mut Vec::new());
        }
    }
}
