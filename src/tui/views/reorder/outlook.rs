//! An item's past and its likely future: what was ordered week by week, and the stock with and without the order.

use super::Decision;
use crate::domain::dates;
use crate::domain::quantity::Qty;
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::views::demand;
use crate::worker::reorder::{LineDetail, Point, ReorderLine};
use chrono::NaiveDate;

const ROWS: i64 = 5;
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// The whole chart; nothing where there is nothing to see.
pub fn chart(
    line: &ReorderLine,
    decision: Option<Decision>,
    d: &LineDetail,
    channel: Option<usize>,
    width: usize,
    look: &Look,
) -> Vec<Line> {
    let mut out = buckets(line, d, channel, width);
    let stock = stock(line, decision, d, width, look);
    if !out.is_empty() && !stock.is_empty() {
        out.push(Vec::new());
    }
    out.extend(stock);
    out
}

/// What customers ordered in each of the last buckets, and what is expected of one.
fn buckets(line: &ReorderLine, d: &LineDetail, channel: Option<usize>, width: usize) -> Vec<Line> {
    let told = &d.outlook.demand;
    let mut out = demand::bars(told, channel, width);
    if out.is_empty() {
        return out;
    }
    let days = told.grid.days() as f64;
    let mut words = format!("Expected {} a {}", text::decimal(line.daily * days, 1), told.grid.word());
    if let Some((low, high)) = d.outlook.bucket {
        let whole = |q: Qty| text::decimal(q.as_f64(), 0);
        words.push_str(&format!(", mostly {} to {}", whole(low), whole(high)));
    }
    let all = if channel.is_some() { ", all channels" } else { "" };
    out.push(vec![Cell::plain(text::clip(&format!("{words}{all}."), width))]);
    out
}

/// Three panels on one scale: the stock so far, without the order, and with it.
fn stock(line: &ReorderLine, decision: Option<Decision>, d: &LineDetail, width: usize, look: &Look) -> Vec<Line> {
    let points = &d.outlook.without;
    let past = &d.detail.past;
    let low = Some(line.reorder_point).filter(|l| l.is_positive());
    let label = low.map(|l| format!(" {} low", text::quantity(l))).unwrap_or_default();
    let room = width.min(72).saturating_sub(text::width(&label) + 2);
    if points.len() < 2 || room < 24 {
        return Vec::new();
    }
    let order = decision.map(|c| c.quantity);
    let panels = if order.is_some() { 2 } else { 1 };
    let back = room * 3 / 10;
    let ahead = (room - back) / panels;
    let with = |p: &Point| {
        let more = order.filter(|_| d.outlook.comes_on.is_some_and(|on| on <= p.on)).unwrap_or(Qty::ZERO);
        Point { low: p.low + more, mean: p.mean + more, high: p.high + more, ..*p }
    };
    let pick = |i: usize, n: usize, len: usize| (len * (i + 1) / n).clamp(1, len) - 1;
    let before: Vec<Qty> = (0..back).filter_map(|i| past.get(pick(i, back, past.len().max(1))).copied()).collect();
    let without: Vec<Point> = (0..ahead).filter_map(|i| points.get(pick(i, ahead, points.len())).copied()).collect();
    let ordered: Vec<Point> = if order.is_some() { without.iter().map(with).collect() } else { Vec::new() };
    let highest = without.iter().chain(&ordered).map(|p| p.high).chain(before.iter().copied()).chain(low).max();
    let most = highest.unwrap_or(Qty::ZERO).thousandths();
    if most <= 0 {
        return vec![vec![Cell::plain(text::clip("Nothing was there lately, and nothing is expected.", width))]];
    }
    let height = |q: Qty| q.or_zero().thousandths().saturating_mul(ROWS * 8) / most;
    let low_row = low.map_or(-1, |l| (height(l).max(1) - 1) / 8);
    let [so_far, bare] = if ahead < 18 { ["90 days", "without it"] } else { ["90 days back", "without the order"] };
    let mut head = format!("{} {}", text::left(so_far, back), text::left(bare, ahead));
    if let Some(quantity) = order {
        head.push_str(&format!(" {}", text::left(&format!("with {}", text::quantity(quantity)), ahead)));
    }
    let mut out: Vec<Line> = vec![vec![Cell::with(text::clip(&head, width), Role::Quiet)]];
    for row in (0..ROWS).rev() {
        let blank = if row == low_row { "·" } else { " " };
        let filled = |q: Qty| (height(q) - row * 8).clamp(0, 8) as usize;
        let solid: String = before
            .iter()
            .map(|q| if filled(*q) == 0 { blank } else { EIGHTHS.get(filled(*q)).copied().unwrap_or(" ") })
            .collect();
        let shade = |p: &Point| match p {
            p if filled(p.low) >= 4 => "█",
            p if filled(p.mean) >= 4 => "▒",
            p if filled(p.high) >= 4 => "░",
            _ => blank,
        };
        let mut pieces = vec![
            Cell::plain(text::left(&solid, back)),
            Cell::with("│", Role::Quiet),
            Cell::plain(without.iter().map(shade).collect::<String>()),
        ];
        if order.is_some() {
            pieces.push(Cell::with("│", Role::Quiet));
            pieces.push(Cell::plain(ordered.iter().map(shade).collect::<String>()));
        }
        pieces.push(Cell::with(if row == low_row { label.clone() } else { String::new() }, Role::Quiet));
        out.push(pieces);
    }
    let until = points.last().map_or(String::new(), |p| format!("to {}", dates::short(p.on, look.today)));
    let mut foot = format!("{} {}", text::right("today", back), text::right(&until, ahead));
    if order.is_some() {
        foot.push_str(&format!(" {}", text::right(&until, ahead)));
    }
    out.push(vec![Cell::with(text::clip(&foot, width), Role::Quiet)]);
    let legend = "█ even if it sells fast  ▒ likely  ░ if it sells slowly";
    out.extend(text::wrap(legend, width).into_iter().map(|w| vec![Cell::with(w, Role::Quiet)]));
    let with = order.zip(d.outlook.comes_on);
    out.extend(text::wrap(&in_words(line, with, look), width).into_iter().map(|w| vec![Cell::plain(w)]));
    out
}

/// The same for those who do not see the picture: when the shelf is empty, without the order and with it.
fn in_words(line: &ReorderLine, order: Option<(Qty, NaiveDate)>, look: &Look) -> String {
    let day = |on: NaiveDate| dates::short(on, look.today);
    let empty = |on: Option<NaiveDate>| match on {
        Some(on) if on <= look.today => "empty now".to_string(),
        Some(on) => format!("empty about {}", day(on)),
        None => "not empty within two years".to_string(),
    };
    let said = |order| {
        let (out, arrivals) = line.runs_out(look.today, order);
        let ends = out.gap_until.and_then(|at| arrivals.get(at)?.on).map(|on| on.max(look.today));
        match (out.gap_from, ends) {
            (Some(_), Some(back)) => {
                format!("{} until goods come about {}, then {}", empty(out.gap_from), day(back), empty(out.on))
            }
            (Some(_), None) if arrivals.iter().any(|c| c.on.is_none()) => {
                format!("{}; nobody knows when goods come", empty(out.gap_from))
            }
            (Some(_), None) => format!("{}; what comes is less than is wanted by then", empty(out.gap_from)),
            (None, _) => empty(out.on),
        }
    };
    let mut words = format!("Without the order: {}.", said(None));
    if order.is_some() {
        words.push_str(&format!(" With it: {}.", said(order)));
    }
    words
}
