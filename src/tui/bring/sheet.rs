//! A file that was looked at: what it holds, what its columns mean, what is asked, what bringing it in would do.

mod saying;

pub use saying::set_of;

use super::ask;
use crate::tui::begin::Begin;
use crate::tui::finder::Finder;
use crate::tui::listed::Listed;
use crate::tui::overlay::{dialog, moved};
use crate::tui::screens::Cmd;
use crate::tui::table::Look;
use crate::worker::Answer as Any;
use crate::worker::bringing::{
    Answer, Cancel, Content, Job, Known, Load, Looked, Plan, Question, Resolved, Seen, Unreadable, Way, Weighed,
};
use crossterm::event::{KeyCode, KeyEvent};
use std::collections::HashSet;
use tui_input::Input;

/// A place that the cursor can stand on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// What is in it?
    What,
    /// Which sheet of the workbook.
    Sheet,
    /// Which shop its orders come from.
    Shop,
    Column(usize),
    /// The n-th question.
    Question(usize),
    /// What becomes of rows with a value that cannot be read, the n-th column of them.
    Keep(usize),
    /// The n-th code that no item has.
    Code(usize),
}

/// The list of meanings that is open under a column.
pub struct Meanings {
    pub column: usize,
    pub cursor: usize,
}

/// Saying what a code is.
pub struct Naming {
    pub code: String,
    pub input: Input,
    pub finder: Finder,
}

/// Shops that may be meant where the warehouse has none yet.
const USUAL_SHOPS: [&str; 2] = ["webshop", "phone"];

/// How far things are.
pub enum Stage {
    /// What would happen is being worked out; another question, or going back, ends it.
    Weighing {
        far: Far,
        cancel: Cancel,
    },
    Weighed(Box<Weighed>),
    /// It cannot be worked out: the sentence says why.
    Stuck(String),
    /// It is being brought in.
    Bringing {
        far: Far,
        cancel: Cancel,
    },
}

/// How far it is: rows of how many, and how long the rest takes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Far {
    pub done: usize,
    pub all: usize,
    pub seconds_left: Option<u64>,
}

/// The state of the screen.
pub struct Sheet {
    pub looked: Looked,
    /// What it holds: `None` is what is known of it without asking.
    pub content: Option<Content>,
    pub plan: Plan,
    /// The shops that are offered.
    pub shops: Vec<String>,
    /// A shop's name that is being typed.
    pub new_shop: Option<Input>,
    pub cursor: usize,
    pub meanings: Option<Meanings>,
    pub naming: Option<Naming>,
    pub resolved: Vec<Resolved>,
    /// Columns with values that cannot be read: their rows stay out, or come in without them.
    pub unreadable: Vec<Unreadable>,
    pub stage: Stage,
    pub said: Option<String>,
    /// Lines of what will happen that are scrolled out above.
    pub top: usize,
}

impl Sheet {
    /// Of a file that was looked at; `before` is the same file with another sheet chosen.
    pub fn of(seen: Seen, before: Option<Sheet>) -> (Sheet, Vec<Cmd>) {
        let Seen { looked, mut shops } = seen;
        shops.extend(looked.shop.clone());
        shops.extend(USUAL_SHOPS.map(String::from));
        let mut there = HashSet::new();
        shops.retain(|shop| there.insert(shop.clone()));
        // A column that the remembered layout has never seen is looked at before it is passed over.
        let known = looked.known.is_some() && looked.new_columns.is_empty();
        let content = if known { None } else { Some(looked.content) };
        let new = looked.new_columns.first().filter(|_| looked.known.is_some());
        let said =
            new.map(|c| format!("{c} is a new column: say what it is, or take the layout as it was (first choice)."));
        let plan = looked.guess(looked.content);
        let mut sheet = Sheet {
            looked,
            content,
            plan,
            shops,
            new_shop: None,
            cursor: 0,
            meanings: None,
            naming: None,
            resolved: Vec::new(),
            unreadable: Vec::new(),
            stage: Stage::Weighing { far: Far::default(), cancel: Cancel::default() },
            said,
            top: 0,
        };
        sheet.cursor = if before.is_some() { 1 } else { sheet.first_open().unwrap_or(0) };
        let cmds = sheet.weigh();
        (sheet, cmds)
    }

