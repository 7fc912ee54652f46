//! Counting: what a session is to look at, whose count stands, what a difference is worth, how exact the books are.
//!
//! A count is compared with the book **of its own moment**: the difference found then is booked onto today's book, and
//! what moved in between is neither lost nor found.

pub mod folding;

use super::ids::ItemId;
use super::money::Money;
use super::quantity::Qty;
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::{BTreeMap, HashMap};

/// How much of the value that is used in a year an item stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Class {
    /// The few items that make up four fifths of the value.
    A,
    /// The next fifteen hundredths.
    B,
    /// All the others.
    C,
}

impl Class {
    pub const ALL: [Class; 3] = [Class::A, Class::B, Class::C];

    pub fn letter(self) -> &'static str {
        match self {
            Class::A => "A",
            Class::B => "B",
            Class::C => "C",
        }
    }

    pub fn from_letter(text: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|c| c.letter().eq_ignore_ascii_case(text.trim()))
    }
}

/// Sorts items into classes by the value used of each. Items that are not in `used` are C. Equal values go by number,
/// so that the same figures always give the same classes.
pub fn classes(used: &[(ItemId, Money)]) -> HashMap<ItemId, Class> {
    let mut by_value: Vec<(ItemId, i128)> =
        used.iter().map(|(item, value)| (*item, i128::from(value.ten_thousandths().max(0)))).collect();
    by_value.sort_by_key(|(item, value)| (std::cmp::Reverse(*value), *item));
    let all: i128 = by_value.iter().map(|v| v.1).sum();
    let mut before = 0;
    let mut out = HashMap::with_capacity(by_value.len());
    for (item, value) in by_value {
        let class = match (value > 0, before * 100) {
            (true, share) if share < all * 80 => Class::A,
            (true, share) if share < all * 95 => Class::B,
            _ => Class::C,
        };
        out.insert(item, class);
        before += value;
    }
    out
}

/// What a session is to look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Whatever is scanned; only that is counted.
    Anything,
    /// Whole bins, named as in [`bin_wanted`].
    Bins(String),
    Category(String),
    Class(Class),
    /// Not counted for so many days, or never.
    NotFor(i64),
    Never,
    /// Bins that the last pick should have emptied.
    Emptied,
    /// What somebody waits for although the book says that some lies there.
    Short,
    /// What the schedule asks for today.
    Due,
}

impl Scope {
    /// What the session is called unless somebody names it.
    pub fn name(&self) -> String {
        match self {
            Scope::Anything => "Count as I go".into(),
            Scope::Bins(which) => format!("Bins {which}"),
            Scope::Category(name) => format!("Category {name}"),
            Scope::Class(class) => format!("Class {}", class.letter()),
            Scope::NotFor(days) => format!("Not counted for {days} days"),
            Scope::Never => "Never counted".into(),
            Scope::Emptied => "Emptied bins".into(),
            Scope::Short => "Short, but in the book".into(),
            Scope::Due => "Due today".into(),
        }
    }

    /// Whether everything in its bins is looked at: then what nobody finds there is none.
    pub fn whole_bins(&self) -> bool {
        matches!(self, Scope::Bins(_))
    }
}

/// Whether a bin is named by `wanted`: codes, beginnings (`A1` is `A1-04` but not `A10-01`) and ranges (`A1-01..A1-09`),
/// separated by blanks or commas.
pub fn bin_wanted(wanted: &str, code: &str) -> bool {
    let code = code.to_uppercase();
    wanted.to_uppercase().split([' ', ',', ';']).filter(|w| !w.is_empty()).any(|word| match word.split_once("..") {
        Some((from, to)) => code.as_str() >= from && (code.as_str() <= to || code.starts_with(to)),
        None => match code.strip_prefix(word.trim_end_matches('*')) {
            Some(rest) => word.ends_with('*') || !rest.starts_with(|c: char| c.is_alphanumeric()),
            None => false,
        },
    })
}

/// Whether an item of that class that was last counted then is to be counted today. `days`: how often each class is.
pub fn is_due(class: Class, last: Option<NaiveDate>, days: &BTreeMap<Class, i64>, today: NaiveDate) -> bool {
    let Some(every) = days.get(&class).filter(|d| **d > 0) else { return false };
    last.is_none_or(|on| (today - on).num_days() >= *every)
}

/// How far a count may be off before a second person counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tolerance {
    Units(Qty),
    /// Hundredths of the book's quantity.
    Percent(i64),
    Worth(Money),
}

impl Tolerance {
    /// Whether a difference is small enough. What has no cost is never within an amount.
    pub fn holds(self, difference: Qty, book: Qty, cost: Option<Money>) -> bool {
        match self {
            Tolerance::Units(most) => difference.abs() <= most,
            Tolerance::Percent(percent) => {
                i128::from(difference.abs().thousandths()) * 100
                    <= i128::from(book.abs().thousandths()) * i128::from(percent)
            }
            Tolerance::Worth(most) => difference.is_zero() || cost.is_some_and(|c| c.times(difference.abs()) <= most),
        }
    }
}

