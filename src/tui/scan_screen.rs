//! What all work with the scanner has in common: one field, choosing an item by name, naming a code that nobody knew, lines
//! that are on their way, the same code twice so soon, pausing. A screen says what its lines are and what it shows.

use super::action::Action;
use super::finder::Finder;
use super::listed::Listed;
use super::overlay::{Help, Overlay};
use super::scan_field::{Heard, Line, ScanField};
use super::screens::Cmd;
use super::table::Look;
use super::theme::Theme;
use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use crate::worker::{self, Answer};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::time::Duration;

pub use crate::worker::counting::Told;

/// The field and what goes on round it.
#[derive(Default)]
pub struct ScanDesk {
    pub field: ScanField,
    pub finder: Option<Finder>,
    /// What came of the last line, and whether it needs a look.
    pub said: (String, bool),
    /// Lines that were sent and not answered yet.
    pub sent: usize,
    /// The last scan was the same code as the one before it, so soon after.
    pub twice: Option<Duration>,
    /// The scan that comes now is.
    coming_twice: Option<Duration>,
    /// What was scanned twice so soon and neither corrected nor confirmed since, by name.
    pub doubled: Vec<String>,
    /// The name of what stands above, as it was answered last.
    above: Option<String>,
    /// An item was chosen for a code that nobody knew; how many one scan of it counts is being typed.
    pub pack_of: Option<ItemId>,
    /// Esc came on an empty field: once more pauses.
    leaving: bool,
}

impl ScanDesk {
    fn look_for(&mut self, text: &str) -> Vec<Cmd> {
        self.field.clear();
        self.field.paste(text);
        self.finder.insert(Finder::default()).ask(text)
    }

    /// Something cannot be done now: the sentence, with a bell.
    pub fn warn(&mut self, sentence: impl Into<String>) -> Vec<Cmd> {
        self.said = (sentence.into(), true);
        vec![Cmd::Beep]
    }

    /// What is asked, once, before work with doubled scans is finished.
    pub fn ask_doubled(&mut self, goes_on: &str) -> Option<Vec<Cmd>> {
        let doubled = std::mem::take(&mut self.doubled);
        let first = doubled.first()?;
        let more = if doubled.len() > 1 { format!(" and {} more", doubled.len() - 1) } else { String::new() };
        Some(
            self.warn(format!(
                "{first}{more}: scanned twice at once. Right? {goes_on}; else scan it and type how many."
            )),
        )
    }

    /// How the screen says that a scan came twice.
    pub fn twice_words(&self) -> Option<String> {
        let apart = self.twice?.as_secs_f64();
        Some(format!("x2, {apart:.1} s apart: counted twice. - takes one back."))
    }
}

/// What an answer was.
pub enum Came {
    /// Where this person is now.
    Standing,
    /// What came of a line; the name of the item that stands above now.
    Told(Told, Option<String>),
    /// Something of the screen's own.
    Other(Vec<Cmd>),
}

/// A screen round a scan field.
pub trait ScanScreen {
    fn desk(&self) -> &ScanDesk;
    fn desk_mut(&mut self) -> &mut ScanDesk;
    /// What it is called where it is paused: `the count`.
    fn work(&self) -> &'static str;
    /// Asks where this person is, when it opens.
    fn ask(&self) -> Cmd;
    /// Asks again, since something was saved here or elsewhere.
    fn ask_again(&self) -> Option<Cmd> {
        Some(self.ask())
    }
    /// A line that stands for one of the screen's own keys: `..` for F8, where nothing is to be written down.
    fn takes(&mut self, _line: &Line) -> Option<Vec<Cmd>> {
        None
    }
    /// How a line is written down.
    fn line(&mut self, line: &Line) -> worker::Record;
    /// An item was chosen by name. Where it names a code that nobody knew, one scan of that counts `pack`.
    fn choose(&mut self, item: ItemId, pack: Qty) -> Vec<Cmd>;
    /// A code that nobody knew stands above.
    fn unknown_above(&self) -> bool {
        false
    }
    /// A key that comes before the field.
    fn key(&mut self, _key: &KeyEvent, _look: &Look) -> Option<Vec<Cmd>> {
        None
    }
    /// A key of the field that means something of this screen's own.
    fn act(&mut self, action: Action, look: &Look) -> Vec<Cmd>;
    /// An answer; a reading of where this person is comes only where no line is on its way.
    fn came(&mut self, answer: Answer, look: &Look) -> Came;
    /// Something is scanned or typed: a question that was open is not answered by it.
    fn goes_on(&mut self) {}
    /// A write that it asked for was refused; true: it says so itself.
    fn refused(&mut self, _sentence: &str) -> bool {
        false
    }
    /// A write that it asked for is saved, and it closes.
    fn saved(&mut self) -> Vec<Cmd> {
        Vec::new()
    }
    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position>;
}

