//! What came of an import, for people and for programs.

use crate::domain::ids::OperationId;
use crate::domain::locale;
use crate::exchange::table::{Problem, Table};
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Rows of one table by what became of them. Rows that a channel's import made itself count as new only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Counts {
    /// Rows in the files.
    pub rows: usize,
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Rows with a problem, and those that belong to one.
    pub skipped: usize,
}

/// A problem or warning, with the file's name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Found {
    pub file: String,
    /// From 1; 0 where the whole file is meant.
    pub line: u32,
    pub column: Option<String>,
    pub message: String,
}

impl Found {
    pub(super) fn new(files: &[String], problem: Problem) -> Found {
        let file = usize::try_from(problem.at.file).ok().and_then(|n| files.get(n)).cloned().unwrap_or_default();
        Found { file, line: problem.at.line, column: problem.column, message: problem.sentence }
    }
}

/// `file:line: column: sentence`.
impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if let Some(column) = &self.column {
            write!(f, ": {column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// What changed in orders that were known: the figures of the summary.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct OrderChanges {
    /// Known orders of which more was shipped.
    pub shipped: usize,
    /// Known orders of which more was cancelled.
    pub cancelled: usize,
    /// Known lines whose quantity changed.
    pub quantity_changed: usize,
    /// Promises that follow an earlier one.
    pub promised_anew: usize,
}

/// An item that was made because rows named it and nobody had it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    pub sku: String,
    pub name: String,
}

/// What came of an import.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Outcome {
    /// The import went through and stays.
    pub written: bool,
    pub dry_run: bool,
    /// The operation to take back; absent where nothing changed.
    #[serde(serialize_with = "operation_number")]
    pub operation: Option<OperationId>,
    pub tables: BTreeMap<&'static str, Counts>,
    pub order_changes: OrderChanges,
    pub problems: Vec<Found>,
    pub warnings: Vec<Found>,
    pub notes: Vec<String>,
    /// The files' names, as the person gave them.
    pub files: Vec<String>,
    /// Items made only because rows named them.
    #[serde(skip)]
    pub made: Vec<Made>,
}

fn operation_number<S: Serializer>(operation: &Option<OperationId>, to: S) -> Result<S::Ok, S::Error> {
    operation.map(|o| o.0).serialize(to)
}

impl Outcome {
    /// Whether any row is new or changed something.
    pub fn changes_something(&self) -> bool {
        self.tables.values().any(|c| c.new + c.changed > 0)
    }

    /// Why nothing changed, as a sentence.
    pub fn nothing_changed(&self) -> String {
        let rows: usize = self.tables.values().map(|c| c.rows).sum();
        let files = if self.files.len() == 1 { "the file holds" } else { "the files hold" };
        match rows {
            0 => format!("Nothing changed: {files} no rows."),
            // One line of a combined sheet is a row of each of its tables: both sides count the tables' rows.
            n if n == self.tables.values().map(|c| c.skipped).sum::<usize>() => {
                "Nothing changed: every row was left out.".into()
            }
            _ if !self.problems.is_empty() => "Nothing changed: what was not left out was here already.".into(),
            _ => "Nothing changed: all of it was here already.".into(),
        }
    }

    /// How many rows have something wrong: one row may have more than one problem.
    pub fn rows_with_problems(&self) -> usize {
        self.problems.iter().map(|p| (&p.file, p.line)).collect::<BTreeSet<_>>().len()
    }

    /// One sentence for the undo list: "imported shopify-23.csv: 31 orders, 58 order lines".
    pub fn sentence(&self) -> String {
        let from = match self.files.as_slice() {
            [] => "rows".to_string(),
            [one] => file_name(one).to_string(),
            [first, rest @ ..] => format!("{} and {} more", file_name(first), rest.len()),
        };
        let figures: Vec<String> = self
            .in_order()
            .filter(|(_, c)| c.new + c.changed > 0)
            .map(|(table, c)| (table, c.new + c.changed))
            .map(|(table, n)| format!("{} {}", locale::here().figure(&n.to_string()), words(table, n)))
            .collect();
        if figures.is_empty() {
            format!("imported {from}: nothing new")
        } else {
            format!("imported {from}: {}", figures.join(", "))
        }
    }

    /// What happened (or would), a line per table, then the warnings' and notes' place is the caller's.
    pub fn lines(&self) -> Vec<String> {
        self.lines_with(&|n| n.to_string())
    }

    /// The same, with figures written by `figure`.
    pub fn lines_with(&self, figure: &dyn Fn(usize) -> String) -> Vec<String> {
        let mut lines = Vec::new();
        for (table, c) in self.in_order() {
            let mut parts = Vec::new();
            for (n, word) in
                [(c.new, "new"), (c.changed, "changed"), (c.unchanged, "unchanged"), (c.skipped, "left out")]
            {
                if n > 0 {
                    parts.push(format!("{} {word}", figure(n)));
                }
            }
            let parts = if parts.is_empty() { "no rows".to_string() } else { parts.join(", ") };
            lines.push(format!("{}: {parts}{}", words(table, 2), self.of_orders(table)));
        }
        lines
    }

    fn of_orders(&self, table: &str) -> String {
        let changes = &self.order_changes;
        let last = if self.tables.contains_key(Table::OrderLines.name()) { Table::OrderLines } else { Table::Orders };
        if table != last.name() || *changes == OrderChanges::default() {
            return String::new();
        }
        let figures = [
            (changes.shipped, "shipped"),
            (changes.cancelled, "cancelled"),
            (
                changes.quantity_changed,
                if changes.quantity_changed == 1 { "quantity changed" } else { "quantities changed" },
            ),
            (changes.promised_anew, "promised anew"),
        ];
        let parts: Vec<String> = figures.iter().filter(|f| f.0 > 0).map(|f| format!("{} {}", f.0, f.1)).collect();
        format!(" ({})", parts.join(", "))
    }

    fn in_order(&self) -> impl Iterator<Item = (&'static str, Counts)> {
        Table::ALL.iter().filter_map(|t| self.tables.get(t.name()).map(|&c| (t.name(), c)))
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(path)
}

/// A table's rows in words: "order lines", "order line".
fn words(table: &str, n: usize) -> String {
    let many = table.replace("po_lines", "PO lines").replace('_', " ");
    match (n, table) {
        (1, "stock") => "stock level".into(),
        (_, "stock") => "stock levels".into(),
        (1, "aliases") => "alias".into(),
        (1, _) => many.strip_suffix('s').unwrap_or(&many).to_string(),
        _ => many,
    }
}
