//! `backshelf find`: find anything, and where it is.

use super::import::Format;
use super::{Context, Outcome, note, out, visible};
use crate::store::{Mode, Result};
use crate::worker::search::FoundKind;
use crate::worker::{Desk, finding};
use serde::Serialize;
use std::io::Write;

/// Finds anything: customer, order (open, shipped, closed), item, PO, supplier, bin, barcode. The first customer or order
/// is answered in a sentence.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  backshelf find horn\n  backshelf find SO-1042 --format json")]
pub struct Args {
    /// A part of a name, a number, a phone or parcel number, a barcode
    #[arg(required = true)]
    text: Vec<String>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Serialize)]
struct Row {
    kind: &'static str,
    title: String,
    detail: String,
    /// "Where is my order?", of customers and orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

/// So many customers and orders are answered: each is a look at all that waits.
const ANSWERED: usize = 5;

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let mut desk = Desk::new(context.open(Mode::ReadOnly)?, context.clock, context.operator.clone());
    let found = finding::find(&mut desk, &args.text.join(" "))?;
    let mut rows = Vec::new();
    let mut asked = 0;
    for f in found {
        let asks = matches!(f.kind, FoundKind::Customer | FoundKind::Order);
        let wanted = if args.format == Format::Json { ANSWERED } else { 1 };
        let answer = if asks && asked < wanted {
            asked += 1;
            finding::whereabouts(&mut desk, f.kind, f.id)?.map(|t| t.sentence)
        } else {
            None
        };
        rows.push(Row { kind: name(f.kind), title: f.title, detail: f.detail, answer });
    }
    let mut out = out();
    if args.format == Format::Json {
        serde_json::to_writer_pretty(&mut out, &rows)?;
        writeln!(out)?;
    } else {
        for row in &rows {
            writeln!(out, "{:<9} {}  {}", row.kind, visible(&row.title), visible(&row.detail))?;
            if let Some(answer) = &row.answer {
                writeln!(out, "          {}", visible(answer))?;
            }
        }
    }
    out.flush()?;
    if rows.is_empty() {
        note(&format!("Nothing has \"{}\". Fewer letters find more.", args.text.join(" ")));
        return Ok(Outcome::Problems);
    }
    Ok(Outcome::Fine)
}

fn name(kind: FoundKind) -> &'static str {
    match kind {
        FoundKind::Customer => "customer",
        FoundKind::Order => "order",
        FoundKind::Item => "item",
        FoundKind::Po => "po",
        FoundKind::Supplier => "supplier",
        FoundKind::Bin => "bin",
    }
}
