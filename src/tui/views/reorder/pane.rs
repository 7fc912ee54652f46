//! A line in full: its sums, who else sells it, and the rows behind each number.

use super::{Decision, ReorderRow, outlook};
use crate::domain::dates;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::views::gauge;
use crate::worker::reorder::{
    Choice, Draft, Later, LineDetail, Need, NotNeeded, Reason, ReorderLine, StockLevel, Target, Term, in_100,
};

/// Rows of each kind that are listed behind the numbers.
const LISTED: usize = 12;

struct Page {
    width: usize,
    lines: Vec<Line>,
}

impl Page {
    fn say(&mut self, words: &str) {
        self.lines.extend(text::wrap(words, self.width).into_iter().map(|w| vec![Cell::plain(w)]));
    }
    fn heading(&mut self, words: &str) {
        self.lines.push(Vec::new());
        self.lines.push(vec![Cell::with(text::fit(words, self.width), Role::Title)]);
    }
    /// Figures stand in a column; what does not fit beside them goes on below.
    fn term(&mut self, sign: char, quantity: Option<Qty>, words: &str) {
        let Some(quantity) = quantity else { return self.say(words) };
        let figure = format!(" {sign} {:>6}  ", text::quantity(quantity));
        let indent = text::width(&figure);
        let role = if sign == '=' { Some(Role::Title) } else { None };
        for (n, line) in text::wrap(words, self.width.saturating_sub(indent)).into_iter().enumerate() {
            let head = if n == 0 { figure.clone() } else { " ".repeat(indent) };
            self.lines.push(vec![Cell { text: format!("{head}{line}"), role }]);
        }
    }
    /// The typed level and the program's, side by side.
    fn beside(&mut self, target: &Target) {
        let one = |q: Option<Qty>| q.map_or("none".to_string(), text::quantity);
        let in_100 = |risk: f64| format!("{:.0} in 100", risk * 100.0);
        if !target.sells {
            return; // the program keeps nothing of it that a figure could stand beside
        }
        let row = |what: &str, yours: String, program: String| format!("{what:<16}{yours:>10}{program:>12}");
        let typed = target.is_typed();
        let yours = |words: String| if typed { words } else { String::new() };
        let head = row("", yours("yours".into()), "the program".into());
        self.lines.push(vec![Cell::with(text::clip(&head, self.width), Role::Quiet)]);
        for line in [
            row("order at", yours(one(target.min)), text::quantity(target.point)),
            row("order up to", yours(one(target.max)), text::quantity(target.up_to)),
            row("empty too soon", target.typed_risk.map_or(String::new(), in_100), in_100(target.risk)),
        ] {
            self.lines.push(vec![Cell::plain(text::clip(&line, self.width))]);
        }
    }
    /// `[==--....]  low for 12 days; full is 68`
    fn level(&mut self, level: &StockLevel, days: Option<i64>) {
        self.lines.extend(gauge::line(level, days, self.width));
    }
    fn sum(&mut self, terms: &[Term]) {
        if !terms.is_empty() {
            self.lines.push(Vec::new());
        }
        for t in terms {
            self.term(t.sign, t.quantity, &t.words);
        }
    }
}

/// The chosen line.
pub fn line(
    line: &ReorderLine,
    decision: Option<Decision>,
    detail: Option<&LineDetail>,
    width: usize,
    look: &Look,
) -> Vec<Line> {
    let task = match decision {
        Some(d) if line.order_by <= look.today => format!("order {} today", text::quantity(d.quantity)),
        Some(d) => {
            let on = if line.order_by > line.waits_until { "on" } else { "by" };
            format!("order {} {on} {}", text::quantity(d.quantity), dates::full(line.order_by, look.today))
        }
        None => match line.need {
            Need::Send(_) => "send its draft".into(),
            Need::Count => "count it first".into(),
            Need::Ask(_) => "only if you say so".into(),
            _ => "hurry it".into(),
        },
    };
    let name = text::fit(&line.name, width.saturating_sub(text::width(&task) + 2).max(12));
    let mut page = Page { width, lines: vec![vec![Cell::with(format!("{name}  {task}"), Role::Title)]] };
    if let Some((level, days)) = detail.and_then(|d| Some((d.detail.stock?, d.detail.days_in_zone(look.today)))) {
        page.level(&level, days);
    }
    let Some(d) = detail else {
        page.say(&line.reason);
        return page.lines;
    };
    if line.stale {
        page.say("Its facts have changed: it is being worked out anew.");
    }
    if let Some(day) = d.of_day {
        page.say(&format!("Level and sales are of {}, not of this day.", dates::full(day, look.today)));
    }
    page.lines.push(Vec::new());
    let elsewhere = elsewhere(line, decision, detail);
    page.say(match &elsewhere {
        Some(words) => words,
        None if decision.is_none() || d.why.closing.is_empty() => &line.reason,
        None => &d.why.closing,
    });
    page.sum(&d.why.have);
    page.sum(&d.why.level);
    // What the quantity saves is reckoned with the program's supplier.
    if decision.is_some() && elsewhere.is_none() {
        page.sum(&d.why.quantity);
    }
    if let Some(words) = line.changed_words(look.today).filter(|_| decision.is_some()) {
        page.say(&words);
    }
    if let Some(words) = risk(line, look) {
        page.lines.push(Vec::new());
        page.say(&words);
    }
    if let Some(target) = d.target.as_ref().filter(|t| t.is_typed() || t.reason != Reason::Fine) {
        page.lines.push(Vec::new());
        page.beside(target);
        page.say(&format!("{} a changes it.", target.words()));
    }
    others(&mut page, line, &d.choices);
    if !d.why.notes.is_empty() {
        page.lines.push(Vec::new());
    }
    for note in &d.why.notes {
        page.say(note);
    }
    let drawn = outlook::chart(line, decision, d, None, width, look);
    if !drawn.is_empty() {
        page.lines.push(Vec::new());
        page.lines.extend(drawn);
    }
    behind(&mut page, line, d, look);
    page.lines
}

