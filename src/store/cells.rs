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
    r.get::<_, Option<String>>(i)?.map(|text| parsed(i, NaiveDate::parse_from_str(&text, "%Y-%m-%d"))).transpose()
}

/// A date.
pub fn date(r: &Row, i: usize) -> rusqlite::Result<NaiveDate> {
    parsed(i, NaiveDate::parse_from_str(&r.get::<_, String>(i)?, "%Y-%m-%d"))
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
