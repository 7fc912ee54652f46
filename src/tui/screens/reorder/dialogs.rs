//! The dialogs of the Reorder tab: make POs, another quantity, another supplier, later.

use super::seller::AddSeller;
use super::{Cmd, Line};
use crate::domain::calendar::plus_days;
use crate::domain::dates;
use crate::domain::ids::SupplierId;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog, Overlay, dialog};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::views::reorder::{Decision, Decisions, against_minimum, decided, pane::compared};
use crate::worker::Write;
use crate::worker::reorder::{self, Choice, ReorderLine, Shown, ToOrder};
use chrono::NaiveDate;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

fn plain(words: impl Into<String>) -> Line {
    vec![Cell::plain(words)]
}

pub(super) fn wrapped(words: &str, width: usize) -> Vec<Line> {
    text::wrap(words, width).into_iter().map(plain).collect()
}

/// Draft POs of lines.
pub struct MakeOrders {
    shown: Arc<Shown>,
    lines: Vec<ToOrder>,
    decisions: Rc<RefCell<Decisions>>,
    form: Form,
}

impl MakeOrders {
    pub fn of(shown: Arc<Shown>, places: Vec<usize>, decisions: Rc<RefCell<Decisions>>) -> MakeOrders {
        let (mut lines, mut boxes) = (Vec::new(), Vec::new());
        for line in places.iter().filter_map(|at| shown.board.lines.get(*at)) {
            let Some(d) = decided(line, &decisions.borrow()) else { continue };
            let Some(supplier) = d.supplier else { continue };
            let words = format!("{} {}", text::quantity(d.quantity), text::fit(&line.name, 40));
            boxes.push((lines.len() as i64, words, true));
            lines.push(ToOrder { item: line.item, supplier, quantity: d.quantity, cost: d.each });
        }
        let form = Form::new(vec![Field::boxes("Lines", boxes).tall(8)]).saving_as("Make");
        MakeOrders { shown, lines, decisions, form }
    }

    /// What to add to reach a minimum, and what to leave out for the budget: by the risk that a unit of money takes away.
    fn advice(&self, by_supplier: &[(SupplierId, usize, Money)]) -> Vec<String> {
        let ticked = self.ticked();
        let known = |item| self.shown.board.lines.iter().find(|l| l.item == item);
        let mut out = Vec::new();
        for (supplier, _, total) in by_supplier {
            let seller = self.shown.sellers.get(supplier);
            let Some(missing) = seller.and_then(|s| s.min_order_value).filter(|m| m > total).map(|m| m - *total) else {
                continue;
            };
            let gain = |t: &&ToOrder| {
                let line = known(t.item)?;
                let cost = t.cost?.times(line.pack);
                let less = line.risk_ordered? - line.risk_more?;
                (cost > Money::ZERO).then(|| (less / cost.as_f64(), line, cost))
            };
            let of_it = ticked.iter().filter(|t| t.supplier == *supplier);
            let best = of_it.filter_map(|t| gain(&t)).max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, line, cost)) = best {
                let packs = (missing.as_f64() / cost.as_f64()).ceil().max(1.0) as i64;
                let more = Qty::from_thousandths(line.pack.thousandths().saturating_mul(packs));
                out.push(format!(
                    "{} is missing: {} more {} takes the most risk away for it.",
                    text::money(missing),
                    text::quantity(more),
                    text::fit(&line.name, 30)
                ));
            }
        }
        let total: Money = by_supplier.iter().map(|s| s.2).sum();
        if let Some(over) = self.shown.board.budget.filter(|b| total > *b).map(|b| total - b) {
            let worth = |t: &ToOrder| {
                let line = known(t.item)?;
                let cost = t.cost?.times(t.quantity);
                (cost > Money::ZERO).then(|| (line.risk.unwrap_or(1.0) / cost.as_f64(), line, cost))
            };
            let least = ticked.iter().filter_map(worth).min_by(|a, b| a.0.total_cmp(&b.0));
            let drop = least.map_or(String::new(), |(_, line, cost)| {
                format!(" Least is lost without {} ({}).", text::fit(&line.name, 30), text::money(cost))
            });
            out.push(format!("{} over the budget.{drop}", text::money(over)));
        }
        out
    }

    fn ticked(&self) -> Vec<ToOrder> {
        let ticked = self.form.field(0).map(Field::ticked).unwrap_or_default();
        ticked.iter().filter_map(|at| self.lines.get(*at as usize)).copied().collect()
    }
}

