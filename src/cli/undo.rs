//! `backshelf undo`.

use super::{Context, Outcome};
use crate::store::{Failure, Result};

/// Takes the last operation back.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf undo")]
pub struct Args {}

pub fn run(_context: &Context, _args: Args) -> Result<Outcome> {
    Err(Failure::refused("`backshelf undo` is not in this build."))
}
