//! What belongs to no tab: settings, the check of the file, copies, files of what a list shows.

use super::{Desk, Lane, Trouble};
use crate::domain::quantity::Qty;
use crate::exchange::sheet::{Sheet, Value};
use crate::exchange::write::{self, Format};
use crate::ops::{checking, safekeeping, settings};
use crate::store::{Done, Failure};
use std::path::{Path, PathBuf};

pub use crate::exchange::write::plain as cell_text;
pub use crate::ops::settings::{Listed, Takes, wanted};

#[derive(Clone, Debug)]
pub enum Load {
    /// Every setting with its value.
    Settings,
    /// Whether the file is sound and the books agree.
    Check,
    /// Copies the warehouse to a file.
    Backup(PathBuf),
    /// Writes what a list shows to a file that is not there yet; its ending says how.
    Export(Shown, PathBuf),
}

/// A list as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
    /// More rows belong to the list than are in memory.
    pub more: bool,
}

#[derive(Debug)]
pub enum Answer {
    Settings(Vec<Listed>),
    /// Each a sentence; the first says the whole.
    Checked(Vec<String>),
    /// A file was written, or why not.
    Written(Result<String, String>),
}

#[derive(Clone, Debug)]
pub enum Write {
    Set { key: &'static str, value: String },
}

impl Load {
    pub fn lane(&self) -> Lane {
        match self {
            Load::Settings => Lane::Quick,
            Load::Check | Load::Backup(_) | Load::Export(..) => Lane::Slow,
        }
    }
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    let db = desk.store.db();
    Ok(match load {
        Load::Settings => Answer::Settings(settings::list(db)?),
        Load::Check => Answer::Checked(checked(checking::check(db)?)),
        Load::Backup(path) => Answer::Written(said(
            safekeeping::backup(&desk.store, &path)
                .map(|copied| format!("Copied and checked: {} operations in {}", copied.operations, path.display())),
        )),
        Load::Export(shown, path) => Answer::Written(said(export(shown, &path))),
    })
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let Write::Set { key, value } = write;
    let act = desk.act("set");
    settings::set(&mut desk.store, act, key, &value)
}

/// The dialog that asked stays open with the sentence: what it is told is an answer, not a failed reading.
fn said(result: Result<String, Failure>) -> Result<String, String> {
    result.map_err(|failure| Trouble::from(failure).sentence)
}

fn checked(report: checking::Report) -> Vec<String> {
    if report.faults.is_empty() {
        return vec![format!(
            "All is well: {} items, {} movements, {} operations; the books agree.",
            report.items, report.movements, report.operations
        )];
    }
    let mut lines =
        vec![format!("{} faults. Keep a copy (: backup), then restore the last good one.", report.faults.len())];
    lines.extend(report.faults);
    lines
}

fn export(shown: Shown, path: &Path) -> Result<String, Failure> {
    let format = Format::of_file(path).ok_or_else(|| Failure::usage("Let the name end in .csv, .json or .xlsx."))?;
    if std::fs::symlink_metadata(path).is_ok() {
        return Err(Failure::usage(format!("{} is there already. Type another name.", path.display())));
    }
    let rows = shown.rows.into_iter().map(|row| row.into_iter().map(value).collect()).collect();
    let sheet = Sheet { name: "shown", columns: shown.columns, rows };
    let written = write::to_file(path, |out| write::sheet(&sheet, format, out))
        .map_err(|e| Failure::usage(format!("{} cannot be written: {e}. Type another name.", path.display())))?;
    let rest = if shown.more { "; these are not all: `backshelf export` writes the whole list" } else { "" };
    Ok(format!("{written} rows in {}{rest}", path.display()))
}

/// Figures stay figures: a cell that shows one is written without the commas that group it.
fn value(cell: String) -> Value {
    if cell.is_empty() {
        return Value::None;
    }
    let plain = cell.replace(',', "");
    let begins = plain.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    let figure = begins && !plain.trim_start_matches('-').starts_with("00") && plain.len() < 12;
    match Qty::parse(&plain).filter(|_| figure) {
        Some(quantity) => Value::Quantity(quantity),
        None => Value::Text(cell),
    }
}
