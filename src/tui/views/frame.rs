//! The frame round every tab: tabs, sentence, table, the two speaking lines or the pane, notice and keys.

use crate::domain::dates;
use crate::tui::action::{Action, Availability};
use crate::tui::app::App;
use crate::tui::keymap::{self, Scope};
use crate::tui::overlay;
use crate::tui::screens::Screen;
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::tui::today::levels_words;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Below this size only one sentence is shown.
const SMALLEST: (u16, u16) = (40, 10);
/// From this width on there is a pane.
const PANE_FROM: u16 = 120;

/// The pane's width, where there is one.
pub fn pane_width(look: &Look) -> Option<u16> {
    match look.width {
        0..PANE_FROM => None,
        PANE_FROM..140 => Some(43),
        width => Some((43 + (width - 140) / 2).min(60)),
    }
}

/// Lines that the chosen row speaks in below the table.
fn spoken_lines(look: &Look) -> u16 {
    match (pane_width(look), look.height) {
        (Some(_), _) | (None, 0..14) => 0,
        (None, 30..) => 4,
        (None, _) => 2,
    }
}

/// First line of the table (its headings).
fn table_top(look: &Look) -> u16 {
    if look.height >= 20 { 3 } else { 2 }
}

/// The line of the rule below the table.
fn rule_line(look: &Look) -> u16 {
    let below = match spoken_lines(look) {
        0 => 3,
        n if look.height >= 20 => n + 4, // a blank line before the notice
        n => n + 3,
    };
    look.height.saturating_sub(below)
}

/// How many rows of a list are seen.
pub fn list_rows(look: &Look) -> usize {
    rule_line(look).saturating_sub(table_top(look) + 1) as usize
}

fn table_area(look: &Look) -> Rect {
    let width = look.width - pane_width(look).map_or(0, |p| p + 1);
    let top = table_top(look);
    Rect { x: 0, y: top, width, height: rule_line(look).saturating_sub(top) }
}

/// What lies under the mouse.
pub enum Hit {
    Tab(usize),
    /// A column's heading: the cell in the table and the table's width.
    Heading(u16, u16),
    Row(usize),
}

/// What lies at a cell.
pub fn hit(app: &App, x: u16, y: u16) -> Option<Hit> {
    if y == 0 {
        let mut left = 0;
        return tab_words(app).iter().enumerate().find_map(|(tab, (words, _))| {
            let right = left + text::width(words) as u16 + 1;
            let inside = (left..right).contains(&x);
            left = right;
            inside.then_some(Hit::Tab(tab))
        });
    }
    let area = table_area(&app.look);
    if app.opened || x >= area.width {
        None
    } else if y == area.y {
        Some(Hit::Heading(x, area.width))
    } else if y > area.y && y < area.bottom() {
        Some(Hit::Row((y - area.y - 1) as usize))
    } else {
        None
    }
}

/// Draws everything; answers where the cursor stands.
pub fn draw(app: &App, buf: &mut Buffer) -> Option<Position> {
    let area = buf.area;
    let theme = &app.setting.theme;
    buf.set_style(area, theme.style(Role::Normal));
    let cursor = if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(area, buf, theme);
        None
    } else if let Some(door) = app.door() {
        door.draw(area, buf, theme)
    } else if let Some(overlay) = app.overlay() {
        overlay.draw(area, buf, theme, &app.look)
    } else {
        draw_tab(app, area, buf, theme)
    };
    if theme.ascii {
        in_ascii(buf);
    }
    cursor
}

fn too_small(area: Rect, buf: &mut Buffer, theme: &Theme) {
    let words = format!("Make this window larger: backshelf needs {} columns and {} lines.", SMALLEST.0, SMALLEST.1);
    for (n, line) in text::wrap(&words, area.width as usize).iter().take(area.height as usize).enumerate() {
        buf.set_stringn(0, n as u16, line, area.width as usize, theme.style(Role::Normal));
    }
}

