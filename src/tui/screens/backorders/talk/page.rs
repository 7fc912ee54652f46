//! What the talk shows above and below its fields: the words with the lines of the law, and what saving does.

use super::results::{Came, Send};
use super::{Contact, LETTER, PHONE, SAID};
use crate::domain::dates;
use crate::domain::delay::talk::notice;
use crate::domain::delay::{Answer, Outcome, Rule, Silence, consequence};
use crate::tui::form::Field;
use crate::tui::overlay::windowed;
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{BAR, Law, stays};

/// Title, buttons, what was said, keys.
const FRAME: usize = 4;
/// From so many rows on there is a blank line between the parts.
const TALL: u16 = 30;

impl Contact {
    /// The words, line by line, as they fit.
    pub(super) fn page_lines(&self, width: usize) -> Vec<Line> {
        let Some(said) = self.said.first() else {
            return vec![vec![Cell::with("Tick at least one line that the talk is about.", Role::Soon)]];
        };
        let mut out: Vec<Line> = Vec::new();
        if self.how() == PHONE {
            let room = width.saturating_sub(7).max(10);
            for (n, line) in text::wrap(&format!("\"{}\"", said.written.spoken()), room).into_iter().enumerate() {
                let label = text::left(if n == 0 { "Say" } else { "" }, 6);
                out.push(vec![Cell::with(label, Role::Quiet), Cell::plain(line)]);
            }
            return out;
        }
        let room = width.saturating_sub(4).max(10);
        for row in &said.written.rows {
            if row.text.is_empty() {
                out.push(Vec::new());
                continue;
            }
            for line in text::wrap(&row.text, room) {
                let bar = if row.law { format!("{BAR} ") } else { "  ".to_string() };
                out.push(vec![Cell::with(bar, Role::Title), Cell::plain(line)]);
            }
        }
        out
    }

    /// How many lines the words may take.
    pub(super) fn room(&self, width: usize, look: &Look) -> usize {
        let air = if look.height < TALL { 0 } else { 2 };
        let below = self.consequences(width.saturating_sub(2), look).len();
        let taken = FRAME + air + self.head(width, look).len() + self.form.height() as usize + below;
        (look.height as usize).saturating_sub(taken).max(1)
    }

    fn head(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out: Vec<Line> = Vec::new();
        let who = match self.about.customer() {
            Some(c) => c.contact_person.as_deref().unwrap_or(&c.name).to_string(),
            None => "The same message to each, with each one's own date. Shown: the first.".into(),
        };
        if self.how() == PHONE || look.height >= TALL || self.several() {
            let last = if self.several() { String::new() } else { format!("   {}", self.last) };
            let room = width.saturating_sub(text::width(&last) + 1);
            out.push(vec![Cell::with(text::fit(&who, room), Role::Title), Cell::with(last, Role::Quiet)]);
        }
        if let Some(said) = self.said.first().filter(|_| self.how() != PHONE) {
            let subject = text::wrap(&said.written.subject, width.saturating_sub(10).max(10));
            for (n, line) in subject.into_iter().enumerate() {
                let label = text::left(if n == 0 { "Subject" } else { "" }, 9);
                out.push(vec![Cell::with(label, Role::Quiet), Cell::with(line, Role::Title)]);
            }
        }
        out
    }

    /// Who, the subject, and as much of the words as there is room for; the rest by PgDn, which is said.
    pub(super) fn page(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out = self.head(width, look);
        let room = self.room(look.width as usize, look);
        let mut lines = self.page_lines(width);
        if lines.len() > room {
            // Blank lines are the first to go: the bars still part what is whose.
            lines.retain(|l| !l.is_empty());
        }
        out.extend(windowed(lines, self.top, room.max(2)));
        out
    }

