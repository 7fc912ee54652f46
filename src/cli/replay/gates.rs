//! `backshelf replay --gates`: every gate of planning on published data, and what others reach beside ours.

use super::{note, out, visible, watched};
use crate::cli::Outcome;
use crate::ops::gates::{self, Gate};
use crate::ops::replaying::Policy;
use crate::store::{Failure, Result};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Items whose levels are timed, and how long it may take.
const TIMED: usize = 10_000;
const SECONDS: f64 = 0.5;
const TRIES: usize = if cfg!(debug_assertions) { 1 } else { 7 };

pub(super) fn run(folder: &Path, policies: &[Policy]) -> Result<Outcome> {
    let inner = folder.join("planning");
    let folder = if inner.is_dir() { inner } else { folder.to_path_buf() };
    if !folder.join("carparts_y.csv").is_file() {
        return Err(Failure::usage(format!(
            "{} does not hold the published data (carparts_y.csv and others).",
            folder.display()
        )));
    }
    let mut all = gates::forecasts(&folder)?;
    all.extend(gates::textbook(&folder)?);
    all.extend(gates::levels(&folder)?);
    all.extend(gates::simulator());
    all.push(speed());
    let trial = gates::carparts(&folder)?;
    let verdicts = watched(&trial, policies)?;
    if let Some(ours) = verdicts.iter().find(|v| v.policy == Policy::Ours) {
        all.extend(gates::service(ours));
    }
    let mut out = out();
    writeln!(out, "{:<8} {:<30} {:<28} found", "", "gate", "wanted")?;
    for gate in &all {
        let word = if gate.holds { "holds" } else { "BROKEN" };
        writeln!(out, "{}", visible(&format!("{word:<8} {:<30} {:<28} {}", gate.what, gate.wanted, gate.found)))?;
    }
    writeln!(out)?;
    for line in super::text(&trial, &verdicts, false) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "\nMonths of stock for exactly 95 %, as published:")?;
    for v in &verdicts {
        let at = v.cover_at_target_volume.map_or("never".into(), |c| format!("{c:.1}"));
        writeln!(out, "{:<12} {at:>7}   {}", v.policy.name(), gates::reference(v.policy))?;
    }
    let worse = gates::not_better(&verdicts);
    writeln!(out, "\nWhere ours is not the best:{}", if worse.is_empty() { " nowhere here." } else { "" })?;
    for line in &worse {
        writeln!(out, "- {line}")?;
    }
    out.flush()?;
    if all.iter().all(|g| g.holds) {
        return Ok(Outcome::Fine);
    }
    note("A gate is broken: see above.");
    Ok(Outcome::Problems)
}

fn speed() -> Gate {
    let histories = gates::made_up(TIMED);
    let mut sum = 0;
    // The best of a few: a busy machine says nothing about the program.
    let took = (0..TRIES).fold(f64::INFINITY, |best, _| {
        let started = Instant::now();
        sum = gates::level_all(&histories);
        best.min(started.elapsed().as_secs_f64())
    });
    Gate {
        what: format!("{TIMED} items x 104 weeks"),
        wanted: format!("at most {SECONDS} s"),
        found: format!(
            "{took:.2} s, a program {}, levels of {sum} in all",
            if cfg!(debug_assertions) { "for testing" } else { "for use" }
        ),
        // Only the program as it is used is judged.
        holds: took <= SECONDS || cfg!(debug_assertions),
    }
}
