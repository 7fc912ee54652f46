//! Recording what a customer answered.

use super::about::About;
use super::cancel::Cancel;
use super::swap::SwapLine;
use super::talk::asked;
use super::talk::moment::{moment, next_morning, try_again};
use crate::domain::dates;
use crate::domain::delay::{Answer, Outcome, Rule};
use crate::domain::ids::ItemId;
use crate::domain::offer::Offer;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog, Overlay, boxed};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{self, Said, Talk, TalkLine, TalkTerms, WaitingLine};
use crate::worker::{Answer as Answered, Load, Write};

const LINES: usize = 0;
const ANSWER: usize = 1;
const DATE: usize = 2;
const INSTEAD: usize = 3;
const ADDRESS: usize = 4;
const ON: usize = 5;
const AGAIN: usize = 6;
const WORDS: usize = 7;

const ANSWERS: [&str; 6] =
    ["1 agrees", "2 cancels", "3 wants another date", "4 takes an alternative", "5 no answer", "6 wrong number"];
const AGREES: usize = 0;
const CANCELS: usize = 1;
const OTHER_DATE: usize = 2;
const ALTERNATIVE: usize = 3;
const NO_ANSWER: usize = 4;
const WRONG: usize = 5;

/// Why a yes to nothing is not kept: it would be on file and change nothing.
const NOT_TOLD: &str = "The customer was not told of a delay yet: say the date first (c).";

/// Nobody told of any of these lines.
fn untold(lines: &[&WaitingLine]) -> bool {
    lines.iter().all(|l| l.decision.last_told_on.is_none())
}

/// The dialog.
pub struct Record {
    about: About,
    form: Form,
    terms: Box<TalkTerms>,
}

impl Record {
    pub fn about(about: About) -> Record {
        let quoted = about.lead().and_then(|l| l.decision.last_quoted).filter(|d| *d >= about.today());
        let date = quoted.or_else(|| about.safe_date(&about.lines()));
        let number = about.customer().and_then(|c| c.phone.clone().or(c.email.clone())).unwrap_or_default();
        let form = Form::new(vec![
            about.boxes("About", &about.all()),
            Field::choice("Answer", &ANSWERS, AGREES).tall(2),
            Field::date("Date", date),
            Field::list("Instead", Vec::new()),
            Field::text("Number", &number).noted("that is wrong; an address too"),
            Field::date("On", Some(about.today())).noted("the day of the answer"),
            Field::text("Again", "").noted("when to ask again: today 14:00"),
            Field::text("Words", "").noted("as the customer said it"),
        ]);
        let mut record = Record { about, form, terms: Box::default() };
        record.form.set_focus(ANSWER);
        record.answer_changed();
        record
    }

    fn answer(&self) -> usize {
        self.form.field(ANSWER).map_or(0, Field::chosen)
    }

    fn answer_changed(&mut self) {
        let answer = self.answer();
        let today = self.about.today();
        let again = match answer {
            NO_ANSWER => try_again(self.terms.now, today),
            WRONG => next_morning(today),
            _ => String::new(),
        };
        let note = if answer == AGREES {
            "blank: agrees without a date"
        } else {
            "the customer's own date; it becomes the promise"
        };
        let hidden = [
            (DATE, !matches!(answer, AGREES | OTHER_DATE)),
            (INSTEAD, answer != ALTERNATIVE),
            (ADDRESS, answer != WRONG || self.about.customer().is_none()),
            (ON, matches!(answer, NO_ANSWER | WRONG)),
        ];
        for (at, hidden) in hidden {
            if let Some(field) = self.form.field_mut(at) {
                field.hidden = hidden;
            }
        }
        if let Some(field) = self.form.field_mut(DATE) {
            field.note = note.into();
        }
        if let Some(field) = self.form.field_mut(AGAIN) {
            field.set_value(&again);
        }
    }

    /// The item wanted instead, with its name.
    fn instead(&self) -> Option<(ItemId, &str)> {
        let id = self.form.field(INSTEAD).and_then(Field::chosen_id)?;
        let found = self.terms.alternatives.iter().find(|a| a.item.0 == id)?;
        Some((found.item, found.name.as_str()))
    }

