//! `supplier_sums`: what a supplier's lines add up to ([`Sums`]), packed; made with `supplier_record` from the same lines
//! and proved with it. Sums hold on the day they were settled on and every later one, for the tolerances they were made
//! with. Where they do not hold (an earlier business date, lines not packed yet), they are made from the lines when they
//! are read: slower, and the same.

use super::cells::maybe_date;
use super::packing::{Packer, Unpacker, pack_lines, unpack_line};
use super::supplier_record::{lines_of, stale};
use super::suppliers::{Whose, deliveries_of};
use super::{Db, Result};
use crate::domain::ids::SupplierId;
use crate::domain::lateness::Delivery;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::scorecard::sums::{Dated, DaySum, Unsettled, Verdicts};
use crate::domain::scorecard::{Measure, Noted, Sums};
use chrono::NaiveDate;
use rayon::prelude::*;
use rusqlite::{OptionalExtension, params};

/// Suppliers whose sums are unpacked together, on all processors.
const TOGETHER: usize = 256;

/// The tolerances of the sums; none where none are kept.
pub(super) fn tolerance(db: &Db) -> Result<Option<String>> {
    let mut statement = db.prepare_cached("SELECT tolerance FROM supplier_sums LIMIT 1")?;
    Ok(statement.query_row([], |r| r.get(0)).optional()?)
}

/// Keeps what the lines add up to.
pub(super) fn put(db: &Db, supplier: SupplierId, lines: &[Delivery], measure: &Measure, on: NaiveDate) -> Result<()> {
    if lines.is_empty() {
        db.prepare_cached("DELETE FROM supplier_sums WHERE supplier_id = ?1")?.execute([supplier.0])?;
        return Ok(());
    }
    let sums = Sums::of(lines, measure, on);
    let mut put = db.prepare_cached(
        "INSERT INTO supplier_sums (supplier_id, settled_on, tolerance, answers, announcements_since, sums)
           SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM supplier WHERE id = ?1)
         ON CONFLICT (supplier_id) DO UPDATE SET settled_on = excluded.settled_on, tolerance = excluded.tolerance,
           answers = excluded.answers, announcements_since = excluded.announcements_since, sums = excluded.sums",
    )?;
    let Noted { answers, announcements_since } = sums.noted;
    let since = announcements_since.map(|day| day.to_string());
    put.execute(params![supplier.0, on.to_string(), measure.tolerance(), answers, since, pack(&sums)])?;
    Ok(())
}

/// Whether what is kept is what these lines add up to.
pub(super) fn are_of(db: &Db, supplier: SupplierId, lines: &[Delivery], measure: &Measure) -> Result<bool> {
    let sql =
        "SELECT settled_on, tolerance, answers, announcements_since, sums FROM supplier_sums WHERE supplier_id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let kept = statement.query_row([supplier.0], |r| {
        let noted = Noted { answers: r.get(2)?, announcements_since: maybe_date(r, 3)? };
        Ok((maybe_date(r, 0)?, r.get::<_, String>(1)?, noted, r.get::<_, Vec<u8>>(4)?))
    });
    Ok(match kept.optional()? {
        None => lines.is_empty(),
        Some((_, tolerance, ..)) if tolerance != measure.tolerance() => true,
        Some((on, _, noted, bytes)) => on.is_some_and(|on| {
            let sums = Sums::of(lines, measure, on);
            sums.noted == noted && pack(&sums) == bytes
        }),
    })
}

/// From when on suppliers' words were noted, of all of them.
pub fn noted(db: &Db) -> Result<Noted> {
    let sql = "SELECT coalesce(max(answers), 0), min(announcements_since) FROM supplier_sums
               WHERE supplier_id NOT IN (SELECT supplier_id FROM supplier_stale)";
    let mut statement = db.prepare_cached(sql)?;
    let mut noted =
        statement.query_row([], |r| Ok(Noted { answers: r.get(0)?, announcements_since: maybe_date(r, 1)? }))?;
    for supplier in stale(db)? {
        noted = noted.and(Noted::of(&deliveries_of(db, supplier)?));
    }
    Ok(noted)
}

