//! Check, backup, restore.

use super::support::cli::Bench;
use super::support::warehouse::Warehouse;
use backshelf::ops::safekeeping::daily::{self, Second};
use backshelf::ops::{checking, morning, safekeeping, settings};
use backshelf::store::{Mode, Store};
use std::path::Path;

fn stocked(path: &Path) -> Warehouse {
    let mut w = Warehouse::of(Store::open(path, Mode::Create).unwrap());
    let shelf = w.bin("A1", "storage");
    let chang = w.item("BEV-002", "Chang");
    w.order("SO-1", "Horn", "2026-11-01", &[(chang, 20)]);
    w.moved(chang, shelf, 17);
    w
}

fn faults(w: &Warehouse) -> Vec<String> {
    checking::check(w.store.db()).unwrap().faults
}

#[test]
fn each_kind_of_fault_has_its_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("UPDATE level SET quantity = 18000", "says 18, but its movements add up to 17"),
        ("UPDATE item_state SET on_hand = 1", "The list shows BEV-002 as"),
        ("DELETE FROM item_state", "The list shows BEV-002 as nothing"),
        ("UPDATE order_line SET allocated = 18000", "reserved (18) than lies in storage (17)"),
        ("DROP TRIGGER operation_no_delete; DELETE FROM operation WHERE id = 2", "number 2 is missing"),
        (
            "DROP TRIGGER journal_no_delete; DELETE FROM journal WHERE tbl = 'movement'",
            "recorded 0 rows of movement, but 1",
        ),
        (
            "DROP TRIGGER journal_no_delete; DELETE FROM journal WHERE operation_id = 2",
            "Operation 2 (prepare) has no journal",
        ),
        (
            "DROP TRIGGER journal_no_delete; DELETE FROM journal WHERE id = (SELECT max(id) - 1 FROM journal)",
            "The journal has a gap before row",
        ),
        (
            "DROP TRIGGER journal_no_update; UPDATE journal SET action = 'update', cells = '[]' WHERE id = 2",
            "does not say what was there before",
        ),
        ("UPDATE order_line SET item_id = 77", "points at a row of item that is not there"),
        ("PRAGMA ignore_check_constraints = 1; UPDATE order_line SET shipped = 99000", "are more than the 20 ordered"),
    ];
    for (n, (spoil, sentence)) in cases.iter().enumerate() {
        let w = stocked(&folder.path().join(format!("{n}.db")));
        assert_eq!(faults(&w), Vec::<String>::new());
        w.store.db().execute_batch(&format!("PRAGMA foreign_keys = 0; {spoil};")).unwrap();
        let found = faults(&w);
        assert!(found.iter().any(|f| f.contains(sentence)), "{spoil}: {found:?}");
    }
}

#[test]
fn a_copy_is_whole_private_and_never_the_file_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (live, copy) = (folder.path().join("w.db"), folder.path().join("copy.db"));
    let w = stocked(&live);
    let before = w.everything();
    safekeeping::backup(&w.store, &copy).unwrap();
    let restored = Warehouse::of(Store::open(&copy, Mode::ReadOnly).unwrap());
    assert_eq!(restored.everything(), before);
    drop(restored);
    assert!(safekeeping::backup(&w.store, &live).is_err(), "not over itself");
    safekeeping::backup(&w.store, &copy).unwrap();
    let other = folder.path().join("letter.txt");
    std::fs::write(&other, "Dear customer").unwrap();
    assert!(safekeeping::backup(&w.store, &other).is_err(), "not over something else");
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "Dear customer");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// What stands beside a file as its log is played into whatever takes the file's place.
#[test]
fn a_copy_never_takes_the_place_of_a_file_in_use_nor_of_another_warehouse() {
    let folder = tempfile::tempdir().unwrap();
    let (live, other) = (folder.path().join("w.db"), folder.path().join("other.db"));
    let w = stocked(&live);
    let refused = |words: &str| {
        let sentence = safekeeping::backup(&w.store, &other).unwrap_err().to_string();
        assert!(sentence.contains(words) && sentence.contains("name another file"), "{sentence}");
    };
    let mut open = Warehouse::of(Store::open(&other, Mode::Create).unwrap());
    open.today = open.today.pred_opt().unwrap(); // another warehouse, begun at another moment
    open.bin("Z9", "storage");
    let before = open.everything();
    refused("is open in another program");
    assert_eq!(open.everything(), before);
    drop(open);
    refused("holds 1 operation that this one lacks");
    let there = Warehouse::of(Store::open(&other, Mode::ReadOnly).unwrap());
    assert_eq!(there.everything(), before);
}

