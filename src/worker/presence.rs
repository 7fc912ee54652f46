//! A colleague who has a record open is named to whoever opens it too. Kept beside the work, never in its way:
//! what goes wrong here is left out.

use super::Desk;
use crate::domain::dates;
use crate::domain::people::Matter;
use crate::store::presence::{self, Present};
use chrono::{NaiveDateTime, TimeDelta};

/// So long a window counts as open; who talked longer has long put the phone down.
const WHILE: TimeDelta = TimeDelta::minutes(30);

/// This computer and process.
pub fn station() -> String {
    format!("{}:{}", computer(), std::process::id())
}

#[cfg(unix)]
fn computer() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn computer() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

/// Whether a window of this computer has ended without saying so; of another computer nobody can tell.
#[cfg(unix)]
pub fn has_ended(station: &str) -> bool {
    let Some((there, process)) = station.rsplit_once(':') else { return false };
    let process = process.parse().ok().and_then(rustix::process::Pid::from_raw);
    there == computer()
        && process.is_some_and(|p| rustix::process::test_kill_process(p) == Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
pub fn has_ended(_station: &str) -> bool {
    false
}

/// This window has the record open, or none any more; answers who else has: `K.Smit has had this customer open since
/// 09:10.`
pub(super) fn open(desk: &mut Desk, matter: Option<Matter>) -> Vec<String> {
    let now = desk.clock.now();
    // Not kept (another program writes, the file cannot be written): then nobody is told of it.
    let _ = presence::note(&mut desk.store, &desk.station, &desk.operator, matter, now);
    matter.map(|matter| others(desk, matter)).unwrap_or_default()
}

/// Who else has the record open. Who came later is named to who was there first, too.
pub(super) fn others(desk: &mut Desk, matter: Matter) -> Vec<String> {
    let now = desk.clock.now();
    let others = presence::others(desk.store.db(), &desk.station, matter).unwrap_or_default();
    let (gone, there): (Vec<Present>, Vec<Present>) = others.into_iter().partition(|p| has_ended(&p.station));
    let gone: Vec<String> = gone.into_iter().map(|p| p.station).collect();
    let _ = presence::forget(&mut desk.store, &gone); // the next one to look tries again
    there.iter().filter(|p| now - p.since < WHILE).map(|p| said(p, matter, &desk.operator, now)).collect()
}

fn said(present: &Present, matter: Matter, me: &str, now: NaiveDateTime) -> String {
    let (day, time) = (present.since.date(), present.since.format("%H:%M"));
    let since = if day == now.date() { time.to_string() } else { format!("{} {time}", dates::of_month(day)) };
    let what = matter.word();
    if present.operator == me {
        format!("You have had this {what} open in another window since {since}.")
    } else {
        format!("{} has had this {what} open since {since}.", present.operator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_very_program_has_not_ended() {
        assert!(!has_ended(&station()));
        assert!(!has_ended("another computer:1"));
    }
}
