//! The list of what was done, last on top, and taking a line of it back.

use super::overlay::{Overlay, footer, moved, title};
use super::screens::Cmd;
use super::table::Look;
use super::text;
use super::theme::{Role, Theme};
use crate::domain::ids::OperationId;
use crate::worker::journal::{self, Preview, UndoRow};
use crate::worker::{Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// What was done, and the button.
#[derive(Default)]
pub struct UndoList {
    operations: Vec<UndoRow>,
    preview: Option<(OperationId, Preview)>,
    loaded: bool,
    cursor: usize,
    on_button: bool,
    said: Option<String>,
    asked: bool,
}

impl UndoList {
    /// What taking the chosen line back would do.
    fn ask(&self) -> Vec<Cmd> {
        let chosen = self.operations.get(self.cursor).map(|o| o.operation);
        chosen.map(|o| Cmd::Load("preview", Load::Journal(journal::Load::Preview(o)))).into_iter().collect()
    }

    /// The lines below the rule.
    fn consequences(&self) -> String {
        if let Some(said) = &self.said {
            return said.clone();
        }
        let chosen = self.operations.get(self.cursor).map(|o| o.operation);
        match self.preview.as_ref().filter(|(o, _)| Some(*o) == chosen) {
            Some((_, Preview { blocked: Some(why), .. })) => why.clone(),
            Some((_, preview)) => format!("{}.", preview.summary.join(", ")),
            None => String::new(),
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
}

impl Overlay for UndoList {
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("operations", Load::Journal(journal::Load::Recent))]
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) => vec![Cmd::Close],
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

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Journal(journal::Answer::Recent(operations)) => {
                (self.operations, self.loaded) = (operations, true);
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
        let rows = area.height.saturating_sub(8) as usize;
        if self.loaded && self.operations.is_empty() {
            buf.set_string(
                area.x + 1,
                area.y + 2,
                text::clip("Nothing was done yet.", width.saturating_sub(2)),
                theme.style(Role::Normal),
            );
        }
        let top = (self.cursor + 1).saturating_sub(rows);
        for (n, (i, o)) in self.operations.iter().enumerate().skip(top).take(rows).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let state = if o.taken_back_by.is_some() { "  (taken back)" } else { "" };
            let line = format!("{sign} {}  {:<10} {}{state}", when(&o.at, look), text::fit(&o.operator, 10), o.summary);
            let style = theme.style(if i == self.cursor { Role::Selected } else { Role::Normal });
            buf.set_string(area.x, area.y + 1 + n as u16, text::left(&text::clip(&line, width), width), style);
        }
        let y = area.bottom().saturating_sub(6);
        title(Rect { y, ..area }, buf, theme, "taking back the chosen line would");
        for (n, line) in text::wrap(&self.consequences(), width.saturating_sub(2)).iter().take(3).enumerate() {
            buf.set_string(area.x + 1, y + 1 + n as u16, line, theme.style(Role::Normal));
        }
        let button = theme.style(if self.on_button { Role::Selected } else { Role::Title });
        buf.set_stringn(area.x + 1, area.bottom().saturating_sub(2), "[Take back]", width, button);
        footer(area, buf, theme, "F8, or Tab and Enter on [Take back]", "Esc back");
        None
    }
}

/// The time of day, or the date of an older one.
fn when(at: &str, look: &Look) -> String {
    let (date, time) = at.split_once('T').unwrap_or((at, ""));
    let same_day = date == look.today.to_string();
    if same_day { time.get(..5).unwrap_or(time).to_string() } else { date.get(5..).unwrap_or(date).to_string() }
}
