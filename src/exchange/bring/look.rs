//! Opens a file and guesses what it holds, which column is what, and what must be asked.

use super::content::{Content, Means};
use super::headings;
use super::plan::Plan;
use super::trouble::WRONG;
use super::writing::{Decimal, Question, Writing};
use crate::exchange::plain;
use crate::exchange::profile::Profile;
use crate::exchange::read::ReadError;
use crate::exchange::reader::{self, Grid, Layout};
use crate::exchange::table::Table;
use crate::exchange::workbook::Workbook;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Rows under the first one among which the headings are looked for: titles and dates stand above them.
const HEADINGS_WITHIN: usize = 8;
/// How many different values of a column are shown.
const SHOWN: usize = 4;

/// A column as it lies there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its heading; empty where it has none.
    pub heading: String,
    /// The first different values, those first that raise a question.
    pub firsts: Vec<String>,
    pub(super) writing: Writing,
}

/// What is known of a file without asking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Known {
    /// Named after a table, with that table's headings.
    Plain,
    /// A profile knows it: its name and what it says of itself.
    Profile(String, String),
}

/// A file as it lies there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Looked {
    pub path: PathBuf,
    /// Its name without folder and `.gz`.
    pub name: String,
    pub sheets: Vec<String>,
    /// The sheet that is looked at.
    pub sheet: Option<String>,
    /// Where the headings stand, counted from 1 over rows that hold anything.
    pub header_row: u32,
    /// The sign between its cells, where its first line does not tell.
    pub delimiter: Option<char>,
    pub columns: Vec<Column>,
    pub rows: usize,
    pub known: Option<Known>,
    /// Columns that the profile which knows it has never seen.
    pub new_columns: Vec<String>,
    /// The shop that the profile which knows it says its orders come from.
    pub shop: Option<String>,
    /// What it most likely holds.
    pub content: Content,
}

/// Opens a file (of a workbook that sheet, else the fullest) and looks at all of it. `own`: the folder of the person's
/// own profiles.
pub fn look(path: &Path, sheet: Option<&str>, own: Option<&Path>) -> Result<Looked, ReadError> {
    let bytes = reader::bytes_of(path).map_err(ReadError::new)?;
    let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = file.strip_suffix(".gz").unwrap_or(&file).to_string();
    let lower = name.to_lowercase();
    if lower.ends_with(".xls") || lower.ends_with(".ods") || lower.ends_with(".numbers") {
        return Err(ReadError::new(format!(
            "{name} is a spreadsheet of another kind. Save it as .xlsx or .csv, then bring that in."
        )));
    }
    let mut delimiter = None;
    let (sheets, sheet, grid, header_row) = if lower.ends_with(".xlsx") {
        let mut book = Workbook::open(bytes).map_err(ReadError::new)?;
        let sheets = book.sheets();
        let chosen = match sheet {
            Some(sheet) => Some(sheet.to_string()),
            None => fullest(&mut book, &sheets),
        };
        let read = |row: Option<u32>, book: &mut Workbook| {
            book.grid(Layout { sheet: chosen.as_deref(), header_row: row, ..Layout::default() })
        };
        let grid = read(None, &mut book);
        let row = header_row(&grid);
        let grid = if row > 1 { read(Some(row), &mut book) } else { grid };
        (sheets, chosen, grid, row)
    } else {
        let (grid, row, sign) = text(&bytes);
        delimiter = sign;
        (Vec::new(), None, grid, row)
    };
    if let Some(fault) = grid.faults.first().filter(|_| grid.is_empty()) {
        return Err(ReadError::new(format!("{name}: {}", fault.sentence)));
    }
    if grid.headings.is_empty() {
        return Err(ReadError::new(format!("{name} is empty: there is nothing to bring in.")));
    }
    let Recognised { known, new_columns, shop } = known(&name, &sheets, &grid, own);
    let columns = columns(&grid);
    let mut looked = Looked {
        path: path.into(),
        name,
        sheets,
        sheet,
        header_row,
        delimiter,
        columns,
        rows: grid.len(),
        known,
        new_columns,
        shop,
        content: Content::Stock,
    };
    looked.content = looked.likely();
    Ok(looked)
}

