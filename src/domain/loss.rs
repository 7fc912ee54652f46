//! Loss functions of the textbooks: the mean demand above a level and the mean stock left below it; and the decisions
//! that follow from them directly. The catalogue's own levels come from [`super::forecast`]; these serve the policies
//! it is compared with, and the costs of a choice.

use statrs::distribution::{
    Continuous, ContinuousCDF, Discrete, DiscreteCDF, Gamma, NegativeBinomial, Normal, Poisson,
};

/// (mean of what exceeds the level, mean of what falls short of it).
pub type Loss = (f64, f64);

/// Loss of a standard normal demand at `z`.
pub fn standard_normal(z: f64) -> Loss {
    let normal = Normal::standard();
    let above = normal.pdf(z) - z * (1.0 - normal.cdf(z));
    (above, above + z)
}

/// Second-order loss of a standard normal demand: half the mean square of what exceeds `z`, and of what falls short.
pub fn standard_normal_second(z: f64) -> Loss {
    let normal = Normal::standard();
    let above = ((z * z + 1.0) * (1.0 - normal.cdf(z)) - z * normal.pdf(z)) / 2.0;
    (above, (z * z + 1.0) / 2.0 - above)
}

/// Loss of a Poisson demand with this mean; `None` where the mean is no positive number.
pub fn poisson(level: u64, mean: f64) -> Option<Loss> {
    let demand = Poisson::new(mean).ok()?;
    let x = level as f64;
    let above = -(x - mean) * (1.0 - demand.cdf(level)) + mean * demand.pmf(level);
    Some((above, above + x - mean))
}

/// Loss of a gamma demand with this shape and scale.
pub fn gamma(level: f64, shape: f64, scale: f64) -> Option<Loss> {
    let tail = |shape: f64| Some(1.0 - Gamma::new(shape, 1.0 / scale).ok()?.cdf(level));
    let mean = shape * scale;
    let above = mean * tail(shape + 1.0)? - level * tail(shape)?;
    Some((above, above + level - mean))
}

/// Loss of a negative binomial demand: failures before the `r`-th success of chance `p`.
pub fn negative_binomial(level: u64, r: f64, p: f64) -> Option<Loss> {
    let demand = NegativeBinomial::new(r, p).ok()?;
    let mean = r * (1.0 - p) / p;
    let mut above = mean;
    let mut within = 0.0;
    for n in 0..level {
        within += demand.pmf(n);
        above -= 1.0 - within;
    }
    Some((above, above + level as f64 - mean))
}

/// The newsvendor's level for a Poisson demand: the least that the demand stays within with the critical chance, and
/// what it costs a period.
pub fn newsvendor_poisson(holding: f64, shortage: f64, mean: f64) -> Option<(u64, f64)> {
    let demand = Poisson::new(mean).ok()?;
    let critical = shortage / (shortage + holding);
    if !(0.0..1.0).contains(&critical) {
        return None;
    }
    let level = demand.inverse_cdf(critical);
    let (above, below) = poisson(level, mean)?;
    Some((level, holding * below + shortage * above))
}

/// The economic quantity where customers wait at `shortage` a unit and year: (quantity, share of demand that waits,
/// cost a year). `None` where a figure says nothing.
pub fn economic_quantity_with_backorders(
    order_cost: f64,
    holding: f64,
    shortage: f64,
    yearly: f64,
) -> Option<(f64, f64, f64)> {
    let plain = super::reorder::economic_quantity(order_cost, holding, yearly)?;
    if !(shortage > 0.0 && shortage.is_finite()) {
        return None;
    }
    let quantity = plain * ((holding + shortage) / shortage).sqrt();
    let waits = holding / (holding + shortage);
    let cost = (2.0 * order_cost * yearly * holding * shortage / (holding + shortage)).sqrt();
    Some((quantity, waits, cost))
}

/// Levels of a discrete demand known by mean and variance: negative binomial where it varies more than its mean, else
/// Poisson. Answers, for every rising target share served in one review, the least level: `cover` is (mean, variance)
/// over lead time and review, `lead` over the lead time alone.
pub fn levels_for_served(cover: (f64, f64), lead: (f64, f64), targets: &[f64]) -> Vec<i64> {
    /// Beyond this level a step at a time is too slow, and a gamma is as good.
    const LARGEST: f64 = 4_000.0;
    let review = cover.0 - lead.0;
    if review.is_nan() || review <= 0.0 {
        return vec![0; targets.len()];
    }
    if cover.0 + 12.0 * cover.1.sqrt() > LARGEST {
        return targets.iter().map(|target| by_gamma(cover, lead, *target)).collect();
    }
    let (mut long, mut short) = (Steps::new(cover), Steps::new(lead));
    let mut level = 0i64;
    let mut found = Vec::with_capacity(targets.len());
    for target in targets {
        while 1.0 - (long.above - short.above) / review < target - 1e-9 && (level as f64) < LARGEST {
            long.step();
            short.step();
            level += 1;
        }
        found.push(level);
    }
    found
}

