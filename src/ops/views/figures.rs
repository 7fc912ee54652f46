//! One supplier's figures in any window, and the cases behind each.

use super::suppliers::{card_among, day_one, measure};
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::lateness::{Delivery, Spread};
use crate::domain::scorecard::evidence::first_dates;
use crate::domain::scorecard::{Behind, Conduct, Figure, Measure, Scorecard, Share, behind, effects};
use crate::ops::settings::Settings;
use crate::store::suppliers::{conduct, deliveries_of, quoted_days, quoted_days_by_item};
use crate::store::{Db, Result, chasing, supplier_sums};
use chrono::NaiveDate;
use std::collections::HashMap;

/// The figures of a supplier.
#[derive(Clone, PartialEq, Debug)]
pub struct Figures {
    pub supplier: SupplierId,
    pub card: Scorecard,
    /// How they were measured.
    pub measure: Measure,
    /// Days that the supplier says it takes.
    pub quoted_days: Option<i64>,
    /// What moved the score, the newest first.
    pub moved: Vec<Moved>,
}

/// A case and the points that the score has by it.
#[derive(Clone, PartialEq, Debug)]
pub struct Moved {
    pub case: Case,
    /// Below zero where it costs some; none: without it there is no score.
    pub points: Option<f64>,
}

/// A case, its item by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    pub behind: Behind,
    pub item_name: String,
}

/// Points that are seen; what moves less is not told.
const LEAST: f64 = 0.05;

fn in_window(db: &Db, window_days: Option<i64>) -> Result<Measure> {
    let usual = measure(&Settings::load(db)?);
    Ok(Measure { window_days: window_days.unwrap_or(usual.window_days), ..usual })
}

/// Reads the figures; `window_days`: another window than the settings say, 0 for all.
pub fn load(db: &Db, supplier: SupplierId, window_days: Option<i64>, today: NaiveDate) -> Result<Figures> {
    let measure = in_window(db, window_days)?;
    let (mut card, priors) = card_among(db, supplier, &measure, today)?;
    let (lines, quoted) = (deliveries_of(db, supplier)?, quoted_days(db, supplier)?);
    let dates = first_dates(&lines, quoted_for(db, supplier)?, &measure, today);
    card.first_dates =
        Share { good: dates.iter().filter(|(case, _)| case.good == Some(true)).count(), all: dates.len() };
    card.first_dates_later = Spread::of(dates.iter().map(|(_, later)| ((*later).max(0), 1))).median();
    let (noted, conduct) = (supplier_sums::noted(db)?, conduct_of(db, supplier)?);
    let name = named(db, supplier)?;
    let moved = effects(&lines, &conduct, noted, &priors, &measure, today)
        .into_iter()
        .filter(|effect| effect.points.is_none_or(|points| points.abs() >= LEAST))
        .map(|effect| Moved { case: name(effect.case), points: effect.points })
        .collect();
    Ok(Figures { supplier, card, measure, quoted_days: quoted, moved })
}

/// The days that he quotes for an item.
fn quoted_for(db: &Db, supplier: SupplierId) -> Result<impl Fn(ItemId) -> Option<i64>> {
    let (general, of_items) = (quoted_days(db, supplier)?, quoted_days_by_item(db, supplier)?);
    Ok(move |item| of_items.get(&item).copied().or(general))
}

fn conduct_of(db: &Db, supplier: SupplierId) -> Result<Conduct> {
    Ok(conduct(db, Some(supplier), day_one())?.remove(&supplier).unwrap_or_default())
}

/// Puts the item's name to a case.
fn named(db: &Db, supplier: SupplierId) -> Result<impl Fn(Behind) -> Case> {
    let names: HashMap<ItemId, (String, String)> = chasing::goods_of(db, supplier)?;
    Ok(move |behind: Behind| {
        let item = behind.item.and_then(|item| names.get(&item));
        Case { item_name: item.map(|(_, name)| name.clone()).unwrap_or_default(), behind }
    })
}

/// The cases behind one figure, bad ones first.
pub fn cases(
    db: &Db,
    supplier: SupplierId,
    figure: Figure,
    window_days: Option<i64>,
    today: NaiveDate,
) -> Result<Vec<Case>> {
    let measure = in_window(db, window_days)?;
    let lines: Vec<Delivery> = deliveries_of(db, supplier)?;
    let found = match figure {
        Figure::FirstDate => {
            let dates = first_dates(&lines, quoted_for(db, supplier)?, &measure, today);
            dates.into_iter().map(|(case, _)| case).collect()
        }
        _ => behind(figure, &lines, &conduct_of(db, supplier)?, supplier_sums::noted(db)?, &measure, today),
    };
    Ok(found.into_iter().map(named(db, supplier)?).collect())
}
