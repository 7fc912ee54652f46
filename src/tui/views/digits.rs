//! Figures that can be read from two metres.

use crate::tui::theme::{Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Lines of a figure at its smallest.
pub const HEIGHT: u16 = 5;

/// Three columns of five rows each, from the top; a bit is a block two cells wide.
fn glyph(c: char) -> Option<[u8; 5]> {
    Some(match c {
        '0' => [0b111, 0b101, 0b101, 0b101, 0b111],
        '1' => [0b010, 0b110, 0b010, 0b010, 0b111],
        '2' => [0b111, 0b001, 0b111, 0b100, 0b111],
        '3' => [0b111, 0b001, 0b111, 0b001, 0b111],
        '4' => [0b101, 0b101, 0b111, 0b001, 0b001],
        '5' => [0b111, 0b100, 0b111, 0b001, 0b111],
        '6' => [0b111, 0b100, 0b111, 0b101, 0b111],
        '7' => [0b111, 0b001, 0b010, 0b010, 0b010],
        '8' => [0b111, 0b101, 0b111, 0b101, 0b111],
        '9' => [0b111, 0b101, 0b111, 0b001, 0b111],
        '.' => [0b000, 0b000, 0b000, 0b000, 0b010],
        '-' => [0b000, 0b000, 0b111, 0b000, 0b000],
        _ => return None,
    })
}

/// How wide a figure is drawn at a scale.
pub fn width(figure: &str, scale: u16) -> u16 {
    let glyphs = figure.chars().filter(|c| glyph(*c).is_some()).count() as u16;
    (glyphs * 8).saturating_sub(2) * scale
}

/// Draws a figure with its right end at the area's, as large as fits: twice the size where there is room.
pub fn draw(figure: &str, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let scale = if width(figure, 2) <= area.width && area.height >= 2 * HEIGHT { 2 } else { 1 };
    let whole = width(figure, scale);
    if whole > area.width || area.height < HEIGHT {
        let words = crate::tui::text::right(figure, area.width as usize);
        buf.set_string(area.x, area.y, words, theme.style(Role::Title));
        return;
    }
    let block = "█".repeat(2 * scale as usize);
    let mut x = area.right() - whole;
    for rows in figure.chars().filter_map(glyph) {
        for (y, row) in rows.iter().enumerate() {
            for column in (0..3u16).filter(|c| row & (0b100 >> c) != 0) {
                for line in 0..scale {
                    buf.set_string(
                        x + column * 2 * scale,
                        area.y + y as u16 * scale + line,
                        &block,
                        theme.style(Role::Normal),
                    );
                }
            }
        }
        x += 8 * scale;
    }
}
