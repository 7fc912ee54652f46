//! Who works here: roles and what they let one do, PINs, badges, the lock; in the shop, on the screen, by command.

use super::support::cli::Bench;
use super::support::rig::Rig;
use super::support::warehouse::{Warehouse, q};
use backshelf::clock::Clock;
use backshelf::domain::people::Role;
use backshelf::ops::people::{self, Entered};
use backshelf::ops::stock::{self, Adjust, Change};
use backshelf::ops::{checking, settings, undo};
use backshelf::store::{Act, Failure, Mode, Result, Store};
use backshelf::tui::event::Event;
use backshelf::worker::Reply;
use std::time::Duration;

fn by(w: &Warehouse, operator: &str, kind: &'static str) -> Act {
    Act { operator: operator.into(), ..w.act(kind) }
}

#[track_caller]
fn refused<T>(result: Result<T>, words: &str) {
    match result {
        Err(Failure::Refused(why)) => assert!(why.sentence().contains(words), "{}", why.sentence()),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("not refused: {words}"),
    }
}

/// M.Baker leads, K.Smit keeps, L.Vos counts.
fn crew() -> Warehouse {
    let mut w = Warehouse::new();
    for (name, role) in [("M.Baker", Role::Lead), ("K.Smit", Role::Keeper), ("L.Vos", Role::Counter)] {
        let act = w.act("people");
        people::add(&mut w.store, act, name, role).unwrap();
    }
    w
}

fn adjust(w: &mut Warehouse, operator: &str, kind: &'static str) -> Result<backshelf::store::Done<()>> {
    let item = w.number("SELECT max(id) FROM item");
    let act = by(w, operator, kind);
    let wanted = Adjust {
        item: backshelf::domain::ids::ItemId(item),
        bin: backshelf::domain::ids::BinId(1),
        change: Change::By(q(1)),
        seen: q(w.number("SELECT coalesce(sum(quantity), 0) / 1000 FROM level")),
        reason: "found".into(),
        note: None,
        sure: true,
    };
    let done = stock::adjust(&mut w.store, act, &wanted)?;
    Ok(backshelf::store::Done { operation: done.operation, summary: done.summary, value: () })
}

#[test]
fn names_only_until_a_second_role_is_made() {
    let mut w = Warehouse::new();
    w.bin("A1", "storage");
    w.item("BEV-002", "Chang");
    for name in ["M.Baker", "K.Smit"] {
        let act = w.act("people");
        people::add(&mut w.store, act, name, Role::Lead).unwrap();
    }
    assert_eq!(people::role_of(w.store.db(), "nobody").unwrap(), Role::Lead);
    adjust(&mut w, "nobody", "adjust").unwrap();
    let act = by(&w, "K.Smit", "people");
    refused(people::set_role(&mut w.store, act, "k.smit", Role::Counter), "would be no lead on it");
    let act = w.act("people");
    people::set_role(&mut w.store, act, "k.smit", Role::Counter).unwrap();
    assert_eq!(people::role_of(w.store.db(), "nobody").unwrap(), Role::Counter);
    refused(adjust(&mut w, "K.Smit", "adjust"), "a keeper or a lead");
    refused(adjust(&mut w, "nobody", "adjust"), "a keeper or a lead");
    adjust(&mut w, "M.Baker", "adjust").unwrap();
}

#[test]
fn the_first_of_another_role_needs_a_lead_who_makes_him() {
    let mut w = Warehouse::new();
    let act = w.act("people");
    refused(people::add(&mut w.store, act.clone(), "L.Vos", Role::Counter), "nobody would lead");
    let his = by(&w, "K.Smit", "people");
    people::add(&mut w.store, his, "K.Smit", Role::Lead).unwrap();
    refused(people::add(&mut w.store, act, "L.Vos", Role::Counter), "M.Baker, who makes this list");
    assert_eq!(w.number("SELECT count(*) FROM operator"), 1);
}

