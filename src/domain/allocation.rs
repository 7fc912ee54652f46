//! Who gets what is free: the order in which lines are served, and the filling of an item's lines from its
//! sellable stock.
//!
//! Order: hand-set rank, pre-orders whose set date is due, customer priority, current promise, ordered on,
//! order and line (sorted as numbers); who yields comes after everybody else. What is allocated stays while the stock
//! lasts, but for lines that yield: theirs goes to whoever else waits. What is missing is taken back in the reverse
//! order, from protected lines last. A line on hold has nothing and gets nothing.
//!
//! Before all that: what was picked for a line and is not shipped is in somebody's hands for it, and stays its own as long
//! as the stock covers what is picked.

use super::ids::LineId;
use super::quantity::Qty;
use chrono::{Days, NaiveDate};
use std::cmp::Ordering;

/// What an order is; stored, never guessed. Blank in a file = regular.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum OrderKind {
    #[default]
    Regular,
    /// Without prepayment, with a soft date or none.
    Backorder,
    /// Prepaid, with a set date.
    Preorder,
}

impl OrderKind {
    /// The kind of that name; anything else is regular.
    pub fn named(name: &str) -> OrderKind {
        match name {
            "backorder" => OrderKind::Backorder,
            "preorder" => OrderKind::Preorder,
            _ => OrderKind::Regular,
        }
    }
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            OrderKind::Regular => "regular",
            OrderKind::Backorder => "backorder",
            OrderKind::Preorder => "preorder",
        }
    }
}

/// Whether a line may lose what it was given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Protection {
    /// Loses first.
    Yields,
    #[default]
    Normal,
    /// Loses last: only when the stock is not there at all.
    Protected,
}

impl Protection {
    /// The protection of that name; anything else is normal.
    pub fn named(name: &str) -> Protection {
        match name {
            "yields" => Protection::Yields,
            "protected" => Protection::Protected,
            _ => Protection::Normal,
        }
    }
    pub fn name(self) -> &'static str {
        match self {
            Protection::Yields => "yields",
            Protection::Normal => "normal",
            Protection::Protected => "protected",
        }
    }
}

/// Whose turn a person says it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Turn {
    /// In the computed order.
    #[default]
    Computed,
    /// Before everybody else.
    First,
    /// In the computed order, and keeps what it was given.
    Protected,
    /// Everybody else first: loses first and waits.
    Yields,
}

impl Turn {
    /// In the order of the dialog.
    pub const ALL: [Turn; 4] = [Turn::Computed, Turn::First, Turn::Protected, Turn::Yields];
    /// The hand-set rank that it stands for.
    pub fn rank(self) -> Option<i64> {
        match self {
            Turn::First => Some(1),
            Turn::Yields => Some(1_000_000),
            Turn::Computed | Turn::Protected => None,
        }
    }
    /// Whether the line may lose what it was given.
    pub fn protection(self) -> Protection {
        match self {
            Turn::Computed | Turn::First => Protection::Normal,
            Turn::Protected => Protection::Protected,
            Turn::Yields => Protection::Yields,
        }
    }
    /// What a line's rank and protection amount to.
    pub fn of(rank: Option<i64>, protection: Protection) -> Turn {
        match (protection, rank) {
            (Protection::Protected, _) => Turn::Protected,
            (Protection::Yields, _) => Turn::Yields,
            (Protection::Normal, Some(_)) => Turn::First,
            (Protection::Normal, None) => Turn::Computed,
        }
    }
}

