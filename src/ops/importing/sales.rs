//! Orders, then their lines. Records: no stock moves.

use super::Progress;
use super::parts::{Parts, share};
use super::run::{
    Landed, Run, Stated, Stop, Taken, cells, date, datum, need, need_quantity, or_null, text, thousandths, touch,
};
use crate::domain::quantity::Qty;
use crate::exchange::table::{Cell, Origin, Row, Table};
use crate::store::import::{self as rows, Datum, Keyed, KnownOrder};
use crate::store::{Result, Tx};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static ORDER: LazyLock<Keyed> = LazyLock::new(|| {
    Keyed::new(
        "customer_order",
        &["code"],
        &[
            "customer_id",
            "ordered_on",
            "channel",
            "kind",
            "paid",
            "paid_amount",
            "refunded_on",
            "promised_on",
            "deliver_by",
            "stated_status",
            "note",
        ],
    )
});
/// Where `promised_on` stands among the columns of [`ORDER`].
const ORDER_PROMISE: usize = 7;
/// Where `stated_status` stands among them.
const ORDER_STATUS: usize = 9;

static LINE: LazyLock<Keyed> = LazyLock::new(|| {
    Keyed::new(
        "order_line",
        &["order_id", "line"],
        &[
            "item_id",
            "quantity",
            "price",
            "promised_on",
            "shipped",
            "shipped_on",
            "cancelled",
            "allocated",
            "wanted_item_id",
        ],
    )
});

/// Why a promise changed that a file changed.
const REASON: &str = "imported";

/// Orders in two passes: an order may continue one that stands further down.
pub(super) fn orders(
    run: &mut Run,
    tx: &mut Tx,
    rows_read: Vec<Row>,
    progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let to_come: HashSet<String> =
        rows_read.iter().filter_map(|row| row.cells.first().and_then(text).map(String::from)).collect();
    let mut continued: Vec<(Origin, i64, String, Landed)> = Vec::new();
    run.each(tx, Table::Orders, rows_read, progress, |run, tx, row| {
        let continues = cells::<13>(row).map(|c| text(&c[10]))?;
        if let Some(older) = continues {
            let own = row.cells.first().and_then(text);
            if own == Some(older) {
                return Err(Stop::Row("continues", "An order cannot continue itself. Name the older one.".into()));
            }
            if !to_come.contains(older) {
                run.order(tx, older).map_err(|stop| match stop {
                    Stop::Row(_, sentence) | Stop::Orphan(_, sentence) => Stop::Row("continues", sentence),
                    failed => failed,
                })?;
            }
        }
        let (id, landed) = order(run, tx, row)?;
        if let Some(older) = continues {
            continued.push((row.at, id, older.to_string(), landed));
        }
        Ok(landed)
    })?;
    let mut older_of: HashMap<i64, i64> = HashMap::new();
    for (at, id, code, landed) in continued {
        let Some(older) = run.orders.find(tx, &code)?.map(|o| o.id) else {
            continue; // its row was not taken, which is told there
        };
        older_of.insert(id, older);
        if leads_back(tx, &older_of, id)? {
            run.problem(
                at,
                "continues",
                format!("Order {code} in turn continues this one. One of the two is the older."),
            );
            continue;
        }
        let changed = tx.update("customer_order", id, &[("continues_id", Datum::Integer(older))])?;
        if changed && landed == Landed::Unchanged {
            let counts = run.outcome.tables.entry(Table::Orders.name()).or_default();
            counts.unchanged = counts.unchanged.saturating_sub(1);
            counts.changed += 1;
        }
    }
    Ok(())
}

/// Whether following the older orders from `start`, those of the files and those on record, comes back to it.
fn leads_back(tx: &Tx, older_of: &HashMap<i64, i64>, start: i64) -> Result<bool> {
    let (mut at, mut seen) = (start, HashSet::new());
    while seen.insert(at) {
        let older = match older_of.get(&at) {
            Some(&older) => older,
            None => match rows::continues(tx, at)? {
                Some(older) => older,
                None => return Ok(false),
            },
        };
        if older == start {
            return Ok(true);
        }
        at = older;
    }
    Ok(false)
}

