//! The state of the screen, and the one function that changes it. No clock, no file, no terminal: events in, effects out.

mod acting;
mod replies;
mod scans;

use super::bring::Bring;
use super::door::Door;
use super::event::{Event, Signal};
use super::overlay::Overlay;
use super::scan::{Mode, Scanner};
use super::screens::{self, Screen};
use super::table::{Listing, Look, Stance};
use super::theme::Theme;
use super::today::Card;
use super::views::backorders::rows::NOT_KNOWN;
use super::views::frame;
use crate::domain::people::Matter;
use crate::worker::{Ill, Load, Owner, Request, Slot, backorders};
use chrono::NaiveDate;
use crossterm::event::{Event as TermEvent, KeyEvent};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tui_input::Input;

/// What the outside is to do.
#[derive(Debug)]
pub enum Effect {
    Ask(Request),
    Quit,
    Suspend,
    Redraw,
    Bell,
    Copy(String),
    /// Put another key in force and keep it; what came of it comes back as [`Event::Edited`] for that overlay.
    Rebind {
        overlay: u64,
        name: String,
        key: String,
    },
    /// Let the person change a text in his own editor; it comes back as [`Event::Edited`] for that overlay.
    Edit {
        overlay: u64,
        text: String,
    },
}

/// What just happened, in words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Notice {
    pub words: String,
    /// It can be taken back: `u undo` stands beside it.
    pub undo: bool,
    /// It was refused or went wrong.
    pub refused: bool,
}

/// What the program was started with.
#[derive(Clone, Debug)]
pub struct Setting {
    pub today: NaiveDate,
    /// The business date was set by hand: the screen says so.
    pub as_of: bool,
    pub operator: String,
    pub warehouse: String,
    pub theme: Theme,
    pub mouse: bool,
    pub opening: Opening,
    /// Whoever starts it says first who he is.
    pub locked: bool,
    /// It locks itself after so long without a key.
    pub lock_after: Option<Duration>,
    /// How scans are told from typing.
    pub scanner: Mode,
}

/// Keeps another key (the second) for the command of that name; answers what is so now, or why not.
pub type KeepKey = fn(&str, &str) -> Result<String, String>;

/// How the workbench opens.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// On the orders from before of which nobody knows what was told: they are to be said one by one.
    pub not_known: bool,
    /// On the columns of this file: it was chosen before there was a warehouse.
    pub bring: Option<std::path::PathBuf>,
    /// With the Today card: the first time this day.
    pub today_card: bool,
    /// What survived a program that ended without leaving: the card's first line.
    pub survived: Option<String>,
    /// What this file is, loudly: TRAINING, READ ONLY.
    pub mark: Option<&'static str>,
    /// Keeps another key for a command; answers what is so now, or why not.
    pub keep_key: Option<KeepKey>,
}

/// Something above a tab, with its number.
type Opened = (u64, Box<dyn Overlay>);

/// The whole screen.
pub struct App {
    pub setting: Setting,
    pub look: Look,
    pub screens: Vec<Box<dyn Screen>>,
    pub tab: usize,
    overlays: Vec<(u64, Box<dyn Overlay>)>,
    next_overlay: u64,
    pub notice: Notice,
    /// What is the matter with the file: said on top instead of the day's sentence until it is solved.
    pub ill: Option<Ill>,
    /// The filter line, while it is typed in.
    pub filter: Option<Input>,
    /// The chosen row fills the screen.
    pub opened: bool,
    /// The pane has the keys.
    pub in_pane: bool,
    pub scroll: usize,
    generations: BTreeMap<Slot, u64>,
    tickets: u64,
    /// The overlay that a write was asked by.
    writing: BTreeMap<u64, Option<u64>>,
    scanner: Scanner,
    before: Option<Before>,
    /// Fast keys whose code is being looked up, and the keys that came since.
    asked_code: Option<(String, Vec<KeyEvent>, bool)>,
    leaving: bool,
    /// What is searched was asked to be made ready, when the first list had come.
    warmed: bool,
    dirty: bool,
    shown: Option<(usize, Option<i64>)>,
    /// What the open dialog is about, as colleagues were told.
    at_matter: Option<Matter>,
    /// Somebody has to say, or may say, who works here now.
    door: Option<Door>,
    /// What others left open when somebody took over, under their names.
    aside: BTreeMap<String, Vec<Opened>>,
    /// The last key, for the lock.
    last_key: Option<Instant>,
    /// When an overlay was last told the time, while one shows it.
    last_second: Option<Instant>,
}

/// The mark of a file that is open for reading.
pub const READ_ONLY: &str = "READ ONLY";

/// How often a time that runs is drawn.
const SECOND: Duration = Duration::from_secs(1);

/// How things stood before fast keys began.
struct Before {
    tab: usize,
    overlays: usize,
    filter: Option<Input>,
    opened: bool,
    in_pane: bool,
    view: usize,
    stance: Stance,
}

