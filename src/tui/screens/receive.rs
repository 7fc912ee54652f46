//! Receiving: the lines of the PO, what came, and where each piece goes when it is booked. What was scanned is saved
//! already; F8 books it.

use super::paper::Paper;
use super::{Cmd, Line as Words, stock_dialogs};
use crate::domain::ids::{DeliveryId, ItemId};
use crate::domain::quantity::Qty;
use crate::tui::action::Action;
use crate::tui::finder::Finder;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog, Help, Overlay, dialog, moved};
use crate::tui::scan_field::{Heard, Line, ScanField};
use crate::tui::table::{Cell, Look};
use crate::tui::theme::Theme;
use crate::tui::views::receive as view;
use crate::worker::deliveries::{self, BAD, Booking, Record, Standing};
use crate::worker::{self, Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// One person taking one delivery in.
pub struct Receive {
    delivery: DeliveryId,
    pub(in crate::tui) standing: Option<Box<Standing>>,
    pub(in crate::tui) field: ScanField,
    pub(in crate::tui) finder: Option<Finder>,
    pub(in crate::tui) cursor: usize,
    /// The person went to another line: figures are of its item.
    chose: bool,
    /// What came of the last line, and whether it needs a look.
    pub(in crate::tui) said: (String, bool),
    /// Lines that were sent and not answered yet.
    pub(in crate::tui) sent: usize,
    pub(in crate::tui) booking: bool,
    /// The person was asked about more than was ordered.
    sure: bool,
}

impl Receive {
    pub fn new(delivery: DeliveryId) -> Receive {
        Receive {
            delivery,
            standing: None,
            field: ScanField::default(),
            finder: None,
            cursor: 0,
            chose: false,
            said: Default::default(),
            sent: 0,
            booking: false,
            sure: false,
        }
    }

    /// The item of the line under the cursor.
    fn chosen(&self) -> Option<ItemId> {
        self.standing.as_ref()?.rows.get(self.cursor)?.item
    }

    fn record(record: Record) -> Cmd {
        Cmd::Record("line", worker::Record::Deliveries(record))
    }

    fn send(&mut self, lines: Vec<Line>) -> Vec<Cmd> {
        self.sent += lines.len();
        self.sure = false;
        let (delivery, about) = (self.delivery, self.chosen().filter(|_| self.chose));
        let enter =
            |line: Line| Receive::record(Record::Enter { delivery, text: line.text, scanned: line.scanned, about });
        lines.into_iter().map(enter).collect()
    }

    fn typed(&mut self, text: &str) -> Vec<Cmd> {
        self.send(vec![Line { text: text.into(), scanned: false }])
    }

    fn look_for(&mut self, text: &str) -> Vec<Cmd> {
        self.field.clear();
        self.field.paste(text);
        self.finder.insert(Finder::default()).ask(text)
    }

    fn act(&mut self, action: Action) -> Vec<Cmd> {
        match action {
            Action::TakeBackLast => self.typed("-"),
            Action::NoneHere => self.typed("0"),
            Action::FindItem => self.look_for(""),
            Action::BadGoods => self.bad(),
            Action::NoteNumber => {
                let number = self.standing.as_ref().and_then(|s| s.note.clone()).unwrap_or_default();
                vec![dialog(NoteNumber::new(self.delivery, &number))]
            }
            Action::PlaceDone => self.book(),
            Action::Pause => vec![Cmd::Close, Cmd::Do(Action::Reload)],
            _ => Vec::new(),
        }
    }

    fn bad(&mut self) -> Vec<Cmd> {
        let row = self.standing.as_ref().and_then(|s| s.rows.get(self.cursor));
        match row.and_then(|row| Some((row.item?, row))) {
            Some((item, row)) if row.now.is_some_and(Qty::is_positive) => {
                let reason = self.standing.as_ref().map(|s| s.reason.clone()).unwrap_or_default();
                vec![dialog(Bad::new(self.delivery, item, &row.name, row.now.unwrap_or(Qty::ZERO), &reason))]
            }
            _ => {
                self.said = ("Say first how many came: scan it, or type a figure on its line.".into(), true);
                vec![Cmd::Beep]
            }
        }
    }

    fn book(&mut self) -> Vec<Cmd> {
        let Some(standing) = self.standing.as_ref().filter(|_| self.sent == 0 && !self.booking) else {
            return vec![Cmd::Beep];
        };
        let seen = Some(standing.last);
        self.booking = true;
        let booking = Booking { delivery: self.delivery, seen, sure: self.sure };
        vec![Cmd::Write(Write::Deliveries(deliveries::Write::Book(booking)))]
    }

    fn finder_key(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        let Some(finder) = self.finder.as_mut() else { return Vec::new() };
        match key.code {
            KeyCode::Esc | KeyCode::F(3 | 12) => {
                self.finder = None;
                self.field.clear();
                Vec::new()
            }
            KeyCode::Enter => {
                let Some(item) = finder.chosen() else { return vec![Cmd::Beep] };
                self.finder = None;
                self.field.clear();
                self.sent += 1;
                vec![Receive::record(Record::Choose { delivery: self.delivery, item })]
            }
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                finder.key(key);
                Vec::new()
            }
            _ => match self.field.key(key) {
                Heard::Changed => finder.ask(self.field.text()),
                _ => Vec::new(),
            },
        }
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
}

impl Overlay for Receive {
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("standing", Load::Deliveries(deliveries::Load::Standing(self.delivery)))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        // A colleague takes in too. Never between a line and its answer.
        if self.sent == 0 { self.opened(look) } else { Vec::new() }
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        if self.finder.is_some() {
            return self.finder_key(key);
        }
        match key.code {
            KeyCode::F(1) => return vec![Cmd::Open(Box::new(Help::of_scan_field()))],
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                let rows = self.standing.as_ref().map_or(0, |s| s.rows.len());
                self.cursor = moved(self.cursor, rows, key, look.height as usize / 3);
                self.chose = true;
                return Vec::new();
            }
            _ => {}
        }
        match self.field.key(key) {
            Heard::Line(line) => self.send(vec![line]),
            Heard::Key(action) => self.act(action),
            Heard::Changed | Heard::Nothing => Vec::new(),
        }
    }

    fn in_text(&self) -> bool {
        true
    }

    fn begin_run(&mut self) {
        self.field.begin_run();
    }

    fn forget_run(&mut self) {
        self.field.forget_run();
    }

    fn scanned(&mut self, code: &str, _look: &Look) -> Vec<Cmd> {
        self.finder = None;
        let lines = self.field.scanned(code);
        self.send(lines)
    }

    fn paste(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        self.field.paste(text);
        match self.finder.as_mut() {
            Some(finder) => finder.ask(self.field.text()),
            None => Vec::new(),
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Some(finder) = self.finder.as_mut()
            && finder.loaded(&answer)
        {
            return Vec::new();
        }
        match answer {
            Answer::Deliveries(deliveries::Answer::Standing(standing)) if self.sent == 0 => {
                let first = self.standing.replace(standing).is_none();
                if first || !self.chose {
                    self.follow();
                }
                Vec::new()
            }
            Answer::Deliveries(deliveries::Answer::Told(told, standing)) => {
                self.sent = self.sent.saturating_sub(1);
                self.standing = Some(standing);
                self.follow();
                self.said = (told.sentence, told.beep);
                let mut cmds = told.find.map(|words| self.look_for(&words)).unwrap_or_default();
                if told.beep {
                    cmds.push(Cmd::Beep);
                }
                cmds
            }
            _ => Vec::new(),
        }
    }

    fn refused(&mut self, sentence: &str) {
        if std::mem::take(&mut self.booking) {
            self.sure = stock_dialogs::asks_again(sentence);
            let sentence = sentence.replace("If that is right, save again to confirm it.", "F8 again books it.");
            self.said = (sentence, true);
            return;
        }
        self.sent = self.sent.saturating_sub(1);
        self.said = (sentence.to_string(), true);
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
    fn new(delivery: DeliveryId, item: ItemId, name: &str, came: Qty, last: &str) -> Bad {
        let mut reasons: Vec<String> = vec![last.to_string()];
        reasons.extend(BAD.iter().map(|r| r.to_string()).filter(|r| r != last));
        let shown: Vec<String> = reasons.iter().enumerate().map(|(n, r)| format!("{} {r}", n + 1)).collect();
        let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
        let form = Form::new(vec![
            Field::quantity("Bad", None).noted("of what came; 0 = none of it is"),
            Field::choice("Why", &shown, 0).tall(2),
            Field::text("Or", "").noted("in your own words"),
        ]);
        Bad { delivery, item, name: name.to_string(), came, reasons, form }
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
        vec![vec![Cell::plain(format!("{} came so far. Bad ones go to quarantine and serve nobody.", self.came))]]
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
        Ok(vec![Receive::record(record)])
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
        Ok(vec![Receive::record(Record::Note { delivery: self.delivery, number })])
    }
}
