//! `backshelf replay`: what each way of ordering would have served, on demand that really was.

mod gates;

use super::{Context, Outcome, interactive, note, out, visible};
use crate::domain::demand::{Grid, unit_of};
use crate::domain::replay::{Reached, Series, Span};
use crate::exchange::history::{self, Histories};
use crate::ops::replaying::{self, Asked, Policy, Trial, Verdict, percent};
use crate::store::{Failure, Mode, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const AFTER: &str = "Examples:
  backshelf replay
  backshelf replay --history sales.csv --bucket month --train 24 --lead 1
  backshelf replay --history sales.csv --policy ours --policy min/max --format json

A history is a file of sku,period,quantity: what customers ordered. Any date within a week or month
names it; what is not named is 0; rows of one item and bucket are added. No warehouse is opened for it.

In every bucket goods come in, those who wait are served, then the demand of the bucket; at the end of
every review an order is placed that knows nothing of what follows. The first lead + review buckets
after the training are lived but not judged. Stock is given in buckets of mean demand; asleep is the part of
it on items that nobody ordered in the last twelve buckets.

Exit codes: 0 done, 1 a problem in the data, 2 wrong use.";

/// Replays past demand and says what each policy would have served, and with how much stock.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub struct Args {
    /// A file of sku,period,quantity in place of the warehouse's own last twelve months
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// How time is cut [default: week; the warehouse's own: what its sales ask for]
    #[arg(long, value_enum)]
    bucket: Option<Bucket>,
    /// Buckets that are known before the first order [default: half of a file; all but the last year of a warehouse]
    #[arg(long, value_name = "N")]
    train: Option<usize>,
    /// Lead time in buckets [default: 1; the warehouse's own: each item's]
    #[arg(long, value_name = "N")]
    lead: Option<usize>,
    /// Buckets from one order to the next [default: 1]
    #[arg(long, value_name = "N")]
    review: Option<usize>,
    /// Ordered in multiples of this [default: 1; the warehouse's own: each item's]
    #[arg(long, value_name = "N")]
    pack: Option<i64>,
    /// Share of the demand to be served at once, between 0 and 1 [default: 0.95, or the warehouse's setting]
    #[arg(long, value_name = "SHARE")]
    target: Option<f64>,
    /// Only this policy; may be given several times [default: ours and the best known others]
    #[arg(long, value_name = "NAME")]
    policy: Vec<String>,
    /// Judge the policy by its gates on published data in this folder, the figures of others beside ours
    #[arg(long, value_name = "DIR", conflicts_with_all = ["history", "bucket", "train", "lead", "review", "pack", "target"])]
    gates: Option<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Bucket {
    Week,
    Month,
}

#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Text,
    Json,
}

impl Bucket {
    fn grid(self) -> Grid {
        match self {
            Bucket::Week => Grid::Weeks,
            Bucket::Month => Grid::Months,
        }
    }
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let policies = policies(&args.policy)?;
    check(&args)?;
    if let Some(folder) = &args.gates {
        return gates::run(folder, &policies);
    }
    let (trial, notes) = match &args.history {
        Some(file) => match from_file(file, &args)? {
            Ok(read) => read,
            Err(problems) => {
                problems.iter().for_each(|p| note(p));
                return Ok(Outcome::Problems);
            }
        },
        None => {
            let store = context.open(Mode::ReadOnly)?;
            let asked = Asked {
                grid: args.bucket.map(Bucket::grid),
                train: args.train,
                lead: args.lead,
                review: args.review,
                pack: args.pack,
                target: args.target,
            };
            replaying::own_history(store.db(), context.today(), &asked)?
        }
    };
    notes.iter().for_each(|n| note(n));
    let verdicts = watched(&trial, &policies)?;
    let mut out = out();
    match args.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &as_json(&trial, &verdicts))?;
            writeln!(out)?;
        }
        Format::Text => {
            for line in text(&trial, &verdicts, context.ascii) {
                writeln!(out, "{}", visible(&line))?;
            }
        }
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

