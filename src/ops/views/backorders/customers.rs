//! One row per customer: one talk covers all of a customer's lines.

use super::WaitingLine;
use super::lines::{LostFirst, by_number};
use super::words::{next, rest, silence};
use crate::domain::delay::{Action, Rule, State, Urgency, verb};
use crate::domain::ids::{CustomerId, OrderId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::ops::views::refunds::Refund;
use crate::store::backlog::Customer;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// A customer who waits: what to do, by when, and for what.
#[derive(Clone, PartialEq, Debug)]
pub struct CustomerRow {
    pub customer: CustomerId,
    pub code: String,
    pub name: String,
    pub urgency: Urgency,
    /// `refund`, `tell`, `chase`, `ship`, `hold`, `news`, `again`, `not known`, or nothing.
    pub verb: &'static str,
    pub action: Action,
    /// The last day on which it is in time.
    pub by: Option<NaiveDate>,
    /// The first day by which a law asks for something about any line of the customer.
    pub law_by: Option<(Rule, NaiveDate)>,
    /// Somebody must act today or is too late already.
    pub due_today: bool,
    /// What the line that decides waits for: how much of which item.
    pub quantity: Qty,
    pub item_name: String,
    /// Further lines of this customer in the same row.
    pub more_lines: usize,
    /// The date that counts: the promise that holds now, else what the rule takes for it.
    pub was: NaiveDate,
    /// That date was stated to the customer; else it follows from the rule.
    pub was_stated: bool,
    /// The likely date of the line that decides; none: unknown.
    pub now: Option<NaiveDate>,
    pub safe: Option<NaiveDate>,
    /// What else of these orders comes later than that is safe by then: `14 Dec for the rest`; empty where nothing does.
    pub rest: String,
    /// Open x price of the row's lines.
    pub worth: Money,
    /// So many days is the line that decides late today, by the date in `was`.
    pub days_late: i64,
    pub last_told_on: Option<NaiveDate>,
    pub tries: usize,
    /// The channels that the row's orders came by.
    pub channels: Vec<String>,
    /// All of it lies here and can go today.
    pub ready: bool,
    /// Put off until that day (a snooze); never where the order is about to be lost or a law asks before.
    pub later_until: Option<NaiveDate>,
    pub later_why: Option<String>,
    /// The newest talk says to try again then.
    pub call_at: Option<NaiveDateTime>,
    /// It is to wait for `call_at`, which lies ahead.
    pub waits_for_call: bool,
    /// The last day on which the order still stands, of the line that decides.
    pub stands_until: Option<NaiveDate>,
    /// What it means when the customer does not answer, with date and amount; empty where no answer is awaited.
    pub silence: String,
    /// Why: the chain of the line that decides.
    pub why: String,
    /// The one thing to do next.
    pub next: String,
    /// The row's lines as they stand in `Board::lines`, the one that decides first.
    pub lines: Vec<usize>,
}

impl CustomerRow {
    /// Whether there is anything to do for the customer, now or later today.
    pub fn is_to_do(&self) -> bool {
        self.urgency < Urgency::Quiet && self.later_until.is_none()
    }
    /// It waits for a call of that day, whose hour lies ahead.
    pub fn is_called_on(&self, day: NaiveDate) -> bool {
        self.waits_for_call && self.later_until.is_none() && self.call_at.is_some_and(|at| at.date() == day)
    }
    /// It rests, whatever its lines ask for: put off until that day, or to be called again then. A law that ends the
    /// order, or asks before, lets nobody rest.
    pub fn rests_until(&self) -> Option<NaiveDateTime> {
        let put_off = self.later_until.map(|day| day.and_time(NaiveTime::MIN));
        put_off.or(self.call_at.filter(|_| self.waits_for_call))
    }
    /// It was tried, and is to be called again at that moment, which lies ahead: until then nothing more can be done, even
    /// where a law asks for it before.
    pub fn tried_until(&self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        self.call_at.filter(|at| *at > now && self.action != Action::CancelAndRefund)
    }
    /// The day on which it is looked at next: put off until then, to be called then, else the last day in time.
    pub fn next_on(&self) -> Option<NaiveDate> {
        self.later_until.or(self.call_at.filter(|_| self.waits_for_call).map(|at| at.date())).or(self.by)
    }
    /// Told and waiting, asked and not answered, or put off.
    pub fn waits_for_them(&self) -> bool {
        self.later_until.is_some()
            || self.waits_for_call
            || matches!(self.action, Action::Chase | Action::Hold)
            || self.urgency == Urgency::Quiet && self.last_told_on.is_some()
    }
}

/// The counts of what waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    pub open_lines: usize,
    pub open_orders: usize,
    /// Customers with an open line.
    pub waiting: usize,
    /// Customers for whom there is anything to do.
    pub to_do: usize,
    pub late_lines: usize,
    pub not_known: usize,
    /// Of the lines that lack something what is open: no talk changes it.
    pub worth: Money,
    /// The next day on which somebody has to hear from us, after today.
    pub next_on: Option<NaiveDate>,
}

