//! Who works here: names, roles, PINs, badges; and whether somebody may do what he is about to do.
//!
//! Roles are in force where somebody leads and somebody does not. There is always somebody who leads then: a change that
//! would leave nobody is refused, also when it is an undo.

use super::perform;
use crate::domain::people::{BADGE_LENGTH, BADGE_LETTERS, Role, clean_name, meant, pin_fault};
use crate::store::{Act, Db, Done, Failure, Result, Store, Tx, people as store};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

pub use crate::store::people::Person;

/// Everybody, by name.
pub fn list(db: &Db) -> Result<Vec<Person>> {
    store::all(db)
}

/// Whether roles count here.
pub fn in_force(everybody: &[Person]) -> bool {
    everybody.iter().any(|p| p.role == Role::Lead) && everybody.iter().any(|p| p.role != Role::Lead)
}

/// What this person may do: all where roles do not count; where they do, who is not on the list may count.
pub fn role_of(db: &Db, name: &str) -> Result<Role> {
    let everybody = store::all(db)?;
    if !in_force(&everybody) {
        return Ok(Role::Lead);
    }
    let listed = everybody.iter().find(|p| p.name.eq_ignore_ascii_case(name));
    Ok(listed.map_or(Role::Counter, |p| p.role))
}

/// Refuses what the person's role does not let him do. Asked before every operation.
pub(super) fn let_through(db: &Db, act: &Act) -> Result<()> {
    let role = role_of(db, &act.operator)?;
    if role.may(act.kind) {
        return Ok(());
    }
    let who = if Role::Keeper.may(act.kind) { "a keeper or a lead" } else { "a lead" };
    Err(Failure::refused(format!(
        "{} is a {} here: that is for {who}. Nothing was changed.",
        act.operator,
        role.word()
    )))
}

/// The name as the list has it, where it is on it.
pub fn listed_name(db: &Db, name: &str) -> Result<String> {
    Ok(store::by_name(db, name)?.map_or_else(|| name.to_string(), |p| p.name))
}

/// Adds somebody.
pub fn add(store: &mut Store, act: Act, name: &str, role: Role) -> Result<Done<()>> {
    let name = clean_name(name).ok_or_else(|| Failure::refused("A person needs a name."))?;
    perform(store, act, |tx| {
        leads(tx)?;
        if let Some(there) = store::by_name(tx, &name)? {
            return Err(Failure::refused(format!("{} is on the list already.", there.name)));
        }
        store::add(tx, &name, role)?;
        somebody_leads(tx)?;
        tx.summarise(format!("{name} works here, as {}", role.word()));
        Ok(())
    })
}

/// Gives somebody another role.
pub fn set_role(store: &mut Store, act: Act, name: &str, role: Role) -> Result<Done<()>> {
    perform(store, act, |tx| {
        leads(tx)?;
        let person = find(tx, name)?;
        if store::set_role(tx, person.id, role)? {
            somebody_leads(tx)?;
            tx.summarise(format!("{} is {} now (was {})", person.name, role.word(), person.role.word()));
        }
        Ok(())
    })
}

/// Takes somebody off the list. What they did stays in the journal under their name.
pub fn remove(store: &mut Store, act: Act, name: &str) -> Result<Done<()>> {
    perform(store, act, |tx| {
        leads(tx)?;
        let person = find(tx, name)?;
        store::remove(tx, person.id)?;
        somebody_leads(tx)?;
        tx.summarise(format!("{} does not work here any more", person.name));
        Ok(())
    })
}

/// Gives somebody a PIN, or takes it away. One's own, else by a lead.
pub fn set_pin(store: &mut Store, act: Act, name: &str, pin: Option<&str>) -> Result<Done<()>> {
    let hash = match pin {
        Some(pin) => {
            if let Some(fault) = pin_fault(pin) {
                return Err(Failure::refused(fault));
            }
            Some(hashed(pin)?) // before the write begins: it takes its time
        }
        None => None,
    };
    perform(store, act, |tx| {
        let person = find(tx, name)?;
        own_or_lead(tx, &person)?;
        let gone = hash.is_none();
        if store::set_pin(tx, person.id, hash)? {
            tx.summarise(format!("{} {}", person.name, if gone { "needs no PIN any more" } else { "has a new PIN" }));
        }
        Ok(())
    })
}

/// Gives somebody a badge with this code, or takes it away. One's own, else by a lead.
pub fn set_badge(store: &mut Store, act: Act, name: &str, code: Option<&str>) -> Result<Done<()>> {
    let hash = match code.map(str::trim) {
        Some(code) if code.chars().count() < 4 => {
            return Err(Failure::refused("A badge's code has at least four characters."));
        }
        Some(code) => Some(badge_hash(code)?),
        None => None,
    };
    perform(store, act, |tx| {
        let person = find(tx, name)?;
        own_or_lead(tx, &person)?;
        if let Some(hash) = &hash
            && let Some(other) = store::by_badge(tx, hash)?.filter(|p| p.id != person.id)
        {
            return Err(Failure::refused(format!("That is the badge of {}.", other.name)));
        }
        let gone = hash.is_none();
        if store::set_badge(tx, person.id, hash)? {
            tx.summarise(format!("{} {}", person.name, if gone { "has no badge any more" } else { "has a new badge" }));
        }
        Ok(())
    })
}

