//! The copy that is made by itself: once a day, and again after some hours of work or when files were brought in; checked, a week and four weeks of them
//! kept, one more in a second place. Whichever program has the file open makes it; of several at once one does.

use super::{copies_of, copy, folder_of};
use crate::domain::keeping::to_forget;
use crate::ops::settings::Settings;
use crate::store::morning::{self as store, SafeCopy};
use crate::store::{Db, Failure, Result, Store};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use std::fs;
use std::path::{Path, PathBuf};

/// The day's copy is made anew after so long, where something was done since.
const AGAIN: TimeDelta = TimeDelta::hours(4);
/// A copy that was begun so long ago is taken for given up.
const GIVEN_UP: TimeDelta = TimeDelta::hours(1);
/// After a failure it is tried again.
const RETRY: TimeDelta = TimeDelta::minutes(15);
/// A copy that held no item yet is made anew so soon after it.
const SETTLED: TimeDelta = TimeDelta::minutes(2);
/// The setting that names the second place.
pub const SECOND_PLACE: &str = "copies.second_place";
/// A sample and a training file are never copied.
const SAMPLE: &str = "demo";

/// How the copies stand.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct State {
    /// This file is copied at all.
    pub wanted: bool,
    /// When the newest was made and checked.
    pub last: Option<NaiveDateTime>,
    /// Operations that were saved since and that it lacks.
    pub lacks: i64,
    /// A second place is set, and how it stands there.
    pub second: Option<Second>,
    /// Why the newest attempt, or its second place, failed.
    pub trouble: Option<String>,
}

/// What lies in the second place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Second {
    /// The newest copy.
    Newest,
    /// An older one, of that moment.
    Older(NaiveDateTime),
    Nothing,
}

/// Refuses a second place in which no copy can be put now: a folder that is mistyped is learned of on the day that the
/// copy is needed.
pub fn accept(place: &str) -> Result<()> {
    let path = Path::new(place);
    let refused = |why: &str| {
        Err(Failure::refused(format!(
            "{place} {why} Put the stick in or mount the folder, or make it; then give its whole name, as /media/stick."
        )))
    };
    if !path.is_absolute() {
        return refused("is no whole name of a folder.");
    }
    if !path.is_dir() {
        return refused("is not there.");
    }
    match tempfile::Builder::new().prefix(".backshelf-copy-").tempfile_in(path) {
        Ok(_) => Ok(()),
        Err(why) => refused(&format!("takes no file: {why}.")),
    }
}

/// How they stand.
pub fn state(db: &Db) -> Result<State> {
    let settings = Settings::load(db)?;
    let newest = store::newest_copy(db)?;
    let has_place = settings.text(SECOND_PLACE).is_some();
    let second = match (store::second_copy(db)?, newest.as_ref().and_then(|c| c.done_at)) {
        (None, _) => Second::Nothing,
        (Some(there), Some(done)) if there < done => Second::Older(there),
        (Some(_), _) => Second::Newest,
    };
    // A copy that somebody threw away is none.
    let last = newest.as_ref().filter(|c| lies_there(c)).and_then(|c| c.done_at);
    Ok(State {
        wanted: !settings.is_given(SAMPLE),
        lacks: last.map_or(Ok(0), |at| store::operations_since(db, at))?,
        second: has_place.then_some(second),
        last,
        trouble: newest.and_then(|c| c.trouble),
    })
}

/// Makes the day's copy where it is due; answers whether it did. What goes wrong is kept beside the copies, for the Today
/// card, and tried again.
pub fn keep(store: &mut Store, now: NaiveDateTime) -> Result<bool> {
    keep_where(store, now, false)
}

/// The same at once, where a second place was set just now: neither rest nor an earlier failure puts it off.
pub fn keep_at_once(store: &mut Store, now: NaiveDateTime) -> Result<bool> {
    keep_where(store, now, true)
}

fn keep_where(store: &mut Store, now: NaiveDateTime, asked: bool) -> Result<bool> {
    let settings = Settings::load(store.db())?;
    let live = std::path::absolute(store.path()).unwrap_or_else(|_| store.path().to_path_buf());
    let second = settings.text(SECOND_PLACE).map(PathBuf::from);
    let due = |db: &Db| is_due(db, now, &live, second.is_some(), asked);
    if settings.is_given(SAMPLE) || !live.is_file() || !due(store.db())? {
        return Ok(false);
    }
    // Asked again where nobody else can write: of several programs one goes on.
    let claimed = store.keep("claim the day's copy", |db| {
        let due = due(db)?;
        if due {
            store::begin_copy(db, now)?;
        }
        Ok(due)
    })?;
    if !claimed {
        return Ok(false);
    }
    let made = make(store.db(), &live, now.date());
    let (file, done, mut trouble) = match made {
        Ok(file) => (Some(file), true, None),
        Err(failure) => (None, false, Some(failure.to_string())),
    };
    let mut in_second = false;
    if let (Some(file), Some(place)) = (&file, &second) {
        match to_second(file, place, &live) {
            Ok(()) => in_second = true,
            Err(sentence) => trouble = Some(sentence),
        }
    }
    let file = file.map(|f| f.display().to_string());
    store.keep("keep the day's copy", |db| {
        store::finish_copy(db, now, done, file.as_deref(), in_second, trouble.as_deref())
    })?;
    Ok(done)
}

