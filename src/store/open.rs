//! Opening the warehouse file: pragmas, migrations, and one clear sentence for a file that cannot be used.

use super::{Db, Failure, Result, copying, place, supplier_record, supplier_sums};
use crate::domain::scorecard::Measure;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// "BkSh": this file is a backshelf warehouse.
const APPLICATION_ID: i64 = 0x426b_5368;

/// Numbered, append-only; each upgrades the file from its position to the next.
const MIGRATIONS: &[&str] = &[
    include_str!("../../assets/migrations/0001_warehouse.sql"),
    include_str!("../../assets/migrations/0002_messages.sql"),
    include_str!("../../assets/migrations/0003_waiting.sql"),
    include_str!("../../assets/migrations/0004_fulfilment.sql"),
    include_str!("../../assets/migrations/0005_counting.sql"),
    include_str!("../../assets/migrations/0006_handling.sql"),
    include_str!("../../assets/migrations/0007_supply.sql"),
    include_str!("../../assets/migrations/0008_planning.sql"),
    include_str!("../../assets/migrations/0009_office.sql"),
    include_str!("../../assets/migrations/0010_scorecards.sql"),
    include_str!("../../assets/migrations/0011_people.sql"),
    include_str!("../../assets/migrations/0012_morning.sql"),
    include_str!("../../assets/migrations/0013_planning.sql"),
    include_str!("../../assets/migrations/0014_scan.sql"),
    include_str!("../../assets/migrations/0015_supply.sql"),
    include_str!("../../assets/migrations/0016_buying.sql"),
    include_str!("../../assets/migrations/0017_office.sql"),
    include_str!("../../assets/migrations/0018_scan.sql"),
    include_str!("../../assets/migrations/0019_claims.sql"),
    include_str!("../../assets/migrations/0020_known.sql"),
    include_str!("../../assets/migrations/0021_rounds.sql"),
    include_str!("../../assets/migrations/0022_changed.sql"),
    include_str!("../../assets/migrations/0023_expected.sql"),
];

/// Pages kept in memory, in KiB.
const USUAL_CACHE: i64 = 8 * 1024;
/// The same for a connection that only reads: there are several of them, and the system keeps the file's pages too.
const READING_CACHE: i64 = 2 * 1024;
/// The same while hundreds of thousands of rows go into a dozen indexes: with less, pages are written and read again.
const BULK_CACHE: i64 = 128 * 1024;

/// How long a write waits for another program's: four writers at once wait up to a second.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Whether a first read works.
fn is_readable(conn: &Connection) -> bool {
    conn.query_row("SELECT count(*) FROM sqlite_master", [], |r| r.get::<_, i64>(0)).is_ok()
}

/// Whether changes lie beside the file that are not in it yet.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(PathBuf::from(log)).is_ok_and(|m| m.len() > 0)
}

/// The file's name as SQLite opens it without any lock: nobody changes it meanwhile.
fn unchanging(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri + "?immutable=1"
}

/// How the file is to be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Must exist; read and write.
    Existing,
    /// Made where missing; read and write.
    Create,
    /// Must exist; read only, nothing on disk changes.
    ReadOnly,
}

/// An open warehouse file.
#[derive(Debug)]
pub struct Store {
    pub(super) conn: Connection,
    path: PathBuf,
    /// Which file that is, to notice when another stands there.
    pub(super) opened: Option<(u64, u64)>,
}

