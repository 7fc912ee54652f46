//! What to count: sessions to go on with, what is due, what is worth a look; and the dialog that begins a session.

use super::count::Count;
use super::count_review::CountReview;
use super::{Cmd, Line, count_paper, stock_dialogs};
use crate::domain::dates;
use crate::domain::scan;
use crate::tui::action::Action;
use crate::tui::form::{Field, Form};
use crate::tui::keymap::{self, Scope as Keys};
use crate::tui::listed::Listed;
use crate::tui::overlay::{Complaint, Dialog, Help, Overlay, dialog, footer, moved, title};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::tui::views::scanning;
use crate::worker::counting::{self, Class, Menu, Preview, Record, Scope};
use crate::worker::stock::ItemDetail;
use crate::worker::{self, Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The choice of what to count.
pub struct CountMenu {
    /// The item chosen in the list below.
    item: Option<ItemDetail>,
    menu: Option<Menu>,
    cursor: usize,
    /// The session that F8 would throw away.
    dropping: bool,
    said: Option<String>,
}

enum Choice {
    Session(usize),
    Begin(Scope),
    Wide,
    ThisItem,
}

impl CountMenu {
    pub fn new(item: Option<ItemDetail>) -> CountMenu {
        CountMenu { item, menu: None, cursor: 0, dropping: false, said: None }
    }

    /// The rows: what is chosen, its name, what it comes to.
    fn rows(&self) -> Vec<(Choice, String, String)> {
        let Some(menu) = &self.menu else { return Vec::new() };
        let mut rows = Vec::new();
        for (at, session) in menu.sessions.iter().enumerate() {
            let round = match session.again.as_slice() {
                [] if !session.second.is_empty() => match session.second.as_slice() {
                    [one] => format!("{one} waits for your count"),
                    several => format!("{} bins wait for your count", several.len()),
                },
                [] if session.bins == 0 => "as I go".into(),
                [] => format!("{} of {} done", session.done, text::plural(session.bins, "bin")),
                [one] => format!("count {one} again"),
                [one, more @ ..] => format!("count {one} and {} more again", more.len()),
            };
            // Two of one name are told apart by when they were begun.
            let same = menu.sessions.iter().filter(|s| s.name == session.name).count() > 1;
            let began = match same {
                true => format!(", {} {}", dates::of_month(session.began.date()), session.began.format("%H:%M")),
                false => String::new(),
            };
            rows.push((
                Choice::Session(at),
                format!("go on: {}{began}", session.name),
                // What waits for this person says more than who began it.
                if session.second.is_empty() { format!("{round}, by {}", session.operator) } else { round },
            ));
        }
        let mut add = |scope: Scope, name: &str, found: &Preview| {
            if found.bins > 0 {
                rows.push((Choice::Begin(scope), name.to_string(), comes_to(found)));
            }
        };
        let due = match menu.below.as_slice() {
            [] => "due today".to_string(),
            [(bin, _)] => format!("due today, {bin} (below zero)"),
            several => format!("due today, {} bins below zero", several.len()),
        };
        add(Scope::Due, &due, &menu.due);
        add(Scope::Short, "short, though the book says there is stock", &menu.short);
        add(Scope::Emptied, "emptied by the last pick", &menu.emptied);
        if let Some(item) = &self.item {
            let name = format!("only {}", item.record.name);
            rows.push((Choice::ThisItem, name, "one item, saved at once".into()));
        }
        rows.push((Choice::Begin(Scope::Anything), "count as I go".into(), "any bin, whatever I scan".into()));
        rows.push((Choice::Wide, "bins, a category, a class ...".into(), "choose what, then count it".into()));
        rows
    }

    fn open(&self) -> Vec<Cmd> {
        let rows = self.rows();
        let menu = self.menu.as_ref();
        match rows.get(self.cursor).map(|r| &r.0) {
            Some(Choice::Session(at)) => match menu.and_then(|m| m.sessions.get(*at)) {
                Some(session) => vec![Cmd::Close, Count::open(session.id)],
                None => Vec::new(),
            },
            Some(Choice::Begin(scope)) => vec![Cmd::Close, begin(scope.clone())],
            Some(Choice::Wide) => vec![Cmd::Close, begin_wide()],
            Some(Choice::ThisItem) => {
                let count = self.item.clone().map(|item| dialog(stock_dialogs::Count::new(item)));
                vec![Cmd::Close].into_iter().chain(count).collect()
            }
            None => vec![Cmd::Beep],
        }
    }

    fn session(&self) -> Option<&counting::Listed> {
        match self.rows().get(self.cursor).map(|r| &r.0) {
            Some(Choice::Session(at)) => self.menu.as_ref()?.sessions.get(*at),
            _ => None,
        }
    }

    fn needs_a_count(&mut self) -> Vec<Cmd> {
        self.said =
            Some("That is for a count that is begun already: choose one with \"go on\", or begin one (Enter).".into());
        vec![Cmd::Beep]
    }

    fn other_key(&mut self, key: &KeyEvent, dropping: bool, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::F(8) if dropping => match self.session() {
                Some(session) => vec![Cmd::Record("drop", worker::Record::Counting(Record::Drop(session.id)))],
                None => Vec::new(),
            },
            KeyCode::Char(c) if c.is_ascii_digit() => {
                let at = (c as usize).wrapping_sub('1' as usize);
                if at < self.rows().len() {
                    self.cursor = at;
                }
                Vec::new()
            }
            _ => {
                self.cursor = moved(self.cursor, self.rows().len(), key, look.height as usize / 2);
                Vec::new()
            }
        }
    }

    /// What stands on top.
    fn sentence(&self) -> String {
        let Some(menu) = &self.menu else { return "Reading what there is to count ...".into() };
        match (menu.due.bins, menu.short.bins) {
            (0, 0) if menu.scheduled => "No count is due.".into(),
            (0, 0) => "No count is planned: the setting counting.days (: settings) plans them.".into(),
            (0, n) => format!(
                "No count is due. c again: short lines whose book says there is stock ({}).",
                text::plural(n, "bin")
            ),
            (n, _) => {
                let below = match menu.below.as_slice() {
                    [] => String::new(),
                    [(bin, item)] => format!(" {bin} is below zero: {item}."),
                    [(bin, item), more @ ..] => format!(" {bin} ({item}) and {} more are below zero.", more.len()),
                };
                let minutes = text::plural(menu.due.minutes.max(1) as usize, "minute");
                format!("{} to count today, about {minutes}.{below}", text::plural(n, "bin"))
            }
        }
    }
}

