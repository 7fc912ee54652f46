//! One import under way: what is known by key, what was found, how a row ends.

use super::known::{Keys, Prints};
use super::{Found, Made, Options, Outcome, Progress};
use crate::domain::ids::ItemId;
use crate::exchange::table::{Batch, Cell, Origin, Problem, Row, Table};
use crate::ops::settings::Settings;
use crate::store::import::{self as rows, Datum, KnownItem, KnownOrder};
use crate::store::{Failure, Result, Tx};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where stock lies that names no bin and whose item has none.
const MAIN_BIN: &str = "MAIN";
/// Rows between two signs of progress.
const PROGRESS_EVERY: usize = 1024;

/// How a row ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Landed {
    New,
    Changed,
    Unchanged,
}

/// Why a row was not taken, or the import stopped.
pub(super) enum Stop {
    /// Something is wrong with the row itself.
    Row(&'static str, String),
    /// The row it belongs to was not taken, which is told there; listed only where rows are skipped.
    Orphan(&'static str, String),
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(failure)
    }
}

/// A row function's answer.
pub(super) type Taken = std::result::Result<Landed, Stop>;
pub(super) type Known<T> = std::result::Result<T, Stop>;

/// A purchase order as an import knows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownPo {
    pub id: i64,
}

/// A status that a file stated for an order or PO, to be carried through to its lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated {
    pub status: &'static str,
    /// The row was there before this import.
    pub known: bool,
    /// The status is another than the stored one was.
    pub changed: bool,
    /// The stored one, where it was `closed`.
    pub was_closed: bool,
}

pub(super) struct Run {
    pub rows: BTreeMap<Table, Vec<Row>>,
    files: Vec<String>,
    pub options: Options,
    /// Set from elsewhere: end soon, leave nothing.
    pub cancel: Option<Arc<AtomicBool>>,
    /// The batch is a channel's export.
    pub creates_missing: bool,
    /// The batch is a person's own sheet: what one cell has wrong that is not needed keeps no row out.
    pub forgiving: bool,
    pub outcome: Outcome,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    /// What is odd in a row, and which of those rows are new or change something.
    doubts: BTreeMap<Origin, Vec<Problem>>,
    landed: BTreeSet<Origin>,
    /// Items and customers that a channel's export makes where they are missing, by key.
    spare: HashMap<Table, HashMap<String, Row>>,
    /// Some rows were bad when the files were read: a missing parent may be one of them.
    bad_when_read: bool,
    /// Those rows, with as much of them as could be read.
    unread: BTreeMap<Table, Vec<Row>>,
    /// Where they stand.
    unread_at: BTreeSet<(Table, Origin)>,
    /// Keys of the rows that were not taken.
    refused: HashMap<Table, HashSet<String>>,
    pub suppliers: Keys<i64>,
    pub customers: Keys<i64>,
    pub items: Keys<KnownItem>,
    pub bins: Keys<i64>,
    pub orders: Keys<KnownOrder>,
    pub pos: Keys<KnownPo>,
    pub aliases: HashMap<(String, String), (i64, i64)>,
    /// The codes among them, of whichever channel.
    pub codes: HashSet<String>,
    pub order_statuses: HashMap<i64, Stated>,
    pub po_statuses: HashMap<i64, Stated>,
    /// Levels that this import stated, by item and bin: thousandths.
    pub levels: HashMap<(i64, i64), i64>,
    /// Lines whose own `shipped` was given and leaves some open: a status does not ship the rest.
    pub left_open: HashSet<i64>,
    /// The warehouse's currency, where it is set.
    pub currency: Option<String>,
    pub today: String,
    pub now: String,
}

