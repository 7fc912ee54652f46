//! What a buyer decides beside orders: a project, an inherited history.

use super::dialogs::wrapped;
use crate::domain::dates;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::Line;
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::Write;
use crate::worker::reorder::{self, LargeLine, ReorderLine};

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

/// The item takes over from another.
pub struct Inherit {
    line: ReorderLine,
    form: Form,
}

impl Inherit {
    pub fn of(line: ReorderLine) -> Inherit {
        Inherit { line, form: Form::new(vec![Field::text("Follows", "").noted("SKU; blank: none")]).saving_as("Save") }
    }
}

impl Dialog for Inherit {
    fn title(&self) -> String {
        format!("Whose history?  {}  {}", self.line.sku, self.line.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped("An item that replaces another inherits what customers ordered of that one. Type its SKU.", width)
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped("Its level follows from both histories from then on. Can be undone.", width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let from = self.form.field(0).map(|f| f.value().to_string()).unwrap_or_default();
        Ok(Write::Reorder(reorder::Write::Inherit { item: self.line.item, from }))
    }
}
