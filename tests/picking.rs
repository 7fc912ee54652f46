//! Picking in rounds: the walk, scans, a shelf that has less than the book says, shipping out of the picked bins.

use super::support::cli::Bench;
use super::support::rig::Rig;
use super::support::warehouse::{Warehouse, q};
use backshelf::domain::ids::{BinId, ItemId, LineId, PickId};
use backshelf::domain::quantity::Qty;
use backshelf::ops::picking::{self, Sent, Ship, Which};
use backshelf::ops::{checking, perform, stock, undo};
use backshelf::store::{Done, Failure, Result, scanning};

const CHANG: &str = "4006381333931";

struct Hall {
    w: Warehouse,
    chang: ItemId,
    horn: Vec<LineId>,
    bolido: LineId,
}

/// Chang: 5 in A1-04 and 10 in B1-01; Chai: 11 in A1-03. Horn has 6 Chang and 2 Chai, Bólido 4 Chang, all reserved;
/// Maison waits for 20 Chang of which 5 are reserved.
fn hall() -> Hall {
    let mut w = Warehouse::new();
    let (a3, a4, b1) = (w.bin("A1-03", "storage"), w.bin("A1-04", "storage"), w.bin("B1-01", "storage"));
    let (chang, chai) = (w.item("BEV-002", "Chang 24 x 12 oz"), w.item("BEV-001", "Chai 10 x 20 bags"));
    w.moved(chang, a4, 5);
    w.moved(chang, b1, 10);
    w.moved(chai, a3, 11);
    let horn = w.order("SO-1042", "Around the Horn", "2026-11-09", &[(chang, 6), (chai, 2)]);
    let bolido = w.order("SO-1051", "Bólido Comidas", "2026-11-10", &[(chang, 4)])[0];
    w.order("SO-1060", "La maison d'Asie", "2026-11-12", &[(chang, 20)]);
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        scanning::add_barcode(tx, CHANG, chang, Qty::ONE)?;
        scanning::add_barcode(tx, "036000291452", chai, Qty::ONE)
    })
    .unwrap();
    Hall { w, chang, horn, bolido }
}

impl Hall {
    fn begin(&mut self, which: Which) -> PickId {
        let act = self.w.act("pick");
        picking::begin(&mut self.w.store, &act, which, None).unwrap()
    }
    fn bin(&self, code: &str) -> BinId {
        backshelf::store::goods::bin_by_code(self.w.store.db(), code).unwrap().unwrap().id
    }
    /// No Chang lies in that bin, says a count.
    fn counted_empty(&mut self, bin: BinId) -> Done<Qty> {
        let (item, counted) = (self.chang, q(0));
        let count = stock::Count { item, bin, counted, earlier: None, note: None, sure: false };
        let act = self.w.act("count");
        stock::count(&mut self.w.store, act, &count).unwrap()
    }
    fn line(&mut self, pick: PickId, text: &str, scanned: bool) -> Result<String> {
        let act = self.w.act("pick");
        picking::enter(&mut self.w.store, &act, pick, &Sent { text, scanned, uid: None, about: None, sure: false })
            .map(|t| t.sentence)
    }
    fn refused(&mut self, pick: PickId, text: &str) -> String {
        match self.line(pick, text, true) {
            Err(Failure::Refused(why)) => why.sentence().to_string(),
            other => panic!("{other:?}"),
        }
    }
    fn walk(&self, pick: PickId) -> Vec<(String, i64, String, i64)> {
        let spots = picking::spots(self.w.store.db(), pick).unwrap();
        let units = |q: Qty| q.thousandths() / 1000;
        spots
            .iter()
            .map(|s| {
                (s.place.bin_code.clone(), units(s.place.quantity), s.place.order.clone(), units(s.picked.quantity))
            })
            .collect()
    }
    fn ship(&mut self, pick: PickId, order: &str) -> Result<String> {
        let act = self.w.act("ship");
        let ship = Ship { order: order.into(), number: Some("3SABC".into()), ..Ship::default() };
        picking::ship(&mut self.w.store, act, pick, &ship).map(|d| d.summary)
    }
    fn levels(&self) -> String {
        self.w.text(
            "SELECT group_concat(b.code || ' ' || (v.quantity / 1000), ', ') FROM level v JOIN bin b ON b.id = v.bin_id
             WHERE v.item_id = 1 ORDER BY b.code",
        )
    }
    fn sound(&self) {
        assert_eq!(checking::check(self.w.store.db()).unwrap().faults, Vec::<String>::new());
    }
}

