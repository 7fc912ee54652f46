//! What customers ordered, laid over a grid of weeks or months that ends today.
//!
//! Ordered, not shipped: an order that had to wait is demand of the day it was placed. Time before an item was first
//! listed is unknown, not zero.

use chrono::{Datelike, NaiveDate};

/// Days looked back at: older demand weighs next to nothing.
pub const DAYS_BACK: i64 = 728; // 104 weeks

/// One grid for the whole catalogue, because what its items have in common is learned from all of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grid {
    Weeks,
    Months,
}

impl Grid {
    /// Days in a bucket. Months are all alike (364 / 12 rounded down), so that a bucket never ends early.
    pub fn days(self) -> i64 {
        match self {
            Grid::Weeks => 7,
            Grid::Months => 30,
        }
    }
    /// The word for one bucket.
    pub fn word(self) -> &'static str {
        match self {
            Grid::Weeks => "week",
            Grid::Months => "month",
        }
    }
    /// Buckets in a year.
    pub fn a_year(self) -> usize {
        match self {
            Grid::Weeks => 52,
            Grid::Months => 12,
        }
    }
    /// The number of the calendar's week (from Monday) or month that holds the date; the next one is one more.
    pub fn number_of(self, date: NaiveDate) -> i64 {
        match self {
            Grid::Weeks => i64::from(date.num_days_from_ce() - 1).div_euclid(7), // 1 January of the year 1 is a Monday
            Grid::Months => i64::from(date.year()) * 12 + i64::from(date.month0()),
        }
    }
    /// Weight of a bucket relative to the one after it: half after 23 weeks or 11 months.
    pub fn recency(self) -> f64 {
        match self {
            Grid::Weeks => 0.97,
            Grid::Months => 0.94,
        }
    }
    /// Months where the median item that sells at all sells in under a tenth of its weeks.
    pub fn for_catalogue(items: &[&Demand]) -> Grid {
        let mut shares: Vec<f64> = items
            .iter()
            .filter(|d| !d.days.is_empty())
            .map(|d| {
                let weeks = (d.listed_days + 6) / 7;
                d.weeks_sold() as f64 / weeks.max(1) as f64
            })
            .collect();
        let middle = shares.len() / 2;
        if shares.is_empty() {
            return Grid::Weeks;
        }
        let (_, median, _) = shares.select_nth_unstable_by(middle, f64::total_cmp);
        if *median < 0.1 { Grid::Months } else { Grid::Weeks }
    }
}

/// One item's orders by day.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Demand {
    /// Days since the item was first listed, today included; at least the oldest order's.
    pub listed_days: i64,
    /// Thousandths of a unit: the smallest step in which it is sold.
    pub unit: i64,
    /// (days before today, thousandths of a unit ordered), in any order; several of one day add up.
    pub days: Vec<(u16, i64)>,
    /// Spans of days before today, the newer first, in which nothing was on the shelf at any day's end: nobody could buy.
    pub out: Vec<(u16, u16)>,
    /// Customers could not order it while it was out: what they ordered of a bucket is only what the shelf allowed.
    pub refused_when_out: bool,
    /// Customers ordered it before the window: one of which nothing is known within it sleeps, and is not new.
    pub long_ago: bool,
    /// Its season, and the day from which the days are counted back: amounts are read as of a usual month.
    pub season: Option<(Season, NaiveDate)>,
}

/// How much more or less sells in each month of the year, January first, as a person said: the mean of the factors is 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Season([f64; 12]);

impl Season {
    /// Reads twelve factors from 0.1 to 10, divided by blanks or commas. They are scaled so that their mean is 1.
    pub fn parse(text: &str) -> Option<Season> {
        let words = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|w| !w.is_empty());
        let factors: Vec<f64> = words.map(|w| w.parse().ok()).collect::<Option<_>>()?;
        let factors: [f64; 12] = factors.try_into().ok()?;
        let mean = factors.iter().sum::<f64>() / 12.0;
        let holds = factors.iter().all(|f| (0.1..=10.0).contains(f));
        holds.then(|| Season(factors.map(|f| f / mean)))
    }
    /// The factor of a day's month.
    pub fn on(&self, day: NaiveDate) -> f64 {
        self.0.get(day.month0() as usize).copied().unwrap_or(1.0)
    }
    /// The mean factor of `days` days from that one on.
    pub fn over(&self, from: NaiveDate, days: f64) -> f64 {
        let days = if days.is_finite() { days.clamp(1.0, 3650.0).ceil() as i64 } else { 1 };
        (0..days).map(|n| self.on(from + chrono::TimeDelta::days(n))).sum::<f64>() / days as f64
    }
}