/// What is due today: the tab's badge, the day's sentence, the red rows of the list and `contacts --due` all count it
/// here, so that they cannot disagree. Every customer and every refund owed counts once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Due {
    /// Customers to be told.
    pub tell: usize,
    /// Customers to be asked once more.
    pub ask: usize,
    /// Customers whose goods must go.
    pub ship: usize,
    /// Customers to be called again at an hour that has come, with nothing else due.
    pub call: usize,
    /// Orders to be cancelled and refunded, and refunds owed for cancelled ones.
    pub refunds: usize,
    /// The first day for money to be back.
    pub refunds_by: Option<NaiveDate>,
    /// Not all of them are due on that first day.
    pub refunds_later: bool,
    /// The next call that lies ahead today.
    pub next_call: Option<NaiveDateTime>,
}

impl Due {
    pub fn of(rows: &[CustomerRow], owed: &[Refund], today: NaiveDate) -> Due {
        let mut due = Due { refunds: owed.len(), ..Due::default() };
        for row in rows.iter().filter(|r| r.due_today) {
            match row.action {
                Action::CancelAndRefund => due.refunds += 1,
                Action::Notify => due.tell += 1,
                Action::Chase => due.ask += 1,
                Action::Ship => due.ship += 1,
                Action::None | Action::Hold => due.call += 1,
            }
        }
        let lost = rows.iter().filter(|r| r.due_today && r.action == Action::CancelAndRefund).filter_map(|r| r.by);
        let days: Vec<NaiveDate> = lost.chain(owed.iter().map(|r| r.by)).collect();
        due.refunds_by = days.iter().min().copied();
        due.refunds_later = days.iter().max().copied() > due.refunds_by;
        due.next_call = rows.iter().filter(|r| r.is_called_on(today)).filter_map(|r| r.call_at).min();
        due
    }

    /// How many there are.
    pub fn all(&self) -> usize {
        self.tell + self.ask + self.ship + self.call + self.refunds
    }
}

/// Where a row stands: its urgency, whether it is not due yet, its day and hour then, what is lost first.
type Place = (Urgency, bool, NaiveDate, Option<NaiveDateTime>, LostFirst);

