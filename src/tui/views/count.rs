//! The count screen: the figure large enough for two metres, below it what is in the bin so far, below that the field.

use super::{digits, scanning};
use crate::domain::dates;
use crate::tui::overlay;
use crate::tui::screens::count::Count;
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::worker::counting::{Standing, Upper, far_more};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Lines below the list: rule, two of hints, field, what happened, blank, keys.
const BELOW: u16 = 7;

/// Draws it and answers where the cursor stands.
pub fn draw(count: &Count, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
    let Some(now) = count.standing.as_deref() else {
        overlay::title(area, buf, theme, "Count");
        return None;
    };
    head(now, area, buf, theme, look);
    // On a tall screen the figure grows; the list gets the rest.
    let figure_rows = if area.height >= 36 && area.width >= 100 { 2 * digits::HEIGHT } else { digits::HEIGHT };
    let top = Rect { x: area.x + 3, y: area.y + 3, width: area.width.saturating_sub(5), height: figure_rows };
    upper(now, top, buf, theme);
    let y = top.bottom() + 1;
    let rule = area.bottom().saturating_sub(BELOW);
    let list = Rect { y: y + 1, height: rule.saturating_sub(y + 1), ..area };
    if let Some(finder) = &count.desk.finder {
        overlay::title(Rect { y, ..area }, buf, theme, "which item?");
        finder.draw(list, buf, theme);
    } else {
        let words = match still_to_count(now) {
            Some(still) => still,
            None if now.bin.is_some() => "in this bin so far".to_string(),
            None => "counted so far".to_string(),
        };
        overlay::title(Rect { y, ..area }, buf, theme, &text::clip(&words, (area.width as usize).saturating_sub(6)));
        if now.bin.is_none() && !now.binless {
            finished(now, list, buf, theme);
        } else {
            lines(now, list, buf, theme);
        }
    }
    buf.set_string(area.x, rule, "─".repeat(area.width as usize), theme.style(Role::Quiet));
    hints(count, now, area, rule + 1, buf, theme);
    let field = Rect { x: area.x + 3, y: rule + 3, width: area.width.saturating_sub(4), height: 1 };
    let cursor = count.desk.field.draw(field, buf, theme);
    told(count, area, rule + 4, buf, theme);
    keys(count, now, area, buf, theme);
    Some(cursor)
}

/// What is named here and not counted yet: it stays above the list until it is.
fn still_to_count(now: &Standing) -> Option<String> {
    let (names, n) = &now.to_find;
    let more = if *n > names.len() { format!(" and {} more", n - names.len()) } else { String::new() };
    (*n > 0).then(|| format!("Still to count here: {}{more}", names.join(", ")))
}

fn head(now: &Standing, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) {
    let width = area.width as usize;
    let right = format!("{}  {}", text::fit(&now.operator, 16), dates::full(look.today, look.today));
    let round = match (now.bins, &now.bin) {
        _ if now.own_count => "second count".into(),
        (bins, _) if now.again > 0 && now.done >= bins => format!("{} again", text::plural(now.again, "bin")),
        (bins, None) if !now.second.is_empty() && now.done >= bins => {
            format!("{} to count second", text::plural(now.second.len(), "bin"))
        }
        (0, _) => String::new(),
        (bins, Some(_)) => format!("bin {} of {bins}", (now.done + 1).min(bins)),
        (bins, None) => format!("{} of {} done", now.done, text::plural(bins, "bin")),
    };
    buf.set_string(area.x + 1, area.y, "COUNT", theme.style(Role::Title));
    let room = width.saturating_sub(text::width(&right) + text::width(&round) + 14);
    let left = format!("{}   {round}", text::fit(&now.name, room));
    buf.set_string(area.x + 8, area.y, left, theme.style(Role::Normal));
    let x = area.right().saturating_sub(text::width(&right) as u16 + 1);
    buf.set_string(x, area.y, right, theme.style(Role::Quiet));
    buf.set_string(area.x, area.y + 1, "─".repeat(width), theme.style(Role::Quiet));
}

