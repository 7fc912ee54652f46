//! The README says what the program does: its key table, its file table and its screens are the program's own.
//! `BACKSHELF_WRITE_README=1 cargo test --locked readme` writes them anew.

use crate::support::rig::Rig;
use backshelf::demo;
use backshelf::exchange::table::Table;
use backshelf::store::{Act, Mode, Store};
use backshelf::tui::keymap;
use chrono::NaiveDate;
use std::path::Path;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// The part of a text between `<!-- name -->` and `<!-- /name -->`, and the text with that part replaced.
fn replaced(text: &str, name: &str, with: &str) -> (String, String) {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = text.find(&open).unwrap_or_else(|| panic!("the README has no {open}")) + open.len();
    let end = start + text[start..].find(&close).unwrap_or_else(|| panic!("the README has no {close}"));
    (text[start..end].to_string(), format!("{}{with}{}", &text[..start], &text[end..]))
}

#[track_caller]
fn holds(name: &str, expected: &str) {
    let text = std::fs::read_to_string(README).unwrap();
    let (found, mended) = replaced(&text, name, expected);
    if found == expected {
        return;
    }
    if std::env::var_os("BACKSHELF_WRITE_README").is_some() {
        std::fs::write(README, mended).unwrap();
        return;
    }
    panic!(
        "the README's part `{name}` is not what the program says; write it anew with BACKSHELF_WRITE_README=1\n{expected}"
    );
}

fn tables() -> String {
    Table::ALL
        .iter()
        .map(|table| {
            let names = |required: bool| -> String {
                let names = table.columns().iter().filter(|c| c.required == required).map(|c| c.name);
                names.collect::<Vec<_>>().join(" ")
            };
            format!("| `{}` | {} | {} |\n", table.name(), names(true), names(false))
        })
        .collect()
}

fn sample(path: &Path) -> Store {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let act =
        Act { kind: "demo", operator: "M.Baker".into(), now: today.and_hms_opt(9, 0, 0).unwrap(), today, uid: None };
    demo::make(path, demo::SEED, demo::ITEMS, &act, &mut |_| {}).unwrap();
    Store::open(path, Mode::Existing).unwrap()
}

fn screens() -> String {
    let dir = tempfile::TempDir::new().unwrap();
    let mut rig = Rig::new(sample(&dir.path().join("demo.db")));
    let mut out = String::new();
    for (key, title) in [
        ("1", "Stock: what do we have, where, and is it enough?"),
        ("2", "Backorders: who must hear from us today?"),
        ("3", "Suppliers: whom can we rely on, and who hurts us?"),
        ("4", "Reorder: what to order, from whom, how much, why?"),
    ] {
        rig.keys(key).wait();
        out.push_str(&format!("{title}\n\n```\n{}\n```\n\n", rig.screen().trim_end()));
    }
    out
}

#[test]
fn readme_parts_are_the_programs_own() {
    holds("keys", &keymap::markdown());
    holds("tables", &tables());
    holds("screens", &screens());
}

#[test]
fn readme_names_the_test_command_that_ci_runs() {
    let readme = std::fs::read_to_string(README).unwrap();
    let ci = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/run")).unwrap();
    for command in ["cargo test --locked", "cargo fmt --check", "-- -D warnings"] {
        assert!(ci.contains(command), "CI does not run {command}");
    }
    assert!(readme.contains("cargo test --locked") && readme.contains("cargo run --release -- demo"));
}
