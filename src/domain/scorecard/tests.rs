//! Every trap about suppliers is a test here.

use super::super::ids::SupplierId;
use super::super::ids::{ItemId, PoId, PoLineId};
use super::super::lateness::{Arrival, Delivery};
use super::super::quantity::Qty;
use super::*;
use std::collections::HashMap;

const S: SupplierId = SupplierId(1);

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap() + chrono::Duration::days(n)
}

/// A line of 10, promised on `promised`, with arrivals of (day, units, rejected).
fn line(promised: i64, arrivals: &[(i64, i64, i64)]) -> Delivery {
    let arrivals: Vec<Arrival> = arrivals
        .iter()
        .map(|a| Arrival { on: day(a.0), quantity: Qty::units(a.1), rejected: Qty::units(a.2), wrong_item: false })
        .collect();
    Delivery {
        po_line: PoLineId(1),
        po: PoId(promised),
        supplier: S,
        item: ItemId(1),
        po_code: "PO-1".into(),
        line_code: "1".into(),
        ordered_on: Some(day(promised - 10)),
        confirmed_on: Some(day(promised - 9)),
        confirmed_for: Some(day(promised)),
        first_promised: Some(day(promised)),
        expected_on: Some(day(promised)),
        quantity: Qty::units(10),
        cancelled: Qty::ZERO,
        received: arrivals.iter().map(|a| a.quantity).sum(),
        rejected: arrivals.iter().map(|a| a.rejected).sum(),
        arrivals,
        ..Delivery::blank()
    }
}
fn card(lines: &[Delivery]) -> Scorecard {
    scorecards(lines, &HashMap::new(), &Measure::default(), day(0)).remove(&S).unwrap_or_default()
}
fn close(a: Option<f64>, b: f64) {
    assert!(a.is_some_and(|a| (a - b).abs() < 1e-12), "{a:?} is not {b}");
}

#[test]
fn six_then_four_both_in_time_is_one_line_on_time_and_in_full() {
    let c = card(&[line(-20, &[(-25, 6, 0), (-20, 4, 0)])]);
    assert_eq!((c.lines, c.on_time, c.in_full, c.otif), (1, s(1, 1), s(1, 1), s(1, 1)));
    close(c.on_time_qty, 1.0);
}

#[test]
fn no_floor_is_told_of_too_few_lines_nor_one_above_the_share_itself() {
    let of = |good: usize, all: usize, sure: f64| {
        let card = Scorecard { lines: all, on_time: s(good, all), timeliness: Some(sure), ..Scorecard::default() };
        card.sure_on_time()
    };
    assert_eq!((of(1, 3, 39.0), of(1, 3, 9.0), of(1, 6, 39.0)), (None, None, None));
    assert_eq!(of(5, 6, 39.0), Some(39.0));
}

#[test]
fn the_last_part_late_makes_the_line_late_and_sixty_percent_by_quantity() {
    let c = card(&[line(-20, &[(-25, 6, 0), (-16, 4, 0)])]);
    assert_eq!((c.on_time, c.in_full, c.otif), (s(0, 1), s(1, 1), s(0, 1)));
    close(c.on_time_qty, 0.6);
    assert_eq!((c.late_days_median, c.how_late), (Some(4), [0, 0, 0, 1, 0]));
}

#[test]
fn due_last_week_with_nothing_received_counts_as_late_now() {
    let c = card(&[line(-7, &[])]);
    assert_eq!((c.lines, c.overdue_lines, c.on_time, c.in_full), (1, 1, s(0, 1), s(0, 1)));
    close(c.on_time_qty, 0.0);
    assert_eq!((c.lead_days_median, c.reject_rate), (None, None));
}

#[test]
fn not_yet_due_is_not_counted_and_due_today_neither() {
    let c = card(&[line(0, &[]), line(5, &[]), line(0, &[(0, 10, 0)])]);
    assert_eq!((c.lines, c.overdue_lines, c.on_time), (1, 0, s(1, 1)));
}

