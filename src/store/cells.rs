//! Cells to values: the database keeps dates and moments as ISO text.

use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::Row;
use rusqlite::types::Type;

/// How a moment is written in the database.
pub const MOMENT: &str = "%Y-%m-%dT%H:%M:%S";

/// A date that may be absent.
pub fn maybe_date(r: &Row, i: usize) -> rusqlite::Result<Option<NaiveDate>> {
    match r.get_ref(i)?.as_str_or_null() {
        Ok(text) => text.map(|text| iso(i, text)).transpose(),
        Err(e) => Err(rusqlite::Error::FromSqlConversionFailure(i, Type::Text, Box::new(e))),
    }
}

/// A date.
pub fn date(r: &Row, i: usize) -> rusqlite::Result<NaiveDate> {
    match r.get_ref(i)?.as_str() {
        Ok(text) => iso(i, text),
        Err(e) => Err(rusqlite::Error::FromSqlConversionFailure(i, Type::Text, Box::new(e))),
    }
}

/// `2026-11-23`, read by its ten bytes: a board reads tens of thousands of dates, and a format string costs ten times
/// as much. What is written otherwise goes the long way, which names the fault.
fn iso(i: usize, text: &str) -> rusqlite::Result<NaiveDate> {
    let number =
        |part: &[u8]| part.iter().try_fold(0_u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(*b - b'0')));
    let quick = match text.as_bytes() {
        [year @ .., b'-', m1, m2, b'-', d1, d2] if year.len() == 4 => {
            let (year, month, day) = (number(year), number(&[*m1, *m2]), number(&[*d1, *d2]));
            year.zip(month).zip(day).and_then(|((y, m), d)| NaiveDate::from_ymd_opt(i32::try_from(y).ok()?, m, d))
        }
        _ => None,
    };
    quick.map_or_else(|| parsed(i, NaiveDate::parse_from_str(text, "%Y-%m-%d")), Ok)
}

/// A moment that may be absent.
pub fn maybe_moment(r: &Row, i: usize) -> rusqlite::Result<Option<NaiveDateTime>> {
    if r.get_ref(i)? == rusqlite::types::ValueRef::Null { Ok(None) } else { moment(r, i).map(Some) }
}

/// A moment; a date alone is its midnight.
pub fn moment(r: &Row, i: usize) -> rusqlite::Result<NaiveDateTime> {
    let text: String = r.get(i)?;
    let midnight = || NaiveDate::parse_from_str(&text, "%Y-%m-%d").map(|d| d.and_time(chrono::NaiveTime::MIN));
    parsed(i, NaiveDateTime::parse_from_str(&text, MOMENT).or_else(|_| midnight()))
}

pub fn quantity(r: &Row, i: usize) -> rusqlite::Result<Qty> {
    r.get(i).map(Qty::from_thousandths)
}

pub fn maybe_quantity(r: &Row, i: usize) -> rusqlite::Result<Option<Qty>> {
    Ok(r.get::<_, Option<i64>>(i)?.map(Qty::from_thousandths))
}

pub fn maybe_money(r: &Row, i: usize) -> rusqlite::Result<Option<Money>> {
    Ok(r.get::<_, Option<i64>>(i)?.map(Money::from_ten_thousandths))
}

fn parsed<T>(i: usize, read: Result<T, chrono::ParseError>) -> rusqlite::Result<T> {
    read.map_err(|e| rusqlite::Error::FromSqlConversionFailure(i, Type::Text, Box::new(e)))
}
