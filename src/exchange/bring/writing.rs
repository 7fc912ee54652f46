//! How a column's numbers and dates are written, judged by all of its values; what could mean two things is a question.

use crate::exchange::cells::grouped;
use chrono::{Datelike, NaiveDate, NaiveDateTime};

/// The decimal sign; the other one groups thousands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decimal {
    Point,
    Comma,
}

impl Decimal {
    pub fn sign(self) -> char {
        match self {
            Decimal::Point => '.',
            Decimal::Comma => ',',
        }
    }
    pub fn thousands(self) -> char {
        match self {
            Decimal::Point => ',',
            Decimal::Comma => '.',
        }
    }
}

/// What the values of a column tell of how they are written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Writing {
    /// Values that are no plain cell of a workbook and not blank.
    values: usize,
    /// All values, also plain cells.
    pub filled: usize,
    /// Of all values: those that are numbers in some writing.
    pub numbers: usize,
    point: usize,
    comma: usize,
    /// The first value that is a number in both writings, and not the same one.
    either: Option<String>,
    /// Of all values: those that the likeliest format reads as a date.
    pub dates: usize,
    /// How many values each of [`FORMATS`] reads.
    read_by: Vec<usize>,
    /// The first value that two formats read as different days.
    two_days: Option<String>,
}

/// A column that could mean two things.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The column, from 0.
    pub column: usize,
    /// The value that is asked about.
    pub example: String,
    /// What it can mean, in words; the first is the guess.
    pub options: [String; 2],
    pub(super) answers: Answers,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Answers {
    Numbers([Decimal; 2]),
    Dates([&'static str; 2]),
}

/// Date formats that are tried, day first before month first.
const FORMATS: [&str; 20] = [
    "iso",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d-%m-%y",
    "%d/%m/%y",
    "%d.%m.%y",
    "%m/%d/%y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d-%m-%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
];

/// The day that a format reads from a text.
fn day(text: &str, format: &str) -> Option<NaiveDate> {
    let read = match format {
        "iso" => text.get(..10).and_then(|t| NaiveDate::parse_from_str(t, "%Y-%m-%d").ok()),
        _ if format.contains("%H") => NaiveDateTime::parse_from_str(text, format).ok().map(|m| m.date()),
        _ => NaiveDate::parse_from_str(text, format).ok(),
    };
    read.filter(|d| (1990..2100).contains(&d.year()))
}

/// What a text tells of the decimal sign.
enum Told {
    Nothing,
    Sign(Decimal),
    Either,
}

/// `None`: it is no number in any writing.
fn told(text: &str) -> Option<Told> {
    let text = text.trim_start_matches(['-', '+']);
    let fine = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',');
    if !fine || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let decided = |sign: char| Told::Sign(if sign == '.' { Decimal::Point } else { Decimal::Comma });
    Some(match (points, commas) {
        (0, 0) => Told::Nothing,
        (1, 0) | (0, 1) => {
            let sign = if points == 1 { '.' } else { ',' };
            let (before, after) = text.split_once(sign)?;
            if after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') {
                Told::Either
            } else {
                decided(sign)
            }
        }
        (_, 0) => decided(','),
        (0, _) => decided('.'),
        _ => decided(if text.rfind('.') > text.rfind(',') { '.' } else { ',' }),
    })
}

