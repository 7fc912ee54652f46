//! Before there is a warehouse: what to begin with, a file brought in by its path, and the first questions. Nothing here
//! knows a file or a store: keys in, wishes out; what came of a wish is told.

use super::bring::picker::{Picked, Picker};
use super::form::{Field, Form, Outcome};
use crate::domain::countries;
use crate::worker::bringing::Folder;
use crossterm::event::{KeyCode, KeyEvent};
use std::path::PathBuf;

/// What the person wants done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wish {
    /// Look around the sample.
    Sample,
    /// Say what lies in that folder (none: at home): sheets, or warehouse files.
    Folder(Option<PathBuf>, Of),
    /// Say what a file or folder holds; nothing is written.
    Look(PathBuf),
    /// Bring it in; rows with a problem are left out.
    BringIn(String),
    Empty,
    /// Open that warehouse file.
    Open(PathBuf),
    Answer(Answers),
    Leave,
}

/// What is chosen from a folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Of {
    Sheets,
    Warehouses,
}

/// What came of a wish.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    Folder(Box<Folder>),
    Looked(Looked),
    /// The first questions are to be asked.
    Ask(Asked),
    /// The workbench can open.
    Ready,
    /// Why not, and what to do.
    Sorry(String),
}

/// What a file holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Looked {
    pub path: String,
    /// What it was taken for; blank: one of the plain tables.
    pub recognised: String,
    /// A line per table.
    pub lines: Vec<String>,
    /// Rows that would come in.
    pub rows: usize,
    /// Why rows do not come in, a line each.
    pub problems: Vec<String>,
    /// How many there are of those.
    pub bad: usize,
}

/// What the first questions need to know.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// Open orders from before this program with no talk on file.
    pub old: usize,
    /// The country that the machine's language tells, two letters; blank: none.
    pub country: String,
    pub name: String,
    /// The file that is looked at next; blank: none.
    pub next: String,
}

/// The answers, by the place of the chosen option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answers {
    /// 0 businesses, 1 consumers, 2 both.
    pub customers: usize,
    pub country: String,
    pub name: String,
    /// 0 told or not known, 1 nobody was told, 2 one by one; none: not asked.
    pub old: Option<usize>,
    pub second_place: String,
}

/// What is shown.
pub(super) enum Page {
    Choose,
    /// A file is chosen: to bring in, or a warehouse to open.
    Pick(Box<Picker>),
    Looked(Looked),
    Questions {
        form: Form,
        asked: Asked,
    },
}

pub(super) const CUSTOMERS: usize = 0;
pub(super) const LIVE: usize = 1;
pub(super) const COUNTRY: usize = 2;
pub(super) const NAME: usize = 3;
pub(super) const SECOND: usize = 4;
pub(super) const OLD: usize = 5;

/// The choices of [`LIVE`].
const EU: usize = 0;
const UK: usize = 1;
const US: usize = 2;

/// The first run.
pub struct FirstRun {
    pub(super) page: Page,
    /// Where the warehouse will lie.
    pub(super) place: String,
    pub(super) said: Option<String>,
    /// What is being done; keys wait meanwhile.
    pub(super) working: Option<String>,
    /// The keys are shown; any key goes back.
    pub(super) help: bool,
}

impl FirstRun {
    /// Where nothing is there yet.
    pub fn new(place: &str) -> FirstRun {
        FirstRun { page: Page::Choose, place: place.to_string(), said: None, working: None, help: false }
    }

    /// With the questions at once, where a warehouse is there that was never asked; `said`: what it begins with.
    pub fn asking(place: &str, asked: Asked, said: Option<String>) -> FirstRun {
        let mut first = FirstRun::new(place);
        first.told(Told::Ask(asked));
        first.said = said;
        first
    }

    /// Says what is being done.
    pub fn working(&mut self, words: &str) {
        self.working = Some(words.to_string());
    }

    /// Whether a text field has the focus.
    pub fn in_text(&self) -> bool {
        match &self.page {
            Page::Pick(_) => true,
            Page::Questions { form, .. } => form.in_text(),
            Page::Choose | Page::Looked(_) => false,
        }
    }

