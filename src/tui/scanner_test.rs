//! What a scan sends: every key as it comes, with the time between them, and the sentence what to set.

use super::listed::Listed;
use super::overlay::{Overlay, footer, title};
use super::screens::Cmd;
use super::table::Look;
use super::text;
use super::theme::{Role, Theme};
use crate::domain::scanner_test::{Found, Key, Sample, TEST_CODE};
use crate::worker::{Answer, Load, search};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::time::Instant;

/// The test.
#[derive(Default)]
pub struct ScannerTest {
    sample: Sample,
    last: Option<Instant>,
    /// No key came since the second before.
    quiet: bool,
    found: Option<Found>,
}

impl ScannerTest {
    fn finish(&mut self) -> Vec<Cmd> {
        let sample = std::mem::take(&mut self.sample);
        self.last = None;
        vec![Cmd::Load("scanner", Load::Search(search::Load::Scanner(sample)))]
    }
}

/// A key by its name, as the setting names it.
fn key_of(key: &KeyEvent) -> Key {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Key::Named(match key.code {
        KeyCode::Char(c) if control => format!("Ctrl-{}", c.to_ascii_uppercase()),
        KeyCode::Char(c) if key.modifiers.contains(KeyModifiers::ALT) => format!("Alt-{c}"),
        KeyCode::Char(c) => return Key::Char(c),
        KeyCode::F(n) => format!("F{n}"),
        other => format!("{other:?}"),
    })
}

impl Overlay for ScannerTest {
    /// Every key that comes is the scanner's.
    fn listed(&self, _look: &Look) -> Option<Listed> {
        None
    }

    /// Keys come raw; this one never sees them.
    fn key(&mut self, _key: &KeyEvent, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }

    fn takes_raw_keys(&self) -> bool {
        true
    }

    fn raw_key(&mut self, key: &KeyEvent, now: Instant) -> Vec<Cmd> {
        if self.sample.is_empty() {
            let control_c = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
            if matches!(key.code, KeyCode::Esc | KeyCode::F(3 | 12)) || control_c {
                return vec![Cmd::Close];
            }
            self.found = None;
        }
        let gap = self.last.map_or(0, |last| now.saturating_duration_since(last).as_millis());
        let key = key_of(key);
        let ends = matches!(&key, Key::Named(name) if name == "Enter" || name == "Tab");
        self.sample.push((key, u64::try_from(gap).unwrap_or(u64::MAX)));
        (self.last, self.quiet) = (Some(now), false);
        if ends && self.sample.len() > 1 { self.finish() } else { Vec::new() }
    }

    fn counts_seconds(&self) -> bool {
        !self.sample.is_empty()
    }

    fn second(&mut self, _now: Instant) -> Vec<Cmd> {
        if self.sample.is_empty() || !std::mem::replace(&mut self.quiet, true) {
            return Vec::new();
        }
        self.finish()
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Search(search::Answer::Scanner(found)) = answer {
            self.found = Some(found);
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Scanner test");
        let width = area.width.saturating_sub(4) as usize;
        let mut y = area.y + 2;
        let mut line = |words: &str, role: Role| {
            for part in text::wrap(&crate::domain::text::visible(words), width) {
                if y < area.bottom().saturating_sub(2) {
                    buf.set_string(area.x + 2, y, part, theme.style(role));
                }
                y += 1;
            }
        };
        match (&self.found, self.sample.is_empty()) {
            (_, false) => line(&format!("{} keys so far ...", self.sample.len()), Role::Normal),
            (None, true) => {
                line("Scan something: any barcode, or one of our labels.", Role::Normal);
                line("", Role::Normal);
                let words = format!(
                    "The surest is a barcode (Code 128) of {TEST_CODE}: every wrong keyboard changes it in its own way."
                );
                line(&words, Role::Quiet);
            }
            (Some(found), true) => {
                for (n, words) in found.lines.iter().enumerate() {
                    let last = n + 1 == found.lines.len();
                    line(words, if last && !found.fine { Role::Urgent } else { Role::Normal });
                }
                line("", Role::Normal);
                line("Scan again, or Esc.", Role::Quiet);
            }
        }
        footer(area, buf, theme, "nothing that is scanned here does anything", "Esc back");
        None
    }
}
