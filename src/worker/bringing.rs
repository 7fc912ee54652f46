//! Bringing in files on the screen: what lies in a folder, what a file seems to hold, what bringing it in would do, and
//! doing it. All but the inbox on a lane of its own, so that no key waits for a file.

mod folders;

use super::{Desk, Lane, Trouble};
use crate::domain::ids::ItemId;
use crate::domain::locale;
use crate::domain::quantity::Qty;
use crate::exchange::profile::Profile;
use crate::exchange::read::read_while;
use crate::exchange::table::{Batch, Cell, LEFT_OUT, Origin, Row, Table};
use crate::exchange::write;
use crate::ops::beginning;
use crate::ops::importing::{self, Options, Outcome, With};
use crate::ops::inbox;
use crate::store::import as rows;
use crate::store::{Failure, item};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use folders::{Entry, Folder, before, expanded};

pub use crate::exchange::bring::{Column, Content, Kin, Known, Looked, Means, Plan, Question, kin, look};

/// How a file is to be read.
#[derive(Clone, Debug)]
pub enum Way {
    /// Named after a table.
    Plain,
    /// Through the profile of that name.
    Profile(String),
    /// As it was settled on the screen.
    Plan(Plan),
}

/// What a shop's code stands for, as a person said it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    pub code: String,
    pub item: ItemId,
    /// The item in words, for the screen.
    pub words: String,
    /// How many of the item one of the code is.
    pub quantity: Qty,
}

/// A file with all that was said of it.
#[derive(Clone, Debug)]
pub struct Job {
    pub looked: Box<Looked>,
    pub way: Way,
    pub resolved: Vec<Resolved>,
}

/// Ends an import that is under way.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// From now on it ends as soon as it can, and nothing of it is kept.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[derive(Clone, Debug)]
pub enum Load {
    /// The new files of the inbox.
    Inbox,
    /// The inbox, and what lies in a folder; none: where the last file was.
    Folder(Option<PathBuf>),
    /// A file, and that sheet of it.
    Look(PathBuf, Option<String>),
    /// What bringing it in would do. Nothing is written.
    Weigh(Job, Cancel),
    Bring(Job, Cancel),
    /// Its rows that have a problem, to a file beside it.
    BadRows(Job),
}

/// A column with values that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    pub column: usize,
    pub rows: usize,
    /// The first different ones.
    pub examples: Vec<String>,
}

/// How many shops are offered at most.
const SHOPS: i64 = 6;

/// How many of them are shown.
const EXAMPLES: usize = 3;

/// What bringing a file in would do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Weighed {
    /// Rows of the file that come in, and those that do not.
    pub comes: usize,
    pub bad: usize,
    /// A line for each table: what is new, changed, unchanged.
    pub lines: Vec<String>,
    /// What is wrong, by kind.
    pub kin: Vec<Kin>,
    /// What comes in and wants a look, by kind: values that are left out of their rows, and what is most likely a slip.
    pub odd: Vec<Kin>,
    /// Columns with values that cannot be read, without which their rows could come in.
    pub unreadable: Vec<Unreadable>,
    /// Codes that no item has, and what stands beside them: they would become items.
    pub made: Vec<(String, String)>,
    pub notes: Vec<String>,
    /// Any row is new or changes something.
    pub changes: bool,
}

/// What was brought in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done {
    /// As the undo list says it.
    pub summary: String,
    /// False where all of it was here already.
    pub changed: bool,
    /// The profile that the answers were kept as.
    pub remembered: Option<String>,
    /// Old orders of which nobody was asked yet whether their customers were told.
    pub old_orders: usize,
}

/// A file that was looked at, and what the warehouse knows about such.
#[derive(Clone, Debug)]
pub struct Seen {
    pub looked: Looked,
    /// The shops that orders came from so far, the commonest first.
    pub shops: Vec<String>,
}

#[derive(Debug)]
pub enum Answer {
    /// The names of the new files.
    Inbox(Vec<String>),
    Folder(Box<Folder>),
    Looked(Result<Box<Seen>, String>),
    Weighed(Result<Box<Weighed>, String>),
    Brought(Result<Done, String>),
    /// The bad rows were written, or why not.
    Written(Result<String, String>),
}

