//! Files that cannot be used: one sentence each, and the file stays as it was.

use backshelf::store::{Failure, Mode, Store};
use std::fs;

fn refused(path: &std::path::Path, mode: Mode, says: &str) {
    let before = fs::read(path).ok();
    let failure = Store::open(path, mode).unwrap_err();
    assert!(!matches!(failure, Failure::Broken(_)), "{failure}");
    assert!(failure.to_string().contains(says), "{failure}");
    assert_eq!(fs::read(path).ok(), before, "the file is as it was");
}

#[test]
fn each_wrong_file_has_its_sentence_and_stays_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    refused(&at("none.db"), Mode::Existing, "There is no warehouse file");
    refused(folder.path(), Mode::Create, "is a folder");
    fs::write(at("text.db"), "just some text that is long enough to be taken for a header of a file").unwrap();
    refused(&at("text.db"), Mode::Create, "not a backshelf warehouse");
    fs::write(at("empty.db"), "").unwrap();
    refused(&at("empty.db"), Mode::ReadOnly, "is empty");
    let other = rusqlite::Connection::open(at("other.db")).unwrap();
    other.execute_batch("CREATE TABLE t (x)").unwrap();
    drop(other);
    refused(&at("other.db"), Mode::Create, "another program");
    drop(Store::open(&at("new.db"), Mode::Create).unwrap());
    let newer = rusqlite::Connection::open(at("new.db")).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    refused(&at("new.db"), Mode::Existing, "file version 99");
}

/// A process that opens and closes the file beside SQLite ends the locks of all its connections on it; then another
/// program that closes the file removes the log with what was saved.
#[cfg(target_os = "linux")]
#[test]
fn the_locks_on_the_file_outlive_a_second_opening_in_the_same_program() {
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("warehouse.db");
    let first = Store::open(&path, Mode::Create).unwrap();
    let held = || {
        let (us, file) = (format!(" {} ", std::process::id()), format!(":{} ", fs::metadata(&path).unwrap().ino()));
        let locks = fs::read_to_string("/proc/locks").unwrap();
        locks.lines().any(|line| line.contains(&us) && line.contains(&file))
    };
    assert!(held(), "SQLite holds a lock for as long as the file is open");
    for mode in [Mode::ReadOnly, Mode::Existing, Mode::Create] {
        drop(Store::open(&path, mode).unwrap());
        assert!(held(), "after opening it once more ({mode:?})");
    }
    assert!(first.still_there() && first.is_of_the_warehouse(&path));
    let log = folder.path().join("warehouse.db-wal");
    assert!(log.exists() && first.is_of_the_warehouse(&log) && !first.is_of_the_warehouse(folder.path()));
}

#[cfg(unix)]
#[test]
fn a_new_file_and_its_folder_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/warehouse.db");
    drop(Store::open(&path, Mode::Create).unwrap());
    let mode = |p: &std::path::Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn a_file_of_the_first_version_is_upgraded_even_to_be_read_and_a_copy_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../assets/migrations/0001_warehouse.sql")).unwrap();
    old.execute_batch(
        "INSERT INTO bin (code) VALUES ('A1'); INSERT INTO item (id, sku, name) VALUES (1, 'A', 'Nut');
         INSERT INTO supplier (id, code, name) VALUES (1, 'EX', 'Exotic Liquids');
         INSERT INTO operation (id, kind, summary, at, business_date, operator)
           VALUES (1, 'import', 'orders', '2026-11-20T09:00:00', '2026-11-20', 'M.Baker');
         INSERT INTO journal (operation_id, tbl, action, row_id, row_to) VALUES (1, 'purchase_order', 'insert', 1, 1);
         INSERT INTO purchase_order (id, code, supplier_id, ordered_on, expected_on) VALUES (1, 'PO-1', 1, '2026-11-02', '2026-11-10');
         INSERT INTO po_line (po_id, line, item_id, quantity, received, received_on) VALUES (1, '1', 1, 5000, 5000, '2026-11-12');
         INSERT INTO item_plan VALUES (1, '2026-11-23', 1.5, 30000, 90000, 9000, 7.0, NULL, 0, '{}');
         PRAGMA application_id = 1114329960; PRAGMA user_version = 1",
    )
    .unwrap();
    drop(old);
    let store = Store::open(&path, Mode::ReadOnly).unwrap();
    drop(store);
    let now = rusqlite::Connection::open(&path).unwrap();
    let version: i64 = now.query_row("PRAGMA user_version", [], |r| r.get(0)).unwrap();
    let bins: i64 = now.query_row("SELECT count(*) FROM bin", [], |r| r.get(0)).unwrap();
    assert!(version > 1, "still version {version}");
    assert_eq!(bins, 1);
    // What the older program planned is worked out anew, and the states follow from the facts alone until then.
    let plans: i64 = now.query_row("SELECT count(*) FROM item_plan", [], |r| r.get(0)).unwrap();
    assert_eq!(plans, 0);
    // Suppliers are added up as part of the upgrade: the first receipt does not wait for all of them.
    let count = |sql: &str| -> i64 { now.query_row(sql, [], |r| r.get(0)).unwrap() };
    assert_eq!((count("SELECT count(*) FROM supplier_stale"), count("SELECT count(*) FROM supplier_sums")), (0, 1));
    let store = Store::open(&path, Mode::Existing).unwrap();
    assert_eq!(backshelf::ops::checking::check(store.db()).unwrap().faults, Vec::<String>::new());
    assert!(folder.path().join("old.db.before-upgrade-1").exists());
}