#[test]
fn a_role_decides_settings_people_and_what_others_did() {
    let mut w = crew();
    w.bin("A1", "storage");
    w.item("BEV-002", "Chang");
    let set = |w: &mut Warehouse, who: &str| {
        let act = by(w, who, "set");
        settings::set(&mut w.store, act, "handling_days", "2")
    };
    refused(set(&mut w, "K.Smit"), "that is for a lead");
    set(&mut w, "M.Baker").unwrap();
    let act = by(&w, "K.Smit", "people");
    refused(people::add(&mut w.store, act, "X", Role::Lead), "a lead's to change");
    let found = adjust(&mut w, "K.Smit", "adjust").unwrap();
    let act = by(&w, "L.Vos", "undo");
    refused(undo::undo(&mut w.store, act, found.operation), "K.Smit or a lead takes it back");
    let told = undo::preview_for(w.store.db(), found.operation, Some("L.Vos")).unwrap();
    assert!(told.blocked.unwrap().contains("K.Smit or a lead"));
    assert_eq!(undo::preview_for(w.store.db(), found.operation, Some("K.Smit")).unwrap().blocked, None);
    let act = by(&w, "M.Baker", "undo");
    undo::undo(&mut w.store, act, found.operation).unwrap();
    assert_eq!(checking::check(w.store.db()).unwrap().faults, Vec::<String>::new());
}

#[test]
fn an_undo_leaves_nobody_without_a_lead() {
    let mut w = Warehouse::new();
    let act = w.act("people");
    let first = people::add(&mut w.store, act.clone(), "M.Baker", Role::Lead).unwrap();
    people::add(&mut w.store, act.clone(), "L.Vos", Role::Counter).unwrap();
    refused(people::remove(&mut w.store, act.clone(), "M.Baker"), "nobody would lead");
    refused(undo::undo(&mut w.store, Act { kind: "undo", ..act }, first.operation), "nobody would lead");
}

#[test]
fn a_pin_is_kept_so_that_nobody_reads_it_and_a_badge_needs_none() {
    let mut w = crew();
    let act = by(&w, "L.Vos", "people");
    people::set_pin(&mut w.store, act.clone(), "L.Vos", Some("2468")).unwrap();
    refused(people::set_pin(&mut w.store, act.clone(), "K.Smit", Some("1357")), "a lead's to change");
    refused(people::set_pin(&mut w.store, act, "L.Vos", Some("11")), "4 to 12 digits");
    assert!(!w.everything().contains("2468"), "neither the row nor the journal has it");
    assert!(w.text("SELECT pin FROM operator WHERE name = 'L.Vos'").starts_with("$argon2id$"));
    let enter = |w: &Warehouse, text: &str, pin: Option<&str>| people::enter(w.store.db(), text, pin).unwrap();
    assert_eq!(enter(&w, "l", None), Entered::Pin("L.Vos".into()));
    assert_eq!(enter(&w, "L.Vos", Some("2469")), Entered::WrongPin("L.Vos".into()));
    assert_eq!(enter(&w, "l.vos", Some("2468")), Entered::In("L.Vos".into()));
    assert_eq!(enter(&w, "K.Smit", None), Entered::In("K.Smit".into()));
    assert_eq!(enter(&w, "stranger", None), Entered::Nobody);
    let (act, badge) = (w.act("people"), people::new_badge().unwrap());
    assert!(backshelf::domain::people::is_badge(&badge), "{badge}");
    people::set_badge(&mut w.store, act.clone(), "L.Vos", Some(&badge)).unwrap();
    assert!(!w.everything().contains(&badge));
    assert_eq!(enter(&w, &badge, None), Entered::In("L.Vos".into()));
    refused(people::set_badge(&mut w.store, act, "K.Smit", Some(&badge)), "the badge of L.Vos");
}

fn crewed(badge: &str, pin: &str) -> Store {
    let mut w = crew();
    w.item("BEV-002", "Chang 24 x 12 oz");
    let act = w.act("people");
    people::set_badge(&mut w.store, act.clone(), "K.Smit", Some(badge)).unwrap();
    people::set_pin(&mut w.store, act, "M.Baker", Some(pin)).unwrap();
    w.store
}

