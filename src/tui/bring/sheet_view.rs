//! How the file that was looked at is drawn.

mod saying;

use super::sheet::{Far, Place, Sheet, Stage};
use crate::domain::quantity::Qty;
use crate::domain::text::visible;
use crate::tui::overlay::{footer, title};
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::worker::bringing::{Kin, Known};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use saying::{meanings, naming, new_shop};

/// Columns of the table of columns: the person's heading, what it goes to.
const HEADING: usize = 22;
const GOES_TO: usize = 20;

/// Draws the screen and answers where the cursor stands.
pub fn draw(sheet: &Sheet, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
    let width = area.width as usize;
    title(area, buf, theme, &heading(sheet));
    let place = sheet.place();
    let mut y = area.y + 1;
    choices(buf, theme, Rect { y, height: 1, ..area }, "What is in it?", &contents(sheet), place == Place::What);
    y += 1;
    if sheet.places().contains(&Place::Sheet) {
        let now = sheet.looked.sheet.as_ref();
        let sheets = sheet.looked.sheets.iter().map(|s| (visible(s).into_owned(), Some(s) == now)).collect::<Vec<_>>();
        choices(buf, theme, Rect { y, height: 1, ..area }, "Sheet", &sheets, place == Place::Sheet);
        y += 1;
    }
    if sheet.asks_shop() {
        shops(sheet, Rect { y, height: 1, ..area }, buf, theme);
        y += 1;
    }
    y += 1;
    let foot = area.bottom().saturating_sub(2);
    let below = match (&sheet.naming, &sheet.meanings) {
        (Some(_), _) | (_, Some(_)) => area.height / 2,
        _ if sheet.new_shop.is_some() => 6,
        _ => room_below(sheet, width, foot.saturating_sub(y)),
    };
    let split = foot.saturating_sub(below).max(y);
    if sheet.naming.is_some() {
        // Which code it is matters then, and its columns do not.
        codes(sheet, Rect { y, height: split - y, ..area }, buf, theme);
    } else if sheet.content.is_some() {
        columns(sheet, Rect { y, height: split - y, ..area }, buf, theme);
    } else {
        known(sheet, Rect { y, height: split - y, ..area }, buf, theme);
    }
    let lower = Rect { y: split, height: foot - split, ..area };
    let cursor = match (&sheet.naming, &sheet.meanings) {
        _ if sheet.new_shop.is_some() => new_shop(sheet, lower, buf, theme),
        (Some(_), _) => naming(sheet, lower, buf, theme),
        (None, Some(_)) => {
            meanings(sheet, lower, buf, theme);
            None
        }
        (None, None) => {
            what_will_happen(sheet, lower, buf, theme);
            None
        }
    };
    if let Some(said) = &sheet.said {
        // Upwards from the foot: a file's folder is named to its end.
        let lines = text::wrap(&visible(said), width.saturating_sub(2));
        let from = (foot + 1).saturating_sub(lines.len() as u16).max(area.y);
        for (y, line) in (from..=foot).zip(&lines) {
            let line = text::left(line, width.saturating_sub(1));
            buf.set_string(area.x + 1, y, line, theme.style(Role::Urgent));
        }
    }
    keys(sheet, area, buf, theme);
    cursor
}

/// Lines of columns that stay in sight, however much there is to say below them.
const COLUMNS_SHOWN: u16 = 4;

/// How many of `room` lines the lower part takes, its rule with it.
fn room_below(sheet: &Sheet, width: usize, room: u16) -> u16 {
    let asked = (sheet.questions().len() + sheet.unreadable.len()) as u16;
    let upper = 1 + COLUMNS_SHOWN + asked + u16::from(asked > 0);
    (below(sheet, width).len() as u16 + 1).min(room.saturating_sub(upper).max(room / 2)).max(8)
}

/// How many lines of what will happen do not fit into its room.
pub fn beyond(sheet: &Sheet, look: &Look) -> usize {
    let (width, height) = (look.width as usize, look.height);
    let above = 3 + u16::from(sheet.places().contains(&Place::Sheet)) + u16::from(sheet.asks_shop());
    let room = room_below(sheet, width, height.saturating_sub(2 + above)).saturating_sub(1) as usize;
    below(sheet, width).len().saturating_sub(room)
}

