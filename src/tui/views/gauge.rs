//! The stock-level gauge, alike wherever it stands.

use crate::domain::gauge::{Gauge, Zone};
use crate::tui::screens::Line;
use crate::tui::table::Cell;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::reorder::StockLevel;

/// What a zone's colour means.
fn role(zone: Zone) -> Role {
    match zone {
        Zone::Unknown => Role::Unknown,
        Zone::None | Zone::Red => Role::Urgent,
        Zone::Yellow => Role::Soon,
        Zone::Green => Role::Enough,
        Zone::Blue => Role::Surplus,
    }
}

/// The gauge in a list; blank where nothing says how much is to be kept.
pub fn cell(gauge: Option<Gauge>) -> Cell {
    gauge.map_or(Cell::default(), |g| Cell::with(g.words(), role(g.zone)))
}

/// A title with the gauge at its right end.
pub fn title(words: &str, gauge: Option<Gauge>, width: usize) -> Line {
    let drawn = gauge.map_or(String::new(), |g| g.words());
    let room = width.saturating_sub(text::width(&drawn) + 2);
    if gauge.is_none() || room < 12 {
        return vec![Cell::with(text::fit(words, width), Role::Title)];
    }
    vec![Cell::with(text::left(&text::fit(words, room), room + 2), Role::Title), cell(gauge)]
}

/// `[==--....]  low for 12 days; full is 68`; none where nothing says how much is to be kept.
pub fn line(level: &StockLevel, days: Option<i64>, width: usize) -> Option<Line> {
    let gauge = level.gauge()?;
    let full = level.up_to.map_or(String::new(), |q| format!("; full is {}", text::quantity(q)));
    let words = format!("  {}{full}", words(gauge, days));
    Some(vec![cell(Some(gauge)), Cell::plain(text::clip(&words, width.saturating_sub(10)))])
}

/// `low for 12 days`: the zone in words, and how long it has been in it.
pub fn words(gauge: Gauge, days: Option<i64>) -> String {
    match days {
        Some(1) => format!("{} for 1 day", gauge.zone.word()),
        Some(days) if days > 364 => format!("{} for a year or more", gauge.zone.word()),
        Some(days) if days > 1 => format!("{} for {days} days", gauge.zone.word()),
        _ => gauge.zone.word().to_string(),
    }
}