#[test]
fn a_copy_that_cannot_be_put_back_is_named_and_not_the_warehouse() {
    let folder = tempfile::tempdir().unwrap();
    let (live, copy) = (folder.path().join("w.db"), folder.path().join("copy.db"));
    let w = stocked(&live);
    let before = w.everything();
    safekeeping::backup(&w.store, &copy).unwrap();
    let mut bytes = std::fs::read(&copy).unwrap();
    let len = bytes.len();
    bytes[len / 4..].fill(0x5a);
    std::fs::write(&copy, bytes).unwrap();
    let sentence = safekeeping::restore(&live, &copy, w.act("restore").now).unwrap_err().to_string();
    assert!(sentence.contains("copy.db cannot be put back; the warehouse is as it was"), "{sentence}");
    assert_eq!(w.everything(), before);
}

#[test]
fn a_file_that_was_moved_away_takes_no_more_work() {
    let folder = tempfile::tempdir().unwrap();
    let (live, moved) = (folder.path().join("w.db"), folder.path().join("moved.db"));
    let mut w = stocked(&live);
    std::fs::rename(&live, &moved).unwrap();
    let act = w.act("prepare");
    let refused = backshelf::ops::perform(&mut w.store, act, |_| Ok(())).unwrap_err().to_string();
    assert!(refused.contains("was moved or deleted, so this was not saved"), "{refused}");
    let refused = w.store.record("count", |_| Ok(())).unwrap_err().to_string();
    assert!(refused.contains("was moved or deleted, so this was not saved"), "{refused}");
}

#[test]
fn a_restore_says_what_is_newer_and_keeps_the_replaced_file() {
    let folder = tempfile::tempdir().unwrap();
    let (live, copy) = (folder.path().join("w.db"), folder.path().join("copy.db"));
    let mut w = stocked(&live);
    let before = w.everything();
    safekeeping::backup(&w.store, &copy).unwrap();
    w.bin("B2", "storage");
    w.bin("B3", "storage");
    let newer = w.everything();
    let now = w.act("restore").now;
    // The workbench has the file open all the while.
    let done = safekeeping::restore(&live, &copy, now).unwrap();
    assert_eq!(done.lost, Some(2));
    assert_eq!(w.everything(), before, "an open program sees the restored file");
    let kept = Warehouse::of(Store::open(&done.kept.unwrap(), Mode::ReadOnly).unwrap());
    assert_eq!(kept.everything(), newer);
}

#[test]
fn a_destroyed_file_is_set_aside_and_a_wrong_copy_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (live, copy) = (folder.path().join("w.db"), folder.path().join("copy.db"));
    let w = stocked(&live);
    let before = w.everything();
    let now = w.act("restore").now;
    safekeeping::backup(&w.store, &copy).unwrap();
    drop(w);
    std::fs::write(&live, "not a database at all, this used to be the warehouse of a large company").unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "notes, which are no database").unwrap();
    assert!(safekeeping::restore(&live, &text, now).is_err());
    let done = safekeeping::restore(&live, &copy, now).unwrap();
    assert_eq!(done.lost, None);
    assert!(std::fs::read_to_string(done.kept.unwrap()).unwrap().starts_with("not a database"));
    assert_eq!(Warehouse::of(Store::open(&live, Mode::Existing).unwrap()).everything(), before);
}

