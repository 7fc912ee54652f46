//! `backshelf` without a command: the workbench.

use super::{Context, Outcome, interactive};
use crate::store::{Failure, Result};

pub fn run(_context: &Context) -> Result<Outcome> {
    if !interactive() {
        return Err(Failure::usage("The workbench needs a terminal. `backshelf --help` lists what works without one."));
    }
    Err(Failure::refused("The workbench is not in this build."))
}
