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
    /// A gauge: enough.
    Enough,
    /// A gauge: too much.
    Surplus,
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
    /// The one that suits the terminal where nothing is set.
    own: &'static str,
}

/// The themes that come with the program, by name.
pub const NAMES: [&str; 4] = ["dark", "light", "high-contrast", "plain"];

impl Theme {
    /// The theme of that name; an unknown name is `dark`.
    pub fn named(name: &str) -> Theme {
        let (own, text) = match name {
            "auto" => ("auto", include_str!("../../assets/themes/auto.toml")),
            "light" => ("light", include_str!("../../assets/themes/light.toml")),
            "high-contrast" => ("high-contrast", include_str!("../../assets/themes/high-contrast.toml")),
            "plain" => ("plain", include_str!("../../assets/themes/plain.toml")),
            _ => ("dark", include_str!("../../assets/themes/dark.toml")),
        };
        // The five files are part of the program and read by a test; a broken one would only lose colour.
        let roles = toml::from_str::<File>(text).map(|f| f.roles).unwrap_or_default();
        Theme { roles, ascii: false, own }
    }

    /// The theme that suits the terminal, where no setting says another: `NO_COLOR` and colourless terminals are
    /// plain, `COLORFGBG` tells dark from light; where nothing does, `auto` is readable on both. The terminal is not asked.
    pub fn for_terminal(chosen: Option<&str>, env: impl Fn(&str) -> Option<String>) -> Theme {
        let set = |name: &str| env(name).filter(|v| !v.is_empty());
        let term = set("TERM").unwrap_or_default();
        let colourless =
            set("NO_COLOR").is_some() || term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2");
        let light = set("COLORFGBG").and_then(|v| v.rsplit(';').next().and_then(|b| b.parse::<u8>().ok()));
        let own = match light {
            _ if colourless => "plain",
            Some(background) if background == 7 || background >= 9 => "light",
            Some(_) => "dark",
            None if term == "linux" => "dark",
            None => "auto",
        };
        let mut theme = Theme { own, ..Theme::named(own) }.changed(chosen.unwrap_or("auto"));
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
        theme.ascii = locale.is_some_and(|l| l == "C" || l == "POSIX");
        theme
    }

    /// Another one on the same terminal: `auto` is the terminal's own, and where it shows no colours nothing brings any.
    pub fn changed(&self, chosen: &str) -> Theme {
        let name = if self.own == "plain" || !NAMES.contains(&chosen) { self.own } else { chosen };
        Theme { ascii: self.ascii, own: self.own, ..Theme::named(name) }
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
            include_str!("../../assets/themes/auto.toml"),
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
        assert_eq!(light.changed("dark").style(Role::Urgent), Theme::named("dark").style(Role::Urgent));
        assert_eq!(light.changed("dark").changed("auto"), light);
        assert_eq!(theme.changed("light"), theme, "NO_COLOR goes before what is set");
    }

    type Palette = (&'static str, &'static [&'static str], u32, u32, [u32; 16]);

    /// Usual terminals: name, themes made for it, text, background, the 16 colours.
    const PALETTES: &[Palette] = &[
        ("xterm", &["dark", "auto"], 0xe5e5e5, 0x000000, XTERM),
        ("Windows Terminal", &["dark", "auto"], 0xcccccc, 0x0c0c0c, CAMPBELL),
        ("Linux console", &["dark", "auto"], 0xaaaaaa, 0x000000, CONSOLE),
        ("xterm, white", &[], 0x000000, 0xffffff, XTERM),
        ("Solarized light", &[], 0x657b83, 0xfdf6e3, SOLARIZED),
    ];
    const XTERM: [u32; 16] = [
        0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
        0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
    ];
    const CAMPBELL: [u32; 16] = [
        0x0c0c0c, 0xc50f1f, 0x13a10e, 0xc19c00, 0x0037da, 0x881798, 0x3a96dd, 0xcccccc, 0x767676, 0xe74856, 0x16c60c,
        0xf9f1a5, 0x3b78ff, 0xb4009e, 0x61d6d6, 0xf2f2f2,
    ];
    const CONSOLE: [u32; 16] = [
        0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555, 0xff5555, 0x55ff55,
        0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
    ];
    const SOLARIZED: [u32; 16] = [
        0x073642, 0xdc322f, 0x859900, 0xb58900, 0x268bd2, 0xd33682, 0x2aa198, 0xeee8d5, 0x002b36, 0xcb4b16, 0x586e75,
        0x657b83, 0x839496, 0x6c71c4, 0x93a1a1, 0xfdf6e3,
    ];

    fn luminance(rgb: u32) -> f64 {
        let part = |shift: u32| {
            let c = f64::from(rgb >> shift & 0xff) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    }

    fn rgb(colour: Option<Color>, standard: u32, sixteen: &[u32; 16]) -> u32 {
        let named = [
            Color::Black,
            Color::Red,
            Color::Green,
            Color::Yellow,
            Color::Blue,
            Color::Magenta,
            Color::Cyan,
            Color::Gray,
            Color::DarkGray,
            Color::LightRed,
            Color::LightGreen,
            Color::LightYellow,
            Color::LightBlue,
            Color::LightMagenta,
            Color::LightCyan,
            Color::White,
        ];
        match colour {
            None | Some(Color::Reset) => standard,
            // The fixed cube of 6 x 6 x 6.
            Some(Color::Indexed(n)) => {
                let n = u32::from(n) - 16;
                let step = |n: u32| if n == 0 { 0 } else { 55 + 40 * n };
                step(n / 36) << 16 | step(n / 6 % 6) << 8 | step(n % 6)
            }
            Some(colour) => sixteen[named.iter().position(|c| *c == colour).unwrap()],
        }
    }

    #[test]
    fn every_look_can_be_read_on_the_usual_palettes() {
        for (name, themes, text, background, sixteen) in PALETTES {
            for theme in themes.iter().chain(["light", "high-contrast", "plain"].iter()) {
                if *name == "Solarized light" && *theme == "plain" {
                    continue; // its own text has 4.1:1, and plain uses no other
                }
                for (role, look) in &Theme::named(theme).roles {
                    let pair = [luminance(rgb(look.fg, *text, sixteen)), luminance(rgb(look.bg, *background, sixteen))];
                    let (bright, dark) = (pair[0].max(pair[1]), pair[0].min(pair[1]));
                    let ratio = (bright + 0.05) / (dark + 0.05);
                    assert!(ratio >= 4.5 && !look.dim, "{role:?} of {theme} on {name}: {ratio:.2}");
                }
            }
        }
    }
}
