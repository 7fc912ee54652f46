//! The review: a line for each difference, the chosen one explained below, and what posting would do.

use super::scanning;
use crate::domain::dates;
use crate::domain::locale::{self, Locale};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::tui::overlay::{self, footer};
use crate::tui::screens::count_review::{CountReview, Row};
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::worker::counting::{Line, Loss, Pass, Review, State};
use crate::worker::office::Shown;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::collections::BTreeSet;

/// Lines below the list: name, six that speak (or four, and two of what was said), button, keys.
const BELOW: u16 = 9;

/// Draws it; answers where the cursor stands while a code is named.
pub fn draw(screen: &CountReview, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
    let Some(review) = screen.review.as_deref() else {
        overlay::title(area, buf, theme, "Review");
        return None;
    };
    let width = area.width as usize;
    overlay::title(area, buf, theme, &heading(review));
    for (y, line) in (area.y + 1..).zip(text::wrap(&sentence(review, look), width.saturating_sub(2)).iter().take(2)) {
        buf.set_string(area.x + 1, y, line, theme.style(Role::Normal));
    }
    let rule = area.bottom().saturating_sub(BELOW);
    let list = Rect { y: area.y + 3, height: rule.saturating_sub(area.y + 3), ..area };
    if let Some((code, field, finder)) = &screen.naming {
        overlay::title(Rect { y: list.y, ..area }, buf, theme, &format!("which item is {code}?"));
        finder.draw(Rect { y: list.y + 1, height: list.height.saturating_sub(1), ..area }, buf, theme);
        let at = Rect { x: area.x + 3, y: rule + 1, width: area.width.saturating_sub(4), height: 1 };
        let words = if screen.pack_of.is_some() {
            "One scan of it counts how many pieces? Type the number and F8; F8 alone is 1."
        } else {
            "Type a part of its name. It becomes a barcode of the item, and what was scanned counts."
        };
        for (y, line) in (rule + 3..).zip(text::wrap(words, width.saturating_sub(4)).iter().take(2)) {
            buf.set_string(area.x + 3, y, line, theme.style(Role::Quiet));
        }
        footer(area, buf, theme, "Up Down choose   F8 that is it", "Esc back");
        return Some(field.draw(at, buf, theme));
    }
    table(screen, review, list, buf, theme);
    let spoken = spoken(screen, review, look);
    overlay::title(Rect { y: rule, ..area }, buf, theme, &spoken.0);
    for (n, line) in spoken.1.iter().flat_map(|l| text::wrap(l, width.saturating_sub(2))).take(6).enumerate() {
        buf.set_string(area.x + 1, rule + 1 + n as u16, line, theme.style(Role::Normal));
    }
    let style = theme.style(if screen.on_button { Role::Selected } else { Role::Title });
    buf.set_stringn(area.x + 1, rule + 7, format!("[{}]", button(review)), width, style);
    if let Some(said) = &screen.said {
        let room = Rect { y: rule + 5, height: 2, ..area };
        for y in room.y..room.bottom() {
            buf.set_string(area.x, y, " ".repeat(width), theme.style(Role::Normal));
        }
        scanning::sentence(room, buf, theme, &(said.clone(), Role::Urgent));
    }
    let name = if review.aside.is_empty() { "" } else { "b name the code  " };
    let own = if screen.aside().is_some() { "x drop it  " } else { "Space ok  r recount  " };
    let own = if screen.aside().is_some() { format!("{name}{own}") } else { format!("{own}{name}") };
    footer(area, buf, theme, &format!("{own}c count on  F8 post  ? keys"), "Esc later");
    None
}

fn button(review: &Review) -> String {
    let ready = || review.lines.iter().filter(|l| l.ready());
    match ready().filter(|l| l.state == State::Differs).count() {
        0 if ready().count() == 0 => "nothing to post".into(),
        0 => "post, no change".into(),
        n => format!("post {}", text::plural(n, "change")),
    }
}

fn heading(review: &Review) -> String {
    let time = |t: Option<chrono::NaiveDateTime>| t.map(|t| t.format("%H:%M").to_string());
    let counted = match (time(review.from), time(review.to)) {
        (Some(from), Some(to)) => format!(", counted {from}-{to}"),
        _ => String::new(),
    };
    let (bins, items) = (text::plural(review.bins, "bin"), text::plural(review.lines.len(), "line"));
    format!("Review  {}, {bins}, {items}{counted}", review.session.name)
}

