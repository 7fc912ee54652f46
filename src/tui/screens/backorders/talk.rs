//! The talk: what to say, made from the decision, and what came of it.

use super::about::About;
use crate::domain::calendar::plus_days;
use crate::domain::dates::{self, DayOrder};
use crate::domain::delay::talk::{Subject, notice, words};
use crate::domain::delay::{Answer, Message, Outcome, Rule, Silence, consequence};
use crate::domain::money::Money;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::Write;
use crate::worker::backorders::{self, CustomerDetail, Talk, TalkLine, WaitingLine};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

const HOW: usize = 0;
const LINES: usize = 1;
const DATE: usize = 2;
const OFFER: usize = 3;
const COST: usize = 4;
const RESULT: usize = 5;
const AGAIN: usize = 6;
const NOTE: usize = 7;

/// As they are recorded as the talk's channel.
const CHANNELS: [&str; 4] = ["phone", "mail", "copy text", "letter"];
const COPY: usize = 2;
const OFFERS: [&str; 5] = ["none", "send what is ready", "free delivery", "alternative", "sample"];

/// What can come of it, with what is recorded.
type Result6 = (&'static str, Outcome, Option<Answer>);
const ON_PHONE: [Result6; 7] = [
    ("1 agrees to wait", Outcome::Reached, Some(Answer::Consent)),
    ("2 takes the offer", Outcome::Reached, Some(Answer::Consent)),
    ("3 cancels", Outcome::Reached, Some(Answer::Cancel)),
    ("4 no answer", Outcome::NoAnswer, None),
    ("5 left message", Outcome::Unknown, None),
    ("6 wrong number", Outcome::Bounced, None),
    ("7 told, no yes yet", Outcome::Reached, None),
];
const NO_ANSWER: usize = 3;
const LEFT_MESSAGE: usize = 4;
const TOLD: usize = 6;
const WRITTEN: [Result6; 3] =
    [("1 sent", Outcome::Sent, None), ("2 came back", Outcome::Bounced, None), ("3 refused", Outcome::Refused, None)];

/// The dialog.
pub struct Contact {
    about: About,
    form: Form,
    /// `last talk: 9 Nov, M.Baker, progress`.
    last: String,
}

impl Contact {
    pub fn about(about: About, detail: Option<&CustomerDetail>) -> Contact {
        let who = about.customer();
        let mails = who
            .is_none_or(|c| c.channel_preference.as_deref().is_some_and(|p| p.contains("mail")) || c.phone.is_none());
        let how = match who {
            Some(c) if c.phone.is_none() && c.email.is_none() => 3,
            _ => usize::from(mails),
        };
        let lines = about.lines();
        let lost = lines.iter().all(|l| notice(&l.decision, None).0 == Some(Message::Cancelled));
        let date = if lost { None } else { about.safe_date(&lines) };
        let form = Form::new(vec![
            Field::choice("How", &CHANNELS, how),
            about.boxes("About", &about.all()),
            Field::date("Date", date),
            Field::choice("Offer", &OFFERS, 0),
            Field::money("Cost", None).noted("of the offer, if it costs us something"),
            Field::choice("Result", &[], 0).tall(2),
            Field::text("Again", "").noted("when to try again: today 14:00"),
            Field::text("Note", ""),
        ]);
        let last = detail.filter(|d| who.is_some_and(|c| c.id == d.customer)).and_then(|d| d.talks.first()).map(|t| {
            let what = t.answer.clone().filter(|a| a != "none").or(t.message.clone()).unwrap_or_default();
            let who = t.operator.clone().unwrap_or_default();
            let parts = [dates::short(t.on, about.today()), who, what.replace('_', " ")];
            parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
        });
        let last = last.map_or("never talked to".into(), |l| format!("last talk: {l}"));
        let mut contact = Contact { about, form, last };
        contact.how_changed();
        contact.lines_changed();
        contact.form.set_focus(RESULT);
        contact
    }

    fn how(&self) -> usize {
        self.form.field(HOW).map_or(0, Field::chosen)
    }

    fn results(&self) -> &'static [Result6] {
        if self.how() == 0 { &ON_PHONE } else { &WRITTEN }
    }

    fn how_changed(&mut self) {
        let names: Vec<&str> = self.results().iter().map(|r| r.0).collect();
        let usual = if self.how() == 0 { TOLD } else { 0 };
        if let Some(field) = self.form.field_mut(RESULT) {
            field.set_choices(&names);
            field.choose(usual);
        }
        self.result_changed();
    }

    fn result_changed(&mut self) {
        let again = match (self.how(), self.form.field(RESULT).map(Field::chosen)) {
            (0, Some(NO_ANSWER)) => "today 14:00",
            (0, Some(LEFT_MESSAGE)) => "tomorrow 09:00",
            _ => "",
        };
        if let Some(field) = self.form.field_mut(AGAIN) {
            field.set_value(again);
        }
    }

    fn lines_changed(&mut self) {
        let lost = self.chosen().iter().all(|l| notice(&l.decision, None).0 == Some(Message::Cancelled));
        let note = if lost {
            "not needed: it is cancelled and refunded".to_string()
        } else if self.several() {
            "blank: to each line its own safe date".to_string()
        } else {
            self.about.likely(&self.chosen())
        };
        let value = self.form.field(DATE).map(|f| f.value().to_string()).unwrap_or_default();
        if let Some(field) = self.form.field_mut(DATE) {
            field.note = note;
            if value.is_empty() {
                field.set_value("");
            }
        }
    }

    fn several(&self) -> bool {
        self.about.customers().len() > 1
    }

    fn chosen(&self) -> Vec<&WaitingLine> {
        self.about.chosen(self.form.field(LINES))
    }

    fn date(&self) -> Option<NaiveDate> {
        self.form.field(DATE).and_then(|f| f.day(self.about.today()).ok().flatten())
    }

    /// The date said about a line.
    fn date_for(&self, line: &WaitingLine) -> Option<NaiveDate> {
        if notice(&line.decision, None).0 == Some(Message::Cancelled) {
            return None;
        }
        match (self.date(), self.several()) {
            (None, true) => line.safe_on,
            (date, _) => date,
        }
    }

    fn next_on(&self) -> NaiveDate {
        plus_days(self.about.today(), self.about.shown.cadence_days)
    }

    /// The words, made from the decision about the line that is lost first.
    fn words(&self) -> String {
        let lines = self.chosen();
        let Some(lead) = lines.iter().min_by_key(|l| l.decision.urgency()) else { return String::new() };
        let ready: Vec<String> = lines
            .iter()
            .filter(|l| l.allocated.is_positive() && l.short.is_positive())
            .map(|l| format!("{} {}", text::quantity(l.allocated), l.item_name))
            .collect();
        let refund: Option<Money> = lines.iter().map(|l| l.value).sum();
        let today = self.about.today();
        let subject = Subject {
            goods: About::goods(&lines),
            several: lines.len() > 1 || lines.iter().any(|l| l.open != crate::domain::quantity::Qty::units(1)),
            was: lead.promise,
            date: self.date_for(lead),
            ready: (!ready.is_empty()).then(|| ready.join(", ")),
            supplier_late: lines.iter().any(|l| !l.pegged.parts.is_empty()),
            refund: refund.map(text::money),
            next_on: Some(self.next_on()),
        };
        words(&lead.decision, &subject, today)
    }

    fn address(&self) -> Option<String> {
        let who = self.about.customer()?;
        match self.how() {
            0 => who.phone.clone(),
            1 | COPY => who.email.clone(),
            _ => who.city.clone(),
        }
    }

    /// What saving writes, in words.
    fn saves(&self) -> String {
        let lines = self.chosen();
        let result = self.form.field(RESULT).map_or(0, Field::chosen);
        let Some((_, outcome, answer)) = self.results().get(result) else { return String::new() };
        let today = self.about.today();
        let date = lines.first().and_then(|l| self.date_for(l)).map(|d| dates::full(d, today));
        let about = text::plural(lines.len(), "line");
        match (outcome, answer) {
            (_, Some(Answer::Cancel)) => {
                format!("this talk about {about}. The lines stay open until they are cancelled with x.")
            }
            (Outcome::Reached | Outcome::Sent, _) => {
                let said = date.map_or("no date said".into(), |d| match answer {
                    Some(_) => format!("new date {d} agreed"),
                    None => format!("{d} said"),
                });
                format!("this talk about {about}, {said}, next news {}. Undo: u.", dates::short(self.next_on(), today))
            }
            _ => format!("this try about {about}; it counts as not told, so the row stays. Can be undone."),
        }
    }
}

