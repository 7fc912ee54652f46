//! Taking deliveries in: scans, what they mean, where each piece goes, booking, undo, receipts that find their PO later.

use super::support::warehouse::{Warehouse, q};
use backshelf::domain::ids::{BinId, DeliveryId, ItemId, LineId, PoLineId};
use backshelf::domain::quantity::Qty;
use backshelf::ops::deliveries::booking::{self, Booking};
use backshelf::ops::deliveries::receiver::{Above, Receiver, Sent};
use backshelf::ops::deliveries::standing::{self, Standing, To};
use backshelf::ops::deliveries::{self, paper};
use backshelf::ops::receiving::Received;
use backshelf::ops::returning::{self, Return};
use backshelf::ops::{checking, morning, perform, settings, undo};
use backshelf::store::{Done, Failure, Result, deliveries as store, scanning};

struct Dock {
    w: Warehouse,
    chang: ItemId,
    syrup: ItemId,
    shelf: BinId,
    horn: Vec<LineId>,
    po: Vec<PoLineId>,
}

const CHANG: &str = "4006381333931";
const CARTON: &str = "4006381333948";

/// 14 Chang on the shelf, all of them Horn's, who wants 20 and 12 Aniseed Syrup; Old World waits for 8 Aniseed Syrup.
/// PO-77 brings 40 and 24, PO-80 of the same supplier 10 okra.
fn dock() -> Dock {
    let mut w = Warehouse::new();
    let (shelf, _) = (w.bin("A1-04", "storage"), w.bin("Q-1", "quarantine"));
    let (chang, syrup) = (w.item("BEV-002", "Chang"), w.item("CON-003", "Aniseed Syrup"));
    let okra = w.item("CON-066", "Okra");
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        scanning::add_barcode(tx, CHANG, chang, Qty::ONE)?;
        scanning::add_barcode(tx, CARTON, chang, Qty::units(12))
    })
    .unwrap();
    w.moved(chang, shelf, 14);
    let horn = w.order("SO-1042", "Around the Horn", "2026-11-09", &[(chang, 20), (syrup, 12)]);
    w.order("SO-1055", "Old World Deli", "2026-11-12", &[(syrup, 8)]);
    let po = w.po("PO-77", "Exotic Liquids", "2026-11-27", &[(chang, 40), (syrup, 24)]);
    w.po("PO-80", "Exotic Liquids", "2026-12-01", &[(okra, 10)]);
    Dock { w, chang, syrup, shelf, horn, po }
}

impl Dock {
    fn begin(&mut self, po: Option<&str>) -> Receiver {
        let po = po.map(|code| deliveries::receiver::po_of(self.w.store.db(), code).unwrap().unwrap());
        let act = self.w.act("receive");
        let delivery = deliveries::begin(&mut self.w.store, &act, po, None).unwrap();
        Receiver::resume(self.w.store.db(), delivery, "M.Baker").unwrap()
    }
    fn line(&mut self, at: &mut Receiver, text: &str, scanned: bool) -> Result<String> {
        let act = self.w.act("receive");
        let sent = Sent { text, scanned, uid: None, about: None };
        at.enter(&mut self.w.store, &act, &sent).map(|told| told.sentence)
    }
    fn scan(&mut self, at: &mut Receiver, code: &str) -> String {
        self.line(at, code, true).unwrap()
    }
    fn typed(&mut self, at: &mut Receiver, text: &str) -> String {
        self.line(at, text, false).unwrap()
    }
    fn refused(&mut self, at: &mut Receiver, text: &str) -> String {
        match self.line(at, text, false) {
            Err(Failure::Refused(why)) => why.sentence().to_string(),
            other => panic!("{text}: {other:?}"),
        }
    }
    fn now(&self, at: &Receiver) -> Standing {
        standing::standing(self.w.store.db(), at, self.w.today).unwrap()
    }
    fn book(&mut self, delivery: DeliveryId, sure: bool) -> Result<Done<Received>> {
        let act = self.w.act("receive");
        booking::book(&mut self.w.store, act, &Booking { delivery, seen: None, sure })
    }
    fn undo(&mut self) {
        let act = self.w.act("undo");
        let last = undo::last_undoable(self.w.store.db(), None).unwrap().unwrap();
        undo::undo(&mut self.w.store, act, last).unwrap();
    }
    fn sound(&self) {
        assert_eq!(checking::check(self.w.store.db()).unwrap().faults, Vec::<String>::new());
    }
    fn in_quarantine(&self) -> i64 {
        self.w.number(
            "SELECT coalesce(sum(quantity), 0) / 1000 FROM level v JOIN bin b ON b.id = v.bin_id WHERE b.kind = 'quarantine'",
        )
    }
}

