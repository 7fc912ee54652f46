//! `backshelf pick`: rounds of picking without the workbench: begin, the list, scan, ship.

use super::receive::to_file_or_page;
use super::{Context, Outcome, out, visible};
use crate::domain::ids::PickId;
use crate::ops::picking::{self, Sent, Ship, Which};
use crate::store::{Failure, Mode, Result};
use std::io::{BufRead, Write};
use std::path::PathBuf;

/// Picks reserved goods in rounds: the list in the order of the bins, scans from standard input, shipping.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf pick begin\n  backshelf pick list 3\n  backshelf pick list 3 -o pick.csv\n  backshelf pick scan 3 < scans.txt\n  backshelf pick ship 3 SO-1042 --number 3SABC0012"
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// The open rounds; with a number, its list: a page, or a .csv, .xlsx or .json file
    List {
        round: Option<i64>,
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Begins a round of the orders that lie here complete and prints its number
    Begin {
        /// Of whatever lies here, reserved
        #[arg(long)]
        all: bool,
    },
    /// Takes lines from standard input as a scanner sends them, each answered when it is saved. `=` before a line: typed
    Scan { round: i64 },
    /// No more lies in this bin of this item than was taken
    Short { round: i64, bin: String, sku: String },
    /// Ships what was picked of an order: one operation, `backshelf undo` takes it back
    Ship {
        round: i64,
        order: String,
        /// Parcel or tracking number
        #[arg(long, value_name = "NUMBER")]
        number: Option<String>,
    },
    /// Throws a round away: nothing moved
    Drop { round: i64 },
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    match args.command {
        Command::List { round: None, .. } => {
            let store = context.open(Mode::ReadOnly)?;
            let mut lines = Vec::new();
            for round in picking::open(store.db())? {
                let began = round.head.started_at.format("%Y-%m-%d %H:%M");
                let (id, who) = (round.head.id.0, &round.head.operator);
                lines.push(format!("{id:>4}  {began}  {who}  {} of {} places done", round.done, round.places));
            }
            print(&lines)
        }
        Command::List { round: Some(round), output } => {
            let store = context.open(Mode::ReadOnly)?;
            let spots = picking::spots(store.db(), PickId(round))?;
            if spots.is_empty() {
                return Err(Failure::usage(format!("There is no round of picking {round}.")));
            }
            to_file_or_page(&picking::sheet(&spots), output.as_deref(), &picking::page(&spots))
        }
        Command::Begin { all } => {
            let mut store = context.open(Mode::Existing)?;
            let which = if all { Which::All } else { Which::Whole };
            let pick = picking::begin(&mut store, &context.act("pick"), which, None)?;
            print(&[pick.0.to_string()])
        }
        Command::Scan { round } => scan(context, PickId(round)),
        Command::Short { round, bin, sku } => {
            let mut store = context.open(Mode::Existing)?;
            let spots = picking::spots(store.db(), PickId(round))?;
            let found = spots.iter().find(|s| s.place.bin_code == bin && s.place.sku == sku && s.left().is_positive());
            let found =
                found.ok_or_else(|| Failure::usage(format!("Nothing of {sku} is still to be taken from {bin}.")))?;
            let told = picking::short(&mut store, &context.act("pick"), PickId(round), found.place.id)?;
            print(&[told.sentence])
        }
        Command::Ship { round, order, number } => {
            let mut store = context.open(Mode::Existing)?;
            let ship = Ship { order, number, ..Ship::default() };
            let done = picking::ship(&mut store, context.act("ship"), PickId(round), &ship)?;
            print(&[done.summary])
        }
        Command::Drop { round } => {
            let mut store = context.open(Mode::Existing)?;
            picking::throw_away(&mut store, &context.act("pick"), PickId(round))?;
            print(&[format!("Round {round} is thrown away; nothing moved.")])
        }
    }
}

fn print(lines: &[String]) -> Result<Outcome> {
    let mut out = out();
    for line in lines {
        writeln!(out, "{}", visible(line))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

/// Each line is answered on standard output once it is on disk: `ok`, or `no` and why.
fn scan(context: &Context, pick: PickId) -> Result<Outcome> {
    let mut store = context.open(Mode::Existing)?;
    let (mut out, mut refused) = (std::io::stdout().lock(), false);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (scanned, text) = line.strip_prefix('=').map_or((true, line.as_str()), |typed| (false, typed));
        let sent = Sent { text, scanned, uid: None, about: None, sure: false };
        let answer = match picking::enter(&mut store, &context.act("pick"), pick, &sent) {
            Ok(told) => format!("ok {}", told.sentence),
            Err(Failure::Refused(why)) => {
                refused = true;
                format!("no {why}")
            }
            Err(broken) => return Err(broken),
        };
        writeln!(out, "{}", visible(answer.trim_end()))?;
        out.flush()?;
    }
    Ok(if refused { Outcome::Problems } else { Outcome::Fine })
}
