//! `backshelf history`: the past of an item, a bin, an order or a PO.

use super::{Context, Outcome, note, out, visible};
use crate::exchange::write::{self, Format};
use crate::ops::views::history::{self, Event};
use crate::store::{Failure, Mode, Result};
use std::io::Write;

/// What happened to an item, a bin, an order or a PO, newest first: who, what, why, with the operation's number.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf history BEV-002\n  backshelf history A1-04\n  backshelf history SO-1042\n  backshelf history BEV-002 --format csv"
)]
pub struct Args {
    /// SKU or barcode of an item, code of a bin, number of an order or a PO
    #[arg(value_name = "ITEM|BIN|ORDER")]
    of: String,
    /// Events that are told at most
    #[arg(long, default_value_t = 500)]
    limit: usize,
    /// csv or json instead of lines to read
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let subject = history::find(store.db(), &args.of, context.today())?;
    let told = history::history(store.db(), subject, args.limit.max(1))?;
    let mut out = out();
    match args.format.as_deref() {
        None => {
            for event in &told.events {
                writeln!(out, "{}", visible(&line(event)))?;
            }
        }
        Some("csv") => write::sheet(&history::sheet(&told), Format::Csv, &mut out).map(|_| ())?,
        Some("json") => write::sheet(&history::sheet(&told), Format::Json, &mut out).map(|_| ())?,
        Some(other) => return Err(Failure::usage(format!("The format is csv or json, not {other}."))),
    }
    out.flush()?;
    note(&told.title);
    if told.more {
        note(&format!("Only the last {} are told: --limit tells more.", told.events.len()));
    }
    Ok(Outcome::Fine)
}

/// `  #12  2026-11-23 09:12  M.Baker       +36 = 53  A1-04     received PO-75`.
fn line(e: &Event) -> String {
    let at = format!("{:<16}", e.at.get(..16).unwrap_or(&e.at).replace('T', " "));
    let number = if e.operation.0 == 0 { String::new() } else { format!("#{}", e.operation.0) };
    let change = e.change.map_or(String::new(), |q| if q.is_negative() { q.to_string() } else { format!("+{q}") });
    let level = e.level.map_or(String::new(), |q| format!("= {q}"));
    let bin = e.bin.as_ref().map_or("", |b| b.1.as_str());
    let item = e.item.as_ref().map_or(String::new(), |i| format!("{i}: "));
    let gone = if e.gone { "  (taken back)" } else { "" };
    let line = format!("{number:<7} {at}  {:<12} {change:>8} {level:<10} {bin:<8} {item}{}{gone}", e.operator, e.what);
    line.trim_end().to_string()
}
