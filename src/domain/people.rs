//! Who works here, and what a role lets one do. Roles count only where some are leads and some are not; else everybody
//! may do everything, as in a warehouse of three people.

use super::ids::{CustomerId, ItemId, PoId, SupplierId};

/// The one record that somebody has open: a colleague who opens it too is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Matter {
    Customer(CustomerId),
    Item(ItemId),
    Supplier(SupplierId),
    Po(PoId),
}

impl Matter {
    /// Its kind and number, as they are kept.
    pub fn key(self) -> (&'static str, i64) {
        match self {
            Matter::Customer(id) => ("customer", id.0),
            Matter::Item(id) => ("item", id.0),
            Matter::Supplier(id) => ("supplier", id.0),
            Matter::Po(id) => ("po", id.0),
        }
    }

    /// What people call it.
    pub fn word(self) -> &'static str {
        match self {
            Matter::Po(_) => "PO",
            other => other.key().0,
        }
    }
}

/// What somebody is here to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Counts, moves, receives, picks.
    Counter,
    /// All that a warehouse does day by day.
    Keeper,
    /// All of it, and: settings, people, what others did, differences over the limit.
    Lead,
}

/// The kinds of operation that a counter may do. What is not named here is more than counting and carrying.
const COUNTERS: &[&str] = &[
    "attach barcode",
    "count",
    "deliver",
    "label",
    "move",
    "note",
    "pack",
    "people", // the own PIN and badge: ops::people looks whose they are
    "pick",
    "post count",
    "put away",
    "quarantine",
    "receive",
    "release goods",
    "ship",
    "short pick",
    "undo", // the own deeds: ops::undo looks whose they are
];

impl Role {
    pub const ALL: [Role; 3] = [Role::Counter, Role::Keeper, Role::Lead];

    pub fn word(self) -> &'static str {
        match self {
            Role::Counter => "counter",
            Role::Keeper => "keeper",
            Role::Lead => "lead",
        }
    }

    pub fn of_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.word().eq_ignore_ascii_case(word.trim()))
    }

    /// What the role is for, in words.
    pub fn means(self) -> &'static str {
        match self {
            Role::Counter => "counts, moves, receives and picks",
            Role::Keeper => "does the day's work, cancels, orders and imports",
            Role::Lead => "may do everything: settings, people, approving, taking back what others did",
        }
    }

    /// Whether this role may do operations of that kind.
    pub fn may(self, kind: &str) -> bool {
        match self {
            Role::Counter => COUNTERS.contains(&kind),
            Role::Keeper => kind != "set",
            Role::Lead => true,
        }
    }
}

/// A name fit for the record: one line without control characters, at most 80 characters.
pub fn clean_name(name: &str) -> Option<String> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(80).collect();
    if name.is_empty() { None } else { Some(name) }
}

/// The one of these names that is meant: written in full, else the only one that begins so. Case does not matter.
pub fn meant<'a>(names: &'a [String], typed: &str) -> Option<&'a String> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return None;
    }
    names.iter().find(|n| n.to_lowercase() == typed).or_else(|| {
        let mut begin = names.iter().filter(|n| n.to_lowercase().starts_with(&typed));
        begin.next().filter(|_| begin.next().is_none())
    })
}

/// The letters of a badge: they sit in the same place on QWERTY, QWERTZ and AZERTY keyboards.
pub const BADGE_LETTERS: &[u8; 20] = b"BCDEFGHIJKLNOPRSTUVX";
/// 20^12: nobody guesses one.
pub const BADGE_LENGTH: usize = 12;

/// Whether a code looks like one of our badges: no other code does by accident.
pub fn is_badge(code: &str) -> bool {
    let letters = code.trim().strip_prefix("US").map(str::as_bytes).unwrap_or_default();
    letters.len() == BADGE_LENGTH && letters.iter().all(|b| BADGE_LETTERS.contains(b))
}

/// What is wrong with a PIN, as a sentence; `None` where it can be one.
pub fn pin_fault(pin: &str) -> Option<&'static str> {
    let digits = pin.bytes().all(|b| b.is_ascii_digit());
    let same = pin.bytes().all(|b| Some(b) == pin.bytes().next());
    match pin.len() {
        _ if !digits => Some("A PIN is made of digits."),
        0..=3 | 13.. => Some("A PIN has 4 to 12 digits."),
        _ if same => Some("A PIN of one digit only is guessed at once: choose another."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_counts_and_carries_a_keeper_sets_nothing_a_lead_does_all() {
        for kind in ["count", "post count", "move", "receive", "undo"] {
            assert!(Role::ALL.iter().all(|r| r.may(kind)), "{kind}");
        }
        for kind in ["cancel", "adjust", "import", "cancel a PO line", "what nobody thought of"] {
            assert!(!Role::Counter.may(kind) && Role::Keeper.may(kind) && Role::Lead.may(kind), "{kind}");
        }
        assert!(!Role::Counter.may("set") && !Role::Keeper.may("set") && Role::Lead.may("set"));
    }

    #[test]
    fn a_name_is_meant_by_its_only_beginning() {
        let names = ["K.Smit".to_string(), "M.Baker".into(), "M.Bakker".into()];
        let said = |t: &str| meant(&names, t).map(String::as_str);
        assert_eq!(said("k"), Some("K.Smit"));
        assert_eq!(said("m.b"), None);
        assert_eq!(said("m.baker"), Some("M.Baker"));
        assert_eq!(said(""), None);
    }

    #[test]
    fn a_badge_is_told_from_other_codes() {
        assert!(is_badge("USBCDEFGHIJKLN"));
        for code in ["USB-CABLE", "USBCDEFGHIJKL", "USBCDEFGHIJKLA", "BCDEFGHIJKLNOP", "4006381333931"] {
            assert!(!is_badge(code), "{code}");
        }
    }

    #[test]
    fn a_pin_has_digits_and_is_not_guessed_at_once() {
        assert_eq!(pin_fault("2468"), None);
        for pin in ["", "123", "1111", "12a4", "1234567890123", "１２３４"] {
            assert!(pin_fault(pin).is_some(), "{pin}");
        }
    }
}