impl Run {
    pub fn new(tx: &Tx, mut batch: Batch, options: Options) -> Result<Run> {
        for table in batch.unread.keys() {
            batch.tables.entry(*table).or_default();
        }
        let rows_of =
            |tables: &[Table]| -> usize { tables.iter().filter_map(|t| batch.tables.get(t)).map(Vec::len).sum() };
        let all = rows_of(Table::ALL);
        let sales = rows_of(&[Table::Orders, Table::OrderLines, Table::Contacts]);
        let supply = rows_of(&[
            Table::PurchaseOrders,
            Table::PoLines,
            Table::Receipts,
            Table::PoTerms,
            Table::PoLineTerms,
            Table::PoInvoices,
        ]);
        let act = tx.act();
        let (today, now) = (act.today.to_string(), act.today.and_time(act.now.time()));
        let bad_when_read = !batch.problems.is_empty();
        let mut doubts: BTreeMap<Origin, Vec<Problem>> = BTreeMap::new();
        std::mem::take(&mut batch.doubts).into_iter().for_each(|d| doubts.entry(d.at).or_default().push(d));
        let mut outcome = Outcome { dry_run: options.dry_run, ..Outcome::default() };
        outcome.notes = batch.notes;
        let settings = Settings::load(tx)?;
        let currency = settings.text("warehouse.currency").map(String::from);
        for (other, n) in &batch.currencies {
            if let Some(ours) = currency.as_ref().filter(|ours| !ours.eq_ignore_ascii_case(other)) {
                outcome.warnings.push(Found {
                    file: batch.files.first().cloned().unwrap_or_default(),
                    line: 0,
                    column: None,
                    message: format!("{n} rows are in {other} and are taken as {ours}, the warehouse's currency."),
                });
            }
        }
        outcome.files = batch.files.clone();
        let aliases = rows::aliases(tx)?;
        Ok(Run {
            rows: batch.tables,
            files: batch.files,
            options,
            cancel: None,
            creates_missing: batch.creates_missing,
            forgiving: batch.forgiving,
            outcome,
            problems: batch.problems,
            warnings: batch.warnings,
            doubts,
            landed: BTreeSet::new(),
            spare: batch.fallback.into_iter().map(|(table, rows)| (table, by_key(rows))).collect(),
            bad_when_read,
            unread_at: batch.unread.iter().flat_map(|(t, rows)| rows.iter().map(|r| (*t, r.at))).collect(),
            unread: batch.unread,
            refused: HashMap::new(),
            suppliers: Keys::new(
                tx,
                "supplier",
                all,
                |db| rows::codes(db, "supplier"),
                |db, code| rows::code(db, "supplier", code),
            )?,
            customers: Keys::new(
                tx,
                "customer",
                sales,
                |db| rows::codes(db, "customer"),
                |db, code| rows::code(db, "customer", code),
            )?,
            items: Keys::new(tx, "item", all, rows::items, rows::item)?,
            bins: Keys::new(tx, "bin", all, |db| rows::codes(db, "bin"), |db, code| rows::code(db, "bin", code))?,
            orders: Keys::new(tx, "customer_order", sales, rows::orders, rows::order)?,
            pos: Keys::new(
                tx,
                "purchase_order",
                supply,
                |db| {
                    let codes = rows::codes(db, "purchase_order")?;
                    Ok(codes.into_iter().map(|(code, id)| (code, KnownPo { id })).collect())
                },
                |db, code| Ok(rows::code(db, "purchase_order", code)?.map(|id| KnownPo { id })),
            )?,
            codes: aliases.keys().map(|(_, code)| code.clone()).collect(),
            aliases,
            order_statuses: HashMap::new(),
            po_statuses: HashMap::new(),
            levels: HashMap::new(),
            left_open: HashSet::new(),
            currency,
            today,
            now: moment(now),
        })
    }

    /// Whether some channel's code for something that is here.
    pub fn stands_for(&self, code: &str) -> bool {
        self.codes.contains(code)
    }

    /// Takes every row of a table with `take`, counting and listing.
    pub fn each(
        &mut self,
        tx: &mut Tx,
        table: Table,
        rows: Vec<Row>,
        progress: &mut dyn FnMut(Progress),
        mut take: impl FnMut(&mut Run, &mut Tx, &Row) -> Taken,
    ) -> Result<()> {
        let total = rows.len();
        self.outcome.tables.entry(table.name()).or_default().rows += total;
        for (n, row) in rows.iter().enumerate() {
            if n % PROGRESS_EVERY == 0 {
                progress(Progress { table, done: n, total });
                self.go_on()?;
            }
            let taken = take(self, tx, row);
            if matches!(taken, Ok(Landed::New | Landed::Changed)) {
                self.has_landed(row.at);
            }
            let counts = self.outcome.tables.entry(table.name()).or_default();
            match taken {
                Ok(Landed::New) => counts.new += 1,
                Ok(Landed::Changed) => counts.changed += 1,
                Ok(Landed::Unchanged) => counts.unchanged += 1,
                Err(Stop::Failed(failure)) => return Err(failure),
                Err(Stop::Row(column, sentence)) => {
                    counts.skipped += 1;
                    self.refuse(table, row, column, sentence);
                    self.list_unknown(tx, table, row, Some(column))?;
                }
                Err(Stop::Orphan(column, sentence)) => {
                    counts.skipped += 1;
                    self.list_unknown(tx, table, row, Some(column))?;
                    // Told at its parent already: only who skips rows wants to know each of them.
                    if self.options.skip_bad {
                        self.refuse(table, row, column, sentence);
                    } else {
                        self.remember_refused(table, row);
                    }
                }
            }
        }
        for row in self.unread.remove(&table).unwrap_or_default() {
            let counts = self.outcome.tables.entry(table.name()).or_default();
            (counts.rows, counts.skipped) = (counts.rows + 1, counts.skipped + 1);
            self.list_unknown(tx, table, &row, None)?;
        }
        progress(Progress { table, done: total, total });
        Ok(())
    }

