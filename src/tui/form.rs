//! Dialogs' fields: text, quantity, date, choice, list. Saving is F8, or Enter on [Save], which never has the focus
//! when a dialog opens.

mod drawing;
mod field;

pub use field::{Field, Kind};

use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent, KeyModifiers};
use field::is_printable;
use tui_input::backend::crossterm::EventHandler;

/// What a key did to a form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Nothing to do with it.
    Ignored,
    /// The focus moved or nothing changed in value.
    Moved,
    /// A value changed.
    Changed(usize),
    /// Save was asked for.
    Save,
    /// Cancel was chosen.
    Cancel,
}

/// The fields of a dialog, then [Save] and Cancel.
#[derive(Clone, Debug)]
pub struct Form {
    pub fields: Vec<Field>,
    focus: usize,
    /// Nothing was typed since the field got the focus: a first letter takes the place of the day or figure in it.
    entered: bool,
    /// The words on the button that saves.
    pub save: &'static str,
    /// The words on the way out beside it.
    pub leave: &'static str,
    /// A list is open under its field.
    open: bool,
    /// Enter on the button does nothing: scanners send it, and what is begun here is scanned next.
    pub f8_alone: bool,
}

impl Form {
    pub fn new(fields: Vec<Field>) -> Form {
        Form { fields, focus: 0, entered: true, save: "Save", leave: "Cancel", open: false, f8_alone: false }
    }
    pub fn saving_as(mut self, words: &'static str) -> Form {
        self.save = words;
        self
    }
    pub fn by_f8_alone(mut self) -> Form {
        self.f8_alone = true;
        self
    }
    pub fn leaving_as(mut self, words: &'static str) -> Form {
        self.leave = words;
        self
    }
    /// The field with that place.
    pub fn field(&self, at: usize) -> Option<&Field> {
        self.fields.get(at)
    }
    pub fn field_mut(&mut self, at: usize) -> Option<&mut Field> {
        self.fields.get_mut(at)
    }
    /// Which field has the focus; the number of fields is [Save].
    pub fn focus(&self) -> usize {
        self.focus
    }
    pub fn set_focus(&mut self, at: usize) {
        (self.focus, self.entered) = (at.min(self.fields.len()), true);
    }
    /// A text is being typed: letters are text, pastes are welcome.
    pub fn in_text(&self) -> bool {
        self.fields.get(self.focus).is_some_and(Field::is_typed)
    }
    /// The focus is on boxes, where letters mean nothing.
    pub fn in_boxes(&self) -> bool {
        self.fields.get(self.focus).is_some_and(|f| matches!(f.kind, Kind::Boxes(_)))
    }
    /// Something was typed or chosen since it opened.
    pub fn touched(&self) -> bool {
        self.fields.iter().any(|f| f.touched)
    }

    /// Remembers the field's text: what follows may be a scan.
    pub fn begin_run(&mut self) {
        if let Some(f) = self.fields.get_mut(self.focus) {
            f.before_run = f.input.value().to_string();
        }
    }

    /// A scan ended in the field that has the focus. A code field keeps it; any other is put back and the sentence says why.
    pub fn scanned(&mut self, code: &str) -> Result<(), String> {
        let Some(field) = self.fields.get_mut(self.focus) else { return Ok(()) };
        match field.kind {
            Kind::Code | Kind::Text => {
                field.set_value(code);
                Ok(())
            }
            _ => {
                let before = field.before_run.clone();
                field.put(before);
                let what = match field.kind {
                    Kind::Date => "a date",
                    Kind::Money => "an amount",
                    Kind::Secret => "a PIN",
                    _ => "a quantity",
                };
                let code = if matches!(field.kind, Kind::Secret) { "That" } else { code };
                Err(format!("{code} is a barcode, not {what}. Nothing was changed."))
            }
        }
    }

    /// Pasted text goes into a text field as one line.
    pub fn paste(&mut self, pasted: &str) -> Outcome {
        let at = self.focus;
        let Some(field) = self.fields.get_mut(at).filter(|f| f.is_typed()) else { return Outcome::Ignored };
        if std::mem::take(&mut self.entered) && field.is_typed_anew() {
            field.set_value("");
        }
        for c in pasted.lines().next().unwrap_or("").chars().filter(|c| !c.is_control()).take(2_000) {
            field.input.handle(tui_input::InputRequest::InsertChar(c));
        }
        field.touched = true;
        Outcome::Changed(at)
    }