/// A text file, from its headings on; and its delimiter, where the first line does not tell it.
fn text(bytes: &[u8]) -> (Grid, u32, Option<char>) {
    let read = |delimiter: Option<char>| {
        let grid = reader::delimited(bytes, Layout { delimiter, ..Layout::default() });
        let row = header_row(&grid);
        if row == 1 {
            return (grid, row, delimiter);
        }
        (reader::delimited(bytes, Layout { delimiter, header_row: Some(row), ..Layout::default() }), row, delimiter)
    };
    let first = read(None);
    if first.0.headings.len() != 1 {
        return first;
    }
    // A title stands in the first line, or the file has one column.
    let others = [';', ',', '\t', '|'].map(|sign| read(Some(sign)));
    let known = |read: &(Grid, u32, Option<char>)| known_words(read.0.headings.iter().map(String::as_str));
    others.into_iter().filter(|r| known(r) >= 2).max_by_key(|r| known(r)).unwrap_or(first)
}

/// How many different meanings are named in so many words.
fn known_words<'a>(cells: impl Iterator<Item = &'a str>) -> usize {
    let mut found = BTreeSet::new();
    for cell in cells {
        let all = Content::ALL.iter().flat_map(|c| c.takes()).map(|(means, _)| *means);
        found.extend(all.filter(|means| headings::fits(cell, *means) > 100));
    }
    found.len()
}

/// The sheet with most rows.
fn fullest(book: &mut Workbook, sheets: &[String]) -> Option<String> {
    if sheets.len() < 2 {
        return sheets.first().cloned();
    }
    let rows = |sheet: &str, book: &mut Workbook| book.grid(Layout { sheet: Some(sheet), ..Layout::default() }).len();
    let mut best: Option<(usize, &String)> = None;
    for sheet in sheets {
        let n = rows(sheet, book);
        if best.is_none_or(|(most, _)| n > most) {
            best = Some((n, sheet));
        }
    }
    best.map(|(_, sheet)| sheet.clone())
}

/// Where the headings stand: the row that holds the most words that are headings, the first where none does.
fn header_row(grid: &Grid) -> u32 {
    let mut best = (known_words(grid.headings.iter().map(String::as_str)), 1);
    for row in 0..grid.len().min(HEADINGS_WITHIN) {
        let n = known_words((0..grid.width(row)).map(|c| grid.cell(row, c)));
        if n > best.0 + 1 {
            best = (n, row as u32 + 2);
        }
    }
    best.1
}

fn columns(grid: &Grid) -> Vec<Column> {
    let mut all: Vec<Column> = grid
        .headings
        .iter()
        .map(|h| Column { heading: h.clone(), firsts: Vec::new(), writing: Writing::default() })
        .collect();
    for row in 0..grid.len() {
        for (at, column) in all.iter_mut().enumerate() {
            let cell = grid.cell(row, at).trim();
            column.writing.see(cell, grid.is_plain(row, at));
            if column.firsts.len() < SHOWN && !cell.is_empty() && !column.firsts.iter().any(|f| f == cell) {
                column.firsts.push(cell.to_string());
            }
        }
    }
    for (at, column) in all.iter_mut().enumerate() {
        // What is asked about, or could be read in two ways, stands among the values that are shown.
        let two_ways = column.writing.doubtful(Decimal::Comma).map(|(example, _)| example.to_string());
        let asked = two_ways.or_else(|| column.writing.date_question(at, true).map(|q| q.example));
        if let Some(example) = asked.filter(|e| !column.firsts.contains(e)) {
            column.firsts.insert(column.firsts.len().min(1), example);
            column.firsts.truncate(SHOWN);
        }
    }
    all
}