    /// One key.
    pub fn key(&mut self, key: &KeyEvent) -> Option<Wish> {
        self.said = None;
        let ctrl = key.modifiers.contains(crossterm::event::KeyModifiers::CONTROL);
        if ctrl && key.code == KeyCode::Char('c') {
            return Some(Wish::Leave);
        }
        if std::mem::take(&mut self.help) {
            return None;
        }
        if key.code == KeyCode::F(1) || key.code == KeyCode::Char('?') && !self.in_text() {
            self.help = true;
            return None;
        }
        match &mut self.page {
            Page::Choose => match key.code {
                KeyCode::Char('1') => Some(Wish::Sample),
                KeyCode::Char('2') => self.pick(Of::Sheets),
                KeyCode::Char('3') => Some(Wish::Empty),
                KeyCode::Char('4') => self.pick(Of::Warehouses),
                KeyCode::Char('q') | KeyCode::F(3) => Some(Wish::Leave),
                _ => None,
            },
            Page::Pick(picker) => {
                let of = if picker.opens() { Of::Warehouses } else { Of::Sheets };
                match picker.key(key) {
                    Picked::Nothing | Picked::Beep => None,
                    Picked::Close => {
                        self.page = Page::Choose;
                        None
                    }
                    Picked::Folder(folder) => Some(Wish::Folder(Some(folder), of)),
                    // Looking at a file and opening one write nothing: Enter in the field is enough.
                    Picked::File(path) if of == Of::Sheets => Some(Wish::Look(path)),
                    Picked::File(path) => Some(Wish::Open(path)),
                }
            }
            Page::Looked(looked) => match key.code {
                KeyCode::F(8) if looked.rows > 0 => Some(Wish::BringIn(looked.path.clone())),
                KeyCode::F(8) => {
                    self.said = Some("Nothing of it can come in. Correct the file, or choose another (Esc).".into());
                    None
                }
                _ if is_back(key) => self.pick(Of::Sheets),
                _ => None,
            },
            Page::Questions { .. } if is_back(key) => {
                self.said = Some("F8 starts. Ctrl-C leaves; the questions come again next time.".into());
                None
            }
            Page::Questions { form, .. } => {
                let live = form.field(LIVE).map(Field::chosen);
                match form.key(key) {
                    Outcome::Save => self.answered(),
                    Outcome::Changed(LIVE) => {
                        let now = form.field(LIVE).map(Field::chosen);
                        if now != live {
                            suggest_country(form);
                        }
                        None
                    }
                    Outcome::Cancel => Some(Wish::Leave),
                    _ => None,
                }
            }
        }
    }

    /// A pasted text goes into the field that has the focus.
    pub fn paste(&mut self, text: &str) {
        match &mut self.page {
            // A file dragged onto the terminal comes as its path.
            Page::Pick(picker) => picker.paste(text),
            Page::Questions { form, .. } => {
                form.paste(text);
            }
            Page::Choose | Page::Looked(_) => {}
        }
    }

    /// What came of a wish; true: the workbench opens.
    pub fn told(&mut self, told: Told) -> bool {
        self.working = None;
        match told {
            Told::Ready => return true,
            Told::Folder(folder) => {
                if let Page::Pick(picker) = &mut self.page {
                    picker.shows(*folder);
                }
            }
            Told::Looked(looked) => self.page = Page::Looked(looked),
            Told::Ask(asked) => self.page = Page::Questions { form: questions(&asked), asked },
            Told::Sorry(sentence) => {
                if let Page::Pick(picker) = &mut self.page {
                    picker.refused(sentence);
                } else {
                    self.said = Some(sentence);
                }
            }
        }
        false
    }

    fn pick(&mut self, of: Of) -> Option<Wish> {
        let picker = if of == Of::Warehouses { Picker::of_warehouses() } else { Picker::default() };
        self.page = Page::Pick(Box::new(picker));
        Some(Wish::Folder(None, of))
    }

    fn answered(&mut self) -> Option<Wish> {
        let Page::Questions { form, .. } = &mut self.page else { return None };
        let text = |at: usize| form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default();
        let chosen = |at: usize| form.field(at).map_or(0, Field::chosen);
        let (typed, name) = (text(COUNTRY), text(NAME));
        let country = countries::alpha_2(&typed).unwrap_or_default().to_string();
        if !typed.is_empty() && country.is_empty() {
            form.set_focus(COUNTRY);
            self.said = Some(no_country(&typed));
            return None;
        }
        if name.is_empty() {
            form.set_focus(NAME);
            self.said = Some("Type your name: it stands in the record beside what you do.".into());
            return None;
        }
        let old = form.field(OLD).filter(|f| !f.hidden).map(Field::chosen);
        let customers = chosen(CUSTOMERS);
        Some(Wish::Answer(Answers { customers, country, name, old, second_place: text(SECOND) }))
    }
}

