//! Text to a checked cell: what each kind of column takes, and the sentence for what it does not take.

use super::table::{Cell, Kind};
use crate::domain::countries;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use std::borrow::Cow;

/// How dates and numbers are written in a file. The default is that of plain files: ISO dates, a decimal point.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spelling<'a> {
    /// chrono formats (`%d/%m/%Y`); none: ISO only.
    pub dates: &'a [String],
    pub decimal: Option<char>,
    pub thousands: Option<char>,
    /// Read through a profile: `1.234` is ambiguous unless `decimal` is given, a time behind a date is dropped,
    /// spaces around text are too.
    pub foreign: bool,
}

/// A cell, and whether characters of it were replaced.
pub type Reading = (Option<Cell>, bool);

/// The largest whole number that a count may be: days, ranks, priorities.
const LARGEST_COUNT: i64 = 1_000_000;

/// Reads the text as that kind; blank is `None`. The error is a sentence that says what to do.
pub fn read(kind: Kind, text: &str, spelling: &Spelling) -> Result<Reading, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok((None, false));
    }
    let figure = matches!(kind, Kind::Quantity | Kind::Positive | Kind::Money | Kind::Count | Kind::Rate);
    let grouped = if spelling.foreign && figure { grouped(trimmed) } else { Cow::Borrowed(trimmed) };
    let trimmed = match kind {
        Kind::Money if spelling.foreign => grouped.trim_matches(['€', '$', '£', ' ']),
        _ => grouped.as_ref(),
    };
    let cell = match kind {
        Kind::Text => {
            let (text, cleaned) = clean(unmarked(if spelling.foreign { trimmed } else { text }), true);
            return Ok((Some(Cell::Text(text)), cleaned));
        }
        Kind::Code => {
            let (text, cleaned) = clean(unmarked(trimmed).trim(), false);
            return Ok((Some(Cell::Text(text)), cleaned));
        }
        Kind::Quantity => Cell::Quantity(quantity(trimmed, spelling)?),
        Kind::Positive => {
            let n = quantity(trimmed, spelling)?;
            if n.is_negative() {
                return Err(format!("{} is below zero: give 0 or more.", shown(trimmed)));
            }
            Cell::Quantity(n)
        }
        Kind::Money => {
            let plain = number(trimmed, spelling)?;
            Cell::Money(Money::parse(&plain).ok_or_else(|| no_number(trimmed, 4))?)
        }
        Kind::Count => Cell::Count(count(trimmed, spelling)?),
        Kind::Rate => Cell::Rate(rate(trimmed, spelling)?),
        Kind::Date => Cell::Date(date(trimmed, spelling)?),
        Kind::Moment => Cell::Moment(moment(trimmed, spelling)?),
        Kind::YesNo => Cell::YesNo(yes_no(trimmed)?),
        Kind::Choice(words) => match words.iter().find(|w| w.eq_ignore_ascii_case(trimmed)) {
            Some(word) => Cell::Choice(word),
            None => return Err(format!("{} is none of {}.", shown(trimmed), words.join(", "))),
        },
        Kind::Country => match countries::alpha_2(trimmed) {
            Some(two) => Cell::Text(two.to_string()),
            None => {
                return Err(format!(
                    "{} is no country that is known: give its two letters, such as DE.",
                    shown(trimmed)
                ));
            }
        },
    };
    Ok((Some(cell), false))
}

/// What a message quotes: short, and safe to print.
pub fn shown(text: &str) -> String {
    let (safe, _) = clean(text, false);
    let mut short: String = safe.chars().take(40).collect();
    if safe.chars().nth(40).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}

/// Exports put `'` before text that a spreadsheet would run as a formula, and before text that looks so marked
/// already; here one comes off again.
fn unmarked(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => text,
    }
}

/// Control and bidi characters become U+FFFD; tabs and line breaks stay where `breaks` allows them.
fn clean(text: &str, breaks: bool) -> (String, bool) {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return (text.to_string(), false);
    }
    let mut cleaned = false;
    let replace = |c: char| {
        let harmful = match c {
            '\t' | '\n' | '\r' => !breaks,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
            c => c.is_control(),
        };
        cleaned |= harmful;
        if harmful { '\u{fffd}' } else { c }
    };
    let out = text.chars().map(replace).collect();
    (out, cleaned)
}