#[test]
fn a_delivery_that_was_opened_and_not_scanned_is_none_to_finish() {
    let mut d = dock();
    let mut at = d.begin(Some("PO-77"));
    let to_finish = |d: &Dock| {
        let leaving = morning::leaving(d.w.store.db(), "M.Baker", d.w.today).unwrap().deliveries.len();
        (leaving, deliveries::to_finish(d.w.store.db()).unwrap().len())
    };
    assert_eq!(to_finish(&d), (0, 0));
    d.scan(&mut at, CHANG);
    assert_eq!(to_finish(&d), (1, 1));
    d.typed(&mut at, "-");
    assert_eq!(to_finish(&d), (0, 0), "the only scan was taken back");
    assert_eq!(d.begin(Some("PO-77")).delivery, at.delivery, "the PO's delivery goes on all the same");
}

#[test]
fn a_delivery_is_scanned_shown_booked_and_taken_back() {
    let mut d = dock();
    let mut at = d.begin(Some("PO-77"));
    d.scan(&mut at, CHANG);
    d.scan(&mut at, CARTON);
    assert_eq!(d.typed(&mut at, "36"), "");
    assert!(d.typed(&mut at, "CON-003").is_empty());
    d.typed(&mut at, "=");
    assert!(d.typed(&mut at, "2 b broken").starts_with("2 bad: broken"));
    let now = d.now(&at);
    let row = |n: usize| {
        let r = &now.rows[n];
        (r.ordered.unwrap(), r.now.unwrap(), r.bad, r.note.clone())
    };
    assert_eq!(row(0), (q(40), q(36), q(0), "4 to come".into()));
    assert_eq!(row(1), (q(24), q(24), q(2), "broken".into()));
    let aside =
        |order: &str, customer: &str| To::Aside { order: order.into(), customer: customer.into(), bin: "A1-04".into() };
    let goes: Vec<_> = now.goes.iter().map(|g| (g.quantity, g.name.as_str(), g.to.clone())).collect();
    assert_eq!(
        goes,
        [
            (q(6), "Chang", aside("SO-1042", "Around the Horn")),
            (q(30), "Chang", To::Bin("A1-04".into())),
            (q(12), "Aniseed Syrup", aside("SO-1042", "Around the Horn")),
            (q(8), "Aniseed Syrup", aside("SO-1055", "Old World Deli")),
            (q(2), "Aniseed Syrup", To::Bin("A1-04".into())),
            (q(2), "Aniseed Syrup", To::Quarantine { bin: "Q-1".into(), why: "broken".into(), claim: None }),
            (q(4), "Chang", To::StillToCome { pos: "PO-77".into(), waited_for: false }),
        ]
    );
    assert_eq!(now.complete.iter().map(|c| c.0.as_str()).collect::<Vec<_>>(), ["SO-1042", "SO-1055"]);
    assert_eq!(d.w.allocated(d.horn[0]), 14, "nothing is booked yet");

    let done = d.book(at.delivery, false).unwrap();
    d.sound();
    assert_eq!(done.summary, "received 36 Chang, 24 Aniseed Syrup on PO-77, 26 put aside for 3 lines");
    assert_eq!((d.w.allocated(d.horn[0]), d.w.allocated(d.horn[1])), (20, 12));
    assert_eq!((d.w.level(d.chang, d.shelf), d.w.level(d.syrup, d.shelf), d.in_quarantine()), (50, 22, 2));
    assert_eq!(done.value.to_come, [("PO-77".to_string(), "1".to_string(), q(4))]);
    let list = paper::of_delivery(d.w.store.db(), at.delivery).unwrap();
    let aside: Vec<_> = list.aside.iter().map(|a| (a.order.as_str(), a.name.as_str(), a.quantity)).collect();
    assert_eq!(
        aside,
        [("SO-1042", "Chang", q(6)), ("SO-1042", "Aniseed Syrup", q(12)), ("SO-1055", "Aniseed Syrup", q(8))]
    );
    assert_eq!(list.complete, ["SO-1042", "SO-1055"]);
    assert!(d.refused(&mut at, "1").contains("booked or thrown away"));

    d.undo();
    d.sound();
    assert_eq!((d.w.allocated(d.horn[0]), d.w.level(d.chang, d.shelf), d.in_quarantine()), (14, 14, 0));
    assert_eq!(deliveries::open(d.w.store.db()).unwrap().len(), 1, "it is half done again, with all its scans");
    d.typed(&mut at, "-");
    assert_eq!(d.now(&at).rows[1].bad, q(0));
}