    pub fn in_text(&self) -> bool {
        self.naming.is_some() || self.new_shop.is_some()
    }

    /// Its columns, where they go, and their first values.
    pub fn listed(&self) -> Listed {
        let rows = self.looked.columns.iter().enumerate().map(|(n, column)| {
            let means = self.plan.columns.get(n).copied().flatten();
            let goes = means.map_or("(left out)", |m| m.words(self.plan.content)).to_string();
            vec![column.heading.clone(), goes, column.firsts.join(" | ")]
        });
        let rows = rows.collect();
        Listed::of("columns", &["column", "goes_to", "first_values"], rows, &[])
    }

    /// Everything that the cursor can stand on, from the top.
    pub fn places(&self) -> Vec<Place> {
        let mut out = vec![Place::What];
        if self.looked.sheets.len() > 1 && !matches!(self.way(), Way::Plain) {
            out.push(Place::Sheet);
        }
        if self.asks_shop() {
            out.push(Place::Shop);
        }
        if self.content.is_some() {
            out.extend((0..self.looked.columns.len()).map(Place::Column));
            out.extend((0..self.questions().len()).map(Place::Question));
            out.extend((0..self.unreadable.len()).map(Place::Keep));
        }
        out.extend((0..self.codes().len()).map(Place::Code));
        out
    }

    pub fn place(&self) -> Place {
        self.places().get(self.cursor).copied().unwrap_or(Place::What)
    }

    pub fn questions(&self) -> Vec<Question> {
        if self.content.is_some() { self.looked.questions(&self.plan) } else { Vec::new() }
    }

    /// Codes that no item has, and those that were said already.
    pub fn codes(&self) -> Vec<(String, String)> {
        let made = match &self.stage {
            Stage::Weighed(weighed) => weighed.made.clone(),
            _ => Vec::new(),
        };
        let said = self.resolved.iter().map(|r| (r.code.clone(), String::new()));
        said.chain(made).collect()
    }

    /// What a code was said to be.
    pub fn said_of(&self, code: &str) -> Option<&Resolved> {
        self.resolved.iter().find(|r| r.code == code)
    }

    /// Whether it is asked which shop it is.
    pub fn asks_shop(&self) -> bool {
        self.content.is_some() && self.plan.asks_shop()
    }

    /// Where the first question stands that was not answered.
    fn first_open(&self) -> Option<usize> {
        if self.asks_shop() && self.plan.shop.is_none() {
            return self.places().iter().position(|p| *p == Place::Shop);
        }
        let questions = self.questions();
        let open = questions.iter().position(|q| self.plan.answered(q).is_none())?;
        self.places().iter().position(|p| *p == Place::Question(open))
    }

    pub fn way(&self) -> Way {
        match (self.content, &self.looked.known) {
            (None, Some(Known::Profile(name, _))) => Way::Profile(name.clone()),
            (None, Some(Known::Plain)) => Way::Plain,
            _ => Way::Plan(self.plan.clone()),
        }
    }

    fn job(&self) -> Job {
        Job { looked: Box::new(self.looked.clone()), way: self.way(), resolved: self.resolved.clone() }
    }

    /// Works out anew what would happen.
    fn weigh(&mut self) -> Vec<Cmd> {
        if let Stage::Weighing { cancel, .. } = &self.stage {
            cancel.now();
        }
        let lacks = if self.content.is_some() { self.plan.lacks() } else { Vec::new() };
        if let Some(means) = lacks.first() {
            let content = self.plan.content;
            self.stage = Stage::Stuck(format!(
                "{} has no column yet. Choose the column that holds it, and Enter.",
                means.words(content)
            ));
            return Vec::new();
        }
        let cancel = Cancel::default();
        self.stage = Stage::Weighing { far: Far::default(), cancel: cancel.clone() };
        vec![ask("weigh", Load::Weigh(self.job(), cancel))]
    }