impl App {
    pub fn new(setting: Setting, width: u16, height: u16) -> App {
        let mut screens = screens::all();
        if setting.opening.mark == Some(READ_ONLY) {
            screens.iter_mut().for_each(|screen| screen.only_reads());
        }
        App {
            scanner: Scanner::new(setting.scanner.clone()),
            look: Look { today: setting.today, width, height },
            setting,
            screens,
            tab: 0,
            overlays: Vec::new(),
            next_overlay: 0,
            notice: Notice::default(),
            ill: None,
            filter: None,
            opened: false,
            in_pane: false,
            scroll: 0,
            generations: BTreeMap::new(),
            tickets: 0,
            writing: BTreeMap::new(),
            before: None,
            asked_code: None,
            leaving: false,
            warmed: false,
            dirty: true,
            shown: None,
            at_matter: None,
            door: None,
            aside: BTreeMap::new(),
            last_key: None,
            last_second: None,
        }
    }

    /// What is to be read when the program starts.
    pub fn start(&mut self) -> Vec<Effect> {
        let mut out = Vec::new();
        if self.setting.opening.not_known {
            self.tab = 1;
            let cmds = self.screen_mut(|s, look| s.set_view(NOT_KNOWN, look));
            self.run(Owner::Tab(self.tab), cmds, &mut out);
        }
        self.lay_out();
        if self.setting.locked {
            self.door = Some(Door::locked(&self.setting.operator));
        }
        let visible = self.tab;
        let cmds = self.screen_mut(|s, look| s.refresh(look));
        self.run(Owner::Tab(visible), cmds, &mut out);
        self.summaries(&mut out);
        let opening = &self.setting.opening;
        if opening.today_card || opening.survived.is_some() {
            let card = Card::greeting(opening.survived.clone());
            self.open(Box::new(card), &mut out);
            self.after(&mut out);
        }
        if let Some(path) = self.setting.opening.bring.take() {
            self.open(Box::new(Bring::of(path)), &mut out);
            self.after(&mut out);
        }
        out
    }