/// What is asked is asked of one item: the same figure typed of another is asked anew, and whatever comes between ends the
/// question, in memory as in the rows.
#[test]
fn a_doubted_figure_is_of_the_item_that_was_asked_about() {
    let mut d = dock();
    let mut at = d.begin(Some("PO-77"));
    let (chang, syrup, act) = (d.chang, d.syrup, d.w.act("receive"));
    fn agrees(d: &Dock, at: &Receiver) -> Standing {
        let again = Receiver::resume(d.w.store.db(), at.delivery, "M.Baker").unwrap();
        assert_eq!((again.doubted, again.times), (at.doubted, at.times));
        d.now(at)
    }
    d.scan(&mut at, CHANG);
    // By Up and Down in the list.
    assert!(d.typed(&mut at, "4000").contains("not taken"));
    let there = Sent { text: "4000", scanned: false, uid: None, about: Some(syrup) };
    assert!(at.enter(&mut d.w.store, &act, &there).unwrap().sentence.contains("not taken"), "it is asked of each");
    let now = agrees(&d, &at);
    assert_eq!((now.doubted, now.rows[0].now, now.rows[1].now), (Some((syrup, q(4000))), Some(q(1)), Some(q(0))));
    // By name, and back.
    for item in [chang, syrup] {
        at.choose(&mut d.w.store, &act, item, Qty::ONE).unwrap();
        assert_eq!(agrees(&d, &at).doubted, None);
        assert!(d.typed(&mut at, "4000").contains("not taken"));
    }
    d.typed(&mut at, "4000");
    let now = agrees(&d, &at);
    assert_eq!((now.doubted, now.rows[0].now, now.rows[1].now), (None, Some(q(1)), Some(q(4000))));
    // Whatever else is said ends it.
    for other in ["12*", "=", "1 b wet", "8712345000011", "PO-80"] {
        at.choose(&mut d.w.store, &act, chang, Qty::ONE).unwrap();
        assert!(d.typed(&mut at, "5000").contains("not taken"), "{other}");
        d.typed(&mut at, other);
        assert_eq!(agrees(&d, &at).doubted, None, "{other}");
        if other.starts_with("87") {
            d.typed(&mut at, "-"); // it would be named by what is chosen next
        }
    }
    assert!(d.typed(&mut at, "5000").contains("not taken"));
    at.note(&mut d.w.store, &act, "DN-1").unwrap();
    assert_eq!(agrees(&d, &at).doubted, None);
}

#[test]
fn what_is_mistyped_is_refused_or_taken_back() {
    let mut d = dock();
    let mut at = d.begin(Some("PO-77"));
    assert!(d.refused(&mut at, "12").contains("Scan an item first"));
    assert!(d.refused(&mut at, "2 b").contains("how many came"));
    d.scan(&mut at, CHANG);
    assert!(d.refused(&mut at, "2 b").contains("Only 1 Chang came"));
    assert!(d.typed(&mut at, "12*").contains("counts 12"));
    d.scan(&mut at, CHANG);
    assert_eq!(d.now(&at).rows[0].now, Some(q(13)));
    assert_eq!(d.typed(&mut at, "-"), "Taken back: 12 Chang.");
    // What was asked and not taken is asked still after any end; the same line sent again is no answer, `-` takes it back.
    let act = d.w.act("receive");
    let doubt = Sent { text: "4000", scanned: false, uid: Some("x-0"), about: None };
    assert!(at.enter(&mut d.w.store, &act, &doubt).unwrap().sentence.contains("far more than usual: not taken"));
    let mut at = Receiver::resume(d.w.store.db(), at.delivery, "M.Baker").unwrap();
    assert_eq!(d.now(&at).doubted, Some((d.chang, q(4000))));
    let told = at.enter(&mut d.w.store, &act, &doubt).unwrap();
    assert!(told.again && told.sentence.contains("not taken"), "{told:?}");
    assert_eq!(d.now(&at).rows[0].now, Some(q(1)));
    assert_eq!(d.typed(&mut at, "-"), "4000 Chang were not taken; nothing is changed.");
    assert_eq!((d.now(&at).doubted, d.now(&at).rows[0].now), (None, Some(q(1))));
    d.typed(&mut at, "4000");
    d.typed(&mut at, "4000");
    assert_eq!(d.now(&at).rows[0].now, Some(q(4000)));
    d.typed(&mut at, "3x12");
    assert_eq!(d.now(&at).rows[0].now, Some(q(36)));
    // The same line again, under the same id: once.
    let act = d.w.act("receive");
    for _ in 0..2 {
        let sent = Sent { text: CHANG, scanned: true, uid: Some("x-1"), about: None };
        at.enter(&mut d.w.store, &act, &sent).unwrap();
    }
    assert_eq!(d.now(&at).rows[0].now, Some(q(37)));
    // Another program goes on where this one was.
    let again = Receiver::resume(d.w.store.db(), at.delivery, "M.Baker").unwrap();
    assert_eq!(again.above, at.above);
}

