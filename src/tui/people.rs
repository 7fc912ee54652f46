//! Who works here: the list, and changing it.

use super::action::Action;
use super::form::{Field, Form};
use super::listed::Listed;
use super::overlay::{Complaint, Dialog, Overlay, boxed, dialog, footer, moved, title};
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::{Role as Style, Theme};
use crate::domain::people::Role;
use crate::worker::people::{self, Person, Secret};
use crate::worker::{Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::path::PathBuf;

/// The list.
#[derive(Default)]
pub struct People {
    people: Vec<Person>,
    in_force: bool,
    loaded: bool,
    cursor: usize,
    /// Whom F8 would take off the list.
    removing: Option<String>,
    said: Option<String>,
}

impl People {
    fn sentence(&self) -> &'static str {
        match (self.people.is_empty(), self.in_force) {
            _ if !self.loaded => "",
            (true, _) => "Nobody is listed: everybody works under the name he gives. n adds the first.",
            (_, false) => "Names only: everybody may do everything. A second role changes that.",
            (_, true) => "Roles count here. Whoever is not listed may count, move, receive and pick.",
        }
    }
}

impl Overlay for People {
    /// Never a PIN or a badge, only who has one.
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let yes = |has: bool| if has { "yes" } else { "no" }.to_string();
        let row = |p: &Person| vec![p.name.clone(), p.role.word().to_string(), yes(p.has_pin), yes(p.has_badge)];
        let rows = self.people.iter().map(row).collect();
        Some(Listed::of("people", &["name", "role", "pin", "badge"], rows, &[]))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("people", Load::People(people::Load::List))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        let removing = self.removing.take();
        self.said = None;
        let chosen = self.people.get(self.cursor);
        let with = |open: fn(&Person) -> Cmd| chosen.map_or_else(|| vec![Cmd::Beep], |p| vec![open(p)]);
        match key.code {
            KeyCode::Esc | KeyCode::F(3 | 12) => vec![Cmd::Close],
            KeyCode::Char('n') | KeyCode::F(6) => vec![dialog(Add::new())],
            KeyCode::Char('e') | KeyCode::Enter => with(|p| dialog(Change::new(p))),
            KeyCode::Char('s') => with(|p| dialog(Pin::new(p))),
            KeyCode::Char('b') => with(|p| dialog(Badge::new(p))),
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            KeyCode::Char('x') | KeyCode::Delete => {
                self.removing = chosen.map(|p| p.name.clone());
                let words = |name| format!("F8 takes {name} off the list. What was done under the name stays.");
                self.said = self.removing.as_ref().map(words);
                Vec::new()
            }
            KeyCode::F(8) => match removing {
                Some(name) => vec![Cmd::Write(Write::People(people::Write::Remove { name })), Cmd::Close],
                None => Vec::new(),
            },
            _ => {
                self.cursor = moved(self.cursor, self.people.len(), key, look.height as usize / 2);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::People(people::Answer::List { people, in_force }) = answer {
            (self.people, self.in_force, self.loaded) = (people, in_force, true);
            self.cursor = self.cursor.min(self.people.len().saturating_sub(1));
        }
        Vec::new()
    }

    fn refused(&mut self, sentence: &str) {
        self.said = Some(sentence.to_string());
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "People");
        let width = area.width as usize;
        let room = width.saturating_sub(2);
        buf.set_string(area.x + 1, area.y + 1, text::clip(self.sentence(), room), theme.style(Style::Normal));
        let names = self.people.iter().map(|p| text::width(&p.name)).max().unwrap_or(0).clamp(8, width / 2);
        let rows = area.height.saturating_sub(8) as usize;
        let top = (self.cursor + 1).saturating_sub(rows);
        for (n, (i, p)) in self.people.iter().enumerate().skip(top).take(rows).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let role = if self.in_force { p.role.word() } else { "" };
            let has = |yes: bool, what: &'static str| if yes { what } else { "" };
            let (pin, badge) = (has(p.has_pin, "PIN"), has(p.has_badge, "badge"));
            let line = format!("{sign}{}  {role:<8} {pin:<4} {badge}", text::left(&text::fit(&p.name, names), names));
            let style = theme.style(if i == self.cursor { Style::Selected } else { Style::Normal });
            buf.set_string(area.x + 1, area.y + 3 + n as u16, text::left(&text::clip(&line, room), room), style);
        }
        let y = area.bottom().saturating_sub(3);
        let words = match (&self.said, self.people.get(self.cursor).filter(|_| self.in_force)) {
            (Some(said), _) => said.clone(),
            (None, Some(p)) => format!("{}, a {}, {}.", p.name, p.role.word(), p.role.means()),
            (None, None) => String::new(),
        };
        for (n, line) in text::wrap(&words, room).iter().take(2).enumerate() {
            buf.set_string(area.x + 1, y - 1 + n as u16, line, theme.style(Style::Title));
        }
        footer(area, buf, theme, "n new  e role  s PIN  b badge  x off the list  p print, export", "Esc back");
        None
    }
}

