//! Shipping what is ready, whole lines or parts.

use super::about::About;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::Write;
use crate::worker::backorders::{self, Parcel, Sending, WaitingLine};

/// The dialog: one quantity for each line of which something lies here, then how it goes.
pub struct Ship {
    about: About,
    form: Form,
}

/// How many of the first fields are quantities is the number of ready lines; after them come these.
const REFERENCE: usize = 0;
const THEN: usize = 1;
const TOLD: usize = 2;

/// What [`THEN`] says: it left, it is packed and leaves later, the customer took it along.
const PACKED: usize = 1;
const TAKEN_ALONG: usize = 2;

impl Ship {
    pub fn about(about: About) -> Ship {
        let mut fields: Vec<Field> = about
            .ready()
            .iter()
            .map(|l| {
                let note = format!(
                    "of {} {}, {}/{}{}",
                    text::quantity(l.open),
                    text::fit(&l.item_name, 24),
                    l.order_code,
                    l.line_code,
                    if l.allocated < l.open {
                        format!(" ({} lie here)", text::quantity(l.allocated))
                    } else {
                        String::new()
                    }
                );
                Field::quantity("Ship", Some(l.allocated)).noted(note)
            })
            .collect();
        fields.push(Field::text("Number", "").noted("delivery note or tracking"));
        fields.push(Field::choice("It", &["1 leaves now", "2 is packed, leaves later", "3 was taken along"], 0));
        fields.push(Field::choice("Told", &["1 not yet", "2 by mail", "3 by phone"], 0));
        Ship { form: Form::new(fields).saving_as("Ship"), about }
    }

    fn after(&self, at: usize) -> Option<&Field> {
        self.form.field(self.about.ready().len() + at)
    }

    fn then(&self) -> usize {
        self.after(THEN).map_or(0, Field::chosen)
    }

    /// How the customer was told; none: not yet.
    fn told(&self) -> Option<&'static str> {
        match self.after(TOLD).map_or(0, Field::chosen) {
            1 => Some("mail"),
            2 => Some("phone"),
            _ => None,
        }
    }

    fn parcels(&self) -> Result<Vec<(&WaitingLine, Parcel)>, Complaint> {
        let mut parcels = Vec::new();
        for (at, line) in self.about.ready().into_iter().enumerate() {
            let quantity = self.form.field(at).map_or(Ok(None), Field::qty).map_err(|e| Complaint::at(at, e))?;
            let Some(quantity) = quantity.filter(|q| !q.is_zero()) else { continue };
            if quantity.is_negative() || quantity > line.allocated {
                let sentence = format!(
                    "{} of {} lie here for this line: {} cannot be shipped.",
                    text::quantity(line.allocated),
                    line.item_name,
                    text::quantity(quantity)
                );
                return Err(Complaint::at(at, sentence));
            }
            parcels.push((line, Parcel { line: line.line, quantity, seen: line.allocated }));
        }
        Ok(parcels)
    }
}

impl Dialog for Ship {
    fn title(&self) -> String {
        format!("Ship to {}", self.about.who())
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn above(&self, _width: usize, _look: &Look) -> Vec<Line> {
        vec![vec![Cell::with(
            "What lies here, reserved. A smaller number ships a part, 0 leaves the line.",
            Role::Quiet,
        )]]
    }

    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = match self.parcels() {
            Ok(parcels) if parcels.is_empty() => "Saves: nothing yet.".to_string(),
            Ok(parcels) if self.then() == PACKED => {
                format!("Saves: {} packed; s again when it leaves. Can be undone.", text::plural(parcels.len(), "line"))
            }
            Ok(parcels) => {
                let rest = parcels.iter().filter(|(l, p)| p.quantity < l.open).count();
                let after = match rest {
                    0 => String::new(),
                    n => format!(
                        " {} on order: the rest still waits.",
                        if n == 1 { "1 line stays".to_string() } else { format!("{n} lines stay") }
                    ),
                };
                let told = if self.told().is_some() { ", and that they were told" } else { "" };
                format!(
                    "Saves: {} shipped today, taken from the bins{told}.{after} Can be undone.",
                    text::plural(parcels.len(), "line")
                )
            }
            Err(complaint) => complaint.sentence,
        };
        text::wrap(&words, width).into_iter().map(|line| vec![Cell::plain(line)]).collect()
    }

    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let parcels: Vec<Parcel> = self.parcels()?.into_iter().map(|p| p.1).collect();
        if parcels.is_empty() {
            return Err(Complaint::at(0, "Every line is 0: nothing would be shipped. Type how many go."));
        }
        if self.then() == PACKED {
            return Ok(Write::Backorders(backorders::Write::Pack(parcels.iter().map(|p| p.line).collect())));
        }
        Ok(Write::Backorders(backorders::Write::Ship(Sending {
            parcels,
            reference: self.after(REFERENCE).map(|f| f.value().to_string()),
            told: self.told().map(String::from),
            handed_over: self.then() == TAKEN_ALONG,
        })))
    }
}
