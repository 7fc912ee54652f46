//! A buyer's day with orders under way: dates by our own word, the rest after a part delivery, an order once more.

use crate::purchasing::{Shop, refusal, shop};
use crate::support::rig::Rig;
use crate::support::warehouse::day;
use backshelf::domain::chase::Step;
use backshelf::domain::ids::PoId;
use backshelf::domain::lateness::Delivery;
use backshelf::messages::supplier::Letter;
use backshelf::ops::chasing::{self, Answer, Seen};
use backshelf::ops::purchasing::life::{self, Redating};
use backshelf::ops::purchasing::telling::Told;
use backshelf::ops::views::backorders::{self, Terms};
use backshelf::ops::views::po as view;
use backshelf::store::suppliers::deliveries_of;
use rusqlite::types::Value;

fn first_line(s: &Shop) -> Delivery {
    deliveries_of(s.w.store.db(), s.exotic).unwrap().remove(0)
}

fn redate(s: &mut Shop, po: PoId, on: &str, reason: &str, told: Option<Told>) -> Result<(), backshelf::store::Failure> {
    let lines = s.po(po).lines.iter().map(|l| Seen { line: l.id, expected_on: l.expected_on }).collect();
    let act = s.w.act("another date");
    let redating = Redating { lines, day: day(on), reason: reason.into(), told };
    life::redate(&mut s.w.store, act, &redating).map(drop)
}

