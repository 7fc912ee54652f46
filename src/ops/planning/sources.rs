//! From whom an item would be ordered, on what terms, and what the others would cost more.

use super::leads::{Lead, Leads};
use crate::domain::demand::{Grid, Season};
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::Tier;
use crate::ops::learning;
use crate::ops::settings::Settings;
use crate::store::plans::{self, Expects, ItemRule, PlanItem, Span, Terms};
use crate::store::{Db, Result};
use chrono::NaiveDate;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// A supplier of an item, and the terms.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub supplier: Option<SupplierId>,
    pub cost: Option<Money>,
    pub min_quantity: Option<Qty>,
    pub pack: Option<Qty>,
    pub lead: Arc<Lead>,
    /// Prices from larger quantities on that hold today.
    pub breaks: Vec<(Qty, Money)>,
    /// The last price from a larger quantity on that does not hold any more.
    pub expired: Option<(Qty, Money, NaiveDate)>,
    /// Share of lines in full and on time that it is sure to exceed; none: too few to judge.
    pub sure: Option<f64>,
}

impl Source {
    /// The cost from each quantity on, the plain one first; empty where nobody knows it.
    pub fn tiers(&self) -> Vec<Tier> {
        let Some(cost) = self.cost else { return Vec::new() };
        let base = Tier { from: 0.0, cost: cost.as_f64() };
        let breaks = self.breaks.iter().map(|(from, cost)| Tier { from: from.as_f64(), cost: cost.as_f64() });
        std::iter::once(base).chain(breaks).collect()
    }
}

/// All who sell an item.
#[derive(Clone, Debug)]
pub(super) struct Sources {
    /// Never empty: where nobody is known, one without a supplier.
    pub all: Vec<Source>,
    /// The place in `all` of the one that a person or the item's record names.
    pub named: usize,
    /// A person prefers it: no reckoning changes that.
    pub fixed: bool,
    /// Under this share a supplier is not chosen when there is another.
    pub floor: f64,
    /// The item keeps so long.
    pub shelf_days: Option<i64>,
}

/// What another supplier of the item would be.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Other {
    pub supplier: i64,
    /// More a year than the chosen one, in ten-thousandths; below zero: less. None: its cost is not known.
    pub more_a_year: Option<i64>,
    pub lead_days: f64,
    pub sure: Option<f64>,
    /// It is cheaper, and not chosen as it is less sure than the floor.
    pub unsure: bool,
}

/// The terms to order on: the preferred supplier's, else those of the item's own supplier, else the first entered.
pub fn chosen(item_supplier: Option<SupplierId>, terms: &[Terms]) -> (Option<SupplierId>, Option<&Terms>) {
    if let Some(preferred) = terms.iter().find(|t| t.preferred) {
        return (Some(preferred.supplier), Some(preferred));
    }
    match item_supplier {
        Some(own) => (Some(own), terms.iter().find(|t| t.supplier == own)),
        None => (terms.first().map(|t| t.supplier), terms.first()),
    }
}

/// Who sells what, on what terms, and what a person said about planning it.
pub(super) struct Market {
    terms: HashMap<ItemId, Vec<Terms>>,
    quoted: HashMap<SupplierId, i64>,
    breaks: plans::Breaks,
    rules: HashMap<ItemId, Vec<ItemRule>>,
}

