//! Facts as bytes, as they are kept beside the tables that they follow from.

use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::lateness::{Arrival, Delivery};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

/// Writes numbers as 7 bits a byte, small ones short; signs folded in.
#[derive(Default)]
pub(super) struct Packer {
    pub bytes: Vec<u8>,
    day: i64,
}

impl Packer {
    pub fn number(&mut self, n: i64) {
        let mut n = ((n << 1) ^ (n >> 63)) as u64;
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }
    /// As the distance from the day before.
    pub fn day(&mut self, day: NaiveDate) {
        let day = i64::from(day.num_days_from_ce());
        self.number(day - self.day);
        self.day = day;
    }
    pub fn maybe_day(&mut self, day: Option<NaiveDate>) {
        self.number(i64::from(day.is_some()));
        day.into_iter().for_each(|day| self.day(day));
    }
    pub fn count(&mut self, n: usize) {
        self.number(n as i64);
    }
    /// Which of them are not 0, then those.
    pub fn numbers(&mut self, all: &[i64]) {
        let has = all.iter().enumerate().map(|(i, n)| i64::from(*n != 0) << i).sum::<i64>();
        self.number(has);
        all.iter().filter(|n| **n != 0).for_each(|n| self.number(*n));
    }
    /// Bit by bit.
    pub fn float(&mut self, n: f64) {
        self.bytes.extend(n.to_le_bytes());
    }
}

/// Lines as bytes, in their order.
pub(super) fn pack(lines: &[Delivery]) -> Vec<u8> {
    let mut out = Packer::default();
    pack_lines(lines, &mut out);
    out.bytes
}

/// The same behind what is there.
pub(super) fn pack_lines<'a>(lines: impl IntoIterator<Item = &'a Delivery>, out: &mut Packer) {
    let (mut po, mut po_line) = (0, 0);
    for line in lines {
        out.number(line.po_line.0 - po_line);
        out.number(line.po.0 - po);
        (po_line, po) = (line.po_line.0, line.po.0);
        out.number(line.item.0);
        let days = days_of(line);
        let has = days.iter().enumerate().map(|(i, day)| i64::from(day.is_some()) << i).sum::<i64>();
        let flags = i64::from(line.by_us) << 9 | i64::from(line.cost.is_some()) << 1 | i64::from(line.closed);
        out.number(has << 2 | flags);
        days.into_iter().flatten().for_each(|day| out.day(day));
        for quantity in [line.quantity, line.cancelled, line.received, line.rejected] {
            out.number(quantity.thousandths());
        }
        if let Some(cost) = line.cost {
            out.number(cost.ten_thousandths());
        }
        out.number(line.arrivals.len() as i64);
        for arrival in &line.arrivals {
            out.day(arrival.on);
            out.number(arrival.quantity.thousandths());
            out.number(arrival.rejected.thousandths() << 1 | i64::from(arrival.wrong_item));
        }
    }
}

fn days_of(line: &Delivery) -> [Option<NaiveDate>; 7] {
    [
        line.ordered_on,
        line.confirmed_on,
        line.confirmed_for,
        line.first_promised,
        line.expected_on,
        line.announced_on,
        line.ended_on,
    ]
}

/// Reads what a [`Packer`] wrote; none where it is not that.
pub(super) struct Unpacker<'a> {
    bytes: std::slice::Iter<'a, u8>,
    day: i64,
}