fn sentence(review: &Review, look: &Look) -> String {
    if let Some((who, at)) = review.posted_by.as_ref().filter(|_| nothing_left(review)) {
        let on =
            if at.date() == look.today { String::new() } else { format!(" on {}", dates::full(at.date(), look.today)) };
        return format!("{who} posted it{on} at {}: {}.", at.format("%H:%M"), text::plural(review.posted, "line"));
    }
    let (plus, minus) = review.sums();
    let signed = |m: Money| format!("{}{}", if m > Money::ZERO { "+" } else { "" }, text::money(m));
    // Every line is in one of the figures: right, settled with a difference, or waiting.
    let mut out = format!("{} right", review.right());
    if review.differ() > 0 || review.waiting() == 0 {
        let differ = if review.differ() == 1 { "differs" } else { "differ" };
        out += &format!(", {} {differ}", review.differ());
    }
    match (minus.is_zero(), plus.is_zero()) {
        (false, false) => out += &format!(": {} and {} (net {})", signed(minus), signed(plus), signed(minus + plus)),
        (false, true) => out += &format!(": {}", signed(minus)),
        (true, false) => out += &format!(": {}", signed(plus)),
        (true, true) => {}
    }
    out.push('.');
    if review.waiting() > 0 {
        let each: Vec<String> = review.waits().iter().map(|(n, what)| format!("{n} {what}")).collect();
        let verb = if review.waiting() == 1 { "waits" } else { "wait" };
        out += &format!(" {} {verb}: {}.", review.waiting(), each.join(", "));
    }
    if !review.aside.is_empty() {
        out += &format!(" {}.", text::plural(review.aside.len(), "unknown barcode"));
    }
    if review.left > 0 {
        out += &format!(" {} not counted yet.", text::plural(review.left, "bin"));
    }
    if let Some((who, bin)) = review.open.first() {
        out += &format!(" {who} still counts {bin}.");
    }
    out
}

/// All that was counted is posted, and nobody counts any more.
fn nothing_left(review: &Review) -> bool {
    review.lines.is_empty() && review.aside.is_empty() && review.open.is_empty() && review.left == 0
}

const HEAD: [&str; 7] = ["Bin", "Item", "Book at", "Since", "Counted", "Diff", "Worth"];

fn cells(line: &Line) -> [String; 7] {
    let difference = line.difference();
    let sign = if difference.is_positive() { "+" } else { "" };
    if line.hidden {
        let blank = String::new;
        return [line.bin.code.clone(), line.item.name.clone(), blank(), blank(), blank(), blank(), blank()];
    }
    let worth = match line.worth {
        _ if difference.is_zero() => String::new(),
        Some(w) => format!("{}{}", if w > Money::ZERO { "+" } else { "" }, text::money(w)),
        None => "?".into(),
    };
    [
        line.bin.code.clone(),
        line.item.name.clone(),
        book(line),
        text::quantity_or_blank(line.since()),
        text::quantity(line.pass.counted),
        if difference.is_zero() { "0".into() } else { format!("{sign}{}", text::quantity(difference)) },
        worth,
    ]
}

/// What the book said; what was picked of it and not shipped is taken off: `17-6`.
fn book(line: &Line) -> String {
    let said = text::quantity(line.pass.book + line.pass.picked);
    if line.pass.picked.is_zero() { said } else { format!("{said}-{}", text::quantity(line.pass.picked)) }
}

/// The word behind a line: taken as it is, worth a second look, or what it waits for.
fn word(line: &Line) -> &'static str {
    match line.state {
        State::Second => "2nd count",
        State::Third if line.anybody_decides => "to decide",
        State::Third if line.lead_decides => "to a lead",
        State::Third => "3rd count",
        State::Again => "recount",
        _ if line.held => "to approve",
        State::Right => "ok",
        State::Differs if line.ok => "ok",
        State::Differs if line.second_look => "x2",
        State::Differs => "",
    }
}