impl Load {
    pub fn lane(&self) -> Lane {
        match self {
            Load::Inbox => Lane::Quick,
            _ => Lane::Bringing,
        }
    }
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    Ok(match load {
        Load::Inbox => {
            let folder = inbox::folder(desk.store.db(), desk.store.path())?;
            let waiting = folder.map(|f| inbox::waiting(desk.store.db(), &f)).transpose()?.unwrap_or_default();
            Answer::Inbox(waiting.into_iter().map(|w| w.mark.name).collect())
        }
        Load::Folder(folder) => Answer::Folder(Box::new(folders::lies_in(desk, folder)?)),
        Load::Look(path, sheet) => {
            let path = expanded(&path);
            if desk.store.is_of_the_warehouse(&path) {
                return Ok(Answer::Looked(Err(format!(
                    "{} is this warehouse's own file: all that is in it is here. Choose a file that somebody sent.",
                    path.display()
                ))));
            }
            let looked = look(&path, sheet.as_deref(), desk.profiles.as_deref());
            let shops = rows::channels(desk.store.db(), SHOPS)?;
            let seen = looked.map(|looked| Box::new(Seen { looked, shops }));
            Answer::Looked(seen.map_err(|e| e.sentence().to_string()))
        }
        Load::Weigh(job, cancel) => Answer::Weighed(told(weigh(desk, &job, cancel).map(Box::new))?),
        Load::Bring(job, cancel) => Answer::Brought(told(bring(desk, &job, cancel))?),
        Load::BadRows(job) => Answer::Written(told(bad_rows(desk, &job))?),
    })
}

/// What the person can do something about is an answer for the screen that asked; an ill file is not.
fn told<T>(result: Result<T, Failure>) -> Result<Result<T, String>, Failure> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(failure @ Failure::File(..)) => Err(failure),
        Err(failure) => Ok(Err(Trouble::from(failure).sentence)),
    }
}

/// When something was last put into the inbox or taken out; none where there is no such folder.
pub(super) fn folder_mark(desk: &Desk) -> Option<std::time::SystemTime> {
    let folder = inbox::folder(desk.store.db(), desk.store.path()).ok().flatten()?;
    std::fs::metadata(folder).ok()?.modified().ok()
}

fn profile(desk: &Desk, job: &Job) -> Result<Option<Profile>, Failure> {
    let usage = |e: crate::exchange::read::ReadError| Failure::usage(e.sentence());
    Ok(match &job.way {
        Way::Plain => None,
        Way::Profile(name) => Some(Profile::load(name, desk.profiles.as_deref()).map_err(usage)?),
        Way::Plan(plan) => {
            let name = layout_name(&job.looked);
            Some(Profile::parse(&plan.profile(&job.looked, &name), &name).map_err(usage)?)
        }
    })
}

/// The rows, with the codes that a person said what they are.
fn batch(desk: &Desk, job: &Job, cancel: &Cancel) -> Result<Batch, Failure> {
    let profile = profile(desk, job)?;
    let mut tell = |done: u64, all: Option<u64>| {
        desk.tell(share(job, READING, done as usize, all.unwrap_or(0) as usize), job.looked.rows);
        !cancel.is_set()
    };
    let mut batch = read_while(std::slice::from_ref(&job.looked.path), profile.as_ref(), &mut tell)
        .map_err(|e| Failure::usage(e.sentence()))?;
    let channel = Table::Orders.column("channel").unwrap_or_default();
    let channels: BTreeSet<String> = batch
        .tables
        .get(&Table::Orders)
        .into_iter()
        .flatten()
        .filter_map(|row| match row.cells.get(channel) {
            Some(Some(Cell::Text(name))) => Some(name.clone()),
            _ => None,
        })
        .collect();
    for resolved in &job.resolved {
        let Some(record) = item::record(desk.store.db(), resolved.item)? else { continue };
        for channel in &channels {
            let text = |t: &str| Some(Cell::Text(t.to_string()));
            let cells =
                vec![text(channel), text(&resolved.code), text(&record.sku), Some(Cell::Quantity(resolved.quantity))];
            batch.tables.entry(Table::Aliases).or_default().push(Row { at: Origin::default(), cells });
        }
    }
    Ok(batch)
}