fn order(run: &mut Run, tx: &mut Tx, row: &Row) -> std::result::Result<(i64, Landed), Stop> {
    let [code, customer, ordered_on, channel, kind, paid, amount, refunded, promised, deliver_by, _, status, note] =
        cells::<13>(row)?;
    let code = need(code, "order")?;
    let customer_code = need(customer, "customer")?;
    if ordered_on.is_none() {
        return Err(Stop::Row("ordered_on", "ordered_on is blank. Every order has a date.".into()));
    }
    let customer = run.customer(tx, customer_code)?;
    let mut given = vec![
        Some(Datum::Integer(customer)),
        datum(ordered_on),
        datum(channel),
        datum(kind),
        datum(paid),
        datum(amount),
        datum(refunded),
        datum(promised),
        datum(deliver_by),
        datum(status),
        datum(note),
    ];
    let stated = match status {
        Some(Cell::Choice(word)) => Some(*word),
        _ => None,
    };
    let known = run.orders.find(tx, code)?;
    let found = if known.is_some() { ORDER.find(tx, &[&code])? } else { None };
    let mut known = known.unwrap_or_default();
    let (id, landed) = match found {
        None => (ORDER.add(tx, &[&code], &or_null(given))?, Landed::New),
        Some((id, stored)) => {
            drop_what_lines_say(tx, id, &stored, &mut given)?;
            let anew = stored.get(ORDER_PROMISE).is_some_and(|first| *first != Datum::Null);
            let promised = given.get_mut(ORDER_PROMISE).filter(|_| anew).and_then(Option::take);
            let promised = promise(run, tx, id, None, promised)?;
            let changed = ORDER.change(tx, id, &stored, &given)?;
            let touching = ["kind", "promised_on", "ordered_on", "customer_id", "paid"];
            if promised || changed.iter().any(|c| touching.contains(c)) {
                for (_, item, ..) in rows::open_lines(tx, id)? {
                    touch(tx, item); // the order in which stock is given out may have changed
                }
            }
            (id, if promised || !changed.is_empty() { Landed::Changed } else { Landed::Unchanged })
        }
    };
    if let Some(word) = stated {
        let changed = known.status.as_deref() != Some(word);
        let known_before = landed != Landed::New;
        run.order_statuses.insert(id, Stated { status: word, known: known_before, changed, was_closed: false });
        known.status = Some(word.to_string());
    }
    if let Some(channel) = text(channel) {
        known.channel = Some(channel.to_string());
    }
    known.fresh |= landed == Landed::New;
    run.orders.put(code, KnownOrder { id, ..known });
    Ok((id, landed))
}

/// An export tells an order by its lines: their date, the status that follows from them. Coming back, that is nothing
/// new about the order itself.
fn drop_what_lines_say(tx: &Tx, id: i64, stored: &[Datum], given: &mut [Option<Datum>]) -> Result<()> {
    if let Some(Some(Datum::Text(date))) = given.get(ORDER_PROMISE)
        && stored.get(ORDER_PROMISE) != Some(&Datum::Text(date.clone()))
        && rows::lines_promised_for(tx, id, date)?
    {
        given[ORDER_PROMISE] = None; // it is there: just read
    }
    if let Some(Some(Datum::Text(status))) = given.get(ORDER_STATUS)
        && stored.get(ORDER_STATUS) != Some(&Datum::Text(status.clone()))
        && rows::order_status(tx, id)? == *status
    {
        given[ORDER_STATUS] = None; // it is there: just read
    }
    Ok(())
}

/// A later promise, where `date` is another than the current one. The first is never overwritten.
fn promise(run: &mut Run, tx: &mut Tx, order: i64, line: Option<(i64, &Datum)>, date: Option<Datum>) -> Result<bool> {
    let Some(Datum::Text(date)) = date else { return Ok(false) };
    let current = match rows::later_promise(tx, order, line.map(|l| l.0))? {
        Some(later) => Some(later),
        // A line's date goes before its order's.
        None => match line {
            Some((_, Datum::Text(first))) => Some(first.clone()),
            Some(_) => rows::later_promise(tx, order, None)?.or(rows::first_promise(tx, order)?),
            None => rows::first_promise(tx, order)?,
        },
    };
    if current.as_deref() == Some(date.as_str()) {
        return Ok(false);
    }
    rows::add_promise(tx, order, line.map(|l| l.0), &date, REASON)?;
    run.outcome.order_changes.promised_anew += 1;
    Ok(true)
}

pub(super) fn lines(run: &mut Run, tx: &mut Tx, rows_read: Vec<Row>, progress: &mut dyn FnMut(Progress)) -> Result<()> {
    let mut positions = Positions::of(&rows_read);
    let parts = Parts::of(tx, &rows_read)?;
    run.each(tx, Table::OrderLines, rows_read, progress, |run, tx, row| {
        let name = positions.name(row);
        line(run, tx, row, name, &parts)
    })
}

/// Names for lines without one: their position within the order, per file.
pub(super) struct Positions {
    needed: bool,
    seen: HashMap<(u32, String), u32>,
}