fn table(screen: &CountReview, review: &Review, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let width = area.width as usize;
    // Where nothing moved since, the names have that room.
    let since = if review.lines.iter().any(|l| !l.hidden && !l.since().is_zero()) { 7 } else { 0 };
    let bins = review.lines.iter().map(|l| text::width(&l.bin.code)).max().unwrap_or(0).clamp(5, 10);
    let names = width.saturating_sub(bins + since + 48).clamp(16, 44);
    let line = |c: &[String; 7], sign: &str, word: &str| {
        format!(
            "{sign}{} {} {}{} {} {} {} {word}",
            text::left(&text::fit(&c[0], bins), bins),
            text::left(&text::fit(&c[1], names), names),
            text::right(&c[2], 7),
            text::right(if since > 0 { &c[3] } else { "" }, since),
            text::right(&c[4], 8),
            text::right(&c[5], 6),
            text::right(&c[6], 9),
        )
    };
    let head = HEAD.map(String::from);
    buf.set_string(area.x, area.y, text::clip(&line(&head, " ", ""), width), theme.style(Role::Quiet));
    let rows = screen.rows();
    let room = area.height.saturating_sub(1) as usize;
    let top = (screen.cursor + 1).saturating_sub(room);
    if rows.is_empty() {
        let words = match review.posted_by {
            Some(_) if nothing_left(review) => {
                "Nothing is left to review: h on the item tells what was found, u takes the posting back."
            }
            Some(_) => "What was counted so far is posted. c goes on counting.",
            None => "Nothing is counted yet: c goes on counting. A bin counts here once it is done.",
        };
        buf.set_string(area.x + 1, area.y + 1, text::clip(words, width.saturating_sub(2)), theme.style(Role::Normal));
    }
    for (n, (i, row)) in rows.iter().enumerate().skip(top).take(room).enumerate() {
        let sign = if i == screen.cursor { "▸" } else { " " };
        let words = match row {
            Row::Line(at) => review.lines.get(*at).map(|l| line(&cells(l), sign, word(l))).unwrap_or_default(),
            Row::Aside(at) => review.aside.get(*at).map_or(String::new(), |a| {
                format!(
                    "{sign}{} ? {}  unknown, {} kept aside by {}",
                    text::left(&text::fit(&a.bin.code, bins), bins),
                    a.code,
                    a.quantity,
                    a.operator
                )
            }),
            Row::Right(n) => format!("{sign}  {n} right, Enter shows them"),
        };
        let style = theme.style(if i == screen.cursor { Role::Selected } else { Role::Normal });
        buf.set_string(area.x, area.y + 1 + n as u16, text::left(&text::clip(&words, width), width), style);
    }
}

/// The chosen row's name and what it says.
fn spoken(screen: &CountReview, review: &Review, look: &Look) -> (String, Vec<String>) {
    match screen.rows().get(screen.cursor) {
        Some(Row::Line(at)) => match review.lines.get(*at) {
            Some(line) => (format!("{} in {}", line.item.name, line.bin.code), explained(line, review, look)),
            None => Default::default(),
        },
        Some(Row::Aside(at)) => match review.aside.get(*at) {
            Some(a) => (
                a.code.clone(),
                vec![match &a.known {
                    Some((name, pack)) => format!(
                        "It is {name} by now, one scan = {pack}: b counts what was kept aside in {}. x drops it.",
                        a.bin.code
                    ),
                    None => format!(
                        "Nobody knows this code. b names its item; what was scanned in {} is counted then. x drops it: it \
                         counts for nothing.",
                        a.bin.code
                    ),
                }],
            ),
            None => Default::default(),
        },
        _ => (String::new(), Vec::new()),
    }
}

