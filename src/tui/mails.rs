//! The mails: what is still to leave, what needs a person, what was sent; and one of them with what can be done.

use super::action::Action;
use super::form::{Field, Form};
use super::listed::Listed;
use super::overlay::{Complaint, Dialog, Overlay, dialog, footer, lines, moved, title};
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::{Role, Theme};
use crate::domain::dates;
use crate::worker::mails::{self, MailRow, State, Step, Tried, may};
use crate::worker::{Answer, Load, Write};
use chrono::NaiveDateTime;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// What can be done, most wanted first, and how it is called.
const STEPS: [(Step, &str); 5] = [
    (Step::Again, "send it again"),
    (Step::Confirm, "it arrived"),
    (Step::TakeBack, "take it back"),
    (Step::Now, "send it now"),
    (Step::Bounced, "it came back"),
];

/// Sign and word of a mail's state, and how loud.
fn state(mail: &MailRow) -> (&'static str, &'static str, Role) {
    if mail.taken_back {
        return (" ", "taken back", Role::Quiet);
    }
    let loud = if mail.needs_you { Role::Urgent } else { Role::Normal };
    let sign = if mail.needs_you { "!" } else { "." };
    match mail.state {
        State::Waiting => ("~", "waits", Role::Soon),
        State::Claimed | State::Started => ("~", "leaving", Role::Soon),
        State::Retry => ("~", "later", Role::Soon),
        State::Sent => (".", "sent", Role::Normal),
        State::Failed => (sign, "failed", loud),
        State::Unknown => (sign, "unknown", loud),
        State::Confirmed => (".", "arrived", Role::Normal),
        State::Bounced => (".", "came back", Role::Normal),
    }
}

/// The hour of today, else the day and the hour.
fn when(at: NaiveDateTime, look: &Look) -> String {
    let hour = at.format("%H:%M");
    if at.date() == look.today { hour.to_string() } else { format!("{} {hour}", dates::short(at.date(), look.today)) }
}

fn whom(mail: &MailRow) -> &str {
    mail.to_name.as_deref().unwrap_or(&mail.recipient)
}

/// To whom it speaks.
fn whose(mail: &MailRow) -> &'static str {
    if mail.to_supplier { "the supplier" } else { "the customer" }
}

/// What happens to it by itself, or what a person is asked.
fn fate(mail: &MailRow, look: &Look) -> String {
    let who = whose(mail);
    if mail.taken_back {
        return format!("Taken back before it left: {who} was not told.");
    }
    match mail.state {
        State::Waiting => format!("Leaves at {}; until then it can be taken back.", when(mail.due_at, look)),
        State::Claimed | State::Started => "It is leaving now.".into(),
        State::Retry => format!("Tried {}, again at {}.", times(mail.tries), when(mail.due_at, look)),
        State::Sent | State::Confirmed => format!("It arrived: {who} counts as told."),
        State::Failed => {
            format!("It did not arrive: {who} counts as not told. Call, write anew (c), or send it again.")
        }
        State::Unknown => {
            format!("Nobody knows whether it arrived: {who} counts as not told. Call, or ask at the mailbox.")
        }
        State::Bounced => format!("It came back: {who} counts as not told."),
    }
}

fn times(n: i64) -> String {
    if n == 1 { "once".into() } else { format!("{n} times") }
}

/// The list.
#[derive(Default)]
pub struct Mails {
    mails: Vec<MailRow>,
    trouble: Option<String>,
    loaded: bool,
    cursor: usize,
}

impl Mails {
    /// Cells for the customer's name and for the subject.
    fn widths(width: usize) -> (usize, usize) {
        let whom = (width / 4).clamp(12, 26);
        (whom, width.saturating_sub(whom + 32))
    }

    fn row(mail: &MailRow, width: usize, look: &Look) -> String {
        let (sign, word, _) = state(mail);
        let at = match mail.state {
            State::Waiting | State::Retry if !mail.taken_back => format!("leaves {}", when(mail.due_at, look)),
            _ => when(mail.queued_at, look),
        };
        let (wide, subject) = Mails::widths(width);
        let name = text::left(&text::fit(whom(mail), wide), wide);
        format!("{sign} {word:<10} {name} {} {}", text::left(&text::clip(&mail.subject, subject), subject), at)
    }

