//! What a replay comes to for somebody who buys: no names of methods, and where another way did better.

use super::{Policy, Trial, Verdict};
use crate::domain::locale::decimal;
use crate::domain::replay::rivals::Rival;

/// Differences below this many of 100 say nothing.
const ALIKE: f64 = 0.005;
/// So much of the stock on items that nobody orders is worth a word.
const IDLE: f64 = 0.1;

/// The verdict.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Words {
    /// What this program would have done, beside what is in force: a sentence each.
    pub verdict: Vec<String>,
    /// Where another way did better, a sentence each; empty: nowhere.
    pub not_better: Vec<String>,
}

impl Policy {
    /// Its name for somebody who buys; `typed`: most items have a minimum of the person's own.
    pub fn words(self, typed: bool) -> &'static str {
        match self {
            Policy::Rival(Rival::MinMax) if !typed => "a fixed min and max",
            Policy::Ours => "this program",
            Policy::Blend => "this program, half smoothed sales",
            Policy::Rival(Rival::MinMax) => "your min and max",
            Policy::Rival(Rival::Normal) => "the textbook formula",
            Policy::Rival(Rival::Gamma) => "smoothed sales, other spread",
            Policy::Rival(_) => "smoothed sales",
        }
    }
}

/// Stock in weeks or months as it is shown everywhere: two decimals where one would hide a difference.
pub fn cover(cover: f64) -> String {
    decimal(cover, places(cover))
}

fn places(cover: f64) -> usize {
    if cover < 10.0 { 2 } else { 1 }
}

/// The figure as it is shown: what is said of two figures follows from what is read.
fn as_shown(cover: f64) -> f64 {
    let scale = 10f64.powi(places(cover) as i32);
    (cover * scale).round() / scale
}

/// The verdict in words; empty where ours was not replayed.
pub fn in_words(trial: &Trial, verdicts: &[Verdict]) -> Words {
    let Some(ours) = verdicts.iter().find(|v| v.policy == Policy::Ours) else { return Words::default() };
    let word = trial.grid.word();
    let own = verdicts.iter().find(|v| v.policy == Policy::Rival(Rival::MinMax));
    let typed = trial.is_typed();
    let whose = Policy::Rival(Rival::MinMax).words(typed);
    let target = of_100(trial.target);
    let mut verdict = vec![format!(
        "Had you ordered by this program in the last {} {word}s, {} of every 100 pieces would have been on the shelf when they were asked for, with {} {word}s of stock.",
        trial.span.counted(),
        of_100(ours.nominal.fill_volume),
        cover(ours.nominal.cover),
    )];
    if let Some(own) = own {
        verdict.push(format!(
            "By {whose}: {} of 100, with {} {word}s of stock.",
            of_100(own.nominal.fill_volume),
            cover(own.nominal.cover)
        ));
        verdict.push(match (ours.cover_at_target_volume, own.cover_at_target_volume) {
            (Some(ours), Some(own)) => format!(
                "For exactly {target} of 100 this program needs {} {word}s of stock, {whose} {}: {}.",
                cover(ours),
                cover(own),
                less_or_more(ours, own)
            ),
            (Some(ours), None) => format!(
                "For exactly {target} of 100 this program needs {} {word}s of stock; {whose} would not get there, however high.",
                cover(ours)
            ),
            (None, _) => format!("It does not reach {target} of 100, however much it keeps: see below."),
        });
    }
    verdict.extend(own.and_then(|_| partly_typed(trial)));
    Words { verdict, not_better: not_better(trial, ours, verdicts) }
}

/// `3 of 148 items have a minimum of your own; the others were given a usual one: what sells in a lead time, up to twice that.`
pub(super) fn partly_typed(trial: &Trial) -> Option<String> {
    let (typed, all) = (trial.typed(), trial.series.len());
    (0 < typed && typed < all).then(|| {
        format!("{typed} of {all} items have a minimum of your own; the others were given a usual one: what sells in a lead time, up to twice that.")
    })
}