/// A bucket in which it was on the shelf for less than this share of the days is not scaled up further.
const LEAST_SHARE: f64 = 0.3;

impl Demand {
    /// Demand of an item first seen on `listed_on` (`None`: with its oldest order), from (date, thousandths) rows.
    /// Rows after `today` or before the window are left out; a net amount at or below zero in a bucket is no sale.
    pub fn new(
        today: NaiveDate,
        listed_on: Option<NaiveDate>,
        rows: impl IntoIterator<Item = (NaiveDate, i64)>,
    ) -> Demand {
        let days: Vec<(u16, i64)> =
            rows.into_iter().filter_map(|(date, amount)| Some((days_before(today, date)?, amount))).collect();
        Demand::from_days(today, listed_on, days)
    }

    /// The same from rows that already say how many days before today they are (see [`days_before`]).
    pub fn from_days(today: NaiveDate, listed_on: Option<NaiveDate>, days: Vec<(u16, i64)>) -> Demand {
        let oldest = days.iter().map(|d| i64::from(d.0) + 1).max().unwrap_or(0);
        let listed = listed_on.map_or(0, |on| (today - on).num_days() + 1);
        let unit = unit_of(days.iter().map(|d| d.1));
        let listed_days = listed.max(oldest).clamp(0, DAYS_BACK);
        Demand { listed_days, unit, days, ..Demand::default() }
    }

    /// Takes over what customers ordered of the item that it follows.
    pub fn inherit(&mut self, from: &Demand) {
        self.listed_days = self.listed_days.max(from.listed_days);
        self.unit = unit_of([self.unit, from.unit].into_iter());
        self.days.extend(&from.days);
        self.long_ago |= from.long_ago;
        self.out.clear(); // one of the two could be had
    }

    /// Of the days from one to another before today, both included, those on which it was out.
    pub fn days_out(&self, from: i64, to: i64) -> i64 {
        let spans = self.out.iter().map(|&(newer, older)| (i64::from(newer), i64::from(older)));
        spans.map(|(newer, older)| (older.min(to) - newer.max(from) + 1).max(0)).sum()
    }

    /// The demand in buckets, newest first, in units of issue.
    pub fn history(&self, grid: Grid) -> History {
        let days = grid.days();
        let listed = (self.listed_days + days - 1) / days;
        let mut sums = vec![0i64; listed.max(0) as usize];
        for &(day, amount) in &self.days {
            if let Some(sum) = sums.get_mut((i64::from(day) / days) as usize) {
                *sum = sum.saturating_add(amount);
            }
        }
        let unit = self.unit.max(1);
        let mut history = History { listed: listed.max(0) as u32, ..History::default() };
        for (age, sum) in (0u32..).zip(&sums) {
            let from = i64::from(age) * days;
            let to = (from + days).min(self.listed_days) - 1;
            let all = (to - from + 1).max(1);
            let out = if self.out.is_empty() { 0 } else { self.days_out(from, to) };
            if *sum > 0 {
                let there = if self.refused_when_out { 1.0 - out as f64 / all as f64 } else { 1.0 };
                let usual = self.season.map_or(1.0, |(season, today)| {
                    today
                        .checked_sub_days(chrono::Days::new((from + days / 2) as u64))
                        .map_or(1.0, |day| season.on(day))
                });
                let amount = *sum as f64 / unit as f64 / there.max(LEAST_SHARE) / usual;
                history.sales.push((age, amount.round().max(1.0)));
            } else if out >= all {
                history.missing.push(age);
            }
        }
        history
    }

    /// Days since the newest order; `None` without one.
    pub fn days_since_last(&self) -> Option<i64> {
        self.days.iter().filter(|d| d.1 > 0).map(|d| i64::from(d.0)).min()
    }

