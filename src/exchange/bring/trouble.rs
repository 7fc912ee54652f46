//! Problems of one kind, counted, with some of their rows; and the bad rows as a file that can be mended and brought in
//! again.

use crate::exchange::profile::Profile;
use crate::exchange::reader::{self, Grid};
use crate::exchange::table::LEFT_OUT;
use crate::exchange::workbook::Workbook;
use crate::exchange::{foreign, read::ReadError};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

/// Problems of one kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kin {
    pub count: usize,
    /// What is wrong, once for all of them: `Aantal is no number ("12 stk", "ca. 40")`.
    pub words: String,
    /// The first of their rows.
    pub rows: Vec<u32>,
}

/// How many there are, some of their rows, what they quote, and the first one's sentence.
type Group = (usize, Vec<u32>, Vec<String>, String);

/// What stands above what is wrong with a row, in the file of bad rows.
pub(super) const WRONG: &str = "What is wrong";

/// How many rows and examples are kept.
const ROWS: usize = 8;
const EXAMPLES: usize = 2;

/// Problems by kind, the commonest first. Each is its row, its column and its sentence.
pub fn kin<'a>(problems: impl Iterator<Item = (u32, Option<&'a str>, &'a str)>) -> Vec<Kin> {
    let mut found: BTreeMap<(String, String), Group> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (row, column, sentence) in problems {
        // One cell may go to two tables.
        if !seen.insert((row, column, sentence)) {
            continue;
        }
        let key = (column.unwrap_or("").to_string(), shape(sentence));
        let entry = found.entry(key).or_insert_with(|| (0, Vec::new(), Vec::new(), sentence.to_string()));
        entry.0 += 1;
        if entry.1.len() < ROWS {
            entry.1.push(row);
        }
        if let Some(quoted) = quoted(sentence)
            && entry.2.len() < EXAMPLES
            && !entry.2.contains(&quoted)
        {
            entry.2.push(quoted);
        }
    }
    let mut out: Vec<Kin> = found
        .into_iter()
        .map(|((column, _), (count, rows, examples, sentence))| Kin {
            count,
            words: said(&column, &sentence, &examples, count),
            rows,
        })
        .collect();
    out.sort_by_key(|k| (std::cmp::Reverse(k.count), k.rows.first().copied()));
    out
}

/// The sentence without what differs from row to row.
fn shape(sentence: &str) -> String {
    if sentence.contains("is here a second time with the same") {
        return "repeated".into();
    }
    if sentence.contains("is here a second time") {
        return "twice".into();
    }
    let mut out = String::new();
    for (n, part) in sentence.split('`').enumerate() {
        if n % 2 == 0 {
            out.extend(part.chars().filter(|c| !c.is_ascii_digit()));
        }
    }
    // What a sentence names after these words is another thing in each row.
    ["There is no item ", "There is no customer ", "There is no supplier ", "There is no order ", "Barcode "]
        .iter()
        .find(|head| out.starts_with(**head))
        .map_or(out.clone(), |head| (*head).to_string())
}

fn quoted(sentence: &str) -> Option<String> {
    sentence.split('`').nth(1).map(String::from)
}

fn said(column: &str, sentence: &str, examples: &[String], count: usize) -> String {
    if let Some(sentence) = sentence.strip_suffix(LEFT_OUT) {
        return format!("{}: left out", said(column, sentence, examples, count).trim_end_matches('.'));
    }
    let examples: Vec<String> = examples.iter().map(|e| format!("\"{e}\"")).collect();
    let examples = if examples.is_empty() { String::new() } else { format!(" ({})", examples.join(", ")) };
    let of = |words: &str| if column.is_empty() { words.to_string() } else { format!("{column} {words}") };
    if sentence.contains("is here a second time with the same") {
        return format!("repeated, bin and quantity alike: counts once{examples}");
    }
    // What is odd and comes in; the sentences are those of `exchange::doubt`, of rows that meet and of the warehouse.
    if sentence.contains("has no name of its own") {
        return of(&format!("is blank or the SKU again{examples}"));
    }
    if sentence.contains("is a price of nothing") {
        return of("is 0");
    }
    if sentence.contains("is a cost above the price") {
        return of(&format!("is above the price{examples}"));
    }
    if sentence.contains("further up, which counts") {
        return of(&format!("differs within an order: the first counts{examples}"));
    }
    if sentence.contains("is also the number of row ") {
        let they = if count == 1 { "the row above with it counts" } else { "the rows above with them count" };
        return of(&format!("is another item's under one number{examples}: {they}"));
    }
    if sentence.contains(" is another ") && sentence.ends_with(", which counts.") {
        return of(&format!("differs for one SKU: the first counts{examples}"));
    }
    if sentence.contains("here, and that stays") {
        return of(&format!("is not the name here, which stays{examples}"));
    }
    if sentence.contains("it gets the new name") {
        return of(&format!("is not the name here, and changes it{examples}"));
    }
    if sentence.contains("last digit that does not fit") {
        return of(&format!("has a last digit that does not fit{examples}"));
    }
    if sentence.contains("is a part of a piece") {
        return of(&format!("is a part of a piece{examples}"));
    }
    if sentence.contains("is not a whole number") {
        return of(&format!("is no whole number{examples}"));
    }
    if sentence.contains("decimals: round it") {
        return of(&format!("has too many decimals{examples}"));
    }
    if sentence.contains("is no country that is known") {
        return of(&format!("is no country that is known{examples}"));
    }
    if let Some((_, rest)) = sentence.split_once(" belongs to ").filter(|_| sentence.starts_with("Barcode ")) {
        let other = rest.split_once(" already").map_or(rest, |r| r.0);
        let more = if count > 1 { format!(", and {} more alike", count - 1) } else { String::new() };
        return of(&format!("belongs to another item already ({other}{more})"));
    }
    if sentence.contains("is here a second time") {
        return of("differs in a repeat: the first counts");
    }
    if sentence.contains("is blank, and every row") {
        return of("is blank");
    }
    if sentence.contains("is not a number") || sentence.contains("is not grouped in thousands") {
        return of(&format!("is no number{examples}"));
    }
    if sentence.contains("is not a date") || sentence.contains("date formats") || sentence.contains("no day of the") {
        return of(&format!("is no date{examples}"));
    }
    if sentence.contains("its bin is to be counted") {
        return of(&format!("is below zero: comes in, count it{examples}"));
    }
    if sentence.contains("is below zero") {
        return of(&format!("is below zero{examples}"));
    }
    if count == 1 {
        return of(&sentence.replace('`', "\""));
    }
    for what in ["item", "customer", "supplier", "order"] {
        if sentence.starts_with(&format!("There is no {what} ")) {
            return of(&format!("names a {what} that is not here"));
        }
    }
    format!("{} (and {} alike)", of(&sentence.replace('`', "\"")), count - 1)
}