impl<'a> Unpacker<'a> {
    pub fn of(bytes: &'a [u8]) -> Unpacker<'a> {
        Unpacker { bytes: bytes.iter(), day: 0 }
    }
    pub fn is_at_end(&self) -> bool {
        self.bytes.as_slice().is_empty()
    }
    pub fn number(&mut self) -> Option<i64> {
        let mut n = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.next()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some((n >> 1) as i64 ^ -((n & 1) as i64));
            }
        }
        None
    }
    pub fn day(&mut self) -> Option<NaiveDate> {
        self.day = self.day.checked_add(self.number()?)?;
        NaiveDate::from_num_days_from_ce_opt(i32::try_from(self.day).ok()?)
    }
    /// A day that nobody asks for: the next one counts from it.
    fn pass_day(&mut self) -> Option<()> {
        self.day = self.day.checked_add(self.number()?)?;
        Some(())
    }
    pub fn maybe_day(&mut self) -> Option<Option<NaiveDate>> {
        if self.number()? == 0 { Some(None) } else { self.day().map(Some) }
    }
    pub fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }
    /// Each of so many things.
    pub fn each<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        let mut all = Vec::with_capacity(count.min(self.bytes.len()));
        for _ in 0..count {
            all.push(one(self)?);
        }
        Some(all)
    }
    pub fn numbers<const N: usize>(&mut self) -> Option<[i64; N]> {
        let has = self.number()?;
        let mut all = [0; N];
        for (_, n) in all.iter_mut().enumerate().filter(|(i, _)| has >> i & 1 == 1) {
            *n = self.number()?;
        }
        Some(all)
    }
    pub fn float(&mut self) -> Option<f64> {
        let mut bytes = [0; 8];
        for byte in &mut bytes {
            *byte = *self.bytes.next()?;
        }
        Some(f64::from_le_bytes(bytes))
    }
    fn quantity(&mut self) -> Option<Qty> {
        self.number().map(Qty::from_thousandths)
    }
}

/// Bytes as lines; what cannot be read ends them (`backshelf check` finds it).
pub(super) fn unpack(bytes: &[u8], supplier: SupplierId, out: &mut Vec<Delivery>) {
    let mut from = Unpacker::of(bytes);
    let (mut po, mut po_line) = (0, 0);
    while let Some(line) = unpack_line(&mut from, supplier, &mut po, &mut po_line) {
        out.push(line);
    }
}

/// The same of the lines of these items alone: the others are stepped over, which is several times as quick.
pub(super) fn unpack_of_items(bytes: &[u8], supplier: SupplierId, items: &BTreeSet<ItemId>, out: &mut Vec<Delivery>) {
    let mut from = Unpacker::of(bytes);
    let (mut po, mut po_line) = (0, 0);
    loop {
        let mut ahead = Unpacker { bytes: from.bytes.clone(), day: from.day };
        let Some((line, of_po, item)) = step_over(&mut ahead) else { return };
        if items.contains(&item) {
            let Some(line) = unpack_line(&mut from, supplier, &mut po, &mut po_line) else { return };
            out.push(line);
        } else {
            (po_line, po) = (po_line.wrapping_add(line), po.wrapping_add(of_po));
            from = ahead;
        }
    }
}

/// Reads no more of a line than what the next one counts from: how far its number and its PO's are from the line before,
/// and its item.
fn step_over(from: &mut Unpacker) -> Option<(i64, i64, ItemId)> {
    let (po_line, po, item, flags) = (from.number()?, from.number()?, ItemId(from.number()?), from.number()?);
    for _ in 0..(flags >> 2 & 0x7f).count_ones() {
        from.pass_day()?;
    }
    for _ in 0..4 + (flags >> 1 & 1) {
        from.number()?;
    }
    for _ in 0..from.number()? {
        from.pass_day()?;
        from.number()?;
        from.number()?;
    }
    Some((po_line, po, item))
}