impl Positions {
    /// For tables whose first cell is the order (or PO) and whose second is the line.
    pub fn of(rows: &[Row]) -> Positions {
        Positions { needed: rows.iter().any(|r| r.cells.get(1).is_none_or(Option::is_none)), seen: HashMap::new() }
    }
    /// The row's own line name, else its position.
    pub fn name<'a>(&mut self, row: &'a Row) -> std::borrow::Cow<'a, str> {
        let mut position = 0;
        if self.needed
            && let Some(code) = row.cells.first().and_then(text)
        {
            let seen = self.seen.entry((row.at.file, code.to_string())).or_insert(0);
            *seen += 1;
            position = *seen;
        }
        match row.cells.get(1).and_then(text) {
            Some(name) => name.into(),
            None => position.to_string().into(),
        }
    }
}

/// A line's quantities after a file spoke, thousandths.
struct Quantities {
    ordered: i64,
    shipped: i64,
    cancelled: i64,
}

impl Quantities {
    fn open(&self) -> i64 {
        self.ordered - self.shipped - self.cancelled
    }
    fn check(&self) -> std::result::Result<(), Stop> {
        if self.open() >= 0 {
            return Ok(());
        }
        let show = Qty::from_thousandths;
        let column = if self.shipped > 0 { "shipped" } else { "cancelled" };
        Err(Stop::Row(
            column,
            format!(
                "Shipped {} and cancelled {} are more than the {} ordered. Correct one of them.",
                show(self.shipped),
                show(self.cancelled),
                show(self.ordered)
            ),
        ))
    }
}

fn line(run: &mut Run, tx: &mut Tx, row: &Row, name: std::borrow::Cow<str>, parts: &Parts) -> Taken {
    let [code, _, sku, quantity, price, promised, shipped, shipped_on, cancelled] = cells::<9>(row)?;
    let order_code = need(code, "order")?;
    let order = run.order(tx, order_code)?;
    let (item, stands_for) = sold_item(run, tx, &order, need(sku, "sku")?)?;
    let times = |n: i64| (n as i128 * stands_for as i128 / 1000) as i64; // bounded: files hold at most 10^12 units
    let ordered = times(need_quantity(quantity, "quantity")?);
    let shipped = thousandths(shipped).map(times);
    let cancelled = thousandths(cancelled).map(times);
    let price = price_of_one(price, stands_for);
    let in_file = run.order_statuses.get(&order.id).map(|s| s.status);
    let name: &str = &name;
    let found = if order.fresh { None } else { LINE.find(tx, &[&order.id, &name])? };
    match found {
        None => {
            let status = in_file.or(order.status.as_deref());
            let after = quantities(ordered, shipped, cancelled, status, (0, 0));
            after.check()?;
            let fresh = [
                Datum::Integer(item),
                Datum::Integer(ordered),
                price.unwrap_or(Datum::Null),
                datum(promised).unwrap_or(Datum::Null),
                Datum::Integer(after.shipped),
                datum(shipped_on).unwrap_or(Datum::Null),
                Datum::Integer(after.cancelled),
                Datum::Integer(0),
                Datum::Null,
            ];
            LINE.add(tx, &[&order.id, &name], &fresh)?;
            if after.open() > 0 {
                touch(tx, item);
            }
            Ok(Landed::New)
        }
        Some((id, stored)) => {
            let mut given = Given {
                item,
                ordered,
                price,
                promised: datum(promised),
                shipped,
                shipped_on: date(shipped_on),
                cancelled,
            };
            let mut parts = parts.spoken_of(tx, order.id, order_code, name)?;
            let shared = !parts.is_empty() && share(tx, &mut parts, name, &mut given, done_before(&stored))?;
            let landed = known_line(run, tx, &order, id, &stored, given, in_file)?;
            Ok(if shared { Landed::Changed } else { landed })
        }
    }
}

/// Shipped and cancelled of a stored line.
fn done_before(stored: &[Datum]) -> (i64, i64) {
    let number = |at: usize| if let Some(Datum::Integer(n)) = stored.get(at) { *n } else { 0 };
    (number(4), number(6))
}

/// What a file says of a line that is known.
pub(super) struct Given {
    item: i64,
    pub ordered: i64,
    price: Option<Datum>,
    promised: Option<Datum>,
    pub shipped: Option<i64>,
    pub shipped_on: Option<String>,
    pub cancelled: Option<i64>,
}