/// The rows, what is lost first on top. `lines` are sorted so already.
pub(super) fn rows(
    lines: &[WaitingLine],
    people: &HashMap<CustomerId, Customer>,
    now: NaiveDateTime,
) -> Vec<CustomerRow> {
    let mut of: HashMap<CustomerId, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        of.entry(line.customer).or_default().push(at);
    }
    let mut rows: Vec<(Place, CustomerRow)> = of
        .into_iter()
        .filter_map(|(customer, at)| {
            let row = row(lines, at, people.get(&customer)?, now)?;
            let lead = lines.get(*row.lines.first()?)?;
            let (_, lost_on, _) = lead.lost_first().0;
            // What is due stands by what is lost first; what is not due yet stands by its day, the soonest first.
            let calm = matches!(row.urgency, Urgency::NoticeDue | Urgency::WaitsForYes) && !row.due_today;
            let group = if calm { Urgency::WaitsForYes } else { row.urgency };
            let ahead = if calm { row.next_on().unwrap_or(NaiveDate::MAX) } else { NaiveDate::MIN };
            let hour = row.call_at.filter(|_| row.waits_for_call);
            Some(((group, calm, ahead, hour, (row.urgency, lost_on, Reverse(row.worth))), row))
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.code.cmp(&b.1.code)));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn row(lines: &[WaitingLine], at: Vec<usize>, who: &Customer, now: NaiveDateTime) -> Option<CustomerRow> {
    let today = now.date();
    let lead = lines.get(*at.first()?)?;
    let ruled = lead.decision.urgency();
    let law_by = at.iter().filter_map(|i| lines.get(*i)?.law_asks_by()).min_by_key(|(_, by)| *by);
    // The row speaks of the lines that need something done; else of those that wait; else of all.
    let of = |keep: &dyn Fn(&WaitingLine) -> bool| -> Vec<usize> {
        at.iter().copied().filter(|i| lines.get(*i).is_some_and(keep)).collect()
    };
    let mut spoken = if lead.is_due() { of(&WaitingLine::is_due) } else { of(&WaitingLine::is_listed) };
    if spoken.is_empty() {
        spoken = at.clone();
    }
    let all = at;
    let first = lines.get(*spoken.first()?)?;
    let by_order = |a: &usize, b: &usize| match (lines.get(*a), lines.get(*b)) {
        (Some(a), Some(b)) => by_number(a, b),
        _ => a.cmp(b),
    };
    if let Some(rest) = spoken.get_mut(1..) {
        rest.sort_by(by_order);
    }
    let mine = || spoken.iter().filter_map(|i| lines.get(*i));
    let by = mine().filter(|l| l.decision.urgency() == ruled).filter_map(WaitingLine::by).min();
    let law_asks = |before: NaiveDate| law_by.is_some_and(|(_, by)| by < before);
    let lost = ruled == Urgency::MustCancel;
    // A moment to try again is kept where the law leaves the time; one that has come is due whatever else is.
    let call_at = who.call_at.filter(|_| !lost);
    let waits_for_call =
        call_at.is_some_and(|at| at > now && (at.date() == today || law_by.is_none_or(|(_, by)| by >= at.date())));
    let called_for = call_at.is_some_and(|at| at <= now);
    let later_until = who.later_until.filter(|until| !lost && !law_asks(*until));
    let urgency = if called_for {
        ruled.min(Urgency::WaitsForYes)
    } else if waits_for_call && call_at.is_some_and(|at| at.date() == today) {
        ruled.min(Urgency::ProgressDue)
    } else {
        ruled
    };
    let rule_due = ruled <= Urgency::WaitsForYes && (lost || by.is_none_or(|by| by <= today));
    let due_today = later_until.is_none() && (rule_due && !waits_for_call || called_for);
    let worth: Money = mine().filter_map(|l| l.value).sum();
    let mut channels: Vec<String> = mine().filter_map(|l| l.channel.clone()).collect();
    channels.sort_unstable();
    channels.dedup();
    let quantity = if first.short.is_positive() { first.short } else { first.open };
    let orders: HashSet<OrderId> = mine().map(|l| l.order).collect();
    let others = all.iter().filter_map(|i| lines.get(*i)).filter(|l| l.line != first.line && orders.contains(&l.order));
    let rest = rest(first, others, today);
    Some(CustomerRow {
        customer: who.id,
        code: who.code.clone(),
        name: who.name.clone(),
        urgency,
        verb: match verb(&first.decision) {
            "" | "news" | "hold" if called_for || waits_for_call => "again",
            verb => verb,
        },
        action: first.decision.action,
        by,
        law_by,
        due_today,
        quantity,
        item_name: first.item_name.clone(),
        more_lines: spoken.len() - 1, // `first` is one of them
        was: first.due_on,
        was_stated: first.is_stated(),
        now: first.likely_on,
        safe: first.safe_on,
        next: next(first, who, worth, &rest, today),
        rest,
        worth,
        days_late: first.days_late.filter(|_| first.state == State::Late).unwrap_or(0),
        last_told_on: mine().filter_map(|l| l.decision.last_told_on).max(),
        tries: mine().map(|l| l.contacts).max().unwrap_or(0),
        channels,
        ready: mine().all(WaitingLine::is_ready),
        later_until,
        later_why: who.later_why.clone().filter(|_| later_until.is_some()),
        call_at,
        waits_for_call,
        stands_until: first.decision.commitment_on,
        silence: silence(first, Some(worth), today),
        why: first.reason.clone(),
        lines: spoken,
    })
}

impl Summary {
    pub(super) fn of(rows: &[CustomerRow], lines: &[WaitingLine], today: NaiveDate) -> Summary {
        let mut orders: Vec<_> = lines.iter().map(|l| l.order).collect();
        orders.sort_unstable();
        orders.dedup();
        Summary {
            open_lines: lines.len(),
            open_orders: orders.len(),
            waiting: rows.len(),
            to_do: rows.iter().filter(|r| r.is_to_do()).count(),
            late_lines: lines.iter().filter(|l| l.state == State::Late).count(),
            not_known: rows.iter().filter(|r| r.urgency == Urgency::NotKnown).count(),
            worth: lines.iter().filter(|l| !l.is_ready()).filter_map(|l| l.value).sum(),
            next_on: rows.iter().filter_map(CustomerRow::next_on).filter(|day| *day > today).min(),
        }
    }
}