#[test]
fn more_than_ordered_asks_and_what_nobody_ordered_goes_to_quarantine() {
    let mut d = dock();
    let other = d.w.item("HOM-1", "Pot");
    let mut at = d.begin(Some("PO-77"));
    d.scan(&mut at, CHANG);
    assert!(d.typed(&mut at, "44").contains("4 Chang more than ordered"));
    assert!(d.typed(&mut at, "HOM-1").contains("not on PO-77"));
    // Another PO of the same supplier has it: it counts there.
    d.typed(&mut at, "CON-066");
    let now = d.now(&at);
    assert!(now.rows.iter().any(|r| r.note == "9 to come, on PO-80"), "{:?}", now.rows);
    match d.book(at.delivery, false) {
        Err(Failure::Refused(why)) => assert!(why.sentence().contains("only 40 are open"), "{}", why.sentence()),
        other => panic!("{other:?}"),
    }
    d.book(at.delivery, true).unwrap();
    d.sound();
    assert_eq!(d.w.number("SELECT received / 1000 FROM po_line WHERE id = 1"), 44);
    assert_eq!(d.w.number("SELECT received / 1000 FROM po_line WHERE id = 3"), 1);
    assert_eq!(d.in_quarantine(), 1);
    let blind = store::unmatched(d.w.store.db()).unwrap();
    assert_eq!((blind[0].item, blind[0].reason.as_deref()), (other, Some("not ordered")));
}

#[test]
fn goods_without_a_po_are_taken_in_and_matched_later() {
    let mut d = dock();
    let mut at = d.begin(None);
    assert!(d.scan(&mut at, CHANG).contains("is on PO-77 of Exotic Liquids"));
    d.typed(&mut at, "9");
    d.scan(&mut at, "8712345000017");
    d.book(at.delivery, false).unwrap();
    d.sound();
    assert_eq!((d.w.level(d.chang, d.shelf), d.w.allocated(d.horn[0])), (23, 20));
    let open = deliveries::open(d.w.store.db()).unwrap();
    assert_eq!(open[0].items, 0, "only the code that has no item is left over");
    let blind = store::unmatched(d.w.store.db()).unwrap().remove(0);
    let (line, wrong) = (d.po[0], d.po[1]);
    let go = |w: &mut Warehouse, line| {
        let act = w.act("match a receipt");
        booking::match_to(&mut w.store, act, blind.id, line, false)
    };
    assert!(go(&mut d.w, wrong).is_err());
    go(&mut d.w, line).unwrap();
    d.sound();
    assert_eq!(d.w.number("SELECT received / 1000 FROM po_line WHERE id = 1"), 9);
    assert_eq!(d.w.level(d.chang, d.shelf), 23, "matching moves nothing");
    assert!(go(&mut d.w, line).is_err(), "once");
    d.undo();
    d.sound();
    assert_eq!(d.w.number("SELECT received / 1000 FROM po_line WHERE id = 1"), 0);
}