/// By which rules counts are judged.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Policy {
    /// Differences over the tolerance need a second person.
    pub two_people: bool,
    /// A class without one: no difference is tolerated.
    pub tolerance: BTreeMap<Class, Tolerance>,
    /// Differences worth more are marked for a second look.
    pub second_look: Money,
    /// Differences worth more are posted only by somebody who may approve them.
    pub approval_over: Option<Money>,
}

impl Policy {
    fn tolerates(&self, class: Class, difference: Qty, book: Qty, cost: Option<Money>) -> bool {
        let none = Tolerance::Units(Qty::ZERO);
        self.tolerance.get(&class).copied().unwrap_or(none).holds(difference, book, cost)
    }
}

/// One person's count of an item in a bin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pass {
    pub operator: String,
    pub counted: Qty,
    /// What should have lain in the bin at that moment: what the book said, less what was `picked` out of it.
    pub book: Qty,
    /// Picked by then and not shipped: the book has it in the bin, but it lay in somebody's hands or on the packing place.
    pub picked: Qty,
    pub at: NaiveDateTime,
    /// Somebody scanned or typed it; else the bin was finished without it.
    pub found: bool,
}

impl Pass {
    pub fn difference(&self) -> Qty {
        self.counted - self.book
    }
}

/// Whose count stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The pass at this place.
    Stands(usize),
    /// Somebody else must count it.
    Second,
    /// Two people found different things: a third decides.
    Third,
}

/// Judges the counts of one item in one bin, oldest first. `None` where nobody counted. Counts are compared by their
/// differences to the book of their own moment, so that a pick between two counts is no disagreement.
///
/// Of one person the last count holds. One person: it stands, unless two people count and it is over the tolerance.
/// Two who agree (or who are both within the tolerance): the later stands. Two who do not: a third, whose count stands.
/// Where two people count, neither of the two decides by counting once more.
pub fn judge(passes: &[Pass], policy: &Policy, class: Class, cost: Option<Money>) -> Option<Verdict> {
    let of = |at: &usize| passes.get(*at);
    let within = |p: &Pass| policy.tolerates(class, p.difference(), p.book, cost);
    let agree = |first: &Pass, second: &Pass| {
        first.difference() == second.difference() || policy.two_people && within(first) && within(second)
    };
    let mut people: Vec<usize> = Vec::new();
    for (at, pass) in passes.iter().enumerate() {
        let known = |p: &usize| of(p).is_some_and(|p| p.operator == pass.operator);
        let disagree = match people.as_slice() {
            [first, second] => of(first).zip(of(second)).is_some_and(|(a, b)| !agree(a, b)),
            _ => false,
        };
        if policy.two_people && disagree && people.iter().any(known) {
            continue;
        }
        people.retain(|p| !known(p));
        people.push(at);
    }
    let last = *people.last()?;
    let newest = of(&last)?;
    let verdict = match people.as_slice() {
        [_] if policy.two_people && !within(newest) => Verdict::Second,
        [_] => Verdict::Stands(last),
        [first, _] => {
            if agree(of(first)?, newest) {
                Verdict::Stands(last)
            } else {
                Verdict::Third
            }
        }
        _ => Verdict::Stands(last),
    };
    Some(verdict)
}

/// How exact the books were: by absolute differences, so that +5 and -5 are two faults and not none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Accuracy {
    /// Counts of an item in a bin.
    pub counts: usize,
    /// Of those, without a difference.
    pub right: usize,
    pub book: Qty,
    pub off: Qty,
}

impl Accuracy {
    /// Takes one count in.
    pub fn add(&mut self, book: Qty, counted: Qty) {
        let off = (counted - book).abs();
        self.counts += 1;
        self.right += usize::from(off.is_zero());
        self.book += book.abs();
        self.off += off;
    }

