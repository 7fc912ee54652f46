//! Acting on stock for those who wait: ship, split, swap, hold, pack, deliver, pay back; what each would change before.

use crate::backorders::{BASE, board, line, set};
use crate::importing::take;
use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::allocation::Turn;
use backshelf::domain::delay::{Action, Answer, Message, Outcome};
use backshelf::domain::ids::{ItemId, LineId, OrderId};
use backshelf::domain::money::Money;
use backshelf::domain::quantity::Qty;
use backshelf::exchange::table::Table;
use backshelf::ops::acting::{self, Payment, Split, Swap, Yes};
use backshelf::ops::backorders::{self, CancelLine, NewDate, Talk, TalkLine};
use backshelf::ops::receiving::{self, Arrived, Delivery};
use backshelf::ops::settings::Settings;
use backshelf::ops::shipping::{self, Parcel, Sending};
use backshelf::ops::undo;
use backshelf::ops::views::backorders::Terms;
use backshelf::ops::views::refunds::{self, Refund};
use backshelf::ops::views::surplus::{self, Surplus};
use backshelf::ops::views::what_if::{self, Deed, Shift};
use backshelf::store::{Failure, acting as kept};

fn shop(more: &[(Table, &str)]) -> Warehouse {
    let mut w = Warehouse::new();
    take(&mut w, BASE);
    take(&mut w, more);
    w
}

fn id(w: &Warehouse, order: &str, line: &str) -> LineId {
    LineId(w.number(&format!(
        "SELECT l.id FROM order_line l JOIN customer_order o ON o.id = l.order_id WHERE o.code = '{order}' AND l.line = '{line}'"
    )))
}
fn item(w: &Warehouse, sku: &str) -> ItemId {
    ItemId(w.number(&format!("SELECT id FROM item WHERE sku = '{sku}'")))
}
fn terms(w: &Warehouse) -> Terms {
    Terms::of(&Settings::load(w.store.db()).unwrap())
}
fn what_if(w: &Warehouse, deed: Deed) -> Vec<Shift> {
    what_if::preview(w.store.db(), &terms(w), &deed, w.today).unwrap()
}
fn owed(w: &Warehouse) -> Vec<Refund> {
    refunds::owed(w.store.db(), &terms(w)).unwrap()
}
fn refusal<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result {
        Err(Failure::Refused(why)) => why.sentence().to_string(),
        other => panic!("not refused: {other:?}"),
    }
}
fn back(w: &mut Warehouse) {
    let last = undo::last_undoable(w.store.db(), None).unwrap().unwrap();
    let act = w.act("undo");
    undo::undo(&mut w.store, act, last).unwrap();
}
fn split(w: &mut Warehouse, line: LineId, units: i64, seen: i64) -> LineId {
    let act = w.act("split");
    acting::split(&mut w.store, act, Split { line, quantity: q(units), seen: q(seen) }).unwrap().value
}
fn cancel(w: &mut Warehouse, lines: &[(LineId, i64)], reason: &str, refunded: bool) {
    let lines: Vec<CancelLine> =
        lines.iter().map(|(line, open)| CancelLine { line: *line, quantity: q(*open), seen: q(*open) }).collect();
    let act = w.act("cancel");
    backorders::cancel(&mut w.store, act, &lines, reason, refunded).unwrap();
}

const TWO: &[(Table, &str)] = &[
    (Table::Stock, "sku,bin,quantity\nA,S-1,14\nB,S-2,5"),
    (
        Table::Orders,
        "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-02,2026-11-27\nSO-2,C3,2026-11-09,2026-12-20",
    ),
    (Table::OrderLines, "order,line,sku,quantity,price\nSO-1,1,A,10,12\nSO-1,2,A,10,12\nSO-2,1,A,5,12"),
    (Table::PurchaseOrders, "po,supplier,ordered_on,confirmed_on\nPO-7,EX,2026-11-02,2026-11-03\nPO-8,EX,2026-11-02,"),
    (Table::PoLines, "po,line,sku,quantity,confirmed_for\nPO-7,1,A,6,2026-12-02\nPO-8,1,A,20,2026-12-16"),
];

