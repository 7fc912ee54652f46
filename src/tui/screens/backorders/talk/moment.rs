//! When to try again: typed as people say it, and what the program proposes.

use crate::domain::dates;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

/// `today 14:00`, `tomorrow 9:00`, `fri 10:00`, `14:00`, `3 dec`; blank is none.
pub fn moment(typed: &str, today: NaiveDate) -> Result<Option<NaiveDateTime>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let wrong = || format!("\"{typed}\" is no time to try again. Type it as today 14:00 or fri 9:00.");
    let (day, time) = match typed.rsplit_once(' ') {
        Some((day, time)) if time.contains(':') => (day.trim(), time),
        None if typed.contains(':') => ("today", typed),
        _ => (typed, "09:00"),
    };
    let date = match day.to_lowercase().as_str() {
        "tomorrow" => today.succ_opt(),
        day => dates::parse(day, today),
    };
    let time = NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| wrong())?;
    let date = date.ok_or_else(wrong)?;
    if date < today {
        return Err(format!("{} has passed: type a day from today on.", dates::full(date, today)));
    }
    Ok(Some(date.and_time(time)))
}

/// When to try again by default: this afternoon while there is one, else on the next working day.
pub fn try_again(now: Option<NaiveDateTime>, today: NaiveDate) -> String {
    let afternoon = now.is_none_or(|now| now.hour() < 13);
    if afternoon { "today 14:00".into() } else { next_morning(today) }
}

/// `tomorrow 09:00`, before a weekend `mon 09:00`.
pub fn next_morning(today: NaiveDate) -> String {
    match today.weekday() {
        Weekday::Fri | Weekday::Sat => "mon 09:00".into(),
        _ => "tomorrow 09:00".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_to_try_again_are_typed_as_people_say_them() {
        let monday: NaiveDate = "2026-11-23".parse().unwrap();
        let at = |typed: &str| moment(typed, monday).map(|m| m.map(|m| m.format("%m-%d %H:%M").to_string()));
        assert_eq!(at("today 14:00"), Ok(Some("11-23 14:00".into())));
        assert_eq!(at("14:00"), Ok(Some("11-23 14:00".into())));
        assert_eq!(at("tomorrow 9:00"), Ok(Some("11-24 09:00".into())));
        assert_eq!(at("fri 10:30"), Ok(Some("11-27 10:30".into())));
        assert_eq!(at("+2"), Ok(Some("11-25 09:00".into())));
        assert_eq!(at(" "), Ok(None));
        assert!(at("soon").is_err() && at("today 25:00").is_err() && at("2026-11-20").is_err());
    }

    #[test]
    fn a_try_in_the_afternoon_comes_back_on_the_next_working_day() {
        let friday: NaiveDate = "2026-11-27".parse().unwrap();
        assert_eq!(try_again(friday.and_hms_opt(9, 0, 0), friday), "today 14:00");
        assert_eq!(try_again(friday.and_hms_opt(15, 0, 0), friday), "mon 09:00");
        assert_eq!(moment("mon 09:00", friday).unwrap().unwrap().to_string(), "2026-11-30 09:00:00");
    }
}
