//! Tables: columns as data, and the list of rows with its cursor, marks, filter and order.
//!
//! A list is either whole (short, in memory: sorted and filtered here) or a window on a long one that the worker
//! pages by key; the cursor, the marks and the scroll position hold on to ids, never to row numbers.

mod drawing;

use super::theme::{Role, Theme};
use crate::domain::locale::{self, Locale};
use crate::worker::office::{self, Shown};
use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What every drawing needs to know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    pub today: NaiveDate,
    /// Columns of the whole screen.
    pub width: u16,
    pub height: u16,
}

/// A cell: its text and what it means.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cell {
    pub text: String,
    pub role: Option<Role>,
}

impl Cell {
    /// Plain text.
    pub fn plain(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), role: None }
    }
    /// Text that means something.
    pub fn with(text: impl Into<String>, role: Role) -> Cell {
        Cell { text: text.into(), role: Some(role) }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Align {
    Left,
    Right,
}

/// How wide a column is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wide {
    /// Always so many cells.
    Fixed(u16),
    /// As its longest value, within these.
    Longest(u16, u16),
    /// What is left, at least so many.
    Rest(u16),
}

/// A column.
pub struct Column<R: 'static> {
    pub heading: &'static str,
    pub wide: Wide,
    pub align: Align,
    /// Left out first (1), second (2) ... when the room is short; 0: never.
    pub drop: u8,
    /// Only on screens of at least so many columns.
    pub from: u16,
    /// Left out while every row shows the same.
    pub hide_same: bool,
    pub cell: fn(&R, &Look) -> Cell,
    /// The order that `o` gives, where the whole list is in memory.
    pub order: Option<fn(&R, &R) -> Ordering>,
}

impl<R> Column<R> {
    /// It has an order, and a name by which the person is told of it.
    fn sorts(&self) -> bool {
        self.order.is_some() && !self.heading.is_empty()
    }
}

/// A row of a list.
pub trait Row {
    /// What stays the same when the list is read again.
    fn id(&self) -> i64;
    /// A heading between rows (a supplier's group): drawn as a rule, never chosen.
    fn heading(&self) -> Option<String> {
        None
    }
    /// What `/` looks in.
    fn words(&self) -> String;
}

/// Rows that a window wants next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Want {
    Before,
    After,
    First,
    Last,
}

/// How close to the edge of what is loaded the cursor may come before more is asked for.
const MARGIN: usize = 100;
/// Rows kept of a long list.
const KEEP: usize = 1_500;

/// Rows with a cursor.
pub struct List<R: 'static> {
    columns: &'static [Column<R>],
    rows: Vec<R>,
    /// The rows shown, in their order, after filter and sort.
    shown: Vec<usize>,
    cursor: usize,
    top: usize,
    height: usize,
    marks: BTreeSet<i64>,
    sort: Option<(usize, bool)>,
    filter: String,
    more_before: bool,
    more_after: bool,
    window: bool,
    pub loaded: bool,
    /// Counts what changes the rows that are shown.
    stamp: u64,
    laid: RefCell<Option<drawing::Laid>>,
}

/// The part of a list that frame and keys need, whatever its rows are.
pub trait Listing {
    fn step(&mut self, by: isize);
    fn page(&mut self, by: isize);
    fn first(&mut self) -> Option<Want>;
    fn last(&mut self) -> Option<Want>;
    /// What the cursor's place asks for.
    fn want(&self) -> Option<Want>;
    fn set_height(&mut self, rows: usize);
    fn selected_id(&self) -> Option<i64>;
    fn select(&mut self, id: i64) -> bool;
    fn toggle_mark(&mut self);
    fn mark_all(&mut self);
    fn marked(&self) -> Vec<i64>;
    /// Takes the marks of these rows away.
    fn unmark(&mut self, ids: &[i64]);
    fn set_filter(&mut self, text: &str);
    fn filter(&self) -> &str;
    /// Sorts by the next column and says by which.
    fn next_sort(&mut self) -> Option<&'static str>;
    /// The column whose heading is at this cell.
    fn sort_at(&mut self, x: u16, width: u16, look: &Look) -> Option<&'static str>;
    fn click(&mut self, line: usize) -> bool;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look);
    /// All rows that are in memory, as they stand, in all columns: for a file.
    fn shown(&self, look: &Look) -> Shown;
    /// What can be put back by [`Listing::put_back`].
    fn stance(&self) -> Stance;
    fn put_back(&mut self, stance: Stance);
}

