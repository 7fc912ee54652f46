//! Bringing in a file on the screen: choosing it (`picker`), then what it holds, its columns and what will happen
//! (`sheet`). Nothing is saved before F8; Esc keeps nothing.

pub mod picker;
mod sheet;
mod sheet_view;

use super::listed::Listed;
use super::overlay::Overlay;
use super::screens::Cmd;
use super::table::Look;
use super::theme::Theme;
use crate::worker::bringing::{self, Load};
use crate::worker::{Answer, Load as Any};
use crossterm::event::KeyEvent;
use picker::{Picked, Picker};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use sheet::Sheet;
use std::path::PathBuf;

/// The overlay: first the picker, then the sheet above it.
#[derive(Default)]
pub struct Bring {
    picker: Picker,
    sheet: Option<Sheet>,
    /// A file to look at without asking for its name.
    given: Option<PathBuf>,
}

impl Bring {
    /// Looks at that file at once.
    pub fn of(path: PathBuf) -> Bring {
        Bring { given: Some(path), ..Bring::default() }
    }
}

/// A question to the worker's lane.
fn ask(part: &'static str, load: Load) -> Cmd {
    Cmd::Load(part, Any::Bringing(load))
}

impl Overlay for Bring {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        self.sheet.as_ref().map_or_else(|| self.picker.listed(), |sheet| Some(sheet.listed()))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        let mut out = vec![ask("folder", Load::Folder(None))];
        if let Some(path) = self.given.take() {
            self.picker.looking(&path);
            out.push(ask("look", Load::Look(path, None)));
        }
        out
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        if let Some(sheet) = self.sheet.as_mut() {
            return match sheet.key(key, look) {
                Some(cmds) => cmds,
                None => {
                    self.sheet = None;
                    Vec::new()
                }
            };
        }
        match self.picker.key(key) {
            Picked::Nothing => Vec::new(),
            Picked::Beep => vec![Cmd::Beep],
            Picked::Close => vec![Cmd::Close],
            Picked::Folder(path) => vec![ask("folder", Load::Folder(Some(path)))],
            Picked::File(path) => vec![ask("look", Load::Look(path, None))],
        }
    }

    fn in_text(&self) -> bool {
        self.sheet.as_ref().is_none_or(Sheet::in_text)
    }

    fn paste(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        if self.sheet.is_none() {
            // A file dragged onto the terminal comes as its path, often in quotes.
            self.picker.paste(text);
        }
        Vec::new()
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        let answer = match answer {
            Answer::Bringing(answer) => answer,
            other => return self.sheet.as_mut().map(|s| s.found(&other)).unwrap_or_default(),
        };
        match answer {
            bringing::Answer::Folder(folder) => {
                self.picker.shows(*folder);
                Vec::new()
            }
            bringing::Answer::Looked(Ok(seen)) => {
                self.picker.looked();
                let (sheet, cmds) = Sheet::of(*seen, self.sheet.take());
                self.sheet = Some(sheet);
                cmds
            }
            bringing::Answer::Looked(Err(sentence)) => {
                self.picker.refused(sentence);
                vec![Cmd::Beep]
            }
            answer => self.sheet.as_mut().map(|s| s.loaded(answer, look)).unwrap_or_default(),
        }
    }

    fn progressed(&mut self, done: usize, all: usize, seconds_left: Option<u64>) {
        if let Some(sheet) = self.sheet.as_mut() {
            sheet.progressed(done, all, seconds_left);
        }
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        match &self.sheet {
            Some(sheet) => sheet_view::draw(sheet, area, buf, theme, look),
            None => self.picker.draw(area, buf, theme),
        }
    }
}
