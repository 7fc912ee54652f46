//! A draft goes to the supplier.

use super::super::{Cmd, Line};
use super::telling::Telling;
use super::who::{Who, open_lines, plain, said, typed};
use crate::domain::calendar::plus_days;
use crate::domain::dates;
use crate::domain::ids::PoId;
use crate::domain::money::Money;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::suppliers::{self, About, Letter, OpenPoLine};
use crate::worker::{Answer, Write};
use std::collections::HashMap;

const DRAFT: usize = 0;
const HOW: usize = 1;
const NOTE: usize = 3;

/// A draft goes out, or an order that was sent once more: by the outbox, or by a person, and then this is the record.
pub struct Send {
    who: Who,
    po: Option<PoId>,
    /// It was sent before.
    again: bool,
    lines: Vec<OpenPoLine>,
    /// Learned, by draft.
    usual_days: HashMap<PoId, i64>,
    telling: Telling,
    form: Form,
}

impl Send {
    pub fn new(who: Who, po: Option<PoId>) -> Send {
        let [how, to] = Telling::fields();
        let form = Form::new(vec![Field::list("Draft", Vec::new()), how, to, Field::text("Note", "")]);
        let mut send = Send {
            who,
            po,
            again: false,
            lines: Vec::new(),
            usual_days: HashMap::new(),
            telling: Telling::new(HOW),
            form,
        };
        send.form.save = send.telling.button(&send.form);
        send
    }

    /// An order that was sent, once more.
    pub fn again(who: Who, po: PoId) -> Send {
        let mut send = Send { again: true, ..Send::new(who, Some(po)) };
        if let Some(field) = send.form.field_mut(DRAFT) {
            field.label = "Order";
        }
        send
    }

    fn chosen(&self) -> Option<PoId> {
        self.form.field(DRAFT).and_then(Field::chosen_id).map(PoId)
    }

    /// What the chosen draft comes to.
    fn worth(&self) -> Money {
        let of = self.lines.iter().filter(|l| Some(l.po) == self.chosen());
        of.filter_map(|l| Some(l.cost?.times(l.open))).sum()
    }

    fn compose(&mut self) -> Vec<Cmd> {
        let pos = self.chosen().into_iter().collect();
        self.telling.ask(Letter::Order, pos, About::default())
    }
}

impl Dialog for Send {
    fn title(&self) -> String {
        match self.again {
            true => format!("Send an order to {} once more", self.who.name),
            false => format!("Send an order to {}", self.who.name),
        }
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
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if self.telling.loaded(&answer, &mut self.form, &self.who) {
            self.form.save = self.telling.button(&self.form);
            return Vec::new();
        }
        let mut lines = open_lines(&answer, self.po).unwrap_or_default();
        if let Answer::Suppliers(suppliers::Answer::Detail(detail)) = answer {
            self.usual_days = detail.usual_days;
        }
        lines.retain(|l| if self.again { Some(l.po) == self.po } else { l.draft });
        let option = |of_po: &[OpenPoLine]| {
            let first = of_po.first()?;
            let worth: Money = of_po.iter().filter_map(|l| Some(l.cost?.times(l.open))).sum();
            let words = format!("{}  {}, {}", first.po_code, text::plural(of_po.len(), "line"), text::money(worth));
            Some((first.po.0, words))
        };
        let options = lines.chunk_by(|a, b| a.po == b.po).filter_map(option).collect();
        if let Some(field) = self.form.field_mut(DRAFT) {
            field.set_options(options);
        }
        self.lines = lines;
        self.compose()
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        if field == DRAFT {
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
        let due = |days: i64| {
            format!(
                "{}: {}",
                text::plural(days.max(0) as usize, "day"),
                dates::full(plus_days(look.today, days), look.today)
            )
        };
        let says = self.who.lead_days.map(|days| format!("They say {}", due(days)));
        let takes = self
            .chosen()
            .and_then(|po| self.usual_days.get(&po))
            .copied()
            .map(|days| format!("{} {}", if says.is_some() { "usually" } else { "Usually" }, due(days)));
        let lead: Vec<String> = says.into_iter().chain(takes).filter(|_| !self.again).collect();
        if let (Some(least), worth) = (self.who.min_order_value, self.worth())
            && worth < least
            && !self.again
        {
            let (short, least) = (text::money(least - worth), text::money(least));
            out.push(vec![Cell::with(
                text::clip(&format!("{short} short of their minimum of {least}: they may refuse it."), width),
                Role::Soon,
            )]);
        }
        if !lead.is_empty() {
            out.push(plain(text::clip(&format!("{}.", lead.join("; ")), width)));
        }
        out
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let mut out = match self.again {
            true => said("The order as it was sent; nothing changes by it but that it is on record.", width),
            false => said("Ordered today: from now on customers are promised goods from it. Can be undone.", width),
        };
        out.push(Line::new());
        out.extend(self.telling.lines(&self.form, width));
        out
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let po = self
            .chosen()
            .ok_or_else(|| Complaint::at(DRAFT, "There is no draft. Make one with n, or on 4 Reorder."))?;
        let told = self.telling.told(&self.form, typed(&self.form, NOTE), None)?;
        Ok(Write::Suppliers(match self.again {
            true => suppliers::Write::SendAgain { po, told },
            false => suppliers::Write::Send { po, told },
        }))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        self.telling.done(&self.form, || self.save(look))
    }
}