#[test]
fn a_later_date_leaves_the_score_as_it_was() {
    let before = card(&[line(-20, &[(-16, 10, 0)])]);
    let moved = Delivery { expected_on: Some(day(-10)), ..line(-20, &[(-16, 10, 0)]) };
    let after = card(&[moved]);
    assert_eq!((before.on_time, before.late_days_median), (after.on_time, after.late_days_median));
    assert_eq!((before.timeliness, before.reliability), (after.timeliness, after.reliability));
    assert_eq!(after.kept_dates, s(0, 1), "but the supplier did not keep what was confirmed");
}

#[test]
fn no_lines_in_the_window_is_no_data() {
    for lines in [vec![], vec![line(-400, &[(-400, 10, 0)])], vec![line(9, &[])]] {
        let c = card(&lines);
        assert_eq!((c.lines, c.score, c.grade_text().as_str()), (0, None, "no data"));
        assert_eq!((c.on_time.rate(), c.on_time_qty, c.timeliness), (None, None, None));
    }
}

#[test]
fn fewer_than_five_lines_stand_in_brackets() {
    let lines: Vec<Delivery> = (0..4).map(|n| line(-20 - n, &[(-30, 10, 0)])).collect();
    let c = card(&lines);
    assert!(c.too_few() && c.score.is_some() && c.grade_text().starts_with('('), "{}", c.grade_text());
    let five: Vec<Delivery> = (0..5).map(|n| line(-20 - n, &[(-30, 10, 0)])).collect();
    assert!(!card(&five).too_few());
}

#[test]
fn every_score_has_a_grade() {
    for tenth in 0..=1000 {
        let _ = Grade::of(f64::from(tenth) / 10.0);
    }
    assert_eq!((Grade::of(100.0), Grade::of(90.0), Grade::of(89.999)), (Grade::A, Grade::A, Grade::B));
    assert_eq!((Grade::of(79.9), Grade::of(69.9), Grade::of(0.0)), (Grade::C, Grade::D, Grade::D));
    let perfect: Vec<Delivery> = (0..300).map(|n| line(-n - 1, &[(-n - 1, 10, 0)])).collect();
    assert_eq!(card(&perfect).grade_text(), "A");
}

#[test]
fn rejected_units_were_delivered_but_not_in_full() {
    let c = card(&[line(-20, &[(-20, 10, 2)])]);
    assert_eq!((c.on_time, c.in_full, c.otif), (s(1, 1), s(0, 1), s(0, 1)));
    close(c.reject_rate, 0.2);
}

#[test]
fn what_was_cancelled_is_not_owed_but_a_cancelled_line_costs_reliability() {
    let mut cut = line(-20, &[(-20, 6, 0)]);
    cut.cancelled = Qty::units(4);
    assert_eq!(card(std::slice::from_ref(&cut)).otif, s(1, 1));
    let mut gone = line(-20, &[]);
    gone.cancelled = Qty::units(10);
    let (with, without) = (card(&[cut.clone(), gone]), card(&[cut]));
    assert_eq!((with.lines, with.overdue_lines), (1, 0));
    assert!(with.reliability < without.reliability);
}

#[test]
fn what_we_cancelled_in_time_is_no_fault_of_theirs_and_after_the_date_it_stays_late() {
    let whole: Vec<Delivery> = (0..6).map(|n| line(-20 - n, &[(-30, 10, 0)])).collect();
    let cancelled = |on: i64, by_us: bool| {
        let gone = Delivery { cancelled: Qty::units(10), ended_on: Some(day(on)), by_us, ..line(-20, &[]) };
        let mut all = whole.clone();
        all.push(gone);
        card(&all)
    };
    let (before, in_time) = (card(&whole), cancelled(-25, true));
    assert_eq!((in_time.reliability, in_time.timeliness), (before.reliability, before.timeliness));
    assert_eq!(in_time.not_cut, before.not_cut);
    let (late, theirs) = (cancelled(-10, true), cancelled(-25, false));
    assert!(late.timeliness < before.timeliness && late.reliability < before.reliability);
    assert!(theirs.reliability < before.reliability);
    assert_eq!(theirs.not_cut, s(6, 7));
}

