//! What stands below the list about the row that is chosen: why, and what next; and which lines a row is about.

use super::rows::channel_name;
use super::{WaitRow, What};
use crate::domain::dates;
use crate::domain::delay::talk::because;
use crate::tui::screens::Spoken;
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::backorders::{Achieved, By, Cause, CauseRow, ChannelRow, Refund, Shown, WaitingLine, silence};

/// The line that decides a row, if it is about open lines.
pub fn lead<'a>(shown: &'a Shown, row: &WaitRow) -> Option<&'a WaitingLine> {
    let board = &shown.board;
    match row.what {
        What::Customer(at) => board.customers.get(at)?.lines.first().and_then(|i| board.lines.get(*i)),
        What::Line(at) => board.lines.get(at),
        What::Cause(at) => board.causes.get(at)?.at.first().and_then(|i| board.lines.get(*i)),
        What::Refund(_) | What::Channel(_) | What::Offer => None,
    }
}

/// The lines' places in the board that a row's actions are about.
pub fn lines_of(shown: &Shown, row: &WaitRow) -> Vec<usize> {
    let board = &shown.board;
    match row.what {
        What::Customer(at) => board.customers.get(at).map(|c| c.lines.clone()).unwrap_or_default(),
        What::Line(at) => vec![at],
        What::Cause(at) => board.causes.get(at).map(|c| c.at.clone()).unwrap_or_default(),
        What::Channel(at) => board.channels.get(at).map(|c| c.at.clone()).unwrap_or_default(),
        What::Refund(_) | What::Offer => Vec::new(),
    }
}

/// What the chosen row says.
pub fn spoken(shown: &Shown, row: &WaitRow, look: &Look) -> Spoken {
    match row.what {
        What::Refund(at) => shown.refunds.get(at).map(|r| owed(r, look)).unwrap_or_default(),
        What::Cause(at) => shown.board.causes.get(at).map(|c| holds_up(shown, c)).unwrap_or_default(),
        What::Channel(at) => shown.board.channels.get(at).map(by_channel).unwrap_or_default(),
        What::Offer => row.achieved.as_ref().map(stayed).unwrap_or_default(),
        What::Customer(_) | What::Line(_) => {
            let Some(lead) = lead(shown, row) else { return Spoken::default() };
            let next = match row.what {
                What::Customer(at) => shown.board.customers.get(at).map(|c| c.next.clone()),
                _ => shown.board.customers.iter().find(|c| c.customer == lead.customer).map(|c| {
                    if c.lines.first().and_then(|i| shown.board.lines.get(*i)).is_some_and(|l| l.line == lead.line) {
                        c.next.clone()
                    } else {
                        line_next(lead, look)
                    }
                }),
            };
            let name = match row.what {
                What::Line(_) => format!("{}, {} line {}", row.name, lead.order_code, lead.line_code),
                _ => format!("{}, {}", row.name, lead.order_code),
            };
            Spoken { name, lines: vec![("Why", why(lead, look)), ("Next", next.unwrap_or_default())] }
        }
    }
}

/// Why a line stands as it does: that a mail did not arrive, why it is lost, else what it waits for.
pub fn why(line: &WaitingLine, look: &Look) -> String {
    let mail = line.lost_mail.as_ref().map_or(String::new(), |mail| format!("{mail} "));
    format!("{mail}{}", because_of(line, look))
}

fn because_of(line: &WaitingLine, look: &Look) -> String {
    let lost = because(&line.decision, look.today);
    if !lost.is_empty() {
        return lost;
    }
    let words = line.chain.clone().unwrap_or_else(|| "All of it lies here, ready to ship".into());
    if words.ends_with('.') { words } else { format!("{words}.") }
}

fn line_next(line: &WaitingLine, look: &Look) -> String {
    match silence(line, None, look.today) {
        words if words.is_empty() => match line.is_ready() {
            true => "Ship it (s).".into(),
            false => "Nothing to do about this line today.".into(),
        },
        words => format!("No answer: {words}."),
    }
}

