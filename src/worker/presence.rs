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
    let Some(process) = process.parse().ok().and_then(rustix::process::Pid::from_raw) else { return false };
    let is_gone = || rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH);
    there == computer() && (is_gone() || !runs(process))
}

/// Whether a process that the system still lists is this program and alive: one that was killed is listed until whoever
/// started it looks, and its number is another program's after the computer was switched off.
#[cfg(target_os = "linux")]
fn runs(process: rustix::process::Pid) -> bool {
    use std::path::Path;
    let place = |process: &str| Path::new("/proc").join(process);
    let number = process.as_raw_nonzero().to_string();
    let Ok(stat) = std::fs::read_to_string(place(&number).join("stat")) else { return true };
    // `4711 (backshelf) S 1 ...`: the name may hold anything, so that the state is looked for behind its last bracket.
    let Some((name, rest)) = stat.rsplit_once(") ") else { return true };
    if rest.starts_with(['Z', 'X']) {
        return false;
    }
    let named = |of: &str| std::fs::read_to_string(place(of).join("comm")).ok();
    let file = |of: &str| std::fs::read_link(place(of).join("exe")).ok();
    let same = |a: Option<String>, b: Option<String>| a.is_none() || a == b;
    name.is_empty() || same(named("self"), named(&number)) || file("self").is_some() && file("self") == file(&number)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn runs(_process: rustix::process::Pid) -> bool {
    true
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

    /// A terminal that was closed hard leaves its programs listed until somebody asks for them.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_that_was_killed_and_is_still_listed_has_ended_and_so_has_one_whose_number_is_anothers() {
        let mut other = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let of = format!("{}:{}", computer(), other.id());
        assert!(has_ended(&of), "that number is of another program");
        other.kill().unwrap();
        let listed = || std::fs::read_to_string(format!("/proc/{}/stat", other.id())).unwrap();
        while !listed().contains(") Z") {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(has_ended(&of));
        other.wait().unwrap();
        assert!(has_ended(&of));
    }
}