/// Where a list stood.
#[derive(Clone, Debug)]
pub struct Stance {
    id: Option<i64>,
    offset: usize,
    marks: BTreeSet<i64>,
    sort: Option<(usize, bool)>,
    filter: String,
}

impl<R: Row> List<R> {
    /// An empty list of these columns.
    pub fn new(columns: &'static [Column<R>]) -> List<R> {
        List {
            columns,
            rows: Vec::new(),
            shown: Vec::new(),
            cursor: 0,
            top: 0,
            height: 14,
            marks: BTreeSet::new(),
            sort: None,
            filter: String::new(),
            more_before: false,
            more_after: false,
            window: false,
            loaded: false,
            stamp: 0,
            laid: RefCell::default(),
        }
    }

    /// Takes a whole list. The chosen row stays where it is on the screen; if it is gone, the next one is chosen.
    pub fn set_rows(&mut self, rows: Vec<R>) {
        self.window = false;
        (self.more_before, self.more_after) = (false, false);
        self.replace(rows);
    }

    /// Takes a window of a long list; `before` and `after` say whether rows lie beyond it.
    pub fn set_window(&mut self, rows: Vec<R>, before: bool, after: bool) {
        self.window = true;
        (self.more_before, self.more_after) = (before, after);
        self.replace(rows);
    }

    /// Rows that follow the window.
    pub fn extend_after(&mut self, rows: Vec<R>, more: bool) {
        self.rows.extend(rows);
        self.more_after = more;
        if self.rows.len() > KEEP {
            let cut = (self.rows.len() - KEEP).min(self.cursor.saturating_sub(MARGIN * 2));
            self.rows.drain(..cut);
            self.cursor -= cut;
            self.top = self.top.saturating_sub(cut);
            self.more_before |= cut > 0;
        }
        self.arrange();
    }

    /// Rows that come before the window, in the list's order.
    pub fn extend_before(&mut self, rows: Vec<R>, more: bool) {
        let added = rows.len();
        self.rows.splice(0..0, rows);
        self.cursor += added;
        self.top += added;
        self.more_before = more;
        if self.rows.len() > KEEP {
            let keep = KEEP.max(self.cursor + MARGIN * 2).min(self.rows.len());
            self.more_after |= keep < self.rows.len();
            self.rows.truncate(keep);
        }
        self.arrange();
    }

    fn replace(&mut self, rows: Vec<R>) {
        let offset = self.cursor.saturating_sub(self.top);
        let ids: Vec<i64> =
            self.shown.iter().skip(self.cursor).filter_map(|i| self.rows.get(*i)).map(Row::id).collect();
        let (before, was_top) = (self.cursor, self.top);
        self.rows = rows;
        self.loaded = true;
        self.arrange();
        let first = ids.first().and_then(|id| self.place_of(*id));
        let next = ids.get(1).and_then(|id| self.place_of(*id));
        // What was done to the chosen row may have sorted it a screen away: then it has left as well, and the next one
        // is chosen; the list does not run after it.
        let far = first.zip(next).is_some_and(|(first, next)| first.abs_diff(next) > self.height.max(1));
        let place = if far { next } else { ids.iter().find_map(|id| self.place_of(*id)) };
        let gone = first.is_none() || far;
        self.cursor = place.unwrap_or(before).min(self.shown.len().saturating_sub(1));
        // Where the chosen row itself left a list that stood at its top, the list stays there: what came in its place
        // above (a refund after a cancellation) must not be out of sight.
        self.top = if gone && was_top == 0 { 0 } else { self.cursor.saturating_sub(offset) };
        self.settle(1);
    }

    fn place_of(&self, id: i64) -> Option<usize> {
        self.shown.iter().position(|i| self.rows.get(*i).is_some_and(|r| r.id() == id && r.heading().is_none()))
    }

    /// The chosen row.
    pub fn selected(&self) -> Option<&R> {
        self.shown.get(self.cursor).and_then(|i| self.rows.get(*i)).filter(|r| r.heading().is_none())
    }

