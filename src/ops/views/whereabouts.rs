//! "Where is my order?" in sentences that can be read out: of an order, open or long closed, and of a customer.

use super::backorders::{Board, WaitingLine};
use crate::domain::dates;
use crate::domain::ids::{CustomerId, OrderId};
use crate::domain::quantity::Qty;
use crate::store::finding::{self, LineFact, OrderFact};
use crate::store::{Db, Result};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// Open orders of a customer that one answer speaks of.
const SPOKEN: usize = 3;

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Whereabouts {
    pub customer: CustomerId,
    pub name: String,
    pub phone: Option<String>,
    /// What can be read out, copied or sent.
    pub sentence: String,
    /// For us alone: what is not told yet, what is put on hold.
    pub aside: String,
    /// Something of it is open: the customer stands in Backorders.
    pub open: bool,
    /// The order line by line, for reading in full.
    pub lines: Vec<String>,
}

/// The answer about one order; none where it is gone.
pub fn of_order(db: &Db, board: &Board, order: OrderId) -> Result<Option<Whereabouts>> {
    Ok(finding::order(db, order)?.map(|fact| told(&fact, board, false)))
}

/// The answer about a customer: of the open orders, else of the newest one.
pub fn of_customer(db: &Db, board: &Board, customer: CustomerId) -> Result<Option<Whereabouts>> {
    let mut open: Vec<OrderId> = Vec::new();
    for line in board.lines.iter().filter(|l| l.customer == customer) {
        if !open.contains(&line.order) {
            open.push(line.order);
        }
    }
    let more = open.len().saturating_sub(SPOKEN);
    let wanted = if open.is_empty() { finding::orders_of(db, customer, 1)? } else { open };
    let mut answer: Option<Whereabouts> = None;
    let several = wanted.len() > 1;
    for order in wanted.into_iter().take(SPOKEN) {
        let Some(fact) = finding::order(db, order)? else { continue };
        let next = told(&fact, board, several);
        match &mut answer {
            None => answer = Some(next),
            Some(all) => {
                all.sentence = format!("{} {}", all.sentence, next.sentence);
                if !next.aside.is_empty() && !all.aside.contains(&next.aside) {
                    all.aside = format!("{} {}", all.aside, next.aside).trim().to_string();
                }
                all.lines.push(String::new());
                all.lines.extend(next.lines);
            }
        }
    }
    if let (Some(all), 1..) = (&mut answer, more) {
        all.sentence = format!("{} And {more} more.", all.sentence);
    }
    Ok(answer)
}

