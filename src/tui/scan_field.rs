//! The field that takes what a scanner sends and what is typed, alike. It keeps the text and says what a key meant;
//! what a line means is `domain::scan`'s. A scan that comes while something is typed sends both, in their order.

use super::action::Action;
use super::keymap::{self, Scope};
use super::theme::{Role, Theme};
use super::{text, views};
use crossterm::event::{Event as TermEvent, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// A line of the field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub text: String,
    /// It came from the scanner.
    pub scanned: bool,
    /// The same code came a moment before.
    pub twice: bool,
}

impl Line {
    /// A line that was typed.
    pub fn typed(text: impl Into<String>) -> Line {
        Line { text: text.into(), scanned: false, twice: false }
    }

    /// `..`, or the laminated sheet's code: the bin or the delivery is done.
    pub fn is_done(&self) -> bool {
        if self.scanned { self.text.eq_ignore_ascii_case("DOEND") } else { self.text == ".." }
    }

    /// `0`, or the laminated sheet's code: none here.
    pub fn is_none_here(&self) -> bool {
        if self.scanned { self.text.eq_ignore_ascii_case("DONONE") } else { self.text == "0" }
    }

    /// It takes back the last, or states how many there are: whoever says so has looked.
    pub fn corrects(&self) -> bool {
        match self.scanned {
            true => self.text.eq_ignore_ascii_case("DOUNDO"),
            false => self.text == "-" || self.text == "=" || self.text.starts_with(|c: char| c.is_ascii_digit()),
        }
    }
}

/// What a key meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Heard {
    /// A line is to be taken.
    Line(Line),
    /// One of the field's keys, but Enter.
    Key(Action),
    /// The text is another now.
    Changed,
    Nothing,
}

/// The field.
#[derive(Clone, Default, Debug)]
pub struct ScanField {
    input: Input,
    before_run: String,
}

impl ScanField {
    pub fn text(&self) -> &str {
        self.input.value()
    }

    pub fn clear(&mut self) {
        self.input = Input::default();
    }

    /// Fast keys begin: what stands there now was typed before them.
    pub fn begin_run(&mut self) {
        self.before_run = self.input.value().to_string();
    }

    /// The fast keys were not meant for the field.
    pub fn forget_run(&mut self) {
        self.input = Input::new(std::mem::take(&mut self.before_run));
    }

    /// One key.
    pub fn key(&mut self, key: &KeyEvent) -> Heard {
        match keymap::resolve(&[Scope::Scan], key) {
            Some(Action::TakeLine) => {
                let text = self.input.value().trim().to_string();
                self.clear();
                if text.is_empty() { Heard::Nothing } else { Heard::Line(Line::typed(text)) }
            }
            // What is typed goes first; only then is the work paused.
            Some(Action::Pause) if !self.text().is_empty() => {
                self.clear();
                Heard::Nothing
            }
            Some(action) => Heard::Key(action),
            None => {
                let before = self.input.value().to_string();
                self.input.handle_event(&TermEvent::Key(*key));
                if self.input.value() == before { Heard::Nothing } else { Heard::Changed }
            }
        }
    }

    /// The fast keys were a scan: the lines that are to be taken, oldest first. Letters that were being typed before it
    /// were a search that is no longer wanted.
    pub fn scanned(&mut self, code: &str) -> Vec<Line> {
        let typed = std::mem::take(&mut self.before_run).trim().to_string();
        self.clear();
        let figure = !typed.is_empty() && !typed.contains(|c: char| c.is_alphabetic() && c != 'x');
        let before = Some(typed).filter(|_| figure).map(Line::typed);
        before.into_iter().chain([Line { text: code.to_string(), scanned: true, twice: false }]).collect()
    }

    /// Pasted text stands in the field as one line; Enter takes it.
    pub fn paste(&mut self, pasted: &str) {
        let line = pasted.lines().next().unwrap_or("");
        for c in line.chars().filter(|c| !c.is_control()).take(500) {
            self.input.handle(tui_input::InputRequest::InsertChar(c));
        }
    }

    /// Draws `> text` and answers where the cursor stands.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Position {
        let room = area.width.saturating_sub(2) as usize;
        buf.set_string(area.x, area.y, ">", theme.style(Role::Title));
        let scroll = self.input.visual_scroll(room.saturating_sub(1));
        let shown: String = views::count::skip_cells(&crate::domain::text::visible(self.input.value()), scroll);
        buf.set_stringn(area.x + 2, area.y, text::left(&shown, room), room, theme.style(Role::Normal));
        let at = self.input.visual_cursor().saturating_sub(scroll).min(room.saturating_sub(1));
        Position::new(area.x + 2 + at as u16, area.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyModifiers};

    fn type_in(field: &mut ScanField, text: &str) -> Heard {
        let mut heard = Heard::Nothing;
        for c in text.chars() {
            let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
            heard = field.key(&KeyEvent::new(code, KeyModifiers::NONE));
        }
        heard
    }

    #[test]
    fn a_scan_after_a_typed_figure_sends_both_and_after_letters_only_itself() {
        for (typed, expected) in [
            ("14", vec!["14", "4006381333931"]),
            ("12*", vec!["12*", "4006381333931"]),
            ("cha", vec!["4006381333931"]),
            ("", vec!["4006381333931"]),
        ] {
            let mut field = ScanField::default();
            type_in(&mut field, typed);
            field.begin_run();
            type_in(&mut field, "4006381333931");
            let lines: Vec<String> = field.scanned("4006381333931").into_iter().map(|l| l.text).collect();
            assert_eq!(lines, expected);
            assert_eq!(field.text(), "");
        }
    }

    #[test]
    fn enter_takes_the_line_and_leaves_the_field_empty() {
        let mut field = ScanField::default();
        assert_eq!(type_in(&mut field, "\n"), Heard::Nothing);
        assert_eq!(type_in(&mut field, "14\n"), Heard::Line(Line::typed("14")));
        assert_eq!(field.text(), "");
    }
}
