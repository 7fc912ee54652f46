//! `backshelf export`.

use super::{Context, Outcome};
use crate::store::{Failure, Result};

/// Writes a view to a file or to standard output.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf export backorders --format xlsx -o late.xlsx")]
pub struct Args {}

pub fn run(_context: &Context, _args: Args) -> Result<Outcome> {
    Err(Failure::refused("`backshelf export` is not in this build."))
}
