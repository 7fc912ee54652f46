//! The verdict on a PO line.

use super::super::lateness::{Delivery, completed_on};
use super::super::quantity::Qty;
use super::Measure;
use chrono::{Days, NaiveDate};

/// A line that counts in the scorecard, and how.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged<'a> {
    pub line: &'a Delivery,
    /// The date first promised for it.
    pub promised: NaiveDate,
    /// The receipt that completed it; none: not complete.
    pub completed: Option<NaiveDate>,
    pub on_time: bool,
    pub in_full: bool,
}

impl Judged<'_> {
    /// Days that the completing receipt came after the promised date, early ones below zero; none: not complete.
    pub fn days_late(&self) -> Option<i64> {
        Some((self.completed? - self.promised).num_days())
    }
}

/// The lines that a supplier's rates are counted from, newest promise first.
pub fn judged<'a>(lines: &'a [Delivery], measure: &Measure, today: NaiveDate) -> Vec<Judged<'a>> {
    let from = measure.from(today);
    let mut all: Vec<Judged> = lines.iter().filter_map(|line| judge(line, from, measure, today)).collect();
    all.sort_by_key(|v| (std::cmp::Reverse(v.promised), std::cmp::Reverse(v.line.po_line)));
    all
}

/// What must come of a line so that it is whole.
pub(super) fn needed(line: &Delivery, measure: &Measure) -> Qty {
    let ordered = line.ordered();
    let missing = ordered.thousandths().saturating_mul(measure.short_percent.clamp(0, 100)) / 100;
    ordered - Qty::from_thousandths(missing)
}

/// Whether goods are still to come after the date first promised and its tolerance.
pub(super) fn is_overdue(line: &Delivery, measure: &Measure, today: NaiveDate) -> bool {
    line.open().is_positive() && line.first_promised.is_some_and(|day| after(day, measure.late_days) < today)
}

pub(super) fn after(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_days(Days::new(days.max(0).unsigned_abs())).unwrap_or(day)
}

/// The verdict on a line whose first promised date lies in the window; none where there is nothing to judge yet.
pub(super) fn judge<'a>(
    line: &'a Delivery,
    from: NaiveDate,
    measure: &Measure,
    today: NaiveDate,
) -> Option<Judged<'a>> {
    let promised = line.first_promised.filter(|day| (from..=today).contains(day))?;
    if !line.ordered().is_positive() {
        return None;
    }
    let needed = needed(line, measure);
    let completed = completed_on(&line.arrivals, needed).filter(|day| *day <= today);
    let came = line.came_by(today);
    let nothing_to_come = line.open().is_zero() && came == line.received;
    let still_in_time = after(promised, measure.late_days) >= today;
    if completed.is_none() && (line.is_undated() || (still_in_time && !nothing_to_come)) {
        return None;
    }
    let rejected: Qty = line.arrivals.iter().filter(|a| a.on <= today).map(|a| a.rejected).sum();
    let in_time = |day: NaiveDate| {
        let late = (day - promised).num_days();
        late <= measure.late_days && measure.early_days.is_none_or(|early| late >= -early)
    };
    // What we gave up after the date was late, whatever came of the rest: not delivering is never better than late.
    let given_up = given_up_late(line, promised, measure);
    Some(Judged {
        line,
        promised,
        completed,
        on_time: !given_up && completed.is_some_and(in_time),
        in_full: !given_up && came - rejected >= needed,
    })
}

/// Of a line that was cancelled altogether the day promised for it; none where we did that before it: that is no fault
/// of the supplier.
pub(super) fn failed_altogether(line: &Delivery, measure: &Measure) -> Option<NaiveDate> {
    let promised = line.first_promised.filter(|_| line.quantity.is_positive() && !line.ordered().is_positive())?;
    (!line.by_us || given_up_late(line, promised, measure)).then_some(promised)
}

/// Whether some of a line was cancelled when its date was past.
pub(super) fn given_up_late(line: &Delivery, promised: NaiveDate, measure: &Measure) -> bool {
    line.cancelled.is_positive() && line.ended_on.is_some_and(|on| on > after(promised, measure.late_days))
}
