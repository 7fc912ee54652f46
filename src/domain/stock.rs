//! Is there enough of an item? One word per item, worst first, as the Stock tab sorts it.

use super::quantity::Qty;
use super::reorder;

/// Reasons of a correction that only take goods out.
const TAKES_OUT: [&str; 5] = ["damaged", "lost", "sample", "used here", "sent back"];

/// Whether goods can come or go for that reason: nobody has more because something broke. Else what to do about it, as a
/// sentence. Reasons that are not of the list go both ways.
pub fn reason_goes(reason: &str, by: Qty) -> Result<(), String> {
    let reason = reason.trim();
    let is = |known: &&str| known.eq_ignore_ascii_case(reason);
    let figure = by.abs();
    if TAKES_OUT.iter().any(is) && by.is_positive() {
        return Err(format!(
            "{reason} takes out: type -{figure}, or choose found or wrong booking if {figure} more are there."
        ));
    }
    if is(&"found") && by.is_negative() {
        return Err(format!(
            "found puts in: type {figure}, or choose lost, damaged or wrong booking if {figure} are gone."
        ));
    }
    Ok(())
}

/// What is wrong with an item's stock; the order is that of the list "trouble first" and of the database (0 to 5).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Trouble {
    /// The book is below zero, or nobody ever said how many there are: somebody must go and look.
    Count,
    /// Someone waits, or nothing is free of an active item that is stocked or sold.
    None,
    /// To be ordered, and what is free runs out before goods ordered now could arrive.
    Low,
    /// The position is at or below the reorder point.
    Order,
    /// More than the longest cover that is wanted.
    Much,
    Ok,
}

impl Trouble {
    pub const ALL: [Trouble; 6] =
        [Trouble::Count, Trouble::None, Trouble::Low, Trouble::Order, Trouble::Much, Trouble::Ok];

    /// The word on screen.
    pub fn word(self) -> &'static str {
        match self {
            Trouble::Count => "count",
            Trouble::None => "none",
            Trouble::Low => "low",
            Trouble::Order => "order",
            Trouble::Much => "much",
            Trouble::Ok => "ok",
        }
    }
    /// The sign before the word: colour is never alone.
    pub fn sign(self) -> char {
        match self {
            Trouble::Count => '?',
            Trouble::None | Trouble::Low => '!',
            Trouble::Order => '~',
            Trouble::Much => '+',
            Trouble::Ok => '.',
        }
    }
    /// As the database keeps it.
    pub fn number(self) -> i64 {
        self as i64
    }
    /// From the database; a number out of range is Ok.
    pub fn from_number(n: i64) -> Trouble {
        usize::try_from(n).ok().and_then(|n| Trouble::ALL.get(n).copied()).unwrap_or(Trouble::Ok)
    }
    /// Whether the item needs a look today.
    pub fn needs_a_look(self) -> bool {
        matches!(self, Trouble::Count | Trouble::None | Trouble::Low | Trouble::Order)
    }
}

/// What an item's figures add up to. Quantities in the item's unit.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Figures {
    /// In all bins.
    pub on_hand: Qty,
    /// The lowest level of any bin: +5 and -5 are two discrepancies although the sum is 0.
    pub lowest: Qty,
    /// In storage bins.
    pub sellable: Qty,
    /// In quarantine: on hand, and of no use to anybody until it is released.
    pub quarantined: Qty,
    /// Reserved to lines.
    pub allocated: Qty,
    /// Open quantity of customers' lines.
    pub open_demand: Qty,
    /// Still to come on purchase orders that are sent.
    pub on_order: Qty,
}

impl Figures {
    /// Sellable less reserved.
    pub fn free(&self) -> Qty {
        self.sellable - self.allocated
    }
    /// What customers wait for.
    pub fn wait(&self) -> Qty {
        (self.open_demand - self.allocated).or_zero()
    }
    /// What is of use + on order - open customer demand: [`reorder::position`], as everywhere.
    pub fn position(&self) -> Qty {
        reorder::position(self.on_hand - self.quarantined, self.open_demand, self.on_order)
    }
}

/// What planning says about an item. Without a plan the person's own min and max stand in.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Plan {
    /// Units sold a day; `None`: nothing is known.
    pub daily: Option<f64>,
    /// Order at or below this position.
    pub reorder_point: Option<Qty>,
    /// Days until goods ordered now arrive.
    pub lead_days: Option<f64>,
    /// More than this is too much.
    pub most: Option<Qty>,
}

/// How the item's record stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Still sold; discontinued items lack nothing unless someone waits.
    pub active: bool,
    /// Was ever stocked or sold, has a minimum, or has a bin and was never counted: an item that is only a name lacks nothing.
    pub in_use: bool,
    /// Its stock was once stated, counted or moved: else its 0 is no figure, only a blank.
    pub known: bool,
}