#[test]
fn the_days_copy_is_made_once_checked_and_again_after_hours_of_work() {
    let folder = tempfile::tempdir().unwrap();
    let live = folder.path().join("w.db");
    let stick = folder.path().join("stick");
    let mut w = stocked(&live);
    let set = |w: &mut Warehouse, value: &str| {
        let act = w.act("set");
        settings::set(&mut w.store, act, "copies.second_place", value).unwrap();
    };
    // A folder that is not there is learned of now, not on the day that its copy is needed.
    let refused = |w: &mut Warehouse, value: &str| {
        let act = w.act("set");
        settings::set(&mut w.store, act, "copies.second_place", value).unwrap_err().to_string()
    };
    assert!(refused(&mut w, stick.to_str().unwrap()).contains("is not there. Put the stick in"));
    assert!(refused(&mut w, "stick").contains("is no whole name"));
    std::fs::create_dir(&stick).unwrap();
    set(&mut w, stick.to_str().unwrap());
    assert_eq!(daily::state(w.store.db()).unwrap().second, Some(Second::Nothing));
    std::fs::remove_dir(&stick).unwrap();
    let at = |h, m| w.today.and_hms_opt(h, m, 0).unwrap();
    let (morning, soon, evening) = (at(8, 0), at(8, 3), at(17, 0));
    assert_eq!(daily::state(w.store.db()).unwrap().last, None);
    // The stick is not in: the first copy is there all the same, and the card says why not the second.
    assert!(daily::keep(&mut w.store, morning).unwrap());
    let state = daily::state(w.store.db()).unwrap();
    assert_eq!((state.last, state.second), (Some(morning), Some(Second::Nothing)));
    assert!(state.trouble.is_some_and(|t| t.contains("is not there")));
    let copies = safekeeping::copies_of(&live);
    let made = daily::copies_in(&copies, &live);
    assert_eq!(made.len(), 1, "{made:?}");
    let copy = Warehouse::of(Store::open(&made[0].1, Mode::ReadOnly).unwrap());
    assert_eq!(faults(&copy), Vec::<String>::new());
    drop(copy);
    // With the stick it is tried again after a while; then it rests, as nothing was done.
    std::fs::create_dir(&stick).unwrap();
    assert!(!daily::keep(&mut w.store, at(8, 1)).unwrap());
    assert!(daily::keep_at_once(&mut w.store, at(8, 2)).unwrap(), "the place was named again");
    assert!(!daily::keep(&mut w.store, at(8, 10)).unwrap());
    assert_eq!(daily::state(w.store.db()).unwrap().second, Some(Second::Newest));
    assert_eq!(daily::copies_in(&stick, &live).len(), 1);
    assert!(!daily::keep(&mut w.store, soon).unwrap());
    // `stocked` worked at nine: by the evening the copy is made anew.
    std::fs::remove_dir_all(&stick).unwrap();
    assert!(daily::keep(&mut w.store, evening).unwrap());
    assert!(!daily::keep(&mut w.store, evening).unwrap());
    assert_eq!(daily::state(w.store.db()).unwrap().second, Some(Second::Older(at(8, 2))));
}

/// The first evening: a copy is made of the empty warehouse, then the files are brought in.
#[test]
fn a_copy_from_before_the_first_item_or_the_last_file_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let live = folder.path().join("w.db");
    let mut w = Warehouse::of(Store::open(&live, Mode::Create).unwrap());
    let at = |h, m| w.today.and_hms_opt(h, m, 0).unwrap();
    let (first, soon, import, later, evening) = (at(8, 55), at(9, 2), at(9, 0), at(9, 40), at(9, 41));
    let second = at(9, 30);
    assert!(daily::keep(&mut w.store, first).unwrap());
    assert_eq!(daily::state(w.store.db()).unwrap().lacks, 0);
    w.item("BEV-002", "Chang");
    assert_eq!(w.text("SELECT max(at) FROM operation"), import.format("%Y-%m-%dT%H:%M:%S").to_string());
    assert!(daily::state(w.store.db()).unwrap().lacks > 0, "the card says what the copy lacks");
    assert!(daily::keep(&mut w.store, soon).unwrap(), "the first held no item");
    assert_eq!(daily::state(w.store.db()).unwrap().lacks, 0);
    assert!(!daily::keep(&mut w.store, second).unwrap());
    let act = backshelf::store::Act { now: second, ..w.act("import") };
    backshelf::ops::perform(&mut w.store, act, |tx| {
        tx.summarise("brought in");
        tx.insert("item", &["sku", "name"], &[&"A", &"A"])
    })
    .unwrap();
    assert_eq!(daily::state(w.store.db()).unwrap().lacks, 1);
    assert!(daily::keep(&mut w.store, later).unwrap(), "a file was brought in since");
    assert!(!daily::keep(&mut w.store, evening).unwrap());
    let copies = daily::copies_in(&safekeeping::copies_of(&live), &live);
    let copy = Warehouse::of(Store::open(&copies[0].1, Mode::ReadOnly).unwrap());
    assert_eq!(copy.number("SELECT count(*) FROM item"), 2);
}