#[test]
fn lead_time_runs_from_the_answer_and_needs_an_order_date() {
    let asked = line(-20, &[(-20, 10, 0)]);
    assert_eq!(card(std::slice::from_ref(&asked)).lead_days_median, Some(9));
    let unanswered = Delivery { confirmed_on: None, ..asked.clone() };
    assert_eq!(card(&[unanswered]).lead_days_median, Some(10));
    let unknown = Delivery { ordered_on: None, ..asked };
    assert_eq!(card(&[unknown]).lead_days_median, None);
}

#[test]
fn conduct_without_data_is_not_measured() {
    let mute = Delivery { confirmed_on: None, confirmed_for: None, ..line(-20, &[(-20, 10, 0)]) };
    let c = card(&[mute]);
    assert_eq!((c.professionalism, c.answered.all), (None, 0));
    assert!(c.score.is_some_and(|s| s > 0.0));
}

#[test]
fn a_line_of_which_nobody_knows_when_it_came_is_left_out() {
    let undated = Delivery { received: Qty::units(10), ..line(-20, &[]) };
    assert_eq!(card(&[undated]).lines, 0);
}

fn s(good: usize, all: usize) -> Share {
    Share { good, all }
}

#[test]
fn a_turn_is_told_only_where_chance_does_not_explain_it() {
    let of = |before: (usize, usize), lately: (usize, usize)| {
        let mut card = Scorecard::default();
        card.trend[2] = Share { good: before.0, all: before.1 };
        card.trend[MONTHS - 1] = Share { good: lately.0, all: lately.1 };
        card.turn()
    };
    assert_eq!(of((90, 100), (10, 20)), Some(Turn::Worse));
    assert_eq!(of((40, 80), (30, 30)), Some(Turn::Better));
    assert_eq!(of((90, 100), (16, 20)), None, "a few lines more or less");
    assert_eq!(of((90, 100), (0, 4)), None, "too few to judge");
    assert_eq!(of((4, 4), (1, 30)), None);
}

/// What was put off after its date was told too late, also where nothing had been noted of anybody before; what nobody
/// noted of others is not held against them.
#[test]
fn a_delay_told_after_the_date_counts_as_not_told_before_it() {
    let told = Delivery { announced_on: Some(day(0)), expected_on: Some(day(13)), ..line(-4, &[]) };
    let silent = line(-4, &[]);
    assert_eq!(card(std::slice::from_ref(&silent)).announced, s(0, 0));
    let c = card(&[told.clone(), Delivery { line_code: "2".into(), ..told.clone() }, silent]);
    assert_eq!((c.announced, c.announced_days_median), (s(0, 2), None));
    assert!(c.professionalism < card(&[Delivery { announced_on: None, ..told }]).professionalism);
}

/// Where everybody else always answers, the prior that fits best holds next to nothing: one answer lifted a score by two
/// points.
#[test]
fn one_answered_question_does_not_outweigh() {
    let po = |supplier: i64, n: i64, after: i64| Delivery {
        supplier: SupplierId(supplier),
        po: PoId(supplier * 100 + n),
        po_line: PoLineId(supplier * 100 + n),
        ordered_on: Some(day(-30 - n)),
        confirmed_on: Some(day(-30 - n + after)),
        ..line(-20, &[(-20, 10, 0)])
    };
    let mut lines: Vec<Delivery> = (2..14).flat_map(|who| (0..14).map(move |n| po(who, n, 0))).collect();
    lines.extend([po(1, 0, 0), po(1, 1, 9)]);
    let of = |asked: Vec<Asked>| {
        let conduct = HashMap::from([(S, Conduct { asked, ..Conduct::default() })]);
        scorecards(&lines, &conduct, &Measure::default(), day(0)).remove(&S).unwrap().score.unwrap()
    };
    let asked = Asked { po: PoId(100), po_code: "PO-1".into(), asked_on: day(-1), answered_on: Some(day(0)) };
    let by = of(vec![asked]) - of(vec![]);
    assert!(by > 0.0 && by < 1.0, "{by}");
}
