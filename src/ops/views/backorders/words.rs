//! What a row says: the one thing to do, and what silence means, with its date and its amount.

use super::WaitingLine;
use crate::domain::dates;
use crate::domain::delay::talk::notice;
use crate::domain::delay::{Action, Silence, verb};
use crate::domain::locale;
use crate::domain::money::Money;
use crate::store::backlog::Customer;
use chrono::{Datelike, Days, NaiveDate};

/// What is safe to say of the other lines of the same orders, where it is later than that of `line`: `14 Dec for the
/// rest`; empty where one date covers them all.
pub(super) fn rest<'a>(line: &WaitingLine, others: impl Iterator<Item = &'a WaitingLine>, today: NaiveDate) -> String {
    let Some(said) = line.safe_on else { return String::new() };
    let mut latest = said;
    for other in others.filter(|other| other.decision.action != Action::CancelAndRefund) {
        match other.safe_on {
            Some(day) => latest = latest.max(day),
            None => return "no date for the rest".into(),
        }
    }
    if latest > said { format!("{} for the rest", short(latest, today)) } else { String::new() }
}

/// The one thing to do about the line that decides, in words. `worth` is what the row's lines are worth together, `rest`
/// what is said of the other lines.
pub(super) fn next(line: &WaitingLine, who: &Customer, worth: Money, rest: &str, today: NaiveDate) -> String {
    let reach = reach(who);
    let rest = if rest.is_empty() { String::new() } else { format!(", {rest}") };
    let say = match line.safe_on {
        Some(day) if line.likely_on < Some(day) => format!("Say {} to be safe{rest}.", short(day, today)),
        Some(day) => format!("Say {}{rest}.", short(day, today)),
        None => "No date yet.".to_string(),
    };
    let silence = match silence(line, Some(worth), today) {
        words if words.is_empty() => String::new(),
        words => format!(" No answer: {words}."),
    };
    let agreed = line.agreed_without_goods(today);
    match verb(&line.decision) {
        "refund" => match line.decision.refund_by {
            Some(by) => format!("Cancel (x), pay back {} {}. {reach}.", money(worth), back_by(by, today)),
            None => format!("Cancel (x); nothing was paid. {reach}."),
        },
        "tell" if agreed.is_some() => {
            let day = agreed.map_or(String::new(), |day| short(day, today));
            format!("They agreed to {day}. Order the goods (4), or tell them before. {reach}.")
        }
        "tell" => format!("{reach}. {say}{silence}"),
        "chase" => format!("{reach}, for a yes or no.{silence}"),
        "ship" => match line.by() {
            Some(by) => format!("Ship it by {}.{silence}", short(by, today)),
            None => format!("Ship it.{silence}"),
        },
        "hold" => "Hold it: the customer waits and can cancel until it ships.".into(),
        "news" => format!("{reach}: how it stands. {say}"),
        "not known" => "Say what they were told (a), or tell them now (c).".into(),
        _ if line.is_ready() => "Ship it: all of it lies here.".into(),
        _ => "Nothing to do: the customer knows, or it comes in time.".into(),
    }
}

/// What it means when the customer does not answer, with date and amount: `order stands`, `a yes to 8 Dec`,
/// `424.00 goes back on 2 Jan unless shipped`; empty where no answer is awaited. Where the customer is still to be told,
/// it is what silence means after hearing the safe date: that is the one to say, and the date said decides.
/// `worth`: of which lines together.
pub fn silence(line: &WaitingLine, worth: Option<Money>, today: NaiveDate) -> String {
    let decision = &line.decision;
    let amount = match worth.or(line.value).filter(|_| line.paid) {
        Some(worth) => format!("{} goes back", money(worth)),
        None => "cancelled".to_string(),
    };
    let after = |day: NaiveDate| short(day.checked_add_days(Days::new(1)).unwrap_or(day), today);
    if decision.action == Action::CancelAndRefund {
        return match decision.refund_by {
            Some(day) => format!("{amount} {}", back_by(day, today)),
            None => "nothing to refund".into(),
        };
    }
    let (means, until) = match decision.action {
        Action::Notify => {
            let (_, means, until) = notice(decision, line.safe_on);
            (means, until)
        }
        _ => (decision.silence_means, decision.silence_until),
    };
    match (means, until) {
        (Some(Silence::Consent), Some(day)) => format!("a yes to {}", short(day, today)),
        (Some(Silence::Consent), None) => "a yes".into(),
        (Some(Silence::Cancelled), Some(day)) => format!("{amount} on {} unless shipped", after(day)),
        (Some(Silence::Cancelled), None) => amount,
        (Some(Silence::Nothing), _) => "order stands".into(),
        (None, _) => String::new(),
    }
}

/// `by 1 Dec`, `now (due since 10 Nov)`.
pub fn back_by(day: NaiveDate, today: NaiveDate) -> String {
    if day < today { format!("now (due since {})", short(day, today)) } else { format!("by {}", short(day, today)) }
}

/// Who to reach and how, by the way preferred, else by phone. An address is typed by the program, a number by a person.
fn reach(who: &Customer) -> String {
    let person = who.contact_person.as_deref().unwrap_or(&who.name);
    let mails = who.channel_preference.as_deref().is_some_and(|c| c.contains("mail")) && who.email.is_some();
    match (&who.phone, &who.email) {
        (Some(phone), _) if !mails => format!("Call {person}, {phone}"),
        (_, Some(_)) => format!("Mail {person}"),
        _ => format!("Write to {person} (no phone or mail on file)"),
    }
}

/// With cents, thousands apart: `1,795.20`.
pub fn money(m: Money) -> String {
    locale::here().figure(&m.to_string())
}

/// `8 Dec`, or `12 Jan 2027` in another year and more than half a year away.
fn short(date: NaiveDate, today: NaiveDate) -> String {
    let near = date.year() == today.year() || (date - today).num_days().abs() < 183;
    if near { dates::of_month(date) } else { dates::of_year(date) }
}
