//! Writing checked files into the warehouse: one operation, all or nothing, and the same files twice change nothing.
//!
//! - `run`       one import under way: what is known by key, what was found, how a row ends
//! - `known`     what the warehouse holds already
//! - `partners`  suppliers, items and what hangs on them, customers
//! - `places`    movements, then stock
//! - `sales`     orders, then their lines
//! - `supply`    purchase orders, their lines, receipts
//! - `talks`     contacts
//! - `channels`  which order a number of a sales channel stands for
//! - `unknown`   what a row that is left out names beside its fault
//! - `outcome`   what came of it, for people and for programs

mod channels;
mod known;
mod outcome;
mod partners;
mod parts;
mod places;
mod run;
mod sales;
mod supply;
mod talks;
mod terms;
mod unknown;

pub use outcome::{Counts, Found, Made, Outcome};

use crate::domain::ids::ItemId;
use crate::exchange::table::{Batch, Table};
use crate::ops::{allocating, perform};
use crate::store::entering::{self, Kind};
use crate::store::inbox::{self, Mark};
use crate::store::item::{self, Oversold};
use crate::store::{Act, Failure, Result, Store, Tx, settings};
use run::Run;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How an import is to be done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Rows with a problem are left out and listed; the rest is written.
    pub skip_bad: bool,
    /// Everything is worked out, nothing is written.
    pub dry_run: bool,
}

/// What goes with an import in the same operation, and what can end it early.
#[derive(Clone, Debug, Default)]
pub struct With {
    /// Set from elsewhere: the import ends soon and leaves nothing.
    pub cancel: Option<Arc<AtomicBool>>,
    /// Files of the inbox that are no longer new by it.
    pub files: Vec<Mark>,
    /// The folder that the next file is looked for in.
    pub folder: Option<String>,
    /// Columns of records that are emptied: a blank cell of a file never does that.
    pub erase: Vec<(Kind, i64, &'static str)>,
    /// What the undo list says, where it is not the files and their figures.
    pub summary: Option<String>,
}

/// The setting that holds that folder.
pub const FOLDER: &str = "import.folder";

/// How far an import is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub table: Table,
    /// Rows of the table that are done.
    pub done: usize,
    /// Rows of the table.
    pub total: usize,
}

/// Items over their limit that the notes name before they only count.
const OVERSOLD_NAMED: usize = 20;

