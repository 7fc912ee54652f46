//! Check, backup, restore.

use super::support::warehouse::Warehouse;
use backshelf::ops::{checking, safekeeping};
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