fn explained(line: &Line, review: &Review, look: &Look) -> Vec<String> {
    if line.hidden {
        let who: Vec<&str> = line.passes.iter().map(|p| p.operator.as_str()).collect();
        let counted =
            format!("Counted by {}. It waits for your count: c, then scan {}.", who.join(", "), line.bin.code);
        return vec![counted, "What the book says and what they found is shown once you counted it.".into()];
    }
    let mut out = Vec::new();
    let at = line.pass.at.format("%H:%M");
    let moved = if line.moved.is_empty() {
        "Nothing moved since.".to_string()
    } else {
        let each: Vec<String> =
            line.moved.iter().take(3).map(|m| since(m.quantity, m.reference.as_deref().unwrap_or(&m.reason))).collect();
        format!("Since then {}: {}.", signed(line.since()), each.join(", "))
    };
    let Pass { book, picked, counted, operator, .. } = &line.pass;
    let difference = signed(line.difference());
    out.push(match picked.is_zero() {
        true => format!("Book said {book} when {operator} counted {counted} at {at}. {moved} Diff {difference}."),
        false => format!(
            "{operator} counted {counted} at {at}, should have been {book} ({} in the book, less {picked} picked and not \
             shipped). Diff {difference}. {moved}",
            *book + *picked
        ),
    });
    match line.state {
        State::Second => {
            out.push("Off by more than is tolerated: somebody else counts it too, without seeing this.".into())
        }
        State::Third => {
            let who = everybody(line);
            let decides = if line.anybody_decides { "whoever reviews it decides" } else { "a lead decides" };
            out.push(match line.lead_decides {
                true => format!(
                    "They found different things ({who}), and nobody else counts here: {decides}. \
                     Space takes {} by {}; c counts once more.",
                    line.pass.counted, line.pass.operator
                ),
                false => format!("They found different things ({who}): a third person decides, who counted neither."),
            });
        }
        State::Again => out.push("To be counted again: c, then scan the bin.".into()),
        _ => {}
    }
    if matches!(line.state, State::Right | State::Differs) && line.passes.len() > 1 {
        out.push(whose(line));
    }
    if let Some(Loss { order, customer, quantity }) = line.loses.first() {
        let more = if line.loses.len() > 1 { format!(" and {} more", line.loses.len() - 1) } else { String::new() };
        out.push(format!("If it stands, {order} ({quantity}) loses its goods: tell {customer}{more}."));
    }
    if !line.pass.found {
        out.push("Nobody found any: the bin was finished without it.".into());
    }
    if let Some(early) = line.dated_before().first() {
        out.push(format!(
            "! {} was booked after the count but is dated before it: perhaps counted already.",
            signed(early.quantity)
        ));
    }
    if line.state == State::Differs {
        let before = match line.before {
            Some((on, difference)) => {
                format!("Last difference here: {} on {}.", signed(difference), dates::full(on, look.today))
            }
            None => "No difference was found here before.".into(),
        };
        let mark = if line.second_look { " x2 = worth a second look." } else { "" };
        out.push(format!("{before}{mark}"));
    }
    if line.held {
        out.push(format!(
            "Over the limit: {} must post it. A badge says who works here, or Esc and l.",
            review.who_approves()
        ));
    }
    out
}

/// What everybody found, oldest first: `M.Baker 14 (-4), K.Smit 15 (-3)`.
fn everybody(line: &Line) -> String {
    let each = |p: &Pass| {
        let off = if p.difference().is_zero() { "right".to_string() } else { signed(p.difference()) };
        format!("{} {} ({off})", p.operator, text::quantity(p.counted))
    };
    line.passes.iter().map(each).collect::<Vec<_>>().join(", ")
}

/// Who found what where several counted, and whose count stands.
fn whose(line: &Line) -> String {
    let people: BTreeSet<&str> = line.passes.iter().map(|p| p.operator.as_str()).collect();
    let who = &line.pass.operator;
    let why = match people.len() {
        1 => format!("of one person the last count holds, {}", text::quantity(line.pass.counted)),
        2 if line.passes.iter().all(|p| p.difference() == line.pass.difference()) => {
            format!("they agree, and {who}'s, the later, stands")
        }
        2 if line.ok => format!("{who}'s was taken here"),
        2 => format!("close enough, and {who}'s, the later, stands"),
        _ => format!("{who}, the last to count, decided"),
    };
    format!("{}: {why}.", everybody(line))
}

fn since(quantity: Qty, why: &str) -> String {
    format!("{} {why}", signed(quantity))
}

fn signed(quantity: Qty) -> String {
    format!("{}{}", if quantity.is_positive() { "+" } else { "" }, text::quantity(quantity))
}

/// The whole review as a list to export.
pub fn shown(review: &Review) -> Shown {
    let cells = |l: &Line| {
        let [bin, item, mut book, since, counted, difference, worth] = cells(l);
        let mut picked = String::new();
        if !l.hidden {
            (book, picked) = (text::quantity(l.pass.book + l.pass.picked), text::quantity_or_blank(l.pass.picked));
        }
        vec![bin, item, book, picked, since, counted, difference, worth, word(l).to_string()]
    };
    let rows = locale::within(Locale::File, || review.lines.iter().map(cells).collect());
    let columns = vec!["bin", "item", "book", "picked", "since", "counted", "difference", "worth", "state"];
    Shown::of(columns, rows, &["book", "picked", "counted", "difference", "worth"])
}
