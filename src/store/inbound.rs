//! Goods that are to come: the open PO lines, read in one place. How long they take is added by `ops::learning`.

use super::cells::maybe_date;
use super::{Db, Result};
use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::inbound::Inbound;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;

/// An open PO line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InboundRow {
    pub item: ItemId,
    pub po: PoId,
    /// Decided, but not asked for yet.
    pub draft: bool,
    /// The day on which the supplier answered.
    pub confirmed_on: Option<NaiveDate>,
    pub inbound: Inbound,
}

/// Which of the open PO lines. A closed or cancelled PO brings nothing more; a draft was not ordered yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Of items that a customer waits for, without drafts.
    Wanted,
    /// Of an item, without drafts.
    Item(ItemId),
    /// Of an item, drafts too.
    Decided(ItemId),
    /// Of a PO, without drafts.
    Po(PoId),
    /// Those for which nobody named a day, of one supplier or of all, without drafts.
    Undated(Option<SupplierId>),
    /// All, drafts too.
    All,
}

impl Which {
    /// As SQL, with the number that it asks for.
    fn condition(self) -> (&'static str, Option<i64>) {
        match self {
            Which::Wanted => (
                "?1 IS NULL AND p.item_id IN
                   (SELECT l.item_id FROM order_line l WHERE l.shipped + l.cancelled < l.quantity)",
                None,
            ),
            Which::Item(item) | Which::Decided(item) => ("p.item_id = ?1", Some(item.0)),
            Which::Po(po) => ("p.po_id = ?1", Some(po.0)),
            Which::Undated(None) => {
                ("?1 IS NULL AND coalesce(p.expected_on, h.expected_on, p.confirmed_for) IS NULL", None)
            }
            Which::Undated(Some(supplier)) => (
                "h.supplier_id = ?1 AND coalesce(p.expected_on, h.expected_on, p.confirmed_for) IS NULL",
                Some(supplier.0),
            ),
            Which::All => ("?1 IS NULL", None),
        }
    }
}

/// Reads them, by item, then by number.
pub fn read(db: &Db, which: Which) -> Result<Vec<InboundRow>> {
    let (which_lines, number) = which.condition();
    let drafts = if matches!(which, Which::All | Which::Decided(_)) { "'draft', " } else { "" };
    let sql = format!(
        "SELECT p.item_id, p.po_id, p.id, h.code, p.line, h.supplier_id, s.name, p.quantity - p.received - p.cancelled,
           coalesce(p.expected_on, h.expected_on), p.confirmed_for, h.ordered_on,
           coalesce((SELECT si.lead_days FROM supplier_item si
                       WHERE si.supplier_id = h.supplier_id AND si.item_id = p.item_id), s.lead_days),
           coalesce(h.status, '') = 'draft', h.confirmed_on
         FROM po_line p JOIN purchase_order h ON h.id = p.po_id JOIN supplier s ON s.id = h.supplier_id
         WHERE p.closed = 0 AND p.received + p.cancelled < p.quantity
           AND (h.status IS NULL OR h.status IN ({drafts}'sent', 'confirmed')) AND {which_lines}
         ORDER BY p.item_id, p.id"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([number], |r| {
        Ok(InboundRow {
            item: ItemId(r.get(0)?),
            po: PoId(r.get(1)?),
            draft: r.get(12)?,
            confirmed_on: maybe_date(r, 13)?,
            inbound: Inbound {
                po_line: PoLineId(r.get(2)?),
                po_code: r.get(3)?,
                line_code: r.get(4)?,
                supplier: SupplierId(r.get(5)?),
                supplier_name: r.get(6)?,
                open: Qty::from_thousandths(r.get(7)?),
                expected_on: maybe_date(r, 8)?,
                confirmed_for: maybe_date(r, 9)?,
                ordered_on: maybe_date(r, 10)?,
                quoted_lead_days: r.get(11)?,
                takes: None,
            },
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
