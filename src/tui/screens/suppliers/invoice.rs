//! What a supplier invoiced, beside what was agreed.

use super::super::stock_dialogs::asks_again;
use super::super::{Cmd, Line};
use super::who::{said, typed};
use crate::domain::money::Money;
use crate::domain::purchase::{Billed, freight_differs};
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::Write;
use crate::worker::suppliers::{self, Invoice, InvoiceLine, PoItem, PoPage};

const NUMBER: usize = 0;
const DAY: usize = 1;
const FREIGHT: usize = 2;
const PAPERS: usize = 3;
const NOTE: usize = 4;
/// The first field of the lines; each has two, quantity and price.
const LINES: usize = 5;
/// Lines that fit; what is left is another invoice.
const OWN: usize = 12;
const LABELS: [&str; OWN] = [
    "Line 1", "Line 2", "Line 3", "Line 4", "Line 5", "Line 6", "Line 7", "Line 8", "Line 9", "Line 10", "Line 11",
    "Line 12",
];
const PRICE: u16 = 60;

fn invoiced_before(page: &PoPage, line: &PoItem) -> Qty {
    page.invoices.iter().filter(|i| i.line == Some(line.id)).filter_map(|i| i.quantity).sum()
}

/// An invoice on a PO.
pub struct Invoiced {
    page: PoPage,
    /// What may be invoiced yet.
    lines: Vec<(PoItem, Qty)>,
    /// Asked about a part of a piece, and saved again.
    sure: bool,
    form: Form,
}

impl Invoiced {
    pub fn new(page: &PoPage) -> Invoiced {
        let before = |line: &PoItem| invoiced_before(page, line);
        let left = |line: &PoItem| (line.quantity.max(line.received) - before(line)).or_zero();
        let open: Vec<(PoItem, Qty)> =
            page.po.lines.iter().map(|l| (l.clone(), left(l))).filter(|l| l.1.is_positive()).take(OWN).collect();
        let freight_known = page.invoices.iter().any(|i| i.line.is_none());
        let mut fields = vec![
            Field::text("Number", ""),
            Field::date("Day", None).noted("blank: today"),
            Field::money("Freight", page.po.freight.filter(|_| !freight_known)),
            Field::choice("Papers", &["right", "wrong"], 0),
            Field::text("Note", ""),
        ];
        for ((line, left), label) in open.iter().zip(LABELS) {
            // What came is what is paid; before anything came, what was ordered.
            let came = (line.received - before(line)).or_zero();
            let usual = if came.is_positive() { came.min(*left) } else { *left };
            fields.push(Field::quantity(label, Some(usual)).noted(line.item_name.clone()));
            fields.push(Field::money("Price", line.cost).beside(PRICE));
        }
        Invoiced { page: page.clone(), lines: open, sure: false, form: Form::new(fields) }
    }

    fn said(&self) -> Result<Vec<InvoiceLine>, Complaint> {
        let mut lines = Vec::new();
        for (n, (line, _)) in self.lines.iter().enumerate() {
            let at = LINES + 2 * n;
            let quantity = self.form.field(at).map_or(Ok(None), Field::qty).map_err(|s| Complaint::at(at, s))?;
            let cost = self.form.field(at + 1).map_or(Ok(None), Field::amount).map_err(|s| Complaint::at(at + 1, s))?;
            let Some(quantity) = quantity.filter(|q| !q.is_zero()) else { continue };
            let cost = cost.ok_or_else(|| Complaint::at(at + 1, "Type the price of one that is invoiced."))?;
            lines.push(InvoiceLine { line: line.id, quantity, cost });
        }
        Ok(lines)
    }

    fn freight(&self) -> Option<Money> {
        self.form.field(FREIGHT).and_then(|f| f.amount().ok().flatten())
    }

    /// Where it is not as agreed; none: what is typed cannot be read yet.
    fn differs(&self) -> Option<Vec<String>> {
        let mut out = Vec::new();
        for said in self.said().ok()? {
            let (line, _) = self.lines.iter().find(|(l, _)| l.id == said.line)?;
            let came = (line.received - invoiced_before(&self.page, line)).or_zero();
            let billed =
                Billed { what: &line.item_name, quantity: said.quantity, came, cost: said.cost, agreed: line.cost };
            out.extend(billed.differs());
        }
        out.extend(self.freight().and_then(|freight| freight_differs(freight, self.page.po.freight)));
        Some(out)
    }

    fn over(&self) -> Option<Money> {
        let lines = self.said().ok()?;
        let of = |said: &InvoiceLine| {
            let agreed = self.lines.iter().find(|(l, _)| l.id == said.line)?.0.cost?;
            Some((said.cost - agreed).times(said.quantity))
        };
        let freight = self.freight().zip(self.page.po.freight).map_or(Money::ZERO, |(f, agreed)| f - agreed);
        Some(lines.iter().filter_map(of).sum::<Money>() + freight)
    }
}

impl Dialog for Invoiced {
    fn title(&self) -> String {
        format!("Invoice for {}, {}", self.page.po.code, self.page.po.supplier_name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.sure = false;
        Vec::new()
    }
    fn refused(&mut self, sentence: &str) {
        self.sure = asks_again(sentence);
    }
    fn tight(&self) -> bool {
        true
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let mut out = match (self.differs(), self.over()) {
            (Some(differs), _) if differs.is_empty() => said("As agreed.", width),
            (Some(differs), over) => {
                let mut words = format!("Not as agreed: {}.", differs.join(", "));
                match over {
                    Some(over) if over > Money::ZERO => words.push_str(&format!(" {} over.", text::money(over))),
                    Some(over) if over < Money::ZERO => {
                        words.push_str(&format!(" {} under.", text::money(Money::ZERO - over)));
                    }
                    _ => {}
                }
                text::wrap(&words, width).into_iter().map(|w| vec![Cell::with(w, Role::Soon)]).collect()
            }
            (None, _) => Vec::new(),
        };
        out.extend(said("A line without a quantity is not on this invoice. Feeds their card. Can be undone.", width));
        out
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let on = self.form.field(DAY).map_or(Ok(None), |f| f.day(look.today)).map_err(|s| Complaint::at(DAY, s))?;
        let freight =
            self.form.field(FREIGHT).map_or(Ok(None), Field::amount).map_err(|s| Complaint::at(FREIGHT, s))?;
        let invoice = Invoice {
            po: self.page.po.id,
            number: typed(&self.form, NUMBER),
            on,
            lines: self.said()?,
            freight,
            papers_right: self.form.field(PAPERS).map_or(0, Field::chosen) == 0,
            note: typed(&self.form, NOTE),
            sure: self.sure,
        };
        Ok(Write::Suppliers(suppliers::Write::Invoice(invoice)))
    }
}
