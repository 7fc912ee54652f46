//! The policies that ours is measured against: what other programs and textbooks do, each at a rising row of targets.

use super::{Rule, Series};
use crate::domain::intermittent::Method;
use crate::domain::loss;

/// A rule of ordering, other than ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rival {
    /// A minimum and a maximum, set once and kept: the person's own where typed, else the mean sales of lead time and
    /// review in the training, and twice that. The sweep multiplies both.
    MinMax,
    /// Mean and deviation of all buckets so far, and the normal distribution: d·H + z·s·√H.
    Normal,
    /// A point forecast for the mean, the variance of all buckets so far, and a negative binomial distribution.
    NegativeBinomial(Method),
    /// Syntetos and Boylan's forecast and a gamma distribution.
    Gamma,
}

impl Rival {
    pub const ALL: [Rival; 9] = [
        Rival::MinMax,
        Rival::Normal,
        Rival::NegativeBinomial(Method::Sba),
        Rival::Gamma,
        Rival::NegativeBinomial(Method::Tsb),
        Rival::NegativeBinomial(Method::Croston),
        Rival::NegativeBinomial(Method::Ses),
        Rival::NegativeBinomial(Method::Adida),
        Rival::NegativeBinomial(Method::Imapa),
    ];

    /// Its name in tables and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Rival::MinMax => "min/max",
            Rival::Normal => "normal ROP",
            Rival::NegativeBinomial(Method::Sba) => "NB-SBA",
            Rival::NegativeBinomial(Method::Tsb) => "NB-TSB",
            Rival::NegativeBinomial(Method::Croston) => "NB-Croston",
            Rival::NegativeBinomial(Method::Ses) => "NB-SES",
            Rival::NegativeBinomial(Method::Adida) => "NB-ADIDA",
            Rival::NegativeBinomial(Method::Imapa) => "NB-IMAPA",
            Rival::Gamma => "SBA-gamma",
        }
    }

    /// Whether its rules follow the demand, or stay as they were set before the first order.
    pub fn learns(self) -> bool {
        self != Rival::MinMax
    }

    /// The rules of an item for rising targets, knowing its demand up to and with `bucket`.
    pub fn rules(self, item: &Series, bucket: usize, review: usize, targets: &[f64]) -> Vec<Rule> {
        let past = item.until(bucket);
        let horizon = (item.lead + review) as f64;
        if self == Rival::MinMax {
            let sells = mean(&past) * horizon;
            let (min, max) = item.typed.map_or((sells, 2.0 * sells), |(min, max)| (min as f64, max as f64));
            return targets.iter().map(|target| min_max(min, max, factor(*target))).collect();
        }
        let (average, variance) = (mean(&past), variance(&past));
        match self {
            Rival::Normal => {
                let level = |t: &f64| average * horizon + loss::normal_quantile(*t) * (variance * horizon).sqrt();
                targets.iter().map(|t| Rule::level(level(t).max(0.0).ceil() as i64)).collect()
            }
            Rival::Gamma => {
                let forecast = Method::Sba.forecast(&past) * horizon;
                let level = |t: &f64| loss::gamma_quantile(forecast, variance * horizon, *t).ceil() as i64;
                targets.iter().map(|t| Rule::level(level(t))).collect()
            }
            Rival::NegativeBinomial(method) => {
                let levels = negative_binomial(method, &past, (horizon, item.lead as f64), targets);
                levels.into_iter().map(Rule::level).collect()
            }
            Rival::MinMax => Vec::new(), // answered above
        }
    }
}

/// The levels that serve rising targets by a negative binomial distribution on a point forecast: `past` by bucket, oldest
/// first; (lead time and review, lead time) in buckets.
pub fn negative_binomial(method: Method, past: &[f64], (cover, lead): (f64, f64), targets: &[f64]) -> Vec<i64> {
    let forecast = method.forecast(past);
    // Never less than a tenth above the mean: few observations understate how much it varies.
    let spread = variance(past).max(1.1 * forecast);
    let over = |buckets: f64| (forecast * buckets, spread * buckets);
    loss::levels_for_served(over(cover), over(lead), targets)
}

/// What a typed minimum and maximum are multiplied by along the sweep: 1 at a target of .95, as typed.
fn factor(target: f64) -> f64 {
    let spare = (1.0 - target).max(1e-6) / 0.05;
    if spare >= 1.0 { target / 0.95 } else { spare.powf(-0.7) }
}

fn min_max(min: f64, max: f64, factor: f64) -> Rule {
    let point = (min * factor).ceil() as i64;
    Rule { point, up_to: ((max * factor).ceil() as i64).max(point) }
}

fn mean(past: &[f64]) -> f64 {
    if past.is_empty() { 0.0 } else { past.iter().sum::<f64>() / past.len() as f64 }
}

fn variance(past: &[f64]) -> f64 {
    if past.len() < 2 {
        return 0.0;
    }
    let middle = mean(past);
    past.iter().map(|y| (y - middle).powi(2)).sum::<f64>() / (past.len() - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGETS: [f64; 6] = [0.05, 0.5, 0.8, 0.95, 0.99, 0.999];

    fn item(sales: Vec<(usize, i64)>) -> Series {
        Series { sales, lead: 2, pack: 1, unit: 1.0, ..Series::default() }
    }

    #[test]
    fn a_higher_target_never_keeps_less() {
        for rival in Rival::ALL {
            for sales in [vec![], vec![(3, 2)], (0..24).map(|t| (t, t as i64 % 5 + 1)).collect()] {
                let rules = rival.rules(&item(sales.clone()), 23, 1, &TARGETS);
                assert_eq!(rules.len(), TARGETS.len());
                assert!(rules.iter().map(|r| r.up_to).is_sorted(), "{} {sales:?} {rules:?}", rival.name());
                assert!(rules.iter().map(|r| r.point).is_sorted(), "{} {sales:?}", rival.name());
            }
        }
    }

    #[test]
    fn the_textbook_reorder_point() {
        // 10 a bucket, never more or less: a deviation of 0.
        let steady = item((0..12).map(|t| (t, 10)).collect());
        assert_eq!(Rival::Normal.rules(&steady, 11, 1, &[0.95])[0], Rule::level(30));
        // 0 and 20 in turn: mean 10, variance 20^2 / 4 * 12 / 11.
        let swings = item((0..12).filter(|t| t % 2 == 1).map(|t| (t, 20)).collect());
        let expected = 30.0 + 1.644_853_626_951_472 * (400.0 / 4.0 * 12.0 / 11.0 * 3.0f64).sqrt();
        assert_eq!(Rival::Normal.rules(&swings, 11, 1, &[0.95])[0], Rule::level(expected.ceil() as i64));
    }

    #[test]
    fn a_typed_minimum_is_replayed_as_typed() {
        let mut typed = item(vec![(1, 3)]);
        typed.typed = Some((20, 60));
        assert_eq!(Rival::MinMax.rules(&typed, 11, 1, &[0.95])[0], Rule { point: 20, up_to: 60 });
    }

    #[test]
    fn a_million_pieces_are_no_trouble() {
        for rival in Rival::ALL {
            let rules = rival.rules(&item((0..24).map(|t| (t, 1_000_000 * (t as i64 % 3))).collect()), 23, 1, &TARGETS);
            assert!(rules.iter().all(|r| r.up_to >= 0 && r.up_to < 1_000_000_000), "{} {rules:?}", rival.name());
        }
    }
}
