//! Supply meets demand, from files to likely dates: the traps that well-known systems fall into.

use crate::backorders::{BASE, board, line};
use crate::importing::take;
use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::ids::{ItemId, PoId, SupplierId};
use backshelf::domain::quantity::Qty;
use backshelf::domain::scorecard::Measure;
use backshelf::exchange::table::Table;
use backshelf::ops::planning::{self, Details};
use backshelf::ops::{learning, perform, views};
use backshelf::store::inbound::{self, Which};
use backshelf::store::plans::{self, ItemRule};
use chrono::Days;

fn shop(more: &[(Table, &str)]) -> Warehouse {
    let mut w = Warehouse::new();
    take(&mut w, BASE);
    take(&mut w, more);
    w
}

const TWO_WAIT: &[(Table, &str)] = &[
    (
        Table::Orders,
        "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-01,2026-12-10\nSO-2,C3,2026-11-02,2026-12-11",
    ),
    (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6\nSO-2,1,A,6"),
    (
        Table::PurchaseOrders,
        "po,supplier,ordered_on,status\nPO-1,EX,2026-11-02,sent\nPO-2,TT,2026-11-02,confirmed\nPO-3,TT,2026-11-02,draft\nPO-4,TT,2026-11-02,cancelled",
    ),
    (
        Table::PoLines,
        "po,line,sku,quantity,confirmed_for\nPO-1,1,A,8,2026-12-05\nPO-2,1,A,8,2026-12-01\nPO-3,1,A,50,2026-11-25\nPO-4,1,A,50,2026-11-25",
    ),
];

#[test]
fn lines_take_inbound_in_turn_by_likely_date_and_never_a_draft_or_a_cancelled_po() {
    let w = shop(TWO_WAIT);
    let board = board(&w);
    let (first, second) = (line(&board, "SO-1", "1"), line(&board, "SO-2", "1"));
    assert_eq!(first.waits_for.as_deref(), Some("6 of PO-2 (Tokyo Traders)"));
    assert_eq!(second.waits_for.as_deref(), Some("2 of PO-2 (Tokyo Traders); 4 of PO-1 (Exotic Liquids)"));
    assert_eq!((first.likely_on, second.likely_on), (Some(day("2026-12-01")), Some(day("2026-12-05"))));
}

#[test]
fn the_whole_never_exceeds_the_supply() {
    let w = shop(TWO_WAIT);
    let board = board(&w);
    for po in &board.inbound {
        let used: Qty = board
            .lines
            .iter()
            .flat_map(|l| &l.pegged.parts)
            .filter(|p| p.po_line == po.po_line)
            .map(|p| p.quantity)
            .sum();
        assert!(used <= po.open, "{} of {}", used, po.po_code);
    }
}

#[test]
fn cancelling_one_backorder_frees_its_units_once_and_makes_no_other_ready() {
    let mut w = shop(TWO_WAIT);
    take(&mut w, &[(Table::OrderLines, "order,line,sku,quantity,cancelled\nSO-1,1,A,6,6")]);
    let board = board(&w);
    assert_eq!(board.lines.len(), 1);
    let left = line(&board, "SO-2", "1");
    assert_eq!((left.allocated, left.short), (q(0), q(6)));
    assert_eq!(
        (left.waits_for.as_deref(), left.likely_on),
        (Some("6 of PO-2 (Tokyo Traders)"), Some(day("2026-12-01")))
    );
}

#[test]
fn without_any_date_the_quoted_lead_time_counts_from_the_order() {
    let w = shop(&[
        (Table::Orders, "order,customer,ordered_on\nSO-1,C1,2026-11-20"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6\nSO-1,2,B,1"),
        (Table::SupplierItems, "supplier,sku,lead_days\nEX,B,30"),
        (Table::PurchaseOrders, "po,supplier,ordered_on\nPO-1,EX,2026-11-20"),
        (Table::PoLines, "po,line,sku,quantity\nPO-1,1,A,8\nPO-1,2,B,8"),
    ]);
    let board = board(&w);
    assert_eq!(line(&board, "SO-1", "1").likely_on, Some(day("2026-11-27")), "7 days, the supplier's");
    assert_eq!(line(&board, "SO-1", "2").likely_on, Some(day("2026-12-20")), "30 days, the item's");
}

/// Days fixed for the item at a supplier go before those fixed for it everywhere, and both before what was learned; the
/// open lines without a day are read of whom they are asked of alone.
#[test]
fn fixed_days_and_whose_lines() {
    let mut w = shop(&[
        (Table::PurchaseOrders, "po,supplier,ordered_on,status\nPO-8,TT,2026-11-20,sent\nPO-9,EX,2026-11-20,sent"),
        (Table::PoLines, "po,line,sku,quantity\nPO-8,1,A,8\nPO-9,1,A,8"),
    ]);
    let item = ItemId(w.number("SELECT id FROM item WHERE sku = 'A'"));
    let of =
        |w: &Warehouse, code: &str| SupplierId(w.number(&format!("SELECT id FROM supplier WHERE code = '{code}'")));
    let (ex, tt) = (of(&w, "EX"), of(&w, "TT"));
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        let fixed = |supplier, days| ItemRule { supplier, lead_days: Some(days), ..ItemRule::default() };
        plans::put_rule(tx, item, &fixed(None, 9))?;
        plans::put_rule(tx, item, &fixed(Some(ex), 5))
    })
    .unwrap();
    let asked = [(ex, item, Some(14)), (tt, item, None)];
    let takes = learning::takes(w.store.db(), &asked, w.today).unwrap();
    assert_eq!([ex, tt].map(|supplier| takes[&(supplier, item)].usual()), [5, 9]);
    let suppliers = |which| -> Vec<SupplierId> {
        let rows = inbound::read(w.store.db(), which).unwrap();
        rows.into_iter().map(|row| row.inbound.supplier).collect()
    };
    assert_eq!(suppliers(Which::Undated(None)), [tt, ex]);
    assert_eq!(suppliers(Which::Undated(Some(ex))), [ex]);
}

