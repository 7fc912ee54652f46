//! The first morning: from an empty home folder to a working Stock tab, by keyboard alone.

use crate::support::cli::Bench;
use crate::support::session::Session;
use backshelf::tui::first_run::{Asked, FirstRun, Looked, Told};
use backshelf::tui::theme::Theme;
use backshelf::tui::views;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const PROGRAM: &str = env!("CARGO_BIN_EXE_backshelf");

fn drawn(first: &FirstRun) -> String {
    let area = Rect::new(0, 0, 80, 24);
    let mut buffer = Buffer::empty(area);
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    views::first_run::draw(first, area, &mut buffer, &Theme::named("plain"), today);
    let line = |y| (0..80).map(|x| buffer[(x, y)].symbol().to_string()).collect::<String>().trim_end().to_string();
    (0..24).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_first_screens() {
    let mut first = FirstRun::new("/home/baker/.local/share/backshelf/warehouse.db");
    insta::assert_snapshot!("first_run", drawn(&first));
    first.told(Told::Looked(Looked {
        path: "voorraad.xlsx".into(),
        recognised: String::new(),
        lines: vec!["items: 4786 new".into(), "stock levels: 4786 new".into()],
        rows: 4786,
        problems: vec!["voorraad.xlsx:310: quantity: \"12 stk\" is no quantity.".into()],
        bad: 26,
    }));
    insta::assert_snapshot!("first_run_file", drawn(&first));
    first.told(Told::Ask(Asked { old: 212, country: "NL".into(), name: "M. Baker".into() }));
    insta::assert_snapshot!("first_run_questions", drawn(&first));
}

#[test]
fn from_an_empty_home_a_folder_comes_in_and_the_questions_are_asked_once() {
    let home = tempfile::tempdir().unwrap();
    let files = home.path().join("files");
    std::fs::create_dir(&files).unwrap();
    std::fs::write(files.join("items.csv"), "sku,name\nBEV-1,Chang\nBEV-2,Chai\n,No SKU\n").unwrap();
    let mut it = Session::start(PROGRAM, &[], home.path(), (80, 24));
    it.wait_for("There is no warehouse on this computer yet.");
    it.keys("2");
    it.wait_for("Bring in my spreadsheet");
    it.send(files.to_str().unwrap().as_bytes());
    it.keys("enter");
    it.wait_for("1 row does not, and you can see why");
    assert!(!home.path().join(".local/share/backshelf/warehouse.db").exists(), "looking writes nothing");
    it.keys("f8");
    it.wait_for("Before you start");
    it.keys("tab tab tab");
    it.send(b" the third");
    it.keys("f8");
    it.wait("the stock", |screen| screen.contains("[1 Stock]") && screen.contains("BEV-1"));
    it.wait_for("the third");
    it.keys("ctrl-c ctrl-c");
    assert_eq!(it.exit(), 0);
    assert_eq!(it.left_behind(), Vec::<String>::new());
    // The name is remembered, the questions are not asked again.
    let mut it = Session::start(PROGRAM, &[], home.path(), (80, 24));
    it.wait("the stock", |screen| screen.contains("[1 Stock]") && screen.contains("BEV-1"));
    it.wait_for("the third");
    it.keys("ctrl-c ctrl-c");
    it.exit();
}

#[test]
fn without_a_terminal_it_says_so_and_makes_nothing() {
    let bench = Bench::new();
    let ran = bench.run(&[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("The workbench needs a terminal"), "{}", ran.err);
    assert!(!bench.db().exists());
}
