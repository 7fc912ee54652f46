//! The figures of a scorecard by name, and the lines, receipts, questions and invoices behind each.

use super::super::calendar::{is_working_day, plus_days};
use super::super::dates;
use super::super::ids::{ItemId, PoId};
use super::super::lateness::{Arrival, Delivery};
use super::super::quantity::Qty;
use super::counting::{Noted, announced, confirmed_in_time};
use super::judging::{failed_altogether, is_overdue};
use super::{Conduct, Judged, Measure, Scorecard, Share, judged};
use chrono::NaiveDate;
use std::collections::HashSet;

/// A figure of a scorecard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Figure {
    OnTime,
    OnTimeByQuantity,
    DaysLate,
    OverdueNow,
    LeadTime,
    FirstDate,
    DatesKept,
    InFull,
    OnTimeInFull,
    Rejected,
    EndedShort,
    WrongItem,
    OverDelivered,
    Confirmed,
    Questions,
    Announced,
    Price,
    Papers,
    Incidents,
}

/// Of which score a figure is told.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    Timeliness,
    Reliability,
    Professionalism,
}

impl Figure {
    pub const ALL: [Figure; 19] = [
        Figure::OnTime,
        Figure::OnTimeByQuantity,
        Figure::DaysLate,
        Figure::OverdueNow,
        Figure::LeadTime,
        Figure::FirstDate,
        Figure::DatesKept,
        Figure::InFull,
        Figure::OnTimeInFull,
        Figure::Rejected,
        Figure::EndedShort,
        Figure::WrongItem,
        Figure::OverDelivered,
        Figure::Confirmed,
        Figure::Questions,
        Figure::Announced,
        Figure::Price,
        Figure::Papers,
        Figure::Incidents,
    ];

    pub fn part(self) -> Part {
        use Figure::*;
        match self {
            OnTime | OnTimeByQuantity | DaysLate | OverdueNow | LeadTime | FirstDate | DatesKept => Part::Timeliness,
            InFull | OnTimeInFull | Rejected | EndedShort | WrongItem | OverDelivered => Part::Reliability,
            Confirmed | Questions | Announced | Price | Papers | Incidents => Part::Professionalism,
        }
    }

