//! Before a date of a supplier's is saved: which customers become late or early by it, and who must be told.

use super::super::{Cmd, Line};
use super::who::{plain, said};
use crate::domain::dates;
use crate::domain::ids::SupplierId;
use crate::domain::money::Money;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::suppliers::{self, Move, OpenPoLine, Shift, Shifted};
use crate::worker::{Answer, Load};
use chrono::NaiveDate;

/// What other dates would do, as far as it was read.
#[derive(Default)]
pub struct Preview {
    read: Option<(Vec<Move>, Shift)>,
}

impl Preview {
    /// Asks what these dates would do; nothing where there are none, or one is past.
    pub fn ask(&self, supplier: SupplierId, moves: Vec<Move>, look: &Look) -> Vec<Cmd> {
        if moves.is_empty() || moves.iter().any(|m| m.1.is_some_and(|day| day < look.today)) {
            return Vec::new();
        }
        vec![Cmd::Load("shift", Load::Suppliers(suppliers::Load::Shift { supplier, moves }))]
    }

    /// Takes the answer; false where it is another's.
    pub fn loaded(&mut self, answer: &Answer) -> bool {
        let Answer::Suppliers(suppliers::Answer::Shift { moves, shift }) = answer else { return false };
        self.read = Some((moves.clone(), (**shift).clone()));
        true
    }

    /// The lines, where they are of what the fields say now.
    pub fn lines(&self, moves: &[Move], width: usize, look: &Look) -> Option<Vec<Line>> {
        let (read, shift) = self.read.as_ref()?;
        (read == moves).then(|| before_saving(shift, width, look))
    }
}

/// Rows of the preview that are shown.
const PREVIEW: usize = 6;

/// By how many days the days named are later than those that the lines were wanted on: the worst line, and since when.
pub fn slip(lines: &[OpenPoLine], moves: &[Move], width: usize, look: &Look) -> Vec<Line> {
    let of = |(id, day): &Move| {
        let line = lines.iter().find(|l| l.po_line == *id)?;
        let (day, wanted) = ((*day)?, line.wanted_on()?);
        Some(((day - wanted).num_days(), line, wanted))
    };
    let slips: Vec<(i64, &OpenPoLine, NaiveDate)> = moves.iter().filter_map(of).collect();
    let Some((days, line, wanted)) = slips.iter().copied().max_by_key(|(days, ..)| *days) else { return Vec::new() };
    let words = if line.expected_on.is_some() { "than expected until now" } else { "than they quote" };
    let goods =
        if slips.iter().any(|(other, ..)| *other != days) { format!("{}: ", line.item_name) } else { String::new() };
    let wanted = dates::full(wanted, look.today);
    let late = text::plural(days.unsigned_abs() as usize, "day");
    match days {
        0 => Vec::new(),
        1.. => text::wrap(&format!("{goods}{late} later {words} ({wanted})."), width)
            .into_iter()
            .map(|words| vec![Cell::with(words, Role::Soon)])
            .collect(),
        _ => said(&format!("{goods}{late} earlier {words} ({wanted})."), width),
    }
}

fn before_saving(shift: &Shift, width: usize, look: &Look) -> Vec<Line> {
    let mut out: Vec<Line> = said(&summary(shift, look), width);
    if !shift.customers.is_empty() {
        out.push(Vec::new());
        let dates = shift.customers.iter().take(PREVIEW).filter_map(|c| c.promised);
        let longest = dates.map(|d| text::width(&dates::short(d, look.today))).max().unwrap_or(0);
        let columns = Columns::of(width, longest);
        let words = ["Customer", "Order", "Waits for", "Promised", "Now", "Will be", "Then", "Worth"].map(String::from);
        let heading = format!("  {}", columns.line(&words).trim_end());
        out.push(vec![Cell::with(heading, Role::Quiet)]);
        out.extend(shift.customers.iter().take(PREVIEW).map(|c| shifted(c, &columns, look)));
        if shift.customers.len() > PREVIEW {
            out.push(plain(format!(" and {} more", shift.customers.len() - PREVIEW)));
        }
    }
    if let (Some(likely), Some(late)) = (shift.likely, shift.usual_late.filter(|late| *late > 0)) {
        let words = format!(
            "Likely {}: the new date + their usual {}.",
            dates::full(likely, look.today),
            text::plural(late as usize, "day")
        );
        out.extend(said(&words, width));
    }
    out
}

