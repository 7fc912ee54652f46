//! How the Backorders tab looks: its rows and columns per view, what the chosen row says, and its pane.

pub mod pane;
pub mod rows;
pub mod spoken;
mod stages;

use crate::domain::dates;
use crate::domain::delay::Urgency;
use crate::domain::money::Money;
use crate::tui::table::{Align, Cell, Column, Look, Row, Wide};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{Achieved, By};
use chrono::{NaiveDate, NaiveTime};

/// What a row stands for; the number is its place in the board.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    Customer(usize),
    Line(usize),
    Cause(usize),
    /// Owed after a cancellation.
    Refund(usize),
    Channel(usize),
    /// An offer or a kind of message, of which the row knows all.
    Offer,
}

/// A row of any view, ready to be shown.
#[derive(Clone, PartialEq, Debug)]
pub struct WaitRow {
    pub id: i64,
    pub what: What,
    pub sign: &'static str,
    pub verb: &'static str,
    pub role: Role,
    pub urgency: Urgency,
    pub by: Option<NaiveDate>,
    /// An hour of today, to be shown in place of the day.
    pub hour: Option<NaiveTime>,
    /// The customer; of a cause: the PO or item.
    pub name: String,
    /// `SO-1042/2`, where the row is a line.
    pub line: String,
    pub waits: String,
    pub was: Option<NaiveDate>,
    /// That date was stated to the customer; else it follows from the rule and is written quietly.
    pub stated: bool,
    /// Nothing is known of it: `none`.
    pub now: Option<NaiveDate>,
    pub worth: Option<Money>,
    pub told: Option<NaiveDate>,
    pub tries: usize,
    pub channel: String,
    pub days_late: i64,
    /// Of a cause.
    pub lines: usize,
    pub customers: usize,
    pub late: usize,
    /// Of a channel: customers due today.
    pub due: usize,
    /// Of an offer.
    pub achieved: Option<Achieved>,
    /// What `/` looks in.
    pub words: String,
}

impl Row for WaitRow {
    fn id(&self) -> i64 {
        self.id
    }
    fn words(&self) -> String {
        self.words.clone()
    }
}

type C = Column<WaitRow>;

const fn column(
    heading: &'static str,
    wide: Wide,
    drop: u8,
    cell: fn(&WaitRow, &Look) -> Cell,
    order: Option<fn(&WaitRow, &WaitRow) -> std::cmp::Ordering>,
) -> C {
    Column { heading, wide, align: Align::Left, drop, from: 0, hide_same: false, cell, order }
}

const fn right(column: C) -> C {
    Column { align: Align::Right, ..column }
}

const fn only_wide(column: C) -> C {
    Column { from: 140, hide_same: true, align: Align::Right, ..column }
}

/// In six cells: a day more than a year away is its month (`Dec'14`); the whole date stands in the row's detail.
fn day(date: Option<NaiveDate>, look: &Look) -> Cell {
    let Some(date) = date else { return Cell::default() };
    let short = dates::short(date, look.today);
    Cell::plain(if text::width(&short) > 6 { date.format("%b'%y").to_string() } else { short })
}

/// The last day in time. What is past is to be done today; how long ago it fell due helps nobody.
fn by(row: &WaitRow, look: &Look) -> Cell {
    if let Some(hour) = row.hour {
        return Cell::plain(hour.format("%H:%M").to_string());
    }
    day(row.by.map(|by| by.max(look.today)), look)
}

/// What counts for lateness. Where nobody stated a date, the rule's own is there in quiet letters.
fn was(row: &WaitRow, look: &Look) -> Cell {
    let cell = day(row.was, look);
    if row.stated { cell } else { Cell::with(cell.text, Role::Quiet) }
}

fn number(n: usize) -> Cell {
    Cell::plain(if n == 0 { String::new() } else { text::count(n) })
}

/// Dates in their order, what has none last.
fn dated(a: Option<NaiveDate>, b: Option<NaiveDate>) -> std::cmp::Ordering {
    (a.is_none(), a).cmp(&(b.is_none(), b))
}

const DO: C = column(
    "Do",
    Wide::Longest(8, 11),
    0,
    |r, _| Cell::with(format!("{} {}", r.sign, r.verb), r.role),
    Some(|a, b| a.urgency.cmp(&b.urgency)),
);
const BY: C = column("By", Wide::Fixed(6), 9, by, Some(|a, b| dated(a.by, b.by)));
const WAS: C = column("Was", Wide::Fixed(6), 6, was, Some(|a, b| dated(a.was, b.was)));
const NOW: C = column(
    "Now",
    Wide::Fixed(6),
    7,
    |r, look| if r.now.is_none() { Cell::plain("none") } else { day(r.now, look) },
    Some(|a, b| dated(a.now, b.now)),
);
const WORTH: C = right(column(
    "Worth",
    Wide::Longest(5, 12),
    5,
    |r, _| Cell::plain(r.worth.map_or(String::new(), text::whole_money)),
    Some(|a, b| b.worth.cmp(&a.worth)),
));
const TOLD: C =
    only_wide(column("Told", Wide::Fixed(6), 4, |r, look| day(r.told, look), Some(|a, b| dated(a.told, b.told))));
const TRIES: C =
    only_wide(column("Tries", Wide::Fixed(5), 3, |r, _| number(r.tries), Some(|a, b| b.tries.cmp(&a.tries))));