    /// What the lower part says about the chosen mail, and why nothing leaves while something waits.
    fn words(&self, look: &Look) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let waits = self.mails.iter().any(|m| !m.taken_back && matches!(m.state, State::Waiting | State::Retry));
        words.extend(self.trouble.clone().filter(|_| waits));
        if let Some(mail) = self.mails.get(self.cursor) {
            words.push(fate(mail, look));
            words.extend(mail.said.as_ref().map(|said| format!("Last heard: {said}")));
        }
        words
    }
}

impl Overlay for Mails {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let moment = |at: NaiveDateTime| at.format("%Y-%m-%d %H:%M").to_string();
        let row = |m: &MailRow| {
            let said = m.said.clone().unwrap_or_default();
            vec![state(m).1.into(), whom(m).into(), m.recipient.clone(), m.subject.clone(), moment(m.queued_at), said]
        };
        let columns = ["state", "to", "address", "subject", "written", "said"];
        Some(Listed::of("mails", &columns, self.mails.iter().map(row).collect(), &[]))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("mails", Load::Mails(mails::Load::List))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') => vec![Cmd::Close],
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            KeyCode::Enter | KeyCode::Char('e') => {
                self.mails.get(self.cursor).map(|mail| dialog(OneMail::of(mail))).into_iter().collect()
            }
            _ => {
                let page = look.height.saturating_sub(8) as usize;
                self.cursor = moved(self.cursor, self.mails.len(), key, page);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Mails(mails::Answer::List { mails, trouble }) = answer {
            // The chosen mail stays chosen where the list moved.
            let chosen = self.mails.get(self.cursor).map(|mail| mail.id);
            let found = chosen.and_then(|id| mails.iter().position(|mail| mail.id == id));
            self.cursor = found.unwrap_or(self.cursor).min(mails.len().saturating_sub(1));
            (self.mails, self.trouble, self.loaded) = (mails, trouble, true);
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        title(area, buf, theme, "Mails");
        let width = area.width as usize;
        let rows = area.height.saturating_sub(8) as usize;
        if self.loaded && self.mails.is_empty() {
            let none = "No mail was written yet. Tell a customer by mail (c on 2 Backorders), and it waits here.";
            let none: Vec<Line> =
                text::wrap(none, width.saturating_sub(3)).into_iter().map(|l| vec![Cell::plain(l)]).collect();
            lines(Rect { y: area.y + 2, height: 3, ..area }, buf, theme, &none);
        }
        if !self.mails.is_empty() {
            let (wide, subject) = Mails::widths(width.saturating_sub(2));
            let heads =
                format!("   {:<10} {} {} Written", "State", text::left("To", wide), text::left("Subject", subject));
            buf.set_string(area.x, area.y + 1, text::clip(&heads, width), theme.style(Role::Quiet));
        }
        let top = (self.cursor + 1).saturating_sub(rows);
        for (n, (i, mail)) in self.mails.iter().enumerate().skip(top).take(rows).enumerate() {
            let y = area.y + 2 + n as u16;
            let chosen = i == self.cursor;
            let line = format!("{}{}", if chosen { "▸" } else { " " }, Mails::row(mail, width.saturating_sub(2), look));
            let role = if chosen { Role::Selected } else { Role::Normal };
            buf.set_string(area.x, y, text::left(&text::clip(&line, width), width), theme.style(role));
            let (sign, word, loud) = state(mail);
            if !chosen && loud != Role::Normal {
                buf.set_stringn(area.x + 1, y, format!("{sign} {word}"), width, theme.style(loud));
            }
        }
        let y = area.bottom().saturating_sub(6);
        let chosen = self.mails.get(self.cursor).map_or(String::new(), |m| format!("{}, {}", whom(m), m.recipient));
        title(Rect { y, height: 1, ..area }, buf, theme, &chosen);
        let told: Vec<Line> = self
            .words(look)
            .iter()
            .flat_map(|w| text::wrap(w, width.saturating_sub(3)))
            .map(|l| vec![Cell::plain(l)])
            .collect();
        lines(Rect { y: y + 1, height: 4, ..area }, buf, theme, &told);
        footer(area, buf, theme, "Enter opens it, with what can be done   p print, export", "Esc back");
        None
    }
}

/// One mail: what became of it, and what can be done.
struct OneMail {
    mail: MailRow,
    attempts: Vec<Tried>,
    /// Its text, as the talk keeps it.
    letter: Option<String>,
    steps: Vec<Step>,
    form: Form,
}

impl OneMail {
    fn of(mail: &MailRow) -> OneMail {
        let fits: Vec<(Step, &str)> = STEPS.iter().copied().filter(|(step, _)| may(mail, *step).is_ok()).collect();
        let words: Vec<&str> =
            if fits.is_empty() { vec!["nothing"] } else { fits.iter().map(|(_, words)| *words).collect() };
        let form = Form::new(vec![Field::choice("Do", &words, 0)]).saving_as("Do it");
        OneMail {
            mail: mail.clone(),
            attempts: Vec::new(),
            letter: None,
            steps: fits.into_iter().map(|(s, _)| s).collect(),
            form,
        }
    }

