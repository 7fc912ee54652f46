//! Correcting what lies in a bin, with the reason; goods that a customer sends back.

use super::stock_dialogs::{asks_again, level, lies, needed, optional, plain, title, typed, usual_bin};
use super::{Cmd, Line};
use crate::domain::dates;
use crate::domain::people::Matter;
use crate::domain::quantity::Qty;
use crate::domain::stock::reason_goes;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::search::FoundKind;
use crate::worker::stock::{self, Change, ItemDetail, Shipped, Takes, Tried};
use crate::worker::{Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Why a level is wrong, as it is offered. The last is no correction: the goods go back onto the order line.
const REASONS: [&str; 8] = ["damaged", "found", "lost", "sample", "used here", "sent back", "wrong booking", RETURN];
const RETURN: &str = "customer return";

const CHANGE: usize = 0;
const REASON: usize = 1;
const BIN: usize = 2;
const NOTE: usize = 3;
const ORDER: usize = 4;
const STATE: usize = 5;

/// A correction with its reason.
pub struct Adjust {
    item: ItemDetail,
    shipped: Vec<Shipped>,
    form: Form,
    sure: bool,
    /// What saving it would do, as far as it was asked.
    tried: Option<Tried>,
    /// Why saving was refused: it stands at the foot, and not a second time above it.
    said: Option<String>,
}

impl Adjust {
    pub fn new(item: ItemDetail) -> Adjust {
        let form = Form::new(vec![
            Field::quantity("Change", None).noted("-3 takes three out, 3 puts three in"),
            // Always the same one stands there: a reason from the last time would turn the same keys the other way.
            Field::choice("Reason", &REASONS, 0).tall(2),
            Field::naming("Bin", &usual_bin(&item), FoundKind::Bin, true),
            Field::text("Note", ""),
            Field::list("Of order", Vec::new()),
            Field::choice("It is", &["1 fit for sale", "2 not: into quarantine"], 0),
        ]);
        let mut adjust = Adjust { item, shipped: Vec::new(), form, sure: false, tried: None, said: None };
        adjust.show();
        adjust
    }

    fn reason(&self) -> &'static str {
        let chosen = self.form.field(REASON).map_or(0, Field::chosen);
        REASONS.get(chosen).copied().unwrap_or("")
    }

    fn is_return(&self) -> bool {
        self.reason() == RETURN
    }

    /// The order is asked for only where goods came back.
    fn show(&mut self) {
        let hidden = !self.is_return();
        for at in [ORDER, STATE] {
            if let Some(field) = self.form.field_mut(at) {
                field.hidden = hidden;
            }
        }
    }

    /// Asks what saving it would do.
    fn try_it(&self) -> Vec<Cmd> {
        match self.form.field(CHANGE).map(Field::qty) {
            Some(Ok(Some(by))) if !self.is_return() => {
                let (item, bin) = (self.item.record.id, typed(&self.form, BIN));
                vec![Cmd::Load("try", Load::Stock(stock::Load::TryAdjust { item, bin, by }))]
            }
            _ => Vec::new(),
        }
    }

    fn line(&self) -> Option<&Shipped> {
        let id = self.form.field(ORDER)?.chosen_id()?;
        self.shipped.iter().find(|s| s.line.0 == id)
    }

    fn good(&self) -> bool {
        self.form.field(STATE).map_or(0, Field::chosen) == 0
    }
}

/// Whose goods the correction takes: each named, so that nobody learns of it from an empty shelf.
fn whose_goods(takes: &Takes, bin: &str, width: usize) -> Vec<Line> {
    let loses = takes.loses.iter().map(|l| {
        let n = text::quantity(l.quantity);
        (format!("{} loses {n} that are reserved to it: tell {}.", l.order, l.customer), Role::Urgent)
    });
    let elsewhere = takes.elsewhere.iter().map(|l| {
        let n = text::quantity(l.quantity);
        (
            format!("{n} in {bin} are put aside for {}, {}: they come from another bin then.", l.order, l.customer),
            Role::Soon,
        )
    });
    let said = loses.chain(elsewhere).flat_map(|(words, role)| {
        text::wrap(&words, width).into_iter().map(move |line| vec![Cell::with(line, role)]).collect::<Vec<_>>()
    });
    said.collect()
}

