//! Who must hear from us today: open lines from files to the rows of the screen and the export.

use crate::importing::take;
use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::delay::{Action, State, Urgency};
use backshelf::exchange::sheet::Value;
use backshelf::exchange::table::Table;
use backshelf::ops::settings::{self, Settings};
use backshelf::ops::views::backorders::{Board, Cause, Due, Terms, WaitingLine, load, sheet};

pub fn board(w: &Warehouse) -> Board {
    let db = w.store.db();
    load(db, &Terms::of(&Settings::load(db).unwrap()), w.today).unwrap()
}
pub fn line<'a>(board: &'a Board, order: &str, line: &str) -> &'a WaitingLine {
    board.lines.iter().find(|l| l.order_code == order && l.line_code == line).unwrap()
}
pub fn set(w: &mut Warehouse, key: &str, value: &str) {
    set_in(&mut w.store, key, value);
}
pub fn set_in(store: &mut backshelf::store::Store, key: &str, value: &str) {
    let today = crate::support::warehouse::day("2026-11-23");
    let now = today.and_hms_opt(9, 0, 0).unwrap();
    let act = backshelf::store::Act { kind: "set", operator: "M.Baker".into(), now, today, uid: None };
    settings::set(store, act, key, value).unwrap();
}

pub const BASE: &[(Table, &str)] = &[
    (Table::Suppliers, "supplier,name,lead_days\nEX,Exotic Liquids,7\nTT,Tokyo Traders,21"),
    (Table::Items, "sku,name,price\nA,Chang,10\nB,Aniseed Syrup,5\nC,Konbu,2"),
    (
        Table::Customers,
        "customer,name,contact_person,phone,email,country,kind\nC1,Around the Horn,Thomas Hardy,+44 20 7946 0142,,GB,business\nC2,M. Haynes,,,m.haynes@example.com,US,consumer\nC3,Hungry Owl,,,,IE,business",
    ),
];

fn shop(more: &[(Table, &str)]) -> Warehouse {
    let mut w = Warehouse::new();
    take(&mut w, BASE);
    take(&mut w, more);
    w
}

