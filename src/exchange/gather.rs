//! Rows on their way into a batch: keys compared, missing lines numbered, cells weighed against each other.

use super::cells::{self, Spelling, shown};
use super::table::{Batch, Cell, LEFT_OUT, Origin, Problem, Row, Table};
use crate::domain::text::same_name;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// Builds a batch row by row.
#[derive(Default)]
pub struct Gatherer {
    pub batch: Batch,
    /// Where the row of a key lies, by the hash of the key; a collision moves on by one.
    keys: HashMap<(Table, bool, u64), usize>,
    /// How many rows an order of a file has had so far.
    positions: HashMap<(Table, u32, u64), u32>,
    rules: HashMap<Table, Vec<Rule>>,
    hasher: RandomState,
}

impl Gatherer {
    /// Something wrong in a row or file.
    pub fn problem(&mut self, at: Origin, column: Option<&str>, sentence: impl Into<String>) {
        self.batch.problems.push(Problem { at, column: column.map(str::to_string), sentence: sentence.into() });
    }
    /// Something worth knowing that is no problem.
    pub fn warning(&mut self, at: Origin, column: Option<&str>, sentence: impl Into<String>) {
        self.batch.warnings.push(Problem { at, column: column.map(str::to_string), sentence: sentence.into() });
    }

    /// Something odd in a row that comes in.
    pub fn doubt(&mut self, at: Origin, column: &str, sentence: String) {
        self.batch.doubts.push(Problem { at, column: Some(column.to_string()), sentence });
    }

    /// The position of a row within its order, from 1, where it names no line itself. Asked once per row, also for
    /// rows that turn out bad, so that skipping one does not renumber the others.
    fn position(&mut self, table: Table, file: u32, order: &str) -> u32 {
        let hash = self.hasher.hash_one(order);
        let n = self.positions.entry((table, file, hash)).or_insert(0);
        *n += 1;
        *n
    }

    /// A row of that order is left out: it is counted as one of its lines all the same.
    pub fn pass_over(&mut self, table: Table, file: u32, order: &str) {
        if matches!(table, Table::OrderLines | Table::PoLines) {
            self.position(table, file, order.trim());
        }
    }

    /// A row of the table that does not come in, with as much of it as could be read.
    pub fn left_out(&mut self, table: Table, row: Row) {
        self.batch.unread.entry(table).or_default().push(row);
    }

