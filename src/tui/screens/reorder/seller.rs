//! Who sells it: a supplier for an item that nobody is known to sell, or one more.

use super::dialogs::wrapped;
use crate::domain::ids::ItemId;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::Write;
use crate::worker::reorder::{self, NewSeller, Planned, ReorderLine, Seller};

const FROM: usize = 0;
const NUMBER: usize = 1;
const NAME: usize = 2;
const THEIRS: usize = 3;
const COST: usize = 4;
const PACK: usize = 5;
const LEAST: usize = 6;
const DAYS: usize = 7;
/// Somebody who is on no list yet.
const NEW: i64 = 0;

/// What is sold.
pub struct Goods {
    item: ItemId,
    sku: String,
    name: String,
    cost: Option<Money>,
    pack: Option<Qty>,
}

impl Goods {
    pub fn item(&self) -> ItemId {
        self.item
    }
    /// SKU and name.
    pub fn named(&self) -> String {
        format!("{}  {}", self.sku, self.name)
    }
}

impl From<&ReorderLine> for Goods {
    fn from(line: &ReorderLine) -> Goods {
        let (sku, name) = (line.sku.clone(), line.name.clone());
        Goods { item: line.item, sku, name, cost: line.cost_each, pack: Some(line.pack) }
    }
}

impl From<&Planned> for Goods {
    fn from(p: &Planned) -> Goods {
        Goods { item: p.item, sku: p.sku.clone(), name: p.name.clone(), cost: p.cost, pack: p.pack }
    }
}

/// The dialog.
pub struct AddSeller {
    goods: Goods,
    /// Number and name of those who are known, by name.
    known: Vec<(i64, String, String)>,
    /// Somebody sells it already.
    more: bool,
    form: Form,
}

impl AddSeller {
    /// For goods; `sold_by`: who of all is known to sell them already.
    pub fn of<'a>(goods: Goods, all: impl Iterator<Item = &'a Seller>, sold_by: &[i64]) -> AddSeller {
        let mut known: Vec<(i64, String, String)> =
            all.filter(|s| !sold_by.contains(&s.id.0)).map(|s| (s.id.0, s.code.clone(), s.name.clone())).collect();
        known.sort_by_key(|k| k.2.to_lowercase());
        let mut options: Vec<(i64, String)> =
            known.iter().map(|(id, code, name)| (*id, format!("{name} ({code})"))).collect();
        options.push((NEW, "somebody new: number and name below".into()));
        let mut form = Form::new(vec![
            Field::list("From", options),
            Field::code("Number", "").noted("a short name of your own, such as ACME"),
            Field::text("Name", ""),
            Field::code("Their code", "").noted("what they call it; may be blank"),
            Field::money("Cost", goods.cost).noted("of one; may be blank"),
            Field::quantity("Pack", goods.pack).noted("sold in multiples of this"),
            Field::quantity("At least", None).noted("the least they sell; may be blank"),
            Field::text("Days", "").noted("until it comes, as they say"),
        ]);
        let new = known.is_empty();
        for at in [NUMBER, NAME] {
            if let Some(field) = form.field_mut(at) {
                field.hidden = !new;
            }
        }
        AddSeller { goods, known, more: !sold_by.is_empty(), form: form.saving_as("Save") }
    }

    fn value(&self, at: usize) -> String {
        self.form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
    }

    fn chosen(&self) -> Option<&(i64, String, String)> {
        let id = self.form.field(FROM).and_then(Field::chosen_id)?;
        self.known.iter().find(|k| k.0 == id)
    }
}

impl Dialog for AddSeller {
    fn title(&self) -> String {
        format!("Who sells it?  {}  {}", self.goods.sku, self.goods.name)
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
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        if field == FROM {
            let new = self.chosen().is_none();
            for at in [NUMBER, NAME] {
                if let Some(field) = self.form.field_mut(at) {
                    field.hidden = !new;
                }
            }
        }
        Vec::new()
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = if self.more {
            "One more who sells it. The program compares them by cost, lateness and what must be kept."
        } else {
            "Nobody is known to sell it yet. Choose who does (F4), or type somebody new."
        };
        wrapped(words, width)
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let who = self.chosen().map_or_else(|| self.value(NAME), |k| k.2.clone());
        let who = if who.is_empty() { "that supplier".to_string() } else { who };
        let name = text::fit(&self.goods.name, 40);
        wrapped(&format!("From now on {who} sells {name}, and it can be ordered there. Can be undone."), width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let (supplier, name) = match self.chosen() {
            Some((_, code, _)) => (code.clone(), None),
            None => (self.value(NUMBER), Some(self.value(NAME))),
        };
        if supplier.is_empty() {
            return Err(Complaint::at(NUMBER, "Give the supplier a number of your own: a short name will do."));
        }
        if name.as_ref().is_some_and(String::is_empty) {
            return Err(Complaint::at(NAME, "Type the supplier's name."));
        }
        if let Some((_, code, there)) =
            self.known.iter().find(|k| name.is_some() && k.1.eq_ignore_ascii_case(&supplier))
        {
            return Err(Complaint::at(
                NUMBER,
                format!("{code} is {there} already: choose it above, or take another number."),
            ));
        }
        self.form.field(COST).map_or(Ok(None), Field::amount).map_err(|e| Complaint::at(COST, e))?;
        [PACK, LEAST].into_iter().try_for_each(|at| {
            self.form.field(at).map_or(Ok(None), Field::qty).map(drop).map_err(|e| Complaint::at(at, e))
        })?;
        let terms = NewSeller {
            supplier,
            name,
            their_code: self.value(THEIRS),
            cost: self.value(COST),
            pack: self.value(PACK),
            least: self.value(LEAST),
            lead_days: self.value(DAYS),
        };
        Ok(Write::Reorder(reorder::Write::Seller { item: self.goods.item, terms }))
    }
}
