//! Suppliers, items and what hangs on them, customers.

use super::run::{
    Landed, Run, Stop, Taken, above_zero, cells, datum, need, need_quantity, or_null, text, thousandths, touch,
};
use crate::domain::quantity::Qty;
use crate::domain::text::same_words;
use crate::exchange::table::{Cell, LEFT_OUT, Row};
use crate::store::import::{self as rows, Bind, Datum, Keyed, KnownItem};
use crate::store::{Result, Tx};
use std::sync::LazyLock;

static SUPPLIER: LazyLock<Keyed> = LazyLock::new(|| {
    Keyed::new(
        "supplier",
        &["code"],
        &[
            "name",
            "contact_person",
            "email",
            "phone",
            "country",
            "lead_days",
            "min_order_value",
            "currency",
            "order_days",
            "cutoff",
            "note",
            "language",
        ],
    )
});
static ITEM: LazyLock<Keyed> = LazyLock::new(|| {
    Keyed::new(
        "item",
        &["sku"],
        &[
            "name",
            "note",
            "category",
            "unit",
            "cost",
            "price",
            "backorders",
            "backorder_limit",
            "available_on",
            "supplier_id",
            "bin_id",
            "min",
            "max",
            "pack",
            "service_level",
            "status",
        ],
    )
});
static BARCODE: LazyLock<Keyed> = LazyLock::new(|| Keyed::new("barcode", &["code"], &["item_id", "quantity"]));
static SUBSTITUTE: LazyLock<Keyed> =
    LazyLock::new(|| Keyed::new("substitute", &["item_id", "substitute_id"], &["rank", "note"]));
static ALIAS: LazyLock<Keyed> = LazyLock::new(|| Keyed::new("alias", &["channel", "code"], &["item_id", "quantity"]));
static SUPPLIER_ITEM: LazyLock<Keyed> = LazyLock::new(|| {
    Keyed::new(
        "supplier_item",
        &["supplier_id", "item_id"],
        &["supplier_sku", "cost", "min_quantity", "pack", "lead_days", "preferred"],
    )
});
static PRICE_BREAK: LazyLock<Keyed> =
    LazyLock::new(|| Keyed::new("price_break", &["supplier_id", "item_id", "from_quantity"], &["cost", "valid_until"]));
static CUSTOMER: LazyLock<Keyed> = LazyLock::new(|| {
    Keyed::new(
        "customer",
        &["code"],
        &[
            "name",
            "contact_person",
            "email",
            "phone",
            "city",
            "country",
            "language",
            "kind",
            "priority",
            "channel_preference",
            "note",
        ],
    )
});

/// Adds the row or writes the cells that differ. `blank` is what a new row has in a column that may not be NULL.
pub(super) fn upsert(
    tx: &mut Tx,
    table: &Keyed,
    key: &[&dyn Bind],
    cells: Vec<Option<Datum>>,
    blank: &[(usize, Datum)],
) -> Result<(i64, Landed)> {
    let found = table.find(tx, key)?;
    put(tx, table, key, found, cells, blank)
}

/// The same, of a row that was looked up already.
fn put(
    tx: &mut Tx,
    table: &Keyed,
    key: &[&dyn Bind],
    found: Option<(i64, Vec<Datum>)>,
    cells: Vec<Option<Datum>>,
    blank: &[(usize, Datum)],
) -> Result<(i64, Landed)> {
    if let Some((id, stored)) = found {
        let changed = table.change(tx, id, &stored, &cells)?;
        return Ok((id, if changed.is_empty() { Landed::Unchanged } else { Landed::Changed }));
    }
    let mut cells = or_null(cells);
    for (at, value) in blank {
        if let Some(cell) = cells.get_mut(*at).filter(|c| **c == Datum::Null) {
            *cell = value.clone();
        }
    }
    Ok((table.add(tx, key, &cells)?, Landed::New))
}

pub(super) fn supplier(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [code, rest @ ..] = cells::<13>(row)?;
    let code = need(code, "supplier")?;
    need(&rest[0], "name")?;
    if let (Some(currency), Some(ours)) = (text(&rest[7]), &run.currency)
        && !currency.eq_ignore_ascii_case(ours)
    {
        let sentence = format!("Prices in {currency} are taken as {ours}, the warehouse's currency.");
        run.warn(row.at, "currency", sentence);
    }
    let (id, landed) = upsert(tx, &SUPPLIER, &[&code], rest.iter().map(datum).collect(), &[])?;
    run.suppliers.put(code, id);
    Ok(landed)
}

