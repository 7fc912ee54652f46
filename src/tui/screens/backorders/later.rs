//! Putting customers off until a day, with a reason. Not where a law acts before.

use super::about::About;
use crate::domain::calendar::plus_days;
use crate::domain::dates;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::Write;
use crate::worker::backorders::{self, no_later};
use chrono::NaiveDate;

const UNTIL: usize = 0;
const REASON: usize = 1;

const REASONS: [&str; 5] = [
    "waits for the supplier's answer",
    "customer asked to be called later",
    "goods arrive within days",
    "a colleague sees to it",
    "not today",
];

/// The dialog.
pub struct PutOff {
    about: About,
    form: Form,
}

impl PutOff {
    pub fn about(about: About) -> PutOff {
        let form = Form::new(vec![
            Field::date("Until", Some(plus_days(about.today(), 2))).noted("+5, fri, w49, 2.12"),
            Field::list("Reason", (0..).zip(REASONS).map(|(n, r)| (n, r.to_string())).collect()),
        ]);
        PutOff { about, form }
    }

    fn law(&self, until: NaiveDate, today: NaiveDate) -> Option<String> {
        let board = &self.about.shown.board;
        self.about.customers().iter().find_map(|id| {
            let row = board.customers.iter().find(|r| r.customer == *id)?;
            no_later(row, until, today)
        })
    }
}

impl Dialog for PutOff {
    fn title(&self) -> String {
        format!("Later  {}", self.about.who())
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let until = self.form.field(UNTIL).and_then(|f| f.day(look.today).ok().flatten());
        let words = match until {
            Some(day) => format!(
                "Out of the list until {}, then it comes back by itself. Nobody is told. Can be undone.",
                dates::full(day, look.today)
            ),
            None => "Out of the list until a day that you name.".into(),
        };
        text::wrap(&words, width).into_iter().map(|line| vec![Cell::with(line, Role::Normal)]).collect()
    }

    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let until =
            self.form.field(UNTIL).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(UNTIL, e))?;
        let Some(until) = until.filter(|d| *d > look.today) else {
            return Err(Complaint::at(UNTIL, "Name a day after today: until then the row is out of the list."));
        };
        if let Some(why) = self.law(until, look.today) {
            return Err(Complaint::at(UNTIL, why));
        }
        let reason = self.form.field(REASON).map_or(0, Field::chosen);
        Ok(Write::Backorders(backorders::Write::Later {
            customers: self.about.customers(),
            until,
            reason: REASONS.get(reason).copied().unwrap_or(REASONS[0]).to_string(),
        }))
    }
}
