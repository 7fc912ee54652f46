//! Dates as people at a warehouse read and type them.

use super::locale::{self, Locale};
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Which of day and month a person writes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DayOrder {
    /// `2.12` is the second of December.
    #[default]
    DayFirst,
    /// `12/2` is the second of December.
    MonthFirst,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// In at most 6 cells where near: `today`, `Wed 25` within a week ahead, `8 Dec` within a year, else `8 Dec 2027`; in a
/// file for machines always ISO.
pub fn short(date: NaiveDate, today: NaiveDate) -> String {
    let days = (date - today).num_days();
    match days {
        _ if locale::here() == Locale::File => date.to_string(),
        0 => "today".into(),
        1..=6 => format!("{} {}", weekday(date), date.day()),
        -330..=330 => of_month(date),
        _ => of_year(date),
    }
}

/// As [`short`] in at most 9 cells: of another year `26 Nov 25`; in a file for machines ISO.
pub fn narrow(date: NaiveDate, today: NaiveDate) -> String {
    if locale::here() == Locale::File || (date - today).num_days().abs() <= 330 {
        return short(date, today);
    }
    format!("{} {:02}", of_month(date), date.year().rem_euclid(100))
}

/// With its weekday: `Thu 3 Dec`, and the year where it is not this one.
pub fn full(date: NaiveDate, today: NaiveDate) -> String {
    if (date - today).num_days().abs() > 330 {
        return long(date);
    }
    if locale::here() == Locale::File { date.to_string() } else { format!("{} {}", weekday(date), of_month(date)) }
}

/// `Mon 23 Nov 2026`.
pub fn long(date: NaiveDate) -> String {
    if locale::here() == Locale::File { date.to_string() } else { format!("{} {}", weekday(date), of_year(date)) }
}

/// `8 Dec`, in America `Dec 8`; in a sentence, whoever reads it.
pub fn of_month(date: NaiveDate) -> String {
    match locale::here().day_order() {
        DayOrder::DayFirst => format!("{} {}", date.day(), month(date)),
        DayOrder::MonthFirst => format!("{} {}", month(date), date.day()),
    }
}

/// `8 Dec 2027`, in America `Dec 8, 2027`; in a sentence, whoever reads it.
pub fn of_year(date: NaiveDate) -> String {
    let comma = if locale::here().day_order() == DayOrder::MonthFirst { "," } else { "" };
    format!("{}{comma} {}", of_month(date), date.year())
}

/// `Mon`.
pub fn weekday(date: NaiveDate) -> &'static str {
    WEEKDAYS.get(date.weekday().num_days_from_monday() as usize).copied().unwrap_or("")
}

fn month(date: NaiveDate) -> &'static str {
    MONTHS.get(date.month0() as usize).copied().unwrap_or("")
}

/// Reads what a person types: `today`, `+5` (days), `+2w`, `fri` (the next one), `w49` (its Monday), `2.12`, `2.12.26`,
/// `12/2` as it is written here, `11/24` and `24/11` as they can only be meant, `3 dec`, `dec 3`, `2026-12-03`. A day without a year is the nearest one not more than 60
/// days gone.
pub fn parse(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim().to_lowercase();
    match text.as_str() {
        "" => return None,
        "today" | "t" | "0" => return Some(today),
        "tomorrow" => return today.checked_add_days(Days::new(1)),
        _ => {}
    }
    relative(&text, today)
        .or_else(|| next_weekday(&text, today))
        .or_else(|| week(&text, today))
        .or_else(|| NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(plausible))
        .or_else(|| month_named(&text, today))
        .or_else(|| day_and_month(&text, today, locale::here().day_order()))
}

/// The two days that a text may mean, nearest to today first, where it is not plain which: day and month can change
/// places (`12/7`), the order of the place makes it a day far away, and the other way round it is nearer.
pub fn two_ways(text: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let text = text.trim();
    let other = match locale::here().day_order() {
        DayOrder::DayFirst => DayOrder::MonthFirst,
        DayOrder::MonthFirst => DayOrder::DayFirst,
    };
    let read = parse(text, today)?;
    let swapped = day_and_month(text, today, other).filter(|day| *day != read && !text.contains('.'))?;
    let away = |date: NaiveDate| (date - today).num_days().abs();
    (away(read) > NEAR && away(swapped) < away(read)).then_some((swapped, read))
}

/// Days round today within which nobody is asked which day he means.
const NEAR: i64 = 92;

/// Days ahead after which a delivery's date is asked about once more.
const FAR: i64 = 366;

