//! `backshelf label`: labels for bins, items and POs, and the sheet of commands, as ZPL or as a page to print.

use super::{Context, Outcome, note, out};
use crate::domain::scan::{self, COMMANDS};
use crate::exchange::label::{self, Label};
use crate::exchange::write;
use crate::store::{Db, Failure, Mode, Result, deliveries, goods, scanning};
use std::io::Write;
use std::path::PathBuf;

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
    /// A .zpl file for a label printer or an .html page; without it ZPL on standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let mut labels = Vec::new();
    if args.bins.is_some() || args.items.is_some() || args.pos.is_some() {
        let store = context.open(Mode::ReadOnly)?;
        of_bins(store.db(), args.bins.as_deref(), &mut labels)?;
        of_items(store.db(), args.items.as_deref(), &mut labels)?;
        of_pos(store.db(), args.pos.as_deref(), &mut labels)?;
    }
    if args.commands {
        labels.extend(COMMANDS.iter().map(|(code, what)| Label {
            code: code.to_string(),
            title: what.to_string(),
            detail: String::new(),
        }));
    }
    let all = labels.len();
    labels.retain(|l| label::can_print(&l.code));
    if labels.len() < all {
        note(&format!("{} are left out: bars have no sign for some letter of theirs.", all - labels.len()));
    }
    if labels.is_empty() {
        return Err(Failure::usage("There is nothing to print a label for."));
    }
    let copies = usize::from(args.copies);
    let labels: Vec<Label> = labels.into_iter().flat_map(|l| std::iter::repeat_n(l, copies)).collect();
    let Some(path) = args.output.filter(|p| p.as_os_str() != "-") else {
        let mut out = out();
        label::zpl(&labels, &mut out)?;
        out.flush()?;
        return Ok(Outcome::Fine);
    };
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    let printed = match ending.as_str() {
        "zpl" => write::to_file(&path, |out| label::zpl(&labels, out)),
        "html" | "htm" => write::to_file(&path, |out| label::html(&labels, out)),
        _ => return Err(Failure::usage("Let the name end in .zpl or .html.")),
    };
    printed.map_err(|e| Failure::usage(format!("{} cannot be written: {e}. Name another with -o.", path.display())))?;
    note(&format!("{} labels in {}", labels.len(), path.display()));
    Ok(Outcome::Fine)
}

fn of_bins(db: &Db, wanted: Option<&[String]>, labels: &mut Vec<Label>) -> Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    for bin in goods::bins(db)? {
        if wanted.is_empty() || wanted.iter().any(|w| bin.code.starts_with(w.as_str())) {
            let detail = if bin.kind == "storage" { String::new() } else { bin.kind.clone() };
            labels.push(Label { code: scan::Label::Bin.of(&bin.code), title: bin.code, detail });
        }
    }
    Ok(())
}

fn of_items(db: &Db, wanted: Option<&[String]>, labels: &mut Vec<Label>) -> Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    let items = scanning::items_to_label(db)?;
    if let Some(unknown) = wanted.iter().find(|w| !items.iter().any(|i| i.sku == **w)) {
        return Err(Failure::usage(format!("There is no item {unknown} that is still sold.")));
    }
    for item in items.into_iter().filter(|i| wanted.is_empty() || wanted.contains(&i.sku)) {
        let home = item.home.map(|h| format!("   bin {h}")).unwrap_or_default();
        labels.push(Label {
            code: scan::Label::Item.of(&item.sku),
            detail: format!("{}{home}", item.sku),
            title: item.name,
        });
    }
    Ok(())
}

fn of_pos(db: &Db, wanted: Option<&[String]>, labels: &mut Vec<Label>) -> Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    let expected = deliveries::expected(db)?;
    if let Some(unknown) = wanted.iter().find(|w| !expected.iter().any(|p| p.code == **w)) {
        return Err(Failure::usage(format!("No goods are expected on a PO {unknown}.")));
    }
    for po in expected.into_iter().filter(|p| wanted.is_empty() || wanted.contains(&p.code)) {
        labels.push(Label { code: scan::Label::Po.of(&po.code), detail: po.supplier, title: po.code });
    }
    Ok(())
}
