//! The keys of a screen, from the one table of keys.

use super::{Overlay, footer, moved, title};
use crate::tui::action::Action;
use crate::tui::keymap::{self, Scope};
use crate::tui::listed::Listed;
use crate::tui::screens::Cmd;
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The keys of this screen.
pub struct Help {
    scopes: Vec<Scope>,
    top: usize,
}

impl Help {
    pub fn of(scope: Scope) -> Help {
        Help { scopes: vec![scope, Scope::List, Scope::Everywhere], top: 0 }
    }

    /// The keys of a scan field alone: no list is below it.
    pub fn of_scan_field() -> Help {
        Help { scopes: vec![Scope::Scan], top: 0 }
    }

    /// The keys of a dialog alone.
    pub fn of_dialog() -> Help {
        Help { scopes: vec![Scope::Dialog], top: 0 }
    }

    /// The keys of the choice of what to count alone.
    pub fn of_counts() -> Help {
        Help { scopes: vec![Scope::Counts], top: 0 }
    }

    /// The keys of a count's review alone.
    pub fn of_review() -> Help {
        Help { scopes: vec![Scope::Review], top: 0 }
    }

    /// The keys of purchase orders alone: they lie above the list.
    pub fn of_purchase() -> Help {
        Help { scopes: vec![Scope::Purchase], top: 0 }
    }

    /// Where letters are typed no command can be.
    fn has_commands(&self) -> bool {
        !matches!(self.scopes.as_slice(), [Scope::Scan | Scope::Dialog])
    }

    fn lines(&self, width: u16) -> Vec<(bool, String)> {
        let mut out = Vec::new();
        for scope in &self.scopes {
            out.push((true, scope.title().to_string()));
            if *scope == Scope::Suppliers {
                out.extend(
                    crate::tui::views::suppliers::LEGEND.iter().flat_map(|(sign, words)| described(sign, words, width)),
                );
                out.push((false, String::new()));
            }
            for b in keymap::of(*scope) {
                let also = if b.also.is_empty() { String::new() } else { format!("  (also {})", b.also.join(", ")) };
                out.extend(described(b.key, &format!("{}{also}", b.description), width));
            }
            out.push((false, String::new()));
        }
        if self.has_commands() {
            out.push((true, "by name (:)".to_string()));
            out.extend(keymap::COMMANDS.iter().flat_map(|b| described(b.command, b.description, width)));
        }
        out
    }
}

/// A key and what it does, which goes on below itself.
fn described(key: &str, words: &str, width: u16) -> Vec<(bool, String)> {
    let wrapped = text::wrap(words, (width as usize).saturating_sub(15)).into_iter().enumerate();
    wrapped.map(|(n, words)| (false, format!("  {:<10} {words}", if n == 0 { key } else { "" }))).collect()
}

impl Overlay for Help {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let keys = self.scopes.iter().flat_map(|scope| keymap::of(*scope));
        let named = keymap::COMMANDS.iter().filter(|_| self.has_commands());
        let row = |b: &keymap::Binding| {
            let key = if b.key.is_empty() { format!(": {}", b.command) } else { b.key.to_string() };
            vec![b.scope.title().to_string(), key, b.also.join(" "), b.description.to_string()]
        };
        Some(Listed::of("keys", &["where", "key", "also", "does"], keys.chain(named).map(row).collect(), &[]))
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 1 | 3) | KeyCode::Char('?' | 'q') => vec![Cmd::Close],
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            KeyCode::Char('j') | KeyCode::Enter => {
                self.top += 1;
                Vec::new()
            }
            _ => {
                let page = look.height.saturating_sub(4) as usize;
                self.top = moved(self.top, self.lines(look.width).len().saturating_sub(page).max(1), key, page);
                Vec::new()
            }
        }
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Keys");
        let rows = area.height.saturating_sub(3) as usize;
        let all = self.lines(area.width);
        let top = self.top.min(all.len().saturating_sub(rows));
        for (n, (heading, line)) in all.iter().skip(top).take(rows).enumerate() {
            let role = if *heading { Role::Title } else { Role::Normal };
            let words = text::clip(line, area.width.saturating_sub(2) as usize);
            buf.set_string(area.x + 1, area.y + 1 + n as u16, words, theme.style(role));
        }
        footer(area, buf, theme, "Up Down PgUp PgDn  scroll   p print, export", "Esc back");
        None
    }
}
