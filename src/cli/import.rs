//! `backshelf import`.

use super::{Context, Outcome, note, out, visible};
use crate::exchange::bring;
use crate::exchange::profile::Profile;
use crate::exchange::read::{ReadError, read};
use crate::exchange::table::{Batch, Table};
use crate::ops::importing::{self, Options, Progress};
use crate::store::{Failure, Mode, Result, Store};
use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressState, ProgressStyle};
use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

const AFTER: &str = "Examples:
  backshelf import items.csv stock.csv orders.xlsx
  backshelf import exports/ --dry-run
  backshelf import shop/ --profile shopify

A plain file is named after its table (order_lines.csv); a profile maps any other layout.
With a problem nothing is written, unless --skip-bad leaves those rows out.";

/// Brings in files: CSV, TSV, TXT (also .gz) and XLSX, or a folder of them.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Files or folders
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How foreign files map onto the tables: a profile's name, or its file
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// Say what would change, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Leave out rows with a problem, list them, write the rest
    #[arg(long)]
    pub skip_bad: bool,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// How a result is written to standard output.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Text,
    Json,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let usage = |e: ReadError| Failure::usage(e.sentence());
    let own = super::paths::profiles().ok();
    let profile = args.profile.as_deref().map(|name| Profile::load(name, own.as_deref())).transpose().map_err(usage)?;
    let _ = rustix::process::nice(5); // somebody may be at the screen while this runs; refused: no nicer than the rest
    let mut shown = Shown::new();
    let batch = read(&args.paths, profile.as_ref(), &mut |done, total| shown.reading(done, total)).map_err(usage)?;
    shown.start_writing(&batch);
    let options = Options { skip_bad: args.skip_bad, dry_run: args.dry_run };
    let outcome = write(context, batch, options, &mut |p| shown.writing(p))?;
    shown.finish();
    report(&outcome, &args)?;
    let stopped = !outcome.problems.is_empty() && !args.skip_bad;
    Ok(if stopped { Outcome::Problems } else { Outcome::Fine })
}

/// Into the warehouse file, made where it is missing; a dry run, and one that writes nothing, leave no new file.
fn write(
    context: &Context,
    batch: Batch,
    options: Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<importing::Outcome> {
    let missing = !context.db.exists();
    let act = context.act("import");
    if missing && options.dry_run {
        return importing::import(&mut Store::in_memory()?, act, batch, options, progress);
    }
    let folder = context.db.parent().filter(|f| !f.as_os_str().is_empty());
    if missing && let Some(folder) = folder.filter(|f| !f.is_dir()) {
        // A folder that somebody typed wrong is not to hold a warehouse that nobody finds again.
        if context.db_given {
            return Err(Failure::usage(format!(
                "There is no folder {} for the warehouse file: make it, or correct --db.",
                folder.display()
            )));
        }
        std::fs::create_dir_all(folder)?;
    }
    let mut store = context.open(Mode::Create)?;
    let outcome = importing::import(&mut store, act, batch, options, progress);
    let written = outcome.as_ref().is_ok_and(|o| o.written);
    let changed = outcome.as_ref().is_ok_and(|o| o.operation.is_some());
    if missing && !changed && crate::ops::undo::list(store.db(), 1).is_ok_and(|done| done.is_empty()) {
        drop(store);
        remove_new(&context.db);
    } else if written && !context.db.exists() {
        return Err(Failure::refused(format!(
            "{} was removed while this import wrote to it, so nothing of it was kept. Import again.",
            context.db.display()
        )));
    }
    if missing && changed {
        note(&format!("Made the warehouse file {}.", context.db.display()));
    }
    outcome
}

/// The empty file that this command made a moment ago.
fn remove_new(db: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = db.as_os_str().to_owned();
        name.push(end);
        let _ = std::fs::remove_file(PathBuf::from(name)); // an empty warehouse left behind harms nothing
    }
}

