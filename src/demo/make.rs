//! The sample's rows into a file, through the same import as a person's own. The file is made beside its place and moved
//! there whole: a sample that was interrupted is never found.

use super::{MARK, MARK_DAY, MARK_SCALE, SETTINGS, TRAINING, batches};
use crate::ops::settings::Settings;
use crate::ops::{importing, perform, planning, safekeeping};
use crate::store::{Act, Failure, Mode, Result, Store};
use std::fs;
use std::path::{Path, PathBuf};

/// How large a sample became.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Made {
    /// Rows brought in.
    pub rows: u64,
}

/// What is known of a file that was made here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Marks {
    /// How many items it has; of a training file the file that it is a copy of.
    pub scale: String,
    /// The business date it was made for.
    pub day: String,
}

/// The marks of the sample at `path`; none where the file is not a sample. Refused where it cannot be read at all.
pub fn marks(path: &Path) -> Result<Option<Marks>> {
    let store = Store::open(path, Mode::ReadOnly)?;
    let settings = Settings::load(store.db())?;
    let value = |key: &str| settings.text(key).unwrap_or("").to_string();
    Ok(settings.is_given(MARK).then(|| Marks { scale: value(MARK_SCALE), day: value(MARK_DAY) }))
}

/// Makes the sample warehouse of `scale` items at `path`, as of the act's business date. `progress` is called with the
/// rows that are done. A file that stands there is replaced at the end.
pub fn make(path: &Path, seed: u64, scale: u64, act: &Act, progress: &mut dyn FnMut(u64)) -> Result<Made> {
    let temporary = beside(path);
    remove(&temporary)?;
    let made = fill(&temporary, seed, scale, act, progress);
    match made {
        Ok(made) => {
            remove(path)?;
            fs::rename(&temporary, path)?;
            Ok(made)
        }
        Err(failure) => {
            let _ = remove(&temporary); // the failure is what matters
            Err(failure)
        }
    }
}

fn fill(path: &Path, seed: u64, scale: u64, act: &Act, progress: &mut dyn FnMut(u64)) -> Result<Made> {
    let mut store = Store::open(path, Mode::Create)?;
    perform(&mut store, Act { kind: "set up", ..act.clone() }, |tx| {
        for (key, value) in SETTINGS {
            tx.insert("setting", &["key", "value"], &[key, value])?;
        }
        for (key, value) in
            [(MARK, "1".to_string()), (MARK_SCALE, scale.to_string()), (MARK_DAY, act.today.to_string())]
        {
            tx.insert("setting", &["key", "value"], &[&key, &value])?;
        }
        tx.summarise("set up the sample warehouse");
        Ok(())
    })?;
    let mut made = Made::default();
    for batch in batches(seed, scale, act.today) {
        let before = made.rows;
        let rows: u64 = batch.tables.values().map(|t| t.len() as u64).sum();
        let (mut finished, mut current) = (0, None); // rows of the tables before the one under way
        let act = Act { kind: "import", ..act.clone() };
        let outcome = importing::import(&mut store, act, batch, importing::Options::default(), &mut |p| {
            if let Some((table, total)) = current.replace((p.table, p.total))
                && table != p.table
            {
                finished += total as u64;
            }
            progress(before + (finished + p.done as u64).min(rows));
        })?;
        if let Some(problem) = outcome.problems.first() {
            return Err(Failure::Broken(anyhow::anyhow!(
                "the sample has a row that the import refuses: {}",
                problem.message
            )));
        }
        made.rows += rows;
        progress(made.rows);
    }
    // Planned once here, so that the first screen already knows what runs low.
    planning::plan(&mut store, act.today, &|_, _| true)?;
    Ok(made)
}

/// Makes a training file of a real one at `path`: a copy, marked, that sends no mail and makes no copies. A file that
/// stands there is replaced at the end.
pub fn train(path: &Path, from: &Path, act: &Act) -> Result<()> {
    let source = Store::open(from, Mode::ReadOnly)?;
    let temporary = beside(path);
    remove(&temporary)?;
    let made = safekeeping::backup(&source, &temporary).and_then(|_| {
        let mut store = Store::open(&temporary, Mode::Existing)?;
        perform(&mut store, Act { kind: "set up", ..act.clone() }, |tx| {
            let (day, of) = (act.today.to_string(), origin(from));
            for (key, value) in [(MARK, "1"), (TRAINING, "1"), (MARK_DAY, day.as_str()), (MARK_SCALE, of.as_str())] {
                crate::store::settings::put(tx, key, Some(value))?;
            }
            // Customers hear nothing from a training file, whatever still waits in it; and nothing that is practised
            // stands in the place of the real exports and copies.
            for key in ["mail.host", "mail.from", "copies.second_place", "day_end.folder"] {
                crate::store::settings::put(tx, key, None)?;
            }
            tx.summarise("made a training file of the real one");
            Ok(())
        })?;
        Ok(())
    });
    if let Err(failure) = made {
        let _ = remove(&temporary); // the failure is what matters
        return Err(failure);
    }
    remove(path)?;
    fs::rename(&temporary, path)?;
    Ok(())
}

/// What a training file is marked with: the file that it is a copy of.
pub fn origin(from: &Path) -> String {
    from.canonicalize().unwrap_or_else(|_| from.to_path_buf()).display().to_string()
}

/// Where the file grows until it is whole.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id())); // two programs may make one at the same time
    path.with_file_name(name)
}

/// Removes a warehouse file and what SQLite keeps beside it; nothing there is fine.
pub fn remove(path: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_os_string();
        name.push(end);
        match fs::remove_file(&name) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
            _ => {}
        }
    }
    Ok(())
}
