//! The work of the floor: adjust, move, count, receive, ship, cancel, talk, promise. Every refusal leaves the file as it
//! was; every operation can be taken back.

use super::support::warehouse::{Warehouse, day, q};
use backshelf::domain::allocation::Protection;
use backshelf::domain::delay::{Answer, Message, Outcome};
use backshelf::domain::ids::{BinId, CustomerId, ItemId, LineId};
use backshelf::domain::oversell::{Oversell, Policy};
use backshelf::ops::backorders::{self, NewDate, Talk, TalkLine};
use backshelf::ops::receiving::{self, Arrived, Delivery};
use backshelf::ops::shipping::{self, Parcel};
use backshelf::ops::stock::{self, Adjust, Basics, Change, Count, Move, asks_again};
use backshelf::ops::{checking, settings, undo};
use backshelf::store::{Done, Failure, Result};

struct Floor {
    w: Warehouse,
    shelf: BinId,
    back: BinId,
    chang: ItemId,
    horn: LineId,
    ernst: LineId,
}

/// 17 Chang on the shelf; Horn waits for 20 and has 17 of them, Ernst waits for 5.
fn floor() -> Floor {
    let mut w = Warehouse::new();
    let (shelf, back) = (w.bin("A1", "storage"), w.bin("B2", "storage"));
    let chang = w.item("BEV-002", "Chang");
    w.moved(chang, shelf, 17);
    let horn = w.order("SO-1", "Horn", "2026-11-01", &[(chang, 20)])[0];
    let ernst = w.order("SO-2", "Ernst", "2026-11-05", &[(chang, 5)])[0];
    Floor { w, shelf, back, chang, horn, ernst }
}

impl Floor {
    fn sound(&self) {
        assert_eq!(checking::check(self.w.store.db()).unwrap().faults, Vec::<String>::new());
    }
    /// The tables without the record, which only grows.
    fn facts(&self) -> String {
        let all = self.w.everything();
        let grows = [
            "operation",
            "journal",
            "movement",
            "count_entry",
            "contact",
            "promise",
            "shipment",
            "refund",
            "receipt",
            "later",
            "level",
            "item_zone",
            "sqlite_sequence",
        ];
        all.lines().filter(|l| !grows.contains(&l.split(' ').next().unwrap())).collect::<Vec<_>>().join("\n")
    }
    /// Does it, checks the books, takes it back, and finds the facts as they were; then does it again for good.
    fn both_ways<T>(&mut self, deed: impl Fn(&mut Warehouse) -> Result<Done<T>>) -> Done<T> {
        let before = self.facts();
        let done = deed(&mut self.w).unwrap();
        assert!(!done.summary.is_empty());
        self.sound();
        let act = self.w.act("undo");
        undo::undo(&mut self.w.store, act, done.operation).unwrap();
        self.sound();
        assert_eq!(self.facts(), before, "taken back: {}", done.summary);
        let done = deed(&mut self.w).unwrap();
        self.sound();
        done
    }
    /// It is refused, with a sentence that says this, and the file is as it was.
    fn refused<T: std::fmt::Debug>(&mut self, says: &str, deed: impl Fn(&mut Warehouse) -> Result<Done<T>>) -> Failure {
        let before = self.w.everything();
        let failure = deed(&mut self.w).unwrap_err();
        assert!(matches!(failure, Failure::Refused(_)), "{failure:?}");
        assert!(failure.to_string().contains(says), "{failure}");
        assert_eq!(self.w.everything(), before);
        failure
    }
}

fn adjust(f: &Floor, by: i64, seen: i64) -> Adjust {
    let change = Change::By(q(by));
    Adjust { item: f.chang, bin: f.shelf, change, seen: q(seen), reason: "broken".into(), note: None, sure: false }
}

fn do_adjust(w: &mut Warehouse, wanted: &Adjust) -> Result<Done<backshelf::domain::quantity::Qty>> {
    let act = w.act("adjust");
    stock::adjust(&mut w.store, act, wanted)
}

