//! Moving goods with the scanner: from which bin, what, into which bin. The second bin books it.

use super::Cmd;
use crate::domain::ids::ItemId;
use crate::tui::action::Action;
use crate::tui::finder::Finder;
use crate::tui::overlay::{Help, Overlay};
use crate::tui::scan_field::{Heard, Line, ScanField};
use crate::tui::table::Look;
use crate::tui::theme::Theme;
use crate::tui::views::carry as view;
use crate::worker::carrying::{Record, Standing};
use crate::worker::{self, Answer};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The screen.
pub struct Carrying {
    item: Option<ItemId>,
    pub(in crate::tui) standing: Standing,
    pub(in crate::tui) field: ScanField,
    pub(in crate::tui) finder: Option<Finder>,
    pub(in crate::tui) said: (String, bool),
}

impl Carrying {
    /// At the bin of an item, where one is chosen.
    pub fn new(item: Option<ItemId>) -> Carrying {
        Carrying {
            item,
            standing: Standing::default(),
            field: ScanField::default(),
            finder: None,
            said: Default::default(),
        }
    }

    fn record(record: Record) -> Cmd {
        Cmd::Record("line", worker::Record::Carrying(record))
    }

    fn send(lines: Vec<Line>) -> Vec<Cmd> {
        lines
            .into_iter()
            .map(|line| Carrying::record(Record::Enter { text: line.text, scanned: line.scanned }))
            .collect()
    }

    fn typed(text: &str) -> Vec<Cmd> {
        Carrying::send(vec![Line { text: text.into(), scanned: false }])
    }

    fn look_for(&mut self, text: &str) -> Vec<Cmd> {
        self.field.clear();
        self.field.paste(text);
        self.finder.insert(Finder::default()).ask(text)
    }

    fn act(&mut self, action: Action) -> Vec<Cmd> {
        match action {
            Action::TakeBackLast => Carrying::typed("-"),
            Action::NoneHere => Carrying::typed("0"),
            Action::FindItem => self.look_for(""),
            Action::Pause => vec![Cmd::Close, Cmd::Do(Action::Reload)],
            _ => Vec::new(),
        }
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
                vec![Carrying::record(Record::Choose(item))]
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

impl Overlay for Carrying {
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Carrying::record(Record::Begin(self.item))]
    }

    fn key(&mut self, key: &KeyEvent, _look: &Look) -> Vec<Cmd> {
        if self.finder.is_some() {
            return self.finder_key(key);
        }
        if matches!(key.code, KeyCode::F(1)) {
            return vec![Cmd::Open(Box::new(Help::of_scan_field()))];
        }
        match self.field.key(key) {
            Heard::Line(line) => Carrying::send(vec![line]),
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

    fn scanned(&mut self, code: &str, _look: &Look) -> Vec<Cmd> {
        self.finder = None;
        Carrying::send(self.field.scanned(code))
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
        let Answer::Carrying(answer) = answer else { return Vec::new() };
        self.standing = answer.standing;
        self.said = (answer.told.sentence, answer.told.beep);
        let mut cmds = answer.told.find.map(|words| self.look_for(&words)).unwrap_or_default();
        if answer.told.beep {
            cmds.push(Cmd::Beep);
        }
        cmds
    }

    fn refused(&mut self, sentence: &str) {
        self.said = (sentence.to_string(), true);
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        Some(view::draw(self, area, buf, theme))
    }
}
