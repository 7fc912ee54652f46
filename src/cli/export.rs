//! `backshelf export`: what the screens show, as a file.

use super::{Context, Outcome, note, out};
use crate::exchange::write::{self, Format, Writer};
use crate::ops::settings::Settings;
use crate::ops::views::{backorders, offers, records, reorder, suppliers};
use crate::store::{Failure, Mode, Result, Store};
use clap::ValueEnum;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

/// Writes a view as CSV, JSON or XLSX, to a file or to standard output.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf export backorders --format xlsx -o late.xlsx\n  backshelf export stock --format csv | head"
)]
pub struct Args {
    /// What to write
    #[arg(value_enum)]
    view: View,
    /// How [default: by the file's name, else csv]
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// Where to; an existing file is replaced once the new one is whole [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum FormatName {
    Csv,
    Xlsx,
    Json,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum View {
    Items,
    Stock,
    Movements,
    Orders,
    Backorders,
    Contacts,
    Suppliers,
    Scorecards,
    PurchaseOrders,
    Reorder,
    Counts,
    /// What each offer and each kind of message achieved
    Offers,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let format = match args.format {
        Some(FormatName::Csv) => Format::Csv,
        Some(FormatName::Json) => Format::Json,
        Some(FormatName::Xlsx) => Format::Xlsx,
        None => args.output.as_deref().and_then(Format::of_file).unwrap_or(Format::Csv),
    };
    let file = args.output.filter(|path| path.as_os_str() != "-");
    if file.is_none() && format == Format::Xlsx && io::stdout().is_terminal() {
        return Err(Failure::usage("A spreadsheet cannot be shown here. Name a file: -o FILE.xlsx"));
    }
    let store = context.open(Mode::ReadOnly)?;
    match file {
        Some(path) => {
            let rows = write::to_file(&path, |out| export(context, &store, args.view, format, out));
            let rows = rows.map_err(|failure| named(failure, &path))?;
            note(&format!("{rows} rows in {}", path.display()));
        }
        None => {
            let mut out = out();
            export(context, &store, args.view, format, &mut out)?;
            out.flush()?;
        }
    }
    Ok(Outcome::Fine)
}

/// A file that cannot be written is a matter for the person: say which and why.
fn named(failure: Failure, path: &std::path::Path) -> Failure {
    match failure {
        Failure::Broken(e) => match e.downcast_ref::<io::Error>() {
            Some(why) if why.kind() == io::ErrorKind::InvalidInput => Failure::usage(why.to_string()),
            Some(why) => Failure::usage(format!("{} cannot be written: {why}. Name another with -o.", path.display())),
            None => Failure::Broken(e),
        },
        sentence => sentence,
    }
}

fn export(context: &Context, store: &Store, view: View, format: Format, out: &mut dyn Write) -> Result<u64> {
    let name = match view {
        View::Items => "items",
        View::Stock => "stock",
        View::Movements => "movements",
        View::Orders => "orders",
        View::Contacts => "contacts",
        View::Suppliers => "suppliers",
        View::PurchaseOrders => "purchase-orders",
        View::Counts => "counts",
        View::Backorders | View::Scorecards | View::Reorder | View::Offers => {
            return computed(context, store, view, format, out);
        }
    };
    let mut writer = Writer::new(format, out, name, records::columns(name))?;
    records::each(store.db(), name, &mut |row| Ok(writer.row(row)?))?;
    Ok(writer.finish()?)
}

/// The views that follow from rules: short lists, made whole.
fn computed(context: &Context, store: &Store, view: View, format: Format, out: &mut dyn Write) -> Result<u64> {
    let (db, today) = (store.db(), context.today());
    if let View::Reorder = view {
        let sheet = reorder::sheet(&reorder::load_fresh(db, today)?);
        return Ok(write::sheet(&sheet, format, out)?);
    }
    if let View::Offers = view {
        return Ok(write::sheet(&offers::sheet(&offers::achieved(db)?), format, out)?);
    }
    let settings = Settings::load(db)?;
    let board = backorders::load(db, &backorders::Terms::of(&settings), today)?;
    let sheet = match view {
        View::Scorecards => suppliers::sheet(&suppliers::load(db, &board, &suppliers::measure(&settings), today)?),
        _ => backorders::sheet(&board),
    };
    Ok(write::sheet(&sheet, format, out)?)
}
