//! `backshelf set`: lists the settings, or changes one.

use super::{Context, Outcome, note, out, visible};
use crate::ops::closing::{CLOSED, CLOSES_TODAY};
use crate::ops::safekeeping::daily;
use crate::ops::settings::{self, wanted};
use crate::store::{Failure, Mode, Result};
use std::io::Write;

/// Lists the settings with their meaning, or changes one. An empty value brings the default back.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf set\n  backshelf set customers.mostly consumer\n  backshelf set rules.holidays \"2026-12-25 2026-12-26\""
)]
pub struct Args {
    /// Which setting; without it all are listed
    pub key: Option<String>,
    /// Its new value; without it the present one is shown
    pub value: Option<String>,
    /// Also to close today's own day
    #[arg(long)]
    pub sure: bool,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let Some(key) = args.key else { return list(context) };
    let Some(value) = args.value else { return show(context, &key) };
    if key == CLOSED && value.trim() == context.today().to_string() && !args.sure {
        return Err(Failure::usage(format!("{CLOSES_TODAY} Add --sure to close it, or name a day before it.")));
    }
    let mut store = context.open(Mode::Create)?;
    let done = settings::set(&mut store, context.act("set"), &key, &value)?;
    note(if done.summary.is_empty() { "Nothing changed: it was so already." } else { &done.summary });
    if key == daily::SECOND_PLACE && !value.trim().is_empty() && daily::keep_at_once(&mut store, context.clock.now())? {
        note("A copy of the warehouse was made and put there.");
    }
    Ok(Outcome::Fine)
}

fn list(context: &Context) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let mut out = out();
    for row in settings::list(store.db())? {
        let sign = if row.given { "*" } else { " " };
        writeln!(out, "{sign} {:<28} {}", row.setting.key, visible(&row.value))?;
        writeln!(out, "    {} Takes {}.", row.setting.meaning, wanted(row.setting.takes))?;
    }
    out.flush()?;
    note("* = set here, the others are defaults. Change one: backshelf set KEY VALUE");
    Ok(Outcome::Fine)
}

fn show(context: &Context, key: &str) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let value = settings::current(store.db(), key)?;
    let mut out = out();
    writeln!(out, "{}", visible(&value))?;
    out.flush()?;
    Ok(Outcome::Fine)
}