/// A number in that writing, as a plain decimal.
fn read_as(text: &str, decimal: Decimal) -> String {
    let text = text.replace(decimal.thousands(), "").replace(decimal.sign(), ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = part.trim_end_matches('0');
    if part.is_empty() { whole.to_string() } else { format!("{whole}.{part}") }
}

impl Writing {
    /// Looks at one more value. `plain`: a number or date of a workbook, which is written in one way only.
    pub fn see(&mut self, text: &str, plain: bool) {
        let text = grouped(text.trim());
        let text = text.trim_start_matches(['€', '$', '£']).trim_end_matches(['€', '$', '£']).trim();
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        if plain {
            self.numbers += usize::from(told(text).is_some());
            self.dates += usize::from(day(text, "iso").is_some());
            return;
        }
        self.values += 1;
        if let Some(kind) = told(text) {
            self.numbers += 1;
            match kind {
                Told::Nothing => {}
                Told::Sign(Decimal::Point) => self.point += 1,
                Told::Sign(Decimal::Comma) => self.comma += 1,
                Told::Either if self.either.is_none() => self.either = Some(text.to_string()),
                Told::Either => {}
            }
        }
        if !text.bytes().next().is_some_and(|b| b.is_ascii_digit()) || !(6..=25).contains(&text.len()) {
            return;
        }
        self.read_by.resize(FORMATS.len(), 0);
        let mut first = None;
        for (format, n) in FORMATS.iter().zip(&mut self.read_by) {
            let Some(day) = day(text, format) else { continue };
            *n += 1;
            if first.is_some_and(|d| d != day) && self.two_days.is_none() {
                self.two_days = Some(text.to_string());
            }
            first.get_or_insert(day);
        }
        self.dates += usize::from(first.is_some());
    }

    /// The decimal sign that the values tell of themselves.
    pub fn decimal(&self) -> Option<Decimal> {
        match (self.point, self.comma) {
            (0, 0) => None,
            (point, comma) => Some(if comma > point { Decimal::Comma } else { Decimal::Point }),
        }
    }

    /// The first value that is a number in both writings, and what it is in that one: `1.200` is `1200`.
    pub fn doubtful(&self, decimal: Decimal) -> Option<(&str, String)> {
        let example = self.either.as_deref()?;
        Some((example, read_as(example, decimal)))
    }

    /// The question that a column of numbers leaves open.
    pub fn number_question(&self, column: usize, guess: Decimal) -> Option<Question> {
        let example = self.either.clone().filter(|_| self.decimal().is_none())?;
        let other = if guess == Decimal::Point { Decimal::Comma } else { Decimal::Point };
        let options = [read_as(&example, guess), read_as(&example, other)];
        Some(Question { column, example, options, answers: Answers::Numbers([guess, other]) })
    }

    /// The format that reads most of the dates, the guess deciding between equals.
    pub fn format(&self, day_first: bool) -> Option<&'static str> {
        let best = self.read_by.iter().max().copied().filter(|n| *n > 0)?;
        let mut equal = FORMATS.iter().zip(&self.read_by).filter(|(_, n)| **n == best).map(|(f, _)| *f);
        let first = equal.next()?;
        if day_first || !first.starts_with("%d") {
            return Some(first);
        }
        Some(equal.find(|f| f.starts_with("%m")).unwrap_or(first))
    }

    /// The question that a column of dates leaves open: two formats read as many of its values, not as the same days.
    pub fn date_question(&self, column: usize, day_first: bool) -> Option<Question> {
        let example = self.two_days.clone()?;
        let guess = self.format(day_first)?;
        let best = self.read_by.iter().max().copied()?;
        let here = day(&example, guess)?;
        let equal = FORMATS.iter().zip(&self.read_by).filter(|(_, n)| **n == best).map(|(f, _)| *f);
        let (other, there) = equal.filter_map(|f| Some((f, day(&example, f)?))).find(|(_, d)| *d != here)?;
        let words = |d: NaiveDate| d.format("%-d %B %Y").to_string();
        Some(Question {
            column,
            example,
            options: [words(here), words(there)],
            answers: Answers::Dates([guess, other]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(values: &[&str]) -> Writing {
        let mut writing = Writing::default();
        values.iter().for_each(|v| writing.see(v, false));
        writing
    }

    #[test]
    fn the_values_tell_the_decimal_sign_or_ask() {
        assert_eq!(seen(&["15,20", "1.200", "4,99"]).decimal(), Some(Decimal::Comma));
        assert_eq!(seen(&["1,234.50"]).decimal(), Some(Decimal::Point));
        assert_eq!(seen(&["1.234.567"]).decimal(), Some(Decimal::Comma));
        assert_eq!(seen(&["0.125"]).decimal(), Some(Decimal::Point));
        assert_eq!(seen(&["€ 12,50"]).decimal(), Some(Decimal::Comma));
        let open = seen(&["17", "1.200", "-3", "12 stk"]);
        assert_eq!((open.decimal(), open.numbers), (None, 3));
        let question = open.number_question(3, Decimal::Comma).unwrap();
        assert_eq!(question.options, ["1200", "1.2"]);
        assert_eq!(question.example, "1.200");
        assert!(seen(&["17", "12"]).number_question(0, Decimal::Comma).is_none());
        assert!(seen(&["1.200", "3,5"]).number_question(0, Decimal::Comma).is_none());
    }

    #[test]
    fn a_day_above_twelve_settles_the_dates_and_else_they_are_asked() {
        assert_eq!(seen(&["03/04/2026", "25/04/2026"]).format(true), Some("%d/%m/%Y"));
        assert_eq!(seen(&["03/04/2026", "04/25/2026"]).format(true), Some("%m/%d/%Y"));
        assert!(seen(&["03/04/2026", "25/04/2026"]).date_question(0, true).is_none());
        let question = seen(&["03/04/2026", "05/06/2026"]).date_question(0, true).unwrap();
        assert_eq!(question.options, ["3 April 2026", "4 March 2026"]);
        let question = seen(&["03/04/2026"]).date_question(0, false).unwrap();
        assert_eq!(question.options, ["4 March 2026", "3 April 2026"]);
        assert_eq!(seen(&["2026-04-03"]).format(true), Some("iso"));
        assert_eq!(seen(&["3-4-26"]).format(true), Some("%d-%m-%y"));
        assert!(seen(&["03/03/2026"]).date_question(0, true).is_none());
    }
}