/// Walks up the levels of a negative binomial or Poisson demand.
struct Steps {
    mean: f64,
    /// Excess of the variance over the mean, per mean; 0: Poisson.
    spread: f64,
    n: f64,
    chance: f64,
    within: f64,
    /// Mean demand above the level reached.
    above: f64,
}

impl Steps {
    fn new((mean, variance): (f64, f64)) -> Steps {
        let spread = if mean > 0.0 { (variance / mean - 1.0).max(0.0) } else { 0.0 };
        let chance = if spread < 1e-9 { (-mean).exp() } else { (-mean / spread * (1.0 + spread).ln()).exp() };
        Steps { mean, spread, n: 0.0, chance, within: chance, above: mean }
    }
    fn step(&mut self) {
        self.above = (self.above - (1.0 - self.within)).max(0.0);
        let next = if self.spread < 1e-9 {
            self.mean / (self.n + 1.0)
        } else {
            (self.mean / self.spread + self.n) / (self.n + 1.0) * self.spread / (1.0 + self.spread)
        };
        self.n += 1.0;
        self.chance *= next;
        self.within = (self.within + self.chance).min(1.0);
    }
}

/// The same for large amounts, by gamma distributions with these moments.
fn by_gamma(cover: (f64, f64), lead: (f64, f64), target: f64) -> i64 {
    let above = |(mean, variance): (f64, f64), level: f64| -> f64 {
        if mean <= 0.0 {
            return 0.0;
        }
        let scale = variance.max(mean * 1e-6) / mean;
        gamma(level, mean / scale, scale).map_or((mean - level).max(0.0), |l| l.0.max(0.0))
    };
    let review = cover.0 - lead.0;
    let served = |level: f64| 1.0 - (above(cover, level) - above(lead, level)) / review;
    let (mut low, mut high) = (0.0, cover.0 + 60.0 * cover.1.sqrt() + 1.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if served(middle) >= target - 1e-9 {
            high = middle;
        } else {
            low = middle;
        }
    }
    high.ceil() as i64
}

/// The quantile of a gamma demand known by mean and variance; the mean where it does not vary.
pub fn gamma_quantile(mean: f64, variance: f64, chance: f64) -> f64 {
    if mean <= 0.0 || mean.is_nan() {
        return 0.0;
    }
    match Gamma::new(mean * mean / variance, mean / variance) {
        Ok(gamma) if variance > 0.0 => gamma.inverse_cdf(chance.clamp(0.0, 1.0 - 1e-9)),
        _ => mean,
    }
}

/// The standard normal's quantile.
pub fn normal_quantile(chance: f64) -> f64 {
    Normal::standard().inverse_cdf(chance.clamp(1e-9, 1.0 - 1e-9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_up_the_levels_agrees_with_the_closed_forms() {
        for level in [0u64, 3, 14, 18, 40] {
            let mut steps = Steps::new((15.0, 15.0));
            (0..level).for_each(|_| steps.step());
            assert!((steps.above - poisson(level, 15.0).unwrap().0).abs() < 1e-9, "{level}");
            let (r, p) = (4.0, 0.3);
            let mean = r * (1.0 - p) / p;
            let mut steps = Steps::new((mean, mean / p));
            (0..level).for_each(|_| steps.step());
            assert!((steps.above - negative_binomial(level, r, p).unwrap().0).abs() < 1e-9, "{level}");
        }
    }

    #[test]
    fn a_higher_target_never_asks_for_less_and_large_amounts_agree_with_small_steps() {
        let targets = [0.5, 0.9, 0.95, 0.99];
        let small = levels_for_served((1000.0, 9000.0), (500.0, 4500.0), &targets);
        let large: Vec<i64> = targets.iter().map(|t| by_gamma((1000.0, 9000.0), (500.0, 4500.0), *t)).collect();
        assert!(small.is_sorted() && large.is_sorted());
        for (a, b) in small.iter().zip(&large) {
            assert!((a - b).abs() <= 8, "{small:?} {large:?}");
        }
        assert_eq!(levels_for_served((0.0, 0.0), (0.0, 0.0), &targets), [0; 4]);
        assert_eq!(levels_for_served((f64::NAN, 1.0), (0.0, 0.0), &targets), [0; 4]);
    }

    #[test]
    fn nonsense_has_no_answer() {
        assert_eq!(poisson(3, -1.0), None);
        assert_eq!(newsvendor_poisson(1.0, f64::NAN, 5.0), None);
        assert_eq!(economic_quantity_with_backorders(8.0, 0.2, 0.0, 1300.0), None);
        assert_eq!(gamma_quantile(0.0, 0.0, 0.9), 0.0);
        assert_eq!(gamma_quantile(3.0, 0.0, 0.9), 3.0);
    }
}
