//! Blind count sheets: a session on paper or in a spreadsheet, and its figures read back.

use super::standing::in_order;
use super::store::{self, NewScan};
use super::{counter::decision, still_open};
use crate::domain::counting::folding::Kind;
use crate::domain::ids::{BinId, ItemId, SessionId};
use crate::domain::quantity::Qty;
use crate::exchange::reader::{self, Grid, Layout};
use crate::exchange::sheet::{Sheet, Value};
use crate::exchange::workbook::Workbook;
use crate::ops::scanning;
use crate::store::{Act, Db, Failure, Result, Store, goods, scanning as codes};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The columns of a sheet. What the book says is not among them.
pub const COLUMNS: [&str; 5] = ["bin", "sku", "name", "unit", "counted"];

/// The sheet of a session, in the order of the bins; `counted` is left to be filled in.
pub fn blind(db: &Db, session: SessionId) -> Result<Sheet> {
    let places = store::places(db, session)?;
    if places.is_empty() {
        return Err(Failure::refused(
            "This session counts whatever is scanned: it has no sheet. Begin one with a scope.",
        ));
    }
    let mut rows = Vec::new();
    for bin in in_order(&places) {
        let Ok(known) = goods::bin(db, bin) else { continue };
        let items = expected(db, &places, bin)?;
        for item in &items {
            let Some(thing) = store::thing(db, *item)? else { continue };
            rows.push(vec![
                Value::text(known.code.clone()),
                Value::text(thing.sku),
                Value::text(thing.name),
                Value::maybe_text(thing.unit.as_deref()),
                Value::None,
            ]);
        }
        if items.is_empty() {
            rows.push(vec![Value::text(known.code), Value::None, Value::None, Value::None, Value::None]);
        }
    }
    Ok(Sheet { name: "count", columns: COLUMNS.to_vec(), rows })
}

/// The sheet as a page to print: a line to write on behind each item.
pub fn page(title: &str, sheet: &Sheet) -> String {
    let mut out = format!("Count sheet: {title}      Counted by ______________________  on ______________\n\n");
    out += &format!("{:<10} {:<16} {:<40} {:<6} counted\n", "bin", "sku", "item", "unit");
    let mut bin = "";
    for row in &sheet.rows {
        let cell = |at: usize| if let Some(Value::Text(t)) = row.get(at) { t.as_str() } else { "" };
        if cell(0) != bin {
            bin = cell(0);
            out.push('\n');
        }
        let name: String = cell(2).chars().take(40).collect();
        out += &format!("{:<10} {:<16} {name:<40} {:<6} ________\n", cell(0), cell(1), cell(3));
    }
    out
}

/// The table in a file that was filled in: .xlsx, else with separators.
pub fn grid_of(file: &Path) -> Result<Grid> {
    let bytes = reader::bytes_of(file).map_err(Failure::usage)?;
    if file.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
        return Ok(Workbook::open(bytes).map_err(Failure::usage)?.grid(Layout::default()));
    }
    Ok(reader::delimited(&bytes, Layout::default()))
}

/// What the sheet names in a bin.
fn expected(db: &Db, places: &[store::Place], bin: BinId) -> Result<BTreeSet<ItemId>> {
    let mut items: BTreeSet<ItemId> = places.iter().filter(|p| p.0 == bin).filter_map(|p| p.1).collect();
    if places.contains(&(bin, None)) {
        items.extend(store::book_of_bin(db, bin)?.into_iter().filter(|(_, q)| !q.is_zero()).map(|(item, _)| item));
    }
    Ok(items)
}

/// Something that cannot be read, at a line of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    pub line: u32,
    pub sentence: String,
}

/// What was read back.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReadBack {
    pub bins: usize,
    pub lines: usize,
    /// Bins that were read before.
    pub before: usize,
    /// If there are any, nothing was taken.
    pub problems: Vec<Problem>,
}

type Figures = BTreeMap<BinId, BTreeMap<ItemId, (Qty, u32)>>;

