//! The settings: by subject, each with its effect in a sentence, and changing one. Beside them stand the doors to what is
//! set up in a dialog of its own: mail, printing, the scanner, keys, people.

use super::action::Action;
use super::form::{Field, Form};
use super::listed;
use super::mail_setup::MailSetup;
use super::overlay::{Complaint, Dialog, Overlay, dialog, footer, lines, moved, title};
use super::printer::PrinterSetup;
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::{Role, Theme};
use crate::domain::locale;
use crate::domain::text::fold;
use crate::worker::office::{self, Group, Listed, Printer, Takes, spoken};
use crate::worker::{Answer, Load, Write};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// Cells that a name takes.
const NAME: usize = 36;

/// A dialog of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Door {
    Mail,
    Printer,
    Scanner,
    Keys,
    People,
}

impl Door {
    fn name(self) -> &'static str {
        match self {
            Door::Mail => "Set up mail ...",
            Door::Printer => "Set up printing ...",
            Door::Scanner => "Test the scanner ...",
            Door::Keys => "Keys",
            Door::People => "Who works here ...",
        }
    }

    fn effect(self) -> &'static str {
        match self {
            Door::Mail => {
                "Server, security, login and sender in one place; tries the connection and sends a test mail."
            }
            Door::Printer => {
                "The one command that all paper goes to; without it paper becomes files, whose path is told."
            }
            Door::Scanner => "Scan once: shows what the scanner sends, and says what to set.",
            Door::Keys => "Another key for what you do often; a key that means something already is refused.",
            Door::People => "Names, roles, PINs and badges; with names only everybody may do everything.",
        }
    }

    fn open(self) -> Cmd {
        match self {
            Door::Mail => dialog(MailSetup::default()),
            Door::Printer => dialog(PrinterSetup::default()),
            Door::Scanner => Cmd::Do(Action::ScannerTest),
            Door::Keys => Cmd::Do(Action::Keys),
            Door::People => Cmd::Do(Action::People),
        }
    }

    /// Those that stand in a group, before its settings.
    fn of(group: Group) -> Option<Door> {
        match group {
            Group::Mail => Some(Door::Mail),
            Group::Printing => Some(Door::Printer),
            Group::Scanner => Some(Door::Scanner),
            Group::People => Some(Door::People),
            _ => None,
        }
    }
}

/// A row of the screen.
enum Row<'a> {
    Group(Group),
    Door(Door),
    Setting(&'a Listed),
}

/// The screen: the subjects, or one of them.
#[derive(Default)]
pub struct Settings {
    all: Vec<Listed>,
    printer: Printer,
    people: usize,
    /// The subject that is open.
    open: Option<Group>,
    cursor: usize,
    /// Where the cursor stood among the subjects.
    before: usize,
    /// What is looked for among all settings; while it is typed letters are text.
    wanted: Option<Input>,
    typing: bool,
}

impl Settings {
    /// Opened at the settings of that name.
    pub fn at(name: &str) -> Settings {
        Settings { wanted: Some(Input::new(name.to_string())), ..Settings::default() }
    }

