//! Find anything, as one types: customer, order (open, shipped, closed), item, PO, supplier, bin, barcode; and below it
//! the answer to "where is my order?", to be read out or copied.

use super::action::Action;
use super::entry::{NewOrderDialog, Notes};
use super::listed::Listed;
use super::overlay::{Overlay, dialog, footer, lines, moved, title};
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::{Role, Theme};
use crate::domain::ids::CustomerId;
use crate::worker::entering::About;
use crate::worker::search::{self, Found, FoundKind, Whereabouts};
use crate::worker::{Answer, Load};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// Lines of the answer below the list, at least; a longer one takes more, and leaves the list so many rows.
const ANSWER: u16 = 5;
const ROWS_AT_LEAST: u16 = 4;

/// The search, what it found, and where the chosen one is.
#[derive(Default)]
pub struct Find {
    input: Input,
    found: Vec<Found>,
    cursor: usize,
    /// The text that `found` answers.
    answered: String,
    /// The list has the keys: letters do something; any other letter goes on with the text.
    in_list: bool,
    told: Option<(FoundKind, i64, Option<Box<Whereabouts>>)>,
    said: Option<String>,
}

impl Find {
    fn ask(&self) -> Vec<Cmd> {
        vec![Cmd::Load("find", Load::Search(search::Load::Find(self.input.value().to_string())))]
    }

    fn ask_where(&self) -> Vec<Cmd> {
        let asks = |f: &&Found| matches!(f.kind, FoundKind::Customer | FoundKind::Order);
        let chosen = self.found.get(self.cursor).filter(asks);
        chosen.map(|f| Cmd::Load("where", Load::Search(search::Load::Where(f.kind, f.id)))).into_iter().collect()
    }

    /// The chosen thing, once the list answers what was typed.
    fn chosen(&self) -> Option<&Found> {
        self.found.get(self.cursor).filter(|_| self.answered == self.input.value())
    }

    /// Where the chosen one is, once that is known.
    fn told(&self) -> Option<&Whereabouts> {
        let chosen = self.chosen()?;
        let (kind, id, told) = self.told.as_ref()?;
        told.as_deref().filter(|_| (*kind, *id) == (chosen.kind, chosen.id))
    }

    /// What `y` copies: the answer, else the row's name.
    fn words(&self) -> Option<String> {
        self.told().map(|t| t.sentence.clone()).or_else(|| self.chosen().map(|f| f.title.clone()))
    }

    fn open(&self) -> Vec<Cmd> {
        let Some(found) = self.chosen() else { return vec![Cmd::Beep] };
        match self.told() {
            // A closed order stands in no tab: it is shown here, line by line.
            Some(told) if !told.open => {
                let story = Story { heading: told.name.clone(), lines: told.lines.clone(), top: 0 };
                vec![Cmd::Open(Box::new(story))]
            }
            _ => vec![Cmd::Close, place(found)],
        }
    }

    fn contact(&mut self) -> Vec<Cmd> {
        match self.told() {
            Some(told) if told.open => {
                let id = told.customer.0;
                vec![Cmd::Close, Cmd::GoTo { tab: 1, id }, Cmd::Do(Action::Contact)]
            }
            Some(told) => {
                let number = told.phone.as_deref().unwrap_or("no number on file");
                self.said = Some(format!("Nothing of theirs is open, so there is nothing to record: {number}."));
                vec![Cmd::Beep]
            }
            None => {
                self.said = Some("Choose a customer or an order first.".into());
                vec![Cmd::Beep]
            }
        }
    }

    /// A note on the chosen thing, whatever it is.
    fn note(&mut self) -> Vec<Cmd> {
        let Some(found) = self.chosen() else { return vec![Cmd::Beep] };
        let about = match found.kind {
            FoundKind::Customer => About::Customer(found.id),
            FoundKind::Order => About::Order(found.id),
            FoundKind::Item => About::Item(found.id),
            FoundKind::Po => About::Po(found.id),
            FoundKind::Supplier => About::Supplier(found.id),
            FoundKind::Bin => About::Bin(found.id),
        };
        vec![dialog(Notes::on(vec![about]))]
    }

    /// An order of the chosen customer, or of whoever ordered what is chosen.
    fn new_order(&mut self) -> Vec<Cmd> {
        let who = match (self.chosen(), self.told()) {
            (Some(found), _) if found.kind == FoundKind::Customer => Some((CustomerId(found.id), found.title.clone())),
            (Some(found), Some(told)) if found.kind == FoundKind::Order => Some((told.customer, told.name.clone())),
            _ => None,
        };
        match who {
            Some(who) => vec![Cmd::Close, dialog(NewOrderDialog::of(Some(who)))],
            None => {
                self.said = Some("Choose a customer or an order first.".into());
                vec![Cmd::Beep]
            }
        }
    }

    fn typed(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        self.in_list = false;
        let before = self.input.value().to_string();
        self.input.handle_event(&TermEvent::Key(*key));
        if self.input.value() == before { Vec::new() } else { self.ask() }
    }
}

