//! The warehouse's settings: key, name, effect, default, and what counts as a value. They live in the database; changing
//! one is an operation and can be taken back.
//!
//! - `warehouse`, `customers`, `buying`, `workplace`  the settings by subject
//! - `values`  what a setting takes, and its one form

mod buying;
mod customers;
mod values;
mod warehouse;
mod workplace;

pub use values::{Takes, spoken, wanted};

use super::perform;
use super::safekeeping::daily;
use crate::domain::delay::DelaySettings;
use crate::domain::money::Money;
use crate::store::{Act, Db, Done, Failure, Result, Store, Tx, settings as store};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::time::Duration;
use values::{dates, days_per_country, normal, weights};

/// A setting as the list shows it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Setting {
    pub key: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Its effect, in a sentence.
    pub meaning: &'static str,
    /// Empty: not set.
    pub default: &'static str,
    pub takes: Takes,
    /// Stock troubles follow from it: all states are refreshed when it changes.
    moves_states: bool,
    /// Allocations follow from it.
    moves_allocations: bool,
}

const fn setting(
    key: &'static str,
    name: &'static str,
    default: &'static str,
    takes: Takes,
    meaning: &'static str,
) -> Setting {
    Setting { key, name, meaning, default, takes, moves_states: false, moves_allocations: false }
}

/// Settings that are looked for together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    Warehouse,
    Rules,
    Offers,
    Stock,
    Counting,
    Suppliers,
    Ordering,
    Mail,
    Scanner,
    Printing,
    Looks,
    People,
}

impl Group {
    /// In the order in which they are shown.
    pub const ALL: [Group; 12] = [
        Group::Warehouse,
        Group::Rules,
        Group::Offers,
        Group::Stock,
        Group::Counting,
        Group::Suppliers,
        Group::Ordering,
        Group::Mail,
        Group::Scanner,
        Group::Printing,
        Group::Looks,
        Group::People,
    ];

    /// Its words.
    pub fn name(self) -> &'static str {
        match self {
            Group::Warehouse => "Warehouse",
            Group::Rules => "Rules for telling customers",
            Group::Offers => "Offers to customers",
            Group::Stock => "Stock",
            Group::Counting => "Counting",
            Group::Suppliers => "Suppliers",
            Group::Ordering => "Ordering",
            Group::Mail => "Mail",
            Group::Scanner => "Scanner",
            Group::Printing => "Printing and files",
            Group::Looks => "Numbers, dates and colours",
            Group::People => "People",
        }
    }

    /// The settings of it.
    pub fn settings(self) -> &'static [Setting] {
        match self {
            Group::Warehouse => warehouse::WAREHOUSE,
            Group::Rules => customers::RULES,
            Group::Offers => customers::OFFERS,
            Group::Stock => warehouse::STOCK,
            Group::Counting => warehouse::COUNTING,
            Group::Suppliers => buying::SUPPLIERS,
            Group::Ordering => buying::ORDERING,
            Group::Mail => workplace::MAIL,
            Group::Scanner => workplace::SCANNER,
            Group::Printing => workplace::PRINTING,
            Group::Looks => workplace::LOOKS,
            Group::People => workplace::PEOPLE,
        }
    }
}

/// Every setting there is.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    Group::ALL.into_iter().flat_map(Group::settings)
}

/// The setting of that key.
pub fn find(key: &str) -> Option<&'static Setting> {
    all().find(|s| s.key == key)
}

/// The settings of a warehouse, read once per use.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Settings {
    given: BTreeMap<String, String>,
}