/// Six weeks with a clock that is moved day by day: seven days and four weeks of copies stay, here and in the second place,
/// and each that stays can be restored.
#[test]
fn seven_days_and_four_weeks_of_copies_stay_in_both_places() {
    let folder = tempfile::tempdir().unwrap();
    let live = folder.path().join("w.db");
    let stick = folder.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    let mut w = stocked(&live);
    let act = w.act("set");
    settings::set(&mut w.store, act, "copies.second_place", stick.to_str().unwrap()).unwrap();
    let first = w.today;
    for day in first.iter_days().take(42) {
        assert!(daily::keep(&mut w.store, day.and_hms_opt(8, 0, 0).unwrap()).unwrap(), "{day}");
    }
    let last = first + chrono::Days::new(41);
    for place in [safekeeping::copies_of(&live), stick] {
        let copies = daily::copies_in(&place, &live);
        let days: Vec<i64> = copies.iter().map(|(day, _)| (last - *day).num_days()).collect();
        assert_eq!(days.iter().filter(|ago| **ago < 7).count(), 7, "{days:?}");
        let weeks: Vec<i64> = days.iter().copied().filter(|ago| *ago >= 7).collect();
        assert_eq!(weeks.len(), 4, "{days:?}");
        assert!(weeks.windows(2).all(|w| w[1] - w[0] == 7), "one of each week: {days:?}");
        let oldest = Warehouse::of(Store::open(&copies.last().unwrap().1, Mode::ReadOnly).unwrap());
        assert_eq!(faults(&oldest), Vec::<String>::new());
    }
}

/// A second place that is set at noon has its copy then; a copy that was thrown away, or lies beside another file, is none.
#[test]
fn a_copy_that_is_not_where_it_should_be_is_made_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let live = folder.path().join("w.db");
    let stick = folder.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    let mut w = stocked(&live);
    let at = |h, m| w.today.and_hms_opt(h, m, 0).unwrap();
    let (morning, noon, later, last) = (at(9, 0), at(10, 0), at(10, 5), at(10, 10));
    assert!(daily::keep(&mut w.store, morning).unwrap());
    assert!(!daily::keep(&mut w.store, noon).unwrap());
    let act = w.act("set");
    settings::set(&mut w.store, act, "copies.second_place", stick.to_str().unwrap()).unwrap();
    assert!(daily::keep(&mut w.store, noon).unwrap());
    assert_eq!(daily::copies_in(&stick, &live).len(), 1);
    assert!(!daily::keep(&mut w.store, later).unwrap());
    std::fs::remove_dir_all(safekeeping::copies_of(&live)).unwrap();
    assert_eq!(daily::state(w.store.db()).unwrap().last, None);
    assert!(daily::keep(&mut w.store, later).unwrap());
    // The file is carried elsewhere, with what it says of its copy.
    let other = folder.path().join("other.db");
    safekeeping::backup(&w.store, &other).unwrap();
    let mut moved = Store::open(&other, Mode::Existing).unwrap();
    assert!(daily::keep(&mut moved, last).unwrap());
    assert_eq!(daily::copies_in(&safekeeping::copies_of(&other), &other).len(), 1);
}