#[test]
fn a_receipt_fills_in_the_stated_order_a_due_preorder_before_others_and_a_held_line_not_at_all() {
    let mut w = shop(&[
        (
            Table::Orders,
            "order,customer,ordered_on,kind,promised_on\nSO-1,C1,2026-11-02,,2026-11-27\nSO-2,C2,2026-11-09,preorder,2026-11-20\n\
             SO-3,C3,2026-11-01,preorder,2026-12-20\nSO-4,C1,2026-11-01,,2026-11-24",
        ),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,5\nSO-2,1,A,5\nSO-3,1,A,5\nSO-4,1,A,5"),
        (Table::PurchaseOrders, "po,supplier,ordered_on\nPO-7,EX,2026-11-02"),
        (Table::PoLines, "po,line,sku,quantity\nPO-7,1,A,40"),
    ]);
    let held = id(&w, "SO-4", "1");
    let act = w.act("hold");
    acting::hold(&mut w.store, act, &[held], "customer asked to wait").unwrap();
    let po_line = backshelf::domain::ids::PoLineId(w.number("SELECT id FROM po_line"));
    let receive = |w: &mut Warehouse, units: i64, seen: i64| {
        let arrived = Arrived { po_line, quantity: q(units), rejected: q(0), reason: None, bin: None, seen: q(seen) };
        let act = w.act("receive");
        let delivery = Delivery { lines: vec![arrived], ..Delivery::default() };
        let done = receiving::receive(&mut w.store, act, &delivery).unwrap();
        done.value.put_aside.iter().map(|g| (g.order.clone(), g.quantity)).collect::<Vec<_>>()
    };
    // The pre-order whose day has come, then by promise; the one that is not due yet is an order like any other.
    assert_eq!(receive(&mut w, 7, 0), [("SO-1".to_string(), q(2)), ("SO-2".to_string(), q(5))]);
    assert_eq!(receive(&mut w, 6, 7), [("SO-1".to_string(), q(3)), ("SO-3".to_string(), q(3))]);
    assert_eq!(receive(&mut w, 7, 13), [("SO-3".to_string(), q(2))]);
    assert_eq!(w.allocated(held), 0);
    let board_now = board(&w);
    let l = line(&board_now, "SO-4", "1");
    assert_eq!((l.likely_on, l.decision.action), (None, Action::Notify), "the promise goes on");
    assert!(l.reason.ends_with("is on hold: customer asked to wait"), "{}", l.reason);
    assert_eq!(what_if(&w, Deed::Release(vec![held])).len(), 1);
    let act = w.act("release");
    acting::release(&mut w.store, act, &[held]).unwrap();
    assert_eq!(w.allocated(held), 5);
    let act = w.act("release");
    assert!(refusal(acting::release(&mut w.store, act, &[held])).contains("not on hold"));
}

#[test]
fn a_turn_says_before_who_becomes_late_and_whose_rule_asks_for_more() {
    let mut w = shop(TWO);
    let (first, second, other) = (id(&w, "SO-1", "1"), id(&w, "SO-1", "2"), id(&w, "SO-2", "1"));
    assert_eq!((w.allocated(first), w.allocated(second), w.allocated(other)), (10, 4, 0));
    // The second line waits for 6 of PO-7, the other order for PO-8. Raised, the other order gets PO-7 first.
    let shifts = what_if(&w, Deed::Turn { lines: vec![other], turn: Turn::First });
    let told: Vec<(&str, Option<i64>, bool, bool)> =
        shifts.iter().map(|s| (s.order_code.as_str(), s.days, s.becomes_late, s.is_later())).collect();
    assert_eq!(told, [("SO-1", Some(14), false, true), ("SO-2", Some(-14), false, false)]);
    // Yielding gives away what is reserved: the other order is in time today, this one becomes late.
    let deed = Deed::Turn { lines: vec![first], turn: Turn::Yields };
    let shifts = what_if(&w, deed.clone());
    assert!(shifts.iter().any(|s| s.line == first && s.becomes_late && s.worse), "{shifts:?}");
    assert_eq!(shifts.iter().find(|s| s.line == first).unwrap().rule.as_deref(), Some("must be told today"));
    let act = w.act("turn");
    backorders::set_turn(&mut w.store, act, &[first], Turn::Yields).unwrap();
    assert_eq!((w.allocated(first), w.allocated(second), w.allocated(other)), (0, 10, 4));
    assert!(what_if(&w, deed).is_empty(), "done is done");
    back(&mut w);
    assert_eq!((w.allocated(first), w.allocated(second), w.allocated(other)), (10, 4, 0));
}

