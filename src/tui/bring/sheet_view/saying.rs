//! How what is said beside a file's questions is drawn, in the lower part: the list of meanings, a code's item, the shop.

use super::super::sheet::{Sheet, set_of};
use crate::domain::text::visible;
use crate::tui::overlay::title;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub(super) fn new_shop(sheet: &Sheet, area: Rect, buf: &mut Buffer, theme: &Theme) -> Option<Position> {
    let input = sheet.new_shop.as_ref()?;
    title(Rect { height: 1, ..area }, buf, theme, "Which shop?");
    let room = (area.width as usize).saturating_sub(10);
    buf.set_string(area.x + 1, area.y + 1, "Shop", theme.style(Role::Title));
    buf.set_stringn(area.x + 7, area.y + 1, text::left(&visible(input.value()), room), room, theme.style(Role::Field));
    let hint = "As you call it. Its own codes and order numbers are kept under that name, each time.";
    for (n, line) in text::wrap(hint, (area.width as usize).saturating_sub(2)).iter().enumerate() {
        buf.set_string(area.x + 1, area.y + 2 + n as u16, line, theme.style(Role::Quiet));
    }
    Some(Position::new(area.x + 7 + input.visual_cursor() as u16, area.y + 1))
}

pub(super) fn meanings(sheet: &Sheet, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let Some(open) = &sheet.meanings else { return };
    let column = sheet.looked.columns.get(open.column).map_or("", |c| c.heading.as_str());
    title(Rect { height: 1, ..area }, buf, theme, &format!("{} is", visible(column)));
    let content = sheet.plan.content;
    let mut lines = vec!["(left out)".to_string()];
    lines.extend(content.takes().iter().map(|(means, must)| {
        let here = sheet.plan.column_of(*means).filter(|at| *at != open.column);
        let now = here.and_then(|at| sheet.looked.columns.get(at)).map(|c| format!("   now {}", visible(&c.heading)));
        let must = if *must { "   needed" } else { "" };
        format!("{}{must}{}", means.words(content), now.unwrap_or_default())
    }));
    let rows = area.height.saturating_sub(1) as usize;
    let top = (open.cursor + 1).saturating_sub(rows);
    let width = area.width as usize;
    for (n, line) in lines.iter().enumerate().skip(top).take(rows) {
        let chosen = n == open.cursor;
        let words = format!("{} {line}", if chosen { "▸" } else { " " });
        let role = if chosen { Role::Selected } else { Role::Normal };
        buf.set_string(
            area.x,
            area.y + 1 + (n - top) as u16,
            text::left(&text::clip(&words, width), width),
            theme.style(role),
        );
    }
}

pub(super) fn naming(sheet: &Sheet, area: Rect, buf: &mut Buffer, theme: &Theme) -> Option<Position> {
    let naming = sheet.naming.as_ref()?;
    title(Rect { height: 1, ..area }, buf, theme, &format!("{} is", visible(&naming.code)));
    let y = area.y + 1;
    let room = (area.width as usize).saturating_sub(10);
    buf.set_string(area.x + 1, y, "Item", theme.style(Role::Title));
    buf.set_stringn(area.x + 7, y, text::left(&visible(naming.input.value()), room), room, theme.style(Role::Field));
    let (quantity, _) = set_of(naming.input.value());
    let hint = if quantity == crate::domain::quantity::Qty::ONE {
        "One of it. A set: 6x before the name. Nothing typed: an item of its own.".to_string()
    } else {
        format!("A set of {}.", text::quantity(quantity))
    };
    buf.set_string(area.x + 1, y + 1, text::clip(&hint, area.width as usize - 2), theme.style(Role::Quiet));
    naming.finder.draw(Rect { y: y + 2, height: area.bottom().saturating_sub(y + 2), ..area }, buf, theme);
    Some(Position::new(area.x + 7 + naming.input.visual_cursor() as u16, y))
}
