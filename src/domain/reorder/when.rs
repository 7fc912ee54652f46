//! When: how long what is there and coming lasts, how long an order can wait, and the days and the hour until which a
//! supplier takes it.

use crate::domain::quantity::Qty;
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};

/// How far ahead a stock-out is looked for, in days.
const LOOK_AHEAD: f64 = 730.0;

/// Goods on their way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Coming {
    /// The likely day; `None`: nobody can say.
    pub on: Option<NaiveDate>,
    pub quantity: Qty,
}

/// When stock runs out at the usual sales.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RunOut {
    /// The day from which nothing is left once everything on its way has come; today if nothing is left now and nothing
    /// comes. `None`: not within two years.
    pub on: Option<NaiveDate>,
    /// The shelf is empty before goods that are on their way arrive: from this day.
    pub gap_from: Option<NaiveDate>,
    /// Which arrival ends that gap (index into what was given); `None` with a gap: one without a date, or none at all, as
    /// more wait than comes.
    pub gap_until: Option<usize>,
}

impl RunOut {
    /// The first day on which nothing is left, whatever comes after it: what every list calls the day it is out. Where
    /// nothing is free now that is today.
    pub fn first(&self) -> Option<NaiveDate> {
        self.gap_from.or(self.on)
    }
}

/// The stock free of customers' orders, with what comes within so many days: against that the sales until then are to be
/// held. What has no date does not come in time.
pub fn there_within(today: NaiveDate, days: f64, free: Qty, coming: &[Coming]) -> Qty {
    let in_time = |c: &&Coming| c.on.is_some_and(|on| (on - today).num_days().max(0) as f64 <= days);
    free + coming.iter().filter(in_time).map(|c| c.quantity).sum()
}

/// Follows the stock that is free of customers' orders day by day at `daily` units. Who orders while the shelf is empty
/// waits, as the levels assume: then what is there and what comes last as long as they do at these sales, gap or not.
pub fn run_out(today: NaiveDate, free: Qty, daily: f64, coming: &[Coming]) -> RunOut {
    let daily = if daily.is_finite() { daily.max(0.0) } else { 0.0 };
    let mut order: Vec<(usize, NaiveDate)> =
        coming.iter().enumerate().filter_map(|(i, c)| Some((i, c.on?.max(today)))).collect();
    order.sort_by_key(|&(i, on)| (on, i));
    let (mut level, mut day) = (free.as_f64(), today);
    let mut out = RunOut::default();
    let end = |level: f64, from: NaiveDate| -> Option<NaiveDate> {
        // What is free lasts the day: it is out only where nothing is left.
        let days = if level <= 0.0 { 0.0 } else { (level / daily).floor().max(1.0) };
        (days <= LOOK_AHEAD).then(|| from + TimeDelta::days(days as i64))
    };
    for (i, on) in order {
        if out.gap_from.is_none() {
            out.gap_from = end(level, day).filter(|empty| *empty < on);
        }
        level += coming[i].quantity.as_f64() - daily * (on - day).num_days() as f64; // i numbers `coming`
        if out.gap_from.is_some() && out.gap_until.is_none() && level > 0.0 {
            out.gap_until = Some(i);
        }
        day = on;
    }
    out.on = end(level, day);
    let undated = coming.iter().any(|c| c.on.is_none() && c.quantity.is_positive());
    if undated && out.gap_from.is_none() {
        out.gap_from = out.on;
    }
    out
}

/// For so many days an order can wait: ordered on the last of them, the chance that nothing is left before the goods come
/// (`risk` of an order so many days from now) is not above that which the level accepts. At most `most`; 0: it cannot.
pub fn can_wait(accepted: f64, most: i64, risk: impl Fn(i64) -> f64) -> i64 {
    (1..=most).take_while(|days| risk(*days) <= accepted).last().filter(|_| risk(0) <= accepted).unwrap_or(0)
}

/// The last day to order where that can wait so many days: on which this supplier takes orders, never before today. Past
/// the hour until which he takes today's (`closed`), and on a day on which he takes none, not before the next on which he
/// does; where he names no days those are the working days.
pub fn order_by(today: NaiveDate, can_wait: i64, order_days: &[Weekday], closed: bool) -> NaiveDate {
    let last = today + TimeDelta::days(can_wait.clamp(0, 3650));
    let open = (0..7).map(|n| last - TimeDelta::days(n)).find(|d| order_days.contains(&d.weekday()));
    open.unwrap_or(last).max(next_chance(today, order_days, closed))
}

