//! `backshelf set`.

use super::{Context, Outcome};
use crate::store::{Failure, Result};

/// Lists the settings, or changes one.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf set\n  backshelf set customers.mostly consumer")]
pub struct Args {
    /// Which setting; without it all are listed
    pub key: Option<String>,
    /// Its new value
    pub value: Option<String>,
}

pub fn run(_context: &Context, _args: Args) -> Result<Outcome> {
    Err(Failure::refused("`backshelf set` is not in this build."))
}
