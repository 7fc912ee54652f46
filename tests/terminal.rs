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
    let (folder, path) = sample();
    let arguments = ["--db", path.to_str().unwrap(), "--as-of", TODAY, "--operator", "M.Baker"];
    let session = Session::start(env!("CARGO_BIN_EXE_backshelf"), &arguments, folder.path(), size);
    session.wait("the first list", |screen| screen.contains("1 Stock") && screen.contains("SPR-118"));
    Opened { session, path, _folder: folder }
}

#[test]
fn leaving_gives_the_terminal_back() {
    let mut it = open((80, 24)).session;
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
    it.wait_for("open the row, full width");
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