/// How likely it is to run out before goods come, which goods, and whether that lets the order wait.
fn risk(line: &ReorderLine, look: &Look) -> Option<String> {
    let risk = in_100(line.risk?);
    if let Some(way) = line.hurried() {
        let when = way.likely.map_or(String::new(), |on| format!(", about {}", dates::short(on, look.today)));
        return Some(format!("Empty before {} comes{when}: {risk} in 100.", way.inbound.po_code));
    }
    line.quantity().or(line.asked())?;
    let days = text::plural(line.lead_days.round().max(0.0) as usize, "day");
    let accepts = match line.accepted.map(in_100).filter(|_| line.position.is_positive()) {
        Some(accepted) if line.waits_until > look.today => {
            let until = dates::full(line.waits_until, look.today);
            format!("; its level accepts {accepted}: ordered by {until}")
        }
        Some(accepted) => format!("; its level accepts {accepted}"),
        None => String::new(),
    };
    let order = match line.leaves_on > look.today {
        true => format!("an order of {}", dates::full(line.leaves_on, look.today)),
        false => "an order of today".into(),
    };
    Some(format!("Empty when {order} comes ({days} later): {risk} in 100{accepts}."))
}

/// `Or: Bigfoot Breweries 16.10, 9 days: 12.00 more`
fn others(page: &mut Page, line: &ReorderLine, choices: &[Choice]) {
    let mut first = true;
    for other in choices.iter().filter(|c| !c.current).take(4) {
        if std::mem::take(&mut first) {
            page.lines.push(Vec::new());
        }
        let mut words = compared(other, line);
        words.push_str(&in_a_year(other));
        page.say(&format!("Or: {words}"));
    }
}

/// What another supplier comes to in a year, and how sure it is.
pub fn in_a_year(other: &Choice) -> String {
    let mut words = String::new();
    if let Some(more) = other.more_a_year.filter(|m| !m.is_zero()) {
        let abs = Money::from_ten_thousandths(more.ten_thousandths().abs());
        let than = if more > Money::ZERO { "dearer" } else { "cheaper" };
        words.push_str(&format!(", {} a year {than} in all", text::money(abs)));
    }
    if !other.why_not.is_empty() {
        words.push_str(&format!(", {}", other.why_not));
    }
    if let Some(sure) = other.sure {
        words.push_str(&format!(", in full and on time above {:.0} in 100", sure * 100.0));
    }
    words
}

/// What another supplier costs and takes, against the line as it is.
pub fn compared(other: &Choice, line: &ReorderLine) -> String {
    let mut words = format!("{}: {}", other.name, text::quantity(other.quantity));
    if let Some(each) = other.cost_each {
        words.push_str(&format!(" at {each}"));
    }
    match other.cost.zip(line.cost) {
        Some((cost, now)) if cost > now => words.push_str(&format!(", {} more", text::money(cost - now))),
        Some((cost, now)) if cost < now => words.push_str(&format!(", {} less", text::money(now - cost))),
        Some(_) => words.push_str(", the same money"),
        None => {}
    }
    let days = |days: i64| text::plural(days.max(0) as usize, "day");
    match (other.takes_days, other.lead_days) {
        // Their word against what was learned of another would compare unlike things.
        (Some(takes), _) => {
            let than = match other.later_by.unwrap_or(0) {
                0 => String::new(),
                n if n > 0 => format!(" ({} later)", days(n)),
                n => format!(" ({} sooner)", days(n.saturating_neg())),
            };
            words.push_str(&format!(", takes about {}{than}", days(takes)));
        }
        (None, Some(said)) => words.push_str(&format!(", says {}", days(said))),
        (None, None) => {}
    }
    words
}

/// Of a line that a person gave to another supplier: what that comes to. None: it is with the program's.
pub fn elsewhere(line: &ReorderLine, decision: Option<Decision>, detail: Option<&LineDetail>) -> Option<String> {
    let supplier = decision?.supplier.filter(|s| Some(*s) != line.supplier)?;
    let choice = detail.and_then(|d| d.choices.iter().find(|c| c.supplier == supplier));
    Some(match choice {
        Some(c) => format!("{}{}.", compared(c, line), in_a_year(c)),
        None => "Another supplier than the program's.".into(),
    })
}