/// Of a draft the usual days are said where they are known of every line, and are those of the slowest.
#[test]
fn the_usual_days_of_a_draft_are_those_of_all_its_lines() {
    let mut w = shop(&[
        (Table::PurchaseOrders, "po,supplier,status\nPO-8,TT,draft\nPO-9,TT,draft"),
        (Table::PoLines, "po,line,sku,quantity\nPO-8,1,A,8\nPO-9,1,A,8\nPO-9,2,B,8"),
    ]);
    let [a, b] = ["A", "B"].map(|sku| ItemId(w.number(&format!("SELECT id FROM item WHERE sku = '{sku}'"))));
    let [one, both] =
        ["PO-8", "PO-9"].map(|code| PoId(w.number(&format!("SELECT id FROM purchase_order WHERE code = '{code}'"))));
    let supplier = SupplierId(w.number("SELECT id FROM supplier WHERE code = 'TT'"));
    let fix = |w: &mut Warehouse, item, days| {
        let rule = ItemRule { supplier: None, lead_days: Some(days), ..ItemRule::default() };
        let act = w.act("prepare");
        perform(&mut w.store, act, |tx| plans::put_rule(tx, item, &rule)).unwrap();
    };
    let usual = |w: &Warehouse| {
        let detail = views::supplier::load(w.store.db(), supplier, &Measure::default(), w.today).unwrap();
        [one, both].map(|po| detail.usual_days.get(&po).copied())
    };
    assert_eq!(usual(&w), [None, None]);
    fix(&mut w, a, 5);
    assert_eq!(usual(&w), [Some(5), None], "of B nothing is known");
    fix(&mut w, b, 8);
    assert_eq!(usual(&w), [Some(5), Some(8)]);
}