    /// In the words of the screen.
    pub fn words(self) -> &'static str {
        match self {
            Figure::OnTime => "on time, by line",
            Figure::OnTimeByQuantity => "on time, by quantity",
            Figure::DaysLate => "days late",
            Figure::OverdueNow => "late now",
            Figure::LeadTime => "days once confirmed",
            Figure::FirstDate => "confirmed as quoted",
            Figure::DatesKept => "dates not put off",
            Figure::InFull => "in full",
            Figure::OnTimeInFull => "on time and in full",
            Figure::Rejected => "nothing rejected",
            Figure::EndedShort => "not ended short",
            Figure::WrongItem => "the right goods",
            Figure::OverDelivered => "not too many",
            Figure::Confirmed => "confirmed in 2 working days",
            Figure::Questions => "questions answered in 2 days",
            Figure::Announced => "delays told before the date",
            Figure::Price => "price as agreed",
            Figure::Papers => "papers right",
            Figure::Incidents => "incidents",
        }
    }

    /// What it counts, in a sentence.
    pub fn explained(self) -> &'static str {
        match self {
            Figure::OnTime => "The receipt that completes a line comes by the day first promised for it.",
            Figure::OnTimeByQuantity => "How much of what was ordered had come by the day first promised.",
            Figure::DaysLate => "From the day first promised to the receipt that completes the line.",
            Figure::OverdueNow => "Past the day first promised with goods still to come, whatever the window.",
            Figure::LeadTime => {
                "From the day they confirmed, else that of the order, to the receipt that completes the line."
            }
            Figure::FirstDate => {
                "The day first confirmed is no later than that of the order and the days they quote. Told, not scored."
            }
            Figure::DatesKept => "Not put off after it was confirmed. Told, not scored: the first date is scored.",
            Figure::InFull => "All that was ordered and not cancelled came, and none of it was bad.",
            Figure::OnTimeInFull => "Both at once: on time, and in full.",
            Figure::Rejected => "Lines of which nothing was bad; beside it the share of bad pieces.",
            Figure::EndedShort => "Not ended or cancelled before all of it had come.",
            Figure::WrongItem => "Nothing else came than was ordered.",
            Figure::OverDelivered => "Not more came than was ordered and is allowed beyond it.",
            Figure::Confirmed => "Orders confirmed within two working days.",
            Figure::Questions => "Questions about an order answered within two working days.",
            Figure::Announced => "Of lines that were late: told before the day promised.",
            Figure::Price => "Invoiced at the price agreed, within a percent.",
            Figure::Papers => "Invoices whose papers were right.",
            Figure::Incidents => "What was noted: points off professionalism, half of them after a half-life.",
        }
    }

    /// The share that the figure is, where it is one.
    pub fn share(self, card: &Scorecard) -> Option<Share> {
        Some(match self {
            Figure::OnTime => card.on_time,
            Figure::FirstDate => card.first_dates,
            Figure::DatesKept => card.kept_dates,
            Figure::InFull => card.in_full,
            Figure::OnTimeInFull => card.otif,
            Figure::Rejected => card.sound,
            Figure::EndedShort => card.not_cut,
            Figure::WrongItem => card.right_item,
            Figure::OverDelivered => card.not_over,
            Figure::Confirmed => card.answered,
            Figure::Questions => card.chasers,
            Figure::Announced => card.announced,
            Figure::Price => card.price_kept,
            Figure::Papers => card.papers,
            _ => return None,
        })
    }

    /// Of how many it is told.
    pub fn count(self, card: &Scorecard) -> usize {
        match self {
            Figure::OnTimeByQuantity => card.lines,
            Figure::DaysLate => card.how_late.iter().sum(),
            Figure::OverdueNow => card.overdue_lines,
            Figure::LeadTime => card.lead_lines,
            Figure::Incidents => card.incidents,
            _ => self.share(card).map_or(0, |share| share.all),
        }
    }

    /// What it says of the lines in the window; none: no data. `usually` is not said here: that is what was learned and
    /// dates are foretold by, of lines of any age.
    pub fn value(self, card: &Scorecard) -> Option<String> {
        let percent = |rate: f64| format!("{:.0} %", rate * 100.0);
        let days = |half: Option<i64>, most: Option<i64>| Some(format!("half in {}, 9 of 10 in {}", half?, most?));
        match self {
            Figure::OnTimeByQuantity => card.on_time_qty.map(percent),
            Figure::DaysLate => days(card.late_days_median, card.late_days_p90),
            Figure::OverdueNow => Some(card.overdue_lines.to_string()),
            Figure::LeadTime => days(card.lead_days_median, card.lead_days_p90),
            Figure::Incidents => (card.incidents > 0).then(|| format!("-{:.0} points", card.incident_points)),
            Figure::Rejected => {
                let lines = card.sound.rate().map(percent)?;
                let pieces = card.reject_rate.filter(|rate| *rate > 0.0);
                Some(pieces.map_or(lines.clone(), |rate| format!("{lines}, {:.1} % bad", rate * 100.0)))
            }
            Figure::Confirmed => Some(match (card.answered.rate().map(percent)?, card.answer_days_median) {
                (share, Some(days)) => format!("{share}, half in {days} d"),
                (share, None) => share,
            }),
            Figure::FirstDate => Some(match (card.first_dates.rate().map(percent)?, card.first_dates_later) {
                (share, Some(days)) if days > 0 => format!("{share}, half {days} d later or more"),
                (share, _) => share,
            }),
            Figure::Announced => Some(match (card.announced.rate().map(percent)?, card.announced_days_median) {
                (share, Some(days)) => format!("{share}, {days} d before"),
                (share, None) => share,
            }),
            _ => self.share(card)?.rate().map(percent),
        }
    }
}

/// One case behind a figure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Behind {
    /// `PO-77` and its line; none for an incident.
    pub po_code: String,
    pub line_code: String,
    pub item: Option<ItemId>,
    /// The day it is judged by.
    pub on: NaiveDate,
    /// None: neither good nor bad, only told.
    pub good: Option<bool>,
    /// What happened: `came 24 Sep, 4 days late`.
    pub says: String,
    /// What came on the line.
    pub arrivals: Vec<Arrival>,
}

/// The cases behind a figure, bad ones first, then the newest. `noted` as of all suppliers.
pub fn behind(
    figure: Figure,
    lines: &[Delivery],
    conduct: &Conduct,
    noted: Noted,
    measure: &Measure,
    today: NaiveDate,
) -> Vec<Behind> {
    let mut out = match figure {
        Figure::Questions | Figure::Price | Figure::Papers | Figure::Incidents => {
            of_conduct(figure, conduct, measure, today)
        }
        Figure::Confirmed if !noted.answers => Vec::new(),
        Figure::Confirmed => confirmations(lines, measure, today),
        Figure::OverdueNow => {
            lines.iter().filter(|l| is_overdue(l, measure, today)).map(|l| overdue(l, today)).collect()
        }
        _ => judged(lines, measure, today).iter().filter_map(|v| of_line(figure, v, noted, measure, today)).collect(),
    };
    if figure == Figure::EndedShort {
        out.extend(cancelled(lines, measure, today).into_iter().map(|(_, case)| case));
    }
    out.sort_by_key(|b| (b.good.unwrap_or(true), std::cmp::Reverse(b.on)));
    out
}

