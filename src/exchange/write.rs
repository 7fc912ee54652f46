//! Rows out as CSV, JSON or XLSX, one at a time; files by way of a temporary one, so that a half-written export never
//! stands where a whole one is expected.

use super::sheet::{Sheet, Value};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// How an export is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Csv,
    Json,
    Xlsx,
}

impl Format {
    /// The format that a file's name asks for.
    pub fn of_file(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Format::Csv),
            "json" => Some(Format::Json),
            "xlsx" => Some(Format::Xlsx),
            _ => None,
        }
    }
}

/// Takes rows and writes them. `finish` must be called, else the end is missing.
pub struct Writer<'w> {
    out: &'w mut dyn Write,
    columns: Vec<&'static str>,
    rows: u64,
    form: Form,
}

enum Form {
    Csv,
    Json,
    Xlsx(Box<rust_xlsxwriter::Workbook>),
}

/// Rows that a spreadsheet holds, without the heading.
const SPREADSHEET_ROWS: u64 = 1_048_575;

impl<'w> Writer<'w> {
    /// Begins an export with these columns; `name` is the spreadsheet's tab.
    pub fn new(format: Format, out: &'w mut dyn Write, name: &str, columns: Vec<&'static str>) -> io::Result<Self> {
        let form = match format {
            Format::Csv => Form::Csv,
            Format::Json => Form::Json,
            Format::Xlsx => Form::Xlsx(Box::new(workbook(name, &columns)?)),
        };
        let writer = Writer { out, columns, rows: 0, form };
        match &writer.form {
            Form::Csv => {
                let line = writer.columns.join(",");
                writeln!(writer.out, "{line}")?;
            }
            Form::Json => write!(writer.out, "[")?,
            Form::Xlsx(_) => {}
        }
        Ok(writer)
    }

