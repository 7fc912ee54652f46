//! An order on the telephone: who, what, and for each line at once what is there, what is likely when, and what could be
//! had instead.

use super::order_line::{price_example, read};
use super::order_view;
use crate::domain::allocation::DAYS_WITHOUT_PROMISE;
use crate::domain::dates;
use crate::domain::ids::CustomerId;
use crate::domain::quantity::Qty;
use crate::tui::finder::Finder;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::entering::{self, NewLine, NewOrder, Outlook, Whom};
use crate::worker::search::FoundKind;
use crate::worker::{Answer, Load, Write};
use chrono::Days;
use crossterm::event::{KeyCode, KeyEvent};

const CUSTOMER: usize = 0;
const PHONE: usize = 1;
const ITEM: usize = 2;
const PROMISED: usize = 3;
const PAID: usize = 4;
const NOTE: usize = 5;
const NUMBER: usize = 6;

/// A line that was taken.
pub(super) struct Taken {
    pub line: NewLine,
    /// The item as it was chosen, until more is known of it.
    pub words: String,
}

/// The dialog.
pub struct NewOrderDialog {
    form: Form,
    customer: Option<(CustomerId, String)>,
    customers: Finder,
    items: Finder,
    lines: Vec<Taken>,
    /// Of the first of the lines, as far as they were looked at.
    outlook: Vec<Outlook>,
    /// What is typed next takes the place of what is short of that line.
    instead_of: Option<usize>,
    /// Why the order cannot be taken so.
    trouble: Option<String>,
    sure: bool,
}

impl Default for NewOrderDialog {
    fn default() -> NewOrderDialog {
        NewOrderDialog::of(None)
    }
}

impl NewOrderDialog {
    /// Of that customer, where he is known already.
    pub fn of(customer: Option<(CustomerId, String)>) -> NewOrderDialog {
        let name = customer.as_ref().map_or("", |c| c.1.as_str()).to_string();
        let mut phone = Field::text("Phone", "").noted("somebody new: Up to type it, or leave it blank");
        phone.hidden = true;
        let form = Form::new(vec![
            Field::text("Customer", &name),
            phone,
            Field::code("Item", "").noted(item_note()),
            Field::date("Promised for", None),
            Field::choice("Paid", &["later", "already"], 0),
            Field::text("Note", ""),
            Field::code("Number", ""),
        ]);
        NewOrderDialog {
            form,
            customer,
            customers: Finder::of(FoundKind::Customer),
            items: Finder::default(),
            lines: Vec::new(),
            outlook: Vec::new(),
            instead_of: None,
            trouble: None,
            sure: false,
        }
    }

    fn value(&self, at: usize) -> &str {
        self.form.field(at).map_or("", Field::value)
    }

    fn whom(&self) -> Whom {
        match &self.customer {
            Some((id, _)) => Whom::Known(*id),
            None => {
                let name = self.value(CUSTOMER).trim();
                let phone = Some(self.value(PHONE).trim().to_string()).filter(|p| !p.is_empty());
                // Until he is named the lines can be looked at all the same.
                Whom::New { name: if name.is_empty() { "somebody".into() } else { name.into() }, phone }
            }
        }
    }

    fn order(&self, look: &Look) -> NewOrder {
        NewOrder {
            code: self.value(NUMBER).trim().to_string(),
            customer: self.whom(),
            promised_on: self.form.field(PROMISED).and_then(|f| f.day(look.today).ok().flatten()),
            paid: self.form.field(PAID).is_some_and(|f| f.chosen() == 1),
            note: Some(self.value(NOTE).trim().to_string()).filter(|n| !n.is_empty()),
            lines: self.lines.iter().map(|t| t.line.clone()).collect(),
            sure: self.sure,
        }
    }

    fn look_at_lines(&mut self, look: &Look) -> Vec<Cmd> {
        if self.lines.is_empty() {
            self.outlook.clear();
            return Vec::new();
        }
        let order = NewOrder { promised_on: None, ..self.order(look) };
        vec![Cmd::Load("outlook", Load::Entering(entering::Load::Outlook(Box::new(order))))]
    }