    /// Weeks in which it sold.
    fn weeks_sold(&self) -> usize {
        let mut sums = [0i64; (DAYS_BACK / 7) as usize];
        for &(day, amount) in &self.days {
            if let Some(sum) = sums.get_mut(usize::from(day) / 7) {
                *sum = sum.saturating_add(amount);
            }
        }
        let listed = ((self.listed_days + 6) / 7).max(0) as usize;
        sums.iter().take(listed).filter(|sum| **sum > 0).count()
    }

    /// Nothing for twelve months, or for four times its usual interval where that is longer, or for the whole window after
    /// it had sold: it sleeps.
    pub fn asleep(&self) -> bool {
        let Some(since) = self.days_since_last() else { return self.long_ago };
        if since < 365 {
            return false;
        }
        let sales = self.weeks_sold().max(1) as i64;
        since >= 4 * (self.listed_days - since).max(0) / sales
    }
}

/// Days of `date` before `today`, within the window.
pub fn days_before(today: NaiveDate, date: NaiveDate) -> Option<u16> {
    let days = (today - date).num_days();
    u16::try_from(days).ok().filter(|d| i64::from(*d) < DAYS_BACK)
}

/// The smallest step in which these amounts are sold: a whole unit, a tenth, a hundredth or a thousandth.
pub fn unit_of(amounts: impl Iterator<Item = i64>) -> i64 {
    amounts.fold(1000, |unit, amount| if amount % unit == 0 { unit } else { finer(unit, amount) })
}

fn finer(unit: i64, amount: i64) -> i64 {
    [100, 10, 1].into_iter().find(|u| *u < unit && amount % u == 0).unwrap_or(1)
}

/// Buckets of demand as the forecast reads them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct History {
    /// Buckets since the item was first listed.
    pub listed: u32,
    /// (buckets before the newest, units): only those in which it sold.
    pub sales: Vec<(u32, f64)>,
    /// Buckets before the newest that say nothing: it was out all through, and nobody ordered.
    pub missing: Vec<u32>,
}

