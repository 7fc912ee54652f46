//! What the screens round a scan field draw alike: what came of the last line, hints while something is chosen, the keys.

use crate::domain::quantity::Qty;
use crate::tui::scan_screen::ScanDesk;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A sentence and how it looks.
pub type Said = (String, Role);

/// Nothing to say.
pub fn nothing() -> Said {
    (String::new(), Role::Normal)
}

/// What came of the last line; else that a scan came twice, or that the next counts more; else `otherwise`.
pub fn said(desk: &ScanDesk, times: Option<Qty>, otherwise: impl FnOnce() -> Said) -> Said {
    let (said, bad) = &desk.said;
    if *bad {
        return (said.clone(), Role::Urgent);
    }
    match (desk.twice_words(), times) {
        (Some(twice), _) => (twice, Role::Urgent),
        (None, Some(n)) => (format!("The next scan counts {n}."), Role::Title),
        (None, None) if !said.is_empty() => (said.clone(), Role::Title),
        (None, None) => otherwise(),
    }
}

/// Draws a sentence on the lowest lines of the area, whole where it has room.
pub fn sentence(area: Rect, buf: &mut Buffer, theme: &Theme, (words, role): &Said) {
    let width = area.width.saturating_sub(2) as usize;
    let lines = text::wrap(words, width);
    let rows = area.height as usize;
    let y = area.bottom().saturating_sub(lines.len().min(rows) as u16);
    for (n, line) in lines.iter().take(rows).enumerate() {
        let line =
            if n + 1 == rows && lines.len() > rows { text::clip(&format!("{line} …"), width) } else { line.clone() };
        buf.set_string(area.x + 1, y + n as u16, line, theme.style(*role));
    }
}

/// The two lines of hints while an item is chosen by name, or a new code gets its number of pieces.
pub fn hints(desk: &ScanDesk) -> Option<[&'static str; 2]> {
    if desk.pack_of.is_some() {
        Some([
            "One scan of this code counts how many pieces?",
            "Type the number and Enter; Enter alone is 1. Esc: not this item.",
        ])
    } else if desk.finder.is_some() {
        Some(["Type a part of the name; Up Down choose, Enter takes it.", "A scan goes on; Esc closes the list."])
    } else {
        None
    }
}

/// The last line: the keys, and the help at the right where there is room.
pub fn keys(area: Rect, buf: &mut Buffer, theme: &Theme, keys: &[(&str, &str)]) {
    let y = area.bottom().saturating_sub(1);
    let mut x = area.x + 1;
    let mut put = |x: u16, key: &str, word: &str| {
        buf.set_string(x, y, key, theme.style(Role::Key));
        buf.set_string(x + 1 + text::width(key) as u16, y, word, theme.style(Role::Quiet));
    };
    for (key, word) in keys {
        let wide = (text::width(key) + text::width(word) + 3) as u16;
        if x + wide > area.right() + 2 {
            return;
        }
        put(x, key, word);
        x += wide;
    }
    let help = area.right().saturating_sub(8);
    if x <= help {
        put(help, "F1", "help");
    }
}
