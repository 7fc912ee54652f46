//! The last step of the ladder: who else could bring it, at what price and when; saving puts it on a draft for him.

use super::super::{Cmd, Line};
use super::dates::choices;
use super::who::{Who, open_lines, plain, said};
use crate::domain::dates;
use crate::domain::ids::PoId;
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::suppliers::{self, OpenPoLine, Other, SecondSource};
use crate::worker::{Answer, Load, Write};

const GOODS: usize = 0;
const FROM: usize = 1;
const QUANTITY: usize = 2;

/// The goods from somebody else.
pub struct Second {
    who: Who,
    po: Option<PoId>,
    lines: Vec<OpenPoLine>,
    /// None: not read yet.
    others: Option<Vec<Other>>,
    form: Form,
}

impl Second {
    pub fn new(who: Who, po: Option<PoId>) -> Second {
        let fields =
            vec![Field::list("Goods", Vec::new()), Field::list("From", Vec::new()), Field::quantity("Quantity", None)];
        Second { who, po, lines: Vec::new(), others: None, form: Form::new(fields).saving_as("Onto a draft") }
    }

    fn line(&self) -> Option<&OpenPoLine> {
        let id = self.form.field(GOODS)?.chosen_id()?;
        self.lines.iter().find(|l| l.po_line.0 == id)
    }

    fn other(&self) -> Option<&Other> {
        let id = self.form.field(FROM)?.chosen_id()?;
        self.others.iter().flatten().find(|o| o.supplier.0 == id)
    }

    fn read(&mut self) -> Vec<Cmd> {
        self.others = None;
        let Some(line) = self.line() else { return Vec::new() };
        let load = suppliers::Load::Others { item: line.item, not: self.who.id, wanted: line.open };
        vec![Cmd::Load("others", Load::Suppliers(load))]
    }

    fn show_quantity(&mut self) {
        let quantity = self.other().map(|o| o.quantity);
        if let Some(field) = self.form.field_mut(QUANTITY).filter(|f| !f.was_typed()) {
            field.set_value(&quantity.map(|q| q.to_string()).unwrap_or_default());
        }
    }
}

/// `Bigfoot Breweries 24 at 16.10, likely 3 Dec, grade B`.
fn words(other: &Other, look: &Look) -> String {
    let cost = other.cost.map(|c| format!(" at {}", text::money(c))).unwrap_or_default();
    let likely = other.likely.map_or("no date known".into(), |d| format!("likely {}", dates::short(d, look.today)));
    let grade = if other.grade.is_empty() { "no grade" } else { other.grade.as_str() };
    format!("{}  {}{cost}, {likely}, {grade}", other.name, text::quantity(other.quantity))
}

impl Dialog for Second {
    fn title(&self) -> String {
        format!("Order elsewhere what {} does not bring", self.who.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.who.read_open()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if let Answer::Suppliers(suppliers::Answer::Others(others)) = answer {
            let options = others.iter().map(|o| (o.supplier.0, words(o, look))).collect();
            if let Some(field) = self.form.field_mut(FROM) {
                field.set_options(options);
            }
            self.others = Some(others);
            self.show_quantity();
            return Vec::new();
        }
        let Some(mut lines) = open_lines(&answer, self.po) else { return Vec::new() };
        lines.retain(|l| !l.draft);
        self.lines = lines;
        let options = choices(&self.lines, look.today).into_iter().filter(|o| o.0 > 0).collect();
        if let Some(field) = self.form.field_mut(GOODS) {
            field.set_options(options);
        }
        self.read()
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        match field {
            GOODS => self.read(),
            FROM => {
                self.show_quantity();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let Some(line) = self.line() else { return vec![plain("Nothing is under way.")] };
        let due = line.expected_on.map_or("no date".into(), |d| format!("due {}", dates::full(d, look.today)));
        let cost = line.cost.map(|c| format!(", at {}", text::money(c))).unwrap_or_default();
        let words =
            format!("{} {} are open on {}, {due}{cost}.", text::quantity(line.open), line.item_name, line.po_code);
        said(&words, width)
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        match (&self.others, self.other()) {
            (None, _) => said("Looking who else sells it ...", width),
            (Some(_), None) => said(
                "Nobody else is on file who sells it. With n on the list any supplier can be asked: type its SKU there.",
                width,
            ),
            (Some(_), Some(other)) => {
                let mut out = said(&format!("{}.", words(other, look)), width);
                out.push(Line::new());
                out.extend(said(
                    "Goes on a draft for them; send it with s. What is late stays ordered until you cancel it (x). \
                     Can be undone.",
                    width,
                ));
                out
            }
        }
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let line = self.line().ok_or_else(|| Complaint::at(GOODS, "Choose the goods that do not come (F4)."))?;
        let other = self.other().ok_or_else(|| Complaint::at(FROM, "Nobody else is on file who sells it."))?;
        let quantity =
            self.form.field(QUANTITY).map_or(Ok(None), Field::qty).map_err(|s| Complaint::at(QUANTITY, s))?;
        let quantity = quantity
            .filter(|q: &Qty| q.is_positive())
            .ok_or_else(|| Complaint::at(QUANTITY, "Type how much to order from them."))?;
        let second = SecondSource { line: line.po_line, supplier: other.supplier, quantity, cost: other.cost };
        Ok(Write::Suppliers(suppliers::Write::Second(second)))
    }
}