fn is_back(key: &KeyEvent) -> bool {
    matches!(key.code, KeyCode::Esc | KeyCode::F(12))
}

/// The questions with their likeliest answers.
pub(super) fn questions(asked: &Asked) -> Form {
    let live = match asked.country.as_str() {
        "GB" => UK,
        "US" => US,
        _ => EU,
    };
    let mut old = Field::choice("They were", &["told, or nobody knows", "not told", "I say it one by one"], 0);
    old.hidden = asked.old == 0;
    Form::new(vec![
        Field::choice("Your customers are", &["mostly businesses", "mostly consumers", "both"], 0),
        Field::choice("They live in", &["the EU", "the UK", "the US", "elsewhere"], live),
        Field::text("Your country", &asked.country).noted("two letters, or its name").suggested(),
        Field::text("Your name", &asked.name).suggested(),
        Field::text("Second copy in", "").noted("a folder, or blank"),
        old,
    ])
    .saving_as("Start")
}

/// So many open orders were there before the program.
pub(super) fn from_before(orders: usize) -> String {
    match orders {
        1 => "1 order was open before this program, and no talk about it is on file.".into(),
        n => format!(
            "{} were open before this program, and no talk about them is on file.",
            super::text::plural(n, "order")
        ),
    }
}

/// The keys of a page, each with what it does.
pub(super) fn keys(page: &Page) -> &'static [(&'static str, &'static str)] {
    match page {
        Page::Choose => &[
            ("1", "a sample warehouse with stock, orders, suppliers and their past; your own comes later"),
            ("2", "choose a spreadsheet or a shop's export; it is looked at first, and comes in when you say so"),
            ("3", "a warehouse with nothing in it: items, customers and orders are typed by hand, or brought in later"),
            ("4", "a warehouse file that is on this computer already, such as one from another computer"),
            ("q", "leave; nothing was made (also F3, Ctrl-C)"),
        ],
        Page::Pick(_) => &[
            ("letters", "the files here whose name has them; a whole path may be typed or pasted"),
            ("Up Down", "choose"),
            ("Enter", "take the file, or open the folder"),
            ("Tab", "complete the name"),
            ("Esc", "back"),
        ],
        Page::Looked(_) => &[("F8", "bring it in; later u takes it back as a whole"), ("Esc", "another file")],
        Page::Questions { .. } => &[
            ("Tab", "next question; Shift-Tab the one before"),
            ("Left Right", "another answer, where they stand side by side; also 1 to 4"),
            ("F8", "start; the same as Enter on [Start]"),
            ("Ctrl-C", "leave; the questions come again next time"),
        ],
    }
}

/// Why what was typed is no country: which law counts hangs on it.
pub(super) fn no_country(typed: &str) -> String {
    format!("\"{typed}\" is no country. {}; leave it blank where you do not want one.", countries::WANTED)
}

/// What is the same on every screen of the program that follows.
pub(super) const LATER: [(&str, &str); 6] = [
    ("?", "the keys of the screen that you are on"),
    (":", "all commands by name, and the settings"),
    ("f", "find anything: a customer, order, item, PO, supplier, bin, barcode"),
    ("0", "what must be done today; ! goes to the next of it"),
    ("u", "what was done, and taking it back"),
    ("Esc", "one step back; only F8, or Enter on [Save], saves"),
];

/// What the answers as they stand change.
pub(super) fn meaning(form: &Form, asked: &Asked) -> Vec<String> {
    let chosen = |at: usize| form.field(at).map_or(0, Field::chosen);
    let consumers = match (chosen(LIVE), form.field(COUNTRY).is_some_and(|f| f.value().trim().is_empty())) {
        (_, true) => "Without a country no consumer law is applied.",
        (1, _) => "UK: they must hear of a new date before the agreed one; without one 30 days count.",
        (2, _) => "US: they must hear before the ship date; without a yes an order may have to be refunded.",
        (0, _) => "EU: they must hear of a new date before the agreed one; without one 30 days count.",
        _ => "Their country decides which law counts; those without one count as living in yours.",
    };
    let mut out = vec![match chosen(CUSTOMERS) {
        0 => "Businesses: you are reminded to tell them; nothing is ever cancelled by itself.".to_string(),
        1 => consumers.to_string(),
        _ => format!("Who is marked as a business counts as one, all others as consumers. {consumers}"),
    }];
    if asked.old > 0 {
        out.push(match (chosen(OLD), asked.old) {
            (0, 1) => "It is listed under \"not known\" and does not count as due.".to_string(),
            (1, 1) => "It counts as not told: if it is late it is due today.".to_string(),
            (_, 1) => "It is listed under \"not known\"; there a says what was told.".to_string(),
            (0, n) => format!("The {n} are listed under \"not known\" and do not count as due."),
            (1, n) => format!("The {n} count as not told: those that are late are due today."),
            (_, n) => format!("The {n} are listed under \"not known\"; there a says of each what was told."),
        });
    }
    out.push("All of this can be changed later under : settings.".into());
    if !asked.next.is_empty() {
        out.push(format!("Next {} is looked at; nothing of it comes in before you say so.", asked.next));
    }
    out
}

