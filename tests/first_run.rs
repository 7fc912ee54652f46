//! The first morning: from an empty home folder to a working Stock tab, by keyboard alone.

use crate::support::cli::Bench;
use crate::support::session::Session;
use crate::support::warehouse::Warehouse;
use backshelf::domain::delay::CustomerKind;
use backshelf::ops::beginning::{self, Answers};
use backshelf::ops::settings;
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
    first.told(Told::Ask(Asked { old: 212, country: "NL".into(), name: "M. Baker".into(), ..Asked::default() }));
    insta::assert_snapshot!("first_run_questions", drawn(&first));
}

#[test]
fn a_question_mark_shows_the_keys_and_any_key_goes_back() {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    let mut first = FirstRun::new("/home/baker/.local/share/backshelf/warehouse.db");
    let before = drawn(&first);
    assert_eq!(first.key(&KeyEvent::new(KeyCode::Char('?'), KeyModifiers::NONE)), None);
    insta::assert_snapshot!("first_run_keys", drawn(&first));
    assert_eq!(first.key(&KeyEvent::new(KeyCode::Char('1'), KeyModifiers::NONE)), None, "it only goes back");
    assert_eq!(drawn(&first), before);
    first.told(Told::Ask(Asked { name: "M. Baker".into(), ..Asked::default() }));
    assert_eq!(first.key(&KeyEvent::new(KeyCode::F(1), KeyModifiers::NONE)), None);
    assert!(drawn(&first).contains("Enter on [Start]"), "{}", drawn(&first));
}

/// Leaves by Ctrl-C twice.
fn leave(mut it: Session) {
    it.keys("ctrl-c ctrl-c");
    assert_eq!(it.exit(), 0);
    assert_eq!(it.left_behind(), Vec::<String>::new());
}

#[test]
fn from_an_empty_home_a_folder_comes_in_and_the_questions_are_asked_once() {
    let home = tempfile::tempdir().unwrap();
    let files = home.path().join("files");
    std::fs::create_dir(&files).unwrap();
    std::fs::write(files.join("items.csv"), "sku,name\nBEV-1,Chang\nBEV-2,Chai\n,No SKU\n").unwrap();
    std::fs::write(files.join("suppliers.csv"), "supplier,name\nEXO,Exotic Liquids\n").unwrap();
    let mut it = Session::start(PROGRAM, &[], home.path(), (80, 24));
    it.wait_for("There is no warehouse on this computer yet.");
    it.keys("2");
    it.wait_for("Newest spreadsheets");
    it.send(b"files/");
    it.wait_for("(all together: items, suppliers)");
    it.keys("enter");
    it.wait_for("1 row does not, and you can see why");
    assert!(!home.path().join(".local/share/backshelf/warehouse.db").exists(), "looking writes nothing");
    it.keys("f8");
    it.wait_for("Before you start");
    // It ends before the questions are answered: they come again, whoever opens the file.
    it.signal(rustix::process::Signal::KILL);
    it.exit();
    let named = home.path().join(".local/share/backshelf/warehouse.db");
    let mut it = Session::start(PROGRAM, &["--db", named.to_str().unwrap()], home.path(), (80, 24));
    it.wait_for("The program ended before this was answered.");
    it.keys("tab tab tab");
    it.send(b" the third");
    it.keys("f8");
    it.wait("the stock", |screen| screen.contains("[1 Stock]") && screen.contains("BEV-1"));
    it.wait_for("the third");
    leave(it);
    // The name is remembered, the questions are not asked again.
    let it = Session::start(PROGRAM, &[], home.path(), (80, 24));
    it.wait("the stock", |screen| screen.contains("[1 Stock]") && screen.contains("BEV-1"));
    it.wait_for("the third");
    leave(it);
}

/// What the issue asks for: from a spreadsheet of 4,812 rows to a working Stock tab with the keyboard alone, under 30
/// keys, from a home folder that has never seen the program.
#[test]
fn from_an_empty_home_a_spreadsheet_is_on_the_stock_tab_in_few_keys() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("Downloads")).unwrap();
    crate::bringing::dutch_csv(&home.path().join("Downloads"));
    let mut it = Session::start(PROGRAM, &[], home.path(), (80, 24));
    let mut pressed = 0;
    let mut step = |it: &mut Session, keys: &str, then: &str| {
        pressed += keys.split(' ').count();
        it.keys(keys);
        it.wait_for(then);
    };
    it.wait_for("There is no warehouse on this computer yet.");
    step(&mut it, "2", "Downloads/voorraad_nov.csv");
    step(&mut it, "enter", "Before you start");
    step(&mut it, "f8", "\"1.200\" in Aantal: is that");
    it.wait_for("4,786 rows come in.  26 do not, and you can see why:");
    step(&mut it, "1", "9 rows with \"12 stk\", \"ca. 40\" in Aantal: [stay out]");
    step(&mut it, "f8", "4,786 items");
    step(&mut it, "/ 0 0 4 1 7 enter", "Onderdeel nr 0");
    assert!(pressed < 30, "{pressed} keys");
    leave(it);
}