    /// One key.
    pub fn key(&mut self, key: &KeyEvent) -> Outcome {
        match key.code {
            KeyCode::F(8) => return Outcome::Save,
            KeyCode::BackTab => return self.move_focus(-1),
            KeyCode::Tab if key.modifiers.contains(KeyModifiers::SHIFT) => return self.move_focus(-1),
            KeyCode::Tab => return self.move_focus(1),
            KeyCode::Enter if self.open => {
                self.open = false;
                return Outcome::Moved;
            }
            KeyCode::Enter if self.focus == self.fields.len() && self.f8_alone => return Outcome::Ignored,
            KeyCode::Enter if self.focus == self.fields.len() => return Outcome::Save,
            KeyCode::Enter if self.focus > self.fields.len() => return Outcome::Cancel,
            KeyCode::Enter => return self.move_focus(1),
            _ => {}
        }
        let at = self.focus;
        let Some(field) = self.fields.get_mut(at) else {
            return match key.code {
                KeyCode::Left | KeyCode::Up => self.move_focus(-1),
                KeyCode::Right if at == self.fields.len() => self.move_focus(1),
                _ => Outcome::Ignored,
            };
        };
        let options = match &field.kind {
            Kind::Choice(options) => options.len(),
            Kind::List(options) => options.len(),
            Kind::Boxes(options) => options.len(),
            _ => 0,
        };
        if options > 0 {
            return self.choose_key(key, at, options);
        }
        match key.code {
            KeyCode::Up => self.move_focus(-1),
            KeyCode::Down => self.move_focus(1),
            _ => {
                let before = field.input.value().to_string();
                let entered = std::mem::take(&mut self.entered);
                if entered && field.is_typed_anew() && is_printable(key) {
                    field.set_value("");
                }
                field.input.handle_event(&TermEvent::Key(*key));
                if field.input.value() == before {
                    return Outcome::Moved;
                }
                field.touched = true;
                Outcome::Changed(at)
            }
        }
    }

    fn choose_key(&mut self, key: &KeyEvent, at: usize, options: usize) -> Outcome {
        let Some(field) = self.fields.get_mut(at) else { return Outcome::Ignored };
        let is_list = matches!(field.kind, Kind::List(_));
        let before = field.chosen;
        if matches!(field.kind, Kind::Boxes(_)) {
            let tick = match key.code {
                KeyCode::Char(' ') => Some(before),
                KeyCode::Char(c) => c.to_digit(10).and_then(|n| (n as usize).checked_sub(1)),
                _ => None,
            };
            if let Some(at_option) = tick {
                return if field.tick(at_option) { Outcome::Changed(at) } else { Outcome::Ignored };
            }
        }
        match key.code {
            KeyCode::F(4) if is_list => {
                self.open = !self.open;
                return Outcome::Moved;
            }
            KeyCode::Down if is_list && !self.open => {
                self.open = true;
                return Outcome::Moved;
            }
            KeyCode::Down if !is_list => return self.move_focus(1),
            KeyCode::Up if !is_list || !self.open => return self.move_focus(-1),
            KeyCode::Down | KeyCode::Right => field.chosen = (field.chosen + 1).min(options - 1),
            KeyCode::Up | KeyCode::Left => field.chosen = field.chosen.saturating_sub(1),
            KeyCode::PageDown => field.chosen = (field.chosen + 10).min(options - 1),
            KeyCode::PageUp => field.chosen = field.chosen.saturating_sub(10),
            KeyCode::Home => field.chosen = 0,
            KeyCode::End => field.chosen = options - 1,
            KeyCode::Char(c) if is_list && is_printable(key) && field.takes_letter(c) => {
                field.letters.push(c);
                field.chosen = field.found_by_letters().unwrap_or(field.chosen);
            }
            KeyCode::Backspace if is_list => {
                field.letters.pop();
                field.chosen = field.found_by_letters().unwrap_or(field.chosen);
            }
            KeyCode::Char(' ') => field.chosen = (field.chosen + 1) % options,
            KeyCode::Char(c) => match c.to_digit(10) {
                Some(n) if n >= 1 && n as usize <= options => field.chosen = n as usize - 1,
                _ => match field.yes_or_no(c) {
                    Some(at) => field.chosen = at,
                    None => return Outcome::Ignored,
                },
            },
            _ => return Outcome::Ignored,
        }
        if field.chosen == before || matches!(field.kind, Kind::Boxes(_)) {
            return Outcome::Moved;
        }
        field.touched = true;
        Outcome::Changed(at)
    }

