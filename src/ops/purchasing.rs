//! Purchase orders: suggestions into drafts, drafts by hand, and putting off. What becomes of a PO once it is sent is
//! [`life`]; what is said to the supplier about it [`telling`]; what he invoices [`invoicing`]; whether one should order
//! from him at all [`standing`].
//!
//! A draft is decided but not asked for: it counts in the position, so that nothing is suggested twice for the same
//! need, and it is no supply for any customer's date until it is sent.

use super::{buying, perform};
use crate::domain::dates;
use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder;
use crate::domain::standing::Standing;
use crate::store::changed::{self, Own};
use crate::store::inbound;
use crate::store::po::{self, Po, PoItem};
use crate::store::purchases::{self, PoHead};
use crate::store::{Act, Db, Done, Failure, Result, Store, Tx};
use chrono::NaiveDate;
use std::collections::BTreeMap;

pub mod invoicing;
pub mod life;
pub mod second;
pub mod standing;
pub mod telling;

/// A line to order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ToOrder {
    pub item: ItemId,
    pub supplier: SupplierId,
    pub quantity: Qty,
    /// Cost of a unit, where known.
    pub cost: Option<Money>,
    /// The item's position ([`crate::domain::reorder::position`]) when the person looked. None where a person orders it
    /// whatever is there and on its way.
    pub seen: Option<Qty>,
}

/// Puts lines into draft POs, one per supplier: into the supplier's newest draft, else into a new one with the next free
/// number. One operation. Answers the drafts, in the order of the suppliers' numbers. Refused where a supplier is
/// blocked, and where more of an item is there or coming than the person saw: two people never order for the same need. Where a
/// supplier is warned of, the summary says why.
pub fn accept(store: &mut Store, act: Act, lines: &[ToOrder]) -> Result<Done<Vec<PoId>>> {
    accept_as_seen(store, act, lines, &[])
}

/// The same by somebody who saw what was changed of these items: refused where that is something else by now. What was
/// changed is ordered then: of what is left of the need the program's figure stands again.
pub fn accept_as_seen(
    store: &mut Store,
    act: Act,
    lines: &[ToOrder],
    seen: &[(ItemId, Option<Own>)],
) -> Result<Done<Vec<PoId>>> {
    if lines.is_empty() {
        return Err(Failure::refused("There is nothing to order. Mark a line first."));
    }
    if lines.iter().any(|l| !l.quantity.is_positive()) {
        return Err(Failure::refused("An order needs a quantity above 0. Change the quantity or drop the line."));
    }
    let mut by_supplier: BTreeMap<SupplierId, Vec<&ToOrder>> = BTreeMap::new();
    for line in lines {
        by_supplier.entry(line.supplier).or_default().push(line);
    }
    perform(store, act, |tx| {
        let (mut made, mut codes, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        for (supplier, lines) in &by_supplier {
            warnings.extend(may_order(tx, *supplier)?);
            let po = draft_of(tx, *supplier)?;
            for line in lines {
                still_needed(tx, line)?;
                if let Some((item, own)) = seen.iter().find(|(item, _)| *item == line.item) {
                    buying::still_as_seen(tx, *item, *own)?;
                }
                purchases::add_to_draft(tx, po, line.item, line.quantity, line.cost)?;
                changed::put(tx, line.item, None)?;
            }
            let head = found(tx, po)?;
            codes.push(format!("{} for {}", head.code, head.supplier_name));
            made.push(po);
        }
        let count = if lines.len() == 1 { "1 line".to_string() } else { format!("{} lines", lines.len()) };
        let total: Money = lines.iter().filter_map(|l| Some(l.cost?.times(l.quantity))).sum();
        let total = locale::here().money(total);
        tx.summarise(with_warnings(format!("put {count}, {total}, on {}", codes.join(", ")), &warnings));
        Ok(made)
    })
}

/// Refuses what is less needed than when the person looked, as somebody ordered it since.
fn still_needed(tx: &Tx, line: &ToOrder) -> Result<()> {
    let Some(seen) = line.seen else { return Ok(()) };
    let there = inbound::read(tx, inbound::Which::Decided(line.item))?;
    let Some(item) = purchases::candidate(tx, line.item, tx.act().today)? else { return Ok(()) };
    let now = reorder::position(item.usable, item.open_demand, there.iter().map(|r| r.inbound.open).sum());
    if now <= seen {
        return Ok(());
    }
    let drafts: Vec<&str> = there.iter().filter(|r| r.draft).map(|r| r.inbound.po_code.as_str()).collect();
    let drafts = if drafts.is_empty() { String::new() } else { format!("; drafts of it: {}", drafts.join(", ")) };
    Err(Failure::refused(format!(
        "{}: you had {seen} when you looked, with what is coming, and have {now} now{drafts}. Nothing was ordered: close this \
         and look again what is still needed.",
        item.name
    )))
}

/// Starts a draft by hand, beside any other draft of the supplier, with the first line where one is given.
pub fn start(store: &mut Store, act: Act, supplier: SupplierId, lines: &[ToOrder]) -> Result<Done<PoId>> {
    if lines.iter().any(|l| !l.quantity.is_positive()) {
        return Err(Failure::refused("An order needs a quantity above 0."));
    }
    perform(store, act, |tx| {
        let warnings: Vec<String> = may_order(tx, supplier)?.into_iter().collect();
        let po = purchases::new_draft(tx, supplier)?;
        for line in lines {
            purchases::add_to_draft(tx, po, line.item, line.quantity, line.cost)?;
        }
        let head = found(tx, po)?;
        let what = match lines.len() {
            0 => "no lines yet".to_string(),
            1 => "1 line".into(),
            n => format!("{n} lines"),
        };
        tx.summarise(with_warnings(format!("started {} for {}, {what}", head.code, head.supplier_name), &warnings));
        Ok(po)
    })
}

/// Puts one more line on a draft.
pub fn add_line(store: &mut Store, act: Act, po: PoId, line: &ToOrder) -> Result<Done<PoLineId>> {
    if !line.quantity.is_positive() {
        return Err(Failure::refused("An order needs a quantity above 0."));
    }
    perform(store, act, |tx| {
        let whole = draft(tx, po)?;
        let id = purchases::add_to_draft(tx, po, line.item, line.quantity, line.cost)?;
        let name = po_item(tx, po, id)?.item_name;
        tx.summarise(format!("put {} {name} on {}", line.quantity, whole.code));
        Ok(id)
    })
}

/// Another quantity or price for a line of a draft.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineChange {
    pub line: PoLineId,
    /// As the person saw it.
    pub seen: Qty,
    pub quantity: Qty,
    pub cost: Option<Money>,
}