#[test]
fn an_adjustment_takes_from_the_last_in_turn_and_can_be_taken_back() {
    let mut f = floor();
    let wanted = adjust(&f, -3, 17);
    let done = f.both_ways(|w| do_adjust(w, &wanted));
    assert_eq!(done.value, q(14));
    assert_eq!(done.summary, "adjusted Chang in A1 by -3: broken");
    assert_eq!(f.w.allocated(f.horn), 14);
}

#[test]
fn what_changed_meanwhile_what_is_not_there_and_what_is_unlikely_is_refused() {
    let mut f = floor();
    let stale = adjust(&f, -3, 12);
    f.refused("was 12 when you looked and is 17 now", |w| do_adjust(w, &stale));
    let below = adjust(&f, -18, 17);
    f.refused("Only 17 Chang are in A1", |w| do_adjust(w, &below));
    let silent = Adjust { reason: " ".into(), ..adjust(&f, 1, 17) };
    f.refused("reason", |w| do_adjust(w, &silent));
    let wanted = adjust(&f, -1, 17);
    do_adjust(&mut f.w, &wanted).unwrap();
    let huge = adjust(&f, 160_000, 16);
    let failure = f.refused("over 10 times the usual", |w| do_adjust(w, &huge));
    assert!(asks_again(&failure));
    do_adjust(&mut f.w, &Adjust { sure: true, ..huge }).unwrap();
    assert_eq!(f.w.level(f.chang, f.shelf), 160_016);
}

#[test]
fn a_warehouse_may_allow_stock_below_zero() {
    let mut f = floor();
    let act = f.w.act("set");
    settings::set(&mut f.w.store, act, "stock.negative", "yes").unwrap();
    let wanted = adjust(&f, -18, 17);
    do_adjust(&mut f.w, &wanted).unwrap();
    assert_eq!((f.w.level(f.chang, f.shelf), f.w.allocated(f.horn)), (-1, 0));
    f.sound();
}

#[test]
fn a_move_between_bins_keeps_who_has_what_and_into_quarantine_takes_it_away() {
    let mut f = floor();
    let bad = f.w.bin("Q1", "quarantine");
    let wanted = |to, n| Move { item: f.chang, from: f.shelf, to, quantity: q(n), seen: q(17), sure: false };
    let (aside, spoilt, too_much) = (wanted(f.back, 5), wanted(bad, 4), wanted(f.back, 18));
    let go = |w: &mut Warehouse, m: &Move| {
        let act = w.act("move");
        stock::move_goods(&mut w.store, act, m)
    };
    f.refused("Only 17", |w| go(w, &too_much));
    f.both_ways(|w| go(w, &aside));
    assert_eq!((f.w.allocated(f.horn), f.w.allocated(f.ernst)), (17, 0));
    let spoilt = Move { seen: q(12), ..spoilt };
    f.both_ways(|w| go(w, &spoilt));
    assert_eq!(f.w.allocated(f.horn), 13);
}

#[test]
fn a_count_compares_with_the_book_of_its_own_moment() {
    let mut f = floor();
    let nine = f.w.today.and_hms_opt(9, 0, 0).unwrap();
    let count = |f: &Floor, counted, earlier| Count {
        item: f.chang,
        bin: f.shelf,
        counted: q(counted),
        earlier,
        note: None,
        sure: false,
    };
    let go = |w: &mut Warehouse, c: &Count| {
        let act = w.act("count");
        stock::count(&mut w.store, act, c)
    };
    // Counted 17 (book 17), three were picked since: no difference, stock 14.
    f.w.moved(f.chang, f.shelf, -3);
    let right = count(&f, 17, Some((nine, q(17))));
    assert_eq!(go(&mut f.w, &right).unwrap().value, q(0));
    assert_eq!(f.w.level(f.chang, f.shelf), 14);
    assert_eq!(f.w.number("SELECT count(*) FROM count_entry"), 1, "proof that somebody looked");
    // Counted 12 (book 14), five came since: stock 17, difference -2.
    f.w.moved(f.chang, f.shelf, 5);
    let short = count(&f, 12, Some((nine, q(14))));
    let done = f.both_ways(|w| go(w, &short));
    assert_eq!((done.value, f.w.level(f.chang, f.shelf)), (q(-2), 17));
}