fn spot(bin: &str, n: i64, order: &str, picked: i64) -> (String, i64, String, i64) {
    (bin.into(), n, order.into(), picked)
}

/// Maison's five stood first in A1-04, where Horn's round takes five already: two people stood before one bin.
#[test]
fn a_second_round_is_sent_to_what_the_first_leaves() {
    let mut h = hall();
    h.begin(Which::Whole);
    let second = h.begin(Which::All);
    assert_eq!(h.walk(second), [spot("B1-01", 5, "SO-1060", 0)]);
    let act = h.w.act("pick");
    picking::throw_away(&mut h.w.store, &act, PickId(1)).unwrap();
    let third = h.begin(Which::Whole);
    let bins: Vec<_> = h.walk(third).into_iter().map(|(bin, n, ..)| (bin, n)).collect();
    let places = [("A1-03", 2), ("A1-04", 5), ("B1-01", 1), ("B1-01", 4)].map(|(bin, n)| (bin.to_string(), n));
    assert_eq!(bins, places, "a round that was thrown away claims nothing");
}

#[test]
fn complete_orders_are_walked_once_in_bin_order_and_shipped_from_the_bins_that_they_were_picked_from() {
    let mut h = hall();
    let pick = h.begin(Which::Whole);
    let walk = [
        spot("A1-03", 2, "SO-1042", 0),
        spot("A1-04", 5, "SO-1042", 0),
        spot("B1-01", 1, "SO-1042", 0),
        spot("B1-01", 4, "SO-1051", 0),
    ];
    assert_eq!(h.walk(pick), walk);
    let act = h.w.act("pick");
    assert!(picking::begin(&mut h.w.store, &act, Which::Whole, None).is_err(), "nobody picks them twice");
    h.line(pick, "BINA1-03", true).unwrap();
    h.line(pick, "=", false).unwrap();
    assert!(h.refused(pick, "036000291452").contains("put this one back"));
    h.line(pick, "BINB1-01", true).unwrap();
    h.line(pick, "4*4006381333931", false).unwrap();
    assert!(h.refused(pick, "BINZ").contains("Nothing here has"));
    h.line(pick, CHANG, true).unwrap();
    assert_eq!(h.walk(pick)[2..], [spot("B1-01", 1, "SO-1042", 1), spot("B1-01", 4, "SO-1051", 4)]);
    h.line(pick, "-", false).unwrap();
    h.line(pick, CHANG, true).unwrap();
    let shipped = h.ship(pick, "SO-1051").unwrap();
    assert!(shipped.contains("4 Chang 24 x 12 oz on SO-1051 line 1, 3SABC"), "{shipped}");
    assert_eq!(h.levels(), "A1-04 5, B1-01 6", "from where it was picked, not from the first bin");
    h.sound();
    match h.ship(pick, "SO-1042") {
        Err(Failure::Refused(why)) => assert!(why.sentence().contains("not picked to the end"), "{}", why.sentence()),
        other => panic!("{other:?}"),
    }
    h.line(pick, "BINA1-04", true).unwrap();
    h.line(pick, "5", false).unwrap();
    h.ship(pick, "SO-1042").unwrap();
    assert!(picking::open(h.w.store.db()).unwrap().is_empty(), "the round is done");
    assert_eq!(h.levels(), "A1-04 0, B1-01 5");
    h.sound();
    let act = h.w.act("undo");
    let last = undo::last_undoable(h.w.store.db(), None).unwrap().unwrap();
    undo::undo(&mut h.w.store, act, last).unwrap();
    assert_eq!(picking::open(h.w.store.db()).unwrap()[0].done, 4, "taken back: the goods stand picked again");
    assert_eq!((h.w.allocated(h.horn[0]), h.w.allocated(h.bolido)), (6, 0));
    h.sound();
}

