//! `backshelf export`: what the screens show, as a file.

use super::{Context, Outcome, note, out};
use crate::exchange::paper;
use crate::exchange::reader::{self, Layout};
use crate::exchange::shop::{self as shop_file, Shop};
use crate::exchange::write::{self, Format};
use crate::ops::printing;
use crate::ops::views::{named as named_views, shop as shop_levels};
use crate::store::{Failure, Mode, Result, Store};
use clap::ValueEnum;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

/// Writes a view as CSV, JSON or XLSX, to a file or to standard output.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf export backorders --format xlsx -o late.xlsx\n  backshelf export stock --format csv | head\n  backshelf export reorder -o reorder.pdf\n  backshelf export stock --profile woocommerce -o stock.csv\n  backshelf export stock --profile shopify --into inventory_export.csv -o stock.csv"
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
    /// Of stock: as this shop takes it back (woocommerce, amazon; shopify with --into)
    #[arg(long, value_name = "SHOP")]
    profile: Option<String>,
    /// Shopify's own inventory export, whose levels are filled in
    #[arg(long, value_name = "FILE", requires = "profile")]
    into: Option<PathBuf>,
    /// Which of Shopify's locations this warehouse is, where its file has several
    #[arg(long, value_name = "NAME", requires = "into")]
    location: Option<String>,
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
    /// Who sells what on which terms
    #[value(alias = "supplier_items")]
    SupplierItems,
    /// Prices from a quantity on
    #[value(alias = "price_breaks")]
    PriceBreaks,
    Scorecards,
    PurchaseOrders,
    /// Freight that was agreed and notes on POs
    PoTerms,
    /// What PO lines were ordered at, who ended them short
    PoLineTerms,
    /// What suppliers invoiced against what was agreed
    PoInvoices,
    Reorder,
    Counts,
    /// What each offer and each kind of message achieved
    Offers,
    /// What customers ordered, by item, week (or month, as it is planned) and sales channel
    Demand,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    if args.profile.is_some() {
        return for_shop(context, args);
    }
    let paper = args.output.as_deref().filter(|p| printing::is_paper(p) && args.format.is_none());
    if let Some(path) = paper {
        let sheet = named_views::whole(context.open(Mode::ReadOnly)?.db(), &args.view.name(), context.clock.moment())?;
        printing::to_file(path, sheet.name, &paper::table(&sheet))?;
        note(&format!("{} rows in {}", sheet.rows.len(), path.display()));
        return Ok(Outcome::Fine);
    }
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
    let (store, view) = (context.open(Mode::ReadOnly)?, args.view.name());
    let export = |out: &mut dyn Write| named_views::write(store.db(), &view, context.clock.moment(), format, out);
    match file {
        Some(path) => {
            let rows = write::to_file(&path, |out| export(out));
            let rows = rows.map_err(|failure| named(failure, &path))?;
            note(&format!("{rows} rows in {}", path.display()));
        }
        None => {
            let mut out = out();
            export(&mut out)?;
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

/// The stock as a shop takes it back.
fn for_shop(context: &Context, args: Args) -> Result<Outcome> {
    let name = args.profile.unwrap_or_default();
    let usage = |sentence: String| Err(Failure::usage(sentence));
    if !matches!(args.view, View::Stock) {
        return usage("Only the stock goes back to a shop: backshelf export stock --profile SHOP.".into());
    }
    let Some(shop) = Shop::named(&name) else {
        return usage(format!("{name} is no shop that stock can be written for: shopify, woocommerce, amazon."));
    };
    let store = context.open(Mode::ReadOnly)?;
    let write = |out: &mut dyn Write| -> Result<u64> {
        let Some(into) = &args.into else { return to_shop(&store, shop, out) };
        if shop != Shop::Shopify {
            return Err(Failure::usage("--into is for Shopify: the other shops know an item by its SKU."));
        }
        let bytes = reader::bytes_of(into).map_err(Failure::usage)?;
        let grid = reader::delimited(&bytes, Layout::default());
        let levels = shop_levels::levels(store.db(), shop)?;
        let filled = shop_file::fill_shopify(&grid, &levels, args.location.as_deref(), out)
            .map_err(|e| Failure::usage(e.sentence()))?;
        if !filled.unknown.is_empty() {
            let first: Vec<&str> = filled.unknown.iter().take(5).map(String::as_str).collect();
            note(&format!(
                "{} SKUs of that file are no items here and stay as they are: {} ...",
                filled.unknown.len(),
                first.join(", ")
            ));
        }
        Ok(filled.rows)
    };
    match args.output.filter(|path| path.as_os_str() != "-") {
        Some(path) => {
            let rows = write::to_file(&path, |out| write(out)).map_err(|f| named(f, &path))?;
            note(&format!("{rows} rows in {}", path.display()));
        }
        None => {
            let mut out = out();
            write(&mut out)?;
            out.flush()?;
        }
    }
    Ok(Outcome::Fine)
}

/// Free stock in the layout of a shop that knows items by their SKU.
fn to_shop(store: &Store, shop: Shop, out: &mut dyn Write) -> Result<u64> {
    if shop == Shop::Shopify {
        return Err(Failure::usage(
            "Shopify knows an item by its handle, which only its own file holds. Export the inventory there (all columns), then: backshelf export stock --profile shopify --into inventory_export.csv -o stock.csv",
        ));
    }
    Ok(shop_file::write(shop, &shop_levels::levels(store.db(), shop)?, out)?)
}

impl View {
    /// Its name, as it is typed.
    fn name(self) -> String {
        self.to_possible_value().map(|v| v.get_name().to_string()).unwrap_or_default()
    }
}