#[test]
fn a_part_goes_with_its_number_and_the_rest_still_waits() {
    let mut w = shop(TWO);
    let (first, second) = (id(&w, "SO-1", "1"), id(&w, "SO-1", "2"));
    let act = w.act("pack");
    acting::pack(&mut w.store, act, &[second]).unwrap();
    let sending = Sending {
        parcels: vec![
            Parcel { line: first, quantity: q(7), seen: q(10) },
            Parcel { line: second, quantity: q(4), seen: q(4) },
        ],
        reference: Some("3SABC0012".into()),
        told: Some("mail".into()),
        handed_over: false,
    };
    let act = w.act("ship");
    let done = shipping::send(&mut w.store, act, &sending).unwrap();
    assert_eq!(done.summary, "shipped 7 Chang on SO-1 line 1, 4 Chang on SO-1 line 2, 3SABC0012");
    assert_eq!(w.allocated(first), 3);
    let customer = backshelf::domain::ids::CustomerId(w.number("SELECT id FROM customer WHERE code = 'C1'"));
    let stories = kept::stories(w.store.db(), customer).unwrap();
    assert_eq!(stories[0].parcels[0].reference.as_deref(), Some("3SABC0012"));
    assert_eq!((stories[0].shipped, stories[0].told.as_slice()), (q(7), &[w.today][..]));
    assert_eq!(stories[1].packed_on, None, "what is left has to be packed anew");
    let act = w.act("delivered");
    acting::deliver(&mut w.store, act, &[first, second], w.today).unwrap();
    assert!(kept::on_the_way(w.store.db(), day("2026-11-01")).unwrap().is_empty());
    back(&mut w);
    assert_eq!(kept::on_the_way(w.store.db(), day("2026-11-01")).unwrap().len(), 2);
    back(&mut w);
    assert_eq!((w.allocated(first), w.number("SELECT count(*) FROM shipment WHERE withdrawn_by IS NULL")), (10, 0));
    let act = w.act("delivered");
    assert!(refusal(acting::deliver(&mut w.store, act, &[first], w.today)).contains("shipped yet"));
    let act = w.act("ship");
    let wrong = Parcel { line: first, quantity: q(11), seen: q(10) };
    assert!(refusal(shipping::ship(&mut w.store, act, &[wrong])).contains("cannot be shipped"));
}

