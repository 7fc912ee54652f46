//! Dialogs: a form, what it means, what saving it writes, and the overlay that runs it.

use super::{Help, Overlay, footer, lines, title, windowed};
use crate::domain::people::Matter;
use crate::tui::chooser::{Chooser, Chosen};
use crate::tui::form::{Form, Outcome};
use crate::tui::listed::{self, Listed};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::worker::{Answer, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// A dialog: a form, what it means, and what saving it writes.
pub trait Dialog {
    fn title(&self) -> String;
    fn form(&self) -> &Form;
    fn form_mut(&mut self) -> &mut Form;
    /// The one record that it is about, where it knows it itself.
    fn matter(&self) -> Option<Matter> {
        None
    }
    /// What it needs to read when it opens.
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// A field changed.
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    fn loaded(&mut self, _part: &'static str, _answer: Answer, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// Something was saved, here or elsewhere: what stands around the fields may be old. What was typed stays.
    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// A key that the form need not see.
    fn key(&mut self, _key: &KeyEvent, _look: &Look) -> Option<Vec<Cmd>> {
        None
    }
    /// A code was scanned: the field that it went into, or why it went nowhere. `None`: into the field with the focus.
    fn scanned(&mut self, _code: &str) -> Option<Result<usize, String>> {
        None
    }
    /// A text that it gave to the editor came back.
    fn edited(&mut self, _text: &str, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// No blank lines between its parts: it needs the room.
    fn tight(&self) -> bool {
        false
    }
    /// Saving was refused with this sentence.
    fn refused(&mut self, _sentence: &str) {}
    /// Lines above the fields.
    fn above(&self, _width: usize, _look: &Look) -> Vec<Line> {
        Vec::new()
    }
    /// Lines below the buttons: what saving would do.
    fn below(&self, _width: usize, _look: &Look) -> Vec<Line> {
        Vec::new()
    }
    /// The step that belongs to what was saved: it opens next, and Esc leaves it out.
    fn then(&mut self) -> Option<Box<dyn Overlay>> {
        None
    }
    /// What saving writes, or the field that is wrong and why.
    fn save(&self, look: &Look) -> Result<Write, Complaint>;
    /// What saving does, where that is something else than writing to the file.
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        self.save(look).map(|write| vec![Cmd::Write(write)])
    }
}

/// Why a dialog cannot be saved: the field to go to, and a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Complaint {
    pub field: usize,
    pub sentence: String,
}

impl Complaint {
    pub fn at(field: usize, sentence: impl Into<String>) -> Complaint {
        Complaint { field, sentence: sentence.into() }
    }
}

/// The overlay that runs a [`Dialog`].
pub struct Open<D> {
    dialog: D,
    said: Option<String>,
    leaving: bool,
    saving: bool,
    before_run: Option<Form>,
    matter: Option<Matter>,
    others: Vec<String>,
    /// So many lines of what saving does are scrolled away.
    scrolled: usize,
    /// So many lines of it were shown last: a key scrolls no further, so that none is passed over.
    shown: std::cell::Cell<usize>,
    chooser: Chooser,
}

/// The dialog as something to open.
pub fn dialog<D: Dialog + 'static>(dialog: D) -> Cmd {
    Cmd::Open(boxed(dialog))
}

/// The dialog as the step that follows another ([`Dialog::then`]).
pub fn boxed<D: Dialog + 'static>(dialog: D) -> Box<dyn Overlay> {
    Box::new(Open {
        dialog,
        said: None,
        leaving: false,
        saving: false,
        before_run: None,
        matter: None,
        others: Vec::new(),
        scrolled: 0,
        shown: std::cell::Cell::new(0),
        chooser: Chooser::default(),
    })
}

impl<D: Dialog> Open<D> {
    fn save(&mut self, look: &Look) -> Vec<Cmd> {
        if self.saving {
            return Vec::new(); // the same request twice would be two operations
        }
        match self.dialog.done(look) {
            Ok(cmds) => {
                self.saving = cmds.iter().any(|c| matches!(c, Cmd::Write(_) | Cmd::Record(..)));
                self.said = None;
                cmds
            }
            Err(complaint) => {
                self.dialog.form_mut().set_focus(complaint.field);
                self.said = Some(complaint.sentence);
                vec![Cmd::Beep]
            }
        }
    }

    /// Who else is here, on top of what saving does: there it is seen on the smallest screen too.
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let others = self.others.iter().map(|words| vec![Cell::with(text::clip(words, width), Role::Soon)]);
        others.chain(self.dialog.below(width, look)).collect()
    }

    fn leave(&mut self) -> Vec<Cmd> {
        if self.dialog.form_mut().close_list() || self.chooser.close() {
            return Vec::new();
        }
        if self.dialog.form().touched() && !self.leaving {
            self.leaving = true;
            self.said = Some("Esc again throws away what was typed; any other key goes on.".into());
            return Vec::new();
        }
        vec![Cmd::Close]
    }
}

