//! How the Reorder tab looks: its rows and columns per view, and what the chosen row says.

mod columns;
pub mod last_year;
mod outlook;
pub mod pane;
pub mod planned;
pub mod why;

pub use columns::columns;

use crate::domain::dates;
use crate::domain::gauge::Gauge;
use crate::domain::ids::SupplierId;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::{is_closed, next_chance, weekdays};
use crate::tui::screens::Spoken;
use crate::tui::table::{Look, Row};
use crate::tui::text;
use crate::worker::reorder::{
    Decision, Draft, IdleLine, Later, LineDetail, Need, NotNeeded, PolicyRow, Reason, ReorderLine, Seller, Shown,
    Target,
};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The views' names; the places are the constants below.
pub const VIEWS: &[&str] = &[
    "by supplier",
    "by urgency",
    "on the way but too late",
    "on the way, not needed",
    "levels to change",
    "too much",
    "asleep",
    "last year, replayed",
];
pub const BY_SUPPLIER: usize = 0;
pub const BY_URGENCY: usize = 1;
pub const TOO_LATE: usize = 2;
pub const NOT_NEEDED: usize = 3;
pub const LEVELS: usize = 4;
pub const TOO_MUCH: usize = 5;
pub const ASLEEP: usize = 6;
pub const LAST_YEAR: usize = 7;

/// What a person changed and nobody has ordered, a few words each: `48 Ginger beer`, `12 Sea salt from Bigfoot`.
pub fn changed(shown: &Shown) -> Vec<String> {
    let words = |line: &ReorderLine| {
        let own = line.decided().filter(|_| line.changed.is_some())?;
        let other = own.supplier.filter(|s| Some(*s) != line.supplier).and_then(|s| shown.sellers.get(&s));
        let from = other.map_or(String::new(), |s| format!(" from {}", text::fit(&s.name, 24)));
        Some(format!("{} {}{from}", text::quantity(own.quantity), text::fit(&line.name, 30)))
    };
    shown.board.lines.iter().filter_map(words).collect()
}

/// A row of any view.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReorderRow {
    pub id: i64,
    pub heading: Option<String>,
    /// The line's place on the board.
    pub at: Option<usize>,
    pub urgent: bool,
    pub by: Option<NaiveDate>,
    pub quantity: Option<Qty>,
    /// A person changed it.
    pub changed: bool,
    pub sku: String,
    pub name: String,
    pub supplier: String,
    pub have: Qty,
    pub low: Option<Qty>,
    pub out: Option<NaiveDate>,
    pub wait: Qty,
    pub money: Option<Money>,
    pub pack: Qty,
    pub risk: Option<f64>,
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    pub po: String,
    pub likely: Option<NaiveDate>,
    pub excess: Qty,
    /// What is to be done in place of ordering: `hurry`, `send`, `count`, `ask`.
    pub instead: &'static str,
    /// A draft that waits to be sent.
    pub draft: bool,
    /// Put off until that day.
    pub later: Option<NaiveDate>,
    /// How full the shelf is.
    pub gauge: Option<Gauge>,
    /// Days in its zone.
    pub days: Option<i64>,
    /// The program's level, and up to what.
    pub program: Option<(Qty, Qty)>,
    pub reason: Option<Reason>,
    /// Nobody ever said how many there are.
    pub unknown: bool,
    /// In the view of the last year.
    pub policy: Option<PolicyRow>,
}

impl Row for ReorderRow {
    fn id(&self) -> i64 {
        self.id
    }
    fn heading(&self) -> Option<String> {
        self.heading.clone()
    }
    fn words(&self) -> String {
        format!("{} {} {} {}", self.sku, self.name, self.supplier, self.po)
    }
}

fn row_of(shown: &Shown, at: usize, line: &ReorderLine) -> ReorderRow {
    let decision = line.decided();
    let supplier = decision.map_or(line.supplier, |d| d.supplier);
    let hurried = line.too_late().or(line.draft());
    let name = supplier.and_then(|s| shown.sellers.get(&s)).map_or(String::new(), |s| s.name.clone());
    ReorderRow {
        id: line.item.0,
        at: Some(at),
        urgent: line.sign == '!',
        by: Some(line.order_by),
        quantity: decision.map(|d| d.quantity),
        changed: line.changed.is_some(),
        sku: line.sku.clone(),
        name: line.name.clone(),
        supplier: hurried.filter(|_| line.late.is_none()).map_or(name, |w| w.inbound.supplier_name.clone()),
        have: line.position,
        unknown: !line.known,
        low: Some(line.reorder_point),
        out: line.out_on.filter(|_| line.known),
        wait: line.wait,
        money: decision.and_then(|d| Some(d.each?.times(d.quantity))),
        pack: line.pack,
        risk: line.risk,
        min: line.min,
        max: line.max,
        gauge: shown.levels.get(&line.item).and_then(|l| l.gauge()),
        po: hurried.map_or(String::new(), |w| w.inbound.po_code.clone()),
        likely: hurried.and_then(|w| w.likely),
        instead: instead(line),
        ..ReorderRow::default()
    }
}

