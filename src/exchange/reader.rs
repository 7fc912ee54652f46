//! Files to rows of text: encoding, delimiter, gz, quoted fields. Workbooks are in `workbook`.
//!
//! A file becomes one [`Grid`]: all its text in one piece and where each cell lies in it, so that a quarter of a
//! million rows cost three allocations, a cell is a borrowed `&str`, and a look-up may reach any row. Rows keep the
//! physical line where they start: an error message points at the line that an editor shows.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::Read;
use std::path::Path;

/// The most text that one file may hold, unpacked: above it is a packed bomb or not a file for a warehouse.
pub const LARGEST_FILE: u64 = 1 << 30;

/// Something wrong with the file itself at a line of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub line: u32,
    pub sentence: String,
}

impl Fault {
    pub fn new(line: u32, sentence: impl Into<String>) -> Fault {
        Fault { line, sentence: sentence.into() }
    }
}

#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    /// With [`PLAIN`] set: the cell was a number or a date of a workbook.
    end: u32,
}

/// No text is as long as this bit stands for: see [`LARGEST_FILE`].
const PLAIN: u32 = 1 << 31;

#[derive(Clone, Copy, Debug)]
struct Start {
    cell: u32,
    line: u32,
}

/// The cells of a file: headings and rows.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    text: String,
    cells: Vec<Span>,
    rows: Vec<Start>,
    /// The headings, trimmed, as the file spells them.
    pub headings: Vec<String>,
    /// The line of the headings.
    pub heading_line: u32,
    /// Rows end where their last cell is (workbooks), so that a short row says nothing.
    pub ragged: bool,
    /// What is wrong with the file itself: not text, a quote that never closes, a packed file that is cut short.
    pub faults: Vec<Fault>,
    /// What was read although it looks odd.
    pub warnings: Vec<Fault>,
    /// The sign between the cells of a text file.
    pub delimiter: Option<u8>,
}

/// How a file is to be read, where it is not to be found out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Layout<'a> {
    pub delimiter: Option<char>,
    /// A label such as `windows-1252`, `utf-8`, `utf-16le`.
    pub encoding: Option<&'a str>,
    /// Line (row) of the headings, counted from 1 over rows that hold anything.
    pub header_row: Option<u32>,
    /// Sheet of a workbook; else the first.
    pub sheet: Option<&'a str>,
}

