//! The contact queue: one count everywhere, put off and called again, colleagues, what was told before, what offers
//! achieved, and the day's list on paper.

use crate::backorders::{BASE, board, line, set};
use crate::importing::take;
use crate::support::cli::Bench;
use crate::support::rig::Rig;
use crate::support::warehouse::{Warehouse, day};
use backshelf::domain::delay::{Action, Message, Outcome, Silence, Urgency};
use backshelf::domain::ids::{CustomerId, ItemId};
use backshelf::domain::money::Money;
use backshelf::exchange::table::Table;
use backshelf::ops::backorders::{Talk, TalkLine, put_off, talk};
use backshelf::ops::not_told::{Before, say};
use backshelf::ops::views::backorders::{CustomerRow, Terms, load_at};
use backshelf::ops::views::{calls, offers, refunds};
use backshelf::ops::{purchasing, undo};
use backshelf::store::{Mode, Store};
use proptest::prelude::*;

fn shop(more: &[(Table, &str)]) -> Warehouse {
    let mut w = Warehouse::new();
    take(&mut w, BASE);
    take(&mut w, more);
    w
}

/// Nobody answered about an order's first line: to be called again tomorrow at nine.
fn tried_in_vain(w: &mut Warehouse, order: &str) {
    let id = line(&board(w), order, "1").line;
    let said = Talk {
        lines: vec![TalkLine { line: id, message: None, quoted_for: None, seen_contacts: 0 }],
        outcome: Some(Outcome::NoAnswer),
        follow_up_at: day("2026-11-24").and_hms_opt(9, 0, 0),
        ..Talk::default()
    };
    let act = w.act("contact");
    talk(&mut w.store, act, &said).unwrap();
}

fn customer<'a>(board: &'a backshelf::ops::views::backorders::Board, name: &str) -> &'a CustomerRow {
    board.customers.iter().find(|r| r.name == name).unwrap()
}

/// What the day's sentence counts, added up.
fn counted(sentence: &str) -> usize {
    let Some(today) = sentence.strip_prefix("Today: ") else { return 0 };
    let first = |part: &str| part.split(' ').next().unwrap().replace(',', "").parse::<usize>().unwrap();
    today.split_once('.').unwrap().0.split(", ").map(first).sum()
}

/// An order: customer, days since it was ordered, days to its promise, paid, days since a talk, its outcome and when it
/// is to be tried again (hours from midnight of today).
type Ordered = (usize, i64, Option<i64>, bool, Option<(i64, bool, Option<i64>)>);