/// What is to be done in place of ordering.
fn instead(line: &ReorderLine) -> &'static str {
    match line.need {
        Need::Order(_) => "",
        Need::Expedite(_) => "hurry",
        Need::Send(_) => "send",
        Need::Count => "count",
        Need::Ask(_) => "ask",
    }
}

/// The lines to be ordered from one supplier.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    pub supplier: Option<SupplierId>,
    /// Places on the board.
    pub lines: Vec<usize>,
    pub total: Money,
}

/// The lines of each supplier, in the board's order of urgency.
pub fn groups(shown: &Shown) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::new();
    let mut places: BTreeMap<Option<SupplierId>, usize> = BTreeMap::new();
    for (at, line) in shown.board.lines.iter().enumerate() {
        let Some(decision) = line.decided() else { continue };
        let place = *places.entry(decision.supplier).or_insert_with(|| {
            out.push(Group { supplier: decision.supplier, lines: Vec::new(), total: Money::ZERO });
            out.len() - 1
        });
        if let Some(group) = out.get_mut(place) {
            group.lines.push(at);
            group.total += decision.each.map_or(Money::ZERO, |each| each.times(decision.quantity));
        }
    }
    out
}

/// `604.80   minimum 250.00 reached`. A cost that nobody knows is no 0.00.
pub fn against_minimum(total: Money, minimum: Option<Money>) -> String {
    if total.is_zero() {
        return "cost not known".into();
    }
    match minimum.filter(|m| *m > Money::ZERO) {
        Some(minimum) if total >= minimum => {
            format!("{}   minimum {} reached", text::money(total), text::money(minimum))
        }
        Some(minimum) => format!(
            "{}   {} short of minimum {}",
            text::money(total),
            text::money(minimum - total),
            text::money(minimum)
        ),
        None => text::money(total),
    }
}

/// The rows of a view that follow from the board.
pub fn rows(shown: &Shown, view: usize) -> Vec<ReorderRow> {
    let board = &shown.board;
    let row = |at: usize| board.lines.get(at).map(|line| row_of(shown, at, line));
    match view {
        BY_SUPPLIER => {
            let mut out = Vec::new();
            for (n, group) in groups(shown).into_iter().enumerate() {
                let seller = group.supplier.and_then(|s| shown.sellers.get(&s));
                let heading = Some(match seller {
                    Some(seller) => heading(seller, group.total, shown),
                    None => "Nobody is known to sell these: w says who does".into(),
                });
                out.push(ReorderRow { id: -1 - n as i64, heading, ..ReorderRow::default() });
                out.extend(group.lines.into_iter().filter_map(row));
            }
            let part = |words: String, place: i64| ReorderRow {
                id: HEADINGS - place,
                heading: Some(words),
                ..ReorderRow::default()
            };
            // What is low stands below as a draft, or to be hurried or counted: then it is not said that nothing is.
            let calm = board.lines.is_empty() && shown.drafts.is_empty();
            if out.is_empty() && calm && shown.typed > 0 && board.has_history {
                let go = if shown.typed == 1 { "goes" } else { "go" };
                let items = text::plural(shown.typed, "item");
                out.push(part(format!("Nothing is low. {items} {go} by your own minimums: v, levels to change"), 5));
            }
            if !board.expedite.is_empty() {
                let lines = text::plural(board.expedite.len(), "line");
                out.push(part(format!("On the way, but too late: {lines} to hurry, c opens the PO"), 0));
                out.extend(board.expedite.iter().filter_map(|at| row(*at)));
            }
            let open = |at: &&usize| board.lines.get(**at).is_some_and(|l| l.decided().is_none());
            let asked: Vec<usize> = board.to_ask.iter().filter(open).copied().collect();
            if !asked.is_empty() {
                out.push(part("Only if you say so (e): the least to be had lasts too long".into(), 2));
                out.extend(asked.into_iter().filter_map(row));
            }
            if !board.to_count.is_empty() {
                out.push(part("To be counted before anything is ordered: c counts one".into(), 3));
                out.extend(board.to_count.iter().filter_map(|at| row(*at)));
            }
            if !board.to_send.is_empty() {
                let lines = text::plural(board.to_send.len(), "line");
                out.push(part(format!("Covered once a draft is sent: {lines}, c opens the draft"), 4));
                out.extend(board.to_send.iter().filter_map(|at| row(*at)));
            }
            if !shown.drafts.is_empty() {
                out.push(part("Drafts that wait to be sent: Enter opens one".into(), 1));
                out.extend(shown.drafts.iter().map(|draft| draft_row(shown, draft)));
            }
            if !board.later.is_empty() {
                let lines = text::plural(board.later.len(), "line");
                out.push(part(format!("Put off, and why: {lines}; they come back by themselves"), 6));
                out.extend(board.later.iter().map(later_row));
            }
            out
        }
        NOT_NEEDED => board.not_needed.iter().map(not_needed_row).collect(),
        // What is to be ordered as well stands among the orders, and here for the goods that come too late.
        TOO_LATE => {
            let late = |at: &usize| board.lines.get(*at).is_some_and(|l| l.too_late().is_some());
            (0..board.lines.len()).filter(late).filter_map(row).collect()
        }
        _ => board.by_urgency().into_iter().filter_map(row).filter(|r| r.quantity.is_some()).collect(),
    }
}