    fn rows(&self) -> Vec<Row<'_>> {
        if let Some(wanted) = &self.wanted {
            let words = fold(wanted.value());
            let has = |s: &&Listed| {
                let of = fold(&format!("{} {} {}", s.setting.name, s.setting.key, s.setting.meaning));
                words.split_whitespace().all(|word| of.contains(word))
            };
            return self.all.iter().filter(has).map(Row::Setting).collect();
        }
        let Some(group) = self.open else {
            let mut rows: Vec<Row> = Group::ALL.into_iter().map(Row::Group).collect();
            rows.insert(rows.len().saturating_sub(1), Row::Door(Door::Keys));
            return rows;
        };
        let door = Door::of(group).map(Row::Door);
        let of_group = |s: &&Listed| group.settings().iter().any(|g| g.key == s.setting.key);
        door.into_iter().chain(self.all.iter().filter(of_group).map(Row::Setting)).collect()
    }

    /// A key while it is typed what is looked for.
    fn typed(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12) => (self.wanted, self.typing, self.cursor) = (None, false, 0),
            KeyCode::Enter | KeyCode::Tab => self.typing = false,
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                self.cursor = moved(self.cursor, self.rows().len(), key, look.height as usize / 2);
            }
            _ => {
                if let Some(wanted) = &mut self.wanted {
                    wanted.handle_event(&TermEvent::Key(*key));
                }
                self.cursor = 0;
            }
        }
        Vec::new()
    }

    fn value(&self, key: &str) -> &str {
        self.all.iter().find(|s| s.setting.key == key).map_or("", |s| s.value.as_str())
    }

    /// A subject in a few words.
    fn summary(&self, group: Group) -> String {
        let or = |value: &str, nothing: &str| if value.is_empty() { nothing.to_string() } else { value.to_string() };
        match group {
            Group::Warehouse => {
                let parts = ["warehouse.name", "warehouse.country", "warehouse.currency"].map(|key| self.value(key));
                or(&parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(", "), "not named yet")
            }
            Group::Mail => or(self.value("mail.host"), "no server: texts are copied"),
            Group::Scanner => match self.value("scanner.prefix") {
                "" => "scans are told by their speed".into(),
                "off" => "scans are not told from typing".into(),
                key => format!("{key} comes before a scan"),
            },
            Group::Printing => self.printer.command.clone().unwrap_or_else(|| "paper becomes files".into()),
            Group::Looks => format!("{}, colours {}", self.value("locale"), self.value("screen.theme")),
            Group::People if self.people == 0 => "names only".into(),
            Group::People => text::plural(self.people, "name"),
            _ => {
                let given = |s: &&Listed| s.given && group.settings().iter().any(|g| g.key == s.setting.key);
                match self.all.iter().filter(given).count() {
                    0 => "as it came".into(),
                    n => format!("{n} changed"),
                }
            }
        }
    }
}

/// A value as people read it.
fn shown(listed: &Listed) -> String {
    match listed.setting.takes {
        _ if listed.value.is_empty() => "not set".into(),
        Takes::Amount => locale::here().figure(&listed.value),
        Takes::Number(..) => locale::here().typed_figure(&listed.value),
        Takes::Date => listed.value.parse().map_or(listed.value.clone(), |date| locale::here().typed_date(date)),
        Takes::Choice(_) => spoken(&listed.value).into(),
        _ => listed.value.clone(),
    }
}