fn owed(r: &Refund, look: &Look) -> Spoken {
    let who = match (&r.contact_person, &r.phone) {
        (Some(person), Some(phone)) => format!("{person}, {phone}"),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => r.customer_name.clone(),
    };
    let amount = r.amount.map_or("the full price".to_string(), text::money);
    Spoken {
        name: format!("{}, {}", r.customer_name, r.order_code),
        lines: vec![
            ("Why", format!("{} cancelled on {}: {}.", r.goods, dates::full(r.cancelled_on, look.today), r.reason)),
            ("Next", format!("Pay back {amount} by {}, then say so with x. {who}.", dates::full(r.by, look.today))),
        ],
    }
}

fn holds_up(shown: &Shown, c: &CauseRow) -> Spoken {
    let mut names: Vec<&str> = Vec::new();
    for line in c.at.iter().filter_map(|i| shown.board.lines.get(*i)) {
        if !names.contains(&line.customer_name.as_str()) {
            names.push(&line.customer_name);
        }
    }
    let more = if names.len() > 3 { format!(" and {} more", names.len() - 3) } else { String::new() };
    let first = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    Spoken {
        name: c.name.clone(),
        lines: vec![
            (
                "Who",
                format!(
                    "{first}{more} wait for {} pieces, {} of {} lines late.",
                    text::quantity(c.quantity),
                    c.late,
                    c.lines
                ),
            ),
            (
                "Next",
                match c.cause {
                    Cause::Po(_) if c.is_overdue() => {
                        format!("Ask the supplier for a date that holds (3 Suppliers): {}.", c.state)
                    }
                    Cause::Po(_) if c.late > 0 => {
                        format!(
                            "It is {}: too late for {}. Tell their customers, or ask for an earlier day (3).",
                            c.state,
                            text::plural(c.late, "line")
                        )
                    }
                    Cause::Po(_) => format!("Nothing to do: it is {}, in time for all of them.", c.state),
                    Cause::Item(_) => "Order more (4 Reorder), or tell these customers that there is no date.".into(),
                },
            ),
        ],
    }
}

fn by_channel(c: &ChannelRow) -> Spoken {
    let name = channel_name(c.channel.as_deref());
    let only = c.channel.as_deref().and_then(|c| c.split_whitespace().next()).unwrap_or("none");
    Spoken {
        name: name.to_string(),
        lines: vec![
            (
                "Who",
                format!(
                    "{} with {}; {} due today.",
                    text::plural(c.customers, "customer"),
                    text::plural(c.lines, "line"),
                    text::count(c.due)
                ),
            ),
            ("Next", format!("In any list, / and channel:{only} shows these alone.")),
        ],
    }
}

fn stayed(a: &Achieved) -> Spoken {
    let of = match a.by {
        By::Offer if a.name == "no offer" => format!("Of {} without an offer", text::plural(a.contacted, "order")),
        By::Offer => format!("Of {} to whom it was offered", text::plural(a.contacted, "order")),
        By::Message => format!("Of {} that were told so", text::plural(a.contacted, "order")),
    };
    let next = match (a.kept_rate(), a.cost_per_kept()) {
        _ if a.too_few() => "Too few are decided to judge by: ten are needed.".into(),
        (Some(rate), Some(cost)) if cost != crate::domain::money::Money::ZERO => {
            format!("{:.0} % of the decided ones stayed, at {} each.", rate * 100.0, text::money(cost))
        }
        (Some(rate), _) => format!("{:.0} % of the decided ones stayed, at no cost.", rate * 100.0),
        (None, _) => String::new(),
    };
    Spoken {
        name: a.name.clone(),
        lines: vec![
            (
                "Came",
                format!("{of}, {} shipped in full since, {} were cancelled, {} are open.", a.kept, a.cancelled, a.open),
            ),
            ("Means", next),
        ],
    }
}
