//! Plain files: named after a table, headings named after its columns; a flat file also holds its partner's.

use super::cells::Spelling;
use super::doubt;
use super::gather::{Cells, Gatherer};
use super::reader::Grid;
use super::table::{Origin, Row, Table};
use std::borrow::Cow;
use std::collections::HashMap;

/// The table whose columns a flat file of `table` may also hold.
fn partner(table: Table) -> Option<Table> {
    match table {
        Table::Orders => Some(Table::OrderLines),
        Table::OrderLines => Some(Table::Orders),
        Table::PurchaseOrders => Some(Table::PoLines),
        Table::PoLines => Some(Table::PurchaseOrders),
        _ => None,
    }
}

/// The table that a file name stands for: `Order_Lines.csv`, without its folder and `.gz`.
pub fn table_of(name: &str) -> Option<Table> {
    let (stem, ending) = name.rsplit_once('.')?;
    let known = ["csv", "tsv", "txt", "xlsx"].iter().any(|e| e.eq_ignore_ascii_case(ending));
    if known { Table::named(stem) } else { None }
}

/// The columns of one table in a file.
struct Target<'a> {
    table: Table,
    /// For each column of the table where it stands in the file.
    columns: Vec<Option<usize>>,
    /// The file's columns that belong to this table alone.
    own: Vec<usize>,
    headings: Vec<&'a str>,
    /// The file holds two tables: a row without any cell of this one's own is not of it.
    flat: bool,
}

/// Takes in a file of `table`; calls `row_done` before each row, which may end it.
pub fn take(into: &mut Gatherer, file: u32, grid: &Grid, table: Table, row_done: &mut dyn FnMut() -> bool) {
    let targets = targets(into, file, grid, table);
    let shared = Shared::of(grid, &targets);
    for row in 0..grid.len() {
        if !row_done() {
            return;
        }
        let at = Origin { file, line: grid.line(row) };
        if let Some(sentence) = grid.misfit(row) {
            into.problem(at, None, sentence);
            into.left_out(table, Row { at, cells: Vec::new() });
            continue;
        }
        let present: Vec<bool> = targets.iter().map(|t| !t.flat || t.stated(grid, row)).collect();
        // A row with nothing but its key still has to say what is missing.
        let nothing = !present.contains(&true);
        for (target, _) in targets.iter().zip(&present).filter(|(t, p)| **p || nothing && t.table == table) {
            let mut cells = PlainCells { grid, row, target, blanked: shared.blanked(grid, row, target, &present) };
            if let Some(row) = into.read_row(target.table, at, &mut cells, false) {
                for doubt in doubt::of(&[(target.table, &row)]) {
                    into.doubt(at, doubt.column, doubt.sentence);
                }
                into.add(target.table, row, false);
            }
        }
    }
}

/// Which tables the file holds; says which headings are unknown, missing or there twice.
fn targets<'a>(into: &mut Gatherer, file: u32, grid: &'a Grid, table: Table) -> Vec<Target<'a>> {
    let at = Origin { file, line: grid.heading_line.max(1) };
    if grid.headings.is_empty() {
        return Vec::new();
    }
    let foreign = |name: &str| table.column(name).is_none() && grid.column(name).is_some();
    let both = partner(table).filter(|p| p.columns().iter().any(|c| c.required && foreign(c.name)));
    let mut targets = Vec::new();
    for of in [Some(table), both].into_iter().flatten() {
        let other = if of == table { both } else { Some(table) };
        let columns: Vec<Option<usize>> = of.columns().iter().map(|c| grid.column(c.name)).collect();
        let own = |name: &str| other.is_none_or(|o| o.column(name).is_none());
        let missing: Vec<&str> = of
            .columns()
            .iter()
            .zip(&columns)
            .filter(|(c, at)| c.required && at.is_none())
            .map(|(c, _)| c.name)
            .collect();
        for name in &missing {
            into.problem(
                at,
                Some(name),
                format!("This column is missing, and {} needs it: add it to the heading line.", of.name()),
            );
        }
        if missing.is_empty() {
            let own =
                of.columns().iter().zip(&columns).filter(|(c, _)| own(c.name)).filter_map(|(_, at)| *at).collect();
            let headings = of.columns().iter().map(|c| c.name).collect();
            targets.push(Target { table: of, columns, own, headings, flat: both.is_some() });
        }
    }
    let known = |h: &str| {
        [Some(table), both].into_iter().flatten().any(|t| t.columns().iter().any(|c| c.name.eq_ignore_ascii_case(h)))
    };
    let mut unknown = Vec::new();
    for (n, heading) in grid.headings.iter().enumerate().filter(|(_, h)| !h.is_empty()) {
        if !known(heading) {
            unknown.push(heading.as_str());
        } else if grid.column(heading) != Some(n) {
            into.problem(at, Some(heading), "This heading is there twice: remove or rename one of the columns.");
        }
    }
    if !unknown.is_empty() {
        let name = into.batch.files.get(file as usize).cloned().unwrap_or_default();
        let (what, was) = if unknown.len() == 1 {
            ("the column", "is not known and was")
        } else {
            ("the columns", "are not known and were")
        };
        let list: Vec<String> = unknown.iter().map(|u| super::cells::shown(u)).collect();
        into.batch.notes.push(format!("{name}: {what} {} {was} ignored.", list.join(", ")));
    }
    targets
}

