//! What suppliers invoiced against what was agreed.

use crate::domain::ids::{PoId, PoLineId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::store::cells::{date, maybe_money, maybe_quantity};
use crate::store::{Db, Result, Tx};
use chrono::NaiveDate;
use rusqlite::params;

/// Price and freight that a supplier invoiced, of one line or of the freight.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invoiced {
    /// None: the freight.
    pub line: Option<PoLineId>,
    pub number: Option<String>,
    pub invoiced_on: NaiveDate,
    pub quantity: Option<Qty>,
    /// Of a unit; of the whole for freight.
    pub cost: Money,
    /// What was agreed when it was recorded.
    pub agreed: Option<Money>,
    pub papers_right: bool,
    pub note: Option<String>,
}

impl Invoiced {
    /// What is invoiced over what was agreed; below zero where it is less. None: nothing was agreed.
    pub fn over(&self) -> Option<Money> {
        let by = self.cost - self.agreed?;
        Some(self.quantity.map_or(by, |q| by.times(q)))
    }
}

/// The invoices of a PO, oldest first.
pub fn invoices(db: &Db, po: PoId) -> Result<Vec<Invoiced>> {
    let sql = "SELECT po_line_id, number, invoiced_on, quantity, cost, agreed, papers = 'right', note FROM po_invoice
               WHERE po_id = ?1 AND withdrawn_by IS NULL ORDER BY id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![po.0], |r| {
        Ok(Invoiced {
            line: r.get::<_, Option<i64>>(0)?.map(PoLineId),
            number: r.get(1)?,
            invoiced_on: date(r, 2)?,
            quantity: maybe_quantity(r, 3)?,
            cost: Money::from_ten_thousandths(r.get(4)?),
            agreed: maybe_money(r, 5)?,
            papers_right: r.get(6)?,
            note: r.get(7)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Keeps what was invoiced.
pub fn add_invoice(tx: &mut Tx, po: PoId, invoice: &Invoiced) -> Result<()> {
    let (operator, operation) = (tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "po_invoice",
        &[
            "po_id",
            "po_line_id",
            "number",
            "invoiced_on",
            "quantity",
            "cost",
            "agreed",
            "papers",
            "note",
            "operator",
            "operation_id",
        ],
        &[
            &po.0,
            &invoice.line.map(|l| l.0),
            &invoice.number,
            &invoice.invoiced_on.to_string(),
            &invoice.quantity.map(Qty::thousandths),
            &invoice.cost.ten_thousandths(),
            &invoice.agreed.map(Money::ten_thousandths),
            &if invoice.papers_right { "right" } else { "wrong" },
            &invoice.note,
            &operator,
            &operation,
        ],
    )?;
    Ok(())
}
