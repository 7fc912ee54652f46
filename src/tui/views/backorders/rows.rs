//! From the board to the rows of each view.

use super::{WaitRow, What};
use crate::domain::dates;
use crate::domain::delay::{Action, State, Urgency, verb};
use crate::domain::ids::{LineId, OrderId};
use crate::tui::screens::DueLine;
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{
    Achieved, Board, Cause, CauseRow, ChannelRow, CustomerRow, Refund, Shown, WaitingLine,
};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::HashMap;

/// The views in the order of `v`.
pub const VIEWS: &[&str] = &[
    "to do",
    "waiting for them",
    "by cause",
    "all lines",
    "ready to ship",
    "refunds open",
    "not known",
    "offers",
    "by channel",
];
pub const TO_DO: usize = 0;
pub const WAITING: usize = 1;
pub const BY_CAUSE: usize = 2;
pub const ALL_LINES: usize = 3;
pub const READY: usize = 4;
pub const REFUNDS: usize = 5;
pub const NOT_KNOWN: usize = 6;
pub const OFFERS: usize = 7;
/// The last: it is left out where all orders come by one channel.
pub const BY_CHANNEL: usize = 8;

// Rows of one list may stand for customers and for orders: their numbers are kept apart.
const LINE: i64 = 1 << 40;
const CAUSE: i64 = 2 << 40;
const ORDER: i64 = 3 << 40;
const CHANNEL: i64 = 4 << 40;
const OFFER: i64 = 5 << 40;

/// The row of a customer has the customer's own number.
pub fn customer_of(id: i64) -> Option<i64> {
    (0..LINE).contains(&id).then_some(id)
}

/// The row of an order's line.
pub fn row_of(line: LineId) -> i64 {
    LINE + line.0
}

/// The rows of a view.
pub fn rows(shown: &Shown, view: usize) -> Vec<WaitRow> {
    let board = &shown.board;
    let customers = |keep: &dyn Fn(&CustomerRow) -> bool| -> Vec<WaitRow> {
        let kept = board.customers.iter().enumerate().filter(|(_, r)| keep(r));
        kept.map(|(at, r)| customer(at, r, board)).collect()
    };
    let lines = |keep: &dyn Fn(&WaitingLine) -> bool| -> Vec<WaitRow> {
        let resting = board.resting();
        let kept = board.lines.iter().enumerate().filter(|(_, l)| keep(l));
        kept.map(|(at, l)| line(at, l, resting.get(&l.customer).copied(), board.today, view == READY)).collect()
    };
    match view {
        TO_DO => {
            let mut all = refunds(shown);
            all.extend(customers(&CustomerRow::is_to_do));
            all
        }
        WAITING => customers(&CustomerRow::waits_for_them),
        BY_CAUSE => board.causes.iter().enumerate().map(|(at, c)| cause(at, c)).collect(),
        ALL_LINES => lines(&|_| true),
        READY => lines(&|l| l.allocated.is_positive()),
        REFUNDS => {
            let mut all = refunds(shown);
            all.extend(lines(&|l| l.decision.action == Action::CancelAndRefund));
            all
        }
        BY_CHANNEL => board.channels.iter().enumerate().map(|(at, c)| channel(at, c)).collect(),
        OFFERS => Vec::new(), // read apart from the board: `offers`
        _ => customers(&|r| r.urgency == Urgency::NotKnown),
    }
}