impl Overlay for Settings {
    /// Of the open subject, of what was looked for, else of all.
    fn listed(&self, _look: &Look) -> Option<listed::Listed> {
        let subject = |key: &str| Group::ALL.into_iter().find(|g| g.settings().iter().any(|s| s.key == key));
        let row = |s: &Listed| {
            let subject = subject(s.setting.key).map_or("", Group::name).to_string();
            let changed = if s.given { "yes" } else { "no" }.to_string();
            let said = [s.setting.key, s.setting.name].map(String::from);
            let value = if s.value.is_empty() { String::new() } else { shown(s) };
            let [key, name] = said;
            vec![subject, name, value, changed, s.setting.meaning.to_string(), key]
        };
        let rows = match (self.open, &self.wanted) {
            (None, None) => self.all.iter().map(row).collect(),
            _ => self
                .rows()
                .into_iter()
                .filter_map(|r| if let Row::Setting(s) = r { Some(row(s)) } else { None })
                .collect(),
        };
        Some(listed::Listed::of("settings", &["subject", "name", "value", "changed", "does", "key"], rows, &[]))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("settings", Load::Office(office::Load::Settings))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn in_text(&self) -> bool {
        self.typing
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        if self.typing {
            return self.typed(key, look);
        }
        match key.code {
            KeyCode::Char('/') => {
                (self.wanted, self.typing, self.cursor) = (Some(Input::default()), true, 0);
                Vec::new()
            }
            KeyCode::Esc | KeyCode::F(12) | KeyCode::Left if self.wanted.is_some() => {
                (self.wanted, self.cursor) = (None, 0);
                Vec::new()
            }
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') | KeyCode::Left => match self.open.take() {
                Some(_) => {
                    self.cursor = self.before;
                    Vec::new()
                }
                None => vec![Cmd::Close],
            },
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            KeyCode::Enter | KeyCode::Right | KeyCode::Char('e') => match self.rows().get(self.cursor) {
                Some(Row::Group(group)) => {
                    let group = *group;
                    (self.open, self.before, self.cursor) = (Some(group), self.cursor, 0);
                    Vec::new()
                }
                Some(Row::Door(door)) => vec![door.open()],
                Some(Row::Setting(listed)) => vec![dialog(Change::of(listed))],
                None => Vec::new(),
            },
            _ => {
                self.cursor = moved(self.cursor, self.rows().len(), key, look.height as usize / 2);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        let Answer::Office(office::Answer::Settings { all, printer, people }) = answer else { return Vec::new() };
        let colours = self.value("screen.theme").to_string();
        (self.all, self.printer, self.people) = (all, printer, people);
        let now = self.value("screen.theme");
        // Changed here: it is seen at once.
        if colours.is_empty() || colours == now { Vec::new() } else { vec![Cmd::Colours(now.to_string())] }
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        let heading = match &self.wanted {
            Some(wanted) => format!("Settings with  {}{}", wanted.value(), if self.typing { "_" } else { "" }),
            None => self.open.map_or("Settings".to_string(), |group| format!("Settings: {}", group.name())),
        };
        title(area, buf, theme, &heading);
        let width = area.width as usize;
        let rows = self.rows();
        let room = area.height.saturating_sub(8) as usize;
        let top = (self.cursor + 1).saturating_sub(room);
        for (n, (i, row)) in rows.iter().enumerate().skip(top).take(room).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let (mark, name, value) = match row {
                Row::Group(group) => (" ", group.name(), self.summary(*group)),
                Row::Door(Door::Keys) => (" ", "Keys", "another key for what you do often".into()),
                Row::Door(door) => (" ", door.name(), String::new()),
                Row::Setting(s) => (if s.given { "*" } else { " " }, s.setting.name, shown(s)),
            };
            let line = format!("{sign}{mark}{} {value}", text::left(name, NAME));
            let style = theme.style(if i == self.cursor { Role::Selected } else { Role::Normal });
            buf.set_string(area.x, area.y + 2 + n as u16, text::left(&text::clip(&line, width), width), style);
        }
        let y = area.bottom().saturating_sub(6);
        let (name, said, quiet) = match rows.get(self.cursor) {
            Some(Row::Group(group)) => {
                let names: Vec<&str> = group.settings().iter().map(|s| s.name).collect();
                (group.name(), format!("{}.", names.join(", ")), String::new())
            }
            Some(Row::Door(door)) => (door.name(), door.effect().to_string(), String::new()),
            Some(Row::Setting(s)) => (
                s.setting.name,
                s.setting.meaning.to_string(),
                format!("Takes {}.  At the command line: backshelf set {}", takes(s), s.setting.key),
            ),
            None if self.wanted.is_some() => {
                ("", "No setting has that. Fewer letters find more.".into(), String::new())
            }
            None => ("", String::new(), String::new()),
        };
        title(Rect { y, height: 1, ..area }, buf, theme, name);
        let mut told: Vec<Line> = wrapped(&said, width.saturating_sub(3), None);
        told.truncate(if quiet.is_empty() { 4 } else { 2 });
        told.extend(wrapped(&quiet, width.saturating_sub(3), Some(Role::Quiet)));
        lines(Rect { y: y + 1, height: 4, ..area }, buf, theme, &told);
        let (keys, back) = match (self.open, &self.wanted) {
            (_, Some(_)) if self.typing => ("Type a part of its name   Enter goes to the list", "Esc all"),
            (_, Some(_)) => ("Enter changes it   * is not as it came   / look for another   p print", "Esc all"),
            (None, None) => ("Enter opens it   / look for a setting   p print, export", "Esc back"),
            (Some(_), None) => ("Enter changes it   * is not as it came   / look   p print", "Esc to the subjects"),
        };
        footer(area, buf, theme, keys, back);
        None
    }
}

fn wrapped(words: &str, width: usize, role: Option<Role>) -> Vec<Line> {
    let cell = |l: String| Cell { text: l, role };
    text::wrap(words, width).into_iter().filter(|l| !l.is_empty()).map(|l| vec![cell(l)]).collect()
}

fn takes(listed: &Listed) -> String {
    match listed.setting.takes {
        Takes::Choice(choices) => choices.join(", "),
        takes => office::wanted(takes),
    }
}

/// Changing one setting.
struct Change {
    key: &'static str,
    name: &'static str,
    said: Vec<String>,
    takes: Takes,
    choices: Vec<&'static str>,
    form: Form,
    /// It was asked whether today is to be closed.
    sure: bool,
}

impl Change {
    fn of(listed: &Listed) -> Change {
        let setting = listed.setting;
        let choices: Vec<&'static str> = match setting.takes {
            Takes::Choice(choices) => choices.to_vec(),
            Takes::YesNo => vec!["yes", "no"],
            _ => Vec::new(),
        };
        let now = choices.iter().position(|c| *c == listed.value).unwrap_or(0);
        let words: Vec<&str> = choices.iter().map(|c| spoken(c)).collect();
        let mut field = match setting.takes {
            // As many that they would not stand side by side.
            Takes::Choice(all) if all.len() > 5 => {
                let rows = words.iter().enumerate().map(|(n, w)| (n as i64, w.to_string())).collect();
                let mut field = Field::list("Value", rows);
                field.choose(now);
                field
            }
            Takes::Choice(_) | Takes::YesNo => Field::choice("Value", &words, now),
            Takes::Amount => Field::money("Value", None),
            Takes::Date => Field::date("Value", None),
            _ => Field::text("Value", ""),
        };
        if choices.is_empty() {
            field.set_value(&listed.value);
        }
        let mut said = vec![setting.meaning.to_string()];
        if choices.is_empty() {
            let back = match setting.default {
                "" => "Blank: not set.".to_string(),
                default => format!("Blank: {default}, as it came."),
            };
            said.push(format!("Takes {}. {back}", office::wanted(setting.takes)));
        }
        if matches!(setting.takes, Takes::YesNo) {
            said.push("y is yes, n is no; F8 saves.".into());
        }
        // What is read when the program starts.
        if matches!(setting.key, "screen.mouse" | "scanner.prefix") {
            said.push("It counts from the next start of the program on.".into());
        }
        Change {
            key: setting.key,
            name: setting.name,
            said,
            takes: setting.takes,
            choices,
            form: Form::new(vec![field]),
            sure: false,
        }
    }
}

