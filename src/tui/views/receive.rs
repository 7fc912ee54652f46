//! The receiving screen: the lines and what came, where each piece goes, the field.

use super::scanning;
use crate::domain::dates;
use crate::domain::quantity::Qty;
use crate::tui::overlay;
use crate::tui::screens::receive::Receive;
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::worker::counting::far_more;
use crate::worker::deliveries::{Goes, Row, Standing, To};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Lines below the two lists: two of what happened, field, two of hints, keys.
const BELOW: u16 = 6;

/// Draws it and answers where the cursor stands.
pub fn draw(receive: &Receive, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
    let Some(now) = receive.standing.as_deref() else {
        overlay::title(area, buf, theme, "Receive");
        return None;
    };
    overlay::title(area, buf, theme, &heading(now, look));
    let put = |buf: &mut Buffer, y: u16, words: &str, role: Role| {
        let words = text::clip(words, area.width.saturating_sub(2) as usize);
        buf.set_string(area.x + 1, y, words, theme.style(role));
    };
    let note = now.note.clone().filter(|n| !n.is_empty()).unwrap_or_else(|| "none yet (F5)".into());
    put(buf, area.y + 1, &format!("Delivery note  {note}"), Role::Normal);
    let foot = area.bottom().saturating_sub(BELOW);
    let top = area.y + 3;
    let room = foot.saturating_sub(top);
    // The lists share the room: the lines at least half of it, the rest as far as it is wanted.
    let goes = (now.goes.len() + complete(now, area.width as usize).len()).max(1) as u16 + 1;
    let lower = goes.min(room / 2).max(room.saturating_sub(now.rows.len() as u16 + 2).min(goes));
    let upper = Rect { y: top, height: room.saturating_sub(lower).min(now.rows.len().max(2) as u16 + 3), ..area };
    rows(receive, now, upper, buf, theme);
    let rule = upper.bottom();
    if let Some(finder) = &receive.desk.finder {
        overlay::title(Rect { y: rule, ..area }, buf, theme, "which item?");
        finder.draw(Rect { y: rule + 1, height: foot.saturating_sub(rule + 1), ..area }, buf, theme);
    } else {
        overlay::title(Rect { y: rule, ..area }, buf, theme, "where it goes when you save");
        places(now, Rect { y: rule + 1, height: foot.saturating_sub(rule + 1), ..area }, buf, theme);
    }
    let field = Rect { x: area.x + 3, y: foot + 2, width: area.width.saturating_sub(4), height: 1 };
    told(receive, now, Rect { y: foot, height: 2, ..area }, buf, theme);
    let cursor = receive.desk.field.draw(field, buf, theme);
    let (first, second) = hints(receive, now);
    put(buf, foot + 3, first, Role::Quiet);
    put(buf, foot + 4, second, Role::Quiet);
    scanning::keys(area, buf, theme, &KEYS);
    Some(cursor)
}

fn heading(now: &Standing, look: &Look) -> String {
    let Some(supplier) = &now.supplier else { return "Receive without a PO".into() };
    let due = match now.due {
        Some(due) if due < look.today => {
            format!(", due {} (today: {})", dates::short(due, look.today), dates::full(look.today, look.today))
        }
        Some(due) => format!(", due {}", dates::short(due, look.today)),
        None => String::new(),
    };
    format!("Receive {}, {supplier}{due}", now.pos)
}

fn rows(receive: &Receive, now: &Standing, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let width = area.width as usize;
    let codes = now.rows.iter().map(|r| text::width(&r.code)).max().unwrap_or(0).clamp(10, 16);
    // Where nothing came before, the notes have that room.
    let before_wide = if now.rows.iter().any(|r| !r.before.is_zero()) { 7 } else { 0 };
    let note = if width >= 110 { 34 } else { 20 - before_wide / 2 };
    let name = width.saturating_sub(codes + note + before_wide + 24).clamp(16, 44);
    let line = |sign: &str, cells: [&str; 7]| {
        let [code, what, ordered, before, came, bad, say] = cells;
        format!(
            "{sign}{} {}{}{}{}{}  {}",
            text::left(&text::fit(code, codes), codes),
            text::left(&text::fit(what, name), name),
            text::right(ordered, 8),
            text::right(if before_wide > 0 { before } else { "" }, before_wide),
            text::right(came, 7),
            text::right(bad, 5),
            text::fit(say, note)
        )
    };
    let head = line(" ", ["Their code", "Item", "Ordered", "Before", "Now", "Bad", ""]);
    buf.set_string(area.x, area.y, text::clip(&head, width), theme.style(Role::Quiet));
    let room = area.height.saturating_sub(1) as usize;
    if now.rows.is_empty() {
        let words = "Scan what came, or type a part of its name; a PO's label names its PO.";
        buf.set_string(area.x + 3, area.y + 2, text::clip(words, width.saturating_sub(4)), theme.style(Role::Normal));
    }
    let top = (receive.cursor + 1).saturating_sub(room.max(1));
    for (n, (i, row)) in now.rows.iter().enumerate().skip(top).take(room).enumerate() {
        let ordered = row.ordered.map(text::quantity).unwrap_or_default();
        let came = row.now.map(text::quantity).unwrap_or_default();
        let cells = [
            row.code.as_str(),
            row.name.as_str(),
            ordered.as_str(),
            &text::quantity_or_blank(row.before),
            came.as_str(),
            &text::quantity_or_blank(row.bad),
            row.note.as_str(),
        ];
        let words = line(if i == receive.cursor { "▸" } else { " " }, cells);
        let words = text::left(&text::clip(&words, width), width);
        buf.set_string(area.x, area.y + 1 + n as u16, words, theme.style(role_of(row, i == receive.cursor)));
    }
    let hidden = now.rows.len().saturating_sub(top + room);
    if hidden > 0 {
        let words = format!(" {hidden} more below ");
        let x = area.right().saturating_sub(words.len() as u16 + 1);
        buf.set_string(x, area.y, words, theme.style(Role::Quiet));
    }
}