#[test]
fn a_delivery_says_for_whom_it_is_put_aside() {
    let mut f = floor();
    let po = f.w.po("PO-77", "Exotic", "2026-11-27", &[(f.chang, 40)])[0];
    let arrived = |n, rejected, seen| Delivery {
        lines: vec![Arrived {
            po_line: po,
            quantity: q(n),
            rejected: q(rejected),
            reason: Some("broken".into()),
            bin: None,
            seen: q(seen),
        }],
        delivery_note: Some("DN-1".into()),
        sure: false,
    };
    let go = |w: &mut Warehouse, d: &Delivery| {
        let act = w.act("receive");
        receiving::receive(&mut w.store, act, d)
    };
    let first = arrived(6, 2, 0);
    let done = f.both_ways(|w| go(w, &first));
    let aside: Vec<_> = done.value.put_aside.iter().map(|g| (g.customer.as_str(), g.quantity)).collect();
    assert_eq!(aside, [("Horn", q(3)), ("Ernst", q(1))]);
    assert_eq!(done.value.to_come, [("PO-77".to_string(), "1".to_string(), q(34))]);
    assert_eq!(
        f.w.number(
            "SELECT sum(quantity) / 1000 FROM level v JOIN bin b ON b.id = v.bin_id WHERE b.kind = 'quarantine'"
        ),
        2
    );
    f.refused("was 0 when you looked and is 6 now", |w| go(w, &first));
    let over = arrived(35, 0, 6);
    let failure = f.refused("only 34 are open", |w| go(w, &over));
    assert!(asks_again(&failure));
    f.both_ways(|w| go(w, &Delivery { sure: true, ..over.clone() }));
    assert_eq!(f.w.text("SELECT status FROM purchase_order"), "closed");
    assert_eq!(f.w.number("SELECT count(*) FROM receipt WHERE withdrawn_by IS NULL"), 2);
}

#[test]
fn a_shipment_empties_the_bins_in_order() {
    let mut f = floor();
    f.w.moved(f.chang, f.back, 8);
    assert_eq!((f.w.allocated(f.horn), f.w.allocated(f.ernst)), (20, 5));
    let go = |w: &mut Warehouse, line, n, seen| {
        let act = w.act("ship");
        shipping::ship(&mut w.store, act, &[Parcel { line, quantity: q(n), seen: q(seen) }])
    };
    let horn = f.horn;
    f.refused("20 Chang are reserved for SO-1 line 1: 21 cannot", |w| go(w, horn, 21, 20));
    f.refused("was 17 when you looked", |w| go(w, horn, 17, 17));
    f.both_ways(|w| go(w, horn, 20, 20));
    assert_eq!((f.w.level(f.chang, f.shelf), f.w.level(f.chang, f.back)), (0, 5));
    assert_eq!((f.w.allocated(f.horn), f.w.allocated(f.ernst)), (0, 5));
}

#[test]
fn a_cancelled_line_frees_its_units_exactly_once() {
    let mut f = floor();
    let horn = f.horn;
    let go = |w: &mut Warehouse, n: Option<i64>, seen| {
        let act = w.act("cancel");
        shipping::cancel(&mut w.store, act, horn, n.map(q), q(seen), "changed her mind")
    };
    f.refused("20 are open", |w| go(w, Some(21), 20));
    let done = f.both_ways(|w| go(w, Some(5), 20)).value;
    assert_eq!((done.freed, done.given.len(), f.w.allocated(f.ernst)), (q(2), 1, 2));
    let done = f.both_ways(|w| go(w, None, 15)).value;
    assert_eq!((done.freed, f.w.allocated(f.ernst)), (q(15), 5));
    f.refused("cannot be cancelled", |w| go(w, None, 0));
}

