//! The exports at the end of the day, as the settings say: by a nightly timer, or by the last person out.

use super::settings::Settings;
use super::views::{named, shop};
use crate::exchange::shop::{self as shop_file, Shop};
use crate::exchange::write::{self, Format};
use crate::store::{Db, Failure, Result};
use chrono::NaiveDateTime;
use std::path::{Path, PathBuf};

/// Writes them; answers each as rows and file, none where none are asked for. Those of the same day are replaced.
pub fn export(db: &Db, now: NaiveDateTime) -> Result<Vec<(u64, PathBuf)>> {
    let today = now.date();
    let settings = Settings::load(db)?;
    let Some(folder) = settings.text("day_end.folder").map(PathBuf::from) else { return Ok(Vec::new()) };
    if !folder.is_dir() {
        return Err(Failure::usage(format!("There is no folder {} now: make it, or mount it.", folder.display())));
    }
    let find = |name: &str| {
        named::find(name).ok_or_else(|| {
            Failure::usage(format!("day_end.views names {name}, which `backshelf export` does not know."))
        })
    };
    let views = settings.value("day_end.views").split_whitespace().map(find).collect::<Result<Vec<_>>>()?;
    let mut made = Vec::new();
    for view in views {
        let path = folder.join(format!("{today}-{view}.csv"));
        let rows = write::to_file(&path, |to| named::write(db, view, now, Format::Csv, to));
        made.push((rows.map_err(|failure| unwritable(failure, &path))?, path));
    }
    if let Some(shop) = Shop::named(settings.value("day_end.shop")) {
        let ending = if shop == Shop::Amazon { "txt" } else { "csv" };
        let path = folder.join(format!("{today}-{}-stock.{ending}", shop.channel()));
        let rows =
            write::to_file(&path, |to| -> Result<u64> { Ok(shop_file::write(shop, &shop::levels(db, shop)?, to)?) });
        made.push((rows.map_err(|failure| unwritable(failure, &path))?, path));
    }
    Ok(made)
}

fn unwritable(failure: Failure, path: &Path) -> Failure {
    match failure {
        Failure::Broken(e) => Failure::usage(format!("{} cannot be written: {e}.", path.display())),
        sentence => sentence,
    }
}
