//! `backshelf undo`.

use super::{Context, Outcome, note, out, visible};
use crate::domain::ids::OperationId;
use crate::ops::undo;
use crate::store::{Failure, Mode, Result};
use std::io::Write;

/// Takes the last operation back, or the one whose number is given.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  backshelf undo --list\n  backshelf undo\n  backshelf undo 12")]
pub struct Args {
    /// The operation's number, as --list shows it [default: the last one that stands]
    #[arg(value_name = "N")]
    pub number: Option<i64>,
    /// Show what was done, newest first; nothing is taken back
    #[arg(long, conflicts_with = "number")]
    pub list: bool,
}

/// Operations that --list shows.
const LISTED: usize = 50;

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    if args.list {
        return list(context);
    }
    let mut store = context.open(Mode::Existing)?;
    let operation = match args.number {
        Some(number) => OperationId(number),
        None => {
            undo::last_undoable(store.db(), None)?.ok_or_else(|| Failure::refused("There is nothing to take back."))?
        }
    };
    let preview = undo::preview_for(store.db(), operation, Some(&context.operator))?;
    if let Some(why) = preview.blocked {
        return Err(Failure::refused(why));
    }
    let done = undo::undo(&mut store, context.act("undo"), operation)?;
    let mut out = out();
    writeln!(out, "{}", visible(&done.summary))?;
    out.flush()?;
    for line in preview.summary {
        note(&format!("  {line}"));
    }
    Ok(Outcome::Fine)
}

fn list(context: &Context) -> Result<Outcome> {
    let store = context.open(Mode::Existing)?;
    let mut out = out();
    for row in undo::list(store.db(), LISTED)? {
        let state = if row.takes_back.is_some() {
            "  (an undo)"
        } else if row.taken_back_by.is_some() {
            "  (taken back)"
        } else {
            ""
        };
        let at = row.at.replace('T', " ");
        let line = format!("{:>6}  {at}  {}  {}{state}", row.operation.0, row.operator, row.summary);
        writeln!(out, "{}", visible(&line))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}
