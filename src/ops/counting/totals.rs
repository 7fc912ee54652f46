//! The running totals of scans, added up anew: what stands beside each row must follow from the rows before it.

use super::store;
use crate::domain::counting::folding::{Kind, Scan};
use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use crate::store::{Db, Result};
use std::collections::HashMap;

/// Faults that are named; of the others only the number.
const NAMED: usize = 20;

/// A sentence for each scan whose total does not follow from those before it.
pub fn faults(db: &Db) -> Result<Vec<String>> {
    let (mut out, mut more) = (Vec::new(), 0);
    for session in store::every_session(db)? {
        for (row, expected) in wrong(&store::rows(db, session)?) {
            if out.len() >= NAMED {
                more += 1;
                continue;
            }
            let said = |q: Option<Qty>| q.map_or("nothing".to_string(), |q| q.to_string());
            out.push(format!(
                "Scan {} of count {} has a total of {}, but the scans add up to {}.",
                row.id,
                session.0,
                said(row.total),
                said(expected)
            ));
        }
    }
    if more > 0 {
        out.push(format!("... and {more} more of these."));
    }
    Ok(out)
}

/// A row's number and the total beside it.
type Total = (i64, Option<Qty>);

/// The rows whose total is another than the one that follows, with that one.
fn wrong(rows: &[Scan]) -> Vec<(&Scan, Option<Qty>)> {
    let mut totals: HashMap<(i64, ItemId), Vec<Total>> = HashMap::new();
    let mut out = Vec::new();
    for row in rows {
        let (Some(visit), Some(item)) = (row.visit, row.item) else { continue };
        let before = totals.entry((visit, item)).or_default();
        let last = before.last().and_then(|b| b.1);
        let expected = match row.kind {
            Kind::Item | Kind::Attach => Some(last.unwrap_or(Qty::ZERO) + row.quantity.unwrap_or(Qty::ZERO)),
            Kind::Set => row.quantity,
            Kind::Name => last,
            Kind::Back => {
                let taken = row.takes_back.unwrap_or(0);
                before.iter().rev().find(|(id, _)| *id < taken).and_then(|b| b.1)
            }
            _ => row.total,
        };
        if expected != row.total {
            out.push((row, expected));
        }
        before.push((row.id, row.total));
    }
    out
}
