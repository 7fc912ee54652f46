//! A history of demand from a file of `sku,period,quantity`, for the replay: no warehouse is needed.

use super::cells;
use super::reader::{Grid as Cells, Layout, bytes_of, delimited};
use super::workbook::Workbook;
use crate::domain::demand::Grid;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::path::Path;

/// The columns that a history has; any others are left out.
pub const COLUMNS: [&str; 3] = ["sku", "period", "quantity"];
/// A longer time is a mistyped year.
const LONGEST: i64 = 2_000;
/// Problems that are listed one by one.
const LISTED: usize = 20;

/// Demand by item and bucket. Buckets that are not named are 0, for every item, from the first to the last of the file.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Histories {
    pub buckets: usize,
    /// In the order of their first rows: (sku, (bucket, thousandths of a unit), rising, each above zero).
    pub items: Vec<(String, Vec<(usize, i64)>)>,
    /// What was read although it looks odd, a sentence each.
    pub notes: Vec<String>,
}

/// Reads the file (CSV, TSV, XLSX, also gz). Rows of one item and bucket are added; what came back is taken off in its
/// bucket. The error is what is wrong, a sentence each.
pub fn read(path: &Path, grid: Grid) -> Result<Histories, Vec<String>> {
    let bytes = bytes_of(path).map_err(|e| vec![e])?;
    let cells = if bytes.starts_with(b"PK") {
        Workbook::open(bytes).map_err(|e| vec![format!("{}: {e}", path.display())])?.grid(Layout::default())
    } else {
        delimited(&bytes, Layout::default())
    };
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    Reading { name: &name, cells: &cells, grid, wrong: Vec::new() }.read()
}

struct Reading<'a> {
    name: &'a str,
    cells: &'a Cells,
    grid: Grid,
    wrong: Vec<String>,
}

impl Reading<'_> {
    fn read(mut self) -> Result<Histories, Vec<String>> {
        if let Some(fault) = self.cells.faults.first() {
            return Err(vec![format!("{}:{}: {}", self.name, fault.line, fault.sentence)]);
        }
        let wanted = COLUMNS.join(",");
        if self.cells.headings.is_empty() {
            return Err(vec![format!("{} is empty: its first line names the columns, {wanted}.", self.name)]);
        }
        let columns = COLUMNS.map(|c| self.cells.column(c));
        for (name, found) in COLUMNS.iter().zip(columns) {
            if found.is_none() {
                self.wrong.push(format!(
                    "{}:{}: There is no column {name}. The first line names the columns: {wanted}.",
                    self.name, self.cells.heading_line
                ));
            }
        }
        let [Some(sku), Some(period), Some(quantity)] = columns else { return Err(self.wrong) };
        if self.cells.is_empty() {
            return Err(vec![format!("{} has no rows below its headings: there is nothing to replay.", self.name)]);
        }
        let mut rows = Vec::with_capacity(self.cells.len());
        for row in 0..self.cells.len() {
            if let Some(misfit) = self.cells.misfit(row) {
                self.problem(row, "", &misfit);
            } else if let Some(cells) = self.row(row, sku, period, quantity) {
                rows.push((row, cells));
            }
        }
        let ends = (rows.iter().min_by_key(|r| r.1.1), rows.iter().max_by_key(|r| r.1.1));
        let (Some(&(first_row, (_, first, _))), Some(&(last_row, (_, last, _)))) = ends else {
            return Err(self.told());
        };
        if last - first >= LONGEST {
            let (a, b) = (self.cells.cell(first_row, period), self.cells.cell(last_row, period));
            self.problem(
                if last_row > first_row { last_row } else { first_row },
                "period",
                &format!(
                    "The file goes from {} to {}, more than {LONGEST} {}s: is a year mistyped?",
                    cells::shown(a),
                    cells::shown(b),
                    self.grid.word()
                ),
            );
        }
        if !self.wrong.is_empty() {
            return Err(self.told());
        }
        self.gather(rows, first, last)
    }

    /// (item, calendar bucket, thousandths) of a row.
    fn row(&mut self, row: usize, sku: usize, period: usize, quantity: usize) -> Option<(usize, i64, i64)> {
        let cell = |column| self.cells.cell(row, column).trim();
        let (code, date, amount) = (cell(sku), cell(period), cell(quantity));
        let mut wrong = Vec::new();
        if code.is_empty() {
            wrong.push(("sku", "It is blank: name the item.".to_string()));
        }
        let bucket = bucket_of(date, self.grid);
        if let Err(sentence) = &bucket {
            wrong.push(("period", sentence.clone()));
        }
        let parsed = Qty::parse(amount);
        if parsed.is_none() {
            let sentence = if amount.is_empty() {
                "It is blank: give a number, 0 if nothing was ordered.".to_string()
            } else {
                format!(
                    "{} is no quantity: a plain number such as 12 or 2.5, at most 3 decimals and nine billion.",
                    cells::shown(amount)
                )
            };
            wrong.push(("quantity", sentence));
        }
        for (column, sentence) in wrong {
            self.problem(row, column, &sentence);
        }
        Some((row, bucket.ok()?, parsed.filter(|_| !code.is_empty())?.thousandths()))
    }

    fn problem(&mut self, row: usize, column: &str, sentence: &str) {
        let column = if column.is_empty() { String::new() } else { format!(" {column}:") };
        self.wrong.push(format!("{}:{}:{column} {sentence}", self.name, self.cells.line(row)));
    }

    /// The first problems, and how many more there are.
    fn told(mut self) -> Vec<String> {
        let more = self.wrong.len().saturating_sub(LISTED);
        self.wrong.truncate(LISTED);
        if more > 0 {
            self.wrong.push(format!("... and {more} more of these."));
        }
        self.wrong
    }

    fn gather(
        mut self,
        rows: Vec<(usize, (usize, i64, i64))>,
        first: i64,
        last: i64,
    ) -> Result<Histories, Vec<String>> {
        let sku = self.cells.column("sku").unwrap_or(0);
        let mut found = Histories { buckets: (last - first + 1) as usize, ..Histories::default() };
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut sums: Vec<HashMap<usize, i64>> = Vec::new();
        let mut too_much = None;
        for (row, (_, bucket, thousandths)) in rows {
            let code = self.cells.cell(row, sku).trim();
            let place = *places.entry(code).or_insert_with(|| {
                found.items.push((code.to_string(), Vec::new()));
                sums.push(HashMap::new());
                sums.len() - 1
            });
            let Some(sum) = sums.get_mut(place) else { continue };
            let sum = sum.entry((bucket - first) as usize).or_default();
            match sum.checked_add(thousandths) {
                Some(more) => *sum = more,
                None => too_much = too_much.or(Some(row)),
            }
        }
        if let Some(row) = too_much {
            self.problem(row, "quantity", "Together with the rows before it this is more than can be counted.");
            return Err(self.told());
        }
        let mut below = 0usize;
        for (item, sums) in found.items.iter_mut().zip(sums) {
            below += sums.values().filter(|n| **n < 0).count();
            item.1 = sums.into_iter().filter(|s| s.1 > 0).collect();
            item.1.sort_unstable();
        }
        if below > 0 {
            let word = self.grid.word();
            found.notes.push(match below {
                1 => format!("In 1 {word} of an item more came back than was ordered: it counts as 0."),
                n => format!("In {n} {word}s of items more came back than was ordered: they count as 0."),
            });
        }
        Ok(found)
    }
}

