//! What the rooms below the screen take. `cargo bench --bench bench`; figures through a terminal are in `pty.rs`.
//! The sample has 20,000 items; the real warehouse is read from ../shared where that is there.

use backshelf::demo;
use backshelf::domain::ids::ItemId;
use backshelf::exchange::profile::Profile;
use backshelf::exchange::read;
use backshelf::ops::settings::Settings;
use backshelf::ops::views::{backorders, records, suppliers};
use backshelf::ops::{importing, perform, planning};
use backshelf::store::browse::{self, Edge, StockOrder};
use backshelf::store::{Act, Mode, Store};
use backshelf::worker::search::Haystack;
use chrono::NaiveDate;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use std::path::PathBuf;
use std::sync::OnceLock;

/// Items of the sample that is measured.
const SCALE: u64 = 20_000;

fn main() {
    divan::main();
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
}

fn act() -> Act {
    let now = today().and_hms_opt(9, 0, 0).expect("a time");
    Act { kind: "bench", operator: "bench".into(), now, today: today(), uid: None }
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
