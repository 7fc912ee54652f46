//! The day's call list: whom to reach today, how, with which words, and what happens if they stay silent.

use super::backorders::{Board, CustomerRow, Due, WaitingLine, amount, back_by};
use super::refunds::Refund;
use crate::domain::dates;
use crate::domain::delay::{Action, Urgency, WhyCancelled};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::exchange::sheet::{Sheet, Value};
use crate::store::backlog::Customer;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// One customer to reach, or one refund to make.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// `refund`, `tell`, `chase`, `ship`, `again`, `news`.
    pub act: &'static str,
    pub due: bool,
    /// The last day in time.
    pub by: Option<NaiveDate>,
    /// An hour of today that was named to the customer.
    pub hour: Option<NaiveTime>,
    /// When it was to be tried again, whatever the day.
    pub call_at: Option<NaiveDateTime>,
    pub customer_id: i64,
    pub customer: String,
    pub customer_name: String,
    pub person: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// `SO-1042: 6 Chang, was 27 Nov, now 1 Dec`.
    pub lines: Vec<String>,
    /// One sentence to say.
    pub say: String,
    /// The last day on which the order still stands.
    pub stands_until: Option<NaiveDate>,
    /// What no answer means, with date and amount.
    pub silence: String,
    pub amount: Option<Money>,
    pub why: String,
}

/// A day's calls.
#[derive(Clone, PartialEq, Debug)]
pub struct CallList {
    pub today: NaiveDate,
    pub due: Due,
    /// What is lost first on top.
    pub calls: Vec<Call>,
}

/// Everything that is to do; with `only_due` what is due today. Refunds owed after a cancellation come first.
pub fn list(board: &Board, owed: &[Refund], only_due: bool) -> CallList {
    let customers = board.customers.iter().filter(|r| if only_due { r.due_today } else { r.is_to_do() });
    let mut calls: Vec<Call> = owed.iter().map(|r| of_refund(r, board.today)).collect();
    calls.extend(customers.filter_map(|r| of_customer(board, r)));
    CallList { today: board.today, due: Due::of(&board.customers, owed, board.today), calls }
}

fn of_refund(r: &Refund, today: NaiveDate) -> Call {
    let money = r.amount.map_or("the full price".to_string(), amount);
    Call {
        act: "refund",
        due: true,
        by: Some(r.by),
        hour: None,
        call_at: None,
        customer_id: r.customer.0,
        customer: r.customer_code.clone(),
        customer_name: r.customer_name.clone(),
        person: r.contact_person.clone(),
        phone: r.phone.clone(),
        email: None,
        lines: vec![format!("{}: {}, cancelled {}", r.order_code, r.goods, dates::short(r.cancelled_on, today))],
        say: format!("Your order is cancelled; {money} goes back to you {}.", back_by(r.by, today)),
        stands_until: None,
        silence: format!("{money} goes back {}", back_by(r.by, today)),
        amount: r.amount,
        why: format!("Cancelled: {}", r.reason),
    }
}

fn of_customer(board: &Board, row: &CustomerRow) -> Option<Call> {
    let today = board.today;
    let who: &Customer = board.people.get(&row.customer)?;
    let lines: Vec<&WaitingLine> = row.lines.iter().filter_map(|i| board.lines.get(*i)).collect();
    let lead = *lines.first()?;
    Some(Call {
        act: row.verb,
        due: row.due_today,
        by: row.by,
        hour: row.call_at.filter(|at| at.date() == today).map(|at| at.time()),
        call_at: row.call_at,
        customer_id: row.customer.0,
        customer: row.code.clone(),
        customer_name: row.name.clone(),
        person: who.contact_person.clone(),
        phone: who.phone.clone(),
        email: who.email.clone(),
        lines: lines.iter().map(|l| in_short(l, today)).collect(),
        say: say(row, lead, &lines, today),
        stands_until: row.stands_until,
        silence: row.silence.clone(),
        amount: Some(row.worth),
        why: lead.chain.clone().unwrap_or_else(|| "All of it lies here".into()),
    })
}