#[test]
fn whose_turn_it_is_counts_when_goods_come() {
    let mut f = floor();
    let ernst = f.ernst;
    f.both_ways(|w| {
        let act = w.act("turn");
        shipping::set_turn(&mut w.store, act, ernst, Some(1), Protection::Protected)
    });
    f.w.moved(f.chang, f.shelf, 4);
    assert_eq!((f.w.allocated(f.horn), f.w.allocated(f.ernst)), (17, 4), "what is allocated stays");
}

#[test]
fn talks_and_promises_stay_on_record() {
    let mut f = floor();
    let horn = f.horn;
    let about = |line: LineId, seen_contacts: usize| TalkLine {
        line,
        message: Some(Message::Delay),
        quoted_for: Some(day("2026-12-03")),
        seen_contacts,
    };
    let told = Talk {
        lines: vec![about(horn, 0)],
        channel: Some("phone".into()),
        outcome: Some(Outcome::Reached),
        ..Talk::default()
    };
    let talk = |w: &mut Warehouse, talk: &Talk| {
        let act = w.act("contact");
        backorders::talk(&mut w.store, act, talk)
    };
    let early = TalkLine { quoted_for: Some(day("2026-11-22")), ..about(horn, 0) };
    f.refused("lies ahead", |w| talk(w, &Talk { lines: vec![early.clone()], ..told.clone() }));
    f.both_ways(|w| talk(w, &told));
    f.refused("in the meantime", |w| talk(w, &told));
    let answer = TalkLine { message: None, quoted_for: None, ..about(horn, 1) };
    f.both_ways(|w| {
        let yes = Some(Answer::Consent);
        talk(w, &Talk { lines: vec![answer.clone()], incoming: true, answer: yes, ..Talk::default() })
    });
    let live = "SELECT group_concat(coalesce(answered_on, '-')) FROM contact WHERE withdrawn_by IS NULL";
    assert_eq!(f.w.text(live), "-,2026-11-23");
    let promise = |w: &mut Warehouse, seen: Option<&str>, date: &str| {
        let act = w.act("promise");
        let dates = [NewDate { line: horn, seen: seen.map(day), date: day(date) }];
        backorders::promise(&mut w.store, act, &dates, "supplier late")
    };
    f.refused("lies ahead", |w| promise(w, None, "2026-11-22"));
    f.both_ways(|w| promise(w, None, "2026-12-03"));
    f.refused("was blank when you looked", |w| promise(w, None, "2026-12-10"));
    f.both_ways(|w| promise(w, Some("2026-12-03"), "2026-12-10"));
    let off = |w: &mut Warehouse, until: &str| {
        let act = w.act("later");
        backorders::put_off(&mut w.store, act, &[CustomerId(1)], day(until), "on holiday")
    };
    f.refused("after today", |w| off(w, "2026-11-23"));
    assert_eq!(f.both_ways(|w| off(w, "2026-12-01")).summary, "put off Horn: on holiday; it comes back on 1 Dec");
}

#[test]
fn an_items_basics_are_edited_from_what_was_seen() {
    let mut f = floor();
    let chang = f.chang;
    let seen = Basics::of(f.w.store.db(), chang).unwrap();
    let wanted =
        Basics { min: Some(q(5)), max: Some(q(50)), home: Some(f.shelf), note: Some("fragile".into()), ..seen.clone() };
    let go = |w: &mut Warehouse, seen: &Basics, wanted: &Basics| {
        let act = w.act("edit");
        stock::edit(&mut w.store, act, chang, seen, wanted)
    };
    f.refused("min is not over max", |w| go(w, &seen, &Basics { min: Some(q(51)), ..wanted.clone() }));
    let limited = |limit| Oversell { policy: Policy::Allow, limit: Some(q(limit)) };
    f.refused("0 lets nobody wait", |w| go(w, &seen, &Basics { oversell: limited(-1), ..seen.clone() }));
    let wanted = Basics { oversell: limited(9), available_on: Some(day("2026-12-24")), ..wanted };
    f.both_ways(|w| go(w, &seen, &wanted));
    assert_eq!(Basics::of(f.w.store.db(), chang).unwrap().oversell, limited(9));
    f.refused("The note was blank when you looked and is fragile now", |w| go(w, &seen, &wanted));
}