fn comes_to(found: &Preview) -> String {
    format!("{}, {}, about {} min", text::plural(found.bins, "bin"), text::plural(found.lines, "line"), found.minutes)
}

impl Overlay for CountMenu {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        self.menu.as_ref()?;
        let rows = self.rows().into_iter().map(|(_, name, what)| vec![name, what]).collect();
        Some(Listed::of("to count", &["what", "how_much"], rows, &[]))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("menu", Load::Counting(counting::Load::Menu))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        let dropping = std::mem::take(&mut self.dropping);
        self.said = None;
        match keymap::resolve(&[Keys::Counts, Keys::Everywhere], key) {
            Some(Action::Back | Action::Quit) => vec![Cmd::Close],
            Some(Action::Help) => vec![Cmd::Open(Box::new(Help::of_counts()))],
            Some(Action::Open) => self.open(),
            Some(Action::CountShort) if self.menu.as_ref().is_some_and(|m| m.short.bins > 0) => {
                vec![Cmd::Close, begin(Scope::Short)]
            }
            Some(Action::Review) => match self.session() {
                Some(session) => vec![Cmd::Close, Cmd::Open(Box::new(CountReview::new(session.id)))],
                None => self.needs_a_count(),
            },
            Some(Action::Export) => match self.session() {
                Some(session) => vec![count_paper::write(session.id, look)],
                None => self.needs_a_count(),
            },
            Some(Action::ReadSheet) => match self.session() {
                Some(session) => vec![count_paper::read(session.id, look)],
                None => self.needs_a_count(),
            },
            Some(Action::HowExact) => vec![Cmd::Open(Box::<count_paper::HowExact>::default())],
            Some(Action::ThrowAway) => match self.session().map(|s| s.name.clone()) {
                Some(name) => {
                    self.dropping = true;
                    let words = "away: what was counted stays on record, nothing is booked.";
                    self.said = Some(format!("F8 throws {name} {words}"));
                    Vec::new()
                }
                None => self.needs_a_count(),
            },
            _ => self.other_key(key, dropping, look),
        }
    }

    fn loaded(&mut self, part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Counting(counting::Answer::Menu(menu)) => {
                self.menu = Some(menu);
                self.cursor = self.cursor.min(self.rows().len().saturating_sub(1));
                Vec::new()
            }
            Answer::Counting(counting::Answer::Marked) if part == "drop" => self.opened(look),
            _ => Vec::new(),
        }
    }

    fn refused(&mut self, sentence: &str) {
        self.said = Some(sentence.to_string());
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Count");
        let width = area.width as usize;
        for (y, line) in (area.y + 1..).zip(text::wrap(&self.sentence(), width.saturating_sub(2)).iter().take(2)) {
            buf.set_string(area.x + 1, y, line, theme.style(Role::Normal));
        }
        let rows = self.rows();
        let names = rows.iter().map(|r| text::width(&r.1)).max().unwrap_or(0).min(width.saturating_sub(8) * 3 / 5);
        let room = area.height.saturating_sub(7) as usize;
        let top = (self.cursor + 1).saturating_sub(room);
        for (n, (i, (_, name, what))) in rows.iter().enumerate().skip(top).take(room).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let number = if i < 9 { (i + 1).to_string() } else { " ".into() };
            let line = format!("{sign}{number}  {}  {what}", text::left(name, names));
            let style = theme.style(if i == self.cursor { Role::Selected } else { Role::Normal });
            let y = area.y + 3 + n as u16;
            buf.set_string(
                area.x + 1,
                y,
                text::left(&text::clip(&line, width.saturating_sub(2)), width.saturating_sub(2)),
                style,
            );
        }
        if let Some(said) = &self.said {
            let room = Rect { y: area.bottom().saturating_sub(4), height: 2, ..area };
            scanning::sentence(room, buf, theme, &(said.clone(), Role::Title));
        }
        let keys = if self.session().is_some() {
            "Enter goes on  r review  p sheet  i read it back  x throw away"
        } else {
            "Enter opens it   1-9 choose   a how exact the books are   ? keys"
        };
        footer(area, buf, theme, keys, "Esc back");
        None
    }
}

