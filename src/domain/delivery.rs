//! A delivery that is being taken in: from its rows to what came, and which PO lines it is for.

use super::ids::{ItemId, PoId, PoLineId};
use super::quantity::Qty;
use chrono::NaiveDateTime;
use std::collections::{BTreeMap, BTreeSet};

/// What a row of a delivery says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// This PO is in it.
    Po,
    /// So many more of an item.
    Item,
    /// So many of it came, bad ones included.
    Set,
    /// So many of them are bad.
    Bad,
    /// An item was named, to be counted next; without an item: the next scan counts so many.
    Name,
    /// A code that nobody knows, kept aside.
    Unknown,
    /// A code that was kept aside is this item.
    Attach,
    /// The number of the delivery note.
    Note,
    /// The row that it points at was mistyped and counts for nothing.
    Back,
    /// The delivery was thrown away.
    Drop,
}

named!(Kind {
    Po = "po",
    Item = "item",
    Set = "set",
    Bad = "bad",
    Name = "name",
    Unknown = "unknown",
    Attach = "attach",
    Note = "note",
    Back = "back",
    Drop = "drop",
});

/// A row of a delivery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub id: i64,
    pub kind: Kind,
    pub po: Option<PoId>,
    pub item: Option<ItemId>,
    pub code: Option<String>,
    pub quantity: Option<Qty>,
    /// Why goods are bad; the note's number; batch, dates and serial of a scan.
    pub words: Option<String>,
    pub takes_back: Option<i64>,
    pub typed: bool,
    pub at: NaiveDateTime,
    pub operator: String,
}

impl Row {
    /// How many the next scan counts, where the row says that.
    pub fn times(&self) -> Option<Qty> {
        self.quantity.filter(|_| self.kind == Kind::Name && self.item.is_none())
    }

    /// A figure that was far over the usual and is asked about, and of which item, where the row says that: it counts
    /// nothing.
    pub fn doubted(&self) -> Option<(ItemId, Qty)> {
        self.item.zip(self.quantity).filter(|_| self.kind == Kind::Name)
    }
}

/// What came of an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Came {
    pub item: ItemId,
    /// Bad ones included.
    pub quantity: Qty,
    /// Why some are bad, and how many; never more than came.
    pub bad: BTreeMap<String, Qty>,
    /// Batch, dates and serial as scanned, and how many of each; never more than came.
    pub lots: Vec<(String, Qty)>,
    /// The row that said something of it last.
    pub row: i64,
}

impl Came {
    fn none(item: ItemId) -> Came {
        Came { item, quantity: Qty::ZERO, bad: BTreeMap::new(), lots: Vec::new(), row: 0 }
    }

    pub fn rejected(&self) -> Qty {
        self.bad.values().copied().sum()
    }

    /// Why, with figures where there are several reasons: `2 broken, 1 expired`.
    pub fn reason(&self) -> Option<String> {
        match self.bad.len() {
            0 => None,
            1 => self.bad.keys().next().cloned(),
            _ => Some(self.bad.iter().map(|(why, n)| format!("{n} {why}")).collect::<Vec<_>>().join(", ")),
        }
    }

    /// Nothing can be bad, or of a batch, that did not come.
    fn bounded(mut self) -> Came {
        let mut room = self.quantity;
        for n in self.bad.values_mut() {
            *n = (*n).min(room);
            room -= *n;
        }
        self.bad.retain(|_, n| n.is_positive());
        let mut room = self.quantity;
        for (_, n) in &mut self.lots {
            *n = (*n).min(room);
            room -= *n;
        }
        self.lots.retain(|(_, n)| n.is_positive());
        self
    }
}

/// A code that nobody knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aside {
    pub code: String,
    pub quantity: Qty,
    pub row: i64,
}

/// What a delivery comes to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Contents {
    /// The POs in it, in the order in which they were named.
    pub pos: Vec<PoId>,
    /// Each item once, the one that was last spoken of first.
    pub came: Vec<Came>,
    pub aside: Vec<Aside>,
    pub note: Option<String>,
    /// The last row of all.
    pub last: i64,
    pub dropped: bool,
}

impl Contents {
    /// What came of an item, if anything.
    pub fn of(&self, item: ItemId) -> Option<&Came> {
        self.came.iter().find(|c| c.item == item)
    }
}

/// The rows that still count: none that was taken back, and none that takes back.
pub fn standing(rows: &[Row]) -> impl DoubleEndedIterator<Item = &Row> {
    let gone: BTreeSet<i64> = rows.iter().filter_map(|r| r.takes_back).collect();
    rows.iter().filter(move |r| r.kind != Kind::Back && !gone.contains(&r.id))
}

