//! The office's side: settings on screen, mail and printing set up, figures and dates as they are written at home.

use crate::support::cli::Bench;
use crate::support::rig::Rig;
use crate::support::warehouse::{Warehouse, q};
use backshelf::domain::locale::{Locale, here, within};

fn shop() -> Warehouse {
    let mut w = Warehouse::new();
    let bin = w.bin("A1", "storage");
    let item = w.item("BEV-002", "Chang");
    w.moved(item, bin, 1_234);
    w.order("SO-1", "Horn", "2026-11-01", &[(item, 2_000)]);
    w
}

#[test]
fn the_settings_stand_by_subject_with_names_and_effects() {
    let mut rig = Rig::new(shop().store);
    rig.keys(":").text("settings").keys("<enter>");
    insta::assert_snapshot!("settings_subjects", rig.screen());
    rig.keys("<enter> <enter>").text("Rotterdam").keys("<f8>");
    insta::assert_snapshot!("settings_of_the_warehouse", rig.screen());
    rig.keys("<esc>");
    assert!(rig.screen().contains("Warehouse                            Rotterdam"), "{}", rig.screen());
    assert!(!rig.screen().contains("warehouse.name"), "no raw keys: {}", rig.screen());
    for key in ["<down>"; 13] {
        rig.keys(key);
        let screen = rig.screen();
        assert!(!screen.contains("not set up yet") && screen.contains("Settings"), "{screen}");
    }
}

/// A setting is found by a part of its name wherever it stands; one that was only looked at, or set to what it came with,
/// is not marked as another.
#[test]
fn a_setting_is_looked_for_and_what_is_as_it_came_bears_no_mark() {
    let mut rig = Rig::new(shop().store);
    rig.keys(":").text("settings").keys("<enter> /").text("below zero");
    assert!(rig.screen().contains("Settings with  below zero"), "{}", rig.screen());
    rig.keys("<enter> <enter> <f8>");
    assert!(!rig.screen().lines().any(|l| l.trim_start_matches('▸').starts_with('*')), "{}", rig.screen());
    rig.keys("<esc>");
    assert!(rig.screen().contains("Rules for telling customers"), "{}", rig.screen());
}

#[test]
fn a_locale_is_seen_and_typed_at_once() {
    within(Locale::Iso, || {
        let mut rig = Rig::new(shop().store);
        assert!(rig.screen().contains("1,234"), "{}", rig.screen());
        rig.keys(":").text("settings").keys("<enter>");
        let looks = rig.screen().lines().position(|l| l.contains("Numbers, dates")).unwrap();
        let first = rig.screen().lines().position(|l| l.contains("Warehouse ")).unwrap();
        rig.keys(&"<down> ".repeat(looks - first)).keys("<enter> <enter>").text("4");
        rig.keys("<f8> <esc> <esc>");
        assert_eq!(here(), Locale::De, "{}", rig.screen());
        assert!(rig.screen().contains("1.234") && !rig.screen().contains("1,234"), "{}", rig.screen());
        // As typed: a thousand two hundred to a German.
        rig.keys("a").keys("<home>").keys(&"<del> ".repeat(8)).text("1.200");
        let screen = rig.screen();
        assert!(!screen.contains("two ways"), "{screen}");
    });
}

#[test]
fn colours_change_while_one_looks() {
    let mut rig = Rig::new(shop().store);
    let before = rig.app.setting.theme.clone();
    let act = backshelf::store::Act { kind: "set", ..act(&rig) };
    backshelf::ops::settings::set(&mut rig.desk.store, act, "screen.theme", "dark").unwrap();
    rig.keys(":").text("settings").keys("<enter>");
    let looks = rig.screen().lines().position(|l| l.contains("Numbers, dates")).unwrap();
    let first = rig.screen().lines().position(|l| l.contains("Warehouse ")).unwrap();
    rig.keys(&"<down> ".repeat(looks - first)).keys("<enter> <down> <enter>").text("3").keys("<f8>");
    assert_ne!(rig.app.setting.theme, before, "{}", rig.screen());
}

