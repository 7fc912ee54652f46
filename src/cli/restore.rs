//! `backshelf restore`.

use super::{Context, Outcome, interactive, note, out, visible};
use crate::ops::safekeeping::{self, Foreseen, daily};
use crate::store::{Failure, Result};
use std::io::{BufRead, Write};
use std::path::PathBuf;

/// Puts a copy in the place of the warehouse; the replaced file is kept beside it. What would be lost is said first.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf restore                                      lists the copies\n  backshelf restore /mnt/usb/warehouse-2026-11-23.db --dry-run\n  backshelf restore /mnt/usb/warehouse-2026-11-23.db"
)]
pub struct Args {
    /// The copy, as `backshelf backup` or the program itself made it; without it the day's copies are listed
    file: Option<PathBuf>,
    /// Only say what would be lost
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let Some(file) = args.file else { return list(context) };
    let seen = safekeeping::foresee(&context.db, &file)?;
    tell(&seen);
    if args.dry_run {
        return Ok(Outcome::Fine);
    }
    // Without a terminal the answer is read all the same; only a file that nobody can read any more has nothing to lose.
    let asks = if interactive() { seen.lost != Some(0) } else { seen.lost.is_some_and(|n| n > 0) };
    if !args.yes && asks {
        note("Type yes to put the copy in its place:");
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer)?;
        if answer.trim() != "yes" {
            return Err(Failure::refused(if interactive() {
                "Nothing was changed."
            } else {
                "Nothing was changed: the answer was not yes. Without a terminal add --yes to put the copy in its place."
            }));
        }
    }
    let restored = safekeeping::restore(&context.db, &file, context.clock.now())?;
    note(&format!("Restored {} with {} operations.", context.db.display(), restored.operations));
    if let Some(kept) = restored.kept {
        let lost = match restored.lost {
            None => "The replaced file could not be read.".to_string(),
            Some(0) => "Nothing was lost.".to_string(),
            Some(1) => "1 newer operation is not in it.".to_string(),
            Some(n) => format!("{n} newer operations are not in it."),
        };
        note(&format!("{lost} The replaced file is kept as {}", kept.display()));
    }
    Ok(Outcome::Fine)
}

fn tell(seen: &Foreseen) {
    let newest = seen.newest.as_deref().map_or(String::new(), |at| format!(", the newest of {}", at.replace('T', " ")));
    note(&format!("The copy is sound: {} operations{newest}.", seen.operations));
    match seen.lost {
        None => note("The present file cannot be read, or is not there: nothing to compare with."),
        Some(0) => note("Nothing of the present file is missing in it."),
        Some(n) => {
            let what = if n == 1 { "1 operation is".to_string() } else { format!("{n} operations are") };
            note(&format!("{what} not in it and would be lost:"));
            for (at, summary, operator) in &seen.named {
                note(&format!("  {}  {operator}: {summary}", at.replace('T', " ")));
            }
            if n > seen.named.len() as i64 {
                note(&format!("  and {} before those", n - seen.named.len() as i64));
            }
        }
    }
}

/// The copies that the program made by itself, here and in the second place.
fn list(context: &Context) -> Result<Outcome> {
    let mut folders = vec![safekeeping::copies_of(&context.db)];
    if let Ok(store) = context.open(crate::store::Mode::ReadOnly) {
        let settings = crate::ops::settings::Settings::load(store.db())?;
        folders.extend(settings.text("copies.second_place").map(PathBuf::from));
    }
    let mut out = out();
    let mut any = false;
    for folder in folders {
        for (_, path) in daily::copies_in(&folder, &context.db) {
            let kilobytes = std::fs::metadata(&path).map_or(0, |m| m.len() / 1024);
            writeln!(out, "{}  {kilobytes} KB", visible(&path.display().to_string()))?;
            any = true;
        }
    }
    out.flush()?;
    note(if any {
        "Put one back: backshelf restore FILE"
    } else {
        "No copy is here yet. One is made each day by itself."
    });
    Ok(Outcome::Fine)
}