/// A line of an item that is open: what decides when it is served, and how much it still needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    pub line: LineId,
    /// The order's code and the line's: the last resort of the order, compared as numbers where they are. A part split
    /// off a line goes by the code of that line and by its number stands next to it.
    pub order_code: String,
    pub line_code: String,
    /// Ordered less shipped less cancelled.
    pub open: Qty,
    /// Reserved to it now.
    pub allocated: Qty,
    /// Taken from the shelves for it in open rounds of picking, and not shipped.
    pub picked: Qty,
    /// Hand-set rank, 1 first.
    pub turn: Option<i64>,
    pub kind: OrderKind,
    /// A pre-order's date: its promise, else the item's first day.
    pub set_date: Option<NaiveDate>,
    /// The customer's, 1 first, none last.
    pub priority: Option<i64>,
    /// The current promise; none counts as ordered on + 30 days, as for lateness.
    pub promise: Option<NaiveDate>,
    pub ordered_on: NaiveDate,
    pub protection: Protection,
    /// Not to be served until somebody releases it.
    pub held: bool,
}

/// Days after the order by which a line without any promise is due.
pub const DAYS_WITHOUT_PROMISE: u64 = 30;

/// The promise a line is held to where none was given.
pub fn implied_promise(ordered_on: NaiveDate) -> NaiveDate {
    ordered_on.checked_add_days(Days::new(DAYS_WITHOUT_PROMISE)).unwrap_or(NaiveDate::MAX)
}

/// Which of two lines of an item is served first.
pub fn serve_order(a: &Waiting, b: &Waiting, today: NaiveDate) -> Ordering {
    let due = |w: &Waiting| w.kind == OrderKind::Preorder && w.set_date.is_some_and(|d| d <= today);
    let promise = |w: &Waiting| w.promise.unwrap_or_else(|| implied_promise(w.ordered_on));
    let yields = |w: &Waiting| w.protection == Protection::Yields;
    yields(a)
        .cmp(&yields(b))
        .then_with(|| none_last(a.turn).cmp(&none_last(b.turn)))
        .then_with(|| due(b).cmp(&due(a)))
        .then_with(|| none_last(a.priority).cmp(&none_last(b.priority)))
        .then_with(|| promise(a).cmp(&promise(b)))
        .then_with(|| a.ordered_on.cmp(&b.ordered_on))
        .then_with(|| natural_order(&a.order_code, &b.order_code))
        .then_with(|| natural_order(&a.line_code, &b.line_code))
        .then_with(|| a.line.cmp(&b.line))
}

fn none_last(rank: Option<i64>) -> (bool, i64) {
    (rank.is_none(), rank.unwrap_or(0))
}

/// Compares codes with runs of digits as numbers: `2` before `10`, `SO-99` before `SO-100`.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let (Some(&x), Some(&y)) = (a.first(), b.first()) {
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (number_a, rest_a) = leading_number(a);
            let (number_b, rest_b) = leading_number(b);
            let by_value = number_a.len().cmp(&number_b.len()).then_with(|| number_a.cmp(number_b));
            if by_value != Ordering::Equal {
                return by_value;
            }
            (a, b) = (rest_a, rest_b);
        } else if x != y {
            return x.cmp(&y);
        } else {
            (a, b) = (a.get(1..).unwrap_or_default(), b.get(1..).unwrap_or_default());
        }
    }
    a.len().cmp(&b.len())
}

/// The digits in front without leading zeros, and what follows them.
fn leading_number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|c| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let zeros = digits.iter().take_while(|&&c| c == b'0').count();
    (digits.get(zeros..).unwrap_or_default(), rest)
}

impl Waiting {
    /// What nobody else may be given: it was picked for this line.
    fn claim(&self) -> Qty {
        if self.held { Qty::ZERO } else { self.picked.or_zero().min(self.open.or_zero()) }
    }
    /// What it has before anything is given or taken: its claim; and what is allocated, if it need not yield that.
    fn keeps(&self) -> Qty {
        let stays = !self.held && self.protection != Protection::Yields;
        let allocated = if stays { self.allocated.or_zero().min(self.open.or_zero()) } else { Qty::ZERO };
        allocated.max(self.claim())
    }
}