    fn text(&self, at: usize) -> Option<String> {
        self.form.field(at).map(|f| f.value().trim().to_string()).filter(|w| !w.is_empty())
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

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("talk", Load::Backorders(backorders::Load::Talk(asked(&self.about))))]
    }

    fn loaded(&mut self, _part: &'static str, answer: Answered, _look: &Look) -> Vec<Cmd> {
        if let Answered::Backorders(backorders::Answer::Talk(terms)) = answer {
            self.terms = terms;
            let options = self
                .terms
                .alternatives
                .iter()
                .map(|a| (a.item.0, format!("{}, {} free", a.name, text::quantity(a.free))))
                .collect();
            if let Some(field) = self.form.field_mut(INSTEAD) {
                field.set_options(options);
            }
        }
        Vec::new()
    }

    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        if field == ANSWER {
            self.answer_changed();
        }
        Vec::new()
    }

    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let lead = self.about.lead();
        let asked = match lead.map(|l| (l.decision.last_told_on, l.decision.last_quoted)) {
            Some((Some(on), Some(quoted))) => {
                format!("Told on {}: {}.", dates::full(on, look.today), dates::full(quoted, look.today))
            }
            Some((Some(on), None)) => format!("Told on {}, without a date.", dates::full(on, look.today)),
            _ => "Nothing is on file that the customer could have answered.".into(),
        };
        text::wrap(&asked, width).into_iter().map(|line| vec![Cell::with(line, Role::Quiet)]).collect()
    }

    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let lines = self.about.chosen(self.form.field(LINES));
        let about = text::plural(lines.len(), "line");
        let words = match self.answer() {
            AGREES if untold(&lines) => NOT_TOLD.to_string(),
            AGREES => format!("Saves: a yes for {about}; the date agreed becomes the promise. Can be undone."),
            CANCELS => {
                format!("Saves: the customer cancels {about}. Then the cancellation opens: it shows what is owed.")
            }
            OTHER_DATE => {
                format!("Saves: the answer and the customer's date as the promise of {about}. Can be undone.")
            }
            ALTERNATIVE if self.terms.alternatives.is_empty() => {
                "Nothing lies here in its place: no substitute and nothing of the same category is free.".into()
            }
            ALTERNATIVE => "Saves: which item is wanted instead. Then the swap opens. Can be undone.".into(),
            WRONG => "Saves: that number is wrong; the talk shows it. It counts as not reached. Can be undone.".into(),
            _ => format!("Saves: nobody answered about {about}; it counts as not reached. Can be undone."),
        };
        let mut out: Vec<Line> = text::wrap(&words, width).into_iter().map(|line| vec![Cell::plain(line)]).collect();
        if self.answer() == ALTERNATIVE && lines.iter().any(|l| l.decision.rule == Rule::Us) {
            let words = "US rule: only where the customer asked for it. Otherwise the money is what is owed.";
            out.extend(text::wrap(words, width).into_iter().map(|line| vec![Cell::with(line, Role::Soon)]));
        }
        out
    }

    fn then(&mut self) -> Option<Box<dyn Overlay>> {
        let lines: Vec<_> = self.about.chosen(self.form.field(LINES)).into_iter().map(|l| l.line).collect();
        let about = self.about.only(&lines);
        match (self.answer(), self.instead()) {
            (ALTERNATIVE, Some((item, _))) => Some(boxed(SwapLine::agreed(about, item))),
            (CANCELS, _) => Some(boxed(Cancel::about(about))),
            _ => None,
        }
    }

    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let lines = self.about.chosen(self.form.field(LINES));
        if lines.is_empty() {
            return Err(Complaint::at(LINES, "Tick at least one line (Space) that the answer is about."));
        }
        if self.answer() == AGREES && untold(&lines) {
            return Err(Complaint::at(ANSWER, NOT_TOLD));
        }
        let field = |at: usize| self.form.field(at);
        let answer = self.answer();
        let dated = matches!(answer, AGREES | OTHER_DATE);
        let date = field(DATE).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(DATE, e))?;
        let date = date.filter(|_| dated);
        let on = field(ON).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(ON, e))?;
        if let Some(later) = on.filter(|d| *d > look.today) {
            let sentence =
                format!("{} is yet to come: an answer was given today or before.", dates::full(later, look.today));
            return Err(Complaint::at(ON, sentence));
        }
        if let Some(past) = date.filter(|d| *d < look.today) {
            let sentence =
                format!("{} has passed: type the date agreed, from today on.", dates::full(past, look.today));
            return Err(Complaint::at(DATE, sentence));
        }
        let (outcome, said) = match answer {
            AGREES | OTHER_DATE => (Outcome::Reached, Some(Answer::Consent)),
            CANCELS => (Outcome::Reached, Some(Answer::Cancel)),
            // Who takes another item agrees to no delay of this one.
            ALTERNATIVE => (Outcome::Reached, None),
            WRONG => (Outcome::Bounced, None),
            _ => (Outcome::NoAnswer, None),
        };
        let promise = match (answer, date) {
            (OTHER_DATE, None) => return Err(Complaint::at(DATE, "Which date does the customer want? Type it.")),
            (OTHER_DATE, Some(date)) => Some((date, "the customer's own date".to_string())),
            _ => None,
        };
        let instead = match (answer, self.instead()) {
            (ALTERNATIVE, None) => {
                return Err(Complaint::at(ANSWER, "Nothing free lies here in its place. Choose another answer."));
            }
            (ALTERNATIVE, found) => found,
            _ => None,
        };
        let said_where = match (answer, self.about.customer(), self.text(ADDRESS)) {
            (WRONG, Some(_), None) => return Err(Complaint::at(ADDRESS, "Which number or address is wrong? Type it.")),
            (WRONG, Some(who), address) => {
                vec![Said { customer: who.id, to_name: who.name.clone(), address, written: Default::default() }]
            }
            _ => Vec::new(),
        };
        let follow_up_at =
            moment(&self.text(AGAIN).unwrap_or_default(), look.today).map_err(|e| Complaint::at(AGAIN, e))?;
        Ok(Write::Backorders(backorders::Write::Talk(Box::new(Talk {
            lines: lines
                .iter()
                .map(|l| TalkLine { line: l.line, message: None, quoted_for: date, seen_contacts: l.contacts })
                .collect(),
            said: said_where,
            channel: (answer == WRONG).then(|| "phone".to_string()),
            incoming: !matches!(answer, NO_ANSWER | WRONG),
            outcome: Some(outcome),
            answer: said,
            answered_on: on.filter(|_| said.is_some()),
            offer: instead.map(|(item, _)| Offer::Alternative(item).name().to_string()),
            offer_taken: instead.map(|_| true),
            alternative: instead.map(|(item, name)| (item, name.to_string())),
            note: self.text(WORDS),
            follow_up_at,
            promise,
            ..Talk::default()
        }))))
    }
}