fn quantity(text: &str, spelling: &Spelling) -> Result<Qty, String> {
    let plain = number(text, spelling)?;
    Qty::parse(&plain).ok_or_else(|| no_number(text, 3))
}

fn count(text: &str, spelling: &Spelling) -> Result<i64, String> {
    let plain = number(text, spelling)?;
    let whole = plain
        .split_once('.')
        .map_or(&*plain, |(whole, part)| if part.bytes().all(|b| b == b'0') { whole } else { &plain });
    match whole.parse::<i64>() {
        Ok(n) if (0..=LARGEST_COUNT).contains(&n) => Ok(n),
        Ok(n) if n < 0 => Err(format!("{} is below zero: give 0 or more.", shown(text))),
        Ok(_) => Err(format!("{} is larger than anything that can be meant (a million at most).", shown(text))),
        Err(_) => Err(format!("{} is not a whole number, such as 12.", shown(text))),
    }
}

fn rate(text: &str, spelling: &Spelling) -> Result<i64, String> {
    let (digits, percent) = match text.strip_suffix('%') {
        Some(digits) if spelling.foreign => (digits.trim(), true),
        _ => (text, false),
    };
    let plain = number(digits, spelling)?;
    let millionths = Fixed::parse(&plain).map(|f| f.0 / 1000 / if percent { 100 } else { 1 });
    match millionths {
        Some(n) if (0..=1_000_000).contains(&n) => Ok(n as i64),
        _ => Err(format!("{} is not a rate from 0 to 1, such as 0.95.", shown(text))),
    }
}

fn yes_no(text: &str) -> Result<bool, String> {
    let is = |words: [&str; 3]| words.iter().any(|w| w.eq_ignore_ascii_case(text));
    if is(["yes", "true", "1"]) {
        return Ok(true);
    }
    if is(["no", "false", "0"]) {
        return Ok(false);
    }
    Err(format!("{} is neither yes nor no.", shown(text)))
}

/// A number in the file's spelling as `1234.5`: the form that quantities and money are parsed from.
pub fn number<'t>(text: &'t str, spelling: &Spelling) -> Result<Cow<'t, str>, String> {
    let decimal = spelling.decimal.unwrap_or('.');
    let Some(thousands) = spelling.thousands.filter(|t| text.contains(*t)) else {
        if spelling.foreign && spelling.decimal.is_none() && looks_grouped(text) {
            return Err(format!(
                "{} could be {} or {}: the profile must say which (decimal = \".\").",
                shown(text),
                shown(&text.replace('.', "")),
                shown(text)
            ));
        }
        return Ok(if decimal == '.' { Cow::Borrowed(text) } else { Cow::Owned(swap(text, decimal)) });
    };
    let (whole, part) = text.split_once(decimal).unwrap_or((text, ""));
    let mut groups = whole.trim_start_matches(['-', '+']).split(thousands);
    let first = groups.next().unwrap_or("").len();
    if !(1..=3).contains(&first) || groups.any(|g| g.len() != 3) || part.contains(thousands) {
        return Err(format!(
            "{} is not grouped in thousands: is `{thousands}` meant as the decimal sign?",
            shown(text)
        ));
    }
    Ok(Cow::Owned(swap(&text.replace(thousands, ""), decimal)))
}

/// A number without the spaces and apostrophes that group its thousands: `1 200`, `1'200`; anything else as it is.
pub fn grouped(text: &str) -> Cow<'_, str> {
    let groups = |c: char| matches!(c, ' ' | '\'' | '\u{2019}' | '\u{a0}' | '\u{202f}');
    let whole = text.split([',', '.']).next().unwrap_or(text);
    let mut parts = whole.trim_start_matches(['-', '+']).split(groups);
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let first = parts.next().unwrap_or("");
    let mut rest = 0;
    let all = parts.all(|p| {
        rest += 1;
        p.len() == 3 && digits(p)
    });
    if !digits(first) || first.len() > 3 || !all || rest == 0 {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| !groups(*c)).collect())
}