fn told(fact: &OrderFact, board: &Board, named: bool) -> Whereabouts {
    let today = board.today;
    let waiting: Vec<&WaitingLine> = board.lines.iter().filter(|l| l.order == fact.order).collect();
    let mut parts = Vec::new();
    parts.extend(gone(fact, today, waiting.is_empty()));
    parts.extend(to_come(&waiting, board));
    if parts.is_empty() {
        parts.push("Nothing of it is on file.".into());
    }
    let sentence = if named { format!("{}: {}", fact.code, parts.join(" ")) } else { parts.join(" ") };
    Whereabouts {
        customer: fact.customer,
        name: format!("{}, {}", fact.code, fact.customer_name),
        phone: fact.phone.clone(),
        sentence,
        aside: aside(&waiting, board.resting().get(&fact.customer).and_then(|r| r.rests_until()), today),
        open: fact.is_open(),
        lines: std::iter::once(head(fact, today)).chain(fact.lines.iter().map(|l| line(l, today))).collect(),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `6 of 20 Chang`, or `20 Chang` where it is all of it.
fn of_all(part: Qty, all: Qty, name: &str) -> String {
    if part == all { format!("{part} {name}") } else { format!("{part} of {all} {name}") }
}

fn day(on: NaiveDate, today: NaiveDate) -> String {
    if on == today { "today".into() } else { dates::full(on, today) }
}

/// What was shipped and what was cancelled. Of an order that is done the whole is said at once.
fn gone(fact: &OrderFact, today: NaiveDate, done: bool) -> Vec<String> {
    let shipped: Vec<&LineFact> = fact.lines.iter().filter(|l| l.shipped.is_positive()).collect();
    let cancelled: Vec<&LineFact> = fact.lines.iter().filter(|l| l.cancelled.is_positive()).collect();
    let mut out = Vec::new();
    if let Some(last) = shipped.iter().max_by_key(|l| l.shipped_on) {
        let on = last.shipped_on.map_or(String::new(), |d| {
            if d == today { " today".into() } else { format!(" on {}", dates::full(d, today)) }
        });
        let number = last.reference.as_deref().map_or(String::new(), |r| format!(", tracking {r}"));
        let arrived =
            shipped.iter().map(|l| l.delivered_on).collect::<Option<Vec<_>>>().and_then(|d| d.into_iter().max());
        let arrived = arrived.map_or(String::new(), |d| format!(" It arrived {}.", day(d, today)));
        let all = shipped.len() == fact.lines.len() && shipped.iter().all(|l| l.shipped == l.quantity);
        let what = if all && done {
            "All of it was".to_string()
        } else {
            let what: Vec<String> = shipped.iter().map(|l| of_all(l.shipped, l.quantity, &l.item_name)).collect();
            format!("{} {}", list(&what), if one(&shipped, |l| l.shipped) { "was" } else { "were" })
        };
        out.push(format!("{what} shipped{on}{number}.{arrived}"));
    }
    if let Some(last) = cancelled.iter().max_by_key(|l| l.cancelled_on) {
        let on = last.cancelled_on.map_or(String::new(), |d| format!(" on {}", dates::full(d, today)));
        let all = cancelled.len() == fact.lines.len() && cancelled.iter().all(|l| l.cancelled == l.quantity);
        let what = if all && done {
            "All of it was".to_string()
        } else {
            let what: Vec<String> = cancelled.iter().map(|l| of_all(l.cancelled, l.quantity, &l.item_name)).collect();
            format!("{} {}", list(&what), if one(&cancelled, |l| l.cancelled) { "was" } else { "were" })
        };
        out.push(format!("{what} cancelled{on}."));
    }
    out
}

/// One piece of one line.
fn one(lines: &[&LineFact], of: impl Fn(&LineFact) -> Qty) -> bool {
    matches!(lines, [only] if of(only) == Qty::ONE)
}

/// What is still to come, and when.
fn to_come(waiting: &[&WaitingLine], board: &Board) -> Vec<String> {
    let today = board.today;
    let mut out = Vec::new();
    let short: Vec<&&WaitingLine> = waiting.iter().filter(|l| l.short.is_positive()).collect();
    let here: Vec<&&WaitingLine> = waiting.iter().filter(|l| l.allocated.is_positive()).collect();
    if !short.is_empty() {
        let what: Vec<String> = short.iter().map(|l| of_all(l.short, l.quantity, &l.item_name)).collect();
        let single = matches!(short.as_slice(), [only] if only.short == Qty::ONE);
        let waits = if single { "waits" } else { "wait" };
        let coming = short.iter().flat_map(|l| &l.pegged.parts).filter_map(|p| board.inbound.get(p.inbound));
        let overdue = coming.clone().any(|i| i.expected_on.is_some_and(|d| d < today));
        let for_what = match (coming.clone().next().is_some(), overdue) {
            (_, true) => "for a late delivery",
            (true, false) => "for a delivery",
            (false, false) => "for goods that are not on order yet",
        };
        out.push(format!("{} {waits} {for_what}.", list(&what)));
        let likely = short.iter().map(|l| l.likely_on).collect::<Option<Vec<_>>>().and_then(|d| d.into_iter().max());
        let safe = short.iter().map(|l| l.safe_on).collect::<Option<Vec<_>>>().and_then(|d| d.into_iter().max());
        let (words, said) = said(&short, today).unzip();
        out.extend(words);
        out.extend(match (likely, safe) {
            // What the customer was told holds: a second date would only confuse.
            (Some(likely), _) if said.is_some_and(|said| likely <= said) => None,
            (Some(likely), Some(safe)) if safe > likely => {
                Some(format!("Likely {}, say {}.", day(likely, today), dates::full(safe, today)))
            }
            (Some(likely), _) => Some(format!("Likely {}.", day(likely, today))),
            (None, _) if said.is_some() => None,
            (None, _) => Some(as_far_as_known(&short, today)),
        });
    }
    if !here.is_empty() {
        let what: Vec<String> = here.iter().map(|l| format!("{} {}", l.allocated, l.item_name)).collect();
        let single = matches!(here.as_slice(), [only] if only.allocated == Qty::ONE);
        let all = if short.is_empty() { "can go today" } else { "could go today" };
        out.push(format!("{} {} here and {all}.", list(&what), if single { "lies" } else { "lie" }));
    }
    out
}

/// What is known where the day of some of it is not: `15 of them likely today; when the other 3 come nobody can say yet.`
fn as_far_as_known(short: &[&&WaitingLine], today: NaiveDate) -> String {
    let parts = || short.iter().flat_map(|l| &l.pegged.parts).filter(|p| p.ships_on.is_some());
    let all: Qty = short.iter().map(|l| l.short).sum();
    let known: Qty = parts().map(|p| p.quantity).sum();
    let Some(last) = parts().filter_map(|p| p.ships_on).max().filter(|_| known < all) else {
        return "Nobody can say yet when it comes.".into();
    };
    let rest = all - known;
    let come = if rest == Qty::ONE { "comes" } else { "come" };
    format!("{known} of it likely {}; when the other {rest} {come} nobody can say yet.", day(last, today))
}

/// The new date that the customer knows of all that is short, with the day: `The new date is Mon 7 Dec, agreed today.`
fn said(short: &[&&WaitingLine], today: NaiveDate) -> Option<(String, NaiveDate)> {
    let said = short.iter().map(|l| l.told_date(today)).collect::<Option<Vec<_>>>()?.into_iter().max()?;
    let on = short.iter().filter_map(|l| l.decision.last_told_on).max()?;
    let on = if on == today { "today".to_string() } else { format!("on {}", dates::full(on, today)) };
    let verb = if short.iter().all(|l| l.is_agreed()) { "agreed" } else { "told" };
    Some((format!("The new date is {}, {verb} {on}.", dates::full(said, today)), said))
}

/// For us alone.
/// `rests`: nobody has to act for this customer before, a call is to be made or it was put off.
fn aside(waiting: &[&WaitingLine], rests: Option<NaiveDateTime>, today: NaiveDate) -> String {
    let mut out = Vec::new();
    let tell = || waiting.iter().filter(|l| l.decision.action == crate::domain::delay::Action::Notify);
    if let Some(by) = tell().map(|l| l.by().unwrap_or(today)).min() {
        let told = tell().all(|l| l.told_date(today).is_some());
        let hear = if told { "they must hear more" } else { "they must hear it" };
        let when = match rests {
            Some(at) if at.time() == NaiveTime::MIN => format!("put off until {}", dates::full(at.date(), today)),
            Some(at) => format!("to be called again {} {}", dates::full(at.date(), today), at.format("%H:%M")),
            None if by <= today => format!("{hear} today"),
            None => format!("{hear} by {}", dates::full(by, today)),
        };
        let why = || {
            if tell().any(|l| !l.is_agreed()) {
                "not agreed yet"
            } else if tell().any(|l| l.likely_on.is_none()) {
                "no goods are sure for it yet"
            } else {
                "it is likely later now"
            }
        };
        out.push(if told { format!("Told, but {}: {when}.", why()) } else { format!("NOT TOLD yet: {when}.") });
    }
    if let Some(held) = waiting.iter().find_map(|l| l.held.as_deref()) {
        out.push(format!("On hold: {held}."));
    }
    out.join(" ")
}

fn head(fact: &OrderFact, today: NaiveDate) -> String {
    let channel = fact.channel.as_deref().map_or(String::new(), |c| format!(", {c}"));
    let worth = fact.worth().map_or(String::new(), |w| format!(", {}", super::backorders::amount(w)));
    format!("{} of {}{channel}{worth}", fact.code, dates::full(fact.ordered_on, today))
}

fn line(l: &LineFact, today: NaiveDate) -> String {
    let on = |d: Option<NaiveDate>| d.map_or(String::new(), |d| format!(" {}", dates::full(d, today)));
    let mut state = Vec::new();
    if l.shipped.is_positive() {
        let number = l.reference.as_deref().map_or(String::new(), |r| format!(" ({r})"));
        state.push(format!("{} shipped{}{number}", l.shipped, on(l.shipped_on)));
    }
    if l.cancelled.is_positive() {
        let why = l.cancel_reason.as_deref().map_or(String::new(), |r| format!(" ({r})"));
        state.push(format!("{} cancelled{}{why}", l.cancelled, on(l.cancelled_on)));
    }
    if l.open().is_positive() {
        state.push(format!("{} open", l.open()));
    }
    format!("{:>4}  {} {}  {}: {}", l.line, l.quantity, l.sku, l.item_name, state.join(", "))
}

/// The state of an order in a few words, for a list: `shipped Wed 14 Oct`, `2 of 5 lines open`.
pub fn state_words(fact: &OrderFact, today: NaiveDate) -> String {
    let said = |verb: &str, of: fn(&LineFact) -> Qty| {
        let some: Vec<&LineFact> = fact.lines.iter().filter(|l| of(l).is_positive()).collect();
        let goods: Vec<String> = some.iter().take(2).map(|l| format!("{} {}", of(l), l.item_name)).collect();
        let more = if some.len() > 2 { format!(", +{} lines", some.len() - 2) } else { String::new() };
        Some(format!("{verb} {}{more}", goods.join(", "))).filter(|_| !some.is_empty())
    };
    // What was put aside for it is not waited for.
    let waits = said("waits for", |l| l.open() - l.allocated).or_else(|| said("ready to ship:", LineFact::open));
    if let Some(waits) = waits {
        return waits;
    }
    let shipped = fact.lines.iter().filter(|l| l.shipped.is_positive());
    if let Some(last) = shipped.max_by_key(|l| l.shipped_on) {
        let on = last.shipped_on.map_or(String::new(), |d| format!(" {}", dates::short(d, today)));
        let number = last.reference.as_deref().map_or(String::new(), |r| format!(", tracking {r}"));
        return format!("shipped{on}{number}");
    }
    if fact.lines.iter().any(|l| l.cancelled.is_positive()) { "cancelled".into() } else { "no lines on file".into() }
}
