//! Every list on the screen goes to paper and to a file by one key, F7: the lists of all tabs and views, and whatever
//! opens above them. What opens above a tab and is walked past by nobody here fails the last test.

use super::support::rig::Rig;
use backshelf::demo;
use backshelf::store::{Act, Mode, Store};
use std::collections::BTreeSet;
use std::path::Path;

/// What has no list, and why.
const WITHOUT: [(&str, &str); 3] = [
    ("ScannerTest", "every key that comes is the scanner's"),
    ("FileName", "it is the asking for the file"),
    ("Scanning", "F-keys are the scan field's; its lines are listed in the review, the put-aside list and the round"),
];

/// What opens above a tab, and the keys that lead to it; `'...'` is typed text.
const OPENED: [(&str, &str, &str); 33] = [
    ("Card", "0", "today"),
    ("Help", "?", "keys"),
    ("Palette", ":", "commands"),
    ("Find", "f 'a'", "found"),
    ("Story", "f 'SHIPPED' <enter>", ""),
    ("UndoList", "u", "done"),
    ("History", "1 h", "history"),
    ("Mails", ": 'mails' <enter>", "mails"),
    ("Keys", ": 'change keys' <enter>", "keys-to-change"),
    ("People", ": 'people' <enter>", "people"),
    ("Settings", ": 'settings' <enter>", "settings"),
    ("Settings", ": 'settings' <enter> <enter>", "settings"),
    ("Settings", ": 'settings' <enter> / 'loc'", "settings"),
    ("Month", ": 'month end' <enter>", "month-end"),
    ("Report", ": 'check' <enter>", "check"),
    ("Leave", "q", "not-done-yet"),
    ("Bring", ": 'import' <enter>", "files"),
    ("Bring", ": 'import' <enter> 'FILE' <enter>", "columns"),
    ("PickMenu", "1 s", "pick-and-ship"),
    ("Paper", "1 s <enter> <f5>", "pick-list"),
    ("CountMenu", "1 c", "to-count"),
    ("CountReview", "1 c <enter> <f8> <esc> <esc> c r", "count-"),
    ("HowExact", "1 c a", "how-exact"),
    ("ReceiveMenu", "1 r", "deliveries"),
    ("Pos", "3 h", "purchase-orders"),
    ("Page", "3 h <enter>", "po"),
    ("FiguresPage", "3 m", "figures-of"),
    ("FiguresPage", "3 m <enter>", "figures-of"),
    ("Why", "4 <enter>", "why"),
    ("Open", "1 a", "adjust"),
    ("Open", "1 n <tab> <tab> <f4>", ""),
    ("Open", "2 c", ""),
    ("Open", "2 n 'a'", ""),
];

fn sample(path: &Path) -> Store {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let now = today.and_hms_opt(9, 0, 0).unwrap();
    let act = Act { kind: "demo", operator: "M.Baker".into(), now, today, uid: None };
    demo::make(path, demo::SEED, demo::ITEMS, &act, &mut |_| {}).unwrap();
    Store::open(path, Mode::Existing).unwrap()
}

/// Keys, and texts between quotes with what stands for something put in.
fn press(rig: &mut Rig, keys: &str, known: &[(&str, &str)]) {
    for (n, part) in keys.split('\'').enumerate() {
        if n % 2 == 0 {
            rig.keys(part).wait();
        } else {
            let text = known.iter().fold(part.to_string(), |text, (word, is)| text.replace(word, is));
            rig.text(&text).wait();
        }
    }
}