impl Dialog for Adjust {
    fn matter(&self) -> Option<Matter> {
        Some(Matter::Item(self.item.record.id))
    }
    fn title(&self) -> String {
        title("Adjust", &self.item)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("shipped", Load::Stock(stock::Load::Shipped(self.item.record.id)))]
    }
    /// On the reasons a letter goes to the next that begins with it; a figure, its sign and Backspace are the change's.
    fn key(&mut self, key: &KeyEvent, look: &Look) -> Option<Vec<Cmd>> {
        if self.form.focus() != REASON || key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            return None;
        }
        match key.code {
            KeyCode::Backspace => self.form.set_focus(CHANGE),
            KeyCode::Char(c) if c.is_ascii_digit() || "-+.,".contains(c) => self.form.set_focus(CHANGE),
            KeyCode::Char(c) if c.is_ascii_alphabetic() => {
                let field = self.form.field_mut(REASON)?;
                let now = field.chosen();
                let turn = (now + 1..REASONS.len()).chain(0..=now);
                let next = turn.into_iter().find(|at| REASONS[*at].starts_with(c.to_ascii_lowercase()))?;
                field.choose_by_hand(next);
                return Some(self.changed(REASON, look));
            }
            _ => {}
        }
        None
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if let Answer::Stock(stock::Answer::Tried(tried)) = answer {
            self.tried = Some(tried);
        } else if let Answer::Stock(stock::Answer::Detail(now)) = answer {
            self.item = *now;
        } else if let Answer::Stock(stock::Answer::Shipped(shipped)) = answer {
            let option = |s: &Shipped| {
                let on = s.shipped_on.map(|d| format!(", shipped {}", dates::short(d, look.today))).unwrap_or_default();
                let most = text::quantity(s.shipped - s.returned);
                (s.line.0, format!("{}/{}  {}: {most}{on}", s.order, s.line_code, s.customer))
            };
            if let Some(field) = self.form.field_mut(ORDER) {
                field.set_options(shipped.iter().map(option).collect());
            }
            self.shipped = shipped;
            self.show();
        }
        Vec::new()
    }
    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        let detail = Cmd::Load("detail", Load::Stock(stock::Load::Detail(self.item.record.id)));
        std::iter::once(detail).chain(self.try_it()).collect()
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        (self.sure, self.said) = (false, None);
        self.show();
        self.try_it()
    }
    fn refused(&mut self, sentence: &str) {
        self.sure = asks_again(sentence);
        self.said = Some(sentence.to_string());
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let write = self.save(look);
        self.said = write.as_ref().err().map(|complaint| complaint.sentence.clone());
        Ok(vec![Cmd::Write(write?)])
    }
    fn above(&self, _width: usize, _look: &Look) -> Vec<Line> {
        vec![lies(&self.item)]
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let Some(Ok(Some(change))) = self.form.field(CHANGE).map(Field::qty) else { return Vec::new() };
        let bin = typed(&self.form, BIN);
        if self.is_return() {
            let words = match self.line() {
                Some(line) if self.good() => format!(
                    "Saves: {} back from {} into {bin}; whoever waits is served. The order stays shipped; what was sold is less by it.",
                    text::quantity(change),
                    line.customer
                ),
                Some(line) => {
                    format!("Saves: {} back from {} into quarantine.", text::quantity(change), line.customer)
                }
                None => "Nothing of this item was shipped that could come back.".to_string(),
            };
            return text::wrap(&words, width).into_iter().map(plain).collect();
        }
        if let Err(words) = reason_goes(self.reason(), change) {
            if self.said.as_ref() == Some(&words) {
                return Vec::new();
            }
            let lines = text::wrap(&format!("Not saved: {words}"), width);
            return lines.into_iter().map(|line| vec![Cell::with(line, Role::Urgent)]).collect();
        }
        let tried = self.tried.as_ref().filter(|tried| tried.bin == bin && tried.by == change);
        let whose = tried.map(|tried| whose_goods(&tried.takes, &bin, width)).unwrap_or_default();
        if let Some(refusal) = tried.and_then(|tried| tried.refusal.as_ref()) {
            let asks = asks_again(refusal);
            if !asks && self.said.as_ref() == Some(refusal) {
                return Vec::new();
            }
            let role = if asks { Role::Soon } else { Role::Urgent };
            let words = if self.sure || asks { refusal.clone() } else { format!("Not saved: {refusal}") };
            let lines = text::wrap(&words, width).into_iter().map(|line| vec![Cell::with(line, role)]);
            return lines.chain(whose.into_iter().filter(|_| asks)).collect();
        }
        let before = level(&self.item, &bin);
        let mut lines = vec![plain(format!(
            "Saves: {bin} from {} to {}. Can be undone.",
            text::quantity(before),
            text::quantity(before + change)
        ))];
        lines.extend(whose);
        if let Some(cost) = self.item.record.cost {
            lines.push(plain(format!("Worth {}.", text::money(cost.times(change)))));
        }
        if (before + change).is_negative() {
            lines.push(plain("Below zero: shown as a problem until the bin is counted (c)."));
        }
        lines
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let change = needed(&self.form, CHANGE, "The change")?;
        if change.is_zero() {
            return Err(Complaint::at(CHANGE, "A change of 0 changes nothing: type what was put in or taken out."));
        }
        let bin = typed(&self.form, BIN);
        if self.is_return() {
            let line =
                self.line().ok_or_else(|| Complaint::at(ORDER, "Choose the order that it was shipped on (F4)."))?;
            if change < Qty::ZERO {
                return Err(Complaint::at(CHANGE, "What comes back is more than nothing: type it without the minus."));
            }
            return Ok(Write::Stock(stock::Write::Return {
                line: line.line,
                quantity: change,
                good: self.good(),
                bin,
                seen: line.returned,
                note: optional(&self.form, NOTE),
            }));
        }
        reason_goes(self.reason(), change).map_err(|words| Complaint::at(CHANGE, words))?;
        Ok(Write::Stock(stock::Write::Adjust {
            item: self.item.record.id,
            seen: level(&self.item, &bin),
            bin,
            change: Change::By(change),
            reason: self.reason().to_string(),
            note: optional(&self.form, NOTE),
            sure: self.sure,
        }))
    }
}
