//! What the rooms below the screen take. `cargo bench --bench bench`; figures through a terminal are in `pty.rs`.
//! The sample has 20,000 items; the real warehouse is read from ../shared where that is there.

mod support;

use backshelf::clock::Clock;
use backshelf::demo;
use backshelf::domain::ids::ItemId;
use backshelf::domain::quantity::Qty;
use backshelf::exchange::profile::Profile;
use backshelf::exchange::read;
use backshelf::ops::settings::Settings;
use backshelf::ops::views::{backorders, month_end, records, suppliers};
use backshelf::ops::{importing, perform, planning, receiving};
use backshelf::store::browse::{self, Edge, StockOrder};
use backshelf::store::{Act, Mode, Store, fulfilment};
use backshelf::tui::views::backorders::rows;
use backshelf::worker::search::Haystack;
use backshelf::worker::{self, Answer, Desk, Load, Owner, Reply, Request, Slot};
use chrono::NaiveDate;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use std::path::PathBuf;
use std::sync::OnceLock;
use support::{act, today};

/// Items of the sample that is measured.
const SCALE: u64 = 20_000;

fn main() {
    divan::main();
}

/// The sample, made once.
fn sample() -> Store {
    static MADE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sample.db");
        demo::make(&path, demo::SEED, SCALE, &act(), &mut |_| {}).expect("the sample");
        (folder, path)
    });
    Store::open(path, Mode::Existing).expect("the sample opens")
}

/// The real warehouse's files, where they are.
fn wide_world_importers() -> Option<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let given = std::env::var_os("BACKSHELF_SHARED").map(PathBuf::from);
    let roots = given.into_iter().chain([here.join("../shared"), here.join("../../shared")]);
    roots.map(|r| r.join("data/wideworldimporters")).find(|p| p.is_dir())
}

/// Bound: under 15 s, at least 100,000 rows a second.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn import_wide_world_importers(bencher: Bencher) {
    let Some(folder) = wide_world_importers() else {
        eprintln!("skipped: ../shared/data/wideworldimporters is not here");
        return;
    };
    let profile = Profile::load("wide-world-importers", None).expect("the profile");
    let paths = [folder];
    let batch = || read::read(&paths, Some(&profile), &mut |_, _| {}).expect("the files");
    let rows: usize = batch().tables.values().map(Vec::len).sum();
    bencher.counter(ItemsCount::new(rows)).with_inputs(|| tempfile::tempdir().expect("a folder")).bench_local_values(
        |folder| {
            let mut store = Store::open(&folder.path().join("w.db"), Mode::Create).expect("a file");
            let batch = batch();
            importing::import(&mut store, act(), batch, importing::Options::default(), &mut |_| {}).expect("the import")
        },
    );
}

/// Wide World Importers on 31 May 2016: 3,085 open orders. Imported once; none where its files are not here.
fn wide_world() -> Option<Desk> {
    static MADE: OnceLock<Option<(tempfile::TempDir, PathBuf)>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let data = wide_world_importers()?;
        let profile = Profile::load("wide-world-importers", None).expect("the profile");
        let batch = read::read(&[data], Some(&profile), &mut |_, _| {}).expect("the files");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("w.db");
        let mut store = Store::open(&path, Mode::Create).expect("a file");
        importing::import(&mut store, at_the_end(), batch, importing::Options::default(), &mut |_| {})
            .expect("the import");
        Some((folder, path))
    });
    let Some((_, path)) = made else {
        eprintln!("skipped: ../shared/data/wideworldimporters is not here");
        return None;
    };
    let store = Store::open(path, Mode::Existing).expect("it opens");
    Some(Desk::new(store, Clock::new(Some(at_the_end().today)), "bench".into()))
}

/// The last day of its data.
fn at_the_end() -> Act {
    let today = NaiveDate::from_ymd_opt(2016, 5, 31).expect("a date");
    Act { now: today.and_hms_opt(9, 0, 0).expect("a time"), today, ..act() }
}