fn heading(sheet: &Sheet) -> String {
    let of = match &sheet.looked.sheet {
        Some(name) if sheet.looked.sheets.len() > 1 => format!(", sheet \"{}\"", visible(name)),
        _ => String::new(),
    };
    format!("Bring in  {}{of}, {}", visible(&sheet.looked.name), text::plural(sheet.looked.rows, "row"))
}

fn contents(sheet: &Sheet) -> Vec<(String, bool)> {
    let known = match &sheet.looked.known {
        Some(Known::Profile(name, _)) => format!("as {name} writes it"),
        _ => "backshelf's own tables".into(),
    };
    let words = |content: Option<crate::worker::bringing::Content>| {
        (content.map_or(known.clone(), |c| c.words().to_string()), content == sheet.content)
    };
    sheet.contents().into_iter().map(words).collect()
}

/// `What is in it?  [stock on the shelf]  items  open orders`, as far as there is room, the chosen one always in it.
fn choices(buf: &mut Buffer, theme: &Theme, area: Rect, label: &str, all: &[(String, bool)], focused: bool) {
    let style = theme.style(if focused { Role::Title } else { Role::Quiet });
    let sign = if focused { "▸" } else { " " };
    buf.set_string(area.x, area.y, format!("{sign}{label}"), style);
    let from = text::width(label) + 3;
    let room = (area.width as usize).saturating_sub(from + 2);
    let piece = |(words, on): &(String, bool)| if *on { format!("[{words}]") } else { format!(" {words} ") };
    let pieces: Vec<String> = all.iter().map(piece).collect();
    let is_chosen = |n: usize| all.get(n).is_some_and(|c| c.1);
    let chosen = all.iter().position(|c| c.1).unwrap_or(0);
    let wide = |from: usize, to: usize| pieces.get(from..=to).map_or(0, |p| p.iter().map(|p| text::width(p) + 1).sum());
    let mut first = 0;
    while first < chosen && wide(first, chosen) > room {
        first += 1;
    }
    let mut x = area.x + from as u16;
    for (n, words) in pieces.iter().enumerate().skip(first) {
        let left = area.right().saturating_sub(x) as usize;
        if text::width(words) > left {
            buf.set_stringn(x, area.y, "…", left, theme.style(Role::Quiet));
            break;
        }
        let role = match (is_chosen(n), focused) {
            (true, true) => Role::Field,
            (true, false) => Role::Title,
            (false, _) => Role::Normal,
        };
        buf.set_string(x, area.y, words, theme.style(role));
        x += text::width(words) as u16 + 1;
    }
}

/// `! Which shop?   1 webshop   2 phone`: none is chosen before somebody says so.
fn shops(sheet: &Sheet, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let chosen = sheet.plan.shop.as_ref();
    let piece = |(n, shop): (usize, &String)| (format!("{} {}", n + 1, visible(shop)), Some(shop) == chosen);
    let all: Vec<(String, bool)> = sheet.shops.iter().enumerate().map(piece).collect();
    choices(buf, theme, area, "Which shop?", &all, sheet.place() == Place::Shop);
    if chosen.is_none() && sheet.place() != Place::Shop {
        buf.set_string(area.x, area.y, "!", theme.style(Role::Urgent));
    }
}

/// What is said of a file that is known without asking.
fn known(sheet: &Sheet, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let words = match &sheet.looked.known {
        Some(Known::Profile(_, about)) => {
            let shop = sheet
                .looked
                .shop
                .as_deref()
                .map_or(String::new(), |s| format!(" Its orders are those of {}.", visible(s)));
            format!("{}{shop} Right looks at its columns instead.", visible(about))
        }
        _ => "Its names and headings are backshelf's own: nothing is to be asked.".into(),
    };
    for (n, line) in text::wrap(&words, (area.width as usize).saturating_sub(3)).iter().enumerate() {
        if (n as u16) < area.height {
            buf.set_string(area.x + 1, area.y + n as u16, line, theme.style(Role::Normal));
        }
    }
    codes(sheet, Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area }, buf, theme);
}