#[test]
fn of_many_programs_one_makes_the_copy_while_all_write() {
    let folder = tempfile::tempdir().unwrap();
    let live = folder.path().join("w.db");
    let w = stocked(&live);
    let now = w.today.and_hms_opt(8, 0, 0).unwrap();
    let made: usize = std::thread::scope(|s| {
        let hands: Vec<_> = (0..8)
            .map(|n| {
                let (live, act) = (live.clone(), w.act("prepare"));
                s.spawn(move || {
                    let mut store = Store::open(&live, Mode::Existing).unwrap();
                    let mut made = 0;
                    for i in 0..5 {
                        let code = format!("B{n}-{i}");
                        backshelf::ops::perform(&mut store, act.clone(), |tx| {
                            tx.summarise("made a bin");
                            tx.insert("bin", &["code"], &[&code])
                        })
                        .unwrap();
                        made += usize::from(daily::keep(&mut store, now).unwrap());
                    }
                    made
                })
            })
            .collect();
        hands.into_iter().map(|h| h.join().unwrap()).sum()
    });
    assert_eq!(made, 1);
    let copies = daily::copies_in(&safekeeping::copies_of(&live), &live);
    let copy = Warehouse::of(Store::open(&copies[0].1, Mode::ReadOnly).unwrap());
    assert_eq!(faults(&copy), Vec::<String>::new());
    assert_eq!(w.number("SELECT count(*) FROM bin WHERE code LIKE 'B%-%'"), 40, "no write was lost");
}

#[test]
fn a_program_that_ended_without_leaving_is_spoken_of_once() {
    let mut w = Warehouse::new();
    w.bin("A1", "storage");
    let window = |station: &str, h| morning::Window {
        station: station.into(),
        operator: "M.Baker".into(),
        opened_at: w.today.and_hms_opt(h, 0, 0).unwrap(),
    };
    let (first, second) = (window("here:1", 9), window("here:2", 11));
    assert_eq!(morning::open(&mut w.store, &first, |_| false).unwrap().survived, None);
    let greeting = morning::open(&mut w.store, &second, |station| station == "here:1").unwrap();
    let said = greeting.survived.unwrap();
    assert!(said.contains("opened 09:00 ended without leaving"), "{said}");
    assert!(said.contains("prepared (you)"), "{said}");
    assert!(said.contains("All that was saved is here"), "{said}");
    assert_eq!(morning::open(&mut w.store, &window("here:3", 12), |_| false).unwrap().survived, None, "once");
    // In a container every start may have the same number.
    let again = morning::open(&mut w.store, &second, |_| false).unwrap().survived;
    let again = again.unwrap();
    assert!(again.contains("opened 11:00"), "{again}");
    assert!(again.contains("Nothing was saved in it. All from before is here"), "{again}");
}

/// A copy is of the goods and not of who had the file open; putting one back closes nobody's window.
#[test]
fn a_copy_says_nothing_of_the_windows_that_were_open_when_it_was_made() {
    let folder = tempfile::tempdir().unwrap();
    let (live, copy) = (folder.path().join("w.db"), folder.path().join("copy.db"));
    let mut w = Warehouse::of(Store::open(&live, Mode::Create).unwrap());
    let window = |station: &str| morning::Window {
        station: station.into(),
        operator: "M.Baker".into(),
        opened_at: w.today.and_hms_opt(9, 0, 0).unwrap(),
    };
    let (first, second) = (window("here:1"), window("here:2"));
    morning::open(&mut w.store, &first, |_| false).unwrap();
    safekeeping::backup(&w.store, &copy).unwrap();
    let mut of_copy = Store::open(&copy, Mode::Existing).unwrap();
    assert_eq!(morning::open(&mut of_copy, &second, |_| true).unwrap().survived, None);
    drop(of_copy);
    safekeeping::restore(&live, &copy, w.today.and_hms_opt(10, 0, 0).unwrap()).unwrap();
    let said = morning::open(&mut w.store, &second, |station| station == "here:1").unwrap().survived;
    assert!(said.is_some_and(|said| said.contains("opened 09:00")), "the window of the warehouse is still known");
}