/// What a session may be begun with, in the order of the choice.
const KINDS: [&str; 6] = ["bins", "category", "class", "not counted for", "never counted", "as I go"];

const COUNT: usize = 0;
const BINS: usize = 1;
const CATEGORY: usize = 2;
const CLASS: usize = 3;
const DAYS: usize = 4;
const NAME: usize = 5;

/// The dialog that begins a session.
pub struct Begin {
    form: Form,
    /// Given: only the name may be typed.
    fixed: Option<Scope>,
    preview: Option<(Scope, Result<Preview, String>)>,
}

/// Begins a session of this scope, once it is confirmed.
pub fn begin(scope: Scope) -> Cmd {
    let name = Field::text("Name", "").noted(format!("else: {}", scope.name()));
    dialog(Begin { form: Form::new(vec![name]).saving_as("Start").by_f8_alone(), fixed: Some(scope), preview: None })
}

fn begin_wide() -> Cmd {
    let classes = Class::ALL.map(Class::letter);
    let fields = vec![
        Field::choice("Count", &KINDS, 0).tall(2),
        Field::naming_bins("Bins").noted("A1 C2-11 D1-01..D1-09"),
        Field::list("Category", Vec::new()),
        Field::choice("Class", &classes, 0).noted("by the value used in a year"),
        Field::text("Days", "90").noted("or longer ago, or never"),
        Field::text("Name", "").noted("blank: as what is counted"),
    ];
    let mut begin = Begin { form: Form::new(fields).saving_as("Start").by_f8_alone(), fixed: None, preview: None };
    begin.show();
    dialog(begin)
}

impl Begin {
    fn kind(&self) -> usize {
        self.form.field(COUNT).map_or(0, Field::chosen)
    }

    /// Only what belongs to the kind is asked for.
    fn show(&mut self) {
        let kind = self.kind();
        for at in [BINS, CATEGORY, CLASS, DAYS] {
            if let Some(field) = self.form.field_mut(at) {
                field.hidden = at != kind + 1;
            }
        }
    }

    fn scope(&self) -> Result<Scope, Complaint> {
        if let Some(scope) = &self.fixed {
            return Ok(scope.clone());
        }
        let typed = |at: usize| self.form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default();
        let missing = |at: usize, what: &str| Complaint::at(at, format!("{what} is missing."));
        match self.kind() {
            0 if typed(BINS).is_empty() => Err(missing(BINS, "Which bins (A1 C2-11 D1-01..D1-09)")),
            0 => Ok(Scope::Bins(typed(BINS))),
            1 => match self.form.field(CATEGORY).map(Field::chosen_words).filter(|c| !c.is_empty()) {
                Some(category) => Ok(Scope::Category(category)),
                None => Err(Complaint::at(CATEGORY, "No item has a category: count bins instead.")),
            },
            2 => {
                let class = self.form.field(CLASS).and_then(|f| Class::ALL.get(f.chosen()).copied());
                class.map(Scope::Class).ok_or_else(|| missing(CLASS, "The class, A, B or C,"))
            }
            3 => {
                let days = typed(DAYS).trim_end_matches(|c: char| c.is_alphabetic() || c == ' ').parse().ok();
                let days = days.filter(|d| (1..=9999).contains(d));
                days.map(Scope::NotFor).ok_or_else(|| missing(DAYS, "A number of days"))
            }
            4 => Ok(Scope::Never),
            _ => Ok(Scope::Anything),
        }
    }

