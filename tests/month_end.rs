//! Month end: worth on any day from the movements, and days that are closed.

use super::support::cli::Bench;
use super::support::rig::Rig;
use super::support::warehouse::{Warehouse, day, q};
use backshelf::domain::ids::{BinId, ItemId};
use backshelf::domain::money::Money;
use backshelf::ops::stock::{self, Adjust, Change};
use backshelf::ops::views::month_end;
use backshelf::ops::{perform, settings, undo};
use backshelf::store::{Failure, Store};
use rusqlite::types::Value;

/// 20 Chang at 15.20 came in September; 3 left in October, 2 broke; a Chai without a cost lies in quarantine.
fn books() -> (Warehouse, ItemId, BinId) {
    let mut w = Warehouse::new();
    let (a, bad) = (w.bin("A1", "storage"), w.bin("Q1", "quarantine"));
    let (chang, chai) = (w.item("BEV-002", "Chang"), w.item("BEV-001", "Chai"));
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        tx.update("item", chang.0, &[("cost", Value::Integer(152_000))])?;
        for (at, item, bin, units, reason) in [
            ("2026-09-10T08:00:00", chang, a, 20, "receive"),
            ("2026-10-05", chang, a, -3, "ship"),
            ("2026-10-31T23:59:59", chang, a, -2, "adjust"),
            ("2026-11-01", chang, a, 10, "receive"),
            ("2026-10-20T10:00:00", chai, bad, 4, "receive"),
        ] {
            tx.touch(item);
            let operation = tx.operation().0;
            tx.insert(
                "movement",
                &["at", "item_id", "bin_id", "quantity", "reason", "operator", "operation_id"],
                &[&at, &item.0, &bin.0, &q(units).thousandths(), &reason, &"Kim", &operation],
            )?;
        }
        Ok(())
    })
    .unwrap();
    (w, chang, a)
}

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

#[test]
fn the_worth_of_any_day_follows_from_the_movements() {
    let (w, ..) = books();
    let worth = |on: &str| month_end::worth(w.store.db(), day(on)).unwrap();
    assert_eq!(worth("2026-09-09").total, Money::ZERO);
    assert_eq!(worth("2026-09-10").total, money("304.00"));
    assert_eq!(worth("2026-10-30").total, money("258.40"));
    let october = worth("2026-10-31");
    assert_eq!((october.total, october.items, october.without_cost), (money("228.00"), 2, 1));
    assert_eq!(worth("2026-11-01").total, money("380.00"));
}

#[test]
fn a_months_reasons_lead_from_its_beginning_to_its_end() {
    let (w, ..) = books();
    let m = month_end::load(w.store.db(), day("2026-10-01"), day("2026-10-31"), w.today).unwrap();
    let reasons: Vec<_> = m.reasons.iter().map(|r| (r.reason.as_str(), r.worth)).collect();
    assert_eq!(reasons, [("adjust", money("-30.40")), ("receive", Money::ZERO), ("ship", money("-45.60"))]);
    assert_eq!(m.before + m.reasons.iter().map(|r| r.worth).sum::<Money>(), m.worth.total);
}

fn adjust(w: &mut Warehouse, item: ItemId, bin: BinId) -> Result<(), Failure> {
    let seen = q(w.level(item, bin));
    let wanted =
        Adjust { item, bin, change: Change::By(q(-1)), seen, reason: "broken".into(), note: None, sure: false };
    let act = w.act("adjust");
    stock::adjust(&mut w.store, act, &wanted).map(|_| ())
}

#[test]
fn nothing_is_dated_into_closed_days_by_any_operation() {
    let (mut w, chang, a) = books();
    let act = w.act("set");
    settings::set(&mut w.store, act, "closed_up_to", "2026-10-31").unwrap();
    adjust(&mut w, chang, a).unwrap();
    let before = w.everything();
    // The business date is set into the closed month.
    w.today = day("2026-10-31");
    let refused = adjust(&mut w, chang, a).unwrap_err().to_string();
    assert!(refused.contains("The books are closed up to Sat 31 Oct"), "{refused}");
    w.today = day("2026-11-23");
    // A row is dated there by a file or a dialog.
    for (table, column, words) in [("movement", "at", "movement"), ("count_entry", "counted_at", "count")] {
        let act = w.act("import");
        let done = perform(&mut w.store, act, |tx| {
            let operation = tx.operation().0;
            let moment = "2026-10-15T08:00:00";
            if table == "movement" {
                tx.insert(
                    table,
                    &[column, "item_id", "bin_id", "quantity", "reason", "operator", "operation_id"],
                    &[&moment, &chang.0, &a.0, &1000, &"receive", &"Kim", &operation],
                )
            } else {
                tx.insert(
                    table,
                    &[column, "item_id", "bin_id", "book", "counted", "operator", "operation_id"],
                    &[&moment, &chang.0, &a.0, &1000, &1000, &"Kim", &operation],
                )
            }
        });
        let refused = done.unwrap_err().to_string();
        assert!(refused.contains(&format!("this has a {words} of Thu 15 Oct")), "{refused}");
    }
    assert_eq!(w.everything(), before, "a refused operation leaves the file as it was");
    // What was done after the closed day can be taken back.
    let last = undo::list(w.store.db(), 1).unwrap()[0].operation;
    let act = w.act("undo");
    undo::undo(&mut w.store, act, last).unwrap();
}