pub(super) fn customer(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [code, rest @ ..] = cells::<12>(row)?;
    let code = need(code, "customer")?;
    need(&rest[0], "name")?;
    let (id, landed) = upsert(tx, &CUSTOMER, &[&code], rest.iter().map(datum).collect(), &[])?;
    run.customers.put(code, id);
    Ok(landed)
}

pub(super) fn item(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [
        sku,
        name,
        note,
        barcode,
        category,
        unit,
        cost,
        price,
        backorders,
        limit,
        available,
        supplier,
        bin,
        min,
        max,
        pack,
        level,
        status,
    ] = cells::<18>(row)?;
    let sku = need(sku, "sku")?;
    need(name, "name")?;
    above_zero(pack, "pack")?;
    if let (Some(min), Some(max)) = (thousandths(min), thousandths(max))
        && max < min
    {
        let (min, max) = (Qty::from_thousandths(min), Qty::from_thousandths(max));
        run.warn(row.at, "max", format!("The maximum {max} is below the minimum {min}."));
    }
    let supplier_id = text(supplier).map(|code| run.supplier(tx, code)).transpose()?;
    let known = run.items.find(tx, sku)?;
    let mut barcode = text(barcode);
    match barcode.map(|code| barcode_is_free(tx, code, known)).transpose() {
        Ok(_) => {}
        Err(Stop::Row(column, sentence)) if run.forgiving => {
            run.warn(row.at, column, format!("{sentence}{LEFT_OUT}"));
            barcode = None;
        }
        Err(stop) => return Err(stop),
    }
    let bin_id = text(bin).map(|code| run.bin(tx, code)).transpose()?;
    let found = ITEM.find(tx, &[&sku])?;
    let mut name = datum(name);
    if let (Some((_, stored)), Some(Datum::Text(new))) = (&found, &name)
        && let Some(Datum::Text(here)) = stored.first()
        && !same_words(here, new)
    {
        if run.forgiving && new == sku {
            name = None; // the sheet has no name for it: that erases none
        } else {
            let words = format!("`{new}` was called `{here}` here: it gets the new name.");
            run.warn(row.at, "name", words);
        }
    }
    let given = vec![
        name,
        datum(note),
        datum(category),
        datum(unit),
        datum(cost),
        datum(price),
        datum(backorders),
        datum(limit),
        datum(available),
        supplier_id.map(Datum::Integer),
        bin_id.map(Datum::Integer),
        datum(min),
        datum(max),
        datum(pack),
        datum(level),
        datum(status),
    ];
    let (id, mut landed) = put(tx, &ITEM, &[&sku], found, given, &[(15, Datum::Text("active".into()))])?;
    if let Some(code) = barcode
        && set_main_barcode(tx, id, code)?
        && landed == Landed::Unchanged
    {
        landed = Landed::Changed;
    }
    if landed != Landed::Unchanged {
        touch(tx, id);
    }
    run.items.put(sku, KnownItem { id, bin: bin_id.or(known.and_then(|k| k.bin)) });
    Ok(landed)
}

/// A sheet that is about items and calls a known one otherwise: its own name stays, and somebody should look whether it is
/// the same item.
pub(super) fn compare_name(run: &mut Run, tx: &Tx, row: &Row) -> Result<()> {
    let [Some(Cell::Text(sku)), Some(Cell::Text(name)), ..] = row.cells.as_slice() else { return Ok(()) };
    let Some((_, stored)) = ITEM.find(tx, &[sku])? else { return Ok(()) };
    if let Some(Datum::Text(here)) = stored.first()
        && name != sku
        && !same_words(here, name)
    {
        run.warn(row.at, "name", format!("`{name}` is called `{here}` here, and that stays."));
    }
    Ok(())
}