/// The part of the work that is reading the file, in hundredths; the rest is comparing and writing its rows.
const READING: usize = 30;

/// How much of a file's rows stands for `done` of `all` of the reading, so that the bar goes once from end to end.
fn share(job: &Job, hundredths: usize, done: usize, all: usize) -> usize {
    (job.looked.rows * hundredths * done).checked_div(100 * all).unwrap_or(0)
}

/// Brings the rows in, or only works it out, and says meanwhile how far it is.
fn carry_out(desk: &mut Desk, job: &Job, batch: Batch, dry_run: bool, with: With) -> Result<Outcome, Failure> {
    let all: usize = batch.tables.values().chain(batch.fallback.values()).map(Vec::len).sum();
    let act = desk.act("import");
    let meter = desk.meter.take();
    let mut done: BTreeMap<Table, usize> = BTreeMap::new();
    let options = Options { skip_bad: true, dry_run };
    let result = importing::bring(&mut desk.store, act, batch, options, with, &mut |p| {
        done.insert(p.table, p.done);
        if let Some(meter) = &meter {
            let so_far = done.values().sum::<usize>().min(all);
            let read = share(job, READING, 1, 1);
            meter(read + share(job, 100 - READING, so_far, all), job.looked.rows);
        }
    });
    desk.meter = meter;
    result
}

/// The person's own heading for a column of a table, where the warehouse found fault with its value.
fn heading_of<'a>(job: &'a Job, column: Option<&'a str>) -> Option<&'a str> {
    let Way::Plan(plan) = &job.way else { return column };
    let means = match column? {
        "sku" => Means::Sku,
        "name" => Means::Name,
        "barcode" => Means::Barcode,
        "quantity" => Means::Quantity,
        "cost" => Means::Cost,
        "price" => Means::Price,
        "min" => Means::Min,
        "max" => Means::Max,
        "pack" => Means::Pack,
        "supplier" => Means::Supplier,
        "shipped" => Means::Shipped,
        "ordered_on" => Means::OrderedOn,
        "promised_on" => Means::PromisedOn,
        "expected_on" => Means::ExpectedOn,
        "customer" if plan.column_of(Means::Customer).is_some() => Means::Customer,
        "customer" if plan.column_of(Means::Email).is_some() => Means::Email,
        "customer" => Means::CustomerName,
        _ => return column,
    };
    plan.column_of(means).and_then(|at| job.looked.columns.get(at)).map(|c| c.heading.as_str()).or(column)
}

/// How many SKUs a sheet has in more than one bin, as a sentence.
fn in_several_bins(batch: &Batch) -> Option<String> {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for row in batch.tables.get(&Table::Stock)? {
        if let Some(Some(Cell::Text(sku))) = row.cells.first() {
            *rows.entry(sku).or_default() += 1;
        }
    }
    let several: Vec<usize> = rows.into_values().filter(|n| *n > 1).collect();
    let all: usize = several.iter().sum();
    match several.len() {
        0 => None,
        1 => Some(format!("1 SKU lies in {all} bins: each bin has its own level, and together they are its stock.")),
        n => Some(format!("{n} SKUs lie in several bins ({all} rows): each bin has its own level, and they add up.")),
    }
}

