//! Eight workstations on one file, all at work: key times in each, nothing lost, and copies made meanwhile. From outside:
//! eight programs, each in a terminal of its own, and seven more hands that look, write what they saw, and look again
//! where somebody was first. `cargo bench --bench workstations`; `-- SECONDS` for another length than 30.

#[path = "../tests/support/session.rs"]
mod session;
mod support;

use backshelf::clock::Clock;
use backshelf::demo;
use backshelf::domain::ids::ItemId;
use backshelf::domain::quantity::Qty;
use backshelf::ops::{checking, safekeeping};
use backshelf::store::browse::{self, Edge, StockOrder};
use backshelf::store::{Mode, Store};
use backshelf::worker::stock::{Change, Write as StockWrite};
use backshelf::worker::{Desk, Reply, Request, Write};
use session::{Session, key};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};
use support::{act, today};

const BINARY: &str = env!("CARGO_BIN_EXE_backshelf");
const WINDOWS: usize = 8;
const HANDS: usize = 7;
const ITEMS: u64 = 5_000;
/// Silence after which a frame counts as whole.
const QUIET: Duration = Duration::from_millis(12);
/// How long a person looks before he saves something.
const THINKS: Duration = Duration::from_millis(400);
/// Between two copies.
const REST: Duration = Duration::from_secs(3);

fn main() {
    let seconds = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(30);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join("workstations.db");
    demo::remove(&path).expect("the old one goes");
    demo::make(&path, demo::SEED, ITEMS, &act(), &mut |_| {}).expect("the sample");
    let item = stocked(&path);
    let before = on_hand(&path, item);
    let (stop, taken, looked) = (AtomicBool::new(false), AtomicI64::new(0), AtomicI64::new(0));
    let mut sessions: Vec<Session> = (0..WINDOWS).map(|n| open(&path, n, folder)).collect();
    for session in &sessions {
        session.wait("the first screen", |screen| screen.contains("Stock") && screen.contains("SKU"));
        session.settle(Duration::from_millis(500));
    }
    println!("{WINDOWS} programs and {HANDS} hands on one file of {ITEMS} items, {seconds} s");
    let (mut saves, mut copies) = (Vec::new(), Vec::new());
    let mut keys: Vec<(Vec<Duration>, Vec<Duration>)> = Vec::new();
    std::thread::scope(|s| {
        let (path, stop, taken, looked) = (&path, &stop, &taken, &looked);
        let writers: Vec<_> =
            (0..HANDS).map(|n| s.spawn(move || write_until(path, n, item, stop, taken, looked))).collect();
        let copier = s.spawn(move || copy_until(path, stop));
        let end = Instant::now() + Duration::from_secs(seconds);
        let pressers: Vec<_> = sessions.iter_mut().map(|session| s.spawn(move || press_until(session, end))).collect();
        keys.extend(pressers.into_iter().map(|p| p.join().expect("the keys")));
        stop.store(true, Ordering::Relaxed);
        saves.extend(writers.into_iter().flat_map(|w| w.join().expect("the writer")));
        copies.extend(copier.join().expect("the copies"));
    });
    let arrows = keys.iter().flat_map(|k| k.0.iter().copied()).collect();
    let tabs = keys.iter().flat_map(|k| k.1.iter().copied()).collect();
    support::head();
    support::report("arrows, all eight", arrows, "median 3 ms, 99 % 16 ms");
    support::report("tabs, all eight", tabs, "16 ms, + 30 ms if held for a scanner");
    support::report("a save, with what it waits", saves, "-");
    support::report("a copy, written and checked", copies.clone(), "-");
    let (taken, looked) = (taken.load(Ordering::Relaxed), looked.load(Ordering::Relaxed));
    let after = on_hand(&path, item);
    assert_eq!(before - after, Qty::units(taken), "an update was lost");
    let faults = checking::check(Store::open(&path, Mode::ReadOnly).expect("the file").db()).expect("a check").faults;
    assert_eq!(faults, Vec::<String>::new());
    println!(
        "  {taken} pieces taken, all booked; {} saves saw that somebody was first and looked again",
        looked - taken
    );
    println!("  {} copies, each whole and checked; the books agree", copies.len());
    drop(sessions);
    demo::remove(&path).expect("it goes");
}