impl Settings {
    pub fn load(db: &Db) -> Result<Settings> {
        Ok(Settings { given: store::all(db)? })
    }
    /// The value in force: the one given, else the default; empty where there is neither.
    pub fn value(&self, key: &str) -> &str {
        self.given.get(key).map(String::as_str).or_else(|| find(key).map(|s| s.default)).unwrap_or("")
    }
    /// After how long without a key a window locks itself; `None`: never.
    pub fn lock_after(&self) -> Option<Duration> {
        let minutes = u64::try_from(self.count("people.lock_minutes")).ok().filter(|m| *m > 0)?;
        Some(Duration::from_secs(minutes.saturating_mul(60)))
    }
    /// As they would be with these values.
    pub fn with(mut self, values: &[(&str, &str)]) -> Result<Settings> {
        for (key, value) in values {
            let setting = find(key).ok_or_else(|| unknown(key))?;
            match normal(setting, value)? {
                Some(value) => self.given.insert(setting.key.to_string(), value),
                None => self.given.remove(setting.key),
            };
        }
        Ok(self)
    }
    /// Whether a person (or a file) gave it.
    pub fn is_given(&self, key: &str) -> bool {
        self.given.contains_key(key)
    }
    /// The value unless it is empty.
    pub fn text(&self, key: &str) -> Option<&str> {
        Some(self.value(key)).filter(|v| !v.is_empty())
    }
    pub fn yes(&self, key: &str) -> bool {
        self.value(key) == "yes"
    }
    /// A whole number; a value that was stored wrongly counts as the default.
    pub fn count(&self, key: &str) -> i64 {
        let default = || find(key).and_then(|s| s.default.parse().ok()).unwrap_or(0);
        self.value(key).parse().unwrap_or_else(|_| default())
    }
    pub fn number(&self, key: &str) -> Option<f64> {
        self.value(key).parse().ok()
    }
    pub fn allocation_automatic(&self) -> bool {
        self.yes("allocation.automatic")
    }
    pub fn negative_stock(&self) -> bool {
        self.yes("stock.negative")
    }
    pub fn cover_days(&self) -> f64 {
        self.count("planning.cover_days") as f64
    }
    pub fn holidays(&self) -> Vec<NaiveDate> {
        dates(self.value("rules.holidays")).unwrap_or_default()
    }
    /// Days in transit per country (ISO alpha-2); a country that is not in it takes none.
    pub fn transit_days(&self) -> BTreeMap<String, i64> {
        days_per_country(self.value("transit_days")).unwrap_or_default()
    }
    /// Timeliness, reliability, professionalism; shares that total 1.
    pub fn scorecard_weights(&self) -> [f64; 3] {
        weights(self.value("scorecard.weights")).unwrap_or([40, 40, 20]).map(|w| w as f64 / 100.0)
    }
    /// What delay decisions depend on.
    pub fn delay(&self) -> DelaySettings {
        DelaySettings {
            stated_shipping_days: self.count("rules.stated_shipping_days"),
            cadence_days: self.count("rules.cadence_days"),
            tolerance_days: self.count("rules.tolerance_days"),
            holidays: self.holidays(),
            us_businesses_under_us: self.yes("rules.us_businesses"),
            ..DelaySettings::default()
        }
    }
    pub fn ordering_cost(&self) -> Option<Money> {
        Money::parse(self.value("planning.ordering_cost"))
    }
}

/// A setting, its value in force, and whether that is another than it came with.
#[derive(Clone, PartialEq, Debug)]
pub struct Listed {
    pub setting: &'static Setting,
    pub value: String,
    pub given: bool,
}

/// All settings with their values.
pub fn list(db: &Db) -> Result<Vec<Listed>> {
    let settings = Settings::load(db)?;
    Ok(all()
        .map(|setting| Listed {
            setting,
            value: settings.value(setting.key).to_string(),
            given: settings.is_given(setting.key) && settings.value(setting.key) != setting.default,
        })
        .collect())
}

/// The value in force of one setting; an unknown key is wrong use.
pub fn current(db: &Db, key: &str) -> Result<String> {
    find(key).ok_or_else(|| unknown(key))?;
    Ok(Settings::load(db)?.value(key).to_string())
}

/// Gives a setting a value; an empty one brings the default back. What follows from it (allocations, states) is settled.
pub fn set(store: &mut Store, act: Act, key: &str, value: &str) -> Result<Done<()>> {
    set_all(store, act, &[(key, value)])
}

