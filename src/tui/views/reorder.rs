//! How the Reorder tab looks: its rows and columns per view, and what the chosen row says.

pub mod pane;

use crate::domain::dates;
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::tui::screens::Spoken;
use crate::tui::table::{Align, Cell, Column, Look, Row, Wide};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::reorder::{IdleLine, LineDetail, Need, ReorderLine, Shown};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The views' names; the places are the constants below.
pub const VIEWS: &[&str] = &["by supplier", "by urgency", "on the way but too late", "too much", "asleep"];
pub const BY_SUPPLIER: usize = 0;
pub const BY_URGENCY: usize = 1;
pub const TOO_LATE: usize = 2;
pub const TOO_MUCH: usize = 3;
pub const ASLEEP: usize = 4;

/// What the person decided about a line, until it is ordered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decision {
    pub supplier: Option<SupplierId>,
    pub quantity: Qty,
    pub each: Option<Money>,
}

pub type Decisions = BTreeMap<ItemId, Decision>;

/// What stands for a line: the person's decision, else the program's suggestion. None: it is only to be hurried.
pub fn decided(line: &ReorderLine, decisions: &Decisions) -> Option<Decision> {
    let quantity = line.quantity()?;
    let own = Decision { supplier: line.supplier, quantity, each: line.cost_each };
    Some(decisions.get(&line.item).copied().unwrap_or(own))
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
    /// The person changed it.
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

fn row_of(shown: &Shown, decisions: &Decisions, at: usize, line: &ReorderLine) -> ReorderRow {
    let decision = decided(line, decisions);
    let supplier = decision.map_or(line.supplier, |d| d.supplier);
    let hurried = match line.need {
        Need::Expedite(po_line) => line.coming.iter().find(|w| w.inbound.po_line == po_line),
        Need::Order(_) => None,
    };
    let name = supplier.and_then(|s| shown.sellers.get(&s)).map_or(String::new(), |s| s.name.clone());
    ReorderRow {
        id: line.item.0,
        at: Some(at),
        urgent: line.sign == '!',
        by: Some(line.order_by),
        quantity: decision.map(|d| d.quantity),
        changed: decisions.contains_key(&line.item),
        sku: line.sku.clone(),
        name: line.name.clone(),
        supplier: hurried.map_or(name, |w| w.inbound.supplier_name.clone()),
        have: line.position,
        low: Some(line.reorder_point),
        out: line.out_on,
        wait: line.wait,
        money: decision.and_then(|d| Some(d.each?.times(d.quantity))),
        pack: line.pack,
        risk: line.risk,
        min: line.min,
        max: line.max,
        po: hurried.map_or(String::new(), |w| w.inbound.po_code.clone()),
        likely: hurried.and_then(|w| w.likely),
        ..ReorderRow::default()
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
pub fn groups(shown: &Shown, decisions: &Decisions) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::new();
    let mut places: BTreeMap<Option<SupplierId>, usize> = BTreeMap::new();
    for (at, line) in shown.board.lines.iter().enumerate() {
        let Some(decision) = decided(line, decisions) else { continue };
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
pub fn rows(shown: &Shown, decisions: &Decisions, view: usize) -> Vec<ReorderRow> {
    let board = &shown.board;
    let row = |at: usize| board.lines.get(at).map(|line| row_of(shown, decisions, at, line));
    match view {
        BY_SUPPLIER => {
            let mut out = Vec::new();
            for (n, group) in groups(shown, decisions).into_iter().enumerate() {
                let seller = group.supplier.and_then(|s| shown.sellers.get(&s));
                let name = seller.map_or("Nobody is known to sell these", |s| s.name.as_str());
                let against = against_minimum(group.total, seller.and_then(|s| s.min_order_value));
                let heading = Some(format!("{}   {against}", text::fit(name, 30)));
                out.push(ReorderRow { id: -1 - n as i64, heading, ..ReorderRow::default() });
                out.extend(group.lines.into_iter().filter_map(row));
            }
            out
        }
        TOO_LATE => board.expedite.iter().filter_map(|at| row(*at)).collect(),
        _ => board.by_urgency().into_iter().filter_map(row).filter(|r| r.quantity.is_some()).collect(),
    }
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
            ..ReorderRow::default()
        })
        .collect()
}

fn when(row: &ReorderRow, look: &Look) -> Cell {
    let Some(by) = row.by else { return Cell::default() };
    if by <= look.today {
        Cell::with("! today", Role::Urgent)
    } else {
        Cell::with(format!("~ {}", dates::short(by, look.today)), Role::Soon)
    }
}

fn out_on(row: &ReorderRow, look: &Look) -> String {
    match row.out {
        Some(on) if on <= look.today => "out".into(),
        Some(on) => dates::short(on, look.today),
        None => String::new(),
    }
}

const ITEM: Column<ReorderRow> = Column {
    heading: "Item",
    wide: Wide::Rest(24),
    align: Align::Left,
    drop: 0,
    from: 0,
    hide_same: false,
    cell: |r, _| Cell::plain(&r.name),
    order: Some(|a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase())),
};
const HAVE: Column<ReorderRow> = Column {
    heading: "Have",
    wide: Wide::Longest(4, 9),
    align: Align::Right,
    drop: 3,
    from: 0,
    hide_same: false,
    cell: |r, _| Cell::plain(text::quantity(r.have)),
    order: Some(|a, b| a.have.cmp(&b.have)),
};
const WAIT: Column<ReorderRow> = Column {
    heading: "Wait",
    wide: Wide::Longest(4, 7),
    align: Align::Right,
    drop: 1,
    from: 0,
    hide_same: false,
    cell: |r, _| Cell::plain(text::quantity_or_blank(r.wait)),
    order: Some(|a, b| b.wait.cmp(&a.wait)),
};
const OUT: Column<ReorderRow> = Column {
    heading: "Out on",
    wide: Wide::Fixed(6),
    align: Align::Left,
    drop: 4,
    from: 0,
    hide_same: false,
    cell: |r, look| Cell::plain(out_on(r, look)),
    order: Some(|a, b| a.out.unwrap_or(NaiveDate::MAX).cmp(&b.out.unwrap_or(NaiveDate::MAX))),
};
const SUPPLIER: Column<ReorderRow> = Column {
    heading: "Supplier",
    wide: Wide::Longest(10, 22),
    align: Align::Left,
    drop: 1,
    from: 0,
    hide_same: false,
    cell: |r, _| Cell::plain(&r.supplier),
    order: Some(|a, b| a.supplier.to_lowercase().cmp(&b.supplier.to_lowercase())),
};
const SKU: Column<ReorderRow> = Column {
    heading: "SKU",
    wide: Wide::Longest(8, 14),
    align: Align::Left,
    drop: 2,
    from: 0,
    hide_same: false,
    cell: |r, _| Cell::plain(&r.sku),
    order: Some(|a, b| a.sku.cmp(&b.sku)),
};

/// What to order.
pub static LINES: &[Column<ReorderRow>] = &[
    Column {
        heading: "Order by",
        wide: Wide::Fixed(8),
        align: Align::Left,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: when,
        order: Some(|a, b| a.by.cmp(&b.by)),
    },
    Column {
        heading: "Order",
        wide: Wide::Longest(5, 9),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| {
            let words = r.quantity.map_or(String::new(), text::quantity);
            Cell { text: words, role: r.changed.then_some(Role::Title) }
        },
        order: Some(|a, b| a.quantity.cmp(&b.quantity)),
    },
    ITEM,
    HAVE,
    Column {
        heading: "Low at",
        wide: Wide::Longest(6, 9),
        align: Align::Right,
        drop: 2,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(r.low.filter(|l| !l.is_negative()).map_or(String::new(), text::quantity)),
        order: None,
    },
    OUT,
    WAIT,
    Column {
        heading: "Cost",
        wide: Wide::Longest(8, 12),
        align: Align::Right,
        drop: 5,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(r.money.map_or(String::new(), text::money)),
        order: Some(|a, b| b.money.cmp(&a.money)),
    },
    Column {
        heading: "Pack",
        wide: Wide::Longest(4, 7),
        align: Align::Right,
        drop: 1,
        from: 140,
        hide_same: true,
        cell: |r, _| Cell::plain(text::quantity(r.pack)),
        order: None,
    },
    Column {
        heading: "Risk",
        wide: Wide::Fixed(5),
        align: Align::Right,
        drop: 1,
        from: 140,
        hide_same: true,
        cell: |r, _| Cell::plain(r.risk.map_or(String::new(), |risk| format!("{:.0} %", risk * 100.0))),
        order: None,
    },
    Column {
        heading: "Min/max",
        wide: Wide::Longest(7, 13),
        align: Align::Right,
        drop: 1,
        from: 140,
        hide_same: true,
        cell: |r, _| {
            let one = |q: Option<Qty>| q.map_or("-".into(), text::quantity);
            let none = r.min.is_none() && r.max.is_none();
            Cell::plain(if none { String::new() } else { format!("{}/{}", one(r.min), one(r.max)) })
        },
        order: None,
    },
];

/// What to hurry.
pub static HURRIES: &[Column<ReorderRow>] = &[
    Column {
        heading: "PO",
        wide: Wide::Longest(8, 14),
        align: Align::Left,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(&r.po),
        order: Some(|a, b| a.po.cmp(&b.po)),
    },
    ITEM,
    SUPPLIER,
    HAVE,
    OUT,
    Column {
        heading: "Likely",
        wide: Wide::Fixed(6),
        align: Align::Left,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, look| Cell::plain(r.likely.map_or("nobody".into(), |on| dates::short(on, look.today))),
        order: Some(|a, b| a.likely.cmp(&b.likely)),
    },
    WAIT,
];

/// What asks for nothing.
pub static IDLE: &[Column<ReorderRow>] = &[
    SKU,
    ITEM,
    HAVE,
    Column {
        heading: "Too much",
        wide: Wide::Longest(8, 11),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(text::quantity(r.excess)),
        order: Some(|a, b| b.excess.cmp(&a.excess)),
    },
    Column {
        heading: "Value",
        wide: Wide::Longest(9, 13),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(r.money.map_or(String::new(), text::money)),
        order: Some(|a, b| b.money.cmp(&a.money)),
    },
];

/// The columns of a view.
pub fn columns(view: usize) -> &'static [Column<ReorderRow>] {
    match view {
        TOO_LATE => HURRIES,
        TOO_MUCH | ASLEEP => IDLE,
        _ => LINES,
    }
}