/// A day so far away that it is rather a slip of the hand.
pub fn is_far(date: NaiveDate, today: NaiveDate) -> bool {
    (date - today).num_days() > FAR
}

fn plausible(date: &NaiveDate) -> bool {
    (1970..=2200).contains(&date.year())
}

fn relative(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let n = text.strip_prefix('+')?;
    let (n, unit) = match n.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (n.strip_suffix('d').unwrap_or(n), 1),
    };
    let n: u64 = n.trim().parse().ok().filter(|n| *n <= 3660)?;
    today.checked_add_days(Days::new(n * unit))
}

fn next_weekday(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let wanted = text.len() >= 2 && text.chars().all(|c| c.is_ascii_alphabetic());
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let at = names.iter().position(|name| wanted && name.starts_with(text))?;
    let ahead = (at as i64 - today.weekday().num_days_from_monday() as i64 - 1).rem_euclid(7) + 1;
    today.checked_add_days(Days::new(ahead as u64))
}

fn week(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let number: u32 = text.strip_prefix('w')?.trim().parse().ok()?;
    let this = today.iso_week();
    let year = if number + 8 < this.week() { this.year() + 1 } else { this.year() };
    NaiveDate::from_isoywd_opt(year, number, Weekday::Mon)
}

fn month_named(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (first, rest) = text.split_once([' ', '-'])?;
    let (second, year) = rest.trim().split_once([' ', '-']).map_or((rest.trim(), None), |(m, y)| (m, Some(y)));
    let (day, name) = if first.starts_with(|c: char| c.is_alphabetic()) { (second, first) } else { (first, second) };
    let day = day.trim_end_matches([',', '.']);
    let at = MONTHS.iter().position(|m| name.len() >= 3 && name.starts_with(&m.to_lowercase()))?;
    complete(day.parse().ok()?, at as u32 + 1, year, today)
}

fn day_and_month(text: &str, today: NaiveDate, order: DayOrder) -> Option<NaiveDate> {
    let separator = ['.', '/', '-'].into_iter().find(|c| text.contains(*c))?;
    let mut parts = text.trim_end_matches('.').split(separator);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    // A point is always day first: nobody writes 12.2 for the second of December.
    let month_first = order == DayOrder::MonthFirst && separator != '.';
    let (first, second): (u32, u32) = (first.trim().parse().ok()?, second.trim().parse().ok()?);
    let (day, month) = if month_first { (second, first) } else { (first, second) };
    // There is no 24th month: `11/24` is the 24th of November everywhere, and `24-11` in America too.
    let turned = month > 12 && day <= 12 && separator != '.';
    let (day, month) = if turned { (month, day) } else { (day, month) };
    complete(day, month, year, today)
}

