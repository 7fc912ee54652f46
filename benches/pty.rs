//! What a person at the terminal waits for, measured from outside through a pseudo-terminal, beside the bounds that the
//! program sets itself. `cargo bench --bench pty`; with `-- FILE...` on those warehouses. The large sample is made once
//! and kept in the target folder.

#[path = "../tests/support/session.rs"]
mod session;
mod support;

use backshelf::demo;
use backshelf::exchange::profile::Profile;
use backshelf::exchange::read;
use backshelf::exchange::table::{Batch, Cell, Origin, Row, Table};
use backshelf::ops::importing;
use backshelf::store::{Mode, Store};
use session::{Session, key};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::act;

const BINARY: &str = env!("CARGO_BIN_EXE_backshelf");
/// Silence after which a frame counts as whole.
const QUIET: Duration = Duration::from_millis(12);
const LARGE: u64 = 1_000_000;

/// The bounds of a warehouse of some size.
struct Bounds {
    first_ms: f64,
    end_ms: f64,
    resident_mib: f64,
}
const USUAL: Bounds = Bounds { first_ms: 100.0, end_ms: 16.0, resident_mib: 60.0 };
const MILLION: Bounds = Bounds { first_ms: 150.0, end_ms: 5.0, resident_mib: 150.0 };

fn main() {
    let named: Vec<PathBuf> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).map(PathBuf::from).collect();
    if !named.is_empty() {
        for path in named {
            measure(&path.display().to_string(), &path, &USUAL, true);
        }
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    match real(folder) {
        Some(path) => measure("Wide World Importers", &path, &USUAL, true),
        None => println!("skipped: ../shared/data/wideworldimporters is not here"),
    }
    measure("sample, 1,000,000 items", &sample(folder, LARGE), &MILLION, false);
}

fn sample(folder: &Path, scale: u64) -> PathBuf {
    let path = folder.join(format!("demo-{scale}.db"));
    let fits = path.exists() && matches!(demo::marks(&path), Ok(Some(m)) if m.scale == scale.to_string());
    if !fits {
        println!("making a sample of {scale} items, once ...");
        let started = Instant::now();
        let made = demo::make(&path, demo::SEED, scale, &act(), &mut |_| {}).expect("the sample");
        let seconds = started.elapsed().as_secs_f64();
        println!("{} rows in {seconds:.1} s, {:.0} rows/s", made.rows, made.rows as f64 / seconds);
    }
    path
}

/// The real warehouse, brought in anew.
fn real(folder: &Path) -> Option<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let given = std::env::var_os("BACKSHELF_SHARED").map(PathBuf::from);
    let roots = given.into_iter().chain([here.join("../shared"), here.join("../../shared")]);
    let files = roots.map(|r| r.join("data/wideworldimporters")).find(|p| p.is_dir())?;
    let path = folder.join("wide-world-importers.db");
    demo::remove(&path).expect("the old one goes");
    let profile = Profile::load("wide-world-importers", None).expect("the profile");
    let started = Instant::now();
    let mut store = Store::open(&path, Mode::Create).expect("a file");
    let batch = read::read(&[files], Some(&profile), &mut |_, _| {}).expect("the files");
    let rows: usize = batch.tables.values().map(Vec::len).sum();
    importing::import(&mut store, act(), batch, importing::Options::default(), &mut |_| {}).expect("the import");
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "import of Wide World Importers: {seconds:.1} s (bound 15), {:.0} rows/s (bound 100,000)",
        rows as f64 / seconds
    );
    Some(path)
}

fn open(path: &Path) -> Session {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let db = path.to_string_lossy().into_owned();
    let mut session =
        Session::start(BINARY, &["--db", &db, "--as-of", "2026-11-23", "--operator", "bench"], home, (120, 36));
    let _ = session.runs();
    session
}

/// As a person leaves: a program that is killed is spoken of at the next start, before the first list.
fn leave(mut session: Session) {
    session.signal(rustix::process::Signal::TERM);
    session.exit();
}

/// The first window of a day opens with the Today card.
fn greets(screen: &str) -> bool {
    screen.contains("0 this card")
}

/// Waits for the list, past the Today card.
fn begin(session: &mut Session) {
    session.wait("the first screen", |screen| usable(screen) || greets(screen));
    if greets(&session.screen()) {
        session.keys("esc");
    }
    session.wait("the list", usable);
}

fn usable(screen: &str) -> bool {
    screen.contains("Stock") && [" ok ", " none ", " low ", " count ", " order "].iter().any(|s| screen.contains(s))
}

fn measure(name: &str, path: &Path, bounds: &Bounds, with_import: bool) {
    println!("\n{name}");
    support::head();
    let mut first = Vec::new();
    for _ in 0..9 {
        let started = Instant::now();
        let session = open(path);
        session.wait("the first screen", |screen| usable(screen) || greets(screen));
        first.push(started.elapsed());
        leave(session);
    }
    support::report("first usable screen", first, &format!("{} ms", bounds.first_ms));
    let mut session = open(path);
    begin(&mut session);
    session.settle(Duration::from_millis(400)); // planning and the like come in
    keys(&mut session, bounds);
    println!("  {:<34} {:>9.1} MiB {:>17} {} MiB", "resident", resident(session.pid()), "bound", bounds.resident_mib);
    idle(&session);
    leave(session);
    if with_import {
        during_an_import(path);
    }
}

