//! The real program in a pseudo-terminal, on the sample warehouse.

use crate::support::session::Session;
use backshelf::demo;
use backshelf::exchange::table::{Batch, Cell, Row, Table};
use backshelf::ops::importing;
use backshelf::store::{Act, Mode, Store};
use chrono::NaiveDate;
use rustix::process::Signal;
use std::path::PathBuf;
use std::sync::OnceLock;

const TODAY: &str = "2026-11-23";

fn act() -> Act {
    let today: NaiveDate = TODAY.parse().unwrap();
    Act { kind: "demo", operator: "Kim".into(), now: today.and_hms_opt(9, 0, 0).unwrap(), today, uid: None }
}

/// A folder with a sample warehouse of its own. It is made once and copied.
fn sample() -> (tempfile::TempDir, PathBuf) {
    static MADE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, original) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sample.db");
        demo::make(&path, demo::SEED, demo::ITEMS, &act(), &mut |_| {}).unwrap();
        (folder, path)
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sample.db");
    std::fs::copy(original, &path).unwrap();
    (folder, path)
}

struct Opened {
    session: Session,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

fn open(size: (u16, u16)) -> Opened {
    open_with(size, &[])
}

fn open_with(size: (u16, u16), environment: &[(&str, &str)]) -> Opened {
    let (folder, path) = sample();
    let arguments = ["--db", path.to_str().unwrap(), "--as-of", TODAY, "--operator", "M.Baker"];
    let session = Session::with(env!("CARGO_BIN_EXE_backshelf"), &arguments, folder.path(), size, environment);
    if !environment.is_empty() {
        return Opened { session, path, _folder: folder };
    }
    session.wait("the first list", |screen| screen.contains("1 Stock") && screen.contains("SPR-118"));
    Opened { session, path, _folder: folder }
}

#[test]
fn leaving_gives_the_terminal_back() {
    let mut opened = open((80, 24)); // its folder lives as long
    let it = &mut opened.session;
    it.keys("q");
    it.wait("the question", |screen| screen.contains("Leave"));
    it.keys("f8");
    assert_eq!(it.exit(), 0);
    assert_eq!(it.left_behind(), Vec::<String>::new());
}

#[test]
fn ctrl_c_twice_leaves_and_once_does_not() {
    let mut opened = open((80, 24));
    let it = &mut opened.session;
    it.keys("ctrl-c");
    it.wait("the hint", |screen| screen.contains("again"));
    assert!(it.runs());
    it.keys("ctrl-c");
    it.exit();
    assert_eq!(it.left_behind(), Vec::<String>::new());
}

#[test]
fn signals_give_the_terminal_back() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let mut opened = open((80, 24));
        opened.session.signal(signal);
        opened.session.exit();
        assert_eq!(opened.session.left_behind(), Vec::<String>::new(), "{signal:?}");
    }
}

#[test]
fn a_new_size_is_drawn_at_once() {
    let mut opened = open((80, 24));
    let it = &mut opened.session;
    it.resize(140, 40);
    it.wait("the pane", |screen| screen.lines().filter(|l| l.contains('│')).count() > 20);
    it.resize(30, 8);
    it.wait("a small screen", |screen| screen.lines().count() <= 8);
    it.resize(80, 24);
    it.wait("the list again", |screen| screen.contains("SPR-118") && !screen.contains('│'));
}

#[test]
fn tabs_follow_their_numbers() {
    let mut opened = open((80, 24));
    let it = &mut opened.session;
    it.keys("2");
    it.wait_for("Copper Kettle");
    it.keys("3");
    it.wait_for("Meridian Drinks");
    it.keys("1");
    it.wait_for("SPR-118");
}

#[test]
fn a_scan_shows_the_item_and_runs_no_commands() {
    let mut opened = open((80, 24));
    let it = &mut opened.session;
    // The barcode of the first item, as a scanner types it: all at once, ended by Enter.
    it.send(b"2000000000015\r");
    it.wait_for("Breakfast tea");
    assert!(it.runs());
}

#[test]
fn a_long_burst_does_not_stall_the_keyboard() {
    let mut opened = open((80, 24));
    let it = &mut opened.session;
    for _ in 0..100 {
        it.send(b"2000000000015\r\n"); // 1,500 bytes in all
    }
    it.keys("esc esc esc ?");
    it.wait_for("page down");
}