    /// Takes the chosen customer, or somebody new.
    fn take_customer(&mut self) -> Vec<Cmd> {
        if self.value(CUSTOMER).trim().is_empty() {
            return vec![Cmd::Beep];
        }
        if self.customer.is_none()
            && let Some(found) = self.customers.chosen_found()
        {
            let (id, name) = (CustomerId(found.id), found.title.clone());
            if let Some(field) = self.form.field_mut(CUSTOMER) {
                field.set_value(&name);
            }
            self.customer = Some((id, name));
        }
        let new = self.customer.is_none();
        if let Some(field) = self.form.field_mut(PHONE) {
            field.hidden = !new;
        }
        // The lines come next for everybody: what is typed now is what he orders. His number is one Up away.
        self.form.set_focus(ITEM);
        Vec::new()
    }

    /// Takes the typed line: how many of the chosen item.
    fn take_line(&mut self, look: &Look) -> Vec<Cmd> {
        let typed = self.value(ITEM).trim().to_string();
        if typed == "-" {
            if self.instead_of.is_none() {
                self.lines.pop();
            }
            return self.clear_item(look);
        }
        let line = match read(&typed) {
            Ok(line) => line,
            Err(sentence) => return self.complain(sentence),
        };
        if !line.quantity.is_positive() {
            return self.complain(format!("{} is no line: type a number above 0, or rub it out.", line.quantity));
        }
        if line.what.is_empty() {
            // A price alone is that of the line above.
            return match (line.price, self.lines.last_mut()) {
                (Some(price), Some(last)) if typed.starts_with('@') => {
                    last.line.price = Some(price);
                    self.clear_item(look)
                }
                _ => self.complain(format!("{typed} of what? Type a part of its name behind it.")),
            };
        }
        let Some((item, words)) = self.items.chosen_with_words() else { return vec![Cmd::Beep] };
        match self.instead_of.and_then(|at| Some((at, self.outlook.get(at)?))) {
            Some((_, short)) if short.item == item => {
                self.complain(format!("{} is what is short: type something else, or - to leave it.", short.name))
            }
            Some((at, short)) => {
                let quantity = if line.is_counted { line.quantity } else { short.later };
                self.swap(at, Taken { line: NewLine { item, quantity, price: line.price }, words });
                self.clear_item(look)
            }
            None => {
                let line = NewLine { item, quantity: line.quantity, price: line.price };
                self.lines.push(Taken { line, words });
                self.clear_item(look)
            }
        }
    }

    fn complain(&mut self, sentence: String) -> Vec<Cmd> {
        self.trouble = Some(sentence);
        vec![Cmd::Beep]
    }

    fn clear_item(&mut self, look: &Look) -> Vec<Cmd> {
        if let Some(field) = self.form.field_mut(ITEM) {
            field.set_value("");
        }
        self.nothing_instead();
        (self.items, self.sure, self.trouble) = (Finder::default(), false, None);
        self.look_at_lines(look)
    }

    fn nothing_instead(&mut self) {
        self.instead_of = None;
        if let Some(field) = self.form.field_mut(ITEM) {
            field.note = item_note();
        }
    }

    /// The last line that is short: of it is decided at once whether it waits.
    fn short_line(&self) -> Option<(usize, &Outlook)> {
        let looked_at = self.outlook.len() == self.lines.len();
        let found = self.outlook.iter().enumerate().rev().find(|(_, o)| o.later.is_positive());
        found.filter(|_| looked_at)
    }

    /// The first alternative takes the place of what is short, as far as there is any of it.
    fn instead(&mut self, look: &Look) -> Vec<Cmd> {
        let Some((at, short)) = self.short_line() else { return vec![Cmd::Beep] };
        let Some(other) = short.instead.first() else { return vec![Cmd::Beep] };
        let line = NewLine { item: other.item, quantity: short.later.min(other.free), price: None };
        let words = other.name.clone();
        self.swap(at, Taken { line, words });
        self.nothing_instead();
        self.look_at_lines(look)
    }