impl<D: Dialog> Overlay for Open<D> {
    /// The list that is open in it; else what stands in it, from the top.
    fn listed(&self, look: &Look) -> Option<Listed> {
        let form = self.dialog.form();
        let chosen = self.chooser.listed(form).or_else(|| form.listed());
        if let Some(rows) = chosen {
            return Some(Listed::of("choice", &["choice"], rows.into_iter().map(|row| vec![row]).collect(), &[]));
        }
        let (above, below) = (self.dialog.above(PAPER, look), self.dialog.below(PAPER, look));
        let [above, below] = [above, below].map(|lines| listed::words(&lines));
        let said = |lines: &[String]| -> Vec<Vec<String>> {
            let some = lines.iter().filter(|l| !l.trim().is_empty());
            some.map(|l| vec![String::new(), l.trim().to_string()]).collect()
        };
        let fields: Vec<Vec<String>> =
            form.read().into_iter().map(|(name, value)| vec![name.to_string(), value]).collect();
        let typed = fields.iter().map(|f| format!("{:<12}{}", f[0], f[1]));
        let page = above.iter().cloned().chain(typed).chain([String::new()]).chain(below.iter().cloned()).collect();
        let rows = said(&above).into_iter().chain(fields.clone()).chain(said(&below)).collect();
        Some(Listed::of(self.dialog.title(), &["field", "words"], rows, &[]).on_paper(page))
    }

    fn opened(&mut self, look: &Look) -> Vec<Cmd> {
        self.dialog.opened(look)
    }

    fn matter(&self) -> Option<Matter> {
        self.dialog.matter().or(self.matter)
    }

    fn set_matter(&mut self, matter: Option<Matter>) {
        self.matter = matter;
    }

    fn set_others(&mut self, others: Vec<String>) {
        self.others = others;
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        if matches!(key.code, KeyCode::Esc | KeyCode::F(12)) {
            return self.leave();
        }
        if std::mem::take(&mut self.leaving) {
            self.said = None;
        }
        if key.code == KeyCode::F(1) || key.code == KeyCode::Char('?') && !self.dialog.form().in_text() {
            return vec![Cmd::Open(Box::new(Help::of_dialog()))];
        }
        if let Some(cmds) = self.dialog.key(key, look) {
            self.said = None;
            return cmds;
        }
        match self.chooser.key(key, self.dialog.form_mut()) {
            Chosen::Not => {}
            Chosen::Asked(cmds) => {
                self.said = None;
                return cmds;
            }
            Chosen::Taken(at) => {
                self.said = None;
                let cmds = self.dialog.changed(at, look);
                if key.code == KeyCode::F(8) {
                    let taken = self.dialog.form().field(at).map_or(String::new(), |f| f.value().to_string());
                    self.said = Some(format!("{taken} is taken from the list. F8 again saves."));
                    return cmds;
                }
                // Enter and Tab go on to the next field, as after a typed text.
                self.dialog.form_mut().key(key);
                return cmds;
            }
        }
        if matches!(key.code, KeyCode::PageDown | KeyCode::PageUp) && !self.dialog.form().list_open() {
            let all = self.below(look.width.saturating_sub(2) as usize, look).len();
            let step = self.shown.get().saturating_sub(1).clamp(1, 4);
            self.scrolled = match key.code {
                KeyCode::PageDown => (self.scrolled + step).min(all.saturating_sub(1)),
                _ => self.scrolled.saturating_sub(step),
            };
            return Vec::new();
        }
        match self.dialog.form_mut().key(key) {
            Outcome::Save => self.save(look),
            Outcome::Cancel if self.dialog.form().touched() => {
                vec![Cmd::Close, Cmd::Notice("Cancelled: what was typed is not kept, nothing was changed.".into())]
            }
            Outcome::Cancel => vec![Cmd::Close],
            Outcome::Changed(at) => {
                self.said = None;
                let mut cmds = self.chooser.typed(at, self.dialog.form());
                cmds.extend(self.dialog.changed(at, look));
                cmds
            }
            Outcome::Ignored if self.dialog.form().in_boxes() && matches!(key.code, KeyCode::Char(_)) => {
                self.said = Some("Space ticks a box or takes the tick away; the arrows go to the next box.".into());
                Vec::new()
            }
            Outcome::Moved | Outcome::Ignored => Vec::new(),
        }
    }

    fn in_text(&self) -> bool {
        self.dialog.form().in_text()
    }

