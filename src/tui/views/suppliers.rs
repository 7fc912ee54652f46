//! How the Suppliers tab looks: its columns and what the chosen row says; its pane is in [`pane`].

mod pane;

pub use pane::{Known, READABLE, pane, po_pane, trend};

use crate::domain::dates;
use crate::domain::scorecard::{Grade, Scorecard, Turn};
use crate::tui::screens::Spoken;
use crate::tui::table::{Align, Cell, Column, Look, Row, Wide};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::views::consequences::who_is_late;
use crate::worker::suppliers::{PoRow, SupplierRow, step_words};
use chrono::NaiveDate;
use std::cmp::Ordering;
use std::sync::Arc;

impl Row for Arc<SupplierRow> {
    fn id(&self) -> i64 {
        self.supplier.id.0
    }
    fn words(&self) -> String {
        let s = &self.supplier;
        let pos: Vec<&str> = self.open_pos.iter().map(|po| po.code.as_str()).collect();
        format!("{} {} {} {}", s.name, s.code, s.contact_person.as_deref().unwrap_or(""), pos.join(" "))
    }
}

impl Row for PoRow {
    fn id(&self) -> i64 {
        self.po.0
    }
    fn words(&self) -> String {
        let goods: Vec<&str> = self.goods.iter().map(|(_, name)| name.as_str()).collect();
        format!("{} {} {}", self.code, self.supplier_name, goods.join(" "))
    }
}

/// The letter, `?` where there are too few lines to judge.
fn grade(row: &SupplierRow) -> &'static str {
    match row.card.grade() {
        Some(grade) if !row.card.too_few() => grade.letter(),
        _ => "?",
    }
}

fn grade_cell(row: &SupplierRow) -> Cell {
    let role = match row.card.grade() {
        _ if row.is_to_ask() => Role::Urgent,
        Some(grade) if !row.card.too_few() => match grade {
            Grade::A | Grade::B => Role::Normal,
            Grade::C | Grade::D => Role::Soon,
        },
        _ => Role::Unknown,
    };
    Cell::with(grade(row), role)
}

/// What the list's signs and columns mean, for the help.
pub const LEGEND: &[(&str, &str)] = &[
    (
        "A B C D",
        "grade: A from 90 of 100, B from 80, C from 70, D below; ? too few lines to judge (in files in brackets). What it is made of: m",
    ),
    ("▲ ▼", "on time surely more (▲) or less (▼) often in the last three months than in the nine before"),
    ("Says", "the days from order to goods that they quote"),
    ("Expect", "the days to expect, learned from every delivery: usual ones, and within which 9 of 10 come"),
    ("After 1st", "days after the date that was confirmed first; Due is the date that holds now"),
    ("(7 Dec)", "nobody named a day: it follows from the lead time that they quote"),
];

/// Best first; those without enough lines last.
pub fn by_grade(a: &SupplierRow, b: &SupplierRow) -> Ordering {
    let key = |row: &SupplierRow| {
        let score = row.card.score.map_or(0, |score| (score * 1_000.0) as i64);
        (row.card.too_few() || row.card.score.is_none(), -score)
    };
    key(a).cmp(&key(b)).then_with(|| by_name(a, b))
}

fn by_name(a: &SupplierRow, b: &SupplierRow) -> Ordering {
    a.supplier.name.to_lowercase().cmp(&b.supplier.name.to_lowercase()).then(a.supplier.id.cmp(&b.supplier.id))
}

/// Least first, no data last.
fn by_rate(a: Option<f64>, b: Option<f64>) -> Ordering {
    a.unwrap_or(f64::MAX).total_cmp(&b.unwrap_or(f64::MAX))
}

fn percent(rate: f64) -> String {
    format!("{:.0} %", rate * 100.0)
}

