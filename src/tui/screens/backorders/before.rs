//! Of orders from before this program: what the customers had been told, as a person knows it.

use super::about::About;
use crate::domain::dates;
use crate::domain::delay::{Row, Rule};
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::Write;
use crate::worker::backorders::{self, Before, WaitingLine};

const THEY: usize = 0;
const ON: usize = 1;
const SAID: usize = 2;
const CANCEL: usize = 3;

const TOLD: usize = 0;

/// The dialog.
pub struct ToldBefore {
    about: About,
    form: Form,
}

impl ToldBefore {
    pub fn about(about: About) -> ToldBefore {
        let form = Form::new(vec![
            Field::choice("They were", &["1 told of the delay", "2 told by nobody"], TOLD),
            Field::date("On", None).noted("the day on which they were told: 2.11, 2 nov"),
            Field::date("Date said", None).noted("the date said to them; blank: none was"),
            Field::choice("Cancelling", &["was offered", "was not spoken of"], 0),
        ]);
        ToldBefore { about, form }
    }

    fn unknown(&self) -> Vec<&WaitingLine> {
        self.about.lines().into_iter().filter(|l| l.decision.row == Row::NotKnown).collect()
    }

    fn chosen(&self, at: usize) -> usize {
        self.form.field(at).map_or(0, Field::chosen)
    }
}

impl Dialog for ToldBefore {
    fn title(&self) -> String {
        format!("What were they told?  {}", self.about.who())
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let lines = self.unknown();
        let about = text::plural(lines.len(), "line");
        let us = lines.iter().any(|l| l.decision.rule == Rule::Us);
        let words = match self.chosen(THEY) {
            TOLD => {
                let us =
                    if us { " Under the US rule it counts only if it was in time and offered to cancel." } else { "" };
                format!("Kept as a talk of that day about {about}: what is due follows from it.{us} Can be undone.")
            }
            _ => format!("The {about} count as not told: they are due by their rule. Can be undone."),
        };
        let oldest = lines.iter().map(|l| l.ordered_on).min();
        let oldest = oldest.map(|day| format!("The oldest of these orders is of {}.", dates::full(day, look.today)));
        let said = text::wrap(&words, width).into_iter().chain(oldest);
        said.map(|line| vec![Cell::with(line, Role::Normal)]).collect()
    }

    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let day = |at: usize| {
            let day = self.form.field(at).map_or(Ok(None), |f| f.day(look.today));
            day.map_err(|sentence| Complaint::at(at, sentence))
        };
        let said = if self.chosen(THEY) == TOLD {
            let Some(on) = day(ON)? else {
                return Err(Complaint::at(ON, "Say the day on which they were told; about is good enough."));
            };
            if on > look.today {
                return Err(Complaint::at(ON, "That day is yet to come: say the day on which they were told."));
            }
            Before::Told { on, quoted_for: day(SAID)?, offered_cancel: self.chosen(CANCEL) == 0 }
        } else {
            Before::Nobody
        };
        Ok(Write::Backorders(backorders::Write::Before { customers: self.about.customers(), said }))
    }
}
