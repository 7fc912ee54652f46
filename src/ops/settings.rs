//! The warehouse's settings: key, meaning, default, and what counts as a value. They live in the database; changing
//! one is an operation and can be taken back.

use super::perform;
use crate::domain::delay::DelaySettings;
use crate::domain::money::Money;
use crate::exchange::mail::Party;
use crate::store::{Act, Db, Done, Failure, Result, Store, settings as store};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// What a setting takes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Takes {
    /// One line of text, at most 80 characters.
    Text,
    /// ISO alpha-2, upper case.
    Country,
    /// ISO 4217: three letters.
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

/// A setting as the list shows it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Setting {
    pub key: &'static str,
    pub meaning: &'static str,
    /// Empty: not set.
    pub default: &'static str,
    pub takes: Takes,
    /// Stock troubles follow from it: all states are refreshed when it changes.
    moves_states: bool,
    /// Allocations follow from it.
    moves_allocations: bool,
}

const fn setting(key: &'static str, default: &'static str, takes: Takes, meaning: &'static str) -> Setting {
    Setting { key, meaning, default, takes, moves_states: false, moves_allocations: false }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    setting("warehouse.name", "", Takes::Text, "The warehouse's name, on screens and in messages."),
    setting(
        "warehouse.country",
        "",
        Takes::Country,
        "The warehouse's country; customers without one count as living here.",
    ),
    setting(
        "warehouse.currency",
        "",
        Takes::Currency,
        "The one currency of all prices; files in another come in with a warning.",
    ),
    setting(
        "customers.mostly",
        "business",
        Takes::Choice(&["business", "consumer"]),
        "What a customer is where no file says so.",
    ),
    setting(
        "old_orders",
        "not_told",
        Takes::Choice(&["not_told", "unknown"]),
        "Whether customers were told about delays of orders that were there before this program.",
    ),
    setting("rules.us_businesses", "no", Takes::YesNo, "Businesses in the US fall under the US rule too."),
    setting(
        "rules.stated_shipping_days",
        "30",
        Takes::Count(1, 365),
        "Days to ship that a customer may expect where no date was promised.",
    ),
    setting("rules.cadence_days", "14", Takes::Count(1, 365), "Days after the last talk when a progress note is due."),
    setting(
        "rules.tolerance_days",
        "3",
        Takes::Count(0, 365),
        "Days by which a likely date may move before the customer is told again.",
    ),
    setting("rules.holidays", "", Takes::Dates, "Days that are not working days, besides Saturdays and Sundays."),
    setting("handling_days", "0", Takes::Count(0, 60), "Days between the arrival of goods and their shipment."),
    setting(
        "transit_days",
        "",
        Takes::DaysPerCountry,
        "Days from shipment to the customer's door, per country: FR=3 GB=5. Others 0.",
    ),
    Setting {
        moves_allocations: true,
        ..setting("allocation.automatic", "yes", Takes::YesNo, "Free stock goes to waiting orders at once.")
    },
    setting("stock.negative", "no", Takes::YesNo, "Stock may be booked below zero."),
    setting("stock.usual_times", "10", Takes::Count(2, 1000), "A quantity over this many times the usual asks again."),
    setting(
        "receiving.aside_bin",
        "",
        Takes::Text,
        "The storage bin in which goods are put aside for orders when they come; blank: the bin of the item.",
    ),
    setting(
        "counting.two_people",
        "no",
        Takes::YesNo,
        "A count that is off by more than the tolerance is counted again by somebody else; a third decides.",
    ),
    setting(
        "counting.tolerance",
        "",
        Takes::Tolerances,
        "What a count may be off where two people count, per class: units, percent of the book, or money (25.00).",
    ),
    setting(
        "counting.second_look",
        "25.00",
        Takes::Amount,
        "Differences worth more than this are marked x2: worth a second look.",
    ),
    setting(
        "counting.approval_over",
        "",
        Takes::Amount,
        "Differences worth more than this are posted only by somebody who may approve them.",
    ),
    setting(
        "counting.approvers",
        "",
        Takes::Text,
        "Who may approve such differences: names, separated by commas. Blank: leads, or everybody where there are no roles.",
    ),
    setting(
        "counting.days",
        "",
        Takes::DaysPerClass,
        "Days between two counts of an item, per class of value used in a year.",
    ),
    setting(
        "scorecard.window_days",
        "365",
        Takes::Count(0, 3650),
        "Days back over which suppliers are judged; 0: all that is on record.",
    ),
    setting(
        "scorecard.late_days",
        "0",
        Takes::Count(0, 60),
        "Days after the date first promised that still count as on time.",
    ),
    setting(
        "scorecard.early_days",
        "",
        Takes::Count(0, 365),
        "Days before that date that do; blank: early is on time however early.",
    ),
    setting(
        "scorecard.short_percent",
        "0",
        Takes::Count(0, 50),
        "Percent of the ordered quantity that may be missing of a line in full.",
    ),
    setting(
        "scorecard.over_percent",
        "5",
        Takes::Count(0, 100),
        "Percent of the ordered quantity by which more may come.",
    ),
    setting(
        "scorecard.weights",
        "40 40 20",
        Takes::Weights,
        "Weights of timeliness, reliability and professionalism; they total 100.",
    ),
    setting(
        "scorecard.half_life_days",
        "365",
        Takes::Count(30, 3650),
        "Days after which a line counts half in a supplier's scores.",
    ),
    setting(
        "suppliers.warn_at",
        "D",
        Takes::Choice(&["never", "B", "C", "D"]),
        "A new PO to a supplier with this grade or a worse one carries a warning.",
    ),
    setting(
        "suppliers.block_at",
        "never",
        Takes::Choice(&["never", "B", "C", "D"]),
        "No new PO goes to a supplier with this grade or a worse one.",
    ),
    setting(
        "chase.confirm_days",
        "2",
        Takes::Count(0, 60),
        "Working days within which a supplier is to confirm an order; then he is asked.",
    ),
    setting(
        "chase.remind_days",
        "3",
        Takes::Count(0, 60),
        "Days before the date on which a supplier is reminded, where somebody waits or he is usually late; 0: never.",
    ),
    setting(
        "chase.answer_days",
        "2",
        Takes::Count(1, 60),
        "Working days after which a question to a supplier counts as unanswered and the next step is due.",
    ),
    setting("planning.target", "0.95", Takes::Number(0.5, 0.999), "Share of the demand to be served from stock."),
    setting(
        "planning.target_a",
        "",
        Takes::Number(0.5, 0.999),
        "The same for the items of class A, by value sold; blank: with all.",
    ),
    setting("planning.target_b", "", Takes::Number(0.5, 0.999), "The same for class B."),
    setting("planning.target_c", "", Takes::Number(0.5, 0.999), "The same for class C."),
    setting("planning.budget", "", Takes::Amount, "What one round of orders may cost in all."),
    setting("planning.review_days", "7", Takes::Count(1, 90), "Days between two looks at what to order."),
    setting("planning.ordering_cost", "", Takes::Amount, "What it costs to place an order, whatever its size."),
    setting(
        "planning.holding_rate",
        "",
        Takes::Number(0.0, 5.0),
        "Yearly cost of holding stock, as a share of its value: 0.2.",
    ),
    Setting {
        moves_states: true,
        ..setting(
            "planning.cover_days",
            "365",
            Takes::Count(7, 3650),
            "More stock than sells in these days is too much.",
        )
    },
    setting(
        "planning.supplier_floor",
        "0.7",
        Takes::Number(0.0, 1.0),
        "A supplier who is less sure than this is not chosen when there is another.",
    ),
    setting("mail.host", "", Takes::Text, "The mail server that takes our mails; without it nothing is mailed."),
    setting(
        "mail.port",
        "",
        Takes::Count(1, 65_535),
        "Its port; without one 587 for starttls, 465 for tls, 25 for none.",
    ),
    setting(
        "mail.tls",
        "starttls",
        Takes::Choice(&["starttls", "tls", "none"]),
        "How the connection is encrypted; none only where the server is this machine.",
    ),
    setting("mail.user", "", Takes::Text, "The name to log in with; without one there is no login."),
    setting(
        "mail.password_file",
        "",
        Takes::File,
        "A file of mode 0600 with the password; BACKSHELF_MAIL_PASSWORD goes before it.",
    ),
    setting(
        "mail.ca_file",
        "",
        Takes::File,
        "A PEM file with your own authority, where the server's certificate is signed by it.",
    ),
    setting("mail.from", "", Takes::Mailbox, "Who the mails come from; a bounce comes back there."),
    setting("mail.reply_to", "", Takes::Mailbox, "Where answers go, if not to mail.from."),
    setting("mail.phone", "", Takes::Text, "The number that customers call free of charge, for messages."),
    setting("offers.parcel_cost", "", Takes::Amount, "What it costs us to send what is ready in a parcel of its own."),
    setting("offers.delivery_cost", "", Takes::Amount, "What it costs us when a customer pays no delivery."),
    setting("offers.sample_cost", "", Takes::Amount, "What a sample costs us."),
    setting(
        "offers.discount_percent",
        "0",
        Takes::Count(0, 100),
        "The most that may be taken off for a customer who waits, in percent; 0: no discounts.",
    ),
    setting(
        "day_end.folder",
        "",
        Takes::File,
        "Where `backshelf end-of-day` puts the day's exports; blank: it makes none.",
    ),
    setting(
        "day_end.views",
        "stock backorders",
        Takes::Text,
        "Which views that are, as `backshelf export` calls them, blanks between.",
    ),
    setting(
        "day_end.shop",
        "none",
        Takes::Choice(&["none", "woocommerce", "amazon"]),
        "For which shop the free stock goes with them, in its own layout.",
    ),
    setting(
        "import.inbox",
        "",
        Takes::File,
        "The folder whose new files are announced; blank: beside the warehouse file, named after it and -inbox.",
    ),
    setting(
        "closed_up_to",
        "",
        Takes::Date,
        "The last closed day: no movement, delivery, shipment, count or refund is dated on or before it any more.",
    ),
    setting(
        "copies.second_place",
        "",
        Takes::File,
        "A folder (a USB stick, a NAS) to which each day's copy of the warehouse goes as well.",
    ),
    setting(
        "people.lock_minutes",
        "0",
        Takes::Count(0, 480),
        "Minutes without a key after which the workbench locks itself; 0: never.",
    ),
    setting(
        "scanner.prefix",
        "",
        Takes::ScannerKey,
        "The key that the scanner sends before each code: then scans are exact at any speed. Blank: told by their speed; off: not told.",
    ),
    setting(
        "screen.theme",
        "auto",
        Takes::Choice(&["auto", "dark", "light", "high-contrast", "plain"]),
        "Colours of the workbench; auto follows the terminal.",
    ),
    setting("screen.mouse", "yes", Takes::YesNo, "The workbench listens to the mouse."),
    setting(
        "locale",
        "iso",
        Takes::Choice(&["iso", "us", "gb", "de", "fr", "nl"]),
        "How dates and numbers look on screen and are typed; files stay ISO.",
    ),
];

