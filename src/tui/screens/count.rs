//! Counting: one screen, one field. Everything that stands on it is saved already.

use super::{Cmd, count_review};
use crate::domain::ids::{ItemId, SessionId};
use crate::domain::quantity::Qty;
use crate::tui::action::Action;
use crate::tui::finder::Finder;
use crate::tui::overlay::{Help, Overlay};
use crate::tui::scan_field::{Heard, Line, ScanField};
use crate::tui::table::Look;
use crate::tui::theme::Theme;
use crate::tui::views::count as view;
use crate::worker::counting::{self, Record, Standing};
use crate::worker::{self, Answer, Load};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::time::Duration;

/// One person counting in one session.
pub struct Count {
    session: SessionId,
    pub(in crate::tui) standing: Option<Box<Standing>>,
    pub(in crate::tui) field: ScanField,
    pub(in crate::tui) finder: Option<Finder>,
    /// What came of the last line, and whether it needs a look.
    pub(in crate::tui) said: (String, bool),
    /// Lines that were sent and not answered yet.
    pub(in crate::tui) sent: usize,
    /// The last scan was the same code as the one before it, so soon after.
    pub(in crate::tui) twice: Option<Duration>,
    /// An item was chosen for a code that nobody knew; how many one scan of it counts is being typed.
    pub(in crate::tui) pack_of: Option<ItemId>,
    /// Esc came on an empty field: once more pauses.
    leaving: bool,
}

impl Count {
    pub fn new(session: SessionId) -> Count {
        Count {
            session,
            standing: None,
            field: ScanField::default(),
            finder: None,
            said: Default::default(),
            sent: 0,
            twice: None,
            pack_of: None,
            leaving: false,
        }
    }

    fn send(&mut self, lines: Vec<Line>) -> Vec<Cmd> {
        self.twice = None;
        self.sent += lines.len();
        let session = self.session;
        let record = |line: Line| Record::Enter { session, text: line.text, scanned: line.scanned };
        lines.into_iter().map(|line| Cmd::Record("line", worker::Record::Counting(record(line)))).collect()
    }

    fn typed(&mut self, text: &str) -> Vec<Cmd> {
        self.send(vec![Line { text: text.into(), scanned: false }])
    }

    fn look_for(&mut self, text: &str) -> Vec<Cmd> {
        self.field.clear();
        self.field.paste(text);
        self.finder.insert(Finder::default()).ask(text)
    }

    fn act(&mut self, action: Action) -> Vec<Cmd> {
        match action {
            Action::TakeBackLast => self.typed("-"),
            Action::NoneHere => self.typed("0"),
            Action::FindItem => self.look_for(""),
            Action::PlaceDone if self.nothing_open() => self.review(),
            Action::PlaceDone => self.typed(".."),
            Action::Pause => vec![Cmd::Close, Cmd::Do(Action::Reload)],
            _ => Vec::new(),
        }
    }

    fn nothing_open(&self) -> bool {
        self.standing.as_ref().is_some_and(|s| s.bin.is_none() && s.above.is_none() && s.lines.is_empty())
    }

    fn review(&mut self) -> Vec<Cmd> {
        vec![Cmd::Close, Cmd::Open(Box::new(count_review::CountReview::new(self.session)))]
    }

    fn choose(&mut self, item: ItemId, pack: Qty) -> Vec<Cmd> {
        self.sent += 1;
        let record = Record::Choose { session: self.session, item, pack };
        vec![Cmd::Record("line", worker::Record::Counting(record))]
    }

    /// How many one scan of the new code counts: a figure and Enter; Enter alone is one.
    fn pack_key(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        let Some(item) = self.pack_of else { return Vec::new() };
        match key.code {
            KeyCode::Esc | KeyCode::F(3 | 12) => {
                self.pack_of = None;
                self.field.clear();
            }
            KeyCode::Enter | KeyCode::Tab | KeyCode::F(8) => {
                let typed = self.field.text().trim().replace(',', ".");
                let pack = if typed.is_empty() { Some(Qty::ONE) } else { Qty::parse(&typed) };
                self.field.clear();
                match pack.filter(|p| p.is_positive() && *p <= Qty::units(99_999)) {
                    Some(pack) => {
                        self.pack_of = None;
                        return self.choose(item, pack);
                    }
                    None => {
                        self.said = (format!("\"{typed}\" is no number of pieces: type 12, or Enter for 1."), true);
                        return vec![Cmd::Beep];
                    }
                }
            }
            _ => {
                self.field.key(key);
            }
        }
        Vec::new()
    }