fn in_short(line: &WaitingLine, today: NaiveDate) -> String {
    let quantity = if line.short.is_positive() { line.short } else { line.open };
    let now = line.likely_on.map_or("no date".into(), |d| dates::short(d, today));
    format!("{}: {quantity} {}, was {}, now {now}", line.order_code, line.item_name, dates::short(line.due_on, today))
}

/// The one sentence. What the law asks for in full is in the contact dialog; this is what the talk is about.
fn say(row: &CustomerRow, lead: &WaitingLine, lines: &[&WaitingLine], today: NaiveDate) -> String {
    let goods = goods(lines);
    let one = lines.iter().map(|l| waits(l)).sum::<Qty>() == Qty::ONE;
    let (them, s) = if one { ("it", "s") } else { ("them", "") };
    let day = |date: NaiveDate| dates::full(date, today);
    // The date that holds for all of them, nine times of ten; none where one has none.
    let safe = lines.iter().map(|l| l.safe_on).collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max());
    let now = safe.map_or("we have no date yet".to_string(), |d| format!("we now expect to send {them} by {}", day(d)));
    let was = if lead.due_on < today { "should have left by" } else { "will not leave by" };
    match row.action {
        Action::CancelAndRefund => {
            let why = match lead.decision.row.why_cancelled() {
                WhyCancelled::Asked => format!("As you asked, we cancel your order of {goods}"),
                WhyCancelled::Never => format!("We can no longer get {goods}, so we cancel your order"),
                WhyCancelled::Late => format!("We could not send {goods} in time, so we cancel your order"),
            };
            match lead.decision.refund_by {
                Some(by) => format!("{why}; {} goes back to you {}.", amount(row.worth), back_by(by, today)),
                None => format!("{why}; nothing was paid."),
            }
        }
        Action::Notify => format!("{goods} {was} {}; {now}.", day(lead.due_on)),
        Action::Chase => match lead.decision.last_quoted {
            Some(date) => format!("Will you wait for {goods} until {}: yes or no?", day(date)),
            None => format!("Will you wait for {goods}, of which we have no date: yes or no?"),
        },
        Action::Ship => format!("{goods} leave{s} us by {}.", lead.by().map_or("today".into(), day)),
        Action::None | Action::Hold if row.urgency == Urgency::ProgressDue && !row.waits_for_call => {
            format!("{goods} still wait{s}; {now}.")
        }
        Action::None | Action::Hold => format!("We said we would call again about {goods}; {now}."),
    }
}

fn waits(line: &WaitingLine) -> Qty {
    if line.short.is_positive() { line.short } else { line.open }
}

fn goods(lines: &[&WaitingLine]) -> String {
    let named: Vec<String> = lines.iter().take(3).map(|l| format!("{} {}", waits(l), l.item_name)).collect();
    match lines.len() {
        n if n > 3 => format!("{} and {} more", named.join(", "), n - 3),
        _ => named.join(" and "),
    }
}

impl CallList {
    /// The `csv` and `json` forms.
    pub fn sheet(&self) -> Sheet {
        let columns = vec![
            "do",
            "due",
            "act_by",
            "at",
            "customer",
            "customer_name",
            "contact_person",
            "phone",
            "email",
            "lines",
            "say",
            "stands_until",
            "silence_means",
            "value",
            "why",
        ];
        let cells = |c: &Call| {
            vec![
                Value::text(c.act),
                Value::YesNo(c.due),
                Value::maybe_date(c.by),
                c.call_at.map_or(Value::None, |at| Value::Moment(at.format("%Y-%m-%dT%H:%M:%S").to_string())),
                Value::text(&c.customer),
                Value::text(&c.customer_name),
                Value::maybe_text(c.person.as_deref()),
                Value::maybe_text(c.phone.as_deref()),
                Value::maybe_text(c.email.as_deref()),
                Value::text(c.lines.join("; ")),
                Value::text(&c.say),
                Value::maybe_date(c.stands_until),
                Value::maybe_text(Some(c.silence.as_str()).filter(|s| !s.is_empty())),
                Value::maybe_money(c.amount),
                Value::text(&c.why),
            ]
        };
        Sheet { name: "calls", columns, rows: self.calls.iter().map(cells).collect() }
    }
}