    /// The row is new or changes something: what is odd in it is worth a look.
    fn has_landed(&mut self, at: Origin) {
        if self.doubts.contains_key(&at) {
            self.landed.insert(at);
        }
    }

    /// Refuses where somebody ended it meanwhile.
    pub fn go_on(&self) -> Result<()> {
        if self.cancel.as_ref().is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            return Err(Failure::refused("Ended before it was done: nothing of it was kept."));
        }
        Ok(())
    }

    fn refuse(&mut self, table: Table, row: &Row, column: &'static str, sentence: String) {
        self.problems.push(Problem { at: row.at, column: Some(column.into()), sentence });
        self.remember_refused(table, row);
    }

    fn remember_refused(&mut self, table: Table, row: &Row) {
        let parents = [Table::Suppliers, Table::Items, Table::Customers, Table::Orders, Table::PurchaseOrders];
        if parents.contains(&table)
            && let Some(Some(Cell::Text(key))) = row.cells.first()
        {
            self.refused.entry(table).or_default().insert(key.clone());
        }
    }

    pub fn was_refused(&self, table: Table, key: &str) -> bool {
        self.refused.get(&table).is_some_and(|keys| keys.contains(key))
    }

    /// A problem found outside the row's own turn.
    pub fn problem(&mut self, at: Origin, column: &'static str, sentence: String) {
        self.problems.push(Problem { at, column: Some(column.into()), sentence });
    }

    pub fn warn(&mut self, at: Origin, column: &'static str, sentence: String) {
        self.warnings.push(Problem { at, column: Some(column.into()), sentence });
    }

    /// The outcome, and whether what was written may stay.
    pub fn finish(self) -> (Outcome, bool) {
        let Run { mut outcome, mut problems, mut warnings, mut doubts, landed, files, options, .. } = self;
        warnings.extend(landed.iter().filter_map(|at| doubts.remove(at)).flatten());
        problems.sort_by_key(|p| p.at);
        warnings.sort_by_key(|p| p.at);
        let keep = !options.dry_run && (options.skip_bad || problems.is_empty());
        outcome.problems = problems.into_iter().map(|p| Found::new(&files, p)).collect();
        outcome.warnings.extend(warnings.into_iter().map(|p| Found::new(&files, p)));
        (outcome, keep)
    }

    /// The row with which a channel's export makes a missing item or customer; given once.
    fn spare(&mut self, table: Table, key: &str) -> Option<Row> {
        self.spare.get_mut(&table)?.remove(key)
    }

    /// The keys of such rows that no other row asked for, in the order of the files.
    pub fn spare_keys(&self, table: Table) -> Vec<String> {
        let mut keys: Vec<(Origin, String)> =
            self.spare.get(&table).into_iter().flatten().map(|(key, row)| (row.at, key.clone())).collect();
        keys.sort();
        keys.into_iter().map(|(_, key)| key).collect()
    }

    /// Such a row of an item that is here already: it makes nothing.
    pub fn spare_of_known_item(&mut self, tx: &Tx, key: &str) -> Result<Option<Row>> {
        if self.items.find(tx, key)?.is_none() {
            return Ok(None);
        }
        Ok(self.spare(Table::Items, key))
    }

    /// Whether such a row is there for a key.
    pub fn has_spare(&self, table: Table, key: &str) -> bool {
        self.spare.get(&table).is_some_and(|rows| rows.contains_key(key))
    }

    /// Whether the row that would bring that key in is the same one, which is left out: its fault is told already.
    pub fn is_of_its_own(&self, table: Table, at: Origin) -> bool {
        self.forgiving || self.unread_at.contains(&(table, at))
    }

    pub fn missing<T>(&self, table: Table, column: &'static str, key: &str, what: &str) -> Known<T> {
        if self.was_refused(table, key) {
            return Err(Stop::Orphan(column, format!("Left out, because {what} {key} was not taken.")));
        }
        let file = table.name();
        if self.bad_when_read {
            let sentence = format!("There is no {what} {key}, or its row has a problem that is listed here too.");
            return Err(Stop::Row(column, sentence));
        }
        Err(Stop::Row(
            column,
            format!("There is no {what} {key}. Correct it, or add it to {file} and import both together."),
        ))
    }

    /// The supplier of that code; a sheet that says more of him than his name makes a missing one.
    pub fn supplier(&mut self, tx: &mut Tx, key: &str) -> Known<i64> {
        if let Some(id) = self.suppliers.find(tx, key)? {
            return Ok(id);
        }
        if let Some(row) = self.spare(Table::Suppliers, key) {
            super::partners::supplier(self, tx, &row)?;
            self.outcome.tables.entry(Table::Suppliers.name()).or_default().new += 1;
            if let Some(id) = self.suppliers.find(tx, key)? {
                return Ok(id);
            }
        }
        self.missing(Table::Suppliers, "supplier", key, "supplier")
    }

    /// The item of that SKU; a channel's import makes a missing one.
    pub fn item(&mut self, tx: &mut Tx, column: &'static str, sku: &str) -> Known<KnownItem> {
        if let Some(item) = self.items.find(tx, sku)? {
            return Ok(item);
        }
        if let Some(row) = self.spare(Table::Items, sku) {
            super::partners::item(self, tx, &row)?;
            self.has_landed(row.at);
            let name = row.cells.get(1).and_then(text).unwrap_or(sku);
            self.outcome.made.push(Made { sku: sku.into(), name: name.into() });
            self.outcome.tables.entry(Table::Items.name()).or_default().new += 1;
            if let Some(item) = self.items.find(tx, sku)? {
                return Ok(item);
            }
        }
        if !self.creates_missing || self.was_refused(Table::Items, sku) {
            return self.missing(Table::Items, column, sku, "item");
        }
        let id = tx.insert("item", &["sku", "name"], &[&sku, &sku])?;
        tx.touch(ItemId(id));
        self.outcome.made.push(Made { sku: sku.into(), name: sku.into() });
        self.outcome.tables.entry(Table::Items.name()).or_default().new += 1;
        let item = KnownItem { id, bin: None };
        self.items.put(sku, item);
        Ok(item)
    }

    /// The customer of that code; a channel's import makes a missing one.
    pub fn customer(&mut self, tx: &mut Tx, key: &str) -> Known<i64> {
        if let Some(id) = self.customers.find(tx, key)? {
            return Ok(id);
        }
        if let Some(row) = self.spare(Table::Customers, key) {
            super::partners::customer(self, tx, &row)?;
            self.outcome.tables.entry(Table::Customers.name()).or_default().new += 1;
            if let Some(id) = self.customers.find(tx, key)? {
                return Ok(id);
            }
        }
        if !self.creates_missing || self.was_refused(Table::Customers, key) {
            return self.missing(Table::Customers, "customer", key, "customer");
        }
        let id = tx.insert("customer", &["code", "name"], &[&key, &key])?;
        self.outcome.tables.entry(Table::Customers.name()).or_default().new += 1;
        self.customers.put(key, id);
        Ok(id)
    }

    pub fn order(&mut self, tx: &Tx, key: &str) -> Known<KnownOrder> {
        match self.orders.find(tx, key)? {
            Some(order) => Ok(order),
            None => self.missing(Table::Orders, "order", key, "order"),
        }
    }

    pub fn po(&mut self, tx: &Tx, key: &str) -> Known<KnownPo> {
        match self.pos.find(tx, key)? {
            Some(po) => Ok(po),
            None => self.missing(Table::PurchaseOrders, "po", key, "purchase order"),
        }
    }

    /// The bin of that code, made (for storage) where it is missing.
    pub fn bin(&mut self, tx: &mut Tx, code: &str) -> Result<i64> {
        if let Some(id) = self.bins.find(tx, code)? {
            return Ok(id);
        }
        let id = tx.insert("bin", &["code"], &[&code])?;
        self.bins.put(code, id);
        Ok(id)
    }

    /// The bin that a row names, else the item's, else `MAIN`.
    pub fn bin_for(&mut self, tx: &mut Tx, item: KnownItem, named: Option<&str>) -> Result<i64> {
        match (named, item.bin) {
            (Some(code), _) => self.bin(tx, code),
            (None, Some(home)) => Ok(home),
            (None, None) => self.bin(tx, MAIN_BIN),
        }
    }
}

