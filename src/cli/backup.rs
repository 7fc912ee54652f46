//! `backshelf backup`.

use super::{Context, Outcome};
use crate::store::{Failure, Result};

/// Copies the warehouse, also while others work in it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf backup /mnt/usb/warehouse-2026-11-23.db")]
pub struct Args {
    /// The copy
    pub file: std::path::PathBuf,
}

pub fn run(_context: &Context, _args: Args) -> Result<Outcome> {
    Err(Failure::refused("`backshelf backup` is not in this build."))
}