/// What is due today, for the Today card: the figures of [`crate::worker::backorders::Due`] and nothing else.
pub fn due_lines(shown: &Shown, look: &Look) -> Vec<DueLine> {
    let (due, today) = (shown.due, look.today);
    let to_do = rows(shown, TO_DO);
    let first = |verb: &str| to_do.iter().find(|r| r.sign == "!" && r.verb == verb);
    let first_by = if due.refunds_later { "the first by" } else { "by" };
    let by = due.refunds_by.map_or(String::new(), |d| format!("{first_by} {}", dates::full(d, today)));
    let says = |one: &'static str, many: &'static str, count: usize| if count == 1 { one } else { many };
    [
        ("refund", due.refunds, says("refund to make", "refunds to make", due.refunds), by),
        ("tell", due.tell, says("customer to tell", "customers to tell", due.tell), "today".to_string()),
        ("chase", due.ask, says("customer to ask again", "customers to ask again", due.ask), String::new()),
        ("ship", due.ship, says("customer's goods to ship", "customers' goods to ship", due.ship), String::new()),
        ("again", due.call, says("customer to call back", "customers to call back", due.call), String::new()),
    ]
    .into_iter()
    .filter(|(_, count, ..)| *count > 0)
    .map(|(verb, count, what, by)| {
        let row = first(verb).or_else(|| to_do.iter().find(|r| r.sign == "!"));
        let who = row.map_or(String::new(), |r| r.name.clone());
        let detail = if by.is_empty() || by == "today" { format!("first {who}") } else { by };
        DueLine {
            sign: '!',
            count,
            what: what.into(),
            detail,
            place: "2 Backorders",
            tab: 0,
            row: row.map(|r| r.id),
            action: None,
        }
    })
    .chain(calls(shown))
    .chain(soon(shown, look))
    .chain(ready(shown))
    .chain(not_known(shown))
    .collect()
}

/// The orders of which all that is open lies here: their first lines, as places on the board.
pub fn ready_orders(board: &Board) -> Vec<usize> {
    let mut orders: Vec<(OrderId, usize, bool)> = Vec::new();
    let mut place: HashMap<OrderId, usize> = HashMap::new();
    for (at, line) in board.lines.iter().enumerate() {
        let whole = line.open.is_positive() && line.short.is_zero();
        match place.get(&line.order).and_then(|n| orders.get_mut(*n)) {
            Some(order) => order.2 &= whole,
            None => {
                place.insert(line.order, orders.len());
                orders.push((line.order, at, whole));
            }
        }
    }
    orders.into_iter().filter(|o| o.2).map(|o| o.1).collect()
}

/// Orders that can go as they are; whom somebody has to hear from about it is counted above.
fn ready(shown: &Shown) -> Option<DueLine> {
    let ready = ready_orders(&shown.board);
    let first = shown.board.lines.get(*ready.first()?)?;
    Some(DueLine {
        sign: '.',
        count: ready.len(),
        what: if ready.len() == 1 { "order ready to ship" } else { "orders ready to ship" }.into(),
        detail: format!("first {}, {}", first.order_code, first.customer_name),
        place: "2 Backorders",
        tab: 0,
        row: Some(LINE + first.line.0),
        action: None,
    })
}

/// Whom somebody calls again later today: no other line of the card has them.
fn calls(shown: &Shown) -> Option<DueLine> {
    let today = shown.board.now.date();
    let ahead = shown.board.customers.iter().filter(|r| r.is_called_on(today));
    let mut ahead: Vec<_> = ahead.filter_map(|r| Some((r.call_at?, r))).collect();
    ahead.sort_by_key(|(at, _)| *at);
    let (at, first) = ahead.first()?;
    let each = if ahead.len() > 1 { "first at " } else { "at " };
    Some(DueLine {
        sign: '~',
        count: ahead.len(),
        what: if ahead.len() == 1 { "customer to call again" } else { "customers to call again" }.into(),
        detail: format!("{each}{}, {}", at.format("%H:%M"), first.name),
        place: "2 Backorders",
        tab: 0,
        row: Some(first.customer.0),
        action: None,
    })
}

/// Of whom nobody knows what they were told: not due by a rule, and forgotten where nothing says it.
fn not_known(shown: &Shown) -> Option<DueLine> {
    let first = shown.board.customers.iter().find(|r| r.urgency == Urgency::NotKnown)?;
    let count = shown.board.summary.not_known;
    Some(DueLine {
        sign: '?',
        count,
        what: if count == 1 { "customer not known" } else { "customers not known" }.into(),
        detail: format!("what was told, first {}", first.name),
        place: "2 Backorders",
        tab: 0,
        row: Some(first.customer.0),
        action: None,
    })
}

