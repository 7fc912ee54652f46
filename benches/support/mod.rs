//! What the benches share: the day they run on, and the table they print.

#![allow(dead_code)] // each bench uses a part

use backshelf::store::Act;
use chrono::NaiveDate;
use std::time::Duration;

/// The business day of all benches.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
}

/// Who writes, and when.
pub fn act() -> Act {
    let now = today().and_hms_opt(9, 0, 0).expect("a time");
    Act { kind: "bench", operator: "bench".into(), now, today: today(), uid: None }
}

/// The head of a table of times.
pub fn head() {
    println!("  {:<34} {:>9} {:>9} {:>9}   bound", "ms", "median", "95 %", "99 %");
}

/// A row of it: the times in order of size at half, 95 and 99 of a hundred.
pub fn report(what: &str, mut times: Vec<Duration>, bound: &str) {
    if times.is_empty() {
        println!("  {what:<34} none");
        return;
    }
    times.sort();
    let at = |share: f64| {
        let n = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len());
        times[n - 1].as_secs_f64() * 1000.0
    };
    println!("  {what:<34} {:>9.2} {:>9.2} {:>9.2}   {bound}", at(0.5), at(0.95), at(0.99));
}

/// The line of the screen that carries the mark.
pub fn marked(screen: &str) -> Option<usize> {
    screen.lines().position(|line| line.contains('▸'))
}