#[test]
fn a_shelf_with_less_than_the_book_says_ships_what_is_there_and_the_rest_waits() {
    let mut h = hall();
    let pick = h.begin(Which::All);
    assert_eq!(h.walk(pick).len(), 5, "what is reserved of an incomplete order too: {:?}", h.walk(pick));
    h.line(pick, "BINA1-04", true).unwrap();
    assert!(h.line(pick, "3", false).unwrap().contains("2 more to take"));
    let place = picking::spots(h.w.store.db(), pick).unwrap()[1].place.id;
    let act = h.w.act("pick");
    picking::short(&mut h.w.store, &act, pick, place).unwrap();
    // The bin is counted: nothing lies there, and 3 are in the picker's hands.
    let shelf = h.bin("A1-04");
    let done = h.counted_empty(shelf);
    assert_eq!(done.summary, "counted Chang 24 x 12 oz in A1-04: 0, should have been 2 (5 in the book, less 3 picked)");
    assert_eq!((done.value, h.w.level(h.chang, shelf)), (q(-2), 3), "what was picked is still to leave by the book");
    h.sound();
    assert_eq!(h.w.allocated(h.horn[0]), 6, "who came last loses it");
    h.line(pick, "BINA1-03", true).unwrap();
    h.line(pick, "=", false).unwrap();
    h.line(pick, "BINB1-01", true).unwrap();
    h.line(pick, "=", false).unwrap();
    h.ship(pick, "SO-1042").unwrap();
    h.sound();
    assert_eq!(h.w.number("SELECT shipped / 1000 FROM order_line WHERE id = 1"), 4, "3 and 1; 2 still wait");
    assert_eq!(h.w.number("SELECT shipped / 1000 FROM order_line WHERE id = 2"), 2);
}

#[test]
fn the_list_is_walked_on_screen_and_a_short_pick_leads_to_the_count_and_to_the_customer() {
    let mut rig = Rig::new(hall().w.store);
    let before = rig.operations();
    rig.keys("s").wait();
    insta::assert_snapshot!("pick_menu", rig.screen());
    rig.keys("<enter>").wait().scan("BINA1-03").text("=\n").wait().scan("BINA1-04").scan(CHANG).text("3\n").wait();
    insta::assert_snapshot!("pick", rig.screen());
    rig.keys("<f9>").wait();
    assert!(rig.screen().contains("A1-04 has 3, the list said 5"), "{}", rig.screen());
    rig.keys("<f6>").wait();
    assert!(rig.screen().contains("COUNT") && rig.screen().contains("Short pick A1-04"), "{}", rig.screen());
    rig.scan("BINA1-04");
    assert!(
        rig.screen().contains("Picked, not shipped yet: 3 Chang 24 x 12 oz. Count only what lies"),
        "{}",
        rig.screen()
    );
    rig.text("0\n").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("Review"), "{}", rig.screen());
    insta::assert_snapshot!("count_review_picked", rig.screen());
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1, "the count is posted: {}", rig.screen());
    assert!(rig.screen().contains("round 1"), "back in the round: {}", rig.screen());
    rig.scan("BINB1-01").text("=\n").wait().text("=\n").wait().keys("<f8>").wait();
    insta::assert_snapshot!("ship_picked", rig.screen());
    rig.text("3SABC0012").keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 2, "{}", rig.screen());
    rig.keys("<f8> <f8>").wait();
    assert_eq!(rig.operations(), before + 3, "{}", rig.screen());
    assert_eq!(checking::check(rig.desk.store.db()).unwrap().faults, Vec::<String>::new());
    rig.keys("<f5>").wait();
    assert!(rig.screen().contains("Pick list"), "{}", rig.screen());
}

