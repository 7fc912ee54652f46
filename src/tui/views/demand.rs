//! How an item's demand looks: bars for a glance, and a table of weeks (or months) by sales channel whose figures add up.

use crate::domain::dates;
use crate::domain::quantity::Qty;
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::reorder::{Bucket, Counts, ItemDemand};

const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Columns of the table: when, and one for each figure, as wide as its name where there is room.
const WHEN: usize = 13;
const FIGURE: usize = 9;
const WIDE: usize = 14;
/// Room for what is to be known of a bucket, before channels are put together.
const REMARK: usize = 20;

/// The next channel to show, or the one before: all together stands before the first.
pub fn stepped(demand: &ItemDemand, channel: Option<usize>, forward: bool) -> Option<usize> {
    let count = demand.channels.len();
    match (channel, forward) {
        _ if !demand.is_split() => None,
        (None, true) => Some(0),
        (None, false) => count.checked_sub(1),
        (Some(at), true) => Some(at + 1).filter(|next| *next < count),
        (Some(at), false) => at.checked_sub(1),
    }
}

/// `all channels`, `shop only`; blank where there is one channel.
pub fn which(demand: &ItemDemand, channel: Option<usize>) -> String {
    match channel {
        _ if !demand.is_split() => String::new(),
        None => "all channels".into(),
        Some(at) => format!("{} only", demand.name(at)),
    }
}

/// The last buckets as bars on one scale for every channel, with a line that names them; nothing where nothing was
/// ordered.
pub fn bars(demand: &ItemDemand, channel: Option<usize>, width: usize) -> Vec<Line> {
    let year = demand.grid.a_year();
    let shown = if width >= year + 4 { year } else { year.min(26) }; // half a year of weeks beside a list
    let all = demand.last(shown, None);
    let most = all.iter().map(|b| b.1).max().unwrap_or(Qty::ZERO);
    if !most.is_positive() || width < 30 {
        return Vec::new();
    }
    let bar = |q: Qty| {
        let eighths =
            (q.or_zero().thousandths().saturating_mul(8) + most.thousandths() / 2) / most.thousandths().max(1);
        let least = i64::from(q.is_positive());
        EIGHTHS.get(eighths.max(least).clamp(0, 8) as usize).copied().unwrap_or(" ")
    };
    let buckets = demand.last(shown, channel);
    let own = buckets.iter().map(|b| b.1).max().unwrap_or(Qty::ZERO);
    let mut head =
        format!("Ordered a {}, the last {}; most {}", demand.grid.word(), buckets.len(), text::quantity(own));
    let which = which(demand, channel);
    if !which.is_empty() {
        head.push_str(&format!("; {which}"));
    }
    let bars: String = buckets.iter().map(|b| bar(b.1)).collect();
    vec![vec![Cell::with(text::clip(&head, width), Role::Quiet)], vec![Cell::plain(text::clip(&bars, width))]]
}

/// How many channels have a column of their own, and how wide one is; the rest stand together in one.
fn columns(demand: &ItemDemand, width: usize) -> (usize, usize) {
    if !demand.is_split() {
        return (0, FIGURE);
    }
    let count = demand.channels.len();
    let longest = (0..count).map(|at| text::width(demand.name(at))).max().unwrap_or(0);
    let wide = (longest + 2).clamp(FIGURE, WIDE);
    let room = width.saturating_sub(WHEN + REMARK);
    if (count + 1) * wide <= room {
        return (count, wide);
    }
    let room = (room / FIGURE).saturating_sub(1);
    (if count <= room { count } else { room.saturating_sub(1) }, FIGURE)
}

