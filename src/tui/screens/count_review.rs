//! Review: what differs, by worth; take it, have it counted again, name a code; and post it all at once.

use super::Cmd;
use crate::domain::ids::{ItemId, SessionId};
use crate::domain::quantity::Qty;
use crate::tui::action::Action;
use crate::tui::finder::Finder;
use crate::tui::keymap::{self, Scope as Keys};
use crate::tui::listed::Listed;
use crate::tui::overlay::{Help, Overlay, moved};
use crate::tui::scan_field::{Heard, ScanField};
use crate::tui::table::Look;
use crate::tui::theme::Theme;
use crate::tui::views::count_review as view;
use crate::worker::counting::{self, Record, Review, State};
use crate::worker::{self, Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// A session under review.
pub struct CountReview {
    session: SessionId,
    pub(in crate::tui) review: Option<Box<Review>>,
    pub(in crate::tui) cursor: usize,
    /// Also what is right.
    pub(in crate::tui) all: bool,
    pub(in crate::tui) on_button: bool,
    pub(in crate::tui) said: Option<String>,
    /// A code is being named: what is typed, and what was found.
    pub(in crate::tui) naming: Option<(String, ScanField, Finder)>,
    /// The code's item is chosen: how many one scan of it counts is being typed.
    pub(in crate::tui) pack_of: Option<ItemId>,
    /// The code that F8 would drop.
    dropping: Option<String>,
    posting: bool,
    /// It was asked whether to post what is worth a second look and nobody looked at again.
    asked: bool,
}

/// A row of the list.
pub(in crate::tui) enum Row {
    Line(usize),
    Aside(usize),
    /// So many more are right.
    Right(usize),
}

impl CountReview {
    pub fn new(session: SessionId) -> CountReview {
        CountReview {
            session,
            review: None,
            cursor: 0,
            all: false,
            on_button: false,
            said: None,
            naming: None,
            pack_of: None,
            dropping: None,
            posting: false,
            asked: false,
        }
    }

    /// What is worth a second look, is about to be posted, and was neither taken as it is nor counted again.
    fn unseen(&self) -> Vec<String> {
        let lines = self.review.iter().flat_map(|r| &r.lines);
        let doubtful = lines.filter(|l| l.state == State::Differs && l.second_look && !l.ok && !l.held);
        doubtful.filter(|l| l.passes.len() < 2).map(|l| format!("{} in {}", l.item.name, l.bin.code)).collect()
    }

    pub(in crate::tui) fn rows(&self) -> Vec<Row> {
        let Some(review) = &self.review else { return Vec::new() };
        let shown = |at: &usize| self.all || review.lines.get(*at).is_some_and(|l| l.state != State::Right);
        let mut rows: Vec<Row> = (0..review.lines.len()).filter(shown).map(Row::Line).collect();
        rows.extend((0..review.aside.len()).map(Row::Aside));
        if !self.all && review.right() > 0 {
            rows.push(Row::Right(review.right()));
        }
        rows
    }

    fn mark(&mut self, again: bool) -> Vec<Cmd> {
        let rows = self.rows();
        let (Some(Row::Line(at)), Some(review)) = (rows.get(self.cursor), &self.review) else { return vec![Cmd::Beep] };
        let Some(line) = review.lines.get(*at) else { return Vec::new() };
        let record = Record::Mark { session: self.session, bin: line.bin.id, item: line.item.id, again };
        // On to the next line, as where rows are marked elsewhere; the marked one keeps its place.
        self.cursor = (self.cursor + 1).min(rows.len().saturating_sub(1));
        vec![Cmd::Record("mark", worker::Record::Counting(record))]
    }

    /// A fresh review in the order that stands on the screen: what was marked does not move under the cursor.
    fn takes(&mut self, mut review: Box<Review>) {
        if let Some(before) = &self.review {
            let place = |l: &counting::Line| {
                before.lines.iter().position(|b| b.bin.id == l.bin.id && b.item.id == l.item.id).unwrap_or(usize::MAX)
            };
            review.lines.sort_by_cached_key(place);
        }
        self.review = Some(review);
        self.cursor = self.cursor.min(self.rows().len().saturating_sub(1));
    }

    fn post(&mut self) -> Vec<Cmd> {
        if self.posting {
            return Vec::new();
        }
        let unseen = self.unseen();
        if let Some(first) = unseen.first().filter(|_| !std::mem::replace(&mut self.asked, true)) {
            let more = if unseen.len() > 1 { format!(" and {} more", unseen.len() - 1) } else { String::new() };
            self.said = Some(format!("x2: {first}{more}. r counts again, Space takes it; F8 again posts."));
            return vec![Cmd::Beep];
        }
        self.posting = true;
        vec![Cmd::Write(Write::Counting(counting::Write::Post(self.session)))]
    }

    /// The code that the cursor is on.
    pub(in crate::tui) fn aside(&self) -> Option<&counting::Aside> {
        match self.rows().get(self.cursor) {
            Some(Row::Aside(at)) => self.review.as_ref()?.aside.get(*at),
            _ => None,
        }
    }

    fn ask_to_drop(&mut self) -> Vec<Cmd> {
        let Some((code, n)) = self.aside().map(|a| (a.code.clone(), a.quantity)) else { return vec![Cmd::Beep] };
        self.said = Some(format!("F8 drops {code}: what was kept aside of it ({n}) counts for nothing."));
        self.dropping = Some(code);
        Vec::new()
    }

    fn begin_naming(&mut self) -> Vec<Cmd> {
        match self.aside().or(self.review.as_ref().and_then(|r| r.aside.first())) {
            Some(aside) if aside.known.is_some() => {
                let settle = Record::Settle(self.session, aside.code.clone());
                vec![Cmd::Record("mark", worker::Record::Counting(settle))]
            }
            Some(aside) => {
                self.naming = Some((aside.code.clone(), ScanField::default(), Finder::default()));
                Vec::new()
            }
            None => {
                self.said = Some("Every code that was scanned is known.".into());
                vec![Cmd::Beep]
            }
        }
    }

    fn naming_key(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        let Some((code, field, finder)) = self.naming.as_mut() else { return Vec::new() };
        if let Some(item) = self.pack_of {
            match key.code {
                KeyCode::Esc | KeyCode::F(3 | 12) => {
                    self.pack_of = None;
                    field.clear();
                }
                KeyCode::F(8) => {
                    let typed = field.text().trim().replace(',', ".");
                    let pack = if typed.is_empty() { Some(Qty::ONE) } else { Qty::parse(&typed) };
                    let Some(pack) = pack.filter(|p| p.is_positive() && *p <= Qty::units(99_999)) else {
                        return vec![Cmd::Beep];
                    };
                    let name = counting::Write::Name { session: self.session, code: code.clone(), item, pack };
                    return vec![Cmd::Write(Write::Counting(name))];
                }
                KeyCode::Enter | KeyCode::Tab => {}
                _ => {
                    field.key(key);
                }
            }
            return Vec::new();
        }
        match key.code {
            KeyCode::Esc | KeyCode::F(3 | 12) => self.naming = None,
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => finder.key(key),
            KeyCode::F(8) => {
                let Some(item) = finder.chosen() else { return vec![Cmd::Beep] };
                field.clear();
                self.pack_of = Some(item);
            }
            KeyCode::Enter | KeyCode::Tab => {}
            _ => {
                if field.key(key) == Heard::Changed {
                    return finder.ask(field.text());
                }
            }
        }
        Vec::new()
    }
}

impl Overlay for CountReview {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        self.review.as_ref().map(|review| Listed::new("count", view::shown(review)))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("review", Load::Counting(counting::Load::Review(self.session)))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn in_text(&self) -> bool {
        self.naming.is_some()
    }

    fn key(&mut self, key: &KeyEvent, _look: &Look) -> Vec<Cmd> {
        if self.naming.is_some() {
            return self.naming_key(key);
        }
        self.said = None;
        let dropping = self.dropping.take();
        if key.code != KeyCode::F(8) && !(key.code == KeyCode::Enter && self.on_button) {
            self.asked = false;
        }
        match keymap::resolve(&[Keys::Review, Keys::Everywhere], key) {
            Some(Action::Back | Action::Quit) => vec![Cmd::Close, Cmd::Do(Action::Reload)],
            Some(Action::Help) => vec![Cmd::Open(Box::new(Help::of_review()))],
            Some(Action::Save) if dropping.is_some() => {
                let drop = dropping.map(|code| Record::DropAside(self.session, code));
                drop.map(|drop| Cmd::Record("mark", worker::Record::Counting(drop))).into_iter().collect()
            }
            Some(Action::Save) => self.post(),
            Some(Action::Open) if self.on_button => self.post(),
            Some(Action::Open) => {
                self.all = !self.all;
                self.cursor = self.cursor.min(self.rows().len().saturating_sub(1));
                Vec::new()
            }
            Some(Action::Mark) => self.mark(false),
            Some(Action::CountAgain) => self.mark(true),
            Some(Action::NameCode) => self.begin_naming(),
            Some(Action::DropCode) => self.ask_to_drop(),
            Some(Action::CountOn) => vec![Cmd::Close, super::count::Count::open(self.session)],
            Some(Action::Export) => vec![Cmd::Do(Action::File)],
            _ if matches!(key.code, KeyCode::Tab | KeyCode::BackTab) => {
                self.on_button = !self.on_button;
                Vec::new()
            }
            _ => {
                self.on_button = false;
                self.cursor = moved(self.cursor, self.rows().len(), key, 5);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if let Some((_, _, finder)) = self.naming.as_mut()
            && finder.loaded(&answer)
        {
            return Vec::new();
        }
        match answer {
            Answer::Counting(counting::Answer::Review(review)) => {
                self.takes(review);
                Vec::new()
            }
            Answer::Counting(counting::Answer::Marked) if part == "mark" => self.opened(look),
            _ => Vec::new(),
        }
    }

    /// After a code was named the review goes on.
    fn saved(&mut self) -> Vec<Cmd> {
        match self.naming {
            Some(_) => vec![Cmd::Open(Box::new(CountReview::new(self.session)))],
            None => Vec::new(),
        }
    }

    fn refused(&mut self, sentence: &str) {
        self.posting = false;
        self.said = Some(sentence.to_string());
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        view::draw(self, area, buf, theme, look)
    }
}
