//! The warehouse's own last year, as it would be replayed.

use super::Trial;
use crate::domain::demand::Grid;
use crate::domain::quantity::Qty;
use crate::domain::replay::{Series, Span};
use crate::ops::planning;
use crate::ops::settings::Settings;
use crate::store::plans;
use crate::store::{Db, Failure, Result};
use chrono::NaiveDate;

/// What the person asked for; what is left out is the warehouse's own.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Asked {
    pub grid: Option<Grid>,
    /// Buckets known before the first order; else all but the last year.
    pub train: Option<usize>,
    pub lead: Option<usize>,
    pub review: Option<usize>,
    pub pack: Option<i64>,
    pub target: Option<f64>,
}

/// Items beyond this many are replayed as an even sample: the verdict needs no more.
const MOST_ITEMS: usize = 10_000;
/// The training is at least this many buckets.
const LEAST_TRAIN: usize = 4;

/// The last twelve months of a warehouse: every active item with its own lead time, pack and typed levels. The second
/// answer is what should be said beside the result.
pub fn own_history(db: &Db, today: NaiveDate, asked: &Asked) -> Result<(Trial, Vec<String>)> {
    let settings = Settings::load(db)?;
    let mut notes = Vec::new();
    let items = plans::items(db)?;
    let demands = planning::demands(db, today, &items)?;
    let grid = asked.grid.unwrap_or_else(|| Grid::for_catalogue(&demands.iter().collect::<Vec<_>>()));
    let days = grid.days() as f64;
    let review_days = settings.count("planning.review_days").max(1) as f64;
    let review = asked.review.unwrap_or(((review_days / days).round() as usize).max(1));
    let bought = planning::bought_how(db, today, grid, &items)?;
    let buckets = demands.iter().map(|d| d.history(grid).listed as usize).max().unwrap_or(0);
    let mut series = Vec::new();
    for ((item, demand), (lead_days, pack)) in items.iter().zip(&demands).zip(bought) {
        let history = demand.history(grid);
        if !item.active || history.listed == 0 {
            continue;
        }
        let unit = demand.unit.max(1);
        let units = |quantity: Qty| quantity.thousandths() / unit;
        let mut sales: Vec<(usize, i64)> = history
            .sales
            .iter()
            .filter_map(|&(age, units)| Some((buckets.checked_sub(age as usize + 1)?, units as i64)))
            .filter(|s| s.1 > 0)
            .collect();
        sales.sort_unstable();
        series.push(Series {
            sku: plans::sku(db, item.id)?,
            category: item.category.clone(),
            listed_from: buckets - history.listed as usize,
            sales,
            lead: asked.lead.unwrap_or((lead_days / days).round() as usize),
            pack: asked.pack.unwrap_or_else(|| units(pack.unwrap_or(Qty::ONE)).max(1)),
            unit: unit as f64 / 1000.0,
            typed: item.min.map(|min| (units(min), units(item.max.filter(|max| *max > min).unwrap_or(min + Qty::ONE)))),
        });
    }
    if series.iter().all(|s| s.sales.is_empty()) {
        return Err(Failure::refused(
            "No customer ordered anything in the last two years, so there is nothing to replay. Bring in past orders, or give a file with --history.",
        ));
    }
    if series.len() > MOST_ITEMS {
        notes.push(format!("{MOST_ITEMS} of {} items are replayed, spread evenly.", series.len()));
        let all = series.len();
        let mut at = 0;
        series.retain(|_| {
            at += 1;
            at * MOST_ITEMS / all > (at - 1) * MOST_ITEMS / all
        });
    }
    let lead = series.iter().map(|s| s.lead).max().unwrap_or(0);
    let train = asked.train.unwrap_or_else(|| buckets.saturating_sub(grid.a_year() + lead + review).max(LEAST_TRAIN));
    let span = Span::new(buckets, train, lead, review).ok_or_else(|| {
        Failure::refused(format!(
            "There are {buckets} {word}s of orders; {train} to learn from, {lead} of lead time and {review} to the next order leave nothing to judge. Replay again when there is more, or with a smaller --train, --lead or --review.",
            word = grid.word()
        ))
    })?;
    let target = asked.target.or_else(|| settings.number("planning.target")).unwrap_or(0.95);
    Ok((Trial { series, grid, span, target }, notes))
}