#[test]
fn a_split_keeps_the_place_the_promise_and_what_was_said() {
    let mut w = shop(TWO);
    let (second, other) = (id(&w, "SO-1", "2"), id(&w, "SO-2", "1"));
    let act = w.act("new-date");
    let date = NewDate { line: second, seen: Some(day("2026-11-27")), date: day("2026-12-05") };
    backorders::promise(&mut w.store, act, &[date], "supplier is late").unwrap();
    let about =
        TalkLine { line: second, message: Some(Message::Delay), quoted_for: Some(day("2026-12-05")), seen_contacts: 0 };
    let talk = Talk { lines: vec![about], outcome: Some(Outcome::Sent), ..Talk::default() };
    let act = w.act("contact");
    backorders::talk(&mut w.store, act, &talk).unwrap();
    let before = board(&w);
    let decided = line(&before, "SO-1", "2").decision;

    let part = split(&mut w, second, 6, 10);
    assert_eq!((w.allocated(second), w.allocated(part), w.allocated(other)), (4, 0, 0));
    let after = board(&w);
    let (kept_line, new) = (line(&after, "SO-1", "2"), line(&after, "SO-1", "2.2"));
    assert_eq!((kept_line.open, kept_line.likely_on), (q(4), Some(w.today)));
    assert_eq!((new.open, new.likely_on), (q(6), line(&before, "SO-1", "2").likely_on));
    assert_eq!((new.promise, new.contacts), (Some(day("2026-12-05")), 1));
    assert_eq!(new.decision, decided, "the rule's days go on as they were");
    assert_eq!(line(&after, "SO-2", "1").likely_on, line(&before, "SO-2", "1").likely_on);
    // What is said of the first from now on is no word about the part.
    let about = TalkLine { line: second, message: None, quoted_for: None, seen_contacts: 1 };
    let talk = Talk { lines: vec![about], answer: Some(Answer::Cancel), ..Talk::default() };
    let act = w.act("contact");
    backorders::talk(&mut w.store, act, &talk).unwrap();
    let after = board(&w);
    assert_eq!(line(&after, "SO-1", "2").decision.action, Action::CancelAndRefund);
    assert_eq!(
        (line(&after, "SO-1", "2.2").contacts, line(&after, "SO-1", "2.2").decision.action),
        (1, decided.action)
    );
    // A part of the part knows what both were told.
    let third = split(&mut w, part, 2, 6);
    assert_eq!(line(&board(&w), "SO-1", "2.3").contacts, 1);
    assert_eq!(w.text(&format!("SELECT place FROM order_line WHERE id = {}", third.0)), "2");
    for _ in 0..3 {
        back(&mut w);
    }
    assert_eq!(w.number("SELECT count(*) FROM order_line"), 3);
    assert_eq!(line(&board(&w), "SO-1", "2").open, q(10));
    let act = w.act("split");
    let all = Split { line: second, quantity: q(10), seen: q(10) };
    assert!(refusal(acting::split(&mut w.store, act, all)).contains("leave at least some"));
}

#[test]
fn a_file_that_knows_nothing_of_a_split_speaks_of_the_whole_line() {
    let mut w = shop(TWO);
    let second = id(&w, "SO-1", "2");
    let part = split(&mut w, second, 6, 10);
    let quantities = |w: &Warehouse| {
        (
            w.number(&format!("SELECT quantity / 1000 FROM order_line WHERE id = {}", second.0)),
            w.number(&format!("SELECT quantity / 1000 FROM order_line WHERE id = {}", part.0)),
        )
    };
    let operations = w.number("SELECT count(*) FROM operation");
    take(&mut w, TWO);
    assert_eq!(quantities(&w), (4, 6), "10 were ordered, not 16");
    assert_eq!(w.number("SELECT count(*) FROM operation"), operations, "nothing new, nothing done");
    take(&mut w, &[(Table::OrderLines, "order,line,sku,quantity\nSO-1,2,A,13")]);
    assert_eq!(quantities(&w), (7, 6));
    take(&mut w, &[(Table::OrderLines, "order,line,sku,quantity\nSO-1,2,A,7\nSO-1,2.2,A,6")]);
    assert_eq!(quantities(&w), (7, 6), "a file that knows the part speaks of each");
    take(&mut w, &[(Table::OrderLines, "order,line,sku,quantity,shipped\nSO-1,2,A,13,9")]);
    let shipped = |line: LineId| w.number(&format!("SELECT shipped / 1000 FROM order_line WHERE id = {}", line.0));
    assert_eq!((shipped(second), shipped(part)), (7, 2));
}

fn yes() -> Option<Yes> {
    Some(Yes { channel: "phone".into(), words: Some("fine by me".into()) })
}

