//! The statements that take rows back.

use super::builds_on::DERIVED;
use super::{Undoable, column};
use crate::domain::ids::ItemId;
use crate::store::cells::MOMENT;
use crate::store::{Db, Failure, Result, Tx};
use rusqlite::types::Value;
use rusqlite::{ErrorCode, OptionalExtension, params, params_from_iter};
use serde_json::{Map, Value as Json};

/// The items whose demand, supply or stock hangs on these rows.
pub fn items_of(db: &Db, table: &Undoable, from: i64, to: i64) -> Result<Vec<ItemId>> {
    let sql = match table.name {
        "item" => "SELECT id FROM item WHERE id BETWEEN ?1 AND ?2",
        "movement" => "SELECT DISTINCT item_id FROM movement WHERE id BETWEEN ?1 AND ?2",
        "stated_level" => "SELECT DISTINCT item_id FROM stated_level WHERE id BETWEEN ?1 AND ?2",
        "count_entry" => "SELECT DISTINCT item_id FROM count_entry WHERE id BETWEEN ?1 AND ?2",
        "order_line" => "SELECT DISTINCT item_id FROM order_line WHERE id BETWEEN ?1 AND ?2",
        "po_line" => "SELECT DISTINCT item_id FROM po_line WHERE id BETWEEN ?1 AND ?2",
        "purchase_order" => "SELECT DISTINCT item_id FROM po_line WHERE po_id BETWEEN ?1 AND ?2",
        "bin" => "SELECT DISTINCT item_id FROM level WHERE bin_id BETWEEN ?1 AND ?2",
        "customer_order" => {
            "SELECT DISTINCT item_id FROM order_line WHERE order_id BETWEEN ?1 AND ?2 AND shipped + cancelled < quantity"
        }
        "promise" => {
            "SELECT DISTINCT l.item_id FROM promise p JOIN order_line l ON l.order_id = p.order_id
             WHERE p.id BETWEEN ?1 AND ?2 AND l.shipped + l.cancelled < l.quantity"
        }
        "customer" => {
            "SELECT DISTINCT l.item_id FROM customer_order o JOIN order_line l ON l.order_id = o.id
             WHERE o.customer_id BETWEEN ?1 AND ?2 AND l.shipped + l.cancelled < l.quantity"
        }
        _ => return Ok(Vec::new()),
    };
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([from, to], |r| r.get(0).map(ItemId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Within this transaction a row may point at one that comes back (or goes) a moment later; the commit checks.
pub fn defer_pointers(tx: &Tx) -> Result<()> {
    Ok(tx.pragma_update(None, "defer_foreign_keys", true)?)
}

/// Reversing rows for the movements `from..=to`.
pub fn reverse_movements(tx: &mut Tx, from: i64, to: i64) -> Result<()> {
    let act = tx.act();
    let at = act.today.and_time(act.now.time()).format(MOMENT).to_string();
    let (operator, operation) = (act.operator.clone(), tx.operation().0);
    let first: i64 = tx.query_row("SELECT coalesce(max(id), 0) + 1 FROM movement", [], |r| r.get(0))?;
    let n = tx
        .prepare_cached(
            "INSERT INTO movement (at, item_id, bin_id, quantity, reason, reference, note, operator, operation_id, reverses)
             SELECT ?1, item_id, bin_id, -quantity, 'undo', reference, note, ?2, ?3, id
             FROM movement m WHERE id BETWEEN ?4 AND ?5
               AND NOT EXISTS (SELECT 1 FROM movement r WHERE r.reverses = m.id) ORDER BY id",
        )?
        .execute(params![at, operator, operation, from, to])?;
    for id in first..first + n as i64 {
        tx.note_insert("movement", id);
    }
    Ok(())
}

/// Marks the rows as withdrawn: they count for nothing from now on.
pub fn withdraw(tx: &mut Tx, table: &'static Undoable, from: i64, to: i64) -> Result<()> {
    let operation = tx.operation().0;
    let sql =
        format!("UPDATE {} SET withdrawn_by = ?1 WHERE id BETWEEN ?2 AND ?3 AND withdrawn_by IS NULL", table.name);
    tx.prepare_cached(&sql)?.execute([operation, from, to])?;
    tx.note_change(table.name, from, to, format!("{{\"withdrawn_by\":[null,{operation}]}}"));
    Ok(())
}

/// Removes the rows, with what is kept beside them for speed and what points at them without counting any more.
pub fn remove(tx: &mut Tx, table: &'static Undoable, from: i64, to: i64) -> Result<()> {
    let beside: &[&str] = match table.name {
        "item" => &[
            "DELETE FROM level WHERE quantity = 0 AND item_id BETWEEN ?1 AND ?2",
            "DELETE FROM item_state WHERE item_id BETWEEN ?1 AND ?2",
            "DELETE FROM item_plan WHERE item_id BETWEEN ?1 AND ?2",
        ],
        "bin" => &["DELETE FROM level WHERE quantity = 0 AND bin_id BETWEEN ?1 AND ?2"],
        "customer_order" => &[
            "DELETE FROM promise WHERE order_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL",
            "DELETE FROM not_told WHERE order_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL",
            "DELETE FROM refund WHERE order_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL",
        ],
        "order_line" => &[
            "DELETE FROM promise WHERE line_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL",
            "DELETE FROM shipment WHERE line_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL",
        ],
        "po_line" => &["DELETE FROM receipt WHERE po_line_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL"],
        "purchase_order" => &["DELETE FROM chase WHERE po_id BETWEEN ?1 AND ?2 AND withdrawn_by IS NOT NULL"],
        _ => &[],
    };
    for sql in beside {
        tx.execute(sql, [from, to])?;
    }
    tx.execute(&format!("DELETE FROM {} WHERE id BETWEEN ?1 AND ?2", table.name), [from, to])?;
    tx.note_removal(table.name, from, to);
    Ok(())
}

/// Gives a row the cells that it had before. A cell that holds something else than the operation left is refused,
/// but for derived ones: they are restored where they still stand and limited to what is open.
pub fn restore_cells(tx: &mut Tx, table: &'static Undoable, id: i64, cells: &Map<String, Json>) -> Result<()> {
    let names = cells.keys().map(|name| column(name)).collect::<Result<Vec<&str>>>()?;
    let sql = format!("SELECT {} FROM {} WHERE id = ?1", names.join(","), table.name);
    let now: Option<Vec<Value>> =
        tx.prepare_cached(&sql)?.query_row([id], |r| (0..names.len()).map(|i| r.get(i)).collect()).optional()?;
    let Some(now) = now else {
        return Ok(()); // the row went with the operation that made it
    };
    let (mut sets, mut values, mut journal) = (Vec::new(), Vec::new(), Map::new());
    for ((name, pair), now) in names.iter().zip(cells.values()).zip(now) {
        let (before, after) = (value(pair.get(0)), value(pair.get(1)));
        if now != after {
            if DERIVED.contains(name) {
                continue;
            }
            return Err(Failure::refused(format!(
                "Not possible: {} {id} has another {} by now. Look at it and correct it by hand.",
                table.words[0],
                name.replace('_', " ")
            )));
        }
        journal.insert((*name).to_string(), Json::Array(vec![json(&now), json(&before)]));
        sets.push(format!("{name} = ?"));
        values.push(before);
    }
    if sets.is_empty() {
        return Ok(());
    }
    if table.name == "order_line" {
        let allocated = allocated_within(tx, id, &journal)?;
        let at = sets.iter().position(|s| s.starts_with("allocated "));
        match at.and_then(|at| values.get_mut(at)) {
            Some(value) => *value = Value::Integer(allocated),
            None => {
                sets.push("allocated = ?".into());
                values.push(Value::Integer(allocated));
            }
        }
    }
    values.push(Value::Integer(id));
    let sql = format!("UPDATE {} SET {} WHERE id = ?", table.name, sets.join(", "));
    tx.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    tx.note_change(table.name, id, id, Json::Object(journal).to_string());
    Ok(())
}

/// What stays reserved to a line once it has these cells: as before, but no more than is then open.
fn allocated_within(db: &Db, id: i64, cells: &Map<String, Json>) -> Result<i64> {
    let now: [i64; 4] = db
        .prepare_cached("SELECT quantity, shipped, cancelled, allocated FROM order_line WHERE id = ?1")?
        .query_row([id], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))?;
    let then = |name: &str, now: i64| cells.get(name).and_then(|pair| pair.get(1)?.as_i64()).unwrap_or(now);
    let [quantity, shipped, cancelled, allocated] = now;
    let open = then("quantity", quantity) - then("shipped", shipped) - then("cancelled", cancelled);
    Ok(then("allocated", allocated).min(open).max(0))
}

/// Brings a removed row back.
pub fn bring_back(tx: &mut Tx, table: &'static Undoable, id: i64, cells: &Map<String, Json>) -> Result<()> {
    let names = cells.keys().map(|name| column(name)).collect::<Result<Vec<&str>>>()?;
    let taken: bool = tx
        .prepare_cached(&format!("SELECT EXISTS (SELECT 1 FROM {} WHERE id = ?1)", table.name))?
        .query_row([id], |r| r.get(0))?;
    let anew = || {
        Failure::refused(format!(
            "Not possible: {} {id} was made anew since. Look at it and correct it by hand.",
            table.words[0]
        ))
    };
    if taken || names.is_empty() {
        return Err(anew());
    }
    let marks = vec!["?"; names.len()].join(",");
    let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", table.name, names.join(","));
    // The same under another number counts as made anew too: a price from 48 on, typed again.
    let back = tx.prepare_cached(&sql)?.execute(params_from_iter(cells.values().map(|v| value(Some(v)))));
    back.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => anew(),
        _ => error.into(),
    })?;
    tx.note_insert(table.name, id);
    Ok(())
}

fn value(json: Option<&Json>) -> Value {
    match json {
        Some(Json::String(text)) => Value::Text(text.clone()),
        Some(Json::Number(n)) => match n.as_i64() {
            Some(n) => Value::Integer(n),
            None => n.as_f64().map_or(Value::Null, Value::Real),
        },
        Some(Json::Bool(yes)) => Value::Integer(i64::from(*yes)),
        _ => Value::Null,
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Blob(_) => Json::Null,
        Value::Integer(n) => (*n).into(),
        Value::Real(x) => serde_json::Number::from_f64(*x).map_or(Json::Null, Json::Number),
        Value::Text(text) => text.clone().into(),
    }
}