    /// Reads the cells of a row; every one that cannot be read is a problem, and then there is no row.
    /// `only_missing`: nobody counts it where it is left out.
    pub fn read_row<'t>(
        &mut self,
        table: Table,
        at: Origin,
        source: &mut dyn Cells<'t>,
        only_missing: bool,
    ) -> Option<Row> {
        let mut row = Row { at, cells: Vec::with_capacity(table.columns().len()) };
        let mut unread: Vec<usize> = Vec::new();
        for (n, column) in table.columns().iter().enumerate() {
            let read = source.text(n).and_then(|text| cells::read(column.kind, &text, &source.spelling(n)));
            match read {
                Ok((cell, cleaned)) => {
                    if cleaned {
                        self.warning(
                            at,
                            Some(source.name(n)),
                            "Control or direction characters were replaced by U+FFFD.",
                        );
                    }
                    if cell.is_none() && column.required {
                        unread.push(n);
                        let sentence = format!("is blank, and every row of {} needs it.", table.name());
                        self.problem(at, Some(source.name(n)), sentence);
                    }
                    row.cells.push(cell);
                }
                Err(sentence) if source.or_blank(n) && !column.required => {
                    self.warning(at, Some(source.name(n)), format!("{sentence}{LEFT_OUT}"));
                    row.cells.push(None);
                }
                Err(sentence) => {
                    unread.push(n);
                    self.problem(at, Some(source.name(n)), sentence);
                    row.cells.push(None);
                }
            }
        }
        self.number(table, &mut row);
        if !unread.is_empty() {
            // What else is wrong with it is told at once, not when this has been mended.
            self.weigh_without(table, &row, &unread);
            if !only_missing {
                self.left_out(table, row);
            }
            return None;
        }
        let blanked: Vec<usize> = (0..row.cells.len()).filter(|n| source.or_blank(*n)).collect();
        if !blanked.is_empty() {
            self.blank_broken(table, &mut row, &blanked, &*source);
        }
        Some(row)
    }

    /// Empties cells that break a rule where the person said that the rest of the row comes in.
    fn blank_broken<'t>(&mut self, table: Table, row: &mut Row, may: &[usize], source: &dyn Cells<'t>) {
        let rules = self.rules.entry(table).or_insert_with(|| rules_of(table));
        let broken: Vec<(&str, String)> = rules.iter().filter_map(|r| r.broken_by(row)).collect();
        for (column, sentence) in broken {
            let Some(at) = table.column(column).filter(|at| may.contains(at)) else { continue };
            if table.columns().get(at).is_some_and(|c| c.required) {
                continue;
            }
            let value = row.cells.get(at).and_then(Option::as_ref).map(say).unwrap_or_default();
            let words = format!("{} {sentence}{LEFT_OUT}", shown(&value));
            self.warning(row.at, Some(source.name(at)), words);
            if let Some(cell) = row.cells.get_mut(at) {
                *cell = None;
            }
        }
    }

    fn number(&mut self, table: Table, row: &mut Row) {
        if !matches!(table, Table::OrderLines | Table::PoLines) {
            return;
        }
        // Both tables start with the order and the line.
        if let [Some(Cell::Text(order)), line, ..] = row.cells.as_mut_slice() {
            let position = self.position(table, row.at.file, order);
            if line.is_none() {
                *line = Some(Cell::Text(position.to_string()));
            }
        }
    }

    /// Takes a row in whose cells were read: equal rows of a key become one, differing ones a problem.
    pub fn add(&mut self, table: Table, row: Row, only_missing: bool) {
        if !self.weigh(table, &row) {
            if !only_missing {
                self.left_out(table, row);
            }
            return;
        }
        if table.key().is_empty() {
            let rows = if only_missing { &mut self.batch.fallback } else { &mut self.batch.tables };
            rows.entry(table).or_default().push(row);
            return;
        }
        match self.find(table, &row, only_missing) {
            Ok(at) => self.merge(table, at, row, only_missing),
            Err(hash) => {
                let rows = if only_missing { &mut self.batch.fallback } else { &mut self.batch.tables };
                let rows = rows.entry(table).or_default();
                self.keys.insert((table, only_missing, hash), rows.len());
                rows.push(row);
            }
        }
    }

    /// Where the row of the same key stands, else the hash under which it will be known.
    fn find(&self, table: Table, row: &Row, only_missing: bool) -> Result<usize, u64> {
        let mut hash = self.hasher.build_hasher();
        key_cells(table, row).for_each(|c| hash_cell(c, &mut hash));
        let mut hash = hash.finish();
        let rows = if only_missing { &self.batch.fallback } else { &self.batch.tables };
        let rows = rows.get(&table).map_or(&[][..], Vec::as_slice);
        while let Some(&at) = self.keys.get(&(table, only_missing, hash)) {
            if rows.get(at).is_some_and(|kept| key_cells(table, kept).eq(key_cells(table, row))) {
                return Ok(at);
            }
            hash = hash.wrapping_add(1);
        }
        Err(hash)
    }

    /// Whether a row of the same key came before that says something else, so that this one cannot come in.
    pub fn contradicts(&self, table: Table, row: &Row) -> bool {
        if table.key().is_empty() || self.first_counts(table) {
            return false;
        }
        let Ok(at) = self.find(table, row, false) else { return false };
        let Some(kept) = self.batch.tables.get(&table).and_then(|rows| rows.get(at)) else { return false };
        let sku = kept.cells.first().and_then(Option::as_ref);
        let of_items = |n, name| self.batch.forgiving && table == Table::Items && table.column(name) == Some(n);
        let differ = |(n, (a, b)): (usize, (&Option<Cell>, &Option<Cell>))| match (a, b) {
            (Some(a), Some(b)) => a != b && !(of_items(n, "name") && is_one_name(sku, a, b)) && !of_items(n, "bin"),
            _ => false,
        };
        kept.cells.iter().zip(&row.cells).enumerate().any(differ)
    }

    /// Why a row of a person's list is of another item than the row above with its SKU: what lies there would be added to
    /// goods that it is not.
    pub fn is_another_item(&self, row: &Row, only_missing: bool) -> Option<String> {
        let kept = self.first_of(row, only_missing)?;
        let name = Table::Items.column("name")?;
        let of = |row: &'_ Row| row.cells.get(name).cloned().flatten();
        let (sku, before, now) = (row.cells.first()?.as_ref()?, of(kept)?, of(row)?);
        if is_one_name(Some(sku), &before, &now) {
            return None;
        }
        let file = self.batch.files.get(kept.at.file as usize).filter(|_| kept.at.file != row.at.file);
        let file = file.map_or(String::new(), |f| format!(" of {f}"));
        Some(format!(
            "{} is also the number of row {}{file}, which is {}: give one of the two another number.",
            shown(&say(sku)),
            kept.at.line,
            shown(&say(&before))
        ))
    }

    /// What a row of a list of levels says of its item otherwise than the row above with its SKU, which counts: the column
    /// of `items` and a sentence each. Another bin is another place and no contradiction.
    pub fn says_otherwise(&self, row: &Row) -> Vec<(usize, String)> {
        let Some(kept) = self.first_of(row, true) else { return Vec::new() };
        let sku = row.cells.first().and_then(Option::as_ref).map(say).unwrap_or_default();
        let mut out = Vec::new();
        for (n, column) in Table::Items.columns().iter().enumerate().filter(|(_, c)| !matches!(c.name, "name" | "bin"))
        {
            let (Some(Some(before)), Some(Some(now))) = (kept.cells.get(n), row.cells.get(n)) else { continue };
            if before != now {
                out.push((
                    n,
                    format!(
                        "{} is another {} for {} than {} (row {}), which counts.",
                        shown(&say(now)),
                        column.name.replace('_', " "),
                        shown(&sku),
                        shown(&say(before)),
                        kept.at.line
                    ),
                ));
            }
        }
        out
    }

    fn first_of(&self, item: &Row, only_missing: bool) -> Option<&Row> {
        let at = self.find(Table::Items, item, only_missing).ok()?;
        let rows = if only_missing { &self.batch.fallback } else { &self.batch.tables };
        rows.get(&Table::Items)?.get(at)
    }

    /// Each line of a person's sheet repeats what it says of its order: where that differs the first line counts, and the
    /// line comes in.
    fn first_counts(&self, table: Table) -> bool {
        self.batch.forgiving && matches!(table, Table::Orders | Table::PurchaseOrders)
    }

    /// Blank says nothing, so it agrees with everything.
    fn merge(&mut self, table: Table, at: usize, row: Row, only_missing: bool) {
        let rows = if only_missing { &mut self.batch.fallback } else { &mut self.batch.tables };
        let Some(kept) = rows.get_mut(&table).and_then(|r| r.get_mut(at)) else { return };
        let mut differing = Vec::new();
        let sku = kept.cells.first().cloned().flatten();
        let forgiving = self.batch.forgiving;
        let is_name = |n| table == Table::Items && table.column("name") == Some(n);
        // Of the bins that a list of items names the first is its home, the others are where more of it lies.
        let is_home = |n| table == Table::Items && table.column("bin") == Some(n) && forgiving;
        let mut other_name = None;
        for (n, (old, new)) in kept.cells.iter_mut().zip(row.cells).enumerate() {
            match (&old, new) {
                (None, Some(new)) => *old = Some(new),
                (Some(a), Some(b)) if is_name(n) && forgiving && is_no_name(sku.as_ref(), a, &b) => {
                    *old = Some(if sku.as_ref() == Some(&b) { a.clone() } else { b });
                }
                (Some(a), Some(b)) if is_name(n) && forgiving && is_one_name(None, a, &b) => {}
                (Some(a), Some(b)) if is_name(n) && only_missing && !same_name(&say(a), &say(&b)) => {
                    other_name = Some((say(a), say(&b)));
                }
                (Some(_), Some(_)) if is_home(n) => {}
                (Some(a), Some(b)) if *a != b && !only_missing => differing.push((n, say(a), say(&b))),
                _ => {}
            }
        }
        let (key, first) =
            (key_cells(table, kept).filter_map(|c| c.as_ref().map(say)).collect::<Vec<_>>().join(" "), kept.at);
        let file = self.batch.files.get(first.file as usize).cloned().unwrap_or_default();
        if let Some((before, now)) = other_name {
            let words = format!(
                "{} is another name for {} than {} ({file}:{}), which counts.",
                shown(&now),
                shown(&key),
                shown(&before),
                first.line
            );
            self.warning(row.at, Some("name"), words);
        }
        // A repeat of a level is no second pile, and whoever wrote two piles must hear of it.
        if differing.is_empty() && table == Table::Stock && self.batch.forgiving {
            let words = format!("{} is here a second time with the same quantity: it counts once.", shown(&key));
            self.warning(row.at, Some("quantity"), words);
        }
        let counts = self.first_counts(table);
        if !differing.is_empty() && !counts {
            self.left_out(table, Row { at: row.at, cells: Vec::new() });
        }
        for (n, before, now) in differing {
            let column = table.columns().get(n).map(|c| c.name);
            if counts {
                let (now, before) = (shown(&now), shown(&before));
                let words =
                    format!("{now} differs from {before} of the same {} further up, which counts.", one_of(table));
                self.doubt(row.at, column.unwrap_or_default(), words);
                continue;
            }
            let sentence = format!(
                "{key} is here a second time with {} instead of {} ({file}:{}): make the rows equal or remove one.",
                shown(&now),
                shown(&before),
                first.line
            );
            self.problem(row.at, column, sentence);
        }
    }

    /// Whether its cells agree with each other; where they do not, that is a problem.
    pub fn weighs(&mut self, table: Table, row: &Row) -> bool {
        self.weigh(table, row)
    }

    /// Cells that contradict each other; `false` where the row cannot be taken.
    fn weigh(&mut self, table: Table, row: &Row) -> bool {
        self.weigh_without(table, row, &[])
    }

    /// The same, leaving out the rules about cells that could not be read.
    fn weigh_without(&mut self, table: Table, row: &Row, unread: &[usize]) -> bool {
        let rules = self.rules.entry(table).or_insert_with(|| rules_of(table));
        let can_tell = |rule: &&Rule| !rule.columns().iter().any(|column| unread.contains(column));
        let broken: Vec<(&str, String)> = rules.iter().filter(can_tell).filter_map(|r| r.broken_by(row)).collect();
        for (column, sentence) in &broken {
            self.batch.problems.push(Problem {
                at: row.at,
                column: Some(column.to_string()),
                sentence: sentence.clone(),
            });
        }
        broken.is_empty()
    }

    /// The batch, after what an order's status says about its lines has been written onto them.
    pub fn finish(mut self) -> Batch {
        self.settle_lines();
        self.batch.problems.sort_by_key(|p| p.at);
        self.batch
    }

    /// An order that is stated as shipped or cancelled, and whose lines say nothing of it, is so in full.
    fn settle_lines(&mut self) {
        let (Some(order), Some(status)) = (Table::Orders.column("order"), Table::Orders.column("status")) else {
            return;
        };
        let (Some(of), Some(quantity), Some(shipped), Some(cancelled)) = (
            Table::OrderLines.column("order"),
            Table::OrderLines.column("quantity"),
            Table::OrderLines.column("shipped"),
            Table::OrderLines.column("cancelled"),
        ) else {
            return;
        };
        let Some(orders) = self.batch.tables.get(&Table::Orders) else { return };
        let stated: HashMap<String, &'static str> = orders
            .iter()
            .filter_map(|row| match (row.cells.get(order), row.cells.get(status)) {
                (Some(Some(Cell::Text(code))), Some(Some(Cell::Choice(word)))) if *word != "open" => {
                    Some((code.clone(), *word))
                }
                _ => None,
            })
            .collect();
        if stated.is_empty() {
            return;
        }
        for row in self.batch.tables.get_mut(&Table::OrderLines).into_iter().flatten() {
            let Some(Some(Cell::Text(code))) = row.cells.get(of) else { continue };
            let (Some(word), Some(Some(Cell::Quantity(all)))) = (stated.get(code), row.cells.get(quantity).cloned())
            else {
                continue;
            };
            let taken = |cell: &Option<Cell>| match cell {
                Some(Cell::Quantity(n)) => *n,
                _ => crate::domain::quantity::Qty::ZERO,
            };
            let (target, other) = if *word == "shipped" { (shipped, cancelled) } else { (cancelled, shipped) };
            if row.cells[target].is_none() {
                let rest = (all - taken(&row.cells[other])).or_zero();
                row.cells[target] = Some(Cell::Quantity(rest));
            }
        }
    }
}