    /// So many of a line become something else; the rest stays ordered as it was, so that nothing of what was asked for
    /// is lost.
    fn swap(&mut self, at: usize, other: Taken) {
        let short = self.outlook.get(at).map_or(Qty::ZERO, |o| o.later);
        self.cut(at, short.min(other.line.quantity));
        let behind = if self.lines.get(at).is_some_and(|t| t.line.quantity.is_positive()) { at + 1 } else { at };
        self.lines.insert(behind.min(self.lines.len()), other);
        self.lines.retain(|t| t.line.quantity.is_positive());
    }

    fn cut(&mut self, at: usize, by: Qty) {
        if let Some(taken) = self.lines.get_mut(at) {
            taken.line.quantity = (taken.line.quantity - by).or_zero();
        }
    }

    /// What is short of the last short line is not ordered.
    fn leave_out(&mut self, look: &Look) -> Vec<Cmd> {
        let Some((at, short)) = self.short_line() else { return vec![Cmd::Beep] };
        let rest = short.later;
        self.cut(at, rest);
        self.lines.retain(|t| t.line.quantity.is_positive());
        self.nothing_instead();
        self.sure = false;
        self.look_at_lines(look)
    }

    /// Something that the person names takes the place of what is short.
    fn something_else(&mut self) -> Vec<Cmd> {
        let Some((at, short)) = self.short_line() else { return vec![Cmd::Beep] };
        let note = format!("instead of {} {}: name it; - and Enter: nothing", text::quantity(short.later), short.sku);
        self.instead_of = Some(at);
        if let Some(field) = self.form.field_mut(ITEM) {
            field.note = note;
        }
        self.form.set_focus(ITEM);
        Vec::new()
    }
}

fn item_note() -> String {
    format!("as 12 bolt, or 12 bolt @ {}", price_example())
}

