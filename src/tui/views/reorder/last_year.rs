//! The last year replayed: a row for each way of ordering, and the verdict as bars and a sentence.

use super::ReorderRow;
use crate::tui::screens::{Line, Spoken};
use crate::tui::table::{Align, Cell, Column, Wide};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::reorder::{Policy, PolicyRow, Replayed, cover};

fn share(share: f64) -> String {
    format!("{} %", text::decimal(share * 100.0, 1))
}

fn of(row: &ReorderRow, words: impl Fn(&PolicyRow) -> String) -> Cell {
    Cell::plain(row.policy.as_ref().map_or(String::new(), words))
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
        cell: |r, _| of(r, |p| capital(p.name)),
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
        cell: |r, _| of(r, |p| cover(p.cover)),
        order: None,
    },
    Column {
        heading: "For the target",
        wide: Wide::Fixed(14),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| of(r, |p| p.cover_at_target.map_or("never".into(), cover)),
        order: None,
    },
];

/// The rows of the view.
pub fn rows(replayed: &Replayed) -> Vec<ReorderRow> {
    let row = |(n, p): (i64, &PolicyRow)| ReorderRow { id: n, policy: Some(p.clone()), ..ReorderRow::default() };
    (1..).zip(&replayed.policies).map(row).collect()
}

/// A way of planning that can be chosen, by its name in the table.
pub fn way(blended: bool) -> &'static str {
    let policy = if blended { Policy::Blend } else { Policy::Ours };
    policy.words(true)
}

/// What the figures are, for the top line.
pub fn sentence(replayed: &Replayed) -> String {
    format!(
        "The last {}, {}, {} in 100 asked for.",
        text::plural(replayed.judged, replayed.bucket),
        text::plural(replayed.items, "item"),
        asked(replayed),
    )
}

/// `95`, `97.5`: how many of 100 are to be served.
fn asked(replayed: &Replayed) -> String {
    let tenths = (replayed.target * 1000.0).round();
    text::decimal(tenths / 10.0, usize::from(tenths % 10.0 != 0.0))
}

/// The verdict below the table.
pub fn spoken(replayed: &Replayed) -> Spoken {
    let word = replayed.bucket;
    let words = |p: &PolicyRow| {
        format!("{} in 100 served at once, {} {word}s of stock", text::decimal(p.served * 100.0, 1), cover(p.cover))
    };
    let row = |which: fn(&&PolicyRow) -> bool| replayed.policies.iter().find(which);
    let so = match (row(|p| p.ours), row(|p| p.in_force)) {
        (Some(ours), Some(own)) => format!("This program: {}. {}: {}.", words(ours), capital(own.name), words(own)),
        _ => replayed.words.verdict.join(" "),
    };
    // Two lines of a narrow screen each: the rest is behind Enter.
    let least = replayed.policies.iter().filter(|p| !p.ours && p.cover_at_target.is_some());
    let least = least.min_by(|a, b| a.cover_at_target.unwrap_or(0.0).total_cmp(&b.cover_at_target.unwrap_or(0.0)));
    let ours = row(|p| p.ours).and_then(|p| p.cover_at_target);
    let but = match least.and_then(|p| Some((p.name, p.cover_at_target?))) {
        Some((name, other)) if ours.is_none_or(|ours| other < ours) => format!(
            "{} needs least for {} in 100: {} {word}s, this program {}. Enter: all of it.",
            capital(name),
            asked(replayed),
            cover(other),
            ours.map_or("never gets there".into(), cover)
        ),
        _ if !replayed.words.not_better.is_empty() => replayed.words.not_better.join(" "),
        _ => "No other way of ordering did better here.".to_string(),
    };
    let lines = vec![("So", so), ("But", but)];
    Spoken { name: "The last year, lived again".into(), lines }
}

/// The pane: the verdict, the stock that each needs for exactly the target as bars, and what was not better.
pub fn pane(replayed: &Replayed, blended: bool, width: usize) -> Vec<Line> {
    let mut out: Vec<Line> = vec![heading("The last year, lived again", width)];
    for sentence in &replayed.words.verdict {
        say(&mut out, sentence, width);
    }
    let target = asked(replayed);
    out.push(Vec::new());
    out.push(heading(&format!("Stock for exactly {target} in 100, in {}s", replayed.bucket), width));
    let most = replayed.policies.iter().filter_map(|p| p.cover_at_target).fold(0.0, f64::max);
    let names = replayed.policies.iter().map(|p| text::width(p.name)).max().unwrap_or(0).min(width / 2);
    let room = width.saturating_sub(names + 8).max(4) as f64;
    for policy in &replayed.policies {
        let role = if policy.ours { Role::Title } else { Role::Normal };
        let bar = match policy.cover_at_target {
            Some(stock) if most > 0.0 => {
                format!("{} {}", "█".repeat((stock / most * room).round().max(1.0) as usize), cover(stock))
            }
            Some(stock) => cover(stock),
            None => "never gets there".into(),
        };
        let name = text::left(&text::fit(&capital(policy.name), names), names);
        out.push(vec![Cell::with(format!("{name} "), role), Cell::plain(bar)]);
    }
    out.push(Vec::new());
    out.push(heading("What is not better", width));
    if replayed.words.not_better.is_empty() {
        say(&mut out, "Nothing: no other way of ordering did better here.", width);
    }
    for sentence in &replayed.words.not_better {
        say(&mut out, sentence, width);
    }
    out.push(Vec::new());
    say(&mut out, &format!("The plans are made by {}. This view changes nothing; a does.", way(blended)), width);
    say(
        &mut out,
        "Every way was given the same orders of your customers, week by week, and knew nothing of what came later.",
        width,
    );
    out
}

fn heading(words: &str, width: usize) -> Line {
    vec![Cell::with(text::fit(words, width), Role::Title)]
}

fn say(out: &mut Vec<Line>, words: &str, width: usize) {
    out.extend(text::wrap(words, width).into_iter().map(|l| vec![Cell::plain(l)]));
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
