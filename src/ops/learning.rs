//! What suppliers' deliveries teach, read from one place: how late they usually are, and how long goods take. Promises,
//! likely dates, reorder points and the Suppliers tab all ask here; how long goods take follows from the same lines by
//! [`crate::domain::lead_time`]. What the lines add up to is kept at the end of every operation.

use super::settings::Settings;
use super::views::suppliers::measure;
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::inbound::Inbound;
use crate::domain::lateness::{Delivery, Lateness};
use crate::domain::lead_time::{LeadTimes, Takes, Waits};
use crate::store::suppliers::{self, Whose};
use crate::store::{Db, Result, Tx, plan_basis, plans, supplier_record, supplier_sums};
use chrono::NaiveDate;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Keeps what changed, inside the operation that changed it.
pub fn keep(tx: &Tx) -> Result<()> {
    supplier_record::refresh(tx, &measure(&Settings::load(tx)?), tx.act().today)
}

/// Hands in every supplier's lines, one supplier after another, without their codes.
pub fn each(db: &Db, take: &mut dyn FnMut(SupplierId, &[Delivery])) -> Result<()> {
    supplier_record::each(db, Whose::All, take)
}

/// Items whose lines are read one by one; of more, everybody's are read at once.
const ONE_BY_ONE: usize = 200;

/// An item at a supplier, with the lead days that he quotes for it, else in general.
pub type Asked = (SupplierId, ItemId, Option<i64>);

/// Tells the lines that nobody gave a day how long such goods take ([`Inbound::takes`]); nothing is read where there is
/// none. `today` is the day as of which it is learned.
pub fn tell<'a>(db: &Db, lines: impl IntoIterator<Item = (ItemId, &'a mut Inbound)>, today: NaiveDate) -> Result<()> {
    let undated = |line: &Inbound| line.named_on().is_none() && line.ordered_on.is_some();
    let lines: Vec<(ItemId, &mut Inbound)> = lines.into_iter().filter(|(_, line)| undated(line)).collect();
    let asked: Vec<Asked> = lines.iter().map(|(item, l)| (l.supplier, *item, l.quoted_lead_days)).collect();
    let takes = takes(db, &asked, today)?;
    for (item, line) in lines {
        line.takes = takes.get(&(line.supplier, item)).cloned();
    }
    Ok(())
}

/// How long these goods take from the day of an order, where a person fixed it or enough is known: the figures that
/// Reorder plans with.
pub fn takes(db: &Db, asked: &[Asked], today: NaiveDate) -> Result<HashMap<(SupplierId, ItemId), Takes>> {
    let mut found = HashMap::new();
    let mut open: HashSet<Asked> = HashSet::new();
    let mut rules: HashMap<ItemId, Vec<plans::ItemRule>> = HashMap::new();
    for of @ (supplier, item, _) in asked {
        let rules = match rules.entry(*item) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(plans::rules_of(db, *item)?),
        };
        let days = |whose: Option<SupplierId>| rules.iter().find(|r| r.supplier == whose).and_then(|r| r.lead_days);
        match days(Some(*supplier)).or_else(|| days(None)) {
            Some(days) => drop(found.insert((*supplier, *item), Takes::fixed(days))),
            None => drop(open.insert(*of)),
        }
    }
    if open.is_empty() {
        return Ok(found);
    }
    let mut lead_times = of_suppliers(db, open.iter().map(|(supplier, ..)| *supplier).collect(), today)?;
    let receipts = |learned: &LeadTimes, supplier| learned.waits(supplier).map_or(0, Waits::cases);
    open.retain(|(supplier, ..)| receipts(&lead_times, *supplier) >= Takes::ENOUGH);
    let items: Vec<ItemId> = open.iter().map(|(_, item, _)| *item).collect::<HashSet<_>>().into_iter().collect();
    lead_times.learn_items(&lines_of(db, &items, items.len() > ONE_BY_ONE)?, today);
    let mut bases = HashMap::new(); // one for all items of a supplier
    for (supplier, item, quoted) in open {
        let base = bases.entry((supplier, quoted)).or_insert_with(|| lead_times.of_supplier(Some(supplier), quoted));
        let own = lead_times.of_item(base, supplier, item);
        let takes = Takes::learned(own.as_ref().unwrap_or(base), receipts(&lead_times, supplier));
        found.extend(takes.map(|takes| ((supplier, item), takes)));
    }
    Ok(found)
}

/// Lead times of these suppliers: as the planning of that day learned them, else from everything that is kept.
fn of_suppliers(db: &Db, suppliers: HashSet<SupplierId>, today: NaiveDate) -> Result<LeadTimes> {
    if let Some(basis) = plan_basis::load(db)?.filter(|basis| basis.planned_on == today) {
        let mut known = Vec::with_capacity(suppliers.len());
        for supplier in suppliers {
            known.extend(plan_basis::supplier(db, supplier)?);
        }
        let waits = known.iter().map(|row| (row.supplier, Waits::from_text(&row.waits)));
        return Ok(LeadTimes::taken_up(&basis.pool, &basis.slips, waits, &[], today));
    }
    let mut learned = LeadTimes::default();
    for (supplier, taught) in supplier_sums::each(db, Whose::All, None, today, |_, sums| sums.taught(today))? {
        learned.take(supplier, taught);
    }
    Ok(learned)
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