fn barcode_is_free(tx: &Tx, code: &str, item: Option<KnownItem>) -> std::result::Result<(), Stop> {
    match rows::barcode(tx, code)? {
        Some((_, other)) if item.is_none_or(|i| i.id != other) => {
            let other = rows::sku(tx, other)?.unwrap_or("another item".into());
            Err(Stop::Row("barcode", format!("Barcode {code} belongs to {other} already. One code is one item.")))
        }
        _ => Ok(()),
    }
}

/// Makes `code` the barcode that the items table names; the former one is renamed. Whether anything changed.
fn set_main_barcode(tx: &mut Tx, item: i64, code: &str) -> Result<bool> {
    let main = rows::main_barcode(tx, item)?;
    if main.as_ref().is_some_and(|(_, now)| now == code) {
        return Ok(false);
    }
    match (rows::barcode(tx, code)?, main) {
        (Some((id, _)), main) => {
            if let Some((former, _)) = main {
                tx.update("barcode", former, &[("main", Datum::Integer(0))])?;
            }
            tx.update("barcode", id, &[("main", Datum::Integer(1))])?;
        }
        (None, Some((id, _))) => {
            tx.update("barcode", id, &[("code", Datum::Text(code.into()))])?;
        }
        (None, None) => {
            tx.insert("barcode", &["code", "item_id", "main"], &[&code, &item, &1])?;
        }
    }
    Ok(true)
}

pub(super) fn barcode(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [code, sku, quantity] = cells::<3>(row)?;
    let code = need(code, "barcode")?;
    above_zero(quantity, "quantity")?;
    let item = run.item(tx, "sku", need(sku, "sku")?)?;
    let given = vec![Some(Datum::Integer(item.id)), datum(quantity)];
    Ok(upsert(tx, &BARCODE, &[&code], given, &[(1, Datum::Integer(Qty::ONE.thousandths()))])?.1)
}

pub(super) fn substitute(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [sku, other, rank, note] = cells::<4>(row)?;
    let item = run.item(tx, "sku", need(sku, "sku")?)?;
    let other = run.item(tx, "substitute", need(other, "substitute")?)?;
    if item.id == other.id {
        return Err(Stop::Row("substitute", "An item cannot stand in for itself. Name another.".into()));
    }
    Ok(upsert(tx, &SUBSTITUTE, &[&item.id, &other.id], vec![datum(rank), datum(note)], &[])?.1)
}

pub(super) fn alias(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [channel, code, sku, quantity] = cells::<4>(row)?;
    let (channel, code) = (need(channel, "channel")?, need(code, "code")?);
    above_zero(quantity, "quantity")?;
    let item = run.item(tx, "sku", need(sku, "sku")?)?;
    let given = vec![Some(Datum::Integer(item.id)), datum(quantity)];
    let one = Qty::ONE.thousandths();
    let (_, landed) = upsert(tx, &ALIAS, &[&channel, &code], given, &[(1, Datum::Integer(one))])?;
    let key = (channel.to_string(), code.to_string());
    let stands_for = thousandths(quantity).or(run.aliases.get(&key).map(|a| a.1)).unwrap_or(one);
    run.codes.insert(key.1.clone());
    run.aliases.insert(key, (item.id, stands_for));
    Ok(landed)
}

pub(super) fn supplier_item(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [supplier, sku, rest @ ..] = cells::<8>(row)?;
    let supplier = run.supplier(tx, need(supplier, "supplier")?)?;
    above_zero(&rest[3], "pack")?;
    let item = run.item(tx, "sku", need(sku, "sku")?)?;
    let given = rest.iter().map(datum).collect();
    Ok(upsert(tx, &SUPPLIER_ITEM, &[&supplier, &item.id], given, &[])?.1)
}

pub(super) fn price_break(run: &mut Run, tx: &mut Tx, row: &Row) -> Taken {
    let [supplier, sku, from, cost, until] = cells::<5>(row)?;
    let supplier = run.supplier(tx, need(supplier, "supplier")?)?;
    let from = need_quantity(from, "from_quantity")?;
    if !matches!(cost, Some(Cell::Money(_))) {
        return Err(Stop::Row("cost", "cost is blank. Every row needs one.".into()));
    }
    let item = run.item(tx, "sku", need(sku, "sku")?)?;
    let given = vec![datum(cost), datum(until)];
    Ok(upsert(tx, &PRICE_BREAK, &[&supplier, &item.id, &from], given, &[])?.1)
}
