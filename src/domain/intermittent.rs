//! Point forecasts for items that sell now and then: the methods of the literature, as they are published. They forecast
//! the mean demand of a bucket and nothing about its spread; the replay measures what levels built on them give.

/// Smoothing of every method where nothing else is said.
const ALPHA: f64 = 0.1;

/// A published method.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// Exponential smoothing of every bucket.
    Ses,
    /// Croston 1972: sizes and intervals smoothed apart.
    Croston,
    /// Syntetos and Boylan 2005: Croston less its bias.
    Sba,
    /// Teunter, Syntetos and Babai 2011: sizes and the chance of a sale, which falls while nothing sells.
    Tsb,
    /// Nikolopoulos and others 2011: smoothed in blocks of the mean interval.
    Adida,
    /// Petropoulos and Kourentzes 2015: the mean over blocks of every length up to that.
    Imapa,
}

impl Method {
    pub const ALL: [Method; 6] = [Method::Ses, Method::Croston, Method::Sba, Method::Tsb, Method::Adida, Method::Imapa];

    /// Mean demand of a bucket to come, from past buckets, oldest first. 0 where nothing was ever sold.
    pub fn forecast(self, past: &[f64]) -> f64 {
        match self {
            Method::Ses => smoothed(past, ALPHA),
            Method::Croston => croston(past),
            Method::Sba => 0.95 * croston(past),
            Method::Tsb => {
                let happened: Vec<f64> = past.iter().map(|y| f64::from(*y != 0.0)).collect();
                smoothed(&sizes(past), ALPHA) * smoothed(&happened, ALPHA)
            }
            Method::Adida => match interval(past) {
                Some(block) => blocks(past, block),
                None => 0.0,
            },
            Method::Imapa => match interval(past) {
                Some(longest) => (1..=longest).map(|block| blocks(past, block)).sum::<f64>() / longest as f64,
                None => 0.0,
            },
        }
    }
}

fn sizes(past: &[f64]) -> Vec<f64> {
    past.iter().copied().filter(|y| *y != 0.0).collect()
}

/// Buckets from one sale to the next; the first from the beginning.
fn intervals(past: &[f64]) -> Vec<f64> {
    let mut last = 0;
    let at = past.iter().enumerate().filter(|(_, y)| **y != 0.0).map(|(i, _)| i + 1);
    at.map(|at| (at - std::mem::replace(&mut last, at)) as f64).collect()
}

fn croston(past: &[f64]) -> f64 {
    let (size, interval) = (smoothed(&sizes(past), ALPHA), smoothed(&intervals(past), ALPHA));
    if interval > 0.0 { size / interval } else { size }
}

/// Exponential smoothing that starts from the first value. 0 of nothing.
fn smoothed(values: &[f64], alpha: f64) -> f64 {
    let mut values = values.iter();
    let Some(&first) = values.next() else { return 0.0 };
    values.fold(first, |level, y| alpha * y + (1.0 - alpha) * level)
}

/// The mean interval in whole buckets, a half to the even side; none where nothing was sold.
fn interval(past: &[f64]) -> Option<usize> {
    let all = intervals(past);
    if all.is_empty() {
        return None;
    }
    Some(((all.iter().sum::<f64>() / all.len() as f64).round_ties_even() as usize).max(1))
}

/// Smoothing of sums over blocks of buckets, what does not fill a block left out at the beginning, with the smoothing
/// between .1 and .3 that would have forecast best.
fn blocks(past: &[f64], block: usize) -> f64 {
    let sums: Vec<f64> = past.rchunks_exact(block).rev().map(|part| part.iter().sum()).collect();
    smoothed(&sums, best_smoothing(&sums)) / block as f64
}

/// How the squared error of the one-step forecasts changes with the smoothing: below 0, more smoothing forecasts better.
fn slope_of_error(values: &[f64], alpha: f64) -> f64 {
    let Some(&first) = values.first() else { return 0.0 };
    let (mut level, mut slope, mut total) = (first, 0.0, 0.0);
    for (before, y) in values.iter().zip(values.iter().skip(1)) {
        slope = (1.0 - alpha) * slope + before - level;
        level = alpha * before + (1.0 - alpha) * level;
        total -= 2.0 * (y - level) * slope;
    }
    total
}

/// The smoothing between .1 and .3 with the least error: the valley that lies downhill from the middle, as published.
fn best_smoothing(values: &[f64]) -> f64 {
    const STEPS: usize = 100;
    let at = |n: usize| 0.1 + 0.2 * n as f64 / STEPS as f64;
    let falls = |n: &usize| slope_of_error(values, at(*n)) < 0.0;
    let middle = STEPS / 2;
    // The place from which more smoothing is no better, next to one where it still is.
    let top = if falls(&middle) {
        (middle + 1..=STEPS).find(|n| !falls(n))
    } else {
        (0..middle).rev().find(falls).map(|n| n + 1).or(Some(0))
    };
    let (mut low, mut high) = match top {
        None => return at(STEPS),
        Some(0) => return at(0),
        Some(top) => (at(top - 1), at(top)),
    };
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if slope_of_error(values, middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_sold_is_nothing_forecast() {
        for method in Method::ALL {
            assert_eq!(method.forecast(&[]), 0.0, "{method:?}");
            assert_eq!(method.forecast(&[0.0; 30]), 0.0, "{method:?}");
        }
    }

    #[test]
    fn a_steady_seller_is_forecast_as_it_sells() {
        for method in Method::ALL {
            let forecast = method.forecast(&[4.0; 30]);
            let expected = if method == Method::Sba { 3.8 } else { 4.0 };
            assert!((forecast - expected).abs() < 1e-12, "{method:?}: {forecast}");
        }
    }

    #[test]
    fn every_third_bucket_is_a_third() {
        let past: Vec<f64> = (1..=30).map(|t| if t % 3 == 0 { 6.0 } else { 0.0 }).collect();
        for method in [Method::Croston, Method::Adida] {
            assert!((method.forecast(&past) - 2.0).abs() < 1e-12, "{method:?}");
        }
        assert!((Method::Sba.forecast(&past) - 1.9).abs() < 1e-12);
    }

    #[test]
    fn intervals_count_from_the_beginning() {
        assert_eq!(intervals(&[0.0, 0.0, 5.0, 1.0, 0.0, 2.0]), [3.0, 1.0, 2.0]);
        assert_eq!(interval(&[0.0, 0.0, 5.0, 1.0, 0.0, 2.0]), Some(2));
        assert_eq!(interval(&[0.0, 1.0, 0.0, 0.0, 2.0]), Some(2), "2.5 goes to the even side");
    }
}
