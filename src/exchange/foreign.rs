//! Files of a foreign layout, through a profile.

use super::cells::Spelling;
use super::doubt;
use super::gather::{Cells, Gatherer};
use super::mapping::{Check, LookUps, Value, View};
use super::profile::{Gives, Profile, Source, fits};
use super::reader::{Grid, Layout};
use super::table::{Kind, LEFT_OUT, Origin, Row, Table};
use std::borrow::Cow;

/// How the profile wants a file of this name read.
pub(super) fn layout<'p>(profile: &'p Profile, name: &str) -> Layout<'p> {
    let source = profile.source.iter().find(|s| s.named(name));
    source.map_or(Layout::default(), |s| Layout {
        delimiter: s.delimiter,
        encoding: s.encoding.as_deref(),
        header_row: s.header_row,
        sheet: s.sheet.as_deref(),
    })
}

impl Source {
    /// Whether a file of this name may be of this source.
    pub(super) fn named(&self, name: &str) -> bool {
        self.file.iter().any(|p| fits(p, name)) && !self.except.iter().any(|p| fits(p, name))
    }
    /// How many headings make a file of this source, where it has them all and they are more than a name.
    pub(super) fn recognises(&self, name: &str, grid: &Grid) -> Option<usize> {
        Some(self.headings.len()).filter(|n| *n > 0 && self.is(name, grid))
    }
    /// Whether a file of this name with these headings is of this source.
    pub(super) fn is(&self, name: &str, grid: &Grid) -> bool {
        self.named(name) && self.headings.iter().all(|h| grid.column(h).is_some())
    }
}

/// One table that a file gives, its values resolved.
struct Giving<'a> {
    table: Table,
    only_missing: bool,
    only: Vec<Check<'a>>,
    columns: Vec<Option<Value<'a>>>,
    /// A required column of which the file has no heading; said once, when a row would need it.
    lacking: Option<(&'a str, String)>,
    given_up: bool,
}

/// Takes in a file of a source; calls `row_done` before each row, which may end it.
pub(super) fn take<'a>(
    into: &mut Gatherer,
    file: u32,
    grid: &'a Grid,
    profile: &'a Profile,
    source: &'a Source,
    looks: &mut LookUps<'a>,
    row_done: &mut dyn FnMut() -> bool,
) {
    let view = View::new(grid, profile, source.carry.as_ref());
    into.batch.forgiving |= source.whole;
    let mut giving: Vec<Giving> = source.gives.iter().map(|g| resolved(g, &view, looks)).collect();
    let skipped: Vec<Check> = source.leave_out.iter().map(|c| view.check(c, looks)).collect();
    let currency = source.currency.as_deref().and_then(|h| grid.column(h));
    let mut counts = vec![0u64; skipped.len()];
    let looks = &*looks;
    for row in 0..grid.len() {
        if !row_done() {
            return;
        }
        let at = Origin { file, line: grid.line(row) };
        let left_out = |into: &mut Gatherer, sentence: String| {
            into.problem(at, None, sentence);
            if let Some(gives) = source.gives.iter().find(|g| !g.only_missing) {
                into.left_out(gives.table, Row { at, cells: Vec::new() });
            }
        };
        if let Some(sentence) = grid.misfit(row) {
            left_out(into, sentence);
            continue;
        }
        match skipped.iter().map(|c| c.holds(row, &view, looks)).position(|r| r != Ok(false)) {
            Some(n) => {
                match skipped.get(n).map(|c| c.holds(row, &view, looks)) {
                    Some(Err(sentence)) => left_out(into, sentence),
                    _ => {
                        counts[n] += 1;
                        giving.iter().for_each(|g| pass_over(into, file, row, &view, g, looks));
                    }
                }
                continue;
            }
            None => count_currency(into, currency.map(|c| grid.cell(row, c).trim())),
        }
        if source.whole {
            give_whole(into, at, row, &view, &mut giving, looks);
            continue;
        }
        for giving in &mut giving {
            give(into, at, row, &view, giving, looks);
        }
    }
    let name = into.batch.files.get(file as usize).cloned().unwrap_or_default();
    for (condition, n) in source.leave_out.iter().zip(counts).filter(|(_, n)| *n > 0) {
        into.batch.passed_over += n as usize;
        into.batch.notes.push(format!(
            "{name}: {} {} left out: {}.",
            grouped(n),
            if n == 1 { "row" } else { "rows" },
            condition.words()
        ));
    }
    if let Some(note) = source.note.as_deref().filter(|_| !grid.is_empty()) {
        into.batch.notes.push(format!("{name}: {note}"));
    }
}

