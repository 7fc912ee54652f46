//! Laws of the score, with what all suppliers do held fixed.

use super::super::ids::{ItemId, PoId, PoLineId, SupplierId};
use super::super::lateness::{Arrival, Delivery};
use super::super::money::Money;
use super::super::odds::Beta;
use super::super::quantity::Qty;
use super::counting::Noted;
use super::*;
use proptest::prelude::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}
fn day(n: i64) -> NaiveDate {
    today() + chrono::Duration::days(n)
}

/// A line of 10, promised so many days ago, with parts (days after the promise, units, rejected).
fn line(id: i64, po: i64, ago: i64, parts: &[(i64, i64, i64)]) -> Delivery {
    let mut arrivals: Vec<Arrival> = parts
        .iter()
        .map(|p| Arrival {
            on: day(p.0 - ago),
            quantity: Qty::units(p.1),
            rejected: Qty::units(p.2),
            wrong_item: false,
        })
        .collect();
    arrivals.sort_by_key(|a| a.on);
    Delivery {
        po_line: PoLineId(id),
        po: PoId(po),
        supplier: SupplierId(1),
        item: ItemId(1),
        ordered_on: Some(day(-600 + po)), // a PO's lines are ordered and confirmed together
        confirmed_on: Some(day(-600 + po + po % 5)),
        confirmed_for: Some(day(-ago)),
        first_promised: Some(day(-ago)),
        expected_on: Some(day(-ago)),
        quantity: Qty::units(10),
        received: arrivals.iter().map(|a| a.quantity).sum(),
        rejected: arrivals.iter().map(|a| a.rejected).sum(),
        arrivals,
        ..Delivery::blank()
    }
}

fn priors() -> Priors {
    let beta = Beta { a: 9.0, b: 1.5 };
    Priors { on_time: beta, in_full: beta, conduct: beta }
}
fn card(lines: &[Delivery], measure: &Measure) -> Scorecard {
    let lines: Vec<&Delivery> = lines.iter().collect();
    card_of(
        &lines,
        &Conduct::default(),
        Noted { answers: true, announcements_since: None },
        &priors(),
        measure,
        today(),
    )
}

/// Lines of every kind: on time, late, in parts, overdue, rejected in part.
fn lines() -> impl Strategy<Value = Vec<Delivery>> {
    let parts = prop::collection::vec((-10i64..30, 1i64..7, 0i64..2), 0..3);
    prop::collection::vec((0i64..6, 1i64..500, parts), 0..20).prop_map(|all| {
        let made = all.into_iter().enumerate();
        made.map(|(n, (po, ago, parts))| {
            line(n as i64 + 1, po, ago, &parts.iter().map(|p| (p.0, p.1, p.2.min(p.1))).collect::<Vec<_>>())
        })
        .collect()
    })
}

fn measures() -> impl Strategy<Value = Measure> {
    (prop::sample::select(vec![0i64, 30, 90, 365]), 0i64..4, prop::option::of(0i64..20), 0i64..30, 60.0..900.0f64)
        .prop_map(|(window_days, late_days, early_days, short_percent, half_life_days)| Measure {
            window_days,
            late_days,
            early_days,
            short_percent,
            half_life_days,
            ..Measure::default()
        })
}

/// Lines of every kind there is: closed short, cancelled in part or altogether and when, announced, the wrong goods, due or
/// come on a day that is still ahead.
fn every_kind() -> impl Strategy<Value = Vec<Delivery>> {
    let parts = prop::collection::vec((-20i64..40, 1i64..9, 0i64..2, any::<bool>()), 0..4);
    let ended = (any::<bool>(), prop::sample::select(vec![0i64, 0, 0, 4, 10]), prop::option::of(-30i64..30));
    let said = (prop::option::of(-40i64..20), prop::option::of(0i64..9_000), any::<bool>(), any::<bool>());
    prop::collection::vec((0i64..8, -40i64..500, parts, ended, said), 0..25).prop_map(|all| {
        let mut lines = Vec::new();
        for (n, (po, ago, parts, (closed, cancelled, ended), (announced, cost, dated, ordered))) in
            all.into_iter().enumerate()
        {
            let arrivals: Vec<(i64, i64, i64)> = parts.iter().map(|p| (p.0, p.1, p.2.min(p.1))).collect();
            let mut line = line(n as i64 + 1, po, ago, &arrivals);
            line.arrivals.iter_mut().zip(&parts).for_each(|(a, p)| a.wrong_item = p.3 && a.rejected.is_positive());
            (line.closed, line.cancelled, line.ended_on) = (closed, Qty::units(cancelled), ended.map(|d| day(d - ago)));
            line.by_us = dated != ordered;
            line.announced_on = announced.map(|d| day(d - ago));
            line.cost = cost.map(Money::from_ten_thousandths);
            if !dated {
                (line.first_promised, line.confirmed_for) = (None, None);
            }
            if !ordered && po == 3 {
                line.received += Qty::ONE; // nobody knows when
            }
            lines.push(line);
        }
        lines
    })
}