fn by_key(rows: Vec<Row>) -> HashMap<String, Row> {
    let keyed = |row: Row| Some((row.cells.first().and_then(text)?.to_string(), row));
    rows.into_iter().filter_map(keyed).collect()
}

/// A row's cells by position; the number of columns is the table's.
pub(super) fn cells<const N: usize>(row: &Row) -> Result<&[Option<Cell>; N]> {
    row.cells
        .as_slice()
        .try_into()
        .map_err(|_| Failure::Broken(anyhow::anyhow!("a row of {} cells came where {N} belong", row.cells.len())))
}

/// The text of a cell; `None` where it is blank.
pub(super) fn text(cell: &Option<Cell>) -> Option<&str> {
    match cell {
        Some(Cell::Text(text)) => Some(text),
        Some(Cell::Choice(word)) => Some(word),
        _ => None,
    }
}

/// The text of a cell that the table requires.
pub(super) fn need<'a>(cell: &'a Option<Cell>, column: &'static str) -> Known<&'a str> {
    text(cell).ok_or_else(|| Stop::Row(column, format!("{column} is blank. Every row needs one.")))
}

/// A quantity in thousandths.
pub(super) fn thousandths(cell: &Option<Cell>) -> Option<i64> {
    match cell {
        Some(Cell::Quantity(quantity)) => Some(quantity.thousandths()),
        _ => None,
    }
}