/// Writes the rows of a file that have a problem, as they stand there, with what is wrong in a column of its own: so
/// that they can be mended and brought in by the same profile. Answers how many.
pub fn bad_rows(
    path: &Path,
    profile: Option<&Profile>,
    problems: &BTreeMap<u32, String>,
    out: &mut dyn Write,
) -> Result<usize, ReadError> {
    let grid = open(path, profile)?;
    let failed = |e: csv::Error| ReadError::new(format!("The bad rows cannot be written: {e}."));
    // As the file itself separates its cells: whoever opens the one can open the other.
    let mut writer = csv::WriterBuilder::new().delimiter(grid.delimiter.unwrap_or(b',')).from_writer(out);
    let heads: Vec<&str> = grid.headings.iter().map(String::as_str).chain([WRONG]).collect();
    writer.write_record(&heads).map_err(failed)?;
    let mut written = BTreeSet::new();
    for row in 0..grid.len() {
        let Some(wrong) = problems.get(&grid.line(row)) else { continue };
        let cells = (0..grid.headings.len()).map(|c| grid.cell(row, c)).chain([wrong.as_str()]);
        writer.write_record(cells).map_err(failed)?;
        written.insert(grid.line(row));
    }
    writer.flush().map_err(|e| ReadError::new(format!("The bad rows cannot be written: {e}.")))?;
    Ok(written.len())
}

fn open(path: &Path, profile: Option<&Profile>) -> Result<Grid, ReadError> {
    let bytes = reader::bytes_of(path).map_err(ReadError::new)?;
    let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = file.strip_suffix(".gz").unwrap_or(&file);
    let layout = profile.map(|p| foreign::layout(p, name)).unwrap_or_default();
    if name.to_lowercase().ends_with(".xlsx") {
        return Ok(Workbook::open(bytes).map_err(ReadError::new)?.grid(layout));
    }
    Ok(reader::delimited(&bytes, layout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_of_a_row_says_so_and_each_mistake_has_its_own_line() {
        let left = |sentence: &str| format!("{sentence}{LEFT_OUT}");
        let gratis = left("`gratis` is not a number, such as 12 or 1.5.");
        let below = left("`-3` is below zero: give 0 or more.");
        let belongs = left("Barcode 4006381333931 belongs to A-7 already. One code is one item.");
        let all = [
            (2, Some("Prijs"), gratis.as_str()),
            (2, Some("Prijs"), gratis.as_str()),
            (3, Some("Prijs"), below.as_str()),
            (4, Some("EAN"), belongs.as_str()),
            (
                5,
                Some("EAN"),
                "`4006381333932` has a last digit that does not fit (1 would): mistyped? It comes in as it stands.",
            ),
        ];
        let words: Vec<String> = kin(all.into_iter()).iter().map(|k| format!("{} {}", k.count, k.words)).collect();
        assert_eq!(
            words,
            [
                "1 Prijs is no number (\"gratis\"): left out",
                "1 Prijs is below zero (\"-3\"): left out",
                "1 EAN belongs to another item already (A-7): left out",
                "1 EAN has a last digit that does not fit (\"4006381333932\")",
            ]
        );
    }

    #[test]
    fn problems_of_a_kind_are_one_line_with_their_count() {
        let problem = |line: u32, sentence: &'static str| (line, Some("Aantal"), sentence);
        let all = [
            problem(310, "`12 stk` is not a number, such as 12 or 1.5."),
            problem(402, "`ca. 40` is not a number, such as 12 or 1.5."),
            problem(500, "`12 stk` is not a number, such as 12 or 1.5."),
            problem(
                88,
                "A-1 B2 is here a second time with `4` instead of `3` (x.csv:12): make the rows equal or remove one.",
            ),
            problem(
                90,
                "A-7 B2 is here a second time with `9` instead of `1` (x.csv:17): make the rows equal or remove one.",
            ),
            problem(4810, "is blank, and every row of stock needs it."),
        ];
        let kin = kin(all.into_iter());
        let words: Vec<String> = kin.iter().map(|k| format!("{} {} {:?}", k.count, k.words, k.rows)).collect();
        assert_eq!(
            words,
            [
                "3 Aantal is no number (\"12 stk\", \"ca. 40\") [310, 402, 500]",
                "2 Aantal differs in a repeat: the first counts [88, 90]",
                "1 Aantal is blank [4810]",
            ]
        );
    }
}
