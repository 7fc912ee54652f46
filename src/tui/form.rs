//! Dialogs' fields: text, quantity, date, choice, list. Saving is F8, or Enter on [Save], which never has the focus
//! when a dialog opens.

use super::chooser::Names;
use super::text;
use super::theme::{Role, Theme};
use crate::domain::dates;
use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::text::fold_into;
use crate::worker::search::FoundKind;
use chrono::NaiveDate;
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// A quantity over this many figures is a barcode, not a quantity.
const QUANTITY_DIGITS: usize = 9;

/// What a field takes.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Any text.
    Text,
    /// A text that may be a scanned code.
    Code,
    /// A PIN: what is typed is not shown.
    Secret,
    Quantity,
    Money,
    Date,
    /// One of a few, all shown side by side; digits choose.
    Choice(Vec<String>),
    /// Any of a few, each with its box: the number that is kept, what is shown, ticked or not. Space ticks.
    Boxes(Vec<(i64, String, bool)>),
    /// One of many, chosen from a list that opens below; the first value is what is kept, the second is shown.
    List(Vec<(i64, String)>),
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    pub label: &'static str,
    pub kind: Kind,
    input: Input,
    chosen: usize,
    /// What stands beside the field: a unit, the book's figure, the weekday.
    pub note: String,
    before_run: String,
    touched: bool,
    /// Lines that it may take on the screen.
    rows: u16,
    /// Not there for now: neither drawn nor reached.
    pub hidden: bool,
    /// Stands in the line of the field before it, so many columns from the left.
    beside: Option<u16>,
    /// What its text names: it is chosen from a list as one types.
    pub names: Option<Names>,
    /// The letters by which a row of a list is looked for.
    letters: String,
    /// What stands in it is only the likeliest answer: the first letter takes its place.
    suggested: bool,
}

