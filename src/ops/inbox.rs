//! The folder where files wait to be brought in. New ones are announced; nothing is ever taken from there unseen.

use super::settings::Settings;
use crate::store::inbox::{Mark, was_brought};
use crate::store::{Db, Result};
use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};

/// Endings of files that can be brought in, also with `.gz` behind.
const ENDINGS: [&str; 4] = ["csv", "tsv", "txt", "xlsx"];

/// A file that waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    pub path: PathBuf,
    pub mark: Mark,
}

/// The folder: as the settings say, else beside the warehouse file and named after it. None for a warehouse that is in
/// no file.
pub fn folder(db: &Db, live: &Path) -> Result<Option<PathBuf>> {
    if let Some(given) = Settings::load(db)?.text("import.inbox") {
        return Ok(Some(PathBuf::from(given)));
    }
    let stem = live.file_stem().unwrap_or_default().to_string_lossy();
    Ok(live.is_file().then(|| live.with_file_name(format!("{stem}-inbox"))))
}

/// Whether a file of that name may hold rows.
pub fn may_be_read(name: &str) -> bool {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    !name.starts_with('.') && name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

/// How a file lies there; none where it cannot be asked.
pub fn mark(path: &Path) -> Option<Mark> {
    let about = std::fs::metadata(path).ok().filter(|about| about.is_file())?;
    let modified: DateTime<Utc> = about.modified().ok()?.into();
    let name = path.file_name()?.to_string_lossy().into_owned();
    Some(Mark {
        name,
        size: i64::try_from(about.len()).unwrap_or(i64::MAX),
        modified: modified.format("%Y-%m-%dT%H:%M:%S").to_string(),
    })
}

/// The files of that folder that were not brought in yet, by name; none where there is no such folder.
pub fn waiting(db: &Db, folder: &Path) -> Result<Vec<Waiting>> {
    let mut out = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let Some(mark) = mark(&path).filter(|m| may_be_read(&m.name)) else { continue };
        if !was_brought(db, &mark)? {
            out.push(Waiting { path, mark });
        }
    }
    out.sort_by(|a, b| a.mark.name.cmp(&b.mark.name));
    Ok(out)
}

/// What is to be kept of a file that is brought in: nothing unless it lies in the inbox.
pub fn to_keep(db: &Db, live: &Path, file: &Path) -> Result<Option<Mark>> {
    let Some(inbox) = folder(db, live)? else { return Ok(None) };
    let same = |a: &Path, b: &Path| a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b));
    Ok(file.parent().filter(|parent| same(parent, &inbox)).and_then(|_| mark(file)))
}