impl Dialog for Contact {
    fn title(&self) -> String {
        format!("Contact  {}", self.about.who())
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        match field {
            HOW => {
                self.how_changed();
                if self.how() == COPY {
                    return vec![Cmd::Copy(self.words())];
                }
            }
            LINES => self.lines_changed(),
            RESULT => self.result_changed(),
            _ => {}
        }
        Vec::new()
    }

    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out: Vec<Line> = Vec::new();
        let who = match (self.about.customer(), self.address()) {
            (Some(c), Some(way)) => format!("{}   {way}", c.contact_person.as_deref().unwrap_or(&c.name)),
            (Some(c), None) => format!("{}   nothing on file for this", c.contact_person.as_deref().unwrap_or(&c.name)),
            (None, _) => "The same message to each, with each one's own date. Shown: the first.".into(),
        };
        let room = width.saturating_sub(text::width(&self.last) + 3);
        out.push(vec![
            Cell::with(text::left(&text::clip(&who, room), room), Role::Title),
            Cell::with(format!("   {}", self.last), Role::Quiet),
        ]);
        let most = match look.height {
            30.. => 12,
            // The law's sentences go before the blank line and the lines below.
            _ => 15_usize.saturating_sub(self.form.height() as usize),
        };
        let mut said = text::wrap(&format!("\"{}\"", self.words()), width.saturating_sub(6));
        if said.len() > most {
            let rest = said.split_off(most - 1).join(" ");
            said.push(text::clip(&rest, width.saturating_sub(6)));
        }
        let label = if self.how() == COPY { "Text" } else { "Say" };
        for (n, line) in said.into_iter().enumerate() {
            let label = text::left(if n == 0 { label } else { "" }, 6);
            out.push(vec![Cell::with(label, Role::Quiet), Cell::plain(line)]);
        }
        out
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out = Vec::new();
        for line in text::wrap(&format!("Saves: {}", self.saves()), width) {
            out.push(vec![Cell::plain(line)]);
        }
        let lines = self.chosen();
        if let Some(lead) = lines.iter().min_by_key(|l| l.decision.urgency()) {
            let (message, silence, until) = notice(&lead.decision, self.date_for(lead));
            if lead.decision.rule == Rule::Us && silence.is_some() {
                let mut as_told = lead.decision;
                (as_told.silence_means, as_told.silence_until) = (silence, until);
                let kind = message.map_or(String::new(), |m| m.name().replace('_', " "));
                let words = format!("US rule, {kind} notice. No answer: {}.", consequence(&as_told, look.today));
                let role = if silence == Some(Silence::Cancelled) { Role::Soon } else { Role::Normal };
                out.push(vec![Cell::with(text::clip(&words, width), role)]);
            }
            if let (Some(said), Some(likely)) = (self.date_for(lead), lead.likely_on)
                && said < likely
            {
                let words =
                    format!("{} is before the likely date: it will probably not hold.", dates::full(said, look.today));
                out.push(vec![Cell::with(words, Role::Soon)]);
            }
        }
        if self.how() == COPY {
            out.push(vec![Cell::with("The text is copied: paste it into your mail or chat.", Role::Quiet)]);
        }
        out
    }

    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let lines = self.chosen();
        if lines.is_empty() {
            return Err(Complaint::at(LINES, "Tick at least one line (Space) that the talk is about."));
        }
        let field = |at: usize| self.form.field(at);
        let date = field(DATE).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(DATE, e))?;
        if let Some(past) = date.filter(|d| *d < look.today) {
            let sentence =
                format!("{} has passed: say a date that lies ahead, or none.", dates::full(past, look.today));
            return Err(Complaint::at(DATE, sentence));
        }
        let cost = field(COST).map_or(Ok(None), Field::amount).map_err(|e| Complaint::at(COST, e))?;
        let again = field(AGAIN).map(|f| f.value().to_string()).unwrap_or_default();
        let follow_up_at = moment(&again, look.today).map_err(|e| Complaint::at(AGAIN, e))?;
        let result = field(RESULT).map_or(0, Field::chosen);
        let Some((name, outcome, answer)) = self.results().get(result).copied() else {
            return Err(Complaint::at(RESULT, "Choose what came of it."));
        };
        let offer = field(OFFER).map_or(0, Field::chosen);
        if name.starts_with("2 takes") && offer == 0 {
            return Err(Complaint::at(OFFER, "Which offer was taken? Choose it."));
        }
        let note = field(NOTE).map(|f| f.value().trim().to_string()).filter(|n| !n.is_empty());
        let us = lines.iter().any(|l| l.decision.rule == Rule::Us);
        let told = matches!(outcome, Outcome::Sent | Outcome::Reached);
        Ok(Write::Backorders(backorders::Write::Talk(Talk {
            lines: lines
                .iter()
                .map(|l| {
                    let quoted_for = self.date_for(l);
                    let message = notice(&l.decision, quoted_for).0;
                    TalkLine { line: l.line, message, quoted_for, seen_contacts: l.contacts }
                })
                .collect(),
            channel: CHANNELS.get(self.how()).map(|c| c.to_string()),
            offered_cancel: us.then_some(true),
            outcome: Some(outcome),
            answer,
            offer: (offer > 0).then(|| OFFERS.get(offer).map(|o| o.to_string())).flatten(),
            offer_cost: cost.filter(|_| offer > 0),
            note,
            words: Some(self.words()),
            address: self.address(),
            follow_up_at,
            comes_back: (told && answer != Some(Answer::Cancel)).then(|| self.next_on()),
            ..Talk::default()
        })))
    }
}

