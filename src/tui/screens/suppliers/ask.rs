//! Asking a supplier, by the step of the ladder that is due: the words, and that it was done.

use super::super::{Cmd, Line};
use super::telling::Telling;
use super::who::{Who, goods, open_lines, plain, said, typed};
use crate::domain::dates;
use crate::domain::ids::PoId;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::suppliers::{self, About, OpenPo, OpenPoLine, Question, Step, letter_of};
use crate::worker::{Answer, Write};
use chrono::NaiveDate;
use std::collections::HashSet;

const ABOUT: usize = 0;
const HOW: usize = 1;
const NOTE: usize = 3;
const AGAIN: usize = 4;

/// Ask, ask again, remind: what is due next.
pub struct Ask {
    who: Who,
    again_on: NaiveDate,
    lines: Vec<OpenPoLine>,
    telling: Telling,
    form: Form,
}

impl Ask {
    pub fn new(who: Who, po: Option<PoId>, again_on: NaiveDate) -> Ask {
        let due: Vec<&OpenPo> = who.open_pos.iter().filter(|p| p.is_to_ask()).collect();
        let mut options = Vec::new();
        if due.len() > 1 {
            let codes: Vec<&str> = due.iter().map(|p| p.code.as_str()).collect();
            options.push((0, format!("all {} that are due: {}", codes.len(), codes.join(", "))));
        }
        options.extend(who.open_pos.iter().map(|p| (p.po.0, format!("{}, {}", p.code, p.in_a_word()))));
        let chosen = po.and_then(|po| options.iter().position(|o| o.0 == po.0)).unwrap_or(0);
        let mut about = Field::list("About", options);
        about.choose(chosen);
        let [how, to] = Telling::fields();
        let again = Field::date("Again", None).noted("blank: by itself, if nobody answers");
        let form = Form::new(vec![about, how, to, Field::text("Note", ""), again]);
        let mut ask = Ask { who, again_on, lines: Vec::new(), telling: Telling::new(HOW), form };
        ask.form.save = ask.telling.button(&ask.form);
        ask
    }

    fn pos(&self) -> Vec<&OpenPo> {
        match self.form.field(ABOUT).and_then(Field::chosen_id) {
            Some(0) => self.who.open_pos.iter().filter(|p| p.is_to_ask()).collect(),
            Some(id) => self.who.open_pos.iter().filter(|p| p.po.0 == id).collect(),
            None => Vec::new(),
        }
    }

    /// The rung that the question stands on: the highest of these orders.
    fn step(&self) -> Option<Step> {
        self.pos().iter().map(|po| po.question()).max()
    }

    fn compose(&mut self) -> Vec<Cmd> {
        let pos: Vec<PoId> = self.pos().iter().map(|p| p.po).collect();
        let waiting: HashSet<_> = self.pos().iter().flat_map(|p| p.waiting.iter().copied()).collect();
        let lines = self.pos().iter().flat_map(|p| p.about.iter().copied()).collect();
        let sooner = self.pos().iter().filter_map(|p| p.wanted_by()).min();
        let day = sooner.filter(|_| self.step() == Some(Step::Remind));
        let about = About { lines: Some(lines), waiting: waiting.len(), day };
        self.telling.ask(letter_of(self.step()), pos, about)
    }
}

impl Dialog for Ask {
    fn title(&self) -> String {
        let verb = match self.step() {
            Some(Step::Remind) if self.pos().iter().any(|po| po.hurries) => "Hurry",
            Some(Step::Remind) => "Remind",
            Some(Step::Again) => "Ask again:",
            Some(Step::Urgent) => "Urgent:",
            _ => "Ask",
        };
        format!("{verb} {}", self.who.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn tight(&self) -> bool {
        true
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        let mut cmds = self.who.read_open();
        cmds.extend(self.compose());
        cmds
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if self.telling.loaded(&answer, &mut self.form, &self.who) {
            self.form.save = self.telling.button(&self.form);
        } else if let Some(lines) = open_lines(&answer, None) {
            self.lines = lines;
        }
        Vec::new()
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        if field == ABOUT {
            return self.compose();
        }
        self.telling.changed(field, &mut self.form, &self.who);
        self.form.save = self.telling.button(&self.form);
        Vec::new()
    }
    fn edited(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        self.telling.edited(text, &mut self.form);
        self.form.save = self.telling.button(&self.form);
        Vec::new()
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out = vec![self.who.contact(width)];
        for po in self.pos().iter().take(3) {
            let lines: Vec<&OpenPoLine> = self.lines.iter().filter(|l| po.about.contains(&l.po_line)).collect();
            let due = match (po.promised_on, po.due_on) {
                (Some(first), Some(now)) if first < now => {
                    format!("due {}, first {}", dates::full(now, look.today), dates::short(first, look.today))
                }
                (_, Some(day)) if day < look.today => format!("was due {}", dates::full(day, look.today)),
                (_, Some(day)) => format!("due {}", dates::full(day, look.today)),
                (_, None) => "no date".into(),
            };
            let last = po.asked_on.map_or("not asked yet".into(), |d| format!("asked {}", dates::short(d, look.today)));
            let goods = goods(&lines, width.saturating_sub(40).max(20));
            out.push(plain(text::clip(&format!("{}  {due}, {last}: {goods}", po.code), width)));
        }
        out
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out = self.telling.lines(&self.form, width);
        out.push(Line::new());
        let again = self.form.field(AGAIN).and_then(|f| f.day(look.today).ok().flatten());
        let due = self.pos().iter().filter_map(|po| po.due_on).min();
        let reminder = self.pos().iter().filter_map(|po| po.next).find(|n| n.step == Step::Remind && n.on > look.today);
        let back = match (self.step(), due) {
            (Some(Step::Remind), _) if self.pos().iter().any(|po| po.hurries) => {
                let said = reminder.map(|next| next.on);
                let back = dates::full(said.or(again).unwrap_or(self.again_on), look.today);
                format!("It is on the list again on {back}, as long as it is wanted sooner.")
            }
            // Asked that early, they are reminded all the same.
            (Some(Step::Remind), _) if reminder.is_some() => {
                let on = reminder.map_or(String::new(), |next| dates::full(next.on, look.today));
                format!("That is early: on {on} you are told to remind them.")
            }
            // A reminder is not repeated: what does not come is overdue then.
            (Some(Step::Remind), Some(due)) => {
                format!("Asked about again once it is overdue, after {}.", dates::full(due, look.today))
            }
            _ => {
                let back = dates::full(again.unwrap_or(self.again_on), look.today);
                format!("Without an answer you are told to ask again on {back}.")
            }
        };
        out.extend(said(&format!("{back} Their answer: a. Can be undone."), width));
        out
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let pos: Vec<PoId> = self.pos().iter().map(|po| po.po).collect();
        if pos.is_empty() {
            return Err(Complaint::at(ABOUT, "Choose the order that you ask about."));
        }
        let again =
            self.form.field(AGAIN).map_or(Ok(None), |f| f.day(look.today)).map_err(|s| Complaint::at(AGAIN, s))?;
        if again.is_some_and(|day| day <= look.today) {
            return Err(Complaint::at(AGAIN, "Name a day after today, or leave it blank."));
        }
        let told = self.telling.told(&self.form, typed(&self.form, NOTE), again)?;
        Ok(Write::Suppliers(suppliers::Write::Ask(Question { pos, step: self.step(), told })))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        self.telling.done(&self.form, || self.save(look))
    }
}