#[test]
fn the_bin_of_a_short_pick_is_counted_at_any_time_and_only_while_the_book_says_more() {
    let mut rig = Rig::new(hall().w.store);
    rig.keys("s <enter>").wait().scan("BINA1-03").text("=\n").wait().keys("<f6>").wait();
    assert!(rig.screen().contains("No bin to count"), "{}", rig.screen());
    rig.scan("BINA1-04").scan(CHANG).text("3\n").wait().keys("<f9>").wait().keys("<down> <up>").wait();
    assert!(rig.screen().contains("F6 counts A1-04: the book still says more"), "{}", rig.screen());
    rig.keys("<f6>").wait();
    assert!(rig.screen().contains("COUNT") && rig.screen().contains("Short pick A1-04"), "{}", rig.screen());
    rig.scan("BINA1-04").text("0\n").wait().keys("<f8>").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("round 1"), "back in the round: {}", rig.screen());
    assert!(!rig.screen().contains("still says more"), "the book is right now: {}", rig.screen());
}

/// The walk goes on to the next bin by itself: that less lies there is only taken from somebody who stands there.
#[test]
fn short_is_said_of_the_bin_that_one_stands_at() {
    let mut rig = Rig::new(hall().w.store);
    rig.keys("s <enter>").wait().scan("BINA1-03").text("=\n").wait().keys("<f9>").wait();
    assert!(rig.screen().contains("Are you at A1-04? Scan A1-04 first; or F9 again"), "{}", rig.screen());
    rig.scan("BINA1-04").keys("<f9>").wait();
    assert!(rig.screen().contains("A1-04 has 0, the list said 5. F6 counts A1-04 now."), "{}", rig.screen());
    rig.keys("<f4>").wait();
    assert!(rig.screen().contains("ready to ship") && rig.screen().contains("SO-1042"), "{}", rig.screen());
}

/// A scanner types digits: after a short pick they are a scan like any other.
#[test]
fn a_scan_after_a_short_pick_goes_on_with_the_walk() {
    let mut rig = Rig::new(hall().w.store);
    rig.keys("s <down> <enter>").wait().scan("BINB1-01").text("1\n").wait().keys("<f9>").wait();
    rig.text("2000000001395\n").wait();
    assert!(rig.screen().contains("round 1") && !rig.screen().contains("[2 Backorders"), "{}", rig.screen());
}

#[test]
fn the_customer_of_a_short_pick_is_one_key_away() {
    let mut rig = Rig::new(hall().w.store);
    rig.keys("s <down> <enter>").wait().scan("BINB1-01").text("1\n").wait().keys("<f9>").wait().keys("<f4>").wait();
    assert!(rig.screen().contains("[2 Backorders"), "{}", rig.screen());
}

#[test]
fn a_round_is_listed_scanned_and_shipped_from_the_command_line() {
    let bench = Bench::new();
    bench.file("in/items.csv", "sku,name,barcode,bin\nI1,Chang,4006381333931,A1\n");
    bench.file("in/stock.csv", "sku,bin,quantity\nI1,A1,17\n");
    bench.file("in/customers.csv", "customer,name\nC,Around the Horn\n");
    bench.file("in/orders.csv", "order,customer,ordered_on\nS1,C,2026-11-02\n");
    bench.file("in/order_lines.csv", "order,line,sku,quantity\nS1,1,I1,4\n");
    bench.import(&bench.path("in"), "2026-11-23");
    let round = bench.run(&["pick", "begin"]).well().out.trim().to_string();
    let page = bench.run(&["pick", "list", &round]).well().out;
    assert!(page.contains("A1") && page.contains("[ ]     4  I1") && page.contains("Around the Horn"), "{page}");
    let file = bench.path("pick.csv");
    bench.run(&["pick", "list", &round, "-o", file.to_str().unwrap()]).well();
    assert!(std::fs::read_to_string(file).unwrap().contains("A1,I1,Chang,4,0,S1,1,Around the Horn"));
    assert_eq!(bench.run(&["pick", "ship", &round, "S1"]).code, 1, "nothing is picked yet");
    bench.run(&["pick", "short", &round, "A1", "I1"]).well();
    bench.run(&["pick", "drop", &round]).well();
    let round = bench.run(&["pick", "begin", "--all"]).well().out.trim().to_string();
    let scans = bench.file("scans.txt", "BINA1\n=4\n");
    let ran = std::process::Command::new(env!("CARGO_BIN_EXE_backshelf"))
        .args(["pick", "scan", &round])
        .env("BACKSHELF_DB", bench.db())
        .stdin(std::fs::File::open(scans).unwrap())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "ok\nok\n");
    let shipped = bench.run(&["pick", "ship", &round, "S1", "--number", "3S1"]).well().out;
    assert!(shipped.contains("shipped 4 Chang on S1 line 1, 3S1"), "{shipped}");
    bench.run(&["check"]).well();
}

