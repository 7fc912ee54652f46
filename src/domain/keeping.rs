//! Which of the daily copies are kept.

use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

/// Copies of so many days are kept.
const DAILY: usize = 7;
/// Of older ones the last of each week, for so many weeks.
const WEEKLY: usize = 4;

/// The days whose copies are thrown away: all but the newest seven, and the last of each of the four weeks (Monday to
/// Sunday) before those.
pub fn to_forget(days: &[NaiveDate]) -> Vec<NaiveDate> {
    let mut newest_first: Vec<NaiveDate> = days.to_vec();
    newest_first.sort_by(|a, b| b.cmp(a));
    newest_first.dedup();
    let older = newest_first.split_off(DAILY.min(newest_first.len()));
    let week_of = |day: &NaiveDate| (day.iso_week().year(), day.iso_week().week());
    // A week of which a day's copy is kept needs no other.
    let mut weeks: BTreeSet<(i32, u32)> = newest_first.iter().map(week_of).collect();
    let most = weeks.len() + WEEKLY;
    let mut forget = Vec::new();
    for day in older {
        if weeks.len() < most && weeks.insert(week_of(&day)) {
            continue;
        }
        forget.push(day);
    }
    forget
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_days_and_the_last_of_four_weeks_are_kept() {
        let last = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let days: Vec<NaiveDate> = last.iter_days().rev().take(60).collect();
        // A copy each day and the pruning after each: what stays is what one expects to find.
        let mut kept: Vec<NaiveDate> = Vec::new();
        for day in days.iter().rev() {
            kept.push(*day);
            let forget = to_forget(&kept);
            kept.retain(|d| !forget.contains(d));
        }
        assert_eq!(kept.len(), 11, "{kept:?}");
        assert_eq!(kept.iter().rev().take(7).copied().collect::<Vec<_>>(), days[..7]);
        let weekly = &kept[..4];
        assert!(weekly.windows(2).all(|w| (w[1] - w[0]).num_days() == 7), "{weekly:?}");
        assert!((last - weekly[0]).num_days() >= 28, "{weekly:?}");
    }

    #[test]
    fn few_copies_are_all_kept() {
        let last = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let days: Vec<NaiveDate> = last.iter_days().rev().take(7).collect();
        assert!(to_forget(&days).is_empty());
        assert!(to_forget(&[]).is_empty());
    }
}
