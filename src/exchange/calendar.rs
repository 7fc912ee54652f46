//! iCalendar (RFC 5545): calls to be made again and last days in time, for a person's own calendar.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use std::io::{self, Write};

/// When an event is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// A whole day.
    On(NaiveDate),
    /// A quarter of an hour from then, by the clock of whoever reads it.
    At(NaiveDateTime),
}

/// Something in a calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// The same whenever the same thing is written again: a calendar then replaces what it has.
    pub uid: String,
    pub when: When,
    pub summary: String,
    pub description: String,
}

/// Octets of a line before it is folded.
const LINE: usize = 75;

/// Writes a calendar. `stamp` is the day on which it was made.
pub fn write(out: &mut dyn Write, stamp: NaiveDate, events: &[Event]) -> io::Result<()> {
    let mut line = |text: &str| folded(out, text);
    line("BEGIN:VCALENDAR")?;
    line("VERSION:2.0")?;
    line(concat!("PRODID:-//backshelf//backshelf ", env!("CARGO_PKG_VERSION"), "//EN"))?;
    line("CALSCALE:GREGORIAN")?;
    line("METHOD:PUBLISH")?;
    for event in events {
        line("BEGIN:VEVENT")?;
        line(&format!("UID:{}", escaped(&event.uid)))?;
        line(&format!("DTSTAMP:{}T000000Z", stamp.format("%Y%m%d")))?;
        match event.when {
            When::On(day) => {
                let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
                line(&format!("DTSTART;VALUE=DATE:{}", day.format("%Y%m%d")))?;
                line(&format!("DTEND;VALUE=DATE:{}", next.format("%Y%m%d")))?;
                line("TRANSP:TRANSPARENT")?;
            }
            When::At(at) => {
                let end = at.checked_add_signed(TimeDelta::minutes(15)).unwrap_or(at);
                line(&format!("DTSTART:{}", at.format("%Y%m%dT%H%M%S")))?;
                line(&format!("DTEND:{}", end.format("%Y%m%dT%H%M%S")))?;
            }
        }
        line(&format!("SUMMARY:{}", escaped(&event.summary)))?;
        line(&format!("DESCRIPTION:{}", escaped(&event.description)))?;
        line("END:VEVENT")?;
    }
    line("END:VCALENDAR")
}

/// A text value: what would end it or begin another is escaped, what nobody sees is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if crate::domain::text::is_unsafe(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// A line of at most 75 octets; what goes beyond goes on in the next one after a blank.
fn folded(out: &mut dyn Write, text: &str) -> io::Result<()> {
    let (mut rest, mut room) = (text, LINE);
    while rest.len() > room {
        let cut = (1..=room).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let (now, later) = rest.split_at(cut);
        write!(out, "{now}\r\n ")?;
        (rest, room) = (later, LINE - 1);
    }
    write!(out, "{rest}\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(events: &[Event]) -> String {
        let mut out = Vec::new();
        write(&mut out, NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(), events).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_calendar_is_what_the_standard_asks_for() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let text = written(&[
            Event {
                uid: "call-7@backshelf".into(),
                when: When::At(day.and_hms_opt(14, 0, 0).unwrap()),
                summary: "Call M. Haynes; +1, 212\nnow".into(),
                description: "back\\slash\u{202e}\u{7}".into(),
            },
            Event {
                uid: "by-8@backshelf".into(),
                when: When::On(day),
                summary: "é".repeat(60),
                description: String::new(),
            },
        ]);
        assert!(
            text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"),
            "{text}"
        );
        assert!(text.contains("DTSTART:20261130T140000\r\nDTEND:20261130T141500\r\n"), "{text}");
        assert!(text.contains("DTSTART;VALUE=DATE:20261130\r\nDTEND;VALUE=DATE:20261201\r\n"), "{text}");
        assert!(text.contains("SUMMARY:Call M. Haynes\\; +1\\, 212\\nnow\r\n"), "{text}");
        assert!(text.contains("DESCRIPTION:back\\\\slash\r\n"), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= LINE && !line.contains('\n')), "{text}");
        assert_eq!(text.replace("\r\n ", "").matches('é').count(), 60, "folding loses no letter");
    }
}