/// Replaces what is drawn with signs beyond ASCII.
pub(in crate::tui) fn in_ascii(buf: &mut Buffer) {
    for cell in &mut buf.content {
        if !cell.symbol().is_ascii() {
            let plain = text::ascii(cell.symbol()).to_string();
            cell.set_symbol(&plain);
        }
    }
}

fn draw_tab(app: &App, area: Rect, buf: &mut Buffer, theme: &Theme) -> Option<Position> {
    let screen = app.screen();
    let look = &app.look;
    draw_tabs(app, buf, theme);
    draw_sentence(app, screen, buf, theme);
    draw_levels_of(app, screen, buf, theme);
    let table = table_area(look);
    let rule = rule_line(look);
    if app.opened {
        let full = Rect { x: 0, y: 2, width: area.width, height: area.height.saturating_sub(5) };
        draw_pane(app, screen, full, buf, theme);
    } else {
        if screen.list().is_empty() {
            for (n, line) in text::wrap(&screen.empty(look), table.width.saturating_sub(4) as usize).iter().enumerate()
            {
                if (n as u16) < table.height.saturating_sub(1) {
                    buf.set_string(table.x + 2, table.y + 1 + n as u16, line, theme.style(Role::Normal));
                }
            }
        } else {
            screen.list().draw(table, buf, theme, look);
        }
        if let Some(width) = pane_width(look) {
            let x = area.width - width - 1;
            for y in 2..rule {
                buf.set_string(x, y, "│", theme.style(if app.in_pane { Role::Title } else { Role::Quiet }));
            }
            draw_pane(app, screen, Rect { x: x + 1, y: 2, width, height: rule.saturating_sub(2) }, buf, theme);
        }
    }
    draw_spoken(app, screen, buf, theme);
    draw_notice(app, buf, theme);
    draw_keys(app, screen, buf, theme)
}

/// The tabs; on a narrow screen, or where the marks of the file would stand over them, by the beginnings of their names.
fn tab_words(app: &App) -> Vec<(String, bool)> {
    let whole = named_tabs(app, false);
    let wide: usize = whole.iter().map(|(words, _)| text::width(words) + 1).sum();
    let marks = marks(app).last().map_or(0, |marks| text::width(marks));
    match app.look.width < 60 || wide + marks > app.look.width as usize {
        true => named_tabs(app, true),
        false => whole,
    }
}

/// What nobody may overlook, the longest form first: what this file is, and the day where it was set by hand.
fn marks(app: &App) -> Vec<String> {
    let (day, mark) = (app.look.today, app.setting.opening.mark);
    let as_of = |words: String| if app.setting.as_of { format!("as of {words}") } else { words };
    match (mark, app.setting.as_of) {
        (None, false) => Vec::new(),
        (None, true) => vec![as_of(dates::full(day, day)), as_of(dates::of_month(day))],
        (Some(mark), false) => vec![format!("{mark}  {}", dates::full(day, day)), mark.to_string()],
        (Some(mark), true) => vec![
            format!("{mark}  {}", as_of(dates::full(day, day))),
            format!("{mark}  {}", as_of(dates::of_month(day))),
            format!("{mark} {}", dates::of_month(day)),
        ],
    }
}

fn named_tabs(app: &App, short: bool) -> Vec<(String, bool)> {
    app.screens
        .iter()
        .enumerate()
        .map(|(i, s)| {
            let badge = s.badge().filter(|b| b.count > 0);
            let number = badge
                .map_or(String::new(), |b| format!(" {}{}", text::count(b.count), if b.urgent { "!" } else { "" }));
            let title = if short { text::clip(s.title(), 5).replace('…', "") } else { s.title().to_string() };
            let name = format!("{} {title}{number}", i + 1);
            let words = if i == app.tab { format!("[{name}]") } else { format!(" {name} ") };
            (words, badge.is_some_and(|b| b.urgent))
        })
        .collect()
}

