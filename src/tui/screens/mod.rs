//! The tabs: state and behaviour, one file each; how they look is in `views`.
//!
//! To add a tab: a file here with a type that implements [`Screen`], a file in `views` with its columns, spoken lines
//! and pane, its requests in `worker`, its keys in `keymap::BINDINGS`, and its place in [`all`].

pub mod adjust;
pub mod backorders;
pub mod carry;
pub mod count;
pub mod count_menu;
pub mod count_paper;
pub mod count_review;
pub mod paper;
pub mod pick;
pub mod receive;
pub mod receive_menu;
pub mod reorder;
pub mod stock;
pub mod stock_dialogs;
pub mod suppliers;

use super::action::{Action, Availability};
use super::keymap::{Binding, Scope};
use super::overlay::Overlay;
use super::table::{Cell, Listing, Look, Want};
use crate::worker::office::Whole;
use crate::worker::{Answer, Load, Progress, Record, Write};
use chrono::NaiveDate;

/// What a tab or an overlay wants done.
pub enum Cmd {
    /// Read; the answer comes to `loaded` with the same part. A newer load of the part replaces an older one.
    Load(&'static str, Load),
    /// Write; the notice, or the sentence of the refusal, appears by itself, and what is visible is read again.
    Write(Write),
    /// Write down a part of work that goes on; the answer, or the refusal, comes to the overlay that says it.
    Record(&'static str, Record),
    Open(Box<dyn Overlay>),
    /// Close the overlay that says it.
    Close,
    Notice(String),
    /// Something is done that nobody sees, such as a file that is written: said where it is read, above what is open too.
    Told(String),
    /// Something was saved elsewhere than by [`Cmd::Write`]: say so, with the way back, and read again.
    Saved(String),
    /// What the overlay that says it wanted cannot be; it is told so and stays.
    Refuse(String),
    Do(Action),
    /// To a row of a tab.
    GoTo {
        tab: usize,
        id: i64,
    },
    Copy(String),
    /// Give a text to the person's editor; it comes back to `edited`.
    Edit(String),
    /// Another key for the command of that name; blank: as it came. What came of it comes to `edited`.
    Rebind {
        name: String,
        key: String,
    },
    /// Other colours, by the value of the setting.
    Colours(String),
    Beep,
    Quit,
}

/// The number behind a tab's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Badge {
    pub count: usize,
    /// Someone must act today.
    pub urgent: bool,
}

/// A line of the Today card: so many of one thing are due, and where that is done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DueLine {
    /// `!` today, `~` soon, `.` whenever, `?` not known.
    pub sign: char,
    pub count: usize,
    /// `customers to tell`, in the number of `count`.
    pub what: String,
    /// What stands beside it: by when, which one first.
    pub detail: String,
    /// Where it is done, as the screen writes it: `2 Backorders`, `c count`.
    pub place: &'static str,
    /// The number of that tab; the tab itself need not know it.
    pub tab: usize,
    /// The first row of it in that tab.
    pub row: Option<i64>,
    /// What is to be done there at once.
    pub action: Option<Action>,
}

/// What the chosen row says below the table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spoken {
    /// On the rule.
    pub name: String,
    /// `Now`, `Why`, `Next` and its sentence; two lines of room, four on tall screens.
    pub lines: Vec<(&'static str, String)>,
}

/// A line of the pane: pieces with their meaning.
pub type Line = Vec<Cell>;