/// Where the texts of a row come from.
pub trait Cells<'t> {
    /// The text of a column of the table; empty where there is none. The error is a sentence.
    fn text(&mut self, column: usize) -> Result<Cow<'t, str>, String>;
    fn spelling(&self, column: usize) -> Spelling<'t>;
    /// What messages call the column.
    fn name(&self, column: usize) -> &'t str;
    /// What cannot be read there counts as blank.
    fn or_blank(&self, _column: usize) -> bool {
        false
    }
}

fn one_of(table: Table) -> &'static str {
    if table == Table::PurchaseOrders { "PO" } else { "order" }
}

/// Whether one of two names of an item is its SKU, as a sheet's item without a name has it: that says nothing against the
/// other.
fn is_no_name(sku: Option<&Cell>, a: &Cell, b: &Cell) -> bool {
    sku == Some(a) || sku == Some(b)
}

/// Whether two names of the item with that SKU say the same of it.
fn is_one_name(sku: Option<&Cell>, a: &Cell, b: &Cell) -> bool {
    is_no_name(sku, a, b) || same_name(&say(a), &say(b))
}

fn key_cells(table: Table, row: &Row) -> impl Iterator<Item = &Option<Cell>> {
    table.key().iter().filter_map(move |name| table.column(name).and_then(|c| row.cells.get(c)))
}

