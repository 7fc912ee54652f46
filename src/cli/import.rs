//! `backshelf import`.

use super::{Context, Outcome};
use crate::store::{Failure, Result};

/// Brings in files: CSV, TSV, TXT (also .gz) and XLSX, or a folder of them.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf import items.csv stock.csv orders.xlsx")]
pub struct Args {
    /// Files or folders
    #[arg(required = true)]
    pub paths: Vec<std::path::PathBuf>,
}

pub fn run(_context: &Context, _args: Args) -> Result<Outcome> {
    Err(Failure::refused("`backshelf import` is not in this build."))
}