impl Dialog for NewOrderDialog {
    fn title(&self) -> String {
        match &self.customer {
            Some((_, name)) => format!("New order of {name}"),
            None => "New order".into(),
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

    fn opened(&mut self, look: &Look) -> Vec<Cmd> {
        let counts = look.today.checked_add_days(Days::new(DAYS_WITHOUT_PROMISE));
        if let (Some(day), Some(field)) = (counts, self.form.field_mut(PROMISED)) {
            field.note = format!("blank: {} counts, {DAYS_WITHOUT_PROMISE} days on", dates::short(day, look.today));
        }
        if self.customer.is_some() {
            self.form.set_focus(ITEM);
        }
        vec![Cmd::Load("number", Load::Entering(entering::Load::NextOrder))]
    }

    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        self.sure = false;
        match field {
            CUSTOMER => {
                self.customer = None;
                let wanted = self.value(CUSTOMER).to_string();
                self.customers.ask(&wanted)
            }
            ITEM => {
                self.trouble = None;
                let wanted = read(self.value(ITEM)).map(|l| l.what.to_string()).unwrap_or_default();
                self.items.ask(if wanted == "-" { "" } else { &wanted })
            }
            _ => Vec::new(),
        }
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Option<Vec<Cmd>> {
        let at = self.form.focus();
        let arrows = matches!(key.code, KeyCode::Up | KeyCode::Down);
        match (at, key.code) {
            (CUSTOMER, _) if arrows && self.customer.is_none() => self.customers.key(key),
            (ITEM, _) if arrows && !self.value(ITEM).is_empty() => self.items.key(key),
            (CUSTOMER, KeyCode::Enter) => return Some(self.take_customer()),
            (CUSTOMER, KeyCode::Tab) if !self.value(CUSTOMER).trim().is_empty() => return Some(self.take_customer()),
            (ITEM, KeyCode::Enter | KeyCode::Tab) if !self.value(ITEM).trim().is_empty() => {
                return Some(self.take_line(look));
            }
            (_, KeyCode::F(9)) => return Some(self.instead(look)),
            (_, KeyCode::F(6)) => return Some(self.leave_out(look)),
            (_, KeyCode::F(5)) => return Some(self.something_else()),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Entering(entering::Answer::NextOrder(code)) => {
                if let Some(field) = self.form.field_mut(NUMBER).filter(|f| f.value().is_empty()) {
                    field.set_value(&code);
                }
                return self.look_at_lines(look);
            }
            Answer::Entering(entering::Answer::Outlook(Ok(found))) => {
                (self.outlook, self.trouble) = (found, None);
            }
            Answer::Entering(entering::Answer::Outlook(Err(sentence))) => self.trouble = Some(sentence),
            other => {
                if self.form.focus() == CUSTOMER {
                    self.customers.loaded(&other);
                } else {
                    self.items.loaded(&other);
                }
            }
        }
        Vec::new()
    }

    fn refused(&mut self, sentence: &str) {
        self.sure = sentence.ends_with("save again to confirm it.");
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out: Vec<Line> = Vec::new();
        let finder = match self.form.focus() {
            CUSTOMER if self.customer.is_none() && !self.value(CUSTOMER).trim().is_empty() => Some(&self.customers),
            ITEM if read(self.value(ITEM)).is_ok_and(|l| !matches!(l.what, "" | "-")) => Some(&self.items),
            _ => None,
        };
        if let Some(finder) = finder {
            let found = finder.lines(if look.height < 30 { 6 } else { 10 });
            if found.is_empty() && finder.is_answered() {
                let words = if self.form.focus() == CUSTOMER {
                    "Nobody here has that name: Enter takes it as somebody new."
                } else {
                    "No item has that. Fewer letters find more."
                };
                out.push(vec![Cell::with(words, Role::Quiet)]);
            }
            for (chosen, words) in found {
                let words = text::clip(&format!("{} {words}", if chosen { "▸" } else { " " }), width);
                out.push(vec![Cell::with(words, if chosen { Role::Selected } else { Role::Normal })]);
            }
            out.push(Line::new());
        }
        if self.lines.is_empty() && finder.is_none() {
            out.push(vec![Cell::with("Nothing yet. Type how many of what, as 12 bolt, and Enter.", Role::Quiet)]);
        }
        let asks = self.short_line().map(|(at, _)| at);
        for (n, taken) in self.lines.iter().enumerate() {
            match self.outlook.get(n) {
                Some(outlook) => out.extend(order_view::line(taken, outlook, asks == Some(n), width, look)),
                None => out.push(order_view::not_looked_at(taken, width)),
            }
        }
        if let Some(trouble) = &self.trouble {
            out.extend(text::wrap(trouble, width).into_iter().map(|l| vec![Cell::with(l, Role::Urgent)]));
        }
        if !self.lines.is_empty() {
            out.extend(order_view::total(&self.outlook, &self.lines, width));
            let words = format!(
                "- and Enter takes the last line off, @ {} changes its price. What is free is put aside on saving.",
                price_example()
            );
            out.extend(text::wrap(&words, width).into_iter().map(|l| vec![Cell::with(l, Role::Quiet)]));
        }
        out
    }

    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        if self.customer.is_none() && self.value(CUSTOMER).trim().is_empty() {
            return Err(Complaint::at(CUSTOMER, "Who orders? Type a part of the customer's name."));
        }
        if !self.value(ITEM).trim().is_empty() {
            return Err(Complaint::at(ITEM, "This line is not taken yet: Enter takes it, or rub it out."));
        }
        if self.lines.is_empty() {
            return Err(Complaint::at(ITEM, "Nothing is ordered yet. Type how many of what, as 12 bolt, and Enter."));
        }
        if let Some(Err(sentence)) = self.form.field(PROMISED).map(|f| f.day(look.today)) {
            return Err(Complaint::at(PROMISED, sentence));
        }
        Ok(Write::Entering(entering::Write::Order(Box::new(self.order(look)))))
    }
}