/// A line of an order that is left out keeps its place, so that the lines after it have the numbers that they had.
fn pass_over<'a>(
    into: &mut Gatherer,
    file: u32,
    row: usize,
    view: &View<'a>,
    giving: &Giving<'a>,
    looks: &LookUps<'a>,
) {
    let order = giving.columns.first().and_then(Option::as_ref);
    if let Some(Ok(order)) = order.map(|value| value.text(row, view, looks)) {
        into.pass_over(giving.table, file, &order);
    }
}

fn count_currency(into: &mut Gatherer, code: Option<&str>) {
    if let Some(code) = code.filter(|c| !c.is_empty()) {
        match into.batch.currencies.get_mut(code) {
            Some(n) => *n += 1,
            None => {
                into.batch.currencies.insert(code.to_string(), 1);
            }
        }
    }
}

/// All that a row gives, or nothing: a level whose figure cannot be read makes no item either.
fn give_whole<'a>(
    into: &mut Gatherer,
    at: Origin,
    row: usize,
    view: &View<'a>,
    giving: &mut [Giving<'a>],
    looks: &LookUps<'a>,
) {
    let mut rows = Vec::with_capacity(giving.len());
    for giving in giving.iter_mut() {
        match read_one(into, at, row, view, giving, looks) {
            Read::Row(read) if into.weighs(giving.table, &read) => rows.push((giving.table, read, giving.only_missing)),
            Read::Nothing => {}
            Read::Row(read) => {
                if !giving.only_missing {
                    into.left_out(giving.table, read);
                }
                return;
            }
            Read::Bad => return,
        }
    }
    let given: Vec<(Table, &Row)> = rows.iter().map(|(table, row, _)| (*table, row)).collect();
    for doubt in doubt::of(&given) {
        let found = giving.iter().find(|g| g.table == doubt.table);
        let value = found.and_then(|g| g.columns.get(doubt.table.column(doubt.column)?)).and_then(Option::as_ref);
        let name = value.and_then(|v| v.heading).unwrap_or(doubt.column);
        let key = found.and_then(|g| g.columns.first()).and_then(Option::as_ref).and_then(|v| v.heading);
        if doubt.column == "name" && key == Some(name) {
            continue; // the sheet has no names at all: none is missing
        }
        into.doubt(at, name, doubt.sentence);
    }
    // Two piles of one SKU add up where they are the same goods. Where the names say otherwise one of the numbers is wrong.
    let is_pile = rows.iter().any(|(table, ..)| *table == Table::Stock);
    let item = rows.iter().find(|(table, ..)| *table == Table::Items);
    let heading = |n: usize| {
        let found = giving.iter().find(|g| g.table == Table::Items);
        found.and_then(|g| g.columns.get(n)).and_then(Option::as_ref).and_then(|v| v.heading)
    };
    if let Some((_, item, only_missing)) = item.filter(|(_, _, only_missing)| is_pile || !only_missing) {
        if let Some(sentence) = into.is_another_item(item, *only_missing) {
            let name = Table::Items.column("name").and_then(heading);
            into.problem(at, Some(name.unwrap_or("name")), sentence);
            into.left_out(if is_pile { Table::Stock } else { Table::Items }, Row { at, cells: Vec::new() });
            return;
        }
        if *only_missing {
            for (n, sentence) in into.says_otherwise(item) {
                let own = Table::Items.columns().get(n).map_or("", |c| c.name);
                into.doubt(at, heading(n).unwrap_or(own), sentence);
            }
        }
    }
    // What contradicts a row further up is told, and then nothing of it comes in.
    if let Some(at) = rows.iter().position(|(table, row, only_missing)| !only_missing && into.contradicts(*table, row))
    {
        rows = vec![rows.swap_remove(at)];
    }
    for (table, row, only_missing) in rows {
        into.add(table, row, only_missing);
    }
}

/// What a row gives to one table.
enum Read {
    Row(Row),
    /// It is not about that table.
    Nothing,
    /// It has a problem, which is listed.
    Bad,
}

fn give<'a>(
    into: &mut Gatherer,
    at: Origin,
    row: usize,
    view: &View<'a>,
    giving: &mut Giving<'a>,
    looks: &LookUps<'a>,
) {
    if let Read::Row(read) = read_one(into, at, row, view, giving, looks) {
        into.add(giving.table, read, giving.only_missing);
    }
}

