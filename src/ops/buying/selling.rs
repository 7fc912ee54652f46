//! Who sells an item, typed by hand: the same rows as those of a price list, under the same rules.

use crate::domain::ids::{ItemId, OperationId};
use crate::exchange::table::Table;
use crate::exchange::typed;
use crate::ops::importing::{self, Options, With};
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