/// What the chosen line says: the sum of what there is, and why it is this much.
pub fn spoken(line: &ReorderLine, decision: Option<Decision>, detail: Option<&LineDetail>) -> Spoken {
    let Some(decision) = decision else {
        let (words, rest) = line.reason.split_once("; ").unwrap_or((&line.reason, ""));
        let what = words.strip_prefix("Expedite: ").unwrap_or(words);
        return Spoken {
            name: format!("{}: on the way, but too late", line.name),
            lines: vec![("Why", format!("{what}.")), ("Next", format!("Hurry the supplier (3): {rest}"))],
        };
    };
    let suggested = line.quantity().unwrap_or(decision.quantity);
    let have = line.reason.rsplit_once("; ").map_or(line.reason.as_str(), |r| r.0);
    let mut lines = vec![("Have", capital_low(have))];
    if decision.quantity == suggested {
        lines.push(("Why", why(line, suggested, detail)));
    } else {
        lines.push(("Why", format!("You changed it. The program would order {}.", text::quantity(suggested))));
    }
    Spoken { name: format!("{}: why {}?", line.name, text::quantity(decision.quantity)), lines }
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

/// `12 would do (34 + 12 = 46); 24 saves 61 a year: each order costs 35.00.`
fn why(line: &ReorderLine, quantity: Qty, detail: Option<&LineDetail>) -> String {
    let terms = detail.map_or(&[][..], |d| &d.why.quantity);
    let lifted = |q: Qty| {
        format!("{} + {} = {}", text::quantity(line.position), text::quantity(q), text::quantity(line.position + q))
    };
    let least = terms.iter().find(|t| t.sign == ' ').and_then(|t| t.quantity);
    let rest: Vec<&str> = terms.iter().filter(|t| t.quantity.is_none()).map(|t| t.words.as_str()).collect();
    let lasts = terms.iter().find(|t| t.sign == '=').and_then(|t| t.words.split_once(", ")).map(|t| t.1);
    let amount = text::quantity(quantity);
    match (least, rest.first()) {
        (Some(least), Some(reason)) => {
            format!("{} would do ({}); {amount} {reason}.", text::quantity(least), lifted(least))
        }
        (Some(least), None) => format!(
            "{} would do ({}); {amount} {}.",
            text::quantity(least),
            lifted(least),
            lasts.unwrap_or("is the least or the pack that the supplier sells")
        ),
        (None, reason) => {
            let tail = reason.copied().or(lasts).map_or(String::new(), |r| format!("; {r}"));
            format!("{}{tail}.", lifted(quantity))
        }
    }
}
