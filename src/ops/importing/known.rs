//! What an import knows of the warehouse: all of it where the files touch most of it, else row by row as asked, so that
//! a day's orders into a great warehouse cost a day's orders.

use crate::store::import::{self as rows, Print};
use crate::store::{Db, Result};
use std::collections::{HashMap, HashSet};

/// Everything is read at once where the warehouse holds at most so many times the rows of the files.
const WORTH_READING: i64 = 4;

/// Whether a table is small beside the rows that the files bring.
pub(super) fn worth_reading(db: &Db, table: &'static str, rows_read: usize) -> Result<bool> {
    let rows_read = i64::try_from(rows_read).unwrap_or(i64::MAX);
    Ok(rows::highest(db, table)? <= rows_read.max(1_000).saturating_mul(WORTH_READING))
}

/// Rows by their key.
pub(super) struct Keys<T> {
    known: HashMap<String, Option<T>>,
    /// Every row was read: what is not among them is not there.
    whole: bool,
    one: fn(&Db, &str) -> Result<Option<T>>,
}

impl<T: Clone> Keys<T> {
    /// `all` reads every row of the table, `one` that of a key; which of them depends on `rows_read`.
    pub fn new(
        db: &Db,
        table: &'static str,
        rows_read: usize,
        all: impl FnOnce(&Db) -> Result<HashMap<String, T>>,
        one: fn(&Db, &str) -> Result<Option<T>>,
    ) -> Result<Keys<T>> {
        let whole = worth_reading(db, table, rows_read)?;
        let known =
            if whole { all(db)?.into_iter().map(|(key, row)| (key, Some(row))).collect() } else { HashMap::new() };
        Ok(Keys { known, whole, one })
    }

    pub fn find(&mut self, db: &Db, key: &str) -> Result<Option<T>> {
        if let Some(row) = self.known.get(key) {
            return Ok(row.clone());
        }
        if self.whole {
            return Ok(None);
        }
        let row = (self.one)(db, key)?;
        self.known.insert(key.to_string(), row.clone());
        Ok(row)
    }

    pub fn put(&mut self, key: &str, row: T) {
        self.known.insert(key.to_string(), Some(row));
    }
}

/// How often each row is stored, known by all of its columns.
type Counts = HashMap<Print, u32>;

/// Reads the rows of one parent, or (`None`) all of them.
type ReadPrints = fn(&Db, Option<i64>) -> Result<Counts>;

/// How often each row of a table without a key is stored, by what it belongs to.
pub(super) struct Prints {
    pub counts: Counts,
    /// The parents whose rows were read; `None`: all were.
    read: Option<HashSet<i64>>,
    of: ReadPrints,
}

impl Prints {
    /// `of` reads the rows of one parent, or all of them.
    pub fn new(db: &Db, table: &'static str, rows_read: usize, of: ReadPrints) -> Result<Prints> {
        let whole = worth_reading(db, table, rows_read)?;
        let counts = if whole { of(db, None)? } else { HashMap::new() };
        Ok(Prints { counts, read: (!whole).then(HashSet::new), of })
    }

    /// Makes sure that the rows of this parent are known.
    pub fn know(&mut self, db: &Db, parent: i64) -> Result<()> {
        if let Some(read) = &mut self.read
            && read.insert(parent)
        {
            self.counts.extend((self.of)(db, Some(parent))?);
        }
        Ok(())
    }
}
