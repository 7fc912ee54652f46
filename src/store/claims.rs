//! Goods that were rejected and are not settled with their supplier: what of each PO, and when it was claimed.

use super::cells::{date, maybe_date, maybe_money};
use super::{Db, Result};
use crate::domain::claim::CLAIM_DAYS;
use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::{Days, NaiveDate};
use rusqlite::params;

/// What was rejected of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimedLine {
    pub line: PoLineId,
    pub item: ItemId,
    pub item_name: String,
    pub quantity: Qty,
    /// Of a unit.
    pub cost: Option<Money>,
}

/// What was rejected of a PO and is not settled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    pub po: PoId,
    pub code: String,
    pub supplier: SupplierId,
    pub lines: Vec<ClaimedLine>,
    /// The first receipt of it.
    pub since: NaiveDate,
    /// The newest day on which it was claimed; a mail that did not arrive is none.
    pub asked_on: Option<NaiveDate>,
}

impl Claim {
    pub fn quantity(&self) -> Qty {
        self.lines.iter().map(|l| l.quantity).sum()
    }
    /// At the price agreed; none: no price is known.
    pub fn worth(&self) -> Option<Money> {
        self.lines.iter().filter_map(|l| Some(l.cost?.times(l.quantity))).reduce(|a, b| a + b)
    }
}

/// The open claims of a supplier, or of all, by PO. What was settled after a receipt settles that receipt; what a file
/// brought is a record of goods that were dealt with elsewhere.
pub fn open(db: &Db, supplier: Option<SupplierId>, today: NaiveDate) -> Result<Vec<Claim>> {
    let from = today.checked_sub_days(Days::new(CLAIM_DAYS)).unwrap_or(today);
    let sql =
        "SELECT l.po_id, h.code, h.supplier_id, l.id, l.item_id, i.name, sum(r.rejected), l.cost, min(r.received_on),
                 (SELECT max(c.asked_on) FROM chase c LEFT JOIN mail m ON m.id = c.mail_id
                  WHERE c.po_id = l.po_id AND c.about = 'claim' AND c.answer IS NULL AND c.withdrawn_by IS NULL
                    AND coalesce(m.state, '') NOT IN ('failed', 'bounced') AND c.operation_id > min(r.operation_id))
               FROM receipt r JOIN po_line l ON l.id = r.po_line_id JOIN purchase_order h ON h.id = l.po_id
                 JOIN item i ON i.id = l.item_id
               WHERE r.rejected > 0 AND r.withdrawn_by IS NULL
                 AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.id = r.operation_id AND o.kind = 'import') AND r.received_on BETWEEN ?1 AND ?2
                 AND (?3 IS NULL OR h.supplier_id = ?3)
                 AND NOT EXISTS (SELECT 1 FROM chase s WHERE s.po_id = l.po_id AND s.about = 'claim'
                   AND s.settled IS NOT NULL AND s.withdrawn_by IS NULL AND s.operation_id > r.operation_id)
               GROUP BY l.id ORDER BY l.po_id, l.id";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![from.to_string(), today.to_string(), supplier.map(|s| s.0)])?;
    let mut found: Vec<Claim> = Vec::new();
    while let Some(r) = rows.next()? {
        let po = PoId(r.get(0)?);
        let line = ClaimedLine {
            line: PoLineId(r.get(3)?),
            item: ItemId(r.get(4)?),
            item_name: r.get(5)?,
            quantity: Qty::from_thousandths(r.get(6)?),
            cost: maybe_money(r, 7)?,
        };
        let (since, asked_on) = (date(r, 8)?, maybe_date(r, 9)?);
        match found.last_mut().filter(|claim| claim.po == po) {
            Some(claim) => {
                claim.lines.push(line);
                claim.since = claim.since.min(since);
                claim.asked_on = claim.asked_on.max(asked_on);
            }
            None => found.push(Claim {
                po,
                code: r.get(1)?,
                supplier: SupplierId(r.get(2)?),
                lines: vec![line],
                since,
                asked_on,
            }),
        }
    }
    Ok(found)
}

/// What is open of one PO.
pub fn open_of(db: &Db, po: PoId, supplier: SupplierId, today: NaiveDate) -> Result<Option<Claim>> {
    Ok(open(db, Some(supplier), today)?.into_iter().find(|claim| claim.po == po))
}
