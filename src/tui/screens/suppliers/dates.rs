//! A supplier's answer, or a new date for goods under way: shows before saving who becomes late or early by it.

use super::super::{Cmd, Line};
use super::preview::{Preview, slip};
use super::who::{Who, goods, open_lines, plain, said, typed};
use crate::domain::dates;
use crate::domain::ids::PoId;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::suppliers::{self, Answered, Move, OpenPoLine, Seen};
use crate::worker::{Answer, Write};
use chrono::NaiveDate;

/// How an answer came.
pub const CHANNELS: [&str; 5] = ["phone", "mail", "web", "visit", "letter"];

/// The chosen way.
pub fn channel(form: &Form, at: usize) -> String {
    let chosen = form.field(at).map_or(0, Field::chosen);
    CHANNELS.get(chosen).copied().unwrap_or_default().to_string()
}

/// A day more than a year away is asked about once: saving again takes it.
#[derive(Default)]
pub struct Far {
    asked: Option<NaiveDate>,
}

impl Far {
    /// Complains at the field where one of these days is that far away and was not asked about yet.
    pub fn ask(&mut self, moves: &[Move], field: usize, look: &Look) -> Result<(), Complaint> {
        let Some(day) = moves.iter().filter_map(|m| m.1).max().filter(|day| dates::is_far(*day, look.today)) else {
            return Ok(());
        };
        if self.asked.replace(day) == Some(day) {
            return Ok(());
        }
        let days = text::count((day - look.today).num_days().max(0) as usize);
        Err(Complaint::at(field, format!("{} is {days} days away. Is that right? Save again.", dates::long(day))))
    }
}

/// What they answered, or another date.
pub struct Dates {
    who: Who,
    po: Option<PoId>,
    /// A date has to be given.
    needs_date: bool,
    lines: Vec<OpenPoLine>,
    preview: Preview,
    far: Far,
    form: Form,
}

impl Dates {
    /// What they answered: a date, words, or both.
    pub fn answer(who: Who, po: Option<PoId>) -> Dates {
        Dates::new(who, po, false)
    }

    /// Another date for a line.
    pub fn date(who: Who, po: Option<PoId>) -> Dates {
        Dates::new(who, po, true)
    }

    fn new(who: Who, po: Option<PoId>, needs_date: bool) -> Dates {
        let name = who.contact_person.clone().unwrap_or_default();
        let words = if needs_date { Field::text("Who said so", &name) } else { Field::text("They said", "") };
        let form = Form::new(vec![
            Field::list("Goods", Vec::new()),
            Field::date("New date", None).noted("or +14, w50, fri"),
            words,
            Field::choice("How", &CHANNELS, 0),
        ]);
        let po = po.or_else(|| who.open_pos.first().map(|p| p.po));
        Dates { who, po, needs_date, lines: Vec::new(), preview: Preview::default(), far: Far::default(), form }
    }

    /// The lines that are meant: one, or all of a PO (its number with a minus).
    fn chosen(&self) -> Vec<&OpenPoLine> {
        let id = self.form.field(0).and_then(Field::chosen_id).unwrap_or(0);
        self.lines.iter().filter(|l| l.po_line.0 == id || l.po.0 == -id).collect()
    }

    fn moves(&self, look: &Look) -> Vec<Move> {
        let Some(Ok(Some(day))) = self.form.field(1).map(|f| f.day(look.today)) else { return Vec::new() };
        self.chosen().iter().map(|l| (l.po_line, Some(day))).collect()
    }
}

