//! An order on the telephone: who, what, and for each line at once what is there, what is likely when, and what could be
//! had instead.

use super::order_line::{price_example, read};
use crate::domain::dates;
use crate::domain::ids::CustomerId;
use crate::domain::money::Money;
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
use crossterm::event::{KeyCode, KeyEvent};

const CUSTOMER: usize = 0;
const PHONE: usize = 1;
const ITEM: usize = 2;
const PROMISED: usize = 3;
const PAID: usize = 4;
const NOTE: usize = 5;
const NUMBER: usize = 6;

/// The dialog.
pub struct NewOrderDialog {
    form: Form,
    customer: Option<(CustomerId, String)>,
    customers: Finder,
    items: Finder,
    lines: Vec<NewLine>,
    outlook: Vec<Outlook>,
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
            Field::code("Item", "").noted(format!("as 12 bolt, or 12 bolt @ {}", price_example())),
            Field::date("Promised for", None).noted("blank: nothing is promised"),
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
            lines: self.lines.clone(),
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
            self.lines.pop();
            return self.clear_item(look);
        }
        let line = match read(&typed) {
            Ok(line) => line,
            Err(sentence) => return self.complain(sentence),
        };
        if line.what.is_empty() {
            // A price alone is that of the line above.
            return match (line.price, self.lines.last_mut()) {
                (Some(price), Some(last)) if typed.starts_with('@') => {
                    last.price = Some(price);
                    self.clear_item(look)
                }
                _ => self.complain(format!("{typed} of what? Type a part of its name behind it.")),
            };
        }
        let Some(item) = self.items.chosen() else { return vec![Cmd::Beep] };
        self.lines.push(NewLine { item, quantity: line.quantity, price: line.price });
        self.clear_item(look)
    }

    fn complain(&mut self, sentence: String) -> Vec<Cmd> {
        self.trouble = Some(sentence);
        vec![Cmd::Beep]
    }

    fn clear_item(&mut self, look: &Look) -> Vec<Cmd> {
        if let Some(field) = self.form.field_mut(ITEM) {
            field.set_value("");
        }
        (self.items, self.sure, self.trouble) = (Finder::default(), false, None);
        self.look_at_lines(look)
    }

    /// Of the last line that is short: what is short of it becomes the first alternative, as far as there is any of that;
    /// the rest stays ordered as it was, so that nothing of what was asked for is lost.
    fn instead(&mut self, look: &Look) -> Vec<Cmd> {
        let short = self.outlook.iter().enumerate().rev().find(|(_, o)| o.later.is_positive() && !o.instead.is_empty());
        let Some((at, outlook)) = short else { return vec![Cmd::Beep] };
        let Some(other) = outlook.instead.first() else { return vec![Cmd::Beep] };
        let rest = outlook.later.min(other.free);
        let other = other.item;
        let Some(line) = self.lines.get_mut(at) else { return Vec::new() };
        let left = line.quantity - rest;
        if left.is_positive() {
            line.quantity = left;
            self.lines.insert(at + 1, NewLine { item: other, quantity: rest, price: None });
        } else {
            *line = NewLine { item: other, quantity: rest, price: None };
        }
        self.look_at_lines(look)
    }

    /// What all of it comes to.
    fn total(&self, width: usize) -> Option<Line> {
        let known = self.outlook.iter().zip(&self.lines);
        let worth: Vec<Option<Money>> = known.map(|(o, l)| o.price.map(|p| p.times(l.quantity))).collect();
        let total: Money = worth.iter().flatten().copied().sum();
        let without = worth.iter().filter(|w| w.is_none()).count();
        if worth.is_empty() || without == worth.len() {
            return None;
        }
        let beside =
            if without > 0 { format!("  {} without a price", text::plural(without, "line")) } else { String::new() };
        let room = width.saturating_sub(18).min(46);
        let words = format!("{:>7}  {} {:>9}{beside}", "", text::left("Total", room), text::money(total));
        Some(vec![Cell::with(words, Role::Title)])
    }

    fn line_words(&self, n: usize, outlook: &Outlook, width: usize, look: &Look) -> Vec<Line> {
        let quantity = self.lines.get(n).map_or(Qty::ZERO, |l| l.quantity);
        let price = outlook.price.map_or("no price".to_string(), |p| text::money(p.times(quantity)));
        let (words, role) = match (&outlook.over, outlook.later.is_positive()) {
            (Some(over), _) => (format!("{over}; {} can be ordered", text::quantity(outlook.at_most)), Role::Urgent),
            (None, false) => ("all of it is here".to_string(), Role::Quiet),
            (None, true) => {
                let when = outlook
                    .likely
                    .map_or("nobody knows when".into(), |d| format!("likely {}", dates::short(d, look.today)));
                let from = outlook.from.as_ref().map_or(String::new(), |f| format!(" ({f})"));
                let now = if outlook.now.is_zero() {
                    String::new()
                } else {
                    format!("{} now, ", text::quantity(outlook.now))
                };
                (format!("{now}{} {when}{from}", text::quantity(outlook.later)), Role::Soon)
            }
        };
        let room = width.saturating_sub(18).min(46);
        let name = format!("{}  {}", outlook.sku, outlook.name);
        let mut out = vec![vec![Cell::plain(format!(
            "{:>7}  {} {:>9}",
            text::quantity(quantity),
            text::left(&text::fit(&name, room), room),
            price
        ))]];
        out.push(vec![Cell::plain("         "), Cell::with(text::clip(&words, width.saturating_sub(10)), role)]);
        if let Some(other) = outlook.instead.first() {
            let takes = match outlook.later <= other.free {
                true => "F9 takes it".to_string(),
                false => format!("F9 takes {}", text::quantity(other.free)),
            };
            let words = format!("instead: {}, {} free   {takes}", other.name, text::quantity(other.free));
            out.push(vec![
                Cell::plain("         "),
                Cell::with(text::clip(&words, width.saturating_sub(10)), Role::Quiet),
            ]);
        }
        out
    }
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

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
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
        for (n, outlook) in self.outlook.iter().enumerate().take(self.lines.len()) {
            out.extend(self.line_words(n, outlook, width, look));
        }
        if let Some(trouble) = &self.trouble {
            out.extend(text::wrap(trouble, width).into_iter().map(|l| vec![Cell::with(l, Role::Urgent)]));
        }
        if !self.lines.is_empty() {
            out.extend(self.total(width));
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