fn policies(names: &[String]) -> Result<Vec<Policy>> {
    if names.is_empty() {
        return Ok(Policy::USUAL.to_vec());
    }
    let mut found = Vec::new();
    for name in names {
        let known = || Policy::all().iter().map(|p| p.name()).collect::<Vec<_>>().join(", ");
        let unknown = || Failure::usage(format!("There is no policy {name:?}. There are: {}.", known()));
        found.push(Policy::named(name).ok_or_else(unknown)?);
    }
    found.sort_by_key(|p| Policy::all().iter().position(|q| q == p)); // ours first
    found.dedup();
    Ok(found)
}

/// Figures that cannot be meant.
fn check(args: &Args) -> Result<()> {
    if let Some(target) = args.target
        && !(target > 0.0 && target < 1.0)
    {
        return Err(Failure::usage(format!(
            "--target is a share between 0 and 1, such as 0.95; {target} is not: nobody can promise everything."
        )));
    }
    if args.review == Some(0) {
        return Err(Failure::usage("--review is at least 1: an order at the end of every bucket."));
    }
    if args.train == Some(0) {
        return Err(Failure::usage("--train is at least 1: the first order needs something to go by."));
    }
    if args.pack.is_some_and(|pack| pack < 1) {
        return Err(Failure::usage("--pack is at least 1."));
    }
    Ok(())
}

type FromFile = std::result::Result<(Trial, Vec<String>), Vec<String>>;

fn from_file(file: &Path, args: &Args) -> Result<FromFile> {
    if !file.exists() {
        return Err(Failure::usage(format!("There is no file {}.", file.display())));
    }
    let grid = args.bucket.map_or(Grid::Weeks, Bucket::grid);
    let read = match history::read(file, grid) {
        Ok(read) => read,
        Err(problems) => return Ok(Err(problems)),
    };
    let (lead, review) = (args.lead.unwrap_or(1), args.review.unwrap_or(1));
    let train = args.train.unwrap_or((read.buckets / 2).max(1));
    let Some(span) = Span::new(read.buckets, train, lead, review) else {
        return Err(Failure::refused(format!(
            "{} holds {}; {train} to learn from (--train), {lead} of lead time (--lead) and {review} to the next order (--review) leave nothing to judge. Give a longer history or smaller figures.",
            file.display(),
            counted(read.buckets, grid)
        )));
    };
    let Histories { items, notes, .. } = read;
    let pack = args.pack.unwrap_or(1);
    let series = items.into_iter().map(|(sku, sales)| of_file(sku, &sales, lead, pack)).collect();
    Ok(Ok((Trial { series, grid, span, target: args.target.unwrap_or(0.95) }, notes)))
}

fn of_file(sku: String, sales: &[(usize, i64)], lead: usize, pack: i64) -> Series {
    let unit = unit_of(sales.iter().map(|s| s.1));
    Series {
        sku,
        category: None,
        listed_from: 0,
        sales: sales.iter().map(|&(at, thousandths)| (at, thousandths / unit)).collect(),
        lead,
        pack: pack.saturating_mul(1000 / unit),
        unit: unit as f64 / 1000.0,
        typed: None,
    }
}

fn counted(n: usize, grid: Grid) -> String {
    format!("{n} {}{}", grid.word(), if n == 1 { "" } else { "s" })
}

/// Replays with a bar on standard error; Ctrl-C ends it.
pub(super) fn watched(trial: &Trial, policies: &[Policy]) -> Result<Vec<Verdict>> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = signal_hook::flag::register(signal_hook::consts::SIGINT, stop.clone())?;
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let shown = io::stderr().is_terminal();
    let style = ProgressStyle::with_template("replaying {bar:30} {percent} %  {eta} left  (Ctrl-C stops)");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
    let verdicts = replaying::replay(trial, policies, &|done, all| {
        if shown {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        }
        !stop.load(Ordering::Relaxed)
    });
    bar.finish_and_clear();
    signal_hook::low_level::unregister(handler);
    verdicts
}

