//! The list of what was done, last on top, and taking a line of it back. It opens on what this person did last.

use super::action::Action;
use super::listed::Listed;
use super::overlay::{Overlay, footer, moved, title};
use super::screens::Cmd;
use super::table::Look;
use super::text;
use super::theme::{Role, Theme};
use crate::domain::dates;
use crate::domain::ids::OperationId;
use crate::worker::journal::{self, MailOf, Preview, UndoRow};
use crate::worker::{Answer, Load, Write};
use chrono::{NaiveDateTime, TimeDelta};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::time::Instant;

/// What was done, and the button.
#[derive(Default)]
pub struct UndoList {
    operations: Vec<UndoRow>,
    me: String,
    preview: Option<(OperationId, Preview)>,
    loaded: bool,
    cursor: usize,
    on_button: bool,
    said: Option<String>,
    asked: bool,
    /// When the list was read, and how long ago that is.
    read_at: Option<NaiveDateTime>,
    since: (Option<Instant>, TimeDelta),
}

impl UndoList {
    fn chosen(&self) -> Option<&UndoRow> {
        self.operations.get(self.cursor)
    }

    /// What taking the chosen line back would do.
    fn ask(&self) -> Vec<Cmd> {
        let chosen = self.chosen().map(|o| o.operation);
        chosen.map(|o| Cmd::Load("preview", Load::Journal(journal::Load::Preview(o)))).into_iter().collect()
    }

    /// The lines below the rule.
    fn consequences(&self) -> Vec<String> {
        if let Some(said) = &self.said {
            return vec![said.clone()];
        }
        let chosen = self.chosen().map(|o| o.operation);
        match self.preview.as_ref().filter(|(o, _)| Some(*o) == chosen) {
            Some((_, Preview { blocked: Some(why), .. })) => vec![why.clone()],
            Some((_, preview)) => {
                let what = format!("{}.", preview.summary.join(", "));
                vec![what, "Nothing has been built on it since, so it can be taken back.".into()]
            }
            None => Vec::new(),
        }
    }

    fn take_back(&mut self) -> Vec<Cmd> {
        if self.asked {
            return Vec::new();
        }
        let Some(chosen) = self.operations.get(self.cursor) else { return vec![Cmd::Beep] };
        if chosen.taken_back_by.is_some() {
            self.said = Some("This was taken back already.".into());
            return vec![Cmd::Beep];
        }
        self.asked = true;
        vec![Cmd::Write(Write::Journal(journal::Write::TakeBack(chosen.operation)))]
    }

    /// What stands behind a line: taken back, or where its mail is.
    fn state(&self, o: &UndoRow) -> String {
        if o.taken_back_by.is_some() {
            return "taken back".into();
        }
        let now = self.read_at.map(|at| at + self.since.1);
        match (o.mail, now) {
            (Some(MailOf::Leaves(at)), Some(now)) if at > now => {
                let left = (at - now).num_seconds();
                format!("mail leaves in {}:{:02}", left / 60, left % 60)
            }
            (Some(MailOf::Leaves(_)), _) => "mail is leaving".into(),
            (Some(MailOf::Left), _) => "mail has left".into(),
            (None, _) => String::new(),
        }
    }

    fn waits_for_mail(&self) -> bool {
        self.operations.iter().any(|o| matches!(o.mail, Some(MailOf::Leaves(_))))
    }
}

