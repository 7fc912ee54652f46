//! Whether the open file can still be worked in, as one looks at it now and then.

use super::{Failure, Ill, Result, Store};
use std::time::Duration;

impl Store {
    /// Whether the file at the store's path is still the one that is open. A file moved away or deleted goes on taking
    /// writes that nobody will ever find again.
    pub fn still_there(&self) -> bool {
        self.opened == identity(self.path())
    }

    /// Whether that is the open file, its log or their shared memory. Nothing but SQLite may open these in this program:
    /// to close one of them would end SQLite's own locks.
    pub fn is_of_the_warehouse(&self, path: &std::path::Path) -> bool {
        let Some(asked) = identity(path) else { return false };
        ["", "-wal", "-shm"].iter().any(|ending| {
            let mut own = self.path().as_os_str().to_owned();
            own.push(ending);
            identity(std::path::Path::new(&own)) == Some(asked)
        })
    }

    /// Refuses where the file is gone: what is written into it then is lost with the program.
    pub(super) fn must_be_there(&self) -> Result<()> {
        if self.still_there() {
            return Ok(());
        }
        let sentence =
            "The warehouse file was moved or deleted, so this was not saved. Leave, and open it where it is now.";
        Err(Failure::File(Ill::Gone, crate::domain::refusal::Refusal::new(sentence)))
    }

    /// Tries a write that changes nothing: fails while the disk is full, the file locked or not to be written.
    pub fn try_writing(&self) -> Result<()> {
        self.must_be_there()?;
        self.conn.busy_timeout(Duration::from_millis(100))?; // the keys wait behind it
        let tried = self.rewrite_version();
        self.conn.busy_timeout(super::open::PATIENCE)?;
        tried
    }

    fn rewrite_version(&self) -> Result<()> {
        let version: i64 = self.conn.query_row("PRAGMA user_version", [], |r| r.get(0))?;
        Ok(self.conn.pragma_update(None, "user_version", version)?)
    }
}

/// What tells a file from another that stands in its place: device and number.
#[cfg(unix)]
pub(super) fn identity(path: &std::path::Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|m| (m.dev(), m.ino()))
}

#[cfg(not(unix))]
pub(super) fn identity(path: &std::path::Path) -> Option<(u64, u64)> {
    path.exists().then_some((0, 0))
}