impl Store {
    /// Opens (and upgrades) the warehouse at `path`. Wrong or unusable files are refused with a sentence and left untouched.
    pub fn open(path: &Path, mode: Mode) -> Result<Store> {
        let flags = match mode {
            Mode::Existing => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Mode::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Mode::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        if mode != Mode::Create && !path.exists() {
            return Err(Failure::usage(format!(
                "There is no warehouse file at {}. Give another with --db, or make one: backshelf import PATH.",
                path.display()
            )));
        }
        place::prepare(path, mode)?;
        let mut conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        if mode == Mode::ReadOnly && !is_readable(&conn) && !has_log(path) {
            // In a folder that may only be read SQLite cannot make its shared memory. With no log beside it the file is
            // whole, and nobody who may write has it open: it is read as it stands.
            let uri = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
            conn = Connection::open_with_flags(unchanging(path), uri)?;
        }
        let store = Store { conn, path: path.to_path_buf(), opened: super::health::identity(path) };
        store.prepare(mode)?;
        Ok(store)
    }

    /// A warehouse in memory, for tests.
    pub fn in_memory() -> Result<Store> {
        let store = Store { conn: Connection::open_in_memory()?, path: PathBuf::from(":memory:"), opened: None };
        store.prepare(Mode::Create)?;
        Ok(store)
    }

    /// A second connection to the same file that only reads: a long job on it never holds up the first.
    pub fn reader(&self) -> Result<Store> {
        Store::open(&self.path, Mode::ReadOnly)
    }

    /// Runs bulk work with more pages in memory, and gives the memory back.
    ///
    /// SQLite keeps what one statement overwrites until that statement is through. Once a large statement has put that
    /// into a file, every later one of the same transaction writes there too: five writes a row for the rest of an
    /// import. In memory it is let go after each statement.
    pub fn in_bulk<T>(&mut self, work: impl FnOnce(&mut Store) -> Result<T>) -> Result<T> {
        self.conn.pragma_update(None, "cache_size", -BULK_CACHE)?;
        self.conn.pragma_update(None, "temp_store", "MEMORY")?;
        let done = work(self);
        self.conn.pragma_update(None, "temp_store", "DEFAULT")?;
        self.conn.pragma_update(None, "cache_size", -USUAL_CACHE)?;
        self.conn.execute_batch("PRAGMA shrink_memory")?;
        done
    }

    /// The connection to read from.
    pub fn db(&self) -> &Db {
        &self.conn
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it was opened for reading, or may only be read.
    pub fn is_read_only(&self) -> bool {
        self.conn.is_readonly("main").unwrap_or(false)
    }

    /// Whether the file at `path` may be written by this user.
    pub fn may_write(path: &Path) -> bool {
        place::may_write(path)
    }

    fn prepare(&self, mode: Mode) -> Result<()> {
        let conn = &self.conn;
        conn.busy_timeout(PATIENCE)?;
        let id: i64 = conn.query_row("PRAGMA application_id", [], |r| r.get(0))?;
        let version: i64 = conn.query_row("PRAGMA user_version", [], |r| r.get(0))?;
        let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_master", [], |r| r.get(0))?;
        if tables > 0 && id != APPLICATION_ID {
            return Err(Failure::refused(format!(
                "{} is a database of another program, not a backshelf warehouse. Give the right file with --db.",
                self.path.display()
            )));
        }
        if tables == 0 && mode != Mode::Create {
            return Err(Failure::usage(format!(
                "{} is empty, not a warehouse. Give another with --db, or begin one: backshelf import PATH.",
                self.path.display()
            )));
        }
        if version > MIGRATIONS.len() as i64 {
            return Err(Failure::refused(format!(
                "{} was written by a newer backshelf (file version {version}, this program knows up to {}). Install the newer program; the file is untouched.",
                self.path.display(),
                MIGRATIONS.len()
            )));
        }
        conn.pragma_update(None, "foreign_keys", true)?; // a row never points at nothing
        conn.pragma_update(None, "trusted_schema", false)?; // a hostile file runs no functions of ours
        // A plan never depends on what is bound: else SQLite prepares some statements anew at each use.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let cache = if mode == Mode::ReadOnly { READING_CACHE } else { USUAL_CACHE };
        conn.pragma_update(None, "cache_size", -cache)?; // pages of lists stay warm, memory stays small
        conn.set_prepared_statement_cache_capacity(256);
        if mode == Mode::ReadOnly {
            if version < MIGRATIONS.len() as i64 {
                // Reading asks for columns that the older file lacks: it is upgraded first, a copy kept.
                Store::open(&self.path, Mode::Existing)?;
            }
            return Ok(());
        }
        let _: String = conn.query_row("PRAGMA journal_mode = WAL", [], |r| r.get(0))?; // readers never wait for a writer
        conn.pragma_update(None, "synchronous", "FULL")?; // a shipped order survives a power cut
        conn.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?; // a great import leaves no great log behind
        if version < MIGRATIONS.len() as i64 {
            if version > 0 {
                self.keep_before_upgrade(version)?;
            }
            self.migrate()?;
        }
        Ok(())
    }

    /// A copy of the file as the older program left it, beside it; an upgrade that goes wrong costs nothing.
    fn keep_before_upgrade(&self, version: i64) -> Result<()> {
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".before-upgrade-{version}"));
        let kept = PathBuf::from(name);
        if kept.exists() {
            return Ok(()); // an earlier attempt kept it
        }
        let folder = kept.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let temporary = tempfile::Builder::new().prefix(".backshelf-").tempfile_in(folder)?;
        copying::to_file(&self.conn, temporary.path())?;
        temporary.persist(&kept).map_err(|e| e.error)?;
        Ok(())
    }

    fn migrate(&self) -> Result<()> {
        let tx = rusqlite::Transaction::new_unchecked(&self.conn, rusqlite::TransactionBehavior::Immediate)?;
        // Asked again now that nobody else can write: two programs may have begun the same file at once.
        let from: i64 = tx.query_row("PRAGMA user_version", [], |r| r.get(0))?;
        for sql in MIGRATIONS.iter().skip(from as usize) {
            tx.execute_batch(sql)?;
        }
        if from > 0 {
            // Plans were worked out by the older program's method: the next reader makes them anew. Without one a state
            // follows from the facts alone, whatever the days that stock may last.
            tx.execute("DELETE FROM item_plan", [])?;
            tx.execute("DELETE FROM plan_basis", [])?;
            super::item_state::refresh_all(&tx, f64::INFINITY)?;
            add_suppliers_up(&tx)?;
        }
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
        tx.commit()?;
        Ok(())
    }
}

/// Adds up the suppliers' lines of a file from before there were such sums, as part of the upgrade: else the first receipt
/// would wait for all of them. By the tolerances that a new warehouse has; where the settings have others, they are made anew
/// from the packed lines with the next operation.
fn add_suppliers_up(db: &Db) -> Result<()> {
    if supplier_sums::tolerance(db)?.is_some() {
        return Ok(());
    }
    let last: Option<String> = db.query_row("SELECT max(business_date) FROM operation", [], |r| r.get(0))?;
    match last.and_then(|day| day.parse().ok()) {
        Some(day) => supplier_record::refresh(db, &Measure::default(), day),
        None => Ok(()), // nobody did anything here yet
    }
}
