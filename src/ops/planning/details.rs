//! The terms of a plan's explanation, kept with it, and the chance of running out that follows from them.

use super::sources::Other;
use crate::domain::forecast::Spread;
use crate::domain::locale::{decimal, quantity};
use crate::domain::quantity::Qty;
use crate::domain::reorder::Selling;
use crate::store::Result;
use serde::{Deserialize, Serialize};

/// The version of the reckoning: raised whenever the same facts give another plan, so that plans from before are made anew.
pub const RECKONING: u32 = 4;

/// The terms of an explanation, kept with the plan. Quantities in thousandths, times in days.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Details {
    /// `active`, `asleep`, `no_history`, `discontinued`. First, as it is looked for at the beginning of the kept text.
    pub selling: String,
    /// The smallest step in which it is sold.
    pub unit: i64,
    /// The policy's own reorder point, whatever the person typed.
    pub point: i64,
    /// The batch in which it is best ordered, before packs.
    pub batch: i64,
    /// The batch balances the cost of ordering with that of holding.
    pub economic: bool,
    /// Mean sales until goods ordered at the next review have arrived.
    pub cover_demand: i64,
    /// Days of that: lead time and review.
    pub cover_days: f64,
    pub review_days: f64,
    pub lead_source: String,
    /// Half of the deliveries take no longer from the day of the order; none: the plan is of an older version.
    #[serde(default)]
    pub lead_usual: Option<i64>,
    pub lead_learned: usize,
    /// Share of demand that the level serves from the shelf.
    pub served: f64,
    /// Buckets of history, and in how many of them it sold.
    pub listed: u32,
    pub sold: u32,
    pub bucket_days: i64,
    /// For the risk of running out: see [`Spread`].
    pub spread: [f64; 4],
    /// A, B or C by the value that sells in a year.
    pub class: String,
    /// `smooth`, `erratic`, `intermittent` or `lumpy`.
    pub pattern: String,
    /// Share of what had to wait that customers cancelled, in the whole warehouse.
    pub cancel_rate: f64,
    /// Why it is bought from this supplier.
    pub chosen: String,
    /// Others who sell it, the cheapest first.
    pub others: Vec<Other>,
    /// One order that stands out.
    pub spike: Option<Spike>,
    /// No order goes beyond what sells in so many days unless a person says so.
    pub most_days: f64,
    /// How much more than usual sells until goods ordered at the next review have come: 1 without a season.
    pub season: f64,
    /// A price for a larger quantity that is not valid any more: (from thousandths, ten-thousandths, until).
    pub expired: Option<(i64, i64, String)>,
    /// What a person expects of it.
    #[serde(default)]
    pub expected: Option<Estimate>,
    /// See [`RECKONING`]; 0: of a version that did not say it.
    #[serde(default)]
    pub reckoning: u32,
}

/// How much a person expects to sell.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Estimate {
    /// Thousandths a month.
    pub month: i64,
    /// When it was said it counted for so many months of sales.
    pub said: i64,
    /// Now it counts for so many.
    pub counts: f64,
}

impl Estimate {
    /// `Your own estimate of 20 a month counts as 3 months of sales: it fades as orders come.`
    pub fn words(&self) -> String {
        let month = quantity(Qty::from_thousandths(self.month));
        let said = format!("{} month{}", self.said, if self.said == 1 { "" } else { "s" });
        let tenths = (self.counts * 10.0).round() / 10.0;
        match self.counts {
            counts if counts < 0.05 => {
                format!("Your own estimate of {month} a month has faded: its orders tell by now.")
            }
            _ if tenths >= self.said as f64 => {
                format!("Your own estimate of {month} a month counts as {said} of sales: it fades as orders come.")
            }
            counts => format!(
                "Your own estimate of {month} a month counts as {} months of sales by now ({said} at first): it fades as orders come.",
                decimal(counts, 1)
            ),
        }
    }
}

/// One order of more than ten times the usual: was it a project?
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Spike {
    pub line: i64,
    /// Thousandths.
    pub quantity: i64,
    /// The usual order, in thousandths.
    pub usual: i64,
    pub days_ago: u16,
}

impl Details {
    /// From the kept text.
    pub fn read(text: &str) -> Result<Details> {
        Ok(serde_json::from_str(text)?)
    }
    pub fn selling(&self) -> Selling {
        Selling::from_word(&self.selling)
    }
    pub fn unit(&self) -> Qty {
        Qty::from_thousandths(self.unit)
    }
    /// Chance that the sales of the next `days` exceed `stock`: a gamma distribution with the model's mean and variance.
    pub fn risk(&self, days: f64, stock: Qty) -> f64 {
        use statrs::distribution::{ContinuousCDF, Gamma};
        let [chance, strength, size, square] = self.spread;
        let buckets = days.max(0.0) * self.season / self.bucket_days.max(1) as f64;
        let (mean, variance) = Spread { chance, strength, size, square }.over(buckets);
        if stock.is_negative() {
            return 1.0;
        }
        let units = stock.thousandths() as f64 / self.unit.max(1) as f64 + 0.5; // a discrete demand exceeds n from n + 1 on
        match Gamma::new(mean * mean / variance, mean / variance) {
            Ok(gamma) if mean > 0.0 && variance > 0.0 => (1.0 - gamma.cdf(units)).clamp(0.0, 1.0),
            _ => 0.0,
        }
    }
}