#[test]
fn what_we_expect_changes_no_judgement_and_what_we_ask_for_is_no_fault_of_theirs() {
    let mut s = shop();
    let po = s.sent();
    s.confirm(po, "2026-11-30", None).unwrap();
    assert!(refusal(redate(&mut s, po, "2026-12-10", " ", None)).contains("Say why you expect it then"));
    redate(&mut s, po, "2026-12-10", "the ferry is on strike", None).unwrap();
    let line = first_line(&s);
    assert_eq!((line.expected_on, line.first_promised), (Some(day("2026-12-10")), Some(day("2026-11-30"))));
    assert_eq!(line.announced_on, None, "they announced nothing");
    redate(&mut s, po, "2026-12-14", "the shelves are full", Some(Told::default())).unwrap();
    let line = first_line(&s);
    assert_eq!((line.confirmed_for, line.first_promised), (Some(day("2026-11-30")), Some(day("2026-12-14"))));
    s.take_back();
    assert_eq!(first_line(&s).first_promised, Some(day("2026-11-30")));
    redate(&mut s, po, "2026-12-14", "", Some(Told::default())).unwrap();
    // What they put off beyond our day is theirs again.
    let lines = s.po(po).lines.iter().map(|l| Seen { line: l.id, expected_on: l.expected_on }).collect();
    let answer = Answer { lines, day: Some(day("2026-12-20")), ..Answer::default() };
    let act = s.w.act("supplier's answer");
    chasing::answer(&mut s.w.store, act, &answer).unwrap();
    let line = first_line(&s);
    assert_eq!((line.first_promised, line.announced_on), (Some(day("2026-12-14")), Some(s.w.today)));
    let faults = backshelf::ops::checking::check(s.w.store.db()).unwrap().faults;
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn a_guess_of_ours_does_not_become_the_day_that_an_unconfirmed_line_is_judged_by() {
    let mut s = shop();
    let po = s.sent();
    let act = s.w.act("prepare");
    let id = s.po(po).lines[0].id.0;
    let cells = [("expected_on", Value::Text("2026-11-27".into()))];
    backshelf::ops::perform(&mut s.w.store, act, |tx| tx.update("po_line", id, &cells)).unwrap();
    redate(&mut s, po, "2026-12-10", "nobody answers", None).unwrap();
    assert_eq!(first_line(&s).first_promised, Some(day("2026-11-27")));
    s.confirm(po, "2026-12-11", None).unwrap();
    assert_eq!(first_line(&s).first_promised, Some(day("2026-12-11")), "their own first word counts");
}

#[test]
fn after_a_part_delivery_they_are_asked_about_the_rest() {
    let mut s = shop();
    let po = s.sent();
    s.confirm(po, "2026-11-24", None).unwrap();
    let lines: Vec<_> = s.po(po).lines.iter().map(|l| l.id).collect();
    s.receive(lines[0], 30, 0).unwrap();
    let today = day("2026-11-30");
    let words = s.written(Letter::Ask(Step::Overdue), po).words.unwrap();
    assert!(words.phone.starts_with("Where is the rest of PO-1, due "), "{}", words.phone);
    assert!(words.phone.contains("10 of 40 Chang") && words.phone.contains("24 Aniseed Syrup"), "{}", words.phone);
    assert!(words.body.starts_with("Dear Charlotte Cooper,\n\nA part of PO-1 came on "), "{}", words.body);
    // Nobody waits for what is left of it: both had theirs.
    let db = s.w.store.db();
    let board =
        backorders::load(db, &Terms::of(&backshelf::ops::settings::Settings::load(db).unwrap()), today).unwrap();
    let page = view::load(db, po, &board, today).unwrap();
    let open = &page.under_way[0];
    assert_eq!((open.question(), open.waiting.len(), open.came), (Step::Overdue, 0, true));
    assert_eq!(open.about, lines, "both lines are overdue");
}

#[test]
fn an_order_is_sent_once_more_and_nothing_else_changes() {
    let mut s = shop();
    let po = s.draft();
    let again = |s: &mut Shop| {
        let act = s.w.act("send a PO");
        life::send_again(&mut s.w.store, act, po, &Told::default())
    };
    assert!(refusal(again(&mut s)).contains("nothing to send again"));
    let act = s.w.act("send a PO");
    life::send(&mut s.w.store, act, po, &Told::default()).unwrap();
    let before = s.po(po);
    again(&mut s).unwrap();
    assert_eq!(s.po(po), before);
    assert_eq!(s.w.number("SELECT count(*) FROM chase WHERE step = 'order'"), 2);
}

#[test]
fn who_has_a_language_without_a_template_is_written_to_in_english_and_that_is_said() {
    let mut s = shop();
    let po = s.draft();
    let act = s.w.act("prepare");
    let id = s.exotic.0;
    let cells = [("language", Value::Text("de".into()))];
    backshelf::ops::perform(&mut s.w.store, act, |tx| tx.update("supplier", id, &cells)).unwrap();
    let about = view::About::default();
    let ready = view::letter(s.w.store.db(), Letter::Order, &[po], &about, ("M.Baker", None), s.w.today).unwrap();
    assert!(ready.note.unwrap().contains("no template in \"de\""));
    assert!(ready.words.body.starts_with("Dear Charlotte Cooper,"));
}

#[test]
fn a_date_of_our_own_has_its_form_and_a_day_that_reads_two_ways_is_asked() {
    let mut s = shop();
    let po = s.sent();
    s.confirm(po, "2026-11-30", None).unwrap();
    let mut rig = Rig::sized(s.w.store, 80, 24);
    rig.keys("3").wait().keys("/").text("exotic").keys("<enter> d").wait();
    rig.text("12/7").wait().keys("<f8>").wait();
    let screen = rig.screen();
    assert!(screen.contains("may be Mon 7 Dec 2026 or Mon 12 Jul 2027"), "{screen}");
    rig.text("14 dec").wait().keys("<tab> 2").wait();
    insta::assert_snapshot!("we_ask_for_another_date", rig.screen());
    rig.keys("<f8>").wait();
    let asked = "SELECT count(*) FROM po_date WHERE said_by = 'asked' AND date = '2026-12-14'";
    let count = |rig: &Rig, sql: &str| rig.desk.store.db().query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!(count(&rig, asked), 2, "{}", rig.screen());
    let words = "SELECT count(*) FROM chase WHERE template = 'en/suppliers/redate' AND words LIKE 'Could you deliver 40 Chang%'";
    assert_eq!(count(&rig, words), 1);
    // Years away: asked once, taken when saved again.
    rig.keys("d").wait().text("2029-01-04").wait().keys("<f8>").wait();
    assert!(rig.screen().contains("Is that right? Save again."), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert_eq!(count(&rig, "SELECT count(*) FROM po_line WHERE expected_on = '2029-01-04'"), 2);
}