/// By what a file is known, which of its columns that has never seen, and from which shop it says that orders come.
#[derive(Default)]
struct Recognised {
    known: Option<Known>,
    new_columns: Vec<String>,
    shop: Option<String>,
}

fn known(name: &str, sheets: &[String], grid: &Grid, own: Option<&Path>) -> Recognised {
    let has_all = |table: Table| table.columns().iter().filter(|c| c.required).all(|c| grid.column(c.name).is_some());
    let by_sheets = sheets.iter().any(|s| Table::named(s.trim()).is_some());
    if by_sheets || plain::table_of(name).is_some_and(has_all) {
        return Recognised { known: Some(Known::Plain), ..Recognised::default() };
    }
    // The one that asks for most headings knows it best; of equals the person's own.
    let known = profiles(own).into_iter().rev().filter_map(|p| Some((recognised(&p, name, grid)?, p)));
    let Some((_, profile)) = known.max_by_key(|(headings, _)| *headings) else { return Recognised::default() };
    let source = profile.source.iter().find(|s| s.recognises(name, grid).is_some());
    let headings = grid.headings.iter().filter(|h| !h.is_empty()).count();
    let seen = source.and_then(|s| Some((&s.headings, s.unused.as_ref()?)));
    let new = seen.map_or(Vec::new(), |(used, unused)| {
        let ours = |h: &str| h.is_empty() || h == WRONG; // a file of bad rows is the same sheet
        let is_new = |h: &&String| !ours(h) && !used.iter().chain(unused).any(|seen| seen.eq_ignore_ascii_case(h));
        grid.headings.iter().filter(is_new).cloned().collect()
    });
    // A sheet most of whose columns that layout has never seen is another sheet that shares a few headings with it.
    if new.len() * 2 > headings {
        return Recognised::default();
    }
    let shop = source.and_then(|s| s.shop()).map(String::from);
    Recognised { known: Some(Known::Profile(profile.name, profile.about)), new_columns: new, shop }
}

/// The person's own profiles, then those that come with the program; what cannot be read is passed over.
fn profiles(own: Option<&Path>) -> Vec<Profile> {
    let entries = own.and_then(|f| std::fs::read_dir(f).ok()).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.filter_map(|e| e.file_name().to_str()?.strip_suffix(".toml").map(String::from)).collect();
    names.sort();
    names.extend(Profile::shipped().into_iter().map(String::from));
    names.iter().filter_map(|name| Profile::load(name, own).ok()).collect()
}

/// By how many headings a profile knows this file (a name alone, such as `orders.csv`, is too little).
fn recognised(profile: &Profile, name: &str, grid: &Grid) -> Option<usize> {
    profile.source.iter().filter_map(|s| s.recognises(name, grid)).max()
}

