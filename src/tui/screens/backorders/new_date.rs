//! A new date promised to the customer, with the reason.

use super::about::About;
use crate::domain::dates;
use crate::domain::delay::Action;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::Write;
use crate::worker::backorders::{self, NewDate};

const LINES: usize = 0;
const DATE: usize = 1;
const REASON: usize = 2;

const REASONS: [&str; 5] =
    ["supplier is late", "customer asked for it", "stock count differed", "went to a more urgent order", "our mistake"];

/// The dialog.
pub struct NewPromise {
    about: About,
    form: Form,
}

impl NewPromise {
    pub fn about(about: About) -> NewPromise {
        let date = about.safe_date(&about.lines());
        let form = Form::new(vec![
            about.boxes("About", &about.all()),
            Field::date("New date", date).noted(about.likely(&about.lines())),
            Field::list("Reason", about.reasons(&REASONS, |r| &r.dates)),
        ]);
        let mut dialog = NewPromise { about, form };
        dialog.form.set_focus(DATE);
        dialog
    }
}

impl Dialog for NewPromise {
    fn title(&self) -> String {
        format!("New date for {}", self.about.who())
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        if field == LINES {
            let note = self.about.likely(&self.about.chosen(self.form.field(LINES)));
            if let Some(date) = self.form.field_mut(DATE) {
                date.note = note;
            }
        }
        Vec::new()
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let lines = self.about.chosen(self.form.field(LINES));
        let date = self.form.field(DATE).and_then(|f| f.day(look.today).ok().flatten());
        let mut out: Vec<Line> = Vec::new();
        out.push(vec![Cell::with("Before you save", Role::Quiet)]);
        for line in lines.iter().take(6) {
            let was = line.promise.map_or("no promise".into(), |d| format!("was {}", dates::short(d, look.today)));
            let now = line.likely_on.map_or("none".into(), |d| dates::short(d, look.today));
            let left = format!("{}/{}  {}", line.order_code, line.line_code, line.item_name);
            let right = format!("{was}   likely {now}");
            let room = width.saturating_sub(text::width(&right) + 1);
            out.push(vec![Cell::plain(text::left(&left, room)), Cell::plain(format!(" {right}"))]);
        }
        let early = lines.iter().filter(|l| date.is_some_and(|d| l.likely_on.is_none_or(|likely| likely > d))).count();
        if early > 0 {
            let words = format!(
                "{} will probably not be here by then: the promise will not hold.",
                text::plural(early, "line")
            );
            out.push(vec![Cell::with(words, Role::Soon)]);
        }
        if lines.iter().any(|l| l.decision.action == Action::Notify) {
            let words = "This alone tells nobody: the customer still has to hear it (c).";
            out.push(vec![Cell::plain(text::clip(words, width))]);
        }
        out
    }

    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let lines = self.about.chosen(self.form.field(LINES));
        if lines.is_empty() {
            return Err(Complaint::at(LINES, "Tick at least one line (Space) that the date is for."));
        }
        let date = self.form.field(DATE).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(DATE, e))?;
        let Some(date) = date else {
            return Err(Complaint::at(DATE, "Which date? Type it as +5, fri, w49 or 2.12."));
        };
        if date < look.today {
            let sentence =
                format!("{} has passed: a promise lies ahead. Type a later date.", dates::full(date, look.today));
            return Err(Complaint::at(DATE, sentence));
        }
        let reason = self.form.field(REASON).map_or(String::new(), Field::chosen_words);
        Ok(Write::Backorders(backorders::Write::NewDate {
            lines: lines.iter().map(|l| NewDate { line: l.line, seen: l.promise, date }).collect(),
            reason,
        }))
    }
}
