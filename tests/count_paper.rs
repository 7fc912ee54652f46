//! Counting by schedule and on paper from the screen, how exact the books were, and totals that are proved.

use super::support::rig::Rig;
use super::support::warehouse::{Warehouse, q};
use backshelf::domain::counting::Scope;
use backshelf::ops::counting::{self, Wanted};
use backshelf::ops::stock::{self, Count};
use backshelf::ops::{checking, settings};
use backshelf::store::Act;

/// Two bins, and three counts of Chang in the past.
fn shop() -> Warehouse {
    let mut w = Warehouse::new();
    let (a1, a2) = (w.bin("A1", "storage"), w.bin("A2", "storage"));
    let (chang, chai) = (w.item("BEV-002", "Chang"), w.item("BEV-001", "Chai"));
    w.moved(chang, a1, 17);
    w.moved(chai, a2, 11);
    for (days, counted) in [(40, 16), (20, 18), (10, 18)] {
        let now = (w.today - chrono::Duration::days(days)).and_hms_opt(9, 0, 0).unwrap();
        let act = Act { now, today: now.date(), ..w.act("count") };
        let count = Count { item: chang, bin: a1, counted: q(counted), earlier: None, note: None, sure: true };
        stock::count(&mut w.store, act, &count).unwrap();
    }
    w
}

fn scheduled(w: &mut Warehouse, days: &str) {
    let act = w.act("set");
    settings::set(&mut w.store, act, "counting.days", days).unwrap();
}

#[test]
fn the_schedule_says_on_stock_what_is_to_be_counted_today() {
    let mut w = shop();
    assert!(!Rig::new(shop().store).screen().contains("to count today"), "calm without a schedule");
    scheduled(&mut w, "A=5 B=5 C=5");
    let mut rig = Rig::new(w.store);
    assert!(rig.screen().contains("2 bins to count today"), "{}", rig.screen());
    // One bin is counted and posted: the other is left.
    rig.keys("c").wait().keys("1 <enter> <f8>").wait();
    rig.scan("BINA1").scan("BEV-002").text("18\n").text("..\n").wait();
    rig.keys("<esc> <esc> c r <f8>").wait();
    rig.keys("<esc> <esc>").wait();
    assert!(rig.screen().contains("1 bin to count today"), "{}", rig.screen());
}

#[test]
fn the_item_tells_its_counts() {
    let mut rig = Rig::sized(shop().store, 160, 45);
    rig.keys("v j").wait();
    let screen = rig.screen();
    assert!(screen.contains("Counted 13 Nov by M.Baker: right"), "{screen}");
    assert!(screen.contains("before: 3 Nov 2 off, 14 Oct -1 off"), "{screen}");
}

#[test]
fn a_sheet_is_written_read_back_and_reviewed_without_leaving_the_screen() {
    let mut w = shop();
    let act = w.act("count");
    let wanted = Wanted { scope: Scope::Bins("A1 A2".into()), name: "Round".into(), uid: None };
    let session = counting::begin(&mut w.store, &act, &wanted).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (sheet, page) = (folder.path().join("sheet.csv"), folder.path().join("page.txt"));
    let mut rig = Rig::new(w.store);
    let name = |rig: &mut Rig, path: &std::path::Path| {
        for _ in 0..40 {
            rig.keys("<bs>");
        }
        rig.text(path.to_str().unwrap()).keys("<f8>").wait();
    };
    rig.keys("c p");
    name(&mut rig, &sheet);
    assert!(rig.screen().contains("rows to count in"), "where it lies is said: {}", rig.screen());
    rig.keys("<esc>").wait();
    assert!(rig.screen().contains("Count"), "{}", rig.screen());
    rig.keys("p");
    name(&mut rig, &page);
    rig.keys("<esc>").wait();
    rig.keys("p");
    name(&mut rig, &page);
    assert!(rig.screen().contains("is there already"), "{}", rig.screen());
    rig.keys("<esc> <esc>");
    let text = std::fs::read_to_string(&sheet).unwrap();
    assert!(text.contains("A1,BEV-002,Chang,piece,") && !text.contains("18"), "{text}");
    assert!(std::fs::read_to_string(&page).unwrap().contains("________"));
    std::fs::write(&sheet, "bin,sku,counted\nA1,BEV-002,x\n").unwrap();
    rig.keys("i");
    name(&mut rig, &sheet);
    assert!(rig.screen().contains("Line 2: counted"), "{}", rig.screen());
    std::fs::write(&sheet, "bin,sku,counted\nA1,BEV-002,15\nA2,BEV-001,11\n").unwrap();
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("2 lines of 2 bins counted"), "{}", rig.screen());
    rig.keys("<esc>").wait().keys("r").wait();
    assert!(rig.screen().contains("1 right, 1 differs"), "{}", rig.screen());
    assert_eq!(session.0, 1);
}

#[test]
fn how_exact_the_books_are_stands_on_the_screen() {
    let mut rig = Rig::new(shop().store);
    rig.keys("c a").wait();
    assert!(rig.screen().contains("by class"), "{}", rig.screen());
    rig.keys("v").wait();
    insta::assert_snapshot!("how_exact", rig.screen());
    rig.keys("v").wait();
    assert!(rig.screen().contains("by bin") && rig.screen().contains("A1"), "{}", rig.screen());
}

#[test]
fn the_check_adds_up_every_scan_anew() {
    let mut w = shop();
    let act = w.act("count");
    let wanted = Wanted { scope: Scope::Anything, name: String::new(), uid: None };
    let session = counting::begin(&mut w.store, &act, &wanted).unwrap();
    let mut counter = counting::counter::Counter::resume(w.store.db(), session, "M.Baker").unwrap();
    for text in ["BINA1", "BEV-002", "BEV-002", "=7", "BEV-002", "=-", "=+2", "BEV-001", "=0", "=-"] {
        let (scanned, text) = text.strip_prefix('=').map_or((true, text), |t| (false, t));
        let sent = counting::counter::Sent { text, scanned, uid: None, twice: false };
        counter.enter(&mut w.store, &act, &sent).unwrap();
    }
    assert_eq!(checking::check(w.store.db()).unwrap().faults, Vec::<String>::new());
    w.store
        .db()
        .execute_batch("DROP TRIGGER count_scan_no_update; UPDATE count_scan SET total = 5000 WHERE id = 3")
        .unwrap();
    let faults = checking::check(w.store.db()).unwrap().faults;
    assert!(faults.iter().any(|f| f.contains("has a total of 5, but the scans add up to 2")), "{faults:?}");
}
