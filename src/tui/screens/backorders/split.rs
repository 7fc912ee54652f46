//! Splitting a line in two, so that a part can be swapped, held, cancelled or promised on its own.

use super::about::About;
use super::foresight::Foresight;
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{self, Deed, WaitingLine};
use crate::worker::{Answer, Write};

const LINE: usize = 0;
const QUANTITY: usize = 1;

/// The dialog.
pub struct SplitLine {
    about: About,
    form: Form,
    foresight: Foresight,
}

/// What is likely to be split off: what waits, where something lies here.
fn likely(line: &WaitingLine) -> Option<Qty> {
    Some(line.short).filter(|short| short.is_positive() && *short < line.open)
}

impl SplitLine {
    pub fn about(about: About) -> SplitLine {
        let form = Form::new(vec![about.choice("Line", 0), Field::quantity("Split off", None)]).saving_as("Split");
        let mut dialog = SplitLine { about, form, foresight: Foresight::default() };
        dialog.form.set_focus(if dialog.about.all().len() > 1 { LINE } else { QUANTITY });
        dialog.fit();
        dialog
    }

    fn line(&self) -> Option<&WaitingLine> {
        self.about.chosen_one(self.form.field(LINE))
    }

    fn fit(&mut self) {
        let Some(line) = self.line() else { return };
        let (value, note) = (likely(line).map(|q| q.to_string()), format!("of {} open", text::quantity(line.open)));
        if let Some(field) = self.form.field_mut(QUANTITY) {
            field.set_value(value.as_deref().unwrap_or(""));
            field.note = note;
        }
    }

    fn quantity(&self) -> Result<Qty, Complaint> {
        let typed = self.form.field(QUANTITY).map_or(Ok(None), Field::qty).map_err(|e| Complaint::at(QUANTITY, e))?;
        let open = self.line().map_or(Qty::ZERO, |l| l.open);
        typed.filter(|q| q.is_positive() && *q < open).ok_or_else(|| {
            Complaint::at(QUANTITY, format!("Type how many go to a line of their own: more than 0, fewer than {open}."))
        })
    }

    fn deed(&self) -> Option<Deed> {
        Some(Deed::Split { line: self.line()?.line, quantity: self.quantity().ok()? })
    }
}

impl Dialog for SplitLine {
    fn title(&self) -> String {
        format!("Split a line  {}", self.about.who())
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.foresight.ask(self.deed())
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        if field == LINE {
            self.fit();
        }
        self.foresight.ask(self.deed())
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        self.foresight.loaded(&answer);
        Vec::new()
    }

    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = "A part that is to be swapped, held, cancelled or promised on its own. Its turn, its dates and \
                     what the customer was told stay the same.";
        text::wrap(words, width).into_iter().map(|line| vec![Cell::with(line, Role::Quiet)]).collect()
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let (Some(line), Ok(part)) = (self.line(), self.quantity()) else { return Vec::new() };
        let left = line.open - part;
        let here = line.allocated.min(left);
        let lies = |q: Qty| {
            if q.is_positive() { format!(" ({} here)", text::quantity(q)) } else { String::new() }
        };
        let words = format!(
            "Saves: line {} keeps {}{}, a new line gets {}{}. Can be undone.",
            line.line_code,
            text::quantity(left),
            lies(here),
            text::quantity(part),
            lies(line.allocated - here),
        );
        let mut out: Vec<Line> = text::wrap(&words, width).into_iter().map(|line| vec![Cell::plain(line)]).collect();
        out.extend(self.foresight.lines(true, width, look));
        out
    }

    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let Some(line) = self.line() else { return Err(Complaint::at(LINE, "Choose the line.")) };
        let split = backorders::Split { line: line.line, quantity: self.quantity()?, seen: line.open };
        Ok(Write::Backorders(backorders::Write::Split(split)))
    }
}