#[test]
fn a_piece_counts_only_where_the_walk_is_and_a_figure_asks_for_the_bin() {
    let mut h = hall();
    let pick = h.begin(Which::All);
    let walk = h.walk(pick);
    // The walk begins with Chai in A1-03, the only bin that has it: its scan says where one stands. Chang does not.
    assert_eq!(
        h.refused(pick, CHANG),
        "Wrong: that is Chang 24 x 12 oz, from A1-04. Here: Chai 10 x 20 bags. For Chang 24 x 12 oz scan A1-04."
    );
    assert_eq!(h.walk(pick), walk);
    h.line(pick, "036000291452", true).unwrap();
    h.line(pick, "036000291452", true).unwrap();
    // Chang lies in two bins: nobody knows at which of them one stands.
    assert!(h.refused(pick, CHANG).contains("lies in several bins: scan A1-04 first"));
    assert_eq!(h.line(pick, "=", false).unwrap(), "Are you at A1-04? Scan A1-04, or the same again (=) if you are.");
    assert_eq!(h.walk(pick)[1].3, 0, "a question takes nothing");
    let act = h.w.act("pick");
    let sure = Sent { text: "=", scanned: false, uid: None, about: None, sure: true };
    picking::enter(&mut h.w.store, &act, pick, &sure).unwrap();
    assert_eq!(h.walk(pick)[1].3, 5);
    assert!(
        h.refused(pick, CHANG).contains("lies in several bins: scan B1-01 first"),
        "not by itself from another bin"
    );
    h.line(pick, "BINB1-01", true).unwrap();
    h.line(pick, CHANG, true).unwrap();
    assert_eq!(h.walk(pick)[2].3, 1);
    let gasket = h.w.item("SPR-118", "Gasket ring 48 mm");
    assert!(gasket.0 > 0 && h.refused(pick, "SPR-118").contains("Gasket ring 48 mm is not on this list"));
    h.sound();
}

/// The same figure again is the answer on the screen, and the cursor has stayed where it was.
#[test]
fn a_figure_without_its_bin_is_asked_once_on_screen() {
    let mut rig = Rig::new(hall().w.store);
    rig.keys("s <enter>").wait().text("=\n").wait();
    assert!(rig.screen().contains("Are you at A1-03?") && rig.screen().contains("0 of 2 taken"), "{}", rig.screen());
    rig.text("=\n").wait();
    assert!(rig.screen().contains("1 of 4 places done"), "{}", rig.screen());
    rig.keys("<f4>").text("chang").wait().keys("<enter>").wait();
    assert!(rig.screen().contains("▸ A1-04") && rig.screen().contains("0 of 5 taken"), "{}", rig.screen());
}

