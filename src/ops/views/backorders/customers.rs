//! One row per customer: one talk covers all of a customer's lines.

use super::WaitingLine;
use super::lines::{LostFirst, by_number};
use crate::domain::delay::{Action, State, Urgency, consequence, verb};
use crate::domain::ids::CustomerId;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::store::backlog::Customer;
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::HashMap;

/// A customer who waits: what to do, by when, and for what.
#[derive(Clone, PartialEq, Debug)]
pub struct CustomerRow {
    pub customer: CustomerId,
    pub code: String,
    pub name: String,
    pub urgency: Urgency,
    /// `refund`, `tell`, `chase`, `ship`, `hold`, `news`, `not known`, or nothing.
    pub verb: &'static str,
    pub action: Action,
    /// The last day on which it is in time.
    pub by: Option<NaiveDate>,
    /// Somebody must act today or is too late already.
    pub due_today: bool,
    /// What the line that decides waits for: how much of which item.
    pub quantity: Qty,
    pub item_name: String,
    /// Further lines of this customer in the same row.
    pub more_lines: usize,
    /// The promise that holds now.
    pub was: Option<NaiveDate>,
    /// The likely date; none: unknown.
    pub now: Option<NaiveDate>,
    pub safe: Option<NaiveDate>,
    /// Open x price of the row's lines.
    pub worth: Money,
    /// The most days a line of it is late today.
    pub days_late: i64,
    pub last_told_on: Option<NaiveDate>,
    pub tries: usize,
    pub channel: Option<String>,
    /// All of it lies here and can go today.
    pub ready: bool,
    /// Put off until that day (a snooze); never where the order is about to be lost.
    pub later_until: Option<NaiveDate>,
    /// Why: the chain of the line that decides.
    pub why: String,
    /// The one thing to do next.
    pub next: String,
    /// The row's lines as they stand in `Board::lines`, the one that decides first.
    pub lines: Vec<usize>,
}

/// The counts of the day's sentence and of the tab's badge.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    pub open_lines: usize,
    pub open_orders: usize,
    /// Customers with an open line.
    pub waiting: usize,
    /// Customers for whom there is anything to do.
    pub to_do: usize,
    pub due_today: usize,
    pub to_tell: usize,
    pub refunds: usize,
    pub refunds_by: Option<NaiveDate>,
    pub late_lines: usize,
    pub not_known: usize,
    /// Open x price of all short lines.
    pub worth: Money,
    /// The next day on which somebody has to hear from us, after today.
    pub next_on: Option<NaiveDate>,
}

/// The rows, what is lost first on top. `lines` are sorted so already.
pub(super) fn rows(
    lines: &[WaitingLine],
    people: &HashMap<CustomerId, Customer>,
    today: NaiveDate,
) -> Vec<CustomerRow> {
    let mut of: HashMap<CustomerId, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        of.entry(line.customer).or_default().push(at);
    }
    let mut rows: Vec<(LostFirst, CustomerRow)> = of
        .into_iter()
        .filter_map(|(customer, at)| {
            let row = row(lines, at, people.get(&customer)?, today)?;
            let lead = lines.get(*row.lines.first()?)?;
            let (urgency, lost_on, _) = lead.lost_first().0;
            Some(((urgency, lost_on, Reverse(row.worth)), row))
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.code.cmp(&b.1.code)));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn row(lines: &[WaitingLine], at: Vec<usize>, who: &Customer, today: NaiveDate) -> Option<CustomerRow> {
    let lead = lines.get(*at.first()?)?;
    let urgency = lead.decision.urgency();
    // The row speaks of the lines that need something done; else of those that wait; else of all.
    let of = |keep: &dyn Fn(&WaitingLine) -> bool| -> Vec<usize> {
        at.iter().copied().filter(|i| lines.get(*i).is_some_and(keep)).collect()
    };
    let mut spoken = if lead.is_due() { of(&WaitingLine::is_due) } else { of(&WaitingLine::is_listed) };
    if spoken.is_empty() {
        spoken = at;
    }
    let first = lines.get(*spoken.first()?)?;
    let by_order = |a: &usize, b: &usize| match (lines.get(*a), lines.get(*b)) {
        (Some(a), Some(b)) => by_number(a, b),
        _ => a.cmp(b),
    };
    if let Some(rest) = spoken.get_mut(1..) {
        rest.sort_by(by_order);
    }
    let mine = || spoken.iter().filter_map(|i| lines.get(*i));
    let by = mine().filter(|l| l.decision.urgency() == urgency).filter_map(WaitingLine::by).min();
    let quantity = if first.short.is_positive() { first.short } else { first.open };
    Some(CustomerRow {
        customer: who.id,
        code: who.code.clone(),
        name: who.name.clone(),
        urgency,
        verb: verb(&first.decision),
        action: first.decision.action,
        by,
        due_today: first.is_due() && by.is_none_or(|by| by <= today),
        quantity,
        item_name: first.item_name.clone(),
        more_lines: spoken.len() - 1, // `first` is one of them
        was: first.promise,
        now: first.likely_on,
        safe: first.safe_on,
        worth: mine().filter_map(|l| l.value).sum(),
        days_late: mine().filter(|l| l.state == State::Late).filter_map(|l| l.days_late).max().unwrap_or(0),
        last_told_on: mine().filter_map(|l| l.decision.last_told_on).max(),
        tries: mine().map(|l| l.contacts).max().unwrap_or(0),
        channel: who.channel_preference.clone(),
        ready: mine().all(WaitingLine::is_ready),
        later_until: who.later_until.filter(|_| urgency != Urgency::MustCancel),
        why: first.reason.clone(),
        next: next(first, who, today),
        lines: spoken,
    })
}