/// The tab on which a thing is looked at, and its row there.
fn place(found: &Found) -> Cmd {
    let tab = match found.kind {
        FoundKind::Item | FoundKind::Bin => 0,
        FoundKind::Customer | FoundKind::Order => 1,
        FoundKind::Po | FoundKind::Supplier => 2,
    };
    Cmd::GoTo { tab, id: found.place }
}

fn heading(kind: FoundKind) -> &'static str {
    match kind {
        FoundKind::Customer => "Customers",
        FoundKind::Order => "Orders",
        FoundKind::Item => "Items",
        FoundKind::Po => "POs",
        FoundKind::Supplier => "Suppliers",
        FoundKind::Bin => "Bins",
    }
}

impl Overlay for Find {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let row = |f: &Found| vec![heading(f.kind).to_string(), f.title.clone(), f.detail.clone()];
        let rows = self.found.iter().map(row).collect();
        (!self.found.is_empty()).then(|| Listed::of("found", &["what", "name", "detail"], rows, &[]))
    }

    fn refused(&mut self, sentence: &str) {
        self.said = Some(sentence.to_string());
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        self.said = None;
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) => vec![Cmd::Close],
            KeyCode::Enter => self.open(),
            KeyCode::Up if self.cursor == 0 => {
                self.in_list = false;
                Vec::new()
            }
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown | KeyCode::Tab => {
                // The first press only takes the keys to the list: its first row is chosen already.
                if self.in_list && key.code != KeyCode::Tab {
                    self.cursor = moved(self.cursor, self.found.len(), key, look.height as usize / 2);
                }
                self.in_list = !self.found.is_empty();
                self.ask_where()
            }
            KeyCode::Char('c') if self.in_list && plain => self.contact(),
            KeyCode::Char('i') if self.in_list && plain => self.note(),
            KeyCode::Char('n') if self.in_list && plain => self.new_order(),
            KeyCode::Char('p') if self.in_list && plain => vec![Cmd::Do(Action::File)],
            KeyCode::Char('y') if self.in_list && plain => match self.words() {
                Some(words) => {
                    self.said = Some("Copied.".into());
                    vec![Cmd::Copy(words)]
                }
                None => vec![Cmd::Beep],
            },
            _ => self.typed(key),
        }
    }

    fn in_text(&self) -> bool {
        !self.in_list
    }

    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        self.ask()
    }

    fn scanned(&mut self, code: &str, _look: &Look) -> Vec<Cmd> {
        self.input = Input::new(code.to_string());
        self.in_list = false;
        self.ask()
    }

    fn paste(&mut self, pasted: &str, _look: &Look) -> Vec<Cmd> {
        let line: String = pasted.lines().next().unwrap_or("").chars().filter(|c| !c.is_control()).take(200).collect();
        self.input = Input::new(format!("{}{line}", self.input.value()));
        self.ask()
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Search(search::Answer::Found { text, found }) => {
                // The same question asked again: the chosen row stays.
                let same = self.answered == text && self.found.len() == found.len();
                self.cursor = if same { self.cursor } else { 0 };
                (self.found, self.answered) = (found, text);
                self.in_list &= !self.found.is_empty();
                self.ask_where()
            }
            Answer::Search(search::Answer::Where(kind, id, told)) => {
                self.told = Some((kind, id, told));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Find");
        let width = area.width as usize;
        let typed = text::clip(self.input.value(), width.saturating_sub(4));
        buf.set_string(area.x + 1, area.y + 1, typed, theme.style(Role::Title));
        let nothing = if self.input.value().trim().is_empty() {
            Some("Type a part of a name, an order, a PO, a SKU, a phone or parcel number, or scan.".to_string())
        } else if self.found.is_empty() && self.answered == self.input.value() {
            Some(format!("Nothing has \"{}\". Fewer letters find more.", self.answered))
        } else {
            None
        };
        if let Some(words) = nothing {
            let words = text::clip(&words, width.saturating_sub(2));
            buf.set_string(area.x + 1, area.y + 3, words, theme.style(Role::Normal));
        }
        let below = self.chosen().filter(|_| area.height >= 16);
        // As many lines as the answer has, as long as a few rows of the list stay.
        let said = below.map(|found| self.answer(found, width.saturating_sub(3)));
        let most = area.height.saturating_sub(5 + ROWS_AT_LEAST);
        let answer = said.as_ref().map_or(0, |said| {
            let least = ANSWER + u16::from(area.height >= 30) + 1;
            u16::try_from(said.len() + 2).unwrap_or(most).max(least).min(most)
        });
        self.draw_list(Rect { y: area.y + 3, height: area.height.saturating_sub(5 + answer), ..area }, buf, theme);
        if let (Some(found), Some(said)) = (below, said) {
            let y = area.bottom().saturating_sub(answer + 1);
            self.draw_answer(found, said, Rect { y, height: answer, ..area }, buf, theme);
        }
        if let Some(said) = &self.said {
            let y = area.bottom().saturating_sub(2);
            let words = text::clip(said, width.saturating_sub(2));
            buf.set_string(area.x + 1, y, text::left(&words, width.saturating_sub(2)), theme.style(Role::Title));
        }
        let keys = match self.in_list {
            true => "Enter open  c contact  n new order  i note  y copy  p print",
            false => "Enter open  Down: c contact  n new order  i note  y copy",
        };
        footer(area, buf, theme, keys, "Esc back");
        if self.in_list {
            return None;
        }
        let x = area.x + 1 + self.input.visual_cursor() as u16;
        Some(Position::new(x.min(area.right().saturating_sub(1)), area.y + 1))
    }
}

