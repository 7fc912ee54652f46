//! How the Stock tab looks: its columns, what the chosen row says, and its pane.

use crate::domain::stock::Trouble;
use crate::tui::screens::{Line, Spoken};
use crate::tui::table::{Align, Cell, Column, Look, Row, Wide};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::stock::StockRow;

impl Row for StockRow {
    fn id(&self) -> i64 {
        self.id.0
    }
    fn words(&self) -> String {
        format!("{} {} {}", self.sku, self.name, self.bin.as_deref().unwrap_or(""))
    }
}

/// The meaning of a trouble's colour: only what someone must act on today is urgent.
fn role(trouble: Trouble) -> Role {
    match trouble {
        Trouble::None | Trouble::Low => Role::Urgent,
        Trouble::Count => Role::Unknown,
        Trouble::Order | Trouble::Much => Role::Soon,
        Trouble::Ok => Role::Quiet,
    }
}

fn bin(row: &StockRow) -> String {
    let more = if row.bins > 1 { format!("+{}", row.bins - 1) } else { String::new() };
    row.bin.as_ref().map_or(String::new(), |b| format!("{b}{more}"))
}

/// Days that the free stock lasts at today's sales; blank where nothing is known.
fn lasts(row: &StockRow) -> String {
    match row.daily {
        Some(daily) if daily > 0.0 => {
            let days = (row.free.or_zero().as_f64() / daily).floor();
            if days > 999.0 { ">999 d".into() } else { format!("{days:.0} d") }
        }
        _ => String::new(),
    }
}

/// The columns of the list.
pub static COLUMNS: &[Column<StockRow>] = &[
    Column {
        heading: "",
        wide: Wide::Fixed(7),
        align: Align::Left,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::with(format!("{} {}", r.trouble.sign(), r.trouble.word()), role(r.trouble)),
        order: Some(|a, b| a.trouble.cmp(&b.trouble)),
    },
    Column {
        heading: "SKU",
        wide: Wide::Longest(8, 14),
        align: Align::Left,
        drop: 4,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(&r.sku),
        order: Some(|a, b| a.sku.cmp(&b.sku)),
    },
    Column {
        heading: "Item",
        wide: Wide::Rest(24),
        align: Align::Left,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(&r.name),
        order: Some(|a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase())),
    },
    Column {
        heading: "Bin",
        wide: Wide::Longest(6, 10),
        align: Align::Left,
        drop: 3,
        from: 0,
        hide_same: true,
        cell: |r, _| Cell::plain(bin(r)),
        order: Some(|a, b| a.bin.cmp(&b.bin)),
    },
    Column {
        heading: "On hand",
        wide: Wide::Longest(7, 10),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(text::quantity(r.on_hand)),
        order: Some(|a, b| a.on_hand.cmp(&b.on_hand)),
    },
    Column {
        heading: "Free",
        wide: Wide::Longest(5, 8),
        align: Align::Right,
        drop: 5,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(text::quantity(r.free)),
        order: Some(|a, b| a.free.cmp(&b.free)),
    },
    Column {
        heading: "Wait",
        wide: Wide::Longest(5, 8),
        align: Align::Right,
        drop: 2,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(text::quantity_or_blank(r.wait)),
        order: Some(|a, b| b.wait.cmp(&a.wait)),
    },
    Column {
        heading: "Lasts",
        wide: Wide::Fixed(6),
        align: Align::Right,
        drop: 1,
        from: 0,
        hide_same: true,
        cell: |r, _| Cell::plain(lasts(r)),
        order: None,
    },
    Column {
        heading: "Coming",
        wide: Wide::Longest(7, 9),
        align: Align::Right,
        drop: 1,
        from: 140,
        hide_same: true,
        cell: |r, _| Cell::plain(text::quantity_or_blank(r.on_order)),
        order: Some(|a, b| b.on_order.cmp(&a.on_order)),
    },
    Column {
        heading: "Sells/day",
        wide: Wide::Fixed(9),
        align: Align::Right,
        drop: 1,
        from: 140,
        hide_same: true,
        cell: |r, _| Cell::plain(r.daily.map_or(String::new(), |d| format!("{d:.1}"))),
        order: None,
    },
    Column {
        heading: "Value",
        wide: Wide::Longest(8, 12),
        align: Align::Right,
        drop: 1,
        from: 140,
        hide_same: true,
        cell: |r, _| Cell::plain(r.cost.map_or(String::new(), |c| text::whole_money(c.times(r.on_hand)))),
        order: None,
    },
];

/// What the chosen row says.
pub fn spoken(row: &StockRow, _look: &Look) -> Spoken {
    Spoken { name: format!("{}  {}", row.sku, row.name), lines: Vec::new() }
}

/// The row in full.
pub fn pane(row: &StockRow, width: usize) -> Vec<Line> {
    vec![vec![Cell::with(text::fit(&format!("{}  {}", row.sku, row.name), width), Role::Title)]]
}