/// Bringing in is ended by Esc, and by a power cut: nothing of it is kept, and the keys answer meanwhile.
#[test]
fn a_large_file_is_ended_in_the_middle_and_nothing_of_it_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let mut text = String::from("sku,name,bin,quantity\n");
    for n in 0..40_000 {
        text.push_str(&format!("L-{n:06},Large {n},A{}-{:02},{}\n", n % 9, n % 60, n % 90));
    }
    std::fs::write(home.path().join("large.csv"), text).unwrap();
    let mut it = Session::start(PROGRAM, &[], home.path(), (80, 24));
    it.wait_for("There is no warehouse on this computer yet.");
    it.keys("2");
    it.wait_for("large.csv");
    it.keys("enter");
    it.wait_for("Before you start");
    it.keys("f8");
    it.wait_for("40,000 rows come in.");
    it.keys("f8");
    it.wait("progress", |s| s.contains("Bringing it in  [") && !s.contains("]  0 of"));
    it.keys("esc");
    it.wait_for("Ended before it was done: nothing of it was kept.");
    it.wait_for("40,000 rows come in.");
    it.keys("f8");
    it.wait("progress", |s| s.contains("Bringing it in  [") && !s.contains("]  0 of"));
    it.signal(rustix::process::Signal::KILL);
    it.exit();
    let mut it = Session::start(PROGRAM, &[], home.path(), (80, 24));
    it.wait_for("ended without leaving. All that was saved is");
    it.wait_for("it is sound");
    it.keys("esc");
    it.wait_for("No items yet.");
    leave(it);
}

#[test]
fn without_a_terminal_it_says_so_and_makes_nothing() {
    let bench = Bench::new();
    let ran = bench.run(&[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("The workbench needs a terminal"), "{}", ran.err);
    assert!(!bench.db().exists());
}

/// A key that somebody changed is the one that the footer and the help say, and the one that works.
#[test]
fn a_changed_key_stands_in_the_footer() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join(".config/backshelf");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), "[keys]\n\"stock.count\" = \"F9\"\n").unwrap();
    let mut it = Session::start(PROGRAM, &[], home.path(), (80, 24));
    it.wait_for("There is no warehouse on this computer yet.");
    it.keys("3");
    it.wait_for("Before you start");
    it.keys("f8");
    it.wait_for("F9 count  r receive");
    it.keys("f9");
    it.wait("the counts", |screen| screen.contains("Count") && !screen.contains("F9 count  r receive"));
    it.keys("esc");
    it.wait_for("F9 count  r receive");
    leave(it);
}

/// A key that a newer version needs itself, and one that no version knows: both are said, and work goes on.
#[test]
fn keys_that_cannot_be_are_left_as_they_usually_are_and_said() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join(".config/backshelf");
    std::fs::create_dir_all(&config).unwrap();
    let keys = "[keys]\n\"backorders.contact\" = \"F7\"\n\"stock.count\" = \"F9\"\n\"stock.fly\" = \"F11\"\n";
    std::fs::write(config.join("config.toml"), keys).unwrap();
    let mut it = Session::start(PROGRAM, &[], home.path(), (120, 30));
    it.wait_for("There is no warehouse on this computer yet.");
    it.keys("3");
    it.wait_for("Before you start");
    it.keys("f8");
    it.wait_for("Some keys of your own are not in force");
    it.keys("esc");
    it.wait_for("F9 count  r receive");
    leave(it);
}

/// What was set by command before the first window opened stands where its question was left blank.
#[test]
fn a_question_left_blank_takes_nothing_away_that_was_set() {
    let mut w = Warehouse::new();
    let (nas, usb) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (nas, usb) = (nas.path().to_str().unwrap(), usb.path().to_str().unwrap());
    for (key, value) in [("copies.second_place", nas), ("warehouse.country", "NL")] {
        let act = w.act("set");
        settings::set(&mut w.store, act, key, value).unwrap();
    }
    let blank = Answers { mostly: CustomerKind::Business, country: String::new(), old: None, second_place: "".into() };
    let said = Answers { second_place: usb.into(), ..blank.clone() };
    for (answers, second) in [(blank, nas), (said, usb)] {
        let act = w.act("begin");
        let answers = answers.or_as_set(w.store.db()).unwrap();
        beginning::answer(&mut w.store, act, &answers).unwrap();
        assert_eq!(settings::current(w.store.db(), "copies.second_place").unwrap(), second);
        assert_eq!(settings::current(w.store.db(), "warehouse.country").unwrap(), "NL");
    }
}