/// The decimal sign as a point; a point that was there before makes it no number at all.
fn swap(text: &str, decimal: char) -> String {
    if decimal == '.' { text.to_string() } else { text.replace('.', "?").replace(decimal, ".") }
}

/// `1.234`: one point with exactly three digits behind and one to three before.
fn looks_grouped(text: &str) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let text = text.trim_start_matches(['-', '+']);
    text.split_once('.')
        .is_some_and(|(a, b)| (1..=3).contains(&a.len()) && b.len() == 3 && digits(a) && digits(b) && a != "0")
}

fn no_number(text: &str, decimals: u32) -> String {
    let quoted = shown(text);
    let body = text.trim_start_matches(['-', '+']);
    let (whole, part) = body.split_once('.').unwrap_or((body, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !whole.is_empty() && digits(whole) && digits(part) {
        if part.trim_end_matches('0').len() > decimals as usize {
            return format!("{quoted} has more than {decimals} decimals: round it.");
        }
        if whole.trim_start_matches('0').len() > 10 {
            return format!("{quoted} is larger than anything that can be meant: check the number.");
        }
    }
    if body.contains(',') && body.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.') {
        return format!(
            "{quoted} is not a number here: write a point as the decimal sign and no grouping, such as 1234.5."
        );
    }
    format!("{quoted} is not a number, such as 12 or 1.5.")
}

/// An exact number in thousand-millionths, for the arithmetic of profiles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fixed(pub i128);

impl Fixed {
    pub const ONE: i128 = 1_000_000_000;

    /// Reads a plain decimal of at most nine places.
    pub fn parse(text: &str) -> Option<Fixed> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        let fine = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + part.len() == 0 || whole.len() > 13 || part.len() > 9 || !fine(whole) || !fine(part) {
            return None;
        }
        let mut n: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        n *= Self::ONE;
        if !part.is_empty() {
            n += part.parse::<i128>().ok()? * 10i128.pow(9 - part.len() as u32);
        }
        Some(Fixed(if negative { -n } else { n }))
    }
    pub fn times(self, other: Fixed) -> Option<Fixed> {
        Some(Fixed(halves_away(self.0.checked_mul(other.0)?, Self::ONE)))
    }
    pub fn divided_by(self, other: Fixed) -> Option<Fixed> {
        if other.0 == 0 { None } else { Some(Fixed(halves_away(self.0.checked_mul(Self::ONE)?, other.0))) }
    }
    pub fn minus(self, other: Fixed) -> Option<Fixed> {
        self.0.checked_sub(other.0).map(Fixed)
    }
    /// Plain decimal, rounded half away from zero to at most nine places.
    pub fn show(self, decimals: u32) -> String {
        let step = 10i128.pow(9 - decimals.min(9));
        let n = halves_away(self.0, step) * step;
        let (whole, part) = (n.unsigned_abs() / Self::ONE as u128, n.unsigned_abs() % Self::ONE as u128);
        let sign = if n < 0 { "-" } else { "" };
        let text = format!("{sign}{whole}.{part:09}");
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    }
}

fn halves_away(n: i128, by: i128) -> i128 {
    let (n, by) = if by < 0 { (-n, -by) } else { (n, by) };
    (n + by / 2 * n.signum()) / by
}

/// `2026-05-12`.
pub fn iso_date(text: &str) -> Option<NaiveDate> {
    let b = text.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' || !text.is_ascii() {
        return None;
    }
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<u32>().ok()).flatten();
    NaiveDate::from_ymd_opt(digits(&text[..4])? as i32, digits(&text[5..7])?, digits(&text[8..])?)
}

/// `T09:15`, ` 09:15:00`, with a fraction and an offset (`Z`, `+02:00`, ` -0400`) that are dropped: times stay local.
fn iso_time(text: &str) -> Option<NaiveTime> {
    let text = text.strip_prefix(['T', ' '])?;
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(text.len());
    let (clock, mut rest) = text.split_at(end);
    let time =
        NaiveTime::parse_from_str(clock, "%H:%M:%S").or_else(|_| NaiveTime::parse_from_str(clock, "%H:%M")).ok()?;
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let zone = rest.trim();
    let offset = zone.strip_prefix(['+', '-']).is_some_and(|z| {
        let digits = z.bytes().filter(u8::is_ascii_digit).count();
        (digits == 4 || digits == 2) && z.bytes().all(|b| b.is_ascii_digit() || b == b':')
    });
    (zone.is_empty() || zone == "Z" || zone == "UTC" || offset).then_some(time)
}