fn not_better(trial: &Trial, ours: &Verdict, verdicts: &[Verdict]) -> Vec<String> {
    let word = trial.grid.word();
    let target = of_100(trial.target);
    let mut out = Vec::new();
    if ours.nominal.fill_volume < trial.target - ALIKE {
        out.push(format!("Asked for {target} of 100, it served {}.", of_100(ours.nominal.fill_volume)));
    }
    for other in verdicts.iter().filter(|v| v.policy != Policy::Ours) {
        let name = capital(other.policy.words(trial.is_typed()));
        match (other.cover_at_target_volume, ours.cover_at_target_volume) {
            (Some(theirs), Some(own)) if theirs < own * (1.0 - ALIKE) => out.push(format!(
                "{name}: {} {word}s of stock for the same {target} of 100, this program {}: {}.{}",
                cover(theirs),
                cover(own),
                less_or_more(theirs, own),
                if other.policy == Policy::Blend { " The plans take it when you say so: 4 Reorder, h, a." } else { "" }
            )),
            (Some(theirs), None) => {
                out.push(format!("{name}: reaches {target} of 100, with {} {word}s of stock.", cover(theirs)));
            }
            _ => match (other.cover_at_target_item, ours.cover_at_target_item) {
                (Some(theirs), Some(own)) if theirs < own * (1.0 - ALIKE) => out.push(format!(
                    "{name}: {} where every item counts alike, whether it sells much or little.",
                    less_or_more(theirs, own)
                )),
                _ => {}
            },
        }
        if other.nominal.fill_volume > ours.nominal.fill_volume + ALIKE && other.nominal.cover < ours.nominal.cover {
            out.push(format!(
                "{name}: served {} of 100 with {} {word}s, more with less, as each was set.",
                of_100(other.nominal.fill_volume),
                cover(other.nominal.cover)
            ));
        }
    }
    if ours.nominal.asleep > IDLE {
        out.push(format!(
            "{} in 100 of its stock would lie on items that nobody ordered lately (v: asleep).",
            decimal(ours.nominal.asleep * 100.0, 0)
        ));
    }
    out
}

/// `23 % less stock`, of the figures as they are shown.
fn less_or_more(this: f64, than: f64) -> String {
    let (this, than) = (as_shown(this), as_shown(than));
    let less = if than > 0.0 { (1.0 - this / than) * 100.0 } else { 0.0 };
    match less.round() as i64 {
        0 => "as much stock".into(),
        n if n > 0 => format!("{n} % less stock"),
        n => format!("{} % MORE stock", -n),
    }
}

/// `95`, `97.5`.
fn of_100(share: f64) -> String {
    let tenths = (share * 1000.0).round();
    decimal(tenths / 10.0, usize::from(tenths % 10.0 != 0.0))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::demand::Grid;
    use crate::domain::replay::{Reached, Series, Span};

    fn verdict(policy: Policy, served: f64, cover: f64, at_target: Option<f64>) -> Verdict {
        let nominal = Reached { fill_volume: served, fill_item: served, ready_rate: 0.9, cover, asleep: 0.0 };
        let (volume, item) = (at_target, at_target);
        Verdict { policy, nominal, cover_at_target_volume: volume, cover_at_target_item: item, sweep: Vec::new() }
    }

    fn trial() -> Trial {
        let typed = Series { typed: Some((1, 2)), ..Series::default() };
        Trial { series: vec![typed], grid: Grid::Weeks, span: Span::new(100, 40, 2, 1).unwrap(), target: 0.95 }
    }

    #[test]
    fn a_better_rule_of_another_is_said_as_plainly_as_our_own() {
        let own = Policy::Rival(Rival::MinMax);
        let words = in_words(
            &trial(),
            &[
                verdict(Policy::Ours, 0.93, 5.0, Some(6.0)),
                verdict(own, 0.88, 4.0, None),
                verdict(Policy::Blend, 0.95, 4.5, Some(5.1)),
            ],
        );
        assert!(
            words.verdict[0].contains("93 of every 100 pieces") && words.verdict[1].contains("88 of 100"),
            "{words:?}"
        );
        assert!(words.verdict[2].contains("would not get there"), "{words:?}");
        let not = words.not_better.join("\n");
        assert!(not.contains("Asked for 95 of 100, it served 93"), "{not}");
        assert!(
            not.contains("sales: 5.10 weeks of stock for the same 95 of 100, this program 6.00: 15 % less stock"),
            "{not}"
        );
        assert!(not.contains("The plans take it when you say so"), "{not}");
        assert!(not.contains("more with less"), "{not}");
        assert_eq!(in_words(&trial(), &[]), Words::default());
    }

    #[test]
    fn the_percentage_follows_from_the_figures_that_are_shown() {
        for (this, than, words) in [
            (3.83, 3.87, "1 % less stock"),
            (3.8349, 3.8651, "1 % less stock"),
            (12.04, 12.96, "8 % less stock"),
            (5.001, 4.999, "as much stock"),
            (6.6, 6.0, "10 % MORE stock"),
        ] {
            assert_eq!(less_or_more(this, than), words, "{} {}", cover(this), cover(than));
        }
        assert_eq!((cover(3.865), cover(12.96)), ("3.87".into(), "13.0".into()));
    }
}