/// A tab.
pub trait Screen {
    /// Its name on the tab.
    fn title(&self) -> &'static str;
    /// Its keys.
    fn scope(&self) -> Scope;
    fn list(&self) -> &dyn Listing;
    fn list_mut(&mut self) -> &mut dyn Listing;
    fn badge(&self) -> Option<Badge> {
        None
    }
    /// The one sentence on top.
    fn sentence(&self, look: &Look) -> String;
    /// What stands at the right of the sentence on wide screens.
    fn aside(&self, _look: &Look) -> String {
        String::new()
    }
    /// The names of its views; the first is the default.
    fn views(&self) -> &'static [&'static str];
    fn view(&self) -> usize;
    /// The name of the view that is shown, and how much of how much it holds: `to do, 12 of 41`.
    fn view_words(&self) -> String {
        self.views().get(self.view()).copied().unwrap_or("").to_string()
    }
    /// Shows another view: asks for its rows.
    fn set_view(&mut self, view: usize, look: &Look) -> Vec<Cmd>;
    /// Reads what is needed for the badge, when the program starts and after each change.
    fn summary(&mut self, look: &Look) -> Vec<Cmd>;
    /// Reads again what is visible; the chosen row stays.
    fn refresh(&mut self, look: &Look) -> Vec<Cmd>;
    /// Where all rows of the list are read from, where the screen may hold a part of them.
    fn whole(&self) -> Option<Whole> {
        None
    }
    /// Another row was chosen: asks for its detail.
    fn moved(&mut self, look: &Look) -> Vec<Cmd>;
    /// A window on a long list wants more rows.
    fn wanted(&mut self, _want: Want, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// The filter's text changed. Lists that are whole in memory need nothing else.
    fn filter(&mut self, text: &str, look: &Look) -> Vec<Cmd> {
        self.list_mut().set_filter(text);
        self.moved(look)
    }
    /// What the list is filtered by; empty: by nothing.
    fn filtered_by(&self) -> &str {
        self.list().filter()
    }
    /// Chooses the row with this id, reading what is needed.
    fn go_to(&mut self, id: i64, look: &Look) -> Vec<Cmd>;
    /// An answer to a load of this tab.
    fn loaded(&mut self, part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd>;
    /// Midnight has passed.
    fn new_day(&mut self) {}
    /// A long job in the background is so far.
    fn progressed(&mut self, _progress: Progress) {}
    /// What is being worked out, in words for every tab, while figures are not yet of today.
    fn working(&self) -> Option<String> {
        None
    }
    /// What Enter opens, where that is something else than the chosen row in full.
    fn open(&mut self, _look: &Look) -> Option<Vec<Cmd>> {
        None
    }
    /// One step back, when nothing lies above the list and nothing filters it.
    fn back(&mut self, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// Whether an action of this tab can be done now.
    fn availability(&self, action: Action) -> Availability;
    /// What the footer calls a key of this tab on the row and in the view that is shown; none: it does nothing there.
    fn key_label(&self, key: &Binding) -> Option<&'static str> {
        Some(key.label)
    }
    /// Does an action that is ready. Letters only open things.
    fn act(&mut self, action: Action, look: &Look) -> Vec<Cmd>;
    /// What the chosen row says.
    fn spoken(&self, look: &Look) -> Option<Spoken>;
    /// The chosen row in full, for the pane and for the full screen.
    fn pane(&self, width: usize, look: &Look) -> Vec<Line>;
    /// What an empty list says.
    fn empty(&self, look: &Look) -> String;
    /// The number or SKU of the chosen row.
    fn code(&self) -> Option<String>;
    /// The rows that somebody must see to today, in their order: `!` walks along them.
    fn due(&self) -> Vec<i64> {
        Vec::new()
    }
    /// What of this tab the Today card says: counted as the badge counts it.
    fn today(&self, _look: &Look) -> Vec<DueLine> {
        Vec::new()
    }
    /// The window was opened for reading: nothing is saved or kept.
    fn only_reads(&mut self) {}
    /// The day of the levels by which every tab says what is low or too much, where it is not this window's.
    fn levels_of(&self) -> Option<NaiveDate> {
        None
    }
    /// What was changed here and nobody has ordered, a few words each: it is kept.
    fn unordered(&self) -> Vec<String> {
        Vec::new()
    }
    /// The sentence for when nobody has to hear from us.
    fn calm(&self, _look: &Look) -> Option<String> {
        None
    }
}

/// The tabs in their order.
pub fn all() -> Vec<Box<dyn Screen>> {
    vec![
        Box::new(stock::Stock::new()),
        Box::new(backorders::Backorders::new()),
        Box::new(suppliers::Suppliers::new()),
        Box::new(reorder::Reorder::new()),
    ]
}