fn days(n: i64) -> String {
    if n == 1 { "1 day".into() } else { format!("{n} days") }
}

pub(super) fn line(line: &Delivery, on: NaiveDate, good: Option<bool>, says: String) -> Behind {
    Behind {
        po_code: line.po_code.clone(),
        line_code: line.line_code.clone(),
        item: Some(line.item),
        on,
        good,
        says,
        arrivals: line.arrivals.clone(),
    }
}

fn overdue(l: &Delivery, today: NaiveDate) -> Behind {
    let promised = l.first_promised.unwrap_or(today);
    let says = format!("{} late, {} to come", days((today - promised).num_days()), l.open());
    line(l, promised, Some(false), says)
}

/// `came 24 Sep, 4 days late`.
pub(super) fn when(verdict: &Judged, today: NaiveDate) -> String {
    let Some(came) = verdict.completed else {
        return match verdict.line.open().is_positive() {
            true => format!("{} late, not whole yet", days((today - verdict.promised).num_days())),
            false => "never came whole".into(),
        };
    };
    let on = dates::short(came, today);
    match (came - verdict.promised).num_days() {
        0 => format!("came on the day, {on}"),
        late if late > 0 => format!("came {on}, {} late", days(late)),
        early => format!("came {on}, {} early", days(-early)),
    }
}

fn of_line(figure: Figure, v: &Judged, noted: Noted, measure: &Measure, today: NaiveDate) -> Option<Behind> {
    let l = v.line;
    let came = l.came_by(today);
    let rejected: Qty = l.arrivals.iter().filter(|a| a.on <= today).map(|a| a.rejected).sum();
    let (good, says) = match figure {
        Figure::OnTime | Figure::DaysLate if figure == Figure::DaysLate && v.completed.is_none() => return None,
        Figure::OnTime | Figure::DaysLate => (Some(v.on_time), when(v, today)),
        Figure::OnTimeByQuantity => {
            let by = l.came_by(v.promised).min(l.ordered());
            (Some(by >= l.ordered()), format!("{by} of {} by {}", l.ordered(), dates::short(v.promised, today)))
        }
        Figure::LeadTime => {
            let ordered = l.ordered_on?;
            let took = (v.completed? - l.confirmed_on.unwrap_or(ordered)).num_days().max(0);
            (None, format!("took {}", days(took)))
        }
        Figure::DatesKept => {
            let (confirmed, expected) = (l.confirmed_for?, l.expected_on?);
            let moved = (expected - confirmed).num_days();
            (Some(moved <= 0), if moved > 0 { format!("put off by {}", days(moved)) } else { "kept".into() })
        }
        Figure::InFull => (Some(v.in_full), format!("{} good of {}", came - rejected, l.ordered())),
        Figure::OnTimeInFull => {
            let short =
                if v.in_full { String::new() } else { format!(", {} good of {}", came - rejected, l.ordered()) };
            (Some(v.on_time && v.in_full), format!("{}{short}", when(v, today)))
        }
        Figure::Rejected if came.is_positive() => {
            let says = if rejected.is_zero() { "all good".into() } else { format!("{rejected} of {came} rejected") };
            (Some(rejected.is_zero()), says)
        }
        Figure::EndedShort => {
            let short = l.closed && l.received < l.ordered();
            let says =
                if short { format!("ended with {came} of {}", l.ordered()) } else { "whole or still open".into() };
            (Some(!short), says)
        }
        Figure::WrongItem if came.is_positive() => {
            let wrong = l.arrivals.iter().any(|a| a.on <= today && a.wrong_item);
            (Some(!wrong), if wrong { "something else came".into() } else { "as ordered".into() })
        }
        Figure::OverDelivered if came.is_positive() => {
            let most = l.ordered().thousandths().saturating_mul(100 + measure.over_percent.max(0)) / 100;
            (Some(came.thousandths() <= most), format!("{came} came of {}", l.ordered()))
        }
        Figure::Announced => {
            let good = announced(v, noted)?;
            let told = l.announced_on.map_or("nobody told us".into(), |on| format!("told {}", dates::short(on, today)));
            (Some(good), format!("{}; {told}", when(v, today)))
        }
        _ => return None,
    };
    Some(line(l, v.promised, good, says))
}

/// Lines cancelled altogether: never delivered.
pub(super) fn cancelled<'a>(lines: &'a [Delivery], measure: &Measure, today: NaiveDate) -> Vec<(&'a Delivery, Behind)> {
    let from = measure.from(today);
    let gone = lines.iter().filter_map(|l| Some((l, failed_altogether(l, measure)?)));
    gone.filter(|(_, promised)| (from..=today).contains(promised))
        .map(|(l, promised)| (l, line(l, promised, Some(false), "cancelled altogether".into())))
        .collect()
}