/// Adds the rows up. Goods in rows up to `booked` were booked already; POs, the note and codes without an item go on.
pub fn contents(rows: &[Row], booked: i64) -> Contents {
    let mut out = Contents { last: rows.iter().map(|r| r.id).max().unwrap_or(0), ..Contents::default() };
    let mut came: BTreeMap<ItemId, Came> = BTreeMap::new();
    for row in standing(rows) {
        let quantity = row.quantity.unwrap_or(Qty::ZERO);
        let words = row.words.as_deref().map(str::trim).filter(|w| !w.is_empty());
        match (row.kind, row.item) {
            (Kind::Po, _) => out.pos.extend(row.po.filter(|po| !out.pos.contains(po)).into_iter().collect::<Vec<_>>()),
            (Kind::Note, _) => out.note = words.map(String::from),
            (Kind::Drop, _) => out.dropped = true,
            (Kind::Unknown, _) => {
                let code = row.code.clone().unwrap_or_default();
                match out.aside.iter_mut().find(|a| a.code == code) {
                    Some(aside) => (aside.quantity, aside.row) = (aside.quantity + quantity, row.id),
                    None => out.aside.push(Aside { code, quantity, row: row.id }),
                }
            }
            (Kind::Attach, Some(item)) => {
                let known: Vec<Aside> = out.aside.extract_if(.., |a| Some(&a.code) == row.code.as_ref()).collect();
                let scans: Qty = known.iter().map(|a| a.quantity).sum();
                if row.id > booked {
                    let one = came.entry(item).or_insert_with(|| Came::none(item));
                    (one.quantity, one.row) = (one.quantity + scans.checked_mul(quantity).unwrap_or(scans), row.id);
                }
            }
            (_, Some(item)) if row.id > booked => {
                let one = came.entry(item).or_insert_with(|| Came::none(item));
                one.row = row.id;
                match row.kind {
                    Kind::Item => {
                        one.quantity += quantity;
                        if let Some(lot) = words {
                            match one.lots.iter_mut().find(|l| l.0 == lot) {
                                Some(known) => known.1 += quantity,
                                None => one.lots.push((lot.to_string(), quantity)),
                            }
                        }
                    }
                    Kind::Set => one.quantity = quantity,
                    Kind::Bad if quantity.is_zero() => one.bad.clear(),
                    Kind::Bad => {
                        one.bad.insert(words.unwrap_or("bad").to_string(), quantity);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    out.came = came.into_values().map(Came::bounded).collect();
    out.came.sort_by_key(|c| std::cmp::Reverse(c.row));
    out
}

/// A PO line that goods may be for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expected {
    pub line: PoLineId,
    pub item: ItemId,
    /// Still to come; not below zero.
    pub open: Qty,
    /// Of a PO that is in the delivery; else of another one of the same supplier.
    pub named: bool,
}

/// Goods for one PO line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    pub line: PoLineId,
    /// Bad ones included.
    pub quantity: Qty,
    pub rejected: Qty,
    /// How much of it is more than was still to come.
    pub over: Qty,
}

/// Spreads what came of one item over the lines of the delivery's POs, in their order; what is over goes on the last of
/// them. Only where none of these POs has the item, it is for others of the same supplier. Answers the shares, and how
/// many (and how many bad ones) no PO has.
pub fn spread(came: &Came, lines: &[Expected]) -> (Vec<Share>, Qty, Qty) {
    let of_item = |named: bool| lines.iter().filter(move |l| l.item == came.item && l.named == named);
    let mine: Vec<&Expected> = if of_item(true).next().is_some() { of_item(true) } else { of_item(false) }.collect();
    let (mut left, mut bad) = (came.quantity, came.rejected());
    let mut shares: Vec<Share> = Vec::new();
    let mut give = |line: PoLineId, quantity: Qty, over: Qty, bad: &mut Qty| {
        let rejected = quantity.min(*bad);
        *bad -= rejected;
        match shares.iter_mut().find(|s| s.line == line) {
            Some(share) => {
                share.quantity += quantity;
                share.rejected += rejected;
                share.over += over;
            }
            None => shares.push(Share { line, quantity, rejected, over }),
        }
    };
    for line in &mine {
        let taken = left.min(line.open.or_zero());
        if taken.is_positive() {
            give(line.line, taken, Qty::ZERO, &mut bad);
            left -= taken;
        }
    }
    if let Some(last) = mine.iter().rev().find(|l| l.named).filter(|_| left.is_positive()) {
        give(last.line, left, left, &mut bad);
        left = Qty::ZERO;
    }
    (shares, left, bad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn row(id: i64, kind: Kind, item: i64, quantity: i64) -> Row {
        Row {
            id,
            kind,
            po: None,
            item: Some(ItemId(item)).filter(|i| i.0 > 0),
            code: None,
            quantity: Some(Qty::units(quantity)),
            words: None,
            takes_back: None,
            typed: false,
            at: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(10, 0, 0).unwrap(),
            operator: "M.Baker".into(),
        }
    }
    fn said(words: &str, row: Row) -> Row {
        Row { words: Some(words.into()), ..row }
    }
    fn units(n: i64) -> Qty {
        Qty::units(n)
    }

    #[test]
    fn scans_add_up_figures_state_and_what_is_taken_back_never_was() {
        let back = |id, row_id| Row { takes_back: Some(row_id), item: None, ..row(id, Kind::Back, 0, 0) };
        let rows = [
            row(1, Kind::Item, 1, 12),
            row(2, Kind::Item, 1, 12),
            row(3, Kind::Set, 2, 36),
            row(4, Kind::Item, 1, 12),
            back(5, 4),
            said("broken", row(6, Kind::Bad, 1, 2)),
            said("expired", row(7, Kind::Bad, 1, 1)),
        ];
        let now = contents(&rows, 0);
        assert_eq!(now.of(ItemId(1)).map(|c| (c.quantity, c.rejected())), Some((units(24), units(3))));
        assert_eq!(now.of(ItemId(1)).and_then(Came::reason).as_deref(), Some("2 broken, 1 expired"));
        assert_eq!(now.of(ItemId(2)).map(|c| c.quantity), Some(units(36)));
        assert_eq!(now.came[0].item, ItemId(1), "the one that was last spoken of stands first");
        assert!(contents(&rows, 7).came.is_empty(), "booked up to there");
    }

    #[test]
    fn never_more_is_bad_or_of_a_batch_than_came() {
        let rows = [
            said("batch L1", row(1, Kind::Item, 1, 6)),
            said("batch L2", row(2, Kind::Item, 1, 6)),
            said("wet", row(3, Kind::Bad, 1, 5)),
            row(4, Kind::Set, 1, 4),
        ];
        let came = contents(&rows, 0).came.remove(0);
        assert_eq!((came.quantity, came.rejected()), (units(4), units(4)));
        assert_eq!(came.lots, [("batch L1".to_string(), units(4))]);
    }

    #[test]
    fn a_code_without_an_item_waits_for_its_name_also_after_a_booking() {
        let aside = |id| Row { code: Some("871".into()), item: None, ..row(id, Kind::Unknown, 0, 3) };
        let named = Row { code: Some("871".into()), ..row(9, Kind::Attach, 1, 2) };
        assert_eq!(contents(&[aside(1), aside(2)], 2).aside[0].quantity, units(6));
        let now = contents(&[aside(1), aside(2), named], 2);
        assert!(now.aside.is_empty());
        assert_eq!(now.came[0].quantity, units(12));
    }

    #[test]
    fn goods_fill_the_lines_in_order_and_what_is_over_goes_on_the_last_named_one() {
        let line = |id, open, named| Expected { line: PoLineId(id), item: ItemId(1), open: units(open), named };
        let came = |n, bad| {
            let bad = if bad > 0 { BTreeMap::from([("wet".to_string(), units(bad))]) } else { BTreeMap::new() };
            Came { item: ItemId(1), quantity: units(n), bad, lots: Vec::new(), row: 1 }
        };
        let share = |id, n, bad, over| Share {
            line: PoLineId(id),
            quantity: units(n),
            rejected: units(bad),
            over: units(over),
        };
        let lines = [line(1, 6, true), line(2, 4, true), line(3, 10, false)];
        assert_eq!(spread(&came(8, 7), &lines), (vec![share(1, 6, 6, 0), share(2, 2, 1, 0)], Qty::ZERO, Qty::ZERO));
        let over = vec![share(1, 6, 0, 0), share(2, 16, 0, 12)];
        assert_eq!(spread(&came(22, 0), &lines), (over, Qty::ZERO, Qty::ZERO));
        // Only another PO has it: what it does not wait for is nobody's.
        assert_eq!(spread(&came(12, 1), &lines[2..]), (vec![share(3, 10, 1, 0)], units(2), Qty::ZERO));
        assert_eq!(spread(&came(5, 2), &[]), (vec![], units(5), units(2)));
    }
}
