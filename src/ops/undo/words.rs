//! What taking an operation back does, as a keeper says it.

use crate::domain::ids::OperationId;
use crate::domain::locale;
use crate::domain::quantity::Qty;
use crate::ops::settings;
use crate::store::undo::{Deed, Entry, Way, builds_on, named};
use crate::store::{Db, Result};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Places, settings and barcodes that a preview names before it only counts.
const NAMED: usize = 5;

/// A count as people here write it.
fn count(n: impl ToString) -> String {
    locale::here().figure(&n.to_string())
}

/// "put Chang in A1-04 back to 17"; "take back 2 shipments"; "remove 31 orders, 58 order lines".
pub(super) fn consequences(db: &Db, operation: OperationId, entries: &[Entry]) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let places = builds_on::places(db, operation)?;
    for place in places.iter().take(NAMED) {
        let after: Qty = place.level - place.moved;
        lines.push(format!("put {} in {} back to {after}", place.item_name, place.bin_code));
    }
    if places.len() > NAMED {
        lines.push(format!("put {} more places back to their former level", count(places.len() - NAMED)));
    }
    let rows = |table: &str| -> i64 {
        let of_it = entries.iter().filter(|e| e.table.name == table);
        of_it.filter(|e| matches!(e.deed, Deed::Insert)).map(|e| e.to - e.from + 1).sum()
    };
    let few = |table: &str| {
        let of_it = entries.iter().filter(|e| e.table.name == table);
        of_it.map(|e| e.to - e.from + 1).sum::<i64>() <= NAMED as i64
    };
    let mut counts: BTreeMap<(u8, &str), (i64, [&str; 2])> = BTreeMap::new();
    for entry in entries {
        let said = match entry.table.name {
            "setting" if few("setting") => of_setting(db, entry)?,
            "barcode" if few("barcode") => of_barcode(db, entry)?,
            _ => Vec::new(),
        };
        if !said.is_empty() {
            lines.extend(said);
            continue;
        }
        let verb = match (&entry.deed, entry.table.way) {
            (Deed::Insert, _) if entry.table.name == "brought_file" => continue, // no file is removed
            // Goods stand picked again, and the lines of what was shipped or received follow it.
            (Deed::Insert, Way::Withdraw) if entry.table.name == "pick_shipment" => continue,
            (Deed::Update(_), _) if entry.table.name == "order_line" && rows("shipment") > 0 => continue,
            (Deed::Update(_), _) if entry.table.name == "po_line" && rows("receipt") > 0 => continue,
            (Deed::Insert, Way::Remove) => 0,
            (Deed::Insert, Way::Withdraw) => 1,
            (Deed::Update(cells), _) if cells.keys().any(|c| c != "allocated") => 2,
            (Deed::Delete(_), _) => 3,
            _ => continue,
        };
        counts.entry((verb, entry.table.name)).or_insert((0, entry.table.words)).0 += entry.to - entry.from + 1;
    }
    let said = [("remove", ""), ("take back", ""), ("put", " back as before"), ("bring back", "")];
    for (verb, (before, after)) in said.iter().enumerate() {
        let parts: Vec<String> = counts
            .iter()
            .filter(|((v, _), _)| usize::from(*v) == verb)
            .map(|(_, (n, [one, many]))| format!("{} {}", count(n), if *n == 1 { one } else { many }))
            .collect();
        if !parts.is_empty() {
            lines.push(format!("{before} {}{after}", parts.join(", ")));
        }
    }
    match rows("brought_file") {
        0 => {}
        1 => lines.push("announce its file as new again".into()),
        n => lines.push(format!("announce {} files as new again", count(n))),
    }
    match rows("pick_shipment") {
        0 => {}
        1 => lines.push("let 1 line stand picked in its round again".into()),
        n => lines.push(format!("let {} lines stand picked in their round again", count(n))),
    }
    Ok(lines)
}

/// "set Two people count back to no". Nothing for a key that this program does not know.
fn of_setting(db: &Db, entry: &Entry) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for id in entry.from..=entry.to {
        let text = |value: Option<&Json>| value.and_then(Json::as_str).map(str::to_string);
        let (key, before) = match &entry.deed {
            Deed::Insert => (named::setting(db, id)?, None),
            Deed::Update(cells) => (named::setting(db, id)?, text(cells.get("value").and_then(|pair| pair.get(0)))),
            Deed::Delete(cells) => (text(cells.get("key")), text(cells.get("value"))),
        };
        let Some(setting) = key.as_deref().and_then(settings::find) else { return Ok(Vec::new()) };
        let before = before.unwrap_or_else(|| setting.default.to_string());
        out.push(match before.as_str() {
            "" => format!("leave {} empty again", setting.name),
            value => format!("set {} back to {}", setting.name, settings::spoken(value)),
        });
    }
    Ok(out)
}

/// "take the barcode 4006381333931 off Chang".
fn of_barcode(db: &Db, entry: &Entry) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for id in entry.from..=entry.to {
        out.push(match &entry.deed {
            Deed::Insert => match named::barcode(db, id)? {
                Some((code, name)) => format!("take the barcode {code} off {name}"),
                None => return Ok(Vec::new()),
            },
            Deed::Delete(cells) => {
                let code = cells.get("code").and_then(Json::as_str).unwrap_or_default();
                match cells
                    .get("item_id")
                    .and_then(Json::as_i64)
                    .map(|item| named::item(db, item))
                    .transpose()?
                    .flatten()
                {
                    Some(name) => format!("give {name} its barcode {code} back"),
                    None => return Ok(Vec::new()),
                }
            }
            Deed::Update(_) => return Ok(Vec::new()),
        });
    }
    Ok(out)
}