const CHANNEL: C = C {
    align: Align::Left,
    ..only_wide(column(
        "Channel",
        Wide::Longest(7, 12),
        2,
        |r, _| Cell::plain(&r.channel),
        Some(|a, b| a.channel.cmp(&b.channel)),
    ))
};
const LATE_BY: C = only_wide(column(
    "Days late",
    Wide::Fixed(9),
    1,
    |r, _| Cell::plain(if r.days_late > 0 { r.days_late.to_string() } else { String::new() }),
    Some(|a, b| b.days_late.cmp(&a.days_late)),
));

fn by_name(a: &WaitRow, b: &WaitRow) -> std::cmp::Ordering {
    a.name.to_lowercase().cmp(&b.name.to_lowercase())
}

/// One row per customer.
pub static CUSTOMERS: &[C] = &[
    DO,
    BY,
    column("Customer", Wide::Fixed(20), 0, |r, _| Cell::plain(&r.name), Some(by_name)),
    column("Waits for", Wide::Rest(17), 8, |r, _| Cell::plain(&r.waits), None),
    WAS,
    NOW,
    WORTH,
    TOLD,
    TRIES,
    CHANNEL,
    LATE_BY,
];

/// One row per order line.
pub static LINES: &[C] = &[
    DO,
    BY,
    column("Order", Wide::Longest(7, 11), 0, |r, _| Cell::plain(&r.line), None),
    column("Customer", Wide::Longest(10, 16), 8, |r, _| Cell::plain(&r.name), Some(by_name)),
    column("Waits for", Wide::Rest(14), 0, |r, _| Cell::plain(&r.waits), None),
    WAS,
    NOW,
    WORTH,
    TOLD,
    TRIES,
    CHANNEL,
    LATE_BY,
];

/// One row per PO or item that holds lines up.
pub static CAUSES: &[C] = &[
    column("Waits for", Wide::Rest(24), 0, |r, _| Cell::plain(&r.name), Some(by_name)),
    column("State", Wide::Longest(10, 18), 8, |r, _| Cell::plain(&r.waits), None),
    right(column("Lines", Wide::Fixed(5), 0, |r, _| number(r.lines), Some(|a, b| b.lines.cmp(&a.lines)))),
    right(column("Cust.", Wide::Fixed(5), 0, |r, _| number(r.customers), Some(|a, b| b.customers.cmp(&a.customers)))),
    right(column("Late", Wide::Fixed(5), 6, |r, _| number(r.late), Some(|a, b| b.late.cmp(&a.late)))),
    NOW,
    WORTH,
];

/// One row per channel.
pub static CHANNELS: &[C] = &[
    column("Channel", Wide::Rest(20), 0, |r, _| Cell::plain(&r.name), Some(by_name)),
    right(column("Due", Wide::Fixed(5), 0, |r, _| number(r.due), Some(|a, b| b.due.cmp(&a.due)))),
    right(column("Cust.", Wide::Fixed(5), 0, |r, _| number(r.customers), Some(|a, b| b.customers.cmp(&a.customers)))),
    right(column("Lines", Wide::Fixed(5), 5, |r, _| number(r.lines), Some(|a, b| b.lines.cmp(&a.lines)))),
    right(column("Late", Wide::Fixed(5), 6, |r, _| number(r.late), Some(|a, b| b.late.cmp(&a.late)))),
    WORTH,
];

fn of_offer(r: &WaitRow, say: impl Fn(&Achieved) -> String) -> Cell {
    Cell::plain(r.achieved.as_ref().map_or(String::new(), say))
}

/// `8 of 11`, and in quiet letters where it is too few to judge by.
fn stayed(r: &WaitRow) -> Cell {
    let Some(a) = &r.achieved else { return Cell::default() };
    match a.kept_rate() {
        _ if a.too_few() => Cell::with("too few", Role::Quiet),
        Some(rate) => Cell::plain(format!("{:.0} %", rate * 100.0)),
        None => Cell::default(),
    }
}

/// One row per offer, then one per kind of message.
pub static OFFERS: &[C] = &[
    column(
        "By",
        Wide::Fixed(7),
        8,
        |r, _| {
            of_offer(r, |a| match a.by {
                By::Offer => "offer".into(),
                By::Message => "message".into(),
            })
        },
        None,
    ),
    column("What was said", Wide::Rest(16), 0, |r, _| Cell::plain(&r.name), Some(by_name)),
    right(column("Orders", Wide::Fixed(6), 0, |r, _| of_offer(r, |a| text::count(a.contacted)), None)),
    right(column("Kept", Wide::Fixed(5), 0, |r, _| of_offer(r, |a| text::count(a.kept)), None)),
    right(column("Lost", Wide::Fixed(5), 0, |r, _| of_offer(r, |a| text::count(a.cancelled)), None)),
    right(column("Open", Wide::Fixed(5), 6, |r, _| of_offer(r, |a| text::count(a.open)), None)),
    right(column("Stayed", Wide::Fixed(7), 4, |r, _| stayed(r), None)),
    right(column("Cost", Wide::Longest(5, 10), 5, |r, _| of_offer(r, |a| spent(Some(a.cost))), None)),
    right(column("Per kept", Wide::Fixed(8), 3, |r, _| of_offer(r, |a| spent(a.cost_per_kept())), None)),
];

/// Money that was spent; none of it is blank.
fn spent(money: Option<Money>) -> String {
    money.filter(|m| *m != Money::ZERO).map_or(String::new(), text::money)
}