/// One line of those behind each other; `po` and `po_line`: of the one before, 0 at first.
pub(super) fn unpack_line(
    from: &mut Unpacker,
    supplier: SupplierId,
    po: &mut i64,
    po_line: &mut i64,
) -> Option<Delivery> {
    *po_line = po_line.checked_add(from.number()?)?;
    *po = po.checked_add(from.number()?)?;
    let item = ItemId(from.number()?);
    let flags = from.number()?;
    let mut days = [None; 7];
    for (i, day) in days.iter_mut().enumerate() {
        if flags >> (i + 2) & 1 == 1 {
            *day = Some(from.day()?);
        }
    }
    let [ordered_on, confirmed_on, confirmed_for, first_promised, expected_on, announced_on, ended_on] = days;
    let [quantity, cancelled, received, rejected] =
        [from.quantity()?, from.quantity()?, from.quantity()?, from.quantity()?];
    let cost = if flags & 2 == 2 { Some(Money::from_ten_thousandths(from.number()?)) } else { None };
    let count = from.number()?;
    let mut arrivals = Vec::with_capacity(usize::try_from(count).ok()?.min(1_000));
    for _ in 0..count {
        let (on, quantity, bad) = (from.day()?, from.quantity()?, from.number()?);
        arrivals.push(Arrival { on, quantity, rejected: Qty::from_thousandths(bad >> 1), wrong_item: bad & 1 == 1 });
    }
    Some(Delivery {
        po_line: PoLineId(*po_line),
        po: PoId(*po),
        supplier,
        item,
        po_code: String::new(),
        line_code: String::new(),
        ordered_on,
        confirmed_on,
        confirmed_for,
        first_promised,
        expected_on,
        quantity,
        cancelled,
        received,
        rejected,
        closed: flags & 1 == 1,
        by_us: flags >> 9 & 1 == 1,
        cost,
        announced_on,
        ended_on,
        arrivals,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub fn line() -> impl Strategy<Value = Delivery> {
        let day =
            || prop::option::of(700_000i32..760_000).prop_map(|d| d.and_then(NaiveDate::from_num_days_from_ce_opt));
        let quantity = || (0i64..9_000_000_000).prop_map(Qty::from_thousandths);
        let arrival = (700_000i32..760_000, quantity(), quantity(), any::<bool>()).prop_map(
            |(on, quantity, rejected, wrong_item)| Arrival {
                on: NaiveDate::from_num_days_from_ce_opt(on).unwrap(),
                quantity,
                rejected,
                wrong_item,
            },
        );
        let ids = (1i64..9_000_000, 1i64..9_000_000, 1i64..9_000_000);
        let days = (day(), day(), day(), day(), day(), day(), day());
        let quantities = (quantity(), quantity(), quantity(), quantity());
        let rest = (any::<bool>(), prop::option::of(0i64..1_000_000_000), prop::collection::vec(arrival, 0..4));
        (ids, days, quantities, rest).prop_map(|(ids, days, quantities, rest)| Delivery {
            po_line: PoLineId(ids.0),
            po: PoId(ids.1),
            supplier: SupplierId(7),
            item: ItemId(ids.2),
            ordered_on: days.0,
            confirmed_on: days.1,
            confirmed_for: days.2,
            first_promised: days.3,
            expected_on: days.4,
            announced_on: days.5,
            ended_on: days.6,
            quantity: quantities.0,
            cancelled: quantities.1,
            received: quantities.2,
            rejected: quantities.3,
            closed: rest.0,
            by_us: rest.0 && ids.0 % 2 == 0,
            cost: rest.1.map(Money::from_ten_thousandths),
            arrivals: rest.2,
            ..Delivery::blank()
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out_again(lines in prop::collection::vec(line(), 0..8)) {
            let mut out = Vec::new();
            unpack(&pack(&lines), SupplierId(7), &mut out);
            prop_assert_eq!(out, lines);
        }

        #[test]
        fn lines_of_some_items_are_the_same_as_among_all(
            lines in prop::collection::vec((line(), 1i64..4), 0..12),
            items in prop::collection::btree_set((1i64..4).prop_map(ItemId), 0..3),
        ) {
            let mut lines: Vec<Delivery> =
                lines.into_iter().map(|(line, item)| Delivery { item: ItemId(item), ..line }).collect();
            let mut out = Vec::new();
            unpack_of_items(&pack(&lines), SupplierId(7), &items, &mut out);
            lines.retain(|line| items.contains(&line.item));
            prop_assert_eq!(out, lines);
        }

        #[test]
        fn damaged_bytes_end_the_lines_and_nothing_else(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            unpack(&bytes, SupplierId(7), &mut Vec::new());
            unpack_of_items(&bytes, SupplierId(7), &BTreeSet::from([ItemId(0), ItemId(1)]), &mut Vec::new());
        }
    }
}
