//! What counts as a value of a setting, its one form, and its words.

use super::Setting;
use crate::domain::money::Money;
use crate::domain::{countries, currencies};
use crate::exchange::mail::Party;
use crate::store::{Failure, Result};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// What a setting takes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Takes {
    /// One line of text, at most 80 characters.
    Text,
    /// A country that exists; kept as ISO 3166-1 alpha-2.
    Country,
    /// A currency of ISO 4217.
    Currency,
    Choice(&'static [&'static str]),
    YesNo,
    /// A whole number in this range.
    Count(i64, i64),
    /// A decimal in this range.
    Number(f64, f64),
    /// An amount, not below zero.
    Amount,
    /// Dates, separated by spaces or commas.
    Dates,
    /// `FR=3 GB=5`: days per country.
    DaysPerCountry,
    /// Three whole numbers that total 100.
    Weights,
    /// The name of a file.
    File,
    /// `orders@example.com` or `Name <orders@example.com>`.
    Mailbox,
    /// `A=0 B=2% C=25.00`: what a count may be off, per class.
    Tolerances,
    /// `A=30 B=90 C=180`: days per class.
    DaysPerClass,
    /// One date.
    Date,
    /// A key that a scanner sends first (`F11`, `Ctrl-B`, `~`), or `off`.
    ScannerKey,
}

/// The value in its one form; `None` for an empty one.
pub(super) fn normal(setting: &Setting, value: &str) -> Result<Option<String>> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    let read = match setting.takes {
        Takes::Text => Some(value.to_string()).filter(|v| v.chars().count() <= 80 && !v.chars().any(char::is_control)),
        Takes::Country => countries::alpha_2(value).map(str::to_string),
        Takes::Currency => currencies::code(value).map(str::to_string),
        Takes::Choice(choices) => choices.iter().find(|c| c.eq_ignore_ascii_case(value)).map(|c| c.to_string()),
        Takes::YesNo => yes_no(value).map(|yes| if yes { "yes".into() } else { "no".into() }),
        Takes::Count(from, to) => value.parse::<i64>().ok().filter(|n| (from..=to).contains(n)).map(|n| n.to_string()),
        Takes::Number(from, to) => value.parse::<f64>().ok().filter(|n| (from..=to).contains(n)).map(|n| n.to_string()),
        Takes::Amount => Money::parse(value).filter(|m| m.ten_thousandths() >= 0).map(|m| m.to_string()),
        Takes::Date => NaiveDate::parse_from_str(value, "%Y-%m-%d").ok().map(|d| d.to_string()),
        Takes::Dates => dates(value).map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
        Takes::DaysPerCountry => {
            days_per_country(value).map(|all| all.iter().map(|(c, n)| format!("{c}={n}")).collect::<Vec<_>>().join(" "))
        }
        Takes::Weights => weights(value).map(|[a, b, c]| format!("{a} {b} {c}")),
        Takes::File => Some(value.to_string()).filter(|v| v.len() <= 1_000 && !v.chars().any(char::is_control)),
        Takes::Mailbox => Party::parse(value).map(|party| match party.name {
            Some(name) => format!("{name} <{}>", party.address),
            None => party.address,
        }),
        Takes::Tolerances => crate::ops::counting::tolerances(value).map(|_| one_line(value)),
        Takes::DaysPerClass => crate::ops::counting::class_days(value).map(|_| one_line(value)),
        Takes::ScannerKey => scanner_key(value),
    };
    read.map(Some).ok_or_else(|| {
        Failure::usage(format!("{} ({}) takes {}, not {value:?}.", setting.name, setting.key, wanted(setting.takes)))
    })
}