fn roles(chosen: Role) -> Field {
    let words: Vec<&str> = Role::ALL.iter().map(|r| r.word()).collect();
    Field::choice("Role", &words, Role::ALL.iter().position(|r| *r == chosen).unwrap_or(0))
}

fn role_of(form: &Form, at: usize) -> Role {
    form.field(at).and_then(|f| Role::ALL.get(f.chosen()).copied()).unwrap_or(Role::Counter)
}

fn explained(role: Role, width: usize) -> Vec<Line> {
    let words = format!("A {} {}.", role.word(), role.means());
    let note = "Roles count as soon as somebody is no lead; until then everybody may do everything.";
    [words, note.to_string()].iter().flat_map(|w| text::wrap(w, width)).map(|l| vec![Cell::plain(l)]).collect()
}

fn form_of(fields: Vec<Field>) -> Form {
    Form::new(fields)
}

/// Somebody new.
struct Add {
    form: Form,
}

impl Add {
    fn new() -> Add {
        Add { form: form_of(vec![Field::text("Name", ""), roles(Role::Lead)]) }
    }
}

impl Dialog for Add {
    fn title(&self) -> String {
        "Somebody new".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        explained(role_of(&self.form, 1), width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let name = self.form.field(0).map(|f| f.value().trim().to_string()).unwrap_or_default();
        if name.is_empty() {
            return Err(Complaint::at(0, "The name is missing."));
        }
        Ok(Write::People(people::Write::Add { name, role: role_of(&self.form, 1) }))
    }
}

/// Another role.
struct Change {
    name: String,
    form: Form,
}

impl Change {
    fn new(person: &Person) -> Change {
        Change { name: person.name.clone(), form: form_of(vec![roles(person.role)]) }
    }
}

impl Dialog for Change {
    fn title(&self) -> String {
        format!("Role of {}", self.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        explained(role_of(&self.form, 0), width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Ok(Write::People(people::Write::Role { name: self.name.clone(), role: role_of(&self.form, 0) }))
    }
}

/// A PIN, typed twice.
struct Pin {
    name: String,
    form: Form,
}

impl Pin {
    fn new(person: &Person) -> Pin {
        let fields = vec![Field::secret("PIN"), Field::secret("Once more")];
        Pin { name: person.name.clone(), form: form_of(fields) }
    }
}

impl Dialog for Pin {
    fn title(&self) -> String {
        format!("PIN of {}", self.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = "4 to 12 digits. It is asked when this name is chosen, and after a lock. Both blank: no PIN any more. \
                     It is kept so that nobody can read it, this program included.";
        text::wrap(words, width).into_iter().map(|l| vec![Cell::plain(l)]).collect()
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let typed = |at| self.form.field(at).map(|f| f.value().to_string()).unwrap_or_default();
        if typed(0) != typed(1) {
            return Err(Complaint::at(0, "The two are not the same: type both again."));
        }
        if let Some(fault) = crate::domain::people::pin_fault(&typed(0)).filter(|_| !typed(0).is_empty()) {
            return Err(Complaint::at(0, fault));
        }
        Ok(Write::People(people::Write::Pin { name: self.name.clone(), pin: Secret(typed(0)) }))
    }
}

/// A badge: a new code, or that of a card which is scanned.
struct Badge {
    name: String,
    form: Form,
}

impl Badge {
    fn new(person: &Person) -> Badge {
        Badge { name: person.name.clone(), form: form_of(vec![Field::code("Code", "")]) }
    }
}

impl Dialog for Badge {
    fn title(&self) -> String {
        format!("Badge of {}", self.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("badge", Load::People(people::Load::NewBadge))]
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::People(people::Answer::NewBadge(code)) = answer
            && let Some(field) = self.form.field_mut(0)
        {
            field.set_value(&code.0);
        }
        Vec::new()
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = "A new code: saving it asks where to print the badge; it is not shown again. Or scan a card that is \
                     there. Blank: no badge. Whoever holds it needs no PIN.";
        text::wrap(words, width).into_iter().map(|l| vec![Cell::plain(l)]).collect()
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let code = self.form.field(0).map(|f| f.value().to_string()).unwrap_or_default();
        Ok(Write::People(people::Write::Badge { name: self.name.clone(), code: Secret(code) }))
    }
    fn then(&mut self) -> Option<Box<dyn Overlay>> {
        // A card that was scanned is a badge already.
        let code = self.form.field(0).filter(|f| !f.was_typed()).map(|f| f.value().trim().to_string())?;
        Some(code).filter(|code| !code.is_empty()).map(|code| boxed(PrintBadge::new(&self.name, code)))
    }
}

/// The new badge on paper.
struct PrintBadge {
    name: String,
    code: Secret,
    form: Form,
    /// Where it is now.
    printed: Option<String>,
}

impl PrintBadge {
    fn new(name: &str, code: String) -> PrintBadge {
        let fields = vec![Field::choice("To", &["the printer", "a file"], 0), Field::text("File", "badge.pdf")];
        let mut print = PrintBadge {
            name: name.into(),
            code: Secret(code),
            form: form_of(fields).saving_as("Print"),
            printed: None,
        };
        print.show();
        print
    }

    fn to_file(&self) -> bool {
        self.form.field(0).is_some_and(|f| f.chosen() == 1)
    }

    fn show(&mut self) {
        let hidden = !self.to_file();
        if let Some(field) = self.form.field_mut(1) {
            field.hidden = hidden;
        }
    }
}

impl Dialog for PrintBadge {
    fn title(&self) -> String {
        format!("Print the badge of {}", self.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.show();
        Vec::new()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::People(people::Answer::Printed(Ok(sentence))) => {
                self.printed = Some(sentence);
                Vec::new()
            }
            Answer::People(people::Answer::Printed(Err(sentence))) => vec![Cmd::Refuse(sentence)],
            _ => Vec::new(),
        }
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        if let Some(printed) = &self.printed {
            let words = format!("{printed} Esc closes.");
            return text::wrap(&words, width).into_iter().map(|l| vec![Cell::with(l, Style::Title)]).collect();
        }
        let words = "The badge is saved. Its code is not shown again: without this paper make another (b). Without a \
                     printer (: printer) it becomes a PDF, and its path is told. A file may end in .pdf, .html or .zpl.";
        text::wrap(words, width).into_iter().map(|l| vec![Cell::plain(l)]).collect()
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Err(Complaint::at(0, "It is printed, not saved.")) // `done` prints it
    }
    fn done(&mut self, _look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let file = self.form.field(1).map(|f| f.value().trim().to_string()).unwrap_or_default();
        let to = match self.to_file() {
            true if file.is_empty() => return Err(Complaint::at(1, "The name of the file is missing.")),
            true => Some(PathBuf::from(file)),
            false => None,
        };
        let (name, code) = (self.name.clone(), self.code.clone());
        Ok(vec![Cmd::Load("badge paper", Load::People(people::Load::PrintBadge { name, code, to }))])
    }
}