#[test]
fn the_page_is_read_and_the_books_closed_on_screen() {
    let (w, ..) = books();
    let mut rig = Rig::new(w.store);
    rig.keys(":").text("month end").keys("<enter>").wait();
    insta::assert_snapshot!("month_end", rig.screen());
    let before = rig.operations();
    rig.keys("<enter> <enter>").wait();
    assert_eq!(rig.operations(), before, "[Close] has not the focus");
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1);
    assert!(rig.screen().contains("Closed up to Sat 31 Oct"), "{}", rig.screen());
}

#[test]
fn the_stock_of_any_day_is_valued_on_screen() {
    let (w, ..) = books();
    let mut rig = Rig::new(w.store);
    rig.keys(":").text("month end").keys("<enter>").wait();
    rig.keys("d").text("14.10.").keys("<f8>").wait();
    let screen = rig.screen();
    assert!(screen.contains("Thu 1 Oct") && screen.contains("14 Oct"), "{screen}");
    assert!(screen.contains("258.40  at the end") && !screen.contains("228.00"), "{screen}");
    // A day to come is none; the arrows turn whole months again.
    rig.keys("d").text("31.12.").keys("<f8>").wait();
    assert!(rig.screen().contains("still to come"), "{}", rig.screen());
    rig.keys("<esc> <esc>").wait();
    rig.keys("<left> <right>").wait();
    assert!(rig.screen().contains("31 Oct") && rig.screen().contains("228.00  at the end"), "{}", rig.screen());
}

/// The page hides the notice: where the paper is, is said above it. The letters of a name typed after : are not its keys.
#[test]
fn what_is_printed_is_told_above_the_page_and_a_command_can_be_typed() {
    let folder = tempfile::tempdir().unwrap();
    let (w, ..) = books();
    let mut rig = Rig::new(w.store);
    rig.keys(":").text("month end").keys("<enter>").wait();
    rig.keys("p");
    assert!(rig.screen().contains("month-end-2026-11-23.pdf"), "{}", rig.screen());
    let path = folder.path().join("m.pdf");
    rig.keys(&"<bs> ".repeat(40)).text(&path.display().to_string()).keys("<f8>").wait();
    assert!(path.is_file());
    assert!(rig.screen().contains("m.pdf") && rig.screen().contains("Done"), "{}", rig.screen());
    rig.keys("<esc>");
    assert!(rig.screen().contains("Month end"), "{}", rig.screen());
    rig.keys(":").text("month end");
    let screen = rig.screen();
    assert!(screen.contains("Commands") && screen.contains(": month end"), "{screen}");
}

/// What was never ordered does not sell either.
#[test]
fn what_nobody_ever_ordered_is_counted_with_what_does_not_sell() {
    let bench = Bench::new();
    bench.file("in/items.csv", "sku,name,cost\nBEV-2,Chang,15.20\nBEV-3,Chai,2.00\n");
    bench.file("in/stock.csv", "sku,bin,quantity\nBEV-2,A1,10\nBEV-3,A1,5\n");
    bench.import(&bench.path("in"), "2026-11-23");
    let out = bench.run(&["month-end", "2026-11", "--as-of", "2026-11-23"]).well().out;
    let line = out.lines().find(|l| l.contains("nobody ever ordered")).unwrap();
    assert!(line.contains("162.00") && line.contains("2 items"), "{out}");
    assert!(out.contains("0 out, 2 movements"), "{out}");
    // A month before the first movement: the stock that does not sell is not of its end, and that is said.
    let out = bench.run(&["month-end", "2026-10", "--as-of", "2026-11-23"]).well().out;
    assert!(out.contains("0.00  at the end, 0 items"), "{out}");
    assert!(out.contains("of the stock of today, Mon 23 Nov, not of Sat 31 Oct:"), "{out}");
    // No plan was made yet: what is more than sells in a year will move.
    assert!(out.contains("more than sells in a year: 0 items; being planned anew"), "{out}");
}

