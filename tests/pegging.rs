//! Supply meets demand, from files to likely dates: the traps that well-known systems fall into.

use crate::backorders::{BASE, board, line};
use crate::importing::take;
use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::quantity::Qty;
use backshelf::exchange::table::Table;

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
