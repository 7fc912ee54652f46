//! What a supplier invoiced against what was agreed, and whether the papers were right.

use super::super::perform;
use super::whole;
use crate::domain::ids::{PoId, PoLineId};
use crate::domain::money::Money;
use crate::domain::purchase::{Billed, PoState, freight_differs};
use crate::domain::quantity::Qty;
use crate::store::po::{self, Invoiced};
use crate::store::{Act, Done, Failure, Result, Store};
use chrono::NaiveDate;

/// What an invoice says of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvoiceLine {
    pub line: PoLineId,
    pub quantity: Qty,
    /// Of a unit.
    pub cost: Money,
}

/// An invoice, or what came of one to be recorded now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invoice {
    pub po: PoId,
    pub number: String,
    /// None: today.
    pub on: Option<NaiveDate>,
    pub lines: Vec<InvoiceLine>,
    pub freight: Option<Money>,
    /// Delivery note, invoice and certificates as agreed.
    pub papers_right: bool,
    pub note: String,
    /// A person was asked about a part of a piece and said yes.
    pub sure: bool,
}

/// Keeps an invoice; answers by how much it is over what was agreed (below zero: less). More than was ordered may be
/// invoiced only where more came.
pub fn invoice(store: &mut Store, act: Act, invoice: &Invoice) -> Result<Done<Money>> {
    perform(store, act, |tx| {
        let order = whole(tx, invoice.po)?;
        if order.state == PoState::Draft {
            return Err(Failure::refused(format!("{} is a draft: nothing can be invoiced on it.", order.code)));
        }
        if invoice.lines.is_empty() && invoice.freight.is_none() {
            return Err(Failure::refused("Type what is invoiced: a price for a line, or the freight."));
        }
        let today = tx.act().today;
        let on = invoice.on.unwrap_or(today);
        if on > today {
            return Err(Failure::refused(format!("{on} is yet to come: an invoice has a day of today or before.")));
        }
        let text = |t: &str| Some(t.trim().to_string()).filter(|t| !t.is_empty());
        let before = po::invoices(tx, order.id)?;
        let (mut kept, mut differs) = (Vec::new(), Vec::new());
        for said in &invoice.lines {
            let line = order.lines.iter().find(|l| l.id == said.line).ok_or_else(super::gone)?;
            let invoiced: Qty = before.iter().filter(|i| i.line == Some(line.id)).filter_map(|i| i.quantity).sum();
            let most = line.quantity.max(line.received);
            if !said.quantity.is_positive() || invoiced + said.quantity > most {
                return Err(Failure::refused(format!(
                    "{} {} were ordered on {} and {invoiced} invoiced before: {} cannot be invoiced.",
                    most, line.item_name, order.code, said.quantity
                )));
            }
            let billed = Billed {
                what: &line.item_name,
                quantity: said.quantity,
                came: (line.received - invoiced).or_zero(),
                cost: said.cost,
                agreed: line.cost,
            };
            if billed.is_odd_part(line.quantity) && !invoice.sure {
                let words = format!("{} {} is a part of a piece.", said.quantity, line.item_name);
                return Err(super::super::stock::ask(words));
            }
            differs.extend(billed.differs());
            kept.push(Invoiced {
                line: Some(line.id),
                number: text(&invoice.number),
                invoiced_on: on,
                quantity: Some(said.quantity),
                cost: said.cost,
                agreed: line.cost,
                papers_right: invoice.papers_right,
                note: text(&invoice.note),
            });
        }
        kept.extend(invoice.freight.map(|freight| Invoiced {
            line: None,
            number: text(&invoice.number),
            invoiced_on: on,
            quantity: None,
            cost: freight,
            agreed: order.freight,
            papers_right: invoice.papers_right,
            note: text(&invoice.note),
        }));
        for row in &kept {
            po::add_invoice(tx, order.id, row)?;
        }
        let over: Money = kept.iter().filter_map(Invoiced::over).sum();
        differs.extend(invoice.freight.and_then(|freight| freight_differs(freight, order.freight)));
        match over.ten_thousandths() {
            0 => {}
            n if n > 0 => differs.push(format!("{over} over what was agreed")),
            _ => differs.push(format!("{} under what was agreed", Money::ZERO - over)),
        }
        let verdict = if differs.is_empty() { "as agreed".to_string() } else { differs.join(", ") };
        let papers = if invoice.papers_right { "" } else { "; the papers were wrong" };
        let number = text(&invoice.number).map(|n| format!(" {n}")).unwrap_or_default();
        tx.summarise(format!("invoice{number} for {}: {verdict}{papers}", order.code));
        Ok(over)
    })
}