/// Who quotes 14 days and is here in 2: an order without a day is likely in 2 on every screen, and Reorder says the same.
#[test]
fn without_any_date_what_was_learned_goes_before_the_quoted_lead_time_everywhere() {
    let pos: String =
        (1..=60).map(|n| format!("\nOLD-{n},EX,{},confirmed", day("2026-07-01") + Days::new(n))).collect();
    let lines: String = (1..=60).map(|n| format!("\nOLD-{n},1,A,5,{}", day("2026-07-01") + Days::new(n + 2))).collect();
    let came: String = (1..=60).map(|n| format!("\nOLD-{n},1,{},5", day("2026-07-01") + Days::new(n + 2))).collect();
    let mut w = shop(&[
        (Table::SupplierItems, "supplier,sku,lead_days,preferred\nEX,A,14,yes\nTT,A,21,"),
        (Table::PurchaseOrders, &format!("po,supplier,ordered_on,status{pos}\nPO-9,EX,2026-11-23,sent")),
        (Table::PoLines, &format!("po,line,sku,quantity,confirmed_for{lines}\nPO-9,1,A,8,")),
        (Table::Receipts, &format!("po,line,received_on,quantity{came}")),
        (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-20,2026-11-27"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
    ]);
    let item = ItemId(w.number("SELECT id FROM item WHERE sku = 'A'"));
    let po = PoId(w.number("SELECT id FROM purchase_order WHERE code = 'PO-9'"));
    let supplier = w.number("SELECT id FROM supplier WHERE code = 'EX'");
    let wednesday = Some(day("2026-11-25"));
    for planned in [false, true] {
        if planned {
            planning::plan(&mut w.store, w.today, &|_, _| true).unwrap();
            let plan = plans::plan_of(w.store.db(), item).unwrap().unwrap();
            assert_eq!(Details::read(&plan.details).unwrap().lead_usual, Some(2));
        }
        let (db, board) = (w.store.db(), board(&w));
        let waiting = line(&board, "SO-1", "1");
        assert_eq!((waiting.likely_on, waiting.safe_on), (wednesday, wednesday));
        assert_eq!(
            waiting.reason,
            "SO-1 line 1 waits for 6 of PO-9 (Exotic Liquids), no date given; usually 2 days after the order (60 receipts)"
        );
        let detail = views::item::load(db, item, w.today, &mut views::item::Learned::default()).unwrap();
        assert_eq!(detail.coming[0].arrives.map(|a| a.likely), wednesday);
        let page = views::po::load(db, po, &board, w.today).unwrap();
        assert_eq!(page.likely.values().copied().collect::<Vec<_>>(), [day("2026-11-25")]);
        assert_eq!(
            page.follows_from.values().cloned().collect::<Vec<_>>(),
            ["usually 2 days after the order (60 receipts)"]
        );
        assert_eq!(page.under_way[0].likely, wednesday);
        let rows = views::suppliers::load(db, &board, &Measure::default(), w.today).unwrap();
        let row = rows.iter().find(|r| r.supplier.id.0 == supplier).unwrap();
        assert_eq!(
            row.open_pos[0].undated_words(w.today),
            "no day named; usually 2 days after the order (60 receipts), likely Wed 25 Nov"
        );
        let reorder = views::reorder::load(db, w.today).unwrap();
        let coming = reorder.lines.iter().filter(|l| l.item == item).flat_map(|l| &l.coming);
        assert!(coming.clone().all(|way| way.likely == wednesday));
        assert_eq!(coming.count(), 1);
    }
    // A day that the supplier names goes before all that was learned; a week without goods is beyond it.
    w.today = day("2026-11-30");
    let now = board(&w);
    assert_eq!(line(&now, "SO-1", "1").likely_on, None);
    assert!(
        line(&now, "SO-1", "1").reason.ends_with(
            "no date given, ordered 7 days ago; usually 2 days after the order (60 receipts), nobody knows when"
        ),
        "{}",
        line(&now, "SO-1", "1").reason
    );
    let unknown = "no date given, ordered 7 days ago; usually 2 days after the order (60 receipts), nobody knows when";
    let detail = views::item::load(w.store.db(), item, w.today, &mut views::item::Learned::default()).unwrap();
    assert_eq!((detail.coming[0].arrives, detail.coming[0].unknown.as_str()), (None, unknown));
    take(&mut w, &[(Table::PoLines, "po,line,sku,quantity,confirmed_for\nPO-9,1,A,8,2026-12-07")]);
    assert_eq!(line(&board(&w), "SO-1", "1").likely_on, Some(day("2026-12-07")));
}

#[test]
fn a_new_date_of_the_whole_po_moves_the_likely_date() {
    let mut w = shop(TWO_WAIT);
    take(&mut w, &[(Table::PurchaseOrders, "po,supplier,expected_on\nPO-2,TT,2026-12-20")]);
    let board = board(&w);
    let first = line(&board, "SO-1", "1");
    assert_eq!(
        (first.waits_for.as_deref(), first.likely_on),
        (Some("6 of PO-1 (Exotic Liquids)"), Some(day("2026-12-05")))
    );
}

#[test]
fn what_was_received_but_rejected_or_lies_in_quarantine_serves_nobody() {
    let mut w = shop(&[
        (Table::Orders, "order,customer,ordered_on\nSO-1,C1,2026-11-20"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
        (Table::PurchaseOrders, "po,supplier,ordered_on\nPO-1,EX,2026-11-01"),
        (Table::PoLines, "po,line,sku,quantity,confirmed_for\nPO-1,1,A,6,2026-11-30"),
        (Table::Receipts, "po,line,received_on,quantity,rejected\nPO-1,1,2026-11-20,6,6"),
    ]);
    let item = backshelf::domain::ids::ItemId(w.number("SELECT id FROM item WHERE sku = 'A'"));
    let bin = w.bin("Q-1", "quarantine");
    w.moved(item, bin, 6);
    let board = board(&w);
    let l = line(&board, "SO-1", "1");
    assert_eq!((l.pegged.from_stock, l.pegged.uncovered, l.likely_on), (q(0), q(6), None));
}
