//! Printing what is no list on the screen: call list, pick and put-aside lists, count sheets, POs, letters, labels.

use super::form::{Field, Form};
use super::overlay::{Complaint, Dialog};
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::Role;
use crate::worker::office;
use crate::worker::papers::{self, Kind};
use crate::worker::{Answer, Load, Write};
use std::path::PathBuf;

const WHAT: usize = 0;
const WHICH: usize = 1;
const ONLY: usize = 2;
const TO: usize = 3;
const FILE: usize = 4;

/// The dialog.
pub struct Papers {
    form: Form,
    today: String,
    /// The file that was offered: one that a person named is left alone.
    offered: String,
    /// What there is of the kind is known.
    known: bool,
    writing: bool,
}

impl Papers {
    /// Opens on that kind.
    pub fn of(kind: Kind, look: &Look) -> Papers {
        let kinds = Kind::ALL.iter().enumerate().map(|(n, k)| (n as i64, k.name().to_string())).collect();
        let mut what = Field::list("What", kinds);
        what.choose(Kind::ALL.iter().position(|k| *k == kind).unwrap_or(0));
        let fields = vec![
            what,
            Field::list("Which", Vec::new()),
            Field::text("Only", "").noted("codes with blanks between; blank: all"),
            Field::choice("To", &["the printer", "a file"], 0),
            Field::text("File", ""),
        ];
        let form = Form::new(fields).saving_as("Print");
        let mut papers =
            Papers { form, today: look.today.to_string(), offered: String::new(), known: false, writing: false };
        papers.say(true);
        papers
    }

    fn kind(&self) -> Kind {
        self.form.field(WHAT).and_then(|f| Kind::ALL.get(f.chosen()).copied()).unwrap_or_default()
    }

    /// What follows from the kind and from where it goes.
    fn say(&mut self, renamed: bool) {
        let (kind, to_file) = (self.kind(), self.form.field(TO).is_some_and(|f| f.chosen() == 1));
        let labels = matches!(kind, Kind::BinLabels | Kind::ItemLabels | Kind::PoLabels);
        for (at, hidden) in [(WHICH, labels || kind == Kind::Commands), (ONLY, !labels), (FILE, !to_file)] {
            if let Some(field) = self.form.field_mut(at) {
                field.hidden = hidden;
            }
        }
        if renamed {
            self.offered = format!("{}-{}.pdf", kind.name().replace(' ', "-"), self.today);
            if let Some(field) = self.form.field_mut(FILE) {
                field.set_value(&self.offered);
            }
        }
        self.form.save = if to_file { "Write" } else { "Print" };
    }

    fn ask(&self) -> Vec<Cmd> {
        let free = Load::Office(office::Load::FreeName(PathBuf::from(&self.offered)));
        vec![Cmd::Load("choices", Load::Papers(papers::Load::Choices(self.kind()))), Cmd::Load("name", free)]
    }
}

impl Dialog for Papers {
    fn title(&self) -> String {
        "Print".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.ask()
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        self.say(field == WHAT);
        if field != WHAT {
            return Vec::new();
        }
        self.known = false;
        self.ask()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Papers(papers::Answer::Choices(kind, rows)) if kind == self.kind() => {
                self.known = true;
                if let Some(field) = self.form.field_mut(WHICH) {
                    field.set_options(rows);
                }
                Vec::new()
            }
            // Nothing is written over: the second of a day has a number.
            Answer::Office(office::Answer::Name(free)) => {
                let offered = self.offered.clone();
                if let Some(field) = self.form.field_mut(FILE).filter(|f| f.value() == offered) {
                    self.offered = free.display().to_string();
                    field.set_value(&free.display().to_string());
                }
                Vec::new()
            }
            Answer::Papers(papers::Answer::Done(result)) => {
                self.writing = false;
                match result {
                    Ok(sentence) => vec![Cmd::Close, Cmd::Told(sentence)],
                    Err(sentence) => vec![Cmd::Refuse(sentence)],
                }
            }
            _ => Vec::new(),
        }
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let none = self.known && self.form.field(WHICH).is_some_and(|f| f.chosen_id().is_none());
        let words = match self.kind() {
            Kind::CallList => "Whom to reach, how, what to say, and boxes to tick.",
            Kind::PickList if none => "No round of picking is open: s on Stock begins one.",
            Kind::PickList => "In the order of the bins.",
            Kind::PutAside if none => "No delivery is being taken in: r receives one.",
            Kind::PutAside => "For whom the goods are, and where the rest goes.",
            Kind::CountSheet if none => "No count is open: c on Stock begins one.",
            Kind::CountSheet => "Blind: what the book says is not on it.",
            Kind::Order if none => "No PO is open.",
            Kind::Order => "As it would be written to the supplier.",
            Kind::Letters if none => "No letter was written today: c on Backorders writes one.",
            Kind::Letters => "All letters of today, each on a page of its own.",
            Kind::PoLabels if none => "No PO is expected.",
            Kind::Commands => "To be laminated and hung beside the scanner.",
            _ => "Two columns of eight on a page. A file may also end in .zpl, for a label printer.",
        };
        let writing = if self.writing { "Printing ..." } else { words };
        let line = |l: String| vec![Cell::with(l, if self.writing { Role::Title } else { Role::Normal })];
        let mut out: Vec<Line> = text::wrap(writing, width).into_iter().map(line).collect();
        let printer = "The printer is set with : printer; without one the paper becomes a PDF, and its path is told.";
        out.extend(text::wrap(printer, width).into_iter().map(|l| vec![Cell::with(l, Role::Quiet)]));
        out
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Err(Complaint::at(WHAT, "It is printed, not saved.")) // `done` does it
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let kind = self.kind();
        let which = match self.form.field(WHICH).and_then(Field::chosen_id) {
            Some(which) => which,
            None if kind.is_drawn() && kind != Kind::PoLabels => 0,
            None => {
                let why = self.below(usize::from(look.width), look);
                let first = why.first().and_then(|l| l.first()).map(|c| c.text.clone());
                return Err(Complaint::at(WHAT, first.unwrap_or_default()));
            }
        };
        let typed = |at: usize| self.form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default();
        let to = match self.form.field(TO).is_some_and(|f| f.chosen() == 1) {
            true if typed(FILE).is_empty() => return Err(Complaint::at(FILE, "The name of the file is missing.")),
            true => Some(PathBuf::from(typed(FILE))),
            false => None,
        };
        let only = typed(ONLY).split_whitespace().map(String::from).collect();
        self.writing = true;
        Ok(vec![Cmd::Load("put", Load::Papers(papers::Load::Put { kind, which, only, to }))])
    }
}