/// `61 % of 46 ▼` where the last three months are worse than the nine before, `3 lines` where that is too few, `none lately`,
/// `none judged` where goods are under way and none was due yet, `no orders`.
fn on_time(row: &SupplierRow) -> String {
    match (row.card.lines, row.card.on_time.rate()) {
        (0, _) | (_, None) if row.lead.is_some() => "none lately".into(),
        (0, _) | (_, None) if !row.open_pos.is_empty() => "none judged".into(),
        (0, _) | (_, None) => "no orders".into(),
        (n, _) if row.card.too_few() => text::plural(n, "line"),
        (_, Some(rate)) => {
            let turn = match row.card.turn() {
                Some(Turn::Better) => " ▲",
                Some(Turn::Worse) => " ▼",
                None => "",
            };
            format!("{:>5} of {}{turn}", percent(rate), text::count(row.card.on_time.all))
        }
    }
}

fn in_full(row: &SupplierRow) -> String {
    row.card.in_full.rate().filter(|_| !row.card.too_few()).map(percent).unwrap_or_default()
}

/// `3 lines are too few to judge`.
pub fn few(card: &Scorecard) -> String {
    let verb = if card.lines == 1 { "is" } else { "are" };
    format!("{} {verb} too few to judge", text::plural(card.lines, "line"))
}

fn says(row: &SupplierRow) -> String {
    row.supplier.lead_days.map_or(String::new(), |d| format!("{d} d"))
}

/// The days to expect, learned: usual ones and those of 9 of 10, `11-15 d`; the same figures as in the pane.
fn expect(row: &SupplierRow) -> String {
    match &row.lead {
        Some(lead) if lead.usual != lead.most => format!("{}-{} d", lead.usual, lead.most),
        Some(lead) => format!("{} d", lead.usual),
        None => String::new(),
    }
}

fn counted(n: usize, word: &str) -> String {
    if n == 0 { String::new() } else { format!("{} {word}", text::count(n)) }
}

const fn column<R>(
    heading: &'static str,
    wide: Wide,
    align: Align,
    drop: u8,
    cell: fn(&R, &Look) -> Cell,
) -> Column<R> {
    Column { heading, wide, align, drop, from: 0, hide_same: false, cell, order: None }
}

/// The columns of the suppliers.
pub static COLUMNS: &[Column<Arc<SupplierRow>>] = &[
    Column { order: Some(|a, b| by_grade(a, b)), ..column("", Wide::Fixed(1), Align::Left, 0, |r, _| grade_cell(r)) },
    Column {
        order: Some(|a, b| by_name(a, b)),
        ..column("Supplier", Wide::Rest(20), Align::Left, 0, |r, _| Cell::plain(&r.supplier.name))
    },
    Column {
        order: Some(|a, b| by_rate(a.card.on_time.rate(), b.card.on_time.rate())),
        ..column("On time", Wide::Longest(12, 16), Align::Left, 0, |r, _| Cell::plain(on_time(r)))
    },
    Column {
        order: Some(|a, b| by_rate(a.card.in_full.rate(), b.card.in_full.rate())),
        ..column("In full", Wide::Fixed(7), Align::Right, 3, |r, _| Cell::plain(in_full(r)))
    },
    Column {
        order: Some(|a, b| a.supplier.lead_days.cmp(&b.supplier.lead_days)),
        ..column("Says", Wide::Longest(5, 6), Align::Right, 1, |r, _| Cell::plain(says(r)))
    },
    Column {
        order: Some(|a, b| a.lead.as_ref().map(|l| l.usual).cmp(&b.lead.as_ref().map(|l| l.usual))),
        ..column("Expect", Wide::Longest(7, 10), Align::Right, 4, |r, _| Cell::plain(expect(r)))
    },
    Column {
        order: Some(|a, b| b.late_pos.cmp(&a.late_pos)),
        ..column("Late now", Wide::Fixed(8), Align::Left, 2, |r, _| {
            Cell::plain(counted(r.late_pos, if r.late_pos == 1 { "PO" } else { "POs" }))
        })
    },
    Column {
        order: Some(|a, b| b.hurts.customers.cmp(&a.hurts.customers)),
        ..column("Hurts", Wide::Longest(7, 11), Align::Left, 5, |r, _| Cell::plain(counted(r.hurts.customers, "cust.")))
    },
    Column {
        from: 140,
        hide_same: true,
        order: Some(|a, b| b.hurts.worth.cmp(&a.hurts.worth)),
        ..column("At stake", Wide::Longest(10, 12), Align::Right, 1, |r, _| {
            Cell::plain(if r.hurts.lines == 0 { String::new() } else { text::whole_money(r.hurts.worth) })
        })
    },
    Column {
        from: 140,
        hide_same: true,
        order: Some(|a, b| by_rate(a.card.answered.rate(), b.card.answered.rate())),
        ..column("Confirms", Wide::Fixed(8), Align::Right, 1, |r, _| {
            Cell::plain(r.card.answered.rate().map(percent).unwrap_or_default())
        })
    },
    Column {
        from: 140,
        hide_same: true,
        order: Some(|a, b| by_rate(b.card.reject_rate, a.card.reject_rate)),
        ..column("Rejects", Wide::Fixed(7), Align::Right, 1, |r, _| {
            Cell::plain(
                r.card.reject_rate.map(|rate| format!("{} %", text::decimal(rate * 100.0, 1))).unwrap_or_default(),
            )
        })
    },
];

