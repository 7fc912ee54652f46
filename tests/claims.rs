//! Rejected goods: they wait to be claimed until somebody says what the claim came to.

use crate::purchasing::{refusal, shop};
use crate::support::cli::Bench;
use crate::support::rig::Rig;
use crate::support::warehouse::{day, q};
use backshelf::domain::chase::{Step, Terms};
use backshelf::domain::claim::Settled;
use backshelf::domain::money::Money;
use backshelf::domain::purchase::PoState;
use backshelf::messages::supplier::Letter;
use backshelf::ops::chasing::{self, Question};
use backshelf::ops::claiming::{self, Settling};
use backshelf::ops::purchasing::telling::Told;
use backshelf::ops::views::suppliers::{OpenClaim, open_claims};
use backshelf::store::suppliers::conduct;

fn open(s: &crate::purchasing::Shop) -> Vec<OpenClaim> {
    open_claims(s.w.store.db(), Some(s.exotic), &Terms::default(), s.w.today).unwrap()
}

#[test]
fn what_was_rejected_waits_until_the_claim_is_settled() {
    let mut s = shop();
    let po = s.sent();
    s.confirm(po, "2026-11-27", None).unwrap();
    let [chang, syrup] = [0, 1].map(|n| s.po(po).lines[n].id);
    s.receive(syrup, 24, 0).unwrap();
    assert!(open(&s).is_empty(), "all good");
    s.receive(chang, 40, 3).unwrap();
    assert_eq!(s.po(po).state, PoState::Received, "over, and the claim is open all the same");
    let claims = open(&s);
    assert_eq!((claims.len(), claims[0].claim.quantity(), claims[0].claim.worth()), (1, q(3), Money::parse("45.60")));
    assert!(claims[0].to_ask && claims[0].claim.asked_on.is_none());

    // The words name what was rejected and nothing else.
    let told = s.written(Letter::Claim, po);
    let body = &told.words.as_ref().unwrap().body;
    assert!(body.contains("3 of 40") && body.contains("Chang") && !body.contains("Syrup"), "{body}");
    let act = s.w.act("claim");
    let done = claiming::claim(&mut s.w.store, act, po, &Told { how: Default::default(), ..told }).unwrap();
    assert_eq!(done.summary, "claimed 3 Chang 24 x 12 oz on PO-1 from Exotic Liquids");
    assert!(!open(&s)[0].to_ask, "asked today");
    s.w.today = day("2026-11-25");
    assert!(open(&s)[0].to_ask, "no answer after two working days");

    let settle = |s: &mut crate::purchasing::Shop, how, on: Option<&str>, words: &str| {
        let act = s.w.act("settle a claim");
        let settling = Settling { po, how, day: on.map(day), words: words.into() };
        claiming::settle(&mut s.w.store, act, &settling)
    };
    assert!(refusal(settle(&mut s, Settled::Replaced, None, "")).contains("Name the day"));
    assert!(refusal(settle(&mut s, Settled::Replaced, Some("2026-11-20"), "")).contains("is past"));
    assert!(refusal(settle(&mut s, Settled::Refused, None, " ")).contains("why they refuse it"));
    let done = settle(&mut s, Settled::Replaced, Some("2026-12-02"), "Charlotte").unwrap();
    let new = s.po(done.value.unwrap());
    assert_eq!((new.state, new.lines[0].quantity, new.total()), (PoState::Confirmed, q(3), Money::ZERO));
    assert_eq!((new.lines[0].confirmed_for, new.ordered_on), (Some(day("2026-12-02")), None));
    assert!(open(&s).is_empty());
    assert!(refusal(settle(&mut s, Settled::Credited, None, "")).contains("Nothing rejected on PO-1"));
    s.take_back();
    assert_eq!(open(&s).len(), 1, "taken back, it waits again");
    settle(&mut s, Settled::Credited, None, "credit note 77").unwrap();
    assert!(open(&s).is_empty());
    // Bad goods that come later are another claim.
    s.w.today = day("2026-11-26");
    let next = s.sent();
    let line = s.po(next).lines[0].id;
    s.receive(line, 10, 1).unwrap();
    assert_eq!((open(&s).len(), open(&s)[0].claim.quantity()), (1, q(1)));
    s.w.today = day("2027-02-25");
    assert!(open(&s).is_empty(), "what is older than 90 days is not brought up again");
}

#[test]
fn a_claim_is_no_step_of_the_ladder_and_dropping_it_no_answer() {
    let mut s = shop();
    let po = s.sent();
    s.confirm(po, "2026-11-24", None).unwrap();
    let chang = s.po(po).lines[0].id;
    s.receive(chang, 30, 3).unwrap();
    let act = s.w.act("claim");
    claiming::claim(&mut s.w.store, act, po, &Told::default()).unwrap();
    s.w.today = day("2026-11-25");
    let act = s.w.act("ask a supplier");
    let question = Question { pos: vec![po], step: Some(Step::Overdue), told: Told::default() };
    chasing::ask(&mut s.w.store, act, &question).unwrap();
    assert_eq!(s.step(po, "2026-11-27"), Some((Step::Again, true)), "the claim is not a question for the rest");
    let act = s.w.act("settle a claim");
    let dropped = Settling { po, how: Settled::Dropped, day: None, words: String::new() };
    claiming::settle(&mut s.w.store, act, &dropped).unwrap();
    let asked = conduct(s.w.store.db(), Some(s.exotic), day("2026-01-01")).unwrap().remove(&s.exotic).unwrap().asked;
    assert!(asked.iter().all(|a| a.answered_on.is_none()), "{asked:?}");
}