impl Field {
    fn new(label: &'static str, kind: Kind) -> Field {
        Field {
            label,
            kind,
            input: Input::default(),
            chosen: 0,
            note: String::new(),
            before_run: String::new(),
            touched: false,
            rows: 1,
            hidden: false,
            beside: None,
            names: None,
            letters: String::new(),
            suggested: false,
        }
    }
    pub fn text(label: &'static str, value: &str) -> Field {
        Field { input: Input::new(value.to_string()), ..Field::new(label, Kind::Text) }
    }
    pub fn code(label: &'static str, value: &str) -> Field {
        Field { input: Input::new(value.to_string()), ..Field::new(label, Kind::Code) }
    }
    /// The code of something that is there already, or of a bin that may be new.
    pub fn naming(label: &'static str, value: &str, kind: FoundKind, known: bool) -> Field {
        Field { names: Some(Names { kind, known, several: false, counted: false }), ..Field::code(label, value) }
    }
    /// The codes of several bins, with blanks between; also beginnings and ranges of codes.
    pub fn naming_bins(label: &'static str) -> Field {
        let names = Names { kind: FoundKind::Bin, known: false, several: true, counted: false };
        Field { names: Some(names), ..Field::code(label, "") }
    }
    /// How many may be typed before the name, as `120 hamer`: the dialog takes it.
    pub fn counted(mut self) -> Field {
        self.names = self.names.map(|names| Names { counted: true, ..names });
        self
    }
    pub fn secret(label: &'static str) -> Field {
        Field::new(label, Kind::Secret)
    }
    pub fn quantity(label: &'static str, value: Option<Qty>) -> Field {
        let value = value.map(|q| locale::here().typed_figure(&q.to_string())).unwrap_or_default();
        Field { input: Input::new(value), ..Field::new(label, Kind::Quantity) }
    }
    pub fn money(label: &'static str, value: Option<Money>) -> Field {
        let value = value.map(|m| locale::here().typed_figure(&m.to_string())).unwrap_or_default();
        Field { input: Input::new(value), ..Field::new(label, Kind::Money) }
    }
    pub fn date(label: &'static str, value: Option<NaiveDate>) -> Field {
        let value = value.map(|d| locale::here().typed_date(d)).unwrap_or_default();
        Field { input: Input::new(value), ..Field::new(label, Kind::Date) }
    }
    pub fn choice(label: &'static str, options: &[&str], chosen: usize) -> Field {
        Field { chosen, ..Field::new(label, Kind::Choice(options.iter().map(|o| o.to_string()).collect())) }
    }
    pub fn list(label: &'static str, options: Vec<(i64, String)>) -> Field {
        Field::new(label, Kind::List(options))
    }
    pub fn boxes(label: &'static str, options: Vec<(i64, String, bool)>) -> Field {
        Field::new(label, Kind::Boxes(options))
    }
    /// Its text is only the likeliest answer: whoever types another does not go on with it.
    pub fn suggested(mut self) -> Field {
        self.suggested = true;
        self
    }
    /// May take so many lines: its options go on below.
    pub fn tall(mut self, rows: u16) -> Field {
        self.rows = rows.max(1);
        self
    }
    /// Stands in the line of the field before it, so many columns from the left.
    pub fn beside(mut self, column: u16) -> Field {
        self.beside = Some(column);
        self
    }
    /// Lines that it adds to the form.
    fn height(&self) -> u16 {
        if self.hidden || self.beside.is_some() { 0 } else { self.rows }
    }
    /// Puts other boxes in, keeping the ticks of those that stay.
    pub fn set_boxes(&mut self, options: Vec<(i64, String)>) {
        let ticked = self.ticked();
        self.chosen = self.chosen.min(options.len().saturating_sub(1));
        self.kind = Kind::Boxes(options.into_iter().map(|(id, words)| (id, words, ticked.contains(&id))).collect());
    }
    /// The numbers whose boxes are ticked.
    pub fn ticked(&self) -> Vec<i64> {
        match &self.kind {
            Kind::Boxes(options) => options.iter().filter(|o| o.2).map(|o| o.0).collect(),
            _ => Vec::new(),
        }
    }
    /// Puts other words on a choice, keeping the place that is chosen where there is one.
    pub fn set_choices(&mut self, options: &[&str]) {
        self.chosen = self.chosen.min(options.len().saturating_sub(1));
        self.kind = Kind::Choice(options.iter().map(|o| o.to_string()).collect());
    }
    pub fn noted(mut self, note: impl Into<String>) -> Field {
        self.note = note.into();
        self
    }
    /// What was typed.
    pub fn value(&self) -> &str {
        self.input.value()
    }
    /// A person changed it.
    pub fn was_typed(&self) -> bool {
        self.touched
    }
    /// The number of the chosen option.
    pub fn chosen(&self) -> usize {
        self.chosen
    }
    /// The key of the chosen row of a list.
    pub fn chosen_id(&self) -> Option<i64> {
        match &self.kind {
            Kind::List(options) => options.get(self.chosen).map(|o| o.0),
            _ => None,
        }
    }
    /// The words of the chosen row of a list or choice.
    pub fn chosen_words(&self) -> String {
        match &self.kind {
            Kind::List(options) => options.get(self.chosen).map(|o| o.1.clone()),
            Kind::Choice(options) => options.get(self.chosen).cloned(),
            _ => None,
        }
        .unwrap_or_default()
    }
    /// Puts another list of options in, keeping the choice where it is still there.
    pub fn set_options(&mut self, options: Vec<(i64, String)>) {
        let before = self.chosen_id();
        self.chosen = before.and_then(|id| options.iter().position(|o| o.0 == id)).unwrap_or(0);
        self.kind = Kind::List(options);
    }
    pub fn choose(&mut self, at: usize) {
        self.chosen = at;
    }
    /// Puts a value in. A figure or a date comes as files write it and stands as it is typed here.
    pub fn set_value(&mut self, value: &str) {
        let here = locale::here();
        self.put(match self.kind {
            Kind::Quantity | Kind::Money => here.typed_figure(value),
            Kind::Date => value.parse().map_or(value.to_string(), |date| here.typed_date(date)),
            _ => value.to_string(),
        });
    }
    /// A person chose this text from a list.
    pub fn take(&mut self, value: &str) {
        self.set_value(value);
        self.touched = true;
    }
    /// As it was typed.
    fn put(&mut self, typed: String) {
        self.input = Input::new(typed);
    }
    /// The quantity typed; `Ok(None)` for nothing. Takes the decimal sign of the locale, `3x12`, and refuses what is no
    /// quantity or reads two ways.
    pub fn qty(&self) -> Result<Option<Qty>, String> {
        self.seen_or_none(self.read_qty())
    }
    fn read_qty(&self) -> Result<Option<Qty>, String> {
        let text = self.value().trim();
        if text.is_empty() {
            return Ok(None);
        }
        if text.chars().filter(char::is_ascii_digit).count() > QUANTITY_DIGITS {
            return Err(format!("{text} is a barcode, not a quantity."));
        }
        let locale = locale::here();
        let read = |part: &str| self.plain(part).map(|plain| Qty::parse(&plain));
        let parsed = match text.split_once(['x', '*']) {
            Some((a, b)) => read(a)?.zip(read(b)?).and_then(|(a, b)| a.checked_mul(b)),
            None => read(text)?,
        };
        let half = locale.typed_figure("0.5");
        parsed.map(Some).ok_or_else(|| format!("\"{text}\" is not a quantity. Type digits, as 12 or {half} or 3x12."))
    }
    /// The amount typed; `Ok(None)` for nothing.
    pub fn amount(&self) -> Result<Option<Money>, String> {
        self.seen_or_none(self.read_amount())
    }
    fn read_amount(&self) -> Result<Option<Money>, String> {
        let text = self.value().trim();
        if text.is_empty() {
            return Ok(None);
        }
        let example = locale::here().typed_figure("4.99");
        Money::parse(&self.plain(text)?)
            .map(Some)
            .ok_or_else(|| format!("\"{text}\" is not an amount. Type it as {example}."))
    }
    /// A typed figure as a plain decimal. What the program put in itself is not asked.
    fn plain(&self, typed: &str) -> Result<String, String> {
        let locale = locale::here();
        if self.touched { locale.read(typed) } else { Ok(locale.read_own(typed)) }
    }
    /// The date typed; `Ok(None)` for nothing.
    pub fn day(&self, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
        self.seen_or_none(self.read_day(today))
    }
    /// What stands in a field that another choice hid is nothing that anybody can correct: it says nothing.
    fn seen_or_none<T>(&self, read: Result<Option<T>, String>) -> Result<Option<T>, String> {
        if self.hidden { read.or(Ok(None)) } else { read }
    }
    fn read_day(&self, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
        if self.value().trim().is_empty() {
            return Ok(None);
        }
        if self.touched
            && let Some((near, far)) = dates::two_ways(self.value(), today)
        {
            let typed = |day: NaiveDate| day.format("%-d %b %Y").to_string().to_lowercase();
            let (text, words) = (self.value().trim(), (dates::long(near), dates::long(far)));
            return Err(format!(
                "\"{text}\" may be {} or {}: type {} or {}.",
                words.0,
                words.1,
                typed(near),
                typed(far)
            ));
        }
        dates::parse(self.value(), today).map(Some).ok_or_else(|| {
            let (near, far) = locale::here().date_examples();
            format!("\"{}\" is not a date. Type it as +5, fri, w49, {near} or {far}.", self.value().trim())
        })
    }
    fn is_typed(&self) -> bool {
        !matches!(self.kind, Kind::Choice(_) | Kind::List(_) | Kind::Boxes(_))
    }
    /// A day, a figure or a suggestion: it is typed anew rather than gone on with.
    fn is_typed_anew(&self) -> bool {
        matches!(self.kind, Kind::Date | Kind::Quantity | Kind::Money) || self.suggested && !self.touched
    }
    /// Whether a list goes to a row by this letter: figures choose by number while nothing is typed.
    fn takes_letter(&self, c: char) -> bool {
        !self.letters.is_empty() || !(c == ' ' || c.is_ascii_digit())
    }
    /// The first row of a list that begins with the letters, else the first that has them; none has: the last letter
    /// begins anew.
    fn found_by_letters(&mut self) -> Option<usize> {
        let Kind::List(options) = &self.kind else { return None };
        let find = |letters: &str| {
            let folded = |text: &str| {
                let mut out = String::new();
                fold_into(text, &mut out);
                out
            };
            let wanted = folded(letters);
            let rows: Vec<String> = options.iter().map(|o| folded(&o.1)).collect();
            let begins = rows.iter().position(|r| r.starts_with(&wanted));
            begins.or_else(|| rows.iter().position(|r| r.contains(&wanted)))
        };
        let found = find(&self.letters).filter(|_| !self.letters.is_empty());
        if found.is_none() {
            self.letters = self.letters.chars().last().map(String::from).unwrap_or_default();
            return find(&self.letters).filter(|_| !self.letters.is_empty());
        }
        found
    }
    fn tick(&mut self, at: usize) -> bool {
        let Kind::Boxes(options) = &mut self.kind else { return false };
        let Some(option) = options.get_mut(at) else { return false };
        option.2 = !option.2;
        (self.touched, self.chosen) = (true, at);
        true
    }
}