/// The result to standard output: what changed, and every problem; warnings and notes to standard error.
fn report(outcome: &importing::Outcome, args: &Args) -> Result<()> {
    let mut out = out();
    if args.format == Format::Json {
        serde_json::to_writer_pretty(&mut out, outcome)?;
        writeln!(out)?;
        out.flush()?;
        return Ok(());
    }
    for problem in &outcome.problems {
        writeln!(out, "{}", line(&problem.to_string()))?;
    }
    let stopped = !outcome.problems.is_empty() && !args.skip_bad;
    if !stopped {
        if outcome.dry_run {
            writeln!(out, "This would happen; nothing was written:")?;
        }
        for told in outcome.lines() {
            writeln!(out, "{}", line(&told))?;
        }
        if outcome.written && outcome.operation.is_none() {
            writeln!(out, "{}", outcome.nothing_changed())?;
        }
    }
    out.flush()?;
    for warning in warnings(outcome) {
        note(&line(&format!("warning: {warning}")));
    }
    for told in &outcome.notes {
        note(&line(told));
    }
    match (outcome.problems.len(), stopped) {
        (0, _) => {}
        (1, true) => note("1 problem; nothing was written. Correct it, or leave that row out with --skip-bad."),
        (n, true) => {
            note(&format!("{n} problems; nothing was written. Correct them, or leave those rows out with --skip-bad."))
        }
        (_, false) => {
            let n = outcome.rows_with_problems();
            note(&format!("{n} {} left out, listed above.", if n == 1 { "row was" } else { "rows were" }));
        }
    }
    if let Some(operation) = outcome.operation {
        note(&format!("`backshelf undo {}` takes all of it back.", operation.0));
    }
    Ok(())
}

/// So many warnings are listed one by one; more are counted by what they are about.
const LISTED: usize = 20;

/// What comes in and wants a look: row by row, or by kind with how many there are and the first of their rows.
fn warnings(outcome: &importing::Outcome) -> Vec<String> {
    let (whole, rows): (Vec<_>, Vec<_>) = outcome.warnings.iter().partition(|w| w.line == 0);
    let mut out: Vec<String> = whole.iter().map(|w| w.to_string()).collect();
    if rows.len() <= LISTED {
        out.extend(rows.iter().map(|w| w.to_string()));
        return out;
    }
    let mut by_file: BTreeMap<&str, Vec<&importing::Found>> = BTreeMap::new();
    rows.iter().for_each(|w| by_file.entry(&w.file).or_default().push(w));
    for (file, found) in by_file {
        for kin in bring::kin(found.iter().map(|w| (w.line, w.column.as_deref(), w.message.as_str()))) {
            let first: Vec<String> = kin.rows.iter().take(3).map(u32::to_string).collect();
            let more = if kin.count > first.len() { ", ..." } else { "" };
            let (n, rows) = (kin.count, if kin.count == 1 { "row" } else { "rows" });
            out.push(format!("{file}: {n} {rows} ({}{more}): {}", first.join(", "), kin.words));
        }
    }
    out
}

/// One line, whatever the data holds.
fn line(text: &str) -> String {
    visible(&text.replace(['\n', '\r'], " "))
}

/// Progress on standard error: a bar with count, rate and time left on a terminal, plain lines elsewhere.
struct Shown {
    bar: Option<ProgressBar>,
    /// Rows of the tables that are done.
    before: u64,
    table: Option<Table>,
}

impl Shown {
    fn new() -> Shown {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::no_length();
            bar.set_style(style());
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Shown { bar, before: 0, table: None }
    }

    fn reading(&mut self, done: u64, total: Option<u64>) {
        let Some(bar) = &self.bar else {
            if let (0, Some(total)) = (done, total) {
                note(&format!("reading {total} rows"));
            }
            return;
        };
        bar.set_message("reading");
        if let Some(total) = total {
            bar.set_length(total);
        }
        bar.set_position(done);
    }

    fn start_writing(&mut self, batch: &Batch) {
        let total = batch.tables.values().map(|rows| rows.len() as u64).sum();
        if let Some(bar) = &self.bar {
            bar.reset();
            bar.set_length(total);
        }
    }

    fn writing(&mut self, p: Progress) {
        let name = p.table.name().replace('_', " ");
        match &self.bar {
            Some(bar) => {
                if self.table != Some(p.table) {
                    bar.set_message(name);
                    self.table = Some(p.table);
                }
                bar.set_position(self.before + p.done as u64);
            }
            None if p.done == p.total => note(&format!("{name}: {} rows", p.total)),
            None => {}
        }
        if p.done == p.total {
            self.before += p.total as u64;
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.finish(); // also on the way out with an error
    }
}

fn style() -> ProgressStyle {
    let rate = |state: &ProgressState, to: &mut dyn std::fmt::Write| {
        let _ = write!(to, "{} rows/s", HumanCount(state.per_sec() as u64));
    };
    let left = |state: &ProgressState, to: &mut dyn std::fmt::Write| {
        let _ = write!(to, "{} left", HumanDuration(state.eta()));
    };
    let template = "{msg:16} {bar:24} {human_pos} of {human_len}  {rate}  {left}";
    let plain = ProgressStyle::default_bar();
    plain
        .clone()
        .template(template)
        .unwrap_or(plain)
        .with_key("rate", rate)
        .with_key("left", left)
        .progress_chars("=> ")
}