impl Grid {
    /// Rows below the headings.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// Nothing at all is in it, and nothing is wrong with it either.
    pub fn is_blank(&self) -> bool {
        self.rows.is_empty() && self.headings.is_empty() && self.faults.is_empty()
    }
    /// The physical line where a row starts.
    pub fn line(&self, row: usize) -> u32 {
        self.rows.get(row).map_or(0, |r| r.line)
    }
    /// The number of cells of a row.
    pub fn width(&self, row: usize) -> usize {
        let start = self.rows.get(row).map_or(0, |r| r.cell as usize);
        let end = self.rows.get(row + 1).map_or(self.cells.len(), |r| r.cell as usize);
        end.saturating_sub(start)
    }
    /// The text of a cell; empty where the row is too short.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.width(row) {
            return "";
        }
        let span = self.rows.get(row).and_then(|r| self.cells.get(r.cell as usize + column));
        span.and_then(|s| self.text.get(s.start as usize..(s.end & !PLAIN) as usize)).unwrap_or("")
    }
    /// Whether a cell was a number or a date of a workbook: its text is a plain decimal or ISO, whatever the writing of
    /// the texts beside it.
    pub fn is_plain(&self, row: usize, column: usize) -> bool {
        let span = self.rows.get(row).and_then(|r| self.cells.get(r.cell as usize + column));
        column < self.width(row) && span.is_some_and(|s| s.end & PLAIN != 0)
    }
    /// The column of that heading, any case.
    pub fn column(&self, heading: &str) -> Option<usize> {
        self.headings.iter().position(|h| h.eq_ignore_ascii_case(heading))
    }

    /// Why a row does not fit under the headings, as a sentence.
    pub fn misfit(&self, row: usize) -> Option<String> {
        let (width, headings) = (self.width(row), self.headings.len());
        let beyond = width > headings && (headings..width).any(|c| !self.cell(row, c).trim().is_empty());
        if beyond || width < headings && !self.ragged {
            let which =
                if beyond { "a delimiter inside a cell needs quotes around it" } else { "the row is cut short" };
            return Some(format!("The row has {width} cells where the headings are {headings}: {which}."));
        }
        None
    }

    /// Starts a row at a line.
    pub(super) fn begin(&mut self, line: u32) {
        self.rows.push(Start { cell: self.cells.len() as u32, line });
    }
    /// Adds a cell to the row begun last.
    pub(super) fn push(&mut self, text: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        self.cells.push(Span { start, end: self.text.len() as u32 });
    }
    /// Says of the cell added last that it was a number or a date of a workbook.
    pub(super) fn mark_plain(&mut self) {
        if let Some(last) = self.cells.last_mut() {
            last.end |= PLAIN;
        }
    }
    /// Drops blank rows and takes the headings off the top.
    pub(super) fn settle(&mut self, header_row: Option<u32>) {
        let blank = |grid: &Grid, row: usize| (0..grid.width(row)).all(|c| grid.cell(row, c).trim().is_empty());
        let keep: Vec<bool> = (0..self.rows.len()).map(|row| !blank(self, row)).collect();
        if keep.iter().any(|k| !k) {
            let (mut cells, mut rows) = (Vec::new(), Vec::new());
            for row in (0..self.rows.len()).filter(|r| keep[*r]) {
                let first = self.rows[row].cell as usize;
                rows.push(Start { cell: cells.len() as u32, line: self.rows[row].line });
                cells.extend_from_slice(&self.cells[first..first + self.width(row)]);
            }
            (self.cells, self.rows) = (cells, rows);
        }
        let header = header_row.unwrap_or(1).max(1) as usize - 1;
        if header >= self.rows.len() {
            self.rows.clear();
            return;
        }
        self.heading_line = self.line(header);
        self.headings = (0..self.width(header)).map(|c| self.cell(header, c).trim().to_string()).collect();
        while self.headings.last().is_some_and(|h| h.is_empty()) {
            self.headings.pop();
        }
        self.rows.drain(..=header);
    }
}

/// The bytes of a file, unpacked where it is gzip (by its first two bytes, whatever its name).
pub fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let raw = std::fs::read(path).map_err(|e| super::read::why(path, &e))?;
    if !raw.starts_with(&[0x1f, 0x8b]) {
        let named_so = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
        if named_so && !raw.is_empty() {
            return Err(format!(
                "{} ends in .gz and is not packed with gzip: fetch it again, or take .gz off its name where it is plain text.",
                path.display()
            ));
        }
        return Ok(raw);
    }
    let mut out = Vec::with_capacity(raw.len().saturating_mul(6).min(1 << 28));
    let mut unpacked = flate2::read::MultiGzDecoder::new(raw.as_slice()).take(LARGEST_FILE + 1);
    match unpacked.read_to_end(&mut out) {
        Ok(_) => Ok(out),
        Err(e) => Err(format!("The packed file {} is damaged or cut short ({e}): fetch it again.", path.display())),
    }
}

/// Reads delimited text.
pub fn delimited(bytes: &[u8], layout: Layout) -> Grid {
    let mut grid = Grid::default();
    if bytes.len() as u64 > LARGEST_FILE {
        grid.faults.push(Fault::new(1, "The file holds more than 1 GB of text: split it into several files."));
        return grid;
    }
    let text = match decoded(bytes, layout.encoding, &mut grid) {
        Some(text) => text,
        None => return grid,
    };
    let delimiter = layout.delimiter.filter(char::is_ascii).map_or_else(|| sniffed(&text), |c| c as u8);
    split(text, delimiter, &mut grid);
    grid.delimiter = Some(delimiter);
    grid.settle(layout.header_row);
    grid
}

