//! Setting up printing: the one command that all paper goes to. It belongs to the machine and is kept in its config.

use super::form::{Field, Form};
use super::overlay::{Complaint, Dialog};
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::Role;
use crate::worker::office::{self, Printer};
use crate::worker::{Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};

const COMMAND: usize = 0;
const FORM: usize = 1;

/// The dialog.
pub struct PrinterSetup {
    form: Form,
    tried: Option<(String, bool)>,
    /// The answer that comes is that of a try.
    trying: bool,
}

impl Default for PrinterSetup {
    fn default() -> PrinterSetup {
        let fields = vec![
            Field::text("Command", "").noted("such as lp -d dock; blank: files"),
            Field::choice("It takes", &["PDF", "plain text"], 0),
        ];
        PrinterSetup { form: Form::new(fields), tried: None, trying: false }
    }
}

impl PrinterSetup {
    fn printer(&self) -> Printer {
        let command = self.form.field(COMMAND).map(|f| f.value().trim().to_string()).filter(|c| !c.is_empty());
        Printer { command, text: self.form.field(FORM).is_some_and(|f| f.chosen() == 1) }
    }
}

impl Dialog for PrinterSetup {
    fn title(&self) -> String {
        "Set up printing".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("settings", Load::Office(office::Load::Settings))]
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.tried = None;
        Vec::new()
    }
    fn key(&mut self, key: &KeyEvent, _look: &Look) -> Option<Vec<Cmd>> {
        if key.code != KeyCode::F(5) {
            return None;
        }
        self.trying = true;
        Some(vec![Cmd::Load("try", Load::Office(office::Load::TryPrinter(self.printer())))])
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Office(office::Answer::Settings { printer, .. }) if !self.form.touched() => {
                if let Some(field) = self.form.field_mut(COMMAND) {
                    field.set_value(printer.command.as_deref().unwrap_or(""));
                }
                if let Some(field) = self.form.field_mut(FORM) {
                    field.choose(usize::from(printer.text));
                }
                Vec::new()
            }
            Answer::Office(office::Answer::Written(result)) => match (std::mem::take(&mut self.trying), result) {
                (false, Ok(sentence)) => vec![Cmd::Close, Cmd::Notice(sentence)],
                (false, Err(sentence)) => vec![Cmd::Refuse(sentence)],
                (true, result) => {
                    let works = result.is_ok();
                    self.tried = Some((result.unwrap_or_else(|sentence| sentence), works));
                    Vec::new()
                }
            },
            _ => Vec::new(),
        }
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let line = |words: &str, role: Role| -> Vec<Line> {
            text::wrap(words, width).into_iter().map(|l| vec![Cell::with(l, role)]).collect()
        };
        let mut out = line(
            "All paper goes there: lists, call lists, count sheets, POs, labels, letters. F5 prints a test page.",
            Role::Normal,
        );
        out.extend(line("It is kept for this computer and login, in config.toml (backshelf paths).", Role::Quiet));
        if let Some((said, works)) = &self.tried {
            out.extend(line(said, if *works { Role::Title } else { Role::Urgent }));
        }
        out
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Err(Complaint::at(COMMAND, "It is kept by the machine.")) // `done` does it
    }
    fn done(&mut self, _look: &Look) -> Result<Vec<Cmd>, Complaint> {
        self.trying = false;
        Ok(vec![Cmd::Load("keep", Load::Office(office::Load::KeepPrinter(self.printer())))])
    }
}
