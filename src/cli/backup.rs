//! `backshelf backup`.

use super::{Context, Outcome, note};
use crate::ops::safekeeping;
use crate::store::{Mode, Result};
use std::path::PathBuf;

/// Copies the warehouse to a file, also while others work in it; the copy is checked.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf backup /mnt/usb/warehouse-2026-11-23.db")]
pub struct Args {
    /// The copy; an older copy there is replaced
    file: PathBuf,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let copied = safekeeping::backup(&store, &args.file)?;
    note(&format!(
        "Copied and checked: {} operations, {} KB in {}",
        copied.operations,
        copied.bytes / 1024,
        args.file.display()
    ));
    Ok(Outcome::Fine)
}
