//! `backshelf end-of-day`: the exports of the day, as the settings say; for a nightly timer or the last person out.

use super::export::{self, View};
use super::{Context, Outcome, note, out};
use crate::exchange::shop::Shop;
use crate::exchange::write::{self, Format};
use crate::ops::settings::Settings;
use crate::store::{Failure, Mode, Result};
use clap::ValueEnum;
use std::io::Write;
use std::path::PathBuf;

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
    let settings = Settings::load(store.db())?;
    let Some(folder) = settings.text("day_end.folder").map(PathBuf::from) else {
        note("No exports are made at the end of the day. `backshelf set day_end.folder FOLDER` asks for them.");
        return Ok(Outcome::Fine);
    };
    if !folder.is_dir() {
        return Err(Failure::usage(format!("There is no folder {} now: make it, or mount it.", folder.display())));
    }
    let mut views = Vec::new();
    for name in settings.value("day_end.views").split_whitespace() {
        let view = View::from_str(name, true).map_err(|_| {
            Failure::usage(format!("day_end.views names {name}, which `backshelf export` does not know."))
        })?;
        views.push((name.to_string(), view));
    }
    let today = context.today();
    let mut out = out();
    for (name, view) in views {
        let path = folder.join(format!("{today}-{name}.csv"));
        let rows = write::to_file(&path, |to| export::export(context, &store, view, Format::Csv, to))
            .map_err(|f| export::named(f, &path))?;
        writeln!(out, "{rows} rows in {}", path.display())?;
    }
    if let Some(shop) = Shop::named(settings.value("day_end.shop")) {
        let path = folder.join(format!(
            "{today}-{}-stock.{}",
            shop.channel(),
            if shop == Shop::Amazon { "txt" } else { "csv" }
        ));
        let rows =
            write::to_file(&path, |to| export::to_shop(&store, shop, to)).map_err(|f| export::named(f, &path))?;
        writeln!(out, "{rows} rows in {}", path.display())?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}
