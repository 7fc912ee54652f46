//! `backshelf send`: delivers what the outbox holds, for cron or by hand.

use super::{Context, Outcome, note, out, visible};
use crate::ops::outbox::{self, MailRow, State, Verdict};
use crate::ops::settings::Settings;
use crate::post::smtp::Limits;
use crate::post::{self, Carried};
use crate::store::{Mode, Result, Store};
use std::io::Write;

/// Sends the mails that are due. One line each; exit code 1 where a person must act.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf send\n  backshelf send --dry-run\n  backshelf send --test me@example.com\n\nEvery five minutes by cron:\n  */5 * * * * backshelf send\n\nExit codes: 0 done, 1 a person must act on a mail or nothing can be sent, 2 wrong use."
)]
pub struct Args {
    /// List what is in the outbox; nothing is sent
    #[arg(long, conflicts_with = "test")]
    pub dry_run: bool,
    /// Send a few words to this address at once, to see whether the settings are right
    #[arg(long, value_name = "ADDRESS")]
    pub test: Option<String>,
}

/// Mails that --dry-run and the warning list.
const LISTED: usize = 1_000;

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    if let Some(address) = &args.test {
        return test(context, address);
    }
    if args.dry_run {
        return list(&context.open(Mode::ReadOnly)?);
    }
    let mut store = context.open(Mode::Existing)?;
    let round = post::round(&mut store, context.clock, Limits::USUAL, &|| false)?;
    let mut out = out();
    for tried in &round.tried {
        writeln!(out, "{}", visible(&line(tried)))?;
    }
    out.flush()?;
    if let Some(why) = &round.trouble {
        note(&format!("backshelf: nothing was sent. {why}"));
    }
    let unsent = outbox::unsent(store.db())?;
    if unsent.needs_you > 0 {
        let mails =
            if unsent.needs_you == 1 { "1 mail needs".into() } else { format!("{} mails need", unsent.needs_you) };
        note(&format!("{mails} you: open backshelf, : mails"));
    }
    Ok(if unsent.needs_you > 0 || round.trouble.is_some() { Outcome::Problems } else { Outcome::Fine })
}

fn line(tried: &Carried) -> String {
    format!("{:<8} {}  {}  ({})", word(tried.state), tried.recipient, tried.subject, tried.said)
}

/// A state in one word, as it is shown everywhere.
fn word(state: State) -> &'static str {
    match state {
        State::Claimed | State::Started => "leaving",
        State::Retry => "later",
        other => other.name(),
    }
}

fn list(store: &Store) -> Result<Outcome> {
    let open = |row: &MailRow| {
        !row.taken_back
            && (row.needs_you
                || !matches!(
                    row.state,
                    State::Sent | State::Confirmed | State::Bounced | State::Failed | State::Unknown
                ))
    };
    let mut out = out();
    let rows = outbox::list(store.db(), LISTED)?;
    let rows: Vec<&MailRow> = rows.iter().filter(|row| open(row)).collect();
    if rows.is_empty() {
        writeln!(out, "The outbox is empty: no mail waits.")?;
        out.flush()?;
        return Ok(Outcome::Fine);
    }
    for row in rows {
        let due =
            if row.needs_you { "needs you".into() } else { format!("due {}", row.due_at.format("%Y-%m-%d %H:%M")) };
        let said = row.said.as_deref().map_or(String::new(), |said| format!("  ({said})"));
        let line = format!("{:<8} {}  {}  {due}{said}", word(row.state), row.recipient, row.subject);
        writeln!(out, "{}", visible(&line))?;
    }
    out.flush()?;
    if let Err(why) = post::ready(store)? {
        note(&format!("backshelf: nothing can be sent from here. {why}"));
        return Ok(Outcome::Problems);
    }
    Ok(Outcome::Fine)
}

fn test(context: &Context, address: &str) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let report = post::test(&Settings::load(store.db())?, context.clock, Limits::USUAL, Some(address))?;
    let mut out = out();
    let came =
        if report.verdict == Verdict::Sent { "sent".into() } else { format!("not sent, at {}", report.phase.name()) };
    writeln!(out, "{}", visible(&format!("{came}: {}", report.said)))?;
    out.flush()?;
    Ok(if report.verdict == Verdict::Sent { Outcome::Fine } else { Outcome::Problems })
}
