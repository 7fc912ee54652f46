//! Paths to a checked [`Batch`]: which file is which table, every cell read, every problem listed. No database.

use super::foreign;
use super::gather::Gatherer;
use super::mapping::LookUps;
use super::plain;
use super::profile::{Profile, fits};
use super::reader::{self, Grid, Layout};
use super::table::{Batch, Origin, Table};
use super::workbook::Workbook;
use rayon::prelude::*;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Wrong use: a path that is missing or unreadable, a file that is nothing we know. One sentence for the person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadError(String);

impl ReadError {
    pub(super) fn new(sentence: impl Into<String>) -> ReadError {
        ReadError(sentence.into())
    }
    pub fn sentence(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

/// Why a path cannot be read, in words.
pub(super) fn why(path: &Path, e: &io::Error) -> String {
    let path = path.display();
    match e.kind() {
        io::ErrorKind::NotFound => format!("There is no file or folder {path}: check the path."),
        io::ErrorKind::PermissionDenied => format!("{path} may not be read: ask its owner for the right to read it."),
        _ => format!("{path} cannot be read: {e}."),
    }
}

/// A file that may be taken in.
#[derive(Clone, Debug)]
struct Found {
    path: PathBuf,
    /// Its name without folder and `.gz`.
    name: String,
    /// The person named this very file, so it must be something.
    named: bool,
}

/// What became of a file.
enum Loaded {
    /// Sheets or one text, each with the table it is named after (plain files); and the sheets left alone.
    Grids(Vec<(Option<Table>, String, Grid)>, Vec<String>),
    Unknown,
    Failed(String),
}

/// How many rows lie between two calls of `progress`.
const STEP: u64 = 8192;

/// Reads files and folders into a batch: plain files by their names, or foreign ones through a profile. Problems in
/// the data are all in [`Batch::problems`] and the rows they stand in are left out of the tables; only wrong use is
/// an error. `progress` is told the rows done and, once the files are opened, of how many.
pub fn read(
    paths: &[PathBuf],
    profile: Option<&Profile>,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Batch, ReadError> {
    read_while(paths, profile, &mut |done, all| {
        progress(done, all);
        true
    })
}

/// As [`read`], for as long as `progress` answers true.
pub fn read_while(
    paths: &[PathBuf],
    profile: Option<&Profile>,
    progress: &mut dyn FnMut(u64, Option<u64>) -> bool,
) -> Result<Batch, ReadError> {
    progress(0, None);
    let mut into = Gatherer::default();
    let found = found(paths)?;
    let (wanted, mut skipped) = wanted(found, profile)?;
    let loaded: Vec<(Found, Loaded)> = wanted.into_par_iter().map(|f| (f.clone(), load(&f, profile))).collect();
    let mut grids = Vec::new();
    for (file, loaded) in loaded {
        match loaded {
            Loaded::Grids(all, others) => {
                skipped.extend(others);
                grids.extend(all.into_iter().map(|(table, shown, grid)| (file.clone(), table, shown, grid)))
            }
            Loaded::Failed(sentence) => return Err(ReadError::new(sentence)),
            Loaded::Unknown if file.named => return Err(unknown(&file, profile)),
            Loaded::Unknown => skipped.push(file.name),
        }
    }
    if grids.is_empty() {
        return Err(nothing(true, profile));
    }
    for (_, _, shown, _) in grids.iter().filter(|(_, _, _, grid)| grid.is_blank()) {
        into.batch.notes.push(format!("{shown} is empty: not even headings are in it."));
    }
    let total: u64 = grids.iter().map(|(_, _, _, grid)| grid.len() as u64).sum();
    let mut done = 0;
    progress(0, Some(total));
    let mut ended = false;
    let mut row_done = || {
        done += 1;
        ended = ended || done % STEP == 0 && !progress(done, Some(total));
        !ended
    };
    match profile {
        None => grids.iter().for_each(|(_, table, shown, grid)| {
            let file = enter(&mut into, shown, grid);
            if let Some(table) = table {
                into.batch.tables.entry(*table).or_default();
                plain::take(&mut into, file, grid, *table, &mut row_done);
            }
        }),
        Some(profile) => through_profile(&mut into, &grids, profile, &mut skipped, &mut row_done)?,
    }
    if ended || !progress(total, Some(total)) {
        return Err(ReadError::new("Ended before it was done: nothing of it was kept."));
    }
    if !skipped.is_empty() {
        let word = if skipped.len() == 1 { "file was" } else { "files were" };
        into.batch.notes.push(format!("{} other {word} left alone: {}.", skipped.len(), skipped.join(", ")));
    }
    Ok(into.finish())
}

type Opened = (Found, Option<Table>, String, Grid);

fn through_profile(
    into: &mut Gatherer,
    grids: &[Opened],
    profile: &Profile,
    skipped: &mut Vec<String>,
    row_done: &mut dyn FnMut() -> bool,
) -> Result<(), ReadError> {
    into.batch.creates_missing = profile.creates_missing;
    let look_ups = profile.look_ups();
    let mut looks = LookUps::new(grids.iter().map(|(f, _, _, grid)| (f.name.as_str(), grid)).collect());
    let mut taken = false;
    for (found, _, shown, grid) in grids {
        let source = profile.source.iter().find(|s| s.is(&found.name, grid));
        let empty =
            grid.headings.is_empty() && grid.faults.is_empty() && profile.source.iter().any(|s| s.named(&found.name));
        match source {
            Some(source) => {
                let file = enter(into, shown, grid);
                source.gives.iter().filter(|g| !g.only_missing).for_each(|g| {
                    into.batch.tables.entry(g.table).or_default();
                });
                foreign::take(into, file, grid, profile, source, &mut looks, row_done);
                taken = true;
            }
            None if empty => taken = true,
            None if !grid.faults.is_empty() => {
                enter(into, shown, grid);
                taken = true;
            }
            None if look_ups.iter().any(|p| fits(p, &found.name)) => {
                enter(into, shown, grid);
            }
            None if found.named => return Err(unknown(found, Some(profile))),
            None => skipped.push(found.name.clone()),
        }
    }
    if !taken {
        return Err(ReadError::new(format!(
            "None of these files is one that the profile {} knows: check the folder and the profile.",
            profile.name
        )));
    }
    for file in &looks.missing {
        into.batch.notes.push(format!("{file} is not among the files: what would be looked up in it stays blank."));
    }
    Ok(())
}

/// Gives a file its number, and says what is wrong with it as a whole.
fn enter(into: &mut Gatherer, shown: &str, grid: &Grid) -> u32 {
    let file = into.batch.files.len() as u32;
    into.batch.files.push(shown.to_string());
    for fault in &grid.faults {
        into.problem(Origin { file, line: fault.line }, None, fault.sentence.as_str());
    }
    for fault in &grid.warnings {
        into.warning(Origin { file, line: fault.line }, None, fault.sentence.as_str());
    }
    file
}

fn unknown(file: &Found, profile: Option<&Profile>) -> ReadError {
    let path = file.path.display();
    ReadError::new(match profile {
        Some(profile) => format!(
            "{path} is not a file that the profile {} knows: leave it out, or choose another profile.",
            profile.name
        ),
        None => {
            let names: Vec<&str> = Table::ALL.iter().map(|t| t.name()).collect();
            format!(
                "{path} is not named after a table ({}; .csv, .tsv, .txt or .xlsx): rename it, or choose a profile.",
                names.join(", ")
            )
        }
    })
}

/// The files of the paths: of a folder those directly in it, in the order of their names; each file once.
fn found(paths: &[PathBuf]) -> Result<Vec<Found>, ReadError> {
    let mut out: Vec<Found> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut push = |path: PathBuf, named: bool| {
        let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let packed = file.len() > 3 && file.to_ascii_lowercase().ends_with(".gz");
        let name = if packed { file[..file.len() - 3].to_string() } else { file };
        if seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
            out.push(Found { path, name, named });
        }
    };
    for path in paths {
        let about = std::fs::metadata(path).map_err(|e| ReadError::new(why(path, &e)))?;
        if !about.is_dir() {
            push(path.clone(), true);
            continue;
        }
        let entries = std::fs::read_dir(path).and_then(|all| all.collect::<io::Result<Vec<_>>>());
        let mut inside: Vec<PathBuf> =
            entries.map_err(|e| ReadError::new(why(path, &e)))?.iter().map(|e| e.path()).collect();
        inside.sort();
        inside.retain(|p| p.is_file() && !p.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.')));
        inside.into_iter().for_each(|p| push(p, false));
    }
    Ok(out)
}

/// The files worth opening, and the names of those that are not.
fn wanted(found: Vec<Found>, profile: Option<&Profile>) -> Result<(Vec<Found>, Vec<String>), ReadError> {
    let look_ups = profile.map(Profile::look_ups).unwrap_or_default();
    let (mut wanted, mut skipped) = (Vec::new(), Vec::new());
    let some = !found.is_empty();
    for file in found {
        let matches = match profile {
            None => plain::table_of(&file.name).is_some() || is_workbook(&file.name),
            Some(profile) => {
                let left_alone = profile.skip.iter().any(|p| fits(p, &file.name));
                let known =
                    look_ups.iter().any(|p| fits(p, &file.name)) || profile.source.iter().any(|s| s.named(&file.name));
                known && !left_alone
            }
        };
        match matches {
            true => wanted.push(file),
            false if file.named => return Err(unknown(&file, profile)),
            false => skipped.push(file.name),
        }
    }
    if wanted.is_empty() {
        return Err(nothing(some, profile));
    }
    Ok((wanted, skipped))
}

fn nothing(some: bool, profile: Option<&Profile>) -> ReadError {
    ReadError::new(match (some, profile) {
        (false, _) => "The folder holds no files: check the path.".to_string(),
        (true, Some(profile)) => format!("The folder holds no file that the profile {} knows: check the path and the profile.", profile.name),
        (true, None) => "The folder holds no file named after a table, such as items.csv or orders.xlsx: rename the files, or choose a profile with --profile.".to_string(),
    })
}

fn is_workbook(name: &str) -> bool {
    name.len() > 5 && name.to_ascii_lowercase().ends_with(".xlsx")
}

fn load(file: &Found, profile: Option<&Profile>) -> Loaded {
    let bytes = match reader::bytes_of(&file.path) {
        Ok(bytes) => bytes,
        Err(sentence) => return Loaded::Failed(sentence),
    };
    let shown = file.path.display().to_string();
    let layout = profile.map_or(Layout::default(), |p| foreign::layout(p, &file.name));
    if !is_workbook(&file.name) {
        return Loaded::Grids(
            vec![(plain::table_of(&file.name), shown, reader::delimited(&bytes, layout))],
            Vec::new(),
        );
    }
    let by_name = plain::table_of(&file.name);
    let mut book = match Workbook::open(bytes) {
        Ok(book) => book,
        Err(sentence) if file.named || by_name.is_some() => return Loaded::Failed(format!("{shown}: {sentence}")),
        Err(_) => return Loaded::Unknown,
    };
    if profile.is_some() {
        return Loaded::Grids(vec![(None, shown, book.grid(layout))], Vec::new());
    }
    let (mut sheets, mut others) = (Vec::new(), Vec::new());
    for sheet in book.sheets() {
        match Table::named(sheet.trim()) {
            Some(table) => sheets.push((table, sheet)),
            None => others.push(format!("{}[{sheet}]", file.name)),
        }
    }
    if sheets.is_empty() {
        return match by_name {
            Some(table) => Loaded::Grids(vec![(Some(table), shown, book.grid(Layout::default()))], Vec::new()),
            None => Loaded::Unknown,
        };
    }
    let grid = |(table, sheet): (Table, String)| {
        let grid = book.grid(Layout { sheet: Some(&sheet), ..Layout::default() });
        (Some(table), format!("{shown}[{sheet}]"), grid)
    };
    Loaded::Grids(sheets.into_iter().map(grid).collect(), others)
}
