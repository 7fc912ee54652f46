//! The floor's whole work in any order, as the scan screens do it: taking in, picking and shipping, goods back, moving,
//! correcting, counting, taking back. The books are the movements, `check` finds nothing, and taking all of it back gives
//! the start.

use super::support::warehouse::{Warehouse, q};
use backshelf::domain::counting::Scope;
use backshelf::domain::ids::{BinId, ItemId, LineId, PickId, PoId, SessionId};
use backshelf::domain::quantity::Qty;
use backshelf::ops::carrying::Carrier;
use backshelf::ops::counting::counter::{self, Counter};
use backshelf::ops::counting::{self, Wanted, review};
use backshelf::ops::deliveries::booking::{self, Booking};
use backshelf::ops::deliveries::receiver::{self, Receiver};
use backshelf::ops::picking::{self, Ship, Which};
use backshelf::ops::returning::{self, Return};
use backshelf::ops::stock::{self, Adjust, Change};
use backshelf::ops::{checking, deliveries, undo};
use backshelf::store::Failure;
use backshelf::store::picking::{in_hand, picked_of};
use backshelf::store::waiting::sellable;
use proptest::prelude::*;

const SKUS: [&str; 2] = ["I1", "I2"];
const BINS: [&str; 3] = ["A1", "A2", "Q1"];

#[derive(Clone, Debug)]
enum Deed {
    /// So many of an item come on its PO (else on none), some of them bad.
    Receive {
        item: usize,
        n: i64,
        bad: i64,
        on_po: bool,
    },
    /// All that lies reserved is walked; every n-th place is short by one. What is picked to the end is shipped, and the
    /// rest put back; else all of it stays on the packing place, and a later round ships what is still in the book.
    Pick {
        short_every: usize,
        all: bool,
        stays: bool,
    },
    /// Some of what was shipped comes back.
    Return {
        line: usize,
        n: i64,
        good: bool,
    },
    Move {
        item: usize,
        from: usize,
        to: usize,
        n: i64,
    },
    Adjust {
        item: usize,
        bin: usize,
        by: i64,
    },
    /// A bin is counted; what lies there is off by so much.
    Count {
        bin: usize,
        off: i64,
    },
    Post,
    Undo {
        back: usize,
    },
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => (0usize..2, 1i64..14, 0i64..3, any::<bool>())
            .prop_map(|(item, n, bad, on_po)| Deed::Receive { item, n: n + bad, bad, on_po }),
        3 => (1usize..4, any::<bool>(), any::<bool>())
            .prop_map(|(short_every, all, stays)| Deed::Pick { short_every, all, stays }),
        2 => (0usize..4, 1i64..4, any::<bool>()).prop_map(|(line, n, good)| Deed::Return { line, n, good }),
        2 => (0usize..2, 0usize..3, 0usize..3, 1i64..5)
            .prop_map(|(item, from, to, n)| Deed::Move { item, from, to, n }),
        2 => (0usize..2, 0usize..3, -4i64..6).prop_map(|(item, bin, by)| Deed::Adjust { item, bin, by }),
        2 => (0usize..2, -2i64..3).prop_map(|(bin, off)| Deed::Count { bin, off }),
        2 => Just(Deed::Post),
        2 => (0usize..4).prop_map(|back| Deed::Undo { back }),
    ]
}

struct Floor {
    w: Warehouse,
    items: [ItemId; 2],
    bins: Vec<BinId>,
    lines: Vec<LineId>,
    pos: Vec<PoId>,
    session: Option<SessionId>,
    /// The last operation before any of the deeds.
    start: i64,
}

/// A refusal changes nothing and is fine; anything else is not.
fn fine<T>(result: Result<T, Failure>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(Failure::Refused(_)) => None,
        Err(other) => panic!("{other:?}"),
    }
}

impl Floor {
    fn new() -> Floor {
        let mut w = Warehouse::new();
        let bins = vec![w.bin("A1", "storage"), w.bin("A2", "storage"), w.bin("Q1", "quarantine")];
        let items = [w.item("I1", "Chang"), w.item("I2", "Chai")];
        for (item, bin, n) in [(0, 0, 9), (0, 1, 4), (1, 0, 6)] {
            w.moved(items[item], bins[bin], n);
        }
        let mut lines = w.order("SO-1", "Horn", "2026-11-01", &[(items[0], 10), (items[1], 4)]);
        lines.extend(w.order("SO-2", "Ernst", "2026-11-02", &[(items[0], 8), (items[1], 5)]));
        for (n, item) in items.iter().enumerate() {
            w.po(&format!("PO-{n}"), "Exotic", "2026-11-27", &[(*item, 30)]);
        }
        let pos = vec![PoId(1), PoId(2)];
        let start = w.number("SELECT max(id) FROM operation");
        Floor { w, items, bins, lines, pos, session: None, start }
    }

    fn number(&self, column: &str, line: LineId) -> Qty {
        Qty::from_thousandths(self.w.number(&format!("SELECT {column} FROM order_line WHERE id = {}", line.0)))
    }

