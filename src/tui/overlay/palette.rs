//! All that can be done, by its name.

use super::{Overlay, footer, moved, title};
use crate::tui::action::Action;
use crate::tui::keymap::{self, Binding, Scope};
use crate::tui::listed::Listed;
use crate::tui::screens::Cmd;
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::worker::office::{Group, Setting};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// All commands by name, and the settings that have the words typed.
pub struct Palette {
    scope: Scope,
    input: Input,
    cursor: usize,
}

/// What is found by its name.
enum Named {
    Command(&'static Binding),
    Setting(&'static Setting),
}

impl Named {
    /// Name, key and what it does.
    fn words(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Named::Command(b) => (b.command, b.key, b.description),
            Named::Setting(s) => (s.name, "setting", s.meaning),
        }
    }
}

impl Palette {
    pub fn of(scope: Scope) -> Palette {
        Palette { scope, input: Input::default(), cursor: 0 }
    }

    /// The commands, then the settings.
    fn found(&self) -> Vec<Named> {
        let words = crate::domain::text::fold(self.input.value());
        let has = |s: &&Setting| {
            let of = crate::domain::text::fold(&format!("{} {}", s.name, s.key));
            !words.trim().is_empty() && words.split_whitespace().all(|word| of.contains(word))
        };
        let settings = Group::ALL.into_iter().flat_map(Group::settings).filter(has);
        let settings: Vec<Named> = settings.map(Named::Setting).collect();
        let commands = self.commands();
        // Who types the name of a setting means it, and not what may be done to settings in general.
        let named = commands.iter().position(|b| b.action == Action::Settings && !b.command.contains(&words));
        let mut found: Vec<Named> = commands.into_iter().map(Named::Command).collect();
        let at = named.filter(|_| !settings.is_empty()).unwrap_or(found.len());
        found.splice(at..at, settings);
        found
    }

    fn commands(&self) -> Vec<&'static Binding> {
        let wanted = crate::domain::text::fold(self.input.value());
        // What has no key stands first: it is found nowhere else.
        let mut found: Vec<&Binding> = keymap::COMMANDS
            .iter()
            .filter(|b| b.scope == Scope::Everywhere || b.scope == self.scope)
            .chain([self.scope, Scope::List, Scope::Everywhere].iter().flat_map(|s| keymap::of(*s)))
            .filter(|b| !b.command.is_empty())
            .filter(|b| {
                b.command.contains(&wanted)
                    || crate::domain::text::fold(b.description).contains(&wanted)
                    || keymap::also_called(b.action).contains(&wanted)
            })
            .collect();
        found.sort_by_key(|b| !b.command.starts_with(&wanted));
        found
    }
}

impl Overlay for Palette {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let row = |named: &Named| {
            let (name, key, does) = named.words();
            vec![name.to_string(), key.to_string(), does.to_string()]
        };
        let rows = self.found().iter().map(row).collect();
        Some(Listed::of("commands", &["name", "key", "does"], rows, &[]))
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) => vec![Cmd::Close],
            KeyCode::Enter => match self.found().get(self.cursor) {
                Some(Named::Command(b)) => vec![Cmd::Close, Cmd::Do(b.action)],
                Some(Named::Setting(s)) => {
                    vec![Cmd::Close, Cmd::Open(Box::new(crate::tui::settings::Settings::at(s.name)))]
                }
                None => vec![Cmd::Beep],
            },
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                self.cursor = moved(self.cursor, self.found().len(), key, look.height as usize / 2);
                Vec::new()
            }
            _ => {
                self.input.handle_event(&TermEvent::Key(*key));
                self.cursor = 0;
                Vec::new()
            }
        }
    }

    fn in_text(&self) -> bool {
        true
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Commands");
        buf.set_string(
            area.x + 1,
            area.y + 1,
            text::clip(&format!(": {}", self.input.value()), 60),
            theme.style(Role::Title),
        );
        // Below the list, what the chosen one does is said whole.
        let rows = area.height.saturating_sub(7) as usize;
        let commands = self.found();
        let top = (self.cursor + 1).saturating_sub(rows);
        if commands.is_empty() {
            buf.set_string(area.x + 1, area.y + 3, "No command or setting has that name.", theme.style(Role::Normal));
        }
        for (n, (i, named)) in commands.iter().enumerate().skip(top).take(rows).enumerate() {
            let (name, key, does) = named.words();
            let line = format!("{} {name:<18} {key:<10} {does}", if i == self.cursor { "▸" } else { " " });
            let style = theme.style(if i == self.cursor { Role::Selected } else { Role::Normal });
            let width = area.width as usize;
            buf.set_string(area.x, area.y + 3 + n as u16, text::left(&text::clip(&line, width), width), style);
        }
        let whole = commands.get(self.cursor).map_or("", |named| named.words().2);
        let whole = text::wrap(whole, area.width.saturating_sub(2) as usize);
        for (y, words) in (area.bottom().saturating_sub(3)..).zip(whole.iter().take(2)) {
            buf.set_string(area.x + 1, y, words, theme.style(Role::Quiet));
        }
        footer(area, buf, theme, "Enter does it   F7 print, export", "Esc back");
        Some(Position::new(area.x + 3 + self.input.visual_cursor() as u16, area.y + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn palette_setting(key: &str) -> Option<&'static str> {
        Group::ALL.into_iter().flat_map(Group::settings).find(|s| s.key == key).map(|s| s.name)
    }

    #[test]
    fn the_palette_finds_settings_by_their_names() {
        let names = |words: &str| -> Vec<&str> {
            let palette = Palette { scope: Scope::Reorder, input: Input::new(words.into()), cursor: 0 };
            palette.found().iter().map(|named| named.words().0).collect()
        };
        assert!(names("budget").contains(&"Budget of a round"));
        assert_eq!(names("locale").first(), palette_setting("locale").as_ref());
        assert_eq!(names("settings").first(), Some(&"settings"));
        assert!(!names("").contains(&"Budget of a round"), "unasked it shows commands only");
    }
}