impl Dialog for Change {
    fn title(&self) -> String {
        self.name.to_string()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        self.said.iter().flat_map(|said| wrapped(said, width, None)).collect()
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped("Can be undone (u).", width, Some(Role::Quiet))
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.sure = false;
        Vec::new()
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let write = self.save(look)?;
        let day = self.form.field(0).and_then(|field| field.day(look.today).ok().flatten());
        if self.key == office::CLOSED && day == Some(look.today) && !self.sure {
            self.sure = true;
            return Err(Complaint::at(0, format!("{} F8 again closes it.", office::CLOSES_TODAY)));
        }
        Ok(vec![Cmd::Write(write)])
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let Some(field) = self.form.field(0) else { return Err(Complaint::at(0, "Nothing to save.")) };
        let wrong = |sentence| Complaint::at(0, sentence);
        let value = match self.takes {
            Takes::Choice(_) | Takes::YesNo => self.choices.get(field.chosen()).copied().unwrap_or("").to_string(),
            Takes::Amount => field.amount().map_err(wrong)?.map_or(String::new(), |m| m.to_string()),
            Takes::Date => field.day(look.today).map_err(wrong)?.map_or(String::new(), |d| d.to_string()),
            Takes::Number(..) => field.value().trim().replace(',', "."),
            _ => field.value().trim().to_string(),
        };
        Ok(Write::Office(office::Write::Set(vec![(self.key, value)])))
    }
}