fn draw_tabs(app: &App, buf: &mut Buffer, theme: &Theme) {
    let mut x = 0u16;
    for (i, (words, urgent)) in tab_words(app).iter().enumerate() {
        let room = app.look.width.saturating_sub(x) as usize;
        let style = theme.style(if i == app.tab { Role::Tab } else { Role::Normal });
        buf.set_stringn(x, 0, words, room, style);
        // The badge alone is red, and only when someone must act.
        if *urgent
            && i != app.tab
            && let Some(blank) = words.trim_end().rfind(' ')
        {
            let badge = words.get(blank + 1..).unwrap_or("").trim_end();
            buf.set_stringn(x + blank as u16 + 1, 0, badge, room.saturating_sub(blank + 1), theme.style(Role::Urgent));
        }
        x += text::width(words) as u16 + 1;
    }
    let day = if app.look.width >= PANE_FROM {
        dates::long(app.look.today)
    } else {
        dates::full(app.look.today, app.look.today)
    };
    let day = if app.setting.as_of { format!("as of {day}") } else { day };
    // Another day than today's, and a file that is not the real one or cannot be written, are never overlooked.
    let mark = app.setting.opening.mark;
    let loud = mark.is_some() || app.setting.as_of;
    let mark = mark.map_or(String::new(), |m| format!("{m}  "));
    let mut forms = vec![
        format!("{mark}{} · {day} · {}", app.setting.warehouse, app.setting.operator),
        format!("{mark}{day}  {}", app.setting.operator),
        format!("{mark}{day}"),
    ];
    forms.extend(marks(app));
    let skip = usize::from(app.look.width < PANE_FROM || app.setting.warehouse.is_empty());
    let room = app.look.width.saturating_sub(x) as usize;
    let fits = forms.iter().skip(skip).find(|w| text::width(w) <= room);
    if let Some(words) = fits.or(forms.last().filter(|_| loud)) {
        let words = text::clip(words, app.look.width as usize);
        buf.set_string(
            app.look.width - text::width(&words) as u16,
            0,
            &words,
            theme.style(if loud { Role::Selected } else { Role::Quiet }),
        );
    }
}

fn name_of_view(words: &str) -> &str {
    words.split(", ").next().unwrap_or("")
}

/// Cells that the sentence on top has beside the words of the view. Which view it is can always be read, at least its name:
/// the sentence gives way.
pub fn room_for_sentence(view_words: &str, look: &Look) -> usize {
    let width = pane_width(look).map_or(look.width, |p| look.width - p - 1) as usize;
    let name = text::width(name_of_view(view_words));
    let room = if width < 60 { width } else { width.saturating_sub(name + 2) };
    room.saturating_sub(2)
}

fn draw_sentence(app: &App, screen: &dyn Screen, buf: &mut Buffer, theme: &Theme) {
    let look = &app.look;
    if let Some(ill) = app.ill {
        let said = text::clip(ill.sentence(), look.width.saturating_sub(2) as usize);
        buf.set_string(1, 1, said, theme.style(Role::Urgent));
        return;
    }
    let words = screen.view_words();
    let wide = pane_width(look).map(|p| look.width - p - 1);
    let width = wide.unwrap_or(look.width) as usize;
    let name = name_of_view(&words).to_string();
    let sentence = text::clip(&screen.sentence(look), room_for_sentence(&words, look));
    buf.set_string(1, 1, &sentence, theme.style(Role::Normal));
    let used = text::width(&sentence) + 4;
    let views = [format!("View: {words}"), words, name];
    if let Some(view) = views.iter().find(|v| used + text::width(v) <= width + 1) {
        let x = if wide.is_some() { used as u16 } else { (width - text::width(view)) as u16 };
        buf.set_string(x, 1, view, theme.style(Role::Quiet));
    }
    let aside = app.screens.iter().find_map(|s| s.working()).unwrap_or_else(|| screen.aside(look));
    if let (Some(_), false) = (wide, aside.is_empty()) {
        let aside = text::clip(&aside, (look.width as usize).saturating_sub(width));
        buf.set_string(look.width - text::width(&aside) as u16, 1, &aside, theme.style(Role::Quiet));
    }
}