/// A quantity above zero, in thousandths, where the table requires one.
pub(super) fn need_quantity(cell: &Option<Cell>, column: &'static str) -> Known<i64> {
    match thousandths(cell) {
        Some(n) if n > 0 => Ok(n),
        Some(_) => Err(Stop::Row(column, format!("{column} is 0. Give a number above 0, or leave the row out."))),
        None => Err(Stop::Row(column, format!("{column} is blank. Every row needs one."))),
    }
}

/// A quantity that, where given, must be above zero.
pub(super) fn above_zero(cell: &Option<Cell>, column: &'static str) -> Known<()> {
    match thousandths(cell) {
        Some(n) if n <= 0 => {
            Err(Stop::Row(column, format!("{column} is 0. Give a number above 0, or leave the cell blank.")))
        }
        _ => Ok(()),
    }
}

/// A cell as its column holds it; `None` where it is blank.
pub(super) fn datum(cell: &Option<Cell>) -> Option<Datum> {
    Some(match cell.as_ref()? {
        Cell::Text(text) => Datum::Text(text.clone()),
        Cell::Quantity(quantity) => Datum::Integer(quantity.thousandths()),
        Cell::Money(money) => Datum::Integer(money.ten_thousandths()),
        Cell::Count(n) | Cell::Rate(n) => Datum::Integer(*n),
        Cell::Date(date) => Datum::Text(date.to_string()),
        Cell::Moment(at) => Datum::Text(moment(*at)),
        Cell::YesNo(yes) => Datum::Integer(i64::from(*yes)),
        Cell::Choice(word) => Datum::Text((*word).to_string()),
    })
}

/// A date (or moment) as text; `None` where it is blank.
pub(super) fn date(cell: &Option<Cell>) -> Option<String> {
    match cell {
        Some(Cell::Date(date)) => Some(date.to_string()),
        Some(Cell::Moment(at)) => Some(moment(*at)),
        _ => None,
    }
}

fn moment(at: chrono::NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Blank cells as the database's NULL.
pub(super) fn or_null(cells: Vec<Option<Datum>>) -> Vec<Datum> {
    cells.into_iter().map(|cell| cell.unwrap_or(Datum::Null)).collect()
}

/// The item behind a number.
pub(super) fn touch(tx: &mut Tx, item: i64) {
    tx.touch(ItemId(item));
}

/// Counts equal rows: the n-th of a file is the n-th stored. Rows come file after file.
#[derive(Default)]
pub(super) struct Sightings {
    file: u32,
    seen: HashMap<rows::Print, u32>,
}

impl Sightings {
    /// Whether this row is stored already; else it is counted as stored from now on.
    pub fn is_stored(&mut self, at: Origin, print: rows::Print, stored: &mut Prints) -> bool {
        if self.file != at.file {
            self.file = at.file;
            self.seen.clear();
        }
        let nth = self.seen.entry(print).or_insert(0);
        *nth += 1;
        let have = stored.counts.entry(print).or_insert(0);
        if *nth <= *have {
            return true;
        }
        *have += 1;
        false
    }
}
