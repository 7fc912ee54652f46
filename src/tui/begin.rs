//! The first questions, asked in the workbench: of a file that others made (`: begin`), and the one about old orders after
//! orders came in.

use super::first_run::{Asked, COUNTRY, CUSTOMERS, NAME, OLD, SECOND, from_before, meaning, no_country, questions};
use super::form::{Field, Form};
use super::overlay::{Complaint, Dialog};
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use crate::domain::countries;
use crate::domain::delay::CustomerKind;
use crate::worker::morning::{self, Answers, OldOrders};
use crate::worker::{Answer, Load, Write};

/// The questions as a dialog.
pub struct Begin {
    asked: Asked,
    form: Form,
    /// Only what is to be said of orders that came in.
    only_old: bool,
}

impl Default for Begin {
    fn default() -> Begin {
        Begin::of(Asked::default(), false)
    }
}

impl Begin {
    /// Of so many old orders that came in, nobody was asked yet.
    pub fn old_orders(old: usize) -> Begin {
        let mut begin = Begin::of(Asked { old, ..Asked::default() }, true);
        begin.form.fields.iter_mut().take(OLD).for_each(|f| f.hidden = true);
        begin.form.set_focus(OLD);
        begin
    }

    fn of(asked: Asked, only_old: bool) -> Begin {
        let mut form = questions(&asked).saving_as("Save");
        if let Some(field) = form.field_mut(NAME) {
            field.hidden = true; // who works here is known
        }
        if let Some(field) = form.field_mut(OLD) {
            field.set_choices(&["told, or nobody knows", "not told"]);
        }
        Begin { asked, form, only_old }
    }

    fn chosen(&self, at: usize) -> usize {
        self.form.field(at).map_or(0, Field::chosen)
    }

    fn typed(&self, at: usize) -> String {
        self.form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
    }

    fn old(&self) -> Option<OldOrders> {
        let asked = self.form.field(OLD).is_some_and(|f| !f.hidden);
        asked.then(|| if self.chosen(OLD) == 1 { OldOrders::NotTold } else { OldOrders::Unknown })
    }
}

impl Dialog for Begin {
    fn title(&self) -> String {
        if self.only_old { "Old orders came in".into() } else { "The first questions".into() }
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        if self.only_old {
            return Vec::new();
        }
        vec![Cmd::Load("beginning", Load::Morning(morning::Load::Beginning))]
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Morning(morning::Answer::Beginning(found)) = answer
            && !self.form.touched()
        {
            let asked = Asked { old: found.old, country: found.country.clone(), ..Asked::default() };
            *self = Begin::of(asked, false);
            if let Some(field) = self.form.field_mut(CUSTOMERS) {
                field.choose(if found.mostly == CustomerKind::Business { 0 } else { 1 });
            }
            if let Some(field) = self.form.field_mut(SECOND) {
                field.set_value(&found.second_place);
            }
        }
        Vec::new()
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        if self.asked.old == 0 {
            return Vec::new();
        }
        let words = format!("{} Their customers:", from_before(self.asked.old));
        text::wrap(&words, width).into_iter().map(|l| vec![Cell::plain(l)]).collect()
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let mut words = meaning(&self.form, &self.asked);
        if self.only_old {
            words.remove(0);
        }
        words.iter().flat_map(|w| text::wrap(w, width)).map(|l| vec![Cell::plain(l)]).collect()
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        if let (true, Some(old)) = (self.only_old, self.old()) {
            return Ok(Write::Morning(morning::Write::OldOrders(old)));
        }
        let typed = self.typed(COUNTRY);
        let country = countries::alpha_2(&typed).unwrap_or_default().to_string();
        if !typed.trim().is_empty() && country.is_empty() {
            return Err(Complaint::at(COUNTRY, no_country(typed.trim())));
        }
        Ok(Write::Morning(morning::Write::Begin(Answers {
            mostly: if self.chosen(CUSTOMERS) == 0 { CustomerKind::Business } else { CustomerKind::Consumer },
            country,
            old: self.old(),
            second_place: self.typed(SECOND),
        })))
    }
}