#[test]
fn it_is_said_on_the_tab_on_the_page_and_in_the_log() {
    let mut s = shop();
    let po = s.sent();
    s.confirm(po, "2026-11-24", None).unwrap();
    for n in [0, 1] {
        let line = s.po(po).lines[n].id;
        let quantity = s.po(po).lines[n].quantity.thousandths() / 1000;
        s.receive(line, quantity, 3 * (1 - n as i64)).unwrap();
    }
    let mut rig = Rig::sized(s.w.store, 80, 24);
    rig.keys("3").wait().keys("/").text("exotic\n").wait();
    let screen = rig.screen();
    assert!(screen.contains("3 rejected on PO-1 (45.60), not claimed yet."), "{screen}");
    assert!(screen.contains("Claim 3 rejected on PO-1 from Charlotte Cooper (t)"), "{screen}");
    rig.keys("h").wait().keys("<enter>").wait();
    assert!(rig.screen().contains("3 rejected, not claimed yet (t)"), "{}", rig.screen());
    rig.keys("t").wait();
    insta::assert_snapshot!("claim", rig.screen());
    let before = rig.operations();
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    assert!(rig.screen().contains("claimed what was rejected by phone"), "{}", rig.screen());
    rig.keys("t").wait().keys("<tab> 2 <tab>").text("+9").wait();
    insta::assert_snapshot!("claim_replaced", rig.screen());
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 2, "{}", rig.screen());
    assert!(!rig.screen().contains("not claimed yet"), "{}", rig.screen());
    rig.keys("u").wait();
    assert!(rig.screen().contains("on PO-2, Wed 2 Dec"), "the page has its undo: {}", rig.screen());
}

#[test]
fn the_same_by_command() {
    let bench = Bench::new();
    bench.file("in/suppliers.csv", "supplier,name,lead_days\nEXO,Exotic Liquids,7\n");
    bench.file("in/items.csv", "sku,name,supplier,cost\nA,Chang,EXO,15.20\n");
    bench.file("in/purchase_orders.csv", "po,supplier,ordered_on,status\nOLD-1,EXO,2026-10-01,closed\n");
    bench.file("in/po_lines.csv", "po,line,sku,quantity,received\nOLD-1,1,A,10,10\n");
    bench.file("in/receipts.csv", "po,line,received_on,quantity,rejected\nOLD-1,1,2026-11-10,10,2\n");
    let today = "2026-11-23";
    bench.import(&bench.path("in"), today);
    let run = |args: &[&str]| {
        let args: Vec<&str> = args.iter().copied().chain(["--as-of", today]).collect();
        bench.run(&args)
    };
    assert_eq!(run(&["chase", "list"]).well().out, "", "what a file brought was dealt with elsewhere");
    run(&["po", "new", "EXO", "A=40"]).well();
    run(&["po", "send", "PO-1"]).well();
    assert!(run(&["chase", "claim", "PO-1"]).err.contains("Nothing rejected on PO-1 waits to be settled."));
    run(&["receive", "begin", "PO-1"]).well();
    let scans = ["receive", "scan", "1", "--as-of", today];
    bench.run_with(&scans, "A\n=40\n=3 b\n").well();
    run(&["receive", "book", "1"]).well();
    let due = run(&["chase", "list", "--format", "csv"]).well().out;
    assert!(due.contains("2026-11-23,claim,PO-1,EXO,Exotic Liquids"), "{due}");
    let claimed = run(&["chase", "claim", "PO-1"]).well();
    assert!(claimed.err.contains("3 of 40 Chang") && claimed.out.contains("claimed 3 Chang on PO-1"), "{claimed:?}");
    assert!(run(&["chase", "settle", "PO-1", "replaced"]).err.contains("Name the day"));
    let settled = run(&["chase", "settle", "PO-1", "replaced", "Charlotte", "--date", "2026-12-04"]).well();
    assert!(settled.out.contains("replaces 3 Chang of PO-1 on PO-2, Fri 4 Dec"), "{}", settled.out);
    assert!(run(&["chase", "log"]).well().out.contains("claim replaced: Charlotte"));
    let story = run(&["history", "PO-1"]).well().out;
    let place = |words: &str| story.find(words).unwrap_or_else(|| panic!("{words} in {story}"));
    assert!(place("claim replaced: Charlotte") < place("claimed what was rejected by phone"));
    assert!(place("claimed what was rejected") < place("sent by copy text") && !story.contains("asked"), "{story}");
    assert!(run(&["po", "list"]).well().out.contains("PO-2"));
    run(&["check"]).well();
}