/// The table of columns, then the questions, then codes that no item has.
fn columns(sheet: &Sheet, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let width = area.width as usize;
    let heads = format!(" {} {} first values", text::left("Your column", HEADING), text::left("goes to", GOES_TO));
    let questions = sheet.questions();
    let codes_room = (sheet.codes().len() as u16).min(4);
    let asked = (questions.len() + sheet.unreadable.len()) as u16;
    let rows = area.height.saturating_sub(1 + asked + u16::from(asked > 0) + codes_room + u16::from(codes_room > 0));
    let all = sheet.looked.columns.len();
    let at = match sheet.place() {
        Place::Column(n) => n,
        Place::Question(n) => questions.get(n).map_or(0, |q| q.column),
        Place::Keep(n) => sheet.unreadable.get(n).map_or(0, |u| u.column),
        Place::Code(_) => all.saturating_sub(1),
        _ => 0,
    };
    let top = (at + 1).saturating_sub(rows as usize).min(all.saturating_sub(rows as usize));
    if all > rows as usize {
        let words = format!(" {}-{} of {all} columns: Down Up ", top + 1, top + rows as usize);
        let x = area.right().saturating_sub(text::width(&words) as u16).max(area.x);
        // The last heading is said whole or not at all.
        let room = usize::from(x - area.x);
        let heads =
            if text::width(&heads) <= room { heads } else { heads.trim_end_matches("first values").to_string() };
        buf.set_string(area.x, area.y, text::clip(&heads, room), theme.style(Role::Quiet));
        buf.set_string(x, area.y, words, theme.style(Role::Key));
    } else {
        buf.set_string(area.x, area.y, text::clip(&heads, width), theme.style(Role::Quiet));
    }
    for (n, column) in sheet.looked.columns.iter().enumerate().skip(top).take(rows as usize) {
        let y = area.y + 1 + (n - top) as u16;
        let means = sheet.plan.columns.get(n).copied().flatten();
        let open = questions.iter().any(|q| q.column == n && sheet.plan.answered(q).is_none());
        let sign = match (sheet.place() == Place::Column(n), open) {
            (true, _) => "▸",
            (false, true) => "!",
            (false, false) => " ",
        };
        let heading = if column.heading.is_empty() { "(no heading)" } else { column.heading.as_str() };
        let goes = means.map_or("(left out)", |m| m.words(sheet.plan.content));
        let taken = sheet.plan.doubtful(&sheet.looked, n).filter(|_| !open);
        let first = |f: &String| {
            let shown = text::clip(&visible(f), 24);
            match &taken {
                Some((doubtful, number)) if doubtful == f => {
                    let number = Qty::parse(number).map_or(number.clone(), text::quantity);
                    format!("{shown} = {number}")
                }
                _ => shown,
            }
        };
        let firsts: Vec<String> = column.firsts.iter().map(first).collect();
        let line = format!(
            "{sign}{} {} {}",
            text::left(&text::fit(&visible(heading), HEADING), HEADING),
            text::left(&text::fit(goes, GOES_TO), GOES_TO),
            firsts.join("   ")
        );
        let role = match (sheet.place() == Place::Column(n), means) {
            (true, _) => Role::Selected,
            (false, None) => Role::Quiet,
            (false, Some(_)) => Role::Normal,
        };
        buf.set_string(area.x, y, text::left(&text::clip(&line, width), width), theme.style(role));
        if open && sheet.place() != Place::Column(n) {
            buf.set_string(area.x, y, "!", theme.style(Role::Urgent));
        }
    }
    let mut y = area.y + 1 + (all.min(rows as usize)) as u16 + u16::from(asked > 0);
    for (n, question) in questions.iter().enumerate() {
        if y >= area.bottom() {
            break;
        }
        draw_question(sheet, n, question, Rect { y, height: 1, ..area }, buf, theme);
        y += 1;
    }
    for n in 0..sheet.unreadable.len() {
        if y < area.bottom() {
            draw_keep(sheet, n, Rect { y, height: 1, ..area }, buf, theme);
            y += 1;
        }
    }
    y += u16::from(codes_room > 0);
    codes(sheet, Rect { y, height: area.bottom().saturating_sub(y), ..area }, buf, theme);
}