    fn finder_key(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        let Some(finder) = self.finder.as_mut() else { return Vec::new() };
        match key.code {
            KeyCode::Esc | KeyCode::F(3 | 12) => {
                self.finder = None;
                self.field.clear();
                Vec::new()
            }
            KeyCode::Enter => {
                let Some(item) = finder.chosen() else { return vec![Cmd::Beep] };
                self.finder = None;
                self.field.clear();
                if self.standing.as_ref().and_then(|s| s.above.as_ref()).is_some_and(|a| a.unknown) {
                    self.pack_of = Some(item);
                    return Vec::new();
                }
                self.choose(item, Qty::ONE)
            }
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                finder.key(key);
                Vec::new()
            }
            _ => match self.field.key(key) {
                Heard::Changed => finder.ask(self.field.text()),
                _ => Vec::new(),
            },
        }
    }
}

impl Overlay for Count {
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("standing", Load::Counting(counting::Load::Standing(self.session)))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        // A colleague counts too: how far the round is may have changed. Never between a line and its answer.
        if self.sent == 0 { self.opened(look) } else { Vec::new() }
    }

    fn key(&mut self, key: &KeyEvent, _look: &Look) -> Vec<Cmd> {
        if self.finder.is_some() {
            return self.finder_key(key);
        }
        if self.pack_of.is_some() {
            return self.pack_key(key);
        }
        let leaving = std::mem::take(&mut self.leaving);
        if key.code == KeyCode::Esc && self.field.text().is_empty() && !leaving {
            self.leaving = true;
            self.said = ("Esc again pauses the count. Everything is kept.".into(), false);
            return Vec::new();
        }
        if matches!(key.code, KeyCode::F(1)) {
            return vec![Cmd::Open(Box::new(Help::of_scan_field()))];
        }
        match self.field.key(key) {
            Heard::Line(line) => self.send(vec![line]),
            Heard::Key(action) => self.act(action),
            Heard::Changed | Heard::Nothing => Vec::new(),
        }
    }

    fn in_text(&self) -> bool {
        true
    }

    fn begin_run(&mut self) {
        self.field.begin_run();
    }

    fn forget_run(&mut self) {
        self.field.forget_run();
    }

    fn repeated(&mut self, apart: Duration) {
        self.twice = Some(apart);
    }

    fn scanned(&mut self, code: &str, _look: &Look) -> Vec<Cmd> {
        (self.finder, self.pack_of) = (None, None);
        let lines = self.field.scanned(code);
        self.send(lines)
    }

    fn paste(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        self.field.paste(text);
        match self.finder.as_mut() {
            Some(finder) => finder.ask(self.field.text()),
            None => Vec::new(),
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Some(finder) = self.finder.as_mut()
            && finder.loaded(&answer)
        {
            return Vec::new();
        }
        match answer {
            Answer::Counting(counting::Answer::Standing(standing)) if self.sent == 0 => {
                self.standing = Some(standing);
                Vec::new()
            }
            Answer::Counting(counting::Answer::Told(told, standing)) => {
                self.sent = self.sent.saturating_sub(1);
                self.standing = Some(standing);
                self.said = (told.sentence, told.beep);
                let mut cmds = told.find.map(|words| self.look_for(&words)).unwrap_or_default();
                if told.beep {
                    cmds.push(Cmd::Beep);
                }
                cmds
            }
            _ => Vec::new(),
        }
    }

    fn refused(&mut self, sentence: &str) {
        self.sent = self.sent.saturating_sub(1);
        self.said = (sentence.to_string(), true);
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        view::draw(self, area, buf, theme, look)
    }
}
