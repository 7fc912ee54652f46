//! The part of a dialog that tells a supplier something: how, where to, and the words, made from a template.

use super::super::{Cmd, Line};
use super::who::{Who, plain, typed};
use crate::domain::ids::PoId;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::Complaint;
use crate::tui::table::Cell;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::suppliers::{self, About, How, Letter, Ready, Told};
use crate::worker::{Answer, Load, Write};
use chrono::NaiveDate;

const HOW: [&str; 4] = ["phone", "mail", "copy text", "edit the text"];
const EDIT: usize = 3;

/// Words on their way to a supplier. Its fields are How and To, at `at` and the next place.
pub struct Telling {
    at: usize,
    letter: Letter,
    pos: Vec<PoId>,
    ready: Option<Box<Ready>>,
    /// The way that was chosen before the text went to the editor.
    before: usize,
    chosen: bool,
}

impl Telling {
    pub fn new(at: usize) -> Telling {
        Telling { at, letter: Letter::Order, pos: Vec::new(), ready: None, before: 0, chosen: false }
    }

    pub fn fields() -> [Field; 2] {
        [Field::choice("How", &HOW, 0), Field::text("To", "")]
    }

    /// Reads the words; the newest question counts.
    pub fn ask(&mut self, letter: Letter, pos: Vec<PoId>, about: About) -> Vec<Cmd> {
        (self.letter, self.pos, self.ready) = (letter, pos.clone(), None);
        if pos.is_empty() {
            return Vec::new();
        }
        vec![Cmd::Load("letter", Load::Suppliers(suppliers::Load::Letter { letter, pos, about }))]
    }

    /// Takes the words; false where the answer is another's.
    pub fn loaded(&mut self, answer: &Answer, form: &mut Form, who: &Who) -> bool {
        let Answer::Suppliers(suppliers::Answer::Letter { letter, pos, ready }) = answer else { return false };
        if (*letter, pos) != (self.letter, &self.pos) {
            return true; // of what was chosen before
        }
        self.ready = Some(ready.clone());
        if !self.chosen {
            let mail = ready.no_mail.is_none() && ready.address.is_some();
            let usual = match (mail, who.phone.is_some() && self.letter != Letter::Order) {
                (true, _) => How::Mail,
                (false, true) => How::Phone,
                (false, false) => How::CopyText,
            };
            if let Some(field) = form.field_mut(self.at) {
                field.choose(How::ALL.iter().position(|h| *h == usual).unwrap_or(0));
            }
        }
        self.show_address(form, who);
        true
    }

    /// A field changed.
    pub fn changed(&mut self, field: usize, form: &mut Form, who: &Who) {
        if field == self.at {
            self.chosen = true;
            let now = form.field(self.at).map_or(0, Field::chosen);
            if now != EDIT {
                self.before = now;
            }
            self.show_address(form, who);
        }
    }

    fn show_address(&self, form: &mut Form, who: &Who) {
        let how = self.how(form);
        let address = match how {
            Some(How::Phone) => who.phone.clone(),
            _ => self.ready.as_ref().and_then(|r| r.address.clone()).or(who.email.clone()),
        };
        if let Some(field) = form.field_mut(self.at + 1) {
            field.label = if how == Some(How::Phone) { "Number" } else { "To" };
            field.hidden = how.is_none() || how == Some(How::CopyText);
            if !field.was_typed() {
                field.set_value(&address.unwrap_or_default());
            }
        }
    }

    /// None: the text goes to the editor first.
    pub fn how(&self, form: &Form) -> Option<How> {
        How::ALL.get(form.field(self.at).map_or(0, Field::chosen)).copied()
    }

    /// The button that saves.
    pub fn button(&self, form: &Form) -> &'static str {
        match self.how(form) {
            Some(How::Phone) => "Save as said",
            Some(How::Mail) => "send in 2 minutes",
            Some(How::CopyText) => "Copy and save",
            None => "Open",
        }
    }

    /// What goes out.
    pub fn told(&self, form: &Form, note: String, next_on: Option<NaiveDate>) -> Result<Told, Complaint> {
        let how = self.how(form).ok_or_else(|| Complaint::at(self.at, "Choose how the text goes out."))?;
        let address = Some(typed(form, self.at + 1)).filter(|a| !a.is_empty() && how != How::CopyText);
        let ready = self.ready.as_ref();
        if let (How::Mail, Some(why)) = (how, ready.and_then(|r| r.no_mail.clone())) {
            return Err(Complaint::at(self.at, why));
        }
        if how == How::Mail && address.is_none() {
            return Err(Complaint::at(self.at + 1, "There is no address to mail to: type it, or choose another way."));
        }
        Ok(Told { how, words: ready.map(|r| r.words.clone()), address, note, next_on })
    }

    /// What saving does besides writing: the text is copied. Or, in place of it: the text goes to the editor.
    pub fn beside(&self, form: &Form) -> Vec<Cmd> {
        let Some(ready) = &self.ready else { return Vec::new() };
        match self.how(form) {
            Some(How::CopyText) => vec![Cmd::Copy(format!("{}\n\n{}", ready.words.subject, ready.words.body))],
            None => vec![Cmd::Edit(format!("{}\n\n{}", ready.words.subject, ready.words.body))],
            _ => Vec::new(),
        }
    }

    /// What saving does: what goes out beside it, and the write, except where the text goes to the editor first.
    pub fn done(&self, form: &Form, save: impl FnOnce() -> Result<Write, Complaint>) -> Result<Vec<Cmd>, Complaint> {
        let mut cmds = self.beside(form);
        if self.how(form).is_some() {
            cmds.push(Cmd::Write(save()?));
        }
        Ok(cmds)
    }

    /// The text came back from the editor: its first line is the subject.
    pub fn edited(&mut self, text: &str, form: &mut Form) {
        let Some(ready) = self.ready.as_mut() else { return };
        let text: String = text.chars().filter(|c| *c != '\r').collect();
        let (subject, body) = text.trim_start().split_once('\n').unwrap_or((text.trim(), ""));
        if !subject.trim().is_empty() && !body.trim().is_empty() {
            ready.words.subject = subject.trim().to_string();
            ready.words.body = body.trim().to_string();
        }
        let back = if self.before == 0 { 2 } else { self.before }; // a written text is not said
        if let Some(field) = form.field_mut(self.at) {
            field.choose(back);
        }
    }

    /// The words, as they stand.
    pub fn lines(&self, form: &Form, width: usize) -> Vec<Line> {
        let Some(ready) = &self.ready else { return vec![plain("")] };
        let mut out: Vec<Line> = Vec::new();
        out.extend(ready.note.iter().flat_map(|n| text::wrap(n, width)).map(|l| vec![Cell::with(l, Role::Soon)]));
        if self.how(form) == Some(How::Phone) {
            out.extend(text::wrap(&format!("\"{}\"", ready.words.phone), width).into_iter().map(plain));
            return out;
        }
        out.push(vec![
            Cell::with("Subject  ", Role::Quiet),
            Cell::plain(text::clip(&ready.words.subject, width.saturating_sub(9))),
        ]);
        for line in ready.words.body.lines() {
            // The table of an order keeps its columns.
            match line.starts_with("  ") || line.is_empty() {
                true => out.push(plain(text::clip(&format!(" {line}"), width))),
                false => {
                    out.extend(text::wrap(line, width.saturating_sub(1)).into_iter().map(|l| plain(format!(" {l}"))))
                }
            }
        }
        out
    }
}