fn draw_question(
    sheet: &Sheet,
    n: usize,
    question: &crate::worker::bringing::Question,
    area: Rect,
    buf: &mut Buffer,
    theme: &Theme,
) {
    let focused = sheet.place() == Place::Question(n);
    let answered = sheet.plan.answered(question);
    let heading = sheet.looked.columns.get(question.column).map_or("", |c| c.heading.as_str());
    let sign = if focused { "▸" } else { " " };
    let mark = if answered.is_none() { "!" } else { " " };
    let asks = format!("{sign}{mark} \"{}\" in {}: is that ", visible(&question.example), visible(heading));
    buf.set_string(area.x, area.y, &asks, theme.style(if focused { Role::Title } else { Role::Normal }));
    if answered.is_none() {
        buf.set_string(area.x + 1, area.y, mark, theme.style(Role::Urgent));
    }
    let mut x = area.x + text::width(&asks) as u16;
    let chosen = answered.unwrap_or(0);
    for (i, option) in question.options.iter().enumerate() {
        let words = if i == chosen { format!("[{option}]") } else { format!(" {option} ") };
        let role = match (i == chosen, focused) {
            (true, true) => Role::Field,
            (true, false) => Role::Title,
            _ => Role::Normal,
        };
        let left = area.right().saturating_sub(x) as usize;
        buf.set_stringn(x, area.y, &words, left, theme.style(role));
        x += text::width(&words) as u16;
        if i == 0 {
            let left = area.right().saturating_sub(x) as usize;
            buf.set_stringn(x, area.y, " or ", left, theme.style(Role::Normal));
            x += 4;
        }
    }
    let left = area.right().saturating_sub(x) as usize;
    let rest = [" ?  1 or 2, for the whole column.", " ?  1 or 2", " ?"];
    let mut rest = rest.into_iter().skip(if answered.is_none() { 0 } else { 2 });
    let rest = rest.find(|words| text::width(words) <= left).unwrap_or("");
    buf.set_stringn(x, area.y, rest, left, theme.style(Role::Quiet));
}

/// `  9 rows, Aantal "12 stk": [stay out]  come in without it`
fn draw_keep(sheet: &Sheet, n: usize, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let Some(unreadable) = sheet.unreadable.get(n) else { return };
    let focused = sheet.place() == Place::Keep(n);
    let keeps = sheet.plan.keeps(unreadable.column);
    let heading = sheet.looked.columns.get(unreadable.column).map_or("", |c| c.heading.as_str());
    let rows = text::plural(unreadable.rows, "row");
    let sign = if focused { "▸" } else { " " };
    // As many examples as leave room for the choice.
    let room = (area.width as usize).saturating_sub(33);
    let says = |n: usize| {
        let quoted = unreadable.examples.iter().take(n).map(|e| format!("\"{}\"", text::clip(&visible(e), 16)));
        let more = if unreadable.examples.len() > n { " ..." } else { "" };
        let quoted = quoted.collect::<Vec<_>>().join(", ");
        format!("{sign}  {rows} with {quoted}{more} in {}: ", text::clip(&visible(heading), 14))
    };
    let most = (1..=unreadable.examples.len()).rev().find(|n| text::width(&says(*n)) <= room).unwrap_or(1);
    let says = says(most);
    buf.set_string(area.x, area.y, &says, theme.style(if focused { Role::Title } else { Role::Normal }));
    let mut x = area.x + text::width(&says) as u16;
    for (words, on) in [("stay out", !keeps), ("come in without it", keeps)] {
        let words = if on { format!("[{words}]") } else { format!(" {words} ") };
        let role = match (on, focused) {
            (true, true) => Role::Field,
            (true, false) => Role::Title,
            _ => Role::Normal,
        };
        let left = area.right().saturating_sub(x) as usize;
        buf.set_stringn(x, area.y, &words, left, theme.style(role));
        x += text::width(&words) as u16 + 1;
    }
}

/// Codes that rows name and no item has.
fn codes(sheet: &Sheet, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let codes = sheet.codes();
    if codes.is_empty() || area.height == 0 {
        return;
    }
    let width = area.width as usize;
    let at = if let Place::Code(n) = sheet.place() { n } else { 0 };
    // How many there are is said where they do not all fit.
    let rows = if codes.len() > area.height as usize { area.height as usize - 1 } else { codes.len() };
    let top = (at + 1).saturating_sub(rows);
    if rows < codes.len() {
        let words = format!("  {}-{} of {} codes: Down Up", top + 1, top + rows, codes.len());
        buf.set_string(area.x, area.bottom() - 1, text::clip(&words, width), theme.style(Role::Key));
    }
    for (n, (code, name)) in codes.iter().enumerate().skip(top).take(rows) {
        let focused = sheet.place() == Place::Code(n);
        let is = match sheet.said_of(code) {
            Some(resolved) if resolved.quantity == crate::domain::quantity::Qty::ONE => {
                format!("is {}", resolved.words)
            }
            Some(resolved) => format!("is {} x {}", text::quantity(resolved.quantity), resolved.words),
            None if name.is_empty() || name == code => "is no item here yet: it becomes one".into(),
            None => format!("is no item here yet: it becomes one, {}", visible(name)),
        };
        let line = format!("{}? {} {is}", if focused { "▸" } else { " " }, visible(code));
        let role = if focused { Role::Selected } else { Role::Normal };
        buf.set_string(
            area.x,
            area.y + (n - top) as u16,
            text::left(&text::fit(&line, width), width),
            theme.style(role),
        );
    }
}