/// The item's trouble: the first that holds.
pub fn classify(figures: &Figures, plan: &Plan, standing: Standing) -> Trouble {
    if figures.on_hand.is_negative() || figures.lowest.is_negative() {
        return Trouble::Count;
    }
    let waits = figures.wait().is_positive();
    if !standing.known && standing.active && standing.in_use && !waits {
        return Trouble::Count;
    }
    let free = figures.free();
    if waits || (standing.active && standing.in_use && !free.is_positive()) {
        return Trouble::None;
    }
    let to_order = plan.reorder_point.is_some_and(|point| point.is_positive() && figures.position() <= point);
    if standing.active && to_order {
        let runs_out = days_left(free, plan.daily).zip(plan.lead_days).is_some_and(|(left, lead)| left < lead);
        return if runs_out { Trouble::Low } else { Trouble::Order };
    }
    if plan.most.is_some_and(|most| figures.on_hand > most) { Trouble::Much } else { Trouble::Ok }
}

/// Days that `free` lasts at today's sales; `None` where nothing is sold or known.
pub fn days_left(free: Qty, daily: Option<f64>) -> Option<f64> {
    let daily = daily.filter(|d| *d > 0.0)?;
    Some(free.or_zero().as_f64() / daily)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(n: i64) -> Qty {
        Qty::units(n)
    }
    const SOLD: Standing = Standing { active: true, in_use: true, known: true };
    const PLAN: Plan = Plan {
        daily: Some(2.0),
        reorder_point: Some(Qty::from_thousandths(44_000)),
        lead_days: Some(14.0),
        most: None,
    };

    fn of(on_hand: i64, allocated: i64, open: i64, on_order: i64) -> Figures {
        Figures {
            on_hand: q(on_hand),
            lowest: q(on_hand),
            sellable: q(on_hand),
            quarantined: Qty::ZERO,
            allocated: q(allocated),
            open_demand: q(open),
            on_order: q(on_order),
        }
    }

    #[test]
    fn a_reason_goes_the_way_that_it_says() {
        let three = Qty::units(3);
        for reason in ["damaged", "Lost", "sample", "used here", "sent back"] {
            assert!(reason_goes(reason, -three).is_ok(), "{reason}");
            assert!(reason_goes(reason, three).unwrap_err().contains("takes out: type -3"), "{reason}");
        }
        assert!(reason_goes("found", three).is_ok() && reason_goes("found", -three).is_err());
        for reason in ["wrong booking", "sold at the door"] {
            assert!(reason_goes(reason, three).is_ok() && reason_goes(reason, -three).is_ok(), "{reason}");
        }
    }

    #[test]
    fn the_word_that_a_storekeeper_would_use() {
        let cases = [
            ("book below zero", of(-3, 0, 0, 0), Trouble::Count),
            ("six wait for Chang", of(17, 17, 23, 40), Trouble::None),
            ("nothing free", of(5, 5, 5, 100), Trouble::None),
            ("9 free last 4 days, goods need 14", of(11, 2, 2, 0), Trouble::Low),
            ("31 free last 15 days, time to order", of(36, 5, 5, 0), Trouble::Order),
            ("at the reorder point to the unit", of(44, 0, 0, 0), Trouble::Order),
            ("one above it", of(45, 0, 0, 0), Trouble::Ok),
            ("enough is on the way", of(11, 2, 2, 60), Trouble::Ok),
        ];
        for (what, figures, expected) in cases {
            assert_eq!(classify(&figures, &PLAN, SOLD), expected, "{what}");
        }
    }

    #[test]
    fn two_bins_that_cancel_out_are_still_a_discrepancy() {
        let figures = Figures { lowest: q(-5), ..of(0, 0, 0, 0) };
        assert_eq!(classify(&figures, &Plan::default(), SOLD), Trouble::Count);
    }

    #[test]
    fn a_name_without_stock_or_sales_lacks_nothing_and_neither_does_a_discontinued_item() {
        let empty = of(0, 0, 0, 0);
        let name = Standing { active: true, in_use: false, known: false };
        assert_eq!(classify(&empty, &Plan::default(), name), Trouble::Ok);
        let ends = Standing { active: false, in_use: true, known: false };
        assert_eq!(classify(&empty, &PLAN, ends), Trouble::Ok);
        let waited_for = of(0, 0, 2, 0);
        assert_eq!(classify(&waited_for, &PLAN, ends), Trouble::None);
    }

    #[test]
    fn what_nobody_ever_counted_is_no_zero() {
        let unknown = Standing { known: false, ..SOLD };
        assert_eq!(classify(&of(0, 0, 0, 0), &PLAN, unknown), Trouble::Count);
        assert_eq!(classify(&of(0, 0, 0, 0), &PLAN, SOLD), Trouble::None);
        assert_eq!(classify(&of(0, 0, 2, 0), &PLAN, unknown), Trouble::None, "somebody waits, whatever lies there");
    }

    #[test]
    fn too_much_is_said_only_where_a_most_is_known() {
        let plan = Plan { most: Some(q(100)), ..Plan::default() };
        assert_eq!(classify(&of(101, 0, 0, 0), &plan, SOLD), Trouble::Much);
        assert_eq!(classify(&of(100, 0, 0, 0), &plan, SOLD), Trouble::Ok);
        assert_eq!(classify(&of(1_000_000, 0, 0, 0), &Plan::default(), SOLD), Trouble::Ok);
    }

    #[test]
    fn numbers_are_those_of_the_database() {
        for (n, trouble) in Trouble::ALL.into_iter().enumerate() {
            assert_eq!(trouble.number(), n as i64);
            assert_eq!(Trouble::from_number(n as i64), trouble);
        }
    }
}