/// The blank line below the sentence says of which day the levels are that the tab goes by, where it is not today; the
/// tab of the levels says so in its sentence. On a low screen there is no such line, and the Today card says it.
fn draw_levels_of(app: &App, screen: &dyn Screen, buf: &mut Buffer, theme: &Theme) {
    let look = &app.look;
    let Some(day) = app.levels_of().filter(|_| screen.levels_of().is_none() && table_top(look) > 2) else { return };
    let width = pane_width(look).map_or(look.width, |p| look.width - p - 1) as usize;
    let words = text::clip(&levels_words(day, look), width.saturating_sub(2));
    buf.set_string(1, 2, words, theme.style(Role::Soon));
}

fn draw_pane(app: &App, screen: &dyn Screen, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let all = screen.pane(area.width.saturating_sub(2) as usize, &app.look);
    let scroll =
        if app.in_pane || app.opened { app.scroll.min(all.len().saturating_sub(area.height as usize)) } else { 0 };
    overlay::lines(area, buf, theme, all.get(scroll..).unwrap_or(&[]));
}

fn draw_spoken(app: &App, screen: &dyn Screen, buf: &mut Buffer, theme: &Theme) {
    let look = &app.look;
    let lines = spoken_lines(look);
    let y = rule_line(look);
    let spoken = screen.spoken(look);
    if lines == 0 || app.opened {
        let y = if app.opened { look.height.saturating_sub(3) } else { y };
        buf.set_string(0, y, "─".repeat(look.width as usize), theme.style(Role::Quiet));
        return;
    }
    let spoken = spoken.unwrap_or_default();
    overlay::title(Rect { x: 0, y, width: look.width, height: 1 }, buf, theme, &spoken.name);
    let room = look.width.saturating_sub(8) as usize;
    // Long sentences go on in the lines that what just happened leaves free.
    let free = (look.height.saturating_sub(1) - y - 1).saturating_sub(notice(app).len() as u16);
    let mut said: Vec<Vec<String>> = spoken.lines.iter().map(|(_, sentence)| text::wrap(sentence, room)).collect();
    let shares = shares(&said.iter().map(Vec::len).collect::<Vec<_>>(), free as usize);
    let mut at = y + 1;
    for (((label, _), words), share) in spoken.lines.iter().zip(&mut said).zip(shares) {
        if words.len() > share {
            let rest = words.split_off(share.saturating_sub(1)).join(" ");
            words.extend((share > 0).then(|| text::clip(&rest, room)));
        }
        for (n, line) in words.iter().enumerate() {
            if n == 0 {
                buf.set_string(1, at, label, theme.style(Role::Quiet));
            }
            buf.set_string(7, at, line, theme.style(Role::Normal));
            at += 1;
        }
    }
}

/// How many of the free lines each sentence gets: the last one, which says what to do, comes first and is whole while
/// there is room; the others share the rest from the first on.
fn shares(needs: &[usize], free: usize) -> Vec<usize> {
    let Some((last, others)) = needs.split_last() else { return Vec::new() };
    let last = (*last).min(free);
    let mut left = free - last;
    let mut shares: Vec<usize> = Vec::with_capacity(needs.len());
    for (n, need) in others.iter().enumerate() {
        let kept = (others.len() - n - 1).min(left.saturating_sub(1)); // a line for each that follows
        let share = (*need).min(left - kept);
        shares.push(share);
        left -= share;
    }
    shares.push(last);
    shares
}

/// What just happened, in one line, or two where there is a blank line above.
fn notice(app: &App) -> Vec<String> {
    let words = &app.notice.words;
    if words.is_empty() {
        return Vec::new();
    }
    let undo = if app.notice.undo { "u undo".len() } else { 0 };
    let room = (app.look.width as usize).saturating_sub(2 + undo + 2);
    let blank_above = app.look.height >= 20 && pane_width(&app.look).is_none() && !app.opened;
    let mut lines = text::wrap(words, room);
    if lines.len() > 1 && blank_above {
        let rest = lines.split_off(1).join(" ");
        lines.push(text::clip(&rest, room));
        return lines;
    }
    vec![text::clip(words, room)]
}