fn known_line(
    run: &mut Run,
    tx: &mut Tx,
    order: &KnownOrder,
    id: i64,
    stored: &[Datum],
    given: Given,
    status: Option<&str>,
) -> Taken {
    let number = |at: usize| match stored.get(at) {
        Some(Datum::Integer(n)) => *n,
        _ => 0,
    };
    let (was_item, was_ordered, was_shipped, was_cancelled, allocated) =
        (number(0), number(1), number(4), number(6), number(7));
    // A substitute is sent for what was ordered: the file names the order, not the parcel.
    let wanted = stored.get(8).is_some_and(|w| *w == Datum::Integer(given.item));
    let item = if wanted { was_item } else { given.item };
    let explicit = given.shipped.is_some();
    let after = quantities(given.ordered, given.shipped, given.cancelled, status, (was_shipped, was_cancelled));
    after.check()?;
    let allocated = if item == was_item { allocated.min(after.open()) } else { 0 };
    let had_promise = stored.get(3).is_some_and(|p| *p != Datum::Null) || {
        given.promised.is_some() && rows::first_promise(tx, order.id)?.is_some()
    };
    let mut first = given.promised;
    let later = if had_promise { first.take() } else { None };
    let promised = promise(run, tx, order.id, Some((id, stored.get(3).unwrap_or(&Datum::Null))), later)?;
    let cells = vec![
        Some(Datum::Integer(item)),
        Some(Datum::Integer(after.ordered)),
        given.price,
        first,
        Some(Datum::Integer(after.shipped)),
        given.shipped_on.map(Datum::Text),
        Some(Datum::Integer(after.cancelled)),
        Some(Datum::Integer(allocated)),
        None,
    ];
    let changed = LINE.change(tx, id, stored, &cells)?;
    if status == Some("shipped") && explicit && after.open() > 0 {
        run.left_open.insert(id);
    }
    let changes = &mut run.outcome.order_changes;
    changes.shipped += usize::from(after.shipped > was_shipped);
    changes.cancelled += usize::from(after.cancelled > was_cancelled);
    changes.quantity_changed += usize::from(after.ordered != was_ordered);
    if !promised && changed.is_empty() {
        return Ok(Landed::Unchanged);
    }
    touch(tx, was_item);
    touch(tx, item);
    Ok(Landed::Changed)
}

/// What is shipped and cancelled: what the row gives, else what the order's status implies, else what is stored.
fn quantities(
    ordered: i64,
    shipped: Option<i64>,
    cancelled: Option<i64>,
    status: Option<&str>,
    stored: (i64, i64),
) -> Quantities {
    let cancelled = cancelled.unwrap_or(stored.1);
    match status {
        Some("shipped") => {
            let shipped = shipped.unwrap_or((ordered - cancelled).max(0));
            Quantities { ordered, shipped, cancelled }
        }
        Some("cancelled") => {
            let shipped = shipped.unwrap_or(stored.0);
            Quantities { ordered, shipped, cancelled: cancelled.max(ordered - shipped) }
        }
        _ => Quantities { ordered, shipped: shipped.unwrap_or(stored.0), cancelled },
    }
}

/// The item and how many thousandths of it one is: a channel's own code comes before a SKU of the same spelling.
fn sold_item(run: &mut Run, tx: &mut Tx, order: &KnownOrder, sku: &str) -> std::result::Result<(i64, i64), Stop> {
    if let Some(channel) = &order.channel
        && !run.aliases.is_empty()
        && let Some(&found) = run.aliases.get(&(channel.clone(), sku.to_string()))
    {
        return Ok(found);
    }
    Ok((run.item(tx, "sku", sku)?.id, Qty::ONE.thousandths()))
}

/// The price of one of the item, where the row's price is that of a set.
fn price_of_one(price: &Option<Cell>, stands_for: i64) -> Option<Datum> {
    match price {
        Some(Cell::Money(price)) => {
            let (amount, of) = (price.ten_thousandths() as i128 * 1000, stands_for.max(1) as i128);
            let half = of / 2 * amount.signum();
            Some(Datum::Integer(((amount + half) / of) as i64)) // of >= 1: no larger than what was read
        }
        _ => None,
    }
}

/// Carries a status that a file states to lines that the file does not hold.
pub(super) fn follow_statuses(run: &mut Run, tx: &mut Tx) -> Result<()> {
    let mut stated: Vec<(i64, Stated)> = run
        .order_statuses
        .iter()
        .filter(|(_, s)| s.known && s.changed && s.status != "open")
        .map(|(&id, &s)| (id, s))
        .collect();
    stated.sort_by_key(|s| s.0);
    for (order, stated) in stated {
        let mut moved = false;
        for (id, item, quantity, shipped, cancelled) in rows::open_lines(tx, order)? {
            if run.left_open.contains(&id) {
                continue;
            }
            let change = if stated.status == "shipped" {
                ("shipped", Datum::Integer(quantity - cancelled))
            } else {
                ("cancelled", Datum::Integer(quantity - shipped))
            };
            tx.update("order_line", id, &[change, ("allocated", Datum::Integer(0))])?;
            touch(tx, item);
            moved = true;
        }
        let changes = &mut run.outcome.order_changes;
        match stated.status {
            "shipped" if moved => changes.shipped += 1,
            "cancelled" if moved => changes.cancelled += 1,
            _ => {}
        }
    }
    Ok(())
}