/// Sends lines, in their order.
pub fn send<S: ScanScreen + ?Sized>(screen: &mut S, lines: Vec<Line>) -> Vec<Cmd> {
    let mut cmds = Vec::new();
    for line in lines {
        if let Some(done) = screen.takes(&line) {
            cmds.extend(done);
            continue;
        }
        screen.goes_on();
        let desk = screen.desk_mut();
        desk.twice = None;
        desk.sent += 1;
        if line.corrects() {
            let above = desk.above.take();
            desk.doubled.retain(|name| Some(name) != above.as_ref());
        }
        cmds.push(Cmd::Record("line", screen.line(&line)));
    }
    cmds
}

/// Sends a line as if it had been typed.
pub fn typed<S: ScanScreen + ?Sized>(screen: &mut S, text: &str) -> Vec<Cmd> {
    send(screen, vec![Line::typed(text)])
}

/// Writes something down that is no line, and waits for its answer.
pub fn keep<S: ScanScreen + ?Sized>(screen: &mut S, record: worker::Record) -> Vec<Cmd> {
    screen.desk_mut().sent += 1;
    vec![Cmd::Record("line", record)]
}

/// The overlay that runs a [`ScanScreen`].
pub struct Scanning<S>(S);

/// The screen as something to open.
pub fn scanning<S: ScanScreen + 'static>(screen: S) -> Cmd {
    Cmd::Open(Box::new(Scanning(screen)))
}

impl<S: ScanScreen> Scanning<S> {
    fn act(&mut self, action: Action, look: &Look) -> Vec<Cmd> {
        match action {
            Action::TakeBackLast => typed(&mut self.0, "-"),
            Action::FindItem => self.0.desk_mut().look_for(""),
            Action::Pause => vec![Cmd::Close, Cmd::Do(Action::Reload)],
            action => self.0.act(action, look),
        }
    }

    fn finder_key(&mut self, key: &KeyEvent) -> Vec<Cmd> {
        let unknown = self.0.unknown_above();
        let desk = self.0.desk_mut();
        let Some(finder) = desk.finder.as_mut() else { return Vec::new() };
        match key.code {
            KeyCode::Esc | KeyCode::F(3 | 12) => {
                desk.finder = None;
                desk.field.clear();
                Vec::new()
            }
            KeyCode::Enter => {
                let Some(item) = finder.chosen() else { return vec![Cmd::Beep] };
                desk.finder = None;
                desk.field.clear();
                if unknown {
                    desk.pack_of = Some(item);
                    return Vec::new();
                }
                self.0.choose(item, Qty::ONE)
            }
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                finder.key(key);
                Vec::new()
            }
            _ => match desk.field.key(key) {
                Heard::Changed => finder.ask(desk.field.text()),
                _ => Vec::new(),
            },
        }
    }

    /// How many one scan of the new code counts: a figure and Enter; Enter alone is one.
    fn pack_key(&mut self, item: ItemId, key: &KeyEvent) -> Vec<Cmd> {
        let desk = self.0.desk_mut();
        match key.code {
            KeyCode::Esc | KeyCode::F(3 | 12) => {
                desk.pack_of = None;
                desk.field.clear();
                Vec::new()
            }
            KeyCode::Enter | KeyCode::Tab | KeyCode::F(8) => {
                let typed = desk.field.text().trim().replace(',', ".");
                let pack = if typed.is_empty() { Some(Qty::ONE) } else { Qty::parse(&typed) };
                desk.field.clear();
                match pack.filter(|p| p.is_positive() && *p <= Qty::units(99_999)) {
                    Some(pack) => {
                        desk.pack_of = None;
                        self.0.choose(item, pack)
                    }
                    None => desk.warn(format!("\"{typed}\" is no number of pieces: type 12, or Enter for 1.")),
                }
            }
            _ => {
                desk.field.key(key);
                Vec::new()
            }
        }
    }

    fn told(&mut self, told: Told, above: Option<String>) -> Vec<Cmd> {
        let desk = self.0.desk_mut();
        desk.sent = desk.sent.saturating_sub(1);
        if desk.sent == 0 && desk.twice.is_some() && !told.beep {
            let fresh = above.iter().filter(|name| !desk.doubled.contains(name)).cloned();
            desk.doubled.extend(fresh.collect::<Vec<_>>());
        }
        desk.above = above;
        desk.said = (told.sentence, told.beep);
        let mut cmds = told.find.map(|words| desk.look_for(&words)).unwrap_or_default();
        if told.beep {
            cmds.push(Cmd::Beep);
        }
        cmds
    }
}

