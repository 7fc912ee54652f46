//! How far a supplier can be trusted, from PO lines and receipts.
//!
//! A line is judged once by the date FIRST promised for it (first confirmed, else the date expected on the line, else on
//! its PO): re-dating moves the likely date, never the score. On time: the receipt that completes it, rejected units
//! included, comes on or before that date. In full: what was accepted so far is all that was ordered and not cancelled.
//! A line past that date with goods still to come counts as late now; a line not yet due is not counted. Lines of
//! which nobody knows when they came are left out.
//!
//! The rates are plain shares of the lines in the window. Shrinkage towards what all suppliers do, recency weights
//! (half-life a year) and the lower 10 % bound enter only timeliness, reliability, professionalism and the score.
//! One line is one case whatever the others did, so that no line on time ever lowers a score and no late one raises it.
//!
//! [`judging`] has the verdict on a line, [`counting`] one supplier's figures, [`scoring`] what all suppliers together
//! make of them, [`evidence`] the lines behind each figure, [`effects`] what each of them does to the score, [`sums`] what is kept so that thousands are read at once.

pub mod conduct;
pub mod counting;
pub mod effects;
pub mod evidence;
pub mod judging;
#[cfg(test)]
mod laws;
pub mod scoring;
pub mod sums;
#[cfg(test)]
mod tests;

pub use conduct::{Asked, Conduct, Incident, Invoiced, Severity};
pub use counting::Noted;
pub use effects::{Effect, effects};
pub use evidence::{Behind, Figure, behind};
pub use judging::{Judged, judged};
pub use scoring::{Priors, card_of, scorecards};
pub use sums::Sums;

use super::money::Money;
use super::odds::Beta;
use chrono::{Days, NaiveDate};

/// What scorecards are measured with.
#[derive(Clone, PartialEq, Debug)]
pub struct Measure {
    /// Days back from the business date within which the first promised date lies; 0: all.
    pub window_days: i64,
    /// Of timeliness, reliability, professionalism; parts without data are weighed out.
    pub weights: [f64; 3],
    pub holidays: Vec<NaiveDate>,
    /// Days after which a case counts half in the scores.
    pub half_life_days: f64,
    /// Days after the promised date that still count as on time.
    pub late_days: i64,
    /// Days before it that do; none: early is on time however early.
    pub early_days: Option<i64>,
    /// Percent of the ordered quantity that may be missing of a line in full.
    pub short_percent: i64,
    /// Percent of the ordered quantity by which more may come.
    pub over_percent: i64,
}

impl Default for Measure {
    fn default() -> Measure {
        Measure {
            window_days: 365,
            weights: [0.4, 0.4, 0.2],
            holidays: Vec::new(),
            half_life_days: 365.0,
            late_days: 0,
            early_days: None,
            short_percent: 0,
            over_percent: 5,
        }
    }
}

impl Measure {
    /// The first day of the window.
    pub fn from(&self, today: NaiveDate) -> NaiveDate {
        match self.window_days {
            ..=0 => NaiveDate::MIN,
            days => today.checked_sub_days(Days::new(days.unsigned_abs())).unwrap_or(NaiveDate::MIN),
        }
    }
}

/// A band of scores. The bands cover 0 to 100 without a hole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Grade {
    /// 90 and more.
    A,
    /// 80 to below 90.
    B,
    /// 70 to below 80.
    C,
    /// Below 70.
    D,
}

impl Grade {
    /// The band of a score from 0 to 100.
    pub fn of(score: f64) -> Grade {
        match score {
            s if s >= 90.0 => Grade::A,
            s if s >= 80.0 => Grade::B,
            s if s >= 70.0 => Grade::C,
            _ => Grade::D,
        }
    }
    /// All bands, for a person.
    pub const BANDS: &'static str = "A from 90, B from 80, C from 70, D below";
    /// The scores of the band: `80 to 90`.
    pub fn range(self) -> &'static str {
        match self {
            Grade::A => "90 to 100",
            Grade::B => "80 to 90",
            Grade::C => "70 to 80",
            Grade::D => "below 70",
        }
    }
    pub fn letter(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
            Grade::D => "D",
        }
    }
}

/// How a supplier's timeliness goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    Better,
    Worse,
}

/// Fewer lines than this are too few to judge: the grade stands in brackets.
pub const ENOUGH_LINES: usize = 5;
/// Working days within which an order or a question is answered.
pub const ANSWER_DAYS: u32 = 2;
/// Months of the trend.
pub const MONTHS: usize = 12;

/// So many of so many.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Share {
    pub good: usize,
    pub all: usize,
}

impl Share {
    pub fn count(&mut self, good: bool) {
        self.all += 1;
        self.good += usize::from(good);
    }
    /// 0 to 1; none of nothing.
    pub fn rate(self) -> Option<f64> {
        (self.all > 0).then(|| self.good as f64 / self.all as f64)
    }
}