#[test]
fn a_swap_needs_a_yes_and_keeps_both_what_was_ordered_and_what_is_sent() {
    let mut w = shop(TWO);
    let (second, to) = (id(&w, "SO-1", "2"), item(&w, "B"));
    let mut wanted = Swap { line: second, quantity: q(5), to, yes: None, seen: q(10) };
    let before = w.everything();
    let act = w.act("swap");
    assert!(refusal(acting::swap(&mut w.store, act, &wanted)).contains("ask first"));
    let act = w.act("swap");
    let too_many = Swap { quantity: q(6), yes: yes(), ..wanted.clone() };
    assert!(refusal(acting::swap(&mut w.store, act, &too_many)).contains("5 Aniseed Syrup are free"));
    assert_eq!(w.everything(), before);

    wanted.yes = yes();
    let shifts = what_if(&w, Deed::Swap { line: second, quantity: q(5), to });
    assert!(shifts.iter().any(|s| s.order_code == "SO-2" && s.days == Some(-14)), "{shifts:?}");
    let act = w.act("swap");
    let sent = acting::swap(&mut w.store, act, &wanted).unwrap().value;
    assert_ne!(sent, second, "5 of 10: a part of its own");
    let now = board(&w);
    let l = line(&now, "SO-1", "2.2");
    assert_eq!((l.item_name.as_str(), l.wanted.as_deref(), l.allocated), ("Aniseed Syrup", Some("Chang"), q(5)));
    assert_eq!(l.value, Some(Money::parse("60").unwrap()), "at the price agreed");
    assert_eq!((l.contacts, line(&now, "SO-1", "2").contacts), (1, 0));
    assert_eq!(w.text("SELECT offer || ' ' || answer || ' ' || words FROM contact"), "alternative consent fine by me");
    // The file names what was ordered: that is no change back.
    take(&mut w, TWO);
    assert_eq!(line(&board(&w), "SO-1", "2.2").item_name, "Aniseed Syrup");
    back(&mut w);
    assert_eq!((w.number("SELECT count(*) FROM order_line"), w.allocated(second)), (3, 4));

    // A yes that is on record is enough; the whole line keeps its number.
    let about = TalkLine { line: second, message: None, quoted_for: None, seen_contacts: 0 };
    let offer = Some("alternative".to_string());
    let talk = Talk {
        lines: vec![about],
        outcome: Some(Outcome::Reached),
        answer: Some(Answer::Consent),
        offer,
        ..Talk::default()
    };
    let act = w.act("contact");
    backorders::talk(&mut w.store, act, &talk).unwrap();
    w.moved(to, backshelf::domain::ids::BinId(w.number("SELECT id FROM bin WHERE code = 'S-2'")), 5);
    let act = w.act("swap");
    let whole = Swap { quantity: q(10), yes: None, ..wanted };
    assert_eq!(acting::swap(&mut w.store, act, &whole).unwrap().value, second);
    assert_eq!(w.allocated(second), 10);
}

#[test]
fn a_cancellation_shows_what_is_on_order_too_much_and_until_when_it_can_be_cut() {
    let w = shop(TWO);
    let (second, other) = (id(&w, "SO-1", "2"), id(&w, "SO-2", "1"));
    let all = [(second, q(10)), (other, q(5))];
    let found = surplus::of_cancelling(w.store.db(), &terms(&w), &all, w.today).unwrap();
    let told: Vec<(&str, Qty, bool)> = found.iter().map(|s| (s.po_code.as_str(), s.quantity, s.confirmed)).collect();
    assert_eq!(told, [("PO-8", q(5), true), ("PO-7", q(6), true)]);
    // Seven lead days before it is due.
    assert_eq!(found.iter().map(|s| s.cut_by).collect::<Vec<_>>(), [Some(day("2026-12-09")), Some(day("2026-11-25"))]);
    // What planning wants in stock anyway is not too much.
    let mut w = w;
    take(&mut w, &[(Table::Items, "sku,name,max\nA,Chang,100")]);
    let none: Vec<Surplus> = surplus::of_cancelling(w.store.db(), &terms(&w), &all, w.today).unwrap();
    assert!(none.is_empty(), "{none:?}");
}

