//! The nine stages of a line in full: how far it has come, since when, and of what the customer was told.

use crate::domain::dates;
use crate::domain::quantity::Qty;
use crate::domain::stage::{Coming, Facts, Mark, stages};
use crate::tui::screens::Line;
use crate::tui::table::Cell;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{CustomerDetail, Shown, Story, WaitingLine};
use chrono::NaiveDate;

/// The stages of a line, as far as it has come bright, a `*` where the customer was told; then its parcels.
pub fn full(shown: &Shown, detail: &CustomerDetail, line: &WaitingLine, width: usize) -> Vec<Line> {
    let Some(story) = detail.stories.iter().find(|s| s.line == line.line) else { return Vec::new() };
    let marks = stages(&facts(shown, detail, line, story));
    let today = shown.board.today;
    let mut out: Vec<Line> = Vec::new();
    let mut now: Line = Vec::new();
    let mut used = 0;
    for (n, mark) in marks.iter().enumerate() {
        let (words, role) = one(mark, line.ordered_on, today);
        let between = if n == 0 { "" } else { " ─ " };
        // A line that goes on below ends with its dash.
        let dash = if n + 1 < marks.len() { " ─" } else { "" };
        let need = text::width(between) + text::width(&words) + text::width(dash);
        if used + need > width.saturating_sub(13) && n > 0 {
            now.push(Cell::with(" ─", role));
            out.push(indented(std::mem::take(&mut now)));
            used = 0;
        }
        let between = if used == 0 { "" } else { between };
        used += text::width(between) + text::width(&words);
        now.push(Cell::with(between, role));
        now.push(Cell::with(words, role));
    }
    out.push(indented(now));
    for parcel in &story.parcels {
        let number = parcel.reference.as_ref().map_or(String::new(), |r| format!(", {r}"));
        let day = dates::short(parcel.shipped_on, today);
        let words = format!("{} left {day}{number}", text::quantity(parcel.quantity));
        out.push(indented(vec![Cell::with(text::clip(&words, width.saturating_sub(13)), Role::Quiet)]));
    }
    out
}

fn indented(line: Line) -> Line {
    let mut out = vec![Cell::plain("             ")];
    out.extend(line);
    out
}

/// `shipped 6, 24 Nov*`. What was bought before the order came has no day of its own in its story.
fn one(mark: &Mark, ordered_on: NaiveDate, today: NaiveDate) -> (String, Role) {
    let word = mark.stage.word();
    if mark.reached.is_zero() {
        return (word.into(), Role::Quiet);
    }
    let part = if mark.whole { String::new() } else { format!(" {}", text::quantity(mark.reached)) };
    let day =
        mark.on.filter(|day| *day >= ordered_on).map_or(String::new(), |day| format!(" {}", dates::short(day, today)));
    let told = if mark.told { "*" } else { "" };
    (format!("{word}{part}{day}{told}"), Role::Normal)
}

fn facts(shown: &Shown, detail: &CustomerDetail, line: &WaitingLine, story: &Story) -> Facts {
    let coming = line.pegged.parts.iter().filter_map(|part| {
        let inbound = shown.board.inbound.get(part.inbound)?;
        let bought = detail.bought.iter().find(|b| b.po_line == part.po_line);
        let confirmed_on = bought.and_then(|b| b.confirmed_on);
        Some(Coming {
            quantity: part.quantity,
            bought_on: inbound.ordered_on,
            confirmed_on,
            confirmed: confirmed_on.is_some() || inbound.confirmed_for.is_some(),
        })
    });
    let coming: Vec<Coming> = coming.collect();
    let waits: Qty = coming.iter().map(|c| c.quantity).sum();
    Facts {
        ordered_on: line.ordered_on,
        quantity: line.open + story.shipped,
        shipped: story.shipped,
        put_aside: line.allocated,
        // Of a line on hold nobody knows what covers it.
        uncovered: if line.held.is_some() { line.open - waits } else { line.pegged.uncovered },
        coming,
        arrived_on: story.received_on,
        packed_on: story.packed_on,
        shipped_on: story.shipped_on,
        delivered_on: story.delivered_on,
        told: story.told.clone(),
    }
}
