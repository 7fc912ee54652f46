//! Money: ten-thousandths of the warehouse's currency unit, exact.

use super::quantity::Qty;
use std::fmt;
use std::iter::Sum;

/// An amount in ten-thousandths of the currency unit (1.00 = 10000).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Money(i64);

/// The largest whole amount that is taken from a file or a person.
pub const LARGEST_AMOUNT: i64 = 100_000_000_000;

impl Money {
    pub const ZERO: Money = Money(0);

    /// From ten-thousandths, as the database keeps them.
    pub const fn from_ten_thousandths(n: i64) -> Money {
        Money(n)
    }
    /// Ten-thousandths, as the database keeps them.
    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 10_000.0
    }
    /// From a statistic, rounded to the nearest ten-thousandth; not a number becomes 0.
    pub fn from_f64(amount: f64) -> Money {
        let limit = LARGEST_AMOUNT as f64;
        if amount.is_nan() { Money(0) } else { Money((amount.clamp(-limit, limit) * 10_000.0).round() as i64) }
    }
    /// Reads `15`, `15.2`, `-4.99`: a point as decimal sign, at most four decimals, nothing else.
    pub fn parse(text: &str) -> Option<Money> {
        parse_fixed(text, 4, LARGEST_AMOUNT).map(Money)
    }
    /// Price times quantity, rounded half away from zero to the ten-thousandth; limited to the range of i64.
    pub fn times(self, quantity: Qty) -> Money {
        let product = self.0 as i128 * quantity.thousandths() as i128;
        let rounded = (product + 500 * product.signum()) / 1000;
        Money(rounded.clamp(i64::MIN as i128, i64::MAX as i128) as i64)
    }
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl std::ops::Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}
impl std::ops::Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}
impl std::ops::AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}
impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(all: I) -> Money {
        all.fold(Money::ZERO, |a, b| a + b)
    }
}

/// Plain decimal with at least two decimals: `15.00`, `4.9999`. The form of files.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&show_fixed(self.0, 4, 2))
    }
}

/// Reads an exact decimal of at most `decimals` places below `limit` whole units in size; `None` for anything else.
pub(super) fn parse_fixed(text: &str, decimals: u32, limit: i64) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > decimals as usize || digits.ends_with('.') {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    if whole > limit {
        return None;
    }
    let part: i64 = if fraction.is_empty() {
        0
    } else {
        fraction.parse::<i64>().ok()? * 10i64.pow(decimals - fraction.len() as u32)
    };
    let n = whole.checked_mul(10i64.pow(decimals))?.checked_add(part)?;
    Some(if negative { -n } else { n })
}

/// Writes a fixed-point number with at least `shown` and at most `decimals` places.
pub(super) fn show_fixed(n: i64, decimals: u32, shown: usize) -> String {
    let scale = 10u64.pow(decimals);
    let size = n.unsigned_abs();
    let mut fraction = format!("{:0width$}", size % scale, width = decimals as usize);
    while fraction.len() > shown && fraction.ends_with('0') {
        fraction.pop();
    }
    let sign = if n < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{}", size / scale) } else { format!("{sign}{}.{fraction}", size / scale) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn price_times_quantity_is_exact() {
        let price = Money::parse("0.0333").unwrap();
        assert_eq!(price.times(Qty::units(3)), Money::parse("0.0999").unwrap());
        assert_eq!(price.times(Qty::parse("0.5").unwrap()), Money::parse("0.0167").unwrap());
        assert_eq!(
            Money::parse("-0.0333").unwrap().times(Qty::parse("0.5").unwrap()),
            Money::parse("-0.0167").unwrap()
        );
    }

    #[test]
    fn shows_at_least_cents() {
        for (n, text) in [(150_000, "15.00"), (49_999, "4.9999"), (-5_000, "-0.50"), (0, "0.00")] {
            assert_eq!(Money(n).to_string(), text);
            assert_eq!(Money::parse(text), Some(Money(n)));
        }
    }
}