    /// What lies where, what is reserved, shipped, received and back. Bins that a delivery makes are empty at the start.
    /// `by_line`: with the pieces reserved to each line, not only to each item's lines together. Who of those that wait
    /// holds a piece is decided anew by each deed; taken back in another order than done, it can be another of them.
    fn facts(&self, by_line: bool) -> String {
        let reserved = match by_line {
            true => "(SELECT group_concat(allocated, ' ' ORDER BY id) FROM order_line)",
            false => {
                "(SELECT group_concat(a, ' ' ORDER BY item_id)
                  FROM (SELECT item_id, sum(allocated) a FROM order_line GROUP BY item_id))"
            }
        };
        self.w.text(&format!(
            "SELECT {reserved} || '; ' || (SELECT group_concat(b.code || ' ' || v.item_id || ' ' || v.quantity, ', ' ORDER BY b.code, v.item_id)
                     FROM level v JOIN bin b ON b.id = v.bin_id WHERE v.quantity <> 0)
               || '; ' || (SELECT group_concat(shipped || ' ' || cancelled, ', ' ORDER BY id) FROM order_line)
               || '; ' || (SELECT group_concat(received || ' ' || rejected, ', ' ORDER BY id) FROM po_line)
               || '; ' || (SELECT count(*) FROM customer_return WHERE withdrawn_by IS NULL)
               || '; ' || (SELECT count(*) FROM count_entry WHERE withdrawn_by IS NULL)
               || '; ' || (SELECT count(*) FROM blind_receipt WHERE withdrawn_by IS NULL)",
        ))
    }

    fn does(&mut self, deed: &Deed) {
        let act = self.w.act("floor");
        match *deed {
            Deed::Receive { item, n, bad, on_po } => {
                let po = on_po.then(|| self.pos[item]);
                let Some(delivery) = fine(deliveries::begin(&mut self.w.store, &act, po, None)) else { return };
                let mut person = Receiver::resume(self.w.store.db(), delivery, &act.operator).unwrap();
                for (text, scanned) in
                    [(SKUS[item].to_string(), true), (n.to_string(), false), (format!("{bad} b"), false)]
                {
                    let sent = receiver::Sent { text: &text, scanned, uid: None, about: None };
                    fine(person.enter(&mut self.w.store, &act, &sent));
                }
                fine(booking::book(&mut self.w.store, act, &Booking { delivery, seen: None, sure: true }));
            }
            Deed::Pick { short_every, all, stays } => {
                for round in picking::open(self.w.store.db()).unwrap() {
                    self.ship(round.head.id);
                }
                let which = if all { Which::All } else { Which::Whole };
                let Some(pick) = fine(picking::begin(&mut self.w.store, &act, which, None)) else { return };
                for (n, spot) in picking::spots(self.w.store.db(), pick).unwrap().iter().enumerate() {
                    let short = (n + 1) % short_every == 0 && short_every > 1;
                    let taken = spot.place.quantity - if short { q(1) } else { Qty::ZERO };
                    let (bin, taken) = (format!("BIN{}", spot.place.bin_code), taken.to_string());
                    for (text, scanned) in [(bin.as_str(), true), (taken.as_str(), false)] {
                        let about = Some(spot.place.id);
                        let sent = picking::Sent { text, scanned, uid: None, about, sure: false };
                        fine(picking::enter(&mut self.w.store, &act, pick, &sent));
                    }
                    if short {
                        fine(picking::short(&mut self.w.store, &act, pick, spot.place.id));
                    }
                }
                if !stays {
                    self.ship(pick);
                }
            }
            Deed::Return { line, n, good } => {
                let line = self.lines[line];
                let sql = format!(
                    "SELECT coalesce(sum(quantity), 0) FROM customer_return WHERE line_id = {} AND withdrawn_by IS NULL",
                    line.0
                );
                let seen = Qty::from_thousandths(self.w.number(&sql));
                let wanted = Return { line, quantity: q(n), good, bin: self.bins[0], seen, note: None };
                fine(returning::take_back(&mut self.w.store, act, &wanted));
            }
            Deed::Move { item, from, to, n } => {
                let mut hands = Carrier::default();
                let (from, to) = (format!("BIN{}", BINS[from]), format!("BIN{}", BINS[to]));
                for (text, scanned) in
                    [(from.as_str(), true), (SKUS[item], true), (n.to_string().as_str(), false), (to.as_str(), true)]
                {
                    fine(hands.enter(&mut self.w.store, &act, text, scanned));
                }
                // What could not be put down goes back to where it came from.
                fine(hands.enter(&mut self.w.store, &act, &from, true));
            }
            Deed::Adjust { item, bin, by } => {
                let (item, bin) = (self.items[item], self.bins[bin]);
                let seen = q(self.w.level(item, bin));
                let change = Change::By(q(by));
                let adjust = Adjust { item, bin, change, seen, reason: "wrong booking".into(), note: None, sure: true };
                fine(stock::adjust(&mut self.w.store, act, &adjust));
            }
            Deed::Count { bin, off } => {
                let session = match self.session {
                    Some(session) => session,
                    None => {
                        let wanted = Wanted { scope: Scope::Anything, name: String::new(), uid: None };
                        *self.session.insert(counting::begin(&mut self.w.store, &act, &wanted).unwrap())
                    }
                };
                let mut person = Counter::resume(self.w.store.db(), session, &act.operator).unwrap();
                let mut lines = vec![(format!("BIN{}", BINS[bin]), true)];
                let mut whole = off == 0;
                for (item, sku) in self.items.iter().zip(SKUS) {
                    // What was picked lies on the packing place, though the book has it in the bin.
                    let picked = in_hand(self.w.store.db(), self.bins[bin], *item, None).unwrap();
                    let there = self.w.level(*item, self.bins[bin]) - picked.thousandths() / 1000 + off;
                    whole &= there >= 0;
                    let counted = there.max(0).to_string();
                    lines.extend([(sku.to_string(), true), (counted.clone(), false), (counted, false)]);
                }
                lines.push(("..".into(), false));
                for (text, scanned) in &lines {
                    let sent = counter::Sent { text, scanned: *scanned, uid: None, twice: false };
                    fine(person.enter(&mut self.w.store, &act, &sent));
                }
                let review = review::load(self.w.store.db(), session, &act.operator, act.today).unwrap();
                for line in review.lines.iter().filter(|l| whole && l.bin.id == self.bins[bin]) {
                    assert_eq!(
                        line.difference(),
                        Qty::ZERO,
                        "nothing was wrong with {} in {}",
                        line.item.name,
                        line.bin.code
                    );
                }
            }
            Deed::Post => {
                if let Some(session) = self.session {
                    fine(review::post(&mut self.w.store, act, session));
                    self.session = None;
                }
            }
            Deed::Undo { back } => {
                let standing = self.standing();
                if let Some(operation) = standing.get(back % standing.len().max(1)) {
                    fine(undo::undo(&mut self.w.store, act, *operation));
                }
            }
        }
    }

    /// What of a round is picked to the end leaves; the rest is put back.
    fn ship(&mut self, pick: PickId) {
        let act = self.w.act("floor");
        for order in ["SO-1", "SO-2"] {
            let ship = Ship { order: order.into(), ..Ship::default() };
            fine(picking::ship(&mut self.w.store, act.clone(), pick, &ship));
        }
        fine(picking::throw_away(&mut self.w.store, &act, pick));
    }

    /// What is picked for a line and not shipped is reserved to it, as long as the stock covers all that is picked.
    fn picked_is_reserved(&self) -> Result<(), String> {
        let db = self.w.store.db();
        for item in self.items {
            let picked = picked_of(db, Some(item)).unwrap();
            let all: Qty = picked.values().copied().sum();
            if all > sellable(db, item).unwrap() {
                continue;
            }
            for (line, n) in picked {
                let (open, allocated) =
                    (self.number("quantity - shipped - cancelled", line), self.number("allocated", line));
                if allocated < n.min(open) {
                    return Err(format!("{n} are picked for line {} and {allocated} reserved", line.0));
                }
            }
        }
        Ok(())
    }

    /// What was done since the start and stands, newest first.
    fn standing(&self) -> Vec<backshelf::domain::ids::OperationId> {
        let all = undo::list(self.w.store.db(), 300).unwrap();
        let ours =
            all.iter().filter(|o| o.operation.0 > self.start && o.takes_back.is_none() && o.taken_back_by.is_none());
        ours.map(|o| o.operation).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_floors_work_in_any_order_keeps_the_books_and_can_be_taken_back(
        deeds in proptest::collection::vec(deed(), 1..18),
    ) {
        let mut floor = Floor::new();
        let in_order = !deeds.iter().any(|deed| matches!(deed, Deed::Undo { back } if *back > 0));
        let start = floor.facts(in_order);
        for deed in &deeds {
            floor.does(deed);
            let faults = checking::check(floor.w.store.db()).unwrap().faults;
            prop_assert!(faults.is_empty(), "{:?} after {:?}", faults, deed);
            let below = floor.w.number("SELECT count(*) FROM level WHERE quantity < 0");
            prop_assert_eq!(below, 0, "below zero after {:?}", deed);
            for line in &floor.lines {
                let (open, allocated) =
                    (floor.number("quantity - shipped - cancelled", *line), floor.number("allocated", *line));
                prop_assert!(allocated <= open && !open.is_negative(), "{:?}", deed);
            }
            floor.picked_is_reserved().map_err(|why| TestCaseError::fail(format!("{why} after {deed:?}")))?;
        }
        for operation in floor.standing() {
            let act = floor.w.act("undo");
            // What is in somebody's hands (or is again, as its shipment was taken back) is put back first: what brought it
            // would not go otherwise.
            for round in picking::open(floor.w.store.db()).unwrap() {
                picking::throw_away(&mut floor.w.store, &act, round.head.id).unwrap();
            }
            undo::undo(&mut floor.w.store, act, operation).unwrap();
        }
        prop_assert_eq!(floor.facts(in_order), start, "after {:?}", deeds);
        prop_assert_eq!(checking::check(floor.w.store.db()).unwrap().faults, Vec::<String>::new());
    }
}
