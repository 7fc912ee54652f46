//! SQLite's online backup: whole copies of a file that others may be working in.

use super::{Db, Failure, Mode, Result, Store};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::path::Path;
use std::time::Duration;

/// Tries while another program writes: about ten seconds.
const TRIES: u32 = 200;

fn run(backup: &Backup) -> Result<()> {
    for _ in 0..TRIES {
        match backup.step(-1)? {
            StepResult::Done => return Ok(()),
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    Err(Failure::refused("Another program keeps writing to the warehouse file. Try again in a moment."))
}

/// Copies the warehouse into the (empty) file at `path`, as one moment saw it, and checks the copy.
pub fn to_file(db: &Db, path: &Path) -> Result<()> {
    let mut copy = Connection::open(path)?;
    run(&Backup::new(db, &mut copy)?)?;
    let _: String = copy.query_row("PRAGMA journal_mode = DELETE", [], |r| r.get(0))?; // one file, not three
    forget_windows(&copy)?;
    sound(&copy)?;
    copy.close().map_err(|(_, e)| e)?;
    Ok(())
}

/// Who has the warehouse open does not have its copy open: whoever opens that is not told of programs that broke off.
fn forget_windows(copy: &Db) -> Result<()> {
    for table in ["open_window", "presence"] {
        let known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1"; // not in a copy of an older program
        if copy.prepare(known)?.exists([table])? {
            copy.execute(&format!("DELETE FROM {table}"), [])?;
        }
    }
    Ok(())
}

/// Writes the copy at `from` over the open warehouse, in one transaction: other programs on the file see it at once.
pub fn over(live: &mut Store, from: &Path) -> Result<()> {
    let source = Store::open(from, Mode::ReadOnly)?;
    let open = super::morning::windows(live.db())?;
    run(&Backup::new(source.db(), &mut live.conn)?)?;
    forget_windows(&live.conn)?;
    open.iter().try_for_each(|window| super::morning::open_window(live, window, &[]))
}

/// Refuses a file whose pages cannot be read.
pub fn sound(db: &Db) -> Result<()> {
    let said: String = db.query_row("PRAGMA quick_check(1)", [], |r| r.get(0))?;
    if said == "ok" {
        Ok(())
    } else {
        Err(Failure::refused(format!("The copy is damaged ({said}). Use another copy.")))
    }
}

/// Whether the file can no longer be read as a database (damaged pages, or something else altogether). A file that is
/// merely locked or forbidden is not destroyed.
pub fn is_destroyed(path: &Path) -> bool {
    use rusqlite::{ErrorCode, OpenFlags};
    let checked = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|db| db.query_row("PRAGMA quick_check(1)", [], |r| r.get::<_, String>(0)));
    match checked {
        Ok(said) => said != "ok",
        Err(e) => matches!(e.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)),
    }
}

/// The newest operation's number, 0 for none.
pub fn newest_operation(db: &Db) -> Result<i64> {
    Ok(db.query_row("SELECT coalesce(max(id), 0) FROM operation", [], |r| r.get(0))?)
}

/// What the newest operations after that one did, newest first, at most so many: moment, sentence, who.
pub fn after(db: &Db, operation: i64, limit: i64) -> Result<Vec<(String, String, String)>> {
    let sql = "SELECT at, summary, operator FROM operation WHERE id > ?1 ORDER BY id DESC LIMIT ?2";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([operation, limit], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// The moment of the newest operation.
pub fn newest_moment(db: &Db) -> Result<Option<String>> {
    Ok(db.query_row("SELECT max(at) FROM operation", [], |r| r.get(0))?)
}

/// How many operations the warehouse has that the copy has not: those after the last that both have alike.
pub fn operations_only_in(live: &Db, copy: &Db) -> Result<i64> {
    let sql = "SELECT id, kind, summary, at FROM operation ORDER BY id DESC";
    let mut statement = copy.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut same = live.prepare("SELECT 1 FROM operation WHERE id = ?1 AND kind = ?2 AND summary = ?3 AND at = ?4")?;
    let mut shared = 0;
    while let Some(row) = rows.next()? {
        let (id, kind, summary, at): (i64, String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        if same.exists(rusqlite::params![id, kind, summary, at])? {
            shared = id;
            break;
        }
    }
    Ok(newest_operation(live)? - shared)
}
