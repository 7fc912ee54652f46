//! Whatever is done in whatever order: nothing is given twice, the books agree, a split moves nobody, what was foreseen
//! is what comes, and taking all of it back gives the start.

use crate::backorders::{board, line};
use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::allocation::Turn;
use backshelf::domain::ids::{BinId, ItemId, LineId};
use backshelf::domain::quantity::Qty;
use backshelf::ops::acting::{self, Split, Swap, Yes};
use backshelf::ops::backorders::{self, CancelLine};
use backshelf::ops::settings::Settings;
use backshelf::ops::shipping::{self, Parcel};
use backshelf::ops::views::backorders::{Board, Terms};
use backshelf::ops::views::what_if::{self, Deed};
use backshelf::ops::{checking, undo};
use backshelf::store::Failure;
use backshelf::store::fulfilment::{OrderLine, order_line};
use proptest::prelude::*;

struct Shop {
    w: Warehouse,
    bin: BinId,
    items: [ItemId; 2],
}

fn shop() -> Shop {
    let mut w = Warehouse::new();
    let bin = w.bin("A1", "storage");
    let items = [w.item("A", "Chang"), w.item("B", "Anise Cordial")];
    w.moved(items[0], bin, 14);
    w.moved(items[1], bin, 9);
    for (n, customer) in ["Horn", "Ernst", "Hungry Owl"].iter().enumerate() {
        let code = format!("SO-{}", n + 1);
        w.order(&code, customer, &format!("2026-11-0{}", 9 - n), &[(items[0], 8), (items[0], 3), (items[1], 2)]);
    }
    w.po("PO-1", "Exotic", "2026-12-01", &[(items[0], 10)]);
    w.po("PO-2", "Exotic", "2026-12-20", &[(items[0], 20), (items[1], 20)]);
    Shop { w, bin, items }
}

/// One thing to do, to the line (of those there are) and with the quantity that the numbers come to.
#[derive(Clone, Copy, Debug)]
struct Step {
    what: u8,
    line: usize,
    quantity: i64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..10, 0usize..12, 1i64..9).prop_map(|(what, line, quantity)| Step { what, line, quantity });
    prop::collection::vec(step, 1..12)
}

impl Shop {
    fn lines(&self) -> Vec<LineId> {
        let mut statement = self.w.store.db().prepare("SELECT id FROM order_line ORDER BY id").unwrap();
        statement.query_map([], |r| r.get(0).map(LineId)).unwrap().map(Result::unwrap).collect()
    }

    fn line(&self, step: Step) -> OrderLine {
        let lines = self.lines();
        order_line(self.w.store.db(), lines[step.line % lines.len()]).unwrap()
    }

    /// The deed that a step stands for, where the rules would have it.
    fn deed(&self, step: Step) -> Option<Deed> {
        let line = self.line(step);
        let quantity = q(step.quantity).min(line.open());
        if !line.open().is_positive() {
            return None;
        }
        Some(match step.what {
            0 => Deed::Ship(vec![(line.id, quantity.min(line.allocated))]),
            1 => Deed::Split { line: line.id, quantity },
            2 => Deed::Swap { line: line.id, quantity, to: self.items[usize::from(line.item == self.items[0])] },
            3 => Deed::Hold(vec![line.id]),
            4 => Deed::Release(vec![line.id]),
            5 => Deed::Cancel(vec![(line.id, quantity)]),
            6..=8 => Deed::Turn { lines: vec![line.id], turn: Turn::ALL[step.quantity as usize % 4] },
            _ => return None,
        })
    }

    /// Does it; false: the rules refuse it.
    fn take(&mut self, step: Step) -> bool {
        let line = self.line(step);
        let act = self.w.act("step");
        let deed = self.deed(step);
        let store = &mut self.w.store;
        let done = match deed {
            None => {
                let more = if step.what == 9 { step.quantity } else { return false };
                self.w.moved(self.items[step.line % 2], self.bin, more);
                return true;
            }
            Some(deed) => match deed {
                Deed::Ship(parcels) => {
                    let (line_id, quantity) = parcels[0];
                    shipping::ship(store, act, &[Parcel { line: line_id, quantity, seen: line.allocated }]).map(|_| ())
                }
                Deed::Split { line: id, quantity } => {
                    acting::split(store, act, Split { line: id, quantity, seen: line.open() }).map(|_| ())
                }
                Deed::Swap { line: id, quantity, to } => {
                    let yes = Some(Yes { channel: "phone".into(), words: None });
                    acting::swap(store, act, &Swap { line: id, quantity, to, yes, seen: line.open() }).map(|_| ())
                }
                Deed::Hold(lines) => acting::hold(store, act, &lines, "goods have to be checked").map(|_| ()),
                Deed::Release(lines) => acting::release(store, act, &lines).map(|_| ()),
                Deed::Cancel(parts) => {
                    let part = parts[0].1;
                    let lines = [CancelLine { line: line.id, quantity: part, seen: line.open() }];
                    backorders::cancel(store, act, &lines, "our mistake", step.quantity % 2 == 0).map(|_| ())
                }
                Deed::Turn { lines, turn } => backorders::set_turn(store, act, &lines, turn).map(|_| ()),
            },
        };
        match done {
            Ok(()) => true,
            Err(Failure::Refused(_)) => false,
            Err(other) => panic!("{step:?}: {other:?}"),
        }
    }