/// The allocation that every given line of ONE item should have, in the order given, when `sellable` units lie in
/// storage. What was picked for a line is its own first; what is allocated stays (never more than is open), but for lines
/// that yield; what is free goes to the lines in [`serve_order`]; when less is sellable than that, lines lose in the
/// reverse order, protected ones last, and what was picked only when nothing else is left.
pub fn fill(waiting: &[Waiting], sellable: Qty, today: NaiveDate) -> Vec<(LineId, Qty)> {
    let stays = |w: &Waiting| w.protection != Protection::Yields;
    let mut given: Vec<Qty> = waiting.iter().map(Waiting::keeps).collect();
    let mut order: Vec<usize> = (0..waiting.len()).collect();
    order.sort_by(|&a, &b| match (waiting.get(a), waiting.get(b)) {
        (Some(a), Some(b)) => serve_order(a, b, today),
        _ => Ordering::Equal, // both indexes come from the range above
    });
    let mut free = sellable.or_zero() - given.iter().copied().sum();
    if free.is_negative() {
        let mut losers: Vec<usize> = order.iter().rev().copied().collect();
        losers.sort_by_key(|&i| waiting.get(i).map(|w| w.protection)); // stable: the reverse order within each
        for picked_too in [false, true] {
            for &i in &losers {
                let Some((w, has)) = waiting.get(i).zip(given.get_mut(i)) else { continue };
                let may_lose = if picked_too { *has } else { *has - w.claim() };
                let lost = may_lose.min(-free).or_zero();
                *has -= lost;
                free += lost;
            }
        }
    } else {
        // Those that yield come last in the order, so that each keeps what nobody else waits for. Among themselves
        // what is allocated stays too: first what they had, then what they lack.
        for had in [true, false] {
            for &i in &order {
                let Some((w, has)) = waiting.get(i).zip(given.get_mut(i)).filter(|(w, _)| !w.held) else { continue };
                let most = match (had, stays(w)) {
                    (true, false) => w.allocated.or_zero().min(w.open.or_zero()),
                    _ => w.open.or_zero(),
                };
                let gained = (most - *has).or_zero().min(free);
                *has += gained;
                free -= gained;
            }
        }
    }
    waiting.iter().map(|w| w.line).zip(given).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 1).unwrap() + chrono::Duration::days(n)
    }

    fn line(id: i64, open: i64, allocated: i64) -> Waiting {
        Waiting {
            line: LineId(id),
            order_code: format!("SO-{id}"),
            line_code: "1".into(),
            open: Qty::units(open),
            allocated: Qty::units(allocated),
            picked: Qty::ZERO,
            turn: None,
            kind: OrderKind::Regular,
            set_date: None,
            priority: None,
            promise: None,
            ordered_on: day(0),
            protection: Protection::Normal,
            held: false,
        }
    }

    fn units(filled: Vec<(LineId, Qty)>) -> Vec<i64> {
        filled.into_iter().map(|(_, q)| q.thousandths() / 1000).collect()
    }

    #[test]
    fn each_rule_goes_before_the_next() {
        let last = line(7, 1, 0);
        let numbered = Waiting { order_code: "SO-6".into(), ..line(60, 1, 0) };
        let earlier = Waiting { ordered_on: day(-1), promise: Some(day(30)), ..line(50, 1, 0) };
        let promised = Waiting { promise: Some(day(5)), ..line(40, 1, 0) };
        let preferred = Waiting { priority: Some(1), ..line(30, 1, 0) };
        let preorder =
            Waiting { kind: OrderKind::Preorder, set_date: Some(day(3)), priority: Some(9), ..line(20, 1, 0) };
        let by_hand = Waiting { turn: Some(2), ..line(10, 1, 0) };
        let first = Waiting { turn: Some(1), ..line(11, 1, 0) };
        let expected = [first, by_hand, preorder, preferred, promised, earlier, numbered, last];
        let mut shuffled: Vec<Waiting> = expected.iter().rev().cloned().collect();
        shuffled.sort_by(|a, b| serve_order(a, b, day(3)));
        assert_eq!(shuffled, expected);
    }

    #[test]
    fn a_preorder_before_its_set_date_has_no_precedence() {
        let pre = Waiting { kind: OrderKind::Preorder, set_date: Some(day(9)), ..line(2, 1, 0) };
        assert_eq!(serve_order(&pre, &line(1, 1, 0), day(8)), Ordering::Greater);
        assert_eq!(serve_order(&pre, &line(1, 1, 0), day(9)), Ordering::Less);
    }

    #[test]
    fn line_codes_sort_as_numbers() {
        let mut codes = vec!["10", "2", "SO-100", "SO-99", "02", "1a", "1"];
        codes.sort_by(|a, b| natural_order(a, b));
        assert_eq!(codes, ["1", "1a", "2", "02", "10", "SO-99", "SO-100"]);
    }

    #[test]
    fn free_stock_goes_in_order_and_what_is_allocated_stays() {
        // The later line keeps its 4, the earlier one gets what is free.
        assert_eq!(units(fill(&[line(1, 10, 0), line(2, 4, 4)], Qty::units(9), day(0))), [5, 4]);
    }

    #[test]
    fn a_lower_stock_takes_back_in_reverse_order() {
        let lines = [line(1, 5, 5), line(2, 5, 5), line(3, 5, 5)];
        assert_eq!(units(fill(&lines, Qty::units(7), day(0))), [5, 2, 0]);
        assert_eq!(units(fill(&lines, Qty::units(-3), day(0))), [0, 0, 0]);
    }

    #[test]
    fn who_yields_loses_first_and_who_is_protected_last() {
        let lines = [
            Waiting { protection: Protection::Yields, ..line(1, 5, 5) },
            line(2, 5, 5),
            Waiting { protection: Protection::Protected, ..line(3, 5, 5) },
        ];
        assert_eq!(units(fill(&lines, Qty::units(12), day(0))), [2, 5, 5]);
        assert_eq!(units(fill(&lines, Qty::units(4), day(0))), [0, 0, 4]);
    }

    #[test]
    fn what_a_yielding_line_has_goes_to_whoever_waits() {
        let yields = Waiting { protection: Protection::Yields, turn: Some(1), ..line(1, 9, 9) };
        assert_eq!(units(fill(&[yields.clone(), line(2, 4, 0)], Qty::units(9), day(0))), [5, 4]);
        assert_eq!(units(fill(&[yields.clone(), line(2, 4, 4)], Qty::units(14), day(0))), [9, 4]);
        // Two that yield do not take from each other.
        let other = Waiting { line: LineId(3), order_code: "SO-3".into(), allocated: Qty::ZERO, ..yields.clone() };
        assert_eq!(units(fill(&[other, yields], Qty::units(9), day(0))), [0, 9]);
    }

    #[test]
    fn a_line_on_hold_has_nothing_and_gets_nothing() {
        let held = Waiting { held: true, turn: Some(1), protection: Protection::Protected, ..line(1, 5, 5) };
        assert_eq!(units(fill(&[held.clone(), line(2, 9, 2)], Qty::units(9), day(0))), [0, 9]);
        assert_eq!(units(fill(&[held, line(2, 9, 9)], Qty::units(4), day(0))), [0, 4]);
    }

    #[test]
    fn what_was_picked_for_a_line_is_its_own_first() {
        // The later line's 4 are in the picker's cart: no rank, protection or older order takes them.
        let picked = Waiting { picked: Qty::units(4), ..line(3, 6, 6) };
        let first = Waiting { turn: Some(1), protection: Protection::Protected, ..line(1, 16, 8) };
        assert_eq!(units(fill(&[first.clone(), picked.clone()], Qty::units(4), day(0))), [0, 4]);
        assert_eq!(units(fill(&[first.clone(), picked.clone()], Qty::units(9), day(0))), [5, 4]);
        let lost = Waiting { allocated: Qty::ZERO, ..picked.clone() };
        assert_eq!(units(fill(&[first.clone(), lost], Qty::units(8), day(0))), [4, 4]);
        let yields = Waiting { protection: Protection::Yields, ..picked.clone() };
        assert_eq!(units(fill(&[first.clone(), yields], Qty::units(14), day(0))), [10, 4]);
        // Two claims and not enough for both: the reverse order decides, as ever.
        let other = Waiting { picked: Qty::units(5), ..line(2, 5, 5) };
        assert_eq!(units(fill(&[other, picked.clone()], Qty::units(6), day(0))), [5, 1]);
        // Who is on hold gives back what was picked too.
        let held = Waiting { held: true, ..picked };
        assert_eq!(units(fill(&[first, held], Qty::units(9), day(0))), [9, 0]);
    }

    #[test]
    fn a_reduced_line_frees_its_units_exactly_once() {
        // 10 were allocated to a line of which 6 are still open: 4 go to the next, no more.
        assert_eq!(units(fill(&[line(1, 6, 10), line(2, 9, 0)], Qty::units(10), day(0))), [6, 4]);
    }

    fn any_line() -> impl Strategy<Value = (i64, i64, Option<i64>, Option<i64>, u8, u8, i64, i64)> {
        (0i64..20, 0i64..25, prop::option::of(1i64..4), prop::option::of(1i64..4), 0u8..3, 0u8..3, -9i64..9, 0i64..9)
    }

    proptest! {
        #[test]
        fn never_more_than_is_there_or_asked_for_and_stable(
            rows in prop::collection::vec(any_line(), 0..12), sellable in -5i64..120,
        ) {
            let mut lines: Vec<Waiting> = rows.iter().enumerate().map(|(i, r)| Waiting {
                turn: r.2,
                priority: r.3,
                protection: [Protection::Yields, Protection::Normal, Protection::Protected][r.4 as usize],
                kind: [OrderKind::Regular, OrderKind::Backorder, OrderKind::Preorder][r.5 as usize],
                set_date: Some(day(r.6)),
                held: r.6 > 6,
                picked: Qty::units(r.7),
                ..line(i as i64, r.0, r.1)
            }).collect();
            let sellable = Qty::units(sellable);
            let filled = fill(&lines, sellable, day(0));
            let total: Qty = filled.iter().map(|f| f.1).sum();
            let open: Qty = lines.iter().filter(|l| !l.held).map(|l| l.open).sum();
            // Everything that can be given is given, and nothing more.
            prop_assert_eq!(total, open.min(sellable.or_zero()));
            for (w, (id, q)) in lines.iter().zip(&filled) {
                prop_assert_eq!(w.line, *id);
                prop_assert!(!q.is_negative() && *q <= w.open);
            }
            let claims: Qty = lines.iter().map(Waiting::claim).sum();
            if claims <= sellable {
                for (w, (_, q)) in lines.iter().zip(&filled) {
                    prop_assert!(*q >= w.claim(), "what is picked stays");
                }
            }
            let stays = |l: &&Waiting| !l.held && l.protection != Protection::Yields;
            let kept: Qty = lines.iter().map(Waiting::keeps).sum();
            if kept <= sellable {
                for (w, (_, q)) in lines.iter().zip(&filled).filter(|(w, _)| stays(w)) {
                    prop_assert!(*q >= w.allocated.min(w.open), "what is allocated stays");
                }
            }
            // A second time changes nothing, whatever order the lines come in.
            for (w, (_, q)) in lines.iter_mut().zip(&filled) {
                w.allocated = *q;
            }
            lines.reverse();
            let mut again = fill(&lines, sellable, day(0));
            again.reverse();
            prop_assert_eq!(again, filled);
        }
    }
}