fn is_printable(key: &KeyEvent) -> bool {
    matches!(key.code, KeyCode::Char(_)) && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
}

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
                _ => return Outcome::Ignored,
            },
            _ => return Outcome::Ignored,
        }
        if field.chosen == before || matches!(field.kind, Kind::Boxes(_)) {
            return Outcome::Moved;
        }
        field.touched = true;
        Outcome::Changed(at)
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

    /// How many lines [`Form::draw`] takes.
    pub fn height(&self) -> u16 {
        let list = if self.open { LIST_ROWS } else { 0 };
        self.fields.iter().map(Field::height).sum::<u16>() + list
    }

    /// Draws the fields and answers where the cursor stands.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, today: NaiveDate) -> Option<Position> {
        let first = self.fields.iter().filter(|f| !f.hidden && f.beside.is_none());
        let labels = first.map(|f| text::width(f.label)).max().unwrap_or(0) as u16;
        let (mut y, mut line, mut cursor) = (area.y, area.y, None);
        // The field that has the focus stays in view.
        let upto = self.focus.min(self.fields.len().saturating_sub(1)) + 1;
        let mut need = self.fields.iter().take(upto).map(Field::height).sum::<u16>();
        need += if self.open { LIST_ROWS } else { 0 };
        let mut skip = 0;
        while need > area.height && skip + 1 < upto {
            need -= self.fields.get(skip).map_or(0, Field::height);
            skip += 1;
        }
        for (i, field) in self.fields.iter().enumerate().skip(skip) {
            if field.hidden {
                continue;
            }
            if y >= area.bottom() && field.beside.is_none() {
                break;
            }
            let focused = i == self.focus;
            let style = theme.style(if focused { Role::Title } else { Role::Quiet });
            // The next one in this line ends this one's room.
            let next = self.fields.get(i + 1).filter(|f| !f.hidden).and_then(|f| f.beside);
            let end = next.map_or(area.right(), |column| (area.x + column).saturating_sub(1).min(area.right()));
            if let Some(column) = field.beside {
                let (from, label) = ((area.x + column).min(area.right()), text::width(field.label) as u16);
                buf.set_stringn(from, line, field.label, end.saturating_sub(from) as usize, style);
                let x = (from + label + 1).min(area.right());
                let room = Rect { x, y: line, width: end.saturating_sub(x), height: 1 };
                cursor = draw_field(field, room, focused, buf, theme, today).or(cursor);
                continue;
            }
            line = y;
            buf.set_string(area.x + 1, y, field.label, style);
            let x = area.x + labels + 4;
            let room = end.saturating_sub(x);
            let rows = field.rows.min(area.bottom() - y);
            let place = draw_field(field, Rect { x, y, width: room, height: rows }, focused, buf, theme, today);
            cursor = place.or(cursor);
            y += rows;
            if focused && self.open {
                y = draw_options(
                    field,
                    Rect { x, y, width: room, height: area.bottom().saturating_sub(y) },
                    buf,
                    theme,
                );
            }
        }
        cursor
    }

    /// Draws `── [Save]  Cancel ──`.
    pub fn draw_buttons(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        buf.set_string(area.x, area.y, "─".repeat(area.width as usize), theme.style(Role::Quiet));
        let save = format!("[{}]", self.save);
        let at = self.fields.len();
        let style = |on: bool| theme.style(if on { Role::Selected } else { Role::Title });
        buf.set_string(area.x + 2, area.y, " ", theme.style(Role::Normal));
        buf.set_string(area.x + 3, area.y, &save, style(self.focus == at));
        let x = area.x + 3 + text::width(&save) as u16;
        buf.set_string(x, area.y, "  ", theme.style(Role::Normal));
        buf.set_string(x + 2, area.y, self.leave, style(self.focus == at + 1));
        buf.set_string(x + 2 + text::width(self.leave) as u16, area.y, " ", theme.style(Role::Normal));
    }
}

