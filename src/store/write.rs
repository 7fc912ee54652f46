//! The one way to change anything: an operation, in one transaction, with every row it touched in the journal.

use super::{Db, Result, Store};
use crate::domain::ids::{ItemId, OperationId};
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, ToSql, Transaction, TransactionBehavior, params};
use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::time::Duration;

/// Who does what, when: the head of an operation.
#[derive(Clone, Debug)]
pub struct Act {
    /// The operation's name in code and journal: `receive`, `adjust`, `import`, ...
    pub kind: &'static str,
    pub operator: String,
    /// By the workstation's clock.
    pub now: NaiveDateTime,
    /// The business date.
    pub today: NaiveDate,
    /// The caller's own id of this request: a second time with the same id is refused with what the first one did.
    pub uid: Option<String>,
}

/// A finished operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done<T> {
    pub operation: OperationId,
    /// What was done, one sentence, as the undo list shows it.
    pub summary: String,
    pub value: T,
}

/// An open write transaction. Dropping it rolls everything back.
pub struct Tx<'a> {
    tx: Transaction<'a>,
    act: Act,
    operation: OperationId,
    summary: String,
    reverses: Option<OperationId>,
    changes: Vec<Change>,
    /// Where the last run of inserted rows of a table stands in `changes`.
    runs: HashMap<&'static str, usize>,
    touched: BTreeSet<ItemId>,
}

struct Change {
    table: &'static str,
    action: &'static str,
    from: i64,
    to: i64,
    cells: Option<String>,
}

impl Deref for Tx<'_> {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.tx
    }
}