#[test]
fn the_chain_names_the_po_its_date_and_the_usual_lateness() {
    let w = shop(&[
        (Table::Orders, "order,customer,ordered_on,promised_on\nSO-103,C1,2026-11-09,2026-11-27"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-103,2,A,24"),
        (
            Table::PurchaseOrders,
            "po,supplier,ordered_on,confirmed_on\nPO-77,EX,2026-11-02,2026-11-03\nPO-60,EX,2026-09-01,",
        ),
        (
            Table::PoLines,
            "po,line,sku,quantity,confirmed_for\nPO-77,1,A,40,2026-11-27\nPO-60,1,C,5,2026-09-10\nPO-60,2,C,5,2026-09-10\nPO-60,3,C,5,2026-09-10",
        ),
        (
            Table::Receipts,
            "po,line,received_on,quantity\nPO-60,1,2026-09-14,5\nPO-60,2,2026-09-14,5\nPO-60,3,2026-09-19,5",
        ),
    ]);
    let board = board(&w);
    let l = line(&board, "SO-103", "2");
    assert_eq!(l.reason, "SO-103 line 2 waits for 24 of PO-77 (Exotic Liquids), confirmed 27 Nov, usually 4 days late");
    assert_eq!(l.waits_for.as_deref(), Some("24 of PO-77 (Exotic Liquids)"));
    assert_eq!((l.likely_on, l.safe_on), (Some(day("2026-12-01")), Some(day("2026-12-06"))));
    assert_eq!((l.state, l.days_late), (State::WillBeLate, Some(4)));
    assert_eq!(l.decision.action, Action::Notify);
    // The newest fact that moved the date past the promise is the order itself, a Monday: one working day after it.
    assert_eq!(l.decision.act_by, Some(day("2026-11-10")));
}

#[test]
fn a_missed_receipt_is_the_fact_that_counts_from_the_day_after() {
    let w = shop(&[
        (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-02,2026-12-10"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,4"),
        (Table::PurchaseOrders, "po,supplier,ordered_on\nPO-7,EX,2026-11-02"),
        (Table::PoLines, "po,line,sku,quantity,confirmed_for\nPO-7,1,A,40,2026-11-11"),
    ]);
    let board = board(&w);
    let l = line(&board, "SO-1", "1");
    assert_eq!((l.likely_on, l.state, l.days_late), (None, State::WillBeLate, None));
    assert!(l.reason.ends_with("PO-7 is 12 days overdue, no new date"), "{}", l.reason);
    // Due Wednesday 11: missed on Thursday 12, so told by Friday 13.
    assert_eq!(l.decision.act_by, Some(day("2026-11-13")));
}

#[test]
fn allocated_lines_are_ready_and_only_short_ones_wait() {
    let w = shop(&[
        (Table::Stock, "sku,bin,quantity\nA,S-1,10"),
        (
            Table::Orders,
            "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-16,2026-12-20\nSO-2,C3,2026-11-17,2026-12-21",
        ),
        (Table::OrderLines, "order,line,sku,quantity,price\nSO-1,1,A,6,12.5\nSO-2,1,A,6,"),
    ]);
    let board = board(&w);
    let (first, second) = (line(&board, "SO-1", "1"), line(&board, "SO-2", "1"));
    assert_eq!((first.allocated, first.short, first.likely_on), (q(6), q(0), Some(w.today)));
    assert!(first.is_ready() && !first.is_listed());
    assert_eq!((second.allocated, second.short, second.pegged.uncovered), (q(4), q(2), q(2)));
    assert_eq!(second.reason, "SO-2 line 1 waits for 2 more, nothing on order");
    assert_eq!(second.value.unwrap().to_string(), "60.00", "the item's price where the line has none");
    let sheet = sheet(&board);
    assert_eq!(sheet.rows.len(), 1, "the line that is ready and in time is not listed");
    assert_eq!(sheet.rows[0][0], Value::text("SO-2"));
}

#[test]
fn the_export_has_its_columns_and_nulls() {
    let w = shop(&[
        (Table::Orders, "order,customer,ordered_on\nSO-1,C3,2026-10-01"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,B,3"),
    ]);
    let sheet = sheet(&board(&w));
    assert_eq!(
        sheet.columns.join(" "),
        "order line customer customer_name channel kind sku item ordered_on quantity open allocated short \
         first_promise promise likely_on safe_on state days_late rule action message act_by commitment_on \
         silence_means refund_by last_told_on last_quoted value waits_for reason"
    );
    let cell = |name: &str| {
        let at = sheet.columns.iter().position(|c| *c == name).unwrap();
        sheet.rows[0][at].clone()
    };
    assert_eq!(sheet.rows[0].len(), sheet.columns.len());
    assert_eq!((cell("kind"), cell("rule")), (Value::text("regular"), Value::text("house")));
    // Nothing was promised: 30 days after the order count, but no promise is invented.
    assert_eq!((cell("first_promise"), cell("promise")), (Value::None, Value::None));
    assert_eq!((cell("state"), cell("days_late")), (Value::text("late"), Value::Count(23)));
    assert_eq!((cell("likely_on"), cell("action")), (Value::None, Value::text("notify")));
    assert_eq!((cell("message"), cell("value")), (Value::text("delay"), Value::Money("15".parse_money())));
}

trait Parse {
    fn parse_money(&self) -> backshelf::domain::money::Money;
}
impl Parse for str {
    fn parse_money(&self) -> backshelf::domain::money::Money {
        backshelf::domain::money::Money::parse(self).unwrap()
    }
}

#[test]
fn what_is_lost_first_is_on_top_then_what_is_worth_most() {
    let mut w = shop(&[
        (
            Table::Orders,
            "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-16,2026-11-20\nSO-2,C2,2026-11-01,2026-11-23\nSO-3,C3,2026-11-16,2026-11-20\nSO-4,C2,2026-10-01,",
        ),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6\nSO-1,2,B,1\nSO-2,1,A,1\nSO-3,1,A,9\nSO-4,1,C,1"),
    ]);
    let board_now = board(&w);
    let rows: Vec<(&str, &str)> = board_now.customers.iter().map(|r| (r.name.as_str(), r.verb)).collect();
    assert_eq!(rows, [("M. Haynes", "refund"), ("Hungry Owl", "tell"), ("Around the Horn", "tell")]);
    let horn = &board_now.customers[2];
    assert_eq!((horn.quantity, horn.item_name.as_str(), horn.more_lines), (q(6), "Chang", 1));
    assert_eq!((horn.worth.to_string().as_str(), horn.now), ("65.00", None));
    assert!(horn.next.starts_with("Call Thomas Hardy, +44 20 7946 0142."), "{}", horn.next);
    let due = Due::of(&board_now.customers, &[], w.today);
    assert_eq!((due.refunds, due.tell, due.all()), (1, 2, 3));
    // A law's refund cannot be put off, a house notice can.
    for (customer, subject) in [("C1", "customer"), ("C2", "customer")] {
        let act = w.act("later");
        let found = w.number(&format!("SELECT id FROM customer WHERE code = '{customer}'"));
        backshelf::ops::perform(&mut w.store, act, |tx| {
            let operation = tx.operation().0;
            tx.insert(
                "later",
                &["subject", "subject_id", "until", "reason", "operator", "operation_id"],
                &[&subject, &found, &"2026-12-01", &"stocktaking", &"M.Baker", &operation],
            )
        })
        .unwrap();
    }
    let later = board(&w);
    let put_off = |name: &str| later.customers.iter().find(|r| r.name == name).unwrap().later_until;
    assert_eq!((put_off("M. Haynes"), put_off("Around the Horn")), (None, Some(day("2026-12-01"))));
}

#[test]
fn telling_the_customer_settles_it_until_the_date_moves() {
    let mut w = shop(&[
        (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-16,2026-11-27"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
        (Table::PurchaseOrders, "po,supplier,ordered_on,confirmed_on\nPO-7,EX,2026-11-02,2026-11-03"),
        (Table::PoLines, "po,line,sku,quantity,confirmed_for\nPO-7,1,A,40,2026-12-01"),
    ]);
    assert_eq!(line(&board(&w), "SO-1", "1").decision.action, Action::Notify);
    take(
        &mut w,
        &[(
            Table::Contacts,
            "order,line,contacted_on,channel,message,quoted_for\nSO-1,,2026-11-23,phone,delay,2026-12-03",
        )],
    );
    let told = board(&w);
    let l = line(&told, "SO-1", "1");
    assert_eq!((l.decision.action, l.decision.urgency()), (Action::None, Urgency::Quiet));
    assert_eq!((l.decision.last_told_on, l.decision.last_quoted), (Some(w.today), Some(day("2026-12-03"))));
    assert_eq!((l.promise, l.state), (Some(day("2026-11-27")), State::WillBeLate), "quoted is not promised");
    // The supplier moves the date by more than the tolerance: told again, by one working day after that.
    take(&mut w, &[(Table::PoLines, "po,line,sku,quantity,expected_on\nPO-7,1,A,40,2026-12-15")]);
    let again = board(&w);
    let l = line(&again, "SO-1", "1");
    assert_eq!((l.decision.action, l.likely_on), (Action::Notify, Some(day("2026-12-15"))));
    assert_eq!(l.decision.act_by, Some(day("2026-11-24")), "the fact was recorded today");
    assert!(l.reason.ends_with("confirmed 1 Dec, now 15 Dec"), "{}", l.reason);
}

#[test]
fn a_later_promise_of_the_order_or_line_is_the_current_one() {
    let mut w = shop(&[
        (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-01,2026-11-10"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
    ]);
    take(&mut w, &[(Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-01,2026-12-24")]);
    let board = board(&w);
    let l = line(&board, "SO-1", "1");
    assert_eq!((l.first_promise, l.promise), (Some(day("2026-11-10")), Some(day("2026-12-24"))));
    assert_eq!(l.state, State::WillBeLate, "nothing is on order");
}

#[test]
fn settings_move_dates_and_rules() {
    let mut w = shop(&[
        (Table::Stock, "sku,bin,quantity\nA,S-1,10"),
        (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-16,2026-11-24"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
        (Table::Customers, "customer,name\nC9,No country"),
        (Table::Orders, "order,customer,ordered_on\nSO-9,C9,2026-11-16"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-9,1,B,6"),
    ]);
    set(&mut w, "handling_days", "2");
    let slow = board(&w);
    let l = line(&slow, "SO-1", "1");
    assert_eq!((l.likely_on, l.state, l.days_late), (Some(day("2026-11-25")), State::WillBeLate, Some(1)));
    assert_eq!(line(&slow, "SO-9", "1").decision.rule.name(), "house");
    set(&mut w, "warehouse.country", "US");
    set(&mut w, "customers.mostly", "consumer");
    assert_eq!(line(&board(&w), "SO-9", "1").decision.rule.name(), "us");
}

#[test]
fn orders_from_before_may_be_not_known() {
    let mut w = shop(&[
        (Table::Orders, "order,customer,ordered_on\nSO-1,C1,2026-09-01\nSO-2,C3,2026-11-23"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6\nSO-2,1,A,6"),
    ]);
    assert_eq!(line(&board(&w), "SO-1", "1").decision.action, Action::Notify);
    set(&mut w, "old_orders", "unknown");
    let board = board(&w);
    assert_eq!(line(&board, "SO-1", "1").decision.urgency(), Urgency::NotKnown);
    assert_eq!(line(&board, "SO-2", "1").decision.action, Action::Notify, "that one came in with the program here");
    assert_eq!((board.summary.not_known, board.customers.last().unwrap().verb), (1, "not known"));
}

/// The figure in the corner went down and up again with each talk, though nothing was shipped.
#[test]
fn what_waits_is_worth_the_same_whatever_was_said() {
    let mut w = shop(&[
        (Table::Items, "sku,name,price\nA,Chang,19\nB,Aniseed Syrup,10"),
        (
            Table::Orders,
            "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-09,2026-11-10\nSO-2,C1,2026-11-09,2026-12-30",
        ),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6\nSO-2,1,B,6"),
    ]);
    assert_eq!(board(&w).summary.worth.to_string(), "174.00");
    take(&mut w, &[(Table::Contacts, "order,line,contacted_on,message,outcome\nSO-1,1,2026-11-23,delay,reached")]);
    assert_eq!(board(&w).summary.worth.to_string(), "174.00");
}

#[test]
fn causes_count_lines_customers_and_worth_once() {
    let w = shop(&[
        (
            Table::Orders,
            "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-01,2026-11-10\nSO-2,C3,2026-11-02,2026-11-10",
        ),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6\nSO-1,2,B,4\nSO-2,1,A,6"),
        (Table::PurchaseOrders, "po,supplier,ordered_on\nPO-7,EX,2026-11-02"),
        (Table::PoLines, "po,line,sku,quantity,confirmed_for\nPO-7,1,A,20,2026-12-01"),
    ]);
    let board = board(&w);
    let found: Vec<_> = board
        .causes
        .iter()
        .map(|c| (c.name.as_str(), c.state.as_str(), c.lines, c.customers, c.worth.to_string()))
        .collect();
    assert_eq!(
        found,
        [
            ("PO-7, Exotic Liquids", "due 1 Dec", 2, 2, "120.00".to_string()),
            ("Aniseed Syrup", "nothing on order", 1, 1, "20.00".to_string()),
        ]
    );
    assert_eq!(board.causes[0].cause, Cause::Po("PO-7".into()));
}

#[test]
fn an_empty_warehouse_has_an_empty_board() {
    let w = Warehouse::new();
    let board = board(&w);
    assert!(board.lines.is_empty() && board.customers.is_empty() && sheet(&board).rows.is_empty());
}

/// Wide World Importers, imported in memory, as it stood on 31 May 2016.
fn wide_world() -> Option<Warehouse> {
    let data = crate::support::shared_data()?;
    let profile = backshelf::exchange::profile::Profile::load("wide-world-importers", None).unwrap();
    let batch =
        backshelf::exchange::read::read(&[data.join("wideworldimporters")], Some(&profile), &mut |_, _| {}).unwrap();
    let mut w = Warehouse::new();
    w.today = day("2016-05-31");
    let outcome = crate::importing::run(&mut w, batch, backshelf::ops::importing::Options::default());
    assert!(outcome.written);
    Some(w)
}

#[test]
fn a_real_warehouse_is_not_a_red_wall_of_lines() {
    let Some(w) = wide_world() else { return };
    let board = board(&w);
    let orders = |keep: &dyn Fn(&WaitingLine) -> bool| {
        board.lines.iter().filter(|l| keep(l)).map(|l| l.order).collect::<std::collections::HashSet<_>>().len()
    };
    assert_eq!((orders(&|_| true), orders(&|l| l.state == State::Late)), (3085, 3068));
    // 3,147 lines, but 653 people to talk to and two deliveries to chase.
    assert_eq!((board.lines.len(), board.customers.len(), board.causes.len()), (3147, 653, 2));
    assert_eq!(board.customers.iter().map(|r| r.lines.len()).sum::<usize>(), 3147);
    // Nothing is promised twice: what the lines get never exceeds what is there.
    let mut given: std::collections::HashMap<_, backshelf::domain::quantity::Qty> = Default::default();
    for l in &board.lines {
        *given.entry(l.item).or_default() += l.pegged.from_stock;
    }
    for (item, quantity) in given {
        let sql = format!("SELECT coalesce(sum(quantity), 0) FROM level WHERE item_id = {}", item.0);
        assert!(quantity.thousandths() <= w.number(&sql));
    }
    let measure = backshelf::ops::views::suppliers::Measure::default();
    let rows = backshelf::ops::views::suppliers::load(w.store.db(), &board, &measure, w.today).unwrap();
    let hurts: Vec<_> = rows.iter().take(3).map(|r| (r.supplier.name.as_str(), r.hurts.customers)).collect();
    assert_eq!(hurts, [("Fabrikam, Inc.", 640), ("Litware, Inc.", 488), ("A Datum Corporation", 0)]);
    let graded = rows.iter().filter(|r| r.card.score.is_some()).count();
    assert_eq!((rows.len(), graded), (13, 3), "ten of thirteen have delivered nothing for a year: no data");
}