    fn begin_run(&mut self) {
        self.before_run = Some(self.dialog.form().clone());
    }

    fn forget_run(&mut self) {
        if let Some(before) = self.before_run.take() {
            *self.dialog.form_mut() = before;
        }
    }

    fn scanned(&mut self, code: &str, look: &Look) -> Vec<Cmd> {
        if let Some(before) = self.before_run.take() {
            *self.dialog.form_mut() = before;
        }
        let at = self.dialog.form().focus();
        let went = self.dialog.scanned(code).unwrap_or_else(|| self.dialog.form_mut().scanned(code).map(|()| at));
        match went {
            Ok(at) => {
                self.said = None;
                self.dialog.changed(at, look)
            }
            // The fields are as they were before its keys came, and so is what follows from them.
            Err(sentence) => {
                self.said = Some(sentence);
                let again = self.dialog.changed(at, look);
                again.into_iter().chain([Cmd::Beep]).collect()
            }
        }
    }

    fn paste(&mut self, text: &str, look: &Look) -> Vec<Cmd> {
        match self.dialog.form_mut().paste(text) {
            Outcome::Changed(at) => self.dialog.changed(at, look),
            _ => Vec::new(),
        }
    }

    fn loaded(&mut self, part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        match self.chooser.loaded(answer, self.dialog.form()) {
            Some(answer) => self.dialog.loaded(part, answer, look),
            None => Vec::new(),
        }
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.dialog.refreshed(look)
    }

    fn edited(&mut self, text: Result<String, String>, look: &Look) -> Vec<Cmd> {
        match text {
            Ok(text) => self.dialog.edited(&text, look),
            Err(sentence) => {
                self.said = Some(sentence);
                vec![Cmd::Beep]
            }
        }
    }

    fn saved(&mut self) -> Vec<Cmd> {
        let Some(mut next) = self.dialog.then() else { return Vec::new() };
        next.set_matter(self.matter);
        vec![Cmd::Open(next)]
    }

    fn is_form(&self) -> bool {
        true
    }

    fn refused(&mut self, sentence: &str) {
        self.saving = false;
        self.dialog.refused(sentence);
        self.said = Some(sentence.to_string());
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        let form = self.dialog.form();
        title(area, buf, theme, &self.dialog.title());
        let width = area.width.saturating_sub(2) as usize;
        let mut y = area.y + 1;
        let said = if self.saving { Some("Saving ...") } else { self.said.as_deref() };
        let mut said = said.map(|words| text::wrap(words, width)).unwrap_or_default();
        said.truncate(SAID_LINES);
        let foot = area.bottom().saturating_sub(1 + said.len().max(1) as u16);
        let above = self.dialog.above(width, look);
        y = lines(Rect { y, height: foot.saturating_sub(y), ..area }, buf, theme, &above);
        let air = u16::from(!(self.dialog.tight() && area.height < 30));
        y += air;
        let room = foot.saturating_sub(y).saturating_sub(1 + air);
        let cursor = form.draw(Rect { y, height: form.height().min(room), ..area }, buf, theme, look.today);
        y += form.height().min(room) + air;
        if y < foot {
            form.draw_buttons(Rect { y, height: 1, ..area }, buf, theme);
            y += 1;
        }
        let room = foot.saturating_sub(y);
        self.shown.set(room as usize);
        let below = windowed(self.below(width, look), self.scrolled, room as usize);
        lines(Rect { y, height: room, ..area }, buf, theme, &below);
        for (y, line) in (foot..).zip(&said) {
            buf.set_string(area.x + 1, y, line, theme.style(Role::Urgent));
        }
        let back = "Esc back, nothing kept";
        let saves = match form.f8_alone {
            true => format!("F8 is [{}]", form.save),
            // `[Print] saves` would be said of what saves nothing.
            false if form.save == "Save" => "F8 or Enter on [Save] saves".to_string(),
            false => format!("F8 is [{}], Enter on it too", form.save),
        };
        let forms = [format!("Tab next field  F4 list  {saves}"), format!("Tab next field  {saves}"), saves];
        let room = (area.width as usize).saturating_sub(text::width(back) + 4);
        let keys = forms.iter().find(|keys| text::width(keys) <= room).or(forms.last()).map_or("", String::as_str);
        footer(area, buf, theme, keys, back);
        if let Some(at) = cursor {
            self.chooser.draw(Rect { height: area.height.saturating_sub(2), ..area }, at, form, buf, theme);
        }
        if self.saving { None } else { cursor }
    }
}

/// Letters across a page.
const PAPER: usize = 90;

/// Lines that a refusal may take at the foot of a dialog: what to do stands at its end.
const SAID_LINES: usize = 4;