fn hash_cell(cell: &Option<Cell>, into: &mut impl Hasher) {
    match cell {
        Some(Cell::Text(text)) => text.hash(into),
        Some(Cell::Quantity(n)) => n.hash(into),
        other => format!("{other:?}").hash(into),
    }
}

/// A cell as a file writes it, for messages.
fn say(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Quantity(n) => n.to_string(),
        Cell::Money(n) => n.to_string(),
        Cell::Count(n) => n.to_string(),
        Cell::Rate(n) => (*n as f64 / 1e6).to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Moment(moment) => moment.format("%Y-%m-%dT%H:%M:%S").to_string(),
        Cell::YesNo(yes) => if *yes { "yes" } else { "no" }.to_string(),
        Cell::Choice(word) => word.to_string(),
    }
}

/// What cells must be to each other; the database's own checks, as sentences.
enum Rule {
    AboveZero(usize, &'static str),
    NotZero(usize, &'static str),
    NotNegative(usize, &'static str),
    /// The sum of these is at most that; blank is 0.
    Within(Vec<usize>, usize, &'static str, &'static str),
    Differ(usize, usize, &'static str, &'static str),
}

fn rules_of(table: Table) -> Vec<Rule> {
    let at = |name: &str| table.column(name);
    let above = |name: &'static str| at(name).map(|c| Rule::AboveZero(c, name));
    let not_below = |name: &'static str| at(name).map(|c| Rule::NotNegative(c, name));
    let within = |parts: &[&str], whole: &str, column: &'static str, sentence: &'static str| {
        Some(Rule::Within(parts.iter().filter_map(|p| at(p)).collect(), at(whole)?, column, sentence))
    };
    let rules = match table {
        Table::Suppliers => vec![not_below("min_order_value")],
        Table::Items => vec![above("pack"), not_below("cost"), not_below("price")],
        Table::Barcodes | Table::Aliases => vec![above("quantity")],
        Table::Substitutes => vec![
            at("sku")
                .zip(at("substitute"))
                .map(|(a, b)| Rule::Differ(a, b, "substitute", "an item cannot stand in for itself: name another.")),
        ],
        Table::SupplierItems => vec![above("pack"), not_below("cost")],
        Table::PriceBreaks => vec![above("from_quantity"), not_below("cost")],
        Table::Movements => vec![at("quantity").map(|c| Rule::NotZero(c, "quantity"))],
        Table::OrderLines => vec![
            above("quantity"),
            within(
                &["shipped", "cancelled"],
                "quantity",
                "shipped",
                "shipped and cancelled together are more than was ordered: correct one of the three.",
            ),
        ],
        Table::PoLines => vec![
            above("quantity"),
            within(
                &["rejected"],
                "received",
                "rejected",
                "more is rejected than was received: `received` includes what was rejected.",
            ),
        ],
        Table::Receipts => vec![
            above("quantity"),
            within(
                &["rejected"],
                "quantity",
                "rejected",
                "more is rejected than came: `quantity` includes what was rejected.",
            ),
        ],
        Table::PoTerms => vec![not_below("freight")],
        Table::PoLineTerms => vec![not_below("asked_cost")],
        Table::PoInvoices => vec![above("quantity"), not_below("cost"), not_below("agreed")],
        Table::Customers | Table::Stock | Table::Orders | Table::PurchaseOrders | Table::Contacts => Vec::new(),
    };
    rules.into_iter().flatten().collect()
}

impl Rule {
    /// The columns that it is about.
    fn columns(&self) -> Vec<usize> {
        match self {
            Rule::AboveZero(at, _) | Rule::NotZero(at, _) | Rule::NotNegative(at, _) => vec![*at],
            Rule::Within(parts, whole, _, _) => parts.iter().copied().chain([*whole]).collect(),
            Rule::Differ(a, b, _, _) => vec![*a, *b],
        }
    }
    fn broken_by(&self, row: &Row) -> Option<(&'static str, String)> {
        let number = |at: usize| match row.cells.get(at) {
            Some(Some(Cell::Quantity(n))) => Some(n.thousandths()),
            Some(Some(Cell::Money(n))) => Some(n.ten_thousandths()),
            _ => None,
        };
        match self {
            Rule::AboveZero(at, name) if number(*at).is_some_and(|n| n <= 0) => {
                Some((name, "must be more than 0: leave the row out if there is nothing.".to_string()))
            }
            Rule::NotZero(at, name) if number(*at) == Some(0) => {
                Some((name, "is 0, which moves nothing: leave the row out.".to_string()))
            }
            Rule::NotNegative(at, name) if number(*at).is_some_and(|n| n < 0) => {
                Some((name, "is below zero: give 0 or more.".to_string()))
            }
            Rule::Within(parts, whole, name, sentence) => {
                let sum: i64 = parts.iter().filter_map(|p| number(*p)).sum();
                (sum > number(*whole).unwrap_or(0)).then(|| (*name, sentence.to_string()))
            }
            Rule::Differ(a, b, name, sentence) if row.cells.get(*a) == row.cells.get(*b) => {
                Some((name, sentence.to_string()))
            }
            _ => None,
        }
    }
}
