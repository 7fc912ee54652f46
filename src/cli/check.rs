//! `backshelf check`.

use super::{Context, Outcome};
use crate::store::{Failure, Result};

/// Checks that the file is sound and the books agree; says each fault in a sentence.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf check")]
pub struct Args {}

pub fn run(_context: &Context, _args: Args) -> Result<Outcome> {
    Err(Failure::refused("`backshelf check` is not in this build."))
}
