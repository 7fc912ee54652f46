//! `backshelf check`.

use super::{Context, Outcome, note, out, visible};
use crate::ops::checking;
use crate::store::{Failure, Ill, Mode, Result};
use std::io::Write;

/// Checks that the file is sound and the books agree; says each fault in a sentence.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf check && backshelf backup /mnt/usb/warehouse.db")]
pub struct Args {}

pub fn run(context: &Context, _args: Args) -> Result<Outcome> {
    let mut out = out();
    let report = match context.open(Mode::ReadOnly).and_then(|store| checking::check(store.db())) {
        Ok(report) => report,
        // Too damaged to be looked into: that is what was asked.
        Err(Failure::File(Ill::Corrupt, _)) => {
            writeln!(out, "The file is damaged: parts of it cannot be read at all.")?;
            out.flush()?;
            note("Keep the file as it is, and put the last good copy in its place: backshelf restore FILE.");
            return Ok(Outcome::Problems);
        }
        Err(failure) => return Err(failure),
    };
    for fault in &report.faults {
        writeln!(out, "{}", visible(fault))?;
    }
    if report.faults.is_empty() {
        writeln!(
            out,
            "All is well: {} items, {} movements, {} operations; the books agree.",
            report.items, report.movements, report.operations
        )?;
    }
    out.flush()?;
    report.notes.iter().for_each(|words| note(words));
    if report.faults.is_empty() {
        return Ok(Outcome::Fine);
    }
    note(
        "Faults were found. Keep a copy of the file as it is (backshelf backup), then restore the last good copy or ask for help.",
    );
    Ok(Outcome::Problems)
}
