//! Programs that are killed while they take a delivery in, and while they book it: the books sound, no scan lost.

use super::support::cli::Bench;
use backshelf::store::{Mode, Store};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

fn bench() -> Bench {
    let bench = Bench::new();
    bench.file(
        "in/items.csv",
        "sku,name,barcode,cost,bin\nI1,Chang,4006381333931,15.20,A1\nI2,Chai,036000291452,10.60,A2\n",
    );
    bench.file("in/stock.csv", "sku,bin,quantity\nI1,A1,17\nI2,A2,11\n");
    bench.file("in/suppliers.csv", "supplier,name\nE,Exotic Liquids\n");
    bench.file(
        "in/purchase_orders.csv",
        "po,supplier,ordered_on,sku,quantity\nPO-7,E,2026-11-01,I1,100000\nPO-7,E,2026-11-01,I2,24\n",
    );
    bench.file("in/orders.csv", "order,customer,ordered_on\nS1,C,2026-11-02\n");
    bench.file("in/order_lines.csv", "order,line,sku,quantity\nS1,1,I1,40\n");
    bench.file("in/customers.csv", "customer,name\nC,Around the Horn\n");
    bench.import(&bench.path("in"), "2026-11-23");
    bench
}

/// Kills the scanning or booking program after some milliseconds, many times; what was answered must be there.
fn killed(times: u64) {
    let bench = bench();
    let mut acknowledged = BTreeSet::new();
    for round in 0..times {
        let delivery = bench.run(&["receive", "begin", "PO-7"]).well().out.trim().to_string();
        let mut child = Command::new(env!("CARGO_BIN_EXE_backshelf"))
            .args(["receive", "scan", &delivery, "--stamped"])
            .env("BACKSHELF_DB", bench.db())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let writer =
            std::thread::spawn(move || (0..2_000).all(|i| writeln!(stdin, "{round}-{i}\t4006381333931").is_ok()));
        // Answers come in the order of the lines.
        let answers = std::thread::spawn(move || stdout.lines().map_while(Result::ok).count());
        std::thread::sleep(Duration::from_millis(40 + round * 37 % 300));
        child.kill().unwrap();
        child.wait().unwrap();
        writer.join().unwrap();
        let answered = answers.join().unwrap();
        acknowledged.extend((0..answered).map(|i| format!("{round}-{i}")));
        bench.run(&["check"]).well();
        // And killed while it books: wholly done or not at all.
        if round % 2 == 1 {
            let mut booking = Command::new(env!("CARGO_BIN_EXE_backshelf"))
                .args(["receive", "book", &delivery])
                .env("BACKSHELF_DB", bench.db())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(round * 13 % 60));
            let _ = booking.kill();
            booking.wait().unwrap();
            bench.run(&["check"]).well();
        }
    }
    let store = Store::open(&bench.db(), Mode::ReadOnly).unwrap();
    let mut statement = store.db().prepare("SELECT uid FROM delivery_scan WHERE kind = 'item'").unwrap();
    let there: BTreeSet<String> = statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    let missing: Vec<_> = acknowledged.difference(&there).collect();
    assert!(missing.is_empty(), "{missing:?} of {} were answered and are gone", acknowledged.len());
    // Everything that was scanned is booked once: in one of the bookings that came through, or in this one.
    drop(statement);
    drop(store);
    for line in bench.run(&["receive", "list"]).well().out.lines().filter(|l| l.starts_with("half done")) {
        let delivery = line.split_whitespace().nth(2).unwrap();
        let booked = bench.run(&["receive", "book", delivery]);
        assert!(booked.code == 0 || booked.err.contains("Nothing was received"), "{}", booked.err);
    }
    let store = Store::open(&bench.db(), Mode::ReadOnly).unwrap();
    let received: i64 =
        store.db().query_row("SELECT received / 1000 FROM po_line WHERE line = '1'", [], |r| r.get(0)).unwrap();
    assert_eq!(received, there.len() as i64);
    bench.run(&["check"]).well();
}

#[test]
fn a_killed_program_loses_no_delivered_carton_that_it_answered() {
    killed(6);
}

#[test]
#[ignore = "takes minutes"]
fn killed_a_hundred_times_while_receiving() {
    killed(100);
}

#[test]
fn a_po_is_received_from_the_command_line() {
    let bench = bench();
    let list = bench.run(&["receive", "list"]).well().out;
    assert!(list.contains("PO-7") && list.contains("Exotic Liquids"), "{list}");
    let delivery = bench.run(&["receive", "begin", "PO-7"]).well().out.trim().to_string();
    let scans = bench.file("scans.txt", "4006381333931\n=36\n=1 b wet\nnonsense\n=chang liquid\n");
    let ran = Command::new(env!("CARGO_BIN_EXE_backshelf"))
        .args(["receive", "scan", &delivery])
        .env("BACKSHELF_DB", bench.db())
        .stdin(std::fs::File::open(scans).unwrap())
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert_eq!(ran.status.code(), Some(1), "{out}");
    let starts: Vec<&str> = out.lines().map(|l| l.split(' ').next().unwrap()).collect();
    assert_eq!(starts, ["ok", "ok", "ok", "ok", "no"], "{out}");
    let show = bench.run(&["receive", "show", &delivery]).well().out;
    assert!(show.contains("put aside for S1 Around the Horn, bin ASIDE"), "{show}");
    assert!(show.contains("quarantine QUARANTINE: wet"), "{show}");
    let book = bench.run(&["receive", "book", &delivery, "--note", "DN-1"]).well();
    assert!(book.out.contains("[ ] S1  Around the Horn"), "{}", book.out);
    assert!(book.err.contains("received 36 Chang on PO-7"), "{}", book.err);
    let file = bench.path("aside.csv");
    bench.run(&["receive", "aside", &delivery, "-o", file.to_str().unwrap()]).well();
    assert!(
        std::fs::read_to_string(file).unwrap().contains("order complete\",23,I1,Chang,S1,Around the Horn"),
        "the list as a file"
    );
    let all = bench.run(&["receive", "all", "PO-7"]).well();
    assert!(all.err.contains("24 Chai on PO-7"), "{}", all.err);
    bench.run(&["undo"]).well();
    bench.run(&["check"]).well();
    assert_eq!(bench.run(&["receive", "begin", "PO-9"]).code, 2);
}
