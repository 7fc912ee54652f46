//! What lies behind an item's level: what was ordered of it bucket by bucket, how long it took to come, and how its stock is
//! likely to go on without the order that is suggested.

use super::ReorderLine;
use crate::domain::forecast::Spread;
use crate::domain::quantity::Qty;
use crate::ops::planning::Details;
use crate::ops::views::demand::{self, ItemDemand};
use crate::store::past_deliveries::{self, Took};
use crate::store::{Db, Result, plans};
use chrono::{Days, NaiveDate};

/// Deliveries that are shown.
const DELIVERIES: i64 = 12;
/// Days that are looked ahead, and points that are worked out in them.
const LEAST_AHEAD: f64 = 28.0;
const MOST_AHEAD: f64 = 180.0;
const POINTS: i64 = 24;

/// The stock that is expected at the end of a day, free of customers' orders, below zero: they wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Point {
    pub on: NaiveDate,
    /// In nine of ten cases there is at least this.
    pub low: Qty,
    pub mean: Qty,
    /// In nine of ten cases there is at most this.
    pub high: Qty,
}

/// What lies behind an item's level.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outlook {
    /// What customers ordered, by bucket and channel.
    pub demand: ItemDemand,
    pub deliveries: Vec<Took>,
    /// The stock without the order, from today on.
    pub without: Vec<Point>,
    /// The day on which goods would come that are ordered as soon as an order can leave.
    pub comes_on: Option<NaiveDate>,
    /// Of a bucket's sales (see [`ItemDemand::grid`]) eight of ten are within these.
    pub bucket: Option<(Qty, Qty)>,
}

pub(super) fn of(db: &Db, line: &ReorderLine, today: NaiveDate) -> Result<Outlook> {
    let details = plans::plan_of(db, line.item)?.map(|p| Details::read(&p.details)).transpose()?;
    let after = |days: f64| today.checked_add_days(Days::new(days.clamp(0.0, 3650.0).ceil() as u64));
    let mut outlook = Outlook {
        demand: demand::of(db, line.item, today)?,
        deliveries: past_deliveries::of(db, line.item, DELIVERIES)?,
        comes_on: after((line.leaves_on - today).num_days() as f64 + line.lead_days),
        ..Outlook::default()
    };
    let Some(details) = details else { return Ok(outlook) };
    let sold = |days: f64, share: f64| sold(&details, days, share);
    let days = outlook.demand.grid.days() as f64;
    outlook.bucket = Some((sold(days, 0.1), sold(days, 0.9)));
    let free = line.position - line.on_order;
    let ahead = (details.cover_days * 1.7).clamp(LEAST_AHEAD, MOST_AHEAD).ceil() as i64;
    let step = (ahead / POINTS).max(1);
    for day in (0..=ahead).step_by(step as usize) {
        let Some(on) = after(day as f64) else { break };
        let came = line.counted().filter(|w| w.likely.is_some_and(|l| l <= on));
        let there = free + came.map(|w| w.inbound.open).sum();
        let days = day as f64;
        outlook.without.push(Point {
            on,
            low: there - sold(days, 0.9),
            mean: there - Qty::from_f64(line.daily.max(0.0) * days),
            high: there - sold(days, 0.1),
        });
    }
    Ok(outlook)
}

/// So much at most is sold in these days, in that share of cases; nothing where nothing is known.
fn sold(details: &Details, days: f64, share: f64) -> Qty {
    use statrs::distribution::{ContinuousCDF, Gamma};
    let [chance, strength, size, square] = details.spread;
    // The season of the days looked at, as the mean and the risk have it.
    let buckets = days * details.season / details.bucket_days.max(1) as f64;
    let (mean, variance) = Spread { chance, strength, size, square }.over(buckets);
    match Gamma::new(mean * mean / variance, mean / variance) {
        Ok(gamma) if mean > 0.0 && variance > 0.0 => {
            let units = gamma.inverse_cdf(share);
            if units.is_finite() { Qty::from_f64(units * details.unit().as_f64()) } else { Qty::ZERO }
        }
        _ => Qty::ZERO,
    }
}
