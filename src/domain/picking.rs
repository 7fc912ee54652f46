//! Picking: from which bins the goods of reserved lines are taken, and how far a round is.

use super::ids::{BinId, ItemId, LineId};
use super::quantity::Qty;
use std::collections::{BTreeMap, BTreeSet};

/// What a line is to get.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub line: LineId,
    pub item: ItemId,
    pub quantity: Qty,
}

/// What lies of an item in a bin, as the book says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lies {
    pub bin: BinId,
    pub item: ItemId,
    pub quantity: Qty,
    /// Put aside for lines when it came.
    pub aside: bool,
}

/// So much of an item, from a bin, for a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub bin: BinId,
    pub item: ItemId,
    pub line: LineId,
    pub quantity: Qty,
}

/// From where each line's goods are taken: the lines in their order, the bins in theirs, nothing twice. Answered in the
/// order of the bins, as one walks. What no bin has is left out. What was put aside came last and is for those who were
/// served last: it goes first, from the last line on.
pub fn places(wanted: &[Wanted], lies: &[Lies]) -> Vec<Place> {
    let mut left: Vec<Lies> = lies.to_vec();
    let mut open: Vec<Qty> = wanted.iter().map(|w| w.quantity).collect();
    let mut out: Vec<(usize, usize, Place)> = Vec::new();
    let from_the_last = (0..wanted.len()).rev().map(|n| (n, true));
    for (n, aside) in from_the_last.chain((0..wanted.len()).map(|n| (n, false))) {
        let (Some(want), Some(open)) = (wanted.get(n), open.get_mut(n)) else { continue };
        for (at, there) in left.iter_mut().enumerate().filter(|(_, l)| l.item == want.item && l.aside == aside) {
            let taken = there.quantity.or_zero().min(*open);
            if taken.is_positive() {
                there.quantity -= taken;
                *open -= taken;
                out.push((at, n, Place { bin: there.bin, item: want.item, line: want.line, quantity: taken }));
            }
        }
    }
    out.sort_by_key(|(at, n, _)| (*at, *n));
    out.into_iter().map(|(.., place)| place).collect()
}

/// What a row of a round says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// This person stands at the bin.
    Bin,
    /// So many more were taken for the place.
    Item,
    /// So many were taken for the place.
    Set,
    /// No more than that lies there.
    Short,
    /// The row that it points at was mistyped.
    Back,
    /// The round was thrown away.
    Drop,
}

named!(Kind {
    Bin = "bin",
    Item = "item",
    Set = "set",
    Short = "short",
    Back = "back",
    Drop = "drop",
});

/// A row of a round.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub id: i64,
    pub kind: Kind,
    pub place: Option<i64>,
    pub bin: Option<BinId>,
    pub quantity: Option<Qty>,
    pub takes_back: Option<i64>,
    pub operator: String,
}

/// How far a place is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Picked {
    pub quantity: Qty,
    /// No more lies there.
    pub short: bool,
}

/// The rows that still count.
pub fn standing(rows: &[Row]) -> impl DoubleEndedIterator<Item = &Row> {
    let gone: BTreeSet<i64> = rows.iter().filter_map(|r| r.takes_back).collect();
    rows.iter().filter(move |r| r.kind != Kind::Back && !gone.contains(&r.id))
}

/// What was taken for each place.
pub fn picked(rows: &[Row]) -> BTreeMap<i64, Picked> {
    let mut out: BTreeMap<i64, Picked> = BTreeMap::new();
    for row in standing(rows) {
        let Some(place) = row.place else { continue };
        let now = out.entry(place).or_default();
        let quantity = row.quantity.unwrap_or(Qty::ZERO);
        match row.kind {
            Kind::Item => *now = Picked { quantity: now.quantity + quantity, short: false },
            Kind::Set => *now = Picked { quantity, short: false },
            Kind::Short => now.short = true,
            Kind::Bin | Kind::Back | Kind::Drop => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_walks_the_bins_once_and_nothing_is_taken_twice() {
        let want = |line, item, n| Wanted { line: LineId(line), item: ItemId(item), quantity: Qty::units(n) };
        let lies = |bin, item, n| Lies { bin: BinId(bin), item: ItemId(item), quantity: Qty::units(n), aside: false };
        let wanted = [want(1, 1, 5), want(2, 1, 4), want(3, 2, 2), want(4, 3, 1)];
        let found = places(&wanted, &[lies(7, 2, 9), lies(8, 1, 6), lies(9, 1, 2)]);
        let seen: Vec<_> = found.iter().map(|p| (p.bin.0, p.line.0, p.quantity.thousandths() / 1000)).collect();
        assert_eq!(seen, [(7, 3, 2), (8, 1, 5), (8, 2, 1), (9, 2, 2)]);
    }

    /// 17 lay there for the first; 6 came and were put aside, 3 for the first and 3 for the second.
    #[test]
    fn what_was_put_aside_goes_to_those_who_were_served_last() {
        let want = |line, n| Wanted { line: LineId(line), item: ItemId(1), quantity: Qty::units(n) };
        let lies = |bin, n, aside| Lies { bin: BinId(bin), item: ItemId(1), quantity: Qty::units(n), aside };
        let found = places(&[want(1, 20), want(2, 3)], &[lies(7, 23, false), lies(9, 6, true)]);
        let seen: Vec<_> = found.iter().map(|p| (p.bin.0, p.line.0, p.quantity.thousandths() / 1000)).collect();
        assert_eq!(seen, [(7, 1, 17), (9, 1, 3), (9, 2, 3)]);
    }

    #[test]
    fn figures_state_scans_add_and_more_found_is_not_short() {
        let row = |id, kind, n, takes_back: Option<i64>| Row {
            id,
            kind,
            place: Some(1).filter(|_| takes_back.is_none()),
            bin: None,
            quantity: Some(Qty::units(n)),
            takes_back,
            operator: String::new(),
        };
        let rows = [row(1, Kind::Item, 1, None), row(2, Kind::Set, 3, None), row(3, Kind::Short, 0, None)];
        assert_eq!(picked(&rows)[&1], Picked { quantity: Qty::units(3), short: true });
        let more = [rows.as_slice(), &[row(4, Kind::Item, 1, None)]].concat();
        assert_eq!(picked(&more)[&1], Picked { quantity: Qty::units(4), short: false });
        let back = [rows.as_slice(), &[row(4, Kind::Back, 0, Some(3))]].concat();
        assert!(!picked(&back)[&1].short);
    }
}
