//! What the supplier confirmed, line by line, with date and price; who becomes late by it stands there before saving.

use super::super::{Cmd, Line};
use super::dates::{CHANNELS, Far, channel};
use super::preview::{Preview, slip};
use super::who::{Who, open_lines, said, typed};
use crate::domain::dates;
use crate::domain::ids::PoId;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::suppliers::{self, Confirmation, ConfirmedLine, Move, OpenPoLine};
use crate::worker::{Answer, Write};
use chrono::NaiveDate;

const ALL: usize = 0;
const SAID: usize = 1;
const HOW: usize = 2;
/// The first field of the lines; each has two, date and price.
const LINES: usize = 3;
/// Lines with fields of their own; the others take the date for all.
const OWN: usize = 12;
const LABELS: [&str; OWN] = [
    "Line 1", "Line 2", "Line 3", "Line 4", "Line 5", "Line 6", "Line 7", "Line 8", "Line 9", "Line 10", "Line 11",
    "Line 12",
];
/// Where the price stands.
const PRICE: u16 = 60;

/// An order confirmation.
pub struct Confirm {
    who: Who,
    po: PoId,
    code: String,
    lines: Vec<OpenPoLine>,
    preview: Preview,
    far: Far,
    form: Form,
}

impl Confirm {
    pub fn new(who: Who, po: PoId, code: &str) -> Confirm {
        let form = Form::new(Confirm::head());
        Confirm {
            who,
            po,
            code: code.to_string(),
            lines: Vec::new(),
            preview: Preview::default(),
            far: Far::default(),
            form,
        }
    }

    fn head() -> Vec<Field> {
        vec![
            Field::date("All", None).noted("for every line below without its own"),
            Field::text("They said", ""),
            Field::choice("How", &CHANNELS, 1),
        ]
    }

    /// The day named for the n-th line: its own, else the one for all.
    fn day(&self, n: usize, look: &Look) -> Result<Option<NaiveDate>, Complaint> {
        let read = |at: usize| match self.form.field(at) {
            Some(field) => field.day(look.today).map_err(|s| Complaint::at(at, s)),
            None => Ok(None),
        };
        let own = if n < OWN { read(LINES + 2 * n)? } else { None };
        Ok(own.or(read(ALL)?))
    }

    fn moves(&self, look: &Look) -> Vec<Move> {
        let named = (0..).zip(&self.lines).filter_map(|(n, l)| Some((l.po_line, Some(self.day(n, look).ok()??))));
        named.collect()
    }
}

impl Dialog for Confirm {
    fn title(&self) -> String {
        format!("{} confirmed {}", self.who.name, self.code)
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
        self.who.read_open()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if self.preview.loaded(&answer) {
            return Vec::new();
        }
        let Some(lines) = open_lines(&answer, Some(self.po)) else { return Vec::new() };
        self.lines = lines.into_iter().filter(|l| l.po == self.po && !l.draft).collect();
        let mut fields = Confirm::head();
        for (line, label) in self.lines.iter().zip(LABELS) {
            let goods = format!("{} {}", text::quantity(line.open), line.item_name);
            fields.push(Field::date(label, None).noted(goods));
            fields.push(Field::money("Price", line.cost).beside(PRICE));
        }
        self.form = Form::new(fields);
        self.preview.ask(self.who.id, self.moves(look), look)
    }
    fn changed(&mut self, _field: usize, look: &Look) -> Vec<Cmd> {
        self.preview.ask(self.who.id, self.moves(look), look)
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        vec![self.who.contact(width)]
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let moves = self.moves(look);
        let first = moves.iter().filter_map(|m| m.1).max();
        match first {
            None => said("Type the day that they named: the first one stays, they are judged by it.", width),
            Some(day) if day < look.today => said("That day is past.", width),
            Some(day) => {
                let mut out = slip(&self.lines, &moves, width, look);
                out.extend(self.preview.lines(&moves, width, look).unwrap_or_else(|| {
                    said(&format!("Looking who becomes late by {} ...", dates::full(day, look.today)), width)
                }));
                out
            }
        }
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let mut lines = Vec::new();
        for (n, line) in self.lines.iter().enumerate() {
            let Some(day) = self.day(n, look)? else { continue };
            let at = LINES + 2 * n;
            if day < look.today {
                let at = if n < OWN && !typed(&self.form, at).is_empty() { at } else { ALL };
                return Err(Complaint::at(at, "That day is past. Give the day on which the goods are expected."));
            }
            let price = self.form.field(at + 1).filter(|_| n < OWN);
            let cost = price.map_or(Ok(line.cost), Field::amount).map_err(|s| Complaint::at(at + 1, s))?;
            lines.push(ConfirmedLine { line: line.po_line, seen: line.expected_on, day, cost });
        }
        if lines.is_empty() {
            return Err(Complaint::at(ALL, "Type the day that they named, as +14, w50, fri or 2.12."));
        }
        let confirmation = Confirmation { lines, words: typed(&self.form, SAID), channel: channel(&self.form, HOW) };
        Ok(Write::Suppliers(suppliers::Write::Confirm(confirmation)))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let write = self.save(look)?;
        self.far.ask(&self.moves(look), ALL, look)?;
        Ok(vec![Cmd::Write(write)])
    }
}