/// `Before you save: 2 customers get a later date, 1 becomes late. 1 must be told by Tue 24 Nov; you find them under
/// Backorders.` The day is the one that Backorders shows.
fn summary(shift: &Shift, look: &Look) -> String {
    let get = |n: usize, how: &str| {
        let verb = if n == 1 { "gets" } else { "get" };
        (n > 0).then(|| format!("{} {verb} {how} date", text::plural(n, "customer")))
    };
    let turn = |n: usize, what: &str| {
        let verb = if n == 1 { "becomes" } else { "become" };
        (n > 0).then(|| format!("{} {verb} {what}", text::count(n)))
    };
    let left = shift.left_without;
    let mut parts: Vec<String> = Vec::new();
    parts.extend(get(shift.later.saturating_sub(left), "a later"));
    parts.extend((left > 0).then(|| {
        let verb = if left == 1 { "waits" } else { "wait" };
        format!("{} {verb} for goods that nobody brings", text::plural(left, "customer"))
    }));
    parts.extend(turn(shift.become_late, "late"));
    parts.extend(get(shift.earlier, "an earlier"));
    parts.extend(turn(shift.become_early, "in time"));
    match (parts.is_empty(), shift.to_tell) {
        (true, _) => "Before you save: no customer's date changes.".into(),
        (_, 0) => format!("Before you save: {}; nobody must be told of it yet.", parts.join(", ")),
        (_, n) => {
            let by = match shift.tell_by.filter(|day| *day > look.today) {
                Some(day) if n == 1 => format!(" by {}", dates::full(day, look.today)),
                Some(day) => format!(", the first by {}", dates::full(day, look.today)),
                None => " today".into(),
            };
            let (n, parts) = (text::count(n), parts.join(", "));
            format!("Before you save: {parts}. {n} must be told{by}; you find them under Backorders.")
        }
    }
}

/// How late a customer's goods would be: `12 d late`, `in time`.
fn becomes(c: &Shifted) -> String {
    match c.days_late {
        _ if c.left_without => "no goods".into(),
        None => "no date".into(),
        Some(0) => "in time".into(),
        Some(days) => format!("{} d late", text::count(usize::try_from(days).unwrap_or(0))),
    }
}

/// How the preview's width is shared out.
struct Columns {
    /// There is room for the order and what it is worth.
    wide: bool,
    name: usize,
    goods: usize,
    promised: usize,
}

impl Columns {
    fn of(width: usize, longest: usize) -> Columns {
        let promised = longest.max(8);
        let wide = width >= 100;
        let room = width.saturating_sub(if wide { 55 } else { 34 } + promised); // the sign, two dates of 8, what becomes, the worth and the gaps
        let name = (room * 2 / 5).clamp(12, 24);
        Columns { wide, name, goods: room.saturating_sub(name).max(12), promised }
    }
    fn line(&self, [name, order, goods, promised, now, then, becomes, worth]: &[String; 8]) -> String {
        let (name, goods) = (text::left(name, self.name), text::left(goods, self.goods));
        let promised = text::left(promised, self.promised);
        let order = if self.wide { format!("{} ", text::left(&text::fit(order, 12), 12)) } else { String::new() };
        let line = format!("{name} {order}{goods} {promised} {now:<8} {then:<8} {becomes:<9}");
        if self.wide { format!("{line} {worth:>7}") } else { line }
    }
}

fn shifted(c: &Shifted, columns: &Columns, look: &Look) -> Line {
    let day = |d: Option<NaiveDate>| d.map_or("unknown".to_string(), |d| dates::short(d, look.today));
    let goods: Vec<String> = c.waits_for.iter().map(|(q, name)| format!("{} {name}", text::quantity(*q))).collect();
    let worth = if c.worth == Money::ZERO { String::new() } else { text::whole_money(c.worth) };
    let promised = c.promised.map(|d| dates::short(d, look.today)).unwrap_or_default();
    let words = columns.line(&[
        c.name.clone(),
        c.orders.join(", "),
        goods.join(", "),
        promised,
        day(c.now),
        day(c.will_be),
        becomes(c),
        worth,
    ]);
    let sign = match c.tell_by {
        Some(by) if by <= look.today => Cell::with("! ", Role::Urgent),
        Some(_) => Cell::with("~ ", Role::Soon),
        None => Cell::with(". ", Role::Quiet),
    };
    vec![sign, Cell::plain(words)]
}
