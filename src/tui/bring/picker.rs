//! Choosing a file: the new files of the inbox first, then a folder; a path can be typed, Tab completes it.

use crate::domain::dates;
use crate::tui::listed::Listed;
use crate::tui::overlay::{footer, moved, title};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::worker::bringing::{Entry, Folder};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::path::{Path, PathBuf};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// What a key came to.
pub enum Picked {
    Nothing,
    Beep,
    Close,
    Folder(PathBuf),
    File(PathBuf),
}

/// The picker.
#[derive(Default)]
pub struct Picker {
    input: Input,
    shown: Option<Folder>,
    cursor: usize,
    /// The file that is being looked at.
    looking: Option<String>,
    /// A warehouse file is chosen, to be opened.
    opens: bool,
    said: Option<String>,
}

/// One line of the list.
struct Choice<'a> {
    entry: &'a Entry,
    part: Part,
}

/// Where a line of the list comes from; in the order of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Inbox,
    Newest,
    Folder,
}

/// The newest files that are offered before anything of a name is typed.
const NEWEST: usize = 5;
/// A file's size and day stand no further from its name.
const WIDEST: usize = 110;

impl Picker {
    /// For a warehouse file that is to be opened.
    pub fn of_warehouses() -> Picker {
        Picker { opens: true, ..Picker::default() }
    }

    /// Whether a warehouse file is chosen.
    pub fn opens(&self) -> bool {
        self.opens
    }

    /// What is typed as a folder and the beginning of a name.
    fn typed(&self) -> (Option<PathBuf>, String) {
        match self.input.value().rfind('/') {
            Some(at) => {
                let (folder, rest) = self.input.value().split_at(at + 1);
                (Some(PathBuf::from(folder)), rest.to_string())
            }
            None => (None, self.input.value().to_string()),
        }
    }