/// Reads a filled sheet back as this person's count. A row without a figure is not counted; a bin counts only when all
/// its rows have one; 0 in a row without an item says that nothing lies in the bin. The same sheet twice counts once.
pub fn read_back(store: &mut Store, act: &Act, session: SessionId, grid: &Grid) -> Result<ReadBack> {
    let mut out = ReadBack::default();
    out.problems.extend(grid.faults.iter().map(|f| Problem { line: f.line, sentence: f.sentence.clone() }));
    let figures = figures(store.db(), session, grid, &mut out.problems)?;
    if !out.problems.is_empty() {
        out.problems.sort_by_key(|p| p.line);
        return Ok(out);
    }
    store.record("read a count sheet", |db| {
        still_open(db, session)?;
        for (bin, items) in &figures {
            let uid = |item: Option<ItemId>, counted: Qty| {
                format!("sheet {} {} {} {} {counted}", session.0, act.operator, bin.0, item.map_or(0, |i| i.0))
            };
            let empty = uid(None, Qty::ZERO);
            let mut all_known = !items.is_empty() || store::by_uid(db, &empty)?.is_some();
            for (item, (counted, _)) in items {
                all_known &= store::by_uid(db, &uid(Some(*item), *counted))?.is_some();
            }
            if all_known {
                out.before += 1;
                continue;
            }
            let mine = store::visits_of(db, session, &act.operator)?;
            let row = |kind| NewScan { uid: None, bin: Some(*bin), ..decision(act, session, kind) };
            let before = mine.iter().find(|(_, b)| b == bin).map(|(v, _)| *v);
            let again = before.map(|v| store::asked_again_since(db, session, *bin, v)).transpose()?.unwrap_or(false);
            let visit = before.filter(|_| !again);
            let id = store::append(db, &NewScan { visit, ..row(Kind::Bin) })?;
            let visit = Some(visit.unwrap_or(id));
            for (item, (counted, _)) in items {
                let known = uid(Some(*item), *counted);
                let known = if store::by_uid(db, &known)?.is_some() { None } else { Some(known) };
                let set = NewScan {
                    uid: known.as_deref(),
                    visit,
                    item: Some(*item),
                    quantity: Some(*counted),
                    total: Some(*counted),
                    ..row(Kind::Set)
                };
                store::append(db, &set)?;
            }
            if items.is_empty() {
                store::append(db, &NewScan { uid: Some(&empty), visit, ..row(Kind::Empty) })?;
            }
            store::append(db, &NewScan { visit, ..row(Kind::Done) })?;
            (out.bins, out.lines) = (out.bins + 1, out.lines + items.len());
        }
        Ok(())
    })?;
    Ok(out)
}

fn figures(db: &Db, session: SessionId, grid: &Grid, problems: &mut Vec<Problem>) -> Result<Figures> {
    let [bin, sku, counted] = ["bin", "sku", "counted"].map(|name| grid.column(name));
    let (Some(bin), Some(sku), Some(counted)) = (bin, sku, counted) else {
        let sentence = "The sheet needs the columns bin, sku and counted.".to_string();
        problems.push(Problem { line: grid.heading_line, sentence });
        return Ok(Figures::new());
    };
    let mut out = Figures::new();
    for row in 0..grid.len() {
        let line = grid.line(row);
        let mut wrong = |sentence: String| problems.push(Problem { line, sentence });
        let cell = |column| grid.cell(row, column).trim();
        let figure = cell(counted);
        if figure.is_empty() {
            continue;
        }
        let Some(place) = scanning::bin_by_code(db, cell(bin))? else {
            wrong(format!("bin: There is no bin \"{}\".", cell(bin)));
            continue;
        };
        if cell(sku).is_empty() {
            match Qty::parse(figure) {
                Some(Qty::ZERO) => {
                    out.entry(place.id).or_default();
                }
                _ => wrong(format!(
                    "sku: {figure} of what lie in {}? Write the SKU, or 0 where nothing lies.",
                    place.code
                )),
            }
            continue;
        }
        let Some(item) = codes::by_sku(db, cell(sku))? else {
            wrong(format!("sku: There is no item \"{}\".", cell(sku)));
            continue;
        };
        let Some(quantity) = Qty::parse(figure).filter(|q| !q.is_negative()) else {
            wrong(format!(
                "counted: \"{figure}\" is not a quantity. Type digits, as 12 or 0.5; 0 where there is none."
            ));
            continue;
        };
        if let Some((_, first)) = out.entry(place.id).or_default().insert(item, (quantity, line)) {
            wrong(format!("{} in {} stands twice, also in line {first}. Add the two up.", cell(sku), place.code));
        }
    }
    let places = store::places(db, session)?;
    for (bin, items) in &out {
        for item in expected(db, &places, *bin)?.difference(&items.keys().copied().collect()) {
            let (Some(thing), Ok(bin)) = (store::thing(db, *item)?, goods::bin(db, *bin)) else { continue };
            let line = items.values().map(|i| i.1).min().unwrap_or(0);
            let sentence = format!("{} in {} has no figure: write 0 where there is none.", thing.sku, bin.code);
            problems.push(Problem { line, sentence });
        }
    }
    Ok(out)
}