/// UTF-8 with or without a byte order mark, UTF-16 in either order, else Windows-1252.
fn decoded(bytes: &[u8], label: Option<&str>, grid: &mut Grid) -> Option<String> {
    let encoding = match (label.and_then(|l| Encoding::for_label(l.as_bytes())), Encoding::for_bom(bytes)) {
        (_, Some((by_mark, _))) => by_mark,
        (Some(named), None) => named,
        (None, None) => guessed(bytes),
    };
    let (text, _, broken) = encoding.decode(bytes);
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        let line = 1 + memchr::memchr_iter(b'\n', text[..at].as_bytes()).count() as u32;
        grid.faults.push(Fault::new(line, "This is not a text file (it holds a NUL byte): save it as CSV or XLSX."));
        return None;
    }
    if broken {
        let line =
            text.find('\u{fffd}').map_or(1, |at| 1 + memchr::memchr_iter(b'\n', text[..at].as_bytes()).count() as u32);
        let sentence = format!(
            "Some bytes are not {}; they are shown as U+FFFD. Save the file as UTF-8 to keep them.",
            encoding.name()
        );
        grid.warnings.push(Fault::new(line, sentence));
    }
    Some(text.into_owned())
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let head = &bytes[..bytes.len().min(4096)];
    let nul_at = |parity: usize| head.iter().enumerate().filter(|(i, b)| **b == 0 && i % 2 == parity).count();
    // Latin text in UTF-16 has a NUL in every second place.
    let half = head.len() / 4;
    if head.len() >= 4 && nul_at(1) > half && nul_at(0) == 0 {
        return UTF_16LE;
    }
    if head.len() >= 4 && nul_at(0) > half && nul_at(1) == 0 {
        return UTF_16BE;
    }
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

/// The delimiter that the first line with anything in it holds most, outside quotes.
fn sniffed(text: &str) -> u8 {
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for b in text.trim_start().bytes().take(1 << 20) {
        match b {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            b if !quoted => counts.iter_mut().filter(|(d, _)| *d == b).for_each(|(_, n)| *n += 1),
            _ => {}
        }
    }
    // max_by_key takes the last of equals: the comma is asked last.
    counts.iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(d, _)| *d)
}

/// Splits the text where RFC 4180 says; a quote inside an unquoted cell is an ordinary character.
fn split(text: String, delimiter: u8, grid: &mut Grid) {
    let bytes = text.as_bytes();
    let mut doubled = Vec::new(); // cells with "" inside, and where their plain text will lie
    let (mut at, mut line) = (0usize, 1u32);
    while at < bytes.len() {
        grid.rows.push(Start { cell: grid.cells.len() as u32, line });
        loop {
            let opened = line;
            let (start, mut end, mut escaped) = if bytes.get(at) == Some(&b'"') {
                match closing_quote(bytes, at + 1, &mut line) {
                    Some((close, escaped)) => (at + 1, close, escaped),
                    None => {
                        let sentence = "A quote (\") that opens a cell here never closes: close it, or double it if it belongs to the text.";
                        grid.faults.push(Fault::new(opened, sentence));
                        (at + 1, bytes.len(), false)
                    }
                }
            } else {
                (at, at, false)
            };
            let quoted = start > at;
            let rest = if quoted { (end + 1).min(bytes.len()) } else { at };
            let stop = rest + memchr::memchr3(delimiter, b'\n', b'\r', &bytes[rest..]).unwrap_or(bytes.len() - rest);
            if !quoted {
                end = stop;
            } else if stop > rest && !text[rest..stop].trim().is_empty() {
                // "a"b: what follows the closing quote belongs to the cell, as spreadsheets read it.
                doubled.push((
                    grid.cells.len(),
                    format!("{}{}", text[start..end].replace("\"\"", "\""), &text[rest..stop]),
                ));
                escaped = false;
            }
            if escaped {
                doubled.push((grid.cells.len(), text[start..end].replace("\"\"", "\"")));
            }
            grid.cells.push(Span { start: start as u32, end: end as u32 });
            at = stop;
            match bytes.get(at) {
                Some(b) if *b == delimiter => at += 1,
                Some(b'\r') => {
                    at += 1 + usize::from(bytes.get(at + 1) == Some(&b'\n'));
                    line += 1;
                    break;
                }
                Some(_) => {
                    at += 1;
                    line += 1;
                    break;
                }
                None => break,
            }
        }
    }
    grid.text = text;
    for (cell, plain) in doubled {
        let start = grid.text.len() as u32;
        grid.text.push_str(&plain);
        grid.cells[cell] = Span { start, end: grid.text.len() as u32 };
    }
}

