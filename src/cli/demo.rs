//! `backshelf demo`.

use super::{Context, Outcome, note, paths, workbench};
use crate::demo;
use crate::store::{Failure, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Opens the workbench on a sample warehouse. Your own file is never touched.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  backshelf demo
  backshelf demo --scale 100000 --no-ui
  backshelf demo --db sample.db --fresh
  backshelf demo --from ~/.local/share/backshelf/warehouse.db")]
pub struct Args {
    // As the option of every command, which reads it: only the words are this command's own.
    /// Where the sample lies [default: in your cache folder; see `backshelf paths`]
    #[arg(id = "db", long = "db", value_name = "FILE")]
    _db: Option<PathBuf>,
    /// How many items the sample has [default: about 150]
    #[arg(long, value_name = "ITEMS", value_parser = clap::value_parser!(u64).range(1..=20_000_000))]
    scale: Option<u64>,
    /// A training file: a copy of this warehouse file to practise in; it sends no mail
    #[arg(long, value_name = "FILE", conflicts_with = "scale")]
    from: Option<PathBuf>,
    /// Makes the sample anew, without what was done in it
    #[arg(long)]
    fresh: bool,
    /// Only makes the sample; does not open the workbench
    #[arg(long)]
    no_ui: bool,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let scale = args.scale.unwrap_or(demo::ITEMS);
    if let Some(from) = &args.from {
        return train(context, from, args.fresh, args.no_ui);
    }
    let path = if context.db_given { context.db.clone() } else { place(context, scale)? };
    let stands = standing(&path)?;
    let fits = stands.as_ref().is_some_and(|m| args.scale.is_none_or(|s| m.scale == s.to_string()));
    if args.fresh || !fits {
        make(context, &path, scale)?;
    } else if let Some(marks) = stands.filter(|m| m.day != context.today().to_string()) {
        note(&format!("This sample was made for {}; --fresh makes it for today.", marks.day));
    }
    if args.no_ui {
        note(&format!("The sample warehouse is {}", path.display()));
        return Ok(Outcome::Fine);
    }
    workbench::run(&Context { db: path, ..context.clone() })
}

/// The sample as `backshelf demo` opens it, made where it is missing; `progress` is told the rows done, of how many.
pub fn usual(context: &Context, progress: &mut dyn FnMut(u64, u64)) -> Result<PathBuf> {
    let path = place(context, demo::ITEMS)?;
    if standing(&path)?.is_none() {
        let all = demo::expected_rows(demo::ITEMS);
        let mut told = 0;
        demo::make(&path, demo::SEED, demo::ITEMS, &context.act("demo"), &mut |done| {
            if done >= told + 1_000 {
                told = done;
                progress(done.min(all), all);
            }
        })?;
    }
    Ok(path)
}

/// The training file of a real one, made where it is missing, is of another day or of another file, or is to be fresh.
fn train(context: &Context, from: &Path, fresh: bool, no_ui: bool) -> Result<Outcome> {
    let path = if context.db_given { context.db.clone() } else { paths::cache()?.join("training.db") };
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let stands = standing(&path)?;
    let of_it = |marks: demo::Marks| marks.day == context.today().to_string() && marks.scale == demo::origin(from);
    if !fresh && stands.is_some_and(of_it) {
        note(&format!(
            "The training file {} is as it was left today; --fresh copies {} anew.",
            path.display(),
            from.display()
        ));
    } else {
        demo::train(&path, from, &context.act("demo"))?;
        note(&format!(
            "Copied {} to {} for training. Nothing done in it reaches the real file.",
            from.display(),
            path.display()
        ));
    }
    if no_ui {
        return Ok(Outcome::Fine);
    }
    workbench::run(&Context { db: path, ..context.clone() })
}

/// Where the sample of that scale and day lies. Those of the same scale and other days are removed: they are made
/// relative to their day and tell nothing true on another.
fn place(context: &Context, scale: u64) -> Result<PathBuf> {
    let folder = paths::cache()?;
    fs::create_dir_all(&folder)?;
    let name = format!("demo-{scale}-{}.db", context.today());
    for entry in fs::read_dir(&folder)?.flatten() {
        let other = entry.file_name().to_string_lossy().into_owned();
        if other.starts_with(&format!("demo-{scale}-")) && !other.starts_with(&name) && other.ends_with(".db") {
            demo::remove(&entry.path())?;
        }
    }
    Ok(folder.join(name))
}

/// The marks of the sample that stands there. A file that is not a sample of ours is refused: it is never overwritten.
fn standing(path: &Path) -> Result<Option<demo::Marks>> {
    if !path.exists() {
        return Ok(None);
    }
    match demo::marks(path)? {
        Some(marks) => Ok(Some(marks)),
        None => Err(Failure::usage(format!(
            "{} is not a sample warehouse, so `demo` leaves it alone. Give another --db, or none.",
            path.display()
        ))),
    }
}

fn make(context: &Context, path: &Path, scale: u64) -> Result<()> {
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty())
        && !folder.is_dir()
    {
        return Err(Failure::usage(format!("There is no folder {} to make the sample in.", folder.display())));
    }
    let expected = demo::expected_rows(scale);
    let started = std::time::Instant::now();
    let mut meter = Meter::new(expected);
    let made = demo::make(path, demo::SEED, scale, &context.act("demo"), &mut |done| meter.show(done))?;
    meter.finish();
    let seconds = started.elapsed().as_secs_f64();
    note(&format!("Made a sample warehouse of {scale} items: {} rows in {seconds:.1} s.", made.rows));
    Ok(())
}

/// A bar on a terminal; elsewhere a line for each tenth.
struct Meter {
    bar: Option<ProgressBar>,
    expected: u64,
    told: u64,
}

impl Meter {
    fn new(expected: u64) -> Meter {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(expected), ProgressDrawTarget::stderr());
            let look = "Making the sample  [{bar:30}] {pos} of {len} rows, {per_sec}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(look) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        Meter { bar, expected: expected.max(1), told: 0 }
    }

    fn show(&mut self, done: u64) {
        match &self.bar {
            Some(bar) => bar.set_position(done.min(self.expected)),
            None if done * 10 / self.expected > self.told && done < self.expected => {
                self.told = done * 10 / self.expected;
                note(&format!("made {done} of about {} rows", self.expected));
            }
            None => {}
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