#[test]
fn the_command_line_says_the_same() {
    let bench = Bench::new();
    bench.file("in/items.csv", "sku,name,cost\nBEV-2,Chang,15.20\n");
    bench.file("in/stock.csv", "sku,bin,quantity\nBEV-2,A1,10\n");
    bench.import(&bench.path("in"), "2026-11-23");
    let ran = bench.run(&["value", "--as-of", "2026-11-23"]).well();
    assert!(ran.out.contains("152.00"), "{}", ran.out);
    let rows = bench.run(&["value", "--as-of", "2026-11-23", "--format", "json"]).well().json();
    assert_eq!(rows[0]["sku"], "BEV-2");
    assert!(bench.run(&["month-end", "2026-11", "--as-of", "2026-11-23"]).well().out.contains("152.00"));
    assert!(bench.run(&["completions", "bash"]).well().out.contains("month-end"));
    assert!(bench.run(&["man"]).well().out.contains(".TH backshelf"));
    assert!(Store::open(&bench.db(), backshelf::store::Mode::ReadOnly).is_ok());
}

/// The page is longer than the screen: PgDn shows each of its lines once, and the sign says how much is left, up to the
/// last.
#[test]
fn paging_the_month_passes_no_line_over_and_says_what_is_left() {
    let (mut w, _, bin) = books();
    for n in 0..14 {
        let item = w.item(&format!("DEAD-{n:02}"), &format!("Old stock {n:02}"));
        w.moved(item, bin, 3);
    }
    let mut rig = Rig::sized(w.store, 80, 60);
    rig.keys(":").text("month end").keys("<enter>").wait();
    let lines =
        |screen: String| screen.lines().filter(|l| !l.trim().is_empty()).map(str::to_string).collect::<Vec<_>>();
    let all = lines(rig.screen());
    rig.resize(80, 16);
    let mut seen = std::collections::BTreeSet::new();
    let mut signs = Vec::new();
    for _ in 0..6 {
        let screen = lines(rig.screen());
        signs.extend(screen.iter().filter(|l| l.contains('…')).map(|l| l.trim().to_string()));
        seen.extend(screen);
        rig.keys("<pgdn>").wait();
    }
    for line in &all {
        assert!(seen.contains(line), "passed over: {line}\n{seen:#?}");
    }
    assert!(signs[0].contains("more lines below: PgDn"), "{signs:?}");
    assert_eq!(signs.last().unwrap(), "… more above: PgUp", "{signs:?}");
}

/// A day that is still to come is not closed: the next booking would be refused by it. Today is asked about.
#[test]
fn days_to_come_are_not_closed_and_a_day_of_another_year_says_so() {
    let (mut w, chang, a) = books();
    let close = |w: &mut Warehouse, day: &str| {
        let act = w.act("set");
        settings::set(&mut w.store, act, "closed_up_to", day).map(|_| ())
    };
    let refused = close(&mut w, "2027-01-01").unwrap_err().to_string();
    assert!(refused.contains("Fri 1 Jan 2027 is still to come") && refused.contains("Sun 22 Nov 2026"), "{refused}");
    // Closing is taken back whatever day it closes.
    close(&mut w, "2026-11-23").unwrap();
    close(&mut w, "2025-12-31").unwrap();
    let id = w.number("SELECT max(id) FROM operation");
    let act = w.act("undo");
    undo::undo(&mut w.store, act, backshelf::domain::ids::OperationId(id)).unwrap();
    assert_eq!(settings::current(w.store.db(), "closed_up_to").unwrap(), "2026-11-23");
    assert!(adjust(&mut w, chang, a).unwrap_err().to_string().contains("closed up to"));
    let act = w.act("undo");
    undo::undo(&mut w.store, act, backshelf::domain::ids::OperationId(id - 1)).unwrap();
    adjust(&mut w, chang, a).unwrap();
    let bench = Bench::new();
    bench.file("items.csv", "sku,name\nA,Axle\n");
    bench.import(&bench.path("items.csv"), "2026-11-23");
    let today = ["set", "closed_up_to", "2026-11-23", "--as-of", "2026-11-23"];
    let asked = bench.run(&today);
    assert!(asked.code == 2 && asked.err.contains("Today would be closed"), "{}", asked.err);
    assert_eq!(bench.run(&[&today[..], &["--sure"]].concat()).code, 0);
}

#[test]
fn the_settings_ask_before_today_is_closed() {
    let mut rig = Rig::new(books().0.store);
    rig.keys(":").text("settings").keys("<enter> /").text("closed_up").keys("<enter> <enter>").wait();
    let before = rig.operations();
    rig.text("23.11.2026").keys("<f8>").wait();
    assert!(rig.screen().contains("Today would be closed"), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
}
