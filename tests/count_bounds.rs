//! Many scanners at once, and programs that are killed: no scan lost, none counted twice, the books sound.

use super::support::cli::Bench;
use super::support::session::Session;
use backshelf::store::{Mode, Store};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const ITEMS: &str = "sku,name,barcode,cost,bin\nI1,Chang,4006381333931,15.20,A1\nI2,Chai,036000291452,10.60,A2\n";
const STOCK: &str = "sku,bin,quantity\nI1,A1,17\nI2,A2,11\nI1,A3,1\nI1,A4,1\n";

fn bench() -> (Bench, String) {
    let bench = Bench::new();
    bench.file("in/items.csv", ITEMS);
    bench.file("in/stock.csv", STOCK);
    bench.import(&bench.path("in"), "2026-11-23");
    let session = bench.run(&["count", "begin", "--bins", "A1..A4"]).well().out.trim().to_string();
    (bench, session)
}

fn scanner(bench: &Bench, session: &str, who: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_backshelf"))
        .args(["count", "scan", session, "--stamped", "--operator", who])
        .env("BACKSHELF_DB", bench.db())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn number(bench: &Bench, sql: &str) -> i64 {
    let store = Store::open(&bench.db(), Mode::ReadOnly).unwrap();
    store.db().query_row(sql, [], |r| r.get(0)).unwrap()
}

/// Four processes scan into one session at once; two of them as the same person in the same bin. Every line is sent twice.
fn four_at_once(scans: usize) {
    let (bench, session) = bench();
    let people = [("K.Smit", "A1"), ("K.Smit", "A1"), ("M.Baker", "A2"), ("A.Lee", "A3")];
    // The bin that two scanners share is opened before both begin, or each would open it for itself.
    let mut first = scanner(&bench, &session, "K.Smit");
    first.stdin.take().unwrap().write_all(b"open\tBINA1\n").unwrap();
    assert!(first.wait().unwrap().success());
    let threads: Vec<_> = people
        .into_iter()
        .enumerate()
        .map(|(n, (who, bin))| {
            let mut child = scanner(&bench, &session, who);
            let mut stdin = child.stdin.take().unwrap();
            let stdout = BufReader::new(child.stdout.take().unwrap());
            let writer = std::thread::spawn(move || {
                writeln!(stdin, "{n}-bin\tBIN{bin}").unwrap();
                for i in 0..scans {
                    for _ in 0..2 {
                        writeln!(stdin, "{n}-{i}\t4006381333931").unwrap();
                    }
                }
            });
            std::thread::spawn(move || {
                let answers: Vec<String> = stdout.lines().map(Result::unwrap).collect();
                writer.join().unwrap();
                assert!(child.wait().unwrap().success(), "{answers:?}");
                let ok = answers.iter().filter(|a| a.starts_with("ok")).count();
                let again = answers.iter().filter(|a| a.as_str() == "again").count();
                assert_eq!((ok, again), (scans + 1, scans));
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(number(&bench, "SELECT count(*) FROM count_scan WHERE kind = 'item'"), 4 * scans as i64);
    let totals = "SELECT sum(t) FROM (SELECT max(total) / 1000 t FROM count_scan WHERE kind = 'item' GROUP BY visit)";
    assert_eq!(number(&bench, totals), 4 * scans as i64);
    assert_eq!(number(&bench, "SELECT count(DISTINCT visit) FROM count_scan WHERE operator = 'K.Smit'"), 1);
    bench.run(&["check"]).well();
}

#[test]
fn four_scanners_at_once_lose_nothing_and_count_nothing_twice() {
    four_at_once(150);
}

/// The full figure: `cargo test --release -- --ignored a_hundred_thousand`.
#[test]
#[ignore = "takes minutes"]
fn a_hundred_thousand_scans_from_four_processes() {
    four_at_once(25_000);
}

/// Kills the scanning or posting program after some milliseconds, many times; what was answered must be there.
fn killed(times: u64) {
    let (bench, session) = bench();
    let mut acknowledged = BTreeSet::new();
    for round in 0..times {
        let mut child = scanner(&bench, &session, "M.Baker");
        let mut stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let writer = std::thread::spawn(move || {
            let mut lines = vec![format!("{round}-bin\tBINA{}", round % 4 + 1)];
            lines.extend((0..2_000).map(|i| format!("{round}-{i}\t4006381333931")));
            lines.iter().all(|l| writeln!(stdin, "{l}").is_ok())
        });
        // Answers come in the order of the lines.
        let answers = std::thread::spawn(move || stdout.lines().map_while(Result::ok).count());
        std::thread::sleep(Duration::from_millis(40 + round * 37 % 300));
        child.kill().unwrap();
        child.wait().unwrap();
        writer.join().unwrap();
        let answered = answers.join().unwrap();
        acknowledged.extend((0..answered.saturating_sub(1)).map(|i| format!("{round}-{i}")));
        bench.run(&["check"]).well();
        // And killed while it posts: wholly done or not at all.
        if round % 3 == 2 {
            let mut posting = Command::new(env!("CARGO_BIN_EXE_backshelf"))
                .args(["count", "post", &session])
                .env("BACKSHELF_DB", bench.db())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(round * 13 % 60));
            let _ = posting.kill();
            posting.wait().unwrap();
            bench.run(&["check"]).well();
        }
    }
    let store = Store::open(&bench.db(), Mode::ReadOnly).unwrap();
    let mut statement = store.db().prepare("SELECT uid FROM count_scan WHERE kind = 'item'").unwrap();
    let there: BTreeSet<String> = statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    let missing: Vec<_> = acknowledged.difference(&there).collect();
    assert!(missing.is_empty(), "{missing:?} of {} were answered and are gone", acknowledged.len());
    // The last bin goes on where it was.
    let last = bench.run(&["count", "review", &session]).well();
    assert!(last.out.starts_with("bin,sku,name,book"), "{}", last.out);
}

#[test]
fn a_killed_program_loses_no_scan_that_it_answered() {
    killed(6);
}

#[test]
#[ignore = "takes minutes"]
fn killed_a_hundred_times() {
    killed(100);
}

#[test]
fn a_blind_sheet_goes_out_and_its_figures_come_back_once() {
    let (bench, session) = bench();
    let sheet = bench.path("sheet.csv");
    bench.run(&["count", "sheet", &session, "-o", sheet.to_str().unwrap()]).well();
    let text = std::fs::read_to_string(&sheet).unwrap();
    assert_eq!(text.lines().next().unwrap().trim_start_matches('\u{feff}'), "bin,sku,name,unit,counted");
    assert!(text.contains("A1,I1,Chang,,") && !text.contains("17"), "blind: {text}");
    let page = bench.run(&["count", "sheet", &session]).well().out;
    assert!(page.contains("Chang") && page.contains("________") && !page.contains("17"), "{page}");
    let wrong = bench.file("wrong.csv", "bin,sku,counted\nA1,I1,x\nZ9,I1,3\nA2,I9,1\n");
    let ran = bench.run(&["count", "read", &session, wrong.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    for says in [":2: counted", ":3: bin", ":4: sku", "Nothing was taken"] {
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    let filled =
        bench.file("filled.csv", "bin,sku,name,unit,counted\nA1,I1,Chang,,14\nA2,I2,Chai,,11\nA3,I1,Chang,,\n");
    let read = |expected: &str| {
        let out = bench.run(&["count", "read", &session, filled.to_str().unwrap(), "--operator", "K.Smit"]).well().out;
        assert_eq!(out.trim(), expected);
    };
    read("2 lines of 2 bins counted.");
    read("0 lines of 0 bins counted; 2 bins were read before.");
    let review = bench.run(&["count", "review", &session]).well().out;
    assert!(review.contains("A1,I1,Chang,17,0,0,14,-3,-45.60,differs,K.Smit"), "{review}");
    let posted = bench.run(&["count", "post", &session]).well();
    assert_eq!(posted.out.trim(), "Bins A1..A4 posted: 2 counted, 1 change, -45.60; still open: 2 bins not counted");
    assert!(posted.err.contains("2 lines, bins or codes are left over"), "{}", posted.err);
    let accuracy = bench.run(&["count", "accuracy", "--by", "counter", "--days", "36500"]).well().out;
    assert!(accuracy.contains("K.Smit,2,1,28,3,"), "{accuracy}");
    bench.run(&["check"]).well();
}

/// The workbench itself is killed while it counts and while it posts: what it showed is there, a posting is whole or not
/// at all, and the session goes on where it was.
fn workbench_killed(times: u64) {
    let (bench, session) = bench();
    let at = |sql: &str| number(&bench, sql);
    std::fs::create_dir_all(bench.path("home")).unwrap();
    bench.run(&["set", "customers.mostly", "business"]).well(); // no questions before the start
    let each = if times > 20 { 1 } else { 3 };
    let (mut shown, mut posted) = ([0i64; 4], 0);
    let mut all = 0;
    for round in 0..times {
        if bench.run(&["count", "list"]).well().out.is_empty() {
            // Every bin was counted and posted: the next round.
            bench.run(&["count", "begin", "--bins", "A1..A4"]).well();
            shown = [0; 4];
        }
        let db = bench.db();
        let arguments = ["--db", db.to_str().unwrap(), "--as-of", "2026-11-23", "--operator", "M.Baker"];
        let mut workbench = Session::start(env!("CARGO_BIN_EXE_backshelf"), &arguments, &bench.path("home"), (80, 24));
        workbench.wait("it is open", |screen| screen.contains("c count") || screen.contains("Esc close"));
        if workbench.screen().contains("Esc close") {
            workbench.keys("esc");
        }
        workbench.wait_for("c count");
        workbench.keys("c");
        workbench.wait_for("go on");
        workbench.keys("enter");
        workbench.wait_for("COUNT");
        workbench.send(format!("BINA{}\r", round % 4 + 1).as_bytes());
        workbench.wait_for(&format!("Bin A{}", round % 4 + 1));
        for _ in 0..each {
            workbench.send(b"4006381333931\r");
            let scans = &mut shown[(round % 4) as usize];
            *scans += 1;
            all += 1;
            let words = if *scans == 1 { "1 scan ".to_string() } else { format!("{scans} scans ") };
            workbench.wait("the scan is shown", |screen| screen.contains(&words));
        }
        workbench.settle(Duration::from_millis(60));
        if round % 2 == 1 {
            workbench.send(b"..\r");
            // Scans so close to each other are asked about; the same again is meant so.
            workbench.wait("it is asked or done", |screen| screen.contains("Right?") || screen.contains("is done"));
            if !workbench.screen().contains("is done") {
                workbench.send(b"..\r");
            }
            workbench.wait_for("is done");
            workbench.send(b"..\r");
            workbench.wait_for("Review");
            workbench.send(b"\x1b[19~\x1b[19~"); // F8 asks about the great difference, F8 again posts
            std::thread::sleep(Duration::from_millis(round * 11 % 40));
        }
        workbench.signal(rustix::process::Signal::KILL);
        workbench.exit();
        bench.run(&["check"]).well();
        let postings = at("SELECT count(*) FROM operation WHERE kind = 'post count'");
        assert!(postings - posted <= 1, "posted at most once");
        let entries = at("SELECT count(DISTINCT operation_id) FROM count_entry WHERE session_id IS NOT NULL");
        assert_eq!(entries, postings, "a posting is whole");
        if postings > posted {
            // What is scanned in a bin that was posted begins its count anew.
            for (n, scans) in (1..).zip(&mut shown) {
                let sql = format!(
                    "SELECT count(*) FROM count_entry e JOIN bin b ON b.id = e.bin_id WHERE b.code = 'A{n}'
                     AND e.operation_id = (SELECT max(id) FROM operation WHERE kind = 'post count')"
                );
                if at(&sql) > 0 {
                    *scans = 0;
                }
            }
        }
        posted = postings;
    }
    assert_eq!(at("SELECT count(*) FROM count_scan WHERE kind = 'item'"), all, "what was shown is there, once");
    bench.run(&["count", "review", &session]).well();
}

#[test]
fn a_killed_workbench_loses_no_scan_that_it_showed_and_posts_wholly_or_not() {
    workbench_killed(4);
}

#[test]
#[ignore = "takes minutes"]
fn the_workbench_killed_a_hundred_times() {
    workbench_killed(100);
}