fn read_one<'a>(
    into: &mut Gatherer,
    at: Origin,
    row: usize,
    view: &View<'a>,
    giving: &mut Giving<'a>,
    looks: &LookUps<'a>,
) -> Read {
    if giving.given_up {
        return Read::Bad;
    }
    for check in &giving.only {
        match check.holds(row, view, looks) {
            Ok(true) => {}
            Ok(false) => return Read::Nothing,
            Err(sentence) => {
                into.problem(at, None, sentence);
                if !giving.only_missing {
                    into.left_out(giving.table, Row { at, cells: Vec::new() });
                }
                return Read::Bad;
            }
        }
    }
    if let Some((name, sentence)) = &giving.lacking {
        giving.given_up = true;
        let top = Origin { line: view.grid.heading_line.max(1), ..at };
        into.problem(top, Some(name), sentence.clone());
        return Read::Bad;
    }
    let mut cells = ForeignCells { row, view, giving, looks };
    // Where a person said so, a row without a figure that can be read is about the item and not about its level.
    for (n, column) in giving.table.columns().iter().enumerate() {
        if !column.required || !cells.or_blank(n) {
            continue;
        }
        let read = cells.text(n).and_then(|text| super::cells::read(column.kind, &text, &cells.spelling(n)));
        match read {
            Ok((Some(_), _)) => continue,
            Ok((None, _)) => {}
            Err(sentence) => into.warning(at, Some(cells.name(n)), format!("{sentence}{LEFT_OUT}")),
        }
        return Read::Nothing;
    }
    into.read_row(giving.table, at, &mut cells, giving.only_missing).map_or(Read::Bad, Read::Row)
}

fn resolved<'a>(gives: &'a Gives, view: &View<'a>, looks: &mut LookUps<'a>) -> Giving<'a> {
    let mut lacking = None;
    let mut columns = Vec::with_capacity(gives.table.columns().len());
    for column in gives.table.columns() {
        let decimals = match column.kind {
            Kind::Money => 4,
            Kind::Quantity | Kind::Positive => 3,
            _ => 9,
        };
        let value = gives.columns.get(column.name).map(|say| view.value(say, decimals, looks));
        if column.required && value.as_ref().is_some_and(Value::is_absent) {
            let heading = value.as_ref().and_then(|v| v.heading).unwrap_or(column.name);
            let sentence =
                format!("This column is missing, and {} is read from it: export the file with it.", column.name);
            lacking.get_or_insert((heading, sentence));
        }
        columns.push(value);
    }
    let only = gives.only.iter().map(|c| view.check(c, looks)).collect();
    Giving { table: gives.table, only_missing: gives.only_missing, only, columns, lacking, given_up: false }
}

struct ForeignCells<'r, 'a> {
    row: usize,
    view: &'r View<'a>,
    giving: &'r Giving<'a>,
    looks: &'r LookUps<'a>,
}

impl<'a> ForeignCells<'_, 'a> {
    fn value(&self, column: usize) -> Option<&Value<'a>> {
        self.giving.columns.get(column).and_then(Option::as_ref)
    }
}

impl<'a> Cells<'a> for ForeignCells<'_, 'a> {
    fn text(&mut self, column: usize) -> Result<Cow<'a, str>, String> {
        self.value(column).map_or(Ok(Cow::Borrowed("")), |v| v.text(self.row, self.view, self.looks))
    }
    fn spelling(&self, column: usize) -> Spelling<'a> {
        let Some(value) = self.value(column) else { return self.view.spelling(&[]) };
        let spelling = self.view.spelling(value.dates);
        // What was reckoned is a plain decimal already, and so is a number of a workbook; its dates are ISO.
        if value.is_reckoned() {
            return Spelling { decimal: Some('.'), thousands: None, ..spelling };
        }
        if value.is_plain(self.row, self.view) {
            return Spelling { dates: &[], decimal: Some('.'), thousands: None, foreign: true };
        }
        match value.signs {
            (None, None) => spelling,
            (decimal, thousands) => Spelling { decimal, thousands, ..spelling },
        }
    }
    fn name(&self, column: usize) -> &'a str {
        let own = self.giving.table.columns().get(column).map_or("", |c| c.name);
        self.value(column).and_then(|v| v.heading).unwrap_or(own)
    }
    fn or_blank(&self, column: usize) -> bool {
        self.value(column).is_some_and(|v| v.or_blank)
    }
}

/// `5404` as `5,404`.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