/// Where a quoted cell that starts at `at` closes, and whether it holds doubled quotes. Counts the lines it spans.
fn closing_quote(bytes: &[u8], mut at: usize, line: &mut u32) -> Option<(usize, bool)> {
    let (first, mut escaped) = (at, false);
    loop {
        let quote = at + memchr::memchr(b'"', &bytes[at..])?;
        if bytes.get(quote + 1) == Some(&b'"') {
            escaped = true;
            at = quote + 2;
            continue;
        }
        *line += memchr::memchr_iter(b'\n', &bytes[first..quote]).count() as u32;
        return Some((quote, escaped));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> (Vec<String>, Vec<(u32, Vec<String>)>) {
        let grid = delimited(bytes, Layout::default());
        let row = |r| (grid.line(r), (0..grid.width(r)).map(|c| grid.cell(r, c).to_string()).collect());
        (grid.headings.clone(), (0..grid.len()).map(row).collect())
    }

    #[test]
    fn lines_are_those_of_an_editor() {
        let (headings, rows) = rows(b"sku,name\r\n\r\n1,\"two\r\nlines\"\r\n2,\"say \"\"hi\"\"\"\n3,last");
        assert_eq!(headings, ["sku", "name"]);
        let expected = [(3, ["1", "two\r\nlines"]), (5, ["2", "say \"hi\""]), (6, ["3", "last"])];
        assert_eq!(rows, expected.map(|(l, r)| (l, r.map(String::from).to_vec())));
    }

    #[test]
    fn the_delimiter_is_found() {
        for (text, n) in [
            ("a;b;c\n1;2;3", 3),
            ("a\tb\n1\t2", 2),
            ("a|b\n1|2", 2),
            ("\"a,b\";c\n1;2", 2),
            ("a\n1", 1),
            ("a,b\n1,2", 2),
        ] {
            assert_eq!(rows(text.as_bytes()).0.len(), n, "{text:?}");
        }
    }

    #[test]
    fn encodings_are_found() {
        let text = "sku,name\n1,Gnocchi à la crème\n";
        let mut utf_8 = vec![0xef, 0xbb, 0xbf];
        utf_8.extend_from_slice(text.as_bytes());
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(le.iter().copied()).collect();
        let western = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        for bytes in [text.as_bytes().to_vec(), utf_8, le, be, marked, western] {
            let (headings, rows) = rows(&bytes);
            assert_eq!(headings, ["sku", "name"]);
            assert_eq!(rows[0].1[1], "Gnocchi à la crème");
        }
    }

    #[test]
    fn what_is_not_text_is_said() {
        let grid = delimited(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Layout::default());
        assert!(grid.faults[0].sentence.contains("not a text file"), "{:?}", grid.faults);
        let grid = delimited(b"a,b\n1,\"open\n2,3\n", Layout::default());
        assert_eq!(grid.faults[0].line, 2);
        assert!(grid.faults[0].sentence.contains("never closes"));
    }
}