/// The setting of that key.
pub fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|s| s.key == key)
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

/// A setting, its value in force, and whether it was given.
#[derive(Clone, PartialEq, Debug)]
pub struct Listed {
    pub setting: &'static Setting,
    pub value: String,
    pub given: bool,
}

/// All settings with their values.
pub fn list(db: &Db) -> Result<Vec<Listed>> {
    let settings = Settings::load(db)?;
    Ok(SETTINGS
        .iter()
        .map(|setting| Listed {
            setting,
            value: settings.value(setting.key).to_string(),
            given: settings.is_given(setting.key),
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
    let setting = find(key).ok_or_else(|| unknown(key))?;
    let value = normal(setting, value)?;
    perform(store, act, |tx| {
        let before = Settings::load(tx)?.value(key).to_string();
        if !store::put(tx, key, value.as_deref())? {
            return Ok(());
        }
        let now = value.as_deref().unwrap_or(setting.default);
        let shown = |v: &str| if v.is_empty() { "nothing".to_string() } else { v.to_string() };
        tx.summarise(format!("set {key} to {} (was {})", shown(now), shown(&before)));
        if setting.moves_states {
            super::allocating::refresh_states(tx)?;
        }
        if setting.moves_allocations {
            for item in crate::store::waiting::items_with_open_lines(tx)? {
                tx.touch(item);
            }
        }
        Ok(())
    })
}

fn unknown(key: &str) -> Failure {
    let close = SETTINGS.iter().find(|s| s.key.split('.').any(|part| part == key) || s.key.starts_with(key));
    let hint = close.map_or(String::new(), |s| format!(" Did you mean {}?", s.key));
    Failure::usage(format!("There is no setting {key:?}.{hint} `backshelf set` lists them all."))
}

/// The value of that setting in its one form, `None` for an empty one; an unknown key or a wrong value is wrong use.
pub fn normal_of(key: &str, value: &str) -> Result<Option<String>> {
    normal(find(key).ok_or_else(|| unknown(key))?, value)
}

/// The value in its one form; `None` for an empty one.
fn normal(setting: &Setting, value: &str) -> Result<Option<String>> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    let read = match setting.takes {
        Takes::Text => Some(value.to_string()).filter(|v| v.chars().count() <= 80 && !v.chars().any(char::is_control)),
        Takes::Country => letters(value, 2).map(|c| if c == "UK" { "GB".into() } else { c }),
        Takes::Currency => letters(value, 3),
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
        Takes::Tolerances => super::counting::tolerances(value).map(|_| one_line(value)),
        Takes::DaysPerClass => super::counting::class_days(value).map(|_| one_line(value)),
        Takes::ScannerKey => scanner_key(value),
    };
    read.map(Some)
        .ok_or_else(|| Failure::usage(format!("{} takes {}, not {value:?}.", setting.key, wanted(setting.takes))))
}

/// What a setting takes, in words.
pub fn wanted(takes: Takes) -> String {
    match takes {
        Takes::Text => "one line of text, at most 80 characters".into(),
        Takes::Country => "a country's two letters, such as NL".into(),
        Takes::Currency => "a currency's three letters, such as EUR".into(),
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

fn letters(value: &str, count: usize) -> Option<String> {
    (value.len() == count && value.bytes().all(|b| b.is_ascii_alphabetic())).then(|| value.to_ascii_uppercase())
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

fn dates(value: &str) -> Option<Vec<NaiveDate>> {
    let mut all: Vec<NaiveDate> =
        parts(value).map(|d| NaiveDate::parse_from_str(d, "%Y-%m-%d").ok()).collect::<Option<_>>()?;
    all.sort();
    all.dedup();
    Some(all)
}

fn days_per_country(value: &str) -> Option<BTreeMap<String, i64>> {
    let pair = |part: &str| {
        let (country, days) = part.split_once('=')?;
        Some((letters(country, 2)?, days.parse().ok().filter(|n| (0..=365).contains(n))?))
    };
    parts(value).map(pair).collect()
}

fn weights(value: &str) -> Option<[i64; 3]> {
    let all: Vec<i64> = parts(value).map(|w| w.parse().ok().filter(|n| *n >= 0)).collect::<Option<_>>()?;
    let three: [i64; 3] = all.try_into().ok()?;
    (three.iter().sum::<i64>() == 100).then_some(three)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_value_that_the_setting_takes() {
        for s in SETTINGS {
            let kept = normal(s, s.default).unwrap();
            assert_eq!(kept.unwrap_or_default(), s.default, "{}", s.key);
            assert!(s.meaning.ends_with('.'), "{}", s.key);
        }
    }

    #[test]
    fn wrong_values_are_refused_and_right_ones_take_their_one_form() {
        let cases: &[(&str, &str, Option<&str>)] = &[
            ("scorecard.weights", "50, 30, 20", Some("50 30 20")),
            ("scorecard.weights", "50 30 30", None),
            ("warehouse.country", "nl", Some("NL")),
            ("warehouse.country", "uk", Some("GB")),
            ("warehouse.country", "Holland", None),
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
