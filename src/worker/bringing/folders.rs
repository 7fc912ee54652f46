//! What lies in the folders that a file is chosen from.

use super::super::Desk;
use crate::clock::on_the_wall;
use crate::ops::{importing, inbox};
use crate::store::{Failure, settings};
use chrono::NaiveDateTime;
use std::path::{Path, PathBuf};

/// The newest files that are found by a part of their name, without naming their folder.
const NEWEST: usize = 500;
/// Entries of one folder that are looked at for it: a folder of a million photographs is passed over.
const LOOKED_AT: usize = 5_000;

/// Something that lies in a folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// As the list shows it.
    pub name: String,
    pub path: PathBuf,
    pub is_folder: bool,
    pub size: u64,
    pub modified: Option<NaiveDateTime>,
}

/// A folder, and the inbox.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Folder {
    pub inbox: Option<PathBuf>,
    /// New files of the inbox.
    pub waiting: Vec<Entry>,
    /// Where no folder was named: the newest files in the person's own folders, with the folder in the name.
    pub newest: Vec<Entry>,
    pub folder: PathBuf,
    /// Folders first, then files that can be read.
    pub entries: Vec<Entry>,
}

/// A path as people type it: `~` is the home folder, quotes of a dragged file are taken off, and what is nowhere here is
/// looked for at home.
pub fn expanded(path: &Path) -> PathBuf {
    let text = path.to_string_lossy();
    let path = Path::new(text.trim().trim_matches(['\'', '"']));
    let home = std::env::home_dir();
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        (Err(_), Some(home)) if path.is_relative() && !path.exists() => home.join(path),
        _ => path.to_path_buf(),
    }
}

fn entry(path: PathBuf) -> Option<Entry> {
    let about = std::fs::metadata(&path).ok()?;
    let name = path.file_name()?.to_string_lossy().into_owned();
    // As the clock on the wall says it: the same as the file manager's.
    let modified = about.modified().ok().map(on_the_wall);
    Some(Entry { name, path, is_folder: about.is_dir(), size: about.len(), modified })
}

fn entries(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<Entry> {
    let found = std::fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|e| entry(e.path()));
    let mut entries: Vec<Entry> =
        found.filter(|e| !e.name.starts_with('.') && (e.is_folder || wanted(&e.name))).collect();
    entries.sort_by_key(|e| (!e.is_folder, e.name.to_lowercase()));
    entries
}

/// The newest files that can be brought in, in this folder and in the folders right below it.
fn newest(home: &Path) -> Vec<Entry> {
    let below = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten().take(LOOKED_AT);
    let mut found: Vec<Entry> = Vec::new();
    let mut look = |folder: &Path, before: &str| {
        for file in below(folder) {
            let name = file.file_name().to_string_lossy().into_owned();
            // A text may be anything, a letter or notes: it is found in its folder.
            let is_text = [".txt", ".txt.gz"].iter().any(|ending| name.to_lowercase().ends_with(ending));
            if inbox::may_be_read(&name)
                && !is_text
                && let Some(entry) = entry(file.path()).filter(|e| !e.is_folder)
            {
                found.push(Entry { name: format!("{before}{name}"), ..entry });
            }
        }
    };
    look(home, "");
    for folder in below(home).filter(|e| e.file_type().is_ok_and(|t| t.is_dir())) {
        let name = folder.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            look(&folder.path(), &format!("{name}/"));
        }
    }
    found.sort_by(|a, b| b.modified.cmp(&a.modified).then_with(|| a.name.cmp(&b.name)));
    found.truncate(NEWEST);
    found
}

/// What lies there before there is a warehouse; none: the home folder. `warehouses`: warehouse files instead of sheets.
pub fn before(folder: Option<PathBuf>, warehouses: bool) -> Folder {
    let home = std::env::home_dir().unwrap_or_default();
    let newest = if folder.is_none() && !warehouses { newest(&home) } else { Vec::new() };
    let folder = folder.map_or(home, |f| expanded(&f));
    let is_warehouse = |name: &str| name.to_lowercase().ends_with(".db");
    let mut entries = entries(&folder, |name| if warehouses { is_warehouse(name) } else { inbox::may_be_read(name) });
    let tables: Vec<String> = entries
        .iter()
        .filter(|e| !e.is_folder && !warehouses)
        .filter_map(|e| Some(crate::exchange::plain::table_of(&e.name)?.name().replace('_', " ")))
        .collect();
    if tables.len() > 1 {
        let all = Entry {
            name: format!("(all together: {})", tables.join(", ")),
            path: folder.clone(),
            is_folder: false,
            size: entries.iter().filter(|e| !e.is_folder).map(|e| e.size).sum(),
            modified: None,
        };
        entries.insert(0, all);
    }
    Folder { newest, folder, entries, ..Folder::default() }
}

/// What lies there; none: where the last file was, else the home folder.
pub(super) fn lies_in(desk: &Desk, folder: Option<PathBuf>) -> Result<Folder, Failure> {
    let db = desk.store.db();
    let inbox = inbox::folder(db, desk.store.path())?;
    let waiting = inbox.as_deref().map(|f| inbox::waiting(db, f)).transpose()?.unwrap_or_default();
    let last = || settings::get(db, importing::FOLDER).ok().flatten().map(PathBuf::from).filter(|f| f.is_dir());
    let home = std::env::home_dir();
    let newest = home.as_deref().filter(|_| folder.is_none()).map(newest).unwrap_or_default();
    let folder = folder.map(|f| expanded(&f)).or_else(last).or(home).unwrap_or_default();
    let entries = entries(&folder, inbox::may_be_read);
    let waiting: Vec<Entry> = waiting.into_iter().filter_map(|w| entry(w.path)).collect();
    // Named once: not again among the newest.
    let named = |e: &Entry| waiting.iter().chain(&entries).any(|w| w.path == e.path);
    let newest = newest.into_iter().filter(|e| !named(e)).collect();
    Ok(Folder { inbox, waiting, newest, folder, entries })
}