/// The country follows the choice, as far as that tells it.
fn suggest_country(form: &mut Form) {
    let known = match form.field(LIVE).map(Field::chosen) {
        Some(UK) => "GB",
        Some(US) => "US",
        _ => "",
    };
    if let Some(field) = form.field_mut(COUNTRY) {
        field.set_value(known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::KeyModifiers;

    fn press(first: &mut FirstRun, code: KeyCode) -> Option<Wish> {
        first.key(&KeyEvent::new(code, KeyModifiers::NONE))
    }

    #[test]
    fn nothing_that_is_only_typed_answers_the_questions() {
        let asked = Asked { old: 3, country: "NL".into(), name: "Kim".into(), ..Asked::default() };
        let mut first = FirstRun::asking("w.db", asked, None);
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..500 {
            let code = KeyCode::Char(char::from(random.u8(0x20..0x7f)));
            assert_eq!(press(&mut first, code), None);
        }
        assert_eq!(press(&mut first, KeyCode::Enter), None);
        let mut first = FirstRun::asking(
            "w.db",
            Asked { old: 3, country: "NL".into(), name: "Kim".into(), ..Asked::default() },
            None,
        );
        let Some(Wish::Answer(answers)) = press(&mut first, KeyCode::F(8)) else { panic!("F8 starts") };
        assert_eq!((answers.customers, answers.old, answers.country.as_str()), (0, Some(0), "NL"));
    }

    #[test]
    fn a_file_is_looked_at_before_it_comes_in() {
        let mut first = FirstRun::new("w.db");
        assert_eq!(press(&mut first, KeyCode::Char('2')), Some(Wish::Folder(None, Of::Sheets)));
        first.paste("/in/items.csv");
        assert_eq!(press(&mut first, KeyCode::Enter), Some(Wish::Look("/in/items.csv".into())));
        first.told(Told::Looked(Looked { path: "items.csv".into(), rows: 3, ..Looked::default() }));
        assert_eq!(press(&mut first, KeyCode::Enter), None);
        assert_eq!(press(&mut first, KeyCode::F(8)), Some(Wish::BringIn("items.csv".into())));
        assert!(first.told(Told::Ready));
    }

    #[test]
    fn a_name_that_is_typed_takes_the_place_of_the_suggested_one() {
        let mut first = FirstRun::asking("w.db", Asked { name: "root".into(), ..Asked::default() }, None);
        for code in [KeyCode::Tab, KeyCode::Tab, KeyCode::Tab, KeyCode::Char('K'), KeyCode::Char('i'), KeyCode::F(8)] {
            if let Some(Wish::Answer(answers)) = press(&mut first, code) {
                assert_eq!(answers.name, "Ki");
                return;
            }
        }
        panic!("F8 answers: {:?}", first.said);
    }

    #[test]
    fn a_name_is_needed_and_a_country_is_one_that_there_is() {
        for (typed, kept) in [("XX", None), ("Nederland", Some("NL")), ("be", Some("BE"))] {
            let asked = Asked { name: "Kim".into(), ..Asked::default() };
            let mut first = FirstRun::asking("w.db", asked, None);
            (0..COUNTRY).for_each(|_| assert_eq!(press(&mut first, KeyCode::Tab), None));
            typed.chars().for_each(|c| assert_eq!(press(&mut first, KeyCode::Char(c)), None));
            match (press(&mut first, KeyCode::F(8)), kept) {
                (Some(Wish::Answer(answers)), Some(kept)) => assert_eq!(answers.country, kept),
                (None, None) => assert!(first.said.as_ref().is_some_and(|s| s.contains("\"XX\" is no country"))),
                (wish, kept) => panic!("{typed}: {wish:?} and {kept:?}"),
            }
        }
        let mut first = FirstRun::asking("w.db", Asked::default(), None);
        assert_eq!(press(&mut first, KeyCode::F(8)), None);
        assert!(first.said.as_ref().is_some_and(|s| s.contains("name")));
    }
}