fn weigh(desk: &mut Desk, job: &Job, cancel: Cancel) -> Result<Weighed, Failure> {
    let batch = batch(desk, job, &cancel)?;
    let in_several = in_several_bins(&batch);
    let passed_over = batch.passed_over;
    let with = With { cancel: Some(cancel.0), ..With::default() };
    let outcome = carry_out(desk, job, batch, true, with)?;
    let bad: BTreeSet<(&str, u32)> = outcome.problems.iter().map(|p| (p.file.as_str(), p.line)).collect();
    let bad = bad.len();
    let rows: usize = outcome.tables.values().map(|c| c.rows).sum();
    let all = if job.looked.sheets.len() > 1 && matches!(job.way, Way::Plain) { rows } else { job.looked.rows };
    let of_file = format!("{}: ", job.looked.path.display()); // its name stands on top
    let sells = outcome.tables.contains_key(Table::Orders.name());
    let made = outcome.made.iter().filter(|_| sells).map(|m| (m.sku.clone(), m.name.clone())).collect();
    Ok(Weighed {
        comes: all.saturating_sub(bad + passed_over),
        bad,
        lines: outcome.lines_with(&|n| locale::here().figure(&n.to_string())),
        kin: kin(outcome.problems.iter().map(|p| (p.line, heading_of(job, p.column.as_deref()), p.message.as_str()))),
        made,
        unreadable: unreadable(job, &outcome),
        odd: kin(outcome
            .warnings
            .iter()
            .filter(|w| w.line > 0)
            .map(|w| (w.line, heading_of(job, w.column.as_deref()), w.message.as_str()))),
        notes: other_sheets(job)
            .into_iter()
            .chain(in_several)
            .chain(outcome.warnings.iter().filter(|w| w.line == 0).map(|w| w.to_string()))
            .chain(outcome.notes.iter().map(|note| note.strip_prefix(&of_file).unwrap_or(note).to_string()))
            .collect(),
        changes: outcome.changes_something(),
    })
}

fn unreadable(job: &Job, outcome: &Outcome) -> Vec<Unreadable> {
    let Way::Plan(plan) = &job.way else { return Vec::new() };
    let mut found: BTreeMap<usize, (Unreadable, BTreeSet<u32>)> = BTreeMap::new();
    let left_out = outcome.warnings.iter().filter(|w| w.message.ends_with(LEFT_OUT));
    for problem in outcome.problems.iter().chain(left_out) {
        if ["is here a second time", "is also the number of row"].iter().any(|w| problem.message.contains(w)) {
            continue;
        }
        let heading = problem.column.as_deref().unwrap_or("");
        let column = job.looked.columns.iter().position(|c| !heading.is_empty() && c.heading == heading);
        // A value is quoted where it cannot be read; a blank one is not.
        let (Some(column), Some(quoted)) = (column.filter(|c| plan.may_keep(*c)), problem.message.split('`').nth(1))
        else {
            continue;
        };
        let new = || (Unreadable { column, rows: 0, examples: Vec::new() }, BTreeSet::new());
        let (entry, rows) = found.entry(column).or_insert_with(new);
        rows.insert(problem.line);
        if entry.examples.len() < EXAMPLES && !entry.examples.iter().any(|e| e == quoted) {
            entry.examples.push(quoted.to_string());
        }
    }
    found.into_values().map(|(entry, rows)| Unreadable { rows: rows.len(), ..entry }).collect()
}

fn bring(desk: &mut Desk, job: &Job, cancel: Cancel) -> Result<Done, Failure> {
    let batch = batch(desk, job, &cancel)?;
    let path = &job.looked.path;
    let with = With {
        cancel: Some(cancel.0),
        files: inbox::to_keep(desk.store.db(), desk.store.path(), path)?.into_iter().collect(),
        folder: path.parent().map(|f| f.display().to_string()),
        ..With::default()
    };
    let outcome: Outcome = carry_out(desk, job, batch, false, with)?;
    let remembered = match &job.way {
        Way::Plan(plan) => remember(desk.profiles.as_deref(), plan, &job.looked),
        _ => None,
    };
    let orders = outcome.tables.contains_key(Table::Orders.name());
    let old_orders = if orders { beginning::unasked(desk.store.db(), desk.today())? } else { 0 };
    Ok(Done { summary: outcome.sentence(), changed: outcome.operation.is_some(), remembered, old_orders })
}

/// What a file's layout is called. Each sheet of a workbook has its own.
fn layout_name(looked: &Looked) -> String {
    match looked.sheet.as_deref().filter(|_| looked.sheets.len() > 1) {
        Some(sheet) => name_of(&format!("{} {sheet}.xlsx", name_of(&looked.name))),
        None => name_of(&looked.name),
    }
}

/// The sheets that are left for another time, as a sentence: one is brought in at a time.
fn other_sheets(job: &Job) -> Option<String> {
    if matches!(job.way, Way::Plain) || job.looked.sheets.len() < 2 {
        return None; // all of its sheets come in
    }
    let now = job.looked.sheet.as_deref().unwrap_or_default();
    let others: Vec<&str> = job.looked.sheets.iter().map(String::as_str).filter(|s| *s != now).collect();
    let (are, them) = if others.len() == 1 { ("stays", "it") } else { ("stay", "them") };
    Some(format!(
        "Only this sheet comes in: {} {are} for later. Bring the file in again for {them}.",
        others.join(", ")
    ))
}

