//! The last year replayed: a row for each way of ordering, and the verdict as bars and a sentence.

use super::ReorderRow;
use crate::tui::screens::Line;
use crate::tui::table::{Align, Cell, Column, Wide};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::reorder::{PolicyRow, Replayed};

fn share(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn of(row: &ReorderRow, words: impl Fn(&PolicyRow) -> String) -> Cell {
    Cell::plain(row.policy.as_ref().map_or(String::new(), words))
}

/// A policy's name in words.
fn name(policy: &PolicyRow) -> String {
    let words = match policy.name {
        "ours" => "this program",
        "blend" => "this program and NB-SBA, halved",
        "min/max" => "your own min and max",
        "normal ROP" => "the textbook (normal distribution)",
        "NB-SBA" => "smoothed sales, negative binomial",
        "SBA-gamma" => "smoothed sales, gamma",
        other => other,
    };
    words.to_string()
}

/// One row for each way of ordering.
pub static COLUMNS: &[Column<ReorderRow>] = &[
    Column {
        heading: "Ordered by",
        wide: Wide::Rest(24),
        align: Align::Left,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| of(r, name),
        order: None,
    },
    Column {
        heading: "Served",
        wide: Wide::Fixed(8),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| of(r, |p| share(p.served)),
        order: None,
    },
    Column {
        heading: "Of items",
        wide: Wide::Fixed(8),
        align: Align::Right,
        drop: 1,
        from: 0,
        hide_same: false,
        cell: |r, _| of(r, |p| share(p.served_items)),
        order: None,
    },
    Column {
        heading: "Stock",
        wide: Wide::Fixed(7),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| of(r, |p| format!("{:.1}", p.cover)),
        order: None,
    },
    Column {
        heading: "For the target",
        wide: Wide::Fixed(14),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| of(r, |p| p.cover_at_target.map_or("never".into(), |c| format!("{c:.1}"))),
        order: None,
    },
];

/// The rows of the view.
pub fn rows(replayed: &Replayed) -> Vec<ReorderRow> {
    let row = |(n, p): (i64, &PolicyRow)| ReorderRow { id: n, policy: Some(p.clone()), ..ReorderRow::default() };
    (1..).zip(&replayed.policies).map(row).collect()
}

/// What the figures are, for the top line.
pub fn sentence(replayed: &Replayed) -> String {
    format!(
        "{}, the last {}s lived again, asked for {} in 100; stock in {}s of sales.",
        text::plural(replayed.items, "item"),
        text::plural(replayed.judged, replayed.bucket),
        (replayed.target * 1000.0).round() / 10.0,
        replayed.bucket
    )
}

/// The pane: the stock that each needs for exactly the target, as bars, and the verdict.
pub fn pane(replayed: &Replayed, width: usize) -> Vec<Line> {
    let most = replayed.policies.iter().filter_map(|p| p.cover_at_target).fold(0.0, f64::max);
    let title = format!("Stock to serve exactly {} in 100", (replayed.target * 1000.0).round() / 10.0);
    let mut out: Vec<Line> = vec![vec![Cell::with(text::fit(&title, width), Role::Title)], Vec::new()];
    let room = width.saturating_sub(20).max(4) as f64;
    for policy in &replayed.policies {
        let role = if policy.ours { Role::Title } else { Role::Normal };
        let bar = match policy.cover_at_target {
            Some(cover) if most > 0.0 => {
                format!("{} {cover:.1}", "█".repeat((cover / most * room).round().max(1.0) as usize))
            }
            Some(cover) => format!("{cover:.1}"),
            None => "never reaches it".into(),
        };
        out.push(vec![Cell::with(format!("{} ", text::left(policy.name, 11)), role), Cell::plain(bar)]);
    }
    out.push(Vec::new());
    out.extend(text::wrap(&replayed.sentence, width).into_iter().map(|l| vec![Cell::plain(l)]));
    out
}
