//! Copies of the warehouse, and putting one back.

pub mod daily;

use crate::store::{self, Db, Failure, Mode, Result, Store, copying};
use chrono::NaiveDateTime;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The folder of the copies that are made every day: beside the warehouse, named after it.
pub fn copies_of(live: &Path) -> PathBuf {
    let stem = live.file_stem().unwrap_or_default().to_string_lossy();
    live.with_file_name(format!("{stem}-copies"))
}

/// What a copy holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copied {
    pub operations: i64,
    pub bytes: u64,
}

/// Copies the warehouse to `target`, also while others work in it: made beside it, checked, written to the disk, then
/// put in place; readable by its owner only. An older copy there is replaced, anything else is refused.
pub fn backup(store: &Store, target: &Path) -> Result<Copied> {
    if same_file(store.path(), target) {
        return Err(Failure::usage(format!(
            "{} is the warehouse itself: name another file for the copy.",
            target.display()
        )));
    }
    match fs::symlink_metadata(target) {
        Ok(found) if found.is_dir() => {
            return Err(Failure::usage(format!("{} is a folder: name a file in it for the copy.", target.display())));
        }
        Ok(found) if !found.is_file() => {
            return Err(Failure::usage(format!(
                "{} is not an ordinary file: name another for the copy.",
                target.display()
            )));
        }
        Ok(_) => replaceable(store, target)?,
        Err(_) => {}
    }
    copy(store.db(), target)?;
    let bytes = fs::metadata(target)?.len();
    Ok(Copied { operations: copying::newest_operation(store.db())?, bytes })
}

/// Refuses to replace a file that is anything but an older copy of this warehouse.
fn replaceable(store: &Store, target: &Path) -> Result<()> {
    let refused = |why: String| Err(Failure::usage(format!("{} {why}: name another file.", target.display())));
    // A log beside it belongs to the file that stands there: SQLite would play it into whatever takes its place.
    if ["-wal", "-journal"].iter().any(|ending| with_ending(target, ending).exists()) {
        return refused("is open in another program, or was left by one that was killed".into());
    }
    let Ok(there) = Store::open(target, Mode::ReadOnly) else {
        return refused("exists and is not a copy of a warehouse".into());
    };
    match copying::operations_only_in(there.db(), store.db())? {
        0 => Ok(()),
        n => {
            let what = if n == 1 { "1 operation".to_string() } else { format!("{n} operations") };
            refused(format!("is not an older copy of this warehouse: it holds {what} that this one lacks"))
        }
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The copy to put back, looked through; a file that is none is named, so that nobody takes the warehouse for the ill one.
fn sound_copy(from: &Path) -> Result<Store> {
    if !from.exists() {
        return Err(Failure::usage(format!("There is no file {}: name the copy to put back.", from.display())));
    }
    let opened = Store::open(from, Mode::ReadOnly).and_then(|source| copying::sound(source.db()).map(|()| source));
    opened.map_err(|why| {
        let which = format!("{} cannot be put back; the warehouse is as it was. Name another copy.", from.display());
        match why {
            Failure::File(store::Ill::Corrupt, _) => Failure::refused(format!("{which} Parts of it cannot be read.")),
            why => Failure::refused(format!("{which} {why}")),
        }
    })
}

fn copy(db: &Db, target: &Path) -> Result<()> {
    let folder = folder_of(target);
    let temporary = tempfile::Builder::new().prefix(".backshelf-copy-").tempfile_in(folder).map_err(|e| {
        Failure::usage(format!("No file can be made in {}: {e}. Name another place for the copy.", folder.display()))
    })?;
    copying::to_file(db, temporary.path())?;
    File::open(temporary.path())?.sync_all()?;
    temporary.persist(target).map_err(|e| e.error)?;
    crate::exchange::write::sync_folder(folder);
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (fs::canonicalize(a), fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

/// What putting a copy back did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// Operations that the warehouse now has.
    pub operations: i64,
    /// Operations of the replaced file that the copy does not have; `None` where it could not be read.
    pub lost: Option<i64>,
    /// Where the replaced file is kept; `None` where there was none.
    pub kept: Option<PathBuf>,
}

/// What putting a copy back would do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Foreseen {
    /// Operations in the copy, and the moment of its newest (ISO).
    pub operations: i64,
    pub newest: Option<String>,
    /// Operations of the warehouse that the copy does not have; none: the warehouse cannot be read, or is not there.
    pub lost: Option<i64>,
    /// The newest of those: moment, what was done, who.
    pub named: Vec<(String, String, String)>,
}

/// Looks at a copy and at what would be lost by putting it back; nothing is changed. A damaged copy is refused.
pub fn foresee(live: &Path, from: &Path) -> Result<Foreseen> {
    let source = sound_copy(from)?;
    let operations = copying::newest_operation(source.db())?;
    let mut seen = Foreseen { operations, newest: copying::newest_moment(source.db())?, lost: None, named: Vec::new() };
    if live.exists() && !copying::is_destroyed(live) {
        let store = Store::open(live, Mode::ReadOnly)?;
        let lost = copying::operations_only_in(store.db(), source.db())?;
        let shared = copying::newest_operation(store.db())? - lost;
        seen.named = copying::after(store.db(), shared, NAMED)?;
        seen.lost = Some(lost);
    }
    Ok(seen)
}

/// Operations that would be lost and are named.
const NAMED: i64 = 10;

/// Puts the copy in the place of the warehouse at `live`. The copy is checked first, and the replaced file is kept
/// beside it as `NAME.before-restore-TIME`. Other programs that have the warehouse open see the restored one.
pub fn restore(live: &Path, from: &Path, now: NaiveDateTime) -> Result<Restored> {
    if same_file(live, from) {
        return Err(Failure::usage("This is the warehouse itself: name the copy to put in its place."));
    }
    let source = sound_copy(from)?;
    let operations = copying::newest_operation(source.db())?;
    if !live.exists() {
        copy(source.db(), live)?;
        return Ok(Restored { operations, lost: Some(0), kept: None });
    }
    let kept = beside(live, now);
    if copying::is_destroyed(live) {
        set_aside(live, &kept)?;
        copy(source.db(), live)?;
        return Ok(Restored { operations, lost: None, kept: Some(kept) });
    }
    let mut store = Store::open(live, Mode::Existing)?;
    let lost = copying::operations_only_in(store.db(), source.db())?;
    copy(store.db(), &kept)?;
    copying::over(&mut store, from)?;
    Ok(Restored { operations, lost: Some(lost), kept: Some(kept) })
}

/// Moves a file that cannot be read out of the way, with what SQLite keeps beside it.
fn set_aside(live: &Path, kept: &Path) -> Result<()> {
    fs::rename(live, kept)?;
    for suffix in ["-wal", "-shm"] {
        let part = with_suffix(live, suffix);
        if part.exists() {
            fs::rename(part, with_suffix(kept, suffix))?;
        }
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A name beside the file that is not taken yet.
fn beside(live: &Path, now: NaiveDateTime) -> PathBuf {
    let stem = format!(".before-restore-{}", now.format("%Y%m%d-%H%M%S"));
    let first = with_suffix(live, &stem);
    let more = (2..).map(|n| with_suffix(live, &format!("{stem}-{n}")));
    std::iter::once(first).chain(more).find(|p| !p.exists()).unwrap_or_else(|| with_suffix(live, &stem))
}