/// Gives several settings their values at once, to be taken back at once.
pub fn set_all(store: &mut Store, act: Act, values: &[(&str, &str)]) -> Result<Done<()>> {
    let mut wanted = Vec::new();
    for (key, value) in values {
        let setting = find(key).ok_or_else(|| unknown(key))?;
        wanted.push((setting, normal(setting, value)?));
    }
    perform(store, act, |tx| {
        let before = Settings::load(tx)?;
        let mut said = Vec::new();
        for (setting, value) in &wanted {
            // The value that it has anyhow: nothing is changed.
            if value.as_deref().is_some_and(|value| value == before.value(setting.key)) {
                continue;
            }
            accept(tx, setting, value.as_deref())?;
            if !store::put(tx, setting.key, value.as_deref())? {
                continue;
            }
            let now = value.as_deref().unwrap_or(setting.default);
            let shown = |v: &str| if v.is_empty() { "nothing".to_string() } else { v.to_string() };
            said.push(format!("\"{}\" to {} (was {})", setting.name, shown(now), shown(before.value(setting.key))));
            if setting.moves_states {
                super::allocating::refresh_states(tx)?;
            }
            if setting.moves_allocations {
                for item in crate::store::waiting::items_with_open_lines(tx)? {
                    tx.touch(item);
                }
            }
        }
        if !said.is_empty() {
            tx.summarise(format!("set {}", said.join(", ")));
        }
        Ok(())
    })
}

/// What a value must meet beside its form, on this day and on this computer.
fn accept(tx: &Tx, setting: &Setting, value: Option<&str>) -> Result<()> {
    match (setting.key, value) {
        (super::closing::CLOSED, Some(day)) => {
            day.parse().map_or(Ok(()), |day| super::closing::allow(day, tx.act().today))
        }
        (daily::SECOND_PLACE, Some(place)) => daily::accept(place),
        _ => Ok(()),
    }
}

fn unknown(key: &str) -> Failure {
    let close = all().find(|s| s.key.split('.').any(|part| part == key) || s.key.starts_with(key));
    let hint = close.map_or(String::new(), |s| format!(" Did you mean {}?", s.key));
    Failure::usage(format!("There is no setting {key:?}.{hint} `backshelf set` lists them all."))
}

/// The value of that setting in its one form, `None` for an empty one; an unknown key or a wrong value is wrong use.
pub fn normal_of(key: &str, value: &str) -> Result<Option<String>> {
    normal(find(key).ok_or_else(|| unknown(key))?, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_value_that_the_setting_takes() {
        for s in all() {
            let kept = normal(s, s.default).unwrap();
            assert_eq!(kept.unwrap_or_default(), s.default, "{}", s.key);
            assert!(s.meaning.ends_with('.'), "{}", s.key);
            assert!(s.name.chars().count() <= 34 && s.name.starts_with(char::is_uppercase), "{}", s.key);
            assert_eq!(all().filter(|other| other.key == s.key).count(), 1, "{}", s.key);
        }
    }

    #[test]
    fn wrong_values_are_refused_and_right_ones_take_their_one_form() {
        let cases: &[(&str, &str, Option<&str>)] = &[
            ("scorecard.weights", "50, 30, 20", Some("50 30 20")),
            ("scorecard.weights", "50 30 30", None),
            ("warehouse.country", "nl", Some("NL")),
            ("warehouse.country", "uk", Some("GB")),
            ("warehouse.country", "Nederland", Some("NL")),
            ("warehouse.country", "ZZ", None),
            ("warehouse.country", "Atlantis", None),
            ("allocation.automatic", "False", Some("no")),
            ("allocation.automatic", "perhaps", None),
            ("rules.cadence_days", "0", None),
            ("rules.holidays", "2026-12-26,2026-12-25", Some("2026-12-25 2026-12-26")),
            ("rules.holidays", "25.12.", None),
            ("transit_days", "gb=5 FR=3", Some("FR=3 GB=5")),
            ("transit_days", "FR", None),
            ("planning.target", "95", None),
            ("planning.ordering_cost", "25", Some("25.00")),
            ("customers.mostly", "Consumer", Some("consumer")),
            ("scanner.prefix", "f11", Some("F11")),
            ("scanner.prefix", "ctrl-b", Some("Ctrl-B")),
            ("scanner.prefix", "~", Some("~")),
            ("scanner.prefix", "OFF", Some("off")),
            ("scanner.prefix", "F8", None),
            ("scanner.prefix", "a", None),
            ("scanner.prefix", "Ctrl-C", None),
        ];
        for (key, value, expected) in cases {
            let kept = normal(find(key).unwrap(), value).ok().flatten();
            assert_eq!(kept.as_deref(), *expected, "{key} {value}");
        }
    }
}