impl Overlay for UndoList {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let row = |o: &UndoRow| vec![o.at.replace('T', " "), o.operator.clone(), o.summary.clone(), self.state(o)];
        let rows = self.operations.iter().map(row).collect();
        Some(Listed::of("done", &["at", "operator", "what", "state"], rows, &[]))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("operations", Load::Journal(journal::Load::Recent))]
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) => vec![Cmd::Close],
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            KeyCode::F(8) => self.take_back(),
            KeyCode::Enter if self.on_button => self.take_back(),
            KeyCode::Tab | KeyCode::BackTab | KeyCode::Left | KeyCode::Right => {
                self.on_button = !self.on_button;
                Vec::new()
            }
            _ => {
                let before = self.cursor;
                self.cursor = moved(self.cursor, self.operations.len(), key, look.height as usize / 2);
                if self.cursor == before {
                    return Vec::new();
                }
                (self.said, self.on_button) = (None, false);
                self.ask()
            }
        }
    }

    fn counts_seconds(&self) -> bool {
        self.waits_for_mail()
    }

    fn second(&mut self, now: Instant) -> Vec<Cmd> {
        let first = *self.since.0.get_or_insert(now);
        self.since.1 = TimeDelta::from_std(now.saturating_duration_since(first)).unwrap_or_default();
        Vec::new()
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Journal(journal::Answer::Recent { operations, me, now }) => {
                (self.operations, self.me, self.read_at) = (operations, me, Some(now));
                self.since = Default::default();
                if !std::mem::replace(&mut self.loaded, true) {
                    let mine =
                        |o: &UndoRow| o.operator == self.me && o.taken_back_by.is_none() && o.takes_back.is_none();
                    self.cursor = self.operations.iter().position(mine).unwrap_or(0);
                }
                self.ask()
            }
            Answer::Journal(journal::Answer::Preview(operation, preview)) => {
                self.preview = Some((operation, preview));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn refused(&mut self, sentence: &str) {
        self.asked = false;
        self.said = Some(sentence.to_string());
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        title(area, buf, theme, "Undo");
        let width = area.width as usize;
        let rows = area.height.saturating_sub(13) as usize;
        if self.loaded && self.operations.is_empty() {
            buf.set_string(
                area.x + 1,
                area.y + 2,
                text::clip("Nothing was done yet.", width.saturating_sub(2)),
                theme.style(Role::Normal),
            );
        }
        let numbers = self.operations.first().map_or(1, |o| o.operation.0.to_string().len());
        let whens = self.operations.iter().map(|o| text::width(&when(&o.at, look))).max().unwrap_or(0);
        let top = (self.cursor + 1).saturating_sub(rows);
        // What has no room in its line stands whole below.
        let mut whole = None;
        for (n, (i, o)) in self.operations.iter().enumerate().skip(top).take(rows).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let who = if o.operator == self.me { "you" } else { o.operator.as_str() };
            let state = self.state(o);
            let line = format!(
                "{sign}{:>numbers$}  {}  {}  ",
                o.operation.0,
                text::left(&when(&o.at, look), whens),
                text::left(&text::fit(who, 9), 9)
            );
            let room = width.saturating_sub(text::width(&line) + text::width(&state) + 3);
            if i == self.cursor && text::width(&o.summary) > room {
                whole = Some(format!("{}: {}.", o.operation.0, o.summary));
            }
            let line = format!("{line}{}  {state}", text::left(&text::fit(&o.summary, room), room));
            let style = match (i == self.cursor, o.taken_back_by.is_some()) {
                (true, _) => Role::Selected,
                (false, true) => Role::Quiet,
                (false, false) => Role::Normal,
            };
            let line = text::left(&text::clip(&line, width), width);
            buf.set_string(area.x, area.y + 1 + n as u16, line, theme.style(style));
        }
        let y = area.bottom().saturating_sub(11);
        let number = self.chosen().map_or(String::new(), |o| format!("taking back number {} would", o.operation.0));
        title(Rect { y, ..area }, buf, theme, &number);
        let said = self.consequences();
        let wrapped = said.iter().flat_map(|l| text::wrap(l, width.saturating_sub(2)));
        let whole = whole.into_iter().flat_map(|l| text::wrap(&l, width.saturating_sub(2)));
        let mut told: Vec<String> = whole.take(2).chain(wrapped).collect();
        if told.len() > CONSEQUENCES {
            // Never cut silently: the rest stands on the print.
            told.truncate(CONSEQUENCES - 1);
            told.push("… and more: p prints all of it.".into());
        }
        for (n, line) in told.iter().enumerate() {
            buf.set_string(area.x + 1, y + 1 + n as u16, line, theme.style(Role::Normal));
        }
        let button = theme.style(if self.on_button { Role::Selected } else { Role::Title });
        buf.set_stringn(area.x + 1, area.bottom().saturating_sub(2), "[Take back]", width, button);
        footer(area, buf, theme, "F8, or Tab and Enter on [Take back]   p print, export", "Esc back");
        None
    }
}

/// Lines that what taking back does may take.
const CONSEQUENCES: usize = 8;

/// The time of day, or the day of an older one: in six cells, of another year in nine.
fn when(at: &str, look: &Look) -> String {
    let (date, time) = at.split_once('T').unwrap_or((at, ""));
    match date.parse() {
        Ok(day) if day == look.today => time.get(..5).unwrap_or(time).to_string(),
        Ok(day) => dates::narrow(day, look.today),
        Err(_) => date.to_string(),
    }
}