/// `Bringing it in  [=====....]  1,000 of 4,812, 3 s left`
fn bar(words: &str, far: Far, room: usize) -> String {
    let wide = room.saturating_sub(50).min(40);
    let full = (wide * far.done.min(far.all)).checked_div(far.all).unwrap_or(0);
    let bar = format!("[{}{}]", "=".repeat(full), ".".repeat(wide - full));
    let left = match far.seconds_left {
        Some(seconds) if seconds >= 120 => format!(", {} min left", seconds / 60),
        Some(seconds @ 1..) => format!(", {seconds} s left"),
        _ => String::new(),
    };
    format!("{words}  {bar}  {} of {}{left}", text::count(far.done), text::count(far.all))
}

/// So many rows are named, each of them.
const FEW: usize = 3;

/// How many of each kind, what it is, and the first of the rows.
fn kin_lines(all: &[Kin], room: usize) -> Vec<(String, Role)> {
    let widest = all.iter().map(|k| text::width(&visible(&k.words))).max().unwrap_or(0);
    let line = |kin: &Kin| {
        // Few are all named: whoever looks for them needs each.
        let few = if kin.count <= FEW { FEW } else { 2 };
        let rows: Vec<String> = kin.rows.iter().take(few).map(|r| text::count(*r as usize)).collect();
        let more = if kin.count > rows.len() { " ..." } else { "" };
        let rows = format!("{} {}{more}", if kin.count == 1 { "row" } else { "rows" }, rows.join(", "));
        let wide = widest.min(room.saturating_sub(11 + text::width(&rows)));
        let words = text::left(&text::clip(&visible(&kin.words), wide), wide);
        (format!("{:>6}  {words}   {rows}", text::count(kin.count)), Role::Normal)
    };
    all.iter().map(line).collect()
}

/// `Aantal: "1.200" is 1,200`: figures that could be two, and that nobody was asked about.
fn taken_for(sheet: &Sheet) -> Vec<String> {
    if sheet.content.is_none() {
        return Vec::new();
    }
    let asked: Vec<usize> = sheet.questions().iter().map(|q| q.column).collect();
    let all = sheet.looked.columns.iter().enumerate().filter(|(at, _)| !asked.contains(at));
    all.filter_map(|(at, column)| {
        let (written, number) = sheet.plan.doubtful(&sheet.looked, at)?;
        let number = Qty::parse(&number).map_or(number.clone(), text::quantity);
        Some(format!("{}: \"{}\" is taken for {number}", visible(&column.heading), visible(written)))
    })
    .collect()
}

/// The lines of the lower part.
fn below(sheet: &Sheet, width: usize) -> Vec<(String, Role)> {
    let mut out = Vec::new();
    let room = width.saturating_sub(2);
    match &sheet.stage {
        Stage::Weighing { far, .. } if far.done == 0 => {
            out.push(("Looking at all of it ...".to_string(), Role::Quiet));
        }
        Stage::Weighing { far, .. } => out.push((bar("Looking at all of it", *far, room), Role::Quiet)),
        Stage::Stuck(sentence) => out.extend(text::wrap(sentence, room).into_iter().map(|l| (l, Role::Urgent))),
        Stage::Bringing { far, .. } => out.push((bar("Bringing it in", *far, room), Role::Title)),
        Stage::Weighed(weighed) => {
            let comes = text::count(weighed.comes);
            let verb = if weighed.comes == 1 { "row comes in" } else { "rows come in" };
            let first = match weighed.bad {
                0 if sheet.looked.rows == 0 => "The file holds no rows: there is nothing to bring in.".to_string(),
                0 if !weighed.changes => "Nothing would change: all of it is here already.".to_string(),
                0 => format!("{comes} {verb}."),
                1 => format!("{comes} {verb}.  1 does not, and you can see why:"),
                n => format!("{comes} {verb}.  {} do not, and you can see why:", text::count(n)),
            };
            out.push((first, Role::Title));
            out.extend(kin_lines(&weighed.kin, room));
            let taken = taken_for(sheet);
            if !weighed.odd.is_empty() || !taken.is_empty() {
                out.push(("These come in, and want a look:".to_string(), Role::Title));
                out.extend(taken.into_iter().map(|words| (format!("        {words}"), Role::Normal)));
                out.extend(kin_lines(&weighed.odd, room));
            }
            for line in &weighed.lines {
                // What changed in orders is said to its end.
                let wrapped = text::wrap(line, room.saturating_sub(4));
                let line = |(n, l): (usize, String)| (format!("  {}{l}", if n > 0 { "  " } else { "" }), Role::Normal);
                out.extend(wrapped.into_iter().enumerate().map(line));
            }
            for note in weighed.notes.iter().take(3) {
                out.extend(text::wrap(&visible(note), room).into_iter().map(|l| (l, Role::Quiet)));
            }
            out.push((
                "Leading zeros stay. Nothing is saved yet; later u takes it back as a whole.".into(),
                Role::Quiet,
            ));
        }
    }
    out
}