const BADGE: &str = "USBCDEFGHIJKLN";

#[test]
fn a_badge_anywhere_changes_the_person_and_two_keys_do_too() {
    let mut rig = Rig::new(crewed(BADGE, "2468"));
    rig.scan(BADGE);
    assert!(rig.screen().contains("K.Smit works here now"), "{}", rig.screen());
    assert_eq!(rig.desk.operator, "K.Smit");
    rig.keys("l");
    insta::assert_snapshot!("person", rig.screen());
    rig.keys("2").wait();
    assert_eq!(rig.desk.operator, "L.Vos");
    // A name with a PIN is not got by its number alone.
    rig.keys("l 3").text("1111\n").wait();
    assert!(rig.screen().contains("not the PIN of M.Baker"), "{}", rig.screen());
    assert_eq!(rig.desk.operator, "L.Vos");
    rig.text("2468\n").wait();
    assert_eq!(rig.desk.operator, "M.Baker");
    rig.scan("USXXXXXXXXXXXX");
    assert!(rig.screen().contains("Nobody here has that badge"), "{}", rig.screen());
    assert_eq!(rig.desk.operator, "M.Baker");
}

#[test]
fn where_nobody_is_listed_a_name_is_taken_by_f8_and_by_no_scan_and_no_enter() {
    let mut w = Warehouse::new();
    w.item("BEV-002", "Chang");
    let mut rig = Rig::new(w.store);
    let before = rig.desk.operator.clone();
    rig.keys("l").text("amp 7\n").wait();
    assert_eq!(rig.desk.operator, before);
    assert!(rig.screen().contains("F8: amp 7 works here from now on"), "{}", rig.screen());
    rig.keys("<esc>").scan("8712345678906");
    assert_eq!(rig.desk.operator, before);
    assert!(rig.screen().contains("Nobody here has a badge yet"), "{}", rig.screen());
    rig.text("L.Vos").keys("<f8>").wait();
    assert_eq!(rig.desk.operator, "L.Vos");
}

#[test]
fn what_was_open_waits_for_whoever_opened_it() {
    let mut rig = Rig::new(crewed(BADGE, "2468"));
    rig.keys("i").text("fragile").scan(BADGE);
    assert_eq!(rig.desk.operator, "K.Smit");
    assert!(!rig.screen().contains("fragile"), "{}", rig.screen());
    let before = rig.operations();
    rig.keys("l 3").text("2468\n").wait();
    assert!(rig.screen().contains("fragile") && !rig.screen().contains(BADGE), "{}", rig.screen());
    rig.keys("<f8>").wait();
    assert_eq!(rig.operations(), before + 1);
}

/// The badge is no code of goods: it does not stay in the field of the screen that it was scanned in.
#[test]
fn a_badge_leaves_no_text_in_a_scan_field() {
    let mut rig = Rig::new(crewed(BADGE, "2468"));
    rig.keys("m").wait().scan(BADGE);
    assert_eq!(rig.desk.operator, "K.Smit");
    rig.keys("l 3").text("2468\n").wait();
    let screen = rig.screen();
    assert!(screen.contains("Move") && !screen.contains(BADGE), "{screen}");
}

#[test]
fn a_locked_screen_shows_nothing_of_the_warehouse_and_keeps_what_is_open() {
    let mut rig = Rig::new(crewed(BADGE, "2468"));
    rig.app.setting.lock_after = Some(Duration::from_secs(300));
    rig.keys("i").text("fragile");
    rig.pass(Duration::from_secs(299));
    assert!(rig.screen().contains("fragile"));
    rig.pass(Duration::from_secs(2));
    insta::assert_snapshot!("locked", rig.screen());
    let before = rig.operations();
    rig.keys("<f8> <esc> q <f8>").wait();
    assert_eq!((rig.operations(), rig.quit), (before, false));
    assert!(!rig.screen().contains("Chang") && !rig.screen().contains("fragile"));
    rig.text("m\n").wait().text("2468\n").wait();
    assert!(rig.screen().contains("fragile"), "{}", rig.screen());
    // Too many wrong ones rest a while.
    rig.pass(Duration::from_secs(301));
    rig.text("m\n").wait();
    for _ in 0..5 {
        rig.text("1357\n").wait();
    }
    rig.text("2468\n").wait();
    assert!(rig.screen().contains("Too many wrong PINs"), "{}", rig.screen());
}