/// The first day on which the supplier takes an order: today, unless it is none of his days or he is `closed` for today.
pub fn next_chance(today: NaiveDate, order_days: &[Weekday], closed: bool) -> NaiveDate {
    if order_days.is_empty() && !closed {
        return today;
    }
    let takes = |d: &NaiveDate| match order_days {
        [] => !matches!(d.weekday(), Weekday::Sat | Weekday::Sun),
        days => days.contains(&d.weekday()),
    };
    let from = i64::from(closed);
    (from..from + 7).map(|n| today + TimeDelta::days(n)).find(takes).unwrap_or(today)
}

/// The hour in a supplier's text until which he takes orders of the day: `12:00`, `9.30`, `14h`, `2 pm`; none where the
/// text names no hour.
pub fn cut_off(text: &str) -> Option<NaiveTime> {
    let text = text.trim().to_lowercase();
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::parse::<u32>);
    let hour = numbers.next()?.ok()?;
    let minute = numbers.next().map_or(Some(0), Result::ok)?;
    let hour = match (text.ends_with("pm"), text.ends_with("am")) {
        (true, _) if hour < 12 => hour + 12,
        (_, true) if hour == 12 => 0,
        _ => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// Whether it is too late for today's orders: past the hour in the supplier's text.
pub fn is_closed(cutoff: Option<&str>, now: NaiveTime) -> bool {
    cutoff.and_then(cut_off).is_some_and(|until| now >= until)
}

/// Weekdays named in a supplier's text: `Mon Thu`, `monday, thursday`, `Mon-Fri`. Words that are no weekday are skipped.
pub fn weekdays(text: &str) -> Vec<Weekday> {
    let mut days: Vec<Weekday> = Vec::new();
    for word in text.split(|c: char| !(c.is_alphabetic() || c == '-')).filter(|w| !w.is_empty()) {
        let mut ends = word.split('-').map(|d| d.parse::<Weekday>());
        match (ends.next(), ends.next()) {
            (Some(Ok(first)), Some(Ok(last))) => {
                let mut day = first;
                days.push(day);
                while day != last {
                    day = day.succ();
                    days.push(day);
                }
            }
            (Some(Ok(day)), _) => days.push(day),
            _ => {}
        }
    }
    days.sort_by_key(|d| d.num_days_from_monday());
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(n: i64) -> Qty {
        Qty::units(n)
    }
    fn day(n: i64) -> NaiveDate {
        NaiveDate::default() + TimeDelta::days(20_000 + n) // day 0 is a Friday
    }

    #[test]
    fn stock_runs_out_after_what_comes() {
        let coming = [Coming { on: Some(day(8)), quantity: q(40) }];
        let out = run_out(day(0), q(-6), 2.2, &coming);
        assert_eq!((out.on, out.gap_from, out.gap_until), (Some(day(15)), Some(day(0)), Some(0)), "34 last 15 days");
        let in_time = run_out(day(0), q(20), 2.0, &coming);
        assert_eq!((in_time.on, in_time.gap_from), (Some(day(30)), None));
        assert_eq!(run_out(day(0), q(0), 0.0, &[]).on, Some(day(0)));
        assert_eq!(run_out(day(0), q(5), 0.0, &[]).on, None);
        assert_eq!(run_out(day(0), q(5), f64::NAN, &[]).on, None);
        let nobody_knows = run_out(day(0), q(5), 1.0, &[Coming { on: None, quantity: q(9) }]);
        assert_eq!(
            (nobody_knows.on, nobody_knows.gap_from, nobody_knows.gap_until),
            (Some(day(5)), Some(day(5)), None)
        );
    }

    /// 41,762 waited, 1,950 came first: the small one was hurried and called the end of it.
    #[test]
    fn what_ends_the_gap_is_what_lifts_it_above_those_who_wait() {
        let comes = |on: i64, n: i64| Coming { on: Some(day(on)), quantity: q(n) };
        let out = run_out(day(0), q(-100), 1.0, &[comes(2, 20), comes(9, 200), comes(12, 50)]);
        assert_eq!((out.gap_from, out.gap_until, out.on), (Some(day(0)), Some(1), Some(day(170))));
        let never = run_out(day(0), q(-100), 1.0, &[comes(2, 20)]);
        assert_eq!((never.gap_from, never.gap_until, never.on), (Some(day(0)), None, Some(day(2))));
    }

    #[test]
    fn what_comes_with_the_goods_counts_for_the_sales_until_then() {
        let comes = |on: Option<NaiveDate>, n: i64| Coming { on, quantity: q(n) };
        let coming = [comes(Some(day(-2)), 1), comes(Some(day(5)), 10), comes(Some(day(8)), 100), comes(None, 1000)];
        let there = |days: f64| there_within(day(0), days, q(-3), &coming);
        assert_eq!((there(0.0), there(4.9), there(5.0), there(20.0)), (q(-2), q(-2), q(8), q(108)));
    }

    #[test]
    fn an_order_waits_as_long_as_the_risk_is_accepted_and_the_supplier_takes_it() {
        let rises = |days: i64| days as f64 / 100.0;
        let waits = |accepted: f64| can_wait(accepted, 60, rises);
        assert_eq!((waits(0.035), waits(0.0), waits(2.0)), (3, 0, 60));
        assert_eq!(can_wait(0.05, 60, |days| rises(days) + 0.06), 0);
        assert_eq!(
            can_wait(0.05, 60, |days| if days == 0 { 0.9 } else { 0.0 }),
            0,
            "first it falls short, then goods come"
        );
        assert_eq!(can_wait(f64::NAN, 60, rises), 0);
        let by = |days: i64, text: &str| order_by(day(0), days, &weekdays(text), false);
        assert_eq!((by(0, ""), by(2, ""), by(7, "Mon"), by(2, "Mon")), (day(0), day(2), day(3), day(3)));
    }

    #[test]
    fn past_the_hour_the_next_order_day_is_meant() {
        let hour = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        let read = ["12:00", " 9.30 ", "14h", "2 pm", "12 am", "noon", "25:00"].map(cut_off);
        let known = ["12:00", "09:30", "14:00", "14:00", "00:00"].map(|text| Some(hour(text)));
        assert_eq!((&read[..5], &read[5..]), (&known[..], &[None, None][..]));
        assert!(!is_closed(Some("12:00"), hour("11:59")) && is_closed(Some("12:00"), hour("12:00")));
        assert!(!is_closed(None, hour("23:00")));
        let fridays = weekdays("Mon Fri");
        assert_eq!(order_by(day(0), 0, &fridays, false), day(0));
        assert_eq!(order_by(day(0), 0, &fridays, true), day(3), "on Monday");
        assert_eq!(order_by(day(0), 5, &fridays, true), day(3));
        assert_eq!(order_by(day(0), 0, &[], true), day(3), "on the next working day");
        assert_eq!(order_by(day(4), 0, &fridays, false), day(7), "on Tuesday he takes none");
    }

    #[test]
    fn it_is_out_on_the_first_day_on_which_nothing_is_left() {
        let coming = [Coming { on: Some(day(10)), quantity: q(40) }];
        assert_eq!(run_out(day(0), q(-6), 1.0, &coming).first(), Some(day(0)), "customers wait");
        assert_eq!(run_out(day(0), q(0), 1.0, &coming).first(), Some(day(0)));
        assert_eq!(run_out(day(0), q(4), 1.0, &coming).first(), Some(day(4)), "though goods come later");
        assert_eq!(run_out(day(0), q(12), 1.0, &coming).first(), Some(day(52)));
        assert_eq!(run_out(day(0), q(2), 3.3, &[]).first(), Some(day(1)), "two are free still: it is not out today");
    }

    #[test]
    fn reads_order_days() {
        assert_eq!(weekdays("Mon, thursday"), vec![Weekday::Mon, Weekday::Thu]);
        assert_eq!(weekdays("Mon-Wed"), vec![Weekday::Mon, Weekday::Tue, Weekday::Wed]);
        assert_eq!(weekdays("by mail"), vec![]);
    }
}