impl Looked {
    /// What its columns most likely mean where it holds that.
    pub fn guess(&self, content: Content) -> Plan {
        let takes: Vec<Means> = content.takes().iter().map(|(means, _)| *means).collect();
        let mut all: Vec<(u32, usize, Means)> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let twice = self.columns.iter().take(at).any(|c| c.heading.eq_ignore_ascii_case(&column.heading));
            if twice {
                continue;
            }
            let fit = |m: &Means| (headings::fits(&column.heading, *m), at, *m);
            all.extend(takes.iter().map(fit).filter(|(n, _, m)| *n > 0 && column.can_be(*m)));
        }
        // The best fit first; of equal ones the column further left, and the meaning that is named first.
        all.sort_by_key(|(n, at, means)| (std::cmp::Reverse(*n), *at, takes.iter().position(|t| t == means)));
        let mut columns: Vec<Option<Means>> = vec![None; self.columns.len()];
        for (_, at, means) in all {
            if !columns.contains(&Some(means)) && columns.get(at) == Some(&None) {
                columns[at] = Some(means);
            }
        }
        let mut plan = Plan::new(content, columns);
        plan.shop = self.shop.clone();
        // What it cannot do without goes before what may be: a list of suppliers with one name for each.
        for means in plan.lacks() {
            let fit = |(at, c): (usize, &Column)| {
                let free = plan.columns.get(at).copied().flatten().is_none_or(|m| !content.needs().any(|n| n == m));
                Some((headings::fits(&c.heading, means), at)).filter(|(n, _)| *n > 0 && free && c.can_be(means))
            };
            if let Some((_, at)) = self.columns.iter().enumerate().filter_map(fit).max() {
                plan.set(at, Some(means));
            }
        }
        plan
    }

    /// The content whose columns are found best.
    fn likely(&self) -> Content {
        let score = |content: Content| {
            let plan = self.guess(content);
            let fit =
                |(at, means): (usize, Means)| self.columns.get(at).map_or(0, |c| headings::fits(&c.heading, means));
            let found: u32 = plan.meant().map(fit).sum();
            let missing = content.needs().filter(|m| plan.column_of(*m).is_none()).count() as u32;
            let named = headings::named(&self.name, content).max(
                self.sheet.as_deref().filter(|_| self.sheets.len() > 1).map_or(0, |s| headings::named(s, content)),
            );
            (found + named).saturating_sub(missing * 150)
        };
        let best = Content::ALL.iter().rev().max_by_key(|c| score(**c));
        best.copied().unwrap_or(Content::Stock)
    }

    /// What must be asked before a plan can be carried out, one question for each column that it uses.
    pub fn questions(&self, plan: &Plan) -> Vec<Question> {
        let day_first = !self.writes_month_first();
        let mut out = Vec::new();
        for (at, means) in plan.meant() {
            let Some(column) = self.columns.get(at) else { continue };
            if means.is_number() {
                out.extend(column.writing.number_question(at, self.decimal()));
            } else if means.is_date() {
                let settled = column.writing.format(day_first).is_some_and(|f| self.writes_dates_so(plan, f));
                out.extend(column.writing.date_question(at, day_first).filter(|_| !settled));
            }
        }
        out
    }

    /// Whether another column of dates can only be read so, and none otherwise: one hand writes its dates one way.
    fn writes_dates_so(&self, plan: &Plan, format: &str) -> bool {
        let dates = plan.meant().filter(|(_, means)| means.is_date()).filter_map(|(at, _)| self.columns.get(at));
        let told: Vec<&str> =
            dates.filter_map(|c| c.writing.format(true).filter(|f| c.writing.format(false) == Some(f))).collect();
        !told.is_empty() && told.iter().all(|f| *f == format)
    }

    /// The decimal sign of the sheet as a whole: what its columns tell, else what its language uses.
    pub(super) fn decimal(&self) -> Decimal {
        let told = |d: Decimal| self.columns.iter().filter(|c| c.writing.decimal() == Some(d)).count();
        match (told(Decimal::Point), told(Decimal::Comma)) {
            (point, comma) if point != comma => {
                if comma > point {
                    Decimal::Comma
                } else {
                    Decimal::Point
                }
            }
            _ if headings::continental(self.columns.iter().map(|c| c.heading.as_str())) => Decimal::Comma,
            _ => Decimal::Point,
        }
    }

    /// Some column of dates can only be read with the month first.
    pub(super) fn writes_month_first(&self) -> bool {
        self.columns.iter().any(|c| {
            c.writing.date_question(0, true).is_none() && c.writing.format(true).is_some_and(|f| f.starts_with("%m"))
        })
    }
}

impl Column {
    /// Whether its values allow that meaning: most of them are numbers where it wants numbers, dates where it wants dates.
    fn can_be(&self, means: Means) -> bool {
        let most = |n: usize| self.writing.filled == 0 || n * 5 >= self.writing.filled * 3;
        if means.is_number() {
            most(self.writing.numbers)
        } else if means.is_date() {
            most(self.writing.dates)
        } else {
            true
        }
    }
}