impl Market {
    /// Of the items of these spans.
    pub fn of(db: &Db, spans: &[Span]) -> Result<Market> {
        let mut market = Market {
            terms: HashMap::new(),
            quoted: plans::quoted_lead_days(db)?,
            breaks: HashMap::new(),
            rules: HashMap::new(),
        };
        for span in spans {
            plans::take_terms(db, *span, &mut market.terms)?;
            plans::take_price_breaks(db, *span, &mut market.breaks)?;
            plans::take_rules(db, *span, &mut market.rules)?;
        }
        Ok(market)
    }
    /// Who may be asked for these items.
    pub fn suppliers<'a>(&'a self, items: &'a [PlanItem]) -> impl Iterator<Item = SupplierId> + 'a {
        let terms = items.iter().flat_map(|i| self.terms.get(&i.id)).flatten().map(|t| t.supplier);
        items.iter().filter_map(|i| i.supplier).chain(terms)
    }
    fn rule(&self, item: ItemId, supplier: Option<SupplierId>) -> Option<&ItemRule> {
        self.rules.get(&item)?.iter().find(|r| r.supplier == supplier)
    }
    /// The item keeps so long.
    fn shelf_days(&self, item: ItemId) -> Option<i64> {
        self.rule(item, None)?.shelf_days
    }
    /// How much of it a person expects to sell.
    pub fn expects(&self, item: ItemId) -> Option<Expects> {
        self.rule(item, None)?.expects
    }
    /// Its season, as a person said.
    pub fn season(&self, item: ItemId) -> Option<Season> {
        Season::parse(self.rule(item, None)?.season.as_deref()?)
    }
    /// A lead time that a person fixed: for this supplier, else for the item wherever it is bought.
    fn fixed_days(&self, item: ItemId, supplier: Option<SupplierId>) -> Option<i64> {
        let of_supplier = supplier.and_then(|s| self.rule(item, Some(s))?.lead_days);
        of_supplier.or_else(|| self.rule(item, None)?.lead_days)
    }
}

/// Every item's suppliers, in the items' order.
pub(super) fn of_items(
    market: &Market,
    today: NaiveDate,
    items: &[PlanItem],
    leads: &Leads,
    settings: &Settings,
) -> Vec<Sources> {
    let Market { terms, quoted, breaks, .. } = market;
    let floor = settings.number("planning.supplier_floor").unwrap_or(0.7);
    let source = |item: &PlanItem, supplier: Option<SupplierId>, terms: Option<&Terms>| {
        let days = terms.and_then(|t| t.lead_days).or_else(|| quoted.get(&supplier?).copied());
        let known = supplier.and_then(|s| breaks.get(&(s, item.id))).map_or(&[][..], |b| b);
        let holds = |b: &&plans::PriceBreak| b.valid_until.is_none_or(|until| until >= today);
        let gone = known.iter().filter(|b| !holds(b)).filter_map(|b| Some((b.from, b.cost, b.valid_until?)));
        Source {
            supplier,
            cost: terms.and_then(|t| t.cost).or(item.cost),
            min_quantity: terms.and_then(|t| t.min_quantity),
            pack: terms.and_then(|t| t.pack).or(item.pack),
            lead: match market.fixed_days(item.id, supplier) {
                Some(days) => leads.fixed(days),
                None => leads.of(supplier, item.id, days),
            },
            breaks: known.iter().filter(holds).map(|b| (b.from, b.cost)).collect(),
            expired: gone.max_by_key(|g| g.2),
            sure: supplier.and_then(|s| leads.sure(s)),
        }
    };
    let one = |item: &PlanItem| {
        let known = terms.get(&item.id).map_or(&[][..], |t| t);
        let (supplier, chosen) = chosen(item.supplier, known);
        let fixed = known.iter().any(|t| t.preferred);
        let shelf_days = market.shelf_days(item.id);
        if known.is_empty() || chosen.is_none() {
            // Its own supplier without terms, or nobody: whoever else sells it stands beside.
            let mut all = vec![source(item, supplier, None)];
            all.extend(known.iter().map(|t| source(item, Some(t.supplier), Some(t))));
            return Sources { all, named: 0, fixed, floor, shelf_days };
        }
        let all: Vec<Source> = known.iter().map(|t| source(item, Some(t.supplier), Some(t))).collect();
        let named = known.iter().position(|t| Some(t.supplier) == supplier).unwrap_or(0);
        Sources { all, named, fixed, floor, shelf_days }
    };
    items.par_iter().map(one).collect()
}

/// How long each item takes to come, in days, and in what packs, in their order: for the replay.
pub fn bought_how(db: &Db, today: NaiveDate, grid: Grid, items: &[PlanItem]) -> Result<Vec<(f64, Option<Qty>)>> {
    let settings = Settings::load(db)?;
    let review_days = settings.count("planning.review_days").max(1) as f64;
    let leads = Leads::learn(today, grid.days() as f64, review_days, |_| true, |take| learning::each(db, take))?;
    let sources = of_items(&Market::of(db, &[Span::ALL])?, today, items, &leads, &settings);
    let named =
        sources.iter().map(|s| s.all.get(s.named).map_or((super::ASSUMED_DAYS, None), |s| (s.lead.mean_days, s.pack)));
    Ok(named.collect())
}
