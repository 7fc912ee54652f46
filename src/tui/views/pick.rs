//! The screen of picking: the next place large, the walk below it, the field.

use super::{digits, scanning};
use crate::tui::overlay;
use crate::tui::screens::pick::Pick;
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::worker::picking::{Spot, Standing};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Draws it and answers where the cursor stands.
pub fn draw(pick: &Pick, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
    let Some(now) = pick.standing.as_deref() else {
        overlay::title(area, buf, theme, "Pick");
        return None;
    };
    let done = now.spots.iter().filter(|s| s.left().is_zero()).count();
    let heading = format!("Pick  round {}, {done} of {} done", now.pick.0, text::plural(now.spots.len(), "place"));
    overlay::title(area, buf, theme, &heading);
    let width = area.width as usize;
    let put = |buf: &mut Buffer, y: u16, words: &str, role: Role| {
        buf.set_string(area.x + 1, y, text::clip(words, width.saturating_sub(2)), theme.style(role));
    };
    let top = Rect { x: area.x + 3, y: area.y + 2, width: area.width.saturating_sub(6), height: digits::HEIGHT };
    upper(now.spots.get(pick.cursor), now, top, buf, theme);
    let foot = area.bottom().saturating_sub(6);
    let rule = top.bottom() + 1;
    let list = Rect { y: rule + 1, height: foot.saturating_sub(rule + 1), ..area };
    let heading = Rect { y: rule, height: 1, ..area };
    if let Some(finder) = &pick.desk.finder {
        overlay::title(heading, buf, theme, "which item of the walk?");
        finder.draw(list, buf, theme);
    } else {
        overlay::title(heading, buf, theme, "the walk");
        places(pick, now, list, buf, theme);
    }
    let said = match &pick.short {
        Some(spot) => {
            let (bin, taken) = (&spot.place.bin_code, text::quantity(spot.picked.quantity));
            let with = match spot.picked.quantity.is_positive() {
                true => format!(", without the {taken} you took"),
                false => String::new(),
            };
            let customer = text::fit(&spot.place.customer_name, 30);
            let first = format!(
                "{bin} has {taken}, the list said {}. F6 counts {bin} now{with}.",
                text::quantity(spot.place.quantity)
            );
            vec![first, format!("F4 shows the order of {customer}. Or go on scanning.")]
        }
        None => {
            let said = scanning::said(&pick.desk, None, scanning::nothing);
            scanning::sentence(Rect { y: foot, height: 2, ..area }, buf, theme, &said);
            Vec::new()
        }
    };
    for (y, words) in (foot..).zip(&said) {
        put(buf, y, words, Role::Urgent);
    }
    let field = Rect { x: area.x + 3, y: foot + 2, width: area.width.saturating_sub(4), height: 1 };
    let cursor = pick.desk.field.draw(field, buf, theme);
    let hints = scanning::hints(&pick.desk).unwrap_or([
        "Scan the bin, then each piece; or type: 5 = five taken   = all of it",
        "F9 where less lies than the list says   - = take back   Up Down = other place",
    ]);
    put(buf, foot + 3, hints[0], Role::Quiet);
    match pick.to_count().filter(|_| scanning::hints(&pick.desk).is_none()) {
        Some(bin) => {
            let words = format!("F6 counts {}: the book still says more there   - = take back", text::fit(bin, 16));
            put(buf, foot + 4, &words, Role::Soon);
        }
        None => put(buf, foot + 4, hints[1], Role::Quiet),
    }
    scanning::keys(area, buf, theme, &KEYS);
    Some(cursor)
}

const KEYS: [(&str, &str); 6] =
    [("F2", "take back"), ("F4", "find"), ("F5", "print"), ("F9", "no more here"), ("F8", "ship"), ("F3", "pause")];

fn upper(spot: Option<&Spot>, now: &Standing, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let Some(spot) = spot else { return };
    let figure = text::quantity(spot.left());
    let words = (area.width.saturating_sub(digits::width(&figure, 1) + 2)) as usize;
    let put = |buf: &mut Buffer, row: u16, words_of: &str, role: Role| {
        buf.set_string(area.x, area.y + row, text::clip(words_of, words), theme.style(role));
    };
    if now.spots.iter().all(|s| s.left().is_zero()) {
        put(buf, 1, "Everything of this round is picked or said to be short.", Role::Title);
        let something = now.spots.iter().any(|s| s.picked.quantity.is_positive() || s.place.shipped);
        let next = if something { "F8 ships it, order by order." } else { "Nothing was picked: nothing to ship." };
        put(buf, 2, next, Role::Normal);
        return;
    }
    let there = if now.bin == Some(spot.place.bin) { "" } else { "   (scan it)" };
    put(buf, 0, &format!("Bin {}{there}", spot.place.bin_code), Role::Title);
    put(buf, 1, &text::fit(&spot.place.name, words), Role::Title);
    put(buf, 2, &spot.place.sku, Role::Normal);
    let taken = format!("{} of {} taken", text::quantity(spot.picked.quantity), text::quantity(spot.place.quantity));
    put(buf, 3, &taken, Role::Quiet);
    put(buf, 4, &format!("for {} {}", spot.place.order, spot.place.customer_name), Role::Normal);
    digits::draw(&figure, area, buf, theme);
}

fn places(pick: &Pick, now: &Standing, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let width = area.width as usize;
    let widest = |of: fn(&Spot) -> &str| now.spots.iter().map(|s| text::width(of(s))).max().unwrap_or(0);
    let (bin, order) = (widest(|s| &s.place.bin_code).clamp(3, 8), widest(|s| &s.place.order).clamp(3, 9));
    let customer = widest(|s| &s.place.customer_name).clamp(3, 22);
    let rest = width.saturating_sub(bin + order + 22);
    let name = widest(|s| &s.place.name).clamp(18, 44).min(rest.saturating_sub(customer.min(16)).max(18));
    let customer = customer.min(rest.saturating_sub(name));
    let room = area.height as usize;
    let top = (pick.cursor + 1).saturating_sub(room.saturating_sub(1).max(1));
    for (n, (i, s)) in now.spots.iter().enumerate().skip(top).take(room).enumerate() {
        let state = match s {
            _ if s.place.shipped => "shipped".to_string(),
            _ if s.picked.short => format!("{} short", text::quantity(s.place.quantity - s.picked.quantity)),
            _ if s.left().is_zero() => "done".to_string(),
            _ if s.picked.quantity.is_positive() => format!("{} left", text::quantity(s.left())),
            _ => String::new(),
        };
        let line = format!(
            "{} {} {} {}  {} {}  {}",
            if i == pick.cursor { "▸" } else { " " },
            text::left(&text::fit(&s.place.bin_code, bin), bin),
            text::right(&text::quantity(s.place.quantity), 5),
            text::left(&text::fit(&s.place.name, name), name),
            text::left(&text::fit(&s.place.order, order), order),
            text::left(&text::fit(&s.place.customer_name, customer), customer),
            state
        );
        let role = match s {
            _ if i == pick.cursor => Role::Selected,
            _ if s.picked.short => Role::Soon,
            _ if s.left().is_zero() => Role::Quiet,
            _ => Role::Normal,
        };
        buf.set_string(area.x, area.y + n as u16, text::left(&text::clip(&line, width), width), theme.style(role));
    }
}
