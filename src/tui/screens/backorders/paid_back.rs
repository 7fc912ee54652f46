//! Saying that money of cancelled orders went back: all of it or a part, on which day.

use crate::domain::dates;
use crate::domain::money::Money;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::worker::Write;
use crate::worker::backorders::{self, Payment, Refund};

const DAY: usize = 0;
const AMOUNT: usize = 1;
const THEN: usize = 2;
const NOTE: usize = 3;

/// The dialog. Of one order the amount can be typed; of several all of it went back.
pub struct PaidBack {
    refunds: Vec<Refund>,
    form: Form,
}

impl PaidBack {
    pub fn of(refunds: Vec<Refund>, look: &Look) -> PaidBack {
        let mut fields = vec![Field::date("Went back", Some(look.today))];
        if let [only] = refunds.as_slice() {
            let note = if only.estimate { "by the prices on file" } else { "as it was paid" };
            fields.push(Field::money("Amount", only.amount).noted(note));
            fields.push(Field::choice("Then", &["1 any rest is still owed", "2 nothing more is owed"], 0));
            fields.push(Field::text("Note", "").noted("bank, reference"));
        }
        let mut dialog = PaidBack { refunds, form: Form::new(fields).saving_as("Paid back") };
        dialog.fit();
        dialog
    }

    /// Whether anything is left is asked only where it can be.
    fn fit(&mut self) {
        let whole = match (self.refunds.as_slice(), self.amount()) {
            ([only], Ok(Some(paid))) => only.amount.is_some_and(|owed| paid >= owed),
            _ => false,
        };
        if let Some(field) = self.form.field_mut(THEN) {
            field.hidden = whole;
        }
    }

    /// What was typed for the only order.
    fn amount(&self) -> Result<Option<Money>, Complaint> {
        self.form.field(AMOUNT).map_or(Ok(None), Field::amount).map_err(|e| Complaint::at(AMOUNT, e))
    }

    fn settles(&self, refund: &Refund, amount: Option<Money>) -> bool {
        self.form.field(THEN).is_none_or(|f| f.chosen() == 1)
            || refund.amount.zip(amount).is_some_and(|(owed, paid)| paid >= owed)
    }
}

impl Dialog for PaidBack {
    fn title(&self) -> String {
        match self.refunds.as_slice() {
            [only] => format!("Refund  {}, {}", only.customer_name, only.order_code),
            many => format!("Refund  {} orders", many.len()),
        }
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.fit();
        Vec::new()
    }

    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out = Vec::new();
        for r in self.refunds.iter().take(8) {
            let amount = r.amount.map_or("full price".into(), text::money);
            let right = format!("{amount} by {}", dates::full(r.by, look.today));
            let before = if r.paid_back.is_zero() {
                String::new()
            } else {
                format!(", {} went back before", text::money(r.paid_back))
            };
            let left = format!("{}  {}{before}", r.order_code, r.goods);
            let room = width.saturating_sub(text::width(&right) + 1);
            out.push(vec![Cell::plain(text::left(&left, room)), Cell::plain(format!(" {right}"))]);
        }
        out
    }

    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let amount = self.amount().ok().flatten();
        let words = match (self.refunds.as_slice(), amount) {
            ([only], Some(paid)) if !self.settles(only, amount) => {
                let rest = only.amount.map_or("the rest".into(), |owed| text::money(owed - paid));
                format!("Saves: {} paid back; {rest} stays in the list of refunds.", text::money(paid))
            }
            ([_], Some(paid)) => format!("Saves: {} paid back; nothing more is owed.", text::money(paid)),
            ([_], None) => "Saves: paid back in full.".into(),
            (many, _) => format!("Saves: {} paid back in full.", text::plural(many.len(), "order")),
        };
        let words = format!("{words} backshelf moves no money itself. Can be undone.");
        text::wrap(&words, width).into_iter().map(|line| vec![Cell::plain(line)]).collect()
    }

    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let on = self.form.field(DAY).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(DAY, e))?;
        let Some(on) = on else { return Err(Complaint::at(DAY, "On which day did the money go back?")) };
        let typed = self.amount()?;
        let mut payments = Vec::new();
        for refund in &self.refunds {
            let one = self.refunds.len() == 1;
            let amount = if one { typed } else { refund.amount };
            let settles = self.settles(refund, amount);
            if one && amount.is_none() && refund.amount.is_some() {
                return Err(Complaint::at(AMOUNT, "How much went back? Type the amount, as 150.00."));
            }
            if one && amount.is_none() && !settles {
                return Err(Complaint::at(AMOUNT, "Type the amount, or choose that nothing more is owed."));
            }
            let note = self.form.field(NOTE).map(|f| f.value().to_string());
            payments.push(Payment { order: refund.order, on, amount, settles, note });
        }
        Ok(Write::Backorders(backorders::Write::PayBack(payments)))
    }
}