/// 5 by the book, 3 of them picked and on the trolley: whoever counts the bin finds 2, and nothing is wrong. What is picked
/// or shipped between count and posting changes nothing of that.
#[test]
fn goods_that_were_picked_are_not_missed_by_whoever_counts_their_bin() {
    use backshelf::domain::counting::Scope;
    use backshelf::ops::counting::counter::{Counter, Sent as Scan};
    use backshelf::ops::counting::{self, Wanted, review};
    for (picked, counted, later, differs) in
        [("3", "2", "5", 0), ("3", "1", "5", -1), ("3", "5", "-", 3), ("0", "5", "5", 0)]
    {
        let mut h = hall();
        let pick = h.begin(Which::Whole);
        h.line(pick, "BINA1-04", true).unwrap();
        h.line(pick, picked, false).unwrap();
        let act = h.w.act("count");
        let wanted = Wanted { scope: Scope::Bins("A1-04".into()), name: String::new(), uid: None };
        let session = counting::begin(&mut h.w.store, &act, &wanted).unwrap();
        let mut person = Counter::resume(h.w.store.db(), session, "K.Smit").unwrap();
        for (text, scanned) in [("BINA1-04", true), (CHANG, true), (counted, false), ("..", false)] {
            person.enter(&mut h.w.store, &act, &Scan { text, scanned, uid: None, twice: false }).unwrap();
        }
        let line = |h: &Hall| review::load(h.w.store.db(), session, "K.Smit", h.w.today).unwrap().lines.remove(0);
        let before = line(&h);
        assert_eq!(before.difference(), q(differs), "{picked} picked, {counted} counted");
        assert_eq!((before.pass.book + before.pass.picked, before.pass.picked), (q(5), q(picked.parse().unwrap())));
        h.line(pick, later, false).unwrap();
        if later == "5" {
            for (bin, n) in [("BINA1-03", "2"), ("BINB1-01", "1")] {
                h.line(pick, bin, true).unwrap();
                h.line(pick, n, false).unwrap();
            }
            h.ship(pick, "SO-1042").unwrap();
            assert_eq!(line(&h).since(), q(-5), "it left meanwhile");
        }
        assert_eq!((line(&h).difference(), line(&h).pass), (q(differs), before.pass), "the count stays what it was");
        let shelf = h.bin("A1-04");
        let level = h.w.level(h.chang, shelf);
        let act = h.w.act("post count");
        match review::post(&mut h.w.store, act, session) {
            Ok(_) => assert_eq!(h.w.level(h.chang, shelf), level + differs),
            Err(Failure::Refused(why)) => assert!(level + differs < 0, "{}", why.sentence()),
            Err(other) => panic!("{other:?}"),
        }
        h.sound();
    }
}

/// The last in the order has 4 in the picker's cart when the count finds the bin empty: they are his, and he ships them.
#[test]
fn what_is_picked_stays_its_lines_own_when_the_stock_shrinks() {
    let mut h = hall();
    let pick = h.begin(Which::All);
    h.line(pick, "BINB1-01", true).unwrap();
    let spots = picking::spots(h.w.store.db(), pick).unwrap();
    let place = spots.iter().find(|s| s.place.order == "SO-1060").unwrap().place.id;
    let act = h.w.act("pick");
    let four = Sent { text: "4", scanned: false, uid: None, about: Some(place), sure: false };
    picking::enter(&mut h.w.store, &act, pick, &four).unwrap();
    let said = picking::short(&mut h.w.store, &act, pick, place).unwrap().sentence;
    assert_eq!(said, "Short: 4 of 5 Chang 24 x 12 oz from B1-01. Nor the 5 for others.");
    let shelf = backshelf::store::goods::bin_by_code(h.w.store.db(), "B1-01").unwrap().unwrap().id;
    let loses = backshelf::ops::allocating::would_lose(h.w.store.db(), h.chang, q(-6), h.w.today).unwrap();
    let mut loses: Vec<String> = loses.iter().map(|l| format!("{} {}", l.order, l.quantity)).collect();
    loses.sort();
    assert_eq!(loses, ["SO-1042 1", "SO-1051 4", "SO-1060 1"], "4 are picked for SO-1060");
    h.counted_empty(shelf);
    assert_eq!([h.horn[0], h.bolido, LineId(4)].map(|line| h.w.allocated(line)), [5, 0, 4]);
    h.sound();
    h.ship(pick, "SO-1060").unwrap();
    assert_eq!(h.w.number("SELECT shipped / 1000 FROM order_line WHERE id = 4"), 4);
    assert_eq!(h.levels(), "A1-04 5, B1-01 0");
    h.sound();
}

