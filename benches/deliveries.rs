//! What the scorecards of many suppliers take. `cargo bench --bench deliveries`: 1,000,000 PO lines of 2,000 suppliers;
//! with BACKSHELF_BENCH_LINES=20000 in front a smaller one, to see that it works.

mod support;

use backshelf::clock::Clock;
use backshelf::domain::ids::{PoLineId, SupplierId};
use backshelf::domain::quantity::Qty;
use backshelf::ops::settings::Settings;
use backshelf::ops::views::suppliers;
use backshelf::ops::{perform, receiving};
use backshelf::store::{Mode, Store};
use backshelf::worker::{self, Answer, Desk, Load, Owner, Reply, Request, Slot};
use chrono::Days;
use divan::{Bencher, black_box};
use std::path::PathBuf;
use std::sync::OnceLock;
use support::{act, today};

/// Lines of a supplier, lines of a PO, days that its POs are spread over.
const OF_SUPPLIER: u64 = 500;
const OF_PO: u64 = 10;
const DAYS: u64 = 1_095;

fn main() {
    divan::main();
}

fn lines() -> u64 {
    std::env::var("BACKSHELF_BENCH_LINES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000)
}

/// Suppliers with three years of POs, the last week's still to come; made once.
fn warehouse() -> Store {
    static MADE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deliveries.db");
        let mut store = Store::open(&path, Mode::Create).expect("a file");
        fill(&mut store);
        (folder, path)
    });
    Store::open(path, Mode::Existing).expect("it opens")
}

fn fill(store: &mut Store) {
    let made = perform(store, act(), |tx| {
        tx.insert("bin", &["code", "kind"], &[&"A1", &"storage"])?;
        for item in 1..=1_000_i64 {
            tx.insert("item", &["sku", "name"], &[&format!("S{item}"), &format!("Item {item}")])?;
        }
        for supplier in 1..=(lines() / OF_SUPPLIER).max(1) {
            let name = format!("Supplier {supplier}");
            let supplier = tx.insert("supplier", &["code", "name"], &[&name, &name])? as u64;
            let pos = OF_SUPPLIER / OF_PO;
            for n in 0..pos {
                let age = DAYS - n * DAYS / (pos - 1); // the last one was sent today
                order(tx, supplier, n, age)?;
            }
        }
        tx.summarise("made the deliveries");
        Ok(())
    });
    made.expect("the deliveries");
}

/// A PO sent `age` days ago, promised after a fortnight, late by a few days now and then; the newest are still to come,
/// and of every tenth supplier the one before it is overdue. Nobody gave a day to a fifth of what is still to come.
fn order(tx: &mut backshelf::store::Tx, supplier: u64, n: u64, age: u64) -> backshelf::store::Result<()> {
    let day = |after: u64| (today() - Days::new(age) + Days::new(after)).to_string();
    let late = (supplier * 7 + n * 13) % 23 / 4 * (n % 3);
    let (id, code) = (supplier as i64, format!("PO-{supplier}-{n}"));
    let columns = ["code", "supplier_id", "ordered_on", "confirmed_on", "status"];
    let confirmed = (n % 4 <= age).then(|| day(n % 4));
    let po = tx.insert("purchase_order", &columns, &[&code, &id, &day(0), &confirmed, &"confirmed"])?;
    let missing = supplier.is_multiple_of(10) && n + 2 == OF_SUPPLIER / OF_PO;
    for line in 1..=OF_PO {
        let item = ((supplier * 31 + n * 7 + line) % 1_000 + 1) as i64;
        let came = 14 + late + line % 2;
        let here = came <= age && !missing;
        let (received, on, name) = (if here { 10_000 } else { 0 }, here.then(|| day(came)), line.to_string());
        let columns =
            ["po_id", "line", "item_id", "quantity", "confirmed_for", "expected_on", "received", "received_on"];
        let promised = (here || line % 5 > 0).then(|| day(14));
        tx.insert("po_line", &columns, &[&po, &name, &item, &10_000, &promised, &promised, &received, &on])?;
    }
    Ok(())
}

/// Bound: the tab opens in under 300 ms.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn open_the_tab(bencher: Bencher) {
    let mut desk = Desk::new(warehouse(), Clock::new(Some(today())), "bench".into());
    bencher.bench_local(|| {
        let slot = Slot { owner: Owner::Frame, part: "rows" };
        let load = Load::Suppliers(worker::suppliers::Load::Rows);
        match desk.handle(Request::Load { slot, generation: 1, load }) {
            Reply::Loaded { result: Ok(Answer::Suppliers(worker::suppliers::Answer::Rows(rows))), .. } => {
                black_box(rows.suppliers.len())
            }
            _ => panic!("no rows"),
        }
    });
}

/// Bound: a receipt and its supplier's card after it, in under 50 ms.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn receive_a_line(bencher: Bencher) {
    let mut store = warehouse();
    let sql = "SELECT p.id, h.supplier_id FROM po_line p JOIN purchase_order h ON h.id = p.po_id
               WHERE p.quantity > p.received + p.cancelled AND p.closed = 0 ORDER BY p.line, p.id";
    let open: Vec<(i64, SupplierId)> = {
        let mut statement = store.db().prepare(sql).expect("a query");
        let rows = statement.query_map([], |r| Ok((r.get(0)?, SupplierId(r.get(1)?)))).expect("lines");
        rows.map(|line| line.expect("a line")).collect()
    };
    let measure = suppliers::measure(&Settings::load(store.db()).expect("settings"));
    let mut next = open.into_iter();
    bencher.bench_local(|| {
        let (line, supplier) = next.next().expect("a line that is open");
        let arrived = receiving::Arrived {
            po_line: PoLineId(line),
            quantity: Qty::units(10),
            rejected: Qty::ZERO,
            reason: None,
            bin: None,
            seen: Qty::ZERO,
        };
        let delivery = receiving::Delivery { lines: vec![arrived], delivery_note: None, sure: true };
        receiving::receive(&mut store, act(), &delivery).expect("a receipt");
        let card = suppliers::card_of(store.db(), supplier, &measure, today()).expect("a card");
        black_box(card.score.expect("a score"))
    });
}