    /// The one function that changes what is shown.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut out = Vec::new();
        match event {
            Event::Term(TermEvent::Key(key), now) => {
                self.dirty = true;
                self.last_key = Some(now);
                if self.door.is_none()
                    && let Some((id, overlay)) = self.overlays.last_mut().filter(|(_, o)| o.takes_raw_keys())
                {
                    let (id, cmds) = (*id, overlay.raw_key(&key, now));
                    self.run(Owner::Overlay(id), cmds, &mut out);
                    self.after(&mut out);
                    return out;
                }
                let late = self.scanner.due(now);
                self.steps(late, &mut out);
                let in_text = self.in_text();
                let steps = self.scanner.feed(key, now, in_text);
                self.steps(steps, &mut out);
            }
            Event::Term(TermEvent::Paste(text), _) => self.paste(&text, &mut out),
            Event::Term(TermEvent::Resize(width, height), _) => {
                self.dirty = true;
                (self.look.width, self.look.height) = (width, height);
            }
            Event::Term(TermEvent::Mouse(mouse), now) => {
                self.last_key = Some(now);
                self.mouse(mouse, &mut out);
            }
            Event::Term(..) => {}
            Event::Tick(now) => {
                if self.locks_at().is_some_and(|at| now >= at) {
                    self.lock();
                }
                if self.next_second().is_some_and(|at| now >= at) {
                    self.last_second = Some(now);
                    let told: Vec<_> = self.overlays.iter_mut().map(|(id, o)| (*id, o.second(now))).collect();
                    for (id, cmds) in told {
                        self.run(Owner::Overlay(id), cmds, &mut out);
                    }
                    self.dirty = true;
                }
                let steps = self.scanner.due(now);
                self.dirty |= !steps.is_empty();
                self.steps(steps, &mut out);
            }
            Event::Reply(reply) => self.reply(reply, &mut out),
            Event::Edited { overlay, text } => {
                self.dirty = true;
                let look = self.look;
                let cmds = self.overlay_of(overlay).map(|o| o.edited(text, &look)).unwrap_or_default();
                self.run(Owner::Overlay(overlay), cmds, &mut out);
            }
            Event::Signal(Signal::End) => out.push(Effect::Quit),
            Event::Signal(Signal::Stop) => out.push(Effect::Suspend),
            Event::Signal(Signal::Continue) => {
                self.dirty = true;
                out.push(Effect::Redraw);
            }
        }
        self.after(&mut out);
        out
    }

    /// When a tick is wanted: held keys are due, or the screen locks itself.
    pub fn deadline(&self) -> Option<Instant> {
        [self.scanner.deadline(), self.locks_at(), self.next_second()].into_iter().flatten().min()
    }

    fn next_second(&self) -> Option<Instant> {
        let counts = self.door.is_none() && self.overlays.last().is_some_and(|(_, o)| o.counts_seconds());
        self.last_second.or(self.last_key).filter(|_| counts).map(|last| last + SECOND)
    }

    fn locks_at(&self) -> Option<Instant> {
        let free = self.door.as_ref().is_none_or(|door| !door.is_locked());
        let after = self.setting.lock_after.filter(|_| free)?;
        self.last_key.map(|last| last + after)
    }

    fn lock(&mut self) {
        self.dirty = true;
        self.scanner = self.scanner.afresh();
        self.door = Some(Door::locked(&self.setting.operator));
    }

    /// Who is asked who he is.
    pub fn door(&self) -> Option<&Door> {
        self.door.as_ref()
    }

    /// Whether something changed since the last drawing; asking resets it.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    /// A text field has the focus: pastes are welcome, letters are text.
    pub fn in_text(&self) -> bool {
        if self.door.is_some() {
            return true;
        }
        match self.overlays.last() {
            Some((_, overlay)) => overlay.in_text(),
            None => self.filter.is_some(),
        }
    }

    /// The tab that is shown.
    pub fn screen(&self) -> &dyn Screen {
        self.screens[self.tab].as_ref() // `tab` is only set by `show`, which checks it
    }

    /// The overlay on top, if any is open.
    pub fn overlay(&self) -> Option<&dyn Overlay> {
        self.overlays.last().map(|(_, o)| o.as_ref())
    }

    fn screen_mut<T>(&mut self, work: impl FnOnce(&mut dyn Screen, &Look) -> T) -> T {
        let look = self.look;
        work(self.screens[self.tab].as_mut(), &look) // as in `screen`
    }

    fn list(&mut self) -> &mut dyn Listing {
        self.screens[self.tab].list_mut() // as in `screen`
    }

    /// What follows from any change: the list knows its height, a newly chosen row reads its detail.
    fn after(&mut self, out: &mut Vec<Effect>) {
        self.lay_out();
        let now = (self.tab, self.screen().list().selected_id());
        if self.shown != Some(now) {
            if self.shown.is_some_and(|(tab, _)| tab == now.0)
                && self.opened
                && self.shown.is_some_and(|s| s.1 != now.1)
            {
                self.scroll = 0;
            }
            self.shown = Some(now);
            let cmds = self.screen_mut(|s, look| s.moved(look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
        if let Some(want) = self.screen().list().want() {
            let cmds = self.screen_mut(|s, look| s.wanted(want, look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
        if self.overlays.last().is_some_and(|(_, o)| o.wants_due()) {
            let (due, calm, unordered) = (self.due_lines(), self.calm(), self.unordered());
            let levels_of = self.levels_of();
            if let Some((_, overlay)) = self.overlays.last_mut() {
                overlay.set_unordered(unordered);
                overlay.set_levels_of(levels_of);
                overlay.set_due(due, calm);
            }
        }
        let at_matter = self.overlays.iter().rev().find_map(|(_, o)| o.matter());
        if std::mem::replace(&mut self.at_matter, at_matter) != at_matter {
            let load = Load::Backorders(backorders::Load::Open(at_matter));
            self.ask(Slot { owner: Owner::Frame, part: "open" }, load, out);
        }
    }

    fn lay_out(&mut self) {
        let rows = frame::list_rows(&self.look);
        self.list().set_height(rows);
    }

    fn overlay_of(&mut self, id: u64) -> Option<&mut Box<dyn Overlay>> {
        let all = self.overlays.iter_mut().chain(self.aside.values_mut().flatten());
        all.into_iter().find(|(o, _)| *o == id).map(|(_, overlay)| overlay)
    }

    fn begin(&mut self) {
        let screen = self.screen();
        self.before = Some(Before {
            tab: self.tab,
            overlays: self.overlays.len(),
            filter: self.filter.clone(),
            opened: self.opened,
            in_pane: self.in_pane,
            view: screen.view(),
            stance: screen.list().stance(),
        });
        if let Some((_, overlay)) = self.overlays.last_mut() {
            overlay.begin_run();
        }
    }

    /// Takes back what the first of the fast keys did.
    fn take_back(&mut self, out: &mut Vec<Effect>) {
        let Some(before) = self.before.take() else { return };
        self.overlays.truncate(before.overlays);
        (self.opened, self.in_pane) = (before.opened, before.in_pane);
        self.show(before.tab, out);
        if self.filter.is_some() != before.filter.is_some() {
            let cmds = self.screen_mut(|s, look| s.filter("", look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
        self.filter = before.filter;
        if self.screen().view() != before.view {
            let cmds = self.screen_mut(|s, look| s.set_view(before.view, look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
        self.list().put_back(before.stance);
    }

    fn open(&mut self, mut overlay: Box<dyn Overlay>, out: &mut Vec<Effect>) {
        self.next_overlay += 1;
        let id = self.next_overlay;
        let cmds = overlay.opened(&self.look);
        // Said before anybody fills a form in.
        if self.setting.opening.mark == Some(READ_ONLY) && overlay.is_form() {
            overlay.refused("READ ONLY: what is typed here cannot be saved.");
        }
        self.overlays.push((id, overlay));
        self.run(Owner::Overlay(id), cmds, out);
    }

    fn close(&mut self, owner: Owner) {
        if let Owner::Overlay(id) = owner {
            self.overlays.retain(|(o, _)| *o != id);
            self.aside.values_mut().for_each(|left| left.retain(|(o, _)| *o != id));
        }
    }

    fn say(&mut self, words: String) {
        self.notice = Notice { words, undo: false, refused: false };
    }
}
