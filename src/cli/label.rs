//! `backshelf label`: labels for bins, items and POs, and the sheet of commands, as ZPL or as a page to print.

use super::{Context, Outcome, note, out};
use crate::exchange::label::{self, Label};
use crate::exchange::write;
use crate::ops::papers::labels as papers;
use crate::store::{Failure, Mode, Result};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes labels that the scanner understands: bins, items, expected POs, and a sheet of commands.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf label --bins A1 -o bins.html\n  backshelf label --items BEV-002 --copies 12 -o chang.zpl\n  backshelf label --items --bins -o all.html\n  backshelf label --commands -o commands.html"
)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
pub struct Args {
    /// Bins whose codes begin so; none named: all
    #[arg(long, group = "what", num_args = 0.., value_name = "CODE")]
    bins: Option<Vec<String>>,
    /// Items of these SKUs; none named: all that are sold
    #[arg(long, group = "what", num_args = 0.., value_name = "SKU")]
    items: Option<Vec<String>>,
    /// Expected POs; none named: all
    #[arg(long, group = "what", num_args = 0.., value_name = "PO")]
    pos: Option<Vec<String>>,
    /// The laminated sheet: take back, none here, bin done, the next scan counts 6, 12, 24
    #[arg(long, group = "what")]
    commands: bool,
    /// How many of each
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    copies: u16,
    /// A .zpl file for a label printer, a .pdf or an .html page; without it ZPL on standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let mut labels = Vec::new();
    if args.bins.is_some() || args.items.is_some() || args.pos.is_some() {
        let store = context.open(Mode::ReadOnly)?;
        if let Some(wanted) = &args.bins {
            labels.extend(papers::bins(store.db(), wanted)?);
        }
        if let Some(wanted) = &args.items {
            labels.extend(papers::items(store.db(), wanted)?);
        }
        if let Some(wanted) = &args.pos {
            labels.extend(papers::pos(store.db(), wanted)?);
        }
    }
    if args.commands {
        labels.extend(papers::commands());
    }
    let (labels, left_out) = papers::printable(labels)?;
    if left_out > 0 {
        note(&format!("{left_out} are left out: bars have no sign for some letter of theirs."));
    }
    let copies = usize::from(args.copies);
    let labels: Vec<Label> = labels.into_iter().flat_map(|l| std::iter::repeat_n(l, copies)).collect();
    print(&labels, args.output.filter(|p| p.as_os_str() != "-"))?;
    Ok(Outcome::Fine)
}

/// Refuses a name that labels cannot be written to.
pub(super) fn can_write(path: &Path) -> Result<()> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    if !matches!(ending.as_str(), "zpl" | "html" | "htm" | "pdf") {
        return Err(Failure::usage("Let the name end in .zpl, .pdf or .html."));
    }
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Failure::usage(format!("There is no folder {}.", folder.display())));
    }
    Ok(())
}

/// Writes labels into a file by its ending; none: as ZPL on standard output.
pub(super) fn print(labels: &[Label], output: Option<PathBuf>) -> Result<()> {
    let Some(path) = output else {
        let mut out = out();
        label::zpl(labels, &mut out)?;
        return Ok(out.flush()?);
    };
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    let printed = match ending.as_str() {
        "zpl" => write::to_file(&path, |out| label::zpl(labels, out)),
        "html" | "htm" => write::to_file(&path, |out| label::html(labels, out)),
        "pdf" => write::to_file(&path, |out| out.write_all(&label::pdf(labels))),
        _ => return Err(Failure::usage("Let the name end in .zpl, .pdf or .html.")),
    };
    printed.map_err(|e| Failure::usage(format!("{} cannot be written: {e}. Name another with -o.", path.display())))?;
    let count = if labels.len() == 1 { "1 label".into() } else { format!("{} labels", labels.len()) };
    note(&format!("{count} in {}", path.display()));
    Ok(())
}
