//! On what terms a supplier sells an item: cost, pack, the least, and the prices from larger quantities on with the last
//! day on which each holds.

use super::dialogs::wrapped;
use super::seller::Goods;
use crate::domain::dates;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::Line;
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::Write;
use crate::worker::reorder::{self, PriceBreak, SoldBy};

const THEIRS: usize = 0;
const COST: usize = 1;
const PACK: usize = 2;
const LEAST: usize = 3;
const DAYS: usize = 4;
const PREFERRED: usize = 5;
/// The first price from a quantity on; each takes three fields.
const BREAKS: usize = 6;
/// Prices that may be typed beside those that are there, and at least so many in all.
const MORE: usize = 1;
const AT_LEAST: usize = 3;

/// The dialog.
pub struct Terms {
    goods: Goods,
    seen: SoldBy,
    form: Form,
}

impl Terms {
    pub fn of(goods: Goods, seen: SoldBy) -> Terms {
        let t = &seen.terms;
        let days = t.lead_days.map(|n| n.to_string()).unwrap_or_default();
        let mut fields = vec![
            Field::code("Their code", t.supplier_sku.as_deref().unwrap_or("")).noted("what they call it"),
            Field::money("Cost", t.cost),
            Field::quantity("Pack", t.pack).beside(36).noted("in multiples of this"),
            Field::quantity("At least", t.min_quantity),
            Field::text("Days", &days).beside(36).noted("until it comes, as they say"),
            Field::choice("Preferred", &["no", "yes"], usize::from(t.preferred)),
        ];
        for n in 0..(seen.breaks.len() + MORE).max(AT_LEAST) {
            let b = seen.breaks.get(n);
            fields.push(Field::quantity("From", b.map(|b| b.from)));
            fields.push(Field::money("one costs", b.map(|b| b.cost)).beside(31));
            fields.push(Field::date("until", b.and_then(|b| b.valid_until)).beside(57));
        }
        Terms { goods, seen, form: Form::new(fields).saving_as("Save") }
    }

    fn text(&self, at: usize) -> String {
        self.form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
    }

    /// The prices as they were typed; a line without a quantity and a price is none.
    fn breaks(&self, look: &Look) -> Result<Vec<PriceBreak>, Complaint> {
        let mut out: Vec<PriceBreak> = Vec::new();
        for at in (BREAKS..self.form.fields.len()).step_by(3) {
            let field = |n: usize| self.form.field(at + n);
            let from = field(0).map_or(Ok(None), Field::qty).map_err(|e| Complaint::at(at, e))?;
            let cost = field(1).map_or(Ok(None), Field::amount).map_err(|e| Complaint::at(at + 1, e))?;
            let valid_until = field(2).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(at + 2, e))?;
            match (from, cost) {
                (None, None) if valid_until.is_none() => {}
                (Some(from), Some(cost)) if from.is_positive() => out.push(PriceBreak { from, cost, valid_until }),
                (Some(_), None) => return Err(Complaint::at(at + 1, "Type what one costs from that quantity on.")),
                _ => return Err(Complaint::at(at, "Type the quantity from which this price holds: 1 or more.")),
            }
        }
        out.sort_by_key(|b| b.from);
        match out.windows(2).find(|pair| matches!(pair, [a, b] if a.from == b.from)) {
            Some([a, _]) => {
                let words = format!("Two prices begin from {}: leave one of them out.", text::quantity(a.from));
                Err(Complaint::at(BREAKS, words))
            }
            _ => Ok(out),
        }
    }

    fn wanted(&self, look: &Look) -> Result<SoldBy, Complaint> {
        let quantity = |at: usize| self.form.field(at).map_or(Ok(None), Field::qty).map_err(|e| Complaint::at(at, e));
        let mut wanted = SoldBy { breaks: self.breaks(look)?, ..self.seen.clone() };
        let t = &mut wanted.terms;
        t.supplier_sku = Some(self.text(THEIRS)).filter(|code| !code.is_empty());
        t.cost = self.form.field(COST).map_or(Ok(None), Field::amount).map_err(|e| Complaint::at(COST, e))?;
        (t.pack, t.min_quantity) = (quantity(PACK)?, quantity(LEAST)?);
        let days = self.text(DAYS);
        t.lead_days = match days.as_str() {
            "" => None,
            typed => Some(typed.parse().map_err(|_| {
                Complaint::at(DAYS, format!("\"{typed}\" is no number of days. Type digits, such as 14, or nothing."))
            })?),
        };
        t.preferred = self.form.field(PREFERRED).is_some_and(|f| f.chosen() == 1);
        Ok(wanted)
    }
}

impl Dialog for Terms {
    fn title(&self) -> String {
        format!("Terms of {}  {}", self.seen.name, self.goods.named())
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
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let wanted = match self.wanted(look) {
            Ok(wanted) => wanted,
            Err(complaint) => return wrapped(&complaint.sentence, width),
        };
        let mut words = String::new();
        for b in wanted.breaks.iter().filter(|b| b.valid_until.is_some_and(|until| until < look.today)) {
            let until = b.valid_until.map(|day| dates::full(day, look.today)).unwrap_or_default();
            words.push_str(&format!(
                "The price from {} on ran out on {until}: it is not counted on. ",
                text::quantity(b.from)
            ));
        }
        let costs = wanted.terms.cost.into_iter().chain(wanted.breaks.iter().map(|b| b.cost));
        let costs: Vec<_> = costs.collect();
        if costs.windows(2).any(|pair| matches!(pair, [less, more] if more > less)) {
            words.push_str("A larger quantity costs more for each than a smaller one: is that meant? ");
        }
        if wanted.terms.preferred {
            words.push_str("It is always ordered there, whatever others cost. ");
        }
        words.push_str("A price holds from its quantity on, until its day; blank: until it is changed. An emptied line goes. Can be undone.");
        wrapped(&words, width)
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let wanted = Box::new(self.wanted(look)?);
        let seen = Box::new(self.seen.clone());
        Ok(Write::Reorder(reorder::Write::Terms { item: self.goods.item(), seen, wanted }))
    }
}