/// How many days ahead a talk is soon.
const SOON: i64 = 3;

/// Whom to tell in the next days, who need not be told today: what can be done now is not due then.
fn soon(shown: &Shown, look: &Look) -> Option<DueLine> {
    let day = |r: &CustomerRow| r.by.filter(|d| (1..=SOON).contains(&(*d - look.today).num_days()));
    let ahead = shown
        .board
        .customers
        .iter()
        .filter(|r| matches!(r.verb, "tell" | "news") && !r.due_today && !r.is_called_on(look.today));
    let mut ahead: Vec<(NaiveDate, &CustomerRow)> = ahead.filter_map(|r| Some((day(r)?, r))).collect();
    ahead.sort_by_key(|(day, r)| (*day, r.name.clone()));
    let (by, first) = ahead.first()?;
    Some(DueLine {
        sign: '~',
        count: ahead.len(),
        what: if ahead.len() == 1 { "customer to tell soon" } else { "customers to tell soon" }.into(),
        detail: format!("by {}, first {}", dates::full(*by, look.today), first.name),
        place: "2 Backorders",
        tab: 0,
        row: Some(first.customer.0),
        action: None,
    })
}

/// `29 customers wait and know it. Of 3 it is not known what they were told.` Of the customers who wait, those.
pub fn who_waits(waiting: usize, not_known: usize) -> String {
    match (waiting.saturating_sub(not_known), not_known) {
        (know, 0) => wait_and_know(know),
        (0, 1) => "Not known what 1 customer knows.".into(),
        (0, n) => format!("Not known what {} know.", text::plural(n, "customer")),
        (know, n) => format!("{} Of {} it is not known what was told.", wait_and_know(know), text::count(n)),
    }
}

/// `6 orders are ready to ship in full (v).`
pub fn ready_words(board: &Board) -> Option<String> {
    match ready_orders(board).len() {
        0 => None,
        1 => Some("1 order is ready to ship in full (v).".into()),
        n => Some(format!("{} orders are ready to ship in full (v).", text::count(n))),
    }
}

/// `29 customers wait and know it.`
pub fn wait_and_know(customers: usize) -> String {
    match customers {
        1 => "1 customer waits and knows it.".into(),
        n => format!("{} wait and know it.", text::plural(n, "customer")),
    }
}

/// `Nobody has to hear from us today. 29 customers wait and know it. Next: Wed 25, Old World Deli.`
pub fn calm(shown: &Shown, look: &Look) -> String {
    let summary = shown.board.summary;
    let due = shown.board.customers.iter().filter(|r| r.due_today);
    let tried: Vec<_> = due.filter_map(|r| Some((r.tried_until(shown.board.now)?, r))).collect();
    if shown.due.all() > tried.len() {
        return String::new();
    }
    // Tried in vain: the row stays due, and nobody can do more about it before the hour.
    if let Some((at, first)) = tried.iter().min_by_key(|(at, _)| *at) {
        let more = if tried.len() > 1 { format!(" and {} more", tried.len() - 1) } else { String::new() };
        return format!(
            "Nobody has to hear from us before {} {}. The law asks that {}{more} is told today: try sooner if you can.",
            dates::full(at.date(), look.today),
            at.format("%H:%M"),
            first.name
        );
    }
    let wait = match summary.waiting {
        0 => "No order waits.".to_string(),
        n => who_waits(n, summary.not_known),
    };
    let ahead = shown.board.customers.iter().filter_map(|r| Some((r.next_on().filter(|d| *d > look.today)?, r)));
    let next = ahead
        .min_by_key(|(day, _)| *day)
        .map_or(String::new(), |(day, r)| format!(" Next: {}, {}.", dates::full(day, look.today), r.name));
    format!("Nobody has to hear from us today. {wait}{next}")
}