    pub fn progressed(&mut self, done: usize, all: usize, seconds_left: Option<u64>) {
        if let Stage::Bringing { far, .. } | Stage::Weighing { far, .. } = &mut self.stage {
            *far = Far { done, all, seconds_left };
        }
    }

    pub fn loaded(&mut self, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Weighed(Ok(weighed)) => {
                if !matches!(self.stage, Stage::Bringing { .. }) {
                    if self.does_not_fit(&weighed) {
                        return self.look_at_columns();
                    }
                    self.unreadable = if self.content.is_some() { weighed.unreadable.clone() } else { Vec::new() };
                    self.stage = Stage::Weighed(weighed);
                    self.top = 0;
                    self.cursor = self.cursor.min(self.places().len().saturating_sub(1));
                }
                Vec::new()
            }
            // A remembered layout that cannot read the file gives way to its columns: they say what it holds.
            Answer::Weighed(Err(_)) if matches!(self.way(), Way::Profile(_)) => self.look_at_columns(),
            Answer::Weighed(Err(sentence)) => {
                self.stage = Stage::Stuck(sentence);
                Vec::new()
            }
            Answer::Brought(Ok(done)) => {
                let remembered = done.remembered.map_or(String::new(), |name| format!("; profile {name} kept"));
                let words = format!("{}{remembered}", capital(&done.summary));
                if done.changed {
                    let mut cmds = vec![Cmd::Close, Cmd::Saved(words)];
                    if done.old_orders > 0 {
                        cmds.push(dialog(Begin::old_orders(done.old_orders)));
                    }
                    cmds
                } else {
                    vec![Cmd::Close, Cmd::Notice("Nothing changed: all of it was here already.".into())]
                }
            }
            Answer::Brought(Err(sentence)) => {
                self.said = Some(sentence);
                let mut cmds = self.weigh();
                cmds.push(Cmd::Beep);
                cmds
            }
            Answer::Written(result) => {
                self.said = Some(result.unwrap_or_else(|sentence| sentence));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// What was found for a code's item.
    pub fn found(&mut self, answer: &Any) -> Vec<Cmd> {
        if let Some(naming) = self.naming.as_mut() {
            naming.finder.loaded(answer);
        }
        Vec::new()
    }

    /// One key; `None`: back to the choice of the file.
    pub fn key(&mut self, key: &KeyEvent, look: &Look) -> Option<Vec<Cmd>> {
        if let Stage::Bringing { cancel, .. } = &self.stage {
            if matches!(key.code, KeyCode::Esc | KeyCode::F(12)) {
                cancel.now();
                self.said = Some("Ending it ...".into());
            }
            return Some(Vec::new());
        }
        if self.naming.is_some() {
            return Some(self.naming_key(key));
        }
        if self.new_shop.is_some() {
            return Some(self.new_shop_key(key));
        }
        if self.meanings.is_some() {
            return Some(self.meanings_key(key));
        }
        self.said = None;
        Some(match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) => {
                if let Stage::Weighing { cancel, .. } = &self.stage {
                    cancel.now();
                }
                return None;
            }
            KeyCode::F(8) => self.bring(),
            KeyCode::Char('p') => {
                if !matches!(&self.stage, Stage::Weighed(w) if w.bad > 0) {
                    self.said = Some("There are no bad rows.".into());
                    return Some(Vec::new());
                }
                self.said = Some("Writing them ...".into());
                vec![ask("bad rows", Load::BadRows(self.job()))]
            }
            KeyCode::Enter => self.enter(),
            KeyCode::Left => self.turn(-1),
            KeyCode::Right | KeyCode::Char(' ') => self.turn(1),
            KeyCode::Char(c @ '1'..='9') => self.choose(c as usize - '1' as usize),
            // What will happen may be longer than its room; the columns above follow the cursor.
            KeyCode::PageDown => {
                self.top = (self.top + 4).min(super::sheet_view::beyond(self, look));
                Vec::new()
            }
            KeyCode::PageUp => {
                self.top = self.top.saturating_sub(4);
                Vec::new()
            }
            KeyCode::Tab => {
                self.cursor = (self.cursor + 1).min(self.places().len().saturating_sub(1));
                Vec::new()
            }
            KeyCode::BackTab => {
                self.cursor = self.cursor.saturating_sub(1);
                Vec::new()
            }
            _ => {
                let page = (look.height / 3) as usize;
                self.cursor = moved(self.cursor, self.places().len(), key, page);
                Vec::new()
            }
        })
    }

