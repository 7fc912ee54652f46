//! What is ordered of a line: what a person changed it to, else the suggestion.

use super::ReorderLine;
use crate::domain::dates;
use crate::domain::ids::SupplierId;
use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::store::changed::Own;
use chrono::NaiveDate;

/// What stands for a line: what a person changed it to, else what the program suggests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decision {
    pub supplier: Option<SupplierId>,
    pub quantity: Qty,
    /// Cost of a unit at this quantity, where known.
    pub each: Option<Money>,
}

/// What a person changed a line to, who and when; with the cost of a unit there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangedTo {
    pub own: Own,
    pub each: Option<Money>,
    pub supplier_code: Option<String>,
    pub operator: String,
    pub on: NaiveDate,
}

impl ReorderLine {
    /// What the program would order, or asks about. None: it is only to be hurried, sent or counted.
    pub fn proposed(&self) -> Option<Decision> {
        let quantity = self.quantity().or(self.asked())?;
        Some(Decision { supplier: self.supplier, quantity, each: self.cost_each })
    }
    /// What is ordered: what a person changed it to, else the suggestion. What is so much that it is only asked about is
    /// ordered by a person's own word alone.
    pub fn decided(&self) -> Option<Decision> {
        let proposed = self.proposed()?;
        match &self.changed {
            Some(c) => Some(Decision { supplier: c.own.supplier, quantity: c.own.quantity, each: c.each }),
            None => Some(proposed).filter(|_| self.quantity().is_some()),
        }
    }
    /// Who changed it and what the program would order now, a sentence each; none: nobody did.
    pub fn changed_words(&self, today: NaiveDate) -> Option<String> {
        let (changed, proposed) = (self.changed.as_ref()?, self.proposed()?);
        let on =
            if changed.on == today { "today".to_string() } else { format!("on {}", dates::full(changed.on, today)) };
        let own = locale::quantity(changed.own.quantity);
        let elsewhere = changed.own.supplier != proposed.supplier;
        let from =
            changed.supplier_code.as_deref().filter(|_| elsewhere).map_or(String::new(), |s| format!(" from {s}"));
        let theirs =
            self.supplier_code.as_deref().filter(|_| elsewhere).map_or(String::new(), |s| format!(" from {s}"));
        let program = match self.quantity() {
            Some(quantity) => format!("The program would order {}{theirs}", locale::quantity(quantity)),
            None => format!("The program only asks about {}{theirs}", locale::quantity(proposed.quantity)),
        };
        Some(format!("{} changed it to {own}{from} {on}. {program}.", changed.operator))
    }
}