impl Store {
    /// Runs `work` in one IMMEDIATE transaction and commits it with its operation and journal rows; any failure
    /// leaves the file as it was. An operation that changed nothing is not recorded (`Done::operation` is then 0).
    ///
    /// Callers above the store use `ops::perform`, which also settles allocations and item states.
    pub fn write<T>(&mut self, act: Act, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<Done<T>> {
        let kind = act.kind;
        self.write_inner(act, work).map_err(|e| e.while_doing(kind))
    }

    /// Keeps results that follow from the facts (plans, states): one IMMEDIATE transaction without an operation and
    /// without journal rows, because nobody did anything and nothing is there to take back. `work` must write derived
    /// tables only (`item_plan`, `item_state`): whatever it writes can be computed anew from the rest of the file.
    pub fn keep<T>(&mut self, what: &str, work: impl FnOnce(&Db) -> Result<T>) -> Result<T> {
        let keep = |conn: &mut rusqlite::Connection| {
            let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
            let value = work(&tx)?;
            tx.commit()?;
            Ok(value)
        };
        self.must_be_there()?;
        keep(&mut self.conn).map_err(|e: super::Failure| e.while_doing(what))
    }

    /// Keeps what became of a mail on its way: one IMMEDIATE transaction without an operation and without journal rows,
    /// because no person did anything; the network did. `work` writes `mail` (where it stands) and `mail_attempt` only.
    pub fn report<T>(&mut self, work: impl FnOnce(&Db) -> Result<T>) -> Result<T> {
        self.keep("sending mail", work)
    }

    /// Keeps records of a session that is still going on (scans, decisions): one IMMEDIATE transaction, durable when it
    /// returns, without an operation, because nothing of the warehouse has changed yet. `work` writes append-only rows
    /// of such a session alone; what follows from them is an operation of its own.
    ///
    /// Several scanners write here many times a second. SQLite's own waiting grows to a tenth of a second a try, and one
    /// of four can be passed over for more than its patience; a try each millisecond finds its turn.
    pub fn record<T>(&mut self, what: &str, work: impl FnOnce(&Db) -> Result<T>) -> Result<T> {
        self.conn.busy_handler(Some(try_again_soon))?;
        let done = self.keep(what, work);
        self.conn.busy_timeout(super::open::PATIENCE)?;
        done
    }

    fn write_inner<T>(&mut self, act: Act, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<Done<T>> {
        self.must_be_there()?;
        let tx = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
        if let Some(uid) = &act.uid {
            let done: Option<String> =
                tx.query_row("SELECT summary FROM operation WHERE uid = ?1", [uid], |r| r.get(0)).optional()?;
            if let Some(summary) = done {
                return Err(super::Failure::refused(format!("This is saved already: {summary}.")));
            }
        }
        let last: i64 = tx.query_row("SELECT coalesce(max(id), 0) FROM operation", [], |r| r.get(0))?;
        let mut tx = Tx {
            tx,
            act,
            operation: OperationId(last + 1),
            summary: String::new(),
            reverses: None,
            changes: Vec::new(),
            runs: HashMap::new(),
            touched: BTreeSet::new(),
        };
        let value = work(&mut tx)?;
        let (operation, summary) = tx.finish()?;
        Ok(Done { operation, summary, value })
    }
}

/// Waits a millisecond for another program's write, as often as makes up the patience of any write.
fn try_again_soon(tries: i32) -> bool {
    std::thread::sleep(Duration::from_millis(1));
    i64::from(tries) < super::open::PATIENCE.as_millis() as i64
}

impl Tx<'_> {
    /// The number that this operation will have.
    pub fn operation(&self) -> OperationId {
        self.operation
    }
    pub fn act(&self) -> &Act {
        &self.act
    }
    /// Says what was done, for the undo list and the notice: "received 36 Konbu on PO-75".
    pub fn summarise(&mut self, sentence: impl Into<String>) {
        self.summary = sentence.into();
    }
    /// This operation takes back that one.
    pub fn set_reverses(&mut self, operation: OperationId) {
        self.reverses = Some(operation);
    }
    /// The item's demand, supply or stock changed: its allocation and state are settled before the commit.
    pub fn touch(&mut self, item: ItemId) {
        self.touched.insert(item);
    }
    /// The items touched since the last call.
    pub fn take_touched(&mut self) -> BTreeSet<ItemId> {
        std::mem::take(&mut self.touched)
    }
    /// True while nothing was written.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The runs of rows that were made or changed so far: table, first, last, and whether a change only (no new rows).
    pub fn changed(&self) -> impl Iterator<Item = (&'static str, i64, i64, bool)> {
        let kept = self.changes.iter().filter(|c| c.action != "delete");
        kept.map(|c| (c.table, c.from, c.to, c.action == "update"))
    }

    /// Adds a row and journals it. `columns` and `values` go together.
    pub fn insert(&mut self, table: &'static str, columns: &[&str], values: &[&dyn ToSql]) -> Result<i64> {
        let marks = vec!["?"; columns.len()].join(",");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({marks})", columns.join(","));
        self.tx.prepare_cached(&sql)?.execute(values)?;
        let id = self.tx.last_insert_rowid();
        self.note_insert(table, id);
        Ok(id)
    }

    /// Journals a row that the caller inserted with a statement of its own (bulk work). Consecutive numbers are one entry.
    pub fn note_insert(&mut self, table: &'static str, id: i64) {
        if let Some(run) = self.runs.get(table).and_then(|&at| self.changes.get_mut(at))
            && run.to + 1 == id
        {
            run.to = id;
            return;
        }
        self.runs.insert(table, self.changes.len());
        self.changes.push(Change { table, action: "insert", from: id, to: id, cells: None });
    }

    /// Journals that rows `from..=to` are gone, without their cells: for an undo, whose own undo is the work done anew.
    pub fn note_removal(&mut self, table: &'static str, from: i64, to: i64) {
        self.changes.push(Change { table, action: "delete", from, to, cells: Some("{}".into()) });
    }

    /// Journals that rows `from..=to` were changed by a statement of the caller's (an undo); `cells` as for an update.
    pub fn note_change(&mut self, table: &'static str, from: i64, to: i64, cells: String) {
        self.changes.push(Change { table, action: "update", from, to, cells: Some(cells) });
    }

    /// Changes cells of a row; only those that differ are written and journalled. Returns whether any did.
    pub fn update(&mut self, table: &'static str, id: i64, changes: &[(&str, Value)]) -> Result<bool> {
        let columns: Vec<&str> = changes.iter().map(|c| c.0).collect();
        let sql = format!("SELECT {} FROM {table} WHERE id = ?1", columns.join(","));
        let before: Vec<Value> = self
            .tx
            .prepare_cached(&sql)?
            .query_row(params![id], |row| (0..columns.len()).map(|i| row.get::<_, Value>(i)).collect())?;
        let mut cells = serde_json::Map::new();
        let mut sets = Vec::new();
        let mut values: Vec<&dyn ToSql> = Vec::new();
        for ((column, after), before) in changes.iter().zip(&before) {
            if before != after {
                cells.insert(column.to_string(), serde_json::Value::Array(vec![to_json(before), to_json(after)]));
                sets.push(format!("{column} = ?"));
                values.push(after);
            }
        }
        if sets.is_empty() {
            return Ok(false);
        }
        values.push(&id);
        let sql = format!("UPDATE {table} SET {} WHERE id = ?", sets.join(", "));
        self.tx.prepare_cached(&sql)?.execute(values.as_slice())?;
        let cells = Some(serde_json::Value::Object(cells).to_string());
        self.changes.push(Change { table, action: "update", from: id, to: id, cells });
        Ok(true)
    }

    /// Removes a row; the journal keeps all its cells.
    pub fn delete(&mut self, table: &'static str, id: i64) -> Result<()> {
        let cells = {
            let mut statement = self.tx.prepare_cached(&format!("SELECT * FROM {table} WHERE id = ?1"))?;
            let names: Vec<String> = statement.column_names().map(String::from).collect();
            statement.query_row(params![id], |row| {
                let mut cells = serde_json::Map::new();
                for (i, name) in names.iter().enumerate() {
                    cells.insert(name.clone(), to_json(&row.get::<_, Value>(i)?));
                }
                Ok(cells)
            })?
        };
        self.tx.prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1"))?.execute(params![id])?;
        let cells = Some(serde_json::Value::Object(cells).to_string());
        self.changes.push(Change { table, action: "delete", from: id, to: id, cells });
        Ok(())
    }

    fn finish(self) -> Result<(OperationId, String)> {
        if self.changes.is_empty() {
            return Ok((OperationId(0), self.summary)); // dropped: nothing to keep
        }
        let act = &self.act;
        self.tx.prepare_cached("INSERT INTO operation (id, uid, kind, summary, at, business_date, operator, reverses) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")?.execute(params![
            self.operation.0,
            act.uid,
            act.kind,
            self.summary,
            act.now.format("%Y-%m-%dT%H:%M:%S").to_string(),
            act.today.to_string(),
            act.operator,
            self.reverses.map(|o| o.0),
        ])?;
        {
            let mut statement = self.tx.prepare_cached(
                "INSERT INTO journal (operation_id, tbl, action, row_id, row_to, cells) VALUES (?1,?2,?3,?4,?5,?6)",
            )?;
            for c in &self.changes {
                statement.execute(params![self.operation.0, c.table, c.action, c.from, c.to, c.cells])?;
            }
        }
        self.tx.commit()?;
        Ok((self.operation, self.summary))
    }
}

/// A cell as the journal keeps it. The schema has no blobs.
fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null | Value::Blob(_) => serde_json::Value::Null,
        Value::Integer(n) => (*n).into(),
        Value::Real(x) => serde_json::Number::from_f64(*x).map_or(serde_json::Value::Null, serde_json::Value::Number),
        Value::Text(s) => s.clone().into(),
    }
}
