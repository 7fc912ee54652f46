//! How full an item's shelf is, on one small scale: the same eight cells and five zones everywhere.

use super::quantity::Qty;
use super::stock::Trouble;

/// Cells between the brackets.
pub const CELLS: usize = 8;

/// Where an item's stock stands. The colours are a help; the words and the cells say the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// Nobody can say: the book is below zero.
    Unknown,
    /// Somebody waits, or nothing is free.
    None,
    /// Runs out before goods ordered now arrive.
    Red,
    /// To be ordered.
    Yellow,
    Green,
    /// Too much.
    Blue,
}

impl Zone {
    /// The zone of a trouble: one and the same judgement.
    pub fn of(trouble: Trouble) -> Zone {
        match trouble {
            Trouble::Count => Zone::Unknown,
            Trouble::None => Zone::None,
            Trouble::Low => Zone::Red,
            Trouble::Order => Zone::Yellow,
            Trouble::Much => Zone::Blue,
            Trouble::Ok => Zone::Green,
        }
    }
    /// In words: what the shelf is.
    pub fn word(self) -> &'static str {
        match self {
            Zone::Unknown => "not known",
            Zone::None => "none free",
            Zone::Red => "low",
            Zone::Yellow => "to order",
            Zone::Green => "enough",
            Zone::Blue => "too much",
        }
    }
}

/// The gauge of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gauge {
    pub zone: Zone,
    free: usize,
    coming: usize,
}

impl Gauge {
    /// `free` and `coming` on a scale that is full at `up_to`, the level to which an order lifts. `None` where no such
    /// level is known: there is nothing to measure by.
    pub fn of(trouble: Trouble, free: Qty, coming: Qty, up_to: Option<Qty>) -> Option<Gauge> {
        let full = up_to.filter(|q| q.is_positive())?.thousandths();
        let cells = |q: Qty| {
            let q = i128::from(q.or_zero().thousandths());
            let rounded = (q * CELLS as i128 * 2 + i128::from(full)) / (i128::from(full) * 2);
            let least = i128::from(q > 0); // something is never drawn as nothing
            usize::try_from(rounded.max(least)).unwrap_or(CELLS).min(CELLS)
        };
        let here = cells(free);
        let together = cells(free.or_zero() + coming.or_zero());
        Some(Gauge { zone: Zone::of(trouble), free: here, coming: together.saturating_sub(here) })
    }

    /// `[==--....]`: what is free, what is on its way, what is missing to full; `[=======+]`: more than it needs.
    pub fn words(&self) -> String {
        match self.zone {
            Zone::Unknown => format!("[{}]", "?".repeat(CELLS)),
            Zone::Blue => format!("[{}+]", "=".repeat(CELLS - 1)),
            _ => {
                let rest = CELLS.saturating_sub(self.free + self.coming);
                format!("[{}{}{}]", "=".repeat(self.free), "-".repeat(self.coming), ".".repeat(rest))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(trouble: Trouble, free: i64, coming: i64, up_to: i64) -> String {
        let gauge = Gauge::of(trouble, Qty::units(free), Qty::units(coming), Some(Qty::units(up_to)));
        gauge.map_or(String::new(), |g| g.words())
    }

    #[test]
    fn the_cells_say_how_much_without_a_colour() {
        let cases = [
            (Trouble::None, 0, 0, 68, "[........]"),
            (Trouble::None, 0, 40, 68, "[-----...]"),
            (Trouble::Low, 1, 0, 900, "[=.......]"),
            (Trouble::Low, 17, 0, 68, "[==......]"),
            (Trouble::Order, 34, 34, 68, "[====----]"),
            (Trouble::Ok, 90, 90, 68, "[========]"),
            (Trouble::Much, 999, 0, 68, "[=======+]"),
            (Trouble::Count, -3, 0, 68, "[????????]"),
            (Trouble::Ok, 9, 0, 0, ""),
        ];
        for (trouble, free, coming, up_to, expected) in cases {
            assert_eq!(drawn(trouble, free, coming, up_to), expected, "{trouble:?} {free} {coming} of {up_to}");
        }
        let huge = Qty::from_thousandths(i64::MAX / 2);
        assert!(Gauge::of(Trouble::Ok, huge, huge, Some(Qty::ONE)).is_some_and(|g| g.words() == "[========]"));
    }
}