/// The walk asks nobody for more out of a bin that was said to be empty; taken back, it does again.
#[test]
fn a_bin_that_is_empty_is_empty_for_the_whole_round() {
    let mut h = hall();
    let pick = h.begin(Which::Whole);
    h.line(pick, "BINB1-01", true).unwrap();
    let spots = picking::spots(h.w.store.db(), pick).unwrap();
    let act = h.w.act("pick");
    picking::short(&mut h.w.store, &act, pick, spots[2].place.id).unwrap();
    let left = |h: &Hall| {
        let spots = picking::spots(h.w.store.db(), pick).unwrap();
        spots.iter().map(|s| s.left().thousandths() / 1000).collect::<Vec<_>>()
    };
    assert_eq!(left(&h), [2, 5, 0, 0]);
    match h.ship(pick, "SO-1051") {
        Err(Failure::Refused(why)) => assert_eq!(
            why.sentence(),
            "Nothing of SO-1051 was picked: nothing to ship. F6 counts the bin; F3, then x on the round, throws it away."
        ),
        other => panic!("{other:?}"),
    }
    h.line(pick, "-", false).unwrap();
    assert_eq!(left(&h), [2, 5, 1, 4]);
}

#[test]
fn fewer_reserved_than_picked_is_refused_with_the_way_out() {
    let mut h = hall();
    let pick = h.begin(Which::Whole);
    h.line(pick, "BINB1-01", true).unwrap();
    for text in ["1", "4"] {
        h.line(pick, text, false).unwrap();
    }
    let act = h.w.act("hold");
    backshelf::ops::acting::hold(&mut h.w.store, act, &[h.bolido], "not paid").unwrap();
    let refused = |h: &mut Hall| match h.ship(pick, "SO-1051") {
        Err(Failure::Refused(why)) => why.sentence().to_string(),
        other => panic!("{other:?}"),
    };
    let back = "put back what is too much: type 0 at its place, then F9 and F8.";
    assert_eq!(refused(&mut h), format!("SO-1051 line 1 is on hold. Release it (b in 2 Backorders), or {back}"));
    let act = h.w.act("release");
    backshelf::ops::acting::release(&mut h.w.store, act, &[h.bolido]).unwrap();
    assert_eq!(h.w.allocated(h.bolido), 4, "its own again: it is in the cart");
    // By somebody who books it off the shelf for another reason.
    let (a4, b1) = (backshelf::domain::ids::BinId(2), backshelf::domain::ids::BinId(3));
    h.w.moved(h.chang, a4, -5);
    h.w.moved(h.chang, b1, -8);
    let said = refused(&mut h);
    assert!(said.starts_with("4 Chang 24 x 12 oz were picked for SO-1051 line 1, but only 1 are reserved"), "{said}");
    assert!(said.ends_with("or put back what is too much: type 1 at its place, then F9 and F8."), "{said}");
}

#[test]
fn an_order_of_which_nothing_was_picked_is_not_offered_to_be_shipped() {
    let mut rig = Rig::new(hall().w.store);
    rig.keys("s <enter>").wait().scan("BINB1-01").keys("<f9>").wait();
    rig.keys("<down>").wait().keys("<down> <down> <down>").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("Nothing of SO-1051 was picked: nothing to ship."), "{}", rig.screen());
    assert!(!rig.screen().contains("[ Ship ]"), "{}", rig.screen());
}

/// What came and was picked already cannot be taken back under the picker's hands.
#[test]
fn a_receipt_whose_pieces_are_picked_stays() {
    let mut h = hall();
    let (chang, b1) = (h.chang, backshelf::domain::ids::BinId(3));
    h.w.moved(chang, b1, 6);
    let came = undo::last_undoable(h.w.store.db(), None).unwrap().unwrap();
    let pick = h.begin(Which::All);
    h.line(pick, "BINB1-01", true).unwrap();
    for _ in 0..3 {
        h.line(pick, "=", false).unwrap();
    }
    let blocked = undo::preview(h.w.store.db(), came).unwrap().blocked;
    let why = "Not possible: 16 Chang 24 x 12 oz of B1-01 are picked and not shipped. Ship them, or put them back and \
               throw the round away (s, x).";
    assert_eq!(blocked.as_deref(), Some(why));
    let act = h.w.act("drop");
    picking::throw_away(&mut h.w.store, &act, pick).unwrap();
    let act = h.w.act("undo");
    undo::undo(&mut h.w.store, act, came).unwrap();
    h.sound();
}