/// An item with enough on its shelf that nobody runs dry.
fn stocked(path: &Path) -> ItemId {
    let store = Store::open(path, Mode::ReadOnly).expect("the file");
    let (rows, _) = browse::stock_page(store.db(), StockOrder::Sku, &Edge::First, 5_000).expect("a page");
    rows.iter().filter(|r| r.bins == 1).max_by_key(|r| r.on_hand).map(|r| r.id).expect("an item in one bin")
}

fn row(db: &backshelf::store::Db, item: ItemId) -> browse::StockRow {
    browse::stock_rows_of(db, &[item]).expect("a row").remove(0)
}

fn on_hand(path: &Path, item: ItemId) -> Qty {
    row(Store::open(path, Mode::ReadOnly).expect("the file").db(), item).on_hand
}

fn open(path: &Path, n: usize, folder: &Path) -> Session {
    let (db, name) = (path.to_string_lossy().into_owned(), format!("window {n}"));
    Session::start(BINARY, &["--db", &db, "--as-of", "2026-11-23", "--operator", &name], folder, (120, 36))
}

/// Arrows and tabs, as a person presses them; their times. An arrow's frame is the one in which the mark stands on another
/// line: what else is drawn then is the others' work coming in.
fn press_until(session: &mut Session, end: Instant) -> (Vec<Duration>, Vec<Duration>) {
    let (mut arrows, mut tabs) = (Vec::new(), Vec::new());
    while Instant::now() < end {
        for name in ["down", "down", "up", "down"] {
            std::thread::sleep(Duration::from_millis(150));
            arrows.extend(session.time_to(key(name), |before, now| support::marked(now) != support::marked(before)));
        }
        for name in ["2", "3", "4", "1"] {
            std::thread::sleep(Duration::from_millis(150));
            tabs.extend(session.latency(key(name), QUIET));
        }
    }
    (arrows, tabs)
}

/// Takes a piece again and again: looks, writes what was seen, looks again where somebody was first.
fn write_until(
    path: &Path,
    n: usize,
    item: ItemId,
    stop: &AtomicBool,
    taken: &AtomicI64,
    looked: &AtomicI64,
) -> Vec<Duration> {
    let store = Store::open(path, Mode::Existing).expect("the file");
    let clock = Clock::stopped(today().and_hms_opt(9, 0, 0).expect("a time"));
    let mut desk = Desk::new(store, clock, format!("hand {n}"));
    let mut times = Vec::new();
    let mut ticket = 0;
    while !stop.load(Ordering::Relaxed) {
        std::thread::sleep(THINKS);
        loop {
            let seen = row(desk.store.db(), item);
            let write = StockWrite::Adjust {
                item,
                bin: seen.bin.clone().unwrap_or_default(),
                change: Change::By(Qty::units(-1)),
                seen: seen.on_hand,
                reason: "broken".into(),
                note: None,
                sure: true,
            };
            ticket += 1;
            looked.fetch_add(1, Ordering::Relaxed);
            let began = Instant::now();
            if let Reply::Done { result: Ok(_), .. } = desk.handle(Request::Do { ticket, write: Write::Stock(write) }) {
                times.push(began.elapsed());
                taken.fetch_add(1, Ordering::Relaxed);
                break;
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
    }
    times
}

/// Copies the file while all write, and opens each copy to check its books.
fn copy_until(path: &Path, stop: &AtomicBool) -> Vec<Duration> {
    let store = Store::open(path, Mode::ReadOnly).expect("the file");
    let target = path.with_extension("copy.db");
    let mut times = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        safekeeping::backup(&store, &target).expect("a copy");
        times.push(began.elapsed());
        let copy = Store::open(&target, Mode::ReadOnly).expect("the copy opens");
        assert_eq!(checking::check(copy.db()).expect("a check").faults, Vec::<String>::new());
        std::thread::sleep(REST);
    }
    demo::remove(&target).expect("the copy goes");
    times
}