const LIST_ROWS: u16 = 8;

fn draw_field(
    field: &Field,
    area: Rect,
    focused: bool,
    buf: &mut Buffer,
    theme: &Theme,
    today: NaiveDate,
) -> Option<Position> {
    let style = theme.style(if focused { Role::Field } else { Role::Normal });
    let width = area.width as usize;
    match &field.kind {
        Kind::Choice(options) => {
            let words = |(i, option): (usize, &String)| {
                if i == field.chosen { format!("[{option}]") } else { format!(" {option} ") }
            };
            let pieces = options.iter().enumerate().map(words).collect::<Vec<_>>();
            draw_pieces(&pieces, field.chosen, area, buf, |i| match (i == field.chosen, focused) {
                (true, true) => style,
                (true, false) => theme.style(Role::Title),
                (false, _) => theme.style(Role::Normal),
            });
            None
        }
        Kind::Boxes(options) => {
            let words = |o: &(i64, String, bool)| format!("[{}] {} ", if o.2 { "x" } else { " " }, o.1);
            let pieces: Vec<String> = options.iter().map(words).collect();
            draw_pieces(&pieces, field.chosen, area, buf, |i| {
                if focused && i == field.chosen { style } else { theme.style(Role::Normal) }
            });
            None
        }
        Kind::List(options) => {
            let shown = options.get(field.chosen).map_or("none", |o| o.1.as_str());
            let room = width.saturating_sub(5);
            buf.set_stringn(area.x, area.y, text::fit(shown, room), room, style);
            if focused {
                let x = area.x + text::width(&text::fit(shown, room)) as u16 + 1;
                buf.set_stringn(x, area.y, "F4", 2, theme.style(Role::Key));
                let left = area.right().saturating_sub(x + 3) as usize;
                let letters = crate::domain::text::visible(&field.letters).into_owned();
                buf.set_stringn(x + 3, area.y, letters, left, theme.style(Role::Quiet));
            }
            None
        }
        kind => {
            let room = match kind {
                Kind::Quantity | Kind::Money | Kind::Date => width.min(14),
                _ => {
                    let list = if field.names.is_some() { 9 } else { 0 };
                    width.saturating_sub(text::width(&field.note) + 2 + list).max(8).min(width)
                }
            };
            let scroll = field.input.visual_scroll(room.saturating_sub(1));
            let value: String = match kind {
                Kind::Secret => "*".repeat(field.value().chars().count()),
                _ => crate::domain::text::visible(field.value()).into_owned(),
            };
            let visible: String = skip_cells(&value, scroll);
            buf.set_stringn(area.x, area.y, text::left(&visible, room), room, style);
            let note = match (kind, field.day(today)) {
                (Kind::Date, Ok(Some(date))) => format!("{}  {}", dates::long(date), field.note),
                (Kind::Date, Err(_)) => match dates::two_ways(field.value(), today) {
                    Some((near, far)) => format!("{} or {}?", dates::long(near), dates::long(far)),
                    None => "not a date yet".into(),
                },
                _ if focused && field.names.is_some() => format!("F4 list  {}", field.note),
                _ => field.note.clone(),
            };
            let x = area.x + room as u16 + 2;
            let left = area.right().saturating_sub(x) as usize;
            buf.set_stringn(x, area.y, text::clip(&note, left), left, theme.style(Role::Quiet));
            let at = (field.input.visual_cursor().saturating_sub(scroll)).min(room.saturating_sub(1));
            focused.then(|| Position::new(area.x + at as u16, area.y))
        }
    }
}