    fn bring(&mut self) -> Vec<Cmd> {
        if let Some(open) = self.first_open() {
            self.cursor = open;
            let asks = match self.place() {
                Place::Shop => "which shop is it? Its own codes and order numbers are kept under that name.",
                _ => "what does it mean in this column?",
            };
            self.said = Some(format!("One answer first: {asks}"));
            return vec![Cmd::Beep];
        }
        match &self.stage {
            Stage::Weighed(weighed) if weighed.comes == 0 => {
                self.said = Some("No row of it can come in as it stands.".into());
                vec![Cmd::Beep]
            }
            Stage::Weighed(weighed) => {
                let (far, cancel) = (Far { all: weighed.comes, ..Far::default() }, Cancel::default());
                self.stage = Stage::Bringing { far, cancel: cancel.clone() };
                vec![ask("bring", Load::Bring(self.job(), cancel))]
            }
            Stage::Stuck(sentence) => {
                self.said = Some(sentence.clone());
                vec![Cmd::Beep]
            }
            _ => vec![Cmd::Beep],
        }
    }

    fn enter(&mut self) -> Vec<Cmd> {
        match self.place() {
            Place::Column(column) => {
                let now = self.plan.columns.get(column).copied().flatten();
                let cursor = self.plan.content.takes().iter().position(|(m, _)| Some(*m) == now).map_or(0, |n| n + 1);
                self.meanings = Some(Meanings { column, cursor });
                Vec::new()
            }
            Place::Question(n) => {
                let chosen = self.questions().get(n).map_or(0, |q| self.plan.answered(q).unwrap_or(0));
                self.choose(chosen)
            }
            Place::Code(n) => {
                let code = self.codes().get(n).map(|c| c.0.clone());
                if let Some(code) = code {
                    self.naming = Some(Naming { code, input: Input::default(), finder: Finder::default() });
                }
                Vec::new()
            }
            Place::Keep(n) => {
                let now = self.unreadable.get(n).is_some_and(|u| self.plan.keeps(u.column));
                self.keep(n, !now)
            }
            Place::Shop => {
                self.new_shop = Some(Input::default());
                Vec::new()
            }
            Place::What | Place::Sheet => {
                self.cursor = (self.cursor + 1).min(self.places().len().saturating_sub(1));
                Vec::new()
            }
        }
    }

