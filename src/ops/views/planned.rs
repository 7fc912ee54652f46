//! How one item is planned, whether or not anything of it is to be ordered: what was ordered of it, the level that follows,
//! what a person said about it, and who sells it.

use super::demand::{self, ItemDemand};
use super::reorder::targets::{self, Target};
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::locale::{decimal, quantity as said};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::Selling;
use crate::ops::planning::{self, Details};
use crate::store::plans::{self, ItemRule};
use crate::store::purchases::{self, Seller};
use crate::store::selling::{self, SoldBy};
use crate::store::{Db, Failure, Result, item as items, past_demand};
use chrono::NaiveDate;

/// The level that is in force.
#[derive(Clone, PartialEq, Debug)]
pub struct InForce {
    pub selling: Selling,
    /// Sold a day on average.
    pub daily: f64,
    /// Ordered at or below this; below zero: only for customers who wait.
    pub point: Qty,
    pub up_to: Qty,
    pub lead_days: f64,
    /// From whom it would be ordered.
    pub supplier: Option<SupplierId>,
    /// What a person expects of it, in a sentence.
    pub expected: Option<String>,
    /// Its facts have changed since.
    pub stale: bool,
}

/// One item.
#[derive(Clone, PartialEq, Debug)]
pub struct Planned {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub cost: Option<Money>,
    pub pack: Option<Qty>,
    /// Else it ends.
    pub active: bool,
    /// The person's own.
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    /// None: it was not planned yet.
    pub in_force: Option<InForce>,
    /// By what it may be kept; none: not planned yet, or it ends.
    pub target: Option<Target>,
    pub demand: ItemDemand,
    pub rules: Vec<ItemRule>,
    /// The item whose history it takes over: SKU and name.
    pub follows: Option<(String, String)>,
    /// The SKUs of those that take over its own.
    pub followed_by: Vec<String>,
    pub sold_by: Vec<SoldBy>,
    /// Everybody who could.
    pub sellers: Vec<Seller>,
}

impl Planned {
    /// The seller from whom it would be ordered.
    pub fn seller(&self) -> Option<&Seller> {
        let supplier = self.in_force.as_ref()?.supplier?;
        self.sellers.iter().find(|s| s.id == supplier)
    }

    /// In a sentence or two: how it sells, and what follows.
    pub fn words(&self) -> String {
        let Some(now) = &self.in_force else {
            return "Not planned yet: 4 Reorder works it out. Until then only your own min and max are used.".into();
        };
        let own = match (self.min, self.max) {
            (Some(min), max) => {
                let most = max.map_or(String::new(), |max| format!(", up to {}", said(max)));
                format!(" Your own minimum is in force: ordered at or below {}{most}.", said(min))
            }
            (None, Some(max)) => format!(" Ordered up to your own maximum {}.", said(max)),
            (None, None) => String::new(),
        };
        let days = now.lead_days.round().max(0.0);
        let takes = format!("goods take about {days:.0} day{}", if days == 1.0 { "" } else { "s" });
        let words = match now.selling {
            Selling::Active => {
                let level = match self.min {
                    Some(_) => String::new(),
                    None => format!("; ordered at or below {}, up to {}", said(now.point), said(now.up_to)),
                };
                format!("Sells {} a day; {takes}{level}.{own}", decimal(now.daily, 2))
            }
            Selling::Asleep => {
                format!("Asleep: nobody ordered it for long, so only customers who wait bring an order.{own}")
            }
            Selling::NoHistory => {
                format!("No history: no orders tell how it sells, so only customers who wait bring an order.{own}")
            }
            Selling::Discontinued => "It ends: only customers who wait bring an order.".into(),
        };
        let words = match &now.expected {
            Some(expected) if now.selling == Selling::Active => format!("{words} {expected}"),
            _ => words,
        };
        if now.stale { format!("{words} Something changed: it is being worked out anew.") } else { words }
    }
}

/// Everything about an item. Refused where it is gone.
pub fn of(db: &Db, item: ItemId, today: NaiveDate) -> Result<Planned> {
    let record = items::record(db, item)?
        .ok_or_else(|| Failure::refused("This item is not there any more. F5 reads the list again."))?;
    let due = planning::due(db, today)?;
    let plan = plans::plan_of(db, item)?;
    let in_force = plan
        .map(|plan| -> Result<InForce> {
            let details = Details::read(&plan.details)?;
            Ok(InForce {
                selling: if record.active { details.selling() } else { Selling::Discontinued },
                daily: plan.daily,
                point: plan.reorder_point,
                up_to: plan.order_up_to,
                lead_days: plan.lead_days,
                supplier: plan.supplier,
                expected: details.expected.as_ref().map(|e| e.words()),
                stale: due.concerns(item),
            })
        })
        .transpose()?;
    let successions = past_demand::successions(db)?;
    let named = |item: ItemId| -> Result<Option<(String, String)>> {
        Ok(items::record(db, item)?.map(|record| (record.sku, record.name)))
    };
    let follows = successions.iter().find(|s| s.0 == item).map(|s| named(s.1)).transpose()?.flatten();
    let mut followed_by = Vec::new();
    for (heir, _) in successions.iter().filter(|s| s.1 == item) {
        followed_by.push(plans::sku(db, *heir)?);
    }
    Ok(Planned {
        item,
        in_force,
        target: targets::of(db, item, today)?,
        demand: demand::of(db, item, today)?,
        rules: plans::rules_of(db, item)?,
        follows,
        followed_by,
        sold_by: selling::sold_by(db, item)?,
        sellers: purchases::sellers(db)?,
        sku: record.sku,
        name: record.name,
        cost: record.cost,
        pack: record.pack,
        active: record.active,
        min: record.min,
        max: record.max,
    })
}