    fn choices(&self) -> Vec<Choice<'_>> {
        let Some(folder) = &self.shown else { return Vec::new() };
        let (path, wanted) = self.typed();
        let wanted = wanted.to_lowercase();
        let of = |part: Part| move |entry| Choice { entry, part };
        let inbox = folder.waiting.iter().filter(|_| path.is_none()).map(of(Part::Inbox));
        let most = if wanted.is_empty() { NEWEST } else { folder.newest.len() };
        let newest = folder.newest.iter().filter(|_| path.is_none()).take(most).map(of(Part::Newest));
        inbox
            .chain(newest)
            .chain(folder.entries.iter().map(of(Part::Folder)))
            .filter(|c| c.entry.name.to_lowercase().contains(&wanted))
            .collect()
    }

    /// The files to choose from.
    pub fn listed(&self) -> Option<Listed> {
        self.shown.as_ref()?;
        let row = |c: Choice<'_>| {
            let part = match c.part {
                Part::Inbox => "new in the inbox",
                Part::Newest => "newest",
                Part::Folder => "in the folder",
            };
            let (e, slash) = (c.entry, if c.entry.is_folder { "/" } else { "" });
            let size = if e.is_folder { String::new() } else { e.size.to_string() };
            let changed = e.modified.map_or(String::new(), |m| m.format("%Y-%m-%d %H:%M").to_string());
            vec![part.to_string(), format!("{}{slash}", e.name), size, changed]
        };
        let rows = self.choices().into_iter().map(row).collect();
        Some(Listed::of("files", &["where", "name", "bytes", "changed"], rows, &["bytes"]))
    }

    pub fn shows(&mut self, folder: Folder) {
        self.shown = Some(folder);
        self.cursor = self.cursor.min(self.choices().len().saturating_sub(1));
    }

    pub fn looking(&mut self, path: &Path) {
        self.looking = Some(path.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned()));
        self.said = None;
    }

    pub fn looked(&mut self) {
        self.looking = None;
    }

    pub fn refused(&mut self, sentence: String) {
        (self.looking, self.said) = (None, Some(sentence));
    }

    pub fn paste(&mut self, pasted: &str) {
        let line = pasted.lines().next().unwrap_or("").trim().trim_matches(['\'', '"']).replace("\\ ", " ");
        let line: String = line.chars().filter(|c| !c.is_control()).take(2_000).collect();
        self.input = Input::new(format!("{}{line}", self.input.value()));
    }

    /// Writes a path into the field; asks for the folder that it is in where that is another.
    fn go(&mut self, path: &Path, folder: bool) -> Picked {
        let mut words = path.display().to_string();
        if folder && !words.ends_with('/') {
            words.push('/');
        }
        self.input = Input::new(words);
        self.cursor = 0;
        if folder { Picked::Folder(path.to_path_buf()) } else { Picked::Nothing }
    }

    pub fn key(&mut self, key: &KeyEvent) -> Picked {
        if self.looking.is_some() && !matches!(key.code, KeyCode::Esc | KeyCode::F(12)) {
            return Picked::Nothing;
        }
        self.said = None;
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) => Picked::Close,
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                self.cursor = moved(self.cursor, self.choices().len(), key, 10);
                Picked::Nothing
            }
            KeyCode::Tab => self.complete(),
            KeyCode::Enter => self.enter(),
            _ => {
                let before = self.typed().0;
                self.input.handle_event(&TermEvent::Key(*key));
                self.cursor = 0;
                match self.typed().0 {
                    after if after == before => Picked::Nothing,
                    Some(folder) => Picked::Folder(folder),
                    None => Picked::Nothing,
                }
            }
        }
    }

    /// As much of the name as all that fit have in common; the whole where only one fits.
    fn complete(&mut self) -> Picked {
        let choices = self.choices();
        let (_, wanted) = self.typed();
        let begins: Vec<&Entry> = choices
            .iter()
            .map(|c| c.entry)
            .filter(|e| e.name.to_lowercase().starts_with(&wanted.to_lowercase()))
            .collect();
        let [first, rest @ ..] = begins.as_slice() else { return Picked::Beep };
        if rest.is_empty() {
            let (path, is_folder) = (first.path.clone(), first.is_folder);
            return self.go(&path, is_folder);
        }
        let mut common = first.name.clone();
        for other in rest {
            let same = common.chars().zip(other.name.chars()).take_while(|(a, b)| a == b).count();
            common = common.chars().take(same).collect();
        }
        let folder = first.path.parent().map(Path::to_path_buf).unwrap_or_default();
        if common.chars().count() <= wanted.chars().count() {
            return Picked::Beep;
        }
        self.go(&folder.join(common), false)
    }

    fn enter(&mut self) -> Picked {
        let (path, wanted) = self.typed();
        let chosen = self.choices().get(self.cursor).map(|c| (c.entry.path.clone(), c.entry.is_folder));
        match chosen {
            // A folder's path typed to its end: nothing of a name yet.
            Some((path, true)) => self.go(&path, true),
            Some((path, false)) => {
                self.looking(&path);
                Picked::File(path)
            }
            None if path.is_some() && !wanted.is_empty() => {
                let typed = PathBuf::from(self.input.value().trim());
                self.looking(&typed);
                Picked::File(typed)
            }
            None => Picked::Beep,
        }
    }

    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Option<Position> {
        title(area, buf, theme, if self.opens { "Open a warehouse file" } else { "Bring in a file" });
        let width = area.width as usize;
        let room = width.saturating_sub(8);
        buf.set_string(area.x + 1, area.y + 1, "File", theme.style(Role::Title));
        let scroll = self.input.visual_scroll(room.saturating_sub(1));
        let value: String = crate::domain::text::visible(self.input.value()).chars().skip(scroll).collect();
        buf.set_stringn(area.x + 7, area.y + 1, text::left(&value, room), room, theme.style(Role::Field));
        let cursor = Position::new(area.x + 7 + (self.input.visual_cursor().saturating_sub(scroll)) as u16, area.y + 1);
        let y = area.y + 3;
        let bottom = area.bottom().saturating_sub(3);
        self.draw_list(Rect { y, height: bottom.saturating_sub(y), ..area }, buf, theme);
        let said = match (&self.looking, &self.said) {
            (Some(name), _) => format!("Looking at {name} ..."),
            (None, Some(said)) => said.clone(),
            (None, None) => String::new(),
        };
        for (n, line) in text::wrap(&said, width.saturating_sub(2)).iter().take(2).enumerate() {
            buf.set_string(area.x + 1, bottom + n as u16, line, theme.style(Role::Urgent));
        }
        let enter = if self.opens { "Enter opens it" } else { "Enter looks at it" };
        footer(area, buf, theme, &format!("{enter}  Tab completes  Up Down choose"), "Esc back");
        Some(cursor)
    }

    fn draw_list(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let Some(folder) = &self.shown else { return };
        let width = area.width as usize;
        let choices = self.choices();
        // Headings stand between the two parts; the list is drawn as lines of either kind.
        let mut lines: Vec<Result<usize, String>> = Vec::new();
        let of = |part: Part| choices.iter().enumerate().filter(move |(_, c)| c.part == part).map(|(n, _)| Ok(n));
        for (part, heading) in [
            (Part::Inbox, format!("New in the inbox, {}", shown_path(folder.inbox.as_deref()))),
            (Part::Newest, "Newest spreadsheets and exports in your folders".to_string()),
        ] {
            if of(part).next().is_some() {
                lines.push(Err(heading));
                lines.extend(of(part));
                lines.push(Err(String::new()));
            }
        }
        lines.push(Err(format!("In {}", shown_path(Some(&folder.folder)))));
        lines.extend(of(Part::Folder));
        if choices.is_empty() {
            let wanted = crate::domain::text::visible(&self.typed().1).into_owned();
            let words = match (self.opens, wanted.as_str()) {
                (true, "") => "  No warehouse file (.db) here.".to_string(),
                (false, "") => {
                    "  Nothing here that can be brought in: .csv .tsv .txt .xlsx, also with .gz.".to_string()
                }
                _ => {
                    format!("  Nothing here has \"{wanted}\" in its name. A folder is typed with its /, as Documents/")
                }
            };
            lines.push(Err(words));
        }
        if let Some(inbox) =
            folder.inbox.as_deref().filter(|_| folder.waiting.is_empty() && self.input.value().is_empty())
        {
            lines.push(Err(String::new()));
            lines.push(Err(format!("Files put into {} are announced.", shown_path(Some(inbox)))));
        }
        let at = lines.iter().position(|l| *l == Ok(self.cursor)).unwrap_or(0);
        let rows = area.height as usize;
        let top = (at + 1).saturating_sub(rows);
        for (n, line) in lines.iter().skip(top).take(rows).enumerate() {
            let y = area.y + n as u16;
            match line {
                Err(words) => {
                    buf.set_string(area.x + 1, y, text::clip(words, width.saturating_sub(2)), theme.style(Role::Quiet));
                }
                Ok(i) => {
                    let Some(choice) = choices.get(*i) else { continue };
                    let chosen = *i == self.cursor;
                    let role = if chosen { Role::Selected } else { Role::Normal };
                    let name = width.min(WIDEST).saturating_sub(34);
                    let slash = if choice.entry.is_folder { "/" } else { "" };
                    let words = format!(
                        "{} {} {:>9}  {}",
                        if chosen { "▸" } else { " " },
                        text::left(&text::fit(&format!("{}{slash}", choice.entry.name), name), name),
                        if choice.entry.is_folder { String::new() } else { size(choice.entry.size) },
                        choice.entry.modified.map_or(String::new(), |m| format!(
                            "{} {}",
                            dates::of_year(m.date()),
                            m.format("%H:%M")
                        )),
                    );
                    buf.set_string(area.x, y, text::left(&text::clip(&words, width), width), theme.style(role));
                }
            }
        }
    }
}

fn shown_path(path: Option<&Path>) -> String {
    let home = std::env::home_dir();
    let short = |p: &Path| match home.as_deref().and_then(|h| p.strip_prefix(h).ok()) {
        Some(rest) if rest.as_os_str().is_empty() => "your home folder".to_string(),
        Some(rest) => format!("~/{}", rest.display()),
        None => p.display().to_string(),
    };
    path.map_or(String::new(), |p| crate::domain::text::visible(&short(p)).into_owned())
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{} MB", bytes.div_ceil(1_048_576)),
    }
}