/// The bucket that a text names: any date in it, or `2026-11`, `2026-W48`.
fn bucket_of(text: &str, grid: Grid) -> Result<i64, String> {
    let date = cells::iso_date(text).or_else(|| match grid {
        Grid::Months => cells::iso_date(&format!("{text}-01")),
        Grid::Weeks => {
            let (year, week) = text.split_once("-W")?;
            let fine =
                year.len() == 4 && week.len() == 2 && week.bytes().chain(year.bytes()).all(|b| b.is_ascii_digit());
            NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok().filter(|_| fine)?, chrono::Weekday::Mon)
        }
    });
    match date {
        Some(date) => Ok(grid.number_of(date)),
        None if text.is_empty() => Err(format!("It is blank: give any date within the {}.", grid.word())),
        None => Err(format!(
            "{} is no date: give any date within the {}, year-month-day, such as 2026-11-23.",
            cells::shown(text),
            grid.word()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, grid: Grid) -> Result<Histories, Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("h.csv");
        std::fs::write(&path, text).unwrap();
        read(&path, grid)
    }

    #[test]
    fn any_date_within_a_bucket_names_it_and_rows_of_one_add_up() {
        let text = "sku,period,quantity\nA,2026-01-05,2\nA,2026-01-11,3\nB,2026-01-19,1.5\nA,2026-01-12,-1\n";
        let read = of(text, Grid::Weeks).unwrap();
        assert_eq!(read.buckets, 3);
        assert_eq!(read.items, [("A".into(), vec![(0, 5000)]), ("B".into(), vec![(2, 1500)])]);
        assert_eq!(read.notes.len(), 1);
        let months = of("sku,period,quantity\nA,2025-12-31,2\nA,2026-01,3\nA,2026-03-01,0\n", Grid::Months).unwrap();
        assert_eq!((months.buckets, &months.items[0].1), (4, &vec![(0, 2000), (1, 3000)]));
        assert_eq!(of("sku,period,quantity\nA,2026-W01,2\nA,2026-01-05,2", Grid::Weeks).unwrap().buckets, 2);
    }

    #[test]
    fn every_problem_says_where_and_what_to_do() {
        let cases = [
            ("", "h.csv is empty"),
            ("sku,period,quantity\n", "no rows"),
            ("sku;period;amount\nA;2026-01-01;1\n", "h.csv:1: There is no column quantity"),
            ("sku,period,quantity\nA,2026-01-01,many\n", "h.csv:2: quantity: `many` is no quantity"),
            ("sku,period,quantity\nA,2026-01-01,\n", "h.csv:2: quantity: It is blank"),
            ("sku,period,quantity\nA,01/02/2026,1\n", "h.csv:2: period: `01/02/2026` is no date"),
            ("sku,period,quantity\nA,,1\n", "h.csv:2: period: It is blank"),
            ("sku,period,quantity\n,2026-01-01,1\n", "h.csv:2: sku: It is blank"),
            ("sku,period,quantity\nA,2026-01-01\n", "h.csv:2: The row has 2 cells"),
            ("sku,period,quantity\nA,2026-01-01,99999999999999999999\n", "h.csv:2: quantity:"),
            ("sku,period,quantity\nA,2026-01-01,1e9\n", "h.csv:2: quantity:"),
            ("sku,period,quantity\nA,2026-01-01,NaN\n", "h.csv:2: quantity:"),
            ("sku,period,quantity\nA,1026-01-01,1\nA,2026-01-01,1\n", "is a year mistyped?"),
        ];
        for (text, expected) in cases {
            let wrong = of(text, Grid::Months).unwrap_err();
            assert!(wrong[0].contains(expected), "{text:?}: {wrong:?}");
        }
        let many = format!("sku,period,quantity\n{}", "A,x,1\n".repeat(50));
        assert_eq!(of(&many, Grid::Months).unwrap_err().len(), LISTED + 1);
    }
}