#[test]
fn what_another_program_saves_is_seen() {
    let mut opened = open((80, 24));
    let mut store = Store::open(&opened.path, Mode::Existing).unwrap();
    let columns = Table::Items.columns().len();
    let mut cells = vec![None; columns];
    cells[Table::Items.column("sku").unwrap()] = Some(Cell::Text("SPR-118".into()));
    cells[Table::Items.column("name").unwrap()] = Some(Cell::Text("Renamed elsewhere".into()));
    let mut batch = Batch { files: vec!["items.csv".into()], ..Batch::default() };
    batch.tables.insert(Table::Items, vec![Row { at: Default::default(), cells }]);
    let done = importing::import(&mut store, act(), batch, importing::Options::default(), &mut |_| {}).unwrap();
    assert!(done.problems.is_empty());
    opened.session.wait_for("Renamed elsewhere");
    assert!(opened.session.runs());
}

#[test]
fn a_panic_in_any_thread_gives_the_terminal_back() {
    if !cfg!(debug_assertions) {
        eprintln!("skipped: a program without debug assertions cannot be broken on purpose");
        return;
    }
    for thread in ["screen", "keyboard", "store", "slow", "search"] {
        let mut opened = open_with((80, 24), &[("BACKSHELF_BREAK", thread), ("RUST_BACKTRACE", "0")]);
        let it = &mut opened.session; // its folder lives as long
        // What makes the thread work: a key, and a search.
        it.settle(std::time::Duration::from_millis(200));
        for keys in ["j", "/", "c"] {
            if it.runs() {
                it.keys(keys);
            }
        }
        assert_eq!(it.exit(), 101, "{thread}");
        assert_eq!(it.left_behind(), Vec::<String>::new(), "{thread}");
        assert!(it.screen().contains("broken on purpose"), "{thread}: {}", it.screen());
    }
}

