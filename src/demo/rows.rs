//! Rows as an import takes them, named by column.

use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::exchange::table::{Batch, Cell, Origin, Row, Table};
use chrono::{NaiveDate, NaiveDateTime};

/// A text cell; blank text is no cell.
pub fn text(text: impl Into<String>) -> Option<Cell> {
    let text = text.into();
    if text.is_empty() { None } else { Some(Cell::Text(text)) }
}
/// Whole pieces.
pub fn pieces(n: i64) -> Option<Cell> {
    Some(Cell::Quantity(Qty::units(n)))
}
/// Money from cents.
pub fn cents(n: i64) -> Option<Cell> {
    Some(Cell::Money(Money::from_ten_thousandths(n * 100)))
}
pub fn count(n: i64) -> Option<Cell> {
    Some(Cell::Count(n))
}
pub fn date(date: impl Into<Option<NaiveDate>>) -> Option<Cell> {
    date.into().map(Cell::Date)
}
pub fn moment(at: NaiveDateTime) -> Option<Cell> {
    Some(Cell::Moment(at))
}
pub fn yes_no(yes: bool) -> Option<Cell> {
    Some(Cell::YesNo(yes))
}
pub fn choice(word: impl Into<Option<&'static str>>) -> Option<Cell> {
    word.into().map(Cell::Choice)
}

/// A batch under construction; rows count as lines of one file named "sample".
pub struct Rows {
    batch: Batch,
}

impl Rows {
    pub fn new() -> Rows {
        Rows { batch: Batch { files: vec!["sample".to_string()], ..Batch::default() } }
    }

    /// Adds a row. A name that the table does not have is a mistake in this program, found by its tests.
    pub fn add(&mut self, table: Table, cells: &[(&'static str, Option<Cell>)]) {
        let rows = self.batch.tables.entry(table).or_default();
        let mut row = vec![None; table.columns().len()];
        for (name, cell) in cells {
            match table.column(name).and_then(|at| row.get_mut(at)) {
                Some(place) => place.clone_from(cell),
                None => debug_assert!(false, "{} has no column {name}", table.name()),
            }
        }
        let line = u32::try_from(rows.len() + 1).unwrap_or(u32::MAX);
        rows.push(Row { at: Origin { file: 0, line }, cells: row });
    }

    pub fn batch(self) -> Batch {
        self.batch
    }
}
