//! Quantities: thousandths of an item's unit, exact.

use std::fmt;
use std::iter::Sum;

/// A quantity in thousandths of the item's unit (1 piece = 1000). Arithmetic is checked: an overflow
/// is a programming or input error that `parse` keeps out (at most 10^12 units).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Qty(i64);

/// The largest number of whole units that is taken from a file or a person.
pub const LARGEST_UNITS: i64 = 1_000_000_000_000;

impl Qty {
    /// Nothing.
    pub const ZERO: Qty = Qty(0);
    /// One unit.
    pub const ONE: Qty = Qty(1000);

    /// From thousandths of a unit, as the database keeps them.
    pub const fn from_thousandths(n: i64) -> Qty {
        Qty(n)
    }
    /// From whole units, limited to ±[`LARGEST_UNITS`].
    pub fn units(n: i64) -> Qty {
        Qty(n.clamp(-LARGEST_UNITS, LARGEST_UNITS) * 1000)
    }
    /// Thousandths of a unit, as the database keeps them.
    pub const fn thousandths(self) -> i64 {
        self.0
    }
    /// For statistics only.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
    /// From a statistic, rounded to the nearest thousandth; not a number becomes 0.
    pub fn from_f64(units: f64) -> Qty {
        let limit = LARGEST_UNITS as f64;
        if units.is_nan() { Qty(0) } else { Qty((units.clamp(-limit, limit) * 1000.0).round() as i64) }
    }
    /// Reads `12`, `-3`, `0.5`, `1.250`: a point as decimal sign, at most three decimals, nothing else.
    pub fn parse(text: &str) -> Option<Qty> {
        super::money::parse_fixed(text, 3, LARGEST_UNITS).map(Qty)
    }
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }
    pub fn abs(self) -> Qty {
        Qty(self.0.saturating_abs())
    }
    /// The part above zero.
    pub fn or_zero(self) -> Qty {
        Qty(self.0.max(0))
    }
    pub fn checked_add(self, other: Qty) -> Option<Qty> {
        self.0.checked_add(other.0).map(Qty)
    }
    pub fn checked_mul(self, factor: Qty) -> Option<Qty> {
        i64::try_from(self.0 as i128 * factor.0 as i128 / 1000).ok().map(Qty)
    }
}

impl std::ops::Add for Qty {
    type Output = Qty;
    fn add(self, other: Qty) -> Qty {
        Qty(self.0.saturating_add(other.0))
    }
}
impl std::ops::Sub for Qty {
    type Output = Qty;
    fn sub(self, other: Qty) -> Qty {
        Qty(self.0.saturating_sub(other.0))
    }
}
impl std::ops::Neg for Qty {
    type Output = Qty;
    fn neg(self) -> Qty {
        Qty(self.0.saturating_neg())
    }
}
impl std::ops::AddAssign for Qty {
    fn add_assign(&mut self, other: Qty) {
        *self = *self + other;
    }
}
impl std::ops::SubAssign for Qty {
    fn sub_assign(&mut self, other: Qty) {
        *self = *self - other;
    }
}
impl Sum for Qty {
    fn sum<I: Iterator<Item = Qty>>(all: I) -> Qty {
        all.fold(Qty::ZERO, |a, b| a + b)
    }
}

/// Plain decimal, no grouping, no trailing zeros: `12`, `-3`, `0.5`. The form of files.
impl fmt::Display for Qty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&super::money::show_fixed(self.0, 3, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for (text, n) in [("12", 12000), ("-3", -3000), ("0.5", 500), ("1.25", 1250), ("0", 0), ("-0.001", -1)] {
            assert_eq!(Qty::parse(text), Some(Qty(n)), "{text}");
            assert_eq!(Qty(n).to_string(), text);
        }
    }

    #[test]
    fn refuses_what_could_mean_two_things() {
        for text in ["", " ", "1,5", "1.2345", "12 stk", "1e3", "--1", "+", ".", "0x10", "NaN", "9999999999999"] {
            assert_eq!(Qty::parse(text), None, "{text:?}");
        }
    }
}