    fn name(&self) -> String {
        let at = if self.fixed.is_some() { 0 } else { NAME };
        self.form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
    }

    fn ask(&mut self) -> Vec<Cmd> {
        if self.fixed.is_none() {
            self.show();
        }
        match self.scope() {
            Ok(Scope::Anything) | Err(_) => Vec::new(),
            Ok(scope) => vec![Cmd::Load("preview", Load::Counting(counting::Load::Preview(scope)))],
        }
    }
}

impl Dialog for Begin {
    fn title(&self) -> String {
        self.fixed.as_ref().map_or("Begin a count".into(), |scope| format!("Begin a count: {}", scope.name()))
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        let categories = Cmd::Load("categories", Load::Counting(counting::Load::Categories));
        self.ask().into_iter().chain([categories].into_iter().filter(|_| self.fixed.is_none())).collect()
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.ask()
    }
    /// A bin's label says which bins; anything else is scanned when the count is begun.
    fn scanned(&mut self, code: &str) -> Option<Result<usize, String>> {
        let in_bins = self.fixed.is_none() && self.kind() == 0 && self.form.focus() == BINS;
        let bin = match scan::label(code) {
            Some((scan::Label::Bin, bin)) if self.fixed.is_none() => bin,
            _ if in_bins => code,
            _ => return Some(Err(format!("{code}: nothing was counted. F8 begins the count, then scan it."))),
        };
        self.form.field_mut(COUNT)?.choose(0);
        let field = self.form.field_mut(BINS)?;
        let before = field.value().trim().to_string();
        field.take(format!("{before} {}", bin.to_uppercase()).trim());
        Some(Ok(BINS))
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Counting(counting::Answer::Preview(scope, result)) => {
                self.preview = Some((scope, result));
                Vec::new()
            }
            Answer::Counting(counting::Answer::Categories(names)) => {
                if let Some(field) = self.form.field_mut(CATEGORY) {
                    field.set_options((0..).zip(names).collect());
                }
                Vec::new()
            }
            Answer::Counting(counting::Answer::Begun(session)) => {
                vec![Cmd::Close, Count::open(session)]
            }
            _ => Vec::new(),
        }
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let Ok(scope) = self.scope() else { return Vec::new() };
        let words = match self.preview.as_ref().filter(|(of, _)| *of == scope).map(|p| &p.1) {
            Some(Err(nothing)) => nothing.clone(),
            Some(Ok(found)) => format!("{}. It begins with {}.", comes_to(found), found.first.join(", ")),
            None if scope == Scope::Anything => "Whatever you scan is counted, bin by bin; nothing else is.".into(),
            None => String::new(),
        };
        let blind = "Blind: the book is compared when you review it.".to_string();
        [words, blind].iter().flat_map(|w| text::wrap(w, width)).map(|l| vec![Cell::plain(l)]).collect()
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Err(Complaint::at(0, "A session is begun, not saved.")) // `done` begins it
    }
    fn done(&mut self, _look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let name = self.name();
        if !matches!(scan::typed(&name, true), Ok(scan::Entry::Nothing | scan::Entry::Words(_))) {
            let at = if self.fixed.is_some() { 0 } else { NAME };
            return Err(Complaint::at(
                at,
                format!("{name} is for the count itself, not its name: F8 begins, then scan."),
            ));
        }
        let wanted = Record::Begin(scope_and_name(self.scope()?, self.name()));
        Ok(vec![Cmd::Record("begin", worker::Record::Counting(wanted))])
    }
}

fn scope_and_name(scope: Scope, name: String) -> counting::Wanted {
    counting::Wanted { scope, name, uid: None }
}

/// The action behind a key that opens the choice, for the tab that shows an item.
pub fn open(action: Action, item: Option<ItemDetail>) -> Cmd {
    match action {
        Action::CountShort => begin(Scope::Short),
        _ => Cmd::Open(Box::new(CountMenu::new(item))),
    }
}