/// At least what it was; nothing known before is less than anything.
fn never_less(now: Option<f64>, before: Option<f64>) -> bool {
    before.is_none_or(|before| now.is_some_and(|now| now >= before - 1e-9))
}

proptest! {
    #[test]
    fn a_line_on_time_never_lowers_timeliness(lines in lines(), measure in measures(), po in 0i64..8, ago in 1i64..400) {
        let mut more = lines.clone();
        more.push(line(99, po, ago, &[(0, 10, 0)]));
        let (before, after) = (card(&lines, &measure), card(&more, &measure));
        prop_assert!(never_less(after.timeliness, before.timeliness), "{:?} {:?}", before.timeliness, after.timeliness);
        prop_assert!(never_less(after.reliability, before.reliability));
    }

    #[test]
    fn a_late_line_never_raises_timeliness(lines in lines(), measure in measures(), po in 0i64..8, ago in 40i64..400, late in prop::option::of(5i64..30)) {
        let mut more = lines.clone();
        more.push(line(99, po, ago, &late.map(|late| (late, 10, 0)).into_iter().collect::<Vec<_>>()));
        let (before, after) = (card(&lines, &measure), card(&more, &measure));
        prop_assume!(before.timeliness.is_some());
        prop_assert!(never_less(before.timeliness, after.timeliness), "{:?} {:?}", before.timeliness, after.timeliness);
    }

    #[test]
    fn the_order_of_entry_does_not_matter(lines in lines(), measure in measures(), seed in 0usize..1000) {
        let mut other = lines.clone();
        other.reverse();
        if !other.is_empty() {
            let by = seed % other.len();
            other.rotate_left(by);
        }
        let (a, b) = (card(&lines, &measure), card(&other, &measure));
        let near = |a: Option<f64>, b: Option<f64>| a.zip(b).map_or(a.is_none() && b.is_none(), |(a, b)| (a - b).abs() < 1e-6);
        prop_assert!(near(a.score, b.score) && near(a.timeliness, b.timeliness) && near(a.reliability, b.reliability));
        prop_assert_eq!((a.on_time, a.in_full, a.otif, a.how_late, a.trend), (b.on_time, b.in_full, b.otif, b.how_late, b.trend));
        prop_assert_eq!((a.lead_days_median, a.late_days_p90, a.answered), (b.lead_days_median, b.late_days_p90, b.answered));
    }

    /// What is kept gives the very card, whenever it was added up: with no line settled it is counted line by line.
    #[test]
    fn sums_settled_on_any_day_give_the_card_of_the_lines(lines in every_kind(), measure in measures(), ago in 0i64..450) {
        let conduct = Conduct::default();
        let noted = Noted { answers: true, announcements_since: Some(day(-300)) };
        let one_by_one = Sums::of(&lines, &measure, NaiveDate::MIN);
        prop_assert!(one_by_one.verdicts.days.is_empty());
        let kept = Sums::of(&lines, &measure, day(-ago));
        let ((a, tallies), (b, others)) = (one_by_one.count(&conduct, noted, &measure, today()), kept.count(&conduct, noted, &measure, today()));
        prop_assert_eq!(a, b);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * (1.0 + a.abs());
        let pairs = [(tallies.on_time, others.on_time), (tallies.in_full, others.in_full)];
        for (a, b) in pairs.into_iter().chain(tallies.conduct.into_iter().zip(others.conduct)) {
            prop_assert!(near(a.good, b.good) && near(a.all, b.all), "{:?} {:?}", a, b);
        }
        prop_assert_eq!(one_by_one.lateness(today()), kept.lateness(today()));
        let (a, b) = (one_by_one.taught(today()), kept.taught(today()));
        prop_assert_eq!(a.waits.cases(), b.waits.cases());
        prop_assert!(near(a.waits.weight(), b.waits.weight()));
        let (a_bars, b_bars) = (a.waits.histogram(7, 20), b.waits.histogram(7, 20));
        prop_assert!(a_bars.iter().zip(&b_bars).all(|(a, b)| near(*a, *b)), "{:?} {:?}", a_bars, b_bars);
        prop_assert_eq!(a.slips.keys().collect::<Vec<_>>(), b.slips.keys().collect::<Vec<_>>());
        prop_assert!(a.slips.values().zip(b.slips.values()).all(|(a, b)| near(*a, *b)));
    }

    #[test]
    fn re_dating_changes_no_score(lines in lines(), measure in measures(), by in 1i64..200) {
        let mut moved = lines.clone();
        for line in &mut moved {
            line.expected_on = line.expected_on.map(|day| day + chrono::Duration::days(by));
        }
        let (a, b) = (card(&lines, &measure), card(&moved, &measure));
        prop_assert_eq!((a.score, a.timeliness, a.reliability), (b.score, b.timeliness, b.reliability));
    }

    #[test]
    fn goods_in_parts_are_never_better_than_at_once(ago in 40i64..300, parts in prop::collection::vec((-10i64..30, 4i64..9), 2..4), measure in measures()) {
        // The same goods on the day of the last part, or in parts until then.
        let all: i64 = parts.iter().map(|p| p.1).sum();
        let last = parts.iter().map(|p| p.0).max().unwrap();
        prop_assume!(all >= 10);
        let split = line(1, 1, ago, &parts.iter().map(|p| (p.0, p.1, 0)).collect::<Vec<_>>());
        let first_whole = split.arrivals.clone();
        let whole_by = super::super::lateness::completed_on(&first_whole, Qty::units(10)).unwrap();
        let at_once = line(1, 1, ago, &[((whole_by - day(-ago)).num_days(), all, 0)]);
        let measure = Measure { short_percent: 0, ..measure };
        prop_assert_eq!(card(&[split], &measure).on_time, card(&[at_once], &measure).on_time);
        prop_assert!(last >= (whole_by - day(-ago)).num_days());
    }

    #[test]
    fn not_delivering_is_never_better_than_delivering_late(lines in lines(), ago in 40i64..300, late in 5i64..30) {
        let measure = Measure::default();
        let with = |last: Delivery| { let mut all = lines.clone(); all.push(last); card(&all, &measure) };
        let came = with(line(99, 50, ago, &[(late, 10, 0)]));
        let open = with(line(99, 50, ago, &[]));
        let mut ended = line(99, 50, ago, &[]);
        ended.closed = true;
        let ended = with(ended);
        let mut cancelled = line(99, 50, ago, &[]);
        (cancelled.cancelled, cancelled.ended_on) = (Qty::units(10), Some(day(late - ago)));
        let cancelled = with(cancelled);
        for never in [open, ended, cancelled] {
            prop_assert!(never_less(came.timeliness, never.timeliness) && never_less(came.reliability, never.reliability));
        }
    }

    /// A question that is answered in time, or papers that are right, never lower professionalism; an unanswered one, or
    /// wrong papers, never raise it. The first answer of a supplier once lowered it by ten points.
    #[test]
    fn good_conduct_lowers_and_bad_conduct_raises_no_score(lines in lines(), asked in prop::collection::vec((1i64..300, prop::option::of(0i64..9)), 0..6), good in any::<bool>(), question in any::<bool>(), ago in 10i64..300) {
        let measure = Measure::default();
        let noted = Noted { answers: true, announcements_since: None };
        let refs: Vec<&Delivery> = lines.iter().collect();
        let asked_on = |ago: i64, after: Option<i64>| Asked {
            po: PoId(1), po_code: "PO-1".into(), asked_on: day(-ago), answered_on: after.map(|after| day(after - ago)),
        };
        let before = Conduct { asked: asked.iter().map(|(ago, after)| asked_on(*ago, *after)).collect(), ..Conduct::default() };
        let mut after = before.clone();
        match question {
            true => after.asked.push(asked_on(ago, good.then_some(0))),
            false => after.invoiced.push(Invoiced { po: PoId(1), po_code: "PO-1".into(), on: day(-ago), price_kept: None, papers_right: good }),
        }
        let of = |conduct: &Conduct| card_of(&refs, conduct, noted, &priors(), &measure, today()).professionalism;
        let (before, after) = (of(&before), of(&after));
        prop_assume!(before.is_some());
        let (less, more) = if good { (before, after) } else { (after, before) };
        prop_assert!(never_less(more, less), "{:?} {:?}", before, after);
    }

    /// What a case does to the score is what the score would be without its line.
    #[test]
    fn what_a_line_does_is_the_score_less_that_without_it(lines in lines(), measure in measures(), of in 0usize..20) {
        let noted = Noted { answers: false, announcements_since: None };
        let score = |lines: &[Delivery]| {
            let lines: Vec<&Delivery> = lines.iter().collect();
            card_of(&lines, &Conduct::default(), noted, &priors(), &measure, today()).score
        };
        let told = effects(&lines, &Conduct::default(), noted, &priors(), &measure, today());
        prop_assert_eq!(told.len(), card(&lines, &measure).lines);
        prop_assume!(!told.is_empty());
        let effect = &told[of % told.len()];
        let (on_time, in_full) = (effect.case.says.clone(), effect.case.good);
        let judged = judged(&lines, &measure, today());
        let same: Vec<&Judged> = judged.iter().filter(|v| Some(v.on_time && v.in_full) == in_full).collect();
        let without = |gone: &Judged| {
            let rest: Vec<Delivery> = lines.iter().filter(|l| l.po_line != gone.line.po_line).cloned().collect();
            score(&rest)
        };
        let whole = score(&lines).unwrap();
        let near = |gone: &&Judged| match (effect.points, without(gone)) {
            (Some(points), Some(without)) => (points - (whole - without)).abs() < 1e-6,
            (points, without) => points.is_none() && without.is_none(),
        };
        prop_assert!(same.iter().any(near), "{on_time}: {:?}", effect.points);
        prop_assert!(in_full != Some(true) || effect.points.is_none_or(|points| points > -1e-9), "{:?}", effect);
    }

    /// A tester saw a score rise when goods came late and in part bad. What is late already and comes late with bad goods
    /// among it changes nothing: it was not in time and not in full before.
    #[test]
    fn goods_that_come_late_and_in_part_bad_raise_no_score(lines in lines(), ago in 40i64..300, late in 5i64..30, bad in 1i64..10, first in 0i64..10) {
        let measure = Measure::default();
        let with = |last: Delivery| { let mut all = lines.clone(); all.push(last); card(&all, &measure) };
        let parts: Vec<(i64, i64, i64)> = if first == 0 { vec![] } else { vec![(-2, first, 0)] };
        let before = with(line(99, 50, ago, &parts));
        let mut parts = parts;
        parts.push((late, 10 - first, bad.min(10 - first)));
        let after = with(line(99, 50, ago, &parts));
        prop_assert!(never_less(before.score, after.score), "{:?} {:?}", before.score, after.score);
    }

    /// What a figure counts is what is behind it, no more and no less; and its good ones are the good ones.
    #[test]
    fn every_case_behind_a_figure_is_counted_and_no_other(lines in lines(), measure in measures()) {
        let noted = Noted { answers: true, announcements_since: Some(day(-300)) };
        let refs: Vec<&Delivery> = lines.iter().collect();
        let conduct = Conduct {
            asked: vec![Asked { po: PoId(1), po_code: "PO-1".into(), asked_on: day(-10), answered_on: Some(day(-9)) }],
            invoiced: vec![Invoiced { po: PoId(1), po_code: "PO-1".into(), on: day(-8), price_kept: Some(false), papers_right: true }],
            incidents: vec![Incident { on: day(-5), severity: Severity::Minor, what: "torn".into(), operator: "M.Baker".into() }],
        };
        let card = card_of(&refs, &conduct, noted, &priors(), &measure, today());
        for figure in Figure::ALL {
            let cases = behind(figure, &lines, &conduct, noted, &measure, today());
            prop_assert_eq!(cases.len(), figure.count(&card), "{:?}", figure);
            if let Some(share) = figure.share(&card) {
                prop_assert_eq!(cases.iter().filter(|c| c.good == Some(true)).count(), share.good, "{:?}", figure);
            }
        }
    }
}