fn act(rig: &Rig) -> backshelf::store::Act {
    backshelf::store::Act {
        kind: "set",
        operator: "M.Baker".into(),
        now: rig.app.setting.today.and_hms_opt(9, 0, 0).unwrap(),
        today: rig.app.setting.today,
        uid: None,
    }
}

#[test]
fn mail_is_set_up_on_one_page_and_tried_before_it_is_kept() {
    let mut rig = Rig::sized(shop().store, 80, 24);
    rig.keys(":").text("mail setup").keys("<enter>");
    rig.text("localhost")
        .keys("<tab>")
        .text("3")
        .keys("<tab>")
        .text("1")
        .keys("<tab> <tab>")
        .text("Orders <o@example.com>");
    rig.keys("<f5>");
    insta::assert_snapshot!("mail_setup_tried", rig.screen());
    let before = rig.operations();
    rig.keys("<f8>");
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    let settings = backshelf::ops::settings::Settings::load(rig.desk.store.db()).unwrap();
    assert_eq!(
        ["mail.host", "mail.tls", "mail.port", "mail.from"].map(|key| settings.value(key).to_string()),
        ["localhost", "none", "1", "Orders <o@example.com>"]
    );
    rig.keys("u <f8>");
    let settings = backshelf::ops::settings::Settings::load(rig.desk.store.db()).unwrap();
    assert!(settings.text("mail.host").is_none(), "one undo takes all of it back");
}

#[test]
fn paper_follows_the_locale_and_files_do_not() {
    let bench = Bench::new();
    let items = bench.file("items.csv", "sku,name,cost,price\n1234,Rope,1.5,1234.5\n");
    let stock = bench.file("stock.csv", "sku,bin,quantity\n1234,A1,1234.5\n");
    bench.run(&["import", items.to_str().unwrap(), stock.to_str().unwrap()]).well();
    bench.run(&["set", "locale", "de"]).well();
    bench.run(&["export", "stock", "-o", "stock.txt"]).well();
    let paper = std::fs::read_to_string(bench.path("stock.txt")).unwrap();
    assert!(paper.contains("1.234,5") && paper.contains("1234  Rope"), "{paper}");
    let csv = bench.run(&["export", "stock"]).well().out;
    assert!(csv.contains("1234,Rope,A1,1234.5"), "{csv}");
}

#[test]
fn what_is_not_found_is_said() {
    let bench = Bench::new();
    let items = bench.file("items.csv", "sku,name\n1234,Rope\n");
    bench.run(&["import", items.to_str().unwrap()]).well();
    let none = bench.run(&["find", "zebra", "crossing"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""));
    assert!(none.err.contains("Nothing has \"zebra crossing\""), "{}", none.err);
    let json = bench.run(&["find", "zebra", "--format", "json"]);
    assert_eq!(json.out.trim(), "[]");
}

#[test]
fn a_lists_file_is_for_machines_whatever_the_screen_says() {
    let folder = tempfile::tempdir().unwrap();
    within(Locale::De, || {
        let mut w = shop();
        let item = w.item("1234", "Rope");
        let bin = w.bin("B1", "storage");
        w.moved(item, bin, 5_000);
        let mut rig = Rig::sized(w.store, 160, 45);
        let path = folder.path().join("list.csv");
        rig.keys("v v v p").keys(&"<bs> ".repeat(40)).text(&path.display().to_string()).keys("<f8>");
        let csv = std::fs::read_to_string(path).unwrap_or_else(|_| panic!("{}", rig.screen()));
        assert!(csv.contains("1234,Rope") && csv.contains("5000"), "{csv}");
        assert!(!csv.contains("5.000"), "{csv}");
    });
    assert_eq!(q(1).to_string(), "1");
}

/// While another key is asked for, each key is that: also the one that writes lists to files, and it is taken already.
#[test]
fn a_key_that_is_asked_for_does_not_do_what_it_means() {
    let mut rig = Rig::new(Warehouse::new().store);
    rig.keys(":").text("change keys").keys("<enter> <enter> <f7>").wait();
    assert!(rig.screen().contains("── Change keys") && !rig.screen().contains("Print or export"), "{}", rig.screen());
    rig.keys("<f7>").wait();
    assert!(rig.screen().contains("Print or export"), "{}", rig.screen());
}