    /// The share of what the books said that was there, 0 to 1: one less the absolute differences over the book.
    pub fn share(&self) -> Option<f64> {
        match (self.counts, self.book.is_zero()) {
            (0, _) => None,
            (_, true) => Some(if self.off.is_zero() { 1.0 } else { 0.0 }),
            _ => Some((1.0 - self.off.as_f64() / self.book.as_f64()).max(0.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(n: i64) -> Qty {
        Qty::units(n)
    }
    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, n).unwrap()
    }
    fn pass(who: &str, counted: i64, book: i64) -> Pass {
        Pass {
            operator: who.into(),
            counted: q(counted),
            book: q(book),
            picked: Qty::ZERO,
            at: day(23).and_hms_opt(9, 0, 0).unwrap(),
            found: true,
        }
    }
    fn two() -> Policy {
        let tolerance = BTreeMap::from([
            (Class::A, Tolerance::Units(Qty::ZERO)),
            (Class::B, Tolerance::Percent(10)),
            (Class::C, Tolerance::Worth(Money::from_ten_thousandths(250_000))),
        ]);
        Policy { two_people: true, tolerance, ..Policy::default() }
    }

    #[test]
    fn by_default_one_count_stands_and_the_last_of_one_person_holds() {
        let judge = |passes: &[Pass]| judge(passes, &Policy::default(), Class::A, None);
        assert_eq!(judge(&[]), None);
        assert_eq!(judge(&[pass("KS", 8, 10)]), Some(Verdict::Stands(0)));
        assert_eq!(judge(&[pass("KS", 8, 10), pass("KS", 9, 10)]), Some(Verdict::Stands(1)));
        assert_eq!(judge(&[pass("KS", 8, 10), pass("MB", 9, 10)]), Some(Verdict::Third));
        // A pick of three lay between the two: they found the same.
        assert_eq!(judge(&[pass("KS", 8, 10), pass("MB", 5, 7)]), Some(Verdict::Stands(1)));
        let third = [pass("KS", 8, 10), pass("MB", 9, 10), pass("AL", 7, 10)];
        assert_eq!(judge(&third), Some(Verdict::Stands(2)));
    }

    #[test]
    fn over_the_tolerance_somebody_else_counts_and_a_third_decides() {
        let cost = Some(Money::parse("10").unwrap());
        let judge = |passes: &[Pass], class| judge(passes, &two(), class, cost);
        assert_eq!(judge(&[pass("KS", 9, 10)], Class::A), Some(Verdict::Second));
        assert_eq!(judge(&[pass("KS", 9, 10)], Class::B), Some(Verdict::Stands(0)));
        assert_eq!(judge(&[pass("KS", 8, 10)], Class::B), Some(Verdict::Second));
        assert_eq!(judge(&[pass("KS", 8, 10)], Class::C), Some(Verdict::Stands(0)));
        assert_eq!(judge(&[pass("KS", 7, 10)], Class::C), Some(Verdict::Second));
        // The same person again is not a second person.
        assert_eq!(judge(&[pass("KS", 7, 10), pass("KS", 7, 10)], Class::C), Some(Verdict::Second));
        assert_eq!(judge(&[pass("KS", 7, 10), pass("MB", 7, 10)], Class::C), Some(Verdict::Stands(1)));
        assert_eq!(judge(&[pass("KS", 7, 10), pass("MB", 10, 10)], Class::C), Some(Verdict::Third));
        let third = [pass("KS", 7, 10), pass("MB", 10, 10), pass("AL", 7, 10)];
        assert_eq!(judge(&third, Class::C), Some(Verdict::Stands(2)));
        // Neither of the two decides by counting once more.
        let mut once_more = vec![pass("KS", 7, 10), pass("MB", 9, 10), pass("KS", 10, 10), pass("MB", 10, 10)];
        assert_eq!(judge(&once_more, Class::A), Some(Verdict::Third));
        once_more.push(pass("AL", 8, 10));
        assert_eq!(judge(&once_more, Class::A), Some(Verdict::Stands(4)));
    }

    #[test]
    fn four_fifths_of_the_value_are_a() {
        let used: Vec<(ItemId, Money)> = [700, 150, 100, 40, 10, 0]
            .iter()
            .enumerate()
            .map(|(i, v)| (ItemId(i as i64), Money::from_ten_thousandths(*v)))
            .collect();
        let found = classes(&used);
        let of = |n| found[&ItemId(n)];
        assert_eq!(
            [of(0), of(1), of(2), of(3), of(4), of(5)],
            [Class::A, Class::A, Class::B, Class::C, Class::C, Class::C]
        );
    }

    #[test]
    fn bins_are_named_by_code_beginning_and_range() {
        for (wanted, code, yes) in [
            ("A1-04", "A1-04", true),
            ("a1", "A1-04", true),
            ("A1", "A10-01", false),
            ("A1*", "A10-01", true),
            ("A1-02..A1-05", "A1-04", true),
            ("A1-02..A1-05", "A1-06", false),
            ("B2, C2-11", "C2-11", true),
            ("", "A1", false),
        ] {
            assert_eq!(bin_wanted(wanted, code), yes, "{wanted} {code}");
        }
    }

    #[test]
    fn what_is_due_follows_its_class() {
        let days = BTreeMap::from([(Class::A, 30), (Class::C, 0)]);
        assert!(is_due(Class::A, None, &days, day(23)));
        assert!(is_due(Class::A, Some(NaiveDate::from_ymd_opt(2026, 10, 24).unwrap()), &days, day(23)));
        assert!(!is_due(Class::A, Some(day(20)), &days, day(23)));
        assert!(!is_due(Class::C, None, &days, day(23)));
        assert!(!is_due(Class::B, None, &days, day(23)));
    }

    #[test]
    fn plus_five_and_minus_five_are_two_faults() {
        let mut accuracy = Accuracy::default();
        accuracy.add(q(20), q(25));
        accuracy.add(q(20), q(15));
        accuracy.add(q(60), q(60));
        assert_eq!((accuracy.counts, accuracy.right, accuracy.off), (3, 1, q(10)));
        assert_eq!(accuracy.share(), Some(0.9));
    }
}