    /// Every row that is loaded, headings included, before filter and sort.
    pub fn rows(&self) -> &[R] {
        &self.rows
    }

    fn arrange(&mut self) {
        self.stamp += 1;
        let wanted = crate::domain::text::fold(&self.filter);
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let fits = |row: &R| {
            words.is_empty()
                || row.heading().is_none() && {
                    let text = crate::domain::text::fold(&row.words());
                    words.iter().all(|w| text.contains(w))
                }
        };
        let by = self.sort.and_then(|(c, down)| self.columns.get(c)?.order.map(|o| (o, down)));
        self.shown = (0..self.rows.len()).filter(|i| self.rows.get(*i).is_some_and(&fits)).collect();
        if let Some((order, down)) = by {
            let rows = &self.rows;
            self.shown.retain(|i| rows.get(*i).is_some_and(|r| r.heading().is_none()));
            self.shown.sort_by(|a, b| match (rows.get(*a), rows.get(*b)) {
                (Some(a), Some(b)) => {
                    if down {
                        order(b, a)
                    } else {
                        order(a, b)
                    }
                }
                _ => Ordering::Equal,
            });
        }
        self.settle(1);
    }

    /// Keeps the cursor on a row and the row on the screen; headings are stepped over in this direction.
    fn settle(&mut self, direction: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        let is_heading = |list: &Self, at: usize| {
            list.shown.get(at).and_then(|i| list.rows.get(*i)).is_some_and(|r| r.heading().is_some())
        };
        let mut at = self.cursor as isize;
        while is_heading(self, at as usize) && (0..=last as isize).contains(&(at + direction)) {
            at += direction;
        }
        while is_heading(self, at as usize) && (0..=last as isize).contains(&(at - direction)) {
            at -= direction;
        }
        self.cursor = at as usize;
        let height = self.height.max(1);
        self.top = self.top.clamp((self.cursor + 1).saturating_sub(height), self.cursor);
        self.top = self.top.min(self.shown.len().saturating_sub(height));
        if self.cursor == 1 && is_heading(self, 0) {
            self.top = 0;
        }
    }
}

impl<R: Row> Listing for List<R> {
    fn step(&mut self, by: isize) {
        let last = self.shown.len().saturating_sub(1) as isize;
        self.cursor = (self.cursor as isize + by).clamp(0, last) as usize;
        self.settle(if by < 0 { -1 } else { 1 });
    }

    fn page(&mut self, by: isize) {
        let rows = self.height.saturating_sub(1).max(1) as isize;
        let last = self.shown.len().saturating_sub(self.height) as isize;
        self.top = (self.top as isize + by * rows).clamp(0, last.max(0)) as usize;
        self.step(by * rows);
    }

    fn first(&mut self) -> Option<Want> {
        if self.more_before {
            return Some(Want::First);
        }
        (self.cursor, self.top) = (0, 0);
        self.settle(1);
        None
    }

    fn last(&mut self) -> Option<Want> {
        if self.more_after {
            return Some(Want::Last);
        }
        self.cursor = self.shown.len().saturating_sub(1);
        self.settle(-1);
        None
    }

    fn want(&self) -> Option<Want> {
        if !self.window {
            None
        } else if self.more_after && self.cursor + MARGIN >= self.shown.len() {
            Some(Want::After)
        } else if self.more_before && self.cursor < MARGIN {
            Some(Want::Before)
        } else {
            None
        }
    }

    fn set_height(&mut self, rows: usize) {
        if self.height != rows.max(1) {
            self.height = rows.max(1);
            self.settle(1);
        }
    }

    fn selected_id(&self) -> Option<i64> {
        self.selected().map(Row::id)
    }

    fn select(&mut self, id: i64) -> bool {
        let Some(place) = self.place_of(id) else { return false };
        self.cursor = place;
        self.settle(1);
        true
    }

    fn toggle_mark(&mut self) {
        if let Some(id) = self.selected_id() {
            if !self.marks.remove(&id) {
                self.marks.insert(id);
            }
            self.step(1);
        }
    }

