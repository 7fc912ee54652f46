//! Shares from few cases: what a supplier's on-time share may be when little is known, with the help of what all
//! suppliers do (empirical Bayes, Beta-binomial).

/// Good cases of all cases, each weighted by how recent it is.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tally {
    pub good: f64,
    pub all: f64,
}

impl Tally {
    /// Counts a case with this weight.
    pub fn count(&mut self, good: bool, weight: f64) {
        self.all += weight;
        self.good += if good { weight } else { 0.0 };
    }
}

/// What a case weighs that is so many days old, where it counts half after `half_life` days.
pub fn faded(days: i64, half_life: f64) -> f64 {
    0.5_f64.powf(days.max(0) as f64 / half_life.max(1.0))
}

/// A Beta distribution of a share.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Beta {
    pub a: f64,
    pub b: f64,
}

/// What is assumed of a supplier before anything is known, and the pseudo-case that keeps a fit to two or three
/// suppliers from running to an extreme: 4 of 5.
const ASSUMED: Tally = Tally { good: 4.0, all: 5.0 };
/// The prior is worth between so many cases: below, few cases would run wild; above, nobody could differ.
const STRENGTHS: [f64; 9] = [2.0, 3.0, 5.0, 8.0, 12.0, 18.0, 26.0, 36.0, 50.0];

impl Beta {
    /// The prior that makes these tallies, one per supplier, most likely (maximum marginal likelihood).
    pub fn prior(tallies: &[Tally]) -> Beta {
        let likelihood = |mean: f64, strength: f64| -> f64 {
            let prior = Beta { a: mean * strength, b: (1.0 - mean) * strength };
            let base = ln_beta(prior.a, prior.b);
            let all = tallies.iter().filter(|t| t.all > 0.0).chain([&ASSUMED]);
            all.map(|t| ln_beta(prior.a + t.good, prior.b + t.all - t.good) - base).sum()
        };
        let mut best = (f64::NEG_INFINITY, Beta { a: ASSUMED.good, b: ASSUMED.all - ASSUMED.good });
        for strength in STRENGTHS {
            let mean = highest(0.02, 0.985, |mean| likelihood(mean, strength));
            let found = likelihood(mean, strength);
            if found > best.0 {
                best = (found, Beta { a: mean * strength, b: (1.0 - mean) * strength });
            }
        }
        best.1
    }
    /// What is known after these cases.
    pub fn after(self, tally: Tally) -> Beta {
        Beta { a: self.a + tally.good, b: self.b + (tally.all - tally.good).max(0.0) }
    }
    pub fn mean(self) -> f64 {
        self.a / (self.a + self.b)
    }
    /// The probability that the share is at most `x`.
    pub fn cdf(self, x: f64) -> f64 {
        regularized_beta(x, self.a, self.b)
    }
    /// The share that it exceeds with probability 1 - `p`.
    pub fn quantile(self, p: f64) -> f64 {
        // Newton's steps from the mean; where one leaves the bracket, its middle is taken.
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        let (mut x, base) = (self.mean(), ln_beta(self.a, self.b));
        for _ in 0..60 {
            let off = self.cdf(x) - p;
            if off < 0.0 {
                low = x;
            } else {
                high = x;
            }
            let slope = ((self.a - 1.0) * x.ln() + (self.b - 1.0) * (1.0 - x).ln() - base).exp();
            let step = x - off / slope;
            let next = if step > low && step < high { step } else { (low + high) / 2.0 };
            if (next - x).abs() < 1e-13 {
                return next;
            }
            x = next;
        }
        x
    }
}

/// Where a function with one peak between `low` and `high` is highest (golden section).
fn highest(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut x, mut y) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut fx, mut fy) = (f(x), f(y));
    for _ in 0..20 {
        if fx > fy {
            (high, y, fy) = (y, x, fx);
            x = high - GOLDEN * (high - low);
            fx = f(x);
        } else {
            (low, x, fx) = (x, y, fy);
            y = low + GOLDEN * (high - low);
            fy = f(y);
        }
    }
    (low + high) / 2.0
}

fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// The logarithm of the gamma function for x > 0 (Lanczos, g = 7; about 15 digits).
fn ln_gamma(x: f64) -> f64 {
    const FIRST: f64 = 0.999_999_999_999_809_9;
    const SERIES: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let sum = SERIES.iter().zip(1..).fold(FIRST, |sum, (c, i)| sum + c / (x + f64::from(i)));
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// The regularized incomplete beta function, by its continued fraction (modified Lentz).
fn regularized_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast only below the mean; above it, the other tail is taken.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - regularized_beta(1.0 - x, b, a);
    }
    let front = (a * x.ln() + b * (1.0 - x).ln() - ln_beta(a, b)).exp() / a;
    let away_from_zero = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let (mut c, mut d) = (1.0, 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..300 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-14 {
            break;
        }
    }
    front * fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    #[test]
    fn known_values_of_the_beta_distribution() {
        near(Beta { a: 1.0, b: 1.0 }.cdf(0.3), 0.3);
        near(Beta { a: 2.0, b: 3.0 }.cdf(0.5), 0.6875);
        near(Beta { a: 0.5, b: 0.5 }.cdf(0.25), 1.0 / 3.0);
        near(Beta { a: 10.0, b: 1.0 }.cdf(0.9), 0.9_f64.powi(10));
        near(Beta { a: 1.0, b: 7.0 }.quantile(0.1), 1.0 - 0.9_f64.powf(1.0 / 7.0));
        near(Beta { a: 29.0, b: 1.0 }.quantile(0.1), 0.1_f64.powf(1.0 / 29.0));
    }

    #[test]
    fn agrees_with_the_closed_form_for_whole_numbers() {
        // I_x(a, b) = P(at least a of a + b - 1 coins of probability x).
        let coins = |x: f64, a: i32, b: i32| -> f64 {
            let n = a + b - 1;
            let choose = |k: i32| (1..=k).fold(1.0, |c, i| c * f64::from(n - k + i) / f64::from(i));
            (a..=n).map(|k| choose(k) * x.powi(k) * (1.0 - x).powi(n - k)).sum()
        };
        for (a, b) in [(3, 2), (12, 5), (28, 18), (40, 2)] {
            for x in [0.05, 0.3, 0.61, 0.9, 0.99] {
                near(Beta { a: f64::from(a), b: f64::from(b) }.cdf(x), coins(x, a, b));
            }
        }
    }

    #[test]
    fn ln_gamma_of_whole_numbers_and_a_half() {
        near(ln_gamma(1.0), 0.0);
        near(ln_gamma(5.0), 24.0_f64.ln());
        near(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln());
    }

    #[test]
    fn the_prior_follows_the_suppliers_and_stays_sane_without_any() {
        let t = |good: f64, all: f64| Tally { good, all };
        near(Beta::prior(&[]).mean(), Beta::prior(&[t(0.0, 0.0)]).mean());
        let good = Beta::prior(&[t(49.0, 50.0), t(48.0, 50.0), t(50.0, 50.0), t(9.0, 10.0)]);
        let bad = Beta::prior(&[t(20.0, 50.0), t(25.0, 50.0), t(24.0, 50.0), t(5.0, 10.0)]);
        assert!(good.mean() > 0.9 && (0.4..0.6).contains(&bad.mean()), "{good:?} {bad:?}");
        // Suppliers who are alike make a strong prior, suppliers who differ a weak one.
        let apart = Beta::prior(&[t(50.0, 50.0), t(5.0, 50.0), t(45.0, 50.0), t(12.0, 50.0)]);
        assert!(apart.a + apart.b < bad.a + bad.b);
    }

    #[test]
    fn few_cases_move_little_and_many_a_lot() {
        let prior = Beta { a: 9.0, b: 1.0 };
        let few = prior.after(Tally { good: 0.0, all: 2.0 });
        let many = prior.after(Tally { good: 0.0, all: 100.0 });
        assert!(few.mean() > 0.7 && many.mean() < 0.1);
        assert!(few.quantile(0.1) < few.mean());
    }
}
