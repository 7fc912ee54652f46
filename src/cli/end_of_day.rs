//! `backshelf end-of-day`: the exports of the day, as the settings say; for a nightly timer or the last person out.

use super::{Context, Outcome, note, out};
use crate::ops::day_end;
use crate::store::{Mode, Result};
use std::io::Write;

/// Writes the day's exports into the folder of the setting day_end.folder, each with its date; again on the same day
/// replaces them.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  backshelf set day_end.folder /srv/exports
  backshelf set day_end.views \"stock backorders reorder\"
  backshelf set day_end.shop woocommerce
  backshelf end-of-day")]
pub struct Args {}

pub fn run(context: &Context, _args: Args) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let made = day_end::export(store.db(), context.clock.moment())?;
    if made.is_empty() {
        note("No exports are made at the end of the day. `backshelf set day_end.folder FOLDER` asks for them.");
    }
    let mut out = out();
    for (rows, path) in made {
        writeln!(out, "{rows} rows in {}", path.display())?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}