/// What the lines of these suppliers add up to on `today`, handed to `make` on all processors, a part of the suppliers
/// at a time; by supplier. Suppliers without lines are left out. Without a measure, for what no tolerance changes, sums
/// of any tolerance serve.
pub fn each<T: Send>(
    db: &Db,
    whose: Whose,
    measure: Option<&Measure>,
    today: NaiveDate,
    make: impl Fn(SupplierId, Sums) -> T + Sync,
) -> Result<Vec<(SupplierId, T)>> {
    let usual = Measure::default();
    let tolerance = measure.map(Measure::tolerance);
    let mut fresh = Vec::new(); // to be made from the lines
    let mut found: Vec<(SupplierId, T)> = Vec::new();
    let stale = stale(db)?;
    let sql = format!(
        "SELECT h.supplier_id, h.settled_on <= ?1 AND (?2 IS NULL OR h.tolerance = ?2), h.sums FROM supplier_sums h
         WHERE {} ORDER BY h.supplier_id",
        whose.condition()
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![today.to_string(), tolerance])?;
    let mut packed: Vec<(SupplierId, Vec<u8>)> = Vec::with_capacity(TOGETHER);
    let mut unpacked = |packed: &mut Vec<(SupplierId, Vec<u8>)>, fresh: &mut Vec<SupplierId>| {
        let made: Vec<(SupplierId, Option<T>)> = packed
            .par_drain(..)
            .map(|(supplier, bytes)| (supplier, unpack(&bytes, supplier).map(|sums| make(supplier, sums))))
            .collect();
        for (supplier, made) in made {
            match made {
                Some(made) => found.push((supplier, made)),
                None => fresh.push(supplier), // damaged: `backshelf check` tells
            }
        }
    };
    while let Some(row) = rows.next()? {
        let supplier = SupplierId(row.get(0)?);
        if stale.binary_search(&supplier).is_ok() {
            continue;
        }
        if !row.get::<_, bool>(1)? {
            fresh.push(supplier);
            continue;
        }
        packed.push((supplier, row.get(2)?));
        if packed.len() == TOGETHER {
            unpacked(&mut packed, &mut fresh);
        }
    }
    unpacked(&mut packed, &mut fresh);
    let sql = format!("SELECT h.supplier_id FROM supplier_stale h WHERE {}", whose.condition());
    let mut statement = db.prepare_cached(&sql)?;
    let changed: Vec<i64> = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    for (supplier, packed) in
        fresh.into_iter().map(|s| (s, true)).chain(changed.into_iter().map(|s| (SupplierId(s), false)))
    {
        let lines = if packed { lines_of(db, supplier)? } else { deliveries_of(db, supplier)? };
        if !lines.is_empty() {
            found.push((supplier, make(supplier, Sums::of(&lines, measure.unwrap_or(&usual), today))));
        }
    }
    found.sort_by_key(|(supplier, _)| *supplier);
    Ok(found)
}

fn pack(sums: &Sums) -> Vec<u8> {
    let mut out = Packer::default();
    out.day(sums.settled_on);
    out.number(i64::from(sums.noted.answers));
    out.maybe_day(sums.noted.announcements_since);
    out.count(sums.verdicts.days.len());
    for (day, sum) in &sums.verdicts.days {
        out.day(*day);
        out.numbers(&numbers(sum));
    }
    for dated in [&sums.verdicts.late, &sums.verdicts.leads, &sums.verdicts.announced] {
        out.count(dated.len());
        for d in dated {
            out.day(d.promised);
            out.number(d.days);
            out.count(d.lines);
        }
    }
    out.count(sums.lateness.len());
    for (days, lines) in &sums.lateness {
        out.number(*days);
        out.count(*lines);
    }
    out.count(sums.waited);
    for weighed in [&sums.waits, &sums.slips] {
        out.count(weighed.len());
        for (days, weight) in weighed {
            out.number(*days);
            out.float(*weight);
        }
    }
    out.count(sums.orders.len());
    for (ordered, confirmed) in &sums.orders {
        out.day(*ordered);
        out.maybe_day(*confirmed);
    }
    out.count(sums.unsettled.len());
    sums.unsettled.iter().for_each(|l| out.count(l.of_lines));
    pack_lines(sums.unsettled.iter().map(|l| &l.line), &mut out);
    out.bytes
}

