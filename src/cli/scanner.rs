//! `backshelf scanner`: what a scan sends, and what to set.

use super::{Context, Outcome, interactive, note, out, visible};
use crate::domain::scanner_test::{self, Key, Sample, TEST_CODE};
use crate::ops::scanning;
use crate::store::{Mode, Result};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use std::io::{Read, Write};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Shows what the barcode scanner sends: characters, speed, end key, prefix, Caps Lock, wrong keyboard.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf scanner test\n  backshelf scanner code     the text to print as a Code 128 barcode and scan in the test"
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Waits for one scan and says what it sent and what to set (exit 1 where something is to be set)
    Test,
    /// Prints the text that tells most when it is scanned
    Code,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let mut out = out();
    if let Command::Code = args.command {
        writeln!(out, "{TEST_CODE}")?;
        out.flush()?;
        return Ok(Outcome::Fine);
    }
    let sample = sample()?;
    let found = match context.open(Mode::ReadOnly) {
        Ok(store) => scanning::examine(store.db(), &sample, context.today())?,
        Err(_) => scanner_test::examine(&sample, None, |_| false), // there is no warehouse yet: nothing is known
    };
    for line in &found.lines {
        writeln!(out, "{}", visible(line))?;
    }
    out.flush()?;
    Ok(if found.fine { Outcome::Fine } else { Outcome::Problems })
}

/// One scan, key by key; at a terminal as it comes, else all that standard input holds.
fn sample() -> Result<Sample> {
    if !interactive() {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(keys(&bytes.iter().map(|b| (*b, 0)).collect::<Vec<_>>()));
    }
    note("Scan something. Ctrl-C ends.");
    let stdin = std::io::stdin();
    let before = tcgetattr(&stdin).map_err(std::io::Error::from)?;
    let mut raw = before.clone();
    raw.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
    raw.input_modes.remove(rustix::termios::InputModes::ICRNL);
    tcsetattr(&stdin, OptionalActions::Now, &raw).map_err(std::io::Error::from)?;
    let bytes = one_scan();
    tcsetattr(&stdin, OptionalActions::Now, &before).map_err(std::io::Error::from)?;
    Ok(keys(&bytes))
}

/// Bytes with the milliseconds between them, up to Enter, Tab, or a second of silence.
fn one_scan() -> Vec<(u8, u64)> {
    let (to, from) = mpsc::channel();
    std::thread::spawn(move || {
        for byte in std::io::stdin().lock().bytes().map_while(std::io::Result::ok) {
            if to.send((byte, Instant::now())).is_err() {
                return;
            }
        }
    });
    let mut bytes = Vec::new();
    let mut last: Option<Instant> = None;
    loop {
        let next = match last {
            None => from.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected),
            Some(_) => from.recv_timeout(Duration::from_secs(1)),
        };
        let Ok((byte, at)) = next else { return bytes };
        let gap = last.map_or(0, |l| at.saturating_duration_since(l).as_millis());
        bytes.push((byte, u64::try_from(gap).unwrap_or(u64::MAX)));
        last = Some(at);
        if matches!(byte, b'\r' | b'\n' | b'\t') && bytes.len() > 1 {
            return bytes;
        }
    }
}

/// The keys behind bytes of a terminal.
fn keys(bytes: &[(u8, u64)]) -> Sample {
    let mut sample = Sample::new();
    let mut at = 0;
    while let Some((byte, gap)) = bytes.get(at) {
        let rest: Vec<u8> = bytes.iter().skip(at).take(8).map(|b| b.0).collect();
        let (key, length) = match byte {
            b'\r' | b'\n' => (Key::Named("Enter".into()), 1),
            b'\t' => (Key::Named("Tab".into()), 1),
            0x1b => escape(&rest),
            0x1c..=0x1f => (Key::Named(format!("Ctrl-{}", char::from(byte - 0x1c + b'4'))), 1),
            0..=0x1a => (Key::Named(format!("Ctrl-{}", char::from(byte + b'@'))), 1),
            0x7f => (Key::Named("Backspace".into()), 1),
            _ => character(&rest),
        };
        sample.push((key, *gap));
        at += length;
    }
    // CR LF is one Enter.
    let enters = sample.iter().rev().take_while(|(k, _)| matches!(k, Key::Named(n) if n == "Enter")).count();
    sample.truncate(sample.len() - enters.saturating_sub(1));
    sample
}

fn character(rest: &[u8]) -> (Key, usize) {
    for length in 1..=rest.len().min(4) {
        let text = rest.get(..length).and_then(|b| std::str::from_utf8(b).ok());
        if let Some(c) = text.and_then(|t| t.chars().next()) {
            return (Key::Char(c), length);
        }
    }
    (Key::Char('\u{fffd}'), 1)
}

/// F-keys as terminals send them; what is none of them is Esc.
fn escape(rest: &[u8]) -> (Key, usize) {
    let named = |n: u8| Key::Named(format!("F{n}"));
    if let [_, b'O', key @ b'P'..=b'S', ..] = rest {
        return (named(key - b'P' + 1), 3);
    }
    if let Some(end) = rest.iter().position(|b| *b == b'~') {
        let number = rest.get(2..end).and_then(|n| std::str::from_utf8(n).ok()?.parse::<u8>().ok());
        let key = number.and_then(|n| match n {
            11..=15 => Some(n - 10),
            17..=21 => Some(n - 11),
            23..=26 => Some(n - 12),
            28 | 29 => Some(n - 13),
            31..=34 => Some(n - 14),
            _ => None,
        });
        if let Some(n) = key {
            return (named(n), end + 1);
        }
    }
    (Key::Named("Esc".into()), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_a_terminal_are_keys() {
        let bytes: Vec<(u8, u64)> = b"\x1b[23~4\xc3\xa9\x1d7\r\n".iter().map(|b| (*b, 2)).collect();
        let named = |n: &str| Key::Named(n.into());
        let expected = [named("F11"), Key::Char('4'), Key::Char('é'), named("Ctrl-5"), Key::Char('7'), named("Enter")];
        assert_eq!(keys(&bytes).into_iter().map(|(k, _)| k).collect::<Vec<_>>(), expected);
        assert_eq!(escape(b"\x1bOP").0, named("F1"));
        assert_eq!(escape(b"\x1bx").0, named("Esc"));
    }
}