/// Writes what is on the screen to a file of each form; answers the file's offered name and the table.
fn write(rig: &mut Rig, folder: &Path, at: &str) -> Result<(String, String), String> {
    let mut name = String::new();
    for form in ["csv", "xlsx"] {
        rig.keys("<f7>").wait();
        let asked = rig.screen();
        if !asked.contains("Print or export what is shown") {
            return Err(format!("{at}: F7 does nothing\n{asked}"));
        }
        let offered = asked.lines().find_map(|l| l.trim_start().strip_prefix("File")).unwrap_or("").trim().to_string();
        name = offered;
        let path = folder.join(format!("list.{form}"));
        let _ = std::fs::remove_file(&path);
        rig.keys(&"<bs> ".repeat(70)).text(&path.display().to_string()).keys("<f8>").wait();
        if !path.is_file() {
            return Err(format!("{at}: no {form}\n{}", rig.screen()));
        }
        if rig.screen().contains("── Done ") {
            rig.keys("<esc>").wait();
        }
    }
    assert!(std::fs::read(folder.join("list.xlsx")).unwrap().starts_with(b"PK"), "{at}");
    Ok((name, std::fs::read_to_string(folder.join("list.csv")).unwrap()))
}

#[test]
fn every_list_on_the_screen_goes_to_a_file_by_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let store = sample(&folder.path().join("w.db"));
    let shipped = "SELECT o.code FROM customer_order o JOIN order_line l ON l.order_id = o.id
                   GROUP BY o.id HAVING sum(l.shipped) = sum(l.quantity) LIMIT 1";
    let shipped: String = store.db().query_row(shipped, [], |r| r.get(0)).unwrap();
    let file = folder.path().join("stock-of-today.csv");
    std::fs::write(&file, "Art.nr.;Aantal;Kleur\n00417;17;rood\n").unwrap();
    let file = file.display().to_string();
    let known = [("SHIPPED", shipped.as_str()), ("FILE", file.as_str())];
    let mut rig = Rig::new(store);
    for tab in 0..4 {
        rig.keys(&(tab + 1).to_string()).wait();
        for view in rig.app.screens[tab].views() {
            let at = format!("tab {}, {view}", tab + 1);
            let (_, table) = write(&mut rig, folder.path(), &at).unwrap();
            assert!(table.lines().next().is_some_and(|head| head.contains(',')), "{at}: {table}");
            rig.keys("v").wait();
        }
    }
    // A filter's list, while it is typed.
    rig.keys("1 /").text("ring").wait();
    let (_, table) = write(&mut rig, folder.path(), "filter").unwrap();
    assert!(table.lines().count() < 20 && table.lines().count() > 1, "{table}");
    rig.keys("<esc> <esc>");
    let mut faults = Vec::new();
    for (what, keys, called) in OPENED {
        press(&mut rig, keys, &known);
        let at = format!("{what} ({keys})");
        // A list of what is there has more than its headings; who works here may be nobody.
        let may_be_empty = ["Mails", "People", "Leave", "HowExact", "Bring", "CountReview"].contains(&what);
        match write(&mut rig, folder.path(), &at) {
            Err(why) => faults.push(why),
            Ok((name, _)) if !name.to_lowercase().starts_with(called) => faults.push(format!("{at}: called {name}")),
            Ok((_, table)) if table.lines().count() < 2 && !may_be_empty => faults.push(format!("{at}: {table}")),
            Ok(_) => {}
        }
        rig.keys("<esc>").wait().keys("<esc>").wait().keys("<esc>").wait().keys("<esc>").wait().keys("<esc>").wait();
        assert!(rig.app.overlay().is_none(), "{at}: {}", rig.screen());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn whatever_opens_above_a_tab_is_walked_past_here() {
    let mut there = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/tui"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let named = text.lines().filter(|l| l.starts_with("impl")).filter_map(|l| l.split(" Overlay for ").nth(1));
            there.extend(named.map(|n| n.split(['<', ' ']).next().unwrap_or(n).to_string()));
        }
    }
    let listed = OPENED.iter().map(|(what, ..)| *what).chain(WITHOUT.iter().map(|(what, _)| *what));
    assert_eq!(
        there,
        listed.map(String::from).collect(),
        "walk past it in OPENED, or say in WITHOUT why it has no list"
    );
}