/// Pieces side by side, going on in the next line; where the lines are too few, those round the chosen one.
fn draw_pieces(
    pieces: &[String],
    chosen: usize,
    area: Rect,
    buf: &mut Buffer,
    style: impl Fn(usize) -> ratatui::style::Style,
) {
    let width = area.width as usize;
    let (mut line, mut used, mut places) = (0u16, 0usize, Vec::with_capacity(pieces.len()));
    for piece in pieces {
        let need = text::width(piece).min(width);
        if used > 0 && used + need > width {
            (line, used) = (line + 1, 0);
        }
        places.push((line, used as u16));
        used += need + 1;
    }
    let rows = area.height.max(1);
    let skip = places.get(chosen).map_or(0, |p| p.0).saturating_sub(rows - 1);
    for (i, (piece, (line, x))) in pieces.iter().zip(&places).enumerate() {
        if (skip..skip + rows).contains(line) {
            let words = text::fit(piece, width);
            buf.set_stringn(area.x + x, area.y + line - skip, words, width, style(i));
        }
    }
    if let Some(hidden) = pieces.len().checked_sub(1).filter(|_| line >= rows)
        && width > 12
    {
        let words = format!(" {}/{} → ", chosen + 1, hidden + 1);
        let x = area.right().saturating_sub(text::width(&words) as u16);
        buf.set_string(x, area.y + rows - 1, words, style(usize::MAX));
    }
}

fn skip_cells(value: &str, cells: usize) -> String {
    let mut used = 0;
    value
        .chars()
        .skip_while(|c| {
            let skip = used < cells;
            used += text::width(c.encode_utf8(&mut [0; 4]));
            skip
        })
        .collect()
}

fn draw_options(field: &Field, area: Rect, buf: &mut Buffer, theme: &Theme) -> u16 {
    let Kind::List(options) = &field.kind else { return area.y };
    let rows = (LIST_ROWS.min(area.height)) as usize;
    let top = (field.chosen + 1).saturating_sub(rows);
    for (n, (i, (_, words))) in options.iter().enumerate().skip(top).take(rows).enumerate() {
        let on = i == field.chosen;
        let number = if i < 9 { format!("{} ", i + 1) } else { "  ".into() };
        let line = format!(
            "{}{number}{}",
            if on { "▸" } else { " " },
            text::fit(words, (area.width as usize).saturating_sub(4))
        );
        let style = theme.style(if on { Role::Selected } else { Role::Normal });
        buf.set_stringn(area.x, area.y + n as u16, text::left(&line, area.width as usize), area.width as usize, style);
    }
    area.y + rows as u16
}

#[cfg(test)]
mod tests {
    use super::*;

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
