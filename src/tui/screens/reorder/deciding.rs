//! What a buyer decides beside orders: a project, an inherited history, the way of planning.

use super::dialogs::wrapped;
use crate::domain::dates;
use crate::domain::ids::{ItemId, SupplierId};
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::views::reorder::last_year::way;
use crate::worker::Write;
use crate::worker::reorder::{self, Expects, ItemRule, LargeLine, Planned};
use crate::worker::search::FoundKind;
use chrono::NaiveDate;

const REASONS: [&str; 4] = ["a project, once", "somebody filled a store", "typed wrongly", "a promotion"];

/// A large order was a project.
pub struct Project {
    large: LargeLine,
    form: Form,
}

impl Project {
    pub fn of(large: LargeLine) -> Project {
        let reasons = (0..).zip(REASONS).map(|(n, r)| (n, r.to_string())).collect();
        Project { large, form: Form::new(vec![Field::list("It was", reasons)]).saving_as("Leave it out") }
    }
}

impl Dialog for Project {
    fn title(&self) -> String {
        format!("Was it a project?  {}", self.large.item_name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let words = format!(
            "{} ordered {} at once on {} ({}).",
            self.large.customer,
            text::quantity(self.large.quantity),
            dates::full(self.large.ordered_on, look.today),
            self.large.order
        );
        wrapped(&words, width)
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped("It stays on record and leaves the forecast: less is kept of this item. Can be undone.", width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let reason = self.form.field(0).and_then(|f| REASONS.get(f.chosen())).copied().unwrap_or(REASONS[0]);
        Ok(Write::Reorder(reorder::Write::Project { line: self.large.line, reason: reason.to_string() }))
    }
}

/// Any large order of an item, to be called a project or to count again.
pub struct Large {
    named: String,
    lines: Vec<LargeLine>,
    form: Form,
}

const WHICH: usize = 0;
const WAS: usize = 1;

impl Large {
    /// `lines`: not none.
    pub fn of(named: String, lines: Vec<LargeLine>, today: NaiveDate) -> Large {
        let words = |l: &LargeLine| {
            let so = if l.project { ", a project" } else { "" };
            let on = dates::full(l.ordered_on, today);
            format!("{} for {} on {on}, {}{so}", text::quantity(l.quantity), text::fit(&l.customer, 24), l.order)
        };
        let options = (0..).zip(lines.iter().map(words)).collect();
        let reasons = (0..).zip(REASONS).map(|(n, r)| (n, r.to_string())).collect();
        let form = Form::new(vec![Field::list("Order", options), Field::list("It was", reasons)]);
        let mut large = Large { named, lines, form: form.saving_as("Save") };
        large.arrange();
        large
    }

    fn chosen(&self) -> Option<&LargeLine> {
        self.lines.get(self.form.field(WHICH)?.chosen())
    }

    /// Of one that is called a project no reason is asked.
    fn arrange(&mut self) {
        let project = self.chosen().is_some_and(|l| l.project);
        if let Some(field) = self.form.field_mut(WAS) {
            field.hidden = project;
        }
    }
}

impl Dialog for Large {
    fn title(&self) -> String {
        format!("Large orders  {}", self.named)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        if field == WHICH {
            self.arrange();
        }
        Vec::new()
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped("A single large order that will not come again is kept on record and left out of the forecast.", width)
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = match self.chosen() {
            Some(line) if line.project => "It is left out now. Saving lets it count again. Can be undone.",
            _ => "It leaves the forecast: less is kept of this item. Can be undone.",
        };
        wrapped(words, width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let line = self.chosen().ok_or_else(|| Complaint::at(WHICH, "Choose an order from the list (F4)."))?;
        if line.project {
            return Ok(Write::Reorder(reorder::Write::NoProject { line: line.line }));
        }
        let reason = self.form.field(WAS).and_then(|f| REASONS.get(f.chosen())).copied().unwrap_or(REASONS[0]);
        Ok(Write::Reorder(reorder::Write::Project { line: line.line, reason: reason.to_string() }))
    }
}

/// By which way the plans are made: the last year, lived again, says which needed less stock.
pub struct Way {
    /// What is in force.
    blended: bool,
    /// What needed less.
    better: bool,
    form: Form,
}

impl Way {
    pub fn of(blended: bool, better: bool) -> Way {
        let options = [false, true].map(way);
        let form = Form::new(vec![Field::choice("Plans by", &options, usize::from(better))]);
        Way { blended, better, form: form.saving_as("Use it") }
    }
}

impl Dialog for Way {
    fn title(&self) -> String {
        "By which way are plans made?".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = format!(
            "Now they are made by {}. In the last year {} needed less stock for the target.",
            way(self.blended),
            way(self.better)
        );
        wrapped(&words, width)
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped("All plans are made anew by it, of every item. Can be undone.", width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let blend = self.form.field(0).is_some_and(|f| f.chosen() == 1);
        Ok(Write::Reorder(reorder::Write::PlanBy { blend }))
    }
}

/// An item takes over from another: that of the chosen row, or any, as a new one that nobody asked for yet is on no list.
pub struct Inherit {
    form: Form,
}

impl Inherit {
    /// `sku`: of the chosen row; blank: there is none.
    pub fn of(sku: &str) -> Inherit {
        let fields = vec![
            Field::naming("Item", sku, FoundKind::Item, true).noted("name or SKU of the new one"),
            Field::naming("Follows", "", FoundKind::Item, true).noted("name or SKU; blank: none"),
        ];
        let mut form = Form::new(fields).saving_as("Save");
        form.set_focus(usize::from(!sku.is_empty()));
        Inherit { form }
    }

    fn value(&self, at: usize) -> String {
        self.form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
    }
}

impl Dialog for Inherit {
    fn title(&self) -> String {
        "Whose history does it take over?".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped("An item that replaces another inherits what customers ordered of that one.", width)
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped("Its level follows from both histories from then on. Can be undone.", width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let sku = self.value(0);
        if sku.is_empty() {
            return Err(Complaint::at(0, "Type the SKU of the item that replaces another, or a part of its name."));
        }
        Ok(Write::Reorder(reorder::Write::Inherit { sku, from: self.value(1) }))
    }
}

/// What a person knows of an item that its orders do not tell.
pub struct Rule {
    item: ItemId,
    /// SKU and name.
    named: String,
    /// How long goods take as planned now, in days.
    lead_days: Option<f64>,
    supplier: Option<SupplierId>,
    form: Form,
}

const LEAD: usize = 0;
const LEAD_HERE: usize = 1;
const KEEPS: usize = 2;
const SEASON: usize = 3;
const EXPECTS: usize = 4;
const TRUST: usize = 5;
/// Months that an estimate counts for, unless another number is typed.
const TRUSTED: &str = "3";

impl Rule {
    pub fn of(p: &Planned) -> Rule {
        let days = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        let of = |supplier| p.rules.iter().find(|r| r.supplier == supplier).cloned().unwrap_or_default();
        let seller = p.seller();
        let (rule, here) = (of(None), seller.map(|s| of(Some(s.id))).unwrap_or_default());
        let only = seller.map_or(String::new(), |s| format!("days, from {} only", text::fit(&s.name, 30)));
        let mut form = Form::new(vec![
            Field::text("Lead time", &days(rule.lead_days)).noted("days, fixed; blank: as it is learned"),
            Field::text("or there", &days(here.lead_days)).noted(only),
            Field::text("Keeps", &days(rule.shelf_days)).noted("days; blank: for ever"),
            Field::text("Season", rule.season.as_deref().unwrap_or("")).noted("12 factors, January first; blank: none"),
            Field::quantity("You expect", rule.expects.map(|e| e.month)).noted("a month; blank: as its orders tell"),
            Field::text("as much as", &rule.expects.map_or(TRUSTED.into(), |e| e.months.to_string()))
                .noted("months of sales: for so many it counts"),
        ]);
        if let Some(field) = form.field_mut(LEAD_HERE) {
            field.hidden = seller.is_none();
        }
        Rule {
            item: p.item,
            named: format!("{}  {}", p.sku, p.name),
            lead_days: p.in_force.as_ref().map(|now| now.lead_days),
            supplier: seller.map(|s| s.id),
            form: form.saving_as("Save"),
        }
    }

    fn text(&self, at: usize) -> String {
        self.form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
    }

    fn expects(&self, look: &Look) -> Result<Option<Expects>, Complaint> {
        let month = self.form.field(EXPECTS).map_or(Ok(None), Field::qty).map_err(|e| Complaint::at(EXPECTS, e))?;
        let Some(month) = month else { return Ok(None) };
        let typed = self.text(TRUST);
        let wrong = || Complaint::at(TRUST, "Type for how many months of sales it counts, such as 3.");
        let months = typed.parse().ok().filter(|n| (1..=36).contains(n)).ok_or_else(wrong)?;
        Ok(Some(Expects { month, months, said_on: look.today }))
    }

    fn days(&self, at: usize, what: &str) -> Result<Option<i64>, Complaint> {
        let typed = self.text(at);
        if typed.is_empty() {
            return Ok(None);
        }
        let wrong =
            || Complaint::at(at, format!("\"{typed}\" is no number of days. Type digits, such as {what}, or nothing."));
        typed.parse().map(Some).map_err(|_| wrong())
    }
}

impl Dialog for Rule {
    fn title(&self) -> String {
        format!("What you know of it  {}", self.named)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let takes = self.lead_days.map_or(String::new(), |days| {
            format!("Goods take {} as planned now. ", text::plural(days.round().max(0.0) as usize, "day"))
        });
        wrapped(&format!("{takes}What is typed here goes before what was learned."), width)
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = "No order goes beyond what sells while it keeps. A season multiplies what sells: 0.8 is a fifth less, \
                     1.5 half as much again. What you expect of a new item fades as orders come. Can be undone.";
        let whole = "For the whole warehouse (: settings): days between two rounds, days of stock that are too much, \
                     budget of a round, served from stock by class.";
        wrapped(words, width).into_iter().chain([Line::new()]).chain(wrapped(whole, width)).collect()
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let season = Some(self.text(SEASON)).filter(|s| !s.is_empty());
        let (lead_days, shelf_days) = (self.days(LEAD, "14")?, self.days(KEEPS, "90")?);
        let expects = self.expects(look)?;
        let mut rules = vec![ItemRule { supplier: None, lead_days, shelf_days, season, expects }];
        if self.supplier.is_some() {
            let lead_days = self.days(LEAD_HERE, "14")?;
            rules.push(ItemRule { supplier: self.supplier, lead_days, ..ItemRule::default() });
        }
        Ok(Write::Reorder(reorder::Write::Rules { item: self.item, rules }))
    }
}
