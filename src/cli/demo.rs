//! `backshelf demo`.

use super::{Context, Outcome};
use crate::store::{Failure, Result};

/// Opens the workbench on a sample warehouse.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf demo")]
pub struct Args {}

pub fn run(_context: &Context, _args: Args) -> Result<Outcome> {
    Err(Failure::refused("`backshelf demo` is not in this build."))
}