impl Dialog for MakeOrders {
    fn title(&self) -> String {
        "Make POs, as drafts".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let mut by_supplier: Vec<(SupplierId, usize, Money)> = Vec::new();
        for line in self.ticked() {
            let cost = line.cost.map_or(Money::ZERO, |c| c.times(line.quantity));
            match by_supplier.iter_mut().find(|s| s.0 == line.supplier) {
                Some(s) => (s.1, s.2) = (s.1 + 1, s.2 + cost),
                None => by_supplier.push((line.supplier, 1, cost)),
            }
        }
        let mut out = Vec::new();
        for (supplier, count, total) in by_supplier.iter().take(8) {
            let seller = self.shown.sellers.get(supplier);
            let minimum = seller.and_then(|s| s.min_order_value);
            let head = match self.shown.draft_of(*supplier) {
                Some(draft) => format!("added to {}", draft.code),
                None => "new PO".into(),
            };
            let name = text::fit(seller.map_or("", |s| s.name.as_str()), (width / 3).max(12));
            let words = format!("{name}: {head}, {}, ", text::plural(*count, "line"));
            let short = minimum.is_some_and(|m| *total < m);
            let role = if short { Role::Soon } else { Role::Normal };
            out.push(vec![Cell::with(words, Role::Title), Cell::with(against_minimum(*total, minimum), role)]);
        }
        out.extend(self.advice(&by_supplier).into_iter().flat_map(|words| wrapped(&words, width)));
        if by_supplier.len() > 8 {
            out.push(plain(format!("and {} more", text::plural(by_supplier.len() - 8, "PO"))));
        }
        out
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let total: Money = self.ticked().iter().filter_map(|l| Some(l.cost?.times(l.quantity))).sum();
        let words = format!(
            "Makes {}, {}, on drafts: nothing is sent. They stand below the list, to be sent from there. Can be undone.",
            text::plural(self.ticked().len(), "line"),
            text::money(total)
        );
        wrapped(&words, width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let lines = self.ticked();
        if lines.is_empty() {
            return Err(Complaint::at(0, "No line is ticked. Space ticks a line."));
        }
        Ok(Write::Reorder(reorder::Write::Order(lines)))
    }
    /// What was changed for this order is ordered: what is left of the need is the program's figure again.
    fn then(&mut self) -> Option<Box<dyn Overlay>> {
        let made = self.ticked();
        self.decisions.borrow_mut().retain(|item, _| !made.iter().any(|line| line.item == *item));
        None
    }
}

/// Another quantity.
pub struct Change {
    line: ReorderLine,
    now: Decision,
    decisions: Rc<RefCell<Decisions>>,
    form: Form,
}

impl Change {
    pub fn of(line: ReorderLine, now: Decision, decisions: Rc<RefCell<Decisions>>) -> Change {
        let pack = format!("pack of {}", text::quantity(line.pack));
        let form = Form::new(vec![Field::quantity("Order", Some(now.quantity)).noted(pack)]).saving_as("Change");
        Change { line, now, decisions, form }
    }
    fn wanted(&self) -> Result<Qty, Complaint> {
        match self.form.field(0).map(Field::qty) {
            Some(Ok(Some(q))) if q.is_positive() => Ok(q),
            Some(Err(sentence)) => Err(Complaint::at(0, sentence)),
            _ => {
                Err(Complaint::at(0, "Type how much to order; to order nothing, drop the line (x) or put it off (z)."))
            }
        }
    }
}

impl Dialog for Change {
    fn title(&self) -> String {
        format!("Change  {}  {}", self.line.sku, self.line.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped(&self.line.reason, width)
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let Ok(q) = self.wanted() else { return Vec::new() };
        let after = self.line.position + q;
        let mut words = format!("Lifts {} to {}", text::quantity(self.line.position), text::quantity(after));
        if self.line.daily > 0.0 {
            words.push_str(&format!(", lasts {:.0} days", after.or_zero().as_f64() / self.line.daily));
        }
        if let Some(each) = self.now.each {
            words.push_str(&format!(", costs {}", text::money(each.times(q))));
        }
        words.push('.');
        let packs = self.line.pack.thousandths().max(1);
        if q.thousandths() % packs != 0 {
            words.push_str(&format!(" Not whole packs of {}.", text::quantity(self.line.pack)));
        }
        if after <= self.line.reorder_point {
            words.push_str(&format!(" Still at or below {}: it will be suggested again.", self.line.reorder_point));
        }
        words.push_str(" For this order only.");
        wrapped(&words, width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Err(Complaint::at(0, "Nothing is written before the PO is made (s)."))
    }
    fn done(&mut self, _look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let quantity = self.wanted()?;
        self.decisions.borrow_mut().insert(self.line.item, Decision { quantity, ..self.now });
        Ok(decided_on(format!("{} of {}: s makes the PO.", text::quantity(quantity), self.line.name)))
    }
}

fn decided_on(notice: String) -> Vec<Cmd> {
    vec![Cmd::Close, Cmd::Do(crate::tui::action::Action::Reload), Cmd::Notice(notice)]
}

/// Another supplier.
pub struct OtherSupplier {
    line: ReorderLine,
    choices: Vec<Choice>,
    decisions: Rc<RefCell<Decisions>>,
    /// For somebody who is not on the list.
    add: Option<AddSeller>,
    form: Form,
}

impl OtherSupplier {
    pub fn of(
        line: ReorderLine,
        choices: Vec<Choice>,
        decisions: Rc<RefCell<Decisions>>,
        add: AddSeller,
    ) -> OtherSupplier {
        let words = |c: &Choice| if c.current { format!("{}, as now", compared(c, &line)) } else { compared(c, &line) };
        let somebody = std::iter::once("somebody else: opens a form".to_string());
        let options = (0..).zip(choices.iter().map(words).chain(somebody)).collect();
        let mut field = Field::list("From", options);
        let other = choices.iter().position(|c| !c.current).unwrap_or(0);
        field.choose(other);
        let form = Form::new(vec![field]).saving_as("Change");
        OtherSupplier { line, choices, decisions, add: Some(add), form }
    }
    fn chosen(&self) -> Option<&Choice> {
        self.choices.get(self.form.field(0)?.chosen())
    }
}

impl Dialog for OtherSupplier {
    fn title(&self) -> String {
        format!("Other supplier  {}  {}", self.line.sku, self.line.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let mut out = wrapped("Who sells it, what it costs there, and when it comes:", width);
        out.extend(self.choices.iter().take(8).map(|c| {
            let sign = if c.current { "now" } else { "or " };
            plain(text::fit(&format!("  {sign}  {}", compared(c, &self.line)), width))
        }));
        out
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let Some(c) = self.chosen() else {
            return wrapped("Opens a form: who sells it, and on what terms.", width);
        };
        let mut words = format!("{} from {}", text::quantity(c.quantity), c.name);
        if let Some(cost) = c.cost {
            words.push_str(&format!(" for {}", text::money(cost)));
        }
        if let Some(days) = c.lead_days {
            let on = plus_days(look.today, days);
            words.push_str(&format!("; by their own word here on {}", dates::full(on, look.today)));
        }
        wrapped(&format!("{words}. For this order only; the item keeps its supplier."), width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Err(Complaint::at(0, "Nothing is written before the PO is made (s)."))
    }
    fn done(&mut self, _look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let Some(c) = self.chosen() else {
            return match self.add.take() {
                Some(add) => Ok(vec![Cmd::Close, dialog(add)]),
                None => Err(Complaint::at(0, "Choose a supplier from the list (F4).")),
            };
        };
        let decision = Decision { supplier: Some(c.supplier), quantity: c.quantity, each: c.cost_each };
        self.decisions.borrow_mut().insert(self.line.item, decision);
        Ok(decided_on(format!("{} now from {}: s makes the PO.", self.line.name, c.name)))
    }
}

const REASONS: [&str; 5] =
    ["enough for now", "price is to be asked", "waits for another order", "season is over", "not needed"];

/// Not now, or not at all.
pub struct PutOff {
    lines: Vec<ReorderLine>,
    drop: bool,
    form: Form,
}

impl PutOff {
    pub fn of(lines: Vec<ReorderLine>, drop: bool, today: NaiveDate) -> PutOff {
        let until = plus_days(today, if drop { 30 } else { 7 });
        let mut reason = Field::list("Reason", (0..).zip(REASONS).map(|(n, r)| (n, r.to_string())).collect());
        if drop {
            reason.choose(REASONS.len() - 1);
        }
        let form = Form::new(vec![Field::date("Until", Some(until)).noted("+5, fri, w49, 2.12"), reason]);
        PutOff { lines, drop, form }
    }
}

impl Dialog for PutOff {
    fn title(&self) -> String {
        let what = match self.lines.as_slice() {
            [one] => one.name.clone(),
            many => text::plural(many.len(), "line"),
        };
        format!("{}  {what}", if self.drop { "Drop" } else { "Later" })
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let outs = self.lines.iter().filter_map(|l| Some((l.out_on?, l)));
        let Some((on, line)) = outs.min_by_key(|o| o.0) else { return Vec::new() };
        let words = if on <= look.today {
            format!("{} is out now.", line.name)
        } else {
            format!("{} is out on {} if nothing is ordered.", line.name, dates::full(on, look.today))
        };
        wrapped(&words, width)
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let words = match self.form.field(0).and_then(|f| f.day(look.today).ok().flatten()) {
            Some(day) => format!(
                "Out of the list until {}; if it is still needed then, it comes back by itself. Can be undone.",
                dates::full(day, look.today)
            ),
            None => "Out of the list until a day that you name.".into(),
        };
        wrapped(&words, width)
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let until = self.form.field(0).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(0, e))?;
        let Some(until) = until.filter(|d| *d > look.today) else {
            return Err(Complaint::at(0, "Name a day after today: until then the line is out of the list."));
        };
        let reason = self.form.field(1).and_then(|f| REASONS.get(f.chosen())).copied().unwrap_or(REASONS[0]);
        let items = self.lines.iter().map(|l| l.item).collect();
        Ok(Write::Reorder(reorder::Write::Later { items, until, reason: reason.to_string() }))
    }
}