impl History {
    /// From amounts by bucket, oldest first, in units.
    pub fn from_buckets(amounts: &[f64]) -> History {
        let sales = (0u32..).zip(amounts.iter().rev()).filter(|s| *s.1 > 0.0).map(|(age, y)| (age, *y)).collect();
        History { listed: amounts.len() as u32, sales, missing: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::default() + chrono::Days::new(20_000) - chrono::TimeDelta::days(n)
    }

    #[test]
    fn time_before_the_first_listing_is_unknown() {
        let demand = Demand::new(day(0), Some(day(20)), [(day(3), 2000), (day(10), 1000)]);
        assert_eq!(
            demand.history(Grid::Weeks),
            History { listed: 3, sales: vec![(0, 2.0), (1, 1.0)], missing: vec![] }
        );
        let only_orders = Demand::new(day(0), None, [(day(3), 2000), (day(10), 1000)]);
        assert_eq!(only_orders.history(Grid::Weeks).listed, 2);
    }

    #[test]
    fn the_future_and_the_distant_past_do_not_count() {
        let demand = Demand::new(day(0), None, [(day(-1), 9000), (day(728), 9000), (day(0), 1000), (day(6), 1000)]);
        assert_eq!(demand.history(Grid::Weeks), History { listed: 1, sales: vec![(0, 2.0)], missing: vec![] });
    }

    #[test]
    fn returns_net_out_within_a_bucket_and_never_below_nothing() {
        let demand = Demand::new(day(0), None, [(day(1), 5000), (day(2), -5000), (day(8), -3000), (day(15), 4000)]);
        assert_eq!(demand.history(Grid::Weeks).sales, vec![(2, 4.0)]);
    }

    #[test]
    fn while_it_was_out_nothing_is_known() {
        let mut demand = Demand::new(day(0), Some(day(34)), [(day(30), 4000), (day(2), 2000)]);
        demand.out = vec![(0, 3), (7, 20)]; // days 0 to 3, and 7 to 20: the second and third week whole
        let history = demand.history(Grid::Weeks);
        assert_eq!((history.sales.clone(), history.missing.clone()), (vec![(0, 2.0), (4, 4.0)], vec![1, 2]));
        // Customers were turned away on four of seven days: two ordered on the other three.
        demand.refused_when_out = true;
        assert_eq!(demand.history(Grid::Weeks).sales, vec![(0, 5.0), (4, 4.0)]);
        demand.out = vec![(0, 6)];
        assert_eq!(demand.history(Grid::Weeks).sales[0], (0, 7.0), "never more than 1 / 0.3 of it");
    }

    #[test]
    fn a_season_is_taken_out_of_the_past() {
        let season = Season::parse("1 1 1 1 1 1 1 1 1 1 3 2").unwrap(); // mean 1.25: November sells 2.4 times the usual
        let november = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        assert!((season.on(november) - 2.4).abs() < 1e-12);
        assert!((season.over(november, 365.0) - 1.0).abs() < 0.02);
        let mut demand = Demand::new(november, None, [(november, 24_000)]);
        demand.season = Some((season, november));
        assert_eq!(demand.history(Grid::Weeks).sales, vec![(0, 10.0)]);
        for wrong in ["", "1 2", "1 1 1 1 1 1 1 1 1 1 1 0", "1 1 1 1 1 1 1 1 1 1 1 x", "1 1 1 1 1 1 1 1 1 1 1 1 1"] {
            assert_eq!(Season::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_successor_inherits_what_was_ordered_before() {
        let mut new = Demand::new(day(0), Some(day(10)), [(day(3), 1000)]);
        new.inherit(&Demand::new(day(0), Some(day(400)), [(day(20), 2500)]));
        let history = new.history(Grid::Weeks);
        assert_eq!((new.unit, history.listed, history.sales), (100, 58, vec![(0, 10.0), (2, 25.0)]));
    }

    #[test]
    fn metres_are_planned_in_the_step_they_are_sold_in() {
        let demand = Demand::new(day(0), None, [(day(1), 2500), (day(9), 1000)]);
        assert_eq!(demand.unit, 100);
        assert_eq!(demand.history(Grid::Weeks).sales, vec![(0, 25.0), (1, 10.0)]);
        assert_eq!(Demand::new(day(0), None, [(day(1), 1001), (day(9), 1500)]).unit, 1);
    }

    #[test]
    fn months_where_the_usual_item_sells_in_few_weeks() {
        let rare: Vec<Demand> = (0..9).map(|n| Demand::new(day(0), Some(day(700)), [(day(n * 70), 1000)])).collect();
        assert_eq!(Grid::for_catalogue(&rare.iter().collect::<Vec<_>>()), Grid::Months);
        let brisk: Vec<Demand> =
            (0..9).map(|_| Demand::new(day(0), Some(day(700)), (0..50).map(|w| (day(w * 14), 1000)))).collect();
        assert_eq!(Grid::for_catalogue(&brisk.iter().collect::<Vec<_>>()), Grid::Weeks);
        assert_eq!(Grid::for_catalogue(&[]), Grid::Weeks);
    }

    #[test]
    fn weeks_of_sales_are_those_of_the_history() {
        for (listed, days) in [
            (Some(day(700)), vec![(day(3), 2000), (day(4), 1000), (day(10), -500), (day(600), 7)]),
            (Some(day(20)), vec![(day(1), 5000), (day(2), -5000), (day(15), 4000)]),
            (None, vec![(day(727), 1), (day(0), 1)]),
            (Some(day(900)), Vec::new()),
        ] {
            let demand = Demand::new(day(0), listed, days);
            assert_eq!(demand.weeks_sold(), demand.history(Grid::Weeks).sales.len());
        }
    }

    #[test]
    fn an_item_sleeps_after_a_year_or_four_of_its_intervals() {
        assert!(
            Demand::new(
                day(0),
                Some(day(700)),
                [(day(390), 1000), (day(450), 1000), (day(500), 1000), (day(600), 1000)]
            )
            .asleep()
        );
        assert!(!Demand::new(day(0), Some(day(700)), [(day(300), 1000)]).asleep());
        assert!(!Demand::new(day(0), Some(day(700)), [(day(400), 1000)]).asleep(), "it sells every 300 days");
        let none = Demand::new(day(0), Some(day(700)), []);
        assert!(!none.asleep(), "no history is not sleep");
        assert!(Demand { long_ago: true, ..none.clone() }.asleep(), "ordered three years ago, and not since");
        let mut heir = none;
        heir.inherit(&Demand { long_ago: true, ..Demand::default() });
        assert!(heir.asleep(), "it takes over what slept");
    }
}