fn what_will_happen(sheet: &Sheet, area: Rect, buf: &mut Buffer, theme: &Theme) {
    title(Rect { height: 1, ..area }, buf, theme, "what will happen");
    let width = area.width as usize;
    let lines = below(sheet, width);
    let rows = area.height.saturating_sub(1) as usize;
    // The last line is the promise that nothing is saved yet: it stays, whatever else is too long.
    let cut = lines.len() > rows && rows > 2;
    let top = if cut { sheet.top.min(lines.len() - rows) } else { 0 };
    let more = lines.len().saturating_sub(top + rows);
    for n in 0..rows.min(lines.len()) {
        let y = area.y + 1 + n as u16;
        if more > 0 && cut && n + 2 == rows {
            let words = format!("  PgDn: {} more", text::plural(more + 1, "line"));
            buf.set_string(area.x + 1, y, words, theme.style(Role::Key));
            continue;
        }
        let line = if cut && n + 1 == rows { lines.last() } else { lines.get(top + n) };
        if let Some((words, role)) = line {
            let words = text::clip(words, width.saturating_sub(1));
            buf.set_string(area.x + 1, y, words, theme.style(*role));
        }
    }
}

fn keys(sheet: &Sheet, area: Rect, buf: &mut Buffer, theme: &Theme) {
    if sheet.new_shop.is_some() {
        return footer(area, buf, theme, "Enter takes it", "Esc back");
    }
    if sheet.naming.is_some() || sheet.meanings.is_some() {
        return footer(area, buf, theme, "Up Down choose  Enter takes it", "Esc back");
    }
    match &sheet.stage {
        Stage::Bringing { .. } => footer(area, buf, theme, "", "Esc ends it, nothing kept"),
        Stage::Weighed(weighed) => {
            let change = match sheet.place() {
                Place::What | Place::Sheet => "Left Right change",
                Place::Shop => "1 2 or Enter another",
                Place::Question(_) | Place::Keep(_) => "1 2 answer",
                Place::Column(_) => "Enter change",
                Place::Code(_) => "Enter says what it is",
            };
            let rows = text::plural(weighed.comes, "row");
            let bad = match weighed.bad {
                0 => "",
                _ if area.width < 100 => "  p bad rows",
                _ => "  p bad rows to a file",
            };
            footer(area, buf, theme, &format!("{change}  F8 bring in {rows}{bad}"), "Esc nothing kept");
        }
        _ => footer(area, buf, theme, "Enter change  F8 bring it in", "Esc nothing kept"),
    }
}

#[cfg(test)]
mod kin_tests {
    use super::*;

    #[test]
    fn three_rows_are_all_named_and_of_more_the_first_two() {
        let kin = |rows: Vec<u32>| Kin { count: rows.len(), words: "no SKU".into(), rows };
        let said = |rows| kin_lines(&[kin(rows)], 70).remove(0).0;
        assert!(said(vec![4_811, 4_812, 4_813]).ends_with("rows 4,811, 4,812, 4,813"));
        assert!(said(vec![1, 2, 3, 4]).ends_with("rows 1, 2 ..."));
        assert!(said(vec![7]).ends_with("row 7"));
    }
}