    fn mark_all(&mut self) {
        let all: BTreeSet<i64> = self
            .shown
            .iter()
            .filter_map(|i| self.rows.get(*i))
            .filter(|r| r.heading().is_none())
            .map(Row::id)
            .collect();
        self.marks = if all.is_subset(&self.marks) { BTreeSet::new() } else { all };
    }

    fn unmark(&mut self, ids: &[i64]) {
        self.marks.retain(|id| !ids.contains(id));
    }

    fn marked(&self) -> Vec<i64> {
        self.marks.iter().copied().collect()
    }

    fn set_filter(&mut self, text: &str) {
        let id = self.selected_id();
        self.filter = text.to_string();
        self.arrange();
        if let Some(place) = id.and_then(|id| self.place_of(id)) {
            self.cursor = place;
        } else {
            self.cursor = 0;
        }
        self.settle(1);
    }

    fn filter(&self) -> &str {
        &self.filter
    }

    fn next_sort(&mut self) -> Option<&'static str> {
        if self.window {
            return None;
        }
        let columns: Vec<usize> =
            (0..self.columns.len()).filter(|i| self.columns.get(*i).is_some_and(Column::sorts)).collect();
        let next = match self.sort {
            None => columns.first().map(|c| (*c, false)),
            Some((c, false)) => Some((c, true)),
            Some((c, true)) => columns.iter().find(|n| **n > c).map(|n| (*n, false)),
        };
        self.sort_by(next)
    }

    fn sort_at(&mut self, x: u16, width: u16, look: &Look) -> Option<&'static str> {
        let mut left = 1;
        for (i, w) in self.layout(width, look) {
            if (left..left + w).contains(&x) && !self.window && self.columns.get(i).is_some_and(Column::sorts) {
                let down = self.sort == Some((i, false));
                return self.sort_by(Some((i, down)));
            }
            left += w + 1;
        }
        None
    }

    fn click(&mut self, line: usize) -> bool {
        let at = self.top + line;
        if at >= self.shown.len() {
            return false;
        }
        let again = self.cursor == at;
        self.cursor = at;
        self.settle(1);
        again
    }

    fn len(&self) -> usize {
        self.shown.len()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) {
        self.draw_in(area, buf, theme, look);
    }

    fn shown(&self, look: &Look) -> Shown {
        let columns = self.columns.iter().map(|c| if c.heading.trim().is_empty() { "State" } else { c.heading });
        let rows = self.shown.iter().filter_map(|i| self.rows.get(*i)).filter(|r| r.heading().is_none());
        let value = |row: &R, c: &Column<R>| office::value((c.cell)(row, look).text, c.align == Align::Right);
        let cells = |row: &R| self.columns.iter().map(|c| value(row, c)).collect();
        let rows = locale::within(Locale::File, || rows.map(cells).collect());
        Shown { columns: columns.collect(), rows, more: self.more_before || self.more_after }
    }

    fn stance(&self) -> Stance {
        Stance {
            id: self.selected_id(),
            offset: self.cursor - self.top.min(self.cursor),
            marks: self.marks.clone(),
            sort: self.sort,
            filter: self.filter.clone(),
        }
    }

    fn put_back(&mut self, stance: Stance) {
        (self.marks, self.sort, self.filter) = (stance.marks, stance.sort, stance.filter);
        self.arrange();
        if let Some(place) = stance.id.and_then(|id| self.place_of(id)) {
            self.cursor = place;
            self.top = place.saturating_sub(stance.offset);
        }
        self.settle(1);
    }
}

impl<R: Row> List<R> {
    fn sort_by(&mut self, sort: Option<(usize, bool)>) -> Option<&'static str> {
        let id = self.selected_id();
        self.sort = sort;
        self.arrange();
        if let Some(id) = id {
            self.select(id);
        }
        sort.and_then(|(c, _)| self.columns.get(c)).map(|c| c.heading)
    }

    /// The order chosen with `o`, if any.
    pub fn sorted(&self) -> bool {
        self.sort.is_some()
    }

    /// Whether rows lie before and beyond what is loaded.
    pub fn edges_open(&self) -> (bool, bool) {
        (self.more_before, self.more_after)
    }

    /// The first and the last row that is loaded.
    pub fn edges(&self) -> (Option<&R>, Option<&R>) {
        (self.rows.first(), self.rows.last())
    }
}