/// The bin, what stands above the field, and its figure.
fn upper(now: &Standing, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let figure = now.above.as_ref().and_then(|a| a.figure).map(|f| f.to_string());
    let room = digits::width(figure.as_deref().unwrap_or(""), if area.height >= 2 * digits::HEIGHT { 2 } else { 1 });
    let words = (area.width.saturating_sub(room + 2)) as usize;
    let put = |buf: &mut Buffer, row: u16, words: &str, role: Role| {
        buf.set_string(area.x, area.y + row, words, theme.style(role));
    };
    let bin = match (&now.bin, now.binless) {
        (Some(bin), _) => format!("Bin {bin}"),
        (None, true) => String::new(),
        (None, false) => match &now.next {
            Some(next) if now.done >= now.bins && now.again > 0 => format!("Count {next} again: scan it."),
            Some(next) if now.second.contains(next) => format!("{next} waits for your count: scan it."),
            Some(next) => format!("Scan a bin. Next: {next}"),
            None if now.others > 0 => format!(
                "{} for somebody else's count. F8 shows which.",
                if now.others == 1 { "1 line waits".to_string() } else { format!("{} lines wait", now.others) }
            ),
            None if now.bins > 0 && now.done >= now.bins => {
                "Every bin of this round is counted. F8 shows what differs.".into()
            }
            None => "Scan a bin, then what lies in it.".into(),
        },
    };
    put(buf, 0, &text::clip(&bin, words), Role::Title);
    match &now.above {
        Some(above) => {
            put(buf, 1, &text::fit(&above.name, words), Role::Title);
            put(buf, 2, &text::fit(&above.sku, words), Role::Normal);
            put(buf, 3, &text::clip(&one_scan(above), words), Role::Quiet);
            let role = if above.unknown { Role::Unknown } else { Role::Normal };
            put(buf, 4, &text::clip(&above.how, words), role);
        }
        None if now.own_count && now.to_find.1 == 0 => {
            put(buf, 2, "All that waited for your count here is counted. F8 ends the bin.", Role::Normal);
        }
        None if now.own_count => {
            put(buf, 2, "Somebody else counted here and found another figure than the book.", Role::Normal);
            put(buf, 3, "Count what is named below as if nobody had: no figure of theirs is shown.", Role::Normal);
            put(buf, 4, "0 = nothing of that lies here.", Role::Quiet);
        }
        None if now.bin.is_some() || now.binless => {
            put(buf, 2, "Scan what lies here. 0 = nothing lies here.", Role::Normal);
        }
        None if now.next.as_ref().is_some_and(|next| now.second.contains(next)) => {
            put(buf, 2, "Somebody else counted it. Count it as if nobody had: what they found is not", Role::Normal);
            put(buf, 3, "shown. F8 compares the two afterwards.", Role::Normal);
        }
        None => {}
    }
    if now.above.is_none() && now.bin.is_none() && !now.others_at.is_empty() {
        let each: Vec<String> = now.others_at.iter().take(4).map(|(who, bin)| format!("{who} is at {bin}")).collect();
        put(buf, 1, &text::clip(&format!("{}.", each.join(", ")), words), Role::Quiet);
    }
    if let Some(figure) = figure {
        digits::draw(&figure, Rect { x: area.x, width: area.width.saturating_sub(3), ..area }, buf, theme);
    }
}

fn one_scan(above: &Upper) -> String {
    let unit = above.unit.clone().unwrap_or_default();
    match above.one_scan {
        Some(one) if unit.is_empty() => format!("one scan = {one}"),
        Some(one) => format!("{unit}, one scan = {one}"),
        None => unit,
    }
}

fn lines(now: &Standing, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let names = (area.width as usize).saturating_sub(49).clamp(20, 50);
    for (n, line) in now.lines.iter().take(area.height as usize).enumerate() {
        let figure = line.figure.map_or("?".to_string(), text::quantity);
        let words = format!(
            "   {}   {} {}   {}",
            line.at.format("%H:%M:%S"),
            text::left(&line.what, names),
            text::right(&figure, 8),
            line.note
        );
        let role = if line.figure.is_none() { Role::Unknown } else { Role::Normal };
        let words = text::clip(&words, area.width as usize);
        buf.set_string(area.x, area.y + n as u16, words, theme.style(role));
    }
    let hidden = now.lines.len().saturating_sub(area.height as usize);
    if hidden > 0 && area.height > 0 {
        let words = format!(" +{hidden} more ");
        let x = area.right().saturating_sub(words.len() as u16 + 1);
        buf.set_string(x, area.bottom() - 1, words, theme.style(Role::Quiet));
    }
}