/// `today 14:00`, `tomorrow 9:00`, `fri 10:00`, `14:00`, `3 dec`; blank is none.
pub fn moment(typed: &str, today: NaiveDate) -> Result<Option<NaiveDateTime>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let wrong = || format!("\"{typed}\" is no time to try again. Type it as today 14:00 or fri 9:00.");
    let (day, time) = match typed.rsplit_once(' ') {
        Some((day, time)) if time.contains(':') => (day.trim(), time),
        None if typed.contains(':') => ("today", typed),
        _ => (typed, "09:00"),
    };
    let date = match day.to_lowercase().as_str() {
        "tomorrow" => today.succ_opt(),
        day => dates::parse(day, today, DayOrder::DayFirst),
    };
    let time = NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| wrong())?;
    let date = date.ok_or_else(wrong)?;
    if date < today {
        return Err(format!("{} has passed: type a day from today on.", dates::full(date, today)));
    }
    Ok(Some(date.and_time(time)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_to_try_again_are_typed_as_people_say_them() {
        let monday: NaiveDate = "2026-11-23".parse().unwrap();
        let at = |typed: &str| moment(typed, monday).map(|m| m.map(|m| m.format("%m-%d %H:%M").to_string()));
        assert_eq!(at("today 14:00"), Ok(Some("11-23 14:00".into())));
        assert_eq!(at("14:00"), Ok(Some("11-23 14:00".into())));
        assert_eq!(at("tomorrow 9:00"), Ok(Some("11-24 09:00".into())));
        assert_eq!(at("fri 10:30"), Ok(Some("11-27 10:30".into())));
        assert_eq!(at("+2"), Ok(Some("11-25 09:00".into())));
        assert_eq!(at(" "), Ok(None));
        assert!(at("soon").is_err() && at("today 25:00").is_err() && at("2026-11-20").is_err());
    }
}