fn read_the_queue(desk: &mut Desk) -> Reply {
    let slot = Slot { owner: Owner::Frame, part: "board" };
    let load = Load::Backorders(worker::backorders::Load::Board);
    desk.handle(Request::Load { slot, generation: 1, load })
}

/// Bound: the queue opens in under 200 ms.
#[divan::bench(sample_count = 30)]
fn queue_of_wide_world_importers(bencher: Bencher) {
    let Some(mut desk) = wide_world() else { return };
    bencher.bench_local(|| match read_the_queue(&mut desk) {
        Reply::Loaded { result: Ok(Answer::Backorders(worker::backorders::Answer::Board(shown))), .. } => {
            let rows = rows::rows(&shown, rows::TO_DO).len();
            assert!(rows > 600, "{rows}");
        }
        other => panic!("{other:?}"),
    });
}

/// Bound: under 50 ms for all lines pegged anew after a receipt of one piece on a PO line that 2,210 lines wait for.
#[divan::bench(sample_count = 30, sample_size = 1)]
fn repeg_after_a_receipt(bencher: Bencher) {
    let Some(desk) = wide_world() else { return };
    let desk = std::cell::RefCell::new(desk);
    let line = {
        let desk = desk.borrow();
        let terms = backorders::Terms::of(&Settings::load(desk.store.db()).expect("the settings"));
        let board = backorders::load(desk.store.db(), &terms, desk.today()).expect("the board");
        board.inbound.first().expect("something is on order").po_line
    };
    bencher
        .with_inputs(|| {
            let store = &mut desk.borrow_mut().store;
            let seen = fulfilment::po_line(store.db(), line).expect("the line").received;
            let one = receiving::Arrived {
                po_line: line,
                quantity: Qty::ONE,
                rejected: Qty::ZERO,
                reason: None,
                bin: None,
                seen,
            };
            let delivery = receiving::Delivery { lines: vec![one], delivery_note: None, sure: true };
            receiving::receive(store, at_the_end(), &delivery).expect("received");
        })
        .bench_local_values(|()| read_the_queue(&mut desk.borrow_mut()));
}

/// The sample's own rows, without the file.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn generate_sample(bencher: Bencher) {
    let rows = || -> usize {
        demo::batches(demo::SEED, SCALE, today()).map(|b| b.tables.values().map(Vec::len).sum::<usize>()).sum()
    };
    bencher.counter(ItemsCount::new(rows())).bench_local(|| black_box(rows()));
}

#[divan::bench]
fn open_backorders_board(bencher: Bencher) {
    let store = sample();
    let settings = Settings::load(store.db()).expect("the settings");
    let terms = backorders::Terms::of(&settings);
    bencher.bench_local(|| backorders::load(store.db(), &terms, today()).expect("the board"));
}

/// One item's lines are given their stock anew, as after every write; nothing differs, so nothing is written.
#[divan::bench]
fn settle_one_item(bencher: Bencher) {
    let mut store = sample();
    bencher.bench_local(|| {
        perform(&mut store, act(), |tx| {
            tx.touch(ItemId(2));
            Ok(())
        })
        .expect("settled")
    });
}

