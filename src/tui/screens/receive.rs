//! Receiving: the lines of the PO, what came, and where each piece goes when it is booked. What was scanned is saved
//! already; F8 books it.

use super::paper::Paper;
use super::{Cmd, Line as Words, stock_dialogs};
use crate::domain::ids::{DeliveryId, ItemId};
use crate::domain::quantity::Qty;
use crate::tui::action::Action;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog, dialog, moved};
use crate::tui::scan_field::Line;
use crate::tui::scan_screen::{Came, ScanDesk, ScanScreen, keep, scanning, typed};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::views::receive as view;
use crate::worker::deliveries::{self, BAD, Booking, Record, Row, Standing};
use crate::worker::{self, Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// One person taking one delivery in.
pub struct Receive {
    delivery: DeliveryId,
    pub(in crate::tui) standing: Option<Box<Standing>>,
    pub(in crate::tui) desk: ScanDesk,
    pub(in crate::tui) cursor: usize,
    /// The person went to another line: figures are of its item.
    chose: bool,
    pub(in crate::tui) booking: bool,
    /// The person was asked about more than was ordered.
    sure: bool,
}

impl Receive {
    pub fn open(delivery: DeliveryId) -> Cmd {
        let (standing, desk) = (None, ScanDesk::default());
        scanning(Receive { delivery, standing, desk, cursor: 0, chose: false, booking: false, sure: false })
    }

    /// The line under the cursor.
    fn row(&self) -> Option<&Row> {
        self.standing.as_ref()?.rows.get(self.cursor)
    }

    fn bad(&mut self) -> Vec<Cmd> {
        // A figure that stands in the field is how many are bad.
        let typed = Qty::parse(&self.desk.field.text().trim().replace(',', "."));
        match self.row().and_then(|row| Some((row.item?, row.clone()))) {
            Some((item, row)) if row.now.is_some_and(Qty::is_positive) => {
                let reason = self.standing.as_ref().map(|s| s.reason.clone()).unwrap_or_default();
                self.desk.field.clear();
                vec![dialog(Bad::new(self.delivery, item, &row, typed, &reason))]
            }
            _ => self.desk.warn("Say first how many came: scan it, or type a figure on its line."),
        }
    }

    fn book(&mut self) -> Vec<Cmd> {
        if self.standing.is_none() || self.desk.sent > 0 || self.booking {
            return vec![Cmd::Beep];
        }
        if let Some(asked) = self.desk.ask_doubled("F8 again books it") {
            return asked;
        }
        let seen = self.standing.as_ref().map(|s| s.last);
        self.booking = true;
        let booking = Booking { delivery: self.delivery, seen, sure: self.sure };
        vec![Cmd::Write(Write::Deliveries(deliveries::Write::Book(booking)))]
    }

    /// The cursor goes to what was spoken of last.
    fn follow(&mut self) {
        self.chose = false;
        let Some(now) = self.standing.as_ref() else { return };
        let at = match now.above {
            Some(item) => now.rows.iter().position(|r| r.item == Some(item)),
            None if now.above_aside => now.rows.iter().rposition(|r| r.item.is_none()),
            None => None,
        };
        self.cursor = at.unwrap_or(self.cursor).min(now.rows.len().saturating_sub(1));
    }

    /// The figure that was asked about and not taken, where the next figure is of the same item.
    pub(in crate::tui) fn doubted(&self) -> Option<Qty> {
        let (item, asked) = self.standing.as_ref()?.doubted?;
        (!self.chose || self.row().is_some_and(|r| r.item == Some(item))).then_some(asked)
    }

    fn above(&self) -> Option<String> {
        let now = self.standing.as_ref()?;
        now.rows.iter().find(|r| r.item.is_some() && r.item == now.above).map(|r| r.name.clone())
    }
}

impl ScanScreen for Receive {
    fn desk(&self) -> &ScanDesk {
        &self.desk
    }
    fn desk_mut(&mut self) -> &mut ScanDesk {
        &mut self.desk
    }
    fn work(&self) -> &'static str {
        "the delivery"
    }

    fn ask(&self) -> Cmd {
        Cmd::Load("standing", Load::Deliveries(deliveries::Load::Standing(self.delivery)))
    }

    fn takes(&mut self, line: &Line) -> Option<Vec<Cmd>> {
        line.is_done().then(|| self.book())
    }

    fn line(&mut self, line: &Line) -> worker::Record {
        // The line under the cursor takes the figure: the person went there, or nothing else stands above.
        let nothing_above = self.standing.as_ref().is_some_and(|s| s.above.is_none() && !s.above_aside);
        let about = self.row().filter(|_| self.chose || nothing_above).and_then(|r| r.item);
        let (text, scanned) = (line.text.clone(), line.scanned);
        worker::Record::Deliveries(Record::Enter { delivery: self.delivery, text, scanned, about })
    }

    fn choose(&mut self, item: ItemId, pack: Qty) -> Vec<Cmd> {
        let record = Record::Choose { delivery: self.delivery, item, pack };
        keep(self, worker::Record::Deliveries(record))
    }

    fn unknown_above(&self) -> bool {
        self.standing.as_ref().is_some_and(|s| s.above_aside)
    }

    fn goes_on(&mut self) {
        self.sure = false;
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Option<Vec<Cmd>> {
        if !matches!(key.code, KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown) {
            return None;
        }
        let rows = self.standing.as_ref().map_or(0, |s| s.rows.len());
        self.cursor = moved(self.cursor, rows, key, look.height as usize / 3);
        self.chose = true;
        self.desk.said = Default::default();
        Some(Vec::new())
    }

    fn act(&mut self, action: Action, _look: &Look) -> Vec<Cmd> {
        match action {
            Action::NoneHere => typed(self, "0"),
            Action::BadGoods => self.bad(),
            Action::NoteNumber => {
                let number = self.standing.as_ref().and_then(|s| s.note.clone()).unwrap_or_default();
                vec![dialog(NoteNumber::new(self.delivery, &number))]
            }
            Action::PlaceDone => self.book(),
            _ => Vec::new(),
        }
    }

    fn came(&mut self, answer: Answer, _look: &Look) -> Came {
        match answer {
            Answer::Deliveries(deliveries::Answer::Standing(standing)) if self.desk.sent == 0 => {
                let first = self.standing.replace(standing).is_none();
                if first || !self.chose {
                    self.follow();
                }
                Came::Standing
            }
            Answer::Deliveries(deliveries::Answer::Told(told, standing)) => {
                self.standing = Some(standing);
                self.follow();
                Came::Told(told, self.above())
            }
            _ => Came::Standing,
        }
    }

    fn refused(&mut self, sentence: &str) -> bool {
        if !std::mem::take(&mut self.booking) {
            return false;
        }
        self.sure = stock_dialogs::asks_again(sentence);
        let sentence = sentence.replace("If that is right, save again to confirm it.", "F8 again books it.");
        self.desk.said = (sentence, true);
        true
    }

    fn saved(&mut self) -> Vec<Cmd> {
        vec![Cmd::Open(Box::new(Paper::put_aside(self.delivery)))]
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        view::draw(self, area, buf, theme, look)
    }
}

/// How many are bad, and why.
struct Bad {
    delivery: DeliveryId,
    item: ItemId,
    name: String,
    came: Qty,
    reasons: Vec<String>,
    form: Form,
}

impl Bad {
    /// With what was said of the line already: why, and how many; `typed` is how many the person says now.
    fn new(delivery: DeliveryId, item: ItemId, row: &Row, typed: Option<Qty>, last: &str) -> Bad {
        let said = row.reasons.last().cloned();
        let first = said.as_ref().map_or(last, |(why, _)| why.as_str()).to_string();
        let mut reasons = vec![first.clone()];
        reasons.extend(BAD.iter().map(|r| r.to_string()).filter(|r| *r != first));
        let shown: Vec<String> = reasons.iter().enumerate().map(|(n, r)| format!("{} {r}", n + 1)).collect();
        let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
        let form = Form::new(vec![
            Field::quantity("Bad", typed.or(said.map(|s| s.1))).noted("of what came; 0 = none of it is"),
            Field::choice("Why", &shown, 0).tall(2),
            Field::text("Or", "").noted("in your own words"),
        ]);
        let came = row.now.unwrap_or(Qty::ZERO);
        Bad { delivery, item, name: row.name.clone(), came, reasons, form }
    }
}

impl Dialog for Bad {
    fn title(&self) -> String {
        format!("Bad goods: {}", self.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Deliveries(deliveries::Answer::Told(..)) => vec![Cmd::Close, Cmd::Do(Action::Reload)],
            _ => Vec::new(),
        }
    }
    fn above(&self, _width: usize, _look: &Look) -> Vec<Words> {
        vec![vec![Cell::plain(format!(
            "{} came so far. Bad ones go to quarantine and serve nobody.",
            text::quantity(self.came)
        ))]]
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Err(Complaint::at(0, "Bad goods are kept with the delivery.")) // `done` keeps them
    }
    fn done(&mut self, _look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let n = self.form.field(0).map_or(Ok(None), Field::qty).map_err(|e| Complaint::at(0, e))?;
        let n = n.filter(|n| !n.is_negative()).ok_or_else(|| Complaint::at(0, "Type how many of them are bad."))?;
        let own = self.form.field(2).map(|f| f.value().trim().to_string()).unwrap_or_default();
        let chosen = self.form.field(1).map_or(0, Field::chosen);
        let why = if own.is_empty() { self.reasons.get(chosen).cloned().unwrap_or_default() } else { own };
        let text = format!("{n} b {why}");
        let record = Record::Enter { delivery: self.delivery, text, scanned: false, about: Some(self.item) };
        Ok(vec![Cmd::Record("line", worker::Record::Deliveries(record))])
    }
}

/// The number of the delivery note.
struct NoteNumber {
    delivery: DeliveryId,
    form: Form,
}

impl NoteNumber {
    fn new(delivery: DeliveryId, number: &str) -> NoteNumber {
        NoteNumber { delivery, form: Form::new(vec![Field::code("Number", number).noted("typed or scanned")]) }
    }
}

impl Dialog for NoteNumber {
    fn title(&self) -> String {
        "Delivery note".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Deliveries(deliveries::Answer::Told(..)) => vec![Cmd::Close, Cmd::Do(Action::Reload)],
            _ => Vec::new(),
        }
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Err(Complaint::at(0, "The number is kept with the delivery.")) // `done` keeps it
    }
    fn done(&mut self, _look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let number = self.form.field(0).map(|f| f.value().trim().to_string()).unwrap_or_default();
        let record = Record::Note { delivery: self.delivery, number };
        Ok(vec![Cmd::Record("line", worker::Record::Deliveries(record))])
    }
}
