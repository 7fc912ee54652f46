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

/// A row that counts, and what the visit had of the item after it.
struct Said<'a> {
    row: &'a Scan,
    after: Qty,
}

/// What a row makes of what was there before it.
fn after(row: &Scan, before: Option<Qty>) -> Qty {
    let quantity = row.quantity.unwrap_or(Qty::ZERO);
    if row.kind == Kind::Set { quantity } else { before.unwrap_or(Qty::ZERO) + quantity }
}

/// The rows whose total is another than the one that follows, with that one.
fn wrong(rows: &[Scan]) -> Vec<(&Scan, Option<Qty>)> {
    let mut standing: HashMap<(i64, ItemId), Vec<Said>> = HashMap::new();
    let mut out = Vec::new();
    for row in rows {
        let (Some(visit), Some(item)) = (row.visit, row.item) else { continue };
        let said = standing.entry((visit, item)).or_default();
        match row.kind {
            Kind::Item | Kind::Attach | Kind::Set => {
                let after = after(row, said.last().map(|s| s.after));
                said.push(Said { row, after });
            }
            Kind::Back => {
                // Mostly the last row; of an earlier one all that came after it is added up anew.
                if let Some(at) = said.iter().rposition(|s| Some(s.row.id) == row.takes_back) {
                    said.remove(at);
                    let mut before = at.checked_sub(1).and_then(|at| said.get(at)).map(|s| s.after);
                    for later in said.iter_mut().skip(at) {
                        later.after = after(later.row, before);
                        before = Some(later.after);
                    }
                }
            }
            Kind::Name => {}
            _ => continue,
        }
        let expected = said.last().map(|s| s.after);
        if expected != row.total {
            out.push((row, expected));
        }
    }
    out
}
