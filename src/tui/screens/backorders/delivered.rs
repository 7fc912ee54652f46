//! Saying that shipped goods arrived at the customer's.

use crate::domain::dates;
use crate::domain::ids::LineId;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{self, OnTheWay};
use crate::worker::{Answer, Load, Write};

const LINE: usize = 0;
const DAY: usize = 1;

/// The dialog.
pub struct Delivered {
    form: Form,
    sent: Option<Vec<OnTheWay>>,
}

impl Delivered {
    pub fn new(look: &Look) -> Delivered {
        let form = Form::new(vec![Field::list("Shipped", Vec::new()), Field::date("Arrived on", Some(look.today))])
            .saving_as("It arrived");
        Delivered { form, sent: None }
    }

    fn chosen(&self) -> Option<&OnTheWay> {
        let id = self.form.field(LINE)?.chosen_id()?;
        self.sent.as_ref()?.iter().find(|l| l.line.0 == id)
    }
}

impl Dialog for Delivered {
    fn title(&self) -> String {
        "Delivered".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("sent", Load::Backorders(backorders::Load::OnTheWay))]
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if let Answer::Backorders(backorders::Answer::OnTheWay(sent)) = answer {
            // Whole parcels: the lines of an order that left on one day arrive together.
            let words = |parcel: &[OnTheWay]| {
                let first = parcel.first()?;
                let goods: Vec<String> =
                    parcel.iter().map(|l| format!("{} {}", text::quantity(l.shipped), l.item_name)).collect();
                let left = dates::short(first.shipped_on, look.today);
                let words = format!("{}, {}, left {left}: {}", first.order_code, first.customer_name, goods.join(", "));
                Some((first.line.0, words))
            };
            let same = |a: &OnTheWay, b: &OnTheWay| (&a.order_code, a.shipped_on) == (&b.order_code, b.shipped_on);
            let options = sent.chunk_by(same).filter_map(words).collect();
            if let Some(field) = self.form.field_mut(LINE) {
                field.set_options(options);
            }
            self.sent = Some(sent);
        }
        Vec::new()
    }

    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = match (&self.sent, self.chosen()) {
            (None, _) => "Reading what was shipped ...".to_string(),
            (Some(_), None) => "Nothing that was shipped here in the last 60 days is still on its way.".into(),
            (_, Some(line)) => format!("Saves: {} arrived at {}. Can be undone.", line.order_code, line.customer_name),
        };
        text::wrap(&words, width).into_iter().map(|line| vec![Cell::with(line, Role::Normal)]).collect()
    }

    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let (Some(chosen), Some(sent)) = (self.chosen(), &self.sent) else {
            return Err(Complaint::at(LINE, "Nothing is on its way: there is nothing to say."));
        };
        let on = self.form.field(DAY).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(DAY, e))?;
        let Some(on) = on.filter(|on| (chosen.shipped_on..=look.today).contains(on)) else {
            let left = dates::full(chosen.shipped_on, look.today);
            return Err(Complaint::at(DAY, format!("It left on {left}: it arrived between then and today.")));
        };
        let together = |l: &&OnTheWay| (&l.order_code, l.shipped_on) == (&chosen.order_code, chosen.shipped_on);
        let lines: Vec<LineId> = sent.iter().filter(together).map(|l| l.line).collect();
        Ok(Write::Backorders(backorders::Write::Delivered { lines, on }))
    }
}