    fn sound(&self) {
        let report = checking::check(self.w.store.db()).unwrap();
        assert!(report.faults.is_empty(), "{:?}", report.faults);
    }

    fn state(&self) -> String {
        self.w.text(
            "SELECT (SELECT group_concat(order_id || '/' || line || ' ' || item_id || ' ' || quantity || ' ' || shipped || ' ' ||
               cancelled || ' ' || allocated || ' ' || coalesce(turn, '') || coalesce(protection, '') || coalesce(held_reason, '') ||
               refunded || coalesce(wanted_item_id, '') || coalesce(packed_on, ''), '; ') FROM order_line)
             || (SELECT group_concat(item_id || ' ' || bin_id || ' ' || quantity, '; ') FROM level)
             || (SELECT group_concat(code || coalesce(refunded_on, ''), '; ') FROM customer_order)
             || (SELECT count(*) FROM shipment WHERE withdrawn_by IS NULL) || (SELECT count(*) FROM refund WHERE withdrawn_by IS NULL)
             || (SELECT count(*) FROM contact WHERE withdrawn_by IS NULL)",
        )
    }

    fn board(&self) -> Board {
        board(&self.w)
    }
}

/// When each line can ship.
fn dates(board: &Board) -> Vec<(LineId, Option<chrono::NaiveDate>)> {
    let mut dates: Vec<_> = board.lines.iter().map(|l| (l.line, l.likely_on)).collect();
    dates.sort();
    dates
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_books_agree_after_each_step_and_taking_all_back_gives_the_start(steps in steps()) {
        let mut shop = shop();
        let start = (shop.state(), shop.w.number("SELECT max(id) FROM operation"));
        for step in steps {
            let before = shop.state();
            if !shop.take(step) {
                prop_assert_eq!(shop.state(), before, "refused, and yet something changed: {:?}", step);
            }
            shop.sound();
        }
        let last = shop.w.number("SELECT max(id) FROM operation");
        for operation in (start.1 + 1..=last).rev() {
            let act = shop.w.act("undo");
            undo::undo(&mut shop.w.store, act, backshelf::domain::ids::OperationId(operation)).unwrap();
        }
        shop.sound();
        prop_assert_eq!(shop.state(), start.0);
    }

    #[test]
    fn what_is_foreseen_comes_and_a_split_moves_nobody(steps in steps()) {
        let mut shop = shop();
        let terms = Terms::of(&Settings::load(shop.w.store.db()).unwrap());
        for step in steps {
            let before = shop.board();
            let target = shop.deed(step);
            let foreseen = target.clone().map(|deed| what_if::preview(shop.w.store.db(), &terms, &deed, shop.w.today).unwrap());
            if !shop.take(step) {
                continue;
            }
            let Some(foreseen) = foreseen else { continue };
            let after = shop.board();
            for (line, now) in dates(&after) {
                let Some(was) = before.line(line) else { continue };
                let expected = foreseen.iter().find(|s| s.line == line).map_or(was.likely_on, |s| s.to);
                prop_assert_eq!(now, expected, "{:?} of {:?}", step, line);
            }
            if step.what == 1 {
                let own = |line: LineId| matches!(&target, Some(Deed::Split { line: l, .. }) if *l == line);
                for (line, now) in dates(&after) {
                    if let Some(was) = before.line(line).filter(|_| !own(line)) {
                        prop_assert_eq!(now, was.likely_on, "a split moved {:?}", line);
                    }
                }
                let sum = |b: &Board| b.lines.iter().map(|l| l.allocated).sum::<Qty>();
                prop_assert_eq!(sum(&after), sum(&before));
            }
        }
    }
}

#[test]
fn the_parts_of_a_line_stand_together_whatever_other_lines_are_called() {
    let mut shop = shop();
    let act = shop.w.act("prepare");
    let item = shop.items[0].0;
    backshelf::ops::perform(&mut shop.w.store, act, |tx| {
        tx.insert("order_line", &["order_id", "line", "item_id", "quantity"], &[&1, &"1.1", &item, &5000])
    })
    .unwrap();
    let first = LineId(shop.w.number("SELECT id FROM order_line WHERE order_id = 1 AND line = '1'"));
    let act = shop.w.act("split");
    acting::split(&mut shop.w.store, act, Split { line: first, quantity: q(3), seen: q(8) }).unwrap();
    let now = shop.board();
    // 14 lie here and 11 of them went to the two older orders: what is left is pegged in order of the place.
    assert!(line(&now, "SO-1", "1.2").likely_on <= line(&now, "SO-1", "1.1").likely_on);
    assert_eq!(line(&now, "SO-1", "1.1").likely_on, Some(day("2026-12-20")));
}
