//! A dialog's field: what it takes, what stands in it, and how that is read.

use crate::domain::dates;
use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::text::fold_into;
use crate::tui::chooser::Names;
use crate::worker::search::FoundKind;
use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::Input;

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
    pub(super) input: Input,
    pub(super) chosen: usize,
    /// What stands beside the field: a unit, the book's figure, the weekday.
    pub note: String,
    pub(super) before_run: String,
    pub(super) touched: bool,
    /// Lines that it may take on the screen.
    pub(super) rows: u16,
    /// Not there for now: neither drawn nor reached.
    pub hidden: bool,
    /// Stands in the line of the field before it, so many columns from the left.
    pub(super) beside: Option<u16>,
    /// What its text names: it is chosen from a list as one types.
    pub names: Option<Names>,
    /// The letters by which a row of a list is looked for.
    pub(super) letters: String,
    /// What stands in it is only the likeliest answer: the first letter takes its place.
    pub(super) suggested: bool,
}

impl Field {
    pub(super) fn new(label: &'static str, kind: Kind) -> Field {
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
    /// `y` and `n` where the choice is between yes and no.
    pub(super) fn yes_or_no(&self, letter: char) -> Option<usize> {
        match &self.kind {
            Kind::Choice(options) if *options == ["yes", "no"] => {
                options.iter().position(|word| word.starts_with(letter.to_ascii_lowercase()))
            }
            _ => None,
        }
    }
    /// Its text is only the likeliest answer: whoever types another does not go on with it.
    pub fn suggested(mut self) -> Field {
        self.suggested = true;
        self
    }
    /// May take so many lines: its options go on below.
    pub fn tall(mut self, rows: u16) -> Field {
        self.set_tall(rows);
        self
    }
    pub fn set_tall(&mut self, rows: u16) {
        self.rows = rows.max(1);
    }
    /// Stands in the line of the field before it, so many columns from the left.
    pub fn beside(mut self, column: u16) -> Field {
        self.beside = Some(column);
        self
    }
    /// Lines that it adds to the form.
    pub(super) fn height(&self) -> u16 {
        if self.hidden || self.beside.is_some() { 0 } else { self.rows }
    }
    /// Puts other boxes in, keeping the ticks of those that stay.
    pub fn set_boxes(&mut self, options: Vec<(i64, String)>) {
        let ticked = self.ticked();
        self.chosen = self.chosen.min(options.len().saturating_sub(1));
        self.kind = Kind::Boxes(options.into_iter().map(|(id, words)| (id, words, ticked.contains(&id))).collect());
    }
    /// Ticks these boxes, or takes their ticks away.
    pub fn set_ticks(&mut self, which: &[i64], on: bool) {
        if let Kind::Boxes(options) = &mut self.kind {
            options.iter_mut().filter(|o| which.contains(&o.0)).for_each(|o| o.2 = on);
        }
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
    /// A person chose it, by a key that is the dialog's own.
    pub fn choose_by_hand(&mut self, at: usize) {
        (self.chosen, self.touched) = (at, true);
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
    pub(super) fn put(&mut self, typed: String) {
        self.input = Input::new(typed);
    }
    /// The quantity typed; `Ok(None)` for nothing. Takes the decimal sign of the locale, `3x12`, and refuses what is no
    /// quantity or reads two ways.
    pub fn qty(&self) -> Result<Option<Qty>, String> {
        self.seen_or_none(self.read_qty())
    }
    pub(super) fn read_qty(&self) -> Result<Option<Qty>, String> {
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
    pub(super) fn read_amount(&self) -> Result<Option<Money>, String> {
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
    pub(super) fn plain(&self, typed: &str) -> Result<String, String> {
        let locale = locale::here();
        if self.touched { locale.read(typed) } else { Ok(locale.read_own(typed)) }
    }
    /// The date typed; `Ok(None)` for nothing.
    pub fn day(&self, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
        self.seen_or_none(self.read_day(today))
    }
    /// What stands in a field that another choice hid is nothing that anybody can correct: it says nothing.
    pub(super) fn seen_or_none<T>(&self, read: Result<Option<T>, String>) -> Result<Option<T>, String> {
        if self.hidden { read.or(Ok(None)) } else { read }
    }
    pub(super) fn read_day(&self, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
        if self.value().trim().is_empty() {
            return Ok(None);
        }
        if self.touched
            && let Some((near, far)) = dates::two_ways(self.value(), today)
        {
            let typed = |day: NaiveDate| dates::of_year(day).replace(',', "").to_lowercase();
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
    pub(super) fn is_typed(&self) -> bool {
        !matches!(self.kind, Kind::Choice(_) | Kind::List(_) | Kind::Boxes(_))
    }
    /// A day, a figure or a suggestion: it is typed anew rather than gone on with.
    pub(super) fn is_typed_anew(&self) -> bool {
        matches!(self.kind, Kind::Date | Kind::Quantity | Kind::Money) || self.suggested && !self.touched
    }
    /// Whether a list goes to a row by this letter: figures choose by number while nothing is typed.
    pub(super) fn takes_letter(&self, c: char) -> bool {
        !self.letters.is_empty() || !(c == ' ' || c.is_ascii_digit())
    }
    /// The first row of a list that begins with the letters, else the first that has them; none has: the last letter
    /// begins anew.
    pub(super) fn found_by_letters(&mut self) -> Option<usize> {
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
    pub(super) fn tick(&mut self, at: usize) -> bool {
        let Kind::Boxes(options) = &mut self.kind else { return false };
        let Some(option) = options.get_mut(at) else { return false };
        option.2 = !option.2;
        (self.touched, self.chosen) = (true, at);
        true
    }
}

pub(super) fn is_printable(key: &KeyEvent) -> bool {
    matches!(key.code, KeyCode::Char(_)) && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
}