/// Numbers of headings that are no supplier's, and of drafts: no item has them.
const HEADINGS: i64 = -1_000_000_000;
const DRAFTS: i64 = -2_000_000_000;
const LATER: i64 = -3_000_000_000;

fn later_row(later: &Later) -> ReorderRow {
    ReorderRow {
        id: LATER - later.item.0,
        sku: later.sku.clone(),
        name: format!("{}: {}", later.name, later.reason),
        later: Some(later.until),
        ..ReorderRow::default()
    }
}

/// The number of a draft's row.
pub fn draft_id(draft: &Draft) -> i64 {
    DRAFTS - draft.po.0
}

fn draft_row(shown: &Shown, draft: &Draft) -> ReorderRow {
    let supplier = shown.sellers.get(&draft.supplier).map_or(String::new(), |s| s.name.clone());
    let money = Some(draft.value).filter(|v| *v > Money::ZERO);
    let name = format!("{} to {supplier}, {}", draft.code, text::plural(draft.lines, "line"));
    ReorderRow {
        id: draft_id(draft),
        po: draft.code.clone(),
        draft: true,
        supplier,
        name,
        money,
        ..ReorderRow::default()
    }
}

/// `New Orleans Cajun   604.80   minimum 250.00 reached   Mon Thu before 12:00`: what a buyer must know of a supplier.
fn heading(seller: &Seller, total: Money, shown: &Shown) -> String {
    let mut words = format!("{}   {}", text::fit(&seller.name, 24), against_minimum(total, seller.min_order_value));
    let given = |text: &Option<String>| text.clone().filter(|t| !t.trim().is_empty());
    if let Some(currency) = given(&seller.currency).filter(|c| !c.eq_ignore_ascii_case(&shown.currency)) {
        words.push_str(&format!("   paid in {}", text::fit(&currency, 5)));
    }
    let days = given(&seller.order_days).map(|d| order_days(&d)).filter(|d| !d.is_empty());
    let board = &shown.board;
    let closed = is_closed(seller.cutoff.as_deref(), board.hour);
    let next = next_chance(board.today, &weekdays(seller.order_days.as_deref().unwrap_or("")), closed);
    // Where today's orders are too late the day counts that is meant, not the hour.
    let until = match next > board.today {
        true => Some(format!("next {}", dates::short(next, board.today))),
        false => given(&seller.cutoff).map(|c| format!("before {}", text::fit(&c, 8))),
    };
    let when: Vec<String> = [days, until].into_iter().flatten().collect();
    if !when.is_empty() {
        words.push_str(&format!("   {}", when.join(" ")));
    }
    words
}

/// `Mon Thu`, `Tue-Thu`; blank where every working day is one. A text that names no day is shown as it is.
fn order_days(text: &str) -> String {
    let days = weekdays(text);
    let [first, .., last] = days.as_slice() else {
        return days.first().map_or_else(|| text::fit(text.trim(), 14), ToString::to_string);
    };
    let in_a_row = days.windows(2).all(|d| d[0].succ() == d[1]); // windows of two
    match days.len() {
        _ if (0..5).all(|n| days.iter().any(|d| d.num_days_from_monday() == n)) => String::new(),
        n if n > 2 && in_a_row => format!("{first}-{last}"),
        _ => days.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    }
}

fn not_needed_row(line: &NotNeeded) -> ReorderRow {
    ReorderRow {
        id: line.po_line.0,
        po: line.po_code.clone(),
        sku: line.sku.clone(),
        name: line.name.clone(),
        supplier: line.supplier_name.clone(),
        have: line.position,
        likely: line.likely,
        out: line.needed_on,
        excess: line.open,
        money: line.value,
        ..ReorderRow::default()
    }
}