    /// Writes one row, its values in the order of the columns.
    pub fn row(&mut self, values: &[Value]) -> io::Result<()> {
        match &mut self.form {
            Form::Csv => csv_row(self.out, values)?,
            Form::Json => {
                self.out.write_all(if self.rows == 0 { b"\n" } else { b",\n" })?;
                json_row(self.out, &self.columns, values)?;
            }
            Form::Xlsx(book) => {
                if self.rows >= SPREADSHEET_ROWS {
                    return Err(io::Error::other(
                        "A spreadsheet holds no more than 1,048,575 rows: export to CSV instead.",
                    ));
                }
                xlsx_row(book, self.rows as u32 + 1, values)?; // below 2^20 by the line above
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Writes the end. Returns the number of rows.
    pub fn finish(mut self) -> io::Result<u64> {
        match &mut self.form {
            Form::Csv => {}
            Form::Json => self.out.write_all(if self.rows == 0 { b"]\n" } else { b"\n]\n" })?,
            Form::Xlsx(book) => {
                let bytes = book.save_to_buffer().map_err(io::Error::other)?;
                self.out.write_all(&bytes)?;
            }
        }
        self.out.flush()?;
        Ok(self.rows)
    }
}

/// Writes a whole sheet.
pub fn sheet(sheet: &Sheet, format: Format, out: &mut dyn Write) -> io::Result<u64> {
    let mut writer = Writer::new(format, out, sheet.name, sheet.columns.clone())?;
    for row in &sheet.rows {
        writer.row(row)?;
    }
    writer.finish()
}

/// Text that a spreadsheet would run as a formula gets a `'` in front, which the import takes off again.
pub fn neutral(text: &str) -> String {
    if runs(text) { format!("'{text}") } else { text.to_string() }
}

/// Also text that already looks marked: else the mark taken off on the way in would be its own.
fn runs(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn csv_row(out: &mut dyn Write, values: &[Value]) -> io::Result<()> {
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        let cell = match value {
            Value::None => continue,
            Value::Text(text) => neutral(text),
            other => plain(other),
        };
        if cell.contains([',', '"', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ') {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

/// A value as a file writes it, before it is made safe for a spreadsheet.
pub fn plain(value: &Value) -> String {
    match value {
        Value::None => String::new(),
        Value::Text(text) | Value::Moment(text) => text.clone(),
        Value::Quantity(q) => q.to_string(),
        Value::Money(m) => m.to_string(),
        Value::Count(n) => n.to_string(),
        Value::Rate(x) | Value::Score(x) => number(*x),
        Value::Date(date) => date.to_string(),
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_string(),
    }
}

/// At most six decimals: more would be a pretence.
fn number(x: f64) -> String {
    let text = format!("{x:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_string() } else { text.to_string() }
}

fn json_row(out: &mut dyn Write, columns: &[&'static str], values: &[Value]) -> io::Result<()> {
    out.write_all(b" {")?;
    for (i, (column, value)) in columns.iter().zip(values).enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        write!(out, "\"{column}\":")?;
        match value {
            Value::None => out.write_all(b"null")?,
            Value::Count(n) => write!(out, "{n}")?,
            Value::Rate(x) | Value::Score(x) if x.is_finite() => write!(out, "{}", number(*x))?,
            Value::Rate(_) | Value::Score(_) => out.write_all(b"null")?,
            Value::YesNo(yes) => write!(out, "{yes}")?,
            text => serde_json::to_writer(&mut *out, &plain(text))?,
        }
    }
    out.write_all(b"}")
}

fn workbook(name: &str, columns: &[&'static str]) -> io::Result<rust_xlsxwriter::Workbook> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let page = book.add_worksheet().set_name(name).map_err(io::Error::other)?;
    for (i, column) in (0u16..).zip(columns) {
        page.write_string_with_format(0, i, *column, &bold).map_err(io::Error::other)?;
    }
    page.set_freeze_panes(1, 0).map_err(io::Error::other)?;
    Ok(book)
}

/// Codes, text and dates as text (nothing is turned into a number or a day), quantities and money as numbers.
fn xlsx_row(book: &mut rust_xlsxwriter::Workbook, row: u32, values: &[Value]) -> io::Result<()> {
    let page = book.worksheet_from_index(0).map_err(io::Error::other)?;
    for (column, value) in (0u16..).zip(values) {
        let written = match value {
            Value::None => continue,
            Value::Quantity(q) if q.abs().thousandths() < EXACT => page.write_number(row, column, q.as_f64()),
            Value::Money(m) if m.ten_thousandths().abs() < EXACT => page.write_number(row, column, m.as_f64()),
            Value::Count(n) if n.abs() < EXACT => page.write_number(row, column, *n as f64),
            Value::Rate(x) | Value::Score(x) if x.is_finite() => page.write_number(row, column, *x),
            // A text cell is never run; only a mark of its own must survive the way back in.
            Value::Text(text) if text.starts_with('\'') => page.write_string(row, column, neutral(text)),
            other => page.write_string(row, column, plain(other)),
        };
        written.map_err(io::Error::other)?;
    }
    Ok(())
}

/// Spreadsheets keep 15 digits; a longer number is written as text.
const EXACT: i64 = 1_000_000_000_000_000;

/// Writes a file whole or not at all: beside it, to the disk, then in its place, readable by its owner only.
/// A link is refused rather than followed.
pub fn to_file<T, E: From<io::Error>>(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<T, E>) -> Result<T, E> {
    let other = |why: String| E::from(io::Error::new(io::ErrorKind::InvalidInput, why));
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => {
            return Err(other(format!("{} is a folder: name a file in it.", path.display())));
        }
        Ok(found) if !found.is_file() => {
            return Err(other(format!("{} is not an ordinary file: name the file itself.", path.display())));
        }
        _ => {}
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = tempfile::Builder::new().prefix(".backshelf-").tempfile_in(folder)?;
    let mut out = BufWriter::with_capacity(256 * 1024, temporary);
    let value = write(&mut out)?;
    let temporary = out.into_inner().map_err(|e| e.into_error())?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|e| e.error)?;
    sync_folder(folder);
    Ok(value)
}

/// Makes the new name itself survive a power cut, where the file system allows it.
pub fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all(); // some file systems cannot: the file's content is safe already
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::domain::quantity::Qty;

    fn sample() -> Sheet {
        let text = Value::text;
        Sheet {
            name: "items",
            columns: vec!["sku", "name", "on_hand", "price", "share", "paid", "due", "n"],
            rows: vec![
                vec![
                    text("007"),
                    text("=1+1, \"x\""),
                    Value::Quantity(Qty::parse("-1.5").unwrap()),
                    Value::Money(Money::parse("15").unwrap()),
                    Value::Rate(0.95),
                    Value::YesNo(true),
                    Value::Date(chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()),
                    Value::Count(3),
                ],
                vec![
                    text("-5"),
                    text("é\n漢"),
                    Value::None,
                    Value::None,
                    Value::None,
                    Value::None,
                    Value::None,
                    Value::None,
                ],
            ],
        }
    }

    fn written(format: Format) -> Vec<u8> {
        let mut out = Vec::new();
        assert_eq!(sheet(&sample(), format, &mut out).unwrap(), 2);
        out
    }

    #[test]
    fn csv_neutralises_text_and_leaves_numbers_alone() {
        let text = String::from_utf8(written(Format::Csv)).unwrap();
        assert_eq!(
            text,
            "sku,name,on_hand,price,share,paid,due,n\n007,\"'=1+1, \"\"x\"\"\",-1.5,15.00,0.95,yes,2026-11-23,3\n'-5,\"é\n漢\",,,,,,\n"
        );
    }

    #[test]
    fn a_text_that_looks_marked_is_marked_again() {
        for (text, expected) in
            [("=a", "'=a"), ("'=a", "''=a"), ("'a", "'a"), ("a=b", "a=b"), ("", ""), ("\ta", "'\ta")]
        {
            assert_eq!(neutral(text), expected);
        }
    }

    #[test]
    fn json_keeps_exact_numbers_as_strings_and_absent_values_null() {
        let json: serde_json::Value = serde_json::from_slice(&written(Format::Json)).unwrap();
        assert_eq!(
            json[0],
            serde_json::json!({"sku":"007","name":"=1+1, \"x\"","on_hand":"-1.5","price":"15.00","share":0.95,"paid":true,"due":"2026-11-23","n":3})
        );
        assert_eq!(json[1]["on_hand"], serde_json::Value::Null);
        let mut empty = Vec::new();
        sheet(&Sheet { name: "none", ..Sheet::default() }, Format::Json, &mut empty).unwrap();
        assert_eq!(empty, b"[]\n");
    }

    #[test]
    fn xlsx_keeps_codes_as_text_and_numbers_as_numbers() {
        use calamine::{Data, Reader, Xlsx};
        let mut book: Xlsx<_> = Xlsx::new(io::Cursor::new(written(Format::Xlsx))).unwrap();
        let range = book.worksheet_range("items").unwrap();
        assert_eq!(range.get((1, 0)), Some(&Data::String("007".into())));
        assert_eq!(range.get((1, 1)), Some(&Data::String("=1+1, \"x\"".into())));
        assert_eq!(range.get((1, 2)), Some(&Data::Float(-1.5)));
        assert_eq!(range.get((1, 6)), Some(&Data::String("2026-11-23".into())));
    }

    #[test]
    fn a_failed_export_leaves_the_old_file_and_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "old").unwrap();
        let failed: io::Result<()> = to_file(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("stop"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let done: io::Result<()> = to_file(&path, |out| out.write_all(b"new"));
        done.unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (secret, link) = (folder.path().join("secret"), folder.path().join("out.csv"));
        fs::write(&secret, "keep").unwrap();
        std::os::unix::fs::symlink(&secret, &link).unwrap();
        assert!(to_file::<(), io::Error>(&link, |out| out.write_all(b"x")).is_err());
        assert_eq!(fs::read_to_string(&secret).unwrap(), "keep");
    }
}