fn complete(day: u32, month: u32, year: Option<&str>, today: NaiveDate) -> Option<NaiveDate> {
    if let Some(year) = year.map(str::trim).filter(|y| !y.is_empty()) {
        let year: i32 = year.parse().ok()?;
        return NaiveDate::from_ymd_opt(if year < 100 { 2000 + year } else { year }, month, day).filter(plausible);
    }
    let this = NaiveDate::from_ymd_opt(today.year(), month, day)?;
    if (today - this).num_days() > 60 { this.checked_add_months(Months::new(12)) } else { Some(this) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(y: i32, m: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, day).unwrap()
    }

    #[test]
    fn a_date_of_another_year_fits_a_column() {
        let today = d(2026, 11, 23);
        for (date, text) in
            [(today, "today"), (d(2026, 12, 8), "8 Dec"), (d(2025, 11, 26), "26 Nov 25"), (d(2008, 1, 2), "2 Jan 08")]
        {
            assert_eq!(narrow(date, today), text);
            assert!(narrow(date, today).len() <= 9);
        }
    }

    #[test]
    fn shows_near_dates_near() {
        let today = d(2026, 11, 23);
        for (date, text) in [
            (today, "today"),
            (d(2026, 11, 25), "Wed 25"),
            (d(2026, 12, 8), "8 Dec"),
            (d(2026, 11, 19), "19 Nov"),
            (d(2027, 1, 12), "12 Jan"),
            (d(2028, 1, 12), "12 Jan 2028"),
            (d(2016, 5, 31), "31 May 2016"),
        ] {
            assert_eq!(short(date, today), text);
        }
        assert_eq!(full(d(2026, 12, 3), today), "Thu 3 Dec");
        locale::within(Locale::Us, || {
            assert_eq!(short(d(2026, 12, 8), today), "Dec 8");
            assert_eq!(long(d(2026, 12, 8)), "Tue Dec 8, 2026");
            assert_eq!(full(d(2026, 12, 3), today), "Thu Dec 3");
        });
        assert_eq!(locale::within(Locale::File, || short(today, today)), "2026-11-23");
    }

    #[test]
    fn reads_what_people_type() {
        let today = d(2026, 11, 23); // a Monday
        for (text, date) in [
            ("+5", Some(d(2026, 11, 28))),
            ("+2w", Some(d(2026, 12, 7))),
            ("fri", Some(d(2026, 11, 27))),
            ("mon", Some(d(2026, 11, 30))),
            ("w49", Some(d(2026, 11, 30))),
            ("w2", Some(d(2027, 1, 11))),
            ("2.12", Some(d(2026, 12, 2))),
            ("2.12.", Some(d(2026, 12, 2))),
            ("2.1", Some(d(2027, 1, 2))),
            ("2.12.27", Some(d(2027, 12, 2))),
            ("3 dec", Some(d(2026, 12, 3))),
            ("dec 3", Some(d(2026, 12, 3))),
            ("Dec 3, 2027", Some(d(2027, 12, 3))),
            ("3-dec-27", Some(d(2027, 12, 3))),
            ("2026-12-03", Some(d(2026, 12, 3))),
            ("31.2", None),
            ("soon", None),
            ("", None),
            ("+99999999", None),
        ] {
            assert_eq!(parse(text, today), date, "{text}");
        }
        assert_eq!(locale::within(Locale::Us, || parse("12/2", today)), Some(d(2026, 12, 2)));
        assert_eq!(parse("12/2", today), Some(d(2027, 2, 12)));
    }

    /// The same day as it is typed in each locale, with each sign: read right, or not a date; never another day.
    #[test]
    fn a_typed_day_is_read_as_it_is_written_here() {
        let today = d(2026, 11, 23);
        let (iso, us, gb, de, fr, nl) = (Locale::Iso, Locale::Us, Locale::Gb, Locale::De, Locale::Fr, Locale::Nl);
        let there = Some(d(2026, 11, 24));
        for locale in [iso, us, gb, de, fr, nl] {
            for text in ["24-11", "24/11", "24.11", "24.11.", "11/24", "11-24", "24-11-2026", "24/11/26", "11/24/2026"]
            {
                assert_eq!(locale::within(locale, || parse(text, today)), there, "{text} in {locale:?}");
                assert_eq!(locale::within(locale, || two_ways(text, today)), None, "{text} in {locale:?}");
            }
            // A point is day first everywhere; 2026-11-24 and a month's name are plain everywhere.
            assert_eq!(locale::within(locale, || parse("11.24", today)), None, "{locale:?}");
            assert_eq!(locale::within(locale, || parse("2026-11-24", today)), there, "{locale:?}");
            assert_eq!(locale::within(locale, || parse("nov 24", today)), there, "{locale:?}");
            assert_eq!(locale::within(locale, || parse("13/13", today)), None, "{locale:?}");
        }
        // Where both can be a month, the order of the place decides.
        for (locale, expected) in [
            (iso, d(2027, 2, 12)),
            (gb, d(2027, 2, 12)),
            (de, d(2027, 2, 12)),
            (nl, d(2027, 2, 12)),
            (us, d(2026, 12, 2)),
        ] {
            assert_eq!(locale::within(locale, || parse("12/2", today)), Some(expected), "{locale:?}");
        }
    }

    #[test]
    fn a_day_that_may_be_another_one_is_not_guessed() {
        let today = d(2026, 11, 23);
        let (day_first, month_first) = (Locale::Gb, Locale::Us);
        for (text, order, expected) in [
            ("12/7", day_first, Some((d(2026, 12, 7), d(2027, 7, 12)))),
            ("12/7", month_first, None),
            ("7/12", month_first, Some((d(2026, 12, 7), d(2027, 7, 12)))),
            ("7/12", day_first, None),
            ("12/7/26", day_first, Some((d(2026, 12, 7), d(2026, 7, 12)))),
            ("12.7", day_first, None), // a point is always day first
            ("1/2", day_first, None),  // both near: the order of the place
            ("25/7", day_first, None), // there is no 25th month
            ("12/12", day_first, None),
            ("2027-07-12", day_first, None),
            ("12 jul", day_first, None),
            ("soon", day_first, None),
        ] {
            assert_eq!(locale::within(order, || two_ways(text, today)), expected, "{text}");
        }
        assert!(is_far(d(2027, 11, 26), today) && !is_far(d(2027, 11, 23), today));
    }
}
