//! Orders of several sales channels side by side: each counts its own, so two of them may give the same number to
//! different orders. An order is known again by channel and number; where another channel has the number already, it is
//! called `channel:number` here, this time and each time after. Number, customer and day together are one order, whatever
//! the channel was called when it came in first.

use super::run::{Run, text};
use crate::exchange::bring::{NOBODY, nobody_of};
use crate::exchange::table::{Cell, Row, Table};
use crate::store::import as rows;
use crate::store::{Result, Tx};
use std::collections::BTreeMap;

/// Where `channel` stands among an order's cells.
const CHANNEL: usize = 3;
/// Where `ordered_on` stands among them.
const ORDERED_ON: usize = 2;
/// Where `continues` stands among them.
const CONTINUES: usize = 10;
/// The tables whose first cell is an order's number.
const BY_ORDER: [Table; 3] = [Table::Orders, Table::OrderLines, Table::Contacts];

/// Gives the rows of a channel's export the numbers that their orders have here. Plain files name orders as they are
/// here: theirs stay.
pub(super) fn tell_apart(run: &mut Run, tx: &Tx) -> Result<()> {
    if !run.creates_missing {
        return Ok(());
    }
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    // The channels that orders of these files came from before, and how many each.
    let mut before: BTreeMap<String, usize> = BTreeMap::new();
    let mut orders = run.rows.remove(&Table::Orders);
    for row in orders.iter_mut().flatten() {
        let (Some(number), Some(channel)) = (cell(row, 0), cell(row, CHANNEL)) else { continue };
        let own = format!("{channel}:{number}");
        let known = run.orders.find(tx, number)?;
        let of_another = known.and_then(|o| Some((o.id, o.channel.filter(|c| c != channel)?)));
        if run.orders.find(tx, &own)?.is_some() {
            renamed.insert(number.to_string(), own);
        } else if let Some((id, other)) = of_another {
            if is_same(tx, id, row)? {
                *before.entry(other).or_default() += 1;
                if let Some(channel) = row.cells.get_mut(CHANNEL) {
                    *channel = None; // it stays where it came from
                }
            } else {
                renamed.insert(number.to_string(), own);
            }
        }
    }
    run.rows.extend(orders.map(|rows| (Table::Orders, rows)));
    for (channel, n) in before {
        let (orders, are) = if n == 1 { ("order is", "it stays") } else { ("orders are", "they stay") };
        run.outcome
            .notes
            .push(format!("{n} {orders} here already as from {channel}, and {are} so: is it the same shop?"));
    }
    let Some((number, own)) = renamed.first_key_value() else { return Ok(()) };
    let more = match renamed.len() - 1 {
        // there is a first
        0 => String::new(),
        n => format!(" ({n} more alike)"),
    };
    run.outcome.notes.push(format!("Another channel has an order {number} too: this one is {own} here{more}."));
    for table in BY_ORDER {
        for row in run.rows.get_mut(&table).into_iter().flatten() {
            rename(row, 0, &renamed);
            if table == Table::Orders {
                rename(row, CONTINUES, &renamed);
            }
        }
    }
    Ok(())
}

/// Whether that order is the row's: of the same customer and day. Where the file names no customer nothing tells two
/// shops' orders of one number apart: they are two.
fn is_same(tx: &Tx, order: i64, row: &Row) -> Result<bool> {
    let (Some(customer), Some(Some(Cell::Date(day)))) = (cell(row, 1), row.cells.get(ORDERED_ON)) else {
        return Ok(false);
    };
    if customer == NOBODY || cell(row, 0).is_some_and(|number| customer == nobody_of(number)) {
        return Ok(false);
    }
    rows::order_is_of(tx, order, customer, &day.to_string())
}

fn cell(row: &Row, at: usize) -> Option<&str> {
    row.cells.get(at).and_then(text)
}

fn rename(row: &mut Row, at: usize, renamed: &BTreeMap<String, String>) {
    if let Some(own) = cell(row, at).and_then(|number| renamed.get(number)).cloned()
        && let Some(cell) = row.cells.get_mut(at)
    {
        *cell = Some(Cell::Text(own));
    }
}
