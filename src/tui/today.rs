//! The day's edges: the Today card, and what is not done yet when somebody leaves. The card counts nothing: each tab says
//! what of it is due, as its badge counts it.

use super::action::Action;
use super::listed::{self, Listed};
use super::overlay::{Overlay, footer, lines, moved, title};
use super::screens::{Cmd, DueLine, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::{Role, Theme};
use crate::domain::dates;
use crate::worker::morning::{self, Leaving, Meanwhile, Second, Today};
use crate::worker::{Answer, Load};
use chrono::{NaiveDate, NaiveDateTime, Timelike};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The card.
#[derive(Default)]
pub struct Card {
    /// What the tabs say is due.
    due: Vec<DueLine>,
    calm: String,
    read: Option<(Box<Today>, NaiveDateTime)>,
    /// What is begun and not done: the end of the day's line.
    open: Option<Box<Leaving>>,
    cursor: usize,
    /// What survived an unclean end, said once.
    survived: Option<String>,
    /// Whether the file was found sound after it.
    sound: Option<bool>,
    /// What was changed in the tabs and not ordered.
    unordered: Vec<String>,
    /// The day of the levels by which is judged what is low, where it is not this window's.
    levels_of: Option<NaiveDate>,
}

impl Card {
    /// With the sentence of what survived, where the program did not end as it should.
    pub fn greeting(survived: Option<String>) -> Card {
        Card { survived, ..Card::default() }
    }

    fn ask() -> Vec<Cmd> {
        vec![
            Cmd::Load("today", Load::Morning(morning::Load::Today)),
            Cmd::Load("leaving", Load::Morning(morning::Load::Leaving)),
        ]
    }

    /// The lines that can be gone to.
    fn all(&self) -> Vec<DueLine> {
        let mut all = self.due.clone();
        let Some((today, _)) = &self.read else { return all };
        let line = |sign, count: usize, what: &str, detail: String, place, action| DueLine {
            sign,
            count,
            what: if count == 1 { what.to_string() } else { many(what) },
            detail,
            place,
            tab: 0,
            row: None,
            action: Some(action),
        };
        if today.to_count.bins > 0 {
            let minutes = text::plural(today.to_count.minutes.max(1) as usize, "minute");
            let first = today.to_count.first.join(", ");
            let detail = format!("about {minutes}: {first}");
            all.push(line('.', today.to_count.bins, "bin to count", detail, "c count", Action::Count));
        }
        if !today.counts.is_empty() {
            let names = today.counts.join(", ");
            all.push(line('~', today.counts.len(), "count to finish", names, "c count", Action::Count));
        }
        if let Some(hands) = self.open.as_ref().and_then(|o| o.hands.clone()) {
            all.push(line('~', 1, "load in your hands", hands, "m move", Action::Move));
        }
        if let Some(open) = self.open.as_ref().filter(|o| !o.deliveries.is_empty()) {
            let names = open.deliveries.join("; ");
            all.push(line('~', open.deliveries.len(), "delivery to finish", names, "r receive", Action::Receive));
        }
        if let Ok(n @ 1..) = usize::try_from(today.unsent.needs_you) {
            let why = "did not arrive".to_string();
            all.push(line('!', n, "mail that needs you", why, ": mails", Action::Mails));
        }
        if let Ok(n @ 1..) = usize::try_from(today.unsent.to_leave) {
            let when = "by itself".to_string();
            all.push(line('.', n, "mail to leave", when, ": mails", Action::Mails));
        }
        if today.unasked && today.copies.wanted {
            let what = "who your customers are, where".to_string();
            all.push(line('?', 3, "question before you start", what, ": begin", Action::Begin));
        }
        all
    }

    /// The line that names this key: `c count`.
    fn named(&self, key: char) -> Option<usize> {
        let begins = |place: &str| place.strip_prefix(key).is_some_and(|rest| rest.starts_with(' '));
        self.all().iter().position(|line| begins(line.place)).filter(|_| key.is_ascii_lowercase())
    }

    fn go(&self, at: usize) -> Vec<Cmd> {
        let Some(line) = self.all().into_iter().nth(at) else { return vec![Cmd::Close] };
        let mut cmds = vec![Cmd::Close];
        match line.row {
            Some(id) => cmds.push(Cmd::GoTo { tab: line.tab, id }),
            None => cmds.push(Cmd::Do(Action::Tab(line.tab))),
        }
        cmds.extend(line.action.map(Cmd::Do));
        cmds
    }

    /// How old the last copy is, where else it lies, and what stood in its way.
    fn copies(&self, look: &Look, width: usize) -> Vec<Line> {
        let Some((today, now)) = &self.read else { return Vec::new() };
        let copies = &today.copies;
        if !copies.wanted {
            return Vec::new();
        }
        let (words, role) = match copies.last {
            None => {
                ("No copy of the warehouse is made yet; the first one follows in a moment.".to_string(), Role::Normal)
            }
            Some(at) => {
                let also = match copies.second {
                    None => String::new(),
                    Some(Second::Newest) => ", also in the second place".into(),
                    Some(Second::Older(at)) if at.date() == look.today => {
                        format!(", in the second place that of {}", at.format("%H:%M"))
                    }
                    Some(Second::Older(at)) => {
                        let (day, time) = (dates::full(at.date(), look.today), at.format("%H:%M"));
                        format!(", in the second place that of {day} {time}")
                    }
                    Some(Second::Nothing) => ", not yet in the second place".into(),
                };
                let lacks = match usize::try_from(copies.lacks) {
                    Ok(n @ 1..) => format!("; {} since", text::plural(n, "operation")),
                    _ => String::new(),
                };
                let also = format!("{also}{lacks}");
                match (now.date() - at.date()).num_days() {
                    0 => (
                        format!("Today's copy of the warehouse is safe: {}, checked{also}.", at.format("%H:%M")),
                        Role::Normal,
                    ),
                    1 => {
                        let time = at.format("%H:%M");
                        (format!("Yesterday's copy of the warehouse is safe: {time}, checked{also}."), Role::Normal)
                    }
                    n => {
                        let on = dates::full(at.date(), look.today);
                        (format!("The last copy of the warehouse is {n} days old: {on}{also}."), Role::Soon)
                    }
                }
            }
        };
        let said = std::iter::once((words, role)).chain(copies.trouble.clone().map(|t| (t, Role::Soon)));
        let wrapped = said.flat_map(|(words, role)| text::wrap(&words, width).into_iter().map(move |l| (l, role)));
        wrapped.map(|(l, role)| vec![Cell::with(format!("  {l}"), role)]).collect()
    }

    /// What is unsent, unposted, unprinted; in the afternoon also that nothing is.
    fn end_of_day(&self, width: usize) -> Vec<Line> {
        let (Some(open), Some((_, now))) = (&self.open, &self.read) else { return Vec::new() };
        let mut unfinished = unfinished(open);
        if !self.unordered.is_empty() {
            unfinished.push(format!("{} not ordered", text::plural(self.unordered.len(), "changed suggestion")));
        }
        let words = match unfinished {
            words if !words.is_empty() => format!("Before you leave: {}.", words.join(", ")),
            _ if now.hour() >= AFTERNOON => "Before you leave: nothing is unsent, unposted or unprinted.".to_string(),
            _ => return Vec::new(),
        };
        text::wrap(&words, width).into_iter().map(|l| vec![Cell::plain(format!("  {l}"))]).collect()
    }

    fn greetings(&self, look: &Look) -> Vec<String> {
        let Some((today, now)) = &self.read else { return Vec::new() };
        let hour = match now.hour() {
            0..12 => "Good morning.",
            12..18 => "Good afternoon.",
            _ => "Good evening.",
        };
        let mut out: Vec<String> = Vec::new();
        if let Some(survived) = &self.survived {
            let checked = match self.sound {
                None => "Checking the file ...",
                Some(true) => "The file was checked: it is sound.",
                Some(false) => "A part of the file cannot be read: leave, then backshelf check, restore.",
            };
            out.push(format!("{survived} {checked}"));
        }
        match today.since {
            None => out.push(hour.to_string()),
            Some(at) => {
                let day = if (now.date() - at.date()).num_days() < 7 {
                    at.format("%A %H:%M").to_string()
                } else {
                    format!("{} {}", dates::full(at.date(), look.today), at.format("%H:%M"))
                };
                out.push(format!("{hour} Since {day}:"));
                out.push(happened(&today.meanwhile));
            }
        }
        out.extend(self.levels_of.map(|day| levels_words(day, look)));
        out
    }
}

/// `Low, too much and what to order are by levels of 31 May.`: said where they are not of this window's day.
pub(in crate::tui) fn levels_words(day: NaiveDate, look: &Look) -> String {
    format!("Low, too much and what to order are by levels of {}.", dates::full(day, look.today))
}

/// Letters across a page.
const PAPER: usize = 90;

/// From this hour on it is said too that nothing is left to do.
const AFTERNOON: u32 = 15;

/// `1 mail unsent`, `2 counts unposted`: what is begun and not done.
fn unfinished(open: &Leaving) -> Vec<String> {
    let n = |count: i64| usize::try_from(count).unwrap_or(0);
    [
        (n(open.unsent.to_leave + open.unsent.needs_you), "mail", "unsent"),
        (open.counts.len(), "count", "unposted"),
        (open.deliveries.len(), "delivery", "unbooked"),
        (open.picks, "picking round", "unfinished"),
        (open.drafts.len(), "PO", "unsent"),
        (n(open.letters), "letter", "unprinted"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, what, not)| format!("{} {not}", text::plural(count, what)))
    .collect()
}

/// `refunds to make` of `refund to make`: the first word in the plural.
fn many(what: &str) -> String {
    match what.split_once(' ') {
        Some((first, rest)) => format!("{} {rest}", text::plural(2, first).trim_start_matches("2 ")),
        None => text::plural(2, what).trim_start_matches("2 ").to_string(),
    }
}

/// What happened since, in a sentence.
fn happened(m: &Meanwhile) -> String {
    let n = |count: i64| usize::try_from(count).unwrap_or(0);
    let files = if m.files > 0 { format!(" ({})", text::plural(n(m.files), "file")) } else { String::new() };
    let parts: Vec<String> = [
        (m.orders, format!("{} came in{files}", text::plural(n(m.orders), "order"))),
        (m.answered, format!("{} answered", text::plural(n(m.answered), "customer"))),
        (m.received, format!("goods came on {}", text::plural(n(m.received), "PO line"))),
        (m.shipped, format!("{} shipped", text::plural(n(m.shipped), "order"))),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(_, words)| words)
    .collect();
    if parts.is_empty() { "nothing came in.".into() } else { format!("{}.", parts.join(", ")) }
}

fn role_of(sign: char) -> Role {
    match sign {
        '!' => Role::Urgent,
        '~' => Role::Soon,
        '?' => Role::Unknown,
        _ => Role::Quiet,
    }
}

impl Overlay for Card {
    /// On paper the card as it reads, as a file what is due.
    fn listed(&self, look: &Look) -> Option<Listed> {
        let all = self.all();
        let due = |l: &DueLine| {
            vec![l.sign.to_string(), l.count.to_string(), l.what.clone(), l.detail.clone(), l.place.to_string()]
        };
        let mut page = self.greetings(look);
        page.push(String::new());
        page.extend(all.iter().map(|l| format!("{} {:>4}  {:<30}  {}", l.sign, l.count, l.what, l.detail)));
        page.push(String::new());
        if !all.iter().any(|l| l.sign == '!') {
            page.push(self.calm.clone());
        }
        page.extend(listed::words(&self.copies(look, PAPER)).into_iter().map(|l| l.trim().to_string()));
        page.extend(listed::words(&self.end_of_day(PAPER)).into_iter().map(|l| l.trim().to_string()));
        let columns = ["sign", "count", "what", "detail", "where"];
        let listed = Listed::of("today", &columns, all.iter().map(due).collect(), &["count"]);
        Some(listed.on_paper(page))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        let mut cmds = Card::ask();
        if self.survived.is_some() {
            cmds.push(Cmd::Load("sound", Load::Morning(morning::Load::Sound)));
        }
        cmds
    }

    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        Card::ask()
    }

    fn wants_due(&self) -> bool {
        true
    }

    fn set_due(&mut self, due: Vec<DueLine>, calm: String) {
        (self.due, self.calm) = (due, calm);
    }

    fn set_unordered(&mut self, unordered: Vec<String>) {
        self.unordered = unordered;
    }

    fn set_levels_of(&mut self, day: Option<NaiveDate>) {
        self.levels_of = day;
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q' | '0') => vec![Cmd::Close],
            KeyCode::Enter => self.go(self.cursor),
            KeyCode::Char(':') => vec![Cmd::Close, Cmd::Do(Action::Palette)],
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            KeyCode::Char('!') => vec![Cmd::Close, Cmd::Do(Action::NextDue)],
            KeyCode::Char(c @ '1'..='4') => {
                vec![Cmd::Close, Cmd::Do(Action::Tab(c as usize - '1' as usize))]
            }
            KeyCode::Char(c) if self.named(c).is_some() => self.named(c).map_or(Vec::new(), |at| self.go(at)),
            KeyCode::Char('k') => {
                self.cursor = self.cursor.saturating_sub(1);
                Vec::new()
            }
            KeyCode::Char('j') => {
                self.cursor = (self.cursor + 1).min(self.all().len().saturating_sub(1));
                Vec::new()
            }
            _ => {
                self.cursor = moved(self.cursor, self.all().len(), key, look.height as usize / 2);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Morning(morning::Answer::Today(today, now)) => self.read = Some((today, now)),
            Answer::Morning(morning::Answer::Sound(sound)) => self.sound = Some(sound),
            Answer::Morning(morning::Answer::Leaving(open)) => self.open = Some(open),
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        title(area, buf, theme, &format!("Today, {}", dates::full(look.today, look.today)));
        let width = area.width as usize;
        let mut y = area.y + if area.height >= 20 { 2 } else { 1 };
        let foot = area.bottom().saturating_sub(2);
        let greeting: Vec<Line> = self
            .greetings(look)
            .iter()
            .flat_map(|g| text::wrap(g, width.saturating_sub(6)))
            .map(|l| vec![Cell::plain(format!("  {l}"))])
            .collect();
        y = lines(Rect { y, height: foot.saturating_sub(y), ..area }, buf, theme, &greeting) + 1;
        let all = self.all();
        let rows = foot.saturating_sub(y) as usize;
        let top = (self.cursor + 1).saturating_sub(rows);
        let place = all.iter().map(|l| text::width(l.place)).max().unwrap_or(0);
        let what = all.iter().map(|l| text::width(&l.what)).max().unwrap_or(0).min(width / 2);
        for (n, (i, line)) in all.iter().enumerate().skip(top).take(rows).enumerate() {
            // On a wide screen the eye has not to travel.
            let detail = width.saturating_sub(14 + what + place).min(60);
            let words = format!(
                " {:<5} {}  {}  {}",
                text::count(line.count),
                text::left(&line.what, what),
                text::left(&text::clip(&line.detail, detail), detail),
                line.place
            );
            let chosen = i == self.cursor;
            let role = if chosen { Role::Selected } else { Role::Normal };
            let at = y + n as u16;
            let room = width.saturating_sub(2);
            buf.set_string(area.x + 2, at, text::left(&text::clip(&words, room), room), theme.style(role));
            let sign = line.sign.to_string();
            buf.set_string(area.x + 1, at, sign, theme.style(if chosen { Role::Selected } else { role_of(line.sign) }));
            buf.set_string(area.x, at, if chosen { "▸" } else { " " }, theme.style(role));
        }
        y += all.len().min(rows) as u16;
        if !all.iter().any(|l| l.sign == '!') {
            y += u16::from(!all.is_empty());
            let calm: Vec<Line> = text::wrap(&self.calm, width.saturating_sub(6))
                .into_iter()
                .map(|l| vec![Cell::plain(format!("  {l}"))])
                .collect();
            y = lines(Rect { y, height: foot.saturating_sub(y), ..area }, buf, theme, &calm);
        }
        let room = width.saturating_sub(6);
        let copies: Vec<Line> = self.copies(look, room).into_iter().chain(self.end_of_day(room)).collect();
        lines(Rect { y: y + 1, height: foot.saturating_sub(y + 1), ..area }, buf, theme, &copies);
        let keys = if width >= 76 {
            "Enter go   ! next thing due, any time   0 this card   p print"
        } else {
            "Enter go   ! next due"
        };
        footer(area, buf, theme, keys, "Esc close");
        None
    }
}

/// Leaving: what is begun and not done; [Stay] has the focus.
#[derive(Default)]
pub struct Leave {
    leave: bool,
    /// What was changed in the tabs and not ordered.
    unordered: Vec<String>,
    open: Option<Box<Leaving>>,
}

impl Leave {
    fn undone(&self) -> Vec<String> {
        let Some(open) = &self.open else { return Vec::new() };
        let n = |count: i64| usize::try_from(count).unwrap_or(0);
        let mut out: Vec<String> = Vec::new();
        if open.unsent.to_leave > 0 {
            let mails = text::plural(n(open.unsent.to_leave), "mail");
            out.push(format!("{mails} not sent yet: sent while a window is open, or by backshelf send."));
        }
        if open.unsent.needs_you > 0 {
            out.push(format!("{} not arrived: : mails says why.", text::plural(n(open.unsent.needs_you), "mail")));
        }
        if !open.counts.is_empty() {
            out.push(format!("{} not posted: {}.", text::plural(open.counts.len(), "count"), open.counts.join(", ")));
        }
        if !open.deliveries.is_empty() {
            let deliveries = text::plural(open.deliveries.len(), "delivery");
            out.push(format!("{deliveries} scanned and not booked (r): {}.", open.deliveries.join("; ")));
        }
        if let Some(hands) = &open.hands {
            out.push(format!("Still in your hands (1 Stock, m): {hands}."));
        }
        if open.picks > 0 {
            out.push(format!("{} not finished (1 Stock, s).", text::plural(open.picks, "picking round")));
        }
        if !open.drafts.is_empty() {
            let some: Vec<&str> = open.drafts.iter().take(6).map(String::as_str).collect();
            let more = if open.drafts.len() > 6 { " ..." } else { "" };
            out.push(format!("{} not sent: {}{more}.", text::plural(open.drafts.len(), "PO"), some.join(", ")));
        }
        if open.letters > 0 {
            let letters = text::plural(n(open.letters), "letter");
            out.push(format!("{letters} of today to be printed and posted: the command papers prints them."));
        }
        if !self.unordered.is_empty() {
            let some = self.unordered.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("; ");
            let more = if self.unordered.len() > 3 { " ..." } else { "" };
            let many = text::plural(self.unordered.len(), "changed suggestion");
            out.push(format!("{many} kept and not ordered (4 Reorder, s): {some}{more}."));
        }
        out
    }
}

impl Overlay for Leave {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let undone = self.undone();
        Some(Listed::read("not done yet", undone))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("leaving", Load::Morning(morning::Load::Leaving))]
    }

    fn wants_due(&self) -> bool {
        true
    }

    fn set_unordered(&mut self, unordered: Vec<String>) {
        self.unordered = unordered;
    }

    fn key(&mut self, key: &KeyEvent, _look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::F(8) => vec![Cmd::Quit],
            KeyCode::Enter if self.leave => vec![Cmd::Quit],
            KeyCode::Enter | KeyCode::Esc | KeyCode::F(12) => vec![Cmd::Close],
            KeyCode::Tab | KeyCode::BackTab | KeyCode::Left | KeyCode::Right => {
                self.leave = !self.leave;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Morning(morning::Answer::Leaving(open)) = answer {
            self.open = Some(open);
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Leave backshelf?");
        let width = area.width.saturating_sub(6) as usize;
        let undone = self.undone();
        let mut told: Vec<Line> = vec![vec![Cell::plain("  All is saved.")]];
        if !undone.is_empty() {
            told.push(Vec::new());
            told.push(vec![Cell::plain("  Not done yet:")]);
            let wrapped = undone.iter().flat_map(|u| text::wrap(u, width));
            told.extend(wrapped.map(|l| vec![Cell::plain(format!("    {l}"))]));
        }
        let room = area.height.saturating_sub(5);
        let y = lines(Rect { y: area.y + 2, height: room, ..area }, buf, theme, &told) + 1;
        let style = |on: bool| theme.style(if on { Role::Selected } else { Role::Title });
        buf.set_stringn(area.x + 3, y, "[Stay]", area.width as usize, style(!self.leave));
        buf.set_stringn(area.x + 11, y, "[Leave]", area.width as usize, style(self.leave));
        footer(area, buf, theme, "Tab, Left, Right  choose   Enter  does it   F8  leaves", "Esc stays");
        None
    }
}