/// A file's name as that of a profile: `Voorraad nov.xlsx` is `voorraad-nov`.
fn name_of(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let words: Vec<String> = stem
        .split(|c: char| !c.is_alphanumeric())
        .map(|w| w.chars().filter(|c| !c.is_numeric()).collect::<String>().to_lowercase())
        .filter(|w| !w.is_empty())
        .collect();
    if words.is_empty() { "my-sheet".into() } else { words.join("-").chars().take(40).collect() }
}

/// Keeps the plan as a profile of the person's own. One that somebody wrote by hand is left alone; where it cannot be
/// kept, the rows are in all the same.
fn remember(folder: Option<&Path>, plan: &Plan, looked: &Looked) -> Option<String> {
    let folder = folder?;
    std::fs::create_dir_all(folder).ok()?;
    let base = layout_name(looked);
    for n in 1..10 {
        let name = if n == 1 { base.clone() } else { format!("{base}-{n}") };
        let path = folder.join(format!("{name}.toml"));
        let text = plan.profile(looked, &name);
        match std::fs::read_to_string(&path) {
            Ok(there) if there == text => return Some(name),
            Ok(there) if !there.starts_with(&format!("# Made from {}:", looked.name)) => continue,
            _ => {}
        }
        let mut file = tempfile::NamedTempFile::new_in(folder).ok()?;
        std::io::Write::write_all(&mut file, text.as_bytes()).ok()?;
        file.persist(&path).ok()?;
        return Some(name);
    }
    None
}

fn bad_rows(desk: &mut Desk, job: &Job) -> Result<String, Failure> {
    let profile = profile(desk, job)?;
    let batch = batch(desk, job, &Cancel::default())?;
    let outcome = carry_out(desk, job, batch, true, With::default())?;
    let mut wrong: BTreeMap<u32, String> = BTreeMap::new();
    let folders = format!("{}:", job.looked.path.display());
    for problem in &outcome.problems {
        // In the sheet's own words: its headings, and its name without its folders.
        let message = problem.message.replace(&folders, &format!("{}:", job.looked.name));
        let said = match heading_of(job, problem.column.as_deref()) {
            Some(column) => format!("{column}: {message}"),
            None => message,
        };
        let entry = wrong.entry(problem.line).or_default();
        if !entry.is_empty() {
            entry.push_str("; ");
        }
        entry.push_str(&said);
    }
    let stem = job.looked.name.rsplit_once('.').map_or(job.looked.name.as_str(), |(stem, _)| stem);
    let beside = job.looked.path.parent().map(Path::to_path_buf);
    let in_inbox = inbox::to_keep(desk.store.db(), desk.store.path(), &job.looked.path)?.is_some();
    // Not in the inbox: what lies there is announced as new.
    let folder = beside.map(|f| if in_inbox { f.parent().map_or(f.clone(), Path::to_path_buf) } else { f });
    let folder = folder.unwrap_or_default();
    let path = (1..100)
        .map(|n| folder.join(if n == 1 { format!("{stem}-bad-rows.csv") } else { format!("{stem}-bad-rows-{n}.csv") }))
        .find(|p| std::fs::symlink_metadata(p).is_err())
        .ok_or_else(|| Failure::usage("There are a hundred files of bad rows already. Remove some."))?;
    let source = &job.looked.path;
    let written = write::to_file(&path, |out| {
        crate::exchange::bring::bad_rows(source, profile.as_ref(), &wrong, out)
            .map_err(|e| Failure::usage(e.sentence()))
    })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    Ok(format!(
        "{written} rows with what is wrong are in {name}, in the folder {}. Mend them there and bring that file in.",
        folder.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_named_after_its_file_without_the_month() {
        for (file, name) in
            [("Voorraad_nov.xlsx", "voorraad-nov"), ("orders 2026-11-23.csv", "orders"), ("2026.csv", "my-sheet")]
        {
            assert_eq!(name_of(file), name);
        }
    }
}
