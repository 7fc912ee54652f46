//! The past of an item, a bin, an order or a PO as a story: who did what when and why, with the operation's number and,
//! of goods, what it came to.

use crate::domain::ids::{BinId, ItemId, OperationId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::exchange::sheet::{Sheet, Value};
use crate::ops::scanning::{self, Meaning};
use crate::store::history::{self as store, Count, Deed, Done, Goods, Movement};
use crate::store::{Db, Failure, Result, goods};
use chrono::NaiveDate;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};

/// Whose story.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    Item(ItemId),
    Bin(BinId),
    Order(i64),
    Po(i64),
}

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    pub operation: OperationId,
    /// Moment, ISO.
    pub at: String,
    pub operator: String,
    /// "received PO-75"; "counted 17: right"; "price 4.99, was 5.20".
    pub what: String,
    /// What the whole operation was, as the undo list has it.
    pub summary: String,
    /// How much came or went.
    pub change: Option<Qty>,
    /// What was there afterwards: of the item everywhere, or of this item in the bin.
    pub level: Option<Qty>,
    pub bin: Option<(BinId, String)>,
    /// In the story of a bin.
    pub item: Option<String>,
    /// It was taken back since.
    pub gone: bool,
}

/// A story, newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct History {
    pub title: String,
    pub events: Vec<Event>,
    /// There is more of it than is told.
    pub more: bool,
}

/// Who is meant: an item by SKU or barcode, a bin, an order, a PO.
pub fn find(db: &Db, text: &str, today: NaiveDate) -> Result<Subject> {
    let text = text.trim();
    for code in [text.to_string(), text.to_uppercase()] {
        if let Some(order) = store::order(db, &code)? {
            return Ok(Subject::Order(order));
        }
        if let Some(po) = crate::store::scanning::po(db, &code)? {
            return Ok(Subject::Po(po.0));
        }
    }
    match scanning::meaning(db, text, today)? {
        Meaning::Item { item, .. } => Ok(Subject::Item(item)),
        Meaning::Bin(bin) => Ok(Subject::Bin(bin.id)),
        Meaning::Po(po) => Ok(Subject::Po(po.0)),
        _ => Err(Failure::refused(format!("No item, bin, order or PO is called {text}."))),
    }
}

/// Tells a story, at most `limit` of its events.
pub fn history(db: &Db, subject: Subject, limit: usize) -> Result<History> {
    let (title, mut events) = match subject {
        Subject::Item(item) => {
            let record = goods::item(db, item)?;
            let mut events = of_goods(db, Goods::Item(item), limit)?;
            events.extend(of_rows(db, "item", &[item.0])?);
            events.extend(of_rows(db, "barcode", &store::barcodes(db, item)?)?);
            (format!("{}  {}", record.sku, record.name), events)
        }
        Subject::Bin(bin) => (format!("Bin {}", goods::bin(db, bin)?.code), of_goods(db, Goods::Bin(bin), limit)?),
        Subject::Order(order) => (
            store::paper_name(db, "customer_order", order)?,
            of_paper(db, store::rows_of_order(db, order)?, store::dated_of_order(db, order)?)?,
        ),
        Subject::Po(po) => (
            store::paper_name(db, "purchase_order", po)?,
            of_paper(db, store::rows_of_po(db, po)?, store::dated_of_po(db, po)?)?,
        ),
    };
    // Stable: movements that bear the same moment stay in their order. What bears a day alone stands as it was done.
    let done = |e: &Event| if e.at.len() == "2026-11-23".len() { e.operation.0 } else { 0 };
    events.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| done(b).cmp(&done(a))));
    let more = events.len() > limit;
    events.truncate(limit);
    Ok(History { title, events, more })
}

fn event(done: &Done, what: String) -> Event {
    Event {
        operation: done.operation,
        at: done.at.clone(),
        operator: done.operator.clone(),
        what,
        summary: done.summary.clone(),
        change: None,
        level: None,
        bin: None,
        item: None,
        gone: done.gone,
    }
}

/// Movements with what they came to, worked back from today's level, and the counts that found all right.
fn of_goods(db: &Db, of: Goods, limit: usize) -> Result<Vec<Event>> {
    let at_most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut counts: BTreeMap<(i64, i64, i64), Count> = BTreeMap::new();
    for count in store::counts(db, of, at_most)? {
        counts.insert((count.done.operation.0, count.item.0, count.bin.0), count);
    }
    let mut levels: HashMap<ItemId, Qty> = store::levels(db, of)?.into_iter().collect();
    let in_bin = matches!(of, Goods::Bin(_));
    let mut events = Vec::new();
    for movement in store::movements(db, of, at_most)? {
        let level = levels.entry(movement.item).or_default();
        let after = *level;
        *level -= movement.quantity;
        let count = counts.remove(&(movement.done.operation.0, movement.item.0, movement.bin.0));
        events.push(Event {
            change: Some(movement.quantity),
            level: Some(after),
            bin: Some((movement.bin, movement.bin_code.clone())),
            item: Some(movement.item_name.clone()).filter(|_| in_bin),
            ..event(&movement.done, moved_words(&movement, count.as_ref()))
        });
    }
    let cut = (events.len() > limit).then(|| events.last().map(|e| e.at.clone())).flatten();
    for count in counts.into_values().filter(|c| cut.as_ref().is_none_or(|cut| c.done.at >= *cut)) {
        events.push(Event {
            bin: Some((count.bin, count.bin_code.clone())),
            item: Some(count.item_name.clone()).filter(|_| in_bin),
            ..event(&count.done, counted_words(&count))
        });
    }
    Ok(events)
}

