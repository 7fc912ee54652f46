//! `backshelf restore`.

use super::{Context, Outcome};
use crate::store::{Failure, Result};

/// Puts a copy in the place of the warehouse; the replaced file is kept beside it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf restore /mnt/usb/warehouse-2026-11-23.db")]
pub struct Args {
    /// The copy
    pub file: std::path::PathBuf,
}

pub fn run(_context: &Context, _args: Args) -> Result<Outcome> {
    Err(Failure::refused("`backshelf restore` is not in this build."))
}