#[test]
fn a_po_named_afterwards_takes_what_was_scanned_and_several_pos_make_one_delivery() {
    let mut d = dock();
    let mut at = d.begin(None);
    d.scan(&mut at, CHANG);
    assert!(d.typed(&mut at, "PO-77").contains("is in this delivery"));
    assert_eq!(d.now(&at).rows[0].now, Some(q(1)));
    assert!(d.scan(&mut at, "POPO-80").contains("PO-80"));
    assert_eq!(d.now(&at).rows.len(), 3);
    d.w.po("PO-90", "Pavlova", "2026-12-01", &[(d.chang, 5)]);
    assert!(d.refused(&mut at, "PO-90").contains("on its own"));
    // Whoever opens one of these POs goes on with this delivery.
    let other = d.begin(Some("PO-80"));
    assert_eq!(other.delivery, at.delivery);
}

#[test]
fn batches_stay_on_the_movements_and_goods_are_put_aside_in_their_bin() {
    let mut d = dock();
    let bin = d.w.bin("S-2", "storage");
    let act = d.w.act("set");
    settings::set(&mut d.w.store, act, "receiving.aside_bin", "S-2").unwrap();
    let mut at = d.begin(Some("PO-77"));
    for (code, times) in [("(01)04006381333931(10)L1(17)270301", "4*"), ("(01)04006381333931(10)L2", "6*")] {
        d.typed(&mut at, times);
        d.scan(&mut at, code);
    }
    d.book(at.delivery, false).unwrap();
    d.sound();
    assert_eq!((d.w.level(d.chang, bin), d.w.level(d.chang, d.shelf)), (6, 18));
    let notes =
        d.w.text("SELECT group_concat((quantity / 1000) || ' ' || note, '; ') FROM movement WHERE reason = 'receipt'");
    assert_eq!(notes, "4 batch L1, not after 2027-03-01; 2 batch L2; 4 batch L2");
}

#[test]
fn what_a_customer_sends_back_lies_here_again_and_was_not_needed() {
    let mut d = dock();
    let line = d.horn[0];
    let act = d.w.act("ship");
    let parcel = backshelf::ops::shipping::Parcel { line, quantity: q(14), seen: q(14) };
    backshelf::ops::shipping::ship(&mut d.w.store, act, &[parcel]).unwrap();
    let back = |n: i64, seen: i64, good: bool| Return {
        line,
        quantity: q(n),
        good,
        bin: d.shelf,
        seen: q(seen),
        note: Some("did not like it".into()),
    };
    let (two, bad, over) = (back(2, 0, true), back(1, 2, false), back(12, 3, true));
    let go = |w: &mut Warehouse, wanted: &Return| {
        let act = w.act("return");
        returning::take_back(&mut w.store, act, wanted)
    };
    go(&mut d.w, &two).unwrap();
    assert_eq!(d.w.allocated(line), 2, "it goes to whoever waits: the same customer's line");
    go(&mut d.w, &bad).unwrap();
    assert_eq!(d.in_quarantine(), 1);
    assert!(go(&mut d.w, &over).is_err());
    d.sound();
    let demand = backshelf::store::past_demand::ordered(d.w.store.db(), d.w.today).unwrap();
    let days: i64 = demand[&d.chang].days.iter().map(|x| x.1).sum();
    assert_eq!(days, 17_000, "20 were ordered, 3 came back");
    d.undo();
    d.undo();
    d.sound();
    assert_eq!(d.w.allocated(line), 0);
}

/// The next scan counts 12: what the screen shows outlives the program.
#[test]
fn how_many_the_next_scan_counts_is_kept_like_a_scan() {
    let mut d = dock();
    let mut at = d.begin(Some("PO-77"));
    d.scan(&mut at, CHANG);
    d.typed(&mut at, "12*");
    let mut at = Receiver::resume(d.w.store.db(), at.delivery, "M.Baker").unwrap();
    assert_eq!((d.now(&at).times, d.now(&at).above), (Some(q(12)), Some(d.chang)), "after a kill");
    d.scan(&mut at, CHANG);
    assert_eq!((d.now(&at).times, d.now(&at).rows[0].now), (None, Some(q(13))));
    assert_eq!(d.typed(&mut at, "-"), "Taken back: 12 Chang.");
    assert_eq!((at.times, at.above.clone()), (None, Some(Above::Item(d.chang))), "with it goes what was said of it");
    d.typed(&mut at, "12*");
    assert_eq!(d.typed(&mut at, "-"), "The next scan counts 1 again, not 12.");
    d.typed(&mut at, "6*");
    d.typed(&mut at, "36");
    let again = Receiver::resume(d.w.store.db(), at.delivery, "M.Baker").unwrap();
    assert_eq!((at.times, again.times), (None, None), "a figure was meant instead");
}
