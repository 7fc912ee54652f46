//! Working days, holidays and the arithmetic of dates.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// `date` moved by `days` calendar days (negative: earlier), stopping at the ends of the calendar
/// instead of failing on a mistyped year.
pub fn plus_days(date: NaiveDate, days: i64) -> NaiveDate {
    let span = Days::new(days.unsigned_abs());
    if days < 0 {
        date.checked_sub_days(span).unwrap_or(NaiveDate::MIN)
    } else {
        date.checked_add_days(span).unwrap_or(NaiveDate::MAX)
    }
}

/// Calendar days from `start` to `end`; negative where `end` is earlier.
pub fn days_between(start: NaiveDate, end: NaiveDate) -> i64 {
    end.signed_duration_since(start).num_days()
}

/// Monday to Friday and not a holiday.
pub fn is_working_day(date: NaiveDate, holidays: &[NaiveDate]) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.contains(&date)
}

/// The `count`-th working day after `date`, not counting `date` itself; `date` where `count` is 0.
pub fn plus_working_days(date: NaiveDate, count: u32, holidays: &[NaiveDate]) -> NaiveDate {
    let mut day = date;
    let mut left = count;
    while left > 0 {
        let Some(next) = day.succ_opt() else { return day };
        day = next;
        if is_working_day(day, holidays) {
            left -= 1;
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn working_days_skip_weekends_and_do_not_count_the_start() {
        assert_eq!(plus_working_days(on("2026-12-03"), 7, &[]), on("2026-12-14"));
        assert_eq!(plus_working_days(on("2027-01-02"), 7, &[]), on("2027-01-12"));
        assert_eq!(plus_working_days(on("2026-11-06"), 1, &[]), on("2026-11-09"));
        assert_eq!(plus_working_days(on("2026-11-07"), 0, &[]), on("2026-11-07"));
    }

    #[test]
    fn a_holiday_is_no_working_day() {
        let holidays = [on("2026-12-25"), on("2026-12-26")];
        assert!(!is_working_day(on("2026-12-25"), &holidays));
        assert!(is_working_day(on("2026-12-24"), &holidays));
        assert_eq!(plus_working_days(on("2026-12-24"), 1, &holidays), on("2026-12-28"));
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_fail() {
        assert_eq!(plus_days(NaiveDate::MAX, 30), NaiveDate::MAX);
        assert_eq!(plus_days(NaiveDate::MIN, -1), NaiveDate::MIN);
        assert_eq!(plus_working_days(NaiveDate::MAX, 3, &[]), NaiveDate::MAX);
        assert_eq!(plus_days(on("2027-01-01"), -30), on("2026-12-02"));
        assert_eq!(days_between(on("2026-12-02"), on("2027-01-01")), 30);
    }
}