/// What a setting takes, in words.
pub fn wanted(takes: Takes) -> String {
    match takes {
        Takes::Text => "one line of text, at most 80 characters".into(),
        Takes::Country => "a country that there is, by its two letters or its name, such as NL".into(),
        Takes::Currency => "a currency in use, by its three letters, such as EUR".into(),
        Takes::Choice(choices) => choices.join(" or "),
        Takes::YesNo => "yes or no".into(),
        Takes::Count(from, to) => format!("a whole number from {from} to {to}"),
        Takes::Number(from, to) => format!("a number from {from} to {to}, with a point"),
        Takes::Amount => "an amount such as 25.00".into(),
        Takes::Date => "a date such as 2026-10-31".into(),
        Takes::Dates => "dates such as 2026-12-25 2026-12-26".into(),
        Takes::DaysPerCountry => "countries and days such as FR=3 GB=5".into(),
        Takes::Weights => "three whole numbers that total 100, such as 40 40 20".into(),
        Takes::File => "the name of a file".into(),
        Takes::Mailbox => "a mail address such as orders@example.com or Orders <orders@example.com>".into(),
        Takes::Tolerances => "a figure per class, such as A=0 B=2% C=25.00 (units, percent, money)".into(),
        Takes::DaysPerClass => "days per class, such as A=30 B=90 C=180".into(),
        Takes::ScannerKey => "a key such as F11, Ctrl-B or ~ that nobody types, or off".into(),
    }
}

/// The words of a choice where its value is a code.
pub fn spoken(value: &str) -> &str {
    match value {
        "not_told" => "not told",
        "unknown" => "not known",
        "business" => "businesses",
        "consumer" => "consumers",
        "starttls" => "STARTTLS",
        "tls" => "TLS",
        "iso" => "iso: 1,234.5   8 Dec   2026-12-08",
        "us" => "us: 1,234.5   Dec 8   12/8/2026",
        "gb" => "gb: 1,234.5   8 Dec   8/12/2026",
        "de" => "de: 1.234,5   8 Dec   8.12.2026",
        "fr" => "fr: 1 234,5   8 Dec   8/12/2026",
        "nl" => "nl: 1.234,5   8 Dec   8-12-2026",
        plain => plain,
    }
}

/// F-keys but those that do something everywhere, Ctrl with a letter that means nothing here, or a sign; never a letter
/// or a digit, which a person types too.
fn scanner_key(value: &str) -> Option<String> {
    if value.eq_ignore_ascii_case("off") {
        return Some("off".into());
    }
    let upper = value.to_ascii_uppercase();
    if let Some(n) = upper.strip_prefix('F').and_then(|n| n.parse::<u8>().ok()) {
        return (matches!(n, 10 | 11 | 13..=24)).then_some(upper);
    }
    if let Some(letter) = upper.strip_prefix("CTRL-") {
        let free = letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_uppercase() && !b"CHIJLMZ".contains(&b));
        return free.then(|| format!("Ctrl-{letter}"));
    }
    let mut signs = value.chars();
    let sign = signs.next().filter(|c| c.is_ascii_punctuation() && !"/:?*!-+.,".contains(*c));
    sign.filter(|_| signs.next().is_none()).map(String::from)
}

fn one_line(value: &str) -> String {
    parts(value).collect::<Vec<_>>().join(" ").to_uppercase()
}

fn yes_no(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" | "on" => Some(true),
        "no" | "false" | "0" | "off" => Some(false),
        _ => None,
    }
}

fn parts(value: &str) -> impl Iterator<Item = &str> {
    value.split([' ', ',', ';']).filter(|p| !p.is_empty())
}

pub(super) fn dates(value: &str) -> Option<Vec<NaiveDate>> {
    let mut all: Vec<NaiveDate> =
        parts(value).map(|d| NaiveDate::parse_from_str(d, "%Y-%m-%d").ok()).collect::<Option<_>>()?;
    all.sort();
    all.dedup();
    Some(all)
}

pub(super) fn days_per_country(value: &str) -> Option<BTreeMap<String, i64>> {
    let pair = |part: &str| {
        let (country, days) = part.split_once('=')?;
        Some((countries::alpha_2(country)?.to_string(), days.parse().ok().filter(|n| (0..=365).contains(n))?))
    };
    parts(value).map(pair).collect()
}

pub(super) fn weights(value: &str) -> Option<[i64; 3]> {
    let all: Vec<i64> = parts(value).map(|w| w.parse().ok().filter(|n| *n >= 0)).collect::<Option<_>>()?;
    let three: [i64; 3] = all.try_into().ok()?;
    (three.iter().sum::<i64>() == 100).then_some(three)
}