fn ordered() -> impl Strategy<Value = Ordered> {
    (
        0..3_usize,
        0..70_i64,
        prop::option::of(-30..40_i64),
        prop::bool::weighted(0.8),
        prop::option::of((0..20_i64, any::<bool>(), prop::option::of(-30..60_i64))),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn badge_sentence_view_and_paper_count_the_same(orders in prop::collection::vec(ordered(), 0..9), snoozed in 0..4_usize, cancelled in 0..3_usize) {
        let mut w = shop(&[]);
        set(&mut w, "warehouse.country", "US");
        let today = w.today;
        let on = |days: i64| (today + chrono::Duration::days(days)).to_string();
        let (mut heads, mut lines) = ("order,customer,ordered_on,promised_on,paid".to_string(), "order,line,sku,quantity".to_string());
        for (n, (who, ago, promise, paid, _)) in orders.iter().enumerate() {
            let promised = promise.map_or(String::new(), |p| on(p.max(-ago)));
            heads.push_str(&format!("\nSO-{n},C{},{},{promised},{}", who + 1, on(-ago), if *paid { "yes" } else { "no" }));
            lines.push_str(&format!("\nSO-{n},1,A,{}", n + 1));
        }
        take(&mut w, &[(Table::Orders, &heads), (Table::OrderLines, &lines)]);
        for (n, (.., talked)) in orders.iter().enumerate() {
            let Some((ago, reached, again)) = talked else { continue };
            w.today = today - chrono::Duration::days(*ago);
            let id = line(&board(&w), &format!("SO-{n}"), "1").line;
            let said = Talk {
                lines: vec![TalkLine { line: id, message: Some(Message::Delay), quoted_for: None, seen_contacts: 0 }],
                outcome: Some(if *reached { Outcome::Reached } else { Outcome::NoAnswer }),
                follow_up_at: again.map(|h| today.and_hms_opt(0, 0, 0).unwrap() + chrono::Duration::hours(h)),
                ..Talk::default()
            };
            let act = w.act("contact");
            talk(&mut w.store, act, &said).unwrap();
        }
        w.today = today;
        let now = board(&w);
        for row in now.customers.iter().take(snoozed) {
            let act = w.act("later");
            let _ = put_off(&mut w.store, act, &[row.customer], today + chrono::Duration::days(2), "waits"); // the law may refuse
        }
        for line in now.lines.iter().take(cancelled) {
            let wanted = backshelf::ops::backorders::CancelLine { line: line.line, quantity: line.open, seen: line.open };
            let act = w.act("cancel");
            backshelf::ops::backorders::cancel(&mut w.store, act, &[wanted], "asked for", false).unwrap();
        }
        let mut rig = Rig::sized(w.store, 160, 45);
        rig.keys("2");
        let screen = rig.app.screen();
        let look = rig.app.look;
        let badge = screen.badge().unwrap();
        let red = screen.list().shown(&look).rows.iter().filter(|r| matches!(&r[0], backshelf::worker::office::Value::Text(t) if t.starts_with('!'))).count();
        let db = rig.desk.store.db();
        let terms = Terms::of(&backshelf::ops::settings::Settings::load(db).unwrap());
        let now = load_at(db, &terms, rig.desk.clock.moment()).unwrap();
        let paper = calls::list(&now, &refunds::owed(db, &terms).unwrap(), true);
        prop_assert_eq!(badge.count, red, "{}", rig.screen());
        prop_assert_eq!(badge.count, counted(&screen.sentence(&look)), "{}", screen.sentence(&look));
        prop_assert_eq!((badge.count, badge.count > 0), (paper.calls.len(), badge.urgent));
        // All orders name the same channel, none: its row counts what the badge counts.
        let mut by_channel = now.clone();
        by_channel.count_refunds(&refunds::owed(db, &terms).unwrap());
        prop_assert_eq!(badge.count, by_channel.channels.iter().map(|c| c.due).sum::<usize>());
        for row in &now.customers {
            prop_assert_eq!(row.days_late, (today - row.was).num_days().max(0), "{:?}", row);
        }
    }
}

#[test]
fn a_snooze_never_outlasts_what_a_law_asks_for() {
    let mut w = shop(&[
        (Table::Orders, "order,customer,ordered_on,promised_on,paid\nSO-1,C2,2026-11-16,2026-11-20,no"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
    ]);
    let who = CustomerId(w.number("SELECT id FROM customer WHERE code = 'C2'"));
    let later = |w: &mut Warehouse, until: &str| {
        let act = w.act("later");
        put_off(&mut w.store, act, &[who], day(until), "waits for the supplier")
    };
    later(&mut w, "2026-12-20").unwrap();
    let put = board(&w);
    let row = customer(&put, "M. Haynes");
    assert_eq!((row.later_until, row.later_why.as_deref()), (Some(day("2026-12-20")), Some("waits for the supplier")));
    assert!(!row.due_today && row.waits_for_them());
    // Taken back, it is here again: nothing is said of the day on which it would have come.
    let act = w.act("undo");
    let last = undo::last_undoable(w.store.db(), None).unwrap().unwrap();
    let done = undo::undo(&mut w.store, act, last).unwrap();
    assert_eq!(done.summary, "took back: put off M. Haynes: waits for the supplier");
    later(&mut w, "2026-12-20").unwrap();
    // A day named later replaces the one before, also an earlier one.
    later(&mut w, "2026-11-25").unwrap();
    assert_eq!(customer(&board(&w), "M. Haynes").later_until, Some(day("2026-11-25")));
    later(&mut w, "2026-12-20").unwrap();
    // The same customer orders again, now paid: the law asks for a word by its promise, and the row is back by itself.
    take(
        &mut w,
        &[
            (Table::Orders, "order,customer,ordered_on,promised_on\nSO-2,C2,2026-11-20,2026-11-24"),
            (Table::OrderLines, "order,line,sku,quantity\nSO-2,1,A,1"),
        ],
    );
    let back = board(&w);
    let row = customer(&back, "M. Haynes");
    assert_eq!((row.later_until, row.law_by.map(|l| l.1)), (None, Some(day("2026-11-24"))));
    let refused = later(&mut w, "2026-11-25").unwrap_err().to_string();
    assert!(refused.contains("the US rule asks for this by Tue 24 Nov"), "{refused}");
    later(&mut w, "2026-11-24").unwrap();
    w.today = day("2026-11-24");
    let refused = later(&mut w, "2026-11-25").unwrap_err().to_string();
    assert!(refused.contains("must hear from us today: the US rule does not wait"), "{refused}");
}

#[test]
fn what_counts_stands_in_was_also_where_no_date_was_stated() {
    let w = shop(&[
        (Table::Orders, "order,customer,ordered_on\nSO-1,C2,2026-11-02"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
    ]);
    let board = board(&w);
    let row = customer(&board, "M. Haynes");
    assert_eq!((row.was, row.was_stated), (day("2026-12-02"), false));
    assert_eq!(row.silence, "60.00 goes back on 2 Jan unless shipped");
    assert_eq!(row.stands_until, Some(day("2026-12-02")));
}

#[test]
fn silence_is_what_it_means_after_the_date_that_is_to_be_said() {
    // Likely within 30 days of the last day, safe beyond it: the safe date is said, and silence then is no yes.
    let w = shop(&[
        (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C2,2026-11-02,2026-11-25"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
        (Table::PurchaseOrders, "po,supplier,ordered_on\nPO-7,EX,2026-11-02\nPO-6,EX,2026-09-01"),
        (
            Table::PoLines,
            "po,line,sku,quantity,confirmed_for\nPO-7,1,A,40,2026-12-10\nPO-6,1,C,5,2026-09-10\nPO-6,2,C,5,2026-09-10\nPO-6,3,C,5,2026-09-10",
        ),
        (
            Table::Receipts,
            "po,line,received_on,quantity\nPO-6,1,2026-09-14,5\nPO-6,2,2026-09-14,5\nPO-6,3,2026-10-10,5",
        ),
    ]);
    let board = board(&w);
    let l = line(&board, "SO-1", "1");
    assert_eq!((l.likely_on, l.safe_on), (Some(day("2026-12-14")), Some(day("2027-01-09"))));
    assert_eq!(l.decision.silence_means, Some(Silence::Consent), "of the likely date");
    let row = customer(&board, "M. Haynes");
    assert_eq!(row.silence, "60.00 goes back on 26 Dec unless shipped");
    assert!(row.next.contains("Say 9 Jan to be safe."), "{}", row.next);
}

/// The date to say covers the order that it is said of, or names what it does not cover.
#[test]
fn what_comes_later_than_the_date_to_say_is_named_beside_it() {
    let with = |second: &str| {
        let lines = format!("order,line,sku,quantity\nSO-1,1,A,6\nSO-1,2,C,6\nSO-2,1,B,1{second}");
        let w = shop(&[
            (
                Table::Orders,
                "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-02,2026-11-25\nSO-2,C3,2026-11-02,2026-11-25",
            ),
            (Table::OrderLines, &lines),
            (Table::PurchaseOrders, "po,supplier,ordered_on\nPO-7,EX,2026-11-02\nPO-8,TT,2026-11-02"),
            (
                Table::PoLines,
                "po,line,sku,quantity,confirmed_for\nPO-7,1,A,6,2026-12-03\nPO-8,1,C,40,2026-12-14\nPO-8,2,B,40,2026-12-14",
            ),
        ]);
        let board = board(&w);
        [customer(&board, "Around the Horn").next.clone(), customer(&board, "Hungry Owl").next.clone()]
    };
    let [two, one] = with("");
    assert!(two.contains("Say 3 Dec, 14 Dec for the rest."), "{two}");
    assert!(one.contains("Say 14 Dec."), "another customer's lines are no rest of it: {one}");
    let [none, _] = with("\nSO-1,3,A,1");
    assert!(none.contains("Say 3 Dec, no date for the rest."), "{none}");
}

#[test]
fn a_number_alone_is_called_a_po() {
    let w = shop(&[
        (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-16,2026-11-27"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
        (Table::PurchaseOrders, "po,supplier,ordered_on\n2074,EX,2026-11-02"),
        (Table::PoLines, "po,line,sku,quantity,confirmed_for\n2074,1,A,40,2026-12-01"),
    ]);
    let board = board(&w);
    let l = line(&board, "SO-1", "1");
    assert_eq!(l.chain.as_deref(), Some("PO 2074, Exotic Liquids, due 1 Dec"));
    assert_eq!(l.waits_for.as_deref(), Some("6 of PO 2074 (Exotic Liquids)"));
    assert_eq!(board.causes[0].name, "PO 2074, Exotic Liquids");
}

#[test]
fn a_colleague_who_has_the_customer_open_is_named_and_nothing_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let mut w = Warehouse::of(Store::open(&path, Mode::Create).unwrap());
    take(&mut w, BASE);
    take(
        &mut w,
        &[
            (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-16,2026-11-20"),
            (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
        ],
    );
    let (mut kim, mut me) = (Rig::new(w.store), Rig::new(Store::open(&path, Mode::Existing).unwrap()));
    (kim.desk.operator, kim.desk.station, me.desk.station) = ("K.Smit".into(), "desk 3:1".into(), "desk 4:1".into());
    let before = me.operations();
    kim.keys("2 c");
    assert!(!kim.screen().contains("open since"), "{}", kim.screen());
    for key in ["c", "a", "x", "d", "t", "z"] {
        me.keys(&format!("2 {key}"));
        let screen = me.screen();
        assert!(screen.contains("K.Smit has had this customer open since 09:12."), "{key}: {screen}");
        me.keys("<esc> <esc>");
    }
    kim.keys("<esc> <esc>");
    me.keys("c");
    assert!(!me.screen().contains("K.Smit has had"), "{}", me.screen());
    assert_eq!(me.operations(), before);
    assert_eq!(backshelf::ops::checking::check(me.desk.store.db()).unwrap().faults, Vec::<String>::new());
    // Nobody talks for half an hour: what stood there so long is old.
    kim.keys("c");
    me.desk.clock = backshelf::clock::Clock::stopped(day("2026-11-23").and_hms_opt(9, 43, 0).unwrap());
    me.keys("<esc> <esc> c");
    assert!(!me.screen().contains("K.Smit has had"), "{}", me.screen());
}

fn from_before() -> Warehouse {
    let mut w = shop(&[
        (Table::Orders, "order,customer,ordered_on\nSO-1,C1,2026-09-01\nSO-2,C3,2026-09-05\nSO-3,C2,2026-09-20"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6\nSO-1,2,B,6\nSO-2,1,A,6\nSO-3,1,A,1"),
    ]);
    set(&mut w, "old_orders", "unknown");
    w
}

#[test]
fn a_person_says_what_was_told_before() {
    let mut w = from_before();
    let who = |name: &str, w: &Warehouse| customer(&board(w), name).customer;
    let (horn, owl, haynes) = (who("Around the Horn", &w), who("Hungry Owl", &w), who("M. Haynes", &w));
    assert_eq!(board(&w).summary.not_known, 3);
    let act = w.act("told-before");
    let done = say(&mut w.store, act, &[horn, owl], &Before::Nobody).unwrap();
    assert_eq!(done.summary, "nobody had told 2 customers about 3 lines");
    assert_eq!(line(&board(&w), "SO-1", "2").decision.action, Action::Notify);
    let told = Before::Told { on: day("2026-10-01"), quoted_for: Some(day("2026-11-10")), offered_cancel: true };
    let act = w.act("told-before");
    say(&mut w.store, act, &[haynes], &told).unwrap();
    // Told in time of a date that has passed since: the order is lost, and that is known now.
    let now = board(&w);
    let l = line(&now, "SO-3", "1");
    assert_eq!((l.decision.action, l.decision.last_quoted), (Action::CancelAndRefund, Some(day("2026-11-10"))));
    assert_eq!(now.summary.not_known, 0);
    let act = w.act("told-before");
    let refused = say(&mut w.store, act, &[haynes], &told).unwrap_err().to_string();
    assert!(refused.contains("known already"), "{refused}");
    // Taken back, they are not known again, and the books agree.
    for _ in 0..2 {
        let last = backshelf::domain::ids::OperationId(w.number(
            "SELECT max(id) FROM operation o WHERE kind = 'told-before' AND NOT EXISTS (SELECT 1 FROM operation r WHERE r.reverses = o.id)",
        ));
        let act = w.act("undo");
        backshelf::ops::undo::undo(&mut w.store, act, last).unwrap();
    }
    assert_eq!(board(&w).summary.not_known, 3);
    assert_eq!(backshelf::ops::checking::check(w.store.db()).unwrap().faults, Vec::<String>::new());
}

#[test]
fn what_was_told_is_said_for_all_marked_on_the_screen() {
    let mut rig = Rig::new(from_before().store);
    rig.keys("2 v v v v v v *").keys("a");
    insta::assert_snapshot!("told_before", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("Say the day on which they were told"), "{}", rig.screen());
    rig.keys("<up> 2 <f8>");
    assert!(rig.screen().contains("nobody had told 3 customers about 4 lines"), "{}", rig.screen());
}

#[test]
fn an_offer_counts_the_orders_that_stayed() {
    let mut w = shop(&[
        (
            Table::Orders,
            "order,customer,ordered_on\nSO-1,C1,2026-11-01\nSO-2,C2,2026-11-01\nSO-3,C3,2026-11-01\nSO-4,C1,2026-10-01",
        ),
        (
            Table::OrderLines,
            "order,line,sku,quantity,shipped,shipped_on,cancelled\nSO-1,1,A,6,6,2026-11-20,\nSO-1,2,B,6,6,2026-11-21,\nSO-2,1,A,6,,,6\nSO-3,1,A,6,,,\nSO-4,1,A,6,6,2026-10-20,",
        ),
        (
            Table::Contacts,
            "order,line,contacted_on,message,outcome,offer,offer_cost\nSO-1,1,2026-11-10,delay,reached,Free delivery,8\nSO-1,2,2026-11-10,delay,reached,Free delivery,4\nSO-2,,2026-11-10,first_short,sent,free delivery,6\nSO-3,,2026-11-12,delay,,,\nSO-3,,2026-11-12,delay,no_answer,sample,9\nSO-4,,2026-11-10,delay,,,",
        ),
    ]);
    let found = |w: &Warehouse| -> Vec<String> {
        let rows = offers::achieved(w.store.db()).unwrap();
        let said = |a: &offers::Achieved| {
            let each = a.cost_per_kept().map_or(String::new(), |m| m.to_string());
            format!(
                "{} {}/{}/{}/{} {} {each} {}",
                a.name,
                a.contacted,
                a.kept,
                a.cancelled,
                a.open,
                a.cost,
                a.too_few()
            )
        };
        rows.iter().map(said).collect()
    };
    assert_eq!(
        found(&w),
        [
            "free delivery 2/1/1/0 18.00 18.00 true",
            "no offer 1/0/0/1 0.00  true",
            "delay 2/1/0/1 12.00 12.00 true",
            "first short 1/0/1/0 6.00  true",
        ]
    );
    // A typed talk about two lines names its cost on both, and is paid once.
    let now = board(&w);
    let id = line(&now, "SO-3", "1");
    let line = TalkLine { line: id.line, message: Some(Message::Delay), quoted_for: None, seen_contacts: id.contacts };
    let (offer, offer_cost) = (Some("sample".into()), Money::parse("5"));
    let said = Talk { lines: vec![line], outcome: Some(Outcome::Reached), offer, offer_cost, ..Talk::default() };
    let act = w.act("contact");
    talk(&mut w.store, act, &said).unwrap();
    assert!(found(&w).contains(&"sample 1/0/0/1 5.00  true".to_string()), "{:?}", found(&w));
    let sheet = offers::sheet(&offers::achieved(w.store.db()).unwrap());
    assert_eq!(sheet.columns.len(), sheet.rows[0].len());
}

/// Two channels, customers under two rules, one call at an hour of today.
fn paper() -> Bench {
    let bench = Bench::new();
    bench.file("in/suppliers.csv", "supplier,name,lead_days\nEX,Exotic Liquids,7");
    bench.file("in/items.csv", "sku,name,price\nA,Chang,10\nB,Aniseed Syrup,5");
    bench.file(
        "in/customers.csv",
        "customer,name,contact_person,phone,email,country,kind\nC1,Around the Horn,Thomas Hardy,+44 20 7946 0142,,GB,business\nC2,\"Haynes; Sons, \u{202e}Ltd\",,,m.haynes@example.com,US,consumer",
    );
    bench.file(
        "in/orders.csv",
        "order,customer,ordered_on,promised_on,channel\nSO-1,C1,2026-11-09,2026-11-20,phone\nSO-2,C2,2026-10-01,,shopify",
    );
    bench.file("in/order_lines.csv", "order,line,sku,quantity\nSO-1,1,A,6\nSO-1,2,B,2\nSO-2,1,A,2");
    bench.run(&["import", "in", "--as-of", "2026-11-23"]).well();
    bench
}

#[test]
fn the_days_paper_names_whom_to_call_and_what_silence_means() {
    let bench = paper();
    let run = |args: &[&str]| bench.run(&[&["contacts", "--as-of", "2026-11-23"], args].concat()).well();
    let text = run(&["--due"]).out;
    insta::assert_snapshot!("paper_text", text);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let rows = run(&["--due", "--format", "json"]).json();
    assert_eq!(rows.as_array().unwrap().len(), 2);
    assert_eq!((&rows[0]["do"], &rows[0]["act_by"]), (&"refund".into(), &"2026-11-10".into()));
    assert_eq!((&rows[1]["phone"], &rows[1]["silence_means"]), (&"+44 20 7946 0142".into(), &"order stands".into()));
    assert_eq!(run(&["--due", "--format", "csv"]).out.lines().count(), 3);
    let form = run(&["--due", "--form", "--page", "40"]).out;
    insta::assert_snapshot!("paper_form", form);
    assert_eq!(form.lines().count(), 40);
    assert!(form.lines().all(|line| line.chars().count() <= 80), "{form}");
    let pages = run(&["--due", "--form", "--page", "24"]).out;
    assert_eq!(pages.matches('\u{c}').count(), 1, "{pages}");
    assert!(pages.split('\u{c}').all(|page| page.lines().count() == 24), "{pages}");
    assert_eq!(bench.run(&["contacts", "--form", "--format", "csv"]).code, 2);
    // On another day the list is another, and an empty one says so.
    let none = bench.run(&["contacts", "--due", "--as-of", "2026-09-01"]).well().out;
    assert!(none.is_empty() || none.starts_with("Tue 1 Sep 2026"), "{none}");
}

#[test]
fn the_calendar_keeps_its_numbers_and_escapes_names() {
    let bench = paper();
    let ics = || bench.run(&["contacts", "--format", "ics", "--as-of", "2026-11-23"]).well().out;
    let first = ics();
    assert_eq!(first, ics());
    assert!(first.contains("Haynes\\; Sons\\, "), "{first}");
    assert!(!first.contains('\u{202e}'), "{first}");
    assert_eq!(first.matches("BEGIN:VEVENT").count(), 2, "{first}");
}

#[test]
fn channels_are_counted_and_found_by_name() {
    let mut w = shop(&[
        (
            Table::Orders,
            "order,customer,ordered_on,promised_on,channel\nSO-1,C1,2026-11-09,2026-11-20,phone\nSO-2,C3,2026-11-09,2026-11-20,shopify\nSO-3,C3,2026-11-09,2026-11-20,shopify",
        ),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6\nSO-2,1,A,2\nSO-3,1,B,2"),
    ]);
    let counted: Vec<_> =
        board(&w).channels.into_iter().map(|c| (c.channel, c.customers, c.lines, c.due, c.worth.to_string())).collect();
    assert_eq!(
        counted,
        [(Some("phone".into()), 1, 1, 1, "60.00".to_string()), (Some("shopify".into()), 1, 2, 1, "30.00".to_string()),]
    );
    take(&mut w, &[(Table::Stock, "sku,bin,quantity\nA,S-1,1")]);
    let mut rig = Rig::new(w.store);
    rig.keys("2 /").text("channel:shopify").keys("<enter>");
    let screen = rig.screen();
    assert!(screen.contains("Hungry Owl") && !screen.contains("Around the Horn"), "{screen}");
    rig.keys("<esc> v v v v v v v v");
    insta::assert_snapshot!("by_channel", rig.screen());
    assert!(rig.screen().contains("View: by channel"), "{}", rig.screen());
}

#[test]
fn a_moment_to_call_again_never_hides_what_a_law_asks_for_today() {
    let mut w = shop(&[
        (
            Table::Orders,
            "order,customer,ordered_on,promised_on\nSO-1,C2,2026-11-09,2026-11-23\nSO-2,C1,2026-11-09,2026-11-20",
        ),
        (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6\nSO-2,1,A,6"),
    ]);
    for order in ["SO-1", "SO-2"] {
        tried_in_vain(&mut w, order);
    }
    let now = board(&w);
    let haynes = customer(&now, "M. Haynes");
    assert!(haynes.due_today && !haynes.waits_for_call, "the last day under the US rule is today");
    let horn = customer(&now, "Around the Horn");
    assert!(!horn.due_today && horn.waits_for_call && horn.urgency == Urgency::NoticeDue);
    assert_eq!(horn.next_on(), Some(day("2026-11-24")));
    w.today = day("2026-11-24");
    assert!(customer(&board(&w), "Around the Horn").due_today);
}

/// Tried in vain although a law asks for it today: it is said once, and `!` goes on to others.
#[test]
fn who_was_tried_in_vain_is_not_first_again_before_the_hour() {
    for coming in [true, false] {
        let mut w = Warehouse::new();
        let mut tables = vec![
            (Table::Items, "sku,name\nA,Chang"),
            (Table::Customers, "customer,name,country,kind\nC1,Bakery Voss,DE,consumer"),
            (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-09,2026-11-23"),
            (Table::OrderLines, "order,line,sku,quantity\nSO-1,1,A,6"),
        ];
        if coming {
            tables.extend([
                (Table::Suppliers, "supplier,name\nS1,Exotic Liquids"),
                (Table::PurchaseOrders, "po,supplier,ordered_on,expected_on\nPO-1,S1,2026-11-20,2026-12-10"),
                (Table::PoLines, "po,line,sku,quantity\nPO-1,1,A,60"),
            ]);
        }
        take(&mut w, &tables);
        if !coming {
            let act = w.act("later");
            let item = ItemId(1);
            purchasing::put_off(&mut w.store, act, item, day("2026-12-20"), "from the other warehouse").unwrap();
        }
        tried_in_vain(&mut w, "SO-1");
        assert!(customer(&board(&w), "Bakery Voss").due_today, "the law asks all the same");
        let mut rig = Rig::new(w.store);
        rig.keys("2 !").wait();
        for _ in 0..4 {
            rig.keys("!").wait();
        }
        let screen = rig.screen();
        assert_eq!(
            screen.contains("[3 Suppliers 1!]"),
            coming,
            "on to the supplier whose goods he waits for: {screen}"
        );
        assert_eq!(screen.contains("before Tue 24 Nov 09:00"), !coming, "{screen}");
        assert!(!screen.contains("Nothing is due in any tab"), "{screen}");
    }
}

/// A call that is to be made tomorrow: the list by lines and the answer to "where is my order?" say so too.
#[test]
fn who_is_called_again_tomorrow_is_told_today_nowhere() {
    let mut w = shop(&[
        (Table::Orders, "order,customer,ordered_on,promised_on\nSO-2,C1,2026-11-09,2026-11-20"),
        (Table::OrderLines, "order,line,sku,quantity\nSO-2,1,A,6"),
    ]);
    tried_in_vain(&mut w, "SO-2");
    let now = board(&w);
    let order = line(&now, "SO-2", "1").order;
    let told = backshelf::ops::views::whereabouts::of_order(w.store.db(), &now, order).unwrap().unwrap();
    assert_eq!(told.aside, "NOT TOLD yet: to be called again Tue 24 Nov 09:00.");
    let mut rig = Rig::new(w.store);
    rig.keys("2");
    assert!(
        rig.screen().contains("Nobody has to be told today. 1 customer to call again, Tue 24 09:00."),
        "{}",
        rig.screen()
    );
    rig.keys("v v v");
    let screen = rig.screen();
    let row = screen.lines().find(|l| l.contains("SO-2/1")).unwrap();
    assert!(row.contains("again") && !row.contains("tell") && !row.contains('!'), "{screen}");
}

/// Of whom nobody knows what he was told, nobody says that he knows it.
#[test]
fn the_head_counts_who_is_not_known_apart() {
    let mut rig = Rig::new(from_before().store);
    rig.keys("2");
    let screen = rig.screen();
    assert!(screen.contains("Nobody has to hear from us today. Not known what 3 customers know."), "{screen}");
    assert!(!screen.contains("wait and know"), "{screen}");
    let card = rig.keys("0").wait().screen();
    assert!(card.contains("? 3     customers not known"), "{card}");
    let chosen = card.lines().position(|l| l.starts_with('▸')).unwrap();
    let row = card.lines().position(|l| l.contains("customers not known")).unwrap();
    rig.keys(&"<down> ".repeat(row - chosen)).keys("<enter>").wait();
    assert!(rig.screen().contains("Say what they were told (a)"), "{}", rig.screen());
}

#[test]
fn what_to_do_stands_above_many_orders() {
    let mut heads = "order,customer,ordered_on,promised_on".to_string();
    let mut lines = "order,line,sku,quantity".to_string();
    for n in 1..=9 {
        heads.push_str(&format!("\nSO-{n},C1,2026-11-0{n},2026-11-20"));
        lines.push_str(&format!("\nSO-{n},1,A,1"));
    }
    let w = shop(&[(Table::Orders, &heads), (Table::OrderLines, &lines)]);
    let mut rig = Rig::sized(w.store, 160, 45);
    let screen = rig.keys("2").screen();
    let at = |words: &str| screen.find(words).unwrap_or_else(|| panic!("{words}: {screen}"));
    assert!(at("Next     Call Thomas Hardy") < at("SO-2  2 Nov"), "{screen}");
}