/// The rows of levels that a person may want to change.
pub fn target_rows(targets: &[Target]) -> Vec<ReorderRow> {
    let row = |t: &Target| ReorderRow {
        id: t.item.0,
        sku: t.sku.clone(),
        name: t.name.clone(),
        gauge: t.stock.gauge().filter(|_| t.tells_of_stock()),
        days: t.days.filter(|_| t.tells_of_stock()),
        min: t.min,
        max: t.max,
        program: Some((t.point, t.up_to)),
        reason: Some(t.reason),
        money: t.value,
        ..ReorderRow::default()
    };
    targets.iter().map(row).collect()
}

/// The rows of a view of stock that asks for nothing.
pub fn idle_rows(lines: &[IdleLine]) -> Vec<ReorderRow> {
    lines
        .iter()
        .map(|l| ReorderRow {
            id: l.item.0,
            sku: l.sku.clone(),
            name: l.name.clone(),
            have: l.position,
            excess: l.excess,
            money: l.value,
            days: l.lasts().map(|days| days.min(99_999.0) as i64),
            ..ReorderRow::default()
        })
        .collect()
}

/// What the chosen line says: the sum of what there is, and why it is this much.
pub fn spoken(line: &ReorderLine, decision: Option<Decision>, detail: Option<&LineDetail>, look: &Look) -> Spoken {
    let Some(decision) = decision else {
        let (words, rest) = line.reason.rsplit_once("; ").unwrap_or((&line.reason, ""));
        let (name, next) = match line.need {
            Need::Send(_) => ("a draft covers it", format!("c opens the draft: {rest}")),
            Need::Count => ("count it first", "c counts it; then the level says what to order.".into()),
            Need::Ask(_) => ("only if you say so", format!("e orders it: {rest}")),
            _ => ("", String::new()),
        };
        if !name.is_empty() {
            let what = words.strip_prefix("Count first: ").unwrap_or(words);
            return Spoken {
                name: format!("{}: {name}", line.name),
                lines: vec![("Why", format!("{what}.")), ("Next", next)],
            };
        }
        // What is known of the goods may hold the same mark.
        let (words, rest) = line.reason.rsplit_once("; ").unwrap_or((&line.reason, ""));
        let what = words.strip_prefix("Expedite: ").unwrap_or(words);
        return Spoken {
            name: format!("{}: on the way, but too late", line.name),
            lines: vec![("Why", format!("{what}.")), ("Next", format!("Hurry the supplier (c): {rest}"))],
        };
    };
    let suggested = line.quantity().or(line.asked()).unwrap_or(decision.quantity);
    let have = line.reason.rsplit_once("; ").map_or(line.reason.as_str(), |r| r.0);
    let closing = detail.map(|d| d.why.closing.clone()).filter(|c| !c.is_empty());
    let mut lines = vec![("Have", capital_low(have))];
    if line.book_is_wrong() {
        let low = text::quantity(line.on_hand.abs());
        lines.push((
            "First",
            format!("Count it (c on 1 Stock): the book is {low} below zero, more than customers wait for."),
        ));
    } else if let Some(words) = line.changed_words(look.today) {
        let there = pane::elsewhere(line, Some(decision), detail).unwrap_or_default();
        lines.push(("So", format!("{words} e takes that back. {there}").trim().to_string()));
    } else {
        lines.push(("So", closing.unwrap_or_else(|| format!("Order {}: Enter says why.", text::quantity(suggested)))));
    }
    let again = if line.stale { ", being worked out anew" } else { "" };
    Spoken { name: format!("{}: why {}?{again}", line.name, text::quantity(decision.quantity)), lines }
}

/// `17 on hand + 40 coming ... = 34.  Low at 44.`
fn capital_low(have: &str) -> String {
    match have.rsplit_once(", low at ") {
        Some((sum, low)) => format!("{sum}.  Low at {low}."),
        None => match have.rsplit_once(", at or below your minimum ") {
            Some((sum, min)) => format!("{sum}.  Your minimum {min}."),
            None => format!("{have}."),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_days_are_said_shortly_and_not_at_all_where_every_day_is_one() {
        let cases = [
            ("mon thu", "Mon Thu"),
            ("mon, tue, wed", "Mon-Wed"),
            ("Mon-Fri", ""),
            ("mon tue wed thu fri sat", ""),
            ("wed", "Wed"),
            ("by mail", "by mail"),
        ];
        for (text, expected) in cases {
            assert_eq!(order_days(text), expected, "{text}");
        }
    }
}