/// Changes a line of a draft; what was sent is no longer changed but confirmed, dated or cancelled.
pub fn change_line(store: &mut Store, act: Act, po: PoId, change: &LineChange) -> Result<Done<()>> {
    if !change.quantity.is_positive() {
        return Err(Failure::refused("An order needs a quantity above 0. To order nothing, cancel the line (x)."));
    }
    perform(store, act, |tx| {
        let whole = draft(tx, po)?;
        let line = po_item(tx, po, change.line)?;
        super::stock::same(&format!("{} on {}", line.item_name, whole.code), change.seen, line.quantity)?;
        po::change_line(tx, &line, change.quantity, change.cost)?;
        let at = change.cost.map(|c| format!(" at {c}")).unwrap_or_default();
        tx.summarise(format!("{}: now {} {}{at}", whole.code, change.quantity, line.item_name));
        Ok(())
    })
}

/// Sets the agreed freight and the note of a PO; blank removes them.
pub fn set_terms(store: &mut Store, act: Act, po: PoId, freight: Option<Money>, note: &str) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let head = found(tx, po)?;
        po::set_terms(tx, po, freight, Some(note.trim()).filter(|n| !n.is_empty()))?;
        let freight = freight.map_or("no freight".to_string(), |f| format!("freight {f}"));
        tx.summarise(format!("{}: {freight}", head.code));
        Ok(())
    })
}

/// Puts an item off until a day: it is not suggested before.
pub fn put_off(store: &mut Store, act: Act, item: ItemId, until: NaiveDate, reason: &str) -> Result<Done<()>> {
    put_off_all(store, act, &[item], until, reason)
}

/// Puts items off until a day, in one operation.
pub fn put_off_all(store: &mut Store, act: Act, items: &[ItemId], until: NaiveDate, reason: &str) -> Result<Done<()>> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Failure::refused("Say why it can wait: the next person will want to know."));
    }
    if until <= act.today {
        return Err(Failure::refused("Put it off to a day after today."));
    }
    perform(store, act, |tx| {
        for item in items {
            purchases::put_off(tx, *item, until, reason)?;
        }
        let what = match items {
            [only] => crate::store::plans::sku(tx, *only)?,
            many => format!("{} items", many.len()),
        };
        let until = dates::full(until, tx.act().today);
        tx.summarise(format!("put {what} off until {until}: {reason}; then it is suggested again"));
        Ok(())
    })
}

/// The supplier's newest draft, else a new one.
fn draft_of(tx: &mut Tx, supplier: SupplierId) -> Result<PoId> {
    match purchases::draft_for(tx, supplier)? {
        Some(draft) => Ok(draft),
        None => purchases::new_draft(tx, supplier),
    }
}

/// Refuses an order from a blocked supplier; answers the warning, where there is one.
fn may_order(tx: &Tx, supplier: SupplierId) -> Result<Option<String>> {
    let (name, judged) = standing::of(tx, supplier, tx.act().today)?;
    match judged.standing {
        Standing::Ok => Ok(None),
        Standing::Warn => Ok(Some(format!("careful with {name}: {}", judged.why))),
        Standing::Block => Err(Failure::refused(format!(
            "No orders to {name}: {}. Choose another supplier, or lift it on 3 Suppliers (e).",
            judged.why
        ))),
    }
}

fn with_warnings(summary: String, warnings: &[String]) -> String {
    if warnings.is_empty() { summary } else { format!("{summary}; {}", warnings.join("; ")) }
}

fn gone() -> Failure {
    Failure::refused("That line is not there any more. Read the list again (F5).")
}

fn found(db: &Db, po: PoId) -> Result<PoHead> {
    purchases::head(db, po)?.ok_or_else(no_po)
}

fn no_po() -> Failure {
    Failure::refused("That purchase order is not there any more. Read the list again (F5).")
}

/// The whole PO.
fn whole(db: &Db, po: PoId) -> Result<Po> {
    po::find(db, po)?.ok_or_else(no_po)
}

fn draft(db: &Db, po: PoId) -> Result<Po> {
    let whole = whole(db, po)?;
    if whole.state != crate::domain::purchase::PoState::Draft {
        return Err(Failure::refused(format!("{} was sent already. New lines go on a new PO (n).", whole.code)));
    }
    Ok(whole)
}

fn po_item(db: &Db, po: PoId, line: PoLineId) -> Result<PoItem> {
    whole(db, po)?.lines.into_iter().find(|l| l.id == line).ok_or_else(gone)
}
