//! Recording what a customer answered.

use super::about::About;
use super::talk::moment;
use crate::domain::dates;
use crate::domain::delay::{Answer, Outcome};
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::Write;
use crate::worker::backorders::{self, Talk, TalkLine};

const LINES: usize = 0;
const ANSWER: usize = 1;
const DATE: usize = 2;
const ON: usize = 3;
const AGAIN: usize = 4;
const WORDS: usize = 5;

const AGREES: usize = 0;
const CANCELS: usize = 1;
const OTHER_DATE: usize = 2;

/// The dialog.
pub struct Record {
    about: About,
    form: Form,
}

impl Record {
    pub fn about(about: About) -> Record {
        let quoted = about.lead().and_then(|l| l.decision.last_quoted).filter(|d| *d >= about.today());
        let date = quoted.or_else(|| about.safe_date(&about.lines()));
        let form = Form::new(vec![
            about.boxes("About", &about.all()),
            Field::choice("Answer", &["1 agrees", "2 cancels", "3 wants another date", "4 no answer"], AGREES),
            Field::date("Date", date).noted("agreed; blank: agrees to wait without a date"),
            Field::date("On", Some(about.today())).noted("the day of the answer"),
            Field::text("Again", "").noted("when to ask again: today 14:00"),
            Field::text("Words", "").noted("as the customer said it"),
        ]);
        let mut record = Record { about, form };
        record.form.set_focus(ANSWER);
        record
    }

    fn answer(&self) -> usize {
        self.form.field(ANSWER).map_or(0, Field::chosen)
    }
}

impl Dialog for Record {
    fn title(&self) -> String {
        format!("Answer of {}", self.about.who())
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        if field == ANSWER {
            let (note, again) = match self.answer() {
                AGREES => ("agreed; blank: agrees to wait without a date", ""),
                CANCELS => ("not used: the customer cancels", ""),
                OTHER_DATE => ("the customer's own date; it becomes the promise", ""),
                _ => ("not used: nobody answered", "tomorrow 09:00"),
            };
            if let Some(date) = self.form.field_mut(DATE) {
                date.note = note.into();
            }
            if let Some(field) = self.form.field_mut(AGAIN) {
                field.set_value(again);
            }
        }
        Vec::new()
    }

    fn above(&self, _width: usize, look: &Look) -> Vec<Line> {
        let lead = self.about.lead();
        let asked = match lead.map(|l| (l.decision.last_told_on, l.decision.last_quoted)) {
            Some((Some(on), Some(quoted))) => {
                format!("Told on {}: {}.", dates::full(on, look.today), dates::full(quoted, look.today))
            }
            Some((Some(on), None)) => format!("Told on {}, without a date.", dates::full(on, look.today)),
            _ => "Nothing is on file that the customer could have answered.".into(),
        };
        vec![vec![Cell::with(asked, Role::Quiet)]]
    }

    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let about = text::plural(self.about.chosen(self.form.field(LINES)).len(), "line");
        let words = match self.answer() {
            AGREES => format!("Saves: a yes for {about}; the date agreed becomes the promise. Can be undone."),
            CANCELS => {
                format!("Saves: the customer cancels {about}. Then cancel the goods with x: it shows what is owed.")
            }
            OTHER_DATE => {
                format!("Saves: the answer and the customer's date as the promise of {about}. Can be undone.")
            }
            _ => format!("Saves: nobody answered about {about}; it counts as not reached. Can be undone."),
        };
        text::wrap(&words, width).into_iter().map(|line| vec![Cell::plain(line)]).collect()
    }

    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let lines = self.about.chosen(self.form.field(LINES));
        if lines.is_empty() {
            return Err(Complaint::at(LINES, "Tick at least one line (Space) that the answer is about."));
        }
        let day =
            |at: usize| self.form.field(at).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(at, e));
        let on = day(ON)?;
        if let Some(later) = on.filter(|d| *d > look.today) {
            let sentence =
                format!("{} is yet to come: an answer was given today or before.", dates::full(later, look.today));
            return Err(Complaint::at(ON, sentence));
        }
        let date = day(DATE)?.filter(|_| matches!(self.answer(), AGREES | OTHER_DATE));
        if let Some(past) = date.filter(|d| *d < look.today) {
            let sentence =
                format!("{} has passed: type the date agreed, from today on.", dates::full(past, look.today));
            return Err(Complaint::at(DATE, sentence));
        }
        let words = self.form.field(WORDS).map(|f| f.value().trim().to_string()).filter(|w| !w.is_empty());
        let (outcome, answer) = match self.answer() {
            AGREES => (Outcome::Reached, Some(Answer::Consent)),
            CANCELS => (Outcome::Reached, Some(Answer::Cancel)),
            OTHER_DATE => (Outcome::Reached, Some(Answer::Consent)),
            _ => (Outcome::NoAnswer, None),
        };
        let promise = match (self.answer(), date) {
            (OTHER_DATE, None) => return Err(Complaint::at(DATE, "Which date does the customer want? Type it.")),
            (OTHER_DATE, Some(date)) => Some((date, "the customer's own date".to_string())),
            _ => None,
        };
        let again = self.form.field(AGAIN).map(|f| f.value().to_string()).unwrap_or_default();
        Ok(Write::Backorders(backorders::Write::Talk(Talk {
            lines: lines
                .iter()
                .map(|l| TalkLine { line: l.line, message: None, quoted_for: date, seen_contacts: l.contacts })
                .collect(),
            outcome: Some(outcome),
            answer,
            answered_on: on.filter(|_| answer.is_some()),
            note: words,
            follow_up_at: moment(&again, look.today).map_err(|e| Complaint::at(AGAIN, e))?,
            promise,
            ..Talk::default()
        })))
    }
}