/// The one thing to do about the line that decides, in words.
fn next(line: &WaitingLine, who: &Customer, today: NaiveDate) -> String {
    let reach = reach(who);
    let say = match line.safe_on {
        Some(day) => format!("Say {}.", day.format("%-d %b")),
        None => "No date yet.".to_string(),
    };
    let silence = match consequence(&line.decision, today) {
        words if words.is_empty() => String::new(),
        words => format!(" No answer: {words}."),
    };
    match verb(&line.decision) {
        "refund" => match line.decision.refund_by {
            Some(by) => format!("Cancel (x), pay back in full by {}. Tell {reach}.", by.format("%-d %b")),
            None => format!("Cancel (x); nothing was paid. Tell {reach}."),
        },
        "tell" => format!("Call {reach}. {say}{silence}"),
        "chase" => format!("Ask {reach} once more for a yes or no.{silence}"),
        "ship" => match line.by() {
            Some(by) => format!("Ship it by {}.{silence}", by.format("%-d %b")),
            None => format!("Ship it.{silence}"),
        },
        "hold" => "Hold it: the customer waits and can cancel until it ships.".into(),
        "news" => format!("Tell {reach} how it stands. {say}"),
        "not known" => format!("Ask or look up what {reach} was told."),
        _ if line.is_ready() => "Ship it: all of it lies here.".into(),
        _ => "Nothing to do: the customer knows, or it comes in time.".into(),
    }
}

/// Who to reach and how, by the way preferred, else by phone.
fn reach(who: &Customer) -> String {
    let person = who.contact_person.as_deref().unwrap_or(&who.name);
    let mail = who.channel_preference.as_deref().is_some_and(|c| c.contains("mail"));
    let (first, second) = if mail { (&who.email, &who.phone) } else { (&who.phone, &who.email) };
    match first.as_ref().or(second.as_ref()) {
        Some(way) => format!("{person}, {way}"),
        None => format!("{person} (no phone or mail on file)"),
    }
}

impl Summary {
    pub(super) fn of(rows: &[CustomerRow], lines: &[WaitingLine], today: NaiveDate) -> Summary {
        let now = || rows.iter().filter(|r| r.later_until.is_none());
        let mut orders: Vec<_> = lines.iter().map(|l| l.order).collect();
        orders.sort_unstable();
        orders.dedup();
        Summary {
            open_lines: lines.len(),
            open_orders: orders.len(),
            waiting: rows.len(),
            to_do: now().filter(|r| r.urgency < Urgency::Quiet).count(),
            due_today: now().filter(|r| r.due_today).count(),
            to_tell: now().filter(|r| r.action == Action::Notify).count(),
            refunds: now().filter(|r| r.action == Action::CancelAndRefund).count(),
            refunds_by: now().filter(|r| r.action == Action::CancelAndRefund).filter_map(|r| r.by).min(),
            late_lines: lines.iter().filter(|l| l.state == State::Late).count(),
            not_known: rows.iter().filter(|r| r.urgency == Urgency::NotKnown).count(),
            worth: lines.iter().filter(|l| l.short.is_positive()).filter_map(|l| l.value).sum(),
            next_on: rows.iter().filter_map(|r| r.by.max(r.later_until)).filter(|day| *day > today).min(),
        }
    }
}