#[test]
fn suspended_the_terminal_is_the_shells_and_then_all_is_painted_again() {
    let mut opened = open((80, 24)); // its folder lives as long
    let it = &mut opened.session;
    it.keys("ctrl-z");
    let end = std::time::Instant::now() + crate::support::session::LIMIT;
    while !it.left_behind().is_empty() && std::time::Instant::now() < end {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(it.left_behind(), Vec::<String>::new());
    it.settle(std::time::Duration::from_millis(100));
    it.signal(Signal::CONT);
    it.wait("everything again", |screen| screen.contains("1 Stock") && screen.contains("SPR-118"));
    it.keys("?");
    it.wait_for("page down");
}

#[test]
fn carriage_return_and_line_feed_are_one_enter() {
    let mut opened = open((80, 24)); // its folder lives as long
    let it = &mut opened.session;
    it.keys("q");
    it.wait_for("[Stay]");
    it.send(b"\r\n"); // twice Enter would open the row
    it.wait("the list", |screen| !screen.contains("[Stay]") && screen.contains("View: trouble first"));
    it.keys("j");
    it.wait("the list still", |screen| screen.contains("View: trouble first"));
    assert!(it.runs());
}

#[test]
fn four_thousand_keys_in_one_write_are_taken() {
    let mut opened = open((80, 24)); // its folder lives as long
    let it = &mut opened.session;
    it.keys("/");
    it.send("x".repeat(4_000).as_bytes());
    it.keys("esc ?");
    it.wait_for("page down");
}

#[test]
fn a_locked_file_is_said_on_top_until_it_is_free() {
    let mut opened = open((80, 24));
    let other = rusqlite::Connection::open(&opened.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let it = &mut opened.session;
    it.keys("j a");
    it.wait_for("Reason");
    it.keys("- 1 f8");
    it.wait_for("Another program"); // in the dialog, after the patience of a write
    it.keys("esc esc");
    it.wait_for("Another program holds the file");
    it.keys("j j");
    assert!(it.runs());
    other.execute_batch("ROLLBACK").unwrap();
    it.wait("the day's sentence", |screen| screen.contains("need a look"));
}

#[test]
fn a_file_that_was_moved_away_is_said() {
    let mut opened = open((80, 24));
    std::fs::rename(&opened.path, opened.path.with_extension("elsewhere")).unwrap();
    opened.session.wait_for("The file was moved or deleted");
    std::fs::rename(opened.path.with_extension("elsewhere"), &opened.path).unwrap();
    opened.session.wait_for("need a look");
    assert!(opened.session.runs());
}

#[test]
fn a_corrupt_page_is_said_and_nothing_crashes() {
    let (folder, path) = sample();
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let size = db.query_row("PRAGMA page_size", [], |r| r.get::<_, i64>(0)).unwrap() as usize;
    let root = |name: &str| -> usize {
        let sql = "SELECT rootpage FROM sqlite_master WHERE name = ?1";
        db.query_row(sql, [name], |r| r.get::<_, i64>(0)).unwrap() as usize
    };
    let pages = [root("order_line"), root("po_line"), root("movement")];
    drop(db);
    let mut bytes = std::fs::read(&path).unwrap();
    for page in pages {
        bytes[(page - 1) * size..][..size].fill(0x5a);
    }
    std::fs::write(&path, bytes).unwrap();
    let arguments = ["--db", path.to_str().unwrap(), "--as-of", TODAY];
    let mut it = Session::start(env!("CARGO_BIN_EXE_backshelf"), &arguments, folder.path(), (80, 24));
    it.wait_for("A part of the file cannot be read");
    it.keys("j j 2 3 4 1 enter esc");
    it.keys("q f8");
    assert_eq!(it.exit(), 0);
    assert_eq!(it.left_behind(), Vec::<String>::new());
}

#[test]
fn the_persons_editor_has_the_terminal_and_its_keys_and_gives_both_back() {
    let (folder, path) = sample();
    let script = folder.path().join("editor.sh");
    let lines = "printf 'EDITOR READY\\n'; read answer; sed \"s/is late\\./is late: $answer./\" \"$1\" > \"$1.new\"; mv \"$1.new\" \"$1\"\n";
    std::fs::write(&script, lines).unwrap();
    let editor = format!("sh {}", script.display());
    let arguments = ["--db", path.to_str().unwrap(), "--as-of", TODAY, "--operator", "M.Baker"];
    let program = env!("CARGO_BIN_EXE_backshelf");
    let mut it = Session::with(program, &arguments, folder.path(), (80, 24), &[("EDITOR", &editor), ("VISUAL", "")]);
    it.wait("the first list", |screen| screen.contains("1 Stock") && screen.contains("SPR-118"));
    it.keys("2");
    it.wait_for("Megan Haynes");
    it.keys("/");
    it.send(b"haynes");
    it.wait_for("1 row with \"haynes\"");
    it.keys("enter");
    it.keys("c");
    it.wait_for("Our supplier is late.");
    // The talk opens by phone: up to the way, a text to copy, and down to what is done with it.
    for _ in 0..6 {
        it.keys("up");
    }
    it.keys("3");
    it.wait_for("[copy text]");
    for _ in 0..3 {
        it.keys("tab");
    }
    it.keys("3");
    it.wait_for("[Edit]");
    it.keys("f8");
    it.wait_for("EDITOR READY");
    it.send(b"by sea\r");
    it.wait_for("Our supplier is late: by sea.");
    it.keys("esc");
    it.wait_for("Esc again throws away");
    it.keys("esc");
    it.wait_for("View: to do, 1 of 43");
}

/// Two windows whose business dates differ never plan against each other: that of another day than the clock's lets the
/// plans of today stand and says so, alone too, until a person wants its own.
#[test]
fn a_window_of_another_day_lets_the_plans_of_today_stand_until_it_is_told() {
    let (folder, path) = sample();
    let today = backshelf::clock::Clock::default().today().to_string();
    let db = rusqlite::Connection::open(&path).unwrap();
    let planned =
        || -> String { db.query_row("SELECT planned_on FROM plan_basis", [], |r| r.get(0)).unwrap_or_default() };
    let start = |arguments: &[&str]| {
        let all = [&["--db", path.to_str().unwrap(), "--operator", "Kim"], arguments].concat();
        Session::start(env!("CARGO_BIN_EXE_backshelf"), &all, folder.path(), (80, 24))
    };
    let mut now = start(&[]);
    now.wait("plans of today", |_| planned() == today);
    let mut past = start(&["--as-of", "2016-06-01"]);
    past.wait_for("1 Stock");
    past.keys("1");
    past.wait_for("what to order are by levels of");
    past.keys("4");
    past.wait_for("by another window.");
    let mut reader = start(&["--as-of", "2016-06-01", "--read-only"]);
    reader.wait_for("1 Stock");
    reader.keys("4");
    reader.wait_for("by another window.");
    reader.keys("f9");
    reader.wait_for("levels of this day cannot be kept here");
    assert_eq!(planned(), today);
    now.keys("q f8");
    assert_eq!(now.exit(), 0);
    past.keys("f5");
    past.wait_for("F9 works out this day's.");
    assert_eq!(planned(), today);
    past.keys("f9");
    past.wait("plans of its own day", |screen| planned() == "2016-06-01" && !screen.contains("Levels are of"));
    let now = start(&[]);
    now.wait("plans of today again", |_| planned() == today);
    past.wait_for("by another window.");
    assert_eq!(planned(), today);
}
