//! Imports run downwards only. This test reads the sources and fails on a `use` (or a path) that runs upwards.

use std::fs;
use std::path::{Path, PathBuf};

/// Each layer and what of our own crate it may name.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("exchange", &["exchange", "domain"]),
    ("messages", &["messages", "domain"]),
    ("store", &["store", "domain"]),
    ("ops", &["ops", "store", "exchange", "messages", "domain"]),
    ("post", &["post", "ops", "store", "exchange", "domain", "clock"]),
    ("worker", &["worker", "post", "ops", "store", "exchange", "messages", "domain", "clock"]),
    ("demo", &["demo", "ops", "store", "exchange", "domain"]),
    ("tui", &["tui", "worker", "domain"]),
    ("cli", &["cli", "tui", "worker", "demo", "post", "ops", "store", "exchange", "messages", "domain", "clock"]),
    ("clock", &[]),
];

/// External crates that only some layers may name.
const RESERVED: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("calamine", &["exchange"]),
    ("clap", &["cli"]),
    ("anyhow", &["store", "ops", "exchange", "worker", "tui", "cli", "demo", "main"]),
    ("std::fs", &["store", "exchange", "messages", "ops", "post", "cli", "tui", "worker", "demo"]),
    ("chrono::Local", &["clock", "ops"]), // ops: the zone of a mail's Date, from the moment of its act
    ("lettre", &["exchange", "post"]),
    ("minijinja", &["messages"]),
    ("rustls", &["post"]),
    ("Local::now", &["clock"]),
    ("SystemTime::now", &["clock"]),
];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn layer_of(path: &Path, root: &Path) -> String {
    let first = path.strip_prefix(root).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_string()
}

/// What is wrong with one file's text, as seen from its layer.
fn faults(layer: &str, name: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let allowed = LAYERS.iter().find(|l| l.0 == layer).map(|l| l.1);
    for (n, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or("");
        if let Some(allowed) = allowed {
            for after in code.split("crate::").skip(1) {
                let target: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !target.is_empty() && !allowed.contains(&target.as_str()) {
                    wrong.push(format!("{name}:{}: {layer} may not use {target}", n + 1));
                }
            }
        }
        for (outside, who) in RESERVED {
            if layer != "lib" && code.contains(outside) && !who.contains(&layer) {
                wrong.push(format!("{name}:{}: {layer} may not use {outside}", n + 1));
            }
        }
    }
    wrong
}

#[test]
fn imports_run_downwards_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20, "the sources were not found");
    let wrong: Vec<String> = files
        .iter()
        .flat_map(|path| {
            faults(&layer_of(path, &root), &path.display().to_string(), &fs::read_to_string(path).unwrap())
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_check_sees_a_forbidden_import() {
    assert_eq!(faults("domain", "x.rs", "use crate::store::Db;").len(), 1);
    assert_eq!(faults("tui", "x.rs", "use rusqlite::Connection;").len(), 1);
    assert_eq!(faults("ops", "x.rs", "let now = Local::now();").len(), 1);
    assert!(faults("ops", "x.rs", "use crate::store::Db; // not crate::tui").is_empty());
}
