//! The export views by their names: what `backshelf export` and the exports at the end of the day write.

use super::{backorders, demand, offers, records, reorder, suppliers};
use crate::domain::locale::{self, Locale};
use crate::exchange::sheet::Sheet;
use crate::exchange::write::{self, Format, Writer};
use crate::ops::settings::Settings;
use crate::store::{Db, Failure, Result};
use chrono::NaiveDateTime;
use std::io::Write;

/// Views that follow from rules: short lists, made whole.
const COMPUTED: [&str; 5] = ["backorders", "scorecards", "reorder", "offers", DEMAND];
/// Follows from the orders and may be long: a row at a time.
const DEMAND: &str = "demand";

/// The name as the views are kept, where there is such a view.
pub fn find(name: &str) -> Option<&'static str> {
    records::VIEWS.iter().chain(&COMPUTED).copied().find(|view| view.eq_ignore_ascii_case(name))
}

/// Writes a view, as it stands at a moment, as a file for machines, whose words are the same in every locale; answers its rows.
pub fn write(db: &Db, name: &str, now: NaiveDateTime, format: Format, out: &mut dyn Write) -> Result<u64> {
    locale::within(Locale::Iso, || {
        if name == DEMAND {
            let mut writer = Writer::new(format, out, name, demand::COLUMNS.to_vec())?;
            demand::each(db, now.date(), &mut |row| Ok(writer.row(row)?))?;
            return Ok(writer.finish()?);
        }
        let Some(name) = records::VIEWS.iter().copied().find(|view| *view == name) else {
            return Ok(write::sheet(&computed(db, name, now)?, format, out)?);
        };
        let mut writer = Writer::new(format, out, name, records::columns(db, name)?)?;
        records::each(db, name, &mut |row| Ok(writer.row(row)?))?;
        Ok(writer.finish()?)
    })
}

/// A view in memory, for paper.
pub fn whole(db: &Db, name: &str, now: NaiveDateTime) -> Result<Sheet> {
    let Some(name) = records::VIEWS.iter().copied().find(|view| *view == name) else {
        return computed(db, name, now);
    };
    let mut rows = Vec::new();
    records::each(db, name, &mut |row| {
        rows.push(row.to_vec());
        Ok(())
    })?;
    Ok(Sheet { name, columns: records::columns(db, name)?, rows })
}

fn computed(db: &Db, name: &str, now: NaiveDateTime) -> Result<Sheet> {
    let today = now.date();
    match name {
        "reorder" => return Ok(reorder::sheet(&reorder::load_fresh(db, now)?)),
        "offers" => return Ok(offers::sheet(&offers::achieved(db)?)),
        DEMAND => {
            let mut rows = Vec::new();
            demand::each(db, today, &mut |row| {
                rows.push(row.to_vec());
                Ok(())
            })?;
            return Ok(Sheet { name: DEMAND, columns: demand::COLUMNS.to_vec(), rows });
        }
        "backorders" | "scorecards" => {}
        other => return Err(Failure::usage(format!("There is no view {other}."))),
    }
    let settings = Settings::load(db)?;
    let board = backorders::load(db, &backorders::Terms::of(&settings), today)?;
    Ok(match name {
        "scorecards" => suppliers::sheet(&suppliers::load(db, &board, &suppliers::measure(&settings), today)?),
        _ => backorders::sheet(&board),
    })
}