fn po_state(row: &PoRow) -> Cell {
    match (row.draft, row.to_ask, row.days_late > 0) {
        (true, ..) => Cell::with("+ draft", Role::Quiet),
        (_, false, false) if row.due_on.is_none() => Cell::with(". sent", Role::Quiet),
        (_, true, _) => Cell::with("! ask", Role::Urgent),
        (_, _, true) => Cell::with("~ late", Role::Soon),
        _ => Cell::with(". due", Role::Quiet),
    }
}

/// The columns of the open POs.
pub static PO_COLUMNS: &[Column<PoRow>] = &[
    column("", Wide::Fixed(7), Align::Left, 0, |r, _| po_state(r)),
    Column {
        order: Some(|a, b| crate::domain::allocation::natural_order(&a.code, &b.code)),
        ..column("PO", Wide::Longest(6, 14), Align::Left, 0, |r, _| Cell::plain(&r.code))
    },
    Column {
        order: Some(|a, b| a.supplier_name.to_lowercase().cmp(&b.supplier_name.to_lowercase())),
        ..column("Supplier", Wide::Rest(20), Align::Left, 0, |r, _| Cell::plain(&r.supplier_name))
    },
    Column {
        order: Some(|a, b| (a.due_on.is_none(), a.due_on).cmp(&(b.due_on.is_none(), b.due_on))),
        ..column("Due", Wide::Longest(6, 11), Align::Left, 5, |r, look| {
            // What follows from a lead time alone stands in brackets.
            let usual = r.usual_for.map(|day| format!("({})", dates::short(day, look.today)));
            Cell::plain(r.due_on.map(|day| dates::short(day, look.today)).or(usual).unwrap_or_default())
        })
    },
    Column {
        from: 120,
        order: Some(|a, b| (a.first_on.is_none(), a.first_on).cmp(&(b.first_on.is_none(), b.first_on))),
        ..column("First", Wide::Longest(6, 11), Align::Left, 5, |r, look| {
            Cell::plain(r.first_on.map(|day| dates::short(day, look.today)).unwrap_or_default())
        })
    },
    Column {
        order: Some(|a, b| b.days_late.cmp(&a.days_late)),
        ..column("After 1st", Wide::Fixed(9), Align::Right, 4, |r, _| {
            Cell::plain(if r.days_late > 0 {
                format!("{} d", text::count(r.days_late as usize))
            } else {
                String::new()
            })
        })
    },
    Column {
        order: Some(|a, b| b.lines.cmp(&a.lines)),
        ..column("Lines", Wide::Fixed(5), Align::Right, 1, |r, _| Cell::plain(text::count(r.lines)))
    },
    Column {
        hide_same: true,
        order: Some(|a, b| b.value.cmp(&a.value)),
        ..column("Value", Wide::Longest(8, 12), Align::Right, 2, |r, _| {
            Cell::plain(r.value.map(text::whole_money).unwrap_or_default())
        })
    },
    Column {
        order: Some(|a, b| b.customers.cmp(&a.customers)),
        ..column("Hurts", Wide::Longest(8, 11), Align::Left, 3, |r, _| Cell::plain(counted(r.customers, "cust.")))
    },
];