fn as_json(trial: &Trial, verdicts: &[Verdict]) -> Value {
    let policies: Vec<Value> = verdicts
        .iter()
        .map(|v| {
            json!({
                "name": v.policy.name(),
                "fill_volume": v.nominal.fill_volume,
                "fill_item": v.nominal.fill_item,
                "ready_rate": v.nominal.ready_rate,
                "cover": v.nominal.cover,
                "cover_at_target_volume": v.cover_at_target_volume,
                "cover_at_target_item": v.cover_at_target_item,
                "stock_asleep": v.nominal.asleep,
            })
        })
        .collect();
    json!({
        "bucket": trial.grid.word(),
        "buckets": trial.span.buckets,
        "train": trial.span.train,
        "judged": trial.span.counted(),
        "review": trial.span.review,
        "items": trial.series.len(),
        "target": trial.target,
        "verdict": replaying::sentence(trial, verdicts),
        "policies": policies,
    })
}

/// The table, the chart and the sentence.
fn text(trial: &Trial, verdicts: &[Verdict], ascii: bool) -> Vec<String> {
    let word = trial.grid.word();
    let lead = match (trial.series.iter().map(|s| s.lead).min(), trial.series.iter().map(|s| s.lead).max()) {
        (Some(least), Some(most)) if least != most => format!("{least} to {most} {word}s"),
        (_, most) => counted(most.unwrap_or(0), trial.grid),
    };
    let span = trial.span;
    let mut lines = vec![
        format!(
            "{} items, {}: {} to learn from, {} judged; lead time {lead}, an order every {}.",
            trial.series.len(),
            counted(span.buckets, trial.grid),
            span.train,
            span.counted(),
            if span.review == 1 { word.to_string() } else { counted(span.review, trial.grid) },
        ),
        String::new(),
        format!(
            "{:12} asked for {:<27} {word:>7}s   to serve exactly {}",
            "",
            percent(trial.target),
            percent(trial.target)
        ),
        format!(
            "{:12} {:>9} {:>9} {:>9} {:>8} {:>10} {:>10} {:>7}",
            "policy", "of units", "of items", "ready", "of stock", "of units", "of items", "asleep"
        ),
    ];
    for v in verdicts {
        let Reached { fill_volume, fill_item, ready_rate, cover, asleep } = v.nominal;
        let share = |s: f64| format!("{:.1} %", s * 100.0);
        let at = |c: Option<f64>| c.map_or("never".into(), replaying::cover);
        lines.push(format!(
            "{:12} {:>9} {:>9} {:>9} {:>8} {:>10} {:>10} {:>7}",
            v.policy.name(),
            share(fill_volume),
            share(fill_item),
            share(ready_rate),
            replaying::cover(cover),
            at(v.cover_at_target_volume),
            at(v.cover_at_target_item),
            format!("{:.0} %", asleep * 100.0),
        ));
    }
    lines.push(String::new());
    lines.extend(chart(trial, verdicts, ascii));
    lines.extend(replaying::sentence(trial, verdicts).map(|s| format!("\n{s}")));
    if interactive() {
        lines.push(String::new());
    }
    lines
}

/// Columns of the longest bar.
const BAR: f64 = 40.0;

/// The stock that each needs for exactly the target, as bars.
fn chart(trial: &Trial, verdicts: &[Verdict], ascii: bool) -> Vec<String> {
    let most = verdicts.iter().filter_map(|v| v.cover_at_target_volume).fold(0.0, f64::max);
    let block = if ascii { "#" } else { "█" };
    let mut lines = vec![format!(
        "Stock in {}s of sales to serve exactly {} of all units:",
        trial.grid.word(),
        percent(trial.target)
    )];
    lines.extend(verdicts.iter().map(|v| match v.cover_at_target_volume {
        Some(cover) => {
            let length = if most > 0.0 { (cover / most * BAR).round().max(1.0) as usize } else { 1 };
            format!("{:12} {} {}", v.policy.name(), block.repeat(length), replaying::cover(cover))
        }
        None => format!("{:12} never reaches it", v.policy.name()),
    }));
    lines
}