    /// The next or former choice where the cursor stands.
    fn turn(&mut self, by: isize) -> Vec<Cmd> {
        match self.place() {
            Place::What => {
                let now = self.contents().iter().position(|c| *c == self.content).unwrap_or(0);
                let next = now as isize + by;
                usize::try_from(next).map(|n| self.hold(n)).unwrap_or_default()
            }
            Place::Sheet => {
                let now = self.looked.sheet.as_ref().and_then(|s| self.looked.sheets.iter().position(|x| x == s));
                let next = now.unwrap_or(0) as isize + by;
                usize::try_from(next).map(|n| self.choose(n)).unwrap_or_default()
            }
            Place::Shop => {
                let now = self.plan.shop.as_ref().and_then(|s| self.shops.iter().position(|x| x == s));
                let next = now.map_or(0, |now| now as isize + by);
                usize::try_from(next).map(|n| self.choose(n)).unwrap_or_default()
            }
            Place::Question(n) => {
                let now = self.questions().get(n).map_or(0, |q| self.plan.answered(q).unwrap_or(0));
                let next = if by < 0 { 0 } else { 1 };
                if now == next && self.questions().get(n).is_some_and(|q| self.plan.answered(q).is_some()) {
                    return Vec::new();
                }
                self.answer(n, next)
            }
            Place::Keep(n) => self.keep(n, by > 0),
            Place::Column(_) | Place::Code(_) => Vec::new(),
        }
    }

    /// Says of the n-th column whether its rows come in without what cannot be read.
    fn keep(&mut self, n: usize, yes: bool) -> Vec<Cmd> {
        let Some(column) = self.unreadable.get(n).map(|u| u.column) else { return Vec::new() };
        if self.plan.keeps(column) == yes {
            return Vec::new();
        }
        self.plan.keep(column, yes);
        self.weigh()
    }

    /// What it can be said to hold: what is known of it first, and beside that what its columns look like.
    pub fn contents(&self) -> Vec<Option<Content>> {
        let mut all = Content::ALL.to_vec();
        if self.looked.known.is_none() {
            return all.into_iter().map(Some).collect();
        }
        all.sort_by_key(|content| *content != self.looked.content);
        std::iter::once(None).chain(all.into_iter().map(Some)).collect()
    }

    /// No row comes in as the remembered layout has it: it is another sheet's.
    fn does_not_fit(&self, weighed: &Weighed) -> bool {
        let remembered = matches!(self.way(), Way::Profile(_));
        remembered && weighed.comes == 0 && weighed.bad > 0
    }

    fn look_at_columns(&mut self) -> Vec<Cmd> {
        self.content = Some(self.looked.content);
        self.plan = self.looked.guess(self.looked.content);
        self.cursor = self.first_open().unwrap_or(0);
        self.said = Some("No row fits the layout that was remembered: say what is in it.".into());
        self.weigh()
    }

    fn hold(&mut self, at: usize) -> Vec<Cmd> {
        let Some(content) = self.contents().get(at).copied() else { return Vec::new() };
        if content == self.content {
            return Vec::new();
        }
        self.content = content;
        if let Some(content) = content {
            let shop = self.plan.shop.take();
            self.plan = self.looked.guess(content);
            self.plan.shop = shop;
        }
        self.weigh()
    }

    /// The option with that number where the cursor stands.
    fn choose(&mut self, at: usize) -> Vec<Cmd> {
        match self.place() {
            Place::What => self.hold(at),
            Place::Sheet => match self.looked.sheets.get(at).cloned() {
                Some(sheet) if Some(&sheet) != self.looked.sheet.as_ref() => {
                    vec![ask("look", Load::Look(self.looked.path.clone(), Some(sheet)))]
                }
                _ => Vec::new(),
            },
            Place::Shop => match self.shops.get(at).cloned() {
                Some(shop) => self.sold_by(shop),
                None => Vec::new(),
            },
            Place::Keep(n) if at < 2 => self.keep(n, at == 1),
            Place::Question(n) if at < 2 => {
                let cmds = self.answer(n, at);
                self.cursor = self.first_open().unwrap_or(self.cursor);
                cmds
            }
            _ => Vec::new(),
        }
    }

    fn answer(&mut self, question: usize, option: usize) -> Vec<Cmd> {
        let Some(question) = self.questions().get(question).cloned() else { return Vec::new() };
        let before = self.plan.answered(&question).unwrap_or(0);
        self.plan.answer(&question, option);
        // What was shown was worked out with the guess.
        if before == option { Vec::new() } else { self.weigh() }
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect())
}
