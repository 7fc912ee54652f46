//! The columns of the Reorder tab's views.

use super::{ASLEEP, LAST_YEAR, LEVELS, NOT_NEEDED, ReorderRow, TOO_LATE, TOO_MUCH};
use crate::domain::dates;
use crate::domain::quantity::Qty;
use crate::tui::table::{Align, Cell, Column, Look, Wide};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::views::gauge;
use crate::worker::reorder::Reason;
use chrono::{Datelike, NaiveDate};

fn when(row: &ReorderRow, look: &Look) -> Cell {
    if row.draft {
        return Cell::with("~ send", Role::Soon);
    }
    if let Some(until) = row.later {
        return Cell::plain(format!("  {}", dates::short(until, look.today)));
    }
    let Some(by) = row.by else { return Cell::default() };
    if row.quantity.is_none() && !row.instead.is_empty() {
        let (sign, role) = if row.urgent { ('!', Role::Urgent) } else { ('~', Role::Soon) };
        Cell::with(format!("{sign} {}", row.instead), role)
    } else if row.urgent {
        Cell::with("! today", Role::Urgent)
    } else {
        Cell::with(format!("~ {}", dates::short(by, look.today)), Role::Soon)
    }
}

fn out_on(row: &ReorderRow, look: &Look) -> String {
    match row.out {
        Some(on) if on <= look.today => "out".into(),
        // So far off that the year is all there is to know, and all that there is room for.
        Some(on) if (on - look.today).num_days() > 330 => on.year().to_string(),
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
    drop: 7,
    from: 0,
    hide_same: false,
    cell: |r, _| match (r.draft || r.later.is_some(), r.unknown) {
        (true, _) => Cell::default(),
        (false, true) => Cell::plain("?"),
        (false, false) => Cell::plain(text::quantity(r.have)),
    },
    order: Some(|a, b| a.have.cmp(&b.have)),
};
const WAIT: Column<ReorderRow> = Column {
    heading: "Wait",
    wide: Wide::Longest(4, 7),
    align: Align::Right,
    drop: 5,
    from: 0,
    hide_same: false,
    cell: |r, _| Cell::plain(text::quantity_or_blank(r.wait)),
    order: Some(|a, b| b.wait.cmp(&a.wait)),
};
const OUT: Column<ReorderRow> = Column {
    heading: "Out on",
    wide: Wide::Fixed(6),
    align: Align::Left,
    drop: 8,
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
static LINES: &[Column<ReorderRow>] = &[
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
            let sign = if r.changed { "*" } else { "" }; // colour is never alone
            let words = r.quantity.map_or(String::new(), |q| format!("{sign}{}", text::quantity(q)));
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
        drop: 6,
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
        drop: 9,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(r.money.map_or(String::new(), text::money)),
        order: Some(|a, b| b.money.cmp(&a.money)),
    },
    Column {
        heading: "Level",
        wide: Wide::Fixed(10),
        align: Align::Left,
        drop: 4,
        from: 140,
        hide_same: false,
        cell: |r, _| gauge::cell(r.gauge),
        order: None,
    },
    Column {
        heading: "Pack",
        wide: Wide::Longest(4, 7),
        align: Align::Right,
        drop: 3,
        from: 140,
        hide_same: true,
        cell: |r, _| Cell::plain(text::quantity_or_blank(r.pack)),
        order: None,
    },
    Column {
        heading: "Risk",
        wide: Wide::Fixed(5),
        align: Align::Right,
        drop: 2,
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

/// Levels that may be changed.
static TARGETS: &[Column<ReorderRow>] = &[
    Column {
        heading: "Level",
        wide: Wide::Fixed(10),
        align: Align::Left,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| gauge::cell(r.gauge),
        order: None,
    },
    Column {
        heading: "Days",
        wide: Wide::Fixed(4),
        align: Align::Right,
        drop: 2,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(r.days.filter(|d| *d > 0).map_or(String::new(), |d| d.to_string())),
        order: Some(|a, b| b.days.cmp(&a.days)),
    },
    ITEM,
    Column {
        heading: "Yours",
        wide: Wide::Longest(7, 13),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| {
            let one = |q: Option<Qty>| q.map_or("-".into(), text::quantity);
            let none = r.min.is_none() && r.max.is_none();
            Cell::plain(if none { String::new() } else { format!("{}/{}", one(r.min), one(r.max)) })
        },
        order: Some(|a, b| b.min.cmp(&a.min)),
    },
    Column {
        heading: "Program",
        wide: Wide::Longest(7, 13),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| {
            let words = |(point, up_to)| format!("{}/{}", text::quantity(point), text::quantity(up_to));
            Cell::plain(r.program.map_or(String::new(), words))
        },
        order: Some(|a, b| b.program.cmp(&a.program)),
    },
    Column {
        heading: "Because",
        wide: Wide::Fixed(14),
        align: Align::Left,
        drop: 1,
        from: 0,
        hide_same: false,
        cell: |r, _| {
            Cell::plain(match r.reason {
                Some(Reason::Red) => "lives in low",
                Some(Reason::TypedLow) => "yours is low",
                Some(Reason::TypedHigh) => "yours is high",
                Some(Reason::Blue) => "lives in much",
                _ => "",
            })
        },
        order: Some(|a, b| a.reason.cmp(&b.reason)),
    },
];

/// What to hurry.
static HURRIES: &[Column<ReorderRow>] = &[
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
        cell: |r, look| Cell::plain(r.likely.map_or("no day".into(), |on| dates::short(on, look.today))),
        order: Some(|a, b| a.likely.cmp(&b.likely)),
    },
    WAIT,
];

/// What is on its way and not needed for long.
static LATER: &[Column<ReorderRow>] = &[
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
    Column {
        heading: "Brings",
        wide: Wide::Longest(6, 9),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(text::quantity(r.excess)),
        order: Some(|a, b| b.excess.cmp(&a.excess)),
    },
    ITEM,
    SUPPLIER,
    HAVE,
    Column {
        heading: "Likely",
        wide: Wide::Fixed(6),
        align: Align::Left,
        drop: 2,
        from: 0,
        hide_same: false,
        cell: |r, look| Cell::plain(r.likely.map_or(String::new(), |on| dates::short(on, look.today))),
        order: Some(|a, b| a.likely.cmp(&b.likely)),
    },
    Column {
        heading: "Needed",
        wide: Wide::Fixed(6),
        align: Align::Left,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, look| Cell::plain(r.out.map_or("never".into(), |on| dates::short(on, look.today))),
        order: Some(|a, b| a.out.unwrap_or(NaiveDate::MAX).cmp(&b.out.unwrap_or(NaiveDate::MAX))),
    },
    Column {
        heading: "Value",
        wide: Wide::Longest(8, 12),
        align: Align::Right,
        drop: 3,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(r.money.map_or(String::new(), text::money)),
        order: Some(|a, b| b.money.cmp(&a.money)),
    },
];

/// What asks for nothing.
static IDLE: &[Column<ReorderRow>] = &[
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
        heading: "Lasts",
        wide: Wide::Fixed(7),
        align: Align::Right,
        drop: 1,
        from: 0,
        hide_same: false,
        cell: |r, _| {
            Cell::plain(match r.days {
                Some(days) if days > 999 => ">999 d".into(),
                Some(days) => format!("{days} d"),
                None => "no sale".into(),
            })
        },
        order: Some(|a, b| b.days.unwrap_or(i64::MAX).cmp(&a.days.unwrap_or(i64::MAX))),
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
        LAST_YEAR => super::last_year::COLUMNS,
        LEVELS => TARGETS,
        NOT_NEEDED => LATER,
        TOO_LATE => HURRIES,
        TOO_MUCH | ASLEEP => IDLE,
        _ => LINES,
    }
}