/// Ten years: a million orders of 50,000 customers, a million movements of 20,000 items.
fn ten_years() -> Store {
    static MADE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("years.db");
        let store = Store::open(&path, Mode::Create).expect("a file");
        let count = |n: u32| format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n})");
        let day = "date('2016-11-24', (i % 3650) || ' days')";
        let sql = format!(
            "BEGIN;
             INSERT INTO operation (id, kind, summary, at, business_date, operator)
               VALUES (1, 'bench', 'ten years', '2016-11-24T08:00:00', '2016-11-24', 'bench');
             INSERT INTO bin (id, code) VALUES (1, 'A1');
             {items} INSERT INTO item (id, sku, name, cost) SELECT i, 'SKU-' || i, 'Item ' || i, 10000 + i FROM n;
             {customers} INSERT INTO customer (id, code, name, phone, city)
               SELECT i, 'C' || i, 'Customer ' || i || ' of ' || char(65 + i % 26) || 'town', '+44 20 7946 ' || i, 'Town ' || i % 99 FROM n;
             {many} INSERT INTO customer_order (id, code, customer_id, ordered_on)
               SELECT i, 'SO-' || i, 1 + i % 50000, {day} FROM n;
             {many} INSERT INTO order_line (order_id, line, item_id, quantity, shipped, shipped_on)
               SELECT i, '1', 1 + i % 20000, 1000, 1000, {day} FROM n;
             {many} INSERT INTO movement (at, item_id, bin_id, quantity, reason, operator, operation_id)
               SELECT {day} || 'T08:00:00', 1 + i % 20000, 1, CASE WHEN i % 3 = 0 THEN -1000 ELSE 1000 END,
                 CASE WHEN i % 3 = 0 THEN 'ship' ELSE 'receive' END, 'bench', 1 FROM n;
             COMMIT; ANALYZE;",
            items = count(20_000),
            customers = count(50_000),
            many = count(1_000_000),
        );
        store.db().execute_batch(&sql).expect("ten years");
        (folder, path)
    });
    Store::open(path, Mode::Existing).expect("ten years open")
}

/// Bound: first answers over a million orders under 30 ms.
#[divan::bench(args = ["SO-99", "777777", "customer 4242", "7946 31337", "town 7", "e"])]
fn find_among_a_million_orders(bencher: Bencher, text: &str) {
    let clock = Clock::stopped(today().and_hms_opt(9, 0, 0).expect("a time"));
    let mut desk = Desk::new(ten_years(), clock, "bench".into());
    worker::finding::find(&mut desk, "warm").expect("a search");
    bencher.bench_local(|| worker::finding::find(&mut desk, black_box(text)).expect("a search"));
}

/// Bound: the value on any day of ten years, of a million movements, under 1 s.
#[divan::bench(args = ["2017-01-01", "2021-06-30", "2026-11-23"], sample_count = 5, sample_size = 1)]
fn value_on_any_day(bencher: Bencher, on: &str) {
    let store = ten_years();
    let on: NaiveDate = on.parse().expect("a date");
    bencher.bench_local(|| month_end::worth(store.db(), black_box(on)).expect("the worth"));
}

#[divan::bench]
fn stock_page_by_key(bencher: Bencher) {
    let store = sample();
    let edge = Edge::After(5, "GRN-0010000".into());
    bencher.bench_local(|| browse::stock_page(store.db(), StockOrder::Trouble, &edge, 300).expect("a page"));
}

#[divan::bench]
fn stock_last_page(bencher: Bencher) {
    let store = sample();
    bencher.bench_local(|| browse::stock_page(store.db(), StockOrder::Sku, &Edge::Last, 300).expect("a page"));
}

#[divan::bench(args = ["e", "st", "kettle 24"])]
fn search(bencher: Bencher, text: &str) {
    let store = sample();
    let mut haystack = Haystack::default();
    haystack.search(store.db(), "warm", 300).expect("a search");
    bencher.bench_local(|| haystack.search(store.db(), black_box(text), 300).expect("a search"));
}

#[divan::bench]
fn export_stock(bencher: Bencher) {
    let store = sample();
    bencher.counter(ItemsCount::new(SCALE as usize)).bench_local(|| {
        let mut rows = 0;
        records::each(store.db(), "stock", &mut |row| {
            rows += black_box(row).len();
            Ok(())
        })
        .expect("the view");
        rows
    });
}

#[divan::bench]
fn scorecards(bencher: Bencher) {
    let store = sample();
    let settings = Settings::load(store.db()).expect("the settings");
    let board = backorders::load(store.db(), &backorders::Terms::of(&settings), today()).expect("the board");
    let measure = suppliers::measure(&settings);
    bencher.bench_local(|| suppliers::load(store.db(), &board, &measure, today()).expect("the scorecards"));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn plan_every_item(bencher: Bencher) {
    let store = sample();
    bencher
        .counter(ItemsCount::new(SCALE as usize))
        .bench_local(|| planning::compute(store.db(), today(), &|_, _| true).expect("the plans"));
}
