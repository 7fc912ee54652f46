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

/// Between these lies what suppliers do on average: at 0 or 1 nobody could differ.
const LOWEST_MEAN: f64 = 0.02;
const HIGHEST_MEAN: f64 = 0.985;

impl Beta {
    /// The prior that makes these tallies, one per supplier, most likely (maximum marginal likelihood).
    pub fn prior(tallies: &[Tally]) -> Beta {
        let tallies: Vec<Tally> = tallies.iter().filter(|t| t.all > 0.0).chain([&ASSUMED]).copied().collect();
        let count = tallies.len() as f64;
        let mut best = (f64::NEG_INFINITY, Beta { a: ASSUMED.good, b: ASSUMED.all - ASSUMED.good });
        let mut mean = ASSUMED.good / ASSUMED.all;
        for strength in STRENGTHS {
            // The likelihood has one peak over the mean: there its slope crosses zero. The peak of the strength before is near.
            let slope = |mean: f64| -> f64 {
                let prior = Beta { a: mean * strength, b: (1.0 - mean) * strength };
                let known = tallies.iter().map(|t| digamma(prior.a + t.good) - digamma(prior.b + t.all - t.good));
                known.sum::<f64>() - count * (digamma(prior.a) - digamma(prior.b))
            };
            mean = falls_through_zero(LOWEST_MEAN, HIGHEST_MEAN, mean, slope);
            let prior = Beta { a: mean * strength, b: (1.0 - mean) * strength };
            let base = ln_beta(prior.a, prior.b);
            let found: f64 =
                tallies.iter().map(|t| prior.after(*t)).map(|after| ln_beta(after.a, after.b) - base).sum();
            if found > best.0 {
                best = (found, prior);
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
    /// The same mean, worth no fewer cases than this.
    pub fn at_least(self, cases: f64) -> Beta {
        let more = (cases / (self.a + self.b)).max(1.0);
        Beta { a: self.a * more, b: self.b * more }
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

/// Where a falling function is zero between `low` and `high`, to a millionth; one of these where it is zero beyond.
fn falls_through_zero(mut low: f64, mut high: f64, start: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (first, last) = (low, high);
    let mut x = start.clamp(low, high);
    let mut before: Option<(f64, f64)> = None;
    for _ in 0..60 {
        let fx = f(x);
        *(if fx > 0.0 { &mut low } else { &mut high }) = x;
        // The line through the last two points; where it leaves the bracket, the middle.
        let step = match before {
            Some((x_before, f_before)) if f_before != fx => x - fx * (x - x_before) / (fx - f_before),
            _ => x + 0.01 * fx.signum(),
        };
        if step >= last && high == last && f(last) >= 0.0 {
            return last;
        }
        if step <= first && low == first && f(first) <= 0.0 {
            return first;
        }
        let next = if step > low && step < high { step } else { (low + high) / 2.0 };
        if (next - x).abs() < 1e-6 {
            return next;
        }
        before = Some((x, fx));
        x = next;
    }
    x
}

/// The slope of the logarithm of the gamma function for x > 0: its series far out, reached by steps of 1 (to 1e-11).
fn digamma(x: f64) -> f64 {
    let (mut x, mut before) = (x, 0.0);
    while x < 8.0 {
        before -= 1.0 / x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    before + x.ln() - 0.5 / x - y * (1.0 / 12.0 - y * (1.0 / 120.0 - y * (1.0 / 252.0 - y / 240.0)))
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
    fn the_slope_of_ln_gamma_is_known_at_some_places() {
        const EULER: f64 = 0.577_215_664_901_532_9;
        near(digamma(1.0), -EULER);
        near(digamma(0.5), -EULER - 2.0 * 2.0_f64.ln());
        near(digamma(10.0), 2.251_752_589_066_721);
        near(digamma(0.02), -50.544_789_310_449_6);
    }

    #[test]
    fn no_mean_is_likelier_than_the_one_that_is_taken() {
        let t = |good: f64, all: f64| Tally { good, all };
        let likelihood = |tallies: &[Tally], prior: Beta| -> f64 {
            let known = tallies.iter().chain([&ASSUMED]).map(|t| prior.after(*t));
            known.map(|after| ln_beta(after.a, after.b) - ln_beta(prior.a, prior.b)).sum()
        };
        let all_good: Vec<Tally> = (1..40).map(|n| t(f64::from(n), f64::from(n))).collect();
        let all_bad: Vec<Tally> = (1..400).map(|n| t(0.0, f64::from(n))).collect();
        let mixed: Vec<Tally> = (1..60).map(|n| t(f64::from(n * 7 % 11) * 0.8, f64::from(n % 13) + 9.5)).collect();
        for tallies in [&all_good, &all_bad, &mixed, &Vec::new()] {
            let best = Beta::prior(tallies);
            let most = likelihood(tallies, best);
            for strength in STRENGTHS {
                for mean in (2..=98).map(|n| f64::from(n) / 100.0).chain([LOWEST_MEAN, HIGHEST_MEAN]) {
                    let other = likelihood(tallies, Beta { a: mean * strength, b: (1.0 - mean) * strength });
                    assert!(other <= most + 1e-6, "{best:?} {mean} of {strength}: {other} over {most}");
                }
            }
        }
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
