//! A new date promised to the customer, with the reason.

use super::about::About;
use super::talk::Contact;
use crate::domain::dates;
use crate::domain::people::Matter;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog, boxed};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::Write;
use crate::worker::backorders::{self, NewDate};

const LINES: usize = 0;
const DATE: usize = 1;
const HEARD: usize = 2;
/// Asked where the date is kept at once; what is told has its own words.
const REASON: usize = 3;
/// The date is said in the talk that opens.
const TELL: usize = 0;

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
            Field::choice("Customer", &["1 is told now", "2 knows this date already"], TELL),
            Field::list("Reason", about.reasons(&REASONS, |r| &r.dates)),
        ]);
        let mut dialog = NewPromise { about, form };
        dialog.form.set_focus(DATE);
        dialog.heard_changed();
        dialog
    }

    fn heard_changed(&mut self) {
        let tells = self.tells();
        if let Some(reason) = self.form.field_mut(REASON) {
            reason.hidden = tells;
        }
    }

    fn tells(&self) -> bool {
        self.form.field(HEARD).is_some_and(|f| f.chosen() == TELL)
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
        if field == HEARD {
            self.heard_changed();
        }
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
        let most = if look.height >= 40 { 20 } else { 6 };
        for line in lines.iter().take(most) {
            let was = line.promise.map_or("no promise".into(), |d| format!("was {}", dates::short(d, look.today)));
            let now = line.likely_on.map_or("none".into(), |d| dates::short(d, look.today));
            let left = format!("{}/{}  {}", line.order_code, line.line_code, line.item_name);
            let right = format!("{was}   likely {now}");
            let room = width.saturating_sub(text::width(&right) + 1);
            out.push(vec![Cell::plain(text::left(&left, room)), Cell::plain(format!(" {right}"))]);
        }
        if lines.len() > most {
            out.push(vec![Cell::with(format!("and {} more", text::plural(lines.len() - most, "line")), Role::Quiet)]);
        }
        let early = lines.iter().filter(|l| date.is_some_and(|d| l.likely_on.is_none_or(|likely| likely > d))).count();
        if early > 0 {
            let words = format!(
                "{} will probably not be here by then: the promise will not hold.",
                text::plural(early, "line")
            );
            out.push(vec![Cell::with(words, Role::Soon)]);
        }
        let words = if self.tells() {
            "The talk opens with this date; saving that is what counts. Until then nothing is saved."
        } else {
            "Saves: the new promise. Nobody is told: the customer knows it."
        };
        out.extend(text::wrap(words, width).into_iter().map(|line| vec![Cell::plain(line)]));
        out
    }

    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let write = self.save(look)?;
        if !self.tells() {
            return Ok(vec![Cmd::Write(write)]);
        }
        // A promise that nobody has heard is none: the date is kept with the talk that says it.
        let date = self.form.field(DATE).and_then(|f| f.day(look.today).ok().flatten());
        let lines: Vec<_> = self.about.chosen(self.form.field(LINES)).into_iter().map(|l| l.line).collect();
        let customer = self.about.customer().map(|c| c.id);
        let mut talk = boxed(Contact::saying(self.about.only(&lines), date));
        talk.set_matter(customer.map(Matter::Customer));
        Ok(vec![Cmd::Close, Cmd::Open(talk)])
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