impl Find {
    /// A line for each heading and each row; the window follows the cursor.
    fn draw_list(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let width = area.width as usize;
        let mut all: Vec<(Option<usize>, String)> = Vec::new();
        let mut last = None;
        let longest = |kind| {
            let of = self.found.iter().filter(|f| f.kind == kind);
            of.map(|f| text::width(&f.title)).max().unwrap_or(0).min(width / 2).min(46)
        };
        for (i, f) in self.found.iter().enumerate() {
            if last != Some(f.kind) {
                all.push((None, heading(f.kind).into()));
                last = Some(f.kind);
            }
            let title = text::left(&f.title, longest(f.kind));
            all.push((Some(i), format!("{} {title}  {}", if i == self.cursor { "▸" } else { " " }, f.detail)));
        }
        let missing: Vec<&str> = [FoundKind::Po, FoundKind::Supplier, FoundKind::Bin]
            .into_iter()
            .filter(|kind| !self.found.is_empty() && !self.found.iter().any(|f| f.kind == *kind))
            .map(heading)
            .collect();
        if !missing.is_empty() {
            all.push((None, format!("{}: none", missing.join(", "))));
        }
        let rows = area.height as usize;
        let at = all.iter().position(|(i, _)| *i == Some(self.cursor)).unwrap_or(0);
        let top = (at + 2).saturating_sub(rows);
        for (n, (i, words)) in all.iter().skip(top).take(rows).enumerate() {
            let role = match i {
                None => Role::Quiet,
                Some(i) if *i == self.cursor => Role::Selected,
                Some(_) => Role::Normal,
            };
            let line = text::left(&text::clip(words, width.saturating_sub(1)), width.saturating_sub(1));
            buf.set_string(area.x + 1, area.y + n as u16, line, theme.style(role));
        }
    }

    /// What is said of the chosen one, in lines of that width.
    fn answer(&self, found: &Found, room: usize) -> Vec<Line> {
        let told = self.told();
        let mut said: Vec<Line> = match told {
            Some(told) => {
                let words = format!("\"Where is my order?\"  {}", told.sentence);
                text::wrap(&words, room).into_iter().map(|l| vec![Cell::plain(l)]).collect()
            }
            None => text::wrap(&found.detail, room).into_iter().map(|l| vec![Cell::plain(l)]).collect(),
        };
        if let Some(aside) = told.map(|t| t.aside.as_str()).filter(|a| !a.is_empty()) {
            said.extend(text::wrap(aside, room).into_iter().map(|l| vec![Cell::with(l, Role::Soon)]));
        }
        said
    }

    fn draw_answer(&self, found: &Found, mut said: Vec<Line>, area: Rect, buf: &mut Buffer, theme: &Theme) {
        title(area, buf, theme, self.told().map_or(found.title.as_str(), |t| t.name.as_str()));
        let rows = (area.height as usize).saturating_sub(2);
        if said.len() > rows {
            said.truncate(rows.saturating_sub(1));
            said.push(vec![Cell::with("... there is more: y copies all of it.", Role::Soon)]);
        }
        lines(Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area }, buf, theme, &said);
    }
}

/// A closed order, line by line.
struct Story {
    heading: String,
    lines: Vec<String>,
    top: usize,
}

impl Overlay for Story {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        Some(Listed::read(&self.heading, self.lines.clone()))
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') | KeyCode::Left => vec![Cmd::Close],
            KeyCode::Char('y') => vec![Cmd::Copy(self.lines.join("\n")), Cmd::Close],
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            _ => {
                let page = look.height.saturating_sub(4) as usize;
                self.top = moved(self.top, self.lines.len().saturating_sub(page).max(1), key, page);
                Vec::new()
            }
        }
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, &self.heading);
        let rows = area.height.saturating_sub(4) as usize;
        let top = self.top.min(self.lines.len().saturating_sub(rows));
        let shown: Vec<Line> = self.lines.iter().skip(top).take(rows).map(|l| vec![Cell::plain(l.clone())]).collect();
        lines(Rect { y: area.y + 2, height: rows as u16, ..area }, buf, theme, &shown);
        footer(area, buf, theme, "Up Down PgUp PgDn  scroll   y copy   p print, export", "Esc back");
        None
    }
}
