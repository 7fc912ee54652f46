//! Who sells an item, typed by hand: the same rows as those of a price list, under the same rules.

use crate::domain::ids::{ItemId, OperationId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::exchange::table::Table;
use crate::exchange::typed;
use crate::ops::importing::{self, Options, With};
use crate::ops::perform;
use crate::store::selling::{self, SoldBy};
use crate::store::{Act, Done, Failure, Result, Store, plans};

/// On what terms somebody sells an item; texts as a person typed them, blank: not known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NewSeller {
    /// The supplier's number.
    pub supplier: String,
    /// The name of one that is new.
    pub name: Option<String>,
    /// What they call the item.
    pub their_code: String,
    pub cost: String,
    pub pack: String,
    pub least: String,
    pub lead_days: String,
}

/// From now on that supplier sells the item. Refused in the words of the file's columns.
pub fn add_seller(store: &mut Store, act: Act, item: ItemId, terms: &NewSeller) -> Result<Done<()>> {
    let sku = plans::sku(store.db(), item)?;
    let refused = |(column, sentence): (&'static str, String)| {
        let named = sentence.starts_with("The ");
        Failure::refused(if named { sentence } else { format!("{}: {sentence}", column.replace('_', " ")) })
    };
    let mut rows = Vec::new();
    if let Some(name) = &terms.name {
        let mut texts = vec![String::new(); Table::Suppliers.columns().len()];
        (texts[0], texts[1]) = (terms.supplier.trim().to_string(), name.trim().to_string());
        rows.push((Table::Suppliers, typed::row(Table::Suppliers, &texts).map_err(refused)?));
    }
    let texts = [
        &terms.supplier,
        &sku,
        &terms.their_code,
        &terms.cost,
        &terms.least,
        &terms.pack,
        &terms.lead_days,
        &String::new(),
    ];
    let texts: Vec<String> = texts.iter().map(|t| t.trim().to_string()).collect();
    rows.push((Table::SupplierItems, typed::row(Table::SupplierItems, &texts).map_err(refused)?));
    let who = terms.name.as_ref().unwrap_or(&terms.supplier).trim();
    let summary = format!("{who} sells {sku}");
    let with = With { summary: Some(summary.clone()), ..With::default() };
    let outcome = importing::bring(store, act, typed::batch(rows), Options::default(), with, &mut |_| {})?;
    if let Some(problem) = outcome.problems.first() {
        return Err(Failure::refused(problem.message.clone()));
    }
    Ok(Done { operation: outcome.operation.unwrap_or(OperationId(0)), summary, value: () })
}

/// On what terms a supplier sells an item already, and at which prices from larger quantities on. `seen` is what the
/// person began with.
pub fn set_terms(store: &mut Store, act: Act, item: ItemId, seen: &SoldBy, wanted: &SoldBy) -> Result<Done<()>> {
    sound(wanted)?;
    perform(store, act, |tx| {
        let supplier = wanted.terms.supplier;
        let now = selling::sold_by(tx, item)?.into_iter().find(|s| s.terms.supplier == supplier);
        let now = now.ok_or_else(|| {
            Failure::refused(format!("{} does not sell it any more. Nothing was saved; look again.", wanted.name))
        })?;
        if (&now.terms, &now.breaks) != (&seen.terms, &seen.breaks) {
            return Err(Failure::refused(format!(
                "Somebody changed it meanwhile: {}. Nothing was saved; look again.",
                in_words(&now)
            )));
        }
        let sku = plans::sku(tx, item)?;
        if selling::put(tx, item, &wanted.terms, &wanted.breaks)? {
            tx.touch(item);
            tx.summarise(format!("{} sells {sku}: {}", wanted.name, in_words(wanted)));
        }
        Ok(())
    })
}

/// Terms that can be meant.
fn sound(wanted: &SoldBy) -> Result<()> {
    let refuse = |sentence: String| Err(Failure::refused(sentence));
    if wanted.terms.pack.is_some_and(|pack| !pack.is_positive()) {
        return refuse("A pack holds more than nothing: leave it blank where it is sold singly.".into());
    }
    if wanted.terms.min_quantity.is_some_and(Qty::is_negative) || wanted.terms.cost.is_some_and(|c| c < Money::ZERO) {
        return refuse("Neither the cost nor the least that they sell is below 0.".into());
    }
    if wanted.terms.lead_days.is_some_and(|days| !(0..=730).contains(&days)) {
        return refuse("A lead time is 0 to 730 days.".into());
    }
    for (n, b) in wanted.breaks.iter().enumerate() {
        if !b.from.is_positive() || b.cost < Money::ZERO {
            return refuse("A price begins from a quantity above 0, and is not below 0.".into());
        }
        if wanted.breaks.iter().take(n).any(|other| other.from == b.from) {
            return refuse(format!("Two prices begin from {}: leave one of them out.", b.from));
        }
    }
    Ok(())
}

/// `15.20, packs of 12, at least 24, 9 days; from 48 on 14.50 until 2026-12-31`.
fn in_words(s: &SoldBy) -> String {
    let t = &s.terms;
    let mut words: Vec<String> = Vec::new();
    words.push(t.cost.map_or("no price".into(), |cost| cost.to_string()));
    words.extend(t.pack.map(|pack| format!("packs of {pack}")));
    words.extend(t.min_quantity.filter(|q| q.is_positive()).map(|least| format!("at least {least}")));
    words.extend(t.lead_days.map(|days| format!("{days} days")));
    words.extend(t.preferred.then(|| "preferred".to_string()));
    let mut out = words.join(", ");
    for b in &s.breaks {
        let until = b.valid_until.map_or(String::new(), |day| format!(" until {day}"));
        out.push_str(&format!("; from {} on {}{until}", b.from, b.cost));
    }
    out
}