/// The bins that are finished. What others found in them, were it only nothing, is not told: counts are blind.
fn finished(now: &Standing, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let width = area.width as usize;
    if now.finished.is_empty() {
        buf.set_string(area.x + 3, area.y, text::clip("No bin yet.", width), theme.style(Role::Quiet));
    }
    for (y, bin) in (area.y..area.bottom()).zip(&now.finished) {
        let found = match bin.items {
            _ if !bin.operator.eq_ignore_ascii_case(&now.operator) => format!("done by {}", bin.operator),
            0 => "empty".to_string(),
            n => text::plural(n, "item"),
        };
        let words = format!("   {}   {} {found}", bin.at.format("%H:%M:%S"), text::left(&bin.bin, 10));
        buf.set_string(area.x, y, text::clip(&words, width), theme.style(Role::Normal));
    }
}

fn hints(count: &Count, now: &Standing, area: Rect, y: u16, buf: &mut Buffer, theme: &Theme) {
    let (first, second) = if let Some([first, second]) = scanning::hints(&count.desk) {
        (first, second)
    } else if now.above.is_some() {
        (
            "Scan next item or bin, or type: 14 = it is 14   +2 = two more   0 = none here",
            "12* = next scan is 12   letters = find by name   - = take back last",
        )
    } else if now.own_count && now.to_find.1 > 0 {
        (
            "Scan an item, or the next bin.   0 = nothing of what is still to count is here",
            "12* = next scan is 12   letters = find by name   - = take back last",
        )
    } else if now.bin.is_some() || now.binless {
        (
            "Scan an item, or the next bin.   0 = the bin is empty",
            "12* = next scan is 12   letters = find by name   - = take back last",
        )
    } else if now.bins > 0 && now.done >= now.bins && now.again == 0 && now.second.is_empty() {
        (
            "F8, or .. and Enter, shows what differs.",
            "Or scan a bin again. Everything is kept; F3 pauses, and c goes on.",
        )
    } else {
        ("Scan the label of a bin, or type its code.", "Everything is kept; F3 pauses, and c goes on.")
    };
    let width = area.width.saturating_sub(3) as usize;
    buf.set_string(area.x + 3, y, text::clip(first, width), theme.style(Role::Quiet));
    buf.set_string(area.x + 3, y + 1, text::clip(second, width), theme.style(Role::Quiet));
}

/// What came of the last line; else what is doubtful; else that all is saved.
fn told(count: &Count, area: Rect, y: u16, buf: &mut Buffer, theme: &Theme) {
    let Some(now) = count.standing.as_deref() else { return };
    let still = || match now.doubted {
        Some(doubted) => (far_more(doubted), Role::Urgent),
        None if !now.doubled.is_empty() => {
            let above = now.above.as_ref().is_some_and(|a| now.doubled == [a.name.clone()]);
            let then = if above { "- takes one back." } else { "F8 asks about it." };
            (format!("Scanned twice at once: {}. {then}", now.doubled.join(", ")), Role::Urgent)
        }
        _ => scanning::nothing(),
    };
    let said = scanning::said(&count.desk, now.times, still);
    let width = area.width.saturating_sub(2) as usize;
    // What needs two lines takes the second, where else it stands that all is saved.
    let rows = text::wrap(&said.0, width).len().clamp(1, 2) as u16;
    scanning::sentence(Rect { y, height: rows, ..area }, buf, theme, &said);
    if rows > 1 {
        return;
    }
    let saved = if count.desk.sent > 0 { "Saving ..." } else { "Every line above is already saved." };
    buf.set_string(area.x + 1, y + 1, text::clip(saved, width), theme.style(Role::Quiet));
}

fn keys(count: &Count, now: &Standing, area: Rect, buf: &mut Buffer, theme: &Theme) {
    if count.desk.finder.is_some() {
        return overlay::footer(area, buf, theme, "Enter takes it", "Esc back to the count");
    }
    if now.bin.is_none() && !now.binless {
        let keys = [("F2", "take back"), ("F8", "review"), ("F3", "pause")];
        return scanning::keys(area, buf, theme, &keys);
    }
    let done = if now.bin.is_some() || !now.lines.is_empty() { "bin done" } else { "review" };
    let none = if now.above.is_some() || now.own_count && now.to_find.1 > 0 { "none here" } else { "bin is empty" };
    let keys = [("F2", "take back"), ("F4", "find"), ("F9", none), ("F8", done), ("F3", "pause")];
    scanning::keys(area, buf, theme, &keys);
}

/// The text from so many cells on.
pub fn skip_cells(value: &str, cells: usize) -> String {
    let mut used = 0;
    let skip = |c: &char| {
        let before = used;
        used += text::width(c.encode_utf8(&mut [0; 4]));
        before < cells
    };
    value.chars().skip_while(skip).collect()
}
