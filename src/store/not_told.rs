//! What customers had been told before this program: a contact on its own day, or the word that nobody had told them.

use super::fulfilment::OrderLine;
use super::goods::moment;
use super::{Result, Tx};
use crate::domain::ids::OrderId;
use chrono::NaiveDate;

/// Keeps that nobody had told the customer about this order.
pub fn nobody(tx: &mut Tx, order: OrderId) -> Result<()> {
    let (today, operator, operation) = (tx.act().today.to_string(), tx.act().operator.clone(), tx.operation().0);
    tx.insert(
        "not_told",
        &["order_id", "said_on", "operator", "operation_id"],
        &[&order.0, &today, &operator, &operation],
    )?;
    Ok(())
}

/// A contact of former days, as a person remembers it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Told {
    pub on: NaiveDate,
    pub message: &'static str,
    pub quoted_for: Option<NaiveDate>,
    pub offered_cancel: bool,
}

/// Keeps that contact about a line.
pub fn told(tx: &mut Tx, line: &OrderLine, told: Told) -> Result<()> {
    let (at, operator, operation) = (moment(tx), tx.act().operator.clone(), tx.operation().0);
    let quoted = told.quoted_for.map(|d| d.to_string());
    tx.insert(
        "contact",
        &[
            "order_id",
            "line_id",
            "contacted_on",
            "message",
            "quoted_for",
            "offered_cancel",
            "note",
            "at",
            "operator",
            "operation_id",
        ],
        &[
            &line.order_id,
            &line.id.0,
            &told.on.to_string(),
            &told.message,
            &quoted,
            &told.offered_cancel,
            &"told before, noted later",
            &at,
            &operator,
            &operation,
        ],
    )?;
    tx.touch(line.item);
    Ok(())
}