    /// The rows of the list that is open over the fields.
    pub fn listed(&self) -> Option<Vec<String>> {
        match self.fields.get(self.focus).map(|f| &f.kind) {
            Some(Kind::List(options)) if self.open => Some(options.iter().map(|o| o.1.clone()).collect()),
            _ => None,
        }
    }

    /// What stands in the fields that are there: a box a line; never a PIN.
    pub fn read(&self) -> Vec<(&'static str, String)> {
        let of = |f: &Field| match &f.kind {
            Kind::Secret => Vec::new(),
            Kind::Boxes(options) => {
                let ticked = |o: &(i64, String, bool)| format!("[{}] {}", if o.2 { 'x' } else { ' ' }, o.1);
                options.iter().map(|o| (f.label, ticked(o))).collect()
            }
            Kind::Choice(_) | Kind::List(_) => vec![(f.label, f.chosen_words())],
            _ => vec![(f.label, f.value().to_string())],
        };
        self.fields.iter().filter(|f| !f.hidden).flat_map(of).collect()
    }

    /// Whether a list is open over the fields.
    pub fn list_open(&self) -> bool {
        self.open
    }

    /// Closes an open list; false where none was open.
    pub fn close_list(&mut self) -> bool {
        std::mem::take(&mut self.open)
    }

    fn move_focus(&mut self, by: isize) -> Outcome {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.letters.clear();
        }
        (self.open, self.entered) = (false, true);
        let places = self.fields.len() as isize + 2;
        for _ in 0..places {
            self.focus = (self.focus as isize + by).rem_euclid(places) as usize;
            if self.fields.get(self.focus).is_none_or(|f| !f.hidden) {
                break;
            }
        }
        Outcome::Moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn typed(form: &mut Form, keys: &[KeyCode]) -> String {
        for key in keys {
            form.key(&KeyEvent::new(*key, KeyModifiers::NONE));
        }
        form.field(0).map(|f| f.value().to_string()).unwrap_or_default()
    }

    #[test]
    fn a_first_key_takes_the_place_of_the_day_that_stands_there() {
        use KeyCode::{BackTab, Backspace, Char, Tab};
        let day = NaiveDate::from_ymd_opt(2026, 11, 26);
        let form = || Form::new(vec![Field::date("Date", day), Field::text("Note", "")]);
        assert_eq!(typed(&mut form(), &[Char('+'), Char('7')]), "+7");
        assert_eq!(
            typed(&mut form(), &[Backspace, Char('7')]),
            "2026-11-27",
            "who begins with another key corrects it"
        );
        assert_eq!(typed(&mut form(), &[Char('+'), Char('7'), Tab, BackTab, Char('f')]), "f");
        let mut words = Form::new(vec![Field::text("Note", "door code 12")]);
        assert_eq!(typed(&mut words, &[Char('3')]), "door code 123", "words are gone on with");
    }

    #[test]
    fn a_quantity_that_reads_two_ways_is_asked_and_not_guessed() {
        let typed = |text: &str| {
            let mut field = Field::quantity("How many", None);
            field.set_value(text);
            field.touched = true;
            field.qty()
        };
        for text in ["1.200", "1,200", "12.000", "999.999"] {
            assert!(typed(text).unwrap_err().contains("two ways"), "{text}");
        }
        assert_eq!(typed("1.200").unwrap_err(), "\"1.200\" can be read two ways: type 1200 or 1.2.");
        assert_eq!(typed("2.000").unwrap_err(), "\"2.000\" can be read two ways: type 2000 or 2.");
        for (text, units) in [("0.125", 125), ("1.25", 1_250), ("2,5", 2_500), ("1200", 1_200_000), ("3x12", 36_000)] {
            assert_eq!(typed(text).unwrap().unwrap().thousandths(), units, "{text}");
        }
    }

    #[test]
    fn what_another_choice_hid_stops_nobody() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for mut field in [Field::date("On", None), Field::quantity("How many", None), Field::money("Price", None)] {
            field.set_value("8u");
            field.touched = true;
            let wrong = |f: &Field| match f.kind {
                Kind::Date => f.day(today).is_err(),
                Kind::Money => f.amount().is_err(),
                _ => f.qty().is_err(),
            };
            assert!(wrong(&field));
            field.hidden = true;
            assert!(!wrong(&field), "nobody can correct it");
        }
    }
}