#[test]
fn what_would_be_lost_is_named_before_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (live, copy) = (folder.path().join("w.db"), folder.path().join("copy.db"));
    let mut w = stocked(&live);
    safekeeping::backup(&w.store, &copy).unwrap();
    w.bin("NEW", "storage");
    let seen = safekeeping::foresee(&live, &copy).unwrap();
    assert_eq!((seen.lost, seen.named.len()), (Some(1), 1));
    assert_eq!(seen.named[0].1, "prepared");
    assert_eq!(w.number("SELECT count(*) FROM bin WHERE code = 'NEW'"), 1);
}

#[test]
fn a_training_file_is_marked_sends_no_mail_and_leaves_the_real_one_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (live, training) = (folder.path().join("w.db"), folder.path().join("t.db"));
    let mut w = stocked(&live);
    let act = w.act("set");
    settings::set(&mut w.store, act, "mail.host", "mail.example.com").unwrap();
    let act = w.act("set");
    settings::set(&mut w.store, act, "day_end.folder", folder.path().to_str().unwrap()).unwrap();
    let before = w.everything();
    backshelf::demo::train(&training, &live, &w.act("demo")).unwrap();
    assert_eq!(w.everything(), before);
    let mut t = Warehouse::of(Store::open(&training, Mode::Existing).unwrap());
    assert!(backshelf::demo::marks(&training).unwrap().is_some());
    // Nothing practised is sent, nor written over the real exports of the day.
    assert_eq!(t.number("SELECT count(*) FROM setting WHERE key IN ('mail.host', 'day_end.folder')"), 0);
    assert_eq!(t.number("SELECT sum(quantity) FROM level"), 17_000);
    assert!(!daily::keep(&mut t.store, t.today.and_hms_opt(8, 0, 0).unwrap()).unwrap());
}

/// Who practises on another file gets a copy of that one, and who goes on is told so.
#[test]
fn a_training_file_is_of_the_file_that_was_named() {
    let bench = Bench::new();
    for (db, sku) in [("one.db", "ONE"), ("two.db", "TWO")] {
        let items = bench.file("items.csv", &format!("sku,name\n{sku},Item\n"));
        bench.run(&["--db", db, "import", items.to_str().unwrap()]).well();
    }
    let train = |db: &str| {
        let told = bench.run(&["demo", "--from", db, "--db", "training.db", "--no-ui"]).well().err;
        (told, bench.run(&["--db", "training.db", "export", "items"]).well().out)
    };
    let (told, items) = train("one.db");
    assert!(told.contains("for training") && items.contains("ONE"), "{told}{items}");
    let (told, items) = train("one.db");
    assert!(told.contains("as it was left today; --fresh"), "{told}{items}");
    let (told, items) = train("two.db");
    assert!(told.contains("for training") && items.contains("TWO"), "{told}{items}");
}

/// A clock that was ahead and is set back: no copy every few minutes, and none that waits for the clock to catch up.
#[test]
fn a_clock_that_is_set_back_makes_one_copy_and_not_many() {
    let folder = tempfile::tempdir().unwrap();
    let live = folder.path().join("w.db");
    let mut w = Warehouse::of(Store::open(&live, Mode::Create).unwrap());
    let at = |h, m| w.today.and_hms_opt(h, m, 0).unwrap();
    let (ahead, back, soon, later, night) = (at(20, 0), at(9, 0), at(9, 10), at(9, 50), at(9, 51));
    assert!(daily::keep(&mut w.store, ahead).unwrap());
    let act = backshelf::store::Act { now: at(20, 5), ..w.act("import") };
    backshelf::ops::perform(&mut w.store, act, |tx| {
        tx.summarise("brought in");
        tx.insert("item", &["sku", "name"], &[&"A", &"A"])
    })
    .unwrap();
    assert!(daily::keep(&mut w.store, back).unwrap(), "nobody waits eleven hours");
    for now in [soon, later, night] {
        assert!(!daily::keep(&mut w.store, now).unwrap(), "{now}");
    }
}
