//! The `operator` table: who works here. What their roles let them do is `domain::people`.

use super::{Db, Result, Tx};
use crate::domain::people::Role;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row};

/// Somebody who works here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub has_pin: bool,
    pub has_badge: bool,
}

const PERSON: &str = "SELECT id, name, role, pin IS NOT NULL, badge IS NOT NULL FROM operator";

fn person(r: &Row) -> rusqlite::Result<Person> {
    let role = Role::of_word(r.get_ref(2)?.as_str().unwrap_or("")).unwrap_or(Role::Counter); // the table's CHECK knows no other
    Ok(Person { id: r.get(0)?, name: r.get(1)?, role, has_pin: r.get(3)?, has_badge: r.get(4)? })
}

/// Everybody, by name.
pub fn all(db: &Db) -> Result<Vec<Person>> {
    let mut statement = db.prepare_cached(&format!("{PERSON} ORDER BY name"))?;
    let rows = statement.query_map([], person)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The person of that name, in any case.
pub fn by_name(db: &Db, name: &str) -> Result<Option<Person>> {
    Ok(db.prepare_cached(&format!("{PERSON} WHERE name = ?1"))?.query_row([name], person).optional()?)
}

/// The person whose badge has this hash.
pub fn by_badge(db: &Db, hash: &str) -> Result<Option<Person>> {
    Ok(db.prepare_cached(&format!("{PERSON} WHERE badge = ?1"))?.query_row([hash], person).optional()?)
}

/// The hash of a person's PIN, if one is set.
pub fn pin(db: &Db, person: i64) -> Result<Option<String>> {
    let mut statement = db.prepare_cached("SELECT pin FROM operator WHERE id = ?1")?;
    Ok(statement.query_row([person], |r| r.get(0)).optional()?.flatten())
}

/// Adds somebody.
pub fn add(tx: &mut Tx, name: &str, role: Role) -> Result<()> {
    tx.insert("operator", &["name", "role"], &[&name, &role.word()]).map(|_| ())
}

/// Gives somebody a role.
pub fn set_role(tx: &mut Tx, person: i64, role: Role) -> Result<bool> {
    tx.update("operator", person, &[("role", Value::Text(role.word().into()))])
}

/// Keeps the hash of a PIN, or none.
pub fn set_pin(tx: &mut Tx, person: i64, hash: Option<String>) -> Result<bool> {
    tx.update("operator", person, &[("pin", hash.map_or(Value::Null, Value::Text))])
}

/// Keeps the hash of a badge, or none.
pub fn set_badge(tx: &mut Tx, person: i64, hash: Option<String>) -> Result<bool> {
    tx.update("operator", person, &[("badge", hash.map_or(Value::Null, Value::Text))])
}

/// Takes somebody off the list. What they did stays under their name.
pub fn remove(tx: &mut Tx, person: i64) -> Result<()> {
    tx.delete("operator", person)
}
