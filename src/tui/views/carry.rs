//! The screen of moving: from where, what is in the hands, the field.

use super::scanning;
use crate::domain::quantity::Qty;
use crate::tui::overlay;
use crate::tui::screens::carry::Carrying;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Draws it and answers where the cursor stands.
pub fn draw(carrying: &Carrying, area: Rect, buf: &mut Buffer, theme: &Theme) -> Position {
    let now = &carrying.standing;
    let width = area.width as usize;
    overlay::title(area, buf, theme, "Move goods");
    let put = |buf: &mut Buffer, y: u16, words: &str, role: Role| {
        buf.set_string(area.x + 1, y, text::clip(words, width.saturating_sub(2)), theme.style(role));
    };
    let taken = now.hand.iter().any(|h| h.taken.is_positive());
    let from = match &now.from {
        Some(bin) if now.from_kind == "quarantine" => {
            format!("From {bin} (quarantine: putting it elsewhere releases it)")
        }
        Some(bin) => format!("From {bin}"),
        None => "Scan the bin that you take goods from.".into(),
    };
    put(buf, area.y + 2, &from, Role::Title);
    let name = width.saturating_sub(52).clamp(20, 44);
    let head = format!(
        "  {} {}{}{}   {}",
        text::left("SKU", 12),
        text::left("Item", name),
        text::right("There", 9),
        text::right("In hand", 9),
        "Home"
    );
    if !now.hand.is_empty() {
        buf.set_string(area.x, area.y + 4, text::clip(&head, width), theme.style(Role::Quiet));
    }
    let foot = area.bottom().saturating_sub(6);
    let list = Rect { y: area.y + 5, height: foot.saturating_sub(area.y + 5), ..area };
    if let Some(finder) = &carrying.desk.finder {
        overlay::title(Rect { y: area.y + 4, ..area }, buf, theme, "which item?");
        finder.draw(list, buf, theme);
    } else {
        let top = now.hand.len().saturating_sub(list.height as usize);
        for (n, held) in now.hand.iter().skip(top).enumerate() {
            let above = now.above == Some(held.item);
            let line = format!(
                "{} {} {}{}{}   {}",
                if above { "▸" } else { " " },
                text::left(&text::fit(&held.sku, 12), 12),
                text::left(&text::fit(&held.name, name), name),
                text::right(&text::quantity(held.there), 9),
                text::right(&text::quantity(held.taken), 9),
                held.home.as_deref().unwrap_or("")
            );
            let role = match above {
                true => Role::Selected,
                false if held.taken > held.there.max(Qty::ZERO) => Role::Soon,
                false => Role::Normal,
            };
            buf.set_string(area.x, list.y + n as u16, text::left(&text::clip(&line, width), width), theme.style(role));
        }
    }
    let (first, second) = if let Some([first, second]) = scanning::hints(&carrying.desk) {
        (first, second)
    } else if taken {
        (
            "Scan the bin that you put it into: that books it. Or take more: scan an item.",
            "6 = you take 6   = all of it   12* = next scan is 12   - = take back the last",
        )
    } else if now.above.is_some() {
        (
            "How many do you take? 6 = six, = all of it; or scan the item once for each.",
            "Then scan the bin that you put it into, or type its code.",
        )
    } else {
        (
            "Scan a bin, the goods, the bin that you put them into; or type their codes.",
            "Into a quarantine bin: they are not sold until somebody moves them out again.",
        )
    };
    let said = scanning::said(&carrying.desk, now.times, scanning::nothing);
    scanning::sentence(Rect { y: foot, height: 2, ..area }, buf, theme, &said);
    let field = Rect { x: area.x + 3, y: foot + 2, width: area.width.saturating_sub(4), height: 1 };
    let cursor = carrying.desk.field.draw(field, buf, theme);
    put(buf, foot + 3, first, Role::Quiet);
    put(buf, foot + 4, second, Role::Quiet);
    scanning::keys(area, buf, theme, &[("F2", "take back"), ("F4", "find"), ("F9", "none"), ("F3", "pause")]);
    cursor
}
