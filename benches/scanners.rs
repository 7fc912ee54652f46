//! 100,000 scans into one session from four programs at once: `cargo bench --bench scanners [-- SCANS EACH]`.
//! Bound: no scan lost, none counted twice, each durable and answered in under 10 ms plus the disk's own sync, 95 of 100.

use backshelf::domain::counting::Scope;
use backshelf::ops::counting::{self, Wanted};
use backshelf::store::{Act, Mode, Store};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAMS: usize = 4;
const EACH: usize = 25_000;
const BOUND: Duration = Duration::from_millis(10);
const CODE: &str = "4006381333931";

fn main() {
    let given = std::env::args().skip(1).filter_map(|a| a.parse().ok()).next();
    let each = given.unwrap_or(EACH);
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("warehouse.db");
    let session = prepare(folder.path(), &db);
    let synced = disk(folder.path());
    let began = Instant::now();
    let threads: Vec<_> = (0..PROGRAMS)
        .map(|n| {
            let (db, session) = (db.clone(), session.clone());
            std::thread::spawn(move || scanner(&db, &session, n, each))
        })
        .collect();
    let mut took: Vec<Duration> = threads.into_iter().flat_map(|t| t.join().expect("a scanner")).collect();
    let whole = began.elapsed();
    took.sort_unstable();
    let store = Store::open(&db, Mode::ReadOnly).expect("the warehouse opens");
    let number = |sql: &str| store.db().query_row(sql, [], |r| r.get::<_, i64>(0)).expect("a number");
    let rows = number("SELECT count(*) FROM count_scan WHERE kind = 'item'");
    let total =
        number("SELECT sum(t) FROM (SELECT max(total) / 1000 t FROM count_scan WHERE kind = 'item' GROUP BY visit)");
    let sent = (PROGRAMS * each) as i64;
    let (p50, p95, p99) = (part(&took, 50), part(&took, 95), part(&took, 99));
    println!(
        "{sent} scans by {PROGRAMS} programs in {:.1} s, {:.0} a second",
        whole.as_secs_f64(),
        sent as f64 / whole.as_secs_f64()
    );
    println!("a scan   50 %: {p50:?}   95 %: {p95:?}   99 %: {p99:?}");
    println!("a sync of this disk   50 %: {:?}   95 %: {:?}", part(&synced, 50), part(&synced, 95));
    println!("lost: {}   counted twice: {}", (sent - rows).max(0), (rows - sent).max(0) + (total - rows).max(0));
    // Four programs share one writer: a scan waits for at most the three before it.
    let allowed = BOUND + part(&synced, 95) * PROGRAMS as u32;
    let kept = rows == sent && total == sent && p95 <= allowed;
    println!(
        "bound {allowed:?} (10 ms and the sync of each of {PROGRAMS}): {}",
        if kept { "kept" } else { "NOT KEPT" }
    );
    if !kept {
        std::process::exit(1);
    }
}

fn part(sorted: &[Duration], percent: usize) -> Duration {
    sorted.get((sorted.len().saturating_sub(1)) * percent / 100).copied().unwrap_or_default()
}

/// Four bins with an item in each, and a session over them.
fn prepare(folder: &Path, db: &Path) -> String {
    let items = format!("sku,name,barcode,bin\nI1,Chang,{CODE},A1\n");
    std::fs::write(folder.join("items.csv"), items).expect("a file");
    std::fs::write(folder.join("stock.csv"), "sku,bin,quantity\nI1,A1,1\nI1,A2,1\nI1,A3,1\nI1,A4,1\n").expect("a file");
    let program = Command::new(env!("CARGO_BIN_EXE_backshelf"))
        .args(["import", "--db"])
        .args([db, &folder.join("items.csv"), &folder.join("stock.csv")])
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .status();
    assert!(program.expect("the program runs").success());
    let mut store = Store::open(db, Mode::Existing).expect("the warehouse opens");
    let now = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).and_then(|d| d.and_hms_opt(9, 0, 0)).expect("a moment");
    let act = Act { kind: "count", operator: "bench".into(), now, today: now.date(), uid: None };
    let wanted = Wanted { scope: Scope::Bins("A1..A4".into()), name: "bench".into(), uid: None };
    counting::begin(&mut store, &act, &wanted).expect("a session").0.to_string()
}

/// One person scanning: each line is sent when the one before it is answered, as a person hears the beep.
fn scanner(db: &Path, session: &str, n: usize, each: usize) -> Vec<Duration> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_backshelf"))
        .args(["count", "scan", session, "--stamped", "--operator", &format!("Person {n}"), "--db"])
        .arg(db)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a scanner");
    let mut to = child.stdin.take().expect("its input");
    let mut from = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut took = Vec::with_capacity(each);
    let mut send = |line: String| {
        let began = Instant::now();
        to.write_all(line.as_bytes()).expect("a line goes");
        let answer = from.next().expect("an answer").expect("words");
        assert!(answer.starts_with("ok"), "{answer}");
        began.elapsed()
    };
    send(format!("{n}-bin\tBINA{}\n", n + 1));
    for i in 0..each {
        took.push(send(format!("{n}-{i}\t{CODE}\n")));
    }
    drop(to);
    assert!(child.wait().expect("its end").success());
    took
}

/// What this disk takes to make a page durable.
fn disk(folder: &Path) -> Vec<Duration> {
    let mut file = std::fs::File::create(folder.join("sync")).expect("a file");
    let mut took: Vec<Duration> = (0..200)
        .map(|_| {
            let began = Instant::now();
            file.write_all(&[0u8; 4096]).and_then(|()| file.sync_data()).expect("a sync");
            began.elapsed()
        })
        .collect();
    took.sort_unstable();
    took
}
