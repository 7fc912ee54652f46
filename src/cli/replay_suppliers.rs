//! `backshelf replay-suppliers`: what the program would have foretold of the warehouse's own purchase orders.

use super::{Context, Outcome, note, out};
use crate::domain::hindsight::{Losses, Report};
use crate::ops::views::hindsight;
use crate::store::{Mode, Result};
use std::io::Write;

/// Replays your purchase orders: for each, the lead time and the odds of being on time that backshelf would have
/// foretold on the day it was sent, from nothing but what was known then; scored beside textbook rules. The reference
/// column is the SCMS delivery history (backshelf import FOLDER --profile scms).
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf replay-suppliers\n  backshelf --db scms.db import scms/ --profile scms && backshelf --db scms.db replay-suppliers\n\nLess is better: pinball loss is the days by which a foretold date misses, being late weighed 19 times being early;\nthe Brier score is the squared miss of the odds."
)]
pub struct Args {}

/// What is known of the SCMS history, and what the program must reach on it.
struct Reference {
    ours: Option<f64>,
    everybody: Option<f64>,
    own: Option<f64>,
    mean: Option<f64>,
    bound: Option<f64>,
}

const NONE: Reference = Reference { ours: None, everybody: None, own: None, mean: None, bound: None };
/// By the number of earlier POs: none, 1-4, 5-14, more.
const LEADS: [(&str, Reference); 4] = [
    ("no earlier PO", NONE),
    (
        "1-4 earlier POs",
        Reference { ours: Some(13.2), everybody: Some(14.1), own: Some(36.3), mean: Some(30.0), bound: Some(13.2) },
    ),
    (
        "5-14 earlier POs",
        Reference { ours: Some(12.3), everybody: Some(13.7), own: Some(22.9), mean: Some(21.6), bound: Some(12.3) },
    ),
    ("15 and more", NONE),
];
const ODDS: Reference =
    Reference { ours: Some(0.0425), everybody: Some(0.0435), own: Some(0.0445), mean: None, bound: Some(0.0425) };

pub fn run(context: &Context, _args: Args) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let report = hindsight::load(store.db(), context.today())?;
    if report.pos == 0 {
        note(
            "There is nothing to replay: no purchase order with the day on which it was ordered came in full yet. Import some: backshelf import PATH.",
        );
        return Ok(Outcome::Problems);
    }
    let mut out = out();
    print(&mut out, &report)?;
    out.flush()?;
    Ok(Outcome::Fine)
}

fn print(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    let (pos, suppliers) = (report.pos, report.suppliers);
    writeln!(
        out,
        "{pos} purchase orders of {suppliers} suppliers, each foretold from what was known when it was sent."
    )?;
    line(out, "", "", ["POs", "here", "SCMS ref.", "at most"].map(String::from))?;
    writeln!(out, "Lead time, 95 % quantile: days lost (pinball)")?;
    for ((name, reference), losses) in LEADS.iter().zip(&report.leads) {
        rows(out, name, losses, reference, 2)?;
    }
    writeln!(out, "On time: Brier score of the odds")?;
    rows(out, "complete by its date", &report.odds, &ODDS, 4)?;
    writeln!(out, "POs already placed: promised date + learned delay")?;
    let n = report.dates.to_string();
    let covered = format!("{:.1} %", report.covered * 100.0);
    line(out, "90 % date", "kept by", [n.clone(), covered, String::new(), ">= 90 %".into()])?;
    line(out, "90 % date", "days after it, median", [n, report.margin_days.to_string(), String::new(), "1".into()])
}

/// The ways to foretell one thing. Without an own past all others are everybody's.
fn rows(out: &mut impl Write, name: &str, of: &Losses, reference: &Reference, places: usize) -> std::io::Result<()> {
    let cell = |value: Option<f64>| value.map_or(String::new(), |v| format!("{v:.places$}"));
    let all = [
        ("backshelf", of.ours, reference.ours, reference.bound),
        ("everybody's past", of.everybody, reference.everybody, None),
        ("own past", of.own, reference.own, None),
        ("own mean + z * sd", of.mean_and_deviations, reference.mean, None),
    ];
    let shown = match (of.cases, reference.own, reference.mean) {
        (0, _, _) => 0,
        (_, None, None) if name.starts_with("no ") => 2,
        (_, Some(_), None) => 3,
        _ => 4,
    };
    for (what, here, reference, bound) in all.into_iter().take(shown) {
        line(out, name, what, [of.cases.to_string(), cell(Some(here)), cell(reference), cell(bound)])?;
    }
    Ok(())
}

fn line(out: &mut impl Write, name: &str, what: &str, [n, here, reference, bound]: [String; 4]) -> std::io::Result<()> {
    let line = format!("  {name:<22}{what:<23}{n:>7}{here:>9}{reference:>11}{bound:>9}");
    writeln!(out, "{}", line.trim_end())
}