/// The rows of the view of offers.
pub fn offers(achieved: &[Achieved]) -> Vec<WaitRow> {
    let row = |(n, a): (i64, &Achieved)| WaitRow {
        name: a.name.clone(),
        words: a.name.clone(),
        achieved: Some(a.clone()),
        ..blank(OFFER + n, What::Offer)
    };
    (0..).zip(achieved).map(row).collect()
}

/// `web shop`, `no channel`.
pub fn channel_name(channel: Option<&str>) -> &str {
    channel.unwrap_or("no channel")
}

fn channel(at: usize, c: &ChannelRow) -> WaitRow {
    let name = channel_name(c.channel.as_deref());
    WaitRow {
        name: name.into(),
        worth: Some(c.worth),
        lines: c.lines,
        customers: c.customers,
        late: c.late,
        due: c.due,
        words: format!("{name} channel:{}", c.channel.as_deref().unwrap_or("none")),
        ..blank(CHANNEL + numbered(name), What::Channel(at))
    }
}

/// A number for a name, which stays the same when the list is read again.
fn numbered(name: &str) -> i64 {
    name.bytes().fold(1_i64 << 36, |n, b| (n * 31 + i64::from(b)) % (1 << 38))
}

/// A row that says nothing yet.
fn blank(id: i64, what: What) -> WaitRow {
    WaitRow {
        id,
        what,
        sign: " ",
        verb: "",
        role: Role::Normal,
        urgency: Urgency::Quiet,
        by: None,
        hour: None,
        name: String::new(),
        line: String::new(),
        waits: String::new(),
        was: None,
        stated: true,
        now: None,
        worth: None,
        told: None,
        tries: 0,
        channel: String::new(),
        days_late: 0,
        lines: 0,
        customers: 0,
        late: 0,
        due: 0,
        achieved: None,
        words: String::new(),
    }
}

fn look_of(urgency: Urgency, due_today: bool) -> (&'static str, Role) {
    match urgency {
        Urgency::MustCancel => ("!", Role::Urgent),
        Urgency::NoticeDue | Urgency::WaitsForYes if due_today => ("!", Role::Urgent),
        Urgency::NoticeDue | Urgency::WaitsForYes => ("~", Role::Soon),
        Urgency::ProgressDue => (".", Role::Quiet),
        Urgency::NotKnown => ("?", Role::Unknown),
        Urgency::Quiet => (" ", Role::Quiet),
    }
}

fn plus(more: usize) -> String {
    match more {
        0 => String::new(),
        1 => ", +1 line".into(),
        n => format!(", +{n} lines"),
    }
}

/// What `/` finds a row by: names and numbers, and each channel as `channel:shopify`.
fn words<'a>(of: impl Iterator<Item = &'a WaitingLine>) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut out = String::new();
    for line in of {
        let channel = line.channel.as_deref().unwrap_or("none");
        for word in [&line.customer_name, &line.customer_code, &line.order_code, &line.item_name, &line.sku] {
            if !words.contains(&word.as_str()) {
                words.push(word);
            }
        }
        let said = format!(" channel:{channel}");
        if !out.contains(&said) {
            out.push_str(&said);
        }
    }
    format!("{}{out}", words.join(" "))
}

fn customer(at: usize, r: &CustomerRow, board: &Board) -> WaitRow {
    let (sign, role) = match r.later_until {
        Some(_) => ("~", Role::Quiet),
        None => look_of(r.urgency, r.due_today),
    };
    let today = |at: NaiveDateTime| at.date() == board.today;
    let called =
        r.call_at.filter(|at| r.later_until.is_none() && (r.waits_for_call || r.verb == "again" || today(*at)));
    WaitRow {
        id: r.customer.0,
        what: What::Customer(at),
        sign,
        verb: if r.later_until.is_some() { "later" } else { r.verb },
        role,
        urgency: r.urgency,
        by: r.later_until.or(called.map(|at| at.date())).or(r.by),
        hour: called.filter(|at| today(*at)).map(|at| at.time()),
        name: r.name.clone(),
        line: String::new(),
        waits: format!("{} {}{}", text::quantity(r.quantity), r.item_name, plus(r.more_lines)),
        was: Some(r.was),
        stated: r.was_stated,
        now: r.now,
        worth: Some(r.worth),
        told: r.last_told_on,
        tries: r.tries,
        channel: r.channels.join(", "),
        days_late: r.days_late,
        lines: r.lines.len(),
        customers: 1,
        late: 0,
        due: 0,
        achieved: None,
        words: words(r.lines.iter().filter_map(|i| board.lines.get(*i))),
    }
}