fn plausible(date: NaiveDate, text: &str) -> Result<NaiveDate, String> {
    if (1900..3000).contains(&date.year()) {
        return Ok(date);
    }
    Err(format!(
        "{} lies in the year {}: give the year with four digits, such as 2026-05-12.",
        shown(text),
        date.year()
    ))
}

fn date(text: &str, spelling: &Spelling) -> Result<NaiveDate, String> {
    if !spelling.dates.is_empty() {
        return by_formats(text, spelling).and_then(|m| plausible(m.date(), text));
    }
    if let Some(date) = iso_date(text) {
        return plausible(date, text);
    }
    match (text.get(..10).and_then(iso_date), text.get(10..).and_then(iso_time)) {
        (Some(date), Some(time)) if spelling.foreign || time == NaiveTime::MIN => plausible(date, text),
        _ => Err(no_date(text, spelling)),
    }
}

fn moment(text: &str, spelling: &Spelling) -> Result<NaiveDateTime, String> {
    if !spelling.dates.is_empty() {
        let moment = by_formats(text, spelling)?;
        return plausible(moment.date(), text).map(|_| moment);
    }
    if let Some(date) = iso_date(text) {
        return plausible(date, text).map(|d| d.and_time(NaiveTime::MIN));
    }
    match (text.get(..10).and_then(iso_date), text.get(10..).and_then(iso_time)) {
        (Some(date), Some(time)) => plausible(date, text).map(|d| d.and_time(time)),
        _ => Err(no_date(text, spelling)),
    }
}

/// Every format that reads the text must read the same day from it.
fn by_formats(text: &str, spelling: &Spelling) -> Result<NaiveDateTime, String> {
    let mut found: Option<NaiveDateTime> = None;
    for format in spelling.dates {
        let read = match format.as_str() {
            "iso" => iso_date(text)
                .map(|d| d.and_time(NaiveTime::MIN))
                .or_else(|| Some(text.get(..10).and_then(iso_date)?.and_time(text.get(10..).and_then(iso_time)?))),
            _ => NaiveDate::parse_from_str(text, format)
                .map(|d| d.and_time(NaiveTime::MIN))
                .or_else(|_| NaiveDateTime::parse_from_str(text, format))
                .ok(),
        };
        match (read, found) {
            (Some(a), Some(b)) if a.date() != b.date() => {
                return Err(format!(
                    "{} could be {} or {}: the profile must name one date format.",
                    shown(text),
                    b.date(),
                    a.date()
                ));
            }
            (Some(a), None) => found = Some(a),
            _ => {}
        }
    }
    found.ok_or_else(|| no_date(text, spelling))
}

fn no_date(text: &str, spelling: &Spelling) -> String {
    let digits = text.split(['/', '.', '-']).map(str::len).collect::<Vec<_>>();
    if !spelling.dates.is_empty() {
        return format!("{} is in none of the profile's date formats ({}).", shown(text), spelling.dates.join(", "));
    }
    if digits.len() == 3 && text.bytes().all(|b| b.is_ascii_digit() || b"/.-".contains(&b)) && iso_shape(text) {
        return format!("{} is no day of the calendar.", shown(text));
    }
    let how = if spelling.foreign {
        "the profile must name its format (dates)"
    } else {
        "write it as year-month-day, such as 2026-05-12"
    };
    format!("{} is not a date that can mean only one day: {how}.", shown(text))
}