    fn step(&self) -> Option<Step> {
        self.form.field(0).and_then(|f| self.steps.get(f.chosen())).copied()
    }
}

impl Dialog for OneMail {
    fn title(&self) -> String {
        format!("Mail to {}", whom(&self.mail))
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("mail", Load::Mails(mails::Load::Detail(self.mail.id)))]
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Mails(mails::Answer::Detail { attempts, letter }) = answer {
            (self.attempts, self.letter) = (attempts, letter);
        }
        Vec::new()
    }

    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out: Vec<Line> = Vec::new();
        let mut say = |label: &str, words: &str| {
            for (n, line) in text::wrap(words, width.saturating_sub(10)).into_iter().enumerate() {
                let label = text::left(if n == 0 { label } else { "" }, 9);
                out.push(vec![Cell::with(label, Role::Quiet), Cell::plain(line)]);
            }
        };
        say("To", &self.mail.recipient);
        say("Subject", &self.mail.subject);
        say("Written", &when(self.mail.queued_at, look));
        say("Now", &fate(&self.mail, look));
        for (n, tried) in self.attempts.iter().take(4).enumerate() {
            say(if n == 0 { "Tried" } else { "" }, &format!("{}  {}", when(tried.at, look), tried.said));
        }
        out
    }

    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let who = whose(&self.mail);
        let words = match self.step() {
            Some(Step::Again) => format!(
                "The same mail leaves once more in two minutes, with the same Message-ID: a mailbox that has it already shows it once. From today {who} counts as told."
            ),
            Some(Step::Confirm) => format!("On the day the mail left {who} was told."),
            Some(Step::TakeBack) => format!(
                "The mail does not leave, and the talk that it carries is taken back: {who} counts as not told."
            ),
            Some(Step::Now) => "It leaves within seconds and can no longer be taken back.".into(),
            Some(Step::Bounced) if self.mail.to_supplier => "The supplier counts as not told: ask again (c).".into(),
            Some(Step::Bounced) => "The customer counts as not told, and is due again on 2 Backorders.".into(),
            None => "Nothing can be done about this mail.".to_string(),
        };
        let mut out: Vec<Line> = text::wrap(&words, width).into_iter().map(|line| vec![Cell::plain(line)]).collect();
        if let Some(letter) = &self.letter {
            out.push(Line::new());
            for line in letter.lines().flat_map(|line| text::wrap(line, width.saturating_sub(2))) {
                out.push(vec![Cell::with(format!("  {line}"), Role::Quiet)]);
            }
        }
        out
    }

    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        match self.step() {
            Some(step) => Ok(Write::Mails(mails::Write::Step(self.mail.id, step))),
            None => Err(Complaint::at(0, "Nothing can be done about this mail.")),
        }
    }
}