/// Writes a batch as one operation. With any problem (and without `skip_bad`) nothing is written and the outcome
/// lists them all; so with `dry_run`. Refused or broken only where the file itself cannot be written.
pub fn import(
    store: &mut Store,
    act: Act,
    batch: Batch,
    options: Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Outcome> {
    bring(store, act, batch, options, With::default(), progress)
}

/// [`import`], with what goes with it.
pub fn bring(
    store: &mut Store,
    act: Act,
    batch: Batch,
    options: Options,
    with: With,
    progress: &mut dyn FnMut(Progress),
) -> Result<Outcome> {
    let mut outcome = None;
    let work = |tx: &mut Tx| {
        let mut run = Run::new(tx, batch, options)?;
        run.cancel = with.cancel;
        channels::tell_apart(&mut run, tx)?;
        take_all(&mut run, tx, progress)?;
        run.go_on()?;
        let sold = tx.take_touched();
        sold.iter().for_each(|item| tx.touch(*item));
        allocating::settle(tx)?;
        run.go_on()?;
        let (mut found, keep) = run.finish();
        found.notes.extend(over_the_limit(tx, &sold)?);
        if keep {
            for (kind, id, column) in &with.erase {
                entering::erase(tx, *kind, *id, column)?;
            }
        }
        tx.summarise(with.summary.clone().unwrap_or_else(|| found.sentence()));
        for mark in &with.files {
            if !inbox::was_brought(tx, mark)? {
                inbox::keep(tx, mark)?;
            }
        }
        if let Some(folder) = with.folder.as_deref().filter(|_| found.changes_something()) {
            settings::put(tx, FOLDER, Some(folder))?;
        }
        outcome = Some(found);
        // Leaving with a failure rolls everything back; the outcome above is what matters then.
        if keep { Ok(()) } else { Err(Failure::refused("Nothing was written.")) }
    };
    let done = store.in_bulk(|store| perform(store, act, work));
    match (done, outcome) {
        (Ok(done), Some(mut found)) => {
            found.written = true;
            found.operation = Some(done.operation).filter(|o| o.0 > 0);
            Ok(found)
        }
        (Err(Failure::Refused(_)), Some(found)) if found.dry_run || !found.problems.is_empty() => Ok(found),
        (Err(failure), _) => Err(failure),
        (Ok(_), None) => Err(Failure::Broken(anyhow::anyhow!("the import ended without an outcome"))),
    }
}

/// Items of which more wait now than may, of those that the files concern. No order is lost by it: all are taken in.
fn over_the_limit(tx: &Tx, sold: &BTreeSet<ItemId>) -> Result<Vec<String>> {
    let over: Vec<Oversold> = item::oversold(tx, sold)?;
    let mut notes: Vec<String> = over
        .iter()
        .take(OVERSOLD_NAMED)
        .filter_map(|o| Some(format!("{} {} is over its limit: {}.", o.sku, o.name, o.oversell.words(o.wait)?)))
        .collect();
    if over.len() > OVERSOLD_NAMED {
        notes.push(format!("{} more items are over their limit.", over.len() - OVERSOLD_NAMED));
    }
    Ok(notes)
}

/// Takes the tables in the order in which they depend on each other, which is that of [`Table::ALL`].
fn take_all(run: &mut Run, tx: &mut Tx, progress: &mut dyn FnMut(Progress)) -> Result<()> {
    for &table in Table::ALL {
        make_missing(run, tx, table)?;
        let Some(rows) = run.rows.remove(&table) else { continue };
        match table {
            Table::Suppliers => run.each(tx, table, rows, progress, partners::supplier)?,
            Table::Items => run.each(tx, table, rows, progress, partners::item)?,
            Table::Barcodes => run.each(tx, table, rows, progress, partners::barcode)?,
            Table::Substitutes => run.each(tx, table, rows, progress, partners::substitute)?,
            Table::Aliases => run.each(tx, table, rows, progress, partners::alias)?,
            Table::SupplierItems => run.each(tx, table, rows, progress, partners::supplier_item)?,
            Table::PriceBreaks => run.each(tx, table, rows, progress, partners::price_break)?,
            Table::Customers => run.each(tx, table, rows, progress, partners::customer)?,
            Table::Movements => places::movements(run, tx, rows, progress)?,
            Table::Stock => run.each(tx, table, rows, progress, places::stock)?,
            Table::Orders => sales::orders(run, tx, rows, progress)?,
            Table::OrderLines => sales::lines(run, tx, rows, progress)?,
            Table::PurchaseOrders => run.each(tx, table, rows, progress, supply::order)?,
            Table::PoLines => supply::lines(run, tx, rows, progress)?,
            Table::Receipts => supply::receipts(run, tx, rows, progress)?,
            Table::PoTerms => run.each(tx, table, rows, progress, terms::order)?,
            Table::PoLineTerms => run.each(tx, table, rows, progress, terms::line)?,
            Table::PoInvoices => terms::invoices(run, tx, rows, progress)?,
            Table::Contacts => talks::contacts(run, tx, rows, progress)?,
        }
        if table == Table::OrderLines || table == Table::Orders && !run.rows.contains_key(&Table::OrderLines) {
            sales::follow_statuses(run, tx)?;
        }
        if table == Table::PoLines || table == Table::PurchaseOrders && !run.rows.contains_key(&Table::PoLines) {
            supply::follow_statuses(run, tx)?;
        }
    }
    Ok(())
}

/// Items and customers of a channel's export that are not there yet; those that are there stay as they are.
fn make_missing(run: &mut Run, tx: &mut Tx, table: Table) -> Result<()> {
    // After the table's own rows: those come first, and the tables that need them follow.
    let after = match table {
        Table::SupplierItems => Table::Items, // and after the aliases: what they stand for is no item of its own
        Table::Movements => Table::Customers,
        _ => return Ok(()),
    };
    // A shop calls things as it likes, each day anew; a list of what lies here should know them by their names.
    let of_items = after == Table::Items && run.forgiving && run.rows.contains_key(&Table::Stock);
    for key in run.spare_keys(after) {
        // A shop's own code for something that is here is no item of its own.
        if after == Table::Items && run.stands_for(&key) {
            continue;
        }
        if of_items && let Some(row) = run.spare_of_known_item(tx, &key)? {
            partners::compare_name(run, tx, &row)?;
            continue;
        }
        let made = match after {
            Table::Items => run.item(tx, "sku", &key).map(|_| ()),
            _ => run.customer(tx, &key).map(|_| ()),
        };
        if let Err(run::Stop::Failed(failure)) = made {
            return Err(failure);
        }
    }
    Ok(())
}