/// A code for a new badge, as our labels begin: `US` and letters that any scanner types right.
pub fn new_badge() -> Result<String> {
    let mut random = [0u8; BADGE_LENGTH * 4];
    getrandom::fill(&mut random).map_err(|e| Failure::Broken(anyhow::anyhow!("no random numbers: {e}")))?;
    // 240 = 12 * 20: what lies above would make some letters likelier.
    let letters = random.iter().filter(|b| **b < 240).filter_map(|b| BADGE_LETTERS.get(usize::from(b % 20)));
    Ok(format!("US{}", letters.take(BADGE_LENGTH).map(|b| char::from(*b)).collect::<String>()))
}

/// What came of somebody saying who he is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entered {
    In(String),
    /// His PIN is wanted.
    Pin(String),
    WrongPin(String),
    /// Nobody is meant by it.
    Nobody,
    /// Nobody is listed: the name is free to be taken, by a key that no scanner sends.
    Free(String),
}

/// Who is meant by what was typed or scanned: a badge's code, a name or its only beginning, with the PIN where there is
/// one. A badge needs no PIN: it is in the hand. Where nobody is listed, any name is free.
pub fn enter(db: &Db, text: &str, pin: Option<&str>) -> Result<Entered> {
    if let Some(name) = by_badge(db, text)? {
        return Ok(Entered::In(name));
    }
    let everybody = store::all(db)?;
    if everybody.is_empty() {
        return Ok(clean_name(text).map_or(Entered::Nobody, Entered::Free));
    }
    let names: Vec<String> = everybody.iter().map(|p| p.name.clone()).collect();
    let Some(person) = meant(&names, text).and_then(|name| everybody.iter().find(|p| p.name == *name)) else {
        return Ok(Entered::Nobody);
    };
    let name = person.name.clone();
    Ok(match (store::pin(db, person.id)?, pin) {
        (None, _) => Entered::In(name),
        (Some(_), None) => Entered::Pin(name),
        (Some(hash), Some(pin)) if Argon2::default().verify_password(pin.as_bytes(), hash.as_str()).is_ok() => {
            Entered::In(name)
        }
        (Some(_), Some(_)) => Entered::WrongPin(name),
    })
}

/// Whose badge has this code.
pub fn by_badge(db: &Db, code: &str) -> Result<Option<String>> {
    let code = code.trim();
    if code.chars().count() < 4 || !store::all(db)?.iter().any(|p| p.has_badge) {
        return Ok(None); // hashing takes its time
    }
    Ok(store::by_badge(db, &badge_hash(code)?)?.map(|p| p.name))
}

fn find(db: &Db, name: &str) -> Result<Person> {
    store::by_name(db, name.trim())?
        .ok_or_else(|| Failure::refused(format!("Nobody called {} is on the list.", name.trim())))
}

/// Only leads change who works here; before roles count, that is anybody.
fn leads(tx: &Tx) -> Result<()> {
    if role_of(tx, &tx.act().operator)? == Role::Lead {
        return Ok(());
    }
    Err(Failure::refused("Who works here is a lead's to change. Nothing was changed."))
}

fn own_or_lead(tx: &Tx, person: &Person) -> Result<()> {
    if person.name.eq_ignore_ascii_case(&tx.act().operator) { Ok(()) } else { leads(tx) }
}

/// Refuses a list on which roles would count and nobody, or not the one who made it, could change it again.
pub(super) fn somebody_leads(tx: &Tx) -> Result<()> {
    let everybody = store::all(tx)?;
    let all_lead = everybody.iter().all(|p| p.role == Role::Lead);
    if all_lead {
        return Ok(());
    }
    if !everybody.iter().any(|p| p.role == Role::Lead) {
        return Err(Failure::refused(
            "Then nobody would lead: settings and people could not be changed any more. Make somebody a lead first.",
        ));
    }
    let operator = &tx.act().operator;
    if role_of(tx, operator)? != Role::Lead {
        return Err(Failure::refused(format!(
            "Then {operator}, who makes this list, would be no lead on it: add {operator} as a lead first, or work under a lead's name."
        )));
    }
    Ok(())
}

fn hashed(pin: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(pin.as_bytes());
    hash.map(|h| h.to_string()).map_err(|e| Failure::Broken(anyhow::anyhow!("the PIN cannot be kept: {e}")))
}

/// The same code gives the same hash, so that it can be looked up; a badge's own code is long enough to need no salt.
fn badge_hash(code: &str) -> Result<String> {
    let broken = |e: argon2::Error| Failure::Broken(anyhow::anyhow!("the badge cannot be looked up: {e}"));
    let params = Params::new(4_096, 2, 1, Some(16)).map_err(broken)?;
    let mut out = [0u8; 16];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(code.trim().to_uppercase().as_bytes(), b"backshelf badge", &mut out).map_err(broken)?;
    Ok(out.iter().map(|b| format!("{b:02x}")).collect())
}