impl Dialog for Dates {
    fn title(&self) -> String {
        let chosen = self.chosen();
        let po = chosen.first().map_or(String::new(), |l| format!("{}, ", l.po_code));
        let what = if self.needs_date { "New date for" } else { "Answer about" };
        format!("{what} {po}{}", self.who.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.who.read_open()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if self.preview.loaded(&answer) {
            return Vec::new();
        }
        let Some(lines) = open_lines(&answer, self.po) else { return Vec::new() };
        self.lines = lines.into_iter().filter(|l| !l.draft).collect();
        let options = choices(&self.lines, look.today);
        if let Some(field) = self.form.field_mut(0) {
            field.set_options(options);
        }
        self.preview.ask(self.who.id, self.moves(look), look)
    }
    fn changed(&mut self, field: usize, look: &Look) -> Vec<Cmd> {
        if field <= 1 { self.preview.ask(self.who.id, self.moves(look), look) } else { Vec::new() }
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let chosen = self.chosen();
        let day = |d: Option<NaiveDate>| d.map_or("no date".to_string(), |d| dates::full(d, look.today));
        let first = chosen.iter().filter_map(|l| l.first_promised).min();
        let now = chosen.iter().filter_map(|l| l.expected_on).max();
        let scored = format!("first said {} (scored on this), now {}", day(first), day(now));
        vec![
            self.who.contact(width),
            plain(goods(&chosen, width)),
            plain(if chosen.is_empty() { "Nothing is under way.".into() } else { text::clip(&scored, width) }),
        ]
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let day = self.form.field(1).and_then(|f| f.day(look.today).ok().flatten());
        match self.preview.lines(&self.moves(look), width, look) {
            Some(lines) if day.is_some() => {
                let mut out = slip(&self.lines, &self.moves(look), width, look);
                out.extend(lines);
                out
            }
            _ if day.is_some_and(|day| day < look.today) => said("That day is past.", width),
            _ if day.is_some() => said("Looking who becomes late or early by it ...", width),
            _ if self.needs_date => said("Type the new date: it shows who becomes late or early by it.", width),
            _ => said("A date moves the goods; words alone are kept as the answer. Can be undone.", width),
        }
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let chosen = self.chosen();
        if chosen.is_empty() {
            return Err(Complaint::at(0, "No line is chosen: F4 shows those that are under way."));
        }
        let day = self.form.field(1).map_or(Ok(None), |f| f.day(look.today)).map_err(|s| Complaint::at(1, s))?;
        let words = typed(&self.form, 2);
        match day {
            None if self.needs_date => return Err(Complaint::at(1, "Type the new date, as +14, w50, fri or 2.12.")),
            None if words.is_empty() => return Err(Complaint::at(1, "Type the date they named, or what they said.")),
            Some(day) if day < look.today => {
                return Err(Complaint::at(1, "That day is past. Give the day on which the goods are expected now."));
            }
            _ => {}
        }
        let lines = chosen.iter().map(|l| Seen { line: l.po_line, expected_on: l.expected_on }).collect();
        let answer = Answered { lines, day, words, channel: channel(&self.form, 3) };
        Ok(Write::Suppliers(suppliers::Write::Answer(answer)))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let write = self.save(look)?;
        self.far.ask(&self.moves(look), 1, look)?;
        Ok(vec![Cmd::Write(write)])
    }
}

/// The lines by PO, each PO with several as a whole first.
pub fn choices(lines: &[OpenPoLine], today: NaiveDate) -> Vec<(i64, String)> {
    let mut options: Vec<(i64, String)> = Vec::new();
    for of_po in lines.chunk_by(|a, b| a.po == b.po) {
        let Some(first) = of_po.first() else { continue };
        if of_po.len() > 1 {
            let all: Vec<&OpenPoLine> = of_po.iter().collect();
            options.push((-first.po.0, format!("{}, all: {}", first.po_code, goods(&all, 200))));
        }
        options.extend(of_po.iter().map(|l| {
            let due = match l.expected_on {
                _ if l.draft => "draft".to_string(),
                Some(day) => dates::short(day, today),
                None => "no date".into(),
            };
            (l.po_line.0, format!("{}  {} {}, {due}", l.po_code, text::quantity(l.open), l.item_name))
        }));
    }
    options
}