impl<S: ScanScreen> Overlay for Scanning<S> {
    /// What was scanned is a list where it is looked at: the review of a count, what to put aside, the list of a round.
    fn listed(&self, _look: &Look) -> Option<Listed> {
        None
    }

    fn takes_every_key(&self) -> bool {
        true
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![self.0.ask()]
    }

    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        // A colleague is at it too. Never between a line and its answer.
        if self.0.desk().sent == 0 { self.0.ask_again().into_iter().collect() } else { Vec::new() }
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        if self.0.desk().finder.is_some() {
            return self.finder_key(key);
        }
        if let Some(item) = self.0.desk().pack_of {
            return self.pack_key(item, key);
        }
        if let Some(cmds) = self.0.key(key, look) {
            return cmds;
        }
        let work = self.0.work();
        let desk = self.0.desk_mut();
        let leaving = std::mem::take(&mut desk.leaving);
        if key.code == KeyCode::Esc && desk.field.text().is_empty() && !leaving {
            desk.leaving = true;
            desk.twice = None;
            desk.said = (format!("Esc again pauses {work}. Everything is kept."), false);
            return Vec::new();
        }
        if matches!(key.code, KeyCode::F(1)) {
            return vec![Cmd::Open(Box::new(Help::of_scan_field()))];
        }
        match desk.field.key(key) {
            Heard::Line(line) => send(&mut self.0, vec![line]),
            Heard::Key(action) => self.act(action, look),
            Heard::Changed | Heard::Nothing => Vec::new(),
        }
    }

    fn in_text(&self) -> bool {
        true
    }

    fn begin_run(&mut self) {
        self.0.desk_mut().field.begin_run();
    }

    fn forget_run(&mut self) {
        self.0.desk_mut().field.forget_run();
    }

    fn repeated(&mut self, apart: Duration) {
        self.0.desk_mut().coming_twice = Some(apart);
    }

    fn scanned(&mut self, code: &str, _look: &Look) -> Vec<Cmd> {
        let desk = self.0.desk_mut();
        (desk.finder, desk.pack_of) = (None, None);
        let twice = desk.coming_twice.take();
        let mut lines = desk.field.scanned(code);
        if let Some(scan) = lines.last_mut() {
            scan.twice = twice.is_some();
        }
        let cmds = send(&mut self.0, lines);
        self.0.desk_mut().twice = twice;
        cmds
    }

    fn paste(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        let desk = self.0.desk_mut();
        desk.field.paste(text);
        match desk.finder.as_mut() {
            Some(finder) => finder.ask(desk.field.text()),
            None => Vec::new(),
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if let Some(finder) = self.0.desk_mut().finder.as_mut()
            && finder.loaded(&answer)
        {
            return Vec::new();
        }
        match self.0.came(answer, look) {
            Came::Told(told, above) => self.told(told, above),
            Came::Other(cmds) => cmds,
            Came::Standing => Vec::new(),
        }
    }

    fn refused(&mut self, sentence: &str) {
        if !self.0.refused(sentence) {
            let desk = self.0.desk_mut();
            desk.sent = desk.sent.saturating_sub(1);
            desk.twice = None;
            desk.said = (sentence.to_string(), true);
        }
    }

    fn saved(&mut self) -> Vec<Cmd> {
        self.0.saved()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        self.0.draw(area, buf, theme, look)
    }
}