fn line(at: usize, l: &WaitingLine, rests: Option<&CustomerRow>, today: NaiveDate, ready: bool) -> WaitRow {
    let due = l.is_due() && l.decision.act_by.is_none_or(|by| by <= today);
    // Whose row rests until a day or a call has no line that is due before.
    let rests = rests.filter(|_| l.is_due()).and_then(|r| Some((r.rests_until()?, r.later_until.is_some())));
    let (sign, role) = match rests {
        Some((_, true)) => ("~", Role::Quiet),
        rests => look_of(l.decision.urgency(), due && rests.is_none()),
    };
    let quantity = if l.short.is_positive() { l.short } else { l.open };
    let waits = if ready && l.allocated < l.open {
        format!("{} of {} {}", text::quantity(l.allocated), text::quantity(l.open), l.item_name)
    } else {
        format!("{} {}", text::quantity(if ready { l.allocated } else { quantity }), l.item_name)
    };
    WaitRow {
        id: LINE + l.line.0,
        what: What::Line(at),
        sign: if ready && sign == " " { "." } else { sign },
        verb: match verb(&l.decision) {
            _ if rests.is_some() => {
                if rests.is_some_and(|(_, put_off)| put_off) {
                    "later"
                } else {
                    "again"
                }
            }
            "" if l.is_ready() => "ship",
            "" if ready => "part",
            other => other,
        },
        role,
        urgency: l.decision.urgency(),
        by: rests.map(|(at, _)| at.date()).or(l.by()),
        hour: rests.filter(|(at, put_off)| !put_off && at.date() == today).map(|(at, _)| at.time()),
        name: l.customer_name.clone(),
        line: format!("{}/{}", l.order_code, l.line_code),
        waits,
        was: Some(l.due_on),
        stated: l.is_stated(),
        now: l.likely_on,
        worth: l.value,
        told: l.decision.last_told_on,
        tries: l.contacts,
        channel: l.channel.clone().unwrap_or_default(),
        days_late: l.days_late.filter(|_| l.state == State::Late).unwrap_or(0),
        lines: 1,
        customers: 1,
        late: 0,
        due: 0,
        achieved: None,
        words: words(std::iter::once(l)),
    }
}

fn cause(at: usize, c: &CauseRow) -> WaitRow {
    let number = match &c.cause {
        Cause::Item(item) => item.0,
        Cause::Po(code) => numbered(code),
    };
    WaitRow {
        name: c.name.clone(),
        waits: c.state.clone(),
        now: c.likely_on,
        worth: Some(c.worth),
        lines: c.lines,
        customers: c.customers,
        late: c.late,
        words: c.name.clone(),
        ..blank(CAUSE + number, What::Cause(at))
    }
}

fn refunds(shown: &Shown) -> Vec<WaitRow> {
    shown.refunds.iter().enumerate().map(|(at, r)| refund(at, r)).collect()
}

fn refund(at: usize, r: &Refund) -> WaitRow {
    WaitRow {
        sign: "!",
        verb: "refund",
        role: Role::Urgent,
        urgency: Urgency::MustCancel,
        by: Some(r.by),
        name: r.customer_name.clone(),
        line: r.order_code.clone(),
        waits: format!("cancelled: {}", r.goods),
        worth: r.amount,
        lines: 1,
        customers: 1,
        words: format!("{} {} {}", r.customer_name, r.customer_code, r.order_code),
        ..blank(ORDER + r.order.0, What::Refund(at))
    }
}