impl Target<'_> {
    /// Whether a row has a cell that belongs to this table alone.
    fn stated(&self, grid: &Grid, row: usize) -> bool {
        self.own.iter().any(|c| !grid.cell(row, *c).trim().is_empty())
    }
}

/// By order: what its first line says, and whether all its lines say the same.
type Agreed<'a> = HashMap<&'a str, (&'a str, bool)>;

/// Columns that both tables of a flat file have beside the key: `promised_on`, `expected_on`. One date for a whole
/// order is the order's; different ones are the lines' own.
#[derive(Default)]
struct Shared<'a> {
    key: Option<usize>,
    /// The shared columns of the file, and for each order whether its lines all say the same.
    columns: Vec<(usize, Agreed<'a>)>,
}

impl<'a> Shared<'a> {
    fn of(grid: &'a Grid, targets: &[Target]) -> Shared<'a> {
        let [a, b] = targets else { return Shared::default() };
        let lines = if matches!(a.table, Table::OrderLines | Table::PoLines) { a } else { b };
        let key = lines.columns.first().copied().flatten();
        let Some(key_column) = key else { return Shared::default() };
        let shared = a.columns.iter().flatten().filter(|c| **c != key_column && b.columns.contains(&Some(**c)));
        let columns = shared.map(|column| {
            let mut same = Agreed::new();
            for row in (0..grid.len()).filter(|r| lines.stated(grid, *r)) {
                let text = grid.cell(row, *column).trim();
                let entry = same.entry(grid.cell(row, key_column).trim()).or_insert((text, true));
                entry.1 &= entry.0 == text;
            }
            (*column, same)
        });
        Shared { key, columns: columns.collect() }
    }

    /// The file's columns that are blank for this table in this row.
    fn blanked(&self, grid: &Grid, row: usize, target: &Target, present: &[bool]) -> Vec<usize> {
        let Some(key) = self.key else { return Vec::new() };
        let order = grid.cell(row, key).trim();
        let is_line = matches!(target.table, Table::OrderLines | Table::PoLines);
        let alone = present.iter().filter(|p| **p).count() < 2;
        let others = |same: &Agreed| match same.get(order) {
            Some((_, true)) => is_line && !alone,
            Some((_, false)) => !is_line && !alone,
            None => false,
        };
        self.columns.iter().filter(|(_, same)| others(same)).map(|(column, _)| *column).collect()
    }
}

struct PlainCells<'a, 'g> {
    grid: &'g Grid,
    row: usize,
    target: &'a Target<'g>,
    blanked: Vec<usize>,
}

impl<'g> Cells<'g> for PlainCells<'_, 'g> {
    fn text(&mut self, column: usize) -> Result<Cow<'g, str>, String> {
        let at = self.target.columns.get(column).copied().flatten().filter(|c| !self.blanked.contains(c));
        Ok(Cow::Borrowed(at.map_or("", |c| self.grid.cell(self.row, c))))
    }
    fn spelling(&self, _: usize) -> Spelling<'g> {
        Spelling::default()
    }
    fn name(&self, column: usize) -> &'g str {
        self.target.headings.get(column).copied().unwrap_or("")
    }
}