fn keys(session: &mut Session, bounds: &Bounds) {
    let usual = "median 3 ms, 99 % 16 ms";
    support::report("arrow down", press(session, &["down"; 200]), usual);
    support::report("arrow up", press(session, &["up"; 100]), usual);
    support::report("page down", press(session, &["pgdn"; 30]), usual);
    support::report("End, Home", press(session, &["end", "home"].repeat(20)), &format!("{} ms", bounds.end_ms));
    support::report(
        "tab by number",
        press(session, &["2", "3", "4", "1"].repeat(10)),
        "16 ms, + 30 ms if held for a scanner",
    );
    let mut letters = Vec::new();
    for word in ["ca", "st", "no", "be", "ma"].repeat(4) {
        session.keys("/");
        session.settle(Duration::from_millis(60));
        let (first, second) = word.split_at(1);
        letters.extend(press(session, &[first, second]));
        session.keys("esc");
        session.keys("esc");
        session.settle(Duration::from_millis(60));
    }
    support::report("filter letter", letters, "95 % 20 ms, + 30 ms if held");
}

/// Presses keys one after the other; those that drew nothing (the end of a list) are left out.
fn press(session: &mut Session, names: &[&str]) -> Vec<Duration> {
    names
        .iter()
        .filter_map(|name| {
            std::thread::sleep(Duration::from_millis(40)); // a person, not a scanner
            session.latency(key(name), QUIET)
        })
        .collect()
}

/// Resident memory in MiB.
fn resident(pid: i32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    field(&status, "VmRSS:") as f64 / 1024.0
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|l| l.strip_prefix(name));
    line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// How often any thread of the program was woken so far.
fn wake_ups(pid: i32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    tasks
        .map(|t| field(&fs::read_to_string(t.path().join("status")).unwrap_or_default(), "voluntary_ctxt_switches:"))
        .sum()
}

fn idle(session: &Session) {
    session.settle(Duration::from_millis(1_500));
    let (bytes, woken) = (session.bytes(), wake_ups(session.pid()));
    let seconds = 10;
    std::thread::sleep(Duration::from_secs(seconds));
    let (bytes, woken) = (session.bytes() - bytes, wake_ups(session.pid()) - woken);
    println!("  {:<34} {bytes:>9} bytes {:>15} 0", format!("idle for {seconds} s"), "bound");
    println!("  {:<34} {:>9.1} a second {:>12} 1", "wake-ups", woken as f64 / seconds as f64, "bound");
}

/// How many imports the keys are measured beside: one alone gives too few keys for a median.
const IMPORTS: u32 = 5;

/// The same keys while another connection writes new items, 40,000 in each transaction, on a copy of the file.
fn during_an_import(path: &Path) {
    let copy = path.with_extension("copy.db");
    demo::remove(&copy).expect("the old copy goes");
    fs::copy(path, &copy).expect("a copy");
    let mut session = open(&copy);
    begin(&mut session);
    session.settle(Duration::from_millis(400));
    let writer = copy.clone();
    let imports = std::thread::spawn(move || {
        let mut store = Store::open(&writer, Mode::Existing).expect("the copy opens");
        for round in 0..IMPORTS {
            importing::import(&mut store, act(), new_items(round, 40_000), importing::Options::default(), &mut |_| {})
                .expect("the import");
        }
    });
    let (mut arrows, mut still, mut tabs) = (Vec::new(), Vec::new(), Vec::new());
    while !imports.is_finished() {
        for name in ["down", "down", "up", "up"] {
            std::thread::sleep(Duration::from_millis(40));
            arrows.extend(session.time_to(key(name), |before, now| support::marked(now) != support::marked(before)));
        }
        still.extend(press(&mut session, &["down", "down", "up", "up"]));
        tabs.extend(press(&mut session, &["3", "1"]));
    }
    imports.join().expect("the imports end");
    support::report("arrows during imports", arrows, "median 3 ms, 99 % 16 ms");
    support::report("the same until all rests", still, "none: the import's own news are drawn meanwhile");
    support::report("tabs during imports", tabs, "16 ms, + 30 ms if held for a scanner");
    drop(session);
    demo::remove(&copy).expect("the copy goes");
}

fn new_items(round: u32, count: u32) -> Batch {
    let mut batch = Batch { files: vec!["items.csv".into()], ..Batch::default() };
    let columns = Table::Items.columns().len();
    let place = |name: &str| Table::Items.column(name).expect("a column");
    let rows = (0..count).map(|n| {
        let mut cells = vec![None; columns];
        cells[place("sku")] = Some(Cell::Text(format!("NEW-{round}-{n:06}")));
        cells[place("name")] = Some(Cell::Text(format!("New item {round}-{n}")));
        Row { at: Origin { file: 0, line: n + 1 }, cells }
    });
    batch.tables.insert(Table::Items, rows.collect());
    batch
}