/// Of lines ordered in the window and confirmed: the day first confirmed against the day of the order and the days that
/// the supplier quotes (`quoted`, for the item); bad ones first, then the newest. With the days that each is later.
pub fn first_dates(
    lines: &[Delivery],
    quoted: impl Fn(ItemId) -> Option<i64>,
    measure: &Measure,
    today: NaiveDate,
) -> Vec<(Behind, i64)> {
    let from = measure.from(today);
    let of = |l: &Delivery| {
        let ordered = l.ordered_on.filter(|day| (from..=today).contains(day))?;
        let (says, took) = (quoted(l.item)?, (l.confirmed_for? - ordered).num_days());
        let words = format!("confirmed for {}: {}, says {}", dates::short(l.confirmed_for?, today), days(took), says);
        Some((line(l, ordered, Some(took <= says), words), took - says))
    };
    let mut out: Vec<(Behind, i64)> = lines.iter().filter_map(of).collect();
    out.sort_by_key(|(b, _)| (b.good.unwrap_or(true), std::cmp::Reverse(b.on)));
    out
}

fn confirmations(lines: &[Delivery], measure: &Measure, today: NaiveDate) -> Vec<Behind> {
    let from = measure.from(today);
    let mut seen: HashSet<PoId> = HashSet::new();
    let mut out = Vec::new();
    for l in lines {
        let Some(ordered) = l.ordered_on.filter(|day| (from..=today).contains(day)) else { continue };
        if !seen.insert(l.po) {
            continue;
        }
        let Some(good) = confirmed_in_time(ordered, l.confirmed_on, &measure.holidays, today) else { continue };
        let says = match l.confirmed_on {
            Some(on) => confirmed_after(ordered, on, &measure.holidays),
            None => "never confirmed".into(),
        };
        out.push(Behind {
            line_code: String::new(),
            item: None,
            arrivals: Vec::new(),
            ..line(l, ordered, Some(good), says)
        });
    }
    out
}

/// `confirmed after 4 days (2 working)`: it is judged by the latter.
fn confirmed_after(ordered: NaiveDate, on: NaiveDate, holidays: &[NaiveDate]) -> String {
    let all = (on - ordered).num_days().max(0);
    let working = (1..=all).filter(|n| is_working_day(plus_days(ordered, *n), holidays)).count();
    match usize::try_from(all) {
        Ok(all) if all != working => format!("confirmed after {} ({working} working)", days(all as i64)),
        _ => format!("confirmed after {}", days(all)),
    }
}

fn of_conduct(figure: Figure, conduct: &Conduct, measure: &Measure, today: NaiveDate) -> Vec<Behind> {
    let window = measure.from(today)..=today;
    let case = |po_code: &str, on: NaiveDate, good: Option<bool>, says: String| Behind {
        po_code: po_code.to_string(),
        line_code: String::new(),
        item: None,
        on,
        good,
        says,
        arrivals: Vec::new(),
    };
    match figure {
        Figure::Questions => conduct
            .asked
            .iter()
            .filter(|a| window.contains(&a.asked_on))
            .filter_map(|a| {
                let good = a.answered_in_time(&measure.holidays, today)?;
                let says = match a.answered_on {
                    Some(on) => format!("asked, answered after {}", days((on - a.asked_on).num_days())),
                    None => "asked, no answer".into(),
                };
                Some(case(&a.po_code, a.asked_on, Some(good), says))
            })
            .collect(),
        Figure::Price | Figure::Papers => conduct
            .invoiced
            .iter()
            .filter(|i| window.contains(&i.on))
            .filter_map(|i| {
                let (good, says) = match figure {
                    Figure::Price => {
                        let kept = i.price_kept?;
                        (kept, if kept { "invoiced as agreed" } else { "invoiced at another price" })
                    }
                    _ => (i.papers_right, if i.papers_right { "papers right" } else { "papers wrong" }),
                };
                Some(case(&i.po_code, i.on, Some(good), says.into()))
            })
            .collect(),
        _ => conduct
            .incidents
            .iter()
            .filter(|i| window.contains(&i.on))
            .map(|i| {
                let points = i.points(measure.half_life_days, today);
                let says = format!("{}: {} (-{points:.1}, {})", i.severity.word(), i.what, i.operator);
                case("", i.on, Some(false), says)
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekend_between_order_and_answer_is_told() {
        let day = |n| NaiveDate::from_ymd_opt(2026, 11, n).unwrap();
        assert_eq!(confirmed_after(day(20), day(24), &[]), "confirmed after 4 days (2 working)");
        assert_eq!(confirmed_after(day(20), day(24), &[day(23)]), "confirmed after 4 days (1 working)");
        assert_eq!(confirmed_after(day(23), day(24), &[]), "confirmed after 1 day");
    }
}
