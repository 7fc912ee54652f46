//! The call list as text of 80 columns, and as a form for a clipboard.

use crate::domain::dates;
use crate::domain::layout as text;
use crate::domain::text::visible;
use crate::ops::views::calls::{Call, CallList};
use std::io::{self, Write};

const WIDTH: usize = 80;
const INDENT: usize = 14;

/// `Tell`, `Refund`, `Call again`.
pub fn verb(call: &Call) -> &'static str {
    match call.act {
        "refund" => "Refund",
        "tell" => "Tell",
        "chase" => "Ask again",
        "ship" => "Ship to",
        "again" => "Call again",
        "news" => "News for",
        _ => "See to",
    }
}

/// The list; nothing to do is said too, so that an empty mail is never a doubt.
pub fn text(out: &mut dyn Write, list: &CallList) -> io::Result<()> {
    writeln!(out, "{}", heading(list))?;
    for (n, call) in list.calls.iter().enumerate() {
        writeln!(out)?;
        for line in block(list, n, call) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// The list with boxes to tick, in pages of so many lines, each ended by a form feed. A call is never cut in two.
pub fn form(out: &mut dyn Write, list: &CallList, warehouse: &str, page: usize) -> io::Result<()> {
    let mut pages: Vec<Vec<String>> = vec![Vec::new()];
    let room = page.saturating_sub(4); // the head, a blank, and a blank and the number at the foot
    for (n, call) in list.calls.iter().enumerate() {
        let mut lines = block(list, n, call);
        lines.push(boxes(call));
        lines.push(format!("{:INDENT$}Note  {}", "", "_".repeat(WIDTH - INDENT - 6)));
        lines.push(String::new());
        lines.truncate(room);
        if pages.last().is_some_and(|p| !p.is_empty() && p.len() + lines.len() > room) {
            pages.push(Vec::new());
        }
        if let Some(last) = pages.last_mut() {
            last.extend(lines);
        }
    }
    let count = pages.len();
    for (n, lines) in pages.into_iter().enumerate() {
        writeln!(out, "{}", text::clip(&format!("{}  {}", visible(warehouse), heading(list)), WIDTH))?;
        writeln!(out)?;
        let blank = room.saturating_sub(lines.len());
        for line in lines {
            writeln!(out, "{line}")?;
        }
        write!(out, "{}", "\n".repeat(blank + 1))?;
        writeln!(out, "{:>WIDTH$}", format!("page {} of {count}", n + 1))?;
        if n + 1 < count {
            write!(out, "\u{c}")?;
        }
    }
    Ok(())
}

fn heading(list: &CallList) -> String {
    let due = &list.due;
    let mut parts = Vec::new();
    for (count, what) in
        [(due.tell, "to tell"), (due.ask, "to ask again"), (due.ship, "to ship to"), (due.call, "to call back")]
    {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if due.refunds > 0 {
        parts.push(format!("{} refund{}", due.refunds, if due.refunds == 1 { "" } else { "s" }));
    }
    let day = dates::long(list.today);
    match parts.is_empty() {
        true => format!("{day}: nobody has to hear from us today."),
        false => format!("{day}: {}.", parts.join(", ")),
    }
}

/// One call: who and how, the lines, the words, what silence means, why.
fn block(list: &CallList, n: usize, call: &Call) -> Vec<String> {
    let by = match (call.hour, call.by) {
        (Some(hour), _) => format!("at {}", hour.format("%H:%M")),
        (None, Some(by)) if by <= list.today => "today".into(),
        (None, Some(by)) => format!("by {}", dates::full(by, list.today)),
        (None, None) => String::new(),
    };
    let head = format!("{:>3}. {} {}", n + 1, verb(call), call.customer_name);
    let mut lines = vec![format!("{} {by}", text::left(&head, WIDTH - 1 - text::width(&by)))];
    let ways = [call.person.as_deref(), call.phone.as_deref(), call.email.as_deref()];
    let ways = ways.iter().flatten().copied().collect::<Vec<_>>().join(", ");
    labelled(&mut lines, "How", if ways.is_empty() { "no phone or mail on file" } else { &ways });
    for (n, line) in call.lines.iter().enumerate() {
        labelled(&mut lines, if n == 0 { "About" } else { "" }, line);
    }
    labelled(&mut lines, "Say", &call.say);
    if let Some(until) = call.stands_until.filter(|day| *day >= list.today) {
        labelled(&mut lines, "Stands", &format!("the order stands until {}", dates::full(until, list.today)));
    }
    if !call.silence.is_empty() {
        labelled(&mut lines, "Silence", &call.silence);
    }
    labelled(&mut lines, "Why", &call.why);
    lines
}

/// What came of it, to tick by hand.
fn boxes(call: &Call) -> String {
    let ticks = match call.act {
        "refund" => "[ ] told  [ ] paid back on ________  [ ] no answer",
        "chase" => "[ ] yes  [ ] cancels  [ ] no answer, again ____  [ ] wrong no.",
        _ => "[ ] agrees  [ ] cancels  [ ] no answer, again ____  [ ] wrong no.",
    };
    format!("{:INDENT$}{ticks}", "")
}

fn labelled(lines: &mut Vec<String>, label: &str, words: &str) {
    let words = visible(words);
    for (n, part) in text::wrap(&words, WIDTH - INDENT).into_iter().enumerate() {
        let label = if n == 0 { label } else { "" };
        lines.push(format!("     {} {part}", text::left(label, INDENT - 6)));
    }
}
