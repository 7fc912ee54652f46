//! A supplier's answer, or a new date for goods under way by their word or ours: shows before saving who becomes late or
//! early by it.

use super::super::{Cmd, Line};
use super::preview::{Preview, slip};
use super::telling::Telling;
use super::who::{Who, goods, open_lines, plain, said, typed};
use crate::domain::dates;
use crate::domain::ids::{PoId, PoLineId};
use crate::domain::people::Matter;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::suppliers::{self, About, Answered, Letter, Move, OpenPoLine, Redating, SaidBy, Seen};
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

const GOODS: usize = 0;
const DAY: usize = 1;
const BY: usize = 2;
const WORDS: usize = 3;
const CHANNEL: usize = 4;
const HOW: usize = 5;

/// What they answered, or another date: by their word or by ours.
pub struct Dates {
    who: Who,
    po: Option<PoId>,
    /// A date has to be given.
    needs_date: bool,
    lines: Vec<OpenPoLine>,
    preview: Preview,
    telling: Telling,
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
        let [how, to] = Telling::fields();
        let form = Form::new(vec![
            Field::list("Goods", Vec::new()),
            Field::date("New date", None).noted("or +14, w50, fri"),
            Field::choice("Whose word", &["they say so", "we ask for it", "we expect it"], 0),
            Field::text("They said", ""),
            Field::choice("How", &CHANNELS, 0),
            how,
            to,
        ]);
        let po = po.or_else(|| who.open_pos.first().map(|p| p.po));
        let (preview, far, telling) = (Preview::default(), Far::default(), Telling::new(HOW));
        let mut dates = Dates { who, po, needs_date, lines: Vec::new(), preview, telling, far, form };
        dates.arrange();
        // What is typed first is the day: typed into the goods it would choose another order by its number.
        dates.form.set_focus(DAY);
        dates
    }

    /// The lines that are meant: one, or all of a PO (its number with a minus).
    fn chosen(&self) -> Vec<&OpenPoLine> {
        let id = self.form.field(GOODS).and_then(Field::chosen_id).unwrap_or(0);
        self.lines.iter().filter(|l| l.po_line.0 == id || l.po.0 == -id).collect()
    }

    fn by(&self) -> SaidBy {
        let at = self.form.field(BY).filter(|_| self.needs_date).map_or(0, Field::chosen);
        SaidBy::ALL.get(at).copied().unwrap_or(SaidBy::Supplier)
    }

    fn day(&self, look: &Look) -> Option<NaiveDate> {
        self.form.field(DAY).and_then(|f| f.day(look.today).ok().flatten())
    }

    fn moves(&self, look: &Look) -> Vec<Move> {
        let Some(day) = self.day(look) else { return Vec::new() };
        self.chosen().iter().map(|l| (l.po_line, Some(day))).collect()
    }

    /// Shows the fields that belong to whose word it is.
    fn arrange(&mut self) {
        let by = self.by();
        let asks = by == SaidBy::Asked;
        for (at, hidden) in [(BY, !self.needs_date), (CHANNEL, by != SaidBy::Supplier), (HOW, !asks), (HOW + 1, !asks)]
        {
            if let Some(field) = self.form.field_mut(at) {
                field.hidden = hidden;
            }
        }
        let person = self.who.contact_person.clone().filter(|_| self.needs_date && by == SaidBy::Supplier);
        if let Some(field) = self.form.field_mut(WORDS) {
            field.label = match by {
                SaidBy::Supplier if self.needs_date => "Who said so",
                SaidBy::Supplier => "They said",
                SaidBy::Asked | SaidBy::Expected => "Why",
            };
            if !field.was_typed() {
                field.set_value(&person.unwrap_or_default());
            }
        }
        self.form.save = if asks { self.telling.button(&self.form) } else { "Save" };
    }

    /// The words that ask for the day, where we do.
    fn compose(&mut self, look: &Look) -> Vec<Cmd> {
        let (Some(day), SaidBy::Asked) = (self.day(look), self.by()) else { return Vec::new() };
        let lines: Vec<PoLineId> = self.chosen().iter().map(|l| l.po_line).collect();
        let po = self.chosen().first().map(|l| l.po);
        let about = About { lines: Some(lines), waiting: 0, day: Some(day) };
        self.telling.ask(Letter::Redate, po.into_iter().collect(), about)
    }

    fn read(&mut self, look: &Look) -> Vec<Cmd> {
        let mut cmds = self.preview.ask(self.who.id, self.moves(look), look);
        cmds.extend(self.compose(look));
        cmds
    }

    /// Somebody gave one of these lines another date, or it came, while the dialog was open.
    fn moved_meanwhile(&self, seen: &[OpenPoLine], look: &Look) -> Option<String> {
        let now = |line: &OpenPoLine| self.lines.iter().find(|l| l.po_line == line.po_line);
        let moved = seen.iter().find(|l| now(l).is_none_or(|n| n.expected_on != l.expected_on))?;
        let said = |d: Option<NaiveDate>| d.map_or("no date".to_string(), |d| dates::full(d, look.today));
        Some(match now(moved) {
            Some(now) => format!(
                "Somebody changed it meanwhile: {} on {} was {} and is {} now. Look again before you save.",
                now.item_name,
                now.po_code,
                said(moved.expected_on),
                said(now.expected_on)
            ),
            None => format!("Meanwhile nothing more is to come of {} on {}.", moved.item_name, moved.po_code),
        })
    }

    /// What it means for the one who is judged.
    fn judged(&self, look: &Look, width: usize) -> Vec<Line> {
        let first = self.chosen().iter().filter_map(|l| l.first_promised).max();
        said(
            match self.by() {
                SaidBy::Supplier => return Vec::new(),
                SaidBy::Asked if self.day(look) > first => "We put it off: they are judged by the new day.",
                SaidBy::Asked => "We want it sooner: they are judged by the day that they first said.",
                SaidBy::Expected => "No word of theirs: what they are judged by stays.",
            },
            width,
        )
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
    fn tight(&self) -> bool {
        self.by() == SaidBy::Asked
    }
    /// The PO whose lines are chosen: whoever else has that open is told.
    fn matter(&self) -> Option<Matter> {
        self.chosen().first().map(|l| Matter::Po(l.po))
    }
    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        self.who.read_open()
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.who.read_open()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if self.preview.loaded(&answer) {
            return Vec::new();
        }
        if self.telling.loaded(&answer, &mut self.form, &self.who) {
            self.arrange();
            return Vec::new();
        }
        let Some(lines) = open_lines(&answer, self.po) else { return Vec::new() };
        let seen: Vec<OpenPoLine> = self.chosen().into_iter().cloned().collect();
        self.lines = lines.into_iter().filter(|l| !l.draft).collect();
        let options = choices(&self.lines, look.today);
        if let Some(field) = self.form.field_mut(GOODS) {
            field.set_options(options);
        }
        let mut cmds = self.read(look);
        cmds.extend(self.moved_meanwhile(&seen, look).map(Cmd::Refuse));
        cmds
    }
    fn changed(&mut self, field: usize, look: &Look) -> Vec<Cmd> {
        self.telling.changed(field, &mut self.form, &self.who);
        self.arrange();
        if field <= BY { self.read(look) } else { Vec::new() }
    }
    fn edited(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        self.telling.edited(text, &mut self.form);
        self.arrange();
        Vec::new()
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
        let day = self.day(look);
        let mut out = match self.preview.lines(&self.moves(look), width, look) {
            Some(lines) if day.is_some() => {
                let mut out = slip(&self.lines, &self.moves(look), width, look);
                out.extend(lines);
                out
            }
            _ if day.is_some_and(|day| day < look.today) => said("That day is past.", width),
            _ if day.is_some() => said("Looking who becomes late or early by it ...", width),
            _ if self.needs_date => said("Type the new date: it shows who becomes late or early by it.", width),
            _ => said("A date moves the goods; words alone are kept as the answer. Can be undone.", width),
        };
        if day.is_some() {
            out.extend(self.judged(look, width));
        }
        if day.is_some() && self.by() == SaidBy::Asked {
            out.extend(self.telling.lines(&self.form, width));
        }
        out
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let chosen = self.chosen();
        if chosen.is_empty() {
            return Err(Complaint::at(GOODS, "No line is chosen: F4 shows those that are under way."));
        }
        let day = self.form.field(DAY).map_or(Ok(None), |f| f.day(look.today)).map_err(|s| Complaint::at(DAY, s))?;
        let words = typed(&self.form, WORDS);
        match day {
            None if self.needs_date => return Err(Complaint::at(DAY, "Type the new date, as +14, w50, fri or 2.12.")),
            None if words.is_empty() => return Err(Complaint::at(DAY, "Type the date they named, or what they said.")),
            Some(day) if day < look.today => {
                return Err(Complaint::at(DAY, "That day is past. Give the day on which the goods are expected now."));
            }
            _ => {}
        }
        let lines = chosen.iter().map(|l| Seen { line: l.po_line, expected_on: l.expected_on }).collect();
        let Some(day) = day.filter(|_| self.by() != SaidBy::Supplier) else {
            let answer = Answered { lines, day, words, channel: channel(&self.form, CHANNEL) };
            return Ok(Write::Suppliers(suppliers::Write::Answer(answer)));
        };
        if self.by() == SaidBy::Expected && words.is_empty() {
            return Err(Complaint::at(WORDS, "Say why you expect it then: the next person will want to know."));
        }
        let asked = self.by() == SaidBy::Asked;
        let told = if asked { Some(self.telling.told(&self.form, words.clone(), None)?) } else { None };
        Ok(Write::Suppliers(suppliers::Write::Redate(Redating { lines, day, reason: words, told })))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let asked = self.by() == SaidBy::Asked;
        if asked && self.telling.how(&self.form).is_none() {
            return Ok(self.telling.beside(&self.form)); // the text goes to the editor first
        }
        let write = self.save(look)?;
        self.far.ask(&self.moves(look), DAY, look)?;
        let mut cmds = if asked { self.telling.beside(&self.form) } else { Vec::new() };
        cmds.push(Cmd::Write(write));
        Ok(cmds)
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