fn role_of(row: &Row, chosen: bool) -> Role {
    match row {
        _ if chosen => Role::Selected,
        Row { item: None, .. } => Role::Unknown,
        Row { odd: true, .. } => Role::Soon,
        _ => Role::Normal,
    }
}

fn places(now: &Standing, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let width = area.width as usize;
    let name = now.goes.iter().map(|g| text::width(&g.name)).max().unwrap_or(0).clamp(12, (width / 3).max(12));
    let mut said: Vec<(String, Role)> = now
        .goes
        .iter()
        .map(|g| {
            let words = format!(
                "{}  {}  {}",
                text::right(&text::quantity(g.quantity), 7),
                text::left(&text::fit(&g.name, name), name),
                place(g)
            );
            (words, if matches!(g.to, To::Quarantine { .. }) { Role::Soon } else { Role::Normal })
        })
        .collect();
    let unknown = now.rows.iter().filter(|row| row.item.is_none()).count();
    if said.is_empty() && unknown > 0 {
        let words = if unknown == 1 { "The unknown code has" } else { "Unknown codes have" };
        said.push((format!("   {words} no place yet: letters find the item, and it is booked then."), Role::Unknown));
    } else if said.is_empty() && now.rows.iter().any(|row| row.before.is_positive()) {
        said.push(("   Nothing more came yet. A line with all that is open: go to it and type =".into(), Role::Quiet));
    } else if said.is_empty() {
        said.push(("   Nothing came yet. A line with all that was ordered: go to it and type =".into(), Role::Quiet));
    }
    let complete: Vec<(String, Role)> = complete(now, width).into_iter().map(|words| (words, Role::Title)).collect();
    // What is complete is said even where the rest is longer than the room.
    let room = (area.height as usize).saturating_sub(complete.len());
    let hidden = said.len().saturating_sub(room);
    if hidden > 0 {
        said.truncate(room.saturating_sub(1));
        said.push((format!("   +{} more", hidden + 1), Role::Quiet));
    }
    for (n, (words, role)) in said.into_iter().chain(complete).take(area.height as usize).enumerate() {
        buf.set_string(area.x, area.y + n as u16, text::clip(&words, width), theme.style(role));
    }
}

/// Which orders are whole with it, in a line or two.
fn complete(now: &Standing, width: usize) -> Vec<String> {
    match now.complete.as_slice() {
        [] => Vec::new(),
        [(order, customer)] => vec![format!(" {order} of {customer} is then complete and can ship.")],
        several => {
            let orders: Vec<&str> = several.iter().map(|(order, _)| order.as_str()).collect();
            let words = format!("{} are then complete and can ship.", orders.join(", "));
            let mut lines = text::wrap(&words, width.saturating_sub(2));
            if lines.len() > 2 {
                lines = vec![format!("{} orders are then complete and can ship.", several.len())];
            }
            lines.into_iter().map(|l| format!(" {l}")).collect()
        }
    }
}

fn place(goes: &Goes) -> String {
    match &goes.to {
        To::Aside { order, customer, bin } => format!("put aside, {bin}: {order} {customer}"),
        To::Bin(bin) => format!("bin {bin}"),
        To::Quarantine { bin, why, claim } => {
            let claim = claim.map(|c| format!(", claim {}", text::money(c))).unwrap_or_default();
            let why = if why.is_empty() { String::new() } else { format!("{why}: ") };
            format!("{why}quarantine {bin}{claim}")
        }
        To::StillToCome { pos, waited_for } => {
            format!("still on {pos}: {}", if *waited_for { "customers wait for more" } else { "nobody waits for them" })
        }
    }
}

fn told(receive: &Receive, now: &Standing, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let said = match receive.booking {
        true => ("Booking ...".to_string(), Role::Title),
        false => scanning::said(&receive.desk, now.times, || match receive.desk.sent {
            _ if receive.doubted().is_some() => (far_more(receive.doubted().unwrap_or_default()), Role::Urgent),
            0 => ("Every scan above is kept already; F8 books the delivery.".to_string(), Role::Quiet),
            _ => ("Saving ...".to_string(), Role::Quiet),
        }),
    };
    scanning::sentence(area, buf, theme, &said);
}

fn hints(receive: &Receive, now: &Standing) -> (&'static str, &'static str) {
    let any = now.rows.iter().any(|r| r.now.is_some_and(Qty::is_positive));
    if let Some([first, second]) = scanning::hints(&receive.desk) {
        (first, second)
    } else if now.above.is_some() && any {
        (
            "Scan the next, or type: 36 = 36 came  +2  3x12  = all came  2 b = 2 are bad",
            "12* = next scan is 12  letters = find by name  - = take back  Up Down = line",
        )
    } else {
        (
            "Scan what came; or type for the marked line (Up Down): 36 = 36 came, = all",
            "12* = next scan is 12   letters = find by name   - = take back last",
        )
    }
}

const KEYS: [(&str, &str); 6] =
    [("F2", "take back"), ("F4", "find"), ("F5", "note"), ("F7", "bad goods"), ("F8", "book it"), ("F3", "pause")];
