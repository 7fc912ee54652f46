//! `backshelf restore`.

use super::{Context, Outcome, note};
use crate::ops::safekeeping;
use crate::store::Result;
use std::path::PathBuf;

/// Puts a copy in the place of the warehouse; the replaced file is kept beside it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf restore /mnt/usb/warehouse-2026-11-23.db")]
pub struct Args {
    /// The copy, as `backshelf backup` made it
    file: PathBuf,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let restored = safekeeping::restore(&context.db, &args.file, context.clock.now())?;
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
