//! What opens above a tab: dialogs, help, commands. Find and undo have files of their own.

mod dialog;
mod help;
mod palette;

pub use dialog::{Complaint, Dialog, Open, boxed, dialog};
pub use help::Help;
pub use palette::Palette;

use super::action::Action;
use super::keymap::Scope;
use super::listed::Listed;
use super::screens::{Cmd, DueLine, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::{Role, Theme};
use crate::domain::people::Matter;
use crate::worker::Answer;
use crate::worker::entering::Kind as EntryKind;
use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::time::{Duration, Instant};

/// Something above a tab; it gets all keys.
pub trait Overlay {
    /// It was opened: what it needs to read.
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd>;
    /// What of it is a list, for paper and for a file; none where there is nothing to list, or not yet.
    fn listed(&self, look: &Look) -> Option<Listed>;
    /// It has a scan field, where F-keys have meanings of their own, or waits for whatever key comes.
    fn takes_every_key(&self) -> bool {
        false
    }
    /// Whether a text field has the focus.
    fn in_text(&self) -> bool {
        false
    }
    /// Fast keys begin: remember how things stand.
    fn begin_run(&mut self) {}
    /// The fast keys were not meant for it: what they put into a field goes.
    fn forget_run(&mut self) {}
    /// The fast keys were a scan.
    fn scanned(&mut self, _code: &str, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Beep]
    }
    /// It wants every key as it comes, before anything tells scans from typing.
    fn takes_raw_keys(&self) -> bool {
        false
    }
    fn raw_key(&mut self, _key: &KeyEvent, _now: Instant) -> Vec<Cmd> {
        Vec::new()
    }
    /// The scan just taken was the same code as the one before it, so soon after.
    fn repeated(&mut self, _apart: Duration) {} // the next scan
    fn paste(&mut self, _text: &str, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// It shows a time that runs: `second` is wanted each second.
    fn counts_seconds(&self) -> bool {
        false
    }
    fn second(&mut self, _now: Instant) -> Vec<Cmd> {
        Vec::new()
    }
    fn loaded(&mut self, _part: &'static str, _answer: Answer, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// A text that it gave to the editor came back, or a sentence why not.
    fn edited(&mut self, _text: Result<String, String>, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// An import under way is so far.
    fn progressed(&mut self, _done: usize, _all: usize, _seconds_left: Option<u64>) {}
    /// Something was saved, here or elsewhere: what it shows may be old.
    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// The one record that it is about: colleagues who open it are told.
    fn matter(&self) -> Option<Matter> {
        None
    }
    fn set_matter(&mut self, _matter: Option<Matter>) {}
    /// Who else has it open, a sentence each.
    fn set_others(&mut self, _others: Vec<String>) {}
    /// Whether it shows what is due in every tab.
    fn wants_due(&self) -> bool {
        false
    }
    /// What is due in every tab, and the sentence for when nothing is.
    fn set_due(&mut self, _due: Vec<DueLine>, _calm: String) {}
    /// What was changed in the tabs and not ordered: told with what is due.
    fn set_unordered(&mut self, _unordered: Vec<String>) {}
    /// The day of the levels by which is judged what is low, where it is not this window's.
    fn set_levels_of(&mut self, _day: Option<NaiveDate>) {}
    /// A write that it asked for was refused; it shows the sentence and stays.
    fn refused(&mut self, _sentence: &str) {}
    /// It is a form to fill in and to save.
    fn is_form(&self) -> bool {
        false
    }
    /// A write that it asked for is saved, and it closes: what is to be done next.
    fn saved(&mut self) -> Vec<Cmd> {
        Vec::new()
    }
    /// Draws itself on the whole screen and answers where the cursor stands.
    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position>;
}

/// As much of the lines as there is room for; that there is more is said, never cut silently. At least one line of text
/// is shown: with room for one only, a sign before it says that it is not all.
pub fn windowed(all: Vec<Line>, scrolled: usize, room: usize) -> Vec<Line> {
    if all.len() <= room || room == 0 {
        return all;
    }
    if room == 1 {
        let at = scrolled.min(all.len() - 1);
        let words = all.into_iter().nth(at).unwrap_or_default();
        return vec![std::iter::once(Cell::with("…", Role::Soon)).chain(words).collect()];
    }
    let shown = room - 1;
    let top = scrolled.min(all.len().saturating_sub(shown));
    let left = all.len() - top - shown.min(all.len() - top);
    let mut out: Vec<Line> = all.into_iter().skip(top).take(shown).collect();
    let more = match (top, left) {
        (0, n) => format!("… {} below: PgDn", text::plural(n, "more line")),
        (_, 0) => "… more above: PgUp".to_string(),
        (_, n) => format!("… {} below: PgDn, PgUp", text::plural(n, "more line")),
    };
    out.push(vec![Cell::with(more, Role::Soon)]);
    out
}

/// `── Title ──────`
pub fn title(area: Rect, buf: &mut Buffer, theme: &Theme, words: &str) {
    buf.set_string(area.x, area.y, "─".repeat(area.width as usize), theme.style(Role::Quiet));
    let words = text::fit(words, (area.width as usize).saturating_sub(6));
    if !words.is_empty() {
        buf.set_string(area.x + 2, area.y, format!(" {words} "), theme.style(Role::Title));
    }
}

/// Lines of pieces from the top of an area on; answers the line after the last.
pub fn lines(area: Rect, buf: &mut Buffer, theme: &Theme, lines: &[Line]) -> u16 {
    let mut y = area.y;
    for line in lines {
        if y >= area.bottom() {
            break;
        }
        let mut x = area.x + 1;
        for piece in line {
            let room = area.right().saturating_sub(x) as usize;
            let words = text::clip(&piece.text, room);
            buf.set_stringn(x, y, &words, room, theme.style(piece.role.unwrap_or(Role::Normal)));
            x += text::width(&words) as u16;
        }
        y += 1;
    }
    y
}

/// The last line: keys at the left, the way back at the right.
pub fn footer(area: Rect, buf: &mut Buffer, theme: &Theme, keys: &str, back: &str) {
    let y = area.bottom().saturating_sub(1);
    let style = theme.style(Role::Quiet);
    let room = (area.width as usize).saturating_sub(text::width(back) + 4);
    buf.set_string(area.x + 1, y, text::clip(keys, room), style);
    let x = area.right().saturating_sub(text::width(back) as u16 + 1);
    buf.set_stringn(x.max(area.x), y, back, area.width as usize, style);
}

/// Moves within a list of `len`, keeping it in a window of rows.
pub fn moved(cursor: usize, len: usize, key: &KeyEvent, page: usize) -> usize {
    let last = len.saturating_sub(1);
    match key.code {
        KeyCode::Up => cursor.saturating_sub(1),
        KeyCode::Down => (cursor + 1).min(last),
        KeyCode::PageUp => cursor.saturating_sub(page),
        KeyCode::PageDown => (cursor + page).min(last),
        KeyCode::Home => 0,
        KeyCode::End => last,
        _ => cursor.min(last),
    }
}

/// The actions that overlays stand for, so that app and palette agree.
pub fn of(action: Action, scope: Scope, look: &Look) -> Option<Box<dyn Overlay>> {
    match action {
        Action::NewCustomer => Some(boxed(super::entry::CardDialog::new(EntryKind::Customer))),
        Action::NewSupplier => Some(boxed(super::entry::CardDialog::new(EntryKind::Supplier))),
        Action::Import => Some(Box::<super::bring::Bring>::default()),
        Action::Settings => Some(Box::<super::settings::Settings>::default()),
        Action::Delivered => Some(boxed(super::screens::backorders::delivered::Delivered::new(look))),
        Action::Check => Some(Box::new(super::office::Report::check())),
        Action::ScannerTest => Some(Box::<super::scanner_test::ScannerTest>::default()),
        Action::DayEnd => Some(Box::new(super::office::Report::day_end())),
        Action::Papers => Some(boxed(super::papers::Papers::of(Default::default(), look))),
        Action::MailSetup => Some(boxed(super::mail_setup::MailSetup::default())),
        Action::PrinterSetup => Some(boxed(super::printer::PrinterSetup::default())),
        Action::People => Some(Box::<super::people::People>::default()),
        Action::Mails => Some(Box::<super::mails::Mails>::default()),
        Action::Begin => Some(boxed(super::begin::Begin::default())),
        Action::MonthEnd => Some(Box::new(super::month_end::Month::new(look))),
        Action::Keys => Some(Box::<super::keys::Keys>::default()),
        Action::Backup => Some(Box::new(super::office::FileName::backup(look))),
        Action::Help => Some(Box::new(Help::of(scope))),
        Action::Palette => Some(Box::new(Palette::of(scope))),
        Action::Quit => Some(Box::<super::today::Leave>::default()),
        Action::Today => Some(Box::<super::today::Card>::default()),
        Action::Find => Some(Box::<super::find::Find>::default()),
        Action::Undo => Some(Box::<super::undo::UndoList>::default()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(scrolled: usize, room: usize) -> Vec<String> {
        let all = ["one", "two", "three", "four"].map(|words| vec![Cell::plain(words)]).to_vec();
        let line = |line: Line| line.into_iter().map(|cell| cell.text).collect::<String>();
        windowed(all, scrolled, room).into_iter().map(line).collect()
    }

    #[test]
    fn however_little_room_there_is_every_line_can_be_read() {
        assert_eq!(shown(0, 4), ["one", "two", "three", "four"]);
        assert_eq!(shown(0, 3), ["one", "two", "… 2 more lines below: PgDn"]);
        assert_eq!(shown(1, 2), ["two", "… 2 more lines below: PgDn, PgUp"]);
        assert_eq!(shown(9, 2), ["four", "… more above: PgUp"]);
        assert_eq!(
            (0..5).map(|at| shown(at, 1).concat()).collect::<Vec<_>>(),
            ["…one", "…two", "…three", "…four", "…four"]
        );
    }
}
