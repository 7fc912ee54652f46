//! What was ordered of items, as planning reads it: with the history that they inherit, and their season.

use super::sources::Market;
use crate::domain::demand::Demand;
use crate::domain::ids::{ItemId, LineId};
use crate::store::past_demand::{self, Ordered};
use crate::store::plans::{self, PlanItem, Span};
use crate::store::{Db, Result};
use chrono::NaiveDate;
use rayon::prelude::*;
use std::collections::HashMap;

/// The largest line of an item: (line, thousandths, days before today).
pub(super) type Largest = Option<(LineId, i64, u16)>;

/// Every item's demand, in their order; `items` are all that there are.
pub fn demands(db: &Db, today: NaiveDate, items: &[PlanItem]) -> Result<Vec<Demand>> {
    Ok(of(db, today, items, &[Span::ALL])?.into_iter().map(|p| p.0).collect())
}

/// One item's demand as planning reads it, with the items whose history it inherits, itself first; none: it is gone.
pub fn demand_of_item(db: &Db, today: NaiveDate, item: ItemId) -> Result<Option<(Demand, Vec<ItemId>)>> {
    let Some(known) = plans::item(db, item)? else { return Ok(None) };
    let span = [Span::of(item)];
    let mut past = of(db, today, std::slice::from_ref(&known), &span)?;
    seasons(&Market::of(db, &span)?, today, std::slice::from_ref(&known), &mut past);
    let successions: HashMap<ItemId, ItemId> = past_demand::successions(db)?.into_iter().collect();
    let line = chain(item, |i| successions.get(&i).copied());
    Ok(past.pop().map(|(demand, _)| (demand, line)))
}

/// Demand and largest line of items, in their order. They are those of the spans: all of them are read in the order of the
/// file, others by their own rows.
pub(super) fn of(db: &Db, today: NaiveDate, items: &[PlanItem], spans: &[Span]) -> Result<Vec<(Demand, Largest)>> {
    let mut ordered = HashMap::new();
    match spans {
        [Span::ALL] => ordered = past_demand::ordered(db, today)?,
        some => {
            for span in some {
                past_demand::take_ordered(db, today, *span, &mut ordered)?;
            }
        }
    }
    let own: Vec<Ordered> = items.iter().map(|item| ordered.remove(&item.id).unwrap_or_default()).collect();
    let mut all: Vec<(Demand, Largest)> =
        items.par_iter().zip(own).map(|(item, own)| demand_of(today, item, own)).collect();
    let successions: HashMap<ItemId, ItemId> = past_demand::successions(db)?.into_iter().collect();
    for (item, (demand, _)) in items.iter().zip(&mut all).filter(|(item, _)| successions.contains_key(&item.id)) {
        // The oldest first: a chain of three hands everything on.
        let mut handed_on: Option<Demand> = None;
        for older in chain(item.id, |i| successions.get(&i).copied()).into_iter().skip(1).rev() {
            let Some(older) = plans::item(db, older)? else { continue };
            let ordered = past_demand::ordered_of(db, today, older.id)?.unwrap_or_default();
            let mut own = demand_of(today, &older, ordered).0;
            if let Some(inherited) = &handed_on {
                own.inherit(inherited);
            }
            handed_on = Some(own);
        }
        if let Some(inherited) = &handed_on {
            demand.inherit(inherited);
        }
    }
    Ok(all)
}

/// An item, whose history it inherits, whose that one inherits, and so on; never round in a circle.
fn chain(item: ItemId, from: impl Fn(ItemId) -> Option<ItemId>) -> Vec<ItemId> {
    let mut chain = vec![item];
    let mut at = item;
    while let Some(older) = from(at).filter(|older| !chain.contains(older)) {
        chain.push(older);
        at = older;
    }
    chain
}

fn demand_of(today: NaiveDate, item: &PlanItem, ordered: Ordered) -> (Demand, Largest) {
    let demand = Demand::from_days(today, ordered.listed_on, ordered.days);
    (
        Demand { out: ordered.out, refused_when_out: item.refused_when_out, long_ago: ordered.long_ago, ..demand },
        ordered.largest,
    )
}

/// Gives every demand the season that a person said it has.
pub(super) fn seasons(market: &Market, today: NaiveDate, items: &[PlanItem], past: &mut [(Demand, Largest)]) {
    for (item, (demand, _)) in items.iter().zip(past) {
        demand.season = market.season(item.id).map(|season| (season, today));
    }
}
