//! A page of two parts: what can be chosen above, and below it the rows of the chosen one.

use super::purchase::arrow;
use crate::tui::overlay::{self, moved, windowed};
use crate::tui::screens::Line;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Rows that a page key scrolls by.
const PAGE: usize = 4;

/// Where a key leads: to another entry, whose rows stand at their beginning then, or on among the rows of the chosen one.
/// `at`: the chosen entry and how many of its rows are scrolled away, of which `most` can be.
pub fn walked(at: (usize, usize), key: &KeyEvent, entries: usize, most: usize) -> (usize, usize) {
    let (cursor, scrolled) = at;
    match key.code {
        KeyCode::PageDown => (cursor, (scrolled + PAGE).min(most)),
        KeyCode::PageUp => (cursor, scrolled.saturating_sub(PAGE)),
        _ => match moved(cursor, entries, &arrow(key), PAGE) {
            to if to == cursor => at,
            to => (to, 0),
        },
    }
}

/// What stands on it beside the rows.
pub struct Parts<'a> {
    /// Below the title.
    pub top: &'a [Line],
    /// What can be chosen, and whether it stands out.
    pub entries: &'a [(&'a str, bool)],
    pub cursor: usize,
    /// On the rule above the rows.
    pub name: &'a str,
    /// Rows that are scrolled away.
    pub scrolled: usize,
}

/// So many entries are shown on a page of that height.
fn entries_height(height: u16) -> usize {
    (height.saturating_sub(8) as usize * 11 / 20).max(3)
}

/// Draws all but the title and the foot; answers how many entries are below those that are shown.
pub fn draw(parts: &Parts, rows: Vec<Line>, area: Rect, buf: &mut Buffer, theme: &Theme) -> usize {
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
    let y = overlay::lines(below, buf, theme, parts.top) + 1;
    let all = parts.entries;
    let room = entries_height(area.height).min(all.len());
    let first = (parts.cursor + 1).saturating_sub(room);
    let width = area.width as usize;
    for (n, (at, (words, strong))) in all.iter().enumerate().skip(first).take(room).enumerate() {
        let chosen = at == parts.cursor;
        let sign = if chosen { "▸" } else { " " };
        let words = text::left(&text::clip(&format!("{sign}{words}"), width), width);
        let role = match (chosen, strong) {
            (true, _) => Role::Selected,
            (_, true) => Role::Title,
            _ => Role::Normal,
        };
        buf.set_string(area.x, y + n as u16, words, theme.style(role));
    }
    let rule = y + room as u16;
    overlay::title(Rect { y: rule, height: 1, ..area }, buf, theme, parts.name);
    let free = area.bottom().saturating_sub(rule + 2);
    let shown = windowed(rows, parts.scrolled, free as usize);
    overlay::lines(Rect { y: rule + 1, height: free, ..area }, buf, theme, &shown);
    all.len().saturating_sub(first + room)
}