/// All buckets since it was listed, the newest first: all channels together, each apart, and what else is to be known.
pub fn table(demand: &ItemDemand, channel: Option<usize>, width: usize, look: &Look) -> Vec<Line> {
    if demand.buckets.is_empty() {
        return Vec::new();
    }
    let (apart, wide) = columns(demand, width);
    let rest = demand.is_split() && apart < demand.channels.len();
    let figures = |all: Qty, by: &[Qty]| {
        let mut out = vec![text::quantity(all)];
        out.extend(by.iter().take(apart).map(|q| if q.is_zero() { String::new() } else { text::quantity(*q) }));
        out.extend(rest.then(|| text::quantity(by.iter().skip(apart).copied().sum())));
        out
    };
    let line = |when: &str, figures: &[String], remark: &str| {
        let mut words = text::left(&text::fit(when, WHEN), WHEN);
        for figure in figures {
            words.push_str(&text::right(&text::fit(figure, wide - 1), wide));
        }
        if !remark.is_empty() {
            words.push_str(&format!("  {remark}"));
        }
        text::clip(&words, width)
    };
    let mut names = vec!["all".to_string()];
    if demand.is_split() {
        names.extend((0..apart).map(|at| demand.name(at).to_string()));
        names.extend(rest.then(|| "others".to_string()));
    }
    let (all, by) = demand.year();
    if !demand.is_split() {
        names = vec!["ordered".to_string()];
    }
    let when = format!("{} from", demand.grid.word());
    let mut out = vec![vec![Cell::with(line(&when, &names, &which(demand, channel)), Role::Quiet)]];
    out.push(vec![Cell::with(line("last year", &figures(all, &by), ""), Role::Title)]);
    let of = |b: &Bucket| channel.map_or(b.all, |c| b.by.get(c).copied().unwrap_or(Qty::ZERO)).or_zero().thousandths();
    let most = demand.buckets.iter().map(of).max().unwrap_or(0).max(1);
    let used = WHEN + wide * names.len() + 2;
    let room = width.saturating_sub(used).min(30) as i64;
    for b in &demand.buckets {
        let remark = match remark(b) {
            words if words.is_empty() => "█".repeat((of(b) * room / most).max(0) as usize),
            words => words,
        };
        out.push(vec![Cell::plain(line(&dates::short(b.from, look.today), &figures(b.all, &b.by), &remark))]);
    }
    out
}

/// What is to be known of a bucket beside what was ordered in it.
fn remark(bucket: &Bucket) -> String {
    let out = || text::plural(bucket.out_days.max(0) as usize, "day");
    match bucket.counts {
        Counts::Nothing => "out: says nothing".into(),
        Counts::As(q) if bucket.out_days > 0 => format!("counts as {}: out {}", text::quantity(q), out()),
        Counts::As(q) => format!("counts as {}", text::quantity(q)),
        Counts::AsOrdered if bucket.all.is_negative() => "came back: counts as 0".into(),
        Counts::AsOrdered => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::demand::Grid;
    use chrono::NaiveDate;

    fn demand(channels: &[&str], amounts: &[&[i64]]) -> ItemDemand {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let bucket = |(n, by): (usize, &&[i64])| Bucket {
            from: today - chrono::TimeDelta::days(n as i64 * 7 + 6),
            to: today - chrono::TimeDelta::days(n as i64 * 7),
            all: by.iter().copied().map(Qty::units).sum(),
            by: by.iter().copied().map(Qty::units).collect(),
            out_days: 0,
            counts: Counts::AsOrdered,
        };
        ItemDemand {
            grid: Grid::Weeks,
            channels: channels.iter().map(|c| c.to_string()).collect(),
            buckets: amounts.iter().enumerate().map(bucket).collect(),
            ..ItemDemand::default()
        }
    }

    fn shown(demand: &ItemDemand, width: usize) -> Vec<Vec<i64>> {
        let wide = columns(demand, width).1;
        let look = Look { today: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(), width: 80, height: 24 };
        let of = |line: Line| {
            let words: String = line.into_iter().map(|c| c.text).collect();
            let cells = words.chars().skip(WHEN).collect::<String>();
            let cell = |n: usize| cells.chars().skip(n * wide).take(wide).collect::<String>();
            let figures = (0..8).map(|n| cell(n).trim().to_string()).take_while(|c| !c.starts_with('█'));
            figures.map(|c| if c.is_empty() { 0 } else { c.parse().unwrap_or(0) }).collect()
        };
        table(demand, None, width, &look).into_iter().skip(1).map(of).collect()
    }

    #[test]
    fn however_narrow_the_channels_shown_add_up_to_all() {
        let names = ["shop", "amazon", "phone", "counter", ""];
        let demand = demand(&names, &[&[5, 4, 3, 2, 1], &[0, 0, 7, 0, 0], &[9, 0, -2, 0, 0]]);
        for width in [45, 60, 78, 100, 158] {
            for row in shown(&demand, width) {
                let (all, apart) = row.split_first().unwrap();
                assert_eq!(*all, apart.iter().sum::<i64>(), "{width}: {row:?}");
            }
        }
    }

    #[test]
    fn the_key_walks_through_the_channels_and_back_to_all() {
        let two = demand(&["shop", "amazon"], &[&[1, 2]]);
        assert_eq!(stepped(&two, None, true), Some(0));
        assert_eq!(stepped(&two, Some(0), true), Some(1));
        assert_eq!(stepped(&two, Some(1), true), None);
        assert_eq!(stepped(&two, None, false), Some(1));
        assert_eq!(stepped(&two, Some(0), false), None);
        assert_eq!(stepped(&demand(&["shop"], &[&[1]]), None, true), None, "one channel is all");
        assert_eq!(which(&two, Some(1)), "amazon only");
    }
}