fn lies_there(copy: &SafeCopy) -> bool {
    copy.file.as_deref().is_some_and(|file| Path::new(file).is_file())
}

/// `live`: the warehouse; `second`: a second place is set; `asked`: just now.
fn is_due(db: &Db, now: NaiveDateTime, live: &Path, second: bool, asked: bool) -> Result<bool> {
    let Some(copy) = store::copy_of(db, now.date())? else { return Ok(true) };
    let beside = copy.file.as_deref().is_some_and(|file| Path::new(file).parent() == Some(&copies_of(live)));
    let is_safe = lies_there(&copy) && beside;
    let SafeCopy { begun_at, done_at, second_at, trouble, .. } = copy;
    // A clock that was set back: nobody knows how long ago that was, and it is not waited for.
    let set_back = begun_at - now > SETTLED || done_at.is_some_and(|done| done - now > SETTLED);
    let last_try = if set_back { AGAIN } else { now - begun_at };
    let under_way = trouble.is_none() && done_at.is_none_or(|done| done < begun_at) && last_try < GIVEN_UP;
    if under_way {
        return Ok(false);
    }
    if asked {
        return Ok(true);
    }
    if trouble.is_some() || done_at.is_none() {
        return Ok(last_try >= RETRY);
    }
    // Thrown away, made beside another file, or a second place was set since.
    if !is_safe || second && second_at.is_none_or(|second| Some(second) < done_at) {
        return Ok(true);
    }
    // Files were brought in since: nobody types them again. A copy from before the first item is hardly one.
    if let Some(done) = done_at {
        // What the record dates later than now was written before the clock was set back: a copy was made since, or is
        // made below; it is no reason for one every few minutes.
        if last_try >= SETTLED && store::first_item_at(db)?.is_some_and(|first| first > done && first <= now) {
            return Ok(true);
        }
        if last_try >= RETRY && store::imported_between(db, done, now)? {
            return Ok(true);
        }
    }
    let worked = store::newest(db)?.is_some_and(|newest| set_back || done_at.is_none_or(|done| newest.at > done));
    Ok(last_try >= AGAIN && worked)
}

/// Makes the copy of that day and throws away those that are not kept.
fn make(db: &Db, live: &Path, day: NaiveDate) -> Result<PathBuf> {
    let folder = copies_of(live);
    private(&folder).map_err(|e| Failure::usage(format!("The folder {} cannot be made: {e}.", folder.display())))?;
    let target = folder.join(name(live, day));
    copy(db, &target)?;
    prune(&folder, live);
    Ok(target)
}

fn name(live: &Path, day: NaiveDate) -> String {
    format!("{}-{day}.db", live.file_stem().unwrap_or_default().to_string_lossy())
}

/// The copies in a folder, newest first, with their days.
pub fn copies_in(folder: &Path, live: &Path) -> Vec<(NaiveDate, PathBuf)> {
    let stem = format!("{}-", live.file_stem().unwrap_or_default().to_string_lossy());
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let day = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix(&stem)?.strip_suffix(".db")?.parse::<NaiveDate>().ok()
    };
    let mut found: Vec<(NaiveDate, PathBuf)> = entries.filter_map(|e| Some((day(&e.path())?, e.path()))).collect();
    found.sort_by(|a, b| b.cmp(a));
    found
}

/// What cannot be thrown away stays: it harms nothing.
fn prune(folder: &Path, live: &Path) {
    let copies = copies_in(folder, live);
    let forget = to_forget(&copies.iter().map(|c| c.0).collect::<Vec<_>>());
    for (_, path) in copies.iter().filter(|c| forget.contains(&c.0)) {
        let _ = fs::remove_file(path);
    }
}

/// Puts the copy into the second place, under the same name: written beside its place, flushed, put there.
fn to_second(file: &Path, place: &Path, live: &Path) -> std::result::Result<(), String> {
    let sentence = |what: String| format!("The second copy was not made: {what}");
    // The folder is not made: an empty mount point would be filled instead of the stick.
    if !place.is_dir() {
        return Err(sentence(format!("{} is not there. Is the stick in, the folder mounted?", place.display())));
    }
    if fs::canonicalize(place).ok() == fs::canonicalize(folder_of(file)).ok() {
        return Err(sentence("the second place is the folder of the first.".into()));
    }
    let failed = |e: std::io::Error| sentence(format!("{}: {e}.", place.display()));
    let mut temporary = tempfile::Builder::new().prefix(".backshelf-copy-").tempfile_in(place).map_err(failed)?;
    let mut from = fs::File::open(file).map_err(failed)?;
    let copied = std::io::copy(&mut from, temporary.as_file_mut()).map_err(failed)?;
    temporary.as_file().sync_all().map_err(failed)?;
    if from.metadata().map_err(failed)?.len() != copied {
        return Err(sentence(format!("{} took only a part of it.", place.display())));
    }
    let target = place.join(file.file_name().unwrap_or_default());
    temporary.persist(&target).map_err(|e| failed(e.error))?;
    crate::exchange::write::sync_folder(place);
    prune(place, live);
    Ok(())
}

#[cfg(unix)]
fn private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}
