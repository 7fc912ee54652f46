//! Colours by role. Themes use the terminal's own foreground and background, its 16 colours and attributes;
//! a chosen row is reverse video. They are data in `assets/themes`.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a piece of the screen means; a theme says how that looks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Normal,
    /// Headings and what may be overlooked.
    Quiet,
    /// Someone must act today. Nothing else looks like it.
    Urgent,
    /// Soon.
    Soon,
    /// The program does not know.
    Unknown,
    /// Titles, the chosen row's name.
    Title,
    /// The chosen row.
    Selected,
    /// The open tab.
    Tab,
    /// A key in the footer.
    Key,
    /// A field that has the focus.
    Field,
    /// Letters that matched what was typed.
    Hit,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Look {
    #[serde(deserialize_with = "colour")]
    fg: Option<Color>,
    #[serde(deserialize_with = "colour")]
    bg: Option<Color>,
    bold: bool,
    dim: bool,
    underlined: bool,
    reversed: bool,
}

fn colour<'de, D: serde::Deserializer<'de>>(text: D) -> Result<Option<Color>, D::Error> {
    let name = String::deserialize(text)?;
    name.parse().map(Some).map_err(|_| serde::de::Error::custom(format!("{name} is not one of the 16 colours")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    roles: BTreeMap<Role, Look>,
}

/// How every role looks.
#[derive(Clone, PartialEq, Debug)]
pub struct Theme {
    roles: BTreeMap<Role, Look>,
    /// Draw with ASCII only.
    pub ascii: bool,
}

/// The themes that come with the program, by name.
pub const NAMES: [&str; 4] = ["dark", "light", "high-contrast", "plain"];

impl Theme {
    /// The theme of that name; an unknown name is `dark`.
    pub fn named(name: &str) -> Theme {
        let text = match name {
            "light" => include_str!("../../assets/themes/light.toml"),
            "high-contrast" => include_str!("../../assets/themes/high-contrast.toml"),
            "plain" => include_str!("../../assets/themes/plain.toml"),
            _ => include_str!("../../assets/themes/dark.toml"),
        };
        // The four files are part of the program and read by a test; a broken one would only lose colour.
        let roles = toml::from_str::<File>(text).map(|f| f.roles).unwrap_or_default();
        Theme { roles, ascii: false }
    }

    /// The theme that suits the terminal, where no setting says another: `NO_COLOR` and colourless terminals are
    /// plain, `COLORFGBG` tells dark from light, the Linux console shows no grey that can be read.
    pub fn for_terminal(chosen: Option<&str>, env: impl Fn(&str) -> Option<String>) -> Theme {
        let set = |name: &str| env(name).filter(|v| !v.is_empty());
        let term = set("TERM").unwrap_or_default();
        let colourless =
            set("NO_COLOR").is_some() || term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2");
        let light = set("COLORFGBG").and_then(|v| v.rsplit(';').next().and_then(|b| b.parse::<u8>().ok()));
        let name = match chosen {
            _ if colourless => "plain",
            Some(name) if NAMES.contains(&name) => name,
            _ if light.is_some_and(|b| b == 7 || b >= 9) => "light",
            _ => "dark",
        };
        let mut theme = Theme::named(name);
        if term == "linux" {
            for look in theme.roles.values_mut() {
                look.dim = false;
                look.fg = look.fg.map(|c| if c == Color::Yellow { Color::LightYellow } else { c });
            }
        }
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
        theme.ascii = locale.is_some_and(|l| l == "C" || l == "POSIX");
        theme
    }

    /// The look of a role.
    pub fn style(&self, role: Role) -> Style {
        let look = self.roles.get(&role).copied().unwrap_or_default();
        // Explicit in everything: a style drawn over another leaves nothing of it behind.
        let mut style = Style::new().fg(look.fg.unwrap_or(Color::Reset)).bg(look.bg.unwrap_or(Color::Reset));
        for (on, modifier) in [
            (look.bold, Modifier::BOLD),
            (look.dim, Modifier::DIM),
            (look.underlined, Modifier::UNDERLINED),
            (look.reversed, Modifier::REVERSED),
        ] {
            style = if on { style.add_modifier(modifier) } else { style.remove_modifier(modifier) };
        }
        style
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_can_be_read() {
        for text in [
            include_str!("../../assets/themes/dark.toml"),
            include_str!("../../assets/themes/light.toml"),
            include_str!("../../assets/themes/high-contrast.toml"),
            include_str!("../../assets/themes/plain.toml"),
        ] {
            let file: File = toml::from_str(text).unwrap();
            assert!(file.roles[&Role::Selected].reversed);
        }
    }

    #[test]
    fn no_color_is_plain_and_the_c_locale_is_ascii() {
        let theme = Theme::for_terminal(Some("dark"), |k| (k == "NO_COLOR").then(|| "1".into()));
        assert_eq!(theme, Theme::named("plain"));
        assert!(Theme::for_terminal(None, |k| (k == "LANG").then(|| "C".into())).ascii);
        let light = Theme::for_terminal(None, |k| (k == "COLORFGBG").then(|| "0;15".into()));
        assert_eq!(light, Theme::named("light"));
    }
}