#[test]
fn money_goes_back_in_parts_and_each_cancellation_of_a_day_is_owed_for_itself() {
    let mut w = shop(TWO);
    let (first, second) = (id(&w, "SO-1", "1"), id(&w, "SO-1", "2"));
    let order = OrderId(w.number("SELECT id FROM customer_order WHERE code = 'SO-1'"));
    cancel(&mut w, &[(first, 10)], "our mistake", true);
    assert!(owed(&w).is_empty());
    // On the same day: what went back before does not pay for it.
    cancel(&mut w, &[(second, 10)], "our mistake", false);
    let now = owed(&w);
    assert_eq!((now.len(), now[0].amount), (1, Some(Money::parse("120").unwrap())));
    let pay = |w: &mut Warehouse, amount: &str, settles: bool| {
        let payment = Payment { order, on: w.today, amount: Some(Money::parse(amount).unwrap()), settles, note: None };
        let act = w.act("refund");
        acting::pay_back(&mut w.store, act, &[payment])
    };
    pay(&mut w, "50", false).unwrap();
    assert_eq!((owed(&w)[0].amount, owed(&w)[0].paid_back), (Money::parse("70"), Money::parse("50").unwrap()));
    pay(&mut w, "70", true).unwrap();
    assert!(owed(&w).is_empty());
    back(&mut w);
    assert_eq!(owed(&w)[0].amount, Money::parse("70"));
    assert!(refusal(pay(&mut w, "0", true)).contains("amount"));
    w.today = day("2026-11-22");
    let payment = Payment { order, on: day("2026-11-23"), amount: None, settles: true, note: None };
    let act = w.act("refund");
    assert!(refusal(acting::pay_back(&mut w.store, act, &[payment])).contains("between the order and today"));
}

#[test]
fn what_was_paid_is_what_goes_back_of_a_wholly_cancelled_order() {
    let mut w = shop(&[
        (Table::Orders, "order,customer,ordered_on,paid_amount\nSO-1,C1,2026-11-02,95.50\nSO-2,C1,2026-11-02,"),
        (Table::OrderLines, "order,line,sku,quantity,price\nSO-1,1,A,10,12\nSO-2,1,A,10,12"),
    ]);
    let lines = [(id(&w, "SO-1", "1"), 10), (id(&w, "SO-2", "1"), 10)];
    cancel(&mut w, &lines, "our mistake", false);
    let told: Vec<(Option<Money>, bool)> = owed(&w).iter().map(|r| (r.amount, r.estimate)).collect();
    assert_eq!(told, [(Money::parse("95.5"), false), (Money::parse("120"), true)]);
}

#[test]
fn a_preorder_without_a_date_of_its_own_is_held_to_the_date_its_item_had() {
    let mut w = shop(&[
        (Table::Items, "sku,name,backorders,backorder_limit,available_on\nP,Kettle,preorder,8,2027-01-10"),
        (Table::Orders, "order,customer,ordered_on,kind,paid\nSO-1,C2,2026-11-02,preorder,yes"),
        (Table::OrderLines, "order,line,sku,quantity,price\nSO-1,1,P,1,40"),
        (Table::PurchaseOrders, "po,supplier,ordered_on,confirmed_on\nPO-7,EX,2026-11-02,2026-11-03"),
        (Table::PoLines, "po,line,sku,quantity,confirmed_for\nPO-7,1,P,6,2027-01-08"),
    ]);
    set(&mut w, "warehouse.country", "US");
    let now = board(&w);
    let l = line(&now, "SO-1", "1");
    assert_eq!((l.promise, l.decision.action), (Some(day("2027-01-10")), Action::None));
    // The date slips: what the customer was told stays, and the us rule asks for a notice by then.
    let before = w.number("SELECT count(*) FROM order_line WHERE set_date IS NOT NULL");
    take(
        &mut w,
        &[
            (Table::Items, "sku,name,available_on\nP,Kettle,2027-02-10"),
            (Table::PoLines, "po,line,sku,quantity,expected_on\nPO-7,1,P,6,2027-02-08"),
        ],
    );
    let now = board(&w);
    let l = line(&now, "SO-1", "1");
    assert_eq!((l.promise, l.decision.action), (Some(day("2027-01-10")), Action::Notify));
    assert_eq!((l.decision.message, l.decision.act_by), (Some(Message::FirstShort), Some(day("2027-01-10"))));
    back(&mut w);
    assert_eq!(w.number("SELECT count(*) FROM order_line WHERE set_date IS NOT NULL"), before);
    w.today = day("2027-01-11");
    let now = board(&w);
    let l = line(&now, "SO-1", "1");
    assert_eq!(l.decision.action, Action::CancelAndRefund, "nobody was told in time: the money goes back");
    assert_eq!(l.decision.refund_by, Some(day("2027-01-20")));
}