fn unpack(bytes: &[u8], supplier: SupplierId) -> Option<Sums> {
    let mut from = Unpacker::of(bytes);
    let settled_on = from.day()?;
    let answers = from.number()? != 0;
    let noted = Noted { answers, announcements_since: from.maybe_day()? };
    let days = from.each(|from| Some((from.day()?, day_sum(from.numbers()?)?)))?;
    let mut dated =
        || from.each(|from| Some(Dated { promised: from.day()?, days: from.number()?, lines: from.count()? }));
    let verdicts = Verdicts { days, late: dated()?, leads: dated()?, announced: dated()? };
    let lateness = from.each(|from| Some((from.number()?, from.count()?)))?;
    let waited = from.count()?;
    let mut weighed = || from.each(|from| Some((from.number()?, from.float()?)));
    let (waits, slips) = (weighed()?, weighed()?);
    let orders = from.each(|from| Some((from.day()?, from.maybe_day()?)))?;
    let of_lines = from.each(|from| from.count())?;
    let (mut po, mut po_line) = (0, 0);
    let mut unsettled = Vec::with_capacity(of_lines.len());
    for of_lines in of_lines {
        let line = unpack_line(&mut from, supplier, &mut po, &mut po_line)?;
        unsettled.push(Unsettled { line, of_lines });
    }
    let sums = Sums { settled_on, verdicts, lateness, waits, waited, slips, orders, noted, unsettled };
    from.is_at_end().then_some(sums)
}

/// What is as many as the lines, as a rule, is told by how many are missing: most of them are 0 then.
fn numbers(sum: &DaySum) -> [i64; 19] {
    let missing = |n: usize, of: usize| of as i64 - n as i64;
    [
        sum.lines as i64,
        missing(sum.on_time, sum.lines),
        missing(sum.in_full, sum.lines),
        missing(sum.otif, sum.lines),
        sum.ordered.thousandths(),
        sum.ordered.thousandths() - sum.in_time.thousandths(),
        sum.ordered.thousandths() - sum.received.thousandths(),
        sum.rejected.thousandths(),
        sum.rejected_worth.ten_thousandths(),
        missing(sum.whole, sum.lines),
        missing(sum.came, sum.lines),
        missing(sum.sound, sum.lines),
        missing(sum.right_item, sum.lines),
        missing(sum.not_over, sum.lines),
        sum.late as i64,
        missing(sum.dated, sum.lines),
        missing(sum.kept, sum.lines),
        sum.cancelled as i64,
        sum.cancelled_late as i64,
    ]
}

fn day_sum(numbers: [i64; 19]) -> Option<DaySum> {
    let [
        lines,
        on_time,
        in_full,
        otif,
        ordered,
        in_time,
        received,
        rejected,
        worth,
        whole,
        came,
        sound,
        right_item,
        not_over,
        late,
        dated,
        kept,
        cancelled,
        cancelled_late,
    ] = numbers;
    let count = |n: i64| usize::try_from(n).ok();
    let of_lines = |missing: i64| lines.checked_sub(missing).and_then(count);
    let of_ordered = |missing: i64| ordered.checked_sub(missing).map(Qty::from_thousandths);
    Some(DaySum {
        lines: count(lines)?,
        on_time: of_lines(on_time)?,
        in_full: of_lines(in_full)?,
        otif: of_lines(otif)?,
        ordered: Qty::from_thousandths(ordered),
        in_time: of_ordered(in_time)?,
        received: of_ordered(received)?,
        rejected: Qty::from_thousandths(rejected),
        rejected_worth: Money::from_ten_thousandths(worth),
        whole: of_lines(whole)?,
        came: of_lines(came)?,
        sound: of_lines(sound)?,
        right_item: of_lines(right_item)?,
        not_over: of_lines(not_over)?,
        late: count(late)?,
        dated: of_lines(dated)?,
        kept: of_lines(kept)?,
        cancelled: count(cancelled)?,
        cancelled_late: count(cancelled_late)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::packing::tests::line;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_out_again(mut lines in prop::collection::vec(line(), 0..20), on in 700_000i32..760_000) {
            lines.iter_mut().for_each(|l| l.quantity = l.quantity.max(l.cancelled)); // as the tables have it
            let on = NaiveDate::from_num_days_from_ce_opt(on).unwrap();
            let sums = Sums::of(&lines, &Measure::default(), on);
            prop_assert_eq!(unpack(&pack(&sums), SupplierId(7)), Some(sums));
        }

        #[test]
        fn damaged_bytes_are_no_sums_and_nothing_breaks(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack(&bytes, SupplierId(7));
        }
    }
}