/// What a supplier's row says.
pub fn spoken(row: &SupplierRow, drafts: &[&PoRow], look: &Look) -> Spoken {
    let mut now = vec![row.now.clone()];
    now.extend(drafts.iter().take(2).map(|po| draft_sentence(po)));
    let now: Vec<String> = now.into_iter().filter(|w| !w.is_empty()).collect();
    let now = if now.is_empty() { "Nothing is on order with them.".to_string() } else { now.join(" ") };
    Spoken { name: row.supplier.name.clone(), lines: vec![("Now", now), ("Next", next(row, drafts, look.today))] }
}

fn draft_sentence(po: &PoRow) -> String {
    let value = po.value.map(|v| format!(", {}", text::money(v))).unwrap_or_default();
    format!("{} is a draft: {}{value}.", po.code, text::plural(po.lines, "line"))
}

fn next(row: &SupplierRow, drafts: &[&PoRow], today: NaiveDate) -> String {
    let name = row.supplier.contact_person.as_deref().unwrap_or(&row.supplier.name);
    if let Some(until) = row.supplier.later_until {
        return format!("Put off: on the list again on {}.", dates::full(until, today));
    }
    if row.is_to_ask() {
        return row.next.clone();
    }
    if let Some(draft) = drafts.first() {
        return format!("Send {} to {name} (s).", draft.code);
    }
    if !row.next.is_empty() {
        return row.next.clone();
    }
    if row.hurts.customers > 0 {
        return format!("{}: tell them on 2 Backorders.", who_is_late(row.hurts.now.customers, row.hurts.customers));
    }
    match row.open_pos.first().and_then(|po| Some((po, po.expected_on?))) {
        Some((po, day)) => format!("Nothing to ask; {} comes {}.", po.code, dates::full(day, today)),
        None => "Nothing to ask. Order with n, or on 4 Reorder.".into(),
    }
}

/// What a PO's row says.
pub fn po_spoken(row: &PoRow, supplier: Option<&SupplierRow>, look: &Look) -> Spoken {
    let goods: Vec<String> =
        row.goods.iter().take(2).map(|(quantity, name)| format!("{} {name}", text::quantity(*quantity))).collect();
    let more = row.goods.len().saturating_sub(2);
    let more = if more > 0 { format!(", +{}", text::plural(more, "line")) } else { String::new() };
    let when = match (row.due_on, row.days_late) {
        _ if row.draft => "not sent".to_string(),
        (None, 0) => row.when.clone(),
        (Some(day), 0) if row.when.is_empty() => format!("due {}", dates::full(day, look.today)),
        (Some(day), 0) => format!("due {}, {}", dates::full(day, look.today), row.when),
        (due, n) => {
            let day = |d: NaiveDate| dates::full(d, look.today);
            let first = row.first_on.map_or(String::new(), |first| format!(" ({})", day(first)));
            let due =
                due.filter(|due| Some(*due) != row.first_on).map_or(String::new(), |due| format!(", now {}", day(due)));
            let likely = if row.when.is_empty() { String::new() } else { format!("; {}", row.when) };
            let asked = row.asked_on.map_or("not asked yet".into(), |d| format!("asked {}", day(d)));
            format!("{} after its first date{first}{due}, {asked}{likely}", text::plural(n as usize, "day"))
        }
    };
    let hurt = match row.customers {
        0 => String::new(),
        all => format!(" {}.", who_is_late(row.late_now, all)),
    };
    let now = format!("{}{more}: {when}.{hurt}", goods.join(", "));
    let open = supplier.and_then(|s| Some((s, s.open_pos.iter().find(|po| po.po == row.po)?)));
    let next = match open {
        _ if row.draft => format!("Send it to {} (s), or drop lines (x).", row.supplier_name),
        Some((row, _)) if row.supplier.later_until.is_some() => next(row, &[], look.today),
        Some((row, po)) if po.next.is_some() => step_words(&row.supplier, po, look.today),
        _ => "Nothing to ask.".into(),
    };
    Spoken { name: format!("{}, {}", row.code, row.supplier_name), lines: vec![("Now", now), ("Next", next)] }
}
