//! Planning: `cargo bench --bench planning`. A hundred thousand items of two hundred suppliers over 104 weeks: 2,600,000
//! order lines, 100,000 deliveries, made once.

mod support;

use backshelf::clock::Clock;
use backshelf::domain::ids::ItemId;
use backshelf::ops::{gates, perform, planning};
use backshelf::store::{Mode, Store};
use backshelf::worker::{self, Answer, Desk, Load, Owner, Reply, Request, Slot};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::OnceLock;
use support::{act, today};

const ITEMS: u32 = 100_000;
const LINES: u32 = 2_600_000;

fn main() {
    divan::main();
}

/// The warehouse, not planned yet. Some items sell in nearly every week, most now and then; one in fifty is low.
fn made() -> &'static PathBuf {
    static MADE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hundred-thousand.db");
        let store = Store::open(&path, Mode::Create).expect("a file");
        let count = |n: u32| format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n})");
        let orders = LINES / 4;
        // A number between 0 and 999,999 that looks like chance.
        let chance = |of: &str| format!("(((({of}) * 2654435761) % 4294967296) * 1000000 / 4294967296)");
        let sql = format!(
            "PRAGMA synchronous = OFF;
             BEGIN;
             INSERT INTO operation (id, kind, summary, at, business_date, operator)
               VALUES (1, 'bench', 'made', '2024-11-01T08:00:00', '2024-11-01', 'bench');
             INSERT INTO bin (id, code) VALUES (1, 'A1');
             INSERT INTO customer (id, code, name) VALUES (1, 'C1', 'Customer');
             {suppliers} INSERT INTO supplier (id, code, name, lead_days) SELECT i, 'S' || i, 'Supplier ' || i, 5 + i % 30 FROM n;
             {items} INSERT INTO item (id, sku, name, cost, category, supplier_id)
               SELECT i, 'SKU-' || i, 'Item ' || i, 10000 + i, 'Category ' || i % 40, 1 + i % 200 FROM n;
             {items} INSERT INTO supplier_item (supplier_id, item_id, cost, pack) SELECT 1 + i % 200, i, 10000 + i, 1000 * (1 + i % 12) FROM n;
             {orders} INSERT INTO customer_order (id, code, customer_id, ordered_on)
               SELECT i, 'SO-' || i, 1, date('2024-11-25', (i * 728 / {orders_count}) || ' days') FROM n;
             {lines} INSERT INTO order_line (order_id, line, item_id, quantity, shipped, shipped_on)
               SELECT 1 + (i - 1) / 4, 1 + (i - 1) % 4,
                 1 + CAST({ITEMS} * ({a} / 1e6) * ({a} / 1e6) AS INTEGER), q, q, '2026-11-01'
               FROM (SELECT i, 1000 * (1 + {b} * {b} / 1000000 / 100000) AS q FROM n);
             {items} INSERT INTO purchase_order (id, code, supplier_id, ordered_on, confirmed_on, expected_on, status)
               SELECT i, 'PO-' || i, 1 + i % 200, date('2025-01-01', (i % 600) || ' days'), date('2025-01-02', (i % 600) || ' days'),
                 date('2025-01-12', (i % 600) || ' days'), 'closed' FROM n;
             {items} INSERT INTO po_line (po_id, line, item_id, quantity, received, received_on, closed)
               SELECT i, '1', i, 50000, 50000, date('2025-01-08', (i % 600 + i % 17) || ' days'), 1 FROM n;
             {items} INSERT INTO receipt (po_line_id, received_on, quantity, operation_id)
               SELECT i, date('2025-01-08', (i % 600 + i % 17) || ' days'), 50000, 1 FROM n;
             {items} INSERT INTO movement (at, item_id, bin_id, quantity, reason, operator, operation_id)
               SELECT '2024-11-25T08:00:00', i, 1, CASE WHEN i % 50 = 0 THEN 1000 ELSE 500000 END, 'opening', 'bench', 1 FROM n;
             COMMIT; ANALYZE;",
            suppliers = count(200),
            items = count(ITEMS),
            orders = count(orders),
            orders_count = orders,
            lines = count(LINES),
            a = chance("i"),
            b = chance("i + 7"),
        );
        store.db().execute_batch(&sql).expect("a warehouse");
        drop(store);
        let mut store = Store::open(&path, Mode::Existing).expect("it opens");
        perform(&mut store, act(), |tx| {
            tx.touch(ItemId(1)); // packs the suppliers' lines
            Ok(())
        })
        .expect("settled");
        (folder, path)
    });
    path
}

fn open() -> Store {
    Store::open(made(), Mode::Existing).expect("it opens")
}

/// The same, planned and kept.
fn planned() -> Store {
    static ONCE: OnceLock<()> = OnceLock::new();
    let mut store = open();
    ONCE.get_or_init(|| {
        planning::plan(&mut store, today(), &|_, _| true).expect("planned");
    });
    store
}

/// Gate: at most 0.5 s on two cores.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn levels_of_ten_thousand_items(bencher: Bencher) {
    let histories = gates::made_up(10_000);
    bencher.counter(ItemsCount::new(10_000usize)).bench_local(|| gates::level_all(black_box(&histories)));
}

/// Bound: at most 5 s on two cores, in the background: read from the file and worked out.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn plan_a_hundred_thousand_items(bencher: Bencher) {
    let store = open();
    bencher
        .counter(ItemsCount::new(ITEMS))
        .bench_local(|| planning::compute(store.db(), today(), &|_, _| true).expect("the plans"));
}

/// What follows on the store's thread, in pieces of a few milliseconds: the first of them.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn keep_the_first_piece(bencher: Bencher) {
    let mut store = open();
    let plans = planning::compute(store.db(), today(), &|_, _| true).expect("the plans");
    bencher.bench_local(|| planning::keep_part(&mut store, &plans, 0).expect("kept"));
}

/// Bound: under 20 ms from a change to the kept plan of its item, the journal read and the item's state refreshed.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn one_changed_item(bencher: Bencher) {
    let store = RefCell::new(planned());
    let item = RefCell::new(0i64);
    bencher
        .with_inputs(|| {
            *item.borrow_mut() += 1_999;
            let item = *item.borrow() % i64::from(ITEMS) + 1;
            perform(&mut store.borrow_mut(), act(), |tx| {
                let operation = tx.operation().0;
                tx.touch(ItemId(item));
                tx.insert(
                    "movement",
                    &["at", "item_id", "bin_id", "quantity", "reason", "operator", "operation_id"],
                    &[&"2026-11-23T09:00:00", &item, &1, &-1000, &"ship", &"bench", &operation],
                )
            })
            .expect("moved");
        })
        .bench_local_values(|()| {
            let count = planning::bring_up_to_date(&mut store.borrow_mut(), today(), &|_, _| true).expect("planned");
            assert_eq!(count, 1);
        });
}

/// Bound: the tab opens in under 200 ms from kept plans.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn open_the_tab(bencher: Bencher) {
    let mut desk = Desk::new(planned(), Clock::new(Some(today())), "bench".into());
    bencher.bench_local(|| {
        let slot = Slot { owner: Owner::Frame, part: "board" };
        let load = Load::Reorder(worker::reorder::Load::Board);
        match desk.handle(Request::Load { slot, generation: 1, load }) {
            Reply::Loaded { result: Ok(Answer::Reorder(worker::reorder::Answer::Board(shown))), .. } => {
                assert!(!shown.board.stale);
                shown.board.lines.len()
            }
            other => panic!("{other:?}"),
        }
    });
}