/// A window that runs follows the setting when it is changed, here or elsewhere.
#[test]
fn a_running_window_locks_itself_as_it_is_set_now() {
    let mut rig = Rig::new(crewed(BADGE, "2468"));
    rig.keys("i").pass(Duration::from_secs(900));
    assert!(!rig.screen().contains("locked"), "{}", rig.screen());
    rig.send(Event::Reply(Reply::LocksAfter(Some(Duration::from_secs(60)))));
    rig.keys("<esc>").pass(Duration::from_secs(61));
    assert!(rig.screen().contains("backshelf is locked"), "{}", rig.screen());
}

/// The file's watcher tells it, whoever set it.
#[test]
fn a_window_hears_of_a_lock_that_was_set_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("warehouse.db");
    let store = Store::open(&path, Mode::Create).unwrap();
    let (told, hears) = std::sync::mpsc::channel();
    let _workers = backshelf::worker::start(store, Clock::default(), "M.Baker".into(), move |reply| {
        let _ = told.send(reply);
    })
    .unwrap();
    let mut elsewhere = Warehouse::of(Store::open(&path, Mode::Existing).unwrap());
    let act = elsewhere.act("set");
    settings::set(&mut elsewhere.store, act, "people.lock_minutes", "1").unwrap();
    let minute = Some(Duration::from_secs(60));
    let next = || hears.recv_timeout(Duration::from_secs(20)).ok();
    assert!(std::iter::from_fn(next).any(|reply| matches!(reply, Reply::LocksAfter(after) if after == minute)));
}

#[test]
fn the_list_of_people_is_kept_on_screen() {
    let mut rig = Rig::new(Warehouse::new().store);
    rig.keys(":").text("people\n").wait();
    assert!(rig.screen().contains("Nobody is listed"), "{}", rig.screen());
    rig.keys("n").text("M.Baker").keys("<f8>").wait();
    rig.keys("n").text("L.Vos").keys("<tab> 1 <f8>").wait();
    rig.keys("b <f8>").wait();
    // The badge itself is the next step; Esc leaves it out.
    assert!(rig.screen().contains("Print the badge of L.Vos"), "{}", rig.screen());
    rig.keys("<esc>").wait();
    insta::assert_snapshot!("people", rig.screen());
    rig.keys("s").text("2468").keys("<tab>").text("2468").keys("<f8>").wait();
    assert!(rig.screen().contains("PIN"), "{}", rig.screen());
    assert!(!rig.screen().contains("2468"));
}

#[test]
fn by_command_a_pin_is_asked_of_whoever_takes_the_name() {
    let bench = Bench::new();
    bench.run(&["operator", "add", "M.Baker"]).well();
    bench.run(&["operator", "add", "L.Vos", "--role", "counter", "--operator", "M.Baker"]).well();
    assert!(bench.run(&["operator", "list"]).well().out.contains("L.Vos                    counter"));
    bench.run_with(&["operator", "pin", "M.Baker", "--operator", "M.Baker"], "2468\n").well();
    let stranger = bench.run(&["set", "handling_days", "3", "--operator", "L.Vos"]);
    assert!(stranger.code == 1 && stranger.err.contains("that is for a lead"), "{stranger:?}");
    let unproved = bench.run(&["set", "handling_days", "3", "--operator", "M.Baker"]);
    assert!(unproved.code == 2 && unproved.err.contains("BACKSHELF_PIN_FILE"), "{unproved:?}");
    assert_eq!(bench.run(&["operator", "badge", "L.Vos", "--operator", "L.Vos"]).well().out.trim().len(), 14);
    // Nobody is asked anything to read.
    bench.run(&["check", "--operator", "M.Baker"]).well();
}
