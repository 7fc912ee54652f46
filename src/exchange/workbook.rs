//! XLSX workbooks to rows of text: real dates become ISO, numbers lose no digit and get no `.0`.

use super::reader::{Fault, Grid, Layout};
use calamine::{DataRef, Reader, Xlsx};
use std::borrow::Cow;
use std::io::Cursor;

/// An opened workbook.
pub struct Workbook {
    book: Xlsx<Cursor<Vec<u8>>>,
}

impl Workbook {
    /// Opens the bytes of an .xlsx file; the error is a sentence.
    pub fn open(bytes: Vec<u8>) -> Result<Workbook, String> {
        let book = Xlsx::new(Cursor::new(bytes)).map_err(|e| {
            format!("This is not a readable XLSX workbook ({e}): open it in the spreadsheet program and save it again.")
        })?;
        Ok(Workbook { book })
    }
    pub fn sheets(&self) -> Vec<String> {
        self.book.sheet_names()
    }
    /// The cells of the sheet that the layout names, else of the first.
    pub fn grid(&mut self, layout: Layout) -> Grid {
        let mut grid = Grid::default();
        let names = self.sheets();
        let name = match layout.sheet {
            Some(sheet) => names.iter().find(|n| n.eq_ignore_ascii_case(sheet)),
            None => names.first(),
        };
        let Some(name) = name else {
            grid.faults.push(Fault::new(1, "The workbook has no such sheet."));
            return grid;
        };
        if let Err(e) = fill(&mut self.book, name, &mut grid) {
            grid.faults.push(Fault::new(1, format!("The sheet {name} cannot be read ({e}): save the workbook again.")));
        }
        grid.settle(layout.header_row);
        grid
    }
}

/// Cell by cell, not as one block: a stray cell in the last corner of a sheet must not cost its whole area.
fn fill(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str, grid: &mut Grid) -> Result<(), calamine::XlsxError> {
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let (mut line, mut next) = (0u32, 0u32);
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        if row + 1 != line {
            line = row + 1;
            next = 0;
            grid.begin(line);
        }
        if column < next || column >= WIDEST {
            grid.faults.push(Fault::new(line, format!("A cell stands beyond column {WIDEST}: clear it.")));
            continue;
        }
        for _ in next..column {
            grid.push("");
        }
        next = column + 1;
        match text_of(cell.get_value()) {
            Ok(text) => {
                grid.push(&text);
                if matches!(cell.get_value(), DataRef::Int(_) | DataRef::Float(_) | DataRef::DateTime(_)) {
                    grid.mark_plain();
                }
            }
            Err(sentence) => {
                grid.faults.push(Fault::new(line, sentence));
                grid.push("");
            }
        }
    }
    grid.ragged = true;
    Ok(())
}

/// The most columns that a sheet may use.
const WIDEST: u32 = 1000;

fn text_of<'c>(cell: &'c DataRef) -> Result<Cow<'c, str>, String> {
    Ok(Cow::Owned(match cell {
        DataRef::Empty => String::new(),
        DataRef::String(text) => return Ok(Cow::Borrowed(text)),
        DataRef::SharedString(text) => return Ok(Cow::Borrowed(text)),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(x) => number(*x),
        DataRef::Bool(yes) => if *yes { "yes" } else { "no" }.to_string(),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") }
        }
        DataRef::DateTime(span) => number(span.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(e) => return Err(format!("A cell holds the error {e}: mend the formula, or clear the cell.")),
    }))
}

/// A spreadsheet's number as it shows it: fifteen digits, no exponent, no `.0`.
fn number(x: f64) -> String {
    let shown: f64 = format!("{x:.14e}").parse().unwrap_or(x);
    format!("{shown}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_the_spreadsheet_shows_them() {
        for (x, text) in
            [(12.0, "12"), (0.1 + 0.2, "0.3"), (1e6, "1000000"), (-2.5, "-2.5"), (4_006_381_333_931.0, "4006381333931")]
        {
            assert_eq!(number(x), text);
        }
    }

    #[test]
    fn bytes_that_are_no_workbook_are_said() {
        assert!(Workbook::open(b"PK\x03\x04nonsense".to_vec()).is_err());
    }
}