fn counted_words(count: &Count) -> String {
    if count.book == count.counted {
        format!("counted {}: right", count.counted)
    } else {
        format!("counted {}, should have been {}", count.counted, count.book)
    }
}

fn moved_words(m: &Movement, count: Option<&Count>) -> String {
    let reference = m.reference.as_deref().unwrap_or("");
    let what = match m.reason.as_str() {
        "count" => match count {
            Some(count) => format!("{} {reference}", counted_words(count)),
            None => format!("counted {reference}"),
        },
        "receipt" => format!("received {reference}"),
        "rejected" => format!("received {reference}, bad"),
        "shipment" => format!("shipped {reference}"),
        "move" if m.quantity.is_negative() => format!("moved to {reference}"),
        "move" => format!("moved from {reference}"),
        "opening" => "there when the book began".into(),
        "undo" => return m.done.summary.clone(),
        reason => format!("{reason} {reference}"),
    };
    let note = m.note.as_deref().filter(|n| !n.is_empty()).map_or(String::new(), |n| format!(": {n}"));
    format!("{}{note}", what.trim())
}

/// What was changed in rows of a table.
fn of_rows(db: &Db, table: &str, rows: &[i64]) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for deed in store::deeds(db, table, rows)? {
        let what = match (deed.action.as_str(), table) {
            ("insert", "barcode") => "a barcode was added".to_string(),
            ("insert", _) => "put on file".to_string(),
            ("delete", _) => "taken off the file".to_string(),
            _ => changes(&deed),
        };
        if !what.is_empty() {
            events.push(event(&deed.done, what));
        }
    }
    Ok(events)
}

/// What bears a date of its own, and the operations that touched an order or a PO, each once, with what it changed in
/// its lines.
fn of_paper(db: &Db, tables: Vec<(&'static str, Vec<i64>)>, dated: Vec<(Done, String)>) -> Result<Vec<Event>> {
    let mut by_operation: BTreeMap<i64, (Event, Vec<String>)> = BTreeMap::new();
    for (table, rows) in tables {
        for deed in store::deeds(db, table, &rows)? {
            let known = by_operation.entry(deed.done.operation.0);
            let (_, details) = known.or_insert_with(|| (event(&deed.done, deed.done.summary.clone()), Vec::new()));
            let words = if deed.action == "update" { changes(&deed) } else { String::new() };
            if !words.is_empty() {
                let line = store::line_name(db, table, deed.row)?;
                details.push(line.map_or(words.clone(), |line| format!("line {line}: {words}")));
            }
        }
    }
    let mut events: Vec<Event> = dated.iter().map(|(done, words)| event(done, words.clone())).collect();
    // What came to a record with its own date is told by that record; an operation is told where it changed more.
    let told: Vec<i64> = events.iter().map(|e| e.operation.0).collect();
    events.extend(by_operation.into_values().rev().filter_map(|(mut event, details)| {
        if details.is_empty() && told.contains(&event.operation.0) && event.operation.0 != 0 {
            return None;
        }
        if !details.is_empty() {
            event.what = format!("{}; {}", event.what, details.join("; "));
        }
        Some(event)
    }));
    Ok(events)
}

/// "price 4.99, was 5.20", for every cell that says something to a person.
fn changes(deed: &Deed) -> String {
    let words = deed.cells.iter().filter_map(|(column, pair)| {
        let (before, after) = (shown(column, pair.get(0)), shown(column, pair.get(1)));
        let name = match column.as_str() {
            "id" | "withdrawn_by" | "set_rank" | "rank" => return None,
            "bin_id" => return Some("another home bin".to_string()),
            "supplier_id" => return Some("another supplier".to_string()),
            name if name.ends_with("_id") => return None,
            "allocated" => "put aside".to_string(),
            name => name.replace('_', " "),
        };
        Some(match (before.is_empty(), after.is_empty()) {
            (true, _) => format!("{name} {after}"),
            (_, true) => format!("no {name} any more, was {before}"),
            _ => format!("{name} {after}, was {before}"),
        })
    });
    words.collect::<Vec<_>>().join("; ")
}

fn shown(column: &str, cell: Option<&Json>) -> String {
    const MONEY: [&str; 5] = ["cost", "price", "paid_amount", "min_order_value", "offer_cost"];
    const QUANTITY: [&str; 12] = [
        "quantity",
        "allocated",
        "shipped",
        "cancelled",
        "received",
        "rejected",
        "refunded",
        "min",
        "max",
        "pack",
        "backorder_limit",
        "packed",
    ];
    match cell {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(n)) => match n.as_i64() {
            Some(n) if MONEY.contains(&column) => Money::from_ten_thousandths(n).to_string(),
            Some(n) if QUANTITY.contains(&column) => Qty::from_thousandths(n).to_string(),
            _ => n.to_string(),
        },
        _ => String::new(),
    }
}

/// The story as a table.
pub fn sheet(history: &History) -> Sheet {
    let row = |e: &Event| {
        vec![
            Value::Count(e.operation.0),
            Value::Moment(e.at.clone()),
            Value::text(e.operator.clone()),
            Value::maybe_text(e.bin.as_ref().map(|b| b.1.as_str())),
            Value::maybe_text(e.item.as_deref()),
            Value::maybe_quantity(e.change),
            Value::maybe_quantity(e.level),
            Value::text(e.what.clone()),
            Value::YesNo(e.gone),
        ]
    };
    Sheet {
        name: "history",
        columns: vec!["operation", "at", "operator", "bin", "item", "change", "level", "what", "taken_back"],
        rows: history.events.iter().map(row).collect(),
    }
}