fn iso_shape(text: &str) -> bool {
    text.len() == 10 && text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(7) == Some(&b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(kind: Kind, text: &str) -> Result<Reading, String> {
        read(kind, text, &Spelling::default())
    }

    #[test]
    fn what_could_mean_two_things_is_a_sentence() {
        for (kind, text, says) in [
            (Kind::Quantity, "1,5", "decimal sign"),
            (Kind::Date, "3/4/26", "2026-05-12"),
            (Kind::Date, "2026-02-30", "no day"),
            (Kind::Money, "1,234.50", "no grouping"),
            (Kind::Quantity, "9999999999999", "larger"),
            (Kind::Money, "1.23456", "decimals"),
            (Kind::Positive, "-1", "below zero"),
            (Kind::Count, "1.5", "whole"),
            (Kind::YesNo, "maybe", "neither"),
            (Kind::Quantity, "12 stk", "not a number"),
            (Kind::Choice(&["open", "shipped"]), "gone", "open, shipped"),
            (Kind::Country, "Atlantis", "two letters"),
            (Kind::Date, "0026-03-04", "year 26"),
            (Kind::Rate, "95", "0 to 1"),
            (Kind::Quantity, "1e3", "not a number"),
            (Kind::Moment, "yesterday", "2026-05-12"),
        ] {
            let sentence = plain(kind, text).unwrap_err();
            assert!(sentence.contains(says), "{text}: {sentence}");
        }
    }

    #[test]
    fn codes_keep_their_zeros_and_lose_the_formula_mark() {
        for (text, kept) in
            [("00042", "00042"), (" A1 ", "A1"), ("'=1+1", "=1+1"), ("'-5", "-5"), ("'tis", "'tis"), ("'", "'")]
        {
            assert_eq!(plain(Kind::Code, text).unwrap().0, Some(Cell::Text(kept.into())));
        }
        assert_eq!(plain(Kind::Text, "'\tx").unwrap().0, Some(Cell::Text("\tx".into())));
    }

    #[test]
    fn what_moves_a_cursor_or_turns_a_line_round_is_replaced() {
        let (cell, cleaned) = plain(Kind::Text, "a\u{1b}[31mb\u{202e}c").unwrap();
        assert_eq!((cell, cleaned), (Some(Cell::Text("a\u{fffd}[31mb\u{fffd}c".into())), true));
        assert!(!plain(Kind::Text, "Größe 😀\nline two").unwrap().1);
        assert!(plain(Kind::Code, "a\nb").unwrap().1);
    }

    #[test]
    fn a_profile_says_which() {
        let (dmy, both) = (["%d/%m/%Y".to_string()], ["%d/%m/%Y".to_string(), "%m/%d/%Y".to_string()]);
        let spelling = |dates| Spelling { dates, foreign: true, ..Spelling::default() };
        assert_eq!(date("3/4/2026", &spelling(&dmy)), Ok(NaiveDate::from_ymd_opt(2026, 4, 3).unwrap()));
        assert!(date("3/4/2026", &spelling(&both)).unwrap_err().contains("could be"));
        assert!(date("25/4/2026", &spelling(&both)).is_ok());
        let unsaid = Spelling { foreign: true, ..Spelling::default() };
        assert!(quantity("1.234", &unsaid).unwrap_err().contains("could be"));
        assert!(quantity("0.125", &unsaid).is_ok());
        let german = Spelling { decimal: Some(','), thousands: Some('.'), foreign: true, ..Spelling::default() };
        assert_eq!(quantity("1.234,5", &german), Ok(Qty::parse("1234.5").unwrap()));
        assert!(quantity("12.34", &german).is_err());
        assert!(quantity("1.5", &Spelling { thousands: None, ..german }).is_err());
    }

    #[test]
    fn moments_keep_their_time_and_lose_their_zone() {
        for text in
            ["2026-04-10T09:15:00Z", "2026-04-10 09:15:00 -0400", "2026-04-10T09:15", "2026-04-10T09:15:00.123+02:00"]
        {
            assert_eq!(
                plain(Kind::Moment, text).unwrap().0.map(|c| format!("{c:?}")),
                Some("Moment(2026-04-10T09:15:00)".into()),
                "{text}"
            );
        }
    }

    #[test]
    fn arithmetic_is_exact() {
        let f = |t: &str| Fixed::parse(t).unwrap();
        assert_eq!(f("5.5").divided_by(f("12")).unwrap().show(4), "0.4583");
        assert_eq!(f("14.4").times(f("1").minus(f("0.15")).unwrap()).unwrap().show(4), "12.24");
        assert_eq!(f("-1").divided_by(f("3")).unwrap().show(3), "-0.333");
        assert_eq!(f("1").divided_by(f("0")), None);
    }
}
