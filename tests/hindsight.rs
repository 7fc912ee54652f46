//! The foreign history of SCMS: it comes in through its profile, its scorecards are known figures, and what this program
//! would have foretold of it reaches the figures of planning.md.

use crate::importing::run;
use crate::support::warehouse::{Warehouse, day};
use backshelf::domain::hindsight::Report;
use backshelf::exchange::profile::Profile;
use backshelf::exchange::read::read;
use backshelf::ops::importing::Options;
use backshelf::ops::settings::Settings;
use backshelf::ops::views::{hindsight, suppliers};

/// The history on the last day of its deliveries; none where the data is not here.
fn scms() -> Option<(Warehouse, Vec<String>)> {
    let folder = crate::support::shared_data()?.join("scms");
    let batch = read(&[folder], Some(&Profile::load("scms", None).unwrap()), &mut |_, _| {}).unwrap();
    assert!(batch.problems.is_empty(), "{:?}", batch.problems.iter().take(3).collect::<Vec<_>>());
    let notes = batch.notes.clone();
    let mut w = Warehouse::new();
    w.today = day("2015-09-30");
    let outcome = run(&mut w, batch, Options::default());
    assert!(outcome.written, "{:#?}", outcome.problems);
    Some((w, notes))
}

#[test]
fn direct_drops_come_in_and_what_left_their_own_warehouses_does_not() {
    let Some((w, notes)) = scms() else { return };
    let count = |table: &str| w.number(&format!("SELECT count(*) FROM {table}"));
    assert_eq!((count("po_line"), count("purchase_order"), count("supplier")), (4_920, 2_816, 72));
    assert_eq!(count("receipt"), 4_920);
    assert!(notes.iter().any(|n| n.contains("5,404 rows left out: Fulfill Via = From RDC")), "{notes:?}");
    // 12/19/2008 and 21-Apr-09 in one row; words where the day is not known.
    let dates = "SELECT h.ordered_on || ' ' || p.confirmed_for FROM po_line p JOIN purchase_order h ON h.id = p.po_id
                 WHERE h.code = 'SCMS-34680'";
    assert_eq!(w.text(dates), "2008-12-19 2009-04-21");
    assert_eq!(w.number("SELECT count(*) FROM purchase_order WHERE ordered_on IS NULL"), 122);
}

#[test]
fn what_would_have_been_foretold_reaches_the_reference_figures() {
    let Some((w, _)) = scms() else { return };
    let Report { suppliers, pos, leads: [_, few, some, _], odds, covered, margin_days, dates } =
        hindsight::load(w.store.db(), w.today).unwrap();
    assert_eq!((suppliers, pos, dates), (68, 2_694, 2_694));
    assert!(few.cases > 200 && few.ours <= 13.2, "1-4 earlier POs: {few:?}");
    assert!(some.cases > 270 && some.ours <= 12.3, "5-14 earlier POs: {some:?}");
    // The textbook's rules lose about twice that.
    assert!(few.mean_and_deviations > 2.0 * few.ours && few.own > 2.0 * few.ours, "{few:?}");
    assert!(odds.ours <= 0.0425 && odds.ours < odds.own && odds.ours < odds.everybody, "{odds:?}");
    assert!(covered >= 0.9 && margin_days <= 1, "{covered} {margin_days}");
}

#[test]
fn the_scorecards_of_the_history_are_known() {
    let Some((w, _)) = scms() else { return };
    let settings = Settings::load(w.store.db()).unwrap();
    let rows = suppliers::load(w.store.db(), &crate::backorders::board(&w), &suppliers::measure(&settings), w.today);
    let rows = rows.unwrap();
    assert_eq!(rows.len(), 72);
    let said: Vec<String> = rows
        .iter()
        .filter(|r| r.card.lines >= 20)
        .map(|r| {
            let c = &r.card;
            let name: String = r.supplier.name.chars().take(20).collect();
            let percent = |x: Option<f64>| x.map_or("-".into(), |x| format!("{:.1}", x * 100.0));
            format!(
                "{name}: {} of {} on time, {} % by quantity, {:?} / {:?} days, {}",
                c.on_time.good,
                c.lines,
                percent(c.on_time_qty),
                c.lead_days_median.unwrap_or(-1),
                c.lead_days_p90.unwrap_or(-1),
                c.grade_text()
            )
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}