/// A supplier's figures on one day. Days are whole, rates 0 to 1, scores 0 to 100; none: no data.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scorecard {
    /// Lines judged in the window.
    pub lines: usize,
    pub on_time: Share,
    pub in_full: Share,
    /// Both.
    pub otif: Share,
    /// Share of the ordered quantity that came by the date first promised.
    pub on_time_qty: Option<f64>,
    /// Share of the received quantity that was rejected.
    pub reject_rate: Option<f64>,
    /// Lines of which nothing was rejected.
    pub sound: Share,
    /// What the rejected goods cost, where their price is known.
    pub rejected_worth: Money,
    /// Lines that they did not end before all had come.
    pub not_cut: Share,
    /// Lines on which nothing else came than was ordered.
    pub right_item: Share,
    /// Lines on which not more came than was ordered.
    pub not_over: Share,
    /// From confirmation (else order) to the completing receipt; POs without an order date teach none.
    pub lead_days_median: Option<i64>,
    pub lead_days_p90: Option<i64>,
    /// How many lines those are learned from.
    pub lead_lines: usize,
    /// Days late of the completed lines, early ones as 0.
    pub late_days_median: Option<i64>,
    pub late_days_p90: Option<i64>,
    /// Lines past the date first promised with goods still to come, whatever the window.
    pub overdue_lines: usize,
    /// Orders confirmed within two working days.
    pub answered: Share,
    /// Days from the order to its confirmation, the median.
    pub answer_days_median: Option<i64>,
    /// Questions answered within two working days.
    pub chasers: Share,
    /// Delays that were announced before the date.
    pub announced: Share,
    /// How many days before it, the median.
    pub announced_days_median: Option<i64>,
    /// Lines invoiced at the price agreed, within a percent.
    pub price_kept: Share,
    /// Invoices whose papers were right.
    pub papers: Share,
    /// What went wrong and was noted, in points (see [`Severity::points`]), faded by age.
    pub incident_points: f64,
    pub incidents: usize,
    /// Lines whose confirmed date was not put off; told, never scored.
    pub kept_dates: Share,
    /// Lines first confirmed for no later day than the order and the days they quote; told, never scored. Counted where
    /// the quoted days are at hand, by [`evidence::first_dates`].
    pub first_dates: Share,
    /// Days that the first confirmed day is later than that, the median, earlier ones as 0.
    pub first_dates_later: Option<i64>,
    pub timeliness: Option<f64>,
    pub reliability: Option<f64>,
    pub professionalism: Option<f64>,
    pub score: Option<f64>,
    /// What the on-time share probably is: the mean, few cases drawn towards what all suppliers do.
    pub expected_on_time: Option<f64>,
    /// What all suppliers do: the mean that few cases are drawn towards.
    pub usual_on_time: Option<f64>,
    /// How late the completed lines came: early, on the day, 1-3, 4-7, more days.
    pub how_late: [usize; 5],
    /// On time by the month of the date first promised, the oldest first, this month last; whatever the window.
    pub trend: [Share; MONTHS],
}

impl Scorecard {
    /// Lines, but fewer than it takes to judge.
    pub fn too_few(&self) -> bool {
        self.lines < ENOUGH_LINES
    }
    /// The share of lines on time that the next ones are sure to exceed, 0 to 100. None where there are too few lines, or
    /// where what all suppliers do lifts it above this one's own share: a floor above the value is none.
    pub fn sure_on_time(&self) -> Option<f64> {
        let own = self.on_time.rate()? * 100.0;
        self.timeliness.filter(|sure| !self.too_few() && *sure <= own)
    }
    /// Whether more lines are on time of late than before: the last three months against the nine before them. None where
    /// either has too few lines, or where chance alone may have done it: the ranges in which each share lies 8 times of 10
    /// overlap.
    pub fn turn(&self) -> Option<Turn> {
        let (before, lately) = self.trend.split_at(MONTHS - 3);
        let range = |months: &[Share]| {
            let (good, all) = months.iter().fold((0, 0), |(good, all), share| (good + share.good, all + share.all));
            let share = Beta { a: 1.0 + good as f64, b: 1.0 + (all - good) as f64 };
            (all >= ENOUGH_LINES).then(|| (share.quantile(0.1), share.quantile(0.9)))
        };
        let ((low, high), (before_low, before_high)) = (range(lately)?, range(before)?);
        match (low > before_high, high < before_low) {
            (true, _) => Some(Turn::Better),
            (_, true) => Some(Turn::Worse),
            _ => None,
        }
    }
    pub fn grade(&self) -> Option<Grade> {
        self.score.map(Grade::of)
    }
    /// For a person: `grade B`, `3 lines, too few to judge`, `no grade`.
    pub fn grade_words(&self) -> String {
        match self.grade() {
            _ if self.lines > 0 && self.too_few() => {
                format!("{} line{}, too few to judge", self.lines, if self.lines == 1 { "" } else { "s" })
            }
            Some(grade) => format!("grade {}", grade.letter()),
            None => "no grade".into(),
        }
    }
    /// For the export: `B`, `(B)` where there are too few lines, `no data`.
    pub fn grade_text(&self) -> String {
        match self.grade() {
            None => "no data".into(),
            Some(grade) if self.too_few() => format!("({})", grade.letter()),
            Some(grade) => grade.letter().into(),
        }
    }
}