    /// What saving writes, in words.
    fn saves(&self) -> String {
        let lines = self.chosen();
        let today = self.about.today();
        let about = text::plural(lines.len(), "line");
        let (next, after) = match self.next_on().map(|day| dates::short(day, today)) {
            Some(day) => (format!("next news {day}"), format!("Next news {day}")),
            None if self.ended => ("the order is cancelled".to_string(), "The order is cancelled".to_string()),
            None => ("then the cancellation opens".to_string(), "Then the cancellation opens".to_string()),
        };
        match self.sending() {
            Some(Send::Edit) => return "Opens your editor (EDITOR). Lines behind ▌ are the law's and stay.".into(),
            Some(Send::Copy) => {
                let why = if self.terms.no_mail.is_some() { "No mail server: copies" } else { "Copies" };
                return format!("{why} the text. Paste it into your own mail, then F8 again.");
            }
            Some(Send::Mail) if self.terms.no_mail.is_some() => {
                return "This mail cannot leave: no mail server is set up. Choose copy text or letter.".into();
            }
            Some(Send::Mail) => {
                return format!("The mail leaves in 2 minutes; until then u takes it back. {after}.");
            }
            Some(Send::File) => {
                return format!("Writes a file beside the warehouse and says where. Counts as sent. {after}.");
            }
            Some(Send::Sent) if self.copied => {
                return format!("Copied: paste it into your mail. Then F8 saves that it was sent; {next}.");
            }
            Some(Send::Sent) => return format!("Saves: the text was sent about {about}. {after}. Undo: u."),
            None => {}
        }
        let (outcome, answer) = self.told();
        let said = lines.iter().map(|l| self.date_for(l));
        let differ = said.clone().any(|d| Some(d) != said.clone().next());
        let date = match (differ, lines.first().and_then(|l| self.date_for(l))) {
            (true, _) => Some(self.days_of(said, "no date")),
            (false, date) => date.map(|d| dates::full(d, today)),
        };
        match (outcome, answer, self.came()) {
            (_, Some(Answer::Cancel), _) => {
                format!("Saves: this talk about {about}. Then the cancellation opens: it shows what is owed.")
            }
            (Outcome::Reached, None, Some(Came::Takes)) => {
                "Saves: which item is wanted instead. Then the swap opens.".into()
            }
            (Outcome::Reached | Outcome::Sent, _, _) => {
                let said = date.map_or("no date said".into(), |d| match answer {
                    Some(_) if differ => format!("agreed: {d}"),
                    Some(_) => format!("new date {d} agreed"),
                    None if differ => format!("said: {d}"),
                    None => format!("{d} said"),
                });
                format!("Saves: this talk about {about}, {said}, {next}. Undo: u.")
            }
            (Outcome::Bounced, ..) => {
                format!("Saves: the number is wrong and marked so; {about} not told, the row stays. Undo: u.")
            }
            _ => format!("Saves: this try about {about}; it counts as not told, so the row stays. Undo: u."),
        }
    }

    /// What saving does, what silence then means, and what the person should know before.
    pub(super) fn consequences(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out: Vec<Line> = Vec::new();
        let mut say = |words: &str, role: Role| {
            for line in text::wrap(words, width) {
                out.push(vec![Cell::with(line, role)]);
            }
        };
        say(&self.saves(), Role::Normal);
        match self.put_back {
            0 => {}
            1 => say("1 sentence of the law was put back into your text: it cannot be changed.", Role::Soon),
            n => say(&format!("{n} sentences of the law were put back: they cannot be changed."), Role::Soon),
        }
        let lines = self.chosen();
        let Some(lead) = lines.iter().min_by_key(|l| l.decision.urgency()) else { return out };
        let date = self.date_for(lead);
        let (message, silence, until) = notice(&lead.decision, date);
        if lead.decision.rule == Rule::Us && silence.is_some() {
            let mut as_told = lead.decision;
            (as_told.silence_means, as_told.silence_until) = (silence, until);
            let kind = message.map_or(String::new(), |m| m.name().replace('_', " "));
            let role = if silence == Some(Silence::Cancelled) { Role::Soon } else { Role::Normal };
            say(&format!("US rule, {kind} notice. No answer: {}.", consequence(&as_told, look.today)), role);
        }
        if let (Some(said), Some(likely)) = (date, lead.likely_on)
            && said < likely
        {
            say(
                &format!("{} is before the likely date: it will probably not hold.", dates::full(said, look.today)),
                Role::Soon,
            );
        }
        let ticked = self.form.field(SAID).map(Field::ticked).unwrap_or_default();
        let lacks_cancel = self.how() == PHONE
            && self.laws_to_say().contains(&Law::Cancel)
            && !ticked.is_empty()
            && !ticked.contains(&(Law::Cancel as i64));
        if lacks_cancel {
            say("The right to cancel was not said: this talk counts as no notice.", Role::Soon);
        }
        let (outcome, answer) = self.told();
        let offered = self.offered_cancel(true, answer).unwrap_or_default();
        if let Some((by, why)) = self.left(outcome, answer, offered).filter(|_| !lacks_cancel) {
            let stays = stays(by, look.today);
            say(
                &format!("{}{}: {why}.", stays.get(..1).unwrap_or("").to_uppercase(), stays.get(1..).unwrap_or("")),
                Role::Soon,
            );
        }
        if self.how() == LETTER && self.said.iter().any(|s| s.address.is_none()) {
            say("No address is on file: the letter is a text to print.", Role::Quiet);
        }
        for note in self.said.first().map(|s| s.written.notes.as_slice()).unwrap_or_default() {
            say(note, Role::Soon);
        }
        for fault in self.terms.shelf.faults.iter().take(1) {
            say(&format!("A template is not used: {fault}"), Role::Soon);
        }
        out
    }
}