fn draw_notice(app: &App, buf: &mut Buffer, theme: &Theme) {
    let (y, width) = (app.look.height.saturating_sub(2), app.look.width as usize);
    let undo = if app.notice.undo { "u undo" } else { "" };
    let role = if app.notice.refused { Role::Title } else { Role::Normal };
    let lines = notice(app);
    let first = (y + 1).saturating_sub(lines.len() as u16);
    for (at, line) in (first..).zip(&lines) {
        buf.set_string(1, at, line, theme.style(role));
    }
    if app.notice.undo {
        buf.set_string((width - undo.len()) as u16, y, "u", theme.style(Role::Key));
        buf.set_string((width - undo.len() + 1) as u16, y, " undo", theme.style(Role::Quiet));
    }
}

/// The footer: at most five (eight on wide screens) actions of the tab, then filter, find and keys.
fn draw_keys(app: &App, screen: &dyn Screen, buf: &mut Buffer, theme: &Theme) -> Option<Position> {
    let look = &app.look;
    let y = look.height.saturating_sub(1);
    if let Some(input) = &app.filter {
        let words = format!("/ {}", input.value());
        buf.set_string(1, y, text::clip(&words, look.width as usize / 2), theme.style(Role::Title));
        let help = if look.width >= 70 { "Enter keeps it  Esc shows all" } else { "Esc all" };
        buf.set_string(look.width - help.len() as u16 - 1, y, help, theme.style(Role::Quiet));
        let x = (3 + input.visual_cursor() as u16).min(look.width / 2);
        return Some(Position::new(x, y));
    }
    let wide = pane_width(look).is_some();
    // As the keys are here: a person may have changed them.
    let key = |action: Action, usual: &'static str| {
        keymap::of(Scope::List)
            .chain(keymap::of(Scope::Everywhere))
            .find(|b| b.action == action)
            .map_or(usual, |b| b.key)
    };
    let (view, filter) = (key(Action::NextView, "v"), key(Action::Filter, "/"));
    let (find, keys) = (key(Action::Find, "f"), key(Action::Help, "?"));
    let all = [("→", "detail"), (view, "view"), (filter, "filter"), (find, "find"), (keys, "keys")];
    let right = all.get(if wide { 0 } else { 3 - usize::from(look.width >= 70) }..).unwrap_or(&all);
    let length: usize = right.iter().map(|(k, l)| text::width(k) + l.len() + 3).sum();
    let start = look.width.saturating_sub(length as u16 - 1);
    let mut x = 1u16;
    let some = if wide { 8 } else { 5 };
    let here = keymap::of(screen.scope()).filter_map(|b| Some((b, screen.key_label(b)?)));
    for (b, label) in here.take(some) {
        let ready = app.availability(b.action) == Availability::Ready;
        let need = (text::width(b.key) + text::width(label) + 3) as u16;
        if x + need > start {
            break;
        }
        buf.set_string(x, y, b.key, theme.style(if ready { Role::Key } else { Role::Quiet }));
        buf.set_string(x + text::width(b.key) as u16 + 1, y, label, theme.style(Role::Quiet));
        x += need;
    }
    let mut x = start;
    for (key, label) in right {
        buf.set_string(x, y, key, theme.style(Role::Key));
        buf.set_string(x + text::width(key) as u16 + 1, y, label, theme.style(Role::Quiet));
        x += (text::width(key) + label.len() + 3) as u16;
    }
    None
}

/// The scope whose keys a tab's footer shows.
pub fn scope(app: &App) -> Scope {
    app.screen().scope()
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn what_to_do_is_said_whole_before_the_reason_is() {
        assert_eq!(shares(&[1, 1], 4), [1, 1]);
        assert_eq!(shares(&[3, 2], 4), [2, 2]);
        assert_eq!(shares(&[3, 2], 3), [1, 2]);
        assert_eq!(shares(&[1, 2], 2), [0, 2]);
        assert_eq!(shares(&[2, 2, 1], 4), [2, 1, 1]);
        assert_eq!(shares(&[], 4), [0; 0]);
    }
}
