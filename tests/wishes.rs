//! What planning wants of goods on their way is what suppliers are asked: the Reorder tab and the call list agree.

use crate::reordering::late_and_in_time;
use crate::support::warehouse::{Warehouse, day};
use backshelf::domain::chase::Step;
use backshelf::domain::ids::PoId;
use backshelf::ops::chasing::{self, Question};
use backshelf::ops::purchasing::telling::Told;
use backshelf::ops::settings::Settings;
use backshelf::ops::views::backorders::{self, Terms};
use backshelf::ops::views::reorder::{self, Need};
use backshelf::ops::views::suppliers::{self, OpenPo, SupplierRow};

fn row(w: &Warehouse) -> SupplierRow {
    let db = w.store.db();
    let settings = Settings::load(db).unwrap();
    let board = backorders::load(db, &Terms::of(&settings), w.today).unwrap();
    let mut rows = suppliers::load(db, &board, &suppliers::measure(&settings), w.today).unwrap();
    assert_eq!(suppliers::under_way(db, rows[0].supplier.id, &board, w.today).unwrap(), rows[0].open_pos, "one rule");
    rows.remove(0)
}

fn po<'a>(row: &'a SupplierRow, code: &str) -> &'a OpenPo {
    row.open_pos.iter().find(|po| po.code == code).unwrap()
}

/// The levels of now are kept, as the workbench keeps them.
fn keep(w: &mut Warehouse) {
    backshelf::ops::planning::plan(&mut w.store, w.today, &|_, _| true).unwrap();
}

#[test]
fn what_comes_too_late_is_on_the_call_list_with_the_reason_and_rests_once_it_was_said() {
    let (mut w, late, _) = late_and_in_time();
    let board = w.plan();
    keep(&mut w);
    let hurried: Vec<&str> =
        board.lines.iter().filter_map(|l| l.hurried()).map(|w| w.inbound.po_code.as_str()).collect();
    assert_eq!(hurried, ["PO-7"]);
    let found = row(&w);
    let asked: Vec<&str> = found.open_pos.iter().filter(|po| po.to_ask).map(|po| po.code.as_str()).collect();
    assert_eq!(asked, ["PO-7"], "the same that Reorder wants hurried");
    let out = board.lines.iter().find(|l| l.item == late).unwrap().out_on.unwrap();
    assert_eq!((po(&found, "PO-7").hurries, po(&found, "PO-7").wanted_by()), (true, Some(out)));
    assert_eq!(po(&found, "PO-7").question(), Step::Remind);
    assert!(found.next.starts_with("Ask LATE Ltd: can PO-7 come sooner? "), "{}", found.next);
    let reason = format!("runs out {}, this comes Fri 18 Dec.", out.format("%a %-d %b"));
    assert!(found.next.contains(&reason), "{} {reason}", found.next);
    let l = board.lines.iter().find(|l| l.item == late).unwrap();
    let notes = reorder::explain(w.store.db(), &board, l).unwrap().notes.join(" ");
    assert!(!notes.contains("If all cancel"), "nobody waits: {notes}");
    // Said: it rests, and comes back while it is wanted.
    let question = Question { pos: vec![po(&found, "PO-7").po], step: Some(Step::Remind), told: Told::default() };
    let act = w.act("ask");
    chasing::ask(&mut w.store, act, &question).unwrap();
    assert!(!row(&w).is_to_ask() && row(&w).next.starts_with("Nothing to ask today"), "{}", row(&w).next);
    w.today = day("2026-11-26");
    assert!(row(&w).is_to_ask());
    assert!(row(&w).next.contains("(by levels of Mon 23 Nov)"), "{}", row(&w).next);
}

#[test]
fn what_nobody_needs_yet_is_named_to_be_put_off_and_never_pressed_for() {
    let mut w = Warehouse::new();
    let s = w.supplier("EXO", 10, None);
    let rests = w.sold_by(s, "RESTS", 900);
    w.sells(rests, 1, 90);
    w.po("PO-2", "EXO", "2026-12-01", &[(rests, 40)]);
    let board = w.plan();
    keep(&mut w);
    assert!(board.lines.iter().all(|l| !matches!(l.need, Need::Expedite(_))));
    let found = row(&w);
    let two = po(&found, "PO-2");
    assert_eq!((two.to_put_off, two.to_ask, two.hurries, two.wanted_by()), (true, false, false, None));
    assert!(found.is_to_ask());
    assert_eq!(found.next, "40 RESTS name: not needed within the longest cover. Put PO-2 off (d) or cancel it (x).");
    let question = Question { pos: vec![PoId(two.po.0)], step: None, told: Told::default() };
    let act = w.act("ask");
    chasing::ask(&mut w.store, act, &question).unwrap();
    assert!(!row(&w).is_to_ask(), "spoken of today");
    // Something happened that the levels do not know: each reason says so.
    w.order("O1", "C", "2026-11-23", &[(rests, 1)]);
    assert!(po(&row(&w), "PO-2").why_later().contains("(levels are being worked out anew)"));
}
