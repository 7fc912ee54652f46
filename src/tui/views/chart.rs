//! An item's stock: 90 days back as solid columns, 28 days ahead as light ones, today between them, and the level at
//! which it is low.

use crate::domain::dates;
use crate::domain::quantity::Qty;
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::stock::ItemDetail;
use chrono::Days;

const ROWS: i64 = 4;
/// Share of the width that the past takes, in tenths.
const PAST: usize = 7;
/// Days ahead.
const AHEAD: u64 = 28;
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// The chart, with a line of dates below; nothing where there is nothing to see.
pub fn lines(d: &ItemDetail, width: usize, look: &Look) -> Vec<Line> {
    let label = d.low_at.filter(|l| l.is_positive()).map(|l| format!(" {} low", text::quantity(l))).unwrap_or_default();
    let room = width.min(60).saturating_sub(text::width(&label) + 1);
    if room < 16 || d.past.len() < 2 {
        return Vec::new();
    }
    let back = room * PAST / 10;
    let ahead = room - back;
    let past: Vec<Qty> = (1..=back).map(|i| at(&d.past, i, back)).collect();
    let future: Vec<Qty> = (1..=ahead).map(|i| d.expected(AHEAD * i as u64 / ahead as u64, look.today)).collect();
    let low = d.low_at.unwrap_or(Qty::ZERO);
    let most = past.iter().chain(&future).copied().chain([low]).max().unwrap_or(Qty::ZERO).thousandths();
    if most <= 0 {
        return Vec::new();
    }
    // Eighths of a row; a row counts from the bottom.
    let height = |q: Qty| q.or_zero().thousandths().saturating_mul(ROWS * 8) / most;
    let low_row = if low.is_positive() { (height(low).max(1) - 1) / 8 } else { -1 };
    let mut out: Vec<Line> = Vec::new();
    for row in (0..ROWS).rev() {
        let column = |q: &Qty| (height(*q) - row * 8).clamp(0, 8) as usize;
        let blank = if row == low_row { "·" } else { " " };
        let solid: String = past
            .iter()
            .map(|q| if column(q) == 0 { blank } else { EIGHTHS.get(column(q)).copied().unwrap_or(" ") })
            .collect();
        let light: String = future.iter().map(|q| if column(q) < 4 { blank } else { "░" }).collect();
        let note = if row == low_row { label.clone() } else { String::new() };
        out.push(vec![
            Cell::plain(solid),
            Cell::with("│", Role::Quiet),
            Cell::plain(light),
            Cell::with(note, Role::Quiet),
        ]);
    }
    let first = look.today.checked_sub_days(Days::new(d.past.len() as u64 - 1)).unwrap_or(look.today);
    let last = look.today.checked_add_days(Days::new(AHEAD)).unwrap_or(look.today);
    let (first, last) = (dates::short(first, look.today), dates::short(last, look.today));
    let left = text::left(&first, back.saturating_sub(5));
    out.push(vec![Cell::with(format!("{left} today{}", text::right(&last, ahead + 1)), Role::Quiet)]);
    out
}

/// The value at the i-th of n columns over all days.
fn at(days: &[Qty], i: usize, n: usize) -> Qty {
    let place = (days.len() * i / n).clamp(1, days.len()) - 1;
    days.get(place).copied().unwrap_or(Qty::ZERO)
}