fn behind(page: &mut Page, line: &ReorderLine, d: &LineDetail, look: &Look) {
    let item = &d.detail;
    page.heading(&format!("{}: the rows behind the numbers", line.sku));
    for bin in item.bins.iter().take(LISTED) {
        let kind = if bin.kind == "storage" { String::new() } else { format!(", {}", bin.kind) };
        page.term(' ', Some(bin.quantity), &format!("in {}{kind}", bin.code));
    }
    rest(page, item.bins.len());
    for way in line.coming.iter().take(LISTED) {
        let i = &way.inbound;
        let when = match (way.draft, way.likely) {
            (true, _) => "a draft".into(),
            (_, Some(on)) => format!("likely {}", dates::short(on, look.today)),
            (_, None) => "no date".into(),
        };
        page.term('+', Some(i.open), &format!("{} line {}, {}, {when}", i.po_code, i.line_code, i.supplier_name));
    }
    rest(page, line.coming.len());
    for l in item.lines.iter().take(LISTED) {
        let aside = if l.allocated.is_positive() {
            format!(", {} set aside", text::quantity(l.allocated))
        } else {
            String::new()
        };
        page.term('-', Some(l.allocated + l.short), &format!("{} {}{aside}", l.order, l.customer));
    }
    rest(page, item.lines.len());
    page.say("Enter shows the rows behind every number.");
}

fn rest(page: &mut Page, all: usize) {
    if all > LISTED {
        page.say(&format!("           and {} more", all - LISTED));
    }
}

/// A PO line that is not needed for long.
pub fn not_needed(line: &NotNeeded, width: usize, look: &Look) -> Vec<Line> {
    let title = vec![Cell::with(text::fit(&format!("{}  {}", line.po_code, line.name), width), Role::Title)];
    let mut page = Page { width, lines: vec![title, Vec::new()] };
    page.term(' ', Some(line.position), "you have without it");
    page.term('+', Some(line.open), &format!("it brings, from {}", line.supplier_name));
    page.lines.push(Vec::new());
    page.say(&line.advice(|on| dates::full(on, look.today)));
    if let Some(value) = line.value {
        page.say(&format!("It is worth {}.", text::money(value)));
    }
    page.lines
}

/// An item whose level may be changed.
pub fn target(target: &Target, width: usize) -> Vec<Line> {
    let own = target.stock.gauge().filter(|_| target.tells_of_stock());
    let title = gauge::title(&format!("{}  {}", target.sku, target.name), own, width);
    let mut page = Page { width, lines: vec![title] };
    if own.is_some() {
        page.level(&target.stock, target.days);
    }
    page.lines.push(Vec::new());
    page.beside(target);
    page.lines.push(Vec::new());
    page.say(&target.words());
    page.lines.push(Vec::new());
    page.say("a changes it: the program's figure, another share to be served, or a min and max of your own.");
    page.lines
}

/// What was put off.
pub fn later(later: &Later, width: usize, look: &Look) -> Vec<Line> {
    let title = vec![Cell::with(text::fit(&format!("{}  {}", later.sku, later.name), width), Role::Title)];
    let mut page = Page { width, lines: vec![title, Vec::new()] };
    page.say(&format!("Put off until {}: {}.", dates::full(later.until, look.today), later.reason));
    page.lines.push(Vec::new());
    page.say("Then it is suggested again, if it is still needed. z brings it back now.");
    page.lines
}

/// A draft that waits to be sent.
pub fn draft(draft: &Draft, supplier: &str, width: usize) -> Vec<Line> {
    let title = vec![Cell::with(text::fit(&format!("{}  {supplier}", draft.code), width), Role::Title)];
    let mut page = Page { width, lines: vec![title, Vec::new()] };
    page.say(&format!(
        "A draft: {}, {}. It was made and not sent.",
        text::plural(draft.lines, "line"),
        text::money(draft.value)
    ));
    page.lines.push(Vec::new());
    page.say(
        "Its goods count as on their way, so that nothing is suggested twice; but they come only when it is sent.",
    );
    page.lines.push(Vec::new());
    page.say("Enter opens it: s sends it, e changes a line, x cancels.");
    page.lines
}

/// A row of stock that asks for nothing.
pub fn idle(row: &ReorderRow, advice: Option<&str>, asleep: bool, width: usize) -> Vec<Line> {
    let title = vec![Cell::with(text::fit(&format!("{}  {}", row.sku, row.name), width), Role::Title)];
    let mut page = Page { width, lines: vec![title, Vec::new()] };
    page.term(' ', Some(row.have), "you have, with what is on its way");
    page.term('-', Some(row.have - row.excess), if asleep { "for those who wait" } else { "enough for a year" });
    page.term('=', Some(row.excess), "more than it needs");
    if let Some(value) = row.money {
        page.say(&format!("That is {} on the shelf.", text::money(value)));
    }
    if let Some(advice) = advice {
        page.lines.push(Vec::new());
        page.say(advice);
    }
    page.lines
}
