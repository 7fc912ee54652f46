//! What suppliers' deliveries teach, read from one place: how late they usually are, and how long goods take. Promises,
//! likely dates, reorder points and the Suppliers tab all ask here; how long goods take follows from the same lines by
//! [`crate::domain::lead_time`]. What the lines add up to is kept at the end of every operation.

use super::settings::Settings;
use super::views::suppliers::measure;
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::inbound::Inbound;
use crate::domain::lateness::{Delivery, Lateness};
use crate::domain::lead_time::{LeadTimes, Takes, Waits};
use crate::store::plans::{self, Span};
use crate::store::suppliers::{self, Whose};
use crate::store::{Db, Result, Tx, plan_basis, supplier_record, supplier_sums};
use chrono::NaiveDate;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Keeps what changed, inside the operation that changed it.
pub fn keep(tx: &Tx) -> Result<()> {
    supplier_record::refresh(tx, &measure(&Settings::load(tx)?), tx.act().today)
}

/// Hands in every supplier's lines, one supplier after another, without their codes.
pub fn each(db: &Db, take: &mut dyn FnMut(SupplierId, &[Delivery])) -> Result<()> {
    supplier_record::each(db, Whose::All, take)
}

/// An item at a supplier, with the lead days that he quotes for it, else in general.
pub type Asked = (SupplierId, ItemId, Option<i64>);

/// Tells the lines that nobody gave a day how long such goods take ([`Inbound::takes`]); nothing is read where there is
/// none. `today` is the day as of which it is learned.
pub fn tell<'a>(db: &Db, lines: impl IntoIterator<Item = (ItemId, &'a mut Inbound)>, today: NaiveDate) -> Result<()> {
    tell_by(db, lines, None, today)
}

/// The same where what all suppliers' lines teach on that day was learned already.
pub fn tell_by<'a>(
    db: &Db,
    lines: impl IntoIterator<Item = (ItemId, &'a mut Inbound)>,
    learned: Option<&LeadTimes>,
    today: NaiveDate,
) -> Result<()> {
    let undated = |line: &Inbound| line.named_on().is_none() && line.ordered_on.is_some();
    let lines: Vec<(ItemId, &mut Inbound)> = lines.into_iter().filter(|(_, line)| undated(line)).collect();
    let asked: Vec<Asked> = lines.iter().map(|(item, l)| (l.supplier, *item, l.quoted_lead_days)).collect();
    let takes = takes_by(db, &asked, learned, today)?;
    for (item, line) in lines {
        line.takes = takes.get(&(line.supplier, item)).cloned();
    }
    Ok(())
}

/// How long these goods take from the day of an order, where a person fixed it or enough is known: the figures that
/// Reorder plans with.
pub fn takes(db: &Db, asked: &[Asked], today: NaiveDate) -> Result<HashMap<(SupplierId, ItemId), Takes>> {
    takes_by(db, asked, None, today)
}

fn takes_by(
    db: &Db,
    asked: &[Asked],
    learned: Option<&LeadTimes>,
    today: NaiveDate,
) -> Result<HashMap<(SupplierId, ItemId), Takes>> {
    let items = asked.iter().map(|(_, item, _)| *item);
    let Some((first, last)) = items.clone().min().zip(items.max()) else { return Ok(HashMap::new()) };
    let fixed = plans::fixed_lead_days(db, Span { first, last })?;
    let mut found = HashMap::new();
    let mut open: BTreeMap<(SupplierId, Option<i64>), BTreeSet<ItemId>> = BTreeMap::new();
    for (supplier, item, quoted) in asked {
        match fixed.get(&(*item, Some(*supplier))).or_else(|| fixed.get(&(*item, None))) {
            Some(days) => drop(found.insert((*supplier, *item), Takes::fixed(*days))),
            None => drop(open.entry((*supplier, *quoted)).or_default().insert(*item)),
        }
    }
    if open.is_empty() {
        return Ok(found);
    }
    let of_suppliers = of_suppliers(db, open.keys().map(|(supplier, _)| *supplier).collect(), learned, today)?;
    let receipts = |supplier| of_suppliers.waits(supplier).map_or(0, Waits::cases);
    open.retain(|(supplier, _), _| receipts(*supplier) >= Takes::ENOUGH);
    let mut wanted: BTreeMap<SupplierId, BTreeSet<ItemId>> = BTreeMap::new();
    for ((supplier, _), items) in &open {
        wanted.entry(*supplier).or_default().extend(items);
    }
    let mut of_items = LeadTimes::default();
    of_items.learn_items(&supplier_record::of_items(db, &wanted)?, today);
    let made = |((supplier, quoted), items): ((SupplierId, Option<i64>), BTreeSet<ItemId>)| {
        let base = of_suppliers.of_supplier(Some(supplier), quoted); // one for all items of a supplier
        let takes = |item: ItemId| {
            let own = of_items.of_item(&base, supplier, item);
            Some(((supplier, item), Takes::learned(own.as_ref().unwrap_or(&base), receipts(supplier))?))
        };
        items.into_iter().filter_map(takes).collect::<Vec<_>>()
    };
    found.par_extend(open.into_par_iter().flat_map_iter(made));
    Ok(found)
}

/// Lead times of these suppliers: as the planning of that day learned them, else as they were `learned`, else from
/// everything that is kept.
fn of_suppliers<'a>(
    db: &Db,
    suppliers: BTreeSet<SupplierId>,
    learned: Option<&'a LeadTimes>,
    today: NaiveDate,
) -> Result<Cow<'a, LeadTimes>> {
    if let Some(basis) = plan_basis::load(db)?.filter(|basis| basis.planned_on == today) {
        let mut known = Vec::with_capacity(suppliers.len());
        for supplier in suppliers {
            known.extend(plan_basis::supplier(db, supplier)?);
        }
        let waits = known.iter().map(|row| (row.supplier, Waits::from_text(&row.waits)));
        return Ok(Cow::Owned(LeadTimes::taken_up(&basis.pool, &basis.slips, waits, &[], today)));
    }
    if let Some(learned) = learned {
        return Ok(Cow::Borrowed(learned));
    }
    let mut learned = LeadTimes::default();
    for (supplier, taught) in supplier_sums::each(db, Whose::All, None, today, |_, sums| sums.taught(today))? {
        learned.take(supplier, taught);
    }
    Ok(Cow::Owned(learned))
}

/// The lines of these items alone; `many`: picked from everybody's, which is quicker then.
pub fn lines_of(db: &Db, items: &[ItemId], many: bool) -> Result<Vec<Delivery>> {
    let mut all = Vec::new();
    if many {
        let wanted: HashSet<ItemId> = items.iter().copied().collect();
        each(db, &mut |_, lines| all.extend(lines.iter().filter(|line| wanted.contains(&line.item)).cloned()))?;
        return Ok(all);
    }
    for item in items {
        all.extend(suppliers::deliveries_of_item(db, *item)?);
    }
    Ok(all)
}

/// What each of these suppliers is usually late by, from all its receipts up to `today`; one without any is not in it.
pub fn lateness(db: &Db, whose: Whose, today: NaiveDate) -> Result<HashMap<SupplierId, Lateness>> {
    let learned = supplier_sums::each(db, whose, None, today, |_, sums| sums.lateness(today))?;
    Ok(learned.into_iter().filter(|(_, lateness)| lateness.learned_from() > 0).collect())
}

/// What this supplier is usually late by.
pub fn lateness_of(db: &Db, supplier: SupplierId, today: NaiveDate) -> Result<Lateness> {
    Ok(lateness(db, Whose::Of(supplier), today)?.remove(&supplier).unwrap_or_default())
}
